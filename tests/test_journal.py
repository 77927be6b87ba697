"""The campaign as it is written down: what play adds, what rewinding keeps, what reading refuses."""

from __future__ import annotations

import hashlib
import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from redmexico import journal as journal_module
from redmexico.errors import CampaignFault, CampaignFull, UnsoundRecord
from redmexico.journal import Branch, Journal, Reading, Value, hash_of, moved, read

LONG = bool(os.environ.get("REDMEXICO_LONG"))
FIXTURES = Path(__file__).parent / "fixtures"

HEAD: dict[str, Any] = {
    "id": "0f" * 16,
    "seed": "7F3K-2Q9D",
    "title": "Bajío road",
    "start": "tampico",
    "mode": "standard",
    "packs": [{"id": "redmexico", "version": "1.0.0", "fp": "0123456789abcdef"}],
    "rules": 1,
    "app": "1.0.0",
    "made": "2026-01-09T08:00:00Z",
}
START = [["", {"bread": 4, "truce": "none", "debts": (), "page_kept": False}]]


def campaign(choices: int = 0) -> Journal:
    """A campaign after some choices; each eats a loaf and is remembered."""
    journal, _ = Journal.begin(**HEAD, d=START)
    for k in range(choices):
        choose(journal, f"meal_{k}", bread=3 - k)
    return journal


def choose(journal: Journal, scene: str, **changes: Any) -> int:
    journal.accept(journal.choice(scene, f"{scene}/after", "eat", "0123abcd", [["", changes]]))
    return journal.position


def rewind(journal: Journal, to: int) -> None:
    journal.accept(journal.rewind(to))


def kept(journal: Journal) -> Reading:
    """What would be read from the disk."""
    return read(journal.encoded())


# ── the sum of a state ──


def test_a_state_has_the_same_sum_whatever_the_order_of_its_names() -> None:
    assert hash_of({"bread": 4, "arms": 1}) == hash_of({"arms": 1, "bread": 4})


def test_the_sum_is_that_of_the_contract() -> None:
    def term(text: str) -> int:
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")

    state: dict[str, Value] = {
        "bread": 4,
        "page_kept": True,
        "truce": 'the "old" one',
        "debts": ("owes_bell", "owes_gate"),
    }
    lines = ["bread=4", "page_kept=true", r'truce="the \"old\" one"', 'debts=["owes_bell","owes_gate"]']
    assert hash_of(state) == sum(map(term, lines)) % 2**64


def test_a_flag_and_a_one_are_not_the_same_state() -> None:
    assert hash_of({"page_kept": True}) != hash_of({"page_kept": 1})
    assert hash_of({"page_kept": True}) != hash_of({"page_kept": "true"})


def test_the_sum_follows_one_name_from_absent_to_present_and_back() -> None:
    before = hash_of({"bread": 4})
    there = moved(before, "truce", None, "made")
    assert there == hash_of({"bread": 4, "truce": "made"})
    assert moved(there, "truce", "made", None) == before


# ── playing ──


def test_a_new_campaign_stands_at_its_start() -> None:
    journal, line = Journal.begin(**HEAD, d=START)
    assert journal.state == {"bread": 4, "truce": "none", "debts": (), "page_kept": False}
    assert (journal.position, journal.step(), journal.path()) == (0, 0, ())
    assert line == journal.encoded()
    assert journal.st == hash_of(journal.state)


def test_a_choice_moves_the_state_and_is_the_next_step() -> None:
    journal = campaign(2)
    assert journal.state["bread"] == 2
    assert (journal.position, journal.step(), journal.path()) == (2, 2, (1, 2))


def test_a_choice_that_is_not_accepted_has_not_happened() -> None:
    journal = campaign(1)
    journal.choice("meal", "meal/after", "eat", "", [["", {"bread": 0}]])
    assert journal.state["bread"] == 3
    assert len(journal.records) == 2


def test_a_choice_made_from_another_present_is_refused() -> None:
    journal = campaign(1)
    late = journal.choice("meal", "meal/after", "eat", "", [["", {"bread": 0}]])
    choose(journal, "other", bread=1)
    with pytest.raises(UnsoundRecord):
        journal.accept(late)
    assert journal.state["bread"] == 1


