from __future__ import annotations

import math

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market import averages
from tests.market.shared_series import needs_shared, series

EXACT = {"rtol": 1e-9, "atol": 1e-9, "equal_nan": True}


def _ohlc(seed: int, bars: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    steps = 0.01 * rng.standard_normal((bars, 6)) / math.sqrt(6)
    path = 50 * np.exp(np.cumsum(steps.ravel())).reshape(bars, 6)
    return path.max(axis=1), path.min(axis=1), path[:, -1].copy()


def _against_talib(high: np.ndarray, low: np.ndarray, close: np.ndarray) -> None:
    for n in (5, 14, 20):
        np.testing.assert_allclose(averages.sma(close, n), talib.SMA(close, n), **EXACT)
        np.testing.assert_allclose(averages.ema(close, n), talib.EMA(close, n), **EXACT)
        np.testing.assert_allclose(averages.atr(high, low, close, n), talib.ATR(high, low, close, n), **EXACT)
        np.testing.assert_allclose(averages.adx(high, low, close, n), talib.ADX(high, low, close, n), **EXACT)
        upper, middle, lower = talib.BBANDS(close, n, 2.0, 2.0)
        np.testing.assert_allclose(
            averages.bollinger_bandwidth_pct(close, n),
            100 * (upper - lower) / middle,
            rtol=1e-6,
            equal_nan=True,
        )
    np.testing.assert_allclose(averages.true_range(high, low, close), talib.TRANGE(high, low, close), **EXACT)


@pytest.mark.parametrize("seed", range(5))
def test_equal_to_talib_on_random_bars(seed: int) -> None:
    _against_talib(*_ohlc(seed))


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("symbol", ["IWM", "QQQ", "^VIX"])
def test_equal_to_talib_on_real_bars(symbol: str) -> None:
    real = series(symbol)
    assert real.high is not None
    assert real.low is not None
    _against_talib(real.high, real.low, real.close)


def _slow_choppiness(high: np.ndarray, low: np.ndarray, close: np.ndarray, n: int, bar: int) -> float:
    ranges = [
        max(high[i], close[i - 1]) - min(low[i], close[i - 1])
        for i in range(bar - n + 1, bar + 1)
    ]  # fmt: skip
    spread = max(high[bar - n + 1 : bar + 1]) - min(low[bar - n + 1 : bar + 1])
    return 100 * math.log10(sum(ranges) / spread) / math.log10(n)


@pytest.mark.parametrize("n", [2, 14, 20])
def test_choppiness_and_efficiency_against_their_definitions(n: int) -> None:
    high, low, close = _ohlc(7, 80)
    chop, ratio = averages.choppiness(high, low, close, n), averages.efficiency_ratio(close, n)
    assert np.isnan(chop[:n]).all()
    assert np.isnan(ratio[:n]).all()
    for bar in range(n, 80):
        assert chop[bar] == pytest.approx(_slow_choppiness(high, low, close, n, bar))
        path = sum(abs(close[i] - close[i - 1]) for i in range(bar - n + 1, bar + 1))
        assert ratio[bar] == pytest.approx(abs(close[bar] - close[bar - n]) / path)


def test_choppiness_worked_by_hand() -> None:
    """Closes 10, 11, 12 with ranges of 1 around: TR 1.5 + 1.5 over a spread of 2, log2 1.5 = .585."""
    close = np.array([10.0, 11.0, 12.0])
    assert averages.choppiness(close + 0.5, close - 0.5, close, 2)[-1] == pytest.approx(58.496, abs=1e-3)


def test_extremes_of_efficiency() -> None:
    straight, zigzag = np.arange(1.0, 30.0), np.tile([1.0, 2.0], 15)
    assert averages.efficiency_ratio(straight, 10)[-1] == pytest.approx(1.0)
    assert averages.efficiency_ratio(zigzag, 10)[-1] == pytest.approx(0.0)


def test_nothing_moves() -> None:
    flat = np.full(40, 5.0)
    assert np.isnan(averages.efficiency_ratio(flat)).all()
    assert np.isnan(averages.choppiness(flat, flat, flat)).all()
    assert averages.bollinger_bandwidth_pct(flat)[-1] == 0.0
    assert averages.adx(flat, flat, flat)[-1] == 0.0
    assert averages.rms_volatility(np.full(90, 5.0))[-1] == 0.0


@pytest.mark.parametrize("bars", [0, 1, 5])
def test_too_short_is_all_warm_up(bars: int) -> None:
    short = np.arange(1.0, bars + 1)
    results = [
        averages.sma(short, 9), averages.ema(short, 9), averages.wilder(short, 9),
        averages.adx(short, short, short), averages.atr(short, short, short),
        averages.bollinger_bandwidth_pct(short), averages.efficiency_ratio(short),
        averages.choppiness(short, short, short), averages.rms_volatility(short),
    ]  # fmt: skip
    for result in results:
        assert result.shape == (bars,)
        assert np.isnan(result).all()


def test_wilder_passes_over_leading_gaps() -> None:
    values = np.array([np.nan, 3.0, 5.0, 8.0, 2.0])
    np.testing.assert_allclose(averages.wilder(values, 2), [np.nan, np.nan, 4.0, 6.0, 4.0], equal_nan=True)
    assert np.isnan(averages.wilder(np.full(4, np.nan), 5)).all()


@pytest.mark.parametrize("function", [averages.sma, averages.ema, averages.wilder, averages.rms_volatility])
def test_impossible_windows(function: object) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        function(np.arange(1.0, 9.0), 0)  # type: ignore[operator]


def test_impossible_pair_windows() -> None:
    values = np.arange(1.0, 9.0)
    with pytest.raises(ValueError, match="2 or more"):
        averages.adx(values, values, values, 1)


def test_rms_volatility_against_its_definition() -> None:
    close = _ohlc(3, 400)[2]
    returns = averages.log_returns(close)
    sigma = averages.rms_volatility(close)
    assert np.isnan(sigma[:60]).all()
    for bar in (60, 200, 250, 251, 399):
        used = returns[max(1, bar - 249) : bar + 1]
        assert sigma[bar] == pytest.approx(math.sqrt(sum(r * r for r in used) / len(used)))


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 2**32 - 1), st.integers(1, 119), st.floats(1e-3, 1e3))
def test_causal_and_scale_free(seed: int, cut: int, scale: float) -> None:
    high, low, close = _ohlc(seed, 120)
    ranges = (averages.true_range, averages.atr, averages.adx, averages.choppiness)
    closes = (averages.bollinger_bandwidth_pct, averages.efficiency_ratio, averages.rms_volatility)
    for function in ranges:
        whole = function(high, low, close)
        np.testing.assert_array_equal(function(high[:cut], low[:cut], close[:cut]), whole[:cut])
    for alone in closes:
        np.testing.assert_array_equal(alone(close[:cut]), alone(close)[:cut])
        np.testing.assert_allclose(alone(scale * close), alone(close), rtol=1e-6, atol=1e-9, equal_nan=True)
    for function in ranges[2:]:
        scaled = function(scale * high, scale * low, scale * close)
        np.testing.assert_allclose(scaled, function(high, low, close), rtol=1e-6, atol=1e-9, equal_nan=True)
