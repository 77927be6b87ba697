"""T7: hostile and wrong content, over all limits and all of the YAML subset: refused at its place, with the reason and the remedy.

Every file here is one that somebody could send. None may cost a traceback, a byte that steers the terminal, more than
five seconds or more than 512 MB.
"""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kit import STORY, files
from redmexico import cache, engine
from redmexico.check import examine
from redmexico.check.formats import github, sarif
from redmexico.check.mending import mend, mend_text
from redmexico.cli import main
from redmexico.errors import EndlessStory, RedMexicoError
from redmexico.findings import Finding
from redmexico.loader import Loaded, build_packs, load_form
from redmexico.loader.files import Pack
from redmexico.loader.tree import MAX_BYTES, parse_source, read_source
from redmexico.translation import accept

GOOD = "title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\ninvented: true\n"
MOD = "id: mod\ntitle: M\nversion: 1.0.0\nrequires: [small]\n"
X = "scenes/x/x.yaml"
Change = str | bytes | tuple[str, str]
"""A file's new content, or what of it is replaced by what; `+state.yaml` is added to a file."""


def story_of(changes: Mapping[str, Change]) -> dict[str, str | bytes]:
    """The files of a small story with one good scene, changed."""
    out: dict[str, str | bytes] = {**files(), X: GOOD, "story.yaml": STORY + "languages: [en, es]\n"}
    for name, change in changes.items():
        if isinstance(change, tuple):
            old = out[name]
            assert isinstance(old, str) and change[0] in old
            out[name] = old.replace(*change)
        elif name.startswith("+"):
            out[name[1:]] = str(out[name[1:]]) + str(change)
        else:
            out[name] = change
    return out


def pack_of(title: str, texts: Mapping[str, str | bytes], before: str = "") -> Pack:
    raw = {name: text if isinstance(text, bytes) else text.encode() for name, text in texts.items()}
    return Pack(title, {name: parse_source(data, before + name) for name, data in raw.items()})


def loaded(changes: Mapping[str, Change], *mods: Mapping[str, str]) -> Loaded:
    packs = [pack_of("small", story_of(changes))]
    return build_packs([*packs, *(pack_of(f"mod{k}", mod, f"mod{k or ''}/") for k, mod in enumerate(mods))])


def scene(old: str, new: str) -> dict[str, Change]:
    return {X: GOOD.replace(old, new)}


def mod(patches: str, **more: str) -> dict[str, str]:
    return {"story.yaml": MOD, "patches.yaml": patches, **{name.replace("__", "/") + ".yaml": text for name, text in more.items()}}


def written(folder: Path, texts: Mapping[str, str | bytes]) -> Path:
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


def steers(text: str) -> list[str]:
    """The characters of a text that do something to a terminal."""
    return [c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cs") or c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")]


def look(found: list[Finding], code: str, place: tuple[str, int, int], words: str) -> None:
    """Whether this is among the findings, with its remedy, and nothing in any of them steers the terminal."""
    here = [f for f in found if f.code == code and (f.file, f.line, f.column) == place]
    assert here, [str(f) for f in found][:5]
    assert any(words in f"{f.message} {f.hint}" for f in here), str(here[0])
    assert all(f.hint for f in here), f"no remedy: {here[0]}"
    shown = [*map(str, found), *github(found), json.dumps([f.as_json() for f in found], ensure_ascii=False)]
    assert not steers("\n".join(shown))
    assert all(len(line) < 700 for f in found for line in str(f).splitlines())


