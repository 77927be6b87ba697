"""The author's panel: what everything stands at and what moved it, why a scene does not come, what is still to come."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.suggester import SuggestFromList
from textual.widget import Widget
from textual.widgets import Input

from redmexico.findings import Finding, escaped
from redmexico.narration import Run
from redmexico.state import iso
from redmexico.timeline import Receipt
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Keys, Listing
from redmexico.ui.tui.widgets.band import Band, Ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page
from redmexico.workbench import AUTHOR, Blocked, Workbench, is_test, shown

if TYPE_CHECKING:
    from redmexico.ui.tui.dev import Dev

STATE, WHY_NOT, TO_COME, PROBLEMS = range(4)
TABS = ("state", "why not", "to come", "problems")
LAST = 3
"""Changes of a quality that are shown before Enter shows them all."""
GUTTER = 8
"""Columns of the line's number beside an excerpt."""

Entry = tuple[str, list[Block]]
"""What an entry is about, and how it is shown."""


class AskNamed(AskLine):
    """A question answered by a line that begins with a known name; the right arrow takes what is proposed."""

    def __init__(self, question: str, given: str, names: Sequence[str]) -> None:
        super().__init__(question, given)
        self.names = names

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Page("question")
            yield Input(self.given, max_length=200, suggester=SuggestFromList(self.names, case_sensitive=False))


