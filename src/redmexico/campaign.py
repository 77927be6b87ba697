"""A campaign being played: its story, its journal, and where it stands.

A campaign is a seed and a list of choices. Choosing computes the next state, writes it down,
and only then shows it; going back is a record like any other, so nothing played is lost.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import NamedTuple

from redmexico import __version__, timeline
from redmexico.engine import RULES, Step, advance, begin, language_of, position, world_of
from redmexico.errors import RedMexicoError
from redmexico.expression import clamp
from redmexico.fitting import fitted, refitted
from redmexico.journal import Journal, Pending, moved
from redmexico.language import phrase
from redmexico.model import Mode, Scene, Story
from redmexico.offers import VISIBLE, Moved
from redmexico.renames import applied, moved_names
from redmexico.state import TEST, Change, Value, Values, number, word, words
from redmexico.timeline import Cause, Receipt
from redmexico.turns import Told
from redmexico.views import View
from redmexico.weighing import held

VERSION = __version__
SEED_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What a made-up seed is written in: no letter that looks like another."""

Keep = Callable[[Pending], None]
"""Writes a record down and lets the journal have it."""


class Drift(NamedTuple):
    """How the story has changed under a campaign since it was last played."""

    changed: tuple[str, ...] = ()
    """titles of played scenes that read otherwise now"""
    qualities: tuple[str, ...] = ()
    """what was added, or put back into its range"""
    followed: str = ""
    """the new name of the present scene"""
    passage_gone: bool = False
    lost: str = ""
    """the present scene, if it is gone"""
    back_to: int = 0
    """the last record whose scene survives, where the present one is lost"""
    rules: bool = False
    packs: tuple[str, ...] = ()
    """packs that are missing altogether"""

    @property
    def lines(self) -> tuple[str, ...]:
        """What the player is told, a line each."""
        out = []
        if self.lost:
            out.append(phrase("The scene in which you stopped is no longer in the story: {scene}.", scene=self.lost))
        if self.passage_gone:
            out.append(phrase("The room in which you stopped is gone; the scene begins again."))
        if self.followed:
            out.append(phrase("The scene in which you stopped is called {scene} now.", scene=self.followed))
        if self.changed:
            more = len(self.changed) - 5
            scenes = ", ".join(self.changed[:5])
            if more > 0:
                scenes = phrase("{scenes} and {n} more", scenes=scenes, n=more)
            out.append(phrase("Changed since you played them: {scenes}. What you chose stands.", scenes=scenes))
        out += [phrase("The story counts otherwise now: {name}.", name=name) for name in self.qualities[:5]]
        return tuple(out)


class Replayed(NamedTuple):
    """What playing a campaign again came to."""

    matched: int
    """how many steps came out as they stand in the file"""
    steps: int
    reason: str = ""
    """why the next one does not; "" where all match"""

    @property
    def whole(self) -> bool:
        return not self.reason


def new_seed() -> str:
    """A seed made up: `7F3K-2Q9D`."""
    letters = "".join(SEED_LETTERS[byte % 32] for byte in os.urandom(8))
    return f"{letters[:4]}-{letters[4:]}"


def packs_of(story: Story) -> list[dict[str, str]]:
    """What a campaign's head says of its content."""
    return [{"id": id, "version": version, "fp": fingerprint} for id, version, fingerprint in story.packs]


def found(
    story: Story, seed: str = "", start: str = "", mode: str = "", title: str = ""
) -> tuple[Journal, bytes, Step]:
    """A new campaign: its journal, the line its file begins with, and its first step."""
    seed = seed or new_seed()
    step = begin(story, seed, start, mode)
    journal, line = Journal.begin(
        id=os.urandom(16).hex(),
        seed=seed,
        title=title or story.title,
        start=start or next(iter(story.starts)),
        mode=mode or next(iter(story.modes)),
        packs=packs_of(story),
        rules=RULES,
        app=VERSION,
        made=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        d=step.groups,
    )
    return journal, line, step


