"""YAML files → the story, every complaint with its file, line and column."""

from redmexico.loader.pack import Loaded, Workshop, build, load, load_form, refuse_broken

__all__ = ["Loaded", "Workshop", "build", "load", "load_form", "refuse_broken"]
