"""Prose with values, variants and links; everything else is shown as it is written."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redmexico.errors import BadText
from redmexico.grammar import FLAG, NUMBER, Names
from redmexico.narration import Run, plain, render
from redmexico.prose import parse

NAMES = Names(qualities={"bread": NUMBER, "kept": FLAG})


class World:
    def words(self, s: Any, name: str) -> str:
        return "beans"

    def value(self, s: Any, name: str) -> str:
        return str(s[name])

    def draw(self, s: Any, stream: str, k: int, n: int) -> int:
        return n - 1


def told(text: str, seen: int = 0, **state: Any) -> str:
    return plain(render(parse(text, NAMES, "a")[0], {"bread": 4, "kept": True} | state, World(), seen))


def test_values_and_their_words() -> None:
    assert told("{bread} loaves: {bread|words}.") == "4 loaves: beans."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{a|b|c}", ["a", "b", "c", "c"]), ("{cycle: a|b}", ["a", "b", "a", "b"]), ("{once: a|b}!", ["a!", "b!", "!", "!"]),
        ("{shuffle: a|b}", ["b", "b", "b", "b"]),
    ],
)
def test_variants_by_visit(text: str, shown: list[str]) -> None:
    assert [told(text, seen) for seen in range(4)] == shown


def test_conditions_nest_and_span_paragraphs() -> None:
    text = "{if kept: Yes.\n\nAnd {if bread > 3: bread | else: none}. | elif bread > 9: Much. | else: No.} End."
    assert told(text) == "Yes.\n\nAnd bread. End."
    assert told(text, kept=False) == "No. End."


def test_an_empty_branch_leaves_no_hole() -> None:
    assert told("One. {if not kept: Two.} Three.") == "One. Three."
    assert told("One.\n\n{if not kept: Two.}\n\nThree.") == "One.\n\nThree."


def test_lines_are_joined_paragraphs_kept_and_verse_keeps_its_breaks() -> None:
    assert told("one\ntwo\n\nthree") == "one two\n\nthree"
    assert told("Sing:\n> one\n> two") == "Sing:\none\ntwo"
    assert told("> one\n> two\n\nEnd") == "one\ntwo\n\nEnd"


def test_a_continued_line_may_stand_further_in() -> None:
    assert told("one\n      two {if kept: three\n    four}") == "one two three four"


def test_emphasis_and_links_become_runs_with_roles() -> None:
    nodes, links = parse("The *Ruth* lies by [[the_pier|the pier]].", NAMES, "a")
    assert render(nodes, {}, World())[0] == (Run("The "), Run("Ruth", "em"), Run(" lies by "), Run("the pier", "link", "the_pier"), Run("."))
    assert links == [("the_pier", 21)]


def test_a_link_may_be_broken_over_two_lines() -> None:
    assert told("See [[the_vow|what the guest\n    promised]] again.") == "See what the guest promised again."


def test_emphasis_holds_conditions_and_links_and_ends_with_its_branch() -> None:
    nodes, _ = parse("*We {if kept: stay | else: go}, with [[him|him]].* He {if kept: *sang* | else: 2*3*4}.", NAMES, "a")
    assert render(nodes, {"kept": True}, World())[0] == (
        Run("We ", "em"), Run("stay", "em"), Run(", with ", "em"), Run("him", "link", "him"), Run(".", "em"), Run(" He "), Run("sang", "em"), Run("."),
    )
    assert told("{*a|b*}") == "*a"
    assert told("The [[ship|*Ruth*]] lies.") == "The Ruth lies."


@pytest.mark.parametrize("text", ["a lone * asterisk", "2*3*4", "[grain] [/b] [@click=app.quit]x[/]", "12:30 \\n a/b", ":smile:", "50 % [link=file:x]"])
def test_everything_else_is_text(text: str) -> None:
    assert told(text) == text


def test_braces_are_written_twice() -> None:
    assert told("{{x}} and {{{{") == "{x} and {{"


@pytest.mark.parametrize(
    ("text", "offset", "code"),
    [
        ("{if kept: yes", 0, "RM501"), ("a } b", 2, "RM501"), ("{if kept yes}", 3, "RM501"), ("{if kept: a | b}", 12, "RM501"), ("{braed}", 1, "RM201"),
        ("{if braed > 1: x}", 4, "RM201"), ("x {if kept: {if kept: a} b", 2, "RM501"), ("{if kept: a | else: b | else: c}", 22, "RM501"),
    ],
)
def test_what_cannot_be_read_is_refused_at_its_place(text: str, offset: int, code: str) -> None:
    with pytest.raises(BadText) as error:
        parse(text, NAMES, "a")
    assert (error.value.offset, error.value.code) == (offset, code)


@settings(max_examples=2000, deadline=None)
@given(st.text(alphabet="ab {}|:*[]>\n.if else", max_size=40))
def test_any_text_is_read_and_rendered_or_refused_in_our_words(text: str) -> None:
    try:
        nodes, _ = parse(text, NAMES, "a")
    except BadText as error:
        assert 0 <= error.offset <= len(text)
        return
    render(nodes, {"bread": 1, "kept": False}, World(), 2)


@settings(max_examples=500, deadline=None)
@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), max_size=60).filter(lambda t: not set(t) & set("{}*[]|>")))
def test_plain_prose_is_shown_letter_for_letter(text: str) -> None:
    assert told(text) == text
