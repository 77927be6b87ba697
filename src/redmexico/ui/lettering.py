"""Letters for terminals that have few: accents and signs as plain ASCII."""

from __future__ import annotations

import unicodedata

_SIGNS = {
    "—": "--",
    "–": "-",
    "−": "-",
    "…": "...",
    "·": "-",
    "“": '"',
    "”": '"',
    "‘": "'",
    "’": "'",
    "«": '"',
    "»": '"',
    "→": "->",
    "←": "<-",
    "↑": "^",
    "↓": "v",
    "×": "x",
    "½": "1/2",
    "°": " deg",
    "ß": "ss",
    "æ": "ae",
    "Æ": "AE",
    "œ": "oe",
    "ø": "o",
    "Ø": "O",
    "ł": "l",
    "đ": "d",
    "¿": "",
    "¡": "",
    "№": "No.",
    "│": "|",
    "─": "-",
    "\u00a0": " ",
}


def ascii_of(text: str) -> str:
    """The text in ASCII alone.

    >>> ascii_of("Múgica — «sí»")
    'Mugica -- "si"'
    """
    if text.isascii():
        return text
    spelled = "".join(_SIGNS.get(c, c) for c in text)
    plain = unicodedata.normalize("NFKD", spelled)
    return "".join(c if c.isascii() else "" if unicodedata.combining(c) else "?" for c in plain)
