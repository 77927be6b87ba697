"""How events of the recorded lines come, what they are called, and why."""

from __future__ import annotations

import pytest

from kit import play, story
from redmexico.campaign import Campaign
from redmexico.engine import advance
from redmexico.state import iso, number
from redmexico.timeline import MARKS, rows
from redmexico.views import view

QUIET = "title: Q\ndue: true\nwhen: {from: 1940-02-01, until: 1940-02-01}\ntext: T\nchoices: [{id: a, label: A, do: [church.temper = 3]}, {id: b, label: B}]\n"


def event(**lines: str) -> str:
    base = {"id": "bells", "line": "history", "date": "1940-06-10", "title": "The bells", "weight": "2"}
    base |= {key.rstrip("_"): value for key, value in lines.items()}
    return "- {" + ", ".join(f"{key}: {value}" for key, value in base.items()) + "}\n"


def verdict(events: str, *choices: str, **scenes: str) -> tuple[str, str]:
    """The verdict of the first event, and the day it got it."""
    tale = story(events=events, **({"scene__q": QUIET} | scenes))
    state = play(tale, *choices)
    id = next(iter(tale.events))
    return str(state.get(f"!event.{id}", "open")), iso(number(state, f"!when.{id}", 1))


def test_an_external_event_comes_on_its_date() -> None:
    assert verdict(event(external="true"), "a") == ("kept", "1940-06-10")


def test_an_event_comes_on_its_date_when_its_pulls_reach_the_threshold() -> None:
    pulls = "[{pull: 2, because: the winter}]"
    assert verdict(event(pulls=pulls, threshold="2"), "a") == ("kept", "1940-06-10")
    assert verdict(event(pulls=pulls, threshold="3"), "a") == ("averted", "1940-06-10")


def test_before_its_date_an_event_needs_more_than_its_threshold() -> None:
    window = "1940-01..1940-12"
    strong = event(date="1940-09-10", window=window, pulls="[{pull: 4, because: x}]", threshold="2")
    weak = event(date="1940-09-10", window=window, pulls="[{pull: 3, because: x}]", threshold="2")
    never = event(date="1940-09-10", window=window, pulls="[{pull: 9, because: x}]", threshold="2", early="never")
    assert verdict(strong, "a") == ("early", "1940-06-30")
    assert verdict(weak, "a") == ("kept", "1940-09-10")
    assert verdict(never, "a") == ("kept", "1940-09-10")


def test_an_event_may_come_late_and_at_its_windows_end_it_is_averted() -> None:
    grows = "title: G\ndue: true\nwhen: {from: 1940-11-01, until: 1940-11-01}\ntext: T\nchoices: [{id: g, label: G, do: [arms = 9]}]\n"
    late = event(date="1940-03-10", window="1940-03..1940-12", pulls="[{if: arms >= 9, pull: 2, because: x}]", threshold="2")
    assert verdict(late, "b", "g", scene__g=grows) == ("late", "1940-12-31")
    assert verdict(late, "b") == ("averted", "1940-12-31")


def test_an_event_of_a_month_is_kept_on_any_of_its_days() -> None:
    monthly = event(date="1940-03", window="1940-01..1940-12", pulls="[{pull: 2, because: x}]", threshold="2")
    assert verdict(monthly, "a") == ("kept", "1940-03-01")


def test_a_variant_that_holds_makes_the_event_altered_with_its_own_title_and_effects() -> None:
    tale = story(
        events=event(pulls="[{pull: 2, because: x}]", threshold="2", variants="[{id: quiet, if: church.temper >= 3, title: Quiet bells, do: [bread = 9]}]", do="[bread = 1]"),
        scene__q=QUIET,
    )
    state = play(tale, "a")
    assert (state["!event.bells"], state["!variant.bells"], state["bread"]) == ("altered", "quiet", 9)
    assert rows(tale, state)[0].yours == "Quiet bells"
    assert play(tale, "b")["bread"] == 1


def test_a_variant_may_have_a_threshold_of_its_own() -> None:
    hard = event(pulls="[{pull: 2, because: x}]", threshold="2", variants="[{id: quiet, if: church.temper >= 3, threshold: 9}]")
    assert verdict(hard, "a")[0] == "averted"
    assert verdict(hard, "b")[0] == "kept"


