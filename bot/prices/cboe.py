"""Cboe's delayed-quote back end: daily history of US shares, funds and some indices. Keyless, undocumented.

Prices are not always restated for splits, so a series with a jump that looks like one inside it is refused: a wrong
number is worse than none. Zero means missing. Unknown symbols are answered with 403 and XML.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.errors import BadPayload, UnknownSymbol
from bot.market.bars import Bars
from bot.market.checks import split_like
from bot.market.symbols import Symbol
from bot.prices.answers import check_status, json_object
from bot.prices.provider import Capabilities, HistoryQuery, Pace, Request, Response
from bot.prices.rows import NAN, Label, Row, number, to_bars

_INDICES = {"^GSPC": "_SPX", "^VIX": "_VIX", "^DJI": "_DJI", "^TNX": "_TNX"}


class Cboe:
    """The source `cboe`."""

    name = "cboe"
    pace = Pace(40, 60.0)
    capabilities = Capabilities(frozenset({"stock", "fund", "unknown", "index"}))

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def serves(self, symbol: Symbol) -> bool:
        """US shares and funds, and the indices whose history is served: not ^RUT, not ^NDX."""
        if symbol.kind == "index":
            return symbol.canonical in _INDICES
        return symbol.kind in self.capabilities.kinds

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The whole listed life; there is no range parameter."""
        canonical = query.symbol.canonical
        spelling = _INDICES.get(canonical, canonical.replace("-", "."))
        return [Request(f"{self.base_url}/api/global/delayed_quotes/charts/historical/{spelling}.json")]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The bars of `data` from the asked start on."""
        if response.status == 403 and response.body.lstrip()[:1] == b"<":
            raise UnknownSymbol(self.name, "no such symbol")
        check_status(self.name, response)
        rows = json_object(self.name, response).get("data")
        if not isinstance(rows, list):
            raise BadPayload(self.name, "not the documented shape")
        index = query.symbol.kind == "index"
        label = Label(self.name, query.symbol.canonical, "index" if index else "split", query.now.date())
        wanted = [row for row in map(self._row, rows) if query.start <= row.day]
        bars = to_bars(wanted, label)
        if not index and split_like(bars.close):
            raise BadPayload(self.name, "a jump that looks like an unadjusted split")
        return bars

    def _row(self, row: Any) -> Row:
        try:
            day = date.fromisoformat(row["date"])
            close = _zero_is_missing(row["close"])
        except (KeyError, TypeError, ValueError):
            raise BadPayload(self.name, "a row without date or close") from None
        prices = (_zero_is_missing(row.get(name)) for name in ("open", "high", "low"))
        return Row(day, close, *prices, number(row.get("volume")))


def _zero_is_missing(cell: object) -> float:
    value = number(cell)
    return NAN if value == 0 else value
