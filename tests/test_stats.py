"""How much there is of a story, counted as a player could read it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kit
from redmexico.grammar import FLAG, Names
from redmexico.prose import parse
from redmexico.stats import WORDS_A_MINUTE, duration, fragments_in, stats, words_in
from test_uses import content, small

NAMES = Names(qualities={"kept": FLAG})


def words(text: str) -> int:
    return words_in(parse(text, NAMES, "x")[0])


@pytest.mark.parametrize(
    ("text", "count"),
    [("One two three.", 3), ("Ortuño's well-kept list — five of them.", 6), ("She said 'no'; then, at 12:30, nothing.", 7), ("*All* of it.", 3),
     ("{if kept: whole|else: broken now}", 3), ("{first|then|at last}", 4), ("It is {kept}.", 3), ("[[kronstadt|the sailors]] wrote.", 3),
     ("A paragraph.\n\nAnother one.", 4), ("", 0), ("…", 0)],
)  # fmt: skip
def test_words_are_counted_in_every_branch(text: str, count: int) -> None:
    assert words(text) == count


@given(st.lists(st.sampled_from(["bread", "arms", "Coyoacán", "o'clock"]), min_size=1, max_size=9), st.sampled_from([" ", "  ", "\n", ", ", " — "]))
def test_so_many_words_are_so_many_however_they_are_set(some: list[str], between: str) -> None:
    assert words(between.join(some)) == len(some)


def test_fragments_are_the_branches_of_every_brace() -> None:
    nodes = parse("{if kept: a {b|c}|else: d} and {cycle: e|f|g}", NAMES, "x")[0]
    assert fragments_in(nodes) == 2 + 2 + 3


def test_a_small_story_is_counted_by_hand() -> None:
    made = small()
    found = stats(made.form, made.scenes, {"letter": "b", "gangway": "a", "o_print": "b"}, {"es": (3, 4, 1)})
    assert (found.scenes, found.orders, found.passages, found.choices) == (3, 1, 1, 5)
    assert (found.median_choices, found.most_choices, found.needs) == (2, ("letter", 2), 1)
    assert found.by_folder == {"a": 7, "b": words_of("letter") + words_of("o_print")}
    assert found.scene_words == sum(found.by_folder.values()) == sum(found.by_act.values())
    assert found.words == sum(found.by_part.values())
    assert found.minutes == -(-found.words // WORDS_A_MINUTE)
    assert (found.cited, found.facts, found.uncited) == (1, 1, ())
    assert found.people[0] == ("ortuno", "Ortuño", 1) and found.people[1][2] == 0
    assert "Translated: es: 3 of 4 texts (75 %), 1 stale" in found.lines()


def words_of(id: str) -> int:
    texts = {
        "letter": ["The letter", "They look at the floor.", "1 loaves, 1.", "Nine rifles, The notebook.", "Offer", "Not with 1.", "Wait", "Reading."],
        "o_print": ["Print", "Four hundred."],
    }
    return sum(len(text.split()) for text in texts[id])


def test_one_more_word_is_one_more_word() -> None:
    scene = "title: T\ntext: %s\nchoices: [{id: a, label: A}]"
    one, two = (kit.loaded(scene__s=scene % text) for text in ("Ropes.", "Wet ropes."))
    assert stats(two.form, two.scenes).words == stats(one.form, one.scenes).words + 1


def test_a_scene_counts_for_the_act_of_its_first_day() -> None:
    found = stats(content().form, content().scenes)
    assert list(found.by_act)[:2] == ["prologue", "guest"] and found.by_act["guest"] > 5 * found.by_act["prologue"] > 0
    assert sum(found.by_act.values()) == found.scene_words


def test_a_scene_counts_for_the_act_that_its_gate_names_where_two_lie_side_by_side() -> None:
    found = stats(content().form, content().scenes).by_act
    assert min(found["gap"], found["republic"], found["widow"]) > 15_000


def test_a_story_without_scenes_has_numbers_too() -> None:
    made = kit.loaded()
    found = stats(made.form, made.scenes)
    assert (found.scenes, found.choices, found.median_choices, found.most_choices) == (0, 0, 0, ("", 0))
    assert found.lines()[0] == "A small story"


def test_the_numbers_are_the_same_as_lines_and_as_data() -> None:
    found = stats(content().form, content().scenes)
    data = json.loads(json.dumps(found.as_json()))
    assert data["words"] == found.words and data["most_choices"]["scene"] == found.most_choices[0]
    text = "\n".join(found.lines())
    assert f"{found.words:,}" in text and f"{found.cited:,}  cited of {found.facts} known" in text
    assert max(map(len, found.lines())) <= 100
    assert data["people"][0]["speaks"] >= data["people"][1]["speaks"]
    assert duration(found.minutes) in text


def test_titles_cannot_disturb_a_terminal() -> None:
    made = small()
    made.form["title"] = "a\x1b[2J"
    assert "\x1b" not in "\n".join(stats(made.form, made.scenes).lines())
