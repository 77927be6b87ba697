"""Bots: they play as the engine does, think as they should, and their report is the same whoever plays."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STORY, files, scene, story
from redmexico import engine
from redmexico.cache import open_story
from redmexico.errors import RedMexicoError
from redmexico.model import Story, Text
from redmexico.narration import plain
from redmexico.playtest import (
    Packs,
    Report,
    keep_failures,
    keep_witness,
    merge,
    play,
    playtest,
    random_bot,
    read_report,
    replay,
    witness,
)  # fmt: skip
from redmexico.playtest.bots import BATCH, bot_of
from redmexico.playtest.figures import overlap, quantiles
from redmexico.playtest.goals import goal_of
from redmexico.playtest.parallel import ground_of
from redmexico.playtest.plans import Plan
from redmexico.playtest.reading import Reading, words_in
from redmexico.playtest.strategists import STRATEGISTS
from redmexico.playtest.unread import LEFT_OUT, Ground, play_unread
from redmexico.saves import Saves

STATE = """
bread: {kind: resource, name: Bread, good: up, start: 4, range: 0..10}
moscow: {kind: clock, name: Moscow, good: down, start: 2, range: 0..6}
church: {kind: faction, name: The Church, strength: {start: 6, range: 0..10}, temper: {start: -2, range: -5..5}}
truce: {start: none, one_of: [none, offered, made]}
key: flag
"""

MARKET = """
title: The market
place: Coyoacán
due: true
when: {from: 1940-02-01}
text: |
  Maize is up. {if bread > 8: There is plenty. | elif bread > 2: There is some. | else: There is none.}
choices:
  - {id: buy, label: Buy, do: [bread += 2, moscow += 1], text: You carry it home., goto: stall}
  - {id: sell, label: Sell, do: [bread -= 2], goto: stall}
  - {id: look, label: Look, do: [bread -= 3], goto: stall}
passages:
  stall:
    text: A woman counts.
    choices:
      - {id: ask, label: Ask, do: [church.temper += 1, key = true]}
      - {id: leave, label: Leave, do: [church.temper -= 1]}
"""
GATE = """
title: The gate
due: true
when: {from: 1940-08-01, if: key}
text: It opens.
choices:
  - {id: enter, label: Enter, needs: [{if: bread >= 6}], do: [truce = offered]}
  - {id: pass_by, label: Pass by}
"""
YARD = """
title: The yard
due: true
when: {from: 1940-09-01, if: truce == offered}
text: Hens.
choices: [{id: sit, label: Sit}, {id: stand, label: Stand}]
"""
CELLAR = """
title: The cellar
due: true
when: {from: 1940-10-01, if: truce == made}
text: Dark.
choices: [{id: down, label: Down}]
"""
EVENTS = """
- id: bells
  line: history
  date: 1940-09
  title: The bells
  pulls: [{pull: 2, because: x}, {if: church.temper >= -2, pull: -2, because: y}]
  threshold: 1
