"""Red Mexico's nouns: the story as data, built from its compiled form.

A *form* is what the loader makes of the YAML and what the cache keeps: dicts, lists, strings,
numbers. `Story(form)` is the story that is played. A scene's body is decoded when it is first
entered; its card, all that scheduling has to know, is there from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from typing import Any, NamedTuple

from redmexico.effects import Effect, effect
from redmexico.expression import Function, Tree, compiled, reads
from redmexico.narration import Nodes, Paragraph, links, plain, render, varies
from redmexico.tongue import card_in, form_in, scene_in

FAR = 4_000_000
"""A day later than any campaign."""


class Condition:
    """An expression asked of a state; as a condition, `None` always holds."""

    __slots__ = ("_function", "tree")

    def __init__(self, tree: Tree | None) -> None:
        self.tree = tree
        self._function: Function | None = None

    def __call__(self, s: Mapping[str, Any], w: Any) -> bool:
        return self.tree is None or bool(self.value(s, w))

    def value(self, s: Mapping[str, Any], w: Any) -> Any:
        """What the expression is worth: a number for an amount, true or false for a condition."""
        if self._function is None:
            assert self.tree is not None
            self._function = compiled(self.tree)
        return self._function(s, w)

    def reads(self) -> tuple[str, ...]:
        """What it depends on, each once, in order."""
        return tuple(dict.fromkeys(reads(self.tree)))


class Text:
    """Words for a player, with what varies in them."""

    __slots__ = ("_line", "by_visit", "links", "nodes")

    def __init__(self, nodes: Nodes) -> None:
        self.nodes = nodes
        self.links = links(nodes)
        """codex entries that it may lead to"""
        self.by_visit = varies(nodes)
        """whether it reads otherwise when it is read again"""
        fixed = len(nodes) == 1 and isinstance(nodes[0], str)
        self._line: str | None = nodes[0].replace("\n", " ").strip() if fixed else None

    def line(self, s: Mapping[str, Any], w: Any) -> str:
        """The words as one line, without roles: a label, a hint, a reason."""
        if self._line is not None:
            return self._line
        return plain(self.read(s, w), " ").replace("\n", " ").strip()

    def read(self, s: Mapping[str, Any], w: Any, seen: int = 0) -> tuple[Paragraph, ...]:
        """The paragraphs as they stand now."""
        return render(self.nodes, s, w, seen)


class Window(NamedTuple):
    """The days, as ordinals, on which something may happen; both ends included."""

    first: int
    last: int

    def __contains__(self, day: object) -> bool:
        return isinstance(day, int) and self.first <= day <= self.last

    def touches(self, first: int, last: int) -> bool:
        return self.first <= last and first <= self.last


class Quality(NamedTuple):
    """Something the game counts: a number in a range, a flag, a word of a list, or a set."""

    name: str
    label: str
    type: str
    """number, flag, word or set"""
    kind: str
    """resource, clock, faction, person, region …, or """
    start: int | str | tuple[str, ...]
    low: int
    high: int
    words: tuple[str, ...]
    bands: tuple[tuple[Condition, tuple[tuple[int, str], ...]], ...]
    """first whose condition holds: (from this number on, these words)"""
    good: str
    shown: Mapping[str, str]
    """a word → how it is said in the story's language, where that differs"""


class Card(NamedTuple):
    """A scene as the calendar and the council see it."""

    id: str
    title: str
    window: Window
    gate: Condition
    due: str
    """"" never, `plain`, `weight`, `dispatch`, `account`, `open` or `close`"""
    weight: int
    deck: str
    tag: str
    again: int
    """months after which it may return; 0: once a campaign"""
    order: int
    repeat: bool
    withdraw: tuple[int, str, Text] | None
    """months unplayed, who says it, what"""
    number: int
    """its place among the scenes, so that ties fall alike everywhere"""


class Need(NamedTuple):
    """What a choice asks for; unmet it is locked with a reason, or hidden."""

    condition: Condition
    locked: Text | None
    hide: bool


class Goto(NamedTuple):
    """Where play goes on: the first whose condition holds."""

    condition: Condition
    to: str


