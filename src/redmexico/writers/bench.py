"""`redmexico dev`: play while you write."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Sequence
from pathlib import Path

from redmexico import paths
from redmexico.cache import name_of
from redmexico.commands import USAGE, remark, unusable
from redmexico.findings import Finding
from redmexico.loader import refuse_broken
from redmexico.ui.options import Options
from redmexico.ui.session import Session
from redmexico.workbench import Workbench, is_test
from redmexico.writers.given import packs_of


def dev(options: argparse.Namespace) -> int:
    """Hot reload, and the author's panel on F12."""
    from redmexico.ui.tui.dev import run

    why = unusable()
    if why:
        remark(f"{why}; the bench wants a terminal (redmexico check --watch does without)")
        return USAGE
    bench, session = opened(options)
    return run(session, bench, lambda: examined(bench.packs))


async def examined(packs: Sequence[Path]) -> list[Finding] | None:
    """What `check` says of the packs, asked in a process of its own; None where it could not be asked."""
    before, last = packs[:-1], packs[-1]
    given = [word for pack in before for word in ("--pack", str(pack))]
    command = [sys.executable, "-m", "redmexico", "check", str(last), *given, "--notes", "--format", "json"]
    try:
        process = await asyncio.create_subprocess_exec(*command, stdout=PIPE, stderr=DEVNULL, stdin=DEVNULL)
    except OSError:
        return None
    try:
        out, _ = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    try:
        return [Finding(**fields) for fields in json.loads(out)]
    except (ValueError, TypeError):
        return None


def opened(options: argparse.Namespace) -> tuple[Workbench, Session]:
    """The bench, and a draft campaign on it that stands where the author wants."""
    packs = packs_of(options)
    settings = Options(True, paths.settings())
    bench = Workbench(packs, settings.language)
    bench.read()
    assert bench.loaded is not None
    if bench.story is None:
        refuse_broken(bench.loaded, packs[-1])
    assert bench.story is not None
    folder = paths.typed(options.saves) if options.saves else paths.cache() / "dev" / name_of(packs)
    session = Drafts(bench.story, _made(folder), settings)
    asked = [word for word in (options.scene, options.at, *(options.set or ())) if word]
    campaign = session.new("Draft: " + ", ".join(asked) if asked else "Draft", options.seed, options.start, options.mode)
    if options.at:
        bench.at(campaign, options.at)
    for line in options.set or ():
        bench.set(campaign, line)
    if options.scene:
        bench.jump(campaign, options.scene)
    return bench, session


class Drafts(Session):
    """A writer's campaigns: what a test run comes to is not kept among what was found."""

    def note_found(self) -> None:
        if self.campaign is not None and not is_test(self.campaign):
            super().note_found()


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
