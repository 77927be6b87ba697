"""Who sets and who reads every name of a story: the index behind graph, checks and questions.

A *name* is a kind and an id: `("quality", "bread")`, `("choice", "church_truce/negotiate")`. The
kinds: quality, derived, event, pull (an event's sum, as `pull(…)` asks for it), scene, passage, choice,
person, codex, fact, ending, achievement, act, mode, line, note (a scene's lines in the notebook), and plain
(`date`, `turn` and the like).

An *address* says where: a scene `gangway`, its choice or passage `gangway/keep`, or `event:axe`,
`act:guest`, `start:tampico`, `mode:hard`, `ending:…`, `slide:…`, `codex:…`, `achievement:…`,
`person:…`, `derived:strain`, `kind:resource`, `quality:bread`, `document:003`. The *way* leads from
the top of its file to the very line, as `Source.finding` wants it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from redmexico.asking import Name, Test, asked, bearing, constant, opposite, untested
from redmexico.expression import Tree

Form = Mapping[str, Any]
Way = tuple[str | int, ...]

SHOWN = frozenset({"title", "place", "label", "text", "soften", "hint", "note", "locked", "says", "withdraw", "words"})
"""Roles of what is only shown; every other role decides something."""


class Setting(NamedTuple):
    """Somebody gives a name a value, or makes it happen."""

    name: Name
    address: str
    role: str
    """`do`, `later`, `variant`, `act`, `summon`, `start`, `mode`, `begins` (what it is at first); for what is
    played, shown or reached: `goto`, `call`, `later`, `else`, `scene`, `variant`, `otherwise`, `due`, `draw`,
    `start`, `next`, `date`, `rules`, `choice`, `if`, `text` and its like, `known`, `account`"""
    how: str
    """`=`, `+=`, `-=`, `put`, `take`; else what brings it about, in a word or two"""
    value: Any
    """the amount's tree, the word put or taken, or None"""
    way: Way

    @property
    def constant(self) -> Any:
        """The value where it is written out: a number, a word, true or false; else None."""
        return constant(self.value) if isinstance(self.value, list) else self.value

    def bearing(self, test: Test | None) -> int | None:
        """Whether it helps a test to hold (1), hinders it (-1), may do either (0), or has no part in it (None)."""
        return bearing(self.how, self.constant, test)


class Reading(NamedTuple):
    """Somebody asks about a name."""

    name: Name
    address: str
    role: str
    """`gate`, `need`, `goto`, `advice`, `later`, `amount`, `needs`, `pull`, `variant`, `outcome`, `otherwise`,
    `ends`, `next`, `ending`, `slide`, `achievement`, `here`, `derived`, `gain`, `words`, `earned`, `facts`,
    `event`, `who`; or the key of a text: `label`, `text`, `note` … (`says` is what a voice says)"""
    test: Test | None
    """what is asked, where it is asked of this name alone"""
    way: Way
    through: tuple[str, ...] = ()
    """the derived names between, from the reader's to the one that reads this"""


class Uses:
    """The index. Settings and readings of a name stand in the story's order."""

    def __init__(self, settings: Sequence[Setting], readings: Sequence[Reading]) -> None:
        self.settings: dict[Name, list[Setting]] = _grouped(settings)
        self.readings: dict[Name, list[Reading]] = _grouped(readings)
        """direct ones only"""
        self._by_address: dict[str, tuple[list[Setting], list[Reading]]] | None = None

    def names(self) -> list[Name]:
        """Every name that anybody sets or reads, sorted."""
        return sorted({*self.settings, *self.readings})

    def set_by(self, kind: str, id: str, begins: bool = False) -> list[Setting]:
        """Who sets it; with `begins` also what it is before anybody does."""
        return [s for s in self.settings.get((kind, id), ()) if begins or s.role != "begins"]

    def read_by(self, kind: str, id: str, through: bool = True) -> list[Reading]:
        """Who reads it: directly, and with `through` by way of derived names and `pull(…)`."""
        found = list(self.readings.get((kind, id), ()))
        return found + list(self._through((kind, id), (kind, id))) if through else found

    def at(self, address: str) -> tuple[list[Setting], list[Reading]]:
        """What an address sets, and what it reads."""
        if self._by_address is None:
            self._by_address = {}
            for settings in self.settings.values():
                for setting in settings:
                    self._by_address.setdefault(setting.address, ([], []))[0].append(setting)
            for readings in self.readings.values():
                for reading in readings:
                    self._by_address.setdefault(reading.address, ([], []))[1].append(reading)
        return self._by_address.get(address, ([], []))

    def _through(
        self, root: Name, made_of: Name, trail: tuple[str, ...] = (), asked_of: Test | None = None
    ) -> Iterator[Reading]:
        """Readings of what is made of `root`: `made_of` is the last name on the way there, `asked_of` what has to
        be asked of `root` for that name to hold."""
        for step in _unique(self.readings.get(made_of, ())):
            made = _made(step)
            if made is None or made[1] in trail:
                continue
            name, shown = made
            chain = (shown, *trail)
            test = _inherited(asked_of, step.test) if trail else step.test
            for reading in self.readings.get(name, ()):
                if reading.role != "derived":
                    yield reading._replace(name=root, through=chain, test=_inherited(test, reading.test))
            yield from self._through(root, name, chain, test)


