"""The gateway: sessions, resumes, compression, intents, close codes; with a real discord.py."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import aiohttp
import discord
import discord.utils
import pytest

from tests.loopback_discord import LoopbackDiscord
from tests.loopback_discord.example_bot import make_bot

if TYPE_CHECKING:
    from discord.ext import commands


class ZlibContext:
    """discord.py's own, which it does not define where zstandard is installed."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self.stream = zlib.decompressobj()

    def decompress(self, frame: bytes, /) -> str | None:
        assert frame.endswith(b"\0\0\xff\xff")
        return self.stream.decompress(frame).decode()


@pytest.mark.parametrize("kind", ["zlib-stream", "zstd-stream"])
async def test_compression(discord_server: LoopbackDiscord, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    if kind == "zlib-stream":
        monkeypatch.setattr(discord.utils, "_ActiveDecompressionContext", ZlibContext)
    async with discord_server.running(make_bot()):
        for number in range(3):
            assert (await discord_server.say(None, f"!echo {number}")).content == str(number)
    assert discord_server.gateway.compressions == [kind]


async def resumed(server: LoopbackDiscord) -> None:
    await server.until(lambda: server.gateway.resumes and server.connected, "a resume")


async def test_resume_replays_what_was_missed(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        await discord_server.say(None, "!ping")
        discord_server.gateway.drop()
        assert (await discord_server.say(None, "!echo missed")).content == "missed"
        await resumed(discord_server)
        assert len(discord_server.gateway.identifies) == 1
        said = [one.content for one in discord_server.place(None).log if one.author is discord_server.bot]
        assert said == ["pong", "missed"]


async def test_reconnect_on_op_7(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        discord_server.gateway.reconnect()
        await resumed(discord_server)
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert len(discord_server.gateway.identifies) == 1


@pytest.mark.parametrize("resumable", [True, False])
async def test_invalid_session_op_9(discord_server: LoopbackDiscord, resumable: bool) -> None:
    gateway = discord_server.gateway
    async with discord_server.running(make_bot()):
        gateway.invalidate(resumable=resumable)
        await discord_server.until(lambda: gateway.resumes if resumable else len(gateway.identifies) == 2)
        await discord_server.until_connected()
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert (len(gateway.identifies), len(gateway.resumes)) == ((1, 1) if resumable else (2, 0))


async def test_refused_resume_identifies_anew(discord_server: LoopbackDiscord) -> None:
    gateway = discord_server.gateway
    async with discord_server.running(make_bot()):
        gateway.refuse_resume = True
        gateway.drop()
        await discord_server.until_connected(2)
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert len(gateway.identifies) == 2


async def test_heartbeats_and_a_dead_connection(discord_server: LoopbackDiscord) -> None:
    gateway = discord_server.gateway
    gateway.heartbeat_interval = 0.05
    async with discord_server.running(make_bot(heartbeat_timeout=0.2)):
        await discord_server.until(lambda: gateway.heartbeats >= 4, "heartbeats")
        gateway.acknowledge = False
        await discord_server.until(lambda: gateway.resumes, "a resume of the dead connection")
        gateway.acknowledge = True
        await discord_server.until_connected()


@pytest.mark.parametrize("code", [4000, 4008, 1000])
async def test_close_codes_that_reconnect(discord_server: LoopbackDiscord, code: int) -> None:
    async with discord_server.running(make_bot()):
        discord_server.gateway.close(code)
        await discord_server.until(lambda: len(discord_server.gateway.compressions) == 2, "a reconnect")
        await discord_server.until_connected()
        assert (await discord_server.say(None, "!ping")).content == "pong"
        assert len(discord_server.gateway.resumes) == 1


async def test_disallowed_intent() -> None:
    async with LoopbackDiscord(privileged=()) as server:
        server.add_guild()
        with pytest.raises(discord.PrivilegedIntentsRequired):
            async with server.running(make_bot()):
                pass
        assert server.gateway.closes == [4014]
        assert not server.violations


async def test_bad_token(discord_server: LoopbackDiscord) -> None:
    discord_server.token = "another"
    with pytest.raises(discord.LoginFailure):
        async with discord_server.running(BadToken.bot()):
            pass
    async with aiohttp.ClientSession() as web, web.ws_connect(discord_server.gateway_url) as socket:
        await socket.receive()
        await socket.send_json({"op": 2, "d": {"token": "wrong", "intents": 0, "shard": [0, 1]}})
        assert (await socket.receive()).type is aiohttp.WSMsgType.CLOSE
        assert socket.close_code == 4004


class BadToken:
    """Makes a bot that starts with a token of its own choice."""

    @staticmethod
    def bot() -> commands.AutoShardedBot:
        bot = make_bot()
        start = bot.start

        async def wrong(token: str, **_: object) -> None:
            await start(token + "x")

        bot.start = wrong  # type: ignore[method-assign, assignment]
        return bot


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ({"op": 3, "d": {}}, 4003),
        ({"op": 2, "d": {"token": "loopback.bot.token", "intents": -1}}, 4013),
        ({"op": 2, "d": {"token": "loopback.bot.token", "intents": 0, "shard": [2, 1]}}, 4010),
        ({"op": 2, "d": {"x": "x" * 5000}}, 4002),
    ],
)
async def test_other_close_codes(discord_server: LoopbackDiscord, frame: dict[str, object], code: int) -> None:
    async with aiohttp.ClientSession() as web, web.ws_connect(discord_server.gateway_url) as socket:
        await socket.receive()
        await socket.send_json(frame)
        await socket.receive()
        assert socket.close_code == code


async def test_content_only_with_the_intent(discord_server: LoopbackDiscord) -> None:
    heard: list[tuple[str, int]] = []
    bot = make_bot(intents=discord.Intents.default())

    @bot.listen()
    async def on_message(message: discord.Message) -> None:
        heard.append((message.content, len(message.attachments)))

    async with discord_server.running(bot):
        await discord_server.post(None, "secret", files={"a.txt": b"a"})
        spoken = f"{discord_server.bot.mention} ping"
        await discord_server.say(None, spoken)
        await discord_server.say(discord_server.dm(discord_server.person(None)), "!ping")
        await discord_server.until(lambda: len(discord_server.gateway.sessions))
    assert heard[0] == ("", 0)
    assert (spoken, 0) in heard
    assert ("!ping", 0) in heard
    assert ("pong", 0) in heard


async def test_events_need_their_intent(discord_server: LoopbackDiscord) -> None:
    intents = discord.Intents.none()
    intents.guilds = True
    async with discord_server.running(make_bot(intents=intents)) as bot:
        await discord_server.post(None, "unheard")
        (session,) = discord_server.gateway.sessions.values()
        assert [event for _, event, _ in session.log] == ["READY", "GUILD_CREATE"]
        assert len(bot.guilds) == 1
        discord_server.add_guild("Second")
        await discord_server.slash("define", {"term": "x"})
        assert len(bot.guilds) == 2
        discord_server.remove_bot(next(iter(discord_server.guilds.values())))
        await discord_server.slash(
            "define",
            {"term": "x"},
            channel=list(discord_server.channels.values())[-1],
            by=discord_server.owner,
        )
        assert len(bot.guilds) == 1


async def test_shards() -> None:
    async with LoopbackDiscord(shards=2) as server:
        server.add_guild("even", shard=(0, 2))
        odd = server.add_guild("odd", shard=(1, 2))
        server.add_person()
        bot = make_bot()
        async with server.running(bot):
            assert sorted(one["shard"] for one in server.gateway.identifies) == [[0, 2], [1, 2]]
            assert {guild.name: guild.shard_id for guild in bot.guilds} == {"even": 0, "odd": 1}
            assert (await server.say(next(iter(odd.channels.values())), "!ping")).content == "pong"
        assert not server.violations


async def test_members_by_request(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()) as bot:
        (guild,) = bot.guilds
        assert guild.get_member(discord_server.person(None).id) is None
        found = await guild.query_members("ada")
        assert [member.display_name for member in found] == ["Ada"]
        assert (await guild.fetch_member(found[0].id)).id == found[0].id
        await bot.change_presence(activity=discord.Game("markets"))
        await discord_server.until(lambda: discord_server.gateway.presences)
