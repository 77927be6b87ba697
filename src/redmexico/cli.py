"""The command line. Bare `redmexico` opens the title; every command works without a terminal.

stdout is data (in plain play the story itself), stderr is remarks. Statuses: 0 fine, 1 findings,
2 usage or no way to play, 3 the pack cannot load, 4 a campaign is damaged or does not fit,
5 a replay came out otherwise, 70 a bug of ours, 128 + signal.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from redmexico import __version__, paths
from redmexico.errors import BrokenPack, CampaignFault, RedMexicoError

if TYPE_CHECKING:
    from redmexico.model import Story
    from redmexico.ui.session import Options, Session

FINE, FINDINGS, USAGE, PACK, CAMPAIGN, DIVERGED, BUG = 0, 1, 2, 3, 4, 5, 70
COMMANDS = ("play", "saves", "replay", "check", "playtest", "doctor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in (*COMMANDS, "-h", "--help", "--version"):
        given = _command_first(given)
    options = _parser().parse_args(given or ["play"])
    command: Callable[[argparse.Namespace], int] = options.run
    try:
        return command(options)
    except BrokenPack as broken:
        return _broken(broken)
    except CampaignFault as fault:
        _remark(str(fault))
        return CAMPAIGN
    except RedMexicoError as error:
        _remark(str(error))
        return USAGE
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FINE


def _command_first(given: list[str]) -> list[str]:
    """Options of `play` may stand before the command, or without it."""
    for i, word in enumerate(given):
        if word in COMMANDS and (i == 0 or given[i - 1] not in _VALUED):
            return [word, *given[:i], *given[i + 1 :]]
    return ["play", *given]


_VALUED = {"--pack", "--saves", "--seed", "--start", "--mode", "--theme", "--charset", "--motion", "--title"}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="redmexico", description="A game of three timelines. Without a command: play."
    )
    parser.add_argument("--version", action="version", version=f"Red Mexico {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _play_arguments(commands.add_parser("play", help="play: the last campaign, a named one, or a new one"))
    _saves_arguments(
        commands.add_parser("saves", help="list, show, verify, export, import, copy, rescue, remove campaigns")
    )
    replay = commands.add_parser("replay", help="play a stored campaign again and compare")
    replay.add_argument("file", metavar="FILE", help="a campaign's file, its name, or a play (*.yaml)")
    replay.add_argument("--to", type=int, metavar="STEP", help="only so many choices")
    _common(replay, _replay)
    check = commands.add_parser("check", help="every error of a pack")
    check.add_argument("path", nargs="?", metavar="PATH", help="a pack's folder (ours without it)")
    check.add_argument("--format", choices=("text", "json"), default="text")
    check.add_argument("--strict", action="store_true", help="warnings count too")
    check.set_defaults(run=_check)
    _playtest_arguments(commands.add_parser("playtest", help="let bots play, and report"))
    doctor = commands.add_parser("doctor", help="folders, versions, terminal: what a bug report wants")
    _common(doctor, _doctor)
    return parser


def _common(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--pack", metavar="DIR", help="another story's folder")
    parser.add_argument("--saves", metavar="DIR", help=f"the folder of campaigns (or {paths.SAVES_VARIABLE})")
    parser.set_defaults(run=run)


def _play_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="its name, as `saves list` shows it")
    parser.add_argument("--new", action="store_true", help="begin a campaign")
    parser.add_argument("--title", default="", help="what to call it")
    parser.add_argument("--seed", default="", help="the seed of a new campaign")
    parser.add_argument("--start", default="", metavar="ID", help="where it begins")
    parser.add_argument("--mode", default="", metavar="ID", help="standard, story, hard, carbon, blind")
    parser.add_argument("--plain", action="store_true", help="lines only: no boxes, no colour, works through a pipe")
    parser.add_argument("--theme", default="auto", choices=("auto", "dark", "light", "contrast", "mono", "ansi"))
    parser.add_argument("--charset", default="unicode", choices=("unicode", "ascii"))
    parser.add_argument("--motion", default="none", choices=("none", "full"))
    _common(parser, _play)


def _saves_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "show", "verify", "export", "import", "rm", "copy", "rescue"),
    )
    parser.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="its name; for import a file")
    parser.add_argument("target", nargs="?", metavar="FILE", help="where to export to; for copy its title")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--play", action="store_true", help="export its choices as a test")
    _common(parser, _saves)


def _playtest_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--runs", type=int, default=100, metavar="N")
    parser.add_argument("--seed", default="1", metavar="S")
    parser.add_argument("--policy", default="random", choices=("random", "least-seen"))
    parser.add_argument("--report", metavar="FILE", help="write the report as JSON")
    _common(parser, _playtest)


def _remark(text: str) -> None:
    from redmexico.findings import escaped

    print(f"redmexico: {escaped(text, 500)}", file=sys.stderr)


def _broken(broken: BrokenPack) -> int:
    """A pack that cannot be played: twenty findings, and how to see the rest."""
    for finding in broken.problems[:20]:
        print(finding, file=sys.stderr)
    more = len(broken.problems) - 20
    if more > 0:
        print(f"{more} more: redmexico check", file=sys.stderr)
    _remark(str(broken))
    return PACK


# playing


def _story(options: argparse.Namespace) -> Story:
    from redmexico.cache import open_story

    pack = Path(options.pack) if options.pack else paths.content()
    return open_story(pack, paths.cache())


def _session(options: argparse.Namespace, reading: Options | None = None) -> Session:
    from redmexico.ui.session import Session

    return Session(_story(options), paths.saves(options.saves), reading)


def terminal() -> str:
    """Why the screen cannot be used, or "" if it can."""
    if sys.stdin is None or sys.stdout is None:
        return "no input or no output"
    if os.environ.get("TERM", "") in ("", "dumb"):
        return f"TERM is {os.environ.get('TERM') or 'not set'}"
    try:
        if not sys.stdin.isatty():
            return "the input is not a terminal"
        return "" if sys.stdout.isatty() else "the output is not a terminal"
    except ValueError:
        return "no input or no output"


def _play(options: argparse.Namespace) -> int:
    from redmexico.ui.session import Options

    if sys.stdin is None or sys.stdout is None:
        if sys.stderr is not None:
            _remark(
                "there is neither input nor output to play with; run it in a terminal, or give it a pipe: printf '1\\n' | redmexico play --plain"
            )
        return USAGE
    color = not os.environ.get("NO_COLOR")
    session = _session(
        options, Options(color=color, theme=options.theme, charset=options.charset, motion=options.motion)
    )
    for warning in session.saves.warnings:
        _remark(warning)
    why = "" if options.plain else terminal()
    if why:
        _remark(f"{why}; playing in plain mode")
    begin = _opened(session, options)
    if options.plain or why:
        return _guarded(session, lambda: _plain(session))
    return _guarded(session, lambda: _screen(session, begin))


def _opened(session: Session, options: argparse.Namespace) -> str:
    """Open what the command line asked for; gives where the screen begins."""
    if options.new or options.seed or options.start or options.mode:
        session.new(options.title, options.seed, options.start, options.mode)
        return "play"
    if options.campaign:
        session.open(options.campaign)
        return "play"
    return "title"


def _plain(session: Session) -> int:
    from redmexico.ui import plain

    return plain.run(session)


def _screen(session: Session, begin: str) -> int:
    from redmexico.ui.tui.app import run

    return run(session, begin)


def _guarded(session: Session, play: Callable[[], int]) -> int:
    """A bug of ours says what happened, that the campaign is safe, and where the report is."""
    try:
        return play()
    except (RedMexicoError, KeyboardInterrupt):
        raise
    except Exception as bug:
        from redmexico.ui.crash import report

        for line in report(session, bug):
            print(line, file=sys.stderr)
        return BUG


# campaigns


def _saves(options: argparse.Namespace) -> int:
    from redmexico.saves import Saves

    saves = Saves(paths.saves(options.saves), __version__)
    if options.action == "list":
        return _saves_list(saves, options.json)
    if not options.campaign:
        _remark(f"which campaign? redmexico saves {options.action} CAMPAIGN")
        return USAGE
    if options.action == "import":
        print(saves.import_(Path(options.campaign)))
        return FINE
    if options.action == "rm":
        print(f"moved to {saves.delete(options.campaign)}")
        return FINE
    if options.action == "copy":
        with saves.copy(options.campaign, options.target or options.campaign) as copy:
            print(copy.slug)
        return FINE
    if options.action == "rescue":
        with saves.rescue(options.campaign) as rescued:
            print(f"{rescued.slug}: up to choice {rescued.journal.step()}; the damaged file was left as it is")
        return FINE
    if options.action == "export":
        return _saves_export(saves, options)
    if options.action == "verify":
        return _saves_verify(saves, options)
    return _saves_show(saves, options)


def _saves_list(saves: Any, as_json: bool) -> int:
    from redmexico.timeline import day_words

    entries = saves.list()
    rows = [
        {
            "slug": e.slug,
            "title": e.title,
            "state": e.state,
            "step": e.step,
            "branches": e.branches,
            "bytes": e.size,
            "mode": e.mode,
            "seed": e.seed,
            "date": day_words(e.date) if isinstance(e.date, int) else "",
            "problem": str(e.damage or e.holder or ""),
        }
        for e in entries
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
        return FINE
    for row in rows:
        print(
            f"{row['slug']:24} {row['state']:8} choice {row['step']:<5} {row['date']:18} {row['title']} {row['problem']}".rstrip()
        )
    print(f"{len(rows)} campaign{'s' if len(rows) != 1 else ''} in {saves.folder}", file=sys.stderr)
    return FINE


def _journal(saves: Any, slug: str) -> Any:
    """A campaign's journal by its name or its file."""
    from redmexico.journal import read

    path = Path(slug)
    reading = read(path.read_bytes()) if path.suffix == ".jsonl" and path.is_file() else saves.read(slug)
    if reading.journal is None or reading.damage is not None:
        raise CampaignFault(
            f"this campaign is damaged {reading.damage}" if reading.damage else "this is no campaign",
            slug,
            "it was left as it is",
        )
    return reading.journal