class Later(NamedTuple):
    """A bill: planted by a choice, due some days, weeks, months or years on."""

    key: str
    low: int
    high: int
    unit: str
    condition: Condition
    scene: str
    event: str
    do: tuple[Effect, ...]
    otherwise: str
    lapse: bool


class Choice(NamedTuple):
    """An act of the Secretary's."""

    id: str
    address: str
    label: Text
    needs: tuple[Need, ...]
    hint: Text | None
    do: tuple[Effect, ...]
    text: Text | None
    soften: Text | None
    note: Text | None
    later: tuple[Later, ...]
    call: str
    goto: tuple[Goto, ...]


class Advice(NamedTuple):
    """What one voice says, with a reason."""

    who: str
    condition: Condition
    text: Text


class Passage(NamedTuple):
    """A room of a scene: text, voices, choices."""

    id: str
    """"" the scene's opening"""
    address: str
    text: Text | None
    soften: Text | None
    advice: tuple[Advice, ...]
    choices: tuple[Choice, ...]
    take: tuple[int, int] | None
    goto: tuple[Goto, ...]

    @property
    def varies(self) -> bool:
        """Whether its words depend on how often it was read."""
        return any(text is not None and text.by_visit for text in (self.text, self.soften))


class Scene(NamedTuple):
    """A storylet: what happens, who speaks, what can be done."""

    id: str
    title: str
    """the bare title, for lists"""
    heading: Text
    """the title as it stands over the scene"""
    label: Text
    place: Text
    passages: Mapping[str, Passage]
    order: Choice | None
    """a card without choices: taking it is the choice"""
    advice: tuple[Advice, ...]
    """on an order: who objects"""
    facts: tuple[str, ...]
    flags: tuple[str, ...]
    fingerprint: str


class Pull(NamedTuple):
    """A cause for or against an event."""

    condition: Condition
    amount: int
    because: str


class Outcome(NamedTuple):
    """What an event comes to, as a scene left it."""

    verdict: str
    """`kept`, or the id of an altered shape"""
    condition: Condition
    title: str


class Variant(NamedTuple):
    """Another shape that an event may take; what it names replaces the event's own."""

    id: str
    condition: Condition
    title: str
    record: str
    """what is told of it in this shape"""
    threshold: int | None
    scene: str | None
    do: tuple[Effect, ...] | None


class Event(NamedTuple):
    """An event of the recorded lines, or one of yours."""

    id: str
    title: str
    line: str
    date: Window
    window: Window
    weight: int
    fact: str
    record: str
    needs: Condition
    pulls: tuple[Pull, ...]
    threshold: int
    early: int | None
    """how far over the threshold to come before its date; None: never"""
    external: bool
    scene: str
    do: tuple[Effect, ...]
    variants: tuple[Variant, ...]
    outcomes: tuple[Outcome, ...]
    otherwise: tuple[tuple[Condition, str, str], ...]
    """condition, event, scene"""
    elsewhere: Mapping[str, tuple[str, tuple[str, ...]]]
    """line → its record, and what counts as kept there"""
    number: int
    where: str
    """the region in which it happens, or """
    subjects: tuple[str, ...]
    """what it is about, for who looks for that alone"""


class Land(NamedTuple):
    """The map: rows of letters, a region each, and the places by which a scene finds its region."""

    rows: tuple[str, ...]
    home: str
    """the region of whatever names no place"""
    regions: Mapping[str, tuple[str, tuple[str, ...]]]
    """region → its letter, places in it"""


class Person(NamedTuple):
    """Somebody of the cast."""

    id: str
    name: str
    real: bool
    about: str
    here: Condition
    hand: str


class Council(NamedTuple):
    """How an act's council is held."""

    hand: int
    orders: int
    decks: tuple[str, ...]
    always: tuple[str, ...]
    summon: Effect | None
    cost: tuple[str, int]
    """what a summons costs: quality and amount"""


class Next(NamedTuple):
    """What comes after an act."""

    condition: Condition
    act: str
    ending: str


class Act(NamedTuple):
    """A stretch of the story with its own tempo."""

    id: str
    title: str
    goal: str
    first: int
    last: int
    tempo: int
    """months in a turn; 0: the whole act"""
    council: Council | None
    scenes: int
    ends: Condition | None
    do: tuple[Effect, ...]
    next: tuple[Next, ...]


