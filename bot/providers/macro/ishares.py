"""iShares: the holdings of IWM, the Russell 2000 fund, as CSV. Keyless; the site's terms allow own use.

Some lines about the fund, then a line starting with `Ticker`, then one line per holding, then legal text. `Quantity`
was once `Shares`; columns are found by name. Numbers have thousands separators. Cash may be negative (sales of futures
that settle later), and what is not traded has the ticker `-`. Until 2026 the file had an `.ajax` address, which now
answers the product's web page with status 200.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.errors import BadPayload
from bot.providers.contract import (
    BROWSER,
    Capabilities,
    Declaration,
    FigureQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
)
from bot.providers.response_checks import body_of, figure, text_of

if TYPE_CHECKING:
    from bot.market.index import Holdings

_PATH = "/us/products/239710/ishares-russell-2000-etf/latest-holdings.csv"
_COLUMNS = ("Ticker", "Name", "Sector", "Asset Class", "Market Value", "Weight (%)")
PREAMBLE = 25


class IwmHoldings(RemoteProvider):
    """The provider `ishares`."""

    declaration = Declaration(
        name="ishares",
        title="iShares",
        covers="the holdings of IWM, the Russell 2000 fund",
        address="https://www.ishares.com",
        pace=Pace(4, 60.0),
        order=160,
        capabilities=Capabilities(figures=frozenset({"holdings"})),
        terms="own use by the site's terms",
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The newest holdings."""
        del query
        return [Request(f"{self.base_url}{_PATH}", headers={"User-Agent": BROWSER})]

    def parse_figure(self, query: FigureQuery, response: Response) -> Holdings:
        """Every line of the table."""
        return parse_holdings(body_of(self.name, response, query.now))


def parse_holdings(body: bytes) -> Holdings:
    """The holdings in a file. Raises BadPayload when it has no date, no table or no lines."""
    from bot.market.index import Holding, Holdings

    rows = list(csv.reader(text_of("ishares", body).splitlines()))
    head = next((i for i, row in enumerate(rows[:PREAMBLE]) if row and row[0].strip() == "Ticker"), None)
    if head is None:
        raise BadPayload("ishares", "no table of holdings")
    names = [cell.strip() for cell in rows[head]]
    if any(column not in names for column in _COLUMNS):
        raise BadPayload("ishares", "columns are missing")
    places = [names.index(column) for column in _COLUMNS]
    found = []
    for row in rows[head + 1 :]:
        if len(row) < len(names) - 1:
            break
        ticker, name, sector, kind, value, weight = (row[place].strip() for place in places)
        amounts = figure(value), figure(weight)
        if amounts[0] is not None and amounts[1] is not None:
            found.append(Holding(ticker, name, sector, kind, amounts[0], amounts[1]))
    if not found:
        raise BadPayload("ishares", "no holdings in the table")
    return Holdings("IWM", _day(rows[:head]), tuple(found))


def _day(preamble: Sequence[Sequence[str]]) -> date:
    for row in preamble:
        if len(row) >= 2 and row[0].strip().casefold().startswith("fund holdings as of"):
            for written in ("%b %d, %Y", "%d/%b/%Y"):
                with suppress(ValueError):
                    return datetime.strptime(row[1].strip(), written).date()  # noqa: DTZ007  a close's date
    raise BadPayload("ishares", "no date of the holdings")
