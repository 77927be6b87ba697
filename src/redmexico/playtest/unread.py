"""A campaign played without its words: the same states as the engine's, many times faster.

Nothing in a story can ask what the notebook says, which codex pages are known or what was
awarded, so these are left out; receipts are not kept, and the state is moved on in place. What
is told is not put together: its words are counted, and its branches marked.
"""

from __future__ import annotations

from collections.abc import Callable
from operator import itemgetter
from typing import Any

from redmexico import engine, offers, weighing
from redmexico.errors import RedMexicoError
from redmexico.model import Card, Choice, Event, Passage, Scene, Story, Text
from redmexico.narration import plain
from redmexico.playtest.beaten import beaten
from redmexico.playtest.playing import MAX_CHOICES, Bot, Playthrough, problem_of
from redmexico.playtest.reading import Library, Reading
from redmexico.state import Log, Value, Values, number, word, words
from redmexico.turns import Play
from redmexico.world import World, calendar_day

LEFT_OUT = ("!note.", "!known.", "!award.")
"""What an unread campaign's state does not have."""


class Bare(Log):
    """A state in the making that keeps no receipts: only which names were touched, for the gates."""

    __slots__ = ("touched",)

    def __init__(self, values: Values) -> None:
        super().__init__(values)
        self.touched: list[str] = []

    @property
    def mark(self) -> int:
        return len(self.touched)

    def since(self, mark: int) -> frozenset[str]:
        return frozenset(self.touched[mark:])

    def set(self, name: str, value: Value | None) -> None:
        self.touched.append(name)
        if value is None:
            self.values.pop(name, None)
        else:
            self.values[name] = value

    def add(self, name: str, amount: int = 1) -> None:
        self.touched.append(name)
        self.values[name] = self.values.get(name, 0) + amount  # type: ignore[operator]  # what is counted is a number


class Ground:
    """What every campaign of one story shares: its texts, its numbers, its written scenes."""

    def __init__(self, story: Story, watched: bool = True) -> None:
        self.story = story
        self.w: World = engine.world_of(story)
        self.library = Library(story)
        self.watched = watched
        """whether words are counted and branches marked"""
        self.numbers = tuple(q.name for q in story.qualities.values() if q.type == "number")
        self.values: Callable[[Values], tuple[Any, ...]] = _getter(self.numbers)
        written: dict[str, list[Card]] = {}
        for card in sorted(story.cards.values(), key=lambda card: (card.order, card.id)):
            written.setdefault(card.due, []).append(card)
        self.written = {due: tuple(cards) for due, cards in written.items()}
        self._rivals: dict[str, tuple[tuple[str, str], ...]] = {}

    def rivals(self, room: Passage) -> tuple[tuple[str, str], ...]:
        """The pairs of a room's choices of which the first is never better in numbers; found once."""
        found = self._rivals.get(room.address)
        if found is None:
            found = self._rivals[room.address] = tuple(beaten(self.story, room))
        return found


def _getter(names: tuple[str, ...]) -> Callable[[Values], tuple[Any, ...]]:
    if len(names) > 1:
        return itemgetter(*names)
    return lambda s: tuple(s[name] for name in names)


def half_year(day: int) -> int:
    """The half-year of a day: twice the year, and one more from July on.

    >>> half_year(707082)  # 4 December 1936
    3873
    """
    date = calendar_day(day)
    return date.year * 2 + (date.month > 6)


def half_year_name(half: int) -> str:
    """A half-year in words.

    >>> half_year_name(3873)
    '1936 II'
    """
    return f"{half // 2} {'II' if half % 2 else 'I'}"


