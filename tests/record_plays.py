"""Record the stored campaigns of tests/plays/ anew: run it when a change of content is meant to break them.

    .venv/bin/python tests/record_plays.py

Each is found by bots that follow a few wishes and are random elsewhere; the first that fits is kept.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from redmexico import engine, timeline
from redmexico.loader import load
from redmexico.model import Story
from redmexico.state import Values, draw, number, word

ROOT = Path(__file__).resolve().parent.parent
PLAYS = ROOT / "tests" / "plays"
DEATH = 708439
"""21 August 1940, the day to which History is kept whole."""


@dataclass
class Wanted:
    """A campaign to be found."""

    name: str
    about: str
    fits: Callable[[Story, Values, list[Values]], bool]
    wishes: tuple[str, ...] = ()
    """choices taken wherever they are open"""
    shunned: tuple[str, ...] = ()
    tries: int = 4000
    start: str = "tampico"
    path: list[Values] = field(default_factory=list)


def campaign(story: Story, wanted: Wanted, seed: str) -> tuple[list[str], Values, list[Values]]:
    """One try: its choices by address, its last state, and its states on the way."""
    state = engine.begin(story, seed, wanted.start).state
    choices: list[str] = []
    states = [state]
    while not state.get("!ending") and len(choices) < 1200:
        where = engine.position(state)
        ids = engine.open_ids(story, state)
        wished = [id for id in ids if f"{where}/{id}" in wanted.wishes]
        rest = [id for id in ids if f"{where}/{id}" not in wanted.shunned and id.split(".")[0] not in ("pin", "summon")] or list(ids)
        pick = (wished or rest)[draw(seed, len(choices), "record", 0, len(wished or rest))]
        choices.append(f"{where}/{pick}")
        state = engine.advance(story, state, pick).state
        states.append(state)
    return choices, state, states


def history_whole(story: Story, state: Values, states: list[Values]) -> bool:
    before = [s for s in states if number(s, "!date") <= DEATH]
    return state["wound"] == "dead" and bool(state.get("!ending")) and timeline.divergence(story, before[-1])["history"] == 0


def lives(shape: str) -> Callable[[Story, Values, list[Values]], bool]:
    def fits(story: Story, state: Values, states: list[Values]) -> bool:
        if state["!act"] not in ("gap", "republic"):
            return False
        if shape in ("scar", "eye", "speech"):
            return state["wound"] == shape
        return state["wound"] == "none" and (state["visitor"] == shape if shape != "locked" else state["guard_rule"] == "locked")

    return fits


def stands(story: Story, state: Values) -> bool:
    """The Republic was kept to the end of the book."""
    return state["!act"] == "republic" and story.endings[word(state, "!ending")].kind == "act" and not state.get("fallen")


def road(id: str) -> Callable[[Story, Values, list[Values]], bool]:
    return lambda story, state, states: state["route"] == id and stands(story, state)


def origin(id: str) -> Callable[[Story, Values, list[Values]], bool]:
    return lambda story, state, states: state["origin"] == id and stands(story, state)


def ends(*endings: str) -> Callable[[Story, Values, list[Values]], bool]:
    return lambda story, state, states: state["!ending"] in endings


def early(story: Story, state: Values, states: list[Values]) -> bool:
    return story.endings[word(state, "!ending")].kind == "early" and number(state, "!date") < DEATH


KEEP = (
    "dewey_minutes/not_answered", "manifesto_clause/clean", "safe_address/address_a", "the_letter_on_the_roller/leave", "two_hundred_pesos/viena", "mugica_chair/coffee",
    "tribune_questions/sharp", "exercise_book/case", "typesetters_price/pay", "eight_guards_one_bell/door_harte", "not_a_life/open", "not_a_life/leave", "seventh_of_july/board",
    "sour_cream/lift", "raincoat/bad", "the_visitor/press", "washing_up/silence", "flat_with_a_view/refuse", "why_mexico/general",
)
HELD = ("not_a_life/search", "raincoat/hook", "the_visitor/coat", "the_visitor/shut", "washing_up/silence", "flat_with_a_view/refuse", "visa/drawer")
ORIGINS = ("rail", "teacher", "painter", "seminary", "informer")
ROADS = {"strike": "the strike", "succession": "the succession", "war": "the war", "villages": "the villages", "gambit": "the gambit"}
WIDOWS = {"abroad": "goes abroad", "hidden": "is hidden and read", "filed": "is a file"}
WANTED = [
    Wanted("history_whole", "Everything as it is written, up to 21 August 1940.", history_whole, KEEP, ("exercise_book/year", "exercise_book/explained"), 6000),
    *(
        Wanted(f"lives_{shape}", f"He lives; {about}", lives(shape), wishes)
        for shape, about, wishes in (
            ("held", "the visitor is held at the gate.", ("not_a_life/search", "raincoat/hook", "the_visitor/coat", "the_visitor/shut")),
            ("barred", "the visitor is turned away.", ("sour_cream/telephone", "raincoat/bar")),
            ("locked", "nobody comes in any more.", ("not_a_life/shut", "visa/drawer")),
            ("scar", "the blow falls badly.", ()),
            ("eye", "the blow costs an eye.", ("not_a_life/seat", "the_visitor/ring")),
            ("speech", "the blow costs the words.", ("the_visitor/follow",)),
        )
    ),
    *(Wanted(f"origin_{id}", f"A campaign of the Secretary who is {id}, to May 1945.", origin(id), (f"who_taught_you/{id}", *HELD)) for id in ORIGINS),
    *(Wanted(f"road_{id}", f"By the road of {of}, to May 1945.", road(id), HELD) for id, of in ROADS.items()),
    *(Wanted(f"widow_{id}", f"He dies, and the book {about}.", ends(f"book_{id}"), ("the_visitor/press", f"caravan/{id}")) for id, about in WIDOWS.items()),
    Wanted("start_coyoacan", "Begun at Coyoacán, without the Prologue.", lambda story, state, states: bool(state["origin"]), start="coyoacan"),
    Wanted("start_the_gap", "Begun in the autumn of 1940.", lambda story, state, states: stands(story, state), start="the_gap"),
    Wanted("start_republic", "Begun on the first night of the Republic.", lambda story, state, states: stands(story, state), start="republic"),
    Wanted("loses_early", "The campaign closes before the visitor comes.", early, ("washing_up/tell",)),
    Wanted("loses_1942", "No congress sits.", ends("strangled_rising", "council_that_never_sat"), HELD),
    Wanted("hands_it_over", "The General takes the chair.", ends("cardenas_returns"), (*HELD, "return_of_the_vow/in_person", "return_of_the_vow/hand_chair")),
    Wanted("dies_in_bed", "He does not live to see May 1945.", ends("died_in_his_bed"), ("the_visitor/sit_in", "the_visitor/between", "raincoat/room", "washing_up/silence", "flat_with_a_view/refuse", "visa/drawer", "outvoted/mislay")),
    Wanted("falls", "The Republic has no quorum.", ends("fallen"), HELD),
]


def record(story: Story, wanted: Wanted) -> bool:
    """Find one campaign and write it; whether there was one."""
    for i in itertools.count():
        if i == wanted.tries:
            return False
        seed = f"{wanted.name}-{i}"
        choices, state, states = campaign(story, wanted, seed)
        if state.get("!ending") and wanted.fits(story, state, states):
            break
    off = timeline.divergence(story, state)
    at_death = [s for s in states if number(s, "!date") <= DEATH][-1:] or [state]
    verdicts = {e: state[f"!event.{e}"] for e in ("hearings", "rivera_break", "move_house", "raid", "axe", "rise_to_power", "bajio_war", "fragile_1945") if f"!event.{e}" in state}
    lines = [f"about: {wanted.about}", f'seed: "{seed}"', f"start: {wanted.start}", "mode: standard", "choices:", *(f"  - {c}" for c in choices), "expect:"]
    lines += [f"  ending: {state['!ending']}", f"  verdicts: {{{', '.join(f'{k}: {v}' for k, v in verdicts.items())}}}"]
    lines += [f"  divergence: {{{', '.join(f'{k}: {v}' for k, v in off.items())}}}", f"  qualities: {{origin: {state['origin']}, wound: {state['wound']}, visitor: {state['visitor']}, route: {state['route']}, truce: {state['truce']}}}"]
    lines += [f"history_off_at_his_death: {timeline.divergence(story, at_death[-1])['history']}"]
    (PLAYS / f"{wanted.name}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{wanted.name}: {state['!ending']} after {len(choices)} choices, try {i + 1}")
    return True


def main() -> int:
    story = load(ROOT / "content")
    PLAYS.mkdir(exist_ok=True)
    chosen = [w for w in WANTED if len(sys.argv) < 2 or w.name in sys.argv[1:]]
    missing = [w.name for w in chosen if not record(story, w)]
    if missing:
        print("not found:", ", ".join(missing))
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
