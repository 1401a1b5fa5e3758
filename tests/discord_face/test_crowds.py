"""A thousand at once: nobody is left without an answer, and the channel is not flooded."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import Any

import attrs
import pytest

from bot.desk import Desk
from bot.discord_face.crowds import AT_ONCE
from bot.discord_face.rush import RUSH
from bot.discord_face.waiting import Waits
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen, unmarked
from tests.loopback_discord import LoopbackDiscord, Message, Person

MANY = 1_000
ASKED = ("!roc IWM 10", "!rally SPY", "!define contango", "!range QQQ", "!roc SPY 21", "!rally")
SAYS = ("IWM is ", "SPY is ", "contango", "QQQ is ", "SPY is ", "rally")


def said(server: LoopbackDiscord) -> list[Message]:
    """What the bot has said in the first channel."""
    return [one for one in server.place(None).log if one.author is server.bot]


def lines_for(messages: list[Message], person: Person) -> list[str]:
    """The answers to a person: replies to them, and lines and embeds that name them."""
    found = [seen(one) for one in messages if one.reply_to is not None and one.reply_to.author is person]
    for one in messages:
        if one.reply_to is None:
            texts = [embed["description"] for embed in one.embeds] + [one.content]
            parts = [part for text in texts for part in (text.split("\n") if len(one.embeds) < 2 else [text])]
            found += [unmarked(part) for part in parts if person.mention in part]
    return found


@pytest.fixture
def people(discord_server: LoopbackDiscord) -> list[Person]:
    return [discord_server.add_person(f"P{n}") for n in range(50)]


async def test_a_thousand_typed_questions_in_one_channel(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, people: list[Person]
) -> None:
    """Every question of every person has its answer, in twenty messages at the most, and pings nobody."""
    async with running(desk, waits=Waits()):
        await discord_server.say(None, "!roc IWM")
        before = len(said(discord_server))
        for n in range(MANY):
            await discord_server.post(None, ASKED[n % len(ASKED)], by=people[n % len(people)])

        wanted = {
            person: {SAYS[(n + k * len(people)) % len(SAYS)] for k in range(MANY // len(people))}
            for n, person in enumerate(people)
        }

        def complete() -> bool:
            messages = said(discord_server)[before:]
            told = {person: "\n".join(lines_for(messages, person)).casefold() for person in people}
            return all(words.casefold() in told[person] for person in people for words in wanted[person])

        await discord_server.until(complete, "everybody is answered", 60.0)
        messages = said(discord_server)[before:]
        assert len(messages) <= 20
        assert not any(one.pinged for one in messages)


HELD_BACK = Waits(typing=30.0, progress=30.0, patience=0.0, gathering=30.0)


async def test_a_few_that_discord_holds_back_are_answered_whole(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, Any], people: list[Person]
) -> None:
    """They share a message as embeds, each under the name of its asker."""
    desk, feed = held
    async with running(desk, waits=HELD_BACK) as bot:
        sends = discord_server.hold("POST", "/channels/*/messages")
        for n in range(12):
            await discord_server.post(None, f"!roc {'IWM SPY QQQ'.split()[n % 3]} 10", by=people[n])
        feed.gate.set()
        await sends.arrived.wait()
        crowd = bot.sender._crowds[discord_server.place(None).id]
        while len(crowd._waiting) < 12 - AT_ONCE:  # noqa: ASYNC110  nothing tells when an answer waits
            await asyncio.sleep(0)
        sends.release()
        await discord_server.until(lambda: all(lines_for(said(discord_server), people[n]) for n in range(12)))
        shared = [one for one in said(discord_server) if len(one.embeds) > 1]
        assert shared
        for one in shared:
            assert all(re.match(r"<@\d+>\n", embed["description"]) for embed in one.embeds)
        told = [lines_for(said(discord_server), people[n]) for n in range(12)]
        for n, (answer,) in enumerate(told):
            assert f"{'IWM SPY QQQ'.split()[n % 3]} is " in answer


async def test_what_discord_takes_at_once_is_answered_one_by_one(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, people: list[Person]
) -> None:
    async with running(desk, waits=Waits(typing=30.0, progress=30.0, patience=30.0)):
        asked = [await discord_server.post(None, "!roc IWM 10", by=people[n]) for n in range(20)]
        for one in asked:
            told = await discord_server.answer_to(one)
            assert told.reply_to is one
            assert "Delete" in [part.get("label") for part in told.parts()]


@pytest.mark.parametrize("right", ["embed_links", "send_messages"])
async def test_a_crowd_where_rights_are_missing(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Desk, Any], people: list[Person], right: str
) -> None:
    desk, feed = held
    discord_server.lacks(discord_server.place(None), right)
    async with running(desk, waits=HELD_BACK):
        for n in range(12):
            await discord_server.post(None, "!roc IWM 10", by=people[n])
        await feed.asked.wait()
        feed.gate.set()
        if right == "embed_links":
            await discord_server.until(
                lambda: all(lines_for_text(said(discord_server), people[n]) for n in range(12)), "all named"
            )
        else:
            await discord_server.until(lambda: all(discord_server.dm(people[n]).log for n in range(12)), "all told")


def lines_for_text(messages: list[Message], person: Person) -> bool:
    """Whether a person is answered in plain text."""
    return any(
        "IWM is " in one.content and (person.mention in one.content or (one.reply_to and one.reply_to.author is person))
        for one in messages
    )


async def test_a_crowd_is_told_once_that_it_asks_too_fast(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    """With cooldowns, the channel's allowance is answered and one line tells the rest."""
    crowd = [discord_server.add_person(f"C{n}") for n in range(200)]
    strict = replace(desk, config=attrs.evolve(desk.config, cooldowns=True))
    async with running(strict, waits=Waits(), tick=lambda: 0.0):
        for person in crowd:
            await discord_server.post(None, "!about", by=person)
        other = discord_server.add_channel("other")
        await discord_server.say(other, "!about", by=crowd[150])

        def told() -> int:
            return sum("asks faster than I answer" in str(one.data) for one in said(discord_server))

        await discord_server.until(lambda: told() and all(lines_for(said(discord_server), one) for one in crowd[:24]))
        assert told() == 1
        assert len(said(discord_server)) <= 25


async def test_slash_commands_at_once_have_their_first_word_before_any_answer(
    discord_server: LoopbackDiscord, running: Running, desk: Desk, people: list[Person]
) -> None:
    """Discord waits three seconds for it: what comes in a rush is acknowledged first, all of it, and then answered."""
    discord_server.spec = None  # checking each request against Discord's description takes longer than answering it
    async with running(desk, waits=Waits()):
        await discord_server.slash("roc", {"symbol": "IWM"})
        asked = [
            await discord_server.slash("roc", {"symbol": "IWM"}, by=people[n % len(people)], wait="nothing")
            for n in range(200)
        ]
        await discord_server.until(lambda: all(one.answered for one in asked), "all are answered", 60.0)
    assert all("IWM is " in seen(one.answer) for one in asked)
    assert sum(one.deferred for one in asked) >= 200 - RUSH
    kinds = [call.method for call in discord_server.requests if "callback" in call.path or "@original" in call.path]
    assert kinds.index("PATCH") == 201
