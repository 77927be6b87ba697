"""Every code that `check` can give has a page, and what the page says fails and passes does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from redmexico.check import examine
from redmexico.findings import Finding
from redmexico.loader import build_packs
from redmexico.loader.files import Pack, read_pack
from redmexico.loader.tree import parse_source

ROOT = Path(__file__).resolve().parent.parent
STORY = ROOT / "docs" / "errors" / "story"
"""the small story over which every example is laid"""
PAGES = sorted((ROOT / "docs" / "errors").glob("RM*.md"))
README = ROOT / "docs" / "errors" / "README.md"
_FENCE = re.compile(r"^```(yaml|link) (\S+)( \(added\))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_ROW = re.compile(r"^\| \[(RM\d{3})\]\((RM\d{3})\.md\) \| (\w+) \| (.+) \|$", re.MULTILINE)
_CODE = re.compile(r'"(RM\d{3})"')


def codes_in_source() -> set[str]:
    parts = [p for p in (ROOT / "src" / "redmexico").rglob("*.py") if "ui" not in p.parts]
    return {code for path in parts for code in _CODE.findall(path.read_text(encoding="utf-8"))}


def files() -> dict[str, str]:
    return {p.relative_to(STORY).as_posix(): p.read_text(encoding="utf-8") for p in sorted(STORY.rglob("*.yaml"))}


def example(page: Path, part: str) -> list[tuple[str, str, str]]:
    """(kind, file, text) of a part of a page; what is added to a file of the small story stands behind its text."""
    _, _, rest = page.read_text(encoding="utf-8").partition(f"\n## {part}\n")
    there = files()
    found = [(m[1], m[2], m[4] if not m[3] else there[m[2]] + m[4]) for m in _FENCE.finditer(rest.partition("\n## ")[0])]
    assert found, f"{page.name} has no example that {part.lower()}"
    assert rest.partition("\n## ")[0].count("\n```") == 2 * len(found), f"a fence of {page.name} is no file"
    return found


def found(page: Path, part: str, folder: Path) -> list[Finding]:
    """What check finds in an example, laid over the small story; `mod:`, `other:` and the like are packs behind it."""
    parts = example(page, part)
    if any(kind == "link" for kind, _, _ in parts):
        return linked(parts, folder)
    packs = {"": files()}
    for _, name, text in parts:
        pack, _, file = name.rpartition(":")
        packs.setdefault(pack, {})[file] = text
    return examine(build_packs([read(pack, texts) for pack, texts in packs.items()]))


def read(pack: str, texts: dict[str, str]) -> Pack:
    shown = f"{pack}/" if pack else ""
    return Pack(pack or "pack", {name: parse_source(text.encode(), shown + name) for name, text in texts.items()})


def linked(parts: list[tuple[str, str, str]], folder: Path) -> list[Finding]:
    """An example with a link in it, on the disk."""
    for name, text in files().items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for kind, name, text in parts:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if kind == "link":
            place.symlink_to(text.strip())
        else:
            place.write_text(text, encoding="utf-8")
    return examine(build_packs([read_pack(folder)]))


def test_the_small_story_of_the_pages_has_nothing_wrong_with_it() -> None:
    assert not examine(build_packs([read_pack(STORY)]))


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {page.stem for page in PAGES} == codes_in_source()


def severity(page: Path) -> str:
    """The word that stands alone under the title."""
    return page.read_text(encoding="utf-8").split("\n")[2]


def test_the_list_of_the_pages_is_whole_and_tells_their_titles_and_severities() -> None:
    rows = _ROW.findall(README.read_text(encoding="utf-8"))
    assert all(code == link for code, link, _, _ in rows)
    titles = {page.stem: page.read_text(encoding="utf-8").split("\n")[0].partition(": ")[2] for page in PAGES}
    assert [(code, level, title) for code, _, level, title in rows] == [(p.stem, severity(p), titles[p.stem]) for p in PAGES]


@pytest.mark.parametrize("page", [*PAGES, README], ids=lambda page: page.stem)
def test_a_page_fits_a_terminal(page: Path) -> None:
    inside = 0
    for line in page.read_text(encoding="utf-8").split("\n"):
        inside = not inside if line.startswith("```") else inside
        assert len(line) <= (76 if inside else 80), f"{page.name}: {line}"


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_what_a_page_says_fails_does_and_what_it_says_passes_does(page: Path, tmp_path: Path) -> None:
    head = page.read_text(encoding="utf-8").split("\n")[0]
    assert re.fullmatch(rf"# {page.stem}: [A-Z].+[^.]", head), head
    failing = [f for f in found(page, "Fails", tmp_path / "fails") if f.code == page.stem]
    assert failing, f"{page.stem} is not found in the example that fails"
    assert {f.severity for f in failing} == {severity(page)}
    assert all(f.hint for f in failing), f"{page.stem} names no remedy"
    passing = found(page, "Passes", tmp_path / "passes")
    assert page.stem not in {f.code for f in passing}
    assert not [f for f in passing if f.severity == "error"], passing
