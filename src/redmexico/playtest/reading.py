"""What a bot reads: how many words, and which branches of which text.

A text is taken apart once: its words that always stand, and its branches. Reading it again only
asks the branches' conditions, so that a thousand campaigns are counted to the word without a
word being put together.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from redmexico.model import Choice, Condition, Passage, Person, Scene, Story, Text
from redmexico.narration import Nodes
from redmexico.world import World

Branch = tuple[str, str, int]
"""A branch of a text: the owner's address, the field, and its place in reading order, nested ones after their own.

Fields are `text`, `label`, `hint`, `note` and `advice/<i>`; the variants by visit are counted by
themselves, under `text/variant` and the like.
"""

WORDS_A_MINUTE = 230
"""Silent reading of English: Brysbaert 2019 has 238 for non-fiction, and a choice takes a moment."""

_WORD = re.compile(r"\w\S*")


def words_in(text: str) -> int:
    """How many words a plain text has; a mark that stands alone is none.

    >>> words_in("The gate - which one? - held.")
    5
    """
    return len(_WORD.findall(text))


class Part(NamedTuple):
    """What varies in a text."""

    kind: str
    """`if`, `value`, `words`, or a sequence's kind"""
    name: str
    """the quality, or the stream of a shuffle"""
    options: tuple[tuple[Condition | None, int, Pieces], ...]
    """condition, number of the branch or variant, what it says"""


class Pieces(NamedTuple):
    """A text taken apart."""

    words: int
    parts: tuple[Part, ...]


class Reading:
    """One text of the story, and which of its branches anybody read; taken apart when it is first read."""

    __slots__ = ("_nodes", "_pieces", "address", "branches", "field", "seen", "turned", "variants", "varies", "words")

    def __init__(self, address: str, field: str, text: Text) -> None:
        self.address, self.field = address, field
        self._nodes = text.nodes
        self.varies = any(not isinstance(node, str) and node[0] not in ("para", "link") for node in text.nodes)
        """whether its words are not always the same"""
        self.branches = self.variants = 0
        self.words = -1
        """its words that always stand; -1 before anybody read it"""
        self.seen = self.turned = bytearray()
        if self.varies:
            self._take_apart()

    def _take_apart(self) -> None:
        self._pieces = self._taken_apart(self._nodes)
        self.words = self._pieces.words
        if self.varies:
            self.forget()

    def forget(self) -> None:
        """As if nobody had read it yet."""
        self.seen, self.turned = bytearray(self.branches), bytearray(self.variants)

    def marks(self, seen: bool = False) -> Iterator[Branch]:
        """Its branches and variants; or those that somebody read."""
        for field, found in ((self.field, self.seen), (f"{self.field}/variant", self.turned)):
            yield from ((self.address, field, i) for i, mark in enumerate(found) if mark or not seen)

    def _taken_apart(self, nodes: Nodes) -> Pieces:
        count = 0
        parts: list[Part] = []
        for node in nodes:
            if isinstance(node, str):
                count += words_in(node)
            elif node[0] == "em":
                inner = self._taken_apart(node[1])
                count += inner.words
                parts += inner.parts
            elif node[0] == "link":
                count += words_in(node[2])
            elif node[0] == "if":
                parts.append(Part("if", "", tuple(self._option(tree, branch) for tree, branch in node[1])))
            elif node[0] == "seq":
                parts.append(Part(node[1], node[3], tuple(self._variant(option) for option in node[2])))
            elif node[0] in ("value", "words"):
                parts.append(Part(node[0], node[1], ()))
        return Pieces(count, tuple(parts))

    def _option(self, tree: Any, nodes: Nodes) -> tuple[Condition | None, int, Pieces]:
        number = self.branches
        self.branches += 1
        return (None if tree is None else Condition(tree), number, self._taken_apart(nodes))

    def _variant(self, nodes: Nodes) -> tuple[Condition | None, int, Pieces]:
        number = self.variants
        self.variants += 1
        return None, number, self._taken_apart(nodes)

    def read(self, s: Mapping[str, Any], w: World, seen: int = 0) -> int:
        """Read it as it stands now; gives its words. `seen` counts how often it was read before."""
        if self.words < 0:
            self._take_apart()
        return self._read(self._pieces, s, w, seen) if self.varies else self.words

    def _read(self, pieces: Pieces, s: Mapping[str, Any], w: World, seen: int) -> int:
        total = pieces.words
        for kind, name, options in pieces.parts:
            if kind == "if":
                for condition, number, inner in options:
                    if condition is None or condition(s, w):
                        self.seen[number] = 1
                        total += self._read(inner, s, w, seen) if inner.parts else inner.words
                        break
            elif not options:
                total += words_in(w.words(s, name) if kind == "words" else w.value(s, name))
            else:
                at = _place(kind, name, len(options), s, w, seen)
                if at is not None:
                    _, number, inner = options[at]
                    self.turned[number] = 1
                    total += self._read(inner, s, w, seen)
        return total


