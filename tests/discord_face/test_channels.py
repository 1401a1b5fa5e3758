"""Manners in shared channels: silence, other bots, bare terms, prefixes, cooldowns, and what survives a restart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import attrs
import pytest

from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from tests.conftest import OpenDesk
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord, Refused, VirtualClock
from tests.loopback_discord.world import Member

SENTINEL = "!about"
OTHERS = [
    *("!ping", "!play", "!stats", "!level", "!roll 2d6", "!stop", "!trade", "!ban 123", "!queue", "!credit"),
    *(
        "!play some song about inflation",
        "!warn @bob spamming about inflation",
        "! roc IWM",
        "!",
        "!!",
        "!?!",
        "?roc IWM",
    ),
    *("roc IWM", "hello", "!flurble", "!@everyone", "!<@1>", "!\u200b", "🚀", "what is rally", "!" + "x" * 1999),
]


async def test_what_is_not_for_us_is_not_answered(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    async with discord_server.quiet(None, sentinel=SENTINEL):
        for text in OTHERS:
            await discord_server.post(None, text)


async def test_other_bots_and_webhooks_are_ignored(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    other = discord_server._person("Other bot", is_bot=True)
    place = discord_server.place(None)
    assert place.guild is not None
    place.guild.members[other.id] = Member(other)
    async with discord_server.quiet(None, sentinel=SENTINEL):
        for text in ("!roc IWM", f"{discord_server.bot.mention} roc IWM", "!rally"):
            await discord_server.post(None, text, by=other)
            hook = await hooked(discord_server, text)
            assert hook.data["webhook_id"]
    assert not discord_server.requests_to("POST", "/users/@me/channels")


async def hooked(server: LoopbackDiscord, text: str) -> Any:
    """A message from a webhook, which is no bot account."""
    from tests.loopback_discord import messages
    from tests.loopback_discord.world import Message

    place, person = server.place(None), server.person(None)
    made = Message(messages.blank(server, place, person), person, place)
    made.store(made.data | {"content": text, "webhook_id": "4242"})
    server.publish(made)
    return made


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("!contango", "Contango"),
        ("!rstar", "R-star"),
        ("!contengo", "Contango"),
        ("!short squeeze", "Short squeeze"),
        ("!what is contango?", "Contango"),
        ("!support vs resistance", "Support and Resistance"),
    ],
)
async def test_bare_terms(discord_server: LoopbackDiscord, bot: Rangefinder, text: str, title: str) -> None:
    told = await discord_server.say(None, text)
    assert told.embed["title"].casefold().startswith(title.casefold())


async def change(server: LoopbackDiscord, text: str, **where: Any) -> str:
    """A setting changed by the owner."""
    return seen(await server.say(None, text, by=server.owner, **where))


async def test_bare_terms_can_be_switched_off_and_stay_off(
    discord_server: LoopbackDiscord, running: Running, open_demo: OpenDesk
) -> None:
    async with open_demo() as desk, running(desk):
        assert "bare_terms is now off" in await change(discord_server, "!settings bare_terms off")
        await discord_server.no_answer(None, "!contango", sentinel=SENTINEL)
    async with open_demo() as desk, running(desk, synced=False):
        await discord_server.no_answer(None, "!contango", sentinel=SENTINEL)
        assert await discord_server.say(None, "!define contango")
        assert await discord_server.say(None, f"{discord_server.bot.mention} contango")


async def test_the_prefix_is_the_servers_own_and_survives_a_restart(
    discord_server: LoopbackDiscord, running: Running, open_demo: OpenDesk
) -> None:
    second = discord_server.add_guild("Second")
    elsewhere = next(iter(second.channels.values()))
    discord_server.join(discord_server.person(None), second)
    async with open_demo() as desk, running(desk):
        assert "prefix is now rf?" in await change(discord_server, "!settings prefix rf?")
        await discord_server.no_answer(None, "!roc IWM", sentinel="rf?about")
        assert "IWM is " in seen(await discord_server.say(elsewhere, "!roc IWM"))
    async with open_demo() as desk, running(desk, synced=False):
        assert "IWM is " in seen(await discord_server.say(None, "rf?roc IWM"))
        assert "Contango" in seen(await discord_server.say(None, "rf?contango"))
        await discord_server.no_answer(None, "!contango", sentinel="rf?about")
        for text in ("roc IWM", "!roc IWM", "rf?roc IWM"):
            told = await discord_server.say(None, f"{discord_server.bot.mention} {text}")
            assert "IWM is " in seen(told), text
        assert "IWM is " in seen((await discord_server.slash("roc", {"symbol": "IWM"})).answer)
        assert "IWM is " in seen(await discord_server.say(elsewhere, "!roc IWM"))


async def test_typed_commands_can_be_switched_off_and_on_again(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    await discord_server.slash("settings", {"setting": "prefix_commands", "value": "off"}, by=discord_server.owner)
    mention = f"{discord_server.bot.mention} about"
    await discord_server.no_answer(None, "!roc IWM", sentinel=mention)
    await discord_server.no_answer(None, "!contango", sentinel=mention)
    told = await change(discord_server, f"{discord_server.bot.mention} settings prefix_commands on")
    assert "prefix_commands is now on" in told
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))


async def test_settings_are_for_those_who_may_manage(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    for text in ("!settings", "!settings prefix ?", f"{discord_server.bot.mention} settings bare_terms off"):
        assert "may manage this server" in seen(await discord_server.say(None, text))
    with pytest.raises(Refused, match="lacks the permissions"):
        await discord_server.slash("settings")
    guild = discord_server.place(None).guild
    assert guild is not None
    assert bot.desk.store.settings(guild.id).prefix == "!"
    role = discord_server.add_role(guild, "Curator", "manage_guild")
    curator = discord_server.add_person("Cora", guild, roles=[role])
    assert "prefix is now ?" in seen(await discord_server.say(None, "!settings prefix ?", by=curator))
    told = await discord_server.slash("settings", {"setting": "prefix", "value": "!"}, by=curator)
    assert "prefix is now !" in seen(told.answer)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("!settings prefix", "write one and its value"),
        ("!settings colour red", "The settings are prefix"),
        ("!settings prefix toolong", "1 to 5 characters"),
        ("!settings prefix /", "cannot start with"),
        ("!settings prefix @x", "cannot start with"),
        ("!settings prefix abc", "needs a sign"),
        ("!settings bare_terms perhaps", "either on or off"),
    ],
)
async def test_settings_that_cannot_be(discord_server: LoopbackDiscord, bot: Rangefinder, text: str, says: str) -> None:
    assert says in await change(discord_server, text)


def strictly(desk: Desk) -> Desk:
    """The desk with cooldowns on."""
    return replace(desk, config=attrs.evolve(desk.config, cooldowns=True))


async def test_cooldown_tells_the_time_left_once(discord_server: LoopbackDiscord, running: Running, desk: Desk) -> None:
    """Then it is silent for the rest of the window; only what nobody else sees is answered each time."""
    clock, eve = VirtualClock(), discord_server.add_person("Eve")
    async with running(strictly(desk), tick=clock):
        for _ in range(6):
            assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        clock.advance(5.0)
        told = seen(await discord_server.say(None, "!roc IWM"))
        assert "One moment: please ask again in 7 s" in told
        async with discord_server.quiet(None, sentinel="!about", by=eve):
            for _ in range(20):
                await discord_server.post(None, "!roc IWM")
        for _ in range(2):
            private = await discord_server.slash("roc", {"symbol": "IWM"})
            assert private.ephemeral
            assert "ask again in 7 s" in seen(private.answer)
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM", by=eve))
        clock.advance(7.1)
        for _ in range(6):
            assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        clock.advance(5.1)
        assert "please ask again in 7 s" in seen(await discord_server.say(None, "!roc IWM"))


async def test_a_channel_has_a_cooldown_too(discord_server: LoopbackDiscord, running: Running, desk: Desk) -> None:
    """It is told once for all who ask there."""
    clock = VirtualClock()
    people = [discord_server.add_person(f"P{n}") for n in range(6)]
    other = discord_server.add_channel("other")
    async with running(strictly(desk), tick=clock):
        for person in people[:4]:
            for _ in range(6):
                await discord_server.say(None, "!about", by=person)
        told = seen(await discord_server.say(None, "!about", by=people[4]))
        assert "One moment, all: this channel asks faster than I answer; please ask again in 12 s." in told
        before = len(discord_server.place(None).log)
        await discord_server.post(None, "!about", by=people[5])
        assert "please ask again" not in seen(await discord_server.say(other, "!about", by=people[5]))
        assert len(discord_server.place(None).log) == before + 1


async def test_what_is_attached_is_not_fetched_before_ones_turn(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    clock = VirtualClock()
    async with running(strictly(desk), tick=clock):
        for _ in range(6):
            await discord_server.say(None, "!about")
        files = {"index.csv": b"name,market_value\nA,1\n"}
        told = await discord_server.say(None, "!weigh", files=files)
        assert "please ask again" in seen(told)
        assert not discord_server.served
        clock.advance(13.0)
        assert "A weighs most" in seen(await discord_server.say(None, "!weigh", files=files))
        assert len(discord_server.served) == 1
