"""What a player has found on this machine, over all campaigns: endings, remembered acts, pages read, hints seen."""

from __future__ import annotations

from pathlib import Path

from redmexico.journal import Journal
from redmexico.state import TEST
from redmexico.ui import keeping

KINDS = ("endings", "awards", "read", "hints")
NAME = ".found.json"


class Found:
    """Four sets of ids, in one small file beside the campaigns."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        kept = keeping.read(self.path)
        self.sets: dict[str, set[str]] = {
            kind: {id for id in kept.get(kind, ()) if isinstance(id, str)} if isinstance(kept.get(kind, []), list) else set()
            for kind in KINDS
        }

    def has(self, kind: str, id: str) -> bool:
        return id in self.sets[kind]

    def add(self, kind: str, *ids: str) -> bool:
        """Note what is new; whether anything was."""
        new = set(ids) - self.sets[kind]
        if new:
            self.sets[kind] |= new
            keeping.write(self.path, {kind: sorted(found) for kind, found in self.sets.items()})
        return bool(new)

    def look_through(self, journal: Journal) -> None:
        """Note what any branch of a campaign has come to: taken in from elsewhere, it may hold more."""
        if TEST in journal.state:
            return  # what an author has reached into counts for nothing
        endings: set[str] = set()
        awards: set[str] = set()
        for n, line in enumerate(journal.lines()):
            if b'"!ending"' not in line and b'"!award.' not in line:
                continue
            for _, names in journal.changes(n):
                for name, value in names.items():
                    if name == "!ending" and isinstance(value, str) and value:
                        endings.add(value)
                    elif name.startswith("!award.") and value:
                        awards.add(name[len("!award.") :])
        self.add("endings", *endings)
        self.add("awards", *awards)
