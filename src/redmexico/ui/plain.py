"""The plain face: one pass of lines, no escape byte, the same through a pipe as on a screen.

It says everything the other face says, each thing once, in words.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import FrameType
from typing import BinaryIO, TextIO

from redmexico import timeline
from redmexico.errors import CampaignFault, RedMexicoError
from redmexico.narration import Paragraph
from redmexico.offers import Offer
from redmexico.suggest import did_you_mean
from redmexico.timeline import WORDS, Row, day_words
from redmexico.turns import Told
from redmexico.ui.lettering import ascii_of
from redmexico.ui.session import Session
from redmexico.views import Gauge, View

WIDTH = 76
_SIGNALS = {"SIGTERM": 143, "SIGHUP": 129, "SIGINT": 130}


class Ended(Exception):
    """The player is leaving; `status` is the program's."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class Plain:
    """A session told line by line: reads a line, answers, and waits for the next."""

    def __init__(self, session: Session, source: BinaryIO, out: TextIO) -> None:
        self.session = session
        self.source = source
        self.out = out
        self.ascii = session.options.charset == "ascii"
        self.commands: dict[str, tuple[Callable[[str], None], str]] = {
            "status": (self.status, "how it stands"),
            "timeline": (self.timeline, "the recorded lines and yours"),
            "why": (self.why, "why N: a lock or a cost; why EVENT: what brought it about"),
            "factions": (self.factions, "who is there and in what temper"),
            "codex": (self.codex, "codex WORD: look something up"),
            "notebook": (self.notebook, "what has been written"),
            "log": (self.log, "everything read so far"),
            "undo": (self.undo, "take the last choice back"),
            "redo": (self.redo, "forward again"),
            "rewind": (self.rewind, "rewind N: back to the state after choice N"),
            "branches": (self.branches, "the lines of play that were left, and marks"),
            "save": (self.mark, "save NAME: name this moment (every choice is saved anyway)"),
            "rename": (self.rename, "rename TITLE"),
            "copy": (self.copy, "copy TITLE: this campaign under another name"),
            "export": (self.export, "the notebook as a Markdown file"),
            "campaigns": (self.campaigns, "the folder of campaigns"),
            "load": (self.load, "load NAME"),
            "new": (self.begin, "new TITLE: begin a campaign"),
            "look": (self.look, "read this again"),
            "help": (self.help, "these words"),
            "quit": (self.quit, "leave; everything is saved"),
        }

    # writing

    def say(self, text: str = "", indent: str = "") -> None:
        """A line or a paragraph, wrapped; kept line breaks stay."""
        for line in text.split("\n"):
            shown = ascii_of(line) if self.ascii else line
            wrapped = textwrap.wrap(
                shown,
                WIDTH,
                initial_indent=indent,
                subsequent_indent=indent,
                break_long_words=False,
                break_on_hyphens=False,
            )
            self.out.write("\n".join(wrapped or [""]) + "\n")

    def paragraphs(self, paragraphs: Iterable[Paragraph], indent: str = "") -> None:
        for paragraph in paragraphs:
            self.say("".join(run.text for run in paragraph), indent)
            self.out.write("\n")

    # the whole

    def play(self) -> int:
        """Until the player leaves or the input ends."""
        try:
            self.welcome()
            while True:
                self.answer(self.read())
        except Ended as end:
            return end.status

    def read(self) -> str:
        """One line of the player's; the end of input is a way to leave."""
        self.out.write("> ")
        self.out.flush()
        raw = self.source.readline(4096)
        if not raw:
            self.out.write("\n")
            raise Ended(0)
        return raw.decode("utf-8", "replace").strip()

    def answer(self, line: str) -> None:
        """Do what a line says."""
        line = "".join(c for c in line if c.isprintable())
        if not line:
            return
        if line.isdigit():
            self.choose(int(line))
            return
        word, _, rest = line.partition(" ")
        found = self.commands.get(word.lower()) or next(
            (c for name, c in self.commands.items() if len(word) > 1 and name.startswith(word.lower())), None
        )
        if found is None:
            self.say(
                f"'{word[:40]}' is no command. {did_you_mean(word.lower(), self.commands) or 'Type a number, or help.'}"
            )
            return
        try:
            found[0](rest.strip())
        except RedMexicoError as error:
            self.say(str(error))

    def welcome(self) -> None:
        if self.session.campaign is None:
            latest = self.session.latest()
            if latest is None:
                self.session.new()
            else:
                for line in self.session.open(latest):
                    self.say(line)
        self.say(
            f"{self.session.story.title}. Campaign: {self.campaign.journal.title}, seed {self.campaign.journal.head['seed']}."
        )
        self.say(f"Saved after every choice in {self.session.folder}. Type help for the commands.")
        self.say()
        self.look("")

    @property
    def campaign(self):  # type: ignore[no-untyped-def]  # the one being played; never None once play began
        assert self.session.campaign is not None
        return self.session.campaign

    @property
    def view(self) -> View:
        found: View = self.campaign.view
        return found

    # telling

    def look(self, _: str) -> None:
        """Where one is: what was told last, the text, the voices, the choices."""
        if self.session.stranded is not None:
            self.stranded()
            return
        view = self.view
        self.told(self.campaign.told)
        self.say(self.heading(view))
        self.say()
        self.paragraphs(view.narration)
        for voice in view.voices:
            self.say(f"{voice.name}: " + " ".join("".join(run.text for run in p) for p in voice.paragraphs), "  ")
        if view.voices:
            self.say()
        if view.kind == "ending":
            self.ending(view)
        else:
            self.choices(view)

    def heading(self, view: View) -> str:
        where = f", {view.place}" if view.place else ""
        turn = f" Turn {view.turn}." if view.turn else ""
        return f"{view.date}{where}. {view.title}.{turn}"

    def told(self, told: Iterable[Told]) -> None:
        for item in told:
            if item.kind == "event":
                self.say(f"New: {day_words(item.day)}, {item.title}: {WORDS.get(item.verdict, item.verdict)}.")
                for paragraph in item.paragraphs:
                    self.say("Recorded: " + "".join(run.text for run in paragraph))
                self.say()
            elif item.kind == "award":
                self.say(f"Remembered: {item.title}.")
                self.say()
            elif item.kind == "withdrawn":
                name = self.session.story.cast[item.title].name if item.title in self.session.story.cast else item.title
                self.say(
                    f"Withdrawn: {self.session.story.cards[item.address].title}. {name}: "
                    + " ".join("".join(r.text for r in p) for p in item.paragraphs)
                )
                self.say()
            else:
                self.paragraphs(item.paragraphs)

    def choices(self, view: View) -> None:
        self.say("Choices:")
        for i, offer in enumerate(view.offers, 1):
            if offer.open:
                self.say(f"{i}. {offer.label}{_ended(offer.label)}{self.costs(offer)}")
        for i, offer in enumerate(view.offers, 1):
            if not offer.open:
                self.say(f"Locked: {i}. {offer.label}{_ended(offer.label)} {_sentence(offer.reason)}")
        self.say()

    def costs(self, offer: Offer) -> str:
        """What a choice moves and who objects, in words."""
        parts = []
        if offer.hint:
            parts.append(_sentence(offer.hint))
        if offer.preview:
            parts.append("; ".join(f"{m.label} {'up' if m.amount > 0 else 'down'}" for m in offer.preview) + ".")
        if offer.objection:
            parts.append(_sentence(offer.objection))
        return "".join(f" {part}" for part in parts)

    def ending(self, view: View) -> None:
        """The epilogue: slides with what earned them, what moved history, how far it all went."""
        assert view.ending is not None
        for slide in view.slides:
            self.paragraphs(slide.paragraphs)
            for scene, label, day in slide.earned:
                self.say(f"Earned: {day_words(day)}, {scene}: {label}{_ended(label)}", "  ")
            if slide.earned:
                self.say()
        self.say("What moved history:")
        for row in view.rows:
            if row.verdict not in ("kept", "open"):
                self.say(
                    f"{row.mark} {timeline.short_date(row.first, row.last).strip()}, {row.yours or row.title}: {row.word}.",
                    "  ",
                )
        self.divergence(view)
        for award in view.awards:
            self.say(f"Remembered: {award}.")
        self.say(
            f"{view.step} choices. This is the end of this campaign: undo, rewind N, export, new, campaigns or quit."
        )

    def divergence(self, view: View) -> None:
        for line, percent in view.divergence.items():
            self.say(f"Away from {view.story.lines[line][0]}: {percent} of 100.")
        if view.unwritten:
            self.say(f"Only in yours: {view.unwritten}.")

    def stranded(self) -> None:
        found = self.session.stranded
        assert found is not None
        for line in found.lines:
            self.say(line)
        step = self.campaign.journal.step(found.back_to)
        self.say(f"1. Go back to step {step}, the last scene that is still in the story.")
        self.say("Or: quit, and play with the story this campaign was made with (--pack).")

    # commands

    def choose(self, number: int) -> None:
        if self.session.stranded is not None:
            if number == 1:
                self.session.go_back_to_survivor()
            self.look("")
            return
        offers = self.view.offers
        if not 1 <= number <= len(offers):
            self.say(
                f"There is no {number} here. {'Type 1' if len(offers) == 1 else f'1 to {len(offers)}'}, or help."
                if offers
                else "This campaign has ended: undo, export, new or quit."
            )
            return
        offer = offers[number - 1]
        if not offer.open:
            self.say(f"Locked: {_sentence(offer.reason)}")
            return
        try:
            self.campaign.choose(offer.id)
        except RedMexicoError as error:
            self.say(str(error))
            return
        self.warn()
        self.say()
        self.look("")

    def warn(self) -> None:
        """While saving fails, say so at every choice."""
        if self.session.failing:
            self.say(f"NOT SAVED: {self.session.failing}. You can go on; it is tried again at every choice.")
        notice = self.session.notice
        if notice:
            self.say(notice)

    def status(self, _: str) -> None:
        view = self.view
        self.say(f"{self.heading(view)} Act: {view.act}. {view.goal}")
        for gauge in (*view.status, *view.tense):
            self.say(_gauge(gauge), "  ")
        self.divergence(view)

    def factions(self, _: str) -> None:
        for temper, strength in self.view.factions:
            self.say(f"{temper.label}: {temper.word}, temper {temper.value:+d}, strength {strength.value}.")

    def timeline(self, rest: str) -> None:
        view = self.view
        for row in view.rows:
            if rest and rest.lower() not in f"{row.title} {row.first} {row.event} {row.word}".lower():
                continue
            self.say(self.row(view, row))
        self.divergence(view)
        self.say(
            "Signs: = kept, < early, > late, ~ altered, x averted, + only in yours, ? open. why EVENT tells the causes."
        )

    def row(self, view: View, row: Row) -> str:
        records = "; ".join(
            f"{view.story.lines[line][0]}: {record.rstrip('.')}" for line, record in row.records.items()
        )
        came = (
            f" ({day_words(row.when)}{', ' + row.yours if row.yours and row.yours != row.title else ''})"
            if row.when
            else ""
        )
        return f"{timeline.short_date(row.first, row.last).strip()} {row.mark} {row.title} [{row.event}]: {row.word}{came}. {records}"

    def why(self, rest: str) -> None:
        if rest.isdigit():
            offers = self.view.offers
            if not 1 <= int(rest) <= len(offers):
                self.say(f"There is no {rest} here.")
                return
            offer = offers[int(rest) - 1]
            self.say(
                f"{offer.label}{_ended(offer.label)} {_sentence(offer.reason) if not offer.open else (self.costs(offer).strip() or 'It costs nothing that can be counted.')}"
            )
            return
        event = rest.lower().replace(" ", "_")
        if event in self.session.story.qualities:
            self.why_quality(event)
            return
        if event not in self.session.story.events:
            self.say(
                f"No choice and no event is called '{rest[:40]}'. {did_you_mean(event, self.session.story.events)}"
            )
            return
        self.why_event(event)

    def why_event(self, id: str) -> None:
        found = self.campaign.why(id)
        title = self.session.story.events[id].title
        if not found.decided:
            self.say(f"{title}: still open. Its causes are told when it is decided.")
            return
        self.say(f"{title}: {day_words(found.day)}, at choice {found.step}.")
        for pull in found.pulls:
            self.say(pull, "  ")
        for cause in found.behind:
            self.say(
                f"{day_words(cause.day)}, choice {cause.step}: {cause.label}{_ended(cause.label)} {cause.moved}", "  "
            )
        if not found.pulls and not found.behind:
            self.say(
                "Nothing of yours was in reach of it."
                if self.session.story.events[id].external
                else "Nothing you did bore on it.",
                "  ",
            )
        if found.turning:
            self.say(
                "Without these it would have come as recorded: "
                + ", ".join(f"choice {c.step}" for c in found.turning)
                + ".",
                "  ",
            )

    def why_quality(self, name: str) -> None:
        for receipt in self.campaign.moved(name)[-8:]:
            label = timeline.label_of(self.session.story, f"{receipt.scene}/{receipt.choice}")
            self.say(
                f"{day_words(receipt.day)}, choice {receipt.step}: {timeline.moved_words(self.session.story, receipt.change)} ({label})"
            )

    def codex(self, rest: str) -> None:
        story = self.session.story
        known = self.view.codex
        if not rest:
            self.say("; ".join(entry.title for entry in known.values()) + ".")
            self.say(f"{len(known)} of {len(story.codex)} entries met so far.")
            return
        wanted = rest.lower().replace(" ", "_")
        found = known.get(wanted) or next((e for e in known.values() if rest.lower() in e.title.lower()), None)
        if found is None:
            self.say(f"Nothing met so far under '{rest[:40]}'. {did_you_mean(wanted, known)}")
            return
        self.say(f"{found.title} ({found.label}).")
        self.paragraphs(found.text.read(self.view.state, self.view._play.w))
        if found.event in story.events:
            row = next((row for row in self.view.rows if row.event == found.event), None)
            if row is not None:
                self.say(self.row(self.view, row))

    def notebook(self, _: str) -> None:
        for line in self.view.notebook:
            self.say(f"{line.day}: {line.text or '(torn out)'}")

    def log(self, _: str) -> None:
        for step, before, label, told in self.campaign.transcript():
            if step:
                self.say(self.heading(before))
                self.paragraphs(before.narration)
                self.say(f"Choice {step}: {label}")
                self.say()
            self.told(told)

    def undo(self, _: str) -> None:
        self.say("Taken back." if self.campaign.undo() else "This is the beginning.")
        self.look("")

    def redo(self, _: str) -> None:
        self.say("Forward again." if self.campaign.redo() else "There is nothing to go forward to.")
        self.look("")

    def rewind(self, rest: str) -> None:
        if not rest.isdigit():
            self.say(f"rewind N, from 0 to {self.campaign.journal.step()}.")
            return
        self.campaign.rewind(self.campaign.step_record(int(rest)))
        self.say(f"Back after choice {rest}. What you had played stays as a branch.")
        self.look("")

    def branches(self, _: str) -> None:
        journal = self.campaign.journal
        for branch in journal.branches():
            date = journal.state_at(branch.tip).get("!date", 0)
            here = " (here)" if branch.tip == journal.position else ""
            self.say(f"Record {branch.tip}: choice {branch.step}, {day_words(int(date))}{here}.")
        for mark in journal.marks:
            self.say(f"Mark '{mark.name}': choice {mark.step}.")

    def mark(self, rest: str) -> None:
        self.campaign.mark(rest[:40] or f"choice {self.campaign.journal.step()}")
        self.say("Marked. Every choice is saved as it is made.")

    def rename(self, rest: str) -> None:
        if rest:
            self.session.rename(self.session.slug, rest)
            self.say(f"This campaign is called {self.campaign.journal.title}.")

    def copy(self, rest: str) -> None:
        self.say(f"Copied as {self.session.save_as(rest or self.campaign.journal.title)}.")

    def export(self, rest: str) -> None:
        self.say(f"The notebook is in {self.session.export_notebook(Path(rest) if rest else None)}.")

    def campaigns(self, _: str) -> None:
        for entry in self.session.entries():
            date = f", {day_words(entry.date)}" if entry.date else ""
            problem = f": {entry.problem}" if entry.problem else ""
            self.say(f"{entry.slug}: {entry.title}{date}, choice {entry.step}, {entry.state}{problem}.")

    def load(self, rest: str) -> None:
        try:
            for line in self.session.open(rest):
                self.say(line)
        except CampaignFault:
            self.session.open(self.session.latest() or rest)
            raise
        self.look("")

    def begin(self, rest: str) -> None:
        self.session.new(rest)
        self.look("")

    def help(self, _: str) -> None:
        self.say("A number takes a choice. Also:")
        for name, (_command, about) in self.commands.items():
            self.say(f"{name}: {about}.", "  ")

    def quit(self, _: str) -> None:
        if self.session.failing and not self.session.flush():
            self.say(f"NOT SAVED: {self.session.failing}. Type quit again to leave all the same.")
            if self.read().lower() not in ("quit", "q"):
                return
        raise Ended(0)


