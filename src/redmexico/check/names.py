"""RM22x: names that nobody reads, that nothing sets, that nearly collide, that nobody can find."""

from __future__ import annotations

from collections.abc import Iterator

from redmexico.check.study import Study
from redmexico.findings import Finding
from redmexico.offers import VISIBLE
from redmexico.uses import Reading


def findings(study: Study) -> Iterator[Finding]:
    yield from never_read(study)
    yield from never_set(study)
    yield from nearly_the_same(study)
    yield from never_found(study)


def never_read(study: Study) -> Iterator[Finding]:
    """RM220: a quality that no condition asks and no screen shows; a remark, where nobody sets it either."""
    shown = {*study.form["status"], "carrier"}
    for quality in study.form["qualities"]:
        name = quality["name"]
        if quality["kind"] in VISIBLE or name in shown or study.uses.read_by("quality", name):
            continue
        said, hint = f"nobody ever reads '{name}'", "ask it in a condition, show it in a text, or take it out"
        severity = "warning" if study.uses.set_by("quality", name) else "note"
        yield study.at_key(f"quality:{name}", tuple(name.split(".", 1)), "RM220", said, hint, severity)
    for name, _ in study.form["derived"]:
        head, _, rest = name.partition(".")
        if not study.uses.read_by("derived", name):
            way = ("derived", rest if rest and head in study.scenes else name)
            yield study.at_key(f"derived:{name}", way, "RM220", f"nobody ever reads '{name}'", "take it out")


def never_set(study: Study) -> Iterator[Finding]:
    """RM221: a word, flag or set that play asks about and nothing ever sets; of a number, a remark."""
    for quality in study.form["qualities"]:
        name = quality["name"]
        if name == "carrier" or study.uses.set_by("quality", name):
            continue
        asking = [r for r in study.uses.read_by("quality", name) if in_play(study, r)]
        if asking:
            said = f"nothing ever changes '{name}', and {asking[0].address} asks about it"
            hint = "set it in a choice's 'do', or take it out"
            severity = "note" if quality["type"] == "number" else "warning"
            yield study.at_key(f"quality:{name}", tuple(name.split(".", 1)), "RM221", said, hint, severity)


def in_play(study: Study, reading: Reading) -> bool:
    """Whether a reader can ask in any campaign: not an event that waits for an act, nor a band of words."""
    kind, _, id = reading.address.partition(":")
    return reading.role not in ("words", "where") and not (kind == "event" and id in study.to_come)


def nearly_the_same(study: Study) -> Iterator[Finding]:
    """RM222: two names of one kind, the same but for case, dots and underscores."""
    families: dict[str, list[tuple[str, str, tuple[str | int, ...]]]] = {
        "quality": [(f"quality:{q['name']}", q["name"], tuple(q["name"].split(".", 1))) for q in study.form["qualities"]],
        "scene": [(id, id, ()) for id in study.scenes],
        "event": [(f"event:{id}", id, (i, "id")) for i, id in enumerate(study.events)],
        "person": [(f"person:{p['id']}", p["id"], (i, "id")) for i, p in enumerate(study.form["cast"])],
        "page": [(f"codex:{p['id']}", p["id"], (i, "id")) for i, p in enumerate(study.form["codex"])],
    }
    for quality in study.form["qualities"]:
        name = quality["name"]
        part = "one_of" if quality["type"] == "word" else "set"
        way = tuple(name.split(".", 1))
        families[f"word of {name}"] = [(f"quality:{name}", w, (*way, part, i)) for i, w in enumerate(quality["words"])]
    for kind, members in families.items():
        seen: dict[str, str] = {}
        for address, name, way in members:
            bare = name.lower().replace("_", "").replace(".", "")
            other = seen.setdefault(bare, name)
            if other != name:
                said = f"the {kind} '{name}' is nearly '{other}'"
                yield study.finding(address, way, "RM222", said, "two names so alike will be mistaken: rename one")


def never_found(study: Study) -> Iterator[Finding]:
    """RM223: a page, an achievement or an ending that no campaign can come to."""
    for i, page in enumerate(study.form["codex"]):
        happens = page["event"] in study.events
        if not page["known"] and not happens and not study.uses.set_by("codex", page["id"]):
            hint = f"link to it ([[{page['id']}]]), reveal it in a choice, or say 'known: true'"
            yield study.finding(f"codex:{page['id']}", (i, "id"), "RM223", "nobody can ever find this page", hint)
    for i, award in enumerate(study.form["achievements"]):
        if not study.uses.set_by("achievement", award["id"]):
            hint = "give it an 'if', or award it in a choice"
            yield study.finding(f"achievement:{award['id']}", (i, "id"), "RM223", "nobody can ever earn this", hint)
    for i, ending in enumerate(study.form["endings"]):
        ways = [s for s in study.uses.set_by("ending", ending["id"]) if s.role != "rules"]
        by_rules = any(found[2] == "rules" for act in study.form["acts"] for found in act["next"])
        if not ways and not (by_rules and (ending["if"] is not None or i == len(study.form["endings"]) - 1)):
            hint = "name it in an act's 'next', or let one end by 'ending: rules'"
            yield study.finding(f"ending:{ending['id']}", ("endings", i, "id"), "RM223", "no campaign can end so", hint)
