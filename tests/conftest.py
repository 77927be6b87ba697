"""What all tests share: the shipped story, built once; every campaign is checked as it is written."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

os.environ.setdefault("REDMEXICO_HEAVY", "1")
os.environ["LC_ALL"] = "C.UTF-8"  # the tests read English, wherever they run
os.environ["REDMEXICO_SETTINGS"] = os.devnull  # a player's own settings are none of the tests'
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def redmexico():  # type: ignore[no-untyped-def]  # the shipped story
    from redmexico.loader import load

    return load(ROOT / "content")
