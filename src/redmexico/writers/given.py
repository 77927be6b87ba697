"""What the writer's commands are given: the packs that were named."""

from __future__ import annotations

import argparse
from pathlib import Path

from redmexico import paths
from redmexico.loader import resolved


def packs_of(options: argparse.Namespace) -> list[Path]:
    """The packs that were named, what they build on before them; or our own story."""
    return resolved([paths.typed(pack) for pack in options.pack or ()] or [paths.content()], paths.content())
