"""story.yaml → acts, starts, modes and the recorded lines."""

from __future__ import annotations

from redmexico.loader import shapes
from redmexico.loader.compile import Form, Known, Reader
from redmexico.loader.entries import Entry
from redmexico.loader.tree import Source, Way

TEMPOS = {str(months): months for months in (1, 2, 3, 4, 6, 12)}
"""How long a turn may be."""


class StoryFile:
    """Reads what the packs' story.yaml say together: a mod's acts, starts and modes stand behind the story's own."""

    def __init__(self, known: Known, story: Entry[shapes.Story], mods: list[Entry[shapes.ModStory]]) -> None:
        self.known = known
        self.names = known.names
        self.story = story.shape
        whole: list[tuple[Source, shapes.Story | shapes.ModStory]] = [(story.source, story.shape)]
        whole += [(mod.source, mod.shape) for mod in mods]
        self.pairs = [(Reader(source, known), shape) for source, shape in whole]
        self.readers = [reader for reader, _ in self.pairs]

    def collect(self) -> None:
        """Make the names of acts, modes and lines known."""
        names = self.names
        names.acts = tuple(act.id for _, shape in self.pairs for act in shape.acts)
        names.modes = tuple(mode.id for _, shape in self.pairs for mode in shape.modes)
        names.lines = tuple(dict.fromkeys(line for _, shape in self.pairs for line in shape.lines))
        for what in ("acts", "modes", "starts"):
            seen: set[str] = set()
            for reader, shape in self.pairs:
                for i, item in enumerate(getattr(shape, what)):
                    if item.id in seen:
                        reader.source.at((what, i, "id"), "RM110", f"'{item.id}' stands twice", "choose another id")
                    seen.add(item.id)

    def form(self) -> Form:
        """Everything of the form that stands in story.yaml."""
        s = self.story
        self.readers[0].words(("title",), s.title, "story", "title")
        form: Form = {"id": s.id, "title": s.title, "version": s.version, "status": [], "lines": []}
        form |= {"starts": [], "modes": [], "acts": [], "languages": list(s.languages)}
        for reader, shape in self.pairs:
            form["languages"] += [tongue for tongue in shape.languages if tongue not in form["languages"]]
            form["status"] += [
                reader.point(("status", i), name, self.names.qualities, "RM201", "quality")
                for i, name in enumerate(shape.status)
            ]
            form["lines"] += [self.line(reader, id, line) for id, line in shape.lines.items()]
            form["starts"] += [self.start(reader, ("starts", i), start) for i, start in enumerate(shape.starts)]
            form["modes"] += [self.mode(reader, ("modes", i), mode) for i, mode in enumerate(shape.modes)]
            form["acts"] += [self.act(reader, ("acts", i), act) for i, act in enumerate(shape.acts)]
        return form

    def line(self, reader: Reader, id: str, line: shapes.Line) -> list[object]:
        way = ("lines", id)
        return [
            id,
            reader.words((*way, "title"), line.title, f"line:{id}", "title"),
            reader.point((*way, "follows"), line.follows, self.names.lines, "RM207", "line"),
            reader.day((*way, "until"), line.until, 0, end=True),
        ]

    def start(self, reader: Reader, way: Way, s: shapes.Start) -> Form:
        address = f"start:{s.id}"
        return {
            "id": s.id,
            "title": reader.words((*way, "title"), s.title, address, "title"),
            "about": reader.words((*way, "about"), s.about, address, "about"),
            "act": reader.point((*way, "act"), s.act, self.names.acts, "RM214", "act"),
            "scene": reader.point((*way, "scene"), s.scene, self.names.scenes, "RM202", "scene"),
            "line": reader.point((*way, "as"), s.as_, self.names.lines, "RM207", "line"),
            "events": {
                reader.point((*way, "events", e), e, self.names.events, "RM206", "event"): v
                for e, v in s.events.items()
            },
            "do": reader.effects((*way, "do"), s.do),
        }

    def mode(self, reader: Reader, way: Way, m: shapes.Mode) -> Form:
        return {
            "id": m.id,
            "title": reader.words((*way, "title"), m.title, f"mode:{m.id}", "title"),
            "about": reader.words((*way, "about"), m.about, f"mode:{m.id}", "about"),
            "do": reader.effects((*way, "do"), m.do),
            "rewind": m.rewind,
            "previews": m.previews == "shown",
            "foreknowledge": m.foreknowledge == "shown",
        }

    def act(self, reader: Reader, way: Way, act: shapes.Act) -> Form:
        tempo = 0
        if act.turn != "whole":
            months, _, unit = act.turn.partition(" ")
            tempo = TEMPOS.get(months, -1) if unit in ("month", "months") else -1
            if tempo < 0:
                reader.source.at(
                    (*way, "turn"), "RM105", f"'{act.turn}' is no tempo", "write: whole, or 1, 2, 3, 4, 6 or 12 months"
                )
                tempo = 6
        council = None
        if act.council:
            c = act.council
            council = {
                "hand": c.hand,
                "orders": c.orders,
                "decks": c.decks,
                "always": c.always,
                "summon": None,
                "cost": ["", 0],
            }
            if c.summon:
                form = reader.effect((*way, "council", "summon"), c.summon)
                if form and form[0] == "-=" and form[2][0] == "int":
                    council |= {"summon": form, "cost": [form[1], form[2][1]]}
                elif form:
                    said, hint = "a summons costs a number", "write: cadres -= 1"
                    reader.source.at((*way, "council", "summon"), "RM204", said, hint)
        first, last = reader.day((*way, "from"), act.from_, 1), reader.day((*way, "until"), act.until, 1, end=True)
        if first > last:
            reader.source.at((*way, "until"), "RM105", "the act is over before it begins", "let 'until' be the later day")
        endings = {*self.known.endings, "rules"}
        return {
            "id": act.id,
            "title": reader.words((*way, "title"), act.title, f"act:{act.id}", "title"),
            "goal": reader.words((*way, "goal"), act.goal, f"act:{act.id}", "goal"),
            "first": first,
            "last": last,
            "tempo": tempo,
            "council": council,
            "scenes": act.scenes,
            "ends": reader.expression((*way, "ends"), act.ends),
            "do": reader.effects((*way, "do"), act.do),
            "next": [
                [
                    reader.expression((*way, "next", i, "if"), n.if_),
                    reader.point((*way, "next", i, "act"), n.act, self.names.acts, "RM214", "act"),
                    reader.point((*way, "next", i, "ending"), n.ending, endings, "RM214", "ending"),
                ]
                for i, n in enumerate(act.next)
            ],
        }
