"""The folder of campaigns: what is on the disk when, who may write it, and what the disk may refuse."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from redmexico import saves as saves_module
from redmexico.errors import (
    CampaignExists,
    CampaignFault,
    CampaignInUse,
    CannotSave,
    DamagedCampaign,
    NewerCampaign,
    NotACampaign,
    RedMexicoError,
    UnknownCampaign,
)
from redmexico.journal import Journal, read
from redmexico.saves import Operations, SaveFile, Saves, clean_title, graphemes, is_slug, slug_of

posix = pytest.mark.skipif(sys.platform == "win32", reason="locks, owners and links of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="limits and users as Linux has them")


def new_journal(title: str = "Bajío road") -> Journal:
    journal, _ = Journal.begin(
        id=saves_module.new_id(),
        seed="7",
        title=title,
        start="tampico",
        mode="standard",
        packs=[{"id": "redmexico", "version": "1.0.0", "fp": "0" * 16}],
        rules=1,
        app="1.0.0",
        made=saves_module.made_now(),
        d=[["", {"bread": 4, "!date": 707_081}]],
    )
    return journal


def choose(file: SaveFile, bread: int = 3) -> bool:
    journal = file.journal
    return file.append(
        journal.choice("meal", "meal/after", "eat", "", [["", {"bread": bread, "!turn": len(journal.records)}]])
    )


def played(saves: Saves, choices: int = 3, title: str = "Bajío road") -> Path:
    """A campaign of some choices, played and closed."""
    with saves.create(new_journal(title)) as file:
        for bread in range(choices):
            assert choose(file, bread)
    return file.path


def step_of(saves: Saves, slug: str) -> int:
    reading = saves.read(slug)
    assert reading.damage is None
    assert reading.journal is not None
    return reading.journal.step()


@pytest.fixture
def saves(tmp_path: Path) -> Saves:
    return Saves(tmp_path / "saves", app="1.0.0")


class Disk(Operations):
    """A disk that fails when told to."""

    def __init__(self) -> None:
        self.errors: dict[str, int] = {}
        self.largest_write = 1 << 30

    def _fail(self, name: str) -> None:
        if name in self.errors:
            raise OSError(self.errors[name], os.strerror(self.errors[name]))

    def write(self, fd: int, data: bytes) -> int:
        self._fail("write")
        return super().write(fd, data[: self.largest_write])

    def sync(self, fd: int) -> None:
        self._fail("sync")
        super().sync(fd)

    def truncate(self, fd: int, size: int) -> None:
        self._fail("truncate")
        super().truncate(fd, size)

    def link(self, old: Path, new: Path) -> None:
        self._fail("link")
        super().link(old, new)

    def lock(self, fd: int, path: Path) -> int | None:
        self._fail("lock")
        return super().lock(fd, path)

    def open(self, path: Path, flags: int) -> int:
        if flags & os.O_CREAT:
            self._fail("create")
        return super().open(path, flags)


@pytest.fixture
def disk() -> Disk:
    return Disk()


# ── playing ──


def test_a_new_campaign_is_a_file_named_after_its_title(saves: Saves) -> None:
    with saves.create(new_journal("El camino del Bajío")) as file:
        assert file.slug == "el-camino-del-bajio"
        assert file.path.read_bytes() == file.journal.encoded()
        assert stat.S_IMODE(file.path.stat().st_mode) & 0o077 == 0


def test_two_campaigns_of_one_title_have_two_files(saves: Saves) -> None:
    slugs = [played(saves).name for _ in range(3)]
    assert slugs == ["bajio-road.rmx.jsonl", "bajio-road-2.rmx.jsonl", "bajio-road-3.rmx.jsonl"]


def test_every_choice_is_on_the_disk_before_it_counts_as_saved(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        for bread in range(5):
            assert choose(file, bread)
            assert file.path.read_bytes() == file.journal.encoded()


def test_an_opened_campaign_goes_on_where_it_was_left(saves: Saves) -> None:
    slug = played(saves).name.split(".")[0]
    with saves.open(slug) as file:
        assert (file.journal.step(), file.journal.state["bread"], file.notice) == (3, 2, "")
        choose(file, 9)
    assert step_of(saves, slug) == 4


def test_nothing_but_campaigns_is_left_in_the_folder(saves: Saves) -> None:
    path = played(saves)
    assert [entry.name for entry in saves.folder.iterdir()] == [path.name]


def test_a_disk_that_takes_a_few_bytes_at_a_time_gets_them_all(tmp_path: Path, disk: Disk) -> None:
    disk.largest_write = 7
    path = played(Saves(tmp_path, operations=disk))
    assert read(path.read_bytes()).damage is None


def test_a_file_system_without_second_names_still_takes_campaigns(tmp_path: Path, disk: Disk) -> None:
    disk.errors["link"] = errno.EPERM
    saves = Saves(tmp_path, operations=disk)
    assert [played(saves).name, played(saves).name] == ["bajio-road.rmx.jsonl", "bajio-road-2.rmx.jsonl"]
    saves.undelete(saves.delete("bajio-road-2"))
    assert step_of(saves, "bajio-road-2") == 3
    assert sorted(entry.name for entry in tmp_path.glob("*.jsonl")) == [
        "bajio-road-2.rmx.jsonl",
        "bajio-road.rmx.jsonl",
    ]


def test_a_file_system_without_locks_still_takes_campaigns(tmp_path: Path, disk: Disk) -> None:
    disk.errors["lock"] = errno.ENOLCK
    assert read(played(Saves(tmp_path, operations=disk)).read_bytes()).damage is None


KILLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from redmexico.saves import Saves
with Saves(Path(sys.argv[2])).open("bajio-road") as file:
    while True:
        journal = file.journal
        saved = file.append(journal.choice("meal", "meal/on", "eat", "", [["", {"bread": journal.step()}]]))
        print(journal.step() if saved else -1, flush=True)
"""


