"""What is under way and what is remembered: the same thing is done once, and not again until it can have changed.

cashews does both, and more, for decorated functions; but by a clock of its own, so that no test and no replay could set
the time, with keys that are text, and without an answer to "is it there?". Redis behind several processes would be its
place.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime
from typing import Any, Generic, TypeVar

from bot.errors import RangefinderError
from bot.jobs import Jobs
from bot.providers.asker import SharedAsker, asking, current

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """The last `limit` things, the longest unused of which makes room.

    cachetools' TLRUCache comes near, but drops nothing when the clock is set back: what is from the future by the
    clock of now counts as old here.
    """

    def __init__(self, limit: int, clock: Callable[[], datetime]) -> None:
        self._limit = limit
        self._clock = clock
        self._things: OrderedDict[K, tuple[datetime, datetime, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What is kept under a key, while it is good."""
        found = self._things.get(key)
        if found is None:
            return None
        kept_at, until, value = found
        if not kept_at <= self._clock() < until:
            del self._things[key]
            return None
        self._things.move_to_end(key)
        return value

    def keep(self, key: K, value: V, until: datetime) -> None:
        """Keep a value under a key until a moment."""
        self._things[key] = self._clock(), until, value
        self._things.move_to_end(key)
        while len(self._things) > self._limit:
            self._things.popitem(last=False)

    def drop(self, key: K) -> None:
        """Forget what is kept under a key."""
        self._things.pop(key, None)

    def __len__(self) -> int:
        return len(self._things)


class SingleFlight:
    """Work under way, by key. A waiter that is cancelled leaves the work running for the others."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._flights: dict[str, tuple[asyncio.Task[Any], SharedAsker]] = {}

    async def join(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work under this key, which is started where none is under way.

        The work is done for all who wait: it is as urgent as the most urgent of them. An error that this program raises
        on purpose reaches every waiter; it does not count as a failed job.
        """
        if key not in self._flights:
            crowd = SharedAsker()
            with asking(crowd):
                started = self._jobs.start(f"fetch {key}", _outcome(work()))
            self._flights[key] = started, crowd
            started.add_done_callback(lambda _: self._flights.pop(key, None))
        flight, crowd = self._flights[key]
        with crowd.joined(current()):
            outcome: T | RangefinderError = await asyncio.shield(flight)
        if isinstance(outcome, RangefinderError):
            raise outcome.with_traceback(None)
        return outcome


async def _outcome(work: Coroutine[Any, Any, T]) -> T | RangefinderError:
    try:
        return await work
    except RangefinderError as error:
        return error
