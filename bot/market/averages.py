"""Averages and measures of spread: the pieces the other market functions and charts are made of.

Every function takes float64 arrays of one symbol, oldest bar first, and returns an array of the same length
whose value at bar t uses bars up to t only; warm-up values are NaN. Prices are not checked here: a NaN in
gives NaN out. A window below its least size raises ``ValueError`` (a programming error, not a user's).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

VOLATILITY_WINDOW = 250
VOLATILITY_LEAST = 60


def _check(window: int, least: int = 1) -> None:
    if window < least:
        msg = f"window must be {least} or more, not {window}"
        raise ValueError(msg)


def _rolled(values: FloatArray, window: int) -> FloatArray:
    """Windows of `values` as rows, shape (bars - window + 1, window); a read-only view."""
    return np.lib.stride_tricks.sliding_window_view(values, window)


def _after(warm_up: int, tail: FloatArray, length: int) -> FloatArray:
    """`tail` behind `warm_up` NaN: `length` bars in all."""
    out = np.full(length, np.nan)
    out[warm_up:] = tail
    return out


def sma(values: FloatArray, window: int) -> FloatArray:
    """Return the mean of the last `window` values (TA-Lib SMA); first value at bar window - 1."""
    _check(window)
    if values.size < window:
        return np.full(values.size, np.nan)
    return _after(window - 1, _rolled(values, window).mean(axis=1), values.size)


def _smooth(values: FloatArray, window: int, weight: float) -> FloatArray:
    """Return a_t = a_{t-1} + weight (v_t - a_{t-1}), started by a mean of `window` values."""
    out = np.full(values.size, np.nan)
    lead = int(np.isnan(values).argmin()) if values.size else 0
    first = lead + window - 1
    if first >= values.size:
        return out
    level = float(values[lead : first + 1].mean())
    smoothed = [level]
    for value in values[first + 1 :].tolist():
        level += weight * (value - level)
        smoothed.append(level)
    out[first:] = smoothed
    return out


def ema(values: FloatArray, window: int) -> FloatArray:
    """Return the exponential average with weight 2 / (window + 1) (TA-Lib EMA).

    Started by the mean of the first `window` values, at bar window - 1. A leading run of NaN is passed over.
    """
    _check(window)
    return _smooth(values, window, 2.0 / (window + 1))


def wilder(values: FloatArray, window: int) -> FloatArray:
    """Return Wilder's average: weight 1 / window, started by the mean of the first `window` values.

    Wilder, New Concepts in Technical Trading Systems (1978). A leading run of NaN is passed over.
    """
    _check(window)
    return _smooth(values, window, 1.0 / window)


def true_range(high: FloatArray, low: FloatArray, close: FloatArray) -> FloatArray:
    """Return TR_t = max(H_t, C_{t-1}) - min(L_t, C_{t-1}) in prices (TA-Lib TRANGE); bar 0 is NaN."""
    out = np.full(close.size, np.nan)
    out[1:] = np.maximum(high[1:], close[:-1]) - np.minimum(low[1:], close[:-1])
    return out


def atr(high: FloatArray, low: FloatArray, close: FloatArray, window: int = 14) -> FloatArray:
    """Return Wilder's average of the true range, in prices; first value at bar `window` (TA-Lib ATR)."""
    return wilder(true_range(high, low, close), window)


