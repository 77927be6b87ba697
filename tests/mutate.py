"""One slip of a writer's pen at a time in the shipped story, and whether `check` names it.

    python tests/mutate.py --count 500 --seed 1 [--show missed|hint|all] [--kind "goto misspelt"]

A `Slip` is a file's text with one thing changed. The story itself is never touched: a copy of it is read through a
shelf that gives the changed text for one file, so that a slip costs one parse and one check.
Only slips that are faults for certain count. Why each kind is one stands at the function that makes it.
"""

from __future__ import annotations

import argparse
import random
import re
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from redmexico.effects import VERBS
from redmexico.expression import ADDRESSED, FUNCTIONS, PLAIN
from redmexico.findings import Finding
from redmexico.loader import Workshop, shapes
from redmexico.loader.files import Shelf
from redmexico.loader.pack import Loaded
from redmexico.loader.state_file import COMMON, OWN
from redmexico.loader.tree import Source, Way, parse_source

try:
    from redmexico.check import examine
except ImportError:  # the loader's own findings, where there is no checker yet

    def examine(loaded: Loaded) -> list[Finding]:
        return loaded.findings


CONTENT = Path(__file__).resolve().parent.parent / "content"


class Slip(NamedTuple):
    """One thing changed. `right` are the lines (file, from 1) at which a finding is at the right place."""

    kind: str
    file: str
    text: str
    right: frozenset[tuple[str, int]]
    said: str
    """what was changed into what"""
    meant: str = ""
    """the name that a misspelling's hint must give"""


class Spot(NamedTuple):
    """A name in a file: what it names, and where it stands (line from 0)."""

    what: str
    name: str
    file: str
    line: int
    column: int
    way: Way
    scene: str

    @property
    def place(self) -> tuple[str, int]:
        return self.file, self.line + 1


# ---- the ground: every name, key and text of the story, with its place

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_CALL = re.compile(r"\b(" + "|".join(sorted(ADDRESSED)) + r")\(\s*([^\s)]+)\s*\)")
_CONDITION = re.compile(r"(?:\{if|\|\s*elif)\s+([^:{}|]+):")
_VALUE = re.compile(r"\{([a-z][a-z0-9_.]*)(?:\|words)?\}")
_LINK = re.compile(r"\[\[([a-z0-9_]+)")
_MARK = re.compile(r"\{(if)\s|\{(cycle|once|shuffle):|\|\s*(elif|else)\b|\{[a-z_.]+\|(words)\}")
_EFFECT = re.compile(r"\s*([a-z_][a-z0-9_.]*)\s*(?:\+=|-=|=(?!=))\s*")
_VERB = re.compile(r"\s*([a-z_]+)\s+([a-z0-9_]+)\s*$")
_OPERATORS = {"and", "or", "not", "in", "if", "else", "true", "false", "it"}
_VERB_NAMES = {"codex": "codex", "achievement": "achievement", "scene": "scene", "carrier": "word", "ending": "ending"}
_EXPRESSIONS = {"if", "here", "ends", "gain"}
_POINTERS = {
    "goto": "target", "to": "target", "call": "scene", "scene": "scene", "else": "scene", "earned": "scene",
    "event": "event", "who": "person", "fact": "fact", "facts": "fact", "ending": "ending", "act": "act", "line": "line",
    "document": "document", "where": "region", "home": "region", "status": "quality", "flags": "note", "deck": "deck",
    "tag": "tag",
}  # fmt: skip
"""keys whose text, or whose list's items, name something"""


def walk(data: Any, way: Way = ()) -> Iterator[tuple[Way, Any]]:
    """Every part of a file, the whole first."""
    yield way, data
    parts: Iterable[tuple[Any, Any]] = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in parts:
        yield from walk(value, (*way, key))


class _Changed(Shelf):
    """The files as they are, but for one that says something else."""

    def __init__(self) -> None:
        super().__init__()
        self.other: tuple[Path, Source] | None = None

    def read(self, path: Path, shown: str) -> Source:
        if self.other is not None and self.other[0] == path:
            self.other[1].begin()
            return self.other[1]
        return super().read(path, shown)


