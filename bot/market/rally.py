"""Rally states: does price rise out of a decline, since when, how far, how evenly, and what would end it.

The rule is that of docs/methods.md, "Rally"; the forward pass lives in `bot.market.rally_walk`, this module turns
its last bar into an answer. Sources of the parts: closing-price turning points as in Lunde and Timmermann
(2004), thresholds scaled by volatility, efficiency ratio after Kaufman (1995), 20 % cycle convention on
closes.

Input everywhere: `close`, float64, one symbol, oldest first, only kept rows, strictly positive (the caller
answers `not_positive` before; a price at or below zero gives a meaningless result and a numpy warning). All
functions are causal (bar t uses closes up to t) and free of the price scale.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from bot.market.rally_walk import (
    GIVEBACK,
    PEAK_SPAN,
    STALL_BARS,
    STATES,
    EndReason,
    Rally,
    RallyName,
    Walk,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.market.bars import FloatArray

__all__ = [
    "LEAST_CLOSES",
    "SHORT_HISTORY",
    "STATES",
    "Rally",
    "RallyState",
    "rallies",
    "rally",
    "rally_labels",
    "rally_name",
]

Phase = Literal["rebound", "new_highs", "mature"]

LEAST_CLOSES = 61
SHORT_HISTORY = 250
MATURE_BARS = 252
BEAR_CYCLE = 0.20


@dataclass(frozen=True, slots=True)
class RallyState:
    """The rally state at the last bar. Bars are indexes into the closes given, prices are closes.

    Always there unless `state` is `insufficient`: `since_bar` (first bar of the present state's
    uninterrupted run), `low_bar` and `low` (the anchor: the low a rally runs from, or the low one would be
    measured from; after an end by reversal, stall or undercut it is the lowest close since the rally's high,
    often the last bar itself), `gain_pct` and `bars_since_low` from that low, `theta_pct` (the threshold,
    100(e^theta - 1)), `consistency` (0-100) and its parts `r2`, `up_share`, `efficiency_ratio` (log closes,
    low to last bar; the last two None at the low itself), the decline before the low: `peak_bar`, `peak`,
    `decline_pct` (0 or negative) and `recovery_pct` (None without one).

    Only in `rally` and `fading`, else None: `high_bar`, `high`, `drawdown_pct` (0 or negative),
    `confirmed_bar`, `phase`, `ends_below` (a close below ends it at today's threshold), `stalls_bar` (the
    bar on which it stalls, `stalls_in` bars ahead of the last), `bear_market` (it runs inside a 20 % bear
    cycle; False where no cycle is established).

    `end_reason` and `ended`, the rally that ended, only in `ended`. `resumes_above` only while a rally is
    suspended by a giveback. `short_history`: 61 to 250 closes.
    """

    state: RallyName
    bars: int
    short_history: bool = False
    since_bar: int | None = None
    low_bar: int | None = None
    low: float | None = None
    gain_pct: float | None = None
    bars_since_low: int | None = None
    high_bar: int | None = None
    high: float | None = None
    drawdown_pct: float | None = None
    confirmed_bar: int | None = None
    theta_pct: float | None = None
    consistency: float | None = None
    r2: float | None = None
    up_share: float | None = None
    efficiency_ratio: float | None = None
    peak_bar: int | None = None
    peak: float | None = None
    decline_pct: float | None = None
    recovery_pct: float | None = None
    phase: Phase | None = None
    ends_below: float | None = None
    stalls_bar: int | None = None
    stalls_in: int | None = None
    bear_market: bool | None = None
    end_reason: EndReason | None = None
    ended: Rally | None = None
    resumes_above: float | None = None


def rally_labels(close: FloatArray) -> NDArray[np.uint8]:
    """Return the state code of every bar, indexes into `STATES`; the first 60 bars are `insufficient`."""
    return np.frombuffer(bytes(Walk(close).weigh(0)), dtype=np.uint8)


def rallies(close: FloatArray) -> tuple[Rally, ...]:
    """Return every rally in `close`, oldest first; one that runs at the last bar has no end.

    A rally suspended by a giveback and resumed by a new high is one rally; suspended and not resumed, it has
    ended.
    """
    return Walk(close).found()


def rally_name(close: FloatArray) -> RallyName:
    """Return only the state at the last bar: for screens over many symbols."""
    return STATES[Walk(close).weigh(close.size - 1)[-1]] if close.size >= LEAST_CLOSES else "insufficient"


def rally(close: FloatArray) -> RallyState:
    """Return the rally state at the last bar of `close`, shape (bars,); `insufficient` below 61 closes.

    500 closes give the same state as the full history, 756 the same decline before it.
    """
    if close.size < LEAST_CLOSES:
        return RallyState("insufficient", close.size)
    walk = Walk(close)
    labels = walk.weigh(walk.entered)
    code, now, low = labels[-1], close.size - 1, walk.low
    price, floor = float(close[now]), float(close[low])
    up_share, efficiency = _evenness(walk.x[low:])
    peak = _peak_before(close, low)
    top = float(close[peak])
    state = RallyState(
        state=STATES[code],
        bars=close.size,
        short_history=close.size <= SHORT_HISTORY,
        since_bar=len(labels.rstrip(bytes((code,)))),
        low_bar=low,
        low=floor,
        gain_pct=100.0 * (price / floor - 1.0),
        bars_since_low=now - low,
        theta_pct=100.0 * math.expm1(walk.theta[now]),
        consistency=walk.piece.consistency(now),
        r2=walk.piece.r2(now) if now - low >= 2 else 0.0,
        up_share=up_share,
        efficiency_ratio=efficiency,
        peak_bar=peak,
        peak=top,
        decline_pct=100.0 * (floor / top - 1.0),
        recovery_pct=100.0 * (price - floor) / (top - floor) if top > floor else None,
        end_reason=walk.reason if STATES[code] == "ended" else None,
        ended=walk.rallies[-1] if STATES[code] == "ended" else None,
        resumes_above=float(close[walk.paused]) if walk.paused >= 0 else None,
    )
    return _inside(state, walk, close) if walk.inside else state


def _inside(state: RallyState, walk: Walk, close: FloatArray) -> RallyState:
    """Add what only a running rally has."""
    now, high, low = close.size - 1, walk.high, walk.low
    theta, gain = walk.theta[now], walk.x[high] - walk.x[low]
    room = min(theta, gain, max(GIVEBACK * gain, theta / 2))
    top = float(close[high])
    return replace(
        state,
        high_bar=high,
        high=top,
        drawdown_pct=100.0 * (float(close[now]) / top - 1.0),
        confirmed_bar=walk.confirmed,
        phase=_phase(state.recovery_pct, now - low),
        ends_below=top * math.exp(-room),
        stalls_bar=high + STALL_BARS,
        stalls_in=high + STALL_BARS - now,
        bear_market=in_bear_cycle(close),
    )


def _phase(recovery_pct: float | None, bars: int) -> Phase:
    """Return the phase; without a decline before it (None) every close above the low is a new high."""
    if recovery_pct is not None and recovery_pct < 100.0:
        return "rebound"
    return "mature" if bars > MATURE_BARS else "new_highs"


def _peak_before(close: FloatArray, low: int) -> int:
    """Return the bar of the highest close since the last one below the low's, at most 756 bars back."""
    first = max(0, low - PEAK_SPAN)
    below = np.flatnonzero(close[first:low] < close[low])
    start = first + int(below[-1]) + 1 if below.size else first
    return start + int(np.argmax(close[start : low + 1]))


