"""What a writer's editor knows: every file of the story passes, and slips of the pen do not."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import fastjsonschema
import jsonschema
import pytest

from kit import loaded, scene
from redmexico import schema
from redmexico.errors import RedMexicoError
from redmexico.loader import shapes
from redmexico.loader.pack import Loaded, build_texts, load_form
from redmexico.loader.tree import parse_source
from redmexico.schema.words import FIXED, WORDS

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"
Judge = Callable[[Any], bool]


def judges(made: dict[str, Any]) -> dict[str, tuple[Judge, Judge]]:
    """Both validators of every file, each saying whether it lets data pass."""

    def by_jsonschema(one: Any) -> Judge:
        return jsonschema.Draft7Validator(one).is_valid

    def by_fastjsonschema(one: Any) -> Judge:
        compiled = fastjsonschema.compile(one)

        def passes(data: Any) -> bool:
            try:
                compiled(deepcopy(data))
            except fastjsonschema.JsonSchemaValueException:
                return False
            return True

        return passes

    return {name: (by_jsonschema(one), by_fastjsonschema(one)) for name, one in made.items()}


@pytest.fixture(scope="module")
def ours() -> dict[str, Any]:
    return schema.schemas(load_form(CONTENT))


@pytest.fixture(scope="module")
def held(ours: dict[str, Any]) -> dict[str, tuple[Judge, Judge]]:
    return judges(ours)


def small(**texts: str) -> Loaded:
    return loaded(scene__gangway=scene("title: The gangway\ntext: They wait."), **texts)


@pytest.fixture(scope="module")
def tiny() -> dict[str, tuple[Judge, Judge]]:
    return judges(schema.schemas(small()))


def data(text: str) -> Any:
    source = parse_source(text.encode(), "x.yaml")
    assert not source.findings, source.findings
    return source.data


def files() -> list[tuple[str, Path]]:
    """Every file of the story, with its schema's name."""
    tops = [(f"{path.stem}.json", path) for path in sorted(CONTENT.glob("*.yaml"))]
    scenes = [("scene.json", path) for path in sorted(CONTENT.glob("scenes/**/*.yaml"))]
    return tops + scenes + [("translation.json", path) for path in sorted(CONTENT.glob("[a-z][a-z]/**/*.yaml"))]


def test_every_file_of_the_story_passes_under_two_validators(held: dict[str, tuple[Judge, Judge]]) -> None:
    read = [(name, path, data(path.read_text(encoding="utf-8"))) for name, path in files()]
    assert len(read) > 100
    failed = [(path.name, k) for name, path, found in read for k, passes in enumerate(held[name]) if not passes(found)]
    assert not failed, failed


def test_the_schemas_are_draft_7(ours: dict[str, Any], held: dict[str, tuple[Judge, Judge]]) -> None:
    assert list(held) == list(ours)
    for one in ours.values():
        assert one["$schema"] == "http://json-schema.org/draft-07/schema#"
        jsonschema.Draft7Validator.check_schema(one)


def test_there_is_one_for_every_kind_of_file(ours: dict[str, Any]) -> None:
    kinds = "scene story state events cast codex endings achievements sources map patches translation"
    assert sorted(ours) == sorted(f"{kind}.json" for kind in kinds.split())


CHOICE = "title: T\ntext: T\ninvented: true\nchoices:\n  - id: a\n    label: A\n"

