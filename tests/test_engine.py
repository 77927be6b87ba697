"""The rules of play, one sentence each."""

from __future__ import annotations

import pytest

from kit import STORY, offered, play, scene, story
from redmexico import engine
from redmexico.campaign import Campaign
from redmexico.engine import advance, begin
from redmexico.errors import CampaignEnded, EndlessStory, LockedChoice, UnknownChoice
from redmexico.narration import plain
from redmexico.state import iso, number
from redmexico.views import view

PIER = """
    title: The pier
    place: Tampico
    when: {from: 1940-01-09, until: 1940-01-09}
    due: true
    text: They will not come down.
    choices:
      - {id: wave, label: Wave., do: [bread += 1], text: They wave back.}
      - {id: shout, label: Shout., needs: [{if: arms >= 3, locked: "Nobody would hear ({arms} of 3)."}]}
      - {id: hide, label: Hide., needs: [{if: arms >= 9, hide: true}]}
"""


def test_a_due_scene_plays_on_its_day() -> None:
    state = play(story(scene__pier=PIER))
    assert state["!scene"] == "pier"
    assert iso(number(state, "!date")) == "1940-01-09"


def test_a_choice_applies_its_effects_and_tells_its_text() -> None:
    tale = story(scene__pier=PIER)
    step = advance(tale, play(tale), "wave")
    assert step.state["bread"] == 5
    assert [plain(told.paragraphs) for told in step.told if told.kind == "result"] == ["They wave back."]


def test_advance_leaves_the_state_it_was_given_alone() -> None:
    tale = story(scene__pier=PIER)
    before = play(tale)
    copy = dict(before)
    advance(tale, before, "wave")
    assert before == copy


def test_a_locked_choice_is_shown_with_the_writers_reason_and_cannot_be_taken() -> None:
    tale = story(scene__pier=PIER)
    state = play(tale)
    locked = [offer for offer in view(tale, state).offers if not offer.open]
    assert [(offer.id, offer.reason) for offer in locked] == [("shout", "Nobody would hear (2 of 3).")]
    with pytest.raises(LockedChoice, match="Nobody would hear"):
        advance(tale, state, "shout")


def test_a_hidden_choice_is_not_offered() -> None:
    tale = story(scene__pier=PIER)
    with pytest.raises(UnknownChoice):
        advance(tale, play(tale), "hide")


def test_a_misspelt_choice_is_answered_with_the_one_that_was_meant() -> None:
    tale = story(scene__pier=PIER)
    with pytest.raises(UnknownChoice, match="did you mean 'wave'"):
        advance(tale, play(tale), "wavve")


def test_where_a_need_has_no_reason_the_engine_writes_one() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices:
          - {id: a, label: A}
          - {id: b, label: B, needs: [{if: arms >= 3 and bread >= 1}]}
    """)
    assert [o.reason for o in view(tale, play(tale)).offers if not o.open] == ["needs Arms at least 3; it is 2"]


def test_the_preview_adds_up_what_the_effects_will_move() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, do: [bread += 1, bread += 1, church.temper -= 1, truce = made]}]
    """)
    shown = [(moved.label, moved.amount) for moved in view(tale, play(tale)).offers[0].preview]
    assert shown == [("Bread", 2), ("The Church", -1)]


def test_a_preview_counts_only_what_the_range_allows() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, do: [bread -= 9]}]
    """)
    assert view(tale, play(tale)).offers[0].preview[0].amount == -4
    assert play(tale, "a")["bread"] == 0


def test_mode_blind_hides_previews() -> None:
    tale = story(scene__pier=PIER)
    assert view(tale, play(tale, mode="blind")).offers[0].preview == ()


def test_a_scene_is_played_once_a_campaign() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A}]
    """)
    state = play(tale, "a")
    assert state["!visits.pier"] == 1
    assert state["!ending"] == "over"


def test_a_scene_that_repeats_comes_again_by_goto() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        repeat: true
        when: {from: 1940-01-01, until: 1940-01-01}
        text: "{first|second|last}"
        choices: [{id: a, label: A, goto: pier}, {id: b, label: B}]
    """)
    texts, state = [], play(tale)
    for _ in range(4):
        texts.append(plain(view(tale, state).narration))
        state = advance(tale, state, "a").state
    assert texts == ["first", "second", "last", "last"]


def test_a_goto_may_choose_its_passage_by_condition() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices:
          - id: a
            label: A
            goto: [{if: bread >= 9, to: fat}, {to: thin}]
        passages:
          fat: {text: Fat.}
          thin: {text: Thin.}
    """)
    state = play(tale, "a")
    assert plain(view(tale, state).narration) == "Thin."
    assert offered(tale, state) == ["go_on"]


