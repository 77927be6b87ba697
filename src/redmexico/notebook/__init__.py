"""The campaign as a text to keep: what this notebook says, in its keepers' words.

`write` gives the whole book in one of four formats; every one tells the same.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from redmexico.errors import RedMexicoError
from redmexico.language import phrase
from redmexico.suggest import did_you_mean
from redmexico.world import calendar_day

if TYPE_CHECKING:
    from pathlib import Path

    from redmexico.campaign import Campaign

FORMATS = ("md", "txt", "html", "json")
"""The formats, by the ending of a file's name."""


def write(campaign: Campaign, format: str) -> str:
    """The book of a campaign: `md` CommonMark with footnotes, `txt` 80 cells wide, `html` a page, `json` its data.

    Raises RedMexicoError where there is no such format.
    """
    _known(format)
    from importlib import import_module

    from redmexico.notebook.gather import gather

    face = import_module(f"redmexico.notebook.{_FACES[format]}")
    return str(face.render(gather(campaign)))


_FACES = {"md": "markdown", "txt": "text", "html": "page", "json": "data"}


def filename(title: str, day: int, format: str = "md") -> str:
    """A plain file name for an exported notebook: `day` is the ordinal day to which it was kept.

    >>> filename("The dry river!", 708438), filename("¡México rojo!", 708438, "html")
    ('the-dry-river-1940.md', 'mexico-rojo-1940.html')
    """
    _known(format)
    words = _plain(title)
    return f"{words or _plain(phrase('notebook'))}-{calendar_day(day).year}.{format}"


def _plain(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:41].strip("-")[:40].strip("-")


def put(wanted: Path, text: str) -> Path:
    """Write under a name, or under the next that is free; a file that is there is never written over."""
    place, k = wanted, 1
    while True:
        try:
            with place.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
            return place
        except FileExistsError:
            k += 1
            place = wanted.with_stem(f"{wanted.stem}-{k}")
        except OSError as error:
            raise RedMexicoError(
                phrase("the notebook could not be written: {problem}", problem=phrase(error.strerror or "")),
                str(place),
                phrase("give another place"),
            ) from error


def _known(format: str) -> None:
    if format not in FORMATS:
        raise RedMexicoError(
            phrase("a notebook is not written as '{format}'", format=format),
            hint=did_you_mean(format, FORMATS) or phrase("one of: {known}", known=", ".join(FORMATS)),
        )


__all__ = ["FORMATS", "filename", "put", "write"]
