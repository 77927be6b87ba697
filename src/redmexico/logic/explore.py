"""The exploration of a story: everything that might happen is taken to happen, until nothing is new.

From the beginning the explorer asks of each gate, need, divert, event and bill whether it could hold
while every name is anything that it may have become; what could hold is taken to happen, and widens
the names that it writes. Several things are allowed that play would not allow together, so that what
is not reached cannot be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from redmexico.expression import Tree
from redmexico.logic.assumed import Grants, Scenes, choices_of, written_by
from redmexico.logic.ledger import Ledger
from redmexico.logic.reading import MANY, Form, Reading
from redmexico.logic.solve import Verdict, answered, joined
from redmexico.logic.terms import LAST_DAY, Claim, negated
from redmexico.weighing import NEAR

BUDGET = 20_000
"""Parts of conditions looked at for one question; beyond it the answer counts as yes."""
PATIENCE = 6
"""How often an act's days may grow before they are taken to have no end."""


class Place:
    """When a scene may be on: its first and last day, and the acts."""

    __slots__ = ("acts", "first", "flows", "last", "stamp")

    def __init__(self, first: int = LAST_DAY + 1, last: int = 0, acts: Iterable[str] = ()) -> None:
        self.first, self.last = first, last
        self.acts = dict.fromkeys(acts)
        self.stamp = 0
        self.flows: list[Place] = []
        """the places to which play goes on from here without a gate"""


class _Question:
    """Something that may come true: once it can, `then` is done."""

    __slots__ = ("asked", "claims", "names", "place", "then")

    def __init__(self, claims: Iterable[Claim], place: Place, then: Callable[[], None]) -> None:
        self.claims, self.names = joined(claims)
        self.place, self.then = place, then
        self.asked = -1


class Asked(NamedTuple):
    """What was asked on the way to a thing: the conditions, and when."""

    trees: tuple[Tree | None, ...]
    place: Place
    denied: tuple[Tree | None, ...] = ()
    """conditions that must not hold: those that come before it"""


