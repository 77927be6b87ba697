"""Two campaigns side by side, and one beside a recorded line."""

from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STATE, STORY, story
from redmexico import comparison, engine
from redmexico.campaign import Campaign
from redmexico.comparison import Difference, against, as_json, compare, lines_of, look, side
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.state import draw

WALK = {
    "scene__q": "title: The bell rope\ndue: true\nwhen: {from: 1940-02-01, until: 1940-02-01}\ntext: T\n"
    "choices: [{id: a, label: Pull it, do: [church.temper = 3, bread += 4]}, {id: b, label: 'Leave it, with {bread} loaves', do: [arms += 1, truce = made, page_kept = true, debts += owes_bell]}]\n",
    "scene__r": "title: The gate\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: T\nchoices: [{id: c, label: Open}, {id: d, label: Shut}]\n",
    "scene__s": "title: The road\ndue: true\nwhen: {from: 1940-10-01, until: 1940-10-01}\ntext: T\nchoices: [{id: e, label: East, do: [bread = 8]}, {id: f, label: West}]\n",
    "events": "- {id: bells, line: history, date: 1940-06-10, title: The bells, threshold: 2, pulls: [{if: church.temper >= 3, pull: 2, because: x}]}\n"
    "- {id: march, line: both, date: 1940-05, title: The march, threshold: 1, pulls: [{pull: 2, because: x}], variants: [{id: quiet, if: truce == made, title: A quiet march}]}\n"
    "- {id: late, line: history, date: 1940-02-20, window: 1940-02..1941-12, title: The treaty, threshold: 9}\n"
    "- {id: to_come, line: history, date: 1940-12-20, window: 1940-12..1941-12, title: The winter, threshold: 1, pulls: [{pull: 2, because: x}]}\n"
    "- {id: feast, line: notebook, date: 1940-08-31, window: 1940-07..1940-08, title: A feast, threshold: 1, pulls: [{if: church.temper >= 3, pull: 2, because: x}]}\n",
}
SMALL = story(**WALK)


def campaign(*choices: str, tale: Story = SMALL, seed: str = "7", mode: str = "", title: str = "") -> Campaign:
    made = Campaign.new(tale, seed, mode=mode, title=title)
    for choice in choices:
        made.choose(choice)
    return made


def apart(a: Campaign, b: Campaign) -> Difference:
    return compare(SMALL, side(SMALL, a), side(SMALL, b))


def test_a_campaign_is_the_same_as_itself_and_as_one_played_alike() -> None:
    a = campaign("a", "c")
    for b in (a, campaign("a", "c", title="Another")):
        found = apart(a, b)
        assert found.same
        assert (found.alike, found.parting, found.events, found.qualities, found.alone) == (2, None, (), (), ((), ()))
        assert "They are the same." in lines_of(found)


def test_it_is_told_where_two_campaigns_part_and_what_each_did_there() -> None:
    found = apart(campaign("b", "c"), campaign("b", "d", "f"))
    assert (found.alike, found.steps) == (1, (2, 3))
    assert found.parting is not None and found.parting.a is not None and found.parting.b is not None
    assert found.parting.step == 2
    assert (found.parting.a.scene, found.parting.a.label, found.parting.b.label) == ("The gate", "Open", "Shut")
    assert date.fromordinal(found.parting.a.day) == date(1940, 3, 1)
    lines = lines_of(found)
    assert "The first choice is the same." in lines
    assert "  A  choice 2, 1 March 1940, The gate: Open" in lines
    assert "  B  choice 2, 1 March 1940, The gate: Shut" in lines


def test_a_campaign_that_stops_before_the_other_says_so() -> None:
    found = apart(campaign("a"), campaign("a", "c"))
    assert found.parting is not None
    assert (found.alike, found.parting.a) == (1, None)
    assert not found.same
    assert "  A  stops there" in lines_of(found)


def test_campaigns_that_part_at_once_have_no_first_choice_in_common() -> None:
    assert "They part at the first choice." in lines_of(apart(campaign("a"), campaign("b")))


