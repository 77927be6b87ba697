"""A YAML file as plain data that remembers where each part stands.

The tree is built iteratively from libyaml's event stream. No constructor or composer of
PyYAML is used: alias bombs, deep nesting and merge keys never get that far.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import stat
import unicodedata
from codecs import BOM_UTF8
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from redmexico.findings import Finding
from redmexico.loader.remedies import REMEDIES

MAX_BYTES, MAX_DEPTH, MAX_NODES, MAX_INT = 1 << 20, 32, 50_000, 1_000_000_000

try:
    _LOADER: Any = yaml.CLoader
except AttributeError:  # PyYAML was built without libyaml: slower, same result
    _LOADER = yaml.Loader

Way = tuple[str | int, ...]
"""From the top of a file to one of its parts: keys and positions."""

_INT = re.compile(r"-?(?:0|[1-9][0-9]*)")
_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


@dataclass(slots=True)
class Place:
    """Where a part stands: line and column from 0; for text, how it was written."""

    line: int
    column: int
    style: str = ""
    end_line: int = 0


@dataclass(slots=True)
class Source:
    """One file: its lines, its data, its places, and what is wrong with it."""

    file: str
    text: str = ""
    data: Any = None
    findings: list[Finding] = field(default_factory=list)
    moved: dict[Way, tuple[Source, Way]] = field(default_factory=dict)
    """parts that another file put here: where they really stand"""
    judged: dict[Any, tuple[Any, list[Finding]]] = field(default_factory=dict)
    """what its shape came to, kept with the file"""
    _places: tuple[dict[Way, Place], dict[Way, Place]] | None = None
    _form_findings: list[Finding] | None = None
    _lines: list[str] | None = None
    _digest: bytes = b""

    @property
    def digest(self) -> bytes:
        """What the file says, in thirty-two bytes: the same wherever its data is the same."""
        if not self._digest:
            said = json.dumps(self.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
            self._digest = sha256(said.encode("utf-8", "surrogatepass")).digest()
        return self._digest

    def begin(self) -> None:
        """Judge it afresh: only what is wrong with the file's form is kept."""
        if self._form_findings is None:
            self._form_findings = list(self.findings)
        self.findings = list(self._form_findings)

    def copy(self) -> Source:
        """The same file, whose data can be changed."""
        same = Source(self.file, self.text, deepcopy(self.data), list(self.findings), dict(self.moved))
        same._places = (self.places, self.keys)
        return same

    @property
    def places(self) -> dict[Way, Place]:
        """Where each part stands."""
        return self._located()[0]

    @property
    def keys(self) -> dict[Way, Place]:
        """Where each key stands."""
        return self._located()[1]

    def _located(self) -> tuple[dict[Way, Place], dict[Way, Place]]:
        """The places, read when somebody asks: most files have nothing to complain of."""
        if self._places is None:
            self._places = ({}, {})
            again = Source(self.file, self.text)
            again._places = self._places
            _whole(again)
        return self._places

    @property
    def lines(self) -> list[str]:
        if self._lines is None:
            self._lines = self.text.split("\n")
        return self._lines

    def excerpt(self, line: int) -> str:
        return self.lines[line] if line < len(self.lines) else ""

    def report(
        self, code: str, message: str, line: int, column: int, hint: str = "", length: int = 1, severity: str = "error"
    ) -> None:
        """Write a finding down; `line` and `column` from 0."""
        self.findings.append(self._finding(code, message, line, column, hint, length, severity))

    def _finding(
        self, code: str, message: str, line: int, column: int, hint: str, length: int, severity: str
    ) -> Finding:
        hint = hint or REMEDIES.get(code, "")
        return Finding(self.file, line + 1, column + 1, code, message, hint, severity, length, self.excerpt(line))

    def finding(
        self,
        way: Way,
        code: str,
        message: str,
        hint: str = "",
        offset: int = 0,
        length: int = 1,
        severity: str = "error",
    ) -> Finding:
        """A finding about a part, or about the character `offset` of its text; where the part really stands."""
        source, way = self.really(way)
        while way not in source.places and way:
            way = way[:-1]
        line, column = source._locate(way, source.places.get(way, Place(0, 0)), offset)
        return source._finding(code, message, line, column, hint, length, severity)

    def really(self, way: Way) -> tuple[Source, Way]:
        """The file and the way of a part: another's, where a patch put it here."""
        for size in range(len(way), -1, -1) if self.moved else ():
            found = self.moved.get(way[:size])
            if found is not None:
                return found[0].really((*found[1], *way[size:]))
        return self, way

    def at(
        self,
        way: Way,
        code: str,
        message: str,
        hint: str = "",
        offset: int = 0,
        length: int = 1,
        severity: str = "error",
    ) -> None:
        """Write down a finding about a part."""
        self.findings.append(self.finding(way, code, message, hint, offset, length, severity))

    def at_key(self, way: Way, code: str, message: str, hint: str = "", severity: str = "error") -> None:
        """Write down a finding about a key."""
        self.findings.append(self.key_finding(way, code, message, hint, severity))

    def key_finding(self, way: Way, code: str, message: str, hint: str = "", severity: str = "error") -> Finding:
        """A finding about a key."""
        source, really = self.really(way)
        place = source.keys.get(really)
        if place is None:
            return self.finding(way, code, message, hint, severity=severity)
        length = len(str(really[-1])) if really else 1
        return source._finding(code, message, place.line, place.column, hint, length, severity)

    def _locate(self, way: Way, place: Place, offset: int) -> tuple[int, int]:
        """The line and column of a character of a text, through YAML's folding and quoting."""
        value: Any = self.data
        try:
            for part in way:
                value = value[part]
        except (KeyError, IndexError, TypeError):
            value = None  # of a key that stands twice the places are of both, the data is of the second
        if not offset or not isinstance(value, str):
            quoted = place.style in ("'", '"') and isinstance(value, str)
            return (place.line, place.column + 1) if quoted else self._block_start(place)
        if place.style in ("|", ">"):
            return self._in_block(value, place, offset)
        return self._in_flow(value, place, offset)

    def _block_start(self, place: Place) -> tuple[int, int]:
        if place.style not in ("|", ">"):
            return place.line, place.column
        return self._in_block("x", place, 0)

    def _in_block(self, value: str, place: Place, offset: int) -> tuple[int, int]:
        first = place.line + 1
        indent = next((len(l) - len(l.lstrip(" ")) for l in self.lines[first : place.end_line + 1] if l.strip()), 0)
        row = value.count("\n", 0, offset)
        return first + row, indent + offset - (value.rfind("\n", 0, offset) + 1)

    def _in_flow(self, value: str, place: Place, offset: int) -> tuple[int, int]:
        line, column = place.line, place.column + (place.style in ("'", '"'))
        for char in value[:offset]:
            while line < len(self.lines):
                row = self.lines[line]
                if column >= len(row) or (char in " \n" and not row[column:].strip()):
                    line, column = line + 1, 0
                    column = len(self.lines[line]) - len(self.lines[line].lstrip(" ")) if line < len(self.lines) else 0
                    if char in " \n":
                        break
                elif row[column] == char:
                    column += 1
                    break
                else:
                    column += 1
        return line, column


