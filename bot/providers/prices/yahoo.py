"""Yahoo's chart back end: daily history and quotes of indices, shares, funds, currencies and crypto.

For an operator who switches it on: its terms allow personal use, and it refuses clients that do not look like a
browser, so the extra `yahoo` (curl_cffi) sends for it. Prices in `quote` are split-adjusted; `adjclose` is not used.
The bar of a session that is still open is served like any other; the feed marks it. Some exchanges are quoted in
hundredths or thousandths of their currency (`GBp`, `ZAc`, `ILA`, `KWF`, `USX`): everything is turned to whole units.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from bot.errors import AuthRefused, ProviderError, RateLimited, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.market.venues import spelling
from bot.providers.columns import NAN, Table, local_days, major, number, numbers
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
    SuspectSeries,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_object, retry_after
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, Bars, FloatArray

_MIXED_UNITS = (80.0, 120.0)


class Yahoo(RemoteProvider):
    """The provider `yahoo`."""

    declaration = Declaration(
        name="yahoo",
        title="Yahoo",
        covers="indices themselves (^RUT), foreign listings, shares, funds, currencies and coins; quotes",
        address="https://query1.finance.yahoo.com",
        pace=Pace(1, 1.0),
        order=100,
        capabilities=Capabilities(
            frozenset({"stock", "fund", "unknown", "index", "fx", "crypto"}),
            quotes=3,
            abroad=True,
        ),
        optional=True,
        terms="needs the extra `yahoo`; personal use by its terms",
        browser=True,
    )

    def _request(self, symbol: Symbol, **params: str) -> Request:
        canonical = symbol.canonical
        pair = canonical.replace("/", "") + "=X" if symbol.kind == "fx" else canonical
        spelt = spelling(canonical, self.name) or pair
        where = address(self.base_url, "v8", "finance", "chart", spelt)
        return Request(where, {"interval": "1d", "includePrePost": "false", **params})

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request for the whole span."""
        first = datetime.combine(query.start, time(), UTC)
        last = datetime.combine(query.end + timedelta(days=1), time(), UTC)
        span = {"period1": str(int(first.timestamp())), "period2": str(int(last.timestamp()))}
        return [self._request(query.symbol, events="div,splits", **span)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `chart.result[0]`; timestamps are session opens, so dates come from the exchange's zone."""
        result = self._result(response, query.now)
        with documented_shape(self.name):
            if not result.get("timestamp"):
                raise UnknownSymbol(self.name, "no prices in the answer")
            table, (currency, _) = _table(result), major(result["meta"].get("currency"))
        label = Label(
            self.name,
            query.symbol.canonical,
            _adjustment(query.symbol),
            query.now.date() + timedelta(days=1),
            first=query.start,
            currency=currency,
        )
        bars = to_bars(table, label)
        if label.adjustment == "split" and _mixes_units(bars.close):
            raise SuspectSeries(self.name, "prices in pence and in pounds, or the like, in one series")
        return bars

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """The newest session alone: then `chartPreviousClose` is the close of the session before."""
        return [self._request(query.symbol, range="1d")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in `meta`, delayed as the exchange demands."""
        result = self._result(response, query.now)
        with documented_shape(self.name):
            meta, (currency, units) = result["meta"], major(result["meta"].get("currency"))
            price = number(meta["regularMarketPrice"]) / units
            moment = datetime.fromtimestamp(meta["regularMarketTime"], UTC)
            before = _close_before(result, moment)
        if not price > 0:
            raise UnknownSymbol(self.name, "no price in the answer")
        return Quote(
            symbol=query.symbol.canonical,
            price=price,
            time=min(moment, query.now),
            provider=self.name,
            delay="delayed",
            previous_close=before if before > 0 else None,
            adjustment="index" if query.symbol.kind == "index" else "raw",
            currency=currency,
        )

    def _result(self, response: Response, now: datetime) -> dict[str, Any]:
        if response.body.lstrip()[:1] != b"{":
            check_status(self.name, response, now)
        content = json_object(self.name, response)
        chart = content.get("chart") or content.get("finance")
        with documented_shape(self.name):
            if isinstance(chart, dict) and chart.get("error"):
                raise self._refusal(chart["error"], response, now)
            check_status(self.name, response, now)
            found: dict[str, Any] = content["chart"]["result"][0]
            if not isinstance(found, dict):
                raise TypeError
        return found

    def _refusal(self, fault: dict[str, Any], response: Response, now: datetime) -> ProviderError:
        """The error that `error` in an answer amounts to; it says more than the status."""
        code, text = str(fault.get("code")), str(fault.get("description")).casefold()
        if code == "Not Found" or "data doesn't exist" in text or "no data" in text:
            return UnknownSymbol(self.name, "no such symbol, or no prices for these days")
        if "too many requests" in f"{code} {text}".casefold():
            return RateLimited(self.name, "too many requests for now", retry_after(response, now))
        if code == "Unauthorized":
            return AuthRefused(self.name, "it wants a browser's cookie")
        return Unavailable(self.name, "it answered with an error of its own")


def _table(result: dict[str, Any]) -> Table:
    zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
    cells, (_, units) = result["indicators"]["quote"][0], major(result["meta"].get("currency"))
    prices = {name: numbers(cells[name]) / units for name in ("close", "open", "high", "low")}
    return Table(local_days(numbers(result["timestamp"]), zone), **prices, volume=numbers(cells["volume"]))


def _close_before(result: dict[str, Any], moment: datetime) -> float:
    """The close of the session before the price's; NaN where the reply does not hold it.

    `chartPreviousClose` is the close before the first bar of the reply: that of the session before only where the
    reply holds no earlier session.
    """
    meta, (_, units) = result["meta"], major(result["meta"].get("currency"))
    if meta.get("previousClose") is not None:
        return number(meta["previousClose"]) / units
    if result.get("timestamp"):
        table = _table(result)
        today = local_days(np.array([moment.timestamp()]), ZoneInfo(meta["exchangeTimezoneName"]))[0]
        earlier = table.close[table.days < today]
        if not (table.days == today).any():
            return NAN
        if earlier.size:
            return float(earlier[-1])
    elif meta.get("range") not in {"1d", None}:
        return NAN
    return number(meta.get("chartPreviousClose")) / units


def _mixes_units(close: FloatArray) -> bool:
    """Whether adjacent closes of a share are about a hundred times apart: the reply counts in two units."""
    steps = np.exp(np.abs(np.diff(np.log(close))))
    return bool(((steps > _MIXED_UNITS[0]) & (steps < _MIXED_UNITS[1])).any())


def _adjustment(symbol: Symbol) -> Adjustment:
    """Currencies and coins know no splits, and an index no adjustment."""
    if symbol.kind in {"fx", "crypto"}:
        return "raw"
    return "index" if symbol.kind == "index" else "split"
