"""What of a story can be reached at all, and why the rest cannot.

`never` is a proof: the exploration behind it allows whatever play allows, and more.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from redmexico.logic.assumed import Scenes, choices_of
from redmexico.logic.branches import Text, branches, texts
from redmexico.logic.domains import Domains
from redmexico.logic.explore import Asked, Explorer, Place, scenes_of
from redmexico.logic.reading import Form
from redmexico.logic.reasons import Reason, why
from redmexico.logic.terms import Domain

Branch = tuple[str, str, int]
"""The address of a text's owner, the field, and the branch's index in reading order, nested ones after their own."""


@dataclass(slots=True)
class Reach:
    """What can be reached, in the order of the files; what is false here can never be."""

    domains: Domains
    """all that the names can become"""
    scenes: dict[str, bool] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    """reached scene → when it may be on"""
    passages: dict[str, bool] = field(default_factory=dict)
    choices: dict[str, bool] = field(default_factory=dict)
    """by address; an order by its scene's id"""
    acts: dict[str, bool] = field(default_factory=dict)
    comes: dict[str, bool] = field(default_factory=dict)
    """event → whether it can come, kept or not"""
    averted: dict[str, bool] = field(default_factory=dict)
    branches: dict[Branch, bool] = field(default_factory=dict)
    reasons: dict[tuple[str, str | Branch], Reason] = field(default_factory=dict)
    """("scene", id), ("passage", address), ("choice", address), ("act", id), ("comes", event),
    ("averted", event) or ("branch", branch) → why it is never reached"""


def reach(form: Form, scenes: Scenes) -> Reach:
    """Explore a compiled story without errors: `form` and its scenes' bodies by id."""
    explorer = Explorer(form, scenes)
    explorer.explore()
    return _Report(explorer).whole()


class _Report:
    """Puts down what an explorer found, in the order of the files."""

    def __init__(self, explorer: Explorer) -> None:
        self.explorer = explorer
        self.scenes, self.events = explorer.scenes, explorer.events
        self.found = Reach(explorer.ledger.domains)

    def whole(self) -> Reach:
        """All that was found, and why the rest was not."""
        found, explorer = self.found, self.explorer
        found.places = {id: explorer.places[id] for id in self.scenes if id in explorer.places}
        for act in explorer.acts:
            found.acts[act] = self.told("act", act, act in explorer.open_acts, "no act leads to it")
        for id, body in self.scenes.items():
            self.scene(id, body)
        for id, event in self.events.items():
            self.event(id, event)
        for text in texts(explorer.form, self.scenes):
            self.read(text)
        return found

    def scene(self, id: str, body: Form) -> None:
        """A scene with its passages and choices."""
        found, explorer = self.found, self.explorer
        reached = found.scenes[id] = id in explorer.places
        unseen = "" if reached else f"{id} is never reached"
        if not reached:
            self.told("scene", id, False, self.no_way(id))
        for room in body["passages"]:
            address = room["address"]
            shown = address in explorer.passages
            found.passages[address] = self.told("passage", address, shown, unseen or "nothing leads to it")
            for choice in room["choices"]:
                self.choice(choice["address"], "" if shown else f"{address} is never reached")
        if body["order"] is not None:
            self.choice(id, unseen)

    def choice(self, address: str, unseen: str) -> None:
        self.found.choices[address] = self.told("choice", address, address in self.explorer.choices, unseen)

    def event(self, id: str, event: Form) -> None:
        """Whether an event can come, and whether it can be averted."""
        fates = self.explorer.ledger.values[f"!event.{id}"]
        assert isinstance(fates, frozenset)
        weighed = any((kind, id) in self.explorer.asked for kind in ("comes", "playing"))
        late = f"its {'last day lies' if weighed else 'days lie'} in no act that is reached"
        sure = "it is external, and needs nothing" if weighed and event["external"] else late
        self.found.comes[id] = self.told("comes", id, bool(fates - {"averted", "open"}), late)
        self.found.averted[id] = self.told("averted", id, "averted" in fates, sure)

    # reasons

    def told(self, kind: str, id: str, reached: bool, otherwise: str) -> bool:
        """Whether a thing is reached; if not, the reason is put down: what was asked, or that nobody asked."""
        if not reached:
            every = self.explorer.asked.get((kind, id), [])
            asked = [one for one in every if one.place.first <= one.place.last]
            if asked:
                reason = self.why(asked[0])
            else:
                reason = Reason("its window touches no day of an act that is reached" if every else otherwise)
            self.found.reasons[kind, id] = reason
        return reached

    def why(self, asked: Asked) -> Reason:
        place = asked.place
        here: dict[str, Domain] = {"!date": (place.first, place.last), "!act": frozenset(place.acts)}
        return why(asked.trees, asked.denied, self.found.domains.but(here))

    def no_way(self, id: str) -> str:
        """Why nobody ever asked for a scene."""
        ways = self.ways_to.get(id)
        if ways:
            return f"only {', '.join(ways)} leads to it, and never does"
        card = self.explorer.cards[id]
        if card["deck"]:
            return f"no act that is reached has the deck '{card['deck']}' in its council"
        return "no act that is reached draws such scenes" if card["due"] else "nothing leads to it"

    @cached_property
    def ways_to(self) -> dict[str, dict[str, None]]:
        """Scene → the scenes, events and choices that name it."""
        ways: dict[str, dict[str, None]] = {}
        for other, found in self.explorer.grants.leads_to.items():
            for id in found:
                ways.setdefault(id, {})[other] = None
        for event in self.events.values():
            for id in scenes_of(event):
                ways.setdefault(id, {})[event["id"]] = None
        for body in self.scenes.values():
            for choice in choices_of(body):
                for item in choice["later"]:
                    ways.setdefault(item["scene"], {})[choice["address"]] = None
                    ways.setdefault(item["else"], {})[choice["address"]] = None
        return ways

    # prose

    def read(self, text: Text) -> None:
        """Which branches of a text can be read."""
        found, asked = self.found, self.given(text) if self.seen(text) else None
        for i, branch in enumerate(branches(text.nodes)):
            key = (text.address, text.field, i)
            if asked is None:
                found.branches[key] = False
                found.reasons["branch", key] = Reason("its text is never read")
                continue
            whole = Asked((*asked.trees, *branch.trees), asked.place, (*asked.denied, *branch.denied))
            found.branches[key] = self.explorer.could(whole)
            if not found.branches[key]:
                found.reasons["branch", key] = self.why(whole)

    def seen(self, text: Text) -> bool:
        """Whether a text's owner is reached."""
        if not text.scene:
            return True
        if text.when in ("open", "done"):
            assert text.choice is not None
            return text.choice["address"] in self.explorer.choices
        rooms = self.scenes[text.scene]["passages"]
        room = next((room for room in rooms if room["id"] == text.passage), None)
        return self.found.scenes[text.scene] if room is None else self.found.passages[room["address"]]

    def given(self, text: Text) -> Asked:
        """What holds when a text is read, and when that may be."""
        if text.when == "any":
            return Asked(text.trees, self.explorer.anytime)
        place, shown = self.explorer.places[text.scene], self.explorer.grants.at(text.scene, text.passage)
        if text.when == "shown":
            return Asked((*shown, *text.trees), place)
        assert text.choice is not None
        if text.when == "done":
            return Asked(tuple(self.explorer.after(text.scene, text.passage, text.choice)), place)
        needs = [need[0] for need in text.choice["needs"]]
        if text.when == "open":
            return Asked((*shown, *needs), place)
        i = int(text.when.partition(":")[2])
        return Asked((*shown, *needs[:i]), place, (needs[i],))
