"""The arithmetic behind `bot.market.ranges`: how range-like and how trending each of the last bars is.

For a bar u and a window of n returns, with x = ln(close): S, R the lowest and highest x, W = R - S, V the
sum of squared returns. p_w = F(W / sqrt(V) + 0.95 / sqrt(n)) by Feller's law of the range of a random walk;
p_a by the number of times the tests of the two edges change sides. A window counts when either edge has two
tests; the smallest p = min(p_w, p_a) of twelve windows is the best, and its rank among random-walk days is
the range confidence rc. Trend: z = the strongest of four moves in units of usual moves, its rank the trend
confidence tc.

All windows of all bars looked at lie side by side in one matrix, so the bulk is a fixed number of array
operations; the costly parts (Feller's series, walking through the tests) are done for the few windows that
can matter. The rule in words: docs/methods.md, "Range, trend, breakout".
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.market.bars import FloatArray

WINDOWS = (20, 25, 30, 40, 50, 63, 80, 100, 126, 160, 200, 250)
TREND_WINDOWS = (20, 40, 63, 126)
VOLATILITY_WINDOW = 250
HOLD = 10
CLOSES_USED = max(WINDOWS) + HOLD + 1
LEAST_TESTS = 2

_NS = np.array(WINDOWS)
# The closes of the twelve windows of a bar, one window after the other, as offsets from that bar.
_OFFSETS = np.concatenate([np.arange(-n, 1) for n in WINDOWS])
_LENGTHS = _NS + 1
_STARTS = np.concatenate([[0], np.cumsum(_LENGTHS)[:-1]])
# The same as indexes into the last CLOSES_USED closes, a row for each of the last HOLD + 1 bars.
_ENDS = (CLOSES_USED - 1 - np.arange(HOLD, -1, -1))[:, None]
_INDEX = _ENDS + _OFFSETS
# The running number of the window that each of those closes belongs to.
_OWNER = np.repeat(np.arange((HOLD + 1) * len(WINDOWS)), np.tile(_LENGTHS, HOLD + 1))

# Share of random-walk windows with at least that many alternations.
ALTERNATIONS_P = np.array(
    [1.0, 1.0, 1.0, 0.32, 0.135, 0.0435, 0.0152, 0.0047, 0.0014, 0.00036, 0.00015, 0.00007, 0.00003]
)
# Confidence against p of the best window, and against |z| of the strongest trend window: the share of
# random-walk days that look less so (the choice among windows included).
_RANGE_P, _RANGE_CONFIDENCE = np.array(
    [
        (0.0, 1.0), (0.0005, 0.995), (0.0014, 0.987), (0.0032, 0.976), (0.0047, 0.955), (0.0100, 0.930),
        (0.0151, 0.905), (0.0152, 0.870), (0.0200, 0.853), (0.0365, 0.800), (0.0434, 0.777), (0.0435, 0.701),
        (0.080, 0.635), (0.1349, 0.551), (0.135, 0.408), (0.32, 0.326), (1.0, 0.0),
    ]
).T  # fmt: skip
_TREND_Z, _TREND_CONFIDENCE = np.array(
    [
        (0.0, 0.0), (1.27, 0.5), (1.43, 0.6), (1.61, 0.7), (1.72, 0.75), (1.84, 0.8), (1.99, 0.85),
        (2.17, 0.9), (2.46, 0.95), (2.71, 0.975), (3.02, 0.99), (5.0, 1.0),
    ]
).T  # fmt: skip
QUALIFYING, P_QUALIFYING = 0.80, 0.0365
OK_LIMIT = -1.0
DISCRETENESS = 0.95


@dataclass(frozen=True, slots=True)
class Band:
    """The best window of one bar: its edges in logs, the bars of their tests, rc, and s_b of the rule."""

    bar: int
    window: int
    support: float
    resistance: float
    support_bars: tuple[int, ...]
    resistance_bars: tuple[int, ...]
    confidence: float
    sigma: float


class Trend(NamedTuple):
    """The strongest trend window of one bar; `ok` is whether the last month is not clearly against it."""

    z: float
    window: int
    confidence: float
    ok: bool


def feller_range_cdf(y: float) -> float:
    """Return the chance that a driftless Brownian motion of unit variance over unit time has a range below y.

    F(y) = 1 - 8 sum_{k>=1} (-1)^{k-1} k Q(k y), Q the upper normal tail (Feller 1951); 0 for y <= 0.3, 1 for
    y >= 4. Summed until a term cannot change the result, always well before the specification's 60.
    """
    if y <= 0.3:
        return 0.0
    if y >= 4.0:
        return 1.0
    total, sign, k, step = 0.0, 4.0, 1, y / math.sqrt(2.0)
    while (term := k * math.erfc(k * step)) > 1e-18:
        total += sign * term
        sign, k = -sign, k + 1
    return min(1.0, max(0.0, 1.0 - total))


def _feller_quantile(p: float) -> float:
    """Return the y with F(y) = p, by halving."""
    low, high = 0.3, 4.0
    while high - low > 1e-9:
        middle = (low + high) / 2
        low, high = (middle, high) if feller_range_cdf(middle) < p else (low, middle)
    return high


# A past window with a rho above this and too few alternations cannot qualify: its p is not worked out.
_RHO_QUALIFYING = _feller_quantile(P_QUALIFYING) + 1e-6


def tests(x: list[float], support: float, resistance: float) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the positions in `x` of the tests of `support` and of `resistance`.

    A test is an entry into the outer quarter of that side, the first of all or armed by a close beyond the
    middle.
    """
    quarter, middle = (resistance - support) / 4, (resistance + support) / 2
    bottom, top = support + quarter, resistance - quarter
    lows: list[int] = []
    highs: list[int] = []
    low_armed = high_armed = True
    for position, value in enumerate(x):
        if value > middle:
            if value >= top and high_armed:
                highs.append(position)
                high_armed = False
            low_armed = True
        elif value < middle:
            if value <= bottom and low_armed:
                lows.append(position)
                low_armed = False
            high_armed = True
    return tuple(lows), tuple(highs)


