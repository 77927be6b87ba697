"""Who sets and who reads a name, what a condition asks of it, and what a writer is told who asks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kit
from redmexico.asking import asked, bearing, opposite
from redmexico.errors import RedMexicoError
from redmexico.expression import Tree, compiled
from redmexico.grammar import FLAG, NUMBER, Names, Type, parse
from redmexico.inquiry import explain
from redmexico.loader.pack import Loaded, load_form
from redmexico.unparse import effect_text, expression_text
from redmexico.uses import Uses, file_of, uses_of

CONTENT = Path(__file__).resolve().parent.parent / "content"

STATE = (
    kit.STATE
    + """
altar: {kind: clock, start: 0, range: 0..9, words: [{if: page_kept, 0: quiet}, {0: loud}]}
kinds: {resource: {gain: "max(1, amount - strain)"}}
derived:
  strain: sum(faction, max(0, -it.temper))
  loud: altar >= 3
  quiet: not loud and truce == none
"""
)
LETTER = """
title: The letter
when: {from: 1940-02, if: quiet and chosen(gangway/keep)}
due: true
text: "{if arms < 3: They look at the floor.|else: {bread} loaves, {bread|words}.}"
advice: [{who: ortuno, if: "owes_bell in debts", text: "Nine rifles, [[the_notebook]]."}]
choices:
  - id: offer
    label: Offer
    needs: [{if: "bread >= 4", locked: "Not with {arms}."}]
    do: [truce = offered, bread -= 1, debts += owes_bell, reveal the_notebook, end fed]
    later: [{in: 2..3 months, if: truce == offered, scene: gangway, else: o_print}]
    goto: room
  - {id: wait, label: Wait, call: gangway}
passages:
  room: {text: Reading., goto: next}
facts: [a-fact]
"""
GANGWAY = """
title: The gangway
text: Ropes.
choices:
  - {id: keep, label: Keep it, do: [altar += 1, ortuno.trust += 2]}
  - {id: give, label: Give it, do: [hand_over ortuno, debts -= owes_gate]}
"""
PRINT = """
title: Print
draw: {deck: house, again: 3 months}
do: [bread -= arms]
text: Four hundred.
"""
EVENTS = """
- id: march
  line: history
  date: 1940-03
  title: The march
  window: 1940-02..1940-05
  needs: not averted(strike)
  pulls: [{if: altar >= 2, pull: 3, because: noise}, {pull: 1, because: spring}]
  do: [arms += 1]
  otherwise: [{if: arms >= 1, event: strike}]
