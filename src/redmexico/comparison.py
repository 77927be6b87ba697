"""Two campaigns side by side, or one beside a recorded line: where they part, and what became of it.

A `Side` is a campaign's present branch as far as it is compared: the state in which it stands and the
choices that led there. `compare` sets two beside each other; `against` sets a state beside a line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from redmexico import timeline
from redmexico.campaign import Campaign, adopt, drift, packs_of
from redmexico.engine import world_of
from redmexico.errors import RedMexicoError
from redmexico.journal import Journal, read
from redmexico.language import noted, phrase, phrase_as, plural
from redmexico.model import Event, Quality, Story
from redmexico.offers import shown_word
from redmexico.state import Value, Values, number, word
from redmexico.suggest import did_you_mean
from redmexico.timeline import MARKS, Row, day_words, short_date, verdict_word
from redmexico.weighing import title_of
from redmexico.world import calendar_day

COLUMNS = 80
SHOWN = 12
"""How many of a long list stand in the lines; all of them are in the value."""

_PASSING = {"go_on": noted("Go on"), "enough": noted("That is enough")}
_VERBS = {
    "pass": noted("Close the council"),
    "pin": noted("Keep for the next council: {card}"),
    "summon": noted("Send for it again: {card}"),
}
_POSITIONS = {"council": noted("The council"), "account": noted("How it stands")}
_BEGAN = {
    "seed": noted("They began with another seed: A {a}, B {b}."),
    "start": noted("They began with another start: A {a}, B {b}."),
    "mode": noted("They began with another mode: A {a}, B {b}."),
}


class Taken(NamedTuple):
    """A choice that was made: at which step, on which day, where, and what it was called."""

    step: int
    day: int
    scene: str
    """the scene's title"""
    address: str
    label: str

    @property
    def decides(self) -> bool:
        """Whether it was more than going on, closing a council or keeping a card."""
        passing = self.address.partition("/")[2] in _PASSING
        return not passing and not self.address.startswith(("council/pass", "council/pin."))


class Side(NamedTuple):
    """A campaign's present branch: how it began, what was chosen, where it stands."""

    name: str
    seed: str
    start: str
    mode: str
    state: Values
    taken: tuple[Taken, ...]


class Setting(NamedTuple):
    """Something that two campaigns began with and that is not the same: seed, start or mode."""

    what: str
    a: str
    b: str


class Came(NamedTuple):
    """What became of an event in one campaign."""

    verdict: str
    shape: str
    """the id of an altered shape, or """
    title: str
    """as it came, where that is not the event's own title"""
    day: int
    """on which it came or failed; 0 while open"""

    @property
    def mark(self) -> str:
        return MARKS[self.verdict]

    @property
    def words(self) -> str:
        """`~ altered, 24 May 1940: Wounded`"""
        day = f", {day_words(self.day)}" if self.day else ""
        title = f": {self.title}" if self.title else ""
        return f"{self.mark} {verdict_word(self.verdict)}{day}{title}"


class EventApart(NamedTuple):
    """An event that is not the same in both."""

    event: str
    title: str
    first: int
    last: int
    recorded: str
    """its date as precisely as it is known"""
    a: Came
    b: Came


class QualityApart(NamedTuple):
    """A quality that does not stand at the same in both."""

    name: str
    label: str
    a: Value
    b: Value
    words: tuple[str, str]
    """`4, queues`"""
    share: int
    """thousandths of its range by which they differ; 0 for what is no number"""


class Parting(NamedTuple):
    """The first step that is not the same; None where one campaign stops before it."""

    step: int
    a: Taken | None
    b: Taken | None


class Difference(NamedTuple):
    """Two campaigns, A and B, side by side."""

    names: tuple[str, str]
    settings: tuple[Setting, ...]
    steps: tuple[int, int]
    days: tuple[int, int]
    """on which each stands"""
    alike: int
    """how many first choices are the same"""
    parting: Parting | None
    events: tuple[EventApart, ...]
    qualities: tuple[QualityApart, ...]
    endings: tuple[str, str]
    """titles; "" where it goes on"""
    divergence: tuple[tuple[str, int, int], ...]
    """a line's title, how far A is off, how far B: 0 to 100"""
    alone: tuple[tuple[Taken, ...], tuple[Taken, ...]]
    """what one chose at some time and the other never, in order"""

    @property
    def same(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.settings or self.parting or self.events or self.qualities) and (
            self.endings[0] == self.endings[1]
        )


