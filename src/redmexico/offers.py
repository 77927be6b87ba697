"""What may be chosen here: open and locked choices, why they are locked, what they will move."""

from __future__ import annotations

from typing import NamedTuple

from redmexico import council
from redmexico.effects import Effect, Move
from redmexico.expression import Tree
from redmexico.language import noted, phrase
from redmexico.model import Act, Card, Choice, Condition, Passage, Quality
from redmexico.narration import Paragraph, plain
from redmexico.state import Values, number, word, words
from redmexico.turns import Play
from redmexico.world import World

VISIBLE = ("resource", "clock", "faction", "person", "region")


class Moved(NamedTuple):
    """One number that a choice will move: whose, and by how much."""

    name: str
    label: str
    amount: int

    @property
    def sign(self) -> str:
        return "+" if self.amount > 0 else "−"


class Offer(NamedTuple):
    """A choice as it is offered now."""

    id: str
    label: str
    open: bool
    reason: str = ""
    """why it is locked"""
    hint: str = ""
    preview: tuple[Moved, ...] = ()
    objection: str = ""
    """who speaks against an order, and what they say"""
    group: str = ""
    """in council: take, pin, summon or pass"""


def preview(w: World, s: Values, effects: tuple[Effect, ...]) -> tuple[Moved, ...]:
    """What a choice will move, added up, in the order of its effects."""
    sums: dict[str, int] = {}
    for effect in effects:
        if isinstance(effect, Move) and w.story.qualities[effect.name].kind in VISIBLE:
            sums[effect.name] = sums.get(effect.name, 0) + effect.delta(s, w, True)
    return tuple(Moved(name, w.story.qualities[name].label, amount) for name, amount in sums.items() if amount)


def _offer(w: World, s: Values, choice: Choice) -> Offer | None:
    """A choice with its lock and preview; None where it is hidden."""
    reason, locked = "", False
    for need in choice.needs:
        if not need.condition(s, w):
            if need.hide:
                return None
            if not locked:
                reason = need.locked.line(s, w) if need.locked else reason_for(w, s, need.condition.tree)
            locked = True
    label = choice.label.line(s, w)
    if locked:
        return Offer(choice.id, label, False, reason)
    hint = choice.hint.line(s, w) if choice.hint else ""
    shown = w.story.modes[word(s, "!mode")].previews
    return Offer(choice.id, label, True, "", hint, preview(w, s, choice.do) if shown and not hint else ())


_NEEDS = {
    ">=": noted("needs {label} at least {wanted}; it is {now}"),
    ">": noted("needs {label} more than {wanted}; it is {now}"),
    "<=": noted("needs {label} at most {wanted}; it is {now}"),
    "<": noted("needs {label} less than {wanted}; it is {now}"),
    "==": noted("needs {label} {wanted}; it is {now}"),
    "!=": noted("needs {label} something else than {wanted}; it is {now}"),
}


def shown_word(quality: Quality, word: str) -> str:
    """A word that a quality may have, as the story says it."""
    return quality.shown.get(word, word.replace("_", " "))


def reason_for(w: World, s: Values, tree: Tree | None) -> str:
    """The clause that fails, in words: "needs Arms at least 3; it is 2"."""
    if tree is None:
        return ""
    if tree[0] == "and":
        for part in tree[1:]:
            found = reason_for(w, s, part)
            if found:
                return found
        return ""
    if Condition(tree)(s, w):
        return ""
    if tree[0] == "compare" and tree[2][0] == "quality" and tree[3][0] in ("int", "word"):
        name, operator = tree[2][1], tree[1]
        quality = w.story.qualities[name]
        wanted = shown_word(quality, str(tree[3][1]))
        return phrase(_NEEDS[operator], label=quality.label, wanted=wanted, now=w.value(s, name)).replace("  ", " ")
    if tree[0] == "compare_date":
        return phrase("it is not the time")
    return phrase("not as things stand")


def room_offers(play: Play, room: Passage) -> tuple[Offer, ...]:
    """The open choices of a room, then the locked; `go_on` where none is open."""
    s, w = play.s, play.w
    picked = words(s, "!picked") if room.take else ()
    found = [
        offer for choice in room.choices if choice.id not in picked and (offer := _offer(w, s, choice)) is not None
    ]
    opened = [offer for offer in found if offer.open]
    if room.take and len(picked) >= room.take[0] and opened:
        opened.append(Offer("enough", phrase("That is enough."), True))
    if not opened:
        opened = [Offer("go_on", phrase("Go on"), True)]
    return (*opened, *(offer for offer in found if not offer.open))


