"""Small files of the game's own: settings, and what was found. Losing one costs a player little.

They are read with distrust (a value that does not fit is as if it were not there) and written whole.
A file that cannot be read is moved beside itself before another takes its place.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from redmexico.language import noted, phrase

MAX_BYTES = 1 << 20


def read(path: Path) -> dict[str, Any]:
    """What a file holds; {} where there is none, or none that can be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return {}
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def write(path: Path, data: dict[str, Any]) -> str:
    """Put a file in place; why it could not be done, or ""."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and not read(path) and path.read_bytes().strip() not in (b"", b"{}"):
            path.replace(path.with_name(f"{path.name}.old"))
        temporary = path.with_name(f".new-{os.getpid()}-{path.name}")
        try:
            temporary.write_text(json.dumps(data, sort_keys=True, indent=1) + "\n", encoding="utf-8")
            temporary.replace(path)
        except OSError:
            with suppress(OSError):
                temporary.unlink()
            raise
    except OSError as error:
        return phrase(error.strerror or noted("unknown reason"))
    return ""
