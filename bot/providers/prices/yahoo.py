"""Yahoo's chart back end: daily history and quotes of indices, shares, funds, currencies and crypto.

For an operator who switches it on: its terms allow personal use, and it refuses clients that do not look like a
browser, so the extra `yahoo` (curl_cffi) sends for it. Prices in `quote` are split-adjusted; `adjclose` is not used.
The bar of a session that is still open is served like any other; the feed marks it.

Some exchanges are quoted in hundredths or thousandths of their currency (`GBp`, `ZAc`, `ILA`, `KWF`, `USX`): everything
is turned to whole units, by the currency that the answer itself names; the points of an index are no money and stay.
Rows, or all of them, can be in the other unit than the answer says (yfinance mends them, `scrapers/history.py`): where
neighbours, or the newest close and the price in `meta`, are about a hundred times apart, the answer is refused.
It has no spot metals: `XAUUSD=X` was empty in 2026, and `XAU-USD` is a coin.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from bot.errors import AuthRefused, ProviderError, RateLimited, Unavailable, UnknownSymbol
from bot.market.symbols import Symbol
from bot.market.venues import futures, spelling
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
_LEVELS = frozenset({"index", "yield"})
_IN_MONEY = frozenset({"stock", "fund", "unknown", "future"})
"""The kinds that are quoted in a currency, or in parts of it."""
_RECENT = 10 * 86_400.0
_NO_QUOTES = frozenset({"USDT", "USDC"})
_YIELDS = {"US5Y": "^FVX", "US10Y": "^TNX", "US30Y": "^TYX"}
_FUTURES_AT = {"XCME": "CME", "XCBT": "CBT", "XNYM": "NYM", "XCEC": "CMX", "IFUS": "NYB"}
"""What the month's futures of an exchange end with: ESZ26.CME."""


class Yahoo(RemoteProvider):
    """The provider `yahoo`."""

    declaration = Declaration(
        name="yahoo",
        title="Yahoo",
        covers="listings, indices and futures of the world, shares, funds, currencies and coins; quotes",
        address="https://query1.finance.yahoo.com",
        pace=Pace(1, 1.0),
        order=170,
        capabilities=Capabilities(
            frozenset({"stock", "fund", "unknown", "index", "future", "yield", "fx", "crypto"}),
            quotes=3,
            abroad=True,
        ),
        optional=True,
        late="0 to 35 minutes",
        terms="needs the extra `yahoo`; personal use by its terms",
        browser=True,
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it has the kind and a spelling for the symbol."""
        return self.capabilities.cover(symbol) and _spelling(symbol) is not None

    def basis(self, symbol: Symbol) -> str:
        """That its yields are Cboe's indices of them."""
        return f"Cboe's index {_spelling(symbol)}, not the Treasury's par yield" if symbol.kind == "yield" else ""

    def _request(self, symbol: Symbol, **params: str) -> Request:
        where = address(self.base_url, "v8", "finance", "chart", _spelling(symbol) or symbol.canonical)
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
            table, (currency, units) = _table(result, query.symbol), _units(result, query.symbol)
            newest = number(result["meta"].get("regularMarketPrice")) / units
        label = Label(
            self.name,
            query.symbol.canonical,
            _adjustment(query.symbol),
            query.now.date() + timedelta(days=1),
            first=query.start,
            currency=currency,
        )
        bars = to_bars(table, label)
        closes = np.append(bars.close, newest) if newest > 0 and _is_recent(bars, result) else bars.close
        if query.symbol.kind in _IN_MONEY and _mixes_units(closes):
            raise SuspectSeries(self.name, "prices in pence and in pounds, or the like, in one series")
        return bars

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """The newest session alone: then `chartPreviousClose` is the close of the session before."""
        return [self._request(query.symbol, range="1d")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in `meta`, delayed as the exchange demands."""
        result = self._result(response, query.now)
        with documented_shape(self.name):
            meta, (currency, units) = result["meta"], _units(result, query.symbol)
            price = number(meta["regularMarketPrice"]) / units
            moment = datetime.fromtimestamp(meta["regularMarketTime"], UTC)
            before = _close_before(result, query.symbol, moment)
        if not price > 0:
            raise UnknownSymbol(self.name, "no price in the answer")
        if query.symbol.kind in _IN_MONEY and before > 0 and _mixes_units(np.array([before, price])):
            raise SuspectSeries(self.name, "one price in pence and one in pounds, or the like")
        return Quote(
            symbol=query.symbol.canonical,
            price=price,
            time=min(moment, query.now),
            provider=self.name,
            delay="delayed",
            previous_close=before if before > 0 else None,
            adjustment="index" if query.symbol.kind in _LEVELS else "raw",
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


def _spelling(symbol: Symbol) -> str | None:
    """What Yahoo calls a symbol; None for what it does not have."""
    canonical = symbol.canonical
    if symbol.kind == "fx":
        return canonical.replace("/", "") + "=X"
    if symbol.kind == "crypto":
        return None if canonical.rpartition("-")[2] in _NO_QUOTES else canonical
    if symbol.kind == "yield":
        return _YIELDS.get(canonical)
    if symbol.kind == "future":
        suffix = _FUTURES_AT.get(symbol.venue or "")
        if suffix is None or canonical in futures():
            return suffix and canonical
        return f"{canonical.removesuffix('=F')}.{suffix}"
    return spelling(canonical, "yahoo") or canonical


def _units(result: dict[str, Any], symbol: Symbol) -> tuple[str | None, float]:
    """The currency of an answer's prices, None for percent, and how many of its units make one of it."""
    currency, units = major(result["meta"].get("currency"))
    return None if symbol.kind == "yield" else currency, units if symbol.kind in _IN_MONEY else 1.0


def _is_recent(bars: Bars, result: dict[str, Any]) -> bool:
    """Whether the newest bar is of about the time of the price in `meta`."""
    seconds = number(result["meta"].get("regularMarketTime"))
    return abs(seconds - float(bars.dates[-1].astype("datetime64[s]").astype(np.int64))) <= _RECENT


def _table(result: dict[str, Any], symbol: Symbol) -> Table:
    zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
    cells, (_, units) = result["indicators"]["quote"][0], _units(result, symbol)
    prices = {name: numbers(cells[name]) / units for name in ("close", "open", "high", "low")}
    return Table(local_days(numbers(result["timestamp"]), zone), **prices, volume=numbers(cells["volume"]))


def _close_before(result: dict[str, Any], symbol: Symbol, moment: datetime) -> float:
    """The close of the session before the price's; NaN where the reply does not hold it.

    `chartPreviousClose` is the close before the first bar of the reply: that of the session before only where the
    reply holds no earlier session.
    """
    meta, (_, units) = result["meta"], _units(result, symbol)
    if meta.get("previousClose") is not None:
        return number(meta["previousClose"]) / units
    if result.get("timestamp"):
        table = _table(result, symbol)
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
    """Whether adjacent prices of a share or future are about a hundred times apart: the reply counts in two units."""
    steps = np.abs(np.diff(np.log(close)))
    least, most = np.log(_MIXED_UNITS)
    return bool(((steps > least) & (steps < most)).any())


def _adjustment(symbol: Symbol) -> Adjustment:
    """Currencies, coins and futures know no splits, and an index no adjustment."""
    if symbol.kind in _LEVELS:
        return "index"
    return "raw" if symbol.kind in {"fx", "crypto", "future"} else "split"
