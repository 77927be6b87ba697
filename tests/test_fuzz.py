"""T11: random and mutated bytes into everything that reads what somebody else wrote: only our own complaints come out.

A second each in the ordinary run, a minute each with REDMEXICO_FUZZ=1. A case that fails prints its bytes.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from kit import CODEX, STATE, STORY, files, story
from redmexico.campaign import packs_of
from redmexico.check import examine
from redmexico.check.mending import mend_text
from redmexico.engine import RULES, begin
from redmexico.errors import BadExpression, BadText, RedMexicoError
from redmexico.expression import FUNCTIONS, PLAIN
from redmexico.grammar import FLAG, NUMBER, Names, Type
from redmexico.grammar import parse as parse_expression
from redmexico.journal import Journal, read
from redmexico.loader import build_packs
from redmexico.loader.files import Pack
from redmexico.loader.tree import Source, _quick, _Stop, _whole, parse_source
from redmexico.prose import parse as parse_text
from redmexico.ui.session import Session
from redmexico.writers.checking import _drifted

SECONDS = 60.0 if os.environ.get("REDMEXICO_FUZZ") else 1.0
LEAST = 150
"""cases that are tried however slow the machine is"""


def cases(seed: int) -> Iterator[random.Random]:
    """A source of chance for one case after the other, until the time is up."""
    until, k = time.monotonic() + SECONDS, 0
    while time.monotonic() < until or k < LEAST:
        yield random.Random(f"{seed}/{k}")
        k += 1


SCENE = """title: The gate
due: true
when: {from: 1940-02, until: 1940-03-05, if: bread > 1 and truce == none}
text: |
  You stand {if bread < 3: hungry|elif arms > 1: armed|else: still} at the *gate*, {cycle: cold|warm}.

  [[the_notebook]] says {bread|words}; {bread} loaves.
choices:
  - {id: open, label: "Open, and: wait", needs: [{if: arms >= 1, locked: No.}], do: [bread += 1, debts += owes_bell], goto: yard}
  - {id: shut, label: Shut, later: [{in: 4..9 months, scene: x}], goto: [{if: bread > 2, to: next}, {to: yard}]}
passages:
  yard: {text: Y, advice: [{who: ortuno, text: No., if: chance(5)}]}
invented: true
"""
PATCHES = """- {patch: x, set: {title: B, do: []}, remove: [due]}
- {patch: x/open, append: {do: [arms += 1]}}
- {patch: quality:bread, set: {start: 5}}
- {patch: ending:over, set: {text: Gone.}}
- patch: story
  set: {title: Other}
"""
SPANISH = """x#title: {of: 00000000, text: La puerta}
x#text: {of: "1", text: "{if bread < 3: a|else: b} [[the_notebook]] {bread}"}
x/open#label:
  of: 1f3c9a2e
  text: |
    Abrir
