"""The schema of state.yaml, whose entries are qualities or groups of them: loader.state_file reads it without a shape."""

from __future__ import annotations

from redmexico.schema.draft import Schema
from redmexico.schema.words import STATE

COMMON = ("kind", "name", "good", "words", "was")
"""keys that a group of fields may have too"""


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _key(key: str, schema: Schema) -> Schema:
    return {**schema, "description": STATE[key]}


def _common() -> dict[str, Schema]:
    up = [{"const": "up", "description": "More is better."}, {"const": "down", "description": "Less is better."}]
    return {
        "kind": _key("kind", _ref("kind_name")),
        "name": _key("name", _ref("text")),
        "good": _key("good", {"anyOf": up}),
        "words": _key("words", {"anyOf": [_ref("band"), {"type": "array", "items": _ref("band")}]}),
        "was": _key("was", {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
    }


def _quality() -> Schema:
    """An entry with a start or a set: a quality itself."""
    words = {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 64}
    number = {"type": ["integer", "boolean"]}
    return {
        "type": "object",
        "additionalProperties": False,
        "description": "A quality: a number in a range, a flag, a word of a list, or a set of words.",
        "properties": {
            "start": _key("start", {"type": ["integer", "boolean", "string"]}),
            "range": _key(
                "range",
                {
                    "type": "string",
                    "pattern": "^-?[0-9]+\\.\\.-?[0-9]+$",
                    "patternErrorMessage": "No range: write 0..10.",
                },
            ),
            "one_of": _key("one_of", words),
            "set": _key("set", words),
            **_common(),
        },
        "anyOf": [{"required": ["set"]}, {"required": ["start"]}],
        "if": {"required": ["one_of"]},
        "then": {"required": ["start"], "properties": {"start": {"type": "string"}}},
        "else": {"properties": {"start": number}},
    }


def _entry(depth: int) -> Schema:
    """`flag`, a quality, or (at the top) a group of fields."""
    own = {"anyOf": [{"required": [key]} for key in ("start", "one_of", "set", "range")]}
    bare = {"propertyNames": {"enum": list(COMMON)}}
    fields: Schema = {"properties": _common(), "additionalProperties": _ref("field")}
    group: Schema = {"if": bare, "then": {"required": ["start"]}, "else": fields}
    other: Schema = {"if": own, "then": _ref("quality"), "else": group} if depth == 0 else _ref("quality")
    return {
        "type": ["string", "object"],
        "description": "A quality; or a group of them, whose fields are named `group.field`." if depth == 0 else "A field of the group.",
        "if": {"type": "string"},
        "then": {"anyOf": [{"const": "flag", "description": "False at the start."}], "errorMessage": "`flag`, or a mapping with `start`, with `set`, or with fields."},
        "else": other,
    }  # fmt: skip


def state() -> tuple[Schema, dict[str, Schema]]:
    """The top of state.yaml, and the definitions that it uses."""
    gain = {"type": "object", "additionalProperties": False, "properties": {"gain": _key("gain", _ref("text"))}}
    root: Schema = {
        "type": "object",
        "description": "What the game counts: every name that a scene, an event or an ending reads is declared here.",
        "properties": {
            "kinds": _key(
                "kinds", {"type": "object", "additionalProperties": gain, "propertyNames": _ref("kind_name")}
            ),
            "derived": _key("derived", {"type": "object", "additionalProperties": _ref("text")}),
        },
        "propertyNames": {"pattern": "^[a-z0-9_]+$", "patternErrorMessage": "No id: small letters, digits and _."},
        "additionalProperties": _ref("entry"),
    }
    band: Schema = {
        "type": "object",
        "description": "Words by number: from this number on.",
        "properties": {"if": {**_ref("condition"), "description": "These words while this holds."}},
        "patternProperties": {"^-?[0-9]+$": _ref("text")},
        "additionalProperties": False,
    }
    return root, {"entry": _entry(0), "field": _entry(1), "quality": _quality(), "band": band}
