"""The codex: who and what, each entry with a word on where it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from redmexico.engine import world_of
from redmexico.model import Entry
from redmexico.narration import Run
from redmexico.timeline import short_date
from redmexico.ui.tui import telling
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

LABELS = {
    "documented": "documented: it is on record", "chronicle": "from the Chronicle, the recorded alternate history",
    "invented": "invented for this game", "disputed": "disputed: the sources do not agree",
}


class Codex(Face):
    """A list of entries and the one that is read; side by side where there is room."""

    KEYS: ClassVar[Keys] = (("Esc", "back"), ("↑↓", "entry"), ("Enter", "read"), ("Space", "on"), ("c", "follow a link"), ("/", "search"), ("?", "help"))
    HELP_TEXT = "Underlined words in an entry lead to others: c follows the first that you have not followed."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"), ("down,j", "move(1)", "down"), ("enter", "read", "read"), ("space,pagedown", "page(1)", "read on"),
        ("pageup", "page(-1)", "read back"), ("c", "follow", "follow a link"), ("slash", "search", "search"),
    ]

    def __init__(self, entry: str = "") -> None:
        super().__init__()
        self.wanted = entry
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
        blocks: list[Block] = []
        group = ""
        for i, entry in enumerate(self.entries):
            if entry.group != group:
                group = entry.group
                blocks.append(said(group.replace("_", " ").upper(), "dim", 1))
            blocks.append(Block((Run(entry.title),), 3, 5, i))
        at = next((i for i, e in enumerate(self.entries) if e.id == self.wanted), 0)
        self.query_one("#header", Band).say([ends(" CODEX", f"{len(self.entries)} of {len(story.codex)} met ", "strong")])
        self.list.offer(blocks, at)
        if any(entry.id == self.wanted for entry in self.entries):
            self.query_one("#two").add_class("reading")
        self.read()

    def read(self) -> None:
        """The entry under the cursor."""
        if self.entries:
            self.text.show(list(self.page(self.entries[self.list.cursor])))

    def page(self, entry: Entry) -> Iterator[Block]:
        story, campaign = self.session.story, self.session.campaign
        yield said(entry.title, "head")
        yield said(LABELS.get(entry.label, entry.label), "dim")
        yield BLANK
        state = campaign.state if campaign is not None else {q.name: q.start for q in story.qualities.values()}
        yield from telling.paragraphs(entry.text.read(state, world_of(story)))
        row = next((r for r in campaign.view.rows if r.event == entry.event), None) if campaign is not None and entry.event else None
        if row is not None:
            yield Block((Run(f"{short_date(row.first, row.last).strip()}  ", "dim"), Run(f"yours: {row.mark} {row.word}", row.verdict)))
            yield BLANK
        for id in entry.facts:
            fact = story.facts.get(id)
            if fact is not None:
                yield said(f"document {fact['document']}, {fact['date']}: {fact['title']}", "dim", 0, 2)

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.read()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_read()

    def action_move(self, by: int) -> None:
        two = self.query_one("#two")
        if two.has_class("reading") and self.size.width < 100:
            self.text.scroll_relative(y=by, animate=False, immediate=True)
        else:
            self.list.move(by)

    def action_read(self) -> None:
        self.read()
        self.query_one("#two").add_class("reading")

    def action_back(self) -> None:
        two = self.query_one("#two")
        if two.has_class("reading") and self.size.width < 100 and not self.wanted:
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
        self.say("No link here that you have not followed.")

    def go(self, id: str) -> bool:
        at = next((i for i, e in enumerate(self.entries) if e.id == id), None)
        if at is None or at == self.list.cursor:
            return False
        self.list.go(at)
        self.action_read()
        return True

    def action_search(self) -> None:
        def take(wanted: str | None) -> None:
            found = next((e.id for e in self.entries if wanted and wanted.casefold() in e.title.casefold()), None)
            if found is not None:
                self.go(found)
            elif wanted:
                self.say(f"Nothing under '{wanted}'.")

        self.app.push_screen(AskLine("Look up"), take)
