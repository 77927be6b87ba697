"""RM4xx: the recorded lines and the calendar: causes, replacements, windows, and what they can come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date as Date
from typing import Any

from redmexico.check.study import Form, Study
from redmexico.expression import Tree
from redmexico.findings import Finding
from redmexico.loader.tree import Way
from redmexico.model import FAR
from redmexico.suggest import did_you_mean

DAYS = {"day": 1, "week": 7, "month": 28, "year": 365}
"""The least days of a unit: what falls due then falls due no sooner."""
PLAIN = frozenset({"kept", "early", "late", "averted"})


def findings(study: Study) -> Iterator[Finding]:
    for i, event in enumerate(study.form["events"]):
        yield from causes(study, i, event)
        yield from settled(study, i, event)
        yield from out_of_time(study, i, event)
        yield from scene_twice(study, i, event)
        yield from shapes(study, i, event)
    yield from circles(study)
    yield from windows(study)
    yield from too_late(study)


def day(ordinal: int) -> str:
    return Date.fromordinal(ordinal).isoformat()


def asked_events(tree: Any) -> Iterator[str]:
    """The events that a condition wants to have happened, or to have come to nothing."""
    if isinstance(tree, list) and tree:
        if tree[0] == "call" and tree[1] in ("happened", "averted", "verdict", "variant"):
            yield tree[2]
        for part in tree[1:]:
            yield from asked_events(part)


def wanted(tree: Tree | None) -> set[str]:
    """The events that must have happened wherever a condition holds."""
    if tree is None:
        return set()
    if tree[0] == "call" and tree[1] == "happened":
        return {tree[2]}
    if tree[0] == "and":
        return set().union(*(wanted(part) for part in tree[1:]))
    if tree[0] == "or":
        return set.intersection(*(wanted(part) for part in tree[1:]))
    return set()


def causes(study: Study, i: int, event: Form) -> Iterator[Finding]:
    """RM401: a cause that can only come after what it is to cause."""
    asked: list[tuple[Way, Tree | None]] = [(("pulls", k, "if"), tree) for k, (tree, _, _) in enumerate(event["pulls"])]
    asked += [(("needs",), event["needs"])]
    asked += [(("variants", k, "if"), variant["if"]) for k, variant in enumerate(event["variants"])]
    for way, tree in asked:
        for other in sorted(wanted(tree)):
            first = study.events[other]["window"][0]
            if first > event["window"][1]:
                said = f"'{other}' comes on {day(first)} at the earliest, when '{event['id']}' is over ({day(event['window'][1])})"
                hint = "name a cause that lies before it, or widen a window"
                yield study.finding(f"event:{event['id']}", (i, *way), "RM401", said, hint, "error")


def settled(study: Study, i: int, event: Form) -> Iterator[Finding]:
    """RM404: an event that comes whatever anybody does, and does not say so. RM405: one that never can."""
    if event["external"] or event["outcomes"] or event["line"] == "notebook":
        return
    always = sum(n for tree, n, _ in event["pulls"] if tree is None)
    most = always + sum(n for tree, n, _ in event["pulls"] if tree is not None and n > 0)
    least = always + sum(n for tree, n, _ in event["pulls"] if tree is not None and n < 0)
    thresholds = [event["threshold"], *(v["threshold"] for v in event["variants"] if v["threshold"] is not None)]
    address = f"event:{event['id']}"
    forced = [s for s in study.uses.set_by("event", event["id"]) if s.role in ("later", "otherwise")]
    if most < min(thresholds) and not forced:
        said = f"its pulls come to {most} at the most, and it needs {min(thresholds)}: it is averted in every campaign"
        yield study.finding(address, (i, "id"), "RM405", said, "add a cause, or lower the threshold", "error")
    elif least >= max(thresholds) and event["needs"] is None and not event["variants"]:
        said = f"nobody can alter it: its pulls come to {least} at the least, and it needs {max(thresholds)}"
        hint = "say 'external: true', or add a cause against it"
        yield study.finding(address, (i, "id"), "RM404", said, hint)


def out_of_time(study: Study, i: int, event: Form) -> Iterator[Finding]:
    """RM406: an event whose days no act holds: it is not weighed in any campaign."""
    acts = event["pulls"] or event["scene"] or event["variants"] or event["do"] or event["outcomes"]
    if acts and event["id"] in study.to_come:
        first, last = study.span
        said = f"its window lies outside the campaign ({day(first)} to {day(last)}), and it has causes or effects"
        hint = "it waits for an act to come; or else move its window"
        yield study.finding(f"event:{event['id']}", (i, "date"), "RM406", said, hint, "note")


def scene_twice(study: Study, i: int, event: Form) -> Iterator[Finding]:
    """RM407: an event's scene that comes by itself as well."""
    places: list[tuple[Way, str]] = [(("scene",), event["scene"])]
    places += [(("variants", k, "scene"), v["scene"]) for k, v in enumerate(event["variants"]) if v["scene"]]
    for way, scene in places:
        card = study.cards.get(scene) if scene else None
        if card is not None and (card["due"] or card["deck"]):
            how = "due" if card["due"] else "drawn"
            said = f"'{scene}' is {how} by itself, and this event plays it too"
            hint = f"take '{'due' if card['due'] else 'draw'}' out of the scene"
            yield study.finding(f"event:{event['id']}", (i, *way), "RM407", said, hint, "error")