class Against(NamedTuple):
    """A campaign beside a recorded line."""

    name: str
    line: str
    """the line's title"""
    day: int
    ended: bool
    off: int
    """0 to 100"""
    otherwise: tuple[Row, ...]
    """early, late, altered or averted"""
    overdue: tuple[Row, ...]
    """should have come by now, and has not"""
    open: tuple[Row, ...]
    """to come; none where the mode hides them"""
    yours: tuple[Row, ...]
    """only in this campaign"""

    @property
    def same(self) -> bool:
        """Whether all is as the line records it, so far."""
        return not (self.otherwise or self.overdue or self.yours)


# a campaign as a side


def look(story: Story, journal: Journal) -> Campaign:
    """A campaign to look at: fitted to the story as it is now, in memory alone.

    The journal that is given stays as it is. Raises RedMexicoError where it needs another story.
    """
    found = drift(story, journal)
    if found.packs:
        raise RedMexicoError(
            phrase("this campaign needs another story: {packs}", packs=", ".join(found.packs)),
            journal.title,
            phrase("give its folder with --pack"),
        )
    copy = read(journal.encoded()).journal
    assert copy is not None  # what was read or made before is read again
    campaign = Campaign(story, copy)
    adopt(campaign, found._replace(lost=""))
    return campaign


def side(story: Story, played: Journal | Campaign, name: str = "") -> Side:
    """The present branch of a campaign; a campaign as it is, a journal as `look` opens it."""
    campaign = played if isinstance(played, Campaign) else look(story, played)
    journal = campaign.journal
    head = journal.head
    return Side(
        name or journal.title,
        str(head["seed"]),
        str(head["start"]),
        str(head["mode"]),
        dict(campaign.state),
        tuple(_taken(story, journal)),
    )


def _taken(story: Story, journal: Journal) -> Iterator[Taken]:
    """The choices of the present branch, each called what it was called when it was offered.

    Where the story has changed since the beginning, as the story calls it now.
    """
    exact = journal.head["packs"] == packs_of(story)
    state: Values = {}
    day = 0
    for step, n in enumerate((0, *journal.path())):
        record = journal.records[n]
        if step:
            scene, choice = str(record["scene"]), str(record["choice"])
            known = story.scenes.get(scene)
            title = phrase(_POSITIONS.get(scene, "")) or (known.title if known is not None else scene)
            yield Taken(step, day, title, f"{scene}/{choice}", _label(story, state if exact else {}, scene, choice))
        for _, names in journal.changes(n):
            for name, new in names.items():
                if new is None:
                    state.pop(name, None)
                else:
                    state[name] = new
        day = number(state, "!date")


def _label(story: Story, state: Values, scene: str, choice: str) -> str:
    """What a choice was called; without a state, what is written of it."""
    if choice in _PASSING:
        return phrase(_PASSING[choice])
    if scene in _POSITIONS:
        verb, _, card = choice.partition(".")
        known = story.scenes.get(card)
        called = card if known is None else known.label.line(state, world_of(story)) if state else known.title
        return phrase(_VERBS[verb], card=called) if verb in _VERBS else called
    found = story.scenes.get(scene)
    for room in found.passages.values() if found is not None and state else ():
        for offered in room.choices:
            if offered.id == choice:
                return offered.label.line(state, world_of(story))
    return timeline.label_of(story, f"{scene}/{choice}")


# two campaigns


def compare(story: Story, a: Side, b: Side) -> Difference:
    """Two campaigns of one story side by side."""
    off = (timeline.divergence(story, a.state), timeline.divergence(story, b.state))
    alike = _alike(a.taken, b.taken)
    return Difference(
        (a.name, b.name),
        _settings(story, a, b),
        (len(a.taken), len(b.taken)),
        (number(a.state, "!date"), number(b.state, "!date")),
        alike,
        _parting(a, b, alike),
        _events(story, a.state, b.state),
        _qualities(story, a.state, b.state),
        (_ending(story, a.state), _ending(story, b.state)),
        tuple((title, off[0][line], off[1][line]) for line, (title, _, _) in story.lines.items()),
        (_alone(a, b), _alone(b, a)),
    )


