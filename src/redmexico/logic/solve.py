"""Whether conditions can hold together: narrow until nothing moves, then split and try both halves.

The answer no is a proof over every value in the domains. The search is bounded by a budget, counted
in parts of conditions looked at, so that the answer never depends on the machine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from redmexico.expression import Tree
from redmexico.logic.domains import Domains, choices_of, hull, inside
from redmexico.logic.reading import HIDDEN
from redmexico.logic.terms import Box, Claim, Domain, Impossible, Named, Within, flat, negated, some

BUDGET = 60_000
"""Parts of conditions looked at before a question is given up."""
ROUNDS = 24
"""How often conditions are gone through before a domain is split: wide intervals creep towards one another."""


class Verdict(Enum):
    """Whether something can be."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    """the budget was spent: treat it as possible"""


class Answer(NamedTuple):
    """What was found out."""

    verdict: Verdict
    witness: Mapping[str, int | str] | None = None
    """for a yes: a value for every name in question (a flag 0 or 1)"""

    @property
    def impossible(self) -> bool:
        return self.verdict is Verdict.NO


def possible(conditions: Iterable[Tree | None], names: Domains, budget: int = BUDGET) -> Answer:
    """Whether all of some typed conditions can hold at once while every name stays in its domain."""
    return can_hold([names.reading.claim(tree) for tree in conditions], names, budget)


def always(tree: Tree | None, names: Domains, budget: int = BUDGET) -> bool:
    """Whether a condition holds whatever the names are: it is proved that it cannot fail."""
    return can_hold([negated(names.reading.claim(tree))], names, budget).impossible


def narrowed(conditions: Iterable[Tree | None], names: Domains, budget: int = BUDGET) -> Domains | None:
    """What every name can be while all conditions hold, or None where they cannot.

    Names that the conditions do not read stay as they are. Where the budget is spent, a domain may
    be wider than it need be; it is never narrower.
    """
    claims, box = _question([names.reading.claim(tree) for tree in conditions], names)
    wanted = tuple(name for name in box if isinstance(name, str))
    found: dict[str, Domain] = {}
    for room in _Search(budget, found).rooms(claims, box):
        for name in wanted:
            found[name] = hull(found.get(name), room[name])
    return names.but(found) if found or (not wanted and not _fails(claims, box)) else None


def can_hold(claims: Iterable[Claim], names: Domains, budget: int = BUDGET) -> Answer:
    """Whether all of some claims can hold at once."""
    parts, box = _question(claims, names)
    return answered(parts, box, budget)


def answered(claims: list[Claim], box: Box, budget: int = BUDGET) -> Answer:
    """Whether claims, with those that join their names, can all hold in a box; the box is narrowed."""
    search = _Search(budget, None)
    for room in search.rooms(claims, box):
        if search.gave_up or any(name.startswith(HIDDEN) for name in room if isinstance(name, str)):
            return Answer(Verdict.UNKNOWN)
        return Answer(Verdict.YES, {name: _one(room[name]) for name in room if isinstance(name, str)})
    return Answer(Verdict.NO)


def _one(domain: Domain) -> int | str:
    return min(domain)


def _fails(claims: list[Claim], box: Box) -> bool:
    return any(claim.truth(box) is False for claim in claims)


def _question(claims: Iterable[Claim], names: Domains) -> tuple[list[Claim], Box]:
    """The claims one by one, and the box of the names in them."""
    parts, read = joined(claims)
    return parts, names.box(read)


def joined(claims: Iterable[Claim]) -> tuple[list[Claim], tuple[str, ...]]:
    """The claims one by one, with what joins the names in them, and those names."""
    parts = list(flat(claims))
    read = tuple(dict.fromkeys(name for claim in parts for name in claim.names))
    return parts + list(_links(read)), read


def _links(names: Iterable[str]) -> Iterator[Claim]:
    """What the engine's counts have to do with one another.

    Who chose in a scene has come to it, and who has come to it knows since when.
    """
    asked = [name for name in names if name.startswith(("!chosen.", "!since.", "!visits."))]
    if len(asked) < 2:
        return
    known = set(asked)
    for name in asked:
        kind, _, address = name.partition(".")
        scene = address.split("/")[0]
        visits, since = f"!visits.{scene}", f"!since.{scene}"
        came = Within(Named(visits), 1, 10**9)
        if kind == "!chosen":
            chosen = Within(Named(name), 1, 1)
            if visits in known:
                yield some((negated(chosen), came))
            if since in known:
                yield some((negated(chosen), Within(Named(since), 0, 10**9)))
        elif kind == "!since" and visits in known:
            remembered = Within(Named(since), 0, 10**9)
            yield some((negated(remembered), came))
            yield some((negated(came), remembered))


class _Search:
    """Goes through the rooms of a box in which every claim holds."""

    def __init__(self, budget: int, skip: Mapping[str, Domain] | None) -> None:
        self.budget = budget
        self.spent = 0
        self.gave_up = False
        self.skip = skip
        """rooms that lie wholly in these domains need not be looked at"""

    def rooms(self, claims: list[Claim], box: Box) -> Iterator[Box]:
        """Boxes in which all claims hold everywhere; with the budget spent, boxes in which they may."""
        waiting = [(claims, box)]
        while waiting:
            claims, box = waiting.pop()
            if self.spent > self.budget:
                self.gave_up = True
                yield box
                continue
            try:
                doubtful = self.narrow(claims, box)
            except Impossible:
                continue
            if self.skip and all(inside(box[name], domain) for name, domain in self.skip.items()):
                continue
            if not doubtful:
                yield box
                continue
            first, second = _halves(doubtful, box)
            waiting += [(doubtful, second), (doubtful, first)]

    def narrow(self, claims: list[Claim], box: Box) -> list[Claim]:
        """Cut off what cannot be until nothing moves; the claims that are still in doubt."""
        for _ in range(ROUNDS):
            box.moved = False
            doubtful = []
            for claim in claims:
                self.spent += claim.size
                holds = claim.truth(box)
                if holds is False:
                    raise Impossible
                if holds is None:
                    claim.require(box, True)
                    if claim.truth(box) is not True:
                        doubtful.append(claim)
            claims = doubtful
            if not box.moved or not claims:
                break
        return claims


def _halves(claims: list[Claim], box: Box) -> tuple[Box, Box]:
    """The box in two, cut where the fewest values are left."""
    names = dict.fromkeys(name for claim in claims for name in claim.names)
    _, name = min((choices_of(box[name]), i, name) for i, name in enumerate(names) if choices_of(box[name]) > 1)[::2]
    domain = box[name]
    first, second = Box(box), Box(box)
    if isinstance(domain, frozenset):
        word = min(domain)
        first[name], second[name] = frozenset((word,)), domain - {word}
    else:
        low, high = domain
        middle = (low + high) // 2
        first[name], second[name] = (low, middle), (middle + 1, high)
    return first, second
