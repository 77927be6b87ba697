"""The bench on the screen: files change beside the game, and F12 opens the author's panel."""

from __future__ import annotations

import asyncio
import sys
from argparse import Namespace
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from kit import STATE, scene
from redmexico.errors import BrokenPack
from redmexico.findings import Finding
from redmexico.state import iso
from redmexico.ui.found import Found
from redmexico.ui.options import Options
from redmexico.ui.session import Session
from redmexico.ui.tui.dev import Dev, Draft, editing
from redmexico.ui.tui.screens.author import Author, around, pointed
from redmexico.workbench import is_test
from redmexico.writers import bench as command
from test_workbench import DECK, Desk

AWARD = "- {id: waved, title: A wave, if: chosen(pier/wave), text: They waved back.}\n"
LONG = "text: \"" + "Gulls over the pier, and no end of them. " * 6 + "{bred} and more of them after it, to the end of the line.\"\n"


class Bench(Desk):
    """A pack on the disk, and the game on it."""

    asked = 0
    found: list[Finding] | None = None

    def open(self, saves: Path, **options: object) -> Dev:
        story = self.bench.story
        assert story is not None
        self.session = command.Drafts(story, saves, Options(hints=False, **options))  # type: ignore[arg-type]
        self.campaign = self.session.new("Draft", seed="7")
        return Dev(self.session, self.bench, self.examine)

    async def examine(self) -> list[Finding] | None:
        self.asked += 1
        await asyncio.sleep(0)
        return self.found


@asynccontextmanager
async def writing(folder: Path, size: tuple[int, int] = (80, 24), **texts: str) -> AsyncIterator[tuple[Bench, Dev, Pilot[None]]]:
    desk = Bench(folder / "pack", achievements=AWARD, **texts)
    app = desk.open(folder / "saves")
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield desk, app, pilot
    desk.session.close()


