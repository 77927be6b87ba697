"""The game on a writer's bench: the story is read again when a file changes, and F12 opens the author's panel."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.timer import Timer

from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.language import phrase
from redmexico.narration import Run
from redmexico.ui.session import Session
from redmexico.ui.tui import app
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.screens.author import Author, pointed
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.screens.play import Play
from redmexico.ui.tui.terminal import Terminal
from redmexico.ui.tui.widgets.band import Ends, ends
from redmexico.views import View
from redmexico.workbench import Workbench, broken, is_test

LOOK = 0.04
"""Seconds between two looks at the files."""
SETTLE = 0.08
"""Seconds before an error is shown: a file in the middle of being written looks like one."""
GRACE = 0.5
"""Seconds before the campaign leaves a room that is gone: half a file may have been written."""
QUIET = 3.0
"""Seconds after the last reading until what it left is thrown away."""

Examine = Callable[[], Awaitable[list[Finding] | None]]
"""Asks the rules that go beyond what the loader finds, in a process of its own: play is not to wait for them.
None where they could not be asked."""


class Draft(Play):
    """A campaign on the bench: the author's deeds can be taken back like choices, and are shown to have been done."""

    KEYS: ClassVar[Keys] = (Play.KEYS[0], ("F12", "author"), *Play.KEYS[1:])

    @property
    def dev(self) -> Dev:
        assert isinstance(self.app, Dev)
        return self.app

    def heading(self, view: View) -> Ends:
        left, right = super().heading(view)
        return Ends((Run(" TEST RUN ", "warn"), *left), right) if is_test(self.campaign) else Ends(left, right)

    def action_undo(self) -> None:
        done = self.game.attempt(lambda: self.dev.bench.step_back(self.campaign))
        if done is not None:
            self.turned_back(phrase("Taken back. r goes forward again.") if done else phrase("This is the beginning."))

    def action_redo(self) -> None:
        done = self.game.attempt(lambda: self.dev.bench.step_forward(self.campaign))
        if done is not None:
            self.turned_back(phrase("Forward again.") if done else phrase("There is nothing to go forward to."))

    def action_code(self) -> None:
        if is_test(self.campaign):
            self.say("A test run has no code: its choices alone do not lead here.")
        else:
            super().action_code()

    def redrawn(self) -> None:
        """The present moment in its new words; the cursor stays on its choice."""
        at = self.choices.cursor
        chosen = self.offers[at].id if 0 <= at < len(self.offers) else ""
        super().redrawn()
        self.choices.go(next((i for i, offer in enumerate(self.offers) if offer.id == chosen), self.choices.cursor))