def test_what_a_choice_removed_is_gone_and_comes_back_on_rewinding() -> None:
    journal = campaign(1)
    choose(journal, "fire", truce=None)
    assert "truce" not in journal.state
    rewind(journal, 1)
    assert journal.state["truce"] == "none"


def test_one_step_may_change_a_name_more_than_once() -> None:
    journal = campaign()
    d = [["", {"bread": 1, "truce": None}], ["event:axe", {"bread": 7, "truce": "made"}]]
    journal.accept(journal.choice("a", "a/b", "c", "", d))
    assert (journal.state["bread"], journal.state["truce"]) == (7, "made")
    assert kept(journal).damage is None


def test_a_cause_that_changed_nothing_is_not_written() -> None:
    journal = campaign()
    journal.accept(journal.choice("a", "a/b", "c", "", [["", {"bread": 1}], ["event:axe", {}]]))
    assert journal.changes(1) == (("", {"bread": 1}),)


def test_the_journal_tells_what_a_step_changed_and_by_whose_cause() -> None:
    journal = campaign()
    d = [["", {"debts": ("owes_bell",)}], ["later:postage", {"truce": None}]]
    journal.accept(journal.choice("letter", "letter/sent", "sign", "", d))
    assert journal.changes(1) == (("", {"debts": ("owes_bell",)}), ("later:postage", {"truce": None}))
    assert journal.records[1]["scene"] == "letter"


def test_the_time_spent_before_choices_is_added_up_and_capped_at_an_hour_each() -> None:
    journal = campaign()
    for seconds in (12, 99_999, None):
        journal.accept(journal.choice("a", "a/b", "c", "", [], seconds=seconds))
    assert journal.seconds == 3612 == (kept(journal).journal or campaign()).seconds


# ── rewinding ──


def test_rewinding_after_a_choice_is_as_if_it_had_not_been_made() -> None:
    journal = campaign(3)
    before = (dict(journal.state), journal.st, journal.step(), journal.path())
    choose(journal, "mistake", bread=0, truce="broken")
    rewind(journal, 3)
    assert (dict(journal.state), journal.st, journal.step(), journal.path()) == before


def test_no_branch_that_was_played_is_ever_lost() -> None:
    journal = campaign(3)
    rewind(journal, 1)
    choose(journal, "other", bread=9)
    assert journal.path() == (1, 5)
    assert journal.branches() == (Branch(3, 3), Branch(5, 2))
    assert journal.children(1) == (2, 5)
    assert journal.state_at(3)["bread"] == 1
    rewind(journal, 3)
    assert journal.path() == (1, 2, 3)


def test_steps_count_from_the_beginning_of_the_branch() -> None:
    journal = campaign(5)
    rewind(journal, 2)
    choose(journal, "other")
    assert journal.step() == 3


def test_a_rewind_leads_to_a_choice_or_to_the_start_and_nowhere_else() -> None:
    journal = campaign(2)
    journal.accept(journal.mark("before the vote"))
    for nowhere in (3, 4, -1):
        with pytest.raises(UnsoundRecord):
            journal.rewind(nowhere)
    rewind(journal, 0)
    assert journal.state["bread"] == 4


def test_a_mark_is_a_name_for_the_present_and_changes_nothing() -> None:
    journal = campaign(2)
    journal.accept(journal.mark("before the vote"))
    choose(journal, "vote", bread=0)
    mark = journal.marks[0]
    assert (mark.name, mark.position, mark.step) == ("before the vote", 2, 2)
    assert journal.path() == (1, 2, 4)
    rewind(journal, mark.position)
    assert journal.state["bread"] == 2


def test_a_new_title_is_a_record_and_the_head_keeps_the_old_one() -> None:
    journal = campaign(1)
    journal.accept(journal.retitle("The ration book"))
    assert (journal.title, journal.head["title"]) == ("The ration book", "Bajío road")
    assert (kept(journal).journal or campaign()).title == "The ration book"


