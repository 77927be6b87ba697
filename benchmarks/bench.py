"""What the benchmarks share: a made-up story, clocks, and one way to print a figure."""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"

PEERS = {200: 16_200, 2_000: 12_500, 10_000: 11_200}
"""Choices a second of the fastest peer by number of scenes, as measured elsewhere on two shared cores."""


def report(goal: str, what: str, figure: float, unit: str, wanted: float, at_most: bool = True) -> None:
    """One line: goal, what, figure, wanted, ratio."""
    ratio = figure / wanted if wanted else 0.0
    met = figure <= wanted if at_most else figure >= wanted
    print(f"{goal}  {what:58} {figure:12,.3f} {unit:4} {'≤' if at_most else '≥'} {wanted:12,.3f}  ratio {ratio:6.2f}  {'met' if met else 'MISSED'}", flush=True)


def median_of(work: Callable[[], float], times: int = 5) -> float:
    return statistics.median(work() for _ in range(times))


def clocked(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def made_up(scenes: int, seed: int = 1) -> dict[str, str]:
    """A pack of so many scenes: 120 words and a condition each, three gated choices with two effects, 24 qualities."""
    generator = random.Random(seed)
    words = ["the", "gate", "bell", "paper", "hand", "lamp", "train", "rope", "year", "salt", "maize", "road", "wire", "bread", "door", "coat"]
    qualities = "\n".join(f"q{i}: {{kind: resource, start: 5, range: 0..10}}" for i in range(24))
    out = {
        "story.yaml": "id: bench\ntitle: B\nversion: 1.0.0\nlines: {history: {title: H}}\nstatus: [q0]\nstarts: [{id: s, title: S, act: a, scene: s0}]\n"
        "modes: [{id: standard, title: S}]\nacts: [{id: a, title: A, from: 1940-01-01, until: 1940-12-31, turn: whole, next: [{ending: rules}]}]\n",
        "state.yaml": qualities,
        "endings.yaml": "endings: [{id: e, title: E, kind: act, text: T}]\n",
    }
    for i in range(scenes):
        prose = " ".join(generator.choice(words) for _ in range(110))
        lines = [f"title: S{i}", "repeat: true", "invented: true", f"text: '{prose}. {{if q{i % 24} > 4: It holds still. | else: It falls now.}}'", "choices:"]
        for c in range(3):
            a, b, to = generator.randrange(24), generator.randrange(24), generator.randrange(scenes)
            need = f"q{generator.randrange(24)} >= {generator.randrange(3)}" if c else f"q{a} >= 0"
            sign = "+" if generator.random() < 0.5 else "-"
            lines.append(
                f"  - {{id: c{c}, label: Choice {c}, needs: [{{if: {need}}}], do: ['q{a} {sign}= 1', 'q{b} -= {0 if sign == '-' else 1}'], text: Done {c}., note: N., goto: s{to}}}"
            )
        out[f"scenes/x/s{i}.yaml"] = "\n".join(lines) + "\n"
    return out


def long_campaign(folder: Path, choices: int = 1_000) -> str:
    """A campaign of the shipped story with so many choices, played again from its beginning whenever it ends; its name."""
    from redmexico.cache import open_story
    from redmexico.ui.session import Session

    session = Session(open_story(CONTENT, None), folder)
    campaign = session.new(title="Long", seed="7")
    generator = random.Random(7)
    for _ in range(choices):
        if campaign.ended:
            campaign.rewind(0)
        opened = campaign.view.opened
        campaign.choose(opened[generator.randrange(len(opened))].id)
    slug = session.slug
    session.close()
    return slug


def noted(text: str) -> None:
    print(text, file=sys.stderr)
