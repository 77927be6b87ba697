"""The campaign as a text worth keeping: four formats of one book, and nothing in them that was not written."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from mdit_py_plugins.footnote import footnote_plugin

from kit import CAST, STATE, STORY, story
from redmexico import engine, notebook
from redmexico.campaign import Campaign
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.notebook.gather import gather
from redmexico.notebook.style import DARK, LIGHT
from redmexico.notebook.text import cells
from redmexico.plays import read_play

HOSTILE = "[/b] <script> | # * & \"q\" `c` ~~x~~ $y$ http://x.y/ ![z](w) 1. -"
"""What an author or a player may write, and must find again as it was written."""

TABLE = f"""
title: '{HOSTILE} table'
place: '{HOSTILE} place'
due: true
when: {{from: 1940-01-05, until: 1940-01-05}}
text: T
facts: [a-fact]
choices:
  - id: give
    label: '{HOSTILE} label'
    do: [bread += 1, church.temper -= 1, debts += owes_bell, page_kept = true]
    note: 'He said {HOSTILE} to me.'
    later: [{{in: 5 months, scene: bill}}]
  - {{id: keep, label: Keep it.}}
"""
SCENES = {
    "scene__table": TABLE,
    "scene__bill": "title: A bill\ntext: It is due.\nchoices: [{id: pay, label: Pay, do: [bread -= 1], note: Paid.}]\n",
    "scene__stove": """
        title: The stove
        due: true
        when: {from: 1940-04-05, until: 1940-04-05}
        text: T
        choices:
          - {id: tear, label: Burn the page., do: [tear table], note: It was cold.}
          - {id: hand, label: Give it to the captain., do: [hand_over ortuno], note: He took it.}
          - {id: wait, label: Wait., note: 第五章 was read aloud.}
        """,
    "scene__arms": "title: The wall\ndue: true\nwhen: {from: 1940-11-01, until: 1940-11-01}\ntext: T\nchoices: [{id: build, label: Build it, do: [arms = 9], note: The wall stands.}]\n",
}
EVENTS = f"""
- {{id: bells, line: history, date: 1940-03-10, title: 'The bells {HOSTILE}', weight: 2, fact: a-fact, external: true, record: They are rung., do: [church.temper += 1]}}
- {{id: soon, line: history, date: 1940-09-10, title: Soon, weight: 4, window: 1940-01..1940-12, pulls: [{{pull: 4, because: 'hunger {HOSTILE}'}}], threshold: 2, record: It is soon.}}
- {{id: slow, line: history, date: 1940-03-10, title: Slow, window: 1940-03..1940-12, pulls: [{{if: arms >= 9, pull: 2, because: the wall was seen}}], threshold: 2}}
- {{id: never, line: history, date: 1940-05, title: Never, pulls: [{{if: bread >= 9, pull: 2, because: x}}, {{pull: -1, because: nobody had eaten}}], threshold: 2}}
- {{id: other, line: both, date: 1940-06-20, title: Other, pulls: [{{pull: 2, because: x}}], threshold: 2, variants: [{{id: odd, if: page_kept, title: Other and odd}}]}}
- {{id: feast, line: notebook, date: 1940-07-01, title: The feast, pulls: [{{pull: 1, because: x}}], threshold: 1}}
- {{id: study, line: history, date: 1940-08-20, title: The study, weight: 5, pulls: [{{pull: 9, because: x}}], threshold: 20, record: He dies., elsewhere: {{chronicle: {{record: He lives., as: [averted]}}}}}}
- {{id: secret, line: history, date: 1940-12-24, title: The secret, pulls: [{{if: bread >= 4, pull: 1, because: the secret cause}}], threshold: 1}}
- {{id: chair, line: chronicle, date: 1940-10-01, title: The chair, external: true, record: He takes the chair.}}
"""
ENDING = f"""
endings:
  - id: over
    title: 'Over {HOSTILE}'
    kind: act
    earned: [table]
    text: |
      It was *quite* over. {HOSTILE.replace("*", "")}

      > - a line of verse
      > 1. and another
