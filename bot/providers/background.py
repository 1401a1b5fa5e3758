"""What is fetched while nobody waits: one list for the whole process, worked through slowly, behind everybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from datetime import date

from bot.errors import UserError
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.asker import Asker, Priority, asking

log = logging.getLogger(__name__)
AT_ONCE = 2
MOST_WANTED = 5_000
PAUSE = 0.01


class Background:
    """The symbols that are wanted but not waited for. `fetch` raises UserError where there are no prices."""

    def __init__(self, jobs: Jobs, fetch: Callable[[Symbol, date | None], Awaitable[object]]) -> None:
        self._jobs = jobs
        self._fetch = fetch
        self._wanted: dict[tuple[Symbol, date | None], None] = {}
        self._working = 0
        self._job: asyncio.Task[None] | None = None

    @property
    def waiting(self) -> int:
        """How many symbols are still to be fetched."""
        return len(self._wanted) + self._working

    def add(self, symbols: Iterable[Symbol], as_of: date | None = None) -> None:
        """Fetch these as well, up to a date; what is on the list already stays where it is."""
        for symbol in symbols:
            if len(self._wanted) < MOST_WANTED:
                self._wanted.setdefault((symbol, as_of))
        if self._wanted and self._job is None:
            self._job = self._jobs.start("fetch in the background", self._work())
            self._job.add_done_callback(self._ended)

    def _ended(self, job: asyncio.Task[None]) -> None:
        self._job = None

    async def _work(self) -> None:
        with asking(Asker(priority=Priority.BACKGROUND)):
            async with asyncio.TaskGroup() as group:
                for _ in range(AT_ONCE):
                    group.create_task(self._one_by_one())

    async def _one_by_one(self) -> None:
        while self._wanted:
            symbol, as_of = next(iter(self._wanted))
            del self._wanted[symbol, as_of]
            self._working += 1
            try:
                await self._fetch(symbol, as_of)
            except UserError as error:
                fields = {"symbol": symbol.canonical, "reason": error.code}
                log.info("not fetched in the background", extra={"fields": fields})
            finally:
                self._working -= 1
            await asyncio.sleep(PAUSE)
