"""The glossary in chat: menus of related terms, buttons of live commands, pages, completion, and terms in a message."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.explain import NAME, OFFERED, SHOWN, add_explain, explained, texts_of
from bot.discord_face.slash import fingerprint
from tests.discord_face.conftest import Running
from tests.discord_face.shown import seen
from tests.loopback_discord import LoopbackDiscord, Message

MENU = "rf:s:0"


def labels(message: Message, kind: int = 2) -> list[str]:
    return [part["label"] for part in message.parts() if part["type"] == kind]


def offered(message: Message) -> list[dict[str, Any]]:
    options: list[dict[str, Any]] = message.part(MENU)["options"]
    return options


async def test_a_related_term_opens_for_the_one_who_chooses(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!define contango")
    names = [option["label"] for option in offered(told)]
    term = bot.desk.book["contango"]
    assert names == [bot.desk.book[slug].term for slug in dict.fromkeys((*term.contrast, *term.related))][:8]
    first = offered(told)[0]
    assert (first["label"], first["description"]) == ("Backwardation", "often confused with it")
    eve = discord_server.add_person("Eve")
    opened = await discord_server.choose(told, MENU, "Backwardation", by=eve)
    assert opened.ephemeral
    assert opened.answer.seen_by is eve
    assert seen(opened.answer).startswith("Backwardation\n")
    assert "Delete" not in labels(opened.answer)
    onward = await discord_server.choose(opened.answer, MENU, offered(opened.answer)[0]["value"], by=eve)
    assert onward.ephemeral


async def test_a_live_command_is_a_press_away(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!define trading range")
    assert labels(told)[:3] == ["More", "Watch out", "Now"]
    answer = (await discord_server.click(told, "Now")).answer
    assert not answer.ephemeral
    assert "Simulated sample data" in seen(answer)


async def test_two_terms_side_by_side(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!define contango vs backwardation")
    assert seen(told).startswith("Contango and Backwardation\n")
    slashed = await discord_server.slash("define", {"term": "contango vs backwardation"})
    assert seen(slashed.answer) == seen(told)
    opened = await discord_server.click(told, "Backwardation")
    assert opened.ephemeral
    assert seen(opened.answer).startswith("Backwardation\n")


async def test_completion_comes_from_memory(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    shown = await discord_server.autocomplete("define", "term", {"term": "contan"})
    assert [choice["value"] for choice in shown] == ["Contango"]
    everything = await discord_server.autocomplete("terms", "category", {"category": ""})
    assert [choice["value"] for choice in everything] == list(bot.desk.book.categories)
    bonds = await discord_server.autocomplete("glossary", "category", {"category": "Bond"})
    assert bonds == [{"name": "Rates and bonds", "value": "rates-bonds"}]
    assert (await discord_server.autocomplete("glossary", "pick", {"pick": "r"}))[0]["value"] == "random"


async def test_pages_are_turned_by_and_for_one_person(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    shelves = await discord_server.say(None, "!terms")
    assert [option["value"] for option in offered(shelves)] == [f"!terms {slug}" for slug in bot.desk.book.categories]
    first = (await discord_server.choose(shelves, MENU, "Options")).answer
    assert first.ephemeral
    assert seen(first).startswith("Options, page 1 of 6\n")
    assert labels(first) == ["Next page", "Share"]
    second = (await discord_server.click(first, "Next page")).answer
    assert second.ephemeral
    assert seen(second).startswith("Options, page 2 of 6\n")
    assert labels(second) == ["Previous page", "Next page", "Share"]
    assert len(offered(second)) == 20
    opened = await discord_server.choose(second, MENU, "Condor Spread")
    assert seen(opened.answer).startswith("Condor Spread\n")
    slashed = await discord_server.slash("terms", {"letter": "r", "page": "2"})
    assert "begin with R, page 2 of 5" in seen(slashed.answer)


async def test_a_term_by_chance(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = (await discord_server.slash("glossary", {"pick": "random", "category": "Options"})).answer
    assert not told.ephemeral
    assert labels(told)[1] == "Another term"
    again = (await discord_server.click(told, "Another term")).answer
    assert seen(again) == seen(told), "the clock stands still"


async def test_the_terms_in_a_message(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    eve = discord_server.add_person("Eve")
    text = "Futures slid from **contango** into backwardation after the FOMC; IV crush hit my iron condor <:gamma:123>"
    said = await discord_server.post(None, text, by=eve)
    one = await discord_server.use_on_message(NAME, said)
    assert one.ephemeral
    assert one.answer.seen_by is discord_server.person(None)
    names = [option["label"] for option in offered(one.answer)]
    assert names == [bot.desk.book[slug].term for slug in bot.desk.search.mentions(text.split("<", maxsplit=1)[0])]
    assert {"Contango", "Backwardation", "IV Crush", "Iron Condor"} <= set(names)
    assert "Gamma" not in names
    for name, slug in (("Contango", "contango"), ("Iron Condor", "iron-condor")):
        assert f"{name} {bot.desk.book[slug].short}" in seen(one.answer)
    opened = await discord_server.choose(one.answer, MENU, "Iron Condor")
    assert opened.ephemeral
    assert seen(opened.answer).startswith("Iron Condor\n")


async def test_the_terms_in_an_answer_with_an_embed(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    told = await discord_server.say(None, "!define r-star")
    one = await discord_server.use_on_message(NAME, told)
    assert "R-Star" in [option["label"] for option in offered(one.answer)]


async def test_a_message_without_terms(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    said = await discord_server.post(None, "good morning everybody https://example.org/contango")
    one = await discord_server.use_on_message(NAME, said)
    assert one.ephemeral
    assert "No term of the glossary is in this message." in seen(one.answer)
    assert one.answer.parts() == []


async def test_without_the_right_to_read_messages(
    discord_server: LoopbackDiscord, running: Running, desk: Desk
) -> None:
    discord_server.privileged.clear()
    async with running(desk, content=False):
        said = await discord_server.post(None, "what is contango?")
        one = await discord_server.use_on_message(NAME, said)
        assert [option["label"] for option in offered(one.answer)] == ["Contango"]


async def test_too_many_questions_wait_here_too(
    discord_server: LoopbackDiscord, running: Running, open_demo: Any
) -> None:
    async with open_demo(cooldowns=True) as desk, running(desk, tick=lambda: 0.0):
        said = await discord_server.post(None, "contango")
        for _ in range(6):
            await discord_server.use_on_message(NAME, said)
        one = await discord_server.use_on_message(NAME, said)
        assert "One moment" in one.answer.embed["description"]


async def test_the_menu_counts_for_syncing(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    assert NAME in {one["name"] for one in discord_server.commands[None].values()}
    synced = fingerprint(bot.tree)
    bot.tree.remove_command(NAME, type=discord.AppCommandType.message)
    assert fingerprint(bot.tree) != synced
    add_explain(bot.tree, bot.on_explain)
    assert fingerprint(bot.tree) == synced


@pytest.mark.parametrize("terms", [SHOWN, SHOWN + 1, OFFERED + 5])
async def test_long_messages(desk: Desk, registry: Registry, terms: int) -> None:
    names = [term.term for term in desk.book.terms.values() if desk.search.mentions(term.term) == (term.id,)]
    reply = explained(desk, names[:terms])
    assert len(reply.rows) == SHOWN
    assert len(reply.choices) == len(reply.terms) == min(terms, OFFERED)
    more = min(terms, OFFERED) - SHOWN
    assert reply.footer == ("" if not more else f"{more} more term{'s' if more > 1 else ''} in the menu below.")


def test_names_are_not_pieced_together_across_texts(desk: Desk) -> None:
    assert "iron-condor" not in explained(desk, ["iron", "condor"]).terms
    assert "r-star" in explained(desk, [r"what is r\* now?"]).terms


def test_everything_a_message_says_is_read() -> None:
    embed = discord.Embed(title="one", description="two").add_field(name="three", value="four").set_footer(text="five")
    forwarded = SimpleNamespace(content="six", embeds=[discord.Embed(title="seven")])
    poll = discord.Poll("eight", timedelta(hours=1))
    poll.add_answer(text="nine")
    message: Any = SimpleNamespace(content="zero", embeds=[embed], message_snapshots=[forwarded], poll=poll)
    said = "zero one two three four five six seven eight nine"
    assert [text for text in texts_of(message) if text] == said.split()
