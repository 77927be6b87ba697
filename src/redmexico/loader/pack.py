"""A folder with a story.yaml → everything the game plays, or the list of what is wrong."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from redmexico.errors import BrokenPack
from redmexico.findings import Finding
from redmexico.grammar import Type
from redmexico.loader import derived, shapes
from redmexico.loader.check_shape import many, one
from redmexico.loader.compile import Form, Known, Reader, SceneCompiler
from redmexico.loader.state_file import StateFile
from redmexico.loader.tree import MAX_BYTES, Source, Way, parse_source, read_source
from redmexico.model import Story

MAP_COLUMNS, MAP_ROWS = 56, 18
MAX_FILES, MAX_SCENES, MAX_EVENTS, MAX_PACK = 25_000, 20_000, 5_000, 64 << 20
S = TypeVar("S", bound=BaseModel)
FILES = ("story", "state", "events", "cast", "sources", "codex", "endings", "achievements", "map")
_SET = Type("set")


@dataclass(slots=True)
class Loaded:
    """What a pack came to: its form, its scenes' forms, and every finding, sorted."""

    form: Form = field(default_factory=dict)
    scenes: dict[str, Form] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    def story(self) -> Story:
        """The story; only where there are no errors."""
        return Story(self.form, self.scenes.__getitem__)


def load(path: Path | str) -> Story:
    """Read a pack; BrokenPack with every finding where it has errors."""
    path = Path(path)
    loaded = load_form(path)
    if loaded.errors:
        raise BrokenPack(
            f"{len(loaded.errors)} errors in {path.name}", tuple(loaded.findings), str(path), "redmexico check"
        )
    return loaded.story()


def load_form(path: Path) -> Loaded:
    """Read a pack's files and compile them."""
    return build(_files(path), path.name)


def _files(path: Path) -> dict[str, Source]:
    """Every YAML file of the pack, by its name inside it."""
    if not (path / "story.yaml").is_file():
        raise BrokenPack("there is no story.yaml here", (), str(path), "give the folder of a pack")
    root = path.resolve()
    sources: dict[str, Source] = {}
    total = 0
    for file in _walk(path):
        name = file.relative_to(path).as_posix()
        source = _refused(file, root, name) or read_source(file, f"{path.name}/{name}")
        total += len(source.text)
        if len(sources) >= MAX_FILES or total > MAX_PACK:
            raise BrokenPack(f"more than {MAX_FILES} files or {MAX_PACK >> 20} MiB", (), str(path), "split the pack")
        sources[name] = source
    return sources


def _walk(path: Path) -> Iterable[Path]:
    yield from (path / f"{name}.yaml" for name in FILES if os.path.lexists(path / f"{name}.yaml"))
    scenes = path / "scenes"
    if scenes.is_symlink():
        yield scenes
        return
    for folder, folders, files in os.walk(scenes):
        folders.sort()
        yield from (Path(folder) / name for name in sorted(folders) if (Path(folder) / name).is_symlink())
        yield from (Path(folder) / name for name in sorted(files) if name.endswith((".yaml", ".yml")))


def _refused(file: Path, root: Path, name: str) -> Source | None:
    """A finding in place of a file that is not a plain file inside the pack."""
    source = Source(name)
    if file.is_symlink() or root not in file.resolve().parents:
        source.report("RM111", "a link, not a file of this pack", 0, 0, "copy the file into the pack")
    elif not stat.S_ISREG(file.stat().st_mode):
        source.report("RM111", "not a plain file", 0, 0)
    elif file.stat().st_size > MAX_BYTES:
        source.report("RM150", f"the file has {file.stat().st_size} bytes, the limit is {MAX_BYTES}", 0, 0, "split it")
    return source if source.findings else None


def build_texts(texts: dict[str, str], title: str = "pack") -> Loaded:
    """A pack from texts by file name: what tests and previews use."""
    return build({name: parse_source(text.encode(), name) for name, text in texts.items()}, title)


def build(sources: dict[str, Source], title: str) -> Loaded:
    """Shapes, then names, then forms."""
    builder = _Builder(sources)
    loaded = builder.build()
    loaded.findings = sorted({finding for source in sources.values() for finding in source.findings})
    return loaded


def _canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


