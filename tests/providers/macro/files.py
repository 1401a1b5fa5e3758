"""Small files in the documented layouts, made here: workbooks, ECB tables, FRED, EFFR, holdings."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import openpyxl

from bot.providers.contract import FigureQuery, Response

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
QUERY = FigureQuery("figure", NOW)


def of(name: str, as_of: date | None = None) -> FigureQuery:
    return FigureQuery(name, NOW, as_of)


GROUPS_2023 = ("Trend Growth (g), Annualized", "Other Determinants (z)", "Natural Rate (r*)", "Output Gap")
GROUPS_2019 = ("Output Gap", "Trend Growth (g), Annualized", "Other Determinants (z)", "Natural Rate (r*)")

ECB_CSV = (
    "Date,USD,JPY,BGN,GBP,RUB,\n"
    "2026-10-30,1.1172,175.68,N/A,0.8338,N/A,\n"
    "2025-12-31,1.175,184.09,1.9558,0.8726,N/A,\n"
    "2022-03-01,1.1162,128.5,1.9558,0.83435,117.201,\n"
)
ECB_DAY = "Date, USD, JPY, GBP, \n30 October 2026, 1.1172, 175.68, 0.83380, \n"
ECB_XML = """<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
<gesmes:subject>Reference rates</gesmes:subject><Cube>
<Cube time='2026-10-30'><Cube currency='USD' rate='1.1172'/><Cube currency='JPY' rate='175.68'/></Cube>
<Cube time="2026-10-29"><Cube currency="USD" rate="1.1165"/></Cube></Cube></gesmes:Envelope>"""
FRANKFURTER = (
    '{"amount":1.0,"base":"EUR","start_date":"2026-10-29","end_date":"2026-10-30",'
    '"rates":{"2026-10-29":{"USD":1.1165,"GBP":0.8331},"2026-10-30":{"USD":1.1172,"GBP":0.8338}}}'
)
EFFR = (
    '{"refRates":[{"effectiveDate":"2026-11-19","type":"EFFR","percentRate":3.62,"percentPercentile1":3.6,'
    '"targetRateFrom":3.5,"targetRateTo":3.75,"volumeInBillions":101,"revisionIndicator":""},'
    '{"effectiveDate":"2026-11-18","type":"EFFR","percentRate":3.63},'
    '{"effectiveDate":"2026-11-18","type":"OBFR","percentRate":3.5}]}'
)
PCE_CSV = "observation_date,PCEPILFE\n2025-09-01,126.955\n2025-10-01,.\n2026-09-01,130.764\n2026-10-01,\n"
_REST = "Notional Value,Quantity,Price,Location,Exchange,Currency,FX Rate,Market Currency,Accrual Date"
_TAIL = '"1.00","1,000.00","10.00","United States","NYSE","USD","1.00","USD","-"'
HOLDINGS = f"""\ufeffiShares Russell 2000 ETF
Fund Holdings as of,"Nov 18, 2026"
Inception Date,"May 22, 2000"
Shares Outstanding,"300,000,000.00"

Ticker,Name,Sector,Asset Class,Market Value,Weight (%),{_REST}
"AAA","ALPHA CORP","Industrials","Equity","450,123,456.10","0.65",{_TAIL}
"BBB","BETA INC","Health Care","Equity","300,000,000.00","0.43",{_TAIL}
"CCC","GAMMA","Industrials","Equity","100.00","0.10",{_TAIL}
"XTSLA","BLK CSH FND","Cash and/or Derivatives","Money Market","90,000,000.00","0.13",{_TAIL}
"HELD","NO VALUE YET","Industrials","Equity","-","-",{_TAIL}

"The content contained herein is owned or licensed by BlackRock, Inc."
"""


def ok(body: str | bytes, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(status, body.encode() if isinstance(body, str) else body, headers=headers or {})


def zipped(csv_text: str, name: str = "eurofxref-hist.csv") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as into:
        into.writestr(name, csv_text)
    return packed.getvalue()


def workbook(rows: Sequence[Sequence[Any]], title: str = "data", first: Sequence[Sequence[Any]] = ()) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    if first:
        sheet.title = "notes"
        for row in first:
            sheet.append(list(row))
        sheet = book.create_sheet(title)
    else:
        sheet.title = title
    for row in rows:
        sheet.append(list(row))
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def hlw(groups: Sequence[str], areas: Sequence[str], values: dict[str, Any]) -> bytes:
    """An HLW workbook: r* of the US are `values` by ISO date; every other figure is 9.75, and would be wrong."""
    heads: list[Any] = [None, None]
    names: list[Any] = ["Date", None]
    for group in groups:
        heads += [group, *([None] * len(areas))]
        names += [*areas, None]
    rows: list[list[Any]] = [
        ["This spreadsheet contains updated estimates"],
        [None],
        ["Final data point"],
        [None],
        heads,
        names,
    ]
    for day, value in values.items():
        row: list[Any] = [datetime.fromisoformat(day), None]
        for group in groups:
            row += [value if group.startswith("Natural") and area == "US" else 9.75 for area in areas]
            row.append(None)
        rows.append(row)
    return workbook(rows, "HLW Estimates")


HLW_2023 = hlw(
    GROUPS_2023, ("US", "Canada", "Euro Area"), {"2022-10-01": "NA", "2023-01-01": 0.68, "2023-04-01": 0.569}
)
HLW_2019 = hlw(GROUPS_2019, ("US", "Canada", "Euro Area", "UK"), {"2019-01-01": 0.6, "2019-04-01": 0.508})
LW_BOOK = workbook(
    [
        ["Laubach-Williams"],
        [None],
        [None],
        [None],
        [None, "Two-sided", None, None, None, None, "One-sided"],
        ["Date", "rstar", "g", "z", "output gap", None, "rstar", "g", "z", "output gap"],
        [datetime(2023, 1, 1), 9.75, 2, 0, 0, None, 0.9, 2, 0, 0],  # noqa: DTZ001  as workbooks hold dates
        [datetime(2023, 4, 1), 9.75, 2, 0, 0, None, 0.6, 2, 0, 0],  # noqa: DTZ001
    ]
)
LM_BOOK = workbook(
    [["Date", "Lower Bound", "Median", "Upper Bound"], ["2023-01-01", 0.5, 2.1, 3.6], ["2023Q2", 0.6, 2.3, 3.9]],
    "LM_RealRate",
    first=[["See the notes"]],
)
