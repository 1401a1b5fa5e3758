"""Starting and stopping: intents, command sync, the heartbeat, and real child processes with signals."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import discord
import discord.gateway
import discord.http
import pytest

from bot.config import Config
from bot.desk import Desk, utc_now
from bot.discord_face import running as face
from bot.discord_face.client import Rangefinder
from bot.discord_face.slash import fingerprint
from bot.errors import StartupError
from bot.health import health, heartbeat_file
from tests.conftest import ROOT, OpenDesk
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord


async def synced() -> None:
    """Wait until the sync has ended, if one is under way."""
    await asyncio.gather(*(task for task in asyncio.all_tasks() if task.get_name() == "sync commands"))


async def test_commands_are_synced_only_when_they_changed(
    discord_server: LoopbackDiscord, running: Running, open_demo: OpenDesk
) -> None:
    async with open_demo() as desk, running(desk, synced=True) as bot:
        assert {entry.name for entry in bot.registry.commands} <= set(discord_server.syncs[0])
        name = f"commands-hash:{discord_server.bot.id}"
        await synced()
        assert desk.store.note(name) == fingerprint(bot.tree)
    async with open_demo() as desk, running(desk, synced=False):
        await discord_server.say(None, "!about")
        await synced()
    assert len(discord_server.syncs) == 1
    async with open_demo() as desk:
        await desk.store.keep_note(name, "of an older version")
        async with running(desk, synced=True):
            assert len(discord_server.syncs) == 2


async def test_a_failed_sync_is_logged_and_the_bot_answers(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    discord_server.fail("PUT", "/applications/*/commands", status=403)
    async with running(desk, synced=False):
        await discord_server.until(lambda: discord_server.count("PUT", "/applications/*/commands"))
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        assert "sync commands" in desk.jobs.failed
    assert desk.store.note(f"commands-hash:{discord_server.bot.id}") is None
    assert "job failed" in [record.message for record in caplog.records]


async def test_minimal_intents(discord_server: LoopbackDiscord, bot: object) -> None:
    (sent,) = discord_server.gateway.identifies
    wanted = discord.Intents(guilds=True, guild_messages=True, dm_messages=True, message_content=True)
    assert sent["intents"] == wanted.value


@asynccontextmanager
async def serving(server: LoopbackDiscord, config: Config) -> AsyncIterator[asyncio.Task[int]]:
    """`run` as the process has it, ended by a real SIGTERM."""
    before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
    pointed = attrs.evolve(
        config,
        token=type(config.token)(server.token),
        discord_api=server.api_base,
        discord_gateway=server.gateway_url,
    )
    task = asyncio.get_running_loop().create_task(face.run(pointed), name="run")
    task.add_done_callback(lambda _: server.notify())
    try:
        await server.until(lambda: task.done() or server.connected)
        yield task
    finally:
        if not task.done():
            os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait({task})
        discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before


async def test_without_message_content_it_starts_and_says_so_once(
    config: Config, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with LoopbackDiscord(privileged=()) as server:
        server.add_guild()
        ada = server.add_person()
        async with serving(server, config) as task:
            await server.until_synced()
            mention = f"{server.bot.mention} roc IWM"
            await server.no_answer(None, "!roc IWM", sentinel=mention)
            assert "IWM is " in seen(await server.say(None, mention))
            assert "IWM is " in seen(await server.say(server.dm(ada), "!roc IWM"))
            assert "IWM is " in seen((await server.slash("roc", {"symbol": "IWM"})).answer)
            (sent,) = server.gateway.identifies
            assert not sent["intents"] & discord.Intents(message_content=True).value
        assert task.result() == 0
        assert not server.violations
    told = [record for record in caplog.records if record.message == "ready"]
    assert [record.fields["asking"] for record in told] == ["mention, slash (no message content)"]  # type: ignore[attr-defined]


async def test_content_withdrawn_while_running(
    discord_server: LoopbackDiscord, config: Config, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes on without, says how it can be asked now, and counts as connected."""
    caplog.set_level("INFO")
    gateway, beat = discord_server.gateway, Rangefinder._beat

    async def told(bot: Rangefinder) -> None:
        await beat(bot)
        discord_server.notify()

    def ways() -> list[str]:
        return [r.fields["asking"] for r in caplog.records if r.message == "ready"]  # type: ignore[attr-defined]

    monkeypatch.setattr(Rangefinder, "_beat", told)
    async with serving(discord_server, config):
        await discord_server.until(lambda: ways() and health(config.data_dir, utc_now())[0])
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        discord_server.privileged.clear()
        gateway.close(4014)
        await discord_server.until(lambda: len(gateway.identifies) >= 2 and discord_server.connected)
        assert "IWM is " in seen(await discord_server.say(None, f"{discord_server.bot.mention} roc IWM"))
        await discord_server.no_answer(None, "!roc IWM", sentinel=f"{discord_server.bot.mention} about")
        await discord_server.until(lambda: len(ways()) == 2 and health(config.data_dir, utc_now())[0])
        assert ways() == ["prefix, mention, slash", "mention, slash (no message content)"]


