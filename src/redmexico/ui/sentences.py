"""What can be known of a campaign, in sentences: what plain mode says, and what a screen copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from redmexico import courses, land, timeline
from redmexico.campaign import Campaign
from redmexico.model import Entry, Story
from redmexico.offers import Offer
from redmexico.timeline import MARKS, WORDS, Row, day_words, mover_of, recorded_date, short_date
from redmexico.ui import reference
from redmexico.ui.found import Found
from redmexico.views import Gauge, View
from redmexico.world import calendar_day

LAST = 8
"""Movements of a number that are told."""
WHOLE = 12
"""Choices behind an event that are told, the last ones; those that it turned on are told besides."""
LABELS = {
    "documented": "documented: it is on record",
    "chronicle": "from the Chronicle, the recorded alternate history",
    "invented": "invented for this game",
    "disputed": "disputed: the sources do not agree",
}
"""What an entry of the codex is, in words."""
ENDED = {"early": "before its time", "act": "at the close of an act", "last": "at the end of it all"}
SIGNS = "Signs: " + ", ".join(f"{MARKS[v]} {WORDS[v]}" for v in MARKS) + "."


def ended(text: str) -> str:
    """The full stop that a sentence still wants."""
    return "" if text.rstrip('"*').endswith((".", "!", "?", "…", ":")) else "."


def sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text + ended(text) if text else ""


def moves(offer: Offer, how: str) -> str:
    """What a choice moves: by sign, in numbers, or "" where the player wants it hidden."""
    if how == "hidden" or not offer.preview:
        return ""
    if how == "numbers":
        return "; ".join(f"{m.label} {m.amount:+d}" for m in offer.preview) + "."
    return "; ".join(f"{m.label} {'up' if m.amount > 0 else 'down'}" for m in offer.preview) + "."


def costs(offer: Offer, how: str) -> str:
    """What is known of a choice beforehand, and who objects."""
    parts = [sentence(offer.hint), moves(offer, how), sentence(offer.objection)]
    return " ".join(filter(None, parts))


# how it stands


def gauge(one: Gauge) -> str:
    return f"{one.label}: {one.word} ({one.value})."


def divergence(view: View) -> Iterator[str]:
    """How far it is from each recorded line."""
    for line, percent in view.divergence.items():
        yield f"Away from {view.story.lines[line][0]}: {percent} of 100."
    if view.unwritten:
        yield f"Only in yours: {view.unwritten}."


def factions(campaign: Campaign) -> Iterator[str]:
    """Temper and strength of each, then what else is counted, by kind."""
    view = campaign.view
    moved = {g.name: delta for g, delta in view.moved}
    for temper, strength in view.factions:
        change = f", {moved[temper.name]:+d} this turn" if temper.name in moved else ""
        if strength.value:
            yield f"{temper.label}: {temper.word}, temper {temper.value:+d}{change}, strength {strength.value} of {strength.high}."
        else:
            yield f"{temper.label}: not yet here."
    for quality in view.story.qualities.values():
        if quality.kind in ("resource", "clock") and quality.type == "number":
            one = view.gauge(quality.name)
            change = f", {moved[one.name]:+d} this turn" if one.name in moved else ""
            yield f"{one.label}: {one.word}, {one.value} of {one.low} to {one.high}{change}."
    yield "factions NAME tells the course of one, and who moved it."


def course(campaign: Campaign, name: str) -> Iterator[str]:
    """One number through the years, yours beside the recorded, and what moved it."""
    view, story = campaign.view, campaign.story
    one = view.gauge(name)
    receipts = [r for r in campaign.receipts() if r.change.name == name]
    played = courses.played(campaign.beginning, receipts, name)
    found = [(line, courses.recorded(story, campaign.beginning, line, name, view.day)) for line in reversed(list(story.lines))]
    line, recorded = next(((story.lines[line][0], points) for line, points in found if points), ("", ()))
    what = " temper" if name.endswith(".temper") else ""
    shown = f", {one.word}" if one.word != str(one.value) else ""
    yield f"{one.label}{what}: {one.value} of {one.low} to {one.high}{shown}."
    for day in sorted({point.day for point in (*played, *recorded)}):
        beside = f", {line} {courses.at(recorded, day)}" if recorded else ""
        yield f"From {day_words(day)}: yours {courses.at(played, day)}{beside}."
    if not recorded:
        yield "No recorded event moves it."
    yield from moved_by(campaign, name)


def moved_by(campaign: Campaign, name: str) -> Iterator[str]:
    """What moved a number, and who did it, the newest last."""
    receipts = campaign.moved(name)[-LAST:]
    for receipt in receipts:
        kind, who = mover_of(campaign.story, campaign.state, receipt)
        yield f"{day_words(receipt.day)}, choice {receipt.step}: {timeline.moved_words(campaign.story, receipt.change)} ({kind}: {who.rstrip('.')})."
    if not receipts:
        yield "Nothing has moved it."


def regions(view: View) -> Iterator[str]:
    """The map as a list: who holds each region, and what happened there this year."""
    year = calendar_day(view.day).year
    for region in land.regions(view):
        yield f"{region.gauge.label}: {region.gauge.word}."
        for row in region.events:
            yield f"  {year}: {row.mark} {row.yours or row.title}, {row.word}, {day_words(row.when)}."
        for line in region.lines:
            yield f"  {line.date}: {line.text}"
    if view.story.land is None:
        yield "This story has no map."


# the timeline


def row(view: View, one: Row) -> str:
    """An event: its recorded date, sign and name, how it came, what each line says."""
    texts: dict[str, list[str]] = {}
    for line, record in one.records.items():
        texts.setdefault(record.rstrip("."), []).append(view.story.lines[line][0])
    records = "; ".join(f"{' and '.join(names)}: {record}" for record, names in texts.items())
    came = f" ({day_words(one.when)}{', ' + one.yours if one.yours and one.yours != one.title else ''})" if one.when else ""
    return f"{short_date(one.first, one.last).strip()} {one.mark} {one.title} [{one.event}]: {one.word}{came}. {records}{ended(records) if records else ''}".rstrip()


def rows(view: View, wanted: str) -> Iterator[Row]:
    """The rows that every word asks for: a line, a subject, `marked`, `weight3`, a year, or words of the event."""
    found = view.rows
    for term in wanted.lower().split():
        found = tuple(one for one in found if _fits(view, one, term))
    yield from found


def _fits(view: View, one: Row, term: str) -> bool:
    event = view.story.events[one.event]
    if term == "marked":
        return one.verdict not in ("kept", "open")
    if term in view.story.lines:
        return term in one.records
    if term == "yours":
        return bool(one.when)
    if term.startswith("weight") and term[6:].isdigit():
        return one.weight >= int(term[6:])
    if term.isdigit() and len(term) == 4:
        return str(calendar_day(one.first).year) == term
    if any(term in other.subjects for other in view.story.events.values()):
        return term in event.subjects
    return term in f"{one.title} {one.yours} {one.event} {one.word} {' '.join(one.records.values())}".lower()


def subjects(story: Story) -> str:
    return ", ".join(dict.fromkeys(s for event in story.events.values() for s in event.subjects))


def why(campaign: Campaign, id: str) -> Iterator[str]:
    """Why an event came as it did, and what it led to."""
    found = campaign.why(id)
    event = campaign.story.events[id]
    if not found.decided:
        yield f"{event.title}: still open. Its causes are told when it is decided."
        return
    yield f"{event.title}: settled on {day_words(found.day)}, at choice {found.step}."
    yield from (f"  {pull}" for pull in found.pulls)
    if found.pulls:
        yield from (f"  {line}" for line in together(campaign, id, found.pulls))
    if len(found.behind) > WHOLE:
        yield f"  {len(found.behind) - WHOLE} earlier choices, and:"
    for cause in found.behind[-WHOLE:]:
        yield f"  {day_words(cause.day)}, choice {cause.step}: {cause.label}{ended(cause.label)} {cause.moved}".rstrip()
    if not found.pulls and not found.behind:
        yield "  Nothing of yours was in reach of it." if event.external else "  Nothing you did bore on it."
    if found.turning:
        yield "  Without these it would have come as recorded: " + ", ".join(f"choice {c.step}" for c in found.turning) + "."
    led = timeline.led_to(campaign.story, campaign.state, campaign.receipts(), event)
    titles = {one.event: f"{one.mark} {one.yours or one.title}" for one in campaign.view.rows}
    then = [*filter(None, led.moved), *(titles[e] for e in led.events if e in titles)]
    if then:
        yield "  Then: " + "; ".join(then) + "."


def together(campaign: Campaign, id: str, pulls: Iterable[str]) -> Iterator[str]:
    """What the causes came to, and what it would have taken; where a scene decides there is no sum."""
    event = campaign.story.events[id]
    if event.outcomes or event.external or campaign.state.get(f"!variant.{id}"):
        return
    sum_ = sum(int(pull.partition(" ")[0]) for pull in pulls)
    yield f"Together {sum_:+d}; on its date it took {event.threshold:+d}."


def movers(campaign: Campaign) -> Iterator[str]:
    """The choices that moved history most."""
    titles = {one.event: one.yours or one.title for one in campaign.view.rows}
    for mover in timeline.movers(campaign.story, campaign.state, campaign.receipts())[:5]:
        named = "; ".join(titles.get(event, event) for event in mover.events)
        yield f"Choice {mover.cause.step}, {day_words(mover.cause.day)}, {mover.cause.label.rstrip('.')}: {named}."


# looking things up


def codex(campaign: Campaign, entry: Entry) -> Iterator[str]:
    """What the three columns say of an entry, where it was met, where it comes from."""
    told = reference.told(campaign, entry)
    for title, says in told.lines:
        yield f"{title}: {says}{ended(says)}"
    if told.met is not None:
        yield f"First met: {day_words(told.met.day)}, {told.met.scene or 'at the beginning'}, choice {told.met.step}."
    yield from (f"Document {document}, {recorded_date(date)}: {title}." for document, date, title in told.facts)


def facts(story: Story, ids: Iterable[str]) -> Iterator[str]:
    """The facts behind a scene or an event."""
    known = [id for id in ids if id in story.facts]
    if not known:
        yield "None of the five documents tells this: the game made it up, or it stands in every history of these years."
    for id in known:
        fact = story.facts[id]
        yield f"{fact['title']}, {recorded_date(str(fact['date']))}, document {fact['document']}: {fact['account']}"


def sources(story: Story) -> Iterator[str]:
    """Each document: what it is, what was taken from it, doubted in it, made up around it."""
    for document in story.documents.values():
        line = story.lines.get(str(document["line"]), ("no line", "", 0))[0]
        yield f"{document['id']}, {document['title']}: {document['kind']}; tells {line}."
        for key, word in (("about", "What it is"), ("took", "Taken from it"), ("doubted", "Doubted"), ("invented", "Made up around it")):
            if document.get(key):
                yield f"  {word}: {document[key]}"
    invented = [entry.title for entry in story.codex.values() if entry.label == "invented"]
    if invented:
        yield f"Made up for this game: {'; '.join(invented)}."


def endings(story: Story, found: Found) -> Iterator[str]:
    """What was reached on this machine, and how much there is."""
    reached = [e for e in story.endings.values() if found.has("endings", e.id)]
    yield f"{len(reached)} of {len(story.endings)} endings reached."
    yield from (f"  {e.title}, {ENDED[e.kind]}." for e in reached)
    left = Counter(e.kind for e in story.endings.values() if e not in reached)
    yield from (f"  {count} not reached, {ENDED[kind]}." for kind, count in left.items())
    known = [a for a in story.achievements.values() if found.has("awards", a.id)]
    yield f"{len(known)} of {len(story.achievements)} acts remembered."
    for award in story.achievements.values():
        if award in known:
            yield f"  {award.title}: {award.text}"
        else:
            yield f"  Not yet: {'hidden' if award.hidden else award.title}."


# how long it was


def counts(campaign: Campaign) -> str:
    """Choices, what was taken back, time, how much of the story is still unseen."""
    journal, view = campaign.journal, campaign.view
    back = sum(1 for n in range(len(journal.records)) if journal.records[n]["t"] == "rewind")
    seen = sum(1 for id in view.story.cards if f"!visits.{id}" in view.state)
    hours = f"{journal.seconds // 3600} h {journal.seconds % 3600 // 60:02} min" if journal.seconds else ""
    parts = [f"{view.step} choices", f"{back} taken back" if back else "", hours]
    return ", ".join([*filter(None, parts), f"{100 - 100 * seen // max(1, len(view.story.cards))} % of the scenes not yet seen"])