class Campaign:
    """Story and journal together. `told` is what is to be read since the last choice."""

    def __init__(self, story: Story, journal: Journal, keep: Keep | None = None, told: tuple[Told, ...] = ()) -> None:
        self.story = story
        self.journal = journal
        self.keep: Keep = keep or journal.accept
        self.state: Values = dict(journal.state)
        self.told = told
        self.soften: frozenset[str] = frozenset()
        """content notes of which the softer text is read"""
        self.ahead = True
        """whether the player is told what the record has next"""
        self._moved: tuple[Moved, ...] | None = None
        self._receipts: tuple[int, list[Receipt]] = (-1, [])

    @classmethod
    def new(cls, story: Story, seed: str = "", start: str = "", mode: str = "", title: str = "") -> Campaign:
        """A campaign kept in memory alone."""
        journal, _, step = found(story, seed, start, mode, title)
        return cls(story, journal, told=step.told)

    @property
    def view(self) -> View:
        """Where it stands, for a face."""
        return View(self.story, self.state, self.soften, self.ahead)

    @property
    def mode(self) -> Mode:
        return self.story.modes[word(self.state, "!mode")]

    @property
    def ended(self) -> bool:
        return bool(word(self.state, "!ending"))

    # playing

    def choose(self, choice: str, seconds: int | None = None) -> Step:
        """Take a choice; the journal has it before it is shown."""
        step = advance(self.story, self.state, choice, self.soften)
        where = position(self.state)
        pending = self.journal.choice(
            where, _address(step.state), choice, self._fingerprint(where), step.groups, seconds=seconds
        )
        self.keep(pending)
        self.state = step.state
        self.told = step.told
        self._moved = self._visible(step.changes)
        return step

    def _fingerprint(self, scene: str) -> str:
        known: Scene | None = self.story.scenes.get(scene)
        return known.fingerprint if known is not None else "0" * 8

    # going back

    def rewind(self, to: int) -> None:
        """Go back to the moment after a record, or to the start (0). Nothing is lost by it."""
        if not self.mode.rewind:
            raise RedMexicoError(
                phrase("this campaign has one life and no way back"), hint=phrase("its mode was chosen when it began")
            )
        state = self.journal.state_at(to)
        fitting = fitted(self.story, state)
        if fitting is None:
            raise RedMexicoError(
                phrase("the scene of that moment is no longer in the story: {scene}", scene=word(state, "!scene")),
                hint=phrase("go back further, or stay"),
            )
        self.keep(self.journal.rewind(to))
        if fitting:
            self.keep(self.journal.content(packs_of(self.story), RULES, [["content", fitting]]))
        self._settle()

    def _settle(self) -> None:
        self.state = dict(self.journal.state)
        self.told = self.retold()
        self._moved = None

    def told_by(self, story: Story) -> None:
        """Go on as another language of its story tells it."""
        self.story = story
        self._settle()

    @property
    def beginning(self) -> Values:
        """The state at which it began."""
        return self.journal.state_at(0)

    def undo(self) -> bool:
        """Back by one choice; False at the beginning."""
        path = self.journal.path()
        if not path:
            return False
        self.rewind(path[-2] if len(path) > 1 else 0)
        return True

    def redo(self) -> bool:
        """Forward along the branch that was left last; False where there is none."""
        path = self.journal.path()
        ways = self.journal.children(path[-1] if path else 0)
        if not ways:
            return False
        self.rewind(ways[-1])
        return True

    def step_record(self, step: int) -> int:
        """The record of the present branch after so many choices; 0 is the start."""
        path = self.journal.path()
        if not 0 <= step <= len(path):
            raise RedMexicoError(phrase("there is no step {step}", step=step), hint=phrase("0 to {last}", last=len(path)))
        return path[step - 1] if step else 0

    def mark(self, name: str) -> None:
        """Give the present moment a name."""
        self.keep(self.journal.mark(name))

    def rename(self, title: str) -> None:
        self.keep(self.journal.retitle(title))

    # reading back

    def retold(self) -> tuple[Told, ...]:
        """What was to be read after the last choice, by making it again; empty if the story changed."""
        n = self.journal.position
        if not n:
            return self._begun().told
        record = self.journal.records[n]
        if record["t"] != "choice":
            return ()
        before = self.journal.state_at(self.journal.parent(n))
        if fitted(self.story, before) != {}:
            return ()
        try:
            step = advance(self.story, before, record["choice"], self.soften)
        except RedMexicoError:
            return ()
        return step.told if step.state == self.state else ()

    def _begun(self) -> Step:
        """The beginning, made again."""
        head = self.journal.head
        language = language_of(self.story, self.journal.state_at(0))
        return begin(self.story, str(head["seed"]), str(head["start"]), str(head["mode"]), language)

    def transcript(self) -> list[tuple[int, View, str, tuple[Told, ...]]]:
        """Everything read on this branch: step, the view before the choice, its label, what was told.

        Made by playing it again; it stops where the story has changed.
        """
        out: list[tuple[int, View, str, tuple[Told, ...]]] = []
        step = self._begun()
        out.append((0, View(self.story, step.state, self.soften), "", step.told))
        for i, n in enumerate(self.journal.path(), 1):
            choice = str(self.journal.records[n]["choice"])
            before = View(self.story, step.state, self.soften)
            label = next((offer.label for offer in before.offers if offer.id == choice), choice)
            try:
                step = advance(self.story, step.state, choice, self.soften)
            except RedMexicoError:
                break
            out.append((i, before, label, step.told))
        return out

    def moved_now(self) -> tuple[Moved, ...]:
        """What the last choice itself moved, of what is counted."""
        n = self.journal.position
        if self._moved is None:
            if not n or self.journal.records[n]["t"] != "choice":
                return ()
            before = self.journal.state_at(self.journal.parent(n))
            changes = [
                Change(cause, name, before.get(name), new) for cause, names in self.journal.changes(n) for name, new in names.items()
            ]
            self._moved = self._visible(changes)
        return self._moved

    def _visible(self, changes: Iterable[Change]) -> tuple[Moved, ...]:
        """What a choice did to what is counted, added up."""
        sums: dict[str, int] = {}
        for cause, name, old, new in changes:
            quality = self.story.qualities.get(name)
            if not cause and quality is not None and quality.kind in VISIBLE and isinstance(new, int) and isinstance(old, int):
                sums[name] = sums.get(name, 0) + new - old
        return tuple(Moved(name, self.story.qualities[name].label, amount) for name, amount in sums.items() if amount)

    def receipts(self) -> list[Receipt]:
        """Every change on this branch, with the choice and the day behind it."""
        position = len(self.journal.records)
        if self._receipts[0] != position:
            self._receipts = (position, self._read_receipts())
        return self._receipts[1]

    def _folded(self, state: dict[str, Value], n: int) -> None:
        """A state after a record."""
        for _, names in self.journal.changes(n):
            for name, new in names.items():
                if new is None:
                    state.pop(name, None)
                else:
                    state[name] = new

    def _read_receipts(self) -> list[Receipt]:
        state: dict[str, Value] = {}
        out: list[Receipt] = []
        step = -1
        for n in (0, *self.journal.lineage()):
            record = self.journal.records[n]
            if record["t"] == "content":  # the story changed, or an author reached in: nobody's choice
                self._folded(state, n)
                continue
            step += 1
            for cause, names in self.journal.changes(n):
                for name, new in names.items():
                    old = state.get(name)
                    if new is None:
                        state.pop(name, None)
                    else:
                        state[name] = new
                    day = state.get("!date", 0)
                    assert isinstance(day, int)
                    out.append(
                        Receipt(
                            step,
                            str(record.get("scene", "")),
                            str(record.get("choice", "")),
                            day,
                            Change(cause, name, old, new),
                        )
                    )
        return out

    def why(self, event: str) -> Why:
        """Why an event came as it did: the causes that held, and the choices behind them."""
        return why(self, event)

    def moved(self, quality: str) -> list[Receipt]:
        """What moved one quality, and who did it, newest last."""
        return [r for r in self.receipts() if r.change.name == quality and r.step > 0]


