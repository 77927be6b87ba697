"""T8: hostile campaign files in the folder: every command refuses or repairs by the rules, and none loses a byte.

What the reader makes of the same bytes stands in test_journal.py; here they lie among a player's own campaigns.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from pathlib import Path

import pytest

from kit import files
from redmexico.cli import main
from redmexico.journal import read
from redmexico.saves import Saves
from test_journal import GOOD, HOSTILE, ten_records

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pipes, links and names as they are elsewhere")


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "hostile-cache"))


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sound story to ask the campaigns with."""
    folder = tmp_path_factory.mktemp("pack")
    for name, text in files(scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: x, label: X}]\ninvented: true\n").items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a sound campaign in it."""
    saves = tmp_path / "saves"
    saves.mkdir(mode=0o700)
    (saves / "mine.rmx.jsonl").write_bytes(ten_records())
    return saves


def contents(folder: Path) -> dict[str, bytes]:
    """Every plain file below a folder, but for notes of who plays."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink() and not path.name.endswith((".lock", ".note"))
    }


def steers(text: str) -> list[str]:
    return [c for c in text if c != "\n" and (unicodedata.category(c) in ("Cc", "Cs") or "\u202a" <= c <= "\u202e" or "\u2066" <= c <= "\u2069")]


def ask(capsys: pytest.CaptureFixture[str], pack: Path, folder: Path, *command: str) -> tuple[int, str]:
    """A command's status and all that it said, which steers no terminal."""
    given = [] if command[0] == "check" else ["--pack", str(pack), "--saves", str(folder)]
    status = main([command[0], *given, *command[1:]])
    said = capsys.readouterr()
    assert not steers(said.out + said.err), command
    assert "Traceback" not in said.err
    return status, said.out + said.err


ASKED = (["saves", "show", "odd"], ["saves", "verify", "odd"], ["saves", "code", "odd"], ["replay", "odd"], ["diff", "odd", "mine"], ["export", "odd", "-o", "-"])


def test_there_are_thirty_of_them() -> None:
    assert len(HOSTILE) >= 30


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_among_campaigns_is_told_refused_and_left(
    name: str, pack: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "odd.rmx.jsonl").write_bytes(HOSTILE[name][0]())
    before = contents(folder)
    status, said = ask(capsys, pack, folder, "saves", "list")
    assert status == 0 and "mine" in said, "the others are listed all the same"
    for command in ASKED:
        status, said = ask(capsys, pack, folder, *command)
        assert status == 4, (command, said)
        assert len(said.splitlines()) <= 3 and said.startswith("redmexico: "), said
    assert ask(capsys, pack, folder, "saves", "import", str(folder / "odd.rmx.jsonl"))[0] in (0, 4)
    status, said = ask(capsys, pack, folder, "check", str(pack), "--against", str(folder))
    assert "mine: " in said
    assert {k: v for k, v in contents(folder).items() if k in before} == before, "no byte of what was there is changed"


