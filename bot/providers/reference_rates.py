"""The European Central Bank's euro reference rates, read from every form they come in: one table for rates and prices.

Units of a currency for one euro, one fixing a day near 16:00 in Frankfurt, for information only. The bank's history is
a zip with one CSV, newest first, `N/A` for gaps and a trailing comma; its one-day CSV writes the date as `30 October
2026` and spaces after commas; its data portal writes SDMX-CSV; a spreadsheet saves any of them in its own country's
way. Its XML nests `Cube time` and `Cube currency rate`. Frankfurter (version 1) has the same rates as JSON. A pair is
units of its quote for one unit of its base: direct, inverse and cross rates, at full precision; the dollar index is
computed from six of them. Pure. Source: European Central Bank.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import BadPayload, UnknownSymbol
from bot.market.rates import DOLLAR_INDEX, RateTable, dollar_index
from bot.market.symbols import Symbol
from bot.providers.columns import NAN, Table, iso_days, numbers
from bot.providers.contract import HistoryQuery
from bot.providers.response_checks import documented_shape
from bot.providers.rows import Label, to_bars
from bot.providers.tables.files import file_text
from bot.providers.unpacking import unzipped

if TYPE_CHECKING:
    from bot.market.bars import Bars

BANK, FRANKFURTER, EURO = "ecb", "frankfurter", "EUR"
DOLLAR_INDEX_SYMBOL = "^DXY"
COMPUTED = "computed with ICE's formula from the ECB's reference rates"
_CODE_LENGTH = 3
_CODE = re.compile(r"[A-Z]{3}")
_SERIES = re.compile(r"EXR\.D\.([A-Z]{3})\.EUR\.SP00\.A")
_SDMX = ("FREQ", "CURRENCY", "CURRENCY_DENOM", "TIME_PERIOD", "OBS_VALUE")
_HEADING_WITHIN = 4
_DAY = re.compile(r"""<(?:\w+:)?Cube\s+time=["'](\d{4}-\d\d-\d\d)["']""")
_RATE = re.compile(r"""<(?:\w+:)?Cube\s+currency=["']([A-Z]{3})["']\s+rate=["']([\d.]+)["']""")


def parse_file(body: bytes) -> RateTable:
    """The table of a zip or CSV of the bank, told apart by its first bytes. Raises BadPayload."""
    return parse_zip(body) if body[:2] == b"PK" else parse_csv(body)


def parse_zip(body: bytes) -> RateTable:
    """The table of the zip's CSV. Raises BadPayload."""
    members = unzipped(BANK, body)
    if len(members) != 1 or not next(iter(members)).lower().endswith(".csv"):
        raise BadPayload(BANK, "not one table in the zip")
    with documented_shape(BANK):
        return _as_published(next(iter(members.values())))


def parse_csv(body: bytes) -> RateTable:
    """The table of a CSV of the bank: the history, one day, SDMX, or one of them saved again by a spreadsheet.

    Raises BadPayload.
    """
    if body.lstrip()[:1] == b"<":
        raise BadPayload(BANK, "a web page instead of a file")
    with documented_shape(BANK):
        try:
            return _as_published(body)
        except ValueError:
            text = file_text(body)
            return _sdmx(text) if is_sdmx(text) else _saved_again(text)


def _as_published(body: bytes) -> RateTable:
    lines = [line for line in body.decode("utf-8-sig").replace("N/A", "nan").splitlines() if line.strip()]
    header = [cell.strip() for cell in lines[0].split(",")] if lines else [""]
    codes = [code for code in header[1:] if code]
    if header[0] != "Date" or len(codes) < 2 or {*map(len, codes)} != {_CODE_LENGTH}:
        raise ValueError("no table of reference rates")
    columns = list(zip(*(line.split(",") for line in lines[1:]), strict=True))
    days = iso_days([_iso(cell.strip()) for cell in columns[0]])
    order = np.argsort(days)
    cells = zip(header[1:], columns[1:], strict=False)
    return RateTable(days[order], {code: np.array([*map(float, of)])[order] for code, of in cells if code})


def is_rates(text: str) -> bool:
    """Whether a text begins like a table of the bank's rates, in whichever way it was saved."""
    if is_sdmx(text):
        return True
    for line in text.split("\n", _HEADING_WITHIN)[:_HEADING_WITHIN]:
        cells = [cell.strip(' "') for cell in re.split(r"[,;\t|]", line)]
        codes = {code for cell in cells[1:] if (code := _code(cell))}
        if "USD" in codes and (len(codes) > 1 or "EXR." in line):
            return True
    return False


def is_sdmx(text: str) -> bool:
    """Whether a text is SDMX-CSV of exchange rates: one row for each rate of each day."""
    return set(_SDMX) <= set(re.split(r"[,;\t]", text.partition("\n")[0].replace('"', "").strip()))


def _code(heading: str) -> str | None:
    """The currency that a column holds: `USD`, or `US dollar/Euro (EXR.D.USD.EUR.SP00.A)`."""
    key = _SERIES.search(heading)
    return key[1] if key else heading if _CODE.fullmatch(heading) else None


def _saved_again(text: str) -> RateTable:
    """The table with any separator, decimal mark and way of writing days. Raises ValueError."""
    from bot.providers.tables.days import read_days
    from bot.providers.tables.decimals import Writing, read_numbers
    from bot.providers.tables.dialect import find_dialect

    dialect = find_dialect(text)
    codes = {at: code for at in range(dialect.width) if (code := _code(dialect.name(at)))}
    if not codes or not dialect.days():
        raise ValueError("no table of reference rates")
    day = dialect.days()[0]
    cells = dialect.columns({day, *codes})
    kept = [row for row, cell in enumerate(cells[day]) if cell.strip()]
    days = read_days([cells[day][row] for row in kept])
    columns = {code: [cells[at][row] for row in kept] for at, code in codes.items()}
    rates = read_numbers(columns, Writing(dialect.separator, '"' in text))
    order = np.argsort(days, kind="stable")
    return RateTable(days[order], {code: column[order] for code, column in rates.items()})


def _sdmx(text: str) -> RateTable:
    """The daily euro reference rates among the rows. Raises ValueError where there are none."""
    separator = ";" if ";" in text.partition("\n")[0] else ","
    by_day: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(io.StringIO(text), delimiter=separator):
        kind = row["FREQ"], row["CURRENCY_DENOM"], row.get("EXR_TYPE", "SP00"), row.get("EXR_SUFFIX", "A")
        if kind == ("D", EURO, "SP00", "A") and row["OBS_VALUE"].strip():
            by_day.setdefault(row["TIME_PERIOD"], {})[row["CURRENCY"]] = row["OBS_VALUE"]
    return _table(dict(sorted(by_day.items())))


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
    rows = list(by_day.values())
    codes = sorted({code for row in rows for code in row.keys() - {EURO}})
    per_euro = {code: numbers([row.get(code, NAN) for row in rows]) for code in codes}
    if not any(np.isfinite(column).any() for column in per_euro.values()):
        raise ValueError("no rates")
    return RateTable(iso_days(list(by_day)), per_euro)


def currencies_of(symbol: Symbol) -> tuple[str, ...]:
    """The base and the quote of a pair such as USD/JPY; all that the dollar index is made of."""
    if symbol.canonical == DOLLAR_INDEX_SYMBOL:
        return ("USD", *DOLLAR_INDEX)
    base, _, quote = symbol.canonical.partition("/")
    return base, quote


def has_rates(symbol: Symbol) -> bool:
    """Whether the symbol is a currency pair, or the dollar index, which is computed from six of them."""
    return (symbol.kind == "fx" and "/" in symbol.canonical) or symbol.canonical == DOLLAR_INDEX_SYMBOL


def basis_of(symbol: Symbol) -> str:
    """What the closes of `rate_bars` are, where they are no rates themselves."""
    return COMPUTED if symbol.canonical == DOLLAR_INDEX_SYMBOL else ""


def restated(bars: Bars, currency: str, rates: RateTable) -> Bars:
    """The closes in another currency, each by the reference rates of its own day; days without rates are left out.

    Raises UnknownSymbol where there is no rate on any of the days.
    """
    for code in {bars.currency or EURO, currency} - {EURO}:
        if code not in rates.per_euro:
            raise UnknownSymbol(bars.provider, f"no reference rates of {code}")
    days, crosses = rates.history(bars.currency or EURO, currency)
    _, mine, theirs = np.intersect1d(bars.dates, days, assume_unique=True, return_indices=True)
    if not mine.size:
        raise UnknownSymbol(bars.provider, "no reference rates of these days")
    keep = np.zeros(len(bars), dtype=np.bool_)
    keep[mine] = True
    close = bars.close[mine] * crosses[theirs]
    return replace(bars.take(keep), close=close, open=None, high=None, low=None, currency=currency)


def rate_bars(query: HistoryQuery, rates: RateTable, provider: str) -> Bars:
    """The reference rates of a pair, or the dollar index computed from them, as closes from the asked start on.

    Days without all the currencies are left out. Raises UnknownSymbol for a currency without rates, SuspectSeries for
    a rate of a day that is still to come.
    """
    currencies = currencies_of(query.symbol)
    for currency in currencies:
        if currency != EURO and currency not in rates.per_euro:
            raise UnknownSymbol(provider, f"no reference rates of {currency}")
    with documented_shape(provider), np.errstate(over="raise"):
        if query.symbol.canonical == DOLLAR_INDEX_SYMBOL:
            days, closes = dollar_index(rates)
        else:
            base, quote = currencies
            ones = np.ones(rates.days.size)
            crosses = rates.per_euro.get(quote, ones) / rates.per_euro.get(base, ones)
            known = np.isfinite(crosses)
            days, closes = rates.days[known], crosses[known]
    label = Label(provider, query.symbol.canonical, "fix", query.now.date(), first=query.start, delay="fix")
    return to_bars(Table(days, closes), label)
