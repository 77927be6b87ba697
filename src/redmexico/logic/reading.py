"""From typed trees to the numbers, words and claims of `terms`: what a condition asks of which names.

The names are those of a state: a quality's own name; `debts:owes_bell`, a flag for each word of a
set; `!date`, `!turn`, `!act`, `!mode`; `!visits.<scene>`, `!since.<scene>`, `!chosen.<address>`;
`!event.<id>`, one word for all that an event came to (a verdict, or `altered/<shape>`);
`!divergence.<line>`; `!chance.<address>`, the ticket drawn there, 0..99. Computed qualities are
written out, folds unrolled, `pull(…)` is the sum of its causes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import gcd
from typing import Any, cast

from redmexico.expression import MAX_INT, Tree
from redmexico.logic.terms import (
    LAST_DAY,
    Among,
    Box,
    Claim,
    Constant,
    Domain,
    Either,
    EitherWord,
    Fact,
    Least,
    Magnitude,
    Named,
    NamedWord,
    Not,
    Number,
    Product,
    Quotient,
    Remainder,
    SameTruth,
    SameWord,
    Span,
    Sum,
    TheWord,
    Within,
    Words,
    Year,
    every,
    negated,
    some,
)
from redmexico.world import HAPPENED

MANY = MAX_INT
"""More often than anything is counted."""
MAX_SIZE, MAX_NESTING = 4_000, 40
"""Beyond so many parts, or computed from computed so deep, a computed quality is a name of its own."""
PLAIN_VERDICTS = ("open", "kept", "early", "late", "averted", "unwritten")
HIDDEN = "!computed."

Form = Mapping[str, Any]
_Linear = tuple[dict[Number, int], int]
"""Multiples of numbers, and a constant."""


def declared(form: Form) -> dict[str, Domain]:
    """What every quality may be, by its range, its words, its set; and the act and the mode."""
    domains: dict[str, Domain] = {}
    for quality in form["qualities"]:
        name, kind = quality["name"], quality["type"]
        if kind == "number":
            domains[name] = (quality["low"], quality["high"])
        elif kind == "flag":
            domains[name] = (0, 1)
        elif kind == "word":
            domains[name] = frozenset(quality["words"])
        else:
            domains |= dict.fromkeys((f"{name}:{word}" for word in quality["words"]), (0, 1))
    domains["!act"] = frozenset(act["id"] for act in form["acts"])
    domains["!mode"] = frozenset(mode["id"] for mode in form["modes"])
    return domains


def fates(form: Form) -> dict[str, tuple[str, ...]]:
    """Event → all that it may come to: verdicts, and `altered/<shape>`."""
    shapes: dict[str, dict[str, None]] = {}
    for event in form["events"]:
        shapes[event["id"]] = dict.fromkeys(
            [v["id"] for v in event["variants"]] + [as_ for as_, _, _ in event["outcomes"] if as_ != "kept"]
        )
    for start in form["starts"]:
        for event, shape in start["events"].items():
            if event in shapes and shape not in ("kept", "early", "late", "averted"):
                shapes[event][shape] = None
    return {event: (*PLAIN_VERDICTS, *(f"altered/{shape}" for shape in found)) for event, found in shapes.items()}


_BY_PREFIX: dict[str, Span] = {
    "!date": (1, LAST_DAY),
    "!turn": (0, MANY),
    "!visits": (0, MANY),
    "!since": (-1, MANY),
    "!chosen": (0, 1),
    "!divergence": (0, 100),
    "!chance": (0, 99),
}


class Reading:
    """One story's trees as claims. Everything is read once."""

    def __init__(self, form: Form) -> None:
        self.form = form
        self.declared = declared(form)
        self.fates = fates(form)
        self.derived: dict[str, Tree] = dict(form["derived"])
        self.events = {event["id"]: event for event in form["events"]}
        self._verdicts = {id: {fate: fate.split("/")[0] for fate in fates_} for id, fates_ in self.fates.items()}
        self._shapes = {
            id: {fate: fate.partition("/")[2] or "none" for fate in fates_} for id, fates_ in self.fates.items()
        }
        self._kinds: dict[str, str] = {quality["name"]: quality["type"] for quality in form["qualities"]}
        for name, tree in self.derived.items():
            self._kinds[name] = self.kind(tree)
        self._hidden: dict[str, Domain] = {}
        self._names: dict[str, Named] = {}
        self._order_of: dict[Number, int] = {}
        self._sums: dict[tuple[Any, ...], Sum] = {}
        self._computed: dict[str, Number | Claim] = {}
        self._claims: dict[int, tuple[Tree, Claim]] = {}
        self._numbers: dict[int, tuple[Tree, Number]] = {}
        self._nesting = 0

    def anything(self, name: str) -> Domain:
        """All that a name may be."""
        found = self.declared.get(name) or self._hidden.get(name)
        if found is not None:
            return found
        prefix, _, rest = name.partition(".")
        if prefix == "!event":
            return frozenset(self.fates.get(rest, PLAIN_VERDICTS))
        return _BY_PREFIX.get(prefix, (-MAX_INT, MAX_INT))

    def is_flag(self, name: str) -> bool:
        """Whether a name's 0 and 1 mean false and true."""
        return self._kinds.get(name) == "flag" or name.startswith("!chosen.") or (":" in name and name[0] != "!")

    # what a tree is

    def claim(self, tree: Tree | None) -> Claim:
        """A condition as a claim; no condition always holds."""
        if tree is None:
            return Fact(True)
        found = self._claims.get(id(tree))
        if found is None or found[0] is not tree:
            found = self._claims[id(tree)] = (tree, self._claim(tree, ""))
        return found[1]

    def number(self, tree: Tree) -> Number:
        """An amount as a number."""
        found = self._numbers.get(id(tree))
        if found is None or found[0] is not tree:
            found = self._numbers[id(tree)] = (tree, self._number(tree, ""))
        return found[1]

    def words(self, tree: Tree) -> Words:
        """A word, of one quality or several."""
        return self._words(tree, "")

    def kind(self, tree: Tree) -> str:
        """`number`, `flag`, `word` or `set`: what a tree is worth."""
        head = tree[0]
        if head == "word":
            return "word"
        if head == "ifelse":
            return self.kind(tree[2])
        if head in ("quality", "derived"):
            return self._kinds.get(tree[1], "number")
        if head == "plain":
            return "word" if tree[1] in ("act", "mode") else "number"
        if head == "call":
            if tree[1] in ("verdict", "variant"):
                return "word"
            return "flag" if tree[1] in ("chosen", "happened", "averted", "due", "chance") else "number"
        return "number" if head in ("int", "it", "minus", "arithmetic", "fold") else "flag"

    # names

    def _named(self, name: str) -> Named:
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = Named(name)
        return found

    def _computed_as(self, name: str) -> Number | Claim:
        """A computed quality written out, or a name of its own where that would be too much."""
        found = self._computed.get(name)
        if found is None:
            tree, kind = self.derived[name], self._kinds[name]
            self._computed[name] = self._hide(name, kind, (-MANY * MANY, MANY * MANY))  # lest it be made of itself
            self._nesting += 1
            if self._nesting <= MAX_NESTING:
                found = self._claim(tree, "") if kind == "flag" else self._number(tree, "")
                if found.size > MAX_SIZE:
                    found = self._hide(name, kind, self._span(found))
            else:
                found = self._computed[name]
            self._nesting -= 1
            self._computed[name] = found
        return found

    def _span(self, found: Number | Claim) -> Span:
        if not isinstance(found, Number):
            return 0, 1
        return found.span(self.box(found.names))

    def _hide(self, name: str, kind: str, span: Span) -> Number | Claim:
        self._hidden[HIDDEN + name] = (0, 1) if kind == "flag" else span
        number = self._named(HIDDEN + name)
        return Within(number, 1, 1) if kind == "flag" else number

    def box(self, names: tuple[str, ...]) -> Box:
        """The widest box of these names."""
        return Box({name: self.anything(name) for name in names})

    # claims

    def _claim(self, tree: Tree, it: str) -> Claim:
        head = tree[0]
        if head == "bool":
            return Fact(bool(tree[1]))
        if head == "quality":
            return Within(self._named(tree[1]), 1, 1)
        if head == "derived":
            return cast(Claim, self._computed_as(tree[1]))
        if head == "not":
            return negated(self._claim(tree[1], it))
        if head == "and":
            return every(self._claim(part, it) for part in tree[1:])
        if head == "or":
            return some(self._claim(part, it) for part in tree[1:])
        if head == "ifelse":
            return self._either_claim(tree, it)
        if head == "compare":
            return self._compare(tree[1], tree[2], tree[3], it)
        if head == "compare_date":
            return _dates(self._named("!date"), tree[1], tree[2], tree[3])
        if head == "among":
            return some(self._compare("==", tree[1], part, it) for part in tree[2:])
        if head == "has":
            return self._has(tree[1], tree[2], it)
        assert head == "call", head
        return self._asked(tree, it)

    def _either_claim(self, tree: Tree, it: str) -> Claim:
        asked, a, b = (self._claim(part, it) for part in tree[1:])
        return every((some((negated(asked), a)), some((asked, b))))

    def _has(self, word: str, tree: Tree, it: str) -> Claim:
        if tree[0] == "ifelse":
            asked = self._claim(tree[1], it)
            a, b = self._has(word, tree[2], it), self._has(word, tree[3], it)
            return every((some((negated(asked), a)), some((asked, b))))
        return Within(self._named(f"{tree[1]}:{word}"), 1, 1)

    def _compare(self, operator: str, left: Tree, right: Tree, it: str) -> Claim:
        kind = self.kind(left)
        if kind == "number":
            return self._order(operator, left, right, it)
        same: Claim
        if kind == "word":
            a, b = self._words(left, it), self._words(right, it)
            if isinstance(b, TheWord):
                same = Among(a, b.word)
            elif isinstance(a, TheWord):
                same = Among(b, a.word)
            else:
                same = SameWord(a, b)
        else:
            same = SameTruth(self._claim(left, it), self._claim(right, it))
        return same if operator == "==" else negated(same)

    def _order(self, operator: str, left: Tree, right: Tree, it: str) -> Claim:
        terms, constant = self._sum(((1, left), (-1, right)), it)
        low, high = {"<": (None, -1), "<=": (None, 0), ">": (1, None), ">=": (0, None)}.get(operator, (0, 0))
        claim = self._bounded(terms, low, high, constant)
        return negated(claim) if operator == "!=" else claim

    def _bounded(self, terms: dict[Number, int], low: int | None, high: int | None, constant: int) -> Claim:
        """low <= the sum <= high, in one form for all that say the same of the same sum."""
        if not terms:
            return Fact((low is None or low <= constant) and (high is None or constant <= high))
        a, b = None if low is None else low - constant, None if high is None else high - constant
        number, factor = self._primitive(terms)
        if factor < 0:
            a, b = b, a
        least = -MANY * MANY if a is None else -(-a // factor)
        most = MANY * MANY if b is None else b // factor
        return Within(number, least, most) if least <= most else Fact(False)

    def _primitive(self, terms: dict[Number, int]) -> tuple[Number, int]:
        """The sum with its common factor taken out, and that factor."""
        first = min(terms, key=self._number_in_order)
        factor = gcd(*terms.values()) * (1 if terms[first] > 0 else -1)
        if len(terms) == 1:
            number = next(iter(terms))
            return number, terms[number]
        return self._sum_of({term: times // factor for term, times in terms.items()}, 0), factor

    def _sum_of(self, terms: dict[Number, int], constant: int) -> Sum:
        key = (constant, *sorted((self._number_in_order(term), times) for term, times in terms.items()))
        found = self._sums.get(key)
        if found is None:
            found = self._sums[key] = Sum(tuple((times, term) for term, times in terms.items()), constant)
        return found

    def _number_in_order(self, term: Number) -> int:
        """A term's place among all, so that one sum is always written in one way."""
        return self._order_of.setdefault(term, len(self._order_of))

    def _asked(self, tree: Tree, it: str) -> Claim:
        """A flag that is asked of the story."""
        name, address = tree[1], tree[2]
        if name == "chosen":
            return Within(self._named(f"!chosen.{address}"), 1, 1)
        if name == "due":
            return Within(self._named("!date"), self.events[address]["date"][0], LAST_DAY)
        if name == "chance":
            terms, constant = self._sum(((1, ["plain", f"chance.{tree[-1]}"]), (-1, address)), it)
            return self._bounded(terms, None, -1, constant)
        wanted = HAPPENED if name == "happened" else {"averted"}
        return Among(NamedWord(f"!event.{address}", self._verdicts[address]), frozenset(wanted))

    # numbers

    def _number(self, tree: Tree, it: str) -> Number:
        terms, constant = self._sum(((1, tree),), it)
        if not terms:
            return Constant(constant)
        if constant == 0 and len(terms) == 1 and 1 in terms.values():
            return next(iter(terms))
        return self._sum_of(terms, constant)

    def _sum(self, trees: tuple[tuple[int, Tree], ...], it: str) -> _Linear:
        """Trees, each so many times, as multiples of what is no sum, and a constant."""
        return _added(_multiplied(self._linear(tree, it), times) for times, tree in trees)

    def _linear(self, tree: Tree, it: str) -> _Linear:
        head = tree[0]
        if head == "int":
            return {}, tree[1]
        if head == "minus":
            return self._sum(((-1, tree[1]),), it)
        if head == "arithmetic" and tree[1] in "+-":
            return self._sum(((1, tree[2]), (1 if tree[1] == "+" else -1, tree[3])), it)
        if head == "arithmetic" and tree[1] == "*":
            return self._times(tree, it)
        if head == "fold" and tree[1] == "sum":
            parts = [self._sum(((1, tree[3]),), base) for base in tree[2]]
            return _added(parts)
        if head == "call" and tree[1] == "pull":
            return self._opened(self._pull(tree[2]))
        if head == "derived":
            return self._opened(cast(Number, self._computed_as(tree[1])))
        return self._opened(self._other(tree, it))

    @staticmethod
    def _opened(number: Number) -> _Linear:
        """A number as multiples of what is no sum."""
        if isinstance(number, Constant):
            return {}, number.value
        if isinstance(number, Sum):
            return {term: times for times, term in number.terms}, number.constant
        return {number: 1}, 0

    def _times(self, tree: Tree, it: str) -> _Linear:
        """A product; a multiple where neither side can reach the limit of numbers."""
        a, b = self._number(tree[2], it), self._number(tree[3], it)
        product = Product(a, b)
        low, high = self._span(product)
        if low > -MAX_INT and high < MAX_INT:
            for x, y in ((a, b), (b, a)):
                if isinstance(x, Constant):
                    return _added([_multiplied(self._opened(y), x.value)])
        return {product: 1}, 0

    def _other(self, tree: Tree, it: str) -> Number:
        """A number that is no sum."""
        head = tree[0]
        if head == "quality":
            return self._named(tree[1])
        if head == "it":
            return self._named(f"{it}.{tree[1]}" if tree[1] else it)
        if head == "plain":
            return Year(self._named("!date")) if tree[1] == "year" else self._named("!" + tree[1])
        if head == "ifelse":
            return Either(self._claim(tree[1], it), self._number(tree[2], it), self._number(tree[3], it))
        if head == "fold":
            return self._number_of([self._counted(self._claim(tree[3], base)) for base in tree[2]])
        if head == "arithmetic":
            a, b = self._number(tree[2], it), self._number(tree[3], it)
            return Quotient(a, b) if tree[1] == "//" else Remainder(a, b)
        assert head == "call", head
        return self._called(tree, it)

    @staticmethod
    def _counted(claim: Claim) -> Number:
        return Either(claim, Constant(1), Constant(0))

    def _number_of(self, parts: list[Number]) -> Number:
        terms, constant = _added([self._opened(part) for part in parts])
        return self._sum_of(terms, constant) if terms else Constant(constant)

    def _called(self, tree: Tree, it: str) -> Number:
        name = tree[1]
        if name in ("visits", "since", "divergence"):
            return self._named(f"!{name}.{tree[2]}")
        parts = tuple(self._number(part, it) for part in tree[2:])
        if name == "min":
            return Least(parts)
        if name == "max":
            return self._greatest(parts)
        if name == "abs":
            return Magnitude(parts[0])
        assert name == "clamp", name
        return self._clamped(*parts)

    def _greatest(self, parts: tuple[Number, ...]) -> Number:
        return self._minus(Least(tuple(self._minus(part) for part in parts)))

    def _minus(self, part: Number) -> Number:
        terms, constant = self._opened(part)
        if not terms:
            return Constant(-constant)
        if constant == 0 and list(terms.values()) == [-1]:
            return next(iter(terms))
        return self._sum_of({term: -times for term, times in terms.items()}, -constant)

    def _clamped(self, value: Number, low: Number, high: Number) -> Number:
        """`low if value < low else high if value > high else value`."""
        if isinstance(low, Constant) and isinstance(high, Constant) and low.value <= high.value:
            return Least((self._greatest((value, low)), high))
        over, under = self._over(value, high), self._over(low, value)
        return Either(under, low, Either(over, high, value))

    def _over(self, a: Number, b: Number) -> Claim:
        terms, constant = _added([self._opened(a), self._opened(self._minus(b))])
        return self._bounded(terms, 1, None, constant)

    def _pull(self, id: str) -> Number:
        """The sum of an event's causes."""
        name = f"pull({id})"
        found = self._computed.get(name)
        if found is None:
            amounts = [amount for _, amount, _ in self.events[id]["pulls"]]
            span = sum(n for n in amounts if n < 0), sum(n for n in amounts if n > 0)
            found = self._computed[name] = self._hide(name, "number", span)  # lest it pull at itself
            self._nesting += 1
            if self._nesting <= MAX_NESTING:
                causes = [
                    Either(self.claim(tree), Constant(amount), Constant(0))
                    for tree, amount, _ in self.events[id]["pulls"]
                ]
                found = self._number_of([_settled(cause) for cause in causes])
            self._nesting -= 1
            self._computed[name] = found
        return cast(Number, found)

    # words

    def _words(self, tree: Tree, it: str) -> Words:
        head = tree[0]
        if head == "word":
            return TheWord(tree[1])
        if head == "quality":
            return NamedWord(tree[1])
        if head == "plain":
            return NamedWord("!" + tree[1])
        if head == "ifelse":
            return EitherWord(self._claim(tree[1], it), self._words(tree[2], it), self._words(tree[3], it))
        assert head == "call" and tree[1] in ("verdict", "variant"), tree
        table = self._verdicts if tree[1] == "verdict" else self._shapes
        return NamedWord(f"!event.{tree[2]}", table[tree[2]])


def _added(parts: Iterable[_Linear]) -> _Linear:
    terms: dict[Number, int] = {}
    constant = 0
    for more, fixed in parts:
        constant += fixed
        for term, times in more.items():
            terms[term] = terms.get(term, 0) + times
    return {term: times for term, times in terms.items() if times}, constant


def _multiplied(part: _Linear, times: int) -> _Linear:
    terms, constant = part
    return part if times == 1 else ({term: times * factor for term, factor in terms.items()}, times * constant)


def _settled(cause: Either) -> Number:
    """A cause without a condition is a plain number."""
    return cause.a if isinstance(cause.claim, Fact) and cause.claim.value else cause


def _dates(day: Number, operator: str, first: int, last: int) -> Claim:
    if operator in ("==", "!="):
        inside = Within(day, first, last)
        return inside if operator == "==" else Not(inside)
    low, high = {"<": (1, first - 1), "<=": (1, last), ">": (last + 1, LAST_DAY), ">=": (first, LAST_DAY)}[operator]
    return Within(day, low, high)
