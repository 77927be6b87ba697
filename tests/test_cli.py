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
    assert main(["check", str(place / "pack")]) == 0
    assert main(["check", str(place / "pack"), "--strict"]) == 1  # an ending that needs more bread than there ever is
    assert main(["check", "docs/errors/story", "--strict"]) == 0
    capsys.readouterr()
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


# run codes, comparing, exporting


@pytest.fixture
def pack(place: Path) -> list[str]:
    return ["--pack", str(place / "pack")]


@pytest.fixture
def code(pack: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The code of the campaign in the folder."""
    assert main(["saves", "code", "the-rope", *pack]) == 0
    return capsys.readouterr().out.strip()


def changed(place: Path) -> None:
    """The story as another edition has it."""
    scene_file = place / "pack" / "scenes" / "x" / "x.yaml"
    scene_file.write_text(scene_file.read_text().replace("{id: b, label: B}", "{id: b, label: B, do: [bread += 1]}"))


def test_a_code_is_played_and_tells_what_it_came_to(code: str, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", code, *pack]) == 0
    assert capsys.readouterr().out == (
        "Seed 7, mode Standard.\n1 choice, to 31 December 1940.\nEnding: Over.\nAway from History: 0 of 100.\nAway from Chronicle: 0 of 100.\nNot as recorded: 0\n"
    )
    assert main(["replay", code.lower(), "--to", "0", *pack]) == 0
    assert capsys.readouterr().out.splitlines()[1:3] == ["0 choices, to 5 January 1940.", "It goes on from there."]


def test_a_mistyped_code_is_wrong_usage_and_one_of_another_edition_a_replay_that_differs(place: Path, code: str, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    wrong = code[:-1] + ("Z" if code[-1] != "Z" else "Y")
    assert main(["replay", wrong, *pack]) == 2
    assert "a letter of this code is wrong" in capsys.readouterr().err
    assert main(["replay", "RM9-ZZZZZ", *pack]) == 2
    changed(place)
    assert main(["replay", code, *pack]) == 5
    assert "made with another edition of the story" in capsys.readouterr().err
    assert main(["saves", "code", "the-rope", *pack]) == 5
    assert "comes out otherwise on this edition" in capsys.readouterr().err


def test_all_that_was_read_can_be_watched_again_from_a_file_a_code_and_a_play(place: Path, code: str, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["saves", "export", "the-rope", str(place / "rope.yaml"), "--play"]) == 0
    logs = []
    for source in ("the-rope", str(place / "saves" / "the-rope.rmx.jsonl"), code, str(place / "rope.yaml")):
        capsys.readouterr()
        assert main(["replay", source, "--watch", *pack]) == 0
        logs.append(capsys.readouterr().out.splitlines())
    assert logs[0][:4] == ["5 January 1940. A.", "T", "", "Choice 1: B"]
    assert [log[:4] for log in logs[1:]] == [logs[0][:4]] * 3
    assert [log[-1] for log in logs] == ["all 1 steps come out as recorded"] * 2 + ["Not as recorded: 0", "comes out as expected"]
    assert main(["replay", "the-rope", "--watch", "--to", "0", *pack]) == 0
    assert "Choice 1" not in capsys.readouterr().out


def test_watching_a_campaign_writes_nothing_into_the_folder(place: Path, pack: list[str]) -> None:
    changed(place)
    before = {path: path.read_bytes() for path in (place / "saves").rglob("*") if path.is_file()}
    assert main(["replay", "the-rope", "--watch", *pack]) == 5
    assert {path: path.read_bytes() for path in (place / "saves").rglob("*") if path.is_file()} == before


def test_a_code_is_kept_as_a_campaign_that_goes_on(place: Path, code: str, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", code, "--keep", "From a friend", *pack]) == 0
    assert capsys.readouterr().out == "from-a-friend\n"
    assert main(["saves", "verify", "from-a-friend", *pack]) == 0
    assert main(["saves", "code", "from-a-friend", *pack]) == 0
    assert capsys.readouterr().out.endswith(f"{code}\n")
    assert main(["replay", code, "--keep", "From a friend", "--to", "0", *pack]) == 0
    assert capsys.readouterr().out == "from-a-friend-2\n"
    assert main(["saves", "show", "from-a-friend-2", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["step"] == 0


def test_a_wrong_code_keeps_nothing(place: Path, code: str, pack: list[str]) -> None:
    assert main(["replay", code[:-1], "--keep", "Nothing", *pack]) == 2
    assert [path.name for path in (place / "saves").glob("*.jsonl")] == ["the-rope.rmx.jsonl"]


def test_a_play_that_no_longer_plays_is_a_replay_that_differs(place: Path, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    (place / "old.yaml").write_text("seed: '7'\nchoices: [x/gone]\n")
    for more in ([], ["--watch"], ["--to", "1"]):
        assert main(["replay", str(place / "old.yaml"), *more, *pack]) == 5
    assert "'gone' is not offered here" in capsys.readouterr().err


def test_a_campaign_is_the_same_as_its_code_and_not_as_another(code: str, pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "the-rope", code, *pack]) == 0
    assert "They are the same." in capsys.readouterr().out
    assert main(["replay", code, "--keep", "Second", "--to", "0", *pack]) == 0
    capsys.readouterr()
    assert main(["diff", "the-rope", "second", *pack]) == 1
    out = capsys.readouterr().out
    assert "They part at the first choice." in out
    assert all(len(line) <= 80 for line in out.splitlines())
    assert main(["diff", "the-rope", "second", "--json", *pack]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["names"], found["alike"], found["parting"]["b"]) == (["The rope", "Second"], 0, None)


def test_a_campaign_is_compared_with_a_line_whichever_is_named_first(pack: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "the-rope", "history", *pack]) == 0
    first = capsys.readouterr().out
    assert main(["diff", "history", "the-rope", *pack]) == 0
    assert capsys.readouterr().out == first
    assert first.startswith("The rope beside History, to 31 December 1940: 0 of 100 off\n")
    assert main(["diff", "the-rope", "chronicle", "--json", *pack]) == 0
    assert json.loads(capsys.readouterr().out)["line"] == "Chronicle"
    assert main(["diff", "history", "chronicle", *pack]) == 2
    assert main(["diff", "the-rope", "nowhere", *pack]) == 4


def test_the_notebook_is_exported_in_every_format_and_never_over_a_file(place: Path, code: str, pack: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    for k, format in enumerate(("md", "txt", "html", "json")):
        assert main(["export", "the-rope", f"--{format}", *pack]) == 0
        assert capsys.readouterr().out == f"the-rope-1940.{format}\n"
        assert len(list(place.glob("the-rope-1940*"))) == k + 1
    before = (place / "the-rope-1940.md").read_bytes()
    assert main(["export", "the-rope", *pack]) == 0
    assert capsys.readouterr().out == "the-rope-1940-2.md\n"
    assert (place / "the-rope-1940.md").read_bytes() == before == (place / "the-rope-1940-2.md").read_bytes()
    assert main(["export", "the-rope", "-o", "-", *pack]) == 0
    assert capsys.readouterr().out.encode() == before
    assert main(["export", code, "-o", "mine.json", *pack]) == 0
    json.loads((place / "mine.json").read_text(encoding="utf-8"))
    assert main(["export", code, "--txt", "-o", str(place / "saves"), *pack]) == 0
    assert len(list((place / "saves").glob("*-1940.txt"))) == 1
    assert main(["export", code, "-o", str(place / "nowhere" / "x.md"), *pack]) == 2
    assert "could not be written" in capsys.readouterr().err


def test_every_command_has_a_page_of_help(capsys: pytest.CaptureFixture[str]) -> None:
    from redmexico.cli import COMMANDS

    with pytest.raises(SystemExit):
        main(["--help"])
    listed = [line.split()[0] for line in capsys.readouterr().out.split("COMMAND\n")[-1].splitlines() if line.startswith("    ") and line[4] != " "]
    assert tuple(listed) == COMMANDS
    for command in COMMANDS:
        with pytest.raises(SystemExit) as end:
            main([command, "--help"])
        assert end.value.code == 0


def test_a_number_of_choices_is_a_number(code: str, pack: list[str]) -> None:
    for wrong in ("-1", "x", "²"):
        with pytest.raises(SystemExit) as usage:
            main(["replay", code, "--to", wrong, *pack])
        assert usage.value.code == 2


def test_an_output_with_few_letters_gets_them_without_accents(place: Path, code: str, pack: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    import io
    import sys

    assert main(["replay", code, "--keep", "Múgica’s run", *pack]) == 0
    for command, expected in ((["diff", "mugicas-run", "history"], "Mugica's run beside History"), (["saves", "list", "--json"], '"M\\u00fagica\\u2019s run"'), (["saves", "list"], "Mugica's run")):
        out = io.TextIOWrapper(io.BytesIO(), "ascii")
        monkeypatch.setattr(sys, "stdout", out)
        assert main([*command, *pack]) == 0
        out.flush()
        assert expected in out.buffer.getvalue().decode("ascii")