"""
MOD = "id: mod\ntitle: M\nversion: 1.0.0\nrequires: [small]\nlanguages: [es]\n"
PIECES = [
    "- ", ": ", "{", "}", "[", "]", "|", ">", "\n", "  ", "\t", "#", " #", "&a ", "*a", "!!str ", "<<: ", "---\n", "...", "'", '"', "\\", "\\e",
    "%YAML", "?", "? ", ",", "@", "`", "~", "true", "false", "-1", "1000000001", "0x1F", "\r", "\x00", "\x1b[2J", "\u202e", "\ufeff", "\u2028",
    "\u0316" * 9, "é", "e\u0301", "😀", "[[", "]]", "{if ", "|else:", "|elif ", "{cycle:", "*", "(", ")", "and ", "x", "bread", "..", "null", "[[[[",
]  # fmt: skip


def mutated(chance: random.Random, text: str) -> bytes:
    """A text with a few things in it changed; at times in its bytes."""
    for _ in range(chance.randrange(1, 5)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice((0, 0, 1, 2, 9, 60)))
        middle = chance.choice((chance.choice(PIECES), chance.choice(PIECES) * chance.randrange(1, 50), text[at:end] * 2, ""))
        text = text[:at] + middle + text[end:]
    raw = bytearray(text.encode())
    if chance.random() < 0.2 and raw:
        raw[chance.randrange(len(raw))] = chance.randrange(256)
    return bytes(raw)


def soup(chance: random.Random, pieces: list[str], most: int = 40) -> str:
    return "".join(chance.choice(pieces) for _ in range(chance.randrange(1, most)))


def whole(text: str) -> Source:
    """A file as the slow path reads it."""
    source = Source("x.yaml", text, _places=({}, {}))
    _whole(source)
    return source


def test_the_quick_way_through_a_file_gives_what_the_slow_one_gives() -> None:
    for chance in cases(1):
        raw = mutated(chance, chance.choice((SCENE, PATCHES, SPANISH, STATE))) if chance.random() < 0.7 else soup(chance, PIECES).encode()
        source = parse_source(raw, "x.yaml")
        for finding in source.findings:
            assert finding.line >= 1 and finding.column >= 1, raw
            assert str(finding).replace("\n", "").isprintable(), raw
        if not source.text or any(f.code == "RM106" for f in source.findings):
            continue  # neither way is gone before what may not stand there is out
        try:
            quick, told = _quick(source.text), False
        except (_Stop, yaml.YAMLError):
            quick, told = None, True
        slow = whole(source.text)
        assert told or not slow.findings, raw
        if not told:
            assert quick == slow.data, raw
            assert str(quick) == str(slow.data), raw  # true is not 1
        if not source.findings:
            assert source.data == slow.data, raw


def test_what_is_mended_is_mended_for_good() -> None:
    for chance in cases(2):
        text = mutated(chance, chance.choice((SCENE, PATCHES, SPANISH))).decode("utf-8", "replace")
        new, done = mend_text(text)
        assert (new == text) == (not done), text
        assert new.count("\n") == text.count("\n"), text
        assert mend_text(new) == (new, []), text


NAMES = Names(
    qualities={
        "bread": NUMBER, "arms": NUMBER, "church.temper": NUMBER, "page_kept": FLAG, "truce": Type("word", ("none", "offered", "made")),
        "debts": Type("set", ("owes_gate", "owes_bell")), "strain": NUMBER,
    },
    kinds={"resource": {"": ["bread", "arms"]}, "faction": {"temper": ["church.temper"]}},
    scenes={"x", "y"}, choices={"x/open"}, events={"axe"}, variants={"axe": ("late",)}, acts=("one",), modes=("standard",), lines=("history",),
    derived={"strain"},
)  # fmt: skip
WORDS = [
    "bread", "arms", "church.temper", "page_kept", "truce", "none", "debts", "owes_bell", "x", "x/open", "axe", *PLAIN, *FUNCTIONS, "sum", "count",
    "resource", "faction.temper", "and", "or", "not", "in", "if", "else", "true", "false", "(", ")", ",", "+", "-", "*", "//", "%", "==", "!=", "<",
    "<=", ">", ">=", "=", "0", "7", "1000000000", "99999999999", "1940-02", "1940-02-30", "0000-00", "²", "٣", "é", "\n", "  ", ".", "..", "'", '"',
    "__class__", "\u202e", "((((((((", "- - - -", "not not ",
]  # fmt: skip


def test_no_text_gets_more_out_of_the_expression_parser_than_a_complaint() -> None:
    for chance in cases(3):
        text = soup(chance, WORDS, 60) if chance.random() < 0.5 else " ".join(chance.choice(WORDS) for _ in range(chance.randrange(1, 14)))
        try:
            parse_expression(text, NAMES, chance.choice((FLAG, NUMBER, *NAMES.qualities.values())), "x", chance.random() < 0.5)
        except BadExpression as error:
            assert 0 <= error.column <= len(text) and error.length >= 1 and error.message, repr(text)


PROSE = [
    "{", "}", "{{", "}}", "|", "||", "*", "**", "[[", "]]", "[[the_notebook]]", "[[the_notebook|a]]", "{bread}", "{bread|words}", "{if bread > 1: ",
    "|else:", "|elif arms > 1:", "{cycle: ", "{once: ", "{shuffle:", "{zz", ":", "\n", "\n\n", "\n> ", "> ", " ", "a", "é", "{if", "{if x/open: ",
    "[/i]", "%s", "{0}", "{bread!r}", "{bread.__class__}", "\u202e",
]  # fmt: skip


def test_no_prose_gets_more_out_of_its_parser_than_a_complaint() -> None:
    for chance in cases(4):
        text = soup(chance, PROSE, 50)
        try:
            parse_text(text, NAMES, "x")
        except BadText as error:
            assert 0 <= error.offset <= len(text) and error.length >= 1 and error.message, repr(text)


def pack(title: str, texts: dict[str, str | bytes]) -> Pack:
    raw = {name: text if isinstance(text, bytes) else text.encode() for name, text in texts.items()}
    return Pack(title, {name: parse_source(data, name) for name, data in raw.items()})


@pytest.mark.parametrize("what", ["scene", "state", "story", "codex", "patches", "spanish", "mod"])
def test_no_file_of_a_pack_or_a_mod_gets_more_out_of_the_loader_than_findings(what: str) -> None:
    for chance in cases(5):
        base: dict[str, str | bytes] = {**files(codex=CODEX), "scenes/x/x.yaml": SCENE}
        mod: dict[str, str | bytes] = {"story.yaml": MOD, "patches.yaml": PATCHES, "es/x.yaml": SPANISH}
        place, name, text = {
            "scene": (base, "scenes/x/x.yaml", SCENE), "state": (base, "state.yaml", STATE), "story": (base, "story.yaml", STORY),
            "codex": (base, "codex.yaml", CODEX), "patches": (mod, "patches.yaml", PATCHES), "spanish": (mod, "es/x.yaml", SPANISH),
            "mod": (mod, "story.yaml", MOD),
        }[what]  # fmt: skip
        raw = mutated(chance, text)
        place[name] = raw
        try:
            loaded = build_packs([pack("small", base), pack("mod", mod)])
            found = loaded.findings if loaded.errors else examine(loaded)
            shown = "\n".join(map(str, found))
        except Exception as error:
            raise AssertionError(f"{raw!r} gave {error!r}") from error
        assert all(c == "\n" or c.isprintable() or c == "\xa0" for c in shown if ord(c) < 0x300), raw
        assert all(finding.hint for finding in found), [str(f) for f in found if not f.hint]


TALE = story(scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: x, label: X, do: [bread += 1]}]\npassages: {room: {text: R}}\n")
VALUES: list[Any] = [None, True, False, -1, 0, 2, 10**12, -(2**63), "", "a", "a/b", "zz", "x" * 999, "\u00e9", (), ("a",), ("owes_bell", "zz")]


def test_a_campaign_of_any_state_opens_or_is_refused_in_our_words(tmp_path: Path) -> None:
    """Sound bytes with true sums, and nonsense in them: a file that somebody wrote with care."""
    names = [*begin(TALE, "7").state, "!scene", "!passage", "!ending", "!event.axe", "!visits.a", "!line.a", "!zz", "nobody", "!calls", "!hand"]
    usual = dict(begin(TALE, "7").state)
    (tmp_path / "saves").mkdir()
    path = tmp_path / "saves" / "odd.rmx.jsonl"
    for chance in cases(6):
        state = {**usual, **{chance.choice(names): chance.choice(VALUES) for _ in range(chance.randrange(1, 4))}}
        state = {name: value for name, value in state.items() if value is not None}
        path.write_bytes(odd_campaign(state, packs_of(TALE)).encoded())
        session = Session(TALE, path.parent)
        try:
            session.open("odd")
        except RedMexicoError as error:
            assert str(error) and session.campaign is None
        except Exception as error:
            raise AssertionError(f"{dict(state.items() - usual.items())!r} gave {error!r}") from error
        finally:
            session.close()
        path.write_bytes(odd_campaign(state, [{**packs_of(TALE)[0], "fp": "0" * 16}]).encoded())
        lines, _ = _drifted(TALE, session.saves, "odd")
        assert all(map(str.isprintable, lines)), lines


def odd_campaign(state: dict[str, Any], packs: list[dict[str, str]]) -> Journal:
    journal, _ = Journal.begin(
        id="1" * 32, seed="7", title="Odd", start="first", mode="standard", packs=packs, rules=RULES, app="1", made="2026-01-01T00:00:00Z",
        d=[["", state]],
    )  # fmt: skip
    return journal


def test_no_bytes_get_more_out_of_the_campaign_reader_than_damage() -> None:
    journal = odd_campaign(begin(TALE, "7").state, packs_of(TALE))
    for k in range(4):
        journal.accept(journal.choice("a", "a/x", "c" * 8, "", [["", {"bread": k}]]))
    good = journal.encoded()
    for chance in cases(7):
        raw = mutated(chance, good.decode())
        reading = read(raw)
        assert reading.damage is not None or raw == good[: len(raw)] or raw == good, raw
        assert reading.damage is None or str(reading.damage).isprintable(), raw
