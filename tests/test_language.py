"""The game's own words: every one of them in the catalogue, in Spanish as in English, and none forgotten."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import asynccontextmanager
from gettext import GNUTranslations
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.catalog import Message as Translated
from babel.messages.pofile import read_po
from textual.pilot import Pilot

from kit import STORY, loaded, story
from redmexico import comparison, language, notebook, runcode, saves
from redmexico.campaign import Campaign
from redmexico.errors import RedMexicoError
from redmexico.grammar import day_range
from redmexico.journal import read
from redmexico.language import listed, phrase, phrase_as, plural, preferred, speaking
from redmexico.model import Story
from redmexico.timeline import day_in_year, day_words, month_words, recorded_date, short_date
from redmexico.ui.lettering import ascii_of
from redmexico.ui.options import SETTINGS, Options, of_words, word_of
from redmexico.ui.plain import Plain
from redmexico.ui.session import Session
from redmexico.ui.tui.app import RedMexico
from redmexico.ui.tui.keys import ACTS
from redmexico.ui.tui.palette import commands
from redmexico.ui.tui.screens.asking import Asking
from redmexico.ui.tui.screens.face import Face
from redmexico.ui.tui.widgets.band import Band
from redmexico.ui.tui.widgets.page import Page

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "src" / "redmexico" / "locale"
sys.path.insert(0, str(ROOT / "docs"))
import make_words  # noqa: E402  the tool that gathers the messages; it lies with the documents

# the catalogue


def translated() -> list[Translated]:
    with (LOCALE / "es.po").open("rb") as file:
        return [message for message in read_po(file, locale="es", charset="utf-8") if message.id]


def forms(found: str | Sequence[str]) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def test_every_message_of_the_source_is_in_the_catalogue_and_none_that_is_gone() -> None:
    wanted = {(message.context, str(message.id)) for message in make_words.template() if message.id}
    known = {(message.context, str(message.id)) for message in translated()}
    assert wanted - known == set(), "run `make words`, and translate what is new"
    assert known - wanted == set(), "run `make words`"


def test_every_message_is_translated_for_good() -> None:
    for message in translated():
        assert all(forms(message.string)), message.id
        assert not message.fuzzy, message.id


def places(text: str) -> set[tuple[str, str]]:
    """The places of a message, each with its form: `{amount:+d}`."""
    return {(name, form or "") for _, name, form, _ in Formatter().parse(text) if name is not None}


def test_a_translation_has_the_places_of_its_message() -> None:
    for message in translated():
        *_, wanted = map(places, forms(message.id))
        *one, many = map(places, forms(message.string))
        assert many == wanted, message.id
        assert all(found <= wanted for found in one), message.id  # of one thing its number need not be said


def test_a_translation_begins_and_ends_as_its_message_does() -> None:
    """Blanks, and the sign at the end: what stands beside it counts on both."""
    for message in translated():
        english = forms(message.id)[-1]
        for text in forms(message.string):
            assert (text[:1] == " ", text[-1:] == " ") == (english[:1] == " ", english[-1:] == " "), message.id
            if " " in english.strip():  # a word alone may be shortened
                assert (text.rstrip()[-1:] in ".:…") == (english.rstrip()[-1:] in ".:…"), message.id


def test_what_is_compiled_is_what_is_written() -> None:
    with (LOCALE / "es.mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in translated():
        if message.pluralizable:
            one, many = message.id
            assert [compiled.ngettext(one, many, n) for n in (1, 2)] == list(message.string), "run `make words`"
        elif message.context:
            assert compiled.pgettext(message.context, str(message.id)) == message.string, "run `make words`"
        else:
            assert compiled.gettext(str(message.id)) == message.string, "run `make words`"


def test_a_message_is_said_with_its_words_and_not_with_a_name_for_them() -> None:
    """A call whose words stand elsewhere is right only for tables of words that are noted there."""
    spoken = {message.one for message in make_words.messages()} | {message.many for message in make_words.messages()}
    for setting in SETTINGS:
        assert {setting.title, setting.group, setting.about} <= spoken
    assert {act.does for act in ACTS.values()} <= spoken


# dates and lists


def test_dates_are_written_as_spanish_writes_them() -> None:
    day = day_range("1940-08-20")[0]
    with speaking("es"):
        assert day_words(day) == "20 de agosto de 1940"
        assert (day_in_year(day), month_words(day)) == ("20 de agosto", "agosto de 1940")
        assert short_date(day, day) == "1940 ago 20"
        assert short_date(*day_range("1940-08")) == "1940 ago"
        assert recorded_date("1929..1933-02") == "1929 a febrero de 1933"
    assert day_words(day) == "20 August 1940"


def test_short_dates_are_as_wide_as_in_english_so_that_columns_hold() -> None:
    for month in range(1, 13):
        days = day_range(f"1940-{month:02}-07")
        with speaking("es"):
            assert len(short_date(*days)) == 11


def test_and_is_y_and_before_the_sound_of_i_it_is_e() -> None:
    with speaking("es"):
        assert listed(["Historia", "Crónica"]) == "Historia y Crónica"
        assert listed(["Crónica", "Historia"]) == "Crónica e Historia"
        assert listed(["agua", "hierro"]) == "agua y hierro"
        assert plural("{n} choice", "{n} choices", 1) != plural("{n} choice", "{n} choices", 2)


# which language is spoken


@pytest.mark.parametrize(("environment", "code"), [
    ({"LANG": "es_MX.UTF-8"}, "es"), ({"LANG": "es"}, "es"), ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "es_ES"}, "es"),
    ({"LANG": "es_MX", "LC_ALL": "C.UTF-8"}, "en"), ({"LANG": "est_EE"}, "en"), ({"LANG": "fr_FR"}, "en"), ({"LANG": ""}, "en"), ({}, "en"),
])
def test_the_system_says_which_language_is_wanted(environment: dict[str, str], code: str) -> None:
    assert preferred(environment) == code


def test_what_the_player_has_set_counts_more_than_what_the_system_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "es_MX.UTF-8")
    assert Options(path=tmp_path / "none.json").language == "es"
    (tmp_path / "set.json").write_text(json.dumps({"language": "en"}))
    assert Options(path=tmp_path / "set.json").language == "en"
    assert Options(path=tmp_path / "set.json", language="es").language == "es"
    (tmp_path / "wrong.json").write_text(json.dumps({"language": "nahuatl"}))
    assert Options(path=tmp_path / "wrong.json").language == "es"


def test_a_language_that_nobody_taught_the_game_is_english() -> None:
    with speaking("nah"):
        assert language.spoken() == "en"
        assert phrase("Go on") == "Go on"


def test_nothing_is_said_of_nothing() -> None:
    with speaking("es"):
        assert phrase("") == phrase_as("command", "") == ""


def test_english_opens_no_catalogue() -> None:
    code = (
        "import sys; from redmexico.language import phrase, use; use('en'); phrase('Go on'); before = 'gettext' in sys.modules; "
        "use('es'); print(before, phrase('Go on') != 'Go on')"
    )
    said = subprocess.run([sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT / 'src')!r}); {code}"], check=True, capture_output=True, text=True)
    assert said.stdout.split() == ["False", "True"]


# a story whose words are Greek, so that any other letter is the game's

GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "αβψδεφγηιξκλμνοπςρστθωωχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΣΡΣΤΘΩΩΧΥΖ"
)


def greek(yaml: str) -> str:
    """A story's text, what stands in «guillemets» in another alphabet."""
    return re.sub(r"«(.*?)»", lambda match: match[1].translate(GREEK), yaml)


