"""The book as one page of HTML that needs nothing but itself: no script, no picture, no font to fetch."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape as html_escape
from itertools import groupby

from redmexico.language import phrase, plural, sentence_case, spoken
from redmexico.narration import Paragraph
from redmexico.notebook.book import (
    STUB,
    Book,
    Came,
    Document,
    Earned,
    Entry,
    Happening,
    Moved,
    Part,
    Passed,
    Year,
    keeper_words,
    sentence,
)
from redmexico.notebook.drawing import drawing
from redmexico.notebook.style import css
from redmexico.state import iso
from redmexico.timeline import MARKS, Cause, day_in_year, day_words, span_words, verdict_word

LONG = 240
"""Letters from which an entry is set on a ground of its own: the accounts."""
REST = 40
"""How many more of the choices behind an event unfold."""
PAGE = 1350
"""How tall a drawing may be to be printed: one page. A taller one is printed as its list."""

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def esc(text: str) -> str:
    """Author's and player's words as text of a page, in content and in attributes."""
    return html_escape(text, quote=True)


def printed(english: str, /, **values: object) -> str:
    """A message as text of the page."""
    return esc(phrase(english, **values))


def _marked(message: str, **elements: str) -> str:
    """A message that is said already as text of the page, with elements in its places."""
    return esc(message).format(**elements)


def render(book: Book) -> str:
    """The whole page, one string that ends with a line."""
    links = _Links(book)
    body = "\n".join(
        part
        for part in (
            f'<a class="skip" href="#book">{printed("To the text")}</a>',
            _cover(book),
            _contents(book),
            '<main id="book">',
            *(_year(year, links) for year in book.years),
            _close(book),
            _remembered(book),
            _columns(book, links),
            _history(book, links),
            _sources(book),
            "</main>",
            _colophon(book),
        )
        if part
    )
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken()}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f'<meta name="generator" content="Red Mexico {esc(book.version)}">\n'
        f"<title>{esc(_called(book))}</title>\n<style>{css()}</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


class _Links:
    """Where things stand on the page."""

    def __init__(self, book: Book) -> None:
        entries = [entry for year in book.years for entry in year.entries]
        self.entry = {entry.step: f"e{entry.number}" for entry in reversed(entries)}
        """step → its first entry"""
        self.moved = {moved.happening.event: f"m{i}" for i, moved in enumerate(book.moved, 1)}


def _moves(words: str) -> str:
    """What moved, its numbers kept beside their names."""
    return esc(words).replace(" +", "&nbsp;+").replace(" −", "&nbsp;−")


def _time(day: int, words: str = "") -> str:
    return f'<time datetime="{iso(day)}">{words or day_words(day)}</time>'


def _recorded(found: Happening, words: str) -> str:
    """A recorded date: a day, a month or a year."""
    days = found.last - found.first
    exact = iso(found.first)[: 10 if not days else 7 if days < 32 else 4]
    return f'<time datetime="{exact}">{words}</time>'


def _sign(mark: str, kept: bool) -> str:
    return f'<span class="sign{" kept" if kept else ""}">{esc(mark)}</span>'


# before the text


def _called(book: Book) -> str:
    return book.title if book.title == book.story else f"{book.title} · {book.story}"


def _cover(book: Book) -> str:
    span = _time(book.first)
    if book.last > book.first:
        span = _marked(span_words("{first}", "{last}"), first=span, last=_time(book.last))
    over = f'<p class="story">{esc(book.story)}</p>' if book.story != book.title else ""
    kept = f'<p class="kept">{esc(book.kept_by)}</p>' if book.kept_by else ""
    off = f'<p class="soft">{esc(book.off)}</p>' if book.lines else ""
    going = "" if book.ended else f'<p class="soft">{printed("Still being kept")}</p>'
    return (
        '<header class="cover"><div class="label">'
        f'{over}<h1>{esc(book.title)}</h1><p class="span">{span}</p>'
        f'<hr>{kept}<p class="soft">{esc(book.start)} · {esc(book.chosen)}</p>{off}{going}</div></header>'
    )


def _contents(book: Book) -> str:
    items = [
        (f"y{year.year}", str(year.year), plural("{n} entry", "{n} entries", len(year.entries))) for year in book.years
    ]
    if book.ending is not None:
        items.append(("ending", book.ending.title, day_words(book.last)))
    if book.remembered:
        items.append(("remembered", phrase("Remembered"), str(len(book.remembered))))
    items += [
        ("columns", phrase("Columns of time"), plural("{n} event", "{n} events", len(book.past))),
        ("moved", phrase("What moved history"), plural("{n} event", "{n} events", len(book.moved))),
        ("sources", phrase("Sources"), plural("{n} fact", "{n} facts", sum(len(d.facts) for d in book.documents))),
        ("colophon", phrase("Colophon"), ""),
    ]
    rows = "".join(f'<li><a href="#{id}">{esc(title)}</a><span>{esc(said)}</span></li>' for id, title, said in items)
    return f'<nav aria-labelledby="contents"><h2 id="contents">{printed("Contents")}</h2><ol>{rows}</ol></nav>'


# the years


def _year(year: Year, links: _Links) -> str:
    days = "".join(_day(day, list(parts), links) for day, parts in groupby(year.parts, key=lambda part: part.day))
    return f'<section class="year" id="y{year.year}"><h2>{year.year}</h2>{days}{_notes(year)}</section>'


def _day(day: int, parts: Sequence[Part], links: _Links) -> str:
    words = day_in_year(day)
    inner, where = list[str](), ""
    for part in parts:
        if isinstance(part, Entry):
            if part.note.where and part.note.where != where:
                inner.append(f'<p class="where">{esc(part.note.where)}</p>')
            where = part.note.where
            inner.append(_entry(part))
        elif isinstance(part, Came):
            inner.append(_came(part, links))
        else:
            inner.append(_hand(part))
    quiet = "" if any(isinstance(part, Entry) for part in parts) else " quiet"
    return f'<article class="day{quiet}"><h3 class="date">{_time(day, words)}</h3><div>{"".join(inner)}</div></article>'


def _entry(entry: Entry) -> str:
    n = entry.number
    ref = f'<sup class="ref"><a id="r{n}" href="#n{n}" role="doc-noteref" aria-label="{printed("Note {n}", n=n)}">{n}</a></sup>'
    kind = " torn" if not entry.text else " long" if len(entry.text) > LONG else ""
    return f'<p class="entry{kind}" id="e{n}">{esc(entry.text) or printed(STUB)}{ref}</p>'


def _came(came: Came, links: _Links) -> str:
    kept = came.word == verdict_word("kept")
    moved = f". {_moves(', '.join(came.moved))}" if came.moved else ""
    why = f' <a href="#{links.moved[came.event]}">{printed("why")}</a>' if came.told else ""
    return (
        f'<p class="came{"" if kept else " off"}">{_sign(came.mark, kept)}<b>{esc(came.title)}</b>: '
        f"{esc(came.word)}{moved}.{why}</p>"
    )


def _hand(passed: Passed) -> str:
    return f'<p class="hand">{printed("Here the hand changes: {keeper}.", keeper=keeper_words(passed.keeper))}</p>'


def _notes(year: Year) -> str:
    entries = year.entries
    if not entries:
        return ""
    rows = "".join(
        f'<li id="n{e.number}">{_note(e)}&nbsp;<a href="#r{e.number}" role="doc-backlink" '
        f'aria-label="{printed("Back to entry {n}", n=e.number)}">↩︎</a></li>'
        for e in entries
    )
    notes = printed("Notes to {year}", year=year.year)
    return (
        f'<section class="notes" role="doc-endnotes" aria-label="{notes}"><h3>{notes}</h3>'
        f'<ol start="{entries[0].number}">{rows}</ol></section>'
    )


def _note(entry: Entry) -> str:
    label = f"<em>{esc(sentence(entry.note.label))}</em>" if entry.note.label else ""
    return " ".join(part for part in (label, _moves(entry.note.said)) if part) or printed("Nothing that can be counted.")


# how it ended


def _close(book: Book) -> str:
    nothing = f'<p class="lead">{printed("Nothing has been written yet.")}</p>' if book.empty else ""
    if book.ending is None:
        return f'<section class="end">{nothing}<p class="lead">{printed("The notebook is still being kept.")}</p></section>'
    slides = "".join(f'<div class="prose slide">{_earned(slide)}</div>' for slide in book.ending.slides)
    return (
        f'<section id="ending"><h2>{esc(book.ending.title)}</h2>{nothing}'
        f'<div class="prose">{_earned(book.ending.text)}</div>{slides}</section>'
    )


def _earned(earned: Earned) -> str:
    acts = "".join(
        f"<li>{esc(scene)}{', ' + _time(day) if day else ''}: "
        f"<em>{' '.join(esc(sentence(label)) for label in labels)}</em></li>"
        for scene, day, labels in earned.scenes
    )
    return "".join(map(_paragraph, earned.paragraphs)) + (f'<ul class="earned">{acts}</ul>' if acts else "")


def _paragraph(paragraph: Paragraph) -> str:
    runs = (f"<em>{esc(run.text)}</em>" if run.role == "em" else esc(run.text) for run in paragraph)
    return f"<p>{''.join(runs).strip()}</p>".replace("\n", "<br>")


def _remembered(book: Book) -> str:
    if not book.remembered:
        return ""
    rows = "".join(f"<dt>{esc(found.title)}</dt><dd>{esc(found.text)}</dd>" for found in book.remembered)
    return f'<section id="remembered"><h2>{printed("Remembered")}</h2><dl class="remembered">{rows}</dl></section>'


# the columns of time


def _columns(book: Book, links: _Links) -> str:
    lead = f'<p class="lead">{esc(book.off)}.</p>' if book.lines else ""
    after = f'<p class="key">{esc(book.to_come)}</p>' if book.ahead else ""
    inner = f'<p class="lead">{printed("Nothing has been decided yet.")}</p>'
    if book.past:
        svg = drawing(book)
        strokes = " " + printed("A stroke beside this notebook's line is a day with an entry.") if svg else ""
        key = ", ".join(
            f"<span>{_sign(sign, verdict in ('kept', 'open'))} {esc(verdict_word(verdict))}</span>"
            for verdict, sign in MARKS.items()
        )
        inner = (
            (f'<figure class="drawing{" page" if svg.height <= PAGE else ""}">{svg.text}</figure>' if svg else "")
            + f'<ol class="strip">{"".join(_strip(found, links) for found in book.past)}</ol>'
            + f'<p class="key">{key}.<span class="strokes">{strokes}</span></p>{after}{_table(book)}'
        )
        after = ""
    return f'<section class="columns" id="columns"><h2>{printed("Columns of time")}</h2>{lead}{inner}{after}</section>'


def _named(found: Happening, links: _Links) -> str:
    """An event's title, leading to its causes where they are told."""
    title = esc(found.title)
    return f'<a href="#{links.moved[found.event]}">{title}</a>' if found.event in links.moved else title


