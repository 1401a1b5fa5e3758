"""Alpha Vantage: the last hundred days of US shares and of shares on eleven exchanges abroad, with a free key.

Prices are as traded: neither splits nor dividends are counted in. It names no currency, so each exchange's own counts:
London comes in pence, and of London only what the list knows as a share is asked for, since funds there may be in
dollars. Errors come with HTTP 200 and one sentence; it may hold the key, so it is read and never repeated.
Wire format: alphavantage.co/documentation. Limits of a free key: 25 requests a day, one a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import AuthRefused, BadPayload, PlanRefused, ProviderError, QuotaExhausted, RateLimited, UnknownSymbol
from bot.market.symbols import Symbol
from bot.market.venues import venue_of
from bot.providers.columns import Table, iso_days, numbers, picked
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

_SUFFIXES = frozenset("LON DEX FRK TRT TRV PAR AMS LIS BRU SHH SHZ BSE".split())
_BARS = 100
_SERIES, _META, _SYMBOL = "Time Series (Daily)", "Meta Data", "2. Symbol"
_SENTENCES = ("Error Message", "Note", "Information")


class AlphaVantage(RemoteProvider):
    """The provider `alphavantage`."""

    declaration = Declaration(
        name="alphavantage",
        title="Alpha Vantage",
        covers="US shares, and London, Xetra, Frankfurt, Paris, Amsterdam, Brussels, Lisbon, Toronto, Shanghai, "
        "Shenzhen and Bombay: the last 100 days",
        address="https://www.alphavantage.co",
        pace=Pace(1, 1.2),
        order=95,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown"}), history_years=_BARS / 252, abroad=True),
        keys=("key",),
        late="end of day",
        terms="free key, 25 requests a day",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it has the exchange, and the exchange tells the unit."""
        if not self.capabilities.cover(symbol) or _spelling(symbol) is None:
            return False
        return symbol.per_major == 1 or symbol.kind == "stock"

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The last hundred days, whatever the span; more is not free. The key goes as a parameter, no header works."""
        params = {
            "function": "TIME_SERIES_DAILY",
            "symbol": _spelling(query.symbol) or query.symbol.canonical,
            "outputsize": "compact",
            "apikey": self._keys[0].reveal(),
        }
        return [Request(address(self.base_url, "query"), params)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The rows by day, in whole units of the exchange's currency."""
        check_status(self.name, response, query.now)
        content = json_object(self.name, response)
        said = [str(content[name]) for name in _SENTENCES if name in content]
        if said and _SERIES not in content:
            raise self._refusal(said[0], unknown="Error Message" in content)
        with documented_shape(self.name):
            self._check_symbol(content, query.symbol)
            days, rows = list(content[_SERIES]), list(content[_SERIES].values())
            units = query.symbol.per_major
            cells = {name: picked(rows, f"{place}. {name}") for place, name in enumerate(_NAMES, 1)}
            prices = {name: numbers(cells[name]) / units for name in _NAMES[:-1]}
            table = Table(iso_days(days), **prices, volume=numbers(cells["volume"]))
        label = Label(
            self.name,
            query.symbol.canonical,
            "raw",
            query.now.date(),
            first=query.start,
            currency=query.symbol.currency,
        )
        return to_bars(table, label)

    def _check_symbol(self, content: dict[str, Any], symbol: Symbol) -> None:
        told = content.get(_META, {}).get(_SYMBOL)
        if told is not None and str(told).upper() not in {_spelling(symbol), symbol.canonical}:
            raise BadPayload(self.name, "prices of another symbol")

    def _refusal(self, sentence: str, *, unknown: bool) -> ProviderError:
        """The error that a sentence in the place of the rows amounts to."""
        text = sentence.casefold()
        if "demo" in text or "apikey" in text or ("api key" in text and "invalid" in text):
            return AuthRefused(self.name, "the key was refused")
        if "per day" in text and not ("per minute" in text or "per second" in text):
            return QuotaExhausted(self.name, "the day's allowance is used up")
        if unknown:
            return UnknownSymbol(self.name, "no such symbol")
        if "is a premium" in text:
            return PlanRefused(self.name, "the plan does not cover this")
        return RateLimited(self.name, "too many requests for now")


_NAMES = ("open", "high", "low", "close", "volume")


def _spelling(symbol: Symbol) -> str | None:
    """What it calls a symbol: `VOD.LON`; None where it does not have the exchange."""
    venue = venue_of(symbol.canonical)
    if venue is None or not venue.suffix:
        return symbol.canonical if venue is not None else None
    suffix = next((one for one in venue.other_suffixes if one in _SUFFIXES), None)
    return None if suffix is None else f"{symbol.canonical.rpartition('.')[0]}.{suffix}"