# (code, line, column, file, part of the reason or the remedy, what is changed in the story)
CASES: list[tuple[str, int, int, str, str, dict[str, Change]]] = [
    # file
    ("RM101", 2, 7, X, "not UTF-8", {X: b"title: A\ntext: \xff\n"}),
    ("RM101", 1, 1, X, "UTF-8", {X: "title: A\n".encode("utf-16")}),
    ("RM106", 1, 1, X, "control", {X: b"\x00\x00\x00"}),
    ("RM104", 1, 1, X, "empty", {X: ""}),
    ("RM104", 1, 1, X, "empty", {X: "# only a comment\n"}),
    ("RM104", 1, 1, X, "mapping", {X: "- a\n- b\n"}),
    ("RM104", 1, 1, X, "mapping", {X: "just words\n"}),
    ("RM150", 1, 39, X, "nesting", {X: "title: "+"["*33+"]"*33+"\n"}),
    ("RM150", 1, 39, X, "nesting", {X: "title: "+"["*100_000+"\n"}),
    ("RM150", 1, 129, X, "nesting", {X: "{a: "*60_000}),
    ("RM150", 1, 65, X, "nesting", {X: "- "*60_000}),
    ("RM150", 2, 149994, X, "50000", {X: "title: A\nfacts: ["+"a, "*50_000+"]\n"}),
    ("RM150", 3, 7, X, "thousand million",scene("text: T","text: 1000000001")),
    ("RM150", 3, 7, X, "thousand million",scene("text: T","text: "+"9"*5000)),
    # yaml subset
    ("RM109", 3, 7, X, "anchor",scene("text: T","text: &a T")),
    ("RM109", 3, 7, X, "alias",scene("text: T","text: *a")),
    ("RM109", 1, 4, X, "anchor", {X: "a: &a [x]\nb: &b [*a, *a, *a]\nc: &c [*b, *b, *b]\n"}),
    ("RM109", 2, 1, X, "merge", {X: "title: A\n<<: {text: T}\n"}),
    ("RM109", 3, 7, X, "tag",scene("text: T","text: !!python/object/apply:os.system [ls]")),
    ("RM109", 3, 7, X, "tag",scene("text: T","text: !include other")),
    ("RM109", 6, 1, X, "second document", {X: GOOD+"---\n"+GOOD}),
    ("RM109", 1, 3, X, "as a key", {X: "? [a, b]\n: c\n"}),
    ("RM101", 1, 1, X, "incompatible", {X: "%YAML 9.9\n---\ntitle: A\n"}),
    ("RM102", 6, 1, X, "stands twice", {X: GOOD+"title: B\n"}),
    ("RM101", 2, 5, X, "bracket", {X: "title: [a, b\ntext: T\n"}),
    ("RM101", 3, 8, X, "': '",scene("text: T","text: a: b")),
    ("RM101", 3, 7, X, "quotation",scene("text: T","text: 'a")),
    ("RM101", 2, 7, X, "too far in", {X: "title: A\n  text: T\n"}),
    ("RM101", 3, 8, X, "backslash",scene("text: T",'text: "\\q"')),
    ("RM101", 3, 10, X, "",scene("text: T",'text: "\\uD800"')),
    ("RM101", 3, 7, X, "sign",scene("text: T","text: @a")),
    ("RM106", 3, 6, X, "tab",scene("text: T","text:\tT")),
    ("RM106", 3, 7, X, "control",scene("text: T","text: \x1b[2JT")),
    ("RM106", 3, 8, X, "control",scene("text: T","text: a\x9bb")),
    ("RM106", 3, 8, X, "control",scene("text: T","text: a\rb")),
    ("RM106", 3, 8, X, "direction",scene("text: T","text: a\u2066b")),
    ("RM106", 3, 8, X, "no editor",scene("text: T","text: a\u2028b")),
    ("RM106", 3, 8, X, "not for text",scene("text: T","text: a\ufffeb")),
    ("RM106", 3, 8, X, "not for text",scene("text: T","text: a\U000e0041b")),
    ("RM106", 3, 8, X, "eight marks",scene("text: T","text: x"+"\u0316"*9)),
    ("RM106", 3, 8, X, "eight marks",scene("text: T","text: x"+"\u20d0"*9)),
    ("RM106", 3, 7, X, "backslash",scene("text: T",'text: "a\\e[2Jb"')),
    ("RM106", 3, 7, X, "backslash",scene("text: T",'text: "a\\u202eb"')),
    ("RM106", 3, 7, X, "backslash",scene("text: T",'text: "a\\rb"')),
    ("RM106", 1, 1, X, "backslash",scene("title: A",'"\\e]0;x\\a": A')),
    ("RM106", 3, 7, X, "backslash",scene("text: T",'text: "x'+"\\u0316"*9+'"')),
    # shapes
    ("RM103", 3, 1, X, "did you mean 'text'",scene("text: T","tetx: T")),
    ("RM104", 4, 10, X, "list expected",scene("choices: [{id: a, label: A}]","choices: 5")),
    ("RM104", 4, 11, X, "mapping",scene("choices: [{id: a, label: A}]","choices: [5]")),
    ("RM104", 5, 11, X, "true or false",scene("invented: true","invented: maybe")),
    ("RM104", 6, 15, X, "mapping", {X: GOOD+"passages: {r: T}\n"}),
    ("RM110", 4, 16, X, "no id",scene("id: a","id: "+"a"*65)),
    ("RM110", 4, 16, X, "no id",scene("id: a","id: ../../etc")),
    ("RM110", 1, 1, "scenes/x/"+"a"*65+".yaml", "no id",{"scenes/x/"+"a"*65+".yaml":GOOD}),
    ("RM110", 1, 1, "scenes/x/Big.yaml", "no id",{"scenes/x/Big.yaml":GOOD}),
    ("RM110", 1, 1, "scenes/y/x.yaml", "another scene",{"scenes/y/x.yaml":GOOD}),
    # limits
    ("RM150", 3, 7, X, "16000",scene("text: T","text: "+"a "*8_001)),
    ("RM150", 4, 26, X, "16000",scene("label: A","label: "+"a"*16_001)),
    ("RM150", 4, 10, X, "30 expected",scene("[{id: a, label: A}]","["+", ".join(f"{{id: c{i}, label: A}}" for i in range(31))+"]")),
    ("RM150", 4, 33, X, "100 effects",scene("label: A}","label: A, do: ["+", ".join(["bread += 1"]*101)+"]}")),
    ("RM150", 6, 13, X, "500", {X: GOOD+"when: {if: '"+"(bread > 1) and "*40+"true'}\n"}),
    ("RM150", 6, 45, X, "deeper", {X: GOOD+"when: {if: '"+"("*33+"bread"+")"*33+" > 1'}\n"}),
    ("RM150", 6, 13, X, "200 parts", {X: GOOD+"when: {if: '"+"1+"*210+"1 > 1'}\n"}),
    ("RM150", 6, 20, X, "thousand million", {X: GOOD+"when: {if: bread > 1000000001}\n"}),
    ("RM150", 3, 232, X, "deeper",scene("text: T","text: '"+"{once: "*33+"a"+"}"*33+"'")),
    ("RM104", 10, 25, "state.yaml", "64 words",{"+state.yaml":"zz: {start: w0, one_of: ["+", ".join(f"w{i}" for i in range(65))+"]}\n"}),
    ("RM150", 1, 1, "state.yaml", "2000",{"+state.yaml":"".join(f"q{i}: flag\n" for i in range(2000))}),
    ("RM104", 10, 23, "state.yaml", "no range",{"+state.yaml":"zz: {start: 1, range: 0.."+"9"*5000+"}\n"}),
    ("RM104", 10, 24, "state.yaml", "no range",{"+state.yaml":"zz: {start: 1, range: '٠..١٠'}\n"}),
    ("RM104", 10, 37, "state.yaml", "no number",{"+state.yaml":"zz: {start: 1, range: 0..5, words: {'"+"9"*900+"': much}}\n"}),
    ("RM110", 10, 1, "state.yaml", "language",{"+state.yaml":"and: {start: 1, range: 0..5}\n"}),
    ("RM110", 10, 9, "state.yaml", "no id",{"+state.yaml":"guild: {'a b': {start: 1, range: 0..5}}\n"}),
    ("RM110", 10, 30, "state.yaml", "no word",{"+state.yaml":"zz: {start: 'a b', one_of: ['a b', c]}\n"}),
    ("RM110", 10, 31, "state.yaml", "stands twice",{"+state.yaml":"zz: {start: a, one_of: [a, b, a]}\n"}),
    ("RM104", 10, 22, "state.yaml", "'up' or 'down'",{"+state.yaml":"zz: {start: 1, good: [up]}\n"}),
    ("RM104", 10, 10, "state.yaml", "definitions",{"+state.yaml":"derived: 5\n"}),
    ("RM104", 10, 8, "state.yaml", "kinds",{"+state.yaml":"kinds: [a]\n"}),
    ("RM205", 10, 15, "state.yaml", "is made of",{"+state.yaml":"derived: {a1: b1 + 1, b1: a1 + 1}\n"}),
    ("RM205", 10, 15, "state.yaml", "is made of",{"+state.yaml":"derived: {a1: a1 + 1}\n"}),
    ("RM150", 12, 7, "state.yaml", "deeper than 32",{"+state.yaml":"derived:\n"+"".join(f"  d{i}: d{i+1} + 1\n" for i in range(33))+"  d33: bread + 1\n"}),
    ("RM150", 14, 7, "state.yaml", "2000 parts",{"+state.yaml":"derived:\n"+"".join(f"  d{i}: d{i+1} + d{i+1} + d{i+1}\n" for i in range(10))+"  d10: bread + 1\n"}),
    ("RM105", 20, 11, "story.yaml", "no tempo",{"story.yaml":("turn: 6 months","turn: "+"1"*5000+" months")}),
    ("RM105", 20, 11, "story.yaml", "no tempo",{"story.yaml":("turn: 6 months","turn: ² months")}),
    ("RM105", 19, 12, "story.yaml", "over before",{"story.yaml":("from: 1940-01-01","from: 1941-01-01")}),
    ("RM105", 18, 11, "story.yaml", "no date",{"story.yaml":("from: 1940-01-01","from: 0000-01-01")}),
    ("RM110", 2, 5, "story.yaml", "no id",{"story.yaml":("id: small","id: ../small")}),
    ("RM105", 4, 42, X, "no time",scene("label: A}","label: A, later: [{in: 99999 years, scene: x}]}")),
    # translations
    ("RM104", 1, 1, "es/scenes/x.yaml", "mapping",{"es/scenes/x.yaml":"- a\n"}),
    ("RM104", 1, 24, "es/scenes/x.yaml", "text expected",{"es/scenes/x.yaml":"x#title: {of: a, text: [a]}\n"}),
    ("RM104", 1, 10, "es/scenes/x.yaml", "'of' is missing",{"es/scenes/x.yaml":"x#title: {text: a}\n"}),
    ("RM102", 2, 1, "es/scenes/x.yaml", "stands twice", {"es/scenes/x.yaml": "x#title: {of: a, text: b}\nx#title: {text: c}\n"}),
    ("RM102", 6, 1, X, "stands twice", {X: GOOD + "choices: []\nfacts: [b]\nfacts: 5\n"}),
    ("RM509", 1, 1, "es/scenes/x.yaml", "no text",{"es/scenes/x.yaml":"other:x#title: {of: a, text: a}\n"}),
    ("RM150", 1, 24, "es/scenes/x.yaml", "16000",{"es/scenes/x.yaml":"x#text: {of: a, text: '"+"x *a "*20_000+"'}\n"}),
    ("RM501", 1, 26, "es/scenes/x.yaml", "'}'",{"es/scenes/x.yaml":"x#text: {of: a, text: 'a } b'}\n"}),
    ("RM106", 1, 23, "es/scenes/x.yaml", "backslash",{"es/scenes/x.yaml":"x#text: {of: a, text: \"\\e[2J\"}\n"}),
]


