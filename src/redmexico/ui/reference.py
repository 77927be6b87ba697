"""What the codex tells of an entry, for every face: what each line says of it, and where it was met."""

from __future__ import annotations

from typing import NamedTuple

from redmexico.campaign import Campaign
from redmexico.model import Entry
from redmexico.timeline import WORDS, Row, day_words, label_of
from redmexico.views import View


class Met(NamedTuple):
    """Where an entry was first met."""

    step: int
    day: int
    scene: str


class Told(NamedTuple):
    """An entry with what the three columns say."""

    lines: tuple[tuple[str, str], ...]
    """line's title, what it says"""
    row: Row | None
    """its event's row, where it has one that may be told"""
    met: Met | None
    facts: tuple[tuple[str, str, str], ...]
    """document, date, title"""


def told(campaign: Campaign, entry: Entry) -> Told:
    """All that is known of an entry beside its text."""
    view = campaign.view
    row = next((r for r in view.rows if r.event == entry.event), None) if entry.event else None
    lines = tuple((title, _says(view, entry, row, line)) for line, (title, _, _) in view.story.lines.items())
    facts = tuple(
        (str(f["document"]), str(f["date"]), str(f["title"])) for id in entry.facts if (f := view.story.facts.get(id)) is not None
    )
    return Told((*lines, ("Yours", yours(row))), row, met(campaign, entry.id), facts)


def _says(view: View, entry: Entry, row: Row | None, line: str) -> str:
    if line in entry.records:
        return entry.records[line]
    event = view.story.events.get(entry.event)
    if row is not None and line in row.records:
        return row.records[line]
    if event is not None and row is not None:
        return "knows nothing of it."
    if entry.label == "invented":
        return "knows nothing of it; it is made up for this game."
    return "does not speak of it."


def yours(row: Row | None) -> str:
    """What the notebook's own line has of an event."""
    if row is None:
        return "what the notebook says is where it was met."
    if row.verdict == "open":
        return "still open."
    came = f", {day_words(row.when)}" if row.when and row.verdict != "averted" else ""
    name = f": {row.yours}" if row.yours and row.yours != row.title else ""
    return f"{row.mark} {WORDS[row.verdict]}{came}{name}."


def met(campaign: Campaign, id: str) -> Met | None:
    """The choice after which a link to it was first on the screen; None for what is known from the start."""
    for receipt in campaign.receipts():
        if receipt.change.name == f"!known.{id}":
            scene = receipt.scene or str(campaign.beginning.get("!scene", ""))
            return Met(receipt.step, receipt.day, label_of(campaign.story, scene))
    return None
