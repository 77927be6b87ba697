"""`redmexico packs`, `stats`, `graph`, `schema`, `new` and `tr`: looking at a story, and beginning one."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from redmexico import paths
from redmexico.commands import FINE, remark, say, say_json
from redmexico.errors import RedMexicoError
from redmexico.findings import escaped
from redmexico.loader import Loaded, load_form, refuse_broken
from redmexico.writers.given import here, packs_of

MAX_LINE = 8192


def loaded_of(options: argparse.Namespace) -> Loaded:
    """The packs that were named, or our own story; BrokenPack where they have errors."""
    packs = packs_of(options)
    loaded = load_form(*packs)
    refuse_broken(loaded, packs[-1])
    return loaded


def packs(options: argparse.Namespace) -> int:
    """The packs of a story in their order, and every key that one changes in another."""
    loaded = loaded_of(options)
    rows = [
        {
            "id": id,
            "version": version,
            "fingerprint": print_,
            "folder": str(pack.folder),
            "requires": pack.requires,
            "scenes": sum(name.startswith("scenes/") for name in pack.sources),
            "overrides": [o._asdict() for o in loaded.overrides if o.pack == id],
        }
        for pack, (id, version, print_) in zip(loaded.packs, loaded.form["packs"], strict=True)
    ]
    if options.json:
        say_json(rows)
        return FINE
    for row in rows:
        needs = f", builds on {', '.join(row['requires'])}" if row["requires"] else ""
        told = f"{row['id']} {row['version']} ({row['fingerprint']}), {row['scenes']} scenes{needs}: {row['folder']}"
        say(escaped(told, MAX_LINE))
        for change in row["overrides"]:
            told = f"  {change['address']}: {change['how']} {change['key']}  ({change['file']}:{change['line']})"
            say(escaped(told, MAX_LINE))
    return FINE


def stats(options: argparse.Namespace) -> int:
    """Words, scenes, choices, facts, translations."""
    from redmexico.stats import stats as counted
    from redmexico.translation import coverage

    loaded = loaded_of(options)
    tongues = {}
    for language in loaded.form["languages"][1:]:
        rows = coverage(loaded, language)
        tongues[language] = (sum(r.have for r in rows), sum(r.whole for r in rows), sum(r.stale for r in rows))
    found = counted(loaded.form, loaded.scenes, folders_of(loaded), tongues)
    if options.json:
        say_json(found.as_json())
    else:
        for line in found.lines():
            say(line)
    return FINE


def folders_of(loaded: Loaded) -> dict[str, str]:
    """Scene → the folder in which its file lies."""
    return {id: str(Path(source.file).parent.name) for id, source in loaded.source_of.items()}


def graph(options: argparse.Namespace) -> int:
    """How scenes and events hang together, as a drawing or as data."""
    from redmexico.graph import around, graph_of, written

    loaded = loaded_of(options)
    found = graph_of(loaded.form, loaded.scenes, folders=folders_of(loaded))
    if options.told:
        found = found.told()
    if options.around:
        found = around(found, options.around, options.depth)
    target = options.output
    if not target and options.format == "html" and sys.stdout.isatty():
        target = f"{loaded.form['id']}.html"  # a page is nothing to read in a terminal
    return put(written(found, options.format), target)


def schema(options: argparse.Namespace) -> int:
    """What an editor wants to know: JSON Schemas with this pack's own ids."""
    from redmexico.schema import write

    packs = packs_of(options)
    for path in write(packs[-1], load_form(*packs)):
        say(path)
    return FINE


def new(options: argparse.Namespace) -> int:
    """Begin a pack, a mod, or an entry of one; prints the files that were written."""
    from redmexico import scaffold
    from redmexico import schema as schemas

    packs = packs_of(options)
    pack, below = packs[-1], packs[:-1]
    if options.what not in ("pack", "mod") and not options.pack and here() is None:
        hint = "say --pack DIR, or stand in its folder"
        raise RedMexicoError(f"whose {options.what} is this to be?", options.id, hint)
    if options.what == "pack":
        place = paths.typed(options.id).resolve()
        made = scaffold.new_pack(place, options.title or place.name, place.name)
    elif options.what == "mod":
        place = paths.typed(options.id).resolve()
        requires = [str(id) for id, _, _ in load_form(*packs).form["packs"]]
        made = scaffold.new_mod(place, place.name, requires, options.title, packs)
    elif options.what == "scene":
        made = [scaffold.new_scene(pack, options.id, options.title, options.place, options.folder, below)]
    elif options.what == "event":
        if not options.date:
            raise RedMexicoError("an event has a date", options.id, "say --date 1938-06-30, 1938-06 or 1938")
        made = [scaffold.new_event(pack, options.id, options.date, options.title, options.line, below)]
    elif options.what == "person":
        made = [scaffold.new_person(pack, options.id, options.title, below)]
    else:
        made = [scaffold.new_entry(pack, options.id, options.title, below)]
    for path in made:
        if schemas.FOLDER not in path.parts:
            say(_near(path))
    if options.what in ("pack", "mod"):
        remark(f"it plays: redmexico play --pack {_near(place)}")
    return FINE


def _near(path: Path) -> Path:
    """A path as one would type it from here."""
    here_ = Path.cwd()
    return path.relative_to(here_) if path.is_relative_to(here_) and path != here_ else path


def tr(options: argparse.Namespace) -> int:
    """What a language has of the story; what is to do; or stamp what was looked at again."""
    from redmexico import translation

    loaded = loaded_of(options)
    if options.accept:
        done = translation.accept(loaded, options.language, options.accept)
        for address in done:
            say(address)
        remark(f"{len(done)} translation{'s' if len(done) != 1 else ''} stamped")
        return FINE
    lines = translation.todo(loaded, options.language, options.only) if options.todo else _covered(loaded, options)
    for line in lines:
        say(line)
    return FINE


def _covered(loaded: Loaded, options: argparse.Namespace) -> Iterator[str]:
    from redmexico.translation import coverage

    rows = [row for row in coverage(loaded, options.language) if not options.only or options.only in row.file]
    width = max((len(row.file) for row in rows), default=0)
    for row in rows:
        stale = f", {row.stale} stale" if row.stale else ""
        left = f", {row.words:,} words to do" if row.words else ""
        yield f"{row.file:{width}}  {row.have:5} of {row.whole:5}{stale}{left}"
    have, whole = sum(r.have for r in rows), sum(r.whole for r in rows)
    share = have * 100 // whole if whole else 0
    yield f"{have} of {whole} texts, {share} in 100; {sum(r.stale for r in rows)} stale"


def put(text: str, target: str) -> int:
    """Data to stdout, or to a file that was not there before."""
    if not target or target == "-":
        say(text, end="" if text.endswith("\n") else "\n")
        return FINE
    from redmexico import notebook

    say(notebook.put(Path(target), text))
    return FINE
