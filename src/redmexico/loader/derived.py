"""Computed qualities: state.yaml's and those of scenes, in whatever order they need one another."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from redmexico.expression import Tree
from redmexico.grammar import FLAG, NUMBER
from redmexico.loader.compile import Known, Reader
from redmexico.loader.tree import Source, Way


class Line(NamedTuple):
    """One definition: where it stands, its full name, and its words."""

    reader: Reader
    way: Way
    name: str
    text: str
    scene: str
    """"" for state.yaml's, which every scene may use"""


def lines_of(source: Source, known: Known, scene: str = "") -> list[Line]:
    """The definitions under a file's `derived:`."""
    data: Any = source.data.get("derived", {}) if isinstance(source.data, dict) else {}
    if not isinstance(data, dict):
        return []
    reader = Reader(source, known)
    return [Line(reader, ("derived", n), f"{scene}.{n}" if scene else n, str(t), scene) for n, t in data.items()]


def read_all(known: Known, lines: list[Line]) -> dict[str, Tree]:
    """Every definition as a tree. Each round reads those whose parts are known by then."""
    trees: dict[str, Tree] = {}
    waiting = lines
    while waiting:
        still = [line for line in waiting if not _read(known, line, lines, trees, quiet=True)]
        if len(still) == len(waiting):
            _complain(known, still, lines, trees)
            break
        waiting = still
    return trees


def _complain(known: Known, still: list[Line], lines: list[Line], trees: dict[str, Tree]) -> None:
    """What cannot be read is faulty, or waits for something that waits for it."""
    names = {line.name for line in still}
    for line in still:
        waits = sorted(set(re.findall(r"[a-z_.]+", line.text)) & names)
        if waits:
            said = f"'{line.name}' is made of '{waits[0]}', and that of it"
            line.reader.source.at(line.way, "RM205", said, "write one of them out")
        else:
            _read(known, line, lines, trees, quiet=False)


def _read(known: Known, line: Line, lines: list[Line], trees: dict[str, Tree], quiet: bool) -> bool:
    """Read one definition as a condition, or else as a number; whether it could be read."""
    source, names = line.reader.source, known.names
    before = list(source.findings)
    own = [other for other in lines if other.scene == line.scene and other.name in trees] if line.scene else []
    names.local = {str(other.way[-1]): other.name for other in own}
    for kind in (FLAG, NUMBER):
        source.findings = list(before)
        tree = line.reader.expression(line.way, line.text, kind, line.name)
        if tree is not None:
            names.qualities[line.name] = kind
            names.derived.add(line.name)
            trees[line.name] = tree
            break
    names.local = {}
    if quiet or line.name in trees:
        source.findings = before
    return line.name in trees
