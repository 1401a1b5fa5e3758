"""Indicators of daily bars: averages, oscillators, ranges and volatility.

Functions take float64 arrays, oldest first, and return arrays of the same length with NaN where there are too few bars
before. `n` counts bars and is 1 or more, else ValueError. Nothing looks ahead. Values equal TA-Lib's, whose
seeds are kept: an exponential average starts with the simple average of its first `n` values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

SESSIONS_A_YEAR: Final = 252
MACD_FAST, MACD_SLOW, MACD_SIGNAL = 12, 26, 9
BAND_WIDTHS: Final = 2.0


class Bands(NamedTuple):
    """Bollinger bands: the simple average and two population standard deviations around it; width in % of it."""

    lower: FloatArray
    middle: FloatArray
    upper: FloatArray
    width: FloatArray


class Macd(NamedTuple):
    """Moving average convergence/divergence: EMA(12) - EMA(26), the EMA(9) of that, and their difference."""

    line: FloatArray
    signal: FloatArray
    histogram: FloatArray


def sma(values: FloatArray, n: int) -> FloatArray:
    """Simple moving average: the mean of the last `n` values, in their unit."""
    out = _empty(values, n)
    if len(values) >= n:
        out[n - 1 :] = np.lib.stride_tricks.sliding_window_view(values, n).mean(axis=1)
    return out


def ema(values: FloatArray, n: int) -> FloatArray:
    """Exponential moving average: each step goes 2 / (n + 1) of the way to the new value."""
    return _smoothed(values, n, 2 / (n + 1))


def wilder(values: FloatArray, n: int) -> FloatArray:
    """Wilder's smoothing: each step goes 1 / n of the way to the new value."""
    return _smoothed(values, n, 1 / n)


def rsi(close: FloatArray, n: int = 14) -> FloatArray:
    """Relative strength index, 0 to 100 (Wilder 1978): 100 U / (U + D), U and D Wilder's averages of rises and falls.

    50 where nothing moved at all; TA-Lib says 0 there.
    """
    moves = np.diff(close)
    ups, downs = wilder(np.maximum(moves, 0.0), n), wilder(np.maximum(-moves, 0.0), n)
    total = ups + downs
    shares = np.divide(ups, total, out=np.where(np.isnan(total), np.nan, 0.5), where=total > 0)
    return np.concatenate(([np.nan], 100 * shares))


def macd(close: FloatArray) -> Macd:
    """Moving average convergence/divergence (Appel), 12, 26 and 9 bars, in the unit of the price.

    Both averages start so that they have their first value at the same bar, as in TA-Lib.
    """
    late = MACD_SLOW - MACD_FAST
    line = np.full(len(close), np.nan)
    line[late:] = ema(close[late:], MACD_FAST)
    line -= ema(close, MACD_SLOW)
    first = MACD_SLOW - 1
    signal = np.full(len(close), np.nan)
    signal[first:] = ema(line[first:], MACD_SIGNAL)
    line = np.where(np.isnan(signal), np.nan, line)
    return Macd(line, signal, line - signal)


def bollinger(close: FloatArray, n: int = 20) -> Bands:
    """Bollinger bands of `n` closes, in the unit of the price."""
    middle = sma(close, n)
    spread = np.full(len(close), np.nan)
    if len(close) >= n:
        spread[n - 1 :] = np.lib.stride_tricks.sliding_window_view(close, n).std(axis=1)
    lower, upper = middle - BAND_WIDTHS * spread, middle + BAND_WIDTHS * spread
    return Bands(lower, middle, upper, 100 * (upper - lower) / np.abs(middle))


