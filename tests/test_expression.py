"""The little language: what it says, and what it refuses with a column and a remedy."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from redmexico.errors import BadExpression
from redmexico.expression import compiled, reads, source_of
from redmexico.grammar import FLAG, NUMBER, Names, Type, parse

NAMES = Names(
    qualities={
        "altar": NUMBER, "bread": NUMBER, "truce": Type("word", ("none", "made")), "visitor": Type("word", ("unknown", "none")),
        "debts": Type("set", ("owes_bell", "owes_gate")), "church.temper": NUMBER, "owners.temper": NUMBER, "kept": FLAG,
    },
    kinds={"faction": {"temper": ["church.temper", "owners.temper"]}, "resource": {"": ["bread"]}},
    scenes={"gangway"}, choices={"gangway/kahlo"}, events={"axe"}, variants={"axe": ("bad_blow",)}, acts=("prologue", "guest"),
    modes=("hard", "story"), lines=("history",),
)


class Nothing:
    """A world that is never asked."""


def worth(text: str, wanted: Type | None = FLAG, **values: Any) -> Any:
    state = {"altar": 3, "bread": 4, "truce": "none", "debts": ("owes_bell",), "church.temper": -2, "owners.temper": 1, "kept": True, "!date": 708438, "!act": "guest"}
    return compiled(parse(text, NAMES, wanted))(state | values, Nothing())


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("altar >= 3 and truce == none", True), ("1 < altar <= 3", True), ("not kept or altar == 9", False), ("owes_bell in debts", True),
        ("owes_gate in debts", False), ("owes_gate not in debts", True), ("truce in (none, made)", True), ("act in (prologue, guest)", True),
        ("date == 1940-08", True), ("date >= 1940-08-20", True), ("date < 1940-08", False), ("date > 1940", False), ("date != 1941", True),
        ("sum(faction, max(0, -it.temper)) == 2", True), ("count(faction, it.temper > 0) == 1", True), ("sum(resource, it) == 4", True),
        ("chosen(gangway/kahlo)", False), ("(altar if kept else bread) == 3", True), ("altar - -1 == 4", True),
    ],
)
def test_conditions_say_what_they_seem_to_say(text: str, value: bool) -> None:
    assert worth(text) is value


def test_division_by_nought_is_nought_and_products_stay_in_bounds() -> None:
    assert worth("7 // (altar - 3)", NUMBER) == 0
    assert worth("7 % (altar - 3)", NUMBER) == 0
    assert worth("1000000000 * 1000000000", NUMBER) == 1_000_000_000


@pytest.mark.parametrize(
    ("text", "column", "code", "hint"),
    [
        ("altr >= 3", 0, "RM201", "did you mean 'altar'?"),
        ("truce == mad", 9, "RM207", "did you mean 'made'?"),
        ("altar == none", 9, "RM201", ""),
        ("altar = 3", 6, "RM204", "'==' compares"),
        ("chosen(gangway/kahlo2)", 7, "RM203", "did you mean 'gangway/kahlo'?"),
        ("visits(gangwy) > 0", 7, "RM202", "did you mean 'gangway'?"),
        ("happened(ax)", 9, "RM206", "did you mean 'axe'?"),
        ("altar", 0, "RM205", ""),
        ("altar and kept", 0, "RM205", "compare it with something"),
        ("chance(50)", 0, "RM208", "decide it with several results, on a goto, or in a text"),
        ("altar ** 2 == 4", 7, "RM204", ""),
        ("altar[0] == 1", 5, "RM204", "see docs/format.md, Expressions"),
        ("'a' == 'a'", 0, "RM204", "see docs/format.md, Expressions"),
        ("__import__(altar)", 0, "RM204", ""),
        ("((altar == 3)", 13, "RM204", ""),
        ("date == 1940-13", 8, "RM105", ""),
        ("altar == 99999999999", 9, "RM150", ""),
    ],
)
def test_what_is_wrong_is_refused_at_its_column_with_the_remedy(text: str, column: int, code: str, hint: str) -> None:
    with pytest.raises(BadExpression) as error:
        parse(text, NAMES)
    assert (error.value.column, error.value.code) == (column, code)
    assert hint in error.value.hint


@pytest.mark.parametrize("text", ["(" * 200 + "altar", "not " * 300 + "kept", "-" * 400 + "altar", "altar " + "+ 1 " * 101 + "== 1", "x" * 501])
def test_limits_stop_what_is_too_deep_or_too_long(text: str) -> None:
    with pytest.raises(BadExpression) as error:
        parse(text, NAMES)
    assert error.value.code in ("RM150", "RM204")


def test_a_tree_names_what_it_depends_on() -> None:
    tree = parse("altar >= 3 and (chosen(gangway/kahlo) or happened(axe)) and count(faction, it.temper < 0) > 1", NAMES)
    assert list(reads(tree)) == ["altar", "chosen:gangway/kahlo", "event:axe", "church.temper", "owners.temper"]


def test_no_source_holds_an_authors_word_unquoted() -> None:
    assert source_of(parse("truce == made and owes_bell in debts", NAMES)) == "((s['truce'] == 'made') and ('owes_bell' in s['debts']))"


# a slow reference: the same language read by Python's own parser, for the part that both share

NUMBERS = st.recursive(
    st.sampled_from(["altar", "bread", "0", "1", "7"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})") | inner.map(lambda t: f"-{t}"),
    max_leaves=8,
)
CONDITIONS = st.recursive(
    st.tuples(NUMBERS, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), NUMBERS).map(" ".join) | st.just("kept"),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]} {t[1]} {t[2]})") | inner.map(lambda t: f"not ({t})"),
    max_leaves=6,
)


class Whole(int):
    """Integers by the game's rules, for the reference."""

    def _of(self, value: int) -> Whole:
        return Whole(value)

    def __add__(self, other: int) -> Whole:
        return self._of(int(self) + int(other))

    def __sub__(self, other: int) -> Whole:
        return self._of(int(self) - int(other))

    def __mul__(self, other: int) -> Whole:
        return self._of(max(-(10**9), min(10**9, int(self) * int(other))))

    def __floordiv__(self, other: int) -> Whole:
        return self._of(int(self) // int(other) if other else 0)

    def __mod__(self, other: int) -> Whole:
        return self._of(int(self) % int(other) if other else 0)

    def __neg__(self) -> Whole:
        return self._of(-int(self))


@settings(max_examples=2000, deadline=None)
@given(CONDITIONS, st.integers(-9, 9), st.integers(-9, 9), st.booleans())
def test_the_parser_agrees_with_a_slow_reference(text: str, altar: int, bread: int, kept: bool) -> None:
    import re

    try:
        tree = parse(text, NAMES)
    except BadExpression as error:
        assert error.code == "RM150"
        return
    mine = compiled(tree)({"altar": altar, "bread": bread, "kept": kept}, Nothing())
    wrapped = re.sub(r"\b\d+\b", lambda m: f"Whole({m.group()})", text)
    theirs = eval(wrapped, {"Whole": Whole, "altar": Whole(altar), "bread": Whole(bread), "kept": kept})
    assert bool(mine) == bool(theirs)


@settings(max_examples=2000, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_read_or_refused_in_our_own_words(text: str) -> None:
    try:
        parse(text, NAMES, None)
    except BadExpression as error:
        assert 0 <= error.column <= len(text)
