"""Why: what a choice costs and asks for, or what an event came of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import ClassVar

from textual.binding import BindingType

from redmexico import timeline
from redmexico.campaign import Campaign
from redmexico.language import noted, phrase, phrase_as, plural
from redmexico.narration import Run
from redmexico.offers import Offer
from redmexico.timeline import MARKS, Row, day_words, short_date, verdict_word
from redmexico.ui import sentences
from redmexico.ui.tui import telling
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.face import Keys
from redmexico.ui.tui.screens.reading import Reading

LAST = 4
"""Movements of a number that are told with a choice's costs."""


class Why(Reading):
    """The whole answer, for an event or for a choice."""

    def __init__(self, event: str, offer: Offer | None = None) -> None:
        super().__init__()
        self.event = event
        self.offer = offer

    BINDINGS: ClassVar[list[BindingType]] = [bind("source", "source"), bind("timeline", "timeline")]
    KEYS: ClassVar[Keys] = (("back", noted("back")), ("page_down", noted("on")), ("page_up", noted("up")), ("search", noted("search")), ("source", noted("source")), ("timeline", noted("timeline")), ("help", noted("help")))

    def heading(self) -> str:
        return phrase("WHY")

    def action_source(self) -> None:
        fact = self.session.story.events[self.event].fact if self.event else ""
        self.game.show("sources", (fact,) if fact else (), self.session.story.events[self.event].title if self.event else "")

    def action_timeline(self) -> None:
        """The timeline at this event; back to it where one came from there."""
        if len(self.app.screen_stack) > 1 and self.app.screen_stack[-2].__class__.__name__ == "Timeline":
            self.action_back()
        else:
            self.game.show("timeline", self.event)

    def blocks(self) -> Iterable[Block]:
        assert self.session.campaign is not None
        return of_event(self.session.campaign, self.event) if self.offer is None else of_choice(self.session.campaign, self.offer)


def of_choice(campaign: Campaign, offer: Offer) -> Iterator[Block]:
    """A choice: its lock, its hint, what it moves and what moved that before, who objects."""
    yield said(offer.label, "head")
    yield BLANK
    if not offer.open:
        yield Block((Run(phrase("Locked: "), "warn"), Run(offer.reason or phrase("not as things stand"))))
        return
    if offer.hint:
        yield said(offer.hint)
    if offer.objection:
        yield Block((Run(phrase("Against: "), "warn"), Run(offer.objection)), 0, 2)
    view = campaign.view
    for moved in offer.preview:
        gauge = view.gauge(moved.name)
        yield BLANK
        yield Block((Run(f"{moved.label} {moved.amount:+d}", "strong"), Run("   " + phrase("now {value} of {high}, {word}", value=gauge.value, high=gauge.high, word=gauge.word))))
        for receipt in campaign.moved(moved.name)[-LAST:]:
            label = timeline.label_of(view.story, f"{receipt.scene}/{receipt.choice}")
            yield said(f"{day_words(receipt.day)} · {timeline.moved_words(view.story, receipt.change)} · {label}", "dim", 2, 4)
    if not offer.preview and not offer.hint and not offer.objection:
        yield said(phrase(sentences.NO_COST if campaign.mode.previews else sentences.NOT_TOLD), "dim")


def of_event(campaign: Campaign, id: str) -> Iterator[Block]:
    """An event: what each line has of it, then the causes and the choices behind them."""
    view = campaign.view
    event = view.story.events[id]
    row = next((r for r in view.rows if r.event == id), None)
    yield said(event.title, "head")
    if row is not None:
        yield said(short_date(row.first, row.last).strip(), "dim")
        for line, (name, _, _) in view.story.lines.items():
            yield Block((Run(f"{name:<10}", "dim"), Run(row.records.get(line) or phrase("knows nothing of it"))), 0, 10)
    verdict = row.verdict if row is not None else "open"
    settled = row is not None and row.verdict == "averted" and not row.yours
    came = ""
    if row is not None and row.when:
        day = day_words(row.when)
        came = f", {phrase('settled {day}', day=day) if settled else day}"
    name = f": {row.yours}" if row is not None and row.yours and row.yours != event.title else ""
    yield Block((Run(f"{phrase_as('line', 'Yours'):<10}", "dim"), Run(f"{MARKS[verdict]} {row.word if row is not None else verdict_word(verdict)}{came}{name}", verdict)), 0, 10)
    fact = view.story.facts.get(event.fact)
    if fact is not None:
        yield Block((Run(f"{phrase('Source'):<10}", "dim"), Run(phrase("document {document}, {title}", document=fact["document"], title=fact["title"]), "dim")), 0, 10)
    yield BLANK
    yield from answer(campaign, id, sentences.WHOLE)
    yield from led_to(campaign, id, 20)


