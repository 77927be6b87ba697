"""Shapes → the compiled form: names are looked up, conditions and prose are read, once.

Every method that reads a writer's words takes the file and the way to them, so that each
complaint stands at its line and column; a fault never stops the reading of the rest.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from redmexico.effects import VERBS
from redmexico.errors import BadExpression, BadText
from redmexico.expression import Tree
from redmexico.grammar import FLAG, NUMBER, Names, Type, day_range
from redmexico.grammar import parse as parse_expression
from redmexico.loader import shapes
from redmexico.loader.tree import Source, Way
from redmexico.model import FAR
from redmexico.prose import parse as parse_text
from redmexico.suggest import did_you_mean

Form = dict[str, Any]

_EFFECT = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_.]*)\s*(\+=|-=|=(?!=))\s*")
_VERB = re.compile(r"\s*([A-Za-z_]+)\s+([A-Za-z0-9_]+)\s*$")
_SPAN = re.compile(r"(\d{1,4})(?:\.\.(\d{1,4}))? (day|week|month|year)s?")
_SINCE = re.compile(r"\bsince\(\s*([a-z0-9_]+)\s*\)")
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_MONTHS = re.compile(r"(\d{1,3}) months?")
MAX_PROSE, MAX_EFFECTS = 16_000, 100
TARGETS = ("next", "end", "council")


@dataclass(slots=True)
class Known:
    """Every id of the pack that something may point at."""

    names: Names = field(default_factory=Names)
    passages: dict[str, set[str]] = field(default_factory=dict)
    people: set[str] = field(default_factory=set)
    codex: dict[str, str] = field(default_factory=dict)
    """entry → title"""
    facts: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)
    achievements: set[str] = field(default_factory=set)
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)


class Spot(NamedTuple):
    """A text that a player may read, where it stands."""

    source: Source
    way: Way
    text: str
    stream: str
    """the address by which its variants draw"""
    scene: str
    """the scene whose own names it may use, or """
    prose: bool
    """whether it has marks; else it is words alone"""


class Reader:
    """Reads the words of one file."""

    def __init__(self, source: Source, known: Known) -> None:
        self.source = source
        self.known = known
        self.names = known.names
        self.scene = ""
        self.since: set[str] = set()
        """scenes that `since(…)` asks about"""
        self.texts: dict[str, Spot] = {}
        """what a player may read, by `address#field`"""

    def expression(
        self, way: Way, text: str | None, wanted: Type = FLAG, address: str = "", chance: bool = False, start: int = 0
    ) -> Tree | None:
        """A condition or amount; None where there is none, or where it cannot be read."""
        if text is None:
            return None
        if text.strip() == "true" and wanted is FLAG:
            return ["bool", True]
        if "since(" in text:
            self.since.update(_SINCE.findall(text))
        try:
            return parse_expression(text[start:], self.names, wanted, address, chance)
        except BadExpression as error:
            self.source.at(way, error.code, error.message, error.hint, start + error.column, error.length)
            return None

    def words(self, way: Way, text: str, address: str, field: str) -> str:
        """Words that a player reads as they stand."""
        if text:
            self.texts[self.key(address, field)] = Spot(self.source, way, text, "", self.scene, False)
        return text

    def key(self, address: str, field: str) -> str:
        """The name of a text; a second one of the same voice is counted."""
        name, k = f"{address}#{field}", 2
        while name in self.texts:
            name, k = f"{address}#{field}.{k}", k + 1
        return name

    def prose(self, way: Way, text: str | None, address: str, field: str = "text") -> list[Any] | None:
        """A text of a player's, as nodes."""
        if text is None:
            return None
        stream = address if field in ("text", "soften") else f"{address}/{field.replace('.', '/')}"
        self.texts[self.key(address, field)] = Spot(self.source, way, text, stream, self.scene, True)
        if len(text) > MAX_PROSE:
            self.source.at(way, "RM150", f"more than {MAX_PROSE} characters of prose", "split the scene")
            return []
        if "since(" in text:
            self.since.update(_SINCE.findall(text))
        try:
            nodes, links = parse_text(text, self.names, stream)
        except BadText as error:
            self.source.at(way, error.code, error.message, error.hint, error.offset, error.length)
            return []
        for entry, offset in links:
            if entry not in self.known.codex:
                self.source.at(
                    way, "RM212", f"no codex entry '{entry}'", did_you_mean(entry, self.known.codex), offset, len(entry)
                )
        self.fill_links(nodes)
        return nodes

    def fill_links(self, nodes: list[Any]) -> None:
        """A link without words of its own shows its entry's title."""
        for node in nodes:
            if isinstance(node, list) and node:
                if node[0] == "link" and not node[2]:
                    node[2] = self.known.codex.get(node[1], node[1])
                elif node[0] == "em":
                    self.fill_links(node[1])
                elif node[0] == "if":
                    for _, branch in node[1]:
                        self.fill_links(branch)
                elif node[0] == "seq":
                    for branch in node[2]:
                        self.fill_links(branch)

    def point(self, way: Way, id: str | None, known: Collection[str], code: str, what: str) -> str:
        """An id that must exist."""
        if id is None:
            return ""
        if id not in known:
            self.source.at(way, code, f"no {what} named '{id}'", did_you_mean(id, known), 0, len(id))
        return id

    def day(self, way: Way, text: str | None, default: int, end: bool = False) -> int:
        """The first (or last) day of a date."""
        if text is None:
            return default
        first, last = self.days(way, text)
        return last if end else first

    def days(self, way: Way, text: str) -> tuple[int, int]:
        if _DATE.fullmatch(text):
            with contextlib.suppress(ValueError):
                return day_range(text)
        self.source.at(way, "RM105", f"'{text}' is no date", "write 1943, 1943-06 or 1943-06-30")
        return 1, FAR

    def span(self, way: Way, text: str) -> tuple[int, int]:
        """`1943-01..1945-06`, or one date."""
        first, _, last = text.partition("..")
        return self.days(way, first)[0], self.days(way, last or first)[1]

    def effects(self, way: Way, lines: Sequence[str], scene: str = "") -> list[list[Any]]:
        """Effects, each as [verb, …]."""
        if len(lines) > MAX_EFFECTS:
            self.source.at(way, "RM150", f"more than {MAX_EFFECTS} effects", "split the choice")
        found = [self.effect((*way, i), line) for i, line in enumerate(lines)]
        return [item for item in found if item]

    def effect(self, way: Way, line: str) -> list[Any]:
        match = _EFFECT.match(line)
        if match:
            return self.assignment(way, line, match)
        match = _VERB.match(line)
        if match is None:
            self.source.at(
                way,
                "RM204",
                "an effect is 'name = …', 'name += …', 'name -= …' or a verb with one id",
                "see docs/format.md, Effects",
            )
            return []
        verb, id = match.groups()
        if verb not in VERBS:
            self.source.at(
                way,
                "RM204",
                f"no effect named '{verb}'",
                did_you_mean(verb, VERBS) or f"the verbs are: {', '.join(VERBS)}",
                match.start(1),
                len(verb),
            )
            return []
        what = VERBS[verb][0]
        known: dict[str, tuple[Iterable[str], str]] = {
            "codex": (self.known.codex, "RM212"),
            "achievement": (self.known.achievements, "RM214"),
            "scene": ({*self.names.scenes, "all"}, "RM202"),
            "carrier": (self.carriers(), "RM211"),
            "ending": (self.known.endings, "RM214"),
        }
        ids, code = known[what]
        if id not in set(ids):
            self.source.at(way, code, f"no {what} named '{id}'", did_you_mean(id, ids), match.start(2), len(id))
        return [verb, id]

    def carriers(self) -> tuple[str, ...]:
        found = self.names.qualities.get("carrier")
        return found.words if found else ()

    def assignment(self, way: Way, line: str, match: re.Match[str]) -> list[Any]:
        name, operator = match.groups()
        kind = self.names.qualities.get(name)
        if kind is None or name in self.names.derived:
            hint = (
                "it is computed"
                if name in self.names.derived
                else did_you_mean(name, set(self.names.qualities) - self.names.derived)
            )
            self.source.at(way, "RM201", f"no quality named '{name}' to change", hint, match.start(1), len(name))
            return []
        if kind.kind == "set":
            word = line[match.end() :].strip()
            if operator == "=" or word not in kind.words:
                self.source.at(
                    way,
                    "RM207",
                    f"a set takes '+= word' or '-= word', one of its words, not '{word}'",
                    did_you_mean(word, kind.words) or f"its words are: {', '.join(kind.words)}",
                    match.end(),
                )
                return []
            return ["put" if operator == "+=" else "take", name, word]
        if operator != "=" and kind.kind != "number":
            hint = f"write: {name} = …"
            self.source.at(way, "RM205", f"'{operator}' wants a number, '{name}' is {kind}", hint, match.start(2), 2)
            return []
        tree = self.expression(way, line, kind, start=match.end())
        if tree is None:
            return []
        self.in_range(way, name, operator, tree, match.end())
        return [operator, name, tree]

    def in_range(self, way: Way, name: str, operator: str, tree: Tree, offset: int) -> None:
        low, high = self.known.ranges.get(name, (-(10**9), 10**9))
        value = -tree[1][1] if tree[0] == "minus" and tree[1][0] == "int" else tree[1] if tree[0] == "int" else None
        if operator == "=" and value is not None and not low <= value <= high:
            self.source.at(way, "RM209", f"'{name}' stays in {low}..{high}", "give a value inside its range", offset)

    def later(self, way: Way, item: shapes.Later, address: str, number: int) -> Form:
        match = _SPAN.fullmatch(item.in_)
        if match is None:
            self.source.at(
                (*way, "in"), "RM105", f"'{item.in_}' is no time", "write: 4..9 months (days, weeks, months, years)"
            )
            match = _SPAN.fullmatch("1 day")
        assert match is not None
        low, high = int(match.group(1)), int(match.group(2) or match.group(1))
        if low > high:
            self.source.at((*way, "in"), "RM105", "the shorter time comes first", f"write: {high}..{low} {match.group(3)}s")
        if not (item.scene or item.event or item.do):
            self.source.at(way, "RM104", "'scene', 'event' or 'do' is missing", "say what falls due")
        scenes = self.names.scenes
        target = item.scene or item.event or "do"
        return {
            "key": f"{address}>{target}" + (f"+{number}" if target == "do" and number else ""),
            "low": low,
            "high": max(low, high),
            "unit": match.group(3),
            "if": self.expression((*way, "if"), item.if_, address=f"{address}/later/{number}", chance=True),
            "scene": self.point((*way, "scene"), item.scene, scenes, "RM202", "scene"),
            "event": self.point((*way, "event"), item.event, self.names.events, "RM206", "event"),
            "do": self.effects((*way, "do"), item.do),
            "else": self.point((*way, "else"), item.else_, scenes, "RM202", "scene"),
            "lapse": item.lapse == "act",
        }

    def laters(self, way: Way, items: list[shapes.Later], address: str) -> list[Form]:
        return [self.later((*way, i), item, address, i) for i, item in enumerate(items)]


