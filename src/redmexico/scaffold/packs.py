"""A new pack: a small whole game that plays to an end; or a mod."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from redmexico import schema
from redmexico.errors import RedMexicoError
from redmexico.loader.pack import load_form
from redmexico.scaffold.ids import checked_id, proposed
from redmexico.scaffold.putting import none_in_the_way, put_file
from redmexico.scaffold.templates import filled, one_line

FILES = {
    f"{name}.yaml": f"pack/{name}.yaml" for name in ("story", "state", "events", "endings", "cast", "codex", "sources")
}
SCENE = {"scenes/the_piano.yaml": "pack/the_piano.yaml"}
EXTENSIONS = {"recommendations": ["redhat.vscode-yaml"]}


def new_pack(folder: Path, title: str, id: str = "") -> list[Path]:
    """A pack in a new or empty place: every file with an example of what stands in it; the files written.

    It loads without a finding and plays to either of two endings. Without an id one is made of the title.
    """
    id = checked_id(id or proposed(title), "a pack")
    shown = one_line(title, "title")
    texts = {name: filled(template, id=id, title=shown) for name, template in {**FILES, **SCENE}.items()}
    return _put(folder, texts, ())


def new_mod(folder: Path, id: str, requires: Sequence[str], title: str = "", below: Sequence[Path] = ()) -> list[Path]:
    """A mod of the packs named; `below` is where they lie, for the names that an editor completes."""
    if not requires:
        raise RedMexicoError("a mod names the packs it builds on", str(folder), "name one, or make a pack of its own")
    checked_id(id, "a mod", taken=requires)
    needed = [checked_id(other, "a pack") for other in requires]
    shown = one_line(title or id.replace("_", " ").capitalize(), "title")
    return _put(folder, {"story.yaml": filled("mod.yaml", id=id, title=shown, requires=", ".join(needed))}, below)


def _put(folder: Path, texts: dict[str, str], below: Sequence[Path]) -> list[Path]:
    """The pack's files, its schemas, and what an editor has to be told."""
    if folder.exists() and not folder.is_dir():
        raise RedMexicoError("a file, not a folder", str(folder), "choose another folder")
    texts = texts | {
        ".vscode/settings.json": _json(schema.editor_settings()),
        ".vscode/extensions.json": _json(EXTENSIONS),
    }
    none_in_the_way([folder / name for name in (*texts, schema.FOLDER)])
    for name, text in texts.items():
        put_file(folder / name, text)
    (folder / "scenes").mkdir(exist_ok=True)
    return [folder / name for name in texts] + schema.write(folder, load_form(*below, folder))


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"