def test_changed_content_is_on_the_branch_but_is_no_step() -> None:
    journal = campaign(2)
    packs = [{"id": "redmexico", "version": "1.1.0", "fp": "f" * 16}]
    journal.accept(journal.content(packs, 2, [["", {"lanterns": 3}]]))
    choose(journal, "after", bread=0)
    assert (journal.path(), journal.step(), journal.parent(4)) == ((1, 2, 4), 3, 2)
    assert (journal.rules, journal.packs) == (2, packs)
    assert journal.branches() == (Branch(4, 3),)
    rewind(journal, 3)
    assert journal.state["lanterns"] == 3
    rewind(journal, 2)
    assert "lanterns" not in journal.state


# ── another file of the same campaign ──


def travelled() -> Journal:
    journal = campaign(3)
    journal.accept(journal.mark("three meals"))
    rewind(journal, 1)
    journal.accept(journal.retitle("Another road"))
    choose(journal, "other", bread=9)
    journal.accept(journal.mark("elsewhere"))
    return journal


def test_a_copy_tells_the_whole_campaign_under_its_own_id_and_title() -> None:
    journal = travelled()
    copy = journal.retold(id="a" * 32, title="Copy", made=HEAD["made"], app="1.1.0")
    assert (copy.id, copy.title, copy.head["app"]) == ("a" * 32, "Copy", "1.1.0")
    assert (copy.state, copy.step()) == (journal.state, journal.step())
    assert [branch.step for branch in copy.branches()] == [3, 2]
    assert [(mark.name, mark.step) for mark in copy.marks] == [("three meals", 3), ("elsewhere", 2)]
    assert kept(copy).damage is None


def test_a_copy_may_tell_the_present_branch_alone() -> None:
    journal = travelled()
    copy = journal.retold(id="a" * 32, title="Copy", made=HEAD["made"], app="1.0.0", branch_alone=True)
    assert copy.state == journal.state
    assert [record["t"] for record in copy.records] == ["head", "choice", "choice", "mark"]
    assert [mark.name for mark in copy.marks] == ["elsewhere"]


# ── what is written can be read ──


def test_what_was_written_is_read_back_as_it_was() -> None:
    journal = travelled()
    back = kept(journal).journal
    assert back is not None
    assert (back.state, back.st, back.position) == (journal.state, journal.st, journal.position)
    assert (back.path(), back.branches(), back.marks) == (journal.path(), journal.branches(), journal.marks)
    choose(back, "on", bread=0)
    choose(journal, "on", bread=0)
    assert back.encoded() == journal.encoded()


@pytest.mark.parametrize(
    "changes",
    [
        {"bread": 1.5},
        {"bread": 2**63},
        {"bread": [1]},
        {"bread": ("a", 1)},
        {"bread": {"a": 1}},
        {"bread": "\ud800"},
        {"bread": "\x1b[2J"},
        {"bread": "\u202eevil"},
        {"bread": "\ufffe"},
        {"": 1},
        {"bread\n": 1},
        {"año": 1},
        {"bread": "x" * 70_000},
    ],
    ids=lambda changes: ascii(changes)[:30],
)
def test_nothing_is_written_that_could_not_be_read_back(changes: dict[str, Any]) -> None:
    journal = campaign(1)
    before = journal.encoded()
    with pytest.raises(UnsoundRecord):
        journal.choice("a", "a/b", "c", "", [["", changes]])
    assert journal.encoded() == before


def test_a_sum_that_is_not_the_engines_is_found_before_it_is_written() -> None:
    journal = campaign(1)
    with pytest.raises(UnsoundRecord, match="sum"):
        journal.choice("a", "a/b", "c", "", [["", {"bread": 0}]], st=journal.st)


def test_the_notebooks_lines_may_have_quotes_accents_and_ends_of_line() -> None:
    journal = campaign()
    choose(journal, "page", **{"!line.page": 'He said "no".\nThen: C:\\budget, ñ, \\u0041, 🚂'})
    back = kept(journal)
    assert back.damage is None
    assert back.journal is not None
    assert back.journal.state == journal.state


