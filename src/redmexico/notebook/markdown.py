"""The book as CommonMark with footnotes. What authors and players wrote stands there as they wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from redmexico.narration import Paragraph
from redmexico.notebook.book import (
    STUB,
    Book,
    Came,
    Earned,
    Entry,
    Footnote,
    Moved,
    Year,
    counted,
    keeper_words,
    sentence,
)
from redmexico.timeline import Cause, day_words

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|&~$^])")
_START = re.compile(r"^(\s*)(?:([-+=])|(\d{1,9})([.)]))", re.MULTILINE)


def escaped(text: str) -> str:
    r"""Words that no reader of Markdown takes for markup.

    >>> print(escaped("1. [b] # *a*"))
    1\. \[b\] \# \*a\*
    """
    return _START.sub(_started, _SPECIAL.sub(r"\\\1", text))


def _started(match: re.Match[str]) -> str:
    """What would begin a list or underline a heading, at the beginning of a line."""
    return f"{match[1]}\\{match[2]}" if match[2] else f"{match[1]}{match[3]}\\{match[4]}"


def render(book: Book) -> str:
    """The whole book, one string that ends with a line."""
    parts = [
        f"# {escaped(book.title)}",
        f"*{escaped(book.story)}. {escaped(book.start)}. {book.span}. {book.chosen}.*",
        escaped(book.kept_by),
        *(text for year in book.years for text in _year(year)),
        *_close(book),
        *_columns(book),
        *_history(book),
        *_sources(book),
        "## Colophon",
        "\\\n".join(escaped(line) for line in book.colophon),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _year(year: Year) -> Iterator[str]:
    yield f"## {year.year}"
    day, events = 0, list[str]()
    for part in year.parts:
        if isinstance(part, Came):
            events.append(_came(part))
            continue
        yield "\n".join(events)
        events.clear()
        if isinstance(part, Entry):
            yield _entry(part, part.day != day and not part.dated)
            day = part.day
        else:
            yield f"*{day_words(part.day)}. Here the hand changes: {escaped(keeper_words(part.keeper))}.*"
    yield "\n".join(events)
    yield "\n".join(f"[^{entry.number}]: {_note(entry.note)}" for entry in year.entries)


def _entry(entry: Entry, dated: bool) -> str:
    words = escaped(entry.text) or f"*({STUB})*"
    return f"{'**' + day_words(entry.day) + '.** ' if dated else ''}{words}[^{entry.number}]"


def _came(came: Came) -> str:
    moved = f" {escaped(', '.join(came.moved))}." if came.moved else ""
    return f"- `{came.mark}` {day_words(came.day)}: *{escaped(came.title)}*: {escaped(came.word)}.{moved}"


def _note(note: Footnote) -> str:
    label = f"*{escaped(sentence(note.label))}*" if note.label else ""
    where = f"{escaped(note.where)}." if note.where else ""
    return " ".join(part for part in (where, label, escaped(note.said)) if part) or "Nothing that can be counted."


def _close(book: Book) -> Iterator[str]:
    """How it ended, or that it has not."""
    if book.empty:
        yield "Nothing has been written yet."
    if book.ending is None:
        yield "*The notebook is still being kept.*"
    else:
        yield f"## {escaped(book.ending.title)}"
        for earned in (book.ending.text, *book.ending.slides):
            yield from _earned(earned)
    if book.remembered:
        yield "## Remembered"
        yield "\n".join(f"- **{escaped(sentence(found.title))}** {escaped(found.text)}" for found in book.remembered)


def _earned(earned: Earned) -> Iterator[str]:
    yield "\n\n".join(_paragraph(paragraph) for paragraph in earned.paragraphs)
    yield "\n".join(
        f"> - {escaped(scene)}{', ' + day_words(day) if day else ''}: "
        f"*{' '.join(escaped(sentence(label)) for label in labels)}*"
        for scene, day, labels in earned.scenes
    )


def _paragraph(paragraph: Paragraph) -> str:
    """A paragraph with its emphasis; a line of verse ends in a hard break."""
    out = []
    for run in paragraph:
        lead, tail = run.text[: len(run.text) - len(run.text.lstrip())], run.text[len(run.text.rstrip()) :]
        words = escaped(run.text.strip())
        out.append(f"{lead}*{words}*{tail}" if run.role == "em" and words else f"{lead}{words}{tail}")
    return "".join(out).strip().replace("\n", "\\\n")


def _columns(book: Book) -> Iterator[str]:
    """The columns of time, as a table."""
    yield "## Columns of time"
    yield f"{escaped(book.off)}." if book.lines else ""
    if not book.past:
        yield "Nothing has been decided yet."
    first = book.lines[0].id if book.lines else ""
    heads = ["Date", *(escaped(line.title) for line in book.lines), "This notebook"]
    rows = [heads, ["---"] * len(heads)]
    for found in book.past:
        lines = [escaped(found.cell(line.id, first)) for line in book.lines]
        rows.append([found.date, *lines, f"`{found.mark}` {escaped(found.mine)}"])
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in rows) if book.past else ""
    yield f"After this day the lines record {counted(book.ahead, 'more event')}." if book.ahead else ""


def _history(book: Book) -> Iterator[str]:
    yield "## What moved history"
    if not book.moved:
        yield book.unmoved
    for moved in book.moved:
        found = moved.happening
        yield f"### `{found.mark}` {escaped(found.title)}"
        came = f" It came as *{escaped(found.yours)}*." if found.yours not in ("", found.title) else ""
        yield f"Recorded {found.spoken}; {escaped(found.word)}, {day_words(found.when)}.{came}"
        yield _causes(moved)


def _causes(moved: Moved) -> str:
    out = [f"- {escaped(held)}" for held in moved.held]
    out += [_cause(cause) for cause in moved.nearest]
    if moved.rest:
        out.append(f"- and {counted(len(moved.rest), 'more choice')}")
    if moved.without:
        out.append(f"- {moved.without}")
    return "\n".join(out)


def _cause(cause: Cause) -> str:
    return f"- {day_words(cause.day)}: *{escaped(sentence(cause.label))}* {escaped(cause.moved)}".rstrip()


def _sources(book: Book) -> Iterator[str]:
    yield "## Sources"
    for document in book.documents:
        kind = f" ({escaped(document.kind)})" if document.kind else ""
        yield f"**{escaped(document.title)}**{kind}"
        yield "\n".join(
            f"- {escaped(fact.title)} ({escaped(fact.date)}). {escaped(fact.account)} *{_list(fact.cited)}.*"
            for fact in document.facts
        )
    if book.invented:
        yield f"Invented: {_list(book.invented)}."
    if not book.documents and not book.invented:
        yield "Nothing has been cited yet."


def _list(titles: Sequence[str]) -> str:
    return "; ".join(escaped(title) for title in titles)
