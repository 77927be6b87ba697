"""How an event of the recorded lines comes: its causes are summed on its days.

An open event is weighed on its date (a month or a year: on its first and its last day), on the
last day of every turn that its window reaches, and on the window's last day. Before its date it
needs its threshold and some more, from then on the threshold; still short at the window's end it
is averted. Where a scene decides, the scene is played and what it left is read.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from redmexico.effects import Effect
from redmexico.model import FAR, Event, Pull
from redmexico.state import Log, Values, words
from redmexico.world import World, today

NEAR = 31
"""Days off its date within which an event counts as kept."""


class Coming(NamedTuple):
    """What an event comes to: its verdict, its shape, and what it does."""

    event: Event
    verdict: str
    variant: str
    scene: str
    do: tuple[Effect, ...]


def is_open(s: Values, event: Event) -> bool:
    """Whether an event is still undecided."""
    return f"!event.{event.id}" not in s


def days_of(event: Event, turn_last: int) -> list[int]:
    """The days in a turn on which an event is weighed, in order."""
    if event.outcomes and not event.scene:
        return [event.window.last]
    if event.external or (event.scene and event.outcomes):
        return [event.date.first]
    days = {event.date.first, event.date.last, min(turn_last, event.window.last), event.window.last}
    return sorted(day for day in days if day in event.window)


class Days:
    """The days of one turn on which events are weighed: which events, in the order of the file."""

    __slots__ = ("days", "on")

    def __init__(self, w: World, first: int, last: int) -> None:
        self.on: dict[int, tuple[Event, ...]] = {}
        for event in w.story.events.values():
            if event.window.touches(first, last):
                for day in days_of(event, last):
                    if first <= day <= last:
                        self.on[day] = (*self.on.get(day, ()), event)
        self.days = tuple(sorted(self.on))

    def next_open(self, s: Values, after: int) -> int:
        """The next day after one with an event still open, or a day beyond every campaign."""
        for day in self.days[bisect_right(self.days, after) :]:
            if any(is_open(s, event) for event in self.on[day]):
                return day
        return FAR


def verdict_on(event: Event, day: int) -> str:
    """Kept, early or late, by the day on which it came.

    An event of no recorded line is only in yours.
    """
    if event.line == "notebook":
        return "unwritten"
    if event.date.first - NEAR <= day <= event.date.last + NEAR:
        return "kept"
    return "early" if day < event.date.first else "late"


def weigh(w: World, s: Values, event: Event) -> Coming | None:
    """What becomes of an event today, or None if it stays open."""
    day = today(s)
    ends = day >= event.window.last
    if not event.needs(s, w):
        return averted(event) if ends or event.external else None
    if event.external:
        return _as_it_comes(w, s, event, day)
    if event.outcomes:
        return outcome(w, s, event) if not event.scene else Coming(event, "", "", event.scene, ())
    coming = _as_it_comes(w, s, event, day)
    threshold = event.threshold
    if coming.variant:
        altered = next(v for v in event.variants if v.id == coming.variant)
        threshold = event.threshold if altered.threshold is None else altered.threshold
    if day < event.date.first:
        if event.early is None:
            return None
        threshold += event.early
    if w.pull(s, event.id) >= threshold:
        return coming
    return averted(event) if ends else None


def _as_it_comes(w: World, s: Values, event: Event, day: int) -> Coming:
    """The event in the shape that it has today."""
    for variant in event.variants:
        if variant.condition(s, w):
            scene = event.scene if variant.scene is None else variant.scene
            do = event.do if variant.do is None else variant.do
            return Coming(event, "altered", variant.id, scene, do)
    return Coming(event, verdict_on(event, day), "", event.scene, event.do)


def outcome(w: World, s: Values, event: Event) -> Coming | None:
    """What a scene left: the first outcome that holds; at the window's end, averted."""
    for found in event.outcomes:
        if found.condition(s, w):
            if found.verdict == "kept":
                return Coming(event, verdict_on(event, today(s)), "", "", event.do)
            return Coming(event, "altered", found.verdict, "", event.do)
    return averted(event) if today(s) >= event.window.last or event.scene else None


def averted(event: Event) -> Coming:
    """It does not come."""
    return Coming(event, "averted", "", "", ())


def forced(w: World, s: Values, event: Event) -> Coming:
    """An event that another's failure or a bill brings about, unweighed."""
    return _as_it_comes(w, s, event, today(s))


def write_down(w: World, log: Log, coming: Coming) -> None:
    """Give an event its verdict, with the causes that held on both sides, and do what it does."""
    s, event = log.values, coming.event
    log.cause = f"event:{event.id}"
    told = w.writing(s).story.events[event.id].pulls
    held = tuple(f"{told[i].amount:+d} {told[i].because}" for i, p in enumerate(event.pulls) if p.condition(s, w))
    log.set(f"!event.{event.id}", coming.verdict)
    log.set(f"!when.{event.id}", today(s))
    if coming.variant:
        log.set(f"!variant.{event.id}", coming.variant)
    if held:
        log.set(f"!pulls.{event.id}", held)
    for effect in coming.do:
        effect.apply(log, w, False)


def held(w: World, s: Values, event: Event) -> tuple[Pull, ...]:
    """The causes that held when an event was decided, whatever language the notebook has them in."""
    kept = words(s, f"!pulls.{event.id}")
    written = w.writing(s).story.events[event.id].pulls
    return tuple(p for p, q in zip(event.pulls, written, strict=True) if f"{q.amount:+d} {q.because}" in kept)


def record_of(coming: Coming) -> str:
    """What is told of an event as it came: as recorded, or of the shape that it took."""
    event = coming.event
    if coming.variant:
        return next((shape.record for shape in event.variants if shape.id == coming.variant), "")
    return event.record if coming.verdict in ("kept", "early", "late") else ""


def title_of(event: Event, variant: str) -> str:
    """An event's title in the shape that it took."""
    for found in event.variants:
        if found.id == variant and found.title:
            return found.title
    for shape in event.outcomes:
        if shape.verdict == variant and shape.title:
            return shape.title
    return event.title
