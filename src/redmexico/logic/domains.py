"""What the names of a story can be: an interval, words, or anything of their kind."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import cast

from redmexico.expression import Tree
from redmexico.logic.reading import MANY, Form, Reading
from redmexico.logic.terms import Box, Domain, Span
from redmexico.state import iso
from redmexico.unparse import expression_text


class Domains(Mapping[str, Domain]):
    """Name → domain, for one story; a name that is not kept here can be anything of its kind.

    An interval (low, high) is a number's, a day's (as an ordinal) or a flag's (0..1); words are a
    frozenset. For how names are written see `reading`.
    """

    def __init__(self, reading: Reading, values: Mapping[str, Domain] | None = None) -> None:
        self.reading = reading
        self.values_by_name: dict[str, Domain] = dict(values or {})

    @classmethod
    def declared(cls, form: Form) -> Domains:
        """All that the declarations of a compiled story allow."""
        return cls(Reading(form))

    def __getitem__(self, name: str) -> Domain:
        found = self.values_by_name.get(name)
        return self.reading.anything(name) if found is None else found

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys((*self.reading.declared, *self.values_by_name)))

    def __len__(self) -> int:
        return len(self.reading.declared.keys() | self.values_by_name.keys())

    def but(self, values: Mapping[str, Domain]) -> Domains:
        """These domains, with some names' replaced."""
        return Domains(self.reading, {**self.values_by_name, **values})

    def box(self, names: Iterable[str]) -> Box:
        """A box of some names, to be narrowed."""
        kept, anything = self.values_by_name, self.reading.anything
        return Box({name: anything(name) if (found := kept.get(name)) is None else found for name in names})

    def spelled(self, tree: Tree) -> str:
        """A condition or an amount as its writer would type it."""
        return expression_text(tree, self.reading.form)

    def said(self, name: str) -> str:
        """A name's domain in a writer's words: `0..4`, `none or offered`, `true or false`, days.

        An end that is no bound is left out: `2..`.
        """
        return said(name, self[name], self.reading)


def said(name: str, domain: Domain, reading: Reading) -> str:
    """A domain in a writer's words."""
    if isinstance(domain, frozenset):
        return " or ".join(sorted(domain)) or "nothing"
    low, high = domain
    if name == "!date":
        return iso(low) if low == high else f"{iso(low)}..{iso(high)}"
    if reading.is_flag(name):
        return "true or false" if low < high else str(bool(low)).lower()
    if low == high:
        return str(low)
    return f"{'' if low <= -MANY else low}..{'' if high >= MANY else high}"


def hull(a: Domain | None, b: Domain) -> Domain:
    """The smallest domain that holds both; none and one are that one."""
    if a is None:
        return b
    if isinstance(b, frozenset):
        return cast("frozenset[str]", a) | b
    low, high = cast(Span, a)
    return min(low, b[0]), max(high, b[1])


def inside(a: Domain, b: Domain) -> bool:
    """Whether one domain lies wholly in another."""
    if isinstance(a, frozenset):
        return a <= cast("frozenset[str]", b)
    low, high = cast(Span, b)
    return low <= a[0] and a[1] <= high


def choices_of(domain: Domain) -> int:
    """How many values a domain has."""
    return len(domain) if isinstance(domain, frozenset) else domain[1] - domain[0] + 1
