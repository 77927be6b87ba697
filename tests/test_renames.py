"""What a writer renames is followed through every campaign: nothing plays twice, nothing is forgotten."""

from __future__ import annotations

import pytest

from kit import files
from redmexico.campaign import Campaign, adopt, drift
from redmexico.engine import open_ids
from redmexico.loader.pack import Loaded, build_texts
from redmexico.model import Story

WELL = """title: The well
due: true
text: T
choices:
  - {id: dig, label: Dig, do: [bread += 1, bell.temper += 1], goto: deep, later: [{in: 30 days, scene: echo}]}
  - {id: leave, label: Leave}
passages:
  deep:
    text: "Deep{once: er|}."
    choices: [{id: up, label: Up}, {id: wait, label: Wait, goto: deep}]
invented: true
"""
ECHO = "title: Echo\ntext: E\nchoices: [{id: hear, label: Hear}]\ninvented: true\n"
LATE = "title: Late\ndue: true\nwhen: {from: 1940-03, if: chosen(well/dig) and visits(well) >= 1}\ntext: L\nchoices: [{id: a, label: A}]\ninvented: true\n"
EVENTS = "- {id: flood, line: history, date: 1940-02, title: F, pulls: [{pull: 2, because: rain}], invented: true}\n"
STATE = files()["state.yaml"] + "bell: {kind: faction, temper: {start: 0, range: -5..5}}\n"


def built(**texts: str) -> Loaded:
    made = build_texts(files(**{"scene__well": WELL, "scene__echo": ECHO, "scene__late": LATE, "events": EVENTS, "state": STATE} | texts))
    assert not made.errors, made.errors
    return made


def begun() -> tuple[Story, Campaign]:
    story = built().story()
    campaign = Campaign.new(story, "7")
    campaign.choose("dig")
    return story, campaign


def taken_up(campaign: Campaign, story: Story) -> Campaign:
    again = Campaign(story, campaign.journal)
    adopt(again, drift(story, campaign.journal))
    return again


def on(campaign: Campaign) -> list[str]:
    """The scenes that still come, choosing the first of everything."""
    seen = []
    while not campaign.ended and len(seen) < 40:
        seen.append(campaign.view.address)
        campaign.choose(open_ids(campaign.story, campaign.state)[0])
    return seen


def test_a_renamed_scene_is_where_one_stands_and_was_played_and_its_bill_falls_due() -> None:
    _, campaign = begun()
    texts = files(scene__pit=WELL + "was: [well]\n", scene__echo=ECHO, scene__late=LATE.replace("well", "pit"), events=EVENTS, state=STATE)
    story = build_texts(texts).story()
    found = drift(story, campaign.journal)
    assert found.followed == "pit" and not found.lost
    again = taken_up(campaign, story)
    assert again.view.address == "pit/deep"
    seen = on(again)
    assert seen.count("pit") == 0  # it was played, and plays once
    assert "echo" in seen and "late" in seen


def test_a_renamed_choice_counts_as_made() -> None:
    _, campaign = begun()
    story = built(scene__well=WELL.replace("id: dig,", "id: shovel, was: dig,"), scene__late=LATE.replace("well/dig", "well/shovel")).story()
    again = taken_up(campaign, story)
    assert again.state["!chosen.well/shovel"] == 1 and "!chosen.well/dig" not in again.state
    assert [line.address for line in again.view.notebook] == ["well/shovel"]
    assert "late" in on(again) and not drift(story, again.journal).lines


def test_a_renamed_room_is_where_one_stands() -> None:
    _, campaign = begun()
    renamed = WELL.replace("goto: deep", "goto: bottom").replace("  deep:\n", "  bottom:\n    was: [deep]\n")
    story = built(scene__well=renamed).story()
    assert not drift(story, campaign.journal).passage_gone
    assert taken_up(campaign, story).view.address == "well/bottom"


def test_a_renamed_event_keeps_its_verdict() -> None:
    _, campaign = begun()
    while "!event.flood" not in campaign.state:
        campaign.choose(open_ids(campaign.story, campaign.state)[0])
    story = built(events=EVENTS.replace("id: flood,", "id: deluge, was: flood,")).story()
    again = taken_up(campaign, story)
    assert again.state["!event.deluge"] == campaign.state["!event.flood"]
    assert again.state["!when.deluge"] == campaign.state["!when.flood"]
    assert "!event.flood" not in again.state


def test_a_renamed_quality_and_a_renamed_faction_keep_what_they_stood_at() -> None:
    _, campaign = begun()
    state = STATE.replace("bread: {kind", "loaves: {was: bread, kind").replace("bell: {kind", "gong: {was: bell, kind")
    texts = files(
        scene__well=WELL.replace("bread +=", "loaves +=").replace("bell.", "gong."), scene__echo=ECHO, scene__late=LATE, events=EVENTS, state=state,
        story=files()["story.yaml"].replace("bread", "loaves"), endings=files()["endings.yaml"].replace("bread", "loaves"),
    )
    made = build_texts(texts)
    assert not made.errors, made.errors
    again = taken_up(campaign, made.story())
    assert again.state["loaves"] == campaign.state["bread"] == 5
    assert again.state["gong.temper"] == 1
    assert "bread" not in again.state and "bell.temper" not in again.state


def test_going_back_to_before_a_rename_follows_it_too() -> None:
    _, campaign = begun()
    story = built(scene__well=WELL.replace("id: dig,", "id: shovel, was: dig,"), scene__late=LATE.replace("well/dig", "well/shovel")).story()
    again = taken_up(campaign, story)
    again.choose("up")
    again.rewind(campaign.step_record(1))
    assert again.state["!chosen.well/shovel"] == 1


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"scene__well": WELL.replace("id: dig,", "id: dig, was: leave,")}, "'leave' is there still"),
        ({"events": EVENTS.replace("id: flood,", "id: flood, was: flood,")}, "'flood' is there still"),
        ({"state": STATE.replace("bell: {kind", "bell: {was: bread, kind")}, "'bread' is there still"),
    ],
)
def test_an_old_id_is_one_that_nothing_has_any_more(texts: dict[str, str], words: str) -> None:
    made = build_texts(files(**{"scene__well": WELL, "scene__echo": ECHO, "scene__late": LATE, "events": EVENTS, "state": STATE} | texts))
    assert [f.code for f in made.errors] == ["RM110"]
    assert words in made.errors[0].message


def test_a_story_without_renames_moves_no_name() -> None:
    from redmexico.renames import moved_names

    story, campaign = begun()
    assert moved_names(story, campaign.state) == {}

