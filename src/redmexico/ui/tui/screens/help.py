"""Help: the keys of the screen one comes from, the signs, and where things are kept."""

from __future__ import annotations

from collections.abc import Iterable

from redmexico.timeline import MARKS, WORDS
from redmexico.ui.tui.lines import BLANK, Block, Cell, row, said
from redmexico.ui.tui.screens.face import Face
from redmexico.ui.tui.screens.reading import Reading

EVERYWHERE = (
    ("Esc", "back; it never quits"), ("q", "quit, asks once"), ("? or F1", "this help, for where you are"), (",", "settings"), (": or Ctrl+P", "every action by name"),
    ("mouse", "does everything too; Shift+drag selects text as usual"),
)
SIGNS = {
    "kept": "it came as recorded", "early": "sooner than recorded", "late": "later", "altered": "it came, but otherwise",
    "averted": "it did not come", "unwritten": "no record knows of it", "open": "not decided yet",
}


class Help(Reading):
    """Keys first."""

    HEADING = "HELP"

    def __init__(self, of: Face) -> None:
        super().__init__()
        self.of = of

    def blocks(self) -> Iterable[Block]:
        if self.of.HELP_TEXT:
            yield said(self.of.HELP_TEXT)
            yield BLANK
        yield said("HERE", "head")
        for key, does in self.of.KEYS:
            if key != "?":
                yield row(Cell(key, 12, "strong"), Cell(does))
        yield BLANK
        yield said("EVERYWHERE", "head")
        for key, does in EVERYWHERE:
            yield row(Cell(key, 12, "strong"), Cell(does))
        yield BLANK
        yield said("SIGNS", "head")
        for verdict, mark in MARKS.items():
            yield row(Cell(mark, 2, verdict), Cell(WORDS[verdict], 14, verdict), Cell(SIGNS[verdict]))
        yield BLANK
        yield said("Every choice is saved as you make it. Undo, redo and going back are written down too: nothing that was played is lost.")
        yield said(f"Campaigns are kept in {self.session.folder}", "dim")

    def action_help(self) -> None:
        """One is there already."""
        self.action_back()
