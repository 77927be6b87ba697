"""YAML in: every fault of a pack at its line and column, with a reason and a remedy, all at once."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STATE, STORY, files, findings, loaded
from redmexico.errors import BrokenPack
from redmexico.findings import Finding
from redmexico.loader import load_form
from redmexico.loader.tree import parse_source

GOOD = "title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\ninvented: true\n"


def first(**texts: str) -> Finding:
    found = findings(**texts)
    assert found, "nothing was found"
    return found[0]


# (code, line, column, part of the message or hint, the scene)
SCENES = [
    ("RM101", 2, 11, "double quotes", "title: A\ntext: Note: this\ninvented: true\n"),
    ("RM101", 3, 5, "bracket", "title: A\ndo: [a, b\ntext: T\n"),
    ("RM102", 3, 1, "first at line 1", "title: A\ntext: T\ntitle: B\ninvented: true\n"),
    ("RM103", 2, 1, "did you mean 'text'?", "title: A\ntxet: T\ninvented: true\n"),
    ("RM103", 3, 19, "did you mean 'label'?", "title: A\ntext: T\nchoices: [{id: a, lable: A, label: B}]\ninvented: true\n"),
    ("RM104", 1, 1, "'title' is missing", "text: T\ninvented: true\n"),
    ("RM104", 3, 10, "list expected", "title: A\ntext: T\nchoices: none\ninvented: true\n"),
    ("RM104", 3, 6, "dispatch", "title: A\ntext: T\ndue: sometimes\ninvented: true\n"),
    ("RM104", 3, 7, "does not fit", "title: A\ntext: T\ntake: 3\nchoices: [{id: a, label: A}]\ninvented: true\n"),
    ("RM105", 2, 14, "no date", "title: A\nwhen: {from: 1940-13}\ntext: T\ninvented: true\n"),
    ("RM105", 2, 30, "before it begins", "title: A\nwhen: {from: 1941-01, until: 1940-01}\ntext: T\ninvented: true\n"),
    ("RM105", 3, 43, "no time", "title: A\ntext: T\nchoices: [{id: a, label: A, later: [{in: 'soon', scene: x}]}]\ninvented: true\n"),
    ("RM106", 2, 1, "use spaces", "title: A\n\ttext: T\n"),
    ("RM106", 1, 9, "control", "title: A\x07\ntext: T\n"),
    ("RM106", 1, 8, "direction", "title: \u202eA\ntext: T\n"),
    ("RM106", 1, 9, "not for text", "title: A\U000e0041\ntext: T\n"),
    ("RM107", 2, 17, "quote the text", "title: A\ntext: The number #9 is late\ninvented: true\n"),
    ("RM108", 2, 7, "use '|'", "title: A\ntext: >\n  Long\n  text\ninvented: true\n"),
    ("RM109", 2, 7, "anchor", "title: A\ntext: &x T\ninvented: true\n"),
    ("RM109", 3, 8, "alias", "title: A\ntext: T\nplace: *x\ninvented: true\n"),
    ("RM109", 2, 1, "merge key", "title: A\n<<: {text: T}\ninvented: true\n"),
    ("RM109", 2, 7, "tag", "title: A\ntext: !!python/object:os.system T\ninvented: true\n"),
    ("RM109", 3, 1, "second document", "title: A\ntext: T\n---\ntitle: B\n"),
    ("RM110", 3, 16, "no id", "title: A\ntext: T\nchoices: [{id: Big, label: A}]\ninvented: true\n"),
    ("RM110", 3, 45, "stands twice", "title: A\ntext: T\nchoices: [{id: a, label: A}, {label: B, id: a}]\ninvented: true\n"),
    ("RM110", 3, 16, "engine's own", "title: A\ntext: T\nchoices: [{id: next, label: A}]\ninvented: true\n"),
    ("RM150", 3, 10, "at most 30", "title: A\ntext: T\nchoices: [" + ", ".join(f"{{id: c{i}, label: A}}" for i in range(31)) + "]\ninvented: true\n"),
    ("RM150", 3, 15, "thousand million", "title: A\ntext: T\nwhen: {until: 99999999999}\ninvented: true\n"),
    ("RM201", 2, 12, "did you mean 'bread'?", "title: A\nwhen: {if: braed >= 3}\ntext: T\ninvented: true\n"),
    ("RM201", 4, 9, "did you mean 'arms'?", "title: A\ntext: |\n  You look.\n  {if amrs < 3: At the floor.}\ninvented: true\n".replace("{if", "  {if")),
    ("RM201", 2, 9, "did you mean 'bread'?", "title: A\ntext: '{braed} loaves'\ninvented: true\n"),
    ("RM201", 3, 34, "to change", "title: A\ntext: T\nchoices: [{id: a, label: A, do: [braed += 1]}]\ninvented: true\n"),
    ("RM202", 3, 35, "did you mean 'x'?", "title: A\ntext: T\nchoices: [{id: a, label: A, call: xx}]\ninvented: true\n"),
    ("RM203", 2, 19, "did you mean 'x/a'?", "title: A\nwhen: {if: chosen(x/b)}\ntext: T\nchoices: [{id: a, label: A}]\ninvented: true\n"),
    ("RM204", 2, 18, "'==' compares", "title: A\nwhen: {if: bread = 3}\ntext: T\ninvented: true\n"),
    ("RM204", 3, 34, "did you mean 'reveal'?", "title: A\ntext: T\nchoices: [{id: a, label: A, do: [reveel the_notebook]}]\ninvented: true\n"),
    ("RM205", 2, 12, "a number compared with a word", "title: A\nwhen: {if: bread == truce}\ntext: T\ninvented: true\n"),
    ("RM206", 2, 21, "no event", "title: A\nwhen: {if: happened(axe)}\ntext: T\ninvented: true\n"),
    ("RM207", 2, 21, "did you mean 'made'?", "title: A\nwhen: {if: truce == maed}\ntext: T\ninvented: true\n"),
    ("RM207", 3, 43, "did you mean 'owes_bell'?", "title: A\ntext: T\nchoices: [{id: a, label: A, do: [debts += owes_bel]}]\ninvented: true\n"),
    ("RM208", 2, 12, "may not decide", "title: A\nwhen: {if: chance(50)}\ntext: T\ninvented: true\n"),
    ("RM209", 3, 42, "0..10", "title: A\ntext: T\nchoices: [{id: a, label: A, do: [bread = 11]}]\ninvented: true\n"),
    ("RM210", 3, 35, "did you mean 'room'?", "title: A\ntext: T\nchoices: [{id: a, label: A, goto: rom}]\npassages: {room: {text: R}}\ninvented: true\n"),
    ("RM211", 3, 16, "did you mean 'ortuno'?", "title: A\ntext: T\nadvice: [{who: ortuna, text: No.}]\ninvented: true\n"),
    ("RM212", 2, 10, "did you mean 'the_notebook'?", "title: A\ntext: '[[the_notebok]] lies here'\ninvented: true\n"),
    ("RM213", 3, 9, "did you mean 'a-fact'?", "title: A\ntext: T\nfacts: [a-fcat]\n"),
    ("RM214", 3, 38, "did you mean 'fed'?", "title: A\ntext: T\nchoices: [{id: a, label: A, do: [end fedd]}]\ninvented: true\n"),
    ("RM501", 2, 8, "without its '}'", "title: A\ntext: '{if bread > 3: Yes'\ninvented: true\n"),
    ("RM501", 2, 11, "'}' without", "title: A\ntext: a b } c\ninvented: true\n"),
    ("RM504", 1, 1, "where it comes from", "title: A\ntext: T\n"),
]


@pytest.mark.parametrize(("code", "line", "column", "words", "text"), SCENES, ids=[f"{c[0]}-{i}" for i, c in enumerate(SCENES)])
def test_each_fault_stands_at_its_place_with_its_remedy(code: str, line: int, column: int, words: str, text: str) -> None:
    raw = files()
    raw["scenes/x/x.yaml"] = text
    from redmexico.loader.pack import build_texts

    found = [f for f in build_texts(raw).findings if f.file == "scenes/x/x.yaml"]
    assert found, "nothing was found"
    assert (found[0].code, found[0].line, found[0].column) == (code, line, column), str(found[0])
    assert words in f"{found[0].message} {found[0].hint}"
    assert not any(ord(c) < 32 and c != "\n" for f in found for c in str(f))


OTHERS = [
    ("RM104", "story", STORY.replace("title: A small story\n", "")),
    ("RM104", "endings", "endings:\n  - {id: over, title: Over, kind: act, if: bread > 1, text: T}\n"),
    ("RM201", "story", STORY.replace("status: [bread]", "status: [braed]")),
    ("RM218", "events", "- {id: a, line: history, date: 1940-03-01, title: A, where: nowhere, invented: true}\n"),
    ("RM219", "map", "drawing: x\nhome: centre\nregions: {centre: {letter: c}}\n"),
    ("RM214", "story", STORY.replace("act: one}", "act: onne}")),
    ("RM105", "story", STORY.replace("turn: 6 months", "turn: 5 months")),
    ("RM207", "state", STATE.replace("truce: {start: none,", "truce: {start: non,")),
    ("RM209", "state", STATE.replace("start: 4, range: 0..10", "start: 40, range: 0..10")),
    ("RM103", "state", STATE.replace("range: 0..5}}", "rnage: 0..5}}")),
    ("RM205", "state", STATE + "\nderived: {a: b > 1, b: 'a + 1'}\n"),
    ("RM201", "state", STATE + "\nkinds: {resorce: {gain: amount}}\n"),
    ("RM105", "events", "- {id: e, line: history, date: 1940-06, title: E, window: 1941..1942}\n"),
    ("RM207", "events", "- {id: e, line: histroy, date: 1940-06, title: E}\n"),
    ("RM110", "events", "- {id: e, line: history, date: 1940, title: E}\n- {id: e, line: history, date: 1940, title: E}\n"),
    ("RM206", "codex", "- {id: a, title: A, label: invented, group: things, event: nothing, text: T}\n"),
]


@pytest.mark.parametrize(("code", "name", "text"), OTHERS, ids=[f"{c[0]}-{c[1]}-{i}" for i, c in enumerate(OTHERS)])
def test_faults_of_the_other_files_are_found_too(code: str, name: str, text: str) -> None:
    texts = {name: text, "scene__x": GOOD}
    found = [f for f in findings(**texts) if f.file == f"{name}.yaml"]
    assert code in {f.code for f in found}, found


def test_links_and_devices_in_a_pack_are_refused(tmp_path: Path) -> None:
    for name, text in files(scene__x=GOOD).items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    secret = tmp_path / "secret.yaml"
    secret.write_text(GOOD, encoding="utf-8")
    (tmp_path / "pack" / "scenes" / "x" / "linked.yaml").symlink_to(secret)
    (tmp_path / "pack" / "scenes" / "far").symlink_to(tmp_path)
    found = load_form(tmp_path / "pack").findings
    assert [f.code for f in found] == ["RM111", "RM111"]


def test_a_folder_without_a_story_is_no_pack(tmp_path: Path) -> None:
    with pytest.raises(BrokenPack, match=r"story\.yaml"):
        load_form(tmp_path)


def test_all_faults_of_all_files_come_at_once_sorted_and_once_each() -> None:
    found = findings(
        scene__a="title: A\ntext: '{braed}'\nwhen: {if: amrs > 1}\ninvented: true\n", scene__b="title: B\ntxt: T\ninvented: true\n", state=STATE.replace("0..5}}", "x..5}}")
    )
    assert [f.code for f in found] == ["RM201", "RM201", "RM103", "RM104"]
    assert found == sorted(set(found))


def test_a_broken_scene_does_not_make_its_neighbours_look_broken() -> None:
    found = findings(
        scene__broken="title: A\ntxt: T\nchoices: [{id: keep, label: K}]\npassages: {room: {text: R, choices: [{id: other, label: O}]}}\ninvented: true\n",
        scene__good="title: B\nwhen: {if: chosen(broken/keep) or chosen(broken/other)}\ntext: T\ninvented: true\n",
    )
    assert {f.file for f in found} == {"scenes/x/broken.yaml"}


def test_words_of_yaml_that_surprise_are_text() -> None:
    source = parse_source(b"a: NO\nb: 12:30\nc: 010\nd: 1940-08-21\ne: 0x1F\nf: 1e3\ng: ~\nh: true\ni: -7\n", "x.yaml")
    assert source.data == {"a": "NO", "b": "12:30", "c": "010", "d": "1940-08-21", "e": "0x1F", "f": "1e3", "g": "~", "h": True, "i": -7}


@pytest.mark.parametrize(
    "bomb",
    ["[" * 100_000, "a: " + "{a: " * 40_000, "a: &a [x]\nb: [*a, *a]\n", "x" * (1 << 20) + "yy", "- " * 60_000, "? " * 50_000, "a: '" + "x" * 900_000, "\ufeff" * 3, "%YAML 9.9\n---\na: b", "a: !!binary ="],
)
def test_bombs_are_refused_with_a_place_and_no_traceback(bomb: str, tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(bomb, encoding="utf-8")
    found = load_form(tmp_path).errors
    assert found
    assert all(f.line >= 1 and f.column >= 1 and f.message for f in found)


def test_bytes_that_are_not_utf8_are_refused_at_their_line() -> None:
    found = parse_source(b"a: b\nc: \xff\xfe\n", "x.yaml").findings
    assert [(f.code, f.line, f.column) for f in found] == [("RM101", 2, 4)]


def test_random_bytes_give_only_our_findings() -> None:
    """T11, sampled."""
    generator = random.Random(11)
    alphabet = b"abc:{}[]|>-#&*!%@`'\"\\ \n\t,?~0123456789\xc3\xa9\xf0\x9f\xff"
    for _ in range(1500):
        raw = bytes(generator.choice(alphabet) for _ in range(generator.randrange(1, 60)))
        parse_source(raw, "x.yaml")


TREES = st.recursive(
    st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=12) | st.integers(-99, 99) | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"[a-z]{1,6}", fullmatch=True), inner, max_size=3),
    max_leaves=12,
)


def written(value: object) -> str:
    """A value as YAML flow text, everything quoted that is text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    assert isinstance(value, dict)
    return "{" + ", ".join(f"{k}: {written(v)}" for k, v in value.items()) + "}"


