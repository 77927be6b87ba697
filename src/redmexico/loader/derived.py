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
    """Every definition as a tree, each after those that it is made of."""
    trees: dict[str, Tree] = {}
    order, circular = _ordered(lines)
    broken = [line for line in order if not _read(known, line, lines, trees, quiet=True)]
    _complain(known, [*broken, *circular], lines, trees)
    return trees


def _ordered(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The definitions in an order in which they can be read, and those that need one another."""
    of = {line.name: k for k, line in enumerate(lines)}
    needs = [{of[name] for name in _named(line) if name in of} for line in lines]
    users: dict[int, list[int]] = {}
    for k, needed in enumerate(needs):
        for other in needed:
            users.setdefault(other, []).append(k)
    free = deque(k for k, needed in enumerate(needs) if not needed)
    done: list[int] = []
    while free:
        k = free.popleft()
        done.append(k)
        for user in users.get(k, ()):
            needs[user].discard(k)
            if not needs[user]:
                free.append(user)
    return [lines[k] for k in done], [line for line, needed in zip(lines, needs, strict=True) if needed]


def _named(line: Line) -> list[str]:
    """What a definition may be made of: names as they stand, and as its scene's own."""
    found = _NAME.findall(line.text)
    return found + [f"{line.scene}.{name}" for name in found] if line.scene else found


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
