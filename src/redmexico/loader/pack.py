"""Folders with a story.yaml → everything the game plays, or the list of what is wrong."""

from __future__ import annotations

import gc
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from redmexico.errors import BrokenPack
from redmexico.findings import Finding
from redmexico.loader import derived, patches, shapes, tongues
from redmexico.loader.check_shape import one
from redmexico.loader.compile import Form, Known, Reader, SceneCompiler, Spot
from redmexico.loader.entries import Entries, Entry
from redmexico.loader.files import Pack, Shelf, read_pack
from redmexico.loader.state_file import StateFile
from redmexico.loader.story_file import StoryFile
from redmexico.loader.tree import Source, Way, parse_source, read_source
from redmexico.model import Story
from redmexico.suggest import patience

MAX_SCENES, MAX_EVENTS = 20_000, 5_000
_ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


@dataclass(slots=True)
class Loaded:
    """What packs came to: their form, their scenes' forms, and every finding, sorted."""

    form: Form = field(default_factory=dict)
    scenes: dict[str, Form] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    tongues: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    """language → scene (or "" for all else) → `address#field` → its text, as nodes or words"""
    sources: dict[str, Source] = field(default_factory=dict)
    """every file, by its name in its pack; those of mods behind `mod:`"""
    source_of: dict[str, Source] = field(default_factory=dict)
    """scene → its file"""
    known: Known = field(default_factory=Known)
    texts: dict[str, Spot] = field(default_factory=dict)
    """`address#field` → where a player's text stands"""
    entries: Entries | None = None
    shapes: dict[str, shapes.Scene] = field(default_factory=dict)
    packs: list[Pack] = field(default_factory=list)
    overrides: list[patches.Override] = field(default_factory=list)
    stale: dict[str, set[str]] = field(default_factory=dict)
    """language → texts whose English has changed since"""

    @property
    def errors(self) -> list[Finding]:
        return [finding for finding in self.findings if finding.severity == "error"]

    def story(self, language: str = "") -> Story:
        """The story; only where there are no errors."""
        return Story(self.form, self.scenes.__getitem__, language, self._tongue)

    def _tongue(self, language: str, scene: str) -> dict[str, Any]:
        return self.tongues.get(language, {}).get(scene, {})


class Compiled(NamedTuple):
    """A scene as it was compiled: good as long as its file and all names are the same."""

    source: Source
    card: Form
    body: Form
    findings: list[Finding]
    since: set[str]
    texts: dict[str, Spot]


@dataclass(slots=True)
class Workshop:
    """Packs that are read again and again while somebody writes: only what changed is made anew."""

    shelf: Shelf = field(default_factory=Shelf)
    known: Known | None = None
    scenes: dict[str, Compiled] = field(default_factory=dict)
    told: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    """translations as they were read: address, text, English → nodes"""

    def load(self, paths: Sequence[Path]) -> Loaded:
        """The packs as they are on the disk now."""
        with uncollected():
            return _built([read_pack(path, self.shelf) for path in paths], self)


def load(*paths: Path | str) -> Story:
    """Read packs, what others build on first; BrokenPack with every finding where they have errors."""
    loaded = load_form(*(Path(path) for path in paths))
    refuse_broken(loaded, paths[-1])
    return loaded.story()


def refuse_broken(loaded: Loaded, path: Path | str) -> None:
    """Raise BrokenPack where there are errors."""
    errors = len(loaded.errors)
    if errors:
        said = f"{errors} error{'s' if errors > 1 else ''} in {Path(path).name}"
        raise BrokenPack(said, tuple(loaded.findings), str(path), "redmexico check")


def load_with(paths: Sequence[Path], stray: Path) -> Loaded:
    """Packs, and a file from elsewhere read as one more scene of the last."""
    packs = [read_pack(path) for path in paths]
    last = packs[-1].sources
    for name in [name for name in last if name.startswith("scenes/") and name.endswith(f"/{stray.name}")]:
        del last[name]
    last[f"scenes/{stray.name}"] = read_source(stray, str(stray))
    return _built(packs)


def load_form(*paths: Path) -> Loaded:
    """Read packs' files and compile them."""
    with uncollected():
        return _built([read_pack(path) for path in paths])


