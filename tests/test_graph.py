"""The story as a graph: what leads where, on which day it can come, and the page on which it is looked at."""

from __future__ import annotations

import html
import itertools
import json
import random
import re
import shutil
import subprocess
from datetime import date as Date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

import kit
from redmexico.earliest import first_days
from redmexico.errors import RedMexicoError
from redmexico.graph import FORMATS, INFERRED, Graph, around, find, graph_of, written
from redmexico.graph.layout import HIGH, NO_DAY, WIDE, layout, month_of
from redmexico.graph.script import SCRIPT
from redmexico.loader.pack import Loaded
from redmexico.model import FAR
from redmexico.uses import uses_of
from test_uses import CONTENT, content, small

HOSTILE = ['</script><script>alert(1)</script>', '"] end; x["', "a\\", '"', "<img src=x onerror=alert(1)>", "--> n1", "${x} `y` #quot; ]]>"]


def graph() -> Graph:
    made = small()
    return graph_of(made.form, made.scenes)


@cache
def real() -> Graph:
    made = content()
    return graph_of(made.form, made.scenes, folders={id: source.file.split("/")[-2] for id, source in made.source_of.items()})


def edges(graph: Graph, kind: str) -> list[tuple[str, str]]:
    return [(edge.source, edge.target) for edge in graph.edges if edge.kind == kind]


def day(text: str) -> int:
    return Date.fromisoformat(text).toordinal()


# nodes and edges


def test_every_scene_event_act_start_and_ending_is_a_node() -> None:
    made = content()
    found = real()
    assert [id for id, node in found.nodes.items() if node.kind == "scene"] == list(made.scenes)
    assert sum(node.kind == "event" for node in found.nodes.values()) == len(made.form["events"])
    assert {"start:tampico", "act:guest", "ending:" + made.form["endings"][0]["id"]} <= set(found.nodes)
    node = found.nodes["gangway"]
    assert node.title == "The gangway" and node.words > 500 and node.act == "prologue" and node.folder


def test_what_a_writer_wrote_is_an_edge_of_its_kind() -> None:
    found = graph()
    assert edges(found, "call") == [("letter", "gangway")]
    assert edges(found, "later") == [("letter", "gangway")]
    assert edges(found, "else") == [("letter", "o_print")]
    assert edges(found, "plays") == [("event:strike", "gangway")]
    assert edges(found, "otherwise") == [("event:march", "event:strike")]
    assert ("start:first", "act:one") in edges(found, "start")
    assert edges(found, "ending") == [("letter", "ending:fed"), ("act:one", "ending:fed"), ("act:one", "ending:over")]
    assert edges(found, "calendar") == [("act:one", "letter")]
    later = next(edge for edge in found.edges if edge.kind == "later")
    assert later.said == "offer: in 2..3 months if truce == offered"
    assert next(edge.said for edge in found.edges if edge.kind == "otherwise") == "if arms >= 1"


def test_a_deck_that_no_council_deals_offers_nothing() -> None:
    assert not edges(graph(), "council")
    assert ("act:guest", "o_bulletin") in edges(real(), "council")


def test_who_sets_what_a_gate_reads_leads_to_it_with_the_names_that_make_it() -> None:
    found = {(edge.source, edge.target, edge.kind): edge.names for edge in graph().edges if edge.kind in INFERRED}
    assert found["gangway", "letter", "sets"] == ("−altar by quiet, loud (gate)",)
    assert found["gangway", "letter", "asks"] == ("+chosen(gangway/keep) (gate)",)
    assert "+altar (pull)" in found["gangway", "event:march", "sets"]
    assert found["event:strike", "event:march", "asks"] == ("±event(strike) (needs)",)
    assert found["event:march", "event:end_of_it", "asks"] == ("±event(march) (outcome)",)
    assert found["gangway", "event:end_of_it", "sets"] == ("±altar by pull(march) (outcome)",)
    assert ("letter", "letter", "sets") not in found


def test_a_cause_against_an_event_turns_what_helps_it_into_a_hindrance() -> None:
    event = "- {id: march, line: history, date: 1940-03, title: M, invented: true, pulls: [{if: arms >= 5, pull: -2, because: rifles}, {if: page_kept, pull: 1, because: it was read}]}"
    made = kit.loaded(events=event, scene__s="title: S\ndue: true\ntext: T.\nchoices: [{id: a, label: A, do: [arms += 1, page_kept = true]}]")
    found = [edge.names for edge in graph_of(made.form, made.scenes).edges if edge.kind == "sets"]
    assert found == [("−arms (pull)", "+page_kept (pull)")]


