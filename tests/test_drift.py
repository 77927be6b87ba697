"""T18: content that changes under a campaign. Each edit is made on the disk, under a campaign that is stored there.

For each: what `check --against` tells a writer beforehand, what the player is told, and where the campaign then stands.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kit import STATE, STORY, files
from redmexico.campaign import replay
from redmexico.cli import main
from redmexico.errors import RedMexicoError
from redmexico.loader import load
from redmexico.ui.session import Session

A = """title: The gate
due: true
when: {from: 1940-01-05, until: 1940-01-05}
text: You stand at it.
choices:
  - {id: open, label: Open it, do: [bread += 3, truce = offered], goto: next}
  - {id: shut, label: Shut it, do: [arms += 1]}
invented: true
"""
B = """title: The yard
due: true
when: {from: 1940-02-05, until: 1940-02-05}
text: It is wide.
choices:
  - {id: enter, label: Go in, do: [debts += owes_bell], goto: room}
  - {id: leave, label: Go away}
passages:
  room: {text: A bench., choices: [{id: sit, label: Sit}, {id: stand, label: Stand}]}
invented: true
"""
C = """title: The road
due: true
when: {from: 1940-03-05, until: 1940-03-05}
text: It is long.
choices: [{id: go, label: Go on, goto: next}]
invented: true
"""
MOD = {
    "story.yaml": "id: bells\ntitle: Bells\nversion: 1.0.0\nrequires: [small]\n",
    "scenes/bells.yaml": C.replace("The road", "The bells").replace("1940-03-05", "1940-04-05"),
    "patches.yaml": "- {patch: a/open, append: {do: [arms += 1]}}\n",
}
Texts = dict[str, str]


def put(folder: Path, texts: Texts) -> Path:
    """A pack of these files and no others."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def whole() -> Texts:
    return {**files(), "scenes/a.yaml": A, "scenes/b.yaml": B, "scenes/c.yaml": C}


class Played(NamedTuple):
    """A campaign on the disk, and the pack that it was played with."""

    folder: Path
    saves: Path
    state: dict[str, Any]

    @property
    def file(self) -> Path:
        return self.saves / "drift.rmx.jsonl"

    def against(self, capsys: pytest.CaptureFixture[str], *mods: Path) -> tuple[int, str]:
        """What `check --against` says of it."""
        before = self.file.read_bytes()
        named = [str(self.folder), *map(str, mods)]
        given = [word for pack in named[:-1] for word in ("--pack", pack)]
        status = main(["check", named[-1], *given, "--against", str(self.saves), "--format", "json"])
        assert self.file.read_bytes() == before
        line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("drift: "))
        return status, line.removeprefix("drift: ")


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def played(tmp_path: Path, *choices: str, mods: tuple[Path, ...] = ()) -> Played:
    folder, saves = put(tmp_path / "pack", whole()), tmp_path / "saves"
    saves.mkdir()
    session = Session(load(folder, *mods), saves)
    campaign = session.new("Drift", "7")
    for choice in choices:
        campaign.choose(choice)
    assert session.flush()
    state = dict(campaign.state)
    session.close()
    return Played(folder, saves, state)


def changed(name: str, *pairs: tuple[str, str]) -> Callable[[Texts], Texts]:
    def edit(texts: Texts) -> Texts:
        for old, new in pairs:
            assert old in texts[name], old
            texts[name] = texts[name].replace(old, new)
        return texts

    return edit


def renamed(old: str, new: str, more: str = "") -> Callable[[Texts], Texts]:
    def edit(texts: Texts) -> Texts:
        texts[f"scenes/{new}.yaml"] = texts.pop(f"scenes/{old}.yaml") + more
        return texts

    return edit


def both(*edits: Callable[[Texts], Texts]) -> Callable[[Texts], Texts]:
    def edit(texts: Texts) -> Texts:
        for one in edits:
            texts = one(texts)
        return texts

    return edit


