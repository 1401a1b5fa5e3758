"""Many at once: who goes to which provider, what is fetched again, what the background does."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import RateLimited, Unavailable, UnknownSymbol, UserError
from bot.market.bars import Bars
from bot.providers.asker import Asker, Priority, asking, current
from bot.providers.contract import HistoryQuery, Pace
from bot.providers.feed import MOST_COUNTED, WARMED, Feed
from bot.providers.rate_limit import HostQueue
from bot.providers.series import continued
from tests.commands.market_desk import session_days
from tests.providers.building import BOOK, BTC, IWM, SPY, Clock, FakeProvider, a_feed, bars, shelf

WEEK = ("2026-11-12", "2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19")
SOME = [BOOK.symbols[name] for name in ("IWM", "SPY", "QQQ", "IWB", "DIA", "IWV", "AAPL", "MSFT")]
MANY = 1_729
AFTER_CLOSE = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)


@dataclass
class Slow(FakeProvider):
    """A provider behind a queue with its own pace."""

    pace: Pace = field(default_factory=lambda: Pace(1, 3_600.0))
    seen: list[HistoryQuery] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = HostQueue(self.pace)

    def wait(self, count: int) -> float:
        return self.queue.wait(current(), count)

    async def history(self, query: HistoryQuery) -> Bars:
        self.seen.append(query)
        await self.queue.slot(self.name, current())
        return await super().history(query)


def all_of(name: str) -> dict[str, Bars]:
    return {symbol.canonical: bars(symbol.canonical, WEEK, provider=name) for symbol in SOME}


class TestChoice:
    async def test_whoever_finds_a_queue_is_sent_on(self, tmp_path: Path) -> None:
        slow, quick = Slow("slow", dict(all_of("slow"))), Slow("quick", dict(all_of("quick")), pace=Pace(40, 60.0))
        async with a_feed(tmp_path, [slow, quick]) as feed:
            found = await asyncio.gather(*map(feed.history, SOME))
        assert Counter(one.bars.provider for one in found) == {"slow": 1, "quick": 7}

    async def test_people_who_ask_for_the_same_share_the_choice(self, tmp_path: Path) -> None:
        slow, quick = Slow("slow", dict(all_of("slow"))), Slow("quick", dict(all_of("quick")), pace=Pace(40, 60.0))
        async with a_feed(tmp_path, [slow, quick]) as feed:
            found = await asyncio.gather(*(feed.history(IWM) for _ in range(50)))
        assert {one.bars.provider for one in found} == {"slow"}
        assert not quick.asked

    async def test_a_list_goes_where_all_of_it_can_be_had_soon(self, tmp_path: Path) -> None:
        lines: list[str] = []
        slow, quick = Slow("slow", dict(all_of("slow"))), Slow("quick", dict(all_of("quick")), pace=Pace(40, 60.0))
        async with a_feed(tmp_path, [slow, quick]) as feed:
            with asking(Asker(1, lines.append)):
                found = await feed.batch(SOME)
        assert found.provider == "quick"
        assert lines == [f"prices of {n} of 8 symbols are here" for n in range(1, 9)]

    async def test_two_lists_share_their_requests(self, tmp_path: Path) -> None:
        quick = Slow("quick", dict(all_of("quick")), pace=Pace(40, 60.0))
        async with a_feed(tmp_path, [quick]) as feed:
            await asyncio.gather(feed.batch(SOME), feed.batch(SOME[::-1]))
        assert set(quick.asked.values()) == {1}


class TestContinued:
    """Of a known history only what is new is asked for."""

    async def test_a_day_later_a_few_bars_are_asked_for(self, tmp_path: Path) -> None:
        clock, provider = Clock(datetime(2026, 11, 18, 22, 0, tzinfo=UTC)), Slow("a", pace=Pace(100, 1.0))
        provider.shelf["IWM"] = long = history(MANY, "2026-11-18")
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.now = AFTER_CLOSE
        provider.shelf["IWM"] = tail = long_tail(long, 107.0)
        async with a_feed(tmp_path, [provider], clock) as feed:
            found = await feed.history(IWM)
        assert provider.seen[1].start == long.day(-5)
        assert found.bars.dates.tolist() == [*long.dates.tolist(), date(2026, 11, 19)]
        assert found.bars.close.tolist() == [*long.close.tolist(), tail.close[-1]]

    async def test_a_split_in_between_fetches_all_of_it(self, tmp_path: Path) -> None:
        clock, provider = Clock(datetime(2026, 11, 18, 22, 0, tzinfo=UTC)), Slow("a", pace=Pace(100, 1.0))
        provider.shelf["IWM"] = long = history(MANY, "2026-11-18")
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.now = AFTER_CLOSE
        halved = long_tail(replace(long, close=long.close / 2), 53.0)
        whole = replace(history(MANY + 1, "2026-11-19"), close=np.append(long.close / 2, 53.0))
        provider.shelf["IWM"] = lambda query: whole if query.start.month == 1 else halved
        async with a_feed(tmp_path, [provider], clock) as feed:
            found = await feed.history(IWM)
        assert found.bars.close.tolist() == whole.close.tolist()
        assert [query.start.month for query in provider.seen] == [1, 11, 1]

    async def test_in_a_new_month_all_of_it_is_fetched(self, tmp_path: Path) -> None:
        clock, provider = Clock(datetime(2026, 11, 18, 22, 0, tzinfo=UTC)), Slow("a", pace=Pace(100, 1.0))
        provider.shelf["IWM"] = history(MANY, "2026-11-18")
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.now = datetime(2026, 12, 1, 22, 0, tzinfo=UTC)
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        assert [query.start for query in provider.seen] == [date(2020, 1, 1)] * 2

    async def test_nothing_in_the_new_part_fetches_all_of_it(self, tmp_path: Path) -> None:
        clock, provider = Clock(datetime(2026, 11, 18, 22, 0, tzinfo=UTC)), Slow("a", pace=Pace(100, 1.0))
        provider.shelf["IWM"] = history(MANY, "2026-11-18")
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.now, answer = AFTER_CLOSE, provider.shelf.pop("IWM")

        def only_whole(query: HistoryQuery) -> Bars:
            if query.start.month != 1:
                raise UnknownSymbol("a", "no rows")
            assert isinstance(answer, Bars)
            return answer

        provider.shelf["IWM"] = only_whole
        async with a_feed(tmp_path, [provider], clock) as feed:
            assert len((await feed.history(IWM)).bars) == MANY

    async def test_after_a_restart_a_whole_series_is_not_asked_for(self, tmp_path: Path) -> None:
        clock, provider = Clock(AFTER_CLOSE), FakeProvider("a", {"IWM": history(MANY, "2026-11-19")})
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.forward(hours=9)
        async with a_feed(tmp_path, [provider], clock) as feed:
            found = await feed.history(IWM)
            await feed.batch([IWM])
        assert provider.asked["IWM"] == 1
        assert (len(found.bars), found.kept_since) == (MANY, None)

    @pytest.mark.parametrize(
        "later", [datetime(2026, 11, 20, 15, 0, tzinfo=UTC), datetime(2026, 11, 20, 22, 0, tzinfo=UTC)]
    )
    async def test_in_and_after_the_next_session_it_is(self, tmp_path: Path, later: datetime) -> None:
        clock, provider = Clock(AFTER_CLOSE), FakeProvider("a", {"IWM": history(MANY, "2026-11-19")})
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.now = later
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        assert provider.asked["IWM"] == 2

    @given(st.integers(1, 12), st.integers(0, 12), st.integers(0, 12), st.booleans())
    def test_it_is_the_whole_or_none(self, known: int, skipped: int, more: int, changed: bool) -> None:
        """Whatever overlap a provider sends, the result is what it would have sent for all of it, or None."""
        whole = history(known + more, "2026-11-19")
        before = whole.cut(0, known)
        start = min(skipped, len(whole) - 1)
        close = whole.close.copy()
        if changed and start < known:
            close[known - 1] += 1.0
        new = replace(whole, close=close).cut(start, len(whole))
        found = continued(before, new)
        if start >= known or (changed and start > 0):
            assert found is None
        else:
            assert found is not None
            assert found.dates.tolist() == whole.dates.tolist()
            assert found.close.tolist() == close.tolist()

    def test_another_kind_of_prices_does_not_continue(self) -> None:
        before = history(20, "2026-11-18")
        new = long_tail(before, 1.0)
        assert continued(before, replace(new, adjustment="raw")) is None
        assert continued(before, replace(new, provider="b")) is None
        assert continued(before, replace(new, volume=np.ones(len(new)))) is None


def history(count: int, last: str) -> Bars:
    """Bars on the sessions up to a day."""
    days = session_days(count, date.fromisoformat(last))
    return bars("IWM", days.astype(str).tolist(), np.linspace(50.0, 90.0, count).tolist(), provider="a")


def long_tail(before: Bars, close: float) -> Bars:
    """The newest five bars with that of the next day."""
    tail = before.tail(5)
    days = [*tail.dates.astype(str).tolist(), "2026-11-19"]
    return bars("IWM", days, [*tail.close.tolist(), close], provider="a")


class TestBackground:
    async def test_it_fetches_what_is_wanted_once_and_behind_everybody(self, tmp_path: Path) -> None:
        seen: list[Priority] = []

        class Watching(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                seen.append(current().priority)
                return await super().history(query)

        provider = Watching("a", dict(all_of("a")))
        async with a_feed(tmp_path, [provider]) as feed:
            feed.background.add(SOME)
            feed.background.add(SOME)
            assert feed.background.waiting == 8
            await feed.background.wait(5)
            assert (feed.background.waiting, feed.background.seconds_left) == (0, None)
            assert set(provider.asked.values()) == {1}
            assert set(seen) == {Priority.BACKGROUND}
            assert not feed.most_asked
            feed.background.add([BTC, IWM])
            await feed.background.wait(5)
            await feed.background.wait(5)
        assert provider.asked["IWM"] == 1

    async def test_why_something_could_not_be_had_is_known_until_it_can(self, tmp_path: Path) -> None:
        provider, clock = FakeProvider("a", fault=Unavailable("a", "down")), Clock()
        async with a_feed(tmp_path, [provider], clock) as feed:
            feed.background.add([IWM])
            await feed.background.wait(5)
            failure = feed.background.failure(IWM)
            assert isinstance(failure, UserError)
            assert failure.code == "unavailable"
            provider.fault, provider.shelf = None, dict(all_of("a"))
            feed.background.add([IWM])
            await feed.background.wait(5)
            assert feed.background.failure(IWM) is None

    async def test_the_pace_so_far_tells_how_long_the_rest_takes(self, tmp_path: Path) -> None:
        clock = Clock()

        def answer(query: HistoryQuery) -> Bars:
            clock.forward(seconds=3)
            if query.symbol is SOME[-1]:
                left.append(feed.background.seconds_left)
            return bars(query.symbol.canonical, WEEK, provider="a")

        left: list[float | None] = []
        async with a_feed(tmp_path, [FakeProvider("a", {s.canonical: answer for s in SOME})], clock) as feed:
            feed.background.add(SOME)
            await feed.background.wait(5)
        assert left[0] is not None
        assert 3.0 <= left[0] <= 8.0

    async def test_a_limit_while_others_wait_is_no_reason_to_wait(self, tmp_path: Path) -> None:
        limited = FakeProvider("a", fault=RateLimited("a", "too many", 60))
        async with a_feed(tmp_path, [limited, FakeProvider("b", dict(all_of("b")))]) as feed:
            assert (await feed.history(IWM)).bars.provider == "b"


class TestMostAsked:
    async def test_it_counts_people_and_is_bounded(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", dict(all_of("a")))]) as feed:
            for _ in range(4):
                await feed.history(SPY)
            await feed.batch([SPY, IWM])
            assert feed.most_asked == ["SPY", "IWM"]
            count(feed, MOST_COUNTED)
            assert feed.most_asked[0] == "SPY"
            assert len(feed.most_asked) == WARMED
            assert len(feed._asked) <= MOST_COUNTED


def count(feed: Feed, many: int) -> None:
    for n in range(many):
        feed._count(BOOK.resolve(f"Q{n:04d}".translate(str.maketrans("0123456789", "ABCDEFGHIJ"))))


class TestAtHand:
    async def test_it_is_what_is_kept_however_old(self, tmp_path: Path) -> None:
        clock, provider = Clock(), FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            assert await feed.at_hand(IWM) is None
            await feed.history(IWM)
        clock.forward(days=20)
        async with a_feed(tmp_path, [provider], clock) as feed:
            found = await feed.at_hand(IWM)
            assert found is not None
            assert found.bars.last_day == date(2026, 11, 18)
            assert await feed.at_hand(IWM, date(2019, 1, 1)) is None
        assert provider.asked["IWM"] == 1
