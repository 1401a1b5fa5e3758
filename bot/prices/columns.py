"""From a provider's cells to columns: a whole column at a time, since row by row costs ten times the request itself.

Every function raises ValueError or TypeError for cells that are no such column; providers turn that into BadPayload.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import DateArray, FloatArray

NAN = math.nan
_BLANK = frozenset({"", "n/a", "na", "nan", "null", "none", ".", "-", "--"})
_CHUNK = 16


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


def numbers(cells: Sequence[Any]) -> FloatArray:
    """One column of numbers, as `number` reads each, but fast for clean ones."""
    try:
        # numpy would copy text into wide cells first: float() alone takes a third of that.
        column = np.array(list(map(float, cells)) if cells and isinstance(cells[0], str) else cells, dtype=np.float64)
    except (ValueError, TypeError):
        column = np.array([number(cell) for cell in _without_signs(cells)], dtype=np.float64)
    if column.ndim != 1:
        raise ValueError("not one number per cell")
    column[~np.isfinite(column)] = NAN
    return column


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
    shortened = [cell[:10] for cell in cells]
    if any(len(cell) != 10 or cell[4] != "-" for cell in shortened):
        raise ValueError("not a date")
    return np.array(shortened, dtype="datetime64[D]")


def us_days(cells: Sequence[str]) -> DateArray:
    """One column of days from MM/DD/YYYY."""
    return iso_days([f"{cell[6:]}-{cell[:2]}-{cell[3:5]}" for cell in cells])


def utc_days(seconds: FloatArray) -> DateArray:
    """One column of UTC days from seconds since 1970."""
    if not bool(np.all(np.isfinite(seconds))):
        raise ValueError("not a moment")
    return np.floor(seconds / 86_400).astype(np.int64).astype("datetime64[D]")


def local_days(seconds: FloatArray, zone: tzinfo) -> DateArray:
    """One column of the days that moments fall on in a zone.

    The zone is asked at both ends of each run of bars; only a run in which the clocks change is walked through.
    """
    if not bool(np.all(np.isfinite(seconds))):
        raise ValueError("not a moment")
    offsets = np.empty_like(seconds)
    for start in range(0, seconds.size, _CHUNK):
        run = seconds[start : start + _CHUNK]
        ends = _offset(float(run.min()), zone), _offset(float(run.max()), zone)
        short = float(run.max() - run.min()) < 60 * 86_400
        steady = ends[0] == ends[1] and short
        offsets[start : start + _CHUNK] = ends[0] if steady else [_offset(s, zone) for s in run.tolist()]
    return utc_days(seconds + offsets)


def _offset(second: float, zone: tzinfo) -> float:
    away = datetime.fromtimestamp(second, UTC).astimezone(zone).utcoffset()
    return 0.0 if away is None else away.total_seconds()