"""
TALE = {"state": STATE, "events": EVENTS, "scene__market": MARKET, "scene__gate": GATE, "scene__yard": YARD, "scene__cellar": CELLAR}


@pytest.fixture(scope="module")
def tale() -> Story:
    return story(**TALE)


def pack(folder: Path, **texts: str) -> Path:
    """A small pack as files."""
    for name, text in files(**{k: scene(v) if k.startswith("scene__") else v for k, v in texts.items()}).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def told(report: Report) -> str:
    return json.dumps(report.as_json())


# playing unread


@pytest.mark.parametrize("seed", ["a", "b", "c"])
def test_a_campaign_played_unread_stands_where_the_engine_leaves_it(redmexico: Story, seed: str) -> None:
    read = play(redmexico, random_bot, seed)
    unread, run = play_unread(Ground(redmexico), random_bot, seed)
    assert unread.choices == read.choices
    assert _without(unread.state) == _without(read.state)
    assert run.words > 0


def _without(state: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in state.items() if not name.startswith(LEFT_OUT)}


@settings(max_examples=25, deadline=None)
@given(st.text(min_size=1, max_size=8), st.sampled_from(["random", "greedy:bread", "strategist:builder", "goal:yard"]))
def test_every_bot_plays_alike_read_and_unread(seed: str, policy: str) -> None:
    small = _small()
    read = play(small, bot_of(small, policy, Counter()), seed)
    unread, _ = play_unread(Ground(small), bot_of(small, policy, Counter()), seed)
    assert unread.choices == read.choices
    assert _without(unread.state) == _without(read.state)


_MADE: list[Story] = []


def _small() -> Story:
    if not _MADE:
        _MADE.append(story(**TALE))
    return _MADE[0]


def test_words_are_counted_as_they_are_told() -> None:
    small = story(state=STATE, scene__yard=YARD.replace("due: true\nwhen: {from: 1940-09-01, if: truce == offered}", "due: true"), endings="endings: [{id: over, title: Over, kind: act, text: It was over.}]")
    played, run = play_unread(Ground(small), random_bot, "w")
    assert len(played.choices) == 1
    assert run.words == len(["Hens", "Sit", "Stand", "It", "was", "over"])


@given(st.integers(0, 10), st.integers(0, 6))
def test_a_text_taken_apart_has_the_words_that_are_rendered(bread: int, seen: int) -> None:
    small = _small()
    text = Text(
        [
            "Rain. ",
            ["if", [[["compare", ">", ["quality", "bread"], ["int", 4]], ["Bread, ", ["em", ["much of it"]], "."]], [None, ["No bread ", ["seq", "cycle", [["today"], ["to be had"]], "x"], "."]]]],
            " ", ["link", "the_notebook", "The squared paper"], " says ", ["value", "bread"], ".",
        ]
    )  # fmt: skip
    state = {"bread": bread, "!seed": "x", "!step": 1}
    w = Ground(small).w
    assert Reading("a", "text", text).read(state, w, seen) == words_in(plain(text.read(state, w, seen)))


# coverage


def test_what_nobody_met_is_named_with_its_text_branches(tale: Story) -> None:
    report = playtest(tale, 60, "1")
    assert report.never_seen == ["cellar"]
    assert report.never_chosen == ["cellar/down"]
    assert report.never.branches == [("market", "text", 0), ("market", "text", 2)]
    assert "scenes never seen: cellar" in "\n".join(report.lines())


@dataclass
class Within:
    scenes: dict[str, bool] = field(default_factory=dict)
    choices: dict[str, bool] = field(default_factory=dict)
    branches: dict[tuple[str, str, int], bool] = field(default_factory=dict)


def test_what_is_proved_dead_is_told_from_what_was_not_seen(tale: Story) -> None:
    report = playtest(tale, 60, "1", reach=Within({"cellar": False, "yard": True}, {"cellar/down": True}, {("market", "text", 0): True}))
    assert report.as_json()["proved_dead"] == {"scenes": ["cellar"], "choices": [], "branches": []}
    assert "cellar (proved dead)" in "\n".join(report.lines())
    assert [report.never.mark(thing) for thing in ("cellar", "cellar/down")] == ["proved dead", "not seen"]
    assert playtest(tale, 5, "1").as_json()["proved_dead"] is None


def test_a_proof_of_the_shipped_story_contradicts_no_campaign(redmexico: Story) -> None:
    from redmexico.logic.reach import reach

    found = reach(redmexico.form, {id: redmexico.scene_form(id) for id in redmexico.scenes})
    report = playtest(redmexico, 30, "proof", reach=found)
    assert all(found.scenes.get(id, True) for id in report.tally.scenes)
    assert all(found.choices.get(address, True) for address in report.tally.choices)
    assert [branch for branch in report.tally.branches if not found.branches.get(branch, True)] == []
    keys = {branch for branch in report.tally.branches if "/" in branch[0] and branch[1] == "text"}
    assert keys <= set(found.branches)


def test_a_choice_beside_one_that_is_nowhere_worse_is_named(tale: Story) -> None:
    report = playtest(tale, 40, "1")
    assert [(a, b) for a, b, _ in report.dominated] == [("market/look", "sell")]
    assert report.dominated[0][2] == 40


def test_a_choice_of_which_somebody_asks_later_has_its_own_worth() -> None:
    yard = YARD.replace("truce == offered", "chosen(market/look)")
    report = playtest(story(**{**TALE, "scene__yard": yard}), 10, "1")
    assert report.dominated == []


# the report


def test_the_numbers_are_told_at_the_end_of_every_half_year(tale: Story) -> None:
    report = playtest(tale, 50, "1")
    years = dict(report.as_json()["qualities"]["bread"])
    assert list(years) == ["1940 I", "1940 II"]
    assert set(years["1940 I"]) == {1, 2, 6}
    assert years["1940 I"] == years["1940 II"]


def test_a_campaigns_verdicts_endings_and_length_add_up(tale: Story) -> None:
    data = playtest(tale, 30, "1").as_json()
    assert sum(data["endings"].values()) == sum(data["events"]["bells"].values()) == data["runs"] == 30
    assert data["length"]["least"] <= data["length"]["median"] <= data["length"]["most"]
    assert data["length"]["minutes"][2] == data["length"]["words"][2] // 230
    assert set(data["factions"]) == {"church.strength", "church.temper"}


def test_two_campaigns_overlap_by_their_common_texts() -> None:
    assert overlap([frozenset("abc"), frozenset("abc")]) == (1, 1.0)
    assert overlap([frozenset("ab"), frozenset("cd"), frozenset("ac")]) == (3, round((0 + 1 / 3 + 1 / 3) / 3, 4))
    assert overlap([frozenset("a")]) == (0, 0.0)


def test_a_report_read_back_says_the_same(tale: Story) -> None:
    report = playtest(tale, 20, "1", reach=Within({"cellar": False}))
    again = read_report(json.loads(told(report)))
    assert told(again) == told(report)
    assert again.lines() == report.lines()
    assert again.page() == report.page()


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(RedMexicoError, match="no report of a playtest"):
        read_report({"endings": {}})


def test_campaigns_may_be_cut_and_that_is_no_failure(tale: Story) -> None:
    report = playtest(tale, 5, "1", choices=1)
    assert report.as_json()["length"]["most"] == 1
    assert report.as_json()["endings"] == {"none": 5}
    assert not report.failures


def test_another_start_and_mode_are_played_when_asked(redmexico: Story) -> None:
    report = playtest(redmexico, 2, "1", start="coyoacan", mode="hard", choices=5)
    assert "how_it_stood_1937" in report.tally.scenes
    with pytest.raises(RedMexicoError, match=r"no start 'coyoacn'.*did you mean 'coyoacan'"):
        playtest(redmexico, 2, "1", start="coyoacn")


# the same, whoever plays


@pytest.mark.parametrize("policy", ["random", "least-seen", "strategist:gambler"])
@pytest.mark.parametrize("shards", [2, 5])
def test_shards_merge_into_what_one_process_reports(tale: Story, policy: str, shards: int) -> None:
    runs = 3 * BATCH + 5
    parts = [playtest(tale, runs, "m", policy, shard=(i, shards)) for i in range(shards, 0, -1)]
    assert [sum(part.runs for part in parts)] == [runs]
    assert told(merge(parts)) == told(playtest(tale, runs, "m", policy))


def test_shards_written_and_read_merge_alike(tale: Story) -> None:
    parts = [read_report(json.loads(told(playtest(tale, 90, "m", shard=(i, 3))))) for i in (1, 2, 3)]
    assert told(merge(parts)) == told(playtest(tale, 90, "m"))


def test_reports_of_different_playtests_do_not_merge(tale: Story) -> None:
    one, other = playtest(tale, 4, "1", shard=(1, 2)), playtest(tale, 4, "2", shard=(2, 2))
    with pytest.raises(RedMexicoError, match="not parts of one playtest"):
        merge([one, other])
    with pytest.raises(RedMexicoError, match="have the same campaigns"):
        merge([one, one])
    with pytest.raises(RedMexicoError, match="no shard 3 of 2"):
        playtest(tale, 4, "1", shard=(3, 2))


@pytest.mark.parametrize("policy", ["random", "least-seen"])
def test_two_processes_report_what_one_does(tmp_path: Path, policy: str) -> None:
    place = pack(tmp_path / "pack", **TALE)
    packs = Packs((str(place),), str(tmp_path / "cache"))
    alone = playtest(open_story(place, None), 40, "j", policy)
    assert told(playtest(packs.open(), 40, "j", policy, jobs=2, packs=packs)) == told(alone)


def test_a_local_cluster_reports_what_one_process_does(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    place = pack(tmp_path / "pack", **TALE)
    packs = Packs((str(place),), str(tmp_path / "cache"))
    alone = playtest(open_story(place, None), 40, "c", "least-seen")
    assert told(playtest(packs.open(), 40, "c", "least-seen", jobs=2, cluster="local", packs=packs)) == told(alone)


def test_a_missing_cluster_says_how_it_is_installed(tmp_path: Path, tale: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RedMexicoError, match=r"pip install 'redmexico\[cluster\]'"):
        playtest(tale, 4, "1", cluster="local", packs=Packs((str(tmp_path),)))


def test_other_processes_want_to_know_where_the_story_lies(tale: Story) -> None:
    with pytest.raises(RedMexicoError, match="need the story's folder"):
        playtest(tale, 4, "1", jobs=2)


def test_a_process_with_another_edition_refuses(tmp_path: Path) -> None:
    packs = Packs((str(pack(tmp_path / "pack", **TALE)),))
    with pytest.raises(RedMexicoError, match="another edition"):
        ground_of(packs, "some other fingerprint")


# policies


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("randm", "did you mean 'random'"), ("least_seen", "did you mean 'least-seen'"), ("greedy:bred", "did you mean 'bread'"), ("greedy:truce", "no number named 'truce'"),
        ("greedy", "greedy:QUALITY"), ("random:x", "write it random"), ("goal:yrd", "did you mean 'yard'"), ("goal:yard/sitt", "did you mean 'sit'"),
        ("goal:bell=kept", "did you mean 'bells'"), ("goal:bells=avert", "did you mean 'averted'"), ("strategist:keper", "did you mean 'keeper'"),
        ("plan:yrd", "did you mean 'yard'"), ("plan", "write it plan:SCENE"),
    ],
)  # fmt: skip
def test_a_misspelt_policy_is_told_what_was_meant(tale: Story, policy: str, said: str) -> None:
    with pytest.raises(RedMexicoError, match=re.escape(said)):
        playtest(tale, 1, "1", policy)


@pytest.mark.parametrize("policy", ["random", "least-seen", "greedy:bread", "greedy:-bread", "goal:yard", "goal:bells=averted", "plan:yard", *(f"strategist:{name}" for name in STRATEGISTS)])
def test_the_same_seed_gives_the_same_report(tale: Story, policy: str) -> None:
    assert told(playtest(tale, 12, "s", policy)) == told(playtest(tale, 12, "s", policy))


def test_the_greedy_raise_and_lower_what_they_are_after(redmexico: Story) -> None:
    ends = {policy: playtest(redmexico, 10, "1", policy).ends["arms"] for policy in ("greedy:arms", "random", "greedy:-arms")}
    medians = {policy: quantiles(values)[2] for policy, values in ends.items()}
    assert medians["greedy:-arms"] < medians["random"] < medians["greedy:arms"]


def test_a_least_seen_bot_meets_more_than_a_random_one(redmexico: Story) -> None:
    seldom, any_of = (playtest(redmexico, 80, "1", policy) for policy in ("least-seen", "random"))
    assert len(seldom.never_chosen) < len(any_of.never_chosen)


def test_who_has_rehearsed_gets_there_far_more_often_than_chance(tale: Story) -> None:
    got = {policy: playtest(tale, 40, "1", policy).as_json()["scenes"].get("yard", 0) for policy in ("random", "plan:yard")}
    assert got["plan:yard"] == 40
    assert got["random"] <= 15


def test_a_choice_that_one_lucky_campaign_took_is_not_trusted_yet() -> None:
    plan = Plan()
    plan.known = {"a/once": (1, 1), "a/often": (40, 20)}
    plan.played, plan.reached = 100, 10
    assert plan.share("a/often") > plan.share("a/once") > plan.share("a/never")


def test_four_strategists_play_four_ways(redmexico: Story) -> None:
    played = {name: playtest(redmexico, 4, "1", f"strategist:{name}") for name in STRATEGISTS}
    assert len({told(report)[-20_000:] for report in played.values()}) == 4
    alarm = {name: quantiles(report.ends["moscow"])[2] for name, report in played.items()}
    assert alarm["keeper"] < alarm["gambler"]


def test_a_strategist_reads_no_label_and_no_text(tale: Story) -> None:
    renamed = {key: text.replace("label: ", "label: Another ").replace("Maize is up.", "Maize is down.") for key, text in TALE.items()}
    for name in STRATEGISTS:
        first, second = (play(each, STRATEGISTS[name](each), "r").choices for each in (tale, story(**renamed)))
        assert first == second


def test_a_strategist_does_not_see_what_a_mode_hides() -> None:
    from redmexico.playtest.sight import deeds_of, shown

    small = story(**TALE)
    for mode, sees in (("standard", True), ("blind", False)):
        state = engine.begin(small, "x", mode=mode).state
        assert state["!scene"] == "market"
        buy = deeds_of(small, state, engine.open_ids(small, state))[0]
        assert shown(engine.world_of(small), state, buy) == ({"bread": 2, "moscow": 1} if sees else {})


# goals and witnesses


@pytest.mark.parametrize("goal", ["yard", "yard/stand", "gate/enter", "bells=averted", "bells=kept"])
def test_a_witness_reaches_its_goal_and_stops_there(tale: Story, goal: str) -> None:
    found = witness(tale, goal, 10)
    assert found is not None
    assert goal_of(tale, goal).reached(found.state)
    before = engine.begin(tale, found.seed).state
    for address in found.choices:
        assert not goal_of(tale, goal).reached(before)
        before = engine.advance(tale, before, address.partition("/")[2]).state


def test_a_seeker_comes_where_chance_seldom_does(tale: Story) -> None:
    sought, chance = (playtest(tale, 40, "1", policy).tally.scenes["yard"] for policy in ("goal:yard", "random"))
    assert sought > 2 * chance


def test_what_cannot_be_reached_has_no_witness(tale: Story) -> None:
    assert witness(tale, "cellar", 5) is None


def test_a_witness_is_a_campaign_that_a_writer_opens(tale: Story, tmp_path: Path) -> None:
    found = witness(tale, "yard", 10)
    assert found is not None
    slug = keep_witness(tale, tmp_path, "yard", found)
    with Saves(tmp_path).open(slug) as file:
        assert file.journal.title == "Witness: yard"
        assert file.journal.state["!scene"] == "yard"
        assert file.journal.step() == len(found.choices)


@pytest.mark.parametrize("goal", ["the_visitor", "axe=averted", "axe=kept", "brother_with_a_pole/front_rank"])
def test_the_shipped_storys_hard_places_have_witnesses(redmexico: Story, goal: str) -> None:
    assert witness(redmexico, goal, 40) is not None


# failures and plays

CIRCLE = """
title: Circle
due: true
when: {from: 1940-02-01}
text: Round.
choices: [{id: round, label: Round, goto: on}, {id: out, label: Out}]
passages:
  on: {text: On., goto: off}
  off: {text: Off., goto: on}
