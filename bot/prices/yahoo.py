"""Yahoo's chart back end: daily history of indices, shares, funds, currencies and crypto.

For an operator who switches it on: its terms allow personal use, and it refuses clients that do not look like a
browser, so the extra `yahoo` (curl_cffi) sends for it. Prices in `quote` are split-adjusted; `adjclose` is not used.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.errors import BadPayload, UnknownSymbol
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.prices.answers import check_status, json_object
from bot.prices.provider import Capabilities, HistoryQuery, Pace, Request, Response
from bot.prices.rows import Label, Row, number, to_bars


class Yahoo:
    """The source `yahoo`."""

    name = "yahoo"
    pace = Pace(1, 1.0)
    capabilities = Capabilities(frozenset({"stock", "fund", "unknown", "index", "fx", "crypto"}))

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def serves(self, symbol: Symbol) -> bool:
        """Everything but commodities by name."""
        return symbol.kind in self.capabilities.kinds

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request for the whole span."""
        canonical = query.symbol.canonical
        spelling = canonical.replace("/", "") + "=X" if query.symbol.kind == "fx" else canonical
        first = datetime.combine(query.start, time(), UTC)
        last = datetime.combine(query.end + timedelta(days=1), time(), UTC)
        return [
            Request(
                f"{self.base_url}/v8/finance/chart/{spelling}",
                {
                    "period1": str(int(first.timestamp())),
                    "period2": str(int(last.timestamp())),
                    "interval": "1d",
                    "events": "div,splits",
                    "includePrePost": "false",
                },
            )
        ]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `chart.result[0]`; timestamps are session opens, so dates come from the exchange's zone."""
        if response.status == 404 and b'"Not Found"' in response.body:
            raise UnknownSymbol(self.name, "no such symbol")
        check_status(self.name, response)
        chart = json_object(self.name, response).get("chart")
        try:
            result = chart["result"][0]  # type: ignore[index]  # the except answers every other shape
            zone = ZoneInfo(result["meta"]["exchangeTimezoneName"])
            stamps, quote = result["timestamp"], result["indicators"]["quote"][0]
            rows = [self._row(zone, stamp, quote, i) for i, stamp in enumerate(stamps)]
        except (KeyError, TypeError, IndexError, ValueError, OSError, ZoneInfoNotFoundError):
            raise BadPayload(self.name, "not the documented shape") from None
        adjustment = "index" if query.symbol.kind == "index" else "split"
        label = Label(self.name, query.symbol.canonical, adjustment, query.now.date() + timedelta(days=1))
        return to_bars([row for row in rows if query.start <= row.day], label)

    def _row(self, zone: ZoneInfo, stamp: int, quote: dict[str, Any], i: int) -> Row:
        day = datetime.fromtimestamp(stamp, zone).date()
        cells = (number(quote[name][i]) for name in ("close", "open", "high", "low", "volume"))
        return Row(day, *cells)