def test_who_sets_what_a_bill_asks_leads_to_what_the_bill_brings() -> None:
    found = {(edge.source, edge.target): edge.names for edge in graph().edges if edge.kind == "sets"}
    assert found["letter", "gangway"] == ("+truce (later)",)
    assert found["letter", "o_print"] == ("−truce (later)",)


def test_what_comes_too_late_for_a_gate_does_not_lead_to_it() -> None:
    texts = {
        "scene__early": "title: Early\nwhen: {until: 1940-02, if: arms >= 5}\ndue: true\ntext: Now.\nchoices: [{id: a, label: A}]",
        "scene__late": "title: Late\nwhen: {from: 1940-06}\ndue: true\ntext: Then.\nchoices: [{id: a, label: A, do: [arms += 1]}]",
        "scene__soon": "title: Soon\nwhen: {from: 1940-01}\ndue: true\ntext: Then.\nchoices: [{id: a, label: A, do: [arms += 1]}]",
    }
    made = kit.loaded(**texts)
    assert edges(graph_of(made.form, made.scenes), "sets") == [("soon", "early")]


def test_the_part_around_a_scene_keeps_what_is_within_so_many_steps() -> None:
    whole = real()
    near = around(whole, "gangway", 1, inferred=False)
    assert {"gangway", "azuara_at_the_gate", "clipping_with_a_ring", "act:prologue"} <= set(near.nodes)
    assert "lecheria" not in near.nodes
    assert set(near.nodes) <= set(around(whole, "gangway", 2, inferred=False).nodes)
    assert len(around(whole, "gangway", 1).nodes) > len(near.nodes)
    assert set(around(whole, "gangway", 0).nodes) == {"gangway"}
    steps = {frozenset((edge.source, edge.target)) for edge in whole.edges}
    assert all(frozenset(("gangway", id)) in steps for id in around(whole, "gangway", 1).nodes if id != "gangway")
    assert all(edge.source in near.nodes and edge.target in near.nodes for edge in near.edges)


def test_a_scene_that_is_not_there_is_answered_with_the_nearest() -> None:
    assert find(real(), "axe") == "event:axe"
    with pytest.raises(RedMexicoError) as error:
        around(real(), "gangwy", 1)
    assert "did you mean 'gangway'?" in str(error.value)
    with pytest.raises(RedMexicoError) as error:
        written(real(), "mermad")
    assert "did you mean 'mermaid'?" in str(error.value)


# days


def days(**texts: str) -> dict[str, int]:
    made = kit.loaded(**texts)
    assert not made.errors, made.errors
    return first_days(made.form, made.scenes, uses_of(made.form, made.scenes))


SCENE = "title: T\nwhen: {%s}\n%s\ntext: T.\nchoices: [{id: a, label: A%s}]"


def test_a_scene_comes_no_sooner_than_its_window_its_gate_and_what_leads_to_it() -> None:
    found = days(
        scene__first=SCENE % ("from: 1940-03", "due: true", ", do: [truce = made], later: [{in: 2..4 months, scene: bill}]"),
        scene__bill=SCENE % ("", "", ", goto: room_of_it"),
        scene__room_of_it=SCENE % ("", "", ""),
        scene__after=SCENE % ("if: chosen(room_of_it/a) or visits(bill) >= 1 and date >= 1940-09", "due: true", ""),
        scene__worded=SCENE % ("if: truce == made", "due: true", ""),
        scene__dated=SCENE % ("if: date > 1940-04", "due: true", ""),
        scene__at_once=SCENE % ("if: not chosen(first/a)", "due: true", ""),
        scene__nowhere=SCENE % ("", "", ""),
        scene__beyond=SCENE % ("from: 1941", "due: true", ""),
        scene__never=SCENE % ("if: page_kept", "due: true", ""),
    )
    iso = {id: Date.fromordinal(n).isoformat() if n < FAR else "" for id, n in found.items()}
    assert iso["first"] == iso["worded"] == "1940-03-01"
    assert iso["bill"] == iso["room_of_it"] == iso["after"] == "1940-05-01"
    assert iso["dated"] == "1940-05-01" and iso["at_once"] == "1940-01-01"
    assert iso["nowhere"] == iso["beyond"] == iso["never"] == ""


