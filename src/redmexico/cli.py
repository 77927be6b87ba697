"""The command line. Bare `redmexico` opens the title; every command works without a terminal.

stdout is data (in plain play the story itself), stderr is remarks. Statuses: 0 fine, 1 findings
(`diff`: not the same), 2 usage or no way to play, 3 the pack cannot load, 4 a campaign is damaged or
does not fit, 5 a replay came out otherwise or a code is of another edition, 70 a bug of ours,
128 + signal. What the commands print is in `redmexico.commands`.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from redmexico import __version__, commands, language, paths
from redmexico.commands import BUG, CAMPAIGN, DIVERGED, FINE, USAGE, remark
from redmexico.errors import BrokenPack, CampaignFault, RedMexicoError
from redmexico.language import phrase
from redmexico.ui.options import BY_NAME, Options
from redmexico.writers import COMMANDS as WRITING
from redmexico.writers import register

if TYPE_CHECKING:
    from redmexico.model import Story
    from redmexico.saves import Saves
    from redmexico.ui.session import Session

PLAYING = ("play", "saves", "replay", "diff", "export", "doctor")
COMMANDS = (*PLAYING, *WRITING)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; gives the status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given and given[0] not in (*COMMANDS, "-h", "--help", "--version"):
        given = _command_first(given)
    options = _parser(given[0] if given else "play").parse_args(given or ["play"])
    command: Callable[[argparse.Namespace], int] = options.run
    if sys.stdout is None and command is not _play:
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  nobody listens; the status still says how it went
    if hasattr(options, "lang"):
        language.use(chosen_language(options))
    try:
        return command(options)
    except BrokenPack as broken:
        return commands.broken(broken)
    except CampaignFault as fault:
        remark(str(fault))
        return CAMPAIGN
    except RedMexicoError as error:
        remark(str(error))
        return _status_of(error)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return FINE
    except OSError as error:
        remark(f"{error.strerror or error}: {str(error.filename or '')[:200]}".rstrip(": "))
        return USAGE


def _status_of(error: RedMexicoError) -> int:
    """What is wrong with the story one has, or with what was asked."""
    from redmexico.runcode import OtherEdition

    return DIVERGED if isinstance(error, OtherEdition) else USAGE


def _command_first(given: list[str]) -> list[str]:
    """Options of `play` may stand before the command, or without it."""
    for i, word in enumerate(given):
        if word in COMMANDS and (i == 0 or given[i - 1] not in _VALUED):
            return [word, *given[:i], *given[i + 1 :]]
    return ["play", *given]


_VALUED = {"--pack", "--saves", "--seed", "--start", "--mode", "--theme", "--charset", "--motion", "--title", "--lang"}


def _parser(command: str) -> argparse.ArgumentParser:
    """What can be typed; the writer's commands have their arguments only where one of them is asked for."""
    parser = argparse.ArgumentParser(
        prog="redmexico", description="A game of three timelines. Without a command: play."
    )
    parser.add_argument("--version", action="version", version=f"Red Mexico {__version__}")
    known = parser.add_subparsers(title="commands", metavar="COMMAND")
    _play_arguments(known.add_parser("play", help="play: the last campaign, a named one, or a new one"))
    _saves_arguments(
        known.add_parser(
            "saves", help="list, show, verify, export, import, copy, rescue, remove campaigns; their codes"
        )
    )
    _replay_arguments(known.add_parser("replay", help="play a stored campaign or a run code again, and tell"))
    diff = known.add_parser("diff", help="compare two campaigns, or one with a recorded line")
    for name in ("a", "b"):
        diff.add_argument(name, metavar=name.upper(), help="a campaign's name, file or code; history or chronicle")
    diff.add_argument("--json", action="store_true")
    _common(diff, _diff)
    _export_arguments(known.add_parser("export", help="write a campaign's notebook to a file"))
    doctor = known.add_parser("doctor", help="folders, versions, terminal: what a bug report wants")
    _common(doctor, _doctor)
    register(known, command)
    return parser


def _common(parser: argparse.ArgumentParser, run: Callable[[argparse.Namespace], int]) -> None:
    parser.add_argument("--pack", action="append", metavar="DIR", help="another story's folder, or a mod's; may be said more than once")
    parser.add_argument("--lang", choices=tuple(language.LANGUAGES), help="the language of this sitting: the game's words, and the story's where it has them")
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
    for name in ("theme", "charset", "motion"):
        known = [str(value) for value, _ in BY_NAME[name].values]
        parser.add_argument(f"--{name}", choices=known, help="for this sitting, whatever is set")
    _common(parser, _play)


def _saves_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "action",
        nargs="?",
        default="list",
        choices=("list", "show", "verify", "code", "export", "import", "rm", "copy", "rescue"),
        help="code prints the present branch as a line of letters, for replay; the others do as they are called",
    )
    parser.add_argument("campaign", nargs="?", metavar="CAMPAIGN", help="its name; for import a file")
    parser.add_argument("target", nargs="?", metavar="FILE", help="where to export to; for copy its title")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--play", action="store_true", help="export its choices as a test")
    _common(parser, _saves)


