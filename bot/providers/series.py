"""What a series means beside the calendar: is its newest bar finished, how long is it good, is it behind. Pure.

A provider's series cannot say these things by itself; they need the exchange's sessions and the time.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import numpy as np

from bot.market.checks import split_like
from bot.market.rates import stale_fixing
from bot.market.sessions import stale_listed, stale_unlisted
from bot.providers.contract import Quote
from bot.providers.rows import joined

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.sessions import Sessions
    from bot.market.symbols import Symbol

SETTLED_AFTER = timedelta(minutes=20)
IN_SESSION = timedelta(minutes=15)
FIX_KEPT = timedelta(hours=1)
_AS_THEY_ARE = frozenset({"simulated", "fix"})


def has_closes(symbol: Symbol) -> bool:
    """Whether its bars end with a session's close; those of currencies, metals and coins end with the UTC day."""
    return symbol.kind not in {"fx", "metal", "crypto"}


def settled(bars: Bars, symbol: Symbol, now: datetime, sessions: Sessions | None) -> Bars:
    """The bars with what the calendar knows: on sessions only, `unfinished`, `missing` without days off, `fetched_at`.

    The newest bar is unfinished until 20 minutes after its session's close (closing auctions print late), and for
    what trades around the clock until its UTC day is over. Reference rates and simulated bars are as they are.
    `sessions` are None for what has no closes.
    """
    bars = _on_sessions(bars, symbol, sessions)
    missing = bars.missing
    if sessions is not None:
        missing = tuple(day for day in missing if sessions.is_session(day))
    elif symbol.kind != "crypto":
        missing = tuple(day for day in missing if day.weekday() < 5)
    unfinished = bars.unfinished
    if bars.adjustment not in _AS_THEY_ARE:
        unfinished = unfinished or not _is_over(bars.last_day, now, sessions)
    return replace(bars, missing=missing, unfinished=unfinished, fetched_at=now)


def _on_sessions(bars: Bars, symbol: Symbol, sessions: Sessions | None) -> Bars:
    """The bars without those of days on which the exchange had no session, which become `dropped`.

    For symbols listed in the United States; for other exchanges, and for what looks listed, where its bars can be of
    this exchange. Bars of weeks and months, reference rates and simulated bars are as they are.
    """
    placed = symbol.calendar is not None or symbol.looks_listed
    if sessions is None or bars.adjustment in _AS_THEY_ARE or not placed:
        return bars
    off = sessions.off(bars.dates)
    if not off.any() or off.all() or bars.interval != "day":
        return bars
    moved = np.append(True, bars.close[1:] != bars.close[:-1])
    if not symbol.listed and not sessions.may_be_of(bars.dates, moved):
        return bars
    return replace(bars.take(~off), dropped=tuple(bars.dates[off].tolist()))


def _is_over(day: date, now: datetime, sessions: Sessions | None) -> bool:
    if sessions is None:
        return day < now.astimezone(UTC).date()
    newest = sessions.newest_closed(now, SETTLED_AFTER)
    return newest is not None and day <= newest


def stale_reason(
    symbol: Symbol, last: date, as_of: date | None, now: datetime, sessions: Sessions | None, adjustment: str = ""
) -> str | None:
    """Why a symbol's newest price, of `last`, is stale; None where it is as new as it can be.

    `sessions` are those of the symbol's own exchange; without them its age alone tells. Reference rates (`adjustment`
    "fix") have the days of their own.
    """
    if adjustment == "fix":
        return stale_fixing(last, as_of, now)
    if sessions is not None:
        return stale_listed(sessions, last, as_of, now)
    return stale_unlisted(last, as_of, now, always_open=symbol.kind == "crypto")


def behind(bars: Bars, symbol: Symbol, as_of: date | None, now: datetime, sessions: Sessions | None) -> bool:
    """Whether another provider may have newer bars than these."""
    if bars.adjustment == "simulated":
        return False
    return stale_reason(symbol, bars.last_day, as_of, now, sessions, bars.adjustment) is not None


def good_until(bars: Bars, symbol: Symbol, now: datetime, sessions: Sessions | None) -> datetime:
    """Until when a fetched series need not be fetched again.

    Outside the session a complete series is good until the next close; in it, or while the newest bar is still
    awaited, for a quarter of an hour. Around-the-clock series are good for a quarter of an hour within their day,
    reference rates for an hour.
    """
    if bars.adjustment == "fix":
        return now + FIX_KEPT
    if sessions is None:
        midnight = datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)
        return min(now + IN_SESSION, midnight)
    newest = sessions.newest_closed(now)
    if sessions.under_way(now) or bars.unfinished or newest is None or bars.last_day < newest:
        return now + IN_SESSION
    return close_of(sessions, sessions.after(newest, 1)) or now + IN_SESSION


