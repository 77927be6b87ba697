"""What makes a state of older content fit the story as it is now: renamed, new, narrowed and vanished things."""

from __future__ import annotations

from redmexico.expression import clamp
from redmexico.model import Story
from redmexico.renames import applied, moved_names
from redmexico.state import Value, Values, number, word, words


def refitted(story: Story, state: Values) -> list[tuple[str, Value]]:
    """Qualities that are new, and values that no longer fit."""
    out: list[tuple[str, Value]] = []
    for quality in story.qualities.values():
        value = state.get(quality.name)
        fits = type(value) is type(quality.start)
        if value is None or not fits:
            out.append((quality.name, quality.start))
        elif quality.type == "number" and isinstance(value, int) and clamp(value, quality.low, quality.high) != value:
            out.append((quality.name, clamp(value, quality.low, quality.high)))
        elif quality.type == "word" and value not in quality.words:
            out.append((quality.name, quality.start))
        elif quality.type == "set" and isinstance(value, tuple) and not set(value) <= set(quality.words):
            out.append((quality.name, tuple(w for w in value if w in quality.words)))
    return out


def fitted(story: Story, state: Values) -> dict[str, Value | None] | None:
    """What makes a state of older content fit this story; None where its scene is gone altogether."""
    changes = moved_names(story, state)
    state = applied(state, changes)
    changes |= dict(refitted(story, state))
    changes |= mended(story, state)
    scene, passage = word(state, "!scene"), word(state, "!passage")
    if scene and scene not in story.scenes:
        return None
    if scene and passage and passage not in story.scenes[scene].passages:
        changes["!passage"] = ""
    return changes


def mended(story: Story, s: Values) -> dict[str, Value | None]:
    """What the engine keeps in a state and the story has no more, put right: callers, hands, bills, acts, modes."""
    out: dict[str, Value | None] = {}
    hand = [id for id in words(s, "!hand") if id in story.cards and story.cards[id].deck]
    callers = [(scene, choice) for scene, _, choice in (a.partition("/") for a in words(s, "!calls"))]
    for name, there in (
        ("!calls", [f"{scene}/{choice}" for scene, choice in callers if _is_choice(story, scene, choice)]),
        ("!hand", hand),
        ("!drawn", [id for id in words(s, "!drawn") if id in story.cards]),
    ):
        if tuple(there) != words(s, name):
            out[name] = tuple(there)
    pinned = word(s, "!pin")  # kept for the next hand: while the days are played it lies in none
    if pinned and not (pinned in story.cards and story.cards[pinned].deck):
        out["!pin"] = None
    for name, known in (("!playing", story.events), ("!ending", story.endings)):
        if word(s, name) and word(s, name) not in known:
            out[name] = ""
    if word(s, "!mode") not in story.modes:
        out["!mode"] = next(iter(story.modes))
    if word(s, "!act") not in story.acts:
        day = number(s, "!date")
        out["!act"] = next((a.id for a in story.acts.values() if a.first <= day <= a.last), next(iter(story.acts)))
    out |= {n: None for n in s if n.startswith("!award.") and n.removeprefix("!award.") not in story.achievements}
    return out


def _is_choice(story: Story, scene: str, choice: str) -> bool:
    return scene in story.scenes and any(choice == c.id for room in story.scenes[scene].passages.values() for c in room.choices)
