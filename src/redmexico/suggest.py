"""The nearest known name to a misspelt one, for every "did you mean"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from redmexico.language import phrase

PATIENCE = 300_000
"""Names compared in one reading of a story: where thousands are wrong, the last are told what is wrong, not what was meant."""
_left: list[int] = []
"""how many are left; nothing where nobody counts"""


@contextmanager
def patience(names: int = PATIENCE) -> Iterator[None]:
    """Within this, suggestions are made until so many names have been compared."""
    _left.append(names)
    try:
        yield
    finally:
        _left.pop()


def distance(a: str, b: str, limit: int) -> int:
    """How many letters to add, drop, change or swap; `limit` + 1 when it is more.

    >>> distance("curch.temper", "church.temper", 3), distance("bread", "braed", 3)
    (1, 1)
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    if a == b:
        return 0
    while a and b and a[0] == b[0]:
        a, b = a[1:], b[1:]
    while a and b and a[-1] == b[-1]:
        a, b = a[:-1], b[:-1]
    far = limit + 1
    before: list[int] = []
    previous = [min(j, far) for j in range(len(b) + 1)]
    for i, x in enumerate(a, 1):
        row = [far] * (len(b) + 1)
        row[0] = min(i, far)
        for j in range(max(1, i - limit), min(len(b), i + limit) + 1):  # further aside it is further than the limit
            y = b[j - 1]
            cost = previous[j - 1] + (x != y)
            if previous[j] < cost:
                cost = previous[j] + 1
            if row[j - 1] < cost:
                cost = row[j - 1] + 1
            if i > 1 and j > 1 and x == b[j - 2] and a[i - 2] == y and before[j - 2] < cost:
                cost = before[j - 2] + 1
            row[j] = cost if cost < far else far
        if min(row) == far and min(previous) == far:
            return far
        before, previous = previous, row
    return previous[-1]


_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")
_BESIDE = {pair for row in _ROWS for a, b in pairwise(row) for pair in ((a, b), (b, a))}


def unlikely(name: str, meant: str) -> int:
    """How unlike a slip of the hand the difference of two names is, where they are equally far apart: 0 for letters
    swapped, doubled or undoubled and for neighbours on the keyboard, else 1.

    >>> unlikely("noted", "notes"), unlikely("noted", "note"), unlikely("bredad", "bread"), unlikely("breead", "bread")
    (0, 1, 1, 0)
    """
    if len(name) == len(meant):
        pairs = [(x, y) for x, y in zip(name, meant, strict=True) if x != y]
        return 0 if sorted(name) == sorted(meant) or all(pair in _BESIDE for pair in pairs) else 1
    short, long = sorted((name, meant), key=len)
    doubled = any(long[i] == long[i + 1] and long[:i] + long[i + 1 :] == short for i in range(len(long) - 1))
    return 0 if doubled else 1


def nearest(name: str, known: Iterable[str], first: Iterable[str] = ()) -> str:
    """The one known name that was probably meant, or "" where none is near. Of several as near it is one of `first`
    (what is nearest at hand: the scene's own names, the keys that are missing), then the likeliest slip.

    >>> nearest("chruch.temper", ["church.temper", "church.strength"])
    'church.temper'
    >>> nearest("weather", ["bread", "arms"])
    ''
    >>> nearest("di", ["do", "id"], first=["id"])
    'id'
    """
    limit = 1 if len(name) < 5 else 2 if len(name) < 9 else 3
    before = set(first)
    best, rank = "", (limit + 1, 0, 0)
    likely = sorted(one for one in {*known, *before} if abs(len(one) - len(name)) <= limit)
    if _left:
        _left[-1] -= len(likely)
        if _left[-1] < 0:
            return ""
    for candidate in likely:
        found = distance(name.lower(), candidate.lower(), min(limit, rank[0]))
        if found <= limit:
            mine = (found, int(candidate not in before), unlikely(name.lower(), candidate.lower()))
            if mine < rank:
                best, rank = candidate, mine
    return best


def did_you_mean(name: str, known: Iterable[str], first: Iterable[str] = ()) -> str:
    """The hint to print, or "".

    >>> did_you_mean("goto_", ["goto", "label"])
    "did you mean 'goto'?"
    """
    found = nearest(name, known, first)
    return phrase("did you mean '{name}'?", name=found) if found else ""