WORDS = {name: greek(text) for name, text in {
    "story": """
id: zzsmall
title: «Small»
version: 1.0.0
lines:
  zzhistory: {title: «History»}
  zzchronicle: {title: «Chronicle», follows: zzhistory, until: 1940-08-20}
status: [zzbread]
starts: [{id: zzfirst, title: «Start», act: zzone, about: «Begins»}, {id: zzlate, title: «Late», act: zzone, about: «Later», as: zzhistory}]
modes:
  - {id: zzstandard, title: «Standard»}
  - {id: zzcarbon, title: «Carbon», rewind: false}
  - {id: zzblind, title: «Blind», previews: hidden, foreknowledge: hidden}
acts:
  - id: zzone
    title: «One»
    goal: «Goal».
    from: 1940-01-01
    until: 1941-12-31
    turn: 6 months
    council: {hand: 2, orders: 1, decks: [zzhouse], always: [zzslow], summon: zzarms -= 1}
    scenes: 1
    next: [{ending: rules}]
""",
    "state": """
zzbread: {kind: resource, name: «Bread», start: 4, range: 0..10, words: {0: «hunger», 3: «queues», 5: «enough»}}
zzarms: {kind: resource, name: «Arms», start: 2, range: 0..10}
zzhunger: {kind: clock, name: «Clock», start: 1, range: 0..6}
zzchurch: {kind: faction, name: «Church», strength: {start: 6, range: 0..10}, temper: {start: -2, range: -5..5}}
zzminers: {kind: faction, name: «Miners», strength: {start: 0, range: 0..10}, temper: {start: 0, range: -5..5}}
zzortuno: {kind: person, trust: {start: 1, range: 0..5}}
zztruce: {name: «Truce», start: zznone, one_of: [zznone, zzmade]}
carrier: {start: zzsecretary, one_of: [zzsecretary, zzortuno]}
zzdebts: {name: «Debts», set: [zzgate, zzbell]}
zzpage: flag
zznorth: {kind: region, name: «North», start: 3, range: 0..4, words: {0: «theirs», 1: «some», 2: «day», 3: «ours», 4: «roots»}}
zzsouth: {kind: region, name: «South», start: 0, range: 0..4, words: {0: «theirs», 1: «some», 2: «day», 3: «ours», 4: «roots»}}
""",
    "cast": "- {id: zzortuno, name: «Ortuno», about: «counts», carrier: {hand: «letters»}}\n",
    "codex": """
- {id: zznotebook, title: «Notebook», label: invented, group: things, text: «Squared»., known: true, records: {zzhistory: «archive».}}
- {id: zzlanding, title: «Landing», label: documented, group: events, event: zzlanding, facts: [zz-fact], text: "«Two». [[zznotebook|«Paper»]] «left»."}
- {id: zzbook, title: «Book», label: disputed, group: things, text: «Ink»., known: true}
- {id: zzlamp, title: «Lamp», label: chronicle, group: things, text: «Oil»., known: true}
""",
    "sources": """
documents:
  - {id: "001", title: «Chronicle», line: zzchronicle, kind: «essay», about: «what», took: «taken», doubted: «doubt», invented: «made»}
  - {id: "002", title: «Letters», line: zzhistory, kind: «letters»}
facts: [{id: zz-fact, document: "001", date: 1940-03, title: «Fact», account: «Happened».}]
""",
    "achievements": """
- {id: zzwaved, title: «Wave», if: chosen(zzpier/zzwave), text: «Waved».}
- {id: zzshouted, title: «Shout», if: chosen(zzpier/zzshout), hidden: true, text: «Nobody».}
- {id: zzsat, title: «Sat», if: chosen(zzpier/zzsit), text: «Sat».}
""",
    "endings": """
endings:
  - {id: zzfed, title: «Fed», kind: early, if: zzbread >= 10, text: «They».}
  - {id: zzlast, title: «Last», kind: last, if: zzbread >= 10, text: «They».}
  - {id: zzover, title: «Over», kind: act, text: «Over»., earned: [zzpier]}
slides:
  - {id: zzs1, of: zzfood, order: 2, text: «There»., earned: [zzpier]}
""",
    "map": """
drawing: |2
  nnnn
   nnss
    sss
home: zznorth
regions:
  zznorth: {letter: n, places: [«Monterrey»]}
  zzsouth: {letter: s, places: [«Tampico»]}
""",
    "events": """
- {id: zzlanding, line: both, date: 1940-01-20, title: «Landing», weight: 4, where: zzsouth, subjects: [zzhouse], record: «Tanker»., fact: zz-fact, external: true, do: [zzchurch.temper += 1]}
- {id: zzbells, line: zzhistory, date: 1940-03-10, title: «Bells», weight: 2, window: 1940-01..1940-12, pulls: [{pull: 4, because: «hungry»}], threshold: 2, record: «Soon»., early: 0, invented: true}
- {id: zzslow, line: zzhistory, date: 1940-02-10, title: «Slow», window: 1940-02..1940-12, pulls: [{if: zzbread >= 5, pull: 2, because: «bread»}, {if: date > 1940-08-01, pull: 2, because: «wall»}], threshold: 2, invented: true}
- {id: zznever, line: zzhistory, date: 1940-05, title: «Never», pulls: [{if: zzbread >= 9, pull: 2, because: «wheat»}, {pull: -1, because: «nobody»}], threshold: 2, invented: true}
- {id: zzother, line: both, date: 1940-06-20, title: «Other», pulls: [{pull: 2, because: «pulled»}], threshold: 2, variants: [{id: zzodd, if: chosen(zzpier/zzwave), title: «Odd»}], record: «Otherwise»., invented: true}
- {id: zzfeast, line: notebook, date: 1940-07-01, title: «Feast», pulls: [{pull: 1, because: «feasted»}], threshold: 1, invented: true}
- {id: zzstudy, line: zzhistory, date: 1940-08-20, title: «Study», weight: 5, pulls: [{pull: 9, because: «studied»}], threshold: 20, record: «Dies»., elsewhere: {zzchronicle: {record: «Lives»., as: [averted]}}, invented: true}
- {id: zzwar, line: zzhistory, date: 1941-12-24, title: «War», weight: 2, subjects: [zzwar], record: «Comes»., external: true, invented: true}
""",
    "scene__zzpier": """
title: «Pier»
place: «Tampico»
when: {from: 1940-01-09, until: 1940-01-09}
due: true
flags: [zzgrief]
facts: [zz-fact]
text: «They». [[zznotebook|«Paper»]] «lies».
advice: [{who: zzortuno, text: «Doors».}]
choices:
  - {id: zzwave, label: «Wave»., do: [zzbread += 1, zzchurch.temper -= 1, zztruce = zzmade, zzdebts += zzgate, zzpage = true], text: «Back»., soften: «Soft»., note: «Noted»., later: [{in: 3 months, do: [zzhunger += 1]}]}
  - {id: zzshout, label: «Shout», needs: [{if: zzarms >= 3}]}
  - {id: zzwait, label: «Wait», needs: [{if: date > 1941-01-01}]}
  - {id: zzhope, label: «Hope», needs: [{if: not zzpage and zzbread > 90 or zzarms > 90}]}
  - {id: zzsit, label: «Sit», hint: «Long»., do: [zzarms += 2]}
  - {id: zzrest, label: «Rest»}
""",
    "scene__zzroom": """
title: «Room»
place: «Coyoacan»
when: {from: 1940-01-15, until: 1940-01-15}
due: true
text: «Twelve».
choices:
""" + "".join(f"  - {{id: zzc{n}, label: «Stall» {n}., do: [zzarms += 1]}}\n" for n in range(1, 13)),
    "scene__zzhands": """
title: «Hands»
when: {from: 1940-02-02, until: 1940-02-02}
due: true
text: «Give».
choices:
  - {id: zztear, label: «Tear»., do: [tear zzpier], note: «Cold».}
  - {id: zzhand, label: «Hand»., do: [hand_over zzortuno, zzdebts -= zzgate], note: «Took».}
""",
    **{
        f"scene__zzcard{n}": f"""
title: «Card» {n}
label: «Do» {n}
draw: {{deck: zzhouse, weight: {n + 1}}}
do: [zzbread += 1]
text: «Done» {n}.
advice: [{{who: zzortuno, text: «No».}}]
""" + ("withdraw: {after: 12 months, who: zzortuno, text: «Nobody».}\n" if n == 0 else "")
        for n in range(5)
    },
}.items()}


