"""What a condition asks of each name, and whether something that is done helps it to hold."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from typing import Any

from redmexico.expression import ADDRESSED, Tree

Name = tuple[str, str]
"""A kind and an id: `("quality", "bread")`, `("choice", "church_truce/negotiate")`."""
Test = tuple[str, Any]
"""What is asked of a name: an operator and a constant, negations resolved: `(">=", 3)`, `("==", "made")`,
`("==", True)`, `("in", ("made", "kept"))`, `("has", "owes_bell")`, `("lacks", "owes_bell")`, `(">=", (first, last))`."""

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
_OPPOSITE = {
    "<": ">=", ">=": "<", ">": "<=", "<=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "has": "lacks", "lacks": "has",
}  # fmt: skip
_NAMED = ("quality", "derived", "plain", "call")


def opposite(test: Test) -> Test:
    """What is asked where a test must fail.

    >>> opposite((">=", 3)), opposite(("==", True))
    (('<', 3), ('==', False))
    """
    if test[0] == "==" and isinstance(test[1], bool):
        return ("==", not test[1])
    return (_OPPOSITE[test[0]], test[1])


def constant(tree: Tree) -> Any:
    """The number, word or flag that is written out; None for anything computed."""
    if tree[0] in ("int", "bool", "word"):
        return tree[1]
    if tree[0] == "minus":
        inner = constant(tree[1])
        return -inner if isinstance(inner, int) else None
    return None


def asked(tree: Any, holds: bool = True) -> Iterator[tuple[Name, Test | None]]:
    """Every name that a condition or an amount reads, with what is asked of it.

    `holds`: whether the condition is wanted true.

    >>> list(asked(["not", ["compare", ">=", ["quality", "altar"], ["int", 3]]]))
    [(('quality', 'altar'), ('<', 3))]
    """
    if not isinstance(tree, list) or not tree:
        return
    kind = tree[0]
    if kind == "not":
        yield from asked(tree[1], not holds)
    elif kind in ("and", "or"):
        for part in tree[1:]:
            yield from asked(part, holds)
    elif kind in ("quality", "derived", "call", "plain"):
        yield from _named(tree, ("==", holds))
    elif kind == "compare":
        yield from _compared(tree, holds)
    elif kind == "compare_date":
        test: Test = (tree[1], (tree[2], tree[3]))
        yield ("plain", "date"), test if holds else opposite(test)
    elif kind == "among":
        yield from _among(tree, holds)
    elif kind == "has" and tree[2][0] in _NAMED:
        yield from _named(tree[2], ("has" if holds else "lacks", tree[1]))
    else:
        yield from untested(tree)


def _compared(tree: Tree, holds: bool) -> Iterator[tuple[Name, Test | None]]:
    sign, left, right = tree[1], tree[2], tree[3]
    if left[0] not in _NAMED and right[0] in _NAMED:
        sign, left, right = _MIRRORED[sign], right, left
    value = constant(right)
    if left[0] in _NAMED and value is not None:
        if isinstance(value, bool):
            test: Test = ("==", value == (sign == "==") == holds)
        else:
            test = (sign, value) if holds else opposite((sign, value))
        yield from _named(left, test)
    else:
        yield from untested(left)
        yield from untested(right)


def _among(tree: Tree, holds: bool) -> Iterator[tuple[Name, Test | None]]:
    values = tuple(constant(part) for part in tree[2:])
    if tree[1][0] in _NAMED and None not in values:
        yield from _named(tree[1], ("in" if holds else "not in", values))
    else:
        for part in tree[1:]:
            yield from untested(part)


def _named(tree: Tree, test: Test | None) -> Iterator[tuple[Name, Test | None]]:
    """A leaf that has a name; an act or a mode that is asked for by its word is read itself, too."""
    if tree[0] == "call":
        yield from _called(tree, test)
        return
    yield (tree[0], tree[1]), test
    if tree[0] == "plain" and tree[1] in ("act", "mode") and test is not None:
        for word in test[1] if isinstance(test[1], tuple) else (test[1],):
            yield (tree[1], word), ("==", test[0] in ("==", "in"))


_CALLED = {"visits": "scene", "since": "scene", "chosen": "choice", "divergence": "line"}


def _called(tree: Tree, test: Test | None) -> Iterator[tuple[Name, Test | None]]:
    name = tree[1]
    if name in ADDRESSED:
        wanted = test
        if name == "averted" and test is not None:
            wanted = ("==" if test[1] else "!=", "averted")
        elif name in ("due", "pull"):
            wanted = None
        if name == "pull":
            yield ("pull", tree[2]), None
        yield (_CALLED.get(name, "event"), tree[2]), wanted
        return
    for part in tree[2:]:
        yield from untested(part)


def untested(tree: Any) -> Iterator[tuple[Name, Test | None]]:
    """Every name in something computed: nothing is asked of one of them alone."""
    if not isinstance(tree, list) or not tree:
        return
    if tree[0] == "fold":
        parts = list(dict.fromkeys(part[1] for part in _walk(tree[3]) if part[0] == "it"))
        for base in tree[2]:
            for part in parts:
                yield ("quality", f"{base}.{part}" if part else base), None
        yield from untested(tree[3])
    elif tree[0] == "has":
        yield from untested(tree[2])
    elif tree[0] in ("and", "or", "not", "compare", "compare_date", "among"):
        for name, _ in asked(tree):
            yield name, None
    elif tree[0] in ("quality", "derived", "plain"):
        yield (tree[0], tree[1]), None
    elif tree[0] == "call":
        yield from _called(tree, None)
    else:
        for part in tree[1:]:
            yield from untested(part)


def _walk(tree: Any) -> Iterator[Tree]:
    if isinstance(tree, list) and tree:
        yield tree
        for part in tree:
            yield from _walk(part)


_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip


def bearing(how: str, value: Any, test: Test | None) -> int | None:
    """Whether `=`, `+=`, `-=`, `put` or `take` of a value helps a test to hold (1), hinders it (-1), may do either
    (0), or has nothing to do with it (None: another word of the same set).

    `value` is a number, a word or a flag, None where it is computed.

    >>> bearing("+=", 1, (">=", 3)), bearing("+=", 1, ("<", 3)), bearing("=", "made", ("==", "made"))
    (1, -1, 1)
    """
    if test is None:
        return 0
    sign, wanted = test
    if sign in ("has", "lacks"):
        if how not in ("put", "take"):
            return 0
        return None if value != wanted else 1 if (how == "put") == (sign == "has") else -1
    if value is None or isinstance(wanted, tuple) != (sign in ("in", "not in")):
        return 0
    if how in ("+=", "-="):
        up = (value > 0) == (how == "+=")
        return 0 if sign not in ("<", "<=", ">", ">=") else 1 if up == (sign in (">", ">=")) else -1
    if how != "=":
        return 0
    if isinstance(wanted, tuple):
        return 1 if (value in wanted) == (sign == "in") else -1
    if isinstance(value, str) != isinstance(wanted, str):
        return 0
    return 1 if _HOLDS[sign](value, wanted) else -1
