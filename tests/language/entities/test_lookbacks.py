"""Look-backs in words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.dates import tag_dates
from bot.language.entities.lookbacks import Since, read_lookback, read_lookbacks, tag_bare_lookbacks, tag_lookbacks
from bot.language.entities.numbers import tag_numbers
from bot.language.tokens import Words, read_words
from tests.language.contract import Reader

TODAY = date(2026, 11, 20)


def tagged(text: str) -> Words:
    return tag_lookbacks(tag_dates(read_words(text), TODAY), TODAY)


def spans(text: str) -> list[object]:
    return list(tagged(text).values("PER"))


@pytest.mark.parametrize(
    ("text", "sessions"),
    [
        ("two weeks", 10),
        ("a fortnight", 10),
        ("the past fortnight", 10),
        ("a couple of weeks", 10),
        ("3 weeks", 15),
        ("a month", 21),
        ("this month", 21),
        ("over the last month", 21),
        ("2 months", 42),
        ("a quarter ago", 63),
        ("last quarter", 63),
        ("half a year", 126),
        ("six months", 126),
        ("half a quarter", 31),
        ("one and a half years", 378),
        ("a year", 252),
        ("this year", 252),
        ("2 years", 504),
        ("12 sessions", 12),
        ("last 30 bars", 30),
        ("20-day", 20),
        ("20d", 20),
        ("6m", 126),
        ("1y", 252),
        ("3mo", 63),
        ("twenty five days", 25),
        ("a hundred days", 100),
        ("two hundred days", 200),
        ("a dozen sessions", 12),
        ("10 trading days", 10),
        ("weekly move", 5),
        ("annual return", None),
        ("annually", 252),
        ("quarterly", 63),
        ("year over year", 252),
        ("week on week", 5),
        ("qoq", 63),
        ("since march 3 2020", Since(date(2020, 3, 3))),
        ("since 1 january", Since(date(2026, 1, 1))),
        ("a and a half years", 378),
        ("two years and a half", 630),
        ("all year", 252),
        ("half the quarter", 31),
        ("the 10 days to the 12th of april 2019", 10),
        ("daily change", 1),
        ("since yesterday", 1),
        ("ytd", "ytd"),
        ("year to date", "ytd"),
        ("this year so far", "ytd"),
        ("so far this year", "ytd"),
        ("since the start of the year", "ytd"),
        ("since january", "ytd"),
        ("a decade", 2520),
        ("daily chart", None),
        ("weekly candles", None),
        ("10 euros", None),
        ("9999 weeks", None),
        ("0 days", None),
        ("hello", None),
    ],
)
def test_spans_in_words(text: str, sessions: object) -> None:
    assert spans(text) == ([] if sessions is None else [sessions])


@given(st.integers(1, 400), st.sampled_from([("days", 1), ("weeks", 5), ("sessions", 1), ("bars", 1)]))
def test_counted_spans_multiply(count: int, unit: tuple[str, int]) -> None:
    assert spans(f"roc IWM over {count} {unit[0]}") == [count * unit[1]]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("between 2026-10-01 and 2026-10-30", date(2026, 10, 1), date(2026, 10, 30)),
        ("from 1 june to 1 july", date(2026, 6, 1), date(2026, 7, 1)),
        ("from 1 March to 1 June 2024", date(2024, 3, 1), date(2024, 6, 1)),
        ("between 1 december and 1 february 2025", date(2024, 12, 1), date(2025, 2, 1)),
        ("15 April 2025 through 15 May 2025", date(2025, 4, 15), date(2025, 5, 15)),
        ("20240301-20240531", date(2024, 3, 1), date(2024, 5, 31)),
        ("from 2020 to 2022", date(2020, 1, 1), date(2022, 12, 31)),
        ("between halloween 2022 and july 4th 2023", date(2022, 10, 31), date(2023, 7, 4)),
    ],
)
def test_from_one_day_to_another(text: str, start: date, end: date) -> None:
    words = tagged(f"IWM {text}")
    assert words.line == "iwm PER DATE"
    assert (words.values("PER"), words.values("DATE")) == ((Since(start),), (end,))


def test_two_dates_side_by_side_are_no_range() -> None:
    assert tagged("IWM 2024-03-01 2024-05-31").line == "iwm DATE DATE"


def test_an_end_before_the_beginning_is_said() -> None:
    (unread,) = tagged("IWM from june 2024 to march 2024").unread
    assert "ends before it begins" in unread.reason


def test_a_beginning_that_its_year_lacks_is_said() -> None:
    (unread,) = tagged("IWM between 29 february and 1 june 2023").unread
    assert "begins on no day of the calendar" in unread.reason


def test_from_a_day_alone_is_that_day() -> None:
    assert tagged("price from 3 june 2020").line == "price DATE"


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("5 10 21", (5, 10, 21)),
        ("10", (10,)),
        ("1.000", (1000,)),
        ("twenty", (20,)),
        ("10 and two weeks", (10,)),
        ("quarter", (63,)),
        ("5, 21 or ytd", (5, 21, "ytd")),
    ],
)
def test_several_look_backs(text: str, values: tuple[Any, ...]) -> None:
    assert read_lookbacks(text, TODAY) == values


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0", "1 to 5,000 sessions; “0” is outside"),
        ("-5", "“-5” is outside"),
        ("5,001", "“5,001” is outside"),
        ("10000", "is outside"),
        ("2.5", "a whole number"),
        ("1e3", "a whole number such as 10, not “1e3”"),
        ("1e3 days", "a whole number"),
        ("5%", "a whole number"),
        ("0.5 days", "a whole number"),
        ("2.5 sessions", "a whole number"),
        ("90 minutes", "The shortest look-back is one session"),
        ("4h", "The shortest look-back is one session"),
        ("an hour", "The shortest look-back is one session"),
        ("max", "a look-back with a beginning"),
        ("all time", "a look-back with a beginning"),
        ("since inception", "a look-back with a beginning"),
        ("5 10", "One look-back at a time"),
        ("3 November", "as a look-back; write it like"),
        ("banana", "as a look-back; write it like 10, two weeks"),
        ("", "as a look-back"),
        ("and", "as a look-back"),
        ("since 30 feb 2020", "no such day"),
        ("since 3/4/2019", "Which one"),
        ("between 1 june and 1 july", "as a look-back"),
    ],
)
def test_what_cannot_be_had_is_named(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_lookback(text, TODAY)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("what is an all time high", "what is an all time high"),
        ("the best of all time", "the best UNREAD"),
        ("IWM in 90 minutes", "iwm UNREAD"),
        ("100eur over 20d", "100eur PER"),
        ("IWM 10 now", "iwm 10 now"),
    ],
)
def test_what_is_a_look_back_in_a_message(text: str, line: str) -> None:
    assert tagged(text).line == line


def test_numbers_after_a_command_are_look_backs() -> None:
    words = tag_bare_lookbacks(tag_numbers(tagged("IWM 10 2.5 5%"), every=True))
    assert words.line == "iwm PER UNREAD UNREAD"


def test_since_says_itself() -> None:
    assert str(Since(date(2020, 3, 3))) == "since 2020-03-03"


@given(st.text(max_size=60))
def test_any_text_is_a_look_back_or_refused(text: str) -> None:
    try:
        assert read_lookbacks(text, TODAY)
    except UserError:
        return


_WORDS = (
    "since from between and to 10 1.5 a half two weeks week year d m ytd 2020 june 3 november 3/4/2019 yesterday"
    " minutes - all time"
)


@given(st.lists(st.sampled_from(_WORDS.split()), max_size=8))
def test_any_words_of_look_backs_are_one_or_refused(words: list[str]) -> None:
    try:
        found = read_lookbacks(" ".join(words), TODAY)
    except UserError:
        return
    assert all(isinstance(one, Since) or one in {"wtd", "mtd", "qtd", "ytd"} or 1 <= int(one) <= 5_000 for one in found)


@pytest.mark.parametrize(
    ("text", "sessions"),
    [
        ("roc for $IT quarter", 63),
        ("rank IWM SPY by month as of dec 29 2023", 21),
        ("league table: JPM, BAC, quarter", 63),
        ("bitcoin and ether by their fortnight's performance", 10),
        ("how much has TLT shed over the past year and a half", 378),
        ("SPY next quarter", None),
        ("have a nice week", None),
    ],
)
def test_a_unit_alone_is_a_span_beside_a_symbol_or_a_comma(text: str, sessions: int | None, message: Reader) -> None:
    assert message(text).lookback == sessions
