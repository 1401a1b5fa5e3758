"""`Bars`: one symbol's daily prices, checked once when they are built and trusted after."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import pandas as pd

FloatArray = NDArray[np.float64]
DateArray = NDArray[np.datetime64]
Adjustment = Literal["raw", "split", "split_dividend", "fix", "index", "simulated"]
Delay = Literal["real_time", "delayed", "end_of_day", "fix", "simulated"]
Interval = Literal["day", "week", "month", "quarter", "year"]
ADJUSTMENTS: tuple[str, ...] = get_args(Adjustment)
_FEWEST_FOR_INTERVAL = 5
_INTERVALS: tuple[tuple[Interval, int, int], ...] = (
    ("week", 5, 9), ("month", 26, 35), ("quarter", 85, 96), ("year", 355, 375),
)  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Bars:
    """Daily bars of one symbol from one provider under one adjustment kind, oldest first.

    `dates` is datetime64[D], strictly increasing; `close` is float64 of the same length and finite (a price may
    be zero or negative: oil was; what needs positive prices says so). `open`, `high`, `low` and `volume` are
    arrays of the same length with NaN where a value is missing, or None where the provider has none.
    `missing` are dates on which the provider had a row without a close, `dropped` those of rows that were left out
    since the exchange had no session. `fetched_at` is when the provider
    was asked, aware UTC; None for files. `unfinished` says that the last bar's session was still open then.
    `currency` is that of the prices, always whole units, where the provider names one. `basis` says what the closes are
    where they are no prices that somebody paid: "computed with ICE's formula from the ECB's reference rates".

    Raises ValueError when the arrays cannot be bars.
    """

    symbol: str
    dates: DateArray
    close: FloatArray
    adjustment: Adjustment
    provider: str
    open: FloatArray | None = None
    high: FloatArray | None = None
    low: FloatArray | None = None
    volume: FloatArray | None = None
    missing: tuple[date, ...] = ()
    dropped: tuple[date, ...] = ()
    delay: Delay = "end_of_day"
    fetched_at: datetime | None = None
    unfinished: bool = False
    currency: str | None = None
    basis: str = ""
    derived: dict[Hashable, Any] = field(default_factory=dict, init=False, repr=False)
    """What was worked out from exactly these bars, by whoever did: it lives as long as they do, and no longer."""

    def __post_init__(self) -> None:
        if self.adjustment not in ADJUSTMENTS:
            msg = f"unknown adjustment kind {self.adjustment!r}"
            raise ValueError(msg)
        if self.dates.dtype != np.dtype("datetime64[D]") or self.dates.ndim != 1 or not self.dates.size:
            msg = "dates must be a non-empty one-dimensional datetime64[D] array"
            raise ValueError(msg)
        if self.dates.size > 1 and not bool(np.all(self.dates[1:] > self.dates[:-1])):
            msg = "dates must increase strictly"
            raise ValueError(msg)
        for name in ("close", "open", "high", "low", "volume"):
            self._check_column(name)
        if not bool(np.all(np.isfinite(self.close))):
            msg = "closes must be finite numbers"
            raise ValueError(msg)

    def _check_column(self, name: str) -> None:
        column: FloatArray | None = getattr(self, name)
        if column is None:
            return
        if column.dtype != np.float64 or column.shape != self.dates.shape:
            msg = f"{name} must be float64 with one value per date"
            raise ValueError(msg)
        column.setflags(write=False)

    @property
    def interval(self) -> Interval:
        """How much time one bar covers: what nine in ten steps from bar to bar are, "day" where they are not that."""
        if len(self) < _FEWEST_FOR_INTERVAL:
            return "day"
        steps = np.diff(self.dates).astype(np.int64)
        for interval, least, most in _INTERVALS:
            if float(np.mean((steps >= least) & (steps <= most))) >= 0.9:
                return interval
        return "day"

    def take(self, keep: NDArray[np.bool_]) -> Bars:
        """The bars where `keep` holds, at least one."""

        def column(values: FloatArray | None) -> FloatArray | None:
            return None if values is None else values[keep]

        return replace(
            self,
            dates=self.dates[keep],
            close=self.close[keep],
            open=column(self.open),
            high=column(self.high),
            low=column(self.low),
            volume=column(self.volume),
        )

    def __len__(self) -> int:
        return int(self.dates.size)

    def day(self, bar: int) -> date:
        """The date of one bar; negative bars count from the end."""
        day: date = self.dates[bar].item()
        return day

    @property
    def last_day(self) -> date:
        """The date of the newest bar."""
        return self.day(-1)

    def until(self, day: date) -> Bars | None:
        """The bars up to and including `day`; None when the first bar is later."""
        keep = int(np.searchsorted(self.dates, np.datetime64(day, "D"), side="right"))
        if keep == len(self):
            return self
        return self.cut(0, keep) if keep else None

    def since(self, day: date) -> Bars:
        """The bars from `day` on. Raises ValueError when there are none."""
        first = int(np.searchsorted(self.dates, np.datetime64(day, "D")))
        return self.cut(first, len(self)) if first else self

    def tail(self, bars: int) -> Bars:
        """The newest `bars` bars, or all of them where there are fewer."""
        return self if bars >= len(self) else self.cut(len(self) - bars, len(self))

    def without_unfinished(self) -> Bars | None:
        """The finished bars: what states are computed from. None when nothing is left."""
        if not self.unfinished:
            return self
        return replace(self.cut(0, len(self) - 1), unfinished=False) if len(self) > 1 else None

    def cut(self, start: int, stop: int) -> Bars:
        """The bars of positions `start` to `stop`, exclusive."""
        part = slice(start, stop)
        first, last = self.day(start), self.day(stop - 1)

        def column(values: FloatArray | None) -> FloatArray | None:
            return None if values is None else values[part]

        return replace(
            self,
            dates=self.dates[part],
            close=self.close[part],
            open=column(self.open),
            high=column(self.high),
            low=column(self.low),
            volume=column(self.volume),
            missing=tuple(day for day in self.missing if first <= day <= last),
            dropped=tuple(day for day in self.dropped if first <= day <= last),
            unfinished=self.unfinished and stop == len(self),
        )

    def scaled(self, factor: float) -> Bars:
        """The same prices in another unit; volumes stay."""

        def column(values: FloatArray | None) -> FloatArray | None:
            return None if values is None else values * factor

        return replace(
            self,
            close=self.close * factor,
            open=column(self.open),
            high=column(self.high),
            low=column(self.low),
        )

    def to_frame(self) -> pd.DataFrame:
        """A pandas table indexed by date with the columns that are present."""
        import pandas as pd

        names = ("open", "high", "low", "close", "volume")
        columns = {name: getattr(self, name) for name in names if getattr(self, name) is not None}
        return pd.DataFrame(columns, index=pd.DatetimeIndex(self.dates, name="date"))
