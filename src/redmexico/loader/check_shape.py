"""pydantic's verdict on a file, told in our words at the writer's line and column."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from redmexico.loader.shapes import keys_of
from redmexico.loader.tree import Source, Way
from redmexico.suggest import did_you_mean

S = TypeVar("S", bound=BaseModel)

_PLAIN = {
    "string_type": "text expected",
    "int_type": "a whole number expected",
    "bool_type": "true or false expected",
    "list_type": "a list expected",
    "dict_type": "a mapping (key: value) expected",
    "model_type": "a mapping (key: value) expected",
    "model_attributes_type": "a mapping (key: value) expected",
}


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


def _message(error: Any, missing: str, known: list[str]) -> tuple[str, str, str]:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "missing":
        return "RM104", f"'{missing}' is missing", "add it"
    if kind == "extra_forbidden":
        return (
            "RM103",
            f"unknown key '{error['loc'][-1]}'",
            did_you_mean(str(error["loc"][-1]), known) or f"known here: {', '.join(known[:12])}",
        )
    if kind in _PLAIN:
        return "RM104", _PLAIN[kind], ""
    if kind == "literal_error":
        return "RM104", f"one of these expected: {context.get('expected', '')}", ""
    if kind == "string_pattern_mismatch":
        return "RM110", f"'{error['input']}' is no id", "ids are small letters, digits and _, and begin with a letter"
    if kind in ("too_long", "too_short"):
        return (
            "RM150",
            f"{'at most' if kind == 'too_long' else 'at least'} {context.get('max_length', context.get('min_length'))} expected here",
            "",
        )
    if kind.startswith(("greater", "less")):
        bound = context.get("ge", context.get("le", ""))
        return "RM104", f"a number {'of at least' if kind.startswith('greater') else 'up to'} {bound} expected", ""
    return "RM104", str(error["msg"]), ""


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
    for error in failure.errors(include_url=False):
        way, rest = _way(source.data, error["loc"])
        loc = tuple(error["loc"])
        start = 1 if loc and isinstance(loc[0], int) else 0
        code, message, hint = _message(error, rest, _shape_keys(shape, loc[start:]))
        if (way, code) in seen and error["type"] not in ("missing",):
            continue
        seen.add((way, code))
        if code == "RM103":
            source.at_key(way, code, message, hint)
        else:
            source.at(way, code, message, hint)


def one(source: Source, shape: type[S]) -> S | None:
    """The file as one mapping, or None with findings written."""
    found: S | None = _validated(source, _adapter(shape), shape)
    return found


def many(source: Source, shape: type[S]) -> list[S]:
    """The file as a list of mappings."""
    return _validated(source, _adapter(list[shape]), shape) or []  # type: ignore[valid-type]


def named(source: Source, shape: type[S]) -> dict[str, S]:
    """The file as a mapping of mappings."""
    return _validated(source, _adapter(dict[str, shape]), shape) or {}  # type: ignore[valid-type]


@lru_cache(maxsize=64)
def _adapter(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def _validated(source: Source, adapter: TypeAdapter[Any], shape: type[BaseModel]) -> Any:
    if any(finding.severity == "error" for finding in source.findings):
        return None
    if source.data is None:
        source.report("RM104", "the file is empty", 0, 0)
        return None
    if shape not in source.judged:
        before, source.findings = source.findings, []
        try:
            value = adapter.validate_python(source.data)
        except ValidationError as failure:
            value = None
            _report(source, shape, failure)
        source.judged[shape], source.findings = (value, source.findings), before
    value, found = source.judged[shape]
    source.findings += found
    return value
