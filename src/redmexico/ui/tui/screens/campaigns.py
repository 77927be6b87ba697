"""The campaigns of the folder, and the branches of the open one."""

from __future__ import annotations

import time
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from redmexico.narration import Run
from redmexico.timeline import day_words
from redmexico.ui.session import Listed
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.screens.title import ago
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

COPIED = {"in use": "A copy can be played here.", "damaged": "A copy of all that is sound can be played; the damaged file stays as it is."}
"""what is offered for a campaign that cannot be opened, by its state"""

Moment = tuple[int, str, str]
"""a record to go back to, what it is, where it stands"""


class Campaigns(Face):
    """One line a campaign; under the open one its marks and the ends of its branches."""

    KEYS: ClassVar[Keys] = (
        ("Enter", "open"), ("n", "new"), ("r", "rename"), ("a", "save as"), ("d", "delete"), ("v", "verify"), ("Esc", "back"), ("?", "help"),
        ("z", "undelete"), ("e", "export"), ("i", "import"),
    )
    HELP_TEXT = (
        "Enter opens a campaign, or goes back to a mark or the end of a branch. Deleting only moves a file away: z brings it back. "
        "Verify plays a campaign again from its seed and compares."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        ("up,k", "move(-1)", "up"), ("down,j", "move(1)", "down"), ("space,pagedown", "page(1)", "page down"), ("pageup", "page(-1)", "page up"),
        ("enter", "open", "open"), ("n", "app.show('begin')", "new"),
        ("r", "rename", "rename"), ("a", "save_as", "save as"), ("d", "delete", "delete"), ("z", "undelete", "undelete"), ("e", "export", "export"),
        ("i", "import", "import"), ("v", "verify", "verify"),
    ]

    def body(self) -> list[Widget]:
        self.list, self.detail = Chooser("list"), Page("detail")
        return [Band("header"), rule(), self.list, rule(), self.detail]

    def on_mount(self) -> None:
        super().on_mount()
        self.deleted: list[str] = []
        self.fill()

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.is_mounted and hasattr(self, "deleted"):
            self.fill()

    def fill(self) -> None:
        """The folder as it is now."""
        self.entries = list(self.session.entries())
        self.places: list[Listed | Moment] = []
        blocks: list[Block] = []
        for entry in self.entries:
            blocks.append(self.line(entry, len(self.places)))
            self.places.append(entry)
            if entry.slug == self.session.slug:
                for moment in self.moments():
                    blocks.append(Block((Run("     - ", "dim"), Run(moment[1]), Run(f"   {moment[2]}", "dim")), 0, 9, len(self.places)))
                    self.places.append(moment)
        if not blocks:
            blocks = [BLANK, said("No campaign yet: n begins one, i takes one in from a file.", "dim", 2)]
        self.query_one("#header", Band).say([ends(" CAMPAIGNS", f"{len(self.entries)} in {self.session.folder} ", "strong")])
        self.list.offer(blocks, max(0, self.list.cursor))
        self.tell()

    def line(self, entry: Listed, item: int) -> Block:
        here = "*" if entry.slug == self.session.slug else " "
        date = f"{day_words(entry.date)}  " if entry.date else ""
        state = "" if entry.state == "good" or here == "*" else self.word(entry)
        return Block((
            Run(f" {here} ", "you"), Run(entry.title, "strong"), Run(f"   {date}choice {entry.step}  saved {ago(entry.played, time.time())}  ", "dim"), Run(state, "warn"),
        ), 0, 5, item)

    @staticmethod
    def word(entry: Listed) -> str:
        """Its state in a word."""
        if entry.state == "damaged":
            return f"damaged after choice {entry.step}"
        return {"torn": "repaired when opened"}.get(entry.state, entry.state)

    def moments(self) -> list[Moment]:
        """Marks and ends of branches of the open campaign."""
        campaign = self.session.campaign
        if campaign is None:
            return []
        journal = campaign.journal
        marks = [(mark.position, f"mark: {mark.name}", f"choice {mark.step}") for mark in journal.marks]
        tips = []
        for branch in journal.branches():
            if branch.tip != journal.position:
                date = journal.state_at(branch.tip).get("!date", 0)
                tips.append((branch.tip, "branch", f"to {day_words(int(date)) if isinstance(date, int) and date else 'its end'}, choice {branch.step}"))
        return [*marks, *tips]

    def tell(self) -> None:
        """What is known of the chosen one."""
        place = self.place
        if isinstance(place, Listed):
            lines = [said(f"{place.slug}   terms: {place.mode or 'unknown'}   branches: {place.branches}", "dim", 1)]
            lines += [said(place.problem, "warn", 1)] if place.problem and place.slug != self.session.slug else []
            self.detail.show(lines)
        else:
            self.detail.show([said("Enter goes back to this moment. What you have played since stays as a branch.", "dim", 1)] if place else [])

    @property
    def place(self) -> Listed | Moment | None:
        at = self.list.cursor
        return self.places[at] if 0 <= at < len(self.places) else None

    @property
    def slug(self) -> str:
        place = self.place
        return place.slug if isinstance(place, Listed) else self.session.slug

    # moving

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_page(self, by: int) -> None:
        self.list.move_page(by)

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.tell()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_open()

    # doing

    def action_open(self) -> None:
        place = self.place
        if isinstance(place, Listed):
            if place.slug == self.session.slug:
                self.game.play()
            elif place.state in COPIED:
                self.offer_copy(place)
            else:
                self.game.open(place.slug)
        elif place is not None and self.session.campaign is not None:
            campaign = self.session.campaign
            self.game.attempt(lambda: campaign.rewind(place[0]))
            self.game.play()

    def offer_copy(self, entry: Listed) -> None:
        """A campaign that cannot be opened itself: a copy of it, or of what is sound in it."""
        def take(answer: str | None) -> None:
            if answer == "y":
                self.game.attempt(lambda: self.copied(entry))
                self.fill()

        question = (f"{entry.title}: {self.word(entry)}.", *filter(None, (entry.problem,)), COPIED[entry.state])
        self.app.push_screen(Ask(question, (("y", "make the copy"), ("n", "leave it"))), take)

    def copied(self, entry: Listed) -> None:
        if entry.state == "in use":
            self.session.save_as(f"{entry.title}, a copy", entry.slug)
        else:
            self.session.saves.rescue(entry.slug).close()

    def action_rename(self) -> None:
        place, slug = self.place, self.slug
        if not slug:
            return

        def take(title: str | None) -> None:
            if title:
                self.game.attempt(lambda: self.session.rename(slug, title))
                self.fill()

        self.app.push_screen(AskLine("What is it called?", place.title if isinstance(place, Listed) else ""), take)

    def action_save_as(self) -> None:
        slug = self.slug
        if not slug:
            return

        def take(title: str | None) -> None:
            if title:
                made = self.game.attempt(lambda: self.session.save_as(title, slug))
                self.fill()
                if made:
                    self.say(f"Copied as {made}.")

        self.app.push_screen(AskLine("Copy it as"), take)

    def action_delete(self) -> None:
        slug = self.slug
        if not slug or not isinstance(self.place, Listed):
            return

        def take(answer: str | None) -> None:
            if answer == "y":
                self.game.attempt(lambda: self.session.delete(slug))
                self.deleted.append(slug)
                self.fill()
                self.say(f"{slug} is put away. z brings it back.")

        self.app.push_screen(Ask((f"Delete {slug}? It is moved to .deleted, and z brings it back.",), (("y", "delete"), ("n", "keep"))), take)

    def action_undelete(self) -> None:
        if not self.deleted:
            self.say("Nothing was deleted here.")
            return
        back = self.game.attempt(lambda: self.session.undelete(self.deleted.pop()))
        self.fill()
        if back:
            self.say(f"{back} is back.")

    def action_export(self) -> None:
        slug = self.slug
        if not slug:
            return

        def take(path: str | None) -> None:
            if path:
                done = self.game.attempt(lambda: self.session.export_campaign(slug, Path(path).expanduser()))
                if done is not None:
                    self.say(f"Written to {done}")

        self.app.push_screen(AskLine(f"Write {slug} to which file or folder?", str(Path.cwd())), take)

    def action_import(self) -> None:
        def take(path: str | None) -> None:
            if path:
                slug = self.game.attempt(lambda: self.session.import_campaign(Path(path).expanduser()))
                self.fill()
                if slug:
                    self.say(f"Taken in as {slug}.")

        self.app.push_screen(AskLine("Take in which file?"), take)

    def action_verify(self) -> None:
        slug = self.slug
        result = self.game.attempt(lambda: self.session.verify(slug)) if slug else None
        if result is not None:
            self.say(f"All {result.steps} choices come out as recorded." if result.whole else f"The first {result.matched} choices match. {result.reason}")

    def action_back(self) -> None:
        """Back to play, or to the title where no campaign is open any more."""
        if self.session.campaign is None:
            self.game.title_screen()
        else:
            super().action_back()