def test_an_event_whose_needs_fail_to_the_end_is_superseded() -> None:
    assert verdict(event(needs="page_kept", pulls="[{pull: 2, because: x}]"), "a")[0] == "averted"


def test_what_takes_an_averted_events_place_happens_unweighed() -> None:
    both = event(threshold="9", otherwise="[{if: bread >= 9, event: feast}, {event: fast}]") + event(id="fast", line="notebook", window="1940-06..1940-12", threshold="9") + event(
        id="feast", line="notebook", window="1940-06..1940-12", threshold="9"
    )
    tale = story(events=both, scene__q=QUIET)
    state = play(tale, "a")
    assert (state["!event.bells"], state["!event.fast"]) == ("averted", "unwritten")
    assert state["!event.feast"] == "averted"
    assert [row.event for row in rows(tale, state)] == ["bells", "fast"]


DECIDES = """
    title: The study
    text: T
    when: {if: arms < 5}
    choices:
      - {id: dies, label: D, do: [truce = made]}
      - {id: scar, label: S, do: [truce = offered]}
      - {id: lives, label: L}
"""
AXE = """
- id: axe
  line: history
  date: 1940-08-20
  title: The study
  weight: 5
  scene: study
  outcomes: [{as: kept, if: truce == made}, {as: bad_blow, if: truce == offered, title: A bad blow}]
  elsewhere: {chronicle: {record: He lives., as: [averted, bad_blow]}}
"""


@pytest.mark.parametrize(("choice", "came"), [("dies", "kept"), ("scar", "altered"), ("lives", "averted")])
def test_where_a_scene_decides_what_it_left_is_read_after_it(choice: str, came: str) -> None:
    assert verdict(AXE, "b", choice, scene__study=DECIDES) == (came, "1940-08-20")


def test_a_scene_whose_own_gate_fails_is_not_played_and_its_event_is_averted() -> None:
    armed = QUIET.replace("church.temper = 3", "arms = 9")
    assert verdict(AXE, "a", scene__study=DECIDES, scene__q=armed)[0] == "averted"


def test_elsewhere_another_outcome_counts_as_kept() -> None:
    tale = story(events=AXE, scene__study=DECIDES, scene__q=QUIET)
    scar = play(tale, "b", "scar")
    assert view(tale, scar).divergence == {"history": 50, "chronicle": 0}
    dead = play(tale, "b", "dies")
    assert view(tale, dead).divergence == {"history": 0, "chronicle": 100}
    assert [row.mark for row in rows(tale, scar, "history")] == ["~"]
    assert [row.mark for row in rows(tale, scar, "chronicle")] == ["="]


def test_events_without_a_scene_are_read_after_every_scene_in_their_window() -> None:
    moved = event(date="1940-02", window="1940-02..1940-05", outcomes="[{as: kept, if: church.temper >= 3}, {as: other, if: bread >= 9}]")
    assert verdict(moved, "a") == ("kept", "1940-02-01")
    assert verdict(moved, "b") == ("averted", "1940-05-31")


def test_divergence_weighs_what_is_due() -> None:
    two = event(external="true", weight="3") + event(id="silver", date="1940-07-01", weight="1", threshold="9")
    tale = story(events=two, scene__q=QUIET)
    assert view(tale, play(tale)).divergence["history"] == 0
    assert view(tale, play(tale, "a")).divergence["history"] == 25


def test_the_chronicle_counts_histories_events_before_they_part_and_not_after() -> None:
    two = event(threshold="9") + event(id="after", date="1940-10-01", threshold="9")
    tale = story(events=two, scene__q=QUIET)
    final = view(tale, play(tale, "a"))
    assert final.divergence == {"history": 100, "chronicle": 100}
    assert set(next(row for row in final.rows if row.event == "after").records) == {"history"}


def test_every_verdict_has_a_sign_of_its_own() -> None:
    assert len(set(MARKS.values())) == len(MARKS)


def test_why_answers_from_receipts_and_an_open_event_tells_nothing() -> None:
    pulls = "[{if: church.temper >= 3, pull: 2, because: the sacristies were open}]"
    tale = story(events=event(pulls=pulls, threshold="2"), scene__q=QUIET)
    campaign = Campaign.new(tale, "7")
    assert not campaign.why("bells").decided
    campaign.choose("a")
    found = campaign.why("bells")
    assert found.pulls == ("+2 the sacristies were open",)
    assert [(cause.step, cause.address, cause.moved) for cause in found.behind] == [(1, "q/a", "The Church +5")]


