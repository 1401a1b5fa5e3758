"""FRED, the St. Louis Fed's database: one series by its interface (with a key) or as CSV (without).

CSV columns are read by position: the first is the date, whatever it is called. `.` and empty cells are missing. Only
series of US government agencies are asked for; FRED also hosts third-party ones that may not be shown.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import orjson

from bot.errors import AuthRefused, BadPayload, RateLimited, UnknownSymbol
from bot.providers.contract import Capabilities, Declaration, FigureQuery, Pace, RemoteProvider, Request, Response
from bot.providers.response_checks import body_of, check_status, figure, json_object, retry_after, text_of

if TYPE_CHECKING:
    from bot.market.rates import Readings

SERIES = {"policy": "DFF", "core-pce": "PCEPILFE"}
"""The series by figure."""
MONTHLY = frozenset({"FEDFUNDS", "PCEPILFE"})
_BACK = {"PCEPILFE": timedelta(days=900)}
_DAYS = timedelta(days=60)
_DATES = frozenset({"date", "observation_date"})


class Fred(RemoteProvider):
    """The provider `fred`: the documented interface; needs a free key."""

    declaration = Declaration(
        name="fred",
        title="FRED",
        covers="the policy rate and core PCE, dependably",
        address="https://api.stlouisfed.org",
        pace=Pace(100, 60.0),
        order=140,
        capabilities=Capabilities(figures=frozenset(SERIES)),
        keys=("key",),
        terms="free key",
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The recent observations. The key goes as a parameter, which no log shows."""
        series = _series(query)
        start, end = _days(series, query)
        params = {
            "series_id": series,
            "api_key": self._keys[0].reveal(),
            "file_type": "json",
            "observation_start": start,
            "observation_end": end,
        }
        return [Request(f"{self.base_url}/fred/series/observations", params)]

    def parse_figure(self, query: FigureQuery, response: Response) -> Readings:
        """The observations. Its error texts can hold the key, so none is repeated."""
        if response.status in {400, 423}:
            self._refuse(response, query)
        check_status(self.name, response, query.now)
        return series_of(self.name, _series(query), parse_observations(json_object(self.name, response)))

    def _refuse(self, response: Response, query: FigureQuery) -> None:
        if response.status == 423:
            raise RateLimited(self.name, "locked for now", retry_after(response, query.now))
        try:
            content = orjson.loads(response.body)
        except orjson.JSONDecodeError:
            content = {}
        message = str(content.get("error_message", "")) if isinstance(content, dict) else ""
        if "api_key" in message or "api key" in message.lower():
            raise AuthRefused(self.name, "the key was refused")
        if "does not exist" in message:
            raise UnknownSymbol(self.name, "no such series")
        raise BadPayload(self.name, "the request was refused (400)")


class FredCsv(RemoteProvider):
    """The provider `fred-csv`: the chart's download; keyless. It hangs from data centres: it gets little time."""

    declaration = Declaration(
        name="fred-csv",
        title="FRED's download",
        covers="the policy rate and core PCE without a key; data centres often cannot reach it: take the free key",
        address="https://fred.stlouisfed.org",
        pace=Pace(20, 60.0),
        order=150,
        capabilities=Capabilities(figures=frozenset(SERIES)),
        patience=2.5,
    )

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The recent observations."""
        series = _series(query)
        start, end = _days(series, query)
        return [Request(f"{self.base_url}/graph/fredgraph.csv", {"id": series, "cosd": start, "coed": end})]

    def parse_figure(self, query: FigureQuery, response: Response) -> Readings:
        """The second column."""
        if response.status == 404:
            raise UnknownSymbol(self.name, "no such series")
        columns = parse_columns(self.name, body_of(self.name, response, query.now))
        return series_of(self.name, _series(query), next(iter(columns.values())))


def _series(query: FigureQuery) -> str:
    """The series of a figure; a series by its own name is itself."""
    return SERIES.get(query.name, query.name)


def _days(series: str, query: FigureQuery) -> tuple[str, str]:
    end = query.as_of or query.now.date()
    return str(end - _BACK.get(series, _DAYS)), str(end)


def series_of(provider: str, series: str, values: dict[date, float]) -> Readings:
    """A named series. Raises UnknownSymbol when it has no value."""
    from bot.market.rates import Readings

    if not values:
        raise UnknownSymbol(provider, "no observations for these days")
    return Readings(series, values, monthly=series in MONTHLY)


def parse_observations(content: dict[str, Any]) -> dict[date, float]:
    """Values by date of the interface's JSON. Raises BadPayload."""
    rows = content.get("observations")
    if not isinstance(rows, list):
        raise BadPayload("fred", "not the documented shape")
    try:
        pairs = [(date.fromisoformat(row["date"]), figure(row["value"])) for row in rows]
    except (KeyError, TypeError, ValueError):
        raise BadPayload("fred", "an observation without date or value") from None
    return {day: value for day, value in pairs if value is not None}


def is_series_header(cells: Sequence[str]) -> bool:
    """Whether the first line of a CSV could be that of a FRED download."""
    return len(cells) >= 2 and cells[0].strip().casefold() in _DATES


def parse_columns(provider: str, body: bytes) -> dict[str, dict[date, float]]:
    """Values by date of each column after the first, by its heading. Raises BadPayload."""
    rows = list(csv.reader(text_of(provider, body).splitlines()))
    if not rows or not is_series_header(rows[0]):
        raise BadPayload(provider, "not the documented table")
    columns: dict[str, dict[date, float]] = {name.strip(): {} for name in rows[0][1:]}
    for row in rows[1:]:
        if not row:
            continue
        try:
            day = date.fromisoformat(row[0].strip())
        except ValueError:
            raise BadPayload(provider, "a row without a date") from None
        for name, cell in zip(columns, row[1:], strict=False):
            value = figure(cell)
            if value is not None:
                columns[name][day] = value
    return columns
