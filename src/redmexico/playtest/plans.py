"""A bot that has played before: it wants one thing, and takes what has led there.

It plays the story over to itself, at random first, then by what it has learned with some curiosity
left, and keeps for every choice how many of the campaigns that took it came to the goal. Of the
offers it takes the one with the best share. A choice is judged by its address alone, whatever went
before it, as in the "all moves as first" estimate of Monte Carlo Go (Brügmann, "Monte Carlo Go",
1993); shares of few campaigns are drawn towards the mean.
"""

from __future__ import annotations

from functools import lru_cache

from redmexico import engine
from redmexico.model import Story
from redmexico.playtest.bots import best, random_bot
from redmexico.playtest.goals import Goal, goal_of
from redmexico.playtest.playing import Bot, Playthrough, play
from redmexico.state import draw

ROUNDS = (160, 120, 120)
"""Campaigns of each rehearsal; after each the later ones go by what is known."""

CURIOUS = 30
"""In a hundred choices of a rehearsal, how many are made by chance after the first round."""

DOUBT = 6
"""Campaigns at the mean share that every choice is credited with: one lucky campaign decides nothing."""

Known = dict[str, tuple[int, int]]
"""where/choice → campaigns that took it, and how many of these came to the goal"""


class Plan:
    """What rehearsal taught about one goal."""

    def __init__(self) -> None:
        self.known: Known = {}
        self.played = self.reached = 0

    def learn(self, played: Playthrough, goal: Goal) -> None:
        """Count one campaign."""
        came = int(goal.reached(played.state))
        self.played += 1
        self.reached += came
        for address in set(played.choices):
            took, good = self.known.get(address, (0, 0))
            self.known[address] = (took + 1, good + came)

    def share(self, address: str) -> int:
        """How often a choice has led to the goal, in ten thousandths."""
        took, good = self.known.get(address, (0, 0))
        mean = 10_000 * self.reached // max(1, self.played)
        return (10_000 * good + DOUBT * mean) // (took + DOUBT)

    def bot(self, played: Playthrough, offers: tuple[str, ...]) -> str:
        """The offer that has led there most."""
        where = engine.position(played.state)
        return best(played, {offer: self.share(f"{where}/{offer}") for offer in offers}, "plan")

    def rehearse(self, played: Playthrough, offers: tuple[str, ...]) -> str:
        """The same, now and then anything."""
        curious = draw(played.seed, len(played.choices), "curious", 0, 100) < CURIOUS
        return random_bot(played, offers) if curious or not self.reached else self.bot(played, offers)


@lru_cache(maxsize=4)
def plan_of(story: Story, goal: Goal) -> Plan:
    """Rehearse, from the story's first start in its first mode: the same story and goal, the same plan."""
    plan = Plan()
    for number, campaigns in enumerate(ROUNDS):
        lessons = [
            play(story, plan.rehearse if number else random_bot, f"rehearsal-{number}-{i}") for i in range(campaigns)
        ]
        for played in lessons:
            plan.learn(played, goal)
    return plan


def planner(story: Story, text: str) -> Bot:
    """The bot of `plan:GOAL`. Raises RedMexicoError where there is no such place."""
    return plan_of(story, goal_of(story, text)).bot


__all__ = ["Plan", "plan_of", "planner"]
