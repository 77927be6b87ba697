"""What bots met, all campaigns together: the report, its parts merged, and its three forms.

A report of some campaigns is plain data (`as_json`, `read_report`); reports of the same order
merge into what one process would have reported, to the last digit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.beaten import asked_about
from redmexico.playtest.figures import most_first, overlap, quantile, quantiles, share, spans
from redmexico.playtest.pieces import Order
from redmexico.playtest.reading import WORDS_A_MINUTE, Branch, Library
from redmexico.playtest.tally import END, Failure, Spread, Tally, as_data, from_data
from redmexico.playtest.unread import half_year_name

VERDICTS = ("kept", "early", "late", "altered", "averted", "unwritten", "open")
EXTREME = 25
"""Of a hundred campaigns, how many may leave a faction at an end of its range before it is named."""


class Reach(Protocol):
    """What can be reached at all: what is false here is proved dead (`redmexico.logic.reach`)."""

    @property
    def scenes(self) -> Mapping[str, bool]: ...
    @property
    def choices(self) -> Mapping[str, bool]: ...
    @property
    def branches(self) -> Mapping[Branch, bool]: ...


@dataclass(slots=True)
class Never:
    """What nobody met, in the story's order; and of that, what is proved to be dead."""

    scenes: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)
    branches: list[Branch] = field(default_factory=list)
    proved: bool = False
    """whether anybody looked for proofs"""
    dead: set[Any] = field(default_factory=set)
    """ids, addresses and branches"""

    def mark(self, thing: Any) -> str:
        return "proved dead" if thing in self.dead else "not seen"


