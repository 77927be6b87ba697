"""The codex: who and what, read and unread, with what History, Chronicle and yours say of each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from redmexico.engine import world_of
from redmexico.language import noted, noted_as, phrase, phrase_as
from redmexico.model import Entry
from redmexico.narration import Run
from redmexico.state import Values
from redmexico.timeline import recorded_date
from redmexico.ui import reference
from redmexico.ui.sentences import LABELS, first_met
from redmexico.ui.tui import telling
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

RESTS = 1.0
"""Seconds after which an entry on the screen counts as read."""
GROUPS = (noted_as("codex", "people"), noted_as("codex", "places"), noted_as("codex", "events"), noted_as("codex", "things"), noted_as("codex", "words"))
"""The groups that a writer may give; said as they are noted here."""


class Codex(Face):
    """A list of entries and the one that is read; side by side where there is room."""

    KEYS: ClassVar[Keys] = (
        ("back", noted("back")), ("↑↓", noted("entry")), ("take", noted("read")), ("page_down", noted("on")), ("follow", noted("follow a link")), ("search", noted("search")), ("help", noted("help")), ("source", noted("sources")),
        ("timeline", noted("its event")), ("copy", noted("copy")),
    )
    HELP_TEXT = noted(
        "Entries that you have not read yet are marked *; only what you have met is listed. Underlined words lead to other entries: "
        "c follows the first that you have not followed. / looks through titles and texts, n goes to the next that fits."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("take", "read"), bind("page_down", "page(1)"), bind("page_up", "page(-1)"), bind("top", "edge(0)"),
        bind("bottom", "edge(1)"), bind("follow", "follow"), bind("search", "search"), bind("next_found", "next_found"), bind("source", "source"), bind("copy", "copy"),
        bind("timeline", "timeline"),
    ]

    def __init__(self, entry: str = "") -> None:
        super().__init__()
        self.wanted = entry
        self.searched = ""
        self.followed: set[str] = set()

    def body(self) -> list[Widget]:
        self.list, self.text = Chooser("list"), Page("text", prose=True)
        return [Band("header"), rule(), Horizontal(self.list, self.text, id="two")]

    def on_mount(self) -> None:
        super().on_mount()
        story = self.session.story
        groups = list(dict.fromkeys(e.group for e in story.codex.values()))
        campaign = self.session.campaign
        met = campaign.view.codex.values() if campaign is not None else [e for e in story.codex.values() if e.known]
        self.entries: list[Entry] = sorted(met, key=lambda e: groups.index(e.group))
        if any(entry.id == self.wanted for entry in self.entries):
            self.query_one("#two").add_class("reading")
        self.resting = self.set_timer(RESTS, self.note_read)
        self.fill(next((i for i, e in enumerate(self.entries) if e.id == self.wanted), 0))
        self.read()
        self.call_after_refresh(self.list.show_cursor)  # only now has the list a height to scroll in

    def fill(self, at: int) -> None:
        """The list, with what is unread marked."""
        blocks: list[Block] = []
        group = ""
        for i, entry in enumerate(self.entries):
            if entry.group != group:
                group = entry.group
                blocks.append(said(phrase_as("codex", group).upper(), "dim", 1))
            unread = not self.session.found.has("read", entry.id)
            blocks.append(Block((Run("  * " if unread else "    ", "warn"), Run(entry.title, "strong" if unread else "")), 0, 5, i))
        self.list.offer(blocks, at)
        read = sum(1 for entry in self.entries if self.session.found.has("read", entry.id))
        count = phrase("{read} read, {met} met of {all}", read=read, met=len(self.entries), all=len(self.session.story.codex))
        self.query_one("#header", Band).say([ends(f" {phrase('CODEX')}", f"{count} ", "strong")])

    @property
    def beside(self) -> bool:
        """Whether list and text stand side by side."""
        return self.app.size.width >= 100

    @property
    def entry(self) -> Entry | None:
        return self.entries[self.list.cursor] if self.entries and self.list.cursor >= 0 else None

    def read(self) -> None:
        """The entry under the cursor."""
        entry = self.entry
        if entry is None:
            self.text.show([said(phrase("Nothing was met yet: underlined words lead here."), "dim")])
            return
        self.text.show(list(self.page(entry)))
        self.resting.stop()
        self.resting = self.set_timer(RESTS, self.note_read)

    def note_read(self) -> None:
        """An entry counts as read once it was looked at for a moment."""
        if not self.is_attached:
            return
        entry = self.entry
        if entry is not None and (self.beside or self.query_one("#two").has_class("reading")) and self.session.found.add("read", entry.id):
            self.fill(self.list.cursor)

    def page(self, entry: Entry) -> Iterator[Block]:
        story, campaign = self.session.story, self.session.campaign
        yield said(entry.title, "head")
        yield said(phrase(LABELS[entry.label]), "dim")
        yield BLANK
        state: Values = campaign.state if campaign is not None else {q.name: q.start for q in story.qualities.values()}
        yield from telling.paragraphs(entry.text.read(state, world_of(story)))
        if campaign is None:
            return
        told = reference.told(campaign, entry)
        for k, (title, says) in enumerate(told.lines, 1):
            mine = k == len(told.lines) and told.row is not None
            yield Block((Run(f"{title:<10}", "dim"), Run(says, told.row.verdict if mine and told.row is not None else "")), 0, 10)
        yield BLANK
        if told.met is not None:
            yield said(first_met(told.met), "dim", 0, 2)
        for document, date, title in told.facts:
            yield said(phrase("document {document}, {date}: {title}", document=document, date=recorded_date(date), title=title), "dim", 0, 2)

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.read()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_read()

    def action_move(self, by: int) -> None:
        if self.query_one("#two").has_class("reading") and not self.beside:
            self.text.scroll_relative(y=by, animate=False, immediate=True)
        else:
            self.list.move(by)

    def action_edge(self, end: int) -> None:
        self.list.go(len(self.entries) - 1 if end else 0)

    def action_read(self) -> None:
        self.query_one("#two").add_class("reading")
        self.read()
        self.note_read()

    def action_back(self) -> None:
        two = self.query_one("#two")
        if two.has_class("reading") and not self.beside and not self.wanted:
            two.remove_class("reading")
        else:
            super().action_back()

    def action_page(self, pages: int) -> None:
        self.text.turn(pages)

    def action_follow(self) -> None:
        """To the first linked entry that was not followed yet."""
        for block in self.text.blocks:
            for run in block.runs:
                if run.role == "link" and run.target not in self.followed and self.go(run.target):
                    self.followed.add(run.target)
                    return
        self.say(phrase("No link here leads to an entry that you have met and not followed."))

    def on_page_linked(self, message: Page.Linked) -> None:
        self.go(message.target)

    def go(self, id: str) -> bool:
        at = next((i for i, e in enumerate(self.entries) if e.id == id), None)
        if at is None or at == self.list.cursor:
            return False
        self.query_one("#two").add_class("reading")
        self.list.go(at)
        return True

    def action_search(self) -> None:
        def take(wanted: str | None) -> None:
            self.searched = (wanted or self.searched).casefold()
            self.action_next_found()

        self.app.push_screen(AskLine(phrase("Look up")), take)

    def action_next_found(self) -> None:
        """The next entry whose title, or else whose text, has the words."""
        if not self.searched:
            self.say(phrase("Nothing was searched for: / asks."))
            return
        count = len(self.entries)
        order = [(self.list.cursor + k) % count for k in range(1, count + 1)]
        story = self.session.story
        state: Values = self.session.campaign.state if self.session.campaign is not None else {q.name: q.start for q in story.qualities.values()}
        by_title = [i for i in order if self.searched in self.entries[i].title.casefold()]
        by_text = [i for i in order if self.searched in self.entries[i].text.line(state, world_of(story)).casefold()]
        for i in (*by_title, *by_text):
            if i != self.list.cursor or len(by_title) + len(by_text) == 1:
                self.go(self.entries[i].id)
                self.action_read()
                self.say(phrase("{words}: n for the next", words=self.searched))
                return
        self.say(phrase("Nothing under '{words}'.", words=self.searched))

    def action_source(self) -> None:
        if self.entry is not None:
            self.game.show("sources", self.entry.facts, self.entry.title)

    def action_timeline(self) -> None:
        if self.session.campaign is None or self.entry is None or not self.entry.event:
            self.say(phrase("No event of the timeline belongs to it."))
        else:
            self.game.show("timeline", self.entry.event)

    def action_copy(self) -> None:
        if self.entry is not None:
            self.copy("\n".join("".join(run.text for run in block.runs) for block in self.text.blocks), self.entry.title)
