"""The US Treasury's par yields, one for each maturity and day, in percent. Keyless, public domain.

Par yields are read off a curve that is fitted to bids near 15:30 in New York and published in the evening: nobody
traded at them, and they are not the index ^TNX. The feed is asked a year at a time, newest year first. Maturities came
over the years (two months in 2018, four in 2022), and the bond market keeps other holidays than the exchanges.

The XML is read by pattern, since its root and its prefixes have changed; it ends with the end of its root, so that a
cut answer is seen. The CSV of the same table is read as well. Wire format: home.treasury.gov, "XML feeds".
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from bot.errors import BadPayload, UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import NAN, Table, iso_days, numbers, us_days
from bot.providers.contract import (
    Capabilities,
    Declaration,
    HistoryQuery,
    Pace,
    RemoteProvider,
    Request,
    Response,
    address,
)
from bot.providers.response_checks import check_status, documented_shape, text_of
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

_PAGE = ("resource-center", "data-chart-center", "interest-rates", "pages", "xml")
_CURVE = "daily_treasury_yield_curve"
_MATURITY = re.compile(r"US(\d+)([MY])")
_ROW = re.compile(r"<(?:\w+:)?properties\b")
_CELL = re.compile(r"<(?:\w+:)?(NEW_DATE|BC_\w+?)(?:\s[^<>]*)?>\s*([^<>\s]+)\s*</")
_END = re.compile(r"</(?:\w+:)?(?:feed|pre)>\s*\Z")
_HEADING = re.compile(r"(\d+(?:\.\d+)?)\s*(mo|yr|month|year)", re.IGNORECASE)
_FIRST_YEAR = 1990
_LATE_START = 10
"""The day of January from which on a first row says that a maturity was not there before."""
_Rows = Sequence[Mapping[str, str]]


class Treasury(RemoteProvider):
    """The provider `treasury`."""

    declaration = Declaration(
        name="treasury",
        title="US Treasury",
        covers="par yields of US government debt, one month to thirty years, since 1990",
        address="https://home.treasury.gov",
        pace=Pace(8, 40.0),
        order=72,
        capabilities=Capabilities(frozenset({"yield"})),
        late="the same evening",
    )

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a US yield."""
        return symbol.kind == "yield" and bool(_MATURITY.fullmatch(symbol.canonical))

    def basis(self, symbol: Symbol) -> str:
        """That nobody traded at them."""
        return "par yield, read off the Treasury's fitted curve"

    def _request(self, year: int) -> Request:
        return Request(address(self.base_url, *_PAGE), {"data": _CURVE, "field_tdr_date_value": str(year)})

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The year of the end; the one before where it has no day yet, as on the second of January."""
        return [self._request(year) for year in (query.end.year, query.end.year - 1)]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The yields of one maturity in one year's table."""
        rows = self._rows(response, query)
        field = _field(query.symbol)
        with documented_shape(self.name):
            cells = [row["day"] for row in rows]
            days = us_days(cells) if "/" in cells[0] else iso_days(cells)
            table = Table(days, numbers([row.get(field, NAN) for row in rows]))
        label = Label(
            self.name, query.symbol.canonical, "fix", query.now.date(), first=query.start, delay="fix", signed=True
        )
        return to_bars(table, label)

    def next_page(self, query: HistoryQuery, response: Response) -> Request | None:
        """The year before, down to that of the start; none where this year's first row shows that it began then."""
        bars = self.parse(query, response)
        year, first = bars.day(0).year, bars.day(0)
        began = (first.month, first.day) > (1, _LATE_START)
        return None if began or year <= max(query.start.year, _FIRST_YEAR) else self._request(year - 1)

    def _rows(self, response: Response, query: HistoryQuery) -> _Rows:
        """The rows of the table, each with its `day` and the number of each field. Raises UnknownSymbol for none."""
        check_status(self.name, response, query.now)
        text = text_of(self.name, response.body).strip()
        if not text:
            raise BadPayload(self.name, "nothing in the answer")
        if "<html" in text[:2000].lower() or "json" in response.content_type or "image" in response.content_type:
            raise BadPayload(self.name, "a web page instead of data")
        with documented_shape(self.name):
            rows = _from_xml(text) if text[0] == "<" else _from_csv(text)
        if not rows:
            raise UnknownSymbol(self.name, "no yields in this year yet")
        return rows


def _field(symbol: Symbol) -> str:
    """What the feed calls a maturity: BC_10YEAR."""
    found = _MATURITY.fullmatch(symbol.canonical)
    return "" if found is None else f"BC_{found[1]}{'YEAR' if found[2] == 'Y' else 'MONTH'}"


def _from_xml(text: str) -> _Rows:
    """The entries of the feed. Raises ValueError where its end is missing or an entry has no day."""
    if not _END.search(text):
        raise ValueError("the feed has no end")
    rows = [dict(_CELL.findall(part)) for part in _ROW.split(text)[1:]]
    return [{**row, "day": row["NEW_DATE"]} for row in rows]


def _from_csv(text: str) -> _Rows:
    """The lines of the table, by the fields that its headings mean. Raises ValueError for another table."""
    first, *lines = csv.reader(text.splitlines())
    if first[0] != "Date" or any(len(line) != len(first) for line in lines):
        raise ValueError("no table of yields")
    names = ["day"]
    for heading in first[1:]:
        found = _HEADING.match(heading)
        if found is None:
            raise ValueError("no maturity")
        names.append(f"BC_{found[1].replace('.', '_')}{'YEAR' if found[2].lower()[0] == 'y' else 'MONTH'}")
    return [dict(zip(names, line, strict=True)) for line in lines]