def test_a_campaign_at_its_limit_says_so_and_fits_again_as_one_branch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_module, "RECORDS", 6)
    journal = campaign(3)
    rewind(journal, 1)
    choose(journal, "last", bread=0)
    assert journal.nearly_full
    with pytest.raises(CampaignFull):
        journal.choice("one_more", "x", "y", "", [])
    copy = journal.retold(id="a" * 32, title="On", made=HEAD["made"], app="1", branch_alone=True)
    choose(copy, "one_more", bread=1)
    assert copy.step() == 3


def test_a_long_campaign_is_at_any_of_its_moments_at_once() -> None:
    journal = campaign()
    states = [dict(journal.state)]
    for k in range(3000):
        choose(journal, f"scene_{k}", **{f"!visits.scene_{k}": 1, "bread": k % 10})
        states.append(dict(journal.state))
    for n in (0, 1, 999, 1500, 2999, 3000):
        assert journal.state_at(n) == states[n]
    began = time.process_time()
    for n in range(0, 3000, 300):
        rewind(journal, n)
    assert time.process_time() - began < 2
    assert journal.state == states[2700]
    back = kept(journal).journal
    assert back is not None
    assert back.state == states[2700]


# ── damage ──


def ten_records() -> bytes:
    journal = campaign(4)
    journal.accept(journal.mark("soup"))
    rewind(journal, 2)
    choose(journal, "letter", truce="made", debts=("owes_bell",))
    journal.accept(journal.retitle("Ñandú"))
    journal.accept(journal.content(HEAD["packs"], 2, [["", {"arms": 1}]]))
    assert len(journal.records) == 10
    return journal.encoded()


def starts_of(data: bytes | bytearray) -> list[int]:
    return [0, *(k + 1 for k, byte in enumerate(data) if byte == 10)]


def test_every_flipped_bit_is_noticed_and_nothing_behind_it_is_loaded() -> None:
    data = bytearray(ten_records())
    starts = starts_of(data)
    for place in range(len(data)):
        record = max(start for start in starts if start <= place)
        for bit in range(8):
            data[place] ^= 1 << bit
            reading = read(bytes(data))
            data[place] ^= 1 << bit
            assert reading.damage is not None, (place, bit)
            assert reading.damage.offset == record
            assert reading.good == (record if reading.journal else 0)


def test_every_cut_is_noticed_unless_it_falls_between_two_records() -> None:
    data = ten_records()
    starts = starts_of(data)
    for cut in range(len(data)):
        reading = read(data[:cut])
        if cut in starts and cut:
            assert reading.damage is None
        else:
            assert reading.damage is not None, cut
            assert reading.good == max(start for start in starts if start <= cut)
            assert reading.damage.kind == ("not_a_campaign" if cut < 20 else "torn") or cut < starts[1]


def test_damage_is_told_by_step_record_and_byte() -> None:
    data = ten_records()
    starts = starts_of(data)
    flipped = bytearray(data)
    flipped[starts[7] + 30] ^= 1
    damage = read(bytes(flipped)).damage
    assert damage is not None
    assert (damage.kind, damage.step, damage.record, damage.offset) == ("middle", 2, 7, starts[7])
    assert str(damage) == f"after step 2, in record 7 at byte {starts[7]:,}: its checksum does not agree"


def test_only_a_broken_end_is_a_torn_one() -> None:
    data = ten_records()
    last = starts_of(data)[-2]
    for torn in (data[:-1], data[: last + 5], data[: last + 5] + b"\n", data + b"\x00" * 512):
        damage = read(torn).damage
        assert damage is not None
        assert damage.kind == "torn"
    for start in (0, last):
        damage = read(data[:start] + b"\xff" + data[start:] + b"\n{}\n").damage
        assert damage is not None
        assert damage.kind != "torn"


# ── hostile files ──


