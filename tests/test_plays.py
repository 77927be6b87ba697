"""Stored campaigns, played again: the shipped story still comes out as it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from redmexico.errors import RedMexicoError
from redmexico.loader.tree import read_source
from redmexico.model import Story
from redmexico.plays import Play, performed, play_text, read_play, run_play

PLAYS = sorted((Path(__file__).parent / "plays").glob("*.yaml"))


@pytest.mark.parametrize("path", PLAYS, ids=[path.stem for path in PLAYS])
def test_a_stored_campaign_comes_out_as_it_did(redmexico: Story, path: Path) -> None:
    assert run_play(redmexico, path) == []


def test_one_campaign_keeps_history_whole_to_the_day_of_his_death() -> None:
    data = read_source(PLAYS[0].with_name("history_whole.yaml"), "history_whole.yaml").data
    assert data["history_off_at_his_death"] == 0
    assert data["expect"]["qualities"]["wound"] == "dead"


def test_there_is_one_for_each_way_to_live_origin_road_start_and_end() -> None:
    names = {path.stem for path in PLAYS}
    ways = {f"lives_{way}" for way in ("held", "barred", "locked", "scar", "eye", "speech")}
    origins = {f"origin_{origin}" for origin in ("rail", "teacher", "painter", "seminary", "informer")}
    roads = {f"road_{road}" for road in ("strike", "succession", "war", "villages", "gambit")}
    widows = {f"widow_{fate}" for fate in ("abroad", "hidden", "filed")}
    starts = {f"start_{start}" for start in ("coyoacan", "the_gap", "republic")}
    assert ways | origins | roads | widows | starts | {"history_whole", "loses_early", "loses_1942", "hands_it_over", "dies_in_bed", "falls"} <= names


@pytest.mark.parametrize("road", ["strike", "succession", "war", "villages", "gambit"])
def test_a_republic_can_be_kept_to_the_end_of_the_book_by_each_road(road: str) -> None:
    expect = read_source(PLAYS[0].with_name(f"road_{road}.yaml"), f"road_{road}.yaml").data["expect"]
    assert expect["qualities"]["route"] == road
    assert expect["verdicts"]["rise_to_power"] in ("kept", "early", "late", "altered")


def test_a_play_that_comes_out_otherwise_says_how(redmexico: Story, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yaml"
    path.write_text('seed: "7"\nchoices: [who_taught_you/rail]\nexpect: {ending: ice_axe, verdicts: {landing: averted}}\n', encoding="utf-8")
    assert run_play(redmexico, path) == ["wrong.yaml: ends in '', not 'ice_axe'", "wrong.yaml: landing is open, not averted"]


def test_a_play_whose_choice_is_not_offered_names_it(redmexico: Story) -> None:
    with pytest.raises(RedMexicoError, match="not offered"):
        performed(redmexico, Play("7", ["who_taught_you/nobody"]))


def test_a_campaign_exported_as_a_play_comes_out_alike(redmexico: Story, tmp_path: Path) -> None:
    from redmexico.campaign import Campaign

    campaign = Campaign.new(redmexico, "export")
    for _ in range(25):
        campaign.choose(campaign.view.opened[0].id)
    path = tmp_path / "exported.yaml"
    path.write_text(play_text(campaign.journal), encoding="utf-8")
    assert performed(redmexico, read_play(path)).state == campaign.state
