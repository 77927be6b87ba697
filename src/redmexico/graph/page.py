"""A graph as one page of HTML that needs nothing but itself."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from html import escape
from typing import Any

from redmexico.graph.layout import HIGH, LEFT, TOP, WIDE, Layout, lane_title, layout
from redmexico.graph.look import css
from redmexico.graph.parts import Graph, Node
from redmexico.graph.script import SCRIPT
from redmexico.graph.text import visible
from redmexico.model import FAR
from redmexico.state import iso

LETTERS = 22
"""Letters of a title that fit into its box."""
HELP = (
    "Choose a scene to see what leads to it and from it. Wheel or + and - zoom, drag or the arrows move, 0 shows "
    "all, / searches, Enter or n goes to the next found, Escape lets go. Green edges help what they lead to, red "
    "ones hinder it."
)
_KINDS = (
    ("leads", "leads to", True),
    ("later", "later", True),
    ("asks", "asks by name", True),
    ("sets", "sets what it reads", True),
    ("offered", "calendar, council", True),
)


def page(graph: Graph) -> str:
    """The whole page, one string that ends with a line. Every title is text in it, never markup."""
    drawn = layout(graph)
    digest = b64encode(sha256(SCRIPT.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'"
    title = _esc(graph.title)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{title}: the graph</title>\n<style>{css()}</style>\n</head>\n<body>\n"
        f"{_header(graph, title)}"
        f'<main id="stage" tabindex="-1" aria-label="The drawing">\n{_drawing(graph, drawn)}</main>\n'
        f'<aside id="panel" aria-live="polite"><noscript>{_esc(HELP)} (The page needs its script for this.)</noscript>'
        f'</aside>\n<script type="application/json" id="graph">{_embedded(_data(graph, drawn))}</script>\n'
        f"<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _esc(text: str) -> str:
    """Author's words as text of the page, without what no reader could see."""
    return escape(visible(text, 400), quote=True)


def _embedded(data: Any) -> str:
    """JSON that cannot end the element in which it stands."""
    return (
        json.dumps(data, separators=(",", ":")).replace("<", "\\u003c").replace("&", "\\u0026").replace(">", "\\u003e")
    )


def _header(graph: Graph, title: str) -> str:
    scenes = sum(node.kind == "scene" for node in graph.nodes.values())
    kinds = "".join(
        f'<label class="{group}"><input type="checkbox" id="k-{group}"{" checked" if on else ""}><i></i>{words}</label>'
        for group, words, on in _KINDS
    )
    return (
        f"<header><h1>{title} <span>{scenes} scenes, {len(graph.edges)} edges</span></h1>"
        '<input type="search" id="q" placeholder="Search" aria-label="Search titles, ids and gates">'
        '<span id="said" role="status"></span>'
        '<span><button id="in" type="button" title="Nearer (+)" aria-label="Nearer">+</button> '
        '<button id="less" type="button" title="Farther (-)" aria-label="Farther">−</button> '
        '<button id="all" type="button" title="Show all (0)">All</button></span>'
        '<span id="rest" role="status"></span>'
        f'<span class="kinds">{kinds}<label>inferred: <select id="which"><option value="chosen">of the chosen</option>'
        '<option value="all">all</option></select></label></span></header>\n'
    )


# the drawing


