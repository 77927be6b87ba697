"""Where a campaign is played: the text, what may be chosen, how it stands, the timeline."""

from __future__ import annotations

import time
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widget import Widget

from redmexico.language import noted, phrase, plural
from redmexico.narration import Run
from redmexico.offers import Offer
from redmexico.timeline import default_line, movers
from redmexico.ui.tui import tables, telling
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, row, said
from redmexico.ui.tui.screens.asking import Ask, AskLine
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, Ends, rule
from redmexico.ui.tui.widgets.chooser import Choices, Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.views import View

AFTER_THE_END = (
    ("notebook", noted("Read the notebook")), ("timeline", noted("Read the timeline")), ("mover", noted("Go back to the choice that moved most")),
    ("export", noted("Export the notebook")), ("code", noted("Copy the run code")), ("endings", noted("Endings found")),
    ("undo", noted("Take the last choice back")), ("title", noted("To the title")),
)
"""What can be done when all is over."""
PAST = 24
"""Notebook lines beside the text on the widest screens."""
PANES = {"transcript": noted("The text"), "timeline": noted("The timeline"), "standing": noted("How it stands"), "past": noted("The notebook")}
ALONE = {"timeline": "-only-timeline", "standing": "-only-standing", "past": "-only-past"}
"""pane → the class that shows it alone; of the text and the choices it is `-only-reading`"""
FIRST_STEPS = (
    ("choose", noted("A digit takes a choice. Space reads on.")),
    ("undo", noted("u takes a choice back; nothing is lost by it.")),
    ("marks", noted("t opens the timeline: = is as recorded, x did not come. w says why.")),
    ("codex", noted("Underlined words are in the codex: c.")),
    ("panes", noted("f shows who stands where, a the map, n what has been written.")),
)
"""What the first choices teach, one line each, once."""


