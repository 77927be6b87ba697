"""The timeline: what happened, what the Chronicle records, and yours, side by side."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.widget import Widget

from redmexico.language import listed, noted, phrase, phrase_as
from redmexico.narration import Run
from redmexico.timeline import Row, default_line, short_date
from redmexico.ui import sentences
from redmexico.ui.tui import tables
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, Cell, fit, row, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Keys, Listing
from redmexico.ui.tui.screens.why import answer, chain, led_to
from redmexico.ui.tui.widgets.band import Band, Ends, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.world import calendar_day

SETTLE = 0.08
"""Seconds the cursor rests on a row before its causes are worked out."""
SHOWN = 4
"""Choices behind an event that are told below the list; Enter tells all."""
WEIGHTS = (0, 2, 3, 4)
"""The least weight of the rows shown, one after another."""


class Timeline(Listing):
    """Every event by date; below, why the chosen one came as it did and what it led to."""

    KEYS: ClassVar[Keys] = (
        ("back", noted("back")), ("↑↓", noted("row")), ("←→", noted("next mark")), ("whole_why", noted("all of why")), ("marked", noted("marked only")), ("search", noted("search")), ("branch", noted("branch there")),
        ("help", noted("help")), ("1 2 3", noted("lines")), ("subject", noted("subject")), ("weight", noted("weight")), ("zoom", noted("years")), ("all_rows", noted("all")), ("compare", noted("against")), ("source", noted("source")), ("copy", noted("copy")),
        ("codex", noted("codex")),
    )
    HELP_TEXT = noted(
        "Each row is an event; the sign compares yours with the record. Left and right jump to the next event that is not as recorded. "
        "d, x and v show fewer rows: marked ones, one subject, weighty ones; z shows a year a row, and Enter opens it; 0 shows all again; i compares the signs with another line. "
        "b goes back to before an event, or begins a campaign of its own there; nothing is lost by it. 1, 2 and 3 put a line in or out of sight; "
        "on narrow screens they show one line at a time. How far off a line is: of the weights of all its events due by now, what is "
        "not as it has them, out of a hundred; an event that is overdue and still open counts as late."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "mark(-1)"), bind("right", "mark(1)"), bind("whole_why", "why"), bind("timeline", "back"), bind("marked", "marked"), bind("subject", "subject"),
        bind("weight", "weight"), bind("zoom", "zoom"), bind("all_rows", "all"), bind("compare", "compare"), bind("search", "search"), bind("next_found", "next_found"), bind("branch", "branch"),
        bind("source", "source"), bind("copy", "copy"), bind("codex", "codex"), ("1", "line(0)", "History"), ("2", "line(1)", "Chronicle"), ("3", "line(2)", "yours"),
    ]

    def __init__(self, event: str = "") -> None:
        super().__init__()
        self.event = event
        """the row to begin at"""
        self.marked = False
        self.subject = ""
        self.weight = 0
        self.year = 0
        """the one year that is shown; 0: all"""
        self.years = False
        """whether a row is a year"""
        self.line_against = ""
        """the line that signs compare with; "" the one that holds on this day"""
        self.hidden: set[int] = set()
        """lines put out of sight, where there is room for all"""
        self.wanted = ""
        self.filled_at = 0
        """the width for which the columns were made"""
        self.line = 2
        """the line shown where there is room for one alone"""
        self.rows: tuple[Row, ...] = ()
        self.groups: tuple[tables.Year, ...] = ()

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        self.detail = Page("detail", prose=True)
        self.detail_rule = rule("more")
        self.detail.foot = self.detail_rule
        return [Band("header"), rule(), Band("columns"), self.list, self.detail_rule, self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.line = len(self.campaign.story.lines)
        self.pending = self.set_timer(SETTLE, self.tell)
        self.fill(now=not self.event, keep=self.event)
        self.call_after_refresh(lambda: self.list.go(self.list.cursor))  # only now has the list a height to scroll in
        self.hint("timeline", phrase("Left and right jump to what is not as recorded; Enter tells why."))

    @property
    def against(self) -> str:
        """The line that the signs compare with."""
        return self.line_against or default_line(self.campaign.story, self.campaign.state)

    def action_compare(self) -> None:
        """The signs against the next line."""
        lines = list(self.campaign.story.lines)
        self.line_against = lines[(lines.index(self.against) + 1) % len(lines)]
        self.again()
        self.say(phrase("Signs against {line}.", line=self.campaign.story.lines[self.against][0]))

    @property
    def narrow(self) -> bool:
        return self.app.size.width < 100

    # showing

    def wanted_rows(self) -> tuple[Row, ...]:
        """The rows that the filters leave."""
        story = self.campaign.story
        lines = list(story.lines)
        seen = {line for i, line in enumerate(lines) if i not in self.hidden or self.narrow}
        mine = len(lines) not in self.hidden or self.narrow
        return tuple(
            r for r in self.campaign.view.rows_against(self.line_against)
            if (not self.marked or r.verdict not in ("kept", "open"))
            and (not self.subject or self.subject in story.events[r.event].subjects)
            and (r.weight >= self.weight or not r.records)
            and (not self.year or tables.year_of(r) == self.year)
            and (seen & set(r.records) or (mine and r.verdict != "open"))
        )

    def fill(self, now: bool = False, keep: str = "") -> None:
        """The rows that are wanted; the cursor on the present, or where it was."""
        if not self.current:
            return
        self.filled_at = self.app.size.width
        view = self.campaign.view
        self.rows = self.wanted_rows()
        self.groups = tables.years(self.rows) if self.years else ()
        self.query_one("#header", Band).say([self.heading()])
        self.query_one("#columns", Band).say([ends("")])
        if self.years:
            blocks = [tables.year_row(group, i) for i, group in enumerate(self.groups)]
        else:
            blocks = [row(*self.fields(r), item=i, target=r.event) for i, r in enumerate(self.rows)]
            if self.rows and not self.marked and self.year in (0, calendar_day(view.day).year):
                blocks.insert(sum(r.last <= view.day for r in self.rows), said(f"── {view.date} ──", "you", 2))
        self.list.offer(blocks)
        self.query_one("#columns", Band).display = not self.narrow and not self.years
        self.columns()
        at = next((i for i, r in enumerate(self.rows) if r.event == keep), None) if not self.years else None
        self.list.go(at if at is not None else max(0, tables.now_of(self.rows, view.day) - 1) if now and not self.years else 0)
        self.tell()

    def heading(self) -> Ends:
        off = "  ".join(
            phrase("{line} {percent} off", line=self.campaign.story.lines[line][0], percent=percent) for line, percent in self.campaign.view.divergence.items()
        )
        titles = [*(title for title, _, _ in self.campaign.story.lines.values()), phrase_as("line", "Yours")]
        boxes = f"[{titles[self.line]}]" if self.narrow else " ".join(f"[{' ' if i in self.hidden else 'x'}] {title}" for i, title in enumerate(titles))
        kept = [
            phrase("not as recorded") if self.marked else "", self.subject.replace("_", " "), phrase("weight {n} up", n=self.weight) if self.weight else "",
            f"{self.year}" if self.year else "", phrase("by years") if self.years else "",
        ]
        shown = " · ".join(filter(None, kept)) or ("" if self.narrow else phrase("all events"))
        against = self.campaign.story.lines[self.against][0]
        if self.narrow:
            return Ends((Run(f" {phrase('TIMELINE')} ", "strong"), Run(boxes, "you"), Run(f" {phrase('against {line}', line=against)}  ", "dim"), Run(shown, "you")))
        return Ends((Run(f" {phrase('TIMELINE')}", "strong"), Run(f"  {phrase('signs against {line}', line=against)}   ", "dim"), Run(shown, "you"), Run(f"   {boxes}", "dim")), (Run(f"{off} ", "dim"),))

    def columns(self) -> None:
        names = [title for i, (title, _, _) in enumerate(self.campaign.story.lines.values()) if i not in self.hidden]
        mine = [Cell(" ", 1), Cell(phrase_as("line", "Yours").upper(), 0, "dim")] if len(self.campaign.story.lines) not in self.hidden else []
        cells = [Cell(" ", 1), Cell(phrase("YEAR"), 11, "dim"), *(Cell(name.upper(), 0, "dim") for name in names), *mine]
        self.query_one("#columns", Band).say([Ends(fit(cells, self.app.size.width - 1, self.list.lettering))])

    def fields(self, one: Row) -> tuple[Cell, ...]:
        """A row: the date, what each line has, the sign and yours."""
        story = self.campaign.story
        sign = Cell(one.mark, 1, one.verdict)
        date = Cell(short_date(one.first, one.last), 11, "dim")
        lines = list(story.lines)
        mine = tables.yours(one)
        if not self.narrow:
            shown = [line for i, line in enumerate(lines) if i not in self.hidden]
            cells = [Cell(tables.recorded(story, one, line), 0, "" if line in one.records else "dim") for line in shown]
            own = (sign, Cell(mine if one.records and shown else f"{mine}: {one.yours or one.title}", 0, one.verdict)) if len(lines) not in self.hidden else ()
            return (Cell(" ", 1), date, *cells, *own)
        word = (Cell(one.word, 13, one.verdict),) if self.app.size.width >= 60 else ()
        if self.line < len(lines):
            return (Cell(" ", 1), date, Cell(tables.recorded(story, one, lines[self.line]), 0), sign, *word)
        return (Cell(" ", 1), date, Cell(one.yours or one.title, 0, "" if one.verdict != "open" else "dim"), sign, *word)

    @property
    def row(self) -> Row | None:
        """The event under the cursor."""
        return self.rows[self.list.cursor] if self.rows and not self.years and 0 <= self.list.cursor < len(self.rows) else None

    def tell(self) -> None:
        """Below the list: what is recorded of the chosen event, and why it came so."""
        if not self.current:
            return
        self.detail.show(list(self.about()))

    def about(self) -> Iterator[Block]:
        if not self.rows:
            yield said(phrase("No event is left by these filters: 0 shows all.") if self.filtered else phrase("Nothing has been decided yet."), "dim")
            return
        if self.years:
            yield from tables.year_told(self.groups[max(0, self.list.cursor)])
            return
        one = self.row
        if one is None:
            return
        texts: dict[str, list[str]] = {}
        for line, text in one.records.items():
            texts.setdefault(text, []).append(self.campaign.story.lines[line][0])
        for text, names in texts.items():
            yield Block((Run(f"{listed(names)}: ", "dim"), Run(text)), 0, 2)
        yield from chain(self.campaign, one) if self.app.size.height < 30 else answer(self.campaign, one.event, SHOWN)
        yield from led_to(self.campaign, one.event, 3)
        yield BLANK
        yield said(f"{tables.legend()}   {phrase('against {line}', line=self.campaign.story.lines[self.against][0])}", "dim")

    @property
    def filtered(self) -> bool:
        return bool(self.marked or self.subject or self.weight or self.year or self.hidden)

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.pending.stop()
        self.pending = self.set_timer(SETTLE, self.tell)

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        if self.years:
            self.action_why()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.is_mounted and self.session.campaign is not None and event.size.width != self.filled_at:
            keep = self.row.event if self.row is not None else ""
            self.call_after_refresh(self.fill, not keep, keep)

    # moving

    def action_mark(self, by: int) -> None:
        """The next event that is not as recorded."""
        count = 0 if self.years else len(self.rows)
        for k in range(1, count + 1):
            at = (self.list.cursor + by * k) % count
            if self.rows[at].verdict not in ("kept", "open"):
                self.list.go(at)
                return
        self.say(phrase("Everything here is as recorded, or open.") if not self.years else phrase("Enter opens a year."))

    # fewer rows, and all again

    def again(self) -> None:
        """Show what the filters leave, the cursor where it was."""
        keep = self.row.event if self.row is not None else ""
        self.fill(not keep, keep)

    def action_marked(self) -> None:
        self.marked = not self.marked
        self.again()

    def action_subject(self) -> None:
        """One subject after another, then all."""
        known = ["", *dict.fromkeys(s for r in self.campaign.view.rows for s in self.campaign.story.events[r.event].subjects)]
        self.subject = known[(known.index(self.subject) + 1) % len(known)] if self.subject in known else ""
        self.again()

    def action_weight(self) -> None:
        self.weight = WEIGHTS[(WEIGHTS.index(self.weight) + 1) % len(WEIGHTS)]
        self.again()

    def action_zoom(self) -> None:
        """A year a row, or an event a row."""
        self.years, self.year = not self.years, 0
        self.again()

    def action_all(self) -> None:
        keep = self.row.event if self.row is not None else ""
        self.marked, self.years, self.subject, self.weight, self.year = False, False, "", 0, 0
        self.hidden.clear()
        self.fill(not keep, keep)

    def action_line(self, line: int) -> None:
        """On a narrow screen the line that is shown; elsewhere one put in or out of sight, never the last."""
        if line > len(self.campaign.story.lines):
            return
        if self.narrow:
            self.line = line
        elif line in self.hidden:
            self.hidden.discard(line)
        elif len(self.hidden) < len(self.campaign.story.lines):
            self.hidden.add(line)
        self.again()

    # looking

    def action_search(self) -> None:
        def take(wanted: str | None) -> None:
            self.wanted = (wanted or self.wanted).casefold()
            self.action_next_found()

        if self.years:
            self.action_zoom()
        self.app.push_screen(AskLine(phrase("Search the timeline for")), take)

    def action_next_found(self) -> None:
        for k in range(1, len(self.rows) + 1):
            at = (self.list.cursor + k) % len(self.rows)
            one = self.rows[at]
            if self.wanted and self.wanted in " ".join((one.title, one.yours, one.word, *one.records.values(), short_date(one.first, one.last))).casefold():
                self.list.go(at)
                self.say(phrase("{words}: n for the next", words=self.wanted))
                return
        self.say(phrase("Not here: {words}", words=self.wanted) if self.wanted else phrase("Nothing was searched for: / asks."))

    def action_why(self) -> None:
        if self.years and self.groups:
            self.year, self.years = self.groups[max(0, self.list.cursor)].year, False
            self.fill()
        elif self.row is not None:
            self.game.show("why", self.row.event)

    def action_source(self) -> None:
        if self.row is not None:
            self.game.show("sources", (self.campaign.story.events[self.row.event].fact,), self.row.title)

    def action_codex(self) -> None:
        """The codex, at the entry on this event, if one is known."""
        event = self.row.event if self.row is not None else ""
        found = [id for id, entry in self.campaign.view.codex.items() if entry.event and entry.event == event]
        self.game.show("codex", *found[:1])

    def action_copy(self) -> None:
        if self.row is not None:
            self.copy(sentences.row(self.campaign.view, self.row), self.row.title)

    def action_branch(self) -> None:
        """Go back to before an event, or to before the choice that it turned on: here, or as a campaign of its own."""
        one = self.row
        why = self.campaign.why(one.event) if one is not None else None
        if one is None or why is None or not why.step:
            stood = why is not None and why.decided
            self.say(phrase("It stood so when the campaign began.") if stood else phrase("This is not decided yet; there is no moment to go back to."))
            return
        causes = why.turning or why.behind
        places = [(why.step - 1, phrase("the eve of it, before choice {step}", step=why.step))]
        if causes and causes[-1].step != why.step:
            places.append((causes[-1].step - 1, phrase("before choice {step}: {label}", step=causes[-1].step, label=causes[-1].label)))
        answers = [(str(i + 1), phrase("go back to {moment}", moment=about)) for i, (_, about) in enumerate(places)]
        answers += [(chr(ord("a") + i), phrase("a campaign of its own from {moment}", moment=about)) for i, (_, about) in enumerate(places)]

        def take(answer: str | None) -> None:
            if not answer or answer == "n":
                return
            own = answer.isalpha()
            step = places[ord(answer) - ord("a") if own else int(answer) - 1][0]
            self.game.branch_at(step, own, one.title)

        question = (phrase("{event}: from where?", event=one.yours or one.title), phrase("What you have played stays as a branch; g shows it."))
        self.app.push_screen(Ask(question, (*answers, ("n", phrase("stay")))), take)
