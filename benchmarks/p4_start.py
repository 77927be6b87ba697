"""P4: cold starts with a warm cache: the first frame, plain mode's first choice, --version."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import CONTENT, long_campaign, median_of, report

MINIMAL = "from textual.app import App\nfrom textual.widgets import Static\nclass A(App):\n    def compose(self):\n        yield Static('READY')\nA().run()\n"


def until(words: bytes, command: list[str], environment: dict[str, str]) -> float:
    """Seconds from the start of a command in a terminal until these words are on its screen."""
    started = time.perf_counter()
    pid, fd = pty.fork()
    if pid == 0:
        os.execvpe(command[0], command, environment)
    import fcntl
    import struct
    import termios

    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
    seen = b""
    while words not in seen and time.perf_counter() - started < 20:
        if select.select([fd], [], [], 0.5)[0]:
            try:
                seen += os.read(fd, 65536)
            except OSError:
                break
    spent = time.perf_counter() - started
    os.kill(pid, 9)
    os.waitpid(pid, 0)
    os.close(fd)
    return spent


def piped(arguments: list[str], environment: dict[str, str], data: bytes = b"") -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-m", "redmexico", *arguments], input=data, capture_output=True, env=environment, check=True)
    return time.perf_counter() - started


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        environment = {**{k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}, "XDG_CACHE_HOME": folder, "REDMEXICO_SAVES": str(Path(folder) / "saves"), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        piped(["--plain", "--new", "--pack", str(CONTENT)], environment)
        ours = [sys.executable, "-m", "redmexico", "--new"]
        minimal = [sys.executable, "-c", MINIMAL]
        rounds = [
            (until(b"Continue", ours[:-1], environment), until(b"typ", ours, environment), until(b"READY", minimal, environment))
            for _ in range(7)
        ]
        title, scene, theirs = (sorted(column)[3] for column in zip(*rounds, strict=True))
        report("P4", "first frame (the title), against 1.25 of a minimal Textual app", title, "s", 1.25 * theirs)
        report("P4", "first frame of a new campaign's scene, against the same", scene, "s", 1.25 * theirs)
        report("P4", "plain mode to the first choice and out", median_of(lambda: piped(["--plain"], environment)), "s", 0.12)
        report("P4", "--version", median_of(lambda: piped(["--version"], environment)), "s", 0.08)
        slug = long_campaign(Path(folder) / "long")
        long = {**environment, "REDMEXICO_SAVES": str(Path(folder) / "long")}
        pairs = [(until(b"Continue", ours[:-1], long), until(b"off", [*ours[:-1], slug], long)) for _ in range(5)]
        titles, scenes = (sorted(column)[2] for column in zip(*pairs, strict=True))
        report("P4", "the title with a campaign of 1,000 choices in the folder", titles, "s", 1.25 * theirs)
        report("P4", "that campaign opened on the screen", scenes, "s", 1.25 * theirs)
        bare = median_of(lambda: _bare(environment))
        print(f"    python itself, starting and ending: {bare:.3f} s")


def _bare(environment: dict[str, str]) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", ""], env=environment, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
