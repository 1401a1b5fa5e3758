"""Frankfurter, version 1: the European Central Bank's euro reference rates as JSON. Keyless, open source, frozen.

Its server has answered spans of more than a year with weekly averages (lineofflight/frankfurter issue 22), which would
turn ten days into ten weeks without a word, so a year is asked at a time and an answer that skips days is refused.
Only rates against the euro are asked; its own inverse and cross rates are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.answers import check_status, json_object
from bot.providers.euro import EURO, fixes, is_pair, legs
from bot.providers.provider import Capabilities, HistoryQuery, Pace, Request, Response, address
from bot.providers.reference_rates import parse_rates

if TYPE_CHECKING:
    from bot.market.bars import Bars

_YEAR = 365
_DAILY_GAP = 3.0


class Frankfurter:
    """The source `frankfurter`."""

    name = "frankfurter"
    pace = Pace(20, 1.0)
    capabilities = Capabilities(frozenset({"fx"}), max_days=_YEAR)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair."""
        return is_pair(symbol)

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The euro's rates of the pair's two currencies."""
        wanted = ",".join(currency for currency in legs(query.symbol) if currency != EURO)
        where = f"{address(self.base_url, 'v1')}/{query.start.isoformat()}..{query.end.isoformat()}"
        return [Request(where, {"base": EURO, "symbols": wanted})]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The rates by day."""
        if response.status in {404, 422}:
            raise UnknownSymbol(self.name, "no reference rates of this pair then")
        check_status(self.name, response, query.now)
        content = json_object(self.name, response)
        if content.get("rates") == {}:
            raise UnknownSymbol(self.name, "no reference rates of this pair then")
        table = parse_rates(content)
        bars = fixes(query.symbol, table.days, table.per_euro, self.name, (query.start, query.now.date()))
        if len(bars) > 2 and float(np.median(np.diff(bars.dates).astype(int))) > _DAILY_GAP:
            raise BadPayload(self.name, "averages of weeks instead of daily rates")
        return bars
