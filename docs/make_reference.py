"""Write what docs/format.md can take from the code, between its marks `<!-- made: … -->` and `<!-- end -->`:

    python docs/make_reference.py            write it anew
    python docs/make_reference.py --check    say whether it is as the code has it; 1 where it is not

The keys of every file and their sentences are those that an editor shows (redmexico.schema.words); words, functions and
verbs are those of the language itself; limits are the constants that the loader holds files to; codes are the pages of
docs/errors. A name without a sentence here, or a mark of which nothing is made, is an error: nothing is left out quietly.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from redmexico import expression, grammar, turns
from redmexico.check import prose
from redmexico.effects import VERBS
from redmexico.loader import compile as compiling
from redmexico.loader import entries, files, pack, shapes, state_file, tree
from redmexico.schema.draft import ALIKE, GOTOS, KEYED, LANGUAGES, ONE_OR_MANY, POINTS
from redmexico.schema.words import FIXED, STATE, WORDS

PAGE = Path(__file__).resolve().parent / "format.md"
ERRORS = PAGE.parent / "errors"
_PART = re.compile(r"(<!-- made: ([a-z]+) -->\n)(.*?)(<!-- end -->)", re.DOTALL)
_TITLE = re.compile(r"# (RM\d{3}): (.+)\n\n(\w+)\n")

Shape = type[shapes.Shape]
Rows = Iterator[str]

FILES: dict[str, tuple[tuple[str, Shape], ...]] = {
    "scene": (
        ("A scene's file", shapes.Scene), ("`when`", shapes.When), ("`draw`", shapes.Draw), ("`due`, where the scene competes", shapes.Due),
        ("`withdraw`", shapes.Withdraw), ("Each of `advice`", shapes.Advice), ("Each of `passages`", shapes.Passage),
        ("Each of `choices`", shapes.Choice), ("Each of `needs`", shapes.Need), ("Each of `later`", shapes.Later),
        ("Each of `goto`, where it is a list", shapes.Goto),
    ),
    "events": (
        ("Each event", shapes.Event), ("Each of `pulls`", shapes.Pull), ("Each of `variants`", shapes.Variant),
        ("Each of `outcomes`", shapes.Outcome), ("Each of `otherwise`", shapes.Otherwise), ("Each of `elsewhere`", shapes.Elsewhere),
    ),
    "story": (
        ("story.yaml", shapes.Story), ("Each of `lines`", shapes.Line), ("Each of `starts`", shapes.Start), ("Each of `modes`", shapes.Mode),
        ("Each of `acts`", shapes.Act), ("`council`", shapes.Council), ("Each of `next`", shapes.Next),
    ),
    "cast": (("Each person of cast.yaml", shapes.Person), ("`carrier`", shapes.Carrier)),
    "codex": (("Each page of codex.yaml", shapes.Entry),),
    "endings": (("endings.yaml", shapes.Endings), ("Each of `endings`", shapes.Ending), ("Each of `slides`", shapes.Slide)),
    "achievements": (("Each entry of achievements.yaml", shapes.Achievement),),
    "sources": (("sources.yaml", shapes.Sources), ("Each of `documents`", shapes.Document), ("Each of `facts`", shapes.Fact)),
    "map": (("map.yaml", shapes.Map), ("Each of `regions`", shapes.Region)),
    "mod": (("story.yaml of a mod", shapes.ModStory),),
    "patches": (("Each entry of patches.yaml", shapes.Patch),),
    "translation": (("Each entry of a translation", shapes.Translated),),
}  # fmt: skip
"""part of the page → the shapes that it shows, and what each is"""

LITTLE = {
    "condition": "condition", "effect": "effect", "date": "date", "window": "window", "months": "months", "time": "time",
    "turn": "tempo", "take": "2, or 1..2", "print": "eight digits",
}  # fmt: skip
"""little language → what a table calls it"""
POINTED = {
    "act_ending": "ending, or `rules`", "event_line": "line", "record_line": "line", "decided": "name", "outcome": "outcome",
    "dealt": "deck", "target": "way on", "address": "address",
}  # fmt: skip
"""kind of name → what a table calls it, where that is not its own word"""

STATE_TYPES = {
    "kind": "word", "name": "text", "good": "`up`, `down`", "start": "number, flag or word", "range": "0..10", "one_of": "list of words",
    "set": "list of words", "words": "mapping, or a list of such", "was": "id, or a list", "kinds": "mapping", "gain": "amount", "derived": "mapping",
}  # fmt: skip

SAID = {
    "date": "Today. `date == 1943-06` holds all that month; beside it a bare year is a year.",
    "year": "Today's year.",
    "turn": "How many turns the campaign has had, this one with it.",
    "act": "The act's id: `act == guest`, `act in (prologue, guest)`.",
    "mode": "The mode's id: `mode == hard`.",
    "visits": "How often the scene was entered.",
    "chosen": "Whether the choice was ever taken; of an order the scene's id alone.",
    "since": "Whole months since the scene was last entered; -1 if never.",
    "happened": "Whether the event came, in whatever shape: kept, early, late, altered or unwritten.",
    "averted": "Whether the event was decided and did not come.",
    "due": "Whether the event's recorded date is here or past.",
    "verdict": f"One of {', '.join(f'`{word}`' for word in grammar.VERDICTS)}.",
    "variant": "The id of the variant or outcome that it took; `none` before, and where it took none.",
    "pull": "The sum of the event's pulls now.",
    "divergence": "How far yours is from the recorded line, from 0 to 100.",
    "chance": "So many times in a hundred: in a text, on a `goto`, in the `if` of a bill. Refused where a player must be able to know: gates, needs, causes, amounts ([RM208](errors/RM208.md)).",
    "min": "The least of them.",
    "max": "The greatest of them.",
    "abs": "Without its sign.",
    "clamp": "The first, kept between the second and the third.",
}
"""word or function → what it gives"""

CHANGES = {
    "reveal": "The page of the codex is known from now on.",
    "award": "The run is remembered for it.",
    "tear": "The scene's lines leave the notebook, and stubs remain; `all` for every line.",
    "hand_over": "The notebook passes to another keeper, a word of the quality `carrier`.",
    "end": "The campaign closes in that ending.",
}
"""verb → what it does"""

GROUPS = {
    "RM1": "Form: what stands in a file at all",
    "RM2": "Names and types",
    "RM3": "Logic: what can never come, never be chosen, never end",
    "RM4": "The timeline",
    "RM5": "Prose, sources and translations",
    "RM6": "Packs and mods",
}


def limits() -> list[tuple[str, int]]:
    """Everything that the loader holds a story to."""
    return [
        ("bytes in a file", tree.MAX_BYTES), ("parts (keys, values, entries) in a file", tree.MAX_NODES), ("levels in one another in a file", tree.MAX_DEPTH),
        ("the greatest whole number, either way", tree.MAX_INT), ("files in a pack", files.MAX_FILES), ("characters in a pack", files.MAX_PACK),
        ("scenes in all packs together", pack.MAX_SCENES), ("events in all packs together", pack.MAX_EVENTS), ("qualities in a state.yaml", state_file.MAX_QUALITIES),
        ("words of a `one_of` or a `set`", 64), ("choices in a passage", _most(shapes.Passage, "choices")), ("effects in a `do`", compiling.MAX_EFFECTS),
        ("characters in a text", compiling.MAX_PROSE), ("braces in one another in a text", grammar.MAX_DEPTH), ("characters in an expression", grammar.MAX_CHARS),
        ("parts of an expression", grammar.MAX_NODES), ("levels in one another in an expression", grammar.MAX_DEPTH),
        ("scenes and passages that lead on without a choice", turns.MAX_DIVERTS), ("letters in an id", 64), ("columns of the map's drawing", entries.MAP_COLUMNS),
        ("rows of the map's drawing", entries.MAP_ROWS), ("words to read before a scene's first choice (a warning)", prose.LONGEST),
    ]  # fmt: skip


def _most(shape: Shape, key: str) -> int:
    """The most entries that a key of a shape may have."""
    return int(shape.model_json_schema()["properties"][key]["maxItems"])


# tables


def table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> Rows:
    """Rows of Markdown; a bar inside a cell is escaped."""
    yield "| " + " | ".join(heads) + " |"
    yield "|---" * len(heads) + "|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def keys(part: str) -> Rows:
    """The keys of a file, a table for each of its mappings."""
    for i, (what, shape) in enumerate(FILES[part]):
        if i:
            yield ""
        yield f"{what}:"
        yield ""
        yield from table(("key", "what it is", ""), list(rows_of(shape)))


def rows_of(shape: Shape) -> Iterator[tuple[str, str, str]]:
    """A row for each key, a shape's own before those that it shares; bold where it must be there."""
    name = ALIKE.get(shape.__name__, shape.__name__)
    made = shape.model_json_schema()
    own = [field.alias or key for key, field in shape.model_fields.items() if key in shape.__annotations__]
    for key in [*own, *(key for key in made["properties"] if key not in own)]:
        shown = f"**`{key}`**" if key in made.get("required", ()) else f"`{key}`"
        yield shown, kind_of(f"{name}.{key}", key, made["properties"][key]), WORDS[name][key]


