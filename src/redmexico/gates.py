"""Which storylets' gates hold: kept up to date by what changed, instead of asked of every one anew.

A gate is asked again only where a name that it reads has changed since. Gates that read the calendar, a sum of
causes or a distance are asked every time: nothing says when these change. The sets are those of the naive scan.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from redmexico.expression import Function, Tree, compiled
from redmexico.model import Card
from redmexico.state import Log, Values
from redmexico.world import World

DECK, PLAIN, WEIGHT = "deck", "plain", "weight"
"""how storylets come of themselves: in the council's decks, on their day, in competition for the turn's places"""


def kind_of(card: Card) -> str:
    """How a scene comes of itself; "" where it never does, or where the turn asks for it by name."""
    return DECK if card.deck else card.due if card.due in (PLAIN, WEIGHT) else ""


class _Gate(NamedTuple):
    """A storylet with a gate: its place in the files, how to ask it, and where it stands while it is open."""

    number: int
    card: Card
    asks: Function
    open: _Open


class _Open:
    """The open storylets of a kind, in the order of the files."""

    __slots__ = ("cards", "numbers")

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.cards: list[Card] = []

    def put(self, number: int, card: Card, holds: bool) -> None:
        at = bisect_left(self.numbers, number)
        there = at < len(self.numbers) and self.numbers[at] == number
        if holds and not there:
            self.numbers.insert(at, number)
            self.cards.insert(at, card)
        elif there and not holds:
            del self.numbers[at], self.cards[at]


class Gates:
    """The open gates of one campaign at a time; another campaign, or another branch, is asked from the beginning."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.readers: dict[str, list[_Gate]] = {}
        """name of the state → the storylets whose gates read it"""
        self.always: list[_Gate] = []
        """those that are asked every time"""
        self.gates: list[_Gate] = []
        self.open = {DECK: _Open(), PLAIN: _Open(), WEIGHT: _Open()}
        self._log: Log | None = None
        self._at = 0
        for card in w.story.cards.values():
            if kind_of(card):
                self._sort(card, self.open[kind_of(card)])

    def _sort(self, card: Card, open: _Open) -> None:
        tree = card.gate.tree
        if tree is None:
            open.put(card.number, card, True)
            return
        gate = _Gate(card.number, card, compiled(tree), open)
        self.gates.append(gate)
        names = set(names_read(self.w, tree))
        if "" in names:
            self.always.append(gate)
            return
        for name in names:
            self.readers.setdefault(name, []).append(gate)

    def holding(self, log: Log, kind: str) -> Sequence[Card]:
        """The storylets of a kind whose gates hold now, in the order of the files; good until gates are asked again."""
        changed = self._changed(log)
        s = log.values
        if changed is None:
            self._ask(s, self.gates)
        else:
            for name in changed:
                self._ask(s, self.readers.get(name, ()))
            self._ask(s, self.always)
        self._log, self._at = log, log.mark
        return self.open[kind].cards

    def _ask(self, s: Values, gates: Iterable[_Gate]) -> None:
        w = self.w
        for number, card, asks, open in gates:
            open.put(number, card, asks(s, w))

    def _changed(self, log: Log) -> frozenset[str] | None:
        """The names that changed since gates were last asked; None where that cannot be told."""
        last = self._log
        if last is None:
            return None
        if last is log:
            return log.since(self._at) if log.mark >= self._at else None
        return last.since(self._at) | log.since(0) if log.base is last.values else None


def names_read(w: World, tree: Tree | None) -> Iterator[str]:
    """The names of the state that a condition reads; "" stands for what no change tells of."""
    if not isinstance(tree, list) or not tree:
        return
    kind = tree[0]
    if kind == "quality":
        yield tree[1]
    elif kind == "derived":
        yield from names_read(w, w.story.derived[tree[1]].tree)
    elif kind == "plain":
        yield {"act": "!act", "mode": "!mode", "turn": "!turn"}.get(tree[1], "")
    elif kind == "compare_date":
        yield ""
    elif kind == "fold":
        fields = {part[1] for part in _parts(tree[3]) if part[0] == "it"}
        for base in tree[2]:
            yield from (f"{base}.{part}" if part else base for part in fields)
        yield from names_read(w, tree[3])
    elif kind == "call" and tree[1] in _CALLED:
        yield from (name.format(tree[2]) for name in _CALLED[tree[1]])
    elif kind == "call" and tree[1] not in ("min", "max", "abs", "clamp"):
        yield ""
    else:
        for part in tree[1:]:
            yield from names_read(w, part)


_CALLED = {
    "visits": ("!visits.{}",), "chosen": ("!chosen.{}",), "happened": ("!event.{}",), "averted": ("!event.{}",),
    "verdict": ("!event.{}",), "variant": ("!variant.{}",),
}  # fmt: skip


def _parts(tree: Any) -> Iterator[Tree]:
    if isinstance(tree, list) and tree:
        yield tree
        for part in tree:
            yield from _parts(part)


def gates_of(w: World) -> Gates:
    """The gates of a story."""
    found: Gates | None = w.kept.get("gates")
    if found is None:
        found = w.kept["gates"] = Gates(w)
    return found