def test_a_passage_that_only_branches_is_passed_through() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        goto: second
        passages:
          second: {text: Here., choices: [{id: a, label: A}]}
    """)
    assert view(tale, play(tale)).address == "pier/second"


def test_where_every_choice_is_locked_one_can_go_on() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, needs: [{if: bread >= 9}]}]
    """)
    assert offered(tale, play(tale)) == ["go_on"]
    assert play(tale, "go_on")["!ending"] == "over"


def test_a_called_scene_comes_back_and_the_choice_goes_on() -> None:
    tale = story(
        scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, call: aside, goto: after}]
        passages: {after: {text: After., choices: [{id: b, label: B}]}}
        """,
        scene__aside="""
        title: Aside
        text: Aside.
        choices: [{id: c, label: C}]
        """,
    )
    assert view(tale, play(tale, "a")).address == "aside"
    assert view(tale, play(tale, "a", "c")).address == "pier/after"


def test_of_several_choices_each_is_taken_once_and_then_play_goes_on() -> None:
    tale = story(scene__board="""
        title: A
        due: true
        text: Three plugs are lit.
        take: 2
        choices: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C}]
        goto: done
        passages: {done: {text: Done.}}
    """)
    state = play(tale, "b")
    assert offered(tale, state) == ["a", "c"]
    assert view(tale, state).narration == ()
    assert view(tale, play(tale, "b", "a")).address == "board/done"


def test_enough_is_offered_once_the_least_number_is_taken() -> None:
    tale = story(scene__board="""
        title: A
        due: true
        text: T
        take: 1..2
        choices: [{id: a, label: A}, {id: b, label: B}, {id: c, label: C}]
    """)
    assert "enough" not in offered(tale, play(tale))
    assert offered(tale, play(tale, "a")) == ["b", "c", "enough"]
    assert play(tale, "a", "enough")["!ending"] == "over"


LATER = """
    title: A
    due: true
    when: {from: 1940-01-01, until: 1940-01-01}
    text: T
    choices:
      - id: a
        label: A
        do: [truce = offered]
        later: [{in: 2 months, if: truce == offered, scene: bill, else: other}]
      - id: b
        label: B
        later: [{in: 2 months, if: truce == offered, scene: bill, else: other}]
      - id: c
        label: C
        later: [{in: 2 months, if: truce == offered, scene: bill}]
"""
BILL = "title: Bill\ntext: It falls due.\nchoices: [{id: pay, label: Pay}]\n"
OTHER = "title: Other\ntext: Something else.\nchoices: [{id: see, label: See}]\n"


def test_what_was_planted_falls_due_on_its_day() -> None:
    tale = story(scene__a=LATER, scene__bill=BILL, scene__other=OTHER)
    state = play(tale, "a")
    assert state["!scene"] == "bill"
    assert iso(number(state, "!date")) == "1940-03-01"


def test_a_bill_whose_condition_fails_takes_its_other_way_or_comes_to_nothing_with_a_receipt() -> None:
    tale = story(scene__a=LATER, scene__bill=BILL, scene__other=OTHER)
    assert play(tale, "b")["!scene"] == "other"
    state = play(tale, "c")
    assert state["!ending"] == "over"
    assert state["!nothing.a/c>bill"]


def test_a_day_of_many_months_is_drawn_once_and_falls_alike_after_a_rewind() -> None:
    tale = story(
        scene__a="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, later: [{in: 10..300 days, scene: bill}]}]
        """,
        scene__bill=BILL,
    )
    days = {play(tale, "a")["!date"] for _ in range(3)}
    assert len(days) == 1
    assert len({play(tale, "a", seed=str(seed))["!date"] for seed in range(12)}) > 6


COUNCIL = STORY.replace("turn: 6 months", "turn: 6 months\n    council: {hand: 2, orders: 1, decks: [house], always: [slow], summon: arms -= 1}\n    scenes: 1")


def cards(n: int, tag: str = "") -> dict[str, str]:
    return {
        f"scene__card{i}": f"""
        title: Card {i}
        label: Do {i}
        draw: {{deck: house, weight: {i + 1}{', tag: ' + tag if tag else ''}}}
        do: [bread += 1]
        text: Done {i}.
        advice: [{{who: ortuno, text: No.}}]
        """
        for i in range(n)
    }


