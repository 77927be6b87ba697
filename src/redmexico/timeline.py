"""The recorded lines beside the played one: rows, marks, divergence, and why.

Verdicts are settled by the engine and kept in the state; here they are only read.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from redmexico.engine import world_of
from redmexico.expression import Tree, reads
from redmexico.language import noted, noted_as, phrase, phrase_as
from redmexico.model import Event, Story
from redmexico.offers import shown_word
from redmexico.state import Change, Values, number, word
from redmexico.weighing import held, title_of
from redmexico.world import World, calendar_day

MARKS = {"kept": "=", "early": "<", "late": ">", "altered": "~", "averted": "x", "unwritten": "+", "open": "?"}
"""One sign for each verdict, everywhere; each has its word."""

WORDS = {
    "kept": noted_as("verdict", "kept"),
    "early": noted_as("verdict", "early"),
    "late": noted_as("verdict", "late"),
    "altered": noted_as("verdict", "altered"),
    "averted": noted_as("verdict", "averted"),
    "unwritten": noted_as("verdict", "only in yours"),
    "open": noted_as("verdict", "open"),
}
"""The words in English; `verdict_word` says them."""
_COLUMN_MONTHS = [
    noted_as("month in a column", "January"),
    noted_as("month in a column", "February"),
    noted_as("month in a column", "March"),
    noted_as("month in a column", "April"),
    noted_as("month in a column", "May"),
    noted_as("month in a column", "June"),
    noted_as("month in a column", "July"),
    noted_as("month in a column", "August"),
    noted_as("month in a column", "September"),
    noted_as("month in a column", "October"),
    noted_as("month in a column", "November"),
    noted_as("month in a column", "December"),
]
"""As they are written where a column is narrow; English has room for the whole month."""
_SHORT_MONTHS = [
    noted_as("month in short", "Jan"),
    noted_as("month in short", "Feb"),
    noted_as("month in short", "Mar"),
    noted_as("month in short", "Apr"),
    noted_as("month in short", "May"),
    noted_as("month in short", "Jun"),
    noted_as("month in short", "Jul"),
    noted_as("month in short", "Aug"),
    noted_as("month in short", "Sep"),
    noted_as("month in short", "Oct"),
    noted_as("month in short", "Nov"),
    noted_as("month in short", "Dec"),
]
_MONTHS = [
    noted_as("month", "January"),
    noted_as("month", "February"),
    noted_as("month", "March"),
    noted_as("month", "April"),
    noted_as("month", "May"),
    noted_as("month", "June"),
    noted_as("month", "July"),
    noted_as("month", "August"),
    noted_as("month", "September"),
    noted_as("month", "October"),
    noted_as("month", "November"),
    noted_as("month", "December"),
]


class Row(NamedTuple):
    """One event beside the recorded lines."""

    event: str
    first: int
    last: int
    title: str
    weight: int
    line: str
    records: dict[str, str]
    """line → what it records; a line that does not know of the event is absent"""
    verdict: str
    """as the line compared with sees it"""
    yours: str
    """the title as it came in this campaign, or """
    when: int
    """the day on which it came or failed; 0 while open"""

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def word(self) -> str:
        """The verdict in a word; what came where the line has something else is `otherwise`."""
        return phrase_as("verdict", "otherwise") if self.verdict == "averted" and self.yours else verdict_word(self.verdict)


class Cause(NamedTuple):
    """One link of a why-chain: a choice that was made, and what it moved."""

    step: int
    address: str
    label: str
    day: int
    moved: str


class Receipt(NamedTuple):
    """What changed a name, taken from the log of a campaign."""

    step: int
    scene: str
    choice: str
    day: int
    change: Change


def verdict_word(verdict: str) -> str:
    """A verdict in a word: `kept`."""
    return phrase_as("verdict", WORDS[verdict]) if verdict in WORDS else verdict


def day_words(day: int) -> str:
    """A day as it is written: `20 August 1940`."""
    date = calendar_day(day)
    return phrase("{day} {month} {year}", day=date.day, month=_month(date.month), year=date.year)


def column_date(day: int) -> str:
    """A day where a column is narrow: `20 August 1940`, at most 17 letters in every language."""
    date = calendar_day(day)
    return phrase_as("column", "{day} {month} {year}", day=date.day, month=_column_month(date.month), year=date.year)


def day_in_year(day: int) -> str:
    """A day where its year is known: `20 August`."""
    date = calendar_day(day)
    return phrase("{day} {month}", day=date.day, month=_month(date.month))


def month_words(day: int) -> str:
    """The month of a day: `August 1940`."""
    date = calendar_day(day)
    return phrase("{month} {year}", month=_month(date.month), year=date.year)


def _month(number: int) -> str:
    return phrase_as("month", _MONTHS[number - 1])


def _column_month(number: int) -> str:
    return phrase_as("month in a column", _COLUMN_MONTHS[number - 1])


def recorded_date(text: str, column: bool = False) -> str:
    """A date of the sources in words: `1940-08-21`, `1929-01` or `1879..1940`; shorter for a narrow column.

    >>> recorded_date("1929-01"), recorded_date("1879..1940"), recorded_date("1940-08-21")
    ('January 1929', '1879 to 1940', '21 August 1940')
    """
    first, *last = (_date_words(part, column) for part in text.split("..", 1))
    return span_words(first, last[0]) if last else first


def span_words(first: str, last: str) -> str:
    """From one time to another, both in words: `9 January 1937 to 25 August 1940`."""
    return phrase("{first} to {last}", first=first, last=last)


def _date_words(text: str, column: bool) -> str:
    parts = text.split("-")
    if len(parts) > 3 or not all(part.isdigit() for part in parts) or not 1 <= int((*parts, "1")[1]) <= 12:
        return text
    if len(parts) == 1:
        return text
    year, number, day = parts[0], int(parts[1]), parts[2].lstrip("0") if len(parts) == 3 else ""
    if column:
        month = _column_month(number)
        return phrase_as("column", "{day} {month} {year}", day=day, month=month, year=year).lstrip()
    if not day:
        return phrase("{month} {year}", month=_month(number), year=year)
    return phrase("{day} {month} {year}", day=day, month=_month(number), year=year)


def short_date(first: int, last: int) -> str:
    """A recorded date as precisely as it is known: `1940 Aug 20`, `1940 Aug`, `1940`.

    >>> from redmexico.grammar import day_range
    >>> short_date(*day_range("1940-08")), short_date(*day_range("1940"))
    ('1940 Aug', '1940')
    """
    date = calendar_day(first)
    month = phrase_as("month in short", _SHORT_MONTHS[date.month - 1])
    if first == last:
        return f"{date.year} {month} {date.day:2}"
    return f"{date.year} {month}" if last - first < 32 else str(date.year)


def default_line(story: Story, state: Values) -> str:
    """The line that marks compare with: the one that follows, from the day it parts."""
    for line, (_, follows, until) in story.lines.items():
        if follows and number(state, "!date") >= until:
            return line
    return next(iter(story.lines))


def rows(story: Story, state: Values, line: str = "") -> tuple[Row, ...]:
    """Every recorded event, and those only in yours, by date. Marks compare with `line`."""
    w = world_of(story)
    line = line or default_line(story, state)
    found = [
        _row(w, state, event, line)
        for event in story.events.values()
        if event.line != "notebook" or f"!event.{event.id}" in state
    ]
    return tuple(
        sorted(
            (row for row in found if row.verdict != "averted" or row.line != "notebook"),
            key=lambda row: (row.first, row.last),
        )
    )


def _row(w: World, state: Values, event: Event, line: str) -> Row:
    records = {name: _record(w, event, name) for name in w.story.lines if w.counts_in(event, name)}
    when = number(state, f"!when.{event.id}")
    kept = str(state.get(f"!event.{event.id}", "open"))
    yours = title_of(event, word(state, f"!variant.{event.id}")) if kept not in ("open", "averted") else ""
    verdict = w.verdict_in(state, event, line) if line in records else kept
    first, last = (when, when) if event.line == "notebook" and when else (event.date.first, event.date.last)
    other = line in event.elsewhere and event.line != line
    title = event.elsewhere[line][0].rstrip(".") if other else event.title
    return Row(event.id, first, last, title, event.weight, event.line, records, verdict, yours, when)


def _record(w: World, event: Event, line: str) -> str:
    if line in event.elsewhere and event.line != line:
        return event.elsewhere[line][0]
    return event.record or event.title


def divergence(story: Story, state: Values) -> dict[str, int]:
    """How far this campaign is from each recorded line, 0 to 100."""
    w = world_of(story)
    return {line: w.divergence(state, line) for line in story.lines}


def unwritten(story: Story, state: Values) -> int:
    """How many events are only in yours."""
    return sum(1 for event in story.events.values() if state.get(f"!event.{event.id}") == "unwritten")


def asks_of(story: Story, state: Values, event: Event) -> tuple[str, ...]:
    """The names behind what an event came to, through derived ones and through other events.

    Of its causes those that held, and of its shapes the one that it took; where it failed for
    want of causes, those that were missing. Where a scene decided, what its outcomes read.
    """
    names: dict[str, None] = {}
    queue = [name for tree in _deciding(story, state, event) for name in reads(tree)]
    while queue:
        name = queue.pop(0)
        if name in names:
            continue
        names[name] = None
        if name in story.derived:
            queue.extend(reads(story.derived[name].tree))
        elif name.startswith("event:") and name != f"event:{event.id}":
            other = story.events[name.removeprefix("event:")]
            queue.extend(n for tree in _deciding(story, state, other) for n in reads(tree))
    return tuple(name for name in names if name not in story.derived)


def _deciding(story: Story, state: Values, event: Event) -> list[Tree | None]:
    """The conditions that decided an event."""
    trees = [found.condition.tree for found in event.outcomes]
    if event.scene and event.outcomes:
        trees.append(story.cards[event.scene].gate.tree)
    trees += [pull.condition.tree for pull in held(world_of(story), state, event)]
    shape = word(state, f"!variant.{event.id}")
    trees += [variant.condition.tree for variant in event.variants if variant.id == shape]
    if not any(trees):
        trees = [pull.condition.tree for pull in event.pulls] + [event.needs.tree]
    return trees


def moved_by(receipts: Sequence[Receipt], names: Sequence[str]) -> list[Receipt]:
    """The receipts that touch what an event asks about: its qualities, and choices made."""
    wanted = set(names)
    chosen = {f"!chosen.{name[len('chosen:') :]}" for name in wanted if name.startswith("chosen:")}
    visited = {f"!visits.{name[len('visits:') :]}" for name in wanted if name.startswith("visits:")}
    return [r for r in receipts if r.change.name in wanted or r.change.name in chosen or r.change.name in visited]


def causes(
    story: Story, state: Values, receipts: Sequence[Receipt], event: Event, until_step: int
) -> tuple[Cause, ...]:
    """The choices behind an event: what moved the things that decided it, up to its step.

    Receipts alone, from what was really played; the newest last.
    """
    found: dict[tuple[int, str], list[str]] = {}
    days: dict[tuple[int, str], int] = {}
    for receipt in moved_by(receipts, asks_of(story, state, event)):
        if receipt.step <= until_step and receipt.step > 0 and receipt.change.cause in ("", "award"):
            key = (receipt.step, f"{receipt.scene}/{receipt.choice}")
            found.setdefault(key, []).append(moved_words(story, receipt.change))
            days[key] = receipt.day
    return tuple(
        Cause(step, address, label_of(story, address, state), days[step, address], ", ".join(m for m in moves if m))
        for (step, address), moves in found.items()
    )


def moved_words(story: Story, change: Change) -> str:
    """A change in words: `Moscow +1`, `truce: made`; nothing for what the engine counts."""
    quality = story.qualities.get(change.name)
    if quality is None or (not quality.kind and quality.label == quality.name):
        return ""  # the engine's own, or a word that the story keeps for itself
    if isinstance(change.new, bool) or not isinstance(change.new, int):
        words = change.new if isinstance(change.new, tuple) else (str(change.new),)
        return f"{quality.label}: {', '.join(shown_word(quality, word) for word in words)}"
    old = change.old if isinstance(change.old, int) else 0
    return f"{quality.label} {change.new - old:+d}"


MOVERS = {
    "you": noted_as("mover", "you"),
    "event": noted_as("mover", "event"),
    "bill": noted_as("mover", "bill"),
    "act": noted_as("mover", "act"),
    "time": noted_as("mover", "time"),
}
"""Kind of mover → its word in English, said by `mover_word`."""


def mover_word(kind: str) -> str:
    """The kind of a mover in a word."""
    return phrase_as("mover", MOVERS[kind])


def mover_of(story: Story, state: Values, receipt: Receipt) -> tuple[str, str]:
    """Who moved something: a word for the kind of mover, and its name.

    The kinds are `you` (a choice), `event`, `bill` (what a choice had planted), `act` and `time`; `MOVERS` has them.
    """
    kind, _, id = receipt.change.cause.partition(":")
    if kind == "event" and id in story.events:
        return "event", story.events[id].title
    if kind == "later":
        return "bill", label_of(story, id.partition(">")[0], state)
    if kind == "act" and id in story.acts:
        return "act", story.acts[id].title
    if kind in ("turn", "start", "content"):
        return "time", phrase("as the months went") if kind == "turn" else phrase("how it began")
    return "you", label_of(story, f"{receipt.scene}/{receipt.choice}", state)


POSITION_VERBS = {"pass": noted("Close the council"), "go_on": noted("Go on")}
"""What is chosen in council and account without a card; said by `phrase`."""


def label_of(story: Story, address: str, state: Values | None = None) -> str:
    """A choice's label from its address; one whose words vary reads as it would in this state."""
    scene_id, _, choice_id = address.partition("/")
    if scene_id in ("council", "account"):
        verb, _, card = choice_id.partition(".")
        card_scene = story.scenes.get(card)
        if card_scene is not None:
            return card_scene.title
        return phrase(POSITION_VERBS[verb]) if verb in POSITION_VERBS else verb
    scene = story.scenes.get(scene_id)
    if scene is None:
        return address
    for room in scene.passages.values():
        for choice in room.choices:
            if choice.id == choice_id:
                nodes = choice.label.nodes
                if len(nodes) == 1 and isinstance(nodes[0], str):
                    return nodes[0]
                return scene.title if state is None else choice.label.line(state, world_of(story))
    return scene.title


