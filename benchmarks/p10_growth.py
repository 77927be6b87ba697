"""P10: nothing is quadratic: ten times as much takes at most twelve times as long."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench import CONTENT, clocked, made_up, median_of, report

from redmexico import engine
from redmexico.cache import open_story
from redmexico.campaign import Campaign
from redmexico.check import examine
from redmexico.journal import read
from redmexico.loader import load_form
from redmexico.loader.pack import build_texts
from redmexico.model import Story


def growth(what: str, small: Callable[[], object], large: Callable[[], object], most: float = 12.0) -> None:
    short = median_of(lambda: clocked(small), 3)
    long = median_of(lambda: clocked(large), 3)
    report("P10", what, long / short, "x", most)


def played(story: Story, choices: int) -> Campaign:
    campaign = Campaign.new(story, "7")
    generator = random.Random(7)
    for _ in range(choices):
        ids = engine.open_ids(story, campaign.state)
        campaign.choose(generator.choice(ids))
    return campaign


def main() -> None:
    small, large = build_texts(made_up(1_000)), build_texts(made_up(10_000))
    with tempfile.TemporaryDirectory() as name:
        packs = {}
        for scenes in (1_000, 10_000):
            packs[scenes] = Path(name) / str(scenes)
            for file, text in made_up(scenes).items():
                place = packs[scenes] / file
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
        growth("build: 10,000 scenes against 1,000", lambda: load_form(packs[1_000]), lambda: load_form(packs[10_000]))
        for scenes in packs:
            open_story(packs[scenes], Path(name) / "cache")
        growth("start from the cache", lambda: open_story(packs[1_000], Path(name) / "cache"), lambda: open_story(packs[10_000], Path(name) / "cache"))
    growth("check", lambda: examine(small), lambda: examine(large))
    a, b = small.story(), large.story()
    growth("play: 10,000 choices against 1,000", lambda: played(b, 1_000), lambda: played(b, 10_000))
    few, many = played(a, 1_000), played(a, 10_000)
    growth("reading a campaign", lambda: read(b"".join(few.journal.lines())), lambda: read(b"".join(many.journal.lines())))
    growth("the timeline of a long campaign", lambda: few.view.rows, lambda: many.view.rows)

    def back(campaign: Campaign) -> None:
        campaign.rewind(campaign.step_record(10))

    growth("going back to choice 10", lambda: back(few), lambda: back(many))
    ours = open_story(CONTENT, None)
    campaign = Campaign.new(ours, "7")
    generator, spent = random.Random(7), []
    while len(spent) < 1_010:
        if campaign.ended:
            campaign.rewind(0)
        ids = engine.open_ids(ours, campaign.state)
        began = time.perf_counter()
        campaign.choose(generator.choice(ids))
        spent.append(time.perf_counter() - began)
    early, late = sorted(spent[5:105]), sorted(spent[-100:])
    report("P10", "a choice at turn 1,000 against one at turn 10", late[50] / early[50], "x", 1.2)


if __name__ == "__main__":
    main()