def in_another_process(script: str, folder: Path) -> subprocess.Popen[str]:
    source = str(Path(saves_module.__file__).parents[1])
    return subprocess.Popen([sys.executable, "-c", script, source, str(folder)], stdout=subprocess.PIPE, text=True)


@posix
@pytest.mark.parametrize("after", [1, 7, 40])
def test_a_choice_that_counts_as_saved_survives_the_death_of_the_program(saves: Saves, after: int) -> None:
    played(saves, 0)
    with in_another_process(KILLED, saves.folder) as program:
        assert program.stdout is not None
        said = [int(program.stdout.readline()) for _ in range(after)]
        program.send_signal(signal.SIGKILL)
        said += [int(line) for line in program.stdout if line.endswith("\n")]
    with saves.open("bajio-road") as file:
        assert max(said) <= file.journal.step() <= max(said) + 1


# ── one window at a time ──


@posix
def test_a_second_window_is_told_who_plays_and_may_play_a_copy(saves: Saves) -> None:
    played(saves, 0)
    with in_another_process(KILLED, saves.folder) as program:
        assert program.stdout is not None
        program.stdout.readline()
        with pytest.raises(CampaignInUse) as refusal:
            saves.open("bajio-road")
        assert f"process {program.pid} on " in refusal.value.holder
        assert "copy" in refusal.value.hint
        entry = saves.list()[0]
        assert (entry.state, entry.holder) == ("in_use", refusal.value.holder)
        with saves.copy("bajio-road", "My own road") as copy:
            assert choose(copy)
        program.kill()
        program.stdout.read()
    with saves.open("bajio-road") as file:
        assert choose(file)


