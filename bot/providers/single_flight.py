"""Single flight: however many ask for the same thing at once, it is done once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from bot.errors import RangefinderError
from bot.jobs import Jobs

T = TypeVar("T")


class SingleFlight:
    """Work under way, by key. A waiter that is cancelled leaves the work running for the others."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self._flights: dict[str, asyncio.Task[Any]] = {}

    async def join(self, key: str, work: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The outcome of the work under this key, which is started where none is under way.

        An error that this program raises on purpose reaches every waiter; it does not count as a failed job.
        """
        flight = self._flights.get(key)
        if flight is None:
            flight = self._jobs.start(f"fetch {key}", _outcome(work()))
            self._flights[key] = flight
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
        outcome: T | RangefinderError = await asyncio.shield(flight)
        if isinstance(outcome, RangefinderError):
            raise outcome.with_traceback(None)
        return outcome


async def _outcome(work: Coroutine[Any, Any, T]) -> T | RangefinderError:
    try:
        return await work
    except RangefinderError as error:
        return error
