"""T2: the real program under a pseudo-terminal, killed at random moments: no acknowledged choice is lost."""

from __future__ import annotations

import os
import pty
import random
import re
import select
import signal
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kit import STORY, files, scene
from redmexico.journal import read

KILLS = 50 if os.environ.get("REDMEXICO_ALL_FAULTS") else 12
STATIONS = 400
MODES = {b"\x1b[?1049h": b"\x1b[?1049l", b"\x1b[?25l": b"\x1b[?25h", b"\x1b[?1000h": b"\x1b[?1000l", b"\x1b[?2004h": b"\x1b[?2004l"}
"""What a screen switches on, and what switches it off again."""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack whose scenes are numbered, so that the screen tells how many choices were made."""
    folder = tmp_path_factory.mktemp("line")
    scenes = {
        f"scene__s{i}": scene(f"title: Station {i}\ntext: Here is station number {i} of the line.\nchoices: [{{id: go, label: Go on to the next., goto: s{min(i + 1, STATIONS - 1)}, do: [bread += 1]}}]\nrepeat: true")
        for i in range(STATIONS)
    }
    for name, text in files(story=STORY.replace("act: one}", "act: one, scene: s0}"), **scenes).items():
        path = folder / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Terminal:
    """The program in a terminal of its own."""

    def __init__(self, arguments: list[str]) -> None:
        self.seen = b""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "COLUMNS": "", "LINES": ""}
            environment = {k: v for k, v in environment.items() if v}
            os.execvpe(sys.executable, [sys.executable, "-m", "redmexico", *arguments], environment)
        import fcntl
        import termios

        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))

    def read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and select.select([self.fd], [], [], left)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return
            if not data:
                return
            self.seen += data

    def until(self, pattern: bytes, seconds: float = 30) -> bool:
        end = time.monotonic() + seconds
        while not re.search(pattern, self.seen) and time.monotonic() < end:
            self.read(0.1)
        return bool(re.search(pattern, self.seen))

    def acknowledged(self) -> int:
        """The station that is on the screen: as many choices were made."""
        return max((int(n) for n in re.findall(rb"station number (\d+)", self.seen)), default=0)

    def end(self, how: str) -> int:
        if how == "close":
            os.close(self.fd)
        else:
            os.kill(self.pid, getattr(signal, how))
            self.read(0.8)
        status = 0
        end = time.monotonic() + 20
        while time.monotonic() < end:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            if done:
                break
            if how != "close":
                self.read(0.05)
            else:
                time.sleep(0.05)
        else:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            raise AssertionError(f"{how} did not end it")
        if how != "close":
            os.close(self.fd)
        return status


def cases() -> Iterator[tuple[str, str, int]]:
    ways = ["SIGKILL", "SIGTERM", "SIGHUP", "close"]
    for i in range(KILLS):
        yield ("screen" if i % 2 else "plain"), ways[(i // 2) % 4], i


@pytest.mark.parametrize(("face", "how", "case"), list(cases()))
def test_no_acknowledged_choice_is_lost(line: Path, tmp_path: Path, face: str, how: str, case: int) -> None:
    generator = random.Random(case)
    arguments = ["play", "--new", "--seed", "7", "--pack", str(line / "pack"), "--saves", str(tmp_path)]
    game = Terminal([*arguments, "--plain"] if face == "plain" else arguments)
    assert game.until(rb"station number 0"), game.seen[-2000:]
    key = b"1\n" if face == "plain" else b"1"
    for _ in range(generator.randrange(1, 9)):
        with suppress(OSError):
            os.write(game.fd, key)
        game.read(generator.random() * 0.12)
    game.read(generator.random() * 0.05)
    acknowledged = game.acknowledged()
    status = game.end(how)
    acknowledged = max(acknowledged, game.acknowledged())
    reading = read(next(tmp_path.glob("*.rmx.jsonl")).read_bytes())
    assert reading.journal is not None
    assert reading.damage is None or reading.damage.kind == "torn"
    assert reading.journal.step() >= acknowledged
    if how in ("SIGTERM", "SIGHUP"):
        assert os.waitstatus_to_exitcode(status) == {"SIGTERM": 143, "SIGHUP": 129}[how]
        for on, off in MODES.items():
            if on in game.seen:
                assert game.seen.rfind(off) > game.seen.rfind(on), (on, "was left on")
