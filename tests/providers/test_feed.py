"""The feed: order, fallback, single flight, caches, outages, stand-ins, quotes, comparisons."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.errors import AuthRefused, BadPayload, PlanRefused, RateLimited, Unavailable, UnknownSymbol, UserError
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.providers.contract import Busy, Capabilities, HistoryQuery, SuspectSeries
from bot.providers.feed import Feed, History
from bot.providers.pool import Pool
from tests.providers.building import (
    BOOK,
    BTC,
    EURUSD,
    IWM,
    KINDS,
    NOW,
    RUT,
    SPY,
    Clock,
    FakeProvider,
    These,
    a_feed,
    bars,
    fields_of,
    query,
    shelf,
)

ZZZZ = BOOK.resolve("ZZZZ")
CRYPTO = Capabilities(frozenset({"crypto"}), quotes=1)
FX = Capabilities(frozenset({"fx"}))


def down(name: str, detail: str = "no answer in time") -> Unavailable:
    return Unavailable(name, detail)


class TestOrder:
    async def test_the_first_that_has_it_answers(self, tmp_path: Path) -> None:
        first, second = FakeProvider("first", shelf("first", "IWM")), FakeProvider("second", shelf("second", "IWM"))
        async with a_feed(tmp_path, [first, second]) as feed:
            found = await feed.history(IWM)
        assert (found.bars.provider, found.stand_in, found.kept_since) == ("first", None, None)
        assert found.bars.fetched_at == NOW
        assert not second.asked

    async def test_the_next_answers_where_one_fails_or_does_not_know(self, tmp_path: Path) -> None:
        for fault in (down("a"), BadPayload("a", "a web page instead of data"), None):
            first = FakeProvider("a", fault=fault)
            second = FakeProvider("b", shelf("b", "IWM"))
            async with a_feed(tmp_path / str(fault), [first, second]) as feed:
                assert (await feed.history(IWM)).bars.provider == "b"

    async def test_an_older_series_gives_way_to_a_newer_one(self, tmp_path: Path) -> None:
        old = FakeProvider("old", {"IWM": bars(days=["2026-11-12", "2026-11-13"], provider="old")})
        new = FakeProvider("new", shelf("new", "IWM"))
        async with a_feed(tmp_path, [old, new]) as feed:
            assert (await feed.history(IWM)).bars.provider == "new"
        async with a_feed(tmp_path, [old]) as feed:
            assert (await feed.history(IWM)).bars.provider == "old"
        async with a_feed(tmp_path, [old, new]) as feed:
            found = await feed.history(IWM, date(2026, 11, 13))
            assert found.bars.provider == "old", "for a day that it reaches it is as new as it can be"

    async def test_a_short_history_comes_last_for_an_early_date(self, tmp_path: Path) -> None:
        short = FakeProvider("short", shelf("short", "IWM"), capabilities=Capabilities(KINDS, history_years=2))
        whole = FakeProvider("whole", shelf("whole", "IWM"))
        async with a_feed(tmp_path, [short, whole]) as feed:
            assert (await feed.history(IWM)).bars.provider == "short"
            assert (await feed.history(IWM, date(2009, 6, 1))).bars.provider == "whole"

    async def test_the_span_asked_for_starts_six_years_before(self, tmp_path: Path) -> None:
        seen: list[HistoryQuery] = []

        def answer(asked: HistoryQuery) -> Bars:
            seen.append(asked)
            return bars()

        async with a_feed(tmp_path, [FakeProvider(shelf={"IWM": answer})]) as feed:
            await feed.history(IWM)
            await feed.history(IWM, date(2009, 6, 1))
        assert [(asked.start, asked.end, asked.now) for asked in seen] == [
            (date(2020, 1, 1), NOW.date(), NOW),
            (date(2003, 1, 1), NOW.date(), NOW),
        ]


class TestErrors:
    async def test_unknown_to_all_is_an_unknown_symbol(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a"), FakeProvider("b")]) as feed:
            with pytest.raises(UserError) as caught:
                await feed.history(ZZZZ)
        assert caught.value.code == "unknown_symbol"
        assert caught.value.message == "There are no prices for ZZZZ: a (no such symbol), b (no such symbol)."

    async def test_unknown_to_one_and_down_at_another_is_unavailable(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", fault=down("a")), FakeProvider("b")]) as feed:
            with pytest.raises(UserError) as caught:
                await feed.history(ZZZZ)
        assert caught.value.code == "unavailable"
        assert caught.value.message == (
            "Prices for ZZZZ are not available from a (no answer in time), b (no such symbol)."
        )

    async def test_a_symbol_that_nobody_serves(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a")]) as feed:
            with pytest.raises(UserError, match="no provider here has it") as caught:
                await feed.history(BTC)
        assert caught.value.code == "unknown_symbol"

    async def test_offline_with_nothing_stored(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, []) as feed:
            with pytest.raises(UserError, match="offline, and none are stored") as caught:
                await feed.history(IWM)
        assert caught.value.code == "unavailable"

    async def test_the_budget_ends_the_asking(self, tmp_path: Path) -> None:
        never = asyncio.Event()

        class Hanging(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                await never.wait()
                return bars()

        async with a_feed(tmp_path, [Hanging("slow"), FakeProvider("b")], budget=0.05) as feed:
            with pytest.raises(UserError) as caught:
                await feed.history(IWM)
        assert caught.value.message == "Prices for IWM are not available from slow (no answer in time)."

    async def test_no_time_even_to_begin(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))], budget=0.0) as feed:
            with pytest.raises(UserError, match="not available"):
                await feed.history(IWM)


class TestLastGood:
    async def test_it_is_served_with_its_age_when_all_fail(self, tmp_path: Path) -> None:
        clock = Clock()
        provider = FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
        clock.forward(days=1)
        provider.fault = down("a")
        async with a_feed(tmp_path, [provider], clock) as feed:
            found = await feed.history(IWM)
            quote = await feed.quote(IWM)
        assert found.kept_since == NOW
        assert found.failures == "a (no answer in time)"
        assert found.bars.fetched_at == NOW
        assert found.bars.close.tolist() == [100.0, 101.0, 102.0]
        assert (quote.price, quote.kept_since, quote.delay) == (102.0, NOW, "end_of_day")

    async def test_offline_it_is_all_there_is(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))]) as feed:
            await feed.history(IWM)
        async with a_feed(tmp_path, []) as feed:
            found = await feed.history(IWM)
            assert (found.failures, found.kept_since) == ("offline", NOW)
            with pytest.raises(UserError):
                await feed.history(IWM, date(2019, 1, 1))

    async def test_a_symbol_with_stored_prices_is_not_unknown(self, tmp_path: Path) -> None:
        """A provider's 404 has been seen for symbols that exist (portfolio-performance issue 5935)."""
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))]) as feed:
            await feed.history(IWM)
        async with a_feed(tmp_path, [FakeProvider("a")]) as feed:
            found = await feed.history(IWM)
        assert found.failures == "a (no such symbol)"

    async def test_an_unfinished_bar_is_not_stored(self, tmp_path: Path) -> None:
        in_session = Clock(datetime(2026, 11, 18, 17, 0, tzinfo=UTC))
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))], in_session) as feed:
            assert (await feed.history(IWM)).bars.unfinished
        async with a_feed(tmp_path, []) as feed:
            found = await feed.history(IWM)
        assert str(found.bars.last_day) == "2026-11-17"
        assert not found.bars.unfinished

    async def test_local_and_simulated_series_are_not_stored(self, tmp_path: Path) -> None:
        local = FakeProvider("csv", shelf("csv", "IWM"), capabilities=Capabilities(KINDS, local=True))
        async with a_feed(tmp_path, [local]) as feed:
            await feed.history(IWM)
        async with a_feed(tmp_path, []) as feed:
            with pytest.raises(UserError):
                await feed.history(IWM)