def _alike(a: Sequence[Taken], b: Sequence[Taken]) -> int:
    """How many first choices are the same."""
    for k, (mine, other) in enumerate(zip(a, b, strict=False)):
        if mine.address != other.address:
            return k
    return min(len(a), len(b))


def _parting(a: Side, b: Side, alike: int) -> Parting | None:
    if alike == len(a.taken) == len(b.taken):
        return None
    mine, other = (c.taken[alike] if alike < len(c.taken) else None for c in (a, b))
    return Parting(alike + 1, mine, other)


def _settings(story: Story, a: Side, b: Side) -> tuple[Setting, ...]:
    """What they began with that is not the same."""

    def title(known: Any, id: str) -> str:
        return str(known[id].title) if id in known else id

    pairs = (
        ("seed", a.seed, b.seed),
        ("start", title(story.starts, a.start), title(story.starts, b.start)),
        ("mode", title(story.modes, a.mode), title(story.modes, b.mode)),
    )
    return tuple(Setting(what, mine, other) for what, mine, other in pairs if mine != other)


def _came(state: Values, event: Event) -> Came:
    verdict = str(state.get(f"!event.{event.id}", "open"))
    shape = word(state, f"!variant.{event.id}")
    title = title_of(event, shape) if verdict not in ("open", "averted") else ""
    return Came(verdict, shape, title if title != event.title else "", number(state, f"!when.{event.id}"))


def _events(story: Story, a: Values, b: Values) -> tuple[EventApart, ...]:
    """The events whose verdict, shape or day is not the same, by date."""
    found = []
    for event in story.events.values():
        mine, other = _came(a, event), _came(b, event)
        if mine != other:
            first, last = event.date
            if event.line == "notebook":  # nobody recorded it: it has the day on which it came
                first = last = min((day for day in (mine.day, other.day) if day), default=last)
            found.append(EventApart(event.id, event.title, first, last, short_date(first, last), mine, other))
    return tuple(sorted(found, key=lambda e: (e.first, e.last)))


def _qualities(story: Story, a: Values, b: Values) -> tuple[QualityApart, ...]:
    """The qualities that end differently: those of the status line, then the rest by how much."""
    found = []
    for quality in story.qualities.values():
        mine, other = a.get(quality.name, quality.start), b.get(quality.name, quality.start)
        if mine != other:
            shown = (_value_words(story, a, quality), _value_words(story, b, quality))
            label = quality.label.replace("_", " ")
            found.append(QualityApart(quality.name, label, mine, other, shown, _share(quality, mine, other)))
    status = {name: i for i, name in enumerate(story.status)}
    return tuple(sorted(found, key=lambda q: (status.get(q.name, len(status)), -q.share)))


def _share(quality: Quality, a: Value, b: Value) -> int:
    """Thousandths of a quality's range between two of its numbers."""
    if quality.type != "number" or not isinstance(a, int) or not isinstance(b, int):
        return 0
    return abs(a - b) * 1000 // max(quality.high - quality.low, 1)


def _value_words(story: Story, state: Values, quality: Quality) -> str:
    """A value as it is told: `4, queues`; `yes`; `made`; `owes gate, owes bell`."""
    value = state.get(quality.name, quality.start)
    if isinstance(value, bool):
        return phrase_as("flag", "yes") if value else phrase_as("flag", "no")
    if isinstance(value, int):
        shown = world_of(story).words(state, quality.name)
        return f"{value}, {shown}" if shown != str(value) else shown
    words = value if isinstance(value, tuple) else (value,)
    return ", ".join(shown_word(quality, word) for word in words) or phrase("nothing")


def _ending(story: Story, state: Values) -> str:
    id = word(state, "!ending")
    return story.endings[id].title if id in story.endings else id


def _alone(a: Side, b: Side) -> tuple[Taken, ...]:
    """What A chose at some time and B never, each once."""
    others = {taken.address for taken in b.taken}
    mine: dict[str, Taken] = {}
    for taken in a.taken:
        if taken.decides and taken.address not in others:
            mine.setdefault(taken.address, taken)
    return tuple(mine.values())


# one campaign and a recorded line


