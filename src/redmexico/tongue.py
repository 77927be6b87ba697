"""A story's form in another language: the same form, with its words replaced where there are others.

`texts` maps `address#field` to nodes (where the text has marks) or to words. What is not translated stays as
it is. Nothing that decides anything is touched, so a campaign goes the same way in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Form = Mapping[str, Any]
Texts = Mapping[str, Any]


def form_in(form: Form, texts: Texts) -> Form:
    """Everything but the scenes' bodies."""
    if not texts:
        return form
    return {
        **form,
        "title": texts.get("story#title", form["title"]),
        "lines": [[l[0], texts.get(f"line:{l[0]}#title", l[1]), *l[2:]] for l in form["lines"]],
        "starts": [_with(f, f"start:{f['id']}", texts, "title", "about") for f in form["starts"]],
        "modes": [_with(f, f"mode:{f['id']}", texts, "title", "about") for f in form["modes"]],
        "acts": [_with(f, f"act:{f['id']}", texts, "title", "goal") for f in form["acts"]],
        "flags": [[flag, texts.get(f"note:{flag}#title", word)] for flag, word in form["flags"]],
        "qualities": [_quality(f, texts) for f in form["qualities"]],
        "events": [_event(f, texts) for f in form["events"]],
        "cast": [_with(f, f"person:{f['id']}", texts, "name", "about", "hand") for f in form["cast"]],
        "endings": [_with(f, f"ending:{f['id']}", texts, "title", "text") for f in form["endings"]],
        "slides": [_with(f, f"slide:{f['id']}", texts, "text") for f in form["slides"]],
        "codex": [_page(f, texts) for f in form["codex"]],
        "achievements": [_with(f, f"achievement:{f['id']}", texts, "title", "text") for f in form["achievements"]],
        "facts": [_with(f, f"fact:{f['id']}", texts, "title", "account") for f in form["facts"]],
        "documents": [
            _with(f, f"document:{f['id']}", texts, "title", "about", "took", "doubted", "invented")
            for f in form["documents"]
        ],
    }


def card_in(form: Form, texts: Texts) -> Form:
    """What the calendar and the council know of a scene."""
    title = texts.get(f"{form['id']}#title")
    withdraw = form["withdraw"]
    said = texts.get(f"{form['id']}#withdraw")
    return {
        **form,
        "title": form["title"] if title is None else _bare(title),
        "withdraw": [*withdraw[:2], said] if withdraw and said is not None else withdraw,
    }


def scene_in(form: Form, texts: Texts) -> Form:
    """A scene's body."""
    if not texts:
        return form
    id = form["id"]
    heading = texts.get(f"{id}#title", form["heading"])
    order = form["order"]
    return {
        **form,
        "title": _bare(heading),
        "heading": heading,
        "label": texts.get(f"{id}#label", heading if form["label"] == form["heading"] else form["label"]),
        "place": texts.get(f"{id}#place", form["place"]),
        "passages": [_passage(room, texts) for room in form["passages"]],
        "order": None if order is None else {**_choice(order, texts), "label": texts.get(f"{id}#label", heading)},
        "advice": _advice(form["advice"], id, texts),
    }


def _with(form: Form, address: str, texts: Texts, *fields: str) -> Form:
    return {**form, **{field: texts.get(f"{address}#{field}", form[field]) for field in fields}}


def _bare(nodes: list[Any]) -> str:
    return "".join(node if isinstance(node, str) else "".join(node[1]) if node[0] == "em" else "" for node in nodes)


def _quality(form: Form, texts: Texts) -> Form:
    name = f"quality:{form['name']}"
    bands = [
        [tree, [[low, texts.get(f"{name}#words.{i}.{low}", shown)] for low, shown in steps]]
        for i, (tree, steps) in enumerate(form["bands"])
    ]
    shown = {word: texts[key] for word in form["words"] if (key := f"{name}#word.{word}") in texts}
    return {**_with(form, name, texts), "label": texts.get(f"{name}#name", form["label"]), "bands": bands, "shown": shown}


def _event(form: Form, texts: Texts) -> Form:
    name = f"event:{form['id']}"
    record = texts.get(f"{name}#record", texts.get(f"fact:{form['fact']}#account", form["record"]))
    return {
        **form,
        "title": texts.get(f"{name}#title", form["title"]),
        "record": record,
        "pulls": [[t, n, texts.get(f"{name}#pulls.{i}", why)] for i, (t, n, why) in enumerate(form["pulls"])],
        "variants": [
            {
                **v,
                "title": texts.get(f"{name}#variants.{v['id']}", v["title"]),
                "record": texts.get(f"{name}#variants.{v['id']}.record", v["record"]),
            }
            for v in form["variants"]
        ],
        "outcomes": [[v, t, texts.get(f"{name}#outcomes.{v}", title)] for v, t, title in form["outcomes"]],
        "elsewhere": [[l, texts.get(f"{name}#elsewhere.{l}", said), kept] for l, said, kept in form["elsewhere"]],
    }


def _page(form: Form, texts: Texts) -> Form:
    name = f"codex:{form['id']}"
    records = {line: texts.get(f"{name}#records.{line}", said) for line, said in form["records"].items()}
    return {**_with(form, name, texts, "title", "text"), "records": records}


def _advice(forms: list[Any], address: str, texts: Texts) -> list[Any]:
    out, said = [], dict[str, int]()
    for who, tree, text in forms:
        said[who] = said.get(who, 0) + 1
        key = f"{address}#advice.{who}" + (f".{said[who]}" if said[who] > 1 else "")
        out.append([who, tree, texts.get(key, text)])
    return out


def _choice(form: Form, texts: Texts) -> Form:
    name = form["address"]
    needs = [[t, texts.get(f"{name}#needs.{i}", said), hide] for i, (t, said, hide) in enumerate(form["needs"])]
    return {**_with(form, name, texts, "label", "hint", "text", "soften", "note"), "needs": needs}


def _passage(form: Form, texts: Texts) -> Form:
    name = form["address"]
    return {
        **_with(form, name, texts, "text", "soften"),
        "advice": _advice(form["advice"], name, texts),
        "choices": [_choice(item, texts) for item in form["choices"]],
    }