@dataclass
class Ground:
    """The story as it stands, and what can be changed in it."""

    folder: Path
    """where the copy is made"""
    story: Path = CONTENT
    shelf: _Changed = field(default_factory=_Changed)

    def __post_init__(self) -> None:
        # A copy without translations: they repeat a fault of the English, and nobody edits the copy meanwhile.
        self.root = self.folder / self.story.name
        shutil.copytree(self.story, self.root, ignore=lambda folder, names: [n for n in names if len(n) == 2] + [".schema"])
        self.workshop = Workshop(self.shelf)
        self.loaded = self.workshop.load([self.root])
        self.files = dict(self.loaded.sources)
        self.names = {source.file: name for name, source in self.files.items()}
        self.before = Counter(map(_sense, examine(self.loaded)))

    def check(self, slip: Slip) -> list[Finding]:
        """What `check` says of the story with the slip, and did not say without."""
        source = self.files[slip.file]
        self.shelf.other = self.root / slip.file, parse_source(slip.text.encode(), source.file)
        try:
            found = examine(self.workshop.load([self.root]))
        finally:
            self.shelf.other = None
        left = self.before.copy()
        fresh = []
        for finding in found:
            left[_sense(finding)] -= 1
            if left[_sense(finding)] < 0:
                fresh.append(finding)
        return fresh

    # names

    @cached_property
    def spots(self) -> list[Spot]:
        """Every name that something declared elsewhere."""
        return [spot for name, source in self.files.items() for spot in self._spots(name, source) if self._stands(spot)]

    def of(self, *what: str) -> list[Spot]:
        return [spot for spot in self.spots if spot.what in what]

    def _stands(self, spot: Spot) -> bool:
        """Whether the name stands on its line as it is (not broken over lines, not behind escapes)."""
        return self.files[spot.file].excerpt(spot.line).startswith(spot.name, spot.column)

    def _spots(self, name: str, source: Source) -> Iterator[Spot]:
        scene = name.rsplit("/", 1)[-1].removesuffix(".yaml") if name.startswith("scenes/") else ""
        for way, value in walk(source.data):
            if not isinstance(value, str):
                continue
            for what, word, offset in self._named(name, way, value):
                found = source.finding(way, "", "", offset=offset)
                yield Spot(what, word, name, found.line - 1, found.column - 1, way, scene)

    def _named(self, file: str, way: Way, value: str) -> Iterator[tuple[str, str, int]]:
        keys = [part for part in way if isinstance(part, str)]
        key = keys[-1] if keys else ""
        inside = isinstance(way[-1], int) if way else False
        if key in _EXPRESSIONS or (key == "needs" and not inside) or "derived" in keys[:-1]:
            yield from self._expression(value, 0)
        elif key in ("do", "summon"):
            yield from self._effect(value)
        elif key in _POINTERS and (not inside or key in ("facts", "earned", "status", "flags")):
            known = {"next", "end", "council", "both", "notebook", "rules"}
            if value not in known:
                yield _POINTERS[key], value, 0
        elif way in self._prose.get(file, ()):
            yield from self._text(value)

    @cached_property
    def _prose(self) -> dict[str, set[Way]]:
        out: dict[str, set[Way]] = {}
        for spot in self.loaded.texts.values():
            if spot.prose:
                out.setdefault(self.names[spot.source.file], set()).add(spot.way)
        return out

    def _text(self, value: str) -> Iterator[tuple[str, str, int]]:
        for match in _CONDITION.finditer(value):
            yield from self._expression(match[1], match.start(1))
        for match in _VALUE.finditer(value):
            if match[1] in self.qualities:
                yield "value", match[1], match.start(1)
        for match in _LINK.finditer(value):
            yield "codex", match[1], match.start(1)
        for match in _MARK.finditer(value):
            group = match.lastindex or 1
            yield "mark", match[group], match.start(group)

    def _expression(self, text: str, start: int) -> Iterator[tuple[str, str, int]]:
        taken: list[tuple[int, int]] = []
        for match in _CALL.finditer(text):
            taken.append(match.span())
            kind = FUNCTIONS[match[1]][0][0]
            yield "function", match[1], start + match.start(1)
            yield "scene" if "/" not in match[2] and kind == "choice" else kind, match[2], start + match.start(2)
        for match in _WORD.finditer(text):
            word = match.group()
            if any(a <= match.start() < b for a, b in taken) or word in _OPERATORS or word.startswith("it."):
                continue
            if text[match.end() : match.end() + 1] == "(":
                yield "function", word, start + match.start()
            elif word in self.qualities:
                yield "quality", word, start + match.start()
            elif word in PLAIN:
                yield "plain", word, start + match.start()
            elif word in self.words:
                yield "word", word, start + match.start()

    def _effect(self, line: str) -> Iterator[tuple[str, str, int]]:
        match = _EFFECT.match(line)
        if match:
            yield "quality", match[1], match.start(1)
            yield from self._expression(line[match.end() :], match.end())
            return
        match = _VERB.match(line)
        if match and match[1] in VERBS:
            yield "verb", match[1], match.start(1)
            if match[2] != "all":
                yield _VERB_NAMES[VERBS[match[1]][0]], match[2], match.start(2)

    @cached_property
    def qualities(self) -> set[str]:
        names = self.loaded.known.names
        return set(names.qualities) | {name.split(".", 1)[1] for name in names.derived if name.split(".")[0] in names.scenes}

    @cached_property
    def words(self) -> set[str]:
        """Every word that an enum or a set has."""
        names = self.loaded.known.names
        kinds = [kind.words for kind in names.qualities.values()]
        return {word for words in [*kinds, names.acts, names.modes, *names.variants.values()] for word in words}

    @cached_property
    def declared(self) -> set[str]:
        """Every name there is: a misspelling that is one of them may be another valid story, and is not counted."""
        known, names = self.loaded.known, self.loaded.known.names
        out = {*self.qualities, *self.words, *names.scenes, *names.choices, *names.events, *names.lines, *names.acts}
        out |= {*known.people, *known.codex, *known.facts, *known.endings, *known.achievements, *names.kinds}
        out |= {room for rooms in known.passages.values() for room in rooms} | {*PLAIN, *FUNCTIONS, *VERBS, "sum", "count"}
        return out | _OPERATORS | {spot.name for spot in self.spots} | {"next", "end", "council", "both", "notebook", "rules", "all"}

    @cached_property
    def keys(self) -> list[Spot]:
        """Every key of a shape, and those of state.yaml's qualities; names that the writer chose are none."""
        out = []
        for file, source in self.files.items():
            for way, place in source.keys.items():
                key = str(way[-1])
                if key in self.known_keys and self._is_key(file, way):
                    out.append(Spot("key", key, file, place.line, place.column, way, ""))
        return [spot for spot in out if self._stands(spot)]

    def _is_key(self, file: str, way: Way) -> bool:
        above = way[-2] if len(way) > 1 else ""
        if file == "state.yaml":
            return (way[-1] in OWN | COMMON | {"if", "gain"} and len(way) > 1) or way in (("kinds",), ("derived",))
        return above not in ("passages", "derived", "records", "elsewhere", "events", "lines", "regions")

    @cached_property
    def known_keys(self) -> set[str]:
        found = [s for s in vars(shapes).values() if isinstance(s, type) and issubclass(s, shapes.Shape) and s is not shapes.Shape]
        return {key for shape in found for key in shapes.keys_of(shape)} | OWN | COMMON | {"kinds", "derived", "gain"}

    # texts

    def lines(self, file: str) -> list[str]:
        return list(self.files[file].lines)

    def changed(self, spot: Spot, new: str) -> str:
        """The file's text with another name at this place."""
        rows = self.lines(spot.file)
        row = rows[spot.line]
        rows[spot.line] = row[: spot.column] + new + row[spot.column + len(spot.name) :]
        return "\n".join(rows)

    def with_line(self, file: str, line: int, *new: str) -> str:
        """The file's text with other lines in place of one."""
        rows = self.lines(file)
        rows[line : line + 1] = new
        return "\n".join(rows)

    @cached_property
    def conditions(self) -> list[Spot]:
        """Every condition that stands whole on its line, of files and of prose."""
        out = []
        for file, source in self.files.items():
            for way, value in walk(source.data):
                if not isinstance(value, str) or not way:
                    continue
                found = []
                if way[-1] == "if" or (way[-1] == "needs" and file == "events.yaml"):
                    found = [(value, 0)]
                elif way in self._prose.get(file, ()):
                    found = [(m[1], m.start(1)) for m in _CONDITION.finditer(value)]
                for text, offset in found:
                    at = source.finding(way, "", "", offset=offset)
                    out.append(Spot("condition", text, file, at.line - 1, at.column - 1, way, ""))
        return [spot for spot in out if self._stands(spot) and spot.name not in ("true", "false")]

    @cached_property
    def scalars(self) -> list[Spot]:
        """Every plain text of several words that is a key's value, whole on its line."""
        out = []
        for file, source in self.files.items():
            for way, value in walk(source.data):
                place = source.places.get(way)
                if isinstance(value, str) and way and isinstance(way[-1], str) and place and not place.style and " " in value:
                    row = source.excerpt(place.line)
                    key = source.keys.get(way)
                    if key and key.line == place.line and row[place.column :] == value and row[: key.column].strip() in ("", "-"):
                        out.append(Spot("scalar", value, file, place.line, place.column, way, ""))
        return out

    @cached_property
    def idle(self) -> dict[str, list[str]]:
        """Quality → its words that no effect mentions and that it does not start with."""
        said: dict[str, str] = {}
        for source in self.files.values():
            for way, value in walk(source.data):
                if isinstance(value, str) and ("do" in way or "summon" in way) and (match := _EFFECT.match(value)):
                    said[match[1]] = said.get(match[1], "") + " " + value
        out = {}
        for name, entry in self.files["state.yaml"].data.items():
            if isinstance(entry, dict) and "one_of" in entry:
                idle = [w for w in entry["one_of"] if w != entry["start"] and not re.search(rf"\b{w}\b", said.get(name, ""))]
                if idle and name != "carrier":
                    out[name] = idle
        return out

    @cached_property
    def braces(self) -> list[tuple[Spot, Spot]]:
        """Each brace of the prose with its partner."""
        out = []
        for file, ways in self._prose.items():
            source = self.files[file]
            for way, value in walk(source.data):
                if way not in ways:
                    continue
                open: list[Spot] = []
                for match in re.finditer(r"[{}]", str(value)) if "{{" not in str(value) else ():
                    at = source.finding(way, "", "", offset=match.start())
                    spot = Spot("brace", match.group(), file, at.line - 1, at.column - 1, way, "")
                    if match.group() == "{":
                        open.append(spot)
                    elif open:
                        out.append((open.pop(), spot))
        return [pair for pair in out if self._stands(pair[0]) and self._stands(pair[1])]

    def ends(self, file: str, line: int, indent: int) -> int:
        """The first line behind a block that begins here: the next that stands no further in."""
        rows = self.files[file].lines
        for k in range(line + 1, len(rows)):
            if rows[k].strip() and len(rows[k]) - len(rows[k].lstrip(" ")) <= indent:
                return k
        return len(rows)

    def without(self, file: str, way: Way, key: bool = False) -> tuple[str, set[int]] | None:
        """The file's text without one entry of a block list, or one key of a block mapping, and the lines it had."""
        source = self.files[file]
        place = source.keys[way] if key else source.places[way]
        row = source.excerpt(place.line)
        indent = len(row) - len(row.lstrip(" "))
        if row[: place.column].strip() != ("" if key else "-"):
            return None
        end = self.ends(file, place.line, indent)
        rows = self.lines(file)
        return "\n".join(rows[: place.line] + rows[end:]), set(range(place.line, end))


