"""What a writer's editor knows: JSON Schema of every file, with this pack's own names.

`<pack>/.schema/*.json` is read by the stock YAML language server: it completes keys and names, shows what
each means, and underlines what no pack of this form may hold. `check` remains the judge.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from redmexico.errors import RedMexicoError
from redmexico.loader import shapes
from redmexico.loader.pack import Loaded
from redmexico.schema.draft import Schema, common, of_shape, pruned
from redmexico.schema.names import Names, choices, collect, known_of
from redmexico.schema.state_shape import state
from redmexico.schema.words import WORDS

FOLDER = ".schema"
NOTE = "Made from the pack by `redmexico schema`; not for editing."
FILES: dict[str, type[shapes.Shape]] = {
    "scene.json": shapes.Scene,
    "story.json": shapes.Story,
    "events.json": shapes.Event,
    "cast.json": shapes.Person,
    "codex.json": shapes.Entry,
    "endings.json": shapes.Endings,
    "achievements.json": shapes.Achievement,
    "sources.json": shapes.Sources,
    "map.json": shapes.Map,
    "patches.json": shapes.Patch,
    "translation.json": shapes.Translated,
}
"""file → the shape that it holds, itself or in a list or mapping"""
LISTS = {"events.json", "cast.json", "codex.json", "achievements.json", "patches.json"}
LANGUAGE = "[a-z][a-z]"
"""the folder of a translation, as editors match it"""


def schemas(loaded: Loaded) -> dict[str, Schema]:
    """File name → JSON Schema, draft 7, of the files of this pack, broken or whole."""
    names = collect(loaded)
    shared = common(names, _effects(loaded), _conditions(loaded, names))
    out = {name: _file(name, shape, shared) for name, shape in FILES.items()}
    out["translation.json"]["propertyNames"] = _texts(loaded)
    root, own = state()
    out["state.json"] = {**pruned(root, {**shared, **own}), "$comment": NOTE}
    return dict(sorted(out.items()))


def _file(name: str, shape: type[shapes.Shape], shared: dict[str, Schema]) -> Schema:
    definitions = {**shared, **of_shape(shape)}
    top: Schema = {"$ref": f"#/definitions/{shape.__name__}"}
    if name in LISTS:
        root: Schema = {"type": "array", "items": top}
    elif name == "translation.json":
        root = {"type": "object", "additionalProperties": top}
    elif name == "story.json":
        definitions |= of_shape(shapes.ModStory)
        mod = {"$ref": "#/definitions/ModStory"}
        root = {"type": "object", "if": {"required": ["requires"]}, "then": mod, "else": top}
    else:
        root = definitions.pop(shape.__name__)
    if name == "patches.json":
        definitions["Patch"] = _patch(definitions["Patch"])
    return {**pruned(root, definitions), "$comment": NOTE}


def _texts(loaded: Loaded) -> Schema:
    """The addresses of all that can be translated."""
    if loaded.texts:
        return {"enum": list(loaded.texts), "errorMessage": "The story has no text of this address."}
    return {"pattern": "^[^#\\s]+#[^#\\s]+$", "patternErrorMessage": "Write address#field."}


def _patch(patch: Schema) -> Schema:
    """Only keys that some entry may have are set, added to or taken out."""
    keys = sorted(
        {key for words in WORDS.values() for key in words} | {"start", "range", "one_of", "words", "name", "good"}
    )
    known: Schema = {"enum": keys, "errorMessage": "No entry has such a key."}
    properties = patch["properties"]
    for mapping in ("set", "append"):
        properties[mapping]["propertyNames"] = known
    properties["remove"] = {**properties["remove"], "items": known}
    return patch


def _effects(loaded: Loaded) -> dict[str, str]:
    """Lines for `do`, each with what it moves."""
    out: dict[str, str] = {}
    form, known = loaded.form, known_of(loaded)
    for quality in form.get("qualities", ()):
        name, label = quality["name"], str(quality["label"])
        if quality["type"] == "number":
            out |= {f"{name} += 1": f"{label} rises.", f"{name} -= 1": f"{label} falls."}
        elif quality["type"] == "flag":
            out[f"{name} = true"] = f"{label}: true from now on."
        else:
            sign = "=" if quality["type"] == "word" else "+="
            out |= {f"{name} {sign} {word}": label for word in quality["words"]}
    out |= {f"reveal {id}": f"The codex opens at: {title}" for id, title in sorted(known.codex.items())}
    out |= {f"award {row['id']}": row["title"] for row in form.get("achievements", ())}
    out |= {f"end {row['id']}": row["title"] for row in form.get("endings", ())}
    return out


def _conditions(loaded: Loaded, names: Names) -> dict[str, str]:
    """Beginnings of conditions: what is counted, what was chosen, what happened."""
    out: dict[str, str] = {}
    for quality in loaded.form.get("qualities", ()):
        name, label = quality["name"], str(quality["label"])
        if quality["type"] == "number":
            out[f"{name} >= {max(1, quality['low'] + 1)}"] = names["quality"][name]
        elif quality["type"] == "flag":
            out[name] = label
        else:
            shape = "{} == {}" if quality["type"] == "word" else "{1} in {0}"
            out |= {shape.format(name, word): label for word in quality["words"]}
    out |= dict.fromkeys(
        (name for name, _ in loaded.form.get("derived", ()) if name.count(".") == 0), "Computed; see state.yaml."
    )
    out |= {f"chosen({address})": label for address, label in choices(loaded).items()}
    out |= {f"visits({id}) >= 1": title for id, title in names.get("scene", {}).items()}
    return out | {f"happened({id})": title for id, title in names.get("event", {}).items()}


def write(pack: Path, loaded: Loaded) -> list[Path]:
    """Write the schemas into the pack's `.schema` folder; the files, changed or not, in order.

    What has not changed is left alone, so that an editor reads nothing anew. RedMexicoError where the
    folder is a link or the disk says no.
    """
    folder = pack / FOLDER
    where = str(folder)
    if folder.is_symlink():
        raise RedMexicoError("a link, not a folder of this pack", where, "take it out")
    out = []
    try:
        folder.mkdir(exist_ok=True)
        for name, schema in schemas(loaded).items():
            _write(folder / name, json.dumps(schema, ensure_ascii=False, indent=1) + "\n")
            out.append(folder / name)
    except OSError as error:
        raise RedMexicoError(f"cannot be written: {error.strerror}", where, "see who owns the folder") from error
    return out


def _write(path: Path, text: str) -> None:
    """Put a file in place at once, unless it says the same already."""
    data = text.encode()
    if path.is_file() and not path.is_symlink() and path.read_bytes() == data:
        return
    new = path.with_name(f".{path.name}.new")
    new.unlink(missing_ok=True)
    with new.open("xb") as file:
        file.write(data)
    os.replace(new, path)


def editor_settings(folder: str = "") -> dict[str, Any]:
    """What `.vscode/settings.json` says for a pack in `folder` below it: which schema is whose, and no foreign ones."""
    base = f"{folder}/" if folder else ""
    files = {name: f"{base}{name.removesuffix('.json')}.yaml" for name in (*FILES, "state.json")}
    files |= {"scene.json": f"{base}scenes/**/*.yaml", "translation.json": f"{base}{LANGUAGE}/**/*.yaml"}
    return {
        "yaml.schemas": {f"./{base}{FOLDER}/{name}": files[name] for name in sorted(files)},
        "yaml.schemaStore.enable": False,
        "yaml.format.enable": False,
        "[yaml]": {
            "editor.tabSize": 2,
            "editor.insertSpaces": True,
            "editor.wordWrap": "on",
            "editor.quickSuggestions": {"other": True, "comments": False, "strings": True},
        },
    }
