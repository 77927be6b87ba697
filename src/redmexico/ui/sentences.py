"""What can be known of a campaign, in sentences: what plain mode says, and what a screen copies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from redmexico import courses, land, timeline
from redmexico.campaign import Campaign, Replayed
from redmexico.language import listed, noted, noted_as, phrase, phrase_as, plural, sentence_case
from redmexico.model import Entry, Story
from redmexico.offers import Offer
from redmexico.timeline import MARKS, Row, day_words, mover_of, mover_word, recorded_date, short_date, verdict_word
from redmexico.ui import reference
from redmexico.ui.found import Found
from redmexico.ui.lettering import ascii_of
from redmexico.views import Gauge, View
from redmexico.world import calendar_day

LAST = 8
"""Movements of a number that are told."""
WHOLE = 12
"""Choices behind an event that are told, the last ones; those that it turned on are told besides."""
NAMED = 4
"""Events that are named behind a choice that moved history."""
LABELS = {
    "documented": noted("documented: it is on record"),
    "chronicle": noted("from the Chronicle, the recorded alternate history"),
    "invented": noted("invented for this game"),
    "disputed": noted("disputed: the sources do not agree"),
}
"""What an entry of the codex is, in words; said by `phrase`."""
ENDED = {"early": noted("before its time"), "act": noted("at the close of an act"), "last": noted("at the end of it all")}
"""When an ending comes; said by `phrase`."""
DOCUMENT = (
    ("about", noted("What it is")),
    ("took", noted("Taken from it")),
    ("doubted", noted("Doubted")),
    ("invented", noted("Made up around it")),
)
"""What is told of a document, and its heading; said by `phrase`."""
NO_FACT = noted("None of the five documents tells this: the game made it up, or it stands in every history of these years.")
OPEN = noted("Still open. Its causes are told when it is decided.")
NOT_TOLD = noted("In this mode costs are not told beforehand.")
NO_COST = noted("It costs nothing that can be counted.")
OUT_OF_REACH = noted("Nothing of yours was in reach of it.")
NO_BEARING = noted("Nothing you did bore on it.")


def signs() -> str:
    """What the signs mean."""
    return phrase("Signs: {signs}.", signs=", ".join(f"{mark} {verdict_word(verdict)}" for verdict, mark in MARKS.items()))


def ended(text: str) -> str:
    """The full stop that a sentence still wants."""
    return "" if text.rstrip('"*').endswith((".", "!", "?", "…", ":")) else "."


def sentence(text: str) -> str:
    text = sentence_case(text)
    return text + ended(text) if text else ""


def moves(offer: Offer, how: str) -> str:
    """What a choice moves: by sign, in numbers, or "" where the player wants it hidden."""
    if how == "hidden" or not offer.preview:
        return ""
    if how == "numbers":
        return "; ".join(f"{m.label} {m.amount:+d}" for m in offer.preview) + "."
    up, down = noted("{label} up"), noted("{label} down")
    return "; ".join(phrase(up if m.amount > 0 else down, label=m.label) for m in offer.preview) + "."


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
        yield phrase("Away from {line}: {percent} of 100.", line=view.story.lines[line][0], percent=percent)
    if view.unwritten:
        yield phrase("Only in yours: {n}.", n=view.unwritten)


def factions(campaign: Campaign) -> Iterator[str]:
    """Temper and strength of each, then what else is counted, by kind."""
    view = campaign.view
    moved = {g.name: delta for g, delta in view.moved}
    for temper, strength in view.factions:
        change = _this_turn(moved.get(temper.name, 0))
        if strength.value:
            yield phrase(
                "{faction}: {word}, temper {temper:+d}{change}, strength {strength} of {high}.",
                faction=temper.label, word=temper.word, temper=temper.value, change=change, strength=strength.value, high=strength.high,
            )
        else:
            yield phrase("{faction}: not yet here.", faction=temper.label)
    for quality in view.story.qualities.values():
        if quality.kind in ("resource", "clock") and quality.type == "number":
            one = view.gauge(quality.name)
            yield phrase(
                "{label}: {word}, {value} of {low} to {high}{change}.",
                label=one.label, word=one.word, value=one.value, low=one.low, high=one.high, change=_this_turn(moved.get(one.name, 0)),
            )
    yield phrase("factions NAME tells the course of one, and who moved it.")


def _this_turn(amount: int) -> str:
    return phrase(", {amount:+d} this turn", amount=amount) if amount else ""


def course(campaign: Campaign, name: str) -> Iterator[str]:
    """One number through the years, yours beside the recorded, and what moved it."""
    view, story = campaign.view, campaign.story
    one = view.gauge(name)
    receipts = [r for r in campaign.receipts() if r.change.name == name]
    played = courses.played(campaign.beginning, receipts, name)
    found = [(line, courses.recorded(story, campaign.beginning, line, name, view.day)) for line in reversed(list(story.lines))]
    line, recorded = next(((story.lines[line][0], points) for line, points in found if points), ("", ()))
    shown = f", {one.word}" if one.word != str(one.value) else ""
    yield phrase("{label}: {value} of {low} to {high}{word}.", label=label_of_course(one), value=one.value, low=one.low, high=one.high, word=shown)
    for day in sorted({point.day for point in (*played, *recorded)}):
        beside = f", {line} {courses.at(recorded, day)}" if recorded else ""
        yield phrase("From {day}: yours {value}{beside}.", day=day_words(day), value=courses.at(played, day), beside=beside)
    if not recorded:
        yield phrase("No recorded event moves it.")
    yield from moved_by(campaign, name)


def label_of_course(one: Gauge) -> str:
    """Whose course it is: of a faction its temper's."""
    return phrase("{faction} temper", faction=one.label) if one.name.endswith(".temper") else one.label


