"""The map: regions, who holds them, and what happened where in the year.

A scene is in the region of which its place names a town, or in the story's home region.
"""

from __future__ import annotations

from typing import NamedTuple

from redmexico.engine import world_of
from redmexico.model import Land
from redmexico.timeline import Row
from redmexico.views import Gauge, NotebookLine, View
from redmexico.world import calendar_day


class Region(NamedTuple):
    """A part of the country as it stands."""

    letter: str
    """its letter in the drawing"""
    gauge: Gauge
    """how firmly it is held, with the word for who holds it"""
    events: tuple[Row, ...]
    """what was decided there this year"""
    lines: tuple[NotebookLine, ...]
    """what was written there this year"""


def regions(view: View) -> tuple[Region, ...]:
    """Every region of the map, in the writer's order; () where the story has no map."""
    land = view.story.land
    if land is None:
        return ()
    year = calendar_day(view.day).year
    came = [row for row in view.rows if row.when and calendar_day(row.when).year == year]
    lines = [line for line in view.notebook if line.day.startswith(str(year)) and line.text]
    homes = [(line, _region_of(view, land, line)) for line in lines]
    return tuple(
        Region(
            letter,
            view.gauge(id),
            tuple(row for row in came if view.story.events[row.event].where == id),
            tuple(line for line, home in homes if home == id),
        )
        for id, (letter, _) in land.regions.items()
    )


def _region_of(view: View, land: Land, line: NotebookLine) -> str:
    scene = view.story.scenes.get(line.address.partition("/")[0])
    if scene is None:
        return land.home
    place = scene.place.line(view.state, world_of(view.story)).casefold()
    found = [(len(town), id) for id, (_, towns) in land.regions.items() for town in towns if town.casefold() in place]
    return max(found)[1] if found else land.home


def drawing(view: View, levels: str) -> tuple[str, ...]:
    """The map with a sign for how firmly each region is held; `levels` has one for each step of the range."""
    land = view.story.land
    if land is None:
        return ()
    signs = {}
    for region in regions(view):
        gauge = region.gauge
        span = max(1, gauge.high - gauge.low)
        signs[region.letter] = levels[(gauge.value - gauge.low) * (len(levels) - 1) // span]
    return tuple("".join(signs.get(letter, " ") for letter in row) for row in land.rows)


def middle(land: Land, letter: str) -> tuple[int, int]:
    """Where a region's name may stand: row and column amid its widest row."""
    widest = max(range(len(land.rows)), key=lambda r: _run(land.rows[r], letter)[1])
    start, length = _run(land.rows[widest], letter)
    return widest, start + length // 2


def _run(row: str, letter: str) -> tuple[int, int]:
    """The longest run of a letter in a row: where it begins, how long it is."""
    best = (0, 0)
    start = 0
    for k, found in enumerate(row + "\0"):
        if found != letter:
            if k - start > best[1]:
                best = (start, k - start)
            start = k + 1
    return best
