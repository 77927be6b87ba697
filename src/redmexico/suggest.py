"""The nearest known name to a misspelt one, for every "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable


def distance(a: str, b: str, limit: int) -> int:
    """How many letters to add, drop, change or swap; `limit` + 1 when it is more.

    >>> distance("curch.temper", "church.temper", 3), distance("bread", "braed", 3)
    (1, 1)
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    previous = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        row = [i]
        for j, y in enumerate(b, 1):
            cost = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (x != y))
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before, previous = previous, row
    return previous[-1]


def nearest(name: str, known: Iterable[str]) -> str:
    """The one known name that was probably meant, or "" where none is near.

    >>> nearest("chruch.temper", ["church.temper", "church.strength"])
    'church.temper'
    >>> nearest("weather", ["bread", "arms"])
    ''
    """
    limit = 1 if len(name) < 5 else 2 if len(name) < 9 else 3
    best, best_distance = "", limit + 1
    for candidate in sorted(set(known)):
        if candidate.lower() == name.lower():
            return candidate
        found = distance(name, candidate, min(limit, best_distance))
        if found < best_distance:
            best, best_distance = candidate, found
    return best if best_distance <= limit else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The hint to print, or "".

    >>> did_you_mean("goto_", ["goto", "label"])
    "did you mean 'goto'?"
    """
    found = nearest(name, known)
    return f"did you mean '{found}'?" if found else ""
