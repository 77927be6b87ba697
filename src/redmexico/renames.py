"""A campaign's state under the names that things have now: what was renamed is followed, so that nothing is done twice or forgotten.

A writer says under `was:` what a scene, a choice, a passage, an event or a quality was called before.
"""

from __future__ import annotations

from collections.abc import Mapping

from redmexico.model import Story
from redmexico.state import Value, Values

OF_SCENE = ("!visits.", "!last.", "!seen.", "!withdrawn.")
OF_CHOICE = ("!chosen.", "!note.", "!later.", "!nothing.")
OF_EVENT = ("!event.", "!when.", "!variant.", "!pulls.")
SCENES = ("!hand", "!drawn")
"""lists of scenes"""


def moved_names(story: Story, state: Mapping[str, Value]) -> dict[str, Value | None]:
    """What changes in a state so that renamed things are found: names that go (None) and names that come."""
    if not (story.was or story.renamed):
        return {}
    reader = _Names(story)
    changes: dict[str, Value | None] = {}
    for name, value in state.items():
        now, stands = reader.name(name), reader.value(name, value, state)
        if now != name:
            changes[name] = None
            if now not in state:
                changes[now] = stands
        elif stands != value:
            changes[name] = stands
    return changes


def applied(state: Values, changes: Mapping[str, Value | None]) -> Values:
    """A state with changes made in a copy."""
    out = {name: value for name, value in state.items() if name not in changes}
    return out | {name: value for name, value in changes.items() if value is not None}


class _Names:
    def __init__(self, story: Story) -> None:
        self.scenes = story.was
        self.renamed = story.renamed

    def name(self, name: str) -> str:
        """A name of the state as it is now."""
        for prefix in (*OF_SCENE, *OF_CHOICE):
            if name.startswith(prefix):
                return prefix + self.address(name[len(prefix) :])
        for prefix in OF_EVENT:
            if name.startswith(prefix):
                return prefix + self.renamed.get(("event", name[len(prefix) :]), name[len(prefix) :])
        return name if name.startswith("!") else self.renamed.get(("quality", name), name)

    def address(self, written: str) -> str:
        """`scene`, `scene/part`, `scene/part>target+k`, `scene/part#k`: each part under its present name."""
        mark = next((i for i, char in enumerate(written) if char in ">#"), len(written))
        head, rest = written[:mark], written[mark:]
        scene, slash, part = head.partition("/")
        scene = self.scenes.get(scene, scene)
        part = self.renamed.get(("part", f"{scene}/{part}"), part)
        if rest.startswith(">"):
            target, plus, k = rest[1:].partition("+")
            target = self.scenes.get(target, self.renamed.get(("event", target), target))
            rest = f">{target}{plus}{k}"
        return f"{scene}{slash}{part}{rest}"

    def value(self, name: str, value: Value, state: Mapping[str, Value]) -> Value:
        """What a name that points at things points at now."""
        if name in SCENES and isinstance(value, tuple):
            return tuple(self.scenes.get(id, id) for id in value)
        if name == "!calls" and isinstance(value, tuple):
            return tuple(self.address(address) for address in value)
        if name == "!pin" and isinstance(value, str):
            return self.scenes.get(value, value)
        if name in ("!playing", "!today"):
            ids = value if isinstance(value, tuple) else (str(value),)
            now = tuple(self.renamed.get(("event", id), id) for id in ids)
            return now if isinstance(value, tuple) else now[0]
        if name in ("!passage", "!picked"):
            here = str(state.get("!scene", ""))
            here = self.scenes.get(here, here)
            ids = value if isinstance(value, tuple) else (str(value),)
            now = tuple(self.renamed.get(("part", f"{here}/{id}"), id) for id in ids)
            return now if isinstance(value, tuple) else now[0]
        if name == "!scene" and isinstance(value, str):
            return self.scenes.get(value, value)
        return value