async def test_content_refused_at_the_gateway(
    discord_server: LoopbackDiscord, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The portal's flag says granted, the gateway disagrees: the bot starts all the same."""
    from tests.loopback_discord import payloads

    told = discord_server.application()
    discord_server.privileged.clear()
    monkeypatch.setattr(payloads, "application", lambda *_: told)
    async with serving(discord_server, config) as task:
        await discord_server.until_connected(2)
        mention = f"{discord_server.bot.mention} roc IWM"
        assert "IWM is " in seen(await discord_server.say(None, mention))
        assert discord_server.gateway.closes == [4014]
    assert task.result() == 0


async def test_a_wrong_token_is_said_in_words(discord_server: LoopbackDiscord, config: Config) -> None:
    token = discord_server.token
    discord_server.token = "another"
    wrong = attrs.evolve(config, token=type(config.token)(token))
    before = discord.http.Route.BASE
    pointed = attrs.evolve(wrong, discord_api=discord_server.api_base, discord_gateway=discord_server.gateway_url)
    try:
        with pytest.raises(StartupError, match="refused the token") as refused:
            await face.run(pointed)
    finally:
        discord.http.Route.BASE = before
    assert token not in str(refused.value)
    with pytest.raises(StartupError, match="DISCORD_TOKEN is not set"):
        await face.run(config)


async def test_discord_out_of_reach_is_said_in_words(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    from aiohttp import ClientConnectionError

    async def unreachable(*_: object, **__: object) -> None:
        raise ClientConnectionError("no route")

    monkeypatch.setattr(face.Rangefinder, "login", unreachable)
    with pytest.raises(StartupError, match="cannot be reached"):
        await face.run(attrs.evolve(config, token=type(config.token)("x")))


@asynccontextmanager
async def process(server: LoopbackDiscord, data: Path) -> AsyncIterator[asyncio.subprocess.Process]:
    """`python -m bot run` as a process of its own, on simulated prices."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "RANGEFINDER_DATA": str(data),
        "RANGEFINDER_DEMO": "on",
        "RANGEFINDER_LOG_FORMAT": "json",
        **server.environment,
    }
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "run"),
        env=environment,
        cwd=data,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        await server.until(lambda: child.returncode is not None or server.connected, timeout=30)
        yield child
    finally:
        if child.returncode is None:
            child.kill()
        await child.communicate()


async def doctor(data: Path) -> tuple[int | None, str]:
    """The exit status and output of `doctor --health`."""
    child = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "doctor", "--health"),
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "RANGEFINDER_DATA": str(data)},
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await child.communicate()
    return child.returncode, said.decode()


async def test_a_real_process_from_start_to_sigterm(discord_server: LoopbackDiscord, data_dir: Path) -> None:
    assert (await doctor(data_dir))[0] == 1
    async with process(discord_server, data_dir) as child:
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        await discord_server.until_synced()
        assert heartbeat_file(data_dir).exists()
        status, said = await doctor(data_dir)
        assert (status, "alive and connected" in said) == (0, True)
        child.send_signal(signal.SIGTERM)
        out, err = await child.communicate()
        assert child.returncode == 0, err.decode()
    assert out == b""
    lines = err.decode().splitlines()
    assert '"event":"stopped"' in lines[-1]
    assert discord_server.token not in err.decode()
    assert not [line for line in lines if '"level":"ERROR"' in line or "Traceback" in line]
    assert health(data_dir, utc_now()) == (False, "the process is alive but not connected to Discord")


async def test_sigkill_loses_no_settings(discord_server: LoopbackDiscord, data_dir: Path) -> None:
    async with process(discord_server, data_dir) as child:
        told = await discord_server.say(None, "!settings prefix ?", by=discord_server.owner)
        assert "prefix is now ?" in seen(told)
        child.kill()
        await child.communicate()
    await discord_server.until(lambda: not discord_server.connected)
    async with process(discord_server, data_dir) as child:
        assert "IWM is " in seen(await discord_server.say(None, "?roc IWM"))
        child.send_signal(signal.SIGINT)
        await child.communicate()
        assert child.returncode == 0
