"""What our own loggers say at DEBUG while people use the face and Discord fails: events, and nothing of anybody."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from bot.desk import Desk
from bot.discord_face.waiting import Waits
from bot.logs import EventFormatter
from tests.discord_face.conftest import Running
from tests.loopback_discord import LoopbackDiscord

CALLBACK, ORIGINAL = "/interactions/*/callback", "/webhooks/*/messages/@original"
EAGER = Waits(typing=0.0, defer=0.0, progress=30.0, pauses=(0.0,))
SAID = "zanzibar quuxwobble"


class Lines(logging.Handler):
    """What is written of our own, as it is written."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(EventFormatter(as_json=False))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def ours() -> Iterator[Lines]:
    """The lines of the loggers of this project, at DEBUG."""
    logger, handler = logging.getLogger("bot"), Lines()
    before = logger.level
    logger.setLevel(logging.DEBUG)
    logger.addHandler(handler)
    yield handler
    logger.removeHandler(handler)
    logger.setLevel(before)


async def use_everything(server: LoopbackDiscord) -> None:
    """Typed, mentioned, private, slash and pressed questions, a file, and one that nobody understands."""
    ada = server.person(None)
    await server.say(None, f"!define {SAID}")
    await server.say(None, f"{server.bot.mention} how is {SAID} doing?")
    await server.say(server.dm(ada), f"what is {SAID}")
    await server.say(None, "!weigh", files={f"{SAID}.csv": f"{SAID},value\n=cmd,3\n".encode()})
    one = await server.slash("define", {"term": SAID})
    await server.until(lambda: one.answered)
    two = await server.slash("roc", {"symbol": "IWM"})
    await server.click(two.answer, "Delete")
    await server.use_on_message("Explain terms", await server.post(None, f"contango {SAID}"))


async def fail_everything(server: LoopbackDiscord) -> None:
    """Discord refuses, cuts and loses, typed and slash; and events come that cannot be read."""
    place, other = server.place(None), server.add_channel("other")
    routes = (("POST", f"*/channels/{place.id}/messages"), ("POST", CALLBACK), ("PATCH", ORIGINAL))
    for trouble in (400, 403, 404, 429, 503, "cut"):
        for method, path in routes:
            if trouble == "cut":
                server.drop(method, path, times=2)
            else:
                server.fail(method, path, status=int(trouble), times=2)
        await server.post(None, f"!define {SAID}")
        await server.slash("roc", {"symbol": "IWM"}, wait="nothing")
        await server.slash("roc", {"symbol": "SPY"}, channel=other, wait="nothing")
        await server.say(other, "!about")
        server.faults.waiting.clear()
    asked = await server.post(None, SAID)
    server.events.raw("MESSAGE_CREATE", asked.data | {"id": str(server.snowflake()), "author": None})
    server.lacks(place, "send_messages")
    server.fail("POST", "/users/@me/channels", status=403)
    await server.post(None, f"!define {SAID}")
    await server.say(other, "!about")


async def test_our_log_has_no_ids_no_words_and_no_tokens(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, ours: Lines
) -> None:
    async with running(desk, waits=EAGER, grace=0.0) as bot:
        await use_everything(discord_server)
        await fail_everything(discord_server)
        await bot.finish()
    log = "\n".join(ours.lines)
    events = {line.split("bot.", 1)[1].split(" ", 1)[1].split("=")[0].rsplit(" ", 1)[0] for line in ours.lines}
    assert {"an answer could not be sent", "a request to Discord is made again", "ready"} <= events, log
    assert "an event that cannot be read was dropped" in log
    hidden = [str(one.id) for one in discord_server.people.values()]
    hidden += [one.name for one in discord_server.people.values() if one is not discord_server.bot]
    hidden += [str(channel.id) for channel in discord_server.channels.values() if channel.guild is None]
    hidden += list(discord_server.interactions.by_token)
    hidden += [str(message.id) for channel in discord_server.channels.values() for message in channel.messages.values()]
    hidden += [*SAID.split(), discord_server.token, "IWM", "http://", "upstream"]
    assert not [one for one in hidden if one in log], log
    assert len(ours.lines) < 60, "chatter"


async def test_an_ordinary_question_is_not_logged_at_all(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, ours: Lines
) -> None:
    async with running(desk):
        before = len(ours.lines)
        for question in ("!roc IWM", "!chart IWM", "!rank IWM SPY", "!define contango", "is iwm in a rally?"):
            await discord_server.say(discord_server.dm(discord_server.person(None)), question)
        said = [
            line for line in ours.lines[before:] if " ready " not in line
        ]  # that line may come after the first word
        assert said == []
