"""The writer's bench: the story changes under a campaign, and the author reaches in."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit import STATE, STORY, files, scene
from redmexico.campaign import Campaign, replay
from redmexico.engine import world_of
from redmexico.errors import RedMexicoError
from redmexico.runcode import code_of
from redmexico.state import iso
from redmexico.workbench import AUTHOR, Line, Workbench, is_test, moves, shown, stamp_of
from redmexico.world import today

PIER = """
    title: The pier
    when: {from: 1940-01-09, until: 1940-01-09}
    due: true
    text: They will not come down.
    choices:
      - {id: wave, label: Wave., do: [bread += 1], text: They wave back., goto: later}
      - {id: plant, label: Plant a bill., later: [{in: 2 months, scene: clinic}], goto: later}
      - {id: ask, label: Ask at the office., call: office, goto: later}
    passages:
      later:
        text: The launch goes back.
        choices:
          - {id: go, label: Walk into the town., text: It has gulls in it.}
          - {id: stay, label: Stay by the water., do: [bread -= 1]}
"""
MARKET = """
    title: The market
    when: {from: 1940-03-01, until: 1940-12-31, if: bread >= 6 and truce == made and not chosen(pier/wave)}
    due: true
    text: There are twelve stalls.
    choices: [{id: buy, label: Buy bread., do: [bread += 1], text: It is good bread.}]
"""
OFFICE = """
    title: The office
    text: Nobody is in.
    choices: [{id: out, label: Go out again., text: The door was open.}]
"""
CLINIC = """
    title: The clinic
    text: The bill is here.
    choices: [{id: pay, label: Pay.}]
"""
DEN = """
    title: The den
    draw: {deck: town}
    text: It is dark.
    choices: [{id: out, label: Out.}]