@pytest.mark.parametrize(("code", "line", "column", "file", "words", "changes"), CASES, ids=[f"{c[0]}-{k}" for k, c in enumerate(CASES)])
def test_a_hostile_file_is_refused_at_its_place_with_the_remedy(
    code: str, line: int, column: int, file: str, words: str, changes: dict[str, Change]
) -> None:
    found = loaded(changes)
    assert found.errors
    look(found.findings, code, (file, line, column), words)


# (code, line, column, file, part of the reason or the remedy, what is changed in the story, the mod)
MODS: list[tuple[str, int, int, str, str, dict[str, Change], dict[str, str]]] = [
    ("RM601", 1, 11, "patches.yaml", "did you mean 'x'",{},mod("- {patch: xx, set: {title: B}}\n")),
    ("RM601", 1, 12, "patches.yaml", "nothing to patch",{},mod("- {patch: '../../x', set: {title: B}}\n")),
    ("RM601", 1, 12, "patches.yaml", "nothing to patch",{},mod("- {patch: 'quality:', set: {title: B}}\n")),
    ("RM601", 1, 11, "patches.yaml", "nothing to patch",{},mod("- {patch: z, set: {title: B}}\n",scenes__z=GOOD)),
    ("RM104", 4, 10, X, "list expected", {X: GOOD.replace("[{id: a, label: A}]","5")},mod("- {patch: x/zz, set: {label: B}}\n")),
    ("RM104", 1, 1, X, "mapping", {X: "5\n"},mod("- {patch: x, set: {label: B}}\n")),
    ("RM104", 6, 15, X, "mapping", {X: GOOD+"passages: {r: 5}\n"},mod("- {patch: x/r, set: {text: B}, remove: [goto], append: {do: [a]}}\n")),
    ("RM104", 1, 1, "state.yaml", "mapping",{"state.yaml":"5\n"},mod("- {patch: quality:bread, set: {start: 5}}\n")),
    ("RM605", 1, 30, "patches.yaml", "no list",{},mod("- {patch: x, append: {title: [a]}}\n")),
    ("RM605", 1, 26, "patches.yaml", "id cannot",{},mod("- {patch: x/a, set: {id: b}}\n")),
    ("RM605", 1, 23, "patches.yaml", "no 'hint' to remove",{},mod("- {patch: x, remove: [hint]}\n")),
    ("RM104", 1, 27, "patches.yaml", "text expected",{},mod("- {patch: x, set: {title: "+"["*29+"1"+"]"*29+"}}\n")),
    ("RM150", 1, 56, "patches.yaml", "nesting",{},mod("- {patch: x, set: {title: "+"["*40+"1"+"]"*40+"}}\n")),
    ("RM106", 1, 27, "patches.yaml", "backslash",{},mod('- {patch: x, set: {title: "\\e[2J"}}\n')),
    ("RM103", 1, 20, "patches.yaml", "unknown key",{},mod("- {patch: x, set: {__class__: a}}\n")),
    ("RM150", 4, 10, X, "30 expected",{},mod("- patch: x\n  append: {choices: ["+", ".join(f"{{id: c{i}, label: L}}" for i in range(30))+"]}\n")),
    ("RM104", 1, 1, "patches.yaml", "list",{},mod("patch: x\n")),
    ("RM604", 4, 12, "story.yaml", "builds on 'mod'",{},{"story.yaml":MOD.replace("[small]","[mod]")}),
    ("RM604", 4, 19, "story.yaml", "builds on 'far'",{},{"story.yaml":MOD.replace("[small]","[small, far]")}),
    ("RM604", 1, 1, "story.yaml", "of its own",{},{"story.yaml":MOD.replace("requires: [small]\n","")}),
    ("RM603", 1, 5, "story.yaml", "two packs",{},{"story.yaml":MOD.replace("id: mod","id: small")}),
    ("RM101", 2, 1, "story.yaml", "check this line",{},{"story.yaml":"id: [\n"}),
]