class Why(NamedTuple):
    """An event's answer: its causes for and against, the choices behind them, what would have changed it."""

    event: str
    decided: bool
    step: int
    day: int
    pulls: tuple[str, ...]
    behind: tuple[Cause, ...]
    turning: tuple[Cause, ...]
    """the fewest of these without which it comes out as recorded; empty where there are none"""


def why(campaign: Campaign, id: str) -> Why:
    """Answer from receipts; an open event tells nothing."""
    story, state = campaign.story, campaign.state
    event = story.events[id]
    if f"!event.{id}" not in state:
        return Why(id, False, 0, 0, (), (), ())
    receipts = campaign.receipts()
    step = next((r.step for r in receipts if r.change.name == f"!event.{id}"), 0)
    behind = timeline.causes(story, state, receipts, event, step)
    kept = words(state, f"!pulls.{id}")
    told = tuple(f"{pull.amount:+d} {pull.because}" for pull in held(world_of(story), state, event))
    pulls = told if len(told) == len(kept) else kept  # causes that the story has no more are told as they were
    turning = (
        ()
        if event.external or state[f"!event.{id}"] == "kept" or event.outcomes
        else _turning(campaign, receipts, id, behind, step)
    )
    return Why(id, True, step, number(state, f"!when.{id}"), pulls, behind, turning)


