"""The game's own words in the player's language: English as it stands in the source, or a catalogue's.

Only what the game says itself comes through here, never a story's text. English costs nothing: no catalogue
is opened and `gettext` is not imported until another language is chosen. The language is the process's own,
chosen once by whoever shows the game (`use`).

Messages are whole sentences with named places, so that another language may order them its own way:

    phrase("Moved: {moved}.", moved=…)              say it
    plural("{n} choice", "{n} choices", n)          say it of so many
    phrase_as("month", "May")                       say a word that means several things
    noted("read on"), noted_as("month", "May")      a word in a table, said later by `phrase` and `phrase_as`

`docs/make_words.py` gathers them into `locale/es.po`, where they are translated by hand, and makes `es.mo` of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

LANGUAGES = {"en": "English", "es": "español"}
"""Code → the name by which its own speakers know it."""

_FOLDER = Path(__file__).resolve().parent / "locale"
_SAID_LIKE_I = re.compile(r"h?i(?!e)", re.IGNORECASE)


class Catalogue(Protocol):
    """What a language needs: the methods of the standard library's `GNUTranslations`."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...
    def pgettext(self, context: str, message: str) -> str: ...


_spoken: Catalogue | None = None
"""what is spoken; None: English"""
_code = "en"


def use(code: str) -> None:
    """Speak a language from now on; one that the game has not learnt is English."""
    global _spoken, _code  # noqa: PLW0603  the one thing of a process that every word asks
    _code = code if code in LANGUAGES else "en"
    _spoken = None if _code == "en" else _opened(_code)


def spoken() -> str:
    """The code of the language that is spoken."""
    return _code


@contextmanager
def speaking(language: str | Catalogue) -> Iterator[None]:
    """Speak a language, or any catalogue, for as long as the block lasts."""
    global _spoken, _code  # noqa: PLW0603  as above
    before = _spoken, _code
    try:
        if isinstance(language, str):
            use(language)
        else:
            _spoken = language
        yield
    finally:
        _spoken, _code = before


def _opened(code: str) -> Catalogue:
    from gettext import GNUTranslations

    with (_FOLDER / f"{code}.mo").open("rb") as file:
        return GNUTranslations(file)


def preferred(environment: Mapping[str, str]) -> str:
    """The language that a system asks for: the first of LC_ALL, LC_MESSAGES and LANG that says anything.

    >>> preferred({"LANG": "es_MX.UTF-8"}), preferred({"LANG": "es_MX", "LC_ALL": "C"}), preferred({})
    ('es', 'en', 'en')
    """
    said = next((environment[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if environment.get(name)), "")
    code = re.split(r"[_.@-]", said.lower())[0]
    return code if code in LANGUAGES else "en"


def phrase(english: str, /, **values: object) -> str:
    """A message in the language that is spoken, with its places filled."""
    text = english if _spoken is None or not english else _spoken.gettext(english)
    return text.format(**values) if values else text


def phrase_as(context: str, english: str, /, **values: object) -> str:
    """The same for words that mean several things: `context` says which is meant."""
    text = english if _spoken is None or not english else _spoken.pgettext(context, english)
    return text.format(**values) if values else text


def plural(one: str, many: str, n: int, /, **values: object) -> str:
    """A message about so many things; `{n}` is their number.

    >>> plural("{n} choice", "{n} choices", 1), plural("{n} choice", "{n} choices", 12)
    ('1 choice', '12 choices')
    """
    text = (one if n == 1 else many) if _spoken is None else _spoken.ngettext(one, many, n)
    return text.format(n=n, **values)


def noted(english: str) -> str:
    """A word of a table, for the catalogue to know; it is said later, when it is shown."""
    return english


def noted_as(_context: str, english: str) -> str:
    """The same for a word that means several things."""
    return english


def listed(things: Sequence[str]) -> str:
    """Things in a row, the last behind an "and".

    >>> listed(["History"]), listed(["History", "Chronicle"]), listed(["a", "b", "c"])
    ('History', 'History and Chronicle', 'a, b and c')
    """
    if len(things) < 2:
        return "".join(things)
    *first, last = things
    before = ", ".join(first)
    if _SAID_LIKE_I.match(last):  # where "y" is "e"
        return phrase_as("before the sound of i", "{first} and {last}", first=before, last=last)
    return phrase("{first} and {last}", first=before, last=last)


def sentence_case(text: str) -> str:
    """A phrase as a sentence begins."""
    return text[:1].upper() + text[1:]


__all__ = ["LANGUAGES", "listed", "noted", "noted_as", "phrase", "phrase_as", "plural", "preferred", "sentence_case", "speaking", "spoken", "use"]
