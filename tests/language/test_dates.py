"""Dates in words."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.entities.dates import tag_dates
from bot.language.tokens import normalise, tokenize

TODAY = date(2026, 11, 20)
DAYS = st.dates(min_value=date(1990, 1, 1), max_value=TODAY)
FORMATS = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%Y.%m.%d",
    "%m/%d/%Y",
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
    return list(tag_dates(tokenize(normalise(text)), TODAY).values("DATE"))


@given(DAYS, st.sampled_from(FORMATS), st.sampled_from(["", "as of ", "on ", "asof:", "back on "]))
def test_a_written_date_is_read_back(day: date, form: str, lead: str) -> None:
    assert dates(f"IWM {lead}{day.strftime(form)}") == [day]


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
        ("SPY on 3/9/09", date(2009, 3, 9)),
        ("SPY on 3/9/99", date(1999, 3, 9)),
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
    assert tag_dates(tokenize("price of IWM as of 1 June 2009 please"), TODAY).line == "price of iwm DATE please"


@given(st.integers(0, 6))
def test_last_weekday_is_within_a_week_before_today(number: int) -> None:
    name = (date(2026, 1, 5) + timedelta(days=number)).strftime("%A")
    (day,) = dates(f"spy last {name}")
    assert day.strftime("%A") == name
    assert 1 <= (TODAY - day).days <= 7
