from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market.range_windows import feller_range_cdf
from bot.market.ranges import RangeState, range_name, range_state, strength

WINDOWS = (20, 25, 30, 40, 50, 63, 80, 100, 126, 160, 200, 250)
BY_TESTS = (1, 1, 1, 0.32, 0.135, 0.0435, 0.0152, 0.0047, 0.0014, 0.00036, 0.00015, 0.00007, 0.00003)
RC = {
    0: 1, 0.0005: 0.995, 0.0014: 0.987, 0.0032: 0.976, 0.0047: 0.955, 0.0100: 0.930, 0.0151: 0.905,
    0.0152: 0.870, 0.0200: 0.853, 0.0365: 0.800, 0.0434: 0.777, 0.0435: 0.701, 0.080: 0.635, 0.1349: 0.551,
    0.135: 0.408, 0.32: 0.326, 1: 0,
}  # fmt: skip
TC = {
    0: 0, 1.27: 0.5, 1.43: 0.6, 1.61: 0.7, 1.72: 0.75, 1.84: 0.8, 1.99: 0.85, 2.17: 0.9, 2.46: 0.95,
    2.71: 0.975, 3.02: 0.99, 5: 1,
}  # fmt: skip


def _between(table: dict[float, float], value: float) -> float:
    knots = sorted(table)
    if value >= knots[-1]:
        return table[knots[-1]]
    upper = next(i for i, knot in enumerate(knots) if knot > value)
    a, b = knots[upper - 1], knots[upper]
    return table[a] + (table[b] - table[a]) * (value - a) / (b - a)


def _slow_cdf(y: float) -> float:
    if y <= 0.3 or y >= 4:
        return float(y >= 4)
    tail = [0.5 * math.erfc(k * y / math.sqrt(2)) for k in range(1, 61)]
    return 1 - 8 * sum((-1) ** (k - 1) * k * tail[k - 1] for k in range(1, 61))


@dataclass
class SlowBar:
    """rc with its window, z with its window, and ok of one bar, by the words of docs/methods.md."""

    x: np.ndarray
    bar: int

    def __post_init__(self) -> None:
        self.p, self.n, self.tests = 9.0, 0, (0, 0)
        for n in WINDOWS:
            if self.bar >= n:
                self.judge(n)
        self.rc = _between(RC, self.p) if self.n else 0.0
        self.trend()

    def judge(self, n: int) -> None:
        x = self.x[self.bar - n : self.bar + 1]
        low, high = x.min(), x.max()
        v = float((np.diff(x) ** 2).sum())
        if high == low or v == 0:
            return
        kinds, armed = [], {"R": True, "S": True}
        for value in x:
            for kind, hit in (
                ("R", value >= high - (high - low) / 4),
                ("S", value <= low + (high - low) / 4),
            ):
                if hit and armed[kind]:
                    kinds.append(kind)
                    armed[kind] = False
            armed["R"] |= bool(value < (high + low) / 2)
            armed["S"] |= bool(value > (high + low) / 2)
        changes = 1 + sum(a != b for a, b in pairwise(kinds))
        p = min(_slow_cdf((high - low) / math.sqrt(v) + 0.95 / math.sqrt(n)), BY_TESTS[min(changes, 12)])
        if min(kinds.count("R"), kinds.count("S")) >= 2 and p <= self.p:
            self.p, self.n, self.low, self.high = p, n, low, high
            self.tests = (kinds.count("S"), kinds.count("R"))
            self.sigma = math.sqrt(v / n)

    def trend(self) -> None:
        r = np.diff(self.x[: self.bar + 1])
        z = {}
        for n in (20, 40, 63, 126):
            s = min(math.sqrt(np.mean(r[-n:] ** 2)), math.sqrt(np.mean(r[-250:] ** 2))) if r.size >= n else 0.0
            z[n] = (self.x[self.bar] - self.x[self.bar - n]) / (s * math.sqrt(n)) if s > 0 else 0.0
        self.z_n = max(z, key=lambda n: abs(z[n]))
        self.z = z[self.z_n]
        self.tc = _between(TC, abs(self.z))
        self.ok = z[20] * np.sign(self.z) > -1
        self.qualifies = self.rc >= 0.80 and (self.rc >= self.tc or not self.ok or self.z_n < self.n)


