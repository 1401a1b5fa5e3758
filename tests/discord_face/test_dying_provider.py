"""A provider that is killed while people in Discord go on asking."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

import pytest

from bot.providers.contract import Pace
from bot.providers.prices.nasdaq import Nasdaq
from tests.conftest import OpenDesk
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord
from tests.providers.building import Clock, fields_of
from tests.providers.serving import served
from tests.providers.upstream import upstream

THURSDAY_EVENING = datetime(2026, 11, 19, 3, 0, tzinfo=UTC)
"""Before that day's session; the newest finished session is that of 18 November, the last of the servers' days."""


async def test_a_provider_is_killed_and_comes_back_while_people_ask(
    discord_server: LoopbackDiscord,
    running: Running,
    open_demo: OpenDesk,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Nasdaq, "pace", Pace(1_000, 1.0))  # its own is a request in two seconds, which would be waited
    caplog.set_level(logging.INFO, "bot")
    clock = Clock(THURSDAY_EVENING)
    async with (
        served() as nasdaq,
        upstream() as cboe,
        open_demo(
            clock, demo=False, addresses={"nasdaq": nasdaq.address, "cboe": cboe.address}, provider_timeout=20.0
        ) as desk,
        running(desk),
    ):

        async def ask(question: str) -> str:
            told = await discord_server.say(None, question)
            return f"{seen(told)}\n{told.embed.get('footer', {}).get('text', '')}"

        assert "nasdaq" in await ask("!roc IWM 10")
        await nasdaq.kill()
        for question in ("!roc SPY 10", "!rally QQQ", "!range DIA", "!roc MSFT 10", "!chart AAPL"):
            assert "cboe" in await ask(question)
        cboe.fault = "reset"
        clock.forward(days=2)
        kept = await ask("!roc IWM 10")
        assert "IWM was " in kept
        assert "nasdaq" in kept
        assert "No provider answered; these prices were fetched 2 days ago." in kept
        assert "stale: the newest bar is of 2026-11-18" in kept
        cboe.fault = "none"
        await nasdaq.start()
        clock.forward(hours=2)
        assert "nasdaq" in await ask("!roc AMZN 10")
    told = [
        (record.message, fields_of(record)["provider"]) for record in caplog.records if "provider" in record.message
    ]
    assert told == [
        ("provider down", "nasdaq"),
        ("provider down", "cboe"),
        ("provider back", "nasdaq"),
        ("provider back", "cboe"),
    ]