def _drawing(graph: Graph, drawn: Layout) -> str:
    bands = "".join(
        f'<rect class="band" x="0" y="{lane.top - 5}" width="{drawn.width}" height="{lane.height + 10}"/>'
        for lane in drawn.lanes
    )
    lines = "".join(
        f'<line class="tick{" year" if tick.year else ""}" x1="{tick.x - 6}" y1="{20 if tick.year else 28}" '
        f'x2="{tick.x - 6}" y2="{drawn.height}"/>'
        for tick in drawn.ticks
    )
    nodes = "\n".join(_node(node, *drawn.boxes[node.id]) for node in graph.nodes.values())
    marks = "".join(
        f'<marker id="tip-{kind}" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto" '
        'markerUnits="userSpaceOnUse"><path d="M0,0L8,4L0,8z"/></marker>'
        for kind in ("leads", "later", "asks", "sets")
    )
    return (
        f'<svg id="drawing" viewBox="0 0 {drawn.width} {drawn.height}" role="group" aria-label="Scenes by first day">'
        f'<defs>{marks}</defs>\n<g id="view">{bands}{lines}\n<g id="edges" class="edges"></g>\n{nodes}\n</g>\n'
        f'<g id="over">{"".join(_over(drawn))}</g></svg>\n'
    )


def _over(drawn: Layout) -> Iterator[str]:
    """Lanes at the left and the calendar at the top, which stay where they are."""
    for lane in drawn.lanes:
        width = 12 + len(lane.title) * 6
        yield (
            f'<g data-y="{lane.top}" transform="translate(0,{lane.top})"><rect x="0" y="-3" width="{width}" height="16" '
            f'rx="3"/><text class="lane" x="5" y="9">{_esc(lane.title)}</text></g>'
        )
    yield '<rect x="0" y="0" width="100%" height="30"/>'
    for tick in sorted(drawn.ticks, key=lambda tick: (not tick.year, tick.x)):
        kind, y = ("year", 13) if tick.year else ("month", 26)
        yield f'<text class="{kind}" data-x="{tick.x}" transform="translate({tick.x},0)" y="{y}">{_esc(tick.words)}</text>'


def _node(node: Node, x: int, y: int) -> str:
    kinds = " ".join(["node", node.kind, *(["order"] if node.order else []), *(["never"] if node.first >= FAR else [])])
    name = f"{node.title} ({node.id})"
    return (
        f'<g class="{kinds}" tabindex="0" role="button" aria-label="{_esc(name)}" transform="translate({x},{y})">'
        f'<rect width="{WIDE}" height="{HIGH}" rx="3"/><rect class="edge" width="3" height="{HIGH}"/>'
        f'<text x="8" y="14">{escape(visible(node.title, LETTERS))}</text><title>{_esc(name)}</title></g>'
    )


# the data


def _data(graph: Graph, drawn: Layout) -> dict[str, Any]:
    number = {id: i for i, id in enumerate(graph.nodes)}
    names = {name: i for i, name in enumerate(dict.fromkeys(name for edge in graph.edges for name in edge.names))}
    return {
        "size": [drawn.width, drawn.height],
        "box": [WIDE, HIGH],
        "room": [LEFT, TOP],
        "help": HELP,
        "nodes": [
            {
                "id": node.id,
                "kind": node.kind,
                "title": visible(node.title, 400),
                "gate": visible(node.gate, 600),
                "folder": visible(node.folder),
                "x": drawn.boxes[node.id][0],
                "y": drawn.boxes[node.id][1],
                "facts": [[name, visible(value)] for name, value in _facts(node)],
            }
            for node in graph.nodes.values()
        ],
        "edges": [
            [number[e.source], number[e.target], e.kind, visible(e.said, 600), [names[name] for name in e.names]]
            for e in graph.edges
        ],
        "names": [visible(name) for name in names],
    }


def _facts(node: Node) -> Iterator[tuple[str, str]]:
    """What the panel says of a node, line by line."""
    yield "Comes", "an order, " + lane_title(node.lane).lower() if node.order else lane_title(node.lane)
    yield "First day", iso(node.first) if node.first < FAR else "nothing leads to it"
    first, last = node.window
    if first > 1 or 1 < last < FAR:
        yield "Window", " to ".join(iso(day) if 1 < day < FAR else "…" for day in (first, last))
    if node.act:
        yield "Act", node.act
    if node.folder:
        yield "Folder", node.folder
    if node.words:
        yield "Words", str(node.words)
