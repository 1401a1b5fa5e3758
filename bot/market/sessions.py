"""Trading sessions: which days an exchange is open, and how old a bar may be before it is stale. Pure.

Session days and hours come from exchange_calendars, as plain arrays, so that whoever holds a `Sessions` needs no
pandas. All moments are aware UTC; session days are the exchange's own dates.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from bot.market.bars import DateArray

SessionState = Literal["pre", "regular", "post", "closed", "holiday", "always_open"]
FIRST_DAY = date(1950, 1, 1)
_PRE_HOURS = timedelta(hours=5, minutes=30)
_POST_HOURS = timedelta(hours=4)
_PUBLISHED_AFTER = timedelta(hours=12)
_UNLISTED_DAYS = 4
_CRYPTO_DAYS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """The sessions of one exchange: `days` as datetime64[D], `opens` and `closes` as datetime64[s] in UTC."""

    days: DateArray
    opens: NDArray[np.datetime64]
    closes: NDArray[np.datetime64]

    def between(self, first: date, last: date) -> DateArray:
        """The session days from `first` to `last`, both included."""
        low = np.searchsorted(self.days, np.datetime64(first, "D"), side="left")
        high = np.searchsorted(self.days, np.datetime64(last, "D"), side="right")
        return self.days[low:high]

    def missing(self, days: DateArray) -> DateArray:
        """The sessions between the first and last of `days` that are not among them."""
        if days.size < 2:
            return days[:0]
        expected = self.between(days[0].item(), days[-1].item())
        return np.setdiff1d(expected, days, assume_unique=True)

    def off(self, days: DateArray) -> NDArray[np.bool_]:
        """Which of `days` are no sessions; none of those that the calendar does not reach."""
        reached: NDArray[np.bool_] = (days >= self.days[0]) & (days <= self.days[-1])
        off: NDArray[np.bool_] = reached & ~np.isin(days, self.days)
        return off

    def may_be_of(self, days: DateArray, moved: NDArray[np.bool_]) -> bool:
        """Whether a series with bars on `days`, of which some `moved`, can be of this exchange.

        Not when it moved on a weekend, nor when it moved on most of the exchange's own holidays.
        """
        off = days[self.off(days) & moved]
        if not np.is_busday(off).all():
            return False
        first, last = days[0].item(), days[-1].item()
        holidays = int(np.busday_count(days[0], days[-1] + 1)) - self.between(first, last).size
        return off.size * 2 <= holidays

    def is_session(self, day: date) -> bool:
        """Whether the exchange opens on this day."""
        return bool(self.between(day, day).size)

    def newest_closed(self, moment: datetime, slack: timedelta = timedelta(0)) -> date | None:
        """The newest session that had closed `slack` before `moment`; None before the first."""
        at = np.datetime64((moment - slack).astimezone(UTC).replace(tzinfo=None), "s")
        count = int(np.searchsorted(self.closes, at, side="right"))
        day: date | None = self.days[count - 1].item() if count else None
        return day

    def newest_until(self, day: date) -> date | None:
        """The newest session on or before `day`."""
        count = int(np.searchsorted(self.days, np.datetime64(day, "D"), side="right"))
        found: date | None = self.days[count - 1].item() if count else None
        return found

    def after(self, day: date, sessions: int) -> date | None:
        """The session that is `sessions` sessions after `day`; None beyond the calendar's end."""
        position = int(np.searchsorted(self.days, np.datetime64(day, "D"), side="right")) - 1 + sessions
        found: date | None = self.days[position].item() if 0 <= position < self.days.size else None
        return found

    def state(self, moment: datetime) -> SessionState:
        """Pre-market, regular, post-market, closed or holiday, at a moment.

        Pre-market starts 5.5 hours before the open, post-market lasts 4 hours after the close, as on US exchanges.
        A weekday without a session is a holiday.
        """
        at = np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "s")
        position = int(np.searchsorted(self.closes, at - _seconds(_POST_HOURS), side="right"))
        if position < self.days.size:
            opens, closes = self.opens[position], self.closes[position]
            if opens <= at < closes:
                return "regular"
            if closes <= at:
                return "post"
            if opens - _seconds(_PRE_HOURS) <= at:
                return "pre"
        local = (moment.astimezone(UTC) - timedelta(hours=5)).date()
        return "holiday" if local.weekday() < 5 and not self.is_session(local) else "closed"


def _seconds(span: timedelta) -> np.timedelta64:
    """A span in whole seconds: in another unit, numpy converts every close before it searches them."""
    return np.timedelta64(int(span.total_seconds()), "s")


def stale_listed(sessions: Sessions, last: date, as_of: date | None, now: datetime) -> str | None:
    """Why a listed symbol's newest bar is stale, or None when it is as new as it can be.

    Without `as_of`, the newest session that closed at least 12 hours ago must be there: providers publish the daily
    bar in that time. With it, the newest session up to that date must be.
    """
    if as_of is not None and as_of < now.date():
        expected = sessions.newest_until(as_of)
    else:
        expected = sessions.newest_closed(now, _PUBLISHED_AFTER)
    if expected is None or last >= expected:
        return None
    behind = int(sessions.between(last, expected).size) - sessions.is_session(last)
    return f"the newest bar is of {last}, {behind} session{'s' if behind != 1 else ''} before {expected}"


def stale_unlisted(last: date, as_of: date | None, now: datetime, *, always_open: bool) -> str | None:
    """Why the newest bar of an unlisted symbol is stale: over four days old, or two where trading never stops."""
    until = min(as_of, now.date()) if as_of is not None else now.date()
    days = (until - last).days
    if days <= (_CRYPTO_DAYS if always_open else _UNLISTED_DAYS):
        return None
    return f"the newest bar is of {last}, {days} days before {until}"
