"""What the price tests are built from: a clock that is set, providers that behave, and a feed around them."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np

from bot.errors import ProviderError, UnknownSymbol
from bot.jobs import Jobs
from bot.market.bars import Adjustment, Bars
from bot.market.symbols import FILE, Symbol, placed, read_book
from bot.providers.calendar import Calendar
from bot.providers.contract import Capabilities, HistoryQuery, Provider, Quote, QuoteQuery, RemoteProvider
from bot.providers.feed import Feed
from bot.providers.figure_cache import FigureCache
from bot.providers.http import ConnectedProvider
from bot.providers.pool import Pool
from bot.providers.series_cache import SeriesCache
from bot.store.store import Store, open_store

BOOK = read_book(FILE.read_bytes())
IWM, SPY, RUT = (BOOK.symbols[name] for name in ("IWM", "SPY", "^RUT"))
BTC, EURUSD = BOOK.symbols["BTC-USD"], BOOK.symbols["EUR/USD"]
NOW = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)  # a Thursday, New York has just closed
CALENDAR_FOLDER = Path(tempfile.gettempdir()) / "rangefinder-test-calendar"
CALENDAR = Calendar(CALENDAR_FOLDER)
KINDS = frozenset({"stock", "fund", "index", "unknown"})


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **span: float) -> None:
        self.now += timedelta(**span)


def bars(
    symbol: str = "IWM",
    days: Sequence[str] = ("2026-11-16", "2026-11-17", "2026-11-18"),
    closes: Sequence[float] | None = None,
    provider: str = "fake",
    adjustment: Adjustment = "split",
) -> Bars:
    found = np.array(days, dtype="datetime64[D]")
    prices = 100.0 + np.arange(found.size) if closes is None else np.array(closes, dtype=float)
    return Bars(symbol=symbol, dates=found, close=prices, adjustment=adjustment, provider=provider)


Answer = Bars | ProviderError | Callable[[HistoryQuery], Bars]


@dataclass
class FakeProvider:
    """A provider with a shelf of series; what is not on it is unknown. `fault` makes every request fail."""

    name: str = "fake"
    shelf: dict[str, Answer] = field(default_factory=dict)
    quotes: dict[str, float | Quote | ProviderError] = field(default_factory=dict)
    capabilities: Capabilities = field(default_factory=lambda: Capabilities(KINDS, quotes=1))
    fault: ProviderError | None = None
    asked: Counter[str] = field(default_factory=Counter)
    serves_only: frozenset[str] | None = None
    remaining: int | None = None

    def serves(self, symbol: Symbol) -> bool:
        if self.serves_only is not None:
            return symbol.canonical in self.serves_only
        return symbol.kind in self.capabilities.kinds

    async def history(self, query: HistoryQuery) -> Bars:
        self.asked[query.symbol.canonical] += 1
        if self.fault is not None:
            raise self.fault
        answer = self.shelf.get(query.symbol.canonical)
        if answer is None:
            raise UnknownSymbol(self.name, "no such symbol")
        if isinstance(answer, ProviderError):
            raise answer
        return answer if isinstance(answer, Bars) else answer(query)

    async def quote(self, query: QuoteQuery) -> Quote:
        self.asked[f"quote {query.symbol.canonical}"] += 1
        if self.fault is not None:
            raise self.fault
        if query.symbol.canonical not in self.quotes:
            raise UnknownSymbol(self.name, "no such symbol")
        price = self.quotes[query.symbol.canonical]
        if isinstance(price, ProviderError):
            raise price
        if isinstance(price, Quote):
            return price
        return Quote(query.symbol.canonical, price, query.now, self.name, "delayed", previous_close=100.0)


@dataclass
class These:
    """Providers that are there from the start."""

    prices: Sequence[Provider] = ()
    figures: Sequence[ConnectedProvider] = ()
    network: bool = True


def feed_over(
    providers: Sequence[Provider],
    calendar: Calendar,
    store: Store,
    jobs: Jobs,
    clock: Callable[[], datetime],
    budget: float = 20.0,
) -> Feed:
    """A feed of prices over these providers, without figures."""
    pool = Pool(These(providers), clock)
    figures = FigureCache(pool, CALENDAR_FOLDER, jobs, clock, budget)
    return Feed(pool, SeriesCache(pool, figures, calendar, store, jobs, clock), jobs, clock, budget)


def shelf(provider: str, *symbols: str, adjustment: Adjustment = "split") -> dict[str, Answer]:
    return {symbol: bars(symbol, provider=provider, adjustment=adjustment) for symbol in symbols}


@asynccontextmanager
async def a_feed(
    folder: Path,
    providers: Sequence[Provider],
    clock: Clock | None = None,
    *,
    budget: float = 5.0,
) -> AsyncIterator[Feed]:
    """A feed over these providers and a real store in `folder`."""
    url = f"sqlite+aiosqlite:///{folder / 'feed.db'}"
    async with open_store(url, folder) as store, Jobs() as jobs:
        feed = feed_over(providers, CALENDAR, store, jobs, clock or Clock(), budget)
        yield feed
        await feed.close()
        assert not jobs.failed


def store_in(folder: Path) -> Store:
    return Store(f"sqlite+aiosqlite:///{folder / 'feed.db'}")


def served_by(provider: RemoteProvider | ConnectedProvider) -> Symbol:
    """A symbol that a provider has a history of: the fund, the coin or the pair known here, else any of the book."""
    known = (IWM, BTC, EURUSD, *BOOK.symbols.values(), *map(symbol_of, ("US10Y", "XAU/USD")))
    return next(symbol for symbol in known if provider.serves(symbol))


def symbol_of(canonical: str) -> Symbol:
    """The symbol of a canonical string, whether in the book or in the world's tables."""
    return BOOK.known(canonical) or placed(canonical) or BOOK.resolve(canonical)


def query(symbol: Symbol = IWM, start: date = date(2026, 1, 1), now: datetime = NOW) -> HistoryQuery:
    return HistoryQuery(symbol, start, now.date(), now)


def fields_of(record: object) -> Mapping[str, object]:
    found: Mapping[str, object] = getattr(record, "fields", {})
    return found
