"""A disk that fails at every single call in turn: no campaign is lost, whatever happens when.

The script plays twenty choices, renames, leaves, has the end of the file torn, opens it again and
plays on. Each call it makes on the disk is failed once, in each way it can fail; every fifth case
is played by default, all with REDMEXICO_ALL_FAULTS=1 (`make faults`).
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from redmexico.errors import CampaignFault
from redmexico.journal import Journal
from redmexico.saves import Operations, SaveFile, Saves

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the killed program's locks are POSIX locks")

CHOICES = 20
ALL = bool(os.environ.get("REDMEXICO_ALL_FAULTS"))
CALLS = [name for name in vars(Operations) if not name.startswith("_") and name != "pause"]

ERRORS = {"full": errno.ENOSPC, "broken": errno.EIO, "read only": errno.EROFS, "interrupted": errno.EINTR}
WAYS = [
    *ERRORS,
    "full from here on",
    "broken from here on",
    "killed before",
    "killed after",
    "power cut after",
]
WRITE_WAYS = ["short", "short and full", "short and broken", "short and killed", "short and power cut"]
"""A write can also take a part of its bytes first."""


@pytest.fixture(autouse=True)
def only_the_calls_of_play(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REDMEXICO_HEAVY", raising=False)


class Killed(BaseException):
    """The program is dead: nothing after this runs in it."""


class FailingDisk(Operations):
    """The disk, until call number `at`, which it fails in one way."""

    def __init__(self, at: int = -1, way: str = "") -> None:
        self.at = at
        self.way = way
        self.calls: list[str] = []
        self.dead = False
        self.synced: dict[int, int] = {}
        """For each open descriptor the size that a power cut would leave."""

    def call(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """Make one call, or fail it."""
        if self.dead:
            raise Killed
        number = len(self.calls)
        self.calls.append(name)
        real: Callable[..., Any] = getattr(super(), name)
        if number == self.at or (number > self.at >= 0 and self.way.endswith("from here on")):
            return self.fail(name, real, arguments)
        return self.done(name, real(*arguments), arguments)

    def done(self, name: str, result: Any, arguments: tuple[Any, ...]) -> Any:
        """Note what a call that went well has left open, and what is safe on the disk."""
        if name == "open":
            self.synced[result] = os.fstat(result).st_size
        elif name == "close":
            self.synced.pop(arguments[0], None)
        elif name in ("sync", "truncate"):
            self.synced[arguments[0]] = os.fstat(arguments[0]).st_size
        return result

    def fail(self, name: str, real: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        """Do what `way` says, instead of the call or around it."""
        way = self.way.removesuffix(" from here on")
        if way.startswith("short"):
            fd, data = arguments
            written = real(fd, data[: max(1, len(data) // 2)])
            if way == "short":
                return written
            way = way.removeprefix("short and ")
        elif name == "close" or "after" in way:
            # A descriptor is closed even when closing it fails.
            self.done(name, real(*arguments), arguments)
        if way in ERRORS:
            raise OSError(ERRORS[way], os.strerror(ERRORS[way]))
        return self.die(power_cut="power" in way)

    def die(self, power_cut: bool) -> NoReturn:
        """Leave as the kernel would: all descriptors closed, and with the power half of what was not synced."""
        self.dead = True
        for fd, safe in self.synced.items():
            size = os.fstat(fd).st_size
            if power_cut and size > safe:
                os.ftruncate(fd, safe + (size - safe) // 2)
            os.close(fd)
        self.synced.clear()
        raise Killed


def _failing(name: str) -> Callable[..., Any]:
    def method(self: FailingDisk, *arguments: Any) -> Any:
        return self.call(name, arguments)

    return method


for _name in CALLS:
    setattr(FailingDisk, _name, _failing(_name))


class Player:
    """Somebody who plays the script, and remembers what the screen has called saved."""

    def __init__(self, folder: Path, disk: FailingDisk) -> None:
        self.saves = Saves(folder, operations=disk)
        self.disk = disk
        self.slug = ""
        self.acknowledged = -1
        """The last step that was said to be saved; -1 before the campaign was."""
        self.made = 0
        """The last step that was tried."""

    def play(self) -> None:
        """The script; faults that the game reports to the player are met by trying once more."""
        file = self.again(lambda: self.saves.create(new_journal()))
        if file is None:
            return
        self.note(file, True)
        for _ in range(CHOICES):
            self.choose(file)
        self.note(file, file.rename("The ration book"))
        self.leave(file)
        self.tear()
        file = self.again(lambda: self.saves.open(self.slug))
        if file is not None:
            self.choose(file)
            self.choose(file)
            self.leave(file)

    def again(self, act: Callable[[], SaveFile]) -> SaveFile | None:
        """Do something that may be refused; once more if it is."""
        for _ in range(2):
            with suppress(CampaignFault):
                return act()
        return None

    def choose(self, file: SaveFile) -> None:
        """One choice, each with a state of its own."""
        journal = file.journal
        self.made = journal.step() + 1
        d = [["", {"bread": self.made * 7, f"!visits.scene_{self.made}": 1}]]
        self.note(file, file.append(journal.choice(f"scene_{self.made}", "a/b", "go", "", d)))

    def note(self, file: SaveFile, saved: bool) -> None:
        assert saved == (file.failing is None) == (not file.unsaved)
        if saved:
            self.slug, self.acknowledged = file.slug, file.journal.step()

    def leave(self, file: SaveFile) -> None:
        unsaved = bool(file.unsaved)
        file.close()
        if unsaved and not file.unsaved:
            self.note(file, True)

    def tear(self) -> None:
        """What a crash of another kind leaves: half a line at the end."""
        if not self.disk.dead:
            with (self.saves.folder / f"{self.slug}.rmx.jsonl").open("ab") as file:
                file.write(b'{"c":"0123456789ab')


def new_journal() -> Journal:
    journal, _ = Journal.begin(
        id="1" * 32,
        seed="7",
        title="Bajío road",
        start="tampico",
        mode="standard",
        packs=[],
        rules=1,
        app="1.0.0",
        made="2026-01-09T08:00:00Z",
        d=[["", {"bread": 0}]],
    )
    return journal


def played(folder: Path, at: int = -1, way: str = "") -> Player:
    """Play the script on a disk that fails at one call, until the end or the death of the program."""
    disk = FailingDisk(at, way)
    player = Player(folder, disk)
    with suppress(Killed):
        player.play()
    for fd in disk.synced:
        os.close(fd)
    return player


def check(player: Player) -> None:
    """The player comes back, on a sound disk, to the last step that was called saved or the one after."""
    saves = Saves(player.saves.folder)
    entries = saves.list()
    assert all(entry.state in ("good", "torn") for entry in entries), entries
    if player.acknowledged < 0:
        return
    with saves.open(player.slug) as file:
        step = file.journal.step()
        assert player.acknowledged <= step <= player.made
        assert step <= player.acknowledged + 1 or not player.disk.dead
        assert file.journal.state["bread"] == step * 7
        assert {name for name in file.journal.state if name.startswith("!visits")} == {
            f"!visits.scene_{k}" for k in range(1, step + 1)
        }
        d = [["", {"bread": -1}]]
        assert file.append(file.journal.choice("on", "on/on", "go", "", d))
    for entry in entries:
        saves.open(entry.slug).close()
    assert {entry.state for entry in saves.list()} == {"good"}


def cases(folder: Path) -> list[tuple[int, str]]:
    """Every call of the script in every way it can fail."""
    calls = played(folder).disk.calls
    return [
        (number, way) for number, name in enumerate(calls) for way in (WAYS + (WRITE_WAYS if name == "write" else []))
    ]


def test_without_faults_the_script_ends_with_every_choice_saved(tmp_path: Path) -> None:
    player = played(tmp_path)
    assert player.acknowledged == player.made == CHOICES + 2
    check(player)
    assert set(player.disk.calls) >= {"open", "write", "sync", "link", "truncate", "lock", "sync_folder", "unlink"}


def test_no_fault_of_the_disk_at_any_call_loses_a_choice_that_was_called_saved(tmp_path: Path) -> None:
    found = cases(tmp_path / "script")
    assert len(found) > 1000
    for k, (number, way) in enumerate(found):
        # The remainder moves with the call, so that each way of failing has its turn everywhere.
        if ALL or (k + number) % 5 == 0:
            folder = tmp_path / str(k)
            player = played(folder, number, way)
            try:
                check(player)
            except (AssertionError, CampaignFault) as error:
                pytest.fail(f"{way} at call {number}, {player.disk.calls[number]}: {error!r}")


@pytest.mark.parametrize("way", ["full", "broken", "short and full"])
def test_after_a_single_error_play_ends_with_every_choice_saved(tmp_path: Path, way: str) -> None:
    """One error is waited out or left behind: by the end of the script nothing is unsaved."""
    calls = played(tmp_path / "script").disk.calls
    writes = [number for number, name in enumerate(calls) if name == "write"]
    first, last = calls.index("sync_folder"), len(calls) - 1 - calls[::-1].index("lock")
    for number in [write for write in writes if first < write < last][::4]:
        player = played(tmp_path / f"{number}", number, way)
        assert player.acknowledged == player.made == CHOICES + 2
