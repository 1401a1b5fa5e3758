"""Range states: is price held between tested edges, trending or breaking out, measured against pure chance.

The rule of docs/methods.md, "Range, trend, breakout", on closes; `bot.market.range_windows` has the arithmetic,
this module the decision and the answer. Feller (1951) for the law of the range, Lo and MacKinlay (1988) for the
random-walk yardstick.

Input everywhere: `close`, float64, one symbol, oldest first, only kept rows, strictly positive (the caller
answers `not_positive` before). Causal and free of the price scale. The state depends on the last 261 closes;
only `age_bars` looks further back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from bot.market.range_windows import CLOSES_USED, HOLD, QUALIFYING, Band, Trend, Windows, trends

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

RangeName = Literal[
    "insufficient",
    "range_bound",
    "trending_up",
    "trending_down",
    "breaking_out_up",
    "breaking_out_down",
    "unclear",
]
Strength = Literal["strong", "moderate", "weak"]
Leaning = Literal["range_bound", "up", "down"]

LEAST_CLOSES = 21
SHORT_WINDOWS = 127
RECENT = 64
EDGE = 0.5
CLEAR_BREAK = 2.0
CONFIRMING_BARS = 2
TREND_CONFIDENCE, TREND_HELD = 0.60, 0.45
LEANING_RANGE = 0.60
STRONG, MODERATE = 0.90, 0.80


@dataclass(frozen=True, slots=True)
class RangeState:
    """The range state at the last bar. Bars are indexes into the closes given, prices are closes.

    Only in `range_bound` and in a breakout, else None: `support`, `resistance` (closing basis), their tests,
    the bars of those tests, `width_pct` (R/S - 1), `position_pct` ((P - S)/(R - S), outside 0-100 beyond the
    edges), `age_bars`, `window` (n of the best window), `band_bar` (the last bar of that window),
    `sigma_pct` (s_b, the root mean square daily log return of the window, times 100) and the distances of
    price to either edge, positive inside: `support_distance_pct`, `resistance_distance_pct` (of the price)
    and `..._sigmas` (logs, in s_b).

    Outside a band: `recent_low`, `recent_high`, the lowest and highest of the last 64 closes: extremes, not
    tested levels.

    `confidence` (0-1) is a rank among random-walk days: of the range in a band, of the trend when trending,
    the larger of both in `unclear`. `range_confidence`, `trend_confidence` and `trend_z` are today's own.
    `strength` words it, None in `unclear`. `leaning` only in `unclear`. `no_movement`: the closes used are
    all equal (then `width_pct` is 0 and there is no confidence). `short_windows`: fewer than 127 closes.
    """

    state: RangeName
    bars: int
    support: float | None = None
    resistance: float | None = None
    support_tests: int | None = None
    resistance_tests: int | None = None
    width_pct: float | None = None
    position_pct: float | None = None
    age_bars: int | None = None
    window: int | None = None
    recent_low: float | None = None
    recent_high: float | None = None
    confidence: float | None = None
    strength: Strength | None = None
    breakout_age: int | None = None
    breakout_confirmed: bool | None = None
    leaning: Leaning | None = None
    band_bar: int | None = None
    sigma_pct: float | None = None
    support_distance_pct: float | None = None
    resistance_distance_pct: float | None = None
    support_distance_sigmas: float | None = None
    resistance_distance_sigmas: float | None = None
    support_bars: tuple[int, ...] = ()
    resistance_bars: tuple[int, ...] = ()
    range_confidence: float | None = None
    trend_confidence: float | None = None
    trend_z: float | None = None
    no_movement: bool = False
    short_windows: bool = False


@dataclass(frozen=True, slots=True)
class _RangeDecision:
    """What the four steps of the rule decide, before it is put into prices; `lag` is j of the rule."""

    state: RangeName
    band: Band | None
    lag: int
    today: Band | None
    trend: Trend


def _qualifying(band: Band | None, trend: Trend) -> Band | None:
    """Return `band` if it is range-like enough and not rather part of a trend longer than its window."""
    return band if band and band.confidence >= QUALIFYING and _outranks(band, trend) else None


def _outranks(band: Band, trend: Trend) -> bool:
    """Return whether the range is no more like chance than the trend, or the trend is broken or shorter."""
    return band.confidence >= trend.confidence or not trend.ok or trend.window < band.window


def _broken(band: Band, later: list[float]) -> RangeName | None:
    """Return the breakout if all closes after the band lie beyond the same edge by half a daily sigma."""
    if min(later) > band.resistance + EDGE * band.sigma:
        return "breaking_out_up"
    if max(later) < band.support - EDGE * band.sigma:
        return "breaking_out_down"
    return None


def _holds(band: Band, price: float) -> bool:
    """Return whether the log price lies inside the band, half a daily sigma of grace on either side."""
    return band.support - EDGE * band.sigma <= price <= band.resistance + EDGE * band.sigma


def _trending(found: list[Trend], rank: float) -> RangeName | None:
    """Return the trend state of the last bar, held ten bars once reached, unless `rank` (rc) is higher."""
    now = found[-1]
    if not now.ok or now.confidence < rank or now.confidence < TREND_HELD:
        return None
    held = any(
        then.confidence >= TREND_CONFIDENCE and then.ok and then.z * now.z > 0.0 for then in found[-1 - HOLD : -1]
    )
    if now.confidence < TREND_CONFIDENCE and not held:
        return None
    return "trending_up" if now.z > 0.0 else "trending_down"


def _decide(x: FloatArray) -> _RangeDecision:
    """Return the first of the four steps of the rule (docs/methods.md) that holds at the last bar of x."""
    windows, found = Windows(x), trends(x)
    today, trend, price = windows.today(), found[-1], float(x[-1])
    past = [_qualifying(band, then) for band, then in zip(windows.before(), found[:-1], strict=True)]
    for lag in range(HOLD, 0, -1):
        band = past[-lag]
        broken = _broken(band, x[-lag:].tolist()) if band else None
        if broken:
            return _RangeDecision(broken, band, lag, today, trend)
    for lag, band in enumerate([_qualifying(today, trend), *reversed(past)]):
        if band and _outranks(band, trend) and _holds(band, price):
            return _RangeDecision("range_bound", band, lag, today, trend)
    state = _trending(found, _rank(today)) or "unclear"
    return _RangeDecision(state, None, 0, today, trend)


def range_name(close: FloatArray) -> RangeName:
    """Return only the state at the last bar: for screens over many symbols."""
    if close.size < LEAST_CLOSES:
        return "insufficient"
    return _decide(np.log(close[-CLOSES_USED:])).state


def range_state(close: FloatArray) -> RangeState:
    """Return the range state at the last bar of `close`, shape (bars,); `insufficient` below 21 closes."""
    if close.size < LEAST_CLOSES:
        return RangeState("insufficient", close.size)
    x = np.log(close)
    decision = _decide(x)
    if decision.band is None:
        return _open(decision, close)
    return _banded(decision, decision.band, close, x)


def strength(confidence: float) -> Strength:
    """Word a confidence: strong from .90, moderate from .80, weak below."""
    return "strong" if confidence >= STRONG else "moderate" if confidence >= MODERATE else "weak"


def _rank(band: Band | None) -> float:
    return band.confidence if band else 0.0


def _open(decision: _RangeDecision, close: FloatArray) -> RangeState:
    """Return the answer outside a band."""
    today, trend = _rank(decision.today), decision.trend
    recent = close[-RECENT:]
    unclear = decision.state == "unclear"
    still = bool(np.all(close[-CLOSES_USED:] == close[-1]))
    confidence = max(today, trend.confidence) if unclear else trend.confidence
    return RangeState(
        state=decision.state,
        bars=close.size,
        width_pct=0.0 if still else None,
        recent_low=float(recent.min()),
        recent_high=float(recent.max()),
        confidence=None if still else confidence,
        strength=None if unclear else strength(confidence),
        leaning=_leaning(today, trend) if unclear else None,
        range_confidence=today,
        trend_confidence=trend.confidence,
        trend_z=trend.z,
        no_movement=still,
        short_windows=close.size < SHORT_WINDOWS,
    )


def _leaning(rank: float, trend: Trend) -> Leaning | None:
    if rank >= LEANING_RANGE:
        return "range_bound"
    if trend.ok and trend.confidence >= TREND_HELD:
        return "up" if trend.z > 0.0 else "down"
    return None


def _age(x: FloatArray, band: Band) -> int:
    """Return how many bars back from the band's last bar every close stays inside the edges."""
    past = x[: band.bar + 1]
    outside = np.flatnonzero((past < band.support) | (past > band.resistance))
    return band.bar - (int(outside[-1]) + 1 if outside.size else 0)


