"""Packs on packs: a mod adds, changes by address, and never in silence."""

from __future__ import annotations

from pathlib import Path

import pytest

from kit import files
from redmexico import engine
from redmexico.cache import open_story
from redmexico.campaign import Campaign
from redmexico.check import examine
from redmexico.cli import main
from redmexico.errors import BrokenPack, RedMexicoError
from redmexico.findings import Finding
from redmexico.loader import Loaded, build_packs, load_form
from redmexico.loader.files import Pack
from redmexico.loader.tree import parse_source
from redmexico.playtest import play, random_bot
from redmexico.ui.session import Session

ROOT = Path(__file__).resolve().parent.parent
GATE = "title: The gate\ndue: true\ntext: T\nchoices:\n  - {id: open, label: Open, hint: Wide., do: [bread += 1]}\n  - {id: shut, label: Shut}\npassages:\n  yard: {text: Y}\ninvented: true\n"


def pack(title: str, texts: dict[str, str]) -> Pack:
    return Pack(title, {name: parse_source(text.encode(), f"{title}/{name}") for name, text in texts.items()})


def story(**texts: str) -> Pack:
    return pack("small", files(scene__gate=GATE, **texts))


def mod(id: str, requires: str = "small", **texts: str) -> Pack:
    head = f"id: {id}\ntitle: M\nversion: 1.0.0\nrequires: [{requires}]\n"
    return pack(id, {"story.yaml": head, **{name.replace("__", "/") + ".yaml": text for name, text in texts.items()}})


def built(*packs: Pack) -> Loaded:
    return build_packs(list(packs))


def only(loaded: Loaded) -> Finding:
    errors = loaded.errors
    assert len(errors) == 1, errors
    return errors[0]


def test_a_mod_adds_scenes_events_qualities_and_people_to_the_story() -> None:
    added = mod(
        "more",
        scenes__x__well="title: W\ndue: true\ntext: T\nadvice: [{who: pipila, text: No.}]\nchoices: [{id: a, label: A, do: [silver += 1]}]\ninvented: true\n",
        events="- {id: flood, line: notebook, date: 1940-05, title: F, pulls: [{pull: 3, because: rain}], do: [silver += 1], invented: true}\n",
        state="silver: {kind: faction, start: 0, range: 0..5}\n",
        cast="- {id: pipila, name: Pípila}\n",
        endings="slides: [{id: dug, of: well, if: silver >= 1, text: Somebody dug.}]\n",
    )
    loaded = built(story(), added)
    assert not loaded.errors, loaded.errors
    assert {"gate", "well"} <= set(loaded.scenes)
    assert [p[0] for p in loaded.form["packs"]] == ["small", "more"]
    campaign = Campaign.new(loaded.story(), "7")
    assert campaign.state["silver"] == 0


def test_a_patch_sets_appends_and_removes_by_address() -> None:
    changes = "- patch: gate/open\n  set: {label: Open it wide}\n  append: {do: [bread += 1, page_kept = true]}\n  remove: [hint]\n"
    loaded = built(story(), mod("more", patches=changes))
    assert not loaded.errors, loaded.errors
    choice = loaded.scenes["gate"]["passages"][0]["choices"][0]
    assert choice["label"] == ["Open it wide"] and choice["hint"] is None and len(choice["do"]) == 3
    assert [(o.address, o.how, o.key) for o in loaded.overrides] == [("gate/open", "remove", "hint"), ("gate/open", "set", "label"), ("gate/open", "append", "do")]


@pytest.mark.parametrize(
    "address", ["gate", "gate/yard", "event:e", "person:ortuno", "codex:the_notebook", "ending:fed", "slide:s1", "quality:bread", "quality:church.temper", "act:one", "start:first", "mode:standard", "fact:a-fact", "story"]
)
def test_whatever_has_an_address_can_be_patched(address: str) -> None:
    key = {"quality:bread": "name: Loaf", "quality:church.temper": "start: 0", "person:ortuno": "about: A", "gate/yard": "text: Y2", "slide:s1": "text: S", "fact:a-fact": "account: A"}.get(address, "title: T2")
    events = "- {id: e, line: history, date: 1940-03, title: E, invented: true}\n"
    loaded = built(story(events=events), mod("more", patches=f"- patch: {address}\n  set: {{{key}}}\n"))
    assert not loaded.errors, loaded.errors
    assert len(loaded.overrides) == 1


def test_an_error_in_a_patch_stands_in_the_patch() -> None:
    changes = "- patch: gate/open\n  set: {label: Open}\n  append:\n    do:\n      - bread += 1\n      - braed += 1\n"
    found = only(built(story(), mod("more", patches=changes)))
    assert (found.file, found.line, found.column, found.code) == ("more/patches.yaml", 6, 9, "RM201")
    assert "did you mean 'bread'?" in found.hint


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ("- {patch: gaet, set: {title: T}}\n", "RM601", "did you mean 'gate'?"),
        ("- {patch: gate/opne, set: {label: T}}\n", "RM601", "did you mean 'gate/open'?"),
        ("- {patch: 'event:e', set: {title: T}}\n", "RM601", "scene/choice"),
        ("- {patch: gate/open, remove: [hnit]}\n", "RM605", "did you mean 'hint'?"),
        ("- {patch: gate/open, append: {label: [x]}}\n", "RM605", "use 'set'"),
        ("- {patch: gate/open, set: {id: shut}}\n", "RM605", "know the entry by it"),
        ("- {patch: gate/open, put: {label: x}}\n", "RM103", "known here"),
    ],
)
def test_a_patch_that_cannot_be_made_says_why(changes: str, code: str, words: str) -> None:
    found = only(built(story(), mod("more", patches=changes)))
    assert found.code == code
    assert words in found.hint, found


