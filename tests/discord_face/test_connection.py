"""The connection: resumes, op 7 and op 9, rate limits and faults of Discord's."""

from __future__ import annotations

import asyncio

import pytest

from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.store.store import open_store
from tests.conftest import HeldFeed
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord

MESSAGES = "/channels/{channel_id}/messages"


async def test_resume_loses_no_question(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    await discord_server.say(None, "!define rally")
    discord_server.gateway.drop()
    typed = await discord_server.post(None, "!roc IWM")
    asked = await discord_server.post(None, f"{discord_server.bot.mention} define range")
    assert "IWM is " in seen(await discord_server.answer_to(typed))
    assert await discord_server.answer_to(asked)
    assert len(discord_server.gateway.resumes) == 1
    assert len(discord_server.gateway.identifies) == 1
    said = [one for one in discord_server.place(None).log if one.author is discord_server.bot]
    assert len(said) == 3
    assert len(discord_server.syncs) <= 1


async def test_an_answer_under_way_survives_a_dropped_socket(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, HeldFeed]
) -> None:
    desk, feed = held
    async with running(desk):
        asked = await discord_server.post(None, "!roc IWM")
        await feed.asked.wait()
        discord_server.gateway.drop()
        feed.gate.set()
        assert "IWM is " in seen(await discord_server.answer_to(asked))


async def test_reconnect_when_told_to(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    gateway = discord_server.gateway
    gateway.reconnect()
    await discord_server.until(lambda: gateway.resumes and discord_server.connected)
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert len(gateway.identifies) == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_invalid_session(discord_server: LoopbackDiscord, bot: Rangefinder, resumable: bool) -> None:
    gateway = discord_server.gateway
    gateway.invalidate(resumable=resumable)
    await discord_server.until(lambda: gateway.resumes if resumable else len(gateway.identifies) == 2)
    await discord_server.until_connected()
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert "IWM is " in seen((await discord_server.slash("roc", {"symbol": "IWM"})).answer)
    assert len(discord_server.syncs) <= 1
    assert list(bot.desk.jobs.names).count("heartbeat") == 1


@pytest.mark.parametrize("everywhere", [False, True])
async def test_429_is_survived(discord_server: LoopbackDiscord, bot: Rangefinder, everywhere: bool) -> None:
    discord_server.rate_limit("POST", MESSAGES, times=2, everywhere=everywhere)
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert [call.status for call in discord_server.requests_to("POST", MESSAGES)] == [429, 429, 200]
    discord_server.rate_limit("POST", "/interactions/*/callback")
    assert "IWM is " in seen((await discord_server.slash("roc", {"symbol": "IWM"})).answer)


async def test_502_is_survived(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    discord_server.fail("POST", MESSAGES)
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert [call.status for call in discord_server.requests_to("POST", MESSAGES)] == [502, 200]


async def test_a_shard_between_two_connections_is_not_healthy(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    from bot.health import health

    folder, now = bot.desk.config.data_dir, bot.desk.clock()
    await bot._beat()
    assert health(folder, now) == (True, "alive and connected, heartbeat 0 seconds old")
    (shard,) = bot.shards.values()
    await shard.disconnect()
    await bot._beat()
    assert health(folder, now) == (False, "the process is alive but not connected to Discord")


async def test_a_prefix_that_another_process_set_is_answered_to(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.discord_face.client.REFRESH_SECONDS", 0.01)
    guild, looked = next(iter(discord_server.guilds)), asyncio.Event()
    look = desk.store.refresh

    async def refresh() -> None:
        await look()
        if desk.store.settings(guild).prefix == "?":
            looked.set()

    monkeypatch.setattr(desk.store, "refresh", refresh)
    async with running(desk):
        async with open_store(desk.config.database_url, desk.config.data_dir) as other:
            await other.change_setting(guild, "prefix", "?")
        await asyncio.wait_for(looked.wait(), 5.0)
        assert "IWM is " in seen(await discord_server.say(None, "?roc IWM"))