def _saves_show(saves: Any, options: argparse.Namespace) -> int:
    from redmexico.timeline import day_words

    journal = _journal(saves, options.campaign)
    facts = {
        "title": journal.title,
        "seed": journal.head["seed"],
        "start": journal.head["start"],
        "mode": journal.head["mode"],
        "step": journal.step(),
        "date": day_words(int(journal.state["!date"])),
        "branches": len(journal.branches()),
        "records": len(journal.records),
        "bytes": journal.size,
        "packs": journal.packs,
        "ending": journal.state.get("!ending", ""),
    }
    if options.json:
        print(json.dumps(facts, ensure_ascii=False, indent=1))
    else:
        for name, value in facts.items():
            print(f"{name}: {value}")
    return FINE


def _saves_export(saves: Any, options: argparse.Namespace) -> int:
    if options.play:
        from redmexico.plays import play_text

        text = play_text(_journal(saves, options.campaign))
        if options.target:
            Path(options.target).write_text(text, encoding="utf-8")
        else:
            print(text, end="")
        return FINE
    print(saves.export(options.campaign, Path(options.target or ".")))
    return FINE


def _saves_verify(saves: Any, options: argparse.Namespace) -> int:
    from redmexico.campaign import replay

    result = replay(_story(options), _journal(saves, options.campaign))
    return _told_replay(result)


