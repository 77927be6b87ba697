"""The folder of campaigns: one file each, written after every choice, never overwritten.

A choice counts as saved when its line is on the disk and the disk has said so. What goes wrong
on the way is kept apart: a full disk is waited out (`SaveFile.unsaved`), a broken one is left
behind for a new file (`<slug>-rescued-1`), a line torn by a crash is cut off once a copy of the
file stands in `.damaged/`. Deleting moves to `.deleted/`. The lines themselves are
`redmexico.journal`'s; every call on the disk goes through `Operations`.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import time
import unicodedata
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from redmexico.errors import (
    CampaignExists,
    CampaignFault,
    CampaignInUse,
    CannotSave,
    DamagedCampaign,
    NewerCampaign,
    NotACampaign,
    UnknownCampaign,
)
from redmexico.journal import (
    FILE_BYTES,
    Damage,
    Journal,
    Pending,
    Reading,
    Value,
    has_controls,
    read,
)
from redmexico.language import noted, phrase

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

SUFFIX = ".rmx.jsonl"
DELETED = ".deleted"
DAMAGED = ".damaged"
TITLE_GRAPHEMES = 40

_TEMPORARY = ".new-"
_FLAGS = (
    getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_BINARY", 0)
)
_TO_READ = os.O_RDONLY | _FLAGS
_TO_PLAY = os.O_RDWR | os.O_APPEND | _FLAGS
_TO_CREATE = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL | _FLAGS

_NO_LINKS = {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}
"""The file system knows no second names; a new file is then made under its own at once."""
_NO_LOCKS = {errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_CANNOT_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS}
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG}
"""What may pass: nothing of ours is lost, and the next choice tries again."""
_HELD = {errno.EAGAIN, errno.EACCES, errno.EDEADLK}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_STRANGE = {errno.ELOOP, errno.EMLINK, errno.EISDIR, errno.ENXIO, errno.ENOTDIR}
_LOCK_TRIES = 8
_DAY = 86_400


# ── the disk ────────────────────────────────────────────────────────────────────────────────


class Operations:
    """Every call this module makes on the disk, one method each, so that a test can fail it."""

    def open(self, path: Path, flags: int) -> int:
        """Open, for the owner alone where it is new."""
        return os.open(path, flags, 0o600)

    def close(self, fd: int) -> None:
        """Close; the kernel drops the lock with it."""
        os.close(fd)

    def read(self, fd: int, size: int) -> bytes:
        """Some bytes from where the last read ended."""
        return os.read(fd, size)

    def write(self, fd: int, data: bytes) -> int:
        """Append some of the bytes; how many."""
        return os.write(fd, data)

    def sync(self, fd: int) -> None:
        """Return when the bytes are on the disk, as far as the disk is honest."""
        if sys.platform == "darwin":
            try:
                fcntl.fcntl(fd, fcntl.F_FULLFSYNC)
            except OSError as error:
                if error.errno not in _CANNOT_SYNC:
                    raise
                os.fsync(fd)
        elif sys.platform == "win32":
            os.fsync(fd)
        else:
            os.fdatasync(fd)

    def sync_folder(self, folder: Path) -> None:
        """The same for the names in a folder. Windows has no such call."""
        if sys.platform != "win32":
            fd = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
            try:
                os.fsync(fd)
            except OSError as error:
                # Network and user-space file systems that have no such call for folders.
                if error.errno not in _CANNOT_SYNC:
                    raise
            finally:
                os.close(fd)

    def truncate(self, fd: int, size: int) -> None:
        """Cut a file to its first `size` bytes."""
        os.ftruncate(fd, size)

    def link(self, old: Path, new: Path) -> None:
        """A second name for a file; fails if there is one of that name, which `rename` does not."""
        os.link(old, new)

    def unlink(self, path: Path) -> None:
        """Take a name away."""
        os.unlink(path)

    def make_folder(self, folder: Path) -> None:
        """A folder for the player alone, and those above it."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def names(self, folder: Path) -> list[str]:
        """What is in a folder."""
        return os.listdir(folder)

    def fstat(self, fd: int) -> os.stat_result:
        """What is open."""
        return os.fstat(fd)

    def lstat(self, path: Path) -> os.stat_result:
        """What stands at a path, links not followed."""
        return os.lstat(path)

    def lock(self, fd: int, path: Path) -> int | None:
        """Keep every other window out until closed; raises OSError if one is in.

        Windows locks bytes, and would keep readers out of the campaign: there a file beside it
        is locked, and its descriptor returned to be closed too.
        """
        return _lock(fd, path)

    def is_locked(self, fd: int, path: Path) -> bool:
        """Whether another window holds it, found out without keeping anybody waiting."""
        return _is_locked(fd, path)

    def pause(self, seconds: float) -> None:
        """Wait a moment before asking again."""
        time.sleep(seconds)


