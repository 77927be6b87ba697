"""The campaign as a text to keep: what this notebook says, in its keeper's words."""

from __future__ import annotations

import re
from datetime import date as Date

from redmexico.narration import plain
from redmexico.timeline import day_words, short_date
from redmexico.views import View
from redmexico.world import calendar_day

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)


def _day(iso: str) -> str:
    return day_words(Date.fromisoformat(iso).toordinal())


def markdown(view: View, title: str, seed: str) -> str:
    """The notebook as Markdown: its lines by year, what moved history, how it ended.

    Torn lines leave a stub. Every event that left the record stands with the verdict it got.
    """
    out = [
        f"# {_escaped(title)}",
        "",
        f"*{_escaped(view.story.title)}. Seed {_escaped(seed)}. {view.step} choices, to {view.date}.*",
        "",
    ]
    year = ""
    for line in view.notebook:
        if line.day[:4] != year:
            year = line.day[:4]
            out += [f"## {year}", ""]
        words = _escaped(line.text) if line.text else "*(A strip of paper in the seam. The rest was torn out.)*"
        out += [f"**{_day(line.day)}.** {words}", ""]
    out += _history(view)
    if view.ending is not None:
        out += [f"## {_escaped(view.ending.title)}", "", _escaped(plain(view.narration)), ""]
        for slide in view.slides:
            out += [_escaped(plain(slide.paragraphs)), ""]
            out += [
                f"> {_escaped(scene)}: {_escaped(label)} ({day_words(day)})\n" for scene, label, day in slide.earned
            ]
    return "\n".join(out).rstrip() + "\n"


def _history(view: View) -> list[str]:
    """The events that left a recorded line, and how far each line is off."""
    off = [row for row in view.rows if row.verdict not in ("kept", "open")]
    out = ["## What moved", ""]
    out += [f"- {view.story.lines[line][0]}: {percent} of 100 off" for line, percent in view.divergence.items()]
    out.append("")
    for row in off:
        came = f", {day_words(row.when)}" if row.when and row.verdict != "averted" else ""
        name = row.yours or row.title
        out.append(f"- {row.mark} {short_date(row.first, row.last).strip()} · {_escaped(name)}: {row.word}{came}")
    if not off:
        out.append("- Nothing. It all went as it is written.")
    return [*out, ""]


def filename(title: str, day: int) -> str:
    """A plain file name for an exported notebook.

    >>> filename("The dry river!", 708438)
    'the-dry-river-1940.md'
    """
    words = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") or "notebook"
    return f"{words[:40]}-{calendar_day(day).year}.md"