class Run(Play):
    """A state being moved on, unread."""

    def __init__(self, ground: Ground, values: Values) -> None:
        super().__init__(ground.w, values)
        self.log = Bare(values)
        self.ground = ground
        self.words = 0
        self.texts: set[str] = set()
        """addresses of the openings, passages and results that were read"""
        self.halves: list[tuple[int, tuple[int, ...]]] = []
        """every half-year that ended: its number, and the story's numbers on its last day"""
        self.beaten: list[tuple[str, str]] = []
        """choices that were offered beside a better one: address, the better one's id"""
        self._half = half_year(number(values, "!date"))
        self._planted: dict[str, None] = {}
        self._fresh = False
        self._hand: tuple[str, ...] = ()
        for name in values:
            if name.startswith("!later."):
                self._planted[name[len("!later.") :]] = None

    # what is told

    def tell(
        self, kind: str, address: str, text: Text | None, title: str = "", seen: int = 0, verdict: str = ""
    ) -> None:
        if text is None or not self.ground.watched:
            return
        self.texts.add(address)
        reading = self._reading(kind, address)
        if reading is not None:
            self.words += reading.read(self.s, self.w, seen)

    def _reading(self, kind: str, address: str) -> Reading | None:
        """What is told: a choice's result, or the room that is passed through."""
        library = self.ground.library
        if kind != "result":
            return library.room(self.passage()).text
        if address not in library.told:
            if self.s["!scene"]:
                library.room(self.passage())
            else:
                library.order(self.story.scenes[address])
        return library.told[address].text

    def tell_event(self, event: Event, coming: Any) -> None:
        if self.ground.watched:
            record = weighing.record_of(coming)
            self.words += self.ground.library.counted(event.title) + self.ground.library.counted(record)

    def learn(self, *texts: Text | None) -> None:
        """Codex pages are no matter of play."""

    def note(self, address: str, text: str) -> None:
        """Nor is what the keeper wrote."""

    def pen(self, choice: Choice) -> Callable[[], None]:
        note = self.ground.library.choice(choice).note if self.ground.watched else None

        def write() -> None:
            if note is not None and note.varies:
                note.read(self.s, self.w)

        return write

    def look(self, ids: tuple[str, ...]) -> None:
        """Read what stands on the table: a room that was just entered, or a hand that was just dealt."""
        s = self.s
        for told in self.told:
            self.words += self.ground.library.counted(plain(told.paragraphs, " "))
        self.told.clear()
        if s["!scene"]:
            if self._fresh:
                self._fresh = False
                self._look_at_room(self.passage(), ids)
        elif s["!phase"] == "council":
            self._look_at_hand(words(s, "!hand"))

    def _look_at_room(self, room: Passage, ids: tuple[str, ...]) -> None:
        s, w = self.s, self.w
        found = self.ground.library.room(room)
        total = 0
        if found.text is not None:
            self.texts.add(room.address)
            total += found.text.read(s, w, self.visits(room) - 1 if found.text.varies else 0)
        for condition, person, reading in found.advice:
            if condition(s, w) and person.here(s, w):
                total += reading.read(s, w)
        for id in ids:
            choice = found.choices.get(id)
            if choice is not None:
                for reading in choice.shown:
                    total += reading.read(s, w) if reading.varies or reading.words < 0 else reading.words
        self.words += total
        for worse, better in self.ground.rivals(room):
            if worse in ids and better in ids:
                self.beaten.append((f"{room.address.partition('/')[0]}/{worse}", better))

    def _look_at_hand(self, hand: tuple[str, ...]) -> None:
        """The cards that were not on the table before, and who objects to them."""
        s, w = self.s, self.w
        for id in hand:
            if id in self._hand:
                continue
            scene = self.story.scenes[id]
            if scene.order is None:
                self.words += self.ground.library.counted(scene.title)
                continue
            order, advice = self.ground.library.order(scene)
            self.words += sum(reading.read(s, w) for reading in order.shown)
            for condition, person, reading in advice:
                if condition(s, w) and person.here(s, w):
                    self.words += reading.read(s, w)
                    break
        self._hand = hand

    def read_epilogue(self) -> None:
        """The ending's text, and for each subject the first slide that holds."""
        endings, slides = self.ground.library.epilogue()
        ending = word(self.s, "!ending")
        for reading in endings:
            if reading.address == ending:
                self.words += reading.read(self.s, self.w)
        shown: set[str] = set()
        for of, condition, reading in slides:
            if of not in shown and condition(self.s, self.w):
                shown.add(of)
                self.words += reading.read(self.s, self.w)

    # going on

    def scene(self) -> Scene:
        return self.story.scenes[self.s["!scene"]]  # type: ignore[index]  # an id

    def passage(self) -> Passage:
        return self.story.scenes[self.s["!scene"]].passages[self.s["!passage"]]  # type: ignore[index]  # ids

    def enter(self, scene: str, passage: str = "") -> None:
        super().enter(scene, passage)
        self._fresh = True

    def written(self, due: str) -> bool:
        for card in self.ground.written.get(due, ()):
            if self.w.offered(self.s, card, number(self.s, "!date")):
                self.enter(card.id)
                return True
        return False

    def move_to(self, day: int) -> None:
        half = half_year(day)
        while self._half < half:
            self.close_half()
        super().move_to(day)

    def close_half(self) -> None:
        """A half-year is over: the story's numbers as they stand."""
        self.halves.append((self._half, self.ground.values(self.s)))
        self._half += 1

    # bills

    def plant(self, choice: Choice) -> None:
        for item in choice.later:
            self._planted[item.key] = None
        if choice.later:
            super().plant(choice)

    def bills(self) -> list[tuple[int, str]]:
        s = self.s
        return sorted((number(s, name), key) for key in self._planted if (name := f"!later.{key}") in s)

    # one choice

    def choose(self, choice: str) -> None:
        """Take an open choice, as `engine.advance` takes it."""
        self.diverts.clear()
        self.log.cause = ""
        self.log.add("!step")
        engine.take(self, choice)
        self.settle()


def play_unread(
    ground: Ground, bot: Bot, seed: str, choices: int = 0, start: str = "", mode: str = ""
) -> tuple[Playthrough, Run]:
    """One campaign, to its end, to its problem, or to so many choices; and what was read in it."""
    played = Playthrough(seed, {})
    limit = choices or MAX_CHOICES
    run = Run(ground, {"!date": 1})
    try:
        run = Run(ground, engine.begin(ground.story, seed, start, mode).state)
        s = played.state = run.s
        taken = played.choices
        run._fresh = bool(s["!scene"])
        while "!ending" not in s and len(taken) < limit:
            ids = offers.open_ids(run)
            if ground.watched:
                run.look(ids)
            choice = bot(played, ids)
            taken.append(f"{engine.position(s)}/{choice}")
            run.choose(choice)
        played.problem = problem_of(ground.story, played, choices)
    except RedMexicoError as error:
        played.problem = str(error)
    if ground.watched and played.ending:
        run.read_epilogue()
    if played.state:
        run.close_half()
    return played, run


__all__ = ["LEFT_OUT", "Ground", "Run", "half_year", "half_year_name", "play_unread"]
