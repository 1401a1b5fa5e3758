"""The network feed: order, memory, disk, single flight, outages; never the network itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.config import Config, Secret
from bot.disk_cache import write_cache_file
from bot.errors import RateLimited, Unavailable, UserError
from bot.jobs import Jobs
from bot.market.rates import Quarter
from bot.providers.calendar import Calendar
from bot.providers.factory import Chain, Feeds, open_feeds
from bot.providers.figure_cache import KEPT_FIGURES
from bot.providers.macro.feed import MacroFeed
from bot.store.store import open_store
from tests.providers.macro.desk import BOOK, Answers, Hours, write
from tests.providers.macro.files import (
    ECB_CSV,
    EFFR,
    FRANKFURTER,
    HLW_2023,
    HOLDINGS,
    LM_BOOK,
    LW_BOOK,
    NOW,
    PCE_CSV,
    ok,
    zipped,
)

EURUSD = frozenset({"EUR", "USD"})
ALL = {
    "frankfurter": ok(FRANKFURTER),
    "ecb": ok(zipped(ECB_CSV)),
    "Holston_Laubach_Williams_current_estimates.xlsx": ok(HLW_2023),
    "Laubach_Williams_current_estimates.xlsx": ok(LW_BOOK),
    "richmondfed": ok(LM_BOOK),
    "newyorkfed-rates": ok(EFFR),
    "fred-csv": ok(PCE_CSV),
    "ishares": ok(HOLDINGS),
}
FeedsOpener = Callable[..., AbstractAsyncContextManager[Feeds]]
Opener = Callable[..., AbstractAsyncContextManager[MacroFeed]]


@pytest.fixture
def clock() -> Hours:
    return Hours()


@pytest.fixture
def answers() -> Answers:
    return Answers(dict(ALL))


@pytest.fixture
def opened_feeds(tmp_path: Path, answers: Answers, clock: Hours, monkeypatch: pytest.MonkeyPatch) -> FeedsOpener:
    """The feeds of the process with another client under them."""
    monkeypatch.setattr("bot.providers.http.Http", lambda *_, **__: answers)

    @asynccontextmanager
    async def make(**changes: Any) -> AsyncIterator[Feeds]:
        config = Config(data_dir=tmp_path / "data", **changes)
        async with (
            open_store(config.database_url, config.data_dir) as store,
            Jobs() as jobs,
            open_feeds(config, store, jobs, clock) as feeds,
        ):
            yield feeds

    return make


@pytest.fixture
def opened(opened_feeds: FeedsOpener) -> Opener:
    @asynccontextmanager
    async def make(**changes: Any) -> AsyncIterator[MacroFeed]:
        async with opened_feeds(**changes) as feeds:
            yield feeds.macro

    return make


async def test_the_first_source_answers_and_is_remembered(opened: Opener, answers: Answers, clock: Hours) -> None:
    async with opened() as feed:
        first = await feed.rates(EURUSD)
        assert (first.provider, first.kept_since) == ("frankfurter", None)
        assert await feed.rates(EURUSD) is first
        clock.pass_by(minutes=61)
        assert await feed.rates(EURUSD) is not first
    assert answers.asked == ["frankfurter", "frankfurter"]
    assert answers.closed == 1


async def test_a_fresh_copy_on_disk_saves_the_next_process_a_request(opened: Opener, answers: Answers) -> None:
    async with opened() as feed:
        await feed.rates(EURUSD)
    async with opened() as feed:
        found = await feed.rates(EURUSD)
    assert answers.asked == ["frankfurter"]
    assert (found.provider, found.kept_since, found.value.rate("EUR", "USD").value) == ("frankfurter", None, 1.1172)


async def test_the_next_source_is_asked_when_one_fails(opened: Opener, answers: Answers) -> None:
    del answers.by_source["frankfurter"]
    async with opened() as feed:
        assert (await feed.rates(EURUSD)).provider == "ecb"
        assert feed.states["frankfurter"].down is not None
        assert feed.states["ecb"].last_success == NOW
    assert answers.asked == ["frankfurter", "ecb"]


async def test_a_currency_or_date_that_is_not_recent_needs_the_history(opened: Opener, answers: Answers) -> None:
    async with opened() as feed:
        assert (await feed.rates(frozenset({"BGN", "EUR"}))).provider == "ecb"
        assert (await feed.rates(EURUSD, date(2025, 12, 31))).provider == "ecb"
        assert (await feed.rates(EURUSD, date(2026, 10, 29))).provider == "frankfurter"
        answers.by_source.pop("ecb")
    assert answers.asked == ["frankfurter", "ecb", "frankfurter", "frankfurter"]


async def test_what_is_recent_answers_when_the_history_is_out(opened: Opener, answers: Answers) -> None:
    del answers.by_source["ecb"]
    async with opened() as feed:
        assert (await feed.rates(frozenset({"BGN"}))).provider == "frankfurter"


async def test_an_old_copy_is_served_with_its_age(opened: Opener, answers: Answers, clock: Hours) -> None:
    async with opened() as feed:
        await feed.rates(EURUSD)
        answers.by_source.clear()
        clock.pass_by(hours=30)
        kept = await feed.rates(EURUSD)
        assert kept.kept_since == NOW
        assert "frankfurter (not reachable" in str(kept.failed)
        before = len(answers.asked)
        await feed.rates(EURUSD)
        assert len(answers.asked) == before, "not asked again for a minute"
        clock.pass_by(seconds=61)
        answers.by_source.update(ALL)
        assert (await feed.rates(EURUSD)).kept_since is None


async def test_nothing_at_all_is_unavailable(opened: Opener, answers: Answers) -> None:
    answers.by_source.clear()
    async with opened() as feed:
        with pytest.raises(Unavailable, match=r"frankfurter \(not reachable .*ecb \(not reachable"):
            await feed.rates(EURUSD, date(2026, 10, 29))
        assert (await feed.rates(EURUSD)).bundled
        with pytest.raises(Unavailable, match=r"not reachable.*; bundled with this release are only .* 2026-10-30"):
            await feed.rate_history()
        with pytest.raises(Unavailable, match="ishares"):
            await feed.holdings()


@pytest.mark.parametrize("changes", [{"offline": True}, {"demo": True}])
async def test_offline_asks_nobody(opened: Opener, answers: Answers, clock: Hours, changes: dict[str, bool]) -> None:
    async with opened(**changes) as feed:
        bundled = await feed.rates(EURUSD)
        assert (bundled.bundled, bundled.value.last_day, bundled.provider) == (True, date(2026, 10, 30), "ecb")
        with pytest.raises(
            Unavailable, match=r"^currencies: offline, and no copy is stored; bundled with this release"
        ):
            await feed.rates(EURUSD, date(2026, 10, 29))
    async with opened() as feed:
        await feed.rates(EURUSD)
    answers.asked.clear()
    clock.pass_by(days=9)
    async with opened(**changes) as feed:
        found = await feed.rates(EURUSD)
    assert (found.kept_since, str(found.failed)) == (NOW, "offline, and no copy is stored")
    assert answers.asked == []


async def test_a_thousand_askers_cause_one_fetch(opened: Opener, answers: Answers) -> None:
    answers.gate = asyncio.Event()
    async with opened() as feed, asyncio.TaskGroup() as group:
        asking = [group.create_task(feed.rates(EURUSD)) for _ in range(1000)]
        await asyncio.sleep(0)
        answers.gate.set()
    assert len({id(task.result()) for task in asking}) == 1
    assert answers.asked == ["frankfurter"]


async def test_a_cancelled_asker_does_not_take_the_others_along(opened: Opener, answers: Answers) -> None:
    answers.gate = asyncio.Event()
    async with opened() as feed, asyncio.TaskGroup() as group:
        first, second = (group.create_task(feed.rates(EURUSD)) for _ in range(2))
        await answers.started.wait()
        first.cancel()
        await asyncio.sleep(0)
        answers.gate.set()
    assert second.result().provider == "frankfurter"


async def test_an_outage_is_logged_at_its_start_and_its_end(
    opened: Opener, answers: Answers, clock: Hours, caplog: pytest.LogCaptureFixture
) -> None:
    async with opened() as feed:
        with caplog.at_level(logging.INFO, "bot.providers.breaker"):
            answers.by_source.pop("ishares")
            for _ in range(3):
                with pytest.raises(Unavailable):
                    await feed.holdings()
                clock.pass_by(minutes=2)
            answers.by_source["ishares"] = ALL["ishares"]
            await feed.holdings()
    assert [record.getMessage() for record in caplog.records] == ["provider down", "provider back"]


async def test_a_source_that_limits_rests(opened: Opener, answers: Answers, clock: Hours) -> None:
    answers.by_source = {"ishares": RateLimited("ishares", "too many requests for now", 300)}
    async with opened() as feed:
        for wait, count in ((61, 1), (61, 1), (300, 2)):
            with pytest.raises(Unavailable):
                await feed.holdings()
            assert answers.asked.count("ishares") == count if wait != 300 else True
            clock.pass_by(seconds=wait)
        with pytest.raises(Unavailable):
            await feed.holdings()
    assert answers.asked == ["ishares", "ishares"]


async def test_time_is_bounded(opened: Opener, answers: Answers) -> None:
    answers.gate = asyncio.Event()
    async with opened(price_budget=0.01) as feed:
        with pytest.raises(Unavailable, match="no answer in time"):
            await feed.holdings()


async def test_figures_come_together(opened: Opener, answers: Answers) -> None:
    async with opened() as feed:
        found = await feed.figures()
    assert [edition.model for edition in found.editions] == ["HLW", "LW", "Lubik-Matthes"]
    assert (found.policy[0].name, found.provider, found.missing, found.bundled) == ("EFFR", "newyorkfed", (), False)
    assert found.prices is not None
    assert sorted(answers.asked) == ["fred-csv", "newyorkfed", "newyorkfed", "newyorkfed-rates", "richmondfed"]


async def test_the_last_known_r_star_is_bundled(opened: Opener, answers: Answers) -> None:
    answers.by_source = {"newyorkfed-rates": ok('{"refRates":[]}'), "richmondfed": ok(LM_BOOK)}
    async with opened() as feed:
        found = await feed.figures(date(1999, 6, 1))
        assert feed.states["newyorkfed-rates"].down is None, "nothing published is an answer"
    assert (found.bundled, found.provider) == (True, "bundled")
    assert found.editions[0].values == {Quarter(2023, 2): pytest.approx(0.569, abs=5e-4)}
    assert [line.split(":")[0] for line in found.missing] == ["HLW", "LW", "policy rate", "core PCE"]


async def test_figures_say_how_old_the_oldest_copy_is(opened: Opener, answers: Answers, clock: Hours) -> None:
    async with opened() as feed:
        await feed.figures()
        answers.by_source.clear()
        clock.pass_by(days=2)
        assert (await feed.figures()).kept_since == NOW


async def test_memory_is_bounded(opened: Opener) -> None:
    async with opened() as feed:
        for back in range(KEPT_FIGURES + 5):
            await feed.rates(EURUSD, date(2026, 10, 30) + timedelta(days=back % 20, weeks=back))
        assert len(feed._figures._memory) == KEPT_FIGURES  # type: ignore[attr-defined]


async def test_a_folder_takes_the_place_of_the_network(opened: Opener, answers: Answers, tmp_path: Path) -> None:
    async with opened(macro=write(tmp_path / "macro", {"x": ECB_CSV, "y": HOLDINGS})) as feed:
        assert (await feed.rates(EURUSD)).value.days.size == 3
        assert (await feed.holdings()).provider == "ishares"
        assert (await feed.figures()).bundled
        assert list(feed.states) == ["macro folder"]
    assert answers.asked == []


KNOWN = {"newyorkfed-rates", "fred", "fred-csv"}


def chain(figure: str, **changes: Any) -> list[str]:
    """Who is asked for a figure, of those known here."""
    having = [one for one in Chain(Config(**changes), Calendar(None)).figures if figure in one.capabilities.figures]
    return [one.name for one in having if one.name in KNOWN]


def test_a_fred_key_goes_first() -> None:
    key = {"fred-key": Secret("k")}
    assert chain("core-pce") == ["fred-csv"]
    assert chain("core-pce", keys=key) == ["fred", "fred-csv"]
    assert chain("policy", keys=key) == ["newyorkfed-rates", "fred", "fred-csv"]


async def test_unreadable_copies_count_as_none_and_are_made_again(
    tmp_path: Path, opened: Opener, answers: Answers
) -> None:
    path = tmp_path / "data" / "cache" / "holdings.answer"
    fetched = NOW.isoformat()
    for facts in (
        {"provider": "nobody", "fetched": fetched},
        {"provider": "ishares", "fetched": fetched},
        {"provider": "ishares", "fetched": "yesterday"},
        {"provider": "ishares"},
        {"provider": "ishares", "fetched": (NOW + timedelta(days=1)).isoformat()},
    ):
        write_cache_file(path, b"broken", **facts)
        async with opened() as feed:
            assert (await feed.holdings()).kept_since is None
    assert answers.asked == ["ishares"] * 5
    answers.by_source.clear()
    async with opened() as feed:
        assert (await feed.holdings()).provider == "ishares", "the last of them is good again"


@pytest.mark.parametrize("damage", [b"", b"[]\n", b'{"version":0}\n', b"\xff"])
async def test_any_damage_to_a_copy_costs_a_request(
    tmp_path: Path, opened: Opener, answers: Answers, damage: bytes
) -> None:
    async with opened() as feed:
        await feed.holdings()
    (tmp_path / "data" / "cache" / "holdings.answer").write_bytes(damage)
    async with opened() as feed:
        assert (await feed.holdings()).kept_since is None
    assert answers.asked == ["ishares", "ishares"]


class TestOneDownload:
    """The bank's one file serves the currency command and the prices of every pair."""

    async def test_it_serves_every_pair_and_the_rates_for_six_hours(
        self, opened_feeds: FeedsOpener, answers: Answers, clock: Hours
    ) -> None:
        del answers.by_source["frankfurter"]
        async with opened_feeds() as feeds:
            asked = (feeds.prices.history(BOOK.resolve(pair)) for pair in ("EUR/USD", "USD/JPY", "JPY/EUR"))
            found = await asyncio.gather(*asked)
            assert [one.bars.symbol for one in found] == ["EUR/USD", "USD/JPY", "JPY/EUR"]
            assert {(one.bars.provider, one.bars.adjustment) for one in found} == {("ecb", "fix")}
            assert found[0].bars.close[-1] == 1.1172
            assert (await feeds.macro.rates(frozenset({"BGN"}))).provider == "ecb"
            assert answers.asked.count("ecb") == 2, "once for all histories, once for the recent rates"
            clock.pass_by(hours=5, minutes=59)
            await feeds.prices.history(BOOK.resolve("EUR/USD"))
            assert answers.asked.count("ecb") == 2
            clock.pass_by(minutes=61)
            await feeds.prices.history(BOOK.resolve("EUR/USD"))
            assert answers.asked.count("ecb") == 3

    async def test_an_outage_is_the_provider_s_and_the_last_good_series_is_served(
        self, opened_feeds: FeedsOpener, answers: Answers, clock: Hours
    ) -> None:
        del answers.by_source["frankfurter"]
        async with opened_feeds() as feeds:
            with pytest.raises(UserError, match="no reference rates of CHF"):
                await feeds.prices.history(BOOK.resolve("EUR/CHF"))
            await feeds.prices.history(BOOK.resolve("EUR/USD"))
        answers.by_source.clear()
        clock.pass_by(days=2)
        async with opened_feeds() as feeds:
            kept = await feeds.prices.history(BOOK.resolve("EUR/USD"))
            assert kept.kept_since == NOW
            assert kept.failures.count("ecb (") == 1
            assert feeds.prices.states["ecb"].down is not None
        async with opened_feeds() as feeds:
            with pytest.raises(UserError) as caught:
                await feeds.prices.history(BOOK.resolve("GBP/USD"))
        assert caught.value.code == "unavailable"
