"""Messages: a real discord.py against the loopback."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp
import discord
import pytest

from tests.loopback_discord.example_bot import make_bot
from tests.loopback_discord.wire import NoAnswer, Refused

if TYPE_CHECKING:
    from tests.loopback_discord.server import LoopbackDiscord

ROOT = Path(__file__).resolve().parents[2]


async def test_says_and_hears(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()) as bot:
        channel = next(iter(discord_server.channels.values()))
        asked = await discord_server.post(channel, "!ping")
        answer = await discord_server.answer_to(asked)
        assert answer.content == "pong"
        assert answer.reply_to is asked
        assert answer.author is discord_server.bot
        assert bot.user is not None
        assert bot.user.id == discord_server.bot.id
        assert discord_server.count("POST", "/channels/{channel_id}/messages") == 1
        info = await bot.application_info()
        assert info.owner.id == discord_server.owner.id
        assert "define" in discord_server.syncs[0]
        assert len(discord_server.syncs) == 1


async def test_mention_reply_dm_and_edit(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        ada = discord_server.person(None)
        assert (await discord_server.say(None, f"{discord_server.bot.mention} ping")).content == "pong"
        private = discord_server.dm(ada)
        assert (await discord_server.say(private, "!ping")).content == "pong"
        await discord_server.say(None, "!revise")
        revised = next(one for one in discord_server.place(None).log if one.content in {"first", "second"})
        await discord_server.until_edited(revised)
        assert revised.content == "second"
        assert [one["content"] for one in revised.versions] == ["first", "second"]
        asked = next(one for one in discord_server.place(None).log if one.content == "!revise")
        await discord_server.until(lambda: asked.reactions, "a reaction")
        assert discord_server.place(None).typing == 1
        await discord_server.post(None, "!whisper")
        await discord_server.until(lambda: any(one.content == "psst" for one in private.log), "a direct message")


async def test_said_twice_at_once(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        answers = await asyncio.gather(*(discord_server.say(None, f"!echo {n}") for n in range(5)))
        assert {answer.content for answer in answers} == set("01234")


async def test_files_both_ways(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        chart = await discord_server.say(None, "!chart")
        assert chart.files["bars.csv"] == b"a,b\n1,2\n"
        assert chart.files["iwm.png"].startswith(b"\x89PNG")
        assert [one["filename"] for one in chart.attachments] == ["bars.csv"]
        assert chart.embed["image"]["url"].startswith(discord_server.origin)
        async with aiohttp.ClientSession() as web, web.get(chart.embed["image"]["url"]) as picture:
            assert await picture.read() == chart.files["iwm.png"]
        assert (await discord_server.say(None, "!read", files={"q.txt": b"question"})).content == "question"
        assert discord_server.requests_to("POST", "/channels/{channel_id}/messages")[0].multipart


async def test_pings(discord_server: LoopbackDiscord) -> None:
    ada = discord_server.person(None)
    async with discord_server.running(make_bot()):
        loud = await discord_server.say(None, f"!echo {ada.mention} @everyone")
        assert loud.pinged == {str(ada.id), "everyone"}
        mild = await discord_server.say(None, f"!safe {ada.mention} @everyone")
        assert mild.pinged == set()
        assert mild.data["mentions"] == []
        assert mild.allowed_mentions == {"parse": []}


async def test_quiet(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()):
        await discord_server.no_answer(None, "good morning", sentinel="!ping")
        with pytest.raises(AssertionError, match="not quiet"):
            await discord_server.no_answer(None, "!echo hello", sentinel="!ping")
        with pytest.raises(NoAnswer, match="an answer to"):
            await discord_server.say(None, "good morning", timeout=0.05)


@pytest.mark.parametrize(
    ("text", "code"),
    [("x" * 2001, 50035), (" \n", 50006)],
)
async def test_refuses_what_discord_refuses(discord_server: LoopbackDiscord, text: str, code: int) -> None:
    async with discord_server.running(make_bot()) as bot:
        channel = bot.get_channel(discord_server.place(None).id)
        assert isinstance(channel, discord.TextChannel)
        with pytest.raises(discord.HTTPException) as refused:
            await channel.send(text)
        assert refused.value.code == code
    assert [fault.kind for fault in discord_server.forgive()] == ["limit"]


async def test_permissions(discord_server: LoopbackDiscord) -> None:
    channel = discord_server.add_channel("quiet")
    discord_server.lacks(channel, "embed_links")
    async with discord_server.running(make_bot()) as bot:
        assert (await discord_server.say(channel, "!card")).embeds == []
        seen = bot.get_channel(channel.id)
        assert isinstance(seen, discord.TextChannel)
        assert not seen.permissions_for(seen.guild.me).embed_links
        with pytest.raises(discord.Forbidden) as refused:
            await seen.send(embed=discord.Embed(title="x"))
        assert refused.value.code == 50013
        for lacking, code in (("send_messages", 50013), ("view_channel", 50001)):
            discord_server.lacks(channel, lacking)
            with pytest.raises(discord.Forbidden) as refused:
                await seen.send("x")
            assert refused.value.code == code
        await discord_server.no_answer(None, "hm", sentinel="!ping")
        discord_server.lacks(channel, "attach_files")
        with pytest.raises(discord.Forbidden):
            await seen.send(file=discord.File(ROOT / "pyproject.toml"))
        discord_server.lacks(channel)
        assert (await discord_server.say(channel, "!card")).embed["title"] == "r*"


async def test_reply_to_a_deleted_message(discord_server: LoopbackDiscord) -> None:
    async with discord_server.running(make_bot()) as bot:
        channel = bot.get_channel(discord_server.place(None).id)
        assert isinstance(channel, discord.TextChannel)
        gone = await discord_server.post(None, "gone")
        await discord_server.delete(gone)
        reference = discord.MessageReference(message_id=gone.id, channel_id=channel.id, fail_if_not_exists=False)
        assert (await channel.send("still", reference=reference)).type is discord.MessageType.default
        reference.fail_if_not_exists = True
        with pytest.raises(discord.HTTPException):
            await channel.send("never", reference=reference)
    discord_server.forgive()


async def test_people_are_held_to_the_rules(discord_server: LoopbackDiscord) -> None:
    stranger = discord_server.add_person("Eve", member=False)
    with pytest.raises(Refused, match="not in"):
        await discord_server.post(None, "hi", by=stranger)
    with pytest.raises(Refused, match="2001"):
        await discord_server.post(None, "x" * 2001)


async def test_bot_in_a_process_of_its_own(discord_server: LoopbackDiscord) -> None:
    environment = {**os.environ, **discord_server.environment, "PYTHONPATH": str(ROOT)}
    script = str(Path(__file__).with_name("example_bot.py"))
    child = await asyncio.create_subprocess_exec(sys.executable, script, env=environment)
    try:
        await discord_server.until_connected()
        assert (await discord_server.say(None, "!ping")).content == "pong"
    finally:
        child.kill()
        await child.wait()
    await discord_server.until(lambda: not discord_server.connected, "the death noticed")
