"""What is counted, as rows: gauges, factions, the timeline's lines beside one another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from redmexico.language import phrase, phrase_as
from redmexico.model import Story
from redmexico.narration import Run
from redmexico.timeline import MARKS, Row, day_words, default_line, short_date, verdict_word
from redmexico.ui.tui.lines import Block, Cell, row, said
from redmexico.ui.tui.widgets.band import Ends
from redmexico.views import Gauge, View
from redmexico.world import calendar_day

BAR = 10
ROOMY, WIDE = 140, 160
"""Columns of the screen from which the pane beside the text has room for words, and for sentences."""


def status(view: View, width: int) -> list[Ends]:
    """The two status lines of a small screen: resources, clocks, whoever is near to breaking.

    Where they do not fit, the resources that are least short lose their words.
    """
    gauges = [*view.status, *view.tense]
    bare: set[str] = set()
    lines = _flowed(gauges, bare, width)
    for gauge in sorted((g for g in view.status if g.kind == "resource"), key=lambda g: -g.value):
        if len(lines) <= 2:
            break
        bare.add(gauge.name)
        lines = _flowed(gauges, bare, width)
    return [Ends(line) for line in (*lines, (), ())[:2]]


def _flowed(gauges: Sequence[Gauge], bare: set[str], width: int) -> list[tuple[Run, ...]]:
    lines: list[list[Run]] = [[]]
    used = 0
    for gauge in gauges:
        label = gauge.label.removeprefix("The ")
        word = "" if gauge.name in bare or gauge.word == str(gauge.value) else f" {gauge.word}"
        runs = [Run(f" {label[:1].upper()}{label[1:]} ", "dim"), Run(number_of(gauge), "strong"), Run(f"{word} ")]
        wanted = sum(len(run.text) for run in runs)
        if used + wanted > width and used:
            lines.append([])
            used = 0
        lines[-1] += runs
        used += wanted
    return [tuple(line) for line in lines]


def number_of(gauge: Gauge) -> str:
    """A number as it is written: a faction's temper with its sign."""
    return f"{gauge.value:+d}" if gauge.kind == "faction" and gauge.value else str(gauge.value)


def bar(gauge: Gauge, width: int = BAR) -> str:
    """A number in its range as a row of signs, the same in every charset.

    >>> bar(Gauge("bread", "Bread", "resource", 4, 0, 10, "beans"))
    '####------'
    """
    span = max(1, gauge.high - gauge.low)
    full = round((gauge.value - gauge.low) * width / span)
    return "#" * full + "-" * (width - full)


def gauges(found: Sequence[Gauge], wide: bool, room: int = 18) -> Iterator[Block]:
    """A table of numbers with their words; `room` is for the names."""
    for gauge in found:
        shown = (Cell(bar(gauge), BAR, "dim"),) if wide else ()
        yield row(Cell(gauge.label if room >= 18 else gauge.label.removeprefix("The ").capitalize(), room), Cell(f"{number_of(gauge):>3}", 3, "strong"), *shown, Cell(gauge.word if gauge.word != str(gauge.value) else ""))


def standing(view: View, bars: bool = True, room: int = 18) -> list[Block]:
    """The small table beside the text: what the status line has, one a row."""
    return [*gauges(view.status, bars, room), *gauges(view.tense, bars, room)]


# the timeline

def now_of(rows: Sequence[Row], day: int) -> int:
    """The first row that lies ahead."""
    return next((i for i, r in enumerate(rows) if r.last > day), max(0, len(rows) - 1))


def recorded(story: Story, one: Row, line: str) -> str:
    """What a line has for an event, shortly; a dot where it knows nothing of it."""
    if line not in one.records:
        return "·"
    event = story.events[one.event]
    return event.elsewhere[line][0] if line in event.elsewhere and event.line != line else one.title


def yours(one: Row) -> str:
    """What the played line has for it: the word, and how it came if otherwise."""
    if one.verdict == "open":
        return verdict_word("open")
    if one.verdict == "averted" and not one.yours:
        return phrase("averted, settled {day}", day=day_words(one.when)) if one.when > one.last else verdict_word("averted")
    name = one.yours if one.yours and one.yours != one.title else ""
    when = day_words(one.when) if one.verdict in ("early", "late") and one.when else ""
    return ": ".join([one.word, *filter(None, (when, name))])


def _columns(width: int) -> tuple[int, int, int]:
    """The widths of dates, of each line's column and of yours."""
    return (11, 9, 12) if width >= WIDE else (6, 5, 3) if width >= ROOMY else (6, 1, 3)


def running_head(view: View, width: int) -> tuple[Cell, ...]:
    """Over the timeline beside the text: its columns, and the line that the signs compare with."""
    _, has_width, mine = _columns(width)
    names = [name for name, _, _ in view.story.lines.values()]
    short = [name if has_width >= 9 else f"{name[: has_width - 1]}." if has_width > 1 else name[:1] for name in names]
    against = view.story.lines[default_line(view.story, view.state)][0]
    compared = phrase("signs against {line}", line=against) if width >= ROOMY - 22 else phrase("vs {line}", line=against)
    title = phrase("TIMELINE")
    return (Cell(title, len(title), "head"), Cell(compared, 0, "dim"), *(Cell(name, has_width, "dim") for name in short), Cell(phrase_as("column", "You"), mine, "dim"))


