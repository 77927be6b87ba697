"""A story as a graph: what can play, and what leads where."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redmexico.earliest import first_days, node_of
from redmexico.graph.infer import inferred
from redmexico.graph.parts import Edge, Graph, Node
from redmexico.graph.placed import placed_choices, placed_rooms
from redmexico.model import FAR
from redmexico.stats import act_on, scene_words
from redmexico.unparse import expression_text
from redmexico.uses import Setting, Uses, scene_of, uses_of

Form = Mapping[str, Any]


def graph_of(
    form: Form, scenes: Mapping[str, Form], uses: Uses | None = None, folders: Mapping[str, str] | None = None
) -> Graph:
    """The graph of a compiled pack; `folders` maps scenes to the folders of scenes/ in which they lie."""
    uses = uses or uses_of(form, scenes)
    nodes = {node.id: node for node in _nodes(form, scenes, first_days(form, scenes, uses), folders or {})}
    edges = [*_leads(form, scenes, uses), *_offered(form, scenes), *inferred(form, scenes, uses, nodes)]
    return Graph(form["title"], nodes, tuple(e for e in edges if e.source in nodes and e.target in nodes))


# nodes


def _nodes(
    form: Form, scenes: Mapping[str, Form], first: Mapping[str, int], folders: Mapping[str, str]
) -> Iterator[Node]:
    for start in form["starts"]:
        yield _plain(form, f"start:{start['id']}", start["title"], first, (0, 0))
    for act in form["acts"]:
        yield _plain(form, f"act:{act['id']}", act["title"], first, (act["first"], act["last"]))
    for card in form["cards"]:
        id = card["id"]
        if id in scenes:
            day, window = first.get(id, FAR), (card["window"][0], card["window"][1])
            gate = expression_text(card["gate"], form, id)
            words = scene_words(card, scenes[id])
            yield Node(
                id, "scene", card["title"], day, window, lane_of(card), act_on(form, day), folders.get(id, ""), words, gate,
                scenes[id]["order"] is not None,
            )  # fmt: skip
    for event in form["events"]:
        needs = expression_text(event["needs"], form)
        window = (event["window"][0], event["window"][1])
        yield _plain(form, f"event:{event['id']}", event["title"], first, window, needs)
    for ending in form["endings"]:
        gate = expression_text(ending["if"], form)
        yield _plain(form, f"ending:{ending['id']}", ending["title"], first, (0, 0), gate)


def _plain(form: Form, id: str, title: str, first: Mapping[str, int], window: tuple[int, int], gate: str = "") -> Node:
    kind = id.partition(":")[0]
    day = first.get(id, FAR)
    lane = "act" if kind == "start" else kind
    return Node(id, kind, title, day, window, lane, act_on(form, day), "", 0, gate, False)


def lane_of(card: Form) -> str:
    """How a scene comes, in a word."""
    if card["deck"]:
        return f"deck {card['deck']}"
    return {"": "led", "plain": "due", "weight": "drawn"}.get(card["due"], "turn")


# edges


def _leads(form: Form, scenes: Mapping[str, Form], uses: Uses) -> Iterator[Edge]:
    """What a writer wrote: one edge for each way of each kind."""
    said = dict(_conditions(form, scenes))
    found: dict[tuple[str, str, str], dict[str, list[str]]] = {}
    for (kind, id), settings in uses.settings.items():
        if kind not in ("scene", "event", "act", "ending"):
            continue
        target = node_of(kind, id)
        for setting in settings:
            edge = _edge_kind(kind, setting)
            source = scene_of(setting.address) or setting.address
            if edge and source != target:
                by, why = _why(setting, said)
                found.setdefault((source, target, edge), {}).setdefault(why, []).extend([by] if by else [])
    for (source, target, edge), ways in found.items():
        yield Edge(source, target, edge, "; ".join(_spoken(why, by) for why, by in ways.items() if why or by))
    for act in form["acts"]:
        if any(not to and ending in ("", "rules") for _, to, ending in act["next"]):
            for ending in form["endings"]:
                why = f"if {expression_text(ending['if'], form)}" if ending["if"] else "else"
                yield Edge(f"act:{act['id']}", f"ending:{ending['id']}", "ending", f"by the rules, {why}")


def _spoken(why: str, by: list[str]) -> str:
    """By which choices, and when: `pantry, letter: in 2..4 months`."""
    return ": ".join(part for part in (", ".join(dict.fromkeys(by)), why) if part)


def _edge_kind(kind: str, setting: Setting) -> str:
    role = setting.role
    if role == "start":
        return "start"
    if kind == "act":
        return "act"
    if kind == "ending":
        return "" if role == "rules" else "ending"
    if role in ("goto", "call", "later", "else", "otherwise"):
        return role
    return "plays" if role in ("scene", "variant") else ""


def _why(setting: Setting, said: Mapping[tuple[str, Any], str]) -> tuple[str, str]:
    """By which choice; when and on which condition."""
    scene = scene_of(setting.address)
    when = setting.how if setting.role in ("later", "else") else ""
    condition = said.get((setting.address, setting.way[:-1]), "")
    why = " ".join(part for part in (when, f"if {condition}" if condition and setting.role != "else" else "") if part)
    return setting.address[len(scene) + 1 :] if scene else "", why


def _conditions(form: Form, scenes: Mapping[str, Form]) -> Iterator[tuple[tuple[str, Any], str]]:
    """(address, way) → the condition of a divert, a bill or a replacement, in words."""

    for scene, part, way in [*placed_rooms(scenes), *placed_choices(scenes)]:
        for i, (tree, _) in enumerate(part["goto"]):
            if tree is not None:
                yield (part["address"], (*way, "goto", i)), expression_text(tree, form, scene)
    for scene, choice, way in placed_choices(scenes):
        for i, later in enumerate(choice["later"]):
            if later["if"] is not None:
                yield (choice["address"], (*way, "later", i)), expression_text(later["if"], form, scene)
    for i, event in enumerate(form["events"]):
        for j, (tree, _, _) in enumerate(event["otherwise"]):
            if tree is not None:
                yield (f"event:{event['id']}", (i, "otherwise", j)), expression_text(tree, form)
    for i, act in enumerate(form["acts"]):
        for j, (tree, _, _) in enumerate(act["next"]):
            if tree is not None:
                yield (f"act:{act['id']}", ("acts", i, "next", j)), expression_text(tree, form)


def _offered(form: Form, scenes: Mapping[str, Form]) -> Iterator[Edge]:
    """The scenes that the calendar and the councils of each act may bring."""
    for act in form["acts"]:
        decks = act["council"]["decks"] if act["council"] else ()
        for card in form["cards"]:
            first, last = card["window"]
            if card["id"] not in scenes or first > act["last"] or last < act["first"]:
                continue
            if card["due"]:
                yield Edge(f"act:{act['id']}", card["id"], "calendar", card["due"])
            if card["deck"] in decks:
                yield Edge(f"act:{act['id']}", card["id"], "council", card["deck"])