if sys.platform == "win32":

    def _lock(fd: int, path: Path) -> int | None:
        beside = os.open(_sidecar(path, ".lock"), os.O_RDWR | os.O_CREAT | os.O_BINARY, 0o600)
        try:
            msvcrt.locking(beside, msvcrt.LK_NBLCK, 1)
        except OSError:
            os.close(beside)
            raise
        return beside

    def _is_locked(fd: int, path: Path) -> bool:
        try:
            held = _lock(fd, path)
        except OSError:
            return True
        if held is not None:
            os.close(held)
        return False

else:

    def _lock(fd: int, path: Path) -> int | None:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return None

    def _is_locked(fd: int, path: Path) -> bool:
        try:
            fcntl.flock(fd, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            return error.errno in _HELD
        fcntl.flock(fd, fcntl.LOCK_UN)
        return False


class _Lost(Exception):
    """A descriptor that no longer stands for the campaign: a sync failed, or the file went away."""


def _write_all(operations: Operations, fd: int, data: bytes) -> None:
    """Append everything; a disk may take less than it is given, and a signal may come between."""
    rest = memoryview(data)
    while rest:
        with suppress(InterruptedError):
            written = operations.write(fd, bytes(rest))
            if written <= 0:
                raise OSError(errno.EIO, phrase("the disk takes no more bytes"))
            rest = rest[written:]


def _sync(operations: Operations, fd: int) -> None:
    while True:
        try:
            return operations.sync(fd)
        except InterruptedError:
            continue


def _close(operations: Operations, fd: int) -> None:
    """Let go of a descriptor: it is gone even when that fails, and what matters was synced before."""
    with suppress(OSError):
        operations.close(fd)


def _read_all(operations: Operations, fd: int) -> bytes:
    """The whole file, and no more than a campaign may have."""
    parts = []
    left = FILE_BYTES + 1
    while left:
        try:
            part = operations.read(fd, min(left, 1 << 20))
        except InterruptedError:
            continue
        if not part:
            break
        parts.append(part)
        left -= len(part)
    return b"".join(parts)


# ── names ───────────────────────────────────────────────────────────────────────────────────

_SLUG = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_DEVICE = re.compile("con|prn|aux|nul|com[0-9]|lpt[0-9]")
# Marks of direction that prose may keep and a title may not.
_DIRECTION = re.compile("[\u061c\u200e\u200f\u2028\u2029]")


def is_slug(name: str) -> bool:
    """Whether a campaign's file may have this name, on Windows too."""
    return _SLUG.fullmatch(name) is not None and _DEVICE.fullmatch(name) is None


def slug_of(title: str) -> str:
    """The name of the file for a title.

    >>> slug_of("El camino del Bajío"), slug_of("¡¿…?!"), slug_of("NUL")
    ('el-camino-del-bajio', 'campaign', 'campaign-nul')
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    slug = re.sub("[^a-z0-9]+", "-", plain).strip("-")[:48].strip("-") or "campaign"
    return slug if is_slug(slug) else f"campaign-{slug}"


def graphemes(text: str) -> list[str]:
    """A text as a reader counts it: a letter with its accents is one, a flag is one.

    >>> len(graphemes("Bajío")), len(graphemes("e\u0301\u0302")), len(graphemes("🇲🇽"))
    (5, 1, 1)
    """
    found: list[str] = []
    for character in text:
        if found and _continues(found[-1], character):
            found[-1] += character
        else:
            found.append(character)
    return found


def _continues(cluster: str, character: str) -> bool:
    if unicodedata.category(character) in ("Mn", "Me", "Mc") or character in "\u200c\u200d":
        return True
    if cluster[-1] == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff":
        return True
    return len(cluster) == 1 and all("\U0001f1e6" <= half <= "\U0001f1ff" for half in (cluster, character))


def clean_title(title: str) -> str:
    """A title fit for the screen: one line of 40 letters, without what could steer a terminal.

    >>> clean_title("  The\\x1b[2J  road\\u202e ")
    'The[2J road'
    """
    line = " ".join(unicodedata.normalize("NFC", title).split())
    line = "".join(c for c in line if not has_controls(c) and not _DIRECTION.match(c))
    letters = [letter[:9] for letter in graphemes(line)[:TITLE_GRAPHEMES]]
    return "".join(letters).strip() or phrase("Untitled")


def new_id() -> str:
    """128 bits that no other campaign has."""
    return os.urandom(16).hex()


def made_now() -> str:
    """The time for the head of a new campaign, in UTC."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def _host() -> str:
    """This computer's name, for whoever finds a campaign held."""
    return os.uname().nodename if hasattr(os, "uname") else os.environ.get("COMPUTERNAME", "")


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    yield from (f"{slug[:56].rstrip('-')}-{k}" for k in count(2))


def _rescued(slug: str) -> Iterator[str]:
    return (f"{slug[:48].rstrip('-')}-rescued-{k}" for k in count(1))


def _sidecar(path: Path, suffix: str) -> Path:
    """The file beside a campaign's that says who plays it."""
    return path.with_name(path.name.removesuffix(SUFFIX) + suffix)


_REASONS = (
    noted("No space left on device"),
    noted("Permission denied"),
    noted("Operation not permitted"),
    noted("Read-only file system"),
    noted("Input/output error"),
    noted("Disk quota exceeded"),
    noted("File too large"),
    noted("No such file or directory"),
    noted("Is a directory"),
    noted("Not a directory"),
    noted("File exists"),
    noted("File name too long"),
    noted("Too many open files"),
    noted("Stale file handle"),
)
"""What systems say most often, in their English; what is not here is said as the system says it."""


def why_not(error: OSError) -> str:
    """Why the disk refuses, in the player's language where it is known."""
    return phrase(error.strerror or str(error) or noted("unknown reason"))[:80]


_why = why_not


# ── one campaign, open for play ─────────────────────────────────────────────────────────────


class SaveFile:
    """A campaign being played, and the file that follows it; this window alone may write it.

    Use it from one thread at a time. When saving fails, the journal goes on in memory, the
    lines wait in `unsaved`, and `failing` says why until a later choice has saved them all.
    """

    def __init__(self, saves: Saves, path: Path, journal: Journal, fds: tuple[int, ...], good: int) -> None:
        self._saves = saves
        self._operations = saves.operations
        self._fds = fds
        self._good = good
        self._dirty = False
        self._dead = False
        self.path = path
        self.journal = journal
        saves.leave_note(path)
        self.unsaved: list[bytes] = []
        """Lines the disk has not taken yet, oldest first."""
        self.failing: str | None = None
        """Why saving fails, for the banner; None while all is well."""
        self.notice = ""
        """What the player should know about this file: it was mended, or changed its name."""

    @property
    def slug(self) -> str:
        """The name of the file, without folder and ending."""
        return self.path.name.removesuffix(SUFFIX)

    def append(self, pending: Pending) -> bool:
        """Let a record be part of the campaign and write it; whether everything is on the disk."""
        self.journal.accept(pending)
        self.unsaved.append(pending.line)
        saved = self.flush()
        if saved and os.environ.get("REDMEXICO_HEAVY") and _is_due(len(self.journal.records)):
            self._compare()
        return saved

    def rename(self, title: str) -> bool:
        """Give the campaign another title; its file keeps its name."""
        return self.append(self.journal.retitle(clean_title(title)))

    def flush(self) -> bool:
        """Write what is still unsaved, oldest first; whether everything is on the disk."""
        if not self.unsaved:
            return True
        try:
            if not self._dead:
                self._add(b"".join(self.unsaved))
        except OSError as error:
            if error.errno in _NO_ROOM:
                return self._cut_back(error)
            self._dead, self.failing = True, _why(error)
        except _Lost as lost:
            self._dead, self.failing = True, str(lost)
        if self._dead and not self._move_on():
            return False
        self.unsaved.clear()
        self.failing = None
        return True

    def close(self) -> None:
        """Try once more what is unsaved, then let go of the file."""
        if not self._fds:
            return
        try:
            self.flush()
        finally:
            self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _add(self, data: bytes) -> None:
        """Append to the file we hold, and wait for the disk."""
        self._make_sure()
        self._dirty = True
        _write_all(self._operations, self._fds[0], data)
        try:
            _sync(self._operations, self._fds[0])
        except OSError as error:
            # After a failed sync nobody knows which bytes are on the disk, and asking again lies.
            raise _Lost(_why(error)) from error
        self._dirty = False
        self._good += len(data)

    def _make_sure(self) -> None:
        """The path still leads to our file, and it ends where we left it."""
        here = self._operations.fstat(self._fds[0])
        try:
            there = self._operations.lstat(self.path)
        except FileNotFoundError:
            raise _Lost(phrase("the file is gone")) from None
        if (here.st_dev, here.st_ino) != (there.st_dev, there.st_ino):
            raise _Lost(phrase("another file has taken its place"))
        if self._dirty and here.st_size > self._good:
            self._operations.truncate(self._fds[0], self._good)
        elif here.st_size != self._good:
            raise _Lost(phrase("something else has written to the file"))
        self._dirty = False

    def _cut_back(self, error: OSError) -> bool:
        """Take our own unfinished bytes off the file; what is queued waits for the next choice."""
        self.failing = _why(error)
        # If this fails too the line stays torn: the next choice, or the next opening, cuts it.
        with suppress(OSError):
            if self._dirty:
                self._operations.truncate(self._fds[0], self._good)
                self._dirty = False
        return False

    def _move_on(self) -> bool:
        """Leave a file that is lost, and write the whole campaign, which is in memory, as a new one."""
        slug = re.sub(r"-rescued-\d+$", "", self.slug)
        data = self.journal.encoded()
        try:
            path = self._saves.place(self._saves.folder, _rescued(slug), data)
        except (OSError, CampaignFault) as error:
            self.failing = _why(error) if isinstance(error, OSError) else error.message
            return False
        try:
            fds = self._saves.hold(path)
        except (OSError, CampaignFault) as error:
            self.failing = _why(error) if isinstance(error, OSError) else error.message
            # Nobody was told of this copy; without us it would be one more at every choice.
            with suppress(OSError):
                self._operations.unlink(path)
            return False
        self.notice = phrase(
            "{slug} could not be written ({problem}). The campaign goes on as {file}.",
            slug=self.slug, problem=self.failing, file=path.name,
        )
        self._let_go()
        self.path, self._fds, self._good = path, fds, len(data)
        self._dirty = self._dead = False
        self._saves.leave_note(path)
        return True

    def _let_go(self) -> None:
        # The note is a courtesy: a stale one is read only while somebody holds the file.
        with suppress(OSError):
            self._operations.unlink(_sidecar(self.path, ".note"))
        for fd in self._fds:
            _close(self._operations, fd)
        self._fds = ()

    def _compare(self) -> None:
        """Read the file again and hold it against the campaign in memory (REDMEXICO_HEAVY)."""
        try:
            reading = self._saves.read(self.slug)
        except CannotSave:
            return  # the disk said nothing, so it said nothing wrong
        if reading.journal is None or reading.damage or reading.journal.state != self.journal.state:
            raise DamagedCampaign(phrase("The file does not say what was played"), where=self.path.name)


def _is_due(records: int) -> bool:
    return records <= 200 or records % 50 == 0


# ── the folder ──────────────────────────────────────────────────────────────────────────────


class Entry(NamedTuple):
    """A line of the list of campaigns."""

    slug: str
    path: Path
    state: str
    """good | torn | damaged | newer | in_use | not_ours"""
    played: int = 0
    """Seconds since 1970 of the last record."""
    size: int = 0
    title: str = ""
    step: int = 0
    branches: int = 0
    date: Value | None = None
    """The day in the game, as the state has it."""
    start: str = ""
    mode: str = ""
    seed: str = ""
    id: str = ""
    packs: tuple[tuple[str, str, str], ...] = ()
    """Id, version and fingerprint of each pack it was last played with."""
    seconds: int = 0
    ended: bool = False
    damage: Damage | None = None
    holder: str = ""


_STATES = {
    "torn": "torn",
    "middle": "damaged",
    "too_large": "damaged",
    "newer": "newer",
    "not_a_campaign": "not_ours",
}


class Saves:
    """The folder in which campaigns are kept; it is made when the first is."""

    def __init__(self, folder: Path, app: str = "", operations: Operations | None = None) -> None:
        self.folder = folder
        self.app = app
        """The version of the game, for the heads of copies."""
        self.operations = operations or Operations()
        self._read_before: dict[Path, tuple[tuple[int, int, int], Entry]] = {}

    @property
    def warnings(self) -> list[str]:
        """What the player should know about the folder: whether strangers may change it."""
        try:
            mode = self.operations.lstat(self.folder.resolve()).st_mode
        except OSError:
            return []
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            return [phrase("Anybody on this computer can change or delete the campaigns in {folder}.", folder=self.folder)]
        return []

    # ── looking ──

    def list(self) -> tuple[Entry, ...]:
        """Every campaign in the folder, the last played first; nothing is changed by looking."""
        return self._entries(self.folder)

    def by_age(self) -> Iterator[Entry]:
        """Every campaign, the file written last first, each read when it is asked for."""
        aged = []
        for name in self._names(self.folder):
            with suppress(OSError):  # gone in the meantime
                aged.append((-self.operations.lstat(self.folder / name).st_mtime, name))
        return (self._entry(self.folder / name) for _, name in sorted(aged))

    def count(self) -> int:
        """How many files of campaigns there are."""
        return len(self._names(self.folder))

    def deleted(self) -> tuple[Entry, ...]:
        """The campaigns that can be taken back."""
        return self._entries(self.folder / DELETED)

    def read(self, slug: str) -> Reading:
        """What a campaign's file says, even while it is played elsewhere; never writes."""
        return read(self._bytes(self._path(slug)))

    def _names(self, folder: Path) -> tuple[str, ...]:
        try:
            return tuple(sorted(n for n in self.operations.names(folder) if n.endswith(SUFFIX)))
        except FileNotFoundError:
            return ()
        except OSError as error:
            raise CannotSave(
                phrase("The folder of campaigns cannot be read: {problem}.", problem=_why(error)), str(folder)
            ) from error

    def _entries(self, folder: Path) -> tuple[Entry, ...]:
        entries = (self._entry(folder / name) for name in self._names(folder))
        return tuple(sorted(entries, key=lambda entry: (-entry.played, entry.slug)))

    def _entry(self, path: Path) -> Entry:
        slug = path.name.removesuffix(SUFFIX)
        if not is_slug(slug):
            return Entry(ascii(slug)[1:-1][:64], path, "not_ours")
        try:
            fd = self._opened(path, _TO_READ)
        except CampaignFault:
            return Entry(slug, path, "not_ours")
        try:
            held = self.operations.is_locked(fd, path)
            entry = self._read_entry(fd, slug, path)
        except OSError as error:
            return Entry(slug, path, "damaged", damage=Damage("middle", 0, 0, 0, _why(error)))
        finally:
            _close(self.operations, fd)
        return entry._replace(state="in_use", holder=self._holder(path)) if held else entry

    def _read_entry(self, fd: int, slug: str, path: Path) -> Entry:
        seen = self.operations.fstat(fd)
        stamp = (seen.st_ino, seen.st_size, seen.st_mtime_ns)
        known = self._read_before.get(path)
        if known is None or known[0] != stamp:
            entry = _described(slug, path, read(_read_all(self.operations, fd)))
            entry = entry._replace(played=int(seen.st_mtime), size=seen.st_size)
            self._read_before[path] = known = (stamp, entry)
        return known[1]

    # ── playing ──

    def create(self, journal: Journal, line: bytes | None = None) -> SaveFile:
        """The file of a new campaign, under the name of its title or the next free one.

        `line`, as `Journal.begin` gave it, need not be passed: the journal has it.
        """
        data = journal.encoded()
        if line is not None and not data.startswith(line):
            raise CannotSave(phrase("The campaign does not begin with this line."))
        try:
            self._sweep()
            path = self.place(self.folder, _numbered(slug_of(journal.title)), data)
            return SaveFile(self, path, journal, self.hold(path), len(data))
        except OSError as error:
            raise _unwritten(error, self.folder) from error

    def open(self, slug: str) -> SaveFile:
        """A campaign to play on: locked, every sum checked, and mended if a crash tore its end."""
        path = self._path(slug)
        fds = self.hold(path)
        try:
            return self._taken_up(path, fds)
        except BaseException as error:
            for fd in fds:
                _close(self.operations, fd)
            if isinstance(error, OSError):
                raise _unwritten(error, path) from error
            raise

    def _taken_up(self, path: Path, fds: tuple[int, ...]) -> SaveFile:
        data = _read_all(self.operations, fds[0])
        reading = read(data)
        notice = ""
        if reading.damage and reading.damage.kind == "torn" and reading.journal is not None:
            data, notice = self._mend(path, fds[0], data, reading)
            reading = read(data)
        if reading.journal is None or reading.damage is not None:
            raise _fault(reading, path)
        file = SaveFile(self, path, reading.journal, fds, len(data))
        file.notice = notice
        return file

    def _mend(self, path: Path, fd: int, data: bytes, reading: Reading) -> tuple[bytes, str]:
        """Make a file end where a record ends, once a copy of it is safe."""
        slug = path.name.removesuffix(SUFFIX)
        copy = self.place(self._inside(DAMAGED), _numbered(slug), data)
        if read(data + b"\n").damage is None:
            # An editor or a mail program took the last end of line; nothing else is missing.
            _write_all(self.operations, fd, b"\n")
            mended = data + b"\n"
            what = phrase("{file} had lost its last end of line; nothing is missing", file=path.name)
        else:
            self.operations.truncate(fd, reading.good)
            mended = data[: reading.good]
            what = phrase("{file} ended in half a record, which was cut off", file=path.name)
        _sync(self.operations, fd)
        return mended, phrase("{what}. The file as it was: {copy}", what=what, copy=f"{DAMAGED}/{copy.name}")

    def hold(self, path: Path) -> tuple[int, ...]:
        """Open a file for play and keep every other window out; the descriptors to be closed."""
        for _ in range(3):
            fd = self._opened(path, _TO_PLAY)
            try:
                beside = self._locked(fd, path)
                here, there = self.operations.fstat(fd), self.operations.lstat(path)
                if (here.st_dev, here.st_ino) == (there.st_dev, there.st_ino):
                    return (fd,) if beside is None else (fd, beside)
            except BaseException as error:
                _close(self.operations, fd)
                if isinstance(error, OSError):
                    raise _refusal(error, path) from error
                raise
            # Another file took its place between opening and locking: take that one.
            for used in (fd, beside):
                if used is not None:
                    _close(self.operations, used)
        raise CannotSave(
            phrase("The file is being replaced again and again."), path.name, phrase("Is a synchroniser at work?")
        )

    def _locked(self, fd: int, path: Path) -> int | None:
        for attempt in range(_LOCK_TRIES):
            try:
                return self.operations.lock(fd, path)
            except OSError as error:
                if error.errno in _NO_LOCKS:
                    return None
                if error.errno not in _HELD:
                    raise
            # A window that only lists the campaigns holds it for a moment.
            if attempt < _LOCK_TRIES - 1:
                self.operations.pause(0.02)
        holder = self._holder(path)
        raise CampaignInUse(
            phrase("This campaign is being played in {holder}.", holder=holder),
            holder,
            path.name,
            phrase("Close it there, or play a copy: redmexico saves copy NAME TITLE."),
        )

    # ── moving and copying ──

    def copy(self, slug: str, title: str, *, branch_alone: bool = False) -> SaveFile:
        """Save as: the campaign, or its present branch alone, as a new one with its own id."""
        reading = self.read(slug)
        if reading.journal is None or (reading.damage and reading.damage.kind != "torn"):
            raise _fault(reading, self._path(slug))
        journal = reading.journal.retold(
            id=new_id(),
            title=clean_title(title),
            made=made_now(),
            app=self.app or str(reading.journal.head["app"]),
            branch_alone=branch_alone,
        )
        return self.create(journal)

    def rename(self, slug: str, title: str) -> None:
        """Give a campaign that is not being played another title; its file keeps its name."""
        with self.open(slug) as file:
            if not file.rename(title):
                raise CannotSave(phrase("The title could not be saved: {problem}", problem=file.failing), file.path.name)

    def rescue(self, slug: str) -> SaveFile:
        """A new file with all that is sound in a damaged one; the damaged one stays as it is."""
        path = self._path(slug)
        data = self._bytes(path)
        reading = read(data)
        if reading.journal is None:
            raise _fault(reading, path)
        try:
            made = self.place(self.folder, _rescued(slug), data[: reading.good])
        except OSError as error:
            raise _unwritten(error, self.folder) from error
        return self.open(made.name.removesuffix(SUFFIX))

    def delete(self, slug: str) -> Path:
        """Move a campaign's file out of sight, whatever its bytes; where it is now."""
        path = self._path(slug)
        for fd in self.hold(path):
            _close(self.operations, fd)
        return self._move(path, self._inside(DELETED), _numbered(slug))

    def undelete(self, path: Path) -> str:
        """Take a deleted campaign back; the name it has now."""
        slug = path.name.removesuffix(SUFFIX)
        if path.parent != self.folder / DELETED or not is_slug(slug):
            raise UnknownCampaign(phrase("There is no such deleted campaign."), path.name)
        _close(self.operations, self._opened(path, _TO_READ))
        return self._move(path, self.folder, _numbered(slug)).name.removesuffix(SUFFIX)

    def export(self, slug: str, target: Path) -> Path:
        """The campaign's file, byte for byte, at a path or in a folder of the player's choice."""
        data = self._bytes(self._path(slug))
        folder, name = (target, slug + SUFFIX) if target.is_dir() else (target.parent, target.name)
        try:
            return self._placed(folder, [name], data)
        except OSError as error:
            raise _unwritten(error, folder) from error

    def import_(self, path: Path) -> str:
        """A copy of a campaign's file from elsewhere; its name here. One torn end is mended on opening."""
        fd = self._opened(path, os.O_RDONLY | (_FLAGS & ~getattr(os, "O_NOFOLLOW", 0)))
        try:
            data = _read_all(self.operations, fd)
        except OSError as error:
            raise _refusal(error, path) from error
        finally:
            _close(self.operations, fd)
        reading = read(data)
        if reading.journal is None or (reading.damage and reading.damage.kind != "torn"):
            raise _fault(reading, path)
        try:
            placed = self.place(self.folder, _numbered(slug_of(reading.journal.title)), data)
        except OSError as error:
            raise _unwritten(error, self.folder) from error
        return placed.name.removesuffix(SUFFIX)

    # ── the steps under all of these ──

    def place(self, folder: Path, slugs: Iterable[str], data: bytes) -> Path:
        """A whole new file under the first free name, or none; an existing one is never touched."""
        return self._placed(folder, (slug + SUFFIX for slug in slugs), data)

    def _placed(self, folder: Path, names: Iterable[str], data: bytes) -> Path:
        self.operations.make_folder(folder)
        temporary = folder / f"{_TEMPORARY}{os.urandom(8).hex()}"
        self._fill(temporary, data)
        try:
            path = self._first_free(temporary, folder, names)
        finally:
            with suppress(OSError):  # swept away another day
                self.operations.unlink(temporary)
        self.operations.sync_folder(folder)
        return path

    def _fill(self, path: Path, data: bytes) -> None:
        """A file that was not there, written and on the disk; gone again if that fails."""
        fd = self.operations.open(path, _TO_CREATE)
        try:
            _write_all(self.operations, fd, data)
            _sync(self.operations, fd)
        except BaseException:
            with suppress(OSError):  # the first error is the one to tell
                self.operations.unlink(path)
            raise
        finally:
            _close(self.operations, fd)

    def _first_free(self, file: Path, folder: Path, names: Iterable[str]) -> Path:
        """Give a file a second name, the first that is free."""
        for name in names:
            with suppress(FileExistsError):
                self._name(file, folder / name)
                return folder / name
        raise CampaignExists(
            phrase("A file of this name is there already."), str(folder), phrase("Choose another name.")
        )

    def _name(self, file: Path, new: Path) -> None:
        try:
            self.operations.link(file, new)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            self._fill(new, self._bytes(file))

    def _move(self, path: Path, folder: Path, slugs: Iterable[str]) -> Path:
        """Another place for a file, never onto another; killed halfway it stands in both."""
        try:
            self.operations.make_folder(folder)
            new = self._first_free(path, folder, (slug + SUFFIX for slug in slugs))
            self.operations.sync_folder(folder)
            self.operations.unlink(path)
            self.operations.sync_folder(path.parent)
        except OSError as error:
            raise _unwritten(error, path) from error
        return new

    def _path(self, slug: str) -> Path:
        if not is_slug(slug):
            raise UnknownCampaign(
                phrase("{name} is no campaign's name.", name=ascii(slug)[:66]), hint=phrase("See the list of campaigns.")
            )
        return self.folder / (slug + SUFFIX)

    def _inside(self, name: str) -> Path:
        """A folder of ours in the folder; not a link to some other place."""
        folder = self.folder / name
        try:
            mode = self.operations.lstat(folder).st_mode
        except FileNotFoundError:
            return folder
        if not stat.S_ISDIR(mode):
            raise CannotSave(
                phrase("This should be a folder, and is a link or a file."), str(folder), phrase("Move it away.")
            )
        return folder

    def _opened(self, path: Path, flags: int) -> int:
        """A descriptor on a regular file of a campaign's size, reached through no link."""
        try:
            fd = self.operations.open(path, flags)
        except OSError as error:
            raise _refusal(error, path) from error
        try:
            seen = self.operations.fstat(fd)
            if stat.S_ISREG(seen.st_mode):
                return fd
        except OSError as error:
            _close(self.operations, fd)
            raise _refusal(error, path) from error
        _close(self.operations, fd)
        raise NotACampaign(
            phrase("This is no file."), path.name, phrase("A folder or a device stands in its place.")
        )

    def _bytes(self, path: Path) -> bytes:
        fd = self._opened(path, _TO_READ)
        try:
            return _read_all(self.operations, fd)
        except OSError as error:
            raise _refusal(error, path) from error
        finally:
            _close(self.operations, fd)

    def leave_note(self, path: Path) -> None:
        """Say who plays, for the window that comes second; a courtesy, so it may fail."""
        note = {"host": _host()[:64], "pid": os.getpid()}
        with suppress(OSError):
            fd = self.operations.open(_sidecar(path, ".note"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _FLAGS)
            try:
                self.operations.write(fd, json.dumps(note).encode())
            finally:
                _close(self.operations, fd)

    def _holder(self, path: Path) -> str:
        """Who plays a campaign, as far as the note beside it can be believed."""
        try:
            fd = self.operations.open(_sidecar(path, ".note"), _TO_READ)
            try:
                note = json.loads(self.operations.read(fd, 1000))
            finally:
                _close(self.operations, fd)
            return phrase("process {pid} on {host}", pid=int(note["pid"]), host=clean_title(str(note["host"])))
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return phrase("another window")

    def _sweep(self) -> None:
        """Clear away what programs killed while making a file have left, after a day."""
        with suppress(OSError):  # tidiness is not worth an error
            for name in self.operations.names(self.folder):
                old = self.folder / name
                if name.startswith(_TEMPORARY) and self.operations.lstat(old).st_mtime < time.time() - _DAY:
                    self.operations.unlink(old)


def _described(slug: str, path: Path, reading: Reading) -> Entry:
    """What the list says of a campaign by its file."""
    state = _STATES[reading.damage.kind] if reading.damage else "good"
    entry = Entry(slug, path, state, damage=reading.damage)
    journal = reading.journal
    if journal is None:
        return entry._replace(state="damaged" if state == "torn" else state)
    return entry._replace(
        title=journal.title,
        step=journal.step(),
        branches=len(journal.branches()),
        date=journal.state.get("!date"),
        start=journal.head["start"],
        mode=journal.head["mode"],
        seed=journal.head["seed"],
        id=journal.id,
        packs=tuple((pack["id"], pack["version"], pack["fp"]) for pack in journal.packs),
        seconds=journal.seconds,
        ended=bool(journal.state.get("!ending")),
    )


def _fault(reading: Reading, path: Path) -> CampaignFault:
    """The error for a file that cannot be played as it is."""
    damage = reading.damage or Damage("middle", 0, 0, 0, phrase("no head"))
    if damage.kind == "newer":
        return NewerCampaign(
            phrase("This campaign is of {reason}.", reason=damage.reason),
            path.name,
            phrase("It was left as it is: install that version."),
        )
    if damage.kind == "not_a_campaign":
        return NotACampaign(
            phrase("This is no campaign: {reason}.", reason=damage.reason), path.name, phrase("It was left as it is.")
        )
    remedy = (
        phrase(
            "Rescue its first {n} steps into a new file: redmexico saves rescue NAME; this one stays as it is.",
            n=damage.step,
        )
        if reading.journal is not None
        else phrase("Nothing of it can be read; look for another copy, in .damaged/ or a backup.")
    )
    return DamagedCampaign(
        phrase("This campaign is damaged {where}.", where=damage),
        damage.step,
        damage.record,
        damage.offset,
        path.name,
        remedy,
    )


def _refusal(error: OSError, path: Path) -> CampaignFault:
    """The error for a file that does not open."""
    if error.errno == errno.ENOENT:
        return UnknownCampaign(phrase("There is no such campaign."), path.name, phrase("See the list of campaigns."))
    if error.errno in _STRANGE:
        return NotACampaign(
            phrase("A link, a folder or a device stands in its place."), path.name, phrase("Move it away.")
        )
    return _unwritten(error, path)


def _unwritten(error: OSError, path: Path) -> CannotSave:
    """The error for a call the disk refused."""
    if error.errno in _REFUSED:
        return CannotSave(
            phrase("The disk does not let it be written: {problem}.", problem=_why(error)),
            str(path),
            phrase("Play with --saves and a folder of your own."),
        )
    return CannotSave(
        phrase("The disk does not obey: {problem}.", problem=_why(error)),
        str(path),
        phrase("Free some space, or use --saves."),
    )
