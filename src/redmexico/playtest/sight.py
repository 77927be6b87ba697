"""What a bot sees on the table: the offers as deeds, what each would move, what is locked.

In a preview's place a choice may have a hint, which says in a writer's words what would move. A
bot cannot read; it is shown the moves of which the hint speaks.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from redmexico import engine
from redmexico.effects import Assign, Effect, End, Move
from redmexico.model import Choice, Quality, Story
from redmexico.offers import VISIBLE, preview, voices
from redmexico.state import Values, number, word
from redmexico.turns import Play
from redmexico.world import World


class Deed(NamedTuple):
    """One open offer."""

    id: str
    verb: str
    """`choose` in a room; `take`, `pin`, `summon` or `pass` in council; `go_on` or `enough`"""
    choices: tuple[Choice, ...] | None
    """what taking it does: the choice itself, an order's; of a card, the choices of its opening"""
    card: str = ""
    order: bool = False


def deeds_of(story: Story, state: Values, offers: tuple[str, ...]) -> tuple[Deed, ...]:
    """The open offers of a state as deeds, in their order."""
    if word(state, "!scene"):
        room = story.scenes[word(state, "!scene")].passages[word(state, "!passage")]
        known = {choice.id: choice for choice in room.choices}
        return tuple(
            Deed(id, "choose", (known[id],)) if id in known else Deed(id, id, None) for id in offers
        )
    return tuple(_in_council(story, id) for id in offers)


def _in_council(story: Story, id: str) -> Deed:
    verb, _, card = id.partition(".")
    if not card:
        return Deed(id, verb, None)
    scene = story.scenes[card]
    if scene.order is not None:
        return Deed(id, verb, (scene.order,), card, True)
    return Deed(id, verb, scene.passages[""].choices, card)


def does(w: World, s: Values, effects: tuple[Effect, ...]) -> dict[str, int]:
    """What effects would do to each number now, assignments too: what a writer's bot may know."""
    sums: dict[str, int] = {}
    for effect in effects:
        if isinstance(effect, Move):
            sums[effect.name] = sums.get(effect.name, 0) + effect.delta(s, w, True)
        elif isinstance(effect, Assign) and w.story.qualities[effect.name].type == "number":
            bounds = w.range_of(effect.name)
            assert bounds is not None
            sums[effect.name] = min(max(int(effect.amount(s, w)), bounds[0]), bounds[1]) - number(s, effect.name)
    return sums


def shown(w: World, s: Values, deed: Deed) -> dict[str, int]:
    """What a player is told that a deed will move: of a choice and an order, not of a card's scene."""
    if deed.choices is None or not w.story.modes[word(s, "!mode")].previews:
        return {}
    if deed.verb == "choose" or deed.order:
        return {moved.name: moved.amount for moved in preview(w, s, deed.choices[0].do)}
    return {}


def closes(deed: Deed) -> bool:
    """Whether a deed ends the campaign there and then, as its words would tell."""
    return deed.choices is not None and not (deed.card and not deed.order) and any(isinstance(effect, End) for effect in deed.choices[0].do)


def price(story: Story, s: Values) -> tuple[str, int]:
    """What sending for a card costs in this act: quality and amount; nothing where it cannot be done."""
    rules = story.acts[word(s, "!act")].council
    return ("", 0) if rules is None or rules.summon is None else rules.cost


def objected(story: Story, s: Values, deed: Deed) -> bool:
    """Whether anybody who is here speaks against a card."""
    return deed.order and bool(voices(Play(engine.world_of(story), s), deed.card, ""))


def locked(story: Story, s: Values) -> tuple[str, ...]:
    """The numbers that the locks in this room ask for, as their reasons tell."""
    if not word(s, "!scene"):
        return ()
    w = engine.world_of(story)
    room = story.scenes[word(s, "!scene")].passages[word(s, "!passage")]
    asked: list[str] = []
    for choice in room.choices:
        unmet = [need for need in choice.needs if not need.condition(s, w)]
        if unmet and not any(need.hide for need in unmet):
            asked += unmet[0].condition.reads()
    return tuple(name for name in dict.fromkeys(asked) if name in story.qualities and story.qualities[name].type == "number")


@lru_cache(maxsize=8)
def counted(story: Story) -> dict[str, Quality]:
    """The numbers that a player is shown."""
    return {q.name: q for q in story.qualities.values() if q.type == "number" and q.kind in VISIBLE}


def leaning(quality: Quality) -> int:
    """Which way is better, as far as the story says: 1 up, -1 down.

    Where it does not say, up: tempers, trust and land are what a player wants more of.
    """
    return -1 if quality.good == "down" else 1


def alarm(quality: Quality, value: int) -> int:
    """How near a number stands to its bad end: 0 at the good end, 100 at the bad one.

    A quality without `good` has a bad end only where its range goes below nought.
    """
    span = max(1, quality.high - quality.low)
    if quality.good == "down":
        return (value - quality.low) * 100 // span
    if quality.good == "up" or quality.low < 0:
        return (quality.high - value) * 100 // span
    return 0


def moves_of(w: World, s: Values, deed: Deed) -> dict[str, int]:
    """What a summons costs, added to what the deed shows."""
    moves = shown(w, s, deed)
    if deed.verb == "summon":
        name, cost = price(w.story, s)
        moves[name] = moves.get(name, 0) - cost
    return moves
