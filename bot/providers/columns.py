"""From a provider's cells to columns: a whole column at a time, since row by row costs ten times the request itself.

Every function raises ValueError or TypeError for cells that are no such column; providers turn that into BadPayload.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from bot.market.bars import DateArray, FloatArray

NAN = math.nan
_BLANK = frozenset({"", "n/a", "na", "nan", "null", "none", ".", "-", "--"})
_OF_NUMBERS = b"0123456789.,-+eE"
_DAY, _MARGIN = 86_400.0, 2 * 3_600.0
_FURTHEST = 1e11
_MINOR = {
    "GBp": ("GBP", 100.0),
    "GBX": ("GBP", 100.0),
    "ZAc": ("ZAR", 100.0),
    "ZAC": ("ZAR", 100.0),
    "ILA": ("ILS", 100.0),
    "USX": ("USD", 100.0),
    "KWF": ("KWD", 1_000.0),
}


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A provider's answer as columns, in the provider's order; NaN where a value is missing.

    Raises ValueError when the columns have not one length.
    """

    days: DateArray
    close: FloatArray
    open: FloatArray | None = None
    high: FloatArray | None = None
    low: FloatArray | None = None
    volume: FloatArray | None = None

    def __post_init__(self) -> None:
        columns = (self.close, self.open, self.high, self.low, self.volume)
        if any(column is not None and column.shape != self.days.shape for column in columns):
            raise ValueError("columns of different lengths")


def number(cell: object) -> float:
    """A number from one cell: `$1,234.50`, `1234.5`, 1234.5; NaN for empty, N/A, null, infinite and unreadable."""
    if isinstance(cell, str):
        text = cell.strip().lstrip("$").replace(",", "")
        if text.casefold() in _BLANK:
            return NAN
        try:
            value = float(text)
        except ValueError:
            return NAN
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = float(cell)
    else:
        return NAN
    return value if math.isfinite(value) else NAN


def major(code: object) -> tuple[str | None, float]:
    """The currency that a provider's code stands for, and how many of the code's units make one of it.

    London is quoted in pence (`GBp`), Johannesburg in cents, Tel Aviv in agorot, Kuwait in fils, and US farm futures
    in cents. Case matters: `GBp` is not `GBP`.
    """
    if not isinstance(code, str) or not code:
        return None, 1.0
    return _MINOR.get(code, (code.upper(), 1.0))


def numbers(cells: Sequence[Any]) -> FloatArray:
    """One column of numbers, as `number` reads each, but fast for clean ones."""
    try:
        column = np.array(_plain(cells) if cells and isinstance(cells[0], str) else cells, dtype=np.float64)
    except (ValueError, TypeError):
        column = np.array([number(cell) for cell in _without_signs(cells)], dtype=np.float64)
    if column.ndim != 1:
        raise ValueError("not one number per cell")
    infinite = np.isinf(column)
    if infinite.any():
        column[infinite] = NAN
    return column


def _plain(cells: Sequence[str]) -> list[Any]:
    """Text cells as numbers, read as one JSON array: a quarter of what float() takes. Raises TypeError, ValueError.

    Nothing but digits, points, signs and exponents may stand in a cell, and each must give one number.
    """
    text = ",".join(cells).encode()
    if text.translate(None, _OF_NUMBERS):
        return list(map(float, cells))
    found: list[Any] = orjson.loads(b"[%b]" % text)
    if len(found) != len(cells):
        raise ValueError("not one number per cell")
    return found


def _without_signs(cells: Sequence[Any]) -> Sequence[Any]:
    """The cells without `$` and thousands commas, in one pass where all are text."""
    try:
        return "\n".join(cells).replace("$", "").replace(",", "").split("\n") if cells else cells
    except TypeError:
        return cells


def money(cells: Sequence[Any]) -> FloatArray:
    """One column of numbers written with `$` and thousands commas."""
    return numbers(_without_signs(cells))


def iso_days(cells: Sequence[str]) -> DateArray:
    """One column of days from text that starts with YYYY-MM-DD."""
    dates = cells if set(map(len, cells)) <= {10} else [cell[:10] for cell in cells]
    text, count = "".join(dates), len(dates)
    if len(text) != 10 * count or text[4::10] != "-" * count or text[7::10] != "-" * count:
        raise ValueError("not a date")
    return np.array(dates, dtype="datetime64[D]")


def picked(rows: Sequence[Any], key: str) -> list[Any]:
    """One cell of each row. Raises KeyError where a row has none."""
    return list(map(itemgetter(key), rows))


def us_days(cells: Sequence[str]) -> DateArray:
    """One column of days from MM/DD/YYYY."""
    return iso_days([f"{cell[6:]}-{cell[:2]}-{cell[3:5]}" for cell in cells])


def utc_days(seconds: FloatArray) -> DateArray:
    """One column of UTC days from seconds since 1970."""
    if not bool((np.abs(seconds) <= _FURTHEST).all()):
        raise ValueError("not a moment")
    return np.floor(seconds / _DAY).astype(np.int64).astype("datetime64[D]")


def local_days(seconds: FloatArray, zone: tzinfo) -> DateArray:
    """One column of the days that moments fall on in a zone.

    Asking the zone about each bar costs more than all the rest, and a clock change of an hour or two moves no moment
    that is further than that from midnight: such as the open of an exchange.
    """
    if not bool((np.abs(seconds) <= _FURTHEST).all()):
        raise ValueError("not a moment")
    if seconds.size:
        first, last = _offset(float(seconds.min()), zone), _offset(float(seconds.max()), zone)
        shifted = seconds + last
        of_day = shifted % _DAY
        if abs(first - last) <= _MARGIN and of_day.min() >= _MARGIN and of_day.max() < _DAY - _MARGIN:
            return utc_days(shifted)
    return utc_days(seconds + np.array([_offset(second, zone) for second in seconds.tolist()]))


def _offset(second: float, zone: tzinfo) -> float:
    away = datetime.fromtimestamp(second, zone).utcoffset()
    return 0.0 if away is None else away.total_seconds()
