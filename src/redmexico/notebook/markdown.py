"""The book as CommonMark with footnotes. What authors and players wrote stands there as they wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from redmexico.language import phrase, plural
from redmexico.narration import Paragraph
from redmexico.notebook.book import (
    STUB,
    Book,
    Came,
    Earned,
    Entry,
    Footnote,
    Happening,
    Moved,
    Year,
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
        f"## {phrase('Colophon')}",
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
            changes = phrase("Here the hand changes: {keeper}.", keeper=escaped(keeper_words(part.keeper)))
            yield f"*{day_words(part.day)}. {changes}*"
    yield "\n".join(events)
    yield "\n".join(f"[^{entry.number}]: {_note(entry.note)}" for entry in year.entries)


def _entry(entry: Entry, dated: bool) -> str:
    words = escaped(entry.text) or f"*({phrase(STUB)})*"
    return f"{'**' + day_words(entry.day) + '.** ' if dated else ''}{words}[^{entry.number}]"


def _came(came: Came) -> str:
    moved = f" {escaped(', '.join(came.moved))}." if came.moved else ""
    return f"- `{came.mark}` {day_words(came.day)}: *{escaped(came.title)}*: {escaped(came.word)}.{moved}"


def _note(note: Footnote) -> str:
    label = f"*{escaped(sentence(note.label))}*" if note.label else ""
    where = f"{escaped(note.where)}." if note.where else ""
    return " ".join(part for part in (where, label, escaped(note.said)) if part) or phrase("Nothing that can be counted.")


def _close(book: Book) -> Iterator[str]:
    """How it ended, or that it has not."""
    if book.empty:
        yield phrase("Nothing has been written yet.")
    if book.ending is None:
        yield f"*{phrase('The notebook is still being kept.')}*"
    else:
        yield f"## {escaped(book.ending.title)}"
        for earned in (book.ending.text, *book.ending.slides):
            yield from _earned(earned)
    if book.remembered:
        yield f"## {phrase('Remembered')}"
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
    yield f"## {phrase('Columns of time')}"
    yield f"{escaped(book.off)}." if book.lines else ""
    if not book.past:
        yield phrase("Nothing has been decided yet.")
    first = book.lines[0].id if book.lines else ""
    heads = [phrase("Date"), *(escaped(line.title) for line in book.lines), phrase("This notebook")]
    rows = [heads, ["---"] * len(heads)]
    for found in book.past:
        lines = [escaped(found.cell(line.id, first)) for line in book.lines]
        rows.append([found.date, *lines, f"`{found.mark}` {escaped(found.mine)}"])
    yield "\n".join(f"| {' | '.join(cells)} |" for cells in rows) if book.past else ""
    yield book.to_come


def _history(book: Book) -> Iterator[str]:
    yield f"## {phrase('What moved history')}"
    if not book.moved:
        yield book.unmoved
    for moved in book.moved:
        found = moved.happening
        yield f"### `{found.mark}` {escaped(found.title)}"
        yield _recorded(found)
        yield _causes(moved)


def _recorded(found: Happening) -> str:
    """When it was recorded, when it came, and as what where that is something else."""
    said = phrase(
        "Recorded {recorded}; {verdict}, {day}.",
        recorded=found.spoken, verdict=escaped(found.word), day=day_words(found.when),
    )
    if found.yours in ("", found.title):
        return said
    return f"{said} {phrase('It came as {title}.', title=f'*{escaped(found.yours)}*')}"


def _causes(moved: Moved) -> str:
    out = [f"- {escaped(held)}" for held in moved.held]
    out += [_cause(cause) for cause in moved.nearest]
    if moved.rest:
        out.append(f"- {plural('and {n} more choice', 'and {n} more choices', len(moved.rest))}")
    if moved.without:
        out.append(f"- {moved.without}")
    return "\n".join(out)


def _cause(cause: Cause) -> str:
    return f"- {day_words(cause.day)}: *{escaped(sentence(cause.label))}* {escaped(cause.moved)}".rstrip()


def _sources(book: Book) -> Iterator[str]:
    yield f"## {phrase('Sources')}"
    for document in book.documents:
        kind = f" ({escaped(document.kind)})" if document.kind else ""
        yield f"**{escaped(document.title)}**{kind}"
        yield "\n".join(
            f"- {escaped(fact.title)} ({escaped(fact.date)}). {escaped(fact.account)} *{_list(fact.cited)}.*"
            for fact in document.facts
        )
    if book.invented:
        yield phrase("Invented: {scenes}.", scenes=_list(book.invented))
    if not book.documents and not book.invented:
        yield phrase("Nothing has been cited yet.")


def _list(titles: Sequence[str]) -> str:
    return "; ".join(escaped(title) for title in titles)
