"""The wheel, installed in a clean environment and run from another folder, plays."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_wheel_plays_from_another_folder(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)], check=True, capture_output=True)
    wheel = next(tmp_path.glob("*.whl"))
    names = zipfile.ZipFile(wheel).namelist()
    assert "redmexico/content/story.yaml" in names
    assert any(name.startswith("redmexico/content/scenes/") for name in names)
    assert {"redmexico/pages/RM201.md", "redmexico/locale/es.mo", "redmexico/content/es/story.yaml"} <= set(names)
    assert not any(".schema/" in name for name in names)
    assert not any("tests/" in name or name.endswith(".jsonl") for name in names)
    venv.create(tmp_path / "clean", with_pip=True)
    python = tmp_path / "clean" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", str(wheel)], check=True, capture_output=True)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV", "REDMEXICO_SAVES")}
    environment |= {"HOME": str(elsewhere), "XDG_CACHE_HOME": str(elsewhere / "cache"), "XDG_DATA_HOME": str(elsewhere / "data")}
    command = [tmp_path / "clean" / "bin" / "redmexico", "--plain", "--new", "--seed", "7"]
    run = subprocess.run(command, input=b"1\n1\n", capture_output=True, cwd=elsewhere, env=environment, check=True)
    assert b"They will not come down." in run.stdout
    assert list((elsewhere / "data" / "redmexico" / "saves").glob("*.rmx.jsonl"))
    said = subprocess.run([command[0], "explain", "RM310"], capture_output=True, cwd=elsewhere, env=environment, check=True)
    assert b"A choice that can never be taken" in said.stdout
    spanish = subprocess.run([*command, "--lang", "es"], input=b"1\n1\n", capture_output=True, cwd=elsewhere, env=environment, check=True)
    assert b"No quieren bajar." in spanish.stdout
    for words in (["new", "pack", "lamp"], ["new", "scene", "night_watch", "--pack", "lamp"], ["check", "lamp"], ["playtest", "--pack", "lamp", "--runs", "4"]):
        subprocess.run([command[0], *words], capture_output=True, cwd=elsewhere, env=environment, check=True)
