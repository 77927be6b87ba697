"""The edges that nobody wrote: who sets, or is, what another's gate, need or cause asks for.

Without them a story of scenes that come of themselves is a cloud of dots.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from redmexico.asking import Test
from redmexico.earliest import node_of
from redmexico.graph.parts import Edge, Node
from redmexico.graph.placed import placed_choices
from redmexico.uses import Reading, Uses, scene_of

Form = Mapping[str, Any]
Bill = tuple[tuple[str, ...], str]
"""what a bill brings while its condition holds, and what it brings otherwise"""

DECIDING = frozenset(
    {"gate", "need", "goto", "later", "needs", "pull", "variant", "outcome", "otherwise", "ends", "next", "ending"}
)
"""Roles of readings that decide what can happen."""
_FLIPPED = {"+": "−", "−": "+", "±": "±"}


def inferred(form: Form, scenes: Mapping[str, Form], uses: Uses, nodes: Mapping[str, Node]) -> Iterator[Edge]:
    """One edge for each pair and kind, with the names that make it."""
    found: dict[tuple[str, str, str], dict[str, str]] = {}
    bills, against = dict(_bills(scenes)), frozenset(_against(form))
    for kind, id in uses.names():
        if kind not in ("quality", "scene", "choice", "event"):
            continue
        for reading in uses.read_by(kind, id):
            if reading.role not in DECIDING:
                continue
            for target, flipped in _targets(reading, bills, against):
                for source, edge, shown, sign in _sources(uses, reading):
                    if source != target and _in_time(nodes, source, target):
                        signs = found.setdefault((source, target, edge), {})
                        via, sign_ = _via(shown, reading), _FLIPPED[sign] if flipped else sign
                        signs[via] = sign_ if signs.get(via, sign_) == sign_ else "±"
    for (source, target, edge), names in found.items():
        yield Edge(source, target, edge, "", tuple(f"{sign}{shown}" for shown, sign in names.items()))


def _bills(scenes: Mapping[str, Form]) -> Iterator[tuple[tuple[str, Any], Bill]]:
    """(address, way) of every bill's condition → what it decides about."""
    for _, choice, way in placed_choices(scenes):
        for i, item in enumerate(choice["later"]):
            brings = [item["scene"]] if item["scene"] else []
            brings += [node_of("event", item["event"])] if item["event"] else []
            yield (choice["address"], (*way, "later", i, "if")), (tuple(brings), item["else"])


def _against(form: Form) -> Iterator[tuple[int, int]]:
    """The causes that hold an event back: number of the event, number of the pull."""
    for i, event in enumerate(form["events"]):
        yield from ((i, j) for j, (_, amount, _) in enumerate(event["pulls"]) if amount < 0)


def _targets(
    reading: Reading, bills: Mapping[tuple[str, Any], Bill], against: frozenset[tuple[int, int]]
) -> Iterator[tuple[str, bool]]:
    """What a reading decides about, and whether it decides against it where it holds."""
    at = scene_of(reading.address) or reading.address
    brings, other = bills.get((reading.address, reading.way), ((), ""))
    if reading.role != "later" or not (brings or other):
        back = reading.role == "pull" and (reading.way[0], reading.way[2]) in against
        yield at, back
        return
    yield from ((node, False) for node in brings)
    if other:
        yield other, True


def _in_time(nodes: Mapping[str, Node], source: str, target: str) -> bool:
    """Whether both are there, and the source can come before the last day of the target's window."""
    if source not in nodes or target not in nodes:
        return False
    last = nodes[target].window[1]
    return not last or nodes[source].first <= last


def _sources(uses: Uses, reading: Reading) -> Iterator[tuple[str, str, str, str]]:
    """Where what is read comes from: node, kind of edge, what is shown, the sign of what it does."""
    kind, id = reading.name
    if kind == "quality":
        for setting in uses.set_by(kind, id):
            bears = setting.bearing(reading.test)
            if bears is not None:
                shown = f"{id} {setting.value}" if setting.how in ("put", "take") else id
                yield scene_of(setting.address) or setting.address, "sets", shown, "−±+"[bears + 1]
        return
    verb = {"scene": "visits", "choice": "chosen", "event": "event"}[kind]
    source = scene_of(id) if kind == "choice" else node_of(kind, id)
    yield source, "asks", f"{verb}({id})", {True: "+", False: "−", None: "±"}[wants(reading.test)]


def wants(test: Test | None) -> bool | None:
    """Whether a test asks for something to have been (true) or not to have been (false); None where unclear.

    >>> wants((">=", 1)), wants(("==", False)), wants(("==", "altered")), wants(("!=", "averted"))
    (True, False, True, None)
    """
    if test is None:
        return None
    sign, value = test
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return sign in (">", ">=") or (sign == "==" and value > 0)
    came = [word not in ("open", "averted", "none") for word in (value if isinstance(value, tuple) else (value,))]
    if sign in ("==", "in"):
        return True if all(came) else None if any(came) else False
    return False if all(came) else None


def _via(shown: str, reading: Reading) -> str:
    """A name, the role in which it is read, and the derived names between."""
    made = f" by {', '.join(reading.through)}" if reading.through else ""
    return f"{shown}{made} ({reading.role})"
