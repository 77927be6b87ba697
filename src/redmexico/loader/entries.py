"""The lists of a story: events, people, facts, codex, endings, achievements, the map. One method reads one entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

from pydantic import BaseModel

from redmexico.loader import shapes
from redmexico.loader.check_shape import many, one
from redmexico.loader.compile import Form, Known, Reader
from redmexico.loader.files import Pack
from redmexico.loader.tree import Source, Way

MAP_COLUMNS, MAP_ROWS = 56, 18
TOLD = ("title", "about", "took", "doubted", "invented")
"""what is told of a document"""
S = TypeVar("S", bound=BaseModel)


class Entry(NamedTuple, Generic[S]):
    """One entry of a file: where it stands, and what it says."""

    source: Source
    way: Way
    shape: S


def entries(packs: list[Pack], file: str, shape: type[S]) -> list[Entry[S]]:
    """The entries of a file that is a list, of all packs in their order."""
    sources = [pack.sources[f"{file}.yaml"] for pack in packs if f"{file}.yaml" in pack.sources]
    return [Entry(source, (i,), item) for source in sources for i, item in enumerate(many(source, shape))]


class Entries:
    """Every entry of the packs but scenes and qualities, read in two steps: first their names, then what they say."""

    def __init__(self, packs: list[Pack], known: Known) -> None:
        self.packs = packs
        self.known = known
        self.names = known.names
        self.readers: dict[int, Reader] = {}
        self._accounts: dict[str, str] = {}
        self.derived: dict[str, Any] = {}
        """computed qualities, once they are read"""
        self.events = entries(packs, "events", shapes.Event)
        self.cast = entries(packs, "cast", shapes.Person)
        self.codex = entries(packs, "codex", shapes.Entry)
        self.achievements = entries(packs, "achievements", shapes.Achievement)
        self.endings: list[Entry[shapes.Ending]] = []
        self.slides: list[Entry[shapes.Slide]] = []
        self.facts: list[Entry[shapes.Fact]] = []
        self.documents: list[Entry[shapes.Document]] = []
        self.files = {s.file: i for i, s in enumerate(s for pack in packs for s in pack.sources.values())}
        """the files' order, that of the packs"""
        for pack in packs:
            self.nested(pack)

    def nested(self, pack: Pack) -> None:
        """The lists that stand together in one file. A mod's endings are asked before those it adds to."""
        source = pack.sources.get("endings.yaml")
        found = one(source, shapes.Endings) if source is not None else None
        if source is not None and found is not None:
            mine = [Entry(source, ("endings", i), item) for i, item in enumerate(found.endings)]
            self.endings = [*mine, *self.endings]
            self.slides += [Entry(source, ("slides", i), item) for i, item in enumerate(found.slides)]
        source = pack.sources.get("sources.yaml")
        told = one(source, shapes.Sources) if source is not None else None
        if source is not None and told is not None:
            self.documents += [Entry(source, ("documents", i), item) for i, item in enumerate(told.documents)]
            self.facts += [Entry(source, ("facts", i), item) for i, item in enumerate(told.facts)]

    def reader(self, entry: Entry[S]) -> Reader:
        """The reader of an entry's file."""
        return self.readers.setdefault(id(entry.source), Reader(entry.source, self.known))

    def collect(self) -> None:
        """Make the ids known; each stands once in all packs together."""
        names, known = self.names, self.known
        found: list[Iterable[Entry[Any]]] = [
            self.events, self.cast, self.codex, self.achievements, self.endings, self.slides, self.facts, self.documents,
        ]
        for listed in found:
            self.unique(listed)
        names.events = {entry.shape.id for entry in self.events}
        names.variants = {
            e.id: tuple([v.id for v in e.variants] + [o.as_ for o in e.outcomes if o.as_ != "kept"])
            for _, _, e in self.events
        }
        known.people = {entry.shape.id for entry in self.cast}
        known.codex = {entry.shape.id: entry.shape.title for entry in self.codex}
        known.facts = {entry.shape.id for entry in self.facts}
        known.endings = {entry.shape.id for entry in self.endings}
        known.achievements = {entry.shape.id for entry in self.achievements}

    def unique(self, found: Iterable[Entry[Any]]) -> None:
        first: dict[str, Source] = {}
        for source, way, shape in sorted(found, key=lambda entry: self.files[entry.source.file]):
            before = first.get(shape.id)
            if before is source:
                source.at((*way, "id"), "RM110", f"'{shape.id}' stands twice", "choose another id")
            elif before is not None:
                said = f"'{shape.id}' is an entry of another pack"
                source.at((*way, "id"), "RM603", said, f"it stands in {before.file}; choose another id, or patch it")
            first.setdefault(shape.id, source)

    def form(self) -> Form:
        """Everything of the form that stands in these files."""
        return {
            "events": self.all_events(),
            "cast": [self.person(self.reader(entry), entry.way, entry.shape) for entry in self.cast],
            "endings": self.all_endings(),
            "slides": [self.slide(self.reader(entry), entry.way, entry.shape) for entry in self.slides],
            "codex": [self.page(self.reader(entry), entry.way, entry.shape) for entry in self.codex],
            "achievements": [self.achievement(self.reader(e), e.way, e.shape) for e in self.achievements],
            "facts": [self.fact(self.reader(entry), entry.way, entry.shape) for entry in self.facts],
            "documents": [self.document(self.reader(entry), entry.way, entry.shape) for entry in self.documents],
            "map": self.map(),
        }

    def event(self, reader: Reader, way: Way, e: shapes.Event) -> Form:
        events, scenes = self.names.events, self.names.scenes
        date = list(reader.days((*way, "date"), e.date))
        window = list(reader.span((*way, "window"), e.window)) if e.window else date
        if not (window[0] <= date[0] and date[1] <= window[1]):
            reader.source.at((*way, "window"), "RM105", "the date lies outside the window")
        reader.point((*way, "line"), e.line, {*self.names.lines, "both", "notebook"}, "RM207", "line")
        facts = [e.fact, *e.facts] if e.fact else e.facts
        for i, fact in enumerate(facts):
            place = (*way, "fact") if e.fact and i == 0 else (*way, "facts", i - bool(e.fact))
            reader.point(place, fact, self.known.facts, "RM213", "fact in sources.yaml")
        address = f"event:{e.id}"
        record = reader.words((*way, "record"), e.record, address, "record")
        return {
            "id": e.id,
            "title": reader.words((*way, "title"), e.title, address, "title"),
            "line": e.line,
            "date": date,
            "window": window,
            "weight": e.weight,
            "fact": e.fact or "",
            "facts": facts,
            "record": record or self.accounts().get(e.fact or "", ""),
            "needs": reader.expression((*way, "needs"), e.needs),
            "pulls": [
                [
                    reader.expression((*way, "pulls", i, "if"), p.if_),
                    p.pull,
                    reader.words((*way, "pulls", i, "because"), p.because, address, f"pulls.{i}"),
                ]
                for i, p in enumerate(e.pulls)
            ],
            "threshold": e.threshold,
            "early": None if e.early == "never" else e.early,
            "external": e.external,
            "where": self.region(reader, (*way, "where"), e.where),
            "subjects": e.subjects,
            "scene": reader.point((*way, "scene"), e.scene, scenes, "RM202", "scene"),
            "do": reader.effects((*way, "do"), e.do),
            "variants": [self.variant(reader, (*way, "variants", i), v, address) for i, v in enumerate(e.variants)],
            "outcomes": [
                [
                    o.as_,
                    reader.expression((*way, "outcomes", i, "if"), o.if_),
                    reader.words((*way, "outcomes", i, "title"), o.title, address, f"outcomes.{o.as_}"),
                ]
                for i, o in enumerate(e.outcomes)
            ],
            "otherwise": [
                [
                    reader.expression((*way, "otherwise", i, "if"), o.if_),
                    reader.point((*way, "otherwise", i, "event"), o.event, events, "RM206", "event"),
                    reader.point((*way, "otherwise", i, "scene"), o.scene, scenes, "RM202", "scene"),
                ]
                for i, o in enumerate(e.otherwise)
            ],
            "elsewhere": [
                [
                    reader.point((*way, "elsewhere", l), l, self.names.lines, "RM207", "line"),
                    reader.words((*way, "elsewhere", l, "record"), x.record, address, f"elsewhere.{l}"),
                    x.as_,
                ]
                for l, x in e.elsewhere.items()
            ],
        }

    def variant(self, reader: Reader, way: Way, v: shapes.Variant, address: str) -> Form:
        return {
            "id": v.id,
            "record": reader.words((*way, "record"), v.record or "", address, f"variants.{v.id}.record"),
            "if": reader.expression((*way, "if"), v.if_),
            "title": reader.words((*way, "title"), v.title, address, f"variants.{v.id}"),
            "threshold": v.threshold,
            "scene": reader.point((*way, "scene"), v.scene, self.names.scenes, "RM202", "scene") if v.scene else None,
            "do": None if v.do is None else reader.effects((*way, "do"), v.do),
        }

    def accounts(self) -> dict[str, str]:
        """What each fact tells: the record of an event that names it."""
        if not self._accounts:
            self._accounts = {entry.shape.id: entry.shape.account for entry in self.facts}
        return self._accounts

    def person(self, reader: Reader, way: Way, p: shapes.Person) -> Form:
        address = f"person:{p.id}"
        return {
            "id": p.id,
            "name": reader.words((*way, "name"), p.name, address, "name"),
            "real": p.real,
            "about": reader.words((*way, "about"), p.about, address, "about"),
            "here": reader.expression((*way, "here"), p.here),
            "carries": reader.expression((*way, "carrier", "if"), p.carrier.if_) if p.carrier else None,
            "hand": reader.words((*way, "carrier", "hand"), p.carrier.hand, address, "hand") if p.carrier else "",
        }

    def all_events(self) -> list[Form]:
        """The events; none may ask for its own sum, nor for one that asks for its own."""
        forms = [self.event(self.reader(entry), entry.way, entry.shape) for entry in self.events]
        asks = {f["id"]: {id for tree, _, _ in f["pulls"] for id in _sums(tree, self.derived)} for f in forms}
        for entry in self.events:
            trail = _round(asks, entry.shape.id)
            if trail:
                said = f"its pulls ask for their own sum: {' → '.join(trail)}"
                entry.source.at((*entry.way, "pulls"), "RM411", said, "ask what the causes ask, or a number that they move")
        return forms

    def all_endings(self) -> list[Form]:
        """The endings; the last of all, and it alone, asks for nothing."""
        if not self.endings:
            story = self.packs[0].sources["story.yaml"]
            hint = "write endings.yaml; its last ending has no 'if'"
            story.report("RM104", "the story has no ending", 0, 0, hint)
        for i, (source, way, shape) in enumerate(self.endings):
            if i == len(self.endings) - 1 and shape.if_ is not None:
                source.at(way, "RM104", "the last ending has no 'if', so that there is always one", "take its 'if' out")
        return [self.ending(self.reader(entry), entry.way, entry.shape) for entry in self.endings]

    def ending(self, reader: Reader, way: Way, e: shapes.Ending) -> Form:
        return {
            "id": e.id,
            "title": reader.words((*way, "title"), e.title, f"ending:{e.id}", "title"),
            "kind": e.kind,
            "if": reader.expression((*way, "if"), e.if_),
            "earned": self.earned(reader, way, e.earned),
            "text": reader.prose((*way, "text"), e.text, f"ending:{e.id}"),
            "facts": self.cited(reader, way, e.facts),
        }

    def slide(self, reader: Reader, way: Way, s: shapes.Slide) -> Form:
        return {
            "id": s.id,
            "of": s.of,
            "order": s.order,
            "if": reader.expression((*way, "if"), s.if_),
            "earned": self.earned(reader, way, s.earned),
            "text": reader.prose((*way, "text"), s.text, f"slide:{s.id}"),
            "facts": self.cited(reader, way, s.facts),
        }

    def earned(self, reader: Reader, way: Way, scenes: list[str]) -> list[str]:
        return [reader.point((*way, "earned", i), id, self.names.scenes, "RM202", "scene") for i, id in enumerate(scenes)]

    def cited(self, reader: Reader, way: Way, facts: list[str]) -> list[str]:
        what = "fact in sources.yaml"
        return [reader.point((*way, "facts", i), f, self.known.facts, "RM213", what) for i, f in enumerate(facts)]

    def page(self, reader: Reader, way: Way, c: shapes.Entry) -> Form:
        """A page of the codex."""
        address = f"codex:{c.id}"
        return {
            "id": c.id,
            "title": reader.words((*way, "title"), c.title, address, "title"),
            "label": c.label,
            "group": c.group,
            "event": reader.point((*way, "event"), c.event, self.names.events, "RM206", "event"),
            "facts": self.cited(reader, way, c.facts),
            "text": reader.prose((*way, "text"), c.text, address),
            "records": {
                reader.point((*way, "records", line), line, self.names.lines, "RM207", "line"): reader.words(
                    (*way, "records", line), text, address, f"records.{line}"
                )
                for line, text in c.records.items()
            },
            "known": c.known,
        }

    def achievement(self, reader: Reader, way: Way, a: shapes.Achievement) -> Form:
        return {
            "id": a.id,
            "title": reader.words((*way, "title"), a.title, f"achievement:{a.id}", "title"),
            "if": reader.expression((*way, "if"), a.if_),
            "hidden": a.hidden,
            "text": reader.words((*way, "text"), a.text, f"achievement:{a.id}", "text"),
        }

    def fact(self, reader: Reader, way: Way, f: shapes.Fact) -> Form:
        reader.point((*way, "document"), f.document, {d.shape.id for d in self.documents}, "RM213", "document")
        return {
            "id": f.id,
            "document": f.document,
            "date": f.date,
            "title": reader.words((*way, "title"), f.title, f"fact:{f.id}", "title"),
            "account": reader.words((*way, "account"), f.account, f"fact:{f.id}", "account"),
        }

    def document(self, reader: Reader, way: Way, d: shapes.Document) -> Form:
        address = f"document:{d.id}"
        told = {name: reader.words((*way, name), getattr(d, name), address, name) for name in TOLD}
        return {"id": d.id, "line": d.line, "kind": d.kind, **told}

    def region(self, reader: Reader, way: Way, name: str | None) -> str:
        """A quality of the kind `region`."""
        return reader.point(way, name, self.names.kinds.get("region", {}).get("", ()), "RM218", "region")

    def map(self) -> Form | None:
        """The drawing in rows of letters; every letter is a region's, every region is drawn."""
        sources = [pack.sources["map.yaml"] for pack in self.packs if "map.yaml" in pack.sources]
        for other in sources[1:]:
            other.report("RM603", "another pack has the map", 0, 0, f"it is {sources[0].file}; take this one out")
        found = one(sources[0], shapes.Map) if sources else None
        if found is None:
            return None
        reader = Reader(sources[0], self.known)
        self.region(reader, ("home",), found.home)
        for id in found.regions:
            self.region(reader, ("regions", id), id)
        rows = [row.replace(".", " ").rstrip() for row in found.drawing.rstrip().split("\n")]
        letters = {region.letter for region in found.regions.values()}
        drawn = set("".join(rows)) - {" "}
        if letters != drawn or len(letters) != len(found.regions):
            odd = ", ".join(sorted(letters ^ drawn)) or "one letter twice"
            said, hint = f"the letters of drawing and regions differ: {odd}", "each region has a letter, and each letter is drawn"
            offset = min((found.drawing.index(letter) for letter in sorted(drawn - letters)), default=0)
            reader.source.at(("drawing",), "RM219", said, hint, offset)
        if len(rows) > MAP_ROWS or max(map(len, rows)) > MAP_COLUMNS:
            said = f"the drawing is larger than {MAP_COLUMNS} columns and {MAP_ROWS} rows"
            reader.source.at(("drawing",), "RM219", said, "draw it smaller")
        regions = [[id, r.letter, r.places] for id, r in found.regions.items()]
        return {"rows": rows, "home": found.home, "regions": regions}


def _sums(tree: Any, derived: Mapping[str, Any]) -> Iterator[str]:
    """The events for whose sum of pulls a condition asks, itself or through computed qualities."""
    if isinstance(tree, list) and tree:
        if tree[0] == "call" and tree[1] == "pull":
            yield tree[2]
        elif tree[0] == "derived":
            yield from _sums(derived.get(tree[1]), derived)
        for part in tree[1:]:
            yield from _sums(part, derived)


def _round(asks: dict[str, set[str]], start: str) -> list[str]:
    """The way from an event back to itself, or none."""
    trails = [[start]]
    seen: set[str] = set()
    while trails:
        trail = trails.pop()
        for other in sorted(asks.get(trail[-1], ())):
            if other == start:
                return [*trail, start]
            if other not in seen:
                seen.add(other)
                trails.append([*trail, other])
    return []
