"""A writer's bench: a campaign that is played while its story is being written.

The story is read again whenever a file changes; a story with errors leaves the last good one in play, and so does
one without the scene that is being played. The author may set a quality, jump to a scene, or stand on a day; the
line of play is marked as a test run by it, for good.
"""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from redmexico.asking import asked
from redmexico.campaign import Campaign, adopt, drift, packs_of
from redmexico.effects import effect
from redmexico.engine import RULES, advance, recorded, world_of
from redmexico.errors import RedMexicoError
from redmexico.findings import Finding
from redmexico.fitting import fitted
from redmexico.grammar import day_range
from redmexico.journal import Journal
from redmexico.loader import Loaded, Workshop
from redmexico.loader.compile import Reader
from redmexico.loader.tree import Source
from redmexico.model import FAR, Card, Condition, Story
from redmexico.renames import applied
from redmexico.state import TEST, Change, Value, Values, iso, number, word, words
from redmexico.suggest import did_you_mean
from redmexico.timeline import Receipt
from redmexico.turns import Play, turn_end
from redmexico.unparse import expression_text
from redmexico.uses import Uses, uses_of
from redmexico.views import View

AUTHOR = "author"
"""the cause of what an author did"""
Stamp = tuple[tuple[str, int, int, int], ...]
"""The files of packs as they look from outside: name, size, time, number on the disk."""


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
    """the last first"""
    last: int = -1
    """how far along the line of play it moved last; 0: at the beginning, -1: it is made of others"""


@dataclass(slots=True)
class Reloaded:
    """What reading the story again came to."""

    findings: list[Finding]
    fresh: bool
    """whether it can be played: a translation with errors is read as far as it goes, and leaves the rest in English"""
    milliseconds: int = 0


