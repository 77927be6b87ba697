"""pydantic's verdict on a file, told in our words at the writer's line and column."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from redmexico.loader.mended import mended
from redmexico.loader.shapes import keys_of
from redmexico.loader.tree import Source, Way
from redmexico.suggest import did_you_mean, nearest

S = TypeVar("S", bound=BaseModel)

_MAPPING = ("a mapping (key: value) expected", "write the keys below it, further in, or: {key: value}")
_PLAIN = {
    "string_type": ("text expected", "write it on one line, or in a | block"),
    "int_type": ("a whole number expected", "write it in figures, without quotes"),
    "bool_type": ("true or false expected", "write true or false, without quotes"),
    "list_type": ("a list expected", "begin each of its lines with '- ', or write: [this, that]"),
    "dict_type": _MAPPING,
    "model_type": _MAPPING,
    "model_attributes_type": _MAPPING,
}
"""what pydantic says → what was expected, and how that is written"""


def _way(data: Any, loc: tuple[Any, ...]) -> tuple[Way, str]:
    """The part of the file that an error speaks of, and the key that is missing there."""
    way: Way = ()
    for part in loc:
        if (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        ):
            data = data[part]
        else:
            return way, str(part)
        way = (*way, part)
    return way, ""


def _at(data: Any, way: Way) -> Any:
    """The mapping at a way: its keys are taken."""
    for part in way:
        data = data[part]
    return data if isinstance(data, dict) else {}


def _message(error: Any, missing: str, known: list[str], first: list[str]) -> tuple[str, str, str]:
    """Code, words and hint. Known are the keys that may stand there; of them `first` are meant more likely."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "RM104", f"'{missing}' is missing", "add it"
    if kind == "extra_forbidden":
        return (
            "RM103",
            f"unknown key '{error['loc'][-1]}'",
            did_you_mean(str(error["loc"][-1]), known, first) or f"known here: {', '.join(known[:12])}",
        )
    if kind in _PLAIN:
        return "RM104", *_PLAIN[kind]
    if kind == "literal_error":
        said = str(context.get("expected", "")).replace("True", "true")
        return "RM104", f"one of these expected: {said}", "write one of them, without its quotes"
    if kind == "string_pattern_mismatch":
        return "RM110", f"'{error['input']}' is no id", _as_id(str(error["input"]), str(context["pattern"]))
    if kind in ("too_long", "too_short"):
        return (
            "RM150",
            f"{'at most' if kind == 'too_long' else 'at least'} {context.get('max_length', context.get('min_length'))} expected here",
            "split it, or take some out" if kind == "too_long" else "write one, or leave the key out",
        )
    if kind.startswith(("greater", "less")):
        bound = context.get("ge", context.get("le", ""))
        if kind.startswith("greater"):
            return "RM104", f"a number of at least {bound} expected", "write a larger one"
        return "RM104", f"a number up to {bound} expected", "write a smaller one"
    return "RM104", str(error["msg"]), ""


def _as_id(written: str, pattern: str) -> str:
    """The remedy for what is no id: most often a big letter, a space or a hyphen."""
    small = written.strip().lower().replace(" ", "_")
    for fair in (small, small.replace("-", "_")):
        if re.match(pattern, fair):
            return f"did you mean '{fair}'?"
    return "ids are small letters, digits and _, and begin with a letter"


def _shape_keys(shape: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """The keys known where an unknown one was found: found by walking the shape's fields."""
    current: Any = shape
    for part in loc[:-1]:
        if isinstance(current, type) and issubclass(current, BaseModel):
            found = [f.annotation for n, f in current.model_fields.items() if (f.alias or n) == part]
            current = found[0] if found else current
        current = _model_in(current) or current
    return keys_of(current) if isinstance(current, type) and issubclass(current, BaseModel) else keys_of(shape)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The shape inside list[…], dict[…], … | None."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


def _report(source: Source, shape: type[BaseModel], failure: ValidationError) -> None:
    seen: set[tuple[Way, str]] = set()
    errors = failure.errors(include_url=False)
    lost: dict[Way, list[str]] = {}
    """where keys are missing → which"""
    for error in errors:
        if error["type"] == "missing":
            lost.setdefault(_way(source.data, error["loc"])[0], []).append(str(error["loc"][-1]))
    misspelt = set()
    for error in errors:
        if error["type"] == "extra_forbidden":
            near = nearest(str(error["loc"][-1]), lost.get(tuple(error["loc"][:-1]), ()))
            misspelt |= {(*error["loc"][:-1], near)} if near else set()
    for error in errors:
        if error["type"] == "missing" and tuple(error["loc"]) in misspelt:
            continue  # said once, where the key is misspelt
        way, rest = _way(source.data, error["loc"])
        loc = tuple(error["loc"])
        start = 1 if loc and isinstance(loc[0], int) else 0
        lacking = sorted(lost.get(loc[:-1], ()))
        known = _shape_keys(shape, loc[start:])
        free = [key for key in known if key not in _at(source.data, way[:-1])]
        code, message, hint = _message(error, rest, known, lacking or free)
        if (way, code) in seen and error["type"] not in ("missing",):
            continue
        seen.add((way, code))
        if code == "RM103":
            source.at_key(way, code, message, hint)
        else:
            source.at(way, code, message, hint)


def one(source: Source, shape: type[S]) -> S | None:
    """The file as one mapping, mended where findings are written; None where nothing can be made of it."""
    found: S | None = _validated(source, _adapter(shape), shape)
    return found


def many(source: Source, shape: type[S]) -> list[S]:
    """The file as a list of mappings, mended as above."""
    return _validated(source, _adapter(list[shape]), shape) or []  # type: ignore[valid-type]


def named(source: Source, shape: type[S]) -> dict[str, S]:
    """The file as a mapping of mappings; an empty one has none yet."""
    if source.data is None and not source.findings:
        return {}
    return _validated(source, _adapter(dict[str, shape]), shape) or {}  # type: ignore[valid-type]


@lru_cache(maxsize=64)
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _validated(source: Source, adapter: TypeAdapter[Any], shape: type[BaseModel]) -> Any:
    """The file's shape. Of a broken file what could be mended is given, so that the names it declares are known."""
    broken = any(finding.severity == "error" for finding in source.findings)
    if source.data is None:
        if not broken:
            source.report("RM104", "the file is empty", 0, 0, "write it, or take the file away")
        return None
    if shape not in source.judged:
        before, source.findings = source.findings, []
        try:
            value = adapter.validate_python(source.data)
        except ValidationError as failure:
            _report(source, shape, failure)
            value = mended(source.data, adapter)
        source.judged[shape], source.findings = (value, source.findings), before
    value, found = source.judged[shape]
    source.findings += [] if broken else found
    return value
