"""Settings: how it reads and looks, what is told beforehand, which keys do what. Kept as they are changed."""

from __future__ import annotations

from importlib import import_module
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from redmexico import paths
from redmexico.language import noted, phrase, sentence_case
from redmexico.narration import Run
from redmexico.ui.options import SETTINGS
from redmexico.ui.tui import tables
from redmexico.ui.tui.keys import ACTS, bind, keys_of, written
from redmexico.ui.tui.lines import BLANK, Block, said
from redmexico.ui.tui.screens.asking import Asking
from redmexico.ui.tui.screens.face import Face, Keys
from redmexico.ui.tui.widgets.band import Band, ends, rule
from redmexico.ui.tui.widgets.chooser import Chooser
from redmexico.ui.tui.widgets.page import Page

SAMPLE = noted("The priest sets his hat on the ledger. Múgica's envoy looks at you, not at him.")
AFTER = noted("He has been told that you are the one who writes things down.")


class Settings(Face):
    """Changed as one moves through them. Below: content that is to be softened, and own keys."""

    KEYS: ClassVar[Keys] = (("back", noted("back")), ("↑↓", noted("setting")), ("←→", noted("change")), ("take", noted("change")), ("help", noted("help")))
    HELP_TEXT = noted(
        "Each change holds at once and is kept. A campaign's mode may hide costs and what is to come, whatever is set here. "
        "Softened content: scenes have notes on what is in them; where a softer text was written, it is shown for the notes that you tick. "
        "Own keys: with 'your own' set, Enter on an action takes the next key that you press."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("up", "move(-1)"), bind("down", "move(1)"), bind("left", "change(-1)"), bind("right", "change(1)"), bind("take", "change(1)"), bind("write", "change(1)"),
        bind("top", "edge(0)"), bind("bottom", "edge(1)"), bind("list_up", "page(-1)"), Binding("pagedown", "page(1)", "page down", show=False),
    ]

    def body(self) -> list[Widget]:
        self.list = Chooser("list")
        return [Band("header", [ends(f" {phrase('SETTINGS')}", f"{phrase('kept as you change them')} ", "strong")]), rule(), self.list, rule(), Page("detail", prose=True)]

    def on_mount(self) -> None:
        super().on_mount()
        self.notes = self.session.story.flags
        self.fill()

    def fill(self) -> None:
        """All settings, the present value of each in brackets."""
        options = self.session.options
        blocks: list[Block] = []
        self.items: list[tuple[str, str]] = []
        group = ""
        for setting in SETTINGS:
            if setting.group != group:
                group = setting.group
                blocks.append(said(phrase(group).upper(), "dim", 1))
            now = getattr(options, setting.name)
            chosen = [value == now for value, _ in setting.values]
            values = [Run(f"[{word}] " if here else f" {word}  ", "strong" if here else "dim") for here, word in zip(chosen, setting.words, strict=True)]
            blocks.append(Block((Run(f"   {setting.called:<19}", "dim"), *values), 0, 22, len(self.items), wide=True))
            self.items.append(("setting", setting.name))
        if options.keymap == "own":
            blocks += self.own_keys()
        if self.notes:
            blocks.append(said(phrase("SOFTEN WHERE THE STORY TELLS OF"), "dim", 1))
        for note, words in self.notes.items():
            mark = "[x]" if note in options.soften else "[ ]"
            blocks.append(Block((Run(f"   {mark} "), Run(words)), 0, 7, len(self.items)))
            self.items.append(("soften", note))
        self.list.offer(blocks, max(0, self.list.cursor))
        self.list.terse = False
        self.tell()

    def own_keys(self) -> list[Block]:
        """Each action that has keys, and what they are."""
        out = []
        for act, known in ACTS.items():
            keys = " ".join(written(key) for key in keys_of(act, self.session.options))
            out.append(Block((Run(f"     {phrase(known.does):<24}", "dim"), Run(keys, "strong")), 0, 29, len(self.items)))
            self.items.append(("key", act))
        return out

    def tell(self) -> None:
        """What the setting means, how it looks, where things are kept."""
        kind, name = self.items[max(0, self.list.cursor)]
        about = next((s.about for s in SETTINGS if kind == "setting" and s.name == name), "")
        about = about or (noted("the softer text is shown, where one was written; what you choose stays the same") if kind == "soften" else noted("Enter, then the key"))
        kept = self.session.options.path or phrase("not kept")
        folders = "   ".join((
            phrase("Campaigns: {folder}", folder=self.session.folder), phrase("Settings: {file}", file=kept), phrase("Stories as they are read: {folder}", folder=paths.cache())
        ))
        self.query_one("#detail", Page).show([
            said(sentence_case(phrase(about)) + ".", "dim", 1), BLANK, Block((Run(phrase(SAMPLE)),), 1, 1, prose=True), BLANK,
            Block((Run(phrase(AFTER)),), 1, 1, prose=True), BLANK,
            said(tables.legend(), "dim", 1), said(folders, "dim", 1),
        ])

    def on_chooser_moved(self, _: Chooser.Moved) -> None:
        self.tell()

    def action_move(self, by: int) -> None:
        self.list.move(by)

    def action_page(self, by: int) -> None:
        self.list.move_page(by)

    def action_edge(self, end: int) -> None:
        self.list.go(len(self.items) - 1 if end else 0)

    def on_chooser_taken(self, _: Chooser.Taken) -> None:
        self.action_change(1)

    def action_change(self, by: int) -> None:
        """The next value of the setting under the cursor; it holds at once."""
        options = self.session.options
        kind, name = self.items[max(0, self.list.cursor)]
        if kind == "key":
            self.ask_key(name)
            return
        if kind == "soften":
            options.soften ^= {name}
            failed = options.keep()
        else:
            failed = options.step(name, by)
        self.game.restyle()
        self.fill()
        if failed:
            self.say(phrase("This could not be kept: {problem}.", problem=failed))

    def ask_key(self, act: str) -> None:
        def take(key: str | None) -> None:
            if not key:
                return
            if key.isdigit():
                self.say(phrase("Digits take choices; give it another key."))
                return
            clash = next((other for other in beside(act) if key in keys_of(other, self.session.options)), "")
            if clash:
                self.say(phrase("{key} is for '{action}' on the same screen; give that another key first.", key=written(key), action=phrase(ACTS[clash].does)))
                return
            self.session.options.own[act] = key
            failed = self.session.options.keep()
            self.game.restyle()
            self.fill()
            self.say(phrase("This could not be kept: {problem}.", problem=failed) if failed else f"{written(key)}: {phrase(ACTS[act].does)}")

        self.app.push_screen(AskKey(phrase("Which key for '{action}'?", action=phrase(ACTS[act].does))), take)


