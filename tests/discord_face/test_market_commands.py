"""The market commands in Discord: typed, by mention and as slash commands, with their buttons and files."""

from __future__ import annotations

import asyncio
import csv
import io
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.desk import Caller
from bot.discord_face.client import Rangefinder
from bot.discord_face.waiting import Waits
from tests.discord_face.conftest import Running
from tests.discord_face.shown import expected, seen
from tests.loopback_discord import LoopbackDiscord, Refused

ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("compare IWM SPY 63", "compare", {"symbols": "IWM SPY", "periods": "63"}),
    ("compare small caps vs large caps", "compare", {"symbols": "small caps vs large caps"}),
    ("rank IWM SPY QQQ by rally", "rank", {"symbols": "IWM,SPY,QQQ", "by": "rally"}),
    ("rank IWM SPY QQQ 10", "rank", {"symbols": "IWM SPY QQQ", "periods": "10"}),
    ("scan by range", "scan", {"by": "range"}),
    ("quote IWM", "quote", {"symbol": "IWM"}),
    ("quote IWM asof:2025-06-02", "quote", {"symbol": "IWM", "as_of": "2025-06-02"}),
    ("index RUT", "index", {"name": "russell 2000"}),
    ("weigh AAPL 3000 +1% MSFT 2500 -2%", "weigh", {"constituents": "AAPL 3000 +1% MSFT 2500 -2%"}),
    ("compare IWM IWM", "compare", {"symbols": "IWM IWM"}),
]

STAMP = re.compile(r"<t:(\d+):f> \(<t:\1:R>\)")


async def test_hours_are_told_in_each_readers_own_time(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    typed = await discord_server.say(None, "!hours tokyo")
    stamps = [datetime.fromtimestamp(int(found), UTC) for found in STAMP.findall(typed.embed["description"])]
    # Thursday 5 March 2026, 09:00 to 15:30 in Tokyo, nine hours ahead of UTC.
    assert stamps == [datetime(2026, 3, 5, 0, 0, tzinfo=UTC), datetime(2026, 3, 5, 6, 30, tzinfo=UTC)]
    assert "Lunch break" in seen(typed)
    assert seen(await discord_server.say(None, f"{discord_server.bot.mention} when does tokyo open?")).count("<t:") == 4
    slashed = (await discord_server.slash("hours", {"market": "tokyo"})).answer
    assert slashed.embed["description"] == typed.embed["description"]
    day = (await discord_server.slash("hours", {"market": "nyse", "day": "3 April"})).answer
    assert "closed on Fri 3 Apr 2026: a holiday" in seen(day)


PLAINLY_ELSE = {"index RUT", "compare IWM IWM"}
"""After a mention these are plain language, which reads them in another way."""


@pytest.mark.parametrize(("question", "name", "options"), ASKED, ids=[one[0] for one in ASKED])
async def test_every_way_of_asking(
    discord_server: LoopbackDiscord,
    bot: Rangefinder,
    registry: Registry,
    question: str,
    name: str,
    options: dict[str, Any],
) -> None:
    typed = seen(await discord_server.say(None, f"!{question}"))
    if question not in PLAINLY_ELSE:
        assert seen(await discord_server.say(None, f"{discord_server.bot.mention} {question}")) == typed
    assert seen((await discord_server.slash(name, options)).answer) == typed
    call = read_question(bot.desk, registry, f"!{question}")
    at = 0
    for fact in expected(await answer(bot.desk, registry, Caller(person=1), call)):
        at = typed.index(fact, at) + len(fact)


@pytest.mark.parametrize("question", ["roc IWM 10", "rally IWM", "range IWM", "compare IWM SPY 21"])
async def test_show_working_is_private_and_has_the_bars(
    discord_server: LoopbackDiscord, bot: Rangefinder, question: str
) -> None:
    shown = await discord_server.say(None, f"!{question}")
    pressed = await discord_server.click(shown, "Show working")
    assert pressed.ephemeral
    (content,) = pressed.answer.files.values()
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[0][0] == "date"
    assert rows[-1][0] == "2026-03-04"
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row)


async def test_a_scan_that_takes_long_is_deferred(
    discord_server: LoopbackDiscord, running: Running, held: tuple[Any, Any]
) -> None:
    desk, feed = held
    async with running(desk, waits=Waits(typing=0.01, defer=0.01)):
        waiting = asyncio.ensure_future(discord_server.slash("scan", {"by": "rally", "universe": "sectors"}))  # noqa: TID251
        await feed.asked.wait()
        await discord_server.until(lambda: discord_server.requests_to("POST", "*callback*"))
        feed.gate.set()
        found = await waiting
        assert found.deferred
        assert "in a rally" in seen(found.answer)


async def test_five_hundred_symbols(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    names = " ".join(f"Q{chr(65 + i // 26 % 26)}{chr(65 + i % 26)}" for i in range(500))
    typed = await discord_server.say(None, f"!rank {names[:1900]}")
    assert "a question has 500 at most" in seen(typed)
    slashed = await discord_server.slash("rank", {"symbols": names[:499]})
    assert "At most 25 symbols at a time, please; I read 125" in seen(slashed.answer)
    with pytest.raises(Refused):
        await discord_server.slash("rank", {"symbols": names})


async def test_a_watchlist_in_chat(discord_server: LoopbackDiscord, bot: Rangefinder) -> None:
    ada, eve = discord_server.person(None), discord_server.add_person("Eve")
    shown = await discord_server.say(None, "!watchlist add IWM SPY", by=ada)
    assert "Your watchlist now has 2 symbols." in seen(shown)
    one = await discord_server.slash("watchlist", {"action": "add", "symbols": "QQQ"}, by=ada)
    assert "QQQ Invesco QQQ Trust" in seen(one.answer)
    assert one.ephemeral
    assert (await discord_server.slash("rank", {"symbols": "watchlist"}, by=ada)).ephemeral
    assert not (await discord_server.slash("rank", {"symbols": "IWM SPY"}, by=ada)).ephemeral
    ranked = await discord_server.click(shown, "Rank them", by=ada)
    assert seen(ranked.answer) == seen(await discord_server.say(None, "!rank IWM SPY QQQ", by=ada))
    assert "Your watchlist is empty." in seen(await discord_server.say(None, "!rank watchlist", by=eve))
