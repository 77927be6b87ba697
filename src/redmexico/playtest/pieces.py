"""The work of a playtest in pieces: each is some campaigns in a row, and comes out alike anywhere.

A piece is a pure function of its order: policy, seed, which campaigns, and for `least-seen` the
counts of all batches before. So one process, several, shards and a cluster differ only in who
plays which piece.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from redmexico import cache
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.bots import BATCH, bot_of
from redmexico.playtest.tally import Adding, Tally, sampled
from redmexico.playtest.unread import Ground, play_unread


class Packs(NamedTuple):
    """Where a story is opened from, in whatever process."""

    paths: tuple[str, ...]
    folder: str = ""
    """the folder of its cache; "" without one"""
    language: str = ""

    def open(self) -> Story:
        """The story. Raises BrokenPack."""
        folder = Path(self.folder) if self.folder else None
        return cache.open_story([Path(path) for path in self.paths], folder, self.language)


class Order(NamedTuple):
    """What a playtest is asked for."""

    runs: int
    seed: str
    policy: str
    choices: int = 0
    """where campaigns are cut; 0: at their end"""
    start: str = ""
    mode: str = ""


class Piece(NamedTuple):
    """Some campaigns in a row."""

    order: Order
    first: int
    last: int
    """the campaign after the last"""
    counts: Counter[str]
    """what `least-seen` goes by"""
    watched: bool = True
    """whether they are read and counted, or only played for the counts"""


Share = tuple[int, int]
"""Which part of the campaigns, and of how many: (1, 4) is the first quarter."""

Players = Callable[[list[Piece]], Iterable[Tally]]
"""Whoever plays pieces, and gives their tallies in any order."""


def bounds(runs: int, shard: Share) -> tuple[int, int]:
    """The campaigns of a shard.

    >>> [bounds(10, (i, 3)) for i in (1, 2, 3)]
    [(0, 3), (3, 6), (6, 10)]
    """
    i, n = shard
    if not 1 <= i <= n:
        raise RedMexicoError(f"there is no shard {i} of {n}", "--shard", "give I/N, from 1/N to N/N")
    return (i - 1) * runs // n, i * runs // n


def played(ground: Ground, piece: Piece) -> Tally:
    """Play one piece."""
    order = piece.order
    bot = bot_of(ground.story, order.policy, piece.counts)
    ground.library.forget()
    ground.watched = piece.watched
    adding = Adding(ground, sampled(order.runs))
    for number in range(piece.first, piece.last):
        adding.add(number, *play_unread(ground, bot, f"{order.seed}-{number}", order.choices, order.start, order.mode))
    return adding.done()


def all_played(order: Order, shard: Share, players: Players, hands: int, tick: Callable[[int], None]) -> Tally:
    """The tally of a shard. `hands`: how many pieces are played at once; `tick` is told how many campaigns were."""
    first, last = bounds(order.runs, shard)
    whole = Tally()
    if order.policy != "least-seen":
        for tally in players(list(_cut(order, first, last, hands * 8, Counter()))):
            whole.add(tally)
            tick(tally.runs)
        return whole
    counts: Counter[str] = Counter()
    for start in range(0, last, BATCH):
        batch = Tally()
        before, after = min(start + BATCH, max(start, first)), min(start + BATCH, last)
        pieces = [*_cut(order, start, before, hands, counts, False), *_cut(order, before, after, hands, counts)]
        for piece, tally in _paired(pieces, players):
            batch.add(tally)
            if piece.watched:
                whole.add(tally)
                tick(tally.runs)
        counts = counts + batch.choices_at
    return whole


def _paired(pieces: list[Piece], players: Players) -> Iterator[tuple[Piece, Tally]]:
    """Pieces with their tallies: those that only count, then the others."""
    for watched in (False, True):
        some = [piece for piece in pieces if piece.watched is watched]
        yield from zip(some, players(some), strict=True)


def _cut(order: Order, first: int, last: int, parts: int, counts: Counter[str], watched: bool = True) -> Iterator[Piece]:
    """Some campaigns in about so many pieces."""
    size = max(1, -(-(last - first) // parts))
    for start in range(first, last, size):
        yield Piece(order, start, min(start + size, last), counts, watched)
