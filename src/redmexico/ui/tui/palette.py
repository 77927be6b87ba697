"""The palette: every action, and every entry of the codex, by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content

from redmexico.language import noted, phrase

if TYPE_CHECKING:
    from textual.command import Hits, Provider
    from textual.screen import Screen

    from redmexico.ui.tui.app import RedMexico

ACTIONS = (
    (noted("Timeline"), "app.show('timeline')"), (noted("Factions and resources"), "app.show('factions')"), (noted("Map"), "app.show('map')"), (noted("Codex"), "app.show('codex')"),
    (noted("Log"), "app.show('log')"), (noted("Notebook"), "app.show('notebook')"), (noted("Why: the chosen entry"), "screen.why"), (noted("Source of this"), "screen.source"), (noted("Undo"), "screen.undo"),
    (noted("Redo"), "screen.redo"), (noted("Mark this moment"), "screen.mark"), (noted("Export the notebook"), "screen.export"), (noted("Run code"), "screen.code"), (noted("Copy"), "screen.copy"),
    (noted("Next pane"), "screen.pane"), (noted("This pane alone"), "screen.maximise"), (noted("Search"), "screen.search"), (noted("Campaigns"), "app.campaigns"), (noted("New campaign"), "app.show('begin')"),
    (noted("Endings and remembered acts"), "app.show('endings')"), (noted("Settings"), "app.settings"), (noted("Sources"), "app.show('sources')"), (noted("Title"), "app.title"), (noted("Help"), "screen.help"),
    (noted("Quit"), "app.quit"),
)
"""What an action is called, said by `phrase`, and the action."""


def _without_campaign() -> tuple[str, ...]:
    from redmexico.ui.tui.app import WITHOUT_CAMPAIGN

    return WITHOUT_CAMPAIGN


def commands(game: RedMexico, screen: Screen[object] | None = None) -> Iterator[tuple[str, Callable[[], object]]]:
    """What the palette can do here: actions that this screen has, scenes that were seen, entries that were met."""
    yield from actions(game, screen)
    yield from places(game)


def actions(game: RedMexico, screen: Screen[object] | None = None) -> Iterator[tuple[str, Callable[[], object]]]:
    """The actions that a screen has."""
    screen = screen or game.screen
    campaign = game.session.campaign
    for name, action in ACTIONS:
        place, _, act = action.partition(".")
        shown = act.removeprefix("show('").removesuffix("')")
        able = hasattr(screen, f"action_{act}") if place == "screen" else not act.startswith("show(") or campaign is not None or shown in _without_campaign()
        if able:
            yield phrase(name), partial(game.run_action, action)


def places(game: RedMexico) -> Iterator[tuple[str, Callable[[], object]]]:
    """Entries that were met and scenes that were seen, to go to."""
    campaign = game.session.campaign
    if campaign is None:
        return
    for entry in campaign.view.codex.values():
        yield phrase("Codex: {entry}", entry=entry.title), partial(game.show, "codex", entry.id)
    for name in campaign.state:
        scene = name.removeprefix("!visits.")
        if scene != name and scene in campaign.story.cards:
            yield phrase("Scene: {scene}", scene=campaign.story.cards[scene].title), partial(game.show, "log", scene)


def actions_provider() -> type[Provider]:
    """The provider; made on first use, since the palette is seldom opened."""
    from textual.command import DiscoveryHit, Hit, Provider

    class Actions(Provider):
        """Searches names; they are shown as written and never read as markup."""

        async def discover(self) -> Hits:
            for name, act in actions(cast("RedMexico", self.app), self.screen):
                yield DiscoveryHit(Content(name), act, name)

        async def search(self, query: str) -> Hits:
            matcher = self.matcher(query)
            found = [(matcher.match(name), name, act) for name, act in commands(cast("RedMexico", self.app), self.screen)]
            for score, name, act in found:
                if score > 0:
                    yield Hit(score, Content(name), act, name)
            if not any(score > 0 for score, _, _ in found):  # Textual would say so in English
                yield Hit(1, Content(phrase("No matches found")), lambda: None, "")

    return Actions
