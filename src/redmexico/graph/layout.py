"""Where each node of a graph stands: along the calendar by its first day, in lanes by how it comes.

A month is as wide as its fullest lane needs; empty months shrink to a mark. So the order of days is kept, and
neither a crowded spring nor an empty year spoils the page. Lengths are pixels at full size.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date as Date
from typing import NamedTuple

from redmexico.graph.parts import Graph, Node
from redmexico.model import FAR

WIDE, HIGH, GAP_X, GAP_Y = 152, 20, 12, 5
LEFT, TOP, LANE_GAP, EMPTY = 124, 34, 16, 7
NO_DAY = 10_000 * 12
"""the month of what has no day, after every other"""
_LANES = {
    "act": "Starts and acts",
    "event": "Events",
    "turn": "Dispatch, account",
    "due": "On their day",
    "drawn": "Drawn for a turn",
    "led": "Only led to",
    "ending": "Endings",
}
_ORDER = ("act", "event", "turn", "due", "drawn", "deck", "led", "ending")


class Lane(NamedTuple):
    """A band of the drawing."""

    id: str
    title: str
    top: int
    height: int


class Tick(NamedTuple):
    """A mark of the calendar."""

    x: int
    words: str
    year: bool


class Layout(NamedTuple):
    """The whole drawing."""

    width: int
    height: int
    boxes: dict[str, tuple[int, int]]
    """node → its upper left corner"""
    lanes: tuple[Lane, ...]
    ticks: tuple[Tick, ...]


def month_of(node: Node) -> int:
    """The month of a node's first day, counted from the year nought; NO_DAY where it has none."""
    day = node.first if node.first < FAR else node.window[0]
    if day <= 1:
        return NO_DAY
    date = Date.fromordinal(day)
    return date.year * 12 + date.month - 1


def lane_title(id: str) -> str:
    """A lane in words."""
    return _LANES.get(id) or id.capitalize()


def layout(graph: Graph) -> Layout:
    """Place every node; nodes of one lane and month stand in order of day, then id."""
    cells = _cells(graph.nodes.values())
    rows_at_most = max(4, min(14, 4 + len(graph.nodes) // 60))
    columns = _columns(cells, rows_at_most)
    lefts, ticks, width = _calendar(columns)
    boxes: dict[str, tuple[int, int]] = {}
    lanes: list[Lane] = []
    top = TOP
    for lane, months in cells.items():
        rows = max(-(-len(ids) // columns[month]) for month, ids in months.items())
        for month, ids in months.items():
            deep = -(-len(ids) // columns[month])
            for place, id in enumerate(ids):
                column, row = divmod(place, deep)
                boxes[id] = (lefts[month] + column * (WIDE + GAP_X), top + row * (HIGH + GAP_Y))
        height = rows * (HIGH + GAP_Y) - GAP_Y
        lanes.append(Lane(lane, lane_title(lane), top, height))
        top += height + LANE_GAP
    return Layout(width, top, boxes, tuple(lanes), ticks)


def _cells(nodes: Iterable[Node]) -> dict[str, dict[int, list[str]]]:
    """lane → month → node ids, in order."""
    ordered = sorted(nodes, key=lambda node: (_rank(node.lane), node.first, node.window[0], node.id))
    found: dict[str, dict[int, list[str]]] = {}
    for node in ordered:
        found.setdefault(node.lane, {}).setdefault(month_of(node), []).append(node.id)
    return found


def _rank(lane: str) -> tuple[int, str]:
    return _ORDER.index(lane.split(" ", maxsplit=1)[0]), lane


def _columns(cells: dict[str, dict[int, list[str]]], rows: int) -> dict[int, int]:
    """month → how many boxes stand side by side in it."""
    found: dict[int, int] = {}
    for months in cells.values():
        for month, ids in months.items():
            found[month] = max(found.get(month, 1), -(-len(ids) // rows))
    return found


def _calendar(columns: dict[int, int]) -> tuple[dict[int, int], tuple[Tick, ...], int]:
    """month → its left edge, the marks, and the whole width."""
    lefts: dict[int, int] = {}
    ticks: list[Tick] = []
    dated = [month for month in columns if month < NO_DAY]
    x = LEFT
    for month in range(min(dated), max(dated) + 1) if dated else ():
        if month % 12 == 0 or month == min(dated):
            ticks.append(Tick(x, str(month // 12), True))
        if month in columns:
            lefts[month] = x
            ticks.append(Tick(x, Date(2000, month % 12 + 1, 1).strftime("%m"), False))
            x += columns[month] * (WIDE + GAP_X)
        else:
            x += EMPTY
    if NO_DAY in columns:
        lefts[NO_DAY] = x + GAP_X
        ticks.append(Tick(x + GAP_X, "no day", True))
        x += GAP_X + columns[NO_DAY] * (WIDE + GAP_X)
    return lefts, tuple(ticks), x + GAP_X