def _turning(
    campaign: Campaign, receipts: list[Receipt], id: str, behind: tuple[Cause, ...], step: int
) -> tuple[Cause, ...]:
    """The smallest set of choices without which the event comes out as recorded.

    Found greedily and pruned, six at most: the event is weighed again on the log folded
    without the changes of these steps and their `chosen`.
    """
    chosen: list[Cause] = []
    for cause in sorted(behind, key=lambda c: -c.step):
        if len(chosen) == 6:
            break
        chosen.append(cause)
        if _as_recorded(campaign, receipts, id, {c.step for c in chosen}, step):
            break
    else:
        return ()
    if not _as_recorded(campaign, receipts, id, {c.step for c in chosen}, step):
        return ()
    for cause in list(chosen):
        rest = {c.step for c in chosen} - {cause.step}
        if rest and _as_recorded(campaign, receipts, id, rest, step):
            chosen.remove(cause)
    return tuple(sorted(chosen, key=lambda c: c.step))


def _as_recorded(campaign: Campaign, receipts: list[Receipt], id: str, without: set[int], step: int) -> bool:
    """Whether the event is kept on its date once the changes of some steps are left out.

    A number that a step moved is moved back by as much, so that what came between stays.
    """
    story = campaign.story
    event = story.events[id]
    state: Values = {}
    for r in receipts:
        if r.step > step or r.change.name == f"!event.{id}":
            break
        name, old, new = r.change.name, r.change.old, r.change.new
        left_out = (
            r.step in without and r.change.cause == "" and (name in story.qualities or name.startswith("!chosen."))
        )
        if left_out:
            continue
        kept = state.get(name)
        plain = all(isinstance(v, int) and not isinstance(v, bool) for v in (old, new, kept))
        if plain and name in story.qualities and kept != old:
            quality = story.qualities[name]
            assert isinstance(old, int) and isinstance(new, int) and isinstance(kept, int)
            state[name] = clamp(kept + new - old, quality.low, quality.high)
        elif new is None:
            state.pop(name, None)
        else:
            state[name] = new
    state["!date"] = event.date.last
    w = world_of(story)
    if not event.needs(state, w) or any(v.condition(state, w) for v in event.variants):
        return False
    return w.pull(state, id) >= event.threshold


def _address(state: Values) -> str:
    scene, passage = word(state, "!scene"), word(state, "!passage")
    return f"{scene}/{passage}" if passage else scene or ("end" if word(state, "!ending") else position(state))


class Twig(NamedTuple):
    """A line of play at its end, beside the present one."""

    tip: int
    """its last record"""
    step: int
    fork: int
    """how many choices it has in common with the present line"""
    day: int
    present: bool


