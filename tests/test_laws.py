"""Laws of play, over bots and the shipped story."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from redmexico import engine, timeline
from redmexico.campaign import Campaign, replay
from redmexico.journal import hash_of, moved, read
from redmexico.model import Story
from redmexico.narration import plain
from redmexico.playtest import play, playtest, random_bot
from redmexico.state import draw
from redmexico.views import view

HEAVY = bool(os.environ.get("REDMEXICO_ALL_FAULTS"))
ROOT = Path(__file__).resolve().parent.parent


def test_random_campaigns_end_and_every_number_stays_in_its_range(redmexico: Story) -> None:
    report = playtest(redmexico, 300 if HEAVY else 40, "laws")
    assert not report.failures, report.failures[:3]


def test_every_open_offer_can_be_taken(redmexico: Story) -> None:
    state = engine.begin(redmexico, "offers").state
    for i in range(60):
        if state.get("!ending"):
            break
        offers = [offer for offer in engine.offers(redmexico, state) if offer.open]
        for offer in offers:
            engine.advance(redmexico, state, offer.id)
        state = engine.advance(redmexico, state, offers[draw("offers", i, "pick", 0, len(offers))].id).state


def test_a_rewind_after_a_choice_is_identity(redmexico: Story) -> None:
    campaign = Campaign.new(redmexico, "identity")
    for i in range(30):
        before = dict(campaign.state)
        offers = campaign.view.opened
        campaign.choose(offers[draw("identity", i, "pick", 0, len(offers))].id)
        after = dict(campaign.state)
        campaign.undo()
        assert campaign.state == before
        campaign.redo()
        assert campaign.state == after
        if campaign.ended:
            break


def test_the_sum_of_a_state_follows_its_changes(redmexico: Story) -> None:
    step = engine.begin(redmexico, "sum")
    st = hash_of(step.state)
    for i in range(40):
        if step.state.get("!ending"):
            break
        offers = [offer for offer in engine.offers(redmexico, step.state) if offer.open]
        step = engine.advance(redmexico, step.state, offers[draw("sum", i, "pick", 0, len(offers))].id)
        for change in step.changes:
            st = moved(st, change.name, change.old, change.new)
        assert st == hash_of(step.state)


def test_a_stored_campaign_replays_from_its_seed_alone(redmexico: Story) -> None:
    campaign = Campaign.new(redmexico, "stored")
    for i in range(80):
        if campaign.ended:
            break
        offers = campaign.view.opened
        campaign.choose(offers[draw("stored", i, "pick", 0, len(offers))].id)
    reading = read(campaign.journal.encoded())
    assert reading.journal is not None
    assert replay(redmexico, reading.journal).whole


def test_whatever_the_player_sees_is_text_and_nothing_is_left_in_braces(redmexico: Story) -> None:
    for seed in ("see-1", "see-2", "see-3"):
        state = engine.begin(redmexico, seed).state
        for i in range(200):
            found = view(redmexico, state)
            shown = [plain(found.narration), found.title, found.place, *(o.label for o in found.offers), *(o.hint for o in found.offers), *(plain(v.paragraphs) for v in found.voices)]
            for text in shown:
                assert "{" not in text
                assert "*" not in text
                assert all("  " not in line for line in text.split("\n"))
                assert not any(ord(c) < 32 and c != "\n" for c in text)
            if found.ending is not None:
                assert found.slides
                break
            offers = found.opened
            state = engine.advance(redmexico, state, offers[draw(seed, i, "pick", 0, len(offers))].id).state


def test_an_event_that_was_decided_answers_why(redmexico: Story) -> None:
    campaign = Campaign.new(redmexico, "why")
    for i in range(120):
        if campaign.ended:
            break
        offers = campaign.view.opened
        campaign.choose(offers[draw("why", i, "pick", 0, len(offers))].id)
    for row in campaign.view.rows:
        found = campaign.why(row.event)
        assert found.decided == (row.when > 0)
        assert all(cause.step <= found.step for cause in found.behind)


def test_divergence_stays_between_nought_and_a_hundred(redmexico: Story) -> None:
    for seed in range(6):
        played = play(redmexico, random_bot, f"div-{seed}")
        assert all(0 <= off <= 100 for off in timeline.divergence(redmexico, played.state).values())


GOLDEN = (
    "from pathlib import Path; from redmexico.loader import load; from redmexico.playtest import play, random_bot; from redmexico.journal import hash_of\n"
    f"s = load(Path({str(ROOT / 'content')!r}))\n"
    "print(' '.join(f'{hash_of(play(s, random_bot, f\"golden-{i}\").state):016x}' for i in range(3)))"
)


@pytest.mark.parametrize(
    "corner",
    [
        ({"PYTHONHASHSEED": "0"}, []), ({"PYTHONHASHSEED": "1"}, []), ({"PYTHONHASHSEED": "4242"}, ["-O"]), ({"LC_ALL": "C"}, []), ({"LC_ALL": "tr_TR.UTF-8"}, []),
        ({"TZ": "Pacific/Kiritimati"}, []), ({"TZ": "America/Mexico_City"}, ["-OO"]), ({"PYTHONUTF8": "1"}, []), ({"LANG": "de_DE"}, ["-O"]), ({"PYTHONHASHSEED": "7", "TZ": "UTC"}, []),
        ({"LC_ALL": "POSIX", "PYTHONHASHSEED": "99"}, []), ({"PYTHONDEVMODE": "1"}, []),
    ],
)
def test_the_same_choices_give_the_same_state_in_every_corner(corner: tuple[dict[str, str], list[str]], golden: str) -> None:
    """T12: hash seeds, optimisation, locales, time zones."""
    more, flags = corner
    run = subprocess.run([sys.executable, *flags, "-c", GOLDEN], capture_output=True, text=True, check=True, env={**os.environ, **more})
    assert run.stdout.strip() == golden


@pytest.fixture(scope="module")
def golden(redmexico: Story) -> str:
    return " ".join(f"{hash_of(play(redmexico, random_bot, f'golden-{i}').state):016x}" for i in range(3))


def test_a_long_soak_leaves_memory_flat(redmexico: Story) -> None:
    """T13: 100,000 choices with REDMEXICO_ALL_FAULTS, a sample otherwise."""
    import tracemalloc

    wanted, made, i = (100_000 if HEAVY else 4_000), 0, 0
    for _ in range(3):  # what is kept for good is there after a few campaigns
        play(redmexico, random_bot, f"warm-{_}")
    tracemalloc.start()
    low = tracemalloc.get_traced_memory()[0]
    while made < wanted:
        played = play(redmexico, random_bot, f"soak-{i}")
        assert not played.problem
        made += len(played.choices)
        i += 1
    grown = tracemalloc.get_traced_memory()[0] - low
    tracemalloc.stop()
    assert grown < 8_000_000


def test_chance_decides_diverts_texts_and_bills_and_falls_out_the_same_again() -> None:
    from kit import story
    from redmexico.campaign import Campaign, replay

    tale = story(
        scene__a="title: A\ndue: true\nrepeat: true\ntext: '{if chance(30): Heads. | else: Tails.}'\n"
        "choices: [{id: a, label: A, goto: [{if: chance(30), to: b}, {to: c}], later: [{in: 1 day, if: chance(30), do: [bread += 1]}]}]\n"
        "passages:\n  b: {text: B, choices: [{id: x, label: X, goto: a}]}\n  c: {text: C, choices: [{id: y, label: Y, goto: a}]}\n"
    )
    campaign = Campaign.new(tale, "7")
    seen = []
    for _ in range(400):
        seen += [campaign.view.address, "".join(run.text for paragraph in campaign.view.narration for run in paragraph)]
        campaign.choose(campaign.view.opened[0].id)
    for came in ("a/b", "Heads."):
        assert 40 < seen.count(came) < 80  # of 200
    assert replay(tale, campaign.journal).whole
