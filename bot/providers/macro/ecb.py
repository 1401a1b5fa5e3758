"""The European Central Bank's euro reference rates: every fixing since 1999 in one file of 600 kB for all pairs.

A fixing per TARGET day near 16:00 in Frankfurt; reference only. "Source: European Central Bank".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
from bot.providers.reference_rates import basis_of, has_rates, parse_file, rate_bars
from bot.providers.response_checks import body_of

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import RateTable


class Ecb(RemoteProvider):
    """The provider `ecb`."""

    declaration = Declaration(
        name="ecb",
        title="European Central Bank",
        covers="euro reference rates since 1999; the dollar index computed from them",
        address="https://www.ecb.europa.eu",
        pace=Pace(10, 60.0),
        order=20,
        capabilities=Capabilities(
            frozenset({"fx", "index"}),
            figures=frozenset({"currencies", "currencies-history"}),
            history_figure="currencies-history",
        ),
        late="the day's fix",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair or the dollar index."""
        return has_rates(symbol)

    def basis(self, symbol: Symbol) -> str:
        """That the dollar index is computed."""
        return basis_of(symbol)

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The same file whatever is asked."""
        del query
        return [Request(address(self.base_url, "stats", "eurofxref", "eurofxref-hist.zip"))]

    def parse_figure(self, query: FigureQuery, response: Response) -> RateTable:
        """All the rates in the file."""
        return parse_file(body_of(self.name, response, query.now))

    def history_of(self, query: HistoryQuery, figure: RateTable) -> Bars:
        """The pair's rates in the file, or the index made of them."""
        return rate_bars(query, figure, self.name)
