"""One rule says which proxy an address is asked through, and every client of the process keeps to it.

A real proxy on the loopback sees the connections; variables of the environment that Config was not made from are there
to be ignored: each client would otherwise read them by a rule of its own.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import attrs
import pytest

from bot.config import Config, read_config
from bot.desk import Desk
from bot.providers.contract import Request, Response
from bot.providers.http import Http
from bot.providers.prices.cboe import Cboe
from tests.discord_face.conftest import known, running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord
from tests.providers.upstream import Upstream, upstream
from tests.proxy import LoopbackProxy, loopback_proxy

__all__ = ["known", "running"]
NOBODY = "http://127.0.0.1:9"
NAMES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")
CLIENTS = ["aiohttp", "curl_cffi"]


@pytest.fixture
async def proxy() -> AsyncIterator[LoopbackProxy]:
    async with loopback_proxy() as found:
        yield found


@pytest.fixture
async def host() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


@pytest.fixture(autouse=True)
def _other_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that sends whoever reads it to a port where nobody is."""
    for name in NAMES:
        monkeypatch.setenv(name, NOBODY)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)


async def ask(client: str, host: Upstream, proxy_of: Callable[[str], str | None]) -> Response:
    http: Any = None
    if client == "aiohttp":
        http = Http([host.address], 20.0, wait=lambda: 0.0, proxy_of=proxy_of)
    else:
        pytest.importorskip("curl_cffi")
        from bot.providers.browser import BrowserHttp

        http = BrowserHttp([host.address], 20.0, proxy_of)
    try:
        found: Response = await http.get(Cboe(host.address), Request(f"{host.address}/a"))
    finally:
        await http.close()
    return found


@pytest.mark.parametrize("client", CLIENTS)
async def test_an_address_is_asked_through_the_proxy(client: str, host: Upstream, proxy: LoopbackProxy) -> None:
    config = read_config({"HTTP_PROXY": proxy.address, "HTTPS_PROXY": NOBODY, "NO_PROXY": "example.org"})
    assert (await ask(client, host, config.proxy_of)).body == host.body
    assert proxy.asked == [f"{host.address}/a"]


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("direct", ["127.0.0.1", "*", "example.org, 0.0.1"])
async def test_a_host_that_needs_none_is_asked_directly(
    client: str, host: Upstream, proxy: LoopbackProxy, direct: str
) -> None:
    config = read_config({"HTTP_PROXY": proxy.address, "NO_PROXY": direct})
    assert (await ask(client, host, config.proxy_of)).body == host.body
    assert not proxy.asked


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_the_config_does_not_say_is_not_read_elsewhere(client: str, host: Upstream) -> None:
    assert (await ask(client, host, Config().proxy_of)).body == host.body


@pytest.mark.parametrize("client", CLIENTS)
async def test_what_the_environment_excepts_is_not_excepted(
    client: str, host: Upstream, proxy: LoopbackProxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "*")
    config = Config(http_proxy=read_config({"HTTP_PROXY": proxy.address}).http_proxy)
    assert (await ask(client, host, config.proxy_of)).body == host.body
    assert len(proxy.asked) == 1


async def test_discord_and_its_files_are_asked_through_the_proxy(
    discord_server: LoopbackDiscord, running: Any, desk: Desk, proxy: LoopbackProxy
) -> None:
    """The REST side, the gateway and what somebody attached: `running.py` gives the client the same rule."""
    through = read_config({"HTTP_PROXY": proxy.address})
    config = attrs.evolve(desk.config, http_proxy=through.http_proxy)
    async with running(replace(desk, config=config), proxy=config.proxy_of(discord_server.origin)):
        told = await discord_server.say(None, "!weigh", files={"index.csv": b"name,market_value\nBig,3\nSmall,1\n"})
        assert "Big weighs most" in seen(told)
    asked = "\n".join(proxy.asked)
    assert "/api/v10/" in asked
    assert "/gateway/" in asked
    assert "/cdn/attachments/" in asked
