"""One campaign of a bot's: what it is, and how it is played with every word and receipt.

`play` goes through the engine as a player does. Where thousands are played, `unread` does the
same without the words.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redmexico import engine
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.state import Values, number, word

MAX_CHOICES = 2_000
"""A campaign that has not ended after so many choices never will."""


@dataclass(slots=True)
class Playthrough:
    """One campaign of a bot's."""

    seed: str
    state: Values
    choices: list[str] = field(default_factory=list)
    """addresses: scene/choice"""
    problem: str = ""
    memory: dict[str, Any] = field(default_factory=dict)
    """what the bot keeps in mind from one choice to the next"""

    @property
    def ending(self) -> str:
        return word(self.state, "!ending")


Bot = Callable[[Playthrough, tuple[str, ...]], str]
"""Chooses among the open offers of one state, by id; the same state, seed and memory, the same choice."""


def play(
    story: Story,
    bot: Bot,
    seed: str,
    choices: int = 0,
    until: Callable[[Values], bool] | None = None,
    start: str = "",
    mode: str = "",
) -> Playthrough:
    """One campaign, to its end, to its problem, to so many choices, or until something is so."""
    played = Playthrough(seed, {})
    limit = choices or MAX_CHOICES
    try:
        played.state = engine.begin(story, seed, start, mode).state
        while not played.ending and len(played.choices) < limit:
            if until is not None and until(played.state):
                return played
            choice = bot(played, engine.open_ids(story, played.state))
            played.choices.append(f"{engine.position(played.state)}/{choice}")
            played.state = engine.advance(story, played.state, choice).state
        played.problem = problem_of(story, played, choices)
    except RedMexicoError as error:
        played.problem = str(error)
    return played


def problem_of(story: Story, played: Playthrough, choices: int) -> str:
    """Why a campaign that stopped is not in order, or ""; one that was cut on purpose is."""
    if not played.ending and not choices:
        return f"no end after {MAX_CHOICES} choices"
    for quality in story.qualities.values():
        if quality.type == "number" and not quality.low <= number(played.state, quality.name) <= quality.high:
            return f"{quality.name} is {played.state[quality.name]}, outside {quality.low}..{quality.high}"
    return ""
