"""Computed qualities: state.yaml's and those of scenes, in whatever order they need one another."""

from __future__ import annotations

import re
from collections import deque
from typing import Any, NamedTuple

from redmexico.expression import Tree
from redmexico.grammar import FLAG, NUMBER, Type
from redmexico.loader.compile import Known, Reader
from redmexico.loader.tree import Source, Way

_NAME = re.compile(r"[a-z_][a-z0-9_]*(?:\.[a-z_][a-z0-9_]*)*")
MAX_DEPTH, MAX_SIZE = 32, 2_000
"""How deep computed names may be made of one another, and of how many parts all in all."""


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
        if not scene:  # of a scene its shape says so
            source.at(("derived",), "RM104", "a mapping of definitions expected", "write: hungry: bread < 3, further in")
        return []
    reader = Reader(source, known)
    return [Line(reader, ("derived", n), f"{scene}.{n}" if scene else n, str(t), scene) for n, t in data.items()]


def read_all(known: Known, lines: list[Line]) -> dict[str, Tree]:
    """Every definition as a tree, each after those that it is made of."""
    order, circular = _ordered(lines)
    reading = _Reading(known)
    broken: set[str] = set()
    for line in order:
        if not reading.read(line, quiet=bool(broken & set(_NAME.findall(line.text)))):
            broken.add(line.name)
    names = {line.name for line in circular}
    for line in circular:
        waits = sorted(set(_NAME.findall(line.text)) & names)
        if waits:
            said = f"'{line.name}' is made of '{waits[0]}', and that of it"
            line.reader.source.at(line.way, "RM205", said, "write one of them out")
        else:
            reading.read(line, quiet=False)
    return reading.trees


def _ordered(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The definitions in an order in which they can be read, and those that need one another."""
    of = {line.name: k for k, line in enumerate(lines)}
    needs = [_needed(line, k, of) for k, line in enumerate(lines)]
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


def _needed(line: Line, number: int, of: dict[str, int]) -> set[int]:
    """The definitions that one is made of, by number; a scene's own come before the story's of that name."""
    found = set()
    for name in _NAME.findall(line.text):
        own = of.get(f"{line.scene}.{name}", number) if line.scene else number
        meant = own if own != number else of.get(name)
        if meant is not None:
            found.add(meant)
    return found


class _Reading:
    """Definitions being read one after the other, and the names they make known."""

    def __init__(self, known: Known) -> None:
        self.names = known.names
        self.trees: dict[str, Tree] = {}
        self.sizes: dict[str, tuple[int, int]] = {}
        """how deep each is, and of how many parts"""
        self.own: dict[str, dict[str, str]] = {}
        """scene → its own names, as they stand there → in full"""

    def read(self, line: Line, quiet: bool) -> bool:
        """Read a definition as a condition, or else as a number; whether it could be read.

        Nothing is said of what is made of something broken: that is said there.
        """
        source, names = line.reader.source, self.names
        before = source.findings
        names.local = self.own.get(line.scene, {}) if line.scene else {}
        for kind in (FLAG, NUMBER):
            source.findings = []
            tree = line.reader.expression(line.way, line.text, kind, line.name)
            if tree is not None:
                self.known(line, kind, tree)
                break
        said, source.findings, names.local = source.findings, before, {}
        if not quiet:
            source.findings += said
        return line.name in self.trees

    def measured(self, line: Line) -> None:
        """Refuse what is made of too much: it is worked out anew wherever it is asked for."""
        parts = [self.own.get(line.scene, {}).get(name, name) if line.scene else name for name in _NAME.findall(line.text)]
        sizes = [self.sizes.get(name, (0, 1)) for name in parts]
        depth, size = 1 + max((d for d, _ in sizes), default=0), 1 + sum(s for _, s in sizes)
        self.sizes[line.name] = min(depth, MAX_DEPTH + 1), min(size, MAX_SIZE + 1)
        if depth == MAX_DEPTH + 1 or (depth <= MAX_DEPTH and size > MAX_SIZE >= max((s for _, s in sizes), default=0)):
            said = f"computed from names that are computed in their turn, deeper than {MAX_DEPTH} or of more than {MAX_SIZE} parts"
            line.reader.source.at(line.way, "RM150", said, "keep one of them as a quality, or make it of fewer")

    def known(self, line: Line, kind: Type, tree: Tree) -> None:
        self.names.qualities[line.name] = kind
        self.names.derived.add(line.name)
        self.trees[line.name] = tree
        self.measured(line)
        if line.scene:
            self.own.setdefault(line.scene, {})[str(line.way[-1])] = line.name