def test_a_label_that_varies_reads_as_it_was_offered() -> None:
    found = apart(campaign("b"), campaign("a"))
    assert found.parting is not None and found.parting.a is not None
    assert found.parting.a.label == "Leave it, with 4 loaves"


def test_events_that_came_otherwise_stand_by_date_with_sign_word_and_day() -> None:
    found = apart(campaign("a", "c", "f"), campaign("b", "c", "f"))
    assert [(e.event, e.recorded.strip(), e.a.words, e.b.words) for e in found.events] == [
        ("march", "1940 May", "= kept, 1 May 1940", "~ altered, 1 May 1940: A quiet march"),
        ("bells", "1940 Jun 10", "= kept, 10 June 1940", "x averted, 10 June 1940"),
        ("feast", "1940 Aug 31", "+ only in yours, 31 August 1940", "x averted, 31 August 1940"),
    ]
    lines = lines_of(found)
    at = lines.index("Events that are not the same: 3")
    assert lines[at + 1 : at + 4] == ("  1940 May     The march [march]", "    A  = kept, 1 May 1940", "    B  ~ altered, 1 May 1940: A quiet march")


def test_an_event_that_is_open_in_one_alone_is_told_as_open() -> None:
    found = apart(campaign("a"), campaign("a", "c"))
    assert {e.a.words for e in found.events} == {"? open"}


def test_qualities_stand_with_the_status_line_first_then_by_how_much_they_differ() -> None:
    found = apart(campaign("a"), campaign("b"))
    assert [(q.name, q.words) for q in found.qualities] == [
        ("bread", ("8, enough", "4, queues")),
        ("church.temper", ("3", "-2")),
        ("arms", ("2", "3")),
        ("truce", ("none", "made")),
        ("debts", ("nothing", "owes bell")),
        ("page_kept", ("no", "yes")),
    ]
    assert "  Bread: A 8, enough; B 4, queues" in lines_of(found)


def test_endings_and_distances_are_told_of_both() -> None:
    fed, over = campaign("b", "c", "e"), campaign("b", "c", "f")
    while not fed.ended:
        fed.choose("go_on")
    found = apart(fed, over)
    assert found.endings[0] == "Fed"
    assert [title for title, _, _ in found.divergence] == ["History", "Chronicle"]
    lines = lines_of(found)
    assert "  A  Fed" in lines
    assert any(line.startswith("  History: A ") for line in lines)


def test_what_one_alone_chose_leaves_out_going_on() -> None:
    found = apart(campaign("a", "c"), campaign("b", "c"))
    assert [[taken.address for taken in alone] for alone in found.alone] == [["q/a"], ["q/b"]]
    assert "  q/a  Pull it" in lines_of(found)
    tale = story(**(WALK | {"scene__w": "title: A wait\ndue: true\nwhen: {from: 1940-02-20, until: 1940-02-20, if: bread >= 8}\ntext: T\n"}))
    found = compare(tale, side(tale, campaign("a", "go_on", "c", tale=tale)), side(tale, campaign("b", "c", tale=tale)))
    assert [taken.address for taken in found.alone[0]] == ["q/a"]
    assert found.steps == (3, 2)


def test_of_a_long_list_of_choices_the_first_dozen_stand_and_the_rest_is_counted() -> None:
    many = "title: Many\ndue: true\nwhen: {from: 1940-01-05, until: 1940-01-05}\ntext: T\ntake: 15..15\nchoices: [" + ", ".join(f"{{id: c{k}, label: Number {k}}}" for k in range(16)) + "]\n"
    tale = story(scene__many=many)
    a, b = campaign(*(f"c{k}" for k in range(15)), tale=tale), campaign(tale=tale)
    found = compare(tale, side(tale, a), side(tale, b))
    lines = lines_of(found)
    at = lines.index("Chosen in A alone: 15")
    assert lines[at + 12 : at + 14] == ("  many/c11  Number 11", "  and 3 more")
    assert as_json(found)["alone"][0]["count"] == 15
    assert [taken["label"] for taken in as_json(found)["alone"][0]["first"]] == [f"Number {k}" for k in range(12)]


