"""Pages that are read and left again: the log, the notebook."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico.language import noted, phrase
from redmexico.narration import Run
from redmexico.timeline import day_words
from redmexico.ui.tui import telling
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.page import Page
from redmexico.world import calendar_day


class Reading(Face):
    """A long page under a heading, with a search."""

    KEYS: ClassVar[Keys] = (("back", noted("back")), ("page_down", noted("on")), ("page_up", noted("up")), ("search", noted("search")), ("copy", noted("copy")), ("help", noted("help")))
    HELP_TEXT = noted("Space and b turn pages, arrows scroll. / searches backwards from here; Enter on an empty line looks for the same again.")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("page_down", "page(1)"), bind("page_up", "page(-1)"), bind("up", "scroll(-1)"), bind("down", "scroll(1)"), bind("top", "edge(0)"), bind("bottom", "edge(1)"),
        bind("search", "search"), bind("next_found", "next_found"), bind("copy", "copy"),
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
        return phrase(self.HEADING)

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
            self.action_next_found()

        self.app.push_screen(AskLine(phrase("Search for")), take)

    def action_next_found(self) -> None:
        if not self.wanted:
            self.say(phrase("Nothing was searched for: / asks."))
        elif self.page.find(self.wanted):
            self.say(phrase("{words}: n for the next", words=self.wanted))
        else:
            self.say(phrase("Not here: {words}", words=self.wanted))

    def action_copy(self) -> None:
        """The whole page, as text."""
        self.copy("\n".join("".join(run.text for run in block.runs) or "  ".join(cell.text for cell in block.cells) for block in self.page.blocks), phrase("this page"))


class Log(Reading):
    """Everything read on this branch, the newest at the end."""

    HEADING = noted("LOG")

    def __init__(self, scene: str = "") -> None:
        super().__init__()
        self.scene = scene
        """the scene to be shown first; "" the present"""

    def blocks(self) -> Iterable[Block]:
        campaign = self.session.campaign
        assert campaign is not None
        scene = ""
        for step, before, label, told in campaign.transcript():
            if step:
                here = before.address.split("/")[0]
                yield from telling.scene(before, here != scene)
                scene = here
                yield Block((Run(f"> {label}", "you"), Run(f"   {phrase('choice {step}', step=step)}", "dim")), 0, 2)
                yield BLANK
            yield from telling.told(self.session.story, told)
        yield said(phrase("You are here."), "dim")

    def starts(self, blocks: list[Block]) -> int:
        wanted = f"scene:{self.scene}"
        return next((i for i, block in enumerate(blocks) if self.scene and block.target == wanted), len(blocks) - 1)


class Notebook(Reading):
    """What the Secretary has written, by year."""

    HEADING = noted("NOTEBOOK")

    def blocks(self) -> Iterable[Block]:
        assert self.session.campaign is not None
        lines = self.session.campaign.view.notebook
        if not lines:
            yield said(phrase("Nothing has been written yet."), "dim")
        for year, found in groupby(lines, key=lambda line: line.day[:4]):
            yield said(year, "head")
            yield BLANK
            for line in found:
                day = day_words(calendar_day(1).fromisoformat(line.day).toordinal())
                text = Run(line.text) if line.text else Run(phrase("(a strip of paper in the seam; the rest was torn out)"), "dim")
                yield Block((Run(f"{day}. ", "dim"), text), 0, 2)
                yield BLANK

    def starts(self, blocks: list[Block]) -> int:
        return len(blocks) - 1