class Author(Listing):
    """Four lists over the open campaign; what an author does here marks it as a test run."""

    KEYS: ClassVar[Keys] = (
        ("F12", "play"), ("1-4", "list"), ("j", "jump"), ("s", "set"), ("d", "day"), ("u", "step back"), ("e", "edit"), ("search", "filter"),
        ("take", "more"), ("n", "notes"), ("back", "back"), ("help", "help"),
    )  # fmt: skip
    HELP_TEXT = (
        "1 what everything stands at, the last that moved first, Enter shows all that moved it; 2 every scene and what keeps it from coming; "
        "3 what is planted and has not fallen due; 4 what is wrong with the story, n shows remarks too. "
        "j jumps to a scene or a room, s carries out an effect (bread = 3, debts += owes_bell, reveal the_notebook), d stands on a day, "
        "u takes back a choice or what you did here, e opens the source in $EDITOR, / shows only what has a word in it, Esc shows all again."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n + 1), f"tab({n})", tab, show=False) for n, tab in enumerate(TABS)), bind("take", "take"), bind("search", "filter"),
        Binding("j", "jump", "jump", show=False), Binding("s", "set", "set", show=False), Binding("d", "day", "day", show=False),
        Binding("u", "step_back", "step back", show=False), Binding("e", "edit", "edit", show=False), Binding("n", "notes", "notes", show=False),
        Binding("tab", "next_tab(1)", "next", show=False), Binding("shift+tab", "next_tab(-1)", "last", show=False),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.tab = STATE
        self.only = ""
        self.whole = ""
        """the quality whose changes are all shown"""
        self.notes = False
        self.places: list[str] = []
        """what each entry is about: an address, a name, or a file and line"""
        self.kept: dict[int, str] = {}
        """where the cursor stood in each list"""

    @property
    def dev(self) -> Dev:
        return cast("Dev", self.app)

    @property
    def bench(self) -> Workbench:
        return self.dev.bench

    def body(self) -> list[Widget]:
        self.list = Chooser("page")
        return [Band("header"), rule(), self.list]

    def on_mount(self) -> None:
        super().on_mount()
        self.renew()

    def renew(self) -> None:
        """Everything as it stands now; the cursor stays on what it was on."""
        if self.here:
            self.kept[self.tab] = self.here
        made: Callable[[], Iterator[Entry]] = (self.state, self.blocked, self.to_come, self.problems)[self.tab]
        blocks: list[Block] = []
        self.places = []
        for place, entry in made():
            if self.only and self.only not in "".join(run.text for block in entry for run in block.runs).lower():
                continue
            blocks += [block._replace(item=len(self.places)) for block in entry]
            self.places.append(place)
        kept = self.kept.get(self.tab, "")
        nothing = f"Nothing has '{self.only}' in it; Esc shows all again." if self.only else NOTHING[self.tab]
        self.list.offer(blocks or [said(nothing, "dim", 2)], self.places.index(kept) if kept in self.places else 0)
        self.head()

    def head(self) -> None:
        view, wide = self.campaign.view, self.app.size.width >= 60
        gap = " " if wide else ""
        faults = len(self.faults)
        names = (*TABS[:PROBLEMS], f"{TABS[PROBLEMS]}: {faults}" if faults else TABS[PROBLEMS])
        tabs = [Run(f"{gap}{i + 1} {tab} ", "strong" if i == self.tab else "warn" if i == PROBLEMS and faults else "dim") for i, tab in enumerate(names)]
        mark = (Run("TEST RUN ", "warn"),) if is_test(self.campaign) else ()
        only = (Run(f"only '{self.only}' ", "strong"),) if self.only else ()
        where = f"{view.address or view.kind} · {iso(view.day)}" + (f" · step {view.step} " if self.app.size.width >= 90 else " ")
        self.query_one("#header", Band).say([Ends((*tabs,), (*only, *mark, *((Run(where, "dim"),) if wide else ())))])

    def on_resize(self, event: Any) -> None:
        super().on_resize(event)
        if self.current and self.is_mounted:
            self.call_after_refresh(self.renew)

    # the lists

    def state(self) -> Iterator[Entry]:
        """Qualities; those that moved last first."""
        for row in sorted(self.bench.stands(self.campaign), key=lambda row: -row.last):
            whole = self.whole == row.name
            moves = [r for r in row.history if whole or r.step or r.change.cause == AUTHOR]
            entry = [Block((Run(f"{row.name:24} ", "strong"), Run(row.value)), 1, 26)]
            entry += [detail(self.moved(receipt)) for receipt in (moves if whole else moves[:LAST])]
            if len(moves) > LAST and not whole:
                entry.append(detail(f"and {len(moves) - LAST} more: Enter"))
            elif whole and not moves:
                entry.append(detail("nothing has moved it" if row.history else "made of others: it has no history of its own"))
            yield row.name, entry

    @staticmethod
    def moved(receipt: Receipt) -> str:
        """One change: from what, to what, by whom, when."""
        by = f"{receipt.scene}/{receipt.choice}" if receipt.scene else "the start" if receipt.change.cause != AUTHOR else "you"
        cause = f", {receipt.change.cause}" if receipt.change.cause not in ("", AUTHOR) else ""
        before = "" if receipt.change.old is None else f"{shown(receipt.change.old)} → "
        return f"{before}{shown(receipt.change.new)}  step {receipt.step}, {by}{cause}, {iso(receipt.day)}"

    def blocked(self) -> Iterator[Entry]:
        """Scenes: those that could come first, then those that miss least, the soonest first."""
        cards = self.campaign.story.cards
        for scene in sorted(self.bench.why_not(self.campaign), key=lambda b: (b.led, len(b.reasons), cards[b.scene].window.first, b.scene)):
            yield scene.scene, self.block(scene)

    @staticmethod
    def block(scene: Blocked) -> list[Block]:
        head = Block((Run(f"{scene.scene:28} ", "strong"), Run(scene.title), Run(f"  {scene.how}", "dim")), 1, 5)
        nothing = "nothing keeps it; something has to lead to it" if scene.led else "nothing keeps it"
        return [head, *(detail(reason) for reason in scene.reasons or (nothing,))]

    def to_come(self) -> Iterator[Entry]:
        for bill in self.bench.pending(self.campaign):
            yield bill.by, [Block((Run(f"{bill.day}  ", "strong"), Run(bill.what), Run(f"  planted by {bill.by}", "dim")), 1, 13)]

    def problems(self) -> Iterator[Entry]:
        if self.dev.refusal:
            yield "", [*(said(line, "warn", 1, 3) for line in pointed(self.dev.refusal, self.app.size.width - 4)), BLANK]
        for finding in self.dev.findings if self.notes else self.faults:
            head, *rest = pointed(finding, self.app.size.width - 4)
            role = {"error": "warn", "warning": "strong"}.get(finding.severity, "")
            yield f"{finding.file}:{finding.line}:{finding.column}:{finding.code}", [
                said(head, role, 1, 3), *(said(line, "dim", 1, 3, detail=True)._replace(wide=True) for line in rest), BLANK,
            ]  # fmt: skip

    @property
    def faults(self) -> list[Finding]:
        """What is wrong, remarks left out; errors first."""
        found = [finding for finding in self.dev.findings if finding.severity != "note"]
        return sorted(found, key=lambda finding: finding.severity != "error")

    # moving about

    def action_tab(self, tab: int) -> None:
        if self.here:
            self.kept[self.tab] = self.here
        self.tab, self.places = tab, []
        self.renew()

    def action_next_tab(self, by: int) -> None:
        self.action_tab((self.tab + by) % len(TABS))

    def action_take(self) -> None:
        """More of what is under the cursor: its whole history, the way there, its source."""
        if self.tab == STATE:
            self.whole = "" if self.whole == self.here else self.here
            self.renew()
        elif self.tab == WHY_NOT:
            self.action_jump()
        else:
            self.action_edit()

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_take()

    def action_notes(self) -> None:
        self.notes = not self.notes
        self.action_tab(PROBLEMS)
        self.say("With remarks; n leaves them out." if self.notes else "Errors and warnings; n shows remarks too.")

    def action_filter(self) -> None:
        self.ask("Show only what has this in it", self.only, self.filtered)

    def filtered(self, words: str) -> None:
        self.only = words.lower()
        self.renew()

    def action_back(self) -> None:
        if self.only:
            self.filtered("")
        else:
            super().action_back()

    def ask(self, question: str, given: str, then: Callable[[str], Any], names: Sequence[str] = ()) -> None:
        """Ask for a line; no answer changes nothing."""
        self.app.push_screen(AskNamed(question, given, names), lambda answer: then(answer) if answer else None)

    @property
    def here(self) -> str:
        """What the entry under the cursor is about."""
        return self.places[self.list.cursor] if 0 <= self.list.cursor < len(self.places) else ""

    # reaching in

    def action_jump(self) -> None:
        given = self.here if self.tab == WHY_NOT else self.campaign.view.address
        self.ask("Jump to which scene, or scene/room? → completes it", given, self.jump, self.bench.addresses())

    def jump(self, address: str) -> None:
        """Jump, and see it in play."""
        campaign, bench = self.campaign, self.bench

        def standing() -> str:
            return f"You stand in {campaign.view.address}. {bench.out_of_time(campaign)}".rstrip()

        self.dev.reached_in(lambda: bench.jump(campaign, address), standing, leave=True)

    def action_set(self) -> None:
        given = f"{self.here} = " if self.tab == STATE and self.here else ""
        self.ask("Carry out which effect? bread = 3, debts += owes_bell, reveal …", given, self.set_to, self.bench.effects())

    def set_to(self, line: str) -> None:
        self.dev.reached_in(lambda: self.bench.set(self.campaign, line), lambda: f"Done: {line}")

    def action_day(self) -> None:
        self.ask("Stand on which day? 1938, 1938-06, 1938-06-30", iso(self.campaign.view.day), self.stand)

    def stand(self, date: str) -> None:
        self.dev.reached_in(lambda: self.bench.at(self.campaign, date), lambda: f"It is {iso(self.campaign.view.day)}.")

    def action_step_back(self) -> None:
        if self.game.attempt(lambda: self.bench.step_back(self.campaign)) is False:
            self.say("This is the beginning.")
        else:
            self.dev.reached_in(lambda: None, lambda: "One step back.")

    def action_edit(self) -> None:
        """The source of what is under the cursor."""
        here = self.here or self.campaign.view.address
        if self.tab == PROBLEMS:
            file, line = here.split(":")[:2] if ":" in here else ("", "1")
            place = self.game.attempt(lambda: (self.bench.path_of(file), int(line)))
        elif self.tab == STATE:
            place = self.game.attempt(lambda: self.bench.place_of_quality(here))
        else:
            place = self.game.attempt(lambda: self.bench.place_of(here))
        if place is not None:
            self.dev.edit(*place)


