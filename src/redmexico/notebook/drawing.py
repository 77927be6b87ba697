"""The columns of time, drawn: a lane for every recorded line, one for this notebook, and what joins them.

Time goes down. A year is as tall as what happened in it, so that no two names overlap; within it,
what is later is always lower. A line from a record to the notebook is level where the event came on
its date, slants where it came early or late, is dashed where it was altered, and ends in an x where it was averted.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date as Date
from html import escape
from typing import NamedTuple

from redmexico.language import phrase
from redmexico.notebook.book import Book, Entry, Happening, Passed, keeper_words
from redmexico.notebook.text import wrapped
from redmexico.timeline import MARKS, day_words, verdict_word
from redmexico.weighing import NEAR

WIDTH = 1000
ROW = 21
"""The least that one event gets, and two lines of a name need."""
LINE = 15
LETTERS = 33
"""Letters in a line of a name, so that wide faces fit too."""
TOP = 74
FIRST_RAIL, LAST_RAIL = 322, 668


class Label(NamedTuple):
    """A name beside a rail, in lines; `small` is what is said of it below."""

    lines: tuple[str, ...]
    small: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return ROW + LINE * max(0, len(self.lines) + len(self.small) - 1)


class Slot(NamedTuple):
    """Something with a place on the axis of time."""

    day: int
    key: tuple[str, int]
    """`record` or `came` and the number of an event, `hand` and that of a keeper, `end`"""
    height: int


def drawn(book: Book) -> tuple[Happening, ...]:
    """The events that the drawing shows: those since the campaign began."""
    return tuple(found for found in book.past if max(found.last, found.when) >= book.first)


class Drawing(NamedTuple):
    """Inline SVG, and how tall it is where it is a thousand wide."""

    text: str
    height: int


def drawing(book: Book) -> Drawing | None:
    """The drawing of a book; None where there is nothing to draw."""
    happenings = drawn(book)
    if not happenings or not book.lines:
        return None
    slots = _slots(book, happenings)
    axis = Axis(slots)
    rails = _rails(len(book.lines))
    parts = [
        *axis.grid(),
        *_lanes(book, rails, axis),
        *_written(book, rails[-1], axis),
        *(mark for i, found in enumerate(happenings) for mark in _event(book, i, found, rails, axis)),
        *_hands(book, rails[-1], axis),
        *_end(book, rails[-1], axis),
    ]
    title = phrase(
        "Columns of time: {lines} and this notebook", lines=", ".join(line.title for line in book.lines)
    )
    desc = phrase("Time goes down, year by year. Every event and what came of it stands in the list or table below.")
    height = axis.height + 30
    svg = (
        f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="drawing-title drawing-desc">'
        f'<title id="drawing-title">{escape(title)}</title><desc id="drawing-desc">{escape(desc)}</desc>'
        f"{''.join(parts)}</svg>"
    )
    return Drawing(svg, height)


# places


class Axis:
    """Time as height: where each thing stands, and where any day would."""

    def __init__(self, slots: Sequence[Slot]) -> None:
        self.at: dict[tuple[str, int], int] = {}
        self.years: list[tuple[int, int]] = []
        """year, the height at which it begins"""
        self._days: list[int] = []
        self._heights: list[int] = []
        y = TOP
        for year in range(_year(slots[0].day), _year(slots[-1].day) + 1):
            y = self._place(year, [slot for slot in slots if _year(slot.day) == year], y)
        self.height = y

    def _place(self, year: int, slots: Sequence[Slot], top: int) -> int:
        """Give the things of a year their heights; the height at which it ends."""
        first, days = Date(year, 1, 1).toordinal(), Date(year + 1, 1, 1).toordinal() - Date(year, 1, 1).toordinal()
        need = sum(slot.height for slot in slots)
        tall = max(need + 26, 54)
        free = tall - need - 12
        self.years.append((year, top))
        y, before = top + 14, 0
        for slot in slots:
            wanted = top + 14 + before + free * (slot.day - first) // days
            y = max(y, wanted)
            self.at[slot.key] = y + ROW // 2
            self._days.append(slot.day)
            self._heights.append(y + ROW // 2)
            before += slot.height
            y += slot.height
        return max(top + tall, y + 6)

    def of(self, day: int) -> int:
        """The height of a day, between the things that have theirs."""
        i = bisect_right(self._days, day)
        if not i or i == len(self._days):
            return self._heights[min(i, len(self._days) - 1)]
        a, b = self._days[i - 1], self._days[i]
        return self._heights[i - 1] + (self._heights[i] - self._heights[i - 1]) * (day - a) // max(1, b - a)

    def grid(self) -> list[str]:
        return [
            f'<line class="grid" x1="0" y1="{y}" x2="{WIDTH}" y2="{y}"/>'
            f'<text class="year" x="0" y="{y + 27}">{year}</text>'
            for year, y in self.years
        ]


def _year(day: int) -> int:
    return Date.fromordinal(day).year


def _rails(lines: int) -> list[int]:
    """Where the rails stand, the notebook's last."""
    between = (LAST_RAIL - FIRST_RAIL - 40) // max(1, lines - 1)
    return [FIRST_RAIL, *(FIRST_RAIL + 40 + between * i for i in range(lines - 1)), LAST_RAIL]


