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


@pytest.mark.parametrize("size", [2, 3, 4, 7, 8, 10, 15, 25, 50, 75, 130, 190, 1.5, 2.5, 5 / 3, 3.5])
@pytest.mark.parametrize("own_move", [-0.015, 0.0, 0.015])
@pytest.mark.parametrize("way", [1, -1])
def test_a_split_on_a_day_that_moved_is_found(size: float, own_move: float, way: int) -> None:
    close = _walk()
    close[350:] *= size**way * (1 + own_move)
    (jump,) = split_like(close)
    assert jump.bar == 350
    assert jump.kind == "split"
    near = jump.numerator / jump.denominator
    assert near == pytest.approx(size**way, rel=0.07)


@pytest.mark.parametrize("factor", [100.0, 1 / 100, 87.0, 113.0, 1 / 91])
def test_a_change_of_unit_is_named_so_on_its_first_day(factor: float) -> None:
    close = _walk()[:30]
    close[29] *= factor
    (jump,) = split_like(close)
    assert (jump.kind, jump.bar) == ("unit", 29)
    assert sorted((jump.numerator, jump.denominator)) == [1, 100]


def test_a_split_that_is_refused_for_must_be_exact() -> None:
    close = np.full(60, 30.0)
    close[40:] *= 0.5 * 1.02
    assert len(split_like(close)) == 1
    assert split_like(close, own_move=False) == ()
    close[40:] *= 0.5 / (0.5 * 1.02)
    assert len(split_like(close, own_move=False)) == 1


def test_false_alarms_are_rare_on_fat_tails() -> None:
    """Walks of Student's t with three degrees of freedom and 2 % a day, 250,000 bars: some 15 where few are allowed."""
    rng = np.random.default_rng(5)
    alarms = 0
    for _ in range(1_000):
        moves = rng.standard_t(3, 250) / np.sqrt(3) * 0.02
        alarms += len(split_like(100 * np.exp(np.cumsum(moves))))
    assert alarms <= 40


@pytest.mark.parametrize("factor", [100.0, 0.01, 1.6, 0.5])
@pytest.mark.parametrize("at", [5, 40, 300])
def test_a_single_tick_that_comes_back_is_a_bad_tick_and_no_split(factor: float, at: int) -> None:
    close = _walk()
    close[at] *= factor
    (tick,) = bad_ticks(close)
    assert (tick.bar, tick.came_back) == (at, True)
    assert split_like(close) == ()


def test_one_and_no_closes_have_no_faults() -> None:
    for close in (np.array([]), np.array([3.0])):
        assert split_like(close) == ()
        assert bad_ticks(close) == ()


def test_crash_is_no_split() -> None:
    close = np.full(60, 30.0)
    close[40:] *= 0.57
    assert split_like(close) == ()
    assert split_like(_walk()) == ()


def test_bad_tick_is_found_on_the_day_and_after_it() -> None:
    close = _walk()
    close[300] *= 1.5
    (tick,) = bad_ticks(close)
    (seen_that_day,) = bad_ticks(close[:301])
    assert (tick.bar, tick.sigmas) == (300, seen_that_day.sigmas)
    assert (tick.came_back, seen_that_day.came_back) == (True, False)
    assert tick.sigmas > 30
    assert tick.ratio == pytest.approx(close[300] / close[299])


def test_quiet_flat_and_short_series_have_no_ticks() -> None:
    assert bad_ticks(_walk()) == ()
    assert bad_ticks(np.full(100, 5.0)) == ()
    assert bad_ticks(np.array([1.0, 1.1, 1.0])) == ()


def test_first_nonpositive() -> None:
    close = np.array([18.0, -36.98, 9.0, 0.0, 12.0])
    assert first_nonpositive(close) == 1
    assert first_nonpositive(close, bars=3) == 3
    assert first_nonpositive(close, bars=1) is None
    assert first_nonpositive(np.array([1.0, np.nan])) == 1
    assert first_nonpositive(close[:0]) is None
