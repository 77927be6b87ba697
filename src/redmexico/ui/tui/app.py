"""The game in a terminal: which screen is shown, and how it begins and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, ClassVar, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from redmexico.campaign import Campaign
from redmexico.errors import RedMexicoError
from redmexico.ui.session import Session
from redmexico.ui.tui import themes
from redmexico.ui.tui.palette import actions_provider
from redmexico.ui.tui.screens.face import Face
from redmexico.ui.tui.terminal import Terminal, leave_on_signals, screen_file
from redmexico.ui.tui.widgets.page import Page

BUG = 70
T = TypeVar("T")
SHOWN = {
    "campaigns": ("campaigns", "Campaigns"),
    "codex": ("codex", "Codex"),
    "begin": ("begin", "Begin"),
    "factions": ("reading", "Factions"),
    "help": ("help", "Help"),
    "log": ("reading", "Log"),
    "notebook": ("reading", "Notebook"),
    "settings": ("settings", "Settings"),
    "sources": ("reading", "Sources"),
    "timeline": ("timeline", "Timeline"),
    "why": ("why", "Why"),
}
"""name → the file in `screens` and the screen in it"""
WITHOUT_CAMPAIGN = ("campaigns", "codex", "begin", "help", "settings", "sources")


class RedMexico(App[None]):
    """Screens over one session. It shows what the session holds and sends choices back."""

    CSS_PATH = "redmexico.tcss"
    TITLE = "Red Mexico"
    COMMANDS = {actions_provider}  # noqa: RUF012  Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q,ctrl+c", "quit", "quit", show=False, priority=True, id="quit"),
        Binding("f9", "campaigns", "campaigns", show=False, id="campaigns"),
    ]

    def __init__(self, session: Session, begin: str = "title", **wanted: Any) -> None:
        options = session.options
        colorless = not options.color or options.theme in ("mono", "ansi") or "NO_COLOR" in os.environ
        if (not options.color or options.theme == "mono") and "NO_COLOR" not in os.environ:
            os.environ["NO_COLOR"] = "1"  # Textual reads it in its constructor, and only there
        super().__init__(ansi_color=True if colorless else None, **wanted)
        self.session = session
        self.begin = begin
        self.bug: Exception | None = None
        for theme in themes.OURS.values():
            self.register_theme(theme)
        self.theme = "ansi-dark" if colorless else themes.chosen(options.theme)
        self.animation_level = "full" if options.motion == "full" else "none"
        self.set_class(colorless, "-mono")
        self.set_class(self.ascii, "-ascii")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return dict(themes.ANSI)

    @property
    def ascii(self) -> bool:
        """Whether the terminal has only the plainest letters."""
        return self.session.options.charset == "ascii"

    # beginning

    def on_mount(self) -> None:
        if not self.is_headless:
            leave_on_signals(self)
        if self.begin == "play" and self.session.campaign is not None:
            self.play()
        else:
            self.title_screen()

    def title_screen(self) -> None:
        """The first screen, alone."""
        from redmexico.ui.tui.screens.title import Title

        self.alone(Title())

    def play(self, notices: tuple[str, ...] = ()) -> None:
        """The open campaign, where it stands; or the question what to do where its scene is gone."""
        from redmexico.ui.tui.screens.play import Play

        self.alone(Play(notices))

    def alone(self, screen: Face) -> None:
        """Show a screen in place of all others."""
        screen.sized(self.size)
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if len(self.screen_stack) == 2:
            self.switch_screen(screen)
        else:
            self.push_screen(screen)

    def open(self, slug: str) -> None:
        """Take up a campaign, or say why not and stay."""
        before = self.session.slug
        notices = self.attempt(lambda: self.session.open(slug))
        if notices is not None:
            self.play(notices)
        elif before and before != slug:
            self.attempt(lambda: self.session.open(before))

    def start(self, title: str = "", seed: str = "", start: str = "", mode: str = "") -> None:
        """Begin a campaign."""
        begun: Campaign | None = self.attempt(lambda: self.session.new(title, seed, start, mode))
        if begun is not None:
            self.play()

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do what may be refused; what is refused is said at the foot, with the remedy."""
        try:
            return act()
        except RedMexicoError as refused:
            if isinstance(self.screen, Face):
                self.screen.say(str(refused))
            return None

    # the other screens

    def show(self, name: str, *given: Any) -> None:
        """Put a screen over the present one."""
        module, kind = SHOWN[name]
        screen: type[Screen[None]] = getattr(import_module(f"redmexico.ui.tui.screens.{module}"), kind)
        if not isinstance(self.screen, screen):
            shown = screen(*given)
            if isinstance(shown, Face):
                shown.sized(self.size)
            self.push_screen(shown)

    def action_show(self, name: str) -> None:
        if name in WITHOUT_CAMPAIGN or self.session.campaign is not None:
            self.show(name)

    def action_campaigns(self) -> None:
        self.show("campaigns")

    def action_settings(self) -> None:
        self.show("settings")

    def restyle(self) -> None:
        """Settings were changed: theme, letters and measure as they are now."""
        options = self.session.options
        if not self.has_class("-mono"):
            self.theme = themes.chosen(options.theme)
        self.set_class(self.ascii, "-ascii")
        self.animation_level = "full" if options.motion == "full" else "none"
        for screen in self.screen_stack:
            for page in screen.query(Page):
                page.restyled()

    # leaving

    def _handle_exception(self, error: Exception) -> None:
        """A bug of ours: leave, and let `run` say so in plain lines."""
        self._return_code = BUG
        self.bug = self.bug or error
        if self._exception is None:
            self._exception = error
            self._exception_event.set()
        self._close_messages_no_wait()

    async def action_quit(self) -> None:
        """Ask once, then leave."""
        if any(screen.id == "quitting" for screen in self.screen_stack):
            return
        from redmexico.ui.tui.screens.asking import Ask

        failing = self.session.failing and not self.session.flush()
        said = (f"NOT SAVED: {self.session.failing}. What was not saved is lost.",) if failing else ("Leave the game? Everything is saved.",)
        question = Ask(said, (("y", "leave"), ("n", "stay")))
        question.id = "quitting"
        self.push_screen(question, lambda answer: self.exit(return_code=0) if answer == "y" else None)


def run(session: Session, begin: str = "title") -> int:
    """Play in this terminal; gives the program's status."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size; a stale variable does not
    encoding = getattr(screen_file(), "encoding", "") or ""
    if encoding.lower().replace("-", "") != "utf8":
        session.options.charset = "ascii"
    game = RedMexico(session, begin, driver_class=Terminal)
    try:
        game.run()
    except KeyboardInterrupt:
        return 130
    if game.bug is not None:
        from redmexico.ui.crash import report

        for line in report(session, game.bug):
            print(line, file=sys.stderr)
        session.close()
        return BUG
    session.close()
    return game.return_code or 0
