"""Shapes → JSON Schema, draft 7, as editors read it: with this pack's names and a sentence for every key.

The shapes give the keys and their types; the tables here say what stands behind a key that is only
a word to pydantic: which kind of name it points at, or which little language it is written in.
"""

from __future__ import annotations

import re
from typing import Any

from redmexico.effects import VERBS
from redmexico.loader import shapes
from redmexico.schema.names import OPEN, Names
from redmexico.schema.words import FIXED, WORDS

Schema = dict[str, Any]

DRAFT = "http://json-schema.org/draft-07/schema#"
ID = "^[a-z][a-z0-9_]{0,63}$"
FACT_ID = "^[a-z0-9][a-z0-9_-]{0,63}$"
NO_ID = "No id: small letters, digits and _, first a letter."
_DAY = "[0-9]{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?"

POINTS = {
    "Draw.deck": "deck",
    "Draw.tag": "tag",
    "Advice.who": "person",
    "Later.scene": "scene",
    "Later.event": "event",
    "Later.else": "scene",
    "Goto.to": "target",
    "Choice.call": "scene",
    "Withdraw.who": "person",
    "Scene.facts": "fact",
    "Scene.flags": "flag",
    "Variant.scene": "scene",
    "Outcome.as": "decided",
    "Otherwise.event": "event",
    "Otherwise.scene": "scene",
    "Elsewhere.as": "outcome",
    "Event.line": "event_line",
    "Event.fact": "fact",
    "Event.facts": "fact",
    "Event.scene": "scene",
    "Event.where": "region",
    "Event.subjects": "subject",
    "Entry.event": "event",
    "Entry.facts": "fact",
    "Ending.earned": "scene",
    "Ending.facts": "fact",
    "Slide.earned": "scene",
    "Slide.facts": "fact",
    "Document.line": "record_line",
    "Fact.document": "document",
    "Line.follows": "line",
    "Map.home": "region",
    "Start.act": "act",
    "Start.scene": "scene",
    "Start.as": "line",
    "Start.events": "outcome",
    "Council.decks": "dealt",
    "Council.always": "tag",
    "Next.act": "act",
    "Next.ending": "act_ending",
    "Story.status": "quality",
    "Patch.patch": "address",
}
"""key → the kind of name that stands there: itself, each of its list, or each value of its mapping"""

KEYED = {
    "Event.elsewhere": "line",
    "Entry.records": "line",
    "Map.regions": "region",
    "Start.events": "event",
}
"""mapping → the kind of name that its keys are"""

LANGUAGES = {
    "Draw.again": "months",
    "Withdraw.after": "months",
    "Later.in": "time",
    "When.from": "date",
    "When.until": "date",
    "Event.date": "date",
    "Event.window": "window",
    "Fact.date": "window",
    "Act.from": "date",
    "Act.until": "date",
    "Act.turn": "turn",
    "Line.until": "date",
    "Passage.take": "take",
    "Scene.take": "take",
    "Council.summon": "effect",
    "Person.here": "condition",
    "Event.needs": "condition",
    "Act.ends": "condition",
    "Translated.of": "print",
}
"""key → the little language its text is written in; `if` is a condition and `do` are effects wherever they stand"""

ONE_OR_MANY = {"Choice.was", "Passage.was", "Scene.was", "Event.was", "Elsewhere.as"}
ALIKE = {"ModStory": "Story"}
"""shape → the one whose words and names its keys share"""
GOTOS = {"Choice.goto", "Passage.goto", "Scene.goto"}


def text() -> Schema:
    """Text, as the loader has it: `true` and `1940` are words too where a text is asked for.

    An editor offers true and false wherever a type names flags, so here the flag stands in an `if`;
    and it writes the colon after a key whose value has a type or choices, so there is one choice: anything.
    """
    return {"anyOf": [{}], "if": {"type": "boolean"}, "else": {"type": ["string", "number"]}}


def word(pattern: str, wrong: str, offered: dict[str, str] | None = None) -> Schema:
    """Text of a certain form; `wrong` is what an editor says of any other."""
    out: Schema = {"type": ["string", "number"], "pattern": pattern, "patternErrorMessage": wrong}
    return {**out, "defaultSnippets": _snippets(offered)} if offered else out


def _snippets(offered: dict[str, str]) -> list[Schema]:
    return [{"label": label, "description": said, "body": label} for label, said in offered.items()]


def date() -> Schema:
    """A year, which YAML takes for a number, a month or a day."""
    wrong = "No date: write 1943, 1943-06 or 1943-06-30."
    return {
        "type": ["string", "integer"],
        "minimum": 1000,
        "maximum": 9999,
        "pattern": f"^{_DAY}$",
        "patternErrorMessage": wrong,
    }