def _sense(finding: Finding) -> tuple[str, str, str]:
    """What a finding says, wherever it stands: lines move when one is taken out."""
    return finding.file, finding.code, finding.message


Maker = Callable[[Ground, random.Random], Slip | None]
"""Makes a slip of its kind somewhere, or none where its choice fell badly."""

# ---- misspellings

_NEIGHBOURS = dict(zip("qwertyuiopasdfghjklzxcvbnm_0123456789", "wertyuioposdfghjklkxcvbnmn-1234567898", strict=True))


def misspelt(rng: random.Random, name: str) -> str:
    """A letter dropped, doubled, swapped with the next, changed for its neighbour on the keyboard, or made big."""
    at = rng.choice([i for i, char in enumerate(name) if char.isalnum()])
    how = rng.choice(("drop", "double", "swap", "change", "case"))
    if how == "drop":
        return name[:at] + name[at + 1 :]
    if how == "double":
        return name[: at + 1] + name[at:]
    if how == "swap":
        return name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    if how == "case":
        return name[:at] + name[at].swapcase() + name[at + 1 :]
    return name[:at] + _NEIGHBOURS.get(name[at].lower(), "x") + name[at + 1 :]


def _misspelling(kind: str, *what: str) -> Maker:
    """A name of another spelling is no declared name, so nothing can be meant by it."""

    def make(ground: Ground, rng: random.Random) -> Slip | None:
        spots = ground.keys if what == ("key",) else ground.of(*what)
        if not spots:
            return None
        spot = rng.choice(spots)
        new = misspelt(rng, spot.name)
        taken = ground.known_keys if what == ("key",) else ground.declared
        if new in taken or not new or not new[0].isalpha():
            return None
        if spot.what == "note" and sum(other.name == spot.name for other in ground.of("note")) < 2:
            return None  # a note that stands once may be spelt as its writer likes
        said = f"{spot.name} → {new}"
        return Slip(kind, spot.file, ground.changed(spot, new), frozenset({spot.place}), said, spot.name)

    return make


