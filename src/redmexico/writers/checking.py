"""`redmexico check` and `redmexico explain`: what is wrong with a story, and what that means."""

from __future__ import annotations

import argparse
import contextlib
import re
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from redmexico import __version__, paths
from redmexico.commands import FINDINGS, FINE, PACK, USAGE, journal_of, remark, say, say_json
from redmexico.errors import BrokenPack, CampaignFault, RedMexicoError
from redmexico.writers.given import here, packs_of

if TYPE_CHECKING:
    from redmexico.check.memory import Checked
    from redmexico.findings import Finding
    from redmexico.loader import Loaded, Workshop
    from redmexico.model import Story

WAIT = 0.25
"""Seconds between two looks at the files while they are watched."""


def check(options: argparse.Namespace) -> int:
    """Every finding of a pack, or of one of its files."""
    path = paths.typed(options.path) if options.path else here() or paths.content()
    try:
        given, only = _meant(path, [paths.typed(pack) for pack in options.pack or ()])
        if options.fix:
            _fix(given[-1], only)
        if options.watch:
            return _watch(given, only, options)
        found = _found(given, only)
    except BrokenPack as error:
        remark(str(error))
        return PACK
    status = _told(found, only, options)
    if options.against and status == FINE:
        return max(status, _against(found.packs, paths.typed(options.against)))
    return status


def _meant(path: Path, given: Sequence[Path]) -> tuple[list[Path], Path | None]:
    """The packs to read, and the one file that is judged, if one was named."""
    if path.is_dir():
        return [*given, path], None
    if not path.is_file():
        raise BrokenPack("there is nothing here", (), str(path), "give the folder of a pack, or a file in one")
    above = next((folder for folder in path.resolve().parents if (folder / "story.yaml").is_file()), None)
    return [*given, above] if above else [*given] or [paths.content()], path


def _found(given: Sequence[Path], only: Path | None) -> Checked:
    from redmexico.check.memory import checked

    stray = only is not None and not any(only.resolve().is_relative_to(pack.resolve()) for pack in given)
    return checked(given, None if stray else paths.cache(), lambda: _examined(given, only if stray else None))


def _examined(given: Sequence[Path], stray: Path | None, workshop: Workshop | None = None) -> Checked:
    """What the rules say. A stray file is read as a scene of the last pack."""
    from redmexico.check import examine
    from redmexico.check.memory import Checked
    from redmexico.loader import Workshop, load_with, resolved

    packs = resolved(given, paths.content())
    loaded = load_with(packs, stray) if stray else (workshop or Workshop()).load(packs)
    if not stray:
        _refresh(packs[-1], loaded)
    story = loaded.packs[-1].sources["story.yaml"].file
    events = len(loaded.form.get("events", ()))
    return Checked(examine(loaded), len(loaded.scenes), events, packs, story.removesuffix("story.yaml"))


def _refresh(pack: Path, loaded: Loaded) -> None:
    """An editor that was given schemas is to know the ids of today."""
    from redmexico import schema

    if (pack / schema.FOLDER).is_dir() and loaded.form:
        with contextlib.suppress(RedMexicoError, OSError):  # a folder that cannot be written is no fault of the story
            schema.write(pack, loaded)


def _of(found: Checked, only: Path | None) -> list[Finding]:
    """The findings that are shown: all, or those of one file."""
    if only is None:
        return [f for f in found.findings if f.severity == "error" or f.file.startswith(found.top)]
    name = only.resolve()
    return [f for f in found.findings if (Path.cwd() / f.file).resolve() == name or (Path(f.file).name == only.name and str(name).endswith(f.file))]


def _told(found: Checked, only: Path | None, options: argparse.Namespace) -> int:
    shown = _of(found, only)
    counts = {level: sum(f.severity == level for f in shown) for level in ("error", "warning", "note")}
    if not options.notes:
        shown = [f for f in shown if f.severity != "note"]
    if options.format == "json":
        say_json([finding.as_json() for finding in shown])
    elif options.format == "sarif":
        from redmexico.check.formats import sarif

        say_json(sarif(shown, __version__, titles()))
    elif options.format == "github":
        from redmexico.check.formats import github

        for line in github(shown):
            say(line)
    else:
        for finding in shown:
            say(finding)
        said = ", ".join(_counted(n, level) for level, n in counts.items())
        more = "" if options.notes or not counts["note"] else " (--notes shows them)"
        print(f"{said}{more} in {_counted(found.scenes, 'scene')}, {_counted(found.events, 'event')}", file=sys.stderr)
    return FINDINGS if counts["error"] or (options.strict and counts["warning"]) else FINE


