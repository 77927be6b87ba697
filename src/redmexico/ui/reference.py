"""What the codex tells of an entry, for every face: what each line says of it, and where it was met."""

from __future__ import annotations

from typing import NamedTuple

from redmexico.campaign import Campaign
from redmexico.language import phrase, phrase_as
from redmexico.model import Entry, Scene
from redmexico.timeline import Row, day_words
from redmexico.views import NotebookLine, View


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
    notes: tuple[NotebookLine, ...]
    """the last lines of the notebook from scenes that speak of it"""
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
    notes = _notes(view, entry.id)
    return Told((*lines, (phrase_as("line", "Yours"), yours(row, notes))), row, notes, met(campaign, entry.id), facts)


def _notes(view: View, id: str) -> tuple[NotebookLine, ...]:
    speaking = {
        name[len("!visits.") :]
        for name in view.state
        if name.startswith("!visits.") and (scene := view.story.scenes.get(name[len("!visits.") :])) and id in _links(scene)
    }
    name = view.story.codex[id].title.split()[-1]
    return tuple(line for line in view.notebook if line.text and (line.address.partition("/")[0] in speaking or name in line.text))[-3:]


def _links(scene: Scene) -> set[str]:
    """The entries that a scene's texts lead to."""
    texts = [text for room in scene.passages.values() for text in (room.text, *(a.text for a in room.advice))]
    texts += [text for room in scene.passages.values() for c in room.choices for text in (c.label, c.hint, c.text)]
    return {link for text in texts if text is not None for link in text.links}


def _says(view: View, entry: Entry, row: Row | None, line: str) -> str:
    if line in entry.records:
        return entry.records[line]
    event = view.story.events.get(entry.event)
    if row is not None and line in row.records:
        return row.records[line]
    if event is not None and row is not None:
        return phrase("knows nothing of it.")
    if entry.label == "invented":
        return phrase("knows nothing of it; it is made up for this game.")
    return phrase("does not speak of it.")


def yours(row: Row | None, notes: tuple[NotebookLine, ...]) -> str:
    """What the notebook's own line has of it: how its event came, else what was written where it was spoken of."""
    if row is None:
        return " ".join(f"{line.date}: {line.text}" for line in notes) or phrase("nothing was written of it yet.")
    if row.verdict == "open":
        return phrase("still open.")
    came = f", {day_words(row.when)}" if row.when and row.verdict != "averted" else ""
    name = f": {row.yours}" if row.yours and row.yours != row.title else ""
    return f"{row.mark} {row.word}{came}{name}."


def met(campaign: Campaign, id: str) -> Met | None:
    """The scene in which a link to it was first on the screen; None for what is known from the start."""
    receipts = campaign.receipts()
    first = next((r for r in receipts if r.change.name == f"!known.{id}"), None)
    if first is None:
        return None
    entered = [str(r.change.new) for r in receipts if r.step == first.step and r.change.name == "!scene" and r.change.new]
    scenes = [scene for name in (*reversed(entered), first.scene) if (scene := campaign.story.scenes.get(name)) is not None]
    speaking = next((scene for scene in scenes if id in _links(scene)), scenes[0] if scenes else None)
    return Met(first.step, first.day, speaking.title if speaking is not None else "")
