"""Every action's keys: letters, vim's, or the player's own. An action has one name on all screens."""

from __future__ import annotations

from typing import NamedTuple

from textual.binding import Binding

from redmexico.ui.options import Options


class Act(NamedTuple):
    """What a key can do."""

    keys: str
    does: str


ACTS = {
    # everywhere
    "back": Act("escape", "back"),
    "help": Act("question_mark,f1", "help"),
    "quit": Act("q", "quit"),
    "settings": Act("comma", "settings"),
    "palette": Act("colon,ctrl+p", "every action by name"),
    # moving
    "up": Act("up,k", "up"),
    "down": Act("down,j", "down"),
    "left": Act("left,h", "left"),
    "right": Act("right,l", "right"),
    "page_down": Act("space,pagedown", "read on"),
    "page_up": Act("b,pageup", "read back"),
    "list_up": Act("pageup", "page up"),
    "top": Act("home", "to the top"),
    "bottom": Act("end", "to the end"),
    "take": Act("enter", "take"),
    "pane": Act("tab", "next pane"),
    "maximise": Act("m", "this pane alone"),
    # looking
    "why": Act("w", "why"),
    "whole_why": Act("enter,w", "all of why"),
    "source": Act("o", "where it comes from"),
    "timeline": Act("t", "timeline"),
    "factions": Act("f", "factions"),
    "map": Act("a", "map"),
    "codex": Act("c", "codex"),
    "log": Act("l", "log"),
    "notebook": Act("n", "notebook"),
    "endings": Act("d", "endings"),
    "search": Act("slash", "search"),
    "next_found": Act("n", "next found"),
    "copy": Act("y", "copy"),
    "export": Act("e", "export"),
    "code": Act("x", "run code"),
    # playing
    "undo": Act("u", "undo"),
    "redo": Act("r", "redo"),
    "mark": Act("s,f5", "mark this moment"),
    "campaigns": Act("g,f9", "campaigns"),
    # the timeline
    "marked": Act("d", "marked only"),
    "subject": Act("x", "subject"),
    "weight": Act("v", "weight"),
    "zoom": Act("z", "years"),
    "branch": Act("b", "branch there"),
    "all_rows": Act("0", "all rows"),
    "compare": Act("i", "signs against another line"),
    # tables
    "sort": Act("s", "sort"),
    "table": Act("d", "as a table"),
    # campaigns
    "new": Act("n", "new"),
    "rename": Act("r", "rename"),
    "save_as": Act("a", "save as"),
    "delete": Act("d", "delete"),
    "undelete": Act("z", "bring back"),
    "deleted": Act("p", "deleted ones"),
    "import": Act("i", "take in"),
    "verify": Act("v", "verify"),
    # others
    "write": Act("space", "write"),
    "follow": Act("c", "follow a link"),
}

VIM = {
    "page_down": "ctrl+f,ctrl+d,space,pagedown", "page_up": "ctrl+b,ctrl+u,pageup", "list_up": "ctrl+b,ctrl+u,pageup", "top": "g,home",
    "bottom": "G,end", "campaigns": "C,f9", "undo": "u", "redo": "ctrl+r,r", "next_found": "n",
}
"""What is otherwise for hands that know vim: pages on control keys, g and G for the ends."""

_SHOWN = {
    "escape": "Esc", "enter": "Enter", "space": "Space", "slash": "/", "comma": ",", "colon": ":", "question_mark": "?", "up": "↑", "down": "↓",
    "left": "←", "right": "→", "home": "Home", "end": "End", "tab": "Tab", "pageup": "PgUp", "pagedown": "PgDn",
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
    return _SHOWN.get(key, key.upper() if key[:1] == "f" and key[1:].isdigit() else key)


def shown(act: str, options: Options) -> str:
    """The first key of an action as a footer shows it; what is no action is shown as it is."""
    return written(keys_of(act, options)[0]) if act in ACTS else act
