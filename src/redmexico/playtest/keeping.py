"""What is kept of campaigns: failures and witnesses as campaigns that a writer opens, and plays run again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from redmexico.campaign import Campaign, found
from redmexico.errors import CampaignFault, RedMexicoError
from redmexico.findings import escaped
from redmexico.model import Story
from redmexico.plays import run_play
from redmexico.playtest.playing import Playthrough
from redmexico.playtest.report import Report
from redmexico.saves import Saves, clean_title

PLAYS = (".yaml", ".yml")


def keep(
    story: Story, folder: Path, title: str, seed: str, choices: list[str], start: str = "", mode: str = ""
) -> str:
    """Write a bot's campaign into a folder of campaigns; gives its name there.

    A choice that cannot be made is the last thing that is not in it: it opens right before.
    """
    journal, line, step = found(story, seed, start, mode, clean_title(title))
    with Saves(folder).create(journal, line) as file:

        def write(pending: object) -> None:
            file.append(pending)  # type: ignore[arg-type]  # a journal's own pending record

        campaign = Campaign(story, journal, write, step.told)
        for address in choices:
            try:
                campaign.choose(address.partition("/")[2])
            except CampaignFault:
                raise
            except RedMexicoError:
                break
        if not file.flush():
            raise CampaignFault("this campaign could not be written", file.slug)
        return file.slug


def keep_failures(report: Report, story: Story, folder: Path) -> list[str]:
    """Every campaign that went wrong, as one that a writer opens; gives their names in the folder.

    Each stops right before the choice that went wrong, or where it was given up.
    """
    order = report.order
    return [
        keep(story, folder, f"Failed {f.seed}: {escaped(f.problem, 60)}", f.seed, f.choices, order.start, order.mode)
        for f in report.failures
    ]


def keep_witness(
    story: Story, folder: Path, goal: str, played: Playthrough, start: str = "", mode: str = ""
) -> str:
    """A witness as a campaign that a writer opens, right where the goal is reached; gives its name."""
    return keep(story, folder, f"Witness: {goal}", played.seed, played.choices, start, mode)


def plays_in(path: Path) -> Iterator[Path]:
    """The stored plays of a folder, by name; or the one play. Raises RedMexicoError where there is none."""
    plays = sorted(p for p in path.rglob("*") if p.suffix in PLAYS and p.is_file()) if path.is_dir() else [path]
    if not plays or not plays[0].is_file():
        raise RedMexicoError("there is no stored play here", str(path), "make one: redmexico saves export NAME --play")
    yield from plays


def replay(story: Story, path: Path) -> list[tuple[Path, list[str]]]:
    """Every stored play of a folder, or one, played again: the file, and every way in which it came out otherwise."""
    return [(play, _differences(story, play)) for play in plays_in(path)]


def _differences(story: Story, play: Path) -> list[str]:
    try:
        return run_play(story, play)
    except RedMexicoError as error:
        return [str(error)]
