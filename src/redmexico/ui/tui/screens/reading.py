"""Pages that are read and left again: factions, log, notebook, sources."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico.narration import Run
from redmexico.timeline import day_words
from redmexico.ui.tui import tables, telling
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.page import Page
from redmexico.world import calendar_day


class Reading(Face):
    """A long page under a heading, with a search."""

    KEYS: ClassVar[Keys] = (("Esc", "back"), ("Space", "on"), ("b", "up"), ("/", "search"), ("?", "help"))
    HELP_TEXT = "Space and b turn pages, arrows scroll. / searches backwards from here; Enter on an empty line looks for the same again."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("space,pagedown", "page(1)", "read on"), ("b,pageup", "page(-1)", "read back"), ("up,k", "scroll(-1)", "up"), ("down,j", "scroll(1)", "down"),
        ("home", "edge(0)", "to the top"), ("end", "edge(1)", "to the end"), ("slash", "search", "search"),
    ]
    HEADING = ""
    wanted = ""

    def body(self) -> list[Widget]:
        self.page = Page("page", prose=True)
        return [Band("header"), rule(), self.page]

    def on_mount(self) -> None:
        super().on_mount()
        self.query_one("#header", Band).say([ends(f" {self.heading()}", role="strong")])
        blocks = list(self.blocks())
        self.page.show(blocks, self.starts(blocks))

    def heading(self) -> str:
        return self.HEADING

    def blocks(self) -> Iterable[Block]:
        return ()

    def starts(self, blocks: list[Block]) -> int:
        """The block that is seen first."""
        return 0

    def action_page(self, pages: int) -> None:
        self.page.turn(pages)

    def action_scroll(self, by: int) -> None:
        self.page.scroll_relative(y=by, animate=False, immediate=True)

    def action_edge(self, end: int) -> None:
        self.page.bring(len(self.page.blocks) - 1 if end else 0)

    def action_search(self) -> None:
        def take(wanted: str | None) -> None:
            self.wanted = wanted or self.wanted
            if self.wanted and not self.page.find(self.wanted):
                self.say(f"Not here: {self.wanted}")

        self.app.push_screen(AskLine("Search for"), take)


class Factions(Reading):
    """Who is there and in what temper; all that is counted."""

    HEADING = "HOW IT STANDS"

    def blocks(self) -> Iterable[Block]:
        assert self.session.campaign is not None
        return tables.everything(self.session.campaign.view)


class Log(Reading):
    """Everything read on this branch, the newest at the end."""

    HEADING = "LOG"

    def blocks(self) -> Iterable[Block]:
        campaign = self.session.campaign
        assert campaign is not None
        scene = ""
        for step, before, label, told in campaign.transcript():
            if step:
                here = before.address.split("/")[0]
                yield from telling.scene(before, here != scene)
                scene = here
                yield Block((Run(f"> {label}", "you"), Run(f"   choice {step}", "dim")), 0, 2)
                yield BLANK
            yield from telling.told(self.session.story, told)
        yield said("You are here.", "dim")

    def starts(self, blocks: list[Block]) -> int:
        return len(blocks) - 1


class Notebook(Reading):
    """What the Secretary has written, by year."""

    HEADING = "NOTEBOOK"

    def blocks(self) -> Iterable[Block]:
        assert self.session.campaign is not None
        lines = self.session.campaign.view.notebook
        if not lines:
            yield said("Nothing has been written yet.", "dim")
        for year, found in groupby(lines, key=lambda line: line.day[:4]):
            yield said(year, "head")
            yield BLANK
            for line in found:
                day = day_words(calendar_day(1).fromisoformat(line.day).toordinal())
                text = Run(line.text) if line.text else Run("(a strip of paper in the seam; the rest was torn out)", "dim")
                yield Block((Run(f"{day}. ", "dim"), text), 0, 2)
                yield BLANK

    def starts(self, blocks: list[Block]) -> int:
        return len(blocks) - 1


class Sources(Reading):
    """The documents, what each is and claims, and what the game made up."""

    HEADING = "SOURCES AND ABOUT"

    def blocks(self) -> Iterable[Block]:
        story = self.session.story
        yield said(f"{story.title}: a text game about a history that was written down, one that happened, and yours.")
        yield BLANK
        for document in story.documents.values():
            yield said(str(document.get("title", document["id"])), "head")
            yield from (said(f"{key.replace('_', ' ')}: {value}", "", 2, 4) for key, value in document.items() if key not in ("id", "title") and value)
            yield BLANK
        for fact in story.facts.values():
            yield Block((Run(f"{fact.get('date', '')}  ", "dim"), Run(str(fact.get("title", ""))), Run(f"  [{fact.get('document', '')}]", "dim")), 0, 4)
        invented = [entry.title for entry in story.codex.values() if entry.label == "invented"]
        if invented:
            yield BLANK
            yield said("WHAT WE MADE UP", "head")
            yield said(", ".join(invented) + ".")
