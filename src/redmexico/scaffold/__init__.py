"""How a pack begins: a small whole game, a mod, a scene, an event, a person, a page of the codex.

Everything written passes the loader at once, and nothing is ever overwritten: where a file is in the
way, or an id is none, a RedMexicoError says which and what to do, and the disk is as it was.
"""

from __future__ import annotations

from redmexico.scaffold.entries import new_entry, new_event, new_person, new_scene
from redmexico.scaffold.ids import checked_id
from redmexico.scaffold.packs import new_mod, new_pack

__all__ = ["checked_id", "new_entry", "new_event", "new_mod", "new_pack", "new_person", "new_scene"]
