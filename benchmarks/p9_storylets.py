"""P9: choosing among 10,000 storylets, each with a gate; the same sets as asking every gate."""

from __future__ import annotations

import random
import statistics
import time

from bench import report

from redmexico import engine
from redmexico.engine import world_of
from redmexico.gates import DECK, Gates
from redmexico.loader.pack import build_texts
from redmexico.model import Story
from redmexico.state import Log

CARDS, STEPS, QUALITIES = 10_000, 2_000, 200


def tale() -> Story:
    """Ten thousand cards over two hundred qualities; about one in twenty is open."""
    generator = random.Random(9)
    out = {
        "story.yaml": "id: p9\ntitle: P\nversion: 1.0.0\nlines: {history: {title: H}}\nstatus: [q0]\nstarts: [{id: s, title: S, act: a}]\nmodes: [{id: standard, title: S}]\n"
        "acts: [{id: a, title: A, from: 1940-01-01, until: 1949-12-31, turn: 1 month, council: {hand: 5, orders: 1, decks: [house]}, next: [{ending: rules}]}]\n",
        "state.yaml": "\n".join(f"q{i}: {{kind: resource, start: {generator.randrange(11)}, range: 0..10}}" for i in range(QUALITIES)),
        "endings.yaml": "endings: [{id: e, title: E, kind: act, text: T}]\n",
    }
    for i in range(CARDS):
        a, b = generator.sample(range(QUALITIES), 2)
        gate = f"q{a} >= {generator.randrange(7, 10)} and q{b} <= {generator.randrange(1, 4)}"
        out[f"scenes/x/s{i}.yaml"] = f"title: S{i}\nrepeat: true\ninvented: true\ndraw: {{deck: house, weight: 2}}\nwhen: {{if: {gate}}}\ntext: T\nchoices: [{{id: a, label: A}}]\n"
    return build_texts(out).story()


def main() -> None:
    story = tale()
    w, gates = world_of(story), Gates(world_of(story))
    state = engine.begin(story, "7").state
    generator = random.Random(1)
    cards = [card for card in story.cards.values() if card.deck]
    log = Log(dict(state), state)
    gates.holding(log, DECK)
    times, naive, wrong, found = [], [], 0, []
    for step in range(STEPS):
        base = log.values
        log = Log(dict(base), base)
        for name in generator.sample(range(QUALITIES), 2):
            log.set(f"q{name}", generator.randrange(11))
        began = time.perf_counter()
        found = gates.holding(log, DECK)
        times.append(time.perf_counter() - began)
        if step % 50 == 0:
            began = time.perf_counter()
            whole = [card for card in cards if card.gate(log.values, w)]
            naive.append(time.perf_counter() - began)
            wrong += whole != found
    times.sort()
    report("P9", f"{CARDS:,} storylets, {len(found)} open: median", times[len(times) // 2] * 1e6, "µs", 150)
    report("P9", "  the same, 99 of 100", times[len(times) * 99 // 100] * 1e6, "µs", 500)
    report("P9", "  asking every gate, for comparison", statistics.median(naive) * 1e6, "µs", 4_100)
    report("P9", "  sets that differ from asking every gate", wrong, "", 0)


if __name__ == "__main__":
    main()