@pytest.mark.parametrize(("code", "line", "column", "file", "words", "changes", "texts"), MODS, ids=[f"{c[0]}-{k}" for k, c in enumerate(MODS)])
def test_a_hostile_mod_is_refused_at_its_place_with_the_remedy(
    code: str, line: int, column: int, file: str, words: str, changes: dict[str, Change], texts: dict[str, str]
) -> None:
    found = loaded(changes, texts)
    assert found.errors
    place = file if file in changes or file == X else f"mod/{file}"
    look(found.findings, code, (place, line, column), words)


def test_all_classes_of_the_limits_and_of_the_yaml_subset_are_tried() -> None:
    assert len(CASES) + len(MODS) >= 60
    assert {code for code, *_ in [*CASES, *MODS]} >= {
        "RM101", "RM102", "RM103", "RM104", "RM105", "RM106", "RM109", "RM110", "RM150", "RM205", "RM501", "RM509",
        "RM601", "RM603", "RM604", "RM605",
    }  # fmt: skip


# what is allowed, up to its edge


@pytest.mark.parametrize(
    "changes",
    [
        scene("text: T", "text: " + "a" * 16_000),
        scene("[{id: a, label: A}]", "[" + ", ".join(f"{{id: c{i}, label: A}}" for i in range(30)) + "]"),
        scene("label: A}", "label: A, do: [" + ", ".join(["bread += 1"] * 100) + "]}"),
        scene("id: a", "id: a" + "b" * 63),
        scene("text: T", "text: x" + "\u0316" * 8),
        scene("text: T", 'text: "Zo\\u00eb\\n\\U0001f600"'),
        scene("text: T", "text: '[/i] [@click=app.quit] [link=file:x] :smile: %s $x `ls` <b>'"),
        {X: GOOD + "when: {if: '" + "(" * 30 + "bread" + ")" * 30 + " > 1'}\n"},
        {X: GOOD + "when: {if: '" + "bread > 1 and " * 35 + "bread < 99'}\n"},
        {"+state.yaml": "zz: {start: w0, one_of: [" + ", ".join(f"w{i}" for i in range(64)) + "]}\n"},
        {"+state.yaml": "zz: {start: 1000000000, range: -1000000000..1000000000}\n"},
        {"+state.yaml": "derived:\n" + "".join(f"  d{i}: d{i + 1} + 1\n" for i in range(31)) + "  d31: bread + 1\n"},
        {"scenes/x/b" + "a" * 63 + ".yaml": GOOD},
        {X: GOOD.replace("\n", "\r\n")},
        {X: b"\xef\xbb\xbf" + GOOD.encode()},
    ],
    ids=range(15),
)
def test_what_is_at_the_edge_of_a_limit_is_accepted(changes: dict[str, Change]) -> None:
    assert not [str(f) for f in loaded(changes).errors]


