"""Factions, resources, clocks and regions: in words and numbers, as a row of signs, as a chart, as a table."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from redmexico import courses, timeline
from redmexico.campaign import Campaign
from redmexico.courses import Point
from redmexico.language import noted, phrase
from redmexico.narration import Run
from redmexico.timeline import Receipt, column_date
from redmexico.ui.sentences import label_of_course
from redmexico.ui.tui import tables
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, Cell, row, said
from redmexico.ui.tui.screens.face import Keys, Listing
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.views import Gauge, View
from redmexico.world import calendar_day

GROUPS = (
    ("faction", noted("FACTIONS")), ("resource", noted("RESOURCES")), ("clock", noted("CLOCKS (both ends hurt)")), ("region", noted("REGIONS")), ("person", noted("TRUST")),
)
SORTS = (noted("as listed"), noted("by strength"), noted("by what moved"))
LAST = 6
"""Movements of a number that are told below its chart."""


class Factions(Listing):
    """A list of all that is counted; below, the course of the chosen one and who moved it."""

    KEYS: ClassVar[Keys] = (
        ("back", noted("back")), ("↑↓", noted("choose")), ("take", noted("temper or strength")), ("table", noted("table")), ("sort", noted("sort")), ("map", noted("map")), ("help", noted("help")), ("copy", noted("copy")),
        ("timeline", noted("timeline")),
    )
    HELP_TEXT = noted(
        "Temper says how a faction stands to you, strength what it can do. The chart sets yours (*) against the course that the recorded "
        "events alone give it (:), where they give one. Below it stands what moved the number, and who."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("take", "other"), bind("table", "table"), bind("sort", "sort"), bind("map", "app.show('map')"), bind("copy", "copy"), bind("factions", "back"),
        bind("timeline", "app.show('timeline')"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.sort = 0
        self.as_table = False
        self.strength = False
        """whether the chart of a faction is of its strength"""

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        self.detail = Page("chart")
        return [Band("header"), rule(), self.list, rule(), self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.by_name: dict[str, list[Receipt]] = defaultdict(list)
        for receipt in self.campaign.receipts():
            if receipt.step and receipt.change.name in self.campaign.story.qualities:
                self.by_name[receipt.change.name].append(receipt)
        self.fill()
        self.hint("factions", phrase("Enter: temper or strength; d: the numbers as a table; a: the map."))

    # the list

    def fill(self, keep: str = "") -> None:
        """All that is counted, by kind, as it is sorted."""
        if not self.current:
            return
        view = self.campaign.view
        self.names: list[str] = []
        blocks: list[Block] = []
        moved = {gauge.name: delta for gauge, delta in view.moved}
        for kind, title in GROUPS:
            found = self.sorted(self.of_kind(view, kind), moved)
            if found:
                blocks += [*([BLANK] if blocks else []), row(Cell(phrase(title), 20, "head"), Cell(phrase("now"), 3, "dim"), Cell(phrase("turn"), 4, "dim"))]
            for gauge in found:
                blocks.append(row(*self.fields(view, gauge, moved), item=len(self.names)))
                self.names.append(gauge.name)
        self.query_one("#header", Band).say([ends(f" {phrase('HOW IT STANDS')}", f"{phrase(SORTS[self.sort])}   {view.date} ", "strong")])
        self.list.offer(blocks, self.names.index(keep) if keep in self.names else 0)
        self.tell()

    def of_kind(self, view: View, kind: str) -> list[Gauge]:
        """The numbers of a kind; of a faction its temper."""
        if kind == "faction":
            return [temper for temper, _ in view.factions]
        found = [view.gauge(q.name) for q in view.story.qualities.values() if q.kind == kind and q.type == "number"]
        return [g for g in found if kind != "person" or g.name in self.by_name]

    def sorted(self, found: list[Gauge], moved: dict[str, int]) -> list[Gauge]:
        if self.sort == 1:
            return sorted(found, key=lambda g: -self.campaign.view.gauge(strength_of(g.name)).value)
        return sorted(found, key=lambda g: -abs(moved.get(g.name, 0))) if self.sort == 2 else found

    def fields(self, view: View, gauge: Gauge, moved: dict[str, int]) -> tuple[Cell, ...]:
        wide = self.app.size.width
        change = moved.get(gauge.name, 0)
        strength = view.gauge(strength_of(gauge.name)) if gauge.kind == "faction" else None
        absent = strength is not None and not strength.value
        number = "" if absent else tables.number_of(gauge)
        cells = [Cell(" ", 1), Cell(gauge.label, 18, "strong"), Cell(f"{number:>3}", 3, "strong"), Cell(f"{change:+d}" if change else "", 3, "you")]
        cells += [Cell(tables.bar(gauge), tables.BAR, "dim")] if wide >= 100 and self.session.options.bars else []
        columns = 6 if wide < 60 else 12 if wide < 100 else 24
        values = courses.sampled(self.played(gauge.name), self.first, view.day, columns)
        cells.append(Cell("" if absent else courses.spark(values, gauge.low, gauge.high, self.game.ascii), columns, "dim"))
        cells.append(Cell(phrase("not yet here") if absent else gauge.word if gauge.word != str(gauge.value) else ""))
        if wide >= 60:
            cells.append(Cell(phrase("strength {value} of {high}", value=strength.value, high=strength.high) if strength is not None else "", 16, "dim"))
        return tuple(cells)

    # the course of one

    @property
    def first(self) -> int:
        """The day on which the campaign began."""
        day = self.campaign.beginning["!date"]
        assert isinstance(day, int)
        return day

    def played(self, name: str) -> tuple[Point, ...]:
        return courses.played(self.campaign.beginning, self.by_name[name], name)

    def recorded(self, name: str) -> tuple[str, tuple[Point, ...]]:
        """The title and the course of the last recorded line that moves a number."""
        story = self.campaign.story
        for line in reversed(list(story.lines)):
            found = courses.recorded(story, self.campaign.beginning, line, name, self.campaign.view.day)
            if found:
                return story.lines[line][0], found
        return "", ()

    def chosen(self) -> str:
        names = getattr(self, "names", [])
        if not names:
            return ""
        name = str(names[max(0, self.list.cursor)])
        return strength_of(name) if self.strength else name

    def tell(self) -> None:
        """The chart or the table, then who moved it."""
        name = self.chosen()
        if name:
            self.detail.show(list(self.about(self.campaign.view.gauge(name), name)))

    def about(self, gauge: Gauge, name: str) -> Iterator[Block]:
        view = self.campaign.view
        line, recorded = self.recorded(name)
        word = f", {gauge.word}" if gauge.word != str(gauge.value) else ""
        range_ = phrase("{value} of {low} to {high}{word}", value=gauge.value, low=gauge.low, high=gauge.high, word=word)
        key = f"{line} :" if recorded else phrase("no recorded event moves it")
        yield Block((Run(label_of_course(gauge).upper(), "head"), Run(f"   {range_}   {phrase('yours')} *   {key}", "dim")), 1, 3)
        played = self.played(name)
        yield from table(played, recorded, line, self.first, view) if self.as_table else self.chart(gauge, played, recorded)
        yield from moved_by(self.campaign, self.by_name[name][-LAST:])

    def chart(self, gauge: Gauge, played: Sequence[Point], recorded: Sequence[Point]) -> Iterator[Block]:
        columns = min(100, max(16, self.app.size.width - 10))
        rows = 9 if self.app.size.height >= 36 else 5
        view = self.campaign.view
        grid = [[" "] * columns for _ in range(rows)]
        for mark in courses.plotted((played, recorded), self.first, view.day, gauge.low, gauge.high, columns, rows):
            grid[mark.row][mark.column] = "*" if mark.line == 0 else ":"
        for k, line in enumerate(grid):
            at = round(gauge.high - k * (gauge.high - gauge.low) / (rows - 1))
            label = f"{at:>4} |" if k in (0, rows // 2, rows - 1) else "     |"
            yield Block((Run(label, "dim"), *painted("".join(line))), wide=True)
        yield Block((Run("     +" + axis(self.first, view.day, columns), "dim"),), wide=True)

    # keys

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.tell()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.tell()

    def action_other(self) -> None:
        """The chart of a faction's temper, or of its strength."""
        self.strength = not self.strength
        self.tell()

    def action_table(self) -> None:
        self.as_table = not self.as_table
        self.tell()

    def action_sort(self) -> None:
        keep = self.names[self.list.cursor] if self.names else ""
        self.sort = (self.sort + 1) % len(SORTS)
        self.fill(keep)

    def action_copy(self) -> None:
        view = self.campaign.view
        lines = [f"{view.gauge(n).label}\t{view.gauge(n).value}\t{view.gauge(n).word}" for n in self.names]
        self.copy("\n".join(lines), phrase("{n} numbers", n=len(lines)))

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.is_mounted and hasattr(self, "names"):
            self.call_after_refresh(self.fill, self.names[max(0, self.list.cursor)] if self.names else "")


