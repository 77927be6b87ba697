"""What can be mended without asking anybody: tabs, missing quotes, folded prose. Nothing that changes what is meant."""

from __future__ import annotations

import codecs
import errno
import os
import re
import stat
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.loader.tree import MAX_BYTES, Source, parse_source

READ = 16 << 20
"""Characters read again to mend one file, at the most: each change is tried before it is made."""
_SAFELY = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_VALUE = re.compile(r"(?P<head>\s*(?:- )*(?:[A-Za-z_][\w.#/:-]*:\s+|- ))(?P<value>[^\s\"'|>\[{].*)$")
_FOLDED = re.compile(r">(?=[+-]?\d?\s*(?:#.*)?$)")


class Mended(NamedTuple):
    """A file in which something was mended."""

    file: str
    line: int
    what: str


def mend_text(text: str, shown: str = "") -> tuple[str, list[Mended]]:
    """A file's text with what is mechanical mended, and what that was. What cannot be mended so stays."""
    mender = _Mender(text, shown)
    while mender.left > 0 and (mender.together() or mender.one()):
        pass
    return "\n".join(mender.lines), mender.done


class _Mender:
    """A text that is mended line by line; none is added or taken out."""

    def __init__(self, text: str, shown: str) -> None:
        self.lines = text.split("\n")
        self.shown = shown
        self.done: list[Mended] = []
        self.left = READ
        self.source = self.read(self.lines)

    def read(self, lines: list[str]) -> Source:
        text = "\n".join(lines)
        self.left -= len(text) + 1
        return parse_source(text.encode(), self.shown)

    def cures(self) -> Iterator[tuple[Finding, str]]:
        """What could be mended, and the line as it would stand then."""
        for finding in self.source.findings:
            how = _CURES.get(finding.code)
            if how is not None and finding.line <= len(self.lines):
                row = how[1](self.lines[finding.line - 1], finding)
                if row is not None and row != self.lines[finding.line - 1]:
                    yield finding, row

    def together(self) -> bool:
        """Mend all that was found, if that leaves nothing of it; whether it did."""
        found: dict[int, tuple[Finding, str]] = {}
        for finding, row in self.cures():
            found.setdefault(finding.line, (finding, row))
        return bool(found) and self.tried(list(found.values()))

    def one(self) -> bool:
        """Mend the first fault that can be; whether there was one."""
        return any(self.left > 0 and self.tried([cure]) for cure in self.cures())

    def tried(self, cures: list[tuple[Finding, str]]) -> bool:
        """Put lines in others' place, where each has fewer faults of its kind than before."""
        lines = list(self.lines)
        for finding, row in cures:
            lines[finding.line - 1] = row
        after = self.read(lines)
        before, left = (Counter((f.code, f.line) for f in source.findings) for source in (self.source, after))
        if any(left[f.code, f.line] >= before[f.code, f.line] for f, _ in cures):
            return False
        self.lines, self.source = lines, after
        self.done += [Mended(self.shown, finding.line, _CURES[finding.code][0]) for finding, _ in cures]
        return True


def _spaces(row: str, finding: Finding) -> str | None:
    return row.replace("\t", "  ") if "tab" in finding.message else None


def _quoted(row: str, finding: Finding) -> str | None:
    """The value of a line in double quotes."""
    match = _VALUE.match(row)
    if match is None or ("': '" not in finding.message and finding.code == "RM101" and "quotes" not in finding.hint):
        return None
    value = match.group("value").rstrip().replace("\\", "\\\\").replace('"', '\\"')
    return f'{match.group("head")}"{value}"'


def _literal(row: str, finding: Finding) -> str | None:
    return _FOLDED.sub("|", row)


_CURES: dict[str, tuple[str, Callable[[str, Finding], str | None]]] = {
    "RM106": ("a tab is two spaces now", _spaces),
    "RM101": ("quotes were put around it", _quoted),
    "RM107": ("quotes were put around it: the rest is no comment", _quoted),
    "RM108": ("the block is literal now", _literal),
}


def mend(files: Sequence[tuple[Path, str]]) -> list[Mended]:
    """Mend files where they lie; each is replaced whole, or stays as it was. Links are not followed."""
    done: list[Mended] = []
    for path, shown in files:
        try:
            raw = _bytes_of(path)
            text = raw.decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue  # what cannot be read is a finding of the check
        rows = text.split("\n")
        ends = ["\r" if row.endswith("\r") else "" for row in rows[:-1]] + [""]
        new, mended = mend_text("\n".join(row[: len(row) - len(end)] for row, end in zip(rows, ends, strict=True)), shown)
        if mended:
            whole = "\n".join(row + end for row, end in zip(new.split("\n"), ends, strict=True))
            _replace(path, raw, (codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b"") + whole.encode())
            done += mended
    return done


def _bytes_of(path: Path) -> bytes:
    """A plain file's bytes; OSError where it is none, or larger than a file of a story may be."""
    handle = os.open(path, os.O_RDONLY | _SAFELY)
    with os.fdopen(handle, "rb") as file:
        raw = file.read(MAX_BYTES + 1) if stat.S_ISREG(os.fstat(file.fileno()).st_mode) else None
    if raw is None or len(raw) > MAX_BYTES:
        raise OSError(errno.EFBIG, "no file of a story")
    return raw


def _replace(path: Path, before: bytes, after: bytes) -> None:
    """Put the mended file in the place of the one that was read."""
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(after)
        Path(temporary).chmod(path.stat().st_mode & 0o777)
        if _bytes_of(path) != before:
            raise OSError(errno.EBUSY, "it was changed meanwhile")
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise RedMexicoError(f"it could not be mended: {error.strerror}", str(path), "it was left as it is") from error
