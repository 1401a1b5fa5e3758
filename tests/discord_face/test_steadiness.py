"""What goes wrong between Discord and the bot: failed requests, events twice or unreadable, a gateway that is away."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

import pytest

from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.gateway import RESUME_FOR, SOON, Backoff
from bot.discord_face.repeating import PAUSES
from bot.discord_face.waiting import Waits
from tests.conftest import HeldFeed
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord

MESSAGES = "/channels/{channel_id}/messages"
CALLBACK = "/interactions/*/callback"
ORIGINAL = "/webhooks/*/messages/@original"
EAGER = Waits(typing=30.0, defer=30.0, progress=30.0, pauses=(0.0, 0.0, 0.0))
DEFERRING = Waits(typing=30.0, defer=0.0, progress=30.0, pauses=(0.0, 0.0, 0.0))


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Log records with a traceback."""
    return [record.message for record in caplog.records if record.exc_info]


def strike(server: LoopbackDiscord, trouble: str, method: str, path: str) -> None:
    """Make the next request fail in one of the ways that discord.py does not repeat."""
    if trouble in {"503", "429"}:
        server.fail(method, path, status=int(trouble))
    else:
        server.drop(method, path, after=trouble == "cut after")


TROUBLES = ["503", "429", "cut before", "cut after"]


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_typed_answer_survives_one_failure(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, trouble: str
) -> None:
    """However often it is sent, people see it once."""
    async with running(desk, waits=EAGER):
        strike(discord_server, trouble, "POST", MESSAGES)
        asked = await discord_server.post(None, "!roc IWM")
        told = await discord_server.answer_to(asked)
        assert "IWM is " in seen(told)
        assert "Delete" in [part.get("label") for part in told.parts()]
        await discord_server.say(None, "!about")
        assert len([one for one in told.channel.log if one.reply_to is asked]) == 1
        bodies = [call.body["nonce"] for call in discord_server.requests_to("POST", MESSAGES)][:2]
        assert bodies[0] == bodies[1] == str(asked.id)


