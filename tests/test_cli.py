"""The command line as an interface: statuses, and campaigns by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kit import files, scene
from redmexico.cli import main

ROPE = scene("title: A\ndue: true\nwhen: {from: 1940-01-05, until: 1940-01-05}\ntext: T\nchoices: [{id: a, label: A}, {id: b, label: B}]")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A pack, and a folder with one campaign in it."""
    for name, text in files(scene__x=ROPE).items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("REDMEXICO_SAVES", str(tmp_path / "saves"))
    from redmexico.cache import open_story
    from redmexico.ui.session import Session

    session = Session(open_story(tmp_path / "pack", None), tmp_path / "saves")
    session.new("The rope", "7").choose("b")
    session.close()
    return tmp_path


def test_campaigns_are_listed_and_shown(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["saves", "list", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["slug"], row["state"], row["step"]) for row in rows] == [("the-rope", "good", 1)]
    assert main(["saves", "show", "the-rope", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seed"] == "7"


def test_a_campaign_is_verified_and_a_changed_story_is_named_with_status_5(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = ["--pack", str(place / "pack")]
    assert main(["saves", "verify", "the-rope", *pack]) == 0
    assert main(["replay", str(place / "saves" / "the-rope.rmx.jsonl"), *pack]) == 0
    scene_file = place / "pack" / "scenes" / "x" / "x.yaml"
    scene_file.write_text(scene_file.read_text().replace("{id: b, label: B}", "{id: b, label: B, do: [bread += 1]}"))
    assert main(["replay", "the-rope", *pack]) == 5
    assert "step 1: 'x/b' comes out otherwise" in capsys.readouterr().out


def test_a_campaign_goes_out_and_comes_back_under_another_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["saves", "export", "the-rope", str(place / "out.rmx.jsonl")]) == 0
    assert main(["saves", "import", str(place / "out.rmx.jsonl")]) == 0
    assert main(["saves", "copy", "the-rope", "A copy"]) == 0
    capsys.readouterr()
    assert main(["saves", "list", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_a_removed_campaign_is_moved_and_not_destroyed(place: Path) -> None:
    assert main(["saves", "rm", "the-rope"]) == 0
    assert list((place / "saves" / ".deleted").glob("*.jsonl"))


def test_a_damaged_campaign_is_rescued_as_a_new_file(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place / "saves" / "the-rope.rmx.jsonl"
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b'"choice"', b'"chOice"', 1) + lines[1])
    damaged = path.read_bytes()
    assert main(["saves", "show", "the-rope"]) == 4
    assert main(["saves", "rescue", "the-rope"]) == 0
    assert path.read_bytes() == damaged
    assert "the-rope" in capsys.readouterr().out


def test_a_campaign_written_by_a_later_version_is_refused_by_name(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = place / "saves" / "the-rope.rmx.jsonl"
    path.write_bytes(path.read_bytes().replace(b'"format":1', b'"format":9', 1))
    before = path.read_bytes()
    assert main(["play", "the-rope", "--plain", "--pack", str(place / "pack")]) == 4
    assert "install that version" in capsys.readouterr().err
    assert path.read_bytes() == before


def test_check_ends_with_1_where_there_are_errors_and_3_where_there_is_no_pack(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(place / "pack"), "--strict"]) == 0
    (place / "pack" / "scenes" / "x" / "y.yaml").write_text("title: Y\ntxt: T\n")
    assert main(["check", str(place / "pack"), "--format", "json"]) == 1
    assert [f["code"] for f in json.loads(capsys.readouterr().out)] == ["RM103"]
    assert main(["check", str(place / "nowhere")]) == 3


def test_playtest_writes_its_report_and_the_same_seed_gives_the_same(place: Path) -> None:
    reports = []
    for name in ("one.json", "two.json"):
        assert main(["playtest", "--runs", "5", "--seed", "3", "--policy", "random", "--report", str(place / name), "--pack", str(place / "pack")]) == 0
        reports.append(json.loads((place / name).read_text()))
    assert reports[0] == reports[1]
    assert reports[0]["endings"] == {"over": 5}
    assert reports[0]["never_seen"] == []


def test_a_least_seen_bot_takes_what_others_left(place: Path) -> None:
    from redmexico.cache import open_story
    from redmexico.playtest import playtest

    report = playtest(open_story(place / "pack", None), 2, "9", "least-seen")
    assert report.never_chosen == []


def test_doctor_tells_where_things_lie(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--pack", str(place / "pack")]) == 0
    out = capsys.readouterr().out
    assert str(place / "saves") in out
    assert "libyaml: " in out


def test_wrong_usage_ends_with_2(place: Path) -> None:
    with pytest.raises(SystemExit) as usage:
        main(["saves", "explode"])
    assert usage.value.code == 2
    assert main(["saves", "show"]) == 2
    assert main(["play", "--new", "--mode", "carbn", "--plain", "--pack", str(place / "pack")]) == 2


def test_a_story_is_built_again_when_a_file_changes_and_a_damaged_cache_is_no_harm(place: Path) -> None:
    from redmexico.cache import open_story

    cache = place / "cache" / "x"
    first = open_story(place / "pack", cache)
    again = open_story(place / "pack", cache)
    assert again.fingerprint == first.fingerprint
    assert again.scenes["x"] == again.scenes["x"]
    kept = next(cache.iterdir())
    kept.write_bytes(kept.read_bytes()[:-30])
    assert open_story(place / "pack", cache).fingerprint == first.fingerprint
    kept.write_bytes(b"\xff\n{}")
    assert open_story(place / "pack", cache).fingerprint == first.fingerprint
    file = place / "pack" / "scenes" / "x" / "x.yaml"
    file.write_text(file.read_text().replace("text: T", "text: Other"))
    assert open_story(place / "pack", cache).fingerprint != first.fingerprint
