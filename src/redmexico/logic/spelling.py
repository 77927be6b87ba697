"""Typed trees back in a writer's words: `altar >= 3 and truce == none`."""

from __future__ import annotations

from redmexico.expression import Tree
from redmexico.state import iso

_LOOSE, _OR, _AND, _NOT, _COMPARE, _ADD, _TIMES, _UNARY, _ATOM = range(9)


def spelled(tree: Tree | None) -> str:
    """A condition or an amount as a writer would type it.

    >>> spelled(["and", ["compare", ">=", ["quality", "altar"], ["int", 3]], ["not", ["call", "chosen", "hill/up"]]])
    'altar >= 3 and not chosen(hill/up)'
    """
    return "true" if tree is None else _spelled(tree)[0]


def _spelled(tree: Tree) -> tuple[str, int]:
    """The words, and how tightly they hold together."""
    head = tree[0]
    if head in ("int", "word", "quality", "derived", "plain"):
        return str(tree[1]), _ATOM
    if head == "bool":
        return str(tree[1]).lower(), _ATOM
    if head == "it":
        return f"it.{tree[1]}" if tree[1] else "it", _ATOM
    if head == "not":
        return f"not {_within(tree[1], _NOT)}", _NOT
    if head in ("and", "or"):
        level = _AND if head == "and" else _OR
        return f" {head} ".join(_within(part, level + 1) for part in tree[1:]), level
    if head == "minus":
        return f"-{_within(tree[1], _UNARY)}", _UNARY
    if head == "arithmetic":
        level = _ADD if tree[1] in "+-" else _TIMES
        return f"{_within(tree[2], level)} {tree[1]} {_within(tree[3], level + 1)}", level
    if head == "ifelse":
        return f"{_within(tree[2], _OR)} if {_within(tree[1], _OR)} else {_within(tree[3], _LOOSE)}", _LOOSE
    if head == "compare":
        return f"{_within(tree[2], _ADD)} {tree[1]} {_within(tree[3], _ADD)}", _COMPARE
    if head == "compare_date":
        return f"date {tree[1]} {_day(tree[2], tree[3])}", _COMPARE
    if head == "among":
        listed = ", ".join(spelled(part) for part in tree[2:])
        return f"{_within(tree[1], _ADD)} in ({listed})", _COMPARE
    if head == "has":
        return f"{tree[1]} in {_within(tree[2], _ADD)}", _COMPARE
    if head == "fold":
        kind = "sum" if tree[1] == "sum" else "count"
        return f"{kind}({', '.join(tree[2])}: {spelled(tree[3])})", _ATOM
    parts = tree[2:-1] if tree[1] == "chance" else tree[2:]
    return f"{tree[1]}({', '.join(p if isinstance(p, str) else spelled(p) for p in parts)})", _ATOM


def _within(tree: Tree, level: int) -> str:
    text, tightness = _spelled(tree)
    return text if tightness >= level else f"({text})"


def _day(first: int, last: int) -> str:
    """A date as precise as it was written."""
    a, b = iso(first), iso(last)
    if a == b:
        return a
    return a[:4] if a[5:] == "01-01" and b[5:] == "12-31" else a[:7]
