"""How a turn goes: dispatch, council, days, account; and acts, one after another.

`Play` moves a state on until there is something to choose. It works on a `Log`, so that every
change has its cause, and tells what a player is to read on the way.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date as Date
from typing import NamedTuple

from redmexico import council, gates, weighing
from redmexico.effects import note_line
from redmexico.errors import EndlessStory
from redmexico.language import phrase
from redmexico.model import FAR, Act, Card, Choice, Event, Goto, Later, Passage, Scene, Text
from redmexico.narration import Paragraph, Run, plain
from redmexico.state import Log, Values, number, word, words
from redmexico.weighing import Coming
from redmexico.world import World, months_on, today

MAX_DIVERTS = 200


class Told(NamedTuple):
    """Something a player reads between two choices."""

    kind: str
    """`result`, `event`, `passage`, `withdrawn` or `award`"""
    address: str
    title: str
    day: int
    paragraphs: tuple[Paragraph, ...]
    verdict: str = ""
    who: str = ""
    """who says it, of the cast"""


class Play:
    """A state being moved on. `told` is what is to be read, in order."""

    def __init__(self, w: World, values: Values, base: Values | None = None) -> None:
        self.w = w
        self.story = w.story
        self.log = Log(values, base)
        self.s = values
        self.told: list[Told] = []
        self.diverts: list[str] = []
        self.soften: frozenset[str] = frozenset()

    # positions

    @property
    def act(self) -> Act:
        return self.story.acts[word(self.s, "!act")]

    def scene(self) -> Scene:
        return self.story.scenes[word(self.s, "!scene")]

    def passage(self) -> Passage:
        return self.scene().passages[word(self.s, "!passage")]

    def tell(
        self, kind: str, address: str, text: Text | None, title: str = "", seen: int = 0, verdict: str = ""
    ) -> None:
        paragraphs = text.read(self.s, self.w, seen) if text is not None else ()
        if paragraphs or title:
            self.told.append(Told(kind, address, title, today(self.s), paragraphs, verdict))

    def learn(self, *texts: Text | None) -> None:
        """A codex entry is known once a link to it was on the screen, softened or not."""
        for text in texts:
            if text is not None and text.links:
                for paragraph in text.read(self.s, self.w):
                    for run in paragraph:
                        if run.target:
                            self.log.set(f"!known.{run.target}", 1)

    def softened(self, told: Choice | Passage) -> Text | None:
        """A text, or its softer form where the player asked not to read such things."""
        if told.soften is not None and self.soften & set(self.scene_of(told).flags):
            return told.soften
        return told.text

    def scene_of(self, told: Choice | Passage) -> Scene:
        return self.story.scenes[told.address.split("/")[0]]

    # scenes

    def enter(self, scene: str, passage: str = "") -> None:
        """Come to a room; a visit is counted."""
        self.log.set("!scene", scene)
        self.log.set("!passage", passage)
        if words(self.s, "!picked"):
            self.log.set("!picked", ())
        if not passage:
            self.log.add(f"!visits.{scene}")
            if scene in self.w.asked_since:
                self.log.set(f"!last.{scene}", today(self.s))
        elif self.passage().varies:
            self.log.add(f"!visits.{scene}/{passage}")
        room = self.passage()
        self.learn(room.text, *(advice.text for advice in room.advice))
        self.learn(*(text for choice in room.choices for text in (choice.label, choice.hint)))
        self.diverts.append(f"{scene}/{passage}" if passage else scene)
        if len(self.diverts) > MAX_DIVERTS:
            circle = " → ".join(self.diverts[-8:])
            raise EndlessStory(
                phrase("scenes lead into one another without a choice: {circle}", circle=circle),
                hint=phrase("give one of them a choice"),
            )

    def follow(self, gotos: tuple[Goto, ...]) -> None:
        """Go where the first divert that holds leads; without one, on with the turn."""
        target = next((goto.to for goto in gotos if goto.condition(self.s, self.w)), "next")
        if target in ("next", "council"):
            self.leave()
        elif target == "end":
            self.log.set("!closing", 1)
            self.log.set("!calls", ())
            self.leave()
        elif target in self.scene().passages:
            self.enter(self.scene().id, target)
        else:
            self.enter(target)

    def leave(self) -> None:
        """A scene ends: back to its caller, or on with the turn."""
        calls = words(self.s, "!calls")
        if calls:
            self.log.set("!calls", calls[:-1])
            scene, _, choice = calls[-1].partition("/")
            self.log.set("!scene", scene)
            self.follow(self.find(self.story.scenes[scene], choice).goto)
            return
        self.log.set("!scene", "")
        self.log.set("!passage", "")
        self.after_scene()

    @staticmethod
    def find(scene: Scene, choice: str) -> Choice:
        """A choice of a scene by its id, wherever it stands."""
        for passage in scene.passages.values():
            for found in passage.choices:
                if found.id == choice:
                    return found
        raise KeyError(f"{scene.id}/{choice}")

    def after_scene(self) -> None:
        """What a scene left is read by the events that it decides."""
        playing = word(self.s, "!playing")
        cause = self.log.cause
        if playing:
            self.log.set("!playing", "")
            event = self.story.events[playing]
            if event.outcomes and weighing.is_open(self.s, event):
                coming = weighing.outcome(self.w, self.s, event)
                if coming is not None:
                    self.come(coming, in_scene=True)
        for event in self.w.settled_by_scenes:
            if self.decided(event):
                coming = weighing.outcome(self.w, self.s, event)
                if coming is not None:
                    self.come(coming, in_scene=True)
        self.log.cause = cause
        ends = self.act.ends
        if ends is not None and ends(self.s, self.w):
            self.log.set("!closing", 1)

    def decided(self, event: Event) -> bool:
        """Whether an open event that any scene may decide has been decided."""
        if (
            not event.outcomes
            or event.scene
            or today(self.s) not in event.window
            or not weighing.is_open(self.s, event)
        ):
            return False
        return event.needs(self.s, self.w) and any(found.condition(self.s, self.w) for found in event.outcomes)

    # events

    def come(self, coming: Coming, in_scene: bool = False) -> None:
        """Let an event have what it came to."""
        event = coming.event
        if coming.verdict == "":  # its scene decides
            self.log.set("!playing", event.id)
            if self.play_if_open(coming.scene):
                return
            self.log.set("!playing", "")
            decided = weighing.outcome(self.w, self.s, event)
            if decided is None:
                return
            coming = decided
        cause = self.log.cause
        weighing.write_down(self.w, self.log, coming)
        if coming.verdict == "averted":
            # What no record expects, or what could not come any more, is not missed: the timeline has it.
            if event.line != "notebook" and event.needs(self.s, self.w):
                self.tell_event(event, coming)
            self.instead(event)
        else:
            if coming.scene and not in_scene and self.play_if_open(coming.scene):
                self.log.cause = cause
                return
            self.tell_event(event, coming)
        self.log.cause = cause

    def tell_event(self, event: Event, coming: Coming) -> None:
        title = weighing.title_of(event, coming.variant)
        record = weighing.record_of(coming)
        paragraphs: tuple[Paragraph, ...] = ((Run(record),),) if record else ()
        self.told.append(Told("event", event.id, title, today(self.s), paragraphs, coming.verdict))

    def play_if_open(self, scene: str) -> bool:
        """Play a scene that something else calls for, if its own gate holds."""
        card = self.story.cards[scene]
        if not scene or not self.w.offered(self.s, card, today(self.s)):
            return False
        if word(self.s, "!scene"):  # a scene is on: this one comes first and leads back to it
            return False
        self.enter(scene)
        return True

    def instead(self, event: Event) -> None:
        """What takes the place of an event that did not come."""
        for condition, other, scene in event.otherwise:
            if condition(self.s, self.w):
                if other and weighing.is_open(self.s, self.story.events[other]):
                    self.come(weighing.forced(self.w, self.s, self.story.events[other]))
                elif scene:
                    self.play_if_open(scene)
                return

    # going on

    def settle(self) -> None:
        """Go on until there is something to choose, or the campaign is over."""
        while not word(self.s, "!ending"):
            if word(self.s, "!scene"):
                if self.waits():
                    return
            elif self.phase() == "stop":
                return

    def waits(self) -> bool:
        """Whether the present room asks for a choice; a room that only branches is passed through."""
        room = self.passage()
        if room.choices or not room.goto:
            return True
        self.tell("passage", room.address, room.text, seen=self.visits(room) - 1)
        self.follow(room.goto)
        return False

    def visits(self, room: Passage) -> int:
        return number(self.s, f"!visits.{room.address}", 1)

    def phase(self) -> str:
        """One step of the turn; `stop` where the player is asked."""
        step = getattr(self, f"phase_{word(self.s, '!phase')}")
        return str(step() or "")

    def to(self, phase: str) -> None:
        self.log.set("!phase", phase)

    def written(self, due: str) -> bool:
        """Play the first written scene of a kind whose gate holds."""
        cards = sorted((c for c in self.story.cards.values() if c.due == due), key=lambda card: (card.order, card.id))
        for card in cards:
            if self.w.offered(self.s, card, today(self.s)):
                self.enter(card.id)
                return True
        return False

    def phase_open(self) -> None:
        if not self.written("open"):
            self.begin_turn(number(self.s, "!date"))

    def begin_turn(self, first: int) -> None:
        """The next turn of the act."""
        self.log.cause = "turn"
        self.log.add("!turn")
        self.log.set("!turn_from", first)
        self.log.set("!turn_until", turn_end(self.act, first))
        self.move_to(first)
        self.log.set("!stood", " ".join(str(self.s[name]) for name in counted(self.w)))
        self.to("dispatch")
        self.log.set("!dispatched", 0)

    def phase_dispatch(self) -> str:
        self.log.cause = "turn"
        if not number(self.s, "!dispatched"):
            self.log.set("!dispatched", 1)
            if self.written("dispatch"):
                return ""
        self.convene()
        return ""

    def convene(self) -> None:
        """Call the council, where the act has one and there is anything to decide."""
        rules = self.act.council
        self.to("council")
        if rules is not None:
            for card, said in council.withdraw(self.w, self.log, rules):
                assert card.withdraw is not None
                label = self.story.scenes[card.id].label.line(self.s, self.w)
                self.told.append(Told("withdrawn", card.id, label, today(self.s), said, who=card.withdraw[1]))
            if council.deal(self.w, self.log, self.act):
                return
        self.adjourn()

    def phase_council(self) -> str:
        return "stop" if self.council_sits() else self.adjourn()

    def council_sits(self) -> bool:
        """Whether there is an order left to give and a card to give it with."""
        return number(self.s, "!orders") > 0 and bool(words(self.s, "!hand"))

    def adjourn(self) -> str:
        """The council ends; the turn's scenes are drawn, and its days begin."""
        self.log.set("!hand", ())
        self.log.set("!orders", 0)
        self.log.cause = "turn"
        self.log.set("!drawn", council.drawn_scenes(self.w, self.log, self.act))
        self.to("days")
        return ""

    # days

    def phase_days(self) -> str:
        if number(self.s, "!closing"):
            self.log.set("!turn_until", today(self.s))
            self.to("account")
            self.log.set("!accounted", 0)
        elif not self.something_today():
            self.next_day()
        return ""

    def something_today(self) -> bool:
        """Play the first thing that is due: events, then bills, then scenes."""
        day = today(self.s)
        weighed = words(self.s, "!today")
        for event in self.days().on.get(day, ()):
            if event.id not in weighed and weighing.is_open(self.s, event):
                coming = weighing.weigh(self.w, self.s, event)
                if coming is None:
                    self.log.set("!today", (*weighed, event.id))  # it stays open, and is not asked again today
                else:
                    self.come(coming)
                return True
        if number(self.s, "!bill", FAR) <= day:
            self.fall_due(self.bills()[0][1])
            return True
        for card in self.scenes_now(day):
            self.log.cause = ""
            self.enter(card.id)
            return True
        return False

    def days(self) -> weighing.Days:
        """The days of this turn on which events are weighed."""
        return days_in(self.w, number(self.s, "!turn_from"), number(self.s, "!turn_until"))

    def scenes_now(self, day: int) -> list[Card]:
        """The due scenes that may play today, in order."""
        drawn = [self.story.cards[id] for id in words(self.s, "!drawn") if id in self.story.cards]
        found = [c for c in gates.gates_of(self.w).holding(self.log, gates.PLAIN) if day in c.window and self.w.unplayed(self.s, c)]
        found += [card for card in drawn if self.w.offered(self.s, card, day)]
        return sorted(found, key=lambda card: (card.order, card.id))

    def next_day(self) -> None:
        """Move to the next day on which anything may happen, or to the turn's last."""
        day, last = today(self.s), number(self.s, "!turn_until")
        if day >= last:
            self.to("account")
            self.log.set("!accounted", 0)
            return
        drawn = words(self.s, "!drawn")
        days = [last, self.days().next_open(self.s, day), number(self.s, "!bill", FAR), self.w.next_opening(day)]
        days += [self.story.cards[id].window.first for id in drawn if id in self.story.cards]
        self.log.cause = "turn"
        self.move_to(min(d for d in days if d > day))

    def move_to(self, day: int) -> None:
        """Another day: whatever was weighed on the one before may be weighed again."""
        self.log.set("!date", day)
        if words(self.s, "!today"):
            self.log.set("!today", ())

    # bills

    def plant(self, choice: Choice) -> None:
        """Plant what a choice leaves for later; its day is drawn once."""
        for item in choice.later:
            span = item.high - item.low + 1
            n = item.low + (self.w.draw(self.s, f"later:{item.key}", 0, span) if span > 1 else 0)
            day = self.later_day(item, n)
            self.log.set(f"!later.{item.key}", day)
            self.log.set("!bill", min(day, number(self.s, "!bill", FAR)))

    def bills(self) -> list[tuple[int, str]]:
        """What was planted and has not fallen due: day and key, the next first."""
        return sorted(
            (int(v), n[len("!later.") :]) for n, v in self.s.items() if n.startswith("!later.") and isinstance(v, int)
        )

    def strike(self, key: str) -> None:
        """A bill is done with; `!bill` is the day of the next, so that nobody has to look for it."""
        self.log.set(f"!later.{key}", None)
        rest = self.bills()
        self.log.set("!bill", rest[0][0] if rest else None)

    def later_day(self, item: Later, n: int) -> int:
        """The day a bill falls due: months and years by the calendar."""
        day = today(self.s)
        if item.unit in ("day", "week"):
            return day + n * (7 if item.unit == "week" else 1)
        return months_on(day, n * (12 if item.unit == "year" else 1))

    def fall_due(self, key: str) -> None:
        """A bill's day has come: it plays, or its other scene, or it comes to nothing."""
        self.log.cause = f"later:{key}"
        item = self.later_of(key)
        self.strike(key)
        if item is None:
            return
        holds = item.condition(self.s, self.w)
        if holds:
            for effect in item.do:
                effect.apply(self.log, self.w, False)
            if item.event and weighing.is_open(self.s, self.story.events[item.event]):
                self.come(weighing.forced(self.w, self.s, self.story.events[item.event]))
                return
            if not item.scene or self.play_if_open(item.scene):
                return
        if not (item.otherwise and self.play_if_open(item.otherwise)):
            self.log.set(f"!nothing.{item.key}", today(self.s))

    def later_of(self, key: str) -> Later | None:
        """The bill behind a key; None if the story no longer has it."""
        address = key.split(">", maxsplit=1)[0]
        scene = self.story.scenes.get(address.split("/")[0])
        if scene is None:
            return None
        choices = [scene.order] if scene.order else [c for room in scene.passages.values() for c in room.choices]
        return next((item for choice in choices for item in choice.later if item.key == key), None)

    # the turn's and the act's end

    def phase_account(self) -> str:
        self.log.cause = "turn"
        if not number(self.s, "!accounted"):
            self.log.set("!accounted", 1)
            if self.written("account"):
                return ""
            if self.act.council is not None and not number(self.s, "!closing"):
                self.to("read_account")
                return ""
        return self.turn_over()

    def phase_read_account(self) -> str:
        return "stop"

    def turn_over(self) -> str:
        """The next turn, or the act's close."""
        if number(self.s, "!closing") or today(self.s) >= self.act.last:
            self.to("close")
        else:
            self.begin_turn(today(self.s) + 1)
        return ""

    def phase_close(self) -> None:
        if not self.written("close"):
            self.next_act()

    def next_act(self) -> None:
        """Close the act: what its rules name comes next."""
        for found in self.act.next:
            if found.condition(self.s, self.w):
                if found.act:
                    self.open_act(found.act, today(self.s) + 1)
                    return
                self.end_in(found.ending)
                return
        self.end_in("rules")

    def end_in(self, ending: str) -> None:
        """The campaign closes: by name, or as the rules of endings.yaml say."""
        if ending == "rules":
            chosen = [e for e in self.story.endings.values() if e.condition is None or e.condition(self.s, self.w)]
            ending = chosen[0].id
        self.log.set("!ending", ending)

    def open_act(self, id: str, day: int) -> None:
        """An act begins: bills that end with an act are dropped, its own effects done."""
        self.log.cause = f"act:{id}"
        for _, key in self.bills():
            item = self.later_of(key)
            if item is not None and item.lapse:
                self.strike(key)
        self.log.set("!act", id)
        self.move_to(day)
        self.log.set("!closing", 0)
        for effect in self.story.acts[id].do:
            effect.apply(self.log, self.w, False)
        self.to("open")

    # notebook

    def note(self, address: str, text: str) -> None:
        """A line of the notebook."""
        name, k = f"!note.{address}", 2
        while name in self.s:
            name, k = f"!note.{address}#{k}", k + 1
        self.log.set(name, note_line(number(self.s, "!step"), today(self.s), text))

    def pen(self, choice: Choice) -> Callable[[], None]:
        """What will write a choice into the notebook once it is carried out.

        Without words of the keeper's own that is place and label; an account goes in as it stands. All of it in the
        notebook's language, whatever the story is told in.
        """
        w = self.w.writing(self.s)
        scene_id, _, id = choice.address.partition("/")
        scene = w.story.scenes[scene_id]
        written = self.find(scene, id) if id else scene.order
        assert written is not None
        place = scene.place.line(self.s, w) or scene.heading.line(self.s, w)
        room = scene.passages[word(self.s, "!passage")] if id else None
        account = room is not None and self.story.cards[scene_id].due == "account"
        above = room.text.read(self.s, w, self.visits(room) - 1) if account and room and room.text else ()
        seen = number(self.s, f"!chosen.{choice.address}")

        def write() -> None:
            if account:
                below = written.text.read(self.s, w, seen) if written.text else ()
                self.note(choice.address, plain((*above, *below), " "))
            elif written.note:
                self.note(choice.address, plain(written.note.read(self.s, w, seen), " "))
            else:
                self.note(choice.address, f"{place}: {plain(written.label.read(self.s, w), ' ')}")

        return write


def days_in(w: World, first: int, last: int) -> weighing.Days:
    """The weighing days of a turn, worked out once."""
    found: weighing.Days | None = w.kept.get((first, last))
    if found is None:
        found = w.kept[first, last] = weighing.Days(w, first, last)
    return found


def counted(w: World) -> tuple[str, ...]:
    """The qualities whose movement an account tells of."""
    found: tuple[str, ...] | None = w.kept.get("counted")
    if found is None:
        found = w.kept["counted"] = tuple(
            q.name
            for q in w.story.qualities.values()
            if q.type == "number" and q.kind in ("resource", "clock", "faction") and not q.name.endswith(".strength")
        )
    return found


def turn_end(act: Act, first: int) -> int:
    """The last day of the turn that begins on a day.

    Turns are counted from 1 January; a first one under a quarter of the tempo joins the next.
    """
    if not act.tempo:
        return act.last
    date = Date.fromordinal(first)
    grid = (date.month - 1) // act.tempo * act.tempo
    end = months_on(Date(date.year, 1, 1).toordinal(), grid + act.tempo) - 1
    if (end - first + 1) * 4 < act.tempo * 30:
        end = months_on(end + 1, act.tempo) - 1
    return min(end, act.last, FAR)
