"""The first day on which each thing of a story can come, as far as the calendar tells it.

A relaxation: at first nothing can come; then, round by round, whatever some way leads to gets the earliest
day that its window, its gate and that way allow, until nothing changes. A gate that asks for a choice waits
for the scene of that choice, one that asks for a number that nobody has yet for the first who moves it the
right way. Acts are taken to begin on their own first day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date as Date
from functools import partial
from typing import Any

from redmexico.asking import Name, Test, asked, bearing
from redmexico.expression import Tree
from redmexico.model import FAR
from redmexico.uses import Uses, scene_of
from redmexico.world import months_on

Form = Mapping[str, Any]
Way = Callable[[], int]
EVER = 1
ROUNDS = 200


def first_days(form: Form, scenes: Mapping[str, Form], uses: Uses) -> dict[str, int]:
    """Node → the first day on which it can come, as an ordinal; FAR where no way leads to it.

    Nodes are scenes by id, and `event:…`, `act:…`, `start:…`, `ending:…`.
    """
    return _Days(form, scenes, uses).found()


class _Days:
    """The rounds."""

    def __init__(self, form: Form, scenes: Mapping[str, Form], uses: Uses) -> None:
        self.form, self.scenes, self.uses = form, scenes, uses
        self.day: dict[str, int] = {}
        self.derived: dict[str, Tree] = dict(form["derived"])
        self.starts = {quality["name"]: quality["start"] for quality in form["qualities"]}
        self.movers: dict[tuple[Name, Test], tuple[str, ...] | None] = {}
        self.cards = {card["id"]: card for card in form["cards"] if card["id"] in scenes}
        self.acts = {act["id"]: act for act in form["acts"]}

    def found(self) -> dict[str, int]:
        ways = list(self.ways())
        self.day = {target: FAR for target, _ in ways}
        for id in self.cards:
            self.day.setdefault(id, FAR)
        for _ in range(ROUNDS):
            changed = False
            for target, way in ways:
                day = way()
                if day < self.day[target]:
                    self.day[target] = day
                    changed = True
            if not changed:
                break
        return self.day

    def ways(self) -> Iterator[tuple[str, Way]]:
        """Every way in which something comes, as a function of the days known so far."""
        for start in self.form["starts"]:
            yield f"start:{start['id']}", partial(int, self.acts[start["act"]]["first"])
        for act in self.form["acts"]:
            yield f"act:{act['id']}", partial(int, act["first"])
        for id, card in self.cards.items():
            if card["due"] or card["deck"]:
                for act in self.form["acts"]:
                    if not card["deck"] or (act["council"] and card["deck"] in act["council"]["decks"]):
                        yield id, partial(self.comes, card, act["first"], act["last"])
        for event in self.form["events"]:
            yield f"event:{event['id']}", partial(self.event, event)
        yield from self.led()
        yield from self.endings()

    def led(self) -> Iterator[tuple[str, Way]]:
        """What goto, call, bills, events and starts lead to."""
        bills: dict[tuple[str, str], Form] = {}
        for scene in self.scenes.values():
            for choice in choices_of(scene):
                for item in choice["later"]:
                    for target in (item["scene"], item["event"], item["else"]):
                        bills.setdefault((choice["address"], target), item)
        for (kind, id), settings in self.uses.settings.items():
            for setting in settings:
                source = scene_of(setting.address) or setting.address
                if kind == "scene" and setting.role in ("goto", "call", "start"):
                    yield id, partial(self.known, source)
                elif kind in ("scene", "event") and setting.role in ("later", "else"):
                    yield node_of(kind, id), partial(self.called, kind, id, source, bills[setting.address, id])
                elif kind in ("scene", "event") and setting.role in ("scene", "variant", "otherwise"):
                    yield node_of(kind, id), partial(self.called, kind, id, source, None)

    def endings(self) -> Iterator[tuple[str, Way]]:
        by_rules = [act for act in self.form["acts"] if any(not to for _, to, _ in act["next"])]
        for ending in self.form["endings"]:
            node = f"ending:{ending['id']}"
            for setting in self.uses.settings.get(("ending", ending["id"]), ()):
                source = scene_of(setting.address) or setting.address
                if setting.role == "rules":
                    for act in by_rules or self.form["acts"][-1:]:
                        yield node, partial(self.closes, act, ending)
                elif setting.role == "next":
                    yield node, partial(int, self.acts[source.partition(":")[2]]["last"])
                else:
                    yield node, partial(self.known, source)

    # ways

    def known(self, node: str) -> int:
        return self.day.get(node, FAR)

    def called(self, kind: str, id: str, source: str, bill: Form | None) -> int:
        """The day on which something that a bill or an event calls for can play."""
        day = self.known(source) if bill is None else _after(self.known(source), bill)
        return day if kind == "event" or day >= FAR else self.comes(self.cards[id], day, FAR)

    def comes(self, card: Form, first: int, last: int) -> int:
        """The first day of a scene's window, from `first` on, on which its gate can hold."""
        day = max(first, card["window"][0], self.earliest(card["gate"]))
        return day if day <= min(last, card["window"][1]) else FAR

    def event(self, event: Form) -> int:
        """The first day on which an event is weighed and can come."""
        fixed = event["external"] or event["early"] is None or (event["scene"] and event["outcomes"])
        day: int = event["date" if fixed else "window"][0]
        if event["outcomes"] and not event["scene"]:
            day = max(day, min(self.earliest(tree) for _, tree, _ in event["outcomes"]))
        day = max(day, self.earliest(event["needs"]))
        return day if day <= event["window"][1] else FAR

    def closes(self, act: Form, ending: Form) -> int:
        """The day on which an act closes in an ending that the rules choose."""
        return max(int(act["last"]), self.earliest(ending["if"]))

    # conditions

    def earliest(self, tree: Tree | None, holds: bool = True) -> int:
        """The first day on which a condition can hold (or fail)."""
        if tree is None:
            return EVER
        kind = tree[0]
        if kind == "not":
            return self.earliest(tree[1], not holds)
        if kind in ("and", "or"):
            days = [self.earliest(part, holds) for part in tree[1:]]
            return max(days) if (kind == "and") == holds else min(days)
        if kind == "derived":
            return self.earliest(self.derived.get(tree[1]), holds)
        if kind in ("quality", "call", "compare", "compare_date", "among", "has"):
            return max((self.waits(name, test) for name, test in asked(tree, holds) if test is not None), default=EVER)
        return EVER

    def waits(self, name: Name, test: Test) -> int:
        """The first day on which what is asked of a name can be so."""
        kind, id = name
        sign, value = test
        if kind == "plain":
            return self.plain(id, sign, value)
        if kind in ("scene", "choice", "event"):
            node = {"scene": id, "choice": scene_of(id), "event": f"event:{id}"}[kind]
            return self.day.get(node, FAR) if _asks_for_it(kind, sign, value) else EVER
        if kind == "quality":
            movers = self.moved_by(name, test)
            return EVER if movers is None else min((self.day.get(node, EVER) for node in movers), default=FAR)
        return EVER

    def plain(self, id: str, sign: str, value: Any) -> int:
        if id == "date" and sign in (">=", ">", "=="):
            return int(value[1]) + 1 if sign == ">" else int(value[0])
        if id == "year" and sign in (">=", ">", "==") and 1 <= value <= 9990:
            return Date(value + (sign == ">"), 1, 1).toordinal()
        if id == "act" and sign in ("==", "in"):
            return min(int(self.acts[act]["first"]) for act in (value if sign == "in" else (value,)))
        return EVER

    def moved_by(self, name: Name, test: Test) -> tuple[str, ...] | None:
        """Who can make a quality so; None where it may be so from the beginning."""
        key = (name, test)
        if key not in self.movers:
            self.movers[key] = self._moved_by(name, test)
        return self.movers[key]

    def _moved_by(self, name: Name, test: Test) -> tuple[str, ...] | None:
        start = self.starts.get(name[1])
        sign = test[0]
        if sign == "lacks" or (sign != "has" and bearing("=", start, test) != -1):
            return None
        nodes: dict[str, None] = {}
        for setting in self.uses.set_by(*name):
            if setting.bearing(test) in (0, 1):
                nodes[scene_of(setting.address) or setting.address] = None
        return tuple(nodes)


