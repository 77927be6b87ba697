"""What there is to know about a name: how it comes, what it does, who sets it, who reads it.

`explain` answers for every name of a story: scenes, choices, passages, events, qualities, derived names,
people, codex entries, facts, endings, slides, achievements, acts, starts, modes, recorded lines.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date as Date
from typing import Any

from redmexico.earliest import choices_of, first_days, node_of
from redmexico.errors import RedMexicoError
from redmexico.findings import escaped
from redmexico.model import FAR
from redmexico.state import iso
from redmexico.stats import scene_words
from redmexico.suggest import did_you_mean
from redmexico.unparse import date_text, effect_text, expression_text
from redmexico.uses import Reading, Setting, Uses, scene_of, span_text, uses_of

Form = Mapping[str, Any]

COLUMNS = 100
LABEL = 10
"""Columns of the words at the left."""


def explain(name: str, form: Form, scenes: Mapping[str, Form]) -> list[str]:
    """Everything about a name, as lines of at most 100 columns; RedMexicoError where there is none of it.

    `name` is an id (`gangway`, `bread`), an address (`gangway/keep`), or either with its kind (`event:axe`). An
    id that several things share is answered for each of them.
    """
    asked = _Inquiry(form, scenes)
    found = asked.about(name.strip())
    if not found:
        hint = did_you_mean(name.strip(), asked.every()) or "redmexico stats says what there is"
        raise RedMexicoError(f"nothing is named '{escaped(name)}'", hint=hint)
    lines: list[str] = []
    for part in found:
        lines += ["", *part] if lines else part
    return lines


class _Inquiry:
    """Answers about one pack."""

    def __init__(self, form: Form, scenes: Mapping[str, Form]) -> None:
        self.form, self.scenes = form, scenes
        self.uses: Uses = uses_of(form, scenes)
        self.cards = {card["id"]: card for card in form["cards"] if card["id"] in scenes}
        self.choices = {c["address"]: c for scene in scenes.values() for c in choices_of(scene) if "/" in c["address"]}
        self.rooms = {room["address"]: room for scene in scenes.values() for room in scene["passages"] if room["id"]}
        self.tables: dict[str, tuple[Mapping[str, Any], Callable[[str], list[str]]]] = {
            "scene": (self.cards, self.scene),
            "choice": (self.choices, self.choice),
            "passage": (self.rooms, self.passage),
            "event": (_by_id(form["events"]), self.event),
            "quality": ({quality["name"]: quality for quality in form["qualities"]}, self.quality),
            "derived": (dict(form["derived"]), self.derived),
            "person": (_by_id(form["cast"]), self.person),
            "codex": (_by_id(form["codex"]), self.entry),
            "fact": (_by_id(form["facts"]), self.fact),
            "ending": (_by_id(form["endings"]), self.ending),
            "slide": (_by_id(form["slides"]), self.slide),
            "achievement": (_by_id(form["achievements"]), self.achievement),
            "act": (_by_id(form["acts"]), self.act),
            "start": (_by_id(form["starts"]), self.start),
            "mode": (_by_id(form["modes"]), self.mode),
            "line": ({line[0]: line for line in form["lines"]}, self.line),
        }
        self._days: dict[str, int] | None = None

    def every(self) -> Iterator[str]:
        """Every name, for suggestions."""
        for table, _ in self.tables.values():
            yield from table

    def about(self, name: str) -> list[list[str]]:
        kind, _, id = name.partition(":")
        if id:
            table, answer = self.tables.get(kind, ({}, self.scene))
            return [answer(id)] if id in table else []
        return [answer(name) for table, answer in self.tables.values() if name in table]

    def first_day(self, node: str) -> str:
        if self._days is None:
            self._days = first_days(self.form, self.scenes, self.uses)
        day = self._days.get(node, FAR)
        return iso(day) if day < FAR else "nothing leads to it"

    def text(self, tree: Any, scene: str = "") -> str:
        return expression_text(tree, self.form, scene)

    def effects(self, label: str, effects: Iterable[Any] | None, scene: str = "") -> list[str]:
        return _field(label, ", ".join(effect_text(effect, self.form, scene) for effect in effects or ()))

    # scenes

    def scene(self, id: str) -> list[str]:
        card, scene = self.cards[id], self.scenes[id]
        what = "order" if scene["order"] else "scene"
        lines = [_head(what, id, card["title"])]
        lines += _field("words", f"{scene_words(card, scene):,}")
        lines += _field("window", window_text(card["window"]))
        lines += _field("if", self.text(card["gate"], id))
        lines += _field("comes", "; ".join(self.ways("scene", id)) or "nothing leads to it")
        lines += _field("first", self.first_day(id))
        lines += _field("again", _again(card))
        lines += self.doings(scene)
        lines += self.readers([("scene", id), *(("choice", choice["address"]) for choice in choices_of(scene))], id)
        return lines

    def ways(self, kind: str, id: str) -> list[str]:
        """How something can come, each way in a few words."""
        card = self.cards.get(id) if kind == "scene" else None
        ways = []
        if card and card["due"]:
            due = {
                "plain": "of itself, on the first day it can",
                "weight": f"drawn for a turn, weight {card['weight']}",
            }
            ways.append(due.get(card["due"], f"as the {card['due']} of a turn or act"))
        if card and card["deck"]:
            tag = f", tag {card['tag']}" if card["tag"] else ""
            ways.append(f"in council, from the deck {card['deck']}, weight {card['weight']}{tag}")
        for setting in self.uses.set_by(kind, id):
            if setting.role not in ("due", "draw", "date", "rules", "if"):
                ways.append(_way_words(setting))
        return list(dict.fromkeys(ways))

    def doings(self, scene: Form) -> list[str]:
        """What each choice does and plants."""
        rows: dict[str, str] = {}
        for choice in choices_of(scene):
            what = [effect_text(effect, self.form, scene["id"]) for effect in choice["do"]]
            what += [self.bill(item, scene["id"]) for item in choice["later"]]
            what += [f"call {choice['call']}"] if choice["call"] else []
            needs = " and ".join(self.text(tree, scene["id"]) for tree, _, _ in choice["needs"])
            said = "; ".join(part for part in (f"needs {needs}" if needs else "", ", ".join(what)) if part)
            if said:
                rows[choice["id"]] = said
        return ["", "Its choices", *_columns(rows)] if rows else []

    def bill(self, item: Form, scene: str) -> str:
        """A bill in a few words."""
        doing = [effect_text(effect, self.form, scene) for effect in item["do"]]
        what = ", ".join([*doing, *(part for part in (item["scene"], item["event"]) if part)])
        condition = f" if {self.text(item['if'], scene)}" if item["if"] is not None else ""
        other = f", else {item['else']}" if item["else"] else ""
        return f"in {span_text(item)}{condition}: {what}{other}"

    def choice(self, address: str) -> list[str]:
        choice, scene = self.choices[address], scene_of(address)
        lines = [_head("choice", address, _plain(choice["label"]))]
        for tree, _, hide in choice["needs"]:
            lines += _field("hidden if" if hide else "needs", _unless(self.text(tree, scene), hide))
        lines += self.effects("does", choice["do"], scene)
        for item in choice["later"]:
            lines += _field("later", self.bill(item, scene))
        lines += _field("calls", choice["call"])
        lines += self.gotos(choice["goto"], scene)
        return lines + self.readers([("choice", address)], scene)

    def gotos(self, gotos: Sequence[Any], scene: str) -> list[str]:
        lines = []
        for tree, to in gotos:
            lines += _field("goes to", to + (f" if {self.text(tree, scene)}" if tree is not None else ""))
        return lines

    def passage(self, address: str) -> list[str]:
        room, scene = self.rooms[address], scene_of(address)
        lines = [_head("passage", address, _plain(room["text"] or []))]
        lines += _field("from", ", ".join(dict.fromkeys(s.address for s in self.uses.set_by("passage", address))))
        lines += _field("choices", ", ".join(choice["id"] for choice in room["choices"]))
        return lines + self.gotos(room["goto"], scene)

    # events

    def event(self, id: str) -> list[str]:
        event = self.tables["event"][0][id]
        lines = [_head("event", id, event["title"])]
        lines += _field("date", date_text(*event["date"]))
        lines += _field("window", window_text(event["window"]) if event["window"] != event["date"] else "")
        lines += _field("line", f"{self.line_title(event['line'])}, weight {event['weight']}")
        for line, record, kept in event["elsewhere"]:
            as_ = f"; kept there as {', '.join(kept)}" if kept else ""
            lines += _field("elsewhere", f"{self.line_title(line)}: {record}{as_}")
        lines += _field("fact", event["fact"])
        lines += _field("needs", self.text(event["needs"]))
        lines += _field("first", self.first_day(f"event:{id}"))
        lines += _field("also", "; ".join(self.ways("event", id)))
        lines += self.causes(event)
        lines += self.does(event)
        return lines + self.readers([("event", id), ("pull", id)], "")

    def line_title(self, id: str) -> str:
        titles = {"both": "both lines", "notebook": "only yours"}
        titles |= {line[0]: line[1] for line in self.form["lines"]}
        return titles.get(id, id)

    def causes(self, event: Form) -> list[str]:
        """What pulls it, heaviest first, and what it takes."""
        lines = ["", "What pulls it" if event["pulls"] else "Nothing pulls it"]
        if event["external"]:
            lines[-1] = "It happens on its date, whatever anybody does (external)"
        ordered = sorted(enumerate(event["pulls"]), key=lambda pair: (-pair[1][1], pair[0]))
        for _, (tree, amount, because) in ordered:
            condition = f"if {self.text(tree)}" if tree is not None else "always"
            lines += _wrapped(f"  {amount:+3d}".replace("-", "−"), f"{condition}: {because}", 7)
        if event["outcomes"]:
            lines += ["", "What decides it" + (f": the scene {event['scene']}" if event["scene"] else "")]
            for verdict, tree, title in event["outcomes"]:
                lines += _wrapped(f"  {verdict}", f"if {self.text(tree) or 'true'}{_titled(title)}", 4)
        elif not event["external"]:
            early = "never before its date" if event["early"] is None else f"before its date {event['early']} more"
            lines += [f"  It takes {event['threshold']}; {early}."]
        return lines

    def does(self, event: Form) -> list[str]:
        """What it does, its other shapes, and what comes in its place."""
        lines: list[str] = []
        for shape in event["variants"]:
            does = [effect_text(effect, self.form) for effect in shape["do"] or ()]
            does += [f"plays {shape['scene']}"] if shape["scene"] else []
            does += [f"takes {shape['threshold']}"] if shape["threshold"] is not None else []
            said = f"if {self.text(shape['if']) or 'true'}{_titled(shape['title'])}"
            lines += _wrapped(f"  {shape['id']}", "; ".join([said, *([", ".join(does)] if does else [])]), 4)
        lines = ["", "Other shapes", *lines] if lines else []
        for label, said in (
            ("does", ", ".join(effect_text(effect, self.form) for effect in event["do"])),
            ("plays", event["scene"] if not event["outcomes"] else ""),
            *(("otherwise", self.instead(*item)) for item in event["otherwise"]),
        ):
            found = _field(label, said)
            lines += ["", *found] if found and label == "does" else found
        return lines

    def instead(self, tree: Any, event: str, scene: str) -> str:
        return " ".join(
            part
            for part in (node_of("event", event) if event else scene, f"if {self.text(tree)}" if tree else "")
            if part
        )

    # qualities

    def quality(self, name: str) -> list[str]:
        quality = self.tables["quality"][0][name]
        lines = [_head("quality", name, quality["label"])]
        kind = f", a {quality['kind']}" if quality["kind"] else ""
        lines += _field("type", f"{_type_words(quality)}{kind}")
        if quality["type"] != "set":
            start = quality["start"]
            lines += _field("start", str(start).lower() if isinstance(start, bool) else str(start))
        for tree, steps in quality["bands"]:
            condition = f"if {self.text(tree)}: " if tree is not None else ""
            lines += _field("words", condition + ", ".join(f"{low} {shown}" for low, shown in steps))
        lines += self.setters(self.uses.set_by("quality", name))
        return lines + self.readers([("quality", name)], "")

    def derived(self, name: str) -> list[str]:
        scene = name.partition(".")[0] if name.partition(".")[0] in self.cards else ""
        lines = [_head("derived", name, "computed from others")]
        lines += _field("is", self.text(dict(self.form["derived"])[name], scene))
        return lines + self.readers([("derived", name)], scene)

    # reference

    def person(self, id: str) -> list[str]:
        person = self.tables["person"][0][id]
        lines = [_head("person", id, person["name"])]
        lines += _field("is", "documented" if person["real"] else "invented") + _field("about", person["about"])
        lines += _field("here", self.text(person["here"])) + _field("hand", person["hand"])
        own = [q["name"] for q in self.form["qualities"] if q["name"].split(".")[0] == id]
        lines += _field("qualities", ", ".join(own))
        return lines + self.setters(self.uses.set_by("person", id)) + self.readers([("person", id)], "", "Speaks in")

    def entry(self, id: str) -> list[str]:
        entry = self.tables["codex"][0][id]
        lines = [_head("codex", id, entry["title"])]
        lines += _field("label", f"{entry['label']}, {entry['group']}") + _field("event", entry["event"])
        lines += _field("facts", ", ".join(entry["facts"]))
        return lines + self.setters(self.uses.set_by("codex", id), "Where it becomes known")

    def fact(self, id: str) -> list[str]:
        fact = self.tables["fact"][0][id]
        lines = [_head("fact", id, fact["title"])]
        lines += _field("document", f"{fact['document']}, {fact['date']}") + _field("account", fact["account"])
        return lines + self.readers([("fact", id)], "", "Who cites it")

    def ending(self, id: str) -> list[str]:
        ending = self.tables["ending"][0][id]
        lines = [_head("ending", id, ending["title"]), *_field("kind", ending["kind"])]
        lines += _field("if", self.text(ending["if"])) + _field("earned", ", ".join(ending["earned"]))
        lines += _field("first", self.first_day(f"ending:{id}"))
        return lines + self.setters(self.uses.set_by("ending", id), "What leads to it")

    def slide(self, id: str) -> list[str]:
        slide = self.tables["slide"][0][id]
        lines = [_head("slide", id, f"of {slide['of']}, order {slide['order']}")]
        return lines + _field("if", self.text(slide["if"])) + _field("earned", ", ".join(slide["earned"]))

    def achievement(self, id: str) -> list[str]:
        award = self.tables["achievement"][0][id]
        lines = [_head("achievement", id, award["title"]), *_field("if", self.text(award["if"]))]
        lines += _field("hidden", "until it is earned" if award["hidden"] else "") + _field("text", award["text"])
        return lines + self.setters(self.uses.set_by("achievement", id), "What awards it")

    def act(self, id: str) -> list[str]:
        act = self.tables["act"][0][id]
        lines = [_head("act", id, act["title"]), *_field("goal", act["goal"])]
        lines += _field("days", f"{iso(act['first'])} to {iso(act['last'])}")
        lines += _field("turn", "the whole act" if not act["tempo"] else f"{act['tempo']} months")
        if act["council"]:
            c = act["council"]
            decks = ", ".join(c["decks"])
            lines += _field("council", f"{c['orders']} orders of a hand of {c['hand']}, from {decks}")
        lines += _field("ends", self.text(act["ends"])) + self.effects("does", act["do"])
        for tree, to, ending in act["next"]:
            what = f"act {to}" if to else f"ending {ending}"
            lines += _field("next", what + (f" if {self.text(tree)}" if tree is not None else ""))
        return lines + self.readers([("act", id)], "")

    def start(self, id: str) -> list[str]:
        start = self.tables["start"][0][id]
        lines = [_head("start", id, start["title"]), *_field("about", start["about"])]
        lines += _field("act", start["act"]) + _field("scene", start["scene"])
        lines += _field("as", self.line_title(start["line"]) if start["line"] else "")
        lines += _field("events", ", ".join(f"{event} {verdict}" for event, verdict in start["events"].items()))
        return lines + self.effects("does", start["do"])

    def mode(self, id: str) -> list[str]:
        mode = self.tables["mode"][0][id]
        lines = [_head("mode", id, mode["title"]), *_field("about", mode["about"])]
        return lines + self.effects("does", mode["do"]) + self.readers([("mode", id)], "")

    def line(self, id: str) -> list[str]:
        _, title, follows, until = self.tables["line"][0][id]
        lines = [_head("line", id, title)]
        lines += _field("follows", f"{self.line_title(follows)} until {iso(until)}" if follows else "")
        count = sum(event["line"] in (id, "both") for event in self.form["events"])
        return lines + _field("events", str(count)) + self.readers([("line", id)], "")

    # who

    def setters(self, settings: Sequence[Setting], title: str = "Who sets it") -> list[str]:
        said = []
        for setting in settings:
            role = "" if setting.role in ("do", setting.how) else f" ({setting.role})"
            said.append((setting.address, _how_words(setting, self.form) + role))
        return _who(title, said, "Nobody sets it")

    def readers(self, names: Sequence[tuple[str, str]], scene: str, title: str = "Who reads it") -> list[str]:
        """Who reads any of these names; a scene's own choices are left out of its readers."""
        said = []
        for kind, id in names:
            for reading in self.uses.read_by(kind, id):
                if names[0] != ("scene", scene) or scene_of(reading.address) != scene:
                    said.append((reading.address, _asked_words(reading, kind, id, names[0])))
        return _who(title, said, "Nobody reads it")


