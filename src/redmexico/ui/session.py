"""What every face has at hand: the story, the folder of campaigns, and the one being played."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from redmexico import language
from redmexico.campaign import VERSION, Campaign, Drift, Replayed, adopt, drift, found, replay
from redmexico.errors import CampaignFault, RedMexicoError
from redmexico.journal import Pending
from redmexico.language import noted, noted_as, phrase, phrase_as
from redmexico.model import Story
from redmexico.saves import Entry, SaveFile, Saves, clean_title, why_not
from redmexico.state import TEST, word
from redmexico.ui.found import Found
from redmexico.ui.options import Options
from redmexico.views import View

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor


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
    seed: str = ""
    size: int = 0
    seconds: int = 0
    """spent at choices"""
    ended: bool = False


UNFIT = (KeyError, ValueError, OverflowError, AssertionError, TypeError, IndexError)
"""what a state that fits no story runs into"""


def _unfit(slug: str) -> CampaignFault:
    return CampaignFault(
        phrase("this campaign's state does not fit the story"), slug, phrase("play it with the story it was made with")
    )


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
        self._deleted: dict[str, list[Path]] = {}
        self._warned = False
        """whether it was said that the open file is nearly full"""
        self.found = Found(folder)
        self.patience: float | None = None
        """seconds to wait for the disk before going on without it; None: as long as it takes"""
        self._writer: ThreadPoolExecutor | None = None
        self._writing: Future[bool] | None = None

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
            return phrase("This campaign's file is nearly full: a copy keeps the present branch alone, and has room.")
        said, self._file.notice = self._file.notice, ""
        return said or None

    # the list

    def entries(self) -> Sequence[Listed]:
        """The campaigns of the folder, the last played first."""
        try:
            found = self.saves.list()
        except CampaignFault:
            return []
        return [_listed(entry) for entry in sorted(found, key=lambda e: (-e.played, e.slug))]

    def latest(self) -> str | None:
        """The campaign to go on with."""
        found = self.newest()
        return found.slug if found is not None else None

    def newest(self) -> Listed | None:
        """The campaign that was played last and can be played on; no other file is read."""
        try:
            return next((_listed(entry) for entry in self.saves.by_age() if entry.state in ("good", "torn")), None)
        except CampaignFault:
            return None

    def count(self) -> int:
        """How many campaigns there are."""
        try:
            return self.saves.count()
        except CampaignFault:
            return 0

    # opening

    def new(self, title: str = "", seed: str = "", start: str = "", mode: str = "") -> Campaign:
        """Begin a campaign and its file."""
        self._saved(noted("{slug} is not saved yet ({problem}); no other campaign is begun before it is"))
        journal, line, step = found(self.story, seed, start, mode, clean_title(title or self.story.title))
        file = self.saves.create(journal, line)
        self.close()
        self._file = file
        self.campaign = Campaign(self.story, journal, self._keep, step.told)
        self.read_as_set()
        return self.campaign

    def open(self, slug: str) -> tuple[str, ...]:
        """Take up a campaign; gives what the player is told about it.

        Raises CampaignFault where it cannot be played, and RedMexicoError where its pack is missing.
        """
        self._saved(noted("{slug} is not saved yet ({problem}); no other campaign is opened before it is"))
        self.close()
        file = self.saves.open(slug)
        try:
            found_drift = drift(self.story, file.journal)
        except (*UNFIT, CampaignFault) as error:
            file.close()
            raise _unfit(slug) from error
        if found_drift.packs:
            file.close()
            raise RedMexicoError(
                phrase("this campaign needs another story: {packs}", packs=", ".join(found_drift.packs)),
                slug,
                phrase("give its folder with --pack"),
            )
        self._file = file
        self.campaign = Campaign(self.story, file.journal, self._keep)
        self.read_as_set()
        try:
            if found_drift.lost:
                self.stranded = found_drift
            else:
                adopt(self.campaign, found_drift)
            self.campaign.told = self.campaign.retold()
            if not found_drift.lost:
                _look_over(self.campaign.view)
        except (*UNFIT, CampaignFault) as error:
            self.close()
            raise _unfit(slug) from error
        self.found.look_through(file.journal)
        return found_drift.lines

    def _saved(self, refusal: str) -> None:
        """Nothing that could not be saved is left behind: another campaign is not opened before it is."""
        if self._file is not None and not self.flush():
            raise RedMexicoError(
                phrase(refusal, slug=self.slug, problem=self.failing), hint=phrase("make room, and try again")
            )

    def speak(self) -> None:
        """Take up the language that is set: for the game's own words, and for the story where it is told in it."""
        code = self.options.language
        if code != language.spoken():
            language.use(code)
        story = self.story.told_in(code)
        if story is not self.story:
            self.story = story
            if self.campaign is not None:
                self.campaign.told_by(story)

    def read_as_set(self) -> None:
        """The open campaign is told as the settings say."""
        if self.campaign is not None:
            self.campaign.soften = self.options.soften
            self.campaign.ahead = bool(self.options.ahead)

    def note_found(self) -> None:
        """Remember what the last choice came to, over all campaigns."""
        if self.campaign is None or TEST in self.campaign.state:
            return
        ending = word(self.campaign.state, "!ending")
        self.found.add("endings", *([ending] if ending else []))
        self.found.add("awards", *(name[len("!award.") :] for name in self.campaign.state if name.startswith("!award.")))

    def go_back_to_survivor(self) -> None:
        """Where the present scene is gone: back to the last one that is still in the story."""
        assert self.campaign is not None and self.stranded is not None
        adopt(self.campaign, self.stranded)
        self.stranded = None
        self.campaign.told = self.campaign.retold()

    # saving

    def _keep(self, pending: Pending) -> None:
        """Write a record down; where the disk is slow, go on after `patience` and let it finish."""
        assert self._file is not None
        if pending.record["t"] == "content":
            self._wait(None)  # it goes with the record before it
        if self.saving:
            raise RedMexicoError(phrase("the last choice is still being saved"), self.slug, phrase("a moment, and try again"))
        if self.patience is None:
            self._file.append(pending)
            return
        if self._writer is None:
            from concurrent.futures import ThreadPoolExecutor  # a tenth of a cold start, and plain mode does without

            self._writer = ThreadPoolExecutor(1, "saving")
        self._writing = self._writer.submit(self._file.append, pending)
        self._wait(self.patience)

    def _wait(self, seconds: float | None) -> None:
        """Wait for what is being written; its errors are raised here."""
        if self._writing is None:
            return
        writing = self._writing
        try:
            writing.result(seconds)
        except TimeoutError:
            if not writing.done():
                return  # ours, and not the disk's
            raise
        finally:
            if writing.done():
                self._writing = None

    @property
    def saving(self) -> bool:
        """Whether the disk has not yet answered for the last record."""
        if self._writing is not None and self._writing.done():
            self._wait(None)
        return self._writing is not None

    def flush(self) -> bool:
        """Try again to save; whether everything is on the disk."""
        self._wait(None)
        return self._file.flush() if self._file is not None else True

    def close(self) -> None:
        """Let go of the open campaign, once it is written."""
        self._wait(None)
        if self._writer is not None:
            self._writer.shutdown()
            self._writer = None
        if self._file is not None:
            self._file.close()
        self._file, self.campaign, self.stranded, self._warned = None, None, None, False

    # the folder

    def rename(self, slug: str, title: str) -> None:
        self._wait(None)
        if self._file is not None and slug == self.slug:
            self._file.rename(title)
        else:
            self.saves.rename(slug, title)

    def delete(self, slug: str) -> None:
        """Move a campaign out of the list; `undelete` brings it back."""
        self._wait(None)
        if slug == self.slug:
            self.close()
        self._deleted.setdefault(slug, []).append(self.saves.delete(slug))

    def undelete(self, slug: str) -> str:
        """Bring back a campaign that was deleted in this sitting; gives the name it has now."""
        places = self._deleted.get(slug)
        if not places:
            raise RedMexicoError(phrase("there is no such deleted campaign"), slug, phrase("see the list of deleted ones"))
        return self.saves.undelete(places.pop())

    def deleted(self) -> Sequence[Listed]:
        """What can be brought back, also from other sittings."""
        return [_listed(entry) for entry in self.saves.deleted()]

    def bring_back(self, slug: str) -> str:
        """Bring back a campaign of `deleted`; gives the name it has now."""
        path = next((e.path for e in self.saves.deleted() if e.slug == slug), None)
        if path is None:
            raise RedMexicoError(phrase("there is no such deleted campaign"), slug, phrase("see the list of deleted ones"))
        self._deleted.pop(slug, None)
        return self.saves.undelete(path)

    def rescue(self, slug: str) -> str:
        """All that is sound in a damaged campaign, as another; the damaged file stays. Gives its slug."""
        with self.saves.rescue(slug) as file:
            file.rename(phrase("{title}, rescued", title=file.journal.title))
            return file.slug

    def save_as(self, title: str, slug: str = "") -> str:
        """A copy under another name; gives its slug."""
        if slug in ("", self.slug):
            self._saved(noted("{slug} is not saved yet ({problem}); no other campaign is copied before it is"))
        full = self._file is not None and slug in ("", self.slug) and self._file.journal.nearly_full
        copy = self.saves.copy(slug or self.slug, title, branch_alone=full)
        copy.close()
        return copy.slug

    def export_campaign(self, slug: str, path: Path) -> Path:
        self._wait(None)
        try:
            return self.saves.export(slug, path)
        except OSError as error:
            raise RedMexicoError(
                phrase("it could not be written: {problem}", problem=why_not(error)), str(path)[:200], phrase("give another place")
            ) from error

    def import_campaign(self, path: Path) -> str:
        if len(path.name) > 255 or not path.is_file():
            raise RedMexicoError(
                phrase("there is no such file"), str(path), phrase("give a campaign's own file, *.rmx.jsonl")
            )
        return self.saves.import_(path)

    def verify(self, slug: str) -> Replayed:
        """Play a campaign again from its seed and compare."""
        self._wait(None)
        reading = self.saves.read(slug)
        if reading.journal is None or (reading.damage is not None and reading.damage.kind != "torn"):
            raise RedMexicoError(phrase("this file is not sound"), slug, str(reading.damage or ""))
        return replay(self.story, reading.journal)

    def export_notebook(self, path: Path | None = None, format: str = "md") -> Path:
        """Write the notebook to a file that does not exist yet; gives its place.

        The format is the ending of the file's name, where one is given.
        """
        from redmexico import notebook

        assert self.campaign is not None
        if path is not None and path.suffix[1:] in notebook.FORMATS:
            format = path.suffix[1:]
        name = notebook.filename(self.campaign.journal.title, self.campaign.view.day, format)
        wanted = (path / name if path.is_dir() else path) if path is not None else self.folder / name
        return notebook.put(wanted, notebook.write(self.campaign, format))


