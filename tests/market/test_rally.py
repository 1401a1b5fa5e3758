from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.rally import Rally, in_bear_cycle, rallies, rally, rally_labels, rally_name
from bot.market.rally_walk import STATES, rms_volatility, trailing_peaks


class SlowRally:
    """The rule of docs/methods.md word for word, every quantity worked out anew at every bar."""

    def __init__(self, close: np.ndarray) -> None:
        self.x = np.log(close)
        self.inside, self.low, self.high, self.paused, self.end = False, 0, -1, -1, -(10**9)
        self.confirmed = -1
        self.reason: str | None = None
        self.labels = [self.label(bar) for bar in range(close.size)]

    def theta(self, bar: int) -> float | None:
        r = np.diff(self.x[: bar + 1])[-250:]
        return min(0.60, max(0.01, 1.5 * math.sqrt(np.mean(r**2)) * math.sqrt(21))) if r.size >= 60 else None

    def consistency(self, a: int, t: int) -> float:
        if t - a < 2:
            return 0.0
        x = self.x[a : t + 1]
        k = np.arange(x.size) - (x.size - 1) / 2
        y = x - x.mean()
        r2 = float(k @ y) ** 2 / float((k @ k) * (y @ y)) if k @ y > 0 else 0.0
        gain = x.max() - x[0]
        fall = (np.maximum.accumulate(x) - x).max()
        return 50 * r2 + 50 * max(0.0, 1 - fall / gain)

    def label(self, t: int) -> str:
        theta = self.theta(t)
        if theta is None:
            if self.x[t] >= self.x[: t + 1].max() or self.x[t] <= self.x[self.low]:
                self.low = t
            return "insufficient"
        return self.label_in(t, theta) if self.inside else self.label_out(t, theta)

    def label_out(self, t: int, theta: float) -> str:  # noqa: C901 - the rule as one piece
        x = self.x
        if x[t] <= x[self.low]:
            self.low, self.paused = t, -1
        if self.paused >= 0:
            if x[t] > x[self.paused]:
                self.inside, self.high, self.paused = True, t, -1
                return "rally"
            if x[self.paused] - x[t] >= theta:
                self.low, self.paused = self.paused + int(np.argmin(x[self.paused : t + 1])), -1
        low = self.low
        first = max(0, low - 756)
        p = first + int(np.argmax(x[first : low + 1]))
        base = x[p] - x[low] >= theta or (t - p >= 63 and low > p)
        if self.paused < 0 and not base and x[t] >= x[p] and t > low:
            low = self.low = t
        g = x[t] - x[low]
        if self.paused < 0 and base and g >= theta and t - low >= 5 and self.consistency(low, t) >= 50:
            self.inside, self.confirmed, self.high = True, t, low + int(np.argmax(x[low : t + 1]))
            return "rally"
        if self.paused >= 0:
            return "ended" if t - self.end <= 10 else "attempt" if g >= theta / 2 else "declining"
        if base and g >= theta / 2:
            return "attempt"
        return "ended" if t - self.end <= 10 else "declining" if base else "none"

    def label_in(self, t: int, theta: float) -> str:
        x = self.x
        if x[t] > x[self.high]:
            self.high = t
        g, d = x[self.high] - x[self.low], x[self.high] - x[t]
        ends = {
            "undercut": x[t] < x[self.low],
            "reversal": d >= theta,
            "giveback": d / g >= 0.618 and d >= theta / 2,
            "stall": t - self.high >= 126,
        }
        if any(ends.values()):
            self.reason = next(name for name, holds in ends.items() if holds)
            self.inside, self.end = False, t
            if self.reason == "giveback":
                self.paused = self.high
            else:
                self.low = self.high + int(np.argmin(x[self.high : t + 1]))
            return "ended"
        weak = d >= theta / 2 or d / g >= 0.382 or t - self.high >= 42 or self.consistency(self.low, t) < 45
        return "fading" if weak else "rally"