# words


def window_text(window: Sequence[int]) -> str:
    """A window as its writer would type it: `from 1943-06 until 1944-12`, "" where it is always open.

    >>> window_text([Date(1943, 6, 1).toordinal(), Date(1944, 12, 31).toordinal()])
    'from 1943-06 until 1944'
    """
    first, last = window
    since = f"from {_edge(first, False)}" if first > 1 else ""
    until = f"until {_edge(last, True)}" if 1 < last < FAR else ""
    if since and until and since[5:] == until[6:]:
        return since[5:]
    return " ".join(part for part in (since, until) if part)


def _edge(day: int, end: bool) -> str:
    """The shortest date that begins, or ends, on a day."""
    date = Date.fromordinal(day)
    year = (Date(date.year, 12, 31) if end else Date(date.year, 1, 1)).toordinal()
    if day == year:
        return f"{date.year:04}"
    month_ends = (Date.fromordinal(day + 1).day == 1) if end else date.day == 1
    return date.isoformat()[:7] if month_ends else date.isoformat()


def _again(card: Form) -> str:
    if card["repeat"]:
        return "whenever it can"
    return f"after {card['again']} months" if card["again"] else ""


def _way_words(setting: Setting) -> str:
    if setting.role in ("later", "else"):
        other = "as the other scene of a bill of" if setting.role == "else" else "as a bill of"
        return f"{other} {setting.address}, {setting.how.removeprefix('else, ')}"
    verb = {"goto": "by goto from", "call": "called by", "start": "at the", "otherwise": "in place of"}
    return f"{verb.get(setting.role, 'with')} {setting.address}"