@settings(max_examples=2000, deadline=None)
@given(TREES)
def test_a_tree_survives_the_round_trip(value: object) -> None:
    """T10: what is written comes back, with a place for each part."""
    import unicodedata

    source = parse_source(("top: " + written(value) + "\n").encode(), "x.yaml")
    if source.findings:
        assert {f.code for f in source.findings} <= {"RM106"}
        return

    def normal(part: object) -> object:
        if isinstance(part, str):
            return unicodedata.normalize("NFC", part)
        if isinstance(part, list):
            return [normal(p) for p in part]
        return {k: normal(v) for k, v in part.items()} if isinstance(part, dict) else part

    assert source.data == {"top": normal(value)}
    assert () in source.places


def test_the_layout_shows_the_line_and_a_caret() -> None:
    found = first(scene__x="title: A\nwhen: {if: braed >= 3}\ntext: T\ninvented: true\n")
    assert str(found).splitlines() == [
        "scenes/x/x.yaml:2:12: error RM201: no quality named 'braed'",
        "    2 | when: {if: braed >= 3}",
        "      |            ^^^^^ did you mean 'bread'?",
    ]


def test_a_findings_text_is_escaped_and_cut() -> None:
    shown = str(Finding("f.yaml", 1, 1, "RM101", "a\x1b[2J" + "x" * 400, "", excerpt="\x9b" + "y" * 300))
    assert "\x1b" not in shown
    assert "\x9b" not in shown
    assert max(map(len, shown.splitlines())) < 260


def test_order_cards_need_no_choices_and_a_scene_refuses_loose_effects() -> None:
    assert not loaded(scene__o="title: O\ndraw: {deck: house}\ndo: [bread += 1]\ninvented: true\n").findings
    assert [f.code for f in findings(scene__o="title: O\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\ndo: [bread += 1]\ninvented: true\n")] == ["RM104"]
