"""The terms of the glossary that daily bars can compute: one row each, for `show`, for charts and for live lines.

A row names the term, how people write it, the window it takes where none is named, what it needs besides closes, and
how it is worked out. Numbers come from `indicators`; "now" is always the last bar given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

import numpy as np

from bot.market import indicators

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

Unit = Literal["", "%", "price", "shares"]
Need = Literal["open", "range", "volume", "market"]
HISTORY, LEAST_HISTORY = 1260, 252
_YEAR: Final = indicators.SESSIONS_A_YEAR
_REACH: Final = 5


class Columns(NamedTuple):
    """The columns of one symbol's bars, oldest first; `market` are an index's closes on the same days."""

    close: FloatArray
    high: FloatArray | None = None
    low: FloatArray | None = None
    open: FloatArray | None = None
    volume: FloatArray | None = None
    market: FloatArray | None = None


@dataclass(frozen=True, slots=True)
class Measured:
    """What an indicator says at the last bar.

    parts: further numbers by name, in the unit of the price or in percent as their names say. days: places of bars by
    what happened there. percentile: the share, in percent, of the last five years' values at or below this one, None
    where that would say nothing or the history is short.
    """

    value: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    days: Mapping[str, int] = field(default_factory=dict)
    percentile: float | None = None


@dataclass(frozen=True, slots=True)
class Indicator:
    """One term that bars can compute. `rule` says how, with {n} for the window; `least` is how many bars it takes."""

    term: str
    label: str
    names: tuple[str, ...]
    unit: Unit
    rule: str
    compute: Callable[[Columns, int], Measured]
    window: int = 0
    needs: frozenset[Need] = frozenset()
    takes_window: bool = True
    extra: int = 0

    def least(self, n: int) -> int:
        """How many bars there must be."""
        return n + self.extra


def _of(values: FloatArray, parts: Mapping[str, float] | None = None, *, ranked: bool = True) -> Measured:
    last = float(values[-1])
    rank = indicators.percentile(values, HISTORY, LEAST_HISTORY) if ranked else None
    return Measured(None if np.isnan(last) else last, parts or {}, percentile=rank)


def _away(close: FloatArray, average: FloatArray) -> Measured:
    distance = 100 * (close / average - 1)
    rank = indicators.percentile(distance, HISTORY, LEAST_HISTORY)
    return Measured(float(average[-1]), {"distance_pct": float(distance[-1])}, percentile=rank)


def _rsi(of: Columns, n: int) -> Measured:
    return _of(indicators.rsi(of.close, n))


def _sma(of: Columns, n: int) -> Measured:
    return _away(of.close, indicators.sma(of.close, n))


def _ema(of: Columns, n: int) -> Measured:
    return _away(of.close, indicators.ema(of.close, n))


def _macd(of: Columns, n: int) -> Measured:
    found = indicators.macd(of.close)
    parts = {"signal": float(found.signal[-1]), "histogram": float(found.histogram[-1])}
    rank = indicators.percentile(found.line / of.close, HISTORY, LEAST_HISTORY)
    return Measured(float(found.line[-1]), parts, percentile=rank)


def _histogram(of: Columns, n: int) -> Measured:
    found = indicators.macd(of.close)
    rank = indicators.percentile(found.histogram / of.close, HISTORY, LEAST_HISTORY)
    parts = {"macd": float(found.line[-1]), "signal": float(found.signal[-1])}
    return Measured(float(found.histogram[-1]), parts, percentile=rank)


def _bands(of: Columns, n: int) -> Measured:
    found = indicators.bollinger(of.close, n)
    lower, upper = float(found.lower[-1]), float(found.upper[-1])
    place = 100 * (float(of.close[-1]) - lower) / (upper - lower) if upper > lower else float("nan")
    parts = {"lower": lower, "upper": upper, "width_pct": float(found.width[-1]), "position_pct": place}
    return Measured(
        float(found.middle[-1]), parts, percentile=indicators.percentile(found.width, HISTORY, LEAST_HISTORY)
    )


def _atr(of: Columns, n: int) -> Measured:
    assert of.high is not None and of.low is not None  # noqa: S101, PT018  its row needs the range
    values = indicators.atr(of.high, of.low, of.close, n)
    share = 100 * values / of.close
    rank = indicators.percentile(share, HISTORY, LEAST_HISTORY)
    return Measured(float(values[-1]), {"of_price_pct": float(share[-1])}, percentile=rank)


def _true_range(of: Columns, n: int) -> Measured:
    assert of.high is not None and of.low is not None  # noqa: S101, PT018  its row needs the range
    values = indicators.true_range(of.high, of.low, of.close)
    share = 100 * values / of.close
    rank = indicators.percentile(share, HISTORY, LEAST_HISTORY)
    return Measured(float(values[-1]), {"of_price_pct": float(share[-1])}, percentile=rank)


def _volatility(of: Columns, n: int) -> Measured:
    return _of(indicators.realised_volatility(of.close, n))


def _drawdown(of: Columns, n: int) -> Measured:
    values = indicators.drawdown(of.close, n)
    recent = of.close[-n:]
    peak = len(of.close) - n + int(np.argmax(recent))
    return Measured(float(values[-1]), {"peak": float(of.close[peak])}, {"peak": peak})


def _deepest(of: Columns, n: int) -> Measured:
    fall, peak, trough = indicators.deepest(of.close[-n:])
    start = len(of.close) - n
    parts = {"peak": float(of.close[start + peak]), "trough": float(of.close[start + trough])}
    return Measured(fall, parts, {"peak": start + peak, "trough": start + trough})


def _returns(of: Columns, n: int) -> tuple[FloatArray, FloatArray]:
    assert of.market is not None  # noqa: S101  its row needs the market
    return indicators.log_returns(of.close)[-n:], indicators.log_returns(of.market)[-n:]


def _beta(of: Columns, n: int) -> Measured:
    own, market = _returns(of, n)
    return Measured(indicators.beta(own, market), {"correlation": indicators.correlation(own, market)})


def _correlation(of: Columns, n: int) -> Measured:
    return Measured(indicators.correlation(*_returns(of, n)))


def _relative(of: Columns, n: int) -> Measured:
    assert of.market is not None  # noqa: S101  its row needs the market
    ratio = of.close / of.market
    change = np.full(len(ratio), np.nan)
    change[n:] = 100 * (ratio[n:] / ratio[:-n] - 1)
    own, other = (100 * (float(one[-1]) / float(one[-1 - n]) - 1) for one in (of.close, of.market))
    rank = indicators.percentile(change, HISTORY, LEAST_HISTORY)
    return Measured(float(change[-1]), {"own_pct": own, "index_pct": other}, percentile=rank)


def _year(of: Columns, n: int) -> Measured:
    highs, lows = (of.close if one is None or np.isnan(one[-n:]).any() else one for one in (of.high, of.low))
    start = len(of.close) - n
    high, low = start + int(np.argmax(highs[-n:])), start + int(np.argmin(lows[-n:]))
    top, bottom = float(highs[high]), float(lows[low])
    place = 100 * (float(of.close[-1]) - bottom) / (top - bottom) if top > bottom else float("nan")
    return Measured(top, {"low": bottom, "position_pct": place}, {"high": high, "low": low})


def _cross(of: Columns, n: int) -> Measured:
    fast, slow = indicators.sma(of.close, 50), indicators.sma(of.close, 200)
    at = indicators.last_cross(fast, slow)
    parts = {"sma50": float(fast[-1]), "sma200": float(slow[-1])}
    gap = 100 * (parts["sma50"] / parts["sma200"] - 1)
    return Measured(gap, parts, {} if at is None else {"crossed": at})


def _levels(of: Columns, n: int) -> Measured:
    close, start = float(of.close[-1]), max(0, len(of.close) - n)
    recent = of.close[start:]
    above = [at for at in indicators.swings(recent, _REACH, highs=True) if recent[at] > close]
    below = [at for at in indicators.swings(recent, _REACH, highs=False) if recent[at] < close]
    parts, days = {}, {}
    if above:
        at = min(above, key=lambda one: float(recent[one]))
        parts["resistance"], days["resistance"] = float(recent[at]), start + at
    if below:
        at = max(below, key=lambda one: float(recent[one]))
        parts["support"], days["support"] = float(recent[at]), start + at
    return Measured(close, parts, days)


def _support(of: Columns, n: int) -> Measured:
    found = _levels(of, n)
    return Measured(
        found.parts.get("support"), {}, {"support": found.days["support"]} if "support" in found.days else {}
    )


def _resistance(of: Columns, n: int) -> Measured:
    found = _levels(of, n)
    days = {"resistance": found.days["resistance"]} if "resistance" in found.days else {}
    return Measured(found.parts.get("resistance"), {}, days)


def _volume(of: Columns, n: int) -> Measured:
    assert of.volume is not None  # noqa: S101  its row needs the volume
    average = indicators.sma(of.volume, n)
    rank = indicators.percentile(of.volume, HISTORY, LEAST_HISTORY)
    parts = {"average": float(average[-1]), "relative": float(of.volume[-1] / average[-1])}
    return Measured(float(of.volume[-1]), parts, percentile=rank)


def _gap(of: Columns, n: int) -> Measured:
    assert of.open is not None  # noqa: S101  its row needs the open
    values = np.concatenate(([np.nan], 100 * (of.open[1:] / of.close[:-1] - 1)))
    parts = {"open": float(of.open[-1]), "previous_close": float(of.close[-2])}
    return Measured(float(values[-1]), parts, percentile=indicators.percentile(np.abs(values), HISTORY, LEAST_HISTORY))


_RANGE: Final = frozenset[Need]({"range"})
_MARKET: Final = frozenset[Need]({"market"})
_AVERAGE: Final = "the {n} latest closes, each counting the same; percentile of the distance from it"
_CROSSING: Final = (
    "50-session average against the 200-session average of closes; the value is the first over the second"
)
_SWING: Final = "nearest close of the last {{n}} sessions that {} the 5 closes on both sides of it"

TABLE: Final = (
    Indicator(
        "relative-strength-index", "RSI", ("rsi", "relative strength index", "relative strength indicator"), "",
        "Wilder's averages of rises and falls of {n} sessions: 100 x rises / (rises + falls)", _rsi, 14, extra=1,
    ),
    Indicator(
        "200-day-moving-average", "200-day average",
        ("200 day moving average", "200 day average", "200 day sma", "200 dma", "200 day ma", "200 sma"),
        "price", _AVERAGE, _sma, 200, takes_window=False,
    ),
    Indicator(
        "50-day-moving-average", "50-day average",
        ("50 day moving average", "50 day average", "50 day sma", "50 dma", "50 day ma", "50 sma", "50 day line"),
        "price", _AVERAGE, _sma, 50, takes_window=False,
    ),
    Indicator(
        "simple-moving-average", "SMA", ("sma", "simple moving average", "moving average", "ma", "simple average"),
        "price", _AVERAGE, _sma, 50,
    ),
    Indicator(
        "exponential-moving-average", "EMA", ("ema", "exponential moving average", "exponential average"), "price",
        "each close moves it 2 / ({n} + 1) of the way; percentile of the distance from it", _ema, 21,
    ),
    Indicator(
        "macd-histogram", "MACD histogram", ("macd histogram",), "price",
        "MACD(12, 26) less its 9-session exponential average; percentile as a share of the price", _histogram, 34,
        takes_window=False,
    ),
    Indicator(
        "macd", "MACD", ("macd", "moving average convergence divergence"), "price",
        "12-session less 26-session exponential average, signal 9; percentile as a share of the price", _macd, 34,
        takes_window=False,
    ),
    Indicator(
        "bollinger-bands", "Bollinger bands",
        ("bollinger bands", "bollinger band", "bollinger", "bollinger band width", "bollinger width", "bbands"),
        "price",
        "average of {n} closes and 2 standard deviations around it; percentile of the width", _bands, 20,
    ),
    Indicator(
        "average-true-range", "ATR", ("atr", "average true range"), "price",
        "Wilder's average of the true range over {n} sessions; percentile as a share of the price", _atr, 14,
        _RANGE, extra=1,
    ),
    Indicator(
        "true-range", "True range", ("true range",), "price",
        "largest of high - low and the distances of both from the close before; percentile as a share of the price",
        _true_range, 1, _RANGE, takes_window=False, extra=1,
    ),
    Indicator(
        "historical-volatility", "Realised volatility",
        ("historical volatility", "realised volatility", "realized volatility", "hv", "volatility", "vol"), "%",
        "standard deviation of {n} daily log returns x sqrt(252)", _volatility, 21, extra=1,
    ),
    Indicator(
        "maximum-drawdown", "Maximum drawdown", ("maximum drawdown", "max drawdown", "mdd", "worst drawdown"), "%",
        "largest fall from one close to a later one within {n} sessions", _deepest, _YEAR,
    ),
    Indicator(
        "drawdown", "Drawdown", ("drawdown", "dd"), "%",
        "last close against the highest close of {n} sessions", _drawdown, _YEAR,
    ),
    Indicator(
        "beta", "Beta", ("beta",), "",
        "covariance with the index over its variance, {n} daily log returns", _beta, _YEAR, _MARKET, extra=1,
    ),
    Indicator(
        "correlation", "Correlation", ("correlation",), "",
        "Pearson's correlation with the index, {n} daily log returns", _correlation, 63, _MARKET, extra=1,
    ),
    Indicator(
        "relative-strength", "Relative strength", ("relative strength", "relative performance", "rs line"), "%",
        "change of the price over the index's in {n} sessions", _relative, 63, _MARKET, extra=1,
    ),
    Indicator(
        "52-week-high-low", "52-week high",
        ("52 week high low", "52 week high", "52 week low", "52 week range", "52w high", "52w low"), "price",
        "highest and lowest price of 252 sessions (closes where highs and lows lack)", _year, _YEAR,
        takes_window=False,
    ),
    Indicator("golden-cross", "Golden cross", ("golden cross",), "%", _CROSSING, _cross, 200, takes_window=False),
    Indicator("death-cross", "Death cross", ("death cross",), "%", _CROSSING, _cross, 200, takes_window=False),
    Indicator(
        "support-and-resistance", "Support and resistance", ("support and resistance", "s r levels", "key levels"),
        "price", _SWING.format("stands above or below"), _levels, _YEAR,
    ),
    Indicator("support", "Support", ("support", "support level"), "price", _SWING.format("is under"), _support, _YEAR),
    Indicator(
        "resistance", "Resistance", ("resistance", "resistance level"), "price", _SWING.format("is over"), _resistance,
        _YEAR,
    ),
    Indicator(
        "volume", "Volume", ("average volume", "volume", "trading volume", "relative volume"), "shares",
        "shares traded, against the average of {n} sessions", _volume, 50, frozenset({"volume"}),
    ),
    Indicator(
        "gap", "Gap", ("opening gap", "gap"), "%", "open against the close before; percentile of its size", _gap, 1,
        frozenset({"open"}), takes_window=False, extra=1,
    ),
)  # fmt: skip
BY_TERM: Final[Mapping[str, Indicator]] = {one.term: one for one in TABLE}
BY_NAME: Final[Mapping[str, Indicator]] = {name: one for one in TABLE for name in one.names}
