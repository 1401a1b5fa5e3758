"""What is fetched while nobody waits: one list for the whole process, worked through slowly, behind everybody."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from datetime import date, datetime, timedelta

from bot.errors import UserError
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.asker import Asker, Priority, asking
from bot.providers.cache import Memory

AT_ONCE = 2
MOST_WANTED = 5_000
PAUSE = 0.01
FAILURE_KEPT = timedelta(hours=6)


class Background:
    """The symbols that are wanted but not waited for. `fetch` raises UserError where there are no prices."""

    def __init__(
        self, jobs: Jobs, fetch: Callable[[Symbol, date | None], Awaitable[object]], clock: Callable[[], datetime]
    ) -> None:
        self._jobs = jobs
        self._fetch = fetch
        self._clock = clock
        self._wanted: dict[tuple[Symbol, date | None], None] = {}
        self._failed: Memory[tuple[Symbol, date | None], UserError] = Memory(MOST_WANTED, clock)
        self._job: asyncio.Task[None] | None = None
        self._began = clock()
        self._done = self._working = 0

    @property
    def waiting(self) -> int:
        """How many symbols are still to be fetched."""
        return len(self._wanted) + self._working

    @property
    def seconds_left(self) -> float | None:
        """How long the rest takes at the pace so far; None where that cannot be said yet."""
        passed = (self._clock() - self._began).total_seconds()
        return passed / self._done * self.waiting if self._done and passed > 0 else None

    def failure(self, symbol: Symbol, as_of: date | None = None) -> UserError | None:
        """Why a symbol could not be fetched when it was last tried; None where it was not tried or is there."""
        return self._failed.get((symbol, as_of))

    def add(self, symbols: Iterable[Symbol], as_of: date | None = None) -> None:
        """Fetch these as well, up to a date; what is on the list already stays where it is."""
        for symbol in symbols:
            if len(self._wanted) < MOST_WANTED:
                self._wanted.setdefault((symbol, as_of))
        if self._wanted and self._job is None:
            self._began, self._done = self._clock(), 0
            self._job = self._jobs.start("fetch in the background", self._work())
            self._job.add_done_callback(self._ended)

    async def wait(self, seconds: float) -> None:
        """Wait until all is fetched, at most so long."""
        if self._job is not None:
            await asyncio.wait([self._job], timeout=seconds)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._job = None

    async def _work(self) -> None:
        with asking(Asker(priority=Priority.BACKGROUND)):
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._one_by_one())

    async def _one_by_one(self) -> None:
        while self._wanted:
            wanted = next(iter(self._wanted))
            del self._wanted[wanted]
            self._working += 1
            try:
                await self._fetch(*wanted)
                self._failed.drop(wanted)
            except UserError as error:
                self._failed.keep(wanted, error, self._clock() + FAILURE_KEPT)
            finally:
                self._working -= 1
                self._done += 1
            await asyncio.sleep(PAUSE)
