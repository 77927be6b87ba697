"""Endings and remembered acts: what has been found on this machine, and how much there is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from redmexico.language import noted, phrase
from redmexico.model import Story
from redmexico.narration import Run
from redmexico.ui.found import Found
from redmexico.ui.sentences import ENDED, not_reached
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.reading import Reading


class Endings(Reading):
    """Found ones by name; of the others only that they are there."""

    HEADING = noted("ENDINGS AND REMEMBERED ACTS")

    def blocks(self) -> Iterable[Block]:
        story, found = self.session.story, self.session.found
        here = self.session.campaign
        now = here.view.ending.id if here is not None and here.view.ending is not None else ""
        yield from endings(story, found, now)
        yield BLANK
        mine = {name[len("!award.") :] for name in here.state if name.startswith("!award.")} if here is not None else set()
        yield from awards(story, found, mine)


def endings(story: Story, found: Found, now: str = "") -> Iterator[Block]:
    """Each ending by name once it was reached."""
    reached = [e for e in story.endings.values() if found.has("endings", e.id)]
    yield said(f"{phrase('ENDINGS')}   {phrase('{n} of {all} reached', n=len(reached), all=len(story.endings))}", "head")
    yield BLANK
    for ending in reached:
        here = (Run(f"  {phrase('this campaign')}", "you"),) if ending.id == now else ()
        yield Block((Run("= ", "kept"), Run(ending.title, "strong"), Run(f"  {phrase(ENDED[ending.kind])}", "dim"), *here), 2, 4)
    left = Counter(e.kind for e in story.endings.values() if e not in reached)
    for kind, count in left.items():
        yield Block((Run("? ", "open"), Run(not_reached(count, kind), "dim")), 2, 4)


def awards(story: Story, found: Found, mine: set[str]) -> Iterator[Block]:
    """Each remembered act once it was done; hidden ones without a hint."""
    known = [a for a in story.achievements.values() if found.has("awards", a.id)]
    yield said(f"{phrase('REMEMBERED')}   {phrase('{n} of {all}', n=len(known), all=len(story.achievements))}", "head")
    yield BLANK
    for award in story.achievements.values():
        if award in known:
            here = (Run(f"  {phrase('this campaign')}", "you"),) if award.id in mine else ()
            yield Block((Run("= ", "kept"), Run(award.title, "strong"), *here), 2, 4)
            yield said(award.text, "dim", 4)
        else:
            yield Block((Run("? ", "open"), Run(phrase("hidden") if award.hidden else award.title, "dim")), 2, 4)
