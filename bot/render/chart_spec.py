"""What a chart shows, as data: a `ChartSpec` built from bars and states by one pure function, drawn elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from bot.market.momentum import DEFAULT_PERIODS, roc
from bot.render.numbers import count, day
from bot.render.text import ADJUSTMENTS

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray, FloatArray
    from bot.market.rally import RallyState
    from bot.market.ranges import RangeState

LevelKind = Literal["support", "resistance", "ends_below"]
MarkKind = Literal["rally_low", "low", "high", "peak", "ended"]
ThemeName = Literal["dark", "light"]

DEFAULT_SPAN = 120
LEAST_BARS = 2
MOST_CANDLES = 250
LOG_RATIO = 5.0
LEVEL_REACH = 0.35
LEAST_BAND = 0.04
ENDING_SHARE = 6
LEVEL_NAMES: dict[LevelKind, str] = {
    "support": "Support",
    "resistance": "Resistance",
    "ends_below": "Rally ends below",
}
MARK_NAMES: dict[MarkKind, str] = {
    "rally_low": "Rally low",
    "low": "Low",
    "high": "High",
    "peak": "Peak",
    "ended": "Rally ended",
}
RANGE_WORDS = {
    "range_bound": "Trading range",
    "trending_up": "Trending up",
    "trending_down": "Trending down",
    "breaking_out_up": "Breaking out up",
    "breaking_out_down": "Breaking out down",
    "unclear": "No clear range or trend",
}
RALLY_WORDS = {
    "rally": "in a rally",
    "fading": "rally fading",
    "attempt": "rally attempt",
    "declining": "declining",
    "ended": "rally ended",
    "none": "no rally",
}
_KINDS = {
    "raw": "unadjusted",
    "split": "split-adjusted",
    "split_dividend": "split- and dividend-adjusted",
    "index": "index level",
}
_LOWS: dict[str, MarkKind] = {
    "rally": "rally_low",
    "fading": "rally_low",
    "attempt": "low",
    "declining": "low",
    "ended": "low",
}


class States(NamedTuple):
    """The states that a chart marks, computed from the very bars that are charted; None where there are none."""

    range: RangeState | None = None
    rally: RallyState | None = None


class Level(NamedTuple):
    """A horizontal price level from bar `start` on. `tests` are the bars on which closes touched it."""

    kind: LevelKind
    price: float
    start: int
    tests: tuple[int, ...] = ()

    @property
    def label(self) -> str:
        """What stands beside the line; its price stands at the axis."""
        return LEVEL_NAMES[self.kind]


class ChartBand(NamedTuple):
    """The window in which a range was found: bars `start` to `stop`, both included."""

    start: int
    stop: int
    low: float
    high: float


class Mark(NamedTuple):
    """One closing price worth pointing at. `above` marks stand over the bar and point down, the others under it."""

    kind: MarkKind
    bar: int
    price: float

    @property
    def above(self) -> bool:
        """Whether it stands over its bar."""
        return self.kind in {"high", "peak"}

    @property
    def label(self) -> str:
        """What stands beside it."""
        return MARK_NAMES[self.kind]


@dataclass(frozen=True, slots=True, eq=False)
class ChartSpec:
    """One picture. Bars are counted from the first one shown; arrays have one value per bar shown.

    `open`, `high` and `low` are None where closes are drawn as a line; else finite. `roc` has NaN where it is not
    defined and is None where it is nowhere. `change_pct` is the change over `change_bars` sessions up to the last bar.
    `state` is the states in words, `note` says whose and which kind of prices these are. `log` asks for a logarithmic
    price axis.
    """

    symbol: str
    name: str
    dates: DateArray
    close: FloatArray
    open: FloatArray | None
    high: FloatArray | None
    low: FloatArray | None
    levels: tuple[Level, ...]
    marks: tuple[Mark, ...]
    band: ChartBand | None
    roc: FloatArray | None
    roc_periods: int
    change_pct: float | None
    change_bars: int
    state: str
    note: str
    simulated: bool
    log: bool
    theme: ThemeName

    def __len__(self) -> int:
        return int(self.close.size)

    def day(self, bar: int) -> date:
        """The date of one bar."""
        found: date = self.dates[bar].item()
        return found

    @property
    def tops(self) -> FloatArray:
        """The highest price drawn at each bar."""
        return self.close if self.high is None else self.high

    @property
    def bottoms(self) -> FloatArray:
        """The lowest price drawn at each bar."""
        return self.close if self.low is None else self.low

    @property
    def span_words(self) -> str:
        """The span shown: 120 sessions, 22 May 2017 to 10 Nov 2017."""
        return f"{count(len(self), 'session')}, {day(self.day(0))} to {day(self.day(-1))}"


def chart_spec(
    bars: Bars,
    states: States,
    periods: int = DEFAULT_SPAN,
    *,
    name: str = "",
    theme: ThemeName = "dark",
) -> ChartSpec:
    """Return the chart of the last `periods` bars, or of all where there are fewer.

    `states` must be those of `bars` as given: their bar numbers are taken over. The change is that of ROC(periods):
    from the close before the first bar shown, or from the first close where nothing comes before it.

    Raises ValueError when fewer than two bars would be shown.
    """
    total = len(bars)
    first = max(0, total - periods)
    if total - first < LEAST_BARS:
        msg = f"a chart needs {LEAST_BARS} bars or more, not {total - first}"
        raise ValueError(msg)
    base = max(0, first - 1)
    shown = bars.cut(first, total)
    columns = _candles(shown) if len(shown) <= MOST_CANDLES else None
    start = float(bars.close[base])
    bottom, top = (shown.close, shown.close) if columns is None else (columns[2], columns[1])
    low, high = float(bottom.min()), float(top.max())
    return ChartSpec(
        symbol=bars.symbol,
        name=name,
        dates=shown.dates,
        close=shown.close,
        open=columns[0] if columns else None,
        high=columns[1] if columns else None,
        low=columns[2] if columns else None,
        levels=_levels(states, first, low, high),
        marks=_marks(states.rally, first, bars.close),
        band=_band(states.range, first),
        roc=_roc(bars, first),
        roc_periods=DEFAULT_PERIODS,
        change_pct=100.0 * (float(bars.close[-1]) / start - 1.0) if start > 0.0 else None,
        change_bars=total - 1 - base,
        state=state_words(states),
        note=_note(bars),
        simulated=bars.adjustment == "simulated",
        log=low > 0.0 and high / low >= LOG_RATIO,
        theme=theme,
    )


def state_words(states: States) -> str:
    """The states in a few words: Trading range, in a rally. Empty where there are none."""
    parts = [
        RANGE_WORDS.get(states.range.state, "") if states.range else "",
        RALLY_WORDS.get(states.rally.state, "") if states.rally else "",
    ]
    text = ", ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _candles(bars: Bars) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Open, high and low of each bar, a bar that lacks one reduced to its close; None where most bars lack one."""
    if bars.open is None or bars.high is None or bars.low is None:
        return None
    whole = np.isfinite(bars.open) & np.isfinite(bars.high) & np.isfinite(bars.low)
    if 2 * int(whole.sum()) < len(bars):
        return None
    opened = np.where(whole, bars.open, bars.close)
    high = np.where(whole, np.maximum(bars.high, np.maximum(opened, bars.close)), bars.close)
    low = np.where(whole, np.minimum(bars.low, np.minimum(opened, bars.close)), bars.close)
    return opened, high, low


