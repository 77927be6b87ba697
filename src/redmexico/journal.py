"""A campaign as it is written down: one line a choice, and the sums that prove each line.

A journal is only ever added to. Its first record, the `head`, says which game is played and
gives the state at the start; each `choice` gives what changed. The present is the fold of the
changes from the start to the present, so a campaign opens without its story. Rewinding adds a
record too: a branch that was played is never lost.

Nothing here touches a file: `redmexico.saves` does, and `docs/format.md` has the records.

>>> start = [["", {"bread": 4}]]
>>> journal, line = Journal.begin(
...     id="0" * 32, seed="7", title="A clerk", start="tampico", mode="standard", packs=[],
...     rules=1, app="1.0.0", made="2026-01-09T08:00:00Z", d=start)
>>> line == journal.encoded()
True
>>> journal.accept(journal.choice("pier", "pier/end", "go", "", [["", {"bread": 3}]]))
>>> journal.state["bread"], journal.step(), journal.path()
(3, 1, (1,))
>>> journal.accept(journal.rewind(0))
>>> journal.state["bread"], read(journal.encoded()).damage
(4, None)
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from hashlib import blake2b, sha256
from json.encoder import encode_basestring
from types import MappingProxyType
from typing import Any, NamedTuple, overload

from redmexico.errors import CampaignFull, UnsoundRecord
from redmexico.language import noted, phrase

Value = int | bool | str | tuple[str, ...]
"""A number, a flag, a word or text, or a list of words (whoever writes a set sorts it)."""

Groups = Sequence[Sequence[Any]]
"""[cause, {name: new value, or None where it was removed}], in the order things happened."""

Record = dict[str, Any]
"""One line of the file, as JSON has it."""

FORMAT = 1
FILE_BYTES = 16 * 1024 * 1024
RECORDS = 40_000
RECORD_BYTES = 64 * 1024
HEAD_BYTES = 1024 * 1024
"""The head and `content` hold whole states, so they may be longer than a choice."""
CHANGES = 500_000
"""Changes in all the records of a file, four words of a list counting as one more: what can be
checked and held in 2 s and 256 MB, whatever the bytes. Play makes about eight a choice."""
INTEGER = 2**63 - 1
TEXT = 400
"""Characters of a title or the name of a mark."""

_WRAP = 2**64
_SHORT = 80
_DECODED_BYTES = 1024 * 1024
_TERMS = 16_384


# ── the sum of a state ──────────────────────────────────────────────────────────────────────


def hash_of(values: Mapping[str, Value]) -> int:
    """The sum of a whole state: one campaign at one step has one, on every machine.

    Modulo 2**64, the 8-byte blake2b of each `name=value`, the value as canonical JSON.

    >>> hash_of({"bread": 4, "truce": "made"}) == hash_of({"truce": "made", "bread": 4})
    True
    """
    return sum(_term(name, value) for name, value in values.items()) % _WRAP


def moved(st: int, name: str, old: Value | None, new: Value | None) -> int:
    """The sum of a state after one name went from `old` to `new`; None where it is absent.

    >>> moved(hash_of({"bread": 4}), "bread", 4, 3) == hash_of({"bread": 3})
    True
    """
    if old is not None:
        st -= _term(name, old)
    if new is not None:
        st += _term(name, new)
    return st % _WRAP


_terms: dict[str, int] = {}
"""Terms met lately, by what they are the hash of: in play the same few come back."""


def _term(name: str, value: Value) -> int:
    """What one name adds to the sum."""
    text = f"{name}={_written(value)}"
    term = _terms.get(text)
    if term is None:
        term = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
        if len(text) < _SHORT:
            if len(_terms) >= _TERMS:
                _terms.clear()
            _terms[text] = term
    return term


def _written(value: Value) -> str:
    """A value as canonical JSON; refuses what no state can hold."""
    if type(value) is int:
        if not -INTEGER - 1 <= value <= INTEGER:
            raise _Refused(phrase("a number beyond 64 bits"))
        return str(value)
    if type(value) is str:
        return encode_basestring(value)
    if value is True or value is False:
        return "true" if value else "false"
    if type(value) is tuple and all(type(word) is str for word in value):
        return f"[{','.join(map(encode_basestring, value))}]"
    raise _Refused(phrase("a value that is no number, flag, text or list of words ({kind})", kind=type(value).__name__))


# ── one line ────────────────────────────────────────────────────────────────────────────────


class _Unreadable(ValueError):
    """A line that is not what was once written: torn, flipped or edited."""


class _Refused(ValueError):
    """A line that is whole, and says something a campaign cannot say."""


_canonical = json.JSONEncoder(
    ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False, check_circular=False
).encode

_parsed: Callable[[str], Any] = json.JSONDecoder().decode

_PLANES = "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
_CONTROL = re.compile(
    f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\U000e0000-\U000e007f{_PLANES}]"
)
# Canonical JSON escapes the C0 bytes and nothing else; \n, \" and \\ are fine in a text.
_ESCAPED_CONTROL = re.compile(r"(?<!\\)(?:\\\\)*\\[bfrtu]")


def has_controls(text: str) -> bool:
    """Whether a text could steer the terminal: control, bidirectional and non-characters."""
    return _CONTROL.search(text) is not None


def _steers(line: str) -> bool:
    """The same for a line of the file, where C0 characters stand escaped."""
    if "\\" in line and _ESCAPED_CONTROL.search(line):
        return True
    return (not line.isascii() or "\x7f" in line) and has_controls(line)


def _checksum(chain: str, body: str) -> str:
    """16 hex digits over the checksum before and this record without its own."""
    return sha256((chain + body).encode()).hexdigest()[:16]


def _sealed(record: Record, body: str, c: str) -> str:
    """The canonical line of a record and its checksum; `c` sorts first but for the head's `app`."""
    if "app" in record:
        return _canonical({**record, "c": c})
    return f'{{"c":"{c}",{body[1:]}'