def walk(seed: int, bars: int, *, sigma: float = 0.01, cents: bool = False) -> np.ndarray:
    """A random walk; with `cents` on a coarse grid of prices with flat stretches, so that ties abound."""
    rng = np.random.default_rng(seed)
    steps = sigma * rng.standard_normal(bars)
    if cents:
        steps[rng.random(bars) < 0.3] = 0.0
        steps[bars // 3 : bars // 3 + 70] = 0.0
    close = 100 * np.exp(np.cumsum(steps))
    return np.maximum(np.round(close), 1.0) if cents else close


def path(*legs: tuple[int, float], start: float = 100.0, wobble: float = 0.001) -> np.ndarray:
    """Closes of straight legs of (bars, log change a bar) with a small regular wobble on top."""
    steps = np.concatenate([[0.0], *(np.full(bars, step) for bars, step in legs)])
    return start * np.exp(np.cumsum(steps) + wobble * (np.arange(steps.size) % 2))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.booleans(), st.sampled_from([0.002, 0.01, 0.04]))
def test_fast_equals_slow(seed: int, cents: bool, sigma: float) -> None:
    close = walk(seed, 600, sigma=sigma, cents=cents)
    slow = SlowRally(close)
    assert [STATES[code] for code in rally_labels(close)] == slow.labels
    state = rally(close)
    assert (state.state, state.low_bar) == (slow.labels[-1], slow.low)
    assert set(slow.labels[state.since_bar :]) == {state.state}
    assert slow.labels[(state.since_bar or 0) - 1] != state.state
    assert state.consistency == pytest.approx(slow.consistency(slow.low, 599), abs=1e-6)
    if slow.inside:
        assert (state.high_bar, state.confirmed_bar) == (slow.high, slow.confirmed)
    else:
        assert state.high_bar is state.confirmed_bar is state.high is state.drawdown_pct is state.phase is None
        assert state.ends_below is state.stalls_bar is state.stalls_in is state.bear_market is None
    assert state.end_reason == (slow.reason if state.state == "ended" else None)


@pytest.mark.parametrize("seed", [1, 2])
def test_fast_equals_slow_beyond_the_peak_span(seed: int) -> None:
    close = walk(seed, 1800)
    assert [STATES[code] for code in rally_labels(close)] == SlowRally(close).labels


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=60), st.integers(1, 12))
def test_trailing_peaks(values: list[int], span: int) -> None:
    expected = [max(range(max(0, bar - span), bar + 1), key=lambda at: (values[at], -at)) for bar in range(len(values))]
    assert trailing_peaks(np.array(values, dtype=float), span).tolist() == expected


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 2**32 - 1))
def test_causal_at_every_bar(seed: int) -> None:
    close = walk(seed, 320)
    labels = rally_labels(close)
    found = rallies(close)
    for bars in range(1, close.size + 1):
        assert rally_name(close[:bars]) == STATES[labels[bars - 1]]
    for bars in range(1, close.size + 1, 20):
        assert rally_labels(close[:bars]).tolist() == labels[:bars].tolist()
    assert all(one.low <= one.high and one.low < one.confirmed for one in found)


@settings(deadline=None, max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 1e3))
def test_free_of_scale(seed: int, scale: float) -> None:
    close = walk(seed, 400)
    assert rally_labels(scale * close).tolist() == rally_labels(close).tolist()
    one, other = rally(close), rally(scale * close)
    for name in ("low_bar", "since_bar", "peak_bar", "high_bar", "phase", "end_reason", "bear_market"):
        assert getattr(one, name) == getattr(other, name)
    for name in ("gain_pct", "theta_pct", "consistency", "decline_pct", "recovery_pct", "drawdown_pct"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-6)
    assert other.low == pytest.approx(scale * (one.low or 0.0))


@pytest.mark.parametrize("bars", [0, 1, 60])
def test_insufficient(bars: int) -> None:
    close = walk(1, 100)[:bars]
    state = rally(close)
    assert (state.state, state.bars, state.low, state.since_bar) == ("insufficient", bars, None, None)
    assert rally_name(close) == "insufficient"
    assert rally_labels(close).tolist() == [0] * bars
    assert rallies(close) == ()