def test_another_seed_or_mode_is_a_difference_by_itself() -> None:
    found = apart(campaign("a"), campaign("a", seed="8", mode="carbon"))
    assert [(s.what, s.a, s.b) for s in found.settings] == [("seed", "7", "8"), ("mode", "Standard", "Carbon copy")]
    assert not found.same
    assert "They began with another mode: A Standard, B Carbon copy." in lines_of(found)


def test_comparing_the_other_way_round_tells_the_same() -> None:
    a, b = campaign("a", "c", "f"), campaign("b", "d")
    there, back = apart(a, b), apart(b, a)
    assert [(e.event, e.a, e.b) for e in there.events] == [(e.event, e.b, e.a) for e in back.events]
    assert {(q.name, q.a, q.b) for q in there.qualities} == {(q.name, q.b, q.a) for q in back.qualities}
    assert (there.alike, there.alone) == (back.alike, (back.alone[1], back.alone[0]))


picks = st.lists(st.integers(0, 11), max_size=6)


@settings(deadline=None)
@given(picks, picks)
def test_two_campaigns_are_the_same_where_their_choices_are(a: list[int], b: list[int]) -> None:
    sides = []
    for one in (a, b):
        made = campaign()
        for pick in one:
            opened = engine.open_ids(SMALL, made.state)
            if opened:
                made.choose(opened[pick % len(opened)])
        sides.append(side(SMALL, made))
    found = compare(SMALL, *sides)
    mine, other = ([taken.address for taken in s.taken] for s in sides)
    assert found.same == (mine == other)
    assert mine[: found.alike] == other[: found.alike]
    assert mine[found.alike : found.alike + 1] != other[found.alike : found.alike + 1] or mine == other
    assert all(len(line) <= 80 for line in lines_of(found))


def test_a_journal_is_compared_as_the_story_is_now_and_stays_as_it_was() -> None:
    old = campaign("a", "c")
    before = old.journal.encoded()
    later = story(**(WALK | {"state": STATE + "\nmoscow: {start: 2, range: 0..6}\n", "scene__r": WALK["scene__r"].replace("label: Open", "label: Open it")}))
    found = compare(later, side(later, old.journal), side(later, campaign("a", "c", tale=later)))
    assert found.qualities == ()
    assert old.journal.encoded() == before
    assert [taken.label for taken in side(later, old.journal).taken] == ["Pull it", "Open it"]


def test_a_label_that_varies_by_what_was_not_counted_then_is_called_by_its_scene() -> None:
    later = story(**(WALK | {"state": STATE + "\nmoscow: {start: 2, range: 0..6}\n", "scene__q": WALK["scene__q"].replace("{bread}", "{moscow}")}))
    assert side(later, campaign("b").journal).taken[0].label == "The bell rope"


def test_a_campaign_whose_scenes_are_gone_is_compared_all_the_same() -> None:
    old = campaign("a")
    gone = story(**{name: text for name, text in WALK.items() if name not in ("scene__q", "scene__r")})
    found = compare(gone, side(gone, old.journal), side(gone, campaign(tale=gone)))
    assert found.parting is not None and found.parting.a is not None
    assert (found.parting.a.scene, found.parting.a.address) == ("q", "q/a")


def test_a_campaign_of_another_pack_is_refused_by_name() -> None:
    other = story(**(WALK | {"story": STORY.replace("id: small", "id: other")}))
    with pytest.raises(RedMexicoError, match="needs another story: small"):
        look(other, campaign("a").journal)


# beside a recorded line


