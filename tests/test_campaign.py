"""Playing, going back, and coming back to a campaign whose story has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STATE, scene, story
from redmexico.campaign import Campaign, adopt, drift, replay
from redmexico.errors import RedMexicoError
from redmexico.journal import read
from redmexico.model import Story
from redmexico.ui.session import Session

ROAD = {
    "scene__a": "title: A\ndue: true\nwhen: {from: 1940-01-05, until: 1940-01-05}\ntext: First.\nchoices: [{id: x, label: X, do: [bread += 1], text: Result.}, {id: y, label: Y, do: [arms += 1]}]\n",
    "scene__b": "title: B\ndue: true\nwhen: {from: 1940-02-05, until: 1940-02-05}\ntext: Second.\nchoices: [{id: x, label: X, goto: room}, {id: y, label: Y}]\npassages: {room: {text: Room., choices: [{id: z, label: Z}]}}\n",
    "scene__c": "title: C\ndue: true\nwhen: {from: 1940-03-05, until: 1940-03-05}\ntext: Third.\nchoices: [{id: x, label: X}]\n",
}


def new(**more: str) -> Campaign:
    return Campaign.new(story(**(ROAD | more)), "7")


def test_undo_and_redo_are_rewinds_and_lose_nothing() -> None:
    campaign = new()
    start = dict(campaign.state)
    campaign.choose("x")
    after = dict(campaign.state)
    assert campaign.undo()
    assert campaign.state == start
    assert campaign.redo()
    assert campaign.state == after
    assert not (campaign.undo() and campaign.undo())


def test_another_choice_after_going_back_makes_a_branch_and_keeps_the_old_one() -> None:
    campaign = new()
    campaign.choose("x")
    campaign.choose("y")
    campaign.rewind(0)
    campaign.choose("y")
    assert [branch.step for branch in campaign.journal.branches()] == [2, 1]
    campaign.rewind(campaign.journal.branches()[0].tip)
    assert (campaign.state["bread"], campaign.state["arms"]) == (5, 2)


def test_what_was_told_is_told_again_when_one_comes_back() -> None:
    campaign = new()
    told = campaign.choose("x").told
    campaign.choose("y")
    campaign.undo()
    assert campaign.told == told


def test_a_campaign_with_one_life_has_no_way_back() -> None:
    campaign = Campaign.new(story(**ROAD), "7", mode="carbon")
    campaign.choose("x")
    with pytest.raises(RedMexicoError, match="one life"):
        campaign.undo()


def test_a_replay_matches_step_by_step() -> None:
    campaign = new()
    for choice in ("x", "x", "z", "x"):
        campaign.choose(choice)
    result = replay(campaign.story, campaign.journal)
    assert (result.whole, result.matched) == (True, 4)
    assert campaign.ended


def test_a_replay_on_changed_content_names_the_first_step_that_differs() -> None:
    campaign = new()
    campaign.choose("x")
    campaign.choose("y")
    changed = story(**(ROAD | {"scene__b": ROAD["scene__b"].replace("{id: y, label: Y}", "{id: y, label: Y, do: [bread = 9]}")}))
    result = replay(changed, campaign.journal)
    assert result.matched == 1
    assert "step 2: 'b/y' comes out otherwise" in result.reason
    locked = story(**(ROAD | {"scene__b": ROAD["scene__b"].replace("{id: y, label: Y}", "{id: y, label: Y, needs: [{if: bread >= 9}]}")}))
    assert "locked" in replay(locked, campaign.journal).reason


def test_receipts_name_the_choice_and_the_day_behind_every_change() -> None:
    campaign = new()
    campaign.choose("x")
    found = [r for r in campaign.receipts() if r.change.name == "bread" and r.step]
    assert [(r.step, r.scene, r.choice, r.change.old, r.change.new) for r in found] == [(1, "a", "x", 4, 5)]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(["x", "y", "z", "undo", "redo", "start", "mark"]), max_size=14))
def test_the_fold_of_the_journal_is_the_engines_state(moves: list[str]) -> None:
    """T10: whatever is played and taken back, the file alone gives the state, and so does a replay."""
    campaign = Campaign.new(SMALL, "7")
    for move in moves:
        if move == "undo":
            campaign.undo()
        elif move == "redo":
            campaign.redo()
        elif move == "start":
            campaign.rewind(0)
        elif move == "mark":
            campaign.mark("here")
        elif not campaign.ended and move in [o.id for o in campaign.view.offers]:
            campaign.choose(move)
    reading = read(campaign.journal.encoded())
    assert reading.damage is None
    assert reading.journal is not None
    assert dict(reading.journal.state) == campaign.state
    assert replay(SMALL, reading.journal).whole


SMALL = story(**ROAD)


# the table of content that changed under a campaign (T18)


def reopened(before: Campaign, tale: Story) -> Campaign:
    reading = read(before.journal.encoded())
    assert reading.journal is not None
    after = Campaign(tale, reading.journal)
    adopt(after, drift(tale, reading.journal))
    return after


def test_an_unchanged_pack_opens_in_silence() -> None:
    campaign = new()
    campaign.choose("x")
    assert drift(campaign.story, campaign.journal).lines == ()


def test_a_played_scene_that_reads_otherwise_is_named_and_the_choice_stands() -> None:
    campaign = new()
    campaign.choose("x")
    changed = story(**(ROAD | {"scene__a": ROAD["scene__a"].replace("First.", "Other words.")}))
    assert "A" in drift(changed, campaign.journal).changed
    assert reopened(campaign, changed).state["bread"] == 5


def test_a_present_scene_that_was_renamed_is_followed() -> None:
    campaign = new()
    campaign.choose("x")
    moved = {"scene__a": ROAD["scene__a"], "scene__bb": ROAD["scene__b"] + "was: [b]\n", "scene__c": ROAD["scene__c"]}
    after = reopened(campaign, story(**moved))
    assert after.state["!scene"] == "bb"
    after.choose("y")


def test_a_present_passage_that_is_gone_begins_the_scene_again() -> None:
    campaign = new()
    campaign.choose("x")
    campaign.choose("x")
    assert campaign.state["!passage"] == "room"
    flat = story(**(ROAD | {"scene__b": "title: B\ndue: true\nwhen: {from: 1940-02-05, until: 1940-02-05}\ntext: Second.\nchoices: [{id: y, label: Y}]\n"}))
    assert drift(flat, campaign.journal).passage_gone
    assert reopened(campaign, flat).view.address == "b"


def test_where_the_present_scene_is_gone_nothing_is_written_before_the_player_picks(tmp_path: Path) -> None:
    tale = story(**ROAD)
    session = Session(tale, tmp_path)
    campaign = session.new("One", "7")
    campaign.choose("x")
    slug = session.slug
    session.close()
    path = tmp_path / f"{slug}.rmx.jsonl"
    before = path.read_bytes()
    gone = story(scene__a=ROAD["scene__a"], scene__c=ROAD["scene__c"])
    second = Session(gone, tmp_path)
    said = second.open(slug)
    assert "no longer in the story: b" in said[0]
    assert path.read_bytes() == before
    second.go_back_to_survivor()
    assert second.campaign is not None
    assert second.campaign.state["!scene"] == "a"
    second.campaign.choose("y")
    second.close()


def test_new_qualities_get_their_start_and_narrowed_ones_are_clamped_and_listed() -> None:

    campaign = new()
    campaign.choose("x")
    changed = STATE.replace("start: 4, range: 0..10", "start: 3, range: 0..4") + "\nmoscow: {start: 2, range: 0..6}\n"
    tale = story(**(ROAD | {"state": changed}))
    found = drift(tale, campaign.journal)
    assert set(found.qualities) == {"bread", "moscow"}
    after = reopened(campaign, tale)
    assert (after.state["bread"], after.state["moscow"]) == (4, 2)


def test_a_missing_pack_is_refused_by_name(tmp_path: Path) -> None:
    session = Session(story(**ROAD), tmp_path)
    session.new("One")
    slug = session.slug
    session.close()
    from kit import STORY

    other = Session(story(**(ROAD | {"story": STORY.replace("id: small", "id: other")})), tmp_path)
    with pytest.raises(RedMexicoError, match="needs another story: small"):
        other.open(slug)


def test_an_ended_campaign_goes_on_nowhere_but_back() -> None:
    campaign = new()
    for choice in ("y", "y", "x"):
        campaign.choose(choice)
    assert campaign.ended
    assert campaign.view.offers == ()
    campaign.undo()
    assert not campaign.ended


def test_the_notebook_is_written_to_markdown_and_never_over_another_file(tmp_path: Path) -> None:
    session = Session(story(**ROAD), tmp_path)
    campaign = session.new("The *dry* river")
    campaign.choose("x")
    first, second = session.export_notebook(), session.export_notebook()
    assert first != second
    text = first.read_text(encoding="utf-8")
    assert text.startswith("# The \\*dry\\* river\n")
    assert "**5 January 1940.** A: X" in text
    session.close()


def test_a_nearly_full_file_is_told_once_and_its_copy_keeps_the_present_branch_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = Session(story(**ROAD), tmp_path)
    campaign = session.new("Long", "7")
    campaign.choose("x")
    campaign.rewind(0)
    campaign.choose("y")
    assert session.notice is None
    monkeypatch.setattr("redmexico.journal.RECORDS", 3)
    assert "nearly full" in str(session.notice)
    assert session.notice is None
    monkeypatch.undo()
    monkeypatch.setattr(type(campaign.journal), "nearly_full", True)
    slug = session.save_as("Short")
    session.close()
    kept = session.saves.read(slug).journal
    assert kept is not None
    assert [branch.step for branch in kept.branches()] == [1]


def test_events_only_in_yours_are_counted() -> None:
    events = "- {id: feast, line: notebook, date: 1940-03-01, title: The feast, pulls: [{pull: 1, because: x}], threshold: 1}\n"
    campaign = new(events=events)
    campaign.choose("x")
    assert campaign.view.unwritten == 0
    campaign.choose("y")
    assert campaign.view.unwritten == 1


# going back where the story has changed since


FIRST = scene("title: First\ndue: true\nwhen: {from: 1940-02-01, until: 1940-02-01}\ntext: T\nchoices: [{id: a, label: A, do: [bread += 1]}]\n")
SECOND = scene("title: Second\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: T\nchoices: [{id: b, label: B}]\n")
THIRD = scene("title: Third\ndue: true\nwhen: {from: 1940-04-01, until: 1940-04-01}\ntext: T\nchoices: [{id: c, label: C}]\n")


def test_going_back_into_a_scene_that_is_gone_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:

    session = Session(story(scene__first=FIRST, scene__second=SECOND, scene__third=THIRD), tmp_path)
    played = session.new(title="Drift", seed="7")
    played.choose("a")
    played.choose("b")
    session.close()
    later = Session(story(scene__second=SECOND, scene__third=THIRD), tmp_path)
    later.open("drift")
    assert later.campaign.undo()
    assert later.campaign.view.address == "second"
    with pytest.raises(RedMexicoError, match="no longer in the story: first"):
        later.campaign.undo()
    assert later.campaign.view.address == "second"
    later.campaign.choose("b")
    later.close()
    later.open("drift")
    assert later.campaign.view.address == "third"
    later.close()


def test_going_back_to_before_a_quality_was_declared_gives_it_its_start_and_undo_still_goes_on(tmp_path: Path) -> None:

    session = Session(story(scene__first=FIRST, scene__second=SECOND, scene__third=THIRD), tmp_path)
    played = session.new(title="Drift", seed="7")
    played.choose("a")
    played.choose("b")
    session.close()
    salt = STATE + "salt: {kind: resource, start: 6, range: 0..10}\n"
    later = Session(story(scene__first=FIRST, scene__second=SECOND, scene__third=THIRD, state=salt), tmp_path)
    later.open("drift")
    assert later.campaign.undo() and later.campaign.view.address == "second"
    assert later.campaign.state["salt"] == 6
    assert later.campaign.undo() and later.campaign.view.address == "first"
    assert later.campaign.redo() and later.campaign.view.address == "second"
    later.campaign.choose("b")
    assert later.campaign.journal.step() == 2
    later.close()
    later.open("drift")
    assert later.campaign.state["salt"] == 6 and later.campaign.view.address == "third"
    later.close()
