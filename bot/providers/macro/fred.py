"""FRED, the St. Louis Fed's database: one series by its interface (with a key) or as CSV (without).

Figures for r-star, and the prices of symbols that have a public series: spot oil and gas of the Energy Information
Administration, which come days later, and the Treasury's yields. CSV columns are read by position: the first is the
date, whatever it is called. `.` and empty cells are missing. Only series of US government agencies are asked for; FRED
also hosts third-party ones that may not be shown.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from bot.errors import AuthRefused, BadPayload, RateLimited, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table, iso_days, numbers, picked
from bot.providers.contract import (
    Capabilities,
    Declaration,
    FigureQuery,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
)
from bot.providers.response_checks import (
    body_of,
    check_status,
    documented_shape,
    figure,
    json_object,
    retry_after,
    text_of,
)
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import Readings

SERIES = {"policy": "DFF", "core-pce": "PCEPILFE"}
"""The series by figure."""
SPOT = {"WTI": "DCOILWTICO", "BRENT": "DCOILBRENTEU", "HENRYHUB": "DHHNGSP"}
"""The series by symbol: dollars a barrel, a barrel, and a million British thermal units."""
YIELDS = {
    "US1M": "DGS1MO", "US3M": "DGS3MO", "US6M": "DGS6MO", "US1Y": "DGS1", "US2Y": "DGS2", "US3Y": "DGS3",
    "US5Y": "DGS5", "US7Y": "DGS7", "US10Y": "DGS10", "US20Y": "DGS20", "US30Y": "DGS30",
}  # fmt: skip
"""The Federal Reserve's copies of the Treasury's par yields, in percent."""
_PRICED = SPOT | YIELDS
_LATE = "a day; oil and gas a week"
MONTHLY = frozenset({"FEDFUNDS", "PCEPILFE"})
_BACK = {"PCEPILFE": timedelta(days=900)}
_DAYS = timedelta(days=60)
_DATES = frozenset({"date", "observation_date"})


class Fred(RemoteProvider):
    """The provider `fred`: the documented interface; needs a free key."""

    declaration = Declaration(
        name="fred",
        title="FRED",
        covers="the policy rate and core PCE, dependably; spot oil and gas, US yields",
        address="https://api.stlouisfed.org",
        pace=Pace(100, 60.0),
        order=140,
        capabilities=Capabilities(frozenset({"commodity", "yield"}), figures=frozenset(SERIES)),
        keys=("key",),
        late=_LATE,
        terms="free key",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is oil, gas or a US yield of a public series."""
        return symbol.canonical in _PRICED and self.capabilities.cover(symbol)

    def basis(self, symbol: Symbol) -> str:
        """What kind of price it is."""
        return _basis(symbol)

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The observations of the span."""
        return [self._request(_PRICED.get(query.symbol.canonical, ""), str(query.start), str(query.end))]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The observations as closes; days without one are left out."""
        self._check(response, query.now)
        with documented_shape(self.name):
            rows = json_object(self.name, response)["observations"]
            return _bars(self.name, query, picked(rows, "date"), picked(rows, "value"))

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The recent observations. The key goes as a parameter, which no log shows."""
        series = _series(query)
        return [self._request(series, *_days(series, query))]

    def _request(self, series: str, start: str, end: str) -> Request:
        params = {
            "series_id": series,
            "api_key": self._keys[0].reveal(),
            "file_type": "json",
            "observation_start": start,
            "observation_end": end,
        }
        return Request(f"{self.base_url}/fred/series/observations", params)

    def parse_figure(self, query: FigureQuery, response: Response) -> Readings:
        """The observations. Its error texts can hold the key, so none is repeated."""
        self._check(response, query.now)
        return series_of(self.name, _series(query), parse_observations(json_object(self.name, response)))

    def _check(self, response: Response, now: datetime) -> None:
        if response.status == 423:
            raise RateLimited(self.name, "locked for now", retry_after(response, now))
        if response.status != 400:
            check_status(self.name, response, now)
            return
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
        covers="the policy rate, core PCE, spot oil and gas and US yields without a key; data centres often cannot "
        "reach it: take the free key",
        address="https://fred.stlouisfed.org",
        pace=Pace(20, 60.0),
        order=150,
        capabilities=Capabilities(frozenset({"commodity", "yield"}), figures=frozenset(SERIES)),
        late=_LATE,
        patience=2.5,
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is oil, gas or a US yield of a public series."""
        return symbol.canonical in _PRICED and self.capabilities.cover(symbol)

    def basis(self, symbol: Symbol) -> str:
        """What kind of price it is."""
        return _basis(symbol)

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The observations of the span."""
        return [self._request(_PRICED.get(query.symbol.canonical, ""), str(query.start), str(query.end))]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The second column as closes; days without a value are left out."""
        rows = _csv_rows(self.name, self._body(response, query.now))[1:]
        with documented_shape(self.name):
            return _bars(self.name, query, [row[0].strip() for row in rows], [row[1] for row in rows])

    def figure_requests(self, query: FigureQuery) -> Sequence[Request]:
        """The recent observations."""
        series = _series(query)
        return [self._request(series, *_days(series, query))]

    def _request(self, series: str, start: str, end: str) -> Request:
        return Request(f"{self.base_url}/graph/fredgraph.csv", {"id": series, "cosd": start, "coed": end})

    def parse_figure(self, query: FigureQuery, response: Response) -> Readings:
        """The second column."""
        columns = parse_columns(self.name, self._body(response, query.now))
        return series_of(self.name, _series(query), next(iter(columns.values())))

    def _body(self, response: Response, now: datetime) -> bytes:
        if response.status == 404:
            raise UnknownSymbol(self.name, "no such series")
        return body_of(self.name, response, now)


def _basis(symbol: Symbol) -> str:
    return "spot price, published days later" if symbol.canonical in SPOT else "par yield, the Federal Reserve's copy"


def _bars(provider: str, query: HistoryQuery, days: Sequence[str], cells: Sequence[object]) -> Bars:
    """Observations as closes, days without one left out. Raises ValueError for what are no days or numbers."""
    closes = numbers(cells)
    known = np.flatnonzero(np.isfinite(closes))
    spot = query.symbol.canonical in SPOT
    label = Label(
        provider,
        query.symbol.canonical,
        "raw" if spot else "fix",
        query.now.date(),
        first=query.start,
        delay="end_of_day" if spot else "fix",
        signed=True,
        currency=query.symbol.currency,
    )
    return to_bars(Table(iso_days(days)[known], closes[known]), label)


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


def _csv_rows(provider: str, body: bytes) -> list[list[str]]:
    """The lines of a download, the headings first. Raises BadPayload for another table."""
    rows = [row for row in csv.reader(text_of(provider, body).splitlines()) if row]
    if not rows or not is_series_header(rows[0]):
        raise BadPayload(provider, "not the documented table")
    return rows


def parse_columns(provider: str, body: bytes) -> dict[str, dict[date, float]]:
    """Values by date of each column after the first, by its heading. Raises BadPayload."""
    rows = _csv_rows(provider, body)
    columns: dict[str, dict[date, float]] = {name.strip(): {} for name in rows[0][1:]}
    for row in rows[1:]:
        try:
            day = date.fromisoformat(row[0].strip())
        except ValueError:
            raise BadPayload(provider, "a row without a date") from None
        for name, cell in zip(columns, row[1:], strict=False):
            value = figure(cell)
            if value is not None:
                columns[name][day] = value
    return columns
