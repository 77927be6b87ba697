"""What a choice can do to the world: one class each, registered by its verb.

An effect is kept as a list, `[verb, …]`; `effect(form)` makes the object that applies it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

from redmexico.expression import Function, Tree, clamp, compiled
from redmexico.state import Log, Value, Values, iso, number, words


class Bounds(Protocol):
    """What an effect has to know of the story."""

    def range_of(self, name: str) -> tuple[int, int] | None: ...
    def gain(self, s: Values, name: str, amount: int) -> int: ...


class Effect(Protocol):
    """Something that a choice, an event or an act does."""

    def apply(self, log: Log, w: Any, scaled: bool) -> None:
        """Change the state; `scaled` where a choice does it, so that strain is felt."""


class _Amount:
    """A right-hand side: its tree, made into a function on first use."""

    __slots__ = ("_constant", "_function", "tree")

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._function: Function | None = None
        self._constant: Any = tree[1] if tree[0] in ("int", "bool", "word") else None

    def __call__(self, s: Values, w: Any) -> Any:
        if self._constant is not None:
            return self._constant
        if self._function is None:
            self._function = compiled(self.tree)
        return self._function(s, w)


class Assign(NamedTuple):
    """`truce = offered`: a quality takes a value, kept in its range."""

    name: str
    amount: _Amount

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        value: Value = self.amount(log.values, w)
        bounds = w.range_of(self.name)
        if bounds is not None and isinstance(value, int):
            value = clamp(value, *bounds)
        log.set(self.name, value)


class Move(NamedTuple):
    """`bread -= 2`: a number rises or falls, kept in its range."""

    name: str
    sign: int
    amount: _Amount

    def delta(self, s: Values, w: Bounds, scaled: bool) -> int:
        """What really moves: a choice's gain shrinks with the strain of its kind."""
        amount = self.sign * int(self.amount(s, w))
        if scaled and amount > 0:
            amount = w.gain(s, self.name, amount)
        bounds = w.range_of(self.name) or (-(10**9), 10**9)
        old = number(s, self.name)
        return clamp(old + amount, *bounds) - old

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        log.set(self.name, number(log.values, self.name) + self.delta(log.values, w, scaled))


class Put(NamedTuple):
    """`debts += owes_bell`: a word goes into a set, or comes out of it."""

    name: str
    word: str
    inside: bool

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        have = set(words(log.values, self.name))
        have = have | {self.word} if self.inside else have - {self.word}
        log.set(self.name, tuple(sorted(have)))


class Reveal(NamedTuple):
    """`reveal kronstadt_1921`: the codex entry is known from now on."""

    entry: str

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        log.set(f"!known.{self.entry}", 1)


class Award(NamedTuple):
    """`award one_card`: this run will be remembered for it."""

    achievement: str

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        log.set(f"!award.{self.achievement}", number(log.values, "!date"))


class Tear(NamedTuple):
    """`tear the_visitor`: a scene's lines leave the notebook; the stubs remain."""

    scene: str
    """`all` for every line"""

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        for name in sorted(name for name in log.values if name.startswith("!note.")):
            address = name[6:]
            if self.scene == "all" or address.split("/")[0] == self.scene:
                step, day, _ = str(log.values[name]).split(" ", 2)
                log.set(name, f"{step} {day} ")


class HandOver(NamedTuple):
    """`hand_over ortuno`: the notebook passes to another keeper."""

    carrier: str

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        log.set("carrier", self.carrier)
        log.set(f"!hand.{self.carrier}", number(log.values, "!date"))


class End(NamedTuple):
    """`end buried_notebook`: the campaign closes in an ending."""

    ending: str

    def apply(self, log: Log, w: Bounds, scaled: bool) -> None:
        log.set("!ending", self.ending)


VERBS: dict[str, tuple[str, Callable[[str], Effect]]] = {
    "reveal": ("codex", Reveal),
    "award": ("achievement", Award),
    "tear": ("scene", Tear),
    "hand_over": ("carrier", HandOver),
    "end": ("ending", End),
}
"""Effects that are a verb and one id: what the id names, and the class."""


def effect(form: list[Any]) -> Effect:
    """The effect that a form stands for."""
    verb = form[0]
    if verb == "=":
        return Assign(form[1], _Amount(form[2]))
    if verb in ("+=", "-="):
        return Move(form[1], 1 if verb == "+=" else -1, _Amount(form[2]))
    if verb in ("put", "take"):
        return Put(form[1], form[2], verb == "put")
    return VERBS[verb][1](form[1])


def note_line(step: int, day: int, text: str) -> str:
    """A line of the notebook as the state keeps it: step, day, words.

    >>> note_line(3, 707082, "I kept the carbon.")
    '3 1936-12-04 I kept the carbon.'
    """
    return f"{step} {iso(day)} {text}"