def _bad_character(char: str) -> str:
    """Why a character may not stand in a story, or ""."""
    code = ord(char)
    if char == "\t":
        return "a tab"
    if (code < 0x20 and char != "\n") or 0x7F <= code <= 0x9F:
        return "a control character"
    if char in "\u2028\u2029":
        return "an end of line that no editor shows"
    if code in _BIDI:
        return "a character that turns the direction of writing"
    if 0xE0000 <= code <= 0xE007F or code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF:
        return "a character that is not for text"
    if 0xD800 <= code <= 0xDFFF:
        return "half of a character"
    return ""


_MARKS = "\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
_SUSPECT = re.compile(f"[{_MARKS}]{{9,}}|[^\n\x20-\x7e\xa0-\u0300\u0370-\u2027\u202f-\u2065\u206a-\ud7ff]")


def _characters(source: Source) -> None:
    """Report what the text may not contain."""
    for match in _SUSPECT.finditer(source.text):
        char = match.group()[0]
        why = "more than eight marks on one letter" if len(match.group()) > 1 else _bad_character(char)
        if why:
            line = source.text.count("\n", 0, match.start())
            column = match.start() - (source.text.rfind("\n", 0, match.start()) + 1)
            hint = "use spaces" if char == "\t" else "take it out"
            source.report("RM106", why, line, column, hint)
            if len(source.findings) > 20:
                return


def _is_plain(text: str) -> bool:
    """Whether a text in double quotes, where `\\u202e` is a character, has only what may stand in a file as it is."""
    return not _SUSPECT.search(text) and unicodedata.is_normalized("NFC", text)


