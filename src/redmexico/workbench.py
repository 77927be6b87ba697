"""A writer's bench: a campaign that is played while its story is being written.

The story is read again whenever a file changes; a story with errors leaves the last good one in play. The author may
set a quality, jump to a scene, or stand on a day; the campaign is marked as a test run by it, for good.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from redmexico.cache import key_of
from redmexico.campaign import Campaign, adopt, drift, packs_of
from redmexico.effects import effect
from redmexico.engine import RULES, recorded, world_of
from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.grammar import day_range
from redmexico.loader import Loaded, Workshop
from redmexico.loader.compile import Reader
from redmexico.loader.tree import Source
from redmexico.model import FAR, Card, Condition, Story
from redmexico.state import Values, iso, number, word, words
from redmexico.suggest import did_you_mean
from redmexico.timeline import Receipt
from redmexico.turns import Play, turn_end
from redmexico.unparse import expression_text
from redmexico.uses import Uses, uses_of
from redmexico.asking import asked

TEST = "!test"
"""set in the state of a campaign that an author has reached into"""


class Blocked(NamedTuple):
    """A scene that does not come now, and everything that keeps it."""

    scene: str
    title: str
    how: str
    """how it comes when it comes: `due`, `deck house`, `by goto of gangway/general`"""
    reasons: tuple[str, ...]
    """the clauses that fail, with what their names stand at; none: it could come"""
    led: bool
    """whether it never comes by itself"""


class Pending(NamedTuple):
    """A bill that was planted and has not fallen due."""

    day: str
    what: str
    by: str
    """the choice that planted it"""


class Stands(NamedTuple):
    """A quality, what it stands at, and what moved it."""

    name: str
    value: str
    history: tuple[Receipt, ...]


@dataclass(slots=True)
class Reloaded:
    """What reading the story again came to."""

    findings: list[Finding]
    fresh: bool
    """whether the story in play is the one on the disk"""
    told: tuple[str, ...] = ()
    """what the campaign had to be told: scenes changed, a room that is gone"""
    milliseconds: int = 0


@dataclass(slots=True)
class Workbench:
    """The packs on the bench, and the last good story made of them."""

    packs: Sequence[Path]
    workshop: Workshop = field(default_factory=Workshop)
    loaded: Loaded | None = None
    """the packs as they are on the disk, errors and all"""
    good: Loaded | None = None
    story: Story | None = None
    _key: str = ""
    _uses: tuple[Loaded, Uses] | None = None

    def changed(self) -> bool:
        """Whether a file has changed since the packs were read."""
        return key_of(self.packs) != self._key

    def read(self) -> Reloaded:
        """Read the packs again; where they have errors the story in play stays."""
        began = time.monotonic()
        self._key = key_of(self.packs)
        self.loaded = self.workshop.load(self.packs)
        fresh = not self.loaded.errors and bool(self.loaded.form)
        if fresh:
            self.good = self.loaded
            self.story = self.loaded.story()
        return Reloaded(self.loaded.findings, fresh, milliseconds=int((time.monotonic() - began) * 1000))

    def take_up(self, campaign: Campaign) -> tuple[str, ...]:
        """Go on with a campaign in the story as it is now; gives what is to be said about it."""
        assert self.story is not None
        found = drift(self.story, campaign.journal)
        campaign.story = self.story
        if found.lost:
            rest = f"'{found.lost}' is gone: back to where the campaign last stood in a scene that is there"
            adopt(campaign, found)
            return (rest, *found.lines)
        adopt(campaign, found)
        return found.lines

    # reaching in

    def set(self, campaign: Campaign, line: str) -> None:
        """Carry out an effect as a writer types it: `bread = 3`, `debts += owes_bell`, `reveal kronstadt`."""
        assert self.good is not None
        source = Source("typed", line, data=line)
        form = Reader(source, self.good.known).effect((), line)
        if source.findings or not form:
            found = source.findings[0]
            raise RedMexicoError(found.message, line, found.hint)
        play = self._play(campaign)
        effect(form).apply(play.log, play.w, False)
        self._keep(campaign, play)

    def jump(self, campaign: Campaign, address: str) -> None:
        """Stand at the beginning of a scene, or in one of its rooms: `gangway`, `gangway/pier`."""
        story = campaign.story
        scene, _, room = address.partition("/")
        if scene not in story.scenes:
            raise RedMexicoError(f"there is no scene '{scene}'", address, did_you_mean(scene, story.scenes))
        rooms = story.scenes[scene].passages
        if not rooms:
            raise RedMexicoError("an order has no room to stand in", address, "give it in the council")
        if room not in rooms:
            known = [name for name in rooms if name]
            raise RedMexicoError(f"'{scene}' has no room '{room}'", address, did_you_mean(room, known))
        play = self._play(campaign)
        for name, nothing in (("!calls", ()), ("!picked", ()), ("!playing", ""), ("!ending", "")):
            if play.s.get(name):
                play.log.set(name, nothing)
        play.enter(scene, room)
        play.settle()
        self._keep(campaign, play)

    def at(self, campaign: Campaign, date: str) -> None:
        """Stand on a day: what lies before it stands as the story's first line has it, where nothing is decided yet."""
        try:
            day = day_range(date)[0]
        except ValueError:
            raise RedMexicoError(f"'{date}' is no date", hint="write 1938, 1938-06 or 1938-06-30") from None
        story = campaign.story
        act = next((act for act in story.acts.values() if act.first <= day <= act.last), None)
        if act is None:
            span = f"{iso(min(a.first for a in story.acts.values()))} to {iso(max(a.last for a in story.acts.values()))}"
            raise RedMexicoError(f"no act holds the day {iso(day)}", date, f"the story goes from {span}")
        play = self._play(campaign)
        recorded(play, next(iter(story.lines)), _decided(play.s, story), day)
        play.log.cause = "author"
        _stand(play, act.id, day)
        play.settle()
        self._keep(campaign, play)

    def _play(self, campaign: Campaign) -> Play:
        play = Play(world_of(campaign.story), dict(campaign.state))
        play.log.cause = "author"
        return play

    def _keep(self, campaign: Campaign, play: Play) -> None:
        """Write down what the author did, as a change of content: no choice of the campaign's."""
        play.log.set(TEST, 1)
        groups = play.log.groups()
        campaign.keep(campaign.journal.content(packs_of(campaign.story), RULES, groups))
        campaign.state = dict(campaign.journal.state)
        campaign.told = tuple(play.told)

    # looking

    def stands(self, campaign: Campaign) -> list[Stands]:
        """Every quality with what it stands at and what moved it, the last first."""
        moved: dict[str, list[Receipt]] = {}
        for receipt in campaign.receipts():
            moved.setdefault(receipt.change.name, []).append(receipt)
        w = world_of(campaign.story)
        rows = [
            Stands(name, shown(campaign.state.get(name)), tuple(reversed(moved.get(name, []))))
            for name in campaign.story.qualities
        ]
        return rows + [Stands(n, shown(w.derived(campaign.state, n)), ()) for n in campaign.story.derived]

    def pending(self, campaign: Campaign) -> list[Pending]:
        """What was planted and has not fallen due, the next first."""
        play = self._play(campaign)
        return [Pending(iso(day), key.partition(">")[2], key.partition(">")[0]) for day, key in play.bills()]

    def uses(self) -> Uses:
        """Who sets and reads what in the last good story."""
        assert self.good is not None
        if self._uses is None or self._uses[0] is not self.good:
            self._uses = (self.good, uses_of(self.good.form, self.good.scenes))
        return self._uses[1]

    def why_not(self, campaign: Campaign) -> list[Blocked]:
        """Every scene, and what keeps it from coming on this day."""
        asker = _Asker(campaign.story, campaign.state, self.uses())
        return [asker.blocked(card) for card in campaign.story.cards.values()]

    def place_of(self, address: str) -> tuple[Path, int]:
        """The file and the line in which a scene, a room or a choice stands."""
        loaded = self.good
        assert loaded is not None
        scene, _, part = address.partition("/")
        source = loaded.source_of.get(scene)
        if source is None:
            raise RedMexicoError(f"there is no scene '{scene}'", address, did_you_mean(scene, loaded.source_of))
        line = next((f.line for way in _ways(source, part) for f in [source.finding(way, "", "")]), 1)
        for pack in loaded.packs:
            for name, mine in pack.sources.items():
                if mine is source:
                    return pack.folder / name, line
        raise RedMexicoError("this file is in no pack", address)


