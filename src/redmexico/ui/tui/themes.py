"""How it looks. Every colour of text is at least 4.5 to 1 against every ground it stands on."""

from __future__ import annotations

import os

from rich.style import Style
from textual.color import Color
from textual.theme import Theme
from textual.types import AnimationLevel

from redmexico.ui.options import Options


def _theme(name: str, dark: bool, ink: str, paper: str, **roles: str) -> Theme:
    return Theme(
        name=name, dark=dark, primary=roles["head"], secondary=roles["link"], accent=roles["you"], warning=roles["warn"],
        error=roles["warn"], success=roles["you"], foreground=ink, background=paper, surface=paper, panel=paper, boost=paper,
        text_alpha=1.0, variables={f"rm-{role.replace('_', '-')}": colour for role, colour in roles.items()},
    )


DARK = _theme(
    "red-dark", True, "#e6dfd3", "#171412", dim="#a89d8d", head="#f08a6c", link="#8fbbe8", warn="#f2b04c", you="#9fce8b",
    strong="#fff8ec", cursor_ink="#fff8ec", cursor_ground="#6e2b1d", line="#6b6156",
)
LIGHT = _theme(
    "red-light", False, "#2a231c", "#f7f1e6", dim="#665a4c", head="#9c2c14", link="#1d4f86", warn="#854a00", you="#2c6119",
    strong="#120d08", cursor_ink="#120d08", cursor_ground="#f0cfa8", line="#a09484",
)
CONTRAST = _theme(
    "red-contrast", True, "#ffffff", "#000000", dim="#d8d8d8", head="#ffff66", link="#80d8ff", warn="#ffc266", you="#a6ff8c",
    strong="#ffffff", cursor_ink="#000000", cursor_ground="#ffff66", line="#ffffff",
)
OURS = {"dark": DARK, "light": LIGHT, "contrast": CONTRAST}
ANSI = {
    "rm-dim": "ansi_default", "rm-head": "ansi_red", "rm-link": "ansi_cyan", "rm-warn": "ansi_yellow", "rm-you": "ansi_green",
    "rm-strong": "ansi_default", "rm-cursor-ink": "ansi_default", "rm-cursor-ground": "ansi_default", "rm-line": "ansi_default",
}
"""The terminal's own colours; the cursor is reversed there."""


COLOURS = {
    "dim": "dim", "old": "dim", "open": "dim", "kept": "dim", "strong": "strong", "head": "head", "averted": "head", "warn": "warn",
    "altered": "warn", "you": "you", "unwritten": "you", "link": "link", "link_plain": "link", "early": "link", "late": "link",
}
"""role → the colour it has"""
BOLD = ("strong", "head", "kept", "early", "late", "altered", "averted", "unwritten")


def look(role: str, variables: dict[str, str]) -> Style:
    """The style of a role under a theme; where the terminal's own colours are used, a cursor is reversed."""
    if role == "cursor":
        if variables["rm-cursor-ground"].startswith("ansi"):
            return Style(reverse=True, bold=True)
        ink, ground = (Color.parse(variables[f"rm-cursor-{part}"]).rich_color for part in ("ink", "ground"))
        return Style(color=ink, bgcolor=ground, bold=True)
    marks = Style(bold=role in BOLD or None, italic=role == "em" or None, underline=role == "link" or None)
    return marks + Style(color=Color.parse(variables[f"rm-{COLOURS[role]}"]).rich_color) if role in COLOURS else marks


MOTION: dict[str, AnimationLevel] = {"none": "none", "reduced": "basic", "full": "full"}


def palette_of(options: Options) -> str:
    """`ours`, the terminal's own sixteen colours (`ansi`), or none at all (`mono`)."""
    if not options.color or options.theme == "mono":
        return "mono"
    return "ansi" if options.theme == "ansi" else "ours"


def chosen(theme: str) -> str:
    """The name of one of our themes; `auto` asks what the terminal says of its background."""
    if theme in OURS:
        return OURS[theme].name
    ground = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if ground in ("7", "15") else DARK.name
