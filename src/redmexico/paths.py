"""Where content, campaigns and caches live."""

from __future__ import annotations

import os
from pathlib import Path

from redmexico.errors import RedMexicoError
from redmexico.language import phrase

PACKAGE = Path(__file__).resolve().parent
SAVES_VARIABLE = "REDMEXICO_SAVES"
SETTINGS_VARIABLE = "REDMEXICO_SETTINGS"


def checkout() -> Path | None:
    """The project's folder, where the game runs from a checkout of it."""
    root = PACKAGE.parent.parent
    return root if (root / "pyproject.toml").is_file() and (root / "content" / "story.yaml").is_file() else None


def content() -> Path:
    """The pack that the game ships with."""
    root = checkout()
    return root / "content" if root is not None and not (PACKAGE / "content").is_dir() else PACKAGE / "content"


def pages() -> Path:
    """The pages that explain what can be wrong with a story."""
    root = checkout()
    return root / "docs" / "errors" if root is not None else PACKAGE / "pages"


def saves(given: str | None = None) -> Path:
    """The folder of campaigns: as given, as the environment says, the checkout's, the user's."""
    if given:
        return Path(given).expanduser()
    if os.environ.get(SAVES_VARIABLE):
        return Path(os.environ[SAVES_VARIABLE]).expanduser()
    root = checkout()
    if root is not None and os.access(root, os.W_OK):
        return root / "saves"
    from platformdirs import user_data_path

    return user_data_path("redmexico", appauthor=False) / "saves"


def settings() -> Path:
    """The file in which a player's settings are kept."""
    if os.environ.get(SETTINGS_VARIABLE):
        return Path(os.environ[SETTINGS_VARIABLE]).expanduser()
    from platformdirs import user_config_path

    return user_config_path("redmexico", appauthor=False) / "settings.json"


def typed(text: str) -> Path:
    """A place as a player types it, `~` for the home folder."""
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise RedMexicoError(phrase("there is no such home folder"), text[:200], phrase("write the place out")) from error


def cache() -> Path:
    """The user's own folder for compiled stories."""
    from platformdirs import user_cache_path

    return user_cache_path("redmexico", appauthor=False)
