"""Look-backs by the calendar: the last close before a week, month, quarter or year, and the close of a day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.lookback_bars import apart_words, bars_back, lookback_json, over_words, sessions_back
from bot.errors import UserError
from bot.language.entities.lookbacks import Since
from tests.commands.market_desk import series_of

# Wednesday 2 January 2019 to Thursday 4 April 2019, weekdays but for New York's holidays of these months.
HOLIDAYS = {date(2019, 1, 21), date(2019, 2, 18)}
DAYS = [day for n in range(93) if (day := date(2019, 1, 2) + timedelta(n)).weekday() < 5 and day not in HOLIDAYS]
BARS = series_of("IWM", np.arange(1.0, len(DAYS) + 1), days=np.array(DAYS, dtype="datetime64[D]"))


@pytest.mark.parametrize(
    ("last", "lookback", "base"),
    [
        ("2019-04-04", "wtd", "2019-03-29"),
        ("2019-04-01", "wtd", "2019-03-29"),  # a Monday counts from the Friday before
        ("2019-02-19", "wtd", "2019-02-15"),  # Monday was a holiday
        ("2019-04-04", "mtd", "2019-03-29"),
        ("2019-03-29", "mtd", "2019-02-28"),
        ("2019-04-04", "qtd", "2019-03-29"),
        ("2019-04-04", Since(date(2019, 3, 4)), "2019-03-04"),
        ("2019-04-04", Since(date(2019, 3, 3)), "2019-03-01"),  # a Sunday: the last close before it
        ("2019-04-04", Since(date(2019, 1, 2)), "2019-01-02"),
        ("2019-04-04", 10, "2019-03-21"),
    ],
)
def test_where_a_look_back_starts(last: str, lookback: Any, base: str) -> None:
    bars = BARS.until(date.fromisoformat(last))
    assert bars is not None
    back = bars_back(bars, lookback)
    assert str(bars.day(len(bars) - 1 - back)) == base
    assert sessions_back(bars.dates, lookback, "IWM and SPY") == back


@pytest.mark.parametrize(
    ("lookback", "says"),
    [
        ("ytd", "start on 2 Jan 2019"),
        (Since(date(2019, 1, 1)), "start on 2 Jan 2019"),
        (Since(date(2019, 4, 4)), "there is none after it yet"),
        (Since(date(2024, 1, 1)), "there is none after it yet"),
        (65, "needs 66"),
    ],
)
def test_what_has_no_start(lookback: Any, says: str) -> None:
    for ask in (lambda: bars_back(BARS, lookback), lambda: sessions_back(BARS.dates, lookback, "IWM")):
        with pytest.raises(UserError, match=says) as refused:
            ask()
        assert refused.value.code == "too_little_history"


@given(st.integers(1, len(DAYS) - 1), st.sampled_from(["wtd", "mtd", "qtd"]))
def test_the_base_lies_before_the_span_and_the_next_bar_in_it(count: int, lookback: Any) -> None:
    """The slow way: walk back from the last day for as long as the week, month or quarter is the same."""

    def period(day: date) -> tuple[int, ...]:
        if lookback == "wtd":
            return tuple(day.isocalendar()[:2])
        return (day.year, day.month if lookback == "mtd" else (day.month - 1) // 3)

    days = np.array(DAYS[: count + 1], dtype="datetime64[D]")
    inside = [day for day in DAYS[: count + 1] if period(day) == period(DAYS[count])]
    if len(inside) == len(days):
        with pytest.raises(UserError):
            sessions_back(days, lookback, "IWM")
    else:
        assert sessions_back(days, lookback, "IWM") == len(inside)


def test_in_words_and_in_json() -> None:
    since = Since(date(2019, 3, 4))
    assert [over_words(one) for one in (1, 10, "mtd", since)] == [
        "over 1 session",
        "over 10 sessions",
        "over the month to date",
        "since 4 Mar 2019",
    ]
    assert [apart_words(one) for one in (10, "qtd", since)] == [
        "10 sessions apart",
        "over the quarter to date",
        "since 4 Mar 2019",
    ]
    assert lookback_json("ytd") == {"periods": "ytd"}
    assert lookback_json(since) == {"periods": None, "since": "2019-03-04"}
