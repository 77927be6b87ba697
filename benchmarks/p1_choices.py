"""P1: choices a second with text, campaign in memory, against peers and against the limit of Python.

The limit is a table-driven core written here: lists for state, a log of old and new values, text
chosen by one condition; it knows no notebook, no receipts by cause and no timeline.
"""

from __future__ import annotations

import random
import time

from bench import PEERS, made_up, noted, report

from redmexico import engine
from redmexico.loader.pack import build_texts
from redmexico.model import Story
from redmexico.views import view

RUN, SECONDS = 100, 2.0


def ours(story: Story, seconds: float) -> float:
    generator, made, started = random.Random(1), 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        state = engine.begin(story, str(made)).state
        for _ in range(RUN):
            shown = view(story, state)
            _ = shown.narration
            opened = shown.opened
            state = engine.advance(story, state, opened[generator.randrange(len(opened))].id).state
            made += 1
    return made / (time.perf_counter() - started)


def limit(scenes: int, seconds: float) -> float:
    """The same load on bare tables."""
    generator = random.Random(2)
    table = [
        (
            [f"text {i} " * 20, i % 24, "It holds.", "It falls."],
            [(generator.randrange(24), generator.randrange(3), generator.randrange(24), 1, generator.randrange(24), -1, generator.randrange(scenes)) for _ in range(3)],
        )
        for i in range(scenes)
    ]
    made, started = 0, time.perf_counter()
    while time.perf_counter() - started < seconds:
        state, visits, log, at = [5] * 24, [0] * scenes, [], 0
        for _ in range(RUN):
            text, choices = table[at]
            _ = text[0] + (text[2] if state[text[1]] > 4 else text[3])
            opened = [c for c in choices if state[c[0]] >= c[1]] or choices
            c = opened[generator.randrange(len(opened))]
            for slot, delta in ((c[2], c[3]), (c[4], c[5])):
                old = state[slot]
                new = min(10, max(0, old + delta))
                log.append((at, slot, old, new))
                state[slot] = new
            at = c[6]
            visits[at] += 1
            made += 1
    return made / (time.perf_counter() - started)


def main() -> None:
    for scenes, peer in PEERS.items():
        loaded = build_texts(made_up(scenes))
        assert not loaded.errors, loaded.errors[:3]
        story = loaded.story()
        ours(story, 0.3)
        rounds = [(ours(story, SECONDS / 2), limit(scenes, SECONDS / 2)) for _ in range(2)]
        mine, bare = max(r[0] for r in rounds), max(r[1] for r in rounds)
        report("P1", f"choices a second, {scenes:,} scenes, against ten times the best peer", mine, "/s", 10 * peer, at_most=False)
        report("P1", f"choices a second, {scenes:,} scenes, against half of bare tables", mine, "/s", bare / 2, at_most=False)
        noted(f"    bare tables: {bare:,.0f}/s; the best peer: {peer:,}/s; ours is {mine / peer:.2f} times the peer")


if __name__ == "__main__":
    main()
