"""Why something can never be: the condition that fails, and what the names in it can be."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from redmexico.expression import Tree
from redmexico.logic.assumed import clauses
from redmexico.logic.domains import Domains
from redmexico.logic.solve import always, possible


class Reason(NamedTuple):
    """Why a thing is never reached."""

    text: str
    """one clause of English, as `nothing ever sets truce to broken`"""
    condition: Tree | None = None
    """what fails, where it is one condition"""
    names: tuple[tuple[str, str], ...] = ()
    """the names in it, and what each can be"""


def why(trees: Iterable[Tree | None], denied: Iterable[Tree | None], domains: Domains) -> Reason:
    """Why some conditions cannot hold, or some denied ones not fail, under these domains."""
    asked = [clause for tree in trees for clause in clauses(tree, domains.reading.derived)]
    for clause in asked:
        if possible((clause,), domains).impossible:
            return of(clause, domains)
    against = [tree for tree in denied if tree is not None]
    if None in tuple(denied):
        return Reason("what stands before it always holds")
    for tree in against:
        if always(tree, domains):
            return Reason(f"'{domains.spelled(tree)}' always holds, and comes before", tree, known(tree, domains))
    together: list[Tree] = []
    for clause in [*asked, *(["not", tree] for tree in against)]:
        together.append(clause)
        if possible(together, domains).impossible:
            needed = _needed(together, domains)
            said = " and ".join(f"'{domains.spelled(tree)}'" for tree in needed)
            return Reason(f"{said} cannot hold together", ["and", *needed], known(["and", *needed], domains))
    return Reason("its conditions cannot hold together")


def _needed(trees: list[Tree], domains: Domains) -> list[Tree]:
    """As few of some conditions as still cannot hold together."""
    left = list(trees)
    for tree in trees:
        fewer = [other for other in left if other is not tree]
        if fewer and possible(fewer, domains).impossible:
            left = fewer
    return left


def known(tree: Tree, domains: Domains) -> tuple[tuple[str, str], ...]:
    """What each name in a condition can be."""
    return tuple((name, domains.said(name)) for name in domains.reading.claim(tree).names)


def of(tree: Tree, domains: Domains) -> Reason:
    """Why one condition cannot hold."""
    names = known(tree, domains)
    told = _missing(tree) or _amount(tree, domains) or "; ".join(dict.fromkeys(_said(*name) for name in names))
    condition = domains.spelled(tree)
    return Reason(f"'{condition}' never holds: {told}" if told else f"'{condition}' never holds", tree, names)


def _missing(tree: Tree) -> str:
    """What is missing, where a condition asks for one thing."""
    if tree[0] == "compare" and tree[1] == "==" and tree[2][0] == "quality" and tree[3][0] == "word":
        return f"nothing ever sets {tree[2][1]} to {tree[3][1]}"
    if tree[0] == "quality":
        return f"nothing ever sets {tree[1]}"
    if tree[0] == "has" and tree[2][0] == "quality":
        return f"nothing ever puts {tree[1]} into {tree[2][1]}"
    return ""


def _amount(tree: Tree, domains: Domains) -> str:
    """What a sum can be at most, where a condition compares one with a number."""
    if tree[0] != "compare" or tree[3][0] != "int" or tree[2][0] == "quality":
        return ""
    number = domains.reading.number(tree[2])
    if len(number.names) == 1:
        return ""
    low, high = number.span(domains.box(number.names))
    if low == high:
        return f"{domains.spelled(tree[2])} is always {low}"
    return f"{domains.spelled(tree[2])} can be {low}..{high} at most"


def _said(name: str, said: str) -> str:
    """What a name can be, as a clause."""
    kind, _, rest = name.partition(".")
    if kind == "!chosen":
        return f"{rest} can never be chosen" if said == "false" else f"{rest} can be chosen"
    if kind in ("!visits", "!since"):
        if said in ("0", "-1"):
            return f"{rest} is never reached"
        return f"{kind[1:]}({rest}) can be {said}"
    if kind in ("!event", "!divergence"):
        return f"{kind[1:]} {rest} can be {said}"
    if name.startswith("!"):
        return f"{kind[1:]} can be {said}"
    return f"{name.replace(':', ' has ')} can be {said}" + (" at most" if ".." in said else "")
