"""How a player wants to read: settings, the same in both faces, kept between sittings."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from redmexico.language import LANGUAGES, noted, noted_as, phrase, phrase_as, preferred, spoken
from redmexico.ui import keeping

Choices = tuple[tuple[Any, str], ...]


class Setting(NamedTuple):
    """One thing that can be set, and the values it may have, each with its word."""

    name: str
    group: str
    title: str
    values: Choices
    about: str

    @property
    def typed(self) -> str:
        """The name by which a player sets it in lines."""
        return phrase_as("setting name", self.name)

    @property
    def called(self) -> str:
        """What it is called to the player."""
        return phrase(self.title)

    @property
    def words(self) -> list[str]:
        """The words of its values."""
        return [word_of(self.name, value) for value, _ in self.values]


SETTINGS = (
    Setting(noted_as("setting name", "measure"), noted("Reading"), noted("Line length"), ((48, "48"), (58, "58"), (68, "68")), noted("columns of a line of prose")),
    Setting(noted_as("setting name", "spacing"), noted("Reading"), noted("Spacing"), (("close", noted_as("setting", "close")), ("normal", noted_as("setting", "normal")), ("open", noted_as("setting", "open"))), noted("close: indents instead of empty lines; open: a line left free after each")),
    Setting(noted_as("setting name", "language"), noted("Reading"), noted("Language"), tuple(LANGUAGES.items()), noted("the game's own words; a story speaks the languages it is written in")),
    Setting(noted_as("setting name", "theme"), noted("Look"), noted("Theme"), (("auto", noted_as("setting", "auto")), ("dark", noted_as("setting", "dark")), ("light", noted_as("setting", "light")), ("contrast", noted_as("setting", "contrast")), ("mono", noted_as("setting", "no colour")), ("ansi", noted_as("setting", "16 colours"))), noted("auto asks the terminal for its ground; 16 colours are the terminal's own")),
    Setting(noted_as("setting name", "charset"), noted("Look"), noted("Letters"), (("unicode", noted_as("setting", "all")), ("ascii", noted_as("setting", "plain ASCII"))), noted("plain ASCII also writes names without accents")),
    Setting(noted_as("setting name", "bars"), noted("Look"), noted("Bars"), ((True, noted_as("setting", "bars")), (False, noted_as("setting", "numbers alone"))), noted("beside numbers in tables")),
    Setting(noted_as("setting name", "motion"), noted("Look"), noted("Motion"), (("none", noted_as("setting", "none")), ("reduced", noted_as("setting", "reduced")), ("full", noted_as("setting", "full"))), noted("none over slow lines")),
    Setting(noted_as("setting name", "hints"), noted("Play"), noted("Hints"), ((True, noted_as("setting", "on")), (False, noted_as("setting", "off"))), noted("one line each, shown once")),
    Setting(noted_as("setting name", "previews"), noted("Play"), noted("What choices move"), (("signs", noted_as("setting", "signs")), ("numbers", noted_as("setting", "numbers")), ("hidden", noted_as("setting", "hidden"))), noted("a campaign's mode may hide it altogether")),
    Setting(noted_as("setting name", "ahead"), noted("Play"), noted("What is to come"), ((True, noted_as("setting", "shown")), (False, noted_as("setting", "hidden"))), noted("recorded events that are still open; a mode may hide them")),
    Setting(noted_as("setting name", "keymap"), noted("Keys"), noted("Keys"), (("letters", noted_as("setting", "letters")), ("vim", noted_as("setting", "vim")), ("own", noted_as("setting", "your own"))), noted("? shows the keys of where you are")),
)
"""Everything but content notes and own keys, which the story and the player name; the words are English, and
said when they are shown."""
BY_NAME = {setting.name: setting for setting in SETTINGS}


class Options:
    """The settings as they hold now. What the command line asked for holds for this sitting alone."""

    def __init__(self, color: bool = True, path: Path | None = None, **given: Any) -> None:
        self.color = color
        self.path = path
        """the file they are kept in; None: nowhere"""
        kept = keeping.read(path) if path is not None else {}
        self.kept = {name: value for name, value in kept.items() if _fits(name, value)}
        self.soften: frozenset[str] = frozenset(_texts(kept.get("soften")))
        """content notes of which the softer text is read"""
        own = kept.get("own")
        self.own: dict[str, str] = {k: v for k, v in own.items() if _is_key(v)} if isinstance(own, dict) else {}
        """action → keys, where the player has chosen them"""
        self.language: str = preferred(os.environ) if path is not None else spoken()
        self.measure: int = 68
        self.spacing: str = "normal"
        self.theme: str = "auto"
        self.charset: str = "unicode"
        self.bars: bool = True
        self.motion: str = "none"
        self.hints: bool = True
        self.previews: str = "signs"
        self.ahead: bool = True
        self.keymap: str = "letters"
        for name, value in (*self.kept.items(), *given.items()):
            if value is not None:
                setattr(self, name, value)

    def change(self, name: str, value: Any) -> str:
        """Set one and keep it; why it could not be kept, or ""."""
        setattr(self, name, value)
        self.kept[name] = value
        return self.keep()

    def step(self, name: str, by: int) -> str:
        """The next value of a setting, round the ends."""
        values = [value for value, _ in BY_NAME[name].values]
        now = getattr(self, name)
        at = values.index(now) if now in values else 0
        return self.change(name, values[(at + by) % len(values)])

    def keep(self) -> str:
        """Write them down; why it could not be done, or ""."""
        if self.path is None:
            return ""
        return keeping.write(self.path, {**self.kept, "soften": sorted(self.soften), "own": self.own})

    def word(self, name: str) -> str:
        """The present value in a word."""
        return word_of(name, getattr(self, name))


def word_of(name: str, wanted: object) -> str:
    """The word of one value of a setting, as the player reads it."""
    word = next((word for value, word in BY_NAME[name].values if value == wanted), str(wanted))
    return word if word.isdecimal() else phrase_as("setting", word)


def _fits(name: str, value: object) -> bool:
    setting = BY_NAME.get(name)
    return setting is not None and any(value == v and type(value) is type(v) for v, _ in setting.values)


def _is_key(value: object) -> bool:
    """Whether a file names a key in a way that one could have."""
    return isinstance(value, str) and 0 < len(value) < 40 and value.replace("_", "").replace("+", "").isalnum() and not value.isdigit()


def _texts(value: object) -> Iterable[str]:
    return (v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def named(typed: str) -> str:
    """The setting of a name, in English or as the player's language has it; "" where there is none."""
    return next((setting.name for setting in SETTINGS if typed.lower() in (setting.name, setting.typed)), "")


def of_words(name: str, word: str) -> Any:
    """A value by its word or by what the file calls it, as a player types it; None where it is none."""
    for value, called in BY_NAME[name].values:
        known = {called.lower(), word_of(name, value).lower(), str(value).lower()}
        if isinstance(value, bool):
            switch = noted_as("setting", "on") if value else noted_as("setting", "off")
            known |= {switch, phrase_as("setting", switch)}
        if word.lower() in known:
            return value
    return None


def described(options: Options, notes: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Each setting with its present word and what it may be, for a face without a screen."""
    nothing = phrase("nothing")
    for setting in SETTINGS:
        yield f"{setting.typed} ({setting.called.lower()})", options.word(setting.name), " | ".join(setting.words)
    soft = [words for note, words in notes.items() if note in options.soften]
    yield phrase_as("typed", "soften"), ", ".join(soft) or nothing, " | ".join(notes.values()) or nothing
