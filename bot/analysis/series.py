"""What every market command does first: get the bars, cut them at the date asked for, and say how fresh they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from bot.desk import Desk
from bot.errors import UserError
from bot.market.symbols import Symbol
from bot.market.venues import venue_of
from bot.render.numbers import age, count, day
from bot.render.reply import Freshness, SessionState

if TYPE_CHECKING:
    from bot.market.bars import Bars, Interval
    from bot.market.checks import BadTick, Jump
    from bot.market.sessions import Sessions
    from bot.providers.feed import History


STATE_BARS = 756
RECENT_BARS = 252
EARLIEST = date(1800, 1, 1)
YEAR = timedelta(days=365)
_NO_SPLITS = frozenset({"crypto", "fx", "metal", "commodity", "future", "yield", "index"})
MOSTLY = 0.05
"""An unlisted symbol with more of its days off New York's calendar than this is not taken for a US share."""


class Series(NamedTuple):
    """The finished bars of a symbol up to the date asked for, and all that has to be said about them."""

    symbol: Symbol
    shown: Symbol
    bars: Bars
    freshness: Freshness
    warnings: tuple[str, ...]
    missing: tuple[date, ...]
    suspect: str | None = None
    """The newest thing that looks wrong in the prices of the last year, in words; it is among the warnings too."""

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
    refuse_before_prices(as_of)
    stand_in = desk.symbols.symbol(symbol.stand_in) if symbol.stand_in else None
    return await finished_series(desk, symbol, await desk.feed.history(symbol, as_of, stand_in), as_of)


def refuse_before_prices(as_of: date | None) -> None:
    """Raise UserError (too_little_history) for a date that lies before anything that could be a daily price."""
    if as_of is not None and as_of < EARLIEST:
        raise UserError(f"No prices here go back to {day(as_of)}.", "too_little_history")


async def finished_series(desk: Desk, symbol: Symbol, found: History, as_of: date | None) -> Series:
    """The series in what the feed gave for a symbol. Raises UserError when it starts after the date asked for."""
    now = desk.clock()
    over = found.bars.without_unfinished()
    bars = over.until(as_of) if over is not None and as_of is not None else over
    if bars is None:
        first = day(found.bars.day(0))
        raise UserError(f"The prices of {found.bars.symbol} start on {first}.", "too_little_history")
    shown = symbol if found.stand_in is None else desk.symbols.symbol(found.stand_in) or symbol
    sessions = await desk.feed.sessions_of(shown)
    checked: CheckedBars | None = bars.derived.get(shown)
    if checked is None:
        checked = bars.derived[shown] = _checked(shown, bars, sessions)
    warnings = (*_stand_in_note(symbol, found.stand_in), *_kept_note(found.kept_since, now), *checked.notes)
    traded = checked.without or bars
    freshness = await _freshness(desk, shown, traded, as_of)
    if found.stand_in is not None:
        freshness = replace(freshness, stand_in=found.stand_in)
    return Series(symbol, shown, traded, freshness, warnings, checked.missing, checked.suspect)


class CheckedBars(NamedTuple):
    """Bars without the rows that are none, the sessions that they lack, and what has to be said about them.

    `without` is None where nothing was left out: bars that held themselves would stay in memory until a collection.
    """

    without: Bars | None
    missing: tuple[date, ...]
    notes: tuple[str, ...]
    suspect: str | None


def _checked(symbol: Symbol, bars: Bars, sessions: Sessions | None) -> CheckedBars:
    """The bars of a symbol, held against its calendar and looked through. Raises UserError where none are left."""
    judged = sessions if sessions is not None and _is_judged(symbol, bars, sessions) else None
    traded, dropped = _traded(symbol, bars, judged)
    missing = tuple(judged.missing(traded.dates).tolist()) if judged is not None else ()
    suspects = jump_notes(traded.tail(RECENT_BARS), symbol)
    notes = (*dropped, *_bar_notes(traded), *suspects)
    without = None if traded is bars else traded
    return CheckedBars(without, missing, notes, suspects[-1] if suspects else None)


async def fetch_batch(desk: Desk, symbols: Sequence[Symbol], as_of: date | None) -> SeriesBatch:
    """The finished bars of several symbols up to the date asked for. Errors of symbols are members.

    Raises UserError for a date before all prices.
    """
    refuse_before_prices(as_of)
    stand_ins = {s.canonical: found for s in symbols if s.stand_in and (found := desk.symbols.symbol(s.stand_in))}
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


def _is_judged(symbol: Symbol, bars: Bars, sessions: Sessions) -> bool:
    """Whether the days of these bars are held against the exchange's calendar.

    Those of symbols listed in the United States are, and those of a symbol outside the book that is spelt like a US
    share and whose bars keep New York's days but for one in twenty; simulated bars and bars of weeks and months never.
    Elsewhere exchanges close at short notice (typhoons, elections, mourning), which a calendar learns of later: there a
    day without a bar is no fault.
    """
    import numpy as np

    if bars.adjustment == "simulated" or bars.interval != "day":
        return False
    if symbol.listed:
        return True
    return symbol.looks_listed and float(np.mean(sessions.off(bars.dates))) <= MOSTLY


