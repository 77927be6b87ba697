"""Storylets whose gates are asked again only where something changed are those that asking all of them would find."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from kit import loaded
from redmexico import engine, gates
from redmexico.engine import world_of
from redmexico.gates import DECK, PLAIN, WEIGHT, gates_of
from redmexico.model import Story
from redmexico.state import Log, Values

CLAUSES = [
    "bread >= {n}", "arms < {n}", "truce == made", "owes_bell in debts", "not page_kept", "chosen(s0/a)", "visits(s1) >= 1", "happened(e)", "rich",
    "date >= 1940-03", "year == 1940", "sum(faction, it.temper) < {n}", "count(resource, it > 3) >= 1", "act == one", "pull(e) > 0", "since(s0) < 3", "variant(e) == v",
]  # fmt: skip


def tale(seed: int) -> Story:
    """A story of 24 storylets with gates of all sorts."""
    generator = random.Random(seed)
    scenes = {}
    for i in range(24):
        parts = [generator.choice(CLAUSES).format(n=generator.randrange(8)) for _ in range(generator.randrange(3))]
        gate = f"when: {{if: \"{generator.choice([' and ', ' or ']).join(parts)}\"}}\n" if parts else ""
        how = generator.choice(["draw: {deck: house, weight: 2}", "due: true", "due: {weight: 2}"])
        moves = generator.choice(["bread += 1", "bread -= 2", "truce = made", "debts += owes_bell", "page_kept = true", "arms += 2", "church.temper += 1"])
        scenes[f"scene__s{i}"] = f"title: S\nrepeat: true\n{how}\n{gate}text: T\nchoices: [{{id: a, label: A, do: [{moves}]}}]\ninvented: true\n"
    from kit import STATE, STORY

    story = STORY.replace("turn: 6 months", "turn: 1 month\n    council: {hand: 3, orders: 1, decks: [house]}\n    scenes: 2")
    events = "- {id: e, line: history, date: 1940-05, window: 1940-02..1940-08, title: E, pulls: [{if: bread > 4, pull: 2, because: b}], variants: [{id: v, if: arms > 3}], invented: true}\n"
    made = loaded(story=story, state=STATE + "\nderived: {rich: bread + arms > 8}\n", events=events, **scenes)
    assert not made.errors, made.errors
    return made.story()


def naive(story: Story, s: Values, kind: str) -> list[str]:
    w = world_of(story)
    return [card.id for card in story.cards.values() if gates.kind_of(card) == kind and card.gate(s, w)]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.randoms(use_true_random=False))
def test_the_open_storylets_are_those_of_the_naive_scan_wherever_play_jumps(seed: int, generator: random.Random) -> None:
    story = tale(seed % 40)
    found = gates_of(world_of(story))
    states = [engine.begin(story, str(seed)).state]
    for _ in range(30):
        state = generator.choice(states[-3:])  # back to an earlier state, as undo and other branches do
        log = Log(dict(state), state)
        for _ in range(generator.randrange(3)):
            log.set(generator.choice(["bread", "arms"]), generator.randrange(10))
            kind = generator.choice([DECK, PLAIN, WEIGHT])
            assert [card.id for card in found.holding(log, kind)] == naive(story, log.values, kind)
        ids = engine.open_ids(story, state)
        if ids:
            states.append(engine.advance(story, state, generator.choice(ids)).state)
        for kind in (DECK, PLAIN, WEIGHT):
            here = Log(dict(states[-1]), states[-1])
            assert [card.id for card in found.holding(here, kind)] == naive(story, states[-1], kind)


def test_a_gate_is_asked_again_only_where_something_it_reads_changed() -> None:
    story = loaded(
        scene__a="title: A\ndraw: {deck: house}\nwhen: {if: bread > 3}\ntext: T\nchoices: [{id: a, label: A}]\n", scene__b="title: B\ndraw: {deck: house}\nwhen: {if: arms > 3}\ntext: T\nchoices: [{id: a, label: A}]\n"
    ).story()
    found = gates.Gates(world_of(story))
    asked: list[str] = []
    whole = found._ask
    found._ask = lambda s, every: whole(s, [asked.append(g.card.id) or g for g in every])  # type: ignore[method-assign, func-returns-value]
    state = engine.begin(story, "7").state
    log = Log(dict(state), state)
    found.holding(log, DECK)
    assert sorted(asked) == ["a", "b"]
    asked.clear()
    log.set("bread", 9)
    found.holding(log, DECK)
    assert asked == ["a"]