def test_the_council_deals_a_hand_and_an_order_is_carried_out_when_it_is_taken() -> None:
    tale = story(story=COUNCIL, **cards(4))
    state = play(tale)
    found = view(tale, state)
    assert found.kind == "council"
    takes = [o for o in found.offers if o.group == "take"]
    assert len(takes) == 2
    assert takes[0].objection == "Ortuño: No."
    after = advance(tale, state, takes[0].id).state
    card = takes[0].id.removeprefix("take.")
    assert after["bread"] == 5
    assert after[f"!chosen.{card}"] == 1


def test_a_pinned_card_lies_first_in_the_next_hand() -> None:
    tale = story(story=COUNCIL, **cards(6))
    state = play(tale)
    pin = next(o.id for o in view(tale, state).offers if o.group == "pin")
    state = advance(tale, state, pin).state
    state = advance(tale, state, "pass").state
    while view(tale, state).kind != "council":
        state = advance(tale, state, offered(tale, state)[0]).state
    assert state["!hand"][0] == pin.removeprefix("pin.")  # type: ignore[index]


def test_a_pinned_card_is_still_pinned_after_a_choice_of_these_days_was_taken_back() -> None:
    tale = story(story=COUNCIL, **cards(6), scene__walk="title: Walk\ndue: true\nwhen: {from: 1940-02}\ntext: T\nchoices: [{id: a, label: A}]\n")
    campaign = Campaign.new(tale, "7")
    pin = next(o.id for o in campaign.view.offers if o.group == "pin")
    for choice in (pin, "pass", "a"):
        campaign.choose(choice)
    campaign.undo()
    assert campaign.state["!pin"] == pin.removeprefix("pin.")


def test_an_order_taken_again_may_write_another_line() -> None:
    tale = story(story=COUNCIL, scene__only="title: Only\ndraw: {deck: house, again: 1 months}\ndo: [bread += 1]\nnote: '{Once.|Again.}'\n")
    state = play(tale)
    while not state.get("!ending"):
        state = advance(tale, state, offered(tale, state)[0]).state
    lines = [str(value) for name, value in state.items() if name.startswith("!note.only")]
    assert [any(word in line for line in lines) for word in ("Once.", "Again.")] == [True, True]


def test_one_card_of_a_tag_that_is_always_there_is_dealt_while_there_is_one() -> None:
    tale = story(
        story=COUNCIL,
        **cards(5),
        scene__slowly="title: Slowly\ndraw: {deck: house, weight: 0, tag: slow}\ndo: [arms += 1]\n",
    )
    for seed in range(8):
        assert "slowly" in play(tale, seed=str(seed))["!hand"]  # type: ignore[operator]


def test_a_card_seen_before_can_be_sent_for_at_its_cost() -> None:
    tale = story(story=COUNCIL, **cards(6))
    state = play(tale)
    seen = set(state["!hand"])  # type: ignore[arg-type]
    state = advance(tale, state, "pass").state
    while view(tale, state).kind != "council":
        state = advance(tale, state, offered(tale, state)[0]).state
    summons = [o for o in view(tale, state).offers if o.group == "summon"]
    assert {o.id.removeprefix("summon.") for o in summons} == seen - set(state["!hand"])  # type: ignore[arg-type]
    if summons:
        after = advance(tale, state, summons[0].id).state
        assert after["arms"] == state["arms"] - 1  # type: ignore[operator]


LONG = COUNCIL.replace("until: 1940-12-31", "until: 1942-12-31")
ONLY = """
title: Only
draw: {deck: house}
withdraw: {after: 12 months, who: ortuno, text: Nobody wanted it.}
do: [bread += 1]
"""


def test_an_order_nobody_took_is_withdrawn_by_its_advocate() -> None:
    tale = story(
        story=LONG,
        scene__only=ONLY,
        scene__rest="title: Rest\ndraw: {deck: house, again: 1 months}\ndo: [arms += 1]\n",
    )
    state, told = play(tale), []
    while not state.get("!ending"):
        choice = "pass" if view(tale, state).kind == "council" else offered(tale, state)[0]
        step = advance(tale, state, choice)
        state = step.state
        told += [item for item in step.told if item.kind == "withdrawn"]
    assert [(item.address, item.title, item.who) for item in told] == [("only", "Only", "ortuno")]
    assert state["!withdrawn.only"]


def test_an_order_that_was_taken_and_may_return_is_not_withdrawn_on_the_day_it_returns() -> None:
    tale = story(story=LONG, scene__only=ONLY.replace("house}", "house, again: 12 months}"))
    state, told = play(tale), []
    while not state.get("!ending"):
        step = advance(tale, state, offered(tale, state)[0])
        state = step.state
        told += [item for item in step.told if item.kind == "withdrawn"]
    assert told == []
    assert state["!visits.only"] >= 2  # type: ignore[operator]


