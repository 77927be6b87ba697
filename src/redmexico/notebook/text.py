"""The book as plain text: no line over 80 cells, and nothing but words and signs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from unicodedata import category, east_asian_width

from redmexico.language import phrase, plural
from redmexico.narration import plain
from redmexico.notebook.book import (
    STUB,
    Book,
    Came,
    Document,
    Earned,
    Entry,
    Moved,
    Passed,
    Year,
    keeper_words,
    sentence,
)
from redmexico.timeline import MARKS, Cause, day_words, verdict_word

WIDTH = 80
"""Cells of a line."""


def cells(text: str) -> int:
    """How many cells a terminal gives to a text: two to wide letters, none to marks upon others."""
    if text.isascii():
        return len(text)
    return sum(0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def wrapped(text: str, width: int = WIDTH, first: str = "", rest: str | None = None) -> list[str]:
    """A text in lines of at most `width` cells, broken between words; `first` and `rest` stand before them.

    A word that is longer than a line is broken within.

    >>> wrapped("The bells of Tampico", 12, "= ", "  ")
    ['= The bells', '  of Tampico']
    """
    lead = first
    follow = " " * cells(first) if rest is None else rest
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width - max(cells(first), cells(follow))):
            longer = f"{line} {piece}" if line else piece
            if line and cells(lead) + cells(longer) > width:
                lines.append(lead + line)
                lead, line = follow, piece
            else:
                line = longer
    return [*lines, (lead + line).rstrip()]


def _pieces(word: str, width: int) -> Iterator[str]:
    """A word in parts that fit."""
    part = ""
    for letter in word:
        if cells(part + letter) > width:
            yield part
            part = ""
        part += letter
    yield part


def render(book: Book) -> str:
    """The whole book, one string that ends with a line."""
    blocks = [
        _title(book),
        *(block for year in book.years for block in _year(year)),
        *_close(book),
        *_columns(book),
        *_history(book),
        *_sources(book),
        _heading(phrase("Colophon")),
        [line for text in book.colophon for line in wrapped(text)],
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _title(book: Book) -> list[str]:
    said = (*((book.story, "") if book.story != book.title else ()), book.title, "", f"{book.start}.", f"{book.span}. {book.chosen}.", book.kept_by)
    lines = [line for text in said for line in (wrapped(text, WIDTH - 8) if text else [""])]
    rule = "=" * WIDTH
    return [rule, "", *(_centred(line) for line in lines), "", rule]


def _centred(line: str) -> str:
    return " " * ((WIDTH - cells(line)) // 2) + line if line else ""


def _heading(title: str, sign: str = "-") -> list[str]:
    lines = wrapped(title)
    return [*lines, sign * max(cells(line) for line in lines)]


# the years


def _year(year: Year) -> Iterator[list[str]]:
    yield _heading(str(year.year), "=")
    day, block = 0, list[str]()
    for part in year.parts:
        if part.day != day:
            yield block
            day, block = part.day, [day_words(part.day)]
        block += _part(part)
    yield block
    yield [line for entry in year.entries for line in _note(entry)]


def _part(part: Entry | Came | Passed) -> list[str]:
    if isinstance(part, Entry):
        return wrapped(f"{part.text or f'({phrase(STUB)})'} [{part.number}]", WIDTH, "    ")
    if isinstance(part, Came):
        moved = f". {', '.join(part.moved)}" if part.moved else ""
        return wrapped(f"{part.title}: {part.word}{moved}", WIDTH, f"  {part.mark} ")
    return wrapped(phrase("Here the hand changes: {keeper}.", keeper=keeper_words(part.keeper)), WIDTH, "    ")


def _note(entry: Entry) -> list[str]:
    note = entry.note
    where = sentence(note.where)
    said = " ".join(part for part in (where, sentence(note.label), note.said) if part)
    return wrapped(said or phrase("Nothing that can be counted."), WIDTH, f"{f'[{entry.number}]':>6} ")


# how it ended


def _close(book: Book) -> Iterator[list[str]]:
    if book.empty:
        yield wrapped(phrase("Nothing has been written yet."))
    if book.ending is None:
        yield wrapped(phrase("The notebook is still being kept."))
    else:
        yield _heading(book.ending.title, "=")
        for earned in (book.ending.text, *book.ending.slides):
            yield from _earned(earned)
    if book.remembered:
        yield _heading(phrase("Remembered"))
        yield [
            line
            for found in book.remembered
            for line in wrapped(f"{sentence(found.title)} {found.text}", WIDTH, "  * ")
        ]


def _earned(earned: Earned) -> Iterator[list[str]]:
    for paragraph in earned.paragraphs:
        yield [line for verse in plain((paragraph,)).split("\n") for line in wrapped(verse)]
    yield [line for scene, day, labels in earned.scenes for line in wrapped(_act(scene, day, labels), WIDTH, "    - ")]


def _act(scene: str, day: int, labels: Sequence[str]) -> str:
    return f"{scene}{f', {day_words(day)}' if day else ''}: {' '.join(map(sentence, labels))}"


# the columns of time


def _columns(book: Book) -> Iterator[list[str]]:
    yield _heading(phrase("Columns of time"), "=")
    yield wrapped(f"{book.off}.") if book.lines else []
    if not book.past:
        yield wrapped(phrase("Nothing has been decided yet."))
    else:
        signs = ", ".join(f"{sign} {verdict_word(verdict)}" for verdict, sign in MARKS.items())
        yield wrapped(phrase("Signs: {signs}.", signs=signs))
        yield list(_table(book))
    yield wrapped(book.to_come) if book.ahead else []


def _table(book: Book) -> Iterator[str]:
    """Fixed columns: the date, each line, this notebook."""
    first = book.lines[0].id if book.lines else ""
    n = len(book.lines)
    share = (WIDTH - 13 - 2 * n) // (2 * n + 4)  # the first line and this notebook get three, the others two
    lines = [share * (2 if i else 3) + 2 for i in range(n)]
    widths = (13, *lines, WIDTH - 13 - sum(lines))
    yield from _row(("", *(line.title for line in book.lines), phrase("This notebook")), widths)
    yield "-" * WIDTH
    for found in book.past:
        records = (found.cell(line.id, first) for line in book.lines)
        yield from _row((found.date, *records, f"{found.mark} {found.mine}"), widths)


def _row(texts: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    """One row: every text wrapped within its column."""
    last = len(widths) - 1
    columns = [
        wrapped(text, width - (2 if i < last else 0)) for i, (text, width) in enumerate(zip(texts, widths, strict=True))
    ]
    for line in zip_longest(*columns, fillvalue=""):
        yield "".join(text + " " * (width - cells(text)) for text, width in zip(line, widths, strict=True)).rstrip()


# what moved history


def _history(book: Book) -> Iterator[list[str]]:
    yield _heading(phrase("What moved history"), "=")
    if not book.moved:
        yield wrapped(book.unmoved)
    yield from (_moved(moved) for moved in book.moved)


def _moved(moved: Moved) -> list[str]:
    found = moved.happening
    came = f" {phrase('It came as: {title}.', title=found.yours)}" if found.yours not in ("", found.title) else ""
    said = f"{found.date}: {found.title}: {found.word}, {day_words(found.when)}.{came}"
    out = wrapped(said, WIDTH, f"{found.mark} ")
    out += [line for held in moved.held for line in wrapped(held, WIDTH, "    ", "       ")]
    out += [line for cause in moved.nearest for line in _cause(cause)]
    out += [f"    - {plural('and {n} more choice', 'and {n} more choices', len(moved.rest))}"] if moved.rest else []
    return [*out, *(wrapped(moved.without, WIDTH, "    ") if moved.without else ())]


def _cause(cause: Cause) -> list[str]:
    return wrapped(f"{day_words(cause.day)}: {sentence(cause.label)} {cause.moved}", WIDTH, "    - ")


# what it rests on


def _sources(book: Book) -> Iterator[list[str]]:
    yield _heading(phrase("Sources"), "=")
    yield from (_document(document) for document in book.documents)
    if book.invented:
        yield wrapped(phrase("Invented: {scenes}.", scenes="; ".join(book.invented)))
    if not book.documents and not book.invented:
        yield wrapped(phrase("Nothing has been cited yet."))


def _document(document: Document) -> list[str]:
    kind = f" ({document.kind})" if document.kind else ""
    out = wrapped(f"{document.title}{kind}")
    for fact in document.facts:
        cited = "; ".join(fact.cited)
        out += wrapped(f"{fact.title} ({fact.date}). {fact.account} [{cited}]", WIDTH, "  - ")
    return out