def starts_with(bars: Bars, year: int) -> bool:
    """Whether a series that was fetched some time ago reaches back to the first sessions of a year.

    One that starts later may be that of a young symbol, or may have been asked for from later on: not to be told apart.
    """
    return bars.day(0) <= date(year, 1, 10)


def complete(bars: Bars, now: datetime, sessions: Sessions | None) -> bool:
    """Whether a series without an unfinished bar is all there is: the exchange is closed, and it has the last close."""
    if sessions is None or sessions.under_way(now):
        return False
    newest = sessions.newest_closed(now, SETTLED_AFTER)
    return newest is not None and bars.last_day >= newest


def continued(before: Bars, new: Bars) -> Bars | None:
    """An earlier series with what is new in a later one that overlaps it; None where the two do not agree.

    They disagree when a bar of the overlap has another price or is not there (a split, a dividend counted in, a
    correction), or when they are of different kinds: then all of it has to be fetched again.
    """
    old = before.until(new.day(0) - timedelta(days=1))
    if old is None:
        return new
    overlap = before.cut(len(old), len(before)) if len(old) < len(before) else None
    same_kind = (before.provider, before.adjustment) == (new.provider, new.adjustment)
    if overlap is None or not same_kind or not _agree(overlap, new):
        return None
    whole = joined((old, new))
    return replace(whole, unfinished=new.unfinished, delay=new.delay, currency=new.currency)


def _agree(overlap: Bars, new: Bars) -> bool:
    """Whether a later reply has the same prices on the same days."""
    size = len(overlap)
    if size > len(new) or not np.array_equal(overlap.dates, new.dates[:size]):
        return False
    for name in ("open", "high", "low", "close", "volume"):
        mine, theirs = getattr(overlap, name), getattr(new, name)
        if (mine is None) != (theirs is None):
            return False
        if name != "volume" and mine is not None and not np.allclose(mine, theirs[:size], 1e-7, 0.0, equal_nan=True):
            return False
    return True


def close_of(sessions: Sessions, day: date | None) -> datetime | None:
    """When a session closes, aware UTC; None for a day without one."""
    hours = None if day is None else sessions.hours_of(day)
    return None if hours is None else hours.closes


def on_session(quote: Quote, sessions: Sessions) -> Quote:
    """The quote under the session that its price is of: a stamp on a day without one is of the session before."""
    day = sessions.day_of(quote.time)
    before = sessions.newest_until(day)
    if before is None or before == day or quote.extended is not None:
        return quote
    return replace(quote, time=close_of(sessions, before) or quote.time)


def close_before(bars: Bars, quote: Quote, sessions: Sessions | None) -> float | None:
    """The close of the session before the quote's from bars of another reply; None unless it is that very day's.

    None also where the two seem to be of different units or sides of a split.
    """
    day = quote.time.astimezone(UTC).date() if sessions is None else sessions.day_of(quote.time)
    wanted = day - timedelta(days=1) if sessions is None else sessions.after(day, -1)
    until = None if wanted is None else bars.until(wanted)
    if until is None or until.last_day != wanted or until.unfinished or bars.adjustment == "split_dividend":
        return None
    close = float(until.close[-1])
    return None if close <= 0 or split_like(np.array([close, quote.price])) else close


def last_close(bars: Bars, now: datetime, sessions: Sessions | None) -> Quote:
    """The newest bar as a quote, for symbols that no provider quotes: its time is the session's close, or now."""
    day = bars.last_day
    closed = None if sessions is None else close_of(sessions, day)
    moment = closed or datetime.combine(day + timedelta(days=1), time(), UTC)
    return Quote(
        symbol=bars.symbol,
        price=float(bars.close[-1]),
        time=min(moment, now),
        provider=bars.provider,
        delay=bars.delay,
        previous_close=float(bars.close[-2]) if len(bars) > 1 else None,
        adjustment=bars.adjustment,
        unfinished=bars.unfinished,
        interval=bars.interval,
        currency=bars.currency,
        basis=bars.basis,
    )
