"""Choices that nobody has a reason in numbers to take: beside them stands one that is nowhere worse.

Only what can be compared is: both lead to the same place, do nothing but move numbers by fixed
amounts, and leave no bill. A move of a quality of which the story does not say which end is good
has to be the same in both. What the words of a choice are worth is not weighed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from redmexico.effects import Move
from redmexico.expression import ADDRESSED
from redmexico.model import Choice, Passage, Story


def beaten(story: Story, room: Passage) -> Iterator[tuple[str, str]]:
    """The pairs of a room's choices, worse and better, by id."""
    moves = {choice.id: found for choice in room.choices if (found := _moves(choice)) is not None}
    places = {choice.id: (choice.call, tuple((g.condition.tree, g.to) for g in choice.goto)) for choice in room.choices}
    for worse, less in moves.items():
        for better, more in moves.items():
            if worse != better and places[worse] == places[better] and _nowhere_better(story, less, more):
                yield worse, better


def _moves(choice: Choice) -> dict[str, int] | None:
    """What a choice moves; None where it does anything else, or by an amount that varies."""
    if choice.later or not choice.do:
        return None
    sums: dict[str, int] = {}
    for effect in choice.do:
        if not isinstance(effect, Move) or effect.amount.tree[0] != "int":
            return None
        sums[effect.name] = sums.get(effect.name, 0) + effect.sign * int(effect.amount.tree[1])
    return sums


def _nowhere_better(story: Story, less: dict[str, int], more: dict[str, int]) -> bool:
    """Whether one is at most as good as the other everywhere, and worse somewhere."""
    worse = False
    for name in dict.fromkeys((*less, *more)):
        apart = less.get(name, 0) - more.get(name, 0)
        good = story.qualities[name].good
        better = apart if good == "up" else -apart if good == "down" else abs(apart)
        if better > 0:
            return False
        worse = worse or apart != 0
    return worse


def asked_about(story: Story) -> set[str]:
    """The choices of which any condition asks whether they were made: these have a worth of their own."""
    found: set[str] = set()
    for form in (story.form, *(story.scene_form(id) for id in story.scenes)):
        _look(form, found)
    return found


def _look(form: Any, found: set[str]) -> None:
    if isinstance(form, dict):
        for part in form.values():
            _look(part, found)
    elif isinstance(form, list | tuple):
        if len(form) > 2 and form[0] == "call" and form[1] == "chosen" and form[1] in ADDRESSED:
            found.add(str(form[2]))
        for part in form:
            _look(part, found)
