"""The plain face: one pass of lines, no escape byte, the same through a pipe as on a screen.

It says everything the other face says, each thing once, in words.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator
from itertools import takewhile
from pathlib import Path
from types import FrameType
from typing import BinaryIO, TextIO

from redmexico import paths, timeline
from redmexico.campaign import twigs
from redmexico.engine import world_of
from redmexico.errors import RedMexicoError
from redmexico.narration import Paragraph
from redmexico.suggest import did_you_mean
from redmexico.timeline import WORDS, day_words
from redmexico.turns import Told
from redmexico.ui import sentences
from redmexico.ui.lettering import ascii_of
from redmexico.ui.options import BY_NAME, described, of_words
from redmexico.ui.sentences import costs, ended, sentence
from redmexico.ui.session import Session
from redmexico.views import View

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
        self.poor = (getattr(out, "encoding", None) or "utf-8").lower().replace("-", "") not in ("utf8", "utf16")
        """whether the output has only the plainest letters, whatever is set"""
        self.ascii = self.poor or session.options.charset == "ascii"
        self.commands: dict[str, tuple[Callable[[str], None], str]] = {
            "status": (self.status, "how it stands"),
            "timeline": (self.timeline, "the recorded lines and yours; timeline WORDS: a year, a line, a subject, marked, weight3, or words of an event"),
            "why": (self.why, "why N: a lock or a cost; why EVENT: what brought it about, and what it led to"),
            "factions": (self.factions, "who is there and in what temper; factions NAME: the course of one number, and who moved it"),
            "map": (self.map, "who holds which region, and what happened there this year"),
            "codex": (self.codex, "what was met; codex WORD: look something up"),
            "sources": (self.sources, "the documents, what was taken, doubted and made up; sources here: behind this scene; sources EVENT"),
            "endings": (self.endings, "endings reached and acts remembered on this machine"),
            "notebook": (self.notebook, "what has been written"),
            "log": (self.log, "everything read so far; log WORDS: where it says so"),
            "undo": (self.undo, "take the last choice back"),
            "redo": (self.redo, "forward again"),
            "rewind": (self.rewind, "rewind N: back to the state after choice N; rewind EVENT: to the eve of it"),
            "branches": (self.branches, "the lines of play that were left, and marks; branches N goes to the Nth"),
            "save": (self.mark, "save NAME: name this moment (every choice is saved anyway)"),
            "rename": (self.rename, "rename TITLE"),
            "copy": (self.copy, "copy TITLE: this campaign under another name"),
            "export": (self.export, "the notebook as a file: export md, txt, html or json, or a file's name"),
            "code": (self.code, "the run code: seed and choices, to be played again anywhere"),
            "campaigns": (self.campaigns, "the folder of campaigns, and those that were deleted"),
            "load": (self.load, "load NAME"),
            "verify": (self.verify, "verify NAME: play it again and compare"),
            "delete": (self.delete, "delete NAME: put it away; restore NAME brings it back"),
            "restore": (self.restore, "restore NAME: bring back a deleted campaign"),
            "rescue": (self.rescue, "rescue NAME: all that is sound in a damaged one, as another"),
            "send": (self.send, "send NAME PLACE: the campaign's own file, to be kept elsewhere"),
            "import": (self.take_in, "import FILE: take in a campaign's file"),
            "new": (self.begin, "new TITLE: begin a campaign; mode=ID, start=ID and seed=TEXT may stand before the title"),
            "settings": (self.settings, "how it is told; settings NAME VALUE changes one; settings soften NOTE turns a softer text on or off"),
            "look": (self.look, "read this again"),
            "help": (self.help, "these words"),
            "quit": (self.quit, "leave; everything is saved"),
        }

    # writing

    def say(self, text: str = "", indent: str = "") -> None:
        """A line or a paragraph, wrapped; kept line breaks stay."""
        for line in text.encode("utf-8", "replace").decode().split("\n"):
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

    def all(self, lines: Iterable[str]) -> None:
        """Sentences, one after another; what begins with blanks is set in."""
        for line in lines:
            self.say(line.lstrip(" "), " " * (len(line) - len(line.lstrip(" "))))

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
        if line.isdecimal():
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
        if self.session.stranded is not None and found[0] not in (self.help, self.quit, self.campaigns, self.load, self.begin, self.look):
            self.stranded()
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
        results = list(takewhile(lambda item: item.kind == "result", self.campaign.told))
        self.told(results)
        moved = "; ".join(f"{m.label} {m.amount:+d}" for m in self.campaign.moved_now())
        if moved:
            self.say(f"Moved: {moved}.")
            self.say()
        self.told(self.campaign.told[len(results) :])
        self.say(self.heading(view))
        self.notes(view)
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
        return f"{view.date}{where}. {view.title}."

    def notes(self, view: View) -> None:
        """What the scene has in it that a reader may want to know beforehand."""
        if view.flags:
            self.say(f"Here: {', '.join(flag.replace('_', ' ') for flag in view.flags)}.")

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
                    f"Off the table: {self.session.story.cards[item.address].title}. {name}: "
                    + " ".join("".join(r.text for r in p) for p in item.paragraphs)
                )
                self.say()
            else:
                self.paragraphs(item.paragraphs)

    def choices(self, view: View) -> None:
        how = self.session.options.previews
        self.say("Choices:")
        for i, offer in enumerate(view.offers, 1):
            if offer.open:
                self.say(f"{i}. {offer.label}{ended(offer.label)} {costs(offer, how)}".rstrip())
        for i, offer in enumerate(view.offers, 1):
            if not offer.open:
                self.say(f"Locked: {i}. {offer.label}{ended(offer.label)} {sentence(offer.reason)}")
        self.say()

    def ending(self, view: View) -> None:
        """The epilogue: slides with what earned them, what moved history, how far it all went."""
        assert view.ending is not None
        self.earned(view.earned(view.ending.earned))
        for slide in view.slides:
            self.paragraphs(slide.paragraphs)
            self.earned(slide.earned)
        self.say("What moved history:")
        self.all(f"  {line}" for line in sentences.movers(self.campaign))
        for row in view.rows:
            if row.verdict not in ("kept", "open"):
                self.say(f"{row.mark} {timeline.short_date(row.first, row.last).strip()}, {row.yours or row.title}: {row.word}.", "  ")
        self.all(sentences.divergence(view))
        for award in view.awards:
            self.say(f"Remembered: {award}.")
        self.say(f"{sentences.counts(self.campaign)}. This is the end of this campaign: notebook, timeline, undo, rewind N, code, export, new, campaigns or quit.")

    def earned(self, acts: Iterable[tuple[str, str, int]]) -> None:
        acts = tuple(acts)
        for scene, label, day in acts:
            self.say(f"Earned: {day_words(day)}, {scene}: {label}{ended(label)}", "  ")
        if acts:
            self.say()

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
            self.say(f"Locked: {sentence(offer.reason)}")
            return
        try:
            self.campaign.choose(offer.id)
        except RedMexicoError as error:
            self.say(str(error))
            return
        self.session.note_found()
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
        self.all(f"  {sentences.gauge(gauge)}" for gauge in (*view.status, *view.tense))
        self.all(sentences.divergence(view))

    def factions(self, rest: str) -> None:
        if not rest:
            self.all(sentences.factions(self.campaign))
            return
        names = self.numbers(rest)
        self.all(line for name in names for line in sentences.course(self.campaign, name))
        if not names:
            labels = {q.label.lower(): q.name for q in self.session.story.qualities.values()}
            self.say(f"Nothing that is counted is called '{rest[:40]}'. {did_you_mean(rest.lower(), labels)}")

    def numbers(self, rest: str) -> list[str]:
        """The numbers that a player may mean: of a faction its temper and its strength."""
        wanted = rest.lower().replace(" ", "_")
        counted = [q for q in self.session.story.qualities.values() if q.type == "number"]
        exact = [q.name for q in counted if wanted in (q.name, q.name.partition(".")[0]) or q.label.lower() in (rest.lower(), f"the {rest.lower()}")]
        return exact or [q.name for q in counted if rest.lower() in q.label.lower()][:2]

    def map(self, _: str) -> None:
        self.all(sentences.regions(self.view))

    def timeline(self, rest: str) -> None:
        view = self.view
        found = [sentences.row(view, row) for row in sentences.rows(view, rest)]
        self.all(found)
        if rest and not found:
            self.say(f"No event fits '{rest[:40]}'. A year, a line, marked, weight3, a subject ({sentences.subjects(view.story)}), or words of it.")
        self.all(sentences.divergence(view))
        self.say(f"{sentences.SIGNS} why EVENT tells the causes.")

    def why(self, rest: str) -> None:
        if rest.isdecimal():
            self.why_choice(int(rest))
            return
        event = self.event(rest)
        if event:
            self.all(sentences.why(self.campaign, event))
            return
        names = self.numbers(rest) if rest else []
        if names:
            self.all(line for name in names for line in sentences.moved_by(self.campaign, name))
            return
        self.say(f"No choice, no event and no number is called '{rest[:40]}'. {did_you_mean(rest.lower().replace(' ', '_'), self.session.story.events)}")

    def why_choice(self, number: int) -> None:
        offers = self.view.offers
        if not 1 <= number <= len(offers):
            self.say(f"There is no {number} here.")
            return
        offer = offers[number - 1]
        about = costs(offer, self.session.options.previews) if offer.open else sentence(offer.reason)
        hidden = not self.campaign.mode.previews
        self.say(f"{offer.label}{ended(offer.label)} {about or ('In this mode costs are not told beforehand.' if hidden else 'It costs nothing that can be counted.')}")
        for moved in offer.preview if offer.open else ():
            gauge = self.view.gauge(moved.name)
            self.say(f"{gauge.label} is {gauge.value} of {gauge.high} now, {gauge.word}.", "  ")
            self.all(f"    {line}" for line in list(sentences.moved_by(self.campaign, moved.name))[-4:])

    def event(self, rest: str) -> str:
        """The event that a player means, by its id, its title or words of it."""
        id = rest.lower().replace(" ", "_")
        if id in self.session.story.events:
            return id
        return next((row.event for row in self.view.rows if rest and rest.lower() in f"{row.title} {row.yours}".lower()), "")

    def codex(self, rest: str) -> None:
        story = self.session.story
        known = self.view.codex
        if not rest:
            unread = [entry.title for entry in known.values() if not self.session.found.has("read", entry.id)]
            read = [entry.title for entry in known.values() if self.session.found.has("read", entry.id)]
            self.all(f"{word}: {'; '.join(titles)}." for word, titles in (("Unread", unread), ("Read", read)) if titles)
            self.say(f"{len(known)} of {len(story.codex)} entries met so far.")
            return
        wanted = rest.lower().replace(" ", "_")
        by_title = (e for e in known.values() if rest.lower() in e.title.lower())
        by_text = (e for e in known.values() if rest.lower() in e.text.line(self.view.state, world_of(story)).lower())
        found = known.get(wanted) or next(by_title, None) or next(by_text, None)
        if found is None:
            self.say(f"Nothing met so far under '{rest[:40]}'. {did_you_mean(wanted, known)}")
            return
        self.say(f"{found.title} ({sentences.LABELS[found.label]}).")
        self.paragraphs(found.text.read(self.view.state, world_of(story)))
        self.all(sentences.codex(self.campaign, found))
        self.session.found.add("read", found.id)

    def sources(self, rest: str) -> None:
        scene = self.session.story.scenes.get(self.view.address.partition("/")[0])
        story = self.session.story
        event = self.event(rest) if rest and rest != "here" else ""
        if event:
            self.all(sentences.facts(story, [story.events[event].fact]))
        elif rest:
            self.all(sentences.facts(story, scene.facts if scene is not None else ()))
        else:
            self.all(sentences.sources(story))

    def endings(self, _: str) -> None:
        self.all(sentences.endings(self.session.story, self.session.found))

    def notebook(self, _: str) -> None:
        for line in self.view.notebook:
            self.say(f"{line.date}: {line.text or '(torn out)'}")

    def log(self, rest: str) -> None:
        for step, before, label, told in self.campaign.transcript():
            texts = [*before.narration, *(p for item in told for p in item.paragraphs)]
            if rest and rest.lower() not in " ".join([label, *("".join(run.text for run in p) for p in texts)]).lower():
                continue
            if step:
                self.say(self.heading(before))
                self.notes(before)
                self.paragraphs(before.narration)
                self.say(f"Choice {step}: {label}")
                self.say()
            self.told(told)
        if self.campaign.ended and not rest:
            self.say(self.heading(self.view))
            self.say()
            self.paragraphs(self.view.narration)
            self.ending(self.view)

    def undo(self, _: str) -> None:
        self.say("Taken back." if self.campaign.undo() else "This is the beginning.")
        self.look("")

    def redo(self, _: str) -> None:
        self.say("Forward again." if self.campaign.redo() else "There is nothing to go forward to.")
        self.look("")

    def rewind(self, rest: str) -> None:
        step = int(rest) if rest.isdecimal() else -1
        event = self.event(rest) if rest and step < 0 else ""
        if event:
            why = self.campaign.why(event)
            if not why.decided or not why.step:
                self.say(f"{self.session.story.events[event].title} is still open; there is no moment to go back to.")
                return
            step = why.step - 1
        if step < 0:
            self.say(f"rewind N, from 0 to {self.campaign.journal.step()}; or rewind EVENT.")
            return
        self.campaign.rewind(self.campaign.step_record(step))
        self.say(f"Back after choice {step}. What you had played stays as a branch.")
        self.look("")

    def branches(self, rest: str) -> None:
        journal = self.campaign.journal
        places = [(twig.tip, f"to {day_words(twig.day)}, choice {twig.step}{', here' if twig.present else f', parts after choice {twig.fork}'}") for twig in twigs(journal)]
        places += [(mark.position, f"mark '{mark.name}', choice {mark.step}") for mark in journal.marks]
        if rest.isdecimal() and 1 <= int(rest) <= len(places):
            self.campaign.rewind(places[int(rest) - 1][0])
            self.look("")
            return
        for i, (_, about) in enumerate(places, 1):
            self.say(f"{i}: {about}.")

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
        from redmexico.notebook import FORMATS

        format, _, place = rest.partition(" ") if rest.partition(" ")[0] in FORMATS else ("md", "", rest)
        self.say(f"The notebook is in {self.session.export_notebook(paths.typed(place) if place else None, format)}.")

    def code(self, _: str) -> None:
        from redmexico.runcode import code_of

        self.out.write(code_of(self.session.story, self.campaign.journal) + "\n")

    def campaigns(self, _: str) -> None:
        for entry in self.session.entries():
            date = f", {day_words(entry.date)}" if entry.date else ""
            problem = f": {entry.problem}" if entry.problem else ""
            self.say(f"{entry.slug}: {entry.title}{date}, choice {entry.step}, {entry.branches} line{'s' if entry.branches != 1 else ''} of play, {entry.mode}, seed {entry.seed}, {entry.state}{problem}.")
        for entry in self.session.deleted():
            self.say(f"Deleted: {entry.slug}: {entry.title}, choice {entry.step}. restore {entry.slug} brings it back.")
        self.say(f"They are kept in {self.session.folder}.")

    def verify(self, rest: str) -> None:
        result = self.session.verify(self.named(rest) if rest else self.session.slug)
        self.say(f"All {result.steps} choices come out as recorded." if result.whole else f"The first {result.matched} choices match. {result.reason}")

    def delete(self, rest: str) -> None:
        if not rest or rest == self.session.slug:
            self.say("delete NAME, and not the one that is being played.")
            return
        self.session.delete(rest)
        self.say(f"{rest} is put away. restore {rest} brings it back.")

    def restore(self, rest: str) -> None:
        self.say(f"{self.session.bring_back(rest)} is back.")

    def rescue(self, rest: str) -> None:
        self.say(f"All that is sound in it is now {self.session.rescue(rest)}; the damaged file stays as it is.")

    def send(self, rest: str) -> None:
        slug, _, place = rest.partition(" ")
        self.say(f"Written to {self.session.export_campaign(slug or self.session.slug, paths.typed(place or '.'))}.")

    def take_in(self, rest: str) -> None:
        self.say(f"Taken in as {self.session.import_campaign(paths.typed(rest))}.")

    def load(self, rest: str) -> None:
        before, wanted = self.session.slug, self.named(rest)
        try:
            told = self.session.open(wanted)
        except RedMexicoError:
            if before and not self.session.slug:
                self.session.open(before)
            raise
        for line in told:
            self.say(line)
        self.look("")

    def named(self, rest: str) -> str:
        """A campaign by its name or its title."""
        entries = self.session.entries()
        by_title = (e.slug for e in entries if e.title.casefold() == rest.casefold())
        return rest if any(e.slug == rest for e in entries) else next(by_title, rest)

    def begin(self, rest: str) -> None:
        words = rest.split()
        given = dict(w.split("=", 1) for w in words if w.split("=")[0] in ("mode", "start", "seed") and "=" in w)
        story = self.session.story
        for kind, known in (("mode", story.modes), ("start", story.starts)):
            if given.get(kind, next(iter(known))) not in known:
                self.all(f"{kind}={one.id}: {one.title}. {one.about}" for one in known.values())
                return
        title = " ".join(w for w in words if w.partition("=")[0] not in given)
        self.session.new(title, given.get("seed", ""), given.get("start", ""), given.get("mode", ""))
        self.look("")

    def settings(self, rest: str) -> None:
        options = self.session.options
        name, _, value = rest.partition(" ")
        if name == "soften" and value.replace(" ", "_") in self.session.story.flags:
            options.soften ^= {value.replace(" ", "_")}
            self.set_(options.keep())
        elif name in BY_NAME and value:
            wanted = of_words(name, value)
            if wanted is None:
                self.say(f"{BY_NAME[name].title}: {', '.join(word for _, word in BY_NAME[name].values)}.")
                return
            self.set_(options.change(name, wanted))
        else:
            notes = {note: note.replace("_", " ") for note in self.session.story.flags}
            self.all(f"{name}: {now}. Known: {known}." for name, now, known in described(options, notes))
            self.say(f"Kept in {options.path or 'no file'}.")

    def set_(self, failed: str) -> None:
        """A setting was changed: it holds at once."""
        self.ascii = self.poor or self.session.options.charset == "ascii"
        self.session.read_as_set()
        self.say(f"It holds, and could not be kept: {failed}." if failed else "It holds, and is kept.")

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
            status = Plain(session, sys.stdin.buffer, out).play()
    except Ended as end:
        status = end.status
    except BrokenPipeError:
        sys.stdout = open("/dev/null", "w") if Path("/dev/null").exists() else sys.__stderr__  # noqa: SIM115  so that leaving does not write into the closed pipe
        status = 0
    if not session.flush():
        print(f"redmexico: NOT SAVED: {session.failing}", file=sys.stderr)
    session.close()
    return status
