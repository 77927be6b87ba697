"""Bots that play the story, and what they met: endings, verdicts, scenes never seen."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from redmexico import engine
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.state import Values, draw, number, word

MAX_CHOICES = 2_000

Bot = Callable[["Playthrough", tuple[str, ...]], str]
"""Chooses among the open offers of one state, by id."""


@dataclass(slots=True)
class Playthrough:
    """One campaign of a bot's."""

    seed: str
    state: Values
    choices: list[str] = field(default_factory=list)
    """addresses: scene/choice"""
    problem: str = ""

    @property
    def ending(self) -> str:
        return word(self.state, "!ending")


@dataclass(slots=True)
class Report:
    """What the bots met, all campaigns together."""

    runs: int
    seed: str
    policy: str
    endings: Counter[str] = field(default_factory=Counter)
    events: dict[str, Counter[str]] = field(default_factory=dict)
    scenes: Counter[str] = field(default_factory=Counter)
    choices: Counter[str] = field(default_factory=Counter)
    lengths: list[int] = field(default_factory=list)
    failures: list[tuple[str, str]] = field(default_factory=list)
    """seed and problem of each campaign that did not end"""
    never_seen: list[str] = field(default_factory=list)
    never_chosen: list[str] = field(default_factory=list)
    choices_at: Counter[str] = field(default_factory=Counter)
    """where/choice, as offered: what `least-seen` goes by"""

    def add(self, story: Story, played: Playthrough) -> None:
        """Count one campaign."""
        if played.problem:
            self.failures.append((played.seed, played.problem))
        self.endings[played.ending or "none"] += 1
        self.lengths.append(len(played.choices))
        for event in story.events:
            self.events.setdefault(event, Counter())[str(played.state.get(f"!event.{event}", "open"))] += 1
        for name in played.state:
            if name.startswith("!visits.") and "/" not in name:
                self.scenes[name[len("!visits.") :]] += 1
            elif name.startswith("!chosen."):
                self.choices[name[len("!chosen.") :]] += 1

    def close(self, story: Story) -> None:
        """What nobody met."""
        self.never_seen = [id for id in story.cards if id not in self.scenes]
        every = [c.address for s in story.scenes.values() for room in s.passages.values() for c in room.choices]
        self.never_chosen = [address for address in every if address not in self.choices]

    def as_json(self) -> dict[str, Any]:
        """The report as plain data: `endings` (id: count), `events` (id: verdict: count), and so on."""
        return {
            "runs": self.runs,
            "seed": self.seed,
            "policy": self.policy,
            "endings": dict(self.endings.most_common()),
            "events": {id: dict(verdicts) for id, verdicts in self.events.items()},
            "scenes": dict(self.scenes.most_common()),
            "never_seen": self.never_seen,
            "never_chosen": self.never_chosen,
            "choices": dict(self.choices.most_common()),
            "length": {
                "least": min(self.lengths),
                "median": sorted(self.lengths)[len(self.lengths) // 2],
                "most": max(self.lengths),
            },
            "failures": [{"seed": seed, "problem": problem} for seed, problem in self.failures],
        }

    def lines(self) -> list[str]:
        """The report for a terminal."""
        out = [f"{self.runs} campaigns, {self.policy}, seed {self.seed}: {len(self.failures)} failed"]
        out += [f"  failed with seed {seed}: {problem}" for seed, problem in self.failures[:10]]
        out += ["endings"] + [f"  {count / self.runs:6.1%} {id}" for id, count in self.endings.most_common()]
        out.append("events")
        for id, verdicts in self.events.items():
            shares = "  ".join(f"{verdict} {count / self.runs:.0%}" for verdict, count in verdicts.most_common())
            if set(verdicts) != {"open"}:
                out.append(f"  {id}: {shares}")
        lengths = sorted(self.lengths)
        out.append(f"choices in a campaign: {lengths[0]} to {lengths[-1]}, median {lengths[len(lengths) // 2]}")
        out.append(f"scenes never seen: {', '.join(self.never_seen) or 'none'}")
        out.append(
            f"choices never taken: {len(self.never_chosen)}"
            + (f" ({', '.join(self.never_chosen[:12])} …)" if self.never_chosen else "")
        )
        return out


def random_bot(played: Playthrough, offers: tuple[str, ...]) -> str:
    """Any open offer, each as likely."""
    return offers[draw(played.seed, len(played.choices), "bot", 0, len(offers))]


def least_seen(counts: Counter[str]) -> Bot:
    """The offer that the bots before have taken least."""

    def bot(played: Playthrough, offers: tuple[str, ...]) -> str:
        where = engine.position(played.state)
        fewest = min(counts[f"{where}/{offer}"] for offer in offers)
        rest = [offer for offer in offers if counts[f"{where}/{offer}"] == fewest]
        return random_bot(played, tuple(rest))

    return bot


def play(story: Story, bot: Bot, seed: str) -> Playthrough:
    """One campaign, to its end or to its problem."""
    played = Playthrough(seed, {})
    try:
        played.state = engine.begin(story, seed).state
        while not played.ending and len(played.choices) < MAX_CHOICES:
            choice = bot(played, engine.open_ids(story, played.state))
            played.choices.append(f"{engine.position(played.state)}/{choice}")
            played.state = engine.advance(story, played.state, choice).state
        if not played.ending:
            played.problem = f"no end after {MAX_CHOICES} choices"
        played.problem = played.problem or _out_of_range(story, played.state)
    except RedMexicoError as error:
        played.problem = str(error)
    return played


def _out_of_range(story: Story, state: Values) -> str:
    """A number that left its range, or ""."""
    for quality in story.qualities.values():
        if quality.type == "number" and not quality.low <= number(state, quality.name) <= quality.high:
            return f"{quality.name} is {state[quality.name]}"
    return ""


def playtest(story: Story, runs: int, seed: str, policy: str = "random", progress: bool = False) -> Report:
    """Let a bot play so many campaigns. The same seed gives the same report."""
    report = Report(runs, seed, policy)
    bot = random_bot if policy == "random" else least_seen(report.choices_at)
    for i in range(runs):
        played = play(story, bot, f"{seed}-{i}")
        report.choices_at.update(played.choices)
        report.add(story, played)
        if progress and (i % 10 == 9 or i + 1 == runs):
            print(f"\r{i + 1} of {runs}", end="", file=sys.stderr, flush=True)
    if progress:
        print(file=sys.stderr)
    report.close(story)
    return report
