"""Help: the keys of the screen one comes from, the signs, and where things are kept."""

from __future__ import annotations

from collections.abc import Iterable

from textual.binding import Binding

from redmexico.language import noted, phrase
from redmexico.timeline import MARKS, verdict_word
from redmexico.ui.tui.keys import ACTS, keys_of, written
from redmexico.ui.tui.lines import BLANK, Block, Cell, row, said
from redmexico.ui.tui.screens.face import Face
from redmexico.ui.tui.screens.reading import Reading

EVERYWHERE = (
    ("back", noted("back; it never quits")), ("quit", noted("quit, asks once")), ("help", noted("this help, for where you are")), ("settings", noted("settings")),
    ("palette", noted("every action, scene and codex entry by name")),
    (noted("mouse"), noted("does everything too; drag marks text and Ctrl+C copies it; Shift+drag marks it the terminal's own way")),
)
SIGNS = {
    "kept": noted("it came as recorded"), "early": noted("sooner than recorded"), "late": noted("later"), "altered": noted("it came, but otherwise"),
    "averted": noted("it did not come"), "unwritten": noted("no record knows of it"), "open": noted("not decided yet"),
}


class Help(Reading):
    """Keys first."""

    HEADING = noted("HELP")

    def __init__(self, of: Face) -> None:
        super().__init__()
        self.of = of

    def blocks(self) -> Iterable[Block]:
        if self.of.HELP_TEXT:
            yield said(phrase(self.of.HELP_TEXT))
            yield BLANK
        yield said(phrase("HERE"), "head")
        acts = {act for act, _ in self.of.KEYS}
        named = {b.id: b.description for b in self.of.BINDINGS if isinstance(b, Binding) and b.id and b.id not in acts}
        here = [(act, does) for act, does in (*self.of.KEYS, *named.items()) if act not in dict(EVERYWHERE)]
        room = min(18, max([14, *(len(self.written(act)) + 1 for act, _ in here)]))
        for act, does in here:
            yield row(Cell(self.written(act), room, "strong"), Cell(phrase(ACTS[act].does if act in ACTS and does == act else does)))
        yield BLANK
        yield said(phrase("EVERYWHERE"), "head")
        for act, does in EVERYWHERE:
            yield row(Cell(self.written(act), room, "strong"), Cell(phrase(does)))
        yield BLANK
        yield said(phrase("SIGNS"), "head")
        for verdict, mark in MARKS.items():
            yield row(Cell(mark, 2, verdict), Cell(verdict_word(verdict), 14, verdict), Cell(phrase(SIGNS[verdict])))
        yield BLANK
        yield said(phrase("Every choice is saved as you make it. Undo, redo and going back are written down too: nothing that was played is lost."))
        yield said(phrase("Campaigns are kept in {folder}", folder=self.session.folder), "dim")

    def written(self, act: str) -> str:
        """All keys of an action, as they are now."""
        return phrase(" or ").join(written(key) for key in keys_of(act, self.session.options)) if act in ACTS else phrase(act)

    def action_help(self) -> None:
        """One is there already."""
        self.action_back()
