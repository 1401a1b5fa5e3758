"""The contract of a price provider.

A provider that speaks HTTP is two pure functions around one fetch that is not its own: `requests(query)` says what
to ask, `parse(query, response)` reads the answer or raises the `ProviderError` that it amounts to. Neither does I/O,
so each provider is tested on recorded answers. `http.py` sends; `feed.py` chooses, waits, falls back and remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol, runtime_checkable
from urllib.parse import quote as escaped

from bot.errors import BadPayload, Unavailable
from bot.market.symbols import AssetKind, Symbol

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, Bars, Delay, Interval


class SuspectSeries(BadPayload):
    """One series cannot be trusted; nothing is wrong with the provider, so its circuit stays closed."""


class Busy(Unavailable):
    """Our own pace for this provider is used up for now: no fault of the provider, so nothing is held against it."""


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


def address(base_url: str, *parts: str) -> str:
    """An address below a base: each part is escaped, so none can lead to another path or host."""
    return "/".join((base_url, *(escaped(part, safe="") for part in parts)))


@dataclass(frozen=True, slots=True)
class Request:
    """One GET. `headers` may hold a key, so a request is never logged whole: use `where`."""

    url: str
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def where(self) -> str:
        """Host and path: what may stand in a log."""
        return self.url.split("://", 1)[-1]


@dataclass(frozen=True, slots=True)
class Response:
    """What came back. `headers` have lower-case names."""

    status: int
    body: bytes
    content_type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one host may be asked: at most `requests` in any `seconds`."""

    requests: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a provider can serve.

    `quotes` is 0 for none, else its place when a quote is asked: the lowest first. `history_years` is how far back
    its history goes, None where it is the whole listed life. `max_days` is the longest span that one request may
    ask; longer ones are asked in parts. `local` providers (files, simulation) have no outages: they are asked whatever
    they said before, often, and nothing of theirs is stored.
    """

    kinds: frozenset[AssetKind]
    quotes: int = 0
    history_years: float | None = None
    max_days: int | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Quote:
    """A price at a moment. `time` is the provider's own time of that price, aware UTC.

    `previous_close` is the close of the session (for crypto: of the UTC day) before the one that the price is of,
    under the same adjustment kind. `unfinished` says that this session was still open, `interval` how much time one of
    the bars covers that the price is from. `stand_in` and `kept_since`
    mean what they mean in `History`.
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

    @property
    def change_pct(self) -> float | None:
        """The change from the previous close in percent; None where there is none to compare with."""
        if self.previous_close is None or self.previous_close <= 0:
            return None
        return (self.price / self.previous_close - 1) * 100


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
class Quoting(Protocol):
    """A provider that also has quotes of its own (where its capabilities say so)."""

    async def quote(self, query: QuoteQuery) -> Quote:
        """The newest price, or the ProviderError that says why not."""

    @property
    def remaining(self) -> int | None:
        """Requests left in the present allowance, as the provider last said; None where it says nothing."""


class HttpSource(Protocol):
    """The pure half of a provider that speaks HTTP."""

    @property
    def name(self) -> str:
        """The short name shown beside every price."""

    @property
    def base_url(self) -> str:
        """The configured address: no request may leave its host."""

    @property
    def pace(self) -> Pace:
        """How often that host may be asked."""

    @property
    def capabilities(self) -> Capabilities:
        """What it can serve."""

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking for this symbol makes sense at all."""

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """What to ask, in order: the next one is sent only where the one before answers UnknownSymbol."""

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars in the answer. Raises a ProviderError for everything that is not good bars."""


@runtime_checkable
class QuoteSource(Protocol):
    """A source that has quotes, too."""

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """What to ask, in order: the next one is sent only where the one before answers UnknownSymbol."""

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in the answer. Raises a ProviderError for everything that is not a good quote."""


class Sender(Protocol):
    """What sends requests for sources. Raises ProviderError subclasses only."""

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status."""
