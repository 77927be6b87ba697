"""Four ways in which people play, of any story: by what the table shows, never by names.

keeper     secures what is scarce: whatever stands nearest to its bad end counts most
builder    saves, sends for cards, takes orders that last, and saves up for what was locked
partisan   serves one faction to the end, and looks after the counted resources where it is all one
gambler    takes what moves most, whichever way, and what is like nothing that it took before

They read what a player may see: what a choice would move, the numbers and their ranges, which
end is good, who objects, what is locked and why. They read no label and no text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from redmexico import engine
from redmexico.model import Story
from redmexico.playtest.bots import best
from redmexico.playtest.playing import Bot, Playthrough
from redmexico.playtest.sight import Deed, alarm, closes, counted, deeds_of, leaning, locked, moves_of, objected, price
from redmexico.state import Values, draw, number
from redmexico.world import World

LASTING = ("faction", "person", "region")
"""Kinds that stand for people and land: what is put into them stays, where a store is eaten."""

UNSEEN_SCENE = 120
"""What a card is worth whose scene is not open yet: more than nothing, less than a clear gain."""


WAVER = 200
"""How far apart two people of one temper weigh the same deed: about a tenth of what a clear gain is worth."""


THE_END = 2_000
"""What it takes to leave before the end: nobody who came to play closes the book for a small gain."""


class Table(NamedTuple):
    """What one choice is made upon."""

    story: Story
    w: World
    played: Playthrough
    deed: Deed
    moves: dict[str, int]
    """what the deed would move, costs included"""

    @property
    def s(self) -> Values:
        return self.played.state

    def share(self, name: str) -> int:
        """A move in hundredths of its quality's range, up to the range's end; better is above nought."""
        quality = counted(self.story)[name]
        value = number(self.s, name)
        to = min(max(value + self.moves[name], quality.low), quality.high)
        return (to - value) * 100 // max(1, quality.high - quality.low) * leaning(quality)


Temper = Callable[[Table], int]
"""What a deed is worth to somebody, in hundredths of hundredths."""


def strategist(temper: Temper) -> Callable[[Story], Bot]:
    """Somebody who takes what is worth most; of a council, the end when nothing is worth an order."""

    def of(story: Story) -> Bot:
        w = engine.world_of(story)

        def bot(played: Playthrough, offers: tuple[str, ...]) -> str:
            played.memory.setdefault("locked", set()).update(locked(story, played.state))
            worth = {}
            for deed in deeds_of(story, played.state, offers):
                if deed.verb == "pass":
                    worth[deed.id] = 0
                elif deed.verb == "pin":
                    worth[deed.id] = -1  # it keeps a card from the table; only a temper that wants it says more
                else:
                    moves = {name: n for name, n in moves_of(w, played.state, deed).items() if name in counted(story)}
                    waver = draw(played.seed, len(played.choices), f"waver:{deed.id}", 0, WAVER)
                    worth[deed.id] = temper(Table(story, w, played, deed, moves)) + _novel(deed) + waver
                    worth[deed.id] -= THE_END if closes(deed) else 0
            choice = best(played, worth)
            _remember(played, w, story, offers, choice)
            return choice

        return bot

    return of


def _novel(deed: Deed) -> int:
    """A scene on a card is worth opening for itself."""
    return UNSEEN_SCENE if deed.card and not deed.order and deed.verb == "take" else 0


def _remember(played: Playthrough, w: World, story: Story, offers: tuple[str, ...], choice: str) -> None:
    """What it took, by the numbers that this moved: one who likes the new knows what is old."""
    deed = next(deed for deed in deeds_of(story, played.state, offers) if deed.id == choice)
    taken = played.memory.setdefault("moved", {})
    for name in moves_of(w, played.state, deed):
        taken[name] = taken.get(name, 0) + 1


def keeper(table: Table) -> int:
    """Each move counts by the alarm of what it moves, squared; an order to which somebody objects, less."""
    qualities = counted(table.story)
    total = 0
    for name in table.moves:
        urgency = alarm(qualities[name], number(table.s, name))
        weight = 10 + urgency * urgency // 100
        share = table.share(name)
        total += share * weight * (2 if share < 0 else 1)
    return total - (200 if objected(table.story, table.s, table.deed) else 0)


def builder(table: Table) -> int:
    """What lasts counts twice, what was asked for at a lock three times; no store is spent under half."""
    qualities = counted(table.story)
    wanted = table.played.memory["locked"]
    total = 0
    for name, amount in table.moves.items():
        quality, share = qualities[name], table.share(name)
        weight = 60 if name in wanted else 40 if quality.kind in LASTING else 20
        half = quality.low + (quality.high - quality.low) // 2
        if share < 0 and quality.kind not in LASTING and number(table.s, name) + amount < half:
            weight = 80
        total += share * weight
    deed = table.deed
    if deed.choices and deed.order and deed.choices[0].later:
        total += 300
    return total + (_sent_for(table) if deed.verb == "summon" else 0)


def _sent_for(table: Table) -> int:
    """What it is worth to have a card back: as much as it costs, and more while the store is full."""
    name, cost = price(table.story, table.s)
    quality = counted(table.story).get(name)
    if quality is None:
        return UNSEEN_SCENE
    left = number(table.s, name) - cost
    rich = left * 2 >= quality.high + quality.low
    return 100 * cost * 80 // max(1, quality.high - quality.low) + UNSEEN_SCENE if rich else 0


def partisan(table: Table) -> int:
    """What its faction gains; the rest for a tenth."""
    mine = _faction(table.story, table.played)
    total = 0
    for name in table.moves:
        share = table.share(name)
        total += share * (100 if name.partition(".")[0] == mine else 10 if share < 0 else 5)
    return total


def _faction(story: Story, played: Playthrough) -> str:
    """The faction that this campaign's partisan serves, drawn by its seed; "" where there is none."""
    factions = list(dict.fromkeys(q.name.partition(".")[0] for q in counted(story).values() if q.kind == "faction"))
    return factions[draw(played.seed, 0, "partisan", 0, len(factions))] if factions else ""


def gambler(table: Table) -> int:
    """How much moves, whichever way, and how little of it was moved before."""
    taken: dict[str, int] = table.played.memory.get("moved", {})
    total = sum(abs(table.share(name)) * 20 + 400 // (1 + taken.get(name, 0)) for name in table.moves)
    return total + (200 if objected(table.story, table.s, table.deed) else 0)


STRATEGISTS: dict[str, Callable[[Story], Bot]] = {
    temper.__name__: strategist(temper) for temper in (keeper, builder, partisan, gambler)
}
"""Name → the bot of a story."""


__all__ = ["STRATEGISTS", "strategist"]
