"""What can be proved of a story without playing it: whether a condition can hold, whether a scene can be reached.

`solve` decides conditions over what each name can be; `reach` opens every scene that might be opened.
Both err on one side alone: what they call impossible is impossible.
"""
