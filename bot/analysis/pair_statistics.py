"""What is computed from two series on shared sessions: relative change, ratio and correlation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.analysis.aligned_pair import Pair
from bot.analysis.lookback_bars import refuse_gaps, sessions_back
from bot.errors import UserError
from bot.language.entities.lookbacks import Lookback
from bot.render.numbers import day

if TYPE_CHECKING:
    from bot.market.bars import FloatArray


@dataclass(frozen=True, slots=True)
class Compared:
    """Two symbols over a span of shared sessions. `bars` is the span in sessions, `a` and `b` the symbols used.

    `ratio` is a / b at the last session, `ratio_percentile` the share (0-1) of the last 2,520 ratios at or below it,
    `ratio_trend` its state by the rule of ranges. None where there are too few sessions.
    """

    pair: Pair
    periods: Lookback
    bars: int
    a_roc_pct: float
    b_roc_pct: float
    relative_pct: float
    correlation: float | None
    ratio: float
    ratio_base: float
    ratio_percentile: float | None
    ratio_trend: str | None

    @property
    def a(self) -> str:
        """The symbol that is compared."""
        return self.pair.a.bars.symbol

    @property
    def b(self) -> str:
        """The symbol that it is compared with."""
        return self.pair.b.bars.symbol

    @property
    def base_day(self) -> date:
        """The session that the span starts from."""
        return self.pair.day(-1 - self.bars)

    @property
    def last_day(self) -> date:
        """The last shared session."""
        return self.pair.last_day


def compared(found: Pair, span: Lookback) -> Compared:
    """Compare over one span.

    Raises UserError: too_little_history for fewer shared sessions, missing_bars for a session missing inside the
    span, not_positive for a price of zero or less in it.
    """
    from bot.market.momentum import correlation, last_roc, ratio_percentile, relative_roc
    from bot.market.ranges import range_name

    n = sessions_back(found.days, span, found.names)
    for leg in (found.a, found.b):
        refuse_gaps(leg, found.day(-1 - n), found.last_day)
    _refuse_nonpositive(found, n)
    a, b = _positive_tails(found)
    a_roc, b_roc, relative = last_roc(a, n), last_roc(b, n), relative_roc(a, b, n)
    assert a_roc is not None  # noqa: S101  every price in the window is positive, checked above
    assert b_roc is not None  # noqa: S101
    assert relative is not None  # noqa: S101
    ratios = a / b
    trend = range_name(ratios)
    return Compared(
        pair=found,
        periods=span,
        bars=n,
        a_roc_pct=a_roc,
        b_roc_pct=b_roc,
        relative_pct=relative,
        correlation=correlation(a, b, n),
        ratio=float(ratios[-1]),
        ratio_base=float(ratios[-1 - n]),
        ratio_percentile=ratio_percentile(a, b),
        ratio_trend=None if trend == "insufficient" else trend,
    )


def _refuse_nonpositive(found: Pair, n: int) -> None:
    for leg, close in ((found.a, found.a_close), (found.b, found.b_close)):
        for position in range(-1 - n, 0):
            if close[position] <= 0:
                raise UserError(
                    f"{leg.bars.symbol} closed at {close[position]:g} on {day(found.day(position))}: a percent change "
                    "across a price of zero or less means nothing.",
                    "not_positive",
                )


def _positive_tails(found: Pair) -> tuple[FloatArray, FloatArray]:
    """Both closes after the last price of zero or less."""
    import numpy as np

    bad = np.flatnonzero((found.a_close <= 0) | (found.b_close <= 0))
    first = int(bad[-1]) + 1 if bad.size else 0
    return found.a_close[first:], found.b_close[first:]