def read_source(path: Path, shown: str) -> Source:
    """Read one file into a tree; all that is wrong with its form is in `findings`."""
    source = Source(shown)
    try:
        raw, size = _bytes_of(path)
    except OSError as error:
        source.report("RM101", f"cannot be read: {error.strerror}", 0, 0, "see who may read it, and whether it is a file")
        return source
    if size > MAX_BYTES:
        source.report("RM150", f"the file has {size} bytes, the limit is {MAX_BYTES}", 0, 0, "split it")
        return source
    return parse_source(raw, shown)


def _bytes_of(path: Path) -> tuple[bytes, int]:
    """What a plain file holds, up to the limit, and its size. Whatever was put in its place since it was looked at is
    neither waited for nor read to its end."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as file:
        info = os.fstat(file.fileno())
        if not stat.S_ISREG(info.st_mode):
            raise OSError(errno.EINVAL, "not a plain file")
        raw = file.read(MAX_BYTES + 1)
    return raw, max(info.st_size, len(raw))


def parse_source(raw: bytes, shown: str) -> Source:
    """The tree of a file's bytes."""
    source = Source(shown)
    raw = raw.removeprefix(BOM_UTF8)  # the codec that takes it off is twenty times slower
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start)
        column = error.start - (raw.rfind(b"\n", 0, error.start) + 1)
        source.report("RM101", "not UTF-8 from here on", line, column, "save the file as UTF-8")
        return source
    source.text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    _characters(source)
    if source.findings:
        _recover(source)
        return source
    try:
        source.data = _quick(source.text)
    except (_Stop, yaml.YAMLError):
        source._places = ({}, {})
        _whole(source)
        if any(finding.code in _UNREAD for finding in source.findings):
            _recover(source)
    return source


_UNREAD = ("RM101", "RM109")
"""findings behind which nothing of a file was read"""
MAX_BLANKED, MAX_AGAIN = 12, 1 << 20
"""How often a broken file is read again without its broken lines, and how many characters of it at the most."""


