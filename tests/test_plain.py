"""The plain face: everything in lines, through a pipe, without an escape byte."""

from __future__ import annotations

import io
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit import files, scene, story
from redmexico.ui.options import Options
from redmexico.ui.plain import LETTERS, Plain
from redmexico.ui.session import Session
from redmexico.ui.tui.keys import ACTS, written

PIER = """
    title: The pier
    place: Tampico
    when: {from: 1940-01-09, until: 1940-01-09}
    due: true
    text: |
      They *will not* come down. Múgica waits — [/b] [@click=app.quit]x[/].
    advice: [{who: ortuno, text: Eleven doors.}]
    choices:
      - {id: wave, label: Wave., do: [bread += 1, church.temper -= 1], text: They wave back.}
      - {id: shout, label: Shout, needs: [{if: arms >= 3, locked: Nobody would hear.}]}
      - {id: sit, label: Sit, hint: It may be long.}
"""


def played(tmp_path: Path, lines: str, charset: str = "unicode", **texts: str) -> str:
    tale = story(**({"scene__pier": scene(PIER)} | texts))
    session = Session(tale, tmp_path, Options(charset=charset))
    out = io.StringIO()
    status = Plain(session, io.BytesIO(lines.encode()), out).play()
    session.close()
    assert status == 0
    return out.getvalue()


def test_a_scene_is_told_with_its_voices_choices_and_locks(tmp_path: Path) -> None:
    said = played(tmp_path, "")
    assert "9 January 1940, Tampico. The pier." in said
    assert "Ortuño: Eleven doors." in said
    assert "1. Wave. Bread up; The Church down." in said
    assert "2. Sit. It may be long." in said
    assert "Locked: 3. Shout. Nobody would hear." in said


def test_author_text_is_shown_as_written_and_no_escape_byte_is_sent(tmp_path: Path) -> None:
    said = played(tmp_path, "status\ntimeline\nfactions\ncodex the_notebook\nhelp\n\x1b[31m\n")
    assert "[/b] [@click=app.quit]x[/]" in said
    assert "\x1b" not in said


def test_ascii_alone_is_sent_where_it_is_asked_for(tmp_path: Path) -> None:
    said = played(tmp_path, "status\nhelp\nfactions\n", charset="ascii")
    assert said.isascii()
    assert "Mugica waits --" in said


def test_a_number_takes_a_choice_and_a_locked_one_says_why(tmp_path: Path) -> None:
    said = played(tmp_path, "3\n1\n")
    assert "Locked: Nobody would hear." in said
    assert "They wave back." in said


def test_a_misspelt_command_is_answered_with_the_one_that_was_meant(tmp_path: Path) -> None:
    assert "did you mean 'timeline'?" in played(tmp_path, "tiemline\n")


def test_undo_rewind_mark_and_branches_work_in_words(tmp_path: Path) -> None:
    said = played(tmp_path, "1\nundo\n2\nsave before\nrewind 0\nbranches\nredo\nnotebook\nlog\n")
    assert "Taken back." in said
    assert "mark 'before', choice 1." in said
    assert "Forward again." in said


def test_the_campaign_is_taken_up_where_it_was_left(tmp_path: Path) -> None:
    two = {"scene__later": "title: Later\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: It is March.\nchoices: [{id: a, label: A}]\n"}
    played(tmp_path, "1\n", **two)
    again = played(tmp_path, "", **two)
    assert "It is March." in again
    assert "They wave back." in again


def test_the_end_tells_slides_divergence_and_what_can_be_done(tmp_path: Path) -> None:
    said = played(tmp_path, "1\n5\nundo\n")
    assert "It was over." in said
    assert "There was bread." in said
    assert "This is the end of this campaign" in said
    assert "This campaign has ended" in said


def test_why_answers_for_choices_events_and_numbers(tmp_path: Path) -> None:
    events = "- {id: bells, line: history, date: 1940-02-01, title: The bells, pulls: [{if: bread >= 5, pull: 2, because: they had eaten}], threshold: 1}\n"
    late = "title: L\ndue: true\nwhen: {from: 1940-03-01, until: 1940-03-01}\ntext: T\nchoices: [{id: a, label: A}]\n"
    said = played(tmp_path, "why 1\nwhy bells\n1\nwhy bells\nwhy bread\nwhy nothing\n", events=events, scene__late=late)
    assert "The bells: still open." in said
    assert "+2 they had eaten" in said
    assert "9 January 1940, choice 1: Wave. Bread +1" in said
    assert "New: 1 February 1940, The bells: kept." in said


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    for name, text in files(scene__pier=scene(PIER)).items():
        path = tmp_path / "pack" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "pack"


def command(pack: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "redmexico", *arguments, "--pack", str(pack), "--saves", str(pack.parent / "saves")]


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "XDG_CACHE_HOME": "/nonexistent/cache", "PYTHONPATH": "", **more}


def test_it_plays_through_a_pipe_and_the_end_of_input_saves(pack: Path) -> None:
    run = subprocess.run(command(pack, "play", "--plain", "--new", "--seed", "7"), input=b"1\n", capture_output=True, timeout=60, env=environment())
    assert run.returncode == 0, run.stderr
    assert b"They wave back." in run.stdout
    assert b"\x1b" not in run.stdout
    listed = subprocess.run([sys.executable, "-m", "redmexico", "saves", "list", "--json", "--saves", str(pack.parent / "saves")], capture_output=True, text=True, check=True, env=environment())
    assert '"step": 1' in listed.stdout