class Explorer:
    """Explores one story; `explore` once, then read what it found."""

    def __init__(self, form: Form, scenes: Scenes) -> None:
        self.form, self.scenes = form, scenes
        self.reading = Reading(form)
        self.grants = Grants(self.reading, scenes)
        self.cards = self.grants.cards
        self.events = self.reading.events
        self.acts = {act["id"]: act for act in form["acts"]}
        self.ledger = Ledger(self.reading)
        self.questions: list[_Question] = []
        self.asked: dict[tuple[str, str], list[Asked]] = {}
        """what was asked on the way to each thing, for the reasons"""
        self.places: dict[str, Place] = {}
        self.passages: dict[str, None] = {}
        self.choices: dict[str, None] = {}
        self.open_acts: dict[str, Place] = {}
        self.openings: dict[str, Place] = {}
        self.grown: dict[str, int] = {}
        self.wanted: dict[str, None] = {}
        """scenes that something calls for, if their gates hold"""
        self.ways: set[tuple[str, str]] = set()
        """(event, how it came about)"""
        self.anytime = Place()
        self.ends_early = any("end" in found for found in self.grants.leads_to.values())
        self.once = self._once()
        for name in self._counted():
            self.ledger.values[name] = (-1, -1) if name.startswith("!since.") else (0, 0)
        for event in self.events:
            self.ledger.values[f"!event.{event}"] = frozenset(("open",))
        self.ledger.values["!act"] = frozenset()

    def _counted(self) -> Iterable[str]:
        for id, body in self.scenes.items():
            yield f"!visits.{id}"
            yield f"!since.{id}"
            yield f"!chosen.{id}"
            for choice in choices_of(body):
                yield f"!chosen.{choice['address']}"

    def _once(self) -> dict[str, bool]:
        """Whether a scene can be entered once only in a campaign."""
        called = {to for event in self.events.values() for to in scenes_of(event)}
        return {
            id: not (card["repeat"] or card["again"] or id in self.grants.led_to or (card["deck"] and id in called))
            for id, card in self.cards.items()
        }

    # the exploration

    def explore(self) -> None:
        """Begin everywhere, and go on until nothing is new."""
        for mode in self.form["modes"]:
            self.do(mode["do"], f"mode:{mode['id']}", True)
        for start in self.form["starts"]:
            self.begin(start)
        before = -1
        while before != self.ledger.clock or any(question.asked < 0 for question in self.questions):
            before = self.ledger.clock
            pending, self.questions = self.questions, []
            for question in pending:
                if self.stale(question) and self.can(question):
                    self.ledger.clock += 1
                    question.then()
                else:
                    self.questions.append(question)
            self.ledger.settle()

    def stale(self, question: _Question) -> bool:
        """Whether anything that a question reads has changed since it was asked."""
        asked, changed = question.asked, self.ledger.changed
        if asked < 0 or question.place.stamp > asked:
            return True
        return any(changed.get(name, 0) > asked for name in question.names)

    def can(self, question: _Question) -> bool:
        """Whether a question's claims could hold now."""
        question.asked = self.ledger.clock
        place = question.place
        if place.first > place.last:
            return False
        if not question.claims:
            return True
        return self.holds(question.claims, question.names, place)

    def could(self, asked: Asked) -> bool:
        """Whether conditions can hold at a place, as far as the exploration has gone."""
        claims, names = joined(self.claims(asked))
        return self.holds(claims, names, asked.place)

    def holds(self, claims: list[Claim], names: tuple[str, ...], place: Place) -> bool:
        box = self.ledger.box(names)
        if "!date" in box:
            box["!date"] = (place.first, place.last)
        if "!act" in box:
            box["!act"] = frozenset(place.acts)
        return answered(claims, box, BUDGET).verdict is not Verdict.NO

    def ask(
        self,
        thing: tuple[str, str],
        trees: Iterable[Tree | None],
        place: Place,
        then: Callable[[], None],
        denied: Iterable[Tree | None] = (),
    ) -> None:
        """Once all conditions can hold, and none of those denied, a thing is reached."""
        found = Asked(tuple(trees), place, tuple(denied))
        self.asked.setdefault(thing, []).append(found)
        self.questions.append(_Question(self.claims(found), place, then))

    def claims(self, asked: Asked) -> list[Claim]:
        claim = self.reading.claim
        return [claim(tree) for tree in asked.trees] + [negated(claim(tree)) for tree in asked.denied]

    # days

    def widen(self, place: Place, first: int, last: int, acts: Iterable[str]) -> bool:
        """A place may be on these days too, and all to which play goes on from it; whether that is new."""
        more = [act for act in acts if act not in place.acts]
        if not more and place.first <= first and last <= place.last:
            return False
        self.ledger.clock += 1
        waiting = [(place, first, last, tuple(more))]
        while waiting:
            place, first, last, acts = waiting.pop()
            place.first, place.last = min(place.first, first), max(place.last, last)
            place.acts |= dict.fromkeys(acts)
            place.stamp = self.ledger.clock
            for other in place.flows:
                new = tuple(act for act in place.acts if act not in other.acts)
                if new or place.first < other.first or other.last < place.last:
                    waiting.append((other, place.first, place.last, new))
        return True

    # starts and acts

    def begin(self, start: Form) -> None:
        act = self.acts.get(start["act"])
        if act is None:
            return
        first = act["first"]
        for event, fate in _recorded(self.form, start, first):
            self.ledger.admit(f"!event.{event}", fate)
        self.open_act(act["id"], first, first)
        self.do(start["do"], f"start:{start['id']}", True)
        if start["scene"]:
            self.enter(start["scene"], Place(first, first, (act["id"],)))

    def open_act(self, id: str, first: int, last: int) -> None:
        """An act may open on these days: it may last until its own last day, or be over on the first."""
        act = self.acts[id]
        new = id not in self.open_acts
        opening = self.openings.setdefault(id, Place())
        if self.grown.get(id, 0) > PATIENCE:
            last = LAST_DAY
        if not self.widen(opening, first, last, (id,)):
            return
        self.grown[id] = self.grown.get(id, 0) + 1
        place = self.open_acts.setdefault(id, Place())
        self.widen(place, opening.first, max(act["last"], opening.last), (id,))
        self.widen(self.anytime, place.first, place.last, (id,))
        self.ledger.span("!date", self.anytime.first, self.anytime.last)
        self.ledger.admit("!act", id)
        if new:
            self.do(act["do"], f"act:{id}", not self._comes_back(id))
            if act["council"] and act["council"]["summon"]:
                self.do([act["council"]["summon"]], f"summon:{id}", False)
        for card in self.cards:
            if self.comes_of_itself(card, act) or card in self.wanted:
                self.gate(card, id)
        for event in self.events.values():
            self.weigh(event, id)
        self.close_act(act, place)

    def _comes_back(self, id: str) -> bool:
        """Whether an act can be followed by itself, others between."""
        seen: dict[str, None] = {}
        waiting = [to for _, to, _ in self.acts[id]["next"] if to]
        while waiting:
            act = waiting.pop()
            if act not in seen and act in self.acts:
                seen[act] = None
                waiting += [to for _, to, _ in self.acts[act]["next"] if to]
        return id in seen

    def close_act(self, act: Form, place: Place) -> None:
        """The acts that may come after: on the day after the last, or sooner where it may be cut short."""
        early = self.ends_early or act["ends"] is not None
        first = place.first + 1 if early else max(act["last"], place.first) + 1
        denied: list[Tree | None] = []
        for tree, to, _ in act["next"]:
            if to:

                def then(to: str = to, first: int = first) -> None:
                    self.open_act(to, first, min(place.last + 1, LAST_DAY))

                self.ask(("act", to), (tree,), place, then, denied)
            denied.append(tree)

    # scenes

    def comes_of_itself(self, id: str, act: Form) -> bool:
        """Whether an act's calendar or council offers a scene."""
        card = self.cards[id]
        if card["deck"]:
            return bool(act["council"]) and act["council"]["orders"] > 0 and card["deck"] in act["council"]["decks"]
        if card["due"] == "weight":
            return bool(act["scenes"] and card["weight"])
        return bool(card["due"])

    def summon(self, id: str) -> None:
        """Something calls for a scene: it plays if its gate holds."""
        if id in self.cards and id not in self.wanted:
            self.wanted[id] = None
            for act in self.open_acts:
                self.gate(id, act)

    def gate(self, id: str, act: str) -> None:
        """A scene is open in an act once its window touches the act's days and its gate can hold."""
        card, days = self.cards[id], self.open_acts[act]
        if card["due"] == "open" and id not in self.wanted:
            days = self.openings[act]
        place = Place(max(card["window"][0], days.first), min(card["window"][1], days.last), (act,))
        if card["deck"]:
            place = Place(self.council_day(card, act), place.last, (act,))
        self.ask(("scene", id), (card["gate"],), place, lambda: self.enter(id, place))

    def council_day(self, card: Form, act: str) -> int:
        """The first day on which a card may be taken: its window touches the turn, the council sits at its beginning."""
        days, tempo = self.open_acts[act], self.acts[act]["tempo"]
        if not tempo:
            return days.first
        opens: int = card["window"][0] - tempo * 40
        return max(days.first, opens)

    def enter(self, id: str, way: Place, flow: bool = False) -> None:
        """A scene is open, coming from a place; `flow` where play goes on from there without a gate."""
        if id not in self.scenes:
            return
        new = id not in self.places
        place = self.places.setdefault(id, Place())
        if flow and place is not way and place not in way.flows:
            way.flows.append(place)
        self.widen(place, way.first, way.last, way.acts)
        if not new:
            return
        self.ledger.span(f"!visits.{id}", 0, 1 if self.once[id] else MANY)
        self.ledger.span(f"!since.{id}", -1, MANY)
        body = self.scenes[id]
        if body["order"] is not None:
            self.take(id, "", body["order"])
        else:
            self.show(id, "")

    def show(self, scene: str, passage: str) -> None:
        """A passage is on."""
        room = next((room for room in self.scenes[scene]["passages"] if room["id"] == passage), None)
        if room is None or room["address"] in self.passages:
            return
        self.passages[room["address"]] = None
        place, given = self.places[scene], self.grants.at(scene, passage)
        for choice in room["choices"]:

            def then(choice: Form = choice) -> None:
                self.take(scene, passage, choice)

            self.ask(("choice", choice["address"]), (*given, *(need[0] for need in choice["needs"])), place, then)
        if not room["choices"] or room["take"]:
            self.follow(scene, room["goto"], self.grants.throughout(scene))
        elif room["goto"] and all(choice["needs"] for choice in room["choices"]):
            locked = [_all_of(need[0] for need in choice["needs"]) for choice in room["choices"]]
            go_on = [["not", tree] for tree in locked if tree is not None]
            if len(go_on) == len(locked):
                self.ask(
                    ("go on", room["address"]),
                    (*given, *go_on),
                    place,
                    lambda: self.follow(scene, room["goto"], self.grants.throughout(scene)),
                )

    def take(self, scene: str, passage: str, choice: Form) -> None:
        """A choice is taken: what it does, plants, and where it leads."""
        address, place = choice["address"], self.places[scene]
        self.choices[address] = None
        once = self.once[scene] and not self.in_circle(scene, passage)
        self.ledger.span(f"!chosen.{address}", 0, 1)
        self.do(choice["do"], address, once, scaled=True)
        for item in choice["later"]:
            self.plant(item, once)
        if self.scenes[scene]["order"] is not None:
            return  # an order leads nowhere
        if choice["call"]:
            self.enter(choice["call"], place, flow=True)
            self.follow(scene, choice["goto"], self.grants.throughout(scene))
        else:
            room = next(room for room in self.scenes[scene]["passages"] if room["id"] == passage)
            self.follow(scene, choice["goto"] or room["goto"], self.after(scene, passage, choice))

    def after(self, scene: str, passage: str, choice: Form) -> list[Tree]:
        """What holds when a choice was taken: what held before it, but for what it wrote."""
        before = [*self.grants.at(scene, passage), *(need[0] for need in choice["needs"])]
        return self.grants.unchanged(before, written_by(choice))

    def in_circle(self, scene: str, passage: str) -> bool:
        """Whether a passage can be come to again from itself."""
        rooms = {room["id"]: room for room in self.scenes[scene]["passages"]}
        seen: dict[str, None] = {}
        waiting = [passage] if passage in rooms else []
        while waiting:
            room = rooms[waiting.pop()]
            for _, to in [*room["goto"], *(goto for choice in room["choices"] for goto in choice["goto"])]:
                if to in rooms and to not in seen:
                    seen[to] = None
                    waiting.append(to)
        return passage in seen

    def follow(self, scene: str, gotos: list[tuple[Tree | None, str]], given: list[Tree]) -> None:
        """Where play may go on: the first divert that holds."""
        own = {room["id"] for room in self.scenes[scene]["passages"]} - {""}
        place = self.places[scene]
        denied: list[Tree | None] = []
        for tree, to in gotos:
            if to in own:

                def show(to: str = to) -> None:
                    self.show(scene, to)

                self.ask(("passage", f"{scene}/{to}"), (*given, tree), place, show, denied)
            elif to in self.scenes:

                def enter(to: str = to) -> None:
                    self.enter(to, place, flow=True)

                self.ask(("scene", to), (*given, tree), place, enter, denied)
            denied = [*denied, tree]

    def plant(self, item: Form, once: bool) -> None:
        """A bill: on some later day it does, plays or brings about."""

        def falls_due() -> None:
            self.do(item["do"], f"later:{item['key']}", once)
            if item["event"]:
                self.force(item["event"])
            if item["scene"]:
                self.summon(item["scene"])

        key = ("later", item["key"])
        self.ask(key, (item["if"],), self.anytime, falls_due)
        if item["else"]:
            if item["scene"]:
                self.summon(item["else"])
            elif item["if"] is not None:
                self.ask(key, (), self.anytime, lambda: self.summon(item["else"]), (item["if"],))

    # events

    def weigh(self, event: Form, act: str) -> None:
        """What may become of an event while an act runs."""
        days = self.open_acts[act]
        first, window = event["date"][0], event["window"]
        whole = Place(max(window[0], days.first), min(window[1], days.last), (act,))
        if whole.first > whole.last:
            return
        at_date = Place(first, first, (act,)) if days.first <= first <= days.last else None
        at_end = Place(window[1], window[1], (act,)) if days.first <= window[1] <= days.last else None
        if event["outcomes"] and not event["scene"] and not event["external"]:
            self.outcomes(event, whole, (event["needs"],))
            self.fail(event, at_end)
        elif event["external"]:
            if at_date:
                self.shapes(event, at_date, (event["needs"],), None)
                self.want(event, at_date)
        elif event["outcomes"]:
            if at_date:
                needs = (event["needs"],)
                self.ask(("playing", event["id"]), needs, at_date, lambda: self.play_event(event, at_date))
                if first >= window[1]:
                    self.want(event, at_date)
        else:
            self.shapes(event, Place(max(first, whole.first), whole.last, (act,)), (event["needs"],), 0)
            if event["early"] is not None and whole.first < first:
                before = Place(whole.first, min(first - 1, whole.last), (act,))
                self.shapes(event, before, (event["needs"],), event["early"])
            self.fail(event, at_end)

    def play_event(self, event: Form, place: Place) -> None:
        """An event whose scene decides: the scene is played, and what it left is read."""
        self.summon(event["scene"])
        self.outcomes(event, place, ())
        denied = [tree for _, tree, _ in event["outcomes"]]
        self.ask(("averted", event["id"]), (), place, lambda: self.avert(event), denied)

    def outcomes(self, event: Form, place: Place, trees: tuple[Tree | None, ...]) -> None:
        denied: list[Tree | None] = []
        for shape, tree, _ in event["outcomes"]:

            def then(shape: str = shape) -> None:
                self.come(event, "" if shape == "kept" else shape, place, event["do"], "")

            self.ask(("comes", event["id"]), (*trees, tree), place, then, denied)
            denied = [*denied, tree]

    def shapes(self, event: Form, place: Place, trees: tuple[Tree | None, ...], over: int | None) -> None:
        """The shapes in which an event may come; `over` is how far over its threshold, None: unweighed."""
        denied: list[Tree | None] = []
        for variant in [*event["variants"], None]:
            threshold = event["threshold"]
            if variant is not None and variant["threshold"] is not None:
                threshold = variant["threshold"]
            weighed = () if over is None else (_pulled(event["id"], ">=", threshold + over),)
            shape = (*trees, *weighed) if variant is None else (*trees, *weighed, variant["if"])

            def then(variant: Form | None = variant) -> None:
                self.come_as(event, variant, place)

            self.ask(("comes", event["id"]), shape, place, then, denied)
            if variant is not None:
                denied = [*denied, variant["if"]]

    def fail(self, event: Form, place: Place | None) -> None:
        """On its window's last day an event fails for want of what it needs, or of causes."""
        if place is None:
            return
        thing = ("averted", event["id"])
        self.want(event, place)
        if event["outcomes"]:
            self.ask(thing, (), place, lambda: self.avert(event), [tree for _, tree, _ in event["outcomes"]])
            return
        denied: list[Tree | None] = []
        for variant in [*event["variants"], None]:
            threshold = event["threshold"]
            if variant is not None and variant["threshold"] is not None:
                threshold = variant["threshold"]
            trees = [_pulled(event["id"], "<", threshold), *([variant["if"]] if variant else [])]
            self.ask(thing, trees, place, lambda: self.avert(event), denied)
            if variant is not None:
                denied = [*denied, variant["if"]]

    def want(self, event: Form, place: Place) -> None:
        """An event fails for want of what it needs."""
        if event["needs"] is not None:
            thing = ("averted", event["id"])
            self.ask(thing, (), place, lambda: self.avert(event), (event["needs"],))

    def force(self, id: str) -> None:
        """Another's failure or a bill brings an event about, unweighed."""
        if id in self.events and (id, "forced") not in self.ways:
            self.ways.add((id, "forced"))
            self.shapes(self.events[id], self.anytime, (), None)

    def come_as(self, event: Form, variant: Form | None, place: Place) -> None:
        if variant is None:
            self.come(event, "", place, event["do"], event["scene"])
            return
        scene = event["scene"] if variant["scene"] is None else variant["scene"]
        self.come(event, variant["id"], place, event["do"] if variant["do"] is None else variant["do"], scene)

    def come(self, event: Form, shape: str, place: Place, do: list[list[Any]], scene: str) -> None:
        """An event happens, in a shape or as recorded."""
        for fate in [f"altered/{shape}"] if shape else _verdicts(event, None if place is self.anytime else place):
            self.ledger.admit(f"!event.{event['id']}", fate)
        if (event["id"], f"as {shape}") not in self.ways:
            self.ways.add((event["id"], f"as {shape}"))
            self.do(do, f"event:{event['id']}/{shape}", True)
        if scene:
            self.summon(scene)

    def avert(self, event: Form) -> None:
        """An event fails, and something takes its place."""
        if (event["id"], "averted") in self.ways:
            return
        self.ways.add((event["id"], "averted"))
        self.ledger.admit(f"!event.{event['id']}", "averted")
        denied: list[Tree | None] = []
        for tree, other, scene in event["otherwise"]:

            def then(other: str = other, scene: str = scene) -> None:
                if other:
                    self.force(other)
                if scene:
                    self.summon(scene)

            self.ask(("otherwise", event["id"]), (tree,), self.anytime, then, denied)
            denied = [*denied, tree]

    # effects

    def do(self, effects: Iterable[list[Any]], key: str, once: bool, scaled: bool = False) -> None:
        for i, effect in enumerate(effects):
            self.ledger.do(effect, f"{key}#{i}", once, scaled)