def seen(app: Dev) -> str:
    return "\n".join(strip.text.rstrip() for strip in app.screen._compositor.render_strips())


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Wait for the bench to have looked."""
    for _ in range(400):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError(f"it never came:\n{seen(pilot.app)}")  # type: ignore[arg-type]


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


async def answer(pilot: Pilot[None], text: str) -> None:
    """Answer the question that is asked."""
    pilot.app.screen.query_one(Input).value = text
    await press(pilot, "enter")


# reading again


async def test_a_saved_file_is_read_while_the_game_runs(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        assert "Wave." in seen(app)
        desk.change("pier", "Wave.", "Wave a handkerchief.")
        await until(pilot, lambda: "Wave a handkerchief." in seen(app))
        assert "Read again in" in seen(app)
        assert "TEST RUN" not in seen(app)


async def test_the_cursor_stays_on_its_choice_when_the_story_is_read_again(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "down")
        assert isinstance(app.screen, Draft)
        assert app.screen.offers[app.screen.choices.cursor].id == "plant"
        desk.change("pier", "  - {id: wave", "  - {id: nod, label: Nod., goto: later}\n  - {id: wave")
        await until(pilot, lambda: "Nod." in seen(app))
        assert app.screen.offers[app.screen.choices.cursor].id == "plant"


async def test_an_error_is_shown_in_place_and_goes_when_it_is_mended(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.change("pier", "bread += 1", "bred += 1")
        await until(pilot, lambda: "RM201" in seen(app))
        assert "did you mean 'bread'?" in seen(app)
        assert "The last good story is in play." in seen(app)
        assert "Wave." in seen(app)
        await press(pilot, "1")
        assert "The launch goes back." in seen(app)
        desk.change("pier", "bred += 1", "bread += 2")
        await until(pilot, lambda: "RM201" not in seen(app))
        assert "The last good story" not in seen(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (40, 12)])
async def test_the_fault_in_a_long_line_is_seen_on_every_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with writing(tmp_path, size) as (desk, app, pilot):
        desk.write("clinic", "title: The clinic\ninvented: true\n" + LONG + "choices: [{id: pay, label: Pay.}]\n")
        await until(pilot, lambda: "RM201" in seen(app))
        rows = seen(app).split("\n")
        marked = next(row for row in rows if "^^^^" in row)
        assert rows[rows.index(marked) - 1][marked.index("^") :][:4] == "bred"
        assert len(rows) == size[1]
        assert "Wave" in seen(app)


async def test_the_error_is_laid_out_anew_on_a_screen_of_another_size(tmp_path: Path) -> None:
    async with writing(tmp_path, (120, 40)) as (desk, app, pilot):
        desk.write("clinic", "title: The clinic\ninvented: true\n" + LONG + "choices: [{id: pay, label: Pay.}]\n")
        await until(pilot, lambda: "RM201" in seen(app))
        await pilot.resize_terminal(60, 24)
        await pilot.pause()
        await until(pilot, lambda: any("^^^^" in row and len(row) <= 60 for row in seen(app).split("\n")))
        rows = seen(app).split("\n")
        marked = next(row for row in rows if "^^^^" in row)
        assert rows[rows.index(marked) - 1][marked.index("^") :][:4] == "bred"


async def test_a_file_that_is_empty_for_a_moment_is_nothing_to_speak_of(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        whole = desk.path("pier").read_text(encoding="utf-8")
        desk.write("pier", "")
        app.look()
        desk.write("pier", whole.replace("Wave.", "Wave once."))
        app.look()
        await until(pilot, lambda: "Wave once." in seen(app))
        assert app.trouble == ()
        assert app.refusal == ""


async def test_half_a_file_does_not_throw_the_campaign_out_of_its_room(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "1")
        whole = desk.path("pier").read_text(encoding="utf-8")
        desk.write("pier", whole[: whole.index("passages:")].replace(", goto: later", "") + "\ninvented: true\n")
        app.look()
        assert desk.bench.waiting is not None
        desk.write("pier", whole.replace("Stay by the water.", "Stay."))
        app.look()
        await until(pilot, lambda: "Stay." in seen(app))
        assert desk.campaign.view.address == "pier/later"


async def test_a_room_that_stays_away_is_left_in_the_end(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "1")
        whole = desk.path("pier").read_text(encoding="utf-8")
        desk.write("pier", whole[: whole.index("passages:")].replace(", goto: later", "") + "\ninvented: true\n")
        await until(pilot, lambda: desk.campaign.view.address == "pier")
        assert "the scene begins again" in " ".join(seen(app).split())


async def test_the_campaign_stays_in_a_scene_that_is_gone_until_the_author_leaves_it(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "3")
        assert desk.campaign.view.address == "office"
        text = desk.path("pier").read_text(encoding="utf-8")
        desk.without("pier", "id: ask")
        desk.path("office").unlink()
        await until(pilot, lambda: "The scene you stand in is gone: office." in seen(app))
        assert "was: [office]" in " ".join(seen(app).split())
        assert desk.campaign.view.address == "office"
        desk.write("bureau", scene("was: [office]\ntitle: The bureau\ntext: Somebody is in.\nchoices: [{id: out, label: Out.}]"))
        desk.write("pier", text.replace("call: office", "call: bureau"))
        await until(pilot, lambda: "Somebody is in." in seen(app))
        assert desk.campaign.view.address == "bureau"
        assert app.trouble == ()


async def test_whoever_steps_out_of_a_scene_that_is_gone_plays_the_new_story(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "3")
        desk.without("pier", "id: ask")
        desk.path("office").unlink()
        await until(pilot, lambda: "is gone: office" in seen(app))
        await press(pilot, "u")
        await until(pilot, lambda: app.trouble == ())
        assert "Ask at the office." not in seen(app)


async def test_a_folder_that_goes_away_is_said_once_and_read_when_it_is_back(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.folder.rename(tmp_path / "away")
        await until(pilot, lambda: "no story.yaml here" in seen(app))
        await press(pilot, "1")
        assert desk.campaign.view.address == "pier/later"
        (tmp_path / "away").rename(desk.folder)
        desk.change("pier", "Stay by", "Wait by")
        await until(pilot, lambda: "Wait by the water." in seen(app))
        assert app.trouble == ()


async def test_a_new_campaign_begins_in_the_story_as_it_is_now(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.change("pier", "Wave.", "Wave once.")
        await until(pilot, lambda: "Wave once." in seen(app))
        app.start("Another", seed="9")
        await pilot.pause()
        assert "Wave once." in seen(app)
        assert isinstance(app.screen, Draft)


async def test_the_rules_are_asked_beside_play_and_shown_in_the_panel(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.found = [
            Finding("pack/scenes/x/pier.yaml", 3, 1, "RM310", "this choice can never be taken", "give it a gate", "warning"),
            Finding("pack/scenes/x/pier.yaml", 4, 1, "RM512", "a remark on words", "", "note"),
        ]
        asked = desk.asked
        desk.change("pier", "Wave.", "Wave once.")
        await until(pilot, lambda: desk.asked > asked and len(app.findings) == 2)
        await press(pilot, "f12", "4")
        assert "RM310" in seen(app)
        assert "RM512" not in seen(app)
        await press(pilot, "n")
        assert "RM512" in seen(app)


async def test_rules_that_cannot_be_asked_take_nothing_away(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.change("pier", "bread += 1", "bred += 1")
        await until(pilot, lambda: "RM201" in seen(app))
        app.examine_again()
        await pilot.pause()
        await press(pilot, "f12", "4")
        assert "RM201" in seen(app)
        assert "problems: 1" in seen(app)


# the panel


async def test_the_panel_comes_and_goes_with_its_key(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        await press(pilot, "f12")
        assert isinstance(app.screen, Author)
        await press(pilot, "question_mark", "f12")
        assert isinstance(app.screen, Draft)
        await press(pilot, "f12", "escape")
        assert isinstance(app.screen, Draft)


async def test_a_quality_is_set_and_the_run_is_marked(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "s")
        await answer(pilot, "bread = 9")
        assert desk.values()["bread"] == "9"
        assert "4 → 9  step 0, you" in seen(app)
        assert "TEST RUN" in seen(app)
        await press(pilot, "f12")
        assert "TEST RUN" in seen(app)


async def test_what_cannot_be_set_is_said_with_its_remedy(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "s")
        await answer(pilot, "bred = 9")
        assert "did you mean 'bread'?" in seen(app)
        assert not is_test(desk.campaign)


async def test_a_jump_leads_back_to_play_where_one_stands_then(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "j")
        await answer(pilot, "market")
        assert isinstance(app.screen, Draft)
        assert "There are twelve stalls." in seen(app)
        assert "It comes from 1940-03-01; it is 1940-01-09." in seen(app)
        await press(pilot, "1", "u")
        assert desk.campaign.view.address == "market"
        await press(pilot, "r")
        assert desk.campaign.view.address != "market"


async def test_a_jump_to_nowhere_stays_in_the_panel(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        await press(pilot, "f12", "j")
        await answer(pilot, "merket")
        assert isinstance(app.screen, Author)
        assert "did you mean 'market'?" in seen(app)


async def test_a_name_is_completed_by_the_right_arrow(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "j", *"mar")
        await until(pilot, lambda: app.screen.query_one(Input)._suggestion == "market")
        await press(pilot, "right", "enter")
        assert desk.campaign.view.address == "market"


async def test_the_author_stands_on_another_day(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "d")
        await answer(pilot, "1940-06")
        assert iso(desk.campaign.view.day) >= "1940-06-01"
        assert "TEST RUN" in seen(app)


async def test_no_answer_changes_nothing(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, _, pilot):
        before = dict(desk.campaign.state)
        await press(pilot, "f12")
        for key in ("j", "s", "d", "slash"):
            await press(pilot, key, "escape")
        assert desk.campaign.state == before


async def test_a_step_back_in_the_panel_takes_back_what_was_set(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "s")
        await answer(pilot, "bread = 9")
        await press(pilot, "u")
        assert desk.values()["bread"] == "4"
        assert "One step back." in seen(app)
        await press(pilot, "u")
        assert "This is the beginning." in seen(app)


async def test_the_cursor_stays_on_a_quality_that_moves_up_the_list(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        await press(pilot, "f12")
        panel = app.screen
        assert isinstance(panel, Author)
        while panel.here != "truce":
            await press(pilot, "down")
        await press(pilot, "s")
        await answer(pilot, "truce = made")
        assert panel.here == "truce"
        assert panel.places[0] == "truce"
        await press(pilot, "2", "1")
        assert panel.here == "truce"


async def test_enter_shows_all_that_moved_a_quality(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        for i in range(6):
            desk.bench.set(desk.campaign, f"bread = {i % 2 + 1}")
        await press(pilot, "f12")
        assert "and 3 more: Enter" in seen(app)
        assert seen(app).count(" → ") == 3
        await press(pilot, "enter")
        assert seen(app).count(" → ") == 6
        await press(pilot, "enter")
        assert seen(app).count(" → ") == 3


async def test_the_filter_holds_until_esc(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        await press(pilot, "f12", "slash")
        await answer(pilot, "CHURCH")
        assert "church.temper" in seen(app)
        assert "arms" not in seen(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, Author)
        assert "arms" in seen(app)
        await press(pilot, "slash")
        await answer(pilot, "no such thing")
        assert "Nothing has 'no such thing' in it" in seen(app)


async def test_why_not_says_what_keeps_a_scene(tmp_path: Path) -> None:
    async with writing(tmp_path, (100, 40)) as (_, app, pilot):
        await press(pilot, "f12", "2")
        assert "bread >= 6 (bread is 4)" in seen(app)
        assert "it comes from 1940-03-01 on; it is 1940-01-09" in seen(app)


async def test_enter_on_a_scene_asks_to_jump_there(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12", "2")
        assert isinstance(app.screen, Author)
        there = app.screen.here
        await press(pilot, "enter", "enter")
        assert desk.campaign.view.address == there


async def test_what_is_planted_is_listed_with_its_day(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        await press(pilot, "f12", "3")
        assert "nothing is planted" in seen(app)
        await press(pilot, "f12", "2", "f12")
        await press(pilot, "3")
        assert "1940-03-09" in seen(app)
        assert "planted by pier/plant" in seen(app)


async def test_the_panel_follows_the_files(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        await press(pilot, "f12")
        desk.write("state.yaml", "gulls: {start: 12, range: 0..99}\n" + STATE)
        await until(pilot, lambda: "gulls" in seen(app))
        desk.change("pier", "bread += 1", "bred += 1")
        await until(pilot, lambda: "problems: 1" in seen(app))
        assert "The last good story is in play." in seen(app)
        assert "gulls" in seen(app)


async def test_nothing_on_the_title_screen_to_reach_into(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, app, pilot):
        app.session.close()
        app.title_screen()
        await pilot.pause()
        await press(pilot, "f12")
        assert "Begin or open a campaign first" in seen(app)


@pytest.mark.parametrize("size", [(40, 12), (80, 24), (160, 50)])
async def test_the_panel_has_room_on_every_screen(tmp_path: Path, size: tuple[int, int]) -> None:
    async with writing(tmp_path, size, **DECK) as (desk, app, pilot):
        desk.change("pier", "bread += 1", "bred += 1")
        await until(pilot, lambda: "RM201" in seen(app))
        await press(pilot, "f12")
        for key in "1234":
            await press(pilot, key)
            assert ">" in seen(app) or "nothing is planted" in seen(app)
            assert "F12 play" in seen(app)


# the source


async def test_the_source_of_what_is_under_the_cursor_is_opened_at_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        opened: list[tuple[str, int]] = []
        monkeypatch.setattr(app, "edit", lambda path, line: opened.append((path.name, line)))
        await press(pilot, "f12")
        panel = app.screen
        assert isinstance(panel, Author)
        await press(pilot, "e", "2", "e")
        first = desk.bench.place_of(panel.here)
        desk.change("pier", "bread += 1", "bred += 1")
        await until(pilot, lambda: "problems: 1" in seen(app))
        await press(pilot, "4", "e")
        assert opened[0][0] == "state.yaml"
        assert opened[1] == (first[0].name, first[1])
        line = desk.path("pier").read_text(encoding="utf-8").split("\n")[opened[2][1] - 1]
        assert opened[2][0] == "pier.yaml"
        assert "bred += 1" in line


async def test_without_an_editor_the_place_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    monkeypatch.delenv("EDITOR", raising=False)
    async with writing(tmp_path, (160, 30)) as (_, app, pilot):
        await press(pilot, "f12", "2", "e")
        assert "no $EDITOR is set" in seen(app)
        assert "pier.yaml:2" in seen(app)


async def test_an_editor_that_cannot_be_started_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VISUAL", raising=False)
    for editor in ("no-such-editor", "'unbalanced", "   "):
        monkeypatch.setenv("EDITOR", editor)
        async with writing(tmp_path / str(len(editor)), (200, 30)) as (_, app, pilot):
            await press(pilot, "f12", "2", "e")
            assert "pier.yaml:2 (" in seen(app)


@pytest.mark.parametrize(
    ("editor", "words"),
    [
        ("vi", ["vi", "+3", "s.yaml"]), ("emacs -nw", ["emacs", "-nw", "+3", "s.yaml"]), ("code -w", ["code", "-w", "--goto", "s.yaml:3"]),
        ("/opt/subl", ["/opt/subl", "s.yaml:3"]), ("hx", ["hx", "s.yaml:3"]),
    ],
)  # fmt: skip
def test_each_editor_is_told_the_line_as_it_wants_it(editor: str, words: list[str]) -> None:
    assert editing(editor, Path("s.yaml"), 3) == words


# what is a test run


async def test_what_a_test_run_comes_to_is_not_kept_among_what_was_found(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, _, pilot):
        desk.bench.set(desk.campaign, "bread = 9")
        await press(pilot, "1")
        assert "!award.waved" in desk.campaign.state
        assert not Found(tmp_path / "saves").has("awards", "waved")


async def test_what_was_played_without_reaching_in_is_kept(tmp_path: Path) -> None:
    async with writing(tmp_path) as (_, _, pilot):
        await press(pilot, "1")
        assert Found(tmp_path / "saves").has("awards", "waved")


async def test_a_test_run_has_no_code_and_says_why(tmp_path: Path) -> None:
    async with writing(tmp_path) as (desk, app, pilot):
        desk.bench.set(desk.campaign, "bread = 9")
        await press(pilot, "x")
        assert "A test run has no code" in seen(app)


# the command


def options(folder: Path, **given: object) -> Namespace:
    plain = {"pack": [str(folder / "pack")], "saves": str(folder / "saves"), "seed": "7", "start": "", "mode": "", "at": "", "set": None, "scene": ""}
    return Namespace(**plain | given)


def opened(folder: Path, monkeypatch: pytest.MonkeyPatch, **given: object) -> Session:
    Desk(folder / "pack")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("REDMEXICO_SETTINGS", str(folder / "settings.json"))
    return command.opened(options(folder, **given))[1]


def test_the_command_begins_where_the_author_wants(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(tmp_path, monkeypatch, scene="market", at="1940-04-01", set=["bread = 9", "truce = made"])
    campaign = session.campaign
    assert campaign is not None
    assert campaign.view.address == "market"
    assert campaign.state["bread"] == 9
    assert is_test(campaign)
    assert campaign.journal.title.startswith("Draft: market, 1940-04-01, bread = 9")
    session.close()


def test_a_draft_that_nobody_reached_into_is_no_test_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(tmp_path, monkeypatch)
    assert session.campaign is not None
    assert not is_test(session.campaign)
    assert session.campaign.journal.title == "Draft"
    session.close()


def test_a_pack_that_is_broken_from_the_first_is_refused_with_its_findings(tmp_path: Path) -> None:
    Desk(tmp_path / "pack").change("pier", "bread += 1", "bred += 1")
    with pytest.raises(BrokenPack) as caught:
        command.opened(options(tmp_path))
    assert "1 error in pack" in str(caught.value)


async def test_the_rules_are_asked_in_a_process_of_their_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pack")
    desk.change("pier", "bread += 1", "bred += 1")
    found = await command.examined([desk.folder])
    assert found is not None
    assert [f.code for f in found if f.severity == "error"] == ["RM201"]


async def test_a_process_that_cannot_be_started_or_says_nothing_gives_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await command.examined([tmp_path / "nowhere"]) is None
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    assert await command.examined([tmp_path]) is None


# an error in so many columns


def test_an_error_is_laid_out_in_any_width() -> None:
    line = "x" * 300 + " bred " + "y" * 300
    finding = Finding("scenes/1937/a_scene_with_a_long_name.yaml", 14, 302, "RM201", "no quality named 'bred'", "did you mean 'bread'?", length=4, excerpt=line)
    for width in range(20, 200, 7):
        rows = pointed(finding, width)
        assert all(len(row) <= width for row in rows)
        caret = next(i for i, row in enumerate(rows) if "^" in row)
        assert rows[caret - 1][rows[caret].index("^") :][: rows[caret].count("^")] == "bred"[: rows[caret].count("^")]
        assert "".join("".join(rows).split()).count("didyoumean'bread'?") == 1


def test_where_there_are_few_rows_the_reason_and_the_fault_stay() -> None:
    finding = Finding("scenes/1937/a_scene_with_a_long_name.yaml", 14, 5, "RM201", "no quality named 'bred'", "did you mean 'bread'?", length=4, excerpt="if: bred")
    assert pointed(finding, 38, 3) == ["14: RM201: no quality named 'bred'", "   14 | if: bred", "      |     ^^^^ did you mean 'bread'?"]
    assert pointed(finding, 38, 1) == ["14: RM201: no quality named 'bred'"]
    assert pointed(finding, 24, 3)[0].endswith("…")
    assert pointed("word " * 40, 38, 2)[-1].endswith("…")


def test_a_fault_at_either_end_of_a_line_is_in_sight() -> None:
    for column, length in ((1, 3), (98, 3), (1, 100), (50, 1), (101, 1)):
        part, at, marked = around(Finding("f", 1, column, "RM1", "m", length=length, excerpt="0123456789" * 10), 40)
        assert len(part) <= 40
        assert 0 <= at <= 40
        assert 1 <= marked <= 41 - at


def test_what_could_steer_the_terminal_does_not() -> None:
    rows = pointed(Finding("f", 1, 9, "RM1", "\x1b[2J", "\x1b[0m", excerpt="a\x1b[31m: bred", length=4), 60)
    assert all(row.isprintable() for row in rows)
    assert rows[1][rows[2].index("^") :].startswith("bred")