def _band(state: RangeState | None, first: int) -> ChartBand | None:
    if state is None or state.support is None or state.resistance is None:
        return None
    if state.band_bar is None or state.window is None or state.band_bar < first:
        return None
    if state.window < LEAST_BAND * (state.bars - first):
        return None
    start = max(0, state.band_bar - state.window + 1 - first)
    return ChartBand(start, state.band_bar - first, state.support, state.resistance)


def _levels(states: States, first: int, low: float, high: float) -> tuple[Level, ...]:
    """The levels within reach of the prices drawn: one far away would flatten them."""
    reach = LEVEL_REACH * (high - low)
    return tuple(level for level in _all_levels(states, first) if low - reach <= level.price <= high + reach)


def _all_levels(states: States, first: int) -> list[Level]:
    found: list[Level] = []
    state, rally = states.range, states.rally
    band = _band(state, first)
    if state is not None and band is not None:
        found.append(Level("resistance", band.high, band.start, _shown(state.resistance_bars, first)))
        found.append(Level("support", band.low, band.start, _shown(state.support_bars, first)))
    if rally is not None and rally.ends_below is not None and rally.high_bar is not None:
        least = rally.bars - max(2, (rally.bars - first) // ENDING_SHARE)
        found.append(Level("ends_below", rally.ends_below, max(0, min(rally.high_bar, least) - first)))
    return found


def _shown(bars: tuple[int, ...], first: int) -> tuple[int, ...]:
    return tuple(bar - first for bar in bars if bar >= first)


def _marks(state: RallyState | None, first: int, close: FloatArray) -> tuple[Mark, ...]:
    """The low that a rally or decline is measured from, the peak before it and the rally's high, where they are shown.

    Of a rally that has ended its low and high, and the day on which it ended, beside the low that is measured now.
    Without a decline there is nothing to measure from, so `none` has no marks.
    """
    if state is None or state.state not in _LOWS:
        return ()
    wanted: list[tuple[MarkKind, int | None, float | None]] = []
    ended, lowest = state.ended, state.low_bar
    if ended is not None and ended.end is not None:
        over: list[tuple[MarkKind, int]] = [("rally_low", ended.low), ("high", ended.high), ("ended", ended.end)]
        wanted += [(kind, bar, float(close[bar])) for kind, bar in over]
        lowest = None if lowest == ended.end else lowest
    wanted.append((_LOWS[state.state], lowest, state.low))
    if state.decline_pct and ended is None:
        wanted.append(("peak", state.peak_bar, state.peak))
    wanted.append(("high", state.high_bar, state.high))
    return tuple(
        Mark(kind, bar - first, price)
        for kind, bar, price in wanted
        if bar is not None and price is not None and bar >= first
    )


def _roc(bars: Bars, first: int) -> FloatArray | None:
    values = roc(bars.close[max(0, first - DEFAULT_PERIODS) :])[-(len(bars) - first) :]
    return values if bool(np.isfinite(values).any()) else None


def _note(bars: Bars) -> str:
    """Whose prices, and of which kind."""
    if bars.adjustment == "simulated":
        return ADJUSTMENTS["simulated"]
    return f"{bars.provider}, {_KINDS.get(bars.adjustment) or ADJUSTMENTS[bars.adjustment]}"
