"""Legs: one symbol's series from one provider, fetched once however many ask, kept while it is good."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.asking import Providers
from bot.providers.flights import Flights
from bot.providers.provider import HistoryQuery, Provider

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.providers.calendar import Calendar
    from bot.store.store import Store

KEPT_SERIES = 500
LAST_WRITES = 5.0
LOCAL_KEPT = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """A series and until when it need not be fetched again."""

    bars: Bars
    until: datetime


class Legs:
    """The series in memory, and the writing of each good one to the store, behind the answer's back."""

    def __init__(
        self, providers: Providers, calendar: Calendar, store: Store, jobs: Jobs, clock: Callable[[], datetime]
    ) -> None:
        self._providers = providers
        self._calendar = calendar
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._flights = Flights(jobs)
        self._kept: OrderedDict[tuple[str, str, int], Kept] = OrderedDict()
        self._unwritten: dict[str, tuple[Bars, datetime]] = {}
        self._writing: asyncio.Task[None] | None = None
        self._writes = 0

    async def calendar_of(self, symbol: Symbol) -> Sessions | None:
        """The sessions of a symbol's exchange; None for currencies, coins and commodities."""
        from bot.providers.series import has_sessions

        return await self._calendar.sessions(self._clock().date()) if has_sessions(symbol) else None

    def kept(self, provider: str, symbol: Symbol, year: int) -> Kept | None:
        """The series from the start of `year`, where it is in memory and still good."""
        key = provider, symbol.canonical, year
        kept = self._kept.get(key)
        if kept is None or self._clock() >= kept.until:
            return None
        self._kept.move_to_end(key)
        return kept

    async def get(self, provider: Provider, symbol: Symbol, year: int) -> Kept:
        """The series, from memory or from the provider. Raises its ProviderError."""
        kept = self.kept(provider.name, symbol, year)
        if kept is not None:
            return kept
        key = f"{provider.name}: {symbol.canonical} from {year}"
        return await self._flights.join(key, lambda: self._fetch(provider, symbol, year))

    async def _fetch(self, provider: Provider, symbol: Symbol, year: int) -> Kept:
        from bot.providers.series import good_until, settled

        sessions = await self.calendar_of(symbol)
        now = self._clock()
        query = HistoryQuery(symbol, date(year, 1, 1), now.date(), now)
        found = await self._providers.ask(provider, f"{symbol.canonical} from {year}", lambda: provider.history(query))
        bars = settled(found, symbol, now, sessions)
        local = provider.capabilities.local
        kept = Kept(bars, now + LOCAL_KEPT if local else good_until(bars, symbol, now, sessions))
        self._kept[provider.name, symbol.canonical, year] = kept
        while len(self._kept) > KEPT_SERIES:
            self._kept.popitem(last=False)
        if not local:
            self._write(bars, now)
        return kept

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

    async def close(self) -> None:
        """Wait, not for long, until what was fetched is written."""
        if self._writing is not None:
            await asyncio.wait([self._writing], timeout=LAST_WRITES)
