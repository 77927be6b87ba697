"""What a campaign stands at: flat names and values, how they change, and keyed draws.

A state is a plain dict. Qualities stand under their own names; what the engine keeps begins
with `!`: `!date` (an ordinal day), `!turn`, `!act`, `!scene`, `!visits.<scene>`,
`!chosen.<scene/choice>`, `!event.<id>` and so on. Nothing else moves a campaign.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from hashlib import blake2b
from typing import NamedTuple

from redmexico.errors import CampaignFault

TEST = "!test"
"""set in the state of a line of play that an author has reached into"""

Value = int | str | tuple[str, ...]
"""A number, a flag, a word, a day, or a list of words (sets are kept sorted)."""

Values = dict[str, Value]

Group = list[object]
"""[cause, {name: new value or None}]: what one cause changed, as the journal keeps it."""


class Change(NamedTuple):
    """One thing that moved, and what moved it."""

    cause: str
    """"" the choice itself, else `event:…`, `later:…`, `act:…`, `turn`"""
    name: str
    old: Value | None
    new: Value | None


class Log:
    """A state in the making: every change is written down with its cause, and can be taken back.

    >>> log = Log({"bread": 4})
    >>> log.set("bread", 3); log.set("truce", "made"); log.groups()
    [['', {'bread': 3, 'truce': 'made'}]]
    >>> log.undo(); log.values
    {'bread': 4}
    """

    __slots__ = ("base", "cause", "changes", "values")

    def __init__(self, values: Values, base: Values | None = None) -> None:
        self.values = values
        self.base = base
        """the state that `values` is a copy of, if it is one: it stays as it was"""
        self.changes: list[Change] = []
        self.cause = ""

    def set(self, name: str, value: Value | None) -> None:
        """Give `name` a value; None takes it away."""
        old = self.values.get(name)
        if old == value and type(old) is type(value):
            return
        self.changes.append(Change(self.cause, name, old, value))
        if value is None:
            del self.values[name]
        else:
            self.values[name] = value

    def add(self, name: str, amount: int = 1) -> None:
        """Count `name` up from its present number, or from nought."""
        old = self.values.get(name, 0)
        assert isinstance(old, int)
        self.set(name, old + amount)

    @property
    def mark(self) -> int:
        """A place in the log, to be asked about with `since`."""
        return len(self.changes)

    def since(self, mark: int) -> frozenset[str]:
        """The names that changed after a place in the log."""
        return frozenset(change.name for change in self.changes[mark:])

    def groups(self) -> list[Group]:
        """The changes as the journal keeps them: by cause, in order, last value of each name."""
        groups: list[Group] = []
        names: dict[str, Value | None] = {}
        last = None
        for cause, name, _, new in self.changes:
            if cause != last:
                names = {}
                groups.append([cause, names])
                last = cause
            names[name] = new
        return groups

    def undo(self) -> None:
        """Put everything back as it was."""
        for _, name, old, _ in reversed(self.changes):
            if old is None:
                self.values.pop(name, None)
            else:
                self.values[name] = old
        self.changes.clear()


def number(values: Mapping[str, Value], name: str, default: int = 0) -> int:
    """The number under a name."""
    found = values.get(name, default)
    if not isinstance(found, int):
        raise _unfit(name)
    return found


def word(values: Mapping[str, Value], name: str) -> str:
    """The word under a name, or ""."""
    found = values.get(name, "")
    if not isinstance(found, str):
        raise _unfit(name)
    return found


def words(values: Mapping[str, Value], name: str) -> tuple[str, ...]:
    """The list of words under a name."""
    found = values.get(name, ())
    if not isinstance(found, tuple):
        raise _unfit(name)
    return found


def _unfit(name: str) -> CampaignFault:
    """A state that no story of ours has left: a campaign's file was written by somebody else."""
    return CampaignFault(f"this campaign's state does not fit: '{name[:80]}'", hint="it was left as it is")


def iso(day: int) -> str:
    """A day of the calendar as `1940-08-20`."""
    return Date.fromordinal(day).isoformat()


def draw(seed: str, step: int, stream: str, k: int, n: int) -> int:
    """A fair number from 0 up to, not including, `n`.

    The same seed, step, stream and `k` give the same number on every machine; there is no
    generator to store. Rejection keeps it fair: blake2b of "step:stream:k" under the seed's key.

    >>> draw("7", 3, "council", 0, 6) == draw("7", 3, "council", 0, 6) < 6
    True
    """
    key = blake2b(seed.encode(), digest_size=16).digest()
    limit = (1 << 64) - (1 << 64) % n
    attempt = 0
    while True:
        message = f"{step}:{stream}:{k}" if not attempt else f"{step}:{stream}:{k}:{attempt}"
        value = int.from_bytes(blake2b(message.encode(), digest_size=8, key=key).digest(), "big")
        if value < limit:
            return value % n
        attempt += 1