def true_range(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """True range (Wilder): the largest of high - low, |high - close before| and |low - close before|."""
    before = close[:-1]
    spans = (high[1:] - low[1:], np.abs(high[1:] - before), np.abs(low[1:] - before))
    return np.concatenate(([np.nan], np.max(spans, axis=0)))


def atr(high: FloatArray, low: FloatArray, close: FloatArray, n: int = 14) -> FloatArray:
    """Average true range: Wilder's average of the true range, in the unit of the price."""
    return np.concatenate(([np.nan], wilder(true_range(high, low, close)[1:], n)))


def realised_volatility(close: FloatArray, n: int = 21) -> FloatArray:
    """Sample standard deviation of the last `n` daily log returns, a year's worth (times sqrt(252)), in percent."""
    out = np.full(len(close), np.nan)
    returns = log_returns(close)
    if n > 1 and len(returns) >= n:
        windows = np.lib.stride_tricks.sliding_window_view(returns, n)
        out[n:] = 100 * np.sqrt(SESSIONS_A_YEAR) * windows.std(axis=1, ddof=1)
    return out


def log_returns(close: FloatArray) -> FloatArray:
    """ln(P_t / P_{t-1}), one fewer than the closes; NaN beside a close of zero or less."""
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = np.where(close > 0, np.log(close), np.nan)
    return np.diff(logs)


def drawdown(close: FloatArray, n: int = SESSIONS_A_YEAR) -> FloatArray:
    """How far each close lies under the highest of the last `n` closes, itself included, in percent: 0 or less."""
    out = _empty(close, n)
    if len(close) >= n:
        highest = np.lib.stride_tricks.sliding_window_view(close, n).max(axis=1)
        out[n - 1 :] = 100 * (close[n - 1 :] / highest - 1)
    return out


def deepest(close: FloatArray) -> tuple[float, int, int]:
    """The largest fall of all closes from one to a later one, in percent (0 or less), and the places of both."""
    peaks = np.maximum.accumulate(close)
    falls = close / peaks - 1
    trough = int(np.argmin(falls))
    return 100 * float(falls[trough]), int(np.argmax(close[: trough + 1])), trough


def beta(returns: FloatArray, market: FloatArray) -> float:
    """Covariance of two series of returns over the variance of the market's."""
    return float(np.cov(returns, market)[0, 1] / np.var(market, ddof=1))


def correlation(returns: FloatArray, market: FloatArray) -> float:
    """Pearson's correlation of two series of returns, -1 to 1."""
    return float(np.corrcoef(returns, market)[0, 1])


def last_cross(fast: FloatArray, slow: FloatArray) -> int | None:
    """The bar at which `fast` last went from one side of `slow` to the other; None where it never did."""
    side = np.sign(fast - slow)
    known = np.flatnonzero(~np.isnan(side) & (side != 0))
    turns = np.flatnonzero(np.diff(side[known]) != 0)
    return int(known[turns[-1] + 1]) if len(turns) else None


def swings(values: FloatArray, reach: int, *, highs: bool) -> list[int]:
    """The bars that are above (or below) all of the `reach` bars on both sides of them, oldest first."""
    if len(values) < 2 * reach + 1:
        return []
    windows = np.lib.stride_tricks.sliding_window_view(values if highs else -values, 2 * reach + 1)
    middle = windows[:, reach]
    others = np.delete(windows, reach, axis=1).max(axis=1)
    return (np.flatnonzero(middle > others) + reach).tolist()


def percentile(values: FloatArray, window: int, least: int) -> float | None:
    """The share, in percent, of the last `window` values that are at or below the newest; None for under `least`."""
    recent = values[-window:]
    known = recent[~np.isnan(recent)]
    return None if len(known) < least or np.isnan(values[-1]) else 100 * float(np.mean(known <= values[-1]))


def _smoothed(values: FloatArray, n: int, share: float) -> FloatArray:
    out = _empty(values, n)
    if len(values) < n:
        return out
    value = float(values[:n].mean())
    out[n - 1] = value
    for at in range(n, len(values)):
        value += share * (float(values[at]) - value)
        out[at] = value
    return out


def _empty(values: FloatArray, n: int) -> FloatArray:
    if n < 1:
        msg = f"n must be 1 or more, not {n}"
        raise ValueError(msg)
    return np.full(len(values), np.nan)
