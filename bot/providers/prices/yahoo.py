"""Yahoo's chart back end: daily history and quotes of indices, shares, funds, currencies and crypto.

For an operator who switches it on: its terms allow personal use, and it refuses clients that do not look like a
browser, so the extra `yahoo` (curl_cffi) sends for it. Prices in `quote` are split-adjusted; `adjclose` is not used.
The bar of a session that is still open is served like any other; the feed marks it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, local_days, number, numbers
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
from bot.providers.response_checks import check_status, documented_shape, json_object
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Adjustment, Bars


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
        ),
        optional=True,
        terms="needs the extra `yahoo`; personal use by its terms",
        browser=True,
    )

    def _request(self, symbol: Symbol, **params: str) -> Request:
        canonical = symbol.canonical
        spelling = canonical.replace("/", "") + "=X" if symbol.kind == "fx" else canonical
        where = address(self.base_url, "v8", "finance", "chart", spelling)
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
        if "timestamp" not in result:
            raise UnknownSymbol(self.name, "no prices in the answer")
        with documented_shape(self.name):
            zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
            cells = result["indicators"]["quote"][0]
            columns = {name: numbers(cells[name]) for name in ("close", "open", "high", "low", "volume")}
            table = Table(local_days(numbers(result["timestamp"]), zone), **columns)
        tomorrow = query.now.date() + timedelta(days=1)
        label = Label(self.name, query.symbol.canonical, _adjustment(query.symbol), tomorrow, first=query.start)
        return to_bars(table, label)

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """The newest session alone: then `chartPreviousClose` is the close of the session before."""
        return [self._request(query.symbol, range="1d")]

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote in `meta`, delayed as the exchange demands."""
        meta = self._result(response, query.now).get("meta")
        with documented_shape(self.name):
            price, before = number(meta["regularMarketPrice"]), number(meta.get("chartPreviousClose"))  # type: ignore[index,union-attr]
            moment = datetime.fromtimestamp(meta["regularMarketTime"], UTC)  # type: ignore[index]
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
        )

    def _result(self, response: Response, now: datetime) -> dict[str, Any]:
        if response.status == 404 and b'"Not Found"' in response.body:
            raise UnknownSymbol(self.name, "no such symbol")
        check_status(self.name, response, now)
        with documented_shape(self.name):
            found: dict[str, Any] = json_object(self.name, response)["chart"]["result"][0]
            if not isinstance(found, dict):
                raise TypeError
        return found


def _adjustment(symbol: Symbol) -> Adjustment:
    """Currencies and coins know no splits, and an index no adjustment."""
    if symbol.kind in {"fx", "crypto"}:
        return "raw"
    return "index" if symbol.kind == "index" else "split"