class Start(NamedTuple):
    """Where a campaign may begin."""

    id: str
    title: str
    act: str
    scene: str
    line: str
    events: Mapping[str, str]
    do: tuple[Effect, ...]
    about: str


class Mode(NamedTuple):
    """The terms of a campaign, fixed when it begins."""

    id: str
    title: str
    do: tuple[Effect, ...]
    rewind: bool
    previews: bool
    foreknowledge: bool
    about: str


class Ending(NamedTuple):
    """How a campaign closes."""

    id: str
    title: str
    kind: str
    condition: Condition | None
    earned: tuple[str, ...]
    text: Text


class Slide(NamedTuple):
    """A paragraph of the epilogue; of each `of` the first that holds is shown."""

    id: str
    of: str
    order: int
    condition: Condition
    earned: tuple[str, ...]
    text: Text


class Entry(NamedTuple):
    """A page of the codex."""

    id: str
    title: str
    label: str
    group: str
    event: str
    facts: tuple[str, ...]
    text: Text
    known: bool
    records: Mapping[str, str]
    """line → what it says of this"""


class Achievement(NamedTuple):
    """What a run can be remembered for."""

    id: str
    title: str
    condition: Condition
    hidden: bool
    text: str


def _effects(forms: list[Any]) -> tuple[Effect, ...]:
    return tuple(effect(form) for form in forms)


def _text(form: Nodes | None) -> Text | None:
    return None if form is None else Text(form)


def _gotos(forms: list[Any]) -> tuple[Goto, ...]:
    return tuple(Goto(Condition(tree), to) for tree, to in forms)


def _advice(forms: list[Any]) -> tuple[Advice, ...]:
    return tuple(Advice(who, Condition(tree), Text(text)) for who, tree, text in forms)


def _later(form: Mapping[str, Any]) -> Later:
    return Later(
        form["key"],
        form["low"],
        form["high"],
        form["unit"],
        Condition(form["if"]),
        form["scene"],
        form["event"],
        _effects(form["do"]),
        form["else"],
        form["lapse"],
    )


def _choice(form: Mapping[str, Any]) -> Choice:
    needs = tuple(Need(Condition(tree), _text(locked), hide) for tree, locked, hide in form["needs"])
    return Choice(
        form["id"],
        form["address"],
        Text(form["label"]),
        needs,
        _text(form["hint"]),
        _effects(form["do"]),
        _text(form["text"]),
        _text(form["soften"]),
        _text(form["note"]),
        tuple(_later(item) for item in form["later"]),
        form["call"],
        _gotos(form["goto"]),
    )


def _passage(form: Mapping[str, Any]) -> Passage:
    take = form["take"]
    return Passage(
        form["id"],
        form["address"],
        _text(form["text"]),
        _text(form["soften"]),
        _advice(form["advice"]),
        tuple(_choice(item) for item in form["choices"]),
        (take[0], take[1]) if take else None,
        _gotos(form["goto"]),
    )


def _scene(form: Mapping[str, Any]) -> Scene:
    return Scene(
        form["id"],
        form["title"],
        Text(form["heading"]),
        Text(form["label"]),
        Text(form["place"]),
        {item["id"]: _passage(item) for item in form["passages"]},
        None if form["order"] is None else _choice(form["order"]),
        _advice(form["advice"]),
        tuple(form["facts"]),
        tuple(form["flags"]),
        form["fingerprint"],
    )


def _card(form: Mapping[str, Any], number: int) -> Card:
    withdraw = form["withdraw"]
    return Card(
        form["id"],
        form["title"],
        Window(*form["window"]),
        Condition(form["gate"]),
        form["due"],
        form["weight"],
        form["deck"],
        form["tag"],
        form["again"],
        form["order"],
        form["repeat"],
        (withdraw[0], withdraw[1], Text(withdraw[2])) if withdraw else None,
        number,
    )


def _quality(form: Mapping[str, Any]) -> Quality:
    start = form["start"]
    bands = tuple((Condition(tree), tuple((low, shown) for low, shown in steps)) for tree, steps in form["bands"])
    return Quality(
        form["name"],
        form["label"],
        form["type"],
        form["kind"],
        tuple(start) if isinstance(start, list) else start,
        form["low"],
        form["high"],
        tuple(form["words"]),
        bands,
        form["good"],
        form.get("shown", {}),
    )


