"""Pictures of the real screens, for README and docs: `make pictures`.

A stored campaign is played half through, its screens are opened by their keys, and each is kept as
a drawing that needs no font but the reader's own.
"""

from __future__ import annotations

import asyncio
import re
import tempfile
from pathlib import Path

from redmexico import engine, paths
from redmexico.cache import open_story
from redmexico.findings import Finding
from redmexico.plays import read_play
from redmexico.ui.options import Options
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico

HERE = Path(__file__).resolve().parent
PLAY = HERE.parent / "tests" / "plays" / "lives_scar.yaml"
FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)

PICTURES: dict[str, tuple[tuple[int, int], str, int, tuple[str, ...]]] = {
    "play": ((120, 36), "dark", 105, ()),
    "timeline": ((120, 36), "dark", 200, ("t", "left", "left")),
    "factions": ((100, 34), "dark", 200, ("f",)),
    "map": ((80, 24), "light", 200, ("a", "down", "down", "down")),
    "codex": ((110, 30), "light", 105, ("c",)),
    "ending": ((100, 34), "dark", 200, ()),
    "author": ((110, 32), "dark", 105, ("f12",)),
}
"""name → size, theme, how many choices are made first, the keys to the screen"""


async def drawn(folder: Path, size: tuple[int, int], theme: str, choices: int, keys: tuple[str, ...]) -> str:
    """One screen as SVG."""
    session = Session(open_story(paths.content(), None), folder, Options(theme=theme, hints=False))
    play = read_play(PLAY)
    campaign = session.new(title="The green ribbon", seed=play.seed, start=play.start, mode=play.mode)
    for address in play.choices[:choices]:
        scene, _, choice = address.partition("/")
        while engine.position(campaign.state) != scene:
            campaign.choose(campaign.view.opened[0].id)
        campaign.choose(choice)
    app = on_the_bench(session) if keys[:1] == ("f12",) else RedMexico(session, "play")
    async with app.run_test(size=size) as pilot:
        await pilot.pause(0.2)
        for key in keys:
            await pilot.press(key)
        await pilot.pause(0.4)
        picture = app.export_screenshot(title="Red Mexico")
    session.close()
    return FONT.sub("", picture).replace("Fira Code", "ui-monospace, Menlo, Consolas, monospace")


def on_the_bench(session: Session) -> RedMexico:
    """The game as its writer sees it."""
    from redmexico.ui.tui.dev import Dev
    from redmexico.workbench import Workbench

    async def nothing_found() -> list[Finding]:
        return []

    bench = Workbench([paths.content()])
    bench.read()
    bench.take_up(session.campaign)
    assert bench.story is not None
    session.story = bench.story
    return Dev(session, bench, nothing_found)


def main() -> None:
    for name, (size, theme, choices, keys) in PICTURES.items():
        with tempfile.TemporaryDirectory() as folder:
            picture = asyncio.run(drawn(Path(folder), size, theme, choices, keys))
        (HERE / "pictures" / f"{name}.svg").write_text(picture, encoding="utf-8")
        print(f"docs/pictures/{name}.svg  {len(picture) // 1000} kB")


if __name__ == "__main__":
    main()