def _alternations(closes: FloatArray, support: FloatArray, resistance: FloatArray) -> NDArray[np.intp]:
    """Return how often each window's tests change sides, the first counting 1; shape (bars, windows).

    Going from one outer quarter to the other always crosses the middle, so these are the runs of equal sides
    in the sequence of visits to the outer quarters.
    """
    quarter = (resistance - support) / 4
    top = closes >= np.repeat(resistance - quarter, _LENGTHS, axis=1)
    bottom = closes <= np.repeat(support + quarter, _LENGTHS, axis=1)
    visits = np.flatnonzero(top | bottom)
    side, owner = top.ravel()[visits], _OWNER[visits]
    first = np.ones(visits.size, dtype=bool)
    first[1:] = (side[1:] != side[:-1]) | (owner[1:] != owner[:-1])
    return np.bincount(owner[first], minlength=support.size).reshape(support.shape)


def _tail(x: FloatArray) -> FloatArray:
    """Return the last 261 values; a shorter series is led by its first value (no window there counts)."""
    if x.size >= CLOSES_USED:
        return x[-CLOSES_USED:]
    return np.concatenate([np.full(CLOSES_USED - x.size, x[0]), x])


def _squares_before(tail: FloatArray) -> FloatArray:
    """Return the sum of squared returns up to each close of the tail."""
    total = np.zeros(tail.size)
    np.cumsum(np.square(np.diff(tail)), out=total[1:])
    return total


