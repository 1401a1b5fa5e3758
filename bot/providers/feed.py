"""The feed of prices: which provider to ask, in which order, for how long, and what to do when all of them fail.

One series comes from one provider under one adjustment kind. What is fetched is fetched once however many ask, kept in
memory until it can have changed, and the last good series on disk is served with its age when every provider fails.
An outage is logged when it starts and when it ends (see `breaker.py`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.errors import ProviderError, UserError
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.asker import ListAsker, Priority, asking, current, time_for
from bot.providers.background import Background
from bot.providers.batch import Batch, best_row, from_row, mixed_providers
from bot.providers.breaker import ProviderState
from bot.providers.cache import Memory, SingleFlight
from bot.providers.contract import Quote, QuoteQuery, Quoting, Searching
from bot.providers.pool import FailedAttempts, Pool
from bot.providers.series_cache import KEPT_SERIES, CachedSeries, History, SeriesCache

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions

__all__ = ["Feed", "History", "ProviderState"]
T = TypeVar("T")
YEARS = 6
QUOTE_KEPT = timedelta(seconds=60)
KEPT_QUOTES = 500
MOST_COUNTED, WARMED = 2_000, 100
_OTHER_CLOSES = frozenset({"fx", "metal"})
"""What has fixings for a history: no close before a live price."""
_NOT_ITSELF = frozenset({"unknown_symbol", "unavailable"})


class Feed:
    """Prices for commands."""

    def __init__(
        self, pool: Pool, series: SeriesCache, jobs: Jobs, clock: Callable[[], datetime], budget: float = 20.0
    ) -> None:
        self._pool = pool
        self._series = series
        self._clock = clock
        self._budget = budget
        self._flights = SingleFlight(jobs)
        self._chosen: Memory[tuple[str, int], str] = Memory(KEPT_SERIES, clock)
        self._quotes: Memory[str, Quote] = Memory(KEPT_QUOTES, clock)
        self._asked: Counter[str] = Counter()
        self.background = Background(jobs, self.history, clock)

    @property
    def states(self) -> dict[str, ProviderState]:
        """How each provider has been doing, in the order they are asked."""
        return {provider.name: self._pool.state(provider) for provider in self._pool.providers.prices}

    @property
    def in_use(self) -> bool:
        """Whether any series has been asked for in this process: then numpy is loaded, and more numbers are cheap."""
        return bool(self._chosen)

    async def sessions(self) -> Sessions:
        """The sessions of the US exchanges."""
        return await self._series.calendar.sessions(self._clock().date())

    async def sessions_of(self, symbol: Symbol) -> Sessions | None:
        """The sessions of a symbol's own exchange, the week of currencies; None for what is always open or has none."""
        return await self._series.calendar.of(symbol, self._clock().date())

    async def sessions_at(self, calendar: str | None, zone: str | None) -> Sessions:
        """The sessions of a calendar of exchange_calendars; the weekdays of a zone where there is none."""
        return await self._series.calendar.named(calendar, zone, self._clock().date())

    async def history(self, symbol: Symbol, as_of: date | None = None, stand_in: Symbol | None = None) -> History:
        """Daily bars of a symbol, or of its stand-in where no provider has its own.

        The newest bar may be unfinished (`Bars.unfinished`); states are computed without it. Raises UserError:
        unknown_symbol when every provider says so, unavailable with each one's reason otherwise.
        """
        self._count(symbol)
        if stand_in is not None and not self.serves(symbol):
            return await self._stood_in(as_of, stand_in)
        try:
            return await self._own(symbol, as_of)
        except UserError as error:
            if stand_in is None or error.code not in _NOT_ITSELF:
                raise
            return await self._instead(error, self._stood_in(as_of, stand_in))

    async def batch(
        self,
        symbols: Sequence[Symbol],
        as_of: date | None = None,
        stand_ins: Mapping[str, Symbol] | None = None,
    ) -> Batch:
        """The series of several symbols for one comparison, from one provider where there is one that has them.

        `stand_ins` by canonical symbol. A symbol without prices leaves a UserError in its place; nothing is raised.
        """
        used = {
            symbol.canonical: symbol if self.serves(symbol) else (stand_ins or {}).get(symbol.canonical, symbol)
            for symbol in symbols
        }
        wanted = list({symbol.canonical: symbol for symbol in used.values()}.values())
        self._count(*wanted)
        try:
            async with time_for(self._budget):
                await asyncio.gather(*(self._kept(symbol, as_of) for symbol in wanted))
                row = await best_row(self._pool, self._series, wanted, as_of, self._first_year(as_of))
        except TimeoutError:
            row = None
        if row is not None and not row.broken:
            return from_row(row, symbols, used, wanted)
        return await self._mixed(symbols, as_of, stand_ins or {})

    async def _mixed(self, symbols: Sequence[Symbol], as_of: date | None, stand_ins: Mapping[str, Symbol]) -> Batch:
        """Each symbol by itself, where no one provider has them all or that provider fails."""

        async def one(symbol: Symbol) -> History | UserError:
            try:
                return await self.history(symbol, as_of, stand_ins.get(symbol.canonical))
            except UserError as error:
                return error

        with asking(ListAsker(current(), len(symbols))):
            return mixed_providers(await asyncio.gather(*map(one, symbols)))

    async def at_hand(self, symbol: Symbol, as_of: date | None = None) -> History | None:
        """The series that is kept, with `kept_since` where there may be newer bars; None for none. Asks nobody."""
        kept = await self._kept(symbol, as_of)
        if kept is not None:
            return History(kept.bars)
        stored = await self._series.stored(symbol)
        if stored is None or stored[0].day(0) > self._reach(as_of):
            return None
        return History(stored[0], kept_since=stored[1])

    @property
    def local(self) -> bool:
        """Whether all prices are on this machine, so that asking costs nothing and nobody has to wait."""
        return all(provider.capabilities.local for provider in self._pool.providers.prices)

    @property
    def most_asked(self) -> list[str]:
        """The canonical symbols that people asked for most in this process, the commonest first."""
        return [symbol for symbol, _ in self._asked.most_common(WARMED)]

    def _count(self, *symbols: Symbol) -> None:
        if current().priority is Priority.BACKGROUND:
            return
        for symbol in symbols:
            self._asked[symbol.canonical] += 1
        if len(self._asked) > MOST_COUNTED:
            kept = self._asked.most_common(MOST_COUNTED // 2)
            self._asked = Counter({symbol: times // 2 for symbol, times in kept})

    async def quote(self, symbol: Symbol, stand_in: Symbol | None = None) -> Quote:
        """The newest price, at most a minute old here, labelled with its provider's delay and its own time.

        From the first provider that quotes the symbol, else the last close. Raises UserError as `history` does.
        """
        self._count(symbol)
        if stand_in is not None:
            if not self.serves(symbol):
                return await self._quote_of(stand_in)
            try:
                return await self.quote(symbol)
            except UserError as error:
                if error.code not in _NOT_ITSELF:
                    raise
                return await self._instead(error, self._quote_of(stand_in))
        kept = self._quotes.get(symbol.canonical)
        if kept is not None:
            return kept
        return await self._flights.join(f"quote of {symbol.canonical}", lambda: self._quote(symbol))

    async def _quote_of(self, stand_in: Symbol) -> Quote:
        return replace(await self.quote(stand_in), stand_in=stand_in.canonical)

    async def _instead(self, error: UserError, stand_in: Awaitable[T]) -> T:
        """The stand-in's answer; where it has none either, what was wrong with the symbol itself."""
        try:
            return await stand_in
        except UserError:
            raise error from None

    async def _quote(self, symbol: Symbol) -> Quote:
        quote = await self._asked_quote(symbol)
        if quote is None:
            from bot.providers.series import last_close

            history = await self._own(symbol, None)
            sessions = await self._series.calendar_of(symbol)
            quote = replace(last_close(history.bars, self._clock(), sessions), kept_since=history.kept_since)
        quote = replace(quote, basis=self._pool.basis(quote.provider, symbol))
        self._quotes.keep(symbol.canonical, quote, self._clock() + QUOTE_KEPT)
        return quote

    async def _asked_quote(self, symbol: Symbol) -> Quote | None:
        """The quote of the first provider that has one; None where each has none or fails within half the budget.

        One that does not know the close before is completed from the bars that are kept, else the next is asked.
        """
        found: Quote | None = None
        try:
            async with time_for(self._budget / 2):
                for provider in self._pool.quoting(symbol):
                    if not isinstance(provider, Quoting):
                        continue
                    query = QuoteQuery(symbol, self._clock())
                    about = f"quote of {symbol.canonical}"
                    try:
                        quote = await self._pool.ask(provider, about, partial(provider.quote, query))
                    except ProviderError:
                        continue
                    quote = await self._completed(symbol, quote)
                    if quote.previous_close is not None:
                        return quote
                    found = found or quote
        except TimeoutError:
            pass
        return found

    async def _completed(self, symbol: Symbol, quote: Quote) -> Quote:
        """The quote with what the calendar and the kept bars know: its session, and the close before."""
        from bot.providers.series import close_before, on_session

        now, sessions = self._clock(), await self._series.calendar_of(symbol)
        if sessions is not None:
            unfinished = sessions.under_way(now) and sessions.under_way(quote.time)
            quote = replace(on_session(quote, sessions), unfinished=unfinished)
        if quote.previous_close is not None or symbol.kind in _OTHER_CLOSES:
            return quote
        bars = await self._kept_bars(symbol)
        return quote if bars is None else replace(quote, previous_close=close_before(bars, quote, sessions))

    async def _kept_bars(self, symbol: Symbol) -> Bars | None:
        """The bars of a symbol that are in memory or on disk. Asks nobody."""
        cached = self._cached(symbol, None)
        if cached is not None:
            return cached.bars
        stored = await self._series.stored(symbol)
        return None if stored is None else stored[0]

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking any provider for this symbol makes sense."""
        return any(provider.serves(symbol) for provider in self._pool.providers.prices)

    async def close(self) -> None:
        """Wait, not for long, until the series that were fetched are on disk."""
        await self._series.close()

    def _reach(self, as_of: date | None) -> date:
        today = self._clock().date()
        return min(as_of or today, today)

    def _first_year(self, as_of: date | None) -> int:
        return max(self._reach(as_of).year - YEARS, date.min.year)

    async def _stood_in(self, as_of: date | None, stand_in: Symbol) -> History:
        return replace(await self._own(stand_in, as_of), stand_in=stand_in.canonical)

    async def _own(self, symbol: Symbol, as_of: date | None) -> History:
        cached = self._cached(symbol, as_of)
        if cached is not None:
            return History(cached.bars)
        key = f"{symbol.canonical} up to {as_of or 'now'}"
        return await self._flights.join(key, lambda: self._fetched(symbol, as_of))

    async def _fetched(self, symbol: Symbol, as_of: date | None) -> History:
        kept = await self._kept(symbol, as_of)
        if kept is not None:
            return History(kept.bars)
        year = self._first_year(as_of)
        failed = FailedAttempts()
        best = await self._best(symbol, as_of, failed)
        if best is None:
            return await self._last_good(symbol, as_of, failed)
        self._chosen.keep((symbol.canonical, year), best.provider, best.until)
        return History(best.bars)

    def _cached(self, symbol: Symbol, as_of: date | None) -> CachedSeries | None:
        """The series in memory, while it is good."""
        year = self._first_year(as_of)
        chosen = self._chosen.get((symbol.canonical, year))
        return self._series.cached(chosen, symbol, year) if chosen is not None else None

    async def _kept(self, symbol: Symbol, as_of: date | None) -> CachedSeries | None:
        """The series in memory, or on disk where nothing can have come after it."""
        cached = self._cached(symbol, as_of)
        if cached is None:
            year = self._first_year(as_of)
            cached = await self._series.kept(symbol, year, self._pool.providers.prices)
            if cached is not None:
                self._chosen.keep((symbol.canonical, year), cached.provider, cached.until)
        return cached

    async def _best(self, symbol: Symbol, as_of: date | None, failed: FailedAttempts) -> CachedSeries | None:
        """The first series that is as new as it can be, else the newest there is; None when all fail."""
        from bot.providers.series import behind

        best: CachedSeries | None = None
        try:
            async with time_for(self._budget):
                sessions = await self.sessions_of(symbol)
                for provider in self._pool.serving(symbol, as_of):
                    failed.asking = provider.name
                    try:
                        found = await self._series.get(provider, symbol, self._first_year(as_of))
                    except ProviderError as error:
                        failed.add(error)
                        continue
                    if best is None or found.bars.last_day > best.bars.last_day:
                        best = found
                    if not behind(found.bars, symbol, as_of, self._clock(), sessions):
                        break
        except TimeoutError:
            failed.out_of_time()
        return best

    async def _last_good(self, symbol: Symbol, as_of: date | None, failed: FailedAttempts) -> History:
        """The last good series on disk; a symbol that there have been prices of is not unknown."""
        stored = await self._series.stored(symbol)
        if stored is not None and stored[0].day(0) <= self._reach(as_of):
            return History(stored[0], None, stored[1], str(failed) or "offline")
        raise self._without_prices(symbol, failed)

    def _without_prices(self, symbol: Symbol, failed: FailedAttempts) -> UserError:
        """Why there are no prices at all, in a sentence for people."""
        canonical, anybody = symbol.canonical, bool(self._pool.providers.prices)
        if anybody and not failed.errors and not self._pool.serving(symbol, None):
            return self._unserved(symbol)
        if failed.unknown:
            return UserError(f"There are no prices for {canonical}: {failed}.", "unknown_symbol")
        if failed.errors:
            return UserError(f"Prices for {canonical} are not available from {failed}.", "unavailable")
        reason = "no answer in time" if anybody else "offline, and none are stored"
        return UserError(f"Prices for {canonical} are not available: {reason}.", "unavailable")

    def _unserved(self, symbol: Symbol) -> UserError:
        """Why nobody is asked for a history, and what an operator may switch on for it."""
        canonical, could = symbol.canonical, self._pool.would_serve(symbol)
        if quoting := self._pool.quoting(symbol):
            only = f"only the price of now, from {quoting[0].name}"
            return UserError(f"There is no history of {canonical} here, {only}.", "unavailable")
        if could and symbol.kind != "unknown":
            return UserError(f"There are no prices for {canonical} here. {could}", "unavailable")
        told = [one.looked_for(symbol) for one in self._pool.providers.prices if isinstance(one, Searching)]
        reason = ", ".join(told) or "no provider here has it"
        return UserError(f"There are no prices for {canonical}: {reason}. {could}".strip(), "unknown_symbol")