def named(kind: str, names: Names) -> Schema:
    """A name of a kind, completed with its title; any id where the pack has none, or where the list is open."""
    ids = names.get(kind, {})
    what = {"act_ending": "ending", "event_line": "line"}.get(kind, kind)
    if not ids:
        return _free(kind)
    return listed(
        ids,
        _free(kind) if kind in OPEN else {"enum": list(ids), "errorMessage": f"This pack has no {what} of that name."},
    )


def _free(kind: str) -> Schema:
    """Any word of the right form."""
    if kind == "document":
        return text()
    if kind in ("quality", "address"):
        return {"type": "string"}
    return {"type": "string", "pattern": FACT_ID if kind == "fact" else ID, "patternErrorMessage": NO_ID}


def listed(ids: dict[str, str], other: Schema) -> Schema:
    """One of many ids, else `other`.

    Editors complete from the alternatives and show the title of the one that stands there. The first, anything,
    keeps them from printing every id as the remedy for a wrong one: `other` has the last word, and its own words.
    """
    alone = [{"const": id, "description": words} if words else {"const": id} for id, words in ids.items()]
    return {"anyOf": [{}, *alone], **_held_to(ids, other)}


def _held_to(ids: dict[str, str], other: Schema) -> Schema:
    """One of many ids, else `other`, without offering them."""
    return {"if": {"type": "string", "pattern": f"^(?:{'|'.join(map(_exactly, ids))})$"}, "else": other}


def _exactly(id: str) -> str:
    """An id as a pattern; of the marks that mean something there, those that every reader of patterns may escape."""
    return re.sub(r"[.*+?^${}()|\[\]\\/]", r"\\\g<0>", id)


def effect(names: Names, snippets: dict[str, str]) -> Schema:
    """One line of `do`: a quality of this pack that changes, or a verb with what it takes."""
    qualities = _one_of(names.get("quality"), "[A-Za-z_][A-Za-z0-9_.]*")
    takes = {
        "codex": _one_of(names.get("codex")),
        "achievement": _one_of(names.get("achievement")),
        "ending": _one_of(names.get("ending")),
        "scene": _one_of(names.get("scene"), more=("all",)),
        "carrier": _one_of(names.get("carrier")),
    }
    verbs = "|".join(f"{verb}\\s+{takes[spec[0]]}" for verb, spec in sorted(VERBS.items()))
    pattern = f"^\\s*(?:{qualities}\\s*(?:\\+=|-=|=(?!=))[\\s\\S]*|(?:{verbs})\\s*)$"
    wrong = "No effect: write `name = …`, `name += …`, `name -= …` with a quality of state.yaml, or a verb and an id that exists."
    return {
        "type": "string",
        "pattern": pattern,
        "patternErrorMessage": wrong,
        "defaultSnippets": _snippets(snippets),
    }


def _one_of(ids: dict[str, str] | None, general: str = "[A-Za-z0-9_]+", more: tuple[str, ...] = ()) -> str:
    return f"(?:{'|'.join(map(_exactly, (*ids, *more)))})" if ids else general


def common(names: Names, effects: dict[str, str], conditions: dict[str, str]) -> dict[str, Schema]:
    """The definitions that every file may use: texts, little languages, and a list of each kind of name."""
    months = word("^[0-9]{1,3} months?$", "No number of months: write 12 months.")
    span = f"^{_DAY}(?:\\.\\.{_DAY})?$"
    found = {
        "text": text(),
        "condition": {"type": ["string", "number", "boolean"], "defaultSnippets": _snippets(conditions)},
        "effect": effect(names, effects),
        "date": date(),
        "window": {**date(), "pattern": span, "patternErrorMessage": "No window: write 1943-01..1945-06, or one date."},
        "months": months,
        "time": word(
            "^[0-9]{1,4}(?:\\.\\.[0-9]{1,4})? (?:day|week|month|year)s?$",
            "No time: write 4..9 months (days, weeks, months, years).",
            {"3 months": "After so long.", "4..9 months": "Drawn between the two."},
        ),
        "turn": word(
            "^(?:whole|(?:1|2|3|4|6|12) months?)$",
            "No tempo: write whole, or 1, 2, 3, 4, 6 or 12 months.",
            {"whole": "The act is one turn."} | {f"{n} months": "The length of a turn." for n in (2, 3, 4, 6, 12)},
        ),
        "take": word("^[0-9]{1,2}(?:\\.\\.[0-9]{1,2})?$", "Write 2, or 1..2."),
        "print": word("^[0-9a-f]{8}$", "Eight digits, made from the original."),
    }
    kinds = sorted({*POINTS.values(), *KEYED.values(), "kind"})
    return found | {f"{kind}_name": named(kind, names) for kind in kinds} | _ways_on(names)