def test_what_could_not_come_any_more_and_what_no_record_expects_is_not_announced_as_averted() -> None:
    tale = story(
        events="""
        - {id: missed, line: history, date: 1940-03, title: Missed, pulls: [{if: bread > 99, pull: 1, because: x}], threshold: 1}
        - {id: superseded, line: history, date: 1940-03, title: Superseded, needs: bread > 99, pulls: [{pull: 1, because: x}], threshold: 1}
        - {id: unexpected, line: notebook, date: 1940-03, title: Unexpected, pulls: [{if: bread > 99, pull: 1, because: x}], threshold: 1}
        """,
        scene__pier=PIER,
    )
    step = begin(tale, "7")
    told, state = list(step.told), step.state
    while not state.get("!ending"):
        step = advance(tale, state, offered(tale, state)[0])
        state = step.state
        told += step.told
    assert [state[f"!event.{id}"] for id in ("missed", "superseded", "unexpected")] == ["averted"] * 3
    assert [item.address for item in told if item.kind == "event"] == ["missed"]


def test_only_so_many_scenes_that_compete_are_played_in_a_turn() -> None:
    weighted = {f"scene__w{i}": f"title: W{i}\ndue: {{weight: 1}}\nwhen: {{from: 1940-02, until: 1940-02}}\ntext: T\nchoices: [{{id: a, label: A}}]\n" for i in range(5)}
    tale = story(story=COUNCIL, **weighted)
    state = play(tale)
    assert len(state["!drawn"]) == 1  # type: ignore[arg-type]


def test_an_act_ends_when_its_rule_says_so_and_its_account_is_still_read() -> None:
    ends = STORY.replace("turn: 6 months", "turn: 6 months\n    ends: visits(pier) >= 1")
    tale = story(
        story=ends,
        scene__pier=PIER,
        scene__sum="title: Sum\ndue: account\ntext: I wrote it down.\nchoices: [{id: sign, label: Sign.}]\n",
        scene__never="title: N\ndue: true\nwhen: {from: 1940-05, until: 1940-05}\ntext: T\nchoices: [{id: a, label: A}]\n",
    )
    state = play(tale, "wave")
    assert state["!scene"] == "sum"
    done = advance(tale, state, "sign").state
    assert done["!ending"] == "over"
    assert "!visits.never" not in done
    assert "I wrote it down." in str(done["!note.sum/sign"])


def test_an_ending_by_name_closes_the_campaign_at_once() -> None:
    tale = story(scene__pier="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A, do: [end fed], text: Good bye.}]\n")
    step = advance(tale, play(tale), "a")
    assert step.state["!ending"] == "fed"
    assert [plain(t.paragraphs) for t in step.told if t.kind == "result"] == ["Good bye."]
    with pytest.raises(CampaignEnded):
        advance(tale, step.state, "a")


def test_the_first_ending_that_holds_is_reached_and_one_slide_of_each_subject_is_shown() -> None:
    tale = story(scene__pier="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A, do: [bread = 9]}, {id: b, label: B}]\n")
    assert play(tale, "a")["!ending"] == "fed"
    final = play(tale, "b")
    assert final["!ending"] == "over"
    assert [plain(slide.paragraphs) for slide in view(tale, final).slides] == ["There was none."]


def test_scenes_that_lead_into_one_another_are_stopped_with_the_circle_printed() -> None:
    tale = story(
        scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: x, label: X, goto: b}]\n",
        scene__b="title: B\ngoto: c\n",
        scene__c="title: C\ngoto: b\n",
    )
    with pytest.raises(EndlessStory, match="b → c → b"):
        advance(tale, play(tale), "x")


def test_lines_are_torn_out_and_stubs_remain() -> None:
    tale = story(scene__pier="""
        title: A
        due: true
        text: T
        choices: [{id: a, label: A, note: I waved., goto: b}]
        passages: {b: {text: B, choices: [{id: t, label: T, do: [tear pier], note: Nothing happened.}]}}
    """)
    final = play(tale, "a", "t")
    assert [line.text for line in view(tale, final).notebook] == ["", "Nothing happened."]


def test_the_notebook_passes_to_another_hand() -> None:
    tale = story(scene__pier="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A, do: [hand_over ortuno]}]\n")
    assert play(tale, "a")["carrier"] == "ortuno"


