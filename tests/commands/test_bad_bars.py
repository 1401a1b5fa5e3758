"""Bars that are no bars, and prices that look wrong: left out and counted, or named in every answer that shows them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from bot.analysis.series import CheckedBars, fetch_series
from bot.commands.declaration import Registry
from bot.desk import Desk
from tests.commands.market_desk import LAST, ask_json, provider_of, series_of, session_days, walk, with_prices

QUESTIONS = (
    "!roc {} 10", "!rally {}", "!range {}", "!chart {}", "!quote {}", "!compare {} SPY", "!rank {} SPY",
    "!working roc {} 10",
)  # fmt: skip


def every_day(count: int, last: date = LAST) -> np.ndarray:
    return np.arange(np.datetime64(last) - count + 1, np.datetime64(last) + 1)


def filled(count: int) -> tuple[np.ndarray, np.ndarray]:
    """Every day of the calendar, each weekend and holiday filled with the close before."""
    days = every_day(count)
    prices = walk(count)
    sessions = set(session_days(count).tolist())
    for at, day in enumerate(days.tolist()):
        if day not in sessions and at:
            prices[at] = prices[at - 1]
    return days, prices


async def test_filled_weekends_and_holidays_are_no_bars(desk: Desk, registry: Registry) -> None:
    days, prices = filled(400)
    sessions = session_days(300)
    here = with_prices(desk, series_of("IWM", prices, days=days))
    got = await ask_json(here, registry, "!roc IWM 10")
    closes = dict(zip(days.tolist(), prices, strict=True))
    now, then = sessions[-1].item(), sessions[-11].item()
    assert got["data"]["rows"][0]["roc_pct"] == pytest.approx(100 * (closes[now] / closes[then] - 1))
    dropped = len(set(days.tolist()) - set(session_days(400).tolist()))
    assert any(f"{dropped} rows of IWM on days without a session left out" in note for note in got["warnings"])
    rally = await ask_json(here, registry, "!rally IWM")
    assert date.fromisoformat(rally["data"]["low_date"]).weekday() < 5


async def test_coins_keep_their_weekends(desk: Desk, registry: Registry) -> None:
    days = every_day(400)
    got = await ask_json(with_prices(desk, series_of("BTC-USD", walk(400), days=days)), registry, "!roc BTC 10")
    assert got["data"]["rows"][0]["base_date"] == str(days[-12])
    assert got["warnings"] == []


async def test_a_share_outside_the_book_is_held_against_the_calendar(desk: Desk, registry: Registry) -> None:
    without = session_days(60)[[-4]]
    gap = np.setdiff1d(session_days(300), without)
    here = with_prices(desk, series_of("ZZZQ", walk(299), days=gap))
    got = await ask_json(here, registry, "!roc ZZZQ 10")
    assert got["error"]["code"] == "missing_bars"
    assert (await ask_json(here, registry, "!roc ZZZQ 2"))["ok"]


async def test_what_does_not_keep_new_yorks_days_is_not_judged_by_them(desk: Desk, registry: Registry) -> None:
    got = await ask_json(with_prices(desk, series_of("ZZZQ", walk(400), days=every_day(400))), registry, "!roc ZZZQ 10")
    assert got["ok"]
    assert got["warnings"] == []


async def test_a_close_of_zero_is_a_missing_one(desk: Desk, registry: Registry) -> None:
    prices = walk(300)
    prices[-5] = 0.0
    here = with_prices(desk, series_of("IWM", prices))
    day = session_days(5)[0]
    assert (await ask_json(here, registry, "!roc IWM 10"))["error"]["code"] == "missing_bars"
    then = await ask_json(here, registry, f"!quote IWM asof:{day}")
    assert then["data"]["price"] == pytest.approx(prices[-6])
    assert any("price of zero or less" in note for note in then["warnings"])


@pytest.mark.parametrize("days", [7, 30])
async def test_bars_that_are_no_days_say_so(desk: Desk, registry: Registry, days: int) -> None:
    dates = np.datetime64(LAST) - np.arange(200)[::-1] * days
    got = await ask_json(with_prices(desk, series_of("IWM", walk(200), days=dates)), registry, "!roc IWM 10")
    word = {7: "weeks", 30: "months"}[days]
    assert any(f"are {word}, not days" in note for note in got["warnings"])


def split(prices: np.ndarray) -> np.ndarray:
    prices[-6:] *= 0.25 * 1.01
    return prices


def pence(prices: np.ndarray) -> np.ndarray:
    prices[-6:] *= 100
    return prices


def tick(prices: np.ndarray) -> np.ndarray:
    prices[-6] *= 1.8
    return prices


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize(("spoil", "says"), [(split, "4:1 split"), (pence, "another unit"), (tick, "bad price")])
async def test_every_answer_names_what_looks_wrong(
    desk: Desk, registry: Registry, question: str, spoil: Callable[[np.ndarray], np.ndarray], says: str
) -> None:
    quotes_the_newest = question.startswith("!quote")
    here = with_prices(
        desk,
        provider_of(
            series_of("AAPL", spoil(walk(400)), adjustment="raw"), series_of("SPY", walk(400, 2), adjustment="raw")
        ),
    )
    if quotes_the_newest:
        question += f" asof:{session_days(2)[0]}"
    got = await ask_json(here, registry, question.format("AAPL"))
    assert any(says in note for note in got["warnings"]), got["warnings"]


async def test_a_doubtful_row_is_marked_wherever_it_stands(desk: Desk, registry: Registry) -> None:
    here = with_prices(
        desk,
        provider_of(
            series_of("AAPL", pence(walk(400)), adjustment="raw"), series_of("SPY", walk(400, 2), adjustment="raw")
        ),
    )
    got = await ask_json(here, registry, "!rank SPY AAPL")
    first, second = got["data"]["rows"]
    assert (first["symbol"], second["warning"]) == ("AAPL", None)
    assert "another unit" in first["warning"]
    assert "1. AAPL ⚠" in got["text"]
    assert "its prices may be wrong" in got["text"].splitlines()[0]


async def test_a_quote_far_from_the_close_before_is_doubted(desk: Desk, registry: Registry) -> None:
    prices = walk(300)
    prices[-1] *= 100
    got = await ask_json(with_prices(desk, series_of("IWM", prices)), registry, "!quote IWM")
    assert any("times the close before" in note or "another unit" in note for note in got["warnings"])


@pytest.mark.parametrize("day", [date.min, date(2, 1, 1), date(1600, 2, 29), date(1969, 12, 31)])
@pytest.mark.parametrize(
    "question",
    ["!roc IWM", "!rally IWM", "!range IWM", "!chart IWM", "!quote IWM", "!compare IWM SPY", "!rank IWM SPY", "!index",
     "!working roc IWM", "!scan", "!rate EUR USD", "!rstar"],
)  # fmt: skip
async def test_no_date_ends_in_a_failure_of_ours(desk: Desk, registry: Registry, question: str, day: date) -> None:
    got = await ask_json(desk, registry, f"{question} asof:{day.isoformat()}")
    assert not got["ok"]
    assert got["error"]["code"] != "internal", got["error"]


async def test_checked_bars_do_not_hold_themselves(desk: Desk) -> None:
    """Only a collection, which is put off while the process runs, could free bars that did."""
    found = await fetch_series(desk, desk.symbols.resolve("IWM"), None)
    checked = [value for value in found.bars.derived.values() if isinstance(value, CheckedBars)]
    assert [one.without for one in checked] == [None]
