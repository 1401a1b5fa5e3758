"""What every market command does first: get the bars, cut them at the date asked for, and say how fresh they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from bot.desk import Desk
from bot.errors import UserError
from bot.market.symbols import Symbol
from bot.render.numbers import age, count, day
from bot.render.reply import Freshness

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.providers.feed import History


STATE_BARS = 756


class Series(NamedTuple):
    """The finished bars of a symbol up to the date asked for, and all that has to be said about them."""

    symbol: Symbol
    shown: Symbol
    bars: Bars
    freshness: Freshness
    warnings: tuple[str, ...]
    missing: tuple[date, ...]

    @property
    def name(self) -> str:
        """How the symbol is titled: `IWM · iShares Russell 2000 ETF`."""
        return f"{self.shown.canonical} · {self.shown.name}" if self.shown.name else self.shown.canonical


class SeriesBatch(NamedTuple):
    """One series per symbol asked, or the UserError in its place, in the order asked; `note` is for people."""

    members: tuple[Series | UserError, ...]
    one_provider: bool
    note: str | None


async def fetch_series(desk: Desk, symbol: Symbol, as_of: date | None) -> Series:
    """The series for an answer. Raises UserError when there is none, or none yet at that date."""
    stand_in = desk.symbols.known(symbol.stand_in) if symbol.stand_in else None
    return await finished_series(desk, symbol, await desk.feed.history(symbol, as_of, stand_in), as_of)


async def finished_series(desk: Desk, symbol: Symbol, found: History, as_of: date | None) -> Series:
    """The series in what the feed gave for a symbol. Raises UserError when it starts after the date asked for."""
    now = desk.clock()
    over = found.bars.without_unfinished()
    bars = over.until(as_of) if over is not None and as_of is not None else over
    if bars is None:
        first = day(found.bars.day(0))
        raise UserError(f"The prices of {found.bars.symbol} start on {first}.", "too_little_history")
    shown = desk.symbols.symbols.get(bars.symbol, symbol)
    sessions = await desk.feed.sessions()
    missing = _missing(shown, bars, sessions)
    warnings = [*_stand_in_note(symbol, found.stand_in), *_kept_note(found.kept_since, now)]
    freshness = replace(_freshness(shown, bars, sessions, as_of, now), stand_in=found.stand_in)
    return Series(symbol, shown, bars, freshness, tuple(warnings), missing)


async def fetch_batch(desk: Desk, symbols: Sequence[Symbol], as_of: date | None) -> SeriesBatch:
    """The finished bars of several symbols up to the date asked for. Nothing is raised: errors are members."""
    stand_ins = {s.canonical: found for s in symbols if s.stand_in and (found := desk.symbols.known(s.stand_in))}
    got = await desk.feed.batch(symbols, as_of, stand_ins)
    members: list[Series | UserError] = []
    for symbol, history in zip(symbols, got.series, strict=True):
        try:
            members.append(
                history if isinstance(history, UserError) else await finished_series(desk, symbol, history, as_of)
            )
        except UserError as error:
            members.append(error)
    return SeriesBatch(tuple(members), got.provider is not None, got.note)


def _missing(symbol: Symbol, bars: Bars, sessions: Sessions) -> tuple[date, ...]:
    """Sessions without a bar, for symbols whose exchange is known; bars without a close count as missing too."""
    if not symbol.listed or bars.adjustment == "simulated":
        return ()
    return tuple(sessions.missing(bars.dates).tolist())


def _stand_in_note(symbol: Symbol, stand_in: str | None) -> list[str]:
    if stand_in is None:
        return []
    return [f"{symbol.canonical} itself has no price history here, so {stand_in} stands in for it."]


def _kept_note(kept_since: datetime | None, now: datetime) -> list[str]:
    if kept_since is None:
        return []
    return [f"No provider answered; these prices were fetched {age((now - kept_since).total_seconds())} ago."]


def _freshness(symbol: Symbol, bars: Bars, sessions: Sessions, as_of: date | None, now: datetime) -> Freshness:
    from bot.market.sessions import stale_listed, stale_unlisted

    always_open = symbol.kind == "crypto"
    past = as_of is not None and as_of < now.date()
    if symbol.listed or symbol.kind == "unknown":
        reason = stale_listed(sessions, bars.last_day, as_of, now)
    else:
        reason = stale_unlisted(bars.last_day, as_of, now, always_open=always_open)
    state = "always_open" if always_open else "closed" if past else sessions.state(now)
    return Freshness(
        as_of=bars.last_day,
        session=state,
        provider=bars.provider,
        adjustment=bars.adjustment,
        delay=bars.delay,
        stale=reason is not None,
        stale_reason=reason,
        listing=_listing(symbol),
    )


def _listing(symbol: Symbol) -> str:
    """Where a symbol trades and in which currency, as far as the symbol book knows."""
    return ", ".join(filter(None, ("US exchanges" if symbol.listed else "", symbol.currency)))


def positive_from(bars: Bars, first: int) -> None:
    """Raise UserError (not_positive) when a price from bar `first` on is zero or negative."""
    import numpy as np

    bad = np.flatnonzero(bars.close[first:] <= 0)
    if bad.size:
        where = first + int(bad[0])
        raise UserError(
            f"{bars.symbol} closed at {bars.close[where]:g} on {day(bars.day(where))}: a percent change across a price "
            "of zero or less means nothing.",
            "not_positive",
        )


def positive_tail(bars: Bars, window: int) -> Bars:
    """The bars after the last price of zero or less. Raises UserError when that price is among the last `window`."""
    import numpy as np

    bad = np.flatnonzero(bars.close <= 0)
    if not bad.size:
        return bars
    last = int(bad[-1])
    positive_from(bars, max(0, len(bars) - window))
    return bars.cut(last + 1, len(bars))


def bar_warnings(got: Series, bars: Bars) -> list[str]:
    """What a state that counts the rows kept has to say about them: missing sessions, jumps, odd ticks."""
    first = bars.day(max(0, len(bars) - STATE_BARS))
    notes = []
    lost = [gap for gap in got.missing if gap >= first]
    if lost:
        shown = ", ".join(day(gap) for gap in lost[-3:])
        notes.append(
            f"{count(len(lost), 'session')} without a bar among the last {STATE_BARS:,} ({shown}); "
            "the bars there are were counted"
        )
    return notes + jump_notes(bars.tail(STATE_BARS))


def jump_notes(bars: Bars) -> list[str]:
    """Jumps that look like an unannounced split, and single bad ticks: named, never repaired. Closes are positive."""
    from bot.market.checks import bad_ticks, split_like

    notes = []
    if bars.adjustment in {"raw", "split"}:
        notes += [
            f"the close of {day(bars.day(jump.bar))} looks like a split ({jump.numerator}:{jump.denominator}) "
            "that the prices are not adjusted for"
            for jump in split_like(bars.close)
        ]
    return notes + [
        f"the close of {day(bars.day(tick.bar))} is {tick.sigmas:.0f} standard deviations away: perhaps a bad price"
        for tick in bad_ticks(bars.close)
    ]
