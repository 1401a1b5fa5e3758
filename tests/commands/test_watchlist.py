"""A person's own symbols: changed, shown, ranked; kept for that person alone."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller, Desk
from bot.render.reply import Reply
from tests.conftest import OpenDesk

Say = Callable[..., Awaitable[Reply]]
ADA, EVE = Caller(person=7), Caller(person=8)


@pytest.fixture
def say(desk: Desk, registry: Registry) -> Say:
    async def said(question: str, caller: Caller = ADA) -> Reply:
        return await answer(desk, registry, caller, read_question(desk, registry, question))

    return said


async def test_symbols_are_added_in_order_once_and_removed(say: Say) -> None:
    assert (await say("!watchlist")).headline == "Your watchlist is empty."
    added = await say("!watchlist add spy, russell 2000 apple")
    assert added.headline == "Your watchlist now has 3 symbols."
    assert [(row.label, row.value) for row in added.rows] == [
        ("SPY", "SPDR S&P 500 ETF Trust"),
        ("^RUT", "Russell 2000"),
        ("AAPL", "Apple Inc."),
    ]
    assert (await say("!watchlist add QQQ SPY")).data == {"symbols": ["SPY", "^RUT", "AAPL", "QQQ"]}
    assert (await say("!watchlist drop apple rut")).data == {"symbols": ["SPY", "QQQ"]}
    assert (await say("!watchlist")).buttons[0].ask == "!rank watchlist"
    assert (await say("!watchlist clear")).data == {"symbols": []}


async def test_it_is_shown_to_its_owner_alone(say: Say) -> None:
    for question in ("!watchlist", "!watchlist add IWM SPY", "!rank watchlist", "!watchlist clear"):
        assert (await say(question)).private, question
    assert not (await say("!rank IWM SPY")).private


async def test_everybody_has_their_own(say: Say) -> None:
    await say("!watchlist add IWM SPY")
    assert (await say("!watchlist", EVE)).data == {"symbols": []}
    assert (await say("!watchlist")).data == {"symbols": ["IWM", "SPY"]}


@pytest.mark.parametrize("asked", ["!rank watchlist 63", "!rank my watchlist 63", "!rank 63 Watchlist"])
async def test_a_watchlist_is_ranked_like_its_symbols(say: Say, asked: str) -> None:
    await say("!watchlist add QQQ IWM SPY")
    ranked, typed = await say(asked), await say("!rank QQQ IWM SPY 63")
    assert ranked.rows == typed.rows
    assert ranked.data == typed.data
    assert ranked.options == {"symbols": "watchlist", "periods": 63}


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (["!rank watchlist"], "Your watchlist is empty. Fill it like this: !watchlist add IWM SPY QQQ"),
        (["!watchlist add IWM", "!rank watchlist"], "Your watchlist holds only IWM; this takes 2 symbols or more."),
        (["!watchlist IWM"], "Should I add or remove them? Write !watchlist add IWM or !watchlist remove IWM."),
        (["!watchlist add"], "Which symbols? For example !watchlist add IWM SPY QQQ."),
        (["!watchlist add morgan"], "“morgan” can mean JPM (JPMorgan Chase & Co.) or MS (Morgan Stanley). Which one?"),
        (["!rank watchlist IWM"], "Either symbols or your watchlist, please; I read both."),
    ],
)
async def test_what_cannot_be_done_is_told(say: Say, questions: list[str], said: str) -> None:
    replies = [await say(question) for question in questions]
    assert replies[-1].error is not None
    assert replies[-1].headline == said


async def test_a_list_has_an_end(say: Say) -> None:
    many = " ".join(f"ZZQ{chr(65 + i)}" for i in range(25))
    assert (await say(f"!watchlist add {many}")).ok
    refused = await say("!watchlist add IWM")
    assert refused.headline == "A watchlist holds 25 symbols at most; yours would have 26."
    assert len((await say("!watchlist")).rows) == 25


async def test_two_messages_at_once_lose_nothing(say: Say) -> None:
    names = ["IWM", "SPY", "QQQ", "AAPL", "DIA"]
    await asyncio.gather(*(say(f"!watchlist add {name}") for name in names))
    assert sorted(row.label for row in (await say("!watchlist")).rows) == sorted(names)


async def test_it_outlives_the_process_and_leaves_nothing_behind(open_demo: OpenDesk, registry: Registry) -> None:
    async with open_demo() as desk:
        await answer(desk, registry, ADA, read_question(desk, registry, "!watchlist add IWM SPY"))
    async with open_demo() as desk:
        assert await desk.store.watchlist(ADA.person) == ("IWM", "SPY")
        await answer(desk, registry, ADA, read_question(desk, registry, "!watchlist clear"))
        assert await desk.store._row("watchlists", "person", ADA.person) is None


async def test_the_bare_word_without_a_prefix_is_the_command(say: Say) -> None:
    assert (await say("watchlist")).command == "watchlist"
    assert (await say("watchlist add IWM")).command == "watchlist"
