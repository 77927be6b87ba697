"""A list with a cursor: choices, campaigns, events, whatever one can be taken from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from redmexico.ui.tui.lines import Block, Line, lay
from redmexico.ui.tui.widgets.page import Page


class Chooser(Page):
    """Entries of one or more blocks each; the cursor stands on one of them.

    Where `terse` is set, details are shown for the entry under the cursor alone.
    """

    ALLOW_SELECT = False

    @dataclass
    class Moved(Message):
        """The cursor came to another entry."""

        chooser: Chooser
        item: int

    @dataclass
    class Taken(Message):
        """An entry was clicked."""

        chooser: Chooser
        item: int

    def __init__(self, id: str | None = None) -> None:
        super().__init__(id=id)
        self.cursor = -1
        self.items: tuple[int, ...] = ()
        self.terse = False

    def offer(self, blocks: Sequence[Block], cursor: int = 0) -> None:
        """Put other entries in the list, with the cursor on one of them."""
        self.blocks = list(blocks)
        self.fresh = 0
        self.items = tuple(dict.fromkeys(block.item for block in blocks if block.item >= 0))
        self.cursor = cursor if cursor in self.items else (self.items[0] if self.items else -1)
        self.relay()
        self.scroll_to(y=0, animate=False, immediate=True)
        self.show_cursor()

    def first_wanted(self) -> int:
        return 0

    def laid(self, start: int, end: int) -> list[tuple[int, Line]]:
        out: list[tuple[int, Line]] = []
        for i in range(start, end):
            block = self.blocks[i]
            if self.terse and block.detail and block.item != self.cursor:
                continue
            out += [(i, line) for line in lay(block, self._width, self.measure, self.lettering)]
        return out

    def height_of(self, width: int, terse: bool) -> int:
        """How many lines the list takes in so many columns."""
        lettering = self.lettering
        wanted = (b for b in self.blocks if not (terse and b.detail and b.item != self.cursor))
        return sum(len(lay(block, width, self.measure, lettering)) for block in wanted)

    # the cursor

    def move(self, by: int) -> None:
        """The cursor up or down, round the ends."""
        if self.items:
            at = self.items.index(self.cursor) if self.cursor in self.items else 0
            self.go(self.items[(at + by) % len(self.items)])

    def move_page(self, by: int) -> None:
        """The cursor by about a page, stopping at the ends."""
        if self.items:
            at = self.items.index(self.cursor) if self.cursor in self.items else 0
            self.go(self.items[max(0, min(len(self.items) - 1, at + by * max(1, self.size.height - 1)))])

    def go(self, item: int) -> None:
        """The cursor to an entry."""
        if item in self.items and item != self.cursor:
            self.cursor = item
            if self.terse:
                self.relay()
            self.refresh()
            self.post_message(self.Moved(self, item))
        self.show_cursor()

    def show_cursor(self) -> None:
        """Scroll so that the entry is seen whole, and put the terminal's cursor there."""
        rows = [y for y, (i, _) in enumerate(self.lines) if self.blocks[i].item == self.cursor]
        height = self.size.height
        if not self.items or not rows or not height:
            return
        top = int(self.scroll_offset.y)
        if rows[0] < top or self.cursor == self.items[0]:
            top = 0 if self.cursor == self.items[0] else rows[0]
        elif rows[-1] >= top + height:
            top = min(rows[0], rows[-1] - height + 1)
        if top != int(self.scroll_offset.y):
            self.scroll_to(y=top, animate=False, immediate=True)
        self.app.cursor_position = Offset(self.region.x, self.region.y + rows[0] - top)

    def to_fresh(self) -> None:
        self.show_cursor()

    def on_click(self, event: Click) -> None:
        at = event.y + int(self.scroll_offset.y)
        if 0 <= at < len(self.lines):
            item = self.blocks[self.lines[at][0]].item
            if item >= 0:
                self.go(item)
                self.post_message(self.Taken(self, item))

    def dressed(self, at: int, width: int) -> Strip:
        block, line = self.lines[at]
        if self.blocks[block].item != self.cursor or self.cursor < 0:
            return super().dressed(at, width)
        cursor = self.look("cursor")
        kept = {"em": Style(italic=True), "link": Style(underline=True)}
        segments = [Segment(run.text, cursor + kept.get(run.role, Style.null())) for run in line]
        first = at == 0 or self.lines[at - 1][0] != block
        if first and not self.blocks[block].detail and segments and segments[0].text[:1] == " ":
            text = segments[0].text
            at = max(0, len(text) - len(text.lstrip(" ")) - 2)
            segments[0] = Segment(f"{text[:at]}>{text[at + 1 :]}", cursor)
        return Strip(segments).adjust_cell_length(width, cursor)


class Choices(Chooser):
    """What may be chosen here. It takes the rows that the text leaves, and more where it must."""

    def __init__(self, id: str, text: Page) -> None:
        super().__init__(id=id)
        self.text = text

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """All entries with their details if text and list fit; else a fair share, told shortly."""
        rows = max(2, container.height - 1)
        whole = self.height_of(width, False)
        left = max(rows - self.text.fresh_lines(min(width, self.text.measure)), rows // 2)
        terse = whole > left
        if terse != self.terse:
            self.terse = terse
            if self._width:
                self.call_after_refresh(self.relay)
        return max(1, min(left, self.terse_height(width) if terse else whole))

    def terse_height(self, width: int) -> int:
        """The labels, and room for the longest detail, so that nothing jumps as the cursor moves."""
        lettering = self.lettering
        details: dict[int, int] = {}
        labels = 0
        for block in self.blocks:
            lines = len(lay(block, width, self.measure, lettering))
            if block.detail:
                details[block.item] = details.get(block.item, 0) + lines
            else:
                labels += lines
        return labels + max(details.values(), default=0)
