"""`redmexico playtest`: bots play, and what they met is reported."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from redmexico import paths
from redmexico.cache import open_story
from redmexico.commands import DIVERGED, FINDINGS, FINE, remark, say
from redmexico.errors import RedMexicoError
from redmexico.writers.given import packs_of

if TYPE_CHECKING:
    from redmexico.model import Story
    from redmexico.playtest import Report


def playtest(options: argparse.Namespace) -> int:
    """Play, report, and keep what went wrong; 1 where a campaign failed."""
    packs = packs_of(options)
    story = open_story(packs, paths.cache())
    if options.replay:
        return _replayed(story, paths.typed(options.replay))
    report = _merged(options.merge) if options.merge else _played(options, story, packs)
    for place in options.report or ():
        _put(report, paths.typed(place))
    for line in report.lines():
        say(line)
    if options.keep:
        _kept(options, story, report)
    return FINDINGS if report.failures else FINE


def _played(options: argparse.Namespace, story: Story, packs: list[Path]) -> Report:
    from redmexico import playtest as bots
    from redmexico.logic.reach import reach

    if options.runs < 1:
        raise RedMexicoError("--runs wants a number from 1 up", str(options.runs))
    if options.jobs < 0 or options.choices < 0:
        raise RedMexicoError("a number from 0 up is wanted", f"--jobs {options.jobs} --choices {options.choices}")
    scenes = {id: story.scene_form(id) for id in story.cards}
    return bots.playtest(
        story,
        options.runs,
        options.seed,
        options.policy,
        sys.stderr.isatty(),
        choices=options.choices,
        start=options.start,
        mode=options.mode,
        jobs=options.jobs or os.cpu_count() or 1,
        shard=_shard(options.shard),
        cluster=options.cluster,
        packs=bots.Packs(tuple(map(str, packs)), str(paths.cache())),
        reach=reach(story.form, scenes),
    )


def _shard(text: str) -> tuple[int, int]:
    """`2/4` is the second of four parts."""
    part, slash, parts = text.partition("/")
    if not text:
        return 1, 1
    if not (slash and part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts)):
        raise RedMexicoError(f"'{text}' is no part", hint="write --shard 2/4 for the second of four")
    return int(part), int(parts)


def _merged(files: list[str]) -> Report:
    from redmexico.playtest import merge, read_report

    found = []
    for name in files:
        try:
            found.append(read_report(json.loads(paths.typed(name).read_text(encoding="utf-8"))))
        except (ValueError, KeyError, TypeError) as error:
            raise RedMexicoError("this is no report of playtest", name, "give what --report FILE.json wrote") from error
    return merge(found)


def _put(report: Report, place: Path) -> None:
    """Write the report: a page where the name says so, else data."""
    if place.suffix.lower() in (".html", ".htm"):
        text = report.page()
    else:
        text = json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n"
    try:
        place.write_text(text, encoding="utf-8")
    except OSError as error:
        raise RedMexicoError(f"the report could not be written: {error.strerror}", str(place)) from error
    remark(f"report: {place}")


def _kept(options: argparse.Namespace, story: Story, report: Report) -> None:
    """Save what went wrong, and a campaign that reaches the goal, as campaigns to be opened."""
    from redmexico.playtest import keep_failures, keep_witness, witness

    folder = paths.typed(options.keep)
    folder.mkdir(parents=True, exist_ok=True)
    kept = keep_failures(report, story, folder)
    kind, _, goal = options.policy.partition(":")
    if kind == "goal":
        found = witness(story, goal)
        if found is None:
            remark(f"no bot reached {goal}")
        else:
            kept.append(keep_witness(story, folder, goal, found))
    packs = "".join(f"--pack {pack} " for pack in options.pack or ())
    for slug in kept:
        say(f"kept: redmexico play {packs}--saves {folder} {slug}")


def _replayed(story: Story, place: Path) -> int:
    """Stored campaigns played again; 5 where one comes out otherwise."""
    from redmexico.playtest import replay

    problems = 0
    for play, differences in replay(story, place):
        problems += bool(differences)
        say(f"{play.name}: {'as it was' if not differences else ''}".rstrip())
        for difference in differences:
            say(f"  {difference}")
    return DIVERGED if problems else FINE
