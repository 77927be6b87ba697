"""What is read, as blocks: told between two choices, the scene, its voices, the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import takewhile

from redmexico import timeline
from redmexico.campaign import Campaign
from redmexico.language import phrase
from redmexico.model import Story
from redmexico.narration import Paragraph, Run
from redmexico.offers import Offer
from redmexico.timeline import MARKS, Cause, day_words, short_date, verdict_word
from redmexico.turns import Told
from redmexico.ui.sentences import counts, named
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.views import View, Voice

MOVERS = 12
"""Events that the end tells; the timeline has the rest."""


def paragraphs(texts: Iterable[Paragraph], indent: int = 0, role: str = "") -> Iterator[Block]:
    """Paragraphs with a line between them and after the last."""
    for text in texts:
        yield Block(tuple(Run(run.text, run.role or role, run.target) for run in text), indent, indent, prose=True)
        yield BLANK


def told(story: Story, items: Iterable[Told]) -> Iterator[Block]:
    """What happened since the last choice."""
    for item in items:
        if item.kind == "event":
            yield _event_notice(item)
            yield from paragraphs(item.paragraphs, 2, "dim") if item.paragraphs else (BLANK,)
        elif item.kind == "award":
            yield Block((Run(phrase("Remembered: "), "dim"), Run(item.title, "strong")))
            yield BLANK
        elif item.kind == "withdrawn":
            yield from _withdrawn(story, item)
        else:
            yield from paragraphs(item.paragraphs)


def _event_notice(item: Told) -> Block:
    word = verdict_word(item.verdict)
    mark = MARKS.get(item.verdict, "?")
    return Block((Run(f"{mark} {word} ", item.verdict), Run(f" {day_words(item.day)} · ", "dim"), Run(item.title, "strong")), 0, 2, target=item.address)


def _withdrawn(story: Story, item: Told) -> Iterator[Block]:
    who = story.cast[item.who].name if item.who in story.cast else item.who
    yield Block((Run(phrase("Off the table: "), "warn"), Run(item.title, "strong")), 0, 2)
    yield voice(Voice(who, item.paragraphs))
    yield BLANK


def voice(one: Voice) -> Block:
    """What somebody says, behind the name."""
    runs: list[Run] = [Run(one.name, "strong"), Run(": ", "strong")]
    for i, paragraph in enumerate(one.paragraphs):
        runs += [Run(" ")] if i else []
        runs += paragraph
    return Block(tuple(runs), 2, 4)


def heading(view: View, brief: bool) -> Iterator[Block]:
    """The name of a scene and where it is; briefly where the screen's own heading says it."""
    yield Block((Run(view.title, "head"),), 0, 2, target=f"scene:{view.address.partition('/')[0]}")
    place = f" · {view.place}" if view.place else ""
    if not brief:
        yield said(f"{view.date}{place}", "dim")
    if view.flags:
        yield said(phrase("Here: {notes}", notes=", ".join(view.flags)), "dim")
    yield BLANK


def since(campaign: Campaign) -> Iterator[Block]:
    """What happened since the last choice: its result, what it moved, and what came of the days."""
    results = list(takewhile(lambda item: item.kind == "result", campaign.told))
    yield from told(campaign.story, results)
    yield from moved(campaign)
    yield from told(campaign.story, campaign.told[len(results) :])


def moved(campaign: Campaign) -> Iterator[Block]:
    """What the last choice itself moved."""
    found = campaign.moved_now()
    if found:
        yield said("  ".join(f"{m.label} {m.amount:+d}" for m in found), "dim", 2, 4)
        yield BLANK


def scene(view: View, came: bool, brief: bool = False) -> Iterator[Block]:
    """The text of where one is; with its heading where one just came there."""
    if came:
        yield from heading(view, brief)
    yield from paragraphs(view.narration)
    for one in view.voices:
        yield voice(one)
    if view.voices:
        yield BLANK


# choices

def moves(offer: Offer, how: str = "signs") -> str:
    """What a choice moves, by sign or in numbers: `Church −  Bread +`; "" where the player wants it hidden."""
    if how == "hidden":
        return ""
    if how == "numbers":
        return "  ".join(f"{m.label} {m.amount:+d}" for m in offer.preview)
    return "  ".join(f"{m.label} {m.sign * min(3, abs(m.amount))}" for m in offer.preview)


