"""P3: a cold start without a screen from a warm cache, in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import made_up, median_of, report

PEER = {200: 0.08, 2_000: 0.17, 10_000: 0.15}
"""Seconds until the first choice of the fastest peer at a size, as measured elsewhere on two shared cores."""
FIRST = """
import sys
from pathlib import Path
from redmexico.cache import open_story
from redmexico.campaign import Campaign
Campaign.new(open_story(Path(sys.argv[1]), Path(sys.argv[2])), "7").view.offers
"""


def start(pack: Path, cache: Path) -> float:
    import time

    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", FIRST, str(pack), str(cache)], check=True)
    return time.perf_counter() - began


def main() -> None:
    times = {}
    with tempfile.TemporaryDirectory() as name:
        for scenes in PEER:
            pack = Path(name) / str(scenes)
            for file, text in made_up(scenes).items():
                place = pack / file
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
            start(pack, Path(name) / "cache")
        for scenes in PEER:
            times[scenes] = median_of(lambda scenes=scenes: start(Path(name) / str(scenes), Path(name) / "cache"), 7)  # type: ignore[misc]
            report("P3", f"to the first choice, {scenes:,} scenes, warm cache", times[scenes], "s", 0.6 * PEER[scenes])
    report("P3", "10,000 scenes against 200", times[10_000] / times[200], "x", 1.3)


if __name__ == "__main__":
    main()
