"""The rules of play: a campaign begins, and each choice moves it on.

Pure functions between values: a state goes in, a new state comes out, with what changed and
what is to be read. The same seed, start, mode, content and choices give the same states.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from redmexico import offers as offers_
from redmexico.errors import CampaignEnded, LockedChoice, RedMexicoError, UnknownChoice
from redmexico.language import noted, phrase
from redmexico.model import Choice, Passage, Story
from redmexico.state import Change, Group, Values, number, word, words
from redmexico.suggest import did_you_mean
from redmexico.turns import Play, Told
from redmexico.weighing import verdict_on
from redmexico.world import World, today

RULES = 2
"""Raised whenever the same choices on the same content would come out otherwise."""

class Step(NamedTuple):
    """What a choice came to: the state after it, its changes by cause, and what is to be read."""

    state: Values
    changes: tuple[Change, ...]
    told: tuple[Told, ...]
    groups: tuple[Group, ...]
    """the changes as the journal keeps them"""


def world_of(story: Story) -> World:
    """The story's world, made once, and gone with it."""
    if not isinstance(story.world, World):
        story.world = World(story)
    return story.world


def _step(play: Play) -> Step:
    return Step(play.s, tuple(play.log.changes), tuple(play.told), tuple(play.log.groups()))


def begin(story: Story, seed: str, start: str = "", mode: str = "", language: str = "") -> Step:
    """A new campaign, up to its first choice. Empty names mean the story's first start and mode.

    Its notebook is written in `language`, or in that of the story, for good: the lines are part of the state.
    """
    where = _named(story.starts, start, noted("there is no start '{name}'"))
    how = _named(story.modes, mode, noted("there is no mode '{name}'"))
    values: Values = {}
    play = Play(world_of(story), values)
    log = play.log
    for quality in story.qualities.values():
        log.set(quality.name, quality.start)
    act = story.acts[story.starts[where].act]
    kept: Values = {
        "!seed": seed,
        "!mode": how,
        "!act": act.id,
        "!date": act.first,
        "!turn": 0,
        "!step": 0,
        "!scene": "",
        "!passage": "",
        "!phase": "open",
    }
    for name, value in kept.items():
        log.set(name, value)
    written = language or story.language
    if written != story.languages[0]:
        log.set("!lang", written)
    begun = story.starts[where]
    if begun.line:
        recorded(play, begun.line, begun.events, act.first)
    log.cause = f"act:{act.id}"
    for effect in (*story.modes[how].do, *act.do, *story.starts[where].do):
        effect.apply(log, play.w, False)
    if story.starts[where].scene:
        log.cause = ""
        play.enter(story.starts[where].scene)
    play.settle()
    return _step(play)


def _named(known: Iterable[str], name: str, unknown: str) -> str:
    names = list(known)
    if name and name not in names:
        raise RedMexicoError(
            phrase(unknown, name=name), hint=did_you_mean(name, names) or phrase("one of: {known}", known=", ".join(names))
        )
    return name or names[0]


def recorded(play: Play, line: str, shapes: Mapping[str, str], first: int) -> None:
    """A start in the middle: what came before a day stands as a line has it, but for the shapes that are named."""
    play.log.cause = "start"
    for event in play.story.events.values():
        if event.id not in shapes and event.date.first < first:
            mine = play.w.counts_in(event, line)
            play.log.set(f"!event.{event.id}", verdict_on(event, event.date.first) if mine else "averted")
            play.log.set(f"!when.{event.id}", event.date.first)
    for id, shape in shapes.items():
        event = play.story.events[id]
        plainly = shape in ("kept", "early", "late", "averted")
        play.log.set(f"!event.{id}", shape if plainly else "altered")
        play.log.set(f"!when.{id}", event.date.first)
        if not plainly:
            play.log.set(f"!variant.{id}", shape)


def language_of(story: Story, state: Values) -> str:
    """The language in which a campaign's notebook is kept."""
    return word(state, "!lang") or story.languages[0]


def position(state: Values) -> str:
    """The scene whose choices are offered, as the journal names it: a scene, `council` or `account`."""
    return word(state, "!scene") or ("council" if word(state, "!phase") == "council" else "account")


def offers(story: Story, state: Values) -> tuple[offers_.Offer, ...]:
    """What may be chosen: the open choices first, then the locked."""
    return offers_.offers(Play(world_of(story), state))


def open_ids(story: Story, state: Values) -> tuple[str, ...]:
    """The ids of the open offers: all that a bot needs."""
    return offers_.open_ids(Play(world_of(story), state))


