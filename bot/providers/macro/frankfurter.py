"""Frankfurter, version 1: the European Central Bank's euro reference rates as JSON. Keyless, open source, frozen.

Its server has answered spans of more than a year with weekly averages (lineofflight/frankfurter issue 22), which would
turn ten days into ten weeks without a word, so a year is asked at a time and an answer that skips days is refused.
Only rates against the euro are asked; its own inverse and cross rates are rounded.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.contract import (
    Capabilities,
    Declaration,
    FigureQuery,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.reference_rates import EURO, basis_of, currencies_of, has_rates, parse_rates, rate_bars
from bot.providers.response_checks import check_status, json_object

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import RateTable

_YEAR = 365
_RECENT = timedelta(days=45)
_DAILY_GAP = 3.0


class Frankfurter(RemoteProvider):
    """The provider `frankfurter`."""

    declaration = Declaration(
        name="frankfurter",
        title="Frankfurter",
        covers="the European Central Bank's euro reference rates, by span; the dollar index computed from them",
        address="https://api.frankfurter.dev",
        pace=Pace(20, 1.0),
        order=10,
        capabilities=Capabilities(frozenset({"fx", "index"}), figures=frozenset({"currencies"}), max_days=_YEAR),
        late="the day's fix",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair or the dollar index."""
        return has_rates(symbol)

    def basis(self, symbol: Symbol) -> str:
        """That the dollar index is computed."""
        return basis_of(symbol)

    def _request(self, start: date, end: date, **params: str) -> Request:
        return Request(f"{address(self.base_url, 'v1')}/{start}..{end}", {"base": EURO, **params})

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The euro's rates of the pair's two currencies, or of all that the dollar index is made of."""
        wanted = ",".join(currency for currency in currencies_of(query.symbol) if currency != EURO)
        return [self._request(query.start, query.end, symbols=wanted)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The rates by day."""
        if response.status in {404, 422}:
            raise UnknownSymbol(self.name, "no reference rates of this pair then")
        check_status(self.name, response, query.now)
        content = json_object(self.name, response)
        if content.get("rates") == {}:
            raise UnknownSymbol(self.name, "no reference rates of this pair then")
        bars = rate_bars(query, parse_rates(content), self.name)
        if len(bars) > 2 and float(np.median(np.diff(bars.dates).astype(int))) > _DAILY_GAP:
            raise BadPayload(self.name, "averages of weeks instead of daily rates")
        return bars

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """Every currency for six weeks up to the date: enough for a change over a month, small enough to keep."""
        end = query.as_of or query.now.date()
        return [self._request(end - _RECENT, end)]

    def parse_figure(self, query: FigureQuery, response: Response) -> RateTable:
        """The rates by day, or the one day that was asked for."""
        check_status(self.name, response, query.now)
        return parse_rates(json_object(self.name, response))