def _unsealed(line: bytes, chain: str) -> tuple[Record, str]:
    """A line back into its record without `c`, and `c`; only if every byte is as it was written."""
    try:
        text = line.decode()
        record = _parsed(text)
        if type(record) is not dict:
            raise _Unreadable(phrase("not a record"))
        stored = record.pop("c", None)
        body = _canonical(record)
        c = _checksum(chain, body)
    except (ValueError, RecursionError) as error:
        raise _Unreadable(str(error) if isinstance(error, _Unreadable) else phrase("not JSON in UTF-8")) from None
    if c != stored:
        raise _Unreadable(phrase("its checksum does not agree"))
    if text != _sealed(record, body, c):
        raise _Unreadable(phrase("not in canonical form"))
    if _steers(text):
        raise _Refused(phrase("a control or bidirectional character"))
    return record, c


# ── what a record may say ───────────────────────────────────────────────────────────────────


def _is_id(value: Any) -> bool:
    return type(value) is str and 0 < len(value) <= 256 and value.isascii() and value.isprintable()


def _is_text(value: Any) -> bool:
    return type(value) is str and len(value) <= TEXT and "\n" not in value


def _is_count(value: Any) -> bool:
    return type(value) is int and 0 <= value <= INTEGER


def _matches(pattern: str) -> Callable[[Any], bool]:
    match = re.compile(pattern).fullmatch
    return lambda value: type(value) is str and match(value) is not None


_is_fingerprint = _matches("[0-9a-f]{16}")


def _is_pack(pack: Any) -> bool:
    return (
        type(pack) is dict
        and pack.keys() == {"id", "version", "fp"}
        and _is_id(pack["id"])
        and _is_id(pack["version"])
        and _is_fingerprint(pack["fp"])
    )


def _is_group(group: Any) -> bool:
    return (
        isinstance(group, list)
        and len(group) == 2
        and (group[0] == "" or _is_id(group[0]))
        and type(group[1]) is dict
        and len(group[1]) > 0
    )


Rule = tuple[Callable[[Any], bool], str]
"""What a key must hold, and how to say so."""

