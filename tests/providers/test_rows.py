"""Dirt: what is dropped, what is kept as missing, what is refused."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnknownSymbol
from bot.market.bars import Bars
from bot.providers.columns import NAN, Table, iso_days, local_days, money, number, numbers, us_days, utc_days
from bot.providers.contract import SuspectSeries
from bot.providers.rows import Label, joined, to_bars

TODAY = date(2026, 11, 19)
LABEL = Label("fake", "IWM", "split", TODAY)
AS_IS = Label("fake", "IWM", "split", TODAY, checked=False)


def table(*rows: tuple[str, float]) -> Table:
    return Table(iso_days([day for day, _ in rows]), np.array([close for _, close in rows], dtype=float))


def days_of(bars: Bars) -> list[str]:
    return [str(day) for day in bars.dates]


class TestDirt:
    def test_a_descending_answer_is_turned(self) -> None:
        found = to_bars(table(("2026-11-18", 3.0), ("2026-11-17", 2.0), ("2026-11-16", 1.0)), LABEL)
        assert days_of(found) == ["2026-11-16", "2026-11-17", "2026-11-18"]
        assert found.close.tolist() == [1.0, 2.0, 3.0]

    def test_an_exact_duplicate_is_dropped_anywhere(self) -> None:
        found = to_bars(table(("2026-11-16", 1.0), ("2026-11-16", 1.0), ("2026-11-17", 2.0)), LABEL)
        assert found.close.tolist() == [1.0, 2.0]

    def test_a_duplicate_of_the_last_row_is_dropped_even_when_it_differs(self) -> None:
        found = to_bars(table(("2026-11-16", 1.0), ("2026-11-17", 2.0), ("2026-11-17", 2.5)), LABEL)
        assert found.close.tolist() == [1.0, 2.0]

    def test_conflicting_duplicates_are_refused(self) -> None:
        with pytest.raises(SuspectSeries, match="two different rows for 2026-11-16"):
            to_bars(table(("2026-11-16", 1.0), ("2026-11-16", 1.5), ("2026-11-17", 2.0)), LABEL)

    def test_duplicates_that_differ_in_another_column_conflict(self) -> None:
        days = iso_days(["2026-11-16", "2026-11-16", "2026-11-17"])
        high = np.array([2.0, 3.0, 2.0])
        with pytest.raises(SuspectSeries, match="two different rows"):
            to_bars(Table(days, np.array([1.0, 1.0, 1.0]), high=high), LABEL)

    def test_of_two_rows_the_one_with_a_close_counts(self) -> None:
        rows = (("2026-11-16", NAN), ("2026-11-16", 1.0), ("2026-11-17", 2.0), ("2026-11-17", NAN), ("2026-11-18", 3.0))
        found = to_bars(table(*rows), LABEL)
        assert found.close.tolist() == [1.0, 2.0, 3.0]
        assert found.missing == ()

    def test_rows_in_no_order_are_refused(self) -> None:
        with pytest.raises(SuspectSeries, match="out of order at 2026-11-16"):
            to_bars(table(("2026-11-17", 2.0), ("2026-11-16", 1.0), ("2026-11-18", 3.0)), LABEL)

    def test_a_row_without_a_close_inside_is_missing_and_outside_is_dropped(self) -> None:
        rows = (("2026-11-13", NAN), ("2026-11-16", 1.0), ("2026-11-17", NAN), ("2026-11-18", 3.0), ("2026-11-19", NAN))
        found = to_bars(table(*rows), LABEL)
        assert days_of(found) == ["2026-11-16", "2026-11-18"]
        assert found.missing == (date(2026, 11, 17),)

    def test_a_future_day_is_refused(self) -> None:
        with pytest.raises(SuspectSeries, match="in the future"):
            to_bars(table(("2026-11-19", 1.0), ("2026-11-20", 1.0)), LABEL)

    def test_nothing_with_a_close_is_an_unknown_symbol(self) -> None:
        for rows in ((), (("2026-11-16", NAN),)):
            with pytest.raises(UnknownSymbol):
                to_bars(table(*rows), LABEL)

    def test_rows_before_the_start_are_not_looked_at(self) -> None:
        label = Label("fake", "IWM", "split", TODAY, first=date(2026, 11, 17))
        found = to_bars(table(("1999-01-04", -5.0), ("2026-11-17", 2.0)), label)
        assert days_of(found) == ["2026-11-17"]

    @pytest.mark.parametrize("close", [0.0, -36.98])
    def test_a_provider_may_not_have_prices_of_zero_or_less_but_a_file_may(self, close: float) -> None:
        rows = table(("2026-11-16", close), ("2026-11-17", 1.0))
        with pytest.raises(SuspectSeries, match="zero or less on 2026-11-16"):
            to_bars(rows, LABEL)
        assert to_bars(rows, AS_IS).close[0] == close

    @pytest.mark.parametrize(("high", "low"), [(9.9, 9.0), (12.0, 10.1), (9.0, 12.0)])
    def test_high_and_low_must_span_the_close(self, high: float, low: float) -> None:
        days, close = iso_days(["2026-11-16"]), np.array([10.0])
        rows = Table(days, close, high=np.array([high]), low=np.array([low]))
        with pytest.raises(SuspectSeries, match="do not span"):
            to_bars(rows, LABEL)
        assert len(to_bars(rows, AS_IS)) == 1

    def test_high_and_low_must_span_the_open_and_a_rounding_is_forgiven(self) -> None:
        days, close, high = iso_days(["2026-11-16"]), np.array([10.0]), np.array([10.0])
        with pytest.raises(SuspectSeries):
            to_bars(Table(days, close, open=np.array([10.5]), high=high), LABEL)
        assert len(to_bars(Table(days, close, open=np.array([10.0005]), high=high), LABEL)) == 1

    def test_a_column_without_any_value_is_no_column(self) -> None:
        days, close = iso_days(["2026-11-16"]), np.array([10.0])
        found = to_bars(Table(days, close, volume=np.array([NAN]), open=np.array([10.0])), LABEL)
        assert found.volume is None
        assert found.open is not None

    def test_columns_must_be_of_one_length(self) -> None:
        with pytest.raises(ValueError, match="lengths"):
            Table(iso_days(["2026-11-16"]), np.array([1.0]), open=np.array([1.0, 2.0]))


calendar_days = st.lists(st.dates(date(1990, 1, 1), TODAY), min_size=1, max_size=40, unique=True).map(sorted)


@given(calendar_days)
def test_clean_rows_come_back_as_they_are_whichever_way_they_run(days: list[date]) -> None:
    closes = [1.0 + index for index in range(len(days))]
    column = np.array(days, dtype="datetime64[D]")
    up = to_bars(Table(column, np.array(closes)), LABEL)
    down = to_bars(Table(column[::-1].copy(), np.array(closes)[::-1].copy()), LABEL)
    for found in (up, down):
        assert found.close.tolist() == closes
        assert found.dates.tolist() == days


@given(calendar_days, st.data())
def test_gaps_and_duplicates_never_change_a_price(days: list[date], data: st.DataObject) -> None:
    closes = {day: 1.0 + index for index, day in enumerate(days)}
    gaps = data.draw(st.sets(st.sampled_from(days), max_size=len(days) - 1))
    rows = [(day, NAN if day in gaps else closes[day]) for day in days]
    doubled = [row for row in rows for _ in range(data.draw(st.integers(1, 3)))]
    column = np.array([day for day, _ in doubled], dtype="datetime64[D]")
    found = to_bars(Table(column, np.array([close for _, close in doubled])), LABEL)
    assert dict(zip(found.dates.tolist(), found.close.tolist(), strict=True)) == {
        day: close for day, close in closes.items() if day not in gaps
    }
    inner = {day for day in gaps if found.day(0) < day < found.last_day}
    assert set(found.missing) == inner


@given(st.lists(st.tuples(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.floats(allow_nan=True))))
def test_whatever_the_rows_the_answer_is_bars_or_a_provider_error(rows: list[tuple[date, float]]) -> None:
    column = np.array([day for day, _ in rows], dtype="datetime64[D]")
    try:
        found = to_bars(Table(column, numbers([close for _, close in rows])), LABEL)
    except (SuspectSeries, UnknownSymbol):
        return
    assert (found.close > 0).all()
    assert found.last_day <= TODAY


class TestCells:
    @pytest.mark.parametrize(
        ("cell", "value"),
        [
            ("$1,234.50", 1234.5), ("1234.5", 1234.5), (1234.5, 1234.5), (7, 7.0), (" 3 ", 3.0), ("-36.98", -36.98),
            ("", NAN), ("N/A", NAN), ("null", NAN), (".", NAN), ("--", NAN), (None, NAN), (True, NAN), ("x", NAN),
            ("inf", NAN), (math.inf, NAN), ([], NAN),
        ],
    )  # fmt: skip
    def test_number(self, cell: object, value: float) -> None:
        assert number(cell) == pytest.approx(value, nan_ok=True)

    @given(st.lists(st.sampled_from(["1.5", "$2,000.25", "N/A", "", "7", "null"])))
    def test_a_column_is_its_cells(self, cells: list[str]) -> None:
        expected = [number(cell) for cell in cells]
        for read in (numbers, money):
            assert read(cells).tolist() == pytest.approx(expected, nan_ok=True)

    def test_mixed_cells(self) -> None:
        assert numbers([1, None, "2", "N/A"]).tolist() == pytest.approx([1, NAN, 2, NAN], nan_ok=True)
        assert numbers([1.0, None, 3]).tolist() == pytest.approx([1, NAN, 3], nan_ok=True)
        with pytest.raises(ValueError, match="one number"):
            numbers([[1.0], [2.0]])

    @pytest.mark.parametrize("cell", ["", "NaT", "2026", "2026-11", "today", "11/18/2026", "2026-13-01", "20261118"])
    def test_what_is_no_iso_date_is_refused(self, cell: str) -> None:
        with pytest.raises(ValueError, match=r"date|month|pars|nvalid"):
            iso_days(["2026-11-16", cell])

    def test_days(self) -> None:
        assert str(iso_days(["2026-11-18T00:00:00.000Z"])[0]) == "2026-11-18"
        assert str(us_days(["11/18/2026"])[0]) == "2026-11-18"
        assert str(utc_days(np.array([-1.0]))[0]) == "1969-12-31"
        for read in (utc_days, lambda column: local_days(column, UTC)):
            with pytest.raises(ValueError, match="moment"):
                read(np.array([NAN]))

    @given(
        st.lists(st.integers(0, 2_000_000_000), min_size=1, max_size=60),
        st.sampled_from(["America/New_York", "Europe/London", "Asia/Tokyo", "Australia/Lord_Howe"]),
    )
    def test_local_days_are_those_of_the_zone(self, seconds: list[int], zone: str) -> None:
        place = ZoneInfo(zone)
        found = local_days(np.array(seconds, dtype=float), place).tolist()
        assert found == [datetime.fromtimestamp(second, place).date() for second in seconds]

    @given(st.integers(600_000_000, 1_900_000_000), st.integers(1, 400))
    def test_local_days_of_daily_bars(self, first: int, count: int) -> None:
        place = ZoneInfo("America/New_York")
        seconds = first + 86_400.0 * np.arange(count)
        found = local_days(np.floor(seconds), place).tolist()
        assert found == [datetime.fromtimestamp(math.floor(second), place).date() for second in seconds]

    def test_a_fixed_zone_is_a_zone(self) -> None:
        assert str(local_days(np.array([0.0]), timezone(timedelta(hours=-1)))[0]) == "1969-12-31"


class TestJoined:
    def test_parts_become_one(self) -> None:
        first = to_bars(table(("2026-11-16", 1.0), ("2026-11-17", NAN), ("2026-11-18", 2.0)), LABEL)
        second = to_bars(table(("2026-11-19", 3.0)), LABEL)
        found = joined([first, second])
        assert found.close.tolist() == [1.0, 2.0, 3.0]
        assert found.missing == (date(2026, 11, 17),)

    def test_parts_that_overlap_are_refused(self) -> None:
        part = to_bars(table(("2026-11-16", 1.0)), LABEL)
        with pytest.raises(SuspectSeries, match="overlap"):
            joined([part, part])

    def test_a_column_that_one_part_lacks_is_lost(self) -> None:
        days = iso_days(["2026-11-19"])
        full = to_bars(Table(days, np.array([1.0]), volume=np.array([5.0])), LABEL)
        found = joined([to_bars(table(("2026-11-18", 1.0)), LABEL), full])
        assert found.volume is None


class TestPricesThatAreNone:
    """Zero and less are what shares and funds write where there was no price; oil did close below zero."""

    def test_of_a_share_they_are_missing(self) -> None:
        days = iso_days(["2026-11-16", "2026-11-17", "2026-11-18"])
        close, high = np.array([1.0, 0.0, 3.0]), np.array([2.0, 0.0, -4.0])
        found = to_bars(Table(days, close, high=high), Label("csv", "IWM", "raw", TODAY, checked=False, positive=True))
        assert days_of(found) == ["2026-11-16", "2026-11-18"]
        assert found.missing == (date(2026, 11, 17),)
        assert found.high is not None
        assert math.isnan(found.high[1])

    def test_of_anything_else_they_are_prices(self) -> None:
        assert to_bars(table(("2026-11-16", 1.0), ("2026-11-17", -36.98)), AS_IS).close.min() == -36.98