def answer(campaign: Campaign, id: str, most: int = 100) -> Iterator[Block]:
    """The why-chain: what pulled for and against it, the choices behind (so many, the last), those it turned on."""
    why = campaign.why(id)
    if not why.decided:
        yield said(phrase(sentences.OPEN), "dim")
        return
    if why.pulls:
        yield said(phrase("What decided it"), "strong")
    for pull in why.pulls:
        yield said(pull, "", 2, 4)
    yield from (said(line, "dim", 2) for line in sentences.together(campaign, id, why.pulls))
    if why.behind:
        yield said(plural("Your choice behind it", "Your choices behind it", len(why.behind)), "strong")
    more = len(why.behind) - most
    if more > 0:
        yield said(plural("{n} earlier choice, and", "{n} earlier choices, and", more), "dim", 2)
    for cause in why.behind[-most:]:
        yield telling.because(cause, 2)
    if why.turning and len(why.turning) == len(why.behind):
        yield said(plural("But for this it comes out as recorded.", "But for these it comes out as recorded.", len(why.turning)), "strong")
    elif why.turning:
        yield said(phrase("Without these it comes out as recorded"), "strong")
        yield from (telling.because(cause, 2) for cause in why.turning)
    if not why.pulls and not why.behind:
        external = campaign.story.events[id].external
        yield said(phrase(sentences.OUT_OF_REACH if external else sentences.NO_BEARING), "dim")


def chain(campaign: Campaign, one: Row) -> Iterator[Block]:
    """The why-chain in one paragraph: the event, then the choices behind it, the nearest first."""
    why = campaign.why(one.event)
    if not why.decided:
        yield said(phrase(sentences.OPEN), "dim")
        return
    links = why.turning or why.behind
    runs = [Run(f"{phrase('WHY')} ", "head"), Run(f"{one.mark} {one.word}", one.verdict)]
    for cause in reversed(links[-3:]):
        runs += [Run("  <  ", "dim"), Run(f"{phrase('choice {step}', step=cause.step)} ", "dim"), Run(cause.label.rstrip("."), "you")]
    runs += [Run("  <  ", "dim"), Run(why.pulls[0])] if why.pulls and not links else []
    if not links and not why.pulls:
        external = campaign.story.events[one.event].external
        runs.append(Run("  " + (phrase("nothing of yours was in reach of it") if external else phrase("nothing you did bore on it")), "dim"))
    yield Block(tuple(runs), 0, 4)


def led_to(campaign: Campaign, id: str, most: int) -> Iterator[Block]:
    """What came of an event: what it moved, what it had a part in."""
    found = timeline.led_to(campaign.story, campaign.state, campaign.receipts(), campaign.story.events[id])
    if not found.moved and not found.events:
        return
    rows = {row.event: row for row in campaign.view.rows}
    runs = [Run(f"{phrase('THEN')} ", "head"), Run(", ".join(m for m in found.moved if m))]
    for k, event in enumerate(found.events[:most]):
        row = rows.get(event)
        if row is not None:
            runs += [Run("  ·  " if k or found.moved else "", "dim"), Run(f"{row.mark} ", row.verdict), Run(row.yours or row.title)]
    more = len(found.events) - most
    runs += [Run(f"  {phrase('and {n} more: Enter', n=more)}", "dim")] if more > 0 else []
    yield Block(tuple(runs), 0, 5)