NOTHING = ("no qualities", "no scenes", "nothing is planted", "nothing is wrong, as far as it was looked at")


def detail(text: str) -> Block:
    """A line below an entry's first."""
    return said(text, "dim", 5, 7, detail=True)


def pointed(what: Finding | str, width: int, rows: int = 100) -> list[str]:
    """What is wrong, in so many columns and rows: place and reason, the line around the fault, the remedy.

    Where there is little room the place is cut before the reason, and the remedy before both.

    >>> for line in pointed(Finding("s.yaml", 4, 9, "RM201", "no quality named 'bred'", "did you mean 'bread'?", length=4, excerpt="  if: x + bred"), 60):
    ...     print(line)
    s.yaml:4:9: RM201: no quality named 'bred'
        4 |   if: x + bred
          |         ^^^^ did you mean 'bread'?
    """
    width = max(20, width)
    if isinstance(what, str):
        return shortened(textwrap.wrap(escaped(what, 400), width), rows)
    said = f"{what.code}: {escaped(what.message, 300)}"
    line, hint = [], escaped(what.hint, 300)
    if what.excerpt:
        shown, at, length = around(what, width - GUTTER)
        line = [f"{what.line:5} | {shown}", f"      | {' ' * at}{'^' * length}"]
        if len(line[1]) + 1 + len(hint) <= width:
            line[1], hint = f"{line[1]} {hint}".rstrip(), ""
    places = (f"{what.file}:{what.line}:{what.column}", f"{what.file.rpartition('/')[2]}:{what.line}", f"{what.line}")
    heads = [textwrap.wrap(f"{place}: {said}", width, subsequent_indent="  ") for place in places]
    room = max(1, rows - len(line))
    head = next((head for head in heads if len(head) <= room), shortened(heads[-1], room))
    return [*head, *line, *textwrap.wrap(hint, width, initial_indent="  ", subsequent_indent="  ")][:rows]


def shortened(lines: list[str], rows: int) -> list[str]:
    """The first lines, with a sign where others are left out."""
    return lines if len(lines) <= rows else [*lines[: rows - 1], f"{lines[rows - 1][:-1]}…"]


def around(finding: Finding, room: int) -> tuple[str, int, int]:
    """The part of a finding's line around its fault, the column in it, and the length of what is marked there."""
    before = escaped(finding.excerpt[: finding.column - 1], 10_000)
    marked = finding.excerpt[finding.column - 1 : finding.column - 1 + max(1, finding.length)]
    length = max(1, min(len(escaped(marked, 10_000)), room - 2))
    whole = before + escaped(finding.excerpt[finding.column - 1 :], 10_000)
    start = 0 if len(whole) <= room else max(0, min(len(before) - max(0, room - length) // 2, len(whole) - room))
    part = whole[start : start + room]
    if start:
        part = "…" + part[1:]
    if start + room < len(whole):
        part = part[:-1] + "…"
    return part, len(before) - start, max(1, min(length, room - (len(before) - start)))
