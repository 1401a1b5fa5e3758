"""One figure (reference rates, r-star, policy rate, inflation, holdings) from the first provider that has it.

Fetched once however many ask, kept in memory and on disk until it can have changed; the last good one on disk is
served with its age when no provider answers.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from bot.disk_cache import read_cache_file, throw_away, write_cache_file
from bot.errors import ProviderError, Unavailable
from bot.jobs import Jobs
from bot.providers.asker import time_for
from bot.providers.cache import Memory, SingleFlight
from bot.providers.contract import FigureQuery, HistoryQuery, Provider
from bot.providers.pool import FailedAttempts, Pool

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.providers.http import ConnectedProvider

T = TypeVar("T")
KEPT_FIGURES = 64
PAUSE = timedelta(seconds=60)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
GOOD_FOR: Mapping[str, timedelta] = {"policy": HOUR, "currencies": HOUR, "currencies-history": 6 * HOUR}


@dataclass(frozen=True, slots=True)
class Figure(Generic[T]):
    """One figure. `kept_since` is set when nobody answered and a copy fetched then is served; `failed` says who.

    `bundled`: nobody answered, nothing was kept, and it is the one shipped with the program.
    """

    value: T
    provider: str
    kept_since: datetime | None = None
    failed: FailedAttempts | None = None
    bundled: bool = False


class FigureCache:
    """The figures of a pool. `folder` is where the last good answers are kept."""

    def __init__(self, pool: Pool, folder: Path, jobs: Jobs, clock: Callable[[], datetime], budget: float) -> None:
        self._pool = pool
        self._folder = folder
        self._clock = clock
        self._budget = budget
        self._flights = SingleFlight(jobs)
        self._memory: Memory[tuple[str, date | None], Figure[Any] | FailedAttempts] = Memory(KEPT_FIGURES, clock)

    async def get(self, name: str, as_of: date | None = None) -> Figure[Any]:
        """A figure from memory, a fresh copy on disk, a provider, or an old copy on disk. Raises Unavailable.

        What could not be had is not asked for again for a minute.
        """
        found = await self._outcome(name, as_of)
        if isinstance(found, FailedAttempts):
            raise Unavailable(name, str(found))
        return found

    async def _outcome(self, name: str, as_of: date | None) -> Figure[Any] | FailedAttempts:
        found = self._memory.get((name, as_of))
        if found is not None:
            return found
        return await self._flights.join(f"figure {name} {as_of}", lambda: self._fetch(name, as_of))

    async def history(self, provider: Provider, query: HistoryQuery) -> Bars:
        """One symbol's bars from the figure that holds all of its provider's. Raises a ProviderError."""
        name = str(provider.capabilities.history_figure)
        reader = next(one for one in self._pool.having(name) if one.name == provider.name)
        outcome = await self._outcome(name, None)
        if isinstance(outcome, FailedAttempts):
            raise outcome.of(provider.name)
        if outcome.failed is not None:
            raise outcome.failed.of(provider.name)
        return reader.history_of(query, outcome.value)

    async def _fetch(self, name: str, as_of: date | None) -> Figure[Any] | FailedAttempts:
        query = FigureQuery(name, self._clock(), as_of)
        good_for = GOOD_FOR.get(name, DAY)
        found: Figure[Any] | FailedAttempts
        stored = await self._stored(query) if as_of is None else None
        if stored is not None and stored.kept_since is not None and query.now - stored.kept_since < good_for:
            found, until = Figure(stored.value, stored.provider), stored.kept_since + good_for
        else:
            found, until = await self._asked(query), query.now + good_for
            if isinstance(found, FailedAttempts):
                until = query.now + PAUSE
                if stored is not None:
                    found = Figure(stored.value, stored.provider, stored.kept_since, found)
        self._memory.keep((name, as_of), found, until)
        return found

    async def _asked(self, query: FigureQuery) -> Figure[Any] | FailedAttempts:
        """The figure of the first provider that has it, or why there is none."""
        failed = FailedAttempts(otherwise="offline, and no copy is stored")
        chain = self._pool.having(query.name) if self._pool.providers.network else []
        try:
            async with time_for(self._budget):
                for provider in chain:
                    failed.asking = provider.name
                    try:
                        return await self._ask(provider, query)
                    except ProviderError as error:
                        failed.add(error)
        except TimeoutError:
            failed.out_of_time()
        return failed

    async def _ask(self, provider: ConnectedProvider, query: FigureQuery) -> Figure[Any]:
        about = f"{query.name} {query.as_of}"
        value, body = await self._pool.ask(provider, about, partial(provider.figure, query))
        if query.as_of is None:
            facts = {"provider": provider.name, "fetched": query.now.isoformat()}
            await asyncio.to_thread(partial(write_cache_file, self._path(query.name), body, **facts))
        return Figure(value, provider.name)

    async def _stored(self, query: FigureQuery) -> Figure[Any] | None:
        """The copy on disk, read by the provider that it came from; None when there is none or it is unreadable."""
        path = self._path(query.name)
        file = await asyncio.to_thread(read_cache_file, path)
        if file is None:
            return None
        try:
            name, fetched = str(file.facts["provider"]), datetime.fromisoformat(file.facts["fetched"])
            reader = next((one for one in self._pool.having(query.name) if one.name == name), None)
            if reader is None or fetched > query.now:
                return None
            return Figure(await asyncio.to_thread(reader.read_figure, query, file.body), name, fetched)
        except (ProviderError, KeyError, TypeError, ValueError):
            throw_away(path)
            return None

    def _path(self, name: str) -> Path:
        return self._folder / f"{name}.answer"
