"""RM5xx: prose: empty branches, openings too long, names misspelt, texts that read what they have just set; translations."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

from redmexico.check.study import Study
from redmexico.expression import reads
from redmexico.findings import Finding

LONGEST = 450
"""Words that a player may have to read before the first choice of a scene."""
_WORD = re.compile(r"[^\W\d_]+(?:['’\-][^\W\d_]+)*")
_EMPTY = re.compile(r"\{if\s[^:{}|]*:\s*(?=[|}])|\|\s*(?:else|elif\s[^:{}|]*)\s*:\s*(?=[|}])")


def findings(study: Study) -> Iterator[Finding]:
    yield from empty_branches(study)
    yield from long_openings(study)
    yield from misspelt_names(study)
    yield from read_what_they_set(study)
    yield from untranslated(study)


def empty_branches(study: Study) -> Iterator[Finding]:
    """RM502: a condition in a text with nothing behind it."""
    for spot in study.loaded.texts.values():
        if spot.prose and "{if" in spot.text:
            for match in _EMPTY.finditer(spot.text):
                said = "nothing is said here"
                hint = "leave the branch out: where no condition holds, nothing is shown"
                length = len(match.group().strip("\n").split("\n")[0])
                yield spot.source.finding(spot.way, "RM502", said, hint, match.start(), length, "warning")


def long_openings(study: Study) -> Iterator[Finding]:
    """RM503: too much to read before the first choice."""
    for id, scene in study.scenes.items():
        rooms = {room["id"]: room for room in scene["passages"]}
        words, room, seen = 0, rooms.get(""), set[str]()
        while room is not None and room["id"] not in seen:
            seen.add(room["id"])
            words += longest(room["text"] or [])
            onward = [to for tree, to in room["goto"] if tree is None]
            room = rooms.get(onward[0]) if not room["choices"] and onward else None
        if words > LONGEST:
            said = f"{words} words before the first choice, {LONGEST} at most"
            yield study.at_key(id, ("text",), "RM503", said, "cut it, or let the player act in the middle")


def longest(nodes: list[Any]) -> int:
    """The most words that a reader can be shown of a text."""
    total = 0
    for node in nodes:
        if isinstance(node, str):
            total += len(_WORD.findall(node))
        elif node[0] == "if":
            total += max(longest(branch) for _, branch in node[1])
        elif node[0] == "seq":
            total += max(longest(branch) for branch in node[2])
        elif node[0] == "em":
            total += longest(node[1])
        elif node[0] == "link":
            total += len(_WORD.findall(node[2]))
        elif node[0] in ("value", "words"):
            total += 1
    return total


@cache
def bare(word: str) -> str:
    """A word without its accents and capitals.

    >>> bare("Coyoacán")
    'coyoacan'
    """
    split = unicodedata.normalize("NFD", word)
    return "".join(c for c in split if not unicodedata.combining(c)).lower()


def misspelt_names(study: Study) -> Iterator[Finding]:
    """RM505: a name of the cast or the codex without its accents, or with wrong ones."""
    names: dict[str, set[str]] = {}
    plain_too: set[str] = set()
    told = [p["name"] for p in study.form["cast"]] + [p["title"] for p in study.form["codex"]]
    told += [place for region in (study.form["map"] or {"regions": []})["regions"] for place in region[2]]
    for text in told:
        for word in _WORD.findall(text):
            if word[0].isupper() and bare(word) != word.lower():
                names.setdefault(bare(word), set()).add(word)
            elif word[0].isupper():
                plain_too.add(word.lower())
    names = {key: right for key, right in names.items() if key not in plain_too}
    if not names:
        return
    for key, spot in study.loaded.texts.items():
        if key.startswith("quality:"):
            continue
        for match in _WORD.finditer(spot.text):
            word = match.group().removesuffix("’s").removesuffix("'s")
            right = names.get(bare(word)) if word[0].isupper() else None
            if right and not any(word in (name, name.upper()) for name in right):
                said = f"'{word}' is spelt otherwise elsewhere"
                hint = f"did you mean '{min(right)}'?"
                yield spot.source.finding(spot.way, "RM505", said, hint, match.start(), len(word), "warning")


def read_what_they_set(study: Study) -> Iterator[Finding]:
    """RM506: the text of a choice that asks about what the choice itself has just given a fixed value."""
    for _, _, choice in study.choices():
        fixed = {effect[1] for effect in choice["do"] if effect[0] == "=" and effect[2][0] in ("int", "bool", "word")}
        asked = _asked(choice["text"] or [])
        for name in sorted(fixed & asked):
            said = f"this text is read after 'do', where '{name}' has its new value already"
            hint = "say it plainly, or ask before: in the label, or in the passage"
            spot = study.loaded.texts[f"{choice['address']}#text"]
            written = re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", spot.text)
            offset, length = (written.start(), len(name)) if written else (0, 1)
            yield spot.source.finding(spot.way, "RM506", said, hint, offset, length, "warning")


def _asked(nodes: list[Any]) -> set[str]:
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, list) and node:
            if node[0] == "if":
                for tree, branch in node[1]:
                    found |= set(reads(tree)) | _asked(branch)
            elif node[0] == "seq":
                for branch in node[2]:
                    found |= _asked(branch)
            elif node[0] == "em":
                found |= _asked(node[1])
    return found


def untranslated(study: Study) -> Iterator[Finding]:
    """RM510: texts that a language has not, one remark a file."""
    for language in study.form["languages"][1:]:
        have = {key for texts in study.loaded.tongues.get(language, {}).values() for key in texts}
        missing: dict[str, list[str]] = {}
        for key, spot in study.loaded.texts.items():
            if key not in have and _WORD.search(spot.text):
                missing.setdefault(spot.source.file, []).append(key)
        for keys in missing.values():
            spot = study.loaded.texts[keys[0]]
            said = f"{len(keys)} texts of this file are not there in '{language}', '{keys[0]}' first"
            hint = f"redmexico tr {language} --todo writes them out for a translator"
            yield spot.source.finding((), "RM510", said, hint, severity="note")
