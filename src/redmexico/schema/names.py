"""Every name that a pack's files may point at, each with what an editor shows beside it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from redmexico.loader.compile import Form, Known
from redmexico.loader.pack import Loaded

Names = dict[str, dict[str, str]]
"""kind of name → id → its title"""

OPEN = {"target", "tag", "flag", "outcome", "decided", "dealt", "subject", "record_line", "kind", "address"}
"""kinds whose lists are offered, yet never complete: a writer may add a word in the very file"""

BEFORE = {
    "next": "Play goes on.",
    "end": "The act ends.",
    "council": "Back to the council.",
}
OUTCOMES = {"kept": "As recorded.", "averted": "It did not come."}
KINDS = {
    "resource": "What a household or a country has.",
    "clock": "A threat that fills.",
    "faction": "A group, with strength and temper.",
    "person": "Somebody, with trust.",
    "region": "A part of the country, drawn on the map.",
}


def collect(loaded: Loaded) -> Names:
    """This pack's names by kind. A kind without any is left out: then every id is let through."""
    form, known = loaded.form, known_of(loaded)
    scenes = _titled(known.names.scenes, form.get("cards"))
    events = _titled(known.names.events, form.get("events"))
    lines = {line[0]: line[1] for line in form.get("lines", ())} or dict.fromkeys(known.names.lines, "")
    endings = _titled(known.endings, form.get("endings"))
    facts = _titled(known.facts, form.get("facts"))
    rows = form.get("acts", ())
    councils = [act["council"] for act in rows if act.get("council")]
    names: Names = {
        "scene": scenes,
        "target": {**BEFORE, **scenes} if scenes else {},
        "event": events,
        "line": lines,
        "event_line": {**lines, "both": "Every line.", "notebook": "Yours; never measured."} if lines else {},
        "record_line": lines,
        "decided": {"kept": "As recorded."},
        "outcome": {**OUTCOMES, **_variants(form.get("events", ()))},
        "quality": _qualities(form.get("qualities", ())),
        "region": {
            q["name"]: q["label"] for q in form.get("qualities", ()) if q["kind"] == "region" and "." not in q["name"]
        },
        "person": _titled(known.people, form.get("cast"), "name"),
        "fact": {id: _dated(id, facts[id], form) for id in facts},
        "codex": dict(sorted(known.codex.items())),
        "ending": endings,
        "act_ending": {"rules": "As endings.yaml decides.", **endings},
        "achievement": _titled(known.achievements, form.get("achievements")),
        "act": _titled(known.names.acts, rows),
        "carrier": dict.fromkeys(
            next((q["words"] for q in form.get("qualities", ()) if q["name"] == "carrier"), ()), ""
        ),
        "deck": {deck: "" for council in councils for deck in council["decks"]},
        "dealt": dict.fromkeys(_sorted(card["deck"] for card in form.get("cards", ())), ""),
        "tag": dict.fromkeys(
            _sorted([t for c in councils for t in c["always"]] + [c["tag"] for c in form.get("cards", ())]), ""
        ),
        "flag": dict(form.get("flags", ())),
        "subject": dict.fromkeys(_sorted(s for e in form.get("events", ()) for s in e["subjects"]), ""),
        "document": {d["id"]: d["title"] for d in form.get("documents", ())},
        "kind": {**KINDS, **dict.fromkeys(_sorted(known.names.kinds), "")} | KINDS,
        "address": _addresses(loaded, scenes),
    }
    return {kind: ids for kind, ids in names.items() if ids}


def known_of(loaded: Loaded) -> Known:
    """The ids that may be pointed at; none where not even story.yaml could be read."""
    return loaded.known or Known()


def _sorted(words: Iterable[str]) -> list[str]:
    return sorted({word for word in words if word})


def _titled(ids: Iterable[str], forms: list[Form] | None, key: str = "title") -> dict[str, str]:
    """Known ids with their titles; one that could not be read has none."""
    titles = {form["id"]: str(form[key]) for form in forms or ()}
    return {id: titles.get(id, "") for id in sorted(ids)}


def _dated(id: str, title: str, form: Form) -> str:
    date = next((fact["date"] for fact in form.get("facts", ()) if fact["id"] == id), "")
    return f"{title} ({date})" if date else title


def _variants(events: Iterable[Form]) -> dict[str, str]:
    found = {v["id"]: f"{event['id']}: {v['title'] or v['id']}" for event in events for v in event["variants"]}
    found |= {o[0]: f"{event['id']}: {o[2] or o[0]}" for event in events for o in event["outcomes"]}
    return dict(sorted(found.items()))


def _qualities(forms: Iterable[Form]) -> dict[str, str]:
    return {form["name"]: quality_words(form) for form in forms}


def quality_words(form: Form) -> str:
    """A quality in a line: `Bread, 0..10`, `Truce: none, offered or made`."""
    if form["type"] == "number":
        return f"{form['label']}, {form['low']}..{form['high']}" if form["high"] < 10**9 else str(form["label"])
    if form["type"] == "flag":
        return f"{form['label']}: true or false"
    *first, last = form["words"]
    return f"{form['label']}: {', '.join(first)} or {last}" if first else f"{form['label']}: {last}"


def choices(loaded: Loaded) -> dict[str, str]:
    """`scene/choice` → its label."""
    found = dict.fromkeys(sorted(known_of(loaded).names.choices), "")
    for scene in loaded.scenes.values():
        for room in scene["passages"]:
            found |= {choice["address"]: said(choice["label"]) for choice in room["choices"]}
    return {address: label for address, label in found.items() if address in known_of(loaded).names.choices}


def said(nodes: list[Any] | None) -> str:
    """Prose without its marks, as far as it stands fixed; `…` for what varies."""
    return "".join(map(_node, nodes or ()))


def _node(node: Any) -> str:
    if isinstance(node, str):
        return node
    return said(node[1]) if node[0] == "em" else str(node[2]) if node[0] == "link" else "…"


def _addresses(loaded: Loaded, scenes: dict[str, str]) -> dict[str, str]:
    """What a mod may patch."""
    form = loaded.form
    found = {**scenes, **choices(loaded)}
    rooms = known_of(loaded).passages
    found |= {f"{scene}/{name}": "" for scene in sorted(rooms) for name in sorted(rooms[scene])}
    lists = {
        "event": "events", "codex": "codex", "achievement": "achievements", "ending": "endings", "slide": "slides",
        "fact": "facts", "document": "documents", "act": "acts", "start": "starts", "mode": "modes",
    }  # fmt: skip
    found |= {
        f"{kind}:{entry['id']}": str(entry.get("title", ""))
        for kind, rows in lists.items()
        for entry in form.get(rows, ())
    }
    found |= {f"person:{person['id']}": str(person["name"]) for person in form.get("cast", ())}
    return found | {f"quality:{quality['name']}": str(quality["label"]) for quality in form.get("qualities", ())}


__all__ = ["OPEN", "Names", "choices", "collect", "known_of", "quality_words", "said"]
