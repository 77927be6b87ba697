"""The bots by name, and the simple ones: any offer, the least seen, one quality up or down."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from redmexico import engine
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.playing import Bot, Playthrough
from redmexico.playtest.sight import deeds_of, does
from redmexico.state import draw
from redmexico.suggest import did_you_mean

POLICIES = ("random", "least-seen", "greedy:QUALITY", "goal:SCENE", "plan:SCENE", "strategist:NAME")

BATCH = 16
"""Campaigns that `least-seen` plays on the same counts: those of the batches before."""


def pick(played: Playthrough, offers: Iterable[str], stream: str = "bot") -> str:
    """One of some offers, each as likely; the same for the same seed and choice."""
    among = tuple(offers)
    return among[draw(played.seed, len(played.choices), stream, 0, len(among))]


def best(played: Playthrough, worth: Mapping[str, int], stream: str = "bot") -> str:
    """The offer that is worth most; among equals, any."""
    most = max(worth.values())
    return pick(played, (offer for offer, value in worth.items() if value == most), stream)


def random_bot(played: Playthrough, offers: tuple[str, ...]) -> str:
    """Any open offer, each as likely."""
    return offers[draw(played.seed, len(played.choices), "bot", 0, len(offers))]


def least_seen(counts: Counter[str]) -> Bot:
    """The offer that the bots before, and this one, have taken least. `counts`: where/choice → how often."""

    def bot(played: Playthrough, offers: tuple[str, ...]) -> str:
        where = engine.position(played.state)
        mine = played.memory.setdefault("taken", Counter())
        worth = {offer: -counts[f"{where}/{offer}"] - mine[f"{where}/{offer}"] for offer in offers}
        choice = best(played, worth)
        mine[f"{where}/{choice}"] += 1
        return choice

    return bot


def greedy(story: Story, quality: str, sign: int) -> Bot:
    """What moves one quality most, by what the choice does, or by the best that a card's scene can do.

    Where nothing moves it, anything but closing the council: the next card may.
    """
    w = engine.world_of(story)

    def worth(state: dict[str, Any], deed: Any) -> int:
        if deed.choices is None:
            return 0
        return max((sign * does(w, state, choice.do).get(quality, 0) for choice in deed.choices), default=0)

    def bot(played: Playthrough, offers: tuple[str, ...]) -> str:
        deeds = deeds_of(story, played.state, offers)
        return best(played, {d.id: worth(played.state, d) * 2 + (d.verb != "pass") for d in deeds})

    return bot


def bot_of(story: Story, policy: str, counts: Counter[str]) -> Bot:
    """The bot of a policy. Raises RedMexicoError where there is none of that name."""
    name, _, what = policy.partition(":")
    makers: dict[str, Callable[[], Bot]] = {
        "random": lambda: random_bot,
        "least-seen": lambda: least_seen(counts),
        "greedy": lambda: _greedy(story, what),
        "goal": lambda: _goal(story, what),
        "plan": lambda: _plan(story, what),
        "strategist": lambda: _strategist(story, what),
    }
    if name not in makers:
        hint = did_you_mean(name, makers) or f"one of: {', '.join(POLICIES)}"
        raise RedMexicoError(f"there is no policy '{name}'", "--policy", hint)
    if bool(what) != (name not in ("random", "least-seen")):
        wanted = next(shown for shown in POLICIES if shown.partition(":")[0] == name)
        raise RedMexicoError(f"'{policy}' is no policy", "--policy", f"write it {wanted}")
    return makers[name]()


def _greedy(story: Story, what: str) -> Bot:
    name = what.removeprefix("-")
    numbers = [quality.name for quality in story.qualities.values() if quality.type == "number"]
    if name not in numbers:
        raise RedMexicoError(
            f"there is no number named '{name}'", "--policy", did_you_mean(name, numbers) or "greedy:QUALITY, or greedy:-QUALITY"
        )
    return greedy(story, name, -1 if what.startswith("-") else 1)


def _goal(story: Story, what: str) -> Bot:
    from redmexico.playtest.goals import seeker

    return seeker(story, what)


def _plan(story: Story, what: str) -> Bot:
    from redmexico.playtest.plans import planner

    return planner(story, what)


def _strategist(story: Story, what: str) -> Bot:
    from redmexico.playtest.strategists import STRATEGISTS

    if what not in STRATEGISTS:
        hint = did_you_mean(what, STRATEGISTS) or f"one of: {', '.join(STRATEGISTS)}"
        raise RedMexicoError(f"there is no strategist '{what}'", "--policy", hint)
    return STRATEGISTS[what](story)