def beside(act: str) -> set[str]:
    """The other actions of all screens that have this one; a key may mean one thing on a screen."""
    from redmexico.ui.tui.app import SHOWN

    places = {**SHOWN, "play": ("play", "Play"), "title": ("title", "Title")}
    everywhere = {str(b.id) for b in Face.BINDINGS if isinstance(b, Binding)}
    out: set[str] = set()
    for module, kind in places.values():
        screen = getattr(import_module(f"redmexico.ui.tui.screens.{module}"), kind)
        kinds = [kind for kind in screen.__mro__ if issubclass(kind, Face)]
        here = everywhere | {str(b.id) for kind in kinds for b in kind.BINDINGS if isinstance(b, Binding)}
        if act in here:
            out |= here
    return (out & set(ACTS)) - {act}


class AskKey(Asking):
    """The next key that is pressed; Esc leaves it as it is."""

    AUTO_FOCUS = None

    def __init__(self, question: str) -> None:
        super().__init__()
        self.question = question

    def compose(self) -> ComposeResult:
        with Vertical(id="asked"):
            yield Page("question")

    def on_mount(self) -> None:
        self.query_one("#question", Page).show([said(self.question, "strong"), said(phrase("Press it. Esc leaves it as it is."), "dim")])

    def on_key(self, event: events.Key) -> None:
        event.stop()
        self.dismiss("" if event.key == "escape" else event.key)