def test_two_mods_that_change_the_same_key_are_an_error_unless_one_builds_on_the_other() -> None:
    change = "- {patch: gate/open, set: {label: Mine}}\n"
    found = only(built(story(), mod("one", patches=change), mod("two", patches=change)))
    assert (found.code, found.file) == ("RM602", "two/patches.yaml")
    after = built(story(), mod("one", patches=change), mod("two", "small, one", patches=change.replace("Mine", "Hers")))
    assert not after.errors
    assert after.scenes["gate"]["passages"][0]["choices"][0]["label"] == ["Hers"]
    both = "- {patch: gate/open, append: {do: [bread += 1]}}\n"
    assert not built(story(), mod("one", patches=both), mod("two", patches=both)).errors


WHOLE = "- {patch: gate, set: {choices: [{id: open, label: Another}]}}\n"
PART = "- {patch: gate/open, set: {label: Mine}}\n"
MORE = "- {patch: gate, append: {choices: [{id: wait, label: Wait}]}}\n"


@pytest.mark.parametrize(("first", "second"), [(WHOLE, PART), (PART, WHOLE), (WHOLE, MORE), (MORE, WHOLE)])
def test_a_mod_that_replaces_what_another_changes_a_part_of_is_an_error_unless_it_builds_on_it(first: str, second: str) -> None:
    found = only(built(story(), mod("one", patches=first), mod("two", patches=second)))
    assert (found.code, found.file) == ("RM602", "two/patches.yaml")
    assert not built(story(), mod("one", patches=first), mod("two", "small, one", patches=second)).errors


@pytest.mark.parametrize(("first", "second"), [(PART, MORE), (MORE, PART), (MORE, MORE.replace("wait", "run"))])
def test_a_mod_may_add_a_choice_beside_one_that_another_changes(first: str, second: str) -> None:
    assert not built(story(), mod("one", patches=first), mod("two", patches=second)).errors


@pytest.mark.parametrize(
    "texts",
    [
        {"scenes__y__gate": GATE}, {"state": "bread: {start: 1, range: 0..3}\n"}, {"cast": "- {id: ortuno, name: O}\n"},
        {"codex": "- {id: the_notebook, title: N, label: invented, group: things, text: T, known: true}\n"},
        {"endings": "slides: [{id: s1, of: food, text: T}]\n"},
    ],
)
def test_an_id_that_another_pack_has_is_refused(texts: dict[str, str]) -> None:
    assert only(built(story(), mod("more", **texts))).code == "RM603"


def test_a_mod_without_what_it_builds_on_is_refused_by_name() -> None:
    found = only(built(story(), mod("more", "small, silver_mines")))
    assert found.code == "RM604"
    assert "silver_mines" in found.message and "--pack" in found.hint
    other = files(scene__z=GATE) | {"story.yaml": files()["story.yaml"].replace("id: small", "id: other")}
    assert only(built(story(), pack("other", other))).code == "RM604"


def test_a_mods_ending_is_asked_before_the_storys_and_a_slide_by_its_order() -> None:
    extra = mod("more", endings="endings: [{id: rich, title: Rich, kind: act, if: bread >= 0, text: T}]\nslides: [{id: s0, of: food, order: 1, text: First.}]\n")
    loaded = built(story(), extra)
    assert [e["id"] for e in loaded.form["endings"]] == ["rich", "fed", "over"]
    played = play(loaded.story(), random_bot, "1")
    assert played.ending == "rich"


def test_the_sample_mod_of_the_project_is_clean_and_plays() -> None:
    loaded = load_form(ROOT / "content", ROOT / "examples" / "tepito")
    mine = [f for f in examine(loaded) if f.file.startswith("examples/") and f.severity != "note"]
    assert not mine
    told = loaded.story()
    campaign = Campaign.new(told, "7")
    for number in range(40):
        if "soles_on_credit" in {c.split(".")[-1] for c in engine.open_ids(told, campaign.state)} or campaign.ended:
            break
        campaign.choose(campaign.view.opened[number % len(campaign.view.opened)].id)
    seen = [play(told, random_bot, f"m{i}").state for i in range(12)]
    assert any("!visits.soles_on_credit" in state for state in seen)
    assert any("!event.barracks_boots" in state for state in seen)


def test_a_mod_of_our_story_needs_only_its_own_folder_named(tmp_path: Path) -> None:
    told = open_story(ROOT / "examples" / "tepito", tmp_path, "", ROOT / "content")
    assert [id for id, _, _ in told.packs] == ["redmexico", "tepito"]
    assert open_story(ROOT / "examples" / "tepito", tmp_path, "", ROOT / "content").fingerprint == told.fingerprint


def test_packs_lists_every_override(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["packs", "--pack", str(ROOT / "examples" / "tepito")]) == 0
    out = capsys.readouterr().out
    assert "morelia_shoes/market: append do" in out and "quality:debts: append set" in out


def test_a_campaign_of_a_missing_mod_is_refused_by_name(tmp_path: Path) -> None:
    with_mod = open_story(ROOT / "examples" / "tepito", tmp_path / "cache", "", ROOT / "content")
    session = Session(with_mod, tmp_path / "saves")
    session.new("Boots")
    session.close()
    plain = Session(open_story(ROOT / "content", tmp_path / "cache"), tmp_path / "saves")
    with pytest.raises(RedMexicoError, match="tepito") as refused:
        plain.open("boots")
    assert "--pack" in refused.value.hint


def test_every_pack_is_untrusted_and_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokenPack, match=r"story\.yaml"):
        load_form(ROOT / "content", tmp_path)
