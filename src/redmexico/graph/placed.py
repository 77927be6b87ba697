"""Every passage and choice of the scenes, with the way to it in its file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Form = Mapping[str, Any]
Way = tuple[str | int, ...]


def placed_rooms(scenes: Mapping[str, Form]) -> Iterator[tuple[str, Form, Way]]:
    """Scene, passage, way."""
    for id, scene in scenes.items():
        for room in scene["passages"]:
            yield id, room, ("passages", room["id"]) if room["id"] else ()


def placed_choices(scenes: Mapping[str, Form]) -> Iterator[tuple[str, Form, Way]]:
    """Scene, choice, way; an order stands at the top of its file."""
    for id, room, way in placed_rooms(scenes):
        for i, choice in enumerate(room["choices"]):
            yield id, choice, (*way, "choices", i)
    for id, scene in scenes.items():
        if scene["order"]:
            yield id, scene["order"], ()
