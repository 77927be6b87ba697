"""How the book is gathered from a campaign: once, from its present branch.

An open event is told as far as a face may tell it in this mode, and never with its causes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date as Date
from itertools import groupby

from redmexico import timeline
from redmexico.campaign import VERSION, Campaign
from redmexico.engine import world_of
from redmexico.language import phrase, phrase_as
from redmexico.model import Choice, Scene, Story
from redmexico.narration import Paragraph
from redmexico.notebook.book import (
    Book,
    Came,
    Document,
    Earned,
    Ending,
    Entry,
    Fact,
    Footnote,
    Happening,
    Keeper,
    Line,
    Moved,
    Part,
    Passed,
    Remembered,
    Year,
    clean,
    one_line,
    sentence,
    signed,
    spoken_date,
)
from redmexico.offers import shown_word
from redmexico.state import Change, Values, number, word
from redmexico.timeline import Receipt, Row
from redmexico.views import NotebookLine, View

CARRIER = "carrier"
"""The word of a state that says who keeps the notebook; a change of hands has a line of its own."""


def gather(campaign: Campaign) -> Book:
    """The book of a campaign as it stands: its present branch, up to the present day."""
    view, story, receipts = campaign.view, campaign.story, campaign.receipts()
    happenings = _happenings(view)
    steps = _steps(story, receipts)
    moved = _moved(campaign, happenings)
    head = campaign.journal.head
    first = next((r.day for r in receipts if r.change.name == "!date"), view.day)
    keepers = _keepers(view, first)
    documents, invented = _sources(view, happenings)
    start = story.starts.get(str(head["start"]))
    return Book(
        title=one_line(campaign.journal.title) or one_line(story.title),
        story=one_line(story.title),
        edition=story.version,
        fingerprint=story.fingerprint,
        version=VERSION,
        seed=one_line(str(head["seed"])),
        start=one_line(start.title if start is not None else str(head["start"])),
        mode=one_line(campaign.mode.title),
        made=str(head["made"])[:10],
        first=first,
        last=view.day,
        choices=view.step,
        ended=campaign.ended,
        keepers=keepers,
        years=_years(view, steps, happenings, keepers, {m.happening.event for m in moved}),
        lines=tuple(
            Line(id, one_line(title), view.divergence[id], parts if follows else 0)
            for id, (title, follows, parts) in story.lines.items()
        ),
        timeline=happenings,
        moved=moved,
        ending=_ending(view),
        remembered=_remembered(view),
        documents=documents,
        invented=invented,
    )


# the columns of time


def _happenings(view: View) -> tuple[Happening, ...]:
    """The rows that this mode may show, with the verdict of every line on each."""
    by_line = {
        line: {row.event: row.verdict for row in timeline.rows(view.story, view.state, line)}
        for line in view.story.lines
    }
    return tuple(
        _happening(view.story, row, {line: by_line[line][row.event] for line in row.records}) for row in view.rows
    )


def _happening(story: Story, row: Row, against: Mapping[str, str]) -> Happening:
    agreed = len({row.verdict, *against.values()}) == 1
    each = (
        phrase("{line} {verdict}", line=one_line(story.lines[line][0]), verdict=timeline.verdict_word(verdict))
        for line, verdict in against.items()
    )
    return Happening(
        row.event,
        one_line(story.events[row.event].title),
        row.first,
        row.last,
        row.weight,
        {line: one_line(record) for line, record in row.records.items()},
        against,
        row.verdict,
        one_line(row.yours),
        row.when,
        row.word if agreed else ", ".join(each),
    )


def _moved(campaign: Campaign, happenings: Sequence[Happening]) -> tuple[Moved, ...]:
    """The decided events that some record has otherwise, or not at all; an open one is not asked about."""
    out = []
    for found in happenings:
        if found.verdict != "open" and {*found.against.values(), found.verdict} != {"kept"}:
            why = campaign.why(found.event)
            behind = tuple(
                cause._replace(label=one_line(cause.label), moved=_spoken(cause.moved)) for cause in why.behind
            )
            held = tuple(one_line(signed(pull)) for pull in why.pulls)
            out.append(Moved(found, held, behind, tuple(cause.step for cause in why.turning)))
    return tuple(out)


def _spoken(moved: str) -> str:
    """What a cause moved, as receipts say it."""
    return one_line(signed(moved).replace("_", " ").replace(": True", ""))


# what each choice moved


class _Step:
    """What one choice came to, sorted by what moved it."""

    def __init__(self) -> None:
        self.where: dict[str, tuple[str, str, str]] = {}
        """address of a line → the scene, its place and the label, as they were offered"""
        self.moved: dict[str, dict[str, Change]] = {}
        """`` by the choice, `since` by time, else by the event of that id"""
        self.decided: list[str] = []
        self.came_before: set[str] = set()
        """events that stood when the campaign began"""
        self.torn: dict[str, int] = {}

    def add(self, receipt: Receipt) -> None:
        cause, name, old, new = receipt.change
        if name.startswith("!event.") and old is None:
            event = name.removeprefix("!event.")
            self.decided.append(event)
            if cause == "start":
                self.came_before.add(event)
        elif name.startswith("!note.") and old is not None and str(new).endswith(" "):
            self.torn[name.removeprefix("!note.")] = receipt.day
        elif not name.startswith("!"):
            bucket = "" if cause in ("", "award") else cause[len("event:") :] if cause.startswith("event:") else "since"
            known = self.moved.setdefault(bucket, {})
            known[name] = Change(cause, name, known[name].old if name in known else old, new)


def _steps(story: Story, receipts: Sequence[Receipt]) -> dict[int, _Step]:
    """Each step's receipts, and what was offered there: read in the state as it was before the choice."""
    state: Values = {quality.name: quality.start for quality in story.qualities.values()}
    found: dict[int, _Step] = {}
    for step, group in groupby(receipts, key=lambda receipt: receipt.step):
        receipts_here = list(group)
        found[step] = made = _Step()
        for receipt in receipts_here:
            name = receipt.change.name
            if name.startswith("!note.") and receipt.change.old is None:
                made.where[name.removeprefix("!note.")] = _offered(story, state, name.removeprefix("!note."))
        for receipt in receipts_here:
            made.add(receipt)
            if receipt.change.new is None:
                state.pop(receipt.change.name, None)
            else:
                state[receipt.change.name] = receipt.change.new
    return found