# ---- declarations taken out


def _removed(ground: Ground, kind: str, file: str, text: str, gone: set[int], uses: list[Spot], said: str) -> Slip | None:
    """Every line that names what is gone is a right place for a finding; without one nothing is wrong."""
    left = [spot for spot in uses if not (spot.file == file and spot.line in gone)]
    if not left:
        return None
    first, size = min(gone), len(gone)
    right = {(s.file, s.line + 1 - (size if s.file == file and s.line > first else 0)) for s in left}
    return Slip(kind, file, text, frozenset(right), said)


def _entry_removed(kind: str, file: str, way: Way, *what: str) -> Maker:
    """An entry that something names by its id is gone: the name means nothing any more."""

    def make(ground: Ground, rng: random.Random) -> Slip | None:
        items = ground.files[file].data
        for part in way:
            items = items[part]
        i = rng.randrange(len(items))
        cut = ground.without(file, (*way, i))
        id = items[i]["id"]
        return cut and _removed(ground, kind, file, *cut, [s for s in ground.of(*what) if s.name == id], f"'{id}' taken out")

    return make


def quality_removed(ground: Ground, rng: random.Random) -> Slip | None:
    """Whatever reads or sets a quality that is not declared is wrong."""
    name = rng.choice([name for name in ground.files["state.yaml"].data if name not in ("kinds", "derived")])
    cut = ground.without("state.yaml", (name,), key=True)
    uses = [s for s in ground.of("quality", "value", "region") if s.name == name or s.name.startswith(f"{name}.")]
    return cut and _removed(ground, "quality removed", "state.yaml", *cut, uses, f"'{name}' taken out")


def passage_removed(ground: Ground, rng: random.Random) -> Slip | None:
    """A `goto` to a passage that is gone leads nowhere, if no scene has its name."""
    rooms = [(spot.file, spot.name) for spot in ground.of("target") if spot.name in ground.loaded.known.passages[spot.scene]]
    file, name = rng.choice(rooms)
    if len(ground.files[file].data["passages"]) < 2 or name in ground.loaded.known.names.scenes:
        return None
    cut = ground.without(file, ("passages", name), key=True)
    uses = [s for s in ground.of("target") if s.file == file and s.name == name]
    return cut and _removed(ground, "passage removed", file, *cut, uses, f"'{name}' taken out")


def choice_removed(ground: Ground, rng: random.Random) -> Slip | None:
    """`chosen(scene/choice)` asks for a choice that is not there."""
    name = rng.choice([spot.name for spot in ground.of("choice")])
    scene, id = name.split("/")
    source = ground.loaded.source_of[scene]
    for way, value in walk(source.data):
        if len(way) > 1 and way[-2] == "choices" and isinstance(value, dict) and value.get("id") == id:
            above: Any = source.data
            for part in way[:-1]:
                above = above[part]
            file = ground.names[source.file]
            cut = ground.without(file, way) if len(above) > 1 else None
            uses = [spot for spot in ground.of("choice") if spot.name == name]
            return cut and _removed(ground, "choice removed", file, *cut, uses, f"'{name}' taken out")
    return None


def last_ending_removed(ground: Ground, rng: random.Random) -> Slip | None:
    """The last ending asks for nothing, so that there is always one; one that asks may not stand last."""
    items = ground.files["endings.yaml"].data["endings"]
    if len(items) < 2 or "if" not in items[-2]:
        return None
    cut = ground.without("endings.yaml", ("endings", len(items) - 1))
    place = ground.files["endings.yaml"].places["endings", len(items) - 2]
    right = frozenset({("endings.yaml", place.line + 1), ("endings.yaml", place.line + 4)})
    return cut and Slip("ending removed", "endings.yaml", cut[0], right, "the last ending taken out")


# ---- contradictions

_COMPARED = re.compile(r"(?<![\w./(])([a-z_]+(?:\.[a-z_]+)?) (>=|>|<=|<|==) (-?\d+)(?![\w-])")
_WORDED = re.compile(r"(?<![\w./(])([a-z_]+) == ([a-z_]+)\b")
_DATED = re.compile(r"\bdate (>=|>|<=|<|==) (\d{4})(-\d{2}(?:-\d{2})?)?")


def _within(ground: Ground, kind: str, spot: Spot, start: int, end: int, new: str) -> Slip:
    """A part of a condition replaced; the fault is at its line."""
    whole = spot.name[:start] + new + spot.name[end:]
    right = {spot.place}
    if not ground.files[spot.file].excerpt(spot.line)[: spot.column].strip():
        right.add((spot.file, spot.line))  # its `{if` ends the line above
    return Slip(kind, spot.file, ground.changed(spot, whole), frozenset(right), f"{spot.name} → {whole}")


