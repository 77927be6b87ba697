"""What the writer's commands are given: the packs that were named."""

from __future__ import annotations

import argparse
from pathlib import Path

from redmexico import paths
from redmexico.loader import resolved


def packs_of(options: argparse.Namespace) -> list[Path]:
    """The packs that were named, what they build on before them; else the pack one stands in, else our own story."""
    return resolved([paths.typed(pack) for pack in options.pack or ()] or [here() or paths.content()], paths.content())


def here() -> Path | None:
    """The pack in whose folder one stands."""
    folder = Path.cwd()
    return next((place for place in (folder, *folder.parents) if (place / "story.yaml").is_file()), None)
