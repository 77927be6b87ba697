"""The map: six regions and who holds them, legible without colour; and what happened where this year."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from redmexico import land
from redmexico.language import noted, phrase
from redmexico.narration import Run
from redmexico.timeline import day_words
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import Block, said
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, Ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.world import calendar_day


class Map(Face):
    """The drawing, the regions, and below what happened in the chosen one."""

    KEYS: ClassVar[Keys] = (("back", noted("back")), ("↑↓", noted("region")), ("factions", noted("factions")), ("timeline", noted("timeline")), ("help", noted("help")))
    HELP_TEXT = noted("Each region is filled with its number and the sign of how firmly it is held; the list names the holder. Below: what was decided and written there this year.")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("page_down", "page(1)"), bind("page_up", "page(-1)"), bind("map", "back"),
        bind("factions", "app.show('factions')"), bind("timeline", "app.show('timeline')"),
    ]

    def body(self) -> list[Widget]:
        self.drawn, self.list, self.detail = Page("drawn"), Chooser("regions"), Page("year", prose=True)
        return [Band("header"), rule(), Horizontal(self.drawn, self.list, id="land"), rule(), self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.fill()

    def fill(self) -> None:
        if not self.current:
            return
        view = self.campaign.view
        self.regions = land.regions(view)
        signs = "  ".join(f"{sign} {word}" for sign, word in land.scale(view))
        self.drawn.display = self.app.size.width >= 78 and self.app.size.height >= 24
        self.query_one("#header", Band).say([Ends((Run(f" {phrase('MAP')}", "strong"), Run(f"   {signs}", "dim")), (Run(f"{view.date} ", "strong"),))])
        blocks: list[Block] = []
        for i, region in enumerate(self.regions):
            count = len(region.events) + len(region.lines)
            about = f"  {phrase('{n} this year', n=count)}" if count and self.app.size.width >= 100 else f"  ({count})" if count else ""
            blocks.append(Block((Run(f"  {i + 1} {region.gauge.label:<8}", "strong"), Run(f"{land.sign(region.gauge)} {region.gauge.word}"), Run(about, "dim")), 0, 4, i))
        if not self.regions:
            blocks = [said(phrase("This story has no map."), "dim", 2)]
        self.list.offer(blocks, max(0, self.list.cursor))
        self.tell()

    def tell(self) -> None:
        if not self.regions:
            return
        here = max(0, self.list.cursor)
        self.drawn.show([
            Block(tuple(Run(part.text, "strong" if part.region == here else "dim") for part in row) or (Run(""),), wide=True) for row in land.drawing(self.campaign.view)
        ])
        self.detail.show(list(self.about(self.regions[here])))

    def about(self, region: land.Region) -> Iterator[Block]:
        year = calendar_day(self.campaign.view.day).year
        yield Block((Run(phrase("{region} IN {year}", region=region.gauge.label.upper(), year=year), "head"), Run(f"   {phrase('held: {word}', word=region.gauge.word)}", "dim")))
        for row in region.events:
            yield Block((Run(f"{row.mark} {row.word} ", row.verdict), Run(f" {day_words(row.when)} · ", "dim"), Run(row.yours or row.title)), 1, 3)
        for line in region.lines:
            yield Block((Run(f"{line.date}  ", "dim"), Run(line.text)), 1, 3)
        if not region.events and not region.lines:
            yield said(phrase("Nothing that reached the notebook."), "dim", 1)

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_page(self, pages: int) -> None:
        self.detail.turn(pages)

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.tell()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.tell()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.is_mounted and hasattr(self, "regions"):
            self.call_after_refresh(self.fill)
