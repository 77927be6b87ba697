"""P5: from a file that is saved to the redrawn screen, on the shipped story, in a terminal of 120 by 40."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import statistics
import struct
import sys
import tempfile
import termios
import time
from pathlib import Path

from bench import CONTENT, clocked, report

from redmexico.campaign import Campaign
from redmexico.workbench import Workbench, stamp_of

GOAL, SAVES = 250, 10
SCENE = "gangway"


class Bench:
    """`redmexico dev` in a terminal, and the scene that is on its screen."""

    def __init__(self, folder: Path, scene: Path) -> None:
        self.scene = scene
        self.whole = scene.read_text(encoding="utf-8")
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder), "REDMEXICO_SETTINGS": str(folder / "settings.json"), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        command = [sys.executable, "-m", "redmexico", "dev", SCENE, "--pack", str(folder / "pack"), "--saves", str(folder / "drafts")]
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(sys.executable, command, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))

    def until(self, words: bytes, patience: float = 30.0) -> bool:
        """Read what is painted until some words come."""
        seen, end = b"", time.perf_counter() + patience
        while words not in seen and time.perf_counter() < end:
            if select.select([self.fd], [], [], 0.5)[0]:
                seen += os.read(self.fd, 65536)
        return words in seen

    def drain(self, seconds: float) -> None:
        """Let what goes on come to its end."""
        end = time.perf_counter() + seconds
        while time.perf_counter() < end:
            if select.select([self.fd], [], [], 0.1)[0]:
                os.read(self.fd, 65536)

    def saved(self, text: str, words: bytes) -> float:
        """Milliseconds from a save to words on the screen."""
        started = time.perf_counter()
        self.scene.write_text(text, encoding="utf-8")
        if not self.until(words):
            raise SystemExit(f"{words!r} never came to the screen")
        return 1000 * (time.perf_counter() - started)

    def close(self) -> None:
        os.kill(self.pid, 9)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


def marked(whole: str, word: str) -> str:
    """The scene with another word at the head of its title."""
    return whole.replace("title: ", f"title: {word} ", 1)


def told(name: str, figures: list[float], goal: float) -> None:
    report("P5", f"{name}, p50 of {len(figures)}", statistics.median(figures), "ms", goal)
    report("P5", f"{name}, the slowest", max(figures), "ms", goal)


def whole_way(folder: Path, scene: Path) -> None:
    """In a terminal, as a writer has it: the rules are asked in their own process all the while."""
    game = Bench(folder, scene)
    game.until(b"TEST RUN")
    game.drain(6.0)
    game.saved(marked(game.whole, "Zero"), b"Zero ")
    good, bad = [], []
    for i in range(SAVES):
        game.drain(1.0)
        good.append(game.saved(marked(game.whole, f"Zq{i}x"), f"Zq{i}x".encode()))
    for i in range(3):
        game.drain(4.0)
        bad.append(game.saved(f"titel: x\n{game.whole}", b"last good story"))
        game.drain(0.5)
        game.saved(marked(game.whole, f"Yq{i}x"), f"Yq{i}x".encode())
    game.close()
    scene.write_text(game.whole, encoding="utf-8")
    told("a scene saved, to its words on the screen", good, GOAL)
    told("an error saved, to its mark on the screen", bad, GOAL)


def parts(pack: Path, scene: Path) -> None:
    """Where the time goes, without a screen."""
    whole = scene.read_text(encoding="utf-8")
    bench = Workbench([pack])
    bench.read()
    assert bench.story is not None
    campaign = Campaign.new(bench.story, "7")
    bench.jump(campaign, SCENE)
    bench.tidy()
    spent: dict[str, list[float]] = {"looking": [], "reading": [], "building": [], "taking up": [], "showing": []}
    for i in range(SAVES + 1):
        scene.write_text(marked(whole, f"Wq{i}x"), encoding="utf-8")
        spent["looking"].append(clocked(lambda: stamp_of(bench.packs)))
        spent["reading"].append(clocked(lambda: bench.workshop.load(bench.packs)))
        loaded = bench.workshop.load(bench.packs)
        spent["building"].append(clocked(loaded.story))
        bench.waiting = (loaded, loaded.story())
        spent["taking up"].append(clocked(lambda: bench.take_up(campaign)))
        spent["showing"].append(clocked(lambda: (campaign.view.narration, campaign.view.offers, campaign.view.rows)))
    scene.write_text(whole, encoding="utf-8")
    for name, figures in spent.items():
        told(f"  {name}", [1000 * figure for figure in figures[1:]], GOAL)


def keep(pack: Path) -> None:
    """What many saves leave behind in memory, tidied as the bench does it."""
    import resource

    bench = Workbench([pack])
    bench.read()
    scene = next((pack / "scenes").rglob(f"{SCENE}.yaml"))
    whole = scene.read_text(encoding="utf-8")
    assert bench.story is not None
    campaign = Campaign.new(bench.story, "7")
    sizes = []
    for i in range(40):
        scene.write_text(marked(whole, f"Vq{i}x"), encoding="utf-8")
        bench.read()
        bench.take_up(campaign)
        _ = campaign.view.offers
        bench.tidy()
        sizes.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    scene.write_text(whole, encoding="utf-8")
    report("P5", "memory that each of 30 more saves keeps", (sizes[-1] - sizes[9]) / 30, "MiB", 0.5)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        pack = folder / "pack"
        shutil.copytree(CONTENT, pack)
        scene = next((pack / "scenes").rglob(f"{SCENE}.yaml"))
        whole_way(folder, scene)
        parts(pack, scene)
        keep(pack)


if __name__ == "__main__":
    main()
