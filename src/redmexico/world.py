"""What a state alone cannot answer: the story's own sums, ranges and words.

One `World` serves one story. It keeps nothing of a campaign: every answer is made from the
state that is asked about.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from datetime import date as Date
from functools import lru_cache
from typing import Any

from redmexico.model import FAR, Card, Event, Story
from redmexico.state import Values, draw, number

HAPPENED = frozenset({"kept", "early", "late", "altered", "unwritten"})


@lru_cache(maxsize=4096)
def calendar_day(day: int) -> Date:
    """An ordinal as a date of the calendar."""
    return Date.fromordinal(day)


class World:
    """The story's answers to conditions, effects and prose."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self._tongues: dict[str, World] = {}
        self.kept: dict[object, Any] = {}
        """what others work out once: it goes when the world goes"""
        self._due: dict[tuple[int, int], tuple[Card, ...]] = {}
        self.withdrawable = tuple(card for card in story.cards.values() if card.withdraw is not None)
        """cards that are taken back where nobody plays them"""
        self._openings = sorted({card.window.first for card in story.cards.values() if card.due == "plain"})
        self.asked_since = frozenset(story.since) | {card.id for card in story.cards.values() if card.again}
        """scenes of which somebody asks how long ago they were"""
        self.settled_by_scenes = tuple(e for e in story.events.values() if e.outcomes and not e.scene)
        """events that whatever scene may decide"""

    def writing(self, s: Mapping[str, Any]) -> World:
        """The world as the campaign's notebook tells of it: in the language in which that is kept."""
        language = s.get("!lang") or self.story.languages[0]
        if language == self.story.language:
            return self
        if language not in self._tongues:
            self._tongues[language] = World(self.story.told_in(language))
        return self._tongues[language]

    # what expressions ask

    def derived(self, s: Mapping[str, Any], name: str) -> Any:
        """A computed quality."""
        return self.story.derived[name].value(s, self)

    def year(self, s: Mapping[str, Any]) -> int:
        return calendar_day(s["!date"]).year

    def since(self, s: Mapping[str, Any], scene: str) -> int:
        """Whole months since a scene was last played; -1 if never."""
        then = s.get(f"!last.{scene}")
        if then is None:
            return -1
        a, b = calendar_day(then), calendar_day(s["!date"])
        return (b.year - a.year) * 12 + b.month - a.month - (b.day < a.day)

    def happened(self, s: Mapping[str, Any], event: str) -> bool:
        return s.get(f"!event.{event}") in HAPPENED

    def due(self, s: Mapping[str, Any], event: str) -> bool:
        return bool(self.story.events[event].date.first <= s["!date"])

    def pull(self, s: Mapping[str, Any], event: str) -> int:
        """The sum of an event's causes now."""
        return sum(pull.amount for pull in self.story.events[event].pulls if pull.condition(s, self))

    def chance(self, s: Mapping[str, Any], stream: str, percent: int) -> bool:
        return self.draw(s, stream, 0, 100) < percent

    def draw(self, s: Mapping[str, Any], stream: str, k: int, n: int) -> int:
        return draw(s["!seed"], s["!step"], stream, k, n)

    def divergence(self, s: Mapping[str, Any], line: str) -> int:
        """How far this campaign has left a recorded line: 0 to 100.

        The sum over the line's events already due of weight times 0 (kept), 25 and 5 more for
        each whole half-year off up to 50 (early, late), 50 (altered) or 100 (averted), divided
        by the sum of the weights, rounded down. Overdue and open counts as late so far.
        """
        today, lost, whole = s["!date"], 0, 0
        for event in self.story.events.values():
            if event.date.last <= today and self.counts_in(event, line):
                whole += event.weight
                lost += event.weight * self._off(s, event, line, today)
        return lost // whole if whole else 0

    def _off(self, s: Mapping[str, Any], event: Event, line: str, today: int) -> int:
        verdict = self.verdict_in(s, event, line)
        if verdict in ("kept", "altered", "averted"):
            return {"kept": 0, "altered": 50, "averted": 100}[verdict]
        day = int(s.get(f"!when.{event.id}", today))
        apart = max(event.date.first - day, day - event.date.last, 0)
        if verdict == "open" and apart <= 31:
            return 0
        return min(50, 25 + 5 * (apart * 2 // 365))

    def counts_in(self, event: Event, line: str) -> bool:
        """Whether an event belongs to a recorded line, its own or the one that it follows."""
        if event.line in (line, "both") or line in event.elsewhere:
            return True
        _, follows, until = self.story.lines.get(line, ("", "", 0))
        return bool(follows) and event.line == follows and event.date.first < until

    def verdict_in(self, s: Mapping[str, Any], event: Event, line: str) -> str:
        """The verdict as one line sees it: elsewhere something else may count as kept."""
        verdict = str(s.get(f"!event.{event.id}", "open"))
        kept = event.elsewhere[line][1] if line in event.elsewhere and event.line != line else ()
        if not kept or verdict == "open":
            return verdict
        came = str(s.get(f"!variant.{event.id}", "")) if verdict == "altered" else verdict
        return "kept" if came in kept else "averted" if verdict in ("kept", "averted") else verdict

    # what effects ask

    def range_of(self, name: str) -> tuple[int, int] | None:
        quality = self.story.qualities[name]
        return (quality.low, quality.high) if quality.type == "number" else None

    def gain(self, s: Values, name: str, amount: int) -> int:
        """What a choice's `+=` really adds, by the rule of the quality's kind."""
        rule = self.story.gains.get(self.story.qualities[name].kind)
        return int(rule.value({**s, "amount": amount}, self)) if rule else amount

    # what prose asks

    def value(self, s: Mapping[str, Any], name: str) -> str:
        if name in self.story.derived:
            return str(self.derived(s, name))
        shown, found = self.story.qualities[name].shown, s.get(name, "")
        if isinstance(found, tuple):
            return ", ".join(shown.get(item, item.replace("_", " ")) for item in found)
        return shown.get(str(found), str(found).replace("_", " "))

    def words(self, s: Mapping[str, Any], name: str) -> str:
        """The band word of a number: the last whose number is reached."""
        quality = self.story.qualities[name]
        found = s.get(name, quality.start)
        if not isinstance(found, int) or isinstance(found, bool):
            return quality.shown.get(str(found), str(found).replace("_", " "))
        for condition, steps in quality.bands:
            if condition(s, self):
                reached = [shown for low, shown in steps if found >= low]
                return reached[-1] if reached else steps[0][1]
        return str(found)

    # what the calendar asks

    def next_opening(self, day: int) -> int:
        """The next day after one on which the window of a due scene opens, or a day beyond every campaign."""
        at = bisect_right(self._openings, day)
        return self._openings[at] if at < len(self._openings) else FAR

    def due_cards(self, first: int, last: int) -> tuple[Card, ...]:
        """Scenes that come of themselves and may fall into these days."""
        key = (first, last)
        if key not in self._due:
            if len(self._due) > 64:
                self._due.clear()
            cards = [
                c for c in self.story.cards.values() if c.due in ("plain", "weight") and c.window.touches(first, last)
            ]
            self._due[key] = tuple(sorted(cards, key=lambda card: (card.order, card.id)))
        return self._due[key]

    def unplayed(self, s: Values, card: Card) -> bool:
        """Whether a scene may play: once a campaign, unless it repeats or may return."""
        if f"!visits.{card.id}" not in s or card.repeat:
            return True
        return bool(card.again) and self.since(s, card.id) >= card.again

    def offered(self, s: Values, card: Card, day: int) -> bool:
        """Whether a scene's window and gate are open on a day."""
        return day in card.window and self.unplayed(s, card) and card.gate(s, self)


def months_on(day: int, months: int) -> int:
    """The same day of a month, so many months on, or that month's last.

    >>> Date.fromordinal(months_on(Date(1937, 1, 31).toordinal(), 1)).isoformat()
    '1937-02-28'
    """
    date = calendar_day(day)
    index = date.year * 12 + date.month - 1 + months
    year, month = divmod(index, 12)
    for last in (date.day, 30, 29, 28):
        try:
            return Date(year, month + 1, min(date.day, last)).toordinal()
        except ValueError:
            continue
    raise AssertionError(day)


def today(s: Values) -> int:
    """The day on which a campaign stands."""
    return number(s, "!date")