def _told_replay(result: Any) -> int:
    if result.whole:
        print(f"all {result.steps} steps come out as recorded")
        return FINE
    print(f"{result.reason}\nThe first {result.matched} steps match. The campaign itself opens as it was played.")
    return DIVERGED


def _replay(options: argparse.Namespace) -> int:
    from redmexico.campaign import replay

    if options.file.endswith((".yaml", ".yml")):
        from redmexico.plays import run_play

        problems = run_play(_story(options), Path(options.file))
        for problem in problems:
            print(problem)
        if not problems:
            print("comes out as expected")
        return DIVERGED if problems else FINE
    from redmexico.saves import Saves

    journal = _journal(Saves(paths.saves(options.saves), __version__), options.file)
    return _told_replay(replay(_story(options), journal, options.to))


# writing


def _check(options: argparse.Namespace) -> int:
    import time

    from redmexico.loader import load_form

    started = time.monotonic()
    path = Path(options.path) if options.path else paths.content()
    try:
        loaded = load_form(path)
    except BrokenPack as broken:
        _remark(str(broken))
        return PACK
    errors = len(loaded.errors)
    warnings = len(loaded.findings) - errors
    if options.format == "json":
        print(json.dumps([finding.as_json() for finding in loaded.findings], ensure_ascii=False, indent=1))
    else:
        for finding in loaded.findings:
            print(finding)
        spent = time.monotonic() - started
        counts = f"{errors} error{'s' if errors != 1 else ''}, {warnings} warning{'s' if warnings != 1 else ''}"
        print(
            f"{counts} in {len(loaded.scenes)} scenes, {len(loaded.form.get('events', ()))} events ({spent:.2f} s)",
            file=sys.stderr,
        )
    return FINDINGS if errors or (options.strict and warnings) else FINE


def _playtest(options: argparse.Namespace) -> int:
    from redmexico.playtest import playtest

    if options.runs < 1:
        _remark("--runs wants a number from 1 up")
        return USAGE
    report = playtest(_story(options), options.runs, options.seed, options.policy, progress=sys.stderr.isatty())
    if options.report:
        Path(options.report).write_text(
            json.dumps(report.as_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
    for line in report.lines():
        print(line)
    return FINDINGS if report.failures else FINE


def _doctor(options: argparse.Namespace) -> int:
    import platform

    print(f"Red Mexico {__version__}, Python {platform.python_version()}, {platform.platform()}")
    pack = Path(options.pack) if options.pack else paths.content()
    print(f"story: {pack}")
    print(f"campaigns: {paths.saves(options.saves)}")
    print(f"cache: {paths.cache()}")
    why = terminal()
    print(f"terminal: {'plain mode, because ' + why if why else os.environ.get('TERM', '')}")
    import yaml

    print(
        "libyaml: yes"
        if hasattr(yaml, "CLoader")
        else "libyaml: no; loading a changed story takes about seven times as long"
    )
    story = _story(options)
    print(f"fingerprint: {story.fingerprint}; {len(story.scenes)} scenes, {len(story.events)} events")
    return FINE