def canonical(record: Any) -> str:
    return json.dumps(record, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sealed(*records: dict[str, Any]) -> bytes:
    """Records with checksums that agree, by the contract and not by the code under test."""
    chain, lines = "", []
    for record in records:
        chain = hashlib.sha256((chain + canonical(record)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        lines.append(canonical({**record, "c": chain}).encode("utf-8", "surrogatepass") + b"\n")
    return b"".join(lines)


def written_with_sum(text: str) -> str:
    """A line with the checksum of what it says, however it says it."""
    body = canonical(json.loads(text))
    c = hashlib.sha256((CHAIN + body).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f'{{"c":"{c}",{text[1:]}\n'


HEAD_RECORD: dict[str, Any] = {**campaign().records[0]}
CHAIN = HEAD_RECORD.pop("c")
ONE: dict[str, Any] = {**campaign(1).records[1]}
del ONE["c"]
GOOD = sealed(HEAD_RECORD, ONE)


def head(**changes: Any) -> bytes:
    return sealed({**HEAD_RECORD, **changes})


def one(**changes: Any) -> bytes:
    return sealed(HEAD_RECORD, {**ONE, **changes})


def without(key: str) -> bytes:
    return sealed(HEAD_RECORD, {k: v for k, v in ONE.items() if k != key})


def second(text: str) -> bytes:
    return sealed(HEAD_RECORD) + text.encode("utf-8", "surrogatepass")


def with_value(value: Any) -> bytes:
    return one(d=[["", {"bread": value}]])


def record(kind: str, **facts: Any) -> bytes:
    return sealed(HEAD_RECORD, ONE, {"t": kind, "n": 2, **facts})


BODY = canonical(ONE)
NOT_OURS = "not_a_campaign"
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "an empty file": (lambda: b"", NOT_OURS),
    "one end of line": (lambda: b"\n", NOT_OURS),
    "a diary": (lambda: b"Dear diary,\n", NOT_OURS),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)), NOT_OURS),
    "a megabyte of nothing": (lambda: bytes(1 << 20), NOT_OURS),
    "a list": (lambda: b"[1,2]\n", NOT_OURS),
    "sixteen million brackets": (lambda: b"[" * (16 << 20), NOT_OURS),
    "a head of brackets": (lambda: b'{"format":1,"t":"head","d":' + b"[" * 60_000 + b"\n", "torn"),
    "a choice of brackets": (lambda: second("[" * 60_000 + "\n"), "torn"),
    "a byte order mark": (lambda: b"\xef\xbb\xbf" + GOOD, "middle"),
    "ends of line of another system": (lambda: GOOD.replace(b"\n", b"\r\n"), "middle"),
    "another encoding": (lambda: GOOD.decode().encode("utf-16"), "middle"),
    "a newer format": (lambda: head(format=2), "newer"),
    "a newer format with other rules": (lambda: b'{"app":"9.0","format":3,"t":"head","x":[1.5]}\n', "newer"),
    "a format that is a flag": (lambda: head(format=True), "middle"),
    "a format that is no number": (lambda: head(format="1"), "middle"),
    "format nought": (lambda: head(format=0), "middle"),
    "an id of its own making": (lambda: head(id="../../etc/passwd"), "middle"),
    "a title that steers": (lambda: head(title="\x1b]0;owned\x07"), "middle"),
    "a title that turns": (lambda: head(title="\u202edaor"), "middle"),
    "a title on two lines": (lambda: head(title="a\nb"), "middle"),
    "a title without end": (lambda: head(title="a" * 401), "middle"),
    "a time that is none": (lambda: head(made="yesterday"), "middle"),
    "a pack with a path": (lambda: head(packs=[{"id": "a", "version": "1", "fp": "../x"}]), "middle"),
    "an unknown kind of record": (lambda: record("cheat"), "middle"),
    "an unknown key": (lambda: one(exec="rm"), "middle"),
    "a missing key": (lambda: without("scene"), "middle"),
    "a second head": (lambda: sealed(HEAD_RECORD, {**HEAD_RECORD, "n": 1}), "middle"),
    "no head at all": (lambda: sealed({**ONE, "n": 0}), NOT_OURS),
    "a record left out": (lambda: one(n=2), "middle"),
    "a record again": (lambda: sealed(HEAD_RECORD, ONE, ONE), "middle"),
    "a record of another campaign": (lambda: head(seed="8") + GOOD.splitlines(keepends=True)[1] * 2, "middle"),
    "records exchanged": (
        lambda: b"".join(ten_records().splitlines(keepends=True)[k] for k in (0, 2, 1)),
        "middle",
    ),
    "spaces": (lambda: second(written_with_sum(BODY.replace(":", ": "))), "torn"),
    "keys in another order": (
        lambda: second(written_with_sum(json.dumps(dict(reversed(ONE.items())), separators=(",", ":")))),
        "torn",
    ),
    "a key twice": (lambda: second(written_with_sum(BODY[:-1] + ',"t":"choice"}')), "torn"),
    "letters as escapes": (lambda: second(written_with_sum(BODY.replace("meal_0", "m\\u0065al_0", 1))), "torn"),
    "a broken number": (lambda: with_value(1.5), "middle"),
    "no number": (lambda: with_value(float("nan")), "torn"),
    "a number beyond 64 bits": (lambda: with_value(2**63), "middle"),
    "a number of ten thousand digits": (lambda: second(f'{{"n":{"9" * 10_000}}}\n'), "torn"),
    "half a letter": (lambda: with_value("\ud800"), "torn"),
    "half a letter, escaped": (lambda: second(written_with_sum(BODY.replace("eat", "\\ud800"))), "torn"),
    "bytes that are no letters": (lambda: second(BODY).replace(b"eat", b"\xff") + b"\n", "torn"),
    "a value that steers": (lambda: with_value("\x9b2J"), "middle"),
    "a value that rings": (lambda: with_value("a\\\x07"), "middle"),
    "a value inside a value": (lambda: with_value({"bread": 1}), "middle"),
    "a list of numbers": (lambda: with_value([1, 2]), "middle"),
    "a list with nothing in it": (lambda: with_value([None]), "middle"),
    "an id that steers": (lambda: one(scene="a\x1b[2J"), "middle"),
    "an id that is none": (lambda: one(choice=7), "middle"),
    "a name that steers": (lambda: one(d=[["", {"a\u202e": 1}]]), "middle"),
    "a cause that changed nothing": (lambda: one(d=[["event:a", {}]]), "middle"),
    "changes that are none": (lambda: one(d={"bread": 1}), "middle"),
    "a change without its cause": (lambda: one(d=[[{"bread": 3}]]), "middle"),
    "the sum of another state": (lambda: one(st="0" * 16), "middle"),
    "a sum in capitals": (lambda: one(st=ONE["st"].upper() + "G"), "middle"),
    "an hour and a second": (lambda: one(s=3601), "middle"),
    "a rewind to the future": (lambda: record("rewind", to=3), "middle"),
    "a rewind to itself": (lambda: record("rewind", to=2), "middle"),
    "a rewind to before the start": (lambda: record("rewind", to=-1), "middle"),
    "a rewind to a word": (lambda: record("rewind", to="meal_0"), "middle"),
    "a rewind to a flag": (lambda: record("rewind", to=True), "middle"),
    "a mark without a name": (lambda: record("mark", name=""), "middle"),
    "a record too long": (lambda: with_value("x" * 66_000), "middle"),
    "too many records": (lambda: GOOD + b"{}\n" * 40_000, "too_large"),
    "a file too large": (lambda: GOOD + b"x" * (16 << 20), "too_large"),
    "a last line of nothing": (lambda: GOOD + b"\x00" * 4096, "torn"),
}