def kind_of(address: str, key: str, spec: dict[str, Any]) -> str:
    """What stands at a key, in a word or two."""
    if address in FIXED:
        words = [f"`{'true' if word is True else word}`" for word in FIXED[address]]
        others = [kind_of("", "", option) for option in spec.get("anyOf", ()) if option.get("type") == "integer" or "$ref" in option]
        return ", ".join([*others, *words])
    if address in GOTOS:
        return "way on, or a list"
    language = LANGUAGES.get(address) or {"if": "condition", "do": "effect"}.get(key, "")
    leaf = LITTLE[language] if language else POINTED.get(POINTS.get(address, ""), POINTS.get(address, ""))
    found = _kind(spec, leaf)
    if address in KEYED:
        return f"mapping by {KEYED[address]}"
    return found.replace("list of", "one, or a list of") if address in ONE_OR_MANY else found


def _kind(spec: dict[str, Any], leaf: str) -> str:
    options = [option for option in spec.get("anyOf", ()) if option.get("type") != "null"]
    if options:
        return " or ".join(dict.fromkeys(_kind(option, leaf) for option in options))
    kind = spec.get("type")
    if kind == "array":
        return f"list of {_many(_kind(spec['items'], leaf))}"
    if kind == "object" or "$ref" in spec:
        return "mapping"
    if kind == "boolean":
        return "true, false"
    if kind == "integer":
        low, high = spec.get("minimum"), spec.get("maximum")
        return "number" if low is None else f"{low}..{high}"
    return leaf or ("id" if "pattern" in spec else "letter" if spec.get("maxLength") == 1 else "text")


