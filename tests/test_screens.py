"""What a player does on the screens: panes, keys, settings, the folder of campaigns, the codex, a slow disk."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from textual.color import Color

from redmexico.model import Story
from redmexico.ui.options import Options
from redmexico.ui.session import Session
from redmexico.ui.tui import themes
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.keys import ACTS, VIM, keys_of
from redmexico.ui.tui.palette import commands
from redmexico.ui.tui.screens.play import Play
from redmexico.ui.tui.widgets.page import Page
from test_tui import lines, playing, press, seen, tale  # noqa: F401  the fixture is used by name


def texts(page: Page) -> str:
    return "\n".join("".join(run.text for run in block.runs) + " ".join(cell.text for cell in block.cells) for block in page.blocks)


# panes


async def test_tab_goes_from_pane_to_pane_and_escape_comes_back(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (200, 50)) as (app, pilot):
        seen_panes = []
        for _ in range(5):
            await press(pilot, "tab")
            seen_panes.append(lines(app)[-1].strip().partition(":")[0])
        assert seen_panes == ["The text", "The timeline", "How it stands", "The notebook", "The choices."]
        await press(pilot, "tab", "down", "escape", "j")
        assert app.screen.choices.cursor == 1


@pytest.mark.parametrize(("tabs", "alone", "gone"), [(0, "#reading", "#beside"), (2, "#timeline", "#reading"), (3, "#standing", "#reading"), (4, "#past", "#reading")])
async def test_a_pane_is_shown_alone_and_all_come_back(tale: Story, tmp_path: Path, tabs: int, alone: str, gone: str) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (200, 50)) as (app, pilot):
        await press(pilot, *["tab"] * tabs, "m")
        assert app.screen.query_one(alone).region.area and not app.screen.query_one(gone).region.area
        await press(pilot, "escape")
        assert app.screen.query_one(alone).region.area and app.screen.query_one(gone).region.area


# copying


async def test_what_is_on_the_page_is_copied(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "y")
        assert "They will not come down." in app.clipboard and "Eleven doors." in app.clipboard
        await press(pilot, "t", "home", "y")
        assert app.clipboard.startswith("1940 Feb  1 ? A landing [landing]: open.")


async def test_text_marked_with_the_mouse_is_copied_by_ctrl_c_which_else_asks_to_leave(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        page = app.screen.transcript
        row = next(y for y, (_, line) in enumerate(page.lines) if line and line[0].text.startswith("They"))
        await pilot.mouse_down(page, offset=(1, row))
        await pilot.hover(page, offset=(14, row))
        await pilot.mouse_up(page, offset=(14, row))
        await pilot.pause()
        await press(pilot, "ctrl+c")
        assert app.clipboard.startswith("They will not")
        app.screen.clear_selection()
        await press(pilot, "ctrl+c")
        assert "Leave the game?" in seen(app)


async def test_a_click_on_an_underlined_word_opens_its_entry(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        page = app.screen.transcript
        row, line = next((y, line) for y, (_, line) in enumerate(page.lines) if any(run.role == "link" for run in line))
        before = "".join(run.text for run in line).index("Paper")
        await pilot.click(page, offset=(before + 2, row))
        await pilot.pause()
        assert "Squared paper." in seen(app)


# hints


async def test_each_hint_is_told_once_on_this_machine(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    for told in (True, False):
        session = Session(tale, tmp_path, Options(hints=True))
        session.new(seed="7")
        app = RedMexico(session, "play")
        async with app.run_test(size=(80, 24)) as pilot:
            await pilot.pause()
            assert ("A digit takes a choice" in lines(app)[-1]) is told
            await press(pilot, "1")
            assert ("u takes a choice back" in lines(app)[-1]) is told
        session.close()


# settings and keys


async def test_settings_hold_at_once_and_are_kept(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    path = tmp_path / "settings.json"
    async with playing(tale, tmp_path, path=path) as (app, pilot):
        await press(pilot, "comma", "left")
        assert app.session.options.measure == 58
        assert Options(path=path).measure == 58
        app.screen.list.go(next(i for i, item in enumerate(app.screen.items) if item[1] == "previews"))
        await press(pilot, "right", "escape")
        app.play()
        await pilot.pause()
        assert "Bread +1" in seen(app)


async def test_spacing_and_measure_change_how_prose_is_laid(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        page = app.screen.transcript
        normal = len(page.lines)
        app.session.options.spacing = "open"
        app.restyle()
        assert len(page.lines) > normal
        app.session.options.spacing = "close"
        app.restyle()
        assert len(page.lines) < normal
        app.session.options.spacing, app.session.options.measure = "normal", 48
        app.restyle()
        await pilot.pause()
        assert max(sum(len(run.text) for run in line) for _, line in page.lines) <= 48 + 2


async def test_vim_keys_and_own_keys_work_and_are_shown(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (120, 40), keymap="vim") as (app, pilot):
        await press(pilot, "C")
        assert "CAMPAIGNS" in seen(app)
    async with playing(tale, tmp_path, (160, 40)) as (app, pilot):
        app.session.options.own["undo"] = "z"
        app.session.options.keymap = "own"
        app.restyle()
        await press(pilot, "1", "z")
        assert app.session.campaign.journal.step() == 0
        app.play()
        await pilot.pause()
        assert "z undo" in lines(app)[-1]


async def test_an_own_key_is_asked_for_and_never_takes_another_actions(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (120, 60), keymap="own") as (app, pilot):
        await press(pilot, "comma")
        app.screen.list.go(next(i for i, item in enumerate(app.screen.items) if item == ("key", "undo")))
        await press(pilot, "enter", "w")
        assert "on the same screen" in lines(app)[-1]
        await press(pilot, "enter", "5")
        assert "Digits take choices" in lines(app)[-1]
        await press(pilot, "enter", "z")
        assert app.session.options.own == {"undo": "z"}
        await press(pilot, "escape", "1", "z")
        assert app.session.campaign.journal.step() == 0


async def test_every_action_has_a_key_that_stands_alone_and_none_means_two_things(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    from importlib import import_module

    from textual.binding import Binding

    from redmexico.ui.tui.app import SHOWN
    from redmexico.ui.tui.screens.face import Face

    for keymap in ("letters", "vim"):
        options = Options(keymap=keymap)
        for act in ACTS:
            assert any(not key.startswith(("ctrl+", "f1", "f5", "f9")) for key in (*keys_of(act, options), *ACTS[act].keys.split(",")))
        for module, kind in {**SHOWN, "play": ("play", "Play"), "title": ("title", "Title")}.values():
            screen = getattr(import_module(f"redmexico.ui.tui.screens.{module}"), kind)
            own = {b.id: b for b in (*Face.BINDINGS, *screen.__mro__[1].__dict__.get("BINDINGS", ()), *screen.BINDINGS) if isinstance(b, Binding) and b.id}
            keys = [key for act in own for key in keys_of(act, options)]
            twice = {key for key in keys if keys.count(key) > 1}
            assert not twice, (kind, keymap, twice)
    assert set(VIM) <= set(ACTS)


async def test_colours_that_need_a_new_screen_bring_one_and_come_back_to_settings(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "comma")
        app.session.options.theme = "mono"
        app.restyle()
        await pilot.pause()
        assert app.again == "settings"


@pytest.mark.parametrize(("theme", "color", "palette"), [("auto", True, "ours"), ("ansi", True, "ansi"), ("mono", True, "mono"), ("ansi", False, "mono")])
def test_no_colour_is_stronger_than_any_theme(theme: str, color: bool, palette: str) -> None:
    assert themes.palette_of(Options(color=color, theme=theme)) == palette


def test_the_terminals_own_colours_are_named_and_never_computed() -> None:
    assert all(Color.parse(value).ansi is not None for value in themes.ANSI.values())


# the palette


async def test_the_palette_finds_actions_seen_scenes_and_met_entries(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1")
        found = dict(commands(app))
        assert {"Timeline", "Map", "Undo", "Run code", "Codex: The notebook", "Scene: The pier"} <= set(found)
        assert "Search" not in found
        found["Scene: The pier"]()
        await pilot.pause()
        assert "LOG" in lines(app)[0] and "The pier" in seen(app)
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        found = dict(commands(app))
        assert "Settings" in found and "Undo" not in found and "Timeline" not in found


# the other screens


async def test_factions_are_told_as_a_chart_and_as_a_table(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "f")
        assert "THE CHURCH TEMPER" in seen(app) and "***" in seen(app)
        assert "you: Wave [/i] [b]at[/b] them" in seen(app)
        await press(pilot, "d")
        assert "from               yours" in seen(app) and "***" not in seen(app)
        await press(pilot, "enter")
        assert "THE CHURCH: STRENGTH" in seen(app).upper()
        await press(pilot, "s", "s", "a")
        assert "1#1#" in seen(app)


async def test_the_codex_marks_what_is_unread_and_says_what_each_line_has(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (80, 24)) as (app, pilot):
        await press(pilot, "1", "1")
        app.show("codex")
        await pilot.pause()
        assert "* The notebook" in seen(app)
        await press(pilot, "enter")
        shown = seen(app)
        assert "No archive has it." in shown
        assert "Chronicle knows nothing of it" in shown
        assert "First met: 9 January 1940" in shown
        await press(pilot, "escape")
        assert "* The notebook" not in seen(app) and "1 read" in lines(app)[0]


async def test_the_sources_of_an_event_are_told_first(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, (100, 40)) as (app, pilot):
        app.show("sources", ("a-fact",), "A landing")
        await pilot.pause()
        assert "BEHIND A landing" in seen(app) and "Something happened." in seen(app)
        await press(pilot, "slash", *"made up", "enter")
        assert "WHAT WE MADE UP" in seen(app)


async def test_branches_are_shown_under_any_campaign_and_opened(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1", "u", "2")
        app.session.new(title="Another", seed="8")
        app.play()
        await press(pilot, "g")
        at = next(i for i, p in enumerate(app.screen.places) if getattr(p, "title", "") == "A first try")
        app.screen.list.go(at)
        await press(pilot, "right", "down")
        assert "branch to" in seen(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Play)
        assert app.session.campaign.journal.records[app.session.campaign.journal.position]["choice"] == "wave"
        await press(pilot, "g")
        app.screen.list.go(next(i for i, p in enumerate(app.screen.places) if hasattr(p, "record")))
        await press(pilot, "a", *"own", "enter")
        assert isinstance(app.screen, Play) and app.session.campaign.journal.title == "own"


async def test_what_was_deleted_in_another_sitting_is_brought_back(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    first = Session(tale, tmp_path)
    first.new(title="Lost", seed="7")
    first.close()
    first.delete("lost")
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "g", "p")
        assert "DELETED CAMPAIGNS" in seen(app) and "Lost" in seen(app)
        await press(pilot, "enter")
        assert [entry.title for entry in app.session.entries()] == ["Lost"]


async def test_a_new_campaign_can_be_begun_on_other_terms(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "1", "down", "down", "right", "enter")
        assert app.session.campaign.mode.id == "carbon"
        await press(pilot, "1", "u")
        assert "one life" in lines(app)[-1]
        assert app.session.campaign.journal.step() == 1


# a slow disk


class SlowDisk:
    """A disk that answers when it is let."""

    def __init__(self, session: Session) -> None:
        self.let = threading.Event()
        self.let.set()
        operations = session.saves.operations
        sync = operations.sync

        def waiting(fd: int) -> None:
            self.let.wait(20)
            sync(fd)

        operations.sync = waiting  # type: ignore[method-assign]


async def test_a_slow_disk_says_so_and_the_screen_stays_alive(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    async with playing(tale, tmp_path) as (app, pilot):
        app.session.patience = 0.01
        disk = SlowDisk(app.session)
        disk.let.clear()
        await press(pilot, "1")
        assert "They wave back." in seen(app)
        assert "Saving" in seen(app)
        await press(pilot, "1")
        assert "still being saved" in lines(app)[-1]
        assert app.session.campaign.journal.step() == 1
        await press(pilot, "t", "escape")
        disk.let.set()
        for _ in range(100):
            await pilot.pause(0.05)
            if not app.session.saving:
                break
        await pilot.pause(0.6)
        assert "Saving" not in seen(app)
        await press(pilot, "1")
        assert app.session.campaign.journal.step() == 2
    read = Session(tale, tmp_path)
    assert read.saves.read("a-first-try").journal.step() == 2


def test_leaving_waits_for_what_is_being_written(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    session = Session(tale, tmp_path)
    session.new(title="Slow", seed="7")
    session.patience = 0.01
    disk = SlowDisk(session)
    disk.let.clear()
    session.campaign.choose("wave")
    assert session.saving
    threading.Timer(0.2, disk.let.set).start()
    session.close()
    assert Session(tale, tmp_path).saves.read("slow").journal.step() == 1


def test_what_needs_the_file_waits_for_it(tale: Story, tmp_path: Path) -> None:  # noqa: F811
    session = Session(tale, tmp_path)
    session.new(title="Slow", seed="7")
    session.patience = 0.01
    disk = SlowDisk(session)
    for act in (lambda: session.rename("slow", "Slower"), lambda: session.save_as("Copy"), lambda: session.verify("slow")):
        disk.let.clear()
        session.campaign.undo() if session.campaign.journal.step() else session.campaign.choose("wave")
        assert session.saving
        threading.Timer(0.1, disk.let.set).start()
        act()
        assert not session.saving
    session.close()
    saves = Session(tale, tmp_path).saves
    assert saves.read("slow").journal.title == "Slower"
    assert saves.read("copy").journal.step() == 0