def test_a_file_of_a_mebibyte_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    rest = "# " + "x" * (MAX_BYTES - len(GOOD) - 3) + "\n"
    path = tmp_path / "a.yaml"
    path.write_text(GOOD + rest)
    assert path.stat().st_size == MAX_BYTES and not read_source(path, "a.yaml").findings
    path.write_text(GOOD + rest + "\n")
    found = read_source(path, "a.yaml").findings
    assert [f.code for f in found] == ["RM150"] and str(MAX_BYTES) in found[0].message


def test_a_file_that_grows_or_becomes_a_pipe_after_it_was_looked_at_is_neither_read_to_its_end_nor_waited_for(tmp_path: Path) -> None:
    grown, pipe, gone = tmp_path / "grown.yaml", tmp_path / "pipe.yaml", tmp_path / "gone.yaml"
    with grown.open("wb") as file:
        file.truncate(3 << 30)
    assert [f.code for f in read_source(grown, "grown.yaml").findings] == ["RM150"]
    os.mkfifo(pipe)
    assert [f.code for f in read_source(pipe, "pipe.yaml").findings] == ["RM101"]
    assert [f.code for f in read_source(gone, "gone.yaml").findings] == ["RM101"]
    assert [f.code for f in read_source(Path("/dev/zero"), "zero").findings] == ["RM101"]


# mods


def test_a_patch_of_a_patch_complains_where_the_last_word_was_said() -> None:
    one = {"story.yaml": MOD, "patches.yaml": "- {patch: x/a, append: {do: [bread += 1]}}\n"}
    two = {
        "story.yaml": MOD.replace("id: mod", "id: second").replace("[small]", "[small, mod]"),
        "patches.yaml": "- {patch: x/a, set: {do: [braed += 1]}}\n",
    }
    found = loaded({}, one, two).errors
    assert [(f.file, f.code, f.column) for f in found] == [("mod1/patches.yaml", "RM201", 27)]


def test_patches_that_send_two_scenes_in_a_circle_stop_with_the_circle_printed() -> None:
    """R14."""
    changes: dict[str, Change] = {"scenes/x/y.yaml": GOOD.replace("title: A", "title: B").replace("due: true\n", "")}
    circle = "- {patch: x/a, set: {goto: y}}\n- {patch: y, set: {goto: x}, remove: [choices]}\n- {patch: x, set: {goto: y}}\n"
    found = loaded(changes, mod(circle.replace("{goto: y}}\n", "{goto: y}, remove: [choices]}\n", 2).replace("x/a, set: {goto: y}, remove: [choices]", "x/a, set: {goto: y}")))
    assert not found.errors, [str(f) for f in found.errors]
    with pytest.raises(EndlessStory, match=r"x.*y|y.*x"):
        engine.begin(found.story(), "7")


def test_every_kind_of_address_takes_hostile_values_without_a_traceback() -> None:
    values = ["5", "true", "text", "[1]", "{a: 1}", "[[[[1]]]]", "''", "-1000000000"]
    keys = {
        "x": ["title", "text", "choices", "passages", "do", "when", "draw", "due", "goto", "later", "facts", "was", "derived"],
        "x/a": ["label", "needs", "hint", "do", "text", "later", "call", "goto"],
        "quality:bread": ["start", "range", "one_of", "set", "words", "name", "kind", "good", "was"],
        "ending:over": ["if", "kind", "text", "earned"],
        "slide:s1": ["of", "order", "if"],
        "person:sedova": ["name", "real", "here", "carrier"],
        "codex:the_notebook": ["label", "event", "facts", "records"],
        "fact:a-fact": ["document", "date"],
        "story": ["acts", "starts", "modes", "languages", "lines", "status", "version", "requires", "hands"],
        "act:one": ["from", "until", "turn", "next", "council", "ends"],
        "mode:carbon": ["rewind", "do"],
    }
    for address, names in keys.items():
        for name in names:
            for value in values:
                found = loaded({}, mod(f"- {{patch: '{address}', set: {{{name}: {value}}}}}\n"))
                assert not steers("\n".join(map(str, found.findings)))
                if not found.errors:
                    examine(found)


def test_two_hundred_mods_on_one_scene_are_read_in_their_order() -> None:
    mods = [
        {"story.yaml": MOD.replace("id: mod", f"id: mod{k}"), "patches.yaml": f"- {{patch: x/a, append: {{do: [bread += {k % 3}]}}}}\n"}
        for k in range(200)
    ]
    found = loaded({}, *mods)
    assert [f.code for f in found.errors] == ["RM150"]  # a hundred effects at the most
    assert [o.pack for o in found.overrides] == [f"mod{k}" for k in range(200)]


# on the disk: links, devices, names


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    """A command's status, and all that it said."""
    status = main(list(arguments))
    said = capsys.readouterr()
    return status, said.out + said.err


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