class Windows:
    """The twelve windows of each of the last 11 bars of x = ln(close), and the best of them for each bar.

    Rows are bars, oldest first, columns are windows. Takes at least 21 closes.
    """

    __slots__ = ("_by_tests", "_closes", "_resistance", "_rho", "_squares", "_support", "_usable", "bars")

    def __init__(self, x: FloatArray) -> None:
        tail = _tail(x)
        total = _squares_before(tail)
        closes = tail[_INDEX]
        self._closes = tail
        self._support = np.minimum.reduceat(closes, _STARTS, axis=1)
        self._resistance = np.maximum.reduceat(closes, _STARTS, axis=1)
        self._squares = total[_ENDS] - total[_ENDS - _NS]
        spread = self._resistance - self._support
        self.bars = x.size - 1 - np.arange(HOLD, -1, -1)
        self._usable = (self.bars[:, None] >= _NS) & (self._squares > 0.0) & (spread > 0.0)
        rho = np.divide(spread, np.sqrt(self._squares), out=np.full(spread.shape, np.inf), where=self._usable)
        self._rho = rho + DISCRETENESS / np.sqrt(_NS)
        alternations = _alternations(closes, self._support, self._resistance)
        self._by_tests = ALTERNATIONS_P[np.minimum(alternations, ALTERNATIONS_P.size - 1)]

    def today(self) -> Band | None:
        """Return the best window of the last bar: the smallest p of those that count, the longest on ties."""
        return self._best(HOLD, np.flatnonzero(self._usable[HOLD]).tolist())

    def before(self) -> list[Band | None]:
        """Return the best window of each of the ten bars before; None where its confidence is below .80."""
        likely = self._usable & ((self._rho <= _RHO_QUALIFYING) | (self._by_tests <= P_QUALIFYING))
        columns: list[list[int]] = [[] for _ in range(HOLD + 1)]
        for row, column in np.argwhere(likely).tolist():
            columns[row].append(column)
        found = [self._best(row, columns[row]) for row in range(HOLD)]
        return [band if band and band.confidence >= QUALIFYING else None for band in found]

    def _best(self, row: int, columns: list[int]) -> Band | None:
        """Return the first window that counts, by rising p and falling length."""
        ranked = []
        for column in columns:
            p = min(feller_range_cdf(float(self._rho[row, column])), float(self._by_tests[row, column]))
            ranked.append((p, -column))
        ranked.sort()
        return next((band for p, column in ranked if (band := self._band(row, -column, p))), None)

    def _band(self, row: int, column: int, p: float) -> Band | None:
        """Return the window as a band; None when a side has fewer than two tests: it does not count."""
        n, end = WINDOWS[column], int(_ENDS[row, 0])
        support, resistance = float(self._support[row, column]), float(self._resistance[row, column])
        lows, highs = tests(self._closes[end - n : end + 1].tolist(), support, resistance)
        if min(len(lows), len(highs)) < LEAST_TESTS:
            return None
        bar = int(self.bars[row])
        return Band(
            bar=bar,
            window=n,
            support=support,
            resistance=resistance,
            support_bars=tuple(bar - n + low for low in lows),
            resistance_bars=tuple(bar - n + high for high in highs),
            confidence=float(np.interp(p, _RANGE_P, _RANGE_CONFIDENCE)),
            sigma=math.sqrt(float(self._squares[row, column]) / n),
        )


def trends(x: FloatArray) -> list[Trend]:
    """Return the strongest trend window of each of the last 11 bars of x = ln(close), oldest first.

    z_n = (x_u - x_{u-n}) / (s sqrt(n)), s the smaller of the root mean square return of those n bars and of
    the last min(250, available). The shortest window on ties; nothing moved: z = 0.
    """
    tail = _tail(x)
    closes: list[float] = tail.tolist()
    squares: list[float] = _squares_before(tail).tolist()
    last = x.size - 1
    found = [_strongest(closes, squares, CLOSES_USED - 1 - lag, last - lag) for lag in range(HOLD, -1, -1)]
    ranks = np.interp([abs(z) for z, _, _ in found], _TREND_Z, _TREND_CONFIDENCE).tolist()
    return [Trend(z, n, rank, ok) for (z, n, ok), rank in zip(found, ranks, strict=True)]


def _strongest(closes: list[float], squares: list[float], end: int, bar: int) -> tuple[float, int, bool]:
    """Return z, n_z and ok at position `end` of the tail, which is bar `bar` of the series."""
    usual = (squares[end] - squares[end - VOLATILITY_WINDOW]) / min(VOLATILITY_WINDOW, max(bar, 1))
    strongest, window, month = 0.0, TREND_WINDOWS[0], 0.0
    for n in TREND_WINDOWS:
        variance = min((squares[end] - squares[end - n]) / n, usual) * n
        if bar < n or variance <= 0.0:
            continue
        z = (closes[end] - closes[end - n]) / math.sqrt(variance)
        if n == TREND_WINDOWS[0]:
            month = z
        if abs(z) > abs(strongest):
            strongest, window = z, n
    return strongest, window, math.copysign(month, month * strongest) > OK_LIMIT
