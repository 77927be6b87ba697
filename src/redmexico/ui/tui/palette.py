"""The palette: every action, and every entry of the codex, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content

if TYPE_CHECKING:
    from textual.command import Hits, Provider
    from textual.screen import Screen

    from redmexico.ui.tui.app import RedMexico

ACTIONS = (
    ("Timeline", "app.show('timeline')"), ("Factions and resources", "app.show('factions')"), ("Map", "app.show('map')"), ("Codex", "app.show('codex')"),
    ("Log", "app.show('log')"), ("Notebook", "app.show('notebook')"), ("Why: the chosen entry", "screen.why"), ("Source of this", "screen.source"), ("Undo", "screen.undo"),
    ("Redo", "screen.redo"), ("Mark this moment", "screen.mark"), ("Export the notebook", "screen.export"), ("Run code", "screen.code"), ("Copy", "screen.copy"),
    ("Next pane", "screen.pane"), ("This pane alone", "screen.maximise"), ("Search", "screen.search"), ("Campaigns", "app.campaigns"), ("New campaign", "app.show('begin')"),
    ("Endings and remembered acts", "app.show('endings')"), ("Settings", "app.settings"), ("Sources", "app.show('sources')"), ("Title", "app.title"), ("Help", "screen.help"),
    ("Quit", "app.quit"),
)


def _without_campaign() -> tuple[str, ...]:
    from redmexico.ui.tui.app import WITHOUT_CAMPAIGN

    return WITHOUT_CAMPAIGN


def commands(game: RedMexico, screen: Screen[object] | None = None) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the palette can do here: actions that this screen has, scenes that were seen, entries that were met."""
    screen = screen or game.screen
    campaign = game.session.campaign
    for name, action in ACTIONS:
        place, _, act = action.partition(".")
        shown = act.removeprefix("show('").removesuffix("')")
        able = hasattr(screen, f"action_{act}") if place == "screen" else not act.startswith("show(") or campaign is not None or shown in _without_campaign()
        if able:
            yield name, partial(game.run_action, action)
    if campaign is None:
        return
    for entry in campaign.view.codex.values():
        yield f"Codex: {entry.title}", partial(game.show, "codex", entry.id)
    for name in campaign.state:
        scene = name.removeprefix("!visits.")
        if scene != name and scene in campaign.story.cards:
            yield f"Scene: {campaign.story.cards[scene].title}", partial(game.show, "log", scene)


def actions_provider() -> type[Provider]:
    """The provider; made on first use, since the palette is seldom opened."""
    from textual.command import DiscoveryHit, Hit, Provider

    class Actions(Provider):
        """Searches names; they are shown as written and never read as markup."""

        async def discover(self) -> Hits:
            for name, act in commands(cast("RedMexico", self.app), self.screen):
                if not name.startswith(("Codex: ", "Scene: ")):
                    yield DiscoveryHit(Content(name), act, name)

        async def search(self, query: str) -> Hits:
            matcher = self.matcher(query)
            for name, act in commands(cast("RedMexico", self.app), self.screen):
                score = matcher.match(name)
                if score > 0:
                    yield Hit(score, Content(name), act, name)

    return Actions