def _look_over(view: View) -> None:
    """Everything that a screen shows first; what cannot be shown is found here and not in play."""
    _ = view.date, view.title, view.narration, view.voices, view.offers, view.status, view.tense, view.rows, view.divergence
    _ = view.act, [(row.mark, row.word) for row in view.rows]
    _ = view.factions, view.notebook, view.ending, view.slides, view.awards, view.codex


_WORDS = {"in_use": "in use", "not_ours": "not a campaign"}
STATES = {
    "good": noted_as("campaign", "good"),
    "torn": noted_as("campaign", "torn"),
    "damaged": noted_as("campaign", "damaged"),
    "newer": noted_as("campaign", "newer"),
    "in use": noted_as("campaign", "in use"),
    "not a campaign": noted_as("campaign", "not a campaign"),
    "in_use": noted_as("campaign", "in_use"),
    "not_ours": noted_as("campaign", "not_ours"),
}
"""The states of a campaign in the list, and as scripts have them; each is its own word in English."""


def state_word(state: str) -> str:
    """The state of a campaign in the list, as the player reads it."""
    return phrase_as("campaign", STATES[state]) if state in STATES else state


def _listed(entry: Entry) -> Listed:
    problem = (entry.damage.reason if entry.state == "damaged" else str(entry.damage)) if entry.damage else phrase("open in {holder}", holder=entry.holder) if entry.holder else ""
    date = entry.date if isinstance(entry.date, int) and 0 < entry.date < Date.max.toordinal() else 0
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
        entry.seed,
        entry.size,
        entry.seconds,
        entry.ended,
    )