def _unique(readings: Sequence[Reading]) -> list[Reading]:
    """One reading for each thing that is made of a name."""
    found: dict[tuple[str, str], Reading] = {}
    for reading in readings:
        key = (reading.address, reading.role)
        found[key] = reading._replace(test=None) if key in found else reading
    return list(found.values())


def _made(reading: Reading) -> tuple[Name, str] | None:
    """The name that a reading helps to make, and how it is shown; None where it makes none."""
    id = reading.address.partition(":")[2]
    if reading.role == "derived":
        return ("derived", id), id
    if reading.role == "pull":
        return ("pull", id), f"pull({id})"
    return None


def _inherited(part: Test | None, whole: Test | None) -> Test | None:
    """What asking whether a condition holds asks of its part."""
    if part is None or whole is None or whole[0] != "==" or not isinstance(whole[1], bool):
        return None
    return part if whole[1] else opposite(part)


def _grouped(items: Sequence[Any]) -> dict[Name, list[Any]]:
    found: dict[Name, list[Any]] = {}
    for item in items:
        found.setdefault(item.name, []).append(item)
    return found


# the index


def uses_of(form: Form, scenes: Mapping[str, Form]) -> Uses:
    """Read a compiled pack: `form` as the loader gives it, `scenes` by id."""
    reader = _Index()
    reader.state(form)
    reader.story(form)
    for card in form["cards"]:
        if card["id"] in scenes:
            reader.card(card)
            reader.scene(scenes[card["id"]])
    for i, event in enumerate(form["events"]):
        reader.event(event, i)
    reader.reference(form)
    reader.endings(form)
    return Uses(reader.settings, reader.readings)


