"""Every rule of `redmexico check`: proofs where a proof can be had, and no guesses.

Rules and what they need are imported when they are asked: what was found before is shown without them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from redmexico.findings import Finding

if TYPE_CHECKING:
    from redmexico.loader import Loaded


def examine(loaded: Loaded) -> list[Finding]:
    """All findings of a loaded story, the loader's own among them, sorted, each once."""
    from redmexico.check.rules import examine as asked

    return asked(loaded)


__all__ = ["examine"]