def open_choices(play: Play, room: Passage) -> list[Choice]:
    """The choices of a room that can be taken now, without a word of them read."""
    s, w = play.s, play.w
    picked = words(s, "!picked") if room.take else ()
    return [c for c in room.choices if c.id not in picked and all(need.condition(s, w) for need in c.needs)]


def open_ids(play: Play) -> tuple[str, ...]:
    """What can be chosen, by id: the open offers in their order."""
    if not word(play.s, "!scene") or word(play.s, "!ending"):
        return tuple(offer.id for offer in offers(play) if offer.open)
    room = play.passage()
    ids = [choice.id for choice in open_choices(play, room)]
    if room.take and len(words(play.s, "!picked")) >= room.take[0] and ids:
        ids.append("enough")
    return tuple(ids) or ("go_on",)


def council_offers(play: Play) -> tuple[Offer, ...]:
    """Cards to take, the end of the council, cards to pin, cards to summon."""
    w, s, act = play.w, play.s, play.act
    rules = act.council
    assert rules is not None
    hand = [w.story.cards[id] for id in words(s, "!hand")]
    takes = tuple(_card_offer(play, card, "take") for card in hand)
    pins = tuple(
        Offer(f"pin.{c.id}", phrase("Keep for the next council: {card}", card=_label(play, c)), True, group="pin")
        for c in hand
        if not word(s, "!pin") and len(hand) > 1
    )
    return (*takes, Offer("pass", phrase("Close the council"), True, group="pass"), *pins, *_summons(play, act))


def _label(play: Play, card: Card) -> str:
    return play.story.scenes[card.id].label.line(play.s, play.w)


def _card_offer(play: Play, card: Card, verb: str) -> Offer:
    """A card on the table: an order shows what it moves and who objects."""
    w, s = play.w, play.s
    scene = w.story.scenes[card.id]
    moves: tuple[Moved, ...] = ()
    hint = ""
    if scene.order is not None:
        hint = scene.order.hint.line(s, w) if scene.order.hint else ""
        if w.story.modes[word(s, "!mode")].previews and not hint:
            moves = preview(w, s, scene.order.do)
    return Offer(f"{verb}.{card.id}", _label(play, card), True, "", hint, moves, _objection(play, card), verb)


def _objection(play: Play, card: Card) -> str:
    """Who speaks against an order."""
    for who, text in voices(play, card.id, ""):
        return f"{who}: {plain(text, ' ')}"
    return ""


def _summons(play: Play, act: Act) -> tuple[Offer, ...]:
    assert act.council is not None
    name, cost = act.council.cost
    offers = []
    for card in council.summonable(play.w, play.s, act.council):
        label = phrase("Send for it again: {card}", card=_label(play, card))
        have = number(play.s, name)
        what = play.story.qualities[name].label
        if have < cost:
            reason = phrase("needs {label} {wanted}; it is {now}", label=what, wanted=cost, now=have)
            offers.append(Offer(f"summon.{card.id}", label, False, reason, group="summon"))
        else:
            offers.append(Offer(f"summon.{card.id}", label, True, "", "", (Moved(name, what, -cost),), "", "summon"))
    return (*(o for o in offers if o.open), *(o for o in offers if not o.open))


def voices(play: Play, scene: str, passage: str) -> tuple[tuple[str, tuple[Paragraph, ...]], ...]:
    """What those who are here say, by name."""
    w, s = play.w, play.s
    room = w.story.scenes[scene].passages.get(passage)
    advice = room.advice if room is not None else w.story.scenes[scene].advice
    out = []
    for item in advice:
        person = w.story.cast[item.who]
        if item.condition(s, w) and person.here(s, w):
            out.append((person.name, item.text.read(s, w)))
    return tuple(out)


def offers(play: Play) -> tuple[Offer, ...]:
    """What may be chosen where the campaign stands."""
    s = play.s
    if word(s, "!ending"):
        return ()
    if word(s, "!scene"):
        return room_offers(play, play.passage())
    phase = word(s, "!phase")
    if phase == "council":
        return council_offers(play)
    assert phase == "read_account", phase
    return (Offer("go_on", phrase("Go on"), True),)


__all__ = ["Moved", "Offer", "offers", "preview", "reason_for", "shown_word", "voices"]