@dataclass(slots=True)
class Workbench:
    """The packs on the bench, and the last good story made of them.

    `read` makes a story of what is on the disk, and `take_up` brings it into play.
    """

    packs: Sequence[Path]
    language: str = ""
    """in which it is played; "" is the story's own"""
    workshop: Workshop = field(default_factory=Workshop)
    loaded: Loaded | None = None
    """the packs as they are on the disk, errors and all"""
    good: Loaded | None = None
    """the packs as they are in play"""
    story: Story | None = None
    """the story in play"""
    waiting: tuple[Loaded, Story] | None = None
    """what was read without errors, and is not in play yet"""
    _seen: Stamp = ()
    _uses: tuple[Loaded, Uses] | None = None

    # reading again

    def changed(self) -> bool:
        """Whether a file has changed since the packs were read."""
        return stamp_of(self.packs) != self._seen

    def read(self) -> Reloaded:
        """Read the packs again. What has no errors waits to be taken up; the first is in play at once.

        Raises RedMexicoError where there is no pack, or files went away while they were read: then they have
        changed, and are read at the next look.
        """
        began = time.monotonic()
        self._seen = stamp_of(self.packs)
        try:
            loaded = self.loaded = self.workshop.load(self.packs)
        except OSError as error:
            self._seen = ()
            raise RedMexicoError(f"the pack cannot be read: {error.strerror}", str(error.filename or "")) from error
        fresh = bool(loaded.form) and not broken(loaded)
        self.waiting = (loaded, loaded.story(self.language)) if fresh else None
        if fresh and self.story is None:
            self._bring_in()
        return Reloaded(loaded.findings, fresh, int((time.monotonic() - began) * 1000))

    def _bring_in(self) -> None:
        if self.waiting is not None:
            self.good, self.story = self.waiting
            self.waiting = None

    @staticmethod
    def set_aside() -> None:
        """Keep the story out of the search for garbage: it is many small things, and looking through them while
        somebody waits would take longer than reading it."""
        gc.freeze()

    @staticmethod
    def tidy() -> None:
        """Throw away what earlier readings left; for when nobody waits."""
        gc.unfreeze()
        gc.collect()
        gc.freeze()

    # going on in the story as it is now

    def lost(self, campaign: Campaign) -> str:
        """The scene in which a campaign stands, where the story that waits has it no more; else ""."""
        scene, story = word(campaign.state, "!scene"), self.waiting[1] if self.waiting else None
        return "" if story is None or not scene or story.was.get(scene, scene) in story.scenes else scene

    def shaken(self, campaign: Campaign) -> bool:
        """Whether the story that waits would move the campaign: its room is gone. A file half written looks so too."""
        if self.waiting is None or self.lost(campaign):
            return False
        story, room = self.waiting[1], word(campaign.state, "!passage")
        scene = word(campaign.state, "!scene")
        return bool(scene and room and room not in story.scenes[story.was.get(scene, scene)].passages)

    def take_up(self, campaign: Campaign | None) -> tuple[str, ...]:
        """Bring what waits into play, and go on with a campaign in it; gives what is to be said about it.

        That played scenes read otherwise now is not said: the author has just written them.

        Where its scene is gone it goes back to the last one that survives. Raises RedMexicoError where the campaign
        does not fit, or cannot be written down: then the story in play stays.
        """
        if self.waiting is None:
            return ()
        if campaign is None:
            self._bring_in()
            return ()
        story, before = self.waiting[1], campaign.story
        campaign.story = story
        try:
            found = drift(story, campaign.journal)
            if not found.lost:
                look_over(story, applied(campaign.state, fitted(story, campaign.state) or {}))
            adopt(campaign, found)
        except RedMexicoError:
            campaign.story = before
            raise
        self._bring_in()
        self.tell_again(campaign)
        back = (f"'{found.lost}' is gone: back to where you last stood in a scene that is there.",) if found.lost else ()
        return (*back, *(found._replace(changed=()).lines if not found.lost else ()))

    @staticmethod
    def tell_again(campaign: Campaign) -> None:
        """What the last choice said, in the words that it has now; where it comes out elsewhere, as it was read."""
        here = Line(campaign.journal)
        last = here.meant(campaign.journal.position)
        record = campaign.journal.records[last]
        if record["t"] != "choice":
            return
        story = campaign.story
        state: Values = {name: quality.start for name, quality in story.qualities.items()}
        state |= campaign.journal.state_at(here.parents[last])
        try:
            step = advance(story, applied(state, fitted(story, state) or {}), str(record["choice"]), campaign.soften)
        except (RedMexicoError, KeyError, StopIteration, AssertionError, TypeError, ValueError):
            return
        if all(step.state.get(name) == campaign.state.get(name) for name in ("!scene", "!passage", "!phase", "!ending")):
            campaign.told = step.told

    # reaching in

    def set(self, campaign: Campaign, line: str) -> None:
        """Carry out an effect as a writer types it: `bread = 3`, `debts += owes_bell`, `reveal kronstadt`."""
        assert self.good is not None
        source = Source("typed", line, data=line)
        form = Reader(source, self.good.known).effect((), line)
        if source.findings:
            found = source.findings[0]
            raise RedMexicoError(found.message, line, found.hint)
        play = self._play(campaign)
        effect(form).apply(play.log, play.w, False)
        self._keep(campaign, play)

    def jump(self, campaign: Campaign, address: str) -> None:
        """Stand at the beginning of a scene, or in one of its rooms: `gangway`, `gangway/pier`.

        An order is laid on the council's table: it has no room to stand in.
        """
        story = campaign.story
        scene, _, room = address.partition("/")
        if scene not in story.scenes:
            raise RedMexicoError(f"there is no scene '{scene}'", address, did_you_mean(scene, story.scenes))
        rooms = story.scenes[scene].passages
        if room not in rooms and (rooms or room):
            known = [name for name in rooms if name]
            raise RedMexicoError(f"'{scene}' has no room '{room}'", address, did_you_mean(room, known))
        play = self._play(campaign)
        for name, nothing in (("!calls", ()), ("!picked", ()), ("!playing", ""), ("!ending", "")):
            if play.s.get(name):
                play.log.set(name, nothing)
        if rooms:
            play.enter(scene, room)
        else:
            _lay(play, scene)
        play.settle()
        self._keep(campaign, play)

    def out_of_time(self, campaign: Campaign) -> str:
        """That the scene in which a campaign stands could not come on this day; "" where it could."""
        card = campaign.story.cards.get(word(campaign.state, "!scene"))
        day = number(campaign.state, "!date")
        if card is None or card.window.first <= day <= card.window.last:
            return ""
        edge = f"from {iso(card.window.first)}" if card.window.first > day else f"until {iso(card.window.last)}"
        return f"It comes {edge}; it is {iso(day)}."

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
        _forget(play, day)
        recorded(play, next(iter(story.lines)), _decided(play.s, story), day)
        play.log.cause = AUTHOR
        if act.id != word(play.s, "!act"):
            for found in act.do:
                found.apply(play.log, play.w, False)
        _stand(play, act.id, day)
        play.settle()
        self._keep(campaign, play)

    def step_back(self, campaign: Campaign) -> bool:
        """Take back the last choice, or the last thing that the author did; False at the beginning."""
        here = Line(campaign.journal)
        last = here.meant(campaign.journal.position)
        if not last:
            return False
        campaign.rewind(here.parents[last])
        return True

    def step_forward(self, campaign: Campaign) -> bool:
        """Forward to what was taken back last; False where there is nothing."""
        here = Line(campaign.journal)
        stood = here.meant(campaign.journal.position)
        ways = [n for n, before in here.parents.items() if here.meant(n) == n and here.meant(before) == stood]
        if not ways:
            return False
        campaign.rewind(ways[-1])
        return True

    def _play(self, campaign: Campaign) -> Play:
        play = Play(world_of(campaign.story), dict(campaign.state))
        play.log.cause = AUTHOR
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
        moved: dict[str, list[tuple[int, Receipt]]] = {}
        for rank, receipt in moves(campaign):
            moved.setdefault(receipt.change.name, []).append((rank, receipt))
        w, s = world_of(campaign.story), campaign.state
        rows = []
        for name in campaign.story.qualities:
            history = moved.get(name, [])
            rows.append(Stands(name, shown(s.get(name)), tuple(r for _, r in reversed(history)), history[-1][0] if history else 0))
        return rows + [Stands(n, shown(w.derived(s, n)), ()) for n in campaign.story.derived]

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
        assert self.good is not None
        scene, _, part = address.partition("/")
        source = self.good.source_of.get(scene)
        if source is None:
            raise RedMexicoError(f"there is no scene '{scene}'", address, did_you_mean(scene, self.good.source_of))
        return self._place(source, next(_ways(source, part), ()))

    def place_of_quality(self, name: str) -> tuple[Path, int]:
        """The file and the line in which a quality or a derived name is declared."""
        assert self.good is not None
        for file, source in self.good.sources.items():
            if file.rpartition(":")[2] == "state.yaml":
                way = _declared(source.data, name)
                if way:
                    return self._place(source, way)
        scene, _, own = name.partition(".")
        if scene in self.good.source_of:
            return self._place(self.good.source_of[scene], ("derived", own))
        raise RedMexicoError(f"no file declares '{name}'", name)

    def _place(self, source: Source, way: tuple[str | int, ...]) -> tuple[Path, int]:
        """Where a part of a file really stands: in a mod, where a patch put it there."""
        assert self.good is not None
        found = source.finding(way, "", "")
        return self.path_of(found.file), found.line

    def path_of(self, file: str) -> Path:
        """The file that a finding names, wherever its pack lies."""
        for loaded in (self.loaded, self.good):
            for pack in loaded.packs if loaded is not None else ():
                for name, source in pack.sources.items():
                    if source.file == file:
                        return pack.folder / name
        raise RedMexicoError("this file is in no pack", file)

    # what may be typed

    def addresses(self) -> list[str]:
        """Every scene and room, to be completed."""
        assert self.good is not None
        scenes = self.good.shapes
        return [way for id in sorted(scenes) for way in (id, *(f"{id}/{room}" for room in sorted(scenes[id].passages)))]

    def effects(self) -> list[str]:
        """How an effect begins, for each quality."""
        assert self.story is not None
        return [f"{q.name} += " if q.type == "set" else f"{q.name} = " for q in self.story.qualities.values()]