def _slots(book: Book, happenings: Sequence[Happening]) -> list[Slot]:
    out = []
    for i, found in enumerate(happenings):
        came = _came_label(book, found)
        if found.records:
            here = came.height if found.came and not _apart(found) else 0
            tall = max(label.height for label in _record_labels(book, found).values())
            out.append(Slot(max(found.first, book.first), ("record", i), max(tall, here)))
        if found.came and (_apart(found) or not found.records):
            out.append(Slot(found.when, ("came", i), came.height))
    out += [Slot(k.since, ("hand", i), _label(keeper_words(k)).height) for i, k in enumerate(book.keepers) if i]
    out.sort(key=lambda slot: slot.day)
    end = _end_label(book)
    return [*out, Slot(max(book.last, out[-1].day), ("end", 0), end.height + 16)]


def _apart(found: Happening) -> bool:
    """Whether an event came so far from its date that it has a place of its own."""
    return max(found.first - found.when, found.when - found.last) > NEAR


# labels


def _label(text: str, small: str = "") -> Label:
    return Label(tuple(wrapped(text, LETTERS)), tuple(wrapped(small, LETTERS + 4)) if small else ())


def _record_labels(book: Book, found: Happening) -> dict[str, Label]:
    """What each lane calls an event: only the first names what it shares with others."""
    first = book.lines[0].id
    out = {}
    for line in found.records:
        if line == first or first not in found.records:
            out[line] = _label(found.title)
        elif found.records[line] != found.records[first]:
            out[line] = _label(found.records[line])
    return out


def _came_label(book: Book, found: Happening) -> Label:
    """What the notebook's lane says of an event; nothing where it came as recorded."""
    if not found.came or set(found.against.values()) == {"kept"}:
        return Label(())
    when = f", {day_words(found.when)}" if _apart(found) or not found.records else ""
    return _label(found.yours, f"{found.word}{when}")


def _end_label(book: Book) -> Label:
    if book.ending is None:
        return _label(phrase("Still being kept"), day_words(book.last))
    return _label(book.ending.title, day_words(book.last))


def _text(label: Label, x: int, y: int, classes: str = "", end: bool = False) -> str:
    """A label, its first line level with its mark."""
    anchor = ' text-anchor="end"' if end else ""
    spans = [(line, "") for line in label.lines] + [(line, ' class="small"') for line in label.small]
    said = "".join(
        f'<tspan x="{x}" dy="{LINE if i else 0}"{style}>{escape(line)}</tspan>' for i, (line, style) in enumerate(spans)
    )
    kind = f' class="{classes}"' if classes else ""
    return f'<text y="{y + 4}"{kind}{anchor}>{said}</text>' if said else ""


# lanes and marks


def _lanes(book: Book, rails: Sequence[int], axis: Axis) -> list[str]:
    out = []
    for i, (line, x) in enumerate(zip(book.lines, rails, strict=False)):
        at, anchor = (x + 8, "end") if not i else (x - 6, "start")
        off = phrase("{percent} of 100 off", percent=line.off)
        out.append(
            f'<text class="head" x="{at}" y="22" text-anchor="{anchor}">{escape(line.title)}</text>'
            f'<text class="small" x="{at}" y="40" text-anchor="{anchor}">{escape(off)}</text>'
        )
        parted = book.first < line.parts <= book.last
        if line.parts > book.first:
            other = book.lines[0].title
            said = phrase("dotted: as {line}", line=other)
            if parted:
                said = phrase("dotted: as {line}, to {day}", line=other, day=day_words(line.parts))
            out.append(f'<text class="small" x="{at}" y="56" text-anchor="{anchor}">{escape(said)}</text>')
        split = axis.of(line.parts) if parted else axis.height if line.parts > book.last else TOP
        if split > TOP:
            out.append(f'<line class="rail as" x1="{x}" y1="{TOP}" x2="{x}" y2="{split}"/>')
        if split < axis.height:
            out.append(f'<line class="rail" x1="{x}" y1="{split}" x2="{x}" y2="{axis.height}"/>')
    last = axis.at["end", 0]
    return [
        *out,
        f'<text class="head" x="{rails[-1] - 8}" y="22">{escape(phrase("This notebook"))}</text>',
        f'<text class="small" x="{rails[-1] - 8}" y="40">{escape(book.chosen)}</text>',
        f'<line class="rail" x1="{rails[-1]}" y1="{TOP}" x2="{rails[-1]}" y2="{last}"/>',
    ]


