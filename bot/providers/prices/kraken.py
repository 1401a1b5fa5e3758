"""Kraken: daily candles and ticker of coins in dollars and euros. Keyless; days are UTC; 720 candles at the most.

Errors come with HTTP 200 and a list in `error`. The key of the result differs from the pair that was asked (XBTUSD is
answered as XXBTZUSD), so it is the one key that is not `last`. The newest candle is of the day that still runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from bot.errors import ProviderError, RateLimited, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, number, numbers, utc_days
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    Quote,
    QuoteQuery,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object, live_quote
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

_NAMES = {"BTC": "XBT", "DOGE": "XDG"}
_CURRENCIES = frozenset({"USD", "EUR"})
_CANDLES = 720


class Kraken(RemoteProvider):
    """The provider `kraken`."""

    declaration = Declaration(
        name="kraken",
        title="Kraken",
        covers="coins in dollars and euros, two years; quotes",
        address="https://api.kraken.com",
        pace=Pace(1, 1.0),
        order=80,
        capabilities=Capabilities(frozenset({"crypto"}), quotes=1, history_years=_CANDLES / 365.25),
        late="live",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a coin in dollars or euros."""
        return symbol.kind == "crypto" and symbol.canonical.rpartition("-")[2] in _CURRENCIES

    def _request(self, symbol: Symbol, call: str, **params: str) -> Request:
        coin, _, currency = symbol.canonical.rpartition("-")
        pair = f"{_NAMES.get(coin, coin)}{currency}"
        return Request(address(self.base_url, "0", "public", call), {"pair": pair, **params})

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """All the candles there are."""
        return [self._request(query.symbol, "OHLC", interval="1440")]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The candles `[second, open, high, low, close, vwap, volume, trades]`."""
        rows = self._result(response, query.now)
        with documented_shape(self.name):
            seconds, opened, high, low, close, _, volume, _ = zip(*rows, strict=True) if rows else ((),) * 8
            prices = {"close": close, "open": opened, "high": high, "low": low, "volume": volume}
            columns = {name: numbers(cells) for name, cells in prices.items()}
            table = Table(utc_days(numbers(seconds)), **columns)
        label = Label(self.name, query.symbol.canonical, "raw", query.now.date(), first=query.start)
        return to_bars(table, label)

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """The ticker of one pair."""
        return [self._request(query.symbol, "Ticker")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The last trade; `o` is the first price of the UTC day, which is where the day before ended.

        The ticker has no time of its own: it is the state when Kraken answered.
        """
        found = self._result(response, query.now)
        with documented_shape(self.name):
            price, opened = number(found["c"][0]), number(found["o"])
        return live_quote(self.name, query, response, (price, opened))

    def _result(self, response: Response, now: datetime) -> Any:
        check_status(self.name, response, now)
        content = json_object(self.name, response)
        if content.get("error"):
            raise self._refusal(str(content["error"]))
        with documented_shape(self.name):
            (found,) = (value for key, value in content["result"].items() if key != "last")
        return found

    def _refusal(self, text: str) -> ProviderError:
        if "Unknown asset pair" in text:
            return UnknownSymbol(self.name, "no such symbol")
        if any(word in text for word in ("limit", "Too many requests", "Throttled", "lockout")):
            return RateLimited(self.name, "too many requests for now")
        return Unavailable(self.name, "it answered with an error of its own")
