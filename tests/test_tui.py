"""The screen: what a player sees and what the keys do, through Textual's pilot."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.color import Color
from textual.geometry import Size
from textual.pilot import Pilot

from kit import STATE, scene, story
from redmexico import __version__
from redmexico.campaign import Campaign
from redmexico.journal import hash_of
from redmexico.model import Story
from redmexico.narration import Run
from redmexico.ui.options import Options
from redmexico.ui.session import Session
from redmexico.ui.tui import themes
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.lines import wrap
from redmexico.ui.tui.screens.play import Play
from redmexico.ui.tui.widgets.page import Page

FRAMES = Path(__file__).parent / "frames"
HOSTILE = "[/b] [@click=app.quit]x[/] [grain] \\ {{x}}"
SOAK = os.environ.get("REDMEXICO_SOAK") == "1"
"""A thousand keys and five hundred sizes instead of a few."""

PIER = f"""
    title: The pier
    place: Tampico
    when: {{from: 1940-01-09, until: 1940-01-09}}
    due: true
    text: |
      They *will not* come down. [[the_notebook|Paper]] lies there. {HOSTILE}

      > A telegram:
      > MÚGICA STOP
    advice: [{{who: ortuno, text: Eleven doors.}}]
    choices:
      - {{id: wave, label: "Wave [/i] [b]at[/b] them.", do: [bread += 1, church.temper -= 1], text: They wave back., goto: later}}
      - {{id: shout, label: Shout, needs: [{{if: arms >= 3, locked: "Nobody would hear [/x]."}}]}}
      - {{id: sit, label: Sit, hint: It may be long., do: [arms += 2], goto: later}}
    passages:
      later:
        text: The launch goes back for the trunks.
        choices:
          - {{id: go, label: Walk up into the town., text: The town has gulls in it.}}
          - {{id: stay, label: Stay by the water., do: [bread -= 1]}}
"""
MARKET = """
    title: The market
    place: Coyoacán
    when: {from: 1940-03-01, until: 1940-03-01}
    due: true
    text: There are twelve stalls.
    choices:
""" + "".join(f"      - {{id: c{n}, label: Stall number {n}., text: It was stall {n}.}}\n" for n in range(1, 13))
MAP = """
drawing: |2
  nnnn
   nnss
    sss
home: north
regions:
  north: {letter: n, places: [Monterrey]}
  south: {letter: s, places: [Tampico, Coyoacán]}
"""
REGIONS = """
north: {kind: region, name: North, start: 3, range: 0..4, words: {0: theirs, 1: contested, 2: ours by day, 3: ours, 4: rooted}}
south: {kind: region, name: South, start: 0, range: 0..4, words: {0: theirs, 1: contested, 2: ours by day, 3: ours, 4: rooted}}
"""
EVENTS = """
- id: landing
  line: both
  date: 1940-02-01
  title: A landing
  weight: 4
  where: south
  subjects: [house]
  record: A tanker puts two exiles ashore.
  invented: true
  pulls: [{pull: 2, because: the ship was late}, {if: bread >= 5, pull: -3, because: there was bread on the pier}]
  threshold: 1