def twigs(journal: Journal) -> tuple[Twig, ...]:
    """Every line of play of a campaign, those that part from the present one earliest first."""
    here = journal.path()
    out = []
    for branch in journal.branches():
        path = journal.path(branch.tip)
        fork = next((i for i, (a, b) in enumerate(zip(path, here, strict=False)) if a != b), min(len(path), len(here)))
        day = number(journal.state_at(branch.tip), "!date")
        out.append(Twig(branch.tip, branch.step, fork, day, branch.tip == journal.position))
    return tuple(sorted(out, key=lambda twig: (twig.fork, twig.tip)))


def replay(story: Story, journal: Journal, to: int | None = None) -> Replayed:
    """Play the present branch again from its seed, and compare each step's state."""
    path = journal.path() if to is None else journal.path()[:to]
    if TEST in journal.state:
        return Replayed(0, len(path), phrase("an author has reached into this campaign: it is a test run, and cannot be played again"))
    head, language = journal.head, language_of(story, journal.state_at(0))
    step = begin(story, str(head["seed"]), str(head["start"]), str(head["mode"]), language)
    st = 0
    for name, value in step.state.items():
        st = moved(st, name, None, value)
    if f"{st:016x}" != journal.records[0]["st"]:
        return Replayed(0, len(path), phrase("the campaign begins otherwise on this content"))
    for i, n in enumerate(path):
        record = journal.records[n]
        try:
            step = advance(story, step.state, str(record["choice"]))
        except RedMexicoError as error:
            return Replayed(i, len(path), phrase("step {step}: {problem}", step=i + 1, problem=error.message))
        for change in step.changes:
            st = moved(st, change.name, change.old, change.new)
        if f"{st:016x}" != record["st"]:
            return Replayed(
                i,
                len(path),
                phrase(
                    "step {step}: '{choice}' comes out otherwise on this content",
                    step=i + 1,
                    choice=f"{record['scene']}/{record['choice']}",
                ),
            )
    return Replayed(len(path), len(path))


# content that changed under a campaign


def drift(story: Story, journal: Journal) -> Drift:
    """What has changed since a campaign was last played."""
    ids = {str(pack["id"]) for pack in journal.packs}
    missing = tuple(sorted(ids - {id for id, _, _ in story.packs}))
    if [dict(pack) for pack in journal.packs] == packs_of(story) and journal.rules == RULES and not missing:
        return Drift()
    played: dict[str, str] = {}
    for n in journal.path():
        was = str(journal.records[n]["scene"])
        played.setdefault(story.was.get(was, was), str(journal.records[n]["fp"]))
    changed = tuple(
        story.scenes[id].title for id, fp in played.items() if id in story.scenes and story.scenes[id].fingerprint != fp
    )
    scene = word(journal.state, "!scene")
    state = applied(dict(journal.state), moved_names(story, journal.state))
    now, passage = word(state, "!scene"), word(state, "!passage")
    lost = scene if scene and now not in story.scenes else ""
    gone = bool(scene and not lost and passage and passage not in story.scenes[now].passages)
    return Drift(
        changed,
        tuple(name for name, _ in refitted(story, state)),
        now if now != scene and not lost else "",
        gone,
        lost,
        _survivor(story, journal) if lost else 0,
        journal.rules != RULES,
        missing,
    )


def _survivor(story: Story, journal: Journal) -> int:
    """The last record after which the campaign stood in a scene that still exists."""
    for n in reversed(journal.path()):
        scene = word(journal.state_at(n), "!scene")
        if not scene or story.was.get(scene, scene) in story.scenes:
            return n
    return 0


def adopt(campaign: Campaign, found_drift: Drift) -> None:
    """Go on with changed content: fit the state to it, and write down that it was done."""
    story, journal = campaign.story, campaign.journal
    if not (found_drift.rules or [dict(pack) for pack in journal.packs] != packs_of(story)):
        return
    if found_drift.lost:
        campaign.keep(journal.rewind(found_drift.back_to))
    changes = fitted(story, dict(journal.state)) or {}
    campaign.keep(journal.content(packs_of(story), RULES, [["content", changes]] if changes else []))
    campaign.state = dict(journal.state)