_RULES: dict[str, Rule] = {
    "t": (_is_id, noted("a kind of record")),
    "n": (_is_count, noted("the record's number")),
    "format": (lambda v: type(v) is int and v == FORMAT, noted("the number of this format")),
    "rules": (lambda v: _is_count(v) and v > 0, noted("a number from 1")),
    "app": (_is_id, noted("a version")),
    "id": (_matches("[0-9a-f]{32}"), noted("32 hex digits")),
    "seed": (lambda v: _is_text(v) and 0 < len(v) <= 64, noted("a line of 1 to 64 characters")),
    "title": (_is_text, noted("a line of at most {most} characters")),
    "name": (lambda v: _is_text(v) and v != "", noted("a line of 1 to {most} characters")),
    "start": (_is_id, noted("an id")),
    "mode": (_is_id, noted("an id")),
    "packs": (lambda v: isinstance(v, list) and all(map(_is_pack, v)), noted("packs with id, version and fp")),
    "made": (_matches(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"), noted("a time in UTC")),
    "scene": (_is_id, noted("an id")),
    "choice": (_is_id, noted("an id")),
    "to": (lambda v: v == "" or _is_id(v), noted("an id")),
    "back": (_is_count, noted("the number of a record")),
    "fp": (_matches("(?:[0-9a-f]{8})?"), noted("8 hex digits")),
    "d": (lambda v: isinstance(v, list) and all(map(_is_group, v)), noted("groups of [cause, {{name: value}}]")),
    "st": (_is_fingerprint, noted("16 hex digits")),
    "s": (lambda v: _is_count(v) and v <= 3600, noted("seconds up to 3,600")),
}


def _with_keys(*keys: str) -> dict[str, Rule]:
    return {key: _RULES[key] for key in ("t", "n", *keys)}


KINDS: dict[str, dict[str, Rule]] = {
    "head": _with_keys("format", "rules", "app", "id", "seed", "title", "start", "mode", "packs", "made", "d", "st"),
    "choice": _with_keys("scene", "fp", "choice", "to", "d", "st", "s"),
    "mark": _with_keys("name"),
    "rewind": _with_keys() | {"to": _RULES["back"]},
    "title": _with_keys("title"),
    "content": _with_keys("packs", "rules", "d", "st"),
}
"""The kinds of record and their keys; only the `s` of a choice may be absent."""


def _check(record: Record, n: int) -> None:
    """Refuse a record that has the wrong kind, number, keys or values."""
    kind = record.get("t")
    if type(kind) is not str or kind not in KINDS:
        raise _Refused(phrase("an unknown kind of record: {kind}", kind=_quoted(kind)))
    if (kind == "head") != (n == 0):
        raise _Refused(
            phrase("a head in the middle") if n else phrase("begins with {kind}, not with a head", kind=_quoted(kind))
        )
    rules = KINDS[kind]
    if record.keys() not in (rules.keys(), rules.keys() - {"s"}):
        _check_keys(kind, record.keys(), rules.keys())
    for key, value in record.items():
        holds, wanted = rules[key]
        if not holds(value):
            raise _Refused(
                phrase("`{key}` of a {kind} is {wanted}", key=key, kind=kind, wanted=phrase(wanted, most=TEXT))
            )
    if record["n"] != n:
        raise _Refused(phrase("record {n} where record {wanted} belongs", n=record["n"], wanted=n))


def _check_keys(kind: str, keys: AbstractSet[str], known: AbstractSet[str]) -> None:
    for key in sorted(keys - known):
        raise _Refused(phrase("a {kind} with an unknown key: {key}", kind=kind, key=_quoted(key)))
    for key in sorted(known - keys - {"s"}):
        raise _Refused(phrase("a {kind} without `{key}`", kind=kind, key=key))


def _quoted(value: object) -> str:
    """What a file says, fit to be shown: escaped and short."""
    return ascii(value)[:60]


# ── the fold ────────────────────────────────────────────────────────────────────────────────


class Move(NamedTuple):
    """What one record does to the state: the names that get a value, those that go, the new sum."""

    values: dict[str, Value]
    gone: frozenset[str]
    st: int

    def make(self, state: dict[str, Value]) -> None:
        """Bring a state from before the record to after it."""
        state.update(self.values)
        for name in self.gone:
            state.pop(name, None)

    def undoing(self, state: Mapping[str, Value], st: int) -> Move:
        """What brings the state back, worked out before the move is made."""
        names = [*self.values, *self.gone]
        old = {name: state[name] for name in names if name in state}
        return Move(old, frozenset(self.values.keys() - old.keys()), st)


def _move(state: Mapping[str, Value], st: int, groups: Groups) -> Move:
    """Work out a record's changes without making them; a name may change more than once."""
    values: dict[str, Value] = {}
    gone: set[str] = set()
    for _, names in groups:
        for name, value in names.items():
            old = values.get(name) if name in values or name in gone else state.get(name)
            if old is not None:
                st -= _term(name, old)
            elif not _is_id(name):
                raise _Refused(phrase("a name that is none: {name}", name=_quoted(name)))
            if value is None:
                values.pop(name, None)
                gone.add(name)
                continue
            new = tuple(value) if type(value) is list else value
            st += _term(name, new)
            values[name] = new
            gone.discard(name)
    return Move(values, frozenset(gone), st % _WRAP)


def _fold(state: dict[str, Value], groups: Groups) -> None:
    """Make the changes of a record that is known to be sound."""
    for _, names in groups:
        for name, value in names.items():
            if value is None:
                state.pop(name, None)
            else:
                state[name] = tuple(value) if type(value) is list else value


def _weight(record: Record) -> int:
    """How much a record changes, as `CHANGES` counts it."""
    weight = 0
    for _, names in record.get("d", ()):
        weight += len(names)
        for value in names.values():
            if type(value) is list or type(value) is tuple:
                weight += len(value) // 4
    return weight


# ── the journal ─────────────────────────────────────────────────────────────────────────────


class Pending(NamedTuple):
    """A record made but not yet part of the campaign: write `line`, then `accept` it."""

    record: Record
    line: bytes
    c: str
    move: Move | None


class Mark(NamedTuple):
    """A moment the player gave a name; `position` is what to rewind to."""

    n: int
    name: str
    position: int
    step: int


class Branch(NamedTuple):
    """A line of play at its end: the choice nobody continued, and how many led to it."""

    tip: int
    step: int


class Records(Sequence[Record]):
    """All records in the order they were written, the head at 0; decoded when looked at.

    A campaign at its limit would take ten times its size in memory otherwise.
    """

    __slots__ = ("_lines",)

    def __init__(self, lines: list[bytes]) -> None:
        self._lines = lines

    def __len__(self) -> int:
        return len(self._lines)

    @overload
    def __getitem__(self, n: int) -> Record: ...
    @overload
    def __getitem__(self, n: slice) -> list[Record]: ...
    def __getitem__(self, n: int | slice) -> Record | list[Record]:
        if isinstance(n, slice):
            return [_parsed(line.decode()) for line in self._lines[n]]
        record: Record = _parsed(self._lines[n].decode())
        return record


class Journal:
    """A campaign from its head to the present, and every branch that was left.

    Recording takes two steps, so that a line the disk refused leaves no trace: `choice`,
    `mark`, `rewind`, `retitle` and `content` make a `Pending`; `accept` adds it. Wrong records
    raise `UnsoundRecord`, and one past the limits of a file `CampaignFull`; nothing happened then.
    """

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._chain = ""
        # For each record the one before it on its branch, the steps to it and the last choice
        # up to it; -1 for a record without a state of its own.
        self._parents: list[int] = []
        self._steps: list[int] = []
        self._turns: list[int] = []
        self._state: dict[str, Value] = {}
        self._st = 0
        self._snapshots: dict[int, dict[str, Value]] = {}
        self._since = 0
        self.records = Records(self._lines)
        self.head: Record = {}
        """The first record: what game this is, and the state at its start."""
        self.position = 0
        """The record whose state is the present: the head, a choice or a change of content."""
        self.title = ""
        self.packs: list[dict[str, str]] = []
        """The packs it was last played with: id, version and fingerprint."""
        self.rules = 0
        self.seconds = 0
        """How long the player sat before choices, all branches together."""
        self.marks: list[Mark] = []
        self.size = 0
        """Bytes of the file."""
        self.changes_made = 0
        """Changes in all records, to be held against `CHANGES`."""

    @classmethod
    def begin(
        cls,
        *,
        id: str,
        seed: str,
        title: str,
        start: str,
        mode: str,
        packs: Sequence[Mapping[str, str]],
        rules: int,
        app: str,
        made: str,
        d: Groups,
        st: int | None = None,
    ) -> tuple[Journal, bytes]:
        """A new campaign and the line its file begins with. `d` makes the start from nothing."""
        facts = {"format": FORMAT, "rules": rules, "app": app, "id": id, "seed": seed, "title": title}
        journal = cls()
        pending = journal._pending(
            "head", st, **facts, start=start, mode=mode, packs=[dict(p) for p in packs], made=made, d=d
        )
        journal.accept(pending)
        return journal, pending.line

    # ── recording ──

    def choice(
        self,
        scene: str,
        to: str,
        choice: str,
        fp: str,
        d: Groups,
        st: int | None = None,
        seconds: int | None = None,
    ) -> Pending:
        """A choice taken: where, what, where it led, and all it changed by cause.

        `st`, the engine's own sum of the state after it, must agree with the fold.
        """
        spent = {} if seconds is None else {"s": max(0, min(seconds, 3600))}
        return self._pending("choice", st, scene=scene, to=to, choice=choice, fp=fp, d=d, **spent)

    def mark(self, name: str) -> Pending:
        """A name for the present moment."""
        return self._pending("mark", name=name)

    def rewind(self, to: int) -> Pending:
        """The present moves to the state after record `to`: a choice, a change of content, or 0."""
        return self._pending("rewind", to=to)

    def retitle(self, title: str) -> Pending:
        """Another title for the campaign; its file keeps its name."""
        return self._pending("title", title=title)

    def content(self, packs: Sequence[Mapping[str, str]], rules: int, d: Groups, st: int | None = None) -> Pending:
        """The story has changed under the campaign, and this is what that did to the state."""
        return self._pending("content", st, packs=[dict(p) for p in packs], rules=rules, d=d)

    def accept(self, pending: Pending) -> None:
        """Let a record be part of the campaign; it must have been made from this very present."""
        if pending.record["n"] != len(self._lines) or pending.line[-1:] != b"\n":
            raise _unsound(_Refused(phrase("record {n} where record {wanted} belongs", n=pending.record["n"], wanted=len(self._lines))))
        self._note(pending.record, pending.line, pending.c, _weight(pending.record))
        if pending.move is not None:
            self._step_on(self.position, pending.move)
        elif pending.record["t"] == "rewind":
            self._return_to(self.position)

    def _pending(self, kind: str, st: int | None = None, **facts: Any) -> Pending:
        record: Record = {"t": kind, "n": len(self._lines), **facts}
        if "d" in record:
            record["d"] = [[cause, dict(names)] for cause, names in record["d"] if names]
        try:
            move = _move(self._state, self._st, record["d"]) if "d" in record else None
            if move is not None:
                record["st"] = f"{move.st:016x}"
                if st is not None and st != move.st:
                    raise _Refused(phrase("the state's sum does not agree with its changes"))
            pending = self._written_out(record, move)
            self._check_place(record)
        except ValueError as error:
            raise _unsound(error) from error
        self._check_room(pending)
        return pending

    def _written_out(self, record: Record, move: Move | None) -> Pending:
        _check(record, len(self._lines))
        body = _canonical(record)
        c = _checksum(self._chain, body)
        text = _sealed(record, body, c)
        if _steers(text):
            raise _Refused(phrase("a control or bidirectional character"))
        line = text.encode() + b"\n"
        if len(line) > _room_of(record):
            raise _Refused(
                phrase("a {kind} of {n} bytes, {most} at most", kind=record["t"], n=len(line), most=_room_of(record))
            )
        return Pending(record, line, c, move)

    def _check_place(self, record: Record) -> None:
        """A rewind must lead to a record that has a state of its own."""
        if record["t"] == "rewind":
            to = record["to"]
            if not 0 <= to < len(self._lines) or self._steps[to] < 0:
                raise _Refused(phrase("a rewind to {n}, which is neither a choice nor the start", n=to))

    def _check_room(self, pending: Pending) -> None:
        if (
            len(self._lines) < RECORDS
            and self.size + len(pending.line) <= FILE_BYTES
            and self.changes_made + _weight(pending.record) <= CHANGES
        ):
            return
        raise CampaignFull(
            phrase("This campaign's file is full."), hint=phrase("Save it as a new one with the present branch alone.")
        )

    def _note(self, record: Record, line: bytes, c: str, weight: int) -> None:
        """Give a sound record its place in the file and among the branches."""
        n, kind = len(self._lines), record["t"]
        self._lines.append(line)
        self.size += len(line)
        self.changes_made += weight
        self._chain = c
        parent, step, turn = -1, -1, -1
        if "d" in record:
            parent = self.position if n else -1
            step = self._steps[parent] if n else 0
            turn = self._turns[parent] if n else 0
            if kind == "choice":
                step, turn = step + 1, n
                self.seconds += record.get("s", 0)
            else:
                self.packs, self.rules = record["packs"], record["rules"]
            self.position = n
        self._parents.append(parent)
        self._steps.append(step)
        self._turns.append(turn)
        if kind == "rewind":
            self.position = record["to"]
        elif kind == "mark":
            self.marks.append(Mark(n, record["name"], self.position, self._steps[self.position]))
        elif kind in ("title", "head"):
            self.title = record["title"]
            self.head = self.head or self.records[0]

    def _step_on(self, n: int, move: Move) -> None:
        """Bring the state to record `n`, the next on its branch."""
        move.make(self._state)
        self._st = move.st
        self._since += len(move.values) + len(move.gone)
        # A snapshot as soon as folding would cost as much: their total size stays linear.
        if n == 0 or self._since >= max(1000, len(self._state) // 2):
            self._snapshots[n] = self._state.copy()
            self._since = 0

    def _return_to(self, n: int) -> None:
        self._state, self._since = self._folded(n)
        self._st = int(self.records[n]["st"], 16)

    def _folded(self, n: int) -> tuple[dict[str, Value], int]:
        """The state after record `n`, and how many changes lie between it and a snapshot."""
        chain = []
        while n not in self._snapshots:
            chain.append(n)
            n = self._parents[n]
        state = self._snapshots[n].copy()
        since = 0
        for k in reversed(chain):
            groups = self.records[k]["d"]
            _fold(state, groups)
            since += sum(len(names) for _, names in groups)
        return state, since

    # ── looking ──

    @property
    def state(self) -> Mapping[str, Value]:
        """The present, for reading; it moves with the campaign."""
        return MappingProxyType(self._state)

    @property
    def id(self) -> str:
        """128 bits in hex: the same campaign, wherever its file is carried."""
        return str(self.head["id"])

    @property
    def st(self) -> int:
        """The sum of the present state."""
        return self._st

    @property
    def nearly_full(self) -> bool:
        """Whether it is time to offer a copy with the present branch alone."""
        return len(self._lines) > RECORDS * 0.95 or self.size > FILE_BYTES * 0.95 or self.changes_made > CHANGES * 0.95

    def encoded(self) -> bytes:
        """The whole file."""
        return b"".join(self._lines)

    def lines(self, start: int = 0) -> list[bytes]:
        """The lines of the file from record `start`, each with its end of line."""
        return self._lines[start:]

    def state_at(self, n: int) -> dict[str, Value]:
        """The state after record `n`, a choice, a change of content or the head."""
        self._must_have_state(n)
        return self._folded(n)[0]

    def changes(self, n: int) -> tuple[tuple[str, dict[str, Value | None]], ...]:
        """What record `n` changed, by cause, in the order it happened: the receipts of a step."""
        return tuple(
            (cause, {name: tuple(v) if type(v) is list else v for name, v in names.items()})
            for cause, names in self.records[n].get("d", [])
        )

    def path(self, n: int | None = None) -> tuple[int, ...]:
        """The choices from the beginning of the branch to record `n` (the present), by number."""
        return tuple(k for k in reversed(self._ancestry(n)) if self._is_choice(k))

    def lineage(self, n: int | None = None) -> tuple[int, ...]:
        """Every record that moved the branch up to record `n` (the present): its choices, and what changed the story."""
        return tuple(reversed(self._ancestry(n)))

    def step(self, n: int | None = None) -> int:
        """How many choices lead to record `n` (the present)."""
        n = self.position if n is None else n
        self._must_have_state(n)
        return self._steps[n]

    def parent(self, n: int) -> int:
        """The choice that record `n` continues, or 0 at the beginning of the branch."""
        self._must_have_state(n)
        return self._turns[self._parents[n]] if n else 0

    def children(self, n: int) -> tuple[int, ...]:
        """The choices that were made at this moment, one for each branch that leaves here."""
        return tuple(k for k in self._choices() if self.parent(k) == n)

    def branches(self) -> tuple[Branch, ...]:
        """Every line of play at its end, in the order in which they were played."""
        continued = {self.parent(k) for k in self._choices()}
        return tuple(Branch(k, self._steps[k]) for k in self._choices() if k not in continued)

    def _choices(self) -> Iterator[int]:
        return (n for n in range(1, len(self._lines)) if self._is_choice(n))

    def _is_choice(self, n: int) -> bool:
        return n > 0 and self._turns[n] == n

    def _ancestry(self, n: int | None = None) -> list[int]:
        """Records with a state from `n` back to the first after the head."""
        n = self.position if n is None else n
        self._must_have_state(n)
        found = []
        while n:
            found.append(n)
            n = self._parents[n]
        return found

    def _must_have_state(self, n: int) -> None:
        if not 0 <= n < len(self._lines) or self._steps[n] < 0:
            raise _unsound(_Refused(phrase("record {n} is neither a choice nor the start", n=n)))

    # ── another file of the same campaign ──

    def retold(self, *, id: str, title: str, made: str, app: str, branch_alone: bool = False) -> Journal:
        """The campaign under a new head: all of it, or the present branch and its marks alone."""
        head = {**self.head, "id": id, "title": title, "made": made, "app": app}
        lines: list[bytes] = []
        numbers: dict[int, int] = {}
        chain = ""
        for n in (0, *(self._branch_records() if branch_alone else range(1, len(self._lines)))):
            record = self.records[n] if n else head
            if record["t"] == "title":
                continue
            numbers[n] = record["n"] = len(lines)
            if record["t"] == "rewind":
                record["to"] = numbers[record["to"]]
            del record["c"]
            body = _canonical(record)
            chain = _checksum(chain, body)
            lines.append(_sealed(record, body, chain).encode() + b"\n")
        reading = read(b"".join(lines))
        if reading.journal is None or reading.damage is not None:
            raise _unsound(_Refused(str(reading.damage)))
        return reading.journal

    def _branch_records(self) -> Iterable[int]:
        """The present branch in order, each moment's marks behind it."""
        marks: dict[int, list[int]] = {}
        for mark in self.marks:
            marks.setdefault(mark.position, []).append(mark.n)
        for n in (0, *reversed(self._ancestry())):
            if n:
                yield n
            yield from marks.get(n, ())


def _unsound(error: ValueError) -> UnsoundRecord:
    return UnsoundRecord(
        phrase("A record that could not be read back: {problem}", problem=error),
        hint=phrase("Nothing was written. This is a fault of the game."),
    )


def _room_of(record: Record) -> int:
    return HEAD_BYTES if record["t"] in ("head", "content") else RECORD_BYTES


# ── reading ─────────────────────────────────────────────────────────────────────────────────


class Damage(NamedTuple):
    """Where a file stops being a campaign, and how.

    `kind` is `torn` (only the last line, as a crash leaves it), `middle`, `newer`,
    `not_a_campaign` or `too_large`; `step` the last that is safe; `offset` counts bytes.
    """

    kind: str
    step: int
    record: int
    offset: int
    reason: str

    def __str__(self) -> str:
        return phrase(
            "after step {step}, in record {record} at byte {offset:,}: {reason}",
            step=self.step, record=self.record, offset=self.offset, reason=self.reason,
        )


class Reading(NamedTuple):
    """What a file holds: the campaign as far as it is sound, its bytes, and the damage."""

    journal: Journal | None
    good: int
    damage: Damage | None


def read(data: bytes) -> Reading:
    """Read a campaign's file, check every sum, and stop at the first byte that is not sound.

    >>> read(b"Dear diary").damage.kind
    'not_a_campaign'
    """
    if len(data) > FILE_BYTES:
        return _stopped(None, 0, "too_large", phrase("{n:,} bytes, where {most:,} are the limit", n=len(data), most=FILE_BYTES))
    count = data.count(b"\n")
    if count > RECORDS:
        return _stopped(None, 0, "too_large", phrase("{n:,} records, where {most:,} are the limit", n=count, most=RECORDS))
    foreign = _foreign(data[:HEAD_BYTES].split(b"\n", 1)[0])
    if foreign:
        return _stopped(None, 0, *foreign)
    journal = Journal()
    known: list[Record] = []
    damage = None
    for _ in range(count):
        end = data.index(b"\n", journal.size) + 1
        try:
            record = _take(journal, data[journal.size : end])
            if end <= _DECODED_BYTES:
                known.append(record)
        except ValueError as error:
            last = isinstance(error, _Unreadable) and end == len(data)
            damage = "torn" if last else "middle", str(error)
            break
    if damage is None and journal.size < len(data):
        damage = "torn", phrase("the last line has no end")
    wrong = _settle(journal, known)
    if wrong is not None:
        n, reason = wrong
        good = read(b"".join(journal.lines()[:n]))
        return _stopped(good.journal, good.good, "middle", reason)
    return _stopped(journal, journal.size, *damage) if damage else Reading(journal, len(data), None)


def _take(journal: Journal, line: bytes) -> Record:
    """Read one more line into a journal; the states it speaks of are for `_settle`."""
    if len(line) > HEAD_BYTES:
        raise _Refused(phrase("a record of {n:,} bytes", n=len(line)))
    record, c = _unsealed(line[:-1], journal._chain)
    _check(record, len(journal._lines))
    if len(line) > _room_of(record):
        raise _Refused(phrase("a record of {n:,} bytes, {most:,} at most", n=len(line), most=_room_of(record)))
    journal._check_place(record)
    weight = _weight(record)
    if journal.changes_made + weight > CHANGES:
        raise _Refused(phrase("more than {most:,} changes in all", most=CHANGES))
    journal._note(record, line, c, weight)
    return record


def _settle(journal: Journal, known: list[Record]) -> tuple[int, str] | None:
    """Check the sum of every state and come to the present; the first record that is wrong.

    Goes through the branches as through a tree, each record once, so that a file full of
    rewinds takes no longer than another. `known` has the first records as they were decoded.
    """
    following: dict[int, list[int]] = {}
    for n, parent in enumerate(journal._parents):
        if n and parent >= 0:
            following.setdefault(parent, []).append(n)
    wrong: list[tuple[int, str]] = []
    back: list[tuple[int, Move, int]] = []
    ahead = [0] if journal._lines else []
    n = 0
    while ahead:
        n = ahead.pop()
        while back and back[-1][0] != journal._parents[n]:
            _, undo, journal._since = back.pop()
            undo.make(journal._state)
            journal._st = undo.st
        record = known[n] if n < len(known) else journal.records[n]
        try:
            move = _move(journal._state, journal._st, record["d"])
            if record["st"] != f"{move.st:016x}":
                raise _Refused(phrase("the state's sum does not agree with its changes"))
        except ValueError as error:
            wrong.append((n, str(error)))
            continue
        if ahead:
            back.append((n, move.undoing(journal._state, journal._st), journal._since))
        else:
            back.clear()
        journal._step_on(n, move)
        ahead.extend(reversed(following.get(n, ())))
    if wrong:
        return min(wrong)
    if journal._lines and n != journal.position:
        journal._return_to(journal.position)
    return None


def _foreign(line: bytes) -> tuple[str, str] | None:
    """Whether a file's first line shows another format or no campaign at all.

    The head keeps its `t`, `format` and `app` in every format to come, so a newer one is
    known by name even where its checksum is made otherwise.
    """
    ours = b'"t":"head"' in line or b'"format":' in line
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    if type(head) is not dict or head.get("t") != "head":
        return None if ours else ("not_a_campaign", phrase("its first line is not the head of a campaign"))
    number = head.get("format")
    if type(number) is int and number > FORMAT:
        return "newer", phrase(
            "format {format}, written by version {version}", format=_quoted(number), version=_quoted(head.get("app"))
        )
    return None


def _stopped(journal: Journal | None, good: int, kind: str, reason: str) -> Reading:
    if journal is None or not journal._lines:
        return Reading(None, 0, Damage(kind, 0, 0, good, reason))
    return Reading(journal, good, Damage(kind, journal.step(), len(journal._lines), good, reason))
