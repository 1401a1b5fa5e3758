"""What is remembered of calls: for so long by the clock that is given, so many, and no more bytes than that."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.commands.declaration import Call, Registry
from bot.commands.reading import read_question
from bot.commands.recent import (
    DECLINE_EVERY,
    FOLLOWED_FOR,
    LARGEST,
    MOST_BYTES,
    CallMemory,
    Recent,
    can_be_followed,
    footprint,
)
from bot.desk import Caller, Desk
from bot.errors import UserError

NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ADA = Caller(person=1, channel=2)


def weighing(names: int, number: int = 0) -> Call:
    """A call that holds a table."""
    rows = [{"name": f"N{number}-{place}", "market_value": place * 1.5} for place in range(names)]
    return Call("weigh", {"constituents": tuple(one["name"] for one in rows)}, {"constituents": rows})


def test_a_call_is_remembered_for_ten_minutes_and_no_longer() -> None:
    recent = Recent()
    recent.remember(ADA, Call("roc"), NOW)
    assert recent.previous(ADA, NOW + FOLLOWED_FOR) == Call("roc")
    assert recent.previous(ADA, NOW + FOLLOWED_FOR + SECOND) is None
    recent.remember(Caller(person=3), Call("rally"), NOW + FOLLOWED_FOR + SECOND)
    assert len(recent.calls) == 1, "what is too old is let go of"


def test_what_was_remembered_by_a_clock_that_was_ahead_is_old() -> None:
    recent = Recent()
    recent.remember(ADA, Call("roc"), NOW + timedelta(hours=1))
    assert recent.previous(ADA, NOW) is None
    recent.remember(Caller(person=3), Call("rally"), NOW)
    assert len(recent.calls) == 1
    assert recent.may_decline(1, NOW + timedelta(hours=1))
    assert recent.may_decline(1, NOW)
    assert not recent.may_decline(1, NOW + DECLINE_EVERY - SECOND)
    assert recent.may_decline(1, NOW + DECLINE_EVERY)


def test_the_newest_of_many_are_remembered() -> None:
    memory: CallMemory[int] = CallMemory(FOLLOWED_FOR, most=3)
    for number in range(5):
        memory.keep(number, Call(str(number)), NOW)
    memory.keep(2, Call("again"), NOW)
    memory.keep(5, Call("5"), NOW)
    assert [memory.get(number, NOW) for number in range(6)] == [None, None, Call("again"), None, Call("4"), Call("5")]


def test_what_is_remembered_has_a_limit_in_bytes() -> None:
    """Measured by the interpreter itself: 5,000 tables of 60 names would be some 100 MB."""
    memory: CallMemory[int] = CallMemory(FOLLOWED_FOR)
    assert can_be_followed(weighing(60))
    tracemalloc.start()
    for number in range(2_000):
        memory.keep(number, weighing(60, number), NOW)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert memory.bytes <= MOST_BYTES
    assert used <= 1.5 * MOST_BYTES
    assert len(memory) > 50
    memory.keep(-1, Call("roc"), NOW + FOLLOWED_FOR + SECOND)
    assert len(memory) == 1
    assert memory.bytes == footprint(Call("roc"))


@pytest.mark.parametrize("names", [60, 150])
def test_a_footprint_is_no_less_than_what_a_call_takes(names: int) -> None:
    text = json.dumps(dict(weighing(names).options))
    tracemalloc.start()
    made = json.loads(text)
    used, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert used <= 1.2 * footprint(Call("weigh", {}, made), 10**9)


def test_a_large_table_is_not_followed_and_counted_no_further_than_it_has_to_be() -> None:
    class Counted(dict[str, object]):
        looked = 0

        def values(self) -> object:  # type: ignore[override]
            Counted.looked += 1
            return super().values()

    rows: list[Mapping[str, object]] = [Counted(name="x" * 50) for _ in range(20_000)]
    assert not can_be_followed(Call("weigh", {}, {"constituents": rows}))
    assert Counted.looked < LARGEST / 50
    assert not can_be_followed(Call("roc", error=UserError("no")))


def test_ordinary_questions_can_be_followed(desk: Desk, registry: Registry) -> None:
    for question in ("!roc IWM 10", "!rank IWM SPY QQQ IWB by rally", "!rate 250 EUR USD", "!define contango"):
        assert can_be_followed(read_question(desk, registry, question)), question
