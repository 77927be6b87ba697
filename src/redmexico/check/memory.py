"""What a check found, kept until a file changes: a second check of the same files answers at once."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from redmexico import cache
from redmexico.findings import Finding


class Checked(NamedTuple):
    """What a check came to."""

    findings: list[Finding]
    scenes: int
    events: int
    packs: list[Path]
    """the packs that were read, those that others build on first"""
    top: str
    """how the names of the last pack's files begin"""


def checked(given: Sequence[Path], folder: Path | None, check: Callable[[], Checked]) -> Checked:
    """What `check` finds in the packs given; from the file in `folder` if none that it read has changed since."""
    place = None
    if folder is not None:
        place = folder / f"{cache.name_of([Path.cwd(), *given])}.check"
        found = _read(place)
        if found is not None:
            return found
    result = check()
    if place is not None:
        _write(place, result)
    return result


def _fields(finding: Finding) -> tuple[Any, ...]:
    return tuple(getattr(finding, name) for name in Finding.__slots__)


def _key(packs: Sequence[Path]) -> str:
    return cache.key_of(packs, ("check", "logic"))


def _read(place: Path) -> Checked | None:
    try:
        data = json.loads(place.read_bytes())
        packs = [Path(pack) for pack in data["packs"]]
        if data["key"] != _key(packs):
            return None
        findings = [Finding(*fields) for fields in data["findings"]]
        return Checked(findings, data["scenes"], data["events"], packs, data["top"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _write(place: Path, result: Checked) -> None:
    """Keep it; a folder that cannot be written only costs time."""
    data = {**result._asdict(), "key": _key(result.packs), "packs": [str(pack.resolve()) for pack in result.packs]}
    data["findings"] = [list(_fields(finding)) for finding in result.findings]
    with contextlib.suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                json.dump(data, file)  # a name of a file may hold what no text can
            Path(temporary).replace(place)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
