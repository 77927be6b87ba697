"""Findings for other programs: JSON, SARIF for code scanners, and GitHub's workflow commands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from redmexico.findings import Finding, escaped

LEVELS = {"error": "error", "warning": "warning", "note": "note"}


def sarif(findings: Sequence[Finding], version: str, titles: dict[str, str]) -> dict[str, Any]:
    """A SARIF 2.1.0 log; `titles` says what each code means."""
    codes = sorted({finding.code for finding in findings})
    rules = [
        {
            "id": code,
            "shortDescription": {"text": titles.get(code, code)},
            "help": {"text": f"redmexico explain {code}"},
        }
        for code in codes
    ]
    driver = {"name": "Red Mexico", "version": version, "rules": rules}
    results = [_result(finding, codes.index(finding.code)) for finding in findings]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}],
    }


def _result(finding: Finding, rule: int) -> dict[str, Any]:
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endColumn": finding.column + max(1, finding.length),
    }
    place = {"physicalLocation": {"artifactLocation": {"uri": _uri(finding.file)}, "region": region}}
    return {
        "ruleId": finding.code,
        "ruleIndex": rule,
        "level": LEVELS[finding.severity],
        "message": {"text": _said(finding)},
        "locations": [place],
    }


def _said(finding: Finding) -> str:
    hint = f" ({escaped(finding.hint, 300)})" if finding.hint else ""
    return escaped(finding.message, 300) + hint


def _uri(file: str) -> str:
    from urllib.parse import quote

    return quote(file)


def github(findings: Sequence[Finding]) -> Iterator[str]:
    """A workflow command a finding: GitHub shows it beside the line."""
    for finding in findings:
        level = {"note": "notice"}.get(finding.severity, finding.severity)
        where = (
            f"file={_property(finding.file)},line={finding.line},col={finding.column},"
            f"endColumn={finding.column + max(1, finding.length)},title={finding.code}"
        )
        yield f"::{level} {where}::{_data(_said(finding))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(escaped(text, 500)).replace(":", "%3A").replace(",", "%2C")
