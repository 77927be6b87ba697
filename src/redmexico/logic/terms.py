"""Numbers, words and claims that narrow what names can be.

A *domain* is what a name can be: an interval (low, high) of a number, of a day as an ordinal, of a
flag as 0..1; or a set of words. A *box* gives every name its domain. A number knows its span in a box
and narrows the box so that it lies within bounds; a claim knows whether it holds in all of a box, in
none or in part, and narrows the box so that it holds. Nothing is ever cut off that could be: interval
constraint propagation, after Benhamou and others, "Revising hull and box consistency" (HC4, 1999).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date as Date
from functools import lru_cache
from typing import Any

from redmexico.expression import MAX_INT, clamp

Span = tuple[int, int]
Domain = Span | frozenset[str]

LAST_DAY = Date.max.toordinal()
"""The last day of the calendar."""


class Impossible(Exception):
    """Nothing is left that a name could be."""


class Box(dict[Any, Any]):
    """What every name can still be. Beside names it remembers the spans of whole sums."""

    __slots__ = ("moved",)

    def __init__(self, values: Mapping[Any, Domain]) -> None:
        super().__init__(values)
        self.moved = False
        """whether anything was narrowed since somebody last looked"""

    def keep(self, name: Any, low: int, high: int) -> None:
        """A number stays within bounds."""
        was_low, was_high = self[name]
        if low <= was_low:
            if high >= was_high:
                return
            low = was_low
        high = min(high, was_high)
        if low > high:
            raise Impossible
        self[name] = (low, high)
        self.moved = True

    def keep_words(self, name: str, allowed: frozenset[str]) -> None:
        was: frozenset[str] = self[name]
        left = was & allowed
        if len(left) < len(was):
            if not left:
                raise Impossible
            self[name] = left
            self.moved = True


class Number:
    """A number that names make up."""

    __slots__ = ("names", "size")

    def __init__(self, *parts: Number | Words | Claim) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(name for part in parts for name in part.names))
        self.size: int = 1 + sum(part.size for part in parts)
        """how many parts it has: what one look at it costs"""

    def span(self, box: Box) -> Span:
        """The least and the greatest that it may be."""
        raise NotImplementedError

    def within(self, box: Box, low: int, high: int) -> None:
        """Narrow the box to where the number may lie within bounds."""
        span = self.span(box)
        if span[0] > high or span[1] < low:
            raise Impossible


class Constant(Number):
    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        super().__init__()
        self.value = value

    def span(self, box: Box) -> Span:
        return self.value, self.value


class Named(Number):
    """A number, a day or a flag that has a name of its own."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.names, self.name = (name,), name

    def span(self, box: Box) -> Span:
        span: Span = box[self.name]
        return span

    def within(self, box: Box, low: int, high: int) -> None:
        box.keep(self.name, low, high)