def moved_by(campaign: Campaign, name: str) -> Iterator[str]:
    """What moved a number, and who did it, the newest last."""
    receipts = campaign.moved(name)[-LAST:]
    for receipt in receipts:
        kind, who = mover_of(campaign.story, campaign.state, receipt)
        yield phrase(
            "{day}, choice {step}: {moved} ({kind}: {who}).",
            day=day_words(receipt.day), step=receipt.step, moved=timeline.moved_words(campaign.story, receipt.change), kind=mover_word(kind), who=who.rstrip("."),
        )
    if not receipts:
        yield phrase("Nothing has moved it.")


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
        yield phrase("This story has no map.")


# the timeline


def row(view: View, one: Row) -> str:
    """An event: its recorded date, sign and name, how it came, what each line says."""
    texts: dict[str, list[str]] = {}
    for line, record in one.records.items():
        texts.setdefault(record.rstrip("."), []).append(view.story.lines[line][0])
    records = "; ".join(f"{listed(names)}: {record}" for record, names in texts.items())
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
    if is_word(term, "marked"):
        return one.verdict not in ("kept", "open")
    if term in view.story.lines:
        return term in one.records
    if is_word(term, "yours"):
        return bool(one.when)
    heavy = term.rstrip("0123456789")
    if heavy != term and is_word(heavy, "weight"):
        return one.weight >= int(term[len(heavy) :])
    if term.isdigit() and len(term) == 4:
        return str(calendar_day(one.first).year) == term
    if any(term in other.subjects for other in view.story.events.values()):
        return term in event.subjects
    return term in f"{one.title} {one.yours} {one.event} {one.word} {' '.join(one.records.values())}".lower()


TYPED = (
    noted_as("typed", "marked"),
    noted_as("typed", "yours"),
    noted_as("typed", "weight"),
    noted_as("typed", "here"),
    noted_as("typed", "soften"),
    noted_as("typed", "mode"),
    noted_as("typed", "start"),
    noted_as("typed", "seed"),
)
"""Words that a player types behind a command; the English ones are understood in every language."""