def _ways_on(names: Names) -> dict[str, Schema]:
    """`goto` where the scene has passages of its own, whose names no list can hold, and where it has none."""
    ids = names.get("target", {})
    wrong = {"enum": list(ids), "errorMessage": "No scene of that name, and this one has no `passages:`."}
    known = _held_to(ids, wrong) if ids else _free("target")
    each = {"type": "object", "properties": {"to": _ref("known_target")}}
    return {
        "ways_on": {"anyOf": [_ref("target_name"), {"type": "array", "items": _ref("Goto")}]},
        "known_target": known,
        "known_ways": {"anyOf": [_ref("known_target"), {"type": "array", "items": each}]},
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def of_shape(shape: type[shapes.Shape]) -> dict[str, Schema]:
    """A shape and every shape inside it, by name, as definitions."""
    made = shape.model_json_schema(ref_template="#/definitions/{model}")
    inner = made.pop("$defs", {})
    return {name: _shape(ALIKE.get(name, name), body) for name, body in {**inner, shape.__name__: made}.items()}


def _shape(name: str, body: Schema) -> Schema:
    out: Schema = {"type": "object", "additionalProperties": False}
    if body.get("description"):
        out["description"] = body["description"]
    out["properties"] = {key: _property(name, key, spec) for key, spec in body["properties"].items()}
    if body.get("required"):
        out["required"] = body["required"]
    if name == "Scene":
        out |= _without_passages()
    return out


def _without_passages() -> Schema:
    """A scene of one room can lead only to what exists, so that there a slip can be told."""
    goto = {"properties": {"goto": {**_ref("known_ways"), "doNotSuggest": True}}}
    choices = {"items": goto, "doNotSuggest": True}
    return {"if": {"required": ["passages"]}, "else": {"properties": {**goto["properties"], "choices": choices}}}


def _property(shape: str, key: str, spec: Schema) -> Schema:
    """What may stand at one key, and the sentence for it."""
    address = f"{shape}.{key}"
    out = _value(address, key, _plain(spec))
    if address in KEYED:
        out["propertyNames"] = _ref(f"{KEYED[address]}_name")
    elif out.get("type") == "object" and "additionalProperties" in out:
        out["propertyNames"] = {"pattern": ID, "patternErrorMessage": NO_ID}
    said = WORDS.get(shape, {}).get(key, "")
    return {**out, "description": said} if said else out


def _value(address: str, key: str, spec: Schema) -> Schema:
    if address in GOTOS:
        return _ref("ways_on")
    if address in FIXED:
        return _fixed(spec, FIXED[address])
    language = LANGUAGES.get(address) or {"if": "condition", "do": "effect"}.get(key, "")
    leaf = _ref(language) if language else _ref(f"{POINTS[address]}_name") if address in POINTS else None
    out = _leaves(spec, leaf)
    if address in ONE_OR_MANY:
        return {"anyOf": [out["items"], out]}
    return out


def _plain(spec: Schema) -> Schema:
    """Without what pydantic adds for its own use: titles, defaults, and the null of a key left out."""
    out = {key: value for key, value in spec.items() if key not in ("title", "default")}
    options = [_plain(option) for option in out.pop("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        out |= options[0]
    elif options:
        out["anyOf"] = options
    for inner in ("items", "additionalProperties"):
        if isinstance(out.get(inner), dict):
            out[inner] = _plain(out[inner])
    return out


def _leaves(spec: Schema, leaf: Schema | None) -> Schema:
    """The words of a spec become texts, or what the tables know them to be."""
    if "items" in spec:
        return {**spec, "items": _leaves(spec["items"], leaf)}
    if isinstance(spec.get("additionalProperties"), dict):
        return {**spec, "additionalProperties": _leaves(spec["additionalProperties"], leaf)}
    if spec.get("type") != "string":
        return spec
    if leaf is not None:
        return leaf
    if "pattern" in spec:
        return {**spec, "patternErrorMessage": NO_ID}
    return spec if len(spec) > 1 else _ref("text")


def _fixed(spec: Schema, words: dict[object, str]) -> Schema:
    """A fixed list of words, each with what it means; what else may stand there stays."""
    options: list[Schema] = [{"const": word, "description": said} for word, said in words.items()]
    others = [option for option in spec.get("anyOf", ()) if "enum" not in option and "const" not in option]
    return {"anyOf": [*options, *others]}


def pruned(root: Schema, definitions: dict[str, Schema]) -> Schema:
    """A file's schema with the definitions that it needs, and no others."""
    needed: list[str] = []
    waiting = _refs(root)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.append(name)
            waiting += _refs(definitions[name])
    return {"$schema": DRAFT, **root, "definitions": {name: definitions[name] for name in sorted(needed)}}


def _refs(schema: Any) -> list[str]:
    if isinstance(schema, list):
        return [name for item in schema for name in _refs(item)]
    if not isinstance(schema, dict):
        return []
    own = schema.get("$ref")
    found = [own.rsplit("/", 1)[1]] if isinstance(own, str) else []
    return found + [name for value in schema.values() if isinstance(value, dict | list) for name in _refs(value)]