def _written(book: Book, x: int, axis: Axis) -> list[str]:
    """A stroke on the notebook's rail for every day that has a line."""
    entries = [part for year in book.years for part in year.parts if isinstance(part, Entry)]
    days = {entry.day: bool(entry.text) for entry in sorted(entries, key=lambda entry: bool(entry.text))}
    return [
        f'<path class="{"written" if whole else "stub"}" d="M{x} {axis.of(day)}h13"/>'
        for day, whole in sorted(days.items())
    ]


def _event(book: Book, i: int, found: Happening, rails: Sequence[int], axis: Axis) -> list[str]:
    """An event: its mark in every lane that has it, its names, and the line to how it came."""
    ids = [line.id for line in book.lines]
    lanes = [rails[ids.index(line)] for line in found.records]
    notebook = rails[-1]
    there = axis.at.get(("came", i), axis.at.get(("record", i), 0))
    off = " off" if set(found.against.values()) != {"kept"} else ""
    weight = "great" if found.weight >= 4 else "light" if found.weight == 1 else ""
    out = []
    if lanes:
        here = axis.at["record", i]
        out.append(_join(found, lanes, notebook, here, there, off))
        labels = _record_labels(book, found)
        for line, x in zip(found.records, lanes, strict=True):
            verdict = found.against[line]
            if line in labels:
                out.append(_mark(verdict, x, here))
                side = line == ids[0]
                out.append(_text(labels[line], x - 14 if side else x + 12, here if side else here - 11, weight, side))
            else:
                out.append(f'<circle class="dot" cx="{x}" cy="{here}" r="3"/>')
    if found.came:
        out.append(_mark(found.verdict, notebook, there))
        out.append(_text(_came_label(book, found), notebook + 20, there, weight if weight == "great" else ""))
    told = "; ".join(f"{line.title}: {found.records[line.id]}" for line in book.lines if line.id in found.records)
    title = f"{found.title}: {found.word}. {told}"
    return [f"<g><title>{escape(title)}</title>{''.join(out)}</g>"]


def _join(found: Happening, lanes: Sequence[int], notebook: int, here: int, there: int, off: str) -> str:
    """The line from the records to the notebook."""
    start, turn = min(lanes), max(lanes)
    if found.verdict == "open":
        return f'<path class="join" d="M{start} {here}H{turn}"/>'
    if not found.came:
        stop = notebook - 92
        line = f'<path class="join averted{off}" d="M{start} {here}H{stop}"/>'
        said = f'<text class="small" x="{stop + 12}" y="{here + 4}">{escape(verdict_word("averted"))}</text>'
        return line + _mark("averted", stop, here) + said
    kind = " altered" if found.verdict == "altered" else ""
    slant = f"L{notebook} {there}" if there != here else f"H{notebook}"
    bend = turn + 24 if there != here else turn
    return f'<path class="join{kind}{off}" d="M{start} {here}H{bend}{slant}"/>'


def _mark(verdict: str, x: int, y: int) -> str:
    """The sign of a verdict in a ring."""
    off = "" if verdict in ("kept", "open") else ' class="off"'
    return (
        f'<g{off}><circle cx="{x}" cy="{y}" r="8"/>'
        f'<text class="mark" x="{x}" y="{y + 4}">{escape(MARKS[verdict])}</text></g>'
    )


def _hands(book: Book, x: int, axis: Axis) -> list[str]:
    """Where the notebook passes to another keeper."""
    passed = [part for year in book.years for part in year.parts if isinstance(part, Passed)]
    return [
        f'<path class="rail" d="M{x - 6} {y}h12"/>' + _text(_label(keeper_words(part.keeper)), x + 20, y, "small")
        for part, y in ((part, axis.at["hand", i]) for i, part in enumerate(passed, 1))
    ]


def _end(book: Book, x: int, axis: Axis) -> list[str]:
    """The last day: a full stop where the campaign has ended, an open square where it goes on."""
    y = axis.at["end", 0]
    classes = "final" if book.ended else "rail"
    return [
        f'<rect class="{classes}" x="{x - 5}" y="{y - 5}" width="10" height="10"/>',
        _text(_end_label(book), x + 20, y, "great"),
    ]
