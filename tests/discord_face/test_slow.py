"""Slow answers: typing, deferral and edit, private errors after a public deferral, answers at shutdown."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Annotated

import pytest

from bot.commands.converters import TextConverter
from bot.commands.declaration import Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.render.reply import Reply
from tests.conftest import HeldFeed
from tests.discord_face.conftest import QUICK, Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord, Message, VirtualClock

Held = tuple[Desk, HeldFeed]


async def test_slow_slash_is_deferred_then_edited(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    async with running(desk, waits=QUICK):
        one = await discord_server.slash("roc", {"symbol": "IWM"}, wait="acknowledge")
        assert one.deferred
        assert one.answer.loading
        assert not one.answered
        feed.gate.set()
        await discord_server.until(lambda: one.answered)
        assert not one.answer.loading
        assert "IWM is " in seen(one.answer)
        labels = [part.get("label") for part in one.answer.parts() if part["type"] == 2]
        assert labels == ["More", "What is ROC?", "Show working", "Delete"]


async def test_private_error_after_a_public_deferral(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    async with running(desk, waits=QUICK):
        one = await discord_server.slash("roc", {"symbol": "ZZZZ"}, wait="acknowledge")
        public = one.answer
        assert not public.ephemeral
        feed.gate.set()
        await discord_server.until(lambda: one.followups)
        assert public.deleted
        assert one.answer.ephemeral
        assert "ZZZZ" in seen(one.answer)
        assert [message for message in one.messages if not message.deleted and not message.ephemeral] == []


async def test_a_slow_private_press_is_deferred_privately(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, registry: Registry
) -> None:
    gate = asyncio.Event()

    @command("late", "Answers late", examples=["!late x"])
    async def late(
        desk: Desk, caller: Caller, *, word: Annotated[str | None, TextConverter("WORD", "x")] = None
    ) -> Reply:
        if word:
            await gate.wait()
        from bot.render.reply import Button

        return Reply("Late", f"word {word}", buttons=(Button("Go", "!late now", private=True),))

    async with running(desk, Registry((*registry.commands, late)), waits=QUICK):
        told = await discord_server.say(None, "!late")
        one = await discord_server.click(told, "Go", wait="acknowledge")
        assert one.deferred
        assert one.answer.ephemeral
        gate.set()
        await discord_server.until(lambda: one.answered)
        assert "word now" in seen(one.answer)


async def test_typing_is_shown_while_a_typed_question_takes_long(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    async with running(desk, waits=QUICK):
        asked = await discord_server.post(None, "!roc IWM")
        await discord_server.until(lambda: discord_server.place(None).typing == 1)
        feed.gate.set()
        assert "IWM is " in seen(await discord_server.answer_to(asked))
        assert not [name for name in desk.jobs.names if name.startswith("typing")]
        assert not desk.jobs.failed


async def test_typing_that_is_refused_does_not_matter(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    discord_server.fail("POST", "/channels/{channel_id}/typing", status=403)
    async with running(desk, waits=QUICK):
        asked = await discord_server.post(None, "!roc IWM")
        await discord_server.until(lambda: discord_server.count("POST", "/channels/{channel_id}/typing"))
        feed.gate.set()
        assert "IWM is " in seen(await discord_server.answer_to(asked))
        assert not desk.jobs.failed


@pytest.fixture
def counting(registry: Registry) -> tuple[Registry, asyncio.Queue[str]]:
    """A registry with a command that tells each line put into the queue, and answers at an empty one."""
    lines: asyncio.Queue[str] = asyncio.Queue()

    @command("count", "Counts", examples=["!count"])
    async def count(desk: Desk, caller: Caller) -> Reply:
        while line := await lines.get():
            assert caller.tell is not None
            caller.tell(line)
        return Reply("Counted", "It is done.")

    return Registry((*registry.commands, count)), lines


Counting = tuple[Registry, asyncio.Queue[str]]


async def first_line(server: LoopbackDiscord, lines: asyncio.Queue[str]) -> Message:
    """The message that tells how far a typed question has come, at its first line."""
    asked = await server.post(None, "!count")
    lines.put_nowait("1 of 3")
    return await server.answer_to(asked)


async def test_a_typed_question_that_takes_long_tells_how_far_it_is(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, counting: Counting
) -> None:
    registry, lines = counting
    async with running(desk, registry, waits=QUICK):
        told = await first_line(discord_server, lines)
        assert told.content == "Working on it: 1 of 3…"
        lines.put_nowait("2 of 3")
        await discord_server.until(lambda: told.content == "Working on it: 2 of 3…")
        lines.put_nowait("")
        await discord_server.until(lambda: told.data["embeds"])
        assert told.content == ""
        assert "It is done." in seen(told)
        assert "Delete" in [part.get("label") for part in told.parts()]
        assert not [name for name in desk.jobs.names if name.startswith(("typing", "progress"))]
        assert not desk.jobs.failed


@pytest.mark.parametrize("status", [None, 403, 404])
async def test_the_answer_comes_even_when_its_progress_cannot_be_taken_over(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, counting: Counting, status: int | None
) -> None:
    registry, lines = counting
    async with running(desk, registry, waits=QUICK):
        told = await first_line(discord_server, lines)
        if status is None:
            await discord_server.delete(told)
        else:
            discord_server.fail("PATCH", "/channels/{channel_id}/messages/{message_id}", status=status)
        lines.put_nowait("")
        await discord_server.until(
            lambda: any("It is done." in str(one.data) for one in told.channel.messages.values())
        )


async def test_progress_that_discord_refuses_does_not_matter(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, counting: Counting
) -> None:
    registry, lines = counting
    discord_server.fail("POST", "/channels/{channel_id}/messages", status=403)
    async with running(desk, registry, waits=QUICK):
        asked = await discord_server.post(None, "!count")
        lines.put_nowait("1 of 3")
        await discord_server.until(lambda: discord_server.count("POST", "/channels/{channel_id}/messages"))
        lines.put_nowait("2 of 3")
        lines.put_nowait("")
        assert "It is done." in seen(await discord_server.answer_to(asked))
        assert not desk.jobs.failed


async def test_a_deferred_command_tells_how_far_it_is(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, counting: Counting
) -> None:
    registry, lines = counting
    async with running(desk, registry, waits=QUICK):
        one = await discord_server.slash("count", wait="acknowledge")
        lines.put_nowait("1 of 3")
        await discord_server.until(lambda: one.answer.content == "Working on it: 1 of 3…")
        lines.put_nowait("2 of 3")
        await discord_server.until(lambda: one.answer.content == "Working on it: 2 of 3…")
        lines.put_nowait("")
        await discord_server.until(lambda: one.answer.data["embeds"])
        assert one.answer.content == ""
        assert "It is done." in seen(one.answer)


async def test_an_expired_interaction_is_one_log_line(
    running: Running, held: Held, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    from bot.discord_face.client import Rangefinder

    desk, feed = held
    clock = VirtualClock()
    async with LoopbackDiscord(clock=clock) as server:
        server.add_guild()
        server.add_person()
        async with server.running(Rangefinder(desk, registry, content=True, guild_ready_timeout=0.01)):
            await server.until_synced()
            await server.slash("roc", {"symbol": "IWM"}, wait="nothing")
            await feed.asked.wait()
            clock.advance(3.5)
            with caplog.at_level(logging.INFO):
                feed.gate.set()
                await server.until(lambda: server.count("POST", "/interactions/*/callback"))
                await server.say(None, "!about")
    assert "an interaction expired" in [record.message for record in caplog.records]
    assert not [record for record in caplog.records if record.exc_info]


async def test_people_are_served_side_by_side(discord_server: LoopbackDiscord, running: Running, held: Held) -> None:
    desk, feed = held
    async with running(desk):
        slow = await discord_server.post(None, "!roc IWM")
        await feed.asked.wait()
        assert "Rally" in seen(await discord_server.say(None, "!define rally"))
        feed.gate.set()
        assert "IWM is " in seen(await discord_server.answer_to(slow))


async def test_answers_under_way_are_finished_at_shutdown(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    async with running(desk) as bot:
        asked = await discord_server.post(None, "!roc IWM")
        await feed.asked.wait()
        feed.gate.set()
        await bot.finish()
        await bot.finish()
    assert "IWM is " in seen(await discord_server.answer_to(asked))


async def test_our_own_failure_is_told_and_logged(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, registry: Registry, caplog: pytest.LogCaptureFixture
) -> None:
    @command("broken", "Fails", examples=["!broken"])
    async def broken(desk: Desk, caller: Caller) -> Reply:
        msg = "secret detail"
        raise RuntimeError(msg)

    @command("unfit", "Cannot", examples=["!unfit"])
    async def unfit(desk: Desk, caller: Caller) -> Reply:
        raise UserError("Not today.")

    both = Registry((*registry.commands, broken, unfit))
    async with running(desk, both):
        told = await discord_server.say(None, "!broken")
        assert "on our side" in seen(told)
        assert "secret" not in str(told.data)
        slashed = await discord_server.slash("broken")
        assert slashed.ephemeral
        assert "Not today." in seen((await discord_server.slash("unfit")).answer)
    assert [record.levelname for record in caplog.records if record.message == "command failed"] == ["ERROR", "ERROR"]


async def test_single_desk_many_questions(discord_server: LoopbackDiscord, running: Running, held: Held) -> None:
    """Equal questions at once are one fetch, and every asker gets an answer."""
    desk, feed = held
    feed.gate.set()
    async with running(replace(desk)):
        asked = [await discord_server.post(None, "!rally IWM") for _ in range(8)]
        answers = [await discord_server.answer_to(one) for one in asked]
        told = [[line for line in seen(one).splitlines() if "IWM is in a rally" in line] for one in answers]
        assert told[0]
        assert {line for lines in told for line in lines} == {told[0][0]}
