"""A graph in the words of other tools: Mermaid, DOT, JSON. Titles are untrusted, and escaped for each."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

from redmexico.graph.layout import lane_title
from redmexico.graph.parts import INFERRED, OFFERED, Graph, Node
from redmexico.model import FAR
from redmexico.state import iso

_SHAPES = {
    "scene": ("[", "]", "box"),
    "event": ("{{", "}}", "hexagon"),
    "act": ("[[", "]]", "folder"),
    "start": ("([", "])", "oval"),
    "ending": ("[/", "/]", "parallelogram"),
}
"""kind → Mermaid's brackets, DOT's shape"""
_SAFE = frozenset(" .,:!?'()-+*/=%")
LABEL = 120
"""Characters of a label at most."""


def day_of(node: Node) -> str:
    """The first day on which a node can come, or ""."""
    return iso(node.first) if node.first < FAR else ""


def visible(text: str, limit: int = LABEL) -> str:
    """A text on one line, without control or hidden characters.

    >>> visible("a\\nb\\x1b[31m")
    'a b[31m'
    """
    flat = "".join(" " if c in "\n\t\r" else c for c in text)
    out = "".join(c for c in flat if not unicodedata.category(c).startswith("C"))
    return out if len(out) <= limit else out[: limit - 1] + "…"


# Mermaid


def mermaid(graph: Graph) -> str:
    """A flowchart. Node ids are n0, n1, …; whatever might end a label is written as Mermaid's `#code;`."""
    ids = {id: f"n{i}" for i, id in enumerate(graph.nodes)}
    lines = ["flowchart LR"]
    for node in graph.nodes.values():
        left, right, _ = _SHAPES[node.kind]
        lines.append(f'  {ids[node.id]}{left}"{_coded(_label(node))}"{right}')
    for edge in graph.edges:
        said = _coded(visible(edge.said or ", ".join(edge.names), 60))
        arrow = "-.->" if edge.kind in (*INFERRED, *OFFERED) else "==>" if edge.kind == "later" else "-->"
        label = f'|"{edge.kind}{": " if said else ""}{said}"|'
        lines.append(f"  {ids[edge.source]} {arrow}{label} {ids[edge.target]}")
    return "\n".join(lines) + "\n"


def _label(node: Node) -> str:
    day = day_of(node)
    return " · ".join(part for part in (visible(node.title, 80), node.id.partition(":")[2] or node.id, day) if part)


def _coded(text: str) -> str:
    """Letters, digits and harmless signs as they are; the rest as `#code;`, which Mermaid shows as the character."""
    return "".join(c if c.isalnum() or c in _SAFE else f"#{ord(c)};" for c in text)


# DOT


def dot(graph: Graph) -> str:
    """A digraph for Graphviz."""
    lines = [f"digraph {_quoted(graph.title)} {{", "  rankdir=LR;", '  node [fontname="sans-serif"];']
    for node in graph.nodes.values():
        shape = _SHAPES[node.kind][2]
        lines.append(f"  {_quoted(node.id)} [label={_quoted(_label(node))}, shape={shape}];")
    for edge in graph.edges:
        said = visible(edge.said or ", ".join(edge.names))
        style = {"asks": "dashed", "sets": "dotted", "later": "bold"}.get(edge.kind, "solid")
        label = _quoted(f"{edge.kind}: {said}" if said else edge.kind)
        lines.append(f"  {_quoted(edge.source)} -> {_quoted(edge.target)} [label={label}, style={style}];")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(text: str) -> str:
    """A string of DOT: quotes and backslashes are kept from ending it, or from being read as its escapes."""
    return '"' + visible(text, 400).replace("\\", "\\\\").replace('"', '\\"') + '"'


# JSON


def as_data(graph: Graph) -> dict[str, Any]:
    """The graph as plain data: `{"title", "nodes": […], "edges": […]}`."""
    return {
        "title": graph.title,
        "nodes": [_node_data(node) for node in graph.nodes.values()],
        "edges": [
            {"source": e.source, "target": e.target, "kind": e.kind, "said": e.said, "names": list(e.names)}
            for e in graph.edges
        ],
    }


def _node_data(node: Node) -> dict[str, Any]:
    first, last = node.window
    return {
        "id": node.id,
        "kind": node.kind,
        "title": node.title,
        "first": day_of(node),
        "window": {"from": iso(first) if first > 1 else "", "until": iso(last) if 1 < last < FAR else ""},
        "lane": node.lane,
        "comes": lane_title(node.lane),
        "act": node.act,
        "folder": node.folder,
        "words": node.words,
        "gate": node.gate,
        "order": node.order,
    }


def as_json(graph: Graph) -> str:
    """The data as JSON in ASCII, so that nothing in it can disturb a terminal or a page."""
    return json.dumps(as_data(graph), indent=1) + "\n"