def _and(spot: Spot, more: str) -> str:
    """A condition with one more clause."""
    return f"({spot.name}) and {more}" if re.search(r"\b(or|if)\b", spot.name) else f"{spot.name} and {more}"


def gate_contradicted(ground: Ground, rng: random.Random) -> Slip | None:
    """`bread >= 3 and bread < 3` holds in no state, whatever stands beside it."""
    spot = rng.choice(ground.conditions)
    name = rng.choice(sorted(ground.loaded.known.ranges))
    low, high = ground.loaded.known.ranges[name]
    k = rng.randint(low + 1, high)
    return _within(ground, "gate contradicted", spot, 0, len(spot.name), _and(spot, f"{name} >= {k} and {name} < {k}"))


def clause_contradicted(ground: Ground, rng: random.Random) -> Slip | None:
    """A clause that all must hold with, and its opposite."""
    spot = rng.choice(ground.conditions)
    clauses = spot.name.split(" and ")
    if any(word in spot.name for word in (" or ", " if ", "(", "not ")):
        return None
    name, operator, rest = [*rng.choice(clauses).split(" ", 2), "", ""][:3]
    opposite = {">=": "<", "<": ">=", ">": "<=", "<=": ">", "==": "!=", "!=": "=="}.get(operator)
    if opposite is None or " " in rest:
        return None
    return _within(ground, "clause contradicted", spot, 0, len(spot.name), f"{spot.name} and {name} {opposite} {rest}")


def range_passed(ground: Ground, rng: random.Random) -> Slip | None:
    """A number outside the range of its quality: the clause always holds, or never."""
    spot = rng.choice([s for s in ground.conditions if _COMPARED.search(s.name)])
    match = rng.choice(list(_COMPARED.finditer(spot.name)))
    if match[1] not in ground.loaded.known.ranges:
        return None
    low, high = ground.loaded.known.ranges[match[1]]
    number = rng.choice((low - 1 - rng.randrange(3), high + 1 + rng.randrange(30)))
    return _within(ground, "range passed", spot, match.start(3), match.end(3), str(number))


def date_never(ground: Ground, rng: random.Random) -> Slip | None:
    """A date from after the last act's end on never is; to ask whether it is before or after the first beginning says nothing.

    (`date < 1947` may be meant for acts to come, and so may whatever an event after the last act asks.)
    """
    spots = [s for s in ground.conditions if _DATED.search(s.name)]
    if not spots:
        return None
    spot = rng.choice(spots)
    match = rng.choice(list(_DATED.finditer(spot.name)))
    acts = ground.loaded.form["acts"]
    first, last = date.fromordinal(acts[0]["first"]).year, date.fromordinal(acts[-1]["last"]).year
    late = match[1] in (">=", ">", "==") and spot.file != "events.yaml" and spot.file != "cast.yaml"
    year = rng.choice((first - 1 - rng.randrange(9), last + 1 + rng.randrange(9))) if late else first - 1 - rng.randrange(9)
    if spot.file in ("cast.yaml", "state.yaml"):
        return None  # who is where, and what a number is called, may be told of any year
    return _within(ground, "date that never is", spot, match.start(2), match.end(2), str(year))


def window_never(ground: Ground, rng: random.Random) -> Slip | None:
    """A scene's last day before the first act begins: the scene is never offered. (Its first day must be open.)"""
    spot = rng.choice([s for s in _dates(ground, "until") if s.way[0] == "when"])
    if "from" in ground.files[spot.file].data["when"] or spot.scene in _entered(ground):
        return None
    year = date.fromordinal(ground.loaded.form["acts"][0]["first"]).year - 1 - rng.randrange(9)
    right = frozenset({spot.place})
    return Slip("window that never is", spot.file, ground.changed(spot, str(year)), right, f"until: {year}")


def _entered(ground: Ground) -> set[str]:
    """Scenes that are come into by `goto` or `call`, where their gate is not asked."""
    return {s.name for s in ground.spots if s.what in ("target", "scene") and ("goto" in s.way or "call" in s.way or "starts" in s.way)}


def word_never_set(ground: Ground, rng: random.Random) -> Slip | None:
    """A word at which its quality does not start and to which nothing sets it: `==` never holds."""
    spots = [s for s in ground.conditions if _WORDED.search(s.name)]
    spot = rng.choice(spots)
    match = rng.choice(list(_WORDED.finditer(spot.name)))
    idle = ground.idle.get(match[1], [])
    if not idle or match[2] in idle:
        return None
    word = rng.choice(idle)
    return _within(ground, "word never set", spot, match.start(2), match.end(2), word)


def need_against_gate(ground: Ground, rng: random.Random) -> Slip | None:
    """A need that the scene's own gate rules out: nothing changes between the gate and a scene's first choice.

    Only scenes that are come into through their gate and never come back to their first room count.
    """
    id = rng.choice(sorted(ground.loaded.source_of))
    source = ground.loaded.source_of[id]
    data, file = source.data, ground.names[source.file]
    gate = str(data.get("when", {}).get("if", ""))
    clauses = [] if re.search(r"\b(or|if|not)\b|\(", gate) else [c.split(" ") for c in gate.split(" and ")]
    clauses = [c for c in clauses if len(c) == 3 and c[1] in ("==", ">=", "<=", ">", "<")]
    needs = [s for s in ground.conditions if s.file == file and len(s.way) == 5 and s.way[0] == "choices" and s.way[2] == "needs"]
    if id in _entered(ground) or not clauses or not needs or "take" in data:
        return None
    name, operator, value = rng.choice(clauses)
    opposite = {"==": "!=", ">=": "<", "<": ">=", ">": "<=", "<=": ">"}[operator]
    spot = rng.choice(needs)
    return _within(ground, "need against gate", spot, 0, len(spot.name), f"{name} {opposite} {value}")