class Led(NamedTuple):
    """What came of an event: what it moved at once, and what it later had a part in."""

    moved: tuple[str, ...]
    events: tuple[str, ...]
    """ids of events decided later that asked about it, or about what it moved"""


def led_to(story: Story, state: Values, receipts: Sequence[Receipt], event: Event) -> Led:
    """What an event led to, from what was really played; nothing for an open one."""
    cause = f"event:{event.id}"
    if f"!{cause.replace(':', '.')}" not in state:
        return Led((), ())
    own = [r for r in receipts if r.change.cause == cause and r.change.name in story.qualities]
    wanted = {cause, *(r.change.name for r in own)}
    when = number(state, f"!when.{event.id}")
    later = [
        other
        for other in story.events.values()
        if other.id != event.id and f"!event.{other.id}" in state and number(state, f"!when.{other.id}") >= when
    ]
    heard = sorted(
        (other for other in later if wanted & set(asks_of(story, state, other))),
        key=lambda other: (number(state, f"!when.{other.id}"), other.number),
    )
    return Led(tuple(moved_words(story, r.change) for r in own), tuple(other.id for other in heard))


class Mover(NamedTuple):
    """A choice, and the events that are not as recorded because of it."""

    cause: Cause
    events: tuple[str, ...]


def movers(story: Story, state: Values, receipts: Sequence[Receipt]) -> tuple[Mover, ...]:
    """The choices that moved history, most events first, then the earliest; the weightiest events of each first."""
    came = {r.change.name: r.step for r in receipts if r.change.name.startswith("!event.")}
    found: dict[int, tuple[Cause, list[str]]] = {}
    for event in story.events.values():
        verdict = state.get(f"!event.{event.id}", "open")
        if verdict not in ("kept", "open"):
            for cause in causes(story, state, receipts, event, came.get(f"!event.{event.id}", 0)):
                found.setdefault(cause.step, (cause, []))[1].append(event.id)
    ranked = sorted(found.values(), key=lambda pair: (-len(pair[1]), pair[0].step))
    return tuple(Mover(cause, tuple(sorted(ids, key=lambda id: -story.events[id].weight))) for cause, ids in ranked)
