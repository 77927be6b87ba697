"""The story as a graph that can be walked, searched and looked at."""

from __future__ import annotations

from collections.abc import Callable

from redmexico.errors import RedMexicoError
from redmexico.graph.build import graph_of
from redmexico.graph.page import page
from redmexico.graph.parts import INFERRED, LEADS, OFFERED, Edge, Graph, Node, around, find
from redmexico.graph.text import as_data, as_json, dot, mermaid
from redmexico.suggest import did_you_mean

FORMATS: dict[str, Callable[[Graph], str]] = {"mermaid": mermaid, "dot": dot, "json": as_json, "html": page}
"""format → the function that writes it"""


def written(graph: Graph, format: str) -> str:
    """The graph in one of FORMATS; RedMexicoError for any other."""
    if format not in FORMATS:
        hint = did_you_mean(format, FORMATS) or f"one of {', '.join(FORMATS)}"
        raise RedMexicoError(f"no format named '{format}'", hint=hint)
    return FORMATS[format](graph)


__all__ = [
    "FORMATS", "INFERRED", "LEADS", "OFFERED", "Edge", "Graph", "Node", "around", "as_data", "find", "graph_of",
    "written",
]  # fmt: skip