class Sum(Number):
    """A constant and multiples of numbers.

    The box remembers what the whole was narrowed to, so that `a > b and b > a` is seen at once. A span
    leaves that aside: a claim that was asked for is not yet a claim that holds.
    """

    __slots__ = ("constant", "terms")

    def __init__(self, terms: tuple[tuple[int, Number], ...], constant: int) -> None:
        super().__init__(*(term for _, term in terms))
        self.terms, self.constant = terms, constant

    def span(self, box: Box) -> Span:
        low = high = self.constant
        for factor, term in self.terms:
            a, b = term.span(box)
            if factor < 0:
                a, b = b, a
            low += factor * a
            high += factor * b
        return low, high

    def within(self, box: Box, low: int, high: int) -> None:
        low, high = self._remembered(box, low, high)
        spans = [(f * a, f * b) if f > 0 else (f * b, f * a) for f, (a, b) in ((f, t.span(box)) for f, t in self.terms)]
        least = self.constant + sum(a for a, _ in spans)
        most = self.constant + sum(b for _, b in spans)
        if least > high or most < low:
            raise Impossible
        if low <= least and most <= high:
            return
        for (factor, term), (a, b) in zip(self.terms, spans, strict=True):
            above, below = low - (most - b), high - (least - a)
            if above > a or below < b:
                if factor < 0:
                    above, below = below, above
                term.within(box, -(-above // factor), below // factor)

    def _remembered(self, box: Box, low: int, high: int) -> Span:
        """The bounds, and those that held before."""
        known: Span | None = box.get(self)
        if known is not None:
            low, high = max(low, known[0]), min(high, known[1])
            if low > high:
                raise Impossible
        if known != (low, high):
            box[self] = (low, high)
        return low, high


class Product(Number):
    """Two numbers multiplied, kept within ±10⁹ as the language keeps them."""

    __slots__ = ("a", "b")

    def __init__(self, a: Number, b: Number) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b

    def span(self, box: Box) -> Span:
        (a, b), (c, d) = self.a.span(box), self.b.span(box)
        corners = (a * c, a * d, b * c, b * d)
        return clamp(min(corners), -MAX_INT, MAX_INT), clamp(max(corners), -MAX_INT, MAX_INT)

    def within(self, box: Box, low: int, high: int) -> None:
        super().within(box, low, high)
        for x, y in ((self.a, self.b), (self.b, self.a)):
            factor, same = y.span(box)
            if factor == same != 0:
                self._divided(box, x, factor, low, high)

    @staticmethod
    def _divided(box: Box, x: Number, factor: int, low: int, high: int) -> None:
        """x times the factor lies within bounds; a bound at the limit of numbers is none."""
        a, b = x.span(box)
        if factor < 0:
            least = -(-high // factor) if high < MAX_INT else a
            most = low // factor if low > -MAX_INT else b
        else:
            least = -(-low // factor) if low > -MAX_INT else a
            most = high // factor if high < MAX_INT else b
        x.within(box, least, most)


class Quotient(Number):
    """a // b, rounded down; by nought it is 0."""

    __slots__ = ("a", "b")

    def __init__(self, a: Number, b: Number) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b

    def span(self, box: Box) -> Span:
        a, (low, high) = self.a.span(box), self.b.span(box)
        corners = [0] if low <= 0 <= high else []
        for first, last in ((low, min(high, -1)), (max(low, 1), high)):
            if first <= last:
                corners += [x // y for x in a for y in (first, last)]
        return min(corners), max(corners)

    def within(self, box: Box, low: int, high: int) -> None:
        super().within(box, low, high)
        divisor, same = self.b.span(box)
        if divisor == same > 0:
            self.a.within(box, low * divisor, high * divisor + divisor - 1)
        elif divisor == same < 0:
            self.a.within(box, high * divisor + divisor + 1, low * divisor)
        elif divisor == 0 and (low > 0 or high < 0):
            self.b.within(box, 1, same)
        elif same == 0 and (low > 0 or high < 0):
            self.b.within(box, divisor, -1)


class Remainder(Number):
    """a % b, with the sign of b; by nought it is 0."""

    __slots__ = ("a", "b")

    def __init__(self, a: Number, b: Number) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b

    def span(self, box: Box) -> Span:
        (a, b), (low, high) = self.a.span(box), self.b.span(box)
        ends = [0] if low <= 0 <= high else []
        if high > 0:
            ends += _remainders(a, b, max(low, 1), high)
        if low < 0:
            ends += [-end for end in _remainders(-b, -a, max(-high, 1), -low)]
        return min(ends), max(ends)

    def within(self, box: Box, low: int, high: int) -> None:
        super().within(box, low, high)
        divisor, same = self.b.span(box)
        a, b = self.a.span(box)
        if divisor == same != 0 and a // divisor == b // divisor:
            whole = a // divisor * divisor
            self.a.within(box, whole + low, whole + high)


def _remainders(a: int, b: int, low: int, high: int) -> tuple[int, int]:
    """The least and greatest x % y for x in a..b and y in low..high, y above nought."""
    if low == high and a // low == b // low:
        return a % low, b % low
    if a >= 0 and b < low:
        return a, b
    return 0, min(b, high - 1) if a >= 0 else high - 1


class Least(Number):
    """The smallest of some numbers."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Number, ...]) -> None:
        super().__init__(*parts)
        self.parts = parts

    def span(self, box: Box) -> Span:
        spans = [part.span(box) for part in self.parts]
        return min(a for a, _ in spans), min(b for _, b in spans)

    def within(self, box: Box, low: int, high: int) -> None:
        small = [part for part in self.parts if part.span(box)[0] <= high]
        if not small:
            raise Impossible
        for part in self.parts:
            part.within(box, low, max(high, part.span(box)[1]))
        if len(small) == 1:
            small[0].within(box, low, high)


class Magnitude(Number):
    """A number without its sign."""

    __slots__ = ("part",)

    def __init__(self, part: Number) -> None:
        super().__init__(part)
        self.part = part

    def span(self, box: Box) -> Span:
        a, b = self.part.span(box)
        return (0 if a <= 0 <= b else min(abs(a), abs(b))), max(abs(a), abs(b))

    def within(self, box: Box, low: int, high: int) -> None:
        super().within(box, low, high)
        self.part.within(box, -high, high)
        a, b = self.part.span(box)
        if low > 0 and a > -low:
            self.part.within(box, low, b)
        if low > 0 and b < low:
            self.part.within(box, a, -low)


class Year(Number):
    """The year of a day."""

    __slots__ = ("day",)

    def __init__(self, day: Number) -> None:
        super().__init__(day)
        self.day = day

    def span(self, box: Box) -> Span:
        first, last = self.day.span(box)
        return _year(first), _year(last)

    def within(self, box: Box, low: int, high: int) -> None:
        if low > 9999 or high < 1:
            raise Impossible
        first = Date(max(low, 1), 1, 1).toordinal()
        self.day.within(box, first, Date(min(high, 9999), 12, 31).toordinal())


@lru_cache(maxsize=4096)
def _year(day: int) -> int:
    return Date.fromordinal(max(1, min(day, LAST_DAY))).year


class Either(Number):
    """One number where a claim holds, another where it does not."""

    __slots__ = ("a", "b", "claim")

    def __init__(self, claim: Claim, a: Number, b: Number) -> None:
        super().__init__(claim, a, b)
        self.claim, self.a, self.b = claim, a, b

    def span(self, box: Box) -> Span:
        holds = self.claim.truth(box)
        if holds is not None:
            return self.a.span(box) if holds else self.b.span(box)
        (a, b), (c, d) = self.a.span(box), self.b.span(box)
        return min(a, c), max(b, d)

    def within(self, box: Box, low: int, high: int) -> None:
        holds = self.claim.truth(box)
        if holds is None:
            (a, b), (c, d) = self.a.span(box), self.b.span(box)
            holds = False if a > high or b < low else True if c > high or d < low else None
            if holds is not None:
                self.claim.require(box, holds)
        if holds is not None:
            (self.a if holds else self.b).within(box, low, high)


class Words:
    """A word, of several that it may be."""

    __slots__ = ("names", "size")

    def __init__(self, *parts: Words | Claim) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(name for part in parts for name in part.names))
        self.size: int = 1 + sum(part.size for part in parts)

    def words(self, box: Box) -> frozenset[str]:
        """The words that it may be."""
        raise NotImplementedError

    def among(self, box: Box, allowed: frozenset[str]) -> None:
        """Narrow the box to where it may be one of these."""
        raise NotImplementedError


class TheWord(Words):
    __slots__ = ("word",)

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = frozenset((word,))

    def words(self, box: Box) -> frozenset[str]:
        return self.word

    def among(self, box: Box, allowed: frozenset[str]) -> None:
        if not self.word & allowed:
            raise Impossible


class NamedWord(Words):
    """A name's word, as it is or by a table: an event's verdict is told from what it came to."""

    __slots__ = ("name", "table")

    def __init__(self, name: str, table: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.names, self.name, self.table = (name,), name, table

    def words(self, box: Box) -> frozenset[str]:
        known, table = box[self.name], self.table

        words: frozenset[str] = known if table is None else frozenset(table[word] for word in known)
        return words

    def among(self, box: Box, allowed: frozenset[str]) -> None:
        table = self.table
        if table is not None:
            allowed = frozenset(word for word in box[self.name] if table[word] in allowed)
        box.keep_words(self.name, allowed)


class EitherWord(Words):
    """One word where a claim holds, another where it does not."""

    __slots__ = ("a", "b", "claim")

    def __init__(self, claim: Claim, a: Words, b: Words) -> None:
        super().__init__(a, b, claim)
        self.claim, self.a, self.b = claim, a, b

    def words(self, box: Box) -> frozenset[str]:
        holds = self.claim.truth(box)
        if holds is None:
            return self.a.words(box) | self.b.words(box)
        return (self.a if holds else self.b).words(box)

    def among(self, box: Box, allowed: frozenset[str]) -> None:
        holds = self.claim.truth(box)
        if holds is None:
            holds = False if not self.a.words(box) & allowed else True if not self.b.words(box) & allowed else None
            if holds is not None:
                self.claim.require(box, holds)
        if holds is not None:
            (self.a if holds else self.b).among(box, allowed)


class Claim:
    """Something that holds or does not."""

    __slots__ = ("names", "size")

    def __init__(self, *parts: Number | Words | Claim) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(name for part in parts for name in part.names))
        self.size: int = 1 + sum(part.size for part in parts)

    def truth(self, box: Box) -> bool | None:
        """Whether it holds everywhere in the box, nowhere, or (None) perhaps here and there."""
        raise NotImplementedError

    def require(self, box: Box, wanted: bool) -> None:
        """Narrow the box to where it may be so."""
        raise NotImplementedError


class Fact(Claim):
    __slots__ = ("value",)

    def __init__(self, value: bool) -> None:
        super().__init__()
        self.value = value

    def truth(self, box: Box) -> bool | None:
        return self.value

    def require(self, box: Box, wanted: bool) -> None:
        if wanted is not self.value:
            raise Impossible


class Within(Claim):
    """A number lies within bounds. A flag is such a claim: its number is 1."""

    __slots__ = ("high", "low", "number")

    def __init__(self, number: Number, low: int, high: int) -> None:
        super().__init__(number)
        self.number, self.low, self.high = number, low, high

    def truth(self, box: Box) -> bool | None:
        low, high = self.number.span(box)
        if low >= self.low and high <= self.high:
            return True
        return False if low > self.high or high < self.low else None

    def require(self, box: Box, wanted: bool) -> None:
        if wanted:
            self.number.within(box, self.low, self.high)
            return
        low, high = self.number.span(box)
        if low >= self.low and high <= self.high:
            raise Impossible
        if low >= self.low and low <= self.high:
            self.number.within(box, self.high + 1, high)
        elif high <= self.high and high >= self.low:
            self.number.within(box, low, self.low - 1)


class Among(Claim):
    """A word is one of these."""

    __slots__ = ("allowed", "word")

    def __init__(self, word: Words, allowed: frozenset[str]) -> None:
        super().__init__(word)
        self.word, self.allowed = word, allowed

    def truth(self, box: Box) -> bool | None:
        words = self.word.words(box)
        return True if words <= self.allowed else False if words.isdisjoint(self.allowed) else None

    def require(self, box: Box, wanted: bool) -> None:
        self.word.among(box, self.allowed if wanted else self.word.words(box) - self.allowed)


class SameWord(Claim):
    """Two words are one."""

    __slots__ = ("a", "b")

    def __init__(self, a: Words, b: Words) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b

    def truth(self, box: Box) -> bool | None:
        a, b = self.a.words(box), self.b.words(box)
        return False if a.isdisjoint(b) else True if len(a) == len(b) == 1 else None

    def require(self, box: Box, wanted: bool) -> None:
        a, b = self.a.words(box), self.b.words(box)
        if wanted:
            self.a.among(box, b)
            self.b.among(box, a)
        elif len(a) == 1:
            self.b.among(box, b - a)
        elif len(b) == 1:
            self.a.among(box, a - b)


class SameTruth(Claim):
    """Two claims hold together or fail together."""

    __slots__ = ("a", "b")

    def __init__(self, a: Claim, b: Claim) -> None:
        super().__init__(a, b)
        self.a, self.b = a, b

    def truth(self, box: Box) -> bool | None:
        a, b = self.a.truth(box), self.b.truth(box)
        return None if a is None or b is None else a is b

    def require(self, box: Box, wanted: bool) -> None:
        for x, y in ((self.a, self.b), (self.b, self.a)):
            known = x.truth(box)
            if known is not None:
                y.require(box, known is wanted)


class Not(Claim):
    __slots__ = ("claim",)

    def __init__(self, claim: Claim) -> None:
        super().__init__(claim)
        self.claim = claim

    def truth(self, box: Box) -> bool | None:
        holds = self.claim.truth(box)
        return None if holds is None else not holds

    def require(self, box: Box, wanted: bool) -> None:
        self.claim.require(box, not wanted)


class Every(Claim):
    """All of some claims hold."""

    __slots__ = ("parts",)

    def __init__(self, parts: tuple[Claim, ...]) -> None:
        super().__init__(*parts)
        self.parts = parts

    def truth(self, box: Box) -> bool | None:
        whole: bool | None = True
        for part in self.parts:
            holds = part.truth(box)
            if holds is False:
                return False
            if holds is None:
                whole = None
        return whole

    def require(self, box: Box, wanted: bool) -> None:
        if wanted:
            for part in self.parts:
                part.require(box, True)
            return
        doubtful = []
        for part in self.parts:
            holds = part.truth(box)
            if holds is False:
                return
            if holds is None:
                doubtful.append(part)
        if not doubtful:
            raise Impossible
        if len(doubtful) == 1:
            doubtful[0].require(box, False)


def negated(claim: Claim) -> Claim:
    """The claim that it does not hold."""
    if isinstance(claim, Not):
        return claim.claim
    return Fact(not claim.value) if isinstance(claim, Fact) else Not(claim)


def every(claims: Iterable[Claim]) -> Claim:
    """All of them hold."""
    parts = tuple(flat(claims))
    return parts[0] if len(parts) == 1 else Every(parts) if parts else Fact(True)


def some(claims: Iterable[Claim]) -> Claim:
    """At least one of them holds."""
    return negated(every(negated(claim) for claim in claims))


def flat(claims: Iterable[Claim]) -> Iterable[Claim]:
    """The claims one by one, conjunctions taken apart, what always holds left out."""
    for claim in claims:
        if isinstance(claim, Every):
            yield from flat(claim.parts)
        elif not isinstance(claim, Fact) or not claim.value:
            yield claim
