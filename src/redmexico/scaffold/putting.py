"""How new files and entries reach the disk: never over anything, and taken back if the loader finds fault."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from redmexico import schema
from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.loader.pack import Loaded, load_form
from redmexico.loader.tree import parse_source


def opened(pack: Path, below: Sequence[Path]) -> Loaded:
    """The pack as it is, above those it builds on; it must be one, and its story.yaml be readable."""
    loaded = load_form(*below, pack)
    if not loaded.form:
        found = loaded.errors[0]
        raise RedMexicoError(
            f"the pack cannot be read: {found.message}", f"{found.file}:{found.line}", found.hint or "redmexico check"
        )
    return loaded


def put_file(path: Path, text: str) -> None:
    """A new file; RedMexicoError where there is one already."""
    with _told(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)


def none_in_the_way(paths: Sequence[Path]) -> None:
    """RedMexicoError where one of the files is there already, before any is written."""
    for path in paths:
        if os.path.lexists(path):
            raise RedMexicoError(
                "there is a file already, and nothing is overwritten",
                str(path),
                "choose another folder, or move it away",
            )


@contextlib.contextmanager
def _told(path: Path) -> Iterator[None]:
    """What the disk says against it, in our words."""
    try:
        yield
    except FileExistsError as error:
        where = error.filename or str(path)
        raise RedMexicoError("it is there already, and nothing is overwritten", where, "choose another name") from error
    except OSError as error:
        raise RedMexicoError(f"cannot be written: {error.strerror}", str(path), "see who owns the folder") from error


def add_file(path: Path, text: str, pack: Path, below: Sequence[Path], before: Loaded) -> Path:
    """A new file of a pack, which the loader finds nothing against."""
    made = [folder for folder in path.parents if not folder.exists()]
    put_file(path, text)
    try:
        _accepted(path, pack, below, before)
    except BaseException:
        path.unlink()
        for folder in made:
            folder.rmdir()
        raise
    return path


def append(path: Path, entry: str, pack: Path, below: Sequence[Path], before: Loaded) -> Path:
    """One more entry at the end of a list, whose bytes stay as they are."""
    if path.is_symlink():
        raise RedMexicoError("a link, not a file of this pack", str(path), "copy the file into the pack")
    if not path.exists():
        return add_file(path, f"# yaml-language-server: $schema=.schema/{path.stem}.json\n{entry}", pack, below, before)
    with _told(path):
        old = path.read_bytes()
        addition = appended(old, entry, path)
        with path.open("ab") as file:
            file.write(addition)
    try:
        _accepted(path, pack, below, before)
    except BaseException:
        with path.open("r+b") as file:
            file.truncate(len(old))
        raise
    return path


def appended(old: bytes, entry: str, path: Path) -> bytes:
    """What to write after a file's bytes, so that its list has one entry more and no other change."""
    source = parse_source(old, path.name)
    data = source.data
    if source.findings and any(finding.severity == "error" for finding in source.findings):
        raise _fault(source.findings[0], str(path))
    if data is not None and not isinstance(data, list):
        raise RedMexicoError("this is no list to append to", str(path), "begin each entry with '- id:'")
    eol = "\r\n" if b"\r\n" in old else "\n"
    lead = "" if old.endswith(b"\n") or not old.strip() else eol
    indent = _indent(source.excerpt(source.places[0,].line)) if data else 0
    if indent < 0:
        raise RedMexicoError(
            "the list stands in brackets", str(path), "write it as '- id: …', an entry below the other"
        )
    lines = [" " * indent + line if line else line for line in entry.splitlines()]
    for gap in (eol, ""):
        addition = (lead + gap * bool(data) + eol.join(lines) + eol).encode()
        now = parse_source(old + addition, path.name).data
        if isinstance(now, list) and now[:-1] == (data or []) and len(now) == len(data or []) + 1:
            return addition
    raise RedMexicoError(
        "nothing can be added at the end of this file", str(path), "take out what follows the last entry"
    )


def _indent(line: str) -> int:
    """The column of a list's dash; -1 where the list has none."""
    bare = line.lstrip(" ")
    return len(line) - len(bare) if bare.startswith("-") else -1


def _accepted(path: Path, pack: Path, below: Sequence[Path], before: Loaded) -> None:
    """Raise what the loader has to say of the file that it had not said before; else refresh the schemas."""
    loaded = load_form(*below, pack)
    shown = f"{(pack.name or pack.resolve().name)}/{path.relative_to(pack).as_posix()}"
    known = set(before.findings)
    found = [finding for finding in loaded.findings if finding.file == shown and finding not in known]
    if found:
        raise _fault(found[0], str(path))
    if (pack / schema.FOLDER).is_dir():
        schema.write(pack, loaded)


def _fault(finding: Finding, where: str) -> RedMexicoError:
    return RedMexicoError(
        finding.message, f"{where}:{finding.line}", finding.hint or f"redmexico explain {finding.code}"
    )