class _Index:
    """Collects settings and readings, part by part."""

    def __init__(self) -> None:
        self.settings: list[Setting] = []
        self.readings: list[Reading] = []
        self.derived: frozenset[str] = frozenset()
        self.rooms: frozenset[str] = frozenset()

    # small parts

    def set(self, kind: str, id: str | None, address: str, role: str, how: str, way: Way, value: Any = None) -> None:
        if id:
            self.settings.append(Setting((kind, id), address, role, how, value, way))

    def read(self, kind: str, id: str, address: str, role: str, way: Way) -> None:
        if id:
            self.readings.append(Reading((kind, id), address, role, None, way))

    def ask(self, tree: Tree | None, address: str, role: str, way: Way) -> None:
        """A condition or an amount."""
        for name, test in asked(tree):
            self.readings.append(Reading(name, address, role, test, way))

    def prose(self, nodes: Any, address: str, role: str, way: Way) -> None:
        """A text: its values, its conditions, its links to the codex."""
        for node in nodes or ():
            if isinstance(node, str):
                continue
            kind = node[0]
            if kind in ("value", "words"):
                self.read("derived" if node[1] in self.derived else "quality", node[1], address, role, way)
            elif kind == "link":
                self.set("codex", node[1], address, role, "link", way)
            elif kind == "em":
                self.prose(node[1], address, role, way)
            elif kind == "if":
                for tree, branch in node[1]:
                    self.ask(tree, address, role, way)
                    self.prose(branch, address, role, way)
            elif kind == "seq":
                for branch in node[2]:
                    self.prose(branch, address, role, way)

    def effects(self, effects: Sequence[Any] | None, address: str, role: str, way: Way) -> None:
        for i, effect in enumerate(effects or ()):
            self.effect(effect, address, role, (*way, i))

    def effect(self, effect: Sequence[Any], address: str, role: str, way: Way) -> None:
        verb, id = effect[0], effect[1]
        if verb in ("=", "+=", "-=", "put", "take"):
            self.set("quality", id, address, role, verb, way, effect[2])
            if verb not in ("put", "take"):
                self.ask_amount(effect[2], address, way)
        elif verb == "hand_over":
            self.set("person", id, address, role, verb, way)
            self.set("quality", "carrier", address, role, "=", way, ["word", id])
        else:
            kind = {"reveal": "codex", "award": "achievement", "tear": "note", "end": "ending"}[verb]
            self.set(kind, id, address, role, verb, way)

    def ask_amount(self, tree: Tree, address: str, way: Way) -> None:
        for name, _ in untested(tree):
            self.readings.append(Reading(name, address, "amount", None, way))

    # state.yaml and story.yaml

    def state(self, form: Form) -> None:
        self.derived = frozenset(name for name, _ in form["derived"])
        for quality in form["qualities"]:
            name = quality["name"]
            way: Way = tuple(name.split(".", 1))
            if quality["type"] != "set":
                self.set("quality", name, f"quality:{name}", "begins", "=", way, quality["start"])
            for i, (tree, _) in enumerate(quality["bands"]):
                self.ask(tree, f"quality:{name}", "words", (*way, "words", i, "if"))
        scenes = {card["id"] for card in form["cards"]}
        for name, tree in form["derived"]:
            head, _, rest = name.partition(".")
            way = ("derived", rest if rest and head in scenes else name)
            self.ask(tree, f"derived:{name}", "derived", way)
        for kind, tree in form["gains"]:
            for name, test in asked(tree):
                if name != ("quality", "amount"):
                    self.readings.append(Reading(name, f"kind:{kind}", "gain", test, ("kinds", kind, "gain")))

    def story(self, form: Form) -> None:
        for i, start in enumerate(form["starts"]):
            at, way = f"start:{start['id']}", ("starts", i)
            self.set("act", start["act"], at, "start", "start", (*way, "act"))
            self.set("scene", start["scene"], at, "start", "start", (*way, "scene"))
            for event, verdict in start["events"].items():
                self.set("event", event, at, "start", "=", (*way, "events", event), verdict)
            self.effects(start["do"], at, "start", (*way, "do"))
        for i, mode in enumerate(form["modes"]):
            self.effects(mode["do"], f"mode:{mode['id']}", "mode", ("modes", i, "do"))
        for i, act in enumerate(form["acts"]):
            self.act(act, ("acts", i))

    def act(self, act: Form, way: Way) -> None:
        at = f"act:{act['id']}"
        self.effects(act["do"], at, "act", (*way, "do"))
        self.ask(act["ends"], at, "ends", (*way, "ends"))
        if act["council"] and act["council"]["summon"]:
            self.effect(act["council"]["summon"], at, "summon", (*way, "council", "summon"))
        for i, (tree, act_id, ending) in enumerate(act["next"]):
            self.ask(tree, at, "next", (*way, "next", i, "if"))
            self.set("act", act_id, at, "next", "next", (*way, "next", i, "act"))
            if ending != "rules":
                self.set("ending", ending, at, "next", "next", (*way, "next", i, "ending"))

    # scenes

    def card(self, card: Form) -> None:
        id = card["id"]
        self.ask(card["gate"], id, "gate", ("when", "if"))
        if card["due"]:
            how = {"plain": "on its day", "weight": "drawn among its turn's days"}.get(card["due"], str(card["due"]))
            self.set("scene", id, id, "due", how, ("due",))
        if card["deck"]:
            self.set("scene", id, id, "draw", f"deck {card['deck']}", ("draw",))
        if card["withdraw"]:
            self.read("person", card["withdraw"][1], id, "who", ("withdraw", "who"))
            self.prose(card["withdraw"][2], id, "withdraw", ("withdraw", "text"))

    def scene(self, scene: Form) -> None:
        id = scene["id"]
        self.rooms = frozenset(room["id"] for room in scene["passages"])
        self.prose(scene["heading"], id, "title", ("title",))
        self.prose(scene["place"], id, "place", ("place",))
        if scene["label"] != scene["heading"]:
            self.prose(scene["label"], id, "label", ("label",))
        for i, fact in enumerate(scene["facts"]):
            self.read("fact", fact, id, "facts", ("facts", i))
        for room in scene["passages"]:
            self.passage(room, id, ("passages", room["id"]) if room["id"] else ())
        self.advice(scene["advice"], id, ())
        if scene["order"]:
            self.choice(scene["order"], id, ())

    def passage(self, room: Form, scene: str, way: Way) -> None:
        at = room["address"]
        self.prose(room["text"], at, "text", (*way, "text"))
        self.prose(room["soften"], at, "soften", (*way, "soften"))
        self.advice(room["advice"], at, way)
        for i, choice in enumerate(room["choices"]):
            self.choice(choice, scene, (*way, "choices", i))
        self.gotos(room["goto"], at, scene, way)

    def advice(self, items: Sequence[Any], address: str, way: Way) -> None:
        for i, (who, tree, text) in enumerate(items):
            self.read("person", who, address, "who", (*way, "advice", i, "who"))
            self.ask(tree, address, "advice", (*way, "advice", i, "if"))
            self.prose(text, address, "says", (*way, "advice", i, "text"))

    def choice(self, choice: Form, scene: str, way: Way) -> None:
        at = choice["address"]
        self.set("choice", at, at, "choice", "taken", way)
        for i, (tree, locked, _) in enumerate(choice["needs"]):
            self.ask(tree, at, "need", (*way, "needs", i, "if"))
            self.prose(locked, at, "locked", (*way, "needs", i, "locked"))
        for key in ("label", "hint", "text", "soften", "note"):
            if key != "label" or way:  # an order's label is its scene's
                self.prose(choice[key], at, key, (*way, key))
        self.effects(choice["do"], at, "do", (*way, "do"))
        for i, later in enumerate(choice["later"]):
            self.later(later, at, (*way, "later", i))
        self.set("scene", choice["call"], at, "call", "call", (*way, "call"))
        self.gotos(choice["goto"], at, scene, way)

    def later(self, item: Form, at: str, way: Way) -> None:
        self.ask(item["if"], at, "later", (*way, "if"))
        self.effects(item["do"], at, "later", (*way, "do"))
        self.set("scene", item["scene"], at, "later", f"in {span_text(item)}", (*way, "scene"))
        self.set("event", item["event"], at, "later", f"in {span_text(item)}", (*way, "event"))
        self.set("scene", item["else"], at, "else", f"else, in {span_text(item)}", (*way, "else"))

    def gotos(self, gotos: Sequence[Any], at: str, scene: str, way: Way) -> None:
        for i, (tree, to) in enumerate(gotos):
            self.ask(tree, at, "goto", (*way, "goto", i, "if"))
            place = (*way, "goto", i, "to")
            if to in self.rooms:
                self.set("passage", f"{scene}/{to}", at, "goto", "goto", place)
            elif to not in ("next", "council", "end"):
                self.set("scene", to, at, "goto", "goto", place)

    # events

    def event(self, event: Form, number: int) -> None:
        at = f"event:{event['id']}"
        way: Way = (number,)
        self.set("event", event["id"], at, "date", "on its days", (*way, "date"))
        self.set("scene", event["scene"], at, "scene", "plays", (*way, "scene"))
        for i, fact in enumerate(event["facts"]):
            first = bool(event["fact"])
            self.read("fact", fact, at, "facts", (*way, "fact") if first and not i else (*way, "facts", i - first))
        self.read("quality", event["where"], at, "where", (*way, "where"))
        self.ask(event["needs"], at, "needs", (*way, "needs"))
        for i, (tree, _, _) in enumerate(event["pulls"]):
            self.ask(tree, at, "pull", (*way, "pulls", i, "if"))
        for i, (_, tree, _) in enumerate(event["outcomes"]):
            self.ask(tree, at, "outcome", (*way, "outcomes", i, "if"))
        for i, shape in enumerate(event["variants"]):
            place = (*way, "variants", i)
            self.ask(shape["if"], at, "variant", (*place, "if"))
            self.set("scene", shape["scene"] or "", at, "variant", f"plays as {shape['id']}", (*place, "scene"))
            self.effects(shape["do"], at, "variant", (*place, "do"))
        self.effects(event["do"], at, "do", (*way, "do"))
        for i, (tree, other, scene) in enumerate(event["otherwise"]):
            place = (*way, "otherwise", i)
            self.ask(tree, at, "otherwise", (*place, "if"))
            self.set("event", other, at, "otherwise", "in its place", (*place, "event"))
            self.set("scene", scene, at, "otherwise", "in its place", (*place, "scene"))

    # people, sources, codex, endings, achievements

    def reference(self, form: Form) -> None:
        for i, person in enumerate(form["cast"]):
            self.ask(person["here"], f"person:{person['id']}", "here", (i, "here"))
            self.ask(person["carries"], f"person:{person['id']}", "here", (i, "carrier", "if"))
        for i, fact in enumerate(form["facts"]):
            self.set("fact", fact["id"], f"document:{fact['document']}", "account", "told", ("facts", i))
        for i, entry in enumerate(form["codex"]):
            at = f"codex:{entry['id']}"
            if entry["known"]:
                self.set("codex", entry["id"], at, "known", "known", (i, "known"))
            self.prose(entry["text"], at, "text", (i, "text"))
            self.read("event", entry["event"], at, "event", (i, "event"))
            for j, fact in enumerate(entry["facts"]):
                self.read("fact", fact, at, "facts", (i, "facts", j))
        for i, award in enumerate(form["achievements"]):
            at = f"achievement:{award['id']}"
            if award["if"] is not None:
                self.set("achievement", award["id"], at, "if", "as its condition holds", (i, "if"))
            self.ask(award["if"], at, "achievement", (i, "if"))

    def endings(self, form: Form) -> None:
        for i, ending in enumerate(form["endings"]):
            at = f"ending:{ending['id']}"
            self.set("ending", ending["id"], at, "rules", "by the rules", ("endings", i))
            self.part(ending, at, "ending", ("endings", i))
        for i, slide in enumerate(form["slides"]):
            self.part(slide, f"slide:{slide['id']}", "slide", ("slides", i))

    def part(self, part: Form, at: str, role: str, way: Way) -> None:
        """An ending or a slide."""
        self.ask(part["if"], at, role, (*way, "if"))
        for i, fact in enumerate(part["facts"]):
            self.read("fact", fact, at, "facts", (*way, "facts", i))
        for i, scene in enumerate(part["earned"]):
            self.read("scene", scene, at, "earned", (*way, "earned", i))
        self.prose(part["text"], at, "text", (*way, "text"))