def test_the_good_file_that_the_hostile_ones_are_made_from_is_good() -> None:
    assert campaign(1).encoded() == GOOD
    assert read(GOOD).damage is None


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_its_place_and_loads_nothing_of_it(name: str) -> None:
    make, kind = HOSTILE[name]
    data = make()
    began = time.process_time()
    reading = read(data)
    assert time.process_time() - began < 2
    assert reading.damage is not None
    assert reading.damage.kind == kind, reading.damage
    assert str(reading.damage).isprintable()
    assert len(str(reading.damage)) < 200
    assert read(data[: reading.good]).damage is None or reading.journal is None


def test_a_newer_campaign_says_which_version_wrote_it() -> None:
    damage = read(head(format=7, app="3.2.1")).damage
    assert damage is not None
    assert damage.reason == "format 7, written by version '3.2.1'"


def test_a_file_full_of_rewinds_takes_no_longer_than_another() -> None:
    journal = campaign()
    wide = {f"!visits.scene_{k}": 1 for k in range(2000)}
    journal.accept(journal.choice("a", "a/b", "c", "", [["", wide]]))
    for k in range(300):
        choose(journal, "on", bread=k)
    records = [json.loads(line) for line in journal.encoded().splitlines()]
    for turn in range(4000):
        n = len(records)
        records.append({"t": "rewind", "n": n, "to": 0 if turn % 2 else 301})
    for one_record in records:
        one_record.pop("c", None)
    data = sealed(*records)
    began = time.process_time()
    reading = read(data)
    assert time.process_time() - began < 1.5
    assert reading.damage is None
    assert reading.journal is not None
    assert reading.journal.state["bread"] == 4