# ---- dates


def _dates(ground: Ground, *keys: str) -> list[Spot]:
    out = []
    for file, source in ground.files.items():
        for way, value in walk(source.data):
            if way and way[-1] in keys and isinstance(value, str) and re.fullmatch(r"\d{4}(-\d\d){0,2}", value) and "acts" not in way:
                place = source.places[way]
                scene = file.rsplit("/", 1)[-1].removesuffix(".yaml")
                out.append(Spot("date", value, file, place.line, place.column, way, scene))
    return [spot for spot in out if ground._stands(spot) and spot.file != "sources.yaml"]


def wrong_date(ground: Ground, rng: random.Random) -> Slip | None:
    """A month or a day that no calendar has."""
    spot = rng.choice([s for s in _dates(ground, "from", "until", "date") if len(s.name) > 4])
    year = spot.name[:4]
    new = rng.choice((f"{year}-13", f"{year}-00", f"{year}-02-31", f"{year}-04-31", f"{year}-6", f"{year}-06-1", f"{year[::-1][:3]}", f"{year}/06"))
    return Slip("wrong date", spot.file, ground.changed(spot, new), frozenset({spot.place}), f"{spot.name} → {new}")


def window_reversed(ground: Ground, rng: random.Random) -> Slip | None:
    """A window that ends before it begins."""
    spot = rng.choice(_dates(ground, "until"))
    when = ground.files[spot.file].data
    for part in spot.way[:-1]:
        when = when[part]
    if "from" not in when or spot.way[0] != "when":
        return None
    new = str(int(str(when["from"])[:4]) - 1)
    place = ground.files[spot.file].places[(*spot.way[:-1], "from")]
    right = frozenset({spot.place, (spot.file, place.line + 1)})
    return Slip("window reversed", spot.file, ground.changed(spot, new), right, f"{spot.name} → {new}")


def event_outside(ground: Ground, rng: random.Random) -> Slip | None:
    """An event's date before its window: a form that the story format refuses."""
    items = ground.files["events.yaml"].data
    i = rng.choice([i for i, item in enumerate(items) if "window" in item])
    source = ground.files["events.yaml"]
    place, window = source.places[i, "date"], source.places[i, "window"]
    spot = Spot("date", str(items[i]["date"]), "events.yaml", place.line, place.column, (i, "date"), "")
    new = f"{int(str(items[i]['window'])[:4]) - 1}-05"
    right = frozenset({spot.place, ("events.yaml", window.line + 1)})
    return Slip("date outside window", spot.file, ground.changed(spot, new), right, f"{spot.name} → {new}") if ground._stands(spot) else None


# ---- prose


def brace_cut(ground: Ground, rng: random.Random) -> Slip | None:
    """Braces come in pairs. What is between the pair's lines is the right place: there the reader must look."""
    pair = rng.choice(ground.braces)
    gone = rng.choice(pair)
    right = frozenset((gone.file, line + 1) for line in range(pair[0].line, pair[1].line + 1))
    return Slip("brace cut", gone.file, ground.changed(gone, ""), right, f"'{gone.name}' of {gone.file}:{gone.line + 1}")


def colon_cut(ground: Ground, rng: random.Random) -> Slip | None:
    """`{if x …}` without its colon: a condition is never a whole sentence."""
    spots = [s for s in ground.conditions if s.way[-1] != "if" and s.way[-1] != "needs"]
    spot = rng.choice(spots)
    row = ground.files[spot.file].excerpt(spot.line)
    end = spot.column + len(spot.name)
    if row[end : end + 1] != ":":
        return None
    text = ground.with_line(spot.file, spot.line, row[:end] + row[end + 1 :])
    return Slip("colon cut", spot.file, text, frozenset({spot.place}), f"{{if {spot.name}")


# ---- the form of a file


def _here(kind: str, spot: Spot, text: str, said: str, *more: int) -> Slip:
    """A slip whose fault is at the line itself, or at those beside it that are named."""
    return Slip(kind, spot.file, text, frozenset((spot.file, spot.line + 1 + k) for k in (0, *more)), said)


def tab(ground: Ground, rng: random.Random) -> Slip | None:
    """A tab is refused everywhere."""
    file = rng.choice(sorted(ground.files))
    rows = ground.lines(file)
    line = rng.choice([i for i, row in enumerate(rows) if row.startswith("  ")] or [0])
    text = ground.with_line(file, line, "\t" + rows[line].lstrip(" "))
    return _here("tab", Spot("", "", file, line, 0, (), ""), text, "tab")


def control(ground: Ground, rng: random.Random) -> Slip | None:
    """A control character, or one that turns the direction of writing, is refused everywhere."""
    spot = rng.choice(ground.scalars)
    return _here("control character", spot, ground.changed(spot, spot.name + rng.choice("\x07\x1b\x00\u202e\x85")), "control")


def key_doubled(ground: Ground, rng: random.Random) -> Slip | None:
    """A key stands twice in one mapping."""
    spot = rng.choice(ground.scalars)
    key = ground.files[spot.file].keys[spot.way]
    text = ground.with_line(spot.file, spot.line, ground.lines(spot.file)[spot.line], " " * key.column + f"{spot.way[-1]}: again")
    return _here("key doubled", spot, text, f"{spot.way[-1]} twice", 1)


