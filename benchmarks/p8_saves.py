"""P8: what saving costs: a choice's append, the size of a long campaign, opening it again."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from bench import CONTENT, clocked, report

from redmexico.journal import read
from redmexico.loader import load
from redmexico.state import draw
from redmexico.ui.session import Session

CHOICES = 1_000


def main() -> None:
    story = load(CONTENT)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(story, Path(folder))
        campaign = session.new("Long", "bench")
        appends: list[float] = []
        keep = campaign.keep
        campaign.keep = lambda pending: appends.append(clocked(lambda: keep(pending)))
        while campaign.journal.changes_made < 10**9 and len(appends) < CHOICES:
            if campaign.ended:
                campaign.rewind(0)
            opened = campaign.view.opened
            campaign.choose(opened[draw("bench", len(appends), "pick", 0, len(opened))].id)
        session.close()
        path = next(Path(folder).glob("*.jsonl"))
        opening = []
        for _ in range(7):
            again = Session(story, Path(folder))
            started = time.perf_counter()
            again.open(path.name.removesuffix(".rmx.jsonl"))
            opening.append(time.perf_counter() - started)
            again.close()
        report("P8", "autosave of a choice, p50", 1000 * statistics.median(appends), "ms", 1.0)
        report("P8", "1,000 choices on disk", path.stat().st_size / 1000, "kB", 400)
        data = path.read_bytes()
        report("R5", "the same file read and verified, no story needed", clocked(lambda: read(data)), "s", 2.0)
        report("P8", "1,000 choices opened, all checks made", 1000 * statistics.median(opening), "ms", 40)


if __name__ == "__main__":
    main()
