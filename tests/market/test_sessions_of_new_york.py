"""Sessions: states of the day and staleness, on a hand-made calendar of one week in March 2026."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from bot.market.bars import DateArray
from bot.market.sessions import Sessions, stale_listed, stale_unlisted

# Monday 2 to Friday 6 March 2026 without Thursday, as if it were a holiday; New York is five hours behind UTC.
DAYS = np.array(["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-06"], dtype="datetime64[D]")
WEEK = Sessions(DAYS, DAYS + np.timedelta64(14 * 60 + 30, "m"), DAYS + np.timedelta64(21, "h"))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "state"),
    [
        (at(3, 8, 59), "closed"),
        (at(3, 9, 0), "pre"),
        (at(3, 14, 29), "pre"),
        (at(3, 14, 30), "regular"),
        (at(3, 20, 59), "regular"),
        (at(3, 21, 0), "post"),
        (at(4, 0, 59), "post"),
        (at(5, 15, 0), "holiday"),
        (at(7, 15, 0), "closed"),
        (at(9, 15, 0), "holiday"),
    ],
)
def test_states_of_the_day(moment: datetime, state: str) -> None:
    assert WEEK.state(moment) == state


def test_counting_sessions() -> None:
    assert WEEK.after(date(2026, 3, 2), 3) == date(2026, 3, 6)
    assert WEEK.after(date(2026, 3, 2), 4) is None
    assert WEEK.newest_until(date(2026, 3, 5)) == date(2026, 3, 4)
    assert WEEK.newest_until(date(2026, 3, 1)) is None
    assert WEEK.newest_closed(at(3, 20)) == date(2026, 3, 2)
    assert WEEK.newest_closed(at(1, 0)) is None
    assert WEEK.missing(DAYS[[0, 3]]).tolist() == [date(2026, 3, 3), date(2026, 3, 4)]
    assert WEEK.missing(DAYS[:1]).tolist() == []


def test_staleness_is_told_in_sessions() -> None:
    assert stale_listed(WEEK, date(2026, 3, 3), None, at(4, 22)) is None
    assert stale_listed(WEEK, date(2026, 3, 3), None, at(5, 12)) == (
        "the newest bar is of 2026-03-03, 1 session before 2026-03-04"
    )
    assert stale_listed(WEEK, date(2026, 3, 2), date(2026, 3, 2), at(6, 12)) is None
    assert "2 sessions before" in str(stale_listed(WEEK, date(2026, 3, 2), date(2026, 3, 5), at(6, 12)))
    assert stale_unlisted(date(2026, 3, 2), None, at(6, 1), always_open=False) is None
    assert "5 days before" in str(stale_unlisted(date(2026, 3, 1), None, at(6, 1), always_open=False))
    assert stale_unlisted(date(2026, 3, 1), None, at(4, 1), always_open=True) is not None
    assert stale_unlisted(date(2026, 3, 1), date(2026, 3, 2), at(6, 1), always_open=True) is None


def days(*texts: str) -> DateArray:
    return np.array(texts, dtype="datetime64[D]")


def test_days_off_as_far_as_the_calendar_reaches() -> None:
    asked = days("1920-03-01", "2026-03-04", "2026-03-05", "2026-03-06", "2026-03-08", "2030-03-03")
    assert WEEK.off(asked).tolist() == [False, False, True, False, False, False]


def test_a_series_that_can_be_of_the_exchange() -> None:
    two_weeks = np.concatenate([DAYS, days("2026-03-09", "2026-03-11", "2026-03-13")])
    fortnight = Sessions(two_weeks, two_weeks.astype("datetime64[s]"), two_weeks.astype("datetime64[s]"))
    moved = np.ones(4, dtype=bool)
    one_holiday = days("2026-03-02", "2026-03-05", "2026-03-06", "2026-03-13")
    assert fortnight.may_be_of(one_holiday, moved)
    most_holidays = days("2026-03-02", "2026-03-05", "2026-03-10", "2026-03-13")
    assert not fortnight.may_be_of(most_holidays, moved)
    weekend = days("2026-03-02", "2026-03-07", "2026-03-09", "2026-03-13")
    assert not fortnight.may_be_of(weekend, moved)
    assert fortnight.may_be_of(weekend, np.array([True, False, True, True]))
