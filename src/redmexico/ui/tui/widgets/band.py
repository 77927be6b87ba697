"""A band: a few fixed lines across the screen, each with a left and a right part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from textual.strip import Strip

from redmexico.language import plural
from redmexico.narration import Run
from redmexico.ui.tui.lines import Line, cut, plain_end, shown
from redmexico.ui.tui.widgets.page import Page


class Ends(NamedTuple):
    """A line whose right part stands at the edge."""

    left: tuple[Run, ...]
    right: tuple[Run, ...] = ()


def ends(left: str, right: str = "", role: str = "") -> Ends:
    return Ends((Run(left, role),), (Run(right, role),) if right else ())


class Band(Page):
    """Header, status, footer: what does not scroll."""

    ALLOW_SELECT = False

    def __init__(self, id: str | None = None, rows: Sequence[Ends] = (), filler: str = " ") -> None:
        super().__init__(id=id)
        self.rows: tuple[Ends, ...] = tuple(rows)
        self.filler = filler
        """what stands between left and right; a rule is a band of nothing else"""

    def say(self, rows: Sequence[Ends]) -> None:
        """Show other lines; as many as there are."""
        if len(rows) != len(self.rows):
            self.styles.height = max(1, len(rows))
        self.rows = tuple(rows)
        self.refresh()

    def more(self, lines: int) -> None:
        """Under a page: say that it goes on."""
        rows = (Ends((), (Run(f" {plural('{n} more line: Space', '{n} more lines: Space', lines)} ", "dim"),)),) if lines else (Ends(()),)
        if rows != self.rows:
            self.say(rows)

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if not 0 <= y < len(self.rows):
            return Strip.blank(width, self.rich_style)
        left, right = (self._lettered(part) for part in self.rows[y])
        room = width - sum(cell_len(run.text) for run in right)
        if right and room < min(24, 1 + sum(cell_len(run.text) for run in left)):
            right, room = (), width
        used = 0
        segments: list[Segment] = []
        for run in left:
            wanted = cell_len(run.text)
            text = run.text if used + wanted <= room - bool(right) else plain_end(cut(run.text, max(0, room - used - bool(right))), self.lettering)
            segments.append(Segment(text, self.look(run.role)))
            used += cell_len(text)
        filler = self.lettering(self.filler)
        segments.append(Segment(filler * max(0, room - used), self.rich_style))
        segments += [Segment(run.text, self.look(run.role)) for run in right]
        return Strip(segments).adjust_cell_length(width, self.rich_style)

    def _lettered(self, runs: tuple[Run, ...]) -> Line:
        return tuple(Run(self.lettering(shown(run.text)).replace("\n", " "), run.role) for run in runs)


def rule(id: str | None = None) -> Band:
    """A line across."""
    band = Band(id, (Ends(()),), "─")
    band.add_class("rule")
    return band
