"""The fault table: what a person sees, with real requests to faulty servers on the loopback.

Two providers, Nasdaq and Cboe, as in a keyless process. `asked` says how many requests each fault costs; nothing here
waits longer than the budget, which is short, and nothing measures time.
"""

from __future__ import annotations

import asyncio
import json
import logging
import tracemalloc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.config import Secret
from bot.errors import UserError
from bot.providers.contract import Pace, RemoteProvider
from bot.providers.feed import Feed
from bot.providers.http import MAX_BODY, ConnectedProvider, Http
from bot.providers.prices.binance import Binance
from bot.providers.prices.cboe import Cboe
from bot.providers.prices.nasdaq import Nasdaq
from bot.providers.prices.tiingo import Tiingo
from tests.providers.building import BTC, IWM, NOW, SPY, Clock, a_feed, fields_of
from tests.providers.serving import nasdaq_reply
from tests.providers.upstream import Fault, Upstream, upstream

KEY = "SECRETKEY123"
HASTY, PATIENT = 0.05, 20.0
FAST = Pace(1_000, 1.0)


class FastNasdaq(Nasdaq):
    pace = FAST


@asynccontextmanager
async def over_http(
    folder: Path,
    sources: Sequence[RemoteProvider],
    timeouts: Sequence[float] = (PATIENT, PATIENT),
    *,
    budget: float = PATIENT,
    clock: Clock | None = None,
) -> AsyncIterator[Feed]:
    """A feed over real requests; each source has its own timeout, so that a hasty one hurries no other."""
    opened = [
        Http([source.base_url], timeout, wait=lambda: 0.0) for source, timeout in zip(sources, timeouts, strict=False)
    ]
    providers = [ConnectedProvider(source, http) for source, http in zip(sources, opened, strict=True)]
    try:
        async with a_feed(folder, providers, clock, budget=budget) as feed:
            yield feed
    finally:
        for http in opened:
            await http.close()


@pytest.fixture
async def hosts() -> AsyncIterator[tuple[Upstream, Upstream]]:
    async with upstream() as nasdaq, upstream() as cboe:
        nasdaq.body = nasdaq_reply()
        yield nasdaq, cboe


FAULTS: list[tuple[Fault, str, int, float]] = [
    ("hang", "no answer in time", 1, HASTY),
    ("hang_in_body", "no answer in time", 1, HASTY),
    ("reset", "the connection broke", 2, PATIENT),
    ("limited", "too many requests for now", 1, PATIENT),
    ("limited_for", "too many requests for now", 1, PATIENT),
    ("error", "it answered with status 502", 2, PATIENT),
    ("html", "a web page instead of data", 1, PATIENT),
    ("cut_json", "the answer is cut off or not JSON", 1, PATIENT),
    ("too_short", "the answer broke off", 1, PATIENT),
    ("too_long", "a malformed answer", 1, PATIENT),
    ("gzip_bomb", "the answer is too large", 1, PATIENT),
    ("huge", "the answer is too large", 1, PATIENT),
    ("redirect", "it redirects to 127.0.0.1", 1, PATIENT),
]


@pytest.mark.parametrize(("fault", "reason", "asked", "limit"), FAULTS)
class TestFaultTable:
    async def test_both_providers_have_it(
        self, tmp_path: Path, hosts: tuple[Upstream, Upstream], fault: Fault, reason: str, asked: int, limit: float
    ) -> None:
        nasdaq, cboe = hosts
        nasdaq.fault = cboe.fault = fault
        sources = [FastNasdaq(nasdaq.address), Cboe(cboe.address)]
        async with over_http(tmp_path, sources, (limit, limit)) as feed:
            tracemalloc.start()
            try:
                with pytest.raises(UserError) as caught:
                    await feed.history(IWM)
                _, peak = tracemalloc.get_traced_memory()
            finally:
                tracemalloc.stop()
        assert caught.value.code == "unavailable"
        assert caught.value.message == f"Prices for IWM are not available from nasdaq ({reason}), cboe ({reason})."
        assert (nasdaq.total, cboe.total) == (asked, asked)
        assert peak < 4 * MAX_BODY

    async def test_one_has_it_and_the_other_answers(
        self, tmp_path: Path, hosts: tuple[Upstream, Upstream], fault: Fault, reason: str, asked: int, limit: float
    ) -> None:
        nasdaq, cboe = hosts
        nasdaq.fault = fault
        sources = [FastNasdaq(nasdaq.address), Cboe(cboe.address)]
        async with over_http(tmp_path, sources, (limit, PATIENT)) as feed:
            found = await feed.history(IWM)
            state = feed.states["nasdaq"]
        assert (found.bars.provider, found.kept_since) == ("cboe", None)
        assert state.down == reason

    async def test_both_have_it_and_the_last_good_series_is_served(
        self, tmp_path: Path, hosts: tuple[Upstream, Upstream], fault: Fault, reason: str, asked: int, limit: float
    ) -> None:
        nasdaq, cboe = hosts
        sources = [FastNasdaq(nasdaq.address), Cboe(cboe.address)]
        clock = Clock()
        async with over_http(tmp_path, sources, clock=clock) as feed:
            good = (await feed.history(IWM)).bars
        nasdaq.fault = cboe.fault = fault
        clock.forward(hours=2)
        async with over_http(tmp_path, sources, (limit, limit), clock=clock) as feed:
            kept = await feed.history(IWM)
            assert (kept.kept_since, kept.bars.close.tolist()) == (NOW, good.close.tolist())
            assert kept.failures == f"nasdaq ({reason}), cboe ({reason})"
        nasdaq.fault = cboe.fault = "none"
        async with over_http(tmp_path, sources, clock=clock) as feed:
            assert (await feed.history(IWM)).kept_since is None


