"""The feed: which provider to ask, in which order, for how long, and what to do when all of them fail.

One series comes from one provider under one adjustment kind. Equal questions at once are one fetch. Good series are
kept in memory until they can have changed, and the last good one on disk, to be served with its age when every
provider fails. An outage is logged when it starts and when it ends.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import ProviderError, RateLimited, UnknownSymbol, UserError
from bot.jobs import Jobs
from bot.market.symbols import Symbol
from bot.prices.provider import HistoryQuery, Provider

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.prices.calendar import Calendar
    from bot.store.store import Store

log = logging.getLogger(__name__)
YEARS = 6
KEPT_SERIES = 500
IN_SESSION = timedelta(minutes=15)
REST_AFTER_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class History:
    """A series for an answer. `kept_since` is set when no provider answered and an earlier good series is served."""

    bars: Bars
    stand_in: str | None = None
    kept_since: datetime | None = None
    failures: str = ""


@dataclass(slots=True)
class ProviderState:
    """How one provider has been doing in this process. `down` says why it fails at present."""

    name: str
    last_success: datetime | None = None
    last_error: str | None = None
    down: str | None = None
    resting_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Kept:
    bars: Bars
    until: datetime


@dataclass(slots=True)
class _Chain:
    """What went wrong while the providers were asked in turn."""

    errors: list[ProviderError] = field(default_factory=list)

    @property
    def unknown(self) -> bool:
        """Whether every provider that was asked says that there is no such symbol."""
        return bool(self.errors) and all(isinstance(error, UnknownSymbol) for error in self.errors)

    def __str__(self) -> str:
        return ", ".join(f"{error.provider} ({error.detail})" for error in self.errors)


class Feed:
    """Prices for commands."""

    def __init__(
        self,
        open_providers: Callable[[], Sequence[Provider]],
        calendar: Calendar,
        store: Store,
        jobs: Jobs,
        clock: Callable[[], datetime],
        budget: float = 20.0,
    ) -> None:
        self._open_providers = open_providers
        self._opened: tuple[Provider, ...] | None = None
        self._calendar = calendar
        self._store = store
        self._jobs = jobs
        self._clock = clock
        self._budget = budget
        self._kept: OrderedDict[tuple[str, int], _Kept] = OrderedDict()
        self._flights: dict[tuple[str, int], asyncio.Task[History]] = {}
        self._states: dict[str, ProviderState] = {}

    @property
    def _providers(self) -> tuple[Provider, ...]:
        """Opened when first needed: they bring numpy, which a bot that is only asked for terms never loads."""
        if self._opened is None:
            self._opened = tuple(self._open_providers())
            self._states = {provider.name: ProviderState(provider.name) for provider in self._opened}
        return self._opened

    @property
    def states(self) -> dict[str, ProviderState]:
        """How each provider has been doing, in the order they are asked."""
        return self._states if self._providers else {}

    async def sessions(self) -> Sessions:
        """The sessions of the US exchanges."""
        return await self._calendar.sessions(self._clock().date())

    async def history(self, symbol: Symbol, as_of: date | None = None, stand_in: Symbol | None = None) -> History:
        """Daily bars of a symbol, or of its stand-in where no provider has its own.

        Raises UserError: unknown_symbol when every provider says so, unavailable with each one's reason otherwise.
        """
        if stand_in is not None and not self._served(symbol):
            return await self._stood_in(symbol, as_of, stand_in)
        try:
            return await self._own(symbol, as_of)
        except UserError as error:
            if stand_in is None or error.code != "unknown_symbol":
                raise
            return await self._stood_in(symbol, as_of, stand_in)

    async def _stood_in(self, symbol: Symbol, as_of: date | None, stand_in: Symbol) -> History:
        found = await self._own(stand_in, as_of)
        return History(found.bars, stand_in.canonical, found.kept_since, found.failures)

    def _served(self, symbol: Symbol) -> bool:
        return any(provider.serves(symbol) for provider in self._providers)

    def held(self, symbol: Symbol) -> Bars | None:
        """The bars of a symbol that are in memory and still good, or None. Asks nobody."""
        now = self._clock()
        for (canonical, _), kept in self._kept.items():
            if canonical == symbol.canonical and now < kept.until:
                return kept.bars
        return None

    async def _own(self, symbol: Symbol, as_of: date | None) -> History:
        now = self._clock()
        key = symbol.canonical, min(as_of or now.date(), now.date()).year - YEARS
        kept = self._kept.get(key)
        if kept is not None and now < kept.until:
            self._kept.move_to_end(key)
            return History(kept.bars)
        flight = self._flights.get(key)
        if flight is None:
            query = HistoryQuery(symbol, date(key[1], 1, 1), now.date(), now)
            flight = self._jobs.start(f"fetch {symbol.canonical} {key[1]}", self._fetch(key, query))
            flight.add_done_callback(lambda _: self._flights.pop(key, None))
            self._flights[key] = flight
        return await asyncio.shield(flight)

    async def _fetch(self, key: tuple[str, int], query: HistoryQuery) -> History:
        chain = _Chain()
        try:
            async with asyncio.timeout(self._budget):
                bars = await self._ask(query, chain)
        except TimeoutError:
            bars = None
        if bars is None:
            return await self._last_good(key, query, chain)
        self._kept[key] = _Kept(bars, await self._good_until(query))
        while len(self._kept) > KEPT_SERIES:
            self._kept.popitem(last=False)
        return History(bars)

    async def _ask(self, query: HistoryQuery, chain: _Chain) -> Bars | None:
        for provider in self._providers:
            state = self.states[provider.name]
            if not provider.serves(query.symbol):
                continue
            if state.resting_until is not None and query.now < state.resting_until:
                chain.errors.append(RateLimited(provider.name, "resting after too many requests"))
                continue
            try:
                bars = await provider.history(query)
            except ProviderError as error:
                chain.errors.append(error)
                self._failed(state, error, query.now)
                continue
            self._succeeded(state, query.now)
            if bars.adjustment != "simulated" and provider.name != "csv":
                await self._store.keep_series(bars, query.now)
            return bars
        return None

    async def _last_good(self, key: tuple[str, int], query: HistoryQuery, chain: _Chain) -> History:
        if chain.unknown or not chain.errors and not self._served(query.symbol) and self._providers:
            reason = str(chain) or "no provider here has it"
            raise UserError(f"There are no prices for {query.symbol.canonical}: {reason}.", "unknown_symbol")
        kept = await self._store.kept_series(query.symbol.canonical)
        if kept is not None and kept[0].day(0).year <= key[1] + YEARS:
            bars, since = kept
            return History(bars, None, since, str(chain) or "offline")
        reason = str(chain) or ("no answer in time" if self._providers else "offline, and none are stored")
        raise UserError(
            f"Prices for {query.symbol.canonical} are not available from {reason}."
            if chain.errors
            else f"Prices for {query.symbol.canonical} are not available: {reason}.",
            "unavailable",
        )

    async def _good_until(self, query: HistoryQuery) -> datetime:
        """In session a quarter of an hour; outside it until the next session has closed, an hour at the most.

        The hour bounds how long a bar that a provider publishes late goes unseen.
        """
        sessions = await self.sessions()
        if query.symbol.kind in {"crypto", "fx"} or sessions.state(query.now) == "regular":
            return query.now + IN_SESSION
        return query.now + timedelta(hours=1)

    def _failed(self, state: ProviderState, error: ProviderError, now: datetime) -> None:
        if isinstance(error, UnknownSymbol):
            self._succeeded(state, now)
            return
        state.last_error = error.detail
        if isinstance(error, RateLimited):
            state.resting_until = now + timedelta(seconds=error.retry_after or REST_AFTER_LIMIT)
        if state.down is None:
            log.warning("provider down", extra={"fields": {"provider": state.name, "code": error.code, "reason": error.detail}})
        state.down = error.detail

    def _succeeded(self, state: ProviderState, now: datetime) -> None:
        if state.down is not None:
            log.info("provider back", extra={"fields": {"provider": state.name}})
        state.last_success, state.down, state.resting_until = now, None, None