def test_short_history() -> None:
    assert rally(walk(1, 61)).short_history
    assert rally(walk(1, 250)).short_history
    assert not rally(walk(1, 251)).short_history


def test_pegged_price_has_the_floor_threshold() -> None:
    """By the rule a quarter without a new high is a base, so a price that stands still is declining."""
    state = rally(np.full(300, 7.0))
    assert (state.state, state.gain_pct, state.low_bar) == ("declining", 0.0, 299)
    assert state.theta_pct == pytest.approx(100 * (math.exp(0.01) - 1))
    assert (state.recovery_pct, state.decline_pct, state.up_share, state.efficiency_ratio) == (
        None,
        0.0,
        None,
        None,
    )


def test_plain_uptrend_is_none() -> None:
    assert rally_name(path((300, 0.003))) == "none"


DOWN = (100, -0.006)
UP = (40, 0.006)


def test_running_rally_and_its_report() -> None:
    """Down 60 % in logs, then up 24 %: low at bar 100, high at the last bar."""
    close = path(DOWN, UP, wobble=0.0)
    state = rally(close)
    assert (state.state, state.low_bar, state.high_bar, state.bars_since_low) == ("rally", 100, 140, 40)
    assert state.gain_pct == pytest.approx(100 * (math.exp(0.24) - 1))
    assert state.theta_pct == pytest.approx(100 * (math.exp(1.5 * 0.006 * math.sqrt(21)) - 1))
    assert state.confirmed_bar == 107
    assert state.since_bar == 107
    assert (state.peak_bar, state.peak) == (0, pytest.approx(100.0))
    assert state.decline_pct == pytest.approx(100 * (math.exp(-0.6) - 1))
    assert state.recovery_pct == pytest.approx(100 * (math.exp(0.24) - 1) / (math.exp(0.6) - 1))
    assert (state.phase, state.consistency, state.r2) == ("rebound", pytest.approx(100.0), pytest.approx(1.0))
    assert (state.up_share, state.efficiency_ratio) == (1.0, pytest.approx(1.0))
    assert (state.stalls_bar, state.stalls_in) == (266, 126)
    assert state.ends_below == pytest.approx(close[-1] * math.exp(-1.5 * 0.006 * math.sqrt(21)))
    assert (state.drawdown_pct, state.bear_market, state.end_reason) == (0.0, False, None)
    assert rallies(close) == (Rally(100, 107, 140, None, None),)


def test_bear_market_rally() -> None:
    """Up 15 % from the low of a 45 % decline: not yet the 20 % that ends the bear cycle."""
    state = rally(path(DOWN, (23, 0.006)))
    assert (state.state, state.bear_market) == ("rally", True)


def test_phases() -> None:
    rise = path(DOWN, (110, 0.006))
    assert rally(rise).phase == "new_highs"
    assert rally(path(DOWN, (110, 0.006), (150, 0.001))).phase == "mature"


@pytest.mark.parametrize(
    ("legs", "reason", "low"),
    [
        (((8, -0.012),), "reversal", 144),
        (((1, -0.5),), "undercut", 141),
        (((63, -0.0005), (63, 0.0003)), "stall", 203),
    ],
)
def test_ends(legs: tuple[tuple[int, float], ...], reason: str, low: int) -> None:
    close = path(DOWN, UP, *legs, wobble=0.0)
    close = close[: rallies(close)[0].end + 1]  # type: ignore[operator]
    state = rally(close)
    assert (state.state, state.end_reason, state.low_bar) == ("ended", reason, low)
    assert state.since_bar == close.size - 1
    assert state.resumes_above is None


def test_stall_comes_126_bars_after_the_high() -> None:
    close = path(DOWN, UP, (140, 0.0), wobble=0.0)
    (one,) = rallies(close)
    assert (one.high, one.end, one.reason) == (140, 266, "stall")
    labels = rally_labels(close)
    assert [STATES[code] for code in labels[[181, 182, 265, 266]]] == ["rally", "fading", "fading", "ended"]