slides:
  - {{id: s1, of: food, order: 2, if: bread >= 2, text: 'There was bread. {HOSTILE}', earned: [table, stove]}}
"""
AWARDS = "- {id: asked, title: 'Asked <b>', if: chosen(table/give), text: 'She was *asked*.'}\n"


def tale(**more: str) -> Story:
    return story(**({**SCENES, "events": EVENTS, "endings": ENDING, "achievements": AWARDS} | more))


def played(*choices: str, mode: str = "standard", title: str = HOSTILE[:40], of: Story | None = None) -> Campaign:
    campaign = Campaign.new(of or TALE, "7", mode=mode, title=title)
    for choice in choices:
        campaign.choose(choice)
    return campaign


TALE = tale()
WHOLE = ("give", "wait", "pay", "build")


def page(campaign: Campaign) -> Page:
    return Page(notebook.write(campaign, "html"))


VOID = {"meta", "hr", "br", "link", "img", "input"}


class Page(HTMLParser):
    """A page as a reader gets it: its words by element, its ids and links; it complains of what does not close."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.hrefs: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        self._saw(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._saw(tag, attrs)

    def _saw(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        assert len(found) == len(attrs), f"<{tag}> has an attribute twice"
        self.tags.append((tag, found))
        self.ids += [found["id"] or ""] if "id" in found else []
        self.hrefs += [found["href"] or ""] if "href" in found else []

    def handle_endtag(self, tag: str) -> None:
        assert self.open and self.open[-1] == tag, f"</{tag}> closes {self.open[-3:]}"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.words.append((self.open[-1] if self.open else "", data))

    def text(self, tag: str = "") -> str:
        return " ".join("".join(words for inside, words in self.words if inside != "style" and tag in (inside, "")).split())


def read_markdown(text: str) -> str:
    """Markdown as a page, by the rules of CommonMark with tables and footnotes."""
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"]).use(footnote_plugin)
    return str(reader.render(text))


# the file


def test_a_file_is_called_after_its_title_and_the_year_to_which_it_was_kept() -> None:
    assert notebook.filename("The dry river!", 708438) == "the-dry-river-1940.md"
    assert notebook.filename("¡Río seco, año 3!", 708438, "html") == "rio-seco-ano-3-1940.html"
    assert notebook.filename("<[|]>", 708438, "txt") == "notebook-1940.txt"
    assert len(notebook.filename("x" * 400, 708438, "json")) == len("-1940.json") + 40


def test_a_format_that_there_is_none_of_says_which_there_are() -> None:
    with pytest.raises(RedMexicoError, match=r"'pdf'.*\(one of: md, txt, html, json\)"):
        notebook.write(played(), "pdf")
    with pytest.raises(RedMexicoError, match="did you mean 'html'"):
        notebook.filename("x", 708438, "htlm")


@pytest.mark.parametrize("format", notebook.FORMATS)
def test_the_same_campaign_makes_the_same_book(format: str) -> None:
    campaign = played(*WHOLE)
    text = notebook.write(campaign, format)
    assert text == notebook.write(campaign, format)
    assert text.endswith("\n")
    assert "\r" not in text


# what the book says


def test_an_entry_has_the_keepers_words_and_the_receipts_of_its_step() -> None:
    book = gather(played("give"))
    entry = book.years[0].entries[0]
    assert entry.text == f"He said {HOSTILE} to me."
    assert (entry.number, entry.step, entry.scene, entry.place) == (1, 1, f"{HOSTILE} table", f"{HOSTILE} place")
    assert entry.note.label == f"{HOSTILE} label"
    assert set(entry.note.moved) == {"Bread +1", "The Church −1", "debts: owes bell", "page kept"}
    assert entry.note.decided == (f"The bells {HOSTILE}: kept",)


def test_a_line_without_words_of_its_own_does_not_say_them_twice() -> None:
    entry = gather(played("keep")).years[0].entries[0]
    assert entry.text == f"{HOSTILE} place: Keep it."
    assert (entry.note.label, entry.note.where) == ("", f"{HOSTILE} table")


def test_the_bills_that_a_choice_plants_are_not_told_before_they_fall_due() -> None:
    for format in notebook.FORMATS:
        text = notebook.write(played("give"), format)
        assert "A bill" not in text
        assert "later" not in text.lower()
        assert not re.search(r"![a-z]+\.", text)
    assert "Paid." in notebook.write(played("give", "wait", "pay"), "txt")


def test_a_torn_entry_leaves_its_day_and_tells_no_more() -> None:
    campaign = played("give", "tear")
    entry = gather(campaign).years[0].entries[0]
    assert (entry.text, entry.scene, entry.place, entry.note.label) == ("", "", "", "")
    assert entry.note.said == "Torn out on 5 April 1940."
    for format in ("md", "txt", "html"):
        text = notebook.write(campaign, format)
        assert "A strip of paper in the seam." in text
        assert "He said" not in text
        assert "Torn out on 5 April 1940." in text


def test_events_stand_on_their_days_between_the_entries() -> None:
    text = notebook.write(played("give", "wait", "pay", "build"), "txt")
    days = [text.index(words) for words in ("He said", "10 March 1940\n  = The bells", "第五章", "Paid.", "~ Other and odd: altered", "< Soon: early", "+ The feast: only in yours", "The wall stands.", "> Slow: late")]
    assert days == sorted(days)


def test_what_an_event_itself_moved_stands_with_the_event() -> None:
    campaign = played("give", "wait")
    came = [part for part in gather(campaign).years[0].parts if getattr(part, "event", "") == "bells"]
    assert [part.moved for part in came] == [("The Church +1",)]
    assert "The Church +1" not in gather(campaign).years[0].entries[0].note.moved


def test_where_the_lines_do_not_agree_both_verdicts_are_told() -> None:
    book = gather(played(*WHOLE))
    study = next(moved for moved in book.moved if moved.happening.event == "study")
    assert study.happening.word == "History averted, Chronicle kept"
    assert (study.happening.cell("history", "history"), study.happening.cell("chronicle", "history")) == ("The study: He dies.", "He lives.")


def test_what_moved_history_has_its_causes_and_the_choices_behind_them() -> None:
    book = gather(played(*WHOLE))
    moved = {moved.happening.event: moved for moved in book.moved}
    assert set(moved) == {"soon", "slow", "never", "other", "feast", "study"}
    assert moved["never"].held == ("−1 nobody had eaten",)
    assert [cause.label for cause in moved["slow"].behind] == ["Build it"]
    assert [(cause.step, cause.moved) for cause in moved["other"].behind] == [(1, "")]


def test_of_many_choices_behind_an_event_those_it_turned_on_are_told_first() -> None:
    other = next(moved for moved in gather(played(*WHOLE)).moved if moved.happening.event == "other")
    assert other.turning == (1,)
    assert [cause.step for cause in other.nearest] == [1]
    assert other.without == "Without this choice it would have come as recorded."


def test_the_hands_through_which_it_went_are_named_where_they_changed() -> None:
    cast = CAST.replace("about: counts men}", "about: counts men, carrier: {hand: block capitals, if: year >= 1940}}")
    book = gather(played("give", "hand", of=tale(cast=cast)))
    assert [keeper.name for keeper in book.keepers] == ["the secretary", "Ortuño"]
    assert book.kept_by == "Kept by the secretary, then by Ortuño, in block capitals."
    text = notebook.write(played("give", "hand", of=tale(cast=cast)), "txt")
    assert "Here the hand changes: Ortuño, in block capitals." in text
    assert text.index("He took it.") < text.index("Here the hand changes")


def test_the_origin_of_the_first_keeper_is_told_once_it_was_chosen() -> None:
    state = STATE + "\norigin: {start: rail, one_of: [rail, night_school]}\n"
    table = TABLE.replace("do: [bread", "do: [origin = night_school, bread")
    of = tale(state=state, scene__table=table)
    assert gather(played(of=of)).kept_by == "Kept by the secretary."
    assert gather(played("give", of=of)).kept_by == "Kept by the secretary (night school)."


def test_a_story_without_keepers_names_none() -> None:
    state = STATE.replace("carrier: {start: secretary, one_of: [secretary, ortuno]}\n", "")
    scenes = {"scene__stove": SCENES["scene__stove"].replace("do: [hand_over ortuno], ", "")}
    book = gather(played("give", of=tale(state=state, cast="[]", **scenes)))
    assert (book.keepers, book.kept_by) == ((), "")


def test_the_ending_is_told_with_what_earned_it_and_what_it_is_remembered_for() -> None:
    text = notebook.write(played(*WHOLE), "txt")
    assert f"Over {HOSTILE}"[:60] in text
    assert f"There was bread. {HOSTILE}"[:60] in text
    assert "She was asked." in text
    assert "The stove, 5 April 1940: Wait." in text
    assert "still being kept" not in text


def test_sources_name_the_document_who_cites_it_and_what_is_invented() -> None:
    book = gather(played("give", "wait", "pay"))
    assert [(document.title, fact.title, fact.date, fact.cited) for document in book.documents for fact in document.facts] == [("A chronicle", "A fact", "1940", (f"{HOSTILE} table", f"The bells {HOSTILE}"))]
    assert book.invented == ("The stove", "A bill", "The wall")


def test_the_colophon_gives_what_the_campaign_can_be_played_again_from() -> None:
    text = " ".join(notebook.write(played(*WHOLE), "txt").split())
    assert "A small story, edition 1.0.0" in text
    assert "The start; Standard. Seed 7." in text
    assert "4 choices, to 31 December 1940." in text
    off = gather(played(*WHOLE)).lines
    assert f"{off[0].off} of 100 off History, {off[1].off} of 100 off Chronicle." in text


def test_a_label_that_varies_is_told_as_it_was_offered_then() -> None:
    table = TABLE.replace(f"label: '{HOSTILE} label'", "label: 'Give {bread} loaves {if page_kept: again | else: once}.'")
    assert gather(played("give", of=tale(scene__table=table))).years[0].entries[0].note.label == "Give 4 loaves once."


def test_a_choice_that_the_story_no_longer_has_keeps_its_entry() -> None:
    before = played("give", "wait", "pay")
    scenes = {key: text for key, text in SCENES.items() if key not in ("scene__bill", "scene__table")}
    arms = {"scene__arms": SCENES["scene__arms"]}
    of = story(**(scenes | arms | {"events": EVENTS, "scene__stove": SCENES["scene__stove"].replace("do: [tear table], ", "")}))
    book = gather(Campaign(of, before.journal))
    assert [(entry.text, entry.scene) for entry in book.years[0].entries][1:] == [("第五章 was read aloud.", "The stove"), ("Paid.", "")]


# what is not told yet


@pytest.mark.parametrize("format", notebook.FORMATS)
def test_an_open_event_never_tells_its_causes(format: str) -> None:
    assert "secret cause" not in notebook.write(played("give", "wait"), format)


@pytest.mark.parametrize("format", notebook.FORMATS)
def test_a_mode_without_foreknowledge_tells_only_what_is_decided(format: str) -> None:
    text = notebook.write(played("give", "wait", mode="blind"), format)
    assert "The secret" not in text
    assert "The chair" not in text
    assert "more event" not in text
    assert "The bells" in text
    assert "The study" not in text


@pytest.mark.parametrize("format", notebook.FORMATS)
def test_who_does_not_want_to_be_told_what_comes_reads_only_what_is_decided(format: str) -> None:
    campaign = played("give", "wait")
    campaign.ahead = False
    assert "The secret" not in notebook.write(campaign, format)


def test_events_after_the_last_day_are_counted_and_not_told_in_the_columns() -> None:
    text = notebook.write(played("give", "wait"), "txt")
    assert "The secret" not in text
    assert "After this day the lines record 5 more events." in text
    assert any(row["event"] == "secret" and row["verdict"] == "open" for row in json.loads(notebook.write(played("give", "wait"), "json"))["timeline"])


@pytest.mark.parametrize("format", ("md", "txt", "html"))
def test_a_campaign_without_a_choice_has_a_book(format: str) -> None:
    text = notebook.write(played(), format)
    assert "Nothing has been written yet." in text
    assert "The notebook is still being kept." in text
    assert "Nothing so far." in text


def test_a_campaign_without_events_has_no_columns_to_show() -> None:
    bare = played(of=story(**SCENES))
    for format in ("md", "txt", "html"):
        assert "Nothing has been decided yet." in notebook.write(bare, format)
    assert "svg" not in {tag for tag, _ in page(bare).tags}


# Markdown


def test_markdown_shows_what_was_written_as_it_was_written() -> None:
    shown = Page(read_markdown(notebook.write(played(*WHOLE), "md")))
    words = shown.text()
    for written in (HOSTILE[:40].strip(), f"He said {HOSTILE} to me.", f"{HOSTILE} label", f"The bells {HOSTILE}", f"hunger {HOSTILE}", f"Over {HOSTILE}", f"There was bread. {HOSTILE}"):
        assert written in words, written
    assert {tag for tag, _ in shown.tags} <= {"h1", "h2", "h3", "p", "em", "strong", "code", "ul", "ol", "li", "sup", "a", "section", "hr", "blockquote", "br", "table", "thead", "tbody", "tr", "th", "td"}
    assert all(href.startswith("#") for href in shown.hrefs)
    assert shown.text("code").replace(" ", "").strip("=<>~x+") == ""


def test_markdown_has_a_footnote_for_every_entry_and_one_table() -> None:
    text = notebook.write(played(*WHOLE), "md")
    shown = Page(read_markdown(text))
    assert sum(tag == "table" for tag, _ in shown.tags) == 1
    assert sum("footnote-ref" in (found.get("class") or "") for _, found in shown.tags) == 4
    assert len(re.findall(r"^\[\^\d+\]: ", text, re.MULTILINE)) == 4
    assert "[^" not in shown.text()


def test_verse_keeps_its_lines_in_every_format() -> None:
    campaign = played(*WHOLE)
    assert "<br>\n1. and another" in read_markdown(notebook.write(campaign, "md")).replace("<br />", "<br>")
    assert "- a line of verse<br>1. and another" in notebook.write(campaign, "html")
    assert "- a line of verse\n1. and another" in notebook.write(campaign, "txt")


# plain text


def test_no_line_of_the_text_is_wider_than_eighty_cells() -> None:
    long = "x" * 200 + " " + "第五章" * 40
    of = tale(events=EVENTS.replace("title: Slow", f"title: '{long}'").replace("the wall was seen", long))
    for campaign in (played(*WHOLE), played(*WHOLE, title="漢" * 200, of=of), played("give", "tear")):
        lines = notebook.write(campaign, "txt").splitlines()
        assert max(cells(line) for line in lines) == 80
        assert all(line == line.rstrip() for line in lines)


def test_the_text_has_its_footnotes_at_the_end_of_the_year() -> None:
    text = notebook.write(played(*WHOLE), "txt")
    assert "第五章 was read aloud. [2]" in text
    assert text.index("The wall stands. [4]") < text.index("\n   [1] ") < text.index("\n   [4] ") < text.index("Columns of time")


def test_the_columns_of_the_text_have_a_date_each_line_and_this_notebook() -> None:
    text = notebook.write(played(*WHOLE), "txt")
    assert re.search(r"^ +History +Chronicle +This notebook$", text, re.MULTILINE)
    assert re.search(r"^1940 Mar 10 +Slow +the same +> late, 31", text, re.MULTILINE)
    assert re.search(r"^1940 May +Never +the same +x averted$", text, re.MULTILINE)
    assert re.search(r"^1940 Oct 1 +The chair +", text, re.MULTILINE)


@pytest.mark.parametrize("lines", ["  history: {title: History}\n", "  history: {title: History}\n  chronicle: {title: Chronicle}\n  third: {title: A third line}\n"])
def test_a_story_has_as_many_columns_as_it_has_lines(lines: str) -> None:
    known = re.sub(r"lines:\n(  .*\n)+", f"lines:\n{lines}", STORY)
    events = "- {id: bells, line: history, date: 1940-03-10, title: Bells, external: true}\n- {id: fast, line: history, date: 1940-03-12, title: Fast, needs: bread >= 9, external: true}\n"
    campaign = played("give", "wait", of=tale(story=known, events=events))
    n = lines.count("title")
    assert max(cells(line) for line in notebook.write(campaign, "txt").splitlines()) <= 80
    assert f"{'| --- ' * (n + 2)}|" in notebook.write(campaign, "md")
    found = page(campaign)
    assert sum(tag == "th" and attributes.get("scope") == "col" for tag, attributes in found.tags) == n + 2
    assert sum(attributes.get("class") == "rail" for tag, attributes in found.tags if tag == "line") == n + 1


# the page


@pytest.mark.parametrize("choices", [(), ("give",), ("give", "tear"), ("give", "hand"), WHOLE])
def test_the_page_is_whole_by_itself(choices: tuple[str, ...]) -> None:
    found = page(played(*choices))
    assert len(found.ids) == len(set(found.ids))
    assert all(href.startswith("#") and href[1:] in found.ids for href in found.hrefs)
    assert not {tag for tag, _ in found.tags} & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "image", "use", "foreignobject"}
    for tag, attributes in found.tags:
        assert not {"src", "srcset", "data", "poster", "style"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")]
    style = "".join(words for inside, words in found.words if inside == "style")
    assert "url(" not in style and "@import" not in style and "@font-face" not in style
    policy = [found.get("content") for tag, found in found.tags if found.get("http-equiv")]
    assert policy and (policy[0] or "").startswith("default-src 'none'")
    assert {"lang": "en"} in [attributes for tag, attributes in found.tags if tag == "html"]


def test_the_page_shows_what_was_written_as_it_was_written() -> None:
    found = page(played(*WHOLE))
    words = found.text()
    for written in (f"He said {HOSTILE} to me.", f"{HOSTILE} label", f"The bells {HOSTILE}", f"hunger {HOSTILE}", f"Over {HOSTILE}", f"There was bread. {HOSTILE}"):
        assert written in words, written
    assert HOSTILE[:40].strip() in found.text("h1")
    assert HOSTILE[:40].strip() in found.text("title")
    assert "Asked <b>" in words
    assert "<script" not in notebook.write(played(*WHOLE), "html")


def test_the_page_has_its_parts_and_every_note_leads_back() -> None:
    found = page(played(*WHOLE))
    tags = {tag for tag, _ in found.tags}
    assert {"header", "nav", "main", "article", "section", "ol", "time", "figure", "svg", "details", "table", "caption", "footer"} <= tags
    for n in range(1, 5):
        assert f"#n{n}" in found.hrefs and f"#r{n}" in found.hrefs
    assert {"ending", "remembered", "columns", "moved", "sources", "colophon", "y1940"} <= set(found.ids)
    days = [attributes["datetime"] or "" for tag, attributes in found.tags if tag == "time"]
    assert "1940-01-05" in days and "1940-05" in days
    assert all(re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", day) for day in days)


def test_the_drawing_is_described_and_says_in_words_what_it_shows() -> None:
    found = page(played(*WHOLE))
    svg = next(attributes for tag, attributes in found.tags if tag == "svg")
    assert svg["role"] == "img"
    assert all(id in found.ids for id in (svg["aria-labelledby"] or "").split())
    table = found.text("td")
    for words in ("averted", "only in yours", "late, 31 December 1940", "early, 30 June 1940", "Other and odd: altered"):
        assert words in table, words


def heights(text: str, kind: str) -> list[tuple[int, int]]:
    """Where the lines of a kind begin and end in the drawing."""
    found = re.findall(rf'<path class="join{kind}" d="M\d+ (\d+)H\d+(?:L\d+ (\d+)|H\d+)?"/>', text)
    return [(int(begin), int(end or begin)) for begin, end in found]


def test_in_the_drawing_early_rises_late_falls_and_what_was_averted_does_not_arrive() -> None:
    text = notebook.write(played(*WHOLE), "html")
    slanted = [(begin, end) for begin, end in heights(text, " off") if begin != end]
    assert len(slanted) == 2
    assert sorted(end > begin for begin, end in slanted) == [False, True]
    assert len(heights(text, " averted off")) == 2
    assert heights(text, " altered off")
    rails = [int(x) for x in re.findall(r'<line class="rail" x1="(\d+)"', text)]
    stops = [int(x) for x in re.findall(r'join averted off" d="M\d+ \d+H(\d+)"', text)]
    assert all(stop < max(rails) for stop in stops)


def test_what_is_later_stands_lower_and_no_two_names_overlap(redmexico: Story) -> None:
    text = notebook.write(long_campaign(redmexico), "html")
    svg = text[text.index("<svg") : text.index("</svg>")]
    years = [int(y) for y in re.findall(r'<text class="year" x="0" y="(\d+)"', svg)]
    assert years == sorted(years)
    names = [int(y) for y in re.findall(r'<text y="(\d+)"[^>]* text-anchor="end"', svg)]
    assert len(names) > 30
    assert all(below - above >= 17 for above, below in pairwise(names))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_everything_on_the_page_can_be_read_by_day_and_by_night(palette: dict[str, str]) -> None:
    for ground in ("paper", "card"):
        for letters in ("ink", "soft", "red"):
            bright, dim = sorted((luminance(palette[ground]), luminance(palette[letters])), reverse=True)
            assert (bright + 0.05) / (dim + 0.05) >= 4.5, (ground, letters)


def test_letters_are_set_in_colours_of_the_palette_alone() -> None:
    from redmexico.notebook.style import css

    rules = css().split("\n", 1)[1]
    assert set(LIGHT) == set(DARK)
    assert set(re.findall(r"[;{](?:color|fill):([^;}]+)", rules)) <= {"var(--ink)", "var(--soft)", "var(--red)", "var(--paper)", "none", "inherit"}


# data


def test_the_data_holds_the_whole_book_under_keys_that_stay() -> None:
    data = json.loads(notebook.write(played(*WHOLE), "json"))
    assert list(data) == ["format", "title", "story", "run", "made_with", "first", "last", "keepers", "years", "ending", "remembered", "lines", "timeline", "moved", "sources", "invented"]
    entry = data["years"][0]["parts"][0]
    assert list(entry) == ["kind", "number", "step", "day", "text", "scene", "place", "torn", "note"]
    assert (entry["day"], entry["note"]["choice"]) == ("1940-01-05", f"{HOSTILE} label")
    assert data["run"] == {"seed": "7", "start": "The start", "mode": "Standard", "made": data["run"]["made"], "choices": 4, "ended": True}
    assert {row["event"]: row["verdict"] for row in data["timeline"]} == {
        "bells": "kept", "slow": "late", "never": "averted", "other": "altered", "feast": "unwritten", "study": "kept", "soon": "early", "secret": "kept", "chair": "kept",
    }


# a long one


def long_campaign(of: Story, name: str = "lives_scar") -> Campaign:
    """A stored campaign, played again."""
    stored = read_play(Path(__file__).parent / "plays" / f"{name}.yaml")
    campaign = Campaign.new(of, stored.seed, stored.start, stored.mode, "The dry river")
    for address in stored.choices:
        scene, _, choice = address.rpartition("/")
        while engine.position(campaign.state) != scene:
            campaign.choose(campaign.view.opened[0].id)
        campaign.choose(choice)
    return campaign


def test_the_shipped_story_makes_a_book_in_every_format(redmexico: Story) -> None:
    campaign = long_campaign(redmexico)
    book = gather(campaign)
    entries = [entry for year in book.years for entry in year.entries]
    assert len(entries) == len(campaign.view.notebook) > 120
    assert [entry.number for entry in entries] == list(range(1, len(entries) + 1))
    assert all(entry.note.label or entry.note.where for entry in entries)
    found = page(campaign)
    assert len(found.ids) == len(set(found.ids))
    assert all(href[1:] in found.ids for href in found.hrefs)
    assert max(cells(line) for line in notebook.write(campaign, "txt").splitlines()) <= 80
    shown = Page(read_markdown(notebook.write(campaign, "md")))
    for entry in entries:
        assert entry.text in found.text()
        assert entry.text in shown.text()
