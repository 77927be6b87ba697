"""Every rule, asked in order.

`examine` gives all findings of a loaded story, the loader's own among them, sorted. Where the loader found errors, only
rules that need nothing of what is broken are asked: a story with holes proves nothing.
"""

from __future__ import annotations

from redmexico.check import calendar, logic, marks, names, parts, prose
from redmexico.check.study import Study
from redmexico.findings import Finding
from redmexico.loader import Loaded
from redmexico.loader.pack import uncollected

RULES = (names.findings, marks.findings, logic.findings, parts.findings, calendar.findings, prose.findings)


def examine(loaded: Loaded) -> list[Finding]:
    """All findings, sorted, each once."""
    if loaded.errors or not loaded.form:
        return loaded.findings
    study = Study(loaded)
    with uncollected():
        return sorted({*loaded.findings, *(finding for rule in RULES for finding in rule(study))})


__all__ = ["Study", "examine"]