class Play(Face):
    """The open campaign. What was read scrolls up; the new text begins where the eye is."""

    KEYS: ClassVar[Keys] = (
        ("1-9", noted("choose")), ("why", noted("why")), ("timeline", noted("timeline")), ("factions", noted("factions")), ("codex", noted("codex")), ("log", noted("log")), ("undo", noted("undo")), ("help", noted("help")),
        ("notebook", noted("notebook")), ("map", noted("map")), ("redo", noted("redo")), ("mark", noted("mark")), ("campaigns", noted("campaigns")), ("export", noted("export")), ("source", noted("source")),
        ("pane", noted("pane")), ("maximise", noted("alone")), ("copy", noted("copy")), ("code", noted("run code")), ("endings", noted("endings")), ("palette", noted("palette")), ("settings", noted("settings")), ("quit", noted("quit")),
    )
    HELP_TEXT = noted(
        "A digit takes a choice at once; with ten choices or more, two digits. Locked choices say what they need. "
        "Every choice is saved before you see what comes of it, and undo loses nothing: what you leave stays as a branch. "
        "Tab goes from pane to pane, m shows one alone, Esc comes back to the choices."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n), f"digit({n})", "choose", show=False) for n in range(10)),
        bind("take", "take"), bind("up", "move(-1)"), bind("down", "move(1)"), bind("page_down", "page(1)"), bind("page_up", "page(-1)"), bind("top", "edge(0)"),
        bind("bottom", "edge(1)"), bind("pane", "pane"), bind("maximise", "maximise"), bind("why", "why"), bind("source", "source"), bind("timeline", "app.show('timeline')"),
        bind("factions", "app.show('factions')"), bind("map", "app.show('map')"), bind("codex", "codex"), bind("log", "app.show('log')"),
        bind("notebook", "app.show('notebook')"), bind("endings", "app.show('endings')"), bind("undo", "undo"), bind("redo", "redo"), bind("mark", "mark"),
        bind("campaigns", "app.campaigns"), bind("export", "export"), bind("copy", "copy"), bind("code", "code"),
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
        self.pane = 0
        """which of the panes the arrows move in; 0: the choices"""
        self.since = time.monotonic()
        """when the present choices were first seen"""

    def body(self) -> list[Widget]:
        self.more = rule("more")
        self.transcript = Page("transcript", prose=True, ages=True, foot=self.more)
        self.choices = Choices("choices", self.transcript)
        self.header = Band("header")
        self.status, self.landmarks = Band("status"), Band("landmarks")
        self.past, self.timeline, self.standing = Page("past"), Page("timeline", lead=True), Page("standing")
        self.timeline_head = Page("running")
        return [
            self.header,
            rule("high"),
            Horizontal(
                self.past, Vertical(self.transcript, self.more, self.choices, id="reading"), Vertical(self.timeline_head, self.timeline, rule(), self.standing, id="beside"), id="play"
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
        self.text += telling.since(self.campaign)
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
        self.offers = tuple(Offer(id, phrase(label), True) for id, label in AFTER_THE_END) if view.kind == "ending" else view.offers
        fresh = self.pages[-1][1]
        self.since = time.monotonic()
        self.choices.offer(telling.choices(self.offers, self.app.size.width >= 100, self.session.options.previews))
        self.choices.refresh(layout=True)
        self.transcript.show(self.text, fresh)
        self.show_standing(view)
        self.first_steps(view)
        self.update_banner()

    def show_standing(self, view: View) -> None:
        """Header, status and timeline; only what this width has room for."""
        if not self.current:
            return
        self.shown_at = self.app.size.width
        self.header.say([self.heading(view)])
        rows = view.rows
        if self.app.size.width < 100:
            self.status.say(tables.status(view, self.app.size.width))
            self.landmarks.say(tables.landmarks(view, rows) or [Ends(())])
            return
        width = self.app.size.width
        self.standing.show(tables.standing(view, width >= 118 and self.session.options.bars, 18 if width >= 118 else 12))
        self.timeline_head.show([row(*tables.running_head(view, width))])
        running = tables.running(view, rows, width)
        self.timeline.show(running, next((i for i, block in enumerate(running) if block.runs), 0))
        if self.app.size.width >= 160:
            self.past.show(self.log_lines(view))
            self.past.call_after_refresh(self.past.scroll_end, animate=False)

    def log_lines(self, view: View) -> list[Block]:
        out = [said(phrase("NOTEBOOK"), "head")]
        for line in view.notebook[-PAST:]:
            out += [said(line.date, "dim"), said(line.text or phrase("(torn out)"), "", 2), BLANK]
        return out

    def heading(self, view: View) -> Ends:
        wide = self.app.size.width >= 100
        place = f" · {view.place}" if view.place else ""
        more = "".join(f" · {part}" for part in ((view.title, view.act) if wide else ()) if part not in view.place)
        lines = list(view.story.lines) if wide else [default_line(view.story, view.state)]
        off = "  ".join(phrase("{line} {percent} off", line=view.story.lines[line][0], percent=view.divergence[line]) for line in lines)
        steps = self.campaign.journal.step()
        undo = f"  {phrase('undo {n}', n=steps)}" if steps and self.campaign.mode.rewind else ""
        return Ends((Run(f" {view.date}", "strong"), Run(f"{place}{more}", "dim")), (Run(f" {off}", "dim"), Run(f"{undo} ", "dim")))

    def keys(self) -> list[tuple[str, str]]:
        """Without what the campaign's terms do not allow."""
        found = super().keys()
        if self.session.campaign is not None and not self.campaign.mode.rewind:
            return [(key, does if act not in ("undo", "redo") else phrase("no {key}", key=does)) for (key, does), (act, _) in zip(found, self.KEYS, strict=True)]
        return found

    def first_steps(self, view: View) -> None:
        """The first choices teach one thing each, once on this machine."""
        if view.step < len(FIRST_STEPS) and view.ending is None:
            id, text = FIRST_STEPS[view.step]
            self.hint(id, phrase(text))

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.pages and self.session.campaign is not None and event.size.width != self.shown_at:
            self.call_after_refresh(self.show_standing, self.campaign.view)

    # choosing

    def action_move(self, by: int) -> None:
        pane = self.panes[self.pane] if self.pane < len(self.panes) else self.choices
        if pane is self.choices:
            self.choices.move(by)
        else:
            pane.scroll_relative(y=by, animate=False, immediate=True)

    def action_digit(self, digit: int) -> None:
        """At once where one digit can only mean one choice; otherwise the digits are shown as they come."""
        if any(self.has_class(alone) for alone in ALONE.values()):
            self.action_back()
            self.say(phrase("Here are the choices again; nothing was taken."))
            return
        if not self.digits and digit and digit * 10 > len(self.offers):
            self.choose(digit - 1)
            return
        self.digits += str(digit)
        if len(self.digits) == 2:
            number, self.digits = int(self.digits), ""
            self.foot()
            self.choose(number - 1)
        else:
            self.say(f"{self.digits}_   {phrase('one more digit, or Enter; 01 to {last}, Esc forgets it', last=len(self.offers))}")

    def action_take(self) -> None:
        if any(self.has_class(alone) for alone in ALONE.values()):
            self.action_back()
        elif self.digits:
            number, self.digits = int(self.digits), ""
            self.choose(number - 1)
        else:
            self.choose(self.choices.cursor)

    def on_chooser_taken(self, message: Chooser.Taken) -> None:
        self.choose(message.item)

    def choose(self, item: int) -> None:
        """Take a choice; a locked one says why it is locked."""
        if not 0 <= item < len(self.offers):
            self.say(phrase("There is no {number} here; 1 to {last}.", number=item + 1, last=len(self.offers)))
            return
        offer = self.offers[item]
        self.choices.go(item)
        if not offer.open:
            self.say(phrase("Locked: {reason}.", reason=(offer.reason or phrase("not as things stand")).rstrip(".")))
        elif self.campaign.ended:
            self.after_the_end(offer.id)
        elif self.game.attempt(lambda: self.campaign.choose(offer.id, min(3600, int(time.monotonic() - self.since)))) is not None:
            self.session.note_found()
            self.tell(self.campaign.view, offer.label)

    def after_the_end(self, what: str) -> None:
        if what == "title":
            self.game.title_screen()
        elif what in ("timeline", "notebook", "endings"):
            self.game.show(what)
        elif what == "mover":
            self.ask_mover()
        else:
            self.call_later({"export": self.action_export, "code": self.action_code}.get(what, self.action_undo))

    def ask_mover(self) -> None:
        """Back to before one of the choices that moved history."""
        found = movers(self.campaign.story, self.campaign.state, self.campaign.receipts())[:5]
        if not found:
            self.say(phrase("Nothing was moved: it all went as it is written."))
            return
        answers = [
            (str(i), phrase("before choice {step}, {label}: {events}", step=m.cause.step, label=m.cause.label.rstrip("."), events=plural("{n} event", "{n} events", len(m.events))))
            for i, m in enumerate(found, 1)
        ]

        def take(answer: str | None) -> None:
            if answer and answer.isdigit():
                self.game.branch_at(found[int(answer) - 1].cause.step - 1, False, "")

        self.app.push_screen(Ask((phrase("Go back to which? What you have played stays as a branch."),), (*answers, ("n", phrase("stay")))), take)

    # reading

    def action_page(self, pages: int) -> None:
        pane = self.panes[self.pane] if self.pane < len(self.panes) else self.choices
        if pane not in (self.choices, self.transcript):
            pane.turn(pages)
        elif not self.transcript.turn(pages) and pages > 0:
            self.choices.turn(1)

    def action_edge(self, end: int) -> None:
        self.transcript.scroll_to(y=len(self.transcript.lines) if end else 0, animate=False, immediate=True)

    @property
    def panes(self) -> list[Page]:
        """What Tab goes through: the choices, the text, and whatever stands beside them."""
        return [self.choices, *(p for p in (self.transcript, self.timeline, self.standing, self.past) if p.region.area)]

    def action_pane(self) -> None:
        """The arrows move in the next pane."""
        panes = self.panes
        self.pane = (self.pane + 1) % len(panes)
        self.mark_pane(panes[self.pane])
        name = PANES.get(panes[self.pane].id or "", "")
        how = phrase("{pane}: arrows and Space move in it, m shows it alone, Esc comes back", pane=phrase(name))
        self.say(how if self.pane else phrase("The choices."))

    def mark_pane(self, chosen: Page | None) -> None:
        for page in (self.transcript, self.timeline, self.standing, self.past):
            page.set_class(page is chosen, "-pane")

    def action_maximise(self) -> None:
        """The pane that the arrows move in alone, or all again."""
        pane = self.panes[self.pane] if self.pane < len(self.panes) else self.choices
        wanted = ALONE.get(pane.id or "", "-only-reading")
        on = not self.has_class(wanted)
        self.remove_class(*ALONE.values(), "-only-reading")
        self.set_class(on, wanted)

    def action_back(self) -> None:
        """To the choices; nothing is left by it."""
        self.digits = ""
        self.pane = 0
        self.mark_pane(None)
        self.remove_class(*ALONE.values(), "-only-reading")
        self.foot()

    def action_source(self) -> None:
        """Where the present scene comes from."""
        scene = self.campaign.story.scenes.get(self.scene)
        self.game.show("sources", scene.facts if scene is not None else (), self.campaign.view.title)

    def action_copy(self) -> None:
        """What is to be read now, as text."""
        fresh = self.text[self.pages[-1][1] :] if self.pages else self.text
        self.copy("\n".join("".join(run.text for run in block.runs) for block in fresh).strip(), phrase("what is on the page"))

    def action_code(self) -> None:
        """The run code of this line of play: seed and choices, to be played again anywhere."""
        from redmexico.runcode import code_of

        code = self.game.attempt(lambda: code_of(self.campaign.story, self.campaign.journal))
        if code is not None:
            self.app.copy_to_clipboard(code)
            self.app.push_screen(Ask((code, phrase("It is in the clipboard, where the terminal lets us. redmexico replay CODE plays it again.")), (("y", phrase("back")),)))

    def on_page_linked(self, message: Page.Linked) -> None:
        self.game.show("codex", message.target)

    def action_why(self) -> None:
        """Why the chosen entry is locked, or what it costs."""
        if self.campaign.ended:
            self.say(phrase("The campaign has ended; the timeline says why it came so."))
        elif 0 <= self.choices.cursor < len(self.offers):
            self.game.show("why", "", self.offers[self.choices.cursor])

    def action_codex(self) -> None:
        """The codex, at the entry that this screen links to, if it does."""
        links = [run.target for block in self.text[self.pages[-1][1] :] for run in block.runs if run.role == "link"] if self.pages else []
        self.game.show("codex", *links[:1])

    # going back and forth

    def action_undo(self) -> None:
        done = self.game.attempt(self.campaign.undo)
        if done is not None:
            self.turned_back(phrase("Taken back. r goes forward again.") if done else phrase("This is the beginning."))

    def action_redo(self) -> None:
        done = self.game.attempt(self.campaign.redo)
        if done is not None:
            self.turned_back(phrase("Forward again.") if done else phrase("There is nothing to go forward to."))

    def redrawn(self) -> None:
        """The story reads otherwise now: show the present moment again."""
        if self.pages:
            self.text = self.text[: self.pages.pop()[1]]
        self.tell(self.campaign.view, "", first=not self.text)

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
            if name and self.game.done(lambda: self.campaign.mark(name[:60])):
                self.say(phrase("Marked: {name}. g shows it.", name=name[:60]))

        self.app.push_screen(AskLine(phrase("Name this moment"), f"{self.campaign.view.date}, {self.campaign.view.title}"), take)

    def action_export(self) -> None:
        def take(answer: str | None) -> None:
            format = {"1": "md", "2": "txt", "3": "html", "4": "json"}.get(answer or "")
            path = self.game.attempt(lambda: self.session.export_notebook(None, format)) if format else None
            if path is not None:
                self.say(phrase("The notebook is in {file}", file=path))

        answers = (
            ("1", phrase("Markdown")), ("2", phrase("plain text, 80 columns")), ("3", phrase("a page for a browser, with the timeline drawn")), ("4", phrase("data (JSON)")),
            ("n", phrase("leave it")),
        )
        self.app.push_screen(Ask((phrase("Write the notebook as what?"),), answers), take)

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

        answers = (
            ("1", phrase("go back to step {step}, the last scene still in the story", step=step)),
            ("2", phrase("leave it as it is, and play it with the story it was made with (--pack)")),
        )
        self.app.push_screen(Ask(found.lines, answers), take)
