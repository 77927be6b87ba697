"""state.yaml → every quality, with its type, its range and its words."""

from __future__ import annotations

import re
from typing import Any

from redmexico.expression import PLAIN
from redmexico.grammar import FLAG, NUMBER, Type
from redmexico.loader.compile import Form, Known, Reader, number_tree
from redmexico.loader.tree import MAX_INT, Source, Way
from redmexico.suggest import did_you_mean, nearest

MAX_QUALITIES = 2_000
_RANGE = re.compile(r"(-?[0-9]{1,10})\.\.(-?[0-9]{1,10})")
RESERVED = {"true", "false", "and", "or", "not", "in", "if", "else", *PLAIN}
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_]{0,63}")
_NUMBER = re.compile(r"-?[0-9]{1,10}")
OWN = {"start", "range", "one_of", "set"}
"""the keys that make an entry a quality itself, not a group of fields"""
COMMON = {"kind", "name", "words", "good", "was"}
_SPECIMEN = "write: {start: 4, range: 0..10}, {start: none, one_of: [none, made]}, {set: [owes_bell]} or flag"


def _computes(value: Any) -> bool:
    """Whether it can only be a definition of `derived`, or the rules of a kind."""
    return (isinstance(value, str) and value != "flag") or (isinstance(value, dict) and "gain" in value)


