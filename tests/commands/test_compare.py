"""`compare`: its numbers against plain arithmetic, and every case in which there is no honest number."""

from __future__ import annotations

import csv
import math
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.aligned_pair import AlignedPair, align, compare_pair
from bot.analysis.series import Series
from bot.commands.compare import compare
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_named, read_typed
from bot.desk import Desk
from bot.errors import UserError
from bot.providers.prices.csv_folder import CsvFolder
from bot.render.reply import Freshness
from tests.commands.market_desk import ask, ask_json, provider_of, series_of, session_days, walk, with_prices
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.building import BOOK


def slow_change(close: list[float], n: int) -> float:
    return (close[-1] / close[-1 - n] - 1) * 100


def slow_correlation(a: list[float], b: list[float], n: int) -> float:
    x = [math.log(a[i] / a[i - 1]) for i in range(len(a) - n, len(a))]
    y = [math.log(b[i] / b[i - 1]) for i in range(len(b) - n, len(b))]
    mx, my = sum(x) / n, sum(y) / n
    top = sum((p - mx) * (q - my) for p, q in zip(x, y, strict=True))
    return top / math.sqrt(sum((p - mx) ** 2 for p in x) * sum((q - my) ** 2 for q in y))


async def test_numbers(desk: Desk, registry: Registry) -> None:
    a, b = walk(400, 1).tolist(), walk(400, 2).tolist()
    here = with_prices(desk, series_of("IWM", a), series_of("SPY", b))
    found = await ask_json(here, registry, "!compare IWM SPY")
    data = found["data"]
    assert found["options"] == {"symbols": ["IWM", "SPY"]}
    assert (data["a"], data["b"], data["periods"]) == ("IWM", "SPY", 21)
    assert data["a_roc_pct"] == pytest.approx(slow_change(a, 21))
    assert data["b_roc_pct"] == pytest.approx(slow_change(b, 21))
    relative = ((1 + slow_change(a, 21) / 100) / (1 + slow_change(b, 21) / 100) - 1) * 100
    assert data["relative_pct"] == pytest.approx(relative)
    assert data["correlation"] == pytest.approx(slow_correlation(a, b, 21))
    ratios = [p / q for p, q in zip(a, b, strict=True)]
    assert data["ratio_percentile"] == pytest.approx(sum(r <= ratios[-1] for r in ratios) / 400)
    assert found["freshness"]["as_of"] == "2026-03-04"
    assert not found["warnings"]


async def test_sessions_that_only_one_has_are_left_out(desk: Desk, registry: Registry) -> None:
    coin_days = np.arange(np.datetime64("2025-12-01"), np.datetime64("2026-03-05"))
    coin = series_of("BTC-USD", walk(coin_days.size, 5), days=coin_days, adjustment="raw")
    fund = series_of("SPY", walk(60, 6))
    found = await ask_json(with_prices(desk, fund, coin), registry, "!compare BTC SPY 10")
    days = session_days(12)[:-1]  # the coin has not finished its day yet
    closes = dict(zip(coin_days.tolist(), coin.close.tolist(), strict=True))
    expected = (closes[days[-1].item()] / closes[days[0].item()] - 1) * 100
    assert found["data"]["a_roc_pct"] == pytest.approx(expected)
    assert found["data"]["ratio_percentile"] is None
    assert found["data"]["base_day"] == str(days[0])


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("IWM SPY 63", {"symbols": ["IWM", "SPY"], "periods": 63}),
        ("SPY,IWM", {"symbols": ["SPY", "IWM"]}),
        ("iwm vs. spy 3 months", {"symbols": ["IWM", "SPY"], "periods": 63}),
        ("ZZZQ against IWM ytd", {"symbols": ["ZZZQ", "IWM"], "periods": "ytd"}),
        ("small caps vs large caps", {"symbols": ["^RUT", "^GSPC"]}),
        ("apple and microsoft 10 asof:2020-01-02", {"symbols": ["AAPL", "MSFT"], "periods": 10, "as_of": "2020-01-02"}),
        ("10 QQQ versus russell 2000", {"symbols": ["QQQ", "^RUT"], "periods": 10}),
    ],
)
def test_what_people_type(desk: Desk, typed: str, options: dict[str, Any]) -> None:
    call = read_typed(compare, typed, parse_context(desk))
    assert call.error is None
    assert dict(call.options) == options


