"""Spans in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.entities.lookbacks import tag_lookbacks
from bot.language.tokens import tokenize


def spans(text: str) -> list[object]:
    return list(tag_lookbacks(tokenize(text)).values("PER"))


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