def _traded(symbol: Symbol, bars: Bars, sessions: Sessions | None) -> tuple[Bars, list[str]]:
    """The bars of days on which the symbol traded at a price, and what was left out.

    Rows on days without a session (filled weekends and holidays) are no bars; neither are closes of a share or fund at
    zero or less, which stand for a missing value. Raises UserError (missing_bars, not_positive) where nothing
    is left.
    """
    import numpy as np

    kept = ~sessions.off(bars.dates) if sessions is not None else np.ones(len(bars), dtype=bool)
    dropped = bars.dates[~kept].tolist()
    notes = []
    if symbol.kind in {"stock", "fund"} or (symbol.kind == "unknown" and sessions is not None):
        unpriced = bars.dates[kept & (bars.close <= 0.0)].tolist()
        kept &= bars.close > 0.0
        if unpriced and bars.last_day - unpriced[-1] <= YEAR:
            what = f"{count(len(unpriced), 'row')} with a price of zero or less, which no share has, left out"
            notes.append(f"{what} (the newest of {day(unpriced[-1])})")
    left = bars if kept.all() else bars.take(kept) if kept.any() else None
    if left is None and not bool((bars.close > 0.0).any()):
        raise UserError(
            f"None of the {count(len(bars), 'row')} of {bars.symbol} has a price above zero.", "not_positive"
        )
    if left is None:
        raise UserError(f"None of the {count(len(bars), 'row')} of {bars.symbol} is of a trading day.", "missing_bars")
    return (replace(left, dropped=tuple(sorted({*left.dropped, *dropped}))) if dropped else left), notes


def _stand_in_note(symbol: Symbol, stand_in: str | None) -> list[str]:
    if stand_in is None:
        return []
    return [f"{symbol.canonical} itself has no price history here, so {stand_in} stands in for it."]


def _kept_note(kept_since: datetime | None, now: datetime) -> list[str]:
    if kept_since is None:
        return []
    return [f"No provider answered; these prices were fetched {age((now - kept_since).total_seconds())} ago."]


def _bar_notes(bars: Bars) -> list[str]:
    """What the bars themselves are unlike: bars of weeks, and rows that were left out."""
    notes = interval_note(bars.symbol, bars.interval)
    first = bars.day(max(0, len(bars) - STATE_BARS))
    dropped = [gap for gap in bars.dropped if gap >= first]
    if dropped:
        shown = ", ".join(map(day, dropped[-3:]))
        more = ", …" if len(dropped) > 3 else ""
        notes.append(
            f"{count(len(dropped), 'row')} of {bars.symbol} on days without a session left out ({shown}{more})"
        )
    return notes


def interval_note(symbol: str, interval: Interval) -> list[str]:
    """What to say of bars that are not of days."""
    return [] if interval == "day" else [f"the bars of {symbol} are {interval}s, not days: periods count {interval}s"]


async def _freshness(desk: Desk, symbol: Symbol, bars: Bars, as_of: date | None) -> Freshness:
    from bot.providers.series import stale_reason

    now, sessions = desk.clock(), await desk.feed.sessions_of(symbol)
    past = as_of is not None and as_of < now.date()
    state = await session_state(desk, symbol)
    return Freshness(
        as_of=bars.last_day,
        session="closed" if past and state != "always_open" else state,
        provider=bars.provider,
        adjustment=bars.adjustment,
        delay=bars.delay,
        stale_reason=stale_reason(symbol, bars.last_day, as_of, now, sessions, bars.adjustment),
        listing=listing(symbol),
        basis=bars.basis,
        past=past,
    )


async def session_state(desk: Desk, symbol: Symbol) -> SessionState:
    """How a symbol's own exchange stands now; that of New York where no exchange of it is known."""
    if symbol.kind == "crypto":
        return "always_open"
    sessions = await desk.feed.sessions_of(symbol) or await desk.feed.sessions()
    return sessions.state(desk.clock())


def listing(symbol: Symbol) -> str:
    """Where a symbol trades and in which currency, as far as the symbol book knows: "London Stock Exchange, GBP"."""
    venue = venue_of(symbol.canonical) if symbol.abroad else None
    place = "US exchanges" if symbol.listed and venue is None else venue.name if venue is not None else ""
    return ", ".join(filter(None, (place, symbol.currency)))


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
    return notes + [note for note in jump_notes(bars.tail(STATE_BARS), got.shown) if note not in got.warnings]


def jump_notes(bars: Bars, symbol: Symbol) -> list[str]:
    """What looks like an unadjusted split, a change of unit or a bad price, oldest first: named, never repaired.

    Closes at or below zero hide what lies before the last of them. Coins and currencies have no splits.
    """
    import numpy as np

    from bot.market.checks import bad_ticks, split_like

    bad = np.flatnonzero(bars.close <= 0.0)
    if bad.size:
        if bad[-1] == len(bars) - 1:
            return []
        bars = bars.cut(int(bad[-1]) + 1, len(bars))
    found: list[tuple[int, str]] = []
    if bars.adjustment in {"raw", "split"}:
        splits = [jump for jump in split_like(bars.close) if jump.kind == "unit" or symbol.kind not in _NO_SPLITS]
        found += [(jump.bar, _jump_note(bars, jump)) for jump in splits]
    named = {bar for bar, _ in found}
    found += [(tick.bar, _tick_note(bars, tick)) for tick in bad_ticks(bars.close) if tick.bar not in named]
    return [note for _, note in sorted(found)]


def _jump_note(bars: Bars, jump: Jump) -> str:
    which = f"the close of {bars.symbol} of {day(bars.day(jump.bar))}"
    if jump.kind == "unit":
        return f"{which} is {jump.ratio:.4g} times the one before: perhaps another unit, such as pence for pounds"
    return f"{which} looks like a {jump.denominator}:{jump.numerator} split that the prices are not adjusted for"


def _tick_note(bars: Bars, tick: BadTick) -> str:
    which = f"the close of {bars.symbol} of {day(bars.day(tick.bar))}"
    if tick.came_back:
        return f"{which} is {tick.ratio:.4g} times the one before and back the next day: perhaps a bad price"
    return f"{which} is {tick.sigmas or 0:.0f} standard deviations away: perhaps a bad price"
