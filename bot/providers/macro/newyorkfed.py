"""The New York Fed: the r-star workbooks of its research pages, and EFFR from its markets interface. Keyless."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import BadPayload, UnknownSymbol
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
from bot.providers.macro.workbooks import HLW, LW, estimates_of
from bot.providers.response_checks import body_of, check_status, figure, json_object

if TYPE_CHECKING:
    from bot.market.rates import Estimates, Readings

_FOLDER = "/medialibrary/media/research/economists/williams/data"
_FILES = {HLW: "Holston_Laubach_Williams_current_estimates.xlsx", LW: "Laubach_Williams_current_estimates.xlsx"}
_DAYS = timedelta(days=14)


class RStarWorkbooks(RemoteProvider):
    """The provider `newyorkfed`: the current edition of each model, one workbook each."""

    declaration = Declaration(
        name="newyorkfed",
        title="New York Fed, research",
        covers="r-star by Holston-Laubach-Williams and Laubach-Williams",
        address="https://www.newyorkfed.org",
        pace=Pace(10, 60.0),
        order=110,
        capabilities=Capabilities(figures=frozenset(_FILES)),
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The model's workbook."""
        return [Request(f"{self.base_url}{_FOLDER}/{_FILES[query.name]}", headers={"User-Agent": BROWSER})]

    def parse_figure(self, query: FigureQuery, response: Response) -> Estimates:
        """The US column. Raises BadPayload when the file is of another model."""
        return estimates_of(self.name, query.name, body_of(self.name, response, query.now))


class Effr(RemoteProvider):
    """The provider `newyorkfed-rates`: the effective federal funds rate of each business day since July 2000."""

    declaration = Declaration(
        name="newyorkfed-rates",
        title="New York Fed, markets",
        covers="the effective federal funds rate (EFFR)",
        address="https://markets.newyorkfed.org",
        pace=Pace(30, 60.0),
        order=120,
        capabilities=Capabilities(figures=frozenset({"policy"})),
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The last days, or two weeks up to a date."""
        path = f"{self.base_url}/api/rates/unsecured/effr"
        if query.as_of is None:
            return [Request(f"{path}/last/5.json")]
        start = query.as_of - _DAYS
        return [Request(f"{path}/search.json", {"startDate": str(start), "endDate": str(query.as_of)})]

    def parse_figure(self, query: FigureQuery, response: Response) -> Readings:
        """The rates by day. Raises UnknownSymbol when nothing was published for the days."""
        check_status(self.name, response, query.now)
        return parse_effr(json_object(self.name, response))


def parse_effr(content: dict[str, Any]) -> Readings:
    """EFFR by day from `refRates`. Raises BadPayload, UnknownSymbol for an empty list."""
    from bot.market.rates import Readings

    rows = content.get("refRates")
    if not isinstance(rows, list):
        raise BadPayload("newyorkfed-rates", "not the documented shape")
    values: dict[date, float] = {}
    for row in rows:
        if not isinstance(row, dict) or row.get("type") != "EFFR":
            continue
        rate = figure(row.get("percentRate"))
        try:
            day = date.fromisoformat(row["effectiveDate"])
        except (KeyError, TypeError, ValueError):
            raise BadPayload("newyorkfed-rates", "a rate without a date") from None
        if rate is not None:
            values[day] = rate
    if not values:
        raise UnknownSymbol("newyorkfed-rates", "nothing was published for these days")
    return Readings("EFFR", values)
