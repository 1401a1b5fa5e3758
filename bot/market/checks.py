"""What looks wrong in a series of closes: split-like jumps, single bad ticks, prices no log can take.

Found and named, never repaired (docs/methods.md, "Prices"). Closes are float64, oldest first.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

JUMP = 0.37
SPLIT_TOLERANCE = 0.01
SPLITS = ((1, 2), (1, 3), (2, 3), (1, 4), (1, 5), (1, 10), (1, 20))
BAD_TICK_SIGMAS = 12.0
TICK_WINDOW, TICK_LEAST = 250, 60

_RATIOS = [(p / q, p, q) for p, q in SPLITS] + [(q / p, q, p) for p, q in SPLITS]


@dataclass(frozen=True, slots=True)
class Jump:
    """A close at `bar` that is `ratio` times the one before, within 1 % of `numerator` / `denominator`."""

    bar: int
    ratio: float
    numerator: int
    denominator: int


@dataclass(frozen=True, slots=True)
class BadTick:
    """A close at `bar` that is `ratio` times the one before, a move of `sigmas` usual daily moves."""

    bar: int
    ratio: float
    sigmas: float


def first_nonpositive(close: FloatArray, bars: int | None = None) -> int | None:
    """Return the bar of the first price among the last `bars` that is not above zero (or NaN), else None."""
    first = 0 if bars is None else max(0, close.size - bars)
    wrong = np.flatnonzero(~(close[first:] > 0.0))
    return first + int(wrong[0]) if wrong.size else None


def split_like(close: FloatArray) -> tuple[Jump, ...]:
    """Return the jumps with |log return| > 0.37 whose price ratio is within 1 % of a usual split's.

    Splits looked for: 1:2, 1:3, 2:3, 1:4, 1:5, 1:10, 1:20 and their inverses. Closes must be positive. Meant
    for raw share prices; an index that halves in a day would be named too.
    """
    ratios = close[1:] / close[:-1]
    found = []
    for at in np.flatnonzero(np.abs(np.log(ratios)) > JUMP).tolist():
        ratio = float(ratios[at])
        for usual, p, q in _RATIOS:
            if abs(ratio / usual - 1.0) <= SPLIT_TOLERANCE:
                found.append(Jump(at + 1, ratio, p, q))
                break
    return tuple(found)


def bad_ticks(close: FloatArray) -> tuple[BadTick, ...]:
    """Return the closes with |r| > 12 s, s the root mean square log return of the 250 bars before.

    At least 60 bars before; where nothing moved in them (s = 0) nothing is named. The bar itself is left out
    of its own yardstick: inside it, a tick that came back could never exceed sqrt(250 / 2) = 11.2 of it. The
    way back is not named a second time. Closes must be positive.
    """
    if close.size < TICK_LEAST + 2:
        return ()
    returns = np.diff(np.log(close))
    total = np.concatenate([[0.0], np.cumsum(np.square(returns))])
    ends = np.arange(returns.size)
    starts = np.maximum(0, ends - TICK_WINDOW)
    usual = np.sqrt((total[ends] - total[starts]) / np.maximum(1, ends - starts))
    wild = (ends >= TICK_LEAST) & (usual > 0.0) & (np.abs(returns) > BAD_TICK_SIGMAS * usual)
    wild[1:] &= ~(wild[:-1] & (returns[1:] * returns[:-1] < 0.0))
    return tuple(
        BadTick(at + 1, math.exp(float(returns[at])), abs(float(returns[at])) / float(usual[at]))
        for at in np.flatnonzero(wild).tolist()
    )
