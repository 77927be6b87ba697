"""The council: a hand of cards, some of which become orders before the days are played."""

from __future__ import annotations

from redmexico import gates
from redmexico.model import Act, Card, Council
from redmexico.narration import Paragraph
from redmexico.state import Log, Values, draw, number, word, words
from redmexico.world import World, months_on, today


def playable(w: World, s: Values, card: Card) -> bool:
    """Whether a card whose gate holds may lie on the table this turn."""
    if not card.window.touches(number(s, "!turn_from"), number(s, "!turn_until")):
        return False
    return f"!withdrawn.{card.id}" not in s and w.unplayed(s, card)


def withdraw(w: World, log: Log, council: Council) -> list[tuple[Card, tuple[Paragraph, ...]]]:
    """Take back the orders that were seen and never taken for too long; give who said what."""
    said = []
    for card in w.withdrawable:
        seen = log.values.get(f"!seen.{card.id}")
        if card.deck not in council.decks or not isinstance(seen, int) or f"!withdrawn.{card.id}" in log.values:
            continue
        assert card.withdraw is not None
        if f"!visits.{card.id}" in log.values or months_on(seen, card.withdraw[0]) > today(log.values):
            continue
        log.set(f"!withdrawn.{card.id}", today(log.values))
        said.append((card, card.withdraw[2].read(log.values, w)))
    return said


def deal(w: World, log: Log, act: Act) -> bool:
    """Lay out a hand: the pinned card, one of each tag that is always there, the rest by weight."""
    council = act.council
    assert council is not None
    s = log.values
    dealt = gates.gates_of(w).holding(log, gates.DECK)
    open_cards = [card for card in dealt if card.deck in council.decks and playable(w, s, card)]
    hand: list[Card] = [card for card in open_cards if card.id == word(s, "!pin")]
    log.set("!pin", None)
    for tag in council.always:
        tagged = [card for card in open_cards if card.tag == tag and card not in hand]
        if tagged and not any(card.tag == tag for card in hand) and len(hand) < council.hand:
            hand.append(_pick(s, tagged, f"council/{tag}", 0))
    k = 0
    while len(hand) < council.hand and len(hand) < len(open_cards):
        rest = [card for card in open_cards if card not in hand and card.weight > 0]
        if not rest:
            break
        hand.append(_pick(s, rest, "council", k))
        k += 1
    log.set("!hand", tuple(card.id for card in hand))
    log.set("!orders", council.orders)
    for card in hand:
        if f"!seen.{card.id}" not in s:
            log.set(f"!seen.{card.id}", today(s))
    return bool(hand)


def _pick(s: Values, cards: list[Card], stream: str, k: int) -> Card:
    """One card by weight."""
    ticket = draw(word(s, "!seed"), number(s, "!step"), stream, k, max(1, sum(card.weight for card in cards)))
    for card in cards:
        ticket -= card.weight
        if ticket < 0:
            return card
    return cards[-1]


def drawn_scenes(w: World, log: Log, act: Act) -> tuple[str, ...]:
    """The scenes that won a place among this turn's days."""
    if not act.scenes:
        return ()
    s = log.values
    first, last = number(s, "!turn_from"), number(s, "!turn_until")
    competing = gates.gates_of(w).holding(log, gates.WEIGHT)
    rest = [card for card in competing if card.weight and card.window.touches(first, last) and w.unplayed(s, card)]
    rest.sort(key=lambda card: (card.order, card.id))
    won: list[str] = []
    while rest and len(won) < act.scenes:
        card = _pick(s, rest, "scenes", len(won))
        rest.remove(card)
        won.append(card.id)
    return tuple(won)


def summonable(w: World, s: Values, council: Council) -> list[Card]:
    """Cards seen before, still open, and not in the hand."""
    if council.summon is None:
        return []
    hand, cards = words(s, "!hand"), w.story.cards
    seen = [cards[id] for name in s if name.startswith("!seen.") and (id := name[6:]) in cards and id not in hand]
    found = [card for card in seen if card.deck in council.decks and playable(w, s, card) and card.gate(s, w)]
    return sorted(found, key=lambda card: card.number)