def _offered(story: Story, state: Values, address: str) -> tuple[str, str, str]:
    """The scene, its place and the choice of a notebook line; what the story no longer has stays empty."""
    scene_id, _, choice_id = address.partition("#")[0].partition("/")
    scene = story.scenes.get(scene_id)
    if scene is None:
        return "", "", ""
    choice = _choice(scene, choice_id)
    w = world_of(story)
    label = choice.label.line(state, w) if choice is not None else ""
    return one_line(scene.heading.line(state, w)), one_line(scene.place.line(state, w)), one_line(label)


def _choice(scene: Scene, id: str) -> Choice | None:
    if scene.order is not None:
        return scene.order
    return next((c for room in scene.passages.values() for c in room.choices if c.id == id), None)


def _change_words(story: Story, change: Change) -> str:
    """A change as a receipt has it: `Bread +1`, `debts: owes bell`, `page kept`; "" where nothing moved."""
    quality = story.qualities.get(change.name)
    if quality is None or change.old == change.new:
        return ""
    if quality.type == "flag":
        label = quality.label.replace("_", " ")
        return label if change.new else phrase("{label}: no longer", label=label)
    if quality.type == "set" and isinstance(change.new, tuple):
        old = change.old if isinstance(change.old, tuple) else ()
        out = [shown_word(quality, name) for name in change.new if name not in old]
        out += [phrase("no longer {name}", name=shown_word(quality, name)) for name in old if name not in change.new]
        return f"{quality.label.replace('_', ' ')}: {', '.join(out)}"
    return signed(timeline.moved_words(story, change))


def _moves(story: Story, changes: Mapping[str, Change]) -> tuple[str, ...]:
    said = (one_line(_change_words(story, change)) for name, change in changes.items() if name != CARRIER)
    return tuple(words for words in said if words)


# the years


def _years(
    view: View, steps: Mapping[int, _Step], happenings: Sequence[Happening], keepers: Sequence[Keeper], told: set[str]
) -> tuple[Year, ...]:
    """Entries, events and hands in the order of their days."""
    known = {found.event: found for found in happenings}
    placed: list[tuple[tuple[int, int, int], Part]] = []
    done: set[int] = set()
    for i, line in enumerate(view.notebook, 1):
        entry = _entry(view.story, i, line, steps, known, line.step not in done)
        done.add(line.step)
        placed.append(((entry.day, entry.step, 0), entry))
    for n, step in steps.items():
        for event in step.decided:
            found = known.get(event)
            if found is not None and found.verdict != "open" and event not in step.came_before:
                moved = _moves(view.story, step.moved.get(event, {}))
                came = Came(event, found.when, found.mark, found.name, found.word, moved, event in told)
                placed.append(((found.when, n, 1), came))
    placed += [((keeper.since, view.step + 1, 2), Passed(keeper.since, keeper)) for keeper in keepers[1:]]
    placed.sort(key=lambda pair: pair[0])
    return tuple(
        Year(year, tuple(part for _, part in parts))
        for year, parts in groupby(placed, key=lambda pair: Date.fromordinal(pair[0][0]).year)
    )


