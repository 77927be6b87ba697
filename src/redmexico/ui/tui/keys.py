"""Every action's keys: letters, vim's, or the player's own. An action has one name on all screens."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding

from redmexico.language import noted, noted_as, phrase_as
from redmexico.ui.options import Options


class Act(NamedTuple):
    """What a key can do."""

    keys: str
    does: str
    """in English; `phrase` says it"""


ACTS = {
    # everywhere
    "back": Act("escape", noted("back")),
    "help": Act("question_mark,f1", noted("help")),
    "quit": Act("q", noted("quit")),
    "settings": Act("comma", noted("settings")),
    "palette": Act("colon,ctrl+p", noted("every action by name")),
    # moving
    "up": Act("up,k", noted("up")),
    "down": Act("down,j", noted("down")),
    "left": Act("left,h", noted("left")),
    "right": Act("right,l", noted("right")),
    "page_down": Act("space,pagedown", noted("read on")),
    "page_up": Act("b,pageup", noted("read back")),
    "list_up": Act("pageup", noted("page up")),
    "top": Act("home", noted("to the top")),
    "bottom": Act("end", noted("to the end")),
    "take": Act("enter", noted("take")),
    "pane": Act("tab", noted("next pane")),
    "maximise": Act("m", noted("this pane alone")),
    # looking
    "why": Act("w", noted("why")),
    "whole_why": Act("enter,w", noted("all of why")),
    "source": Act("o", noted("where it comes from")),
    "timeline": Act("t", noted("timeline")),
    "factions": Act("f", noted("factions")),
    "map": Act("a", noted("map")),
    "codex": Act("c", noted("codex")),
    "log": Act("l", noted("log")),
    "notebook": Act("n", noted("notebook")),
    "endings": Act("d", noted("endings")),
    "search": Act("slash", noted("search")),
    "next_found": Act("n", noted("next found")),
    "copy": Act("y", noted("copy")),
    "export": Act("e", noted("export")),
    "code": Act("x", noted("run code")),
    # playing
    "undo": Act("u", noted("undo")),
    "redo": Act("r", noted("redo")),
    "mark": Act("s,f5", noted("mark this moment")),
    "campaigns": Act("g,f9", noted("campaigns")),
    # the timeline
    "marked": Act("d", noted("marked only")),
    "subject": Act("x", noted("subject")),
    "weight": Act("v", noted("weight")),
    "zoom": Act("z", noted("years")),
    "branch": Act("b", noted("branch there")),
    "all_rows": Act("0", noted("all rows")),
    "compare": Act("i", noted("signs against another line")),
    # tables
    "sort": Act("s", noted("sort")),
    "table": Act("d", noted("as a table")),
    # campaigns
    "new": Act("n", noted("new")),
    "rename": Act("r", noted("rename")),
    "save_as": Act("a", noted("save as")),
    "delete": Act("d", noted("delete")),
    "undelete": Act("z", noted("bring back")),
    "deleted": Act("p", noted("deleted ones")),
    "import": Act("i", noted("take in")),
    "verify": Act("v", noted("verify")),
    # others
    "write": Act("space", noted("write")),
    "follow": Act("c", noted("follow a link")),
}

VIM = {
    "page_down": "ctrl+f,ctrl+d,space,pagedown", "page_up": "ctrl+b,ctrl+u,pageup", "list_up": "ctrl+b,ctrl+u,pageup", "top": "g,home",
    "bottom": "G,end", "campaigns": "C,f9", "undo": "u", "redo": "ctrl+r,r", "next_found": "n",
}
"""What is otherwise for hands that know vim: pages on control keys, g and G for the ends."""

_SHOWN = {
    "escape": noted_as("key", "Esc"), "enter": noted_as("key", "Enter"), "space": noted_as("key", "Space"), "slash": "/", "comma": ",", "colon": ":",
    "question_mark": "?", "up": "↑", "down": "↓", "left": "←", "right": "→", "home": noted_as("key", "Home"), "end": noted_as("key", "End"),
    "tab": noted_as("key", "Tab"), "pageup": noted_as("key", "PgUp"), "pagedown": noted_as("key", "PgDn"),
}


def bind(act: str, action: str) -> Binding:
    """A binding of an action that this screen has."""
    return Binding(ACTS[act].keys, action, ACTS[act].does, show=False, id=act)


def keymap(options: Options) -> dict[str, str]:
    """What is not as it is at first, for Textual."""
    if options.keymap == "vim":
        return dict(VIM)
    return {act: keys for act, keys in options.own.items() if act in ACTS} if options.keymap == "own" else {}


def keys_of(act: str, options: Options) -> tuple[str, ...]:
    """The keys of an action as they are now."""
    return tuple(keymap(options).get(act, ACTS[act].keys).split(","))


def written(key: str) -> str:
    """A key as it is shown: `Esc`, `/`, `Ctrl+R`."""
    if key.startswith("ctrl+"):
        return f"Ctrl+{key[5:].upper()}"
    if key in _SHOWN:
        return phrase_as("key", _SHOWN[key]) if _SHOWN[key].isalpha() else _SHOWN[key]
    return key.upper() if key[:1] == "f" and key[1:].isdigit() else key


def shown(act: str, options: Options) -> str:
    """The first key of an action as a footer shows it; what is no action is shown as it is."""
    return written(keys_of(act, options)[0]) if act in ACTS else act
