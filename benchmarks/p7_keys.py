"""P7: from a key to the painted frame, in a terminal of 120 by 40, on a real scene."""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from bench import long_campaign, report
from textual.app import App, ComposeResult

from redmexico.ui.tui.lines import said
from redmexico.ui.tui.widgets.page import Page

QUIET = 0.02
"""Seconds without output after which a frame is taken as painted."""


class Game:
    """The program in a terminal."""

    def __init__(self, folder: str, *asked: str) -> None:
        environment = {**os.environ, "XDG_CACHE_HOME": folder, "REDMEXICO_SAVES": str(Path(folder) / "saves"), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(sys.executable, [sys.executable, "-m", "redmexico", *(asked or ("--new", "--seed", "7"))], environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def painted(self, patience: float) -> float:
        """When the last byte of the next frame came; 0 if none did."""
        last, end = 0.0, time.perf_counter() + patience
        while True:
            wait = QUIET if last else max(0.0, end - time.perf_counter())
            if not select.select([self.fd], [], [], wait)[0]:
                return last
            os.read(self.fd, 65536)
            last = time.perf_counter()

    def press(self, key: bytes) -> float:
        """Milliseconds from a key to its frame."""
        started = time.perf_counter()
        os.write(self.fd, key)
        done = self.painted(1.0)
        return 1000 * (done - started) if done else 0.0

    def close(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Reader(App[None]):
    """A page of so many paragraphs, and a key that turns it."""

    BINDINGS = [("u", "turn(-1)", "up"), ("d", "turn(1)", "down")]  # noqa: RUF012  as Textual asks

    def __init__(self, paragraphs: int) -> None:
        super().__init__()
        self.page = Page("page", prose=True)
        self.paragraphs = paragraphs

    def compose(self) -> ComposeResult:
        yield self.page

    def on_mount(self) -> None:
        self.page.show([said(f"Paragraph {n}, in which somebody counts to {n}. " * 4) for n in range(self.paragraphs)], self.paragraphs - 5)

    def action_turn(self, pages: int) -> None:
        self.page.turn(pages)


async def turned(paragraphs: int) -> float:
    """Milliseconds of a page turned, median."""
    spent = []
    async with Reader(paragraphs).run_test(size=(120, 40)) as pilot:
        for i in range(40):
            started = time.perf_counter()
            await pilot.press("u" if i % 4 < 2 else "d")
            spent.append(1000 * (time.perf_counter() - started))
    return statistics.median(spent)


def main() -> None:
    pairs = [(asyncio.run(turned(10_000)), asyncio.run(turned(10))) for _ in range(3)]
    many, few = sorted(pairs, key=lambda pair: pair[0] / pair[1])[1]
    report("P7", "a page turned in 10,000 paragraphs, against 1.2 of ten", many, "ms", 1.2 * few)
    with tempfile.TemporaryDirectory() as folder:
        game = Game(folder)
        game.painted(5.0)
        time.sleep(0.5)
        game.painted(0.2)
        first = game.press(b"j")
        moves = [found for i in range(80) if (found := game.press(b"j" if i % 4 < 2 else b"k"))]
        choices = [found for _ in range(25) if (found := game.press(b"1"))]
        game.close()
    every = sorted([first, *moves, *choices])
    report("P7", f"key to frame, p50 of {len(every)} keys", statistics.median(every), "ms", 33)
    report("P7", "key to frame, p99", every[int(len(every) * 0.99) - 1], "ms", 100)
    report("P7", "key to frame, the slowest, the first included", every[-1], "ms", 150)
    report("P7", "taking a choice, p50 (saved, then shown)", statistics.median(choices), "ms", 33)
    long_one()


def long_one() -> None:
    """The same with a campaign of 1,000 choices, and each screen opened."""
    with tempfile.TemporaryDirectory() as folder:
        slug = long_campaign(Path(folder) / "saves")
        game = Game(folder, slug)
        game.painted(5.0)
        time.sleep(0.5)
        game.painted(0.2)
        every = [found for i in range(60) if (found := game.press(b"j" if i % 4 < 2 else b"k"))]
        every += [found for _ in range(15) if (found := game.press(b"1"))]
        every += [found for _ in range(15) if (found := game.press(b"u"))]
        report("P7", f"1,000 choices loaded: key to frame, p50 of {len(every)} keys", statistics.median(every), "ms", 33)
        report("P7", "1,000 choices loaded: the slowest of these", max(every), "ms", 150)
        for key, name in ((b"t", "timeline"), (b"f", "factions"), (b"a", "map"), (b"c", "codex"), (b"n", "notebook"), (b"l", "log"), (b"g", "campaigns"), (b",", "settings")):
            opened = game.press(key)
            report("P7", f"1,000 choices loaded: {name} opened", opened, "ms", 150)
            time.sleep(0.3)
            game.press(b"\x1b")
            time.sleep(0.3)
            game.painted(0.1)
        game.close()


if __name__ == "__main__":
    main()
