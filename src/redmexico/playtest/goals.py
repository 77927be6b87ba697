"""A bot that wants to get somewhere: to a scene, a choice, or a verdict on an event.

From its goal it thinks backwards over what leads there: diverts, calls, bills, events, cards,
and whatever sets what a gate reads. What is met already is not thought through any further; what
is not met gives weight to the choices that would help, less with each link of the chain. The
offer with most weight is taken. This relaxes the story (no dates, no costs, no two things that
exclude each other), as the additive heuristic of planning does (Bonet and Geffner, "Planning as
heuristic search", 2001); a goal that it misses may still be within reach.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from redmexico import engine
from redmexico.effects import Assign, Effect, Move, Put
from redmexico.errors import RedMexicoError
from redmexico.expression import Tree
from redmexico.model import Choice, Condition, Event, Passage, Story
from redmexico.playtest.bots import best, random_bot
from redmexico.playtest.playing import Bot, Playthrough, play
from redmexico.playtest.sight import Deed, deeds_of
from redmexico.state import Values, draw, number, word
from redmexico.suggest import did_you_mean
from redmexico.weighing import is_open
from redmexico.world import World

FULL = 10_000
"""The weight of the goal itself; each link back from it keeps four fifths."""

FAINT = 1_000
"""Below this weight a chain is not followed."""

WHIMS = (2, 12, 30, 60, 100)
"""In a hundred choices, how many are made by chance: every campaign draws one of these, so that others go other ways."""

VERDICTS = ("happened", "kept", "early", "late", "altered", "averted", "unwritten")
_TURNED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRROR = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Goal(NamedTuple):
    """Where a bot wants to get: a scene, one of its choices, or a verdict on an event."""

    scene: str = ""
    choice: str = ""
    """the address"""
    event: str = ""
    verdict: str = ""

    def reached(self, s: Values) -> bool:
        """Whether a campaign has been there."""
        if self.event:
            came = s.get(f"!event.{self.event}", "open")
            came = s.get(f"!variant.{self.event}", came) if self.verdict not in VERDICTS else came
            return came not in ("open", "averted") if self.verdict == "happened" else came == self.verdict
        return f"!chosen.{self.choice}" in s if self.choice else f"!visits.{self.scene}" in s


def goal_of(story: Story, text: str) -> Goal:
    """`SCENE`, `SCENE/CHOICE` or `EVENT=VERDICT`. Raises RedMexicoError where there is no such place."""
    if "=" in text:
        return _verdict_of(story, text)
    scene, _, choice = text.partition("/")
    if scene in story.events and scene not in story.scenes:
        raise RedMexicoError("this is an event", text, f"write {scene}=happened, or another verdict behind the sign")
    if scene not in story.scenes:
        raise RedMexicoError(
            f"there is no scene '{scene}'", text, did_you_mean(scene, story.scenes) or "give SCENE, SCENE/CHOICE or EVENT=VERDICT"
        )
    if not choice:
        return Goal(scene)
    known = [found.id for found in choices_of(story, scene)]
    if choice not in known:
        raise RedMexicoError(
            f"'{scene}' has no choice '{choice}'", text, did_you_mean(choice, known) or f"one of: {', '.join(known)}"
        )
    return Goal(scene, text)


def _verdict_of(story: Story, text: str) -> Goal:
    name, _, verdict = text.partition("=")
    if name not in story.events:
        raise RedMexicoError(f"there is no event '{name}'", text, did_you_mean(name, story.events))
    event = story.events[name]
    shapes = [v.id for v in event.variants] + [found.verdict for found in event.outcomes]
    known = list(dict.fromkeys((*VERDICTS, *shapes)))
    if verdict not in known:
        raise RedMexicoError(
            f"'{name}' never comes out '{verdict}'", text, did_you_mean(verdict, known) or f"one of: {', '.join(known)}"
        )
    return Goal(event=name, verdict=verdict)


def choices_of(story: Story, scene: str) -> list[Choice]:
    """Every choice of a scene, of all its rooms; of an order, the order."""
    found = story.scenes[scene]
    return [found.order] if found.order else [c for room in found.passages.values() for c in room.choices]


class Way(NamedTuple):
    """One thing that leads to another."""

    kind: str
    """`choice`, `room`, `event` or `averted`"""
    name: str
    """its address or id"""
    condition: Condition | None = None
    """what is asked on the way"""


class Ways(NamedTuple):
    """What leads where in a story, read off its scenes and events once."""

    into: dict[str, list[Way]]
    """scene or scene/passage → what leads there"""
    setters: dict[str, list[tuple[str, Effect]]]
    """quality → the choices that do something to it: address, effect"""
    happens: dict[str, list[Way]]
    """event → what brings it about unweighed: a choice by a bill, or another event that is averted"""
    where: dict[str, tuple[str, str]]
    """choice → its scene and passage"""
    choices: dict[str, Choice]


@lru_cache(maxsize=4)
def ways_of(story: Story) -> Ways:
    """The graph of a story: diverts, calls, bills, events, and who sets what."""
    ways = Ways({}, {}, {}, {}, {})
    for scene in story.scenes.values():
        for room in scene.passages.values():
            _room_ways(ways, story, scene.id, room)
        if scene.order is not None:
            _choice_ways(ways, story, scene.id, "", scene.order)
    for event in story.events.values():
        for target in (event.scene, *(variant.scene or "" for variant in event.variants)):
            _lead(ways.into, target, Way("event", event.id))
        for condition, other, target in event.otherwise:
            _lead(ways.into, target, Way("averted", event.id, condition))
            _lead(ways.happens, other, Way("averted", event.id, condition))
        shapes = [effect for variant in event.variants for effect in variant.do or ()]
        for effect in (*event.do, *shapes):
            if isinstance(effect, Assign | Move | Put):
                _setter(ways, effect.name, f"={event.id}", effect)
    return ways


def _lead(into: dict[str, list[Way]], target: str, way: Way) -> None:
    if target and way not in into.setdefault(target, []):
        into[target].append(way)


def _setter(ways: Ways, name: str, by: str, effect: Effect) -> None:
    ways.setters.setdefault(name, []).append((by, effect))


def _room_ways(ways: Ways, story: Story, scene: str, room: Passage) -> None:
    for goto in room.goto:
        _lead(ways.into, _place(story, scene, goto.to), Way("room", room.address, goto.condition))
    for choice in room.choices:
        _choice_ways(ways, story, scene, room.id, choice)


def _place(story: Story, scene: str, to: str) -> str:
    """What a divert leads to: a room of the same scene, or a scene; "" for what only goes on."""
    if to in story.scenes[scene].passages:
        return f"{scene}/{to}"
    return to if to in story.scenes else ""


def _choice_ways(ways: Ways, story: Story, scene: str, room: str, choice: Choice) -> None:
    ways.where[choice.address] = (scene, room)
    ways.choices[choice.address] = choice
    for goto in choice.goto:
        _lead(ways.into, _place(story, scene, goto.to), Way("choice", choice.address, goto.condition))
    _lead(ways.into, choice.call, Way("choice", choice.address))
    for item in choice.later:
        _lead(ways.into, item.scene, Way("choice", choice.address, item.condition))
        _lead(ways.into, item.otherwise, Way("choice", choice.address))
        _lead(ways.happens, item.event, Way("choice", choice.address, item.condition))
    effects = (*choice.do, *(effect for item in choice.later for effect in item.do))
    for effect in effects:
        if isinstance(effect, Assign | Move | Put):
            _setter(ways, effect.name, choice.address, effect)


class Wants:
    """What would help, thought back from the goal in one state: the weight of each thing."""

    def __init__(self, story: Story, state: Values) -> None:
        self.story, self.s = story, state
        self.w: World = engine.world_of(story)
        self.ways = ways_of(story)
        self.taking: dict[str, int] = {}
        """choice → how much its being taken is wanted"""
        self.cards: dict[str, int] = {}
        """scene → how much its being played is wanted"""
        self.more: dict[str, int] = {}
        """number → how much a step up is wanted; below nought, a step down"""
        self.word: dict[tuple[str, Any], int] = {}
        """quality and value → how much it is wanted"""
        self._seen: dict[tuple[str, str], int] = {}

    def _first(self, kind: str, name: str, weight: int) -> bool:
        """Whether a thing has not been thought of with as much weight before."""
        if weight < FAINT or self._seen.get((kind, name), 0) >= weight:
            return False
        self._seen[kind, name] = weight
        return True

    def goal(self, goal: Goal) -> None:
        if goal.event:
            self.event(goal.event, goal.verdict, FULL)
        elif goal.choice:
            self.choice(goal.choice, FULL)
        else:
            self.scene(goal.scene, FULL)

    def scene(self, scene: str, weight: int) -> None:
        """A scene should be played: its gate should hold, or something should lead to it."""
        if not self._first("scene", scene, weight):
            return
        _raise(self.cards, scene, weight)
        card = self.story.cards[scene]
        if self.w.unplayed(self.s, card):
            self.holds(card.gate.tree, weight)
        self._led_to(scene, weight * 9 // 10)

    def _led_to(self, place: str, weight: int) -> None:
        for way in self.ways.into.get(place, ()):
            self._way(way, weight)

    def _way(self, way: Way, weight: int) -> None:
        """One way should be gone: what it asks should hold, and where it begins be reached."""
        if way.condition is not None:
            self.holds(way.condition.tree, weight)
        if way.kind == "choice":
            self.choice(way.name, weight)
        elif way.kind == "room":
            self.room(way.name, weight)
        else:
            self.event(way.name, "averted" if way.kind == "averted" else "happened", weight)

    def room(self, address: str, weight: int) -> None:
        """A room should be entered."""
        scene, _, passage = address.partition("/")
        if not passage:
            self.scene(scene, weight)
        elif self._first("room", address, weight):
            self._led_to(address, weight * 9 // 10)

    def choice(self, address: str, weight: int) -> None:
        """A choice should be taken: its room should be entered, and its needs met."""
        if f"!chosen.{address}" in self.s and not self._again(address):
            return
        if not self._first("choice", address, weight):
            return
        _raise(self.taking, address, weight)
        scene, passage = self.ways.where[address]
        for need in self.ways.choices[address].needs:
            self.holds(need.condition.tree, weight * 8 // 10)
        if (word(self.s, "!scene"), word(self.s, "!passage")) != (scene, passage):
            self.room(f"{scene}/{passage}" if passage else scene, weight * 8 // 10)

    def _again(self, address: str) -> bool:
        card = self.story.cards[self.ways.where[address][0]]
        return card.repeat or bool(card.again)

    def event(self, id: str, verdict: str, weight: int) -> None:
        """An event should come out so."""
        event = self.story.events[id]
        if not is_open(self.s, event) or not self._first("event", f"{id}={verdict}", weight):
            return
        if verdict == "averted":
            self._averted(event, weight)
            return
        self.holds(event.needs.tree, weight)
        wanted = [x for x in event.outcomes if verdict in ("happened", x.verdict)]
        for outcome in wanted:
            self.holds(outcome.condition.tree, weight * 9 // 10)
        for variant in event.variants:
            if verdict in (variant.id, "altered"):
                self.holds(variant.condition.tree, weight)
            elif verdict in ("kept", "early", "late"):
                self.holds(variant.condition.tree, weight * 6 // 10, False)
        if event.scene:
            self.scene(event.scene, weight * 9 // 10)
        if self.w.pull(self.s, id) < event.threshold:
            self._pulled(event, 1, weight)
        for way in self.ways.happens.get(id, ()):
            self._way(way, weight * 8 // 10)

    def _averted(self, event: Event, weight: int) -> None:
        for outcome in event.outcomes:
            self.holds(outcome.condition.tree, weight * 9 // 10, False)
        if event.scene and event.outcomes:
            self.scene(event.scene, weight * 7 // 10)
        self._pulled(event, -1, weight)
        if event.needs.tree is not None:
            self.holds(event.needs.tree, weight * 5 // 10, False)

    def _pulled(self, event: Event, sign: int, weight: int) -> None:
        """The causes of one side should hold, and those of the other fall away."""
        for pull in event.pulls:
            if pull.condition.tree is not None:
                self.holds(pull.condition.tree, weight * 8 // 10, pull.amount * sign > 0)

    def holds(self, tree: Tree | None, weight: int, wanted: bool = True) -> None:
        """A condition should hold, or should not; what is so already should stay so."""
        if tree is None or weight < FAINT:
            return
        kind = tree[0]
        if kind == "not":
            self.holds(tree[1], weight, not wanted)
        elif kind in ("and", "or"):
            all_of = (kind == "and") == wanted
            for part in tree[1:]:
                self.holds(part, weight if all_of else weight * 8 // 10, wanted)
        elif kind == "derived":
            self._derived(tree[1], weight, wanted)
        elif kind == "compare":
            self._compare(tree[1] if wanted else _TURNED[tree[1]], tree[2], tree[3], weight)
        elif kind == "among":
            for part in tree[2:]:
                self._compare("==" if wanted else "!=", tree[1], part, weight)
        elif kind == "quality":
            self.value(tree[1], wanted, weight)
        elif kind == "has":
            self._in_set(tree, weight, wanted)
        elif kind == "call":
            self._asked(tree, weight, wanted)

    def _derived(self, name: str, weight: int, wanted: bool) -> None:
        if self._first("derived", f"{name}={wanted}", weight):
            self.holds(self.story.derived[name].tree, weight, wanted)

    def _asked(self, tree: Tree, weight: int, wanted: bool) -> None:
        """What `chosen`, `visits`, `happened` and `averted` ask."""
        name, of = tree[1], tree[2]
        if name == "chosen":
            if wanted:
                self.choice(of, weight * 9 // 10)
            elif f"!chosen.{of}" not in self.s:
                _raise(self.taking, of, -weight)
        elif name in ("happened", "averted"):
            verdict = "averted" if (name == "averted") == wanted else "happened"
            self.event(of, verdict, weight * 9 // 10)

    def _in_set(self, tree: Tree, weight: int, wanted: bool) -> None:
        if tree[2][0] == "quality":
            key = (tree[2][1], tree[1] if wanted else f"-{tree[1]}")
            _raise(self.word, key, weight)
            if (tree[1] in self.s.get(tree[2][1], ())) != wanted:  # type: ignore[operator]  # a set is a tuple of words
                self._set_by(key, weight, lambda effect: isinstance(effect, Put) and (effect.word, effect.inside) == (tree[1], wanted))

    def _compare(self, operator: str, left: Tree, right: Tree, weight: int) -> None:
        if left[0] in ("int", "word"):
            left, right, operator = right, left, _MIRROR[operator]
        if left[0] == "quality" and right[0] in ("int", "word", "bool"):
            self._quality(operator, left[1], right[1], weight)
        elif left[0] == "call" and left[1] in ("visits", "verdict", "variant", "pull"):
            self._compare_call(operator, left, right, weight)
        elif left[0] == "derived":
            self._derived(left[1], weight, operator in ("==", ">=", ">"))
        elif left[0] in ("arithmetic", "fold"):
            self._amount(left, 1 if operator in (">", ">=") else -1, weight)

    def _compare_call(self, operator: str, left: Tree, right: Tree, weight: int) -> None:
        name, of = left[1], left[2]
        up = operator in (">", ">=") or (operator == "==" and right[1] not in (0, "open", "none"))
        if name == "visits" and up:
            self.scene(of, weight * 9 // 10)
        elif name == "visits":
            _raise(self.cards, of, -weight)
        elif name == "pull":
            self._pulled(self.story.events[of], 1 if up else -1, weight)
        elif up and right[0] == "word":
            self.event(of, str(right[1]), weight * 9 // 10)

    def _amount(self, tree: Tree, sign: int, weight: int) -> None:
        """A sum should rise or fall: so should its parts."""
        for part in tree[2:]:
            if isinstance(part, list) and part and part[0] == "quality":
                _raise(self.more, part[1], weight * sign)

    def _quality(self, operator: str, name: str, value: Any, weight: int) -> None:
        quality = self.story.qualities[name]
        if quality.type != "number":
            if operator in ("==", "!="):
                self.value(name, value if operator == "==" else f"-{value}", weight)
            return
        have = number(self.s, name)
        low = {">": value + 1, ">=": value, "==": value}.get(operator, quality.low)
        high = {"<": value - 1, "<=": value, "==": value}.get(operator, quality.high)
        if have < low:
            self._step(name, 1, weight)
        elif have > high:
            self._step(name, -1, weight)
        elif have - low < 1 < quality.high - low and operator in (">", ">="):
            _raise(self.more, name, weight // 4)  # it holds by a hair
        elif high - have < 1 < high - quality.low and operator in ("<", "<="):
            _raise(self.more, name, -weight // 4)

    def _step(self, name: str, sign: int, weight: int) -> None:
        """A number should move: so should the choices that move it be met."""
        _raise(self.more, name, weight * sign)
        self._set_by((name, sign), weight * 5 // 10, lambda effect: isinstance(effect, Move) and effect.sign == sign)

    def value(self, name: str, value: Any, weight: int) -> None:
        """A word or a flag should be so; a word with a minus before it should not."""
        against = isinstance(value, str) and value.startswith("-")
        _raise(self.word, (name, value), weight)
        if (self.s.get(name) == (value[1:] if against else value)) != against:
            return
        self._set_by((name, value), weight * 9 // 10, lambda effect: isinstance(effect, Assign) and _gives(effect, value))

    def _set_by(self, what: tuple[str, Any], weight: int, helps: Callable[[Effect], bool]) -> None:
        """Whatever would set a quality so should be met: choices, and events that do it."""
        if not self._first("set", f"{what[0]}={what[1]}", weight):
            return
        for by, effect in self.ways.setters.get(what[0], ()):
            if helps(effect):
                if by.startswith("="):
                    self.event(by[1:], "happened", weight * 8 // 10)
                else:
                    self.choice(by, weight * 8 // 10)
                if isinstance(effect, Assign) and effect.amount.tree[0] == "ifelse":
                    _, condition, then, other = effect.amount.tree
                    if _fits(then, what[1]) != _fits(other, what[1]):
                        self.holds(condition, weight * 8 // 10, _fits(then, what[1]))

    # the worth of a deed

    def worth(self, deed: Deed) -> int:
        """How much one deed helps."""
        if deed.card:
            card = self.cards.get(deed.card, 0)
            inside = max((self.of_choice(choice) for choice in deed.choices or ()), default=0)
            return card + inside - (0 if deed.verb == "take" else 50 if deed.verb == "summon" else FULL)
        return sum(self.of_choice(choice) for choice in deed.choices or ())

    def of_choice(self, choice: Choice) -> int:
        """How much a choice helps: itself, and what it does."""
        total = self.taking.get(choice.address, 0)
        for effect in choice.do:
            if isinstance(effect, Move):
                total += max(-3, min(3, effect.delta(self.s, self.w, True))) * self.more.get(effect.name, 0)
            elif isinstance(effect, Assign):
                total += self._assigned(effect)
            elif isinstance(effect, Put):
                total += self.word.get((effect.name, effect.word), 0) * (1 if effect.inside else -1)
                total += self.word.get((effect.name, f"-{effect.word}"), 0) * (-1 if effect.inside else 1)
        return total

    def _assigned(self, effect: Assign) -> int:
        """What an assignment gives of what is wanted, less what it takes away."""
        total = 0
        for (name, value), weight in self.word.items():
            if name == effect.name:
                total += weight if _gives(effect, value) else -weight
        return total


def _gives(effect: Assign, value: Any) -> bool:
    """Whether an assignment may make a word or flag so; with a minus before it, make it not so."""
    return _fits(effect.amount.tree, value)


def _fits(tree: Tree, value: Any) -> bool:
    """Whether an amount may come to a value; with a minus before it, to another."""
    if tree[0] == "ifelse":
        return _fits(tree[2], value) or _fits(tree[3], value)
    if tree[0] not in ("word", "bool", "int"):
        return False
    return bool(tree[1] != value[1:] if isinstance(value, str) and value.startswith("-") else tree[1] == value)


def _raise(table: dict[Any, int], key: Any, weight: int) -> None:
    """Keep the greater weight of a thing, whichever way."""
    if abs(weight) > abs(table.get(key, 0)):
        table[key] = weight


def seeker(story: Story, text: str) -> Bot:
    """The bot that makes for a goal; once there, any offer."""
    goal = goal_of(story, text)

    def bot(played: Playthrough, offers: tuple[str, ...]) -> str:
        s = played.state
        whim = WHIMS[draw(played.seed, 0, "whims", 0, len(WHIMS))]
        if len(offers) == 1 or goal.reached(s) or draw(played.seed, len(played.choices), "whim", 0, 100) < whim:
            return random_bot(played, offers)
        wants = Wants(story, s)
        wants.goal(goal)
        return best(played, {deed.id: wants.worth(deed) for deed in deeds_of(story, s, offers)})

    return bot


def witness(
    story: Story, text: str, tries: int = 40, seed: str = "witness", start: str = "", mode: str = ""
) -> Playthrough | None:
    """A campaign that reaches a goal, and stops there; None where so many tries missed it.

    None is no proof that there is no way. Raises RedMexicoError where there is no such goal.
    """
    goal, bot = goal_of(story, text), seeker(story, text)
    for i in range(tries):
        played = play(story, bot, f"{seed}-{i}", until=goal.reached, start=start, mode=mode)
        if goal.reached(played.state):
            return played
    return None


__all__ = ["Goal", "goal_of", "seeker", "witness"]