def slow_state(close: np.ndarray) -> tuple[str, SlowBar | None, int]:
    x, t = np.log(close), close.size - 1
    bars = {j: SlowBar(x, t - j) for j in range(min(10, t - 20), -1, -1)}
    now = bars[0]
    for j in range(max(bars), 0, -1):
        u = bars[j]
        if u.qualifies and all(x[t - j + 1 :] > u.high + 0.5 * u.sigma):
            return "breaking_out_up", u, j
        if u.qualifies and all(x[t - j + 1 :] < u.low - 0.5 * u.sigma):
            return "breaking_out_down", u, j
    for j in range(max(bars) + 1):
        u = bars[j]
        first = u.qualifies and (u.rc >= now.tc or not now.ok or now.z_n < u.n)
        if first and u.low - 0.5 * u.sigma <= x[t] <= u.high + 0.5 * u.sigma:
            return "range_bound", u, j
    held = any(u.tc >= 0.60 and u.ok and u.z * now.z > 0 for j, u in bars.items() if j)
    if now.ok and now.tc >= now.rc and (now.tc >= 0.60 or (now.tc >= 0.45 and held)):
        return "trending_up" if now.z > 0 else "trending_down", None, 0
    return "unclear", None, 0


def paths(seed: int, bars: int, kind: str) -> np.ndarray:
    rng = np.random.default_rng(seed)
    noise = 0.01 * rng.standard_normal(bars)
    if kind == "range":
        x, level = [], 0.0
        for step in noise:
            level = 0.9 * level + step
            x.append(level)
        return 100 * np.exp(np.array(x))
    if kind == "break":
        wave = 0.03 * np.sin(np.arange(bars) / 3.5) + 0.1 * noise
        wave[-int(rng.integers(1, 12)) :] += 0.08 * rng.choice([-1, 1])
        return 100 * np.exp(wave)
    if kind == "cents":
        noise[rng.random(bars) < 0.3] = 0.0
        return np.maximum(1.0, np.round(60 * np.exp(np.cumsum(noise))))
    return 100 * np.exp(np.cumsum(noise + (0.002 if kind == "trend" else 0.0)))


KINDS = st.sampled_from(["walk", "range", "break", "cents", "trend"])


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1), KINDS, st.integers(21, 420))
def test_fast_equals_slow(seed: int, kind: str, bars: int) -> None:
    close = paths(seed, 420, kind)[-bars:]
    state, band, lag = slow_state(close)
    found = range_state(close)
    assert found.state == range_name(close) == state
    today = SlowBar(np.log(close), bars - 1)
    assert found.range_confidence == pytest.approx(today.rc, abs=1e-9)
    assert found.trend_confidence == pytest.approx(today.tc, abs=1e-9)
    if band is None:
        assert found.support is None
        assert found.recent_low == close[-64:].min()
        assert found.recent_high == close[-64:].max()
        return
    assert found.recent_low is None
    assert (found.window, found.support_tests, found.resistance_tests) == (band.n, *band.tests)
    assert (len(found.support_bars), len(found.resistance_bars)) == band.tests
    assert found.support == pytest.approx(math.exp(band.low))
    assert found.resistance == pytest.approx(math.exp(band.high))
    assert found.confidence == pytest.approx(band.rc, abs=1e-9)
    assert found.breakout_age == (lag if "breaking" in state else None)
    assert found.band_bar == bars - 1 - lag


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), KINDS, st.floats(1e-3, 1e3))
def test_free_of_scale_and_of_old_closes(seed: int, kind: str, scale: float) -> None:
    close = paths(seed, 500, kind)
    whole, scaled, tail = range_state(close), range_state(scale * close), range_state(close[-261:])
    assert whole.state == scaled.state == tail.state
    for name in (
        "confidence",
        "width_pct",
        "position_pct",
        "trend_z",
        "sigma_pct",
        "resistance_distance_sigmas",
    ):
        assert getattr(scaled, name) == pytest.approx(getattr(whole, name), abs=1e-6)
        assert getattr(tail, name) == pytest.approx(getattr(whole, name), abs=1e-9)
    assert (scaled.age_bars, scaled.support_bars) == (whole.age_bars, whole.support_bars)


def test_law_of_the_range_has_fellers_moments() -> None:
    """Feller (1951): mean 2 sqrt(2 / pi) = 1.5958, variance 4 (ln 2 - 2 / pi) = 0.2261."""
    y = np.linspace(0, 6, 6001)
    above = 1 - np.array([feller_range_cdf(value) for value in y])
    mean = np.trapezoid(above, y)
    assert mean == pytest.approx(1.5958, abs=2e-4)
    assert np.trapezoid(2 * y * above, y) - mean**2 == pytest.approx(0.2261, abs=2e-3)


def _wave(bars: int, period: float, depth: float = 0.03) -> np.ndarray:
    return 100 * np.exp(depth * np.sin(2 * np.pi * np.arange(bars) / period))