def is_word(typed: str, english: str) -> bool:
    """Whether a player typed this word, in English or in the language that is spoken, with or without its accents."""
    return ascii_of(typed).lower() in (english, ascii_of(phrase_as("typed", english)).lower())


def subjects(story: Story) -> str:
    return ", ".join(dict.fromkeys(s for event in story.events.values() for s in event.subjects))


def why(campaign: Campaign, id: str) -> Iterator[str]:
    """Why an event came as it did, and what it led to."""
    found = campaign.why(id)
    event = campaign.story.events[id]
    if not found.decided:
        yield phrase("{event}: still open. Its causes are told when it is decided.", event=event.title)
        return
    yield phrase("{event}: settled on {day}, at choice {step}.", event=event.title, day=day_words(found.day), step=found.step)
    yield from (f"  {pull}" for pull in found.pulls)
    if found.pulls:
        yield from (f"  {line}" for line in together(campaign, id, found.pulls))
    if len(found.behind) > WHOLE:
        yield "  " + phrase("{n} earlier choices, and:", n=len(found.behind) - WHOLE)
    for cause in found.behind[-WHOLE:]:
        chosen = phrase("{day}, choice {step}: {label}", day=day_words(cause.day), step=cause.step, label=f"{cause.label}{ended(cause.label)}")
        yield f"  {chosen} {cause.moved}".rstrip()
    if not found.pulls and not found.behind:
        yield "  " + phrase(OUT_OF_REACH if event.external else NO_BEARING)
    if found.turning:
        choices = ", ".join(phrase("choice {step}", step=cause.step) for cause in found.turning)
        yield "  " + phrase("Without these it would have come as recorded: {choices}.", choices=choices)
    led = timeline.led_to(campaign.story, campaign.state, campaign.receipts(), event)
    titles = {one.event: f"{one.mark} {one.yours or one.title}" for one in campaign.view.rows}
    then = [*filter(None, led.moved), *(titles[e] for e in led.events if e in titles)]
    if then:
        yield "  " + phrase("Then: {events}.", events="; ".join(then))


def together(campaign: Campaign, id: str, pulls: Iterable[str]) -> Iterator[str]:
    """What the causes came to, and what it would have taken; where a scene decides there is no sum."""
    event = campaign.story.events[id]
    if event.outcomes or event.external or campaign.state.get(f"!variant.{id}"):
        return
    sum_ = sum(int(pull.partition(" ")[0]) for pull in pulls)
    yield phrase("Together {sum:+d}; on its date it took {threshold:+d}.", sum=sum_, threshold=event.threshold)


def movers(campaign: Campaign) -> Iterator[str]:
    """The choices that moved history most."""
    titles = {id: event.title for id, event in campaign.story.events.items()}
    titles |= {one.event: one.yours or one.title for one in campaign.view.rows}
    for mover in timeline.movers(campaign.story, campaign.state, campaign.receipts())[:5]:
        yield phrase(
            "Choice {step}, {day}, {label}: {events}.",
            step=mover.cause.step, day=day_words(mover.cause.day), label=mover.cause.label.rstrip("."),
            events=named(mover, titles),
        )


def named(mover: timeline.Mover, titles: Mapping[str, str]) -> str:
    """The weightiest events that a choice moved, and how many more."""
    first, more = mover.events[:NAMED], len(mover.events) - NAMED
    return "; ".join((*(titles[event] for event in first), *([phrase("and {n} more", n=more)] if more > 0 else [])))


# looking things up


def codex(campaign: Campaign, entry: Entry) -> Iterator[str]:
    """What the three columns say of an entry, where it was met, where it comes from."""
    told = reference.told(campaign, entry)
    for title, says in told.lines:
        yield f"{title}: {says}{ended(says)}"
    if told.met is not None:
        yield f"{first_met(told.met)}."
    for document, date, title in told.facts:
        yield phrase("Document {document}, {date}: {title}.", document=document, date=recorded_date(date), title=title)