WORST = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from redmexico.journal import read
data = sys.stdin.buffer.read()
reading = read(data)
status = Path("/proc/self/status")
# VmHWM, not ru_maxrss: that of a forked child begins at its parent's
peak = status.read_text().split("VmHWM:")[1].split()[0] if status.exists() else 0
print(peak, reading.damage)
"""


def many_words() -> bytes:
    """Sixteen megabytes of short words, the dearest bytes to hold."""
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    words = [a + b + c for a in letters for b in letters for c in letters][:12_000]
    return filled(lambda n: {f"s{n}": [words[(n * 7 + k) % len(words)] for k in range(10_000)]})


def many_names() -> bytes:
    """Sixteen megabytes of new names, the dearest bytes to check."""
    return filled(lambda n: {f"{n:x}.{k:x}": 1 for k in range(5500)})


def filled(changes: Callable[[int], dict[str, Any]]) -> bytes:
    journal_records, sum_, size = [HEAD_RECORD], int(HEAD_RECORD["st"], 16), 0
    while size < 15_500_000:
        new = changes(len(journal_records))
        for name, value in new.items():
            sum_ = moved(sum_, name, None, tuple(value) if isinstance(value, list) else value)
        one_record = {**ONE, "n": len(journal_records), "d": [["", new]], "st": f"{sum_:016x}"}
        size += len(canonical(one_record))
        journal_records.append(one_record)
    return sealed(*journal_records)


@pytest.mark.skipif(sys.platform == "win32", reason="memory is measured with the resource module")
@pytest.mark.parametrize("make", [many_words, many_names])
def test_the_worst_sixteen_megabytes_end_within_256_megabytes(make: Callable[[], bytes]) -> None:
    source = str(Path(journal_module.__file__).parents[1])
    run = subprocess.run([sys.executable, "-c", WORST, source], input=make(), capture_output=True, check=True)
    kilobytes, damage = run.stdout.decode().split(maxsplit=1)
    assert "more than 500,000 changes" in damage
    assert int(kilobytes) < 256 * 1024


# ── laws ──

NAMES = st.sampled_from(["bread", "arms", "truce", "!visits.pier", "!line.pier/go", "debts", "page_kept"])
TEXTS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs", "M")) | st.just("\n"), max_size=9)
VALUES = st.integers(-(2**63), 2**63 - 1) | st.booleans() | TEXTS | st.lists(TEXTS, max_size=3).map(tuple) | st.none()
GROUPS = st.lists(
    st.tuples(st.sampled_from(["", "event:axe", "later:a"]), st.dictionaries(NAMES, VALUES, max_size=4)),
    max_size=3,
)
STEPS = st.lists(
    st.tuples(st.just("choice"), GROUPS)
    | st.tuples(st.just("content"), GROUPS)
    | st.tuples(st.just("rewind"), st.integers(0, 40))
    | st.tuples(st.sampled_from(["mark", "title"]), st.just("a name")),
    max_size=14,
)


def fold(state: dict[str, Any], groups: list[tuple[str, dict[str, Any]]]) -> dict[str, Any]:
    """The contract's fold, as slowly as it is said."""
    state = dict(state)
    for _, names in groups:
        for name, value in names.items():
            state[name] = value
            if value is None:
                del state[name]
    return state