@pytest.mark.parametrize("more", [{"TERM": "dumb"}, {"TERM": ""}, {"TERM": "xterm-256color"}, {"NO_COLOR": "1"}, {"COLUMNS": "9999"}])
def test_without_a_usable_terminal_it_plays_in_plain_mode_and_says_so_in_one_line(pack: Path, more: dict[str, str]) -> None:
    run = subprocess.run(command(pack), input=b"1\nquit\n", capture_output=True, timeout=60, env=environment(**more))
    assert run.returncode == 0
    assert run.stderr.decode().count("\n") == 1
    assert "plain mode" in run.stderr.decode()
    assert b"\x1b" not in run.stdout


def test_under_an_ascii_locale_nothing_but_ascii_is_sent(pack: Path) -> None:
    more = environment(LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0", PYTHONIOENCODING="ascii")
    run = subprocess.run(command(pack, "--plain"), input=b"status\n", capture_output=True, timeout=60, env=more)
    assert run.returncode == 0, run.stderr
    assert run.stdout.isascii()
    assert b"Mugica" in run.stdout


def test_with_neither_input_nor_output_it_ends_with_status_2_and_the_remedy(pack: Path) -> None:
    line = "exec " + " ".join(f"'{part}'" for part in command(pack)) + " <&- >&-"
    started = time.monotonic()
    run = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, timeout=60, env=environment())
    assert run.returncode == 2
    assert time.monotonic() - started < 30
    assert 1 <= run.stderr.decode().count("\n") <= 5
    assert "--plain" in run.stderr.decode()


def test_stray_bytes_on_the_input_do_not_end_the_game(pack: Path) -> None:
    run = subprocess.run(command(pack, "--plain"), input=b"\xc3\n\xff\xfe\x00\n1\n", capture_output=True, timeout=60, env=environment())
    assert run.returncode == 0
    assert b"They wave back." in run.stdout


@pytest.mark.parametrize(("name", "status"), [("SIGTERM", 143), ("SIGHUP", 129), ("SIGINT", 130)])
def test_a_signal_ends_it_with_its_own_status_and_everything_is_saved(pack: Path, name: str, status: int) -> None:
    game = subprocess.Popen(command(pack, "--plain"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
    assert game.stdin is not None and game.stdout is not None
    game.stdin.write(b"1\n")
    game.stdin.flush()
    seen = b""
    while b"over" not in seen:
        seen += os.read(game.stdout.fileno(), 65536)
    game.send_signal(getattr(signal, name))
    _, stderr = game.communicate(timeout=30)
    assert game.returncode == status, stderr
    shown = subprocess.run([sys.executable, "-m", "redmexico", "saves", "list", "--saves", str(pack.parent / "saves")], capture_output=True, text=True, check=True, env=environment())
    assert "choice 1" in shown.stdout


def test_a_reader_that_stops_listening_is_no_error(pack: Path) -> None:
    line = " ".join(f"'{part}'" for part in command(pack, "--plain")) + " | head -c 40 >/dev/null"
    run = subprocess.run(["bash", "-o", "pipefail", "-c", "yes help | head -2000 | " + line], capture_output=True, timeout=60, env=environment())
    assert b"Traceback" not in run.stderr


def test_a_broken_pack_lists_its_faults_and_ends_with_status_3(pack: Path) -> None:
    (pack / "scenes" / "x" / "bad.yaml").write_text("title: A\ntxt: T\n", encoding="utf-8")
    run = subprocess.run(command(pack, "--plain"), input="", capture_output=True, text=True, timeout=60, env=environment())
    assert run.returncode == 3
    assert re.search(r"bad\.yaml:2:1: error RM103: unknown key 'txt'", run.stderr)
    assert "Traceback" not in run.stderr


def test_a_damaged_campaign_ends_with_status_4_and_is_left_alone(pack: Path) -> None:
    saves = pack.parent / "saves"
    subprocess.run(command(pack, "--plain", "--new", "--title", "One"), input=b"1\n1\n", capture_output=True, timeout=60, env=environment(), check=True)
    path = next(saves.glob("*.rmx.jsonl"))
    data = path.read_bytes()
    path.write_bytes(data[:60] + b"X" + data[61:])
    before = path.read_bytes()
    run = subprocess.run(command(pack, "play", path.name.removesuffix(".rmx.jsonl"), "--plain"), input="", capture_output=True, text=True, timeout=60, env=environment())
    assert run.returncode == 4, run.stderr
    assert "damaged" in run.stderr or "no campaign" in run.stderr
    assert path.read_bytes() == before


def test_versions_and_help_need_no_story() -> None:
    run = subprocess.run([sys.executable, "-X", "importtime", "-m", "redmexico", "--version"], capture_output=True, text=True, check=True, env=environment())
    assert run.stdout.startswith("Red Mexico ")
    assert not re.search(r"\| +(textual|rich|pydantic|yaml|redmexico\.engine)\b", run.stderr)


def test_a_letter_does_what_its_key_does_on_the_screen(tmp_path: Path) -> None:
    for letter, command in LETTERS.items():
        keys = ACTS["mark" if command == "save" else command].keys.split(",")
        assert letter in map(written, keys), command
    assert "A number takes a choice. Also:" in played(tmp_path, "?\n")
    assert "no command" not in played(tmp_path, "".join(f"{letter}\n" for letter in LETTERS))


@pytest.mark.parametrize("command", ["why", "rename", "load", "restore", "rescue", "import"])
def test_a_command_that_wants_a_word_and_gets_none_says_what_it_wants(tmp_path: Path, command: str) -> None:
    assert f"> {command} " in played(tmp_path, f"{command}\n")


def test_one_setting_is_told_alone_and_sources_of_nothing_are_refused(tmp_path: Path) -> None:
    said = played(tmp_path, "settings language\nsources wavee\n")
    assert "language (language): " in said
    assert "theme (theme)" not in said
    assert "No event is called 'wavee'." in said
