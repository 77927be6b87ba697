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


def checked(packs: Sequence[Path], folder: Path | None, check: Callable[[], Checked]) -> Checked:
    """What `check` finds in these packs; from the file in `folder` if none of theirs has changed since."""
    place = None
    key = ""
    if folder is not None:
        key = cache.key_of(packs, ("check", "logic"))
        place = folder / f"{cache.name_of([Path.cwd(), *packs])}.check"
        found = _read(place, key)
        if found is not None:
            return found
    result = check()
    if place is not None:
        _write(place, {"key": key, "scenes": result.scenes, "events": result.events,
                       "findings": [list(_fields(finding)) for finding in result.findings]})  # fmt: skip
    return result


def _fields(finding: Finding) -> tuple[Any, ...]:
    return tuple(getattr(finding, name) for name in Finding.__slots__)


def _read(place: Path, key: str) -> Checked | None:
    try:
        data = json.loads(place.read_bytes())
        if data["key"] != key:
            return None
        return Checked([Finding(*fields) for fields in data["findings"]], data["scenes"], data["events"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(place: Path, data: dict[str, Any]) -> None:
    """Keep it; a folder that cannot be written only costs time."""
    with contextlib.suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=place.parent)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(data, file, ensure_ascii=False)
        Path(temporary).replace(place)