- {id: strike, line: history, date: 1940-06, title: The strike, invented: true, external: true, scene: gangway}
- {id: end_of_it, line: history, date: 1940-08, title: The end, outcomes: [{as: kept, if: "pull(march) >= 3"}]}
"""


def small() -> Loaded:
    """A small story in which most things happen once."""
    made = kit.loaded(state=STATE, events=EVENTS, scene__letter=LETTER, scene__gangway=GANGWAY, scene__o_print=PRINT)
    assert not made.errors, made.errors
    return made


def index() -> Uses:
    made = small()
    return uses_of(made.form, made.scenes)


@cache
def content() -> Loaded:
    return load_form(CONTENT)


def who(uses: Uses, kind: str, id: str) -> list[tuple[str, str, str]]:
    return [(s.address, s.role, s.how) for s in uses.set_by(kind, id)]


def readers(uses: Uses, kind: str, id: str) -> list[tuple[str, str]]:
    return [(r.address, r.role) for r in uses.read_by(kind, id)]


def test_a_quality_knows_who_moves_it_and_how() -> None:
    uses = index()
    assert who(uses, "quality", "altar") == [("gangway/keep", "do", "+=")]
    assert who(uses, "quality", "bread") == [("letter/offer", "do", "-="), ("o_print", "do", "-=")]
    assert [(s.address, s.how, s.constant) for s in uses.set_by("quality", "debts")] == [
        ("letter/offer", "put", "owes_bell"), ("gangway/give", "take", "owes_gate"),
    ]
    assert who(uses, "quality", "carrier") == [("gangway/give", "do", "=")]
    assert uses.set_by("quality", "altar", begins=True)[0].value == 0


def test_a_quality_knows_who_asks_about_it_and_what() -> None:
    found = {(r.address, r.role): r.test for r in index().read_by("quality", "bread")}
    assert found == {("letter", "text"): None, ("letter/offer", "need"): (">=", 4), ("ending:fed", "ending"): (">=", 8),
                     ("slide:s1", "slide"): (">=", 5)}
    assert [r.test for r in index().read_by("quality", "debts")] == [("has", "owes_bell")]
    assert ("o_print", "amount") in readers(index(), "quality", "arms")
    assert ("letter/offer", "locked") in readers(index(), "quality", "arms")
    assert ("quality:altar", "words") in readers(index(), "quality", "page_kept")


def test_what_is_read_through_derived_names_is_found_with_the_way_between() -> None:
    uses = index()
    gate = next(r for r in uses.read_by("quality", "altar") if r.role == "gate")
    assert (gate.address, gate.through, gate.test) == ("letter", ("quiet", "loud"), ("<", 3))
    assert next(r for r in uses.read_by("quality", "truce") if r.role == "gate").test == ("==", "none")
    outcome = next(r for r in uses.read_by("quality", "altar") if r.role == "outcome")
    assert (outcome.address, outcome.through) == ("event:end_of_it", ("pull(march)",))
    assert ("kind:resource", "gain") in readers(uses, "quality", "church.temper")
    assert not [r for r in uses.read_by("quality", "altar", through=False) if r.role == "gate"]


def test_everything_else_that_can_be_set_or_read_is_in_the_index() -> None:
    uses = index()
    assert who(uses, "scene", "gangway") == [
        ("letter/offer", "later", "in 2..3 months"), ("letter/wait", "call", "call"), ("event:strike", "scene", "plays"),
    ]
    assert who(uses, "scene", "o_print") == [("letter/offer", "else", "else, in 2..3 months"), ("o_print", "draw", "deck house")]
    assert who(uses, "passage", "letter/room") == [("letter/offer", "goto", "goto")]
    assert who(uses, "event", "strike") == [("event:march", "otherwise", "in its place"), ("event:strike", "date", "on its days")]
    assert who(uses, "codex", "the_notebook") == [
        ("letter", "says", "link"), ("letter/offer", "do", "reveal"), ("codex:the_notebook", "known", "known"),
    ]
    assert who(uses, "ending", "fed") == [("letter/offer", "do", "end"), ("ending:fed", "rules", "by the rules")]
    assert who(uses, "person", "ortuno") == [("gangway/give", "do", "hand_over")]
    assert who(uses, "act", "one") == [("start:first", "start", "start")]
    assert readers(uses, "person", "ortuno") == [("letter", "who")]
    assert readers(uses, "fact", "a-fact") == [("letter", "facts")]
    assert readers(uses, "choice", "gangway/keep") == [("letter", "gate")]
    assert [(r.address, r.role, r.test) for r in uses.read_by("event", "strike")] == [("event:march", "needs", ("!=", "averted"))]
    assert ("person:sedova", "here") in readers(uses, "plain", "date")


def test_an_address_tells_what_it_sets_and_reads() -> None:
    settings_, readings = index().at("letter/offer")
    assert {s.name for s in settings_ if s.role == "do"} == {
        ("quality", "truce"), ("quality", "bread"), ("quality", "debts"), ("codex", "the_notebook"), ("ending", "fed"),
    }
    assert ("quality", "truce") in {r.name for r in readings if r.role == "later"}
    assert index().at("nowhere") == ([], [])


def test_every_way_leads_to_what_it_says_in_the_writers_own_file() -> None:
    made = content()
    uses = uses_of(made.form, made.scenes)
    inside = {source.file.split("/", 1)[1]: source for source in made.sources.values()}
    scene_files = {id: source.file.split("/", 1)[1] for id, source in made.source_of.items()}
    items = [item for group in (uses.settings, uses.readings) for found in group.values() for item in found]
    for item in items:
        source = inside[file_of(item.address, scene_files)]
        assert _stands(source.data, item.way, item.name[1]), (item.address, item.way)
    assert len(items) > 5000


def _stands(data: Any, way: tuple[Any, ...], id: str) -> bool:
    """Whether a way leads to a part of a file; one divert, and one list of band words, may stand without a list."""
    for i, part in enumerate(way):
        if isinstance(data, str) and way[i - 1] == "goto":
            return way[i:] == (0, "to") and data == id.split("/")[-1]
        if part == 0 and way[i - 1] == "words" and isinstance(data, dict):
            continue
        if not (part in data if isinstance(data, dict) else isinstance(data, list) and 0 <= part < len(data)):
            return False
        data = data[part]
    return True


def test_a_file_is_known_by_its_address() -> None:
    files = {"letter": "scenes/x/letter.yaml"}
    assert file_of("letter/offer", files) == "scenes/x/letter.yaml"
    assert file_of("event:march", files) == "events.yaml"
    assert file_of("derived:letter.own", files) == "scenes/x/letter.yaml"
    assert file_of("derived:republic.stands", files) == file_of("kind:resource", files) == "state.yaml"


def test_the_real_story_has_no_reader_of_something_undeclared() -> None:
    made = content()
    uses = uses_of(made.form, made.scenes)
    declared = {q["name"] for q in made.form["qualities"]}
    assert {id for kind, id in uses.names() if kind == "quality"} <= declared
    assert {id for kind, id in uses.names() if kind == "event"} <= {e["id"] for e in made.form["events"]}
    assert {id for kind, id in uses.names() if kind == "scene"} <= set(made.scenes)
    choices = {s.name[1] for s in uses.settings.get(("choice", "gangway/keep"), [])}
    assert choices == {"gangway/keep"}


# what a condition asks

NAMES = Names(
    qualities={
        "altar": NUMBER, "bread": NUMBER, "truce": Type("word", ("none", "made")), "debts": Type("set", ("bell", "gate")),
        "church.temper": NUMBER, "owners.temper": NUMBER, "kept": FLAG, "shut": FLAG,
    },
    kinds={"faction": {"temper": ["church.temper", "owners.temper"]}, "resource": {"": ["bread"]}},
    scenes={"gangway"}, choices={"gangway/kahlo"}, events={"axe"}, variants={"axe": ("bad_blow",)}, acts=("prologue", "guest"),
    modes=("hard", "story"), lines=("history",),
)
FORM = {
    "qualities": [
        {"name": "bread", "type": "number", "kind": "resource"}, {"name": "church.temper", "type": "number", "kind": "faction"},
        {"name": "owners.temper", "type": "number", "kind": "faction"},
    ]
}

AMOUNTS = st.recursive(
    st.sampled_from(["altar", "bread", "0", "7", "turn", "year", "visits(gangway)", "pull(axe)", "divergence(history)", "since(gangway)",
                     "sum(faction, max(0, -it.temper))", "count(faction, it.temper > 0)", "sum(resource, it)"]),
    lambda inner: st.tuples(inner, st.sampled_from(["+", "-", "*", "//", "%"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    | inner.map(lambda t: f"-({t})") | st.tuples(inner, inner).map(lambda t: f"({t[0]}) if kept else {t[1]}")
    | st.tuples(inner, inner).map(lambda t: f"clamp({t[0]}, {t[1]}, 3)") | inner.map(lambda t: f"abs({t})"),
    max_leaves=5,
)
SIGNS = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
FLAGS = st.recursive(
    st.tuples(AMOUNTS, SIGNS, AMOUNTS).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    | st.tuples(SIGNS, st.sampled_from(["1940", "1940-02", "1940-08-20"])).map(lambda t: f"date {t[0]} {t[1]}")
    | st.sampled_from(["kept", "true", "false", "truce == none", "truce == (made if kept else none)", "bell in debts", "gate not in debts",
                       "truce in (none, made)", "act in (prologue, guest)", "mode != hard", "chosen(gangway/kahlo)", "happened(axe)",
                       "averted(axe)", "due(axe)", "verdict(axe) == kept", "variant(axe) == bad_blow", "1 < altar <= bread < 9",
                       "1940 <= date < 1943-06", "altar in (1, bread + 1)", "kept == false", "(altar > 1) == shut"]),
    lambda inner: st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda t: f"({t[0]}) {t[1]} ({t[2]})")
    | inner.map(lambda t: f"not ({t})") | st.tuples(inner, inner, inner).map(lambda t: f"({t[0]}) if ({t[1]}) else ({t[2]})")
    | st.lists(inner, min_size=2, max_size=4).map(lambda parts: " and ".join(f"({part})" for part in parts)),
    max_leaves=5,
)


def readable(text: str) -> bool:
    return len(text) <= 400


@settings(max_examples=700, deadline=None)
@given(FLAGS.filter(readable))
def test_a_condition_written_back_is_read_as_the_same_condition(text: str) -> None:
    tree = parse(text, NAMES)
    assert parse(expression_text(tree, FORM), NAMES) == tree


@pytest.mark.parametrize(
    "text",
    ["altar >= 3 and truce == none", "1 < altar <= 3", "1940 <= date < 1943-06", "not (kept or shut)", "not kept and bell not in debts",
     "date == 1940-08-20", "kept if altar > bread else shut", "altar - (bread - 1) * -2 > 3", "(1 < altar < 3 or kept) and shut",
     "1 < altar < 3 and kept or shut", "sum(faction, max(0, -it.temper)) // 2 == 1", "chosen(gangway/kahlo) or truce in (none, made)"],
)  # fmt: skip
def test_a_condition_is_written_back_as_its_writer_typed_it(text: str) -> None:
    assert expression_text(parse(text, NAMES), FORM) == text


KINDS = {"and", "or", "not", "compare", "compare_date", "among", "has", "call", "derived", "quality", "ifelse", "arithmetic", "bool", "minus", "fold"}


def trees(part: Any) -> Iterator[Tree]:
    """Every condition and amount in a form."""
    if isinstance(part, dict):
        for value in part.values():
            yield from trees(value)
    elif isinstance(part, list) and part and isinstance(part[0], str) and part[0] in KINDS and len(part) > 1 and not isinstance(part[-1], dict):
        yield part  # a text of one word may be "not"
    elif isinstance(part, list):
        for value in part:
            yield from trees(value)


def test_every_condition_of_the_real_story_comes_back_the_same() -> None:
    made = content()
    names = made.known.names
    names.qualities["amount"] = NUMBER
    seen = 0
    for tree in trees([made.form, made.scenes]):
        text = expression_text(tree, made.form)
        wanted = next((kind for kind in names.qualities.values() if kind.kind == "word" and _only_words(tree, kind, names)), None)
        assert parse(text, names, wanted, _chance(tree), True) == tree, text
        seen += 1
    del names.qualities["amount"]
    assert seen > 800


def _only_words(tree: Tree, kind: Type, names: Names) -> bool:
    """Whether an amount comes to a word of this type."""
    if tree[0] == "ifelse":
        return _only_words(tree[2], kind, names) and _only_words(tree[3], kind, names)
    return bool((tree[0] == "word" and tree[1] in kind.words) or (tree[0] == "quality" and names.qualities[tree[1]] == kind))


def _chance(tree: Any) -> str:
    if isinstance(tree, list) and tree and tree[:2] == ["call", "chance"]:
        return str(tree[-1])
    return next((found for part in tree if isinstance(part, list) and (found := _chance(part))), "")


def test_effects_are_written_back_as_they_were_typed() -> None:
    offer = small().scenes["letter"]["passages"][0]["choices"][0]
    assert [effect_text(effect, FORM) for effect in offer["do"]] == [
        "truce = offered", "bread -= 1", "debts += owes_bell", "reveal the_notebook", "end fed",
    ]


ONE = st.sampled_from(["altar", "-2", "3"])


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(["<", "<=", ">", ">=", "==", "!="]), st.integers(-5, 5), st.booleans(), st.booleans(), st.integers(-5, 5))
def test_what_is_asked_of_a_name_is_what_decides_the_condition(sign: str, than: int, turned: bool, denied: bool, value: int) -> None:
    text = f"{than} {sign} altar" if turned else f"altar {sign} {than}"
    tree = parse(f"not ({text})" if denied else text, NAMES)
    ((name, test),) = asked(tree)
    assert test is not None and name == ("quality", "altar")
    holds = bool(compiled(tree)({"altar": value}, None))
    assert (bearing("=", value, test) == 1) is holds
    assert (bearing("=", value, opposite(test)) == 1) is not holds


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-5, 5), st.integers(-5, 5), st.sampled_from([-2, -1, 1, 2]))
def test_a_step_that_helps_never_undoes_what_it_helps(sign: str, than: int, value: int, step: int) -> None:
    tree = parse(f"altar {sign} {than}", NAMES)
    before, after = (bool(compiled(tree)({"altar": n}, None)) for n in (value, value + step))
    helps = bearing("+=", step, (sign, than))
    assert not (helps == 1 and before and not after)
    assert not (helps == -1 and after and not before)
    assert bearing("-=", step, (sign, than)) == -(helps or 0)


def test_another_word_of_the_same_set_has_nothing_to_do_with_it() -> None:
    assert bearing("put", "bell", ("has", "bell")) == 1
    assert bearing("take", "bell", ("has", "bell")) == -1
    assert bearing("put", "gate", ("has", "bell")) is None
    assert bearing("put", "bell", ("lacks", "bell")) == -1
    assert bearing("=", "made", ("in", ("made", "kept"))) == 1
    assert bearing("+=", None, (">=", 1)) == 0


# what a writer is told


def told(name: str) -> str:
    made = small()
    return "\n".join(explain(name, made.form, made.scenes))


def test_a_scene_is_explained_by_its_window_gate_ways_and_readers() -> None:
    text = told("letter")
    assert text.startswith("scene letter: The letter\n")
    assert "from 1940-02" in text and "quiet and chosen(gangway/keep)" in text
    assert "of itself, on the first day it can" in text
    assert "needs bread >= 4; truce = offered, bread -= 1, debts += owes_bell" in text
    assert "in 2..3 months if truce == offered: gangway, else o_print" in " ".join(text.split())
    assert "called by letter/wait" in told("gangway")
    assert "letter" in told("gangway").split("Who reads it")[1]


def test_an_event_is_explained_by_every_cause_heaviest_first() -> None:
    text = told("event:march")
    assert text.index("+3  if altar >= 2: noise") < text.index("+1  always: spring")
    assert "It takes 1; before its date 2 more." in text
    assert "event:strike if arms >= 1" in text and "arms += 1" in text
    assert "outcome" in text.split("Who reads it")[1]
    assert "What decides it" in told("end_of_it") and "if pull(march) >= 3" in told("end_of_it")
    assert "whatever anybody does" in told("strike")


def test_a_quality_is_explained_with_its_setters_sorted() -> None:
    text = told("debts")
    assert "a set of owes_gate, owes_bell" in text
    assert text.index("gangway") < text.index("letter")
    assert "a number from 0 to 9, a clock" in told("altar") and "if page_kept: 0 quiet" in told("altar")
    assert "altar >= 3" in told("derived:loud")


def test_an_unknown_name_is_answered_with_the_nearest_of_every_kind() -> None:
    for wrong, right in (("leter", "letter"), ("strik", "strike"), ("ortuno.trus", "ortuno.trust"), ("letter/ofer", "letter/offer")):
        with pytest.raises(RedMexicoError) as error:
            told(wrong)
        assert f"did you mean '{right}'?" in error.value.hint
    with pytest.raises(RedMexicoError):
        told("scene:march")


def test_a_name_that_several_things_share_is_explained_for_each() -> None:
    made = kit.loaded(events="- {id: bread, line: history, date: 1940-03, title: The bread, invented: true, external: true}")
    lines = explain("bread", made.form, made.scenes)
    assert [line for line in lines if line.startswith(("event", "quality"))] == ["event bread: The bread", "quality bread: Bread"]


def test_every_name_of_the_real_story_can_be_explained_within_a_hundred_columns() -> None:
    made = content()
    names = [f"quality:{q['name']}" for q in made.form["qualities"]][::9]
    names += [f"{kind}:{item['id']}" for kind, part in (("event", "events"), ("person", "cast"), ("ending", "endings"), ("codex", "codex")) for item in made.form[part][::11]]
    names += [f"scene:{id}" for id in list(made.scenes)[::12]] + ["act:guest", "start:tampico", "mode:hard", "line:chronicle", "derived:strain"]
    for name in names:
        lines = explain(name, made.form, made.scenes)
        assert lines[0].startswith((name.replace(":", " "), name.replace("scene:", "order ")))
        assert max(map(len, lines)) <= 100, name


def test_what_a_writer_is_told_holds_no_control_character() -> None:
    made = small()
    made.form["qualities"][0]["label"] = "a\x1b[2Jb\u202e"
    text = "\n".join(explain("bread", made.form, made.scenes))
    assert "\x1b" not in text and "\u202e" not in text
