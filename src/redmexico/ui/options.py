"""How a player wants to read: settings, the same in both faces, kept between sittings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from redmexico.ui import keeping

Choices = tuple[tuple[Any, str], ...]


class Setting(NamedTuple):
    """One thing that can be set, and the values it may have, each with its word."""

    name: str
    group: str
    title: str
    values: Choices
    about: str


SETTINGS = (
    Setting("measure", "Reading", "Line length", ((48, "48"), (58, "58"), (68, "68")), "columns of a line of prose"),
    Setting("spacing", "Reading", "Spacing", (("close", "close"), ("normal", "normal"), ("open", "open")), "close: indents instead of empty lines; open: a line left free after each"),
    Setting("theme", "Look", "Theme", (("auto", "auto"), ("dark", "dark"), ("light", "light"), ("contrast", "contrast"), ("mono", "no colour"), ("ansi", "16 colours")), "auto asks the terminal for its ground; 16 colours are the terminal's own"),
    Setting("charset", "Look", "Letters", (("unicode", "all"), ("ascii", "plain ASCII")), "plain ASCII also writes names without accents"),
    Setting("bars", "Look", "Bars", ((True, "bars"), (False, "numbers alone")), "beside numbers in tables"),
    Setting("motion", "Look", "Motion", (("none", "none"), ("reduced", "reduced"), ("full", "full")), "none over slow lines"),
    Setting("hints", "Play", "Hints", ((True, "on"), (False, "off")), "one line each, shown once"),
    Setting("previews", "Play", "What choices move", (("signs", "signs"), ("numbers", "numbers"), ("hidden", "hidden")), "a campaign's mode may hide it altogether"),
    Setting("ahead", "Play", "What is to come", ((True, "shown"), (False, "hidden")), "recorded events that are still open; a mode may hide them"),
    Setting("keymap", "Keys", "Keys", (("letters", "letters"), ("vim", "vim"), ("own", "your own")), "? shows the keys of where you are"),
)
"""Everything but content notes and own keys, which the story and the player name."""
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
        now = getattr(self, name)
        return next((word for value, word in BY_NAME[name].values if value == now), str(now))


def _fits(name: str, value: object) -> bool:
    setting = BY_NAME.get(name)
    return setting is not None and any(value == v and type(value) is type(v) for v, _ in setting.values)


def _is_key(value: object) -> bool:
    """Whether a file names a key in a way that one could have."""
    return isinstance(value, str) and 0 < len(value) < 40 and value.replace("_", "").replace("+", "").isalnum() and not value.isdigit()


def _texts(value: object) -> Iterable[str]:
    return (v for v in value if isinstance(v, str)) if isinstance(value, list) else ()


def of_words(name: str, word: str) -> Any:
    """A value by its word or by what the file calls it, as a player types it; None where it is none."""
    for value, called in BY_NAME[name].values:
        known = {called.lower(), str(value).lower()}
        known |= {"on" if value else "off"} if isinstance(value, bool) else set()
        if word.lower() in known:
            return value
    return None


def described(options: Options, notes: Mapping[str, str]) -> Iterable[tuple[str, str, str]]:
    """Each setting with its present word and what it may be, for a face without a screen."""
    for setting in SETTINGS:
        yield f"{setting.name} ({setting.title.lower()})", options.word(setting.name), " | ".join(word for _, word in setting.values)
    yield "soften", ", ".join(sorted(options.soften & set(notes))) or "nothing", " | ".join(notes) or "nothing"
