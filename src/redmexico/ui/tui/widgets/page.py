"""A page: blocks of text in a window of rows, wrapped only where somebody looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.events import Click, MouseScrollDown, MouseScrollUp, Resize
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip

from redmexico.ui.lettering import ascii_of
from redmexico.ui.tui.lines import Block, Lettering, Line, lay, spaced
from redmexico.ui.tui.themes import look

NEAR = 40
"""Blocks wrapped at once when more of the past is looked at."""


NO_MEASURE = 10_000


def plainly(text: str) -> str:
    """The text for a terminal with the plainest letters."""
    return ascii_of(text.replace("↑↓", "up/down").replace("←→", "left/right"))


def as_it_is(text: str) -> str:
    return text


class Foot(Protocol):
    """What stands under a page and says whether there is more."""

    def more(self, lines: int) -> None: ...


class Page(ScrollView, can_focus=False):
    """Text that is read from its end: the present is wrapped, the past only when scrolled to.

    `fresh` is the first block of what is new; everything before it is shown as old.
    """


    @dataclass
    class Linked(Message):
        """A word that leads to the codex was clicked."""

        target: str

    def __init__(
        self, id: str | None = None, prose: bool = False, ages: bool = False, foot: Foot | None = None, lead: bool = False
    ) -> None:
        super().__init__(id=id)
        self.prose = prose
        """whether its lines keep to the reading measure"""
        self.ages = ages
        """whether what was read before is shown as old"""
        self.foot = foot
        """told how much there is below"""
        self.lead = lead
        """whether a third of the page above the new is seen: what is not long, and read from its middle"""
        self.blocks: list[Block] = []
        self.fresh = 0
        self.anchored = True
        """whether the new text stays at the top; until the player scrolls"""
        self.first = 0
        """the first block that is wrapped"""
        self.lines: list[tuple[int, Line]] = []
        """the wrapped lines, each with its block"""
        self._width = 0
        self._looks: dict[str, Style] = {}

    @property
    def measure(self) -> int:
        """How long a line of prose may be."""
        options = getattr(self.app, "session", None) and self.app.session.options  # type: ignore[attr-defined]  # every app of ours has one
        return options.measure if self.prose and options else NO_MEASURE

    @property
    def spacing(self) -> str:
        """How far apart lines of prose stand: close, normal or open."""
        options = getattr(self.app, "session", None) and self.app.session.options  # type: ignore[attr-defined]  # as above
        return options.spacing if self.prose and options else "normal"

    @property
    def lettering(self) -> Lettering:
        """How letters are written on this terminal."""
        return plainly if getattr(self.app, "ascii", False) else as_it_is

    # what is on the page

    def show(self, blocks: Sequence[Block], fresh: int = 0) -> None:
        """Put other text on the page; it is shown from the block `fresh` on."""
        self.blocks = list(blocks)
        self.fresh = fresh
        self.anchored = True
        self.relay()
        self.to_fresh()

    def relay(self) -> None:
        """Wrap again what is near the end, for the present width."""
        self._width = self.scrollable_content_region.width or self._width
        self.first = self.first_wanted()
        self.lines = self.laid(self.first, len(self.blocks)) if self._width else []
        self.virtual_size = Size(self._width, len(self.lines))
        self.refresh(layout=self.styles.is_auto_height)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All lines; asked where a page is as high as its text."""
        return self.height_from(0, width)

    def height_from(self, first: int, width: int) -> int:
        """How many lines the text takes from a block on."""
        lettering, spacing, measure = self.lettering, self.spacing, self.measure
        return sum(len(spaced(self.blocks, i, width, measure, lettering, spacing)) for i in range(first, len(self.blocks)))

    def first_wanted(self) -> int:
        return 0 if self.lead else max(0, min(self.fresh, len(self.blocks)) - NEAR)

    def laid(self, start: int, end: int) -> list[tuple[int, Line]]:
        width, lettering, spacing = self._width, self.lettering, self.spacing
        if spacing == "normal":
            return [(i, line) for i in range(start, end) for line in lay(self.blocks[i], width, self.measure, lettering)]
        return [(i, line) for i in range(start, end) for line in spaced(self.blocks, i, width, self.measure, lettering, spacing)]

    def unroll(self) -> None:
        """Wrap more of the past, above, without moving what is seen."""
        if not self.first:
            return
        start = max(0, self.first - NEAR)
        above = self.laid(start, self.first)
        self.first = start
        self.lines = above + self.lines
        self.virtual_size = Size(self._width, len(self.lines))
        self.scroll_to(y=self.scroll_offset.y + len(above), animate=False, immediate=True)

    # where one looks

    def fresh_line(self) -> int:
        return next((y for y, (i, _) in enumerate(self.lines) if i >= self.fresh), 0)

    def fresh_lines(self, width: int) -> int:
        """How many lines the new text has in a page of this width."""
        return self.height_from(self.fresh, width)

    def to_fresh(self) -> None:
        """Bring the beginning of the new text to the top, or as near as there is text."""
        above = self.size.height // 3 if self.lead else 0
        self.scroll_to(y=max(0, self.fresh_line() - above), animate=False, immediate=True)
        self.call_after_refresh(self.tell_foot)

    @property
    def more_below(self) -> int:
        return max(0, len(self.lines) - int(self.scroll_offset.y) - self.size.height)

    def tell_foot(self) -> None:
        if self.foot is not None and self.is_attached:
            self.foot.more(self.more_below)

    def turn(self, pages: int) -> bool:
        """Scroll by whole pages, a line kept; whether there was anything to scroll."""
        self.anchored = False
        before = self.scroll_offset.y
        if pages < 0 and before <= self.size.height:
            self.unroll()
            before = self.scroll_offset.y
        self.scroll_to(y=before + pages * max(1, self.size.height - 1), animate=False, immediate=True)
        return self.scroll_offset.y != before

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        super().watch_scroll_y(old_value, new_value)
        self.tell_foot()
        if new_value <= 0 < old_value and self.first:
            self.call_later(self.unroll)

    def find(self, wanted: str) -> bool:
        """Scroll to the next block above the present line that holds these words, round the end."""
        wanted = wanted.casefold()
        here = self.lines[int(self.scroll_offset.y)][0] if self.lines else 0
        order = [*range(here - 1, -1, -1), *range(len(self.blocks) - 1, here - 1, -1)]
        for i in order:
            text = "".join(run.text for run in self.blocks[i].runs) + " ".join(cell.text for cell in self.blocks[i].cells)
            if wanted in text.casefold():
                self.bring(i)
                return True
        return False

    def bring(self, block: int) -> None:
        """Scroll so that a block stands at the top."""
        self.anchored = False
        while self.first > block:
            self.unroll()
        y = next((y for y, (i, _) in enumerate(self.lines) if i >= block), 0)
        self.scroll_to(y=y, animate=False, immediate=True)

    def on_resize(self, _: Resize) -> None:
        if self.scrollable_content_region.width != self._width:
            first = not self.lines
            self.relay()
            self.to_fresh()
            if first and self.lead:
                self.call_after_refresh(self.to_fresh)  # only now does the page know how far it can be scrolled
        elif self.anchored:
            self.to_fresh()
        self.tell_foot()

    def on_mouse_scroll_up(self, _: MouseScrollUp) -> None:
        self.anchored = False

    def on_mouse_scroll_down(self, _: MouseScrollDown) -> None:
        self.anchored = False

    def on_click(self, event: Click) -> None:
        """A click on an underlined word opens its entry."""
        at = event.y + int(self.scroll_offset.y)
        x = 0
        for run in self.lines[at][1] if 0 <= at < len(self.lines) else ():
            x += cell_len(run.text)
            if event.x < x:
                if run.role == "link" and run.target:
                    self.post_message(self.Linked(run.target))
                return

    # how it looks

    def restyled(self) -> None:
        """Letters or colours are others now."""
        self._looks.clear()
        self.relay()

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def look(self, role: str) -> Style:
        """The style of a role under the present theme."""
        found = self._looks.get(role)
        if found is None:
            found = self._looks[role] = self.rich_style + look(role, self.app.theme_variables)
        return found

    def render_line(self, y: int) -> Strip:
        at = y + int(self.scroll_offset.y)
        width = self.size.width
        if not 0 <= at < len(self.lines):
            return Strip.blank(width, self.rich_style)
        strip = self.dressed(at, width)
        return self.selected(strip, at).apply_offsets(0, at) if self.allow_select else strip

    def dressed(self, at: int, width: int) -> Strip:
        """One wrapped line with its styles."""
        block, line = self.lines[at]
        old = self.ages and block < self.fresh
        segments = [Segment(run.text, self.look("old") if old and run.role in ("", "em", "strong", "head") else self.look(run.role)) for run in line]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    # what is marked with the mouse

    def selected(self, strip: Strip, at: int) -> Strip:
        """The line with its marked part marked."""
        selection = self.text_selection
        span = selection.get_span(at) if selection is not None else None
        if span is None:
            return strip
        start, end = span
        parts = strip.divide([start, strip.cell_length if end == -1 else end, strip.cell_length])
        marked = parts[1].apply_style(Style(reverse=True)) if len(parts) > 1 else Strip([])
        return Strip.join([parts[0], marked, *parts[2:]])

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """The marked text, as its lines stand on the screen."""
        return selection.extract("\n".join("".join(run.text for run in line) for _, line in self.lines)), "\n"

    def selection_updated(self, selection: Selection | None) -> None:
        self.refresh()
