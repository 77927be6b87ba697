"""RM319: a comparison inside a condition that says nothing: it always holds, or never, whatever stands beside it.

The proofs of `logic` speak of whole conditions. In `trust >= 22 or chosen(room)` the whole may hold, and yet the first half
was meant to. Asked here is each comparison by itself: a number outside its quality's range, a word that nothing gives,
a date before the story begins or after its last act.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from redmexico.check.study import Study
from redmexico.findings import Finding
from redmexico.suggest import did_you_mean
from redmexico.uses import Reading

Verdict = tuple[str, str, str]
"""How it is written, as a pattern; whether it holds "always" or "never"; the reason."""
_Test = Callable[[int, int, int], bool]
_HOLDS: dict[str, tuple[_Test, _Test]] = {
    ">=": (lambda x, low, high: low >= x, lambda x, low, high: high < x),
    ">": (lambda x, low, high: low > x, lambda x, low, high: high <= x),
    "<=": (lambda x, low, high: high <= x, lambda x, low, high: low > x),
    "<": (lambda x, low, high: high < x, lambda x, low, high: low >= x),
    "==": (lambda x, low, high: low == high == x, lambda x, low, high: not low <= x <= high),
    "!=": (lambda x, low, high: not low <= x <= high, lambda x, low, high: low == high == x),
}  # fmt: skip
"""operator → whether it always, or never, holds of what stays between two numbers"""


def findings(study: Study) -> Iterator[Finding]:
    ranges = {q["name"]: (q["low"], q["high"]) for q in study.form["qualities"] if q["type"] == "number"}
    given = {q["name"]: words_given(study, q) for q in study.form["qualities"] if q["type"] == "word"}
    for (kind, name), readings in study.uses.readings.items():
        for reading in readings:
            if reading.test is None or reading.through:
                continue
            if kind == "quality" and name in ranges:
                found = number(reading, *ranges[name])
            elif kind == "quality" and given.get(name):
                found = None if waits(study, reading) else word(reading, given[name])
            else:
                found = day(study, reading) if (kind, name) == ("plain", "date") else None
            if found is not None:
                yield said(study, reading, found)


def waits(study: Study, reading: Reading) -> bool:
    """Whether it belongs to an event that waits for an act to come, with whatever sets words then."""
    kind, _, id = reading.address.partition(":")
    return kind == "event" and id in study.to_come


def number(reading: Reading, low: int, high: int) -> Verdict | None:
    """A number that its quality never comes to, or never leaves."""
    sign, value = reading.test or ("", None)
    if sign not in _HOLDS or isinstance(value, bool) or not isinstance(value, int):
        return None
    if low <= value <= high:  # at an end of the range a comparison may be meant: `<= 10` reads well
        return None
    name = reading.name[1]
    always = _HOLDS[sign][0](value, low, high)
    return rf"\b{re.escape(name)}\s*[<>=!]=?\s*{value}\b", "always" if always else "never", f"'{name}' stays in {low}..{high}"


def words_given(study: Study, quality: dict[str, Any]) -> list[str]:
    """The words that a quality ever has; none where that cannot be told."""
    if quality["name"] == "carrier":  # whoever takes the notebook over
        return []
    found = {quality["start"]}
    for setting in study.uses.set_by("quality", quality["name"]):
        words = set(words_in(setting.value, quality["name"]))
        if None in words:
            return []
        found |= words
    return [word for word in quality["words"] if word in found]


def words_in(tree: Any, own: str) -> Iterator[str | None]:
    """The words that an amount may come to, but for what its quality has already; None where it is another's word."""
    if tree[0] == "ifelse":
        yield from words_in(tree[2], own)
        yield from words_in(tree[3], own)
    elif tree[0] == "word":
        yield tree[1]
    elif tree != ["quality", own]:
        yield None


def word(reading: Reading, given: list[str]) -> Verdict | None:
    """A word that nothing ever gives to its quality."""
    sign, value = reading.test or ("", None)
    if sign not in ("==", "!=") or value in given:
        return None
    name = reading.name[1]
    reason = did_you_mean(str(value), given) or f"nothing sets '{name}' to it; it is {', '.join(given)}"
    return rf"\b{re.escape(name)}\s*[=!]=\s*{value}\b", "never" if sign == "==" else "always", reason


def day(study: Study, reading: Reading) -> Verdict | None:
    """A date that no act holds. Of days to come it is only said that they never are: acts to come may hold them."""
    sign, value = reading.test or ("", None)
    if waits(study, reading) or reading.address.partition(":")[0] in ("person", "quality") or not isinstance(value, tuple):
        return None
    first, last = study.span
    before, after = value[1] < first, value[0] > last
    always = (sign in (">=", ">", "!=") and before) or (sign in ("<=", "<", "!=") and after)
    if not (before or after) or (always and after):
        return None
    begun, ended = date.fromordinal(first).isoformat(), date.fromordinal(last).isoformat()
    return rf"\bdate\s*[<>=!]=?\s*{iso(value)}(?![\d-])", "always" if always else "never", f"the story goes from {begun} to {ended}"


def iso(days: tuple[int, int]) -> str:
    """A date as it was written: a year, a month or a day."""
    first, last = date.fromordinal(days[0]), date.fromordinal(days[1])
    if first == last:
        return first.isoformat()
    return f"{first.year:04}" if first.month != last.month else f"{first.year:04}-{first.month:02}"


def said(study: Study, reading: Reading, verdict: Verdict) -> Finding:
    """The finding at the comparison itself."""
    pattern, how, reason = verdict
    source, way = study.place(reading.address, reading.way)
    value: Any = source.data
    for part in way:
        if isinstance(value, dict):
            value = value.get(part)
        else:
            value = value[part] if isinstance(value, list) and isinstance(part, int) and part < len(value) else None
    match = re.search(pattern, value) if isinstance(value, str) else None
    what = f"'{match.group()}'" if match else "a comparison"
    offset, length = (match.start(), match.end() - match.start()) if match else (0, 1)
    return source.finding(way, "RM319", f"{what} {how} holds", reason, offset, length, "warning")
