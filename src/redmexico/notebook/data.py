"""The book as data: JSON with stable keys, days as `1940-08-20`, for whoever lays it out anew."""

from __future__ import annotations

import json
from typing import Any

from redmexico.narration import plain
from redmexico.notebook.book import Book, Came, Document, Earned, Entry, Happening, Keeper, Moved, Part
from redmexico.state import iso

FORMAT = 1
"""Raised whenever a key is renamed or taken away."""


def render(book: Book) -> str:
    """The whole book as one JSON object in UTF-8, indented, keys in the order of reading."""
    return json.dumps(_book(book), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _book(book: Book) -> dict[str, Any]:
    ending = book.ending
    return {
        "format": FORMAT,
        "title": book.title,
        "story": {"title": book.story, "edition": book.edition, "fingerprint": book.fingerprint},
        "run": {
            "seed": book.seed,
            "start": book.start,
            "mode": book.mode,
            "made": book.made,
            "choices": book.choices,
            "ended": book.ended,
        },
        "made_with": {"name": "Red Mexico", "version": book.version},
        "first": iso(book.first),
        "last": iso(book.last),
        "keepers": [_keeper(keeper) for keeper in book.keepers],
        "years": [{"year": year.year, "parts": [_part(part) for part in year.parts]} for year in book.years],
        "ending": None
        if ending is None
        else {
            "title": ending.title,
            "text": _earned(ending.text),
            "slides": [_earned(slide) for slide in ending.slides],
        },
        "remembered": [{"title": r.title, "text": r.text, "day": _day(r.day)} for r in book.remembered],
        "lines": [{"id": l.id, "title": l.title, "off": l.off, "parts": _day(l.parts)} for l in book.lines],
        "timeline": [_happening(found) for found in book.timeline],
        "moved": [_moved(moved) for moved in book.moved],
        "sources": [_document(document) for document in book.documents],
        "invented": list(book.invented),
    }


def _day(day: int) -> str | None:
    return iso(day) if day else None


def _keeper(keeper: Keeper) -> dict[str, Any]:
    return {"name": keeper.name, "since": iso(keeper.since), "origin": keeper.origin, "hand": keeper.hand}


def _part(part: Part) -> dict[str, Any]:
    if isinstance(part, Entry):
        note = part.note
        return {
            "kind": "entry",
            "number": part.number,
            "step": part.step,
            "day": iso(part.day),
            "text": part.text,
            "scene": part.scene,
            "place": part.place,
            "torn": _day(note.torn),
            "note": {
                "choice": note.label,
                "moved": list(note.moved),
                "since": list(note.since),
                "decided": list(note.decided),
            },
        }
    if isinstance(part, Came):
        return {
            "kind": "event",
            "event": part.event,
            "day": iso(part.day),
            "sign": part.mark,
            "title": part.title,
            "verdict": part.word,
            "moved": list(part.moved),
        }
    return {"kind": "hand", "day": iso(part.day), "keeper": _keeper(part.keeper)}


def _earned(earned: Earned) -> dict[str, Any]:
    return {
        "paragraphs": [plain((paragraph,)) for paragraph in earned.paragraphs],
        "earned": [{"scene": scene, "choice": label, "day": _day(day)} for scene, label, day in earned.acts],
    }


def _happening(found: Happening) -> dict[str, Any]:
    return {
        "event": found.event,
        "title": found.title,
        "first": iso(found.first),
        "last": iso(found.last),
        "weight": found.weight,
        "records": dict(found.records),
        "against": dict(found.against),
        "verdict": found.verdict,
        "sign": found.mark,
        "yours": found.yours,
        "when": _day(found.when),
    }


def _moved(moved: Moved) -> dict[str, Any]:
    return {
        "event": moved.happening.event,
        "held": list(moved.held),
        "behind": [
            {"step": c.step, "choice": c.label, "address": c.address, "day": iso(c.day), "moved": c.moved}
            for c in moved.behind
        ],
        "turning": list(moved.turning),
    }


def _document(document: Document) -> dict[str, Any]:
    return {
        "title": document.title,
        "kind": document.kind,
        "facts": [
            {"title": f.title, "date": f.date, "account": f.account, "cited": list(f.cited)} for f in document.facts
        ],
    }
