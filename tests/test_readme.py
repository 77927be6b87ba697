"""What the README says, tried."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_example_for_builders_runs() -> None:
    code = next(block for block in re.findall(r"```python\n(.*?)```", README, re.S))
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("[")


def test_the_counts_are_true() -> None:
    scenes = len(list((ROOT / "content" / "scenes").rglob("*.yaml")))
    claimed = re.search(r"over (\d+) scenes", README)
    assert claimed and scenes > int(claimed.group(1))
    endings = (ROOT / "content" / "endings.yaml").read_text(encoding="utf-8").split("\nslides:")[0].count("\n  - id:")
    words = {18: "eighteen", 19: "nineteen", 20: "twenty", 21: "twenty-one"}
    assert f"{words[endings]} endings" in README


def test_every_page_it_points_to_is_there() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "DESIGN.md", "docs/writing.md", "docs/playing.md", "docs/format.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#:]+)\)", text):
            assert ((ROOT / name).parent / target).exists(), f"{name}: {target}"


def test_no_page_names_a_path_of_a_machine() -> None:
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]:
        assert not re.search(r"/(work|home|root|tmp)/", path.read_text(encoding="utf-8")), path