def id_doubled(ground: Ground, rng: random.Random) -> Slip | None:
    """Two entries of a list, or two choices of a scene, of one id."""
    file = rng.choice(["scenes"] * 3 + ["events.yaml", "cast.yaml", "codex.yaml", "endings.yaml", "sources.yaml", "achievements.yaml"])
    if file == "scenes":
        file = rng.choice([name for name in sorted(ground.files) if name.startswith("scenes/")])
    source = ground.files[file]
    lists = [(way, value) for way, value in walk(source.data) if isinstance(value, list) and len(value) > 1 and "id" in str(value[0])]
    lists = [(way, v) for way, v in lists if all(isinstance(x, dict) and "id" in x for x in v) and "variants" not in way]
    if not lists:
        return None
    way, items = rng.choice(lists)
    a, b = rng.sample(range(len(items)), 2)
    first, second = source.places[(*way, a, "id")], source.places[(*way, b, "id")]
    spot = Spot("id", str(items[b]["id"]), file, second.line, second.column + (second.style in ("'", '"')), (), "")
    if not ground._stands(spot):
        return None
    right = frozenset({(file, first.line + 1), (file, second.line + 1)})
    return Slip("id doubled", file, ground.changed(spot, str(items[a]["id"])), right, f"{items[b]['id']} → {items[a]['id']}")


def indentation(ground: Ground, rng: random.Random) -> Slip | None:
    """A key one space off its neighbours: YAML knows no such place. (Not the first of its mapping: it sets the place.)"""
    file = rng.choice(sorted(ground.files))
    source = ground.files[file]
    firsts = {source.keys[(*way, next(iter(value)))].line for way, value in walk(source.data) if isinstance(value, dict) and value}
    keys = [place for place in source.keys.values() if not source.excerpt(place.line)[: place.column].strip() and place.line not in firsts]
    if not keys:
        return None
    place = rng.choice(keys)
    row = source.excerpt(place.line)
    new = row[1:] if place.column and rng.random() < 0.5 else " " + row
    spot = Spot("", "", file, place.line, 0, (), "")
    return _here("indentation", spot, ground.with_line(file, place.line, new), row.strip()[:40], 1)


def colon_in_text(ground: Ground, rng: random.Random) -> Slip | None:
    """': ' inside plain text is a mapping to YAML, where none can stand."""
    spot = rng.choice(ground.scalars)
    at = rng.choice([i for i, char in enumerate(spot.name) if char == " "])
    if not spot.name[at - 1].isalpha():
        return None
    return _here("unquoted colon", spot, ground.changed(spot, spot.name[:at] + ":" + spot.name[at:]), spot.name[:40], 1)


def hash_in_text(ground: Ground, rng: random.Random) -> Slip | None:
    """' #' in plain text makes a comment of the rest of the sentence. (At its first space no sentence is left to be cut.)"""
    spot = rng.choice(ground.scalars)
    spaces = [i for i, char in enumerate(spot.name) if char == " "][1:]
    if not spaces:
        return None
    at = rng.choice(spaces)
    return _here("hash that cuts", spot, ground.changed(spot, spot.name[: at + 1] + "#" + spot.name[at + 1 :]), spot.name[:40])


def key_missing(ground: Ground, rng: random.Random) -> Slip | None:
    """A choice, an event, a page without a key that its shape asks for. The entry's first line is the right place."""
    found = []
    for spot in ground.scalars:
        if spot.way[-1] in ("label", "title", "name") and len(spot.way) > 1 and isinstance(spot.way[-2], int) and spot.file != "state.yaml":
            found.append(spot)
    spot = rng.choice(found)
    source = ground.files[spot.file]
    first = source.places[spot.way[:-1]].line
    if first == spot.line:
        return None
    if rng.random() < 0.5:  # the id instead: the key behind it takes its dash
        row, below = source.excerpt(first), source.excerpt(first + 1)
        dash = row.find("- id: ")
        if dash < 0 or below.startswith(" " * (dash + 3)):
            return None
        text = ground.with_line(spot.file, first + 1, below[:dash] + "- " + below[dash + 2 :]).split("\n")
        del text[first]
        return Slip("key missing", spot.file, "\n".join(text), frozenset({(spot.file, first + 1)}), "id gone")
    right = frozenset({(spot.file, first + 1), spot.place})
    return Slip("key missing", spot.file, ground.with_line(spot.file, spot.line), right, f"{spot.way[-1]} gone")


def number_for_list(ground: Ground, rng: random.Random) -> Slip | None:
    """A number where the shape asks for a list."""
    file = rng.choice(sorted(name for name in ground.files if name != "state.yaml"))
    source = ground.files[file]
    found = []
    for way, value in walk(source.data):
        place = source.places.get(way)
        if isinstance(value, list) and way and isinstance(way[-1], str) and place and place.end_line >= 0:
            row = source.excerpt(place.line)
            key = source.keys[way]
            if key.line == place.line and row[place.column : place.column + 1] == "[" and row.endswith("]") and not row[: key.column].strip():
                found.append(Spot("", row[place.column :], file, place.line, place.column, way, ""))
    if not found:
        return None
    spot = rng.choice(found)
    return _here("number for a list", spot, ground.changed(spot, "3"), f"{spot.way[-1]}: 3")


def yaml_magic(ground: Ground, rng: random.Random) -> Slip | None:
    """Anchors, aliases and tags are refused everywhere."""
    spot = rng.choice(ground.scalars)
    new = rng.choice(("&a ", "*", "!x ", "!!str ", "&", "*a\n" + " " * spot.column))
    if new.startswith("*"):
        new = "*" + re.sub(r"\W.*", "", spot.name) if re.match(r"\w", spot.name) else "*a"
        return _here("anchor, alias, tag", spot, ground.changed(spot, new), new, 1)
    return _here("anchor, alias, tag", spot, ground.changed(spot, new + spot.name), new, 1)


