"""The reconstitution calendar, capitalisation weights and sector weights."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.market.index import FILE, Holding, Member, read_calendar, sector_weights, weigh

CALENDAR = read_calendar(FILE.read_bytes())
PUBLISHED = [
    *("2010-06-25", "2012-06-22", "2014-06-27", "2015-06-26", "2018-06-22", "2020-06-26", "2021-06-25"),
    *("2022-06-24", "2023-06-23", "2024-06-28", "2025-06-27", "2026-06-26", "2026-12-11", "2027-06-25", "2027-12-10"),
]


@pytest.mark.parametrize("day", PUBLISHED)
def test_the_published_dates_are_in_the_calendar(day: str) -> None:
    event = date.fromisoformat(day)
    assert event in [found.day for found in CALENDAR.events(event.year)]


def test_the_rule_alone_gives_every_announced_date() -> None:
    table = json.loads(FILE.read_bytes())
    by_rule = read_calendar(json.dumps(table | {"announced": []}).encode())
    announced = {date.fromisoformat(row["date"]) for row in table["announced"]}
    assert announced <= {event.day for year in range(2010, 2027) for event in by_rule.events(year)}
    ranked = {date.fromisoformat(row["rank_day"]) for row in table["announced"] if row["year"] >= 2024}
    assert ranked <= {event.rank_day for year in range(2024, 2027) for event in by_rule.events(year)}


def test_the_second_event_of_2026() -> None:
    found = CALENDAR.reconstitution(date(2026, 11, 21))
    assert found.last == date(2026, 6, 26)
    assert (found.next, found.effective) == (date(2026, 12, 11), date(2026, 12, 14))
    assert found.rank_day == date(2026, 10, 30)
    assert found.announced


def test_an_event_of_the_day_itself_is_still_to_come() -> None:
    assert CALENDAR.reconstitution(date(2026, 12, 11)).next == date(2026, 12, 11)
    assert CALENDAR.reconstitution(date(2026, 12, 12)).last == date(2026, 12, 11)
    assert CALENDAR.reconstitution(date(2023, 1, 1)).rank_day is None, "no source read says it"


def test_the_calendar_says_where_it_starts() -> None:
    assert CALENDAR.reconstitution(date(2010, 1, 1)).last is None
    with pytest.raises(UserError, match="2010") as caught:
        CALENDAR.reconstitution(date(2009, 12, 31))
    assert caught.value.code == "too_little_history"


@given(st.dates(date(2010, 1, 1), date(2090, 12, 31)))
def test_events_are_fridays_in_order(day: date) -> None:
    found = CALENDAR.reconstitution(day)
    assert found.next.weekday() == 4
    assert found.effective == found.next + timedelta(days=3)
    assert found.last is None or (found.last.weekday() == 4 and found.last < day)
    assert day <= found.next <= day + timedelta(weeks=53)
    assert found.rank_day is None or (found.rank_day < found.next and found.rank_day.weekday() < 5)
    assert CALENDAR.reconstitution(found.next).next == found.next
    assert CALENDAR.reconstitution(found.next + timedelta(days=1)).last == found.next


def test_weights_and_contributions_add_up() -> None:
    """Three companies of 600, 300 and 100: +1 %, -2 %, 0 % make 0.6 - 0.6 + 0 = 0."""
    rows, change = weigh([Member("A", 600, 1.0), Member("B", 300, -2.0), Member("C", 100, 0.0)])
    assert [row.weight_pct for row in rows] == pytest.approx([60, 30, 10])
    assert [row.contribution_pct for row in rows] == pytest.approx([0.6, -0.6, 0.0])
    assert change == pytest.approx(0.0, abs=1e-12)


def test_an_unknown_change_leaves_the_whole_unknown() -> None:
    rows, change = weigh([Member("A", 1.0, 2.0), Member("B", 1.0)])
    assert rows[1].contribution_pct is None
    assert change is None


@given(st.lists(st.tuples(st.floats(1e-3, 1e12), st.floats(-99, 1e4)), min_size=1, max_size=30))
def test_the_index_moves_as_its_value(members: list[tuple[float, float]]) -> None:
    rows, change = weigh([Member(str(i), value, move) for i, (value, move) in enumerate(members)])
    assert sum(row.weight_pct for row in rows) == pytest.approx(100)
    before = sum(value for value, _ in members)
    after = sum(value * (1 + move / 100) for value, move in members)
    assert change == pytest.approx(100 * (after / before - 1), rel=1e-6, abs=1e-6)


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([], "bad_input"),
        ([Member("A", 0.0, 1.0)], "not_positive"),
        ([Member("A", float("nan"), 1.0)], "not_positive"),
        ([Member("A", 1.0, float("inf"))], "bad_input"),
    ],
)
def test_what_cannot_be_weighed_is_refused(members: list[Member], code: str) -> None:
    with pytest.raises(UserError) as caught:
        weigh(members)
    assert caught.value.code == code


def test_sectors_are_sums_over_shares_largest_first() -> None:
    rows = [
        Holding("A", "A", "Industrials", "Equity", 1, 10.0),
        Holding("B", "B", "Health Care", "Equity", 1, 15.0),
        Holding("C", "C", "Industrials", "Equity", 1, 7.5),
        Holding("D", "D", "", "Equity", 1, 0.5),
        Holding("X", "CASH", "Cash and/or Derivatives", "Cash", 1, 67.0),
    ]
    assert list(sector_weights(rows).items()) == [("Industrials", 17.5), ("Health Care", 15.0), ("Other", 0.5)]
