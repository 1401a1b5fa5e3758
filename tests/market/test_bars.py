"""Bars: wrong ones cannot be built, right ones are cut without losing what belongs to them."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from bot.market.bars import Bars

DAYS = np.array(["2026-03-02", "2026-03-03", "2026-03-04"], dtype="datetime64[D]")
CLOSE = np.array([1.0, 2.0, 3.0])


def bars(**changes: Any) -> Bars:
    return Bars(**{"symbol": "X", "dates": DAYS, "close": CLOSE.copy(), "adjustment": "raw", "provider": "p"} | changes)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"adjustment": "guess"}, "adjustment"),
        ({"dates": DAYS[:0], "close": CLOSE[:0]}, "non-empty"),
        ({"dates": DAYS.astype("datetime64[s]")}, "datetime64"),
        ({"dates": DAYS[::-1]}, "increase"),
        ({"dates": DAYS[[0, 0, 1]]}, "increase"),
        ({"close": CLOSE[:2]}, "one value per date"),
        ({"close": CLOSE.astype(np.float32)}, "float64"),
        ({"open": CLOSE[:2]}, "one value per date"),
        ({"close": np.array([1.0, np.nan, 3.0])}, "finite"),
        ({"close": np.array([1.0, np.inf, 3.0])}, "finite"),
    ],
)
def test_wrong_bars_cannot_be_built(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        bars(**changes)


def test_columns_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        bars().close[0] = 9.0


def test_cuts_keep_what_belongs_to_them() -> None:
    whole = bars(high=CLOSE + 1, missing=(date(2026, 3, 1), date(2026, 3, 3)), unfinished=True)
    part = whole.cut(0, 2)
    assert part.close.tolist() == [1.0, 2.0]
    assert part.high is not None
    assert part.high.tolist() == [2.0, 3.0]
    assert part.missing == (date(2026, 3, 3),)
    assert not part.unfinished
    assert whole.tail(1).unfinished
    assert whole.tail(9) is whole
    assert whole.until(date(2026, 3, 9)) is whole
    assert whole.until(date(2026, 3, 1)) is None


def test_the_unfinished_bar_is_left_out_of_what_states_use() -> None:
    done = bars(unfinished=True).without_unfinished()
    assert done is not None
    assert done.last_day == date(2026, 3, 3)
    only = bars(dates=DAYS[:1], close=CLOSE[:1].copy(), unfinished=True)
    assert only.without_unfinished() is None
    assert bars().without_unfinished() is not None


def test_a_table_has_the_columns_there_are() -> None:
    frame = bars(volume=CLOSE * 100).to_frame()
    assert list(frame.columns) == ["close", "volume"]
    assert frame["volume"].tolist() == [100.0, 200.0, 300.0]
    assert frame.index[0].date() == date(2026, 3, 2)


def spaced(step: int, count: int = 12) -> Bars:
    days = np.datetime64("2020-01-06") + np.arange(count) * step
    return bars(dates=days, close=np.ones(count))


@pytest.mark.parametrize(
    ("step", "count", "interval"),
    [
        (1, 12, "day"),
        (3, 12, "day"),
        (7, 12, "week"),
        (7, 4, "day"),
        (30, 12, "month"),
        (91, 12, "quarter"),
        (365, 12, "year"),
        (200, 12, "day"),
    ],
)
def test_the_interval_is_told_by_the_steps(step: int, count: int, interval: str) -> None:
    assert spaced(step, count).interval == interval


def test_daily_bars_with_gaps_and_weekly_bars_with_a_holiday() -> None:
    week = np.array(["2026-03-02", "2026-03-09", "2026-03-17", "2026-03-23", "2026-03-30"], dtype="datetime64[D]")
    assert bars(dates=week, close=np.ones(5)).interval == "week"
    gaps = np.array(["2026-03-02", "2026-03-03", "2026-03-04", "2026-03-13", "2026-03-23"], dtype="datetime64[D]")
    assert bars(dates=gaps, close=np.ones(5)).interval == "day"


def test_some_of_the_bars() -> None:
    found = bars(high=CLOSE + 1).take(np.array([True, False, True]))
    assert [str(day) for day in found.dates] == ["2026-03-02", "2026-03-04"]
    assert found.close.tolist() == [1.0, 3.0]
    assert found.high is not None
    assert found.high.tolist() == [2.0, 4.0]
    assert found.low is None


def test_dropped_days_go_with_the_bars_around_them() -> None:
    found = bars(dropped=(date(2026, 3, 1), date(2026, 3, 3)))
    assert found.until(date(2026, 3, 3)) is not None
    assert found.cut(0, 2).dropped == (date(2026, 3, 3),)