def choice(offer: Offer, number: int, item: int, wide: bool, how: str = "signs") -> Iterator[Block]:
    """A choice in the list: its number and label, then what is known of it."""
    hang = 5
    head = f"{number:>2}  "
    if not offer.open:
        yield Block((Run(f" {head}", "dim"), Run(offer.label, "dim"), Run(f"  [{offer.reason}]", "warn")), 0, hang, item)
        return
    cost = moves(offer, how)
    short = bool(cost) and len(offer.label) + len(cost) < (60 if wide else 66)
    tail = (Run(f"   {cost}", "dim"),) if short else ()
    yield Block((Run(f" {head}", "strong"), Run(offer.label), *tail), 0, hang, item)
    about = [Run(text, "dim") for text in (offer.hint, "" if short else cost) if text]
    for run in about:
        yield Block((run,), hang, hang, item, detail=True)
    if offer.objection:
        yield Block((Run(phrase("against: "), "warn"), Run(offer.objection, "dim")), hang, hang, item, detail=True)


def choices(offers: Iterable[Offer], wide: bool, how: str = "signs") -> tuple[Block, ...]:
    """The list: open choices from 1, then the locked ones."""
    return tuple(block for i, offer in enumerate(offers) for block in choice(offer, i + 1, i, wide, how))


# the end

def ending(campaign: Campaign, view: View) -> Iterator[Block]:
    """The epilogue: how it closed, what earned it, what moved history, how far it all went."""
    assert view.ending is not None
    yield said(f"{view.ending.title}".upper(), "head")
    yield said(view.date, "dim")
    yield BLANK
    yield from paragraphs(view.narration)
    seen: set[tuple[str, str, int]] = set()
    yield from _earned(view.earned(view.ending.earned), seen)
    for slide in view.slides:
        yield from paragraphs(slide.paragraphs)
        yield from _earned(slide.earned, seen)
    yield from _movers(campaign, view)
    for award in view.awards:
        yield Block((Run(phrase("Remembered: "), "dim"), Run(award, "strong")))
    yield BLANK
    yield said(f"{counts(campaign)}. {distance(view)}.", "dim")
    yield BLANK


def _earned(acts: Iterable[tuple[str, str, int]], seen: set[tuple[str, str, int]]) -> Iterator[Block]:
    """Under a paragraph of the epilogue: the acts that earned it, each once."""
    fresh = [act for act in dict.fromkeys(acts) if act not in seen]
    seen.update(fresh)
    for title, label, day in fresh:
        yield Block((Run(phrase("earned by "), "dim"), Run(f"{day_words(day)} · {title}: ", "dim"), Run(label, "you")), 2, 4)
    if fresh:
        yield BLANK


def distance(view: View) -> str:
    """How far it is from each recorded line."""
    off = [phrase("{line} {percent} of 100 off", line=view.story.lines[line][0], percent=percent) for line, percent in view.divergence.items()]
    return ", ".join([*off, phrase("{n} only in yours", n=view.unwritten)] if view.unwritten else off)


def _movers(campaign: Campaign, view: View) -> Iterator[Block]:
    """The choices that moved most, and the weightiest events that left the record."""
    off = [row for row in view.rows if row.verdict not in ("kept", "open")]
    against = view.story.lines[timeline.default_line(view.story, view.state)][0]
    count = phrase("{n} of {all} events are not as the {line} has them", n=len(off), all=len(view.rows), line=against)
    yield said(f"{phrase('WHAT MOVED HISTORY')}   {count}", "head", 0, 2)
    yield BLANK
    titles = {id: event.title for id, event in view.story.events.items()}
    titles |= {row.event: row.yours or row.title for row in view.rows}
    for mover in timeline.movers(view.story, view.state, campaign.receipts())[:5]:
        cause = mover.cause
        yield Block((Run(f"{phrase('choice {step}', step=cause.step):<10} ", "dim"), Run(f"{day_words(cause.day)} · ", "dim"), Run(cause.label.rstrip("."), "you")), 2, 13)
        yield said(named(mover, titles), "", 13)
    yield BLANK
    shown = sorted(off, key=lambda row: -row.weight)[:MOVERS]
    for row in sorted(shown, key=lambda row: (row.first, row.last)):
        name = row.yours or row.title
        yield Block((Run(f"{row.mark} {row.word} ", row.verdict), Run(f" {short_date(row.first, row.last).strip()} · ", "dim"), Run(name, "strong")), 0, 2)
    if off:
        yield BLANK


def because(cause: Cause, indent: int = 4) -> Block:
    """A choice behind an event: `12 March 1938 · The ring: gave it (Consent +1)`."""
    moved = f"  ({cause.moved})" if cause.moved else ""
    return Block((Run(f"{day_words(cause.day)} · ", "dim"), Run(cause.label.rstrip("."), "you"), Run(moved, "dim")), indent, indent + 2)