def _how_words(setting: Setting, form: Form) -> str:
    if setting.how in ("=", "+=", "-="):
        value = setting.value
        return f"{setting.how} {expression_text(value, form) if isinstance(value, list) else value}"
    if setting.how in ("put", "take"):
        return f"{'+=' if setting.how == 'put' else '-='} {setting.value}"
    return setting.how


def _asked_words(reading: Reading, kind: str, id: str, asked: tuple[str, str]) -> str:
    """In which role, what is asked, and by way of what: `gate: >= 3, by strain`."""
    test = ""
    if reading.test is not None:
        sign, value = reading.test
        if isinstance(value, bool):
            test = "" if value else "not"
        elif isinstance(value, tuple):
            test = f"{sign} ({', '.join(map(str, value))})"
        else:
            test = f"{sign} {value}"
    of = f"{id.rpartition('/')[2]}" if kind == "choice" and asked[0] == "scene" else ""
    by = f"by {', '.join(reading.through)}" if reading.through else ""
    said = " ".join(part for part in (of, test, by) if part)
    role = "" if reading.role in ("who", "facts") else reading.role
    return f"{role}: {said}" if role and said else role or said


def _type_words(quality: Form) -> str:
    if quality["type"] == "number":
        bound = quality["low"] > -(10**9) or quality["high"] < 10**9
        return f"a number from {quality['low']} to {quality['high']}" if bound else "a number"
    if quality["type"] == "flag":
        return "a flag"
    what = "one of" if quality["type"] == "word" else "a set of"
    return f"{what} {', '.join(quality['words'])}"