def test_named_options(desk: Desk) -> None:
    call = read_named(compare, {"symbols": "IWM, SPY", "periods": "63"}, parse_context(desk))
    assert dict(call.options) == {"symbols": ["IWM", "SPY"], "periods": 63}


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("IWM", "takes 2 different symbols; I read 1"),
        ("IWM IWM", "takes 2 different symbols"),
        ("IWM SPY QQQ", "takes 2 different symbols; I read 3"),
        ("", "needs two or more symbols"),
        ("IWM notasymbol", "do not know the symbol"),
        ("IWM SPY 0", "1 to 5,000 sessions"),
    ],
)
def test_what_cannot_be_read(desk: Desk, typed: str, says: str) -> None:
    call = read_typed(compare, typed, parse_context(desk))
    assert call.error is not None
    assert says in call.error.message


async def refused(desk: Desk, registry: Registry, question: str, code: str) -> str:
    reply = await ask(desk, registry, question)
    assert reply.error is not None
    assert reply.data is None
    assert reply.error.code == code
    return reply.headline


async def test_no_shared_sessions(desk: Desk, registry: Registry) -> None:
    old = series_of("SPY", walk(40), days=session_days(40, date(2020, 3, 4)))
    here = with_prices(desk, series_of("IWM", walk(40)), old)
    assert "no session in common" in await refused(here, registry, "!compare IWM SPY", "too_little_history")


async def test_a_missing_session(desk: Desk, registry: Registry) -> None:
    days = session_days(60, without=["2026-02-17"])
    here = with_prices(desk, series_of("IWM", walk(60)), series_of("SPY", walk(59), days=days))
    assert "17 Feb 2026" in await refused(here, registry, "!compare IWM SPY", "missing_bars")
    assert (await ask(here, registry, "!compare IWM SPY 5")).ok


async def test_zero_and_negative_prices(desk: Desk, registry: Registry) -> None:
    oil = walk(300)
    oil[-10] = -36.98
    here = with_prices(desk, series_of("WTI", oil, adjustment="raw"), series_of("BTC-USD", walk(300), adjustment="raw"))
    assert "-36.98" in await refused(here, registry, "!compare WTI BTC", "not_positive")
    fine = (await ask_json(here, registry, "!compare WTI BTC 5"))["data"]
    assert fine["relative_pct"] is not None
    assert fine["ratio_percentile"] is None  # nine ratios after the negative price