def build_texts(texts: dict[str, str], title: str = "pack") -> Loaded:
    """A pack from texts by file name: what tests and previews use."""
    return build({name: parse_source(text.encode(), name) for name, text in texts.items()}, title)


def build(sources: dict[str, Source], title: str) -> Loaded:
    """Shapes, then names, then forms."""
    return _built([Pack(title, sources)])


def build_packs(packs: list[Pack]) -> Loaded:
    """Packs that are read already, those that others build on first."""
    return _built(packs)


def _built(packs: list[Pack], workshop: Workshop | None = None) -> Loaded:
    with uncollected(), patience():
        builder = _Builder(packs, workshop or Workshop())
        loaded = builder.build()
    loaded.packs, loaded.overrides = packs, builder.overrides
    for k, pack in enumerate(packs):
        loaded.sources |= {name if k == 0 else f"{pack.id}:{name}": s for name, s in pack.sources.items()}
    loaded.findings = sorted({finding for source in loaded.sources.values() for finding in source.findings})
    return loaded


@contextmanager
def uncollected() -> Iterator[None]:
    """Building makes millions of small things and drops few: looking for garbage among them would take a third of the time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


class _Builder:
    """Reads all files of the packs, in the order in which names become known."""

    def __init__(self, packs: list[Pack], workshop: Workshop) -> None:
        self.packs = packs
        self.workshop = workshop
        self.known = Known()
        self.names = self.known.names
        self.scene_shapes: dict[str, Entry[shapes.Scene]] = {}
        self.overrides: list[patches.Override] = []
        self.since: set[str] = set()
        self.texts: dict[str, Spot] = {}

    def build(self) -> Loaded:
        if not self.requirements():
            return Loaded()
        self.overrides = patches.apply(self.packs)
        story = self.story_file()
        if story is None:
            return Loaded()
        self.entries = Entries(self.packs, self.known)
        self.read_scenes()
        story.collect()
        self.entries.collect()
        self.collect()
        form: Form = self.state()
        scenes = self.compile_scenes(form)
        form |= story.form()
        self.entries.derived = dict(form["derived"])
        form |= self.entries.form()
        for reader in (*story.readers, *self.entries.readers.values(), *self.state_readers):
            self.gather(reader.since, reader.texts)
        form["since"] = sorted(self.since)
        form["flags"] = self.content_notes()
        form["packs"] = [[p.id, str(p.story.get("version", "")), _fingerprint([p])] for p in self.packs]
        form["fingerprint"] = form["packs"][0][2] if len(self.packs) == 1 else _fingerprint(self.packs)
        loaded = Loaded(form, scenes, known=self.known, texts=self.texts, entries=self.entries)
        loaded.source_of = {id: entry.source for id, entry in self.scene_shapes.items()}
        loaded.shapes = {id: entry.shape for id, entry in self.scene_shapes.items()}
        loaded.tongues, loaded.stale = tongues.read_all(self.packs, self.known, self.texts, self.own_names, self.workshop.told)
        return loaded

    def content_notes(self) -> list[list[str]]:
        """What the scenes are marked with, and how it is told; translated where the first of them stands."""
        found: dict[str, str] = {}
        for entry in self.scene_shapes.values():
            for i, flag in enumerate(entry.shape.flags):
                if flag not in found:
                    found[flag] = flag.replace("_", " ")
                    self.texts[f"note:{flag}#title"] = Spot(entry.source, ("flags", i), found[flag], "", "", False)
        return [[flag, found[flag]] for flag in sorted(found)]

    def gather(self, since: set[str], texts: dict[str, Spot]) -> None:
        self.since |= since
        self.texts |= texts

    # packs

    def requirements(self) -> bool:
        """Whether every pack stands behind those that it builds on; the first is a story of its own."""
        there: list[str] = []
        for i, pack in enumerate(self.packs):
            source = pack.sources["story.yaml"] if "story.yaml" in pack.sources else Source("story.yaml")
            pack.sources.setdefault("story.yaml", source)
            for k, id in enumerate(pack.requires):
                if id not in there:
                    hint = f"give the folder of '{id}' with --pack before this one"
                    source.at(("requires", k), "RM604", f"'{pack.id}' builds on '{id}', which is not here", hint)
            if i and not pack.requires and not source.findings:
                hint = f"a mod says: requires: [{self.packs[0].id}]"
                source.report("RM604", f"'{pack.id}' is a story of its own beside '{self.packs[0].id}'", 0, 0, hint)
            if pack.id in there:
                source.at(("id",), "RM603", f"two packs are called '{pack.id}'", "give each an id of its own")
            there.append(pack.id)
        return not any(f.code in ("RM603", "RM604") for p in self.packs for f in p.sources["story.yaml"].findings)

    def story_file(self) -> StoryFile | None:
        first, *others = (pack.sources["story.yaml"] for pack in self.packs)
        story = one(first, shapes.Story)
        mods = [(source, one(source, shapes.ModStory)) for source in others]
        if story is None or any(shape is None for _, shape in mods):
            return None
        return StoryFile(
            self.known, Entry(first, (), story), [Entry(source, (), shape) for source, shape in mods if shape is not None]
        )

    # names

    def read_scenes(self) -> None:
        for pack in self.packs:
            for name, source in pack.sources.items():
                if name.startswith("scenes/"):
                    self.read_scene(pack, name, source)

    def read_scene(self, pack: Pack, name: str, source: Source) -> None:
        id = name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        if not _ID.fullmatch(id):
            hint = "name the file with small letters, digits and _, up to 64, a letter first"
            source.report("RM110", f"'{id}' is no id", 0, 0, hint)
            return
        if id in self.scene_shapes:
            other = self.scene_shapes[id].source
            if other in pack.sources.values():
                source.report("RM110", f"there is another scene '{id}'", 0, 0, f"in {other.file}")
            else:
                hint = f"it stands in {other.file}; choose another id, or patch it"
                source.report("RM603", f"'{id}' is a scene of another pack", 0, 0, hint)
            return
        shape = one(source, shapes.Scene)
        self.scene_shapes[id] = Entry(source, (), self.salvaged(source) if shape is None else shape)

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

    def collect(self) -> None:
        """The names of scenes, passages and choices."""
        for id, (source, _, shape) in self.scene_shapes.items():
            self.names.scenes.add(id)
            self.known.passages[id] = set(shape.passages)
            self.scene_choices(id, source, shape)
        if len(self.names.scenes) > MAX_SCENES or len(self.names.events) > MAX_EVENTS:
            self.packs[0].sources["story.yaml"].report(
                "RM150", f"more than {MAX_SCENES} scenes or {MAX_EVENTS} events", 0, 0, "split the pack"
            )

    def scene_choices(self, id: str, source: Source, shape: shapes.Scene) -> None:
        rooms: list[tuple[Way, shapes.Passage]] = [
            ((), shape),
            *((("passages", n), r) for n, r in shape.passages.items()),
        ]
        seen: set[str] = set(shape.passages)
        for way, room in rooms:
            for i, choice in enumerate(room.choices):
                if choice.id in seen:
                    said = f"'{choice.id}' stands twice in this scene"
                    source.at((*way, "choices", i, "id"), "RM110", said, "choices and passages share their names")
                if choice.id in ("next", "end", "council", "go_on", "enough"):
                    said = f"'{choice.id}' is the engine's own word"
                    source.at((*way, "choices", i, "id"), "RM110", said, "choose another id")
                seen.add(choice.id)
                self.names.choices.add(f"{id}/{choice.id}")

    # state

    def state(self) -> Form:
        people = {entry.shape.id: entry.shape.name for entry in self.entries.cast}
        sources = [pack.sources["state.yaml"] for pack in self.packs if "state.yaml" in pack.sources]
        files = [StateFile(source, self.known, people) for source in sources]
        for file in files:
            file.declare()
        lines = [line for source in sources for line in derived.lines_of(source, self.known)]
        for id, entry in self.scene_shapes.items():
            if entry.shape.derived:
                lines += derived.lines_of(entry.source, self.known, id)
        trees = derived.read_all(self.known, lines)
        self.own_names: dict[str, dict[str, str]] = {}
        for line in lines:
            self.gather(line.reader.since, {})
            if line.scene:
                self.own_names.setdefault(line.scene, {})[str(line.way[-1])] = line.name
        self.names.memo = {}
        self.state_files = files
        self.state_readers = [file.reader for file in files]
        form: Form = {"derived": [[name, tree] for name, tree in trees.items()], "qualities": [], "gains": []}
        for file in files:
            qualities, gains = file.finish()
            form["qualities"] += qualities
            form["gains"] += gains
        return form

    # scenes

    def compile_scenes(self, form: Form) -> dict[str, Form]:
        """Cards and bodies; what was compiled before with the same names is taken as it is."""
        shop = self.workshop
        if shop.known != self.known:
            shop.scenes, shop.told, shop.known = {}, {}, self.known
        bodies: dict[str, Form] = {}
        was: dict[str, str] = {}
        form["cards"] = []
        for id, (source, _, shape) in self.scene_shapes.items():
            if any(finding.severity == "error" for finding in source.findings):
                continue
            made = shop.scenes.get(id)
            if made is None or made.source is not source:
                made = shop.scenes[id] = self.compile_scene(id, source, shape)
            source.findings += made.findings
            self.gather(made.since, made.texts)
            form["cards"].append(made.card)
            bodies[id] = made.body
            was |= dict.fromkeys(shape.was, id)
        form["was"] = sorted(was.items())
        form["renamed"] = self.renamed()
        return bodies

    def renamed(self) -> list[list[str]]:
        """What choices, passages, events and qualities were called before; nobody may be called so now."""
        found: list[list[str]] = []
        for id, (source, _, shape) in self.scene_shapes.items():
            rooms: list[tuple[Way, shapes.Passage]] = [((), shape), *((("passages", n), r) for n, r in shape.passages.items())]
            for way, room in rooms:
                parts = [((*way, "choices", i), choice.id, choice.was) for i, choice in enumerate(room.choices)]
                parts += [(way, str(way[-1]), room.was)] if way else []
                for at, name, before in parts:
                    taken = {*self.known.passages[id], *(c.split("/")[1] for c in self.names.choices if c.startswith(f"{id}/"))} if before else set()
                    found += [["part", f"{id}/{old}", name] for old in self.was(source, at, before, taken)]
        for source, at, event in self.entries.events:
            found += [["event", old, event.id] for old in self.was(source, at, event.was, self.names.events)]
        for file in self.state_files:
            found += [["quality", old, name] for old, name in file.renamed()]
        return found

    @staticmethod
    def was(source: Source, way: Way, before: list[str], taken: Collection[str]) -> Iterator[str]:
        """Old ids, each with a finding if something is called so now."""
        for old in before:
            if old in taken:
                source.at((*way, "was"), "RM110", f"'{old}' is there still", "an old id is one that nothing has any more")
            else:
                yield old

    def compile_scene(self, id: str, source: Source, shape: shapes.Scene) -> Compiled:
        before, source.findings = source.findings, []
        fingerprint = source.digest[:4].hex()
        compiler = SceneCompiler(source, self.known, id, shape, fingerprint)
        card, body = compiler.compile()
        made = Compiled(source, card, body, source.findings, compiler.since, compiler.texts)
        source.findings = before
        return made


def _fingerprint(packs: list[Pack]) -> str:
    """What play can depend on, in sixteen letters: translations are left out."""
    digest = sha256()
    for pack in packs:
        for name in sorted(name for name in pack.sources if name.count("/") == 0 or name.startswith("scenes/")):
            digest.update(name.encode("utf-8", "surrogateescape") + b"\0" + pack.sources[name].digest)
    return digest.hexdigest()[:16]


def _stubs(value: Any) -> list[shapes.Choice]:
    """Choices of a broken scene by name alone."""
    if not isinstance(value, list):
        return []
    return [
        shapes.Choice.model_construct(id=str(item["id"]), label="")
        for item in value
        if isinstance(item, dict) and "id" in item
    ]


__all__ = ["Loaded", "Reader", "Workshop", "build", "build_texts", "load", "load_form", "refuse_broken"]