class TestOneFetch:
    async def test_a_thousand_at_once_are_one_request(self, tmp_path: Path) -> None:
        held = asyncio.Event()

        class Held(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                await held.wait()
                return await super().history(query)

        provider = Held("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider]) as feed:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(feed.history(IWM)) for _ in range(1_000)]
                group.create_task(self.release(held))
            assert provider.asked["IWM"] == 1
            assert len({id(task.result().bars) for task in tasks}) == 1

    @staticmethod
    async def release(held: asyncio.Event) -> None:
        for _ in range(20):
            await asyncio.sleep(0)
        held.set()

    async def test_a_failure_reaches_all_who_wait_and_counts_once(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", fault=down("a"))
        async with a_feed(tmp_path, [provider]) as feed:
            found = await asyncio.gather(*(feed.history(IWM) for _ in range(50)), return_exceptions=True)
            assert all(isinstance(error, UserError) for error in found)
            assert provider.asked["IWM"] == 1
            assert feed.states["a"].failures == 1

    async def test_one_who_gives_up_does_not_end_it_for_the_others(self, tmp_path: Path) -> None:
        held = asyncio.Event()

        class Held(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                await held.wait()
                return await super().history(query)

        async with a_feed(tmp_path, [Held("a", shelf("a", "IWM"))]) as feed:
            async with asyncio.TaskGroup() as group:
                impatient = group.create_task(feed.history(IWM))
                patient = group.create_task(feed.history(IWM))
                await asyncio.sleep(0)
                impatient.cancel()
                held.set()
            assert patient.result().bars.provider == "a"


class TestCache:
    async def test_in_session_a_series_is_good_for_a_quarter_of_an_hour(self, tmp_path: Path) -> None:
        clock, provider = Clock(datetime(2026, 11, 19, 16, 0, tzinfo=UTC)), FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
            clock.forward(minutes=14)
            await feed.history(IWM)
            assert provider.asked["IWM"] == 1
            clock.forward(minutes=1)
            await feed.history(IWM)
            assert provider.asked["IWM"] == 2

    async def test_outside_it_a_complete_one_is_good_until_the_next_close(self, tmp_path: Path) -> None:
        clock = Clock(datetime(2026, 11, 19, 2, 0, tzinfo=UTC))  # the evening of the 18th in New York
        provider = FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
            clock.now = datetime(2026, 11, 19, 20, 59, tzinfo=UTC)
            await feed.history(IWM)
            assert provider.asked["IWM"] == 1
            clock.now = datetime(2026, 11, 19, 21, 0, tzinfo=UTC)
            await feed.history(IWM)
            assert provider.asked["IWM"] == 2

    async def test_a_bar_that_is_still_awaited_is_asked_for_again_soon(self, tmp_path: Path) -> None:
        clock, provider = Clock(), FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
            clock.forward(minutes=15)
            await feed.history(IWM)
        assert provider.asked["IWM"] == 2

    async def test_a_coins_running_day_ends_at_midnight(self, tmp_path: Path) -> None:
        clock = Clock(datetime(2026, 11, 18, 23, 55, tzinfo=UTC))
        provider = FakeProvider("k", shelf("k", "BTC-USD"), capabilities=CRYPTO)
        async with a_feed(tmp_path, [provider], clock) as feed:
            assert (await feed.history(BTC)).bars.unfinished
            clock.now = datetime(2026, 11, 19, 0, 0, tzinfo=UTC)
            assert not (await feed.history(BTC)).bars.unfinished

    async def test_a_fixing_is_good_for_an_hour(self, tmp_path: Path) -> None:
        clock, bank = Clock(), FakeProvider("ecb", shelf("ecb", "EUR/USD", adjustment="fix"), capabilities=FX)
        async with a_feed(tmp_path, [bank], clock) as feed:
            await feed.history(EURUSD)
            clock.forward(minutes=59)
            await feed.history(EURUSD)
            assert bank.asked["EUR/USD"] == 1
            clock.forward(minutes=1)
            await feed.history(EURUSD)
            assert bank.asked["EUR/USD"] == 2

    async def test_what_is_from_the_future_is_old(self, tmp_path: Path) -> None:
        clock, provider = Clock(), FakeProvider("a", shelf("a", "IWM"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            await feed.history(IWM)
            clock.forward(minutes=-1)
            await feed.history(IWM)
        assert provider.asked["IWM"] == 2

    async def test_it_does_not_grow_without_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.providers.feed.KEPT_SERIES", 2)
        monkeypatch.setattr("bot.providers.series_cache.KEPT_SERIES", 2)
        monkeypatch.setattr("bot.providers.feed.KEPT_QUOTES", 1)
        symbols = [BOOK.resolve(name) for name in ("AAPL", "MSFT", "IWM")]
        names = [symbol.canonical for symbol in symbols]
        provider = FakeProvider("a", shelf("a", *names), quotes=dict.fromkeys(names, 1.0))
        async with a_feed(tmp_path, [provider]) as feed:
            for symbol in symbols:
                await feed.history(symbol)
                await feed.quote(symbol)
            await feed.history(symbols[0])
            assert provider.asked["AAPL"] == 2

    async def test_a_no_is_remembered_for_ten_minutes(self, tmp_path: Path) -> None:
        clock, provider = Clock(), FakeProvider("a")
        async with a_feed(tmp_path, [provider], clock) as feed:
            for wait in (0, 9, 2):
                clock.forward(minutes=wait)
                with pytest.raises(UserError):
                    await feed.history(ZZZZ)
        assert provider.asked["ZZZZ"] == 2

    async def test_noes_are_not_remembered_without_end(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("bot.providers.pool.KEPT_REFUSALS", 1)
        provider = FakeProvider("a")
        async with a_feed(tmp_path, [provider]) as feed:
            for name in ("ZZZZ", "YYYY", "ZZZZ"):
                with pytest.raises(UserError):
                    await feed.history(BOOK.resolve(name))
        assert provider.asked["ZZZZ"] == 2


class TestOutage:
    async def test_it_is_logged_once_at_its_start_and_once_at_its_end(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.INFO, "bot.providers")
        clock, provider = Clock(), FakeProvider("a", shelf("a", "IWM", "SPY"), fault=down("a"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            for _ in range(6):
                with pytest.raises(UserError):
                    await feed.history(IWM)
                clock.forward(seconds=20)
            provider.fault = None
            clock.forward(minutes=10)
            await feed.history(IWM)
            await feed.history(SPY)
        lines = [(record.message, dict(fields_of(record))) for record in caplog.records]
        assert lines == [
            ("provider down", {"provider": "a", "code": "unavailable", "reason": "no answer in time"}),
            ("provider back", {"provider": "a", "seconds": 720}),
        ]

    async def test_three_failures_open_the_circuit_and_one_probe_closes_it(self, tmp_path: Path) -> None:
        clock, provider = Clock(), FakeProvider("a", shelf("a", "IWM"), fault=down("a"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            for _ in range(5):
                with pytest.raises(UserError):
                    await feed.history(IWM)
            assert provider.asked["IWM"] == 3
            with pytest.raises(UserError, match=r"a \(no answer in time; it is asked again in 30 s\)"):
                await feed.history(IWM)
            clock.forward(seconds=30)
            with pytest.raises(UserError):
                await feed.history(IWM)
            assert provider.asked["IWM"] == 4, "the probe"
            with pytest.raises(UserError, match="asked again in 60 s"):
                await feed.history(IWM)
            provider.fault = None
            clock.forward(seconds=60)
            assert (await feed.history(IWM)).bars.provider == "a"
            state = feed.states["a"]
            assert (state.down, state.failures, state.resting_until) == (None, 0, None)
            assert state.last_error == "no answer in time"
            assert state.last_success == clock.now

    async def test_only_one_probe_at_a_time(self, tmp_path: Path) -> None:
        clock, began, held = Clock(), asyncio.Event(), asyncio.Event()

        class Held(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                if self.fault is None:
                    began.set()
                    await held.wait()
                return await super().history(query)

        provider = Held("a", shelf("a", "IWM", "SPY"), fault=down("a"))
        async with a_feed(tmp_path, [provider], clock) as feed:
            for _ in range(3):
                with pytest.raises(UserError):
                    await feed.history(IWM)
            provider.fault = None
            clock.forward(seconds=30)
            async with asyncio.TaskGroup() as group:
                probe = group.create_task(feed.history(IWM))
                await began.wait()
                with pytest.raises(UserError, match="it is being tried again"):
                    await feed.history(SPY)
                held.set()
            assert probe.result().bars.symbol == "IWM"
            assert (await feed.history(SPY)).bars.symbol == "SPY"

    @pytest.mark.parametrize(
        ("fault", "seconds"),
        [
            (RateLimited("a", "too many requests for now", 90.0), 90),
            (RateLimited("a", "too many requests for now", 0.0), 0),
            (RateLimited("a", "too many requests for now"), 60),
            (AuthRefused("a", "the key was refused"), 3_600),
        ],
    )
    async def test_a_limit_or_a_refused_key_rests_the_provider_at_once(
        self, tmp_path: Path, fault: UserError, seconds: int
    ) -> None:
        clock = Clock()
        first = FakeProvider("a", shelf("a", "IWM", "SPY"), fault=fault)  # type: ignore[arg-type]
        second = FakeProvider("b", shelf("b", "IWM", "SPY"))
        async with a_feed(tmp_path, [first, second], clock) as feed:
            assert (await feed.history(IWM)).bars.provider == "b"
            first.fault = None
            if seconds:
                assert (await feed.history(SPY)).bars.provider == "b"
                assert first.asked["SPY"] == 0
            clock.forward(seconds=max(seconds, 3_600))
            assert (await feed.history(SPY)).bars.provider == "a"

    @pytest.mark.parametrize(
        "answer",
        [
            UnknownSymbol("a", "no such symbol"),
            PlanRefused("a", "the plan does not cover this"),
            SuspectSeries("a", "a jump that looks like an unadjusted split"),
            Busy("a", "asked as often as it allows just now"),
        ],
    )
    async def test_what_is_no_fault_of_the_provider_is_no_outage(
        self, tmp_path: Path, answer: UserError, caplog: pytest.LogCaptureFixture
    ) -> None:
        provider = FakeProvider("a", {"IWM": answer, "SPY": bars("SPY")})  # type: ignore[dict-item]
        clock = Clock()
        async with a_feed(tmp_path, [provider], clock) as feed:
            for _ in range(5):
                clock.forward(minutes=11)
                with pytest.raises(UserError):
                    await feed.history(IWM)
            assert (await feed.history(SPY)).bars.symbol == "SPY"
        assert not caplog.records

    async def test_a_crash_in_a_probe_leaves_the_circuit_usable(self) -> None:
        clock, provider = Clock(), FakeProvider("a", fault=RateLimited("a", "limit", 1.0))
        pool = Pool(These([provider]), clock)

        async def crash() -> None:
            raise ZeroDivisionError

        with pytest.raises(RateLimited):
            await pool.ask(provider, "x", lambda: provider.history(query()))
        clock.forward(seconds=2)
        with pytest.raises(ZeroDivisionError):
            await pool.ask(provider, "x", crash)
        assert not pool.state(provider).probing

    async def test_what_is_left_of_an_allowance_is_kept(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM"), remaining=41)
        async with a_feed(tmp_path, [provider]) as feed:
            await feed.history(IWM)
            assert feed.states["a"].remaining == 41

    async def test_a_local_provider_has_errors_but_no_outages(self, tmp_path: Path) -> None:
        bad = SuspectSeries("csv", "the file is empty")
        local = FakeProvider("csv", {"IWM": bad, "SPY": bars("SPY")}, capabilities=Capabilities(KINDS, local=True))
        async with a_feed(tmp_path, [local]) as feed:
            for _ in range(5):
                with pytest.raises(UserError, match="the file is empty"):
                    await feed.history(IWM)
            assert local.asked["IWM"] == 5
            await feed.history(SPY)
            state = feed.states["csv"]
            assert (state.last_error, state.down, state.last_success) == ("the file is empty", None, NOW)


class TestStandIn:
    async def test_where_nobody_serves_the_symbol_itself(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM"), quotes={"IWM": 110.0}, serves_only=frozenset({"IWM"}))
        async with a_feed(tmp_path, [provider]) as feed:
            found = await feed.history(RUT, stand_in=IWM)
            quote = await feed.quote(RUT, stand_in=IWM)
        assert (found.bars.symbol, found.stand_in) == ("IWM", "IWM")
        assert (quote.symbol, quote.stand_in, quote.price) == ("IWM", "IWM", 110.0)

    async def test_where_those_who_serve_it_do_not_know_it(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))]) as feed:
            assert (await feed.history(RUT, stand_in=IWM)).stand_in == "IWM"

    async def test_not_where_the_symbol_itself_is_served_or_only_out_of_reach(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM", "^RUT", adjustment="index"))
        async with a_feed(tmp_path, [provider]) as feed:
            assert (await feed.history(RUT, stand_in=IWM)).stand_in is None
            provider.fault = down("a")
            with pytest.raises(UserError, match="DJI"):
                await feed.history(BOOK.symbols["^DJI"], stand_in=BOOK.symbols["DIA"])


class TestFinished:
    @pytest.mark.parametrize(
        ("now", "unfinished"),
        [
            (
                datetime(2026, 11, 18, 14, 0, tzinfo=UTC),
                True,
            ),  # before the open
            (datetime(2026, 11, 18, 17, 0, tzinfo=UTC), True),
            (datetime(2026, 11, 18, 21, 10, tzinfo=UTC), True),  # the closing auction may still print
            (datetime(2026, 11, 18, 21, 20, tzinfo=UTC), False),
            (datetime(2026, 11, 19, 17, 0, tzinfo=UTC), False),
        ],
    )
    async def test_a_session_that_is_open_has_no_finished_bar(
        self, tmp_path: Path, now: datetime, unfinished: bool
    ) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM"))], Clock(now)) as feed:
            found = (await feed.history(IWM)).bars
        assert found.unfinished is unfinished
        finished = found.without_unfinished()
        assert finished is not None
        assert str(finished.last_day) == ("2026-11-17" if unfinished else "2026-11-18")

    async def test_a_half_day_closes_early(self, tmp_path: Path) -> None:
        """The Friday after Thanksgiving, 27 November 2026, closes at 13:00 in New York: 18:00 UTC."""
        series = {"IWM": bars(days=["2026-11-25", "2026-11-27"])}
        clock = Clock(datetime(2026, 11, 27, 18, 19, tzinfo=UTC))
        async with a_feed(tmp_path, [FakeProvider("a", series)], clock) as feed:
            assert (await feed.history(IWM)).bars.unfinished
            clock.forward(minutes=30)
            assert not (await feed.history(IWM)).bars.unfinished

    async def test_coins_and_currencies_run_until_midnight_utc(self, tmp_path: Path) -> None:
        kinds = Capabilities(frozenset({"crypto", "fx"}))
        series = {"BTC-USD": bars("BTC-USD"), "EUR/USD": bars("EUR/USD", adjustment="raw")}
        clock = Clock(datetime(2026, 11, 18, 23, 0, tzinfo=UTC))
        async with a_feed(tmp_path, [FakeProvider("a", series, capabilities=kinds)], clock) as feed:  # type: ignore[arg-type]
            assert (await feed.history(BTC)).bars.unfinished
            assert (await feed.history(EURUSD)).bars.unfinished

    async def test_a_fix_and_a_simulated_bar_are_finished(self, tmp_path: Path) -> None:
        clock = Clock(datetime(2026, 11, 18, 17, 0, tzinfo=UTC))
        for adjustment in ("fix", "simulated"):
            series = {"EUR/USD": bars("EUR/USD", adjustment=adjustment)}  # type: ignore[arg-type]
            provider = FakeProvider("a", series, capabilities=FX)  # type: ignore[arg-type]
            async with a_feed(tmp_path, [provider], clock) as feed:
                assert not (await feed.history(EURUSD)).bars.unfinished

    async def test_days_off_are_not_missing(self, tmp_path: Path) -> None:
        """26 November 2026 is Thanksgiving; the 24th was a session; 21 November is a Saturday."""
        gaps = (date(2026, 11, 21), date(2026, 11, 24), date(2026, 11, 26))
        series = replace(bars(days=["2026-11-20", "2026-11-25", "2026-11-27"]), missing=gaps)
        kinds = Capabilities(KINDS | {"crypto", "fx"})
        provider = FakeProvider("a", dict.fromkeys(("IWM", "BTC-USD", "EUR/USD"), series), capabilities=kinds)  # type: ignore[arg-type]
        clock = Clock(datetime(2026, 11, 30, 12, 0, tzinfo=UTC))
        async with a_feed(tmp_path, [provider], clock) as feed:
            assert (await feed.history(IWM)).bars.missing == gaps[1:2]
            assert (await feed.history(EURUSD)).bars.missing == gaps[1:]
            assert (await feed.history(BTC)).bars.missing == gaps


class TestQuote:
    async def test_the_first_in_quote_order_answers_and_is_kept_a_minute(self, tmp_path: Path) -> None:
        clock = Clock(datetime(2026, 11, 19, 17, 0, tzinfo=UTC))
        late = FakeProvider("late", quotes={"IWM": 1.0}, capabilities=Capabilities(KINDS, quotes=2))
        early = FakeProvider("early", quotes={"IWM": 110.0}, capabilities=Capabilities(KINDS, quotes=1))
        async with a_feed(tmp_path, [late, early], clock) as feed:
            found = await asyncio.gather(*(feed.quote(IWM) for _ in range(50)))
            assert {quote.provider for quote in found} == {"early"}
            clock.forward(seconds=59)
            await feed.quote(IWM)
            assert early.asked["quote IWM"] == 1
            clock.forward(seconds=1)
            quote = await feed.quote(IWM)
            assert early.asked["quote IWM"] == 2
        assert not late.asked
        assert quote.change_pct == pytest.approx(10.0)
        assert (quote.delay, quote.time, quote.unfinished) == ("delayed", clock.now, True)

    async def test_outside_the_session_it_is_of_a_finished_one(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", quotes={"IWM": 110.0})]) as feed:
            assert not (await feed.quote(IWM)).unfinished

    async def test_the_next_answers_where_one_fails(self, tmp_path: Path) -> None:
        broken = FakeProvider("broken", fault=down("broken"), capabilities=Capabilities(KINDS, quotes=1))
        other = FakeProvider("other", quotes={"IWM": 110.0}, capabilities=Capabilities(KINDS, quotes=2))
        async with a_feed(tmp_path, [broken, other]) as feed:
            assert (await feed.quote(IWM)).provider == "other"

    async def test_else_the_last_close_with_its_own_time(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM"), capabilities=Capabilities(KINDS))
        async with a_feed(tmp_path, [provider]) as feed:
            quote = await feed.quote(IWM)
        assert (quote.price, quote.previous_close, quote.delay) == (102.0, 101.0, "end_of_day")
        assert quote.time == datetime(2026, 11, 18, 21, 0, tzinfo=UTC)
        assert not quote.unfinished

    async def test_a_running_bars_close_is_marked(self, tmp_path: Path) -> None:
        clock = Clock(datetime(2026, 11, 18, 17, 0, tzinfo=UTC))
        provider = FakeProvider("a", shelf("a", "IWM"), capabilities=Capabilities(KINDS))
        async with a_feed(tmp_path, [provider], clock) as feed:
            quote = await feed.quote(IWM)
        assert (quote.unfinished, quote.time) == (True, clock.now)

    async def test_a_coin_and_a_first_bar(self, tmp_path: Path) -> None:
        coin = FakeProvider("k", quotes={"BTC-USD": 91_000.0}, capabilities=CRYPTO)
        async with a_feed(tmp_path, [coin]) as feed:
            assert (await feed.quote(BTC)).price == 91_000.0
        lone = {"EUR/USD": bars("EUR/USD", ["2026-11-18"], adjustment="fix")}
        async with a_feed(tmp_path, [FakeProvider("ecb", lone, capabilities=FX)]) as feed:  # type: ignore[arg-type]
            quote = await feed.quote(EURUSD)
        assert quote.previous_close is None
        assert quote.time == datetime(2026, 11, 19, tzinfo=UTC)

    async def test_providers_that_hang_leave_time_for_the_last_close(self, tmp_path: Path) -> None:
        never = asyncio.Event()

        class Hanging(FakeProvider):
            async def quote(self, query: object) -> object:  # type: ignore[override]
                await never.wait()
                return None

        async with a_feed(tmp_path, [Hanging("a", shelf("a", "IWM"))], budget=0.1) as feed:
            assert (await feed.quote(IWM)).delay == "end_of_day"

    async def test_no_prices_at_all(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a")]) as feed:
            with pytest.raises(UserError) as caught:
                await feed.quote(ZZZZ)
        assert caught.value.code == "unknown_symbol"


async def pair(
    feed: Feed, a: Symbol, b: Symbol, stand_ins: Mapping[str, Symbol] | None = None
) -> tuple[History, History, str | None]:
    """Both series of a batch of two and its note; the error of one without prices is raised."""
    found = await feed.batch((a, b), None, stand_ins)
    first, second = found.series
    for one in (first, second):
        if isinstance(one, UserError):
            raise one
    return first, second, found.note  # type: ignore[return-value]


class TestBatch:
    async def test_all_come_from_one_provider_even_where_another_has_some_in_memory(self, tmp_path: Path) -> None:
        first = FakeProvider("first", shelf("first", "IWM"))
        second = FakeProvider("second", shelf("second", "IWM", "SPY"))
        async with a_feed(tmp_path, [first, second]) as feed:
            assert (await feed.history(IWM)).bars.provider == "first"
            a, b, note = await pair(feed, IWM, SPY)
            assert (a.bars.provider, b.bars.provider, note) == ("second", "second", None)
            await pair(feed, IWM, SPY)
        assert (first.asked["IWM"], second.asked["IWM"], second.asked["SPY"]) == (1, 1, 1)

    async def test_a_provider_that_fails_for_one_is_left_for_all(self, tmp_path: Path) -> None:
        first = FakeProvider("first", {"IWM": bars(), "SPY": down("first")})
        second = FakeProvider("second", shelf("second", "IWM", "SPY"))
        async with a_feed(tmp_path, [first, second]) as feed:
            found = await feed.batch([IWM, SPY])
        assert found.provider == "second"
        assert all(isinstance(leg, History) and leg.bars.provider == "second" for leg in found.series)

    async def test_one_kind_of_adjustment_is_preferred_and_two_are_said(self, tmp_path: Path) -> None:
        mixed = FakeProvider("mixed", {"IWM": bars(adjustment="raw"), "SPY": bars("SPY", adjustment="split")})
        alike = FakeProvider("alike", shelf("alike", "IWM", "SPY"))
        async with a_feed(tmp_path / "1", [mixed, alike]) as feed:
            assert (await feed.batch([IWM, SPY])).provider == "alike"
        async with a_feed(tmp_path / "2", [mixed]) as feed:
            found = await feed.batch([IWM, SPY])
        assert found.note == "The prices compared here are adjusted in different ways (raw, split)."

    @pytest.mark.parametrize(("kind", "noted"), [("split", False), ("raw", False), ("split_dividend", True)])
    async def test_an_index_goes_with_prices_without_dividends(self, tmp_path: Path, kind: str, noted: bool) -> None:
        series = {"IWM": bars(adjustment=kind), "^GSPC": bars("^GSPC", adjustment="index")}  # type: ignore[arg-type]
        async with a_feed(tmp_path, [FakeProvider("a", series)]) as feed:  # type: ignore[arg-type]
            *_, note = await pair(feed, IWM, BOOK.symbols["^GSPC"])
        assert (note is not None) is noted

    async def test_a_symbol_without_prices_leaves_its_error_in_its_place(self, tmp_path: Path) -> None:
        async with a_feed(tmp_path, [FakeProvider("a", shelf("a", "IWM", "SPY"))]) as feed:
            found = await feed.batch([IWM, ZZZZ, SPY, IWM])
            with pytest.raises(UserError, match="no prices for ZZZZ"):
                await pair(feed, ZZZZ, IWM)
            with pytest.raises(UserError, match="no prices for ZZZZ"):
                await pair(feed, IWM, ZZZZ)
        kinds = [type(leg).__name__ for leg in found.series]
        assert kinds == ["History", "UserError", "History", "History"]
        error = found.series[1]
        assert isinstance(error, UserError)
        assert error.code == "unknown_symbol"

    async def test_stand_ins(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM", "SPY"), serves_only=frozenset({"IWM", "SPY"}))
        async with a_feed(tmp_path, [provider]) as feed:
            a, b, _ = await pair(feed, RUT, SPY, stand_ins={"^RUT": IWM})
            assert (a.stand_in, a.bars.symbol, b.stand_in) == ("IWM", "IWM", None)
            provider.fault = down("a")
            (c, d) = (await feed.batch([RUT, BTC], stand_ins={"^RUT": IWM})).series
        assert isinstance(c, History)
        assert c.stand_in == "IWM"
        assert isinstance(d, UserError)

    async def test_where_no_one_has_all_the_answer_says_so(self, tmp_path: Path) -> None:
        stocks = FakeProvider("stocks", shelf("stocks", "IWM"))
        coins = FakeProvider("coins", shelf("coins", "BTC-USD", adjustment="raw"), capabilities=CRYPTO)
        async with a_feed(tmp_path, [stocks, coins]) as feed:
            found = await feed.batch([IWM, BTC])
        assert found.provider is None
        assert found.note == "No one provider has all of these prices: IWM from stocks, BTC-USD from coins."

    async def test_when_all_fail_the_last_good_series_stand_in_with_their_age(self, tmp_path: Path) -> None:
        provider = FakeProvider("a", shelf("a", "IWM", "SPY"))
        async with a_feed(tmp_path, [provider]) as feed:
            await feed.batch([IWM, SPY])
        provider.fault = down("a")
        async with a_feed(tmp_path, [provider]) as feed:
            a, b, note = await pair(feed, IWM, SPY)
        assert (a.kept_since, b.kept_since, note) == (NOW, NOW, None)

    async def test_time_runs_out(self, tmp_path: Path) -> None:
        never = asyncio.Event()

        class Hanging(FakeProvider):
            async def history(self, query: HistoryQuery) -> Bars:
                await never.wait()
                return bars()

        async with a_feed(tmp_path, [Hanging("slow")], budget=0.05) as feed:
            found = await feed.batch([IWM, SPY])
        assert all(isinstance(leg, UserError) and leg.code == "unavailable" for leg in found.series)


async def test_sessions_are_those_of_new_york(tmp_path: Path) -> None:
    async with a_feed(tmp_path, []) as feed:
        sessions = await feed.sessions()
    assert sessions.is_session(date(2026, 11, 19))
    assert not sessions.is_session(date(2026, 11, 26))
