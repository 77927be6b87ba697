"""How a pack begins: what `new` writes is whole, sound, and never over anything."""

from __future__ import annotations

import json
import os
import unicodedata
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from redmexico import engine, scaffold, schema
from redmexico.check import examine
from redmexico.errors import RedMexicoError
from redmexico.loader.pack import load, load_form
from redmexico.loader.tree import parse_source
from redmexico.scaffold.ids import proposed
from redmexico.scaffold.putting import appended
from redmexico.scaffold.templates import one_line


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    scaffold.new_pack(tmp_path / "the_ford", "The ford")
    return tmp_path / "the_ford"


def faults(*packs: Path) -> list[str]:
    return [str(finding) for finding in examine(load_form(*packs))]


def everything(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def played(pack: Path, *choices: str) -> dict[str, object]:
    """How it closes."""
    story = load(pack)
    state = engine.begin(story, "7").state
    for choice in choices:
        state = engine.advance(story, state, choice).state
    return dict(state)


def test_a_new_pack_is_sound(pack: Path) -> None:
    assert not faults(pack)


@pytest.mark.parametrize(
    ("choices", "ending", "verdict"),
    [
        (("sewing_machine",), "nothing_to_report", "averted"),
        (("hold", "lock"), "in_the_report", "kept"),
        (("hold", "tuesdays"), "in_the_report", "altered"),
    ],
)
def test_a_new_pack_plays_to_its_endings_and_its_event_goes_each_way(
    pack: Path, choices: tuple[str, ...], ending: str, verdict: str
) -> None:
    state = played(pack, *choices)
    assert state["!ending"] == ending
    assert state["!event.inspection"] == verdict


def test_a_new_pack_may_go_into_an_empty_folder_and_take_its_id_from_its_title(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    scaffold.new_pack(tmp_path / "x", "Señorita Lara: a game")
    form = load_form(tmp_path / "x").form
    assert (form["id"], form["title"]) == ("senorita_lara_a_game", "Señorita Lara: a game")


def test_every_file_of_a_new_pack_passes_its_own_schema(pack: Path) -> None:
    settings = json.loads((pack / ".vscode/settings.json").read_text(encoding="utf-8"))
    read = 0
    for name, glob in settings["yaml.schemas"].items():
        judge = jsonschema.Draft7Validator(json.loads((pack / name).read_text(encoding="utf-8")))
        for path in pack.glob(glob):
            assert not list(judge.iter_errors(parse_source(path.read_bytes(), path.name).data)), path
            read += 1
    assert read == 8


def test_every_new_file_names_its_schema_and_the_path_is_right(pack: Path) -> None:
    scaffold.new_scene(pack, "the_gate")
    scaffold.new_scene(pack, "the_wall", folder="1938/march")
    for path in pack.rglob("*.yaml"):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema=")
        assert (path.parent / first.partition("=")[2]).resolve().is_relative_to((pack / ".schema").resolve())
        assert (path.parent / first.partition("=")[2]).is_file(), path


def test_a_scene_an_event_a_person_and_a_page_are_sound_at_once(pack: Path) -> None:
    assert scaffold.new_scene(pack, "the_meeting") == pack / "scenes/the_meeting.yaml"
    assert scaffold.new_scene(pack, "the_wall", title="No", folder="scenes/1938") == pack / "scenes/1938/the_wall.yaml"
    assert scaffold.new_event(pack, "a_ladder", "1938-03-16", line="history") == pack / "events.yaml"
    assert scaffold.new_person(pack, "tomas", "Tomás O'Hara: clerk") == pack / "cast.yaml"
    assert scaffold.new_entry(pack, "the_stove") == pack / "codex.yaml"
    assert not faults(pack)
    form = load_form(pack).form
    assert {card["id"]: card["title"] for card in form["cards"]}["the_wall"] == "No"
    assert [event["id"] for event in form["events"]] == ["inspection", "a_ladder"]
    assert form["cast"][-1]["name"] == "Tomás O'Hara: clerk"


def test_a_new_scene_comes_in_play(pack: Path) -> None:
    scaffold.new_scene(pack, "the_meeting")
    assert played(pack, "sewing_machine", "sit", "name_them")["!ending"] == "nothing_to_report"


def test_a_new_scene_has_every_common_key_and_names_the_rarer_ones(pack: Path) -> None:
    text = scaffold.new_scene(pack, "the_meeting").read_text(encoding="utf-8")
    keys = set(parse_source(text.encode(), "x").data)
    assert keys == {"title", "place", "when", "due", "text", "advice", "choices", "passages", "invented"}
    rarer = "soften draw derived order repeat withdraw flags notes was needs hint note later call take until"
    assert all(f"# {key}: " in text for key in rarer.split())


def test_the_rarer_keys_of_a_new_scene_are_right_once_their_mark_is_taken_away(pack: Path) -> None:
    path = scaffold.new_scene(pack, "the_meeting")
    scaffold.new_scene(pack, "another_scene")
    lines = path.read_text(encoding="utf-8").replace("somebody", "abundio").splitlines()
    text = "\n".join(line.replace("# ", "", 1) if line.lstrip().startswith("# ") and i else line for i, line in enumerate(lines))
    text = text.replace("#   A hat", "  A hat").replace("due: true  ", "# due: true  ").replace("call:", "# call:")
    path.write_text(text, encoding="utf-8")
    assert not [fault for fault in load_form(pack).findings if fault.severity == "error"]


def test_new_names_are_offered_by_the_editor_at_once(pack: Path) -> None:
    scaffold.new_scene(pack, "the_meeting", title="Item two")
    targets = json.loads((pack / ".schema/scene.json").read_text(encoding="utf-8"))["definitions"]["target_name"]["anyOf"]
    assert {"const": "the_meeting", "description": "Item two"} in targets


def test_no_schemas_are_made_where_none_were_asked_for(pack: Path) -> None:
    for path in (pack / ".schema").iterdir():
        path.unlink()
    (pack / ".schema").rmdir()
    scaffold.new_scene(pack, "the_meeting")
    assert not (pack / ".schema").exists()


def test_a_mod_and_what_is_added_to_it_are_sound_above_its_pack(pack: Path, tmp_path: Path) -> None:
    mod = tmp_path / "more"
    written = scaffold.new_mod(mod, "more", ["the_ford"], below=[pack])
    assert mod / "story.yaml" in written and mod / ".schema/scene.json" in written
    scaffold.new_scene(mod, "the_ladder", below=[pack])
    scaffold.new_event(mod, "a_ladder", "1938-03-16", below=[pack])
    scaffold.new_person(mod, "tomas", below=[pack])
    assert not faults(pack, mod)
    assert "abundio" in (mod / "scenes/the_ladder.yaml").read_text(encoding="utf-8")


REFUSED: dict[str, tuple[Callable[[Path], object], str]] = {
    "an id in words": (lambda p: scaffold.new_scene(p, "The Gate"), "try 'the_gate'"),
    "an id of no letters": (lambda p: scaffold.new_event(p, "1938", "1938-03"), "try 'a_1938'"),
    "a scene that is there": (lambda p: scaffold.new_scene(p, "the_piano"), "try 'the_piano_2'"),
    "a scene that is there, elsewhere": (lambda p: scaffold.new_scene(p, "the_piano", folder="other"), "already"),
    "an event that is there": (lambda p: scaffold.new_event(p, "inspection", "1938-03-18"), "try 'inspection_2'"),
    "a person who is there": (lambda p: scaffold.new_person(p, "lara"), "already"),
    "a page that is there": (lambda p: scaffold.new_entry(p, "the_permit"), "already"),
    "the engine's own word": (lambda p: scaffold.new_scene(p, "council"), "engine's own word"),
    "what Windows keeps": (lambda p: scaffold.new_scene(p, "aux"), "Windows"),
    "a way out of the pack": (lambda p: scaffold.new_scene(p, "x", folder="../../x"), "below scenes/"),
    "an absolute folder": (lambda p: scaffold.new_scene(p, "x", folder="/x"), "below scenes/"),
    "a title over two lines": (lambda p: scaffold.new_scene(p, "x", title="a\nb"), "no title"),
    "a title with an escape": (lambda p: scaffold.new_scene(p, "x", title="a\x1b[2J"), "no title"),
    "a title with half a brace": (lambda p: scaffold.new_scene(p, "x", title="a } b"), "write '}}'"),
    "a date that is none": (lambda p: scaffold.new_event(p, "x", "1938-02-30"), "1943-06-30"),
    "a date in other digits": (lambda p: scaffold.new_event(p, "x", "1938-3"), "no date"),
    "a date outside the campaign": (lambda p: scaffold.new_event(p, "x", "1950"), "from 1938-03-14 to 1938-03-20"),
    "a line nobody recorded": (lambda p: scaffold.new_event(p, "x", "1938-03", line="histori"), "did you mean 'history'"),
    "a pack where one is": (lambda p: scaffold.new_pack(p, "Another"), "nothing is overwritten"),
    "a mod where a pack is": (lambda p: scaffold.new_mod(p, "more", ["the_ford"]), "nothing is overwritten"),
    "a pack in a file's place": (lambda p: scaffold.new_pack(p / "story.yaml", "Another"), "not a folder"),
    "a mod of nothing": (lambda p: scaffold.new_mod(p / "mod", "more", []), "name one"),
    "a mod of itself": (lambda p: scaffold.new_mod(p / "mod", "more", ["more"]), "already"),
}  # fmt: skip


@pytest.mark.parametrize("what", REFUSED)
def test_what_cannot_be_is_refused_with_a_remedy_and_the_disk_is_as_it_was(pack: Path, what: str) -> None:
    before = everything(pack)
    act, said = REFUSED[what]
    with pytest.raises(RedMexicoError) as caught:
        act(pack)
    assert said in str(caught.value) and caught.value.where and caught.value.hint
    assert everything(pack) == before
    assert not [path for path in pack.rglob("*") if path.is_dir() and not any(path.iterdir())]


def test_a_file_nobody_loads_is_not_overwritten_either(pack: Path) -> None:
    (pack / "scenes/the_gate.yaml.d").mkdir()
    (pack / "scenes/the_gate.yaml").symlink_to(pack / "scenes/nowhere")
    with pytest.raises(RedMexicoError):
        scaffold.new_scene(pack, "the_gate")
    assert (pack / "scenes/the_gate.yaml").is_symlink() and not (pack / "scenes/nowhere").exists()


def test_one_file_in_the_way_and_nothing_of_a_pack_is_written(tmp_path: Path) -> None:
    (tmp_path / "codex.yaml").write_text("mine", encoding="utf-8")
    with pytest.raises(RedMexicoError, match=r"codex\.yaml"):
        scaffold.new_pack(tmp_path, "A game")
    assert everything(tmp_path) == {"codex.yaml": b"mine"}


def test_nothing_is_added_through_a_link(pack: Path, tmp_path: Path) -> None:
    os.replace(pack / "cast.yaml", tmp_path / "cast.yaml")
    (pack / "cast.yaml").symlink_to(tmp_path / "cast.yaml")
    before = (tmp_path / "cast.yaml").read_bytes()
    with pytest.raises(RedMexicoError):
        scaffold.new_person(pack, "tomas")
    assert (tmp_path / "cast.yaml").read_bytes() == before


def test_a_pack_that_cannot_be_read_says_where(pack: Path) -> None:
    (pack / "story.yaml").write_text("id: [\n", encoding="utf-8")
    with pytest.raises(RedMexicoError, match=r"story\.yaml:"):
        scaffold.new_scene(pack, "the_gate")


def test_other_faults_of_a_pack_are_not_held_against_what_is_new(pack: Path) -> None:
    (pack / "scenes/torn.yaml").write_text("titel: T\n", encoding="utf-8")
    scaffold.new_scene(pack, "the_gate")
    scaffold.new_event(pack, "a_ladder", "1938-03-16")
    assert {finding.file for finding in load_form(pack).findings} == {"the_ford/scenes/torn.yaml"}


ENTRY = "- id: b\n  text: |\n    Two.\n"
LISTS = {
    "a plain list": "- {id: a}\n",
    "no line end": "# why\n- id: a\n  text: one",
    "comments after it": "- id: a\n# the end\n\n",
    "an indented list": "# why\n  - id: a\n    text: |\n      One.\n  # the end\n",
    "Windows line ends": "- id: a\r\n  text: |\r\n    One.\r\n",
    "a block that keeps its line ends": "- id: a\n  text: |+\n    One.\n\n",
    "a byte order mark": "\ufeff- id: a\n",
    "only a comment": "# nobody yet\n",
    "nothing": "",
}


@pytest.mark.parametrize("what", LISTS)
def test_a_list_is_added_to_at_its_end_and_not_a_byte_before_it_changes(what: str, tmp_path: Path) -> None:
    old = LISTS[what].encode()
    new = old + appended(old, ENTRY, tmp_path)
    was, now = parse_source(old, "x").data or [], parse_source(new, "x")
    assert not now.findings and now.data == [*was, {"id": "b", "text": "Two.\n"}]
    assert new.endswith(b"\n") and (b"\r" in old) == (b"\r" in new)


@pytest.mark.parametrize("old", ["[{id: a}]\n", "a: b\n", "text\n", "- id: a\n...\n", "- id: [\n", "[]\n"])
def test_what_cannot_be_added_to_is_left_with_a_remedy(old: str, tmp_path: Path) -> None:
    with pytest.raises(RedMexicoError) as caught:
        appended(old.encode(), ENTRY, tmp_path)
    assert caught.value.hint


@given(st.text(max_size=80))
def test_any_name_leads_to_an_id(name: str) -> None:
    assert scaffold.checked_id(proposed(name), "a scene") == proposed(name)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=60))
def test_a_title_is_read_back_as_it_was_typed(title: str) -> None:
    try:
        shown = one_line(title, "title")
    except RedMexicoError as error:
        assert error.hint
        return
    source = parse_source(f"title: {shown}            # a comment\n".encode(), "x")
    assume(not source.findings)
    assert source.data == {"title": unicodedata.normalize("NFC", title.strip())}


def test_the_settings_of_a_new_pack_point_at_its_own_schemas(pack: Path) -> None:
    settings = json.loads((pack / ".vscode/settings.json").read_text(encoding="utf-8"))
    assert settings == schema.editor_settings()
    assert all((pack / name).is_file() for name in settings["yaml.schemas"])