def _strip(found: Happening, links: _Links) -> str:
    """An event in a list, for a narrow page."""
    kept = found.verdict in ("kept", "open")
    differing = [record for record in dict.fromkeys(found.records.values()) if len(set(found.records.values())) > 1]
    records = f'<span class="when">{esc(" / ".join(differing))}</span>' if differing else ""
    return (
        f"<li>{_sign(found.mark, kept)}<span>{_named(found, links)}"
        f'<span class="when">{_recorded(found, found.spoken)}: {esc(found.mine)}</span>'
        f"{records}</span></li>"
    )


def _table(book: Book) -> str:
    """The columns in words: all that the drawing shows, and what each line records."""
    first = book.lines[0].id if book.lines else ""
    names = (phrase("Date"), *(line.title for line in book.lines), phrase("This notebook"))
    heads = "".join(f'<th scope="col">{esc(name)}</th>' for name in names)
    rows = "".join(
        f'<tr><th scope="row">{_recorded(found, found.date)}</th>'
        + "".join(f"<td>{_cell(found, line.id, first)}</td>" for line in book.lines)
        + f"<td>{_sign(found.mark, found.verdict in ('kept', 'open'))} {esc(found.mine)}</td></tr>"
        for found in book.past
    )
    return (
        f'<details><summary>{printed("The columns as a table")}</summary><div class="scroll"><table>'
        f"<caption>{printed('What each line records, and how it came here.')}</caption><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></details>"
    )