def _ways(source: Source, part: str) -> Iterator[tuple[str | int, ...]]:
    """Where a room or a choice of a scene may stand."""
    if not part:
        yield ()
        return
    rooms = source.data.get("passages") or {}
    if part in rooms:
        yield ("passages", part)
    for way, room in [((), source.data), *((("passages", name), room) for name, room in rooms.items())]:
        for i, choice in enumerate(room.get("choices") or ()):
            if choice.get("id") == part:
                yield (*way, "choices", i)


def _decided(s: Values, story: Story) -> dict[str, str]:
    """What is decided already, as it was."""
    found = {}
    for id in story.events:
        verdict = s.get(f"!event.{id}")
        if verdict is not None:
            found[id] = word(s, f"!variant.{id}") or str(verdict)
    return found


def _stand(play: Play, act: str, day: int) -> None:
    """Begin the days of a turn in the middle of an act."""
    story = play.story
    for name, value in (
        ("!act", act), ("!turn_from", day), ("!turn_until", turn_end(story.acts[act], day)), ("!closing", 0),
        ("!scene", ""), ("!passage", ""), ("!calls", ()), ("!playing", ""), ("!hand", ()), ("!orders", 0), ("!drawn", ()),
    ):  # fmt: skip
        play.log.set(name, value)
    play.begin_turn(day)


