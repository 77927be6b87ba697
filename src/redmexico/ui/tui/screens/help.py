"""Help: the keys of the screen one comes from, the signs, and where things are kept."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from redmexico.timeline import MARKS, WORDS
from redmexico.ui.tui.keys import ACTS, keys_of, written
from redmexico.ui.tui.lines import BLANK, Block, Cell, row, said
from redmexico.ui.tui.screens.face import Face
from redmexico.ui.tui.screens.reading import Reading

EVERYWHERE = (
    ("back", "back; it never quits"), ("quit", "quit, asks once"), ("help", "this help, for where you are"), ("settings", "settings"),
    ("palette", "every action, scene and codex entry by name"),
    ("mouse", "does everything too; drag marks text and Ctrl+C copies it; Shift+drag marks it the terminal's own way"),
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
        acts = {act for act, _ in self.of.KEYS}
        named = {b.id: b.description for b in self.of.BINDINGS if isinstance(b, Binding) and b.id and b.id not in acts}
        for act, does in (*self.of.KEYS, *named.items()):
            if act not in dict(EVERYWHERE):
                yield row(Cell(self.written(act), 14, "strong"), Cell(ACTS[act].does if act in ACTS and does == act else does))
        yield BLANK
        yield said("EVERYWHERE", "head")
        for act, does in EVERYWHERE:
            yield row(Cell(self.written(act), 14, "strong"), Cell(does))
        yield BLANK
        yield said("SIGNS", "head")
        for verdict, mark in MARKS.items():
            yield row(Cell(mark, 2, verdict), Cell(WORDS[verdict], 14, verdict), Cell(SIGNS[verdict]))
        yield BLANK
        yield said("Every choice is saved as you make it. Undo, redo and going back are written down too: nothing that was played is lost.")
        yield said(f"Campaigns are kept in {self.session.folder}", "dim")

    def written(self, act: str) -> str:
        """All keys of an action, as they are now."""
        return " or ".join(written(key) for key in keys_of(act, self.session.options)) if act in ACTS else act

    def action_help(self) -> None:
        """One is there already."""
        self.action_back()