def span_text(later: Form) -> str:
    """How long after its choice a bill falls due: `4..9 months`.

    >>> span_text({"low": 4, "high": 9, "unit": "month"}), span_text({"low": 1, "high": 1, "unit": "day"})
    ('4..9 months', '1 day')
    """
    low, high = later["low"], later["high"]
    return f"{low if low == high else f'{low}..{high}'} {later['unit']}{'s' if high != 1 else ''}"


def scene_of(address: str) -> str:
    """The scene of an address, or "" where it is not in one.

    >>> scene_of("gangway/keep"), scene_of("event:axe")
    ('gangway', '')
    """
    return "" if ":" in address else address.split("/", 1)[0]


_FILES = {
    "event": "events", "act": "story", "start": "story", "mode": "story", "ending": "endings", "slide": "endings",
    "codex": "codex", "achievement": "achievements", "person": "cast", "kind": "state", "quality": "state",
    "document": "sources",
}  # fmt: skip


def file_of(address: str, scene_files: Mapping[str, str]) -> str:
    """The file in which an address stands; `scene_files` maps scenes to theirs."""
    scene = scene_of(address)
    if scene:
        return scene_files.get(scene, "")
    kind, _, id = address.partition(":")
    if kind == "derived":
        return scene_files.get(id.partition(".")[0], "state.yaml") if "." in id else "state.yaml"
    return f"{_FILES[kind]}.yaml"
