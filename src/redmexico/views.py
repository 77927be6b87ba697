"""What a face may show: one value made from the story and a state, the same for every face."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date as Date
from functools import cached_property
from typing import NamedTuple

from redmexico import offers as offers_
from redmexico import timeline
from redmexico.engine import position, world_of
from redmexico.language import phrase
from redmexico.model import Ending, Entry, Story
from redmexico.narration import Paragraph, Run
from redmexico.offers import Offer
from redmexico.state import Values, number, word, words
from redmexico.turns import Play, counted
from redmexico.world import calendar_day


class Gauge(NamedTuple):
    """A number of the status line, with its word."""

    name: str
    label: str
    kind: str
    value: int
    low: int
    high: int
    word: str


class Voice(NamedTuple):
    """What somebody says to the matter."""

    name: str
    paragraphs: tuple[Paragraph, ...]


class SlideShown(NamedTuple):
    """A paragraph of the epilogue, with the acts that earned it."""

    paragraphs: tuple[Paragraph, ...]
    earned: tuple[tuple[str, str, int], ...]
    """scene, label, day"""


class NotebookLine(NamedTuple):
    """A line of the notebook; empty words are a stub where it was torn out."""

    step: int
    day: str
    address: str
    text: str

    @property
    def date(self) -> str:
        """Its day in words."""
        return timeline.day_words(Date.fromisoformat(self.day).toordinal())


class View:
    """Where a campaign stands, ready to be shown. Everything is worked out when it is asked for."""

    def __init__(
        self, story: Story, state: Values, soften: frozenset[str] = frozenset(), ahead: bool = True
    ) -> None:
        self.story = story
        self.state = state
        self.soften = soften
        self.ahead = ahead and story.modes[word(state, "!mode")].foreknowledge
        """whether a player is told what the record has next"""
        self._play = Play(world_of(story), state)
        self._play.soften = soften

    @property
    def kind(self) -> str:
        """`scene`, `council`, `account` or `ending`"""
        if word(self.state, "!ending"):
            return "ending"
        return "scene" if word(self.state, "!scene") else position(self.state)

    @property
    def address(self) -> str:
        """Where one is: `gangway/pier`."""
        scene, passage = word(self.state, "!scene"), word(self.state, "!passage")
        return f"{scene}/{passage}" if passage else scene or self.kind

    @property
    def day(self) -> int:
        return number(self.state, "!date")

    @property
    def date(self) -> str:
        """The day in words; an interlude of the reader's has its own time."""
        return timeline.day_words(self.day)

    @property
    def turn(self) -> int:
        return number(self.state, "!turn")

    @property
    def step(self) -> int:
        return number(self.state, "!step")

    @property
    def act(self) -> str:
        return self.story.acts[word(self.state, "!act")].title

    @property
    def goal(self) -> str:
        return self.story.acts[word(self.state, "!act")].goal

    @cached_property
    def title(self) -> str:
        if self.kind == "scene":
            return self._play.scene().heading.line(self.state, self._play.w)
        if self.ending is not None:
            return self.ending.title
        return phrase("The council") if self.kind == "council" else phrase("How it stands")

    @cached_property
    def place(self) -> str:
        return self._play.scene().place.line(self.state, self._play.w) if self.kind == "scene" else ""

    @property
    def flags(self) -> tuple[str, ...]:
        """Content notes of the present scene, in words."""
        return tuple(self.story.flags[flag] for flag in self._play.scene().flags) if self.kind == "scene" else ()

    @cached_property
    def narration(self) -> tuple[Paragraph, ...]:
        """The text of where one is."""
        if self.kind == "scene":
            room = self._play.passage()
            if words(self.state, "!picked"):
                return ()
            text = self._play.softened(room)
            return text.read(self.state, self._play.w, self._play.visits(room) - 1) if text else ()
        if self.ending is not None:
            return self.ending.text.read(self.state, self._play.w)
        return self._council_text() if self.kind == "council" else self._account_text()

    def _council_text(self) -> tuple[Paragraph, ...]:
        left = number(self.state, "!orders")
        first, last = (timeline.day_words(number(self.state, f"!turn_{end}")) for end in ("from", "until"))
        matters = phrase(
            "{n} matters are on the table. You may see to {left} of them.", n=len(words(self.state, "!hand")), left=left
        )
        return (Run(f"{timeline.span_words(first, last)}. {self.goal}"),), (Run(matters),)

    def _account_text(self) -> tuple[Paragraph, ...]:
        """The engine's own account: what moved, and what was done."""
        out: list[Paragraph] = [
            (
                Run(
                    phrase(
                        "{date}. What moved since {first}:",
                        date=self.date,
                        first=timeline.day_words(number(self.state, "!turn_from")),
                    )
                ),
            )
        ]
        said = "; ".join(f"{g.label} {'+' if d > 0 else '−'}{abs(d)}, {g.word}" for g, d in self.moved)
        out.append((Run(f"{said or phrase('Nothing that can be counted')}."),))
        done = [line for line in self.notebook if line.day >= _iso(number(self.state, "!turn_from")) and line.text]
        out += [(Run(f"{line.day}  {line.text}"),) for line in done[-8:]]
        return tuple(out)

    @cached_property
    def moved(self) -> tuple[tuple[Gauge, int], ...]:
        """What moved since the turn began, most first."""
        names, stood = counted(self._play.w), word(self.state, "!stood").split()
        if len(names) != len(stood):  # other things are counted since this turn began
            return ()
        out = []
        for name, was in zip(names, stood, strict=True):
            delta = number(self.state, name) - int(was)
            if delta:
                out.append((self.gauge(name), delta))
        return tuple(sorted(out, key=lambda pair: -abs(pair[1])))

    @cached_property
    def voices(self) -> tuple[Voice, ...]:
        """Advice, each with its reason."""
        if self.kind != "scene" or words(self.state, "!picked"):
            return ()
        found = offers_.voices(self._play, word(self.state, "!scene"), word(self.state, "!passage"))
        return tuple(Voice(name, text) for name, text in found)

    @cached_property
    def offers(self) -> tuple[Offer, ...]:
        """The open choices, then the locked."""
        return offers_.offers(self._play)

    @cached_property
    def opened(self) -> tuple[Offer, ...]:
        return tuple(offer for offer in self.offers if offer.open)

    def gauge(self, name: str) -> Gauge:
        """One number with its word."""
        quality = self.story.qualities[name]
        return Gauge(
            name,
            quality.label,
            quality.kind,
            number(self.state, name),
            quality.low,
            quality.high,
            self._play.w.words(self.state, name),
        )

    @cached_property
    def status(self) -> tuple[Gauge, ...]:
        """The status line."""
        return tuple(self.gauge(name) for name in self.story.status)

    @cached_property
    def tense(self) -> tuple[Gauge, ...]:
        """The two factions nearest to breaking."""
        found = [
            self.gauge(q.name)
            for q in self.story.qualities.values()
            if q.kind == "faction" and q.name.endswith(".temper")
        ]
        live = [g for g in found if number(self.state, g.name.replace(".temper", ".strength"), 1) > 0]
        return tuple(sorted(live, key=lambda g: g.value)[:2])

    @cached_property
    def factions(self) -> tuple[tuple[Gauge, Gauge], ...]:
        """Temper and strength of every faction."""
        return tuple(
            (self.gauge(q.name), self.gauge(q.name.replace(".temper", ".strength")))
            for q in self.story.qualities.values()
            if q.kind == "faction" and q.name.endswith(".temper")
        )

    @cached_property
    def rows(self) -> tuple[timeline.Row, ...]:
        """The timeline, against the line that holds on this day; without foreknowledge, what is decided."""
        return self.rows_against("")

    def rows_against(self, line: str) -> tuple[timeline.Row, ...]:
        """The timeline against one line; "" is the one that holds on this day."""
        rows = timeline.rows(self.story, self.state, line)
        return rows if self.ahead else tuple(row for row in rows if row.verdict != "open")

    @cached_property
    def divergence(self) -> Mapping[str, int]:
        return timeline.divergence(self.story, self.state)

    @property
    def unwritten(self) -> int:
        """How many events are only in yours."""
        return timeline.unwritten(self.story, self.state)

    @cached_property
    def notebook(self) -> tuple[NotebookLine, ...]:
        """The notebook's lines in the order they were written."""
        lines = []
        for name, value in self.state.items():
            if name.startswith("!note."):
                step, day, text = str(value).split(" ", 2)
                lines.append(NotebookLine(int(step), day, name[len("!note.") :], text))
        return tuple(sorted(lines, key=lambda line: (line.step, line.day)))

    @property
    def ending(self) -> Ending | None:
        """The ending that was reached, if one was."""
        id = word(self.state, "!ending")
        return self.story.endings[id] if id else None

    @cached_property
    def slides(self) -> tuple[SlideShown, ...]:
        """The epilogue: for each subject the first slide that holds, with what earned it."""
        shown: dict[str, SlideShown] = {}
        for slide in sorted(self.story.slides, key=lambda s: s.order):
            if slide.of not in shown and slide.condition(self.state, self._play.w):
                shown[slide.of] = SlideShown(slide.text.read(self.state, self._play.w), self.earned(slide.earned))
        return tuple(shown.values())

    def earned(self, scenes: tuple[str, ...]) -> tuple[tuple[str, str, int], ...]:
        """The choices made in these scenes: scene, label, day."""
        out = []
        for id in scenes:
            scene = self.story.scenes.get(id)
            if scene is None:
                continue
            choices = [scene.order] if scene.order else [c for room in scene.passages.values() for c in room.choices]
            out += [
                (scene.title, choice.label.line(self.state, self._play.w), self._day_of(choice.address))
                for choice in choices
                if f"!chosen.{choice.address}" in self.state
            ]
        return tuple(out)

    @cached_property
    def codex(self) -> Mapping[str, Entry]:
        """The pages that are known: from the start, by a link that was read, or by what has happened."""
        s, w = self.state, self._play.w
        return {
            id: entry
            for id, entry in self.story.codex.items()
            if entry.known or f"!known.{id}" in s or (entry.event and w.happened(s, entry.event))
        }

    def _day_of(self, address: str) -> int:
        """The day on which a choice was made, by the notebook."""
        line = str(self.state.get(f"!note.{address}", ""))
        return Date.fromisoformat(line.split(" ", 2)[1]).toordinal() if line else 0

    @cached_property
    def awards(self) -> tuple[str, ...]:
        """Achievements of this run, by title."""
        return tuple(self.story.achievements[n[len("!award.") :]].title for n in self.state if n.startswith("!award."))


def _iso(day: int) -> str:
    return calendar_day(day).isoformat()


def view(story: Story, state: Values, soften: frozenset[str] = frozenset(), ahead: bool = True) -> View:
    """Where a campaign stands."""
    return View(story, state, soften, ahead)