def running(view: View, rows: Sequence[Row], width: int) -> list[Block]:
    """The timeline beside the text: what each line says of an event, and yours.

    On a narrow screen a year stands above its events and not before each, and a line's
    column is one letter wide.
    """
    wide = width >= WIDE
    lines = list(view.story.lines)
    dates, has_width, mine = _columns(width)
    out: list[Block] = []
    now, year = now_of(rows, view.day), ""
    for i, one in enumerate(rows):
        date = short_date(one.first, one.last)
        if not wide and date[:4] != year:
            year = date[:4]
            out.append(row(Cell(year, 0, "strong")))
        if i == now:
            out.append(said(f"── {view.date} ──", "you"))
        name = Cell(one.yours or one.title, 0, "" if one.verdict != "open" else "dim")
        known_by = [Cell(_has(view.story, one, line)[:has_width], has_width, "dim") for line in lines]
        sign = Cell(f"{one.mark} {one.word}" if wide else one.mark, mine, one.verdict)
        out.append(row(Cell(date if wide else date[5:], dates, "dim"), name, *known_by, sign, target=one.event))
    return out


def _has(story: Story, one: Row, line: str) -> str:
    """Whether a line records an event, in a word."""
    if line not in one.records:
        return "·"
    return phrase_as("recorded", "yes") if recorded(story, one, line) == one.title else phrase_as("recorded", "other")


def landmarks(view: View, rows: Sequence[Row]) -> list[Ends]:
    """The timeline's two lines on a small screen: what came last, what the record has next."""
    names = {line: story[0] for line, story in view.story.lines.items()}
    decided = [r for r in rows if r.verdict != "open"]
    ahead = [r for r in rows if r.verdict == "open" and r.last >= view.day]
    out = []
    if decided:
        last = max(decided, key=lambda r: (r.when, r.weight))
        out.append(_landmark(_lines_of(last, names), last))
    if ahead:
        near = max(sorted(ahead, key=lambda r: r.last)[:4], key=lambda r: (r.weight, -r.last))
        out.append(_landmark(_lines_of(near, names), near))
    return out


def _lines_of(one: Row, names: dict[str, str]) -> str:
    """Which lines record it, in a word."""
    has = [name for line, name in names.items() if line in one.records]
    if len(has) == len(names):
        return phrase_as("lines", "BOTH")
    name = has[0].upper() if has else phrase_as("lines", "YOU")
    return name if len(name) <= 7 else name[:5]


def _landmark(word: str, one: Row) -> Ends:
    name = one.yours or one.title
    return Ends((Run(f" {word:<8}", "dim"), Run(f"{short_date(one.first, one.last):<12}", "dim"), Run(name)), (Run(f"{phrase_as('lines', 'YOU')} ", "dim"), Run(f"{one.mark} {one.word} ", one.verdict)))


def marks_row(rows: Sequence[Row], most: int) -> tuple[Run, ...]:
    """The marks of a campaign in a row, for the title."""
    decided = [r for r in rows if r.verdict != "open"][-most:]
    return tuple(Run(f"{r.mark} ", r.verdict) for r in decided)


def legend() -> str:
    return "   ".join(f"{mark} {verdict_word(verdict)}" for verdict, mark in MARKS.items())


class Year(NamedTuple):
    """A year's events, for a row of its own."""

    year: int
    rows: tuple[Row, ...]


def year_of(one: Row) -> int:
    return calendar_day(one.first).year


def years(rows: Sequence[Row]) -> tuple[Year, ...]:
    """The rows by year."""
    return tuple(Year(year, tuple(found)) for year, found in groupby(rows, key=year_of))


def year_row(group: Year, item: int) -> Block:
    """A year: how many events have each sign, and the weightiest of it."""
    counts = Counter(r.verdict for r in group.rows)
    signs = " ".join(f"{MARKS[v]}{counts[v]}" for v in MARKS if counts[v])
    top = max(group.rows, key=lambda r: (r.weight, r.verdict not in ("kept", "open")))
    return row(Cell(" ", 1), Cell(str(group.year), 5, "strong"), Cell(signs, 18, top.verdict), Cell(top.yours or top.title, 0), item=item)


def year_told(group: Year) -> Iterator[Block]:
    """What a year came to, in words."""
    counts = Counter(r.verdict for r in group.rows)
    found = ", ".join(phrase("{n} {verdict}", n=counts[verdict], verdict=verdict_word(verdict)) for verdict in MARKS if counts[verdict])
    yield said(f"{found}. {phrase('Enter opens the year.')}")
    shown = sorted(sorted(group.rows, key=lambda r: -r.weight)[:5], key=lambda r: (r.first, r.last))
    for one in shown:
        yield Block((Run(f"{one.mark} {one.word} ", one.verdict), Run(f" {short_date(one.first, one.last).strip()} · ", "dim"), Run(one.yours or one.title)), 0, 2)