def _recover(source: Source) -> None:
    """Read a broken file without its broken lines, so that the names it declares are known and their users not at fault."""
    lines = _SUSPECT.sub(lambda found: " " * len(found.group()), source.text).split("\n")
    for _ in range(min(MAX_BLANKED, 1 + MAX_AGAIN // (len(source.text) + 1))):
        copy = Source(source.file, "\n".join(lines), _places=({}, {}))
        _whole(copy)
        faults = [finding.line - 1 for finding in copy.findings if finding.code in _UNREAD]
        if not faults:
            source.data, source._places = copy.data, copy._places
            return
        if any(not lines[k].strip() for k in faults):
            return
        for k in faults:
            lines[k] = ""


def _whole(source: Source) -> None:
    """Read a file with all its places, and write down what is wrong with its form."""
    with contextlib.suppress(_Stop):
        try:
            _Builder(source).build(_events(source.text))
        except yaml.YAMLError as error:
            _syntax(source, error)


def _quick(text: str) -> Any:  # noqa: PLR0915  one loop over events, told apart by kind: calls would double its time
    """A file's data and nothing else; _Stop where it has anything that must be told about, whatever it is."""
    parser = _LOADER(text)
    hashes = " #" in text
    stack: list[Any] = []
    top: Any = None
    keys: list[str | None] = []
    nodes = documents = 0
    try:
        while (event := parser.get_event()) is not None:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                if event.anchor or (event.tag and event.tag != "!") or event.style == ">":
                    raise _Stop
                value: Any = event.value
                if event.style == '"' and not _is_plain(value):
                    raise _Stop
                into = stack[-1] if stack else None
                if type(into) is dict and keys[-1] is None:
                    if value in into or value == "<<":
                        raise _Stop
                    keys[-1] = value
                    nodes += 1
                    continue
                if not event.style and event.implicit[0]:
                    if hashes and " " in value:
                        end = event.end_mark
                        if text.startswith(" #", end.index):
                            raise _Stop
                    value = _resolved(value)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                stack.pop()
                keys.pop()
                continue
            elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
                if event.anchor or (event.tag and event.tag != "!") or len(stack) >= MAX_DEPTH:
                    raise _Stop
                value = {} if kind is yaml.MappingStartEvent else []
                into = stack[-1] if stack else None
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise _Stop
                continue
            elif kind is yaml.AliasEvent:
                raise _Stop
            else:
                continue
            nodes += 1
            if into is None:
                top = value
            elif type(into) is list:
                into.append(value)
            elif keys[-1] is None:
                raise _Stop
            else:
                into[keys[-1]] = value
                keys[-1] = None
            if kind is not yaml.ScalarEvent:
                stack.append(value)
                keys.append(None)
    finally:
        parser.dispose()
    if nodes > MAX_NODES:
        raise _Stop
    return top


def _resolved(text: str) -> Any:
    """What a plain scalar is: true, false, a whole number, or else text."""
    first = text[:1]
    if first in "tf" and text in ("true", "false"):
        return text == "true"
    if (first.isdigit() or first == "-") and _INT.fullmatch(text):
        if len(text) > 11 or abs(int(text)) > MAX_INT:
            raise _Stop
        return int(text)
    return text


def _events(text: str) -> Iterator[Any]:
    """libyaml's events; nothing of PyYAML above them is used."""
    parser = _LOADER(text)
    try:
        event = parser.get_event()
        while event is not None:
            yield event
            event = parser.get_event()
    finally:
        parser.dispose()


_QUOTE = "put the text in double quotes"
_COMPLAINTS: tuple[tuple[str, str, str], ...] = (
    ("mapping values", "': ' inside plain text", "put the text in double quotes, or in a | block"),
    ("flow", "a bracket is not closed, or a comma is missing", "quote what has a comma, a brace or a bracket in it"),
    ("',' or", "a bracket is not closed, or a comma is missing", "quote what has a comma, a brace or a bracket in it"),
    ("expected <block end>", "the indentation does not fit", "line the keys up with their neighbours"),
    ("expected key", "the indentation does not fit", "line the keys up with their neighbours"),
    ("expected '-'", "a key among the entries of a list", "line it up with the keys above the list"),
    ("alphabetic or numeric", "plain text that begins with '*' or '&'", _QUOTE),
    ("cannot start any token", "plain text that begins with a sign of YAML's own", _QUOTE),
    ("tag handle", "plain text that begins with '!'", _QUOTE),
    ("directive", "a line that begins with '%'", _QUOTE),
    ("escape character", "a backslash inside double quotes", "write two, or put the text in single quotes"),
    ("end of stream", "a quotation mark that is never closed", "close it where the text ends"),
    ("could not find expected ':'", "the line above is no key: it has no ':'", "set it in, if the text above goes on in it"),
    ("sequence entries", "a list that begins behind its key", "begin it on the next line, or write: [this, that]"),
    ("comment or line break", "text on the line of a | block", "begin the text on the next line"),
)
"""what libyaml's complaint has in it, what we say instead, and the remedy; the first that fits"""
_AFTER = re.compile(r"\s*(?:- )*(?:[^\s:]+:\s+)?(?:\".*\"|'.*'|\{.*\}|\[.*\])\s*")
"""a line up to where its value has ended"""
_KEY = re.compile(r"\s*(?:- )*[^\s:]+")


def _syntax(source: Source, error: yaml.YAMLError) -> None:
    """libyaml's complaint in a writer's words."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    told = str(getattr(error, "problem", "") or error).replace("\n", " ")
    if "end of stream" in told:
        mark = getattr(error, "context_mark", None) or mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    problem, hint = next(((ours, cure) for theirs, ours, cure in _COMPLAINTS if theirs in told), (told, ""))
    before = source.excerpt(line)[:column]
    if problem == "the indentation does not fit" and _AFTER.fullmatch(before):
        problem, hint = "the text goes on behind a closing quotation mark or bracket", "put all of it into a | block"
    elif "mapping values" in told and _KEY.fullmatch(before):
        problem = "a key that stands too far in, or a ': ' in a text that goes on from the line above"
        hint = "line it up with its neighbours, or put the text into a | block"
    source.report("RM101", problem, min(line, max(0, len(source.lines) - 1)), column, hint)


class _Stop(Exception):
    """The file cannot be read further; the finding is written."""


class _Builder:
    """YAML events → dicts, lists, texts, whole numbers, true and false."""

    def __init__(self, source: Source) -> None:
        self.source = source
        assert source._places is not None
        self.places, self.keys = source._places
        self.stack: list[tuple[Any, Way, list[Any]]] = []
        self.nodes = 0
        self.documents = 0

    def build(self, events: Iterator[Any]) -> None:
        for event in events:
            kind = type(event)
            if kind is yaml.ScalarEvent:
                self.scalar(event)
            elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
                self.stack.pop()
            elif kind is yaml.MappingStartEvent:
                self.open(event, {})
            elif kind is yaml.SequenceStartEvent:
                self.open(event, [])
            elif kind is yaml.AliasEvent:
                self.refuse(event, "an alias (*name)", "write it out again, or put the text in quotes")
            elif kind is yaml.DocumentStartEvent:
                self.document(event)

    def refuse(self, event: Any, what: str, hint: str, code: str = "RM109") -> None:
        mark = event.start_mark
        self.source.report(code, f"{what} is not used here", mark.line, mark.column, hint)
        raise _Stop

    def document(self, event: Any) -> None:
        self.documents += 1
        if self.documents > 1:
            self.refuse(event, "a second document ('---')", "one file is one document")

    def common(self, event: Any) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self.refuse(event, f"a file of more than {MAX_NODES} parts", "split it", "RM150")
        if event.anchor:
            self.refuse(event, "an anchor (&name)", "write it out again, or put the text in quotes")
        if event.tag and event.tag != "!":
            self.refuse(event, f"a tag ({event.tag})", "take it out, or put the text in quotes")

    def open(self, event: Any, value: Any) -> None:
        self.common(event)
        if len(self.stack) >= MAX_DEPTH:
            self.refuse(event, f"nesting deeper than {MAX_DEPTH}", "make it flatter", "RM150")
        way = self.put(event, value)
        self.stack.append((value, way, []))

    def put(self, event: Any, value: Any) -> Way:
        """Attach a value to what is open; give its way."""
        mark, end = event.start_mark, event.end_mark
        if not self.stack:
            self.source.data = value
            way: Way = ()
        else:
            parent, base, pending = self.stack[-1]
            if isinstance(parent, list):
                way = (*base, len(parent))
                parent.append(value)
            else:
                if not pending:
                    self.refuse(event, "a list or mapping as a key", "a key is a word")
                key = pending.pop()
                way = (*base, key)
                parent[key] = value
        style = getattr(event, "style", None) or ""
        self.places[way] = Place(mark.line, mark.column, style, end.line)
        return way

    def scalar(self, event: Any) -> None:
        self.common(event)
        if event.style == '"':
            event.value = self.unescaped(event)
        if self.stack and isinstance(self.stack[-1][0], dict) and not self.stack[-1][2]:
            self.key(event)
            return
        plain = not event.style and event.implicit[0]
        value = self.resolve(event) if plain else event.value
        self.put(event, value)
        self.suspicious(event, plain)

    def unescaped(self, event: Any) -> str:
        """A text in double quotes: what a backslash writes there is judged like what stands in the file."""
        for match in _SUSPECT.finditer(event.value):
            char = match.group()[0]
            why = "more than eight marks on one letter" if len(match.group()) > 1 else _bad_character(char)
            if why:
                mark, hint = event.start_mark, "use spaces" if char == "\t" else "take it out"
                self.source.report("RM106", f"{why}, written with a backslash", mark.line, mark.column, hint)
                break
        return unicodedata.normalize("NFC", event.value)

    def key(self, event: Any) -> None:
        parent, base, pending = self.stack[-1]
        name, mark = event.value, event.start_mark
        way = (*base, name)
        if name == "<<":
            self.refuse(event, "a merge key (<<)", "write the keys out")
        if name in parent:
            first = self.keys[way].line + 1
            self.source.report(
                "RM102", f"the key '{name}' stands twice", mark.line, mark.column, f"first at line {first}", len(name)
            )
            way = (*base, name)
        self.keys[way] = Place(mark.line, mark.column)
        pending.append(name)

    def resolve(self, event: Any) -> Any:
        text = event.value
        if text in ("true", "false"):
            return text == "true"
        if _INT.fullmatch(text):
            if len(text) > 11 or abs(int(text)) > MAX_INT:
                self.refuse(event, "a number beyond a thousand million", "make it smaller, or quote it", "RM150")
            return int(text)
        return text

    def suspicious(self, event: Any, plain: bool) -> None:
        end = event.end_mark
        if event.style == ">":
            self.source.report(
                "RM108",
                "a folded block ('>')",
                event.start_mark.line,
                event.start_mark.column,
                "use '|' for prose",
                severity="warning",
            )
        if plain and " " in event.value and re.match(r" #", self.source.excerpt(end.line)[end.column :]):
            self.source.report(
                "RM107",
                "' #' cuts this text: the rest is a comment",
                end.line,
                end.column,
                "quote the text, or put the comment on its own line",
                severity="warning",
            )