def _many(word: str) -> str:
    if word == "mapping":
        return "entries"
    return {"person": "people", "outcome": "outcomes", "quality": "qualities"}.get(word, f"{word}s")


def state_keys(_: str) -> Rows:
    top = [f"`{key}`" for key in ("kinds", "derived", "gain")]
    yield from table(("key", "what it is", ""), [(f"`{key}`", STATE_TYPES[key], said) for key, said in STATE.items() if f"`{key}`" not in top])
    yield ""
    yield "At the top of the file, beside the qualities, and `gain` in each of `kinds`:"
    yield ""
    yield from table(("key", "what it is", ""), [(key, STATE_TYPES[key.strip("`")], STATE[key.strip("`")]) for key in top])


# words


def plain_words(_: str) -> Rows:
    yield from table(("word", "gives", ""), [(f"`{name}`", _given(kind), SAID[name]) for name, (kind, _) in expression.PLAIN.items()])


def functions(_: str) -> Rows:
    rows = []
    for name, (takes, gives, _) in expression.FUNCTIONS.items():
        inside = ", ".join("…" if what == "*" else "scene/choice" if what == "choice" else what for what in takes)
        rows.append((f"`{name}({inside})`", _given(gives), SAID[name]))
    yield from table(("function", "gives", ""), rows)


def _given(kind: str) -> str:
    return {"flag": "true or false", "verdict": "word", "variant": "word", "act": "word", "mode": "word"}.get(kind, kind)


def verbs(_: str) -> Rows:
    yield from table(("effect", ""), [(f"`{verb} {what}`", CHANGES[verb]) for verb, (what, _) in VERBS.items()])


def limit_rows(_: str) -> Rows:
    yield from table(("at most", ""), [(_shown(n), what) for what, n in limits()])


def _shown(number: int) -> str:
    return f"{number >> 20} Mi ({number:,})" if number >= 1 << 20 and number % (1 << 20) == 0 else f"{number:,}"


def codes(_: str) -> Rows:
    found = [(match[1], match[2], match[3]) for page in sorted(ERRORS.glob("RM*.md")) if (match := _TITLE.match(page.read_text(encoding="utf-8")))]
    for i, (start, title) in enumerate(GROUPS.items()):
        if i:
            yield ""
        yield f"{title}:"
        yield ""
        yield from table(("code", "severity", ""), [(f"[{c}](errors/{c}.md)", level, what) for c, what, level in found if c.startswith(start)])


PARTS: dict[str, Callable[[str], Rows]] = {
    **dict.fromkeys(FILES, keys), "state": state_keys, "words": plain_words, "functions": functions, "verbs": verbs, "limits": limit_rows, "codes": codes,
}  # fmt: skip
"""mark → what is made there"""


def made(page: str) -> str:
    """The page with every part written anew."""
    there = [match[2] for match in _PART.finditer(page)]
    if sorted(there) != sorted(PARTS):
        raise SystemExit(f"docs/format.md: marks missing: {sorted(set(PARTS) - set(there))}; without meaning or twice: {sorted(set(there) - set(PARTS))}")
    return _PART.sub(lambda match: match[1] + "\n" + "\n".join(PARTS[match[2]](match[2])) + "\n\n" + match[4], page)


def main(arguments: list[str]) -> int:
    """Write the page, or say whether it is fresh."""
    was = PAGE.read_text(encoding="utf-8")
    now = made(was)
    if "--check" in arguments:
        if was != now:
            print("docs/format.md is not as the code has it: python docs/make_reference.py")
        return int(was != now)
    PAGE.write_text(now, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
