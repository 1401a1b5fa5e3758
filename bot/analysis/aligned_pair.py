"""Two series over the sessions that both have, and what is computed from them: relative change, ratio, correlation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bot.analysis.conversion import in_currency
from bot.analysis.lookback_bars import refuse_gaps, sessions_back
from bot.analysis.series import Series, fetch_batch
from bot.desk import Desk
from bot.errors import UserError
from bot.language.entities.lookbacks import Period
from bot.market.symbols import Symbol
from bot.render.numbers import day
from bot.render.reply import Freshness

if TYPE_CHECKING:
    from bot.market.bars import DateArray, FloatArray

_NOTHING_TO_ADJUST = frozenset({"index", "fix"})
_UNADJUSTED_KINDS = frozenset({"fx", "metal", "crypto", "commodity", "future", "yield"})


class AlignedPair(NamedTuple):
    """Two series over the sessions that both have: `days` and the closes of each on them."""

    a: Series
    b: Series
    days: DateArray
    a_close: FloatArray
    b_close: FloatArray
    warnings: tuple[str, ...]

    @property
    def names(self) -> str:
        """Both symbols: `IWM and SPY`."""
        return f"{self.a.bars.symbol} and {self.b.bars.symbol}"

    @property
    def last_day(self) -> date:
        """The last session that both have."""
        return self.day(-1)

    def day(self, position: int) -> date:
        """One of the shared sessions; negative positions count from the end."""
        found: date = self.days[position].item()
        return found

    @property
    def freshness(self) -> Freshness:
        """That of the older of both."""
        older = min((self.a, self.b), key=lambda one: one.bars.last_day).freshness
        return replace(
            older,
            as_of=self.last_day,
            stand_in=self.a.freshness.stand_in or self.b.freshness.stand_in,
        )


async def fetch_pair(desk: Desk, a: Symbol, b: Symbol, as_of: date | None, currency: str | None = None) -> AlignedPair:
    """Two series over their shared sessions, both in one currency where one is given.

    Raises UserError: that of a symbol without prices; too_little_history without a shared session; bad_input where one
    has dividends counted in and the other not, or splits, and no stand-in helps.
    """
    found = await _fetch_pair(desk, a, b, as_of, currency)
    mismatch = adjustment_mismatch(found)
    if mismatch is None:
        return found
    funds = tuple(desk.symbols.symbols.get(s.stand_in or "", s) for s in (a, b))
    if funds != (a, b) and funds[0] != funds[1]:
        again = await _fetch_pair(desk, funds[0], funds[1], as_of, currency)
        if adjustment_mismatch(again) is None:
            return _stood_in(again, (a, b), mismatch)
    raise UserError(f"These prices differ in kind ({mismatch}), so a comparison would measure that difference.")


async def _fetch_pair(desk: Desk, a: Symbol, b: Symbol, as_of: date | None, currency: str | None) -> AlignedPair:
    found = await fetch_batch(desk, (a, b), as_of)
    done = await in_currency(desk, found.members, currency)
    first, second = done.members
    if isinstance(first, UserError):
        raise first
    if isinstance(second, UserError):
        raise second
    notes = [*first.warnings, *second.warnings]
    if found.note is not None and not found.one_provider:
        notes.append(found.note)
    notes += done.notes
    return align(first, second, tuple(dict.fromkeys(notes)))


def align(a: Series, b: Series, warnings: tuple[str, ...] = ()) -> AlignedPair:
    """Two series on the sessions that both have. Raises UserError (too_little_history) when there is none."""
    import numpy as np

    days, left, right = np.intersect1d(a.bars.dates, b.bars.dates, assume_unique=True, return_indices=True)
    if not days.size:
        raise UserError(f"{_reach(a)} and {_reach(b)}: they have no session in common.", "too_little_history")
    last: date = days[-1].item()
    ends = {one.bars.symbol: one.bars.last_day for one in (a, b) if one.bars.last_day != last}
    notes = [f"{symbol} has prices up to {day(end)}; both have them up to {day(last)}" for symbol, end in ends.items()]
    return AlignedPair(a, b, days, a.bars.close[left], b.bars.close[right], (*warnings, *notes))


def _reach(one: Series) -> str:
    return f"{one.bars.symbol} has prices from {day(one.bars.day(0))} to {day(one.bars.last_day)}"


def adjustment_mismatch(found: AlignedPair) -> str | None:
    """Why the two are adjusted too differently to be compared, or None.

    Index levels, fixes, coins, currencies and commodities have nothing to adjust: they go with everything but prices
    that have dividends counted in.
    """
    kinds = {one.bars.symbol: one.bars.adjustment for one in (found.a, found.b)}
    bare = {
        one.bars.symbol
        for one in (found.a, found.b)
        if one.bars.adjustment in _NOTHING_TO_ADJUST or one.shown.kind in _UNADJUSTED_KINDS
    }
    dividends = [symbol for symbol, kind in kinds.items() if kind == "split_dividend"]
    if len(set(kinds.values())) == 1 or (bare and not dividends):
        return None
    from bot.render.text import ADJUSTMENTS

    return "; ".join(f"{symbol}: {ADJUSTMENTS[kind]}" for symbol, kind in kinds.items())


def _stood_in(found: AlignedPair, asked: Sequence[Symbol], why: str) -> AlignedPair:
    notes = [
        f"{one.bars.symbol} stands in for {symbol.canonical}, because the prices asked for differ in kind ({why})"
        for symbol, one in zip(asked, (found.a, found.b), strict=True)
        if symbol.canonical != one.bars.symbol
    ]
    used = next(one for symbol, one in zip(asked, (found.a, found.b), strict=True) if symbol != one.symbol)
    a = found.a._replace(freshness=replace(found.a.freshness, stand_in=used.bars.symbol))
    return found._replace(a=a, warnings=(*found.warnings, *notes))


class PairStatistics(NamedTuple):
    """Two symbols over a span of shared sessions. `bars` is the span in sessions, `a` and `b` the symbols used.

    `ratio` is a / b at the last session, `ratio_percentile` the share (0-1) of the last 2,520 ratios at or below it,
    `ratio_trend` its state by the rule of ranges. None where there are too few sessions.
    """

    pair: AlignedPair
    periods: Period
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


def compare_pair(found: AlignedPair, span: Period) -> PairStatistics:
    """Compare over one span.

    Raises UserError: too_little_history for fewer shared sessions, missing_bars for a session missing inside the
    span, not_positive for a price of zero or less in it.
    """
    from bot.market.momentum import correlation, last_roc, ratio_percentile, relative_roc
    from bot.market.ranges import range_name

    n = sessions_back(found.days, span, found.names)
    for one in (found.a, found.b):
        refuse_gaps(one, found.day(-1 - n), found.last_day)
    _refuse_nonpositive(found, n)
    a, b = _positive_tails(found)
    a_roc, b_roc, relative = last_roc(a, n), last_roc(b, n), relative_roc(a, b, n)
    assert a_roc is not None  # noqa: S101  every price in the window is positive, checked above
    assert b_roc is not None  # noqa: S101
    assert relative is not None  # noqa: S101
    ratios = a / b
    trend = range_name(ratios)
    return PairStatistics(
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


def _refuse_nonpositive(found: AlignedPair, n: int) -> None:
    for one, close in ((found.a, found.a_close), (found.b, found.b_close)):
        for position in range(-1 - n, 0):
            if close[position] <= 0:
                raise UserError(
                    f"{one.bars.symbol} closed at {close[position]:g} on {day(found.day(position))}: a percent change "
                    "across a price of zero or less means nothing.",
                    "not_positive",
                )


def _positive_tails(found: AlignedPair) -> tuple[FloatArray, FloatArray]:
    """Both closes after the last price of zero or less."""
    import numpy as np

    bad = np.flatnonzero((found.a_close <= 0) | (found.b_close <= 0))
    first = int(bad[-1]) + 1 if bad.size else 0
    return found.a_close[first:], found.b_close[first:]
