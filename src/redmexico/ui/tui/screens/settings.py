"""Settings: how it reads and looks. They hold for this sitting."""

from __future__ import annotations

from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico.narration import Run
from redmexico.ui.tui import tables
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

CHOICES: tuple[tuple[str, str, tuple[tuple[Any, str], ...]], ...] = (
    ("theme", "Theme", (("auto", "auto"), ("dark", "dark"), ("light", "light"), ("contrast", "high contrast"))),
    ("charset", "Letters", (("unicode", "all"), ("ascii", "plain ASCII"))),
    ("motion", "Motion", (("none", "none"), ("full", "full"))),
    ("hints", "Hints", ((True, "on"), (False, "off"))),
    ("measure", "Line length", ((48, "48"), (58, "58"), (68, "68"))),
)


class Settings(Face):
    """Changed as one moves through them."""

    KEYS: ClassVar[Keys] = (("Esc", "back"), ("↑↓", "setting"), ("←→", "change"), ("?", "help"))
    HELP_TEXT = "Terminal colours and no colour at all are chosen when the game is started: --theme ansi, --theme mono, or NO_COLOR."
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"), ("down,j", "move(1)", "down"), ("left,h", "change(-1)", "change"), ("right,l,enter,space", "change(1)", "change"),
    ]

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        return [Band("header", [ends(" SETTINGS", role="strong")]), rule(), self.list, rule(), Page("detail", prose=True)]

    def on_mount(self) -> None:
        super().on_mount()
        self.fill()

    def fill(self) -> None:
        options = self.session.options
        blocks = [BLANK]
        for i, (name, title, known) in enumerate(CHOICES):
            now = getattr(options, name)
            values = [Run(f"[{word}]  " if value == now else f" {word}   ", "strong" if value == now else "dim") for value, word in known]
            blocks.append(Block((Run(f"  {title:<13}", "dim"), *values), 0, 15, i))
        self.list.offer(blocks, max(0, self.list.cursor))
        self.query_one("#detail", Page).show([
            said("The priest sets his hat on the ledger. Múgica's envoy looks at you, not at him.", "", 2, 2), BLANK, said(tables.legend(), "dim", 2, 2),
            said(f"Campaigns are kept in {self.session.folder}", "dim", 2, 2),
        ])

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_change(1)

    def action_change(self, by: int) -> None:
        """The next value of the setting under the cursor; it holds at once."""
        name, _, known = CHOICES[self.list.cursor]
        values = [value for value, _ in known]
        now = getattr(self.session.options, name)
        at = values.index(now) if now in values else 0
        setattr(self.session.options, name, values[(at + by) % len(values)])
        self.game.restyle()
        self.fill()