COMMANDS = [
    ["check", "{}"], ["check", "{}", "--format", "json"], ["check", "{}", "--format", "sarif"], ["check", "{}", "--format", "github"],
    ["check", "{}", "--fix"], ["packs", "--pack", "{}"], ["packs", "--json", "--pack", "{}"], ["stats", "--pack", "{}"],
    ["explain", "x", "--pack", "{}"], ["tr", "es", "--pack", "{}"], ["tr", "es", "--todo", "--pack", "{}"],
    ["graph", "--pack", "{}"], ["doctor", "--pack", "{}"],
]  # fmt: skip


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("body", [GOOD, "title: [\n"], ids=["sound", "broken"])
@pytest.mark.parametrize(
    "name",
    [
        b"scenes/a\x1b[2J.yaml", b"scenes/a\nb.yaml", b"scenes/\xff\xfe.yaml", "scenes/\u202eb.yaml".encode(), b"scenes/a\x9b.yaml",
        b"scenes/d\x1b]0;x\x07/ok.yaml", b"scenes/d\xff/ok.yaml", b"scenes/d\nx/ok.yaml", b"scenes/::error file=x,line=1::hi.yaml",
        b"scenes/%0A::error::x/ok.yaml", b"es/\x1b[2J.yaml", b"es/\xff.yaml", b"scenes/.yaml", b"scenes/-rf.yaml",
    ],
)  # fmt: skip
def test_no_name_of_a_file_steers_the_terminal_or_stops_a_command(
    name: bytes, body: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "pack", story_of({}))
    path = os.path.join(os.fsencode(folder), name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(body.encode())
    for command in COMMANDS:
        status, said = run(capsys, *(word.format(folder) for word in command))
        assert status in (0, 1, 3), (command, status, said)
        assert not steers(said), (command, said)
        said.encode()
        if "github" in command:
            assert all(line.startswith(("::error file=", "::warning file=", "::notice file=")) for line in said.splitlines() if line)


@pytest.mark.parametrize("where", ["story.yaml", "state.yaml", "patches.yaml", "scenes/z.yaml", "scenes/far", "es/z.yaml", "es", "zz"])
@pytest.mark.parametrize("to", ["/dev/zero", "/etc/passwd", "/", "itself", "nowhere", "cast.yaml", "pipe"])
def test_no_link_and_no_pipe_is_followed_read_or_written(
    where: str, to: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = written(tmp_path / "pack", story_of({"cast.yaml": "- {id: ortuno, name: Ort\tuño}\n- {id: sedova, name: S}\n"}))
    path = folder / where
    path.parent.mkdir(exist_ok=True)
    path.unlink(missing_ok=True)
    if to == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(path.name if to == "itself" else to)
    for command in (["check", "{}"], ["packs", "--pack", "{}"], ["check", "{}", "--fix"]):
        status, said = run(capsys, *(word.format(folder) for word in command))
        assert status in (0, 1, 3) and not steers(said)
        assert "root:" not in said
    assert path.is_symlink() == (to != "pipe") and (path.is_symlink() or stat.S_ISFIFO(path.stat().st_mode))


@pytest.mark.parametrize(
    "texts",
    [
        {}, {"story.yaml": ""}, {"story.yaml": "5"}, {"story.yaml": "["}, {"story.yaml": b"\xff"}, {"story.yaml": STORY},
        {"story.yaml": MOD}, {"story.yaml": "id: []\ntitle: {}\nrequires: [[[a]]]\n"}, {"story.yaml": STORY, "state.yaml": "[]", "endings.yaml": "[]"},
        {"story.yaml/x": "a folder"}, {**{n: t for n, t in files().items() if n != "state.yaml"}, "state.yaml/x": "a folder"}, {**files(), "scenes": "a file"},
    ],
    ids=range(12),
)  # fmt: skip
def test_every_command_refuses_a_broken_pack_with_its_status(
    texts: dict[str, str | bytes], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "pack").mkdir()
    folder = written(tmp_path / "pack", texts)
    sound = "scenes" in texts
    for command in [*COMMANDS, ["schema", "--pack", "{}"], ["new", "scene", "fresh", "--pack", "{}"], ["saves", "list", "--pack", "{}"]]:
        try:
            status, said = run(capsys, *(word.format(folder) for word in command))
        except SystemExit as wrong:  # a command that takes other words
            status, said = int(str(wrong.code)), capsys.readouterr().err
        assert status in ((0, 1, 2, 3) if sound or command[0] in ("schema", "new", "saves") else (1, 3)), (command, status, said)
        assert "Traceback" not in said and not steers(said)


# what `check --fix` may do


HOSTILE = [
    b"title: A\ntext: Note: this\n", b"title: A\r\ntext: Note: this\r\n\r\n", b"\xef\xbb\xbftitle:\tA\ntext: a #b c\n", b"a: b: c\n" * 40,
    b"- a b #c\n" * 3000, b"x:\ty\n" * 3000, b"k: >\n  a\n  b\n", b"\t\t\t\n", b"a: 'b\n\tc'\n", b"a: |\n  b\tc\n", b"a: \xff\tb\n", b"\x00\t",
    b"a: [b\tc\n", b"[" * 500 + b"\t", b"a\r\tb: c\n", "a: e\u0301\tb\n".encode(), b"no end: a #b c",
]  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE, ids=range(len(HOSTILE)))
def test_mending_loses_nothing_but_what_it_says(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(raw)
    path.chmod(0o640)
    before = parse_source(raw, "a.yaml").findings
    done = mend([(path, "a.yaml")])
    after = path.read_bytes()
    assert (after == raw) == (not done)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert raw.count(b"\n") == after.count(b"\n") and raw.count(b"\r") == after.count(b"\r")
    assert raw.startswith(b"\xef\xbb\xbf") == after.startswith(b"\xef\xbb\xbf")
    keep = bytes(c for c in raw if chr(c) not in " \t\"\\>|")
    assert bytes(c for c in after if chr(c) not in " \t\"\\>|") == keep
    touched = {mended.line for mended in done}
    assert all(a == b for n, (a, b) in enumerate(zip(raw.split(b"\n"), after.split(b"\n"), strict=True), 1) if n not in touched)
    mendable = ("RM101", "RM106", "RM107", "RM108")
    left = [f for f in parse_source(after, "a.yaml").findings if f.code in mendable and f.line in touched]
    assert not [f for f in left if f.code == "RM101"] or [f for f in before if f.code == "RM101"]
    assert len(left) <= len([f for f in before if f.code in mendable and f.line in touched])
    assert sorted(p.name for p in tmp_path.iterdir() if p.is_file()) == ["a.yaml"]


def test_mending_follows_no_link_waits_for_no_pipe_and_leaves_what_is_too_large(tmp_path: Path) -> None:
    other, link, pipe, large = (tmp_path / name for name in ("other.yaml", "link.yaml", "pipe.yaml", "large.yaml"))
    other.write_bytes(b"a:\tb\n")
    link.symlink_to(other)
    os.mkfifo(pipe)
    large.write_bytes(b"a:\tb\n" + b"#" * MAX_BYTES)
    assert mend([(path, path.name) for path in (link, pipe, large, tmp_path / "gone.yaml")]) == []
    assert link.is_symlink() and other.read_bytes() == b"a:\tb\n"


def test_a_file_that_changes_while_it_is_mended_is_left_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"a:\tb\n")

    def meanwhile(text: str, shown: str = "") -> Any:
        path.write_bytes(b"somebody else's\n")
        return mend_text(text, shown)

    monkeypatch.setattr("redmexico.check.mending.mend_text", meanwhile)
    with pytest.raises(RedMexicoError, match="changed meanwhile"):
        mend([(path, "a.yaml")])
    assert path.read_bytes() == b"somebody else's\n" and [p.name for p in tmp_path.iterdir() if p.is_file()] == ["a.yaml"]


# translations


def test_a_stamp_changes_the_hash_it_means_and_no_other_byte(tmp_path: Path) -> None:
    spanish = (
        b"\xef\xbb\xbf# of: 1\r\nx#title: {text: 'of: 0 e\xcc\x81', of: '00'}\r\nx/a#label: {of: 0, text: A}\r\n"
        b'x#text:\r\n  of: "0, of: 1"\r\n  text: T\r\n'
    )
    folder = written(tmp_path / "pack", story_of({"es/x.yaml": spanish}))
    stale = load_form(folder)
    assert stale.stale["es"] == {"x#title", "x/a#label", "x#text"}
    accept(stale, "es", ["x#title", "x#text"])
    again = load_form(folder)
    assert again.stale["es"] == {"x/a#label"} and not again.errors
    after = (folder / "es/x.yaml").read_bytes()
    assert after.startswith(b"\xef\xbb\xbf# of: 1\r\n") and after.count(b"\r\n") == spanish.count(b"\r\n")
    assert b"'of: 0 " in after


def test_a_stamp_is_not_written_over_what_somebody_else_wrote(tmp_path: Path) -> None:
    folder = written(tmp_path / "pack", story_of({"es/x.yaml": "x#title: {of: '0', text: A}\n"}))
    stale = load_form(folder)
    (folder / "es/x.yaml").write_text("# mine\n")
    with pytest.raises(RedMexicoError, match="changed meanwhile"):
        accept(stale, "es", ["all"])
    assert (folder / "es/x.yaml").read_text() == "# mine\n"


# findings for other programs


def test_no_finding_forges_a_command_or_a_line_of_another_program() -> None:
    evil = Finding("a\n::error file=b::c,d%0A\x1b.yaml", 1, 1, "RM101", "x\r\n::set-output name=a::b\x1b]0;\x07", "y\n::warning::z", excerpt="\x9b")
    lines = list(github([evil]))
    assert len(lines) == 1 and "\n" not in lines[0] and "\r" not in lines[0] and lines[0].startswith("::error file=")
    properties = lines[0].removeprefix("::error ").partition("::")[0]
    assert [part.partition("=")[0] for part in properties.split(",")] == ["file", "line", "col", "endColumn", "title"]
    assert not steers("".join(lines) + str(evil).replace("\n", "") + json.dumps(sarif([evil], "1", {}), ensure_ascii=False))
    assert not steers(json.dumps(evil.as_json(), ensure_ascii=False))


def test_a_long_fault_is_underlined_no_further_than_its_line_is_shown() -> None:
    shown = str(Finding("a.yaml", 1, 5, "RM101", "m", "h", length=9000, excerpt="a\x1bb " + "x" * 9000)).splitlines()
    assert max(map(len, shown)) < 130
    assert shown[2].index("^") - shown[2].index("|") == len("| ") + len("a\\x1bb ")


# odd, but legal


@pytest.mark.parametrize(
    "changes",
    [
        {X: ""}, {"events.yaml": "[]\n"}, {X: "title: A\ndue: true\ntext: T\ninvented: true\n"}, {X: GOOD.replace("due: true\n", "")},
        {"story.yaml": ("from: 1940-01-01", "from: 1940-12-31")}, {"story.yaml": ("until: 1940-12-31", "until: 9999-12-31")},
        {"+state.yaml": "".join(f"q{i}: {{start: 1, range: 0..5}}\n" for i in range(1900))},
        {X: GOOD.replace("goto", "goto").replace("label: A}", "label: A, call: x}")},
        {X: GOOD + "goto: [" + ", ".join(f"{{if: bread == {i}, to: next}}" for i in range(2000)) + "]\n"},
        {X: GOOD.replace("text: T", "text: '" + "{if bread > 1: a|else: b} " * 500 + "'")},
        {X: GOOD + "passages: {" + ", ".join(f"r{i}: {{text: T, goto: r{i + 1}}}" for i in range(3_000)) + ", r3000: {text: T}}\n"},
    ],
    ids=range(11),
)  # fmt: skip
def test_an_odd_story_is_examined_like_any_other(changes: dict[str, Change]) -> None:
    changed = story_of(changes)
    if changes.get(X) == "":
        del changed[X]
    packs = build_packs([pack_of("small", changed)])
    assert not [str(f) for f in packs.errors if f.code not in ("RM104", "RM110")]
    found = examine(packs)
    assert found and not steers("\n".join(map(str, found)))


# the worst of them, measured in a process of their own


def many(line: str, count: int) -> str:
    return "".join(line.replace("@", str(k)) for k in range(count))


WORST: dict[str, Callable[[], tuple[dict[str, Change], list[dict[str, str]]]]] = {
    "nested": lambda: ({X: "[" * 1_000_000}, []),
    "anchors": lambda: ({X: many("a@: &a@ [b]\n", 60_000)}, []),
    "parts": lambda: ({X: "title: A\nfacts: [" + "a, " * 49_000 + "a]\n"}, []),
    "wrong keys": lambda: ({"cast.yaml": many("- {id: e@, name: N, abuot: a}\n", 7_000)}, []),
    "not mappings": lambda: ({"cast.yaml": many("- e@\n", 40_000)}, []),
    "keys twice": lambda: ({X: many("title: A@\n", 20_000)}, []),
    "faults at the end": lambda: ({"cast.yaml": many("- {id: a@, n: b}\n", 12_000) + many("- a: b: c\n", 20)}, []),
    "quotes": lambda: ({X: 'a: "' + '"  ' * 300_000 + ": b: c"}, []),
    "control characters": lambda: ({X: "\x07" * 1_000_000}, []),
    "marks": lambda: ({X: "a: " + "\u0316" * 500_000}, []),
    "long prose": lambda: ({X: GOOD.replace("text: T", "text: '" + "x *a " * 200_000 + "'")}, []),
    "long translation": lambda: ({"es/x.yaml": "x#text: {of: a, text: '" + "x *a " * 200_000 + "'}\n"}, []),
    "long word": lambda: ({X: GOOD.replace("id: a", "id: " + "K" * 1_000_000)}, []),
    "computed of computed": lambda: ({"+state.yaml": "derived:\n" + many("  d@: b@ + b@\n  b@: bread + 1\n", 900)}, []),
    "a chain of computed names": lambda: (
        {"+state.yaml": "derived:\n" + "".join(f"  d{k}: d{k + 1} + 1\n" for k in range(2_000)) + "  d2000: bread\n"}, [],
    ),
    "eight thousand patches": lambda: ({}, [mod(many("- {patch: x, append: {facts: [a@]}}\n", 8_000))]),
    "patches of nothing": lambda: ({}, [mod(many("- {patch: y@, set: {label: B}}\n", 8_000))]),
    "rooms and patches": lambda: (
        {X: GOOD + "passages: {" + ", ".join(f"r{k}: {{text: T}}" for k in range(8_000)) + "}\n"},
        [mod("".join(f"- {{patch: x/r{k}, set: {{text: B}}}}\n" for k in range(8_000)))],
    ),
    "translations of nothing": lambda: ({"es/x.yaml": many("x@#title: {of: a, text: b}\n", 8_000)}, []),
}  # fmt: skip


def peak() -> int:
    """The most memory that this process ever held, in KiB."""
    with open("/proc/self/status", encoding="ascii") as file:
        return int(file.read().split("VmHWM:")[1].split()[0])


@pytest.mark.skipif(sys.platform != "linux", reason="limits and memory are the system's")
@pytest.mark.parametrize("name", WORST)
def test_the_worst_is_refused_in_five_seconds_and_512_megabytes(name: str) -> None:
    """R12, of time that the process itself used: the system ends it where that is more."""
    import test_hostile

    command = [sys.executable, "-c", MEASURED, str(Path(test_hostile.__file__).parent), name]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert run.returncode == 0, run.stderr[-600:]
    assert int(run.stdout.split()[-1]) < 512 * 1024


MEASURED = """
import resource, sys
sys.path.insert(0, sys.argv[1])
import test_hostile
changes, mods = test_hostile.WORST[sys.argv[2]]()
used = int(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]))
resource.setrlimit(resource.RLIMIT_CPU, (used + 5, used + 5))
found = test_hostile.loaded(changes, *mods)
for finding in found.findings if found.errors else test_hostile.examine(found):
    str(finding)
print(test_hostile.peak())
"""


def test_a_cache_of_hostile_bytes_is_made_again(tmp_path: Path) -> None:
    folder, kept = written(tmp_path / "pack", story_of({})), tmp_path / "kept"
    cache.open_story(folder, kept)
    (place,) = kept.iterdir()
    whole = place.read_bytes()
    for raw in (b"", b"\n", b"[" * 100_000 + b"\n", b"5\n", b"{}\n", b"null\n", whole[:-1], whole[:40], b"\xff" * 99, whole.replace(b"{", b"[", 1)):
        place.write_bytes(raw)
        assert cache.open_story(folder, kept).scenes
        assert place.read_bytes() == whole
