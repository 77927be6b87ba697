"""Pieces of a playtest on several processes of this machine, each with its own story from the cache."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.pieces import Packs, Piece, Players, played
from redmexico.playtest.tally import Tally
from redmexico.playtest.unread import Ground

_GROUNDS: dict[tuple[Packs, str], Ground] = {}
"""In a worker: the stories that it plays, each opened once."""


def ground_of(packs: Packs, fingerprint: str) -> Ground:
    """The story in this process. Raises RedMexicoError where it is another edition than was asked for."""
    key = (packs, fingerprint)
    if key not in _GROUNDS:
        story = packs.open()
        if story.fingerprint != fingerprint:
            raise RedMexicoError(
                "the story here is another edition", ", ".join(packs.paths), "give every process the same files"
            )
        _GROUNDS[key] = Ground(story)
    return _GROUNDS[key]


def work(packs: Packs, fingerprint: str, piece: Piece) -> Tally:
    """What a worker does with a piece."""
    return played(ground_of(packs, fingerprint), piece)


@contextmanager
def processes(story: Story, packs: Packs, jobs: int) -> Iterator[Players]:
    """So many processes that play pieces; they are new programs, so that it is the same on every system."""
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:

        def players(pieces: list[Piece]) -> Iterable[Tally]:
            waiting = [pool.submit(work, packs, story.fingerprint, piece) for piece in pieces]
            return (future.result() for future in waiting)

        try:
            yield players
        finally:
            pool.shutdown(cancel_futures=True)


__all__ = ["ground_of", "processes", "work"]