class Dev(RedMexico):
    """Play while somebody writes. A story with errors leaves the last good one in play, and shows the first error."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "author", "author", show=False)]

    def __init__(self, session: Session, bench: Workbench, examine: Examine, begin: str = "play", **wanted: Any) -> None:
        super().__init__(session, begin, **wanted)
        self.bench = bench
        self.examine = examine
        self.findings: list[Finding] = list(bench.loaded.findings) if bench.loaded is not None else []
        """all that is wrong with the story on the disk, as far as it was looked at"""
        self.refusal = ""
        """why what was read is not in play, where its findings do not say it"""
        self.put_off: Timer | None = None
        self.untidy: Timer | None = None
        self.spent = 0
        """milliseconds of the last reading"""

    def on_mount(self) -> None:
        super().on_mount()
        self.examine_again()
        self.set_interval(LOOK, self.look)
        self.tidy_later()

    def play(self, notices: tuple[str, ...] = ()) -> None:
        self.alone(Draft(notices))

    def on_resize(self, _: events.Resize) -> None:
        if self.trouble:
            self.call_after_refresh(self.show_trouble)

    # reading again

    def look(self) -> None:
        """Read the story again if a file has changed; take up what waits for the campaign to move on."""
        if self.bench.changed():
            self.read_again()
        elif self.bench.waiting is not None and self.put_off is None:
            self.go_on()

    def read_again(self) -> None:
        if self.put_off is not None:
            self.put_off.stop()
            self.put_off = None
        self.tidy_later()
        self.bench.language = self.session.options.language
        try:
            result = self.bench.read()
        except RedMexicoError as error:
            why = str(error)
            self.later(SETTLE, lambda: self.refuse(why))
            return
        self.bench.set_aside()
        self.spent = result.milliseconds
        if not result.fresh:
            self.later(SETTLE, lambda: self.found(result.findings))
        elif self.session.campaign is not None and self.bench.shaken(self.session.campaign):
            self.later(GRACE, lambda: self.fresh(result.findings))
        else:
            self.fresh(result.findings)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Do something unless another file changes meanwhile."""

        def now() -> None:
            self.put_off = None
            act()

        self.put_off = self.set_timer(seconds, now)

    def found(self, findings: list[Finding]) -> None:
        """What is wrong with the story is shown; nothing else changes."""
        self.findings, self.refusal = findings, ""
        self.show_trouble()
        self.renew()

    def fresh(self, findings: list[Finding]) -> None:
        """There is a story without errors: play goes on in it."""
        self.findings, self.refusal = findings, ""
        self.go_on()
        self.examine_again()

    def refuse(self, why: str) -> None:
        """Say why play goes on in the last good story; once."""
        if why != self.refusal:
            self.refusal = why
            self.show_trouble()
            self.renew()

    def go_on(self) -> None:
        """Play goes on in the story as it is now; not where its present scene is gone, until the author leaves it."""
        campaign = self.session.campaign
        lost = self.bench.lost(campaign) if campaign is not None else ""
        if lost:
            self.refuse(f"The scene you stand in is gone: {lost}. Put it back, give its new file 'was: [{lost}]', or leave it (F12, j).")
            return
        try:
            told = self.bench.take_up(campaign)
        except RedMexicoError as error:
            self.refuse(str(error))
            return
        assert self.bench.story is not None
        self.session.story = self.bench.story
        self.refusal = ""
        self.show_trouble()
        for screen in self.screen_stack:
            if isinstance(screen, Play) and campaign is not None:
                screen.redrawn()
        self.renew()
        self.remark(" ".join((*told, f"Read again in {self.spent} ms.")))

    def tidy_later(self) -> None:
        if self.untidy is not None:
            self.untidy.stop()
        self.untidy = self.set_timer(QUIET, self.bench.tidy)

    # what is wrong

    def show_trouble(self) -> None:
        """The first error, or that there is none, on whatever screen is up."""
        self.trouble = tuple(self.complaint())
        for screen in self.screen_stack:
            if isinstance(screen, Face) and screen.is_mounted:
                screen.update_banner()

    def complaint(self) -> list[Ends]:
        """Why the story on the disk is not in play, in the room that there is; nothing where it is."""
        errors = broken(self.bench.loaded) if self.bench.loaded is not None else []
        what = self.refusal or (errors[0] if errors else None)
        if what is None:
            return []
        lines = pointed(what, self.size.width - 1, max(4, self.size.height // 3) - 1)
        more = f"{len(errors) - 1} more: F12. " if len(errors) > 1 and not self.refusal else ""
        return [ends(f" {line}", role="warn") for line in (*lines, f"{more}The last good story is in play.")]

    def examine_again(self) -> None:
        """Ask the rules beside play; a file saved meanwhile asks anew."""
        self.run_worker(self.examined(), name="examine", exclusive=True)

    async def examined(self) -> None:
        """What the rules find is shown when they are done."""
        found = await self.examine()
        if found is not None and self.bench.loaded is not None and not broken(self.bench.loaded):
            self.findings = found
            self.renew()

    # reaching in

    @property
    def panel(self) -> Author | None:
        return next((screen for screen in self.screen_stack if isinstance(screen, Author)), None)

    def renew(self) -> None:
        """The author's panel as things stand now, where it is open."""
        if self.panel is not None and self.panel.is_mounted and self.session.campaign is not None:
            self.panel.renew()

    def remark(self, text: str) -> None:
        if isinstance(self.screen, Face):
            self.screen.say(text)

    def action_author(self) -> None:
        """Open the panel, or leave it and whatever stands on it."""
        if self.panel is not None:
            self.back_to_play()
        elif self.session.campaign is None:
            self.remark("Begin or open a campaign first: the panel is about one.")
        else:
            panel = Author()
            panel.sized(self.size)
            self.push_screen(panel)

    def back_to_play(self) -> None:
        while self.panel is not None:
            self.pop_screen()

    def reached_in(self, act: Callable[[], object], word: Callable[[], str], leave: bool = False) -> None:
        """Do what an author asked for, and show where the campaign stands then."""
        if not self.done(act):
            return
        if leave:
            self.back_to_play()
        for screen in self.screen_stack:
            if isinstance(screen, Play):
                screen.turned_back()
        self.renew()
        self.remark(word())

    def edit(self, path: Path, line: int) -> None:
        """Open a file at a line in the editor that the environment names; without one, say where it is."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
        try:
            command = editing(editor, path, line)
            with self.suspend():
                subprocess.run(command, check=False)  # noqa: S603  the user's own editor
        except (OSError, ValueError, IndexError, SuspendNotSupported) as error:
            self.copy_to_clipboard(f"{path}:{line}")
            why = f"$EDITOR could not be started: {error}" if editor else "no $EDITOR is set"
            self.remark(f"{path}:{line} ({why})")


def editing(editor: str, path: Path, line: int) -> list[str]:
    """The command that opens a file at a line: `vi +14 file`, `code --goto file:14`, `subl file:14`.

    >>> editing("code --wait", Path("a.yaml"), 14), editing("/usr/bin/vi", Path("a.yaml"), 14)
    (['code', '--wait', '--goto', 'a.yaml:14'], ['/usr/bin/vi', '+14', 'a.yaml'])
    """
    words = shlex.split(editor)
    name = Path(words[0]).stem
    if name in ("code", "codium", "code-insiders", "cursor"):
        return [*words, "--goto", f"{path}:{line}"]
    if name in ("subl", "zed", "hx", "helix"):
        return [*words, f"{path}:{line}"]
    return [*words, f"+{line}", str(path)]


def run(session: Session, bench: Workbench, examine: Examine) -> int:
    """Play on the bench in this terminal; gives the program's status."""
    return app.run(session, "play", lambda begin: Dev(session, bench, examine, begin, driver_class=Terminal))
