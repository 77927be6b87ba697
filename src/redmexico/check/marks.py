"""RM224: a deck or a tag that no council asks for, and a content note that is spelt nearly like another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from redmexico.check.study import Study
from redmexico.findings import Finding
from redmexico.suggest import did_you_mean, nearest


def findings(study: Study) -> Iterator[Finding]:
    yield from cards(study)
    yield from notes(study)


def cards(study: Study) -> Iterator[Finding]:
    """A card of a deck from which no council draws is never seen; a tag that none asks for says nothing."""
    councils = [act["council"] for act in study.form["acts"] if act["council"]]
    for key, what, asked in (
        ("deck", "deck", sorted({deck for council in councils for deck in council["decks"]})),
        ("tag", "tag", sorted({tag for council in councils for tag in council["always"]})),
    ):
        for id, card in study.cards.items():
            if card[key] and card[key] not in asked:
                hint = did_you_mean(card[key], asked) or f"councils ask for: {', '.join(asked) or 'none'}"
                said = f"no council asks for the {what} '{card[key]}'"
                yield study.finding(id, ("draw", key), "RM224", said, hint)


def notes(study: Study) -> Iterator[Finding]:
    """A note that stands in one scene alone, and differs by a letter or two from one of several scenes."""
    used = Counter(flag for scene in study.scenes.values() for flag in scene["flags"])
    common = [flag for flag, count in used.items() if count > 1]
    for id, scene in study.scenes.items():
        for i, flag in enumerate(scene["flags"]):
            if used[flag] == 1 and nearest(flag, common):
                said = f"'{flag}' stands in this scene alone"
                yield study.finding(id, ("flags", i), "RM224", said, did_you_mean(flag, common))