def against(story: Story, state: Values, line: str, name: str = "", ahead: bool = True) -> Against:
    """A campaign beside one of the story's lines; without `ahead`, or in a mode without foreknowledge, what is
    decided alone. Raises RedMexicoError where there is no such line.
    """
    if line not in story.lines:
        raise RedMexicoError(
            phrase("there is no line '{line}'", line=line),
            hint=did_you_mean(line, story.lines) or phrase("one of: {known}", known=", ".join(story.lines)),
        )
    day = number(state, "!date")
    rows = timeline.rows(story, state, line)
    recorded = [row for row in rows if line in row.records]
    mode = story.modes.get(word(state, "!mode"))
    told = ahead and (mode is None or mode.foreknowledge)
    waiting = [row for row in recorded if row.verdict == "open" and told]
    return Against(
        name or phrase("This campaign"),
        story.lines[line][0],
        day,
        bool(word(state, "!ending")),
        timeline.divergence(story, state)[line],
        tuple(row for row in recorded if row.verdict not in ("kept", "open", "unwritten")),
        tuple(row for row in waiting if row.last < day),
        tuple(row for row in waiting if row.last >= day),
        tuple(row for row in rows if row.verdict == "unwritten"),
    )


# in words


def lines_of(found: Difference | Against) -> tuple[str, ...]:
    """What was found, as plain lines of at most 80 columns."""
    return tuple(_difference_lines(found) if isinstance(found, Difference) else _against_lines(found))


def _difference_lines(found: Difference) -> Iterator[str]:
    for letter, name, steps, day in zip("AB", found.names, found.steps, found.days, strict=True):
        reached = phrase("{name}: {steps} choices, to {day}", name=name, steps=steps, day=day_words(day))
        yield from _wrapped(f"{letter}  {reached}", 3)
    if found.same:
        yield phrase("They are the same.")
        return
    for setting in found.settings:
        yield from _wrapped(phrase(_BEGAN[setting.what], a=setting.a, b=setting.b))
    yield ""
    yield from _parting_lines(found)
    yield from _listed(phrase("Events that are not the same"), found.events, _event_lines)
    yield from ("", phrase("How it ended"))
    for letter, ending in zip("AB", found.endings, strict=True):
        yield from _wrapped(f"  {letter}  {ending or phrase('not yet')}", 5)
    yield from ("", phrase("Away from the record, of 100"))
    for title, a, b in found.divergence:
        yield from _wrapped(f"  {title}: A {a}, B {b}")
    yield from _listed(phrase("What does not stand at the same"), found.qualities, _quality_lines)
    for letter, alone in zip("AB", found.alone, strict=True):
        yield from _listed(phrase("Chosen in {letter} alone", letter=letter), alone, _taken_lines, SHOWN)


def _parting_lines(found: Difference) -> Iterator[str]:
    """How far they go together, and what each did then."""
    if found.parting is None:
        yield phrase("All {n} choices are the same.", n=found.alike)
        return
    if found.alike:
        yield plural("The first choice is the same.", "The first {n} choices are the same.", found.alike)
    else:
        yield phrase("They part at the first choice.")
    for letter, taken in (("A", found.parting.a), ("B", found.parting.b)):
        if taken is None:
            yield f"  {letter}  {phrase('stops there')}"
        else:
            words = phrase(
                "choice {step}, {day}, {scene}: {label}",
                step=taken.step, day=day_words(taken.day), scene=taken.scene, label=taken.label,
            )
            yield from _wrapped(f"  {letter}  {words}", 5)


def _event_lines(event: EventApart) -> Iterator[str]:
    yield from _wrapped(f"  {event.recorded:11}  {event.title} [{event.event}]", 15)
    for letter, came in (("A", event.a), ("B", event.b)):
        yield from _wrapped(f"    {letter}  {came.words}", 9)


def _quality_lines(quality: QualityApart) -> Iterator[str]:
    a, b = quality.words
    yield from _wrapped(f"  {quality.label}: A {a}; B {b}")


def _taken_lines(taken: Taken) -> Iterator[str]:
    yield from _wrapped(f"  {taken.address}  {taken.label}")


