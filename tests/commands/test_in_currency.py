"""Prices in the reader's currency, against fixings worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.market.bars import Bars
from bot.providers.macro.feed import FolderFeed
from bot.providers.macro.folder import MacroFolder
from tests.commands.market_desk import ask, ask_json, provider_of, with_prices
from tests.providers.building import Clock
from tests.providers.macro.desk import write
from tests.providers.macro.files import zipped

NOW = datetime(2026, 3, 4, 22, 30, tzinfo=UTC)
FIXES = (
    "Date,USD,JPY,GBP,RUB,\n"
    "2026-03-04,1.20,180.0,0.80,N/A,\n"
    "2026-03-03,1.10,165.0,0.88,N/A,\n"
    "2026-03-02,1.00,160.0,0.80,N/A,\n"
    "2022-03-01,1.1162,128.5,0.83435,117.201,\n"
)
DAYS = np.array(["2026-03-02", "2026-03-03", "2026-03-04"], dtype="datetime64[D]")


def series(symbol: str, closes: list[float], currency: str | None = None) -> Bars:
    return Bars(symbol, DAYS, np.array(closes), "split", "fake", currency=currency)


@pytest.fixture
def here(desk: Desk, tmp_path: Path) -> Desk:
    """A desk with London, New York and Tokyo shares and three days of fixings."""
    clock = Clock(NOW)
    macro = FolderFeed(MacroFolder(write(tmp_path / "macro", {"x": zipped(FIXES)})), clock)
    prices = provider_of(
        series("VOD.L", [2.0, 2.2, 2.4], "GBP"),
        series("AAPL", [100.0, 100.0, 110.0], "USD"),
        series("7203.T", [3000.0, 3000.0, 3000.0]),
        series("US10Y", [4.0, 4.1, 4.2]),
        series("RUBX", [100.0, 101.0, 102.0], "RUB"),
    )
    return with_prices(replace(desk, macro=macro, clock=clock), prices)


async def test_a_quote_shows_both_numbers_and_the_fix(here: Desk, registry: Registry) -> None:
    found = await ask_json(here, registry, "!quote VOD.L in EUR")
    data = found["data"]
    assert found["options"] == {"symbol": "VOD.L", "currency": "EUR"}
    assert (data["price"], data["currency"]) == (2.4, "GBP")
    assert data["converted"] == pytest.approx(3.0)  # 2.4 / 0.80
    assert (data["converted_currency"], data["fix_date"]) == ("EUR", "2026-03-04")
    assert "2.40 GBP (3.00 EUR)" in found["text"]
    assert "1 GBP = 1.25 EUR by the ECB reference rate of 4 Mar 2026" in found["text"]
    assert "Trades: on London Stock Exchange, GBP" in found["text"]


@pytest.mark.parametrize("typed", ["VOD.L in dollars", "VOD.L in:usd", "in USD VOD.L", "VOD.L into us dollars"])
async def test_ways_of_naming_the_currency(here: Desk, registry: Registry, typed: str) -> None:
    data = (await ask_json(here, registry, f"!quote {typed}"))["data"]
    assert data["converted"] == pytest.approx(3.6)  # 2.4 * 1.20 / 0.80


async def test_a_past_quote_goes_by_the_fix_of_its_day(here: Desk, registry: Registry) -> None:
    data = (await ask_json(here, registry, "!quote VOD.L in USD asof:2026-03-03"))["data"]
    assert data["converted"] == pytest.approx(2.2 * 1.10 / 0.88)
    assert data["fix_date"] == "2026-03-03"


async def test_an_old_fix_is_said(here: Desk, registry: Registry) -> None:
    newer = Bars("VOD.L", DAYS + 2, np.array([2.0, 2.2, 2.4]), "split", "fake", currency="GBP")
    later = with_prices(replace(here, clock=Clock(datetime(2026, 3, 6, 22, 30, tzinfo=UTC))), newer)
    found = await ask(later, registry, "!quote VOD.L in USD")
    assert any("the reference rate is an old one" in one and "2026-03-06" in one for one in found.warnings)
    compared = await ask(later, registry, "!working roc VOD.L 2 in USD")
    assert any("the last one used of 4 Mar 2026 (the newest fixing here is of" in one for one in compared.warnings)


async def test_its_own_currency_converts_nothing(here: Desk, registry: Registry) -> None:
    data = (await ask_json(here, registry, "!quote AAPL in USD"))["data"]
    assert (data["price"], data["converted"]) == (110.0, None)


@pytest.mark.parametrize(
    ("question", "code", "said"),
    [
        ("!quote VOD.L in XYZ", "unknown_symbol", "“XYZ” is not a currency"),
        ("!quote VOD.L in KWD", "unknown_symbol", "“KWD” is not a currency"),
        ("!quote VOD.L in RUB", "missing_bars", "no longer publishes"),
        ("!quote US10Y in EUR", "bad_input", "US10Y is a yield in percent"),
        ("!quote VOD.L in EUR in USD", "bad_input", "One currency at a time"),
        ("!compare VOD.L AAPL 1 in XYZ", "unknown_symbol", "“XYZ” is not a currency"),
        ("!compare RUBX AAPL 1 in EUR", "missing_bars", "RUB in EUR is of 2022-03-01"),
    ],
)
async def test_what_has_no_rate_is_refused_by_name(
    here: Desk, registry: Registry, question: str, code: str, said: str
) -> None:
    found = await ask_json(here, registry, question)
    assert not found["ok"]
    assert found["error"]["code"] == code
    assert said in found["error"]["message"]


async def test_without_rates_it_is_unavailable(desk: Desk, registry: Registry, tmp_path: Path) -> None:
    clock = Clock(NOW)
    none = FolderFeed(MacroFolder(write(tmp_path / "none", {})), clock)
    prices = provider_of(series("VOD.L", [2.0, 2.2, 2.4], "GBP"), series("AAPL", [1.0, 1.0, 1.0], "USD"))
    bare = with_prices(replace(desk, macro=none, clock=clock), prices)
    for question in ("!quote VOD.L in EUR", "!compare VOD.L AAPL 1 in EUR"):
        found = await ask_json(bare, registry, question)
        assert found["error"]["code"] == "unavailable", question


async def test_a_comparison_says_that_it_is_in_local_prices(here: Desk, registry: Registry) -> None:
    found = await ask_json(here, registry, "!compare VOD.L AAPL 2")
    assert found["data"]["a_roc_pct"] == pytest.approx(20.0)
    assert found["data"]["b_roc_pct"] == pytest.approx(10.0)
    assert any("local prices (GBP, USD)" in one for one in found["warnings"])


async def test_a_comparison_in_one_currency_goes_by_the_fixes_of_both_days(here: Desk, registry: Registry) -> None:
    found = await ask_json(here, registry, "!compare VOD.L AAPL 2 in USD")
    # 2.0 GBP at 1.00/0.80 and 2.4 GBP at 1.20/0.80: 2.50 and 3.60 dollars.
    assert found["data"]["a_roc_pct"] == pytest.approx(44.0)
    assert found["data"]["b_roc_pct"] == pytest.approx(10.0)
    assert found["data"]["relative_pct"] == pytest.approx(100 * (1.44 / 1.10 - 1))
    assert any("in USD by the ECB's reference rate" in one and "4 Mar 2026" in one for one in found["warnings"])
    assert not any("local prices" in one for one in found["warnings"])


async def test_a_ranking_in_one_currency(here: Desk, registry: Registry) -> None:
    local = await ask_json(here, registry, "!rank VOD.L AAPL 7203.T 2")
    assert [row["symbol"] for row in local["data"]["rows"]] == ["VOD.L", "AAPL", "7203.T"]
    assert any("local prices (GBP, JPY, USD)" in one for one in local["warnings"])
    found = await ask_json(here, registry, "!rank VOD.L AAPL 7203.T RUBX 2 in EUR")
    rows = {row["symbol"]: row for row in found["data"]["rows"]}
    assert rows["VOD.L"]["roc_pct"] == pytest.approx(20.0)  # 0.80 on both days
    assert rows["AAPL"]["roc_pct"] == pytest.approx(100 * (1.1 / 1.2 - 1))
    assert rows["7203.T"]["roc_pct"] == pytest.approx(100 * (160 / 180 - 1))
    assert "RUB in EUR" in rows["RUBX"]["error"]


@pytest.mark.parametrize("question", ["!working compare VOD.L AAPL 2 in USD", "!working roc VOD.L 2 in USD"])
async def test_the_working_has_the_converted_closes(here: Desk, registry: Registry, question: str) -> None:
    found = await ask(here, registry, question)
    assert found.data is not None
    closes = [float(line.split(",")[1]) for line in found.data["csv"].splitlines()[1:]]
    assert closes == pytest.approx([2.50, 2.75, 3.60])


async def test_the_working_of_what_has_no_rate(here: Desk, registry: Registry) -> None:
    assert not (await ask(here, registry, "!working roc RUBX 2 in USD")).ok


async def test_plain_words(here: Desk, registry: Registry) -> None:
    found = await ask_json(here, registry, "how much is AAPL in euros")
    assert (found["command"], found["options"]) == ("quote", {"symbol": "AAPL", "currency": "EUR"})
    assert found["data"]["converted"] == pytest.approx(110 / 1.20)
    both = await ask_json(here, registry, "compare VOD.L and AAPL in yen")
    assert both["options"] == {"symbols": ["VOD.L", "AAPL"], "currency": "JPY"}
