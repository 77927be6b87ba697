"""The palette: every action, and every entry of the codex, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content

if TYPE_CHECKING:
    from textual.command import Hits, Provider

    from redmexico.ui.tui.app import RedMexico

ACTIONS = (
    ("Timeline", "app.show('timeline')"), ("Factions and resources", "app.show('factions')"), ("Codex", "app.show('codex')"),
    ("Log", "app.show('log')"), ("Notebook", "app.show('notebook')"), ("Undo", "screen.undo"), ("Redo", "screen.redo"),
    ("Mark this moment", "screen.mark"), ("Export the notebook", "screen.export"), ("Campaigns", "app.campaigns"),
    ("New campaign", "app.show('begin')"), ("Settings", "app.settings"), ("Sources", "app.show('sources')"), ("Help", "screen.help"), ("Quit", "app.quit"),
)


def commands(game: RedMexico) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the palette can do here."""
    for name, action in ACTIONS:
        yield name, partial(game.run_action, action)
    campaign = game.session.campaign
    for entry in campaign.view.codex.values() if campaign is not None else ():
        yield f"Codex: {entry.title}", partial(game.show, "codex", entry.id)


def actions_provider() -> type[Provider]:
    """The provider; made on first use, since the palette is seldom opened."""
    from textual.command import DiscoveryHit, Hit, Provider

    class Actions(Provider):
        """Searches names; they are shown as written and never read as markup."""

        async def discover(self) -> Hits:
            for name, act in commands(cast("RedMexico", self.app)):
                if not name.startswith("Codex: "):
                    yield DiscoveryHit(Content(name), act, name)

        async def search(self, query: str) -> Hits:
            matcher = self.matcher(query)
            for name, act in commands(cast("RedMexico", self.app)):
                score = matcher.match(name)
                if score > 0:
                    yield Hit(score, Content(name), act, name)

    return Actions
