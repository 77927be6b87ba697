"""What a writer adds to a pack: a scene, an event, a person, a page of the codex."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from datetime import date as Date
from pathlib import Path, PurePosixPath

from redmexico.errors import RedMexicoError
from redmexico.findings import escaped
from redmexico.grammar import day_range
from redmexico.loader.compile import Form
from redmexico.scaffold.ids import checked_id
from redmexico.scaffold.putting import add_file, append, opened
from redmexico.scaffold.templates import filled, one_line

_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
SOMEWHERE = "The office"
BLANK = {"line": "notebook", "until": "1940", "from": "1940", "deck": "a_deck"}


def new_scene(
    pack: Path, id: str, title: str = "", place: str = "", folder: str = "", below: Sequence[Path] = ()
) -> Path:
    """A scene with every common key and two choices, in `scenes/` or a folder of it; its file.

    It is due in the first month of the pack's first act. `below` are the packs that a mod builds on.
    """
    loaded = opened(pack, below)
    known = loaded.known
    checked_id(id, "a scene", known.names.scenes if known else (), file=True)
    where = PurePosixPath("scenes") / _subfolder(folder)
    first, last = _acts(loaded.form)
    one, two = _two_gains(loaded.form)
    since = first.strftime("%Y-%m") if first else BLANK["from"]
    text = filled(
        "scene.yaml",
        up="../" * len(where.parts),
        title=one_line(title or _spoken(id), "title"),
        place=one_line(place or SOMEWHERE, "place"),
        pad=" " * max(1, 30 - len(since)),
        until=last.strftime("%Y-%m") if last else BLANK["until"],
        deck=_deck(loaded.form),
        condition=_condition(loaded.form),
        advice=_advice(loaded.form),
        do_one=one,
        do_two=two,
        **{"from": since},
    )
    return add_file(pack.joinpath(*where.parts, f"{id}.yaml"), text, pack, below, loaded)


def new_event(
    pack: Path, id: str, date: str, title: str = "", line: str = "notebook", below: Sequence[Path] = ()
) -> Path:
    """An event at the end of events.yaml, on a day of the campaign; the file.

    It happens on its date until its causes are written. `line` is a recorded line, `both` or `notebook`.
    """
    loaded = opened(pack, below)
    known = loaded.known
    checked_id(id, "an event", known.names.events if known else ())
    _dated(date, loaded.form)
    entry = filled(
        "event.yaml",
        id=id,
        line=one_line(line, "line"),
        date=date,
        title=one_line(title or _spoken(id), "title"),
        until=date,
        condition=_condition(loaded.form),
        effect=_effect(loaded.form),
    )
    return append(pack / "events.yaml", entry, pack, below, loaded)


def new_person(pack: Path, id: str, name: str = "", below: Sequence[Path] = ()) -> Path:
    """Somebody at the end of cast.yaml; the file."""
    loaded = opened(pack, below)
    checked_id(id, "a person", loaded.known.people if loaded.known else ())
    shown = one_line(name or _spoken(id), "name")
    entry = filled("person.yaml", id=id, title=shown, condition=_condition(loaded.form))
    return append(pack / "cast.yaml", entry, pack, below, loaded)


def new_entry(pack: Path, id: str, title: str = "", below: Sequence[Path] = ()) -> Path:
    """A page at the end of codex.yaml; the file."""
    loaded = opened(pack, below)
    checked_id(id, "a page", loaded.known.codex if loaded.known else ())
    entry = filled("entry.yaml", id=id, title=one_line(title or _spoken(id), "title"))
    return append(pack / "codex.yaml", entry, pack, below, loaded)


def _spoken(id: str) -> str:
    return id.replace("_", " ").strip().capitalize()


def _subfolder(folder: str) -> PurePosixPath:
    """A folder below `scenes/`, which may be named with it."""
    path = PurePosixPath(folder.replace("\\", "/"))
    if path.is_absolute() or ":" in folder or any(part.startswith(".") for part in path.parts):
        raise RedMexicoError("this is no folder of the scenes", escaped(folder), "name one below scenes/, as 1943")
    parts = path.parts[1:] if path.parts[:1] == ("scenes",) else path.parts
    return PurePosixPath(*parts)


def _acts(form: Form) -> tuple[Date | None, Date | None]:
    """The campaign's first and last day, as far as acts tell."""
    acts = form.get("acts", ())
    if not acts:
        return None, None
    return Date.fromordinal(min(act["first"] for act in acts)), Date.fromordinal(max(act["last"] for act in acts))


def _days(date: str) -> tuple[int, int]:
    with contextlib.suppress(ValueError):
        if _DATE.fullmatch(date):
            return day_range(date)
    raise RedMexicoError("this is no date", escaped(date), "write 1943, 1943-06 or 1943-06-30")


def _dated(date: str, form: Form) -> None:
    """RedMexicoError where this is no date, or none of the campaign's."""
    first, last = _days(date)
    begins, ends = _acts(form)
    if begins and ends and (last < begins.toordinal() or first > ends.toordinal()):
        raise RedMexicoError("no act of the campaign holds this date", date, f"the acts run from {begins} to {ends}")


def _numbers(form: Form) -> list[Form]:
    """Numbers with room to rise and more of which is better, those of the status line first."""
    status = list(form.get("status", ()))
    found = [
        q for q in form.get("qualities", ()) if q["type"] == "number" and q["start"] < q["high"] and q["good"] != "down"
    ]
    return sorted(found, key=lambda q: status.index(q["name"]) if q["name"] in status else len(status))


def _two_gains(form: Form) -> tuple[str, str]:
    """What the two choices give: a different thing each, so that neither is the better one."""
    found = [q["name"] for q in _numbers(form)[:2]]
    if len(found) < 2:
        return "# do: [a_quality += 1]", "# do: [a_quality -= 1]"
    return f"do: [{found[0]} += 1]", f"do: [{found[1]} += 1]"


def _condition(form: Form) -> str:
    found = _numbers(form)
    return f"{found[0]['name']} >= {found[0]['start']}" if found else "visits(another_scene) >= 1"


def _effect(form: Form) -> str:
    found = _numbers(form)
    return f"{found[0]['name']} += 1" if found else "a_quality += 1"


def _deck(form: Form) -> str:
    decks = [deck for act in form.get("acts", ()) if act["council"] for deck in act["council"]["decks"]]
    return str(decks[0]) if decks else BLANK["deck"]


def _advice(form: Form) -> str:
    """What one of the cast says of it; only shown how, where there is nobody."""
    cast = [person["id"] for person in form.get("cast", ())]
    lines = ["advice:                               # what the voices say, each with a reason"]
    lines += [
        f"  - who: {cast[0] if cast else 'somebody'}",
        "    text: Take the chair, because the hat has been here longer than any of us.",
    ]
    return "\n".join(lines if cast else [f"# {line}" for line in lines])