def _counted(n: int, what: str) -> str:
    return f"{n} {what}{'s' if n != 1 else ''}"


def _fix(pack: Path, only: Path | None) -> None:
    """Mend what is mechanical, and say what was mended."""
    from redmexico.check.mending import mend
    from redmexico.loader.files import yaml_files

    files = [(only, str(only))] if only else [(file, str(file)) for file in yaml_files(pack)]
    for mended in mend(files):
        remark(f"{mended.file}:{mended.line}: {mended.what}")


def _watch(given: Sequence[Path], only: Path | None, options: argparse.Namespace) -> int:
    """Check again whenever a file changes, until it is interrupted."""
    from redmexico.cache import key_of
    from redmexico.loader import Workshop

    workshop, packs, before, status = Workshop(), list(given), "", FINE
    try:
        while True:
            key = key_of(packs)
            if key != before:
                before = key
                if sys.stdout.isatty():
                    print("\x1b[2J\x1b[H", end="")
                found = _examined(given, None, workshop)
                packs, before = found.packs, key_of(found.packs)
                status = _told(found, only, options)
                sys.stdout.flush()
            time.sleep(WAIT)
    except KeyboardInterrupt:
        return status


def _against(packs: Sequence[Path], folder: Path) -> int:
    """What the story as it is now would do to campaigns that are stored."""
    from redmexico.cache import open_story
    from redmexico.saves import Saves

    if not folder.is_dir():
        raise RedMexicoError("there is no such folder of campaigns", str(folder), "give the folder with --against")
    story = open_story(packs, paths.cache())
    saves = Saves(folder, __version__)
    stranded = 0
    for entry in saves.list():
        lines, lost = _drifted(story, saves, entry.slug)
        stranded += lost
        say(f"{entry.slug}: {'; '.join(lines) if lines else 'opens as it was played'}")
    return FINDINGS if stranded else FINE


def _drifted(story: Story, saves: object, slug: str) -> tuple[list[str], bool]:
    """What opening a campaign would tell, and whether it cannot simply go on."""
    from redmexico.campaign import drift
    from redmexico.saves import Saves

    assert isinstance(saves, Saves)
    try:
        found = drift(story, journal_of(saves, slug))
    except CampaignFault as fault:
        return [str(fault)], False
    except (KeyError, ValueError, OverflowError, AssertionError, TypeError, IndexError):
        return ["its state does not fit the story"], True  # sound bytes, and nonsense in them
    lines = list(found.lines)
    if found.packs:
        lines.append(f"needs another story: {', '.join(found.packs)}")
    return lines, bool(found.lost or found.packs)


# what a code or a name means


_CODE = re.compile(r"RM\d{3}", re.IGNORECASE)
_TITLE = re.compile(r"# (RM\d{3}): (.+)")


def titles() -> dict[str, str]:
    """What each code is called, by its page."""
    out = {}
    for page in sorted(paths.pages().glob("RM*.md")):
        match = _TITLE.match(page.read_text(encoding="utf-8"))
        if match:
            out[match.group(1)] = match.group(2)
    return out


def explain(options: argparse.Namespace) -> int:
    """What an error means; who sets and reads a thing; what pulls an event. Without a name: every code."""
    if not options.name:
        for code, title in titles().items():
            say(f"{code}  {title}")
        return FINE
    if _CODE.fullmatch(options.name):
        return _explain_code(options.name.upper())
    from redmexico.inquiry import explain as inquire
    from redmexico.loader import load_form, refuse_broken

    packs = packs_of(options)
    loaded = load_form(*packs)
    refuse_broken(loaded, packs[-1])
    for line in inquire(options.name, loaded.form, loaded.scenes):
        say(line)
    return FINE


def _explain_code(code: str) -> int:
    page = paths.pages() / f"{code}.md"
    if not page.is_file():
        from redmexico.suggest import did_you_mean

        known = titles()
        remark(f"there is no code '{code}' ({did_you_mean(code, known) or 'redmexico explain lists them'})")
        return USAGE
    for line in _plain(page.read_text(encoding="utf-8")):
        say(line)
    return FINE


def _plain(markdown: str) -> Iterator[str]:
    """A page as lines for a terminal: its few marks are taken out, its examples set in."""
    inside = False
    for line in markdown.rstrip("\n").split("\n"):
        if line.startswith("```"):
            inside = not inside
            name = line[3:].partition(" ")[2]
            if inside and name:
                yield f"    # {name}"
            continue
        if inside:
            yield f"    {line}".rstrip()
        else:
            yield line.lstrip("# ") if line.startswith("#") else line.replace("`", "'")
