"""The map: regions, who holds them, and what happened where in the year.

A scene is in the region of which its place names a town, or in the story's home region.
"""

from __future__ import annotations

from itertools import groupby
from operator import itemgetter
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


LEVELS = ".:+#@"
"""How firmly a region is held, from not at all to rooted; the same on every terminal."""


class Stretch(NamedTuple):
    """Some cells of a row of the map that belong together."""

    region: int
    """its place in `regions`; -1: sea, or another country"""
    text: str


def sign(gauge: Gauge) -> str:
    """How firmly a region is held, as it is drawn."""
    return LEVELS[(gauge.value - gauge.low) * (len(LEVELS) - 1) // max(1, gauge.high - gauge.low)]


def drawing(view: View) -> tuple[tuple[Stretch, ...], ...]:
    """The map by rows: in every region its number and the sign for how firmly it is held, by turns."""
    land = view.story.land
    if land is None:
        return ()
    found = {region.letter: (i, sign(region.gauge)) for i, region in enumerate(regions(view))}
    return tuple(
        tuple(
            Stretch(i, "".join(cell for _, cell in cells))
            for i, cells in groupby((_cell(found, letter, x) for x, letter in enumerate(row)), key=itemgetter(0))
        )
        for row in land.rows
    )


def _cell(found: dict[str, tuple[int, str]], letter: str, x: int) -> tuple[int, str]:
    if letter not in found:
        return -1, " "
    i, held = found[letter]
    return i, held if x % 2 else str(i + 1)


def scale(view: View) -> list[tuple[str, str]]:
    """What the signs mean, from the story's last set of words for a region."""
    for quality in view.story.qualities.values():
        if quality.kind == "region" and quality.bands:
            return list(zip(LEVELS, (word for _, word in quality.bands[-1][1]), strict=False))
    return []