def _gauge(gauge: Gauge) -> str:
    return f"{gauge.label}: {gauge.word} ({gauge.value})."


def _ended(text: str) -> str:
    return "" if text.rstrip('"*').endswith((".", "!", "?", "…", ":")) else "."


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text + _ended(text) if text else ""


@contextlib.contextmanager
def _signals() -> Iterator[None]:
    """TERM, HUP and INT end the game as leaving does, with their own status."""

    def leave(number: int, _: FrameType | None) -> None:
        raise Ended(_SIGNALS[signal.Signals(number).name])

    old = {name: signal.signal(getattr(signal, name), leave) for name in _SIGNALS if hasattr(signal, name)}
    try:
        yield
    finally:
        for name, handler in old.items():
            signal.signal(getattr(signal, name), handler)


def run(session: Session) -> int:
    """Play on standard input and output; gives the program's status."""
    out = sys.stdout
    if (getattr(out, "encoding", "") or "").lower().replace("-", "") not in ("utf8", "utf16"):
        session.options.charset = "ascii"
    try:
        with _signals():
            return Plain(session, sys.stdin.buffer, out).play()
    except Ended as end:
        return end.status
    except BrokenPipeError:
        sys.stdout = open("/dev/null", "w") if Path("/dev/null").exists() else sys.__stderr__  # noqa: SIM115  so that leaving does not write into the closed pipe
        return 0
    finally:
        session.close()