def _cell(found: Happening, line: str, first: str) -> str:
    record = found.records.get(line, "")
    if not record:
        return ""
    if line != first and record == found.records.get(first):
        return f'<span class="soft">{printed("the same")}</span>'
    title = f"<b>{esc(found.title)}</b>" if line == first or first not in found.records else ""
    said = esc(record) if record != found.title else ""
    return ". ".join(part for part in (title, said) if part)


# what moved history


def _history(book: Book, links: _Links) -> str:
    inner = "".join(_moved(moved, links) for moved in book.moved)
    inner = inner or f'<p class="lead">{esc(book.unmoved)}</p>'
    return f'<section id="moved"><h2>{printed("What moved history")}</h2>{inner}</section>'


def _moved(moved: Moved, links: _Links) -> str:
    found = moved.happening
    record = next(iter(dict.fromkeys(found.records.values())), "")
    recorded = f" {esc(record)}" if record and record != found.title else ""
    came = ""
    if found.yours not in ("", found.title):
        came = " " + _marked(phrase("It came as {title}."), title=f"<em>{esc(found.yours)}</em>")
    held = "".join(_held(*pull.partition(" ")) for pull in moved.held)
    nearest = "".join(_cause(cause, links) for cause in moved.nearest)
    rest = "".join(_cause(cause, links) for cause in moved.rest[-REST:])
    before = f"<li>{printed('and {n} before these', n=len(moved.rest) - REST)}</li>" if len(moved.rest) > REST else ""
    more = (
        f"<details><summary>{esc(plural('and {n} more choice', 'and {n} more choices', len(moved.rest)))}</summary>"
        f'<ul class="behind">{before}{rest}</ul></details>'
        if rest
        else ""
    )
    return (
        f'<section class="moved" id="{links.moved[found.event]}"><h3>{_sign(found.mark, False)}{esc(found.title)}</h3>'
        f'<p class="record">{_recorded(found, found.spoken)}.{recorded}</p>'
        f"<p>{esc(sentence_case(found.word))}, "
        f"{_time(found.when)}.{came}</p>"
        + (f'<ul class="held">{held}</ul>' if held else "")
        + (f'<ul class="behind">{nearest}</ul>' if nearest else "")
        + more
        + (f'<p class="without">{esc(moved.without)}</p>' if moved.without else "")
        + "</section>"
    )


