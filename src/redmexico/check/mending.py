"""What can be mended without asking anybody: tabs, missing quotes, folded prose. Nothing that changes what is meant."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.loader.tree import Source, parse_source

ROUNDS = 200
"""Faults mended in one file at the most: each is looked for again after the one before."""
_VALUE = re.compile(r"(?P<head>\s*(?:- )*(?:[A-Za-z_][\w.#/:-]*:\s+|- ))(?P<value>[^\s\"'|>\[{].*)$")
_FOLDED = re.compile(r">(?=[+-]?\d?\s*(?:#.*)?$)")


class Mended(NamedTuple):
    """A file in which something was mended."""

    file: str
    line: int
    what: str


def mend_text(text: str, shown: str = "") -> tuple[str, list[Mended]]:
    """A file's text with what is mechanical mended, and what that was. What cannot be mended so stays."""
    done: list[Mended] = []
    for _ in range(ROUNDS):
        source = parse_source(text.encode(), shown)
        mended = next((new for finding in source.findings if (new := _mended(text, source, finding)) is not None), None)
        if mended is None:
            break
        text, what, line = mended
        done.append(Mended(shown, line, what))
    return text, done


def _mended(text: str, source: Source, finding: Finding) -> tuple[str, str, int] | None:
    """The text without one fault; None where it is not mechanical, or mending would not help."""
    how = _CURES.get(finding.code)
    lines = text.split("\n")
    if how is None or finding.line > len(lines):
        return None
    row = how[1](lines[finding.line - 1], finding)
    if row is None or row == lines[finding.line - 1]:
        return None
    lines[finding.line - 1] = row
    new = "\n".join(lines)
    after = parse_source(new.encode(), source.file)
    same = [f for f in after.findings if (f.code, f.line) == (finding.code, finding.line)]
    if len(same) >= len([f for f in source.findings if (f.code, f.line) == (finding.code, finding.line)]):
        return None
    return new, how[0], finding.line


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
    """Mend files where they lie; each is replaced whole, or stays as it was."""
    done: list[Mended] = []
    for path, shown in files:
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue  # what cannot be read is a finding of the check
        new, mended = mend_text(text.replace("\r\n", "\n"), shown)
        if mended:
            _replace(path, new)
            done += mended
    return done


def _replace(path: Path, text: str) -> None:
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.chmod(temporary, path.stat().st_mode & 0o777)
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise RedMexicoError(f"it could not be mended: {error.strerror}", str(path), "it was left as it is") from error
