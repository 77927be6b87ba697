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
from redmexico.language import noted, noted_as, phrase, phrase_as, plural
from redmexico.narration import Paragraph
from redmexico.suggest import did_you_mean
from redmexico.timeline import day_words, verdict_word
from redmexico.turns import Told
from redmexico.ui import sentences
from redmexico.ui.lettering import ascii_of
from redmexico.ui.options import BY_NAME, described, named, of_words
from redmexico.ui.sentences import costs, ended, is_word, sentence
from redmexico.ui.session import Session, state_word
from redmexico.views import View

WIDTH = 76
LETTERS = {
    "?": "help", ",": "settings", "q": "quit", "w": "why", "t": "timeline", "f": "factions", "a": "map", "c": "codex", "l": "log",
    "n": "notebook", "u": "undo", "r": "redo", "s": "save", "g": "campaigns", "e": "export", "x": "code",
}
"""A key of the screen → the command that does the same, for hands that know the keys."""
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
            noted_as("command", "status"): (self.status, noted("how it stands")),
            noted_as("command", "timeline"): (self.timeline, noted("the recorded lines and yours; timeline WORDS: a year, a line, a subject, marked, weight3, or words of an event")),
            noted_as("command", "why"): (self.why, noted("why N: a lock or a cost; why EVENT: what brought it about, and what it led to")),
            noted_as("command", "factions"): (self.factions, noted("who is there and in what temper; factions NAME: the course of one number, and who moved it")),
            noted_as("command", "map"): (self.map, noted("who holds which region, and what happened there this year")),
            noted_as("command", "codex"): (self.codex, noted("what was met; codex WORD: look something up")),
            noted_as("command", "sources"): (self.sources, noted("the documents, what was taken, doubted and made up; sources here: behind this scene; sources EVENT")),
            noted_as("command", "endings"): (self.endings, noted("endings reached and acts remembered on this machine")),
            noted_as("command", "notebook"): (self.notebook, noted("what has been written")),
            noted_as("command", "log"): (self.log, noted("everything read so far; log WORDS: where it says so")),
            noted_as("command", "undo"): (self.undo, noted("take the last choice back")),
            noted_as("command", "redo"): (self.redo, noted("forward again")),
            noted_as("command", "rewind"): (self.rewind, noted("rewind N: back to the state after choice N; rewind EVENT: to the eve of it")),
            noted_as("command", "branches"): (self.branches, noted("the lines of play that were left, and marks; branches N goes to the Nth")),
            noted_as("command", "save"): (self.mark, noted("save NAME: name this moment (every choice is saved anyway)")),
            noted_as("command", "rename"): (self.rename, noted("rename TITLE")),
            noted_as("command", "copy"): (self.copy, noted("copy TITLE: this campaign under another name")),
            noted_as("command", "export"): (self.export, noted("the notebook as a file: export md, txt, html or json, or a file's name")),
            noted_as("command", "code"): (self.code, noted("the run code: seed and choices, to be played again anywhere")),
            noted_as("command", "campaigns"): (self.campaigns, noted("the folder of campaigns, and those that were deleted")),
            noted_as("command", "load"): (self.load, noted("load NAME")),
            noted_as("command", "verify"): (self.verify, noted("verify NAME: play it again and compare")),
            noted_as("command", "delete"): (self.delete, noted("delete NAME: put it away; restore NAME brings it back")),
            noted_as("command", "restore"): (self.restore, noted("restore NAME: bring back a deleted campaign")),
            noted_as("command", "rescue"): (self.rescue, noted("rescue NAME: all that is sound in a damaged one, as another")),
            noted_as("command", "send"): (self.send, noted("send NAME PLACE: the campaign's own file, to be kept elsewhere")),
            noted_as("command", "import"): (self.take_in, noted("import FILE: take in a campaign's file")),
            noted_as("command", "new"): (self.begin, noted("new TITLE: begin a campaign; mode=ID, start=ID and seed=TEXT may stand before the title")),
            noted_as("command", "settings"): (self.settings, noted("how it is told; settings NAME VALUE changes one; settings soften NOTE turns a softer text on or off")),
            noted_as("command", "look"): (self.look, noted("read this again")),
            noted_as("command", "help"): (self.help, noted("these words")),
            noted_as("command", "quit"): (self.quit, noted("leave; everything is saved")),
        }
        """name in English → what it does, and how that is told"""

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
        found = self.command(word)
        if found is None:
            said = phrase("'{word}' is no command.", word=word[:40])
            self.say(f"{said} {did_you_mean(word.lower(), self.names()) or phrase('Type a number, or help.')}")
            return
        if self.session.stranded is not None and found[0] not in (self.help, self.quit, self.campaigns, self.load, self.begin, self.look):
            self.stranded()
            return
        if not rest.strip() and found[0] in (self.why, self.rename, self.load, self.restore, self.rescue, self.take_in):
            self.say(f"{phrase(found[1])}.")
            return
        try:
            found[0](rest.strip())
        except RedMexicoError as error:
            self.say(str(error))

    def names(self) -> dict[str, str]:
        """What the commands are called, in the player's language and in English → their English names."""
        return {phrase_as("command", name): name for name in self.commands} | {name: name for name in self.commands}

    def command(self, word: str) -> tuple[Callable[[str], None], str] | None:
        """The command that a word means, or that it begins, or a letter as on the screen; accents may be left out."""
        word = ascii_of(word).lower()
        names = {ascii_of(called).lower(): name for called, name in self.names().items()}
        near = next((name for called, name in names.items() if len(word) > 1 and called.startswith(word)), "")
        return self.commands.get(names.get(word) or near or LETTERS.get(word, ""))

    def welcome(self) -> None:
        if self.session.campaign is None:
            latest = self.session.latest()
            if latest is None:
                self.session.new()
            else:
                for line in self.session.open(latest):
                    self.say(line)
        journal = self.campaign.journal
        self.say(phrase("{story}. Campaign: {title}, seed {seed}.", story=self.session.story.title, title=journal.title, seed=journal.head["seed"]))
        self.say(phrase("Saved after every choice in {folder}. Type help for the commands.", folder=self.session.folder))
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
            self.say(phrase("Moved: {moved}.", moved=moved))
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
            self.say(phrase("Here: {notes}.", notes=", ".join(view.flags)))

    def told(self, told: Iterable[Told]) -> None:
        for item in told:
            if item.kind == "event":
                self.say(phrase("New: {day}, {event}: {verdict}.", day=day_words(item.day), event=item.title, verdict=verdict_word(item.verdict)))
                for paragraph in item.paragraphs:
                    self.say(phrase("Recorded: {text}", text="".join(run.text for run in paragraph)))
                self.say()
            elif item.kind == "award":
                self.say(phrase("Remembered: {act}.", act=item.title))
                self.say()
            elif item.kind == "withdrawn":
                cast = self.session.story.cast
                name = cast[item.who].name if item.who in cast else item.who
                reason = " ".join("".join(run.text for run in paragraph) for paragraph in item.paragraphs)
                self.say(phrase("Off the table: {card}. {name}: {reason}", card=item.title.rstrip("."), name=name, reason=reason))
                self.say()
            else:
                self.paragraphs(item.paragraphs)

    def choices(self, view: View) -> None:
        how = self.session.options.previews
        self.say(phrase("Choices:"))
        for i, offer in enumerate(view.offers, 1):
            if offer.open:
                self.say(f"{i}. {offer.label}{ended(offer.label)} {costs(offer, how)}".rstrip())
        for i, offer in enumerate(view.offers, 1):
            if not offer.open:
                self.say(phrase("Locked: {choice}", choice=f"{i}. {offer.label}{ended(offer.label)} {sentence(offer.reason)}"))
        self.say()

    def ending(self, view: View) -> None:
        """The epilogue: slides with what earned them, what moved history, how far it all went."""
        assert view.ending is not None
        self.earned(view.earned(view.ending.earned))
        for slide in view.slides:
            self.paragraphs(slide.paragraphs)
            self.earned(slide.earned)
        self.say(phrase("What moved history:"))
        self.all(f"  {line}" for line in sentences.movers(self.campaign))
        for row in view.rows:
            if row.verdict not in ("kept", "open"):
                self.say(f"{row.mark} {timeline.short_date(row.first, row.last).strip()}, {row.yours or row.title}: {row.word}.", "  ")
        self.all(sentences.divergence(view))
        for award in view.awards:
            self.say(phrase("Remembered: {act}.", act=award))
        after = phrase("This is the end of this campaign: notebook, timeline, undo, rewind N, code, export, new, campaigns or quit.")
        self.say(f"{sentences.counts(self.campaign)}. {after}")

    def earned(self, acts: Iterable[tuple[str, str, int]]) -> None:
        acts = tuple(acts)
        for scene, label, day in acts:
            self.say(phrase("Earned: {day}, {scene}: {label}", day=day_words(day), scene=scene, label=f"{label}{ended(label)}"), "  ")
        if acts:
            self.say()

    def stranded(self) -> None:
        found = self.session.stranded
        assert found is not None
        for line in found.lines:
            self.say(line)
        step = self.campaign.journal.step(found.back_to)
        self.say("1. " + phrase("Go back to step {step}, the last scene that is still in the story.", step=step))
        self.say(phrase("Or: quit, and play with the story this campaign was made with (--pack)."))

    # commands

    def choose(self, number: int) -> None:
        if self.session.stranded is not None:
            if number == 1:
                self.session.go_back_to_survivor()
            self.look("")
            return
        offers = self.view.offers
        if not 1 <= number <= len(offers):
            if not offers:
                self.say(phrase("This campaign has ended: undo, export, new or quit."))
            elif len(offers) == 1:
                self.say(phrase("There is no {number} here. Type 1, or help.", number=number))
            else:
                self.say(phrase("There is no {number} here. 1 to {last}, or help.", number=number, last=len(offers)))
            return
        offer = offers[number - 1]
        if not offer.open:
            self.say(phrase("Locked: {choice}", choice=sentence(offer.reason)))
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
            self.say(phrase("NOT SAVED: {problem}. You can go on; it is tried again at every choice.", problem=self.session.failing))
        notice = self.session.notice
        if notice:
            self.say(notice)

    def status(self, _: str) -> None:
        view = self.view
        self.say(phrase("{heading} Act: {act}. {goal}", heading=self.heading(view), act=view.act, goal=view.goal))
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
            said = phrase("Nothing that is counted is called '{words}'.", words=rest[:40])
            self.say(f"{said} {did_you_mean(rest.lower(), labels)}")

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
            self.say(phrase("No event fits '{words}'. A year, a line, marked, weight3, a subject ({subjects}), or words of it.", words=rest[:40], subjects=sentences.subjects(view.story)))
        self.all(sentences.divergence(view))
        self.say(f"{sentences.signs()} {phrase('why EVENT tells the causes.')}")

    def why(self, rest: str) -> None:
        if rest.isdecimal():
            self.why_choice(int(rest))
            return
        event = self.event(rest)
        if event:
            self.all(sentences.why(self.campaign, event))
            return
        names = self.numbers(rest)
        if names:
            self.all(line for name in names for line in sentences.moved_by(self.campaign, name))
            return
        near = did_you_mean(rest.lower().replace(" ", "_"), self.session.story.events)
        said = phrase("No choice, no event and no number is called '{words}'.", words=rest[:40])
        self.say(f"{said} {near}")

    def why_choice(self, number: int) -> None:
        offers = self.view.offers
        if not 1 <= number <= len(offers):
            self.say(phrase("There is no {number} here.", number=number))
            return
        offer = offers[number - 1]
        about = costs(offer, self.session.options.previews) if offer.open else sentence(offer.reason)
        nothing = phrase(sentences.NO_COST if self.campaign.mode.previews else sentences.NOT_TOLD)
        self.say(f"{offer.label}{ended(offer.label)} {about or nothing}")
        for moved in offer.preview if offer.open else ():
            gauge = self.view.gauge(moved.name)
            self.say(phrase("{label} is {value} of {high} now, {word}.", label=gauge.label, value=gauge.value, high=gauge.high, word=gauge.word), "  ")
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
            self.all(f"{word}: {'; '.join(titles)}." for word, titles in ((phrase("Unread"), unread), (phrase("Read"), read)) if titles)
            self.say(phrase("{n} of {all} entries met so far.", n=len(known), all=len(story.codex)))
            return
        wanted = rest.lower().replace(" ", "_")
        by_title = (e for e in known.values() if rest.lower() in e.title.lower())
        by_text = (e for e in known.values() if rest.lower() in e.text.line(self.view.state, world_of(story)).lower())
        found = known.get(wanted) or next(by_title, None) or next(by_text, None)
        if found is None:
            said = phrase("Nothing met so far under '{words}'.", words=rest[:40])
            self.say(f"{said} {did_you_mean(wanted, known)}")
            return
        self.say(f"{found.title} ({phrase(sentences.LABELS[found.label])}).")
        self.paragraphs(found.text.read(self.view.state, world_of(story)))
        self.all(sentences.codex(self.campaign, found))
        self.session.found.add("read", found.id)

    def sources(self, rest: str) -> None:
        scene = self.session.story.scenes.get(self.view.address.partition("/")[0])
        story = self.session.story
        event = self.event(rest) if rest and not is_word(rest, "here") else ""
        if event:
            self.all(sentences.facts(story, [story.events[event].fact]))
        elif is_word(rest, "here"):
            self.all(sentences.facts(story, scene.facts if scene is not None else ()))
        elif rest:
            said = phrase("No event is called '{words}'.", words=rest[:40])
            self.say(f"{said} {did_you_mean(rest.lower().replace(' ', '_'), story.events)}")
        else:
            self.all(sentences.sources(story))

    def endings(self, _: str) -> None:
        self.all(sentences.endings(self.session.story, self.session.found))

    def notebook(self, _: str) -> None:
        for line in self.view.notebook:
            self.say(f"{line.date}: {line.text or phrase('(torn out)')}")

    def log(self, rest: str) -> None:
        for step, before, label, told in self.campaign.transcript():
            texts = [*before.narration, *(p for item in told for p in item.paragraphs)]
            if rest and rest.lower() not in " ".join([label, *("".join(run.text for run in p) for p in texts)]).lower():
                continue
            if step:
                self.say(self.heading(before))
                self.notes(before)
                self.paragraphs(before.narration)
                self.say(phrase("Choice {step}: {label}", step=step, label=label))
                self.say()
            self.told(told)
        if self.campaign.ended and not rest:
            self.say(self.heading(self.view))
            self.say()
            self.paragraphs(self.view.narration)
            self.ending(self.view)

    def undo(self, _: str) -> None:
        self.say(phrase("Taken back.") if self.campaign.undo() else phrase("This is the beginning."))
        self.look("")

    def redo(self, _: str) -> None:
        self.say(phrase("Forward again.") if self.campaign.redo() else phrase("There is nothing to go forward to."))
        self.look("")

    def rewind(self, rest: str) -> None:
        step = int(rest) if rest.isdecimal() else -1
        event = self.event(rest) if rest and step < 0 else ""
        if event:
            why = self.campaign.why(event)
            if not why.decided or not why.step:
                self.say(phrase("{event} is still open; there is no moment to go back to.", event=self.session.story.events[event].title))
                return
            step = why.step - 1
        if step < 0:
            self.say(phrase("rewind N, from 0 to {last}; or rewind EVENT.", last=self.campaign.journal.step()))
            return
        self.campaign.rewind(self.campaign.step_record(step))
        self.say(phrase("Back after choice {step}. What you had played stays as a branch.", step=step))
        self.look("")

    def branches(self, rest: str) -> None:
        journal = self.campaign.journal
        here, apart = noted("to {day}, choice {step}, here"), noted("to {day}, choice {step}, parts after choice {fork}")
        places = [
            (twig.tip, phrase(here if twig.present else apart, day=day_words(twig.day), step=twig.step, fork=twig.fork)) for twig in twigs(journal)
        ]
        places += [(mark.position, phrase("mark '{name}', choice {step}", name=mark.name, step=mark.step)) for mark in journal.marks]
        if rest.isdecimal() and 1 <= int(rest) <= len(places):
            self.campaign.rewind(places[int(rest) - 1][0])
            self.look("")
            return
        for i, (_, about) in enumerate(places, 1):
            self.say(f"{i}: {about}.")

    def mark(self, rest: str) -> None:
        self.campaign.mark(rest[:40] or phrase("choice {step}", step=self.campaign.journal.step()))
        self.say(phrase("Marked. Every choice is saved as it is made."))

    def rename(self, rest: str) -> None:
        self.session.rename(self.session.slug, rest)
        self.say(phrase("This campaign is called {title}.", title=self.campaign.journal.title))

    def copy(self, rest: str) -> None:
        self.say(phrase("Copied as {slug}.", slug=self.session.save_as(rest or self.campaign.journal.title)))

    def export(self, rest: str) -> None:
        from redmexico.notebook import FORMATS

        format, _, place = rest.partition(" ") if rest.partition(" ")[0] in FORMATS else ("md", "", rest)
        self.say(phrase("The notebook is in {file}.", file=self.session.export_notebook(paths.typed(place) if place else None, format)))

    def code(self, _: str) -> None:
        from redmexico.runcode import code_of

        self.out.write(code_of(self.session.story, self.campaign.journal) + "\n")

    def campaigns(self, _: str) -> None:
        for entry in self.session.entries():
            date = f", {day_words(entry.date)}" if entry.date else ""
            problem = f": {entry.problem}" if entry.problem else ""
            self.say(
                phrase(
                    "{slug}: {title}, choice {step}, {lines}, {mode}, seed {seed}, {state}.",
                    slug=entry.slug, title=f"{entry.title}{date}", step=entry.step, lines=plural("{n} line of play", "{n} lines of play", entry.branches),
                    mode=entry.mode, seed=entry.seed, state=f"{state_word(entry.state)}{problem}",
                )
            )
        for entry in self.session.deleted():
            self.say(phrase("Deleted: {slug}: {title}, choice {step}. restore {slug} brings it back.", slug=entry.slug, title=entry.title, step=entry.step))
        self.say(phrase("They are kept in {folder}.", folder=self.session.folder))

    def verify(self, rest: str) -> None:
        result = self.session.verify(self.named(rest) if rest else self.session.slug)
        self.say(sentences.verified(result))

    def delete(self, rest: str) -> None:
        if not rest or rest == self.session.slug:
            self.say(phrase("delete NAME, and not the one that is being played."))
            return
        self.session.delete(rest)
        self.say(phrase("{slug} is put away. restore {slug} brings it back.", slug=rest))

    def restore(self, rest: str) -> None:
        self.say(phrase("{slug} is back.", slug=self.session.bring_back(rest)))

    def rescue(self, rest: str) -> None:
        self.say(phrase("All that is sound in it is now {slug}; the damaged file stays as it is.", slug=self.session.rescue(rest)))

    def send(self, rest: str) -> None:
        slug, _, place = rest.partition(" ")
        self.say(phrase("Written to {file}.", file=self.session.export_campaign(slug or self.session.slug, paths.typed(place or "."))))

    def take_in(self, rest: str) -> None:
        self.say(phrase("Taken in as {slug}.", slug=self.session.import_campaign(paths.typed(rest))))

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
        given_by = {word: (name, word.partition("=")[2]) for word in words for name in ("mode", "start", "seed") if "=" in word and is_word(word.partition("=")[0], name)}
        given = dict(given_by.values())
        story = self.session.story
        for kind, known in (("mode", story.modes), ("start", story.starts)):
            if given.get(kind, next(iter(known))) not in known:
                self.all(f"{phrase_as('typed', kind)}={one.id}: {one.title}. {one.about}" for one in known.values())
                return
        title = " ".join(word for word in words if word not in given_by)
        self.session.new(title, given.get("seed", ""), given.get("start", ""), given.get("mode", ""))
        self.look("")

    def settings(self, rest: str) -> None:
        options = self.session.options
        name, _, value = rest.partition(" ")
        notes = self.session.story.flags
        note = next((note for note, words in notes.items() if value.lower() in (note, words)), "")
        if is_word(name, "soften") and note:
            options.soften ^= {note}
            self.set_(options.keep())
        elif (known := named(name)) and value:
            name, wanted = known, of_words(known, value)
            if wanted is None:
                self.say(f"{BY_NAME[name].called}: {', '.join(BY_NAME[name].words)}.")
                return
            self.set_(options.change(name, wanted))
        else:
            lines = [line for line in described(options, notes) if not known or line[0].partition(" ")[0] == BY_NAME[known].typed]
            self.all(phrase("{setting}: {now}. Known: {known}.", setting=setting, now=now, known=values) for setting, now, values in lines)
            self.say(phrase("Kept in {file}.", file=options.path) if options.path is not None else phrase("Kept in no file."))

    def set_(self, failed: str) -> None:
        """A setting was changed: it holds at once."""
        self.ascii = self.poor or self.session.options.charset == "ascii"
        self.session.read_as_set()
        self.session.speak()
        self.say(phrase("It holds, and could not be kept: {problem}.", problem=failed) if failed else phrase("It holds, and is kept."))

    def help(self, _: str) -> None:
        self.say(phrase("A number takes a choice. Also:"))
        for name, (_command, about) in self.commands.items():
            self.say(f"{phrase_as('command', name)}: {phrase(about)}.", "  ")

    def quit(self, _: str) -> None:
        if self.session.failing and not self.session.flush():
            self.say(phrase("NOT SAVED: {problem}. Type quit again to leave all the same.", problem=self.session.failing))
            again = self.read()
            if again.lower() != "q" and self.command(again) != self.commands["quit"]:
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
    session.speak()
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
        print("redmexico: " + phrase("NOT SAVED: {problem}", problem=session.failing), file=sys.stderr)
    session.close()
    return status
