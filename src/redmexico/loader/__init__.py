"""YAML files → the story, every complaint with its file, line and column."""

from redmexico.loader.files import resolved
from redmexico.loader.pack import Loaded, Workshop, build, build_packs, load, load_form, load_with, refuse_broken

__all__ = ["Loaded", "Workshop", "build", "build_packs", "load", "load_form", "load_with", "refuse_broken", "resolved"]