async def test_a_thousand_people_at_once_cost_one_request(tmp_path: Path, hosts: tuple[Upstream, Upstream]) -> None:
    _, cboe = hosts
    cboe.hold = asyncio.Event()
    async with over_http(tmp_path, [Cboe(cboe.address)]) as feed:
        async with asyncio.TaskGroup() as group:
            people = [group.create_task(feed.history(IWM)) for _ in range(1_000)]
            await cboe.arrived.wait()
            people += [group.create_task(feed.history(IWM)) for _ in range(10)]
            await asyncio.sleep(0)
            cboe.hold.set()
        again = await asyncio.gather(*(feed.history(IWM) for _ in range(1_000)))
    assert cboe.total == 1
    assert len({id(person.result().bars) for person in people}) == 1
    assert len({id(found.bars) for found in again}) == 1


async def test_the_whole_budget_is_never_exceeded_by_providers_that_hang(
    tmp_path: Path, hosts: tuple[Upstream, Upstream]
) -> None:
    nasdaq, cboe = hosts
    nasdaq.fault = cboe.fault = "hang"
    sources = [FastNasdaq(nasdaq.address), Cboe(cboe.address)]
    async with over_http(tmp_path, sources, (0.3, 0.3), budget=0.05) as feed:
        with pytest.raises(UserError) as caught:
            await feed.history(IWM)
    assert caught.value.message == "Prices for IWM are not available from nasdaq (no answer in time)."
    assert cboe.total == 0


async def test_a_provider_that_dies_and_comes_back_is_two_log_lines(
    tmp_path: Path, hosts: tuple[Upstream, Upstream], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "bot")
    nasdaq, cboe = hosts
    clock = Clock()
    sources = [FastNasdaq(nasdaq.address), Cboe(cboe.address)]
    async with over_http(tmp_path, sources, clock=clock) as feed:
        for fault in ("none", "reset", "html", "reset", "hang", "none", "none"):
            nasdaq.fault = fault if fault != "hang" else "reset"  # type: ignore[assignment]
            assert (await feed.history(IWM)).bars.provider in {"nasdaq", "cboe"}
            clock.forward(hours=1)
    lines = [(record.message, fields_of(record)["provider"]) for record in caplog.records]
    assert lines == [("provider down", "nasdaq"), ("provider back", "nasdaq")]


async def test_no_key_reaches_a_log_an_error_or_a_reply(
    tmp_path: Path, hosts: tuple[Upstream, Upstream], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    host, _ = hosts
    host.body, host.content_type = json.dumps({"detail": f"bad token {KEY}"}).encode(), "application/json"
    source = Tiingo(host.address, Secret(KEY))
    seen: list[str] = []
    faults: tuple[Fault, ...] = ("none", "html", "reset", "redirect", "error", "limited")
    for number, fault in enumerate(faults):
        host.fault = fault
        async with over_http(tmp_path / str(number), [source]) as feed:
            with pytest.raises(UserError) as caught:
                await feed.history(IWM)
            seen += [caught.value.message, repr(caught.value), repr(feed.states), repr(source)]
    assert host.total >= len(faults)
    assert KEY not in "".join(seen)
    assert KEY not in caplog.text


async def test_our_own_pace_is_no_outage(tmp_path: Path, hosts: tuple[Upstream, Upstream]) -> None:
    nasdaq, cboe = hosts

    class Slow(Nasdaq):
        pace = Pace(1, 3_600.0)

    async with over_http(tmp_path, [Slow(nasdaq.address), Cboe(cboe.address)]) as feed:
        assert (await feed.history(IWM)).bars.provider == "nasdaq"
        assert (await feed.history(SPY)).bars.provider == "cboe"
        assert feed.states["nasdaq"].down is None


async def test_a_host_elsewhere_is_never_asked(tmp_path: Path, hosts: tuple[Upstream, Upstream]) -> None:
    first, second = hosts
    first.fault, first.elsewhere = "redirect", second.address
    async with over_http(tmp_path, [Tiingo(first.address, Secret(KEY))]) as feed:
        with pytest.raises(UserError, match=r"redirects to 127\.0\.0\.1"):
            await feed.history(IWM)
    assert second.total == 0


async def test_a_coin_in_parts_counts_three_requests(tmp_path: Path, hosts: tuple[Upstream, Upstream]) -> None:
    host, _ = hosts
    host.body = b"[]"
    async with over_http(tmp_path, [Binance(host.address)]) as feed:
        with pytest.raises(UserError) as caught:
            await feed.history(BTC)
    assert caught.value.code == "unknown_symbol"
    assert host.total == 3


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"X-RateLimit-Remaining": "\u00b2"}, b"{}"),
        ({"X-RateLimit-Remaining": "1" * 5_000, "Retry-After": "\u00b2"}, b"{}"),
        (
            {},
            b'{"data":{"tradesTable":{"rows":[{"date":"01/01/0000","close":"1","open":"1"}]}},"status":{"rCode":200}}',
        ),
        ({}, b'{"data":{"tradesTable":{"rows":[[]]}},"status":{"rCode":[]}}'),
        ({}, b'{"data":{"tradesTable":{"rows":{"1e308":9}}},"status":{"rCode":200}}'),
    ],
)
async def test_one_malformed_answer_takes_no_symbol_down(
    tmp_path: Path, hosts: tuple[Upstream, Upstream], headers: dict[str, str], body: bytes
) -> None:
    nasdaq, cboe = hosts
    nasdaq.headers, nasdaq.body = headers, body
    async with over_http(tmp_path, [FastNasdaq(nasdaq.address), Cboe(cboe.address)]) as feed:
        assert (await feed.history(IWM)).bars.provider == "cboe"
        assert feed.states["nasdaq"].failures == 1