def _unless(text: str, hide: bool) -> str:
    return f"not ({text})" if hide else text


def _titled(title: str) -> str:
    return f": {title}" if title else ""


def _plain(nodes: Sequence[Any]) -> str:
    """The beginning of a text; what varies in it is an ellipsis."""
    return "".join(n if isinstance(n, str) else " " if n[0] == "para" else "…" for n in nodes).replace("\n", " ")


def _by_id(items: Iterable[Form]) -> dict[str, Form]:
    return {item["id"]: item for item in items}


def _head(kind: str, id: str, title: str) -> str:
    return escaped(f"{kind} {id}: {title}".strip(), COLUMNS)


def _field(label: str, said: str) -> list[str]:
    """A label and its words, wrapped beside it; nothing where there are none."""
    return _wrapped(f"  {label:<{LABEL}}", said, LABEL + 4) if said else []


def _wrapped(head: str, said: str, indent: int) -> list[str]:
    clean = escaped(f"{head}  {said}".rstrip(), 4000)
    return textwrap.wrap(clean, COLUMNS, subsequent_indent=" " * indent, drop_whitespace=True) or [clean]


def _who(title: str, said: Iterable[tuple[str, str]], nobody: str) -> list[str]:
    """Who does something, sorted by address; what a scene's own choices and passages do stands in its line."""
    rows: dict[str, dict[str, dict[str, None]]] = {}
    count: dict[str, None] = {}
    for address, words in said:
        count[address] = None
        scene, _, inside = address.partition("/") if ":" not in address else (address, "", "")
        rows.setdefault(scene, {}).setdefault(inside, {})[words] = None
    if not rows:
        return ["", nobody]
    lines = {scene: "; ".join(_inside(inside)) for scene, inside in sorted(rows.items())}
    if any(lines.values()):
        return ["", f"{title} ({len(count)})", *_columns(lines)]
    return ["", f"{title} ({len(count)})", *_wrapped(" ", ", ".join(lines), 3)]


def _inside(parts: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for inside, words in sorted(parts.items()):
        found = " ".join(part for part in (inside, ", ".join(word for word in words if word)) if part)
        if found:
            yield found


def _columns(rows: Mapping[str, str]) -> list[str]:
    """Names at the left, what is said of each beside it."""
    width = min(32, max(map(len, rows)))
    return [line for name, said in rows.items() for line in _wrapped(f"  {name:<{width}}", said, width + 4)]
