"""What a broken file was probably to say: so that one slip is one finding, not one for each name that the file declares.

Nothing of it is ever played: a story with errors is not.
"""

from __future__ import annotations

import re
from copy import deepcopy
from typing import Any

from pydantic import TypeAdapter, ValidationError

from redmexico.suggest import nearest

ROUNDS = 6
_EMPTY: dict[str, Any] = {
    "string_type": "?", "int_type": 0, "bool_type": False, "list_type": [], "dict_type": {}, "model_type": {},
    "model_attributes_type": {}, "too_short": ["?"],
}  # fmt: skip
_MISSING: dict[str, Any] = {"date": "1937", "pull": 0, "weight": 1}
"""what stands for a key that is not there; text for all others"""


def mended(data: Any, adapter: TypeAdapter[Any]) -> Any:
    """The shape that data has once each fault is put right in the plainest way; None where that cannot be."""
    copy = deepcopy(data)
    for _ in range(ROUNDS):
        try:
            return adapter.validate_python(copy)
        except ValidationError as failure:
            errors = failure.errors(include_url=False)
        lacking: dict[Any, list[str]] = {}
        for error in errors:
            if error["type"] == "missing":
                lacking.setdefault(error["loc"][:-1], []).append(str(error["loc"][-1]))
        for k, error in enumerate(errors):
            if not _mend(copy, error, lacking, k):
                return None
    return None


def _mend(data: Any, error: Any, lacking: dict[Any, list[str]], number: int) -> bool:
    """Put one fault right in place; whether that could be done."""
    holder: Any = None
    key: Any = None
    for part in error["loc"]:
        inside = (isinstance(data, dict) and part in data) or (
            isinstance(data, list) and isinstance(part, int) and part < len(data)
        )
        if not inside:
            break
        holder, key, data = data, part, data[part]
    kind = error["type"]
    if kind == "missing":
        name = str(error["loc"][-1])
        if isinstance(data, dict) and name not in data:  # else a misspelt key was given its name
            data[name] = f"broken_{number}" if name == "id" else _MISSING.get(name, "?")
        return isinstance(data, dict)
    if holder is None:
        return False
    if kind == "extra_forbidden":
        meant = nearest(str(key), lacking.get(error["loc"][:-1], ()))
        value = holder.pop(key)
        if meant and meant not in holder:
            holder[meant] = value
        return True
    fair = _fair(error, data)
    if fair is not None:
        holder[key] = fair
    elif isinstance(holder, dict):
        del holder[key]
    return fair is not None or isinstance(holder, dict)


def _fair(error: Any, value: Any) -> Any:
    """A value of the kind that was asked for, or None."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "literal_error":
        return (re.findall(r"'([^']+)'", str(context.get("expected", ""))) or [None])[0]
    if kind == "string_pattern_mismatch":
        small = str(value).strip().lower().replace(" ", "_")
        return small if re.match(str(context["pattern"]), small) else None
    if kind == "too_long":
        return value[: context["max_length"]]
    if kind.startswith(("greater", "less")):
        return context.get("ge", context.get("le"))
    return deepcopy(_EMPTY.get(kind))
