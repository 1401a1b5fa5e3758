"""What looks wrong in a series of closes: split-like jumps, a change of unit, single bad ticks, prices no log can take.

Found and named, never repaired (docs/methods.md, "Prices"). Closes are float64, oldest first, positive.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bot.market.bars import FloatArray

JumpKind = Literal["split", "unit"]

JUMP = 0.30
"""No smaller log return is looked at: 3:2 is 0.405, and the day's own move may take a tenth of it away."""
JUMP_SIGMAS = 8.0
OWN_MOVE_SIGMAS, OWN_MOVE_LEAST, OWN_MOVE_MOST = 4.0, 0.03, 0.06
EXACT = 0.01
LARGEST_SPLIT = 200
UNIT = (80.0, 120.0)
FRACTIONS = ((3, 2), (5, 2), (5, 3), (7, 2))
BAD_TICK_SIGMAS = 12.0
TICK_WINDOW, TICK_LEAST = 250, 60
TICK_BACK = 0.25
"""A single tick is one whose way back leaves at most this share of it."""
SIGMA_UNKNOWN = 0.01


@dataclass(frozen=True, slots=True)
class Jump:
    """A close at `bar` that is `ratio` times the one before: near `numerator` / `denominator`, or a change of unit."""

    bar: int
    ratio: float
    numerator: int
    denominator: int
    kind: JumpKind = "split"


@dataclass(frozen=True, slots=True)
class BadTick:
    """A close at `bar` that is `ratio` times the one before.

    `sigmas` says how many usual daily moves that is, None where too few bars came before to know; `came_back` that the
    next close was where the one before had been.
    """

    bar: int
    ratio: float
    sigmas: float | None
    came_back: bool = False


def first_nonpositive(close: FloatArray, bars: int | None = None) -> int | None:
    """Return the bar of the first price among the last `bars` that is not above zero (or NaN), else None."""
    first = 0 if bars is None else max(0, close.size - bars)
    wrong = np.flatnonzero(~(close[first:] > 0.0))
    return first + int(wrong[0]) if wrong.size else None


def split_like(close: FloatArray, *, own_move: bool = True) -> tuple[Jump, ...]:
    """Return the jumps that look like an unadjusted split (or its reverse), or like a change of unit.

    A jump is a log return beyond 0.30 and eight usual daily moves. It is split-like when its ratio is near a whole
    number from 2 to 200, or 3:2, 5:2, 5:3, 7:2, or the inverse of one of these; near means within four usual daily
    moves, at least 3 % and at most 6 %: the day's own move comes on top of a split. A ratio of 80 to 120 either way is
    called a change of unit (pence and pounds, cents and dollars). One that comes back the next day is a bad tick and
    is left to `bad_ticks`. Closes must be positive; meant for prices of shares and funds.

    Without `own_move` a ratio counts only within 1 %: for whoever refuses a whole series because of it.
    """
    returns = np.diff(np.log(close))
    if not returns.size:
        return ()
    usual = _usual_moves(returns)
    wild = (np.abs(returns) > JUMP) & (np.abs(returns) > JUMP_SIGMAS * usual) & ~_bounced(returns)
    least, most = (OWN_MOVE_LEAST, OWN_MOVE_MOST) if own_move else (EXACT, EXACT)
    room = np.clip(OWN_MOVE_SIGMAS * usual, least, most)
    found = (_jump(at, float(returns[at]), float(room[at])) for at in np.flatnonzero(wild).tolist())
    return tuple(jump for jump in found if jump is not None)


def _jump(at: int, move: float, room: float) -> Jump | None:
    size = math.exp(abs(move))
    up = move > 0
    if UNIT[0] <= size <= UNIT[1]:
        return Jump(at + 1, math.exp(move), *_way(100, 1, up=up), "unit")
    whole = max(2, round(size))
    nearest = min(((whole, 1), *FRACTIONS), key=lambda one: abs(math.log(size * one[1] / one[0])))
    if whole > LARGEST_SPLIT or abs(math.log(size * nearest[1] / nearest[0])) > room:
        return None
    return Jump(at + 1, math.exp(move), *_way(*nearest, up=up))


def _way(larger: int, smaller: int, *, up: bool) -> tuple[int, int]:
    """The price's own ratio: a 4:1 split divides it, so it went from 4 to 1."""
    return (larger, smaller) if up else (smaller, larger)


def _usual_moves(returns: FloatArray) -> FloatArray:
    """Return for each return the median absolute one of up to 250 before it, as a standard deviation (x 1.4826).

    A median, so that an earlier jump does not hide the next; 1 % where fewer than 20 came before or nothing moved.
    """
    usual = np.full(returns.size, SIGMA_UNKNOWN)
    for at in np.flatnonzero(np.abs(returns) > JUMP).tolist():
        before = np.abs(returns[max(0, at - TICK_WINDOW) : at])
        middle = float(np.median(before)) * 1.4826 if before.size >= 20 else 0.0
        usual[at] = middle or SIGMA_UNKNOWN
    return usual


def _bounced(returns: FloatArray) -> NDArray[np.bool_]:
    """Return which returns are undone by the next one, or undo the one before, but for a quarter of their size."""
    pair = np.abs(returns[1:] + returns[:-1]) <= TICK_BACK * np.minimum(np.abs(returns[1:]), np.abs(returns[:-1]))
    bounced = np.zeros(returns.size, dtype=bool)
    bounced[:-1] |= pair
    bounced[1:] |= pair
    return bounced


def bad_ticks(close: FloatArray) -> tuple[BadTick, ...]:
    """Return single closes that look wrong: beyond twelve usual moves, or far away for one day and back.

    Beyond: |r| > 12 s, s the root mean square log return of the 250 bars before (at least 60 of them; where nothing
    moved in them, s = 0, nothing is named). The bar itself is left out of its own yardstick: inside it, a tick that
    came back could never exceed sqrt(250 / 2) = 11.2 of it. Back: |r| beyond 0.30 and eight usual daily moves (see
    `split_like`), and the next return undoes it but for a quarter; this needs no history. The way back is not named a
    second time. Closes must be positive.
    """
    returns = np.diff(np.log(close))
    if not returns.size:
        return ()
    usual = _root_mean_squares(returns)
    wild = np.abs(returns) > BAD_TICK_SIGMAS * usual
    large = (np.abs(returns) > JUMP) & (np.abs(returns) > JUMP_SIGMAS * _usual_moves(returns))
    back = np.zeros(returns.size, dtype=bool)
    back[:-1] = large[:-1] & _bounced(returns)[:-1] & (returns[:-1] * returns[1:] < 0.0)
    named = wild | back
    for at in np.flatnonzero(named).tolist():
        if at and named[at - 1] and returns[at] * returns[at - 1] < 0.0:
            named[at] = False
    return tuple(
        BadTick(
            at + 1,
            math.exp(float(returns[at])),
            abs(float(returns[at])) / float(usual[at]) if math.isfinite(usual[at]) else None,
            bool(back[at]),
        )
        for at in np.flatnonzero(named).tolist()
    )


def _root_mean_squares(returns: FloatArray) -> FloatArray:
    """Return s for each return: of the up to 250 before it; infinite where fewer than 60 came before or none moved."""
    total = np.concatenate([[0.0], np.cumsum(np.square(returns))])
    ends = np.arange(returns.size)
    starts = np.maximum(0, ends - TICK_WINDOW)
    mean = np.sqrt(np.maximum(0.0, total[ends] - total[starts]) / np.maximum(1, ends - starts))
    return np.where((ends >= TICK_LEAST) & (mean > 0.0), mean, np.inf)