WRONG = {
    "a typo in a key": ("scene", "titel: T\ntext: T\n"),
    "a title left out": ("scene", "text: T\ninvented: true\n"),
    "a fixed word misspelt": ("scene", "title: T\ndue: dispach\n"),
    "a call of a scene that is none": ("scene", CHOICE + "    call: gangwy\n"),
    "a goto of a scene that is none, where the scene has no passages": ("scene", CHOICE + "    goto: gangwy\n"),
    "the same in a list": ("scene", CHOICE + "    goto: [{if: bread >= 3, to: gangwy}, {to: next}]\n"),
    "an unknown fact": ("scene", "title: T\nfacts: [a-fct]\n"),
    "an unknown voice": ("scene", "title: T\nadvice: [{who: ortunjo, text: T}]\n"),
    "a quality nobody declared": ("scene", CHOICE + "    do: [braed += 1]\n"),
    "a verb that is none": ("scene", CHOICE + "    do: [reveel the_notebook]\n"),
    "a page of the codex that is none": ("scene", CHOICE + "    do: [reveal the_notebok]\n"),
    "a comparison where an effect belongs": ("scene", CHOICE + "    do: [bread == 1]\n"),
    "a date that is none": ("scene", "title: T\nwhen: {from: 1940-13}\n"),
    "a bill without a unit": ("scene", CHOICE + "    later: [{in: 4..9, scene: gangway}]\n"),
    "a condition that is a list": ("scene", "title: T\nwhen: {if: [bread]}\n"),
    "an id in capitals": ("scene", "title: T\nchoices: [{id: Go, label: Go}]\n"),
    "an event of an unknown line": ("events", "- {id: a, line: histori, date: 1940, title: T}\n"),
    "an event without a date": ("events", "- {id: a, line: history, title: T}\n"),
    "an event that weighs too much": ("events", "- {id: a, line: history, date: 1940, title: T, weight: 9}\n"),
    "a page on an unknown shelf": ("codex", "- {id: a, title: T, label: invented, group: thing, text: T}\n"),
    "an ending of an unknown kind": ("endings", "endings: [{id: a, title: A, kind: late, text: T}]\n"),
    "an act that nothing follows": ("story", "id: s\ntitle: S\nversion: 1\nlines: {h: {title: H}}\nmodes: [{id: m, title: M}]\nstarts: [{id: a, title: A, act: one}]\nacts: [{id: one, title: A, from: 1940, until: 1941, turn: whole}]\n"),
    "a story that leaves out its acts": ("story", "id: s\ntitle: S\nversion: 1\n"),
    "a story that builds on nothing": ("story", "id: m\ntitle: M\nversion: 1\nrequires: []\n"),
    "a tempo that is none": ("story", "id: m\ntitle: M\nversion: 1\nrequires: [small]\nacts: [{id: two, title: A, from: 1940, until: 1941, turn: 5 months, next: [{ending: rules}]}]\n"),
    "a quality with a typo": ("state", "bread: {start: 4, rang: 0..10}\n"),
    "a flag that is none": ("state", "page: flagg\n"),
    "a word that begins as a number": ("state", "truce: {start: 1, one_of: [none, made]}\n"),
    "a group without fields": ("state", "church: {kind: faction, name: The Church}\n"),
    "a person without a name": ("cast", "- {id: a}\n"),
    "a patch of a key that nothing has": ("patches", "- {patch: gangway, set: {labl: A}}\n"),
    "a translation of nothing": ("translation", "gangway/choise#label: {of: 0a1b2c3d, text: T}\n"),
    "a translation made from nothing": ("translation", "gangway#title: {of: xyz, text: T}\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
def test_a_slip_of_the_pen_fails_under_two_validators(what: str, tiny: dict[str, tuple[Judge, Judge]]) -> None:
    file, text = WRONG[what]
    assert [passes(data(text)) for passes in tiny[f"{file}.json"]] == [False, False]


RIGHT = {
    "numbers and flags where words are asked for": ("scene", "title: 1940\nplace: true\nwhen: {from: 1940, if: true}\n"),
    "a passage of the scene's own": ("scene", CHOICE + "    goto: a_room\npassages: {a_room: {text: T}}\n"),
    "a scene, and the engine's words": ("scene", CHOICE + "    goto: [{if: bread >= 3, to: gangway}, {to: end}]\n"),
    "one old id, or many": ("scene", "title: T\nwas: old\npassages: {a: {was: [b, c]}}\n"),
    "effects of every shape": ("scene", CHOICE + "    do: [bread += 2 * (arms + 1), truce = made, debts -= owes_bell, page_kept = true, church.temper -= 1, reveal the_notebook, end fed, tear all, tear gangway, hand_over ortuno]\n"),
    "a mod that adds a status line": ("story", "id: m\ntitle: M\nversion: 1\nrequires: [small]\nstatus: [bread]\n"),
    "a group of fields": ("state", "church: {kind: faction, strength: {start: 6, range: 0..10}, pact: flag}\n"),
    "words by number, with a condition": ("state", "bread: {start: 4, range: -5..10, words: [{if: arms > 2, 0: soup}, {-3: hunger}]}\n"),
    "gains and computed names": ("state", "kinds: {resource: {gain: amount * 2}}\nderived: {strain: 1 + 1}\n"),
    "a patch of every shape": ("patches", "- {patch: gangway, set: {title: A}, append: {flags: [b]}, remove: [notes]}\n- {patch: event:later_one, set: {weight: 2}}\n"),
    "an event in brackets": ("events", "- {id: a, line: both, date: 1940, title: T, early: never, elsewhere: {chronicle: {record: R, as: averted}}}\n"),
    "a translation": ("translation", "gangway#title: {of: 0a1b2c3d, text: La pasarela}\n"),
}  # fmt: skip


@pytest.mark.parametrize("what", RIGHT)
def test_what_the_loader_takes_passes(what: str, tiny: dict[str, tuple[Judge, Judge]]) -> None:
    file, text = RIGHT[what]
    assert [passes(data(text)) for passes in tiny[f"{file}.json"]] == [True, True]


def test_every_key_has_a_sentence_and_no_sentence_is_left_over() -> None:
    every = {
        ("Story" if name == "ModStory" else name, field.alias or key)
        for name, shape in vars(shapes).items()
        if isinstance(shape, type) and issubclass(shape, shapes.Shape) and shape is not shapes.Shape
        for key, field in shape.model_fields.items()
    }
    assert {(shape, key) for shape, keys in WORDS.items() for key in keys} == every
    assert all(sentence.endswith((".", "…", "`.")) for keys in WORDS.values() for sentence in keys.values())


def test_every_fixed_word_is_explained_and_every_explained_word_is_the_shapes_own(ours: dict[str, Any]) -> None:
    for address, words in FIXED.items():
        name, key = address.split(".")
        spec = getattr(shapes, name).model_json_schema()["properties"][key]
        options = [spec, *spec.get("anyOf", ())]
        own = [word for option in options for word in (option.get("enum") or [option["const"]] if "const" in option or "enum" in option else [])]
        assert sorted(map(str, own)) == sorted(map(str, words)), address


def test_names_of_the_pack_are_offered_with_their_titles(ours: dict[str, Any]) -> None:
    targets = {one["const"]: one.get("description") for one in ours["scene.json"]["definitions"]["target_name"]["anyOf"] if one}
    assert targets["gangway"] == "The gangway" and {"next", "end"} <= set(targets)
    people = {one["const"]: one["description"] for one in ours["scene.json"]["definitions"]["person_name"]["anyOf"] if one}
    assert people["sedova"] == "Natalia Sedova"
    effects = [snippet["label"] for snippet in ours["scene.json"]["definitions"]["effect"]["defaultSnippets"]]
    assert "bread += 1" in effects and "reveal trotsky" in effects
    conditions = [snippet["label"] for snippet in ours["scene.json"]["definitions"]["condition"]["defaultSnippets"]]
    assert "chosen(gangway/kahlo)" in conditions and "happened(axe)" in conditions


def test_what_is_offered_as_an_effect_is_one(ours: dict[str, Any]) -> None:
    offered = ours["scene.json"]["definitions"]["effect"]
    lines = [snippet["body"] for snippet in offered["defaultSnippets"]]
    alone = jsonschema.Draft7Validator(offered)
    assert len(lines) > 50 and all(alone.is_valid(line) for line in lines)
    story = small(scene__all="title: T\ntext: T\nchoices: [{id: a, label: A, do: [bread += 1, truce = made]}]\n")
    mine = [s["body"] for s in schema.schemas(story)["scene.json"]["definitions"]["effect"]["defaultSnippets"]]
    body = "title: T\ntext: T\nchoices:\n  - id: a\n    label: A\n    do:\n" + "".join(f"      - {line}\n" for line in mine)
    assert not small(scene__all=body).findings


def test_what_is_offered_as_a_condition_is_one() -> None:
    events = "- {id: axe, line: history, date: 1940-08-20, title: T, external: true, invented: true}\n"
    found = schema.schemas(small(events=events))["scene.json"]["definitions"]["condition"]["defaultSnippets"]
    for snippet in found:
        body = f"title: T\ntext: T\nwhen:\n  if: {snippet['body']}\n"
        assert not small(events=events, scene__all=body).findings, snippet


def test_a_pack_with_nothing_in_it_lets_every_id_pass() -> None:
    made = judges(schema.schemas(build_texts({"story.yaml": "id: [\n"})))
    text = CHOICE + "    goto: somewhere\n    do: [bread += 1]\nfacts: [a-fact]\n"
    assert all(passes(data(text)) for passes in made["scene.json"])


def test_a_broken_scene_is_still_a_name_for_others() -> None:
    broken = small(scene__torn="titel: T\n")
    assert broken.errors
    made = judges(schema.schemas(broken))
    assert all(passes(data(CHOICE + "    call: torn\n")) for passes in made["scene.json"])


def test_titles_are_data_and_no_more() -> None:
    story = small(scene__odd='title: "a \\" ] } *b*"\ntext: T\n', sources='documents: [{id: "a.(b", title: T, line: history, kind: k}]\nfacts: []\n')
    made = schema.schemas(story)
    assert json.loads(json.dumps(made)) == made
    for one in made.values():
        jsonschema.Draft7Validator.check_schema(one)
        fastjsonschema.compile(one)
    fact = "documents: []\nfacts: [{id: f, document: a.(b, date: 1940, title: T, account: A}]\n"
    assert all(passes(data(fact)) for passes in judges(made)["sources.json"])


def test_writing_twice_touches_nothing(tmp_path: Path) -> None:
    story = small()
    first = schema.write(tmp_path, story)
    assert [path.name for path in first] == sorted(schema.schemas(story))
    stamps = [path.stat().st_ino for path in first]
    assert schema.write(tmp_path, story) == first and [path.stat().st_ino for path in first] == stamps
    schema.write(tmp_path, loaded())
    assert json.loads((tmp_path / ".schema/scene.json").read_text(encoding="utf-8")) == schema.schemas(loaded())["scene.json"]
    assert sorted(path.name for path in (tmp_path / ".schema").iterdir()) == [path.name for path in first]


def test_schemas_are_never_written_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "pack").mkdir()
    os.symlink(tmp_path / "elsewhere", tmp_path / "pack/.schema")
    with pytest.raises(RedMexicoError, match="link"):
        schema.write(tmp_path / "pack", small())
    assert not list((tmp_path / "elsewhere").iterdir())


def test_the_same_pack_gives_the_same_bytes() -> None:
    assert json.dumps(schema.schemas(load_form(CONTENT))) == json.dumps(schema.schemas(load_form(CONTENT)))


def test_the_editor_of_this_project_is_told_which_schema_is_whose() -> None:
    settings = json.loads((ROOT / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert settings == schema.editor_settings("content")
    assert sorted(Path(name).name for name in settings["yaml.schemas"]) == sorted(schema.schemas(loaded()))
    extensions = json.loads((ROOT / ".vscode/extensions.json").read_text(encoding="utf-8"))
    assert extensions["recommendations"] == ["redhat.vscode-yaml"]
