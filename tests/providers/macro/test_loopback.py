"""The macro feed over the real HTTP client, against a server on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from bot.config import Config, Secret
from bot.errors import Unavailable
from bot.jobs import Jobs
from bot.providers.factory import declared, open_feeds
from bot.store.store import Store
from tests.providers.macro.desk import Hours
from tests.providers.macro.files import ECB_CSV, EFFR, FRANKFURTER, HLW_2023, NOW, PCE_CSV, zipped

KEY = "secretsecretsecretsecretsecret00"
NAMES = [provider.declaration.name for provider in declared()]


class Server:
    """Good answers by the end of the path; everything else redirects away."""

    def __init__(self) -> None:
        self.base = ""
        self.asked: list[str] = []
        self.answers: dict[str, bytes] = {
            "/v1/2026-10-07..2026-11-21": FRANKFURTER.encode(),
            "/stats/eurofxref/eurofxref-hist.zip": zipped(ECB_CSV),
            "/api/rates/unsecured/effr/last/5.json": EFFR.encode(),
            "/graph/fredgraph.csv": PCE_CSV.encode(),
        }

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path.endswith("Holston_Laubach_Williams_current_estimates.xlsx"):
            return web.Response(body=HLW_2023)
        if request.path == "/fred/series/observations":
            return web.json_response({"error_message": f"api_key {KEY} is not registered"}, status=400)
        if request.path in self.answers:
            return web.Response(body=self.answers[request.path])
        return web.Response(status=302, headers={"Location": "https://elsewhere.example/"})


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    application = web.Application()
    application.router.add_get("/{rest:.*}", made.handle)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield made
    await runner.cleanup()


async def test_figures_over_http(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    addresses = dict.fromkeys(NAMES, server.base)
    config = Config(data_dir=tmp_path, keys={"fred-key": Secret(KEY)}, addresses=addresses, provider_timeout=20.0)
    async with Jobs() as jobs, open_feeds(config, Store(config.database_url), jobs, Hours(NOW)) as feeds:
        feed = feeds.macro
        rates = await feed.rates(frozenset({"EUR", "USD"}))
        assert (rates.provider, rates.value.rate("EUR", "USD").value) == ("frankfurter", 1.1172)
        assert (await feed.rates(frozenset({"BGN"}))).provider == "ecb"
        figures = await feed.figures()
        assert [edition.model for edition in figures.editions] == ["HLW"]
        assert figures.missing == (
            "LW: newyorkfed (it redirects to elsewhere.example)",
            "Lubik-Matthes: richmondfed (it redirects to elsewhere.example)",
        )
        assert figures.policy[0].name == "EFFR"
        assert figures.prices is not None, "the keyless download answers when the key is refused"
        with pytest.raises(Unavailable, match="redirects"):
            await feed.holdings()
        assert feed.states["fred"].down == "the key was refused"
    assert KEY not in caplog.text
    assert not holds(tmp_path, KEY.encode())


def holds(folder: Path, secret: bytes) -> bool:
    return any(secret in path.read_bytes() for path in folder.rglob("*") if path.is_file())
