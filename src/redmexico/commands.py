"""What each command prints. The command line is read in `redmexico.cli`; here are no options and no folders of ours.

stdout is data, stderr is remarks. Every command gives its status.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redmexico.errors import BrokenPack, CampaignFault, RedMexicoError
from redmexico.language import phrase, plural

if TYPE_CHECKING:
    from redmexico.campaign import Campaign, Replayed
    from redmexico.journal import Journal
    from redmexico.model import Story
    from redmexico.saves import Saves

FINE, FINDINGS, USAGE, PACK, CAMPAIGN, DIVERGED, BUG = 0, 1, 2, 3, 4, 5, 70


def remark(text: str) -> None:
    """A line to whoever sits there, apart from the data."""
    from redmexico.findings import escaped

    print(f"redmexico: {escaped(text, 500)}", file=sys.stderr)


def broken(pack: BrokenPack) -> int:
    """A pack that cannot be played: twenty findings, and how to see the rest."""
    for finding in pack.problems[:20]:
        print(finding, file=sys.stderr)
    more = len(pack.problems) - 20
    if more > 0:
        print(f"{more} more: redmexico check", file=sys.stderr)
    remark(str(pack))
    return PACK


def unusable() -> str:
    """Why the screen cannot be used, or "" if it can."""
    if sys.stdin is None or sys.stdout is None:
        return phrase("no input or no output")
    if os.environ.get("TERM", "") in ("", "dumb"):
        return phrase("TERM is {term}", term=os.environ["TERM"]) if os.environ.get("TERM") else phrase("TERM is not set")
    try:
        if not sys.stdin.isatty():
            return phrase("the input is not a terminal")
        return "" if sys.stdout.isatty() else phrase("the output is not a terminal")
    except ValueError:
        return phrase("no input or no output")


def say(data: object, end: str = "\n") -> None:
    """Data; on an output that has not all of its letters, without their accents."""
    text = str(data)
    if not _is_writable(text):
        from redmexico.ui.lettering import ascii_of

        text = ascii_of(text)
    print(text, end=end)


def _is_writable(text: str) -> bool:
    """Whether the output has all letters of a text."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def say_json(data: Any) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=1)
    say(text if _is_writable(text) else json.dumps(data, indent=1))


# campaigns by name, file, code or play


def journal_of(saves: Saves, name: str) -> Journal:
    """A campaign's journal by its name or its file."""
    from redmexico.journal import read

    path = Path(name)
    reading = read(path.read_bytes()) if path.suffix == ".jsonl" and path.is_file() else saves.read(name)
    if reading.journal is None or reading.damage is not None:
        raise CampaignFault(
            phrase("this campaign is damaged {where}", where=reading.damage) if reading.damage else phrase("this is no campaign"),
            name,
            phrase("it was left as it is"),
        )
    return reading.journal


def is_play(name: str) -> bool:
    """Whether a stored play is meant."""
    return name.endswith((".yaml", ".yml"))


def is_code(name: str) -> bool:
    """Whether a run code is meant, and no file whose name begins like one."""
    from redmexico.runcode import is_code as looks_like_one

    return looks_like_one(name) and not is_play(name) and not name.endswith(".jsonl")


def campaign_of(story: Story, saves: Saves, name: str) -> Campaign:
    """A campaign to look at, in memory: by its name, its file, its code, or a play."""
    from redmexico import comparison, runcode

    if is_code(name):
        return runcode.play(story, runcode.decode(story, name))
    if not is_play(name):
        journal = journal_of(saves, name)
        try:
            return comparison.look(story, journal)
        except KeyError as error:
            raise runcode.OtherEdition(phrase("this campaign does not fit this edition of the story"), name, phrase("it asks for {thing}", thing=error)) from error
    from redmexico.plays import performed, read_play

    play = read_play(Path(name))
    try:
        return performed(story, play)
    except RedMexicoError as error:
        raise runcode.OtherEdition(
            phrase("this play does not play on this edition of the story: {problem}", problem=error.message), name, error.hint
        ) from error


def _up_to(campaign: Campaign, step: int | None) -> Campaign:
    """A campaign in memory after its first choices alone."""
    from redmexico.campaign import Campaign

    journal = campaign.journal
    if step is None or step >= journal.step():
        return campaign
    journal.accept(journal.rewind(campaign.step_record(step)))
    return Campaign(campaign.story, journal)


