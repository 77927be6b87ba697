"""What goes wrong around a campaign: no room, no folder, nonsense typed, a story that has moved on."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

from kit import scene, story
from redmexico.cli import main
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.ui.options import Options
from redmexico.ui.plain import Plain
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico
from test_tui import lines, playing, press, seen, tale  # noqa: F401  the fixture is used by name


def full(session: Session) -> None:
    """From now on the disk has no room."""

    def write(fd: int, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    session.saves.operations.write = write  # type: ignore[method-assign]


def said(session: Session, *commands: str) -> str:
    out = io.StringIO()
    face = Plain(session, io.BytesIO(b""), out)
    for command in commands:
        face.answer(command)
    return out.getvalue()


async def test_another_campaign_is_not_opened_while_this_one_is_not_saved(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    other = Session(tale, tmp_path)
    other.new(title="Zed", seed="8")
    other.close()
    async with playing(tale, tmp_path) as (app, pilot):
        full(app.session)
        await press(pilot, "1")
        for act in (lambda: app.open("zed"), lambda: app.start("New"), lambda: app.attempt(lambda: app.session.save_as("Copy"))):
            act()
            await pilot.pause()
            assert app.session.slug == "a-first-try" and app.session.campaign.journal.step() == 1
            assert "not saved yet" in lines(app)[-1]


def test_lines_do_not_leave_an_unsaved_campaign_either(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    other = Session(tale, tmp_path)
    other.new(title="Zed", seed="8")
    other.close()
    session = Session(tale, tmp_path)
    session.new(title="Here", seed="7")
    full(session)
    assert "is not saved yet" in said(session, "1", "load zed")
    assert "is not saved yet" in said(session, "new Another")
    assert session.slug == "here" and session.campaign.journal.step() == 1


async def test_what_was_refused_is_not_said_to_be_done(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):

        def refuse(*_: object) -> None:
            raise RedMexicoError("it cannot be done now")

        app.session.campaign.mark = refuse  # type: ignore[method-assign]
        await press(pilot, "s", "enter")
        assert "It cannot be done now" in lines(app)[-1]
        app.session.delete = refuse  # type: ignore[method-assign]
        await press(pilot, "g", "d", "y")
        assert "It cannot be done now" in lines(app)[-1]
        await press(pilot, "z")
        assert "Nothing was deleted in this sitting" in lines(app)[-1]


def test_two_campaigns_of_one_name_are_both_brought_back(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    session = Session(tale, tmp_path)
    for _ in range(2):
        session.new(title="Same", seed="7")
        session.close()
        session.delete("same")
    assert {session.undelete("same"), session.undelete("same")} == {"same", "same-2"}
    with pytest.raises(RedMexicoError):
        session.undelete("same")


async def test_a_folder_that_is_a_file_is_told_and_ends_nothing(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "x").write_text("")
    session = Session(tale, tmp_path / "x", Options(hints=False))
    app = RedMexico(session, "title")
    async with app.run_test(size=(80, 24)) as pilot:
        await press(pilot, "1", "enter")
        assert app.bug is None and session.campaign is None
        assert "x" in lines(app)[-1]


@pytest.mark.parametrize("typed", ["²", "why ²", "rewind ²", "import ~nosuch/x", "export ~nosuch/x", "send a-first-try ~nosuch/x", "load ²", "new mode=zzz", "branches ²", "\x1b[2J", "settings measure ²"])
def test_nonsense_typed_is_answered(tale: Story, tmp_path: Path, typed: str) -> None:  # noqa: F811
    session = Session(tale, tmp_path)
    session.new(title="A first try", seed="7")
    told = said(session, typed, "status")
    assert "Away from History" in told
    session.close()


def test_a_story_with_one_line_has_a_timeline(tmp_path: Path) -> None:
    from kit import STORY

    one = story(
        story=STORY.replace("  chronicle: {title: Chronicle, follows: history, until: 1940-08-20}\n", ""),
        sources="documents: [{id: '001', title: A, line: history, kind: essay}]\nfacts: []\n",
        events="- {id: bells, line: history, date: 1940-09-10, title: The bells, external: true, invented: true}\n",
        scene__a=scene("title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\n"),
    )

    async def look() -> None:
        session = Session(one, tmp_path, Options(hints=False))
        session.new(seed="7")
        app = RedMexico(session, "play")
        for size in ((80, 24), (120, 40)):
            async with app.run_test(size=size) as pilot:
                await press(pilot, "t", "2", "3")
                assert "The bells" in seen(app)
            app = RedMexico(session, "play")
        session.close()

    import asyncio

    asyncio.run(look())


def test_a_campaign_whose_state_fits_no_story_is_refused_and_the_title_still_stands(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    from redmexico.campaign import packs_of
    from redmexico.engine import RULES, begin
    from redmexico.journal import Journal

    for name, value in (("!date", 10**12), ("!ending", "nope"), ("!act", "zz"), ("!event.landing", "zzz")):
        state = {**begin(tale, "7").state, name: value}
        journal, _ = Journal.begin(id="1" * 32, seed="7", title="Odd", start="first", mode="standard", packs=packs_of(tale), rules=RULES, app="1.0.0", made="2026-01-01T00:00:00Z", d=[["", state]])
        folder = tmp_path / name.strip("!").replace(".", "-")
        folder.mkdir()
        (folder / "odd.rmx.jsonl").write_bytes(journal.encoded())
        session = Session(tale, folder)
        assert session.newest() is not None
        with pytest.raises(RedMexicoError):
            session.open("odd")
        assert session.campaign is None


def test_a_play_is_never_written_over_a_file(tale: Story, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: F811
    session = Session(tale, tmp_path)
    session.new(title="Here", seed="7")
    session.close()
    before = (tmp_path / "here.rmx.jsonl").read_bytes()
    assert main(["saves", "export", "here", str(tmp_path / "here.rmx.jsonl"), "--play", "--saves", str(tmp_path)]) == 2
    assert (tmp_path / "here.rmx.jsonl").read_bytes() == before
    assert "there already" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["saves", "show", "a" * 5000], ["saves", "export", "here", "é" * 3000], ["diff", "a" * 5000, "history"], ["replay", "x/" * 3000 + ".yaml"], ["export", "no\0body"]])
def test_names_that_no_disk_has_are_refused_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main([*arguments, "--saves", str(tmp_path)]) in (2, 4)
    told = capsys.readouterr().err
    assert told.startswith("redmexico: ") and "Traceback" not in told


async def test_colour_comes_back_after_none(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.delenv("NO_COLOR", raising=False)
    session = Session(tale, tmp_path, Options(theme="mono"))
    assert RedMexico(session).palette_of == "mono"
    session.options.theme = "dark"
    assert RedMexico(session).palette_of == "ours"
    assert "NO_COLOR" not in os.environ


def test_settings_with_letters_that_no_file_has_are_kept_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"soften": ["\\ud800"]}')
    options = Options(path=path)
    assert options.change("measure", 48) == ""
    assert Options(path=path).measure == 48