"""
COUNCIL = STORY.replace("    turn: 6 months\n", "    turn: 6 months\n    council: {hand: 3, orders: 2, decks: [town]}\n")


class Desk:
    """A pack on the disk, the bench before it, and a campaign."""

    def __init__(self, folder: Path, **texts: str) -> None:
        self.folder = folder
        texts = {"scene__pier": PIER, "scene__market": MARKET, "scene__office": OFFICE, "scene__clinic": CLINIC, **texts}
        for name, text in files(**{k: scene(v) if k.startswith("scene__") else v for k, v in texts.items()}).items():
            self.write(name, text)
        self.bench = Workbench([folder])
        self.bench.read()
        assert self.bench.story is not None, "\n".join(map(str, self.bench.read().findings))
        self.campaign = Campaign.new(self.bench.story, "7")

    def path(self, name: str) -> Path:
        return self.folder / (f"scenes/x/{name}.yaml" if "." not in name else name)

    def write(self, name: str, text: str) -> None:
        path = self.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        text = self.path(name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new))

    def without(self, name: str, words: str) -> None:
        """A file without the lines that have these words in them."""
        lines = self.path(name).read_text(encoding="utf-8").split("\n")
        self.write(name, "\n".join(line for line in lines if words not in line))

    def again(self) -> tuple[str, ...]:
        """The story is read again and taken up."""
        assert self.bench.changed()
        result = self.bench.read()
        assert result.fresh, "\n".join(map(str, result.findings))
        return self.bench.take_up(self.campaign)

    def labels(self) -> list[str]:
        return [offer.label for offer in self.campaign.view.offers]

    def values(self) -> dict[str, str]:
        return {row.name: row.value for row in self.bench.stands(self.campaign)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path / "pack")


def refused(act: Callable[[], object]) -> RedMexicoError:
    with pytest.raises(RedMexicoError) as caught:
        act()
    return caught.value


# reading again


def test_nothing_has_changed_until_a_file_has(desk: Desk) -> None:
    assert not desk.bench.changed()
    desk.change("pier", "Wave.", "Wave once.")
    assert desk.bench.changed()
    desk.bench.read()
    assert not desk.bench.changed()


def test_a_word_that_was_changed_is_read_where_the_campaign_stands(desk: Desk) -> None:
    desk.change("pier", "Wave.", "Wave once.")
    assert desk.labels()[0] == "Wave."
    desk.again()
    assert desk.labels()[0] == "Wave once."
    assert desk.campaign.view.address == "pier"


def test_what_the_last_choice_said_is_told_again_in_its_new_words(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.change("pier", "They wave back.", "They wave back twice.")
    told = desk.again()
    assert "They wave back twice." in str(desk.campaign.told)
    assert told == ()


def test_what_a_choice_did_stands_though_it_would_do_something_else_now(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.change("pier", "bread += 1", "bread += 3")
    desk.again()
    assert desk.values()["bread"] == "5"


def test_a_choice_that_leads_elsewhere_now_is_told_as_it_was_read(desk: Desk) -> None:
    desk.campaign.choose("wave")
    before = desk.campaign.told
    desk.change("pier", "text: They wave back., goto: later", "text: Nobody sees it., goto: office")
    desk.again()
    assert desk.campaign.told == before
    assert desk.campaign.view.address == "pier/later"


def test_a_broken_file_leaves_the_last_good_story_in_play(desk: Desk) -> None:
    desk.change("pier", "bread += 1", "bred += 1")
    result = desk.bench.read()
    assert not result.fresh
    assert [(f.code, f.hint) for f in result.findings if f.severity == "error"] == [("RM201", "did you mean 'bread'?")]
    assert desk.bench.take_up(desk.campaign) == ()
    assert desk.labels()[0] == "Wave."
    desk.campaign.choose("wave")
    assert desk.campaign.view.address == "pier/later"


@pytest.mark.parametrize("left", [0, 1, 40, 90, 200])
def test_a_file_in_the_middle_of_being_written_never_breaks_play(desk: Desk, left: int) -> None:
    whole = desk.path("pier").read_text(encoding="utf-8")
    desk.write("pier", whole[:left])
    result = desk.bench.read()
    assert not result.fresh
    assert desk.bench.take_up(desk.campaign) == ()
    desk.write("pier", whole + "\n")
    assert desk.again() == ()
    assert desk.labels()[0] == "Wave."


def test_the_half_of_a_file_that_happens_to_be_a_scene_shakes_the_campaign_and_is_seen_to(desk: Desk) -> None:
    desk.campaign.choose("wave")
    whole = desk.path("pier").read_text(encoding="utf-8")
    head = whole[: whole.index("    passages:") if "    passages:" in whole else whole.index("passages:")]
    desk.write("pier", head.replace(", goto: later", "") + "\ninvented: true\n")
    assert desk.bench.read().fresh
    assert desk.bench.shaken(desk.campaign)
    desk.write("pier", whole)
    assert desk.bench.read().fresh
    assert not desk.bench.shaken(desk.campaign)
    desk.bench.take_up(desk.campaign)
    assert desk.campaign.view.address == "pier/later"


def test_a_room_that_is_gone_begins_its_scene_again(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.change("pier", "  later:", "  afterwards:")
    desk.write("pier", desk.path("pier").read_text(encoding="utf-8").replace("goto: later", "goto: afterwards"))
    told = desk.again()
    assert desk.campaign.view.address == "pier"
    assert told[0] == "The room in which you stopped is gone; the scene begins again."


def test_a_scene_that_was_renamed_is_followed(desk: Desk) -> None:
    text = desk.path("pier").read_text(encoding="utf-8")
    desk.path("pier").unlink()
    desk.write("quay", "was: [pier]\n" + text)
    desk.change("market", "chosen(pier/wave)", "chosen(quay/wave)")
    assert desk.bench.read().fresh
    assert desk.bench.lost(desk.campaign) == ""
    told = desk.bench.take_up(desk.campaign)
    assert desk.campaign.view.address == "quay"
    assert told[0] == "The scene in which you stopped is called quay now."


def test_a_scene_that_is_gone_is_named_before_anything_is_done(desk: Desk) -> None:
    desk.bench.jump(desk.campaign, "office")
    desk.path("office").unlink()
    desk.without("pier", "id: ask")
    assert desk.bench.read().fresh
    assert desk.bench.lost(desk.campaign) == "office"
    assert desk.labels() == ["Go out again."]
    desk.bench.step_back(desk.campaign)
    assert desk.bench.lost(desk.campaign) == ""
    desk.bench.take_up(desk.campaign)
    assert desk.labels() == ["Wave.", "Plant a bill."]


def test_a_scene_that_is_gone_for_good_sends_the_campaign_to_the_last_that_is_there(desk: Desk) -> None:
    desk.campaign.choose("ask")
    assert desk.campaign.view.address == "office"
    desk.without("pier", "id: ask")
    desk.path("office").unlink()
    told = desk.again()
    assert told == ("'office' is gone: back to where you last stood in a scene that is there.",)
    assert desk.campaign.view.address == "pier"


def test_whoever_called_a_scene_may_go_while_it_is_played(desk: Desk) -> None:
    desk.campaign.choose("ask")
    desk.without("pier", "id: ask")
    desk.again()
    desk.campaign.choose("out")
    assert desk.campaign.state.get("!calls", ()) == ()


def test_a_new_quality_stands_where_it_begins(desk: Desk) -> None:
    desk.write("state.yaml", STATE + "\ngulls: {start: 12, range: 0..99}\n")
    told = desk.again()
    assert desk.values()["gulls"] == "12"
    assert told == ("The story counts otherwise now: gulls.",)


def test_a_quality_that_is_gone_is_not_shown_and_hurts_nobody(desk: Desk) -> None:
    desk.write("state.yaml", STATE.replace("arms: {kind: resource, name: Arms, start: 2, range: 0..10}\n", ""))
    desk.again()
    assert "arms" not in desk.values()
    desk.campaign.choose("wave")


def test_a_value_that_no_longer_fits_is_put_back_into_its_range(desk: Desk) -> None:
    desk.bench.set(desk.campaign, "bread = 9")
    desk.write("state.yaml", STATE.replace("start: 4, range: 0..10, words: {0: hunger, 3: queues, 5: enough}", "start: 4, range: 0..7"))
    desk.again()
    assert desk.values()["bread"] == "7"


def test_a_scene_added_while_the_bench_is_open_can_be_jumped_to(desk: Desk) -> None:
    assert "no scene 'attic'" in str(refused(lambda: desk.bench.jump(desk.campaign, "attic")))
    desk.write("attic", scene("title: The attic\nrepeat: true\ndue: true\nwhen: {if: bread > 9}\ntext: Dust.\nchoices: [{id: down, label: Down.}]"))
    desk.again()
    desk.bench.jump(desk.campaign, "attic")
    assert desk.campaign.view.title == "The attic"
    assert "attic" in desk.bench.addresses()


def test_two_files_changed_at_once_are_read_together(desk: Desk) -> None:
    desk.write("state.yaml", STATE + "\ngulls: {start: 12, range: 0..99}\n")
    desk.change("pier", "bread += 1", "gulls += 1")
    desk.again()
    desk.campaign.choose("wave")
    assert desk.values()["gulls"] == "13"


def test_of_two_files_that_belong_together_the_first_alone_is_an_error_for_a_moment(desk: Desk) -> None:
    desk.change("pier", "bread += 1", "gulls += 1")
    assert not desk.bench.read().fresh
    desk.write("state.yaml", STATE + "\ngulls: {start: 12, range: 0..99}\n")
    desk.again()
    desk.campaign.choose("wave")
    assert desk.values()["gulls"] == "13"


def test_an_editors_atomic_save_is_seen(desk: Desk) -> None:
    path = desk.path("pier")
    before = path.stat()
    beside = path.with_name("pier.tmp")
    beside.write_text(path.read_text(encoding="utf-8").replace("Wave.", "Wove."), encoding="utf-8")
    os.utime(beside, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    beside.replace(path)
    desk.again()
    assert desk.labels()[0] == "Wove."


def test_a_whole_folder_that_is_replaced_is_read_anew(desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(desk.folder, other)
    (other / "scenes/x/pier.yaml").write_text((other / "scenes/x/pier.yaml").read_text().replace("Wave.", "Wave twice."))
    desk.folder.rename(tmp_path / "old")
    assert desk.bench.changed()
    assert "no story.yaml here" in str(refused(desk.bench.read))
    assert desk.labels()[0] == "Wave."
    other.rename(desk.folder)
    desk.again()
    assert desk.labels()[0] == "Wave twice."


def test_a_file_that_goes_away_while_it_is_read_is_looked_for_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(paths: object) -> None:
        raise FileNotFoundError(2, "No such file or directory", "scenes/x/pier.yaml")

    with monkeypatch.context() as patched:
        patched.setattr("redmexico.loader.pack.Workshop.load", lambda self, paths: gone(paths))
        error = refused(desk.bench.read)
    assert (error.message, error.where) == ("the pack cannot be read: No such file or directory", "scenes/x/pier.yaml")
    assert desk.bench.changed()
    assert desk.bench.read().fresh


def test_a_mods_file_is_read_again_too(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pack")
    mod = tmp_path / "mod"
    (mod / "scenes").mkdir(parents=True)
    (mod / "story.yaml").write_text("id: mod\ntitle: A mod\nversion: 1.0.0\nrequires: [small]\n")
    (mod / "scenes/cellar.yaml").write_text(scene("title: The cellar\ndue: true\nwhen: {if: bread > 9}\ntext: Damp.\nchoices: [{id: up, label: Up.}]"))
    bench = Workbench([tmp_path / "pack", mod])
    assert bench.read().fresh
    assert bench.story is not None
    campaign = Campaign.new(bench.story, "7")
    bench.jump(campaign, "cellar")
    (mod / "scenes/cellar.yaml").write_text((mod / "scenes/cellar.yaml").read_text().replace("Up.", "Up the ladder."))
    assert bench.changed()
    assert bench.read().fresh
    bench.take_up(campaign)
    assert [offer.label for offer in campaign.view.offers] == ["Up the ladder."]
    assert bench.place_of("cellar") == (mod / "scenes/cellar.yaml", 1)
    assert desk.bench.good is not None


def spanish(desk: Desk, text: str) -> None:
    from redmexico.translation import hash_of

    desk.write("es/scenes/x/pier.yaml", f"pier#text: {{of: {hash_of('They will not come down.')}, text: {text}}}\n")


def test_a_translation_that_changes_is_read_in_its_language(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pack", story=STORY.replace("version: 1.0.0", "version: 1.0.0\nlanguages: [en, es]"))
    spanish(desk, "No bajan.")
    desk.bench.language = "es"
    desk.again()
    assert "No bajan." in str(desk.campaign.view.narration)
    spanish(desk, "No van a bajar.")
    desk.again()
    assert "No van a bajar." in str(desk.campaign.view.narration)


def test_an_error_in_a_translation_is_found_and_keeps_nobody_from_playing(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pack", story=STORY.replace("version: 1.0.0", "version: 1.0.0\nlanguages: [en, es]"))
    spanish(desk, "No bajan.")
    desk.write("es/scenes/x/market.yaml", "market#txt: {of: 12345678, text: Nada}\n")
    desk.bench.language = "es"
    assert desk.bench.changed()
    result = desk.bench.read()
    assert [f.code for f in result.findings if f.severity == "error"] == ["RM509"]
    assert result.fresh
    desk.bench.take_up(desk.campaign)
    assert "No bajan." in str(desk.campaign.view.narration)


def test_a_campaign_that_cannot_be_brought_along_stays_in_the_story_that_it_is_in(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(pending: object) -> None:
        raise RedMexicoError("the disk is full")

    before = desk.campaign.story
    desk.change("pier", "Wave.", "Wave once.")
    desk.bench.read()
    monkeypatch.setattr(desk.campaign, "keep", full)
    assert refused(lambda: desk.bench.take_up(desk.campaign)).message == "the disk is full"
    assert desk.campaign.story is before
    assert desk.bench.waiting is not None


DECK = {"story": COUNCIL, "scene__den": DEN}


def test_a_card_that_goes_away_goes_from_the_hand(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "pack", **DECK)
    desk.bench.at(desk.campaign, "1940-02-01")
    assert desk.campaign.view.kind == "council"
    assert desk.campaign.state["!hand"] == ("den",)
    desk.write("cave", desk.path("den").read_text().replace("den", "cave"))
    desk.path("den").unlink()
    desk.again()
    assert desk.campaign.state["!hand"] == ()
    assert desk.campaign.view.opened


def test_an_order_is_laid_on_the_councils_table(tmp_path: Path) -> None:
    order = "title: Bake\ndraw: {deck: town}\nlabel: Have bread baked.\ndo: [bread += 2]\ntext: It is baked."
    desk = Desk(tmp_path / "pack", **DECK, scene__bake=order)
    desk.bench.jump(desk.campaign, "bake")
    assert desk.campaign.view.kind == "council"
    desk.campaign.choose("take.bake")
    assert desk.values()["bread"] == "6"


def test_an_order_wants_a_council(tmp_path: Path) -> None:
    order = "title: Bake\ndraw: {deck: town}\nlabel: Have bread baked.\ndo: [bread += 2]\ntext: It is baked."
    story = COUNCIL.replace("until: 1940-12-31", "until: 1940-06-30").replace("next: [{ending: rules}]", "next: [{act: two}]")
    story += "  - {id: two, title: Two, goal: Go on., from: 1940-07-01, until: 1940-12-31, turn: 6 months, next: [{ending: rules}]}\n"
    desk = Desk(tmp_path / "pack", story=story, scene__bake=order)
    desk.bench.at(desk.campaign, "1940-08-01")
    error = refused(lambda: desk.bench.jump(desk.campaign, "bake"))
    assert error.message == "'bake' is an order, and this act has no council"
    assert error.hint


# reaching in


def test_an_effect_is_carried_out_as_a_writer_types_it(desk: Desk) -> None:
    for line in ("bread = 3", "debts += owes_bell", "truce = made", "page_kept = true", "church.temper -= 1"):
        desk.bench.set(desk.campaign, line)
    values = desk.values()
    assert [values[n] for n in ("bread", "debts", "truce", "page_kept", "church.temper")] == ["3", "owes_bell", "made", "true", "-3"]


@pytest.mark.parametrize(
    ("line", "message", "hint"),
    [
        ("bred = 3", "no quality named 'bred'", "did you mean 'bread'?"),
        ("bread", "an effect is", ""),
        ("", "an effect is", ""),
        ("bread = lots", "", ""),
        ("reveel the_notebook", "no effect named 'reveel'", "did you mean 'reveal'?"),
        ("truce = mad", "", "made"),
    ],
)
def test_an_effect_that_is_none_is_refused_with_a_remedy(desk: Desk, line: str, message: str, hint: str) -> None:
    before = dict(desk.campaign.state)
    error = refused(lambda: desk.bench.set(desk.campaign, line))
    assert message in error.message
    assert hint in error.hint
    assert error.hint
    assert desk.campaign.state == before


def test_the_author_stands_where_he_jumps_to(desk: Desk) -> None:
    desk.bench.jump(desk.campaign, "pier/later")
    assert desk.campaign.view.address == "pier/later"
    desk.bench.jump(desk.campaign, "market")
    assert desk.labels() == ["Buy bread."]
    assert desk.bench.out_of_time(desk.campaign) == "It comes from 1940-03-01; it is 1940-01-09."


@pytest.mark.parametrize(
    ("address", "said", "hint"),
    [("peer", "there is no scene 'peer'", "did you mean 'pier'?"), ("pier/latter", "'pier' has no room 'latter'", "did you mean 'later'?"), ("", "there is no scene ''", "")],
)
def test_a_jump_to_nowhere_is_refused_with_the_nearest_place(desk: Desk, address: str, said: str, hint: str) -> None:
    error = refused(lambda: desk.bench.jump(desk.campaign, address))
    assert error.message == said
    assert error.hint == hint
    assert not is_test(desk.campaign)


def test_the_author_stands_on_a_day_and_what_lies_before_it_stands_as_recorded(tmp_path: Path) -> None:
    events = "- {id: war, line: history, date: 1940-03-01, title: War, weight: 2, subjects: [war], record: War comes., invented: true, external: true}"
    desk = Desk(tmp_path / "pack", events=events)
    desk.bench.at(desk.campaign, "1940-06-30")
    assert iso(today(desk.campaign.state)) >= "1940-06-30"
    assert desk.campaign.state["!event.war"] == "kept"
    desk.bench.at(desk.campaign, "1940-02-01")
    assert "!when.war" not in desk.campaign.state or today(desk.campaign.state) >= int(desk.campaign.state["!when.war"])  # type: ignore[arg-type]


@pytest.mark.parametrize("date", ["yesterday", "1940-13", "1950", "0001", "", "99999"])
def test_a_day_that_is_none_is_refused_with_a_remedy(desk: Desk, date: str) -> None:
    error = refused(lambda: desk.bench.at(desk.campaign, date))
    assert error.hint
    assert not is_test(desk.campaign)


def test_standing_in_another_act_does_what_the_act_does(tmp_path: Path) -> None:
    story = STORY.replace("until: 1940-12-31\n    turn: 6 months\n    next: [{ending: rules}]", "until: 1940-06-30\n    turn: 6 months\n    next: [{act: two}]")
    story += "  - {id: two, title: Two, goal: Go on., from: 1940-07-01, until: 1940-12-31, turn: 6 months, do: [arms = 7], next: [{ending: rules}]}\n"
    desk = Desk(tmp_path / "pack", story=story)
    desk.bench.at(desk.campaign, "1940-08")
    assert desk.values()["arms"] == "7"


def test_whoever_reaches_in_has_a_test_run(desk: Desk) -> None:
    assert not is_test(desk.campaign)
    desk.bench.set(desk.campaign, "bread = 3")
    assert is_test(desk.campaign)
    desk.campaign.choose("wave")
    assert is_test(desk.campaign)


def test_reading_again_alone_makes_no_test_run(desk: Desk) -> None:
    desk.change("pier", "Wave.", "Wave once.")
    desk.again()
    assert not is_test(desk.campaign)


def test_a_test_run_has_no_code_and_does_not_come_out_again(desk: Desk) -> None:
    desk.bench.set(desk.campaign, "bread = 9")
    desk.campaign.choose("wave")
    assert refused(lambda: code_of(desk.campaign.story, desk.campaign.journal)).message
    assert not replay(desk.campaign.story, desk.campaign.journal).whole


# back and forth


def test_a_step_back_takes_back_what_the_author_did(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.bench.set(desk.campaign, "bread = 9")
    assert desk.bench.step_back(desk.campaign)
    assert desk.values()["bread"] == "5"
    assert desk.campaign.view.address == "pier/later"
    assert not is_test(desk.campaign)
    assert desk.bench.step_back(desk.campaign)
    assert desk.campaign.view.address == "pier"
    assert not desk.bench.step_back(desk.campaign)


def test_a_step_back_after_a_jump_ends_where_the_author_jumped_to(desk: Desk) -> None:
    desk.bench.jump(desk.campaign, "market")
    desk.campaign.choose("buy")
    assert desk.bench.step_back(desk.campaign)
    assert desk.campaign.view.address == "market"
    assert desk.bench.step_forward(desk.campaign)
    assert desk.values()["bread"] == "5"


def test_a_story_that_was_read_again_is_no_step(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.change("pier", "Wave.", "Wave once.")
    desk.again()
    assert desk.bench.step_back(desk.campaign)
    assert desk.campaign.view.address == "pier"
    assert desk.labels()[0] == "Wave once."
    assert desk.bench.step_forward(desk.campaign)
    assert desk.campaign.view.address == "pier/later"


DEEDS = st.lists(st.sampled_from(["choose", "set", "jump", "back", "forward", "read"]), max_size=14)


@settings(max_examples=25, deadline=None)
@given(DEEDS, st.integers(0, 99))
def test_back_and_forward_again_is_where_one_was(tmp_path_factory: pytest.TempPathFactory, deeds: list[str], seed: int) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk") / "pack")
    chance = random.Random(seed)
    for i, deed in enumerate(deeds):
        if deed == "choose" and desk.campaign.view.opened:
            desk.campaign.choose(chance.choice(desk.campaign.view.opened).id)
        elif deed == "set":
            desk.bench.set(desk.campaign, f"bread = {chance.randrange(10)}")
        elif deed == "jump":
            desk.bench.jump(desk.campaign, chance.choice(["pier", "market", "pier/later"]))
        elif deed == "back":
            desk.bench.step_back(desk.campaign)
        elif deed == "forward":
            desk.bench.step_forward(desk.campaign)
        elif deed == "read":
            desk.write("pier", scene(PIER) + f"\n# {i}\n")
            desk.again()
    there = dict(desk.campaign.state)
    if desk.bench.step_back(desk.campaign):
        assert desk.bench.step_forward(desk.campaign)
        assert desk.campaign.state == there
    line = Line(desk.campaign.journal).whole(desk.campaign.journal.position)
    assert line == sorted(line)
    assert is_test(desk.campaign) == any(cause == AUTHOR for n in line for cause, _ in desk.campaign.journal.records[n]["d"])


# looking


def test_a_quality_tells_what_moved_it_the_author_among_them(desk: Desk) -> None:
    desk.campaign.choose("wave")
    desk.bench.set(desk.campaign, "bread = 9")
    desk.campaign.choose("stay")
    row = next(row for row in desk.bench.stands(desk.campaign) if row.name == "bread")
    told = [(r.change.old, r.change.new, r.step, f"{r.scene}/{r.choice}", r.change.cause) for r in row.history]
    assert told == [(9, 8, 2, "pier/stay", ""), (5, 9, 1, "/", AUTHOR), (4, 5, 1, "pier/wave", ""), (None, 4, 0, "/", "")]
    assert row.last > next(row for row in desk.bench.stands(desk.campaign) if row.name == "arms").last


def test_the_history_of_every_quality_ends_at_what_it_stands_at(desk: Desk) -> None:
    desk.bench.set(desk.campaign, "bread = 9")
    desk.campaign.choose("wave")
    state: dict[str, object] = {}
    for _, receipt in moves(desk.campaign):
        assert receipt.change.old == state.get(receipt.change.name)
        state[receipt.change.name] = receipt.change.new
    assert {k: v for k, v in state.items() if v is not None} == desk.campaign.state


def test_what_was_planted_waits_with_its_day(desk: Desk) -> None:
    assert desk.bench.pending(desk.campaign) == []
    desk.campaign.choose("plant")
    bills = desk.bench.pending(desk.campaign)
    assert [(bill.day, bill.by) for bill in bills] == [("1940-03-09", "pier/plant")]


def test_why_a_scene_does_not_come_is_said_clause_by_clause(desk: Desk) -> None:
    desk.campaign.choose("wave")
    found = {b.scene: b for b in desk.bench.why_not(desk.campaign)}
    assert found["market"].how == "due"
    assert found["market"].reasons == (
        "it comes from 1940-03-01 on; it is 1940-01-09",
        "bread >= 6 (bread is 5)",
        "truce == made (truce is none)",
        "not chosen(pier/wave) (pier/wave is taken)",
    )
    assert found["office"].led
    assert found["office"].how == "by call of pier/ask"
    assert "it is being played" in found["pier"].reasons
    desk.bench.jump(desk.campaign, "office")
    found = {b.scene: b for b in desk.bench.why_not(desk.campaign)}
    assert "it was played, and says neither 'repeat' nor 'again'" in found["pier"].reasons


def test_a_scene_that_nothing_keeps_is_one_that_the_game_would_play(desk: Desk) -> None:
    desk.bench.set(desk.campaign, "bread = 9")
    desk.bench.set(desk.campaign, "truce = made")
    desk.bench.at(desk.campaign, "1940-04-01")
    assert desk.campaign.view.address == "market"


def checked(desk: Desk) -> Iterator[tuple[str, bool, bool]]:
    """Of each due scene: whether the bench says that nothing keeps it, and whether the engine would offer it."""
    story, state = desk.campaign.story, desk.campaign.state
    w = world_of(story)
    for blocked in desk.bench.why_not(desk.campaign):
        card = story.cards[blocked.scene]
        if card.due == "plain":
            yield blocked.scene, not blocked.reasons, w.offered(state, card, today(state))


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_bench_and_the_engine_agree_on_what_can_come(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk") / "pack")
    chance = random.Random(seed)
    for _ in range(chance.randrange(5)):
        if desk.campaign.view.opened and not desk.campaign.ended:
            desk.campaign.choose(chance.choice(desk.campaign.view.opened).id)
    for line in ("bread = 9", "truce = made"):
        if chance.random() < 0.7:
            desk.bench.set(desk.campaign, line)
    for name, ours, theirs in checked(desk):
        assert ours == theirs, name


def test_a_scene_a_room_a_choice_and_a_quality_have_their_place(desk: Desk) -> None:
    lines = desk.path("pier").read_text(encoding="utf-8").split("\n")
    for address, begins in (("pier/stay", "id: stay"), ("pier/wave", "id: wave")):
        path, line = desk.bench.place_of(address)
        assert path == desk.path("pier")
        assert begins in lines[line - 1]
    path, line = desk.bench.place_of("pier/later")
    assert "later:" in "".join(lines[line - 2 : line])
    state = desk.path("state.yaml").read_text(encoding="utf-8").split("\n")
    for name in ("bread", "church.temper", "ortuno.trust"):
        path, line = desk.bench.place_of_quality(name)
        assert path == desk.path("state.yaml")
        assert state[line - 1].startswith(name.split(".")[0])
    assert refused(lambda: desk.bench.place_of("peer")).hint == "did you mean 'pier'?"


def test_every_quality_of_a_story_has_its_place(desk: Desk) -> None:
    for row in desk.bench.stands(desk.campaign):
        assert desk.bench.place_of_quality(row.name)[0].name == "state.yaml"


def test_what_may_be_typed_is_known(desk: Desk) -> None:
    assert desk.bench.addresses() == ["clinic", "market", "office", "pier", "pier/later"]
    assert {"bread = ", "debts += "} <= set(desk.bench.effects())
    for address in desk.bench.addresses():
        desk.bench.jump(desk.campaign, address)
        assert desk.campaign.view.address == address


# any change at all


def broken_up(text: str, chance: random.Random) -> str:
    """The text as it may be while somebody works on it."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    return "\n".join(lines[:at] + lines[at + chance.randrange(1, 4) :]) if chance.random() < 0.7 else text[: chance.randrange(len(text))]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 100_000))
