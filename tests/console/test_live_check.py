"""`doctor --live`: each provider asked once, on loopback servers that play recorded replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.config import read_config
from bot.console.live_check import LiveResult, check, live_check, missing, table
from bot.providers.contract import Declaration
from bot.providers.factory import declared, variables_of
from bot.providers.http import ConnectedProvider, Http
from bot.providers.macro.ecb import Ecb
from bot.providers.macro.newyorkfed import Effr
from bot.providers.prices.cboe import Cboe
from bot.providers.prices.nasdaq import Nasdaq
from tests.providers.building import BOOK, NOW
from tests.providers.macro.files import EFFR
from tests.providers.upstream import Upstream, upstream

REPLIES = Path(__file__).parents[1] / "providers" / "replies"


@pytest.fixture
async def host() -> AsyncIterator[Upstream]:
    async with upstream() as found:
        yield found


async def test_what_came_and_how_it_was_read(host: Upstream) -> None:
    host.body = (REPLIES / "nasdaq" / "good.json").read_bytes()
    http = Http([host.address], 5.0)
    try:
        found = await check([ConnectedProvider(Nasdaq(host.address), http)], BOOK, NOW)
    finally:
        await http.close()
    history, quote = found
    assert (history.provider, history.asked, history.good) == ("nasdaq", "history SPY", True)
    assert history.came == f"200 application/json {len(host.body)} B"
    assert history.outcome == "3 bars up to 18 Nov 2026, close 241.50"
    assert (quote.asked, quote.good, quote.outcome) == ("quote SPY", False, "not the documented shape")


async def test_redirects_figures_and_refusals_are_told(host: Upstream) -> None:
    async with upstream() as elsewhere, upstream() as bank:
        host.fault, host.elsewhere = "redirect", f"{elsewhere.address}/x"
        bank.body, bank.content_type = EFFR.encode(), ""
        moved = type("Moved", (Cboe,), {"declaration": declared_with(Cboe, urlsplit(elsewhere.address).netloc)})
        http = Http([host.address, bank.address], 5.0)
        try:
            found = await check(
                [
                    ConnectedProvider(made, http)
                    for made in (moved(host.address), Effr(bank.address), Ecb(host.address))
                ],
                BOOK,
                NOW,
            )
        finally:
            await http.close()
    rows = {(row.provider, row.asked): row for row in found}
    history = rows["cboe", "history SPY"]
    assert history.good
    assert history.came.endswith(f"kB, redirected to {urlsplit(elsewhere.address).netloc}")
    policy = rows["newyorkfed-rates", "policy"]
    assert (policy.good, policy.outcome) == (True, "2 up to 2026-11-19, 3.62")
    refused = rows["ecb", "currencies"]
    assert (refused.good, refused.came, refused.outcome) == (False, "nothing", "it redirects to 127.0.0.1")
    assert set(rows) == {
        ("cboe", "history SPY"),
        ("cboe", "quote SPY"),
        ("newyorkfed-rates", "policy"),
        ("ecb", "currencies"),
        ("ecb", "currencies-history"),
    }


async def test_reference_rates_are_counted_by_days(host: Upstream) -> None:
    host.body = (REPLIES / "ecb" / "good.zip").read_bytes()
    http = Http([host.address], 5.0)
    try:
        found = await check([ConnectedProvider(Ecb(host.address), http)], BOOK, NOW)
    finally:
        await http.close()
    assert all(row.good and "up to 2026-11-1" in row.outcome for row in found)


def declared_with(provider: type[Cboe], host: str) -> Declaration:
    return replace(provider.declaration, moved_to=frozenset({host}))


def test_the_table_and_what_is_essential() -> None:
    rows = [
        LiveResult("nasdaq", "history SPY", "200 application/json 5 kB", "21 bars", good=True),
        LiveResult("cboe", "quote SPY", "nothing", "no answer in time", good=False),
        LiveResult("ecb", "currencies", "200 application/zip 600 kB", "45", good=True),
    ]
    assert table(rows) == [
        "provider  asked        what came                   read as",
        "nasdaq    history SPY  200 application/json 5 kB   21 bars",
        "cboe      quote SPY    nothing                     ! no answer in time",
        "ecb       currencies   200 application/zip 600 kB  45",
    ]
    assert missing(rows) == ["a quote", "the policy rate"]
    assert missing([]) == ["prices of US shares", "a quote", "currencies", "the policy rate"]


async def test_the_whole_check_on_the_loopback(
    host: Upstream, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every provider there is, each sent to one host that answers a web page."""
    host.fault = "html"
    here = {variables_of(one)[0].name: host.address for one in declared()}
    config = read_config({"RANGEFINDER_DATA": str(tmp_path), "RANGEFINDER_PROVIDER_TIMEOUT": "5", **here})
    assert await live_check(config, BOOK, NOW) == 1
    told = capsys.readouterr().out.splitlines()
    assert told[-1] == "missing: prices of US shares, a quote, currencies, the policy rate"
    assert any(line.startswith("fred-csv") and "a web page instead of data" in line for line in told)


async def test_it_needs_the_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = read_config({"RANGEFINDER_DATA": str(tmp_path), "RANGEFINDER_OFFLINE": "on"})
    assert await live_check(config, BOOK, NOW) == 2
    assert "needs the network" in capsys.readouterr().err
