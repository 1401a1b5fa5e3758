"""The New York Fed: the r-star workbooks of its research pages, and EFFR from its markets interface. Keyless."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from bot.errors import BadPayload, UnknownSymbol
from bot.providers.macro.source import BROWSER, MacroQuery, body_of, figure
from bot.providers.macro.wire import Pace, Request, Response, check_status, json_object
from bot.providers.macro.workbooks import HLW, read_workbook

if TYPE_CHECKING:
    from bot.market.rates import Estimates, Readings

_FOLDER = "/medialibrary/media/research/economists/williams/data"
_FILES = {HLW: "Holston_Laubach_Williams_current_estimates.xlsx", "LW": "Laubach_Williams_current_estimates.xlsx"}
_DAYS = timedelta(days=14)


class RStarWorkbook:
    """The sources `newyorkfed-hlw` and `newyorkfed-lw`: the current edition of one model."""

    pace = Pace(10, 60.0)

    def __init__(self, base_url: str, model: str) -> None:
        self.name = f"newyorkfed-{model.lower()}"
        self.base_url = base_url
        self._model = model

    def request(self, query: MacroQuery) -> Request:
        """The workbook."""
        return Request(f"{self.base_url}{_FOLDER}/{_FILES[self._model]}", headers={"User-Agent": BROWSER})

    def parse(self, query: MacroQuery, response: Response) -> Estimates:
        """The US column. Raises BadPayload when the file is of another model."""
        return of_model(self.name, self._model, body_of(self.name, response, query.now))


def of_model(provider: str, model: str, body: bytes) -> Estimates:
    """The estimates of a workbook that must be of one model. Raises BadPayload."""
    try:
        found = read_workbook(body)
    except BadPayload as error:
        raise BadPayload(provider, error.detail) from None
    if found.model != model:
        raise BadPayload(provider, "the workbook of another model")
    return replace(found, model=model)


class Effr:
    """The source `newyorkfed`: the effective federal funds rate of each business day since July 2000."""

    name = "newyorkfed"
    pace = Pace(30, 60.0)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def request(self, query: MacroQuery) -> Request:
        """The last days, or two weeks up to a date."""
        path = f"{self.base_url}/api/rates/unsecured/effr"
        if query.as_of is None:
            return Request(f"{path}/last/5.json")
        start = query.as_of - _DAYS
        return Request(f"{path}/search.json", {"startDate": str(start), "endDate": str(query.as_of)})

    def parse(self, query: MacroQuery, response: Response) -> Readings:
        """The rates by day. Raises UnknownSymbol when nothing was published for the days."""
        check_status(self.name, response, query.now)
        return parse_effr(json_object(self.name, response))


def parse_effr(content: dict[str, Any]) -> Readings:
    """EFFR by day from `refRates`. Raises BadPayload, UnknownSymbol for an empty list."""
    from bot.market.rates import Readings

    rows = content.get("refRates")
    if not isinstance(rows, list):
        raise BadPayload("newyorkfed", "not the documented shape")
    values: dict[date, float] = {}
    for row in rows:
        if not isinstance(row, dict) or row.get("type") != "EFFR":
            continue
        rate = figure(row.get("percentRate"))
        try:
            day = date.fromisoformat(row["effectiveDate"])
        except (KeyError, TypeError, ValueError):
            raise BadPayload("newyorkfed", "a rate without a date") from None
        if rate is not None:
            values[day] = rate
    if not values:
        raise UnknownSymbol("newyorkfed", "nothing was published for these days")
    return Readings("EFFR", values)
