"""What to do about a fault where nothing nearer can be said at its place: one remedy a code.

A finding that guesses what was meant, or knows the very words to write, brings its own hint; these stand in
where it has none, so that no writer is told what is wrong without being told what to do.
"""

from __future__ import annotations

REMEDIES: dict[str, str] = {
    "RM101": "check this line and the one above it",
    "RM104": "see docs/format.md, or: redmexico explain RM104",
    "RM105": "write 1943, 1943-06 or 1943-06-30",
    "RM110": "choose another id",
    "RM150": "make it smaller, or split it",
    "RM201": "declare it in state.yaml, or use a name that stands there",
    "RM202": "write that scene, or name one that is there",
    "RM203": "write scene/choice, both of which are there",
    "RM204": "see docs/format.md, Expressions",
    "RM205": "compare like with like: bread >= 3, truce == made, owes_bell in debts",
    "RM206": "write it into events.yaml, or name an event that stands there",
    "RM207": "use a word that is declared for it",
    "RM209": "give a value inside its range, or widen the range",
    "RM210": "write that room or scene, or name one that is there; 'next' goes on",
    "RM211": "write the person into cast.yaml, or name one who stands there",
    "RM212": "write the page into codex.yaml, or link to one that stands there",
    "RM213": "write it into sources.yaml, or cite what stands there",
    "RM214": "write it, or name one that is there",
    "RM218": "a region is a quality of 'kind: region' in state.yaml",
    "RM501": "every '{' has its '}', every condition its ':'; write '{{' for a brace",
    "RM603": "choose another name",
    "RM605": "look at the entry that is patched",
}