def advance(story: Story, state: Values, choice: str, soften: frozenset[str] = frozenset()) -> Step:
    """Take a choice and go on until there is something to choose.

    `state` is left as it was. `soften` names content notes whose softened texts are told.
    Raises UnknownChoice, LockedChoice, CampaignEnded, EndlessStory.
    """
    play = Play(world_of(story), dict(state), state)
    if word(state, "!ending"):
        raise CampaignEnded(phrase("this campaign has ended"), hint=phrase("rewind, or begin another"))
    if choice not in offers_.open_ids(play):
        _refuse(play, choice)
    play.soften = soften
    play.log.add("!step")
    take(play, choice)
    play.settle()
    _achieve(play)
    return _step(play)


def _refuse(play: Play, choice: str) -> None:
    """Say why a choice cannot be taken."""
    offered = {offer.id: offer for offer in offers_.offers(play)}
    offer = offered.get(choice)
    if offer is not None:
        raise LockedChoice(phrase("'{choice}' is locked: {reason}", choice=choice, reason=offer.reason), position(play.s))
    known = ", ".join(id for id, found in offered.items() if found.open)
    raise UnknownChoice(
        phrase("'{choice}' is not offered here", choice=choice),
        position(play.s),
        did_you_mean(choice, offered) or phrase("offered: {choices}", choices=known),
    )


def take(play: Play, choice: str) -> None:
    """Carry out one choice."""
    if word(play.s, "!scene"):
        _in_room(play, play.passage(), choice)
    elif word(play.s, "!phase") == "council":
        _in_council(play, choice)
    else:
        play.turn_over()


def _in_room(play: Play, room: Passage, id: str) -> None:
    if id == "go_on":
        play.follow(room.goto)
    elif id == "enough":
        play.log.set("!picked", ())
        play.follow(room.goto)
    else:
        choice = next(found for found in room.choices if found.id == id)
        write = play.pen(choice)
        carry_out(play, choice)
        write()
        if not word(play.s, "!ending"):
            _on(play, room, choice)


def carry_out(play: Play, choice: Choice) -> None:
    """A choice's effects in order, what it plants, and its text read after them."""
    seen = number(play.s, f"!chosen.{choice.address}")
    play.log.set(f"!chosen.{choice.address}", seen + 1)
    for effect in choice.do:
        effect.apply(play.log, play.w, True)
    play.plant(choice)
    play.learn(choice.text)
    play.tell("result", choice.address, play.softened(choice), seen=seen)


def _on(play: Play, room: Passage, choice: Choice) -> None:
    """Where play goes after a choice: its scene to call, its divert, or the room again."""
    if choice.call:
        play.log.set("!calls", (*words(play.s, "!calls"), choice.address))
        play.enter(choice.call)
        return
    if room.take and not choice.goto:
        picked = (*words(play.s, "!picked"), choice.id)
        play.log.set("!picked", picked)
        left = offers_.open_choices(play, room)
        if len(picked) < room.take[1] and left:
            return
        play.log.set("!picked", ())
        play.follow(room.goto)
        return
    play.follow(choice.goto or room.goto)


def _in_council(play: Play, choice: str) -> None:
    """Take, keep or send for a card, or end the council."""
    verb, _, card = choice.partition(".")
    log, rules = play.log, play.act.council
    assert rules is not None
    if verb == "pass":
        play.adjourn()
    elif verb == "pin":
        log.set("!pin", card)
    else:
        if verb == "summon" and rules.summon is not None:
            rules.summon.apply(log, play.w, False)
        log.add("!orders", -1)
        log.set("!hand", tuple(id for id in words(play.s, "!hand") if id != card))
        if word(play.s, "!pin") == card:
            log.set("!pin", None)
        _play_card(play, card)


def _play_card(play: Play, card: str) -> None:
    """A card that is an order is carried out at once; another opens its scene."""
    scene = play.story.scenes[card]
    if scene.order is None:
        play.enter(card)
        return
    play.log.add(f"!visits.{card}")
    if card in play.w.asked_since:
        play.log.set(f"!last.{card}", today(play.s))
    write = play.pen(scene.order)
    carry_out(play, scene.order)
    write()
    play.after_scene()


def _achieve(play: Play) -> None:
    """What this run will be remembered for."""
    play.log.cause = "award"
    for achievement in play.story.achievements.values():
        name = f"!award.{achievement.id}"
        if name not in play.s and achievement.condition(play.s, play.w):
            play.log.set(name, today(play.s))
    for name in [
        change.name for change in play.log.changes if change.name.startswith("!award.") and change.old is None
    ]:
        found = play.story.achievements[name[len("!award.") :]]
        play.told.append(Told("award", found.id, found.title, today(play.s), ()))


__all__ = ["RULES", "Step", "advance", "begin", "language_of", "offers", "open_ids", "position", "take", "world_of"]
