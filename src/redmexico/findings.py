"""What is wrong with a story, said in one layout: place, code, what, the line, the remedy."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, dataclass
from typing import Any

_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def escaped(text: str, limit: int = 80) -> str:
    """Untrusted text as it may be shown: no control or hidden character, cut to a line.

    >>> escaped("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    out = text if text.isprintable() else "".join(
        c if unicodedata.category(c) not in _HIDDEN else c.encode("unicode_escape", "backslashreplace").decode()
        for c in text
    )
    return out if len(out) <= limit else out[: limit - 1] + "…"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """One fault of a pack, with the place and the remedy. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    code: str
    message: str
    hint: str = ""
    severity: str = "error"
    length: int = 1
    excerpt: str = ""

    def __str__(self) -> str:
        head = f"{escaped(self.file, 4096)}:{self.line}:{self.column}: {self.severity} {self.code}: {escaped(self.message, 200)}"
        if not self.excerpt:
            return head + (f"\n      {escaped(self.hint, 200)}" if self.hint else "")
        start = max(0, self.column - 60)
        shown = escaped(self.excerpt[start : start + 100], 100)
        before = len(escaped(self.excerpt[start : self.column - 1], 100))
        caret = " " * before + "^" * max(1, min(self.length, len(self.excerpt) - self.column + 1, len(shown) - before))
        return f"{head}\n{self.line:5} | {shown}\n      | {caret} {escaped(self.hint, 200)}".rstrip()

    def as_json(self) -> dict[str, Any]:
        """The finding as plain data, for editors and scripts."""
        data = asdict(self)
        data["file"] = escaped(self.file, 4096)
        data["message"], data["hint"] = escaped(self.message, 500), escaped(self.hint, 500)
        data["excerpt"] = escaped(self.excerpt, 200)
        return data
