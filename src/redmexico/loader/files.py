"""The files of a pack's folder: found, refused where they are none of its own, and read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redmexico.errors import BrokenPack
from redmexico.findings import escaped
from redmexico.loader.tree import MAX_BYTES, Source, read_source

MAX_FILES, MAX_PACK, MAX_NAME = 25_000, 64 << 20, 4096
FILES = ("story", "state", "events", "cast", "sources", "codex", "endings", "achievements", "map", "patches")


@dataclass(slots=True)
class Pack:
    """A pack as it lies on the disk: its files by their names in it."""

    title: str
    sources: dict[str, Source]
    folder: Path = Path()

    @property
    def story(self) -> dict[str, Any]:
        """What its story.yaml says, unchecked."""
        data = self.sources["story.yaml"].data if "story.yaml" in self.sources else None
        return data if isinstance(data, dict) else {}

    @property
    def id(self) -> str:
        found = self.story.get("id")
        return found if isinstance(found, str) else self.title

    @property
    def requires(self) -> list[str]:
        """The packs it builds on; a story of its own names none."""
        found = self.story.get("requires")
        return [str(id) for id in found] if isinstance(found, list) else []


@dataclass(slots=True)
class Shelf:
    """Files that were read before: read again only where they changed."""

    kept: dict[Path, tuple[tuple[int, int], Source]] = field(default_factory=dict)

    def read(self, path: Path, shown: str) -> Source:
        try:
            info = path.stat()
        except OSError:
            return read_source(path, shown)  # it went away as it was looked at
        stamp = (info.st_size, info.st_mtime_ns)
        found = self.kept.get(path)
        if found is None or found[0] != stamp:
            found = self.kept[path] = (stamp, read_source(path, shown))
        found[1].begin()
        return found[1]


def read_pack(path: Path, shelf: Shelf | None = None) -> Pack:
    """Every YAML file of a pack."""
    if not (path / "story.yaml").is_file():
        raise BrokenPack("there is no story.yaml here", (), str(path), "give the folder of a pack")
    root = path.resolve()
    pack = Pack(root.name, {}, path)
    here = Path.cwd()
    top = root.relative_to(here).as_posix() if root.is_relative_to(here) and root != here else root.name
    total = 0
    for file in _walk(path):
        name = file.relative_to(path).as_posix()
        shown = escaped(f"{top}/{name}", MAX_NAME)
        source = _refused(file, shown) or (shelf.read(file, shown) if shelf else read_source(file, shown))
        total += len(source.text)
        if len(pack.sources) >= MAX_FILES or total > MAX_PACK:
            raise BrokenPack(f"more than {MAX_FILES} files or {MAX_PACK >> 20} MiB", (), str(path), "split the pack")
        pack.sources[name] = source
    return pack


def yaml_files(path: Path) -> list[Path]:
    """The files of a pack that are its own to change: no links."""
    return [file for file in _walk(path) if file.is_file() and not file.is_symlink()]


def resolved(given: Sequence[Path], ours: Path) -> list[Path]:
    """The folders to load: those given, and before a mod what it builds on, where nobody gave it.

    Our own story is known; another is looked for beside the mod.
    """
    whole: list[Path] = []
    for path in given:
        _put_before(path, whole, ours, {_story_of(other).id for other in given})
        whole.append(path)
    return whole


def _put_before(path: Path, whole: list[Path], ours: Path, named: set[str]) -> None:
    """The packs that one builds on, those first that they build on themselves."""
    for id in _story_of(path).requires:
        if id in named:
            continue
        beside = (ours, *sorted(folder for folder in path.resolve().parent.iterdir() if folder.is_dir()))
        found = next((folder for folder in beside if _story_of(folder).id == id), None)
        if found is not None:
            named.add(id)
            _put_before(found, whole, ours, named)
            whole.append(found)


def _story_of(path: Path) -> Pack:
    """A pack by its story.yaml alone."""
    file = path / "story.yaml"
    return Pack(path.name, {"story.yaml": read_source(file, file.name)} if file.is_file() else {})


def _walk(path: Path) -> Iterator[Path]:
    yield from (path / f"{name}.yaml" for name in FILES if os.path.lexists(path / f"{name}.yaml"))
    yield from _yaml_in(path / "scenes")
    for folder in sorted(path.iterdir()):
        if len(folder.name) == 2 and folder.name.isalpha() and folder.is_dir():
            yield from _yaml_in(folder)


def _yaml_in(top: Path) -> Iterator[Path]:
    """The YAML files below a folder, in order, and the links that stand for any."""
    if top.is_symlink():
        yield top
        return
    for folder, folders, files in os.walk(top):
        folders.sort()
        yield from (Path(folder) / name for name in sorted(folders) if (Path(folder) / name).is_symlink())
        yield from (Path(folder) / name for name in sorted(files) if name.endswith((".yaml", ".yml")))


def _refused(file: Path, shown: str) -> Source | None:
    """A finding in place of a file that is not a plain one; no folder on the way to it is a link, or it was not walked."""
    source = Source(shown)
    try:
        info = file.lstat()
    except OSError as error:
        source.report("RM101", f"cannot be read: {error.strerror}", 0, 0, "see who may read it, and whether it is a file")
        return source
    if stat.S_ISLNK(info.st_mode):
        source.report("RM111", "a link, not a file of this pack", 0, 0, "copy the file into the pack")
    elif not stat.S_ISREG(info.st_mode):
        source.report("RM111", "not a plain file", 0, 0, "a pack is made of plain files")
    elif info.st_size > MAX_BYTES:
        source.report("RM150", f"the file has {info.st_size} bytes, the limit is {MAX_BYTES}", 0, 0, "split it")
    return source if source.findings else None