- {id: war, line: history, date: 1940-09, title: War in Europe, weight: 2, subjects: [war], record: War comes., invented: true, external: true}
"""


AWARDS = """
- {id: waved, title: A wave, if: chosen(pier/wave), text: They waved back.}
- {id: shouted, title: A shout, if: chosen(pier/shout), hidden: true, text: Nobody heard.}
"""
ENTRIES = """
- {id: the_notebook, title: The notebook, label: invented, group: things, text: Squared paper., known: true, records: {history: No archive has it.}}
- {id: the_landing, title: The landing, label: documented, group: events, event: landing, facts: [a-fact], text: "Two came ashore. [[the_notebook|Paper]] was left."}
"""


@pytest.fixture(scope="module")
def tale() -> Story:
    return story(scene__pier=scene(PIER), scene__market=scene(MARKET), events=EVENTS, state=STATE + REGIONS, map=MAP, achievements=AWARDS, codex=ENTRIES)


@asynccontextmanager
async def playing(tale: Story, folder: Path, size: tuple[int, int] = (80, 24), begin: str = "play", **options: object) -> AsyncIterator[tuple[RedMexico, Pilot[None]]]:
    session = Session(tale, folder, Options(hints=False, **options))  # type: ignore[arg-type]
    if begin == "play":
        session.new(title="A first try", seed="7")
    app = RedMexico(session, begin)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
    session.close()


def lines(app: RedMexico) -> list[str]:
    """The screen as a player sees it, row by row."""
    return [strip.text.rstrip() for strip in app.screen._compositor.render_strips()]


def seen(app: RedMexico) -> str:
    return "\n".join(lines(app))


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await pilot.pause()


def follow(session: Session, name: str, until: int = 10_000) -> Campaign:
    """Play a stored campaign, by address."""
    from redmexico import engine
    from redmexico.plays import read_play

    play = read_play(Path(__file__).parent / "plays" / f"{name}.yaml")
    campaign = session.new(title=name, seed=play.seed, start=play.start, mode=play.mode)
    for address in play.choices[:until]:
        scene_id, _, choice = address.partition("/")
        while engine.position(campaign.state) != scene_id:
            campaign.choose(campaign.view.opened[0].id)
        campaign.choose(choice)
    return campaign


# playing


async def test_a_digit_takes_a_choice_and_its_result_is_read(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        assert "The pier" in seen(app)
        await press(pilot, "1")
        assert app.session.campaign.view.address == "pier/later"
        assert "They wave back." in seen(app)
        assert "The launch goes back for the trunks." in seen(app)


async def test_enter_takes_the_choice_under_the_cursor(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "j", "enter")
        assert app.session.campaign.journal.records[1]["choice"] == "sit"


async def test_a_locked_choice_cannot_be_taken_and_says_why(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "3")
        assert app.session.campaign.journal.step() == 0
        assert "Locked: Nobody would hear [/x]" in lines(app)[-1]
        await press(pilot, "w")
        assert "Nobody would hear [/x]." in seen(app)


async def test_costs_are_told_in_words_and_with_what_moved_them(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        assert "Bread +" in seen(app)
        await press(pilot, "w")
        assert "Bread +1   now 4 of 10, queues" in seen(app)


async def test_ten_choices_and_more_take_two_digits_that_are_shown(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1", "1")
        assert app.session.campaign.view.address == "market"
        await press(pilot, "1")
        assert "1_" in lines(app)[-1]
        await press(pilot, "2")
        assert "It was stall 12." in seen(app) or app.session.campaign.view.kind == "ending"
        assert app.session.campaign.journal.records[3]["choice"] == "c12"


async def test_undo_and_redo_go_back_and_forth(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1")
        await press(pilot, "u")
        assert app.session.campaign.view.address == "pier"
        assert "They wave back." not in seen(app)
        await press(pilot, "r")
        assert app.session.campaign.view.address == "pier/later"
        assert "They wave back." in seen(app)


async def test_a_link_opens_its_entry_of_the_codex(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "c")
        assert "Squared paper." in seen(app)
        assert "invented for this game" in seen(app)
        await press(pilot, "escape")
        assert isinstance(app.screen, Play)


async def test_author_text_is_shown_as_written_and_is_no_markup(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        pages = (app.screen.transcript, app.screen.choices)
        shown = " ".join(" ".join("".join(run.text for run in line) for page in pages for _, line in page.lines).split())
        assert "[/b] [@click=app.quit]x[/]" in shown
        assert "[grain] \\ {x}" in shown
        assert "Wave [/i] [b]at[/b] them." in shown
        await press(pilot, "l")
        assert app.is_running
        await press(pilot, "escape", "colon")
        await press(pilot, *"[/b]")
        assert app.is_running


async def test_letters_are_plain_where_they_have_to_be(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40), charset="ascii") as (app, pilot):
        for keys in ((), ("1",), ("1",), ("t",), ("escape", "f"), ("d",), ("escape", "a"), ("escape", "g"), ("escape", "comma"), ("escape", "c"), ("escape", "d"), ("escape", "o"), ("escape", "question_mark")):
            await press(pilot, *keys)
            assert seen(app).isascii(), [line for line in lines(app) if not line.isascii()]


async def test_a_mark_is_kept_and_gone_back_to(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "s", "enter")
        await press(pilot, "1", "g")
        assert "mark: 9 January 1940, The pier" in seen(app)
        await press(pilot, "j", "enter")
        assert app.session.campaign.view.address == "pier"
        assert isinstance(app.screen, Play)


async def test_the_end_is_told_with_what_earned_it_and_what_to_do(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (100, 60)) as (app, pilot):
        await press(pilot, "1", "1", "0", "1")
        assert app.session.campaign.ended
        told = "\n".join("".join(run.text for run in block.runs) for block in app.screen.text)
        assert "It was over." in told
        assert "There was bread." in told
        assert "WHAT MOVED HISTORY" in told
        assert "Export the notebook" in seen(app)
        assert "choice 1" in told and "Wave [/i]" in told
        await press(pilot, "4", "3")
        assert list(tmp_path.glob("*.html"))
        await press(pilot, "5")
        assert "RM1-" in seen(app)
        await press(pilot, "y", "6")
        assert "1 of 2 reached" in seen(app)
        await press(pilot, "escape", "3", "1")
        assert app.session.campaign.journal.step() == 0


async def test_saving_that_fails_says_so_until_it_works_and_quitting_asks(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        file = app.session._file
        monkeypatch.setattr(type(app.session), "failing", property(lambda self: "no room on the disk"))
        monkeypatch.setattr(type(app.session), "flush", lambda self: False)
        await press(pilot, "1")
        assert "NOT SAVED: no room on the disk" in seen(app)
        await press(pilot, "q")
        assert "What was not saved is lost" in seen(app)
        await press(pilot, "n")
        monkeypatch.undo()
        await press(pilot, "1")
        assert "NOT SAVED" not in seen(app)
        assert file is app.session._file


# the other screens


async def test_the_timeline_shows_three_lines_and_why(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "t")
        shown = seen(app)
        assert "HISTORY" in shown and "CHRONICLE" in shown and "YOURS" in shown
        await press(pilot, "home")
        await pilot.pause(0.2)
        assert "there was bread on the pier" in seen(app)
        assert "Bread +1" in seen(app)
        await press(pilot, "enter")
        assert "WHY" in seen(app) and "x averted" in seen(app)
        await press(pilot, "escape", "d")
        assert "War in Europe" not in seen(app)
        await press(pilot, "0")
        assert "War in Europe" in seen(app)


async def test_the_timeline_is_cut_to_a_subject_a_weight_a_line_or_a_year(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "t", "x")
        assert "A landing" in seen(app) and "War in Europe" not in seen(app)
        await press(pilot, "x")
        assert "War in Europe" in seen(app) and "A landing" not in seen(app)
        await press(pilot, "0", "v", "v")
        assert "A landing" in seen(app) and "War in Europe" not in seen(app)
        await press(pilot, "0", "1", "3")
        assert "[ ] History [x] Chronicle [ ] Yours" in seen(app) and "War in Europe" not in seen(app)
        await press(pilot, "0", "z")
        assert "> 1940" in seen(app) and "x1 ?1" in seen(app)
        await press(pilot, "enter")
        assert "War in Europe" in seen(app) and "1940 " in lines(app)[0]


async def test_the_timeline_finds_words_and_goes_on_to_the_next(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "t", "home", "slash", *"europe", "enter")
        assert app.screen.row.event == "war"
        await press(pilot, "slash", *"nobody", "enter")
        assert "Not here: nobody" in lines(app)[-1]


async def test_an_event_says_what_it_led_to(redmexico: Story, tmp_path: Path) -> None:
    async with playing(redmexico, tmp_path, (120, 40)) as (app, pilot):
        follow(app.session, "lives_scar")
        app.play()
        await press(pilot, "t")
        app.screen.fill(keep="raid")
        await pilot.pause(0.2)
        assert "THEN" in "\n".join("".join(r.text for r in b.runs) for b in app.screen.detail.blocks)


async def test_going_back_from_the_timeline_asks_and_loses_nothing(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "t", "home", "b")
        assert "before choice 1: Wave" in seen(app)
        await press(pilot, "2")
        assert isinstance(app.screen, Play)
        assert app.session.campaign.journal.step() == 0
        assert app.session.campaign.journal.branches()


async def test_a_row_of_the_timeline_can_begin_a_campaign_of_its_own(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "1", "1", "t", "home", "b", "a")
        assert isinstance(app.screen, Play)
        assert app.session.campaign.journal.step() == 1
        assert {e.step for e in app.session.entries()} == {1, 2}


async def test_an_open_row_cannot_be_gone_back_to(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "t", "end", "b")
        assert "not decided yet" in lines(app)[-1]


async def test_an_open_event_tells_no_causes(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (120, 40)) as (app, pilot):
        await press(pilot, "t", "home", "enter")
        assert "Still open" in seen(app)
        assert "bread on the pier" not in seen(app)


async def test_narrow_screens_show_one_line_at_a_time(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "t", "1")
        assert "[History]" in seen(app)
        await press(pilot, "2")
        assert "[Chronicle]" in seen(app)


async def test_the_title_continues_with_one_enter(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1")
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        assert "A first try" in seen(app)
        await press(pilot, "enter")
        assert isinstance(app.screen, Play)
        assert "The launch goes back for the trunks." in seen(app)


async def test_a_new_campaign_begins_with_two_enters(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "enter", "enter")
        assert isinstance(app.screen, Play)
        assert app.session.campaign.journal.title == tale.title


async def test_campaigns_are_renamed_copied_deleted_and_brought_back(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1", "g", "a", *"two", "enter")
        assert {e.title for e in app.session.entries()} == {"A first try", "two"}
        app.screen.list.go(next(i for i, p in enumerate(app.screen.places) if getattr(p, "title", "") == "two"))
        await press(pilot, "r", *"third", "enter")
        assert "third" in seen(app)
        app.screen.list.go(next(i for i, p in enumerate(app.screen.places) if getattr(p, "title", "") == "third"))
        await press(pilot, "v")
        assert "come out as recorded" in lines(app)[-1]
        await press(pilot, "d", "y")
        assert len(app.session.entries()) == 1
        await press(pilot, "z")
        assert len(app.session.entries()) == 2


async def test_a_campaign_that_cannot_be_opened_says_why_and_stays_in_the_list(tale: Story, tmp_path: Path) -> None:
    (tmp_path / "bad.rmx.jsonl").write_bytes(b"not a campaign\n")
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "g", "enter")
        assert app.is_running
        assert "bad" in seen(app)


async def test_escape_never_quits_and_q_asks_once(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, *["escape"] * 4)
        assert app.is_running and isinstance(app.screen, Play)
        await press(pilot, "q")
        assert "Leave the game?" in seen(app)
        await press(pilot, "escape")
        assert app.is_running
        await press(pilot, "q", "y")
    assert app.return_code == 0


async def test_help_tells_the_keys_of_where_one_is(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (100, 50)) as (app, pilot):
        await press(pilot, "t", "question_mark")
        assert "next mark" in seen(app)
        await press(pilot, "escape", "escape")
        assert isinstance(app.screen, Play)


async def test_a_click_takes_a_choice(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await pilot.click("#choices", offset=(6, 0))
        await pilot.pause()
        assert app.session.campaign.journal.step() == 1


async def test_a_bug_of_ours_ends_with_its_own_status(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Play, "action_why", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        async with playing(tale, tmp_path) as (app, pilot):
            await press(pilot, "w")
    assert app.return_code == 70
    assert isinstance(app.bug, ZeroDivisionError)


# how it looks


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_prose_is_never_longer_than_the_measure(tale: Story, tmp_path: Path, size: tuple[int, int]) -> None:
    async with playing(tale, tmp_path, size) as (app, _):
        page = app.screen.transcript
        assert max(sum(len(run.text) for run in line) for _, line in page.lines) <= 68 + 2


async def test_the_screen_says_when_it_is_too_small(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path, (30, 8)) as (app, _):
        assert "40×12 needed" in seen(app)


@pytest.mark.parametrize("name", ["dark", "light", "contrast"])
def test_every_colour_of_text_stands_out_from_its_ground(name: str) -> None:
    theme = themes.OURS[name]
    paper = Color.parse(theme.background)
    inks = [theme.foreground, *(theme.variables[f"rm-{role}"] for role in ("dim", "head", "link", "warn", "you", "strong"))]
    assert all(contrast(Color.parse(ink), paper) >= 4.5 for ink in inks)
    assert contrast(Color.parse(theme.variables["rm-cursor-ink"]), Color.parse(theme.variables["rm-cursor-ground"])) >= 4.5


def contrast(one: Color, other: Color) -> float:
    """The ratio of WCAG 2."""
    def light(color: Color) -> float:
        parts = [c / 255 for c in color.rgb]
        r, g, b = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_a_word_longer_than_the_line_is_broken_and_nothing_is_lost() -> None:
    words = [Run("A" * 50), Run(" b"), Run("c", "em"), Run("\nnext")]
    laid = wrap(words, 20)
    assert all(sum(len(run.text) for run in line) <= 20 for line in laid)
    assert "".join(run.text for line in laid for run in line).replace(" ", "") == "A" * 50 + "bcnext"


async def test_only_what_is_near_the_view_is_wrapped(tale: Story, tmp_path: Path) -> None:
    from redmexico.ui.tui.lines import said

    async with playing(tale, tmp_path) as (app, pilot):
        page: Page = app.screen.transcript
        page.show([said(f"paragraph {n}") for n in range(10_000)], 9_990)
        await pilot.pause()
        assert len(page.lines) < 200
        for _ in range(20):
            page.turn(-1)
            await pilot.pause()
        assert "paragraph 97" in seen(app)
        assert len(page.lines) < 1_000


SCREENS: dict[str, tuple[str, ...]] = {
    "title": (), "begin": ("1", "down", "down", "right"), "play": ("1",), "why": ("w",), "timeline": ("1", "1", "t", "home"), "years": ("1", "1", "t", "z"),
    "factions": ("1", "1", "f"), "table": ("1", "1", "f", "d"), "map": ("1", "1", "a"), "codex": ("1", "1", "c", "enter"), "log": ("1", "l"), "notebook": ("1", "1", "n"),
    "campaigns": ("1", "u", "2", "g"), "settings": ("comma",), "endings": ("1", "d"), "sources": ("o",), "help": ("question_mark",),
}
"""screen → the keys that lead to it"""


@pytest.mark.parametrize("size", ["80x24", "120x40"])
@pytest.mark.parametrize("name", SCREENS)
async def test_frames_are_as_they_were(tale: Story, tmp_path: Path, name: str, size: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Screens as text; REDMEXICO_FRAMES=1 writes them anew."""
    width, _, height = size.partition("x")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("redmexico.paths.cache", lambda: Path("cache"))
    async with playing(tale, Path("saves"), (int(width), int(height)), "play" if name not in ("title", "begin") else "title") as (app, pilot):
        await press(pilot, *SCREENS[name])
        await pilot.pause(0.2)
        frame = "\n".join(lines(app)).replace(str(tmp_path), ".").replace(__version__, "VERSION") + "\n"
    path = FRAMES / f"{name}-{size}.txt"
    if os.environ.get("REDMEXICO_FRAMES"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(frame, encoding="utf-8")
    assert frame == path.read_text(encoding="utf-8")


# endurance

KEYS = (
    *"1234567890abcdefghijklmnopqrstuvwxyz,:?/GC", "enter", "escape", "space", "up", "down", "left", "right", "pageup", "pagedown", "home", "end", "tab", "f1", "f9",
    "backspace", "ctrl+p", "ctrl+a", "é", "漢", "[",
)


async def test_random_keys_and_sizes_end_nothing(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    draw = random.Random(7)
    keys, sizes = (1000, 500) if SOAK else (150, 60)
    async with playing(tale, tmp_path) as (app, pilot):
        monkeypatch.setattr(app, "exit", lambda *_, **__: None)  # `q` and `y` are among the keys, and so are colours that ask for a new start
        for n in range(max(keys, sizes)):
            if n < keys:
                await pilot.press(draw.choice(KEYS))
            if n < sizes:
                width, height = draw.randint(1, 240), draw.randint(1, 60)
                await pilot.resize_terminal(width, height)
                assert app.size == Size(width, height)
            assert app.is_running
            assert app.bug is None


async def test_the_shipped_story_plays_on_the_screen(redmexico: Story, tmp_path: Path) -> None:
    draw = random.Random(7)
    async with playing(redmexico, tmp_path, (120, 40)) as (app, pilot):
        for _ in range(60 if not SOAK else 400):
            offers = app.session.campaign.view.opened
            if not offers:
                break
            await pilot.press(*str(draw.randint(1, min(9, len(offers)))).zfill(2 if len(app.screen.offers) > 9 else 1))
        assert app.session.campaign.journal.step() > 10
        await press(pilot, "t", "escape", "f", "escape", "l", "escape", "n", "escape", "c", "escape")
        assert isinstance(app.screen, Play)


async def test_a_damaged_campaign_is_offered_as_a_copy_of_what_is_sound(tale: Story, tmp_path: Path) -> None:
    async with playing(tale, tmp_path) as (app, pilot):
        await press(pilot, "1", "1")
    path = tmp_path / "a-first-try.rmx.jsonl"
    data = bytearray(path.read_bytes())
    data[data.index(b"\n") + 40] ^= 1  # in the first choice, with another behind it
    path.write_bytes(data)
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "g")
        assert "damaged after choice" in seen(app)
        await press(pilot, "enter", "y")
        assert len(app.session.entries()) == 2


async def test_a_campaign_open_elsewhere_is_offered_as_a_copy(tale: Story, tmp_path: Path) -> None:
    other = Session(tale, tmp_path)
    other.new(title="Elsewhere", seed="7")
    async with playing(tale, tmp_path, begin="title") as (app, pilot):
        await press(pilot, "g")
        assert "in use" in seen(app)
        await press(pilot, "enter", "y")
        assert {entry.title for entry in app.session.entries()} == {"Elsewhere", "Elsewhere, a copy"}
    other.close()


async def test_the_screen_comes_to_the_same_state_as_the_engine_alone(tale: Story, tmp_path: Path) -> None:
    alone = Campaign.new(tale, seed="7")
    async with playing(tale, tmp_path) as (app, pilot):
        for choice, keys in (("wave", "1"), ("go", "1"), ("c10", "10")):
            alone.choose(choice)
            await press(pilot, *keys)
            assert hash_of(app.session.campaign.state) == hash_of(alone.state)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_a_timeline_of_which_nothing_may_be_known_is_no_fault(tmp_path: Path, size: tuple[int, int]) -> None:
    from kit import story

    tale = story(
        events="- {id: bells, line: history, date: 1940-09-10, title: The bells, external: true}\n",
        scene__a="title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\n",
    )
    session = Session(tale, tmp_path, Options(hints=False))
    session.new(title="Blind", seed="7", mode="blind")
    app = RedMexico(session, "play")
    async with app.run_test(size=size) as pilot:
        await press(pilot, "t", "down", "up", "left", "right", "enter", "d", "1", "b", "pagedown", "end", "slash", "x", "enter")
        assert "No event is left by these filters" in seen(app)
        await press(pilot, "0")
        assert "Nothing has been decided yet" in seen(app)
        await press(pilot, "escape", "escape", "f", "escape", "1")
        assert app.session.campaign is not None
        assert app.session.campaign.journal.step() == 1
    session.close()
