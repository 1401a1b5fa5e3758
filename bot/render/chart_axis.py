"""The axes of a chart: how prices and dates become pixels, and where round numbers and new months fall. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from bot.render.numbers import MINUS

if TYPE_CHECKING:
    from datetime import date

    from bot.market.bars import DateArray, FloatArray

FLATTEST = 1e-6
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
_LOG_STEPS = ((1.0, 3.0), (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 5.0, 7.0))
_SUFFIXES = ((1e12, "T"), (1e9, "B"), (1e6, "M"))
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Scale(NamedTuple):
    """Prices from `low` to `high` on pixel rows from `bottom` up to `top`, evenly or by logarithms."""

    low: float
    high: float
    top: float
    bottom: float
    log: bool = False

    def y(self, price: float) -> float:
        """The row of a price."""
        if self.log:
            share = math.log(price / self.low) / math.log(self.high / self.low)
        else:
            share = (price - self.low) / (self.high - self.low)
        return self.bottom - share * (self.bottom - self.top)

    def rows(self, prices: FloatArray) -> FloatArray:
        """The rows of many prices."""
        if self.log:
            share = np.log(prices / self.low) / math.log(self.high / self.low)
        else:
            share = (prices - self.low) / (self.high - self.low)
        found: FloatArray = self.bottom - share * (self.bottom - self.top)
        return found

    def padded(self, over: float, under: float) -> Scale:
        """The same scale continued `over` pixels upwards and `under` pixels downwards."""
        height = self.bottom - self.top
        top, bottom = self.top - over, self.bottom + under
        if self.log:
            rate = math.log(self.high / self.low) / height
            return Scale(self.low * math.exp(-under * rate), self.high * math.exp(over * rate), top, bottom, log=True)
        rate = (self.high - self.low) / height
        return Scale(self.low - under * rate, self.high + over * rate, top, bottom)


def widen(low: float, high: float) -> tuple[float, float]:
    """The two ends of an axis for prices from `low` to `high`: a flat series gets a hundredth to either side."""
    size = max(abs(low), abs(high))
    if high - low > FLATTEST * size:
        return low, high
    room = 0.01 * size or 1.0
    return low - room, high + room


def round_step(span: float, most: int) -> float:
    """The smallest of 1, 2, 2.5 and 5 times a power of ten that cuts `span` into at most `most` parts."""
    least = span / most
    power = 10.0 ** math.floor(math.log10(least))
    return power * next((step for step in _STEPS if step * power >= least * (1 - 1e-9)), 10.0)


def price_ticks(scale: Scale, most: int) -> tuple[float, ...]:
    """Round numbers within a scale, at most about `most` of them, rising."""
    if scale.log:
        return _log_ticks(scale, most)
    step = round_step(scale.high - scale.low, most)
    first, last = math.ceil(scale.low / step - 1e-9), math.floor(scale.high / step + 1e-9)
    return tuple(k * step for k in range(first, last + 1))


def _log_ticks(scale: Scale, most: int) -> tuple[float, ...]:
    """Round numbers of a logarithmic scale: powers of ten, or the finest set between them that is not too many."""
    low, high = math.floor(math.log10(scale.low)), math.ceil(math.log10(scale.high))
    powers = [power for power in range(low, high + 1) if scale.low <= 10.0**power <= scale.high]
    found = tuple(10.0**power for power in powers[:: max(1, -(-len(powers) // most))])
    for steps in _LOG_STEPS:
        ticks = [step * 10.0**power for power in range(low, high + 1) for step in steps]
        inside = tuple(tick for tick in ticks if scale.low <= tick <= scale.high)
        if len(inside) > most:
            break
        found = inside
    return found


def tick_text(value: float, step: float) -> str:
    """A round number as short as it can be: no more places than the step between ticks needs."""
    size = abs(value)
    sign = MINUS if value < 0 else ""
    if size and (size < 1e-4 or size >= 1e15):
        return f"{sign}{size:.3g}"
    for unit, suffix in _SUFFIXES:
        if size >= 10 * unit or (size >= unit and step >= unit / 100):
            return f"{sign}{_plain(size / unit, step / unit)}{suffix}"
    return f"{sign}{_plain(size, step)}"


def _plain(size: float, step: float) -> str:
    places = max(0, min(8, 2 - math.floor(math.log10(step))))
    while places and math.isclose(step, round(step, places - 1), rel_tol=1e-6):
        places -= 1
    return f"{size:,.{places}f}"


class DateTick(NamedTuple):
    """A date label at one bar; `strong` where a new year starts."""

    bar: int
    text: str
    strong: bool = False


def date_ticks(
    dates: DateArray, x: Callable[[int], float], width: Callable[[str], float], gap: float
) -> tuple[DateTick, ...]:
    """Labels for weeks, months or years, whichever is the finest unit whose labels fit `gap` pixels apart.

    `x` gives the column of a bar, `width` that of a text. A unit starts at the first bar in it, so the first bar shown
    is no start; where no unit starts twice, bars are labelled at even distances.
    """
    short = _even_ticks(dates, x, width, gap)
    if len(dates) <= 2 * len(short):
        return short
    months = dates.astype("datetime64[M]").astype(np.int64)
    weeks = (dates.astype(np.int64) + 3) // 7
    units = [
        *((weeks // every, _day_tick) for every in (1, 2)),
        *((months // every, _month_tick) for every in (1, 2, 3, 6)),
        *(((months // 12 + 1970) // every, _year_tick) for every in (1, 2, 5, 10, 20, 50)),
    ]
    for keys, tick in units:
        ticks = [tick(dates, bar) for bar in (np.flatnonzero(np.diff(keys)) + 1).tolist()]
        if len(ticks) >= 2 and _fits(ticks, x, width, gap):
            return tuple(ticks)
    return short


def _fits(ticks: Sequence[DateTick], x: Callable[[int], float], width: Callable[[str], float], gap: float) -> bool:
    """Whether labels centred on their bars keep their distance."""
    return all(x(b.bar) - x(a.bar) >= (width(a.text) + width(b.text)) / 2 + gap for a, b in pairwise(ticks))


def _even_ticks(
    dates: DateArray, x: Callable[[int], float], width: Callable[[str], float], gap: float
) -> tuple[DateTick, ...]:
    """Bars at even distances, the last one among them."""
    last = len(dates) - 1
    slot = (x(last) - x(0)) / last
    every = max(1, math.ceil((width("28 May") + gap) / slot))
    return tuple(_day_tick(dates, bar) for bar in range(last % every, last + 1, every))


def _day_tick(dates: DateArray, bar: int) -> DateTick:
    day: date = dates[bar].item()
    return DateTick(bar, f"{day.day} {_MONTHS[day.month - 1]}")


def _month_tick(dates: DateArray, bar: int) -> DateTick:
    """A month's name; in January the year."""
    day: date = dates[bar].item()
    return _year_tick(dates, bar) if day.month == 1 else DateTick(bar, _MONTHS[day.month - 1])


def _year_tick(dates: DateArray, bar: int) -> DateTick:
    day: date = dates[bar].item()
    return DateTick(bar, str(day.year), strong=True)