def test_giveback_is_suspended_and_resumes() -> None:
    """A gain of little more than theta, .65 of it lost again (over theta / 2): giveback; then a new high."""
    lost, again = (4, -0.0075), (10, 0.006)
    close = path(DOWN, (8, 0.006), lost, wobble=0.0)
    state = rally(close)
    assert (state.state, state.end_reason, state.low_bar) == ("ended", "giveback", 100)
    assert state.resumes_above == pytest.approx(close[108])
    assert rallies(close)[0].reason == "giveback"
    resumed = rally(np.concatenate([close, close[-1] * np.exp(0.006 * np.arange(1, again[0] + 1))]))
    assert (resumed.state, resumed.low_bar, resumed.confirmed_bar, resumed.high_bar) == (
        "rally",
        100,
        107,
        122,
    )
    assert resumed.resumes_above is None


def test_attempt_before_confirmation() -> None:
    state = rally(path(DOWN, (4, 0.008), wobble=0.0))
    assert (state.state, state.low_bar, state.bars_since_low) == ("attempt", 100, 4)


@pytest.mark.parametrize(
    ("close", "bear"),
    [
        ([100, 81], False),
        ([100, 80], True),
        ([100, 80, 95.9], True),
        ([100, 80, 96], False),
        ([100, 80, 60, 71.9], True),
        ([100, 80, 60, 72, 57.7], False),
        ([100, 80, 60, 72, 57.6], True),
        ([100, 130, 105], False),
        ([100, 130, 104], True),
        ([100, 90, 107.9], False),
        ([100, 90, 108, 86.5], False),
        ([100, 90, 108, 86.4], True),
        ([5], False),
    ],
)
def test_bear_cycle_by_hand(close: list[float], bear: bool) -> None:
    assert in_bear_cycle(np.array(close, dtype=float)) is bear


def ended_by_looking_daily(close: np.ndarray, end: int) -> tuple[int, int, int] | None:
    """Low, confirmation and high of the rally that ended at `end`, from the answers of the day before alone."""
    before = rally(close[:end])
    if before.state not in {"rally", "fading"} or before.low_bar is None or before.confirmed_bar is None:
        return None
    high = before.low_bar + int(np.argmax(close[before.low_bar : end + 1]))
    return before.low_bar, before.confirmed_bar, high


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([-0.001, 0.0, 0.001]))
def test_the_rally_that_ended_is_the_one_that_ran_the_day_before(seed: int, drift: float) -> None:
    close = 100 * np.exp(np.cumsum(drift + 0.012 * np.random.default_rng(seed).standard_normal(500)))
    labels = [STATES[code] for code in rally_labels(close)]
    ends = [t for t in range(62, close.size) if labels[t] == "ended" and labels[t - 1] in {"rally", "fading"}]
    for end in ends[:3]:
        expected = ended_by_looking_daily(close, end)
        later = min(close.size, end + 4)
        for stop in range(end + 1, later + 1):
            state = rally(close[:stop])
            if state.state != "ended":
                break
            assert state.ended is not None
            assert (state.ended.low, state.ended.confirmed, state.ended.high) == expected
            assert (state.ended.end, state.ended.reason) == (end, state.end_reason)


def test_only_an_ended_rally_is_told_of() -> None:
    close = 100 * np.exp(np.cumsum(0.012 * np.random.default_rng(3).standard_normal(900)))
    for stop in range(100, 900, 7):
        state = rally(close[:stop])
        assert (state.ended is not None) == (state.state == "ended")


def test_volatility_against_its_definition() -> None:
    """The root of the mean square of the last 250 log returns, of 60 or more, worked out with the standard library."""
    close = 50 * np.exp(np.cumsum(0.01 * np.random.default_rng(3).standard_normal(400)))
    returns = [math.log(after / before) for before, after in pairwise(close)]
    sigma = rms_volatility(close)
    assert np.isnan(sigma[:60]).all()
    for bar in (60, 200, 250, 251, 399):
        used = returns[max(0, bar - 250) : bar]
        assert sigma[bar] == pytest.approx(math.sqrt(sum(r * r for r in used) / len(used)))
    assert rms_volatility(np.full(90, 5.0))[-1] == 0.0
    assert np.isnan(rms_volatility(close[:60])).all()
