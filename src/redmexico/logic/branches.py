"""The branches of prose: what must hold for each to be read, and where every text of a story stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from redmexico.expression import Tree
from redmexico.logic.assumed import Scenes
from redmexico.logic.reading import Form
from redmexico.narration import Nodes


class Condition(NamedTuple):
    """What must hold for a branch to be read, and what must not: the branches before it."""

    trees: tuple[Tree, ...]
    denied: tuple[Tree, ...]


class Text(NamedTuple):
    """A text of a scene's: whose it is, in which field, and when it is read."""

    address: str
    field: str
    nodes: Nodes
    scene: str
    passage: str
    choice: Form | None
    when: str
    """`any` whenever, `shown` with its passage, `open` while its choice can be taken,
    `locked:<i>` while need i fails, `done` after the choice's effects"""
    trees: tuple[Tree | None, ...] = ()
    """what must hold besides"""


def branches(nodes: Nodes) -> list[Condition]:
    """Every branch of a text in reading order, each before those nested in it.

    >>> branches(["Rain. ", ["if", [[["quality", "cold"], ["Snow."]], [None, ["No snow."]]]]])
    [Condition(trees=(['quality', 'cold'],), denied=()), Condition(trees=(), denied=(['quality', 'cold'],))]
    """
    found: list[Condition] = []
    _walk(nodes, Condition((), ()), found)
    return found


def _walk(nodes: Nodes, given: Condition, found: list[Condition]) -> None:
    for node in nodes:
        if isinstance(node, str):
            continue
        if node[0] == "if":
            denied = given.denied
            for tree, branch in node[1]:
                condition = Condition(given.trees if tree is None else (*given.trees, tree), denied)
                found.append(condition)
                _walk(branch, condition, found)
                denied = denied if tree is None else (*denied, tree)
        elif node[0] == "em":
            _walk(node[1], given, found)
        elif node[0] == "seq":
            for option in node[2]:
                _walk(option, given, found)


def varying(nodes: Nodes | None) -> bool:
    """Whether a text has branches."""
    return bool(nodes) and any(not isinstance(node, str) and node[0] in ("if", "em", "seq") for node in nodes or ())


def texts(form: Form, scenes: Scenes) -> Iterator[Text]:
    """Every text that has branches, in reading order: scenes', then those of endings, slides and the codex.

    The latter are addressed as `ending:<id>`, `slide:<id>` and `codex:<id>`, and belong to no scene.
    """
    here = {person["id"]: person["here"] for person in form["cast"]}
    withdraws = {card["id"]: card["withdraw"] for card in form["cards"]}
    for id, body in scenes.items():
        withdraw = withdraws[id][2] if withdraws.get(id) else None
        for text in _scene_texts(id, body, withdraw, here):
            if varying(text.nodes):
                yield text
    for what, group in (("ending", "endings"), ("slide", "slides"), ("codex", "codex")):
        for item in form[group]:
            if varying(item["text"]):
                yield Text(f"{what}:{item['id']}", "text", item["text"], "", "", None, "any", (item.get("if"),))


def _scene_texts(id: str, body: Form, withdraw: Nodes | None, here: dict[str, Tree | None]) -> Iterator[Text]:
    yield Text(id, "title", body["heading"], id, "", None, "any")
    if body["label"] != body["heading"]:
        yield Text(id, "label", body["label"], id, "", None, "any")
    yield Text(id, "place", body["place"], id, "", None, "any")
    yield Text(id, "withdraw", withdraw or [], id, "", None, "any")
    for i, (who, tree, nodes) in enumerate(body["advice"]):
        yield Text(id, f"advice/{i}", nodes, id, "", None, "any", (tree, here.get(who)))
    if body["order"] is not None:
        yield from _choice_texts(id, "", body["order"])
    for room in body["passages"]:
        passage, address = room["id"], room["address"]
        yield Text(address, "text", room["text"], id, passage, None, "shown")
        yield Text(address, "soften", room["soften"], id, passage, None, "shown")
        for i, (who, tree, nodes) in enumerate(room["advice"]):
            yield Text(address, f"advice/{i}", nodes, id, passage, None, "shown", (tree, here.get(who)))
        for choice in room["choices"]:
            yield from _choice_texts(id, passage, choice)


def _choice_texts(id: str, passage: str, choice: Form) -> Iterator[Text]:
    address = choice["address"]
    if choice["address"] != id:  # an order's label is its scene's
        yield Text(address, "label", choice["label"], id, passage, choice, "any")
    for i, (_, locked, _) in enumerate(choice["needs"]):
        yield Text(address, f"needs/{i}", locked, id, passage, choice, f"locked:{i}")
    yield Text(address, "hint", choice["hint"], id, passage, choice, "open")
    for field in ("text", "soften", "note"):
        yield Text(address, field, choice[field], id, passage, choice, "done")
