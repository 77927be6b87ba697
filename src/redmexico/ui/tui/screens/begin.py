"""A new campaign: what it is called, on what terms, from which seed. Enter begins it as it stands."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico.language import noted, phrase
from redmexico.model import Mode
from redmexico.narration import Run
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page


class Begin(Face):
    """Every field has its value already; who you are is asked in the first scene."""

    KEYS: ClassVar[Keys] = (("take", noted("begin")), ("↑↓", noted("field")), ("←→", noted("another")), ("write", noted("write")), ("back", noted("back")), ("help", noted("help")))
    HELP_TEXT = noted("The same seed and the same choices give the same campaign. Where it begins and its terms cannot be changed afterwards.")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("left", "other(-1)"), bind("right", "other(1)"), bind("take", "begin"), bind("write", "write"),
    ]

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        return [Band("header", [ends(" " + phrase("NEW CAMPAIGN"), role="strong")]), rule(), self.list, Page("about", prose=True)]

    def on_mount(self) -> None:
        super().on_mount()
        story = self.session.story
        self.fields = {"title": story.title, "start": next(iter(story.starts)), "mode": next(iter(story.modes)), "seed": ""}
        self.fill()

    def fill(self) -> None:
        story, fields = self.session.story, self.fields
        mode, start = story.modes[fields["mode"]], story.starts[fields["start"]]
        shown = (
            (phrase("Title"), fields["title"], phrase("Space to write another")),
            (phrase("Begins"), start.title, "" if len(story.starts) == 1 else phrase("← → for another")),
            (phrase("Terms"), mode.title, phrase("← → for others")),
            (phrase("Seed"), fields["seed"] or phrase("made up for you"), phrase("Space to write one")),
        )
        self.list.offer(
            [BLANK, *(Block((Run(f"  {name:<8}", "dim"), Run(value, "strong"), Run(f"   {how}", "dim")), 0, 10, i) for i, (name, value, how) in enumerate(shown))], max(0, self.list.cursor)
        )
        self.query_one("#about", Page).show([
            Block((Run(f"{start.title}  ", "strong"), Run(start.about)), 2, 4), Block((Run(f"{mode.title}  ", "strong"), Run(mode.about or without(mode))), 2, 4), BLANK,
            said(phrase("Enter begins. Every choice is saved as you make it."), "dim", 2), said(phrase("Who you are is the first question of the story."), "dim", 2),
        ])

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def on_chooser_taken(self, message: Chooser.Taken) -> None:
        self.action_other(1) if message.item in (1, 2) else self.action_write()

    def action_other(self, by: int) -> None:
        """The next start, or the next terms."""
        story = self.session.story
        field, known = {1: ("start", list(story.starts)), 2: ("mode", list(story.modes))}.get(self.list.cursor, ("", []))
        if known:
            self.fields[field] = known[(known.index(self.fields[field]) + by) % len(known)]
            self.fill()

    def action_write(self) -> None:
        field = {0: "title", 3: "seed"}.get(self.list.cursor)
        if field is None:
            self.action_other(1)
            return

        def take(text: str | None) -> None:
            if text:
                self.fields[field] = text[:40]
                self.fill()

        self.app.push_screen(AskLine(phrase("What is it called?") if field == "title" else phrase("Which seed?"), self.fields[field]), take)

    def action_begin(self) -> None:
        self.game.start(self.fields["title"], self.fields["seed"], self.fields["start"], self.fields["mode"])


def without(mode: Mode) -> str:
    """What a mode does without, where its writer says nothing of it; "" where it does without nothing."""
    told = ((phrase("a way back"), mode.rewind), (phrase("costs told beforehand"), mode.previews), (phrase("word of what is to come"), mode.foreknowledge))
    hidden = [word for word, shown in told if not shown]
    return phrase("Without {things}.", things=phrase(" or ").join(hidden)) if hidden else ""
