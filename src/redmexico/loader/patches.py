"""What a mod changes in the packs it builds on: by address, in `patches.yaml`, before anything is judged.

    - patch: church_truce/negotiate
      set: {label: Offer the bells back}
      append: {do: [consent += 1]}
      remove: [hint]

A patched file is a copy whose changed parts remember the file that put them there, so that a complaint
about one of them stands in the mod.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

from redmexico.loader import shapes
from redmexico.loader.check_shape import many
from redmexico.loader.files import Pack
from redmexico.loader.tree import Source, Way
from redmexico.suggest import did_you_mean

LISTS: dict[str, tuple[str, Way]] = {
    "event": ("events", ()),
    "person": ("cast", ()),
    "codex": ("codex", ()),
    "achievement": ("achievements", ()),
    "ending": ("endings", ("endings",)),
    "slide": ("endings", ("slides",)),
    "fact": ("sources", ("facts",)),
    "document": ("sources", ("documents",)),
    "act": ("story", ("acts",)),
    "start": ("story", ("starts",)),
    "mode": ("story", ("modes",)),
}
"""What can be patched as `event:axe`: the file it stands in, and the list."""


class Override(NamedTuple):
    """One key that a mod changed."""

    pack: str
    address: str
    how: str
    """`set`, `append` or `remove`"""
    key: str
    file: str
    line: int


class Target(NamedTuple):
    """An entry of a pack."""

    pack: Pack
    name: str
    """its file"""
    way: Way


def apply(packs: list[Pack]) -> list[Override]:
    """Change the packs as the later ones say; what was changed, in order."""
    return _Patcher(packs).run()


Owner = tuple[Pack, str, int]
"""who changed a key, how, and in which line"""
Place = tuple[int, str, Way]
"""a pack, a file of it, the way to a key"""


class _Patcher:
    def __init__(self, packs: list[Pack]) -> None:
        self.packs = packs
        self.overrides: list[Override] = []
        self.owners: dict[Place, Owner] = {}
        """who changed a key already"""
        self.inside: dict[Place, dict[str, Owner]] = {}
        """who changed something within a key, by pack"""
        self.copied: set[tuple[int, str]] = set()
        self.scenes: dict[int, dict[str, str]] = {}
        """pack → scene → its file"""
        self.indexes: dict[tuple[int, str, Way], dict[str, Way]] = {}
        """list, or scene → its entries by id: ten thousand patches do not look through it ten thousand times"""

    def run(self) -> list[Override]:
        for i, pack in enumerate(self.packs):
            source = pack.sources.get("patches.yaml")
            if source is not None:
                for k, patch in enumerate(many(source, shapes.Patch)):
                    self.patch(self.packs[:i], pack, source, k, patch)
        return self.overrides

    def patch(self, below: list[Pack], pack: Pack, source: Source, k: int, patch: shapes.Patch) -> None:
        """One entry of patches.yaml."""
        target = self.find(below, patch.patch)
        if target is None:
            hint = did_you_mean(patch.patch, self.addresses(below, patch.patch))
            hint = hint or "write scene, scene/choice, scene/passage, or event:ID and the like"
            source.at((k, "patch"), "RM601", f"nothing to patch at '{patch.patch}'", hint, 0, len(patch.patch))
            return
        entry = self.entry(target)
        if not isinstance(entry, dict):
            return  # what is wrong with it is said in its own file
        for i, key in enumerate(patch.remove):
            if self.claim(pack, source, (k, "remove", i), target, patch, "remove", key):
                self.remove(source, (k, "remove", i), target, entry, key)
        for key, value in patch.set.items():
            if self.claim(pack, source, (k, "set", key), target, patch, "set", key):
                self.set(source, (k, "set", key), target, entry, key, value)
        for key, items in patch.append.items():
            if self.claim(pack, source, (k, "append", key), target, patch, "append", key):
                self.append(source, (k, "append", key), target, entry, key, items)

    # finding

    def find(self, below: list[Pack], address: str) -> Target | None:
        """What an address means in the packs below, the uppermost first."""
        for pack in reversed(below):
            found = self.in_pack(pack, address)
            if found is not None:
                return found
        return None

    def in_pack(self, pack: Pack, address: str) -> Target | None:
        kind, colon, id = address.partition(":")
        if address == "story":
            return Target(pack, "story.yaml", ()) if not pack.requires else None
        if colon and kind == "quality":
            way: Way = tuple(id.split("."))
            return Target(pack, "state.yaml", way) if isinstance(_at(pack, "state.yaml", way), dict) else None
        if colon:
            file, base = LISTS.get(kind, ("", ()))
            return self.in_list(pack, f"{file}.yaml", base, id)
        scene, _, part = address.partition("/")
        name = self.scene_file(pack, scene)
        if name is None:
            return None
        return Target(pack, name, ()) if not part else self.in_scene(pack, name, part)

    def scene_file(self, pack: Pack, scene: str) -> str | None:
        if id(pack) not in self.scenes:
            self.scenes[id(pack)] = {_scene_id(name): name for name in reversed(_scene_files(pack))}
        return self.scenes[id(pack)].get(scene)

    def in_list(self, pack: Pack, name: str, base: Way, id_: str) -> Target | None:
        mark = (id(pack), name, base)
        if mark not in self.indexes:
            self.indexes[mark] = _by_id(_at(pack, name, base), base)
        way = self.indexes[mark].get(id_)
        return None if way is None else Target(pack, name, way)

    def in_scene(self, pack: Pack, name: str, part: str) -> Target | None:
        """A passage, or a choice wherever it stands."""
        mark = (id(pack), name, ("passages",))
        if mark not in self.indexes:
            self.indexes[mark] = _parts(pack, name)
        way = self.indexes[mark].get(part)
        return None if way is None else Target(pack, name, way)

    def addresses(self, below: list[Pack], address: str) -> list[str]:
        """Addresses of the kind that was meant, for suggestions."""
        kind, colon, _ = address.partition(":")
        if colon and kind in LISTS:
            file, base = LISTS[kind]
            found = [_at(pack, f"{file}.yaml", base) for pack in below]
            return [f"{kind}:{e.get('id')}" for list_ in found if isinstance(list_, list) for e in list_ if isinstance(e, dict)]
        if colon:
            found = [_at(pack, "state.yaml", ()) for pack in below]
            return [f"quality:{name}" for state in found if isinstance(state, dict) for name in state] if kind == "quality" else []
        scene, slash, _ = address.partition("/")
        if not slash:
            return [_scene_id(name) for pack in below for name in _scene_files(pack)]
        out = []
        for pack in below:
            for name in _scene_files(pack):
                if _scene_id(name) == scene:
                    rooms = _at(pack, name, ("passages",))
                    rooms = rooms if isinstance(rooms, dict) else {}
                    out += [f"{scene}/{room}" for room in rooms]
                    for way in ((), *(("passages", room) for room in rooms)):
                        choices = _at(pack, name, (*way, "choices"))
                        listed = choices if isinstance(choices, list) else ()
                        out += [f"{scene}/{c.get('id')}" for c in listed if isinstance(c, dict)]
        return out

    def entry(self, target: Target) -> Any:
        """The entry to change, in a copy of its file."""
        mark = (id(target.pack), target.name)
        if mark not in self.copied:
            self.copied.add(mark)
            target.pack.sources[target.name] = target.pack.sources[target.name].copy()
        return _at(target.pack, target.name, target.way)

    # changing

    def claim(
        self, pack: Pack, source: Source, at: Way, target: Target, patch: shapes.Patch, how: str, key: str
    ) -> bool:
        """Whether this pack may change the key: two packs that know nothing of each other may not both."""
        place = (id(target.pack), target.name, (*target.way, key))
        line = source.finding(at, "", "").line
        before = self.owners.get(place)
        other = self.other(place, pack, how)
        if other is not None:
            said = f"'{key}' of '{patch.patch}' is changed by '{other[0].id}' too"
            hint = f"first in patches.yaml of '{other[0].id}', line {other[2]}; leave one out, or require that pack"
            source.at(at, "RM602", said, hint)
            return False
        if key == "id":
            source.at(at, "RM605", "an id cannot be patched", "saves and other files know the entry by it")
            return False
        self.owners[place] = (pack, how, line)
        for size in range(len(place[2])):
            self.inside.setdefault((*place[:2], place[2][:size]), {}).setdefault(pack.id, (pack, how, line))
        if how != "append" and (before is not None or key in _HOLDING):
            self.forget(target, key)
        if key in _HOLDING:
            self.indexes = {mark: index for mark, index in self.indexes.items() if mark[:2] != place[:2]}
        self.overrides.append(Override(pack.id, patch.patch, how, key, source.file, line))
        return True

    def other(self, place: Place, pack: Pack, how: str) -> Owner | None:
        """Who has changed the same key, what it stands in, or something in it, and is not built upon."""
        mark, name, way = place
        same = [self.owners.get(place)]
        around = [self.owners.get((mark, name, way[:size])) for size in range(1, len(way))]
        within = self.inside.get(place, {}).values() if how != "append" else ()
        found = [owner for owner in same if owner and not owner[1] == how == "append"]
        found += [owner for owner in around if owner and owner[1] != "append"]
        return next((owner for owner in (*found, *within) if owner[0] is not pack and owner[0].id not in pack.requires), None)

    def remove(self, source: Source, at: Way, target: Target, entry: Any, key: str) -> None:
        if key not in entry:
            hint = did_you_mean(key, entry) or f"it has: {', '.join(entry)}"
            source.at(at, "RM605", f"there is no '{key}' to remove", hint)
        else:
            del entry[key]

    def set(self, source: Source, at: Way, target: Target, entry: Any, key: str, value: Any) -> None:
        entry[key] = deepcopy(value)
        target.pack.sources[target.name].moved[(*target.way, key)] = (source, at)

    def forget(self, target: Target, key: str) -> None:
        """What other packs put under a key no longer stands there."""
        moved, way = target.pack.sources[target.name].moved, (*target.way, key)
        for old in [old for old in moved if old[: len(way)] == way]:
            del moved[old]

    def append(self, source: Source, at: Way, target: Target, entry: Any, key: str, items: list[Any]) -> None:
        here = target.pack.sources[target.name]
        if key not in entry:
            self.set(source, at, target, entry, key, items)
        elif not isinstance(entry[key], list):
            source.at(at, "RM605", f"'{key}' is no list to append to", "use 'set'")
        else:
            for i, item in enumerate(items):
                here.moved[(*target.way, key, len(entry[key]))] = (source, (*at, i))
                entry[key].append(deepcopy(item))


def _at(pack: Pack, name: str, way: Way) -> Any:
    """A part of a pack's file, or None."""
    source = pack.sources.get(name)
    value = source.data if source is not None else None
    for part in way:
        if isinstance(value, dict):
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        else:
            return None
    return value


_HOLDING = ("choices", "passages", "acts", "starts", "modes")
"""keys whose values have addresses of their own"""


def _by_id(entries: Any, base: Way) -> dict[str, Way]:
    """The entries of a list by id, the first of each."""
    found: dict[str, Way] = {}
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        if isinstance(entry, dict):
            found.setdefault(str(entry.get("id")), (*base, i))
    return found


def _parts(pack: Pack, name: str) -> dict[str, Way]:
    """A scene's passages, and its choices wherever they stand."""
    rooms = _at(pack, name, ("passages",))
    rooms = rooms if isinstance(rooms, dict) else {}
    found: dict[str, Way] = {room: ("passages", room) for room in rooms}
    for way in ((), *(("passages", room) for room in rooms)):
        for choice, place in _by_id(_at(pack, name, (*way, "choices")), (*way, "choices")).items():
            found.setdefault(choice, place)
    return found


def _scene_files(pack: Pack) -> list[str]:
    return [name for name in pack.sources if name.startswith("scenes/")]


def _scene_id(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
