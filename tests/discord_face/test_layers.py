"""The layers of an answer on Discord: More, parts, private answers and sharing, and the settings that say how."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.controls import MORE, OWN_MORE, at_detail
from bot.errors import UserError
from bot.render.reply import AnsweredCall, Reply, Row, refusal
from tests.conftest import HeldFeed
from tests.discord_face.conftest import QUICK, Running
from tests.discord_face.shown import custom_ids, seen
from tests.loopback_discord import LoopbackDiscord, Message

Held = tuple[Desk, HeldFeed]


class FailingFeed:
    """A feed that has nothing to give while `failing`."""

    def __init__(self, feed: HeldFeed) -> None:
        self._feed = feed
        self.failing = False

    async def history(self, *given: Any, **named: Any) -> Any:
        found = await self._feed.history(*given, **named)
        if self.failing:
            raise UserError("No prices now.", "unavailable")
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._feed, name)


def labels(message: Message) -> list[str]:
    return [part["label"] for part in message.parts() if part["type"] == 2]


async def set_to(discord_server: LoopbackDiscord, setting: str) -> None:
    told = await discord_server.say(None, f"!settings {setting}", by=discord_server.owner)
    assert "is now" in seen(told)


async def test_more_shows_all_privately(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!rally IWM")
    assert "Rule" not in seen(told)
    eve = discord_server.add_person("Eve")
    whole = await discord_server.click(told, "More", by=eve)
    assert whole.ephemeral
    assert "Rule a rise of" in seen(whole.answer)
    assert "More" not in labels(whole.answer)
    assert "Rule" not in seen(told)


async def test_more_is_edited_in_place_where_the_server_wants_that(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    await set_to(discord_server, "more here")
    told = await discord_server.say(None, "!chart IWM")
    assert "Rally ends below" not in seen(told)
    await discord_server.click(told, "More", by=discord_server.add_person("Eve"))
    assert "Rally ends below" in seen(told)
    assert told.embed["image"]["url"].endswith(".png")
    asker = discord_server.person(None)
    assert f"rf:x:{asker.id}" in custom_ids(told), "it is still its asker's to delete"
    assert "More" not in labels(told)


async def test_a_refusal_never_takes_the_place_of_an_answer(
    discord_server: LoopbackDiscord, running: Running, held: Held
) -> None:
    desk, feed = held
    failing = FailingFeed(feed)
    async with running(replace(desk, feed=failing), waits=QUICK):
        await set_to(discord_server, "more here")
        feed.gate.set()
        told = await discord_server.say(None, "!rally IWM")
        before = seen(told)
        feed.gate.clear()
        late = await discord_server.click(told, "More", wait="acknowledge")
        assert late.deferred
        failing.failing = True
        feed.gate.set()
        await discord_server.until(lambda: late.followups)
        assert "No prices now." in late.followups[0].content
        assert late.followups[0].ephemeral
        at_once = await discord_server.click(told, "More")
        assert "No prices now." in at_once.content
        assert at_once.ephemeral
        assert seen(told) == before


async def test_a_late_answer_takes_the_place_too(discord_server: LoopbackDiscord, running: Running, held: Held) -> None:
    desk, feed = held
    async with running(desk, waits=QUICK):
        await set_to(discord_server, "more here")
        feed.gate.set()
        told = await discord_server.say(None, "!rally IWM")
        feed.gate.clear()
        late = await discord_server.click(told, "More", wait="acknowledge")
        assert late.deferred
        feed.gate.set()
        await discord_server.until(lambda: "Rule a rise of" in seen(told))


async def test_an_answer_seen_alone_grows_in_place_and_can_be_shared(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    one = await discord_server.slash("roc", {"symbol": "IWM", "private": True})
    assert one.ephemeral
    assert labels(one.answer)[0] == "More"
    assert labels(one.answer)[-1] == "Share"
    await discord_server.click(one.answer, "More")
    assert "Rule ROC(10)" in seen(one.answer)
    shared = await discord_server.click(one.answer, "Share")
    assert not shared.ephemeral
    assert "Rule" not in seen(shared.answer)
    assert labels(shared.answer)[-1] == "Delete"
    public = await discord_server.slash("roc", {"symbol": "IWM"})
    assert not public.ephemeral


async def test_what_is_somebodys_own_is_neither_shared_nor_replaced(
    discord_server: LoopbackDiscord, bot: Rangefinder
) -> None:
    await set_to(discord_server, "more here")
    own = await discord_server.slash("watchlist", {"action": "add", "symbols": "IWM SPY"})
    assert own.ephemeral
    assert not {"Share", "More"} & set(labels(own.answer))
    ranked = await discord_server.say(None, "!rank watchlist")
    assert f"{OWN_MORE}!rank watchlist" in custom_ids(ranked)
    before = seen(ranked)
    pressed = await discord_server.click(ranked, "More")
    assert pressed.ephemeral
    assert seen(ranked) == before


async def test_one_part_of_an_entry(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!define contango")
    entry = bot.desk.book["contango"]
    part = await discord_server.click(told, "Watch out")
    assert part.ephemeral
    assert entry.pitfall in seen(part.answer)
    assert entry.example not in seen(part.answer)


@pytest.mark.parametrize(("detail", "evidence", "rule"), [("brief", False, False), ("full", True, True)])
async def test_a_server_says_how_much_it_wants(
    discord_server: LoopbackDiscord, bot: Rangefinder, detail: str, evidence: bool, rule: bool
) -> None:
    await set_to(discord_server, f"detail {detail}")
    told = seen(await discord_server.say(None, "!rally IWM"))
    assert "IWM is in a rally" in told
    assert ("Low 159" in told, "Rule" in told) == (evidence, rule)
    assert "Simulated sample data" in told


async def test_commands_are_named_as_they_are_typed_here(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    await set_to(discord_server, "prefix ?")
    told = await discord_server.say(None, "?help")
    assert "?define r-star" in seen(told)
    assert "!" not in seen(told)
    wrong = await discord_server.say(None, "?roc IWM 0")
    assert "?roc IWM 10" in labels(wrong)
    again = await discord_server.click(wrong, "?roc IWM 10")
    assert "IWM is " in seen(again.answer)
    await discord_server.say(None, "?settings prefix_commands off", by=discord_server.owner)
    slash = await discord_server.slash("help")
    assert "/define r-star" in seen(slash.answer)


def test_all_is_shown_where_no_button_could_ask_for_the_rest() -> None:
    reply = Reply("t", "h", (Row("a", "b"),), more=(Row("Rule", "r"),))
    asked = Reply("t", "h", more=(Row("Rule", "r"),), answered=AnsweredCall("roc", {}, "!roc IWM"))
    long = Reply("t", "h", more=(Row("Rule", "r"),), answered=AnsweredCall("roc", {}, f"!roc {'x' * 100}"))
    assert at_detail(reply, "normal").detail == "full"
    assert at_detail(long, "normal").detail == "full"
    assert at_detail(asked, "normal").detail == "normal"
    assert at_detail(asked, "full").detail == "full"
    assert at_detail(refusal(UserError("No."), "roc"), "normal").detail == "normal"
    assert len(MORE) < 10
