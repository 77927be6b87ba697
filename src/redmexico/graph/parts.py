"""What a graph is made of: nodes, edges, and the part of it around one node."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from redmexico.errors import RedMexicoError
from redmexico.suggest import did_you_mean

LEADS = ("start", "act", "ending", "goto", "call", "later", "else", "plays", "otherwise")
"""Kinds of edges that a writer wrote: what leads to what."""
OFFERED = ("calendar", "council")
"""The calendar or a council offers a scene in an act."""
INFERRED = ("asks", "sets")
"""`asks`: a gate, a need or a cause asks about the source by name; `sets`: about a quality that it changes."""


class Node(NamedTuple):
    """Something that can come: a scene, an event, an act, a start or an ending."""

    id: str
    """`gangway`, `event:axe`, `act:guest`, `start:tampico`, `ending:ice_axe`"""
    kind: str
    """scene, event, act, start or ending"""
    title: str
    first: int
    """the first day on which it can come, as an ordinal; FAR where nothing leads to it"""
    window: tuple[int, int]
    lane: str
    """how it comes: `event`, `due`, `drawn`, `deck …`, `turn` (dispatch and account), `led`, `act`, `ending`"""
    act: str
    """the act of its first day, or """
    folder: str
    words: int
    gate: str
    """what it asks for, as its writer would type it"""
    order: bool
    """a card without choices"""


class Edge(NamedTuple):
    """One thing leads to another, or sets what the other reads."""

    source: str
    target: str
    kind: str
    said: str = ""
    """a condition, a time, or who asks"""
    names: tuple[str, ...] = ()
    """of an inferred edge: what is set or asked for, with the sign of what it does to the reader"""


class Graph(NamedTuple):
    """Nodes by id, and edges in the story's order."""

    title: str
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]

    def kept(self, ids: Iterable[str]) -> Graph:
        """The part over some of the nodes."""
        wanted = frozenset(ids)
        nodes = {id: node for id, node in self.nodes.items() if id in wanted}
        return Graph(self.title, nodes, tuple(e for e in self.edges if e.source in wanted and e.target in wanted))

    def told(self) -> Graph:
        """Without the inferred edges."""
        return Graph(self.title, self.nodes, tuple(e for e in self.edges if e.kind not in INFERRED))


def around(graph: Graph, scene: str, depth: int, inferred: bool = True) -> Graph:
    """The nodes within so many steps of one, either way, and every edge between them.

    `scene` is a node's id; an event's, act's or ending's may be given without its kind. A step never goes on
    through an act or a start, which lead everywhere. Without `inferred` only written edges count as steps.
    """
    centre = find(graph, scene)
    steps: dict[str, dict[str, None]] = {}
    for edge in graph.edges:
        if inferred or edge.kind not in INFERRED:
            steps.setdefault(edge.source, {})[edge.target] = None
            steps.setdefault(edge.target, {})[edge.source] = None
    seen = {centre: None}
    ring = [centre]
    for _ in range(depth):
        open_ = [id for id in ring if id == centre or graph.nodes[id].kind not in ("act", "start")]
        ring = list(dict.fromkeys(id for near in open_ for id in steps.get(near, ()) if id not in seen))
        seen |= dict.fromkeys(ring)
    return graph.kept(seen)


def find(graph: Graph, name: str) -> str:
    """The node of an id; RedMexicoError with the nearest one where there is none."""
    for id in (name, *(f"{kind}:{name}" for kind in ("event", "act", "start", "ending"))):
        if id in graph.nodes:
            return id
    known = [*graph.nodes, *(id.partition(":")[2] for id in graph.nodes if ":" in id)]
    raise RedMexicoError(
        f"no scene, event, act, start or ending named '{name}'", hint=did_you_mean(name, known) or "redmexico stats"
    )
