"""Settings are kept between sittings; what was found is kept for all campaigns."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from kit import scene, story
from redmexico.model import Story
from redmexico.ui import keeping
from redmexico.ui.found import Found
from redmexico.ui.options import BY_NAME, SETTINGS, Options, of_words
from redmexico.ui.plain import Plain
from redmexico.ui.session import Session


@pytest.fixture(scope="module")
def tale() -> Story:
    one = scene("title: A\nflags: [grief]\ndue: true\ntext: T\nchoices: [{id: a, label: A, text: He wept., soften: He was quiet., do: [bread += 1]}]\n")
    return story(scene__a=one, achievements="- {id: ate, title: Ate, if: bread >= 5, text: Bread.}\n")


def said(session: Session, *commands: str) -> str:
    out = io.StringIO()
    face = Plain(session, io.BytesIO(b""), out)
    for command in commands:
        face.answer(command)
    return out.getvalue()


def test_a_setting_holds_at_once_and_in_the_next_sitting(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    options = Options(path=path)
    assert options.change("measure", 48) == ""
    options.soften |= {"grief"}
    options.own["undo"] = "z"
    options.keep()
    again = Options(path=path)
    assert (again.measure, again.soften, again.own) == (48, {"grief"}, {"undo": "z"})
    assert again.theme == "auto"


def test_every_setting_has_a_first_value_and_goes_round() -> None:
    options = Options()
    for setting in SETTINGS:
        before = getattr(options, setting.name)
        assert before in [value for value, _ in setting.values]
        for _ in setting.values:
            options.step(setting.name, 1)
        assert getattr(options, setting.name) == before


def test_what_the_command_line_asked_for_holds_for_this_sitting_alone(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    options = Options(path=path, theme="light", charset=None)
    assert (options.theme, options.charset) == ("light", "unicode")
    options.change("hints", False)
    assert json.loads(path.read_text())["hints"] is False
    assert "theme" not in json.loads(path.read_text())


@pytest.mark.parametrize("bytes_", [b"", b"{", b"[1]", b"\xff\xfe", b'{"measure": "wide", "theme": 4, "soften": 7, "own": [], "hints": 1}', b"[" * 100_000])
def test_a_file_that_is_wrong_counts_as_none_and_is_not_lost(tmp_path: Path, bytes_: bytes) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(bytes_)
    options = Options(path=path)
    assert (options.measure, options.theme, options.soften, options.own, options.hints) == (68, "auto", frozenset(), {}, True)
    assert options.change("measure", 58) == ""
    assert Options(path=path).measure == 58
    unread = bytes_.strip() and not keeping.read(path.with_name("settings.json.old")) and not bytes_.startswith(b'{"measure')
    assert not unread or path.with_name("settings.json.old").read_bytes() == bytes_


def test_a_folder_that_cannot_be_written_says_so_and_the_setting_holds(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    options = Options(path=tmp_path / "file" / "settings.json")
    assert options.change("measure", 48)
    assert options.measure == 48


def test_values_are_known_by_the_words_a_player_types() -> None:
    assert of_words("hints", "off") is False
    assert of_words("charset", "plain ASCII") == of_words("charset", "ascii") == "ascii"
    assert of_words("measure", "58") == 58
    assert of_words("measure", "59") is None


def test_settings_are_told_and_changed_in_lines(tale: Story, tmp_path: Path) -> None:
    session = Session(tale, tmp_path, Options(path=tmp_path / "s.json"))
    session.new(seed="7")
    told = said(session, "settings")
    assert all(name in told for name in BY_NAME)
    assert "grief" in told
    assert "It holds, and is kept." in said(session, "settings previews numbers")
    assert "Bread +1." in said(session, "look")
    said(session, "settings previews hidden")
    assert "Bread" not in said(session, "look")
    assert "signs, numbers, hidden" in said(session, "settings previews loud")
    session.close()


def test_softened_content_is_told_softly_and_moves_no_state(tale: Story, tmp_path: Path) -> None:
    session = Session(tale, tmp_path, Options())
    session.new(seed="7")
    session.campaign.choose("a")
    hard, state = said(session, "look"), dict(session.campaign.state)
    assert "He wept." in hard
    session.campaign.undo()
    said(session, "settings soften grief")
    session.campaign.choose("a")
    assert "He was quiet." in said(session, "look")
    assert session.campaign.state == state
    session.close()


def test_what_is_to_come_can_be_hidden(tmp_path: Path) -> None:
    events = "- {id: bells, line: history, date: 1940-09-10, title: The bells, external: true, invented: true}\n"
    tale = story(events=events, scene__a=scene("title: A\ndue: true\ntext: T\nchoices: [{id: a, label: A}]\n"))
    session = Session(tale, tmp_path, Options())
    session.new(seed="7")
    assert "The bells" in said(session, "timeline")
    assert "The bells" not in said(session, "settings ahead hidden", "timeline")
    session.close()


def test_what_was_found_is_kept_over_all_campaigns(tale: Story, tmp_path: Path) -> None:
    session = Session(tale, tmp_path, Options())
    campaign = session.new(seed="7")
    while not campaign.ended:
        campaign.choose(campaign.view.opened[0].id)
        session.note_found()
    said(session, "codex notebook")
    session.close()
    found = Found(tmp_path)
    assert found.sets == {"endings": {"over"}, "awards": {"ate"}, "read": {"the_notebook"}, "hints": set()}


def test_a_campaign_taken_in_from_elsewhere_brings_what_it_came_to(tale: Story, tmp_path: Path) -> None:
    there = Session(tale, tmp_path / "there", Options())
    campaign = there.new(title="Far", seed="7")
    while not campaign.ended:
        campaign.choose(campaign.view.opened[0].id)
    campaign.rewind(0)
    there.close()
    here = Session(tale, tmp_path / "here", Options())
    slug = here.import_campaign(tmp_path / "there" / "far.rmx.jsonl")
    here.open(slug)
    assert here.found.has("endings", "over") and here.found.has("awards", "ate")
    here.close()


@pytest.mark.parametrize("bytes_", [b"no", b'{"endings": 3, "awards": [1, "ate"], "read": {}}'])
def test_a_record_of_what_was_found_that_is_wrong_harms_nothing(tmp_path: Path, bytes_: bytes) -> None:
    (tmp_path / ".found.json").write_bytes(bytes_)
    found = Found(tmp_path)
    assert found.sets["endings"] == set()
    assert found.add("endings", "over")
    assert Found(tmp_path).has("endings", "over")


def test_keys_that_no_keyboard_has_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({"keymap": "own", "own": {"undo": "", "redo": "5", "mark": "a b", "copy": 3, "log": "ctrl+l", "why": "Z"}}))
    assert Options(path=path).own == {"log": "ctrl+l", "why": "Z"}
