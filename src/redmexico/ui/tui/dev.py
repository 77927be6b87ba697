"""The game on a writer's bench: the story is read again when a file changes, and F12 opens the author's panel."""

from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.binding import Binding, BindingType

from redmexico import language
from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.narration import Run
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico, over
from redmexico.ui.tui.screens.author import Author
from redmexico.ui.tui.screens.face import PATIENCE, Face
from redmexico.ui.tui.screens.play import Play
from redmexico.ui.tui.terminal import Terminal
from redmexico.ui.tui.widgets.band import Ends
from redmexico.workbench import Reloaded, Workbench

LOOK = 0.08
"""Seconds between two looks at the files."""

Examine = Callable[[], Awaitable[list[Finding]]]
"""Asks the rules that go beyond what the loader finds, in a process of its own: play is not to wait for them."""


class Dev(RedMexico):
    """Play while somebody writes. A story with errors leaves the last good one in play, and shows the first error."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("f12", "author", "author", show=False)]

    def __init__(self, session: Session, bench: Workbench, examine: Examine, **wanted: Any) -> None:
        super().__init__(session, "play", **wanted)
        self.bench = bench
        self.examine = examine
        self.findings: list[Finding] = []
        """all that is wrong with the story on the disk, as far as it was looked at"""
        self.reads = 0

    def on_mount(self) -> None:
        super().on_mount()
        self.examine_again()
        self.set_interval(LOOK, self.look)

    # reading again

    def look(self) -> None:
        """Read the story again if a file has changed."""
        try:
            changed = self.bench.changed()
        except OSError:
            return  # a folder in the middle of being replaced: the next look will see it
        if changed:
            self.read_again()

    def read_again(self) -> None:
        try:
            result = self.bench.read()
        except RedMexicoError as error:
            self.trouble = (Ends((Run(f" {error}", "warn"),)),)
            self.troubled()
            return
        self.reads += 1
        self.findings = result.findings
        self.trouble = tuple(caret(result.findings)) if not result.fresh else ()
        if result.fresh:
            self.take_up(result)
            self.examine_again()
        self.troubled()
        if isinstance(self.screen, Author):
            self.screen.renew()

    def take_up(self, result: Reloaded) -> None:
        """The campaign goes on in the story as it is now."""
        assert self.bench.story is not None
        self.session.story = self.bench.story
        campaign = self.session.campaign
        if campaign is None:
            return
        told = self.bench.take_up(campaign)
        for screen in self.screen_stack:
            if isinstance(screen, Play):
                screen.redrawn()
        if isinstance(self.screen, Face):
            self.screen.say(f"Read again in {result.milliseconds} ms. {' '.join(told)}".rstrip())

    def troubled(self) -> None:
        """Show the error, or that there is none, on whatever screen is up."""
        for screen in self.screen_stack:
            if isinstance(screen, Face) and screen.is_mounted:
                screen.update_banner()

    def examine_again(self) -> None:
        """Ask the rules beside play; a file saved meanwhile asks anew."""
        self.run_worker(self.examined(), name="examine", exclusive=True)

    async def examined(self) -> None:
        """What the rules find is shown when they are done."""
        found = await self.examine()
        if not any(finding.severity == "error" for finding in self.findings):
            self.findings = found
        if isinstance(self.screen, Author):
            self.screen.renew()

    # reaching in

    def action_author(self) -> None:
        if isinstance(self.screen, Author):
            self.pop_screen()
        elif self.session.campaign is not None:
            panel = Author()
            panel.sized(self.size)
            self.push_screen(panel)

    def reached_in(self, act: Callable[[], object], word: str) -> None:
        """Do what an author asked for, and show where the campaign stands then."""
        if self.done(act):
            for screen in self.screen_stack:
                if isinstance(screen, Play):
                    screen.turned_back()
            if isinstance(self.screen, Author):
                self.screen.renew()
            if isinstance(self.screen, Face):
                self.screen.say(word)

    def edit(self, path: Path, line: int) -> None:
        """Open a file at a line in the editor that the environment names; without one, say where it is."""
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor or self.is_headless:
            self.copy_to_clipboard(f"{path}:{line}")
            if isinstance(self.screen, Face):
                self.screen.say(f"{path}:{line} (no $EDITOR is set)")
            return
        with self.suspend():
            subprocess.run([*shlex.split(editor), f"+{line}", str(path)], check=False)  # noqa: S603  the user's own editor


def caret(findings: Sequence[Finding]) -> list[Ends]:
    """The first error as it is shown in place, and how many more there are."""
    errors = [finding for finding in findings if finding.severity == "error"]
    if not errors:
        return []
    lines = [Ends((Run(f" {line}", "warn"),)) for line in str(errors[0]).split("\n")]
    more = f"{len(errors) - 1} more: F12. " if len(errors) > 1 else ""
    return [*lines, Ends((Run(f" {more}The last good story is in play until this is mended.", "warn"),))]


def run(session: Session, bench: Workbench, examine: Examine) -> int:
    """Play on the bench in this terminal; gives the program's status."""
    session.patience = PATIENCE
    language.use(session.options.language)
    game = Dev(session, bench, examine, driver_class=Terminal)
    game.run()
    return over(session, game)
