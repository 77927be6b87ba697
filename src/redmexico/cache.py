"""Story ⇄ its compiled form on disk: play starts here, and builds only when files changed.

One file a pack, in the user's own cache folder: a line that says what it is, the form, then
the scenes one by one, each decoded when it is first entered. A cache that is missing, damaged
or old is made again; one that cannot be written is done without. It holds data only, never code.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redmexico.model import Story

if TYPE_CHECKING:
    from redmexico.loader import Loaded

FORMAT = 7


def open_story(
    packs: Path | Sequence[Path], folder: Path | None, language: str = "", ours: Path | None = None
) -> Story:
    """The story of packs, what others build on first, from the cache in `folder` if that is still true.

    `ours` is the story that a mod given alone may build on.

    Raises BrokenPack where the packs have errors.
    """
    given = [packs] if isinstance(packs, Path) else list(packs)
    place = None if folder is None else folder / f"{name_of(given)}.story"
    if place is not None:
        found = _read(place, language)
        if found is not None:
            return found
    from redmexico.loader import load_form, refuse_broken, resolved

    whole = resolved(given, ours) if ours else given
    key = key_of(whole)
    loaded = load_form(*whole)
    refuse_broken(loaded, given[-1])
    if place is not None:
        _write(place, whole, key, loaded)
    return loaded.story(language)


def name_of(packs: Sequence[Path]) -> str:
    """The name under which something is kept of these folders."""
    text = "\0".join(str(pack.resolve()) for pack in packs)
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]


def key_of(packs: Sequence[Path], folders: Sequence[str] = ()) -> str:
    """What the files of packs look like from outside, and those of the program that read them: names, sizes, times.

    `folders` are further parts of the program that have a say in what is kept.
    """
    digest = sha256(f"{FORMAT}".encode())
    for pack in packs:
        with contextlib.suppress(OSError):
            digest.update("".join(_stamps(str(pack))).encode("utf-8", "surrogateescape"))
    code = Path(__file__).resolve().parent
    parts = [code, code / "loader", *(code / name for name in folders)]
    for path in (file for part in parts for file in sorted(part.glob("*.py"))):
        digest.update(f"{path.name}\0{path.stat().st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _stamps(folder: str) -> Iterator[str]:
    """A line for every YAML file below a folder, in order; hidden folders are nobody's story."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith("."):
                with contextlib.suppress(OSError):
                    yield from _stamps(entry.path)
        elif entry.name.endswith((".yaml", ".yml")):
            with contextlib.suppress(OSError):
                info = entry.stat(follow_symlinks=False)
                yield f"{entry.path}\0{info.st_size}\0{info.st_mtime_ns}\0{info.st_mode}\n"


def _read(place: Path, language: str) -> Story | None:
    """The story in a cache file, or None if its packs have changed, or it is damaged."""
    try:
        file = _File(os.open(place, os.O_RDONLY | getattr(os, "O_BINARY", 0)))
        line = file.line()
        head = json.loads(line)
        if head["format"] != FORMAT or head["sha256"] != file.digest(len(line)):
            return None
        if head["key"] != key_of([Path(pack) for pack in head["packs"]]):
            return None
        form: Mapping[str, Any] = json.loads(file.read(len(line), head["form"]))
        index: Mapping[str, list[int]] = head["scenes"]
        told: Mapping[str, Mapping[str, list[int]]] = head["tongues"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    part = _reader(file, len(line))

    def tongue(language: str, scene: str) -> Mapping[str, Any]:
        place = told.get(language, {}).get(scene)
        return part(place) if place else {}

    return Story(form, lambda id: part(index[id]), language, tongue)


def _reader(file: _File, begins: int) -> Callable[[list[int]], Mapping[str, Any]]:
    def part(place: list[int]) -> Mapping[str, Any]:
        start, size = place
        form: Mapping[str, Any] = json.loads(file.read(begins + start, size))
        return form

    return part


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


def _write(place: Path, packs: Sequence[Path], key: str, loaded: Loaded) -> None:
    """Keep a compiled story; a folder that cannot be written is no reason not to play."""
    parts = [_dumps(loaded.form)]
    at = len(parts[0])

    def laid(form: object) -> list[int]:
        """A part laid down: where it begins, and its size."""
        nonlocal at
        parts.append(_dumps(form))
        at += len(parts[-1])
        return [at - len(parts[-1]), len(parts[-1])]

    index = {id: laid(form) for id, form in loaded.scenes.items()}
    told = {
        language: {scene: laid(texts) for scene, texts in scenes.items()}
        for language, scenes in loaded.tongues.items()
    }
    rest = b"".join(parts)
    head = {"format": FORMAT, "key": key, "sha256": sha256(rest).hexdigest(), "form": len(parts[0])}
    head |= {"packs": [str(pack.resolve()) for pack in packs], "scenes": index, "tongues": told}
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
