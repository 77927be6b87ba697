"""Pieces of a playtest on a cluster: `dask.distributed`, the `[cluster]` extra, imported here alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from redmexico.errors import RedMexicoError
from redmexico.model import Story
from redmexico.playtest.parallel import work
from redmexico.playtest.pieces import Packs, Piece, Players
from redmexico.playtest.tally import Tally

LOOPBACK = "127.0.0.1"
WAIT = 30
"""Seconds for a scheduler to answer."""


@contextmanager
def cluster(story: Story, packs: Packs, address: str, jobs: int) -> Iterator[tuple[Players, int]]:
    """Whoever plays pieces at a scheduler's address, and how many they are.

    `local` makes a cluster of `jobs` workers on this machine, bound to the loopback address.
    Elsewhere every worker needs this program and the same packs at the same paths.
    Raises RedMexicoError where the extra is missing or nobody answers.
    """
    distributed = _distributed()
    with ExitStack() as open:
        if address == "local":
            made = distributed.LocalCluster(
                n_workers=jobs, threads_per_worker=1, host=LOOPBACK, dashboard_address=None, silence_logs=50
            )
            open.enter_context(made)
            address = made.scheduler_address
        client = open.enter_context(_client(distributed, address))
        hands = max(1, sum(client.nthreads().values()))

        def players(pieces: list[Piece]) -> Iterable[Tally]:
            waiting = client.map(work, [packs] * len(pieces), [story.fingerprint] * len(pieces), pieces, pure=False)
            return (future.result() for future in waiting)

        yield players, hands


def _distributed() -> Any:
    try:
        import distributed
    except ImportError as error:
        raise RedMexicoError(
            "a cluster needs the package 'distributed'", "--cluster", "pip install 'redmexico[cluster]'"
        ) from error
    return distributed


def _client(distributed: Any, address: str) -> Any:
    try:
        return distributed.Client(address, timeout=WAIT)
    except (OSError, ValueError, TypeError) as error:
        raise RedMexicoError(
            f"no scheduler answers at {address}", "--cluster", "give its address, as tcp://127.0.0.1:8786, or 'local'"
        ) from error
