"""A translator's desk: what a language has of a story, what is missing, what its English has left behind."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from redmexico.errors import RedMexicoError
from redmexico.findings import escaped
from redmexico.loader import Loaded
from redmexico.loader.tongues import hash_of
from redmexico.loader.tree import Source, parse_source
from redmexico.suggest import did_you_mean

_OF = re.compile(r'"[^"]*"|\'[^\']*\'|[^\s,}]*')


class Coverage(NamedTuple):
    """What a language has of one file."""

    file: str
    have: int
    whole: int
    stale: int
    words: int
    """words of English that are not there yet"""


def coverage(loaded: Loaded, language: str) -> list[Coverage]:
    """A row a file, in the story's order. Raises where the story does not know the language."""
    known = loaded.form["languages"][1:]
    if language not in known:
        hint = did_you_mean(language, known) or f"add it to 'languages' in story.yaml; known: {', '.join(known) or 'none'}"
        raise RedMexicoError(f"the story has no language '{language}'", hint=hint)
    have = _have(loaded, language)
    stale = loaded.stale.get(language, set())
    files: dict[str, list[str]] = {}
    for key, spot in loaded.texts.items():
        files.setdefault(spot.source.file, []).append(key)
    return [
        Coverage(
            file,
            sum(key in have for key in keys),
            len(keys),
            sum(key in stale for key in keys),
            sum(len(loaded.texts[key].text.split()) for key in keys if key not in have),
        )
        for file, keys in files.items()
    ]


def _have(loaded: Loaded, language: str) -> set[str]:
    return {key for texts in loaded.tongues.get(language, {}).values() for key in texts}


def todo(loaded: Loaded, language: str, only: str = "") -> Iterator[str]:
    """What is missing or stale, as YAML to fill in: the English stands above each, as a comment.

    `only` is a scene, or the name of a file.
    """
    coverage(loaded, language)
    have, stale = _have(loaded, language), loaded.stale.get(language, set())
    file = ""
    for key, spot in loaded.texts.items():
        if (key in have and key not in stale) or not _meant(key, spot.source.file, only):
            continue
        if spot.source.file != file:
            file = spot.source.file
            pack, _, name = file.partition("/")
            yield f"# {pack}/{language}/{name}"
        yield from (f"#   {line}".rstrip() for line in escaped_lines(spot.text))
        yield f"{key}:" + ("  # stale" if key in stale else "")
        yield f'  of: "{hash_of(spot.text)}"'
        yield "  text: |-" if "\n" in spot.text.strip() else '  text: ""'


def escaped_lines(text: str) -> list[str]:
    return [escaped(line, 400) for line in text.strip().split("\n")]


def _meant(key: str, file: str, only: str) -> bool:
    return not only or key.split("#", maxsplit=1)[0].split("/", maxsplit=1)[0] == only or file.endswith(only) or Path(file).stem == only


def accept(loaded: Loaded, language: str, addresses: Sequence[str]) -> list[str]:
    """Stamp translations as made from the English of today; `all` means every stale one. Gives the addresses."""
    stale = loaded.stale.get(language, set())
    wanted = sorted(stale) if list(addresses) == ["all"] else list(addresses)
    for address in wanted:
        if address not in loaded.texts or address not in _have(loaded, language):
            hint = did_you_mean(address, _have(loaded, language))
            raise RedMexicoError(f"'{address}' is not translated", hint=hint or f"redmexico tr {language}")
    for pack in loaded.packs:
        for name, source in pack.sources.items():
            if name.startswith(f"{language}/") and isinstance(source.data, dict):
                mine = [address for address in wanted if address in source.data]
                if mine:
                    _stamp(pack.folder / name, source, {a: hash_of(loaded.texts[a].text) for a in mine})
    return wanted


def _stamp(path: Path, source: Source, hashes: dict[str, str]) -> None:
    """Write new hashes into a file, each at its line and column, and change nothing else in it."""
    raw = path.read_bytes()
    rows = raw.decode("utf-8-sig", "replace").split("\n")
    if [unicodedata.normalize("NFC", row.removesuffix("\r")) for row in rows] != source.lines:
        raise RedMexicoError("the file was changed meanwhile", escaped(str(path), 400), "do it again")
    places = sorted(((source.places[a, "of"], of) for a, of in hashes.items()), key=lambda p: (p[0].line, -p[0].column))
    for place, of in places:
        row, column = rows[place.line], place.column
        if unicodedata.normalize("NFC", row[:column]) != row[:column]:
            row = unicodedata.normalize("NFC", row)  # its columns were counted so
        rows[place.line] = row[:column] + _OF.sub(f'"{of}"', row[column:], count=1)
    bom = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    stamped = bom + "\n".join(rows).encode()
    data = parse_source(stamped, source.file).data
    if not isinstance(data, dict) or any(str(data.get(a, {}).get("of")) != of for a, of in hashes.items()):
        raise RedMexicoError("a stamp could not be written here", escaped(str(path), 400), "write each 'of:' on one line, in quotes")
    path.write_bytes(stamped)