SPLIT = both(
    changed("scenes/b.yaml", ("passages:\n  room: {text: A bench., choices: [{id: sit, label: Sit}, {id: stand, label: Stand}]}\n", ""), ("goto: room", "goto: bench")),
    lambda texts: {**texts, "scenes/bench.yaml": "title: The bench\ntext: A bench.\nchoices: [{id: sit, label: Sit}]\ninvented: true\n"},
)


class Edit(NamedTuple):
    """An edit under a campaign that can go on."""

    choices: tuple[str, ...]
    edit: Callable[[Texts], Texts]
    stands: str
    """where the campaign is afterwards"""
    told: tuple[str, ...]
    """what the player is told of, and the writer beforehand"""
    state: dict[str, Any]
    """what is otherwise afterwards"""
    onward: str
    """a choice that can be made there"""


MOVED: dict[str, Any] = {
    "!visits.a": None, "!chosen.a/open": None, "!note.a/open": None, "!visits.door": 1, "!chosen.door/open": 1,
    "!note.door/open": "1 1940-01-05 The gate: Open it",
}  # fmt: skip
"""what a campaign remembers of a scene that was renamed, under its new name"""
EDITS: dict[str, Edit] = {
    "text only, not seen yet": Edit(("open",), changed("scenes/c.yaml", ("It is long.", "It is longer.")), "b", (), {}, "enter"),
    "text only, of a scene that was played": Edit(("open",), changed("scenes/a.yaml", ("You stand", "You wait")), "b", ("The gate",), {}, "enter"),
    "choices in another order": Edit(
        ("open",), changed("scenes/b.yaml", ("  - {id: leave, label: Go away}\n", ""), ("choices:\n", "choices:\n  - {id: leave, label: Go away}\n")),
        "b", (), {}, "leave",
    ),
    "a played choice has another id": Edit(("open",), changed("scenes/a.yaml", ("id: open", "id: unlock")), "b", ("The gate",), {}, "enter"),
    "the present scene is renamed, and says so": Edit(("open",), renamed("b", "court", "was: [b]\n"), "court", ("court",), {"!scene": "court", "!visits.b": None, "!visits.court": 1}, "enter"),
    "a played scene is renamed, and says so": Edit(("open",), renamed("a", "door", "was: a\n"), "b", (), MOVED, "enter"),
    "a played scene is renamed in silence": Edit(("open",), renamed("a", "door"), "b", (), {}, "enter"),
    "a played scene is deleted": Edit(("open",), lambda texts: {k: v for k, v in texts.items() if k != "scenes/a.yaml"}, "b", (), {}, "enter"),
    "a scene to come is deleted": Edit(("open",), lambda texts: {k: v for k, v in texts.items() if k != "scenes/c.yaml"}, "b", (), {}, "enter"),
    "the present room is deleted": Edit(
        ("open", "enter"), changed("scenes/b.yaml", ("  room: {text", "  hall: {text"), ("goto: room", "goto: hall")),
        "b", ("begins again",), {}, "enter",
    ),
    "the present room is renamed, and says so": Edit(
        ("open", "enter"), changed("scenes/b.yaml", ("  room: {text", "  hall: {was: room, text"), ("goto: room", "goto: hall")),
        "b/hall", (), {"!passage": "hall"}, "sit",
    ),
    "the present scene is split": Edit(("open", "enter"), SPLIT, "b", ("begins again",), {}, "enter"),
    "a number's range is narrowed": Edit(
        ("open",), changed("state.yaml", ("bread: {kind: resource, name: Bread, start: 4, range: 0..10", "bread: {kind: resource, name: Bread, start: 4, range: 0..5")),
        "b", ("bread",), {"bread": 5}, "enter",
    ),
    "a word is dropped": Edit(
        ("open",), both(changed("state.yaml", ("[none, offered, made]", "[none, made]")), changed("scenes/a.yaml", ("truce = offered", "truce = made"))),
        "b", ("truce",), {"truce": "none"}, "enter",
    ),
    "a word of a set is dropped": Edit(
        ("open", "enter"), both(changed("state.yaml", ("[owes_gate, owes_bell]", "[owes_gate]")), changed("scenes/b.yaml", ("owes_bell", "owes_gate"))),
        "b/room", ("debts",), {"debts": ()}, "sit",
    ),
    "a number becomes a word": Edit(
        ("open",), both(changed("state.yaml", ("arms: {kind: resource, name: Arms, start: 2, range: 0..10}", "arms: {start: few, one_of: [few, many]}")),
                        changed("scenes/a.yaml", ("arms += 1", "arms = many"))),
        "b", ("arms",), {"arms": "few"}, "enter",
    ),
    "a flag becomes a number": Edit(
        ("open",), changed("state.yaml", ("page_kept: flag", "page_kept: {start: 3, range: 0..5}")), "b", ("page_kept",), {"page_kept": 3}, "enter",
    ),
    "a quality is added": Edit(("open",), changed("state.yaml", ("page_kept: flag", "page_kept: flag\nsalt: {start: 6, range: 0..10}")), "b", ("salt",), {"salt": 6}, "enter"),
    "a quality is gone": Edit(("open",), changed("state.yaml", ("page_kept: flag\n", "")), "b", (), {}, "enter"),
    "a need stands before a played choice": Edit(
        ("open",), changed("scenes/a.yaml", ("label: Open it,", "label: Open it, needs: [{if: bread > 3}],")), "b", ("The gate",), {}, "enter",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_leaves_a_campaign_playable_and_tells_what_changed(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit = EDITS[name]
    before = played(tmp_path, *edit.choices)
    put(before.folder, edit.edit(whole()))
    status, said = before.against(capsys)
    assert status == 0, said
    session = Session(load(before.folder), before.saves)
    lines = session.open("drift")
    campaign = session.campaign
    assert campaign is not None and not session.stranded
    told = " ".join(lines)
    assert all(word in told and word in said for word in edit.told), (told, said)
    assert bool(lines) == bool(edit.told) or not edit.told
    assert campaign.view.address == edit.stands
    assert {k: campaign.state.get(k) for k in edit.state} == edit.state
    same = set(before.state) - set(edit.state) - {"page_kept", "!passage"}
    assert {k: campaign.state.get(k) for k in same} == {k: before.state[k] for k in same}, "past choices stay as they were made"
    campaign.choose(edit.onward)
    assert session.flush()
    session.close()
    again = Session(load(before.folder), before.saves)
    assert again.open("drift") == (), "what was adopted is not told a second time"
    again.close()


# what cannot simply go on


def stranded(before: Played, said: str) -> Session:
    """The campaign opened in the story as it is now: told, and not touched."""
    session, bytes_before = Session(load(before.folder), before.saves), before.file.read_bytes()
    lines = session.open("drift")
    assert "no longer in the story: b" in " ".join(lines) and "no longer in the story: b" in said
    assert session.stranded and before.file.read_bytes() == bytes_before, "nothing is written before the player picks"
    return session


@pytest.mark.parametrize("edit", [renamed("b", "court"), lambda texts: {k: v for k, v in texts.items() if k != "scenes/b.yaml"}], ids=["renamed", "deleted"])
def test_a_campaign_whose_scene_is_gone_is_stranded_until_the_player_goes_back(
    edit: Callable[[Texts], Texts], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = played(tmp_path, "open")
    put(before.folder, edit(whole()))
    status, said = before.against(capsys)
    assert status == 1
    session = stranded(before, said)
    session.go_back_to_survivor()
    assert session.campaign is not None and session.campaign.view.address == "a"
    session.campaign.choose("shut")
    session.close()
    put(before.folder, whole())
    back = Session(load(before.folder), before.saves)
    back.open("drift")
    assert back.campaign is not None and len(back.campaign.journal.branches()) == 2, "the branch that was played is kept"
    back.close()


def test_a_stranded_campaign_that_is_left_opens_as_it_was_once_its_scene_is_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = played(tmp_path, "open", "enter")
    put(before.folder, renamed("b", "court")(whole()))
    session = stranded(before, before.against(capsys)[1])
    session.close()
    put(before.folder, whole())
    assert before.against(capsys) == (0, "opens as it was played")
    back = Session(load(before.folder), before.saves)
    assert back.open("drift") == ()
    assert back.campaign is not None and back.campaign.state == before.state and back.campaign.view.address == "b/room"
    back.close()


def test_a_campaign_without_its_mod_is_refused_by_name_and_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mod = put(tmp_path / "bells", MOD)
    before = played(tmp_path, "open", mods=(mod,))
    assert before.against(capsys, mod) == (0, "opens as it was played")
    status, said = before.against(capsys)
    assert status == 1 and "needs another story: bells" in said
    bytes_before = before.file.read_bytes()
    with pytest.raises(RedMexicoError, match="needs another story: bells"):
        Session(load(before.folder), before.saves).open("drift")
    assert before.file.read_bytes() == bytes_before
    assert main(["play", "drift", "--plain", "--pack", str(before.folder), "--saves", str(before.saves)]) in (2, 4)
    again = Session(load(before.folder, mod), before.saves)
    assert again.open("drift") == () and again.campaign is not None
    again.close()


def test_a_mod_that_is_added_is_taken_up_and_said(tmp_path: Path) -> None:
    before = played(tmp_path, "open")
    mod = put(tmp_path / "bells", MOD)
    session = Session(load(before.folder, mod), before.saves)
    assert any("The gate" in line for line in session.open("drift"))
    assert session.campaign is not None and session.campaign.state["arms"] == before.state["arms"], "what was done stays done"
    for choice in ("leave", "go"):
        session.campaign.choose(choice)
    assert session.campaign.view.address == "bells"
    session.close()
    with pytest.raises(RedMexicoError, match="needs another story: bells"):
        Session(load(before.folder), before.saves).open("drift")


def test_a_replay_of_changed_content_is_not_comparable_and_opening_never_asks_for_one(tmp_path: Path) -> None:
    before = played(tmp_path, "open")
    put(before.folder, changed("scenes/a.yaml", ("bread += 3", "bread += 1"))(whole()))
    session = Session(load(before.folder), before.saves)
    session.open("drift")
    assert session.campaign is not None and session.campaign.state["bread"] == before.state["bread"]
    result = replay(session.story, session.campaign.journal)
    assert not result.whole and result.matched == 0 and result.reason
    session.close()


def test_checking_against_campaigns_tells_each_one_by_itself_and_changes_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = played(tmp_path, "open")
    (before.saves / "torn.rmx.jsonl").write_bytes(before.file.read_bytes()[:-9])
    (before.saves / "diary.rmx.jsonl").write_bytes(b"Dear diary,\n\x1b[2J")
    (before.saves / "link.rmx.jsonl").symlink_to("/etc/passwd")
    (before.saves / "notes.txt").write_text("mine")
    put(before.folder, renamed("b", "court")(whole()))
    contents = {path.name: path.read_bytes() for path in before.saves.iterdir() if path.suffix != ".lock"}
    status = main(["check", str(before.folder), "--against", str(before.saves)])
    said = capsys.readouterr().out
    assert status == 1 and "drift: " in said and "torn: " in said and "\x1b" not in said and "root:" not in said
    assert {path.name: path.read_bytes() for path in before.saves.iterdir() if path.name in contents} == contents
    assert main(["check", str(before.folder), "--against", str(tmp_path / "nowhere")]) == 2


def test_a_story_with_errors_is_not_held_against_campaigns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = played(tmp_path, "open")
    put(before.folder, changed("story.yaml", ("title: A small story\n", ""))(whole()))
    assert main(["check", str(before.folder), "--against", str(before.saves)]) == 1
    assert "drift" not in capsys.readouterr().out


def test_another_story_of_the_same_name_is_adopted_or_strands_but_never_breaks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = played(tmp_path, "open", "enter")
    put(before.folder, {**files(state=STATE.replace("arms:", "guns:").replace("page_kept: flag", "page_kept: {set: [a]}")),
                        "story.yaml": STORY.replace("id: one", "id: two").replace("act: one", "act: two"), "scenes/z.yaml": C})  # fmt: skip
    status, said = before.against(capsys)
    assert status == 1 and said
    session = Session(load(before.folder), before.saves)
    try:
        session.open("drift")
    except RedMexicoError as error:
        assert "does not fit" in str(error)
    session.close()