async def test_too_few_bars_and_one_bar(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", [100.0]), series_of("SPY", walk(12)))
    assert "share 1 session" in await refused(here, registry, "!compare IWM SPY", "too_little_history")
    assert "this needs 22" in await refused(here, registry, "!compare SPY IWM", "too_little_history")


async def test_flat_series_have_no_correlation(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", [50.0] * 300), series_of("SPY", walk(300)))
    data = (await ask_json(here, registry, "!compare IWM SPY"))["data"]
    assert data["correlation"] is None
    assert data["a_roc_pct"] == 0
    level = with_prices(desk, series_of("IWM", [50.0] * 300), series_of("SPY", [20.0] * 300))
    assert "moved alike" in (await ask(level, registry, "!compare IWM SPY")).headline


async def test_adjustment_kinds_that_do_not_go_together(desk: Desk, registry: Registry) -> None:
    here = with_prices(
        desk,
        series_of("IWM", walk(60), adjustment="split_dividend"),
        series_of("^VIX", walk(60, 2), adjustment="index"),
        series_of("AAPL", walk(60, 3), adjustment="raw"),
    )
    said = await refused(here, registry, "!compare IWM VIX", "bad_input")
    assert "adjusted for splits and dividends" in said
    assert "index level" in said
    await refused(here, registry, "!compare IWM AAPL", "bad_input")


async def test_funds_stand_in_where_an_index_cannot_be_compared(desk: Desk, registry: Registry) -> None:
    iwm, spy = walk(60, 1), walk(60, 2)
    here = with_prices(
        desk,
        series_of("IWM", iwm, adjustment="split_dividend"),
        series_of("SPY", spy, adjustment="split_dividend"),
        series_of("^GSPC", walk(60, 3), adjustment="index"),
    )
    found = await ask_json(here, registry, "!compare IWM ^GSPC")
    assert (found["data"]["a"], found["data"]["b"]) == ("IWM", "SPY")
    assert found["data"]["b_roc_pct"] == pytest.approx(slow_change(spy.tolist(), 21))
    assert found["freshness"]["stand_in"] == "SPY"
    assert any("SPY stands in for ^GSPC" in note for note in found["warnings"])


async def test_two_providers_are_named(desk: Desk, registry: Registry) -> None:
    one = provider_of(series_of("IWM", walk(60), provider="one"), name="one")
    two = provider_of(series_of("SPY", walk(60), provider="two"), name="two")
    found = await ask_json(with_prices(desk, one, two), registry, "!compare IWM SPY")
    assert any("IWM from one" in note for note in found["warnings"])


async def test_an_older_end_is_said(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", walk(60)), series_of("SPY", walk(60), days=session_days(62)[:60]))
    found = await ask_json(here, registry, "!compare IWM SPY 5")
    assert found["freshness"]["as_of"] == str(session_days(3)[0])
    assert any("IWM has prices up to 4 Mar 2026" in note for note in found["warnings"])


FRESH = Freshness(date(2026, 3, 4), "closed", "fake", "split", "end_of_day")
PRICES = st.lists(st.floats(0.5, 500), min_size=12, max_size=12)


def a_pair(a: list[float], b: list[float]) -> AlignedPair:
    legs = [
        Series(BOOK.symbols[name], BOOK.symbols[name], series_of(name, close), FRESH, (), ())
        for name, close in (("IWM", a), ("SPY", b))
    ]
    return align(*legs)


@given(PRICES, PRICES, st.integers(1, 11), st.floats(0.001, 1000))
def test_the_other_way_round_is_the_inverse(a: list[float], b: list[float], n: int, scale: float) -> None:
    one = compare_pair(a_pair(a, b), n)
    other = compare_pair(a_pair(b, [value * scale for value in a]), n)
    assert (1 + one.relative_pct / 100) * (1 + other.relative_pct / 100) == pytest.approx(1)
    assert one.ratio_trend is None


def test_a_span_beyond_the_shared_sessions() -> None:
    with pytest.raises(UserError, match="IWM and SPY share 12 sessions"):
        compare_pair(a_pair([1.0] * 12, [2.0] * 12), 12)


@needs_shared
async def test_real_series(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, CsvFolder(SHARED / "data"))
    closes = []
    for name in ("iwm", "spy"):
        with (SHARED / "data" / f"hsmd-{name}.us.txt").open() as file:
            closes.append([float(row["Close"]) for row in csv.DictReader(file) if row["Date"] <= "2017-11-10"])
    found = await ask_json(here, registry, "!compare IWM SPY 21 asof:2017-11-10")
    a, b = (slow_change(close, 21) for close in closes)
    assert found["data"]["relative_pct"] == pytest.approx(((1 + a / 100) / (1 + b / 100) - 1) * 100)
    gap = await ask_json(here, registry, "!compare IWM SPY 10 asof:2011-02-25")
    assert gap["error"]["code"] == "missing_bars"
    assert "17 Feb 2011" in gap["text"]
