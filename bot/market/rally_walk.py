"""The forward pass behind `bot.market.rally`: one look at each close, nothing ahead of it.

x is the natural logarithm of the close, sigma the root mean square return of the last 250 (at least 60)
bars, theta = 1.5 sigma sqrt(21) within [0.01, 0.60]. A machine with two modes and four marks: L the anchor
low, H the high of the rally, Z the high of a suspended rally, E the last end.

OUT, searching, at each bar t in this order:
1. x at or below x_L: L = t, Z forgotten.
2. Z set: above x_Z the same rally resumes; theta below it, L = the lowest bar since Z, Z forgotten.
3. p = the highest of the 756 bars up to L; a base stands if L is theta below p, or p is 63 bars back.
4. No Z, no base, x at or above x_p: L = t (a plain uptrend restarts the search).
5. No Z, a base, a gain of theta from L, five bars since L, C(L..t) >= 50: a rally, confirmed at t.
6. Else `attempt` (base, gain of theta / 2), `ended` (ten bars from E), `declining` (base) or `none`; with Z
   set `ended`, then `attempt`, then `declining`.

IN, a rally: it ends by undercut (below L), reversal (theta below H), giveback (61.8 % of the gain and
theta / 2 lost; Z = H, L stays) or stall (126 bars without a new high), in that order; but for a giveback L
moves to the lowest bar since H. It is `fading` after a loss of theta / 2 or 38.2 % of the gain, 42 bars
without a new high, or with C(L..t) < 45, else `rally`. The bar of confirmation and that of resumption are
`rally`.

Where the lowest or highest bar is looked up, the first one wins a tie. Plain Python numbers in the loop: on
single values they are several times faster than numpy's. The rule in words: docs/methods.md, "Rally".
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.market.bars import FloatArray

RallyName = Literal["insufficient", "none", "declining", "attempt", "rally", "fading", "ended"]
EndReason = Literal["undercut", "reversal", "giveback", "stall"]

STATES: tuple[RallyName, ...] = ("insufficient", "none", "declining", "attempt", "rally", "fading", "ended")
INSUFFICIENT, NONE, DECLINING, ATTEMPT, RALLY, FADING, ENDED = range(7)

VOLATILITY_WINDOW = 250
VOLATILITY_LEAST = 60
THETA_FACTOR = 1.5
BARS_PER_MONTH = 21.0
THETA_FLOOR, THETA_CEILING = 0.01, 0.60
PEAK_SPAN = 756
STAGNATION = 63
CONFIRM_BARS = 5
CONFIRM_CONSISTENCY = 50.0
FADING_CONSISTENCY = 45.0
FADING_GIVEBACK, FADING_BARS = 0.382, 42
GIVEBACK = 0.618
STALL_BARS = 126
ENDED_BARS = 10

_NOWHERE = -1
_NEVER, _LATER = -(10**9), 10**9


class Rally(NamedTuple):
    """A rally: bars of its low, confirmation and highest close; `end` and `reason` are None while it runs."""

    low: int
    confirmed: int
    high: int
    end: int | None
    reason: EndReason | None


def rms_volatility(close: FloatArray, window: int = VOLATILITY_WINDOW, least: int = VOLATILITY_LEAST) -> FloatArray:
    """Return sigma_t = sqrt(mean of r^2 over the last min(window, available) log returns) per bar.

    Root mean square around zero, not around the mean (docs/methods.md, "Rally"). NaN below `least` returns. Closes
    must be positive, `window` and `least` at least 1.
    """
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


def thresholds(close: FloatArray) -> FloatArray:
    """Return theta_t = 1.5 sigma_t sqrt(21) clipped to [0.01, 0.60], a log distance; NaN below 60 returns."""
    sigma = rms_volatility(close, VOLATILITY_WINDOW, VOLATILITY_LEAST)
    return np.clip(THETA_FACTOR * math.sqrt(BARS_PER_MONTH) * sigma, THETA_FLOOR, THETA_CEILING)


def _first_highest(rows: FloatArray) -> NDArray[np.intp]:
    """Return, per row, the column of the highest value so far, the first one on ties."""
    top = np.maximum.accumulate(rows, axis=1)
    new = np.ones(rows.shape, dtype=bool)
    new[:, 1:] = rows[:, 1:] > top[:, :-1]
    columns = np.where(new, np.arange(rows.shape[1]), 0)
    highest: NDArray[np.intp] = np.maximum.accumulate(columns, axis=1)
    return highest


def trailing_peaks(x: FloatArray, span: int = PEAK_SPAN) -> NDArray[np.intp]:
    """Return for each bar the bar of the highest x in [t - span, t], the first one on ties.

    Blocks of span + 1 bars (van Herk 1992; Gil and Werman 1993): a window covers the tail of one block and
    the head of the next, so two running maxima answer every window in O(bars).
    """
    width, bars = span + 1, x.size
    if bars <= width:
        return _first_highest(x[None, :]).reshape(bars)
    blocks = -(-bars // width)
    padded = np.full(blocks * width, -np.inf)
    padded[:bars] = x
    rows = padded.reshape(blocks, width)
    base = width * np.arange(blocks)[:, None]
    head = (_first_highest(rows) + base).ravel()[:bars]
    # From the right, the first on ties is the last one met: `>=` takes it.
    back = rows[:, ::-1]
    top = np.maximum.accumulate(back, axis=1)
    columns = np.maximum.accumulate(np.where(back >= top, np.arange(width), 0), axis=1)
    tail = (width - 1 - columns[:, ::-1] + base).ravel()[:bars]
    first = np.maximum(np.arange(bars) - span, 0)
    before = tail[first]
    spans_two = first // width < np.arange(bars) // width
    return np.where(spans_two & (x[before] >= x[head]), before, head)


class Piece:
    """Consistency of the piece from an anchor bar on, in running sums: each further bar costs O(1).

    C = 50 R2 + 50 S (docs/methods.md, "Rally"). Positions and heights are counted from the anchor, which keeps the
    sums small and the result free of the price scale.
    """

    __slots__ = ("_deepest", "_length", "_sum", "_sum_position", "_sum_square", "_top", "_x", "start")

    def __init__(self, x: list[float]) -> None:
        self._x = x
        self.reset(0)

    def reset(self, start: int) -> None:
        """Begin again at bar `start`."""
        self.start = start
        self._length = 0
        self._sum = self._sum_square = self._sum_position = self._top = self._deepest = 0.0

    def _advance(self, bar: int) -> None:
        start, top, deepest = self.start, self._top, self._deepest
        total, squares, weighted = self._sum, self._sum_square, self._sum_position
        anchor, position = self._x[start], self._length
        for value in self._x[start + position + 1 : bar + 1]:
            position += 1
            height = value - anchor
            total += height
            squares += height * height
            weighted += position * height
            if height > top:
                top = height
            elif top - height > deepest:
                deepest = top - height
        self._sum, self._sum_square, self._sum_position = total, squares, weighted
        self._top, self._deepest, self._length = top, deepest, position

    def r2(self, bar: int) -> float:
        """Return the squared correlation of x with the bar number over [start, bar], 0 if x does not rise."""
        if bar - self.start > self._length:
            self._advance(bar)
        last, total = self._length, self._sum
        cov = self._sum_position - 0.5 * last * total
        spread = self._sum_square - total * total / (last + 1)
        if cov <= 0.0 or spread <= 0.0:
            return 0.0
        share = cov * cov / (last * (last + 1) * (last + 2) / 12.0 * spread)
        return min(1.0, share)

    def consistency(self, bar: int) -> float:
        """Return C, 0-100; 0 for fewer than two bars after the anchor."""
        if bar - self.start < 2:
            return 0.0
        fit = self.r2(bar)
        top, deepest = self._top, self._deepest
        return 50.0 * fit + (50.0 * (1.0 - deepest / top) if deepest < top else 0.0)


class Walk:
    """The memory of the forward pass (mode, L, H, Z, E of docs/methods.md, "Rally") and what it leaves behind.

    After construction: `rallies` are the rallies that ended, and `low`, `high`, `confirmed`, `paused`, `reason`
    describe the last bar: `high` is -1 outside a rally, `paused` is the bar of the high of a rally suspended by a
    giveback or -1. `weigh` gives the labels, one state code per bar.
    """

    __slots__ = (
        "_climbs", "_confirmed", "_crest", "_drop", "_end", "_floor", "_peaks", "_stale", "high", "inside", "labels",
        "low", "paused", "piece", "rallies", "reason", "theta", "x",
    )  # fmt: skip

    def __init__(self, close: FloatArray) -> None:
        logs = np.log(close)
        self.x: list[float] = logs.tolist()
        self.theta: list[float] = thresholds(close).tolist()
        self._peaks: list[int] = trailing_peaks(logs).tolist() if logs.size else []
        self.labels = bytearray(logs.size)
        self.rallies: list[Rally] = []
        self._climbs: list[tuple[int, int, int]] = []
        self.piece = Piece(self.x) if self.x else Piece([0.0])
        self.low, self.high, self.paused, self._confirmed = 0, _NOWHERE, _NOWHERE, _NOWHERE
        self._end = _NEVER
        self.reason: EndReason | None = None
        self.inside = False
        self._floor = self._crest = self.x[0] if self.x else 0.0
        self._drop, self._stale = 0.0, _LATER
        bar, bars = self._settle(), len(self.x)
        while bar < bars:
            if self.inside:
                low, first = self.low, bar
                bar = self._climb(bar)
                self._climbs.append((low, first, bar))
            else:
                bar = self._search(bar)

    @property
    def confirmed(self) -> int:
        """The confirmation bar of the rally that runs, or -1."""
        return self._confirmed if self.inside else _NOWHERE

    def found(self) -> tuple[Rally, ...]:
        """Return all rallies in order, the running one last with no end."""
        if not self.inside:
            return tuple(self.rallies)
        return (*self.rallies, Rally(self.low, self._confirmed, self.high, None, None))

    def _anchor(self, bar: int) -> None:
        """Make `bar` the anchor low L and look back once for the highest x before it (p, D of the rule)."""
        peak, floor = self._peaks[bar], self.x[bar]
        self.low, self.paused, self._floor, self._crest = bar, _NOWHERE, floor, self.x[peak]
        self._drop, self._stale = self._crest - floor, peak + STAGNATION if bar > peak else _LATER
        self.piece.reset(bar)

    def _lowest_since(self, bar: int, now: int) -> int:
        """Return the bar of the lowest x in [bar, now], the first one on ties."""
        piece = self.x[bar : now + 1]
        return bar + piece.index(min(piece))

    def _settle(self) -> int:
        """Place the anchor while sigma is undefined; return the first bar with a threshold."""
        bars = min(VOLATILITY_LEAST, len(self.x))
        highest = -math.inf
        for bar in range(bars):
            value = self.x[bar]
            if value >= highest or value <= self._floor:
                self._anchor(bar)
            highest = max(highest, value)
        return bars

    def _search(self, bar: int) -> int:
        """Walk OUT from `bar`; return the bar after the one that turned the mode, or the end."""
        x, labels = self.x, self.labels
        for now in range(bar, len(x)):
            if x[now] <= self._floor:
                self._anchor(now)
            elif self.paused >= 0:
                self._pause(now)
            if not self.inside:
                labels[now] = self._outside(now)
            if self.inside:
                labels[now] = RALLY
                return now + 1
        return len(x)

    def _pause(self, now: int) -> None:
        """Resume the suspended rally on a new high, or give it up when x is theta below its high."""
        x = self.x
        if x[now] > x[self.paused]:
            self.high, self.paused, self.inside = now, _NOWHERE, True
            self.rallies.pop()
        elif x[self.paused] - x[now] >= self.theta[now]:
            self._anchor(self._lowest_since(self.paused, now))

    def _outside(self, now: int) -> int:
        """Return the label of an OUT bar; a confirmed rally turns the mode to IN."""
        theta, gain = self.theta[now], self.x[now] - self._floor
        fresh = now - self._end <= ENDED_BARS
        if self.paused >= 0:
            return ENDED if fresh else ATTEMPT if gain >= theta / 2 else DECLINING
        if self._drop < theta and now < self._stale:
            if now > self.low and self.x[now] >= self._crest:
                self._anchor(now)
            return ENDED if fresh else NONE
        if gain >= theta and now - self.low >= CONFIRM_BARS and self.piece.consistency(now) >= CONFIRM_CONSISTENCY:
            self._confirm(now)
            return RALLY
        if gain >= theta / 2:
            return ATTEMPT
        return ENDED if fresh else DECLINING

    def _confirm(self, now: int) -> None:
        piece = self.x[self.low : now + 1]
        self.high, self._confirmed, self.inside = self.low + piece.index(max(piece)), now, True

    def _climb(self, bar: int) -> int:
        """Walk IN from `bar`; return the bar after the one that ended the rally, or the end of the series."""
        x, thetas, labels = self.x, self.theta, self.labels
        floor, top, high = x[self.low], x[self.high], self.high
        for now in range(bar, len(x)):
            value, theta = x[now], thetas[now]
            if value > top:
                top, high = value, now
            fall = top - value
            given, age = fall / (top - floor), now - high
            half = fall >= theta / 2
            giveback = half and given >= GIVEBACK
            if fall >= theta or value < floor or age >= STALL_BARS or giveback:
                self.high = high
                self._finish(now, value < floor, fall >= theta, giveback)
                return now + 1
            labels[now] = FADING if half or given >= FADING_GIVEBACK or age >= FADING_BARS else RALLY
        self.high = high
        return len(x)

    def weigh(self, since: int) -> bytearray:
        """Return the labels with the uneven rally bars from `since` on turned to `fading`.

        C(L..t) < 45 changes nothing but the label, so it is worked out only for the bars somebody asks about.
        """
        labels = self.labels
        piece = Piece(self.x)
        for low, first, stop in self._climbs:
            piece.reset(low)
            for bar in range(max(first, since), stop):
                if labels[bar] == RALLY and piece.consistency(bar) < FADING_CONSISTENCY:
                    labels[bar] = FADING
        return labels

    @property
    def entered(self) -> int:
        """The bar after the one at which the last rally began or resumed; 0 if there was none."""
        return self._climbs[-1][1] if self._climbs else 0

    def _finish(self, now: int, undercut: bool, reversal: bool, giveback: bool) -> None:
        """End the rally at `now` for the first reason that holds; after a giveback it may resume."""
        reason: EndReason = "undercut" if undercut else "reversal" if reversal else "giveback" if giveback else "stall"
        self.rallies.append(Rally(self.low, self._confirmed, self.high, now, reason))
        self.inside, self.reason, self._end = False, reason, now
        self.labels[now] = ENDED
        if reason == "giveback":
            self.paused = self.high
        else:
            self._anchor(self._lowest_since(self.high, now))
        self.high = _NOWHERE