class _Builder:
    """Reads all files of a pack, in the order in which names become known."""

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = sources
        self.known = Known()
        self.names = self.known.names
        self.form: Form = {}
        self.scene_shapes: dict[str, tuple[Source, shapes.Scene]] = {}

    def source(self, name: str) -> Source:
        return self.sources.setdefault(f"{name}.yaml", Source(f"{name}.yaml", data=[]))

    def reader(self, name: str) -> Reader:
        return Reader(self.source(name), self.known)

    def build(self) -> Loaded:
        story = one(self.source("story"), shapes.Story) if "story.yaml" in self.sources else None
        if story is None:
            return Loaded()
        self.events = many(self.source("events"), shapes.Event)
        self.cast = many(self.source("cast"), shapes.Person)
        self.codex = many(self.source("codex"), shapes.Entry)
        self.achievements = many(self.source("achievements"), shapes.Achievement)
        self.endings = one(self.source("endings"), shapes.Endings) if "endings.yaml" in self.sources else None
        self.facts = one(self.source("sources"), shapes.Sources) if "sources.yaml" in self.sources else None
        self.read_scenes()
        self.collect(story)
        self.state()
        scenes = self.compile_scenes()
        self.compile_story(story)
        self.compile_events()
        self.compile_people()
        self.compile_endings()
        self.compile_reference()
        self.compile_map()
        self.form["since"] = sorted(self.known.since)
        self.form["flags"] = sorted({flag for form in scenes.values() for flag in form["flags"]})
        self.form["fingerprint"] = self.fingerprint()
        self.form["packs"] = [[story.id, story.version, self.form["fingerprint"]]]
        return Loaded(self.form, scenes)

    def fingerprint(self) -> str:
        digest = sha256()
        for name in sorted(self.sources):
            digest.update(name.encode() + b"\0" + _canonical(self.sources[name].data) + b"\0")
        return digest.hexdigest()[:16]

    # names

    def read_scenes(self) -> None:
        for name, source in self.sources.items():
            if not name.startswith("scenes/"):
                continue
            id = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
            if not id.replace("_", "a").isalnum() or not id[0].isalpha() or id != id.lower() or not id.isascii():
                source.report("RM110", f"'{id}' is no id", 0, 0, "name the file with small letters, digits and _")
                continue
            if id in self.scene_shapes:
                source.report("RM110", f"there is another scene '{id}'", 0, 0, f"in {self.scene_shapes[id][0].file}")
                continue
            shape = one(source, shapes.Scene)
            if shape is None:
                shape = self.salvaged(source)
            self.scene_shapes[id] = (source, shape)

    def salvaged(self, source: Source) -> shapes.Scene:
        """A stand-in for a broken scene, with its choices' names, so that others are judged fairly."""
        data = source.data if isinstance(source.data, dict) else {}
        rooms = data.get("passages")
        shape = shapes.Scene.model_construct(title="", passages={}, choices=_stubs(data.get("choices")))
        if isinstance(rooms, dict):
            shape.passages = {
                str(name): shapes.Passage.model_construct(
                    choices=_stubs(room.get("choices") if isinstance(room, dict) else None)
                )
                for name, room in rooms.items()
            }
        return shape

    def collect(self, story: shapes.Story) -> None:
        names, known = self.names, self.known
        names.acts = tuple(act.id for act in story.acts)
        names.modes = tuple(mode.id for mode in story.modes)
        names.lines = tuple(story.lines)
        names.events = set(self.unique("events", [event.id for event in self.events]))
        names.variants = {
            e.id: tuple([v.id for v in e.variants] + [o.as_ for o in e.outcomes if o.as_ != "kept"])
            for e in self.events
        }
        known.people = set(self.unique("cast", [person.id for person in self.cast]))
        known.codex = {entry.id: entry.title for entry in self.codex}
        self.unique("codex", [entry.id for entry in self.codex])
        known.facts = {fact.id for fact in self.facts.facts} if self.facts else set()
        known.endings = {e.id for e in self.endings.endings} if self.endings else set()
        known.achievements = {a.id for a in self.achievements}
        for id, (source, shape) in self.scene_shapes.items():
            names.scenes.add(id)
            known.passages[id] = set(shape.passages)
            self.scene_choices(id, source, shape)
        if len(names.scenes) > MAX_SCENES or len(names.events) > MAX_EVENTS:
            self.source("story").report(
                "RM150", f"more than {MAX_SCENES} scenes or {MAX_EVENTS} events", 0, 0, "split the pack"
            )

    def unique(self, file: str, ids: list[str]) -> list[str]:
        seen: set[str] = set()
        for i, id in enumerate(ids):
            if id in seen:
                self.source(file).at((i, "id"), "RM110", f"'{id}' stands twice")
            seen.add(id)
        return ids

    def scene_choices(self, id: str, source: Source, shape: shapes.Scene) -> None:
        rooms: list[tuple[Way, shapes.Passage]] = [
            ((), shape),
            *((("passages", n), r) for n, r in shape.passages.items()),
        ]
        seen: set[str] = set(shape.passages)
        for way, room in rooms:
            for i, choice in enumerate(room.choices):
                if choice.id in seen:
                    source.at(
                        (*way, "choices", i, "id"),
                        "RM110",
                        f"'{choice.id}' stands twice in this scene",
                        "choices and passages share their names",
                    )
                if choice.id in ("next", "end", "council", "go_on", "enough"):
                    source.at(
                        (*way, "choices", i, "id"),
                        "RM110",
                        f"'{choice.id}' is the engine's own word",
                        "choose another id",
                    )
                seen.add(choice.id)
                self.names.choices.add(f"{id}/{choice.id}")

    # state

    def state(self) -> None:
        source = self.source("state")
        file = StateFile(source, self.known, {person.id: person.name for person in self.cast})
        file.declare()
        lines = derived.lines_of(source, self.known)
        for id, (scene_source, _) in self.scene_shapes.items():
            lines += derived.lines_of(scene_source, self.known, id)
        self.form["derived"] = [[name, tree] for name, tree in derived.read_all(self.known, lines).items()]
        self.form["qualities"], self.form["gains"] = file.finish()

    # forms

    def compile_scenes(self) -> dict[str, Form]:
        cards: list[Form] = []
        bodies: dict[str, Form] = {}
        was: dict[str, str] = {}
        for id, (source, shape) in self.scene_shapes.items():
            if any(finding.severity == "error" for finding in source.findings):
                continue
            fingerprint = blake2b(_canonical(source.data), digest_size=4).hexdigest()
            card, bodies[id] = SceneCompiler(source, self.known, id, shape, fingerprint).compile()
            cards.append(card)
            was |= dict.fromkeys(shape.was, id)
        self.form["cards"] = cards
        self.form["was"] = sorted(was.items())
        return bodies

    def compile_story(self, story: shapes.Story) -> None:
        reader = self.reader("story")
        scenes, acts, events = self.names.scenes, set(self.names.acts), self.names.events
        self.form |= {"id": story.id, "title": story.title, "version": story.version, "status": []}
        for i, name in enumerate(story.status):
            self.form["status"].append(reader.point(("status", i), name, self.names.qualities, "RM201", "quality"))
        self.form["lines"] = [
            [
                id,
                line.title,
                reader.point(("lines", id, "follows"), line.follows, story.lines, "RM207", "line"),
                reader.day(("lines", id, "until"), line.until, 0, end=True),
            ]
            for id, line in story.lines.items()
        ]
        self.form["starts"] = [
            {
                "id": s.id,
                "title": s.title,
                "about": s.about,
                "act": reader.point(("starts", i, "act"), s.act, acts, "RM214", "act"),
                "scene": reader.point(("starts", i, "scene"), s.scene, scenes, "RM202", "scene"),
                "line": reader.point(("starts", i, "as"), s.as_, story.lines, "RM207", "line"),
                "events": {
                    reader.point(("starts", i, "events", e), e, events, "RM206", "event"): v
                    for e, v in s.events.items()
                },
                "do": reader.effects(("starts", i, "do"), s.do),
            }
            for i, s in enumerate(story.starts)
        ]
        self.form["modes"] = [
            {
                "id": m.id,
                "title": m.title,
                "about": m.about,
                "do": reader.effects(("modes", i, "do"), m.do),
                "rewind": m.rewind,
                "previews": m.previews == "shown",
                "foreknowledge": m.foreknowledge == "shown",
            }
            for i, m in enumerate(story.modes)
        ]
        self.form["acts"] = [self.act(reader, ("acts", i), act) for i, act in enumerate(story.acts)]

    def act(self, reader: Reader, way: Way, act: shapes.Act) -> Form:
        tempo = 0
        if act.turn != "whole":
            months, _, unit = act.turn.partition(" ")
            tempo = int(months) if unit in ("month", "months") and months.isdigit() else -1
            if tempo not in (1, 2, 3, 4, 6, 12):
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
                    reader.source.at((*way, "council", "summon"), "RM204", "a summons costs a number: 'cadres -= 1'")
        endings = {*self.known.endings, "rules"}
        return {
            "id": act.id,
            "title": act.title,
            "goal": act.goal,
            "first": reader.day((*way, "from"), act.from_, 1),
            "last": reader.day((*way, "until"), act.until, 1, end=True),
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

    def compile_events(self) -> None:
        reader = self.reader("events")
        self.form["events"] = [self.event(reader, (i,), event) for i, event in enumerate(self.events)]

    def event(self, reader: Reader, way: Way, e: shapes.Event) -> Form:
        events, scenes = self.names.events, self.names.scenes
        date = list(reader.days((*way, "date"), e.date))
        window = list(reader.span((*way, "window"), e.window)) if e.window else date
        if not (window[0] <= date[0] and date[1] <= window[1]):
            reader.source.at((*way, "window"), "RM105", "the date lies outside the window")
        reader.point((*way, "line"), e.line, {*self.names.lines, "both", "notebook"}, "RM207", "line")
        for i, fact in enumerate([e.fact, *e.facts] if e.fact else e.facts):
            place = (*way, "fact") if e.fact and i == 0 else (*way, "facts", i - bool(e.fact))
            reader.point(place, fact, self.known.facts, "RM213", "fact in sources.yaml")
        record = (
            e.record or next((f.account for f in self.facts.facts if f.id == e.fact), "") if self.facts else e.record
        )
        return {
            "id": e.id,
            "title": e.title,
            "line": e.line,
            "date": date,
            "window": window,
            "weight": e.weight,
            "fact": e.fact or "",
            "record": record,
            "needs": reader.expression((*way, "needs"), e.needs),
            "pulls": [
                [reader.expression((*way, "pulls", i, "if"), p.if_), p.pull, p.because] for i, p in enumerate(e.pulls)
            ],
            "threshold": e.threshold,
            "early": None if e.early == "never" else e.early,
            "external": e.external,
            "where": self.region(reader, (*way, "where"), e.where),
            "subjects": e.subjects,
            "scene": reader.point((*way, "scene"), e.scene, scenes, "RM202", "scene"),
            "do": reader.effects((*way, "do"), e.do),
            "variants": [self.variant(reader, (*way, "variants", i), v) for i, v in enumerate(e.variants)],
            "outcomes": [
                [o.as_, reader.expression((*way, "outcomes", i, "if"), o.if_), o.title]
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
                [reader.point((*way, "elsewhere", l), l, self.names.lines, "RM207", "line"), x.record, x.as_]
                for l, x in e.elsewhere.items()
            ],
        }

    def variant(self, reader: Reader, way: Way, v: shapes.Variant) -> Form:
        return {
            "id": v.id,
            "if": reader.expression((*way, "if"), v.if_),
            "title": v.title,
            "threshold": v.threshold,
            "scene": reader.point((*way, "scene"), v.scene, self.names.scenes, "RM202", "scene") if v.scene else None,
            "do": None if v.do is None else reader.effects((*way, "do"), v.do),
        }

    def compile_people(self) -> None:
        reader = self.reader("cast")
        self.form["cast"] = [
            {
                "id": p.id,
                "name": p.name,
                "real": p.real,
                "about": p.about,
                "here": reader.expression((i, "here"), p.here),
                "hand": p.carrier.hand if p.carrier else "",
            }
            for i, p in enumerate(self.cast)
        ]
        for i, p in enumerate(self.cast):
            if p.carrier:
                reader.expression((i, "carrier", "if"), p.carrier.if_)

    def compile_endings(self) -> None:
        reader = self.reader("endings")
        endings = self.endings.endings if self.endings else []
        slides = self.endings.slides if self.endings else []
        self.form["endings"] = [
            {
                "id": e.id,
                "title": e.title,
                "kind": e.kind,
                "if": reader.expression(("endings", i, "if"), e.if_),
                "earned": self.earned(reader, ("endings", i), e.earned),
                "text": reader.prose(("endings", i, "text"), e.text, f"ending:{e.id}"),
            }
            for i, e in enumerate(endings)
        ]
        if endings and endings[-1].if_ is not None:
            reader.source.at(
                ("endings", len(endings) - 1), "RM104", "the last ending has no 'if', so that there is always one"
            )
        self.form["slides"] = [
            {
                "id": s.id,
                "of": s.of,
                "order": s.order,
                "if": reader.expression(("slides", i, "if"), s.if_),
                "earned": self.earned(reader, ("slides", i), s.earned),
                "text": reader.prose(("slides", i, "text"), s.text, f"slide:{s.id}"),
            }
            for i, s in enumerate(slides)
        ]

    def earned(self, reader: Reader, way: Way, scenes: list[str]) -> list[str]:
        return [
            reader.point((*way, "earned", i), id, self.names.scenes, "RM202", "scene") for i, id in enumerate(scenes)
        ]

    def compile_reference(self) -> None:
        reader = self.reader("codex")
        facts = self.known.facts
        self.form["codex"] = [
            {
                "id": c.id,
                "title": c.title,
                "label": c.label,
                "group": c.group,
                "event": reader.point((i, "event"), c.event, self.names.events, "RM206", "event"),
                "facts": [
                    reader.point((i, "facts", j), f, facts, "RM213", "fact in sources.yaml")
                    for j, f in enumerate(c.facts)
                ],
                "text": reader.prose((i, "text"), c.text, f"codex:{c.id}"),
                "records": {
                    reader.point((i, "records", line), line, self.names.lines, "RM207", "line"): text
                    for line, text in c.records.items()
                },
                "known": c.known,
            }
            for i, c in enumerate(self.codex)
        ]
        reader = self.reader("achievements")
        self.form["achievements"] = [
            {
                "id": a.id,
                "title": a.title,
                "if": reader.expression((i, "if"), a.if_),
                "hidden": a.hidden,
                "text": a.text,
            }
            for i, a in enumerate(self.achievements)
        ]
        self.form["facts"] = (
            [
                {"id": f.id, "document": f.document, "date": f.date, "title": f.title, "account": f.account}
                for f in self.facts.facts
            ]
            if self.facts
            else []
        )
        self.form["documents"] = (
            [
                {
                    "id": d.id,
                    "title": d.title,
                    "line": d.line,
                    "kind": d.kind,
                    "about": d.about,
                    "took": d.took,
                    "doubted": d.doubted,
                    "invented": d.invented,
                }
                for d in self.facts.documents
            ]
            if self.facts
            else []
        )

    def region(self, reader: Reader, way: Way, name: str | None) -> str:
        """A quality of the kind `region`."""
        return reader.point(way, name, self.names.kinds.get("region", {}).get("", ()), "RM218", "region")

    def compile_map(self) -> None:
        """The drawing in rows of letters; every letter is a region's, every region is drawn."""
        found = one(self.source("map"), shapes.Map) if "map.yaml" in self.sources else None
        self.form["map"] = None
        if found is None:
            return
        reader = self.reader("map")
        self.region(reader, ("home",), found.home)
        for id in found.regions:
            self.region(reader, ("regions", id), id)
        rows = [row.replace(".", " ").rstrip() for row in found.drawing.rstrip().split("\n")]
        letters = {region.letter for region in found.regions.values()}
        drawn = set("".join(rows)) - {" "}
        if letters != drawn or len(letters) != len(found.regions):
            odd = ", ".join(sorted(letters ^ drawn)) or "one letter twice"
            reader.source.at(("drawing",), "RM219", f"the letters of drawing and regions differ: {odd}")
        if len(rows) > MAP_ROWS or max(map(len, rows)) > MAP_COLUMNS:
            reader.source.at(
                ("drawing",), "RM219", f"the drawing is larger than {MAP_COLUMNS} columns and {MAP_ROWS} rows"
            )
        self.form["map"] = {
            "rows": rows,
            "home": found.home,
            "regions": [[id, r.letter, r.places] for id, r in found.regions.items()],
        }


def _stubs(value: Any) -> list[shapes.Choice]:
    """Choices of a broken scene by name alone."""
    if not isinstance(value, list):
        return []
    return [
        shapes.Choice.model_construct(id=str(item["id"]), label="")
        for item in value
        if isinstance(item, dict) and "id" in item
    ]
