"""What a condition or an amount comes to: typed trees, and the functions made of them.

A tree is nested plain lists, made by `grammar` from a writer's words and kept by caches.
`compiled` turns one into a Python function over the state's values; only source made from such
a tree ever reaches `exec`.

A function is called as `f(s, w)`: `s` maps names to values, `w` is the world, which answers
what a state alone cannot (`pull`, `divergence`, `chance`, derived values).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

MAX_INT = 1_000_000_000

Tree = list[Any]
"""A typed expression as nested lists: what a cache stores and `source_of` reads."""

PLAIN: dict[str, tuple[str, str]] = {
    "date": ("date", "s['!date']"),
    "year": ("number", "w.year(s)"),
    "turn": ("number", "s['!turn']"),
    "act": ("act", "s['!act']"),
    "mode": ("mode", "s['!mode']"),
}
"""Words that stand alone: their type, and what they read."""

FUNCTIONS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "visits": (("scene",), "number", "s.get('!visits.{0}', 0)"),
    "chosen": (("choice",), "flag", "('!chosen.{0}' in s)"),
    "since": (("scene",), "number", "w.since(s, '{0}')"),
    "happened": (("event",), "flag", "w.happened(s, '{0}')"),
    "averted": (("event",), "flag", "(s.get('!event.{0}') == 'averted')"),
    "due": (("event",), "flag", "w.due(s, '{0}')"),
    "verdict": (("event",), "verdict", "s.get('!event.{0}', 'open')"),
    "variant": (("event",), "variant", "s.get('!variant.{0}', 'none')"),
    "pull": (("event",), "number", "w.pull(s, '{0}')"),
    "divergence": (("line",), "number", "w.divergence(s, '{0}')"),
    "chance": (("number",), "flag", "w.chance(s, '{address}', {0})"),
    "min": (("number", "*"), "number", "min({all})"),
    "max": (("number", "*"), "number", "max({all})"),
    "abs": (("number",), "number", "abs({0})"),
    "clamp": (("number", "number", "number"), "number", "clamp({0}, {1}, {2})"),
}
"""Words with arguments: what each argument is, the type of the whole, and its source."""

ADDRESSED = {name for name, (args, _, _) in FUNCTIONS.items() if args[0] in ("scene", "choice", "event", "line")}


def clamp(value: int, low: int, high: int) -> int:
    """The value, or the nearer end of the range."""
    return low if value < low else high if value > high else value


def _div(a: int, b: int) -> int:
    return a // b if b else 0


def _mod(a: int, b: int) -> int:
    return a % b if b else 0


def _keep(value: int) -> int:
    return clamp(value, -MAX_INT, MAX_INT)


_GLOBALS: dict[str, Any] = {
    "__builtins__": {},
    "min": min,
    "max": max,
    "abs": abs,
    "clamp": clamp,
    "_div": _div,
    "_mod": _mod,
    "_keep": _keep,
}


def source_of(tree: Tree, it: str = "") -> str:
    """The Python source of a typed tree, over `s` (values) and `w` (the world)."""
    kind = tree[0]
    if kind in ("int", "bool"):
        return repr(tree[1])
    if kind == "word":
        return repr(tree[1])
    if kind == "quality":
        return f"s[{tree[1]!r}]"
    if kind == "derived":
        return f"w.derived(s, {tree[1]!r})"
    if kind == "plain":
        return PLAIN[tree[1]][1]
    if kind == "it":
        return f"s[{it + ('.' + tree[1] if tree[1] else '')!r}]"
    if kind == "not":
        return f"(not {source_of(tree[1], it)})"
    if kind in ("and", "or"):
        return "(" + f" {kind} ".join(source_of(part, it) for part in tree[1:]) + ")"
    if kind == "minus":
        return f"(-{source_of(tree[1], it)})"
    if kind == "arithmetic":
        return _arithmetic(tree[1], source_of(tree[2], it), source_of(tree[3], it))
    if kind == "ifelse":
        return f"({source_of(tree[2], it)} if {source_of(tree[1], it)} else {source_of(tree[3], it)})"
    if kind == "compare":
        return f"({source_of(tree[2], it)} {tree[1]} {source_of(tree[3], it)})"
    if kind == "compare_date":
        return _date_source(tree[1], tree[2], tree[3])
    if kind == "among":
        items = ", ".join(source_of(part, it) for part in tree[2:])
        return f"({source_of(tree[1], it)} in ({items},))"
    if kind == "has":
        return f"({tree[1]!r} in {source_of(tree[2], it)})"
    if kind == "call":
        return _call_source(tree, it)
    assert kind == "fold", kind
    parts = [source_of(tree[3], base) for base in tree[2]]
    if tree[1] == "count":
        parts = [f"(1 if {part} else 0)" for part in parts]
    return "(" + " + ".join(parts or ["0"]) + ")"


def _arithmetic(operator: str, a: str, b: str) -> str:
    if operator in ("//", "%"):
        return f"{'_div' if operator == '//' else '_mod'}({a}, {b})"
    return f"_keep({a} {operator} {b})" if operator == "*" else f"({a} {operator} {b})"


def _date_source(operator: str, first: int, last: int) -> str:
    if operator in ("==", "!="):
        inside = f"({first} <= s['!date'] <= {last})"
        return inside if operator == "==" else f"(not {inside})"
    edge = {"<": first, ">=": first, ">": last, "<=": last}[operator]
    return f"(s['!date'] {operator} {edge})"


def _call_source(tree: Tree, it: str) -> str:
    name = tree[1]
    pattern = FUNCTIONS[name][2]
    if name in ADDRESSED:
        return pattern.format(tree[2])
    arguments = tree[2:-1] if name == "chance" else tree[2:]
    sources = [source_of(part, it) for part in arguments]
    return pattern.format(*sources, all=", ".join(sources) + ",", address=tree[-1] if name == "chance" else "")


Function = Callable[[Mapping[str, Any], Any], Any]


def compiled(tree: Tree) -> Function:
    """The tree as a function of (values, world): the one place where source is executed."""
    return _made(source_of(tree))


@lru_cache(maxsize=65_536)
def _made(source: str) -> Function:
    """Writers ask the same things again and again: one function serves them all."""
    scope = dict(_GLOBALS)
    exec(f"def f(s, w): return {source}", scope)  # noqa: S102  source is made from a typed tree
    function: Function = scope["f"]
    return function


def reads(tree: Any) -> Iterator[str]:
    """What a tree depends on: names of qualities, and `chosen:…`, `visits:…`, `event:…`."""
    if not isinstance(tree, list) or not tree:
        return
    if tree[0] in ("quality", "derived"):
        yield tree[1]
    elif tree[0] == "fold":
        yield from _folded(tree)
        return
    elif tree[0] == "call" and tree[1] in ADDRESSED:
        group = {"visits": "visits", "since": "visits", "chosen": "chosen"}.get(tree[1], "event")
        yield f"{group}:{tree[2]}"
    for part in tree[1:]:
        yield from reads(part)


def _folded(tree: Tree) -> Iterator[str]:
    fields = {part[1] for part in _walk(tree[3]) if part[0] == "it"}
    for base in tree[2]:
        for part in sorted(fields):
            yield f"{base}.{part}" if part else base


def _walk(tree: Any) -> Iterator[Tree]:
    if isinstance(tree, list) and tree:
        yield tree
        for part in tree:
            yield from _walk(part)
