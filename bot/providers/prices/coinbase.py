"""Coinbase Exchange: daily candles and ticker of coins, in dollars above all. Keyless; days are UTC.

Candles are `[second, low, high, open, close, volume]`, in that order, newest first, at most 300 an answer. A pair that
it does not trade is answered with 404. Wire format: docs.cdp.coinbase.com/exchange, "Get product candles".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.errors import UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import NAN, Table, number, numbers, utc_days
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
from bot.providers.response_checks import check_status, documented_shape, json_array, json_object, live_quote
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

_QUOTES = frozenset({"USD", "EUR", "GBP", "USDT", "USDC", "BTC", "ETH"})
_CANDLES = 300
_DAY = "86400"


class Coinbase(RemoteProvider):
    """The provider `coinbase`."""

    declaration = Declaration(
        name="coinbase",
        title="Coinbase",
        covers="coins in dollars, euros, pounds and other coins, whole history; quotes",
        address="https://api.exchange.coinbase.com",
        pace=Pace(5, 1.0),
        order=85,
        capabilities=Capabilities(frozenset({"crypto"}), quotes=2, max_days=_CANDLES),
        late="live",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a coin in what Coinbase quotes coins in."""
        return symbol.kind == "crypto" and symbol.canonical.rpartition("-")[2] in _QUOTES

    def _request(self, symbol: Symbol, call: str, **params: str) -> Request:
        return Request(address(self.base_url, "products", symbol.canonical, call), params)

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The candles of the span."""
        span = {"start": f"{query.start}T00:00:00Z", "end": f"{query.end}T00:00:00Z"}
        return [self._request(query.symbol, "candles", granularity=_DAY, **span)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The candles; a day without a trade has none."""
        self._check(response, query.now)
        rows = json_array(self.name, response)
        with documented_shape(self.name):
            seconds, low, high, opened, close, volume = zip(*rows, strict=True) if rows else ((),) * 6
            prices = {"close": close, "open": opened, "high": high, "low": low, "volume": volume}
            columns = {name: numbers(cells) for name, cells in prices.items()}
            table = Table(utc_days(numbers(seconds)), **columns)
        return to_bars(table, Label(self.name, query.symbol.canonical, "raw", query.now.date(), first=query.start))

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """The ticker of one pair."""
        return [self._request(query.symbol, "ticker")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The last trade. The ticker does not hold where the UTC day before ended."""
        self._check(response, query.now)
        found = json_object(self.name, response)
        with documented_shape(self.name):
            traded = datetime.fromisoformat(found["time"]).astimezone(UTC)
            quote = live_quote(self.name, query, response, (number(found["price"]), NAN))
        return replace(quote, time=min(traded, query.now))

    def _check(self, response: Response, now: datetime) -> None:
        if response.status == 404:
            raise UnknownSymbol(self.name, "no such pair")
        check_status(self.name, response, now)
