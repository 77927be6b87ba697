"""`redmexico packs`, `stats`, `graph`, `schema`, `new` and `tr`: looking at a story, and beginning one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from redmexico import paths
from redmexico.commands import FINE, remark, say, say_json
from redmexico.loader import Loaded, load_form, refuse_broken, resolved


def loaded_of(options: argparse.Namespace) -> Loaded:
    """The packs that were named, or our own story; BrokenPack where they have errors."""
    packs = resolved([paths.typed(pack) for pack in options.pack or ()] or [paths.content()])
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
        say(f"{row['id']} {row['version']} ({row['fingerprint']}), {row['scenes']} scenes{needs}: {row['folder']}")
        for change in row["overrides"]:
            say(f"  {change['address']}: {change['how']} {change['key']}  ({change['file']}:{change['line']})")
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
    found = counted(loaded.form, loaded.scenes, tongues)
    if options.json:
        say_json(found.as_json())
    else:
        for line in found.lines():
            say(line)
    return FINE


def tr(options: argparse.Namespace) -> int:
    """What a language has of the story; what is to do; or stamp what was looked at again."""
    from redmexico import translation

    loaded = loaded_of(options)
    if options.accept:
        done = translation.accept(loaded, options.language, options.accept)
        for address in done:
            say(address)
        remark(f"{len(done)} translations stamped")
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


def written(text: str, target: str) -> int:
    """Data to stdout, or to a file that was not there before."""
    if not target or target == "-":
        say(text, end="" if text.endswith("\n") else "\n")
        return FINE
    from redmexico import notebook

    say(notebook.put(Path(target), text))
    return FINE
