"""Bots that play the story, and what they met: endings, verdicts, what nobody saw.

playing      one campaign, with every word and receipt     unread     the same without them
bots         the policies by name                           strategists, goals   the thinking ones
sight        what a bot sees on the table                   reading    words and branches of texts
tally        campaigns added up                             pieces     the work in pieces
parallel     on several processes                           cluster    on several machines
report       what is reported, merged, read back            figures, plots, page   how it looks
beaten       choices never better                           keeping    campaigns and plays kept
"""

from __future__ import annotations

from redmexico.engine import begin
from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.bots import POLICIES, bot_of, random_bot
from redmexico.playtest.goals import witness
from redmexico.playtest.keeping import keep_failures, keep_witness, replay
from redmexico.playtest.pieces import Order, Packs, Share, all_played, bounds, played
from redmexico.playtest.playing import MAX_CHOICES, Bot, Playthrough, play
from redmexico.playtest.progress import bar
from redmexico.playtest.report import Reach, Report, close, merge, read_report
from redmexico.playtest.tally import Tally
from redmexico.playtest.unread import Ground


def playtest(
    story: Story,
    runs: int,
    seed: str,
    policy: str = "random",
    progress: bool = False,
    *,
    choices: int = 0,
    start: str = "",
    mode: str = "",
    jobs: int = 1,
    shard: Share = (1, 1),
    cluster: str = "",
    packs: Packs | None = None,
    reach: Reach | None = None,
) -> Report:
    """Let a bot play so many campaigns. The same seed gives the same report, whoever plays them.

    `choices` cuts every campaign after so many, `start` and `mode` say how it begins; `shard` plays a part, (1, 4) the first quarter.
    With `jobs` over 1, or at a `cluster` (`local` or a scheduler's address), others play: each
    opens the story from `packs`. `reach` tells what is within reach by proof. `least-seen` goes
    by the counts of whole batches, so a later shard of it plays the campaigns before it too.
    Raises RedMexicoError for an unknown policy, shard, or a cluster that does not answer.
    """
    order = Order(runs, seed, policy, choices, start, mode)
    bot_of(story, policy, Tally().choices_at)  # an unknown policy, start or mode is told before anybody plays
    begin(story, seed, start, mode)
    first, last = bounds(runs, shard)
    if packs is None and (jobs > 1 or cluster):
        raise RedMexicoError("other processes need the story's folder", hint="give the packs it is opened from")
    with bar(last - first, progress) as tick:
        if cluster:
            from redmexico.playtest.cluster import cluster as at

            assert packs is not None
            with at(story, packs, cluster, max(1, jobs)) as (players, hands):
                tally = all_played(order, shard, players, hands, tick)
        elif jobs > 1:
            from redmexico.playtest.parallel import processes

            assert packs is not None
            with processes(story, packs, jobs) as players:
                tally = all_played(order, shard, players, jobs, tick)
        else:
            ground = Ground(story)
            tally = all_played(order, shard, lambda pieces: (played(ground, piece) for piece in pieces), 4, tick)
    return close(story, order, (first, last), tally, reach)


__all__ = [
    "MAX_CHOICES",
    "POLICIES",
    "Bot",
    "Packs",
    "Playthrough",
    "Reach",
    "Report",
    "keep_failures",
    "keep_witness",
    "merge",
    "play",
    "playtest",
    "random_bot",
    "read_report",
    "replay",
    "witness",
]