def stamp_of(packs: Sequence[Path]) -> Stamp:
    """What the files of packs look like from outside; of the packs alone, for it is asked many times a second."""
    found: list[tuple[str, int, int, int]] = []
    for pack in packs:
        folders = [str(pack)]
        while folders:
            try:
                with os.scandir(folders.pop()) as entries:
                    for entry in entries:
                        if entry.name.startswith("."):
                            continue
                        if entry.is_dir(follow_symlinks=False):
                            folders.append(entry.path)
                        elif entry.name.endswith((".yaml", ".yml")):
                            info = entry.stat(follow_symlinks=False)
                            found.append((entry.path, info.st_size, info.st_mtime_ns, info.st_ino))
            except OSError:
                continue  # it went away while it was looked at: the next look will tell
    return tuple(sorted(found))


def broken(loaded: Loaded) -> list[Finding]:
    """The errors that keep a story from being played: those of translations do not."""
    told = {s.file for name, s in loaded.sources.items() if name.rpartition(":")[2].find("/") == 2}
    return [finding for finding in loaded.errors if finding.file not in told]


def is_test(campaign: Campaign) -> bool:
    """Whether an author has reached into the present line of play."""
    return TEST in campaign.state


class Line:
    """The records of a journal that have a state, each with the one before it on its line of play.

    >>> Line(Journal()).whole(0)
    [0]
    """

    def __init__(self, journal: Journal) -> None:
        self.parents: dict[int, int] = {}
        self._passed: set[int] = set()
        """what only fitted the campaign to a changed story"""
        at = 0
        for n, record in enumerate(journal.records):
            if record["t"] == "rewind":
                at = record["to"]
            elif n and "d" in record:
                self.parents[n] = at
                at = n
                if record["t"] == "content" and all(cause != AUTHOR for cause, _ in record["d"]):
                    self._passed.add(n)

    def meant(self, n: int) -> int:
        """The last thing that the player or the author did, up to a record; 0: nothing."""
        while n in self._passed:
            n = self.parents[n]
        return n

    def whole(self, n: int) -> list[int]:
        """The records from the beginning to `n`."""
        found = [n]
        while n:
            n = self.parents[n]
            found.append(n)
        return found[::-1]


