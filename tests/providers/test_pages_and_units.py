"""What the house adds around one request: patience, pages, units, and where a provider says that it may move."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from urllib.parse import urlsplit

import pytest

from bot.config import Secret
from bot.errors import BadPayload, Unavailable
from bot.providers.contract import Declaration, QuoteQuery, RemoteProvider, Request, Response
from bot.providers.factory import declared
from bot.providers.http import ConnectedProvider, Http
from bot.providers.macro.fred import FredCsv
from bot.providers.prices.alpaca import Alpaca
from bot.providers.prices.cboe import Cboe
from tests.providers.building import BOOK, IWM, NOW, query
from tests.providers.upstream import Upstream, upstream


@pytest.fixture
async def host() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


@pytest.fixture
async def http(host: Upstream) -> AsyncIterator[Http]:
    found = Http([host.address], 20.0, wait=lambda: 0.0)
    yield found
    await found.close()


def like(remote: type[Cboe], declaration: Declaration) -> Cboe:
    """A provider with another declaration."""
    found: Cboe = type("Other", (remote,), {"declaration": declaration})()
    return found


async def test_the_answer_says_where_it_was_redirected_to(host: Upstream, http: Http) -> None:
    async with upstream() as new:
        there = urlsplit(new.address).netloc
        host.fault, host.elsewhere = "redirect", f"{new.address}/b"
        moved = like(Cboe, replace(Cboe.declaration, moved_to=frozenset({there})))
        assert (await http.get(moved, Request(f"{host.address}/a"))).moved_to == there
        host.fault = "none"
        assert (await http.get(moved, Request(f"{host.address}/a"))).moved_to == ""


async def test_an_impatient_provider_is_not_waited_for(host: Upstream, http: Http) -> None:
    host.fault = "hang"
    with pytest.raises(Unavailable, match="no answer in time"):
        await http.get(like(Cboe, replace(Cboe.declaration, patience=0.05)), Request(f"{host.address}/a"))
    assert FredCsv.declaration.patience is not None
    assert FredCsv.declaration.patience < 3


def test_every_host_that_a_provider_may_move_to_is_its_own() -> None:
    for provider in declared():
        own = str(urlsplit(provider.declaration.address).hostname).split(".")[-2:]
        assert all(host.split(".")[-2:] == own for host in provider.declaration.moved_to), provider


async def test_pages_are_followed_to_the_last(http: Http) -> None:
    rows = [{"t": f"2026-11-{day}T05:00:00Z", "o": 1, "h": 2, "l": 1, "c": day / 10, "v": 1} for day in (16, 17, 18)]
    asked: list[str | None] = []

    class Unhurried:
        def wait(self, provider: RemoteProvider, count: int) -> float:
            return 0.0

    class Pages(Unhurried):
        async def get(self, provider: RemoteProvider, request: Request) -> Response:
            token = request.params.get("page_token")
            asked.append(token)
            page = {None: (rows[1:2], "p2"), "p2": (rows[:1], "p3"), "p3": (rows[2:], None)}[token]
            body = json.dumps({"bars": {"IWM": page[0]}, "next_page_token": page[1]}).encode()
            return Response(200, body, "application/json")

    class Endless(Unhurried):
        async def get(self, provider: RemoteProvider, request: Request) -> Response:
            body = json.dumps({"bars": {"IWM": rows}, "next_page_token": "again"}).encode()
            return Response(200, body, "application/json")

    alpaca = Alpaca("https://a.invalid", Secret("k"), Secret("s"))
    found = await ConnectedProvider(alpaca, Pages()).history(query(IWM))
    assert found.close.tolist() == [1.6, 1.7, 1.8]
    assert asked == [None, "p2", "p3"]
    with pytest.raises(BadPayload, match="more pages"):
        await ConnectedProvider(alpaca, Endless()).history(query(IWM))


async def test_a_yield_is_turned_to_percent(host: Upstream, http: Http) -> None:
    cboe = ConnectedProvider(Cboe(host.address), http)
    host.body = json.dumps({"data": [{"date": "2026-11-18", "close": "47.24"}]}).encode()
    found = await cboe.history(query(BOOK.symbols["^TNX"]))
    assert found.close.tolist() == [pytest.approx(4.724)]
    cells = {"current_price": 47.24, "prev_day_close": 46.9, "last_trade_time": "2026-11-18T14:59:00"}
    host.body = json.dumps({"data": cells}).encode()
    quote = await cboe.quote(QuoteQuery(BOOK.symbols["^TNX"], NOW))
    assert (quote.price, quote.previous_close) == (pytest.approx(4.724), pytest.approx(4.69))
