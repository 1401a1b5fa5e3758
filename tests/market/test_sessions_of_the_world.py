"""Sessions of other exchanges, held against exchange_calendars' own slow answers and against known days."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import exchange_calendars
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.market.sessions import (
    Sessions,
    UsualHours,
    extended_to,
    fx_week,
    stale_listed,
    weekday_sessions,
)
from bot.providers.calendar import Calendar, build_sessions
from tests.providers.building import CALENDAR_FOLDER

LAST_YEAR = 2027
VENUES = ["XNYS", "XLON", "XTKS", "XHKG", "XASX", "XSAU", "XSES", "XTSE", "XPAR", "BVMF", "IEPA", "XEUR"]
FIRST, LAST = datetime(2022, 1, 5, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)


@cache
def ours(name: str) -> Sessions:
    return build_sessions(LAST_YEAR, name)


@cache
def theirs(name: str) -> exchange_calendars.ExchangeCalendar:
    return exchange_calendars.get_calendar(name, start="2022-01-01", end="2026-12-31")


moments = st.integers(0, int((LAST - FIRST).total_seconds() // 60)).map(lambda n: FIRST + timedelta(minutes=n))


@given(st.sampled_from(VENUES), moments)
def test_open_is_what_the_library_says_of_that_minute(name: str, moment: datetime) -> None:
    stamp = pd.Timestamp(moment)
    assert ours(name).opening(moment).is_open == theirs(name).is_trading_minute(stamp)


@given(st.sampled_from(VENUES), moments)
def test_the_next_opening_and_close_are_the_librarys(name: str, moment: datetime) -> None:
    sessions, calendar, stamp = ours(name), theirs(name), pd.Timestamp(moment)
    found = sessions.opening(moment)
    assert found.closes == calendar.next_close(stamp).to_pydatetime()
    if not sessions.under_way(moment):
        assert found.opens == calendar.next_open(stamp).to_pydatetime()


@given(st.sampled_from(VENUES), st.dates(FIRST.date(), LAST.date()))
def test_days_off_are_those_without_a_session_there(name: str, day: date) -> None:
    sessions, calendar = ours(name), theirs(name)
    assert sessions.is_session(day) == calendar.is_session(pd.Timestamp(day))
    hours = sessions.hours_of(day)
    if hours is not None:
        assert hours.opens == calendar.session_open(day).to_pydatetime()
        assert hours.closes == calendar.session_close(day).to_pydatetime()
        starts = calendar.session_break_start(day)
        assert (hours.pause is None) == pd.isna(starts)


@given(st.sampled_from(VENUES), moments)
def test_a_moment_belongs_to_the_session_that_it_lies_in(name: str, moment: datetime) -> None:
    calendar, stamp = theirs(name), pd.Timestamp(moment)
    if calendar.is_trading_minute(stamp):
        assert ours(name).day_of(moment) == calendar.minute_to_session(stamp).date()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        # Clocks change in New York on 8 March 2026 and 1 November 2026, in Europe on 29 March and 25 October.
        ("XNYS", ("2026-03-06", "14:30"), ("2026-03-09", "13:30")),
        ("XNYS", ("2026-10-30", "13:30"), ("2026-11-02", "14:30")),
        ("XLON", ("2026-03-27", "08:00"), ("2026-03-30", "07:00")),
        ("XETR", ("2026-10-23", "07:00"), ("2026-10-26", "08:00")),
        ("XASX", ("2026-04-02", "23:00"), ("2026-04-07", "00:00")),  # Sydney, 5 April; opens the evening before in UTC
        ("XTKS", ("2026-03-27", "00:00"), ("2026-03-30", "00:00")),
    ],
)
def test_the_weekend_when_clocks_change(name: str, before: tuple[str, str], after: tuple[str, str]) -> None:
    for day, clock in (before, after):
        hours = ours(name).hours_of(date.fromisoformat(day))
        assert hours is not None
        assert f"{hours.opens:%H:%M}" == clock


def test_the_currency_week_moves_with_new_york() -> None:
    week = fx_week(date(2026, 1, 1), date(2026, 12, 31))
    friday, sunday = utc("2026-03-06 21:59"), utc("2026-03-08 21:00")
    assert week.opening(friday) == (True, sunday, utc("2026-03-06 22:00"), False)
    assert week.opening(utc("2026-03-07 12:00")) == (False, sunday, utc("2026-03-13 21:00"), False)
    assert week.state(utc("2026-03-07 12:00")) == "closed"
    assert week.state(utc("2026-12-25 12:00")) == "holiday"
    assert week.day_of(utc("2026-03-08 21:30")) == date(2026, 3, 9)
    assert week.opening(utc("2026-12-31 23:00")) == (False, None, None, False)


def test_a_future_opens_on_the_evening_before_and_halts_for_an_hour() -> None:
    globex = ours("CMES")
    sunday_evening = utc("2026-11-15 23:30")  # 17:30 in Chicago
    assert globex.day_of(sunday_evening) == date(2026, 11, 16)
    assert globex.opening(sunday_evening) == (True, utc("2026-11-16 23:00"), utc("2026-11-16 22:00"), False)
    assert globex.opening(utc("2026-11-16 22:30")) == (False, utc("2026-11-16 23:00"), utc("2026-11-17 22:00"), False)
    assert globex.day_of(utc("2026-11-16 22:30")) == date(2026, 11, 16)
    early = globex.hours_of(date(2026, 12, 24))
    assert early is not None
    assert early.closes == utc("2026-12-24 18:00")  # noon in Chicago


def test_lunch_in_tokyo() -> None:
    tokyo = ours("XTKS")
    before, lunch, after = (utc(f"2026-11-17 {clock}") for clock in ("02:29", "02:30", "03:30"))
    assert tokyo.opening(before) == (True, after, utc("2026-11-17 06:30"), False)
    assert tokyo.opening(lunch) == (False, after, utc("2026-11-17 06:30"), True)
    assert tokyo.opening(after) == (True, utc("2026-11-18 00:00"), utc("2026-11-17 06:30"), False)
    assert [tokyo.state(one) for one in (before, lunch, after)] == ["regular", "closed", "regular"]
    assert tokyo.under_way(lunch)


@pytest.mark.parametrize(
    ("name", "after", "expected"),
    [
        ("XNYS", "2026-11-20", [("2026-11-26", None), ("2026-11-27", "18:00"), ("2026-12-24", "18:00")]),
        ("XLON", "2026-12-20", [("2026-12-24", "12:30"), ("2026-12-25", None), ("2026-12-28", None)]),
        ("XHKG", "2026-12-20", [("2026-12-24", "04:00"), ("2026-12-25", None), ("2026-12-31", "04:00")]),
        ("XSAU", "2026-01-01", [("2026-02-22", None)]),
        ("XSHG", "2026-12-20", []),
    ],
)
def test_holidays_and_half_days_ahead(name: str, after: str, expected: list[tuple[str, str | None]]) -> None:
    found = ours(name).odd_days(date.fromisoformat(after), max(1, len(expected)))
    shown = [(str(one.day), None if one.hours is None else f"{one.hours.closes:%H:%M}") for one in found]
    assert shown == expected


def test_beyond_the_end_of_a_calendar_sessions_are_weekdays() -> None:
    shanghai = ours("XSHG")
    assert shanghai.known_until == date(2026, 12, 31)
    new_year = date(2027, 1, 1)  # a Friday and a holiday, which the library does not reach
    assert shanghai.is_session(new_year)
    hours = shanghai.hours_of(date(2027, 1, 4))
    assert hours is not None
    assert hours.pause is not None
    assert (hours.opens, hours.pause[0], hours.closes) == (
        utc("2027-01-04 01:30"),
        utc("2027-01-04 03:30"),
        utc("2027-01-04 07:00"),
    )
    days = shanghai.days[shanghai.days >= pd.Timestamp("2026-12-28").to_datetime64()]
    assert not shanghai.missing(days[:4]).size
    assert not shanghai.off(days[-3:] + 1).any()
    assert shanghai.missing(days[[0, -1]])[-1].item() == date(2026, 12, 31)


def test_weekdays_of_a_zone() -> None:
    doha = weekday_sessions("Asia/Qatar", date(2026, 1, 1), date(2026, 12, 31))
    athens = weekday_sessions(
        "Europe/Athens", date(2026, 1, 1), date(2026, 12, 31), UsualHours(time(10), time(17, 20), (time(12), time(13)))
    )
    assert [doha.is_session(date(2026, 3, day)) for day in (5, 6, 7, 8)] == [True, False, False, True]
    assert [athens.is_session(date(2026, 3, day)) for day in (5, 6, 7, 8)] == [True, True, False, False]
    assert not doha.timed
    assert athens.opening(utc("2026-03-05 10:30")) == (False, utc("2026-03-05 11:00"), utc("2026-03-05 15:20"), True)
    assert doha.odd_days(date(2026, 3, 1)) == ()
    assert doha.newest_closed(utc("2026-03-05 20:58")) == date(2026, 3, 4)
    assert doha.newest_closed(utc("2026-03-05 21:01")) == date(2026, 3, 5)


def test_sessions_go_on_without_lunch_where_there_is_none() -> None:
    some = weekday_sessions("Europe/Athens", date(2026, 1, 1), date(2026, 1, 9), UsualHours(time(10), time(17)))
    longer = extended_to(some, date(2026, 1, 9), date(2026, 1, 13))
    assert longer.pauses is None
    assert longer.days[-1].item() == date(2026, 1, 13)
    assert longer.hours_of(date(2026, 1, 13)) == (utc("2026-01-13 08:00"), utc("2026-01-13 15:00"), None)


@pytest.mark.parametrize(
    ("name", "last", "now", "reason"),
    [
        ("XTKS", "2026-11-20", "2026-11-24 18:00", None),  # 23 November is Labour Thanksgiving; 24th closed at 06:30
        ("XTKS", "2026-11-20", "2026-11-24 19:00", "1 session before 2026-11-24"),
        ("XSAU", "2026-11-19", "2026-11-22 20:00", None),  # Thursday; Sunday closed at 12:00
        ("XSAU", "2026-11-19", "2026-11-23 01:00", "1 session before 2026-11-22"),
        ("CMES", "2026-11-16", "2026-11-17 23:30", None),
        ("XSHG", "2026-12-31", "2027-01-04 20:00", None),
        ("XSHG", "2026-12-31", "2027-01-05 20:00", "3 weekdays before 2027-01-05; holidays of that time are not known"),
    ],
)
def test_fresh_is_judged_by_the_exchanges_own_days(name: str, last: str, now: str, reason: str | None) -> None:
    found = stale_listed(ours(name), date.fromisoformat(last), None, utc(now))
    assert found is None if reason is None else reason in str(found)


def test_the_zone_of_each_calendar_is_its_own() -> None:
    assert ours("XTKS").zone == "Asia/Tokyo"
    assert ZoneInfo(ours("XSAU").zone).utcoffset(datetime(2026, 1, 1)) == timedelta(hours=3)  # noqa: DTZ001


async def test_every_calendar_of_the_tables_gives_sessions() -> None:
    from bot.market.exchanges import exchanges

    calendar = Calendar(CALENDAR_FOLDER)
    for one in exchanges().values():
        if not one.never_closes:
            sessions = await calendar.named(one.calendar, one.zone, date(2026, 11, 20))
            assert sessions.days[-1].item() >= date(2027, 12, 29), one
