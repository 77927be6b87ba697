"""Red Mexico: a text game of three timelines, and the kit to write more of it.

>>> from redmexico import load, begin, view, advance          # doctest: +SKIP
>>> story = load("content")                                   # doctest: +SKIP
>>> step = begin(story, seed="7")                             # doctest: +SKIP
>>> [offer.id for offer in view(story, step.state).opened]    # doctest: +SKIP
['rail', 'teacher', 'painter', 'seminary', 'informer']
>>> step = advance(story, step.state, "painter")              # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from redmexico.campaign import Campaign, replay
    from redmexico.engine import advance, begin
    from redmexico.loader import load
    from redmexico.timeline import rows as compare
    from redmexico.views import view

__version__ = "0.1.0"

_WHERE = {
    "load": ("redmexico.loader", "load"),
    "begin": ("redmexico.engine", "begin"),
    "advance": ("redmexico.engine", "advance"),
    "view": ("redmexico.views", "view"),
    "replay": ("redmexico.campaign", "replay"),
    "compare": ("redmexico.timeline", "rows"),
    "Campaign": ("redmexico.campaign", "Campaign"),
}

__all__ = ["Campaign", "__version__", "advance", "begin", "compare", "load", "replay", "view"]


def __getattr__(name: str) -> Any:
    """Each name is imported when it is first asked for, so that `--version` stays quick."""
    if name not in _WHERE:
        raise AttributeError(f"module 'redmexico' has no attribute {name!r}")
    from importlib import import_module

    module, attribute = _WHERE[name]
    return getattr(import_module(module), attribute)
