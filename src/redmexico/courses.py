"""How a number went through the years: as it was played, and as a recorded line alone moves it.

The recorded course is computed, not written: every event of the line that has come by now, each on
its recorded date and as recorded, does what it does, and nothing else moves the number.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

from redmexico.engine import world_of
from redmexico.model import Story
from redmexico.state import Log, Values, number
from redmexico.timeline import Receipt

BARS = "▁▂▃▄▅▆▇█"
PLAIN_BARS = "_.-~=+*#"


class Point(NamedTuple):
    """From this day on, this value."""

    day: int
    value: int


def played(start: Values, receipts: Sequence[Receipt], name: str) -> tuple[Point, ...]:
    """The course of one number in this campaign; `start` is the state at its beginning."""
    points = [Point(number(start, "!date"), number(start, name))]
    for receipt in receipts:
        new = receipt.change.new
        if receipt.change.name == name and isinstance(new, int) and new != points[-1].value:
            if points[-1].day == receipt.day and len(points) > 1:
                points.pop()
            if new != points[-1].value:
                points.append(Point(receipt.day, new))
    return tuple(points)


def recorded(story: Story, start: Values, line: str, name: str, until: int) -> tuple[Point, ...]:
    """The course that a recorded line's own events give a number; () where none of them moves it."""
    w = world_of(story)
    log = Log(dict(start))
    points = [Point(number(start, "!date"), number(start, name))]
    due = [e for e in story.events.values() if w.counts_in(e, line) and e.date.first <= until]
    for event in sorted(due, key=lambda e: (e.date.first, e.number)):
        log.set("!date", event.date.first)
        log.set(f"!event.{event.id}", "kept")
        if line in event.elsewhere and event.line != line:
            continue  # this line records something else in its place
        for effect in event.do:
            effect.apply(log, w, False)
        value = number(log.values, name)
        if value != points[-1].value:
            points.append(Point(event.date.first, value))
    return tuple(points) if len(points) > 1 else ()


def at(points: Sequence[Point], day: int) -> int:
    """The value on a day; before the first point, the first."""
    k = bisect_right(points, (day, 1 << 40)) - 1
    return points[max(0, k)].value


def sampled(points: Sequence[Point], first: int, last: int, columns: int) -> tuple[int, ...]:
    """So many values, evenly over the days, the last day among them."""
    span = max(1, last - first)
    return tuple(at(points, first + span * (k + 1) // columns) for k in range(columns))


def spark(values: Sequence[int], low: int, high: int, ascii: bool = False) -> str:
    """Values in their range as a row of signs.

    >>> spark((0, 5, 10), 0, 10), spark((0, 5, 10), 0, 10, ascii=True)
    ('▁▅█', '_=#')
    """
    bars = PLAIN_BARS if ascii else BARS
    span = max(1, high - low)
    return "".join(bars[round((min(high, max(low, v)) - low) * (len(bars) - 1) / span)] for v in values)


class Mark(NamedTuple):
    """One dot of a chart: column, row from the top, whose."""

    column: int
    row: int
    line: int
    """0 the played course, 1 the recorded"""


def plotted(
    courses: Sequence[Sequence[Point]], first: int, last: int, low: int, high: int, columns: int, rows: int
) -> tuple[Mark, ...]:
    """A chart's dots, the recorded course first, so that the played one lies over it."""
    span = max(1, high - low)
    marks = []
    for line, points in reversed(list(enumerate(courses))):
        if points:
            values = sampled(points, first, last, columns)
            marks += [Mark(k, round((high - min(high, max(low, v))) * (rows - 1) / span), line) for k, v in enumerate(values)]
    return tuple(marks)
