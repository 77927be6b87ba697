"""P5: a whole validated build without a cache; and after one file of fifty was edited, to the first choice."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench import CONTENT, clocked, made_up, median_of, report

from redmexico.loader import Workshop, load_form

FIRST = """
import sys, time
from pathlib import Path
began = time.perf_counter()
from redmexico.cache import open_story
from redmexico.campaign import Campaign
Campaign.new(open_story(Path(sys.argv[1]), Path(sys.argv[2])), "7").view.offers
print(time.perf_counter() - began)
"""


def laid(folder: Path, scenes: int) -> Path:
    for name, text in made_up(scenes).items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder


def first_choice(pack: Path, cache: Path) -> float:
    done = subprocess.run([sys.executable, "-c", FIRST, str(pack), str(cache)], check=True, capture_output=True, text=True)
    return float(done.stdout)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large, small = laid(folder / "large", 10_000), laid(folder / "small", 47)
        report("P5", "10,000 scenes built and validated, no cache", median_of(lambda: clocked(lambda: load_form(large)), 3), "s", 3.0)
        edited = small / "scenes/x/s3.yaml"

        def edit() -> float:
            edited.write_text(edited.read_text(encoding="utf-8") + "# \n", encoding="utf-8")
            return first_choice(small, folder / "cache")

        first_choice(small, folder / "cache")
        report("P5", "one file of fifty edited: a new process to the first choice", median_of(edit, 7), "s", 0.3)
        bench = Workshop()
        bench.load([small])

        def again() -> float:
            edited.write_text(edited.read_text(encoding="utf-8") + "# \n", encoding="utf-8")
            began = time.perf_counter()
            bench.load([small])
            return time.perf_counter() - began

        report("P5", "the same on the writer's bench", median_of(again, 7), "s", 0.3)
        bench.load([CONTENT])
        report("P5", "our story read again, nothing changed", median_of(lambda: clocked(lambda: bench.load([CONTENT])), 7), "s", 0.25)


if __name__ == "__main__":
    main()