def strength_of(name: str) -> str:
    """The strength that goes with a temper; any other number is its own."""
    return name.replace(".temper", ".strength")


def painted(line: str) -> Iterator[Run]:
    """A row of the chart, each course in its own colour; without colour the signs tell them apart."""
    start = 0
    for k in range(1, len(line) + 1):
        if k == len(line) or line[k] != line[start]:
            yield Run(line[start:k], {"*": "you", ":": "link_plain"}.get(line[start], ""))
            start = k


def axis(first: int, last: int, columns: int) -> str:
    """The years under a chart, each where it begins."""
    out = ["-"] * columns
    span = max(1, last - first)
    begins, ends_ = calendar_day(first), calendar_day(last)
    for year in range(begins.year, ends_.year + 1):
        at = max(0, (begins.replace(year=year, month=1, day=1).toordinal() - first) * columns // span)
        text = str(year)
        if at + len(text) <= columns and all(c == "-" for c in out[at : at + len(text) + 1]):
            out[at : at + len(text)] = text
    return "".join(out)


def table(played: Sequence[Point], recorded: Sequence[Point], line: str, first: int, view: View) -> Iterator[Block]:
    """The course as numbers, a row for each day on which one of the two moved."""
    yield row(Cell(" ", 1), Cell(phrase("from"), 18, "dim"), Cell(phrase("yours"), 6, "dim"), Cell(line, 0, "dim"))
    days = sorted({point.day for point in (*played, *recorded) if point.day <= view.day} or {first})
    for day in days:
        yield row(Cell(" ", 1), Cell(column_date(day), 18), Cell(f"{courses.at(played, day):>3}", 6, "strong"), Cell(f"{courses.at(recorded, day):>3}" if recorded else ""))


def moved_by(campaign: Campaign, receipts: Sequence[Receipt]) -> Iterator[Block]:
    """What moved a number, and who: the newest first."""
    if not receipts:
        yield said(phrase("Nothing has moved it."), "dim", 1)
    for receipt in reversed(receipts):
        kind, name = timeline.mover_of(campaign.story, campaign.state, receipt)
        old, new = receipt.change.old, receipt.change.new
        amount = f"{new - (old if isinstance(old, int) else 0):+d}" if isinstance(new, int) else ""
        yield Block((Run(f"{column_date(receipt.day):<18}", "dim"), Run(f"{amount:>3}  ", "strong"), Run(f"{timeline.mover_word(kind)}: ", "dim"), Run(name, "you" if kind == "you" else "")), 1, 24)