def first_met(met: reference.Met) -> str:
    """Where an entry was first met."""
    where = met.scene or phrase("at the beginning")
    return phrase("First met: {day}, {scene}, choice {step}", day=day_words(met.day), scene=where, step=met.step)


def facts(story: Story, ids: Iterable[str]) -> Iterator[str]:
    """The facts behind a scene or an event."""
    known = [id for id in ids if id in story.facts]
    if not known:
        yield phrase(NO_FACT)
    for id in known:
        fact = story.facts[id]
        yield phrase(
            "{title}, {date}, document {document}: {account}",
            title=fact["title"], date=recorded_date(str(fact["date"])), document=fact["document"], account=fact["account"],
        )


def sources(story: Story) -> Iterator[str]:
    """Each document: what it is, what was taken from it, doubted in it, made up around it."""
    for document in story.documents.values():
        yield f"{document['id']}, {document['title']}: {kind_of(story, document)}."
        for key, heading in DOCUMENT:
            if document.get(key):
                yield f"  {phrase(heading)}: {document[key]}"
    invented = [entry.title for entry in story.codex.values() if entry.label == "invented"]
    if invented:
        yield phrase("Made up for this game: {things}.", things="; ".join(invented))


def kind_of(story: Story, document: Mapping[str, Any]) -> str:
    """What kind of text a document is, and which line it tells."""
    known = story.lines.get(str(document["line"]))
    if known is None:
        return phrase("{kind}; tells no line", kind=document["kind"])
    return phrase("{kind}; tells {line}", kind=document["kind"], line=known[0])


def endings(story: Story, found: Found) -> Iterator[str]:
    """What was reached on this machine, and how much there is."""
    reached = [e for e in story.endings.values() if found.has("endings", e.id)]
    yield phrase("{n} of {all} endings reached.", n=len(reached), all=len(story.endings))
    yield from (f"  {e.title}, {phrase(ENDED[e.kind])}." for e in reached)
    left = Counter(e.kind for e in story.endings.values() if e not in reached)
    yield from (f"  {not_reached(count, kind)}." for kind, count in left.items())
    known = [a for a in story.achievements.values() if found.has("awards", a.id)]
    yield phrase("{n} of {all} acts remembered.", n=len(known), all=len(story.achievements))
    for award in story.achievements.values():
        if award in known:
            yield f"  {award.title}: {award.text}"
        else:
            yield "  " + phrase("Not yet: {act}.", act=phrase("hidden") if award.hidden else award.title)


def not_reached(count: int, kind: str) -> str:
    """How many endings of a kind are still to be found."""
    return plural("{n} not reached, {when}", "{n} not reached, {when}", count, when=phrase(ENDED[kind]))


# how long it was


def counts(campaign: Campaign) -> str:
    """Choices, what was taken back, time, how much of the story is still unseen."""
    journal, view = campaign.journal, campaign.view
    back = sum(1 for n in range(len(journal.records)) if journal.records[n]["t"] == "rewind")
    seen = sum(1 for id in view.story.cards if f"!visits.{id}" in view.state)
    parts = [
        phrase("{n} choices", n=view.step), plural("{n} taken back", "{n} taken back", back) if back else "", hours(journal.seconds) if journal.seconds else "",
        phrase("{percent} % of the scenes not yet seen", percent=100 - 100 * seen // max(1, len(view.story.cards))),
    ]
    return ", ".join(filter(None, parts))


def verified(result: Replayed) -> str:
    """What playing a campaign again came to."""
    if result.whole:
        return phrase("All {n} choices come out as recorded.", n=result.steps)
    return phrase("The first {n} choices match. {reason}", n=result.matched, reason=result.reason)


def hours(seconds: int) -> str:
    """A time of play: `3 h 05 min`."""
    return phrase("{hours} h {minutes:02} min", hours=seconds // 3600, minutes=seconds % 3600 // 60)