def test_advice_of_somebody_not_here_is_left_out() -> None:
    text = "title: A\ndue: true\nwhen: {{from: {0}, until: {0}}}\ntext: T\nadvice: [{{who: sedova, text: Wait.}}]\nchoices: [{{id: a, label: A}}]\n"
    early, late = story(scene__a=text.format("1940-02")), story(scene__a=text.format("1940-08"))
    assert [voice.name for voice in view(early, play(early)).voices] == ["Sedova"]
    assert view(late, play(late)).voices == ()


def test_softened_texts_are_told_to_who_asked_and_the_decision_stays() -> None:
    tale = story(scene__a=scene("""
        title: A
        due: true
        flags: [killing]
        text: Blood.
        soften: It is over.
        choices: [{id: a, label: A, text: More., soften: Less.}]
    """))
    state = play(tale)
    assert plain(view(tale, state, frozenset({"killing"})).narration) == "It is over."
    soft = advance(tale, state, "a", frozenset({"killing"}))
    hard = advance(tale, state, "a")
    assert plain(soft.told[0].paragraphs) == "Less."
    assert soft.state == hard.state


def test_a_gain_shrinks_by_the_rule_of_its_kind_and_a_loss_does_not() -> None:
    from kit import STATE

    strained = STATE + '\nkinds: {resource: {gain: "max(1, amount // 2)"}}\n'
    tale = story(state=strained, scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A, do: [bread += 4, arms -= 2]}]\n")
    state = play(tale)
    assert view(tale, state).offers[0].preview[0].amount == 2
    after = advance(tale, state, "a").state
    assert (after["bread"], after["arms"]) == (6, 0)


def test_the_same_seed_and_choices_give_the_same_state_and_another_seed_another_hand() -> None:
    tale = story(story=COUNCIL, **cards(9))
    assert play(tale, "pass") == play(tale, "pass")
    assert len({play(tale, seed=str(i))["!hand"] for i in range(20)}) > 3


def test_a_title_and_a_place_may_depend_on_what_was_done() -> None:
    tale = story(scene__a='title: "The {if bread > 3: full | else: empty} shelf"\nplace: "{if arms > 9: The wall | else: The gate}"\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\n')
    found = view(tale, play(tale))
    assert (found.title, found.place) == ("The full shelf", "The gate")
    assert tale.scenes["a"].title == "A"


def test_a_short_first_turn_joins_the_next() -> None:
    late = STORY.replace("from: 1940-01-01", "from: 1940-06-10")
    tale = story(story=late, scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\n")
    assert iso(number(play(tale), "!turn_until")) == "1940-12-31"


def test_begin_refuses_a_start_or_mode_that_does_not_exist() -> None:
    tale = story(scene__pier=PIER)
    with pytest.raises(Exception, match="did you mean 'carbon'"):
        begin(tale, "7", mode="carbn")


def test_the_engine_runs_without_any_screen_or_yaml() -> None:
    import subprocess
    import sys

    code = "import redmexico.engine, sys; print([m for m in ('textual','rich','pydantic','yaml') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_rules_are_a_whole_number() -> None:
    assert isinstance(engine.RULES, int)


def test_a_codex_entry_is_known_once_a_link_to_it_was_on_the_screen_or_its_event_happened() -> None:
    codex = "\n".join(f"- {{id: {id}, title: {id}, label: invented, group: things, text: T{more}}}" for id, more in (("known", ", known: true"), ("linked", ""), ("other", ""), ("bells", ", event: bells")))
    tale = story(
        codex=codex,
        events="- {id: bells, line: history, date: 1940-06-10, title: The bells, external: true}\n",
        scene__a="title: A\ndue: true\ntext: 'See [[linked]]. {if bread > 9: And [[other]].}'\nchoices: [{id: a, label: A}]\n",
    )
    assert list(view(tale, play(tale)).codex) == ["known", "linked"]
    assert list(view(tale, play(tale, "a")).codex) == ["known", "linked", "bells"]


def test_where_nobody_wrote_an_account_the_engine_tells_what_moved_and_what_was_done() -> None:
    tale = story(story=COUNCIL, **cards(3))
    state = play(tale)
    state = advance(tale, state, offered(tale, state)[0]).state
    found = view(tale, state)
    assert (found.kind, offered(tale, state)) == ("account", ["go_on"])
    assert [(gauge.name, delta) for gauge, delta in found.moved] == [("bread", 1)]
    text = plain(found.narration)
    assert "Bread +1, enough." in text
    assert "Do " in text
