"""The Prologue in Spanish: the same campaign in other words, and a notebook that keeps its language."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from redmexico import engine, language
from redmexico.campaign import Campaign, replay, why
from redmexico.cli import main
from redmexico.loader import load_form
from redmexico.loader.tongues import hash_of
from redmexico.model import Story
from redmexico.narration import plain
from redmexico.runcode import code_of, decode
from redmexico.runcode import play as played
from redmexico.translation import accept, coverage, todo
from redmexico.ui.session import Session

ROOT = Path(__file__).resolve().parent.parent
WRITTEN = ("!note.", "!pulls.", "!lang")
"""what a campaign keeps in words"""


@pytest.fixture(scope="module")
def both(redmexico: Story) -> tuple[Story, Story]:
    return redmexico, redmexico.told_in("es")


def walked(story: Story, choices: int, seed: str = "7") -> Campaign:
    campaign = Campaign.new(story, seed)
    generator = random.Random(seed)
    for _ in range(choices):
        if campaign.ended:
            break
        campaign.choose(generator.choice(engine.open_ids(story, campaign.state)))
    return campaign


def test_a_campaign_goes_the_same_way_in_both_languages_but_for_its_words(both: tuple[Story, Story]) -> None:
    english, spanish = (walked(story, 60) for story in both)
    assert english.journal.path() == spanish.journal.path()
    kept = [{n: v for n, v in c.state.items() if not n.startswith(WRITTEN)} for c in (english, spanish)]
    assert kept[0] == kept[1]
    assert [o.id for o in english.view.offers] == [o.id for o in spanish.view.offers]
    assert english.view.divergence == spanish.view.divergence


def test_the_prologue_has_no_english_left(both: tuple[Story, Story]) -> None:
    loaded = load_form(ROOT / "content")
    rows = {row.file.removeprefix("content/"): row for row in coverage(loaded, "es")}
    prologue = [row for file, row in rows.items() if file.startswith("scenes/1937_tampico")]
    assert len(prologue) == 10
    assert all(row.have == row.whole and not row.stale for row in (*prologue, rows["story.yaml"], rows["cast.yaml"], rows["events.yaml"]))
    english, spanish = both
    assert all(word != english.flags[note] for note, word in spanish.flags.items())
    for seed in range(6):
        a, b = Campaign.new(english, str(seed)), Campaign.new(spanish, str(seed))
        generator = random.Random(seed)
        while a.state["!act"] == "prologue":
            for said, told in ((a.view, b.view), (b.view, a.view)):
                assert said.title and told.title
            text, other = plain(a.view.narration), plain(b.view.narration)
            assert not text or text != other, a.view.address
            for mine, theirs in zip(a.view.offers, b.view.offers, strict=True):
                assert mine.id in ("go_on", "pass") or mine.label != theirs.label or not re.search(r"[a-z]{4}", mine.label), (a.view.address, mine.label)
            choice = generator.choice(engine.open_ids(english, a.state))
            a.choose(choice)
            b.choose(choice)


def test_the_notebook_keeps_the_language_in_which_it_was_begun(both: tuple[Story, Story]) -> None:
    english, spanish = both
    campaign = walked(spanish, 12)
    assert campaign.state["!lang"] == "es"
    lines = [line.text for line in campaign.view.notebook]
    campaign.told_by(english)
    assert "The" in campaign.view.title or campaign.view.title != walked(spanish, 12).view.title
    assert [line.text for line in campaign.view.notebook] == lines
    campaign.choose(campaign.view.opened[0].id)
    fresh = campaign.view.notebook[-1].text
    spanish_only = walked(spanish, 12)
    spanish_only.choose(spanish_only.view.opened[0].id)
    assert fresh == spanish_only.view.notebook[-1].text


def test_a_spanish_campaign_replays_whole_and_its_code_plays_in_either_language(both: tuple[Story, Story]) -> None:
    _, spanish = both
    campaign = walked(spanish, 70)
    for story in both:
        assert replay(story, campaign.journal).whole
        code = code_of(story, campaign.journal)
        again = played(story, decode(story, code))
        assert again.journal.step() == campaign.journal.step()
        assert again.state["!date"] == campaign.state["!date"]


def test_the_causes_of_an_event_are_told_in_the_language_of_the_reader(both: tuple[Story, Story]) -> None:
    english, spanish = both
    campaign = walked(spanish, 90)
    decided = [id for id in spanish.events if campaign.state.get(f"!pulls.{id}")]
    assert decided
    told = why(campaign, decided[0])
    campaign.told_by(english)
    retold = why(campaign, decided[0])
    assert len(told.pulls) == len(retold.pulls)
    assert told.pulls != retold.pulls
    assert [cause.step for cause in told.behind] == [cause.step for cause in retold.behind]


def test_a_sitting_in_spanish_speaks_spanish_throughout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"1\n1\n1\nq\n")))
    try:
        assert main(["--plain", "--new", "--seed", "7", "--lang", "es", "--saves", str(tmp_path)]) == 0
    finally:
        language.use("en")
    out = capsys.readouterr().out
    assert "9 de enero de 1937" in out and "Una máquina de escribir" in out
    assert not re.search(r"\b(January|Choices|Moved|saved)\b", out)
    assert Session(load_form(ROOT / "content").story(), tmp_path).latest()


# the translator's desk


def texts(folder: Path) -> Path:
    """A small pack with a Spanish file."""
    from kit import files

    scene = "title: The well\ndue: true\ntext: |\n  Deep {bread|words}, and [[the_notebook|a book]].\nchoices: [{id: a, label: Go down}]\ninvented: true\n"
    story = files()["story.yaml"].replace("lines:", "languages: [en, es]\nlines:", 1)
    for name, text in files(scene__well=scene, story=story).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "es/scenes/x").mkdir(parents=True)
    (folder / "es/scenes/x/well.yaml").write_text(
        f'# a note to stay\nwell#title: {{of: {hash_of("The well")}, text: El pozo}}\n"well#text":\n  of: "00000000"   # old\n  text: |\n    Hondo {{bread|words}}, y [[the_notebook|un libro]].\n',
        encoding="utf-8",
    )
    return folder


def test_a_stale_translation_is_marked_shown_all_the_same_and_stamped_again(tmp_path: Path) -> None:
    pack = texts(tmp_path)
    loaded = load_form(pack)
    assert [(f.code, f.line) for f in loaded.findings] == [("RM507", 4)]
    told = loaded.story("es")
    assert told.scenes["well"].title == "El pozo"
    assert plain(Campaign.new(told, "7").view.narration) == "Hondo queues, y un libro."
    assert accept(loaded, "es", ["all"]) == ["well#text"]
    after = load_form(pack)
    assert not after.findings
    assert "# a note to stay" in (pack / "es/scenes/x/well.yaml").read_text(encoding="utf-8")
    assert "# old" in (pack / "es/scenes/x/well.yaml").read_text(encoding="utf-8")


def test_what_is_left_to_do_can_be_filled_in_as_it_is_printed(tmp_path: Path) -> None:
    pack = texts(tmp_path)
    accept(load_form(pack), "es", ["all"])
    lines = list(todo(load_form(pack), "es", "well"))
    assert any("Go down" in line for line in lines)
    file = pack / "es/scenes/x/well.yaml"
    filled = "\n".join(lines).replace('text: ""', "text: Bajar")
    file.write_text(file.read_text(encoding="utf-8") + filled + "\n", encoding="utf-8")
    after = load_form(pack)
    assert not after.findings
    assert [o.label for o in Campaign.new(after.story("es"), "7").view.opened] == ["Bajar"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("Hondo, y [[the_notebook|un libro]].", "'{bread|words}' is missing"), ("Hondo {bread|words} {arms}, y [[the_notebook]].", "'{arms}' is not in the English"), ("Hondo {bread|words}.", "'[[the_notebook]]' is missing")],
)
def test_names_in_braces_match_in_both_languages(tmp_path: Path, text: str, words: str) -> None:
    pack = texts(tmp_path)
    file = pack / "es/scenes/x/well.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("Hondo {bread|words}, y [[the_notebook|un libro]].", text), encoding="utf-8")
    found = [f for f in load_form(pack).findings if f.code == "RM508"]
    assert len(found) == 1 and words in found[0].message


def test_a_translation_of_nothing_names_the_nearest_text(tmp_path: Path) -> None:
    pack = texts(tmp_path)
    file = pack / "es/scenes/x/well.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("well#title", "well#titel"), encoding="utf-8")
    found = [f for f in load_form(pack).findings if f.code == "RM509"]
    assert [f.hint for f in found] == ["did you mean 'well#title'?"]
