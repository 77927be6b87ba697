"""Sources: the documents, what each is and claims, what the game took, doubted and invented; and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from redmexico.language import noted, phrase
from redmexico.model import Story
from redmexico.narration import Run
from redmexico.timeline import recorded_date
from redmexico.ui.sentences import DOCUMENT, NO_FACT, kind_of
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.reading import Reading


class Sources(Reading):
    """All documents; where one came from a scene or an event, its facts first."""

    HEADING = noted("SOURCES")

    def __init__(self, facts: Sequence[str] | None = None, about: str = "") -> None:
        super().__init__()
        self.facts = facts
        self.about = about
        """the scene or event that was asked about"""

    def blocks(self) -> Iterable[Block]:
        story = self.session.story
        if self.facts is not None:
            yield from here(story, self.facts, self.about)
        yield said(phrase("{story}: a text game about a history that was written down, one that happened, and yours.", story=story.title))
        yield BLANK
        yield from documents(story)
        yield from facts_of(story)
        yield from made_up(story)


def here(story: Story, facts: Sequence[str], about: str) -> Iterator[Block]:
    """The facts behind one scene or event."""
    known = [story.facts[id] for id in facts if id in story.facts]
    yield said(phrase("BEHIND {scene}", scene=about) if about else phrase("BEHIND THIS"), "head")
    yield BLANK
    for fact in known:
        yield Block((Run(str(fact["title"]), "strong"), Run("  " + phrase("{date}, document {document}", date=recorded_date(str(fact["date"])), document=fact["document"]), "dim")), 2, 4)
        yield said(str(fact["account"]), "", 4)
    if not known:
        yield said(phrase(NO_FACT), "", 2)
    yield BLANK


def documents(story: Story) -> Iterator[Block]:
    """Each document: what kind of text, and what became of it here."""
    for document in story.documents.values():
        yield Block((Run(f"{document['id']}  {document['title']}", "head"),), 0, 5)
        yield said(kind_of(story, document), "dim", 5)
        for key, heading in DOCUMENT:
            if document.get(key):
                yield Block((Run(f"{phrase(heading)}: ", "strong"), Run(str(document[key]))), 5, 5)
        yield BLANK


def facts_of(story: Story) -> Iterator[Block]:
    """Every fact that is cited, by document."""
    yield said(f"{phrase('FACTS')}   {phrase('{n}, cited by scenes, events and the codex', n=len(story.facts))}", "head")
    for fact in sorted(story.facts.values(), key=lambda f: (f["document"], f["date"])):
        yield Block((Run(f"{fact['document']}  {recorded_date(str(fact['date']), column=True):<18} ", "dim"), Run(str(fact["title"]))), 2, 26)
    yield BLANK


def made_up(story: Story) -> Iterator[Block]:
    """People, places and things that are nobody's but the game's."""
    invented = [entry.title for entry in story.codex.values() if entry.label == "invented"]
    if invented:
        yield said(phrase("WHAT WE MADE UP"), "head")
        yield said("; ".join(invented) + ".", "", 2)