@pytest.mark.parametrize("trouble", TROUBLES)
async def test_a_slash_answer_survives_one_failure(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    async with running(desk, waits=EAGER):
        strike(discord_server, trouble, "POST", CALLBACK)
        one = await discord_server.slash("roc", {"symbol": "IWM"})
        assert "IWM is " in seen(one.answer)
        assert len(one.messages) == 1
    assert not tracebacks(caplog)


@pytest.mark.parametrize("status", [500, 502, 503, 429])
async def test_a_slash_answer_is_tried_again_before_discord_gives_it_up(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    """Three failures in a row, each followed by a pause of ours; discord.py's own of 1, 3 and 5 s would be too late."""
    async with running(desk, waits=EAGER):
        discord_server.fail("POST", CALLBACK, status=status, times=3)
        one = await discord_server.slash("roc", {"symbol": "IWM"})
        assert "IWM is " in seen(one.answer)
        calls = discord_server.requests_to("POST", CALLBACK)
        assert [call.status for call in calls] == [status, status, status, 200]
        assert calls[-1].at - calls[0].at < 1.0
    assert sum(PAUSES[:3]) < 3.0, "Discord waits for three seconds"
    assert not tracebacks(caplog)


@pytest.mark.parametrize("trouble", TROUBLES)
@pytest.mark.parametrize("path", [CALLBACK, ORIGINAL])
async def test_a_deferred_answer_survives_one_failure(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, HeldFeed], trouble: str, path: str
) -> None:
    desk, feed = held
    async with running(desk, waits=DEFERRING):
        strike(discord_server, trouble, "POST" if path is CALLBACK else "PATCH", path)
        one = await discord_server.slash("roc", {"symbol": "IWM"}, wait="acknowledge")
        feed.gate.set()
        await discord_server.until(lambda: one.answered)
        assert "IWM is " in seen(one.answer)


async def test_a_lasting_failure_is_one_log_line(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    async with running(desk, waits=EAGER):
        discord_server.fail("POST", MESSAGES, status=503, times=4)
        await discord_server.post(None, "!roc IWM")
        await discord_server.until(lambda: discord_server.count("POST", MESSAGES) == 4)
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == ["an answer could not be sent"]


async def test_a_message_delivered_twice_is_answered_once(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    asked = await discord_server.post(None, "!roc IWM")
    await discord_server.answer_to(asked)
    async with discord_server.quiet(None, sentinel="!about"):
        await discord_server.deliver_again(asked)


async def test_an_interaction_delivered_twice_is_answered_once(
    discord_server: LoopbackDiscord, bot: Rangefinder, caplog: pytest.LogCaptureFixture
) -> None:
    one = await discord_server.slash("roc", {"symbol": "IWM"})
    two = await discord_server.click(one.answer, "What is ROC?")
    for interaction in (one, two):
        discord_server.events.raw("INTERACTION_CREATE", interaction.payload)
    await discord_server.say(None, "!about")
    assert discord_server.count("POST", CALLBACK) == 2
    assert not tracebacks(caplog)


async def test_an_interaction_that_another_process_answered_is_one_log_line(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with running(desk) as bot:
        one = await discord_server.slash("roc", {"symbol": "IWM"})
        bot.tree._seen.forget(one.id)
        discord_server.events.raw("INTERACTION_CREATE", one.payload)
        await discord_server.until(lambda: discord_server.count("POST", CALLBACK) == 2)
        await discord_server.say(None, "!about")
    assert "an interaction was answered already" in [record.message for record in caplog.records]
    assert not tracebacks(caplog)


def odd(server: LoopbackDiscord, name: str, asked: dict[str, Any]) -> dict[str, Any]:
    """A message that cannot be read, made from one that can."""
    payload = asked | {"id": str(server.snowflake()), "content": "!roc IWM", "guild_id": str(next(iter(server.guilds)))}
    if name == "a lone surrogate":
        payload["content"] = "!roc IWM \ud800"
    elif name == "no channel":
        del payload["channel_id"]
    elif name == "no author":
        payload["author"] = None
    else:
        payload[name] = None
    return payload


@pytest.mark.parametrize("name", ["a lone surrogate", "no channel", "poll", "no author", "embeds", "mentions"])
async def test_an_odd_payload_is_dropped_and_logged(
    discord_server: LoopbackDiscord, bot: Rangefinder, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    asked = await discord_server.post(None, "hello")
    discord_server.events.raw("MESSAGE_CREATE", odd(discord_server, name, asked.data))
    assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
    assert not bot.is_closed()
    assert len(discord_server.gateway.identifies) == 1
    dropped = [r for r in caplog.records if r.message == "an event that cannot be read was dropped"]
    assert len(dropped) == 1
    assert not tracebacks(caplog)


async def test_a_heartbeat_that_is_not_acknowledged_is_noticed_at_the_next(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    gateway = discord_server.gateway
    gateway.heartbeat_interval = 0.05
    async with running(desk):
        await discord_server.until(lambda: gateway.heartbeats >= 3)
        assert not gateway.resumes
        gateway.acknowledge = False
        before = gateway.heartbeats
        await discord_server.until(lambda: gateway.closes or discord_server.connected is False or gateway.resumes)
        assert gateway.heartbeats <= before + 2
        gateway.acknowledge = True
        await discord_server.until(lambda: gateway.resumes and discord_server.connected)
        assert "IWM is " in seen(await discord_server.say(None, "!roc IWM"))
        assert len(gateway.identifies) == 1


async def test_the_session_is_kept_while_the_gateway_refuses(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For sixty seconds, shortened a thousand times; what was asked meanwhile is answered afterwards."""
    waited: list[float] = []
    delay = Backoff.delay

    def shortened(backoff: Backoff) -> float:
        waited.append(delay(backoff))
        return waited[-1] / 1_000

    monkeypatch.setattr(Backoff, "delay", shortened)
    gateway = discord_server.gateway
    async with running(desk):
        gateway.refuse = True
        gateway.drop()
        asked = [await discord_server.post(None, "!roc IWM") for _ in range(10)]
        await discord_server.until(lambda: sum(waited) >= 60.0)
        gateway.refuse, tries = False, len(waited)
        for one in asked:
            assert "IWM is " in seen(await discord_server.answer_to(one))
        assert len(gateway.identifies) == 1
        assert len(gateway.resumes) == 1
        assert sum(waited[tries:]) <= 5.0, "it took long to see that the gateway is back"
        assert discord_server.count("GET", MESSAGES) == 0


def test_the_gateway_is_asked_again_soon_for_minutes_then_patiently() -> None:
    """However the waits fall, none is long before two minutes have passed, and all are after five."""
    for _ in range(20):
        backoff = Backoff()
        waits = [backoff.delay() for _ in range(80)]
        assert waits[0] <= 1.0
        assert max(waits[:SOON]) <= 5.0
        assert 120.0 <= sum(waits[:SOON]) <= RESUME_FOR
        assert all(30.0 <= wait <= 60.0 for wait in waits[SOON:])


@pytest.mark.parametrize("deferred", [True, False])
async def test_who_waits_for_a_slash_answer_at_the_end_is_told(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, HeldFeed], deferred: bool
) -> None:
    desk, feed = held
    async with running(desk, waits=DEFERRING if deferred else EAGER, grace=0.0) as bot:
        one = await discord_server.slash("roc", {"symbol": "IWM"}, wait="acknowledge" if deferred else "nothing")
        await feed.asked.wait()
        await asyncio.wait_for(bot.finish(), 5.0)
        assert one.answered
        assert not one.answer.loading
        assert "I am being restarted" in seen(one.answer)


async def test_who_waits_for_a_typed_answer_at_the_end_is_told(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, HeldFeed]
) -> None:
    desk, feed = held
    async with running(desk, waits=EAGER, grace=0.0) as bot:
        asked = await discord_server.post(None, "!rally SPY")
        await feed.asked.wait()
        await asyncio.wait_for(bot.finish(), 5.0)
        assert "I am being restarted" in seen(await discord_server.answer_to(asked))


async def test_an_answer_after_the_end_is_one_log_line(
    discord_server: LoopbackDiscord,
    running: Running,
    held: tuple[Desk, HeldFeed],
    caplog: pytest.LogCaptureFixture,
) -> None:
    desk, feed = held
    async with running(desk, waits=EAGER) as bot:
        await discord_server.post(None, "!roc IWM")
        await feed.asked.wait()
        (answering,) = bot._answering
    feed.gate.set()
    await answering
    assert [r.message for r in caplog.records if r.levelno >= logging.WARNING] == ["an answer could not be sent"]