def _held(amount: str, _: str, because: str) -> str:
    kind = "against" if amount.startswith("−") else "for"
    return f'<li class="{kind}"><b>{esc(amount)}</b>{esc(because)}</li>'


def _cause(cause: Cause, links: _Links) -> str:
    label = esc(sentence(cause.label))
    entry = links.entry.get(cause.step)
    choice = f'<a href="#{entry}">{label}</a>' if entry else label
    moved = f" {_moves(cause.moved)}" if cause.moved else ""
    return f'<li><span class="caps soft">{_time(cause.day)}</span> {choice}{moved}</li>'


# what it rests on


def _sources(book: Book) -> str:
    inner = "".join(_document(document) for document in book.documents)
    if book.invented:
        inner += f'<div class="source"><h3>{printed("Invented")}</h3><p>{esc("; ".join(book.invented))}.</p></div>'
    inner = inner or f'<p class="lead">{printed("Nothing has been cited yet.")}</p>'
    return f'<section class="sources" id="sources"><h2>{printed("Sources")}</h2>{inner}</section>'


def _document(document: Document) -> str:
    kind = (
        f'<p class="soft">{esc(sentence(sentence_case(document.kind)))}</p>' if document.kind else ""
    )
    rows = "".join(
        f'<dt>{esc(fact.title)} <span class="soft">({esc(fact.date)})</span></dt>'
        f"<dd>{esc(fact.account)} <em>{esc('; '.join(fact.cited))}</em></dd>"
        for fact in document.facts
    )
    return f'<div class="source"><h3>{esc(document.title)}</h3>{kind}<dl>{rows}</dl></div>'


def _colophon(book: Book) -> str:
    lines = "".join(f"<p>{esc(line)}</p>" for line in book.colophon)
    return f'<footer id="colophon"><div><h2>{printed("Colophon")}</h2>{lines}</div></footer>'
