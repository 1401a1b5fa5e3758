"""The contract of a price provider.

A provider that speaks HTTP is two pure functions around one fetch that is not its own: `requests(query)` says what
to ask, `parse(query, response)` reads the answer or raises the `ProviderError` that it amounts to. Neither does I/O,
so each provider is tested on recorded answers. `http.py` sends; `feed.py` chooses, waits, falls back and remembers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Protocol

from bot.market.symbols import AssetKind, Symbol

if TYPE_CHECKING:
    from bot.market.bars import Bars, Delay


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """Daily bars of one symbol from `start` to `end`, both included. `now` is when it is asked, aware UTC."""

    symbol: Symbol
    start: date
    end: date
    now: datetime


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
    """What a provider can serve."""

    kinds: frozenset[AssetKind]
    quotes: bool = False
    history_years: float | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """A price at a moment. `time` is the provider's own time of the last trade, aware UTC."""

    symbol: str
    price: float
    time: datetime
    provider: str
    delay: Delay
    previous_close: float | None = None


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


class HttpSource(Protocol):
    """The pure half of a provider that speaks HTTP."""

    name: str
    base_url: str
    pace: Pace
    capabilities: Capabilities

    def serves(self, symbol: Symbol) -> bool:
        """Whether asking for this symbol makes sense at all."""

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """What to ask, in order: the next one is sent only where the one before answers UnknownSymbol."""

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars in the answer. Raises a ProviderError for everything that is not good bars."""


class Sender(Protocol):
    """What sends requests for sources. Raises ProviderError subclasses only."""

    async def get(self, provider: str, request: Request, pace: Pace) -> Response:
        """The provider's answer, whatever its status."""
