"""A slip of a writer's pen is named by `check`, at its line and with the word that was meant.

This is a sample; `python tests/mutate.py` makes five hundred. Kinds that need the proofs of the whole story are tried
once each, the others by turns.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator

import pytest

import mutate
from mutate import KINDS, Ground, Slip, Verdict, judge

CONTRADICTIONS = (
    mutate.gate_contradicted, mutate.clause_contradicted, mutate.range_passed, mutate.date_never, mutate.window_never,
    mutate.word_never_set, mutate.need_against_gate,
)  # fmt: skip


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("slips"))


def made(ground: Ground, maker: mutate.Maker, rng: random.Random) -> Slip:
    """The first slip of a kind that is one."""
    for _ in range(400):
        slip = maker(ground, rng)
        if slip is not None and slip.text != ground.files[slip.file].text:
            return slip
    raise AssertionError("no such slip can be made")


def sample(ground: Ground, seed: int) -> Iterator[Verdict]:
    """One slip of every kind but the contradictions, and of misspellings one more."""
    rng = random.Random(seed)
    for weight, maker in KINDS:
        if maker not in CONTRADICTIONS:
            for _ in range(2 if weight >= 16 else 1):
                yield judge(ground, made(ground, maker, rng))


@pytest.fixture(scope="module")
def verdicts(ground: Ground) -> list[Verdict]:
    return list(sample(ground, 7))


def test_slips_are_caught_at_their_line(verdicts: list[Verdict]) -> None:
    """All but one: of braces within braces the outer's partner may stand lines away."""
    assert len(verdicts) >= 45
    missed = [mutate.told(verdict) for verdict in verdicts if not verdict.caught]
    assert len(missed) <= 1, "\n".join(missed)


def test_a_misspelling_is_answered_with_the_word_that_was_meant(verdicts: list[Verdict]) -> None:
    spelt = [verdict for verdict in verdicts if verdict.slip.meant]
    unnamed = [mutate.told(verdict) for verdict in spelt if not verdict.named]
    assert len(unnamed) * 20 <= len(spelt), "\n".join(unnamed)


def test_one_slip_does_not_drown_the_writer_in_findings(verdicts: list[Verdict]) -> None:
    """A declaration taken out is wrong wherever it was used; any other slip is one fault, not one of every name in its file."""
    others = sorted(len(verdict.found) for verdict in verdicts if "removed" not in verdict.slip.kind)
    assert others[len(others) * 8 // 10] <= 5, others


@pytest.mark.parametrize("maker", CONTRADICTIONS, ids=lambda maker: maker.__name__)
def test_what_contradicts_itself_is_proved(ground: Ground, maker: mutate.Maker) -> None:
    verdict = judge(ground, made(ground, maker, random.Random(3)))
    assert verdict.caught, mutate.told(verdict)


def test_the_same_seed_makes_the_same_slips(ground: Ground) -> None:
    once, again = (list(mutate.slips(ground, 60, 5)) for _ in range(2))
    assert once == again
    assert len(Counter(slip.kind for slip in once)) > 20


def test_a_slip_is_never_written_to_the_disk(ground: Ground, verdicts: list[Verdict]) -> None:
    for name, source in ground.files.items():
        assert (ground.root / name).read_text(encoding="utf-8") == source.text, name


def test_the_story_as_it_stands_makes_no_slip_look_caught(ground: Ground) -> None:
    """What is already said of the story is not counted for a slip: an unchanged file brings nothing new."""
    name = "cast.yaml"
    same = Slip("none", name, ground.files[name].text, frozenset({(name, 1)}), "nothing")
    assert judge(ground, same).found == []