@pytest.mark.parametrize("period", [12, 20, 40, 80])
def test_waves_are_ranges(period: int) -> None:
    found = range_state(_wave(500, period))
    assert found.state == "range_bound"
    assert found.support == pytest.approx(100 * math.exp(-0.03), rel=1e-3)
    assert found.resistance == pytest.approx(100 * math.exp(0.03), rel=1e-3)
    assert found.width_pct == pytest.approx(100 * (math.exp(0.06) - 1), abs=0.1)
    assert found.strength == "strong"
    assert found.age_bars is not None
    assert found.window is not None
    assert found.age_bars >= found.window


def test_position_distances_and_touches_of_a_zigzag() -> None:
    """Closes 10, 11, 12, 11 in turn: edges 10 and 12, the middle of a price halfway is 50 %."""
    close = np.tile([10.0, 11.0, 12.0, 11.0], 80)
    found = range_state(close)
    assert (found.state, found.support, found.resistance) == (
        "range_bound",
        pytest.approx(10),
        pytest.approx(12),
    )
    assert found.position_pct == pytest.approx(50.0)
    assert found.support_distance_pct == pytest.approx(100 / 11)
    assert found.resistance_distance_pct == pytest.approx(100 / 11)
    assert {close[bar] for bar in found.support_bars} == {10.0}
    assert {close[bar] for bar in found.resistance_bars} == {12.0}
    assert found.support_distance_sigmas == pytest.approx(math.log(1.1) / (found.sigma_pct or 0) * 100)
    assert (found.age_bars, found.breakout_age, found.breakout_confirmed) == (319, None, None)


@pytest.mark.parametrize(
    ("after", "state", "age", "confirmed"),
    [
        ([12.6], "breaking_out_up", 1, False),
        ([14.6], "breaking_out_up", 1, True),
        ([12.6, 12.6], "breaking_out_up", 2, True),
        ([9.5], "breaking_out_down", 1, False),
        ([9.5, 9.4, 9.5], "breaking_out_down", 3, True),
        ([12.6, 11.0], "range_bound", None, None),
    ],
)
def test_breakouts_of_a_zigzag(after: list[float], state: str, age: int | None, confirmed: bool | None) -> None:
    close = np.concatenate([np.tile([10.0, 11.0, 12.0, 11.0], 80), after])
    found = range_state(close)
    assert (found.state, found.breakout_age, found.breakout_confirmed) == (state, age, confirmed)
    resistance = 12.0 if age else max(after)
    assert found.position_pct == pytest.approx(100 * (after[-1] - 10) / (resistance - 10))


@pytest.mark.parametrize("sign", [1, -1])
def test_trends(sign: int) -> None:
    close = 100 * np.exp(sign * 0.004 * np.arange(300) + 0.004 * np.sin(np.arange(300)))
    found = range_state(close)
    assert found.state == ("trending_up" if sign > 0 else "trending_down")
    assert (found.strength, found.leaning, found.window) == ("strong", None, None)


@pytest.mark.parametrize("bars", [0, 20])
def test_insufficient(bars: int) -> None:
    close = _wave(bars, 10)
    assert range_state(close) == RangeState("insufficient", bars)
    assert range_name(close) == "insufficient"


def test_short_windows() -> None:
    assert range_state(_wave(126, 10)).short_windows
    assert not range_state(_wave(127, 10)).short_windows


def test_constant_price_does_not_move() -> None:
    found = range_state(np.full(300, 7.0))
    assert (found.state, found.no_movement, found.width_pct, found.confidence) == ("unclear", True, 0.0, None)
    assert found.recent_low == found.recent_high == 7.0
    assert found.leaning is None


def slow_leaning(close: np.ndarray) -> str | None:
    """docs/methods.md: towards a range from a rank of 0.60, else with an intact trend from 0.45."""
    today = SlowBar(np.log(close), close.size - 1)
    if today.rc >= 0.60:
        return "range_bound"
    if today.ok and today.tc >= 0.45:
        return "up" if today.z > 0 else "down"
    return None


def test_leanings_of_unclear_states() -> None:
    seen = {None: 0, "range_bound": 0, "up": 0, "down": 0}
    for seed in range(1000):
        if all(seen.values()):
            break
        close = paths(seed, 300, "walk")
        found = range_state(close)
        if slow_state(close)[0] != "unclear":
            assert found.leaning is None
            continue
        expected = slow_leaning(close)
        assert (found.leaning, found.strength) == (expected, None)
        seen[expected] += 1
    assert all(seen.values()), seen


@pytest.mark.parametrize(
    ("confidence", "word"), [(0.9, "strong"), (0.899, "moderate"), (0.8, "moderate"), (0.7, "weak")]
)
def test_strength(confidence: float, word: str) -> None:
    assert strength(confidence) == word
