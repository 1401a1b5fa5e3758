"""The European Central Bank's euro reference rates, read from every form they come in: one table for rates and prices.

Units of a currency for one euro, one fixing a day near 16:00 in Frankfurt, for information only. The bank's history is
a zip with one CSV, newest first, `N/A` for gaps and a trailing comma; its one-day CSV writes the date as `30 October
2026` and spaces after commas; its XML nests `Cube time` and `Cube currency rate`. Frankfurter (version 1) has the same
rates as JSON. A pair is units of its quote for one unit of its base: direct, inverse and cross rates, at full
precision. Pure. Source: European Central Bank.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import NAN, Table, iso_days, numbers
from bot.providers.contract import HistoryQuery
from bot.providers.response_checks import documented_shape
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import RateTable

BANK, FRANKFURTER, EURO = "ecb", "frankfurter", "EUR"
MAX_CSV = 32 * 2**20
_CODE_LENGTH = 3
_DAY = re.compile(r"""<(?:\w+:)?Cube\s+time=["'](\d{4}-\d\d-\d\d)["']""")
_RATE = re.compile(r"""<(?:\w+:)?Cube\s+currency=["']([A-Z]{3})["']\s+rate=["']([\d.]+)["']""")


def parse_file(body: bytes) -> RateTable:
    """The table of a zip or CSV of the bank, told apart by its first bytes. Raises BadPayload."""
    return parse_zip(body) if body[:2] == b"PK" else parse_csv(body)


def parse_zip(body: bytes) -> RateTable:
    """The table of the zip's CSV. Raises BadPayload."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            members = packed.infolist()
            if len(members) != 1 or not members[0].filename.lower().endswith(".csv"):
                raise BadPayload(BANK, "not one table in the zip")
            if members[0].file_size > MAX_CSV:
                raise BadPayload(BANK, "the file is too large")
            return parse_csv(packed.read(members[0]))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        raise BadPayload(BANK, "a damaged zip file") from None


def parse_csv(body: bytes) -> RateTable:
    """The table of a CSV of the bank: the history or one day. Raises BadPayload."""
    from bot.market.rates import RateTable

    if body.lstrip()[:1] == b"<":
        raise BadPayload(BANK, "a web page instead of a file")
    with documented_shape(BANK):
        lines = [line for line in body.decode("utf-8-sig").replace("N/A", "nan").splitlines() if line.strip()]
        header = [cell.strip() for cell in lines[0].split(",")]
        codes = [code for code in header[1:] if code]
        if header[0] != "Date" or len(codes) < 2 or {*map(len, codes)} != {_CODE_LENGTH}:
            raise ValueError("no table of reference rates")
        columns = list(zip(*(line.split(",") for line in lines[1:]), strict=True))
        days = iso_days([_iso(cell.strip()) for cell in columns[0]])
        order = np.argsort(days)
        cells = zip(header[1:], columns[1:], strict=False)
        return RateTable(days[order], {code: np.array([*map(float, of)])[order] for code, of in cells if code})


def _iso(text: str) -> str:
    """`2026-10-30`, or `30 October 2026` as in the file of one day."""
    if text[:4].isdigit():
        return text
    return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007  a date, not a moment


def parse_xml(body: bytes) -> RateTable:
    """The table of an XML of the bank: one day or the last ninety. Read by pattern, not by an XML parser.

    Raises BadPayload.
    """
    with documented_shape(BANK):
        text = body.decode("utf-8-sig")
        starts = list(_DAY.finditer(text))
        ends = [*(match.start() for match in starts[1:]), len(text)]
        parts = [(start[1], text[start.end() : end]) for start, end in zip(starts, ends, strict=True)]
        return _table({day: dict(_RATE.findall(part)) for day, part in sorted(parts)})


def parse_rates(content: Mapping[str, Any]) -> RateTable:
    """The table of an answer of Frankfurter: `rates` by day and code, or by code with a `date`. Raises BadPayload."""
    with documented_shape(FRANKFURTER):
        if content["base"] != EURO or content["amount"] != 1:
            raise ValueError("not units per euro")
        rates = content["rates"]
        return _table({content["date"]: rates} if "date" in content else rates)


def _table(by_day: Mapping[str, Mapping[str, Any]]) -> RateTable:
    """A table from rows by day, in the order of the days. Raises ValueError for another order, or no rate at all."""
    from bot.market.rates import RateTable

    rows = list(by_day.values())
    codes = sorted({code for row in rows for code in row.keys() - {EURO}})
    per_euro = {code: numbers([row.get(code, NAN) for row in rows]) for code in codes}
    if not any(np.isfinite(column).any() for column in per_euro.values()):
        raise ValueError("no rates")
    return RateTable(iso_days(list(by_day)), per_euro)


def currencies_of(symbol: Symbol) -> tuple[str, str]:
    """The base and the quote of a pair such as USD/JPY."""
    base, _, quote = symbol.canonical.partition("/")
    return base, quote


def is_pair(symbol: Symbol) -> bool:
    """Whether the symbol is a currency pair."""
    return symbol.kind == "fx" and "/" in symbol.canonical


def pair_bars(query: HistoryQuery, rates: RateTable, provider: str) -> Bars:
    """The reference rates of a pair as closes, from the asked start on; days without both currencies are left out.

    Raises UnknownSymbol for a currency without rates, SuspectSeries for a rate of a day that is still to come.
    """
    base, quote = currencies_of(query.symbol)
    for currency in (base, quote):
        if currency != EURO and currency not in rates.per_euro:
            raise UnknownSymbol(provider, f"no reference rates of {currency}")
    ones = np.ones(rates.days.size)
    closes = rates.per_euro.get(quote, ones) / rates.per_euro.get(base, ones)
    known = np.isfinite(closes)
    label = Label(provider, query.symbol.canonical, "fix", query.now.date(), first=query.start, delay="fix")
    return to_bars(Table(rates.days[known], closes[known]), label)
