"""Questions: one answered by a key, one by a line of text."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from redmexico.language import phrase
from redmexico.narration import Run
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page


class Asking(ModalScreen[str]):
    """A question over the screen; "" is no answer."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss('')", "back")]


class Ask(Asking):
    """A question with a few answers, each on a key; gives the key."""

    AUTO_FOCUS = None
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"), ("down,j", "move(1)", "down"), ("enter", "take", "take"),
    ]

    def __init__(self, question: tuple[str, ...], answers: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.question = question
        self.answers = answers

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Page("question")
            yield Chooser("answers")

    def on_mount(self) -> None:
        self.query_one("#question", Page).show([*(said(line) for line in self.question), BLANK])
        self.query_one("#answers", Chooser).offer([Block((Run(f" {key}  ", "strong"), Run(text)), 0, 4, i) for i, (key, text) in enumerate(self.answers)])

    def on_key(self, event: events.Key) -> None:
        if event.character in [key for key, _ in self.answers]:
            event.stop()
            self.dismiss(event.character)

    def action_move(self, by: int) -> None:
        self.query_one("#answers", Chooser).move(by)

    def action_take(self) -> None:
        self.dismiss(self.answers[self.query_one("#answers", Chooser).cursor][0])

    def on_chooser_taken(self, message: Chooser.Taken) -> None:
        self.dismiss(self.answers[message.item][0])


class AskLine(Asking):
    """A question answered by a line."""

    def __init__(self, question: str, given: str = "") -> None:
        super().__init__()
        self.question = question
        self.given = given

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Page("question")
            yield Input(self.given, max_length=200)

    def on_mount(self) -> None:
        self.query_one("#question", Page).show([said(self.question, "strong"), said(phrase("Enter to take it, Esc to leave it"), "dim")])

    def on_input_submitted(self, event: Input.Submitted) -> None:
        self.dismiss(event.value.strip())