def _evenness(x: list[float]) -> tuple[float | None, float | None]:
    """Return the share of rising bars and the efficiency ratio of log closes; None where undefined."""
    steps = np.diff(np.array(x))
    path = float(np.abs(steps).sum())
    if not steps.size:
        return None, None
    return float(np.mean(steps > 0)), min(1.0, abs(x[-1] - x[0]) / path) if path > 0.0 else None


def in_bear_cycle(close: FloatArray, turn: float = BEAR_CYCLE) -> bool:
    """Return whether the last bar lies in a bear cycle by the 20 % closing rule.

    A bear cycle starts when a close is 20 % or more below the highest close of the bull cycle, a bull cycle
    when one is 20 % or more above the lowest close of the bear cycle (Lunde and Timmermann 2004, filter
    20/20). Until the first such move there is no cycle: False.
    """
    prices: list[float] = close.tolist()
    falls, rises = prices[0] * (1.0 - turn), prices[0] * (1.0 + turn)
    bull = bear = False
    for price in prices:
        if not bear and price <= falls:
            bull, bear, rises = False, True, price * (1.0 + turn)
        elif not bull and price >= rises:
            bull, bear, falls = True, False, price * (1.0 - turn)
        if not bear and price * (1.0 - turn) > falls:
            falls = price * (1.0 - turn)
        if not bull and price * (1.0 + turn) < rises:
            rises = price * (1.0 + turn)
    return bear
