"""P6: the most memory a process has held: headless at 10,000 scenes, in the screen with 10,000 paragraphs."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from bench import long_campaign, made_up, report

PEAK = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000)\n"
HEADLESS = """
import sys
from pathlib import Path
from redmexico import engine
from redmexico.cache import open_story
from redmexico.views import view
story = open_story(Path(sys.argv[1]), Path(sys.argv[2]))
state = engine.begin(story, "7").state
for k in range(int(sys.argv[3])):
    shown = view(story, state)
    shown.narration
    state = engine.advance(story, state, shown.opened[k % len(shown.opened)].id).state
"""
SCREEN = """
import asyncio, sys
from pathlib import Path
from redmexico.cache import open_story
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.lines import said
from redmexico import paths
async def main():
    session = Session(open_story(paths.content(), Path(sys.argv[2])), Path(sys.argv[1]))
    session.open(sys.argv[3])
    app = RedMexico(session, "play")
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        app.screen.text = [said(f"Paragraph {n}, in which somebody counts to {n}. " * 3) for n in range(10_000)] + app.screen.text
        app.screen.pages = [(record, begins + 10_000) for record, begins in app.screen.pages]
        app.screen.show(session.campaign.view)
        for _ in range(20):
            await pilot.press("b")
    session.close()
asyncio.run(main())
"""


def peak(code: str, *arguments: str) -> float:
    """Megabytes that a program held at most."""
    done = subprocess.run([sys.executable, "-c", code + PEAK, *arguments], capture_output=True, text=True, check=True)
    return float(done.stdout.split()[-1])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        pack, cache, saves = (Path(folder) / name for name in ("pack", "cache", "saves"))
        for name, text in made_up(10_000).items():
            path = pack / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        peak(HEADLESS, str(pack), str(cache), "0")  # the cache is made
        report("P6", "headless, 10,000 scenes, 100 choices", peak(HEADLESS, str(pack), str(cache), "100"), "MB", 60)
        slug = long_campaign(saves)
        peak(SCREEN, str(saves), str(cache), slug)  # as above
        report("P6", "the screen, 1,000 choices loaded, 10,000 paragraphs read", peak(SCREEN, str(saves), str(cache), slug), "MB", 65)


if __name__ == "__main__":
    main()
