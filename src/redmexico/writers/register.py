"""What the writer's commands take."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

Command = Callable[[argparse.Namespace], int]


def register(known: Any, command: str) -> None:
    """Add the writer's commands to the command line's; what the one that is asked for takes, and no other's."""
    for name, (about, arguments) in _COMMANDS.items():
        parser = known.add_parser(name, help=about, description=about[0].upper() + about[1:] + ".")
        if name == command:
            arguments(parser)


def _packs(parser: argparse.ArgumentParser, run: Command) -> None:
    parser.add_argument("--pack", action="append", metavar="DIR", help="the story's folder (ours without it); a mod's behind it")
    parser.set_defaults(run=run)


def _check(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.checking import check

    parser.add_argument("path", nargs="?", metavar="PATH", help="a pack's folder, or one file (our story without it)")
    parser.add_argument("--format", choices=("text", "json", "sarif", "github"), default="text")
    parser.add_argument("--strict", action="store_true", help="warnings count too")
    parser.add_argument("--notes", action="store_true", help="show remarks as well")
    parser.add_argument("--fix", action="store_true", help="mend what is mechanical first: tabs, quotes, folded prose")
    parser.add_argument("--watch", action="store_true", help="check again whenever a file changes, until Ctrl-C")
    parser.add_argument("--against", metavar="SAVES", help="a folder of campaigns: say what this story would do to them")
    _packs(parser, check)


def _explain(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.checking import explain

    parser.add_argument("name", nargs="?", metavar="CODE|NAME", help="an error's code, a scene, event, quality, person …")
    _packs(parser, explain)


def _dev(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.bench import dev

    parser.add_argument("scene", nargs="?", default="", metavar="SCENE", help="begin in this scene (or scene/room)")
    parser.add_argument("--set", action="append", metavar="EFFECT", help="carry out an effect first: 'bread = 3'")
    parser.add_argument("--at", default="", metavar="DATE", help="stand on a day: 1938, 1938-06, 1938-06-30")
    parser.add_argument("--seed", default="7", help="the seed of the draft")
    parser.add_argument("--start", default="", metavar="ID", help="where it begins")
    parser.add_argument("--mode", default="", metavar="ID")
    parser.add_argument("--saves", metavar="DIR", help="where drafts are kept (else in the cache)")
    _packs(parser, dev)


def _packs_command(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import packs

    parser.add_argument("--json", action="store_true")
    _packs(parser, packs)


def _new(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import new

    parser.add_argument("what", choices=("pack", "mod", "scene", "event", "person", "codex"))
    parser.add_argument("id", metavar="ID|DIR", help="its id; for a pack or a mod its folder")
    parser.add_argument("--title", default="", help="a title (a person's name)")
    parser.add_argument("--place", default="", help="of a scene")
    parser.add_argument("--folder", default="", metavar="NAME", help="below scenes/, for order alone")
    parser.add_argument("--date", default="", help="of an event: 1938, 1938-06, 1938-06-30")
    parser.add_argument("--line", default="notebook", help="of an event: a recorded line, both, or notebook")
    _packs(parser, new)


def _schema(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import schema

    _packs(parser, schema)


def _graph(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import graph

    parser.add_argument("--format", choices=("html", "mermaid", "dot", "json"), default="html")
    parser.add_argument("--around", default="", metavar="SCENE", help="only what is near a scene or an event")
    parser.add_argument("--depth", type=int, default=2, metavar="N", help="how near: so many steps")
    parser.add_argument("--told", action="store_true", help="only what the writer wrote: no 'sets what that gate reads'")
    parser.add_argument("-o", dest="output", default="", metavar="FILE", help="where to; a file that is there is never written over")
    _packs(parser, graph)


def _playtest(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.playing import playtest

    parser.add_argument("--runs", type=int, default=100, metavar="N")
    parser.add_argument("--seed", default="1", metavar="S")
    parser.add_argument(
        "--policy", default="random", metavar="POLICY",
        help="random, least-seen, greedy:QUALITY (-QUALITY: as low as it can), goal:SCENE (or SCENE/CHOICE, EVENT=VERDICT), plan:SCENE (the same goals, after rehearsals), strategist:NAME",
    )  # fmt: skip
    parser.add_argument("--choices", type=int, default=0, metavar="N", help="end every campaign after so many")
    parser.add_argument("--start", default="", metavar="ID")
    parser.add_argument("--mode", default="", metavar="ID")
    parser.add_argument("--jobs", type=int, default=0, metavar="J", help="processes; 0: as many as there are cores")
    parser.add_argument("--shard", default="", metavar="I/N", help="play the I-th of N parts; --merge adds the reports up")
    parser.add_argument("--merge", nargs="+", metavar="FILE", help="add up the JSON reports of shards")
    parser.add_argument("--cluster", default="", metavar="ADDRESS", help="a Dask scheduler, or: local (needs redmexico[cluster])")
    parser.add_argument("--report", action="append", metavar="FILE", help="write the report: .json, or .html with plots")
    parser.add_argument("--keep", metavar="SAVES", help="save failed campaigns, or the one that reached the goal, in this folder")
    parser.add_argument("--replay", metavar="FILE|DIR", help="play stored campaigns (*.yaml) again, and say what differs")
    _packs(parser, playtest)


def _stats(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import stats

    parser.add_argument("--json", action="store_true")
    _packs(parser, stats)


def _tr(parser: argparse.ArgumentParser) -> None:
    from redmexico.writers.desk import tr

    parser.add_argument("language", metavar="LANGUAGE", help="its two letters, as in story.yaml: es")
    parser.add_argument("only", nargs="?", default="", metavar="SCENE|FILE", help="only these texts")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--todo", action="store_true", help="print what is missing or stale, ready to be filled in")
    what.add_argument("--accept", nargs="+", metavar="ADDRESS", help="still right: stamp it with today's English (or: all)")
    _packs(parser, tr)


_COMMANDS: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "check": ("every fault of a story, with its place and its remedy", _check),
    "explain": ("what an error means; who sets and reads a thing", _explain),
    "playtest": ("let bots play, and report", _playtest),
    "dev": ("play while you write: the story is read again whenever a file changes", _dev),
    "packs": ("the packs of a story, and what each changes", _packs_command),
    "new": ("begin a pack, a mod, a scene, an event, a person, a page of the codex", _new),
    "schema": ("write what an editor wants to know of a pack", _schema),
    "graph": ("draw how scenes and events hang together", _graph),
    "stats": ("count words, scenes, choices, translations", _stats),
    "tr": ("translations: what is missing, what is stale", _tr),
}
COMMANDS = tuple(_COMMANDS)
