"""Missing rights: answers in plain text, without files, by direct message; each told once, in words."""

from __future__ import annotations

import pytest

from bot.commands.declaration import Registry, command
from bot.desk import Caller, Desk
from bot.discord_face.client import Rangefinder
from bot.render.reply import Attachment, Reply
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen, unmarked
from tests.loopback_discord import LoopbackDiscord
from tests.loopback_discord.wire import bits
from tests.loopback_discord.world import Overwrite

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (640).to_bytes(4, "big") + (360).to_bytes(4, "big")


@command("picture", "A picture", examples=["!picture"])
async def picture(desk: Desk, caller: Caller) -> Reply:
    return Reply("Picture", "A line.", attachments=(Attachment("iwm.png", PNG, "IWM rising"),))


@pytest.fixture
def with_picture(registry: Registry) -> Registry:
    return Registry((*registry.commands, picture))


async def test_no_embed_links(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    place = discord_server.place(None)
    shown = seen(await discord_server.say(None, "!roc IWM"))
    discord_server.lacks(place, "embed_links")
    plain = await discord_server.say(None, "!roc IWM")
    assert not plain.embeds
    first, note = plain.content.rsplit("\n", 1)
    assert unmarked(first) == shown
    assert "Embed Links" in note
    again = await discord_server.say(None, "!roc IWM")
    assert unmarked(again.content) == shown
    slashed = await discord_server.slash("roc", {"symbol": "IWM"})
    assert unmarked(slashed.content) == shown
    assert not slashed.answer.embeds
    discord_server.lacks(place)
    assert seen(await discord_server.say(None, "!roc IWM")) == shown


async def test_plain_twin_of_an_entry_keeps_its_links_whole(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    discord_server.lacks(discord_server.place(None), "embed_links")
    told = await discord_server.say(None, "!define r-star")
    source = bot.desk.book.terms["r-star"].sources[0]
    whole = (await discord_server.click(told, "More")).answer
    assert len(whole.content) <= 2000
    assert f"(<{source.url}>)" in whole.content or whole.content.count("…")


async def test_no_attach_files(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, with_picture: Registry
) -> None:
    async with running(desk, with_picture):
        told = await discord_server.say(None, "!picture")
        assert told.embed["image"]["url"].endswith("/iwm.png")
        assert told.files == {"iwm.png": PNG}
        slashed = await discord_server.slash("picture")
        assert slashed.answer.files == {"iwm.png": PNG}
        discord_server.lacks(discord_server.place(None), "attach_files")
        bare = await discord_server.say(None, "!picture")
        assert not bare.files
        assert bare.content.startswith("(Without its picture: I may not attach files here")
        assert "Attach Files" in bare.content
        assert "A line." in seen(bare)
        again = await discord_server.say(None, "!picture")
        assert again.content == "(Without its picture.)"
        table = await discord_server.say(None, "!working roc IWM 10")
        assert table.content.startswith("(Without its file ")
        assert "picture" not in table.content


async def test_no_send_messages_is_told_once_by_direct_message(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    place, ada = discord_server.place(None), discord_server.person(None)
    other = discord_server.add_channel("other")
    discord_server.lacks(place, "send_messages")
    dm = discord_server.dm(ada)
    await discord_server.post(place, "!roc IWM")
    await discord_server.until(lambda: dm.log)
    assert "Send Messages" in dm.log[0].content
    assert str(place.id) in dm.log[0].content
    await discord_server.post(place, "!roc IWM")
    bea = discord_server.add_person("Bea", place.guild)
    await discord_server.post(place, "!roc IWM", by=bea)
    await discord_server.until(lambda: discord_server.dm(bea).log)
    assert "Send Messages" in discord_server.dm(bea).log[0].content
    assert "IWM is " in seen(await discord_server.say(other, "!roc IWM"))
    assert len(dm.log) == 1
    assert "IWM is " in (await discord_server.slash("roc", {"symbol": "IWM"}, channel=place)).content
    discord_server.lacks(place)
    assert "IWM is " in seen(await discord_server.say(place, "!roc IWM"))


async def test_a_thread_that_nobody_announced_without_embed_links(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    """Its rights are not known, and Discord drops the embed in silence: the answer is text."""
    thread = discord_server.add_channel("thread", announced=False)
    assert "IWM is " in seen(await discord_server.say(thread, "!roc IWM"))
    thread.overwrites[discord_server.bot.id] = Overwrite(discord_server.bot.id, 1, deny=bits("embed_links"))
    told = await discord_server.say(thread, "!roc IWM")
    await discord_server.until(lambda: "IWM is " in told.content)
    assert "Embed Links" in told.content
    assert "Delete" in [part.get("label") for part in told.parts()]


async def test_no_read_message_history(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    discord_server.lacks(discord_server.place(None), "read_message_history")
    told = await discord_server.say(None, "!roc IWM")
    assert told.reply_to is None
    assert "IWM is " in seen(told)


async def test_a_right_lost_without_notice(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    """Where the cache says that embeds are allowed and Discord does not, the answer goes out in plain text."""
    discord_server.fail("POST", "/channels/{channel_id}/messages", status=403)
    told = await discord_server.say(None, "!roc IWM")
    assert "IWM is " in told.content
    discord_server.fail("POST", "/channels/{channel_id}/messages", status=403, times=2)
    await discord_server.post(None, "!roc IWM")
    dm = discord_server.dm(discord_server.person(None))
    await discord_server.until(lambda: dm.log)
    assert "Send Messages" in dm.log[0].content


async def test_people_who_take_no_direct_messages(
    discord_server: LoopbackDiscord, bot: Rangefinder, caplog: pytest.LogCaptureFixture
) -> None:
    discord_server.lacks(discord_server.place(None), "send_messages")
    discord_server.fail("POST", "/channels/{channel_id}/messages", status=403, times=2)
    caplog.set_level("INFO")
    await discord_server.post(None, "!roc IWM")
    await discord_server.until(lambda: discord_server.count("POST", "/channels/{channel_id}/messages") >= 2)
    assert await discord_server.say(discord_server.add_channel("other"), "!about")
    assert "cannot tell of a missing right" in [record.message for record in caplog.records]


async def test_user_install_without_rights(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    eve = discord_server.add_person("Eve", member=False)
    eve.installed = True
    foreign = discord_server.add_guild("Elsewhere", has_bot=False)
    discord_server.join(eve, foreign)
    place = next(iter(foreign.channels.values()))
    discord_server.lacks(place, "embed_links", "attach_files")
    told = await discord_server.slash("roc", {"symbol": "IWM"}, by=eve, channel=place)
    assert "IWM is " in told.content
