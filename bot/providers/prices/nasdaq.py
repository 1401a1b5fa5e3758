"""Nasdaq's website back end: daily history and quotes of US shares and funds. Keyless, undocumented, split-adjusted.

Closes are restated after splits; dividends are not included. An unknown symbol and a wrong asset class look the
same (status.rCode 400 with HTTP 200), so both classes are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, money, number, picked, us_days
from bot.providers.contract import (
    BROWSER,
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
    from bot.market.bars import Bars

_HEADERS = {
    "User-Agent": BROWSER,
    "Accept": "application/json, text/plain, */*",
    "Origin": "https://www.nasdaq.com",
    "Referer": "https://www.nasdaq.com/",
}
_NEW_YORK = ZoneInfo("America/New_York")
_CLOSE = time(16, 0)


class Nasdaq(RemoteProvider):
    """The provider `nasdaq`."""

    declaration = Declaration(
        name="nasdaq",
        title="Nasdaq",
        covers="US shares and funds, ten years; quotes",
        address="https://api.nasdaq.com",
        pace=Pace(1, 2.0),
        order=60,
        capabilities=Capabilities(frozenset({"stock", "fund", "unknown"}), quotes=2, history_years=10),
        terms="undocumented back end of a public site",
    )

    def _requests(self, symbol: Symbol, call: str, params: dict[str, str]) -> list[Request]:
        """One request per asset class, the likely one first."""
        classes = ("etf", "stocks") if symbol.kind == "fund" else ("stocks", "etf")
        where = address(self.base_url, "api", "quote", symbol.canonical.replace("-", "."), call)
        return [Request(where, {"assetclass": name, **params}, _HEADERS) for name in classes]

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The whole span, once per asset class."""
        span = {"fromdate": query.start.isoformat(), "todate": query.end.isoformat(), "limit": "9999"}
        return self._requests(query.symbol, "historical", span)

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `data.tradesTable.rows`, newest first in the answer."""
        table = self._content(response, query.now).get("tradesTable")
        rows = table.get("rows") if isinstance(table, dict) else None
        if rows is None or rows == []:
            raise UnknownSymbol(self.name, "no prices in the answer")
        with documented_shape(self.name):
            columns = {name: money(picked(rows, name)) for name in ("close", "open", "high", "low", "volume")}
            found = Table(us_days(picked(rows, "date")), **columns)
        return to_bars(found, Label(self.name, query.symbol.canonical, "split", query.now.date()))

    def quote_requests(self, query: QuoteQuery) -> Sequence[Request]:
        """One request per asset class."""
        return self._requests(query.symbol, "info", {})

    def parse_quote(self, query: QuoteQuery, response: Response) -> Quote:
        """The quote of `data.primaryData`; before the open its time is a date without an hour."""
        content = self._content(response, query.now)
        with documented_shape(self.name):
            primary = content["primaryData"]
            price, change = number(primary["lastSalePrice"]), number(str(primary["netChange"]).lstrip("+"))
            moment = _moment(primary["lastTradeTimestamp"])
            real_time = primary.get("isRealTime") is True
        if not price > 0:
            raise UnknownSymbol(self.name, "no price in the answer")
        return Quote(
            symbol=query.symbol.canonical,
            price=price,
            time=min(moment, query.now),
            provider=self.name,
            delay="real_time" if real_time else "delayed",
            previous_close=round(price - change, 6) if change == change else None,  # noqa: PLR0124  not NaN
        )

    def _content(self, response: Response, now: datetime) -> dict[str, Any]:
        check_status(self.name, response, now)
        content = json_object(self.name, response)
        status, found = content.get("status"), content.get("data")
        code = status.get("rCode") if isinstance(status, dict) else None
        if code == 400:
            raise UnknownSymbol(self.name, "no such symbol")
        if code != 200 or not isinstance(found, dict):
            raise BadPayload(self.name, "not the documented shape")
        return found


def _moment(text: str) -> datetime:
    """`Nov 19, 2026 3:59 PM ET`, or `Nov 19, 2026` for a session's close."""
    text = text.strip()
    if text.endswith(" ET"):
        local = datetime.strptime(text.removesuffix(" ET"), "%b %d, %Y %I:%M %p")  # noqa: DTZ007  its zone follows
    else:
        local = datetime.combine(datetime.strptime(text, "%b %d, %Y"), _CLOSE)  # noqa: DTZ007  its zone follows
    return local.replace(tzinfo=_NEW_YORK).astimezone(UTC)