class SceneCompiler(Reader):
    """One scene's file → its card and its body."""

    def __init__(self, source: Source, known: Known, id: str, shape: shapes.Scene, fingerprint: str) -> None:
        super().__init__(source, known)
        self.id = self.scene = id
        self.shape = shape
        self.fingerprint = fingerprint

    def compile(self) -> tuple[Form, Form]:
        self.names.local = {name: f"{self.id}.{name}" for name in self.shape.derived}
        try:
            self.heading = self.prose(("title",), self.shape.title, self.id, "title") or [self.id]
            varies = any(isinstance(node, list) and node[0] != "em" for node in self.heading)
            spoken = self.id.replace("_", " ").capitalize()
            self.title = spoken if varies else "".join(n if isinstance(n, str) else "".join(n[1]) for n in self.heading)
            return self.card(), self.body()
        finally:
            self.names.local = {}

    def card(self) -> Form:
        s = self.shape
        first = self.day(("when", "from"), s.when.from_, 1)
        last = self.day(("when", "until"), s.when.until, FAR, end=True)
        if first > last:
            said, hint = "the window ends before it begins", "'from' is the earlier of the two"
            self.source.at(("when", "until"), "RM105", said, hint)
        if s.draw and s.due:
            self.source.at_key(("due",), "RM104", "a scene is either drawn or due", "take out one of the two")
        due = (
            "" if s.due is None else "weight" if isinstance(s.due, shapes.Due) else "plain" if s.due is True else s.due
        )
        weight = s.draw.weight if s.draw else s.due.weight if isinstance(s.due, shapes.Due) else 0
        again = self.months(("draw", "again"), s.draw.again) if s.draw and s.draw.again else 0
        withdraw = None
        if s.withdraw:
            self.point(("withdraw", "who"), s.withdraw.who, self.known.people, "RM211", "person")
            text = self.prose(("withdraw", "text"), s.withdraw.text, self.id, "withdraw")
            withdraw = [self.months(("withdraw", "after"), s.withdraw.after), s.withdraw.who, text]
        return {
            "id": self.id,
            "title": self.title,
            "window": [first, last],
            "gate": self.expression(("when", "if"), s.when.if_),
            "due": due,
            "weight": weight,
            "deck": s.draw.deck if s.draw else "",
            "tag": (s.draw.tag or "") if s.draw else "",
            "again": again,
            "order": s.order,
            "repeat": s.repeat,
            "withdraw": withdraw,
        }

    def months(self, way: Way, text: str) -> int:
        match = _MONTHS.fullmatch(text)
        if match is None:
            self.source.at(way, "RM105", f"'{text}' is no number of months", "write: 12 months")
            return 1
        return int(match.group(1))

    def body(self) -> Form:
        s = self.shape
        label = self.prose(("label",), s.label, self.id, "label") if s.label else self.heading
        is_order = bool(s.draw) and not s.choices and not s.passages
        passages = [] if is_order else [self.passage((), s, "")]
        passages += [self.passage(("passages", name), room, name) for name, room in s.passages.items()]
        for i, fact in enumerate(s.facts):
            self.point(("facts", i), fact, self.known.facts, "RM213", "fact in sources.yaml")
        if not s.facts and not s.invented:
            self.source.report(
                "RM504",
                "no 'facts:' and no 'invented: true'",
                0,
                0,
                "say where it comes from: cite a fact, or write 'invented: true'",
                severity="warning",
            )
        if s.text is None and not is_order and not s.goto and not s.choices:
            self.source.at((), "RM104", "a scene needs 'text', 'choices' or 'goto'", "write what is read here, as 'text: …'")
        return {
            "id": self.id,
            "title": self.title,
            "heading": self.heading,
            "label": label,
            "place": self.prose(("place",), s.place, self.id, "place") or [""],
            "passages": passages,
            "order": self.as_order(label or []) if is_order else None,
            "advice": [self.advice(("advice", i), item, self.id) for i, item in enumerate(s.advice)]
            if is_order
            else [],
            "facts": s.facts,
            "flags": s.flags,
            "fingerprint": self.fingerprint,
        }

    def as_order(self, label: list[Any]) -> Form:
        s = self.shape
        return {
            "id": self.id,
            "address": self.id,
            "label": label,
            "needs": [],
            "hint": self.prose(("hint",), s.hint, self.id, "hint"),
            "do": self.effects(("do",), s.do),
            "text": self.prose(("text",), s.text, self.id),
            "soften": self.prose(("soften",), s.soften, self.id, "soften"),
            "note": self.prose(("note",), s.note, self.id, "note"),
            "later": self.laters(("later",), s.later, self.id),
            "call": "",
            "goto": self.gotos(("goto",), s.goto, self.id),
        }

    def passage(self, way: Way, room: shapes.Passage, name: str) -> Form:
        address = f"{self.id}/{name}" if name else self.id
        take = self.take((*way, "take"), room.take, len(room.choices))
        if not name and not isinstance(room, shapes.Scene):
            raise AssertionError(name)
        form = {
            "id": name,
            "address": address,
            "text": self.prose((*way, "text"), room.text, address),
            "soften": self.prose((*way, "soften"), room.soften, address, "soften"),
            "advice": [self.advice((*way, "advice", i), item, address) for i, item in enumerate(room.advice)],
            "choices": [self.choice((*way, "choices", i), item) for i, item in enumerate(room.choices)],
            "take": take,
            "goto": self.gotos((*way, "goto"), room.goto, address),
        }
        if isinstance(room, shapes.Scene) and (room.do or room.later) and (room.choices or room.passages):
            self.source.at_key(
                ("do",) if room.do else ("later",),
                "RM104",
                "effects of a whole scene stand only in an order, a card without choices",
                "put them into its choices",
            )
        return form

    def take(self, way: Way, text: str | None, have: int) -> list[int] | None:
        if text is None:
            return None
        match = re.fullmatch(r"(\d{1,2})(?:\.\.(\d{1,2}))?", text)
        low, high = (int(match.group(1)), int(match.group(2) or match.group(1))) if match else (0, 0)
        if not match or not 1 <= low <= high or high > have:
            self.source.at(way, "RM104", f"'{text}' does not fit {have} choices", "write: 2, or 1..2")
            return [1, 1]
        return [low, high]

    def advice(self, way: Way, item: shapes.Advice, address: str) -> list[Any]:
        self.point((*way, "who"), item.who, self.known.people, "RM211", "person")
        text = self.prose((*way, "text"), item.text, address, f"advice.{item.who}")
        return [item.who, self.expression((*way, "if"), item.if_), text]

    def choice(self, way: Way, item: shapes.Choice) -> Form:
        address = f"{self.id}/{item.id}"
        return {
            "id": item.id,
            "address": address,
            "label": self.prose((*way, "label"), item.label, address, "label"),
            "needs": [self.need((*way, "needs", i), need, address, i) for i, need in enumerate(item.needs)],
            "hint": self.prose((*way, "hint"), item.hint, address, "hint"),
            "do": self.effects((*way, "do"), item.do),
            "text": self.prose((*way, "text"), item.text, address),
            "soften": self.prose((*way, "soften"), item.soften, address, "soften"),
            "note": self.prose((*way, "note"), item.note, address, "note"),
            "later": self.laters((*way, "later"), item.later, address),
            "call": self.point((*way, "call"), item.call, self.names.scenes, "RM202", "scene"),
            "goto": self.gotos((*way, "goto"), item.goto, address),
        }

    def need(self, way: Way, item: shapes.Need, address: str, number: int) -> list[Any]:
        locked = self.prose((*way, "locked"), item.locked, address, f"needs.{number}")
        return [self.expression((*way, "if"), item.if_), locked, item.hide]

    def gotos(self, way: Way, items: list[shapes.Goto], address: str) -> list[Any]:
        out = []
        rooms = self.known.passages[self.id]
        for i, item in enumerate(items):
            whole = isinstance(self.at(way), str)
            place = way if whole else (*way, i, "to")
            if not (item.to in rooms or item.to in self.names.scenes or item.to in TARGETS):
                known = {*rooms, *self.names.scenes, *TARGETS}
                code = "RM210" if rooms else "RM202"
                self.source.at(
                    place, code, f"no passage or scene named '{item.to}'", did_you_mean(item.to, known), 0, len(item.to)
                )
            stream = f"{address}/goto/{i}"
            out.append([self.expression((*way, i, "if"), item.if_, address=stream, chance=True), item.to])
        return out

    def at(self, way: Way) -> Any:
        value = self.source.data
        for part in way:
            value = value.get(part) if isinstance(value, dict) else value[part]
        return value


def number_tree(tree: Tree | None) -> Tree:
    """A tree that is a number even where it could not be read."""
    return tree if tree is not None else ["int", 0]


__all__ = ["NUMBER", "Form", "Known", "Reader", "SceneCompiler", "number_tree"]
