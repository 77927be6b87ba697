"""What every screen has: its keys at the foot, a word said once, the banner while saving fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from redmexico.narration import Run
from redmexico.ui.session import Session
from redmexico.ui.tui.widgets.band import Band, Ends, ends

if TYPE_CHECKING:
    from redmexico.ui.tui.app import RedMexico

Keys = tuple[tuple[str, str], ...]
"""A key and what it does, in the order of the footer: the first ones stay where it is narrow."""


class Face(Screen[None]):
    """A screen of the game. `KEYS` is its footer and the first page of its help."""

    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-xs"), (60, "-s"), (100, "-m"), (160, "-l")]  # noqa: RUF012  Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-short"), (18, "-tall"), (30, "-high")]  # noqa: RUF012  as above
    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "back", "back"),
        ("question_mark,f1", "help", "help"),
        ("q", "app.quit", "quit"),
        ("comma", "app.settings", "settings"),
        ("colon", "app.command_palette", "palette"),
    ]
    KEYS: ClassVar[Keys] = ()
    HELP_TEXT: ClassVar[str] = ""

    @property
    def game(self) -> RedMexico:
        return cast("RedMexico", self.app)

    @property
    def session(self) -> Session:
        return self.game.session

    def sized(self, size: Size) -> Face:
        """Its size class from the start, so that it is laid out once."""
        self.add_class(*self._get_breakpoint_classes(size.width, self.HORIZONTAL_BREAKPOINTS), *self._get_breakpoint_classes(size.height, self.VERTICAL_BREAKPOINTS))
        return self

    def compose(self) -> ComposeResult:
        self.small, self.banner, self.footer = Band("small"), Band("banner"), Band("footer")
        yield self.small
        yield self.banner
        yield from self.body()
        yield self.footer

    def body(self) -> list[Widget]:
        """What stands between banner and footer."""
        return []

    def on_mount(self) -> None:
        self.foot()

    def on_screen_resume(self) -> None:
        self.update_banner()

    def foot(self) -> None:
        """The keys, as many as fit."""
        help = sum(len(f"{key} {does}  ") for key, does in self.KEYS if key == "?")
        room, runs = self.app.size.width + 1, [Run(" ")]
        for key, does in self.KEYS:
            wanted = len(f"{key} {does}  ")
            help -= wanted if key == "?" else 0
            if wanted + help > room:
                continue
            room -= wanted
            runs += [Run(key, "strong"), Run(f" {does}  ", "dim")]
        self.footer.say([Ends((*runs[:-1], Run(runs[-1].text.rstrip(), runs[-1].role)))])

    def say(self, text: str) -> None:
        """Say something where the keys stand, until the next key."""
        self.footer.say([ends(f" {text}", role="you")])
        self.said = True

    said = False

    def on_key(self, _: events.Key) -> None:
        if self.said:
            self.said = False
            self.foot()

    def update_banner(self) -> None:
        """The banner stays while saving fails."""
        failing = self.session.failing
        self.banner.set_class(bool(failing), "shown")
        if failing:
            self.banner.say([ends(f" NOT SAVED: {failing}. It is tried again at every choice.", role="warn")])
        notice = self.session.notice
        if notice:
            self.say(notice)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.small.say([ends(f"Red Mexico needs 40 by 12; this is {width} by {height}.")])
        self.foot()

    def action_back(self) -> None:
        self.app.pop_screen()

    def action_help(self) -> None:
        from redmexico.ui.tui.screens.help import Help

        self.app.push_screen(Help(self))
