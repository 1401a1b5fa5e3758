"""Binance's public market data: daily candles of coins against USDT, which stands for the dollar. Keyless; UTC days.

There are no dollar pairs: `BTC-USD` is asked as BTCUSDT, within a few hundredths of a percent of the dollar price as
long as the tether holds. At most 1,000 candles a request. Where it may not serve it answers 451; after 429 it bans
with 418. The newest candle is of the day that still runs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import RateLimited, Unavailable, UnknownSymbol
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
from bot.providers.response_checks import check_status, documented_shape, json_array, live_quote, retry_after
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars, FloatArray

_DAYS = 1_000
_YEAR_5138_IN_MS = 1e14


class Binance(RemoteProvider):
    """The provider `binance`."""

    declaration = Declaration(
        name="binance",
        title="Binance",
        covers="coins in dollars (USDT), their whole life; quotes",
        address="https://data-api.binance.vision",
        pace=Pace(20, 1.0),
        order=90,
        capabilities=Capabilities(frozenset({"crypto"}), quotes=2, max_days=_DAYS),
        late="live",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a coin in dollars."""
        return symbol.kind == "crypto" and symbol.canonical.endswith("-USD")

    def _request(self, symbol: Symbol, **params: str) -> Request:
        pair = f"{symbol.canonical.removesuffix('-USD')}USDT"
        return Request(address(self.base_url, "api", "v3", "klines"), {"symbol": pair, "interval": "1d", **params})

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One span of at most 1,000 days."""
        span = {"startTime": _milliseconds(query.start, time()), "endTime": _milliseconds(query.end, time(23, 59))}
        return [self._request(query.symbol, limit=str(_DAYS), **span)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The candles `[open time in ms, open, high, low, close, volume, close time, …]`."""
        rows = self._rows(response, query.now)
        with documented_shape(self.name):
            stamps, opened, high, low, close, volume = (
                zip(*(row[:6] for row in rows), strict=True) if rows else ((),) * 6
            )
            prices = {"close": close, "open": opened, "high": high, "low": low, "volume": volume}
            columns = {name: numbers(cells) for name, cells in prices.items()}
            table = Table(utc_days(_seconds(numbers(stamps))), **columns)
        return to_bars(table, Label(self.name, query.symbol.canonical, "raw", query.now.date()))

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """Two candles: the 24-hour ticker compares with a day ago, not with the previous close."""
        return [self._request(query.symbol, limit="2")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The close of the running candle against that of the finished one, as of Binance's answer."""
        rows = self._rows(response, query.now)
        with documented_shape(self.name):
            closes = [number(row[4]) for row in rows]
            price, before = closes[-1], closes[-2] if len(closes) > 1 else NAN
        return live_quote(self.name, query, response, (price, before))

    def _rows(self, response: Response, now: datetime) -> list[Any]:
        if response.body.lstrip()[:1] == b"{" and b"-1121" in response.body:
            raise UnknownSymbol(self.name, "no such symbol")
        if response.status == 418:
            raise RateLimited(self.name, "banned for too many requests", retry_after(response, now))
        if response.status == 451 or b"restricted location" in response.body[:400]:
            raise Unavailable(self.name, "it does not serve this place (451)")
        check_status(self.name, response, now)
        return json_array(self.name, response)


def _seconds(stamps: FloatArray) -> FloatArray:
    """Seconds since 1970 from milliseconds, or from microseconds, which the public dumps have counted in since 2025."""
    return stamps / np.where(stamps > _YEAR_5138_IN_MS, 1_000_000.0, 1_000.0)


def _milliseconds(day: date, at: time) -> str:
    return str(int(datetime.combine(day, at, UTC).timestamp() * 1_000))
