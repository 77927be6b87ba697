"""What every name may have become: the starts, and all that anything reached writes.

A number's domain is the hull of its start and of whatever is assigned to it, moved by the sum of all
that may be added and taken away: by a choice that can be taken once, once; by others without end.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redmexico.expression import clamp
from redmexico.logic.domains import Domains, hull
from redmexico.logic.reading import MANY, Reading
from redmexico.logic.terms import Box, Claim, Domain, Number, Span, Words

ENDLESS = MANY * MANY
PATIENCE = 4
"""How often an amount may grow before it is taken to grow without end."""


class _Doing:
    """An effect that may be done, and how often its amount was looked at."""

    __slots__ = ("asked", "effect", "key", "names", "once", "scaled", "times", "worth")

    def __init__(self, effect: list[Any], key: str, worth: Number | Words | Claim, once: bool, scaled: bool) -> None:
        self.effect, self.key, self.worth, self.once, self.scaled = effect, key, worth, once, scaled
        self.names: tuple[str, ...] = worth.names
        self.asked, self.times = -1, 0


class Ledger:
    """The domains as they grow; `clock` counts the growth, `changed` when each name last grew."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.domains = Domains(reading)
        self.values: dict[str, Domain] = self.domains.values_by_name
        self.clock = 0
        self.changed: dict[str, int] = {}
        self._base: dict[str, Span] = {}
        self._falls: dict[str, int] = {}
        self._rises: dict[str, int] = {}
        self._moves: dict[tuple[str, str], Span] = {}
        self._open: list[_Doing] = []
        self._gained_before: dict[tuple[str, int, int], tuple[int, Span]] = {}
        self._kinds = {quality["name"]: quality["kind"] for quality in reading.form["qualities"]}
        self._gains = {kind: reading.number(tree) for kind, tree in reading.form["gains"]}
        for quality in reading.form["qualities"]:
            self._begin(quality)

    def _begin(self, quality: dict[str, Any]) -> None:
        name, start = quality["name"], quality["start"]
        if quality["type"] == "set":
            self.values |= {f"{name}:{word}": (int(word in start),) * 2 for word in quality["words"]}
        elif quality["type"] == "word":
            self.values[name] = frozenset((start,))
        else:
            self.values[name] = self._base[name] = (int(start), int(start))

    def box(self, names: Iterable[str]) -> Box:
        """What some names may have become."""
        return self.domains.box(names)

    def admit(self, name: str, word: str) -> None:
        """A name may be this word too."""
        self._put(name, hull(self.values[name], frozenset((word,))))

    def span(self, name: str, low: int, high: int) -> None:
        """A name may be any of these numbers too."""
        self._put(name, hull(self.values.get(name), (low, high)))

    def _put(self, name: str, domain: Domain) -> None:
        if self.values.get(name) != domain:
            self.values[name] = domain
            self.clock += 1
            self.changed[name] = self.clock

    # effects

    def do(self, effect: list[Any], key: str, once: bool, scaled: bool) -> None:
        """An effect may be done: once in a campaign or more often; a choice's gains are `scaled`.

        The key tells apart the places from which effects come.
        """
        verb = effect[0]
        if verb in ("put", "take"):
            self.span(f"{effect[1]}:{effect[2]}", *((1, 1) if verb == "put" else (0, 0)))
        elif verb == "hand_over":
            self.admit("carrier", effect[1])
        elif verb in ("=", "+=", "-="):
            doing = _Doing(effect, key, self._worth(effect), once, scaled)
            if verb != "=" and scaled and (rule := self._rule(effect[1])) is not None:
                doing.names = tuple(dict.fromkeys((*doing.names, *(name for name in rule.names if name != "amount"))))
            self._done(doing)
            if doing.names:
                self._open.append(doing)

    def settle(self) -> None:
        """Look again at amounts whose parts have grown."""
        for doing in self._open:
            if any(self.changed.get(name, 0) > doing.asked for name in doing.names):
                self._done(doing)

    def _worth(self, effect: list[Any]) -> Number | Words | Claim:
        kind = self.reading.kind(["quality", effect[1]])
        if kind == "word":
            return self.reading.words(effect[2])
        return self.reading.claim(effect[2]) if kind == "flag" else self.reading.number(effect[2])

    def _rule(self, name: str) -> Number | None:
        return self._gains.get(self._kinds.get(name, ""))

    def _done(self, doing: _Doing) -> None:
        doing.asked = self.clock
        name, box = doing.effect[1], self.box(doing.names)
        if isinstance(doing.worth, Words):
            self._put(name, hull(self.values[name], doing.worth.words(box)))
        elif isinstance(doing.worth, Claim):
            holds = doing.worth.truth(box)
            self.span(name, 0 if holds is None else int(holds), 1 if holds is None else int(holds))
        elif doing.effect[0] == "=":
            self._assign(doing, name, doing.worth.span(box))
        else:
            self._move(doing, name, box)

    def _assign(self, doing: _Doing, name: str, span: Span) -> None:
        low, high = self._range(name)
        was = self._base[name]
        now = min(was[0], clamp(span[0], low, high)), max(was[1], clamp(span[1], low, high))
        if now != was:
            doing.times += 1
            self._base[name] = (low, high) if doing.times > PATIENCE else now
            self._stand(name)

    def _move(self, doing: _Doing, name: str, box: Box) -> None:
        assert isinstance(doing.worth, Number)
        low, high = doing.worth.span(box)
        if doing.effect[0] == "-=":
            low, high = -high, -low
        if doing.scaled and high > 0:
            low, high = self._gained(name, low, high, box)
        falls, rises = min(low, 0), max(high, 0)
        key = (name, doing.key)
        was = self._moves.get(key, (0, 0))
        falls, rises = min(falls, was[0]), max(rises, was[1])
        if (falls, rises) != was:
            doing.times += 1
            if not doing.once or doing.times > PATIENCE:
                falls, rises = -ENDLESS if falls else 0, ENDLESS if rises else 0
            self._moves[key] = (falls, rises)
            self._falls[name] = self._falls.get(name, 0) + falls - was[0]
            self._rises[name] = self._rises.get(name, 0) + rises - was[1]
            self._stand(name)

    def _gained(self, name: str, low: int, high: int, box: Box) -> Span:
        """What a choice's gain comes to by the rule of its kind."""
        rule = self._rule(name)
        if rule is None:
            return low, high
        key = (self._kinds[name], max(low, 1), high)
        asked, (least, most) = self._gained_before.get(key, (-1, (0, 0)))
        if asked < max((self.changed.get(part, 0) for part in rule.names), default=0):
            box["amount"] = key[1:]
            least, most = rule.span(box)
            self._gained_before[key] = (self.clock, (least, most))
        return (min(low, least), max(0, most)) if low <= 0 else (least, most)

    def _range(self, name: str) -> Span:
        low, high = self.reading.anything(name)
        assert isinstance(low, int) and isinstance(high, int)
        return low, high

    def _stand(self, name: str) -> None:
        """A number's domain from its base and all that moves it."""
        low, high = self._range(name)
        least, most = self._base[name]
        self._put(
            name,
            (clamp(least + self._falls.get(name, 0), low, high), clamp(most + self._rises.get(name, 0), low, high)),
        )