def _banded(decision: _RangeDecision, band: Band, close: FloatArray, x: FloatArray) -> RangeState:
    """Return the answer for a band: a range, or the breakout from one."""
    price, now, trend = float(close[-1]), float(x[-1]), decision.trend
    support, resistance = math.exp(band.support), math.exp(band.resistance)
    breakout = decision.state != "range_bound"
    beyond = max(now - band.resistance, band.support - now) / band.sigma
    return RangeState(
        state=decision.state,
        bars=close.size,
        support=support,
        resistance=resistance,
        support_tests=len(band.support_bars),
        resistance_tests=len(band.resistance_bars),
        width_pct=100.0 * math.expm1(band.resistance - band.support),
        position_pct=100.0 * (price - support) / (resistance - support),
        age_bars=_age(x, band) + (0 if breakout else decision.lag),
        window=band.window,
        confidence=band.confidence,
        strength=strength(band.confidence),
        breakout_age=decision.lag if breakout else None,
        breakout_confirmed=decision.lag >= CONFIRMING_BARS or beyond > CLEAR_BREAK if breakout else None,
        band_bar=band.bar,
        sigma_pct=100.0 * band.sigma,
        support_distance_pct=100.0 * (price - support) / price,
        resistance_distance_pct=100.0 * (resistance - price) / price,
        support_distance_sigmas=(now - band.support) / band.sigma,
        resistance_distance_sigmas=(band.resistance - now) / band.sigma,
        support_bars=band.support_bars,
        resistance_bars=band.resistance_bars,
        range_confidence=_rank(decision.today),
        trend_confidence=trend.confidence,
        trend_z=trend.z,
        short_windows=close.size < SHORT_WINDOWS,
    )