@pytest.mark.parametrize("name", HOSTILE)
def test_what_can_be_rescued_is_a_sound_new_file_and_the_old_one_stays(
    name: str, pack: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw = HOSTILE[name][0]()
    (folder / "odd.rmx.jsonl").write_bytes(raw)
    before = contents(folder)
    status, _ = ask(capsys, pack, folder, "saves", "rescue", "odd")
    after = contents(folder)
    new = {k: v for k, v in after.items() if k not in before}
    assert {k: v for k, v in after.items() if k in before} == before
    assert (status == 0) == bool(new)
    for data in new.values():
        assert read(data).damage is None
    assert status in (0, 4)
    moved, _ = ask(capsys, pack, folder, "saves", "rm", "odd")
    assert moved == 0 and raw in contents(folder / ".deleted").values(), "deleting only moves"


# what is no file, and names that are no names


def made(path: Path, what: str) -> None:
    """Something at a path that is no campaign."""
    if what == "pipe":
        os.mkfifo(path)
    elif what == "folder":
        path.mkdir()
        (path / "inside").write_text("mine")
    elif what == "sparse":
        with path.open("wb") as file:
            file.truncate(17 << 20)
    elif what == "empty":
        path.touch()
    else:
        path.symlink_to({"itself": path.name, "a campaign": "mine.rmx.jsonl"}.get(what, what))


@pytest.mark.parametrize("what", ["pipe", "folder", "sparse", "empty", "itself", "a campaign", "nowhere", "/dev/zero", "/etc/passwd", "/", "/dev/stdin"])
def test_what_is_no_file_is_not_opened_waited_for_or_followed(what: str, pack: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made(folder / "odd.rmx.jsonl", what)
    before = contents(folder)
    status, said = ask(capsys, pack, folder, "saves", "list")
    assert status == 0 and "mine" in said and "root:" not in said
    taken = [] if what == "a campaign" else [["saves", "import", str(folder / "odd.rmx.jsonl")]]  # that link was named by hand
    for command in (*ASKED, ["saves", "rescue", "odd"], *taken):
        status, said = ask(capsys, pack, folder, *command)
        assert status in (2, 4), (command, said)
        assert "root:" not in said and len(said.splitlines()) <= 3
    status, said = ask(capsys, pack, folder, "check", str(pack), "--against", str(folder))
    assert "mine: " in said and "root:" not in said
    assert contents(folder) == before
    assert os.path.lexists(folder / "odd.rmx.jsonl")


@pytest.mark.parametrize(
    "name",
    [
        b"\x1b[2J.rmx.jsonl", b"a\nb.rmx.jsonl", b"\xff.rmx.jsonl", "\u202ea.rmx.jsonl".encode(), b".rmx.jsonl", b"con.rmx.jsonl", b"UP.rmx.jsonl",
        b"-rf.rmx.jsonl", b"a" * 200 + b".rmx.jsonl", b"a b.rmx.jsonl", b"::error::x.rmx.jsonl",
    ],
    ids=range(11),
)  # fmt: skip
def test_no_name_in_the_folder_steers_the_terminal_or_hides_the_others(
    name: bytes, pack: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for data in (GOOD, b"\x1b[2J"):
        with open(os.path.join(os.fsencode(folder), name), "wb") as file:
            file.write(data)
        for command in (["saves", "list"], ["saves", "list", "--json"], ["check", str(pack), "--against", str(folder)]):
            status, said = ask(capsys, pack, folder, *command)
            assert status in (0, 1) and "mine" in said, said
            said.encode()
        assert any(entry.slug == "mine" for entry in Saves(folder, "1").list())


@pytest.mark.parametrize("slug", ["../mine", "/etc/passwd", "mine/../mine", ".", "..", "", "a\0b", "\x1b[2J", "\u202e", "é" * 300, "con", "-h\n", "mine.rmx.jsonl/x"])
def test_no_name_that_is_asked_for_leads_out_of_the_folder(slug: str, pack: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outside = folder.parent / "mine.rmx.jsonl"
    outside.write_bytes(GOOD)
    before = contents(folder.parent)
    for action in ("show", "verify", "rm", "copy", "rescue", "code", "export"):
        status, said = ask(capsys, pack, folder, "saves", action, "--", slug)
        assert status in (2, 4), (action, said)
        assert "root:" not in said
    assert contents(folder.parent) == before


def test_a_folder_of_campaigns_that_is_a_link_a_file_or_a_pipe_is_refused_in_a_line(
    pack: Path, folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("mine")
    os.mkfifo(tmp_path / "pipe")
    for name in ("file", "pipe"):
        status, said = ask(capsys, pack, tmp_path / name, "play", "--plain", "--new")
        assert status in (2, 4) and len(said.splitlines()) <= 3, said
        assert ask(capsys, pack, tmp_path / name, "check", str(pack), "--against", str(tmp_path / name))[0] == 2
    assert (tmp_path / "file").read_text() == "mine"