def _place(kind: str, stream: str, n: int, s: Mapping[str, Any], w: World, seen: int) -> int | None:
    """Which variant of a sequence is shown at this reading, as `narration` has it."""
    if kind == "cycle":
        return seen % n
    if kind == "once":
        return seen if seen < n else None
    if kind == "shuffle":
        return w.draw(s, stream, seen, n)
    return min(seen, n - 1)


class ChoiceReadings(NamedTuple):
    """The texts of one choice."""

    shown: tuple[Reading, ...]
    """label and hint"""
    text: Reading | None
    note: Reading | None


class RoomReadings(NamedTuple):
    """The texts of one room: its own, the voices with their conditions, the choices'."""

    text: Reading | None
    advice: tuple[tuple[Condition, Person, Reading], ...]
    choices: Mapping[str, ChoiceReadings]


class Library:
    """Every text that a campaign's reader may meet, taken apart when it is first met."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.rooms: dict[str, RoomReadings] = {}
        self.orders: dict[str, tuple[ChoiceReadings, tuple[tuple[Condition, Person, Reading], ...]]] = {}
        self.told: dict[str, ChoiceReadings] = {}
        self.plain: dict[str, int] = {}
        self._epilogue: tuple[tuple[Reading, ...], tuple[tuple[str, Condition, Reading], ...]] | None = None

    def room(self, room: Passage) -> RoomReadings:
        found = self.rooms.get(room.address)
        if found is None:
            choices = {choice.id: self.choice(choice) for choice in room.choices}
            text = None if room.text is None else Reading(room.address, "text", room.text)
            found = self.rooms[room.address] = RoomReadings(text, self._advice(room.address, room.advice), choices)
        return found

    def order(self, scene: Scene) -> tuple[ChoiceReadings, tuple[tuple[Condition, Person, Reading], ...]]:
        """The texts of an order: of its choice, and of who objects."""
        found = self.orders.get(scene.id)
        if found is None:
            assert scene.order is not None
            found = self.orders[scene.id] = (self.choice(scene.order), self._advice(scene.id, scene.advice))
        return found

    def choice(self, choice: Choice) -> ChoiceReadings:
        found = self.told.get(choice.address)
        if found is None:
            address = choice.address
            hint = () if choice.hint is None else (Reading(address, "hint", choice.hint),)
            found = self.told[address] = ChoiceReadings(
                (Reading(address, "label", choice.label), *hint),
                None if choice.text is None else Reading(address, "text", choice.text),
                None if choice.note is None else Reading(address, "note", choice.note),
            )
        return found

    def _advice(self, address: str, advice: tuple[Any, ...]) -> tuple[tuple[Condition, Person, Reading], ...]:
        cast = self.story.cast
        return tuple(
            (item.condition, cast[item.who], Reading(address, f"advice/{i}", item.text)) for i, item in enumerate(advice)
        )

    def epilogue(self) -> tuple[tuple[Reading, ...], tuple[tuple[str, Condition, Reading], ...]]:
        """The texts of the endings, in order, and of the slides: of what, when, the text."""
        if self._epilogue is None:
            endings = tuple(Reading(ending.id, "text", ending.text) for ending in self.story.endings.values())
            slides = sorted(self.story.slides, key=lambda slide: slide.order)
            self._epilogue = (endings, tuple((x.of, x.condition, Reading(x.id, "text", x.text)) for x in slides))
        return self._epilogue

    def counted(self, text: str) -> int:
        """The words of a plain text, counted once."""
        found = self.plain.get(text)
        if found is None:
            found = self.plain[text] = words_in(text)
        return found

    def readings(self) -> Iterator[Reading]:
        """Every text that was met so far."""
        for room in self.rooms.values():
            if room.text is not None:
                yield room.text
            yield from (reading for _, _, reading in room.advice)
        for _, advice in self.orders.values():
            yield from (reading for _, _, reading in advice)
        for choice in self.told.values():
            yield from choice.shown
            yield from (reading for reading in (choice.text, choice.note) if reading is not None)
        if self._epilogue is not None:
            yield from self._epilogue[0]
            yield from (reading for _, _, reading in self._epilogue[1])

    def forget(self) -> None:
        """As if nobody had read anything yet."""
        for reading in self.readings():
            if reading.varies:
                reading.forget()

    def seen(self) -> set[Branch]:
        """The branches that anybody read."""
        return {key for reading in self.readings() if reading.varies for key in reading.marks(seen=True)}

    def every(self) -> list[Branch]:
        """All branches of the story, in its order."""
        for scene in self.story.scenes.values():
            for room in scene.passages.values():
                self.room(room)
            if scene.order is not None:
                self.order(scene)
        self.epilogue()
        return [key for reading in self.readings() for key in reading.marks()]
