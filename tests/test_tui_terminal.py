"""The screen in a real terminal: how it is left, what it survives, what it sends."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from kit import files, scene

PIER = """
    title: The pier
    place: Tampico
    when: {from: 1940-01-09, until: 1940-01-09}
    due: true
    text: They will not come down, says Múgica.
    choices:
      - {id: wave, label: Wave., do: [bread += 1], text: They wave back., goto: later}
      - {id: sit, label: Sit., goto: later}
    passages:
      later: {text: The launch goes back., choices: [{id: go, label: Walk on.}, {id: stay, label: Stay.}]}
"""
LEFT = (b"\x1b[?1049l", b"\x1b[?25h", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?2004l")
"""The alternate screen is left, the cursor shown, mouse and paste modes are off."""


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    for name, text in files(scene__pier=scene(PIER)).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


class Terminal:
    """The game as a child in a terminal of its own."""

    def __init__(self, pack: Path, saves: Path, *arguments: str, **environment: str) -> None:
        self.sent = b""
        given = [sys.executable, "-m", "redmexico", "play", "--pack", str(pack), "--saves", str(saves), *(arguments or ("--new", "--seed", "7"))]
        clean = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLORFGBG", "COLUMNS", "LINES")}
        env = {**clean, "TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "XDG_CACHE_HOME": str(saves.parent / "cache"), **environment}
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
            os.execve(sys.executable, given, env)
        self.before = termios.tcgetattr(self.fd)

    def read(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self.fd], [], [], left)[0]:
                try:
                    data = os.read(self.fd, 65536)
                except OSError:
                    return
                self.sent += data

    def until(self, wanted: str, seconds: float = 15) -> None:
        """Read until these words are on the screen."""
        end = time.monotonic() + seconds
        while wanted not in self.text():
            assert time.monotonic() < end, f"never saw {wanted!r}: {self.text()[-600:]!r}"
            self.read(0.05)

    def text(self) -> str:
        return re.sub(r"\x1b\[[0-9;?<>$]*[A-Za-z]", "", self.sent.decode("utf-8", "replace"))

    def type(self, data: bytes) -> None:
        os.write(self.fd, data)

    def ended(self, seconds: float = 10) -> int:
        """Its status once it has ended."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.read(0.05)
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.read(0.05)
                return os.waitstatus_to_exitcode(status)
        raise AssertionError("it goes on")

    def close(self) -> None:
        try:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)


@pytest.fixture
def terminals() -> Iterator[list[Terminal]]:
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_leaves_the_terminal_as_it_was(pack: Path, tmp_path: Path, terminals: list[Terminal], name: str, status: int) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminals.append(terminal)
    terminal.until("Wave.")
    os.kill(terminal.pid, getattr(signal, name))
    assert terminal.ended() == status
    assert all(mode in terminal.sent for mode in LEFT)
    assert terminal.sent.rfind(b"\x1b[?1049l") > terminal.sent.rfind(b"\x1b[?1049h")


def test_quitting_leaves_the_terminal_as_it_was(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminals.append(terminal)
    terminal.until("Wave.")
    terminal.type(b"q")
    terminal.until("Leave the game?")
    terminal.type(b"y")
    assert terminal.ended() == 0
    assert all(mode in terminal.sent for mode in LEFT)


@pytest.mark.parametrize("stray", [b"\xc3", b"\xff", b"\xe9\xe9", bytes(range(128, 256)), b"\x1b[", b"\x1b[<0;0;0M\x1b]52;c;x", b"\x00\x01\x02", b"\x1b[200~[/b]\xff\x1b[201~"])
def test_no_byte_ends_the_game(pack: Path, tmp_path: Path, terminals: list[Terminal], stray: bytes) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminals.append(terminal)
    terminal.until("Wave.")
    terminal.type(stray)
    terminal.read(0.4)
    terminal.type(b"q")
    terminal.until("Leave the game?")
    terminal.type(b"y")
    assert terminal.ended() == 0


def test_a_terminal_that_goes_away_ends_the_game(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminal.until("Wave.")
    os.close(terminal.fd)
    end = time.monotonic() + 10
    while time.monotonic() < end:
        pid, status = os.waitpid(terminal.pid, os.WNOHANG)
        if pid:
            assert os.waitstatus_to_exitcode(status) in (129, -1)
            return
        time.sleep(0.05)
    os.kill(terminal.pid, signal.SIGKILL)
    raise AssertionError("it goes on without a terminal")


@pytest.mark.parametrize("how", ["variable", "theme"])
def test_without_colour_no_colour_is_sent_and_the_cursor_is_still_seen(pack: Path, tmp_path: Path, terminals: list[Terminal], how: str) -> None:
    given = ("--new",) if how == "variable" else ("--new", "--theme", "mono")
    terminal = Terminal(pack, tmp_path / "saves", *given, **({"NO_COLOR": "1"} if how == "variable" else {}))
    terminals.append(terminal)
    terminal.until("Wave.")
    terminal.type(b"t")
    terminal.read(0.6)
    styles = re.findall(rb"\x1b\[([0-9;]*)m", terminal.sent)
    colours = [s for s in styles if any(re.fullmatch(rb"3[0-8]|4[0-8]|9[0-7]|10[0-7]", part) for part in s.split(b";"))]
    assert not colours
    assert any(b"7" in s.split(b";") for s in styles)


def test_an_absurd_width_in_the_environment_is_not_believed(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves", COLUMNS="9999", LINES="1")
    terminals.append(terminal)
    terminal.until("Wave.")
    assert " " * 200 not in terminal.sent.decode("utf-8", "replace")


def test_a_terminal_without_unicode_gets_plain_letters(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves", LANG="C", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    terminals.append(terminal)
    terminal.until("Mugica")
    assert terminal.sent.isascii()


def test_a_tiny_terminal_says_so_and_plays_on_when_it_grows(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminals.append(terminal)
    terminal.until("Wave.")
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 1, 1, 0, 0))
    terminal.read(0.3)
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 10, 39, 0, 0))
    terminal.until("40×12 needed")
    fcntl.ioctl(terminal.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    terminal.read(0.3)
    terminal.type(b"1")
    terminal.until("They wave back.")


def test_what_was_chosen_is_there_after_a_kill(pack: Path, tmp_path: Path, terminals: list[Terminal]) -> None:
    terminal = Terminal(pack, tmp_path / "saves")
    terminals.append(terminal)
    terminal.until("Wave.")
    terminal.type(b"1")
    terminal.until("They wave back.")
    os.kill(terminal.pid, signal.SIGKILL)
    terminal.ended()
    again = Terminal(pack, tmp_path / "saves", "--theme", "dark")
    terminals.append(again)
    again.until("Continue")
    again.type(b"\r")
    again.until("The launch goes back.")