def _against_lines(found: Against) -> Iterator[str]:
    yield from _wrapped(
        phrase(
            "{name} beside {line}, to {day}: {percent} of 100 off",
            name=found.name, line=found.line, day=day_words(found.day), percent=found.off,
        )
    )
    if found.same:
        yield from _wrapped(phrase("So far all is as {line} records it.", line=found.line))
    yield from _listed(phrase("Not as recorded"), found.otherwise, _row_lines)
    yield from _listed(phrase("Overdue"), found.overdue, _row_lines)
    yield from _listed(phrase("Only in yours"), found.yours, _row_lines)
    still = phrase("Open at its end") if found.ended else phrase("Still open")
    yield from _listed(still, found.open, _row_lines, SHOWN)


def _row_lines(row: Row) -> Iterator[str]:
    yield from _wrapped(f"  {row.mark} {short_date(row.first, row.last):11}  {row.title} [{row.event}]", 17)
    if row.when and row.verdict != "unwritten":
        yours = f": {row.yours}" if row.yours and row.yours != row.title else ""
        yield from _wrapped(f"{'':17}{row.word}, {day_words(row.when)}{yours}{apart(row)}", 17)


def apart(row: Row) -> str:
    """How far from its date an event came: ` (41 days late)`, or "" where it came on it, or never."""
    days = max(row.first - row.when, row.when - row.last, 0)
    if not days or not row.when or row.verdict == "averted":
        return ""
    if row.when < row.first:
        return f" ({plural('{n} day early', '{n} days early', days)})"
    return f" ({plural('{n} day late', '{n} days late', days)})"


def _listed(title: str, items: Sequence[Any], lines: Any, most: int = 0) -> Iterator[str]:
    """A list under its title and count; of a long one the first."""
    if not items:
        return
    yield ""
    yield f"{title}: {len(items)}"
    for item in items[: most or None]:
        yield from lines(item)
    if most and len(items) > most:
        yield f"  {phrase('and {n} more', n=len(items) - most)}"


def _wrapped(text: str, indent: int = 4) -> Iterable[str]:
    return textwrap.wrap(text, COLUMNS, subsequent_indent=" " * indent, break_on_hyphens=False)


def as_json(found: Difference | Against) -> dict[str, Any]:
    """What was found, as plain data; days as the calendar writes them."""
    return _difference_json(found) if isinstance(found, Difference) else _against_json(found)


def _difference_json(found: Difference) -> dict[str, Any]:
    parting = found.parting
    return {
        "same": found.same,
        "names": list(found.names),
        "began": {s.what: [s.a, s.b] for s in found.settings},
        "choices": list(found.steps),
        "dates": [_iso(day) for day in found.days],
        "alike": found.alike,
        "parting": parting and {"step": parting.step, "a": _taken_json(parting.a), "b": _taken_json(parting.b)},
        "events": [
            {"event": e.event, "title": e.title, "recorded": e.recorded, "a": _came_json(e.a), "b": _came_json(e.b)}
            for e in found.events
        ],
        "qualities": [
            {"name": q.name, "label": q.label, "a": q.a, "b": q.b, "words": list(q.words)} for q in found.qualities
        ],
        "endings": list(found.endings),
        "divergence": {title: [a, b] for title, a, b in found.divergence},
        "alone": [
            {"count": len(alone), "first": [_taken_json(taken) for taken in alone[:SHOWN]]} for alone in found.alone
        ],
    }


def _against_json(found: Against) -> dict[str, Any]:
    return {
        "same": found.same,
        "name": found.name,
        "line": found.line,
        "date": _iso(found.day),
        "ended": found.ended,
        "off": found.off,
        **{
            kind: [
                {
                    "event": row.event,
                    "title": row.title,
                    "recorded": short_date(row.first, row.last),
                    "verdict": row.verdict,
                    "mark": row.mark,
                    "yours": row.yours,
                    "day": _iso(row.when),
                }
                for row in rows
            ]
            for kind, rows in (
                ("otherwise", found.otherwise),
                ("overdue", found.overdue),
                ("open", found.open),
                ("yours", found.yours),
            )
        },
    }


def _taken_json(taken: Taken | None) -> dict[str, Any] | None:
    return taken and {**taken._asdict(), "day": _iso(taken.day)}


def _came_json(came: Came) -> dict[str, Any]:
    return {**came._asdict(), "day": _iso(came.day), "mark": came.mark, "words": came.words}


def _iso(day: int) -> str:
    """A day as `1940-08-20`; "" for none."""
    return calendar_day(day).isoformat() if day else ""
