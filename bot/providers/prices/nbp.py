"""The National Bank of Poland: the price of gold of each Polish business day since 2013. Keyless.

It is told in zloty for a gram of pure gold; here it is zloty for a troy ounce, which the house turns into the currency
that was asked for with the reference rates of the same day. It follows London's price of the day before. The longest
span of one request is documented as 93 days and as 367. A span without a price is answered with 404.
Wire format: api.nbp.pl.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, iso_days, numbers, picked
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, json_array
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

GRAMS = 31.1034768
"""Grams in a troy ounce."""
_FIRST = date(2013, 1, 2)


class Nbp(RemoteProvider):
    """The provider `nbp`."""

    declaration = Declaration(
        name="nbp",
        title="National Bank of Poland",
        covers="gold since 2013, one price a day, converted from zloty",
        address="https://api.nbp.pl",
        pace=Pace(30, 30.0),
        order=74,
        capabilities=Capabilities(frozenset({"metal"}), max_days=90),
        late="one a day",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is gold."""
        return symbol.kind == "metal" and symbol.canonical.startswith("XAU/")

    def basis(self, symbol: Symbol) -> str:
        """What it is converted from, and with what."""
        polish = "the National Bank of Poland's price of the day"
        return polish if symbol.canonical.endswith("/PLN") else f"{polish}, converted with the ECB's reference rates"

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """One request for the span; none for one before its first price."""
        if query.end < _FIRST:
            return []
        where = address(self.base_url, "api", "cenyzlota", str(max(query.start, _FIRST)), str(query.end), "")
        return [Request(where, {"format": "json"})]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The prices `cena` by day `data`, in zloty for an ounce."""
        if response.status == 404:
            raise UnknownSymbol(self.name, "no prices of these days")
        check_status(self.name, response, query.now)
        rows = json_array(self.name, response)
        with documented_shape(self.name), np.errstate(over="raise"):
            table = Table(iso_days(picked(rows, "data")), numbers(picked(rows, "cena")) * GRAMS)
        label = Label(
            self.name, query.symbol.canonical, "fix", query.now.date(), first=query.start, delay="fix", currency="PLN"
        )
        return to_bars(table, label)
