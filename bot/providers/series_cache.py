"""One symbol's series from one provider: fetched once however many ask, kept in memory while it is good.

Its whole history is fetched once, and then only what is new, with a few bars of overlap: where these have changed (a
split, a correction) all of it is fetched again, and so it is once a month, since a correction may lie further back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import UnknownSymbol
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.cache import Memory, SingleFlight
from bot.providers.contract import HistoryQuery, Provider
from bot.providers.figure_cache import FigureCache
from bot.providers.pool import Pool

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.providers.calendar import Calendar
    from bot.store.store import Store

KEPT_SERIES = 500
LAST_WRITES = 5.0
OVERLAP = 5
LOCAL_KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CachedSeries:
    """A series from one provider, and until when it need not be fetched again."""

    provider: str
    bars: Bars
    until: datetime


@dataclass(frozen=True, slots=True)
class History:
    """A series for an answer.

    `stand_in` is the symbol whose prices are used instead. `kept_since` is set when no provider answered and an
    earlier good series is served; `failures` then says why each did not.
    """

    bars: Bars
    stand_in: str | None = None
    kept_since: datetime | None = None
    failures: str = ""


class SeriesCache:
    """The series in memory, and the writing of each good one to the store, behind the answer's back."""

    def __init__(
        self,
        pool: Pool,
        figures: FigureCache,
        calendar: Calendar,
        store: Store,
        jobs: Jobs,
        clock: Callable[[], datetime],
    ) -> None:
        self._pool = pool
        self._figures = figures
        self.calendar = calendar
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._flights = SingleFlight(jobs)
        self._memory: Memory[tuple[str, str, int], CachedSeries] = Memory(KEPT_SERIES, clock)
        self._unwritten: dict[str, tuple[Bars, datetime]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._writes = 0

    async def calendar_of(self, symbol: Symbol) -> Sessions | None:
        """The sessions whose closes end the bars of a symbol; None for currencies, metals, coins and commodities."""
        from bot.providers.series import has_closes

        return await self.calendar.of(symbol, self._clock().date()) if has_closes(symbol) else None

    def cached(self, provider: str, symbol: Symbol, year: int) -> CachedSeries | None:
        """The series from the start of `year`, where it is in memory and still good."""
        return self._memory.get((provider, symbol.canonical, year))

    async def get(self, provider: Provider, symbol: Symbol, year: int) -> CachedSeries:
        """The series, from memory or from the provider. Raises its ProviderError."""
        cached = self.cached(provider.name, symbol, year)
        if cached is not None:
            return cached
        key = f"{provider.name}: {symbol.canonical} from {year}"
        return await self._flights.join(
            key, lambda: self._fetch(provider, symbol, year, self._pool.under_way(provider))
        )

    async def _fetch(self, provider: Provider, symbol: Symbol, year: int, on_its_way: ExitStack) -> CachedSeries:
        from bot.providers.series import good_until, settled

        sessions = await self.calendar_of(symbol)
        now = self._clock()
        query = HistoryQuery(symbol, date(year, 1, 1), now.date(), now)
        local = provider.capabilities.local
        with on_its_way:
            if provider.capabilities.history_figure is not None:
                found = await self._figures.history(provider, query)
            else:
                before = None if local else await self._before(provider, query)
                on_its_way.close()
                found = await self._continued(provider, query, before, sessions)
        bars = replace(settled(found, symbol, now, sessions), basis=self._pool.basis(provider.name, symbol))
        until = now + LOCAL_KEPT if local else good_until(bars, symbol, now, sessions)
        cached = CachedSeries(provider.name, bars, until)
        self._memory.keep((provider.name, symbol.canonical, year), cached, cached.until)
        if not local:
            self._write(bars, now)
        return cached

    async def _asked(self, provider: Provider, query: HistoryQuery) -> Bars:
        """The provider's answer; of a metal in the currency that was asked for, whichever the provider has it in."""
        about = f"{query.symbol.canonical} from {query.start}"
        bars = await self._pool.ask(provider, about, lambda: provider.history(query))
        wanted = query.symbol.canonical.partition("/")[2]
        if query.symbol.kind != "metal" or bars.currency in {None, wanted}:
            return bars
        from bot.providers.reference_rates import restated

        rates = await self._figures.get("currencies-history")
        return restated(bars, wanted, rates.value)

    async def _before(self, provider: Provider, query: HistoryQuery) -> Bars | None:
        """What this provider sent earlier; None where all of it has to be fetched."""
        from bot.providers.series import starts_with

        stored = await self.stored(query.symbol)
        if stored is None:
            return None
        before, kept_at = stored
        this_month = (kept_at.year, kept_at.month) == (query.now.year, query.now.month) and kept_at <= query.now
        if before.provider != provider.name or not this_month or not starts_with(before, query.start.year):
            return None
        return before.since(query.start)

    async def _continued(
        self, provider: Provider, query: HistoryQuery, before: Bars | None, sessions: Sessions | None
    ) -> Bars:
        """The bars before with what is new since then, else all of it."""
        from bot.providers.series import continued, settled

        if before is not None:
            start = before.day(-min(OVERLAP, len(before)))
            try:
                new = await self._asked(provider, replace(query, start=start))
                whole = continued(before, settled(new, query.symbol, query.now, sessions))
            except UnknownSymbol:
                whole = None
            if whole is not None:
                return whole
        return await self._asked(provider, query)

    async def kept(self, symbol: Symbol, year: int, providers: Sequence[Provider]) -> CachedSeries | None:
        """The stored series of one of these providers, back in memory, where nothing has come after it.

        For US listings outside the session alone: what is stored has neither the bar of the day nor the currency.
        """
        if not symbol.listed:
            return None
        from bot.providers.series import complete, good_until, starts_with

        stored = await self.stored(symbol)
        names = [provider.name for provider in providers]
        if stored is None or stored[0].provider not in names or not starts_with(stored[0], year):
            return None
        sessions, now = await self.calendar_of(symbol), self._clock()
        bars, kept_at = stored[0].since(date(year, 1, 1)), stored[1]
        if kept_at > now or not complete(bars, now, sessions):
            return None
        cached = CachedSeries(bars.provider, bars, good_until(bars, symbol, now, sessions))
        self._memory.keep((bars.provider, symbol.canonical, year), cached, cached.until)
        return cached

    def _write(self, bars: Bars, now: datetime) -> None:
        self._unwritten[bars.symbol] = bars, now
        if self._writing is None:
            self._writes += 1
            self._writing = self._jobs.start(f"keep series {self._writes}", self._write_all())

    async def _write_all(self) -> None:
        try:
            while self._unwritten:
                _, (bars, now) = self._unwritten.popitem()
                await self._store.keep_series(bars, now)
        finally:
            self._writing = None

    async def stored(self, symbol: Symbol) -> tuple[Bars, datetime] | None:
        """The last good series on disk and when it was fetched, read once however many ask."""
        canonical = symbol.canonical
        found = await self._flights.join(f"stored {canonical}", lambda: self._store.kept_series(canonical))
        if found is None:
            return None
        return replace(found[0], basis=self._pool.basis(found[0].provider, symbol)), found[1]

    async def close(self) -> None:
        """Wait, not for long, until what was fetched is written."""
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=LAST_WRITES)