@settings(max_examples=2000 if LONG else 250, deadline=None, suppress_health_check=list(HealthCheck))
@given(STEPS)
def test_the_fold_of_the_journal_is_the_state_at_every_record(steps: list[tuple[str, Any]]) -> None:
    journal = campaign()
    states = {0: dict(journal.state)}
    position = 0
    for kind, what in steps:
        n = len(journal.records)
        if kind == "choice":
            journal.accept(journal.choice("a", "a/b", "c", "", what))
        elif kind == "content":
            journal.accept(journal.content([], 1, what))
        elif kind == "rewind":
            position = sorted(states)[what % len(states)]
            rewind(journal, position)
        else:
            journal.accept(journal.mark(what) if kind == "mark" else journal.retitle(what))
        if kind in ("choice", "content"):
            states[n] = fold(states[position], what)
            position = n
        assert same(journal.state, states[position])
        assert journal.st == hash_of(states[position])
    back = kept(journal)
    assert back.damage is None
    assert back.journal is not None
    assert (back.journal.position, back.journal.path()) == (position, journal.path())
    assert same(back.journal.state, states[position])
    assert all(same(back.journal.state_at(n), state) for n, state in states.items())


def same(one_state: Any, other: Any) -> bool:
    """Equal, and a flag is not a number."""
    return {k: (type(v), v) for k, v in one_state.items()} == {k: (type(v), v) for k, v in other.items()}


def test_random_bytes_never_do_more_than_damage() -> None:
    chance = random.Random(1940)
    good = ten_records()
    until = time.monotonic() + (60 if LONG else 2)
    while time.monotonic() < until:
        data = bytearray(good if chance.random() < 0.8 else chance.randbytes(chance.randrange(400)))
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(8)] = chance.randbytes(chance.randrange(8))
        reading = read(bytes(data))
        assert reading.damage is None or str(reading.damage)
        assert read(bytes(data[: reading.good])).damage is None or not reading.good


def test_random_records_with_true_sums_never_do_more_than_damage() -> None:
    chance = random.Random(1938)
    values: list[Any] = [None, True, -1, 0, 2, 1.5, "", "a", "\x00", [], ["a"], [[]], {}, {"a": 1}, 2**70]
    kinds = list(journal_module.KINDS)
    until = time.monotonic() + (60 if LONG else 2)
    while time.monotonic() < until:
        records = [dict(HEAD_RECORD), dict(ONE), {"t": chance.choice(kinds), "n": 2, "to": 1}]
        for _ in range(chance.randrange(1, 4)):
            target = chance.choice(records)
            target[chance.choice(list(journal_module.KINDS["head"]) + list(ONE))] = chance.choice(values)
        reading = read(sealed(*records))
        assert reading.damage is None or str(reading.damage).isprintable()


def test_every_complaint_is_one_of_ours() -> None:
    assert issubclass(UnsoundRecord, CampaignFault)
    assert issubclass(CampaignFull, CampaignFault)


# ── old campaigns ──


def test_a_campaign_of_format_1_loads_for_ever() -> None:
    """The file was written by the first release and is never made again."""
    data = (FIXTURES / "campaign-format-1.rmx.jsonl").read_bytes()
    assert hashlib.sha256(data).hexdigest() == FIXTURE_SHA
    reading = read(data)
    assert reading.damage is None
    journal = reading.journal
    assert journal is not None
    assert f"{journal.st:016x}" == FIXTURE_ST
    assert hash_of(journal.state) == journal.st
    assert (journal.title, journal.step(), len(journal.branches())) == ("El camino del Bajío", 4, 2)
    assert {record["t"] for record in journal.records} == set(journal_module.KINDS)


FIXTURE_SHA = "0c4c76ff2e510b1097cfca35c7a3f45dee4716fb59454f1d3de160a2170f2c62"
FIXTURE_ST = "1e7effb4325d0740"
