"""What was asked while the bot had no session: answered once, when a new one begins."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

import pytest

from bot.desk import Desk
from bot.discord_face.gateway import Backoff
from bot.discord_face.missed import CHANNELS
from bot.discord_face.waiting import Waits
from tests.conftest import OpenDesk
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord
from tests.loopback_discord.world import Channel, Message, written_at

MESSAGES = "/channels/{channel_id}/messages"
EAGER = Waits(typing=30.0, defer=30.0, progress=30.0, pauses=(0.0, 0.0, 0.0))


class Watch:
    """A clock that stands some seconds after what Discord's next id says."""

    def __init__(self, server: LoopbackDiscord) -> None:
        self._server = server
        self.ahead = timedelta(seconds=20)

    def __call__(self) -> datetime:
        return datetime.fromisoformat(written_at(self._server.snowflake())) + self.ahead


@pytest.fixture
def watch(discord_server: LoopbackDiscord) -> Watch:
    return Watch(discord_server)


@pytest.fixture
async def at_watch(open_demo: OpenDesk, watch: Callable[[], datetime]) -> AsyncIterator[Desk]:
    """A desk whose clock goes with Discord's."""
    async with open_demo(watch) as made:
        yield made


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backoff, "delay", lambda _: 0.01)


async def lose_session(server: LoopbackDiscord) -> None:
    """The gateway is away, and has forgotten the session when it is back."""
    server.gateway.refuse = True
    server.gateway.drop()
    server.gateway.sessions.clear()
    await server.until(lambda: server.gateway.refused)


async def find_gateway(server: LoopbackDiscord, sessions: int = 2) -> None:
    server.gateway.refuse = False
    await server.until_connected(sessions)


def said(server: LoopbackDiscord, channel: Channel | None = None) -> list[Message]:
    return [one for one in server.place(channel).log if one.author is server.bot]


async def test_what_was_asked_before_a_new_session_is_answered_once(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    async with running(at_watch, waits=EAGER):
        before = await discord_server.say(None, "!roc IWM")
        await lose_session(discord_server)
        typed = await discord_server.post(None, "!rally IWM")
        mention = await discord_server.post(None, f"{discord_server.bot.mention} define range")
        await discord_server.post(None, "good morning")
        await find_gateway(discord_server)
        assert "IWM" in seen(await discord_server.answer_to(typed))
        assert "range" in seen(await discord_server.answer_to(mention)).casefold()
        await lose_session(discord_server)
        await find_gateway(discord_server, 3)
        await discord_server.until(lambda: discord_server.count("GET", MESSAGES) == 2)
        last = await discord_server.say(None, "!about")
        assert said(discord_server)[0] is before
        assert len(said(discord_server)) == 4
        assert said(discord_server)[-1] is last


async def test_a_new_process_answers_what_the_one_before_it_did_not(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    async with running(at_watch, waits=EAGER):
        done = await discord_server.post(None, "!roc IWM")
        await discord_server.answer_to(done)
    asked = await discord_server.post(None, "!roc SPY")
    other = await discord_server.post(None, "!settings prefix ?", by=discord_server.owner)
    async with running(at_watch, waits=EAGER):
        assert "SPY is " in seen(await discord_server.answer_to(asked))
        assert "not_permitted" not in seen(await discord_server.answer_to(other))
        await discord_server.say(None, f"{discord_server.bot.mention} about")
        assert len([one for one in said(discord_server) if one.reply_to is done]) == 1
    settings = at_watch.store.settings(next(iter(discord_server.guilds)))
    assert settings.prefix == "?", "who may manage the server was not asked for"


async def test_what_is_older_than_a_minute_stays_unanswered(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk, watch: Watch
) -> None:
    async with running(at_watch, waits=EAGER):
        await lose_session(discord_server)
        await discord_server.post(None, "!roc IWM")
        watch.ahead = timedelta(seconds=61)
        async with discord_server.quiet(None, sentinel="!about", rounds=1):
            await find_gateway(discord_server)
        assert discord_server.count("GET", MESSAGES) == 0


async def test_a_clock_that_is_behind_makes_nothing_newer(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk, watch: Watch
) -> None:
    async with running(at_watch, waits=EAGER):
        await lose_session(discord_server)
        watch.ahead = timedelta(hours=-1)
        old = await discord_server.post(None, "!roc IWM")
        discord_server.snowflake._next = itertools.count((discord_server.snowflake() >> 22) + 61_000)
        new = await discord_server.post(None, "!roc SPY")
        await find_gateway(discord_server)
        assert "SPY is " in seen(await discord_server.answer_to(new))
        await discord_server.say(None, "!about")
        assert not [one for one in said(discord_server) if one.reply_to is old]


async def test_a_resumed_session_is_not_looked_at(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    async with running(at_watch, waits=EAGER):
        discord_server.gateway.drop()
        await discord_server.say(None, "!roc IWM")
        assert len(discord_server.gateway.resumes) == 1
        assert discord_server.count("GET", MESSAGES) == 0


async def test_history_that_may_not_be_read_is_not_asked_for(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    place = discord_server.place(None)
    discord_server.lacks(place, "read_message_history")
    async with running(at_watch, waits=EAGER):
        await lose_session(discord_server)
        await discord_server.post(None, "!roc IWM")
        async with discord_server.quiet(None, sentinel="!about", rounds=1):
            await find_gateway(discord_server)
        assert discord_server.count("GET", MESSAGES) == 0


async def test_so_many_channels_are_looked_at_and_one_that_fails_hides_no_other(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    channels = [discord_server.add_channel(f"room-{number}") for number in range(CHANNELS + 5)]
    async with running(at_watch, waits=EAGER):
        await lose_session(discord_server)
        asked = [await discord_server.post(channel, "!roc IWM") for channel in channels]
        discord_server.fail("GET", f"*/channels/{channels[-1].id}/messages", status=403)
        await find_gateway(discord_server)
        for one in asked[-CHANNELS:-1]:
            assert "IWM is " in seen(await discord_server.answer_to(one))
        assert discord_server.count("GET", MESSAGES) == CHANNELS
        assert not [one for channel in (*channels[:-CHANNELS], channels[-1]) for one in said(discord_server, channel)]


async def test_an_answer_that_several_share_counts_as_theirs(
    discord_server: LoopbackDiscord, running: Running, at_watch: Desk
) -> None:
    """In a flood the answers of a channel share messages, which reply to nobody and name their askers."""
    people = [discord_server.add_person(f"Person {number}") for number in range(40)]
    async with running(at_watch, waits=EAGER):
        for one in people:
            await discord_server.post(None, "!roc IWM", by=one)
        await discord_server.until(
            lambda: all(
                any(p.mention in seen(m) for m in said(discord_server))
                or any(m.reply_to and m.reply_to.author is p for m in said(discord_server))
                for p in people
            )
        )
    before = len(said(discord_server))
    async with running(at_watch, waits=EAGER):
        await discord_server.until(lambda: discord_server.count("GET", MESSAGES) == 1)
        async with discord_server.quiet(None, sentinel="!about", rounds=1):
            pass
    assert len(said(discord_server)) == before + 1
