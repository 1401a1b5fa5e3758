"""What a macro or currency file is, judged by its content and never by its name.

Known: r-star workbooks; ECB zip, CSV and XML; Frankfurter JSON; NY Fed EFFR as JSON or CSV; FRED series as CSV or JSON;
iShares holdings. A FRED series says its name in the heading; where the heading says only `value` (or the JSON holds
no name) it is told by its January values (`fingerprints.json`), and left out when they are not those of a known one.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from bot.errors import BadPayload
from bot.providers.macro.figures import Pieces
from bot.providers.macro.fred import is_series_header, parse_columns, parse_observations, series_of
from bot.providers.macro.ishares import PREAMBLE, parse_holdings
from bot.providers.macro.newyorkfed import parse_effr
from bot.providers.reference_rates import is_rates, parse_csv, parse_rates, parse_xml, parse_zip
from bot.providers.response_checks import figure, text_of
from bot.providers.tables.files import UnreadableTable, file_text

if TYPE_CHECKING:
    from bot.market.rates import Readings

FILE = Path(__file__).with_name("fingerprints.json")
NAMED = frozenset({"EFFR", "DFF", "FEDFUNDS", "PCEPILFE"})
NAMELESS = frozenset({"VALUE", ""})
_CLOSE = {"FEDFUNDS": (0.0, 0.02), "PCEPILFE": (0.005, 0.0)}


def recognise(body: bytes) -> Pieces:
    """The pieces in a file's content; none when it is of no known kind. Raises BadPayload for a broken known kind."""
    if body.startswith(b"PK"):
        return _packed(body)
    head = body[:4096].lstrip(b"\xef\xbb\xbf \r\n\t")
    if head[:1] == b"{":
        return _object(body)
    if head[:1] == b"<":
        return Pieces(tables=[parse_xml(body)]) if b"Cube" in body[:4096] else Pieces()
    return _table(body, head)


def _packed(body: bytes) -> Pieces:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = packed.namelist()
    except (zipfile.BadZipFile, OSError):
        raise BadPayload("macro folder", "the zip is broken") from None
    if "[Content_Types].xml" in names:
        return Pieces(workbooks=[body])
    return Pieces(tables=[parse_zip(body)]) if any(name.lower().endswith(".csv") for name in names) else Pieces()


def _object(body: bytes) -> Pieces:
    try:
        content: Any = orjson.loads(body.lstrip(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError:
        return Pieces()
    if "refRates" in content:
        return Pieces(series=[parse_effr(content)])
    if "observations" in content:
        return Pieces(series=_nameless(parse_observations(content)))
    return Pieces(tables=[parse_rates(content)]) if "rates" in content and "base" in content else Pieces()


def _table(body: bytes, head: bytes) -> Pieces:
    """A CSV by its heading: the rates' codes, EFFR's column names, a date and a series, or the holdings' line."""
    try:
        text = file_text(head)
    except UnreadableTable:
        return Pieces()
    lines = text.splitlines()
    cells = [cell.strip() for cell in next(csv.reader(lines[:1]), [])]
    if is_rates(text):
        return Pieces(tables=[parse_csv(body)])
    if {"Effective Date", "Rate Type", "Rate (%)"} <= set(cells):
        return Pieces(series=[parse_effr(_effr_rows(body))])
    if is_series_header(cells) and {name.upper() for name in cells[1:]} & (NAMED | NAMELESS):
        return Pieces(series=_named(parse_columns("macro folder", body)))
    if any(line.lstrip('"').startswith("Ticker") for line in lines[:PREAMBLE]):
        return Pieces(holdings=[parse_holdings(body)])
    return Pieces()


def _effr_rows(body: bytes) -> dict[str, Any]:
    """The NY Fed's CSV download in the shape of its JSON; dates there are MM/DD/YYYY."""
    rows = []
    for row in csv.DictReader(text_of("newyorkfed", body).splitlines()):
        text = (row.get("Effective Date") or "").strip()
        if (row.get("Rate Type") or "").strip() != "EFFR" or figure(row.get("Rate (%)")) is None:
            continue
        try:
            day = date.fromisoformat(text) if "-" in text else datetime.strptime(text, "%m/%d/%Y").date()  # noqa: DTZ007
        except ValueError:
            raise BadPayload("newyorkfed", "a rate without a date") from None
        rows.append({"type": "EFFR", "effectiveDate": day.isoformat(), "percentRate": row["Rate (%)"]})
    return {"refRates": rows}


def _named(columns: Mapping[str, dict[date, float]]) -> list[Readings]:
    found: list[Readings] = []
    for name, values in columns.items():
        if name.upper() in NAMED:
            found.append(series_of("macro folder", name.upper(), values))
        elif name.upper() in NAMELESS:
            found += _nameless(values)
    return found


def _nameless(values: dict[date, float]) -> list[Readings]:
    name = told_by_values(values)
    return [series_of("macro folder", name, values)] if name else []


def told_by_values(values: Mapping[date, float]) -> str | None:
    """The known monthly series whose January values these are; None when there is none in common, or one differs."""
    if any(day.day != 1 for day in values):
        return None
    januaries = {str(day.year): value for day, value in values.items() if day.month == 1}
    for name, (share, points) in _CLOSE.items():
        common = [(januaries[year], known) for year, known in fingerprints()[name].items() if year in januaries]
        if common and all(abs(value - known) <= share * known + points for value, known in common):
            return name
    return None


@cache
def fingerprints() -> dict[str, dict[str, float]]:
    """January values by series and year."""
    table: dict[str, Any] = json.loads(FILE.read_bytes())
    return {name: table[name] for name in _CLOSE}


def recognise_all(bodies: Sequence[tuple[str, bytes]]) -> tuple[Pieces, list[str]]:
    """The pieces of several files, and the names of those that look like a known kind but are broken.

    Whatever a reader trips over is the file's fault, and costs that file alone.
    """
    pieces, broken = Pieces(), []
    for name, body in bodies:
        try:
            pieces.add(recognise(body))
        except Exception:  # noqa: BLE001  one file's reader
            broken.append(name)
    return pieces, broken
