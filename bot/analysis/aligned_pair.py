"""Several series beside each other: from one provider where there is one, over the sessions that they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from bot.analysis.series import Series, finished
from bot.desk import Desk
from bot.errors import UserError
from bot.market.symbols import Symbol
from bot.render.numbers import day
from bot.render.reply import Freshness

if TYPE_CHECKING:
    from bot.market.bars import DateArray, FloatArray

_NOTHING_TO_ADJUST = frozenset({"index", "fix"})
_UNADJUSTED_KINDS = frozenset({"fx", "crypto", "commodity"})


@dataclass(frozen=True, slots=True)
class Legs:
    """One series per symbol asked, or the UserError in its place, in the order asked; `note` is for people."""

    legs: tuple[Series | UserError, ...]
    one_provider: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Pair:
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
        older = min((self.a, self.b), key=lambda leg: leg.bars.last_day).freshness
        return replace(
            older,
            as_of=self.last_day,
            stand_in=self.a.freshness.stand_in or self.b.freshness.stand_in,
        )


async def together(desk: Desk, symbols: Sequence[Symbol], as_of: date | None) -> Legs:
    """The finished bars of several symbols up to the date asked for. Nothing is raised: errors stand in the legs."""
    stand_ins = {s.canonical: found for s in symbols if s.stand_in and (found := desk.symbols.known(s.stand_in))}
    got = await desk.feed.batch(symbols, as_of, stand_ins)
    legs: list[Series | UserError] = []
    for symbol, leg in zip(symbols, got.series, strict=True):
        try:
            legs.append(leg if isinstance(leg, UserError) else await finished(desk, symbol, leg, as_of))
        except UserError as error:
            legs.append(error)
    return Legs(tuple(legs), got.provider is not None, got.note)


async def pair(desk: Desk, a: Symbol, b: Symbol, as_of: date | None) -> Pair:
    """Two series over their shared sessions.

    Raises UserError: that of a symbol without prices; too_little_history without a shared session; bad_input where one
    has dividends counted in and the other not, or splits, and no stand-in helps.
    """
    found = await _pair(desk, a, b, as_of)
    apart = kinds_apart(found)
    if apart is None:
        return found
    funds = tuple(desk.symbols.symbols.get(s.stand_in or "", s) for s in (a, b))
    if funds != (a, b) and funds[0] != funds[1]:
        again = await _pair(desk, funds[0], funds[1], as_of)
        if kinds_apart(again) is None:
            return _stood_in(again, (a, b), apart)
    raise UserError(f"These prices differ in kind ({apart}), so a comparison would measure that difference.")


async def _pair(desk: Desk, a: Symbol, b: Symbol, as_of: date | None) -> Pair:
    found = await together(desk, (a, b), as_of)
    first, second = found.legs
    if isinstance(first, UserError):
        raise first
    if isinstance(second, UserError):
        raise second
    notes = [*first.warnings, *second.warnings]
    if found.note is not None and not found.one_provider:
        notes.append(found.note)
    return align(first, second, tuple(dict.fromkeys(notes)))


def align(a: Series, b: Series, warnings: tuple[str, ...] = ()) -> Pair:
    """Two series on the sessions that both have. Raises UserError (too_little_history) when there is none."""
    import numpy as np

    days, left, right = np.intersect1d(a.bars.dates, b.bars.dates, assume_unique=True, return_indices=True)
    if not days.size:
        raise UserError(f"{_reach(a)} and {_reach(b)}: they have no session in common.", "too_little_history")
    last: date = days[-1].item()
    ends = {leg.bars.symbol: leg.bars.last_day for leg in (a, b) if leg.bars.last_day != last}
    notes = [f"{symbol} has prices up to {day(end)}; both have them up to {day(last)}" for symbol, end in ends.items()]
    return Pair(a, b, days, a.bars.close[left], b.bars.close[right], (*warnings, *notes))


def _reach(leg: Series) -> str:
    return f"{leg.bars.symbol} has prices from {day(leg.bars.day(0))} to {day(leg.bars.last_day)}"


def kinds_apart(found: Pair) -> str | None:
    """Why the two are adjusted too differently to be compared, or None.

    Index levels, fixes, coins, currencies and commodities have nothing to adjust: they go with everything but prices
    that have dividends counted in.
    """
    kinds = {leg.bars.symbol: leg.bars.adjustment for leg in (found.a, found.b)}
    bare = {
        leg.bars.symbol
        for leg in (found.a, found.b)
        if leg.bars.adjustment in _NOTHING_TO_ADJUST or leg.shown.kind in _UNADJUSTED_KINDS
    }
    dividends = [symbol for symbol, kind in kinds.items() if kind == "split_dividend"]
    if len(set(kinds.values())) == 1 or (bare and not dividends):
        return None
    from bot.render.sections import ADJUSTMENTS

    return "; ".join(f"{symbol}: {ADJUSTMENTS[kind]}" for symbol, kind in kinds.items())


def _stood_in(found: Pair, asked: Sequence[Symbol], why: str) -> Pair:
    notes = [
        f"{leg.bars.symbol} stands in for {symbol.canonical}, because the prices asked for differ in kind ({why})"
        for symbol, leg in zip(asked, (found.a, found.b), strict=True)
        if symbol.canonical != leg.bars.symbol
    ]
    used = next(leg for symbol, leg in zip(asked, (found.a, found.b), strict=True) if symbol != leg.symbol)
    a = replace(found.a, freshness=replace(found.a.freshness, stand_in=used.bars.symbol))
    return replace(found, a=a, warnings=(*found.warnings, *notes))