def shapes(study: Study, i: int, event: Form) -> Iterator[Finding]:
    """RM408: an `as` that names nothing the event can come to."""
    known = {*PLAIN, *(v["id"] for v in event["variants"]), *(o[0] for o in event["outcomes"])}
    for line, _, kept in event["elsewhere"]:
        for k, shape in enumerate(kept):
            if shape not in known:
                yield _no_shape(study, f"event:{event['id']}", (i, "elsewhere", line, "as"), k, shape, known)
    for k, start in enumerate(study.form["starts"]):
        shape = start["events"].get(event["id"])
        if shape is not None and shape not in known:
            way = ("starts", k, "events", event["id"])
            yield _no_shape(study, f"start:{start['id']}", way, None, shape, known)


def _no_shape(study: Study, address: str, way: tuple[Any, ...], k: int | None, shape: str, known: set[str]) -> Finding:
    source, at = study.place(address, way)
    way = (*at, k) if k is not None and (*at, k) in source.places else at
    hint = did_you_mean(shape, known) or f"one of: {', '.join(sorted(known))}"
    return source.finding(way, "RM408", f"'{shape}' is nothing that the event can come to", hint, 0, len(shape))


def circles(study: Study) -> Iterator[Finding]:
    """RM402: events that each need the other first. RM403: events that each take the other's place."""
    needs = {id: wanted(event["needs"]) for id, event in study.events.items()}
    instead = {id: {o for _, o, _ in event["otherwise"] if o} for id, event in study.events.items()}
    numbers = {id: i for i, id in enumerate(study.events)}
    for circle in _circles(needs):
        said = f"each needs the other first: {' → '.join([*circle, circle[0]])}"
        way = (numbers[circle[0]], "needs")
        yield study.finding(f"event:{circle[0]}", way, "RM402", said, "let one of them come by itself", "error")
    for circle in _circles(instead):
        said = f"each takes the other's place: {' → '.join([*circle, circle[0]])}"
        way = (numbers[circle[0]], "otherwise")
        yield study.finding(f"event:{circle[0]}", way, "RM403", said, "break the circle in one of them", "error")


def _circles(edges: Mapping[str, set[str]]) -> list[list[str]]:
    """Every way round that comes back, each once, from its first event."""
    found: list[list[str]] = []
    order = {id: i for i, id in enumerate(edges)}
    for start in edges:
        trail = [start]
        seen = {start}

        def walk(id: str, start: str = start, trail: list[str] = trail, seen: set[str] = seen) -> bool:
            for other in sorted(edges.get(id, ()), key=lambda other: order.get(other, 0)):
                if other == start:
                    return True
                if other in order and other not in seen and order[other] > order[start]:
                    seen.add(other)
                    trail.append(other)
                    if walk(other):
                        return True
                    trail.pop()
            return False

        if walk(start):
            found.append(list(trail))
    return found


def windows(study: Study) -> Iterator[Finding]:
    """RM409: a scene whose window lies in no act."""
    for id, card in study.cards.items():
        first, last = card["window"]
        if first == 1 and last == FAR:
            continue
        if not any(first <= act["last"] and act["first"] <= last for act in study.form["acts"]):
            start, end = study.span
            said = f"its window lies outside the campaign ({day(start)} to {day(end)})"
            way = ("when", "from") if first != 1 else ("when", "until")
            yield study.finding(id, way, "RM409", said, "move 'from' or 'until' into an act", "error")


def too_late(study: Study) -> Iterator[Finding]:
    """RM410: a bill that falls due when every campaign is over."""
    _, end = study.span
    for id, way, choice in study.choices():
        first = max(study.cards[id]["window"][0], study.span[0])
        for k, later in enumerate(choice["later"]):
            if first + later["low"] * DAYS[later["unit"]] > end:
                said = f"the campaign is over by then ({day(end)})"
                yield study.finding(id, (*way, "later", k, "in"), "RM410", said, "let it fall due sooner", "error")