def test_events_come_in_their_window_and_play_their_scene_then() -> None:
    made = small()
    found = first_days(made.form, made.scenes, uses_of(made.form, made.scenes))
    assert found["event:march"] == day("1940-02-01")
    assert found["event:strike"] == day("1940-02-01"), "in the march's place"
    assert found["gangway"] == day("1940-02-01")


def test_every_scene_of_the_real_story_can_come_on_some_day() -> None:
    assert [node.id for node in real().nodes.values() if node.kind == "scene" and node.first >= FAR] == []


# layout


@cache
def made_up(scenes: int, seed: int) -> Loaded:
    """A story of many scenes, which set and ask of one another at random."""
    chance = random.Random(seed)
    names = [f"q{i}" for i in range(scenes // 12 + 1)]
    texts = {"state": kit.STATE + "".join(f"{name}: {{kind: resource, start: 0, range: 0..9}}\n" for name in names)}
    comes = ["draw: {deck: house}", "draw: {deck: small}", "due: true", "due: {weight: 2}", "order: 1", "due: dispatch"]
    for i in range(scenes):
        gate = chance.choice(["", f"if: {chance.choice(names)} >= 2", f"if: visits(s{chance.randrange(scenes)}) >= 1"])
        bill = f"later: [{{in: 2..9 months, scene: s{chance.randrange(scenes)}}}]" if chance.random() < 0.4 else "do: []"
        texts[f"scene__s{i}"] = (
            f"title: Scene number {i}\nwhen:\n  from: {chance.randint(1937, 1948)}-{chance.randint(1, 12):02}\n  {gate}\n{chance.choice(comes)}\n"
            f"text: Words.\nchoices:\n  - id: a\n    label: A\n    {bill}\n  - {{id: b, label: B, do: [{chance.choice(names)} += 1]}}\n"
        )
    made = kit.loaded(**texts)
    assert not made.errors, made.errors[:3]
    return made


@pytest.mark.parametrize("which", ["small", "real", "made up"])
def test_boxes_stand_along_the_calendar_in_their_lanes_and_never_overlap(which: str) -> None:
    found = real() if which == "real" else graph() if which == "small" else graph_of(made_up(700, 1).form, made_up(700, 1).scenes)
    drawn = layout(found)
    assert set(drawn.boxes) == set(found.nodes)
    assert len(set(drawn.boxes.values())) == len(drawn.boxes)
    ordered = sorted(found.nodes.values(), key=lambda node: month_of(node))
    for a, b in itertools.pairwise(ordered):
        if month_of(a) < month_of(b):
            assert drawn.boxes[a.id][0] + WIDE < drawn.boxes[b.id][0], (a, b)
    lanes = {lane.id: lane for lane in drawn.lanes}
    for node in found.nodes.values():
        x, y = drawn.boxes[node.id]
        lane = lanes[node.lane]
        assert lane.top <= y <= lane.top + lane.height - HIGH and x + WIDE <= drawn.width
    tops = [(lane.top, lane.top + lane.height) for lane in drawn.lanes]
    assert all(below[0] > above[1] for above, below in itertools.pairwise(tops))
    columns = {(x, y) for x, y in drawn.boxes.values()}
    assert not any((x + dx, y + dy) in columns for x, y in columns for dx in (1, WIDE - 1) for dy in (0, 1))


def test_what_has_no_day_stands_after_every_other() -> None:
    made = kit.loaded(scene__lost="title: Lost\ntext: Nowhere.\nchoices: [{id: a, label: A}]")
    found = graph_of(made.form, made.scenes)
    assert month_of(found.nodes["lost"]) == NO_DAY
    boxes = layout(found).boxes
    assert boxes["lost"][0] == max(x for x, _ in boxes.values())


# formats


def hostile() -> Loaded:
    """A story whose every title is meant for something else than reading."""
    typed = [json.dumps(title.replace("{", "{{").replace("}", "}}")) for title in HOSTILE]
    texts = {f"scene__s{i}": f"title: {title}\nwhen: {{if: bread >= 1}}\ndue: true\ntext: T.\nchoices: [{{id: a, label: A, do: [bread += 1], goto: s{(i + 1) % len(HOSTILE)}}}]" for i, title in enumerate(typed)}
    made = kit.loaded(**texts)
    assert not made.errors, made.errors
    made.form["title"] = HOSTILE[0]
    made.form["cards"][0]["title"] += "\x1b[31m\u202e\n  evil --> n1"
    return made


class Reader(HTMLParser):
    """What a browser would find: tags with their attributes, and the text of titles."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.keys: set[str] = set()
        self.inside: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.at: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.at.append(tag)
        for name, value in attrs:
            self.keys.add(name)
            if name in ("src", "href"):
                self.links.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        while self.at and self.at.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.at:
            self.inside.setdefault(self.at[-1], []).append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_the_page_keeps_hostile_titles_as_text_and_fetches_nothing() -> None:
    made = hostile()
    page = written(graph_of(made.form, made.scenes), "html")
    found = read(page)
    assert found.tags.count("script") == 2 and "img" not in found.tags and not found.links
    assert not [key for key in found.keys if key.startswith("on")]
    assert "\x1b" not in page and "\u202e" not in page
    data = json.loads("".join(found.inside["script"]).partition(SCRIPT)[0])
    titles = [node["title"] for node in data["nodes"] if node["kind"] == "scene"]
    assert titles[1:] == HOSTILE[1:] and titles[0].startswith(HOSTILE[0])
    assert not re.search(r"(https?:)?//[a-z]", page.replace("http://www.w3.org/2000/svg", ""))
    assert "script-src 'sha256-" in page and "default-src 'none'" in page


def test_the_page_has_a_box_for_every_node_in_the_order_of_its_data() -> None:
    page = written(real(), "html")
    names = re.findall(r'<g class="node[^>]*aria-label="([^"]*)"', page)
    assert [html.unescape(name) for name in names] == [f"{node.title} ({node.id})" for node in real().nodes.values()]


_MERMAID_NODE = re.compile(r'  n\d+(\["[^"]*"\]|\{\{"[^"]*"\}\}|\[\["[^"]*"\]\]|\(\["[^"]*"\]\)|\[/"[^"]*"/\])')
_MERMAID_EDGE = re.compile(r'  n\d+ (-->|-\.->|==>)\|"[^"]*"\| n\d+')


def test_mermaid_has_safe_ids_and_quoted_labels_whatever_titles_hold() -> None:
    made = hostile()
    for found in (graph_of(made.form, made.scenes), real().told()):
        lines = written(found, "mermaid").splitlines()
        assert lines[0] == "flowchart LR"
        nodes = [line for line in lines[1:] if _MERMAID_NODE.fullmatch(line)]
        arrows = [line for line in lines[1:] if _MERMAID_EDGE.fullmatch(line)]
        assert (len(nodes), len(arrows)) == (len(found.nodes), len(found.edges)) and len(lines) == 1 + len(nodes) + len(arrows)
        for line in lines[1:]:
            for label in re.findall(r'"([^"]*)"', line):
                assert not re.search(r"[<>`\\\[\]{}|;]|#(?!\d)", re.sub(r"#\d+;", "", label)), line


def dot_strings(text: str) -> list[str]:
    """The quoted strings of DOT, read as Graphviz reads them; what stands outside must be the language's own."""
    strings, rest = [], []
    at = 0
    while at < len(text):
        if text[at] != '"':
            rest.append(text[at])
            at += 1
            continue
        end, value = at + 1, ""
        while text[end] != '"':
            value += text[end + 1] if text[end] == "\\" else text[end]
            end += 2 if text[end] == "\\" else 1
        strings.append(value)
        rest.append("S")
        at = end + 1
    for line in "".join(rest).splitlines():
        assert re.fullmatch(
            r"digraph S \{|  rankdir=LR;|  node \[fontname=S\];|  S \[label=S, shape=\w+\];|  S -> S \[label=S, style=\w+\];|\}", line
        ), line
    return strings


def test_dot_quotes_whatever_titles_hold() -> None:
    made = hostile()
    found = graph_of(made.form, made.scenes)
    strings = dot_strings(written(found, "dot"))
    assert strings[0] == HOSTILE[0]
    assert any(HOSTILE[1] in text for text in strings) and any(text.startswith("a\\ ") for text in strings)
    dot_strings(written(real(), "dot"))


def test_json_is_the_graph_in_plain_ascii() -> None:
    made = hostile()
    found = graph_of(made.form, made.scenes)
    text = written(found, "json")
    assert text.isascii() and "\x1b" not in text
    data = json.loads(text)
    assert [node["id"] for node in data["nodes"]] == list(found.nodes)
    assert len(data["edges"]) == len(found.edges)
    assert data["nodes"][1] | {"words": 0} == {
        "id": "act:one", "kind": "act", "title": "One", "first": "1940-01-01", "window": {"from": "1940-01-01", "until": "1940-12-31"},
        "lane": "act", "comes": "Starts and acts", "act": "one", "folder": "", "words": 0, "gate": "", "order": False,
    }


def test_every_format_is_the_same_each_time_it_is_written() -> None:
    made = content()
    for format in FORMATS:
        assert written(real(), format) == written(graph_of(made.form, made.scenes, folders={id: s.file.split("/")[-2] for id, s in made.source_of.items()}), format)
    assert CONTENT.is_dir()


# the page in a browser, where there is one

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
needs_browser = pytest.mark.skipif(BROWSER is None, reason="no browser to look at the page with")


def looked_at(folder: Path, found: Graph, fragment: str = "") -> tuple[dict[str, str], str]:
    """What the page made of itself: the notes that it keeps on its body, and the whole of it."""
    page = folder / "graph.html"
    if not page.exists():
        page.write_text(written(found, "html"), encoding="utf-8")
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=4000", f"--user-data-dir={folder / 'profile'}", "--dump-dom", f"{page.as_uri()}{fragment}"]
    dom = subprocess.run(command, capture_output=True, text=True, timeout=240, check=True).stdout
    body = re.search(r"<body([^>]*)>", dom)
    assert body is not None
    return dict(re.findall(r'data-(\w+)="([^"]*)"', body.group(1))), dom


@needs_browser
def test_a_scene_in_the_address_is_chosen_and_what_leads_to_it_is_told(tmp_path: Path) -> None:
    notes, dom = looked_at(tmp_path, real(), "#scene=gangway")
    assert (notes["chosen"], notes["ready"]) == ("gangway", "1")
    panel = dom[dom.index('id="panel"') : dom.index("</aside>")]
    assert "The gangway" in panel and "What leads here" in panel and "in 2..4 months" in panel
    own = [edge for edge in real().edges if "gangway" in (edge.source, edge.target)]
    assert int(notes["inferred"]) == sum(edge.kind in INFERRED for edge in own)
    assert dom.count('class="node scene now"') + dom.count("near now") == 1


@needs_browser
def test_a_word_in_the_address_is_searched_without_regard_to_accents(tmp_path: Path) -> None:
    notes, dom = looked_at(tmp_path, real(), "#q=LUJAN")
    wanted = [n for n in real().nodes.values() if "lujan" in f"{n.title}\n{n.id}\n{n.gate}".lower().replace("á", "a")]
    assert int(notes["hits"]) == len(wanted) > 0
    assert len(re.findall(r'class="node[^"]* hit', dom)) == len(wanted)
    assert notes["chosen"] == "" and notes["inferred"] == "0"


@needs_browser
def test_inferred_edges_can_be_drawn_all_at_once_or_not_at_all(tmp_path: Path) -> None:
    inferred = sum(edge.kind in INFERRED for edge in real().edges)
    notes, _ = looked_at(tmp_path, real(), "#inferred=all")
    assert int(notes["inferred"]) == inferred > 1000
    notes, _ = looked_at(tmp_path, real(), "#scene=gangway&inferred=none")
    assert notes["inferred"] == "0" and notes["chosen"] == "gangway"


@needs_browser
def test_the_page_serves_seven_hundred_scenes(tmp_path: Path) -> None:
    made = made_up(700, 1)
    notes, dom = looked_at(tmp_path, graph_of(made.form, made.scenes), "#scene=s5&q=number+69")
    assert notes["ready"] == "1" and notes["chosen"] == "s5" and notes["hits"] == "11"
    assert dom.count('<g class="node') > 700


@needs_browser
def test_hostile_titles_do_nothing_in_a_browser(tmp_path: Path) -> None:
    made = hostile()
    notes, dom = looked_at(tmp_path, graph_of(made.form, made.scenes), "#scene=s0")
    assert notes["ready"] == "1" and notes["chosen"] == "s0"
    assert dom.count("<script") == 2 and "<img" not in dom