def shown(value: object) -> str:
    """A value as an author reads it.

    >>> shown(("owes_bell", "owes_gate")), shown(False), shown("made")
    ('owes_bell, owes_gate', 'false', 'made')
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


class _Asker:
    """Says why scenes do not come."""

    def __init__(self, story: Story, s: Values, uses: Uses) -> None:
        self.story = story
        self.s = s
        self.uses = uses
        self.w = world_of(story)

    def blocked(self, card: Card) -> Blocked:
        reasons = [*self.calendar(card), *self.clauses(card.gate.tree, card.id)]
        return Blocked(card.id, card.title, self.how(card), tuple(reasons), not (card.deck or card.due))

    def how(self, card: Card) -> str:
        if card.deck:
            return f"deck {card.deck}"
        if card.due:
            return {"plain": "due", "weight": "drawn among the turn's days"}.get(card.due, f"due: {card.due}")
        ways = list(dict.fromkeys(f"{s.role} of {s.address}" for s in self.uses.set_by("scene", card.id)))
        more = f" and {len(ways) - 3} more" if len(ways) > 3 else ""
        return f"by {', '.join(ways[:3])}{more}" if ways else "by nothing"

    def calendar(self, card: Card) -> Iterator[str]:
        """Its window, whether it was played, whether the act has its deck."""
        day = number(self.s, "!date")
        first = max(number(self.s, "!turn_from", day), day)
        last = number(self.s, "!turn_until", day)
        if not card.window.touches(first if card.deck else day, last):
            edge = f"from {iso(card.window.first)}" if card.window.first > day else f"until {iso(card.window.last)}"
            yield f"it can come {edge}; it is {iso(day)}"
        elif card.window.first > day and card.window.first < FAR:
            yield f"it comes from {iso(card.window.first)} on; it is {iso(day)}"
        if not self.w.unplayed(self.s, card):
            yield "it was played, and says neither 'repeat' nor 'again'"
        council = self.story.acts[word(self.s, "!act")].council
        if card.deck and (council is None or card.deck not in council.decks):
            yield f"the council of this act has no deck '{card.deck}'"
        elif card.deck and card.id not in words(self.s, "!hand"):
            yield "it is not in the present hand"

    def clauses(self, tree: object, scene: str) -> Iterator[str]:
        """The clauses that fail, each with what its names stand at."""
        if not isinstance(tree, list):
            return
        parts = tree[1:] if tree[0] == "and" else [tree]
        for part in parts:
            if part[0] == "and":
                yield from self.clauses(part, scene)
            elif not Condition(part)(self.s, self.w):
                yield self.clause(part, scene)

    def clause(self, tree: list[object], scene: str) -> str:
        text = expression_text(tree, self.story.form, scene)
        stand = []
        for (kind, name), _ in asked(tree):
            value = self.value(kind, name)
            if value is not None and (said := f"{name} is {value}") not in stand:
                stand.append(said)
        return f"{text} ({'; '.join(stand)})" if stand else text

    def value(self, kind: str, name: str) -> str | None:
        """What a name stands at, for whoever wonders."""
        if kind == "quality":
            return shown(self.s.get(name))
        if kind == "derived":
            return shown(self.w.derived(self.s, name))
        if kind == "event":
            return str(self.s.get(f"!event.{name}", "open"))
        if kind == "choice":
            return "taken" if f"!chosen.{name}" in self.s else "not taken"
        if kind == "scene":
            return f"{number(self.s, f'!visits.{name}')} times visited"
        if kind == "plain":
            return {"date": iso(number(self.s, "!date")), "act": word(self.s, "!act"), "mode": word(self.s, "!mode")}.get(name)
        return None
