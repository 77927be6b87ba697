"""The title: go on, begin, or look around."""

from __future__ import annotations

import time
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico import __version__, timeline
from redmexico.errors import RedMexicoError
from redmexico.language import noted, phrase, plural
from redmexico.narration import Run
from redmexico.state import number
from redmexico.timeline import column_date
from redmexico.ui.session import Listed
from redmexico.ui.tui import tables
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.world import calendar_day

NUMBERS = {1: noted("one"), 2: noted("two"), 3: noted("three"), 4: noted("four"), 5: noted("five"), 6: noted("six"), 7: noted("seven")}


def ago(then: int, now: float) -> str:
    """How long ago, roughly.

    >>> ago(0, 130.0), ago(0, 7300.0)
    ('2 min ago', '2 h ago')
    """
    minutes = max(0, int(now - then) // 60)
    if minutes < 1:
        return phrase("just now")
    if minutes < 60:
        return phrase("{n} min ago", n=minutes)
    return phrase("{n} h ago", n=minutes // 60) if minutes < 48 * 60 else phrase("{n} days ago", n=minutes // 1440)


class Title(Face):
    """What a player sees first. A returning one presses Enter and reads on."""

    KEYS: ClassVar[Keys] = (("1-9", noted("choose")), ("↑↓", noted("move")), ("take", noted("open")), ("help", noted("help")), ("palette", noted("palette")), ("quit", noted("quit")))
    HELP_TEXT = noted("Continue goes on where you last stopped. New campaign begins another; nothing is lost by it.")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("take", "take"), bind("campaigns", "app.campaigns"), bind("codex", "app.show('codex')"),
        bind("new", "app.show('begin')"), bind("endings", "app.show('endings')"), bind("source", "app.show('sources')"), *((str(n), f"number({n})", "open") for n in range(1, 10)),
    ]

    def body(self) -> list[Widget]:
        self.cover, self.list, self.last = Page("cover"), Chooser("menu"), Page("last")
        return [self.cover, self.list, self.last]

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        self.fill()

    def fill(self) -> None:
        """The menu as things stand in the folder."""
        latest = self.session.newest()
        story = self.session.story
        self.cover.show([
            BLANK, Block((Run(" ".join(story.title.upper()), "head"), Run(f"      {phrase('a game of three timelines')} · {__version__}", "dim")), 4, 4),
            said(phrase("What was recorded, what happened, and what you did."), "", 4), BLANK,
        ])
        self.menu = self.rows(latest)
        self.list.offer([
            Block((Run(f"{i + 1}  ", "strong"), Run(f"{name:<14}"), Run(about, "dim")), 4, 21, i) for i, (name, about, _) in enumerate(self.menu)
        ])
        self.call_after_refresh(self.show_last, latest)

    def rows(self, latest: Listed | None) -> list[tuple[str, str, str]]:
        count, story, found = self.session.count(), self.session.story, self.session.found
        go_on = []
        if latest is not None:
            date = f"{column_date(latest.date)} · " if latest.date else ""
            saved = phrase("saved {ago}", ago=ago(latest.played, time.time()))
            go_on = [(phrase("Continue"), f"{date}{latest.title} · {saved}", "continue")]
        campaigns = plural("{n} campaign and its branches", "{n} campaigns and their branches", count) if count else phrase("none yet")
        read = len(found.sets["read"] & set(story.codex))
        reached = len(found.sets["endings"] & set(story.endings))
        documents = phrase(NUMBERS.get(len(story.documents), "")) or len(story.documents)
        return [
            *go_on, (phrase("New campaign"), phrase("Enter begins; a name, terms and a seed if you like"), "app.show('begin')"), (phrase("Campaigns"), campaigns, "app.campaigns"),
            (phrase("Codex"), phrase("{n} of {all} entries read", n=read, all=len(story.codex)), "app.show('codex')"),
            (phrase("Endings"), phrase("{n} of {all} reached", n=reached, all=len(story.endings)), "app.show('endings')"),
            (phrase("Settings"), phrase("reading, colours, keys, what is told beforehand"), "app.settings"),
            (phrase("Sources"), phrase("{n} documents, and what we made up", n=documents), "app.show('sources')"),
            (phrase("Help"), phrase("keys and signs"), "help"), (phrase("Quit"), "", "app.quit"),
        ]

    def show_last(self, latest: Listed | None) -> None:
        """The marks of the last run; read from its file once the menu is seen."""
        if not self.is_attached:
            return
        try:
            self.tell_last(latest)
        except (RedMexicoError, KeyError, ValueError, OverflowError, AssertionError, TypeError):  # a file that fits no story of ours; opening it says so
            self.last.show([BLANK, said(phrase("Campaigns are kept in {folder}", folder=self.session.folder), "dim", 4)])

    def tell_last(self, latest: Listed | None) -> None:
        folder = said(phrase("Campaigns are kept in {folder}", folder=self.session.folder), "dim", 4)
        journal = self.session.saves.read(latest.slug).journal if latest is not None else None
        if journal is None or latest is None:
            self.last.show([BLANK, folder])
            return
        rows = timeline.rows(self.session.story, dict(journal.state))
        off = sum(1 for row in rows if row.verdict not in ("kept", "open"))
        marks = tables.marks_row(rows, max(4, (min(self.size.width, 100) - 24) // 2))
        began, stands = (calendar_day(number(state, "!date")).year for state in (journal.state_at(0), journal.state))
        years = Run(f"  {timeline.span_words(str(began), str(stands))}" if marks else phrase("nothing decided yet"), "dim")
        last = plural("Last run: {title}; {n} mark off the record.", "Last run: {title}; {n} marks off the record.", off, title=latest.title)
        self.last.show([
            BLANK, said(last, "", 4), Block((*marks, years), 4, 4), BLANK, folder,
        ])

    # what can be done

    def action_move(self, by: int) -> None:
        self.list.move(by)

    async def action_take(self) -> None:
        await self.take(self.list.cursor)

    async def action_number(self, number: int) -> None:
        await self.take(number - 1)

    async def on_chooser_taken(self, message: Chooser.Taken) -> None:
        await self.take(message.item)

    async def take(self, item: int) -> None:
        if not 0 <= item < len(self.menu):
            return
        what = self.menu[item][2]
        if what == "continue":
            latest = self.session.latest()
            if latest is not None:
                self.game.open(latest)
        else:
            await self.run_action(what)

    def action_back(self) -> None:
        """There is nothing behind the title."""