@posix
def test_a_campaign_open_in_this_window_is_not_opened_twice(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        with pytest.raises(CampaignInUse):
            saves.open(file.slug)
        assert choose(file)
    saves.open(file.slug).close()


def test_a_campaign_in_play_can_be_looked_at(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        choose(file)
        assert step_of(saves, file.slug) == 1


def test_a_note_of_who_plays_is_believed_only_so_far(saves: Saves) -> None:
    path = played(saves)
    with saves.open("bajio-road"):
        for lie in (b"", b"[" * 5000, b'{"pid":[],"host":1}', b"\xff", b'{"pid":1,"host":"\\u001b[2J\\u202e"}'):
            path.with_name("bajio-road.note").write_bytes(lie)
            assert saves.list()[0].holder.isprintable()


# ── the list ──


def test_the_list_tells_what_a_player_chooses_by(saves: Saves) -> None:
    path = played(saves, 3)
    entry = saves.list()[0]
    assert (entry.slug, entry.title, entry.state, entry.step) == ("bajio-road", "Bajío road", "good", 3)
    assert (entry.start, entry.mode, entry.seed, entry.date) == ("tampico", "standard", "7", 707_081)
    assert entry.packs == (("redmexico", "1.0.0", "0" * 16),)
    assert (entry.size, entry.played) == (path.stat().st_size, int(path.stat().st_mtime))
    assert entry.branches == 1


def test_the_list_begins_with_what_was_played_last(saves: Saves) -> None:
    for k, title in enumerate(["one", "two", "three"]):
        path = played(saves, 1, title)
        os.utime(path, (k * 1000, [5000, 9000, 7000][k]))
    assert [entry.slug for entry in saves.list()] == ["two", "three", "one"]


def test_an_empty_or_absent_folder_lists_nothing(saves: Saves) -> None:
    assert (saves.list(), saves.deleted(), saves.warnings) == ((), (), [])


def test_the_list_says_what_is_wrong_with_each_file_and_changes_none(saves: Saves) -> None:
    data = played(saves, 5, "good").read_bytes()
    flipped = bytearray(data)
    flipped[len(data) // 2] ^= 1
    files = {
        "torn": data[:-20],
        "middle": bytes(flipped),
        "newer": data.replace(b'"format":1', b'"format":2'),
        "diary": b"Dear diary\n",
        "large": data + bytes(17 << 20),
        "Ünfit": data,
    }
    for name, content in files.items():
        (saves.folder / f"{name}.rmx.jsonl").write_bytes(content)
    (saves.folder / "folder.rmx.jsonl").mkdir()
    (saves.folder / "notes.txt").write_text("mine")
    before = {path.name: path.read_bytes() for path in saves.folder.iterdir() if path.is_file()}
    states = {entry.slug: entry.state for entry in saves.list()}
    assert states == {
        "good": "good",
        "torn": "torn",
        "middle": "damaged",
        "newer": "newer",
        "diary": "not_ours",
        "large": "damaged",
        "folder": "not_ours",
        "\\xdcnfit": "not_ours",
    }
    assert before == {path.name: path.read_bytes() for path in saves.folder.iterdir() if path.is_file()}


def test_the_list_notices_that_a_file_has_changed(saves: Saves) -> None:
    played(saves, 1)
    assert saves.list()[0].step == 1
    with saves.open("bajio-road") as file:
        choose(file)
    assert saves.list()[0].step == 2


def test_a_folder_open_to_all_is_warned_of_once(saves: Saves) -> None:
    played(saves)
    assert saves.warnings == []
    saves.folder.chmod(0o777)
    assert len(saves.warnings) == 1
    saves.folder.chmod(0o1777)
    assert saves.warnings == []


# ── damage and repair ──


def test_a_torn_end_is_cut_once_a_copy_of_the_file_is_safe(saves: Saves) -> None:
    path = played(saves, 3)
    torn = path.read_bytes() + b'{"c":"0123'
    path.write_bytes(torn)
    with saves.open("bajio-road") as file:
        assert "cut off" in file.notice
        assert file.journal.step() == 3
        assert choose(file)
    assert (saves.folder / ".damaged" / "bajio-road.rmx.jsonl").read_bytes() == torn
    assert step_of(saves, "bajio-road") == 4


def test_a_lost_end_of_line_costs_no_choice(saves: Saves) -> None:
    path = played(saves, 3)
    whole = path.read_bytes()
    path.write_bytes(whole[:-1])
    with saves.open("bajio-road") as file:
        assert "nothing is missing" in file.notice
    assert path.read_bytes() == whole


def test_a_torn_end_is_not_cut_when_no_copy_can_be_made(saves: Saves, disk: Disk) -> None:
    path = played(saves, 3)
    path.write_bytes(path.read_bytes()[:-9])
    torn = path.read_bytes()
    disk.errors["create"] = errno.ENOSPC
    with pytest.raises(CannotSave):
        Saves(saves.folder, operations=disk).open("bajio-road")
    assert path.read_bytes() == torn


def test_damage_in_the_middle_is_never_cut_and_its_good_part_can_be_rescued(saves: Saves) -> None:
    path = played(saves, 5)
    data = bytearray(path.read_bytes())
    data[data.index(b'"n":4') + 4] ^= 1
    path.write_bytes(data)
    with pytest.raises(DamagedCampaign) as refusal:
        saves.open("bajio-road")
    assert (refusal.value.step, refusal.value.record) == (3, 4)
    assert "first 3 steps" in refusal.value.hint
    with pytest.raises(DamagedCampaign):
        saves.copy("bajio-road", "Copy")
    with saves.rescue("bajio-road") as file:
        assert (file.slug, file.journal.step()) == ("bajio-road-rescued-1", 3)
        assert choose(file)
    assert path.read_bytes() == data


def test_a_newer_campaign_is_refused_by_name_and_left_as_it_is(saves: Saves) -> None:
    path = played(saves)
    newer = path.read_bytes().replace(b'"format":1', b'"format":2').replace(b'"app":"1.0.0"', b'"app":"4.2.0"')
    path.write_bytes(newer)
    for act in (lambda: saves.open("bajio-road"), lambda: saves.import_(path)):
        with pytest.raises(NewerCampaign, match=r"4\.2\.0"):
            act()
    assert path.read_bytes() == newer


@posix
def test_a_file_that_is_no_campaign_is_not_opened_and_not_touched(saves: Saves, tmp_path: Path) -> None:
    saves.folder.mkdir()
    outside = tmp_path / "outside.rmx.jsonl"
    outside.write_bytes(new_journal().encoded())
    (saves.folder / "link.rmx.jsonl").symlink_to(outside)
    (saves.folder / "folder.rmx.jsonl").mkdir()
    os.mkfifo(saves.folder / "pipe.rmx.jsonl")
    (saves.folder / "diary.rmx.jsonl").write_text("Dear diary")
    for slug in ("link", "folder", "pipe", "diary"):
        with pytest.raises(NotACampaign):
            saves.open(slug)
    for slug in ("link", "folder", "pipe"):
        with pytest.raises(NotACampaign):
            saves.read(slug)
    assert {entry.state for entry in saves.list()} == {"not_ours"}


@pytest.mark.parametrize("slug", ["../evil", "a/b", "", ".", "con", "A", "a.b", "x" * 65, "\x1b[2J", "a\n"])
def test_a_name_leads_nowhere_but_into_the_folder(saves: Saves, slug: str) -> None:
    with pytest.raises(UnknownCampaign) as refusal:
        saves.open(slug)
    assert str(refusal.value).isprintable()


def test_an_unknown_campaign_is_said_to_be_unknown(saves: Saves) -> None:
    for act in (saves.open, saves.read, saves.delete, saves.rescue):
        with pytest.raises(UnknownCampaign):
            act("nobody")


# ── copying and moving ──


def test_a_copy_is_a_campaign_of_its_own(saves: Saves) -> None:
    path = played(saves)
    before = path.read_bytes()
    with saves.copy("bajio-road", "The other road") as copy:
        assert (copy.slug, copy.journal.title, copy.journal.step()) == ("the-other-road", "The other road", 3)
        assert copy.journal.id != saves.read("bajio-road").journal.id  # type: ignore[union-attr]
        assert choose(copy)
    assert path.read_bytes() == before


def test_a_copy_may_hold_the_present_branch_alone(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        choose(file)
        choose(file)
        file.append(file.journal.rewind(1))
        choose(file, 0)
    with saves.copy("bajio-road", "Alone", branch_alone=True) as copy:
        assert len(copy.journal.records) == 3
        assert copy.journal.state["bread"] == 0


def test_a_campaign_may_be_renamed_and_its_file_keeps_its_name(saves: Saves) -> None:
    played(saves)
    saves.rename("bajio-road", "The ration\x1b book")
    assert [(entry.slug, entry.title) for entry in saves.list()] == [("bajio-road", "The ration book")]


def test_deleting_only_moves_and_can_be_taken_back(saves: Saves) -> None:
    path = played(saves)
    before = path.read_bytes()
    where = saves.delete("bajio-road")
    assert (saves.list(), where.parent.name) == ((), ".deleted")
    assert [entry.slug for entry in saves.deleted()] == ["bajio-road"]
    played(saves)
    assert saves.undelete(where) == "bajio-road-2"
    assert (saves.folder / "bajio-road-2.rmx.jsonl").read_bytes() == before
    assert saves.deleted() == ()


def test_two_deleted_campaigns_of_one_name_are_both_kept(saves: Saves) -> None:
    played(saves, 1)
    saves.delete("bajio-road")
    played(saves, 2)
    saves.delete("bajio-road")
    assert sorted(entry.step for entry in saves.deleted()) == [1, 2]


@posix
def test_a_campaign_in_play_is_not_deleted(saves: Saves) -> None:
    with saves.create(new_journal()) as file, pytest.raises(CampaignInUse):
        saves.delete(file.slug)
    assert len(saves.list()) == 1


def test_a_damaged_file_can_be_put_out_of_sight_too(saves: Saves) -> None:
    path = played(saves)
    path.write_bytes(b"Dear diary")
    assert saves.delete("bajio-road").read_bytes() == b"Dear diary"


def test_only_what_was_deleted_here_is_taken_back(saves: Saves, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.rmx.jsonl"
    stranger.write_bytes(new_journal().encoded())
    with pytest.raises(UnknownCampaign):
        saves.undelete(stranger)
    assert stranger.exists()


def test_a_campaign_is_carried_to_another_folder_byte_for_byte(saves: Saves, tmp_path: Path) -> None:
    path = played(saves)
    target = saves.export("bajio-road", tmp_path)
    assert target.read_bytes() == path.read_bytes()
    with pytest.raises(CampaignExists):
        saves.export("bajio-road", target)
    other = Saves(tmp_path / "other")
    assert (other.import_(target), other.import_(target)) == ("bajio-road", "bajio-road-2")
    assert step_of(other, "bajio-road") == 3


@pytest.mark.parametrize(
    "content", [b"", b"Dear diary", b'{"t":"head","format":1}\n', b"[" * 70_000, bytes(17 << 20)], ids=len
)
def test_nothing_but_a_sound_campaign_is_taken_in(saves: Saves, tmp_path: Path, content: bytes) -> None:
    stranger = tmp_path / "stranger"
    stranger.write_bytes(content)
    with pytest.raises(CampaignFault):
        saves.import_(stranger)
    assert saves.list() == ()


def test_a_torn_campaign_is_taken_in_as_it_is_and_mended_when_opened(saves: Saves, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    with saves.create(new_journal()) as file:
        choose(file)
    stranger.write_bytes(file.path.read_bytes() + b"{")
    slug = saves.import_(stranger)
    assert {entry.slug: entry.state for entry in saves.list()}[slug] == "torn"
    with saves.open(slug) as file:
        assert file.journal.step() == 1


# ── names ──


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("El camino del Bajío", "el-camino-del-bajio"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "campaign-con"),
        ("lpt9", "campaign-lpt9"),
        ("赤い墨西哥", "campaign"),
        ("", "campaign"),
        ("-" * 90, "campaign"),
        ("a" * 200, "a" * 48),
    ],
)
def test_any_title_has_a_name_for_its_file(title: str, slug: str) -> None:
    assert slug_of(title) == slug
    assert is_slug(slug)


def test_every_numbered_name_is_a_name() -> None:
    for names in (saves_module._numbered("a" * 64), saves_module._rescued("a" * 64)):
        assert all(is_slug(next(names)) for _ in range(120))


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("  The   road\n", "The road"),
        ("\x1b[31mred\x07\x9b", "[31mred"),
        ("a\u202eb\u2066c\u200fd\U000e0041", "abcd"),
        ("", "Untitled"),
        ("\x00\x1b", "Untitled"),
        ("e\u0301", "é"),
    ],
)
def test_a_title_is_one_line_that_cannot_steer_the_terminal(typed: str, title: str) -> None:
    assert clean_title(typed) == title


def test_a_title_has_forty_letters_as_a_reader_counts_them() -> None:
    assert graphemes(clean_title("🇲🇽" * 60)) == ["🇲🇽"] * 40
    assert len(graphemes(clean_title("e" + "\u0301\u0302" * 500 + "x" * 90))) == 40
    assert len(clean_title("e\u0301\u0302\u0303" * 500)) <= 400
    new_journal(clean_title(("👩\u200d👩\u200d👧\u200d👦" + "\u0302" * 30) * 60))


# ── what the disk may refuse: R3, R10 ──


def test_with_a_full_disk_play_goes_on_and_all_is_saved_when_there_is_room(tmp_path: Path, disk: Disk) -> None:
    saves = Saves(tmp_path, operations=disk)
    with saves.create(new_journal()) as file:
        assert choose(file, 1)
        disk.errors["write"] = errno.ENOSPC
        assert not choose(file, 2)
        assert not choose(file, 3)
        assert file.failing == os.strerror(errno.ENOSPC)
        assert (file.journal.step(), len(file.unsaved)) == (3, 2)
        assert step_of(saves, file.slug) == 1
        del disk.errors["write"]
        assert choose(file, 4)
        assert file.failing is None
        assert not file.unsaved
        assert step_of(saves, file.slug) == 4
        assert file.slug == "bajio-road"


def test_bytes_that_could_not_be_finished_are_taken_off_again(tmp_path: Path, disk: Disk) -> None:
    saves = Saves(tmp_path, operations=disk)
    with saves.create(new_journal()) as file:
        choose(file)
        before = file.path.read_bytes()
        writes: list[int] = []

        def half(fd: int, data: bytes) -> int:
            if writes:
                raise OSError(errno.EDQUOT, "quota")
            writes.append(1)
            return os.write(fd, data[:10])

        disk.write = half  # type: ignore[method-assign]
        assert not choose(file)
        assert file.path.read_bytes() == before
        del disk.write
        assert file.flush()
        assert step_of(saves, file.slug) == 2


@pytest.mark.parametrize("stroke", [KeyboardInterrupt, OSError])
def test_half_a_line_left_by_an_interrupted_write_is_cut_before_the_next(
    tmp_path: Path, disk: Disk, stroke: type[BaseException]
) -> None:
    saves = Saves(tmp_path, operations=disk)
    with saves.create(new_journal()) as file:
        choose(file)

        def half(fd: int, data: bytes) -> int:
            os.write(fd, data[:10])
            raise stroke(errno.ENOSPC, "stroke")

        disk.write = half  # type: ignore[method-assign]
        disk.errors["truncate"] = errno.EROFS
        with suppress(KeyboardInterrupt):
            assert not choose(file)
        assert read(file.path.read_bytes()).damage is not None
        del disk.write
        del disk.errors["truncate"]
        assert choose(file)
        assert (step_of(saves, file.slug), file.slug) == (3, "bajio-road")


def test_a_file_system_gone_read_only_is_waited_out(tmp_path: Path, disk: Disk) -> None:
    with Saves(tmp_path, operations=disk).create(new_journal()) as file:
        disk.errors = dict.fromkeys(("write", "truncate", "create"), errno.EROFS)
        assert not choose(file)
        assert file.failing is not None
        disk.errors = {}
        assert choose(file)
        assert step_of(Saves(tmp_path), "bajio-road") == 2


def test_a_disk_that_fails_to_sync_is_left_for_a_new_file(tmp_path: Path, disk: Disk) -> None:
    saves = Saves(tmp_path, operations=disk)
    syncs = iter([True, False])
    with saves.create(new_journal()) as file:
        real = Disk.sync

        def fails_once(fd: int) -> None:
            if next(syncs, False):
                raise OSError(errno.EIO, "Input/output error")
            real(disk, fd)

        disk.sync = fails_once  # type: ignore[method-assign]
        assert choose(file)
        assert (file.slug, file.failing) == ("bajio-road-rescued-1", None)
        assert "Input/output error" in file.notice
        assert choose(file)
    assert step_of(saves, "bajio-road-rescued-1") == 2
    assert saves.read("bajio-road").damage is None


def test_a_disk_that_fails_for_good_keeps_the_banner_and_leaves_no_litter(tmp_path: Path, disk: Disk) -> None:
    saves = Saves(tmp_path, operations=disk)
    with saves.create(new_journal()) as file:
        choose(file)
        disk.errors = dict.fromkeys(("write", "sync", "create"), errno.EIO)
        for _ in range(4):
            assert not choose(file)
            assert file.failing == os.strerror(errno.EIO)
        assert [path.name for path in tmp_path.glob("*.jsonl")] == ["bajio-road.rmx.jsonl"]
        disk.errors = {}
        assert choose(file)
    assert step_of(saves, "bajio-road-rescued-1") == 6


def test_a_folder_deleted_in_play_is_made_again_with_the_whole_campaign(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        choose(file)
        for path in saves.folder.iterdir():
            path.unlink()
        saves.folder.rmdir()
        assert choose(file)
        assert file.slug == "bajio-road-rescued-1"
        assert "gone" in file.notice
    assert step_of(saves, "bajio-road-rescued-1") == 2


@posix
def test_a_link_put_in_the_files_place_is_not_written_through(saves: Saves, tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("precious")
    with saves.create(new_journal()) as file:
        choose(file)
        file.path.unlink()
        file.path.symlink_to(victim)
        assert choose(file)
        assert file.slug == "bajio-road-rescued-1"
    assert victim.read_text() == "precious"
    assert step_of(saves, "bajio-road-rescued-1") == 2


@posix
def test_no_folder_of_ours_is_followed_to_another_place(saves: Saves, tmp_path: Path) -> None:
    path = played(saves)
    (tmp_path / "elsewhere").mkdir()
    (saves.folder / ".deleted").symlink_to(tmp_path / "elsewhere")
    (saves.folder / ".damaged").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CannotSave):
        saves.delete("bajio-road")
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(CannotSave):
        saves.open("bajio-road")
    assert list((tmp_path / "elsewhere").iterdir()) == []
    (saves.folder / "bajio-road.note").symlink_to(tmp_path / "elsewhere" / "note")
    (saves.folder / ".damaged").unlink()
    saves.open("bajio-road").close()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_another_programs_bytes_in_the_file_are_neither_cut_nor_joined(saves: Saves) -> None:
    with saves.create(new_journal()) as file:
        choose(file)
        with file.path.open("ab") as stranger:
            stranger.write(b"mine\n")
        foreign, before = file.path, file.path.read_bytes()
        assert choose(file)
        assert file.slug == "bajio-road-rescued-1"
    assert foreign.read_bytes() == before
    assert step_of(saves, "bajio-road-rescued-1") == 2


@linux
def test_a_real_file_that_may_not_grow_is_cut_back_to_its_last_choice(saves: Saves) -> None:
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with saves.create(new_journal()) as file:
        choose(file)
        before = file.path.read_bytes()
        resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + 50, hard))
        try:
            assert not choose(file)
            assert file.failing is not None
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert file.path.read_bytes() == before
        assert choose(file)
        assert step_of(saves, file.slug) == 3


@linux
def test_a_really_full_disk_keeps_every_campaign_openable(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "tmpfs", str(small)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("mounting a small disk needs more rights than this user has")
    try:
        saves = Saves(small / "saves")
        with saves.create(new_journal()) as file:
            filler = (small / "filler").open("wb", buffering=0)
            with pytest.raises(OSError, match="space"):
                while filler.write(b"x" * 4096):
                    pass
            filler.close()
            saved = [choose(file) for _ in range(60)]
            assert saved[0]
            assert not saved[-1]
            assert step_of(saves, file.slug) == sum(saved)
            with pytest.raises(CannotSave, match="space"):
                saves.create(new_journal("Another"))
            (small / "filler").unlink()
            assert choose(file)
        assert step_of(saves, "bajio-road") == 61
        assert [path.name for path in saves.folder.iterdir()] == ["bajio-road.rmx.jsonl"]
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)


@pytest.fixture
def nobody(tmp_path: Path) -> Iterator[None]:
    """The same test as a user whom the disk may refuse; root is refused nothing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        yield
        return
    modes = {folder: folder.stat().st_mode for folder in (tmp_path, *tmp_path.parents)}
    closed = [folder for folder, mode in modes.items() if not mode & 0o001]
    for folder in closed:
        folder.chmod(modes[folder] | 0o011)
    tmp_path.chmod(0o777)
    os.seteuid(65_534)
    try:
        yield
    finally:
        os.seteuid(0)
        for folder in closed:
            folder.chmod(modes[folder])


@posix
@pytest.mark.usefixtures("nobody")
def test_a_folder_that_may_not_be_written_is_refused_with_a_remedy(saves: Saves) -> None:
    played(saves)
    saves.folder.chmod(0o500)
    try:
        with pytest.raises(CannotSave) as refusal:
            saves.create(new_journal())
        assert "--saves" in refusal.value.hint
        assert saves.list()[0].state == "good"
        with saves.open("bajio-road") as file:
            assert choose(file)
    finally:
        saves.folder.chmod(0o700)


@posix
@pytest.mark.usefixtures("nobody")
def test_a_file_that_may_not_be_written_can_still_be_looked_at_and_copied(saves: Saves) -> None:
    path = played(saves)
    path.chmod(0o400)
    with pytest.raises(CannotSave):
        saves.open("bajio-road")
    assert step_of(saves, "bajio-road") == 3
    with saves.copy("bajio-road", "Mine") as copy:
        assert choose(copy)
    path.chmod(0)
    with pytest.raises(CannotSave):
        saves.read("bajio-road")


# ── what surrounds it ──


def test_every_refusal_says_what_to_do(saves: Saves) -> None:
    played(saves)
    with saves.open("bajio-road"):
        for act in (
            lambda: saves.open("bajio-road"),
            lambda: saves.open("nobody"),
            lambda: saves.open("../x"),
            lambda: saves.export("bajio-road", saves.folder / "bajio-road.rmx.jsonl"),
        ):
            with pytest.raises(RedMexicoError) as refusal:
                act()
            assert refusal.value.hint


def test_leftovers_of_killed_programs_are_swept_after_a_day(saves: Saves) -> None:
    played(saves)
    for name, age in ((".new-old", 90_000), (".new-young", 10)):
        (saves.folder / name).write_bytes(b"")
        os.utime(saves.folder / name, (time.time() - age,) * 2)
    played(saves)
    assert sorted(path.name for path in saves.folder.glob(".new-*")) == [".new-young"]


def test_in_heavy_mode_a_file_that_says_something_else_is_found_at_once(
    saves: Saves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDMEXICO_HEAVY", "1")
    with saves.create(new_journal()) as file:
        assert choose(file)
        state: dict[str, Any] = file.journal._state
        state["bread"] = 99
        with pytest.raises(CampaignFault):
            file.append(file.journal.mark("now"))


def test_a_closed_campaign_stays_closed(saves: Saves) -> None:
    file = saves.create(new_journal())
    file.close()
    file.close()
    assert not (saves.folder / "bajio-road.note").exists()


def test_the_note_says_who_plays(saves: Saves) -> None:
    with saves.create(new_journal()):
        note = json.loads((saves.folder / "bajio-road.note").read_bytes())
        assert note["pid"] == os.getpid()
