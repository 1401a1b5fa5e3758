"""The r-star workbooks: Holston-Laubach-Williams, Laubach-Williams, Lubik-Matthes. Found by their headings.

- HLW: a row of group names above a row with `Date` and areas; the group order and the set of areas changed in 2023, so
  the column is the US one under the group that names r*. Quarter-start dates, `NA` where there is none.
- LW: a header row with `Date` and `rstar`, twice: one-sided before two-sided, as a row above says where there is one.
- Lubik-Matthes: a header row with a date and `Median`.

The New York Fed also publishes workbooks of vintages, one sheet a quarter, each of which looks like a current edition:
a workbook with the same model on several sheets is refused, since the first sheet would be years old.

r* is read, never computed: the 2023 model is c g + z.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from bot.errors import BadPayload
from bot.providers.isolation import isolated
from bot.providers.response_checks import figure
from bot.providers.unpacking import DAMAGED, unzipped, zipped

if TYPE_CHECKING:
    from bot.market.rates import Estimates, Quarter

HLW, LW, LUBIK_MATTHES = "HLW", "LW", "Lubik-Matthes"
HEADINGS = 30
MOST_ROWS = 2_000
MOST_COLUMNS = 60
MOST_SHEETS = 200
SMALL = 128 * 2**10
"""What unpacks to no more than this is read within a second, whatever it holds."""
_CELLS: dict[str, Any] = {"max_col": MOST_COLUMNS, "values_only": True}
_BROKEN = (*DAMAGED, TypeError, AttributeError, SyntaxError, AssertionError)
_QUARTER = re.compile(r"(\d{4})\s*[:.\-]?\s*Q([1-4])", re.IGNORECASE)
Cells = Sequence[Any]


def read_workbook(body: bytes) -> Estimates:
    """The r-star estimates in a workbook, whichever of the three it is. Raises BadPayload.

    A large one is read in a process of its own, for which the caller waits: not for the event loop.
    """
    members = unzipped("workbook", body)
    plain = zipped(members)
    if sum(map(len, members.values())) <= SMALL:
        return read_unpacked(plain)
    return isolated(read_unpacked, plain, "workbook")


def read_unpacked(body: bytes) -> Estimates:
    """The estimates in a workbook that holds its parts unpacked: openpyxl itself would unpack without bounds."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(body), read_only=True, data_only=True)
        heads = [(sheet, _head(sheet.iter_rows(max_row=HEADINGS, **_CELLS))) for sheet in book.worksheets[:MOST_SHEETS]]
        found = [(sheet, head) for sheet, head in heads if head is not None]
        if len(found) > len({head.model for _, head in found}):
            raise BadPayload("workbook", "a workbook of vintages, one sheet each, not a current edition")
        for sheet, head in found[:1]:
            rows = sheet.iter_rows(min_row=head.row + 1, max_row=MOST_ROWS, **_CELLS)
            return _estimates(head.model, rows, head.dates, head.column)
    except _BROKEN:
        raise BadPayload("workbook", "the workbook cannot be opened") from None
    raise BadPayload("workbook", "no sheet with r-star estimates")


def estimates_of(provider: str, model: str, body: bytes) -> Estimates:
    """The estimates of a workbook that must be of one model. Raises BadPayload."""
    try:
        found = read_workbook(body)
    except BadPayload as error:
        raise BadPayload(provider, error.detail) from None
    if found.model != model:
        raise BadPayload(provider, "the workbook of another model")
    return found


@dataclass(frozen=True, slots=True)
class _Head:
    """The heading of a table of estimates: whose, and where; `row` counts from 1."""

    model: str
    column: int
    dates: int
    row: int


def _head(rows: Iterable[Cells]) -> _Head | None:
    above: list[str] = []
    for number, row in enumerate(rows, 1):
        names = [_folded(cell) for cell in row]
        found = _hlw_column(names, above) or _lw_column(names, above) or _median_column(names)
        if found is not None:
            return _Head(*found, number)
        above = names
    return None


def _folded(cell: object) -> str:
    return " ".join(cell.casefold().split()) if isinstance(cell, str) else ""


def _hlw_column(names: Sequence[str], above: Sequence[str]) -> tuple[str, int, int] | None:
    """The US column under the group of r*; a group's name stands above its first area."""
    if "date" not in names or "us" not in names:
        return None
    group = ""
    for column, area in enumerate(names):
        group = (above[column] if column < len(above) else "") or group
        if area in {"us", "united states"} and ("r*" in group or "natural rate" in group):
            return HLW, column, names.index("date")
    return None


def _lw_column(names: Sequence[str], above: Sequence[str]) -> tuple[str, int, int] | None:
    """The one-sided `rstar` column: the one under that heading, else the first."""
    columns = [column for column, name in enumerate(names) if name in {"rstar", "r*", "r-star"}]
    if "date" not in names or not columns:
        return None
    side = ""
    for column in range(len(names)):
        side = (above[column] if column < len(above) else "") or side
        if column in columns and ("one-sided" in side or "one sided" in side):
            return LW, column, names.index("date")
    return LW, columns[0], names.index("date")


def _median_column(names: Sequence[str]) -> tuple[str, int, int] | None:
    if "median" not in names:
        return None
    dates = [column for column, name in enumerate(names) if name in {"date", "quarter", "dates", "time"}]
    return LUBIK_MATTHES, names.index("median"), dates[0] if dates else 0


def _estimates(model: str, rows: Iterable[Cells], dates: int, column: int) -> Estimates:
    from bot.market.rates import Estimates

    values: dict[Quarter, float] = {}
    for row in rows:
        quarter = _quarter(row[dates]) if dates < len(row) else None
        value = figure(row[column]) if quarter is not None and column < len(row) else None
        if quarter is None or value is None:
            continue
        if not -10 < value < 20 or quarter in values:
            raise BadPayload("workbook", f"an impossible or repeated r-star for {quarter}")
        values[quarter] = value
    if not values:
        raise BadPayload("workbook", "no r-star in the column that should hold it")
    return Estimates(model, values)


def _quarter(cell: object) -> Quarter | None:
    """The quarter of a date cell: a date, ISO text, or `2023Q2` in its usual writings."""
    from bot.market.rates import Quarter, quarter_of

    if isinstance(cell, date):
        return quarter_of(cell.date() if isinstance(cell, datetime) else cell)
    if not isinstance(cell, str):
        return None
    match = _QUARTER.search(cell)
    if match:
        return Quarter(int(match[1]), int(match[2]))
    try:
        return quarter_of(date.fromisoformat(cell.strip()[:10]))
    except ValueError:
        return None
