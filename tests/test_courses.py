"""A number through the years, the map, and who moved what."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import STATE, findings, scene, story
from redmexico import courses, land, timeline
from redmexico.campaign import Campaign
from redmexico.courses import Point

EVENTS = """
- {id: strike, line: history, date: 1940-03-01, title: A strike, where: north, subjects: [labour], record: They stop., invented: true, external: true, do: [bread -= 1]}
- {id: loan, line: chronicle, date: 1940-05-01, title: A loan, where: south, record: Money comes., invented: true, external: true, do: [bread += 3]}
"""
REGIONS = """
north: {kind: region, name: North, start: 3, range: 0..4, words: {0: theirs, 1: contested, 2: ours by day, 3: ours, 4: rooted}}
south: {kind: region, name: South, start: 0, range: 0..4, words: {0: theirs, 1: contested, 2: ours by day, 3: ours, 4: rooted}}
"""
MAP = """
drawing: |2
  nnnn
   nnss
home: north
regions: {north: {letter: n, places: [Monterrey]}, south: {letter: s, places: [Tampico]}}
"""
ONE = """
    title: One
    place: Tampico, the pier
    due: true
    when: {from: 1940-02-01, until: 1940-02-01}
    text: T
    choices: [{id: a, label: Give bread, do: [bread -= 2], later: [{in: 1 months, do: [bread += 1]}]}, {id: b, label: Keep it}]
"""
TWO = """
    title: Two
    place: A room
    due: true
    when: {from: 1940-06-01, until: 1940-06-01}
    text: T
    choices: [{id: c, label: C, do: [north -= 1]}]
"""


@pytest.fixture
def campaign() -> Campaign:
    tale = story(events=EVENTS, state=STATE + REGIONS, map=MAP, scene__one=scene(ONE), scene__two=scene(TWO))
    played = Campaign.new(tale, seed="7")
    played.choose("a")
    while played.view.address != "two":
        played.choose(played.view.opened[0].id)
    return played


def test_the_played_course_is_every_value_the_number_had(campaign: Campaign) -> None:
    points = courses.played(campaign.beginning, campaign.receipts(), "bread")
    assert points[0].value == 4
    assert points[-1].value == campaign.state["bread"]
    assert all(b.value != a.value for a, b in pairwise(points))
    assert [p.day for p in points[1:]] == sorted({p.day for p in points[1:]})


def test_the_recorded_course_is_what_the_lines_own_events_do_on_their_dates(campaign: Campaign) -> None:
    story_, day = campaign.story, campaign.view.day
    history = courses.recorded(story_, campaign.beginning, "history", "bread", day)
    assert [point.value for point in history] == [4, 3]
    chronicle = courses.recorded(story_, campaign.beginning, "chronicle", "bread", day)
    assert [point.value for point in chronicle] == [4, 3, 6]
    assert courses.recorded(story_, campaign.beginning, "history", "arms", day) == ()
    assert "strike" not in {name.removeprefix("!event.") for name in campaign.beginning}


def test_who_moved_a_number_is_named_with_its_kind(campaign: Campaign) -> None:
    kinds = [timeline.mover_of(campaign.story, campaign.state, receipt) for receipt in campaign.moved("bread")]
    assert ("you", "Give bread") in kinds
    assert ("bill", "Give bread") in kinds
    assert ("event", "A strike") in kinds


@given(st.lists(st.tuples(st.integers(0, 400), st.integers(-5, 10)), min_size=1, unique_by=lambda p: p[0]), st.integers(1, 60))
def test_samples_end_with_the_value_of_the_last_day(pairs: list[tuple[int, int]], columns: int) -> None:
    points = tuple(Point(*pair) for pair in sorted(pairs))
    values = courses.sampled(points, 0, 400, columns)
    assert len(values) == columns
    assert values[-1] == courses.at(points, 400) == points[-1].value
    marks = courses.plotted((points, ()), 0, 400, -5, 10, columns, 7)
    assert len(marks) == columns
    assert all(0 <= mark.row < 7 and 0 <= mark.column < columns for mark in marks)
    assert len(courses.spark(values, -5, 10)) == columns
    assert courses.spark(values, -5, 10, ascii=True).isascii()


def test_the_map_says_who_holds_what_and_what_happened_where(campaign: Campaign) -> None:
    campaign.choose("c")
    view = campaign.view
    north, south = land.regions(view)
    assert (north.gauge.word, south.gauge.word) == ("ours by day", "theirs")
    assert [row.title for row in north.events] == ["A strike"]
    assert [row.title for row in south.events] == ["A loan"]
    assert any(line.address == "one/a" for line in south.lines)
    assert any(line.address == "two/c" for line in north.lines)
    drawn = land.drawing(view)
    assert ["".join(part.text for part in row) for row in drawn] == ["1+1+", " +1.2"]
    assert {part.region for row in drawn for part in row} == {-1, 0, 1}


def test_a_story_without_a_map_has_no_regions() -> None:
    tale = Campaign.new(story(scene__one=scene(TWO.replace("do: [north -= 1]", "do: [bread -= 1]"))), seed="7")
    assert land.regions(tale.view) == ()
    assert land.drawing(tale.view) == ()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (MAP.replace("home: north", "home: nroth"), "RM218"),
        (MAP.replace("nnss", "nnst"), "RM219"),
        (MAP.replace("letter: s", "letter: n"), "RM219"),
        (MAP.replace("  nnnn", "  " + "n" * 80), "RM219"),
    ],
)
def test_a_map_that_does_not_fit_is_refused_with_its_reason(wrong: str, code: str) -> None:
    assert code in {f.code for f in findings(state=STATE + REGIONS, map=wrong, scene__two=scene(TWO))}


def test_an_event_led_to_what_asked_for_it() -> None:
    tale = story(
        events="""
- {id: first, line: history, date: 1940-03-01, title: First, invented: true, external: true, do: [bread -= 1]}
- {id: second, line: history, date: 1940-04-01, title: Second, invented: true, pulls: [{if: happened(first), pull: 2, because: the first}], threshold: 1}
- {id: third, line: history, date: 1940-05-01, title: Third, invented: true, pulls: [{pull: 2, because: nothing}], threshold: 1}
""",
        scene__two=scene(TWO.replace("do: [north -= 1]", "do: [bread -= 1]")),
    )
    played = Campaign.new(tale, seed="7")
    led = timeline.led_to(tale, played.state, played.receipts(), tale.events["first"])
    assert led.moved == ("Bread -1",)
    assert led.events == ("second",)
    assert timeline.led_to(tale, {}, [], tale.events["first"]) == ((), ())


def test_those_who_moved_history_are_ranked_by_the_events_they_turned(campaign: Campaign) -> None:
    tale = story(
        events="""
- {id: x, line: history, date: 1940-03-01, title: X, invented: true, pulls: [{if: bread >= 4, pull: 2, because: bread}], threshold: 1}
- {id: y, line: history, date: 1940-03-02, title: Y, invented: true, pulls: [{if: bread >= 4, pull: 2, because: bread}], threshold: 1}
""",
        scene__one=scene(ONE), scene__two=scene(TWO.replace("do: [north -= 1]", "do: [bread -= 1]")),
    )
    played = Campaign.new(tale, seed="7")
    played.choose("a")
    ranked = timeline.movers(tale, played.state, played.receipts())
    assert ranked[0].cause.label == "Give bread"
    assert ranked[0].events == ("x", "y")
