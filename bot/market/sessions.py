"""Trading sessions: which days an exchange is open, and how old a bar may be before it is stale. Pure.

Session days and hours come from exchange_calendars, as plain arrays, so that whoever holds a `Sessions` needs no
pandas. All moments are aware UTC; session days are the exchange's own dates. A session is labelled by the day on which
it closes: that of a future may open on the evening before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from bot.market.bars import DateArray

SessionState = Literal["pre", "regular", "post", "closed", "holiday", "always_open"]
FIRST_DAY = date(1950, 1, 1)
NEW_YORK = "America/New_York"
_PRE_HOURS = timedelta(hours=5, minutes=30)
_POST_HOURS = timedelta(hours=4)
_PUBLISHED_AFTER = timedelta(hours=12)
_UNLISTED_DAYS = 4
_CRYPTO_DAYS = 2
_WEEKDAYS_LATE = 2
_WEEKS_LOOKED_AT = 26
_TOO_FEW = 20
_DAY = timedelta(days=1)
_MONDAY_TO_FRIDAY = frozenset(range(5))
_SUNDAY_TO_THURSDAY = frozenset({6, 0, 1, 2, 3})
# Where the week begins on Sunday, of the zones whose exchanges have no calendar: Qatar, Kuwait, Egypt.
_SUNDAY_ZONES = frozenset({"Asia/Qatar", "Asia/Kuwait", "Africa/Cairo"})
_FX_CLOSE = time(17)


class TradingHours(NamedTuple):
    """When a session opens and closes, and its lunch break where it has one: local times, or aware moments."""

    opens: datetime
    closes: datetime
    pause: tuple[datetime, datetime] | None = None


class UsualHours(NamedTuple):
    """The hours of an ordinary day in the exchange's own time, and its lunch break where it has one."""

    opens: time
    closes: time
    pause: tuple[time, time] | None = None


class Opening(NamedTuple):
    """How an exchange stands at a moment.

    `opens` is when it opens next: after the lunch break, or the next session. `closes` is the close of the session that
    has begun, else of the next one. None beyond the calendar's end. `pausing`: it is in its lunch break.
    """

    is_open: bool
    opens: datetime | None
    closes: datetime | None
    pausing: bool = False


