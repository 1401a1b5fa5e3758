"""From a provider's table to `Bars`: which dirt may be dropped, and which makes the answer unusable.

Dropped: a row without a close before the first or after the last price, an exact duplicate, a duplicate of the last
row. Sorted: a descending answer. Kept as `missing`: any other row without a close (the feed, which knows the calendar,
drops those on days without a session). Refused: conflicting duplicates, rows in no order, a date in the future, and
from providers, not from an operator's own files, prices of zero or less and highs and lows that do not span the close.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UnknownSymbol
from bot.market.bars import Adjustment, Bars, Delay
from bot.providers.columns import Table
from bot.providers.contract import SuspectSeries

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.market.bars import DateArray, FloatArray


_LEAST, _MOST = 1e-12, 1e12


@dataclass(frozen=True, slots=True)
class Label:
    """What the rows are: whose, of which symbol and kind, and between which days they may lie.

    Rows before `first` are left out without a look. `checked` refuses impossible prices; an operator's own files
    are taken as they are (oil did close below zero), but where `positive` a price of zero or less is a missing one.
    `signed` numbers may be zero or less whoever has them: yields and the spot price of oil were.
    """

    provider: str
    symbol: str
    adjustment: Adjustment
    today: date
    first: date | None = None
    delay: Delay = "end_of_day"
    checked: bool = True
    positive: bool = False
    signed: bool = False
    currency: str | None = None


def to_bars(table: Table, label: Label) -> Bars:
    """The bars in a provider's table. Raises SuspectSeries, or UnknownSymbol when there is not one close."""
    table = _oldest_first(_without_impossible(table, label))
    if label.first is not None and table.days.size and table.days.min() < np.datetime64(label.first, "D"):
        table = _take(table, np.flatnonzero(table.days >= np.datetime64(label.first, "D")))
    if not _clean(table):
        table = _take(table, _without_duplicates(table, label))
    priced = np.isfinite(table.close)
    missing: list[date] = []
    if not priced.all():
        good = np.flatnonzero(priced)
        if good.size:
            inner = table.days[good[0] : good[-1] + 1]
            missing = np.setdiff1d(inner, table.days[good], assume_unique=True).tolist()
        table = _take(table, good)
    if not table.days.size:
        raise UnknownSymbol(label.provider, "no prices in the answer")
    if table.days[-1] > np.datetime64(label.today, "D"):
        raise SuspectSeries(label.provider, f"a bar of {table.days[-1]}, which is in the future")
    if label.checked:
        _check(table, label)
    return Bars(
        symbol=label.symbol,
        dates=table.days,
        close=table.close,
        adjustment=label.adjustment,
        provider=label.provider,
        open=_unless_empty(table.open),
        high=_unless_empty(table.high),
        low=_unless_empty(table.low),
        volume=_unless_empty(table.volume),
        missing=tuple(missing),
        delay=label.delay,
        currency=label.currency,
    )


def _without_impossible(table: Table, label: Label) -> Table:
    """The table with NaN for prices of zero or less where the label says so: what shares write where they have none."""
    if not label.positive:
        return table

    def above_zero(prices: FloatArray | None) -> FloatArray | None:
        return None if prices is None else np.where(prices > 0, prices, np.nan)

    close = np.where(table.close > 0, table.close, np.nan)
    prices = above_zero(table.open), above_zero(table.high), above_zero(table.low)
    return Table(table.days, close, *prices, table.volume)


def _columns(table: Table) -> dict[str, DateArray | FloatArray]:
    found = {field.name: getattr(table, field.name) for field in fields(Table)}
    return {name: column for name, column in found.items() if column is not None}


def _take(table: Table, places: NDArray[np.intp]) -> Table:
    return Table(**{name: column[places] for name, column in _columns(table).items()})  # type: ignore[arg-type]


def _oldest_first(table: Table) -> Table:
    days = table.days
    if days.size > 1 and days[0] > days[-1] and bool((days[1:] <= days[:-1]).all()):
        return Table(**{name: column[::-1].copy() for name, column in _columns(table).items()})  # type: ignore[arg-type]
    return table


def _clean(table: Table) -> bool:
    return table.days.size < 2 or bool((table.days[1:] > table.days[:-1]).all())


def _without_duplicates(table: Table, label: Label) -> NDArray[np.intp]:
    """The rows to keep of a table whose days do not increase strictly."""
    days, close = table.days, table.close
    columns = [column for name, column in _columns(table).items() if name != "days"]
    kept: list[int] = []
    for row in range(days.size):
        before = kept[-1] if kept else None
        if before is None or days[row] > days[before]:
            kept.append(row)
        elif days[row] < days[before]:
            raise SuspectSeries(label.provider, f"rows out of order at {days[row]}")
        elif not np.isfinite(close[before]):
            kept[-1] = row
        elif np.isfinite(close[row]) and row != days.size - 1 and _differ(columns, row, before):
            raise SuspectSeries(label.provider, f"two different rows for {days[row]}")
    return np.array(kept, dtype=np.intp)


def _differ(columns: list[DateArray | FloatArray], row: int, other: int) -> bool:
    return not all(np.array_equal(column[row], column[other], equal_nan=True) for column in columns)


def _unless_empty(column: FloatArray | None) -> FloatArray | None:
    return None if column is None or bool(np.isnan(column).all()) else column


def _check(table: Table, label: Label) -> None:
    """Prices must be above zero and of this world, and high and low must span open and close.

    A rounding's breadth is forgiven.
    """
    if label.signed:
        if float(np.abs(table.close).max()) > _MOST:
            raise SuspectSeries(label.provider, "a number that nothing can have")
        return
    if table.close.min() <= 0:
        day = table.days[int(np.argmax(table.close <= 0))]
        raise SuspectSeries(label.provider, f"a price of zero or less on {day}")
    if table.close.min() < _LEAST or table.close.max() > _MOST:
        raise SuspectSeries(label.provider, "a price that nothing can have")
    slack = 1e-4 * table.close + 1e-9
    top = None if table.high is None else table.high + slack
    bottom = None if table.low is None else table.low - slack
    for inside in (table.close, table.open):
        for wrong in (_above(inside, top), _above(bottom, inside)):
            if wrong is not None and wrong.any():
                day = table.days[int(np.argmax(wrong))]
                raise SuspectSeries(label.provider, f"high and low of {day} do not span its close")


def _above(a: FloatArray | None, b: FloatArray | None) -> NDArray[np.bool_] | None:
    return None if a is None or b is None else a > b


def joined(parts: Sequence[Bars]) -> Bars:
    """One series from parts of it, oldest first. Raises SuspectSeries when they overlap."""
    first = parts[0]

    def column(name: str) -> FloatArray | None:
        columns = [getattr(part, name) for part in parts]
        return None if any(column is None for column in columns) else np.concatenate(columns)

    try:
        return replace(
            first,
            dates=np.concatenate([part.dates for part in parts]),
            close=np.concatenate([part.close for part in parts]),
            open=column("open"),
            high=column("high"),
            low=column("low"),
            volume=column("volume"),
            missing=tuple(day for part in parts for day in part.missing),
        )
    except ValueError:
        raise SuspectSeries(first.provider, "parts of the history that overlap") from None
