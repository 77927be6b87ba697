"""Where a campaign is played: the text, what may be chosen, how it stands, the timeline."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from redmexico.campaign import Campaign
from redmexico.narration import Run
from redmexico.offers import Offer
from redmexico.timeline import default_line
from redmexico.ui.tui import tables, telling
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, Ends, rule
from redmexico.ui.tui.widgets.chooser import Choices, Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.views import View

AFTER_THE_END = (
    Offer("export", "Export the notebook", True), Offer("timeline", "Read the timeline", True),
    Offer("undo", "Go back: take the last choice back", True), Offer("title", "To the title", True),
)
PAST = 24
"""Notebook lines beside the text on the widest screens."""


class Play(Face):
    """The open campaign. What was read scrolls up; the new text begins where the eye is."""

    KEYS: ClassVar[Keys] = (
        ("1-9", "choose"), ("w", "why"), ("t", "timeline"), ("f", "factions"), ("c", "codex"), ("l", "log"), ("u", "undo"), ("?", "help"),
        ("n", "notebook"), ("r", "redo"), ("s", "mark"), ("g", "campaigns"), ("e", "export"), ("q", "quit"),
    )
    HELP_TEXT = (
        "A digit takes a choice at once; with ten choices or more, two digits. Locked choices say what they need. "
        "Every choice is saved before you see what comes of it, and undo loses nothing: what you leave stays as a branch."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"digit({n})", "choose", id=f"digit_{n}") for n in range(10)),
        Binding("enter", "take", "take", id="take"), Binding("up,k", "move(-1)", "up", id="up"), Binding("down,j", "move(1)", "down", id="down"),
        Binding("space,pagedown", "page(1)", "read on", id="read_on"), Binding("b,pageup", "page(-1)", "read back", id="read_back"),
        Binding("home", "edge(0)", "to the top", id="top"), Binding("end", "edge(1)", "to the end", id="bottom"),
        Binding("w", "why", "why", id="why"), Binding("t", "app.show('timeline')", "timeline", id="timeline"),
        Binding("f", "app.show('factions')", "factions", id="factions"), Binding("c", "codex", "codex", id="codex"),
        Binding("l", "app.show('log')", "log", id="log"), Binding("n", "app.show('notebook')", "notebook", id="notebook"),
        Binding("u", "undo", "undo", id="undo"), Binding("r", "redo", "redo", id="redo"), Binding("s", "mark", "mark", id="mark"),
        Binding("g", "app.campaigns", "campaigns", id="campaigns_letter"), Binding("e", "export", "export", id="export"),
    ]

    def __init__(self, notices: tuple[str, ...] = ()) -> None:
        super().__init__()
        self.notices = notices
        self.digits = ""
        """digits typed so far, where a choice takes two"""
        self.offers: tuple[Offer, ...] = ()
        self.text: list[Block] = []
        """all that was read in this sitting"""
        self.pages: list[tuple[int, int]] = []
        """record of the journal → where its text begins"""
        self.scene = ""
        self.shown_at = 0
        """the width for which header and status were made"""

    @property
    def campaign(self) -> Campaign:
        assert self.session.campaign is not None
        return self.session.campaign

    def body(self) -> list[Widget]:
        self.more = rule("more")
        self.transcript = Page("transcript", prose=True, ages=True, foot=self.more)
        self.choices = Choices("choices", self.transcript)
        self.header = Band("header")
        self.status, self.landmarks = Band("status"), Band("landmarks")
        self.past, self.timeline, self.standing = Page("past"), Page("timeline"), Page("standing")
        return [
            self.header,
            rule("high"),
            Horizontal(
                self.past, Vertical(self.transcript, self.more, self.choices, id="reading"), Vertical(self.timeline, rule(), self.standing, id="beside"), id="play"
            ),
            rule("low"), self.status, self.landmarks,
        ]

    def on_mount(self) -> None:
        super().on_mount()
        self.text = [said(notice, "warn") for notice in self.notices] + ([BLANK] if self.notices else [])
        if self.session.stranded is not None:
            self.call_after_refresh(self.ask_stranded)
        else:
            self.tell(self.campaign.view, "", first=True)

    def on_screen_resume(self) -> None:
        super().on_screen_resume()
        if self.session.campaign is None:
            self.call_after_refresh(self.game.title_screen)
        elif self.pages and self.pages[-1][0] != self.campaign.journal.position:
            self.turned_back()

    # showing

    def tell(self, view: View, chosen: str, first: bool = False) -> None:
        """Add what is to be read now below what was read, and show how it stands."""
        fresh = 0 if first else len(self.text)
        if chosen:
            self.text += [Block((Run("> ", "you"), Run(chosen, "you")), 0, 2), BLANK]
        self.text += telling.told(self.session.story, self.campaign.told)
        here = view.address.split("/")[0]
        if view.ending is not None:
            self.text += telling.ending(self.campaign, view)
        else:
            self.text += telling.scene(view, first or here != self.scene or not chosen, self.app.size.height < 30)
        self.scene = here
        self.pages.append((self.campaign.journal.position, fresh))
        self.show(view)

    def show(self, view: View) -> None:
        """Everything as it stands now."""
        self.digits = ""
        self.offers = AFTER_THE_END if view.kind == "ending" else view.offers
        fresh = self.pages[-1][1]
        self.choices.offer(telling.choices(self.offers, self.app.size.width >= 100))
        self.choices.refresh(layout=True)
        self.transcript.show(self.text, fresh)
        self.show_standing(view)
        self.hint(view)
        self.update_banner()

    def show_standing(self, view: View) -> None:
        """Header, status and timeline; only what this width has room for."""
        self.shown_at = self.app.size.width
        self.header.say([self.heading(view)])
        rows = view.rows
        if self.app.size.width < 100:
            self.status.say(tables.status(view, self.app.size.width))
            self.landmarks.say(tables.landmarks(view, rows) or [Ends(())])
            return
        width = self.app.size.width
        self.standing.show(tables.standing(view, width >= tables.ROOMY))
        self.timeline.show(tables.running(view, rows, width))
        if self.timeline.lines:
            self.to_now()
        else:
            self.call_after_refresh(self.to_now)
        if self.app.size.width >= 160:
            self.past.show(self.log_lines(view))
            self.past.call_after_refresh(self.past.scroll_end, animate=False)

    def to_now(self) -> None:
        """The timeline with the present a third from its top."""
        now = next((y for y, (i, _) in enumerate(self.timeline.lines) if self.timeline.blocks[i].runs), 0)
        self.timeline.scroll_to(y=max(0, now - self.timeline.size.height // 3), animate=False, immediate=True)

    def log_lines(self, view: View) -> list[Block]:
        out = [said("NOTEBOOK", "head")]
        for line in view.notebook[-PAST:]:
            out += [said(line.day, "dim"), said(line.text or "(torn out)", "", 2), BLANK]
        return out

    def heading(self, view: View) -> Ends:
        wide = self.app.size.width >= 100
        place = f" · {view.place}" if view.place else ""
        more = "".join(f" · {part}" for part in ((view.title, view.act) if wide else (view.act,)) if part not in view.place)
        lines = list(view.story.lines) if wide else [default_line(view.story, view.state)]
        off = "  ".join(f"{view.story.lines[line][0]} {view.divergence[line]} off" for line in lines)
        steps = self.campaign.journal.step()
        undo = f"  undo {steps}" if steps and self.campaign.mode.rewind else ""
        return Ends((Run(f" {view.date}", "strong"), Run(f"{place}{more}", "dim")), (Run(f" {off}", "dim"), Run(f"{undo} ", "dim")))

    def hint(self, view: View) -> None:
        """The first steps are told, each once."""
        hints = {0: "A digit takes a choice. Space reads on.", 1: "u takes a choice back; nothing is lost by it.", 2: "t opens the timeline, w says why.", 3: "Underlined words are in the codex: c."}
        if self.session.options.hints and view.step in hints and not self.session.failing:
            self.say(hints[view.step])

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.pages and self.session.campaign is not None and event.size.width != self.shown_at:
            self.call_after_refresh(self.show_standing, self.campaign.view)

    # choosing

    def action_move(self, by: int) -> None:
        self.choices.move(by)

    def action_digit(self, digit: int) -> None:
        """At once where one digit is enough; otherwise the digits are shown as they come."""
        if len(self.offers) < 10:
            self.choose(digit - 1)
            return
        self.digits += str(digit)
        if len(self.digits) == 2:
            number, self.digits = int(self.digits), ""
            self.foot()
            self.choose(number - 1)
        else:
            self.say(f"{self.digits}_   one more digit, 01 to {len(self.offers)}; Esc forgets it")

    def action_take(self) -> None:
        if self.digits:
            number, self.digits = int(self.digits), ""
            self.choose(number - 1)
        else:
            self.choose(self.choices.cursor)

    def on_chooser_taken(self, message: Chooser.Taken) -> None:
        self.choose(message.item)

    def choose(self, item: int) -> None:
        """Take a choice; a locked one says why it is locked."""
        if not 0 <= item < len(self.offers):
            self.say(f"There is no {item + 1} here; 1 to {len(self.offers)}.")
            return
        offer = self.offers[item]
        self.choices.go(item)
        if not offer.open:
            self.say(f"Locked: {offer.reason or 'not as things stand'}.")
        elif self.campaign.ended:
            self.after_the_end(offer.id)
        elif self.game.attempt(lambda: self.campaign.choose(offer.id)) is not None:
            self.tell(self.campaign.view, offer.label)

    def after_the_end(self, what: str) -> None:
        if what == "title":
            self.game.title_screen()
        elif what == "timeline":
            self.game.show("timeline")
        else:
            self.call_later(self.action_export if what == "export" else self.action_undo)

    # reading

    def action_page(self, pages: int) -> None:
        if not self.transcript.turn(pages) and pages > 0:
            self.choices.turn(1)

    def action_edge(self, end: int) -> None:
        self.transcript.scroll_to(y=len(self.transcript.lines) if end else 0, animate=False, immediate=True)

    def action_back(self) -> None:
        self.digits = ""
        self.foot()

    def action_why(self) -> None:
        """Why the chosen entry is locked, or what it costs."""
        if 0 <= self.choices.cursor < len(self.offers):
            self.game.show("why", "", self.offers[self.choices.cursor])

    def action_codex(self) -> None:
        """The codex, at the entry that this screen links to, if it does."""
        links = [run.target for block in self.text[self.pages[-1][1] :] for run in block.runs if run.role == "link"] if self.pages else []
        self.game.show("codex", *links[:1])

    # going back and forth

    def action_undo(self) -> None:
        done = self.game.attempt(self.campaign.undo)
        if done is not None:
            self.turned_back("Taken back. r goes forward again." if done else "This is the beginning.")

    def action_redo(self) -> None:
        done = self.game.attempt(self.campaign.redo)
        if done is not None:
            self.turned_back("Forward again." if done else "There is nothing to go forward to.")

    def turned_back(self, word: str = "") -> None:
        """The campaign stands elsewhere: show that moment, with what was read before it."""
        position = self.campaign.journal.position
        if self.pages and self.pages[-1][0] != position:
            kept = next((i for i, (record, _) in enumerate(self.pages) if record == position), None)
            if kept is None:
                self.pages, self.text = [], []
            else:
                self.text = self.text[: self.pages[kept][1]]
                self.pages = self.pages[:kept]
            self.tell(self.campaign.view, "", first=not self.text)
        if word:
            self.say(word)

    def action_mark(self) -> None:
        def take(name: str | None) -> None:
            if name:
                self.game.attempt(lambda: self.campaign.mark(name[:60]))
                self.say(f"Marked: {name[:60]}. g shows it.")

        self.app.push_screen(AskLine("Name this moment", f"{self.campaign.view.date}, {self.campaign.view.title}"), take)

    def action_export(self) -> None:
        path = self.game.attempt(lambda: self.session.export_notebook(None))
        if path is not None:
            self.say(f"The notebook is in {path}")

    def ask_stranded(self) -> None:
        """The scene in which the campaign stands is gone: the player says what to do."""
        found = self.session.stranded
        assert found is not None
        step = self.campaign.journal.step(found.back_to)

        def take(answer: str | None) -> None:
            if answer == "1":
                self.session.go_back_to_survivor()
                self.tell(self.campaign.view, "", first=True)
            else:
                self.session.close()
                self.game.title_screen()

        answers = (("1", f"go back to step {step}, the last scene still in the story"), ("2", "leave it as it is, and play it with the story it was made with (--pack)"))
        self.app.push_screen(Ask(found.lines, answers), take)
