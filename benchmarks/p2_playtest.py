"""P2: playtests a second: whole campaigns of the shipped story, and runs of 100 choices at 2,000 made-up scenes.

Both with coverage, quantiles and report, on two processes that open the story from its cache. What
it takes to start them is part of the figure; the second story is asked for again at a tenth of
its runs, so that the start can be told from the play.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path

from bench import CONTENT, made_up, noted, report

from redmexico.cache import open_story
from redmexico.model import Story
from redmexico.playtest import Packs, playtest

JOBS, RUNS, CUT, SCENES = 2, 1_000, 100, 2_000


def made_up_pack(folder: Path) -> Path:
    """The made-up story as files, so that other processes can open it."""
    for name, text in made_up(SCENES).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def seconds(story: Story, packs: Packs, runs: int, choices: int, jobs: int = JOBS) -> float:
    started = time.perf_counter()
    found = playtest(story, runs, "bench", jobs=jobs, packs=packs, choices=choices)
    found.as_json()
    assert not found.failures, found.failures[:3]
    return time.perf_counter() - started


def processor_seconds() -> float:
    """What this process and those it has ended spent: what two free cores would share."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def told(what: str, story: Story, packs: Packs, choices: int, wanted: float) -> float:
    """The better of two rounds on two processes, and the processor's share of it."""
    before = processor_seconds()
    rounds = [seconds(story, packs, RUNS, choices) for _ in range(2)]
    spent = (processor_seconds() - before) / len(rounds)
    report("P2", what, min(rounds), "s", wanted)
    noted(f"    {spent:.2f} s of processor time: {spent / JOBS:.2f} s where {JOBS} cores are free")
    return min(rounds)


def main() -> None:
    with tempfile.TemporaryDirectory() as place:
        cache = Path(place) / "cache"
        packs = Packs((str(CONTENT),), str(cache))
        story = open_story(CONTENT, cache)
        told(f"{RUNS:,} whole campaigns of the shipped story, {JOBS} processes", story, packs, 0, 10)
        noted(f"    one process: {seconds(story, packs, RUNS // 10, 0, 1) * 10:.1f} s for as many")
        made = made_up_pack(Path(place) / "made")
        packs = Packs((str(made),), str(cache))
        story = open_story(made, cache)
        spent = told(f"{RUNS:,} runs of {CUT} choices at {SCENES:,} scenes, {JOBS} processes", story, packs, CUT, 1)
        few = min(seconds(story, packs, RUNS // 10, CUT) for _ in range(2))
        noted(f"    {RUNS // 10} runs: {few:.2f} s; a choice at full speed: {(spent - few) / (RUNS * CUT * 0.9) * 1e6:.1f} µs")


if __name__ == "__main__":
    main()