def moves(campaign: Campaign) -> Iterator[tuple[int, Receipt]]:
    """Every change on this line of play, those of the author and of a changed story among them, and how far along."""
    journal = campaign.journal
    state: dict[str, Value] = {}
    for rank, n in enumerate(Line(journal).whole(journal.position)):
        record = journal.records[n]
        by = str(record.get("scene", "")), str(record.get("choice", ""))
        for cause, names in journal.changes(n):
            for name, new in names.items():
                old = state.get(name)
                if new is None:
                    state.pop(name, None)
                else:
                    state[name] = new
                yield rank, Receipt(journal.step(n), *by, number(state, "!date"), Change(cause, name, old, new))


# a story that changed under a campaign


def look_over(story: Story, s: Values) -> None:
    """Everything that a screen shows first; what cannot be shown is found here and not in play."""
    scene = word(s, "!scene")
    fitting = {name: quality.start for name, quality in story.qualities.items() if type(s.get(name)) is not type(quality.start)}
    now = story.was.get(scene, scene)
    room = word(s, "!passage") if scene and word(s, "!passage") in story.scenes[now].passages else ""
    try:
        view = View(story, {**s, **fitting, "!scene": now, "!passage": room})
        _ = view.date, view.title, view.narration, view.voices, view.offers, view.status, view.rows, view.divergence, view.act
    except (KeyError, ValueError, OverflowError, AssertionError, TypeError, IndexError) as error:
        hint = "the last good story is in play; begin another campaign to see this one"
        raise RedMexicoError("what this campaign stands at does not fit the story any more", str(error), hint) from error


# where things stand


def _declared(data: Any, name: str) -> tuple[str | int, ...]:
    """The way to a quality in state.yaml: `bread`, or `church.temper` in the group `church`."""
    if not isinstance(data, dict):
        return ()
    group, _, part = name.partition(".")
    derived = data.get("derived")
    if isinstance(derived, dict) and name in derived:
        return ("derived", name)
    if name in data:
        return (name,)
    inner = data.get(group)
    if isinstance(inner, dict):
        return (group, part) if part in inner else (group,)
    return next(((key,) for key, value in data.items() if isinstance(value, dict) and name in (value.get("set") or ())), ())


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


# standing elsewhere


def _lay(play: Play, order: str) -> None:
    """Call the council with an order among what lies on its table."""
    if play.act.council is None:
        raise RedMexicoError(f"'{order}' is an order, and this act has no council", hint="stand on a day of an act that has one")
    for name, value in (
        ("!scene", ""), ("!passage", ""), ("!phase", "council"), ("!closing", 0),
        ("!hand", tuple(dict.fromkeys((order, *words(play.s, "!hand"))))), ("!orders", max(1, number(play.s, "!orders"))),
    ):  # fmt: skip
        play.log.set(name, value)


def _forget(play: Play, day: int) -> None:
    """What was decided after a day to which the author goes back is open again."""
    for id in play.story.events:
        if number(play.s, f"!when.{id}") > day:
            for kept in ("event", "when", "variant", "pulls"):
                if f"!{kept}.{id}" in play.s:
                    play.log.set(f"!{kept}.{id}", None)


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
        if card.id == word(self.s, "!scene"):
            yield "it is being played"
        elif not self.w.unplayed(self.s, card):
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
