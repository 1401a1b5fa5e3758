"""Nasdaq's website back end: daily history of US shares and funds. Keyless, undocumented, split-adjusted.

Closes are restated after splits; dividends are not included. An unknown symbol and a wrong asset class look the
same (status.rCode 400 with HTTP 200), so both classes are tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.errors import BadPayload, UnknownSymbol
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.prices.answers import check_status, json_object
from bot.prices.provider import Capabilities, HistoryQuery, Pace, Request, Response
from bot.prices.rows import Label, Row, number, to_bars

_HEADERS = {
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0 Safari/537.36",
    "Accept": "application/json, text/plain, */*",
    "Origin": "https://www.nasdaq.com",
    "Referer": "https://www.nasdaq.com/",
}


class Nasdaq:
    """The source `nasdaq`."""

    name = "nasdaq"
    pace = Pace(1, 2.0)
    capabilities = Capabilities(frozenset({"stock", "fund", "unknown"}), history_years=10)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def serves(self, symbol: Symbol) -> bool:
        """US shares and funds, and symbols whose kind is not known."""
        return symbol.kind in self.capabilities.kinds

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request per asset class, the likely one first."""
        classes = ("etf", "stocks") if query.symbol.kind == "fund" else ("stocks", "etf")
        spelling = query.symbol.canonical.replace("-", ".")
        return [
            Request(
                f"{self.base_url}/api/quote/{spelling}/historical",
                {
                    "assetclass": asset_class,
                    "fromdate": query.start.isoformat(),
                    "todate": query.end.isoformat(),
                    "limit": "9999",
                },
                _HEADERS,
            )
            for asset_class in classes
        ]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `data.tradesTable.rows`, newest first in the answer."""
        check_status(self.name, response)
        content = json_object(self.name, response)
        status = content.get("status")
        code = status.get("rCode") if isinstance(status, dict) else None
        if code == 400:
            raise UnknownSymbol(self.name, "no such symbol")
        data = content.get("data")
        if code != 200 or not isinstance(data, dict):
            raise BadPayload(self.name, "not the documented shape")
        table = data.get("tradesTable")
        rows = table.get("rows") if isinstance(table, dict) else None
        if rows is None or rows == []:
            raise UnknownSymbol(self.name, "no prices in the answer")
        if not isinstance(rows, list):
            raise BadPayload(self.name, "not the documented shape")
        label = Label(self.name, query.symbol.canonical, "split", query.now.date())
        return to_bars([self._row(row) for row in rows], label)

    def _row(self, row: Any) -> Row:
        try:
            day = datetime.strptime(row["date"], "%m/%d/%Y").date()  # noqa: DTZ007  a session's date, not a moment
            close = number(row["close"])
        except (KeyError, TypeError, ValueError):
            raise BadPayload(self.name, "a row without date or close") from None
        return Row(
            day, close, number(row.get("open")), number(row.get("high")), number(row.get("low")), number(row.get("volume"))
        )
