"""From a provider's rows to `Bars`: which dirt may be dropped, and which makes the answer unusable.

Dropped: a row without a close on a day without a session, an exact duplicate, a duplicate of the last row. Sorted: a
descending answer. Kept as `missing`: a row without a close on any other day. Refused as bad_payload: conflicting
duplicates, rows in no order, a date in the future.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from bot.errors import BadPayload, UnknownSymbol
from bot.market.bars import Adjustment, Bars, Delay

NAN = math.nan


class Row(NamedTuple):
    """One day of one symbol; NaN where the provider has nothing."""

    day: date
    close: float
    open: float = NAN
    high: float = NAN
    low: float = NAN
    volume: float = NAN


@dataclass(frozen=True, slots=True)
class Label:
    """What the rows are: whose, of which symbol and kind, and up to which day they may go.

    `ranges_checked` refuses rows whose high and low do not span open and close; an operator's own files are taken
    as they are.
    """

    provider: str
    symbol: str
    adjustment: Adjustment
    today: date
    delay: Delay = "end_of_day"
    ranges_checked: bool = True


def number(text: object) -> float:
    """A number from a provider's cell: `$1,234.50`, `1234.5`, 1234.5; NaN for an empty cell, N/A, null or a dot."""
    if isinstance(text, (int, float)) and not isinstance(text, bool):
        return float(text)
    if not isinstance(text, str):
        return NAN
    cell = text.strip().lstrip("$").replace(",", "")
    if cell.casefold() in {"", "n/a", "na", "nan", "null", "none", ".", "-", "--"}:
        return NAN
    try:
        value = float(cell)
    except ValueError:
        return NAN
    return value if math.isfinite(value) else NAN


def to_bars(rows: Sequence[Row], label: Label) -> Bars:
    """The bars in a provider's rows. Raises BadPayload, or UnknownSymbol when there is not one close."""
    kept = _in_order(rows, label)
    missing = tuple(row.day for row in kept if not math.isfinite(row.close))
    good = [row for row in kept if math.isfinite(row.close)]
    if not good:
        raise UnknownSymbol(label.provider, "no prices in the answer")
    if good[-1].day > label.today:
        raise BadPayload(label.provider, f"a bar of {good[-1].day}, which is in the future")
    if label.ranges_checked:
        _check_ranges(good, label)
    table = np.array([row[1:] for row in good], dtype=np.float64)

    def column(position: int) -> np.ndarray[tuple[int], np.dtype[np.float64]] | None:
        values = np.ascontiguousarray(table[:, position])
        return None if bool(np.isnan(values).all()) else values

    return Bars(
        symbol=label.symbol,
        dates=np.array([row.day for row in good], dtype="datetime64[D]"),
        close=np.ascontiguousarray(table[:, 0]),
        adjustment=label.adjustment,
        provider=label.provider,
        open=column(1),
        high=column(2),
        low=column(3),
        volume=column(4),
        missing=tuple(day for day in missing if day.weekday() < 5),
        delay=label.delay,
    )


def _in_order(rows: Sequence[Row], label: Label) -> list[Row]:
    """Rows oldest first, without harmless duplicates."""
    days = [row.day for row in rows]
    ordered = list(rows)
    if len(days) > 1 and all(later <= earlier for earlier, later in zip(days, days[1:], strict=False)):
        ordered.reverse()
    kept: list[Row] = []
    for position, row in enumerate(ordered):
        if kept and row.day < kept[-1].day:
            raise BadPayload(label.provider, f"rows out of order at {row.day}")
        if kept and row.day == kept[-1].day:
            if position == len(ordered) - 1 or _same(row, kept[-1]):
                continue
            if math.isfinite(row.close) and math.isfinite(kept[-1].close):
                raise BadPayload(label.provider, f"two different rows for {row.day}")
            if math.isfinite(row.close):
                kept[-1] = row
            continue
        kept.append(row)
    return kept


def _same(a: Row, b: Row) -> bool:
    return all(x == y or (x != x and y != y) for x, y in zip(a[1:], b[1:], strict=True))  # noqa: PLR0124  NaN


def _check_ranges(rows: Sequence[Row], label: Label) -> None:
    """High and low must span open and close; a rounding's breadth is forgiven."""
    for row in rows:
        slack = 1e-4 * abs(row.close) + 1e-9
        top, bottom = row.high + slack, row.low - slack
        inside = (row.close, row.open)
        if any(value > top or value < bottom for value in inside if math.isfinite(value)):
            raise BadPayload(label.provider, f"high and low of {row.day} do not span its close")