class OddDay(NamedTuple):
    """A weekday without a session, or with one that ends (or starts) at another hour than is usual there."""

    day: date
    hours: TradingHours | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Sessions:
    """The sessions of one exchange: `days` as datetime64[D], `opens` and `closes` as datetime64[s] in UTC.

    `pauses` are the starts and ends of lunch breaks, shape (sessions, 2), NaT where there is none; None where there
    never is one. `known_until` is the last day up to which holidays are known: after it sessions are mere weekdays;
    None where all are known. `timed`: opens and closes are hours and not whole days of the zone, as they are where no
    hours are known. `extended`: there is trading before the open and after the close, as on US exchanges.
    """

    days: DateArray
    opens: NDArray[np.datetime64]
    closes: NDArray[np.datetime64]
    zone: str = NEW_YORK
    pauses: NDArray[np.datetime64] | None = None
    known_until: date | None = None
    timed: bool = True
    extended: bool = True

    def between(self, first: date, last: date) -> DateArray:
        """The session days from `first` to `last`, both included."""
        low = np.searchsorted(self.days, np.datetime64(first, "D"), side="left")
        high = np.searchsorted(self.days, np.datetime64(last, "D"), side="right")
        return self.days[low:high]

    def missing(self, days: DateArray) -> DateArray:
        """The sessions between the first and last of `days` that are not among them."""
        if days.size < 2:
            return days[:0]
        last: date = days[-1].item()
        expected = self.between(days[0].item(), last if self.known_until is None else min(last, self.known_until))
        return np.setdiff1d(expected, days, assume_unique=True)

    def off(self, days: DateArray) -> NDArray[np.bool_]:
        """Which of `days` are no sessions; none of those that the calendar does not reach."""
        last = self.days[-1] if self.known_until is None else np.datetime64(self.known_until, "D")
        reached: NDArray[np.bool_] = (days >= self.days[0]) & (days <= last)
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
        count = self._place(moment - slack)
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

    def day_of(self, moment: datetime) -> date:
        """The session that a moment lies in; outside one the exchange's own date."""
        place = self._place(moment)
        if place < self.days.size and self.opens[place] <= _second(moment):
            day: date = self.days[place].item()
            return day
        return moment.astimezone(ZoneInfo(self.zone)).date()

    def under_way(self, moment: datetime) -> bool:
        """Whether a session has begun and is not over, lunch breaks included."""
        place = self._place(moment)
        return place < self.days.size and bool(self.opens[place] <= _second(moment))

    def hours_of(self, day: date) -> TradingHours | None:
        """When the session of a day opens and closes, aware UTC; None for a day without one."""
        place = int(np.searchsorted(self.days, np.datetime64(day, "D")))
        if place >= self.days.size or self.days[place].item() != day:
            return None
        return self._hours(place)

    def opening(self, moment: datetime) -> Opening:
        """Whether the exchange is open at a moment, and when it opens and closes next.

        A session that begins in the second in which the one before it ends goes on with it, as the days of currencies
        do: it is open until the last of them closes.
        """
        place, at = self._place(moment), _second(moment)
        begun = place < self.days.size and bool(self.opens[place] <= at)
        last = place
        while last + 1 < self.days.size and self.closes[last] == self.opens[last + 1]:
            last += 1
        closes = _moment(self.closes[last]) if last < self.days.size else None
        if not begun:
            return Opening(False, _moment(self.opens[place]) if place < self.days.size else None, closes)
        pause = self._hours(place).pause
        if pause is not None and pause[0] <= moment < pause[1]:
            return Opening(False, pause[1], closes, pausing=True)
        before_pause = pause is not None and moment < pause[0]
        following = _moment(self.opens[last + 1]) if last + 1 < self.days.size else None
        return Opening(True, pause[1] if pause is not None and before_pause else following, closes)

    def state(self, moment: datetime) -> SessionState:
        """Pre-market, regular, post-market, closed or holiday, at a moment; in a lunch break it is closed.

        On US exchanges pre-market starts 5.5 hours before the open, post-market lasts 4 hours after the close. A day of
        the exchange's week without a session is a holiday.
        """
        at, place = _second(moment), self._place(moment)
        if place < self.days.size and self.opens[place] <= at:
            return "closed" if self.opening(moment).pausing else "regular"
        if self.extended and place and at < self.closes[place - 1] + _seconds(_POST_HOURS):
            return "post"
        if self.extended and place < self.days.size and self.opens[place] - _seconds(_PRE_HOURS) <= at:
            return "pre"
        local = moment.astimezone(ZoneInfo(self.zone)).date()
        return "holiday" if self._is_off(local) else "closed"

    def odd_days(self, after: date, limit: int = 3) -> tuple[OddDay, ...]:
        """The next holidays and days with other hours after a day, as far as holidays are known: at most `limit`."""
        until = min(self.known_until or date.max, self.days[-1].item()) if self.days.size else date.min
        found: list[OddDay] = []
        day = after + _DAY
        while day <= until and len(found) < limit:
            hours = self.hours_of(day)
            if hours is None and self._is_off(day):
                found.append(OddDay(day))
            elif hours is not None and self.is_odd(day):
                found.append(OddDay(day, hours))
            day += _DAY
        return tuple(found)

    def is_odd(self, day: date) -> bool:
        """Whether the session of a day is shorter than those of the same weekday around it mostly are."""
        place = int(np.searchsorted(self.days, np.datetime64(day, "D")))
        near = np.arange(max(0, place - 65), min(self.days.size, place + 65))
        alike = near[_weekdays(self.days[near]) == day.weekday()]
        lengths = np.sort(self.closes[alike] - self.opens[alike])
        return bool(self.closes[place] - self.opens[place] < lengths[lengths.size // 2])

    def week(self, day: date) -> frozenset[int]:
        """The days of the week (0 is Monday) on which the exchange trades: those of the half year before a day."""
        last = int(np.searchsorted(self.days, np.datetime64(day, "D"), side="right"))
        some = self.days[max(0, last - 5 * _WEEKS_LOOKED_AT) : last]
        if some.size < _TOO_FEW:
            return _MONDAY_TO_FRIDAY
        counts = np.bincount(_weekdays(some), minlength=7)
        return frozenset(np.flatnonzero(counts * 4 > counts.max(initial=0)).tolist())

    def _is_off(self, day: date) -> bool:
        """Whether it is a day of the exchange's week without a session, as far as holidays are known."""
        return day.weekday() in self.week(day) and not self.is_session(day)

    def _place(self, moment: datetime) -> int:
        """The session that has not closed yet at a moment: where it stands in `days`."""
        return int(np.searchsorted(self.closes, _second(moment), side="right"))

    def _hours(self, place: int) -> TradingHours:
        opens, closes = _moment(self.opens[place]), _moment(self.closes[place])
        if self.pauses is None or np.isnat(self.pauses[place, 0]):
            return TradingHours(opens, closes)
        return TradingHours(opens, closes, (_moment(self.pauses[place, 0]), _moment(self.pauses[place, 1])))


def _weekdays(days: DateArray) -> NDArray[np.int64]:
    """The days of the week, 0 for Monday: 1 January 1970 was a Thursday."""
    found: NDArray[np.int64] = (days.astype(np.int64) + 3) % 7
    return found


def _second(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "s")


def _moment(second: np.datetime64) -> datetime:
    return datetime.fromtimestamp(int(second.astype("datetime64[s]").astype(np.int64)), UTC)


def _seconds(span: timedelta) -> np.timedelta64:
    """A span in whole seconds: in another unit, numpy converts every close before it searches them."""
    return np.timedelta64(int(span.total_seconds()), "s")


def weekday_sessions(zone: str, first: date, last: date, usual: UsualHours | None = None) -> Sessions:
    """A session on every weekday of a zone, where no calendar says more. Without usual hours it is the whole day."""
    week = _SUNDAY_TO_THURSDAY if zone in _SUNDAY_ZONES else _MONDAY_TO_FRIDAY
    days = [day for day in _days(first, last) if day.weekday() in week]
    hours = [_on(day, zone, usual) for day in days]
    return _of_hours(days, hours, zone, known_until=date.min, timed=usual is not None)


def fx_week(first: date, last: date) -> Sessions:
    """The days of the currency market: from Sunday 17:00 to Friday 17:00 in New York, each from 17:00 to 17:00.

    The convention of the interbank market, which has no exchange: on 1 January and 25 December hardly anybody deals.
    """
    days = [day for day in _days(first, last) if day.weekday() < 5 and (day.month, day.day) not in {(1, 1), (12, 25)}]
    zone = ZoneInfo(NEW_YORK)
    hours = [
        TradingHours(
            datetime.combine(day - _DAY, _FX_CLOSE, zone).astimezone(UTC),
            datetime.combine(day, _FX_CLOSE, zone).astimezone(UTC),
        )
        for day in days
    ]
    return _of_hours(days, hours, NEW_YORK)


def extended_to(sessions: Sessions, end: date, last: date) -> Sessions:
    """Sessions that are known up to `end`, with the weekdays up to `last` after it: with the hours of the last one."""
    zone = ZoneInfo(sessions.zone)
    usual = sessions._hours(sessions.days.size - 1)  # noqa: SLF001  another of its own module
    opens, closes = usual.opens.astimezone(zone).time(), usual.closes.astimezone(zone).time()
    local = UsualHours(opens, closes, _local(usual.pause, zone))
    more = weekday_sessions(sessions.zone, end + _DAY, last, local)
    pauses = None if sessions.pauses is None or more.pauses is None else np.concatenate([sessions.pauses, more.pauses])
    return Sessions(
        np.concatenate([sessions.days, more.days]),
        np.concatenate([sessions.opens, more.opens]),
        np.concatenate([sessions.closes, more.closes]),
        sessions.zone,
        pauses,
        known_until=end,
        extended=sessions.extended,
    )


def _local(pause: tuple[datetime, datetime] | None, zone: ZoneInfo) -> tuple[time, time] | None:
    return None if pause is None else (pause[0].astimezone(zone).time(), pause[1].astimezone(zone).time())


def _days(first: date, last: date) -> list[date]:
    return [first + _DAY * i for i in range((last - first).days + 1)]


def _on(day: date, zone: str, usual: UsualHours | None) -> TradingHours:
    """The usual hours on a day in UTC, the whole day without any."""

    def at(clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(zone)).astimezone(UTC)

    if usual is None:
        return TradingHours(at(time()), at(time(23, 59, 59)))
    pause = None if usual.pause is None else (at(usual.pause[0]), at(usual.pause[1]))
    return TradingHours(at(usual.opens), at(usual.closes), pause)


def _of_hours(
    days: Sequence[date],
    hours: Sequence[TradingHours],
    zone: str,
    *,
    known_until: date | None = None,
    timed: bool = True,
) -> Sessions:
    def seconds(moments: Sequence[datetime]) -> NDArray[np.datetime64]:
        return np.array([moment.replace(tzinfo=None) for moment in moments], dtype="datetime64[s]")

    pauses = [one.pause for one in hours if one.pause is not None]
    return Sessions(
        np.array(days, dtype="datetime64[D]"),
        seconds([one.opens for one in hours]),
        seconds([one.closes for one in hours]),
        zone,
        np.column_stack([seconds([p[0] for p in pauses]), seconds([p[1] for p in pauses])]) if pauses else None,
        known_until=known_until,
        timed=timed,
        extended=False,
    )


def stale_listed(sessions: Sessions, last: date, as_of: date | None, now: datetime) -> str | None:
    """Why a listed symbol's newest bar is stale, or None when it is as new as it can be.

    Without `as_of`, the newest session that closed at least 12 hours ago must be there: providers publish the daily
    bar in that time. With it, the newest session up to that date must be. Where the holidays of that day are not known
    two weekdays may be missing.
    """
    if as_of is not None and as_of < now.date():
        expected = sessions.newest_until(as_of)
    else:
        expected = sessions.newest_closed(now, _PUBLISHED_AFTER)
    if expected is None or last >= expected:
        return None
    behind = int(sessions.between(last, expected).size) - sessions.is_session(last)
    if sessions.known_until is None or expected <= sessions.known_until:
        return f"the newest bar is of {last}, {behind} session{'s' if behind != 1 else ''} before {expected}"
    if behind <= _WEEKDAYS_LATE:
        return None
    return f"the newest bar is of {last}, {behind} weekdays before {expected}; holidays of that time are not known here"


def stale_unlisted(last: date, as_of: date | None, now: datetime, *, always_open: bool) -> str | None:
    """Why the newest bar of an unlisted symbol is stale: over four days old, or two where trading never stops."""
    until = min(as_of, now.date()) if as_of is not None else now.date()
    days = (until - last).days
    if days <= (_CRYPTO_DAYS if always_open else _UNLISTED_DAYS):
        return None
    return f"the newest bar is of {last}, {days} days before {until}"
