"""What every face has at hand: the story, the folder of campaigns, and the one being played."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from redmexico import notebook
from redmexico.campaign import VERSION, Campaign, Drift, Replayed, adopt, drift, found, replay
from redmexico.errors import RedMexicoError
from redmexico.journal import Pending
from redmexico.model import Story
from redmexico.saves import Entry, SaveFile, Saves, clean_title


class Options:
    """How a player wants to read."""

    def __init__(
        self,
        color: bool = True,
        theme: str = "auto",
        charset: str = "unicode",
        motion: str = "none",
        hints: bool = True,
        measure: int = 68,
    ) -> None:
        self.color = color
        self.theme = theme
        self.charset = charset
        """`unicode`, or `ascii` where names are transliterated"""
        self.motion = motion
        self.hints = hints
        self.measure = measure


class Listed(NamedTuple):
    """A campaign in the list."""

    slug: str
    title: str
    state: str
    """a word: good, torn, damaged, newer, in use, not a campaign"""
    step: int
    date: int
    """the day in the game, 0 where it cannot be read"""
    played: int
    branches: int
    mode: str
    problem: str


class Session:
    """One player at one folder of campaigns; at most one campaign is open."""

    def __init__(self, story: Story, folder: Path, options: Options | None = None) -> None:
        self.story = story
        self.saves = Saves(folder, VERSION)
        self.options = options or Options()
        self.campaign: Campaign | None = None
        self.stranded: Drift | None = None
        """set where the present scene is gone, until the player says what to do"""
        self._file: SaveFile | None = None
        self._deleted: dict[str, Path] = {}
        self._warned = False
        """whether it was said that the open file is nearly full"""

    @property
    def folder(self) -> Path:
        return self.saves.folder

    @property
    def slug(self) -> str:
        """The name of the open campaign's file, or ""."""
        return self._file.slug if self._file is not None else ""

    @property
    def failing(self) -> str | None:
        """Why saving fails at the moment; None while all is well."""
        return self._file.failing if self._file is not None else None

    @property
    def notice(self) -> str | None:
        """What the player should know about the file; told once."""
        if self._file is None:
            return None
        if self._file.journal.nearly_full and not self._warned:
            self._warned = True
            return "This campaign's file is nearly full: a copy keeps the present branch alone, and has room."
        said, self._file.notice = self._file.notice, ""
        return said or None

    # the list

    def entries(self) -> Sequence[Listed]:
        """The campaigns of the folder, the last played first."""
        return [_listed(entry) for entry in sorted(self.saves.list(), key=lambda e: (-e.played, e.slug))]

    def latest(self) -> str | None:
        """The campaign to go on with."""
        return next((e.slug for e in self.entries() if e.state in ("good", "torn")), None)

    # opening

    def new(self, title: str = "", seed: str = "", start: str = "", mode: str = "") -> Campaign:
        """Begin a campaign and its file."""
        self.close()
        journal, line, step = found(self.story, seed, start, mode, clean_title(title))
        self._file = self.saves.create(journal, line)
        self.campaign = Campaign(self.story, journal, self._keep, step.told)
        return self.campaign

    def open(self, slug: str) -> tuple[str, ...]:
        """Take up a campaign; gives what the player is told about it.

        Raises CampaignFault where it cannot be played, and RedMexicoError where its pack is missing.
        """
        self.close()
        file = self.saves.open(slug)
        found_drift = drift(self.story, file.journal)
        if found_drift.packs:
            file.close()
            raise RedMexicoError(
                f"this campaign needs another story: {', '.join(found_drift.packs)}",
                slug,
                "give its folder with --pack",
            )
        self._file = file
        self.campaign = Campaign(self.story, file.journal, self._keep)
        if found_drift.lost:
            self.stranded = found_drift
        else:
            adopt(self.campaign, found_drift)
        self.campaign.told = self.campaign.retold()
        return found_drift.lines

    def go_back_to_survivor(self) -> None:
        """Where the present scene is gone: back to the last one that is still in the story."""
        assert self.campaign is not None and self.stranded is not None
        adopt(self.campaign, self.stranded)
        self.stranded = None
        self.campaign.told = self.campaign.retold()

    def _keep(self, pending: Pending) -> None:
        assert self._file is not None
        self._file.append(pending)

    def flush(self) -> bool:
        """Try again to save; whether everything is on the disk."""
        return self._file.flush() if self._file is not None else True

    def close(self) -> None:
        """Let go of the open campaign."""
        if self._file is not None:
            self._file.close()
        self._file, self.campaign, self.stranded, self._warned = None, None, None, False

    # the folder

    def rename(self, slug: str, title: str) -> None:
        if self._file is not None and slug == self.slug:
            self._file.rename(title)
        else:
            self.saves.rename(slug, title)

    def delete(self, slug: str) -> None:
        """Move a campaign out of the list; `undelete` brings it back."""
        if slug == self.slug:
            self.close()
        self._deleted[slug] = self.saves.delete(slug)

    def undelete(self, slug: str) -> str:
        return self.saves.undelete(self._deleted.pop(slug))

    def save_as(self, title: str, slug: str = "") -> str:
        """A copy under another name; gives its slug."""
        full = self._file is not None and slug in ("", self.slug) and self._file.journal.nearly_full
        copy = self.saves.copy(slug or self.slug, title, branch_alone=full)
        copy.close()
        return copy.slug

    def export_campaign(self, slug: str, path: Path) -> Path:
        return self.saves.export(slug, path)

    def import_campaign(self, path: Path) -> str:
        return self.saves.import_(path)

    def verify(self, slug: str) -> Replayed:
        """Play a campaign again from its seed and compare."""
        reading = self.saves.read(slug)
        if reading.journal is None:
            raise RedMexicoError("this file cannot be read", slug, str(reading.damage or ""))
        return replay(self.story, reading.journal)

    def export_notebook(self, path: Path | None = None) -> Path:
        """Write the notebook to a Markdown file that does not exist yet; gives its place."""
        assert self.campaign is not None
        view = self.campaign.view
        wanted = path or self.folder / notebook.filename(self.campaign.journal.title, view.day)
        text = notebook.markdown(view, self.campaign.journal.title, str(self.campaign.journal.head["seed"]))
        wanted.parent.mkdir(parents=True, exist_ok=True)
        k, place = 1, wanted
        while True:
            try:
                with place.open("x", encoding="utf-8", newline="\n") as file:
                    file.write(text)
            except FileExistsError:
                k += 1
                place = wanted.with_stem(f"{wanted.stem}-{k}")
                continue
            except OSError as error:
                raise RedMexicoError(
                    f"the notebook could not be written: {error.strerror}", str(place), "give another place"
                ) from error
            return place


_WORDS = {"in_use": "in use", "not_ours": "not a campaign"}


def _listed(entry: Entry) -> Listed:
    problem = str(entry.damage) if entry.damage else f"open in {entry.holder}" if entry.holder else ""
    date = entry.date if isinstance(entry.date, int) else 0
    return Listed(
        entry.slug,
        entry.title or entry.slug,
        _WORDS.get(entry.state, entry.state),
        entry.step,
        date,
        entry.played,
        entry.branches,
        entry.mode,
        problem,
    )
