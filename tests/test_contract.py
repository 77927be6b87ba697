"""Two faces, one game: whatever the story holds at a moment, lines and screen both tell it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from redmexico import engine
from redmexico.campaign import Campaign
from redmexico.model import Story
from redmexico.narration import plain
from redmexico.plays import read_play
from redmexico.ui.options import Options
from redmexico.ui.plain import Plain
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.widgets.band import Band
from redmexico.ui.tui.widgets.page import Page
from redmexico.views import View

PLAYS = Path(__file__).parent / "plays"
MOMENTS = 4
"""How many moments of each campaign are compared, the end among them."""


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def choices(tale: Story, campaign: Campaign, name: str) -> Iterator[str]:
    """The ids of a stored campaign's choices, one after another, as they come up."""
    for address in read_play(PLAYS / f"{name}.yaml").choices:
        scene, _, choice = address.partition("/")
        while engine.position(campaign.state) != scene:
            yield campaign.view.opened[0].id
        yield choice


# what there is to be told


def the_moment(view: View) -> list[str]:
    """What stands before the player now."""
    out = [view.date, view.title, *(squeezed(plain((p,))) for p in view.narration)]
    out += [squeezed(plain(voice.paragraphs, " ")) for voice in view.voices]
    if view.ending is not None:
        return [*out, *(squeezed(plain((p,))) for slide in view.slides for p in slide.paragraphs), *view.awards]
    for offer in view.offers:
        out += [squeezed(offer.label).rstrip("."), squeezed(offer.reason), squeezed(offer.hint), squeezed(offer.objection)]
        out += [moved.label for moved in offer.preview]
    return [part for part in out if part]


def the_numbers(view: View) -> list[str]:
    return [part for g in (*view.status, *view.tense) for part in (g.label.removeprefix("The "), g.word)]


def the_factions(view: View) -> list[str]:
    return [part for temper, strength in view.factions for part in (temper.label, temper.word if strength.value else "not yet here")]


def the_events(view: View) -> list[str]:
    return [part for row in view.rows for part in (row.yours or row.title, row.word)]


def the_regions(view: View) -> list[str]:
    from redmexico import land

    return [part for region in land.regions(view) for part in (region.gauge.label, region.gauge.word)]


TOLD = {
    "look": (the_moment, ()), "status": (the_numbers, ()), "factions": (the_factions, ("f",)), "timeline": (the_events, ("t",)),
    "map": (the_regions, ("a",)), "notebook": (lambda view: [squeezed(line.text) for line in view.notebook if line.text], ("n",)),
    "codex": (lambda view: [entry.title for entry in view.codex.values()], ("c",)),
    "endings": (lambda view: [f"of {len(view.story.endings)}"], ("d",)),
    "sources": (lambda view: [str(d["title"]) for d in view.story.documents.values()], ("o",)),
}
"""command of plain mode → what it has to tell, and the keys that lead to the screen that tells it"""


# the two faces


class Lines:
    """The plain face, asked for one thing at a time."""

    def __init__(self, session: Session) -> None:
        self.out = io.StringIO()
        self.face = Plain(session, io.BytesIO(b""), self.out)

    def told(self, command: str) -> str:
        self.out.seek(0)
        self.out.truncate()
        self.face.answer(command)
        said = self.out.getvalue()
        assert "\x1b" not in said
        return squeezed(said)


async def shown(app: RedMexico, pilot: Pilot[None], keys: tuple[str, ...]) -> str:
    """All that a screen holds, scrolled to or not."""
    for key in keys:
        await pilot.press(key)
    await pilot.pause()
    parts = []
    for page in app.screen.query(Page):
        if isinstance(page, Band):
            parts += ["".join(run.text for run in (*ends.left, *ends.right)) for ends in page.rows]
        else:
            parts += ["".join(run.text for run in block.runs) + " ".join(cell.text for cell in block.cells) for block in page.blocks]
    for _ in keys:
        await pilot.press("escape")
    return squeezed(" ".join(parts))


@pytest.mark.parametrize("name", ["history_whole", "lives_scar", "origin_painter", "loses_early"])
async def test_lines_and_screen_tell_the_same_over_a_whole_campaign(redmexico: Story, tmp_path: Path, name: str) -> None:
    session = Session(redmexico, tmp_path, Options(hints=False))
    play = read_play(PLAYS / f"{name}.yaml")
    campaign = session.new(title=name, seed=play.seed, start=play.start, mode=play.mode)
    every = max(1, len(play.choices) // MOMENTS)
    lines = Lines(session)
    app = RedMexico(session, "play")
    compared = 0
    async with app.run_test(size=(200, 50)) as pilot:
        for step, choice in enumerate(choices(redmexico, campaign, name), 1):
            campaign.choose(choice)
            if step % every and not campaign.ended:
                continue
            app.play()
            await pilot.pause()
            for command, (facts, keys) in TOLD.items():
                said, seen = lines.told(command), await shown(app, pilot, keys)
                for fact in facts(campaign.view):
                    assert fact in said, (step, command, fact)
                    assert fact in seen, (step, keys, fact)
                    compared += 1
    session.close()
    assert campaign.ended
    assert compared > 200


async def test_why_is_the_same_in_lines_and_on_the_screen(redmexico: Story, tmp_path: Path) -> None:
    session = Session(redmexico, tmp_path, Options(hints=False))
    campaign = session.new(seed=read_play(PLAYS / "lives_scar.yaml").seed)
    for choice in choices(redmexico, campaign, "lives_scar"):
        campaign.choose(choice)
    lines = Lines(session)
    app = RedMexico(session, "play")
    asked = 0
    async with app.run_test(size=(120, 40)) as pilot:
        for row in campaign.view.rows:
            why = campaign.why(row.event)
            if not why.decided:
                continue
            app.show("why", row.event)
            await pilot.pause()
            said, seen = lines.told(f"why {row.event}"), await shown(app, pilot, ())
            app.pop_screen()
            for fact in (*why.pulls, *(cause.label.rstrip(".") for cause in why.behind[-12:]), *(cause.moved for cause in why.behind[-12:])):
                assert squeezed(fact) in said, (row.event, fact)
                assert squeezed(fact) in seen, (row.event, fact)
                asked += 1
    session.close()
    assert asked > 60


def test_every_line_of_a_moment_is_said_once(redmexico: Story, tmp_path: Path) -> None:
    session = Session(redmexico, tmp_path, Options())
    campaign = session.new(seed="7")
    lines = Lines(session)
    for _ in range(30):
        said = lines.told("look")
        for paragraph in campaign.view.narration:
            text = squeezed(plain((paragraph,)))
            if len(text) > 40:
                assert said.count(text) == 1
        campaign.choose(campaign.view.opened[0].id)
    session.close()


def test_plain_letters_are_all_that_is_said_where_they_were_asked_for(redmexico: Story, tmp_path: Path) -> None:
    session = Session(redmexico, tmp_path, Options(charset="ascii"))
    campaign = session.new(seed=read_play(PLAYS / "lives_scar.yaml").seed)
    for choice in choices(redmexico, campaign, "lives_scar"):
        campaign.choose(choice)
    lines = Lines(session)
    for command in (*TOLD, "log", "help", "settings", "campaigns", "branches", "why axe", "factions house", "codex kahlo"):
        said = lines.told(command)
        assert said and said.isascii(), command
    session.close()
