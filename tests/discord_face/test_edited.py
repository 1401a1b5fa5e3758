"""A question that is edited, and one that is deleted: the answer follows, in its place."""

from __future__ import annotations

import copy
from datetime import datetime, timedelta

import pytest

from bot.discord_face.client import QUESTION_GONE, Rangefinder
from tests.discord_face.shown import custom_ids, seen
from tests.loopback_discord import LoopbackDiscord, Message


async def asked(discord_server: LoopbackDiscord, text: str) -> tuple[Message, Message]:
    """A question and the bot's answer to it."""
    question = await discord_server.post(None, text)
    return question, await discord_server.answer_to(question)


async def test_an_edited_question_has_its_answer_edited(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, answer = await asked(discord_server, "!roc IWM 10")
    await discord_server.edit(question, "!rally SPY")
    await discord_server.until_edited(answer)
    assert "SPY" in seen(answer)
    assert "Rate of change" not in seen(answer)
    assert any("rally SPY" in one for one in custom_ids(answer))
    assert not any("roc IWM" in one for one in custom_ids(answer))


async def test_a_question_that_was_not_understood_is_answered_once_it_is(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    question, answer = await asked(discord_server, "!roc qqqzzz 10")
    await discord_server.edit(question, "!roc IWM 10")
    await discord_server.until_edited(answer)
    assert "IWM is" in seen(answer)


async def test_what_was_no_question_is_answered_when_it_becomes_one(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    question = await discord_server.post(None, "roc IWM 10")
    await discord_server.edit(question, "!roc IWM 10")
    assert "IWM is" in seen(await discord_server.answer_to(question))


async def test_a_picture_goes_with_the_answer_that_had_it(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, answer = await asked(discord_server, "!chart IWM")
    assert answer.embed["image"]["url"].endswith(".png")
    await discord_server.edit(question, "!define contango")
    await discord_server.until_edited(answer)
    assert "Contango" in seen(answer)
    assert "image" not in answer.embed
    assert not answer.data["attachments"]


async def test_edits_one_after_the_other_end_at_the_last(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question = await discord_server.post(None, "!roc IWM 10")
    for text in ("!roc SPY 10", "!roc RUT 10", "!roc QQQ 10"):
        await discord_server.edit(question, text)
    answer = await discord_server.answer_to(question)
    await discord_server.until_edited(answer, 3)
    assert "QQQ is" in seen(answer)


async def test_what_means_the_same_changes_nothing(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, _ = await asked(discord_server, "!roc IWM 10")
    async with discord_server.quiet(None, sentinel="!define contango"):
        await discord_server.edit(question, "!roc  iwm 10")


async def test_what_is_no_question_any_more_keeps_its_answer(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, _ = await asked(discord_server, "!roc IWM 10")
    async with discord_server.quiet(None, sentinel="!define contango"):
        await discord_server.edit(question, "thanks")


async def test_an_edit_after_five_minutes_changes_nothing(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, _ = await asked(discord_server, "!roc IWM 10")
    data = copy.deepcopy(question.data)
    late = datetime.fromisoformat(data["timestamp"]) + timedelta(minutes=5, seconds=1)
    data |= {"content": "!roc SPY 10", "edited_timestamp": late.isoformat()}
    async with discord_server.quiet(None, sentinel="!define contango"):
        question.store(data)
        discord_server.events.message("MESSAGE_UPDATE", question)


async def test_an_answer_that_was_removed_stays_removed(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    question, answer = await asked(discord_server, "!roc IWM 10")
    await discord_server.delete(answer)
    async with discord_server.quiet(None, sentinel="!define contango"):
        await discord_server.edit(question, "!roc SPY 10")


async def test_of_a_deleted_question_the_answer_offers_to_go_too(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    question, answer = await asked(discord_server, "!roc IWM 10")
    await discord_server.delete(question)
    await discord_server.until_edited(answer)
    assert answer.content == QUESTION_GONE
    assert "IWM is" in seen(answer)
    await discord_server.click(answer, "Delete")
    assert answer.deleted


@pytest.mark.parametrize("text", ["!roc IWM 10", "good morning"])
async def test_a_deletion_that_concerns_no_answer_is_left_alone(
    discord_server: LoopbackDiscord, bot: Rangefinder, text: str
) -> None:
    question = await discord_server.post(None, text)
    if text.startswith("!"):
        await discord_server.delete(await discord_server.answer_to(question))
    async with discord_server.quiet(None, sentinel="!define contango"):
        await discord_server.delete(question)
