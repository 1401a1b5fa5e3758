"""The European Central Bank's euro reference rates: its files as they come.

Units of a currency for one euro, one fixing a day near 16:00 in Frankfurt, for information only. The history is a zip
with one CSV, newest first, `N/A` for gaps and a trailing comma; the one-day CSV writes its date as `30 October 2026`
and spaces after commas; the XML nests `Cube time` and `Cube currency rate`. Source: European Central Bank.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.errors import BadPayload
from bot.macro.source import MAX_TEXT, MacroQuery, body_of, figure, text_of
from bot.macro.wire import Pace, Request, Response

if TYPE_CHECKING:
    from bot.market.rates import RateTable

NAME = "ecb"
HISTORY = "/stats/eurofxref/eurofxref-hist.zip"
_DAY = re.compile(r"""<(?:\w+:)?Cube\s+time=["'](\d{4}-\d\d-\d\d)["']""")
_RATE = re.compile(r"""<(?:\w+:)?Cube\s+currency=["']([A-Z]{3})["']\s+rate=["']([\d.]+)["']""")
Table = dict[date, dict[str, float]]


class EcbHistory:
    """The source `ecb`: every fixing since 1999 in one file."""

    name = NAME
    pace = Pace(5, 60.0)

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def request(self, query: MacroQuery) -> Request:
        """The whole history."""
        return Request(f"{self.base_url}{HISTORY}")

    def parse(self, query: MacroQuery, response: Response) -> RateTable:
        """The zip's only table."""
        return parse_zip(body_of(self.name, response, query.now))


def parse_zip(body: bytes) -> RateTable:
    """The table of the zip's CSV. Raises BadPayload."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            names = [entry for entry in packed.infolist() if entry.filename.lower().endswith(".csv")]
            if not names or names[0].file_size > MAX_TEXT:
                raise BadPayload(NAME, "no table in the zip")
            return parse_csv(packed.read(names[0]))
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError, zlib.error):
        raise BadPayload(NAME, "the zip is broken") from None


def parse_csv(body: bytes) -> RateTable:
    """The table of an ECB CSV: the history or one day. Raises BadPayload."""
    import numpy as np

    from bot.market.rates import RateTable

    lines = [line for line in text_of(NAME, body).splitlines() if line.strip()]
    codes = [cell.strip() for cell in lines[0].split(",")] if lines else []
    if len(codes) < 3 or codes[0] != "Date" or len(lines) < 2:
        raise BadPayload(NAME, "not the table of reference rates")
    places = [i for i, code in enumerate(codes) if i and code]
    try:
        days = np.array([_day(line.split(",", 1)[0]) for line in lines[1:]], dtype="datetime64[D]")
        cells = (line.replace("N/A", "nan") for line in lines[1:])
        rows = np.loadtxt(cells, delimiter=",", usecols=places, dtype=np.float64, ndmin=2, comments=None)
    except ValueError:
        raise BadPayload(NAME, "a row that cannot be read") from None
    order = np.argsort(days)
    columns = {codes[place]: np.ascontiguousarray(rows[order, i]) for i, place in enumerate(places)}
    try:
        return RateTable(days[order], columns)
    except ValueError:
        raise BadPayload(NAME, "two rows for one day") from None


def _day(text: str) -> date:
    text = text.strip()
    if text[:4].isdigit():
        return date.fromisoformat(text)
    return datetime.strptime(text, "%d %B %Y").date()  # noqa: DTZ007  a fixing's date, not a moment


def parse_xml(body: bytes) -> RateTable:
    """The table of an ECB XML: one day or the last ninety. Read by pattern, not by an XML parser. Raises BadPayload."""
    text = text_of(NAME, body)
    table: Table = {}
    starts = list(_DAY.finditer(text))
    for i, match in enumerate(starts):
        part = text[match.end() : starts[i + 1].start() if i + 1 < len(starts) else None]
        rates = {code: figure(rate) for code, rate in _RATE.findall(part)}
        table[date.fromisoformat(match[1])] = {code: rate for code, rate in rates.items() if rate is not None}
    return to_table(NAME, table)


def to_table(provider: str, table: Table) -> RateTable:
    """A rate table from rows by day. Raises BadPayload when there are none."""
    import numpy as np

    from bot.market.rates import HOME, RateTable

    days = sorted(day for day, row in table.items() if row)
    if not days:
        raise BadPayload(provider, "no rates in the answer")
    codes = sorted({code for day in days for code in table[day]} - {HOME})
    values = {code: np.array([table[day].get(code, np.nan) for day in days], dtype=np.float64) for code in codes}
    return RateTable(np.array(days, dtype="datetime64[D]"), values)
