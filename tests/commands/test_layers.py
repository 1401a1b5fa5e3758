"""Every command's answer fits a phone, has its date in its first line, and says nothing in the words of a program."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.commands.registry import build_registry
from bot.desk import Caller, Desk
from bot.render.numbers import day
from bot.render.reply import Reply
from bot.render.text import ANSWER, CHARACTERS, LINES, to_short, to_text
from tests.commands.market_desk import ask, provider_of, series_of, session_days, walk, with_prices

HERE = Caller(person=1, channel=2, guild=3, may_manage=True)
EXAMPLES = [example for entry in build_registry().commands for example in entry.examples]


async def reply_to(desk: Desk, registry: Registry, question: str) -> Reply:
    if "rank watchlist" in question:
        await answer(desk, registry, HERE, read_question(desk, registry, "!watchlist add IWM SPY QQQ"))
    return await answer(desk, registry, HERE, read_question(desk, registry, question))


@pytest.mark.parametrize("question", EXAMPLES)
async def test_an_answer_fits_a_phone_and_says_of_when_it_is(desk: Desk, registry: Registry, question: str) -> None:
    reply = await reply_to(desk, registry, question)
    short = to_short(reply)
    first, *others = short.splitlines()
    assert len(first) <= ANSWER
    assert len(others) < LINES
    assert len(short) <= CHARACTERS
    if reply.freshness is not None and reply.error is None:
        year = str(reply.freshness.as_of.year)
        assert year in first
    words = [re.sub(r"https?://\S+|\S+\.csv", "", text) for text in (short, to_text(reply))]
    if reply.command not in {"settings", "help", "alert", "define"}:
        assert not re.search(r"\b[a-z]+_[a-z]+\b", " ".join(words)), "an identifier is no word"
    assert not re.search(r"\d[eE][+-]?\d", " ".join(words)), "an exponent is no number for people"


async def test_old_prices_are_told_in_the_past_tense_and_first(desk: Desk, registry: Registry) -> None:
    old = series_of("IWM", walk(300), days=session_days(300, date(2017, 11, 10)))
    reply = await ask(with_prices(desk, provider_of(old)), registry, "!roc IWM 10")
    assert to_short(reply).startswith("Old data, of 10 Nov 2017: IWM was ")
    then = await ask(desk, registry, "!rally IWM asof:2025-06-02")
    assert then.freshness is not None
    assert to_short(then).startswith(f"As of {day(then.freshness.as_of)}: IWM was ")


async def test_a_row_of_several_symbols_names_its_symbol(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!roc IWM XYZQ")
    assert [row.label for row in reply.rows] == ["IWM 10", "XYZQ 10"]


@pytest.mark.parametrize("question", ["!rally IWM 10", "!range IWM 20", "!quote IWM 5", "!rally russell 2000 10"])
async def test_a_number_that_has_no_place_is_named_as_a_number(desk: Desk, registry: Registry, question: str) -> None:
    reply = await ask(desk, registry, question)
    assert reply.error is not None
    assert (
        reply.error.message == f"A number of sessions has no place here; leave out “{question.rsplit(maxsplit=1)[-1]}”."
    )
    assert reply.error.suggestions


@pytest.mark.parametrize("question", ["!quote 700.HK", "!rally 7203.T", "!rally russell 2000", "!quote 700 hk"])
async def test_numbers_that_are_symbols_stay_symbols(desk: Desk, registry: Registry, question: str) -> None:
    reply = await ask(desk, registry, question)
    assert "no place here" not in to_text(reply)


@pytest.mark.parametrize(
    "question", ["!chart IWM weekly", "!chart IWM 5 minutes", "weekly chart of IWM", "hourly IWM chart"]
)
async def test_bars_that_are_not_drawn_are_said(desk: Desk, registry: Registry, question: str) -> None:
    reply = await ask(desk, registry, question)
    assert reply.ok
    assert "ones are not drawn" in to_short(reply)
    assert reply.options == {"symbol": "IWM"}
    assert reply.data is not None
    assert reply.data["periods"] == 120


async def test_daily_bars_and_candles_need_no_word(desk: Desk, registry: Registry) -> None:
    for question in ("!chart IWM daily", "!chart IWM candles", "daily chart of IWM"):
        assert "not drawn" not in to_short(await ask(desk, registry, question))
    for question in ("!chart IWM weekly monthly",):
        assert (await ask(desk, registry, question)).error is not None


async def test_buttons_lead_to_prices_that_there_are(desk: Desk, registry: Registry) -> None:
    served = with_prices(desk, provider_of(series_of("IWM", walk(300))))
    assert (await ask(served, registry, "!roc IWM")).ok
    for term in desk.book.terms.values():
        reply = await ask(served, registry, f"!define {term.id}")
        for button in reply.buttons:
            if button.label == "Now":
                symbols = read_question(served, registry, button.ask).values.get("symbol", ())
                assert all(served.feed.serves(one) or one.stand_in == "IWM" for one in symbols), button.ask


async def test_help_opens_group_by_group(desk: Desk, registry: Registry) -> None:
    whole = await ask(desk, registry, "!help")
    assert len(to_short(whole).splitlines()) == 3
    assert len(whole.choices) == 5
    named: list[str] = []
    for choice in whole.choices:
        group = await ask(desk, registry, choice.ask)
        assert group.ok
        assert group.data is not None
        named += [one["name"] for one in group.data["commands"]]
    assert sorted(named) == sorted(entry.name for entry in registry.commands)
    for entry in registry.commands:
        assert (await ask(desk, registry, f"!help {entry.name}")).ok


@pytest.mark.parametrize("question", ["?", "??", "help me", "what can you do", "What can you do?", "help", "!help me"])
async def test_ways_to_ask_for_help(desk: Desk, registry: Registry, question: str) -> None:
    reply = await ask(desk, registry, question)
    assert (reply.command, reply.error) == ("help", None)


async def test_writing_is_never_asked_again(desk: Desk, registry: Registry) -> None:
    reply = await reply_to(desk, registry, "!watchlist add IWM SPY")
    assert reply.ask == ""
    assert (await reply_to(desk, registry, "!roc iwm")).ask == "!roc IWM"
    assert replace(reply, answered=None).ask == ""