KINDS: list[tuple[int, Maker]] = [
    (30, _misspelling("quality misspelt", "quality")),
    (10, _misspelling("quality in prose misspelt", "value")),
    (10, _misspelling("mark in prose misspelt", "mark")),
    (22, _misspelling("choice misspelt", "choice")),
    (14, _misspelling("scene misspelt", "scene")),
    (14, _misspelling("goto misspelt", "target")),
    (16, _misspelling("event misspelt", "event")),
    (16, _misspelling("word misspelt", "word", "act")),
    (14, _misspelling("person misspelt", "person")),
    (12, _misspelling("codex misspelt", "codex")),
    (12, _misspelling("fact misspelt", "fact", "document")),
    (12, _misspelling("function misspelt", "function")),
    (8, _misspelling("engine's word misspelt", "plain")),
    (8, _misspelling("verb misspelt", "verb")),
    (30, _misspelling("key misspelt", "key")),
    (6, _misspelling("content note misspelt", "note")),
    (4, _misspelling("deck or tag misspelt", "deck", "tag")),
    (4, _misspelling("region or line misspelt", "region", "line")),
    (12, quality_removed),
    (8, passage_removed),
    (8, choice_removed),
    (8, _entry_removed("person removed", "cast.yaml", (), "person")),
    (8, _entry_removed("fact removed", "sources.yaml", ("facts",), "fact")),
    (8, _entry_removed("codex entry removed", "codex.yaml", (), "codex")),
    (8, _entry_removed("event removed", "events.yaml", (), "event")),
    (3, _entry_removed("ending removed", "endings.yaml", ("endings",), "ending")),
    (1, last_ending_removed),
    (14, gate_contradicted),
    (12, clause_contradicted),
    (12, range_passed),
    (6, date_never),
    (6, window_never),
    (8, word_never_set),
    (8, need_against_gate),
    (12, wrong_date),
    (8, window_reversed),
    (6, event_outside),
    (16, brace_cut),
    (10, colon_cut),
    (8, tab),
    (8, control),
    (8, key_doubled),
    (10, id_doubled),
    (12, indentation),
    (10, colon_in_text),
    (10, hash_in_text),
    (10, key_missing),
    (10, number_for_list),
    (8, yaml_magic),
]  # fmt: skip
"""how often, and the slip"""


def slips(ground: Ground, count: int, seed: int, only: str = "") -> Iterator[Slip]:
    """So many slips, of all kinds in turn by their weight; the same for the same seed."""
    rng = random.Random(seed)
    makers = [maker for weight, maker in KINDS for _ in range(weight)]
    rng.shuffle(makers)
    made, k = 0, 0
    while made < count and k < 100 * count:
        maker = makers[k % len(makers)]
        k += 1
        for _ in range(40):
            slip = maker(ground, rng)
            if slip is not None and slip.text != ground.files[slip.file].text:
                if not only or slip.kind == only:
                    made += 1
                    yield slip
                break
            if slip is not None and only and slip.kind != only:
                break


# ---- the figures


class Verdict(NamedTuple):
    """How a slip fared."""

    slip: Slip
    caught: bool
    """at a right line"""
    named: bool
    """whether the hint gave the name that was meant"""
    found: list[Finding]


def judge(ground: Ground, slip: Slip) -> Verdict:
    found = ground.check(slip)
    right = {(ground.files[file].file, line) for file, line in slip.right}
    at = [f for f in found if (f.file, f.line) in right and (f.severity != "note" or f.code.startswith("RM3"))]
    named = bool(slip.meant) and any(f"'{slip.meant}'" in finding.hint for finding in at)
    return Verdict(slip, bool(at), named, found)


def figures(verdicts: list[Verdict]) -> list[str]:
    """The table by kind, and the totals."""
    kinds = sorted({verdict.slip.kind for verdict in verdicts})
    rows = [f"{'slip':28} {'made':>5} {'caught':>7} {'named':>7} {'others':>7}"]
    for kind in [*kinds, "all"]:
        of = [v for v in verdicts if kind in ("all", v.slip.kind)]
        spelt = [v for v in of if v.slip.meant]
        named = f"{sum(v.named for v in spelt)}/{len(spelt)}" if spelt else ""
        extra = sorted(len(v.found) for v in of)[len(of) * 9 // 10]
        rows.append(f"{kind:28} {len(of):5} {sum(v.caught for v in of):7} {named:>7} {extra:7}")
    spelt = [v for v in verdicts if v.slip.meant]
    rows.append("(others: findings of one slip, ninth decile)")
    rows.append(f"caught at the right line: {100 * sum(v.caught for v in verdicts) / max(1, len(verdicts)):.1f} %")
    rows.append(f"misspellings with the right suggestion: {100 * sum(v.named for v in spelt) / max(1, len(spelt)):.1f} %")
    return rows


def told(verdict: Verdict) -> str:
    """A slip and what was said of it."""
    slip = verdict.slip
    where = ", ".join(f"{file}:{line}" for file, line in sorted(slip.right)[:3])
    found = [f"      {f.file}:{f.line}:{f.column} {f.code} {f.message} | {f.hint}" for f in verdict.found[:4]]
    return "\n".join([f"{slip.kind}: {slip.said[:160]}\n   at {where}", *(found or ["      nothing was said"])])


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=str.lower, choices=("none", "missed", "hint", "all"), default="none")
    parser.add_argument("--kind", default="")
    given = parser.parse_args(arguments)
    verdicts = []
    with TemporaryDirectory() as folder:
        ground = Ground(Path(folder))
        for slip in slips(ground, given.count, given.seed, given.kind):
            verdict = judge(ground, slip)
            verdicts.append(verdict)
            missed, unnamed = not verdict.caught, bool(slip.meant) and verdict.caught and not verdict.named
            if given.show == "all" or (given.show == "missed" and missed) or (given.show == "hint" and unnamed):
                print(told(verdict), flush=True)
    print("\n".join(figures(verdicts)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