def scenes_of(event: Form) -> Iterable[str]:
    """The scenes that an event may play, or its failure."""
    found = [event["scene"], *(variant["scene"] for variant in event["variants"])]
    return [scene for scene in (*found, *(scene for _, _, scene in event["otherwise"])) if scene]


def _pulled(event: str, operator: str, threshold: int) -> Tree:
    return ["compare", operator, ["call", "pull", event], ["int", threshold]]


def _all_of(trees: Iterable[Tree | None]) -> Tree | None:
    """The conjunction of some conditions; None if they always hold."""
    found = [tree for tree in trees if tree is not None]
    return ["and", *found] if len(found) > 1 else found[0] if found else None


def _verdicts(event: Form, place: Place | None) -> list[str]:
    """What an event's coming is called, by the days on which it may come; None: any day."""
    if event["line"] == "notebook":
        return ["unwritten"]
    if place is None:
        return ["kept", "early", "late"]
    first, last = event["date"][0] - NEAR, event["date"][1] + NEAR
    fates = ["kept"] if place.first <= last and first <= place.last else []
    return fates + (["early"] if place.first < first else []) + (["late"] if place.last > last else [])


def _recorded(form: Form, start: Form, first: int) -> Iterable[tuple[str, str]]:
    """What a start in the middle takes to have happened: its line's events before it, but for what it names."""
    if not start["line"]:
        return
    follows = {id: (other, until) for id, _, other, until in form["lines"]}
    for event in form["events"]:
        if event["id"] not in start["events"] and event["date"][0] < first:
            if _counts_in(event, start["line"], follows):
                yield event["id"], "unwritten" if event["line"] == "notebook" else "kept"
            else:
                yield event["id"], "averted"
    for id, shape in start["events"].items():
        yield id, shape if shape in ("kept", "early", "late", "averted") else f"altered/{shape}"


def _counts_in(event: Form, line: str, follows: dict[str, tuple[str, int]]) -> bool:
    """Whether an event belongs to a recorded line, its own or the one that it follows."""
    if event["line"] in (line, "both") or any(line == other for other, _, _ in event["elsewhere"]):
        return True
    other, until = follows.get(line, ("", 0))
    return bool(other) and event["line"] == other and event["date"][0] < until
