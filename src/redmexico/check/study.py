"""What the rules ask of a loaded story, worked out once: who uses what, where things stand, how they hang together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from redmexico.findings import Finding
from redmexico.loader import Loaded
from redmexico.loader.tree import Source, Way
from redmexico.uses import Uses, scene_of, uses_of

Form = dict[str, Any]
KINDS = {"event": "events", "person": "cast", "codex": "codex", "achievement": "achievements", "ending": "endings",
         "slide": "slides", "fact": "facts", "document": "documents"}  # fmt: skip
STORY = {"act": "acts", "start": "starts", "mode": "modes"}


class Study:
    """A loaded story under the rules. A rule gives findings; it changes nothing."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.form = loaded.form
        self.scenes = loaded.scenes
        self.cards: dict[str, Form] = {card["id"]: card for card in loaded.form["cards"]}
        self.events: dict[str, Form] = {event["id"]: event for event in loaded.form["events"]}
        self.acts: dict[str, Form] = {act["id"]: act for act in loaded.form["acts"]}

    @cached_property
    def uses(self) -> Uses:
        return uses_of(self.form, self.scenes)

    @cached_property
    def span(self) -> tuple[int, int]:
        """The first and the last day of any act."""
        return min(a["first"] for a in self.form["acts"]), max(a["last"] for a in self.form["acts"])

    @cached_property
    def to_come(self) -> frozenset[str]:
        """Events whose days no act of this story holds, and which nothing else brings about: they wait for acts to come."""
        return frozenset(
            id
            for id, event in self.events.items()
            if not any(event["window"][0] <= a["last"] and a["first"] <= event["window"][1] for a in self.form["acts"])
            and not any(s.role in ("later", "otherwise") for s in self.uses.set_by("event", id))
        )

    # places

    def place(self, address: str, way: Way) -> tuple[Source, Way]:
        """Where a part stands: the file of its address, and the way in it."""
        scene = scene_of(address)
        if scene:
            return self.loaded.source_of[scene], way
        kind, _, id = address.partition(":")
        if kind == "derived" and "." in id and id.split(".")[0] in self.scenes:
            return self.loaded.source_of[id.split(".")[0]], way
        if kind in KINDS and self.loaded.entries is not None:
            for entry in getattr(self.loaded.entries, KINDS[kind]):
                if entry.shape.id == id:
                    return entry.source, (*entry.way, *way[len(entry.way) :])
        if kind in STORY:
            return self._in_story(STORY[kind], id, way)
        for pack in self.loaded.packs:
            source = pack.sources.get("state.yaml")
            if source is not None and way and isinstance(source.data, dict) and self._reaches(source, way[:2]):
                return source, way
        return self.loaded.packs[0].sources["state.yaml"], way

    def _in_story(self, what: str, id: str, way: Way) -> tuple[Source, Way]:
        for pack in self.loaded.packs:
            source = pack.sources["story.yaml"]
            for i, item in enumerate(source.data.get(what, ())):
                if isinstance(item, dict) and item.get("id") == id:
                    return source, (what, i, *way[2:])
        raise KeyError(f"{what}: {id}")

    @staticmethod
    def _reaches(source: Source, way: Way) -> bool:
        value = source.data
        for part in way:
            if not isinstance(value, dict) or part not in value:
                return False
            value = value[part]
        return True

    def finding(
        self, address: str, way: Way, code: str, message: str, hint: str = "", severity: str = "warning", offset: int = 0,
        length: int = 0,
    ) -> Finding:  # fmt: skip
        """A finding about a part of what stands at an address; as long as the part's first line, unless told."""
        source, way = self.place(address, way)
        return source.finding(way, code, message, hint, offset, length or self.length(source, way), severity)

    def at_key(self, address: str, way: Way, code: str, message: str, hint: str = "", severity: str = "warning") -> Finding:
        source, way = self.place(address, way)
        return source.key_finding(way, code, message, hint, severity)

    @staticmethod
    def length(source: Source, way: Way) -> int:
        """How many characters of a part's first line to underline."""
        value: Any = source.data
        for part in way:
            if isinstance(value, dict):
                value = value.get(part)
            else:
                value = value[part] if isinstance(value, list) and isinstance(part, int) else None
        return max(1, len(str(value).split("\n", 1)[0])) if isinstance(value, (str, int)) else 1

    # parts of scenes

    def rooms(self) -> Iterator[tuple[str, Way, Form]]:
        """Every passage: its scene, its way, its form."""
        for id, scene in self.scenes.items():
            for room in scene["passages"]:
                yield id, ("passages", room["id"]) if room["id"] else (), room

    def choices(self) -> Iterator[tuple[str, Way, Form]]:
        """Every choice and order: its scene, its way, its form."""
        for id, way, room in self.rooms():
            for i, choice in enumerate(room["choices"]):
                yield id, (*way, "choices", i), choice
        for id, scene in self.scenes.items():
            if scene["order"] is not None:
                yield id, (), scene["order"]

