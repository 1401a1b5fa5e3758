from __future__ import annotations

import math

import numpy as np
import pytest
import talib
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.market import momentum
from bot.market.momentum import ZeroLine
from tests.market.shared_series import needs_shared, series


def _walk(seed: int, bars: int = 400) -> np.ndarray:
    return 100 * np.exp(np.cumsum(0.01 * np.random.default_rng(seed).standard_normal(bars)))


def _against_talib(close: np.ndarray) -> None:
    for n in (1, 10, 21, 63, 126, 252):
        np.testing.assert_allclose(momentum.roc(close, n), talib.ROC(close, n), rtol=0, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("seed", range(3))
def test_equal_to_talib_on_random_closes(seed: int) -> None:
    _against_talib(_walk(seed))


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize("symbol", ["IWM", "^GSPC", "EUR/USD"])
def test_equal_to_talib_on_real_closes(symbol: str) -> None:
    _against_talib(series(symbol).close)


def test_worked_row() -> None:
    """100 -> 110 is +10 %, 110 -> 99 is -10 %, 100 -> 99 over two bars is -1 %."""
    close = np.array([100.0, 110.0, 99.0])
    np.testing.assert_allclose(momentum.roc(close, 1), [np.nan, 10.0, -10.0], equal_nan=True)
    np.testing.assert_allclose(momentum.roc(close, 2), [np.nan, np.nan, -1.0], equal_nan=True)
    assert momentum.last_roc(close, 2) == pytest.approx(-1.0)


def test_no_percent_of_nothing() -> None:
    """TA-Lib gives 0.0 on a zero base and a wrong sign on a negative one; here there is no answer."""
    close = np.array([0.0, 5.0, -37.0, 10.0, -1.0, np.nan, 3.0])
    np.testing.assert_allclose(
        momentum.roc(close, 1), [np.nan, np.nan, -840.0, np.nan, -110.0, np.nan, np.nan], equal_nan=True
    )
    answers = [momentum.last_roc(close[:bars], 1) for bars in range(1, 8)]
    assert answers == [None, None, pytest.approx(-840.0), None, pytest.approx(-110.0), None, None]


@pytest.mark.parametrize("bars", [0, 1, 10])
def test_too_short(bars: int) -> None:
    close = np.arange(1.0, bars + 1)
    assert np.isnan(momentum.roc(close, 10)).all()
    assert momentum.roc(close, 10).shape == (bars,)
    assert momentum.last_roc(close, 10) is None
    assert momentum.zero_line(close, 10) is None
    assert momentum.roc_percentile(close, 10) is None
    assert momentum.relative_roc(close, close, 10) is None
    assert momentum.correlation(close, close, 10) is None


@pytest.mark.parametrize("periods", [0, -3])
def test_periods_below_one(periods: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        momentum.roc(_walk(0), periods)
    with pytest.raises(ValueError, match="1 or more"):
        momentum.last_roc(_walk(0), periods)


def test_matrix_equals_rows_and_writes_into_out() -> None:
    closes = np.vstack([_walk(seed, 700) for seed in range(150)])
    closes[3, 40] = 0.0
    out = np.full(closes.shape, 7.0)
    assert momentum.roc_matrix(closes, 21, out) is out
    np.testing.assert_array_equal(out, np.vstack([momentum.roc(row, 21) for row in closes]))
    assert np.isnan(out[3, 61])


def test_percentile_counts_by_hand() -> None:
    """Last 300 values of ROC(1): today's is the 3rd smallest of them, so 3 of 300 are at or below it."""
    moves = np.linspace(-0.02, 0.03, 300)
    np.random.default_rng(5).shuffle(moves)
    third = np.sort(moves)[2]
    moves = np.append(moves[moves != third], third)
    close = 50 * np.cumprod(np.append(1.0, 1 + moves))
    assert momentum.roc_percentile(close, 1, window=300) == pytest.approx(3 / 300)
    assert momentum.roc_percentile(close, 1, window=300, least=301) is None


def test_percentile_uses_the_last_window_only() -> None:
    close = np.concatenate([_walk(1, 500) * 3, 100 * 1.001 ** np.arange(1400.0) + np.sin(np.arange(1400.0))])
    short = momentum.roc_percentile(close[-1270:], 10)
    assert short is not None
    assert momentum.roc_percentile(close, 10) == short
    assert momentum.roc_percentile(close[-261:], 10) is None
    assert momentum.roc_percentile(close[-262:], 10) is not None


def test_percentile_without_today() -> None:
    close = _walk(2)
    close[-1] = np.nan
    assert momentum.roc_percentile(close, 10) is None


@pytest.mark.parametrize(
    ("close", "expected"),
    [
        ([10, 11, 12, 11, 10, 9, 10, 11], ZeroLine(1, 2, 6, 3)),
        ([10, 11, 12, 13], ZeroLine(1, 3, None, None)),
        ([10, 9, 8, 9], ZeroLine(1, 1, 3, 2)),
        ([10, 10, 10], ZeroLine(0, 2, None, None)),
        ([10, 11, 10, 10, 10], ZeroLine(-1, 3, 2, 1)),
        ([10, 10, 11, 10], ZeroLine(-1, 1, 3, 2)),
    ],
)
def test_zero_line_of_one_bar_moves(close: list[float], expected: ZeroLine) -> None:
    assert momentum.zero_line(np.array(close, dtype=float), 1) == expected


def test_zero_line_passes_over_gaps() -> None:
    assert momentum.zero_line(np.array([10, 9, np.nan, 8, 9, 10.0]), 1) == ZeroLine(1, 2, 4, 1)
    assert momentum.zero_line(np.array([10, 9, np.nan]), 1) is None


def test_relative_roc_worked() -> None:
    """Russell 2000 against S&P 500 in 2021: +13.7 % and +26.9 % make -10.4 %."""
    small, large = np.array([1974.86, 2245.31]), np.array([3756.07, 4766.18])
    assert momentum.relative_roc(small, large, 1) == pytest.approx(-10.4, abs=0.05)
    assert momentum.relative_roc(small, np.array([0.0, 1.0]), 1) is None


def test_ratio_percentile() -> None:
    b = np.full(300, 2.0)
    assert momentum.ratio_percentile(np.arange(1.0, 301.0), b) == 1.0
    assert momentum.ratio_percentile(np.arange(300.0, 0.0, -1.0), b) == pytest.approx(1 / 300)
    assert momentum.ratio_percentile(b[:251], b[:251]) is None


def test_correlation_against_numpy() -> None:
    a, b = _walk(1), _walk(2) * _walk(1)
    expected = np.corrcoef(np.diff(np.log(a))[-63:], np.diff(np.log(b))[-63:])[0, 1]
    assert momentum.correlation(a, b, 63) == pytest.approx(expected)
    assert momentum.correlation(a, a, 21) == pytest.approx(1.0)
    assert momentum.correlation(a, 1 / a, 21) == pytest.approx(-1.0)
    assert momentum.correlation(a, np.full(a.size, 3.0), 21) is None
    assert momentum.correlation(a, b, 2) is None


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 200), st.floats(1e-4, 1e4))
def test_causal_scale_free_and_agreeing(seed: int, periods: int, cut: int, scale: float) -> None:
    close = _walk(seed, 200)
    whole = momentum.roc(close, periods)
    np.testing.assert_array_equal(momentum.roc(close[:cut], periods), whole[:cut])
    np.testing.assert_allclose(momentum.roc(scale * close, periods), whole, rtol=0, atol=1e-9, equal_nan=True)
    last = momentum.last_roc(close[:cut], periods)
    assert last == (None if math.isnan(whole[cut - 1]) else whole[cut - 1])