def test_beside_a_line_stands_what_is_not_as_it_records() -> None:
    found = against(SMALL, campaign("b", "c").state, "history", "The rope")
    assert [(row.event, row.verdict) for row in found.otherwise] == [("march", "altered"), ("bells", "averted")]
    assert [row.event for row in found.overdue] == ["late"]
    assert [row.event for row in found.open] == ["to_come"]
    assert found.yours == ()
    assert found.off == 60
    assert not found.same
    lines = lines_of(found)
    assert lines[0] == "The rope beside History, to 1 October 1940: 60 of 100 off"
    assert "  ~ 1940 May     The march [march]" in lines
    assert "                 altered, 1 May 1940: A quiet march" in lines


def test_what_is_only_in_yours_is_told_beside_every_line() -> None:
    state = campaign("a", "c").state
    for line in SMALL.lines:
        assert [row.event for row in against(SMALL, state, line).yours] == ["feast"]


def test_a_campaign_that_kept_to_the_record_is_the_same_as_its_line() -> None:
    found = against(SMALL, campaign().state, "chronicle")
    assert found.same
    assert "So far all is as Chronicle records it." in lines_of(found)


def test_a_mode_without_foreknowledge_is_not_told_what_is_open() -> None:
    blind = against(SMALL, campaign("b", "c", mode="blind").state, "history")
    assert (blind.open, blind.overdue) == ((), ())
    assert [row.event for row in blind.otherwise] == ["march", "bells"]
    assert against(SMALL, campaign("b", "c").state, "history", ahead=False).open == ()


def test_how_late_an_event_came_is_told_in_days() -> None:
    tale = story(
        scene__q=WALK["scene__q"], scene__s=WALK["scene__s"].replace("do: [bread = 8]", "do: [arms = 9]"),
        events="- {id: pact, line: history, date: 1940-03-10, window: 1940-03..1940-12, title: The pact, threshold: 2, pulls: [{if: arms >= 9, pull: 2, because: x}]}\n",
    )
    found = against(tale, campaign("a", "e", tale=tale).state, "history")
    assert [comparison.apart(row) for row in found.otherwise] == [" (296 days late)"]
    assert "                 late, 31 December 1940 (296 days late)" in lines_of(found)
    assert "Open at its end: 1" not in lines_of(found)


def test_a_line_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(RedMexicoError, match=r"no line 'histori'.*history"):
        against(SMALL, campaign().state, "histori")


# of the shipped story


def played(tale: Story, seed: str, until: int = 400) -> Campaign:
    made = Campaign.new(tale, seed, title=f"Campaign {seed}")
    for k in range(until):
        opened = engine.open_ids(tale, made.state)
        if not opened:
            break
        made.choose(opened[draw(seed, k, "pick", 0, len(opened))])
    return made


def test_of_whole_campaigns_every_line_fits_and_every_fact_is_plain_data(redmexico: Story) -> None:
    sides = [side(redmexico, played(redmexico, f"diff-{i}", 60 * (i + 1))) for i in range(4)]
    for a in sides:
        for b in sides:
            found = compare(redmexico, a, b)
            assert found.same == (a is b)
            assert all(len(line) <= 80 and "\x1b" not in line for line in lines_of(found))
            assert json.loads(json.dumps(as_json(found)))["same"] == found.same
            for event in found.events:
                assert event.a != event.b
        for line in redmexico.lines:
            beside = against(redmexico, a.state, line)
            assert all(len(shown) <= 80 for shown in lines_of(beside))
            assert json.loads(json.dumps(as_json(beside)))["off"] == beside.off
            assert len({row.event for rows in (beside.otherwise, beside.overdue, beside.open, beside.yours) for row in rows}) == sum(
                len(rows) for rows in (beside.otherwise, beside.overdue, beside.open, beside.yours)
            )


def test_every_choice_of_a_campaign_has_a_label_in_words(redmexico: Story) -> None:
    for taken in side(redmexico, played(redmexico, "labels")).taken:
        assert taken.label and taken.scene
        assert "{" not in taken.label and not taken.label.startswith(("take.", "pin.", "go_on"))