@pytest.fixture(scope="module")
def tale() -> Story:
    return story(**WORDS)


class Marked:
    """A language in which every message stands in brackets: what stands in none was forgotten."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    def pgettext(self, context: str, message: str) -> str:
        assert context
        return f"⟦{message}⟧"


NOT_WORDS = re.compile(r"zz[\w.-]*|RM1-[0-9A-Z-]+|Red Mexico|[Cc]trl\+\w|\bF\d\b|\bx\b|(?:council|account)/[\w.]+|: (?i:strength)\b")
"""Ids of the story and names of files, run codes, the game's own name, chords and keys with a number, the sign x,
addresses; and the name that a story's own files give to a faction's strength."""


def unbracketed(text: str) -> str:
    """What stands in no brackets."""
    out, deep = [], 0
    for letter in text:
        deep += letter == "⟦"
        out.append(" " if deep else letter)
        deep -= letter == "⟧"
    assert deep >= 0, text  # where a word is cut to its column, a bracket may stay open
    return "".join(out)


def forgotten(text: str, *known: object) -> list[str]:
    """The words of ours that no catalogue was asked for."""
    for name in known:
        text = text.replace(str(name), "")
    return re.findall(r"[^\W\d_Α-ωάέήίόύώ]+", NOT_WORDS.sub(" ", unbracketed(text)))


def test_a_forgotten_word_is_found() -> None:
    assert forgotten("⟦Moved: Αρ +1 ⟦up⟧.⟧ 3 of zzpier") == ["of"]


# every screen


def told(app: RedMexico) -> Iterator[str]:
    """All that stands on a screen, before it is cut to its width."""
    for page in app.screen.query(Page):
        if isinstance(page, Band):
            yield from ("".join(run.text for part in row for run in part) for row in page.rows)
        else:
            for block in page.blocks:
                yield "".join(run.text for run in block.runs)
                yield from (cell.text for cell in block.cells)


def check(app: RedMexico, *known: object) -> None:
    assert [(app.screen, text) for text in told(app) if any(len(word) > 1 for word in forgotten(text, *known))] == []  # one letter is a key


@asynccontextmanager
async def playing(tale: Story, folder: Path, size: tuple[int, int], begin: str = "play", **options: object):  # type: ignore[no-untyped-def]
    session = Session(tale, folder, Options(hints=True, **options))  # type: ignore[arg-type]
    if begin == "play":
        session.new(title="zz", seed="7")
    app = RedMexico(session, begin)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        yield app, pilot
    session.close()


def keys(text: str) -> list[str]:
    return text.split()


KEYS = keys(
    "question_mark escape 1 u r s escape w escape 2 2 3 4 tab tab tab tab tab escape m m t home w escape o escape end w escape right b escape i d d x x v z enter 0 slash Z enter n "
    "enter escape escape f down enter d d s s y escape a down escape c down enter slash Z enter n o escape t escape escape l slash Z enter n y escape n y escape d escape comma "
    "question_mark escape escape x escape e escape g right question_mark escape v y down r escape a escape d n p p i escape e escape escape q escape y"
)
"""A walk through every screen, and the questions that they ask."""


BEGINNING = keys(
    "question_mark escape comma end up enter Z escape escape 1 down right right right left down right down space escape question_mark escape up up up space Z enter enter"
)
"""From the title through the settings and the question of a new campaign, in a mode that hides what it hides."""
AFTER = keys("w 3 escape t home w escape escape n escape d escape 5 escape g right escape f down down down enter escape c end enter escape")
"""What can be looked at when all is over."""


async def walk(pilot: Pilot[None], app: RedMexico, keys: Sequence[str], *known: object) -> set[str]:
    """Press keys and look at each screen; gives the names of those that were seen."""
    seen = set()
    for key in keys:
        await pilot.press(key)
        await pilot.pause(0.1 if key == "t" else 0)
        seen.add(type(app.screen).__name__)
        check(app, *known)
    return seen


@pytest.mark.parametrize("size", [(80, 24), (110, 30), (200, 50)])
async def test_no_word_of_a_screen_is_forgotten(tale: Story, tmp_path: Path, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("redmexico.paths.cache", lambda: tmp_path)
    with speaking(Marked()):
        async with playing(tale, tmp_path, size) as (app, pilot):
            seen = await walk(pilot, app, KEYS, tmp_path)
            for name, _ in commands(app):
                assert not forgotten(name)
    wanted = {"Play", "Timeline", "Why", "Factions", "Map", "Codex", "Log", "Notebook", "Endings", "Settings", "Help", "Sources", "Campaigns", "Ask", "AskLine"}
    assert wanted <= seen


async def test_no_word_is_forgotten_from_the_title_to_the_end(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("redmexico.paths.cache", lambda: tmp_path)
    with speaking(Marked()):
        async with playing(tale, tmp_path, (80, 24), "title", keymap="own") as (app, pilot):
            seen = await walk(pilot, app, BEGINNING, tmp_path)
            for _ in range(60):
                campaign = app.session.campaign
                if campaign.ended:
                    break
                seen |= await walk(pilot, app, ["1", "enter"] if len(app.screen.offers) > 9 else ["1"], tmp_path)
            assert campaign.ended
            seen |= await walk(pilot, app, AFTER, tmp_path)
            assert {"Title", "Begin", "AskKey"} <= seen
            app.title_screen()
            await pilot.pause()
            check(app, tmp_path)


@pytest.mark.parametrize("size", [(80, 24), (40, 12)])
async def test_spanish_fits_the_small_screens(tale: Story, tmp_path: Path, size: tuple[int, int]) -> None:
    with speaking("es"):
        async with playing(tale, tmp_path, size) as (app, pilot):
            app.session.options.hints = False
            for key in keys("escape w t f a c l n g comma d"):
                await pilot.press(key)
                await pilot.pause(0.1)
                rows = [strip.text for strip in app.screen._compositor.render_strips()]
                assert "ayuda" in rows[-1], (app.screen, rows[-1])
                assert all(len(row.rstrip()) <= size[0] for row in rows)
                if key not in ("escape", "d"):
                    await pilot.press("escape")
                    await pilot.pause()


async def test_trouble_is_told_in_the_players_language_too(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with speaking(Marked()):
        session = Session(tale, tmp_path, Options())
        for title in ("zz1", "zz2"):
            session.new(title=title, seed="7")
            session.campaign.choose(session.campaign.view.opened[0].id)
        session.close()
        (tmp_path / "zz1.rmx.jsonl").write_bytes((tmp_path / "zz1.rmx.jsonl").read_bytes()[:-40] + b"\n" + b"{}\n")
        (tmp_path / "zz3.rmx.jsonl").write_text("Dear diary")
        async with playing(tale, tmp_path, (100, 30), "title") as (app, pilot):
            await walk(pilot, app, ["3", "down", "enter", "escape", "down", "enter", "escape", "home", "v", "up", "v"], tmp_path)


def test_the_places_of_all_screens_are_in_the_walk() -> None:
    """A new screen has to be walked through, and a new question asked."""
    writers = ("redmexico.ui.tui.dev", "redmexico.ui.tui.screens.author")  # theirs stay English
    kinds = {kind.__name__ for base in (Face, Asking) for kind in below(base) if kind.__module__ not in writers}
    assert kinds - {"Listing", "Reading"} <= {
        "Play", "Timeline", "Why", "Factions", "Map", "Codex", "Log", "Notebook", "Endings", "Settings", "Help", "Sources", "Campaigns", "Title", "Begin", "Ask", "AskLine", "AskKey",
    }


def below(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from below(child)


# plain mode

LINES = """
look
status
timeline
timeline marked
timeline zznothing
why 1
why 2
why 5
why 9
why zzlanding
why zzbread
why zznobody
factions
factions zzchurch
factions zznobody
map
codex
codex zznotebook
codex zznobody
sources
sources here
sources zzlanding
sources zzwar
endings
notebook
log
settings
settings soften zzgrief
settings theme zz
settings measure 58
branches
save zz
save
rename zz other
code
verify
copy zz copy
campaigns
delete
delete zz-copy
campaigns
restore zz-copy
restore zz
rescue zz
load zz
load zz-copy
export txt
export zz.zz
send zz-copy ./zz.out
import zz.out.rmx
import zz.none
new mode=zznobody zz
rewind
rewind zzwar
undo
redo
help
2
3
4
1
log zz
undo
redo
branches
99
zzz
""".strip().splitlines()


def in_plain(tale: Story, folder: Path, lines: Sequence[str], **options: object) -> str:
    session = Session(tale, folder, Options(**options))  # type: ignore[arg-type]
    out = io.StringIO()
    Plain(session, io.BytesIO("\n".join(lines).encode()), out).play()
    session.close()
    return out.getvalue()


def test_no_word_of_plain_mode_is_forgotten(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("redmexico.ui.plain.textwrap.wrap", lambda text, *_, **__: [text])
    whole = [*LINES, *["1"] * 50, "timeline", "factions", "factions zzbread", "why zzslow", "why zznever", "why zzother", "endings", "codex zzlanding", "notebook", "log", "rewind zzfeast", "map"]
    with speaking(Marked()):
        said = in_plain(tale, tmp_path, whole)
    assert [line for line in said.splitlines() if forgotten(line, tmp_path)] == []
    assert "⟦This is the end of this campaign" in said


def test_a_spanish_walk_through_plain_mode_meets_no_english_word(tale: Story, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    english = {word for message in translated() for text in forms(message.id) for word in words_of(text)}
    spanish = {word for message in translated() for text in forms(message.string) for word in words_of(text)}
    with speaking("es"):
        said = in_plain(tale, tmp_path, [*LINES, *["1"] * 50])
    typed = {*words_of(" ".join(LINES)), "campaign", "strength"}  # the name of a file, and a word of the story's own files
    assert set(words_of(said.replace(str(tmp_path), ""))) & (english - spanish) - typed == set()
    assert "Opciones:" in said


def words_of(text: str) -> list[str]:
    """The words of a text that are long enough to be of one language, without its places and the ids of a story."""
    plain = re.sub(r"\{.*?\}|zz[\w.-]*|RM1-[0-9A-Z-]+|--\w+", " ", text)
    return [word.lower() for word in re.findall(r"[^\W\d_]{4,}", plain)]


def test_commands_are_known_in_both_languages_and_without_accents(tale: Story, tmp_path: Path) -> None:
    with speaking("es"):
        session = Session(tale, tmp_path, Options())
        face = Plain(session, io.BytesIO(), io.StringIO())
        for name in face.commands:
            spanish = phrase_as("command", name)
            for typed in (name, spanish, spanish.upper(), ascii_of(spanish)):
                assert face.command(typed) == face.commands[name], typed
        assert len({phrase_as("command", name) for name in face.commands}) == len(face.commands)
        session.close()


def test_settings_are_known_by_the_words_of_both_languages() -> None:
    for setting in SETTINGS:
        for value, word in setting.values:
            assert of_words(setting.name, word) == value
            with speaking("es"):
                assert of_words(setting.name, word) == of_words(setting.name, word_of(setting.name, value)) == value


def test_another_language_holds_at_once(tale: Story, tmp_path: Path) -> None:
    with speaking("en"):
        said = in_plain(tale, tmp_path, ["settings language español", "estado", "ajustes idioma english", "status"])
    assert "Vale desde ahora" in said and "Acto:" in said and "Act:" in said


def test_a_story_that_is_told_in_the_language_too_goes_on_in_it(tmp_path: Path) -> None:
    told = {"es/story": '"story#title": {of: "00000000", text: Un cuento}\n'}
    tale = loaded(story=STORY.replace("version: 1.0.0", "version: 1.0.0\nlanguages: [en, es]"), **told).story()
    with speaking("en"):
        session = Session(tale, tmp_path, Options())
        campaign = session.new(title="zz", seed="7")
        state = dict(campaign.state)
        session.options.language = "es"
        session.speak()
        assert (session.story.title, campaign.story.title, language.spoken()) == ("Un cuento", "Un cuento", "es")
        assert campaign.state == state
        session.options.language = "en"
        session.speak()
        assert session.story is tale
        session.close()


# what is exported, compared and refused


@pytest.fixture
def campaigns(tale: Story) -> dict[str, Campaign]:
    """A campaign that has just begun, one in its middle, and one that has ended."""
    found = {}
    for name, steps in (("begun", 0), ("middle", 5), ("ended", 100)):
        campaign = found[name] = Campaign.new(tale, "7", title="zz")
        while not campaign.ended and campaign.view.step < steps:
            campaign.choose(campaign.view.opened[0].id)
    assert found["ended"].ended
    return found


class Read(HTMLParser):
    """The words of a page: its text, and what it says to those who hear it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.said: list[str] = []
        self.inside: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside.append(tag)
        self.said += [value or "" for name, value in attrs if name in ("aria-label", "title", "alt")]

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "style" not in self.inside:
            self.said.append(data)


