"""`scan` over the network works on what is kept; what is missing is fetched behind everybody, and after each close."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from pathlib import Path

import attrs
import pytest

from bot.analysis.warm_up import JOB, WarmUp, start_warm_up
from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.errors import Unavailable, UserError
from bot.market.bars import Bars
from bot.providers.contract import Capabilities, HistoryQuery
from bot.store.store import Store
from tests.commands.market_desk import ALL_KINDS, ask, ask_json, series_of, session_days, walk, with_prices
from tests.conftest import NOW
from tests.providers.building import IWM, Clock, FakeProvider

NAMES = ("IWM", "SPY", "QQQ", "ZZAA")


@dataclass
class Remote(FakeProvider):
    """A provider that is not on this machine; `held` are the symbols whose answer is still on its way."""

    capabilities: Capabilities = field(default_factory=lambda: Capabilities(ALL_KINDS))
    held: dict[str, asyncio.Event] = field(default_factory=dict)

    async def history(self, query: HistoryQuery) -> Bars:
        if query.symbol.canonical in self.held:
            await self.held[query.symbol.canonical].wait()
        return await super().history(query)


def remote(*names: str) -> Remote:
    return Remote("far", {name: series_of(name, walk(300, i), provider="far") for i, name in enumerate(names)})


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def here(desk: Desk, tmp_path: Path, clock: Clock) -> Desk:
    path = tmp_path / "mine.csv"
    path.write_text("symbol,name,kind\n" + "".join(f"{name},{name},stock\n" for name in NAMES))
    return replace(desk, config=attrs.evolve(desk.config, universe=path), clock=clock)


async def test_the_first_line_says_how_much_of_the_list_it_covers(here: Desk, registry: Registry) -> None:
    provider = remote(*NAMES)
    provider.held = {"QQQ": asyncio.Event(), "ZZAA": asyncio.Event()}
    desk = with_prices(here, provider)
    for name in ("IWM", "SPY"):
        await desk.feed.history(desk.symbols.resolve(name))
    first = await ask_json(desk, registry, "!scan")
    assert "2 of 4 symbols: " in first["text"].splitlines()[0]
    assert (first["data"]["covered"], first["data"]["symbols"]) == (2, 4)
    assert any("2 symbols more are being fetched" in note for note in first["warnings"])
    for event in provider.held.values():
        event.set()
    await desk.feed.background.wait(5)
    second = await ask_json(desk, registry, "!scan")
    assert "4 of 4 symbols" not in second["text"]
    assert (second["data"]["covered"], second["data"]["symbols"]) == (4, 4)
    assert not any("fetched" in note for note in second["warnings"])
    assert set(provider.asked.values()) == {1}


async def test_where_nothing_is_kept_the_first_are_waited_for(here: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(here, remote(*NAMES)), registry, "!scan")
    assert found["data"]["covered"] == 4


async def test_what_cannot_be_had_is_named_and_tried_again_after_an_outage_alone(
    here: Desk, registry: Registry, clock: Clock
) -> None:
    provider = remote("IWM", "SPY")
    provider.shelf["QQQ"] = Unavailable("far", "no answer in time")
    desk = with_prices(here, provider)
    for _ in range(2):
        clock.forward(minutes=2)
        found = await ask_json(desk, registry, "!scan")
        await desk.feed.background.wait(5)
    assert "2 of 4 symbols: " in found["text"]
    text = " ".join(found["warnings"])
    assert "QQQ" in text
    assert "ZZAA" in text
    assert provider.asked == {"IWM": 1, "SPY": 1, "QQQ": 2, "ZZAA": 1}


async def test_an_outage_of_all_is_told(here: Desk, registry: Registry) -> None:
    provider = remote()
    provider.fault = Unavailable("far", "no answer in time")
    reply = await ask(with_prices(here, provider), registry, "!scan")
    assert reply.error is not None
    assert "no answer in time" in reply.headline


async def test_yesterdays_bars_are_used_and_named_while_new_ones_are_fetched(
    here: Desk, registry: Registry, clock: Clock
) -> None:
    provider = remote(*NAMES)
    desk = with_prices(here, provider)
    await ask_json(desk, registry, "!scan")
    await desk.feed.background.wait(5)
    clock.forward(days=1)
    provider.held = {name: asyncio.Event() for name in NAMES}
    found = await ask_json(desk, registry, "!scan")
    assert found["data"]["covered"] == 4
    assert found["freshness"]["as_of"] == "2026-03-04"
    assert desk.feed.background.waiting == 4
    for event in provider.held.values():
        event.set()
    await desk.feed.background.wait(5)


async def test_bars_that_end_long_before_the_others_are_left_out(here: Desk, registry: Registry) -> None:
    provider = remote(*NAMES)
    provider.shelf["ZZAA"] = series_of("ZZAA", walk(300), days=session_days(400)[:300], provider="far")
    desk = with_prices(here, provider)
    await ask_json(desk, registry, "!scan")
    found = await ask_json(desk, registry, "!scan")
    assert "3 of 4 symbols: " in found["text"]
    await desk.feed.background.wait(5)


async def test_two_scans_at_once_are_one(here: Desk, registry: Registry) -> None:
    provider = remote(*NAMES)
    desk = with_prices(here, provider)
    first, second = await asyncio.gather(ask_json(desk, registry, "!scan"), ask_json(desk, registry, "!scan"))
    assert first["data"] == second["data"]
    assert set(provider.asked.values()) == {1}


class TestWarmUp:
    async def test_after_a_close_what_people_look_at_is_fetched(self, here: Desk, clock: Clock) -> None:
        provider = remote("IWM", "SPY", "QQQ", "DIA", "IWB", "IWV", "AAPL", "ZZAA")
        desk = with_prices(here, provider)
        await desk.store.change_watchlist(1, lambda _: ["AAPL", "ZZAA"])
        await desk.store.change_watchlist(2, lambda _: ["AAPL"])
        warm_up = WarmUp(desk)
        await warm_up.look()
        assert not provider.asked, "nobody has asked for a price yet"
        await desk.feed.history(IWM)
        await warm_up.look()
        await desk.feed.background.wait(5)
        assert provider.asked == dict.fromkeys(provider.shelf, 1)
        await warm_up.look()
        assert desk.feed.background.waiting == 0
        clock.forward(minutes=61)
        await warm_up.look()
        await desk.feed.background.wait(5)
        assert set(provider.asked.values()) == {1}, "what has the last close is warm"
        clock.forward(days=1)
        await warm_up.look()
        await desk.feed.background.wait(5)
        assert set(provider.asked.values()) == {2}

    async def test_what_was_asked_most_is_among_it(self, here: Desk, clock: Clock) -> None:
        provider = remote("IWM", "MSFT")
        desk = with_prices(here, provider)
        await desk.feed.history(desk.symbols.resolve("MSFT"))
        clock.forward(days=1)
        await WarmUp(desk).look()
        await desk.feed.background.wait(5)
        assert provider.asked["MSFT"] == 2

    async def test_a_database_that_refuses_costs_the_watchlists_alone(
        self, here: Desk, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        async def refuse(store: Store, most: int) -> tuple[str, ...]:
            raise UserError("no", "unavailable")

        monkeypatch.setattr(Store, "watched", refuse)
        desk = with_prices(here, provider := remote("IWM", "SPY"))
        await desk.feed.history(IWM)
        await WarmUp(desk).look()
        await desk.feed.background.wait(5)
        assert provider.asked["SPY"] == 1

    async def test_prices_on_this_machine_need_none(self, here: Desk) -> None:
        provider = remote("IWM")
        provider.capabilities = Capabilities(ALL_KINDS, local=True)
        desk = with_prices(here, provider)
        await desk.feed.history(IWM)
        await WarmUp(desk).look()
        assert desk.feed.background.waiting == 0

    async def test_it_is_one_job(self, here: Desk) -> None:
        start_warm_up(here)
        start_warm_up(here)
        assert here.jobs.names.count(JOB) == 1


async def test_the_symbols_of_all_watchlists(desk: Desk) -> None:
    await desk.store.change_watchlist(1, lambda _: ["IWM", "SPY"])
    await desk.store.change_watchlist(2, lambda _: ["SPY"])
    assert await desk.store.watched(5) == ("SPY", "IWM")
    assert await desk.store.watched(1) == ("SPY",)