class StateFile:
    """Reads the qualities: `declare` makes their names known, `finish` reads what refers to them."""

    def __init__(self, source: Source, known: Known, people: dict[str, str]) -> None:
        self.source = source
        self.known = known
        self.names = known.names
        self.reader = Reader(source, known)
        self.people = people
        """person → name, which is the label of a trust without one"""
        self.forms: list[Form] = []
        self.mine: set[str] = set()
        self.waiting: list[tuple[Way, Form, Any]] = []
        """band words, whose conditions may ask about any quality"""

    @property
    def data(self) -> dict[str, Any]:
        return self.source.data if isinstance(self.source.data, dict) else {}

    def declare(self) -> None:
        """Every quality by name and type."""
        if not isinstance(self.source.data, dict) and not self.source.findings:
            self.source.report("RM104", "a mapping of qualities expected", 0, 0, "write: bread: {start: 4, range: 0..10}")
        for name, value in self.data.items():
            if name not in ("kinds", "derived"):
                self.entry(name, value)
        if len(self.forms) > MAX_QUALITIES:
            self.source.report("RM150", f"more than {MAX_QUALITIES} qualities", 0, 0, "let one stand for several")

    def renamed(self) -> list[tuple[str, str]]:
        """What qualities were called before: old name, new name; of a group, each of its fields."""
        found = []
        for name, value in self.data.items():
            before = value.get("was", []) if isinstance(value, dict) else []
            for old in before if isinstance(before, list) else [before]:
                if str(old) in self.data:
                    self.source.at((name, "was"), "RM110", f"'{old}' is there still", "an old id is one that nothing has any more")
                mine = [q for q in self.mine if q == name or q.startswith(f"{name}.")]
                found += [(str(old) + q[len(name) :], q) for q in sorted(mine)]
        return found

    def finish(self) -> tuple[list[Form], list[Any]]:
        """The qualities' forms, and how each kind's gains are scaled."""
        for way, form, value in self.waiting:
            form["bands"] = self.bands(self.reader, way, form["name"], value)
        return self.forms, self.gains(self.reader, self.data.get("kinds", {}))

    def entry(self, name: str, value: Any) -> None:
        """One entry: a quality, or a group of fields."""
        way: Way = (name,)
        self.id(way, name)
        if value == "flag":
            self.quality(way, name, name, {"start": False})
        elif not isinstance(value, dict):
            self.source.at(way, "RM104", "a quality is 'flag', or a mapping with 'start' or 'set'", _SPECIMEN)
        elif OWN & set(value):
            self.quality(way, name, self.label(name, value), value)
        elif (meant := nearest(name, ("derived", "kinds"))) and all(_computes(part) for part in value.values()):
            self.source.at_key(way, "RM103", f"unknown key '{name}'", f"did you mean '{meant}'?")
        else:
            self.fields(name, value)

    def id(self, way: Way, name: str) -> None:
        if len(way) == 1 and name in RESERVED:
            self.source.at_key(way, "RM110", f"'{name}' is a word of the language of conditions", "choose another name")
        elif not _ID.fullmatch(name):
            self.source.at_key(way, "RM110", f"'{name}' is no id", "small letters, digits and _, up to 64, a letter first")

    def label(self, name: str, value: dict[str, Any]) -> str:
        return str(value.get("name", "")) or self.people.get(name, "") or name.replace("_", " ")

    def fields(self, name: str, value: dict[str, Any]) -> None:
        """A group: `church: {strength: …, temper: …}` makes two qualities."""
        parts = [key for key in value if key not in COMMON]
        if not parts:
            self.source.at((name,), "RM104", f"'{name}' has no 'start', no 'set' and no fields", _SPECIMEN)
        label = self.label(name, value)
        for part in parts:
            self.id((name, part), part)
            spec = {"start": False} if value[part] == "flag" else value[part]
            if not isinstance(spec, dict) and (meant := nearest(part, COMMON | OWN)):
                self.source.at_key((name, part), "RM103", f"unknown key '{part}'", f"did you mean '{meant}'?")
                continue
            if not isinstance(spec, dict):
                self.source.at((name, part), "RM104", "'flag', or a mapping with 'start'", _SPECIMEN)
                continue
            shown = label if part in ("temper", "trust") else f"{label}: {part}"
            self.quality((name, part), f"{name}.{part}", shown, {"kind": value.get("kind", ""), **spec}, part)

    def quality(self, way: Way, name: str, label: str, spec: dict[str, Any], part: str = "") -> None:
        """One quality, by what it declares."""
        for key in spec:
            if key not in OWN | COMMON:
                hint = did_you_mean(key, OWN | COMMON) or f"known here: {', '.join(sorted(OWN | COMMON))}"
                self.source.at_key((*way, key), "RM103", f"unknown key '{key}'", hint)
        self.plain(way, spec)
        form: Form = {"name": name, "label": label, "kind": str(spec.get("kind", "")), "good": spec.get("good", "")}
        form |= {"low": -MAX_INT, "high": MAX_INT, "words": [], "bands": []}
        kind = self.typed(way, form, spec, part)
        if kind is None:
            self.source.at(way, "RM104", f"'{name}' needs 'start' (a number, true, false), 'one_of' or 'set'", _SPECIMEN)
            return
        if name in self.names.qualities:
            hint = "another pack has it: choose another name, or patch it" if name not in self.mine else ""
            self.source.at_key(way, "RM603", f"the quality '{name}' is declared twice", hint)
            return
        self.mine.add(name)
        self.names.qualities[name] = kind
        self.reader.words(way, label, f"quality:{name}", "name")
        for word in form["words"]:
            self.reader.words(way, word.replace("_", " "), f"quality:{name}", f"word.{word}")
        if "words" in spec:
            self.waiting.append(((*way, "words"), form, spec["words"]))
        self.forms.append(form)

    def plain(self, way: Way, spec: dict[str, Any]) -> None:
        """What is said in words is words."""
        for key in ("kind", "name"):
            if key in spec and not isinstance(spec[key], (str, int)):
                self.source.at((*way, key), "RM104", "text expected", "write it on one line")
        if spec.get("good", "") not in ("", "up", "down"):
            self.source.at((*way, "good"), "RM104", "one of these expected: 'up' or 'down'", "write one of them, without its quotes")

    def typed(self, way: Way, form: Form, spec: dict[str, Any], part: str) -> Type | None:
        """The quality's type; its start, range and words go into the form."""
        start = spec.get("start")
        if "set" in spec:
            words = self.words((*way, "set"), spec["set"])
            form |= {"type": "set", "start": [], "words": words}
            return Type("set", tuple(words))
        if "one_of" in spec:
            words = self.words((*way, "one_of"), spec["one_of"])
            if start not in words:
                hint = did_you_mean(str(start), words) or f"its words are: {', '.join(words)}"
                self.source.at((*way, "start"), "RM207", f"'{start}' is not one of its words", hint)
            form |= {"type": "word", "start": start, "words": words}
            return Type("word", tuple(words))
        if isinstance(start, bool):
            form |= {"type": "flag", "start": start}
            return FLAG
        if isinstance(start, int):
            form |= {"type": "number", "start": start}
            self.number(way, form, spec, part)
            return NUMBER
        return None

    def number(self, way: Way, form: Form, spec: dict[str, Any], part: str) -> None:
        """A number's range, and its place among its kind."""
        if "range" in spec:
            match = _RANGE.fullmatch(str(spec["range"]))
            if match is None:
                self.source.at((*way, "range"), "RM104", f"'{spec['range']}' is no range", "write: 0..10")
            else:
                form["low"], form["high"] = (_bounded(int(end)) for end in match.groups())
        if not form["low"] <= form["start"] <= form["high"]:
            self.source.at((*way, "start"), "RM209", f"the start lies outside {form['low']}..{form['high']}", "move the start, or widen the range")
        self.known.ranges[form["name"]] = (form["low"], form["high"])
        if form["kind"]:
            self.names.kinds.setdefault(form["kind"], {}).setdefault(part, []).append(form["name"])

    def words(self, way: Way, value: Any) -> list[str]:
        """A list of words, or a stand-in with a finding."""
        if (
            not isinstance(value, list)
            or not value
            or len(value) > 64
            or not all(isinstance(word, str) for word in value)
        ):
            self.source.at(way, "RM104", "a list of up to 64 words expected", "write: [none, offered, made]")
            return ["none"]
        for i, word in enumerate(value):
            if not _WORD.fullmatch(word):
                self.source.at((*way, i), "RM110", f"'{word}' is no word", "small letters, digits and _, up to 64, no spaces")
            elif word in value[:i]:
                self.source.at((*way, i), "RM110", f"'{word}' stands twice", "take one out")
        return list(value)

    def bands(self, reader: Reader, way: Way, name: str, value: Any) -> list[Any]:
        """Band words: lists of (from this number on, these words), each with its condition."""
        lists = value if isinstance(value, list) else [value]
        out = []
        for i, item in enumerate(lists):
            place = (*way, i) if isinstance(value, list) else way
            if not isinstance(item, dict):
                reader.source.at(place, "RM104", "words by number expected", "write: {0: hunger, 3: queues}")
                continue
            steps = []
            for key, shown in item.items():
                if key == "if":
                    continue
                if _NUMBER.fullmatch(key):
                    told = reader.words((*place, key), str(shown), f"quality:{name}", f"words.{i}.{key}")
                    steps.append([_bounded(int(key)), told])
                else:
                    hint = did_you_mean(key, ("if",)) or "write: {0: hunger, 3: queues}"
                    reader.source.at_key((*place, key), "RM104", f"'{key}' is no number", hint)
            condition = item.get("if")
            out.append(
                [reader.expression((*place, "if"), None if condition is None else str(condition)), sorted(steps)]
            )
        return out

    def gains(self, reader: Reader, data: Any) -> list[Any]:
        """How the gains of each kind are scaled."""
        if not isinstance(data, dict):
            reader.source.at(("kinds",), "RM104", "a mapping of kinds expected", "write: resource: {gain: amount}, further in")
        out = []
        for kind, rules in (data if isinstance(data, dict) else {}).items():
            if kind not in self.names.kinds:
                hint = did_you_mean(kind, self.names.kinds) or f"the kinds are: {', '.join(self.names.kinds)}"
                reader.source.at_key(("kinds", kind), "RM201", f"no kind named '{kind}'", hint)
                continue
            if not isinstance(rules, dict) or set(rules) != {"gain"}:
                wrong = [key for key in rules if key != "gain"] if isinstance(rules, dict) else []
                said = f"unknown key '{wrong[0]}'" if wrong else "a mapping with 'gain' expected"
                hint = did_you_mean(wrong[0], ("gain",)) if wrong else ""
                way = ("kinds", kind, *wrong[:1])
                reader.source.at_key(way, "RM103" if wrong else "RM104", said, hint or 'write: {gain: "max(1, amount)"}')
                continue
            text = rules["gain"]
            self.names.qualities["amount"] = NUMBER
            out.append(
                [
                    kind,
                    number_tree(
                        reader.expression(("kinds", kind, "gain"), None if text is None else str(text), NUMBER)
                    ),
                ]
            )
            del self.names.qualities["amount"]
        return out


def _bounded(number: int) -> int:
    """A number where numbers end.

    >>> _bounded(9_999_999_999)
    1000000000
    """
    return max(-MAX_INT, min(MAX_INT, number))
