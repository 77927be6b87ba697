"""What the writer's pages say, done: docs/writing.md from an empty folder, and the made parts of docs/format.md."""

from __future__ import annotations

import importlib.util
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent
WRITING = (ROOT / "docs" / "writing.md").read_text(encoding="utf-8")
_FENCE = re.compile(r"^```(\w+)(?: ([^\n]+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"(.+) line (\d+)")
ENDLESS = ("redmexico dev",)
"""commands that play on until somebody leaves: the bench is started through its pilot below"""
FINDS = 1
"""the status of the one check of the page that finds something"""


class Block(NamedTuple):
    """A fenced block of the page: its language, what is said behind it, its lines."""

    kind: str
    name: str
    text: str


def blocks(page: str) -> list[Block]:
    return [Block(match[1], match[2] or "", match[3]) for match in _FENCE.finditer(page)]


def commands(block: Block) -> list[str]:
    return [line for line in block.text.splitlines() if line.startswith("redmexico ")]


def put(folder: Path, block: Block) -> None:
    """A file of the page: whole, one line of it, or lines at its end."""
    line = _LINE.fullmatch(block.name)
    if line:
        path = folder / line[1]
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        lines[int(line[2]) - 1] = block.text
        path.write_text("".join(lines), encoding="utf-8")
    elif block.name.endswith(" (added)"):
        path = folder / block.name.removesuffix(" (added)")
        path.write_text(path.read_text(encoding="utf-8") + block.text, encoding="utf-8")
    elif block.name.endswith(" (made)"):
        assert (folder / block.name.removesuffix(" (made)")).read_text(encoding="utf-8") == block.text
    else:
        path = folder / block.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(block.text, encoding="utf-8")


def run(command: str, folder: Path) -> tuple[int, str]:
    """A command as a reader would give it, without a terminal; what is about the examples, in the project's folder."""
    place = ROOT if "examples/" in command else folder
    there = {"XDG_CACHE_HOME": str(folder / ".cache"), "REDMEXICO_SAVES": str(folder / ".saves"), "COLUMNS": "80"}
    done = subprocess.run(
        [sys.executable, "-m", "redmexico", *shlex.split(command)[1:]],
        capture_output=True, encoding="utf-8", cwd=place, env={**os.environ, "PYTHONIOENCODING": "utf-8", **there}, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def pattern(shown: str) -> str:
    """What a block says is printed: `…` alone is any lines, inside a line anything."""
    lines = ["(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n" for line in shown.splitlines()]
    return "".join(lines)


class Done(NamedTuple):
    """A command of the page, its status, and what it printed."""

    command: str
    status: int
    printed: str


class Followed(NamedTuple):
    """A page that was followed: where, what was done, and what was printed where the page says what is."""

    folder: Path
    done: list[Done]
    told: list[tuple[str, str]]
    """what the page shows, and what the commands right above it printed"""


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Followed:
    """The whole page, followed once, in an empty folder."""
    out = Followed(tmp_path_factory.mktemp("writer"), [], [])
    above = ""
    for block in blocks(WRITING):
        if block.kind == "yaml":
            put(out.folder, block)
        elif block.kind == "text":
            out.told.append((block.text, above))
        else:
            steps = [Done(command, *run(command, out.folder)) for command in commands(block) if not command.startswith(ENDLESS)]
            out.done.extend(steps)
            above = "".join(step.printed for step in steps)
    return out


def test_every_command_of_the_page_does_what_it_is_there_for(followed: Followed) -> None:
    found = [step for step in followed.done if step.status]
    assert [step.status for step in found] == [FINDS], "\n".join(f"{s.command}\n{s.printed}" for s in found)
    assert "RM201" in found[0].printed


def test_what_the_page_says_is_printed_is_printed(followed: Followed) -> None:
    assert followed.told
    for shown, printed in followed.told:
        assert re.fullmatch(pattern(shown), printed), f"the page:\n{shown}\nprinted:\n{printed}"


def test_the_finished_story_has_nothing_wrong_with_it_and_all_of_it_is_found(followed: Followed) -> None:
    tested = next(step for step in followed.done if "playtest" in step.command and "--runs 200" in step.command)
    assert "scenes never seen: none" in tested.printed
    assert "choices never taken: 0 of" in tested.printed
    shares = re.search(r"the_dance: averted (\d+)%  unwritten (\d+)%", tested.printed)
    assert shares and int(shares[1]) > 0 and int(shares[2]) > 0, "the event comes in some campaigns and not in others"
    status, said = run("redmexico check lamp --strict", followed.folder)
    assert status == 0 and said.startswith("0 errors, 0 warnings"), said


def test_every_file_that_a_block_is_for_is_named_in_the_words_above_it() -> None:
    for match in _FENCE.finditer(WRITING):
        if match[1] == "yaml":
            name = (match[2] or "").split(" ")[0]
            above = WRITING[: match.start()]
            assert name and (name in above or Path(name).name in above), f"a reader does not see where this belongs: {match[2]}"


async def test_the_bench_shows_what_the_page_says(followed: Followed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from argparse import Namespace

    from redmexico.findings import Finding
    from redmexico.ui.tui.dev import Dev
    from redmexico.ui.tui.screens.author import Author
    from redmexico.writers.bench import opened

    async def nothing() -> list[Finding]:
        return []

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    asked = Namespace(pack=[str(followed.folder / "lamp")], saves=str(tmp_path / "drafts"), seed="7", start="", mode="", at="", set=None, scene="")
    bench, session = opened(asked)
    app = Dev(session, bench, nothing)
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("f12", "2")
        panel = app.screen
        assert isinstance(panel, Author)
        told = [" ".join(run.text for run in block.runs) for block in panel.list.blocks]
        assert any("night_watch" in line for line in told)
        assert any("piano == held (piano is none)" in line for line in told)


# format.md


def reference() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_reference", ROOT / "docs" / "make_reference.py")
    assert spec is not None and spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_made_parts_of_the_reference_are_as_the_code_has_them() -> None:
    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    assert reference().made(page) == page, "python docs/make_reference.py"


def test_a_part_that_is_missing_from_the_reference_is_named() -> None:
    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match="limits"):
        reference().made(page.replace("<!-- made: limits -->", ""))


def test_every_key_that_a_writer_may_type_stands_in_the_reference() -> None:
    from redmexico.loader import shapes
    from redmexico.schema.words import STATE

    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    known = [shape for shape in vars(shapes).values() if isinstance(shape, type) and issubclass(shape, shapes.Shape) and shape is not shapes.Shape]
    keys = {key for shape in known for key in shapes.keys_of(shape)} | set(STATE)
    rows = set(re.findall(r"^\| \*{0,2}`(\w+)`\*{0,2} \|", page, re.MULTILINE))
    assert keys <= rows


def test_the_short_stories_of_the_reference_are_read_without_a_fault() -> None:
    from kit import findings

    page = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    state = next(text for kind, _, text in blocks(page) if kind == "yaml" and "bell_rung: flag" in text)
    scene = "title: A\ndue: true\ntext: '{coins} {church.temper|words}'\nchoices: [{id: a, label: A, needs: [{if: piano == held}], do: [coins -= 1]}]\ninvented: true"
    story = findings(state=f"{state}bread: {{start: 4, range: 0..10}}\n", cast="[]", endings="endings: [{id: over, title: Over, kind: act, text: T}]", scene__a=scene)
    assert story == []


@pytest.mark.parametrize("page", ["writing.md", "format.md"])
def test_every_place_that_a_page_points_to_is_there(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    for target, part in re.findall(r"\]\(([^)#:]*)(#[^)]*)?\)", text):
        place = ROOT / "docs" / (target or page)
        assert place.exists(), target
        if part:
            heads = re.findall(r"^#+ (.+)$", place.read_text(encoding="utf-8"), re.MULTILINE)
            assert part[1:] in {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}, part


@pytest.mark.parametrize("page", ["writing.md", "format.md"])
def test_a_page_keeps_to_the_width_of_the_house(page: str) -> None:
    for line in (ROOT / "docs" / page).read_text(encoding="utf-8").splitlines():
        assert len(line) <= 120 or line.startswith("|"), line
