"""Freshness is a contract for every command that shows prices: the data's date, session, source, kind, and why stale.

What must be said is worked out here the slow way, from exchange_calendars and the dates of the bars alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import exchange_calendars
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.declaration import Registry
from bot.market.bars import Adjustment
from bot.providers.calendar import Calendar
from tests.commands.market_desk import ask_json, provider_of, series_of, session_days, walk
from tests.conftest import OpenDesk
from tests.providers.building import CALENDAR_FOLDER, feed_over

ASKED = [
    *("!roc {} 10", "!rally {}", "!range {}", "!chart {} 60", "!quote {}", "!working rally {}", "!working roc {} 10"),
    *("!compare {} SPY 21", "!rank {} SPY", "!rank {} SPY by range", "!scan", "!index RUT"),
]
SETTLED = timedelta(minutes=20)
"""Closing auctions print late: until then the day's bar counts as unfinished, and no case here has one."""
SYMBOLS = ("IWM", "SPY", "IWB", "^RUT")


@cache
def sessions() -> pd.DataFrame:
    """Opens and closes in UTC by session, from the library itself."""
    calendar = exchange_calendars.get_calendar("XNYS", start="2023-01-01", end="2026-12-31")
    return calendar.schedule[["open", "close"]]


def newest(until: date | None, closed_before: datetime) -> date:
    """The newest session up to a date, or that had closed by a moment."""
    days = [
        day.date()
        for day, close in sessions()["close"].items()
        if (day.date() <= until if until is not None else close.to_pydatetime() <= closed_before)
    ]
    return days[-1]


def is_regular(now: datetime) -> bool:
    return any(row.open.to_pydatetime() <= now < row.close.to_pydatetime() for row in sessions().itertuples())


@dataclass(frozen=True)
class Case:
    """When it is, how many sessions the bars end before the newest one, and how many days back is asked."""

    minutes: int
    behind: int
    back: int | None
    adjustment: Adjustment
    symbol: str

    @property
    def now(self) -> datetime:
        return datetime(2025, 9, 2, tzinfo=UTC) + timedelta(minutes=self.minutes)

    @property
    def as_of(self) -> date | None:
        return self.now.date() - timedelta(days=self.back) if self.back is not None else None

    @property
    def last(self) -> date:
        return date.fromisoformat(str(session_days(self.behind + 1, newest(None, self.now - SETTLED))[0]))


cases = st.builds(
    Case,
    st.integers(0, 430_000),
    st.integers(0, 6),
    st.none() | st.integers(1, 90),
    st.sampled_from(["split", "split_dividend", "raw"]),
    st.sampled_from(["IWM", "^RUT"]),
)
Asks = Callable[[str, Case], Awaitable[dict[str, Any]]]


@pytest.fixture
def asks(open_demo: OpenDesk, registry: Registry) -> Asks:
    """Asks a question where and when a case says, at a desk of its own: each example has its own event loop."""

    async def asked(question: str, case: Case) -> dict[str, Any]:
        days = session_days(320, case.last)
        series = [
            series_of(name, walk(320, seed), days=days, adjustment=case.adjustment) for seed, name in enumerate(SYMBOLS)
        ]
        date_asked = f" asof:{case.as_of}" if case.as_of else ""
        async with open_demo(lambda: case.now) as desk:
            calendar, provider = Calendar(CALENDAR_FOLDER), provider_of(*series)
            feed = feed_over([provider], calendar, desk.store, desk.jobs, desk.clock)
            return await ask_json(replace(desk, feed=feed), registry, question.format(case.symbol) + date_asked)

    return asked


@pytest.mark.parametrize("question", ASKED)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15, deadline=None)
@given(case=cases)
async def test_every_answer_says_how_fresh_it_is(asks: Asks, question: str, case: Case) -> None:
    found = await asks(question, case)
    assert found["ok"], found["error"]
    fresh: dict[str, Any] = found["freshness"]
    used = newest(min(case.last, case.as_of) if case.as_of is not None else case.last, case.now)
    expected = newest(case.as_of, case.now - timedelta(hours=12))
    assert fresh["as_of"] == str(used)
    assert (fresh["provider"], fresh["adjustment"], fresh["delay"]) == ("fake", case.adjustment, "end_of_day")
    assert fresh["stale"] == (used < expected)
    assert (fresh["stale_reason"] is None) == (used >= expected)
    if case.as_of is None:
        assert (fresh["session"] == "regular") == is_regular(case.now)
    else:
        assert fresh["session"] in {"closed", "holiday"}, "a past day is over"
    assert ("Stale:" in found["text"]) == (used < expected)
    assert f"{used.day} {used:%b %Y}" in found["text"]
    assert "fake" in found["text"]
