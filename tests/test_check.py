"""`redmexico check`: what it says, in which form, how fast it says it again, and what it mends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import files
from redmexico.check import examine
from redmexico.check.formats import github, sarif
from redmexico.check.memory import Checked, checked
from redmexico.check.mending import mend, mend_text
from redmexico.cli import main
from redmexico.findings import Finding
from redmexico.loader import Workshop, load_form
from redmexico.loader.tree import parse_source
from redmexico.ui.session import Session

ROOT = Path(__file__).resolve().parent.parent
WRONG = "title: The well\ndue: true\nwhen: {if: braed >= 3}\ntext: T\nchoices: [{id: a, label: A}]\ninvented: true\n"
RIGHT = WRONG.replace("braed", "bread")


def laid(folder: Path, **texts: str) -> Path:
    """A pack on the disk."""
    for name, text in files(**texts).items():
        place = folder / "pack" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    return folder / "pack"


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def test_the_shipped_story_has_neither_errors_nor_warnings() -> None:
    assert [str(f) for f in examine(load_form(ROOT / "content")) if f.severity != "note"] == []


def test_a_story_under_examination_stays_as_it_was() -> None:
    loaded = load_form(ROOT / "docs" / "errors" / "story")
    before = json.dumps([loaded.form, loaded.scenes], sort_keys=True, default=str)
    assert examine(loaded) == examine(loaded)
    assert json.dumps([loaded.form, loaded.scenes], sort_keys=True, default=str) == before


def test_the_layout_has_place_code_reason_line_caret_and_remedy(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=WRONG)
    assert main(["check", str(pack)]) == 1
    out = capsys.readouterr()
    assert out.out.split("\n")[:3] == [
        "pack/scenes/x/well.yaml:3:12: error RM201: no quality named 'braed'",
        "    3 | when: {if: braed >= 3}",
        "      |            ^^^^^ did you mean 'bread'?",
    ]
    assert out.err.startswith("1 error, 0 warnings")


def test_one_file_is_judged_within_the_pack_above_it_and_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=WRONG, scene__other=WRONG)
    assert main(["check", str(pack / "scenes/x/well.yaml"), "--format", "json"]) == 1
    assert [f["file"] for f in json.loads(capsys.readouterr().out)] == ["pack/scenes/x/well.yaml"]
    assert main(["check", str(pack / "cast.yaml")]) == 0


def test_a_file_from_elsewhere_is_judged_as_a_scene_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stray = tmp_path / "stray_scene.yaml"
    stray.write_text("title: S\ntext: T\ngoto: gangwy\ninvented: true\n", encoding="utf-8")
    assert main(["check", str(stray), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert [(f["code"], f["hint"]) for f in found] == [("RM202", "did you mean 'gangway'?")]


def test_statuses(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=RIGHT.replace("invented: true\n", ""))
    assert main(["check", str(pack)]) == 0
    assert main(["check", str(pack), "--strict"]) == 1
    (pack / "story.yaml").write_text("id: [\n", encoding="utf-8")
    assert main(["check", str(pack)]) == 1
    assert main(["check", str(tmp_path / "nothing")]) == 3
    assert main(["check", str(tmp_path)]) == 3
    with pytest.raises(SystemExit) as usage:
        main(["check", "--format", "xml"])
    assert usage.value.code == 2
    capsys.readouterr()


# forms

FOUND = [
    Finding("content/a b.yaml", 3, 5, "RM201", "no quality named 'a%b'", "did you mean 'b'?", "error", 4, "x: a%b"),
    Finding("content/c.yaml", 1, 1, "RM504", "no 'facts:'", "say where", "warning"),
    Finding("content/c.yaml", 2, 1, "RM510", "new\nline::error::x", "", "note"),
]


def test_sarif_names_the_rule_the_place_and_the_level() -> None:
    log = sarif(FOUND, "1.0.0", {"RM201": "No quality of this name"})
    assert log["version"] == "2.1.0"
    run = log["runs"][0]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["RM201", "RM504", "RM510"]
    first = run["results"][0]
    assert first["level"] == "error" and first["ruleId"] == "RM201"
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "content/a%20b.yaml"
    assert place["region"] == {"startLine": 3, "startColumn": 5, "endColumn": 9}
    assert [r["level"] for r in run["results"]] == ["error", "warning", "note"]


def test_github_commands_are_one_line_each_and_cannot_be_forged() -> None:
    lines = list(github(FOUND))
    assert lines[0] == "::error file=content/a b.yaml,line=3,col=5,endColumn=9,title=RM201::no quality named 'a%25b' (did you mean 'b'?)"
    assert [line.split(" ")[0] for line in lines] == ["::error", "::warning", "::notice"]
    assert all("\n" not in line for line in lines)


def test_every_form_gives_the_same_findings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=WRONG, scene__other=WRONG.replace("braed", "arsm"))
    counts = []
    for form, pattern in (("text", r" error RM"), ("json", r'"code"'), ("sarif", r'"ruleId"'), ("github", r"^::error")):
        main(["check", str(pack), "--format", form])
        counts.append(len(re.findall(pattern, capsys.readouterr().out, re.MULTILINE)))
    assert counts == [2, 2, 2, 2]


# remembered


def test_a_second_check_of_the_same_files_asks_no_rule_and_a_changed_file_asks_again(tmp_path: Path) -> None:
    pack = laid(tmp_path, scene__well=WRONG)
    asked = []

    def look() -> Checked:
        asked.append(1)
        return Checked(examine(load_form(pack)), 1, 0, [pack], "pack/")

    first = checked([pack], tmp_path / "kept", look)
    assert checked([pack], tmp_path / "kept", look) == first
    assert len(asked) == 1
    (pack / "scenes/x/well.yaml").write_text(RIGHT, encoding="utf-8")
    assert checked([pack], tmp_path / "kept", look) != first
    assert len(asked) == 2
    for kept in (tmp_path / "kept").iterdir():
        kept.write_text("{", encoding="utf-8")
    checked([pack], tmp_path / "kept", look)
    assert len(asked) == 3


def test_a_workshop_finds_what_a_fresh_look_finds_whatever_changes(tmp_path: Path) -> None:
    pack = laid(tmp_path, scene__well=RIGHT, scene__other=RIGHT)
    shop = Workshop()
    edits = [
        ("scenes/x/well.yaml", WRONG), ("scenes/x/well.yaml", RIGHT), ("scenes/x/new.yaml", RIGHT), ("state.yaml", files()["state.yaml"].replace("bread:", "loaves:")),
        ("state.yaml", files()["state.yaml"]), ("scenes/x/other.yaml", "title: [\n"), ("scenes/x/other.yaml", RIGHT.replace("id: a", "id: b")), ("story.yaml", "x"), ("story.yaml", files()["story.yaml"]),
    ]
    for name, text in edits:
        (pack / name).write_text(text, encoding="utf-8")
        kept, fresh = shop.load([pack]), load_form(pack)
        assert kept.findings == fresh.findings, name
        assert (kept.form, kept.scenes) == (fresh.form, fresh.scenes), name
    (pack / "scenes/x/new.yaml").unlink()
    assert shop.load([pack]).scenes == load_form(pack).scenes


# mending


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("title: A\n\ttext: T\n", "title: A\n  text: T\n"),
        ("title: A\ntext: Note: this\n", 'title: A\ntext: "Note: this"\n'),
        ("title: A\ntext: The number #9 is late\n", 'title: A\ntext: "The number #9 is late"\n'),
        ("title: A\ntext: >\n  Long\n  text\n", "title: A\ntext: |\n  Long\n  text\n"),
        ('title: A\ntext: say "no": now\n', 'title: A\ntext: "say \\"no\\": now"\n'),
        ("title: A\nnotes: *no\n", "title: A\nnotes: *no\n"),
    ],
)
def test_what_is_mechanical_is_mended_and_nothing_else(wrong: str, right: str) -> None:
    mended, done = mend_text(wrong)
    assert mended == right
    assert bool(done) == (wrong != right)


@settings(max_examples=150)
@given(st.text(alphabet="ab:#'\"\t >|-{}[]\n", max_size=60))
def test_mending_never_makes_a_file_worse_and_mends_all_it_can_at_once(text: str) -> None:
    mended, done = mend_text(text)
    assert mend_text(mended)[0] == mended
    assert len(parse_source(mended.encode(), "x").findings) <= len(parse_source(text.encode(), "x").findings)
    if not done:
        assert mended == text


def test_a_mended_file_keeps_its_permissions_and_an_unmended_one_its_time(tmp_path: Path) -> None:
    pack = laid(tmp_path, scene__well="title: A\ntext: Note: this\ninvented: true\n", scene__other=RIGHT)
    well, other = pack / "scenes/x/well.yaml", pack / "scenes/x/other.yaml"
    well.chmod(0o640)
    before = other.stat().st_mtime_ns
    done = mend([(well, "well.yaml"), (other, "other.yaml")])
    assert [(m.file, m.line) for m in done] == [("well.yaml", 2)]
    assert well.stat().st_mode & 0o777 == 0o640
    assert other.stat().st_mtime_ns == before


def test_fix_mends_and_then_checks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well="title: A\ndue: true\ntext: Note: this\nchoices: [{id: a, label: A}]\ninvented: true\n")
    assert main(["check", str(pack)]) == 1
    assert main(["check", str(pack), "--fix"]) == 0
    assert "quotes were put around it" in capsys.readouterr().err


# watched, and against campaigns


def test_a_watched_pack_is_checked_again_when_a_file_changes(tmp_path: Path) -> None:
    pack = laid(tmp_path, scene__well=RIGHT)
    watcher = subprocess.Popen(
        [sys.executable, "-u", "-m", "redmexico", "check", str(pack), "--watch", "--format", "github"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    lines: list[str] = []
    assert watcher.stdout is not None
    reader = threading.Thread(target=lambda: lines.extend(iter(watcher.stdout.readline, "")), daemon=True)  # type: ignore[union-attr]
    reader.start()
    try:
        for _ in range(120):  # a slow machine is waited for, not failed
            (pack / "scenes/x/well.yaml").write_text(WRONG + f"# {time.monotonic_ns()}\n", encoding="utf-8")
            time.sleep(0.5)
            if any("RM201" in line for line in lines):
                break
        assert any("RM201" in line for line in lines)
    finally:
        watcher.send_signal(2)
        watcher.wait(30)
        assert watcher.stderr is not None
        watcher.stderr.close()
        reader.join(5)
        watcher.stdout.close()


def test_against_a_folder_of_campaigns_it_says_which_an_edit_would_strand(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=RIGHT, scene__other=RIGHT.replace("title: The well", "title: The other"))
    session = Session(load_form(pack).story(), tmp_path / "saves")
    session.new("One")
    session.close()
    saves = str(tmp_path / "saves")
    assert main(["check", str(pack), "--against", saves]) == 0
    assert "one: opens as it was played" in capsys.readouterr().out
    (pack / "scenes/x/other.yaml").rename(pack / "scenes/x/renamed.yaml")
    assert main(["check", str(pack), "--against", saves]) == 1
    assert "no longer in the story" in capsys.readouterr().out
    (pack / "scenes/x/renamed.yaml").write_text(RIGHT + "was: [other]\n", encoding="utf-8")
    assert main(["check", str(pack), "--against", saves]) == 0
    assert "is called" in capsys.readouterr().out


# explaining


def test_explain_prints_a_codes_page_and_tells_of_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "rm310"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("RM310: A choice that can never be taken") and "```" not in out
    assert main(["explain", "RM999"]) == 2
    assert main(["explain", "vow_carbon"]) == 0
    assert "the_vow_carbon" in capsys.readouterr().out
    assert main(["explain", "vow_carbn"]) == 2
    assert "vow_carbon" in capsys.readouterr().err
    assert main(["explain"]) == 0
    assert "RM201" in capsys.readouterr().out


def test_an_editor_that_has_schemas_is_given_those_of_today(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pack = laid(tmp_path, scene__well=RIGHT)
    main(["check", str(pack)])
    assert not (pack / ".schema").exists()
    assert main(["schema", "--pack", str(pack)]) == 0
    assert "newest_scene" not in (pack / ".schema" / "scene.json").read_text(encoding="utf-8")
    (pack / "scenes/x/newest_scene.yaml").write_text(RIGHT, encoding="utf-8")
    main(["check", str(pack)])
    assert "newest_scene" in (pack / ".schema" / "scene.json").read_text(encoding="utf-8")
