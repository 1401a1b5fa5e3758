"""`roc`: changes worked out by hand, from when to when, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from tests.commands.market_desk import ask, ask_json, series_of, session_days, walk, with_prices

RISING = np.arange(100.0, 160.0)  # 60 closes, one point a session, the last of 4 March 2026 at 159
DAYS = [str(day) for day in session_days(60)]


@pytest.fixture
def rising(desk: Desk) -> Desk:
    return with_prices(desk, series_of("IWM", RISING), series_of("SPY", RISING[::-1]))


@pytest.mark.parametrize(
    ("question", "base"),
    [
        ("!roc IWM", DAYS[-11]),
        ("!roc IWM 1", DAYS[-2]),
        ("!roc IWM two weeks", DAYS[-11]),
        ("!roc IWM a month", DAYS[-22]),
        ("!roc IWM wtd", "2026-02-27"),
        ("!roc IWM mtd", "2026-02-27"),
        ("!roc IWM qtd", "2025-12-31"),
        ("!roc IWM ytd", "2025-12-31"),
        ("!roc IWM since 2026-02-10", "2026-02-10"),
        ("!roc IWM since 2026-02-15", "2026-02-13"),  # a Sunday
        ("!roc IWM since yesterday", "2026-03-03"),
    ],
)
async def test_from_which_close(rising: Desk, registry: Registry, question: str, base: str) -> None:
    row = (await ask_json(rising, registry, question))["data"]["rows"][0]
    price = RISING[DAYS.index(base)]
    assert (row["base_date"], row["base_price"], row["date"], row["price"]) == (base, price, "2026-03-04", 159.0)
    assert row["roc_pct"] == pytest.approx(100 * (159 / price - 1))


async def test_between_two_dates(rising: Desk, registry: Registry) -> None:
    found = await ask_json(rising, registry, "!roc IWM between 2026-01-05 and 2026-02-03")
    row = found["data"]["rows"][0]
    first, last = RISING[DAYS.index("2026-01-05")], RISING[DAYS.index("2026-02-03")]
    assert found["options"] == {"symbol": "IWM", "since": "2026-01-05", "as_of": "2026-02-03"}
    assert (row["since"], row["periods"]) == ("2026-01-05", None)
    assert row["roc_pct"] == pytest.approx(100 * (last / first - 1))
    assert "since 5 Jan 2026" in found["title"] + found["text"]


async def test_the_words_say_which_way_and_how_far(rising: Desk, registry: Registry) -> None:
    up = await ask(rising, registry, "!roc IWM 10")
    assert up.headline == "IWM is up 6.71 % over 10 sessions."  # 159 / 149
    assert up.tone == "up"
    down = await ask(rising, registry, "!roc SPY since 2026-02-10")
    assert down.headline.startswith("SPY is down ")
    assert down.headline.endswith(" % since 10 Feb 2026.")
    flat = await ask(with_prices(rising, series_of("IWM", np.full(30, 5.0))), registry, "!roc IWM 5")
    assert flat.headline == "IWM is unchanged over 5 sessions."


async def test_several_symbols_and_look_backs_make_a_row_each(rising: Desk, registry: Registry) -> None:
    found = await ask_json(rising, registry, "!roc IWM,SPY 5 10 mtd")
    rows = found["data"]["rows"]
    assert [(row["symbol"], row["periods"]) for row in rows] == [(s, p) for s in ("IWM", "SPY") for p in (5, 10, "mtd")]
    partly = (await ask_json(rising, registry, "!roc IWM 5 4000"))["data"]["rows"]
    assert partly[0]["error"] is None
    assert "needs 4,001" in partly[1]["error"]


async def test_the_working_button_asks_for_the_same_look_back(rising: Desk, registry: Registry) -> None:
    for question in ("!roc IWM 10", "!roc IWM ytd", "!roc IWM since 2026-02-10"):
        first = await ask(rising, registry, question)
        button = next(one for one in first.buttons if one.label == "Show working")
        again = await ask(rising, registry, button.ask)
        assert again.ok, button.ask
        assert again.data is not None
        row = (await ask_json(rising, registry, question))["data"]["rows"][0]
        assert str(again.data["bars"]["first"]) == row["base_date"]


@pytest.mark.parametrize(
    ("question", "code"),
    [
        ("!roc IWM 60", "too_little_history"),
        ("!roc IWM since 2010-01-01", "too_little_history"),
        ("!roc IWM since 2026-03-04", "too_little_history"),
        ("!roc IWM since 2027-01-01", "bad_input"),
        ("!roc IWM asof:0001-01-01", "too_little_history"),
        ("!roc IWM 0", "bad_input"),
        ("!roc ZZZZ", "unknown_symbol"),
    ],
)
async def test_what_is_refused(rising: Desk, registry: Registry, question: str, code: str) -> None:
    reply = await ask(rising, registry, question)
    assert reply.error is not None
    assert reply.error.code == code


async def test_gaps_and_prices_of_zero_in_the_window(desk: Desk, registry: Registry) -> None:
    days = session_days(40)
    gap = np.delete(days, -5)
    holed = with_prices(desk, series_of("IWM", np.arange(1.0, 40.0), days=gap))
    for question, code in (("!roc IWM 10", "missing_bars"), ("!roc IWM 3", None)):
        reply = await ask(holed, registry, question)
        assert (reply.error and reply.error.code) == code
    closes = np.arange(1.0, 41.0)
    closes[-8] = 0.0
    here = with_prices(desk, series_of("WTI", closes), series_of("IWM", closes))
    for symbol, code in (("WTI", "not_positive"), ("IWM", "missing_bars")):
        reply = await ask(here, registry, f"!roc {symbol} 10")
        assert reply.error is not None
        assert reply.error.code == code


async def test_where_it_stands_in_its_own_history(desk: Desk, registry: Registry) -> None:
    """The share of the last 1,260 values at or below today's, counted one by one."""
    closes = walk(1500, seed=3)
    row = (await ask_json(with_prices(desk, series_of("IWM", closes)), registry, "!roc IWM 21"))["data"]["rows"][0]
    values = [100 * (closes[i] / closes[i - 21] - 1) for i in range(21, 1500)][-1260:]
    at_or_below = sum(value <= values[-1] or math.isclose(value, values[-1]) for value in values)
    assert row["percentile"] == pytest.approx(at_or_below / 1260)