def json_texts(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    elif isinstance(found, dict):
        for key, value in found.items():
            if key not in ("kind", "id", "event", "verdict", "against", "fingerprint", "name", "address", "made"):
                yield from json_texts(value)
    elif isinstance(found, list):
        for value in found:
            yield from json_texts(value)


@pytest.mark.parametrize("format", notebook.FORMATS)
def test_no_word_of_an_exported_notebook_is_forgotten(campaigns: dict[str, Campaign], format: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redmexico.notebook.text.WIDTH", 10_000)
    monkeypatch.setattr("redmexico.notebook.text.wrapped.__defaults__", (10_000, "", None))
    for campaign in campaigns.values():
        with speaking(Marked()):
            text = notebook.write(campaign, format)
        fingerprint = campaign.story.fingerprint[:8]
        if format == "json":
            parts = list(json_texts(json.loads(text)))
        elif format == "html":
            parts = [" ".join(Read(text).said)]
        else:
            parts = [text.replace("\\", "")]
        assert [word for part in parts for word in forgotten(part, fingerprint)] == []


def test_a_page_says_in_which_language_it_is(campaigns: dict[str, Campaign]) -> None:
    assert '<html lang="en">' in notebook.write(campaigns["begun"], "html")
    with speaking("es"):
        assert '<html lang="es">' in notebook.write(campaigns["begun"], "html")


def test_no_word_of_a_comparison_is_forgotten(tale: Story, campaigns: dict[str, Campaign], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("redmexico.comparison.COLUMNS", 10_000)
    with speaking(Marked()):
        sides = [comparison.side(tale, campaign, "zz") for campaign in campaigns.values()]
        found = [comparison.compare(tale, a, b) for a in sides for b in sides]
        beside = [comparison.against(tale, side.state, line, "zz") for side in sides for line in tale.lines]
        for one in (*found, *beside):
            for line in comparison.lines_of(one):
                assert not forgotten(re.sub(r"\b[AB]\b", "", line)), line


def test_no_refusal_is_in_another_language(tale: Story, tmp_path: Path, campaigns: dict[str, Campaign]) -> None:
    code = runcode.code_of(tale, campaigns["middle"].journal)
    with speaking(Marked()):
        refused = [
            *(lambda code=code: runcode.decode(tale, code) for code in ("zz", "RM9-AAAAA", code[:-1], code[:-1] + "!", "RM1-AAAAA")),
            lambda: notebook.write(campaigns["begun"], "pdf"),
            lambda: comparison.against(tale, {}, "nowhere"),
            lambda: campaigns["begun"].step_record(99),
            lambda: Campaign.new(tale, "7", mode="zzcarbon").rewind(0),
            lambda: saves.Saves(tmp_path).open("zz"),
            lambda: saves.Saves(tmp_path).open("../zz"),
        ]
        for act in refused:
            with pytest.raises(RedMexicoError) as error:
                act()
            assert not forgotten(f"{error.value.message} {error.value.hint}", "nowhere", "pdf"), error.value
        for bytes_ in (b"Dear diary", b'{"t":"head","format":99,"app":"9"}\n', campaigns["middle"].journal.encoded()[:-9], b'{"c":"0","t":"head"}\n'):
            assert not forgotten(str(read(bytes_).damage), "9"), bytes_


def test_the_words_of_the_small_story_are_greek(tale: Story) -> None:
    """Else a forgotten word could be taken for the story's."""
    texts = [tale.title, *(e.title for e in tale.events.values()), *(s.title for s in tale.scenes.values()), *(e.title for e in tale.endings.values())]
    texts += [q.label for q in tale.qualities.values() if q.kind and not q.name.endswith(".strength")]
    assert [text for text in texts if re.search("[A-Za-z]", text)] == []
