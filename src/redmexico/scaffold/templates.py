"""The words that a new file begins with, and how a writer's own are put into them."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from redmexico.errors import RedMexicoError
from redmexico.findings import escaped

_PLAIN = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ¡¿][A-Za-zÀ-ÖØ-öø-ÿ0-9 ,.'’!?¡¿()/-]*")
_LATER = {"true", "false", "null", "yes", "no", "on", "off"}


def template(name: str) -> str:
    """A template's text."""
    place = files("redmexico.scaffold") / "templates"
    for part in name.split("/"):
        place = place / part
    return place.read_text(encoding="utf-8")


def filled(name: str, **words: str) -> str:
    """A template with its `@words@` put in; a line that comes to nothing is left out."""
    out = []
    for line in template(name).splitlines():
        new = re.sub(r"@([a-z_]+)@", lambda match: words[match[1]], line)
        if new.strip() or not line.strip():
            out.append(new.rstrip())
    return "\n".join(out) + "\n"


def one_line(text: str, what: str) -> str:
    """A writer's words as a YAML scalar: plain where that is safe, else in quotes.

    >>> one_line("The gate", "title"), one_line("The gate: a # question", "title"), one_line("no", "title")
    ('The gate', '"The gate: a # question"', '"no"')
    """
    text = text.strip()
    if not text or escaped(text, len(text)) != text:
        hint = "write a few words, without line breaks and control characters"
        raise RedMexicoError(f"this is no {what}", escaped(text), hint)
    plain = _PLAIN.fullmatch(text) and text.lower() not in _LATER
    return text if plain else json.dumps(text, ensure_ascii=False)