def _entry(
    story: Story, i: int, line: NotebookLine, steps: Mapping[int, _Step], known: Mapping[str, Happening], whole: bool
) -> Entry:
    """A line of the notebook with its receipts; they stand with the first line of a step."""
    day = Date.fromisoformat(line.day).toordinal()
    step = steps.get(line.step) or _Step()
    if not line.text:
        torn = next((found.torn[line.address] for found in steps.values() if line.address in found.torn), day)
        return Entry(i, line.step, day, "", "", "", Footnote("", "", (), (), (), torn))
    scene, place, label = step.where.get(line.address, ("", "", ""))
    text = one_line(line.text)
    where = f"{sentence(scene)} {place}" if scene and place and not place.startswith(scene) else place or scene
    if text == f"{place or scene}: {label}":  # it has no words of its own, and says both
        label, where = "", scene if place else ""
    decided = tuple(
        f"{known[event].name}: {known[event].word}"
        for event in step.decided
        if event in known and event not in step.came_before
    )
    moved, since = _moves(story, step.moved.get("", {})), _moves(story, step.moved.get("since", {}))
    note = Footnote(where, label, moved, since, decided, 0) if whole else Footnote(where, label, (), (), (), 0)
    return Entry(i, line.step, day, text, scene, place, note)


def _keepers(view: View, first: int) -> tuple[Keeper, ...]:
    """Whose hands the notebook went through, where the story counts carriers."""
    story, state = view.story, view.state
    carrier = story.qualities.get(CARRIER)
    if carrier is None or carrier.type != "word":
        return ()
    passed = sorted((number(state, name), name[len("!hand.") :]) for name in state if name.startswith("!hand."))
    origin = shown_word(story.qualities["origin"], word(state, "origin")) if view.step and "origin" in story.qualities else ""
    return (_keeper(story, f"{carrier.start}", first, origin), *(_keeper(story, id, day, "") for day, id in passed))


def _keeper(story: Story, id: str, since: int, origin: str) -> Keeper:
    person = story.cast.get(id)
    name = person.name if person is not None else phrase_as("keeper", "the {id}", id=shown_word(story.qualities[CARRIER], id))
    hand = person.hand if person is not None else ""
    return Keeper(one_line(name.replace("_", " ")), since, one_line(origin.replace("_", " ")), one_line(hand))


# how it ended, and what it rests on


def _ending(view: View) -> Ending | None:
    found = view.ending
    if found is None:
        return None
    return Ending(
        one_line(found.title),
        Earned(_shown(view.narration), _acts(view.earned(found.earned))),
        tuple(Earned(_shown(slide.paragraphs), _acts(slide.earned)) for slide in view.slides),
    )


def _shown(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    return tuple(tuple(run._replace(text=clean(run.text)) for run in paragraph) for paragraph in paragraphs)


def _acts(earned: Sequence[tuple[str, str, int]]) -> tuple[tuple[str, str, int], ...]:
    return tuple((one_line(scene), one_line(label), day) for scene, label, day in earned)


def _remembered(view: View) -> tuple[Remembered, ...]:
    return tuple(
        Remembered(one_line(found.title), one_line(found.text.replace("*", "")), number(view.state, name))
        for name in view.state
        if name.startswith("!award.") and (found := view.story.achievements.get(name[len("!award.") :])) is not None
    )


def _sources(view: View, happenings: Sequence[Happening]) -> tuple[tuple[Document, ...], tuple[str, ...]]:
    """The facts behind what was played and decided, by document; and the scenes that are invented."""
    story = view.story
    cited: dict[str, list[str]] = {}
    invented: list[str] = []
    for name in view.state:
        id = name.removeprefix("!visits.")
        if id != name and id in story.scenes:
            scene = story.scenes[id]
            for fact in scene.facts:
                cited.setdefault(fact, []).append(one_line(scene.title))
            if not scene.facts:
                invented.append(one_line(scene.title))
    for found in happenings:
        if found.verdict != "open" and story.events[found.event].fact:
            cited.setdefault(story.events[found.event].fact, []).append(found.title)
    documents = tuple(
        Document(one_line(document["title"]), one_line(document["kind"]), facts)
        for id, document in story.documents.items()
        if (facts := tuple(_fact(story, fact, by) for fact, by in cited.items() if story.facts[fact]["document"] == id))
    )
    return documents, tuple(dict.fromkeys(invented))


def _fact(story: Story, id: str, by: Sequence[str]) -> Fact:
    found = story.facts[id]
    return Fact(
        one_line(found["title"]), spoken_date(str(found["date"])), one_line(found["account"]), tuple(dict.fromkeys(by))
    )