def test_why_names_the_fewest_choices_without_which_it_comes_as_recorded() -> None:
    pulls = "[{pull: 2, because: the winter}, {if: church.temper >= 3, pull: -4, because: a letter}, {if: arms >= 3, pull: -1, because: rifles}]"
    more = "title: M\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: T\nchoices: [{id: m, label: M, do: [arms = 3]}]\n"
    tale = story(events=event(pulls=pulls, threshold="1"), scene__q=QUIET, scene__m=more)
    campaign = Campaign.new(tale, "7")
    campaign.choose("a")
    campaign.choose("m")
    found = campaign.why("bells")
    assert campaign.state["!event.bells"] == "averted"
    assert [cause.address for cause in found.turning] == ["q/a"]


def test_events_come_before_scenes_on_one_day() -> None:
    tale = story(
        events=event(external="true", do="[bread = 9]"),
        scene__same="title: S\ndue: true\nwhen: {from: 1940-06-10, until: 1940-06-10, if: bread >= 9}\ntext: T\nchoices: [{id: a, label: A}]\n",
    )
    assert play(tale)["!scene"] == "same"


def test_what_comes_open_behind_the_date_plays_at_once() -> None:
    tale = story(
        scene__opens="title: O\ndue: true\nwhen: {from: 1940-05-05, until: 1940-05-05}\ntext: T\nchoices: [{id: a, label: A, do: [page_kept = true]}]\n",
        scene__waits="title: W\ndue: true\nwhen: {from: 1940-02, until: 1940-06, if: page_kept}\ntext: T\nchoices: [{id: b, label: B}]\n",
    )
    state = play(tale, "a")
    assert (state["!scene"], iso(number(state, "!date"))) == ("waits", "1940-05-05")


def test_an_event_happening_is_told_with_its_verdict() -> None:
    tale = story(events=event(external="true"), scene__q=QUIET)
    told = advance(tale, play(tale), "a").told
    assert [(item.title, item.verdict) for item in told if item.kind == "event"] == [("The bells", "kept")]


def test_an_event_due_on_the_first_day_of_a_turn_is_weighed_though_it_was_weighed_the_day_before() -> None:
    over = event(date="1940-07-01", window="1940-06..1940-08", pulls="[{if: church.temper >= 3, pull: 2, because: x}]", threshold="1", early="9")
    assert verdict(over, "a") == ("kept", "1940-07-01")


def test_why_reaches_through_an_event_to_the_choices_that_decided_it() -> None:
    first = event(pulls="[{if: church.temper >= 3, pull: 2, because: x}]", threshold="1")
    second = event(id="silver", date="1940-07-10", needs="happened(bells)", pulls="[{pull: 2, because: y}]", threshold="1")
    campaign = Campaign.new(story(events=first + second, scene__q=QUIET), "7")
    campaign.choose("b")
    assert campaign.state["!event.silver"] == "averted"
    assert [cause.address for cause in campaign.why("silver").behind] == []
    campaign.undo()
    campaign.choose("a")
    assert [cause.address for cause in campaign.why("bells").behind] == ["q/a"]


def test_why_tells_only_the_choices_that_bear_on_what_decided_it() -> None:
    pulls = "[{pull: 2, because: x}, {if: church.temper >= 3, pull: -4, because: a letter}, {if: bread >= 9, pull: 1, because: bread}]"
    more = "title: M\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: T\nchoices: [{id: m, label: M, do: [bread += 1]}]\n"
    campaign = Campaign.new(story(events=event(pulls=pulls, threshold="1"), scene__q=QUIET, scene__m=more), "7")
    campaign.choose("a")
    campaign.choose("m")
    assert [cause.address for cause in campaign.why("bells").behind] == ["q/a"]


def test_without_foreknowledge_only_what_is_decided_is_shown() -> None:
    tale = story(events=event(external="true"), scene__q=QUIET)
    assert [row.event for row in view(tale, play(tale)).rows] == ["bells"]
    assert view(tale, play(tale, mode="blind")).rows == ()
    assert [row.event for row in view(tale, play(tale, "a", mode="blind")).rows] == ["bells"]
