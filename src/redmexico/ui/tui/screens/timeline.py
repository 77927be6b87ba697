"""The timeline: what happened, what the Chronicle records, and yours, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from redmexico.campaign import Campaign
from redmexico.narration import Run
from redmexico.timeline import Row, short_date
from redmexico.ui.tui import tables
from redmexico.ui.tui.lines import BLANK, Block, Cell, fit, row, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.screens.why import answer
from redmexico.ui.tui.widgets.band import Band, Ends, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

SETTLE = 0.08
"""Seconds the cursor rests on a row before its causes are worked out."""


class Timeline(Face):
    """Every event by date; below, why the chosen one came as it did."""

    KEYS: ClassVar[Keys] = (
        ("Esc", "back"), ("↑↓", "row"), ("←→", "next mark"), ("Enter", "all of why"), ("d", "marked only"), ("/", "search"), ("b", "go back there"), ("?", "help"),
        ("1 2 3", "line"),
    )
    HELP_TEXT = (
        "Each row is an event; the sign compares yours with the record. Left and right jump to the next event that is not as recorded. "
        "b goes back to before the last choice it turned on; nothing is lost by it. On narrow screens 1, 2 and 3 show one line at a time."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"), ("down,j", "move(1)", "down"), ("space,pagedown", "page(1)", "page down"), ("pageup", "page(-1)", "page up"),
        ("left", "mark(-1)", "mark before"), ("right", "mark(1)", "next mark"), ("enter,w", "why", "why"), ("d", "divergent", "marked only"),
        ("slash", "search", "search"), ("b", "branch", "go back there"), ("t", "back", "back"),
        ("1", "line(0)", "History"), ("2", "line(1)", "Chronicle"), ("3", "line(2)", "yours"), ("home", "edge(0)", "first"), ("end", "edge(1)", "last"),
    ]

    def __init__(self) -> None:
        super().__init__()
        self.divergent = False
        self.wanted = ""
        self.filled_at = 0
        """the width for which the columns were made"""
        self.line = 2
        """the line shown where there is room for one alone"""
        self.rows: tuple[Row, ...] = ()

    @property
    def campaign(self) -> Campaign:
        assert self.session.campaign is not None
        return self.session.campaign

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        self.detail = Page("detail", prose=True)
        return [Band("header"), rule(), Band("columns"), self.list, rule(), self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.pending = self.set_timer(SETTLE, self.tell)
        self.fill(now=True)
        self.call_after_refresh(lambda: self.list.go(self.list.cursor))  # only now has the list a height to scroll in

    @property
    def narrow(self) -> bool:
        return self.app.size.width < 100

    # showing

    def fill(self, now: bool = False, keep: str = "") -> None:
        """The rows that are wanted; the cursor on the present, or where it was."""
        self.filled_at = self.app.size.width
        view = self.campaign.view
        self.rows = tuple(r for r in view.rows if not self.divergent or r.verdict not in ("kept", "open"))
        self.query_one("#header", Band).say([self.heading()])
        self.query_one("#columns", Band).say([ends("")])
        names = [name for name, _, _ in view.story.lines.values()]
        blocks = [row(*self.fields(r), item=i, target=r.event) for i, r in enumerate(self.rows)]
        if not self.divergent:
            blocks.insert(tables.now_of(self.rows, view.day), said(f"── {view.date} ──", "you", 2))
        self.list.offer(blocks)
        self.query_one("#columns", Band).display = not self.narrow
        self.columns(names)
        at = next((i for i, r in enumerate(self.rows) if r.event == keep), None)
        self.list.go(at if at is not None else max(0, tables.now_of(self.rows, view.day) - 1) if now else 0)
        self.tell()

    def heading(self) -> Ends:
        years = f"{short_date(self.rows[0].first, self.rows[0].first)[:4]} to {short_date(self.rows[-1].first, self.rows[-1].first)[:4]}" if self.rows else ""
        off = "  ".join(f"{self.campaign.story.lines[line][0]} {percent} off" for line, percent in self.campaign.view.divergence.items())
        shown = "not as recorded" if self.divergent else f"[{['History', 'Chronicle', 'Yours'][self.line]}]" if self.narrow else "all events"
        return Ends((Run(" TIMELINE", "strong"), Run(f"   {years}   {shown}", "dim")), (Run(f"{off} ", "dim"),))

    def columns(self, names: list[str]) -> None:
        cells = [Cell(" ", 1), Cell("YEAR", 11, "dim"), *(Cell(name.upper(), 0, "dim") for name in names), Cell(" ", 1), Cell("YOURS", 0, "dim")]
        self.query_one("#columns", Band).say([Ends(fit(cells, self.app.size.width - 1, self.list.lettering))])

    def fields(self, one: Row) -> tuple[Cell, ...]:
        """A row: the date, what each line has, the sign and yours."""
        story = self.campaign.story
        sign = Cell(one.mark, 1, one.verdict)
        date = Cell(short_date(one.first, one.last), 11, "dim")
        lines = list(story.lines)
        mine = tables.yours(one)
        if not self.narrow:
            recorded = [Cell(tables.recorded(story, one, line), 0, "" if line in one.records else "dim") for line in lines]
            return (Cell(" ", 1), date, *recorded, sign, Cell(mine if one.records else f"{mine}: {one.yours or one.title}", 0, one.verdict))
        if self.line < len(lines):
            return (Cell(" ", 1), date, Cell(tables.recorded(story, one, lines[self.line]), 0), sign, Cell(one.word, 13, one.verdict))
        return (Cell(" ", 1), date, Cell(one.yours or one.title, 0, "" if one.verdict != "open" else "dim"), sign, Cell(one.word, 13, one.verdict))

    def tell(self) -> None:
        """Below the list: what is recorded of the chosen event, and why it came so."""
        self.detail.show(list(self.about()))

    def about(self) -> Iterator[Block]:
        if not self.rows:
            yield said("Nothing here is off the record." if self.divergent else "Nothing has been decided yet.", "dim")
            return
        one = self.rows[self.list.cursor]
        texts: dict[str, list[str]] = {}
        for line, text in one.records.items():
            texts.setdefault(text, []).append(self.campaign.story.lines[line][0])
        for text, names in texts.items():
            yield Block((Run(f"{' and '.join(names)}: ", "dim"), Run(text)), 0, 2)
        yield from answer(self.campaign, one.event)
        yield BLANK
        yield said(tables.legend(), "dim")

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.pending.stop()
        self.pending = self.set_timer(SETTLE, self.tell)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.is_mounted and self.session.campaign is not None and event.size.width != self.filled_at:
            keep = self.rows[self.list.cursor].event if self.rows and self.list.cursor >= 0 else ""
            self.call_after_refresh(self.fill, not keep, keep)

    # moving

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_page(self, by: int) -> None:
        self.list.move_page(by)

    def action_edge(self, end: int) -> None:
        self.list.go(len(self.rows) - 1 if end else 0)

    def action_mark(self, by: int) -> None:
        """The next event that is not as recorded."""
        count = len(self.rows)
        for k in range(1, count + 1):
            at = (self.list.cursor + by * k) % count
            if self.rows[at].verdict not in ("kept", "open"):
                self.list.go(at)
                return
        self.say("Everything so far is as recorded.")

    def action_divergent(self) -> None:
        keep = self.rows[self.list.cursor].event if self.rows else ""
        self.divergent = not self.divergent
        self.fill(not keep, keep)

    def action_line(self, line: int) -> None:
        self.line = line
        keep = self.rows[self.list.cursor].event if self.rows else ""
        self.fill(not keep, keep)

    def action_search(self) -> None:
        def take(wanted: str | None) -> None:
            self.wanted = (wanted or self.wanted).casefold()
            for k in range(1, len(self.rows) + 1):
                at = (self.list.cursor + k) % len(self.rows)
                one = self.rows[at]
                if self.wanted and self.wanted in " ".join((one.title, one.yours, one.word, *one.records.values(), short_date(one.first, one.last))).casefold():
                    self.list.go(at)
                    return
            if self.wanted:
                self.say(f"Not here: {self.wanted}")

        self.app.push_screen(AskLine("Search the timeline for"), take)

    def action_why(self) -> None:
        if self.rows:
            self.game.show("why", self.rows[self.list.cursor].event)

    def action_branch(self) -> None:
        """Go back to before the choice on which an event turned, after asking."""
        why = self.campaign.why(self.rows[self.list.cursor].event) if self.rows else None
        causes = (why.turning or why.behind) if why is not None else ()
        if not causes:
            self.say("No choice of yours to go back to stands behind this.")
            return
        cause = causes[-1]

        def take(answer: str | None) -> None:
            if answer == "y":
                record = self.campaign.step_record(cause.step - 1)
                self.game.attempt(lambda: self.campaign.rewind(record))
                self.app.pop_screen()

        question = (f"Go back to before choice {cause.step}?", cause.label, "What you played since stays as a branch: g shows it.")
        self.app.push_screen(Ask(question, (("y", "go back"), ("n", "stay"))), take)
