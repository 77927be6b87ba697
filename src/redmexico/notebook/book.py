"""What a kept notebook is made of: the nouns of the book, and how they are said in words.

`gather` makes a `Book` of a campaign; the faces (Markdown, plain text, page, data) only lay it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date as Date
from typing import NamedTuple

from redmexico.language import noted, phrase, plural, sentence_case
from redmexico.narration import Paragraph
from redmexico.timeline import MARKS, Cause, day_words, month_words, short_date, span_words

STUB = noted("A strip of paper in the seam. The rest was torn out.")
"""What stands where an entry was torn out; said by `phrase`."""
BEHIND = 6
"""How many of the choices behind an event are told at once."""

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_DATE = re.compile(r"(\d{4})-(\d\d)(?:-(\d\d))?")


class Keeper(NamedTuple):
    """Somebody who kept the notebook, from a day on."""

    name: str
    since: int
    """ordinal day"""
    origin: str
    """where the first keeper came from, or nothing"""
    hand: str
    """how they write, or nothing"""


class Footnote(NamedTuple):
    """The receipts of an entry: the choice it came of, and what that moved."""

    where: str
    """the scene and its place"""
    label: str
    """the choice as it was offered; "" where the entry says it already"""
    moved: tuple[str, ...]
    """`Bread +1`"""
    since: tuple[str, ...]
    """what time and earlier choices moved before the next one"""
    decided: tuple[str, ...]
    """`He lands at Tampico: kept`"""
    torn: int
    """the day on which the entry was torn out; 0: it stands"""

    @property
    def said(self) -> str:
        """What moved and what was decided, as sentences."""
        if self.torn:
            return phrase("Torn out on {day}.", day=day_words(self.torn))
        out = [f"{', '.join(self.moved)}."] if self.moved else []
        out += [phrase("Before the next choice: {moved}.", moved=", ".join(self.since))] if self.since else []
        return " ".join([*out, *(f"{event}." for event in self.decided)])


class Entry(NamedTuple):
    """What the keeper wrote of a choice. Empty text: torn out, and then nothing else is told."""

    number: int
    """its place in the notebook, from 1; also the number of its footnote"""
    step: int
    day: int
    text: str
    scene: str
    place: str
    note: Footnote

    @property
    def dated(self) -> bool:
        """Whether its own words begin with its day."""
        return day_words(self.day) in self.text[:40]


class Came(NamedTuple):
    """An event between the entries, on the day on which it came or failed."""

    event: str
    day: int
    mark: str
    title: str
    word: str
    moved: tuple[str, ...]
    """what the event itself moved"""
    told: bool
    """whether `What moved history` has it"""


class Passed(NamedTuple):
    """The notebook passes to another hand."""

    day: int
    keeper: Keeper


Part = Entry | Came | Passed


class Year(NamedTuple):
    """A year of the notebook, its parts in order."""

    year: int
    parts: tuple[Part, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        return tuple(part for part in self.parts if isinstance(part, Entry))


class Line(NamedTuple):
    """A recorded line, and how far this campaign is from it."""

    id: str
    title: str
    off: int
    """0 to 100"""
    parts: int
    """the day on which it parts from the line it follows; 0: it stands alone"""


class Happening(NamedTuple):
    """An event in the columns of time."""

    event: str
    title: str
    first: int
    last: int
    weight: int
    records: Mapping[str, str]
    """line → what it records; a line that does not know of the event is absent"""
    against: Mapping[str, str]
    """line → the verdict as that line sees it"""
    verdict: str
    yours: str
    """its title as it came here, or nothing"""
    when: int
    """the day on which it came or failed; 0 while open"""
    word: str
    """`altered`; where the lines do not agree, `History altered, Chronicle kept`"""

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def name(self) -> str:
        """Its title as it came, else as it is recorded."""
        return self.yours or self.title

    @property
    def date(self) -> str:
        """Its recorded date, as precisely as it is known: `1940 Aug 20`."""
        return " ".join(short_date(self.first, self.last).split())

    @property
    def spoken(self) -> str:
        """Its recorded date in words: `20 August 1940`, `August 1940`, `1940`."""
        days = self.last - self.first
        if days >= 32:
            return str(Date.fromordinal(self.first).year)
        return month_words(self.first) if days else day_words(self.first)

    @property
    def came(self) -> bool:
        """Whether it happened; a line may also count as kept what did not."""
        return bool(self.yours)

    def cell(self, line: str, first: str) -> str:
        """What stands in the column of a line; `first` is the line of the first column."""
        record = self.records.get(line, "")
        if not record or (line != first and first in self.records):
            return phrase("the same") if record and record == self.records[first] else record
        return f"{self.title}: {record}" if len(set(self.records.values())) > 1 else self.title

    @property
    def mine(self) -> str:
        """What stands in the column of this notebook, after its sign."""
        if not self.came:
            return self.word
        title = f"{self.yours}: " if self.yours != self.title or not self.records else ""
        apart = not self.first <= self.when <= self.last
        return f"{title}{self.word}{', ' + day_words(self.when) if apart else ''}"


class Moved(NamedTuple):
    """An event that is off a record, with what decided it."""

    happening: Happening
    held: tuple[str, ...]
    """`+3 he had asked the world to try him`"""
    behind: tuple[Cause, ...]
    turning: tuple[int, ...]
    """steps without which it would have come as recorded"""

    @property
    def without(self) -> str:
        """What the choices told first would have changed, or nothing"""
        if not self.turning:
            return ""
        return plural(
            "Without this choice it would have come as recorded.",
            "Without these choices it would have come as recorded.",
            len(self.turning),
        )

    @property
    def nearest(self) -> tuple[Cause, ...]:
        """The choices that are told first: those it turned on, else the last before it."""
        if self.turning:
            return tuple(cause for cause in self.behind if cause.step in self.turning)
        return self.behind[-BEHIND:]

    @property
    def rest(self) -> tuple[Cause, ...]:
        """The other choices behind it, the newest last."""
        near = {(cause.step, cause.address) for cause in self.nearest}
        return tuple(cause for cause in self.behind if (cause.step, cause.address) not in near)


class Earned(NamedTuple):
    """A paragraph of the epilogue, or the ending itself, and the acts that earned it."""

    paragraphs: tuple[Paragraph, ...]
    acts: tuple[tuple[str, str, int], ...]
    """scene, label, day; 0 where the notebook has no line of it"""

    @property
    def scenes(self) -> tuple[tuple[str, int, tuple[str, ...]], ...]:
        """scene, day, labels: what was done there on that day"""
        found: dict[tuple[str, int], list[str]] = {}
        for scene, label, day in self.acts:
            found.setdefault((scene, day), []).append(label)
        return tuple((scene, day, tuple(labels)) for (scene, day), labels in found.items())


class Ending(NamedTuple):
    """How it ended."""

    title: str
    text: Earned
    slides: tuple[Earned, ...]


class Remembered(NamedTuple):
    """What this run is remembered for."""

    title: str
    text: str
    day: int


class Fact(NamedTuple):
    """A fact that the played scenes and decided events cite."""

    title: str
    date: str
    account: str
    cited: tuple[str, ...]
    """titles of scenes and events"""


class Document(NamedTuple):
    """A source, with the facts cited from it."""

    title: str
    kind: str
    facts: tuple[Fact, ...]


class Book(NamedTuple):
    """A campaign as a text worth keeping."""

    title: str
    story: str
    edition: str
    """`0.1.0`"""
    fingerprint: str
    version: str
    """of Red Mexico"""
    seed: str
    start: str
    mode: str
    made: str
    """the day on which the run was begun, as `2026-11-21`"""
    first: int
    last: int
    """ordinal days"""
    choices: int
    ended: bool
    keepers: tuple[Keeper, ...]
    years: tuple[Year, ...]
    lines: tuple[Line, ...]
    timeline: tuple[Happening, ...]
    moved: tuple[Moved, ...]
    ending: Ending | None
    remembered: tuple[Remembered, ...]
    documents: tuple[Document, ...]
    invented: tuple[str, ...]
    """titles of played scenes that cite nothing"""

    @property
    def span(self) -> str:
        """`9 January 1937 to 25 August 1940`"""
        first, last = day_words(self.first), day_words(self.last)
        return span_words(first, last) if self.last > self.first else first

    @property
    def chosen(self) -> str:
        """`135 choices`"""
        return plural("{n} choice", "{n} choices", self.choices)

    @property
    def past(self) -> tuple[Happening, ...]:
        """The columns up to the last day: what was decided, or is overdue."""
        return tuple(found for found in self.timeline if found.verdict != "open" or found.first <= self.last)

    @property
    def ahead(self) -> int:
        """How many recorded events lie after the last day."""
        return len(self.timeline) - len(self.past)

    @property
    def to_come(self) -> str:
        """The same as a sentence; "" where there are none."""
        if not self.ahead:
            return ""
        return plural(
            "After this day the lines record {n} more event.",
            "After this day the lines record {n} more events.",
            self.ahead,
        )

    @property
    def empty(self) -> bool:
        """Whether nothing has been written yet."""
        return not any(year.entries for year in self.years)

    @property
    def unmoved(self) -> str:
        """What is said where no event is off a record."""
        return phrase("Nothing. It all went as it is written.") if self.ended else phrase("Nothing so far.")

    @property
    def kept_by(self) -> str:
        """Who kept it, as a sentence; "" where the story knows of no keeper."""
        said = [keeper_words(keeper) for keeper in self.keepers]
        return phrase("Kept by {keepers}.", keepers=phrase(", then by ").join(said)) if said else ""

    @property
    def off(self) -> str:
        """How far it is from each line: `28 of 100 off History, 22 of 100 off Chronicle`"""
        return ", ".join(
            phrase("{percent} of 100 off {line}", percent=line.off, line=line.title) for line in self.lines
        )

    @property
    def colophon(self) -> tuple[str, ...]:
        """The sentences at the end: what this was played from, so that it can be played again."""
        return (
            phrase(
                "{story}, edition {edition} ({fingerprint}). {start}; {mode}.",
                story=self.story,
                edition=self.edition,
                fingerprint=self.fingerprint[:8],
                start=self.start,
                mode=self.mode,
            ),
            phrase(
                "Seed {seed}. Begun {made}. {choices}, to {day}.",
                seed=self.seed,
                made=spoken_date(self.made),
                choices=self.chosen,
                day=day_words(self.last),
            ),
            f"{sentence_case(self.off)}.",
            phrase(
                "Made with Red Mexico {version}. The same seed and the same choices make the same book.",
                version=self.version,
            ),
        )


def keeper_words(keeper: Keeper) -> str:
    """`the secretary (rail)`, `Capt. Marcelino Ortuño, in block capitals`"""
    name = f"{keeper.name} ({keeper.origin})" if keeper.origin else keeper.name
    return phrase("{keeper}, in {hand}", keeper=name, hand=keeper.hand) if keeper.hand else name


def spoken_date(text: str) -> str:
    """A date as sources give it, in words.

    >>> spoken_date("1937-01-09"), spoken_date("1929..1933-02"), spoken_date("1929")
    ('9 January 1937', '1929 to February 1933', '1929')
    """

    def words(match: re.Match[str]) -> str:
        day = Date(int(match[1]), int(match[2]), int(match[3] or 1)).toordinal()
        return day_words(day) if match[3] else month_words(day)

    first, *last = _DATE.sub(words, text).split("..", 1)
    return span_words(first, last[0]) if last else first


def sentence(text: str) -> str:
    """A label as a sentence: with a full stop, unless it has an end of its own.

    >>> sentence("A party line"), sentence("Who is there?")
    ('A party line.', 'Who is there?')
    """
    return text if not text or text.rstrip("\"'”’»)").endswith((".", "!", "?", "…", ":")) else f"{text}."


def one_line(text: str) -> str:
    """Words without ends of line, and without what would steer a reader's screen."""
    return " ".join(clean(text).split())


def signed(words: str) -> str:
    """Words with a minus sign for the hyphen before a number.

    >>> signed("Church -1"), signed("-2 the well-known bell")
    ('Church −1', '−2 the well-known bell')
    """
    return re.sub(r"(?<!\S)-(?=\d)", "−", words)


def clean(text: str) -> str:
    """Words without what would steer a reader's screen; ends of line stay."""
    return _CONTROL.sub("", text)