@dataclass(slots=True)
class Report:
    """What the bots met."""

    order: Order
    campaigns: list[tuple[int, int]]
    """which of them: from, up to"""
    story: dict[str, Any]
    """the story's names, ranges and sizes"""
    tally: Tally
    never: Never

    @property
    def runs(self) -> int:
        return self.tally.runs

    @property
    def failures(self) -> list[Failure]:
        return self.tally.failures

    @property
    def never_seen(self) -> list[str]:
        return self.never.scenes

    @property
    def never_chosen(self) -> list[str]:
        return self.never.choices

    @property
    def dominated(self) -> list[tuple[str, str, int]]:
        """Choice, the better one beside it, how often both were offered: most often first."""
        return sorted(((a, b, n) for (a, b), n in self.tally.beaten.items()), key=lambda row: (-row[2], row[0], row[1]))

    @property
    def ends(self) -> Spread:
        """Each number as the campaigns left it."""
        return self.tally.halves.get(END, {})

    def years(self, name: str) -> list[tuple[int, list[int]]]:
        """A number's quantiles on the last day of each half-year."""
        halves = sorted(half for half in self.tally.halves if half != END)
        return [(half, quantiles(self.tally.halves[half][name])) for half in halves if name in self.tally.halves[half]]

    def extremes(self) -> list[tuple[str, float, float]]:
        """Each number of a faction: the shares of campaigns that ended at its low end, and at its high end."""
        out = []
        for q in self.story["qualities"]:
            if q["kind"] == "faction" and q["name"] in self.ends:
                counts = self.ends[q["name"]]
                total = sum(counts.values())
                out.append((q["name"], share(counts[q["low"]], total), share(counts[q["high"]], total)))
        return out

    def texts_in_common(self) -> tuple[int, float]:
        """How alike two campaigns of the sample are: pairs, and the mean share of common texts."""
        return overlap(read for _, read in sorted(self.tally.texts.items()))

    def as_json(self) -> dict[str, Any]:
        """The report as plain data: `endings` (id: count), `events` (id: verdict: count), and so on."""
        tally, never = self.tally, self.never
        pairs, alike = self.texts_in_common()
        return {
            "story": self.story,
            "runs": tally.runs,
            "seed": self.order.seed,
            "policy": self.order.policy,
            "order": {name: getattr(self.order, name) for name in ("runs", "choices", "start", "mode")},
            "campaigns": [list(span) for span in self.campaigns],
            "endings": most_first(tally.endings),
            "events": {id: most_first(verdicts) for id, verdicts in tally.events.items()},
            "scenes": most_first(tally.scenes),
            "choices": most_first(tally.choices),
            "never_seen": never.scenes,
            "never_chosen": never.choices,
            "never_read": [list(branch) for branch in never.branches],
            "proved_dead": self._dead() if never.proved else None,
            "length": self._length(),
            "qualities": {
                q["name"]: {half_year_name(half): found for half, found in self.years(q["name"])} for q in self.story["qualities"]
            },
            "factions": {name: {"low": low, "high": high} for name, low, high in self.extremes()},
            "dominated": [{"choice": a, "better": b, "offered": n} for a, b, n in self.dominated],
            "overlap": {"pairs": pairs, "mean": alike},
            "failures": [{"run": f.run, "seed": f.seed, "problem": f.problem, "choices": f.choices} for f in tally.failures],
            "counts": as_data(tally),
        }

    def _dead(self) -> dict[str, Any]:
        never = self.never
        return {
            "scenes": [id for id in never.scenes if id in never.dead],
            "choices": [address for address in never.choices if address in never.dead],
            "branches": [list(branch) for branch in never.branches if branch in never.dead],
        }

    def _length(self) -> dict[str, Any]:
        counts = self.tally.choice_counts
        return {
            "least": min(counts, default=0),
            "median": quantile(counts, 50),
            "most": max(counts, default=0),
            "choices": quantiles(counts),
            "turns": quantiles(self.tally.turns),
            "words": quantiles(self.tally.words),
            "minutes": [words // WORDS_A_MINUTE for words in quantiles(self.tally.words)],
        }

    def lines(self) -> list[str]:
        """The report for a terminal."""
        return [
            f"{self.runs} campaigns, {self.order.policy}, seed {self.order.seed}: {len(self.failures)} failed",
            *(f"  failed with seed {f.seed}, policy {self.order.policy}: {f.problem}" for f in self.failures[:10]),
            *self._ending_lines(),
            *self._event_lines(),
            *self._length_lines(),
            *self._never_lines(),
            *self._balance_lines(),
        ]

    def _ending_lines(self) -> list[str]:
        return ["endings", *(f"  {count / self.runs:6.1%} {id}" for id, count in most_first(self.tally.endings).items())]

    def _event_lines(self) -> list[str]:
        out = ["events"]
        for id, verdicts in self.tally.events.items():
            if set(verdicts) != {"open"}:
                shares = "  ".join(f"{v} {n / self.runs:.0%}" for v, n in most_first(verdicts).items())
                out.append(f"  {id}: {shares}")
        return out

    def _length_lines(self) -> list[str]:
        counts, words = self.tally.choice_counts, self.tally.words
        pairs, alike = self.texts_in_common()
        out = [
            f"choices in a campaign: {min(counts, default=0)} to {max(counts, default=0)}, median {quantile(counts, 50)}",
            f"turns: median {quantile(self.tally.turns, 50)}; words read: median {quantile(words, 50)}, "
            f"{quantile(words, 50) // WORDS_A_MINUTE} minutes at {WORDS_A_MINUTE} words a minute",
        ]
        if pairs:
            out.append(f"two campaigns have {alike:.0%} of their texts in common (mean of {pairs} pairs)")
        return out

    def _never_lines(self) -> list[str]:
        never, story = self.never, self.story
        named = [f"{address}:{field}[{i}]" for address, field, i in never.branches]
        return [
            f"scenes never seen: {_listed(never.scenes, never.scenes, never, 200) or 'none'}",
            f"choices never taken: {len(never.choices)} of {story['choices']}" + _in_brackets(never.choices, never.choices, never),
            f"text branches never read: {len(never.branches)} of {story['branches']}" + _in_brackets(named, never.branches, never),
        ]

    def _balance_lines(self) -> list[str]:
        out = [
            f"choice never better: {a}, beside {b} ({n} times offered together)" for a, b, n in self.dominated[:10]
        ]
        for name, low, high in self.extremes():
            for part, end in ((low, "lowest"), (high, "highest")):
                if part * 100 >= EXTREME:
                    out.append(f"{name} ends at its {end} in {part:.0%} of campaigns")
        return out

    def page(self) -> str:
        """The report as one HTML page that needs nothing else."""
        from redmexico.playtest.page import page

        return page(self)


def _listed(names: Sequence[str], things: Sequence[Any], never: Never, limit: int) -> str:
    shown = [f"{name} (proved dead)" if thing in never.dead else name for name, thing in zip(names, things, strict=True)]
    return ", ".join(shown[:limit]) + (" …" if len(shown) > limit else "")


def _in_brackets(names: Sequence[str], things: Sequence[Any], never: Never) -> str:
    if not names:
        return ""
    dead = sum(thing in never.dead for thing in things)
    proved = f"; {dead or 'none'} proved dead" if never.proved else ""
    return f" ({_listed(names, things, never, 12)}){proved}"


def facts_of(story: Story, branches: int) -> dict[str, Any]:
    """What a report says of its story."""
    return {
        "title": story.title,
        "version": story.version,
        "fingerprint": story.fingerprint,
        "scenes": len(story.cards),
        "choices": sum(1 for _ in _addresses(story)),
        "branches": branches,
        "endings": {ending.id: ending.title for ending in story.endings.values()},
        "events": {event.id: event.title for event in story.events.values()},
        "qualities": [
            {"name": q.name, "label": q.label, "kind": q.kind, "low": q.low, "high": q.high, "good": q.good}
            for q in story.qualities.values()
            if q.type == "number"
        ],
    }


def _addresses(story: Story) -> Iterable[str]:
    for scene in story.scenes.values():
        if scene.order is not None:
            yield scene.order.address
        for room in scene.passages.values():
            yield from (choice.address for choice in room.choices)


def close(story: Story, order: Order, campaigns: tuple[int, int], tally: Tally, reach: Reach | None) -> Report:
    """The report of a tally: what nobody met, and what of it is proved dead."""
    branches = Library(story).every()
    never = Never(
        [id for id in story.cards if id not in tally.scenes],
        [address for address in _addresses(story) if address not in tally.choices],
        [branch for branch in branches if branch not in tally.branches],
        reach is not None,
    )
    if reach is not None:
        never.dead |= {id for id in never.scenes if not reach.scenes.get(id, True)}
        never.dead |= {address for address in never.choices if not reach.choices.get(address, True)}
        never.dead |= {branch for branch in never.branches if not reach.branches.get(branch, True)}
    if tally.beaten:
        asked = asked_about(story)
        tally.beaten = Counter({pair: n for pair, n in tally.beaten.items() if pair[0] not in asked})
    return Report(order, [campaigns], facts_of(story, len(branches)), tally, never)


def merge(reports: Sequence[Report]) -> Report:
    """Reports of parts as one. Raises RedMexicoError where they are not parts of the same playtest."""
    if not reports:
        raise RedMexicoError("there is nothing to merge", hint="give the reports of all shards")
    first = reports[0]
    whole = Tally(events={event: Counter() for event in first.tally.events})
    never = Never(first.never.scenes, first.never.choices, first.never.branches, first.never.proved, set(first.never.dead))
    taken: list[tuple[int, int]] = []
    for report in sorted(reports, key=lambda report: report.campaigns):
        if (report.order, report.story, report.never.proved) != (first.order, first.story, first.never.proved):
            raise RedMexicoError(
                "these reports are not parts of one playtest", hint="same story, runs, seed and policy in every shard"
            )
        taken += report.campaigns
        whole.add(report.tally)
        never.scenes = _in_both(never.scenes, report.never.scenes)
        never.choices = _in_both(never.choices, report.never.choices)
        never.branches = _in_both(never.branches, report.never.branches)
    if any(a[1] > b[0] for a, b in zip(sorted(taken), sorted(taken)[1:], strict=False)):
        raise RedMexicoError("two of these reports have the same campaigns", hint="give each shard once")
    never.dead &= {*never.scenes, *never.choices, *never.branches}
    return Report(first.order, spans(taken), first.story, whole, never)


def _in_both(mine: list[Any], theirs: list[Any]) -> list[Any]:
    also = set(theirs)
    return [thing for thing in mine if thing in also]


def read_report(data: dict[str, Any]) -> Report:
    """A report from its plain data. Raises RedMexicoError where that is no report."""
    try:
        dead = data["proved_dead"]
        never = Never(
            list(data["never_seen"]),
            list(data["never_chosen"]),
            [_branch(found) for found in data["never_read"]],
            dead is not None,
            {*dead["scenes"], *dead["choices"], *map(_branch, dead["branches"])} if dead is not None else set(),
        )
        order = Order(seed=data["seed"], policy=data["policy"], **data["order"])
        campaigns = [(int(first), int(last)) for first, last in data["campaigns"]]
        return Report(order, campaigns, data["story"], from_data(data["counts"], data), never)
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise RedMexicoError("this is no report of a playtest", hint="make it with: redmexico playtest --report FILE") from error


def _branch(found: Sequence[Any]) -> Branch:
    return str(found[0]), str(found[1]), int(found[2])


__all__ = ["Reach", "Report", "close", "merge", "read_report"]
