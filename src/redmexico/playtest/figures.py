"""Figures from tallies: quantiles, shares, overlaps. Whole numbers go in, and no order matters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import combinations

QUANTILES = (5, 25, 50, 75, 95)


def quantile(counts: Counter[int], percent: int) -> int:
    """The value that so many of a hundred do not exceed, by nearest rank.

    >>> quantile(Counter([1, 2, 3, 4]), 50), quantile(Counter([1, 2, 3, 4]), 95)
    (2, 4)
    """
    rank = max(1, -(-sum(counts.values()) * percent // 100))
    for value in sorted(counts):
        rank -= counts[value]
        if rank <= 0:
            return value
    return 0


def quantiles(counts: Counter[int]) -> list[int]:
    """The five that a fan is drawn from."""
    return [quantile(counts, percent) for percent in QUANTILES]


def mean(counts: Counter[int]) -> int:
    """The mean, rounded down."""
    total = sum(counts.values())
    return sum(value * count for value, count in counts.items()) // total if total else 0


def share(part: int, whole: int) -> float:
    """A part of a whole, to four places."""
    return round(part / whole, 4) if whole else 0.0


def most_first(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts, most first; among equals, by name."""
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def overlap(read: Iterable[frozenset[str]]) -> tuple[int, float]:
    """How alike two campaigns are to read: pairs compared, and the mean of texts in both ÷ texts in either.

    This is Jaccard's index (1901).

    >>> overlap([frozenset("ab"), frozenset("bc")])
    (1, 0.3333)
    """
    pairs = [(len(a & b), len(a | b)) for a, b in combinations(read, 2)]
    pairs = [(both, either) for both, either in pairs if either]
    return len(pairs), round(sum(both / either for both, either in pairs) / len(pairs), 4) if pairs else 0.0


def spans(parts: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Stretches of numbers, joined where they touch.

    >>> spans([(3, 6), (0, 3), (8, 9)])
    [(0, 6), (8, 9)]
    """
    out: list[tuple[int, int]] = []
    for first, last in sorted(parts):
        if out and out[-1][1] == first:
            out[-1] = (out[-1][0], last)
        else:
            out.append((first, last))
    return out
