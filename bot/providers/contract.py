"""The contract of every provider: what it declares, what it is asked, and two pure halves around one fetch.

A provider is one file under `prices/` or `macro/` with a `RemoteProvider`. It declares where it is asked, with which
keys, how often and what it can serve. `requests(query)` says what to ask, `parse(query, response)` reads the answer or
raises the `ProviderError` that it amounts to; quotes and figures are a pair of the same shape. None does I/O, so each
is tested on recorded answers. `http.py` sends; `pool.py` chooses, `feed.py` waits, falls back and remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, runtime_checkable
from urllib.parse import quote as escaped

from bot.config import Secret
from bot.errors import BadPayload, Unavailable
from bot.market.symbols import AssetKind, Symbol

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, Bars, Delay, Interval

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36"


class SuspectSeries(BadPayload):
    """One series cannot be trusted; nothing is wrong with the provider, so its circuit stays closed."""


class Busy(Unavailable):
    """Waiting for our own pace would take too long: no fault of the provider, so nothing is held against it."""


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Daily bars of one symbol from `start` to `end`, both included. `now` is when it is asked, aware UTC."""

    symbol: Symbol
    start: date
    end: date
    now: datetime


@dataclass(frozen=True, slots=True)
class QuoteQuery:
    """The newest price of one symbol, asked at `now`, aware UTC."""

    symbol: Symbol
    now: datetime


@dataclass(frozen=True, slots=True)
class FigureQuery:
    """The figure `name` at its newest, or up to `as_of`, asked at `now`, aware UTC."""

    name: str
    now: datetime
    as_of: date | None = None


def address(base_url: str, *parts: str) -> str:
    """An address below a base: each part is escaped, so none can lead to another path or host."""
    return "/".join((base_url, *(escaped(part, safe="") for part in parts)))


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `params` and `headers` may hold a key, so a request is never logged whole: use `where`."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def where(self) -> str:
        """Host and path: what may stand in a log."""
        return self.url.split("://", 1)[-1]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `headers` have lower-case names. `moved_to` is the host that it was redirected to, if it was."""

    status: int
    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    moved_to: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one host may be asked: at most `requests` in any `seconds`."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can serve.

    `kinds` are those of the symbols that it has prices of: a history, unless `history` is False and it only quotes
    them. `quotes` is 0 for none, else its place when a quote is asked: the lowest first. `figures` are the names of
    what it has beside prices. `history_years` is how far back its history goes, None where it is the whole listed
    life. `max_days` is the longest span that one request may ask; longer ones are asked in parts. `history_figure`
    names the figure that holds every history: one file for all symbols, which is fetched once. `local` providers
    (files, simulation) have no outages: they are asked whatever they said before, often, and nothing of theirs is
    stored. `abroad` says that shares and funds are not only those listed in the United States.
    """

    kinds: frozenset[AssetKind] = frozenset()
    quotes: int = 0
    figures: frozenset[str] = frozenset()
    history_years: float | None = None
    max_days: int | None = None
    history_figure: str | None = None
    local: bool = False
    abroad: bool = False
    history: bool = True

    def cover(self, symbol: Symbol) -> bool:
        """Whether the symbol is of a kind and a place that it serves."""
        return symbol.kind in self.kinds and (self.abroad or not symbol.abroad)


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a provider's file says of it; settings, documentation and the order of asking come from here.

    `name` is shown beside every number; the variables of the environment are made of it: `RANGEFINDER_<NAME>_URL`
    replaces `address`, `RANGEFINDER_<NAME>_<KEY>` holds each of `keys`, without which it is not asked, and where it is
    `optional` it is asked only with `RANGEFINDER_<NAME>=on`. `covers` completes "Title: ..." for people, `late` says
    how old its newest price is, `terms` what a key costs or what else there is to know before it is switched on. The
    lowest `order` is asked first. `moved_to` are the hosts that it may redirect to, once: all of its own domain.
    `browser` providers answer nobody else, so they are asked by a client that looks like one. `patience` is how many
    seconds it may take where that is less than others get, because it hangs more often than it is slow.
    """

    name: str
    title: str
    covers: str
    address: str
    pace: Pace
    order: int
    capabilities: Capabilities
    keys: tuple[str, ...] = ()
    optional: bool = False
    late: str = ""
    terms: str = ""
    moved_to: frozenset[str] = frozenset()
    browser: bool = False
    patience: float | None = None

    @property
    def key_names(self) -> tuple[str, ...]:
        """The names of its keys in the configuration."""
        return tuple(f"{self.name}-{key}" for key in self.keys)


@dataclass(frozen=True, slots=True)
class Extended:
    """A price from outside the regular session, with its own time, aware UTC."""

    price: float
    time: datetime
    before_open: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A price at a moment. `time` is the provider's own time of that price, aware UTC.

    The price is the regular session's newest: after hours its close, and the later price is `extended`. Before the
    open the new day has no other price than the extended one, so it is both. `previous_close` is the close of the
    session (for crypto: of the UTC day) before the one that the price is of, under the same adjustment kind; None
    where the reply does not hold it. `unfinished` says that this session was still open, `interval` how much
    time the bar covers that the price is from. `currency` is that of the
    prices, always whole units, where the provider names one; `basis` says what they are where they are no prices that
    somebody paid. `stand_in` and `kept_since` mean what they mean in
    `History`.
    """

    symbol: str
    price: float
    time: datetime
    provider: str
    delay: Delay
    previous_close: float | None = None
    adjustment: Adjustment = "raw"
    unfinished: bool = False
    interval: Interval = "day"
    stand_in: str | None = None
    kept_since: datetime | None = None
    extended: Extended | None = None
    currency: str | None = None
    basis: str = ""

    @property
    def change_pct(self) -> float | None:
        """The change from the previous close in percent; None where there is none to compare with."""
        if self.previous_close is None or self.previous_close <= 0:
            return None
        return (self.price / self.previous_close - 1) * 100

    def scaled(self, factor: float) -> Quote:
        """The same in another unit."""
        if factor == 1.0:
            return self
        before = None if self.previous_close is None else self.previous_close * factor
        late = None if self.extended is None else replace(self.extended, price=self.extended.price * factor)
        return replace(self, price=self.price * factor, previous_close=before, extended=late)


