from __future__ import annotations

import numpy as np
import pytest

from bot.market.checks import bad_ticks, first_nonpositive, split_like


def _walk(bars: int = 400) -> np.ndarray:
    return 100 * np.exp(np.cumsum(0.01 * np.random.default_rng(11).standard_normal(bars)))


@pytest.mark.parametrize(
    ("p", "q"), [(1, 2), (1, 3), (2, 3), (1, 4), (1, 5), (1, 10), (1, 20), (2, 1), (3, 2), (20, 1)]
)
def test_split_is_found(p: int, q: int) -> None:
    close = np.full(60, 30.0)
    close[40:] *= 1.004 * p / q
    (jump,) = split_like(close)
    assert (jump.bar, jump.numerator, jump.denominator) == (40, p, q)
    assert jump.ratio == pytest.approx(1.004 * p / q)


def test_crash_is_no_split() -> None:
    close = np.full(60, 30.0)
    close[40:] *= 0.58
    assert split_like(close) == ()
    assert split_like(_walk()) == ()


def test_bad_tick_is_found_on_the_day_and_after_it() -> None:
    close = _walk()
    close[300] *= 1.5
    (tick,) = bad_ticks(close)
    assert (tick.bar, tick) == (300, bad_ticks(close[:301])[0])
    assert tick.sigmas > 30
    assert tick.ratio == pytest.approx(close[300] / close[299])


def test_quiet_flat_and_short_series_have_no_ticks() -> None:
    assert bad_ticks(_walk()) == ()
    assert bad_ticks(np.full(100, 5.0)) == ()
    assert bad_ticks(np.array([1.0, 9.0, 1.0])) == ()


def test_first_nonpositive() -> None:
    close = np.array([18.0, -36.98, 9.0, 0.0, 12.0])
    assert first_nonpositive(close) == 1
    assert first_nonpositive(close, bars=3) == 3
    assert first_nonpositive(close, bars=1) is None
    assert first_nonpositive(np.array([1.0, np.nan])) == 1
    assert first_nonpositive(close[:0]) is None
