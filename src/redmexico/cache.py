"""Story ⇄ its compiled form on disk: play starts here, and builds only when files changed.

One file a pack, in the user's own cache folder: a line that says what it is, the form, then
the scenes one by one, each decoded when it is first entered. A cache that is missing, damaged
or old is made again; one that cannot be written is done without. It holds data only, never code.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redmexico.model import Story

if TYPE_CHECKING:
    from redmexico.loader import Loaded

FORMAT = 2


def open_story(pack: Path, folder: Path | None) -> Story:
    """The story of a pack, from the cache in `folder` if that is still true.

    Raises BrokenPack where the pack has errors.
    """
    key = _key(pack)
    place = None if folder is None else folder / f"{sha256(str(pack.resolve()).encode()).hexdigest()[:16]}.story"
    if place is not None:
        found = _read(place, key)
        if found is not None:
            return found
    from redmexico.errors import BrokenPack
    from redmexico.loader import load_form

    loaded = load_form(pack)
    if loaded.errors:
        raise BrokenPack(
            f"{len(loaded.errors)} error{'s' if len(loaded.errors) > 1 else ''} in {pack.name}",
            tuple(loaded.findings),
            str(pack),
            "redmexico check",
        )
    if place is not None:
        _write(place, key, loaded)
    return loaded.story()


def _key(pack: Path) -> str:
    """What the files of a pack look like from outside: names, sizes, times."""
    digest = sha256(f"{FORMAT}".encode())
    for folder, folders, files in os.walk(pack):
        folders.sort()
        for name in sorted(files):
            if name.endswith((".yaml", ".yml")):
                path = Path(folder) / name
                with contextlib.suppress(OSError):
                    info = path.lstat()
                    digest.update(
                        f"{path}\0{info.st_size}\0{info.st_mtime_ns}\0{info.st_mode}\n".encode(
                            "utf-8", "surrogateescape"
                        )
                    )
    code = Path(__file__).resolve().parent
    for path in sorted((*code.glob("*.py"), *code.glob("loader/*.py"))):
        digest.update(f"{path.name}\0{path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _read(place: Path, key: str) -> Story | None:
    """The story in a cache file, or None if it is not this one, or damaged."""
    try:
        file = _File(os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0)))
        line = file.line()
        head = json.loads(line)
        if head["format"] != FORMAT or head["key"] != key or head["sha256"] != file.digest(len(line)):
            return None
        form: Mapping[str, Any] = json.loads(file.read(len(line), head["form"]))
        index: Mapping[str, list[int]] = head["scenes"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return Story(form, _reader(file, len(line), index))


def _reader(file: _File, begins: int, index: Mapping[str, list[int]]) -> Callable[[str], Mapping[str, Any]]:
    def scene(id: str) -> Mapping[str, Any]:
        start, size = index[id]
        form: Mapping[str, Any] = json.loads(file.read(begins + start, size))
        return form

    return scene


class _File:
    """A cache file that stays open: scenes are read from it when they are first entered.

    It is replaced by renaming, never written again, so what was checked once stays as it was.
    """

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def __del__(self, close: Callable[[int], None] = os.close) -> None:  # bound here: at the end of the program `os` is gone
        close(self._fd)

    def read(self, start: int, size: int) -> bytes:
        os.lseek(self._fd, start, os.SEEK_SET)
        parts = []
        while size > 0:
            part = os.read(self._fd, size)
            if not part:
                raise OSError("the file is shorter than it was")
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def line(self) -> bytes:
        """The first line, with its end."""
        os.lseek(self._fd, 0, os.SEEK_SET)
        found = b""
        while part := os.read(self._fd, 1 << 16):
            line, end, _ = part.partition(b"\n")
            found += line + end
            if end:
                return found
        raise ValueError("no line")

    def digest(self, start: int) -> str:
        """The sum of everything from a place on."""
        os.lseek(self._fd, start, os.SEEK_SET)
        digest = sha256()
        while part := os.read(self._fd, 1 << 18):
            digest.update(part)
        return digest.hexdigest()


def _dumps(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _write(place: Path, key: str, loaded: Loaded) -> None:
    """Keep a compiled story; a folder that cannot be written is no reason not to play."""
    parts = [_dumps(loaded.form)]
    index: dict[str, list[int]] = {}
    at = len(parts[0])
    for id, form in loaded.scenes.items():
        parts.append(_dumps(form))
        index[id] = [at, len(parts[-1])]
        at += len(parts[-1])
    rest = b"".join(parts)
    head = {"format": FORMAT, "key": key, "sha256": sha256(rest).hexdigest(), "form": len(parts[0]), "scenes": index}
    with contextlib.suppress(OSError):
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        import tempfile  # only where a cache is made

        handle, temporary = tempfile.mkstemp(dir=place.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_dumps(head) + b"\n" + rest)
            Path(temporary).replace(place)
        except OSError:
            Path(temporary).unlink(missing_ok=True)
            raise