def _replay_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="CODE|FILE", help="a run code, a campaign's file or name, or a play (*.yaml)")
    parser.add_argument("--to", type=_count, metavar="STEP", help="only so many choices")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--watch", action="store_true", help="print all that was read, in plain lines")
    what.add_argument("--keep", metavar="TITLE", help="write it into the folder of campaigns under this title")
    _common(parser, _replay)


def _count(text: str) -> int:
    """A number from nought up."""
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise argparse.ArgumentTypeError("wants a number from 0 up")
    return int(text)


def _export_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("campaign", metavar="CAMPAIGN", help="its name, file or run code")
    formats = parser.add_mutually_exclusive_group()
    for name, about in (
        ("md", "Markdown; so it is without this"),
        ("txt", "plain text"),
        ("html", "a page"),
        ("json", "data"),
    ):
        formats.add_argument(f"--{name}", dest="format", action="store_const", const=name, help=about)
    parser.add_argument(
        "-o",
        dest="output",
        default="",
        metavar="FILE",
        help="where to; - is stdout. A file that is there is never written over",
    )
    _common(parser, _export)


# playing


def _story(options: argparse.Namespace) -> Story:
    from redmexico.cache import open_story

    return open_story(packs_of(options), paths.cache(), chosen_language(options), paths.content())


def chosen_language(options: argparse.Namespace) -> str:
    """The language that was asked for, or is set, or that the environment speaks."""
    return Options(path=paths.settings(), language=options.lang).language


def packs_of(options: argparse.Namespace) -> list[Path]:
    """The folders that were named, or our own story's."""
    return [paths.typed(pack) for pack in options.pack or ()] or [paths.content()]


def _session(options: argparse.Namespace, reading: Options | None = None) -> Session:
    from redmexico.ui.session import Session

    return Session(_story(options), paths.saves(options.saves), reading)


def _play(options: argparse.Namespace) -> int:
    if sys.stdin is None or sys.stdout is None:
        if sys.stderr is not None:
            remark(
                phrase("there is neither input nor output to play with; run it in a terminal, or give it a pipe: printf '1\\n' | redmexico play --plain")
            )
        return USAGE
    given = {"theme": options.theme, "charset": options.charset, "motion": options.motion, "language": options.lang}
    if any(os.environ.get(name) for name in ("SSH_CONNECTION", "SSH_TTY")):
        given["motion"] = given["motion"] or "none"
    session = _session(options, Options(not os.environ.get("NO_COLOR"), paths.settings(), **given))
    for warning in session.saves.warnings:
        remark(warning)
    why = "" if options.plain else commands.unusable()
    if why:
        remark(phrase("{why}; playing in plain mode", why=why))
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


# what else can be asked


def _folder(options: argparse.Namespace) -> Saves:
    """The folder of campaigns."""
    from redmexico.saves import Saves

    return Saves(paths.saves(options.saves), __version__)


def _saves(options: argparse.Namespace) -> int:
    saves, action, name = _folder(options), options.action, options.campaign
    if action == "list":
        return commands.saves_list(saves, options.json)
    if not name:
        remark(phrase("which campaign? redmexico saves {action} CAMPAIGN", action=action))
        return USAGE
    if action == "show":
        return commands.saves_show(saves, name, options.json)
    if action == "verify":
        return commands.saves_verify(_story(options), saves, name)
    if action == "code":
        return commands.saves_code(_story(options), saves, name)
    if action == "export":
        return commands.saves_export(saves, name, options.target, options.play)
    return commands.saves_change(saves, action, name, options.target)


def _replay(options: argparse.Namespace) -> int:
    story, saves = _story(options), _folder(options)
    if options.keep is not None:
        return commands.keep(story, saves, options.file, options.to, options.keep)
    return commands.replay(story, saves, options.file, options.to, options.watch)


def _diff(options: argparse.Namespace) -> int:
    return commands.diff(_story(options), _folder(options), options.a, options.b, options.json)


def _export(options: argparse.Namespace) -> int:
    return commands.export(_story(options), _folder(options), options.campaign, options.format or "", options.output)


def _doctor(options: argparse.Namespace) -> int:
    import platform

    commands.say(f"Red Mexico {__version__}, Python {platform.python_version()}, {platform.platform()}")
    for pack in packs_of(options):
        commands.say(f"story: {pack}")
    commands.say(f"campaigns: {paths.saves(options.saves)}")
    commands.say(f"settings: {paths.settings()}")
    commands.say(f"cache: {paths.cache()}")
    why = commands.unusable()
    commands.say(f"terminal: {'plain mode, because ' + why if why else os.environ.get('TERM', '')}")
    import yaml

    commands.say(
        "libyaml: yes"
        if hasattr(yaml, "CLoader")
        else "libyaml: no; loading a changed story takes about seven times as long"
    )
    story = _story(options)
    commands.say(f"fingerprint: {story.fingerprint}; {len(story.scenes)} scenes, {len(story.events)} events")
    return FINE