# the folder of campaigns


def saves_list(saves: Saves, as_json: bool) -> int:
    """Every campaign of the folder, a line each."""
    from redmexico.state import iso
    from redmexico.timeline import day_words
    from redmexico.ui.session import state_word

    rows: list[dict[str, Any]] = [
        {
            "slug": e.slug,
            "title": e.title,
            "state": e.state,
            "step": e.step,
            "branches": e.branches,
            "bytes": e.size,
            "mode": e.mode,
            "seed": e.seed,
            "date": iso(e.date) if isinstance(e.date, int) and e.date else "",
            "problem": str(e.damage or e.holder or ""),
        }
        for e in saves.list()
    ]
    if as_json:
        say_json(rows)
        return FINE
    for row in rows:
        day = day_words(Date.fromisoformat(row["date"]).toordinal()) if row["date"] else ""
        say(
            f"{row['slug']:24} {state_word(row['state']):8} {phrase('choice {step}', step=row['step']):<12} {day:18} {row['title']} {row['problem']}".rstrip()
        )
    print(plural("{n} campaign in {folder}", "{n} campaigns in {folder}", len(rows), folder=saves.folder), file=sys.stderr)
    return FINE


def saves_show(saves: Saves, name: str, as_json: bool) -> int:
    """What a campaign's file says of it."""
    from redmexico.state import number
    from redmexico.timeline import day_words

    journal = journal_of(saves, name)
    facts = {
        "title": journal.title,
        "seed": journal.head["seed"],
        "start": journal.head["start"],
        "mode": journal.head["mode"],
        "step": journal.step(),
        "date": day_words(number(journal.state, "!date")),
        "branches": len(journal.branches()),
        "records": len(journal.records),
        "bytes": journal.size,
        "packs": journal.packs,
        "ending": journal.state.get("!ending", ""),
    }
    if as_json:
        say_json(facts)
    else:
        for key, value in facts.items():
            say(f"{key}: {value}")
    return FINE


def saves_change(saves: Saves, action: str, name: str, target: str | None) -> int:
    """What changes the folder: import, rm, copy, rescue."""
    if action == "import":
        say(saves.import_(Path(name)))
    elif action == "rm":
        say(phrase("moved to {place}", place=saves.delete(name)))
    elif action == "copy":
        with saves.copy(name, target or name) as copy:
            say(copy.slug)
    else:
        with saves.rescue(name) as rescued:
            say(phrase("{slug}: up to choice {step}; the damaged file was left as it is", slug=rescued.slug, step=rescued.journal.step()))
    return FINE


def saves_export(saves: Saves, name: str, target: str | None, as_play: bool) -> int:
    """A campaign's file under another name, or its choices as a play."""
    if not as_play:
        say(saves.export(name, Path(target or ".")))
        return FINE
    from redmexico.plays import play_text

    text = play_text(journal_of(saves, name))
    if target:
        try:
            with Path(target).open("x", encoding="utf-8") as file:
                file.write(text)
            say(target)
        except FileExistsError as error:
            raise RedMexicoError(phrase("a file of this name is there already"), target, phrase("choose another name")) from error
    else:
        say(text, end="")
    return FINE


def saves_verify(story: Story, saves: Saves, name: str) -> int:
    """Whether every step comes out as it is recorded."""
    from redmexico.campaign import replay as again

    return _told_replay(again(story, journal_of(saves, name)))


def saves_code(story: Story, saves: Saves, name: str) -> int:
    """The run code of a campaign's present branch."""
    from redmexico.runcode import code_of

    say(code_of(story, journal_of(saves, name)))
    return FINE


# playing again


def replay(story: Story, saves: Saves, name: str, to: int | None, watch: bool) -> int:
    """Play a campaign, a play or a code again, and tell whether or how it came out."""
    if watch:
        _watched(saves.folder, _up_to(campaign_of(story, saves, name), to))
    if is_play(name) and to is None:
        return _told_play(story, Path(name))
    if is_play(name) or is_code(name):
        for line in _run_lines(_up_to(campaign_of(story, saves, name), to)):
            say(line)
        return FINE
    from redmexico.campaign import replay as again

    return _told_replay(again(story, journal_of(saves, name), to))


