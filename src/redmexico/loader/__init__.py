"""YAML files → the story, every complaint with its file, line and column."""

from redmexico.loader.pack import Loaded, build, load, load_form

__all__ = ["Loaded", "build", "load", "load_form"]