"""


def test_a_campaign_that_fails_names_its_seed_and_is_kept_to_be_opened(tmp_path: Path) -> None:
    faulty = story(state=STATE, scene__circle=CIRCLE)
    report = playtest(faulty, 10, "f")
    assert 0 < len(report.failures) < 10
    first = report.failures[0]
    assert f"failed with seed {first.seed}, policy random: scenes lead into one another" in "\n".join(report.lines())
    assert play(faulty, random_bot, first.seed).problem == first.problem
    slugs = keep_failures(report, faulty, tmp_path)
    assert len(slugs) == len(report.failures)
    with Saves(tmp_path).open(slugs[0]) as file:
        assert file.journal.state["!scene"] == "circle"
        assert file.journal.step() == len(first.choices) - 1
        assert first.choices[-1] == "circle/round"


def test_stored_plays_are_run_again_by_their_choices(tale: Story, tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text('seed: "1"\nchoices: [market/buy, market/ask, gate/enter]\nexpect: {qualities: {truce: offered}}\n')
    (tmp_path / "wrong.yaml").write_text('seed: "1"\nchoices: [market/sell]\nexpect: {qualities: {bread: 9}}\n')
    (tmp_path / "gone.yaml").write_text('seed: "1"\nchoices: [market/steal]\n')
    (tmp_path / "no_play.yaml").write_text("- 1\n")
    found = {path.name: problems for path, problems in replay(tale, tmp_path)}
    assert list(found) == ["gone.yaml", "good.yaml", "no_play.yaml", "wrong.yaml"]
    assert found["good.yaml"] == []
    assert "bread is 2, not 9" in found["wrong.yaml"][0]
    assert "'steal' is not offered" in found["gone.yaml"][0]
    assert "no play" in found["no_play.yaml"][0]
    assert replay(tale, tmp_path / "good.yaml") == [(tmp_path / "good.yaml", [])]


def test_a_new_option_breaks_no_stored_play(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text('seed: "1"\nchoices: [market/buy, market/ask, gate/enter]\nexpect: {qualities: {truce: offered}}\n')
    more = MARKET.replace("choices:\n", "choices:\n  - {id: beg, label: Beg}\n", 1)
    assert replay(story(**{**TALE, "scene__market": more}), tmp_path) == [(tmp_path / "good.yaml", [])]


def test_a_folder_without_plays_is_refused(tale: Story, tmp_path: Path) -> None:
    with pytest.raises(RedMexicoError, match="no stored play here"):
        replay(tale, tmp_path)


# the page


def test_the_page_needs_nothing_from_outside(redmexico: Story) -> None:
    page = playtest(redmexico, 12, "1").page()
    assert not re.search(r"<script|<link|<img|<iframe|@import|url\(|https?://", page)
    assert "default-src 'none'" in page
    for part in ("Endings", "Recorded events", "Coverage", "Length", "Over the years", "Factions at their ends"):
        assert f"<h2>{part}</h2>" in page
    assert page.count("<svg") == page.count("</svg>") > 50
    assert "prefers-color-scheme:dark" in page


def test_what_a_pack_says_is_text_on_the_page() -> None:
    evil = "<script>alert(1)</script>"
    hostile = story(
        story=STORY.replace("A small story", evil), state=STATE.replace("name: Bread", f"name: '{evil}'"), events=EVENTS.replace("The bells", evil), scene__market=MARKET
    )
    page = playtest(hostile, 3, "1").page()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_a_report_of_no_movement_and_one_campaign_still_makes_a_page() -> None:
    still = story()
    report = playtest(still, 1, "1")
    assert "<h1>" in report.page()
    assert report.lines()[0] == "1 campaigns, random, seed 1: 0 failed"


def test_no_bar_is_drawn_where_stderr_is_no_terminal(tale: Story, capsys: pytest.CaptureFixture[str]) -> None:
    playtest(tale, 3, "1", progress=True)
    assert capsys.readouterr().err == ""


def test_a_bar_is_drawn_on_a_terminal(tale: Story, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    playtest(tale, 3, "1", progress=True)
    assert "campaigns" in capsys.readouterr().err