def test_whatever_is_done_to_the_files_play_goes_on(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    events = "- {id: war, line: history, date: 1940-03-01, title: War, weight: 2, subjects: [war], record: War comes., invented: true, external: true}"
    desk = Desk(tmp_path_factory.mktemp("desk") / "pack", events=events, **DECK)
    chance = random.Random(seed)
    whole = {path: path.read_text(encoding="utf-8") for path in sorted(desk.folder.rglob("*.yaml"))}
    for _ in range(6):
        if desk.campaign.view.opened and not desk.campaign.ended:
            desk.campaign.choose(chance.choice(desk.campaign.view.opened).id)
        path = chance.choice(list(whole))
        if chance.random() < 0.15:
            path.unlink(missing_ok=True)
        else:
            path.write_text(broken_up(whole[path], chance) if chance.random() < 0.8 else whole[path], encoding="utf-8")
        try:
            desk.bench.read()
            if not desk.bench.lost(desk.campaign):
                desk.bench.take_up(desk.campaign)
        except RedMexicoError as error:
            assert error.hint or error.where
        view = desk.campaign.view
        assert view.kind == "ending" or view.opened or view.offers
        assert desk.bench.stands(desk.campaign)
        desk.bench.why_not(desk.campaign)
        desk.bench.pending(desk.campaign)


def test_the_bench_is_seen_through_by_a_stamp_of_the_packs_alone(desk: Desk) -> None:
    names = [Path(name).name for name, *_ in stamp_of([desk.folder])]
    assert sorted(names) == sorted(path.name for path in desk.folder.rglob("*.yaml"))
    (desk.folder / "notes.txt").write_text("not of the story")
    (desk.folder / ".git").mkdir()
    (desk.folder / ".git/x.yaml").write_text("a: 1")
    assert [Path(name).name for name, *_ in stamp_of([desk.folder])] == names
    assert stamp_of([desk.folder / "nowhere"]) == ()


def test_values_are_shown_as_they_are_written() -> None:
    assert [shown(v) for v in (True, False, 3, "made", ("a", "b"), ())] == ["true", "false", "3", "made", "a, b", ""]

