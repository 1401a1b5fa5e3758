"""Dates in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.dates import named_days, read_date, tag_dates
from bot.language.tokens import read_words

TODAY = date(2026, 11, 20)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=TODAY)
FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%d.%m.%Y",
    "%B %d, %Y",
    "%d %B %Y",
    "%b %d %Y",
    "%d-%b-%Y",
    "%A %d %B %Y",
    "the %dth of %B %Y",
    "%A, %B %dth %Y",
)


def dates(text: str) -> list[date]:
    return list(tag_dates(read_words(text), TODAY).values("DATE"))


@given(DAYS, st.sampled_from(FORMATS), st.sampled_from(["", "as of ", "on ", "asof:", "back on "]))
def test_a_written_date_is_read_back(day: date, form: str, lead: str) -> None:
    assert dates(f"IWM {lead}{day.strftime(form)}") == [day]
    assert read_date(day.strftime(form), TODAY) == day


@given(DAYS, st.sampled_from(["%m/%d/%Y", "%m-%d-%Y", "%d/%m/%Y", "%d-%m-%y"]))
def test_days_and_months_in_digits_are_read_or_asked_back(day: date, form: str) -> None:
    assume(day.year >= 1970)
    words = tag_dates(read_words(f"IWM {day.strftime(form)}"), TODAY)
    other = date(day.year, day.day, day.month) if day.day <= 12 else day
    if other == day or max(day, other) > TODAY:
        assert words.values("DATE") == (min(day, other),)
    else:
        (unread,) = words.unread
        assert set(unread.readings) == {day.isoformat(), other.isoformat()}
        assert f"{day.day} {day:%B %Y}" in unread.reason
        assert {read_date(reading, TODAY) for reading in unread.readings} == {day, other}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("SPY yesterday", date(2026, 11, 19)),
        ("SPY the day before yesterday", date(2026, 11, 18)),
        ("SPY last friday", date(2026, 11, 13)),
        ("SPY last Thursday", date(2026, 11, 19)),
        ("SPY on monday", date(2026, 11, 16)),
        ("SPY at the end of 2018", date(2018, 12, 31)),
        ("SPY at the end of February 2020", date(2020, 2, 29)),
        ("SPY at the start of 2019", date(2019, 1, 1)),
        ("SPY in the middle of 2019", date(2019, 6, 30)),
        ("SPY mid march 2019", date(2019, 3, 15)),
        ("SPY in march 2009", date(2009, 3, 31)),
        ("SPY as of 2009", date(2009, 12, 31)),
        ("SPY at the end of 2026", TODAY),
        ("SPY q2 2020", date(2020, 6, 30)),
        ("SPY at the start of q2 2020", date(2020, 4, 1)),
        ("SPY on june 3", date(2026, 6, 3)),
        ("SPY on december 3", date(2025, 12, 3)),
        ("SPY on 25/12/2019", date(2019, 12, 25)),
        ("SPY on 3/19/09", date(2009, 3, 19)),
        ("SPY on 3/19/99", date(1999, 3, 19)),
        ("SPY on 12/10/2026", date(2026, 10, 12)),
        ("SPY on 5/5/2020", date(2020, 5, 5)),
        ("SPY in march", date(2026, 3, 31)),
        ("SPY by november", TODAY),
        ("SPY at the end of q1 2020", date(2020, 3, 31)),
        ("SPY in the third quarter of 2020", date(2020, 9, 30)),
        ("SPY 2020 q1", date(2020, 3, 31)),
        ("SPY in the first half of 2020", date(2020, 6, 30)),
        ("SPY in h2 2020", date(2020, 12, 31)),
        ("SPY on june 3 10 sessions", date(2026, 6, 3)),
        ("SPY 29 february", date(2024, 2, 29)),
        ("SPY on 4 may two thousand and nine", date(2009, 5, 4)),
        ("SPY on 4 may nineteen ninety nine", date(1999, 5, 4)),
        ("SPY on 4 may twenty oh five", date(2005, 5, 4)),
        ("SPY on memorial day 2024", date(2024, 5, 27)),
        ("SPY on good friday 2025", date(2025, 4, 18)),
        ("SPY on black friday 2024", date(2024, 11, 29)),
        ("SPY last christmas", date(2025, 12, 25)),
        ("SPY 2018 christmas", date(2018, 12, 25)),
        ("SPY as of the end of last month", date(2026, 10, 31)),
        ("SPY as of the start of last quarter", date(2026, 7, 1)),
        ("SPY as of the end of last week", date(2026, 11, 15)),
        ("SPY as of the end of last year", date(2025, 12, 31)),
        ("SPY as of today", TODAY),
        ("SPY as of a week ago", date(2026, 11, 13)),
        ("SPY as of 3 months ago", date(2026, 8, 20)),
        ("SPY as of 2 quarters ago", date(2026, 5, 20)),
        ("SPY as of one year ago", date(2025, 11, 20)),
        ("SPY in the future: 2031-05-01", date(2031, 5, 1)),
    ],
)
def test_dates_in_words(text: str, day: date) -> None:
    assert dates(text) == [day]


@pytest.mark.parametrize(
    "text", ["IWM 10", "spy 2026-02-30", "13/13/2019", "as of 99999 years ago", "russell 2000", "may I"]
)
def test_no_such_date(text: str) -> None:
    assert dates(text) == []


def test_the_words_around_a_date_go_with_it() -> None:
    assert tag_dates(read_words("price of IWM as of 1 June 2009 please"), TODAY).line == "price of iwm DATE please"


@given(st.integers(0, 6))
def test_last_weekday_is_within_a_week_before_today(number: int) -> None:
    name = (date(2026, 1, 5) + timedelta(days=number)).strftime("%A")
    (day,) = dates(f"spy last {name}")
    assert day.strftime("%A") == name
    assert 1 <= (TODAY - day).days <= 7


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("2026-02-30", "no such day as “2026-02-30”"),
        ("30 feb", "no such day as “30 feb”"),
        ("as of 31 april", "no such day"),
        ("29 february 2021", "no such day"),
        ("99999 years ago", "no such day"),
        ("banana", "I cannot read “banana” as a date; write it like 2009-06-01"),
        ("", "as a date"),
        ("1 june and 2 june", "as a date"),
        ("IWM", "as a date"),
    ],
)
def test_what_is_no_date(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_date(text, TODAY)


def test_an_order_that_cannot_be_known_is_asked_back() -> None:
    with pytest.raises(UserError, match=r"“3/4/2019” can be 4 March 2019 or 3 April 2019\. Which one") as asked:
        read_date("3/4/2019", TODAY)
    assert (asked.value.code, asked.value.suggestions) == ("ambiguous", ("2019-03-04", "2019-04-03"))
    assert asked.value.about == "3/4/2019"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("between march and june 2024", [date(2026, 3, 1), date(2024, 6, 30)]),
        ("from 2020 to 2022", [date(2020, 1, 1), date(2022, 12, 31)]),
        ("from monday to friday", [date(2026, 11, 16), date(2026, 11, 13)]),
        ("from halloween to christmas", [date(2026, 10, 31), date(2025, 12, 25)]),
        ("from q1 2020 to q2 2020", [date(2020, 1, 1), date(2020, 6, 30)]),
        ("since 2020 q3", [date(2020, 7, 1)]),
    ],
)
def test_a_part_of_a_year_begins_after_since_and_ends_after_to(text: str, days: list[date]) -> None:
    assert dates(text) == days


@given(st.integers(1970, 2069))
def test_two_digits_of_a_year(year: int) -> None:
    assert dates(f"SPY on 14-Mar-{year % 100:02d}") == [date(year, 3, 14)]


@given(st.text(max_size=60), DAYS)
def test_any_text_is_a_date_or_refused(text: str, today: date) -> None:
    try:
        assert isinstance(read_date(text, today), date)
    except UserError:
        return


_WORDS = (
    "31 30 29 1 2 feb february april q3 h1 2020 2021 '20 of the end start last friday christmas easter a week ago"
    " - / 3/4/2019"
)


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=7), DAYS)
def test_any_words_of_dates_are_a_date_or_refused(words: list[str], today: date) -> None:
    try:
        read_date(" ".join(words), today)
    except UserError:
        return


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("yesterday", date(2026, 11, 19), date(2026, 11, 19)),
        ("on 24 June 2016", date(2016, 6, 24), date(2016, 6, 24)),
        ("last friday", date(2026, 11, 13), date(2026, 11, 13)),
        ("on Christmas 2018", date(2018, 12, 25), date(2018, 12, 25)),
        ("in March 2016", date(2016, 3, 1), date(2016, 3, 31)),
        ("during q1 2016", date(2016, 1, 1), date(2016, 3, 31)),
        ("in 2016", date(2016, 1, 1), date(2016, 12, 31)),
        ("in 2026", date(2026, 1, 1), TODAY),
    ],
)
def test_the_days_that_are_named(text: str, first: date, last: date) -> None:
    assert named_days(text, TODAY) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "as of 24 June 2016",
        "at 31 July 2024",
        "by March 2016",
        "at the end of March 2016",
        "mid 2016",
        "3/4/2019",
        "soon",
    ],
)
def test_a_moment_is_no_span(text: str) -> None:
    assert named_days(text, TODAY) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("4 July 1776", date(1776, 7, 4)),
        ("1 January 0001", date(1, 1, 1)),
        ("October 14 1066", date(1066, 10, 14)),
        ("1 June 2150", date(2150, 6, 1)),
    ],
)
def test_a_year_of_four_digits_is_the_year(text: str, day: date) -> None:
    assert read_date(text, TODAY) == day


def test_there_is_no_year_of_zero() -> None:
    with pytest.raises(UserError, match="no such day"):
        read_date("1 January 0000", TODAY)
