"""The terminal under the screen: bytes that come in, its size, and how it is left."""

from __future__ import annotations

import asyncio
import contextlib
import os
import selectors
import signal
import sys
from codecs import getincrementaldecoder
from typing import TYPE_CHECKING, Any, TextIO, cast

from textual._parser import ParseError
from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

STATUSES = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}
WIDEST, TALLEST = 500, 300


class Quiet:
    """The terminal as a file; when it is gone, nothing is written and nobody waits."""

    def __init__(self, file: TextIO) -> None:
        self.file = file

    def write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # hung up: nobody reads it, and the writing thread has to drain
            self.file.write(text)

    def flush(self) -> None:
        with contextlib.suppress(OSError, ValueError):  # as above
            self.file.flush()

    def fileno(self) -> int:
        return self.file.fileno()


class Terminal(LinuxDriver):
    """Textual's driver, but a byte that is no UTF-8 is a strange key and not the end.

    Textual decodes strictly in `run_input_thread`, reads on for ever after a hang-up, and
    believes `COLUMNS`.
    """

    def __init__(self, app: App[Any], **wanted: Any) -> None:
        super().__init__(app, **wanted)
        self._file = cast(Any, Quiet(screen_file()))

    def _get_terminal_size(self) -> tuple[int, int]:
        return size_of(self.fileno)

    def run_input_thread(self) -> None:
        """Read keys until the program leaves or the terminal goes."""
        decoder = getincrementaldecoder("utf-8")("replace")
        parser = XTermParser(self._debug)
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                ready = selector.select(0.1)
                try:
                    if ready:
                        data = self._bytes()
                        if not data:
                            break
                        text = decoder.decode(data)  # "" for half a letter, which the parser takes for the end
                        for event in parser.feed(text) if text else ():
                            self.process_message(event)
                    for event in parser.tick():
                        self.process_message(event)
                except (ParseError, EOFError, ValueError, OverflowError):
                    parser = XTermParser(self._debug)  # bytes that no terminal sends; begin again

    def _bytes(self) -> bytes:
        """What was typed; nothing once the terminal is gone, and then the program leaves."""
        try:
            data = os.read(self.fileno, 4096)
        except OSError:
            data = b""
        if not data:
            self._app.call_later(self._app.exit, None, STATUSES["SIGHUP"])
        return data


def screen_file() -> TextIO:
    """Where the screen is drawn: stderr as Textual does, or stdout where stderr goes elsewhere."""
    for file in (sys.__stderr__, sys.__stdout__):
        if file is not None and file.isatty():
            return file
    return sys.__stderr__ or sys.stderr


def size_of(fileno: int) -> tuple[int, int]:
    """Columns and rows as the terminal itself says; 80×24 where it says nothing."""
    try:
        columns, rows = os.get_terminal_size(fileno)
    except OSError:
        columns, rows = 0, 0
    return min(columns or 80, WIDEST), min(rows or 24, TALLEST)


def leave_on_signals(app: App[Any]) -> None:
    """TERM, HUP and INT end the game as quitting does, with their own status."""
    loop = asyncio.get_running_loop()
    for name, status in STATUSES.items():
        number = getattr(signal, name, None)
        if number is not None:
            loop.add_signal_handler(number, app.exit, None, status)
