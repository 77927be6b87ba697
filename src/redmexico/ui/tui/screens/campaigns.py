"""The campaigns of the folder, and the branches of the open one."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar, NamedTuple

from textual.binding import BindingType
from textual.widget import Widget

from redmexico import paths
from redmexico.campaign import twigs
from redmexico.errors import RedMexicoError
from redmexico.journal import Journal
from redmexico.language import noted, phrase, phrase_as
from redmexico.narration import Run, plain
from redmexico.saves import SUFFIX
from redmexico.timeline import column_date, day_words, label_of
from redmexico.ui.sentences import hours, verified
from redmexico.ui.session import Listed, state_word
from redmexico.ui.tui import tables, telling
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, Cell, row, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Keys, Listing
from redmexico.ui.tui.screens.title import ago
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.views import View

COPIED = {"in use": noted("A copy can be played here."), "damaged": noted("A copy of all that is sound can be played; the damaged file stays as it is.")}
"""what is offered for a campaign that cannot be opened, by its state"""


class Moment(NamedTuple):
    """A place in a campaign to go back to."""

    slug: str
    record: int
    what: str
    where: str


class Campaigns(Listing):
    """The folder: one line a campaign, under it the tree of its branches and marks; below, a preview."""

    KEYS: ClassVar[Keys] = (
        ("take", noted("open")), ("←→", noted("branches")), ("new", noted("new")), ("rename", noted("rename")), ("save_as", noted("save as")), ("delete", noted("delete")), ("back", noted("back")), ("help", noted("help")),
        ("verify", noted("verify")), ("undelete", noted("bring back")), ("export", noted("export")), ("import", noted("take in")), ("deleted", noted("deleted ones")),
    )
    HELP_TEXT = noted(
        "Enter opens a campaign, or goes back to a mark or the end of a branch; right shows the branches of one, left puts them away. "
        "Save as makes a campaign of its own, also of a branch or a mark. Deleting only moves a file away: z brings the last one back, p lists them all. "
        "Verify plays a campaign again from its seed and compares. A damaged file is never written to: what is sound in it can be copied."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("left", "fold(0)"), bind("right", "fold(1)"),
        bind("take", "open"), bind("new", "app.show('begin')"), bind("rename", "rename"), bind("save_as", "save_as"),
        bind("delete", "delete"), bind("undelete", "undelete"), bind("deleted", "deleted"), bind("export", "export"), bind("import", "import"), bind("verify", "verify"),
        bind("copy", "copy"),
    ]

    def body(self) -> list[Widget]:
        self.list, self.detail = Chooser("list"), Page("detail")
        return [Band("header"), rule(), self.list, rule(), self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.deleted: list[str] = []
        self.away = False
        """whether the deleted ones are shown"""
        self.open_ones = {self.session.slug}
        """campaigns whose branches are shown"""
        self.fill()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted and hasattr(self, "deleted"):
            self.fill()

    def fill(self) -> None:
        """The folder as it is now."""
        self.entries = list(self.session.deleted() if self.away else self.session.entries())
        self.places: list[Listed | Moment] = []
        blocks: list[Block] = []
        for entry in self.entries:
            blocks.append(self.line(entry, len(self.places)))
            self.places.append(entry)
            moments = self.moments(entry.slug) if entry.slug in self.open_ones and not self.away else []
            for k, moment in enumerate(moments):
                bough = "└ " if k == len(moments) - 1 else "├ "
                blocks.append(Block((Run(f"     {bough}", "dim"), Run(moment.what), Run(f"   {moment.where}", "dim")), 0, 9, len(self.places)))
                self.places.append(moment)
        if not blocks:
            empty = phrase("Nothing was deleted.") if self.away else phrase("No campaign yet: n begins one, i takes one in from a file.")
            blocks = [BLANK, said(empty, "dim", 2)]
        title = phrase("DELETED CAMPAIGNS   Enter brings one back, p leaves") if self.away else phrase("CAMPAIGNS")
        count = phrase("{n} in {folder}", n=len(self.entries), folder=self.session.folder)
        self.query_one("#header", Band).say([ends(f" {title}", f"{count} ", "strong")])
        self.list.offer(blocks, max(0, self.list.cursor))
        self.tell()

    def line(self, entry: Listed, item: int) -> Block:
        here = "*" if entry.slug == self.session.slug else " "
        sound = entry.state == "good" or here == "*"
        state = (phrase_as("campaign", "ended") if entry.ended else "") if sound else self.word(entry)
        role = "dim" if sound else "warn"
        name = Cell(f"{here} {entry.title}", 0, "strong")
        saved = (Cell(ago(entry.played, time.time()), 12, "dim"),) if self.app.size.width >= 80 else ()
        date = (Cell(column_date(entry.date) if entry.date else "", 17, "dim"),) if self.app.size.width >= 60 else ()
        return row(Cell(" ", 1), name, *date, Cell(phrase("choice {step}", step=entry.step), len(phrase("choice {step}", step=1000)), "dim"), *saved, Cell(state, 21 if self.app.size.width >= 100 else 12, role), item=item)

    @staticmethod
    def word(entry: Listed) -> str:
        """Its state in a word."""
        if entry.state == "damaged":
            return phrase("damaged after choice {step}", step=entry.step)
        return phrase("repaired when opened") if entry.state == "torn" else state_word(entry.state)

    def journal(self, slug: str) -> Journal | None:
        """A campaign's journal, the open one's as it is in memory."""
        if self.session.campaign is not None and slug == self.session.slug:
            return self.session.campaign.journal
        try:
            return self.session.saves.read(slug).journal
        except RedMexicoError:
            return None

    def moments(self, slug: str) -> list[Moment]:
        """Marks and ends of branches, those that part earliest first."""
        journal = self.journal(slug)
        if journal is None:
            return []
        marks = [Moment(slug, mark.position, phrase("mark: {name}", name=mark.name), phrase("choice {step}", step=mark.step)) for mark in journal.marks]
        tips = [
            Moment(
                slug, twig.tip, phrase("branch to {day}", day=day_words(twig.day)),
                phrase("choice {step}, parts after choice {fork}", step=twig.step, fork=twig.fork),
            )
            for twig in twigs(journal) if not twig.present
        ]
        return [*marks, *tips]

    def tell(self) -> None:
        """What is known of the chosen one."""
        place = self.place
        if isinstance(place, Listed):
            self.detail.show(list(self.about(place)))
        else:
            self.detail.show([said(phrase("Enter goes back to this moment; a makes a campaign of its own of it. What was played since stays as a branch."), "dim", 1)] if place else [])

    def about(self, entry: Listed) -> Iterator[Block]:
        """A preview: where it stands, its marks, what was done last; for a file that is not sound, what is wrong."""
        unknown = phrase("unknown")
        facts = [
            entry.slug, phrase("terms: {mode}", mode=entry.mode or unknown), phrase("seed {seed}", seed=entry.seed or unknown),
            phrase("{n} lines of play", n=entry.branches) if entry.branches > 1 else phrase("one line of play"), phrase("{n:.0f} kB", n=entry.size / 1000),
        ]
        if entry.seconds:
            facts.append(phrase("played {time}", time=hours(entry.seconds)).replace(" ", "\u00a0"))
        yield said("   ".join(facts), "dim", 1)
        if entry.problem and entry.slug != self.session.slug:
            yield said(f"{self.word(entry)}: {entry.problem}", "warn", 1)
        journal = self.journal(entry.slug) if not self.away else None
        if journal is None:
            return
        try:
            view = View(self.session.story, dict(journal.state))
            yield from preview(view, journal)
        except (KeyError, AssertionError, ValueError, OverflowError, TypeError, IndexError):
            yield said("It was played with another edition of the story; opening it tells what has changed.", "dim", 1)

    @property
    def place(self) -> Listed | Moment | None:
        at = self.list.cursor
        return self.places[at] if 0 <= at < len(self.places) else None

    @property
    def slug(self) -> str:
        """The campaign under the cursor, or the one whose moment is."""
        place = self.place
        return place.slug if place is not None else ""

    def action_fold(self, out: int) -> None:
        """Show the branches of a campaign, or put them away."""
        slug = self.slug
        if not slug or self.away:
            return
        if out:
            self.open_ones.add(slug)
        else:
            self.open_ones.discard(slug)
        self.fill()
        self.list.go(next((i for i, place in enumerate(self.places) if place.slug == slug), 0))
        if out and not self.moments(slug):
            self.say(phrase("It has one line of play, and no marks."))

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.tell()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_open()

    def action_open(self) -> None:
        """Play it; or go back to the moment under the cursor."""
        place = self.place
        if place is None:
            return
        if self.away:
            self.bring_back(place.slug)
        elif isinstance(place, Listed):
            if place.slug == self.session.slug:
                self.game.play()
            elif place.state in COPIED:
                self.offer_copy(place)
            else:
                self.game.open(place.slug)
        else:
            self.go_to(place)

    def go_to(self, moment: Moment) -> None:
        """Open its campaign, if it is not, and go back to it."""
        if moment.slug != self.session.slug and self.game.attempt(lambda: self.session.open(moment.slug)) is None:
            return
        campaign = self.session.campaign
        assert campaign is not None
        if self.session.stranded is None:  # else the player says first what to do
            self.game.attempt(lambda: campaign.rewind(moment.record))
        self.game.play()

    def offer_copy(self, entry: Listed) -> None:
        """A campaign that cannot be opened itself: a copy of it, or of what is sound in it."""
        def take(answer: str | None) -> None:
            if answer == "y":
                made = self.game.attempt(lambda: self.copied(entry))
                self.fill()
                if made:
                    self.list.go(next((i for i, place in enumerate(self.places) if place.slug == made), 0))
                    self.say(phrase("The copy is {slug}; Enter opens it.", slug=made))

        question = (f"{entry.title}: {self.word(entry)}.", *filter(None, (entry.problem,)), phrase(COPIED[entry.state]))
        self.app.push_screen(Ask(question, (("y", phrase("make the copy")), ("n", phrase("leave it")))), take)

    def copied(self, entry: Listed) -> str:
        return self.session.save_as(phrase("{title}, a copy", title=entry.title), entry.slug) if entry.state == "in use" else self.session.rescue(entry.slug)

    def action_rename(self) -> None:
        place, slug = self.place, self.slug
        if not slug or self.away:
            return

        def take(title: str | None) -> None:
            if title:
                self.game.attempt(lambda: self.session.rename(slug, title))
                self.fill()

        self.app.push_screen(AskLine(phrase("What is it called?"), place.title if isinstance(place, Listed) else ""), take)

    def action_save_as(self) -> None:
        place, slug = self.place, self.slug
        if place is None or self.away:
            return

        def take(title: str | None) -> None:
            if not title:
                return
            made = self.game.attempt(lambda: self.session.save_as(title, slug))
            if made and isinstance(place, Moment):
                self.go_to(place._replace(slug=made))
                return
            self.fill()
            if made:
                self.say(phrase("Copied as {slug}.", slug=made))

        self.app.push_screen(AskLine(phrase("Copy it as") if isinstance(place, Listed) else phrase("A campaign of its own from here; what is it called?")), take)

    def action_delete(self) -> None:
        slug = self.slug
        if not slug or not isinstance(self.place, Listed) or self.away:
            return

        def take(answer: str | None) -> None:
            if answer == "y" and self.game.done(lambda: self.session.delete(slug)):
                self.deleted.append(slug)
                self.fill()
                self.say(phrase("{slug} is put away. z brings it back.", slug=slug))

        self.app.push_screen(Ask(
            (phrase("Delete {slug}? It is moved to .deleted, and z brings it back.", slug=slug),), (("y", phrase("delete")), ("n", phrase("keep")))
        ), take)

    def action_undelete(self) -> None:
        if self.away:
            self.action_open()
        elif self.deleted:
            slug = self.deleted.pop()
            back = self.game.attempt(lambda: self.session.undelete(slug))
            self.fill()
            if back:
                self.say(phrase("{slug} is back.", slug=back))
        else:
            self.say(phrase("Nothing was deleted in this sitting: p lists what was deleted before."))

    def bring_back(self, slug: str) -> None:
        back = self.game.attempt(lambda: self.session.bring_back(slug))
        if back:
            self.deleted = [other for other in self.deleted if other != slug]
            self.away = False
            self.fill()
            self.say(phrase("{slug} is back.", slug=back))

    def action_deleted(self) -> None:
        """The deleted ones, or the folder again."""
        self.away = not self.away
        self.fill()

    def action_copy(self) -> None:
        """The place of its file."""
        if self.slug:
            path = self.session.folder / f"{self.slug}{SUFFIX}"
            self.copy(str(path), str(path))

    def action_export(self) -> None:
        slug = self.slug
        if not slug or self.away:
            return

        def take(path: str | None) -> None:
            if path:
                done = self.game.attempt(lambda: self.session.export_campaign(slug, paths.typed(path)))
                if done is not None:
                    self.say(phrase("Written to {file}", file=done))

        self.app.push_screen(AskLine(phrase("Write {slug} to which file or folder?", slug=slug), str(Path.cwd())), take)

    def action_import(self) -> None:
        def take(path: str | None) -> None:
            if path:
                slug = self.game.attempt(lambda: self.session.import_campaign(paths.typed(path)))
                self.fill()
                if slug:
                    self.say(phrase("Taken in as {slug}.", slug=slug))

        self.app.push_screen(AskLine(phrase("Take in which file?")), take)

    def action_verify(self) -> None:
        slug = self.slug if not self.away else ""
        result = self.game.attempt(lambda: self.session.verify(slug)) if slug else None
        if result is not None:
            self.say(verified(result))

    def action_back(self) -> None:
        """Back to the folder, to play, or to the title where no campaign is open any more."""
        if self.away:
            self.action_deleted()
        elif self.session.campaign is None:
            self.game.title_screen()
        else:
            super().action_back()


def preview(view: View, journal: Journal) -> Iterator[Block]:
    """Where a campaign stands: its first words, its numbers, its marks, what was done last."""
    place = f" · {view.place}" if view.place else ""
    yield Block((Run(view.date, "strong"), Run(f"{place} · {view.title}", "dim")), 1, 3)
    first = plain(view.narration).split("\n")[0]
    if first:
        yield said(first if len(first) < 150 else f"{first[:147].rsplit(' ', 1)[0]} …", "", 1, 1)
    yield Block(tuple(run for g in view.status for run in (Run(f"{g.label} ", "dim"), Run(f"{g.value}  ", "strong"))), 1, 1)
    marks = tables.marks_row(view.rows, 24)
    if marks:
        yield Block((*marks, Run(f"  {telling.distance(view)}", "dim")), 1, 1)
    path = journal.path()
    if path:
        record = journal.records[path[-1]]
        yield said(phrase("Last choice: {label}", label=label_of(view.story, f"{record['scene']}/{record['choice']}")), "dim", 1, 3)
