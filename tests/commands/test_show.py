"""`show`: values against TA-Lib over the same bars, how terms and windows are read, and what is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import talib

from bot.commands.declaration import Registry
from bot.commands.define import own_question
from bot.commands.reading import read_question
from bot.desk import Desk
from bot.market.indicator_table import TABLE
from tests.commands.market_desk import ask, ask_json, series_of, session_days, walk, with_prices

CLOSE = np.asarray(walk(400, 3))
DAYS = [str(day) for day in session_days(400)]


@pytest.fixture
def priced(desk: Desk) -> Desk:
    high, low = CLOSE * 1.01, CLOSE * 0.99
    whole = replace(series_of("IWM", CLOSE), high=high, low=low, open=CLOSE * 1.001, volume=np.arange(1.0, 401.0) * 1e6)
    return with_prices(desk, whole, series_of("SPY", np.asarray(walk(400, 4))), series_of("QQQ", CLOSE[-30:]))


@pytest.mark.parametrize(
    ("question", "value"),
    [
        ("!show rsi IWM", talib.RSI(CLOSE, 14)[-1]),
        ("!show rsi IWM 5", talib.RSI(CLOSE, 5)[-1]),
        ("!show IWM 50 day moving average", talib.SMA(CLOSE, 50)[-1]),
        ("!show 200 day moving average IWM", talib.SMA(CLOSE, 200)[-1]),
        ("!show ema 21 IWM", talib.EMA(CLOSE, 21)[-1]),
        ("!show macd IWM", talib.MACD(CLOSE)[0][-1]),
        ("!show bollinger bands IWM", talib.SMA(CLOSE, 20)[-1]),
        ("!show atr IWM", talib.ATR(CLOSE * 1.01, CLOSE * 0.99, CLOSE, 14)[-1]),
        ("!show drawdown IWM", 100 * (CLOSE[-1] / CLOSE[-252:].max() - 1)),
        ("!show 52 week high IWM", CLOSE[-252:].max() * 1.01),
        ("!show volume IWM", 400e6),
        ("!show gap IWM", 100 * (CLOSE[-1] * 1.001 / CLOSE[-2] - 1)),
        ("what's the rsi of IWM", talib.RSI(CLOSE, 14)[-1]),
        ("IWM atr 20", talib.ATR(CLOSE * 1.01, CLOSE * 0.99, CLOSE, 20)[-1]),
        (f"!show rsi IWM asof:{DAYS[-20]}", talib.RSI(CLOSE, 14)[-20]),
    ],
)
async def test_value(priced: Desk, registry: Registry, question: str, value: float) -> None:
    found = await ask_json(priced, registry, question)
    assert found["command"] == "show"
    [row] = found["data"]["rows"]
    assert row["value"] == pytest.approx(value)
    assert row["error"] is None
    assert row["date"] == (DAYS[-20] if "asof" in question else DAYS[-1])
    assert found["terms"] == [row["term"]]
    assert len(found["short"]) <= 700


async def test_several_symbols_are_rows_and_one_may_fail(priced: Desk, registry: Registry) -> None:
    found = await ask_json(priced, registry, "!show sma 50 IWM QQQ")
    assert [row["error"] is None for row in found["data"]["rows"]] == [True, False]
    assert "SMA takes 50 sessions; QQQ has 30 here." in found["text"]
    assert found["text"].splitlines()[0].startswith("SMA(50) of IWM: ")


async def test_what_stands_beside_the_value(priced: Desk, registry: Registry) -> None:
    reply = await ask(priced, registry, "!show sma 50 IWM")
    rows = {row.label: row.value for row in reply.rows}
    away = 100 * (CLOSE[-1] / CLOSE[-50:].mean() - 1)
    assert rows["Price against it"].lstrip("+−") == f"{abs(away):.2f} %"
    assert [row.label for row in reply.more][:1] == ["Rule"]
    assert [button.ask for button in reply.buttons][:1] == ["!define simple-moving-average"]
    cross = await ask(priced, registry, "!show golden cross IWM")
    assert "crossing" in cross.headline
    levels = await ask(priced, registry, "!show support and resistance IWM")
    assert "support" in levels.headline
    assert "resistance" in levels.headline
    volume = {row.label: row.value for row in (await ask(priced, registry, "!show volume IWM")).rows}
    assert volume["Average volume"] == "375.5 million shares"
    assert volume["Against the average"] == "1.07 times"


async def test_beta_is_held_against_the_index_on_the_same_days(priced: Desk, registry: Registry) -> None:
    found = (await ask_json(priced, registry, "!show beta IWM"))["data"]["rows"][0]
    own, market = np.diff(np.log(CLOSE))[-252:], np.diff(np.log(walk(400, 4)))[-252:]
    assert found["value"] == pytest.approx(np.polyfit(market, own, 1)[0])
    assert found["parts"]["correlation"] == pytest.approx(np.corrcoef(own, market)[0, 1])


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("!show IWM", "needs a term that prices can compute"),
        ("!show rsi", "needs a symbol"),
        ("!show rsi macd IWM", "One term at a time, please; I read RSI, MACD."),
        ("!show rsi IWM 1", "The window of RSI is a number of sessions from 2 to 1,000."),
        ("!show rsi IWM ytd", "The window of RSI is a number of sessions from 2 to 1,000."),
        ("!show macd IWM 30", "MACD has a window of its own and takes no look-back."),
        ("!show atr QQQ", "ATR takes each day's "),
        ("!show sma 200 QQQ", "SMA takes 200 sessions; QQQ has 30 here."),
    ],
)
async def test_what_is_refused(priced: Desk, registry: Registry, question: str, says: str) -> None:
    reply = await ask(priced, registry, question)
    assert reply.error is not None
    assert says in reply.headline


@pytest.mark.parametrize("question", ["should I buy IWM, the rsi is 30", "what is rsi", "explain the macd"])
async def test_what_is_not_a_question_for_a_value(priced: Desk, registry: Registry, question: str) -> None:
    assert read_question(priced, registry, question).command != "show"


async def test_every_computed_term_says_its_own_value(desk: Desk, registry: Registry) -> None:
    for one in TABLE:
        question = own_question(desk, registry, desk.book[one.term])
        call = read_question(desk, registry, question)
        assert (call.command, call.options["term"], call.error) == ("show", one.term, None), one.term


@pytest.mark.parametrize(
    ("term", "question"),
    [
        ("rate-of-change", "!roc IWM 10"),
        ("cboe-volatility-index", "!quote VIX"),
        ("cable", "!rate GBP USD"),
        ("r-star", "!rstar"),
        ("rally", "!rally IWM"),
        ("pce-price-index", ""),
        ("gold", ""),
        ("momentum", ""),
    ],
)
async def test_a_live_line_is_of_the_term_or_there_is_none(
    desk: Desk, registry: Registry, term: str, question: str
) -> None:
    assert own_question(desk, registry, desk.book[term]) == question
