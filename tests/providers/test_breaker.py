"""A provider's circuit while the wall clock is set back: no rest is longer than it was meant, no time is negative."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.about import _words
from bot.errors import ProviderError, QuotaExhausted, RateLimited, Unavailable
from bot.providers.asker import Asker
from bot.providers.breaker import ProviderState
from bot.providers.cache import Memory
from bot.providers.contract import Pace
from bot.providers.rate_limit import HostQueue

NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
FAULTS = [
    (RateLimited("a", "too many", 120.0), 120),
    (RateLimited("a", "too many"), 60),
    (QuotaExhausted("a", "used up"), 3_600),
]


def down(error: ProviderError, at: datetime) -> ProviderState:
    state = ProviderState("a")
    state.admit(at)
    state.settle(error, at)
    return state


@pytest.mark.parametrize(("error", "seconds"), FAULTS)
def test_a_rest_is_as_long_as_it_was_meant(error: ProviderError, seconds: int) -> None:
    state = down(error, NOW)
    for moment in (NOW, NOW + timedelta(seconds=seconds - 1)):
        with pytest.raises(Unavailable, match="asked again in"):
            state.admit(moment)
    state.admit(NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(("error", "seconds"), FAULTS)
def test_a_rest_that_lies_too_far_in_the_future_is_over(error: ProviderError, seconds: int) -> None:
    state = down(error, NOW)
    state.admit(NOW - timedelta(hours=1))
    state.settle(error, NOW - timedelta(hours=1))
    with pytest.raises(Unavailable, match="asked again in"):
        state.admit(NOW - timedelta(hours=1))


def test_an_outage_that_ends_before_it_began_lasted_for_no_time(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    state = down(RateLimited("a", "too many"), NOW)
    earlier = NOW - timedelta(days=1)
    state.admit(earlier)
    state.settle(None, earlier)
    assert [record.fields["seconds"] for record in caplog.records if record.message == "provider back"] == [0]  # type: ignore[attr-defined]
    assert _words(state, earlier - timedelta(hours=1)) == "working; last answer 0 seconds ago"


def test_what_was_kept_by_a_clock_that_was_ahead_is_not_served() -> None:
    times = [NOW, NOW, NOW - timedelta(hours=1)]
    memory: Memory[str, int] = Memory(5, lambda: times.pop(0))
    memory.keep("a", 1, NOW + timedelta(minutes=10))
    assert memory.get("a") == 1
    assert memory.get("a") is None


async def test_the_pace_of_a_host_goes_by_a_clock_that_nobody_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    """The loop's, which is monotonic: a wall clock that stood still or ran back would change nothing."""
    monkeypatch.setattr("time.time", lambda: pytest.fail("the wall clock was read"))
    queue = HostQueue(Pace(2, 60.0))
    for _ in range(2):
        await queue.slot("a", Asker())
    assert 55.0 < queue.wait(Asker()) <= 60.0
