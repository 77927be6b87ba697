"""The author's panel: what everything stands at and what moved it, why a scene does not come, what is still to come."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.widget import Widget

from redmexico.narration import Run
from redmexico.state import iso
from redmexico.timeline import Receipt
from redmexico.ui.tui.keys import bind
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import AskLine
from redmexico.ui.tui.screens.face import Keys, Listing
from redmexico.ui.tui.widgets.band import Band, Ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.workbench import Blocked, Workbench, shown

if TYPE_CHECKING:
    from redmexico.ui.tui.dev import Dev

TABS = ("state", "why not", "to come", "problems")
LAST = 4
"""Changes of a quality that are shown before Enter shows them all."""


class Author(Listing):
    """Four lists over the open campaign; what an author does here marks it as a test run."""

    KEYS: ClassVar[Keys] = (
        ("1-4", "list"), ("take", "all of it"), ("j", "jump"), ("s", "set"), ("d", "day"), ("u", "step back"), ("e", "edit"), ("search", "filter"), ("back", "back"),
    )
    HELP_TEXT = (
        "1 what everything stands at, the last that moved it first; 2 every scene and what keeps it from coming; 3 what is planted; 4 what is wrong. "
        "j jumps to a scene, s carries out an effect (bread = 3), d stands on a day, u takes a step back, e opens the source in $EDITOR."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        *(Binding(str(n + 1), f"tab({n})", tab, show=False) for n, tab in enumerate(TABS)), bind("take", "whole"), bind("search", "filter"),
        Binding("j", "jump", "jump", show=False), Binding("s", "set", "set", show=False), Binding("d", "day", "day", show=False),
        Binding("u", "step_back", "step back", show=False), Binding("e", "edit", "edit", show=False), Binding("tab", "next_tab", "next", show=False),
    ]  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.tab = 0
        self.only = ""
        self.whole = -1
        """the entry that is shown whole"""
        self.places: list[str] = []
        """what each entry is about: an address, a name, or a file and line"""

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
        """Everything as it stands now; the cursor stays."""
        made: Callable[[], Iterator[tuple[str, list[Block]]]] = (self.state, self.blocked, self.to_come, self.problems)[self.tab]
        blocks: list[Block] = []
        self.places = []
        for place, entry in made():
            if self.only and self.only not in "".join(run.text for block in entry for run in block.runs).lower():
                continue
            blocks += [block._replace(item=len(self.places)) for block in entry]
            self.places.append(place)
        self.list.offer(blocks or [said("nothing here", "dim")], self.list.cursor)
        self.head()

    def head(self) -> None:
        tabs = [Run(f" {i + 1} {tab} ", "strong" if i == self.tab else "dim") for i, tab in enumerate(TABS)]
        filter_ = f" only: {self.only} " if self.only else ""
        view = self.campaign.view
        self.query_one("#header", Band).say([Ends(tuple(tabs), (Run(f"{filter_}{view.address} · {iso(view.day)} · step {view.step} ", "dim"),))])

    # the lists

    def state(self) -> Iterator[tuple[str, list[Block]]]:
        """Qualities; those that moved last first."""
        rows = self.bench.stands(self.campaign)
        rows.sort(key=lambda row: -(row.history[0].step if row.history else -1))
        for i, row in enumerate(rows):
            moves = row.history if self.whole == i else row.history[:LAST]
            entry = [Block((Run(f"{row.name:24} ", "strong"), Run(row.value)), 1, 26)]
            entry += [said(self.moved(receipt), "dim", 5, 7) for receipt in moves if receipt.step or self.whole == i]
            yield row.name, entry

    @staticmethod
    def moved(receipt: Receipt) -> str:
        """One change: from what, to what, by whom, when."""
        by = f"{receipt.scene}/{receipt.choice}" if receipt.scene else "the start"
        cause = f", {receipt.change.cause}" if receipt.change.cause else ""
        return f"{shown(receipt.change.old)} → {shown(receipt.change.new)}  step {receipt.step}, {by}{cause}, {iso(receipt.day)}"

    def blocked(self) -> Iterator[tuple[str, list[Block]]]:
        """Scenes: those that could come first, then those that miss least."""
        for scene in sorted(self.bench.why_not(self.campaign), key=lambda b: (b.led, len(b.reasons), b.scene)):
            yield scene.scene, self.block(scene)

    @staticmethod
    def block(scene: Blocked) -> list[Block]:
        head = Block((Run(f"{scene.scene:28} ", "strong"), Run(scene.title), Run(f"  {scene.how}", "dim")), 1, 5)
        return [head, *(said(reason, "dim", 5, 7) for reason in scene.reasons or (("nothing leads to it now",) if scene.led else ("nothing keeps it",)))]

    def to_come(self) -> Iterator[tuple[str, list[Block]]]:
        for bill in self.bench.pending(self.campaign):
            yield bill.by, [Block((Run(f"{bill.day}  ", "strong"), Run(bill.what), Run(f"  planted by {bill.by}", "dim")), 1, 13)]

    def problems(self) -> Iterator[tuple[str, list[Block]]]:
        for finding in self.dev.findings:
            if finding.severity == "note":
                continue
            head, *rest = str(finding).split("\n")
            yield f"{finding.file}:{finding.line}", [said(head, "warn" if finding.severity == "error" else "strong", 1, 3), *(said(line, "dim", 1, 1)._replace(wide=True) for line in rest), BLANK]

    # moving about

    def action_tab(self, tab: int) -> None:
        self.tab, self.whole = tab, -1
        self.list.cursor = 0
        self.renew()

    def action_next_tab(self) -> None:
        self.action_tab((self.tab + 1) % len(TABS))

    def action_whole(self) -> None:
        self.whole = -1 if self.whole == self.list.cursor else self.list.cursor
        self.renew()

    def action_filter(self) -> None:
        self.ask("Show only what has this in it (nothing: all)", "", self.filtered)

    def filtered(self, words: str) -> None:
        self.only = words.lower()
        self.renew()

    def ask(self, question: str, given: str, then: Callable[[str], Any]) -> None:
        self.app.push_screen(AskLine(question, given), lambda answer: then(answer) if answer is not None else None)

    @property
    def here(self) -> str:
        """What the entry under the cursor is about."""
        return self.places[self.list.cursor] if 0 <= self.list.cursor < len(self.places) else ""

    # reaching in

    def action_jump(self) -> None:
        given = self.here if self.tab == 1 else self.campaign.view.address
        self.ask("Jump to which scene, or scene/room?", given, self.jump)

    def jump(self, address: str) -> None:
        if address:
            self.dev.reached_in(lambda: self.bench.jump(self.campaign, address), f"You stand in {address}. F12 goes back to play.")

    def action_set(self) -> None:
        given = f"{self.here} = " if self.tab == 0 and self.here else ""
        self.ask("Carry out which effect? (bread = 3, debts += owes_bell, reveal …)", given, self.set_to)

    def set_to(self, line: str) -> None:
        if line:
            self.dev.reached_in(lambda: self.bench.set(self.campaign, line), f"Done: {line}")

    def action_day(self) -> None:
        self.ask("Stand on which day? (1938, 1938-06, 1938-06-30)", iso(self.campaign.view.day), self.stand)

    def stand(self, date: str) -> None:
        if date:
            self.dev.reached_in(lambda: self.bench.at(self.campaign, date), f"It is {date}.")

    def action_step_back(self) -> None:
        self.dev.reached_in(self.campaign.undo, "One step back.")

    def action_edit(self) -> None:
        """The source of what is under the cursor."""
        here = self.here or self.campaign.view.address
        if self.tab == 3 and ":" in here:
            file, _, line = here.rpartition(":")
            self.open_at(file, int(line))
        elif self.tab == 0:
            self.say("A quality stands in state.yaml; scenes, choices and problems can be opened.")
        else:
            place = self.game.attempt(lambda: self.bench.place_of(here))
            if place is not None:
                self.dev.edit(*place)

    def open_at(self, file: str, line: int) -> None:
        """A finding's file, wherever its pack lies."""
        for pack in self.bench.loaded.packs if self.bench.loaded else ():
            for name, source in pack.sources.items():
                if source.file == file:
                    self.dev.edit(pack.folder / name, line)
                    return