def _directional(high: FloatArray, low: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return +DM and -DM from bar 1 on: the larger of the two outward moves counts, the other is 0."""
    up, down = np.diff(high), -np.diff(low)
    plus = np.where((up > 0) & (up > down), up, 0.0)
    minus = np.where((down > 0) & (down > up), down, 0.0)
    return plus, minus


def _dx(sums: tuple[float, float, float], before: float) -> float:
    """Return DX = 100 |+DI - -DI| / (+DI + -DI); `before` where nothing moved, as TA-Lib does."""
    ranged, plus, minus = sums
    if ranged <= 0.0 or plus + minus <= 0.0:
        return before
    return 100.0 * abs(plus - minus) / (plus + minus)


def adx(high: FloatArray, low: FloatArray, close: FloatArray, window: int = 14) -> FloatArray:
    """Return the average directional index, 0-100 (Wilder 1978, TA-Lib ADX); first value at bar 2 window - 1.

    TR, +DM and -DM run as Wilder sums s_t = s_{t-1} - s_{t-1}/n + v_t started by the sum of the first n - 1
    values; ADX is Wilder's average of DX started by the mean of n values. Trend strength without direction.
    window >= 2.
    """
    _check(window, 2)
    out = np.full(close.size, np.nan)
    if close.size < 2 * window:
        return out
    ups, downs = _directional(high, low)
    ranges = true_range(high, low, close)[1:]
    lead = window - 1
    ranged, plus, minus = (float(part[:lead].sum()) for part in (ranges, ups, downs))
    keep = 1.0 - 1.0 / window
    dx, directional = 0.0, []
    rest = zip(ranges[lead:].tolist(), ups[lead:].tolist(), downs[lead:].tolist(), strict=True)
    for spread, up, down in rest:
        ranged, plus, minus = ranged * keep + spread, plus * keep + up, minus * keep + down
        dx = _dx((ranged, plus, minus), dx)
        directional.append(dx)
    out[window:] = wilder(np.array(directional), window)
    return out


def bollinger_bandwidth_pct(close: FloatArray, window: int = 20, width: float = 2.0) -> FloatArray:
    """Return 100 (upper - lower) / middle of Bollinger bands: SMA +- `width` population deviations.

    Bollinger, Bollinger on Bollinger Bands (2001); equals (upper - lower) / middle of TA-Lib BBANDS. First
    value at bar window - 1.
    """
    _check(window, 2)
    if close.size < window:
        return np.full(close.size, np.nan)
    rows = _rolled(close, window)
    return _after(window - 1, 200.0 * width * rows.std(axis=1) / rows.mean(axis=1), close.size)


def efficiency_ratio(close: FloatArray, window: int = 10) -> FloatArray:
    """Return |C_t - C_{t-n}| / sum of |C_i - C_{i-1}| over n bars, 0-1 (Kaufman 1995); first value at bar n.

    NaN where nothing moved: 0 / 0 says nothing about efficiency.
    """
    _check(window)
    if close.size <= window:
        return np.full(close.size, np.nan)
    path = _rolled(np.abs(np.diff(close)), window).sum(axis=1)
    net = np.abs(close[window:] - close[:-window])
    ratio = np.divide(net, path, out=np.full(net.size, np.nan), where=path > 0)
    return _after(window, np.minimum(ratio, 1.0), close.size)


def choppiness(high: FloatArray, low: FloatArray, close: FloatArray, window: int = 14) -> FloatArray:
    """Return CHOP = 100 log10(sum TR / (max H - min L)) / log10 n over n bars, about 0-100 (Dreiss).

    High is choppy, low is directional; 61.8 and 38.2 are the usual lines. First value at bar n, because TR
    needs the close before. NaN where nothing moved. window >= 2.
    """
    _check(window, 2)
    if close.size <= window:
        return np.full(close.size, np.nan)
    total = _rolled(true_range(high, low, close)[1:], window).sum(axis=1)
    spread = _rolled(high[1:], window).max(axis=1) - _rolled(low[1:], window).min(axis=1)
    moved = (spread > 0) & (total > 0)
    ratio = np.divide(total, spread, out=np.full(total.size, np.nan), where=moved)
    return _after(window, 100.0 * np.log10(ratio) / np.log10(window), close.size)


def log_returns(close: FloatArray) -> FloatArray:
    """Return r_t = ln(P_t) - ln(P_{t-1}) as fractions, same length, NaN at bar 0. Closes must be positive."""
    out = np.full(close.size, np.nan)
    out[1:] = np.diff(np.log(close))
    return out


def rms_volatility(close: FloatArray, window: int = VOLATILITY_WINDOW, least: int = VOLATILITY_LEAST) -> FloatArray:
    """Return sigma_t = sqrt(mean of r^2 over the last min(window, available) log returns) per bar.

    Root mean square around zero, not around the mean (docs/methods.md, "Rally"). NaN below `least` returns. Closes
    must be positive.
    """
    _check(window)
    out = np.full(close.size, np.nan)
    if close.size <= least:
        return out
    squares = np.zeros(close.size)
    np.square(np.diff(np.log(close)), out=squares[1:])
    total = np.cumsum(squares)
    total[window:] -= total[:-window].copy()
    counted = np.minimum(np.arange(close.size), window)[least:]
    out[least:] = np.sqrt(np.maximum(total[least:], 0.0) / counted)
    return out
