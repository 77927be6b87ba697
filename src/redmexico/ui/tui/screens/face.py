"""What every screen has: its keys at the foot, a word said once, the banner while saving fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.geometry import Size
from textual.screen import Screen
from textual.widget import Widget

from redmexico.campaign import Campaign
from redmexico.language import phrase
from redmexico.narration import Run
from redmexico.ui.session import Session
from redmexico.ui.tui.keys import bind, shown
from redmexico.ui.tui.widgets.band import Band, Ends, ends
from redmexico.ui.tui.widgets.chooser import Chooser

if TYPE_CHECKING:
    from redmexico.ui.tui.app import RedMexico

Keys = tuple[tuple[str, str], ...]
"""An action (or keys as they are written) and what it does here, in the order of the footer: the first stay where it is narrow."""


Bindings = list[BindingType]
PATIENCE = 0.25
"""Seconds that a screen waits for the disk before it goes on without it."""


class Face(Screen[None]):
    """A screen of the game. `KEYS` is its footer and the first page of its help."""

    AUTO_FOCUS = None
    HORIZONTAL_BREAKPOINTS = [(0, "-tiny"), (40, "-xs"), (60, "-s"), (100, "-m"), (160, "-l")]  # noqa: RUF012  Textual declares it so
    VERTICAL_BREAKPOINTS = [(0, "-flat"), (12, "-short"), (18, "-tall"), (30, "-high")]  # noqa: RUF012  as above
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("back", "back"), bind("help", "help"), bind("quit", "app.quit"), bind("settings", "app.settings"), bind("palette", "app.command_palette"),
    ]
    KEYS: ClassVar[Keys] = ()
    HELP_TEXT: ClassVar[str] = ""

    @property
    def game(self) -> RedMexico:
        return cast("RedMexico", self.app)

    @property
    def session(self) -> Session:
        return self.game.session

    @property
    def campaign(self) -> Campaign:
        """The open campaign, on screens that are about one."""
        assert self.session.campaign is not None
        return self.session.campaign

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
        if not self.said:  # Textual comes here after the screen's own, which may have said something already
            self.foot()

    def on_screen_resume(self) -> None:
        self.update_banner()

    def keys(self) -> list[tuple[str, str]]:
        """The footer's keys as they are now, and what they do here."""
        return [(shown(act, self.session.options), phrase(does)) for act, does in self.KEYS]

    def foot(self) -> None:
        """The keys, as many as fit; help always."""
        keys = self.keys()
        help = sum(len(f"{key} {does}  ") for (key, does), (act, _) in zip(keys, self.KEYS, strict=True) if act == "help")
        room, runs = self.app.size.width + 1, [Run(" ")]
        for (key, does), (act, _) in zip(keys, self.KEYS, strict=True):
            wanted = len(f"{key} {does}  ")
            help -= wanted if act == "help" else 0
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

    def hint(self, id: str, text: str) -> bool:
        """A line of help at the foot, once on this machine and never where hints are off."""
        if not self.session.options.hints or self.session.failing or not self.session.found.add("hints", id):
            return False
        self.say(text)
        return True

    @property
    def current(self) -> bool:
        """Whether there is still a campaign to show, and this screen to show it: what was put off asks first."""
        return self.is_attached and self.session.campaign is not None

    def copy(self, text: str, what: str) -> None:
        """To the clipboard, as far as the terminal lets us."""
        self.app.copy_to_clipboard(text.encode("utf-8", "replace").decode())
        self.say(phrase("Copied: {what}.", what=what))

    def update_banner(self) -> None:
        """The banner stays while saving fails, or while the disk has not answered yet."""
        saving, failing, trouble = self.session.saving, self.session.failing, self.game.trouble
        self.banner.set_class(bool(saving or failing or trouble), "shown")
        if saving:
            self.banner.say([ends(" " + phrase("Saving … the disk is slow; what you did is kept until it answers."), role="warn")])
            self.set_timer(PATIENCE, self.update_banner)
        elif failing:
            self.banner.say([ends(" " + phrase("NOT SAVED: {problem}. It is tried again at every choice.", problem=failing), role="warn")])
        elif trouble:
            self.banner.say(trouble)
        notice = self.session.notice
        if notice:
            self.say(notice)

    def on_resize(self, event: events.Resize) -> None:
        width, height = event.size
        self.small.say([ends(phrase("{width}×{height}: 40×12 needed", width=width, height=height))])
        if not self.said:
            self.foot()

    def action_back(self) -> None:
        self.app.pop_screen()

    def action_help(self) -> None:
        from redmexico.ui.tui.screens.help import Help

        self.app.push_screen(Help(self))


class Listing(Face):
    """A screen that is a list to move in; its `list` is made in `body`."""

    list: Chooser
    BINDINGS: ClassVar[Bindings] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("page_down", "page(1)"), bind("list_up", "page(-1)"), bind("top", "edge(0)"), bind("bottom", "edge(1)"),
    ]

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_page(self, by: int) -> None:
        self.list.move_page(by)

    def action_edge(self, end: int) -> None:
        if self.list.items:
            self.list.go(self.list.items[-1 if end else 0])
