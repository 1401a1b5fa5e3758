"""Indicators against TA-Lib, pandas and slow obvious versions."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.market import indicators
from bot.market.indicator_table import BY_NAME, BY_TERM, TABLE, Columns
from tests.market.shared_series import SHARED

Array = NDArray[np.float64]


def walk(seed: int, size: int = 700) -> tuple[Array, Array, Array]:
    """High, low and close of a random walk."""
    chance = np.random.default_rng(seed)
    close = 100 * np.exp(np.cumsum(chance.normal(0, 0.012, size)))
    high, low = close * (1 + abs(chance.normal(0, 0.006, size))), close * (1 - abs(chance.normal(0, 0.006, size)))
    return high, low, close


def same(ours: Array, theirs: Array) -> None:
    np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-9, equal_nan=True)


@pytest.mark.parametrize("n", [2, 14, 50])
@pytest.mark.parametrize("seed", range(5))
def test_against_talib(seed: int, n: int) -> None:
    high, low, close = walk(seed)
    same(indicators.sma(close, n), talib.SMA(close, n))
    same(indicators.ema(close, n), talib.EMA(close, n))
    same(indicators.rsi(close, n), talib.RSI(close, n))
    same(indicators.atr(high, low, close, n), talib.ATR(high, low, close, n))
    same(indicators.true_range(high, low, close), talib.TRANGE(high, low, close))
    for ours, theirs in zip(indicators.macd(close), talib.MACD(close), strict=True):
        same(ours, theirs)
    upper, middle, lower = talib.BBANDS(close, n)
    bands = indicators.bollinger(close, n)
    same(bands.upper, upper)
    same(bands.middle, middle)
    same(bands.lower, lower)
    same(bands.width, 100 * (upper - lower) / middle)


@pytest.mark.parametrize("seed", range(3))
def test_against_pandas(seed: int) -> None:
    _, _, close = walk(seed)
    series = pd.Series(close)
    logs = np.log(series).diff()
    same(indicators.realised_volatility(close, 21), (100 * logs.rolling(21).std() * math.sqrt(252)).to_numpy())
    same(indicators.drawdown(close, 60), (100 * (series / series.rolling(60).max() - 1)).to_numpy())
    other = pd.Series(walk(seed + 50)[2])
    returns, market = logs.to_numpy()[1:], np.log(other).diff().to_numpy()[1:]
    assert indicators.correlation(returns, market) == pytest.approx(logs.corr(np.log(other).diff()))
    assert indicators.beta(returns, market) == pytest.approx(np.polyfit(market, returns, 1)[0])


@given(st.lists(st.floats(0.5, 500), min_size=2, max_size=60))
def test_the_deepest_fall_is_that_of_any_two_closes(closes: list[float]) -> None:
    fall, peak, trough = indicators.deepest(np.array(closes))
    pairs = [100 * (closes[late] / closes[early] - 1) for late in range(len(closes)) for early in range(late + 1)]
    assert fall == pytest.approx(min(pairs))
    assert peak <= trough
    assert 100 * (closes[trough] / closes[peak] - 1) == pytest.approx(fall)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=40), st.integers(1, 4), st.booleans())
def test_swings_stand_out_on_both_sides(values: list[int], reach: int, highs: bool) -> None:
    sign = 1 if highs else -1
    slow = [
        at
        for at in range(reach, len(values) - reach)
        if all(sign * values[at] > sign * values[other] for other in range(at - reach, at + reach + 1) if other != at)
    ]
    assert indicators.swings(np.array(values, float), reach, highs=highs) == slow


@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0, math.nan]), max_size=30))
def test_the_last_crossing_is_the_last_change_of_side(sides: list[float]) -> None:
    known = [(at, side) for at, side in enumerate(sides) if side in {-1.0, 1.0}]
    turns = [late for (_, before), (late, side) in itertools.pairwise(known) if side != before]
    found = indicators.last_cross(np.array(sides), np.zeros(len(sides)))
    assert found == (turns[-1] if turns else None)


def test_nothing_moved_is_in_the_middle() -> None:
    assert indicators.rsi(np.full(40, 5.0))[-1] == 50
    assert np.isnan(indicators.sma(np.ones(3), 4)).all()
    assert np.isnan(indicators.realised_volatility(np.ones(30), 1)).all()
    assert np.isnan(indicators.realised_volatility(np.array([1.0, -1.0, 2.0, 3.0]), 2))[-2]
    with pytest.raises(ValueError, match="n must be 1 or more, not 0"):
        indicators.ema(np.ones(5), 0)


def test_a_percentile_counts_what_is_at_or_below() -> None:
    values = np.array([5.0, 1.0, 2.0, 3.0, 4.0])
    assert indicators.percentile(values, 4, 2) == 100
    assert indicators.percentile(values[:4], 4, 2) == 75
    assert indicators.percentile(values, 5, 6) is None
    assert indicators.percentile(np.array([1.0, math.nan]), 2, 1) is None


def test_every_name_leads_to_one_term() -> None:
    assert len(BY_NAME) == sum(len(one.names) for one in TABLE)
    assert len(BY_TERM) == len(TABLE)
    for one in TABLE:
        assert "{" not in one.rule.format(n=3)


def test_every_row_computes_from_its_columns() -> None:
    high, low, close = walk(1)
    market = walk(2)[2]
    whole = Columns(close, high, low, np.concatenate((close[:1], close[:-1] * 1.01)), close * 1000, market)
    for one in TABLE:
        found = one.compute(whole, one.window)
        assert found.value is None or math.isfinite(found.value), one.term
        assert all(map(math.isfinite, found.parts.values())), one.term
        assert all(0 <= at < len(close) for at in found.days.values()), one.term
        assert found.percentile is None or 0 <= found.percentile <= 100, one.term
        alone = one.compute(
            Columns(*(None if column is None else column[-one.least(one.window) :] for column in whole)), one.window
        )  # type: ignore[arg-type]
        assert (alone.value is None) == (found.value is None) or one.term in {"support", "resistance"}, one.term


def test_flat_prices_have_no_place_within_anything() -> None:
    flat = Columns(np.full(300, 4.0))
    assert math.isnan(BY_TERM["52-week-high-low"].compute(flat, 252).parts["position_pct"])
    assert math.isnan(BY_TERM["bollinger-bands"].compute(flat, 20).parts["position_pct"])
    assert BY_TERM["golden-cross"].compute(flat, 200).days == {}
    for term in ("support", "resistance"):
        assert BY_TERM[term].compute(flat, 252).value is None
    assert BY_TERM["support-and-resistance"].compute(flat, 252).parts == {}


def test_levels_are_the_nearest_swings() -> None:
    close = np.array(
        [10, 11, 12, 13, 14, 15, 14, 13, 12, 11, 10, 9, 8, 9, 10, 11, 12, 13, 12.5, 12, 11.5, 11, 10.5, 10.8]
    )
    found = BY_TERM["support-and-resistance"].compute(Columns(close), 252)
    assert found.parts == {"resistance": 13.0, "support": 8.0}
    assert found.days == {"resistance": 17, "support": 12}


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data" / "hsmd-iwm.us.txt").exists(), reason="real prices lie beside the project")
@pytest.mark.parametrize("name", ["iwm", "spy", "qqq", "iwb"])
def test_real_prices_against_talib_at_five_dates(name: str) -> None:
    table = pd.read_csv(SHARED / "data" / f"hsmd-{name}.us.txt")
    table.columns = [column.lower() for column in table.columns]
    for end in (400, 900, 1500, 2100, len(table)):
        part = table.iloc[:end]
        high, low, close = (part[column].to_numpy(float) for column in ("high", "low", "close"))
        assert indicators.rsi(close)[-1] == pytest.approx(talib.RSI(close)[-1])
        assert indicators.ema(close, 21)[-1] == pytest.approx(talib.EMA(close, 21)[-1])
        assert indicators.macd(close).histogram[-1] == pytest.approx(talib.MACD(close)[2][-1])
        assert indicators.atr(high, low, close)[-1] == pytest.approx(talib.ATR(high, low, close)[-1])
        assert indicators.bollinger(close).upper[-1] == pytest.approx(talib.BBANDS(close, 20)[0][-1])
        series = pd.Series(close)
        assert indicators.drawdown(close)[-1] == pytest.approx(100 * (close[-1] / series.tail(252).max() - 1))
        assert indicators.sma(close, 200)[-1] == pytest.approx(series.rolling(200).mean().iloc[-1])


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "data" / "hsmd-iwm.us.txt").exists(), reason="real prices lie beside the project")
@pytest.mark.parametrize(("name", "market"), [("iwm", "spy"), ("spy", "iwm"), ("qqq", "spy"), ("iwb", "spy")])
def test_the_rest_of_the_table_on_real_prices_against_pandas(name: str, market: str) -> None:
    both = [pd.read_csv(SHARED / "data" / f"hsmd-{one}.us.txt", index_col="Date") for one in (name, market)]
    table = both[0].join(both[1]["Close"].rename("Market"), how="inner")
    assert len(table) > 2000
    for end in (400, 900, 1500, 2000, len(table)):
        part = table.iloc[:end]
        columns = Columns(*(part[one].to_numpy(float) for one in ("Close", "High", "Low", "Open", "Volume", "Market")))
        of = {term: row.compute(columns, row.window) for term, row in BY_TERM.items()}
        close, logs = part["Close"], np.log(part[["Close", "Market"]]).diff()
        year, quarter, month = logs.tail(252), logs.tail(63), logs["Close"].tail(21)

        assert of["historical-volatility"].value == pytest.approx(100 * month.std() * 252**0.5)
        assert of["beta"].value == pytest.approx(np.polyfit(year["Market"], year["Close"], 1)[0])
        assert of["correlation"].value == pytest.approx(quarter.corr().iloc[0, 1])
        changes = part[["Close", "Market"]].iloc[-1] / part[["Close", "Market"]].iloc[-64]
        assert of["relative-strength"].value == pytest.approx(100 * (changes["Close"] / changes["Market"] - 1))

        falls = close.tail(252) / close.tail(252).cummax() - 1
        assert of["maximum-drawdown"].value == pytest.approx(100 * falls.min())
        assert part.index[of["maximum-drawdown"].days["trough"]] == falls.idxmin()
        assert of["52-week-high-low"].value == pytest.approx(part["High"].tail(252).max())
        assert of["52-week-high-low"].parts["low"] == pytest.approx(part["Low"].tail(252).min())

        side = (close.rolling(50).mean() > close.rolling(200).mean())[199:]
        changed = side[side != side.shift().fillna(side.iloc[0])]
        crossed = of["golden-cross"].days.get("crossed")
        assert (None if crossed is None else part.index[crossed]) == (changed.index[-1] if len(changed) else None)

        volume = part["Volume"].tail(BY_TERM["volume"].window).mean()
        assert of["volume"].parts["relative"] == pytest.approx(part["Volume"].iloc[-1] / volume)
        assert of["gap"].value == pytest.approx(100 * (part["Open"].iloc[-1] / close.iloc[-2] - 1))

        recent = close.tail(BY_TERM["support-and-resistance"].window)
        highs, lows = recent.rolling(11, center=True).max(), recent.rolling(11, center=True).min()
        above = recent[(recent == highs) & (recent > close.iloc[-1])]
        below = recent[(recent == lows) & (recent < close.iloc[-1])]
        assert of["resistance"].value == (pytest.approx(above.min()) if len(above) else None)
        assert of["support"].value == (pytest.approx(below.max()) if len(below) else None)


@pytest.mark.parametrize(
    "line",
    [
        indicators.ema(np.ones(3), 5),
        indicators.wilder(np.ones(3), 5),
        indicators.drawdown(np.ones(3), 5),
        indicators.bollinger(np.ones(3), 5).middle,
        indicators.bollinger(np.ones(3), 5).upper,
    ],
)
def test_too_few_closes_have_no_value_of_their_own(line: Array) -> None:
    assert line.shape == (3,)
    assert np.isnan(line).all()