class RemoteProvider:
    """The pure half of a provider that speaks HTTP. What it does not serve it need not define.

    Of the requests of one question the next is sent only where the one before is answered with UnknownSymbol.
    """

    declaration: ClassVar[Declaration]

    def __init__(self, base_url: str = "", *keys: Secret) -> None:
        self.base_url = base_url or self.declaration.address
        self._keys = keys

    @property
    def name(self) -> str:
        """The short name shown beside every number."""
        return self.declaration.name

    @property
    def capabilities(self) -> Capabilities:
        """What it can serve."""
        return self.declaration.capabilities

    @property
    def pace(self) -> Pace:
        """How often its host may be asked."""
        return self.declaration.pace

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking for this symbol makes sense at all."""
        return self.capabilities.cover(symbol)

    def basis(self, symbol: Symbol) -> str:
        """What its numbers of a symbol are where they are no prices that somebody paid: computed, fitted, converted."""
        return ""

    def scale(self, symbol: Symbol) -> float:
        """What its numbers of a symbol are multiplied by, where it counts in another unit than the house does."""
        return 1.0

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """What to ask for a history, in order."""
        raise Unavailable(self.name, "it has no histories")

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars in the answer. Raises a ProviderError for everything that is not good bars."""
        raise Unavailable(self.name, "it has no histories")

    def next_page(self, query: HistoryQuery, response: Response) -> Request | None:
        """What to ask for the bars that an answer had no room for; None where it has all of them."""
        return None

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """What to ask for a quote, in order."""
        raise Unavailable(self.name, "it has no quotes")

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in the answer. Raises a ProviderError for everything that is not a good quote."""
        raise Unavailable(self.name, "it has no quotes")

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """What to ask for a figure, in order."""
        raise Unavailable(self.name, "it has no such figure")

    def parse_figure(self, query: FigureQuery, response: Response) -> Any:
        """The figure in the answer. Raises a ProviderError for everything that is not one."""
        raise Unavailable(self.name, "it has no such figure")

    def history_of(self, query: HistoryQuery, figure: Any) -> Bars:
        """The bars of one symbol in the figure that holds every history. Raises a ProviderError."""
        raise Unavailable(self.name, "it has no histories")


class Provider(Protocol):
    """Anything the feed can ask for daily bars: over HTTP, from a folder, or simulated."""

    @property
    def name(self) -> str:
        """The short name shown beside every price."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can serve."""

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking for this symbol makes sense at all."""

    async def history(self, query: HistoryQuery) -> Bars:
        """The bars, or the ProviderError that says why not."""


@runtime_checkable
class Searching(Protocol):
    """A provider that can say where it would have looked for a symbol: one that reads files."""

    def looked_for(self, symbol: Symbol) -> str:
        """What is not there: `the price folder has no file MSFT.csv`."""


@runtime_checkable
class Quoting(Protocol):
    """A provider that also has quotes of its own (where its capabilities say so)."""

    async def quote(self, query: QuoteQuery) -> Quote:
        """The newest price, or the ProviderError that says why not."""

    @property
    def remaining(self) -> int | None:
        """Requests left in the present allowance, as the provider last said; None where it says nothing."""


@runtime_checkable
class Explained(Protocol):
    """A provider some of whose numbers are no prices that somebody paid."""

    def basis(self, symbol: Symbol) -> str:
        """What they are: computed, fitted, converted; empty for prices."""


@runtime_checkable
class Paced(Protocol):
    """A provider that may be asked only so often."""

    def wait(self, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""


class Transport(Protocol):
    """What sends requests for providers. Raises ProviderError subclasses only."""

    async def get(self, provider: RemoteProvider, request: Request) -> Response:
        """The provider's answer, whatever its status."""

    def wait(self, provider: RemoteProvider, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""
