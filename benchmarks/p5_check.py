"""P5: `redmexico check` of the shipped story in a process of its own, without and with what the last check kept."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time

from bench import CONTENT, median_of, report


def checked(cache: str) -> float:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", "redmexico", "check", str(CONTENT)], check=True, capture_output=True, env={**os.environ, "XDG_CACHE_HOME": cache})
    return time.perf_counter() - began


def cold() -> float:
    with tempfile.TemporaryDirectory() as cache:
        return checked(cache)


def main() -> None:
    report("P5", "check of the shipped story, cold", median_of(cold, 5), "s", 2.0)
    with tempfile.TemporaryDirectory() as cache:
        checked(cache)
        report("P5", "check of the shipped story, warm", median_of(lambda: checked(cache), 7), "s", 0.3)


if __name__ == "__main__":
    main()
