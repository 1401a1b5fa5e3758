"""Workings: the formula of an answer with the numbers in it, and each threshold beside the value it is held against."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from bot.analysis.aligned_pair import PairStatistics
from bot.render.numbers import day, percent

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rally import RallyState
    from bot.market.ranges import RangeState


class Step(NamedTuple):
    """One line of a working. `value` is unrounded; `limit` is the threshold that it is held against, if any."""

    name: str
    text: str
    value: float | None = None
    limit: float | None = None

    def to_json(self) -> dict[str, Any]:
        """The line as JSON has it."""
        return {"name": self.name, "text": self.text, "value": self.value, "limit": self.limit}


def exact(value: float) -> str:
    """A price as it came, without thousands separators: to be typed into a calculator."""
    return f"{value:.10g}"


def roc_steps(bars: Bars, periods: int) -> list[Step]:
    """ROC over `periods` bars, and its place among its own past values."""
    from bot.market.momentum import PERCENTILE_WINDOW, last_roc, roc_percentile

    now, base = float(bars.close[-1]), float(bars.close[-1 - periods])
    value, share = last_roc(bars.close, periods), roc_percentile(bars.close, periods)
    steps = [
        Step("Formula", f"ROC({periods}) = 100 × (close ÷ close {periods} bars before − 1)"),
        Step("Numbers", f"100 × ({exact(now)} ÷ {exact(base)} − 1) = {percent(value or 0.0, 4)}", value),
    ]
    if share is not None:
        text = f"share of the last {PERCENTILE_WINDOW:,} values of ROC({periods}) at or below today's: {share:.4f}"
        steps.append(Step("Percentile", f"{text}; stretched from 0.95 up and from 0.05 down", share, 0.95))
    return steps


def compare_steps(row: PairStatistics) -> list[Step]:
    """Relative change, ratio and correlation."""
    a, b = row.pair.a_close, row.pair.b_close
    first = -1 - row.bars
    ends = [exact(float(close[at])) for close in (a, b) for at in (-1, first)]
    steps = [
        Step(row.a, f"100 × ({ends[0]} ÷ {ends[1]} − 1) = {percent(row.a_roc_pct, 4)}", row.a_roc_pct),
        Step(row.b, f"100 × ({ends[2]} ÷ {ends[3]} − 1) = {percent(row.b_roc_pct, 4)}", row.b_roc_pct),
        Step(
            "Relative",
            f"100 × (({ends[0]} ÷ {ends[1]}) ÷ ({ends[2]} ÷ {ends[3]}) − 1) = {percent(row.relative_pct, 4)}",
            row.relative_pct,
        ),
        Step("Ratio", f"{ends[0]} ÷ {ends[2]} = {exact(row.ratio)}", row.ratio),
    ]
    if row.correlation is not None:
        text = f"Pearson's, of the last {row.bars} daily log returns: {row.correlation:.4f}"
        steps.append(Step("Correlation", text, row.correlation))
    if row.ratio_percentile is not None:
        reach = f"{min(row.pair.days.size, 2520):,}"
        text = f"share of the last {reach} ratios at or below today's: {row.ratio_percentile:.4f}"
        steps.append(Step("Percentile", text, row.ratio_percentile))
    return steps


def rally_steps(bars: Bars, state: RallyState) -> list[Step]:
    """The threshold, the low, and what a rally needs of them; for a running rally what would fade or end it."""
    from bot.market.rally_walk import rms_volatility

    if state.low is None or state.low_bar is None or state.theta_pct is None:
        return [Step("Closes", f"{len(bars)}; a rally state needs 61", float(len(bars)), 61.0)]
    sigma, theta, gain = float(rms_volatility(bars.close)[-1]), state.theta_pct, state.gain_pct or 0.0
    now, low, since = float(bars.close[-1]), state.low, float(state.bars_since_low or 0)
    level = f"100 × (exp(1.5 × σ × √21) − 1), the exponent within 0.01 and 0.60 = {percent(theta, 4)}"
    risen = f"100 × ({exact(now)} ÷ {exact(low)} − 1) = {percent(gain, 4)}; confirmed from θ"
    steps = [
        Step("σ", f"root mean square of the last 250 daily log returns = {sigma:.6f}", sigma),
        Step("Threshold θ", level, theta),
        Step("Gain from the low", risen, gain, theta),
        Step("Sessions since the low", f"{since:.0f}; confirmed from 5", since, 5.0),
    ]
    return steps + _evenness_steps(state) + _peak_steps(bars, state, theta) + _inside_steps(bars, state, now)


def _evenness_steps(state: RallyState) -> list[Step]:
    if state.consistency is None:
        return []
    text = f"50 × R² ({state.r2 or 0.0:.4f}) + 50 × (1 − deepest fall ÷ gain) = {state.consistency:.2f}"
    return [Step("Evenness", f"{text}; confirmed from 50, fading below 45", state.consistency, 50.0)]


def _peak_steps(bars: Bars, state: RallyState, theta_pct: float) -> list[Step]:
    """How deep the fall before the low was, beside the threshold as a fall in percent: the same log distance down."""
    if state.low is None or state.peak is None or state.decline_pct is None or state.peak_bar is None:
        return []
    text = f"100 × ({exact(state.low)} ÷ {exact(state.peak)} − 1) = {percent(state.decline_pct, 4)}"
    since_peak = f"from {day(bars.day(state.peak_bar))}; θ or more, or 63 sessions without a new high"
    as_fall = 100.0 * (1.0 - 1.0 / (1.0 + theta_pct / 100.0))
    return [Step("Fall before the low", f"{text} {since_peak}", state.decline_pct, -as_fall)]


def _inside_steps(bars: Bars, state: RallyState, now: float) -> list[Step]:
    if state.high is None or state.high_bar is None or state.low is None or state.theta_pct is None:
        return []
    theta = math.log1p(state.theta_pct / 100)
    gain, fall = math.log(state.high / state.low), math.log(state.high / now)
    given, since = fall / gain, float(len(bars) - 1 - state.high_bar)
    room = min(theta, gain, max(0.618 * gain, theta / 2))
    logs = f"ln({exact(state.high)} ÷ {exact(now)}) = {fall:.6f}"
    limits = f"fading from θ ÷ 2 = {theta / 2:.6f}, ended from θ = {theta:.6f} (logs)"
    share = f"{fall:.6f} ÷ {gain:.6f} = {given:.4f}; fading from 0.382, ended from 0.618"
    ends = f"below {exact(state.high)} × exp(−{room:.6f}) = {exact(state.ends_below or 0.0)}"
    return [
        Step("Fall from the high", f"{logs}; {limits}", fall, theta),
        Step("Share of the gain given back", share, given, 0.618),
        Step("Sessions since the high", f"{since:.0f}; fading from 42, stalled from 126", since, 126.0),
        Step("Would end it", ends, state.ends_below),
    ]


def range_steps(bars: Bars, state: RangeState) -> list[Step]:
    """The band and its rank, then the trend and its rank: the higher one names the state."""
    if state.state == "insufficient":
        return [Step("Closes", f"{len(bars)}; a range state needs 21", float(len(bars)), 21.0)]
    if state.no_movement:
        return [Step("Movement", "none: all closes in the window are equal", 0.0)]
    return _band_steps(bars, state) + _trend_steps(bars, state)


def _band_steps(bars: Bars, state: RangeState) -> list[Step]:
    if state.support is None or state.resistance is None or state.window is None:
        return []
    n, now, end = state.window, float(bars.close[-1]), bars.day(-1 if state.band_bar is None else state.band_bar)
    support, resistance = exact(state.support), exact(state.resistance)
    tests = len(state.resistance_bars), len(state.support_bars)
    length = f"{n} sessions up to {end}, of 12 lengths the one least like chance; the levels are its lowest and highest"
    width = f"100 × ({resistance} ÷ {support} − 1) = {percent(state.width_pct or 0.0, 4)}"
    place = f"100 × ({exact(now)} − {support}) ÷ ({resistance} − {support}) = {state.position_pct or 0.0:.2f}"
    return [
        Step("Window", f"{length} close", float(n)),
        Step("Width", width, state.width_pct),
        Step("Position", place.replace("= -", "= −"), state.position_pct),
        Step("Tests", f"resistance {tests[0]}, support {tests[1]}; 2 of each or more", float(min(tests)), 2.0),
        *_chance_steps(state, now),
    ]


def _chance_steps(state: RangeState, now: float) -> list[Step]:
    """How unlikely the band is in a random walk, and where it would be left."""
    from bot.market.range_windows import ALTERNATIONS_P, feller_range_cdf

    if state.support is None or state.resistance is None or state.window is None or state.sigma_pct is None:
        return []
    n, sigma = state.window, state.sigma_pct / 100
    width = math.log(state.resistance / state.support)
    rho = width / (sigma * math.sqrt(n)) + 0.95 / math.sqrt(n)
    changes = alternations(state.support_bars, state.resistance_bars)
    p_width, p_tests = feller_range_cdf(rho), float(ALTERNATIONS_P[min(changes, len(ALTERNATIONS_P) - 1)])
    upper, lower = state.resistance * math.exp(sigma / 2), state.support * math.exp(-sigma / 2)
    size = f"ρ = ln(R ÷ S) ÷ (s √n) + 0.95 ÷ √n = {width:.6f} ÷ ({sigma:.6f} × √{n}) + 0.95 ÷ √{n} = {rho:.4f}"
    chance = f"the smaller of {p_width:.4f} (so narrow) and {p_tests:.4f} (sides changed {changes} times)"
    rank = f"{state.confidence or 0.0:.4f} of random-walk days are less range-like; a range from 0.80"
    edges = f"R × exp(s ÷ 2) = {exact(upper)}, S × exp(−s ÷ 2) = {exact(lower)}; last close {exact(now)}"
    return [
        Step("Movement for its size", size, rho),
        Step("Chance", chance, min(p_width, p_tests), 0.0365),
        Step("Rank as a range", rank, state.confidence, 0.80),
        Step("Edges", edges, now),
    ]


def alternations(support_bars: Sequence[int], resistance_bars: Sequence[int]) -> int:
    """How often the tests change sides, the first one counted."""
    tests = [(bar, "s") for bar in support_bars] + [(bar, "r") for bar in resistance_bars]
    sides = [side for _, side in sorted(tests)]
    return sum(side != before for side, before in zip(sides, ["", *sides], strict=False))


def _trend_steps(bars: Bars, state: RangeState) -> list[Step]:
    import numpy as np

    from bot.market.range_windows import trends

    trend = trends(np.log(bars.close))[-1]
    n = min(trend.window, len(bars) - 1)
    now, base = float(bars.close[-1]), float(bars.close[-1 - n])
    text = f"z = ln({exact(now)} ÷ {exact(base)}) ÷ (s √{n}) = {trend.z:.4f}, the strongest over 20, 40, 63, 126"
    rank = f"{trend.confidence:.4f} of random-walk days trend less; a trend from 0.60, if more than the range's"
    steps = [Step("Trend", text, trend.z), Step("Rank as a trend", rank, trend.confidence, 0.60)]
    if state.support is None and state.range_confidence is not None:
        text = f"{state.range_confidence:.4f} of random-walk days are less range-like; a range from 0.80"
        steps.append(Step("Rank as a range", text, state.range_confidence, 0.80))
    return steps
