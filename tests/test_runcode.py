"""Run codes: a whole campaign as a line of letters, and nothing else read as one."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STORY, story
from redmexico import engine, runcode
from redmexico.campaign import Campaign, new_seed
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.runcode import BadCode, OtherEdition, Run, code_of, decode, encode, is_code, play
from redmexico.state import draw

WALK = {
    "scene__a": "title: A\ndue: true\nwhen: {from: 1940-01-05, until: 1940-01-05}\ntext: T\nchoices: [{id: x, label: X, do: [bread += 1]}, {id: y, label: Y, goto: room}, {id: z, label: Z}]\n"
    "passages: {room: {text: Room., choices: [{id: in, label: In}]}}\n",
    "scene__b": "title: B\ndue: true\nwhen: {from: 1940-02-05, until: 1940-02-05}\ntext: T\ntake: 1..3\nchoices: [{id: p, label: P}, {id: q, label: Q}, {id: r, label: R, needs: [{if: bread >= 5}]}, {id: s, label: S}]\n",
    "scene__c": "title: C\ndue: true\nwhen: {from: 1940-03-05, until: 1940-03-05}\ntext: T\nchoices: [{id: x, label: X}]\n",
    "scene__d": "title: D\ndue: true\nwhen: {from: 1940-09-05, until: 1940-09-05}\ntext: T\nchoices: [{id: x, label: X}, {id: y, label: Y}]\n",
}
SMALL = story(**WALK)


def walked(tale: Story, seed: str, mode: str, picks: list[int]) -> Run:
    """A run that takes the picked one of the open choices, as far as the story goes."""
    step = engine.begin(tale, seed, mode=mode)
    choices: list[str] = []
    for pick in picks:
        opened = engine.open_ids(tale, step.state)
        if not opened:
            break
        choices.append(opened[pick % len(opened)])
        step = engine.advance(tale, step.state, choices[-1])
    return Run(seed, next(iter(tale.starts)), mode, tuple(choices))


seeds = st.one_of(st.from_regex("[2-9A-HJ-NP-Z]{4}-[2-9A-HJ-NP-Z]{4}", fullmatch=True), st.text(st.characters(exclude_categories=["C"]), min_size=1, max_size=64))
runs = st.builds(walked, st.just(SMALL), seeds, st.sampled_from(list(SMALL.modes)), st.lists(st.integers(0, 11), max_size=12))


@settings(deadline=None)
@given(runs)
def test_a_run_comes_back_from_its_code(run: Run) -> None:
    assert decode(SMALL, encode(SMALL, *run)) == run


@settings(deadline=None)
@given(runs, st.data())
def test_a_code_with_one_letter_changed_is_refused(run: Run, data: st.DataObject) -> None:
    letters = encode(SMALL, *run).replace("-", "")
    k = data.draw(st.integers(0, len(letters) - 1))
    other = data.draw(st.sampled_from([c for c in runcode._ALPHABET if c != letters[k]]))
    with pytest.raises(BadCode):
        decode(SMALL, letters[:k] + other + letters[k + 1 :])


@cache
def one_code() -> str:
    return encode(SMALL, "7F3K-2Q9D", "first", "standard", ("y", "in", "p", "s", "enough", "x", "y"))


def test_every_letter_of_a_code_is_guarded_against_every_other_and_says_so() -> None:
    letters = one_code().replace("-", "")
    for k in range(3, len(letters)):
        for other in runcode._ALPHABET:
            if other != letters[k]:
                with pytest.raises(BadCode, match="a letter of this code is wrong"):
                    decode(SMALL, letters[:k] + other + letters[k + 1 :])


def test_any_two_letters_exchanged_are_noticed() -> None:
    letters = one_code().replace("-", "")
    for i, k in combinations(range(3, len(letters)), 2):
        if letters[i] != letters[k]:
            swapped = list(letters)
            swapped[i], swapped[k] = letters[k], letters[i]
            with pytest.raises(BadCode, match="a letter of this code is wrong"):
                decode(SMALL, "".join(swapped))


def test_a_code_that_was_cut_off_or_given_twice_is_refused() -> None:
    code = one_code()
    for n in range(len(code)):
        with pytest.raises(BadCode):
            decode(SMALL, code[:n])
    with pytest.raises(BadCode):
        decode(SMALL, code + code)


@settings(deadline=None)
@given(st.one_of(st.text(), st.text().map("RM1-{}".format), st.text(runcode._ALPHABET + "-OIL oil", max_size=90).map("rm1 {}".format), st.binary().map(lambda b: b.decode("latin-1"))))
def test_whatever_is_no_code_is_refused_in_words(garbage: str) -> None:
    with pytest.raises(RedMexicoError):
        decode(SMALL, garbage)


@settings(deadline=None, max_examples=300)
@given(st.integers(0, 2**300))
def test_a_forged_code_with_a_right_check_gives_a_run_that_can_be_played_or_is_refused(number: int) -> None:
    digits = runcode._Digits()
    digits.put(runcode._edition(SMALL), 2**64)
    digits.put(number, 2**300 + 1)
    try:
        run = decode(SMALL, runcode._written(digits.letters()))
    except RedMexicoError:
        return
    assert decode(SMALL, encode(SMALL, *run)) == run


def forged(*numbers: tuple[int, int]) -> str:
    """A code with a right edition and check, and these digits and bases after them."""
    digits = runcode._Digits()
    digits.put(runcode._edition(SMALL), 2**64)
    for digit, base in numbers:
        digits.put(digit, base)
    return runcode._written(digits.letters())


HEAD = ((0, 1), (0, 3), (1, 2), *((k, 32) for k in range(8)))
"""start, mode, a seed of the usual form"""


def test_a_forged_code_says_what_is_the_matter_with_it() -> None:
    for tail, reason in (
        (((40, 256), (0, 2)), "goes on after the end"),
        (((0, 256), (0, 2), (1, 2)), "something is left over"),
        (((255, 256), (1, 2), (255, 256), (0, 2)), "counts to 65535"),
        (((1, 256),) + ((1, 2), (255, 256)) * 30, "counts to"),
    ):
        with pytest.raises(BadCode, match=f"holds no run: .*{reason}"):
            decode(SMALL, forged(*HEAD, *tail))
    with pytest.raises(BadCode, match="its seed is no text"):
        decode(SMALL, forged((0, 1), (0, 3), (0, 2), (1, 256), (0, 2), (255, 256)))
    with pytest.raises(BadCode, match="a seed is a line"):
        decode(SMALL, forged((0, 1), (0, 3), (0, 2), (1, 256), (0, 2), (27, 256)))


def test_a_code_longer_than_four_thousand_characters_is_not_even_read() -> None:
    with pytest.raises(BadCode, match="at most 4000 characters, and this has 4001"):
        decode(SMALL, "RM1-" + "Z" * 3997)
    with pytest.raises(BadCode, match="a letter of this code is wrong"):
        decode(SMALL, "RM1-" + "Z" * 3996)


def test_a_code_is_read_as_people_write_it() -> None:
    code = next(c for i in range(99) if {"0", "1"} <= set((c := encode(SMALL, f"{i}", "", "", ("x", "q")))[4:]))
    plainly = code.replace("-", "")
    run = decode(SMALL, code)
    for written in (code.lower(), plainly, f"  {code}\n", code.replace("-", " "), code.replace("-", "–"), plainly[:40] + "\n" + plainly[40:]):
        assert decode(SMALL, written) == run
    assert decode(SMALL, code.replace("0", "O").replace("1", "l")) == run
    assert decode(SMALL, code.replace("0", "o").replace("1", "I")) == run


def test_a_sign_that_no_code_has_is_named() -> None:
    with pytest.raises(BadCode, match="no code has 'U'"):
        decode(SMALL, "RM1-U" + one_code()[5:])


def test_a_code_begins_with_its_version_and_one_of_a_later_game_is_named() -> None:
    assert one_code().startswith("RM1-")
    assert [is_code(t) for t in ("RM1-7F3K2", " rm1 7f3k2", "RM2-7F3K2", "RM1", "rm1.rmx.jsonl", "the-rope", "")] == [True, True, True, False, False, False, False]
    with pytest.raises(BadCode, match="of version RM2"):
        decode(SMALL, "RM2" + one_code()[3:])
    with pytest.raises(BadCode, match="no code of a run"):
        decode(SMALL, "the-rope")


def test_a_code_of_another_story_says_so() -> None:
    other = story(**(WALK | {"scene__c": WALK["scene__c"].replace("text: T", "text: Other")}))
    with pytest.raises(OtherEdition, match="made with another edition of the story"):
        decode(other, one_code())


def test_a_code_of_other_rules_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    code = one_code()
    monkeypatch.setattr(runcode, "RULES", runcode.RULES + 1)
    with pytest.raises(OtherEdition, match="another edition"):
        decode(SMALL, code)


def test_a_step_with_one_open_choice_takes_no_room() -> None:
    assert len(engine.open_ids(SMALL, play(SMALL, Run("7", "", "", ("y",))).state)) == 1
    assert len(encode(SMALL, "7", "", "", ("y",))) == len(encode(SMALL, "7", "", "", ("y", "in")))


def test_a_seed_as_the_game_makes_them_is_packed_tightly() -> None:
    usual = len(encode(SMALL, new_seed(), "", "", ()))
    assert usual < len(encode(SMALL, "7f3k-2q9d", "", "", ())) - 5


@pytest.mark.parametrize("seed", ["", "x" * 65, "two\nlines", "\x1b[2J", "\ud800", "\u202e"])
def test_a_seed_that_no_campaign_can_have_gets_no_code(seed: str) -> None:
    with pytest.raises(BadCode, match="a seed is a line of 1 to 64 characters"):
        encode(SMALL, seed, "", "", ())


def test_the_longest_seed_of_the_widest_letters_fits() -> None:
    assert decode(SMALL, encode(SMALL, "𝕏" * 64, "", "carbon", ())).seed == "𝕏" * 64


def test_an_empty_start_and_mode_are_the_storys_first() -> None:
    assert decode(SMALL, encode(SMALL, "7", "", "", ())) == Run("7", "first", "standard", ())


def test_starts_and_modes_are_held_by_their_places() -> None:
    tale = story(**(WALK | {"story": STORY.replace("starts: [", "starts: [{id: zeroth, title: Z, act: one}, ")}))
    for start in ("zeroth", "first"):
        for mode in tale.modes:
            assert decode(tale, encode(tale, "7", start, mode, ("x",))) == Run("7", start, mode, ("x",))


def test_what_cannot_be_chosen_gets_no_code_and_the_step_is_named() -> None:
    with pytest.raises(RedMexicoError, match="step 2, b: 'r' is not open"):
        encode(SMALL, "7", "", "", ("z", "r"))
    with pytest.raises(RedMexicoError, match=r"step 6: 'x' is not open .the campaign has ended there"):
        encode(SMALL, "7", "", "", ("z", "p", "enough", "x", "y", "x"))
    with pytest.raises(RedMexicoError, match="there is no start 'frist'"):
        encode(SMALL, "7", "frist", "", ())


def test_a_campaign_played_from_its_code_is_the_campaign() -> None:
    campaign = Campaign.new(SMALL, "7F3K-2Q9D", mode="carbon")
    for choice in ("y", "in", "q", "enough"):
        campaign.choose(choice)
    again = play(SMALL, decode(SMALL, code_of(SMALL, campaign.journal)))
    assert again.state == campaign.state
    assert again.journal.st == campaign.journal.st


def test_the_code_of_a_campaign_holds_the_present_branch_alone() -> None:
    campaign = Campaign.new(SMALL, "7")
    campaign.choose("x")
    campaign.choose("q")
    campaign.rewind(0)
    campaign.mark("again")
    campaign.choose("z")
    assert decode(SMALL, code_of(SMALL, campaign.journal)).choices == ("z",)


def test_a_campaign_that_does_not_play_on_this_story_gets_no_code() -> None:
    campaign = Campaign.new(SMALL, "7")
    campaign.choose("x")
    gone = story(**(WALK | {"scene__a": WALK["scene__a"].replace("{id: x, label: X, do: [bread += 1]}, ", "")}))
    with pytest.raises(OtherEdition, match="does not play on this edition of the story: 'x' is not open"):
        code_of(gone, campaign.journal)
    otherwise = story(**(WALK | {"scene__a": WALK["scene__a"].replace("bread += 1", "bread += 2")}))
    with pytest.raises(OtherEdition, match="comes out otherwise"):
        code_of(otherwise, campaign.journal)


def test_a_campaign_whose_story_changed_where_it_never_was_has_a_code_still() -> None:
    campaign = Campaign.new(SMALL, "7")
    campaign.choose("x")
    later = story(**(WALK | {"scene__d": WALK["scene__d"].replace("text: T", "text: Other")}))
    assert play(later, decode(later, code_of(later, campaign.journal))).state == campaign.state


def test_whole_campaigns_of_the_shipped_story_fit_into_three_lines_and_come_back(redmexico: Story) -> None:
    lengths = []
    for i in range(20):
        seed = f"{i:04}-PLAY".replace("0", "Z").replace("1", "Y")
        run = walked(redmexico, seed, list(redmexico.modes)[i % len(redmexico.modes)], [draw(seed, k, "pick", 0, 5040) for k in range(1200)])
        code = encode(redmexico, *run)
        assert play(redmexico, run).ended
        assert decode(redmexico, code) == run
        lengths.append(len(code))
    assert sorted(lengths)[10] < 240
