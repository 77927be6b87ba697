"""What may be an id, and what a writer probably meant by something else."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

from redmexico.errors import RedMexicoError
from redmexico.findings import escaped

_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")
OWN = ("next", "end", "council", "go_on", "enough", "all")
"""words of the engine's, which no scene may be called"""
DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
"""no file can be called so on Windows, and packs are passed on"""


def proposed(name: str) -> str:
    """The id nearest to what was typed.

    >>> proposed("The Gate!"), proposed("Señorita Lara"), proposed("1943")
    ('the_gate', 'senorita_lara', 'a_1943')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
    return (words if words[:1].isalpha() else f"a_{words}".rstrip("_"))[:64].rstrip("_")


def checked_id(id: str, what: str, taken: Collection[str] = (), file: bool = False) -> str:
    """The id itself, where it is one and nobody has it yet."""
    where = escaped(id)
    if not _ID.fullmatch(id):
        hint = f"small letters, digits and _, at most 64; try '{proposed(id)}'"
        raise RedMexicoError(f"this is no id for {what}", where, hint)
    if file and (id in OWN or id in DEVICES):
        why = "the engine's own word" if id in OWN else "a name that Windows keeps for itself"
        raise RedMexicoError(f"this is {why}", where, f"try '{id}_1'")
    if id in taken:
        raise RedMexicoError(f"there is {what} of this id already", where, f"try '{_next_free(id, taken)}'")
    return id


def _next_free(id: str, taken: Collection[str]) -> str:
    n = 2
    while f"{id[:60]}_{n}" in taken:
        n += 1
    return f"{id[:60]}_{n}"