def _watched(folder: Path, campaign: Campaign) -> None:
    """The whole campaign as it was read, in plain lines."""
    import io

    from redmexico.ui.plain import Plain
    from redmexico.ui.session import Session

    session = Session(campaign.story, folder)
    session.campaign = campaign
    if (sys.stdout.encoding or "").lower().replace("-", "") not in ("utf8", "utf16"):
        session.options.charset = "ascii"
    Plain(session, io.BytesIO(), sys.stdout).log("")


def _told_play(story: Story, path: Path) -> int:
    from redmexico.plays import run_play

    problems = run_play(story, path)
    for problem in problems:
        say(problem)
    if not problems:
        say(phrase("comes out as expected"))
    return DIVERGED if problems else FINE


def _told_replay(result: Replayed) -> int:
    if result.whole:
        say(phrase("all {n} steps come out as recorded", n=result.steps))
        return FINE
    say(result.reason)
    say(phrase("The first {n} steps match. The campaign itself opens as it was played.", n=result.matched))
    return DIVERGED


def _run_lines(campaign: Campaign) -> Iterator[str]:
    """What a run came to."""
    from redmexico.timeline import short_date

    view, story = campaign.view, campaign.story
    yield phrase("Seed {seed}, mode {mode}.", seed=campaign.journal.head["seed"], mode=campaign.mode.title)
    yield plural("{n} choice, to {day}.", "{n} choices, to {day}.", view.step, day=view.date)
    yield phrase("Ending: {title}.", title=view.ending.title) if view.ending is not None else phrase("It goes on from there.")
    for line, percent in view.divergence.items():
        yield phrase("Away from {line}: {percent} of 100.", line=story.lines[line][0], percent=percent)
    rows = [row for row in view.rows if row.verdict not in ("kept", "open")]
    yield f"{phrase('Not as recorded')}: {len(rows)}"
    for row in rows:
        yield f"  {row.mark} {short_date(row.first, row.last):11}  {row.yours or row.title}: {row.word}"


def keep(story: Story, saves: Saves, name: str, to: int | None, title: str) -> int:
    """Write a run into the folder as a campaign of its own; prints the campaign's name."""
    from redmexico.runcode import run_of
    from redmexico.ui.session import Session

    run = run_of(_up_to(campaign_of(story, saves, name), to).journal)
    session = Session(story, saves.folder)
    try:
        campaign = session.new(title, run.seed, run.start, run.mode)
        for choice in run.choices:
            campaign.choose(choice)
        if not session.flush():
            raise CampaignFault(phrase("this campaign could not be written: {problem}", problem=session.failing), session.slug)
        say(session.slug)
    finally:
        session.close()
    return FINE


# comparing


def diff(story: Story, saves: Saves, a: str, b: str, as_json: bool) -> int:
    """Two campaigns side by side, or one beside a recorded line; 1 where they are not the same."""
    from redmexico import comparison

    if a in story.lines and b in story.lines:
        raise RedMexicoError(phrase("two recorded lines cannot be compared"), f"{a} {b}", phrase("give a campaign and a line"))
    if a in story.lines:
        a, b = b, a
    mine = comparison.side(story, campaign_of(story, saves, a), _called(a))
    found: comparison.Difference | comparison.Against
    if b in story.lines:
        found = comparison.against(story, mine.state, b, mine.name)
    else:
        found = comparison.compare(story, mine, comparison.side(story, campaign_of(story, saves, b), _called(b)))
    if as_json:
        say_json(comparison.as_json(found))
    else:
        for line in comparison.lines_of(found):
            say(line)
    return FINE if found.same else FINDINGS


def _called(name: str) -> str:
    """What to call a campaign that has no title of its own: a code by its beginning, a play by its file."""
    if is_play(name):
        return Path(name).name
    return f"{name.strip()[:15].rstrip('-')}…" if is_code(name) else ""


# the notebook


def export(story: Story, saves: Saves, name: str, format: str, target: str) -> int:
    """A campaign's notebook in a file that was not there before, or on stdout; prints the file's place."""
    from redmexico import notebook

    campaign = campaign_of(story, saves, name)
    ending = Path(target).suffix[1:]
    form = format or (ending if ending in notebook.FORMATS else "md")
    text = notebook.write(campaign, form)
    if target == "-":
        say(text, end="")
        return FINE
    place = Path(target or ".")
    if place.is_dir():
        place /= notebook.filename(campaign.journal.title, campaign.view.day, form)
    say(notebook.put(place, text))
    return FINE
