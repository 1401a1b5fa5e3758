"""The feed: which provider to ask, in which order, for how long, and what to do when all of them fail.

One series comes from one provider under one adjustment kind. Equal questions at once are one fetch. Good series are
kept in memory until they can have changed, and the last good one on disk, to be served with its age when every
provider fails. An outage is logged when it starts and when it ends (see `breaker.py`).
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import ProviderError, UserError
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.providers.asking import Opened, Providers, Tried
from bot.providers.breaker import ProviderState
from bot.providers.flights import Flights
from bot.providers.legs import KEPT_SERIES, Kept, Legs
from bot.providers.provider import Provider, Quote, QuoteQuery, Quoting

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.providers.calendar import Calendar
    from bot.providers.together import Together
    from bot.store.store import Store

__all__ = ["Feed", "History", "ProviderState"]
YEARS = 6
QUOTE_KEPT = timedelta(seconds=60)
KEPT_QUOTES = 500


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


@dataclass(frozen=True, slots=True)
class _Want:
    symbol: Symbol
    as_of: date | None
    year: int
    fixes: bool = False

    @property
    def key(self) -> tuple[str, int, bool]:
        return self.symbol.canonical, self.year, self.fixes


class Feed:
    """Prices for commands."""

    def __init__(
        self,
        open_providers: Callable[[], Sequence[Provider] | Opened],
        calendar: Calendar,
        store: Store,
        jobs: Jobs,
        clock: Callable[[], datetime],
        budget: float = 20.0,
    ) -> None:
        self._providers = Providers(open_providers, clock)
        self._legs = Legs(self._providers, calendar, store, jobs, clock)
        self._calendar = calendar
        self._store = store
        self._clock = clock
        self._budget = budget
        self._flights = Flights(jobs)
        self._kept: OrderedDict[tuple[str, int, bool], Kept] = OrderedDict()
        self._quotes: OrderedDict[str, tuple[datetime, Quote]] = OrderedDict()

    @property
    def states(self) -> dict[str, ProviderState]:
        """How each provider has been doing, in the order they are asked."""
        return self._providers.states

    @property
    def in_use(self) -> bool:
        """Whether any series has been asked for in this process: then numpy is loaded, and more numbers are cheap."""
        return bool(self._kept)

    async def sessions(self) -> Sessions:
        """The sessions of the US exchanges."""
        return await self._calendar.sessions(self._clock().date())

    async def history(self, symbol: Symbol, as_of: date | None = None, stand_in: Symbol | None = None) -> History:
        """Daily bars of a symbol, or of its stand-in where no provider has its own.

        The newest bar may be unfinished (`Bars.unfinished`); states are computed without it. Raises UserError:
        unknown_symbol when every provider says so, unavailable with each one's reason otherwise.
        """
        if stand_in is not None and not self._served(symbol):
            return await self._stood_in(as_of, stand_in)
        try:
            return await self._own(self._want(symbol, as_of))
        except UserError as error:
            if stand_in is None or error.code != "unknown_symbol":
                raise
            return await self._stood_in(as_of, stand_in)

    async def reference(self, symbol: Symbol, as_of: date | None = None) -> History:
        """Reference rates of a currency pair: central-bank fixes, whatever else serves the pair. Raises UserError."""
        return await self._own(replace(self._want(symbol, as_of), fixes=True))

    async def together(
        self,
        symbols: Sequence[Symbol],
        as_of: date | None = None,
        stand_ins: Mapping[str, Symbol] | None = None,
    ) -> Together:
        """The series of several symbols for one comparison, from one provider where there is one that has them.

        `stand_ins` by canonical symbol. A symbol without prices leaves a UserError in its place; nothing is raised.
        """
        from bot.providers.together import best_row, from_row

        found = {
            symbol.canonical: symbol if self._served(symbol) else (stand_ins or {}).get(symbol.canonical, symbol)
            for symbol in symbols
        }
        wanted = list({symbol.canonical: symbol for symbol in found.values()}.values())
        year = self._want(wanted[0], as_of).year
        try:
            async with asyncio.timeout(self._budget):
                row = await best_row(self._providers, self._legs, wanted, as_of, year)
        except TimeoutError:
            row = None
        if row is not None and not row.broken:
            return from_row(row, symbols, found, wanted)
        return await self._apart(symbols, as_of, found)

    async def pair(
        self, a: Symbol, b: Symbol, as_of: date | None = None, stand_ins: Mapping[str, Symbol] | None = None
    ) -> tuple[History, History, str | None]:
        """Two series for one comparison and the note of `together`. Raises the UserError of one without prices."""
        both = await self.together((a, b), as_of, stand_ins)
        first, second = both.legs
        if isinstance(first, UserError):
            raise first
        if isinstance(second, UserError):
            raise second
        return first, second, both.note

    async def _apart(self, symbols: Sequence[Symbol], as_of: date | None, found: Mapping[str, Symbol]) -> Together:
        """Each symbol by itself, where no one provider has them all or that provider fails."""
        from bot.providers.together import apart

        async def leg(symbol: Symbol) -> History | UserError:
            used = found[symbol.canonical]
            try:
                history = await self._own(self._want(used, as_of))
            except UserError as error:
                return error
            return replace(history, stand_in=used.canonical) if used is not symbol else history

        return apart(await asyncio.gather(*(leg(symbol) for symbol in symbols)))

    async def quote(self, symbol: Symbol, stand_in: Symbol | None = None) -> Quote:
        """The newest price, at most a minute old here, labelled with its provider's delay and its own time.

        From the first provider that quotes the symbol, else the last close. Raises UserError as `history` does.
        """
        if stand_in is not None and not self._served(symbol):
            return replace(await self.quote(stand_in), stand_in=stand_in.canonical)
        kept = self._quotes.get(symbol.canonical)
        if kept is not None and self._clock() < kept[0]:
            return kept[1]
        return await self._flights.join(f"quote of {symbol.canonical}", lambda: self._quote(symbol))

    async def _quote(self, symbol: Symbol) -> Quote:
        quote = await self._asked_quote(symbol)
        if quote is None:
            from bot.providers.series import last_close

            history = await self._own(self._want(symbol, None))
            sessions = await self._legs.calendar_of(symbol)
            quote = replace(last_close(history.bars, self._clock(), sessions), kept_since=history.kept_since)
        self._quotes[symbol.canonical] = self._clock() + QUOTE_KEPT, quote
        while len(self._quotes) > KEPT_QUOTES:
            self._quotes.popitem(last=False)
        return quote

    async def _asked_quote(self, symbol: Symbol) -> Quote | None:
        """The quote of the first provider that has one; None where each has none or fails within half the budget."""
        asked = [p for p in self._providers.serving(symbol, None) if p.capabilities.quotes]
        try:
            async with asyncio.timeout(self._budget / 2):
                for provider in sorted(asked, key=lambda p: p.capabilities.quotes):
                    if not isinstance(provider, Quoting):
                        continue
                    query = QuoteQuery(symbol, self._clock())
                    about = f"quote of {symbol.canonical}"
                    try:
                        quote = await self._providers.ask(provider, about, partial(provider.quote, query))
                    except ProviderError:
                        continue
                    sessions = await self._legs.calendar_of(symbol)
                    if sessions is None:
                        return quote
                    states = sessions.state(query.now), sessions.state(quote.time)
                    return replace(quote, unfinished=states == ("regular", "regular"))
        except TimeoutError:
            pass
        return None

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking any provider for this symbol makes sense."""
        return self._served(symbol)

    def held(self, symbol: Symbol) -> Bars | None:
        """The bars of a symbol that are in memory and still good, or None. Asks nobody."""
        now = self._clock()
        for (canonical, _, _), kept in self._kept.items():
            if canonical == symbol.canonical and now < kept.until:
                return kept.bars
        return None

    async def close(self) -> None:
        """Wait, not for long, until the series that were fetched are on disk."""
        await self._legs.close()

    def _want(self, symbol: Symbol, as_of: date | None) -> _Want:
        today = self._clock().date()
        return _Want(symbol, as_of, min(as_of or today, today).year - YEARS)

    def _served(self, symbol: Symbol) -> bool:
        return any(provider.serves(symbol) for provider in self._providers.prices)

    async def _stood_in(self, as_of: date | None, stand_in: Symbol) -> History:
        return replace(await self._own(self._want(stand_in, as_of)), stand_in=stand_in.canonical)

    async def _own(self, want: _Want) -> History:
        kept = self._kept.get(want.key)
        if kept is not None and self._clock() < kept.until:
            self._kept.move_to_end(want.key)
            return History(kept.bars)
        fixes = " fixes" if want.fixes else ""
        name = f"{want.symbol.canonical} from {want.year}{fixes}"
        return await self._flights.join(name, lambda: self._find(want))

    async def _find(self, want: _Want) -> History:
        tried = Tried()
        best = await self._best(want, tried)
        if best is None:
            return await self._last_good(want, tried)
        self._kept[want.key] = best
        while len(self._kept) > KEPT_SERIES:
            self._kept.popitem(last=False)
        return History(best.bars)

    async def _best(self, want: _Want, tried: Tried) -> Kept | None:
        """The first series that is as new as it can be, else the newest there is; None when all fail."""
        from bot.providers.series import behind

        best: Kept | None = None
        try:
            async with asyncio.timeout(self._budget):
                sessions = await self._legs.calendar_of(want.symbol)
                for provider in self._providers.serving(want.symbol, want.as_of, fixes=want.fixes):
                    tried.asking = provider.name
                    try:
                        found = await self._legs.get(provider, want.symbol, want.year)
                    except ProviderError as error:
                        tried.failed(error)
                        continue
                    if best is None or found.bars.last_day > best.bars.last_day:
                        best = found
                    if not behind(found.bars, want.symbol, want.as_of, self._clock(), sessions):
                        break
        except TimeoutError:
            tried.ran_out()
        return best

    async def _last_good(self, want: _Want, tried: Tried) -> History:
        """The last good series on disk; a symbol that there have been prices of is not unknown."""
        canonical, now = want.symbol.canonical, self._clock()
        wanted = min(want.as_of or now.date(), now.date())
        kept = await self._store.kept_series(canonical)
        if kept is not None and kept[0].day(0) <= wanted and not (want.fixes and kept[0].adjustment != "fix"):
            return History(kept[0], None, kept[1], str(tried) or "offline")
        nobody = not tried.errors and self._providers.prices and not self._served(want.symbol)
        if tried.unknown or nobody:
            reason = str(tried) or "no provider here has it"
            raise UserError(f"There are no prices for {canonical}: {reason}.", "unknown_symbol")
        if tried.errors:
            raise UserError(f"Prices for {canonical} are not available from {tried}.", "unavailable")
        reason = "no answer in time" if self._providers.prices else "offline, and none are stored"
        raise UserError(f"Prices for {canonical} are not available: {reason}.", "unavailable")