def _event(form: Mapping[str, Any], number: int) -> Event:
    variants = tuple(
        Variant(
            v["id"],
            Condition(v["if"]),
            v["title"],
            v["record"],
            v["threshold"],
            v["scene"],
            None if v["do"] is None else _effects(v["do"]),
        )
        for v in form["variants"]
    )
    return Event(
        form["id"],
        form["title"],
        form["line"],
        Window(*form["date"]),
        Window(*form["window"]),
        form["weight"],
        form["fact"],
        form["record"],
        Condition(form["needs"]),
        tuple(Pull(Condition(t), n, why) for t, n, why in form["pulls"]),
        form["threshold"],
        form["early"],
        form["external"],
        form["scene"],
        _effects(form["do"]),
        variants,
        tuple(Outcome(verdict, Condition(t), title) for verdict, t, title in form["outcomes"]),
        tuple((Condition(t), event, scene) for t, event, scene in form["otherwise"]),
        {line: (record, tuple(kept)) for line, record, kept in form["elsewhere"]},
        number,
        form["where"],
        tuple(form["subjects"]),
    )


def _act(form: Mapping[str, Any]) -> Act:
    c = form["council"]
    council = None
    if c is not None:
        council = Council(
            c["hand"],
            c["orders"],
            tuple(c["decks"]),
            tuple(c["always"]),
            effect(c["summon"]) if c["summon"] else None,
            (c["cost"][0], c["cost"][1]),
        )
    return Act(
        form["id"],
        form["title"],
        form["goal"],
        form["first"],
        form["last"],
        form["tempo"],
        council,
        form["scenes"],
        None if form["ends"] is None else Condition(form["ends"]),
        _effects(form["do"]),
        tuple(Next(Condition(t), act, ending) for t, act, ending in form["next"]),
    )


class _Scenes(Mapping[str, Scene]):
    """The scenes, each decoded when it is first entered."""

    def __init__(self, ids: list[str], form_of: Callable[[str], Mapping[str, Any]]) -> None:
        self._form_of = form_of
        self._made: dict[str, Scene] = {}
        self._ids = dict.fromkeys(ids)

    def __getitem__(self, id: str) -> Scene:
        found = self._made.get(id)
        if found is None:
            if id not in self._ids:
                raise KeyError(id)
            found = self._made[id] = _scene(self._form_of(id))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)


