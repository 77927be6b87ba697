"""The game in a terminal: which screen is shown, and how it begins and ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from importlib import import_module
from typing import Any, ClassVar, TypeVar

from textual.app import App
from textual.binding import Binding, BindingType
from textual.command import CommandPalette
from textual.screen import Screen

from redmexico.campaign import Campaign
from redmexico.errors import RedMexicoError
from redmexico.language import noted, phrase, sentence_case
from redmexico.ui.session import Session
from redmexico.ui.tui import themes
from redmexico.ui.tui.keys import bind, keymap
from redmexico.ui.tui.palette import actions_provider
from redmexico.ui.tui.screens.face import PATIENCE, Face
from redmexico.ui.tui.terminal import STATUSES, Terminal, leave_on_signals, screen_file
from redmexico.ui.tui.widgets.band import Ends
from redmexico.ui.tui.widgets.page import Page

BUG = 70
T = TypeVar("T")
SHOWN = {
    "begin": ("begin", "Begin"),
    "campaigns": ("campaigns", "Campaigns"),
    "codex": ("codex", "Codex"),
    "endings": ("endings", "Endings"),
    "factions": ("factions", "Factions"),
    "help": ("help", "Help"),
    "log": ("reading", "Log"),
    "map": ("land", "Map"),
    "notebook": ("reading", "Notebook"),
    "settings": ("settings", "Settings"),
    "sources": ("sources", "Sources"),
    "timeline": ("timeline", "Timeline"),
    "why": ("why", "Why"),
}
"""name → the file in `screens` and the screen in it"""
WITHOUT_CAMPAIGN = ("begin", "campaigns", "codex", "endings", "help", "settings", "sources")


class RedMexico(App[None]):
    """Screens over one session. It shows what the session holds and sends choices back."""

    CSS_PATH = "redmexico.tcss"
    TITLE = "Red Mexico"
    COMMANDS = {actions_provider}  # noqa: RUF012  Textual declares it so
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "quit", show=False, priority=True), Binding("ctrl+c", "copy_or_quit", "quit", show=False, priority=True),
        bind("campaigns", "campaigns"),
    ]

    def __init__(self, session: Session, begin: str = "title", **wanted: Any) -> None:
        options = session.options
        if os.environ.pop("NO_COLOR", ""):
            options.color = False
        self.palette_of = themes.palette_of(options)
        """`ours`, `ansi` or `mono`: Textual is told in its constructor, and only there"""
        self.language = options.language
        if self.palette_of == "mono":
            os.environ["NO_COLOR"] = "1"
        super().__init__(ansi_color=None if self.palette_of == "ours" else True, **wanted)
        os.environ.pop("NO_COLOR", None)  # it was for Textual alone; another theme may be chosen later
        self.session = session
        self.begin = begin
        self.bug: Exception | None = None
        self.trouble: tuple[Ends, ...] = ()
        """what stands above every screen until it is mended: a writer's error"""
        self.again = ""
        """where to begin again, when colours or words change that only a new screen can show"""
        for theme in themes.OURS.values():
            self.register_theme(theme)
        self.theme = themes.chosen(options.theme) if self.palette_of == "ours" else "ansi-dark"
        self.animation_level = themes.MOTION[options.motion]
        self.set_class(self.palette_of != "ours", "-mono")
        self.set_class(self.ascii, "-ascii")
        self.set_keymap(keymap(options))

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
        if self.begin != "title" and self.session.campaign is not None:
            self.play()
        else:
            self.title_screen()
        if self.begin == "settings":
            self.show("settings")

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

    def branch_at(self, step: int, own: bool, about: str) -> None:
        """Go back to the moment after so many choices: in this campaign, or in a copy of it."""
        before = self.session.campaign
        assert before is not None
        if own:
            title = f"{before.journal.title}: {about}"
            slug = self.attempt(lambda: self.session.save_as(title))
            if slug is None or self.attempt(lambda: self.session.open(slug)) is None:
                return
        campaign = self.session.campaign
        assert campaign is not None
        self.attempt(lambda: campaign.rewind(campaign.step_record(step)))
        back = noted("Back after choice {step}. What you had played stays as a branch.") if step else noted("Back at the beginning. What you had played stays as a branch.")
        self.play((phrase(back, step=step),))

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Do what may be refused; what is refused is said at the foot, with the remedy."""
        try:
            return act()
        except RedMexicoError as refused:
            if isinstance(self.screen, Face):
                self.screen.say(sentence_case(str(refused)))
            return None

    def done(self, act: Callable[[], object]) -> bool:
        """The same for what gives nothing: whether it was done."""
        return self.attempt(lambda: (act(),)) is not None

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

    def action_command_palette(self) -> None:
        """One palette at a time; the keys reach it from everywhere."""
        if not any(isinstance(screen, CommandPalette) for screen in self.screen_stack):
            self.push_screen(CommandPalette(placeholder=phrase("Search for commands…"), id="--command-palette"))

    def action_title(self) -> None:
        self.title_screen()

    def restyle(self) -> None:
        """Settings were changed: theme, letters, measure and keys as they are now."""
        options = self.session.options
        if themes.palette_of(options) != self.palette_of or options.language != self.language:
            self.again = "settings"
            self.exit(return_code=0)
            return
        if self.palette_of == "ours":
            self.theme = themes.chosen(options.theme)
        self.set_class(self.ascii, "-ascii")
        self.animation_level = themes.MOTION[options.motion]
        self.set_keymap(keymap(options))
        self.session.read_as_set()
        for screen in self.screen_stack:
            if isinstance(screen, Face) and screen.is_mounted:
                screen.foot()
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

    async def action_copy_or_quit(self) -> None:
        """Ctrl+C copies what is marked; where nothing is, it is a wish to leave."""
        marked = self.screen.get_selected_text()
        if marked:
            self.copy_to_clipboard(marked)
        else:
            await self.action_quit()

    async def action_quit(self) -> None:
        """Ask once, then leave."""
        if any(screen.id == "quitting" for screen in self.screen_stack):
            return
        from redmexico.ui.tui.screens.asking import Ask

        saving = self.session.saving
        failing = not saving and self.session.failing and not self.session.flush()
        said = phrase("Leave the game? Everything is saved.")
        if saving:
            said = phrase("Leave the game? The last choice is still being written; it is waited for.")
        elif failing:
            said = phrase("NOT SAVED: {problem}. What was not saved is lost.", problem=self.session.failing)
        question = Ask((said,), (("y", phrase("leave")), ("n", phrase("stay"))))
        question.id = "quitting"
        self.push_screen(question, lambda answer: self.exit(return_code=0) if answer == "y" else None)


def run(session: Session, begin: str = "title", made: Callable[[str], RedMexico] | None = None) -> int:
    """Play in this terminal; gives the program's status. `made` makes another game than this one, beginning where it is told."""
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)  # the terminal knows its size; a stale variable does not
    encoding = getattr(screen_file(), "encoding", "") or ""
    if encoding.lower().replace("-", "") != "utf8":
        session.options.charset = "ascii"
    session.patience = PATIENCE
    while begin:
        session.speak()
        game = made(begin) if made else RedMexico(session, begin, driver_class=Terminal)
        try:
            game.run()
        except KeyboardInterrupt:
            return 130
        begin = game.again
    return over(session, game)


def over(session: Session, game: RedMexico) -> int:
    """The screen is gone: what is to be said in plain lines, and the program's status."""
    if game.return_code == STATUSES["SIGHUP"]:
        for fd in (1, 2):  # nobody listens any more, and what is still to be written must not become the status
            os.dup2(os.open(os.devnull, os.O_WRONLY), fd)
    if game.bug is not None:
        from redmexico.ui.crash import report

        for line in report(session, game.bug):
            print(line, file=sys.stderr)
        session.close()
        return BUG
    if not session.flush():
        print("redmexico: " + phrase("NOT SAVED: {problem}", problem=session.failing), file=sys.stderr)
    session.close()
    return game.return_code or 0
