"""Rate of change and what is read from it.

ROC(n)_t = 100 (P_t / P_{t-n} - 1), in percent (TA-Lib ROC). Not the log version (TTR in R). Unlike TA-Lib a
base price of zero or less gives NaN: there is no percent of it. Closes are float64, oldest first; a NaN
close gives NaN. `periods` counts bars looked back; below 1 it raises ``ValueError``. Nothing looks ahead.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

DEFAULT_PERIODS = 10
PERCENTILE_WINDOW, PERCENTILE_LEAST = 1260, 252
RATIO_WINDOW = 2520
STRETCHED_UP, STRETCHED_DOWN = 0.95, 0.05

_CHUNK_VALUES = 16_384


@dataclass(frozen=True, slots=True)
class ZeroLine:
    """Where ROC stands to zero at the last bar.

    `side` is 1 above, -1 below, 0 if it never left zero. `run_bars` have been on this side; `crossed_bar` is
    the bar of the last sign change and `previous_run_bars` how long the other side had held before it, both
    None without a crossing. A ROC of exactly zero belongs to the side before it.
    """

    side: int
    run_bars: int
    crossed_bar: int | None
    previous_run_bars: int | None


def _check(periods: int) -> None:
    if periods < 1:
        msg = f"periods must be 1 or more, not {periods}"
        raise ValueError(msg)


def roc(close: FloatArray, periods: int = DEFAULT_PERIODS) -> FloatArray:
    """Return ROC(periods) in percent, same length, NaN for the first `periods` bars and for bases <= 0."""
    return roc_matrix(close[None, :], periods).reshape(close.shape)


def roc_matrix(closes: FloatArray, periods: int = DEFAULT_PERIODS, out: FloatArray | None = None) -> FloatArray:
    """Return ROC(periods) of many symbols, shape (symbols, bars), in percent; written into `out` when given.

    Works in blocks that stay in the processor's cache. A fresh result of this size costs more than the
    arithmetic: pass `out` (same shape, C order) when it is asked for repeatedly.
    """
    _check(periods)
    if out is None:
        out = np.empty(closes.shape)
    symbols, bars = closes.shape
    out[:, :periods] = np.nan
    if bars <= periods:
        return out
    rows = max(1, _CHUNK_VALUES // bars)
    with np.errstate(divide="ignore", invalid="ignore"):
        for first in range(0, symbols, rows):
            block = closes[first : first + rows]
            base, result = block[:, :-periods], out[first : first + rows, periods:]
            np.divide(block[:, periods:], base, out=result)
            result -= 1.0
            result *= 100.0
            if not block.min() > 0.0:
                result[base <= 0.0] = np.nan
    return out


def last_roc(close: FloatArray, periods: int = DEFAULT_PERIODS) -> float | None:
    """Return ROC(periods) in percent at the last bar; None where there is none (see `roc`)."""
    _check(periods)
    if close.size <= periods:
        return None
    base, price = float(close[-1 - periods]), float(close[-1])
    if not base > 0.0 or math.isnan(price):
        return None
    return 100.0 * (price / base - 1.0)


def _share_at_or_below(values: FloatArray, window: int, least: int) -> float | None:
    """Return the share of the last `window` values at or below the last one; None below `least`."""
    tail = values[-window:]
    known = tail[~np.isnan(tail)]
    if known.size < least or math.isnan(float(tail[-1])):
        return None
    return float(np.mean(known <= known[-1]))


def roc_percentile(
    close: FloatArray, periods: int, window: int = PERCENTILE_WINDOW, least: int = PERCENTILE_LEAST
) -> float | None:
    """Return the share, 0-1, of the last `window` values of ROC(periods) at or below today's.

    Today's is one of them. None when fewer than `least` of them exist or today's does not.
    """
    if close.size <= periods:
        return None
    return _share_at_or_below(roc(close[-(window + periods) :], periods)[periods:], window, least)


def zero_line(close: FloatArray, periods: int) -> ZeroLine | None:
    """Return where ROC(periods) stands to zero and since when; None when it has no value at the last bar.

    Values that do not exist (base <= 0, missing close) are passed over.
    """
    values = roc(close, periods)
    if not values.size or math.isnan(float(values[-1])):
        return None
    bars = np.flatnonzero(~np.isnan(values) & (values != 0.0))
    if not bars.size:
        return ZeroLine(0, int(np.count_nonzero(values == 0.0)), None, None)
    sides = np.sign(values[bars])
    changes = np.flatnonzero(sides[1:] != sides[:-1]) + 1
    known = np.flatnonzero(~np.isnan(values))
    starts = np.searchsorted(known, bars[changes])
    if not starts.size:
        return ZeroLine(int(sides[-1]), known.size, None, None)
    began = int(starts[-2]) if starts.size > 1 else 0
    return ZeroLine(
        side=int(sides[-1]),
        run_bars=known.size - int(starts[-1]),
        crossed_bar=int(bars[changes[-1]]),
        previous_run_bars=int(starts[-1]) - began,
    )


def relative_roc(a: FloatArray, b: FloatArray, periods: int) -> float | None:
    """Return ((1 + ROC_a) / (1 + ROC_b) - 1) in percent: the change of a / b over `periods` aligned bars.

    `a` and `b` are closes of the same sessions. None for too few closes or a price <= 0 at either end.
    """
    ends = [float(close[bar]) for close in (a, b) for bar in (-1 - periods, -1) if close.size > periods]
    if len(ends) < 4 or not min(ends) > 0.0:
        return None
    a_base, a_price, b_base, b_price = ends
    return 100.0 * ((a_price / a_base) / (b_price / b_base) - 1.0)


def ratio_percentile(
    a: FloatArray, b: FloatArray, window: int = RATIO_WINDOW, least: int = PERCENTILE_LEAST
) -> float | None:
    """Return the share, 0-1, of the last `window` ratios a / b, today's among them, at or below today's.

    `a` and `b` are positive closes of the same sessions; 2,520 bars are ten years. None below `least` bars.
    """
    return _share_at_or_below(a[-window:] / b[-window:], window, least)


def correlation(a: FloatArray, b: FloatArray, periods: int) -> float | None:
    """Return Pearson's correlation of the last `periods` daily log returns of aligned positive closes.

    None when there are fewer returns, fewer than three, or one side did not move evenly (zero variance).
    """
    if min(a.size, b.size) <= periods or periods < 3:
        return None
    x, y = np.diff(np.log(a[-periods - 1 :])), np.diff(np.log(b[-periods - 1 :]))
    x, y = x - x.mean(), y - y.mean()
    scale = math.sqrt(float(x @ x) * float(y @ y))
    if not scale > 0.0:
        return None
    return max(-1.0, min(1.0, float(x @ y) / scale))
