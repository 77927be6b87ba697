"""What may be taken for granted inside a scene: those clauses of its gate that nothing has changed since.

A gate is asked when a scene is offered, not inside it. A clause of it still holds at a choice only if
nobody can have come in unasked, and nothing that may have run since writes what the clause reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from redmexico.expression import Tree
from redmexico.logic.reading import HIDDEN, Form, Reading
from redmexico.model import FAR

Scenes = Mapping[str, Form]


def assumed(form: Form, scenes: Scenes, scene_id: str, passage_id: str) -> list[Tree]:
    """The conditions that hold whenever a passage is shown; `""` is the scene's opening.

    For many scenes make one `Grants`.
    """
    return Grants(Reading(form), scenes).at(scene_id, passage_id)


def clauses(tree: Tree | None, derived: Mapping[str, Tree]) -> Iterator[Tree]:
    """A condition's clauses, all of which must hold."""
    if tree is None:
        return
    if tree[0] == "and":
        for part in tree[1:]:
            yield from clauses(part, derived)
    elif tree[0] == "derived" and derived.get(tree[1], tree)[0] == "and":
        yield from clauses(derived[tree[1]], derived)
    else:
        yield tree


def choices_of(body: Form) -> Iterator[Form]:
    """Every choice of a scene; an order is one itself."""
    if body["order"] is not None:
        yield body["order"]
    for room in body["passages"]:
        yield from room["choices"]


def targets(body: Form) -> Iterator[str]:
    """The other scenes into which a scene leads by `goto` or `call`, and `end`."""
    own = {room["id"] for room in body["passages"]} - {""}
    for room in body["passages"]:
        for _, to in room["goto"]:
            if to not in own:
                yield to
        for choice in room["choices"]:
            if choice["call"]:
                yield choice["call"]
            yield from (to for _, to in choice["goto"] if to not in own)


def written(effect: list[Any]) -> Iterator[str]:
    """The name that an effect writes."""
    if effect[0] in ("=", "+=", "-="):
        yield effect[1]
    elif effect[0] in ("put", "take"):
        yield f"{effect[1]}:{effect[2]}"
    elif effect[0] == "hand_over":
        yield "carrier"


def written_by(choice: Form) -> Iterator[str]:
    """The names that taking a choice writes."""
    yield f"!chosen.{choice['address']}"
    for effect in choice["do"]:
        yield from written(effect)


class Grants:
    """What a story's scenes may take for granted."""

    def __init__(self, reading: Reading, scenes: Scenes) -> None:
        self.reading, self.scenes = reading, scenes
        form = self.form = reading.form
        self.cards = {card["id"]: card for card in form["cards"]}
        self.leads_to = {id: tuple(dict.fromkeys(targets(body))) for id, body in scenes.items()}
        self.led_to = frozenset(to for found in self.leads_to.values() for to in found)
        """scenes that are entered by `goto` or `call`, their gates not asked"""
        self.unasked = self.led_to | {start["scene"] for start in form["starts"]}
        self._at: dict[tuple[str, str], list[Tree]] = {}
        self._councils: dict[str, frozenset[str]] = {}

    def at(self, scene: str, passage: str) -> list[Tree]:
        """What holds whenever a passage of a scene is shown."""
        if passage:
            return self.throughout(scene)
        if (scene, "") not in self._at:
            self._at[scene, ""] = self._given(scene, self._opening_writes(self.scenes[scene]))
        return self._at[scene, ""]

    def throughout(self, scene: str) -> list[Tree]:
        """What holds in a scene at any time, its effects done or not."""
        if (scene, "later") not in self._at:
            self._at[scene, "later"] = self._given(scene, self._scene_writes(self.scenes[scene]))
        return self._at[scene, "later"]

    def _given(self, scene: str, changed: Iterable[str] | None) -> list[Tree]:
        card = self.cards[scene]
        return [] if scene in self.unasked else [*self._window(card), *self._kept(card, changed)]

    def unchanged(self, trees: Iterable[Tree | None], names: Iterable[str]) -> list[Tree]:
        """Those of some conditions, clause by clause, that read none of these names."""
        changed = frozenset(names)
        return [
            clause
            for tree in trees
            for clause in clauses(tree, self.reading.derived)
            if not any(name in changed or name.startswith(HIDDEN) for name in self.reading.claim(clause).names)
        ]

    def _kept(self, card: Form, changed: Iterable[str] | None) -> list[Tree]:
        """The gate's clauses that read nothing that may have changed; None: anything may have."""
        council = self._council_writes(card["deck"]) if card["deck"] else frozenset()
        if changed is None:
            return []
        own = (f"!visits.{card['id']}", f"!since.{card['id']}")
        return self.unchanged((card["gate"],), (*own, *changed, *council))

    @staticmethod
    def _window(card: Form) -> Iterator[Tree]:
        """A scene plays inside its window; a council's card may be taken on the turn's first day, before it."""
        first, last = card["window"]
        if first > 1 and not card["deck"]:
            yield ["compare_date", ">=", first, first]
        if last < FAR:
            yield ["compare_date", "<=", last, last]

    @staticmethod
    def _opening_writes(body: Form) -> list[str]:
        """An opening is seen once, before its choices, unless several of them are taken in it."""
        opening = next((room for room in body["passages"] if not room["id"]), None)
        if opening is None or not opening["take"]:
            return []
        return [name for choice in opening["choices"] for name in written_by(choice)]

    @staticmethod
    def _scene_writes(body: Form) -> list[str] | None:
        if any(choice["call"] for choice in choices_of(body)):
            return None
        return [name for choice in choices_of(body) for name in written_by(choice)]

    # the council

    def _council_writes(self, deck: str) -> frozenset[str]:
        """What may change between the dealing of a card and its being taken: other orders come first."""
        if deck not in self._councils:
            self._councils[deck] = self._found_council_writes(deck)
        return self._councils[deck]

    def _found_council_writes(self, deck: str) -> frozenset[str]:
        councils = [act["council"] for act in self.form["acts"] if act["council"] and deck in act["council"]["decks"]]
        names = {council["cost"][0] for council in councils}
        if all(council["orders"] <= 1 for council in councils):
            return frozenset(names)
        names |= {f"!divergence.{line[0]}" for line in self.form["lines"]}
        for event in self.form["events"]:
            if event["outcomes"] and not event["scene"]:  # decided after whatever scene
                names |= {f"!event.{event['id']}", *(name for effect in event["do"] for name in written(effect))}
        decks = {deck for council in councils for deck in council["decks"]}
        for scene in self._closure(card["id"] for card in self.form["cards"] if card["deck"] in decks):
            names |= {f"!visits.{scene}", f"!since.{scene}"}
            names.update(name for choice in choices_of(self.scenes[scene]) for name in written_by(choice))
        return frozenset(names)

    def _closure(self, scenes: Iterable[str]) -> list[str]:
        """Scenes, and whatever they lead into."""
        found: dict[str, None] = {}
        waiting = [scene for scene in scenes if scene in self.scenes]
        while waiting:
            scene = waiting.pop()
            if scene not in found:
                found[scene] = None
                waiting += [to for to in self.leads_to[scene] if to in self.scenes]
        return list(found)