def _asks_for_it(kind: str, sign: str, value: Any) -> bool:
    """Whether a test wants the scene played, the choice made, the event come."""
    if isinstance(value, bool):
        return sign == "==" and value
    if isinstance(value, int):
        return kind == "scene" and ((sign == ">" and value >= 0) or (sign in (">=", "==") and value >= 1))
    came = ("kept", "early", "late", "altered", "unwritten")
    return sign == "==" and kind == "event" and (value in came or value not in ("open", "averted", "none"))


def node_of(kind: str, id: str) -> str:
    """The node of a scene or an event.

    >>> node_of("scene", "gangway"), node_of("event", "axe")
    ('gangway', 'event:axe')
    """
    return id if kind == "scene" else f"{kind}:{id}"


def choices_of(scene: Form) -> list[Form]:
    """The choices of a scene in the order in which they stand; an order is one."""
    found = [choice for room in scene["passages"] for choice in room["choices"]]
    return [scene["order"], *found] if scene["order"] else found


def _after(day: int, later: Form) -> int:
    """The first day on which a bill planted on a day can fall due."""
    if day >= FAR:
        return FAR
    n = int(later["low"])
    if later["unit"] in ("day", "week"):
        return day + n * (7 if later["unit"] == "week" else 1)
    return months_on(day, n * (12 if later["unit"] == "year" else 1))