class Story:
    """Everything that can happen: what a pack's files say, ready to be played."""

    def __init__(
        self,
        form: Mapping[str, Any],
        scene_form: Callable[[str], Mapping[str, Any]],
        language: str = "",
        tongue: Callable[[str, str], Mapping[str, Any]] | None = None,
    ) -> None:
        self.languages: tuple[str, ...] = tuple(form["languages"])
        """the story's own first"""
        self.language = language if language in self.languages else self.languages[0]
        """in which it is told"""
        self._source = (form, scene_form, tongue)
        self._siblings: dict[str, Story] = {self.language: self}
        self.scene_form = scene_form
        """a scene's form, by id; as the writer wrote it"""
        self.form = form
        """everything else, as the writer wrote it"""
        told = self._told(tongue)
        form = form_in(form, told(""))
        self.id: str = form["id"]
        self.title: str = form["title"]
        self.version: str = form["version"]
        self.fingerprint: str = form["fingerprint"]
        self.packs: tuple[tuple[str, str, str], ...] = tuple((p[0], p[1], p[2]) for p in form["packs"])
        self.lines: dict[str, tuple[str, str, int]] = {l[0]: (l[1], l[2], l[3]) for l in form["lines"]}
        """line → title, the line it follows, up to which day"""
        self.status: tuple[str, ...] = tuple(form["status"])
        self.starts = {
            f["id"]: Start(f["id"], f["title"], f["act"], f["scene"], f["line"], f["events"], _effects(f["do"]), f["about"])
            for f in form["starts"]
        }
        self.modes = {
            f["id"]: Mode(
                f["id"], f["title"], _effects(f["do"]), f["rewind"], f["previews"], f["foreknowledge"], f["about"]
            )
            for f in form["modes"]
        }
        self.acts = {f["id"]: _act(f) for f in form["acts"]}
        self.qualities = {f["name"]: _quality(f) for f in form["qualities"]}
        self.derived = {name: Condition(tree) for name, tree in form["derived"]}
        self.gains = {kind: Condition(tree) for kind, tree in form["gains"]}
        said = told if self.language != self.languages[0] else None
        cards = [card_in(f, said(f["id"])) for f in form["cards"]] if said else form["cards"]
        self.cards = {f["id"]: _card(f, i) for i, f in enumerate(cards)}
        bodies = (lambda id: scene_in(scene_form(id), said(id))) if said else scene_form
        self.scenes: Mapping[str, Scene] = _Scenes(list(self.cards), bodies)
        self.since: tuple[str, ...] = tuple(form["since"])
        """scenes that `since(…)` asks about"""
        self.flags: dict[str, str] = dict(form["flags"])
        """content notes that any scene has, and how each is told"""
        self.was: dict[str, str] = dict(form["was"])
        """old scene id → the id it has now"""
        self.renamed: dict[tuple[str, str], str] = {(kind, old): new for kind, old, new in form["renamed"]}
        """what else was renamed: ("part", scene/old) a choice or passage → its id; ("event", old); ("quality", old)"""
        self._form = form
        self.world: object = None
        """what the engine works out of it, once"""

    def _told(self, tongue: Callable[[str, str], Mapping[str, Any]] | None) -> Callable[[str], Mapping[str, Any]]:
        """What the story says in its language instead of the words of its own, by scene."""
        if tongue is None or self.language == self.languages[0]:
            return lambda scene: {}
        return lambda scene: tongue(self.language, scene)

    def told_in(self, language: str) -> Story:
        """The same story in another of its languages."""
        if language not in self.languages:
            return self
        if language not in self._siblings:
            form, scene_form, tongue = self._source
            sibling = self._siblings[language] = Story(form, scene_form, language, tongue)
            sibling._siblings = self._siblings
        return self._siblings[language]

    @cached_property
    def events(self) -> dict[str, Event]:
        return {f["id"]: _event(f, i) for i, f in enumerate(self._form["events"])}

    @cached_property
    def cast(self) -> dict[str, Person]:
        return {
            f["id"]: Person(f["id"], f["name"], f["real"], f["about"], Condition(f["here"]), f["hand"])
            for f in self._form["cast"]
        }

    @cached_property
    def endings(self) -> dict[str, Ending]:
        return {
            f["id"]: Ending(
                f["id"],
                f["title"],
                f["kind"],
                None if f["if"] is None else Condition(f["if"]),
                tuple(f["earned"]),
                Text(f["text"]),
            )
            for f in self._form["endings"]
        }

    @cached_property
    def slides(self) -> tuple[Slide, ...]:
        return tuple(
            Slide(f["id"], f["of"], f["order"], Condition(f["if"]), tuple(f["earned"]), Text(f["text"]))
            for f in self._form["slides"]
        )

    @cached_property
    def codex(self) -> dict[str, Entry]:
        return {
            f["id"]: Entry(
                f["id"],
                f["title"],
                f["label"],
                f["group"],
                f["event"],
                tuple(f["facts"]),
                Text(f["text"]),
                f["known"],
                f["records"],
            )
            for f in self._form["codex"]
        }

    @cached_property
    def achievements(self) -> dict[str, Achievement]:
        return {
            f["id"]: Achievement(f["id"], f["title"], Condition(f["if"]), f["hidden"], f["text"])
            for f in self._form["achievements"]
        }

    @cached_property
    def land(self) -> Land | None:
        """The map, if the pack has one."""
        form = self._form["map"]
        if form is None:
            return None
        regions = {id: (letter, tuple(places)) for id, letter, places in form["regions"]}
        return Land(tuple(form["rows"]), form["home"], regions)

    @cached_property
    def facts(self) -> dict[str, Mapping[str, str]]:
        """id → document, date, title, account"""
        return {f["id"]: f for f in self._form["facts"]}

    @cached_property
    def documents(self) -> dict[str, Mapping[str, str]]:
        return {f["id"]: f for f in self._form["documents"]}
