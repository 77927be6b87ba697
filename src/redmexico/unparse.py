"""A typed tree back into the words that a writer would type for it.

The inverse of `grammar.parse`: reading `expression_text(tree, form)` gives the same tree again.
Brackets stand only where the language needs them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise
from typing import Any

from redmexico.expression import ADDRESSED, Tree

Form = Mapping[str, Any]

WHOLE, OR, AND, NOT, COMPARE, SUM, TERM, UNARY, ATOM = range(9)
"""How tightly a part holds together, from `a if c else b` to a name."""

_ARITHMETIC = {"+": SUM, "-": SUM, "*": TERM, "//": TERM, "%": TERM}
_ORDER = ("<", "<=", ">", ">=")
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def expression_text(tree: Tree | None, form: Form, scene: str = "") -> str:
    """A condition or an amount as its writer would type it; "" where there is none.

    `form` is the pack's form, which knows the kinds that `sum` and `count` go over; inside
    `scene` its own derived names stand without the scene's.

    >>> tree = ["and", ["compare", ">=", ["quality", "altar"], ["int", 3]], ["not", ["quality", "shut"]]]
    >>> expression_text(tree, {"qualities": []})
    'altar >= 3 and not shut'
    """
    return "" if tree is None else _Writer(form, scene).text(tree)


def effect_text(effect: Sequence[Any], form: Form, scene: str = "") -> str:
    """An effect as its writer would type it.

    >>> effect_text(["put", "debts", "owes_bell"], {"qualities": []})
    'debts += owes_bell'
    """
    verb = effect[0]
    if verb in ("put", "take"):
        return f"{effect[1]} {'+=' if verb == 'put' else '-='} {effect[2]}"
    if verb in ("=", "+=", "-="):
        return f"{effect[1]} {verb} {expression_text(effect[2], form, scene)}"
    return f"{verb} {effect[1]}"


def date_text(first: int, last: int) -> str:
    """The days from `first` to `last` as a year, a month or a day; anything else by its first day.

    >>> date_text(Date(1943, 6, 1).toordinal(), Date(1943, 6, 30).toordinal())
    '1943-06'
    """
    begin, end = Date.fromordinal(first), Date.fromordinal(last)
    whole_months = begin.day == 1 and (end + timedelta(days=1)).day == 1 if last < Date.max.toordinal() else False
    if whole_months and begin.year == end.year and (begin.month, end.month) == (1, 12):
        return f"{begin.year:04}"
    if whole_months and (begin.year, begin.month) == (end.year, end.month):
        return begin.isoformat()[:7]
    return begin.isoformat()


class _Writer:
    """Writes trees of one pack."""

    def __init__(self, form: Form, scene: str) -> None:
        self.form = form
        self.own = f"{scene}." if scene else ""

    def text(self, tree: Tree, around: int = WHOLE) -> str:
        """A part, in brackets where what is around it holds tighter."""
        words, tightness = self.written(tree)
        return f"({words})" if tightness < around else words

    def written(self, tree: Tree) -> tuple[str, int]:
        kind = tree[0]
        if kind in ("int", "bool", "word", "quality", "derived", "plain", "it"):
            return self.leaf(tree)
        if kind in ("and", "or"):
            return self.joined(tree)
        if kind == "not":
            return self.negated(tree[1])
        if kind == "minus":
            return f"-{self.text(tree[1], UNARY)}", UNARY
        if kind == "arithmetic":
            level = _ARITHMETIC[tree[1]]
            return f"{self.text(tree[2], level)} {tree[1]} {self.text(tree[3], level + 1)}", level
        if kind == "ifelse":
            return f"{self.text(tree[2], OR)} if {self.text(tree[1], OR)} else {self.text(tree[3])}", WHOLE
        if kind == "compare":
            return f"{self.text(tree[2], SUM)} {tree[1]} {self.text(tree[3], SUM)}", COMPARE
        if kind == "compare_date":
            return f"date {tree[1]} {date_text(tree[2], tree[3])}", COMPARE
        if kind in ("among", "has"):
            return self.within(tree, "in"), COMPARE
        return (self.call(tree) if kind == "call" else self.fold(tree)), ATOM

    def leaf(self, tree: Tree) -> tuple[str, int]:
        kind, value = tree[0], tree[1]
        if kind == "bool":
            return "true" if value else "false", ATOM
        if kind == "int":
            return str(value), UNARY if value < 0 else ATOM
        if kind == "it":
            return f"it.{value}" if value else "it", ATOM
        if kind == "derived" and self.own:
            return value.removeprefix(self.own), ATOM
        return str(value), ATOM

    def joined(self, tree: Tree) -> tuple[str, int]:
        """`and` and `or`; what was a chain of comparisons is one again."""
        chain = self.chained(tree)
        if chain:
            return chain, COMPARE
        level = OR if tree[0] == "or" else AND
        return f" {tree[0]} ".join(self.text(part, level + 1) for part in tree[1:]), level

    def chained(self, tree: Tree) -> str:
        """`a < b < c`, or `1940 <= date < 1943`, or ""."""
        parts = tree[1:]
        if tree[0] != "and" or any(part[0] not in ("compare", "compare_date") for part in parts):
            return ""
        if any(part[1] not in _ORDER for part in parts):
            return ""
        if [part[0] for part in parts] == ["compare_date", "compare_date"]:
            (_, low, *first), (_, high, *last) = parts
            if low[0] == ">" and high[0] == "<":
                return f"{date_text(*first)} {_MIRRORED[low]} date {high} {date_text(*last)}"
            return ""
        if any(a[0] != "compare" or b[0] != "compare" or a[3] != b[2] for a, b in pairwise(parts)):
            return ""
        rest = "".join(f" {part[1]} {self.text(part[3], SUM)}" for part in parts)
        return self.text(parts[0][2], SUM) + rest

    def negated(self, tree: Tree) -> tuple[str, int]:
        if tree[0] in ("among", "has"):
            return self.within(tree, "not in"), COMPARE
        return f"not {self.text(tree, NOT)}", NOT

    def within(self, tree: Tree, operator: str) -> str:
        if tree[0] == "has":
            return f"{tree[1]} {operator} {self.text(tree[2], SUM)}"
        return f"{self.text(tree[1], SUM)} {operator} ({', '.join(self.text(part) for part in tree[2:])})"

    def call(self, tree: Tree) -> str:
        name = tree[1]
        if name in ADDRESSED:
            return f"{name}({tree[2]})"
        arguments = tree[2:-1] if name == "chance" else tree[2:]
        return f"{name}({', '.join(self.text(part) for part in arguments)})"

    def fold(self, tree: Tree) -> str:
        return f"{tree[1]}({kind_of(self.form, tree)}, {self.text(tree[3])})"


def kind_of(form: Form, fold: Tree) -> str:
    """The kind whose qualities a `sum` or `count` goes over."""
    asked = _fields(fold[3])
    for kind, fields in kinds_of(form).items():
        bases = dict.fromkeys(base for names in fields.values() for base in names)
        if list(bases) == fold[2] and all(part in fields for part in asked):
            return kind
    return "it"


def kinds_of(form: Form) -> dict[str, dict[str, list[str]]]:
    """kind → field ("" where the quality is itself the number) → the first names that have it."""
    found: dict[str, dict[str, list[str]]] = {}
    for quality in form["qualities"]:
        if quality["type"] == "number" and quality["kind"]:
            base, _, part = quality["name"].partition(".")
            found.setdefault(quality["kind"], {}).setdefault(part, []).append(base)
    return found


def _fields(tree: Any) -> list[str]:
    if not isinstance(tree, list) or not tree:
        return []
    return [tree[1]] if tree[0] == "it" else [part for item in tree[1:] for part in _fields(item)]
