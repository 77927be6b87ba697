"""What campaigns came to, added up: sums and sets alone, so that parts may be added in any order.

One process, several, shards and a cluster each add up their own campaigns; the sum is the same.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from redmexico.playtest.playing import Playthrough
from redmexico.playtest.reading import Branch
from redmexico.playtest.unread import Ground, Run

SAMPLE = 40
"""Campaigns whose texts are kept, to be compared two and two."""

END = 0
"""In place of a half-year: the last day of each campaign."""

Spread = dict[str, Counter[int]]
"""Number → its value → in how many campaigns."""


COUNTED = ("endings", "scenes", "choices", "choices_at", "choice_counts", "turns", "words", "beaten")
"""What of a tally is plainly counted."""


@dataclass(slots=True)
class Failure:
    """A campaign that went wrong, and how it is played again."""

    run: int
    seed: str
    problem: str
    choices: list[str]


@dataclass(slots=True)
class Tally:
    """Campaigns added up."""

    runs: int = 0
    endings: Counter[str] = field(default_factory=Counter)
    events: dict[str, Counter[str]] = field(default_factory=dict)
    scenes: Counter[str] = field(default_factory=Counter)
    choices: Counter[str] = field(default_factory=Counter)
    """address → campaigns that took it"""
    choices_at: Counter[str] = field(default_factory=Counter)
    """where/offer → how often it was taken: what `least-seen` goes by"""
    choice_counts: Counter[int] = field(default_factory=Counter)
    turns: Counter[int] = field(default_factory=Counter)
    words: Counter[int] = field(default_factory=Counter)
    halves: dict[int, Spread] = field(default_factory=dict)
    """half-year → the numbers on its last day; END: on each campaign's"""
    branches: set[Branch] = field(default_factory=set)
    texts: dict[int, frozenset[str]] = field(default_factory=dict)
    """campaign of the sample → what was read in it"""
    failures: list[Failure] = field(default_factory=list)
    beaten: Counter[tuple[str, str]] = field(default_factory=Counter)
    """choice, better choice → how often both were offered"""

    def add(self, other: Tally) -> None:
        """The campaigns of another tally too."""
        self.runs += other.runs
        for name in COUNTED:
            getattr(self, name).update(getattr(other, name))
        for event, verdicts in other.events.items():
            self.events.setdefault(event, Counter()).update(verdicts)
        for half, spread in other.halves.items():
            ours = self.halves.setdefault(half, {})
            for name, values in spread.items():
                ours.setdefault(name, Counter()).update(values)
        self.branches |= other.branches
        self.texts |= other.texts
        self.failures = sorted([*self.failures, *other.failures], key=lambda failure: failure.run)


class Adding:
    """Campaigns of one piece being added up."""

    def __init__(self, ground: Ground, sample: frozenset[int]) -> None:
        self.ground = ground
        self.sample = sample
        self.tally = Tally(events={event: Counter() for event in ground.story.events})
        self._rows: dict[int, list[tuple[int, ...]]] = {}

    def add(self, number: int, played: Playthrough, run: Run) -> None:
        """Count one campaign."""
        tally, state = self.tally, played.state
        tally.runs += 1
        tally.choices_at.update(played.choices)
        if played.problem:
            tally.failures.append(Failure(number, played.seed, played.problem, played.choices))
        tally.endings[played.ending or "none"] += 1
        tally.choice_counts[len(played.choices)] += 1
        tally.turns[int(state.get("!turn", 0))] += 1  # type: ignore[arg-type]  # it is counted
        tally.words[run.words] += 1
        tally.beaten.update(run.beaten)
        for event, verdicts in tally.events.items():
            verdicts[state.get(f"!event.{event}", "open")] += 1  # type: ignore[index]  # a verdict is a word
        scenes, choices = [], []
        for name in state:
            if name.startswith("!visits."):
                if "/" not in name:
                    scenes.append(name[8:])
            elif name.startswith("!chosen."):
                choices.append(name[8:])
        tally.scenes.update(scenes)
        tally.choices.update(choices)
        for half, values in run.halves:
            self._rows.setdefault(half, []).append(values)
        if run.halves:
            self._rows.setdefault(END, []).append(run.halves[-1][1])
        if number in self.sample:
            tally.texts[number] = frozenset(run.texts)

    def done(self) -> Tally:
        """The piece, added up."""
        for half, rows in self._rows.items():
            columns = zip(*rows, strict=True)
            self.tally.halves[half] = {n: Counter(c) for n, c in zip(self.ground.numbers, columns, strict=True)}
        self.tally.branches = self.ground.library.seen()
        return self.tally


def sampled(runs: int) -> frozenset[int]:
    """The campaigns whose texts are kept, spread evenly over so many.

    >>> sorted(sampled(3)), len(sampled(1000))
    ([0, 1, 2], 40)
    """
    return frozenset(i * runs // SAMPLE for i in range(SAMPLE)) if runs > SAMPLE else frozenset(range(runs))


def as_data(tally: Tally) -> dict[str, Any]:
    """The tally as plain data, in an order of its own."""
    texts = sorted({text for read in tally.texts.values() for text in read})
    place = {text: i for i, text in enumerate(texts)}
    return {
        "choices_at": _sorted(tally.choices_at),
        "choices": _pairs(tally.choice_counts),
        "turns": _pairs(tally.turns),
        "words": _pairs(tally.words),
        "halves": [
            [half, {name: _pairs(values) for name, values in spread.items()}] for half, spread in sorted(tally.halves.items())
        ],
        "texts": texts,
        "beaten": [[worse, better, count] for (worse, better), count in sorted(tally.beaten.items())],
        "sample": [[run, sorted(place[text] for text in read)] for run, read in sorted(tally.texts.items())],
    }


def _pairs(counts: Counter[int]) -> list[list[int]]:
    return [[value, count] for value, count in sorted(counts.items())]


def _sorted(counts: Counter[str]) -> dict[str, int]:
    """Most first; among equals, by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def from_data(data: dict[str, Any], report: dict[str, Any]) -> Tally:
    """A tally from a report's plain data; without its branches."""
    def counter(pairs: list[list[int]]) -> Counter[int]:
        return Counter({int(value): int(count) for value, count in pairs})

    texts = [str(text) for text in data["texts"]]
    return Tally(
        int(report["runs"]),
        Counter(report["endings"]),
        {event: Counter(verdicts) for event, verdicts in report["events"].items()},
        Counter(report["scenes"]),
        Counter(report["choices"]),
        Counter(data["choices_at"]),
        counter(data["choices"]),
        counter(data["turns"]),
        counter(data["words"]),
        {int(half): {name: counter(pairs) for name, pairs in spread.items()} for half, spread in data["halves"]},
        set(),
        {int(run): frozenset(texts[i] for i in read) for run, read in data["sample"]},
        [Failure(int(f["run"]), f["seed"], f["problem"], list(f["choices"])) for f in report["failures"]],
        Counter({(worse, better): count for worse, better, count in data["beaten"]}),
    )


__all__ = ["END", "SAMPLE", "Adding", "Failure", "Tally", "as_data", "from_data", "sampled"]
