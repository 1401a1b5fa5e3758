"""`quote`: the provider's price, else the last close, always with its own time and what it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.commands.quote import quote
from bot.commands.reading import parse_context, read_typed
from bot.desk import Desk
from bot.errors import Unavailable
from bot.providers.contract import Extended, Quote
from bot.providers.prices.csv_folder import CsvFolder
from tests.commands.market_desk import ask, ask_json, provider_of, series_of, session_days, with_prices
from tests.conftest import NOW
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.building import Clock, FakeProvider


async def test_a_quote(desk: Desk, registry: Registry) -> None:
    prices = provider_of(series_of("IWM", [99.0, 100.0]), IWM=102.5)
    found = await ask_json(with_prices(desk, prices), registry, "!quote IWM")
    data = found["data"]
    assert data["symbol"] == "IWM"
    assert (data["name"], data["exchange"], data["currency"]) == ("iShares Russell 2000 ETF", "XNYS", "USD")
    assert (data["price"], data["previous_close"]) == (102.5, 100.0)
    assert data["change_pct"] == pytest.approx(2.5)
    assert data["change"] == pytest.approx(2.5)
    assert data["time"] == "2026-03-04T22:30:00+00:00"
    assert found["freshness"]["delay"] == "delayed"
    assert found["freshness"]["session"] == "post"
    assert found["freshness"]["as_of"] == "2026-03-04"
    assert not found["freshness"]["stale"]
    assert "IWM is at 102.50 USD, +2.50 % from the close before (as of 4 Mar 2026)." in found["text"]
    assert "delayed, of 4 Mar 2026 22:30 UTC" in found["text"]
    assert found["options"] == {"symbol": "IWM"}


async def test_a_running_session_is_said(desk: Desk, registry: Registry) -> None:
    here = replace(desk, clock=Clock(NOW.replace(hour=16)))
    found = await ask(with_prices(here, provider_of(series_of("IWM", [99.0]), IWM=90.0)), registry, "!quote IWM")
    assert any(row.label == "Session" and "this session is not over" in row.value for row in found.rows)
    assert "−10.00 %" in found.headline
    assert found.tone == "down"


async def test_the_last_close_is_labelled(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, series_of("IWM", [80.0, 100.0])), registry, "!quote IWM")
    assert found["data"]["price"] == 100.0
    assert found["data"]["change_pct"] == pytest.approx(25)
    assert found["data"]["time"] == "2026-03-04T21:00:00+00:00"
    assert "Last close: end of day, of 4 Mar 2026" in found["text"]
    assert "closed at 100.00" in found["text"]
    assert found["freshness"]["delay"] == "end_of_day"


async def test_a_yield_is_in_percent_and_its_change_in_points(desk: Desk, registry: Registry) -> None:
    found = await ask(with_prices(desk, series_of("US10Y", [4.0, 4.1])), registry, "!quote US10Y")
    assert found.headline == "US10Y closed at 4.10 %, +0.10 percentage points from the close before."
    assert any(row.value == "4.00 % (change +0.10)" for row in found.rows)


async def test_when_the_quote_fails_the_close_stands(desk: Desk, registry: Registry) -> None:
    class NoQuotes(FakeProvider):
        async def quote(self, query: Any) -> Any:
            raise Unavailable(self.name, "no quotes today")

    base = provider_of(series_of("IWM", [80.0, 100.0]), IWM=1.0)
    prices = NoQuotes(base.name, base.shelf, base.quotes, base.capabilities, serves_only=base.serves_only)
    assert "Last close" in (await ask_json(with_prices(desk, prices), registry, "!quote IWM"))["text"]


async def test_stale_and_one_bar(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", [100.0], days=session_days(10)[:1]))
    found = await ask_json(here, registry, "!quote IWM")
    assert found["freshness"]["stale"]
    assert "8 sessions before" in found["freshness"]["stale_reason"]
    assert (found["data"]["change_pct"], found["data"]["change"], found["data"]["previous_close"]) == (None, None, None)


@pytest.mark.parametrize("closes", [[18.27, -36.98], [-36.98, 10.01], [0.0, 5.0]])
async def test_no_percent_across_zero(desk: Desk, registry: Registry, closes: list[float]) -> None:
    days = np.array(["2026-03-02", "2026-03-03"], dtype="datetime64[D]")
    here = with_prices(desk, series_of("WTI", closes, days=days, adjustment="raw"))
    found = await ask_json(here, registry, "!quote WTI")
    assert found["data"]["price"] == closes[1]
    assert found["data"]["change_pct"] is None
    assert found["data"]["change"] == pytest.approx(closes[1] - closes[0])
    assert "no percent" in found["text"]


async def test_currencies_and_coins(desk: Desk, registry: Registry) -> None:
    days = np.array(["2026-03-03", "2026-03-04"], dtype="datetime64[D]")
    here = with_prices(
        desk,
        series_of("EUR/USD", [1.1, 1.21], days=days, adjustment="fix"),
        series_of("BTC-USD", [60_000.0, 66_000.0], days=days - 1, adjustment="raw"),
    )
    pair = await ask_json(here, registry, "!quote EUR/USD")
    assert pair["freshness"]["as_of"] == "2026-03-04"
    assert pair["freshness"]["adjustment"] == "fix"
    assert "closed at 1.21, +10.00 %" in pair["text"]
    assert pair["data"]["exchange"] is None
    coin = await ask_json(here, registry, "!quote bitcoin")
    assert coin["freshness"]["session"] == "always_open"
    assert coin["freshness"]["as_of"] == "2026-03-03"


async def test_a_fund_stands_in_for_its_index(desk: Desk, registry: Registry) -> None:
    prices = provider_of(series_of("IWM", [99.0, 100.0]))
    found = await ask_json(with_prices(desk, prices), registry, "!quote RUT")
    assert found["data"]["symbol"] == "IWM"
    assert found["freshness"]["stand_in"] == "IWM"
    assert "IWM stands in for it" in found["warnings"][0]
    asked = provider_of(series_of("IWM", [99.0, 100.0]), only=False)
    unknown = await ask_json(with_prices(desk, asked), registry, "!quote RUT")
    assert unknown["freshness"]["stand_in"] == "IWM"


async def test_the_close_of_a_past_date(desk: Desk, registry: Registry) -> None:
    days = session_days(3)
    here = with_prices(desk, provider_of(series_of("IWM", [80.0, 100.0, 120.0]), IWM=999.0))
    found = await ask_json(here, registry, f"!quote IWM asof:{days[1]}")
    assert (found["data"]["price"], found["data"]["previous_close"]) == (100.0, 80.0)
    assert found["data"]["time"] == f"{days[1]}T21:00:00+00:00"
    assert found["options"] == {"symbol": "IWM", "as_of": str(days[1])}
    assert not found["freshness"]["stale"]
    before = await ask(here, registry, "!quote IWM asof:2001-01-02")
    assert before.error is not None
    assert before.error.code == "too_little_history"


async def test_no_prices_at_all(desk: Desk, registry: Registry) -> None:
    reply = await ask(with_prices(desk, series_of("IWM", [1.0])), registry, "!quote ZZZZ")
    assert reply.error is not None
    assert reply.error.code == "unknown_symbol"


async def test_a_kept_series_says_how_old_it_is(desk: Desk, registry: Registry) -> None:
    await desk.store.keep_series(series_of("IWM", [99.0, 100.0]), NOW.replace(hour=20))
    prices = provider_of(series_of("IWM", [1.0]))
    prices.fault = Unavailable("fake", "unreachable")
    found = await ask_json(with_prices(desk, prices), registry, "!quote IWM")
    assert found["data"]["price"] == 100.0
    assert any("fetched 2 hours ago" in note for note in found["warnings"])


def test_two_symbols_are_one_too_many(desk: Desk) -> None:
    call = read_typed(quote, "IWM SPY", parse_context(desk))
    assert call.error is not None


@needs_shared
async def test_real_series(desk: Desk, registry: Registry) -> None:
    here = with_prices(replace(desk, clock=Clock()), CsvFolder(SHARED / "data"))
    found = await ask_json(here, registry, "!quote IWM asof:2010-05-06")
    assert found["freshness"]["as_of"] == "2010-05-06"
    assert found["freshness"]["provider"] == "csv"
    oil = await ask_json(here, registry, "!quote WTI asof:2020-04-20")
    assert oil["data"]["price"] == pytest.approx(-36.98)
    assert oil["data"]["change_pct"] is None


async def test_after_hours_the_close_and_the_later_price_are_told_apart(desk: Desk, registry: Registry) -> None:
    close, late = NOW.replace(hour=21), NOW.replace(hour=22, minute=10)
    told = Quote("IWM", 102.0, close, "fake", "delayed", 100.0, extended=Extended(99.96, late, before_open=False))
    prices = provider_of(series_of("IWM", [99.0, 100.0]), IWM=told)
    found = await ask_json(with_prices(desk, prices), registry, "!quote IWM")
    assert "IWM closed at 102.00 USD, +2.00 % from the close before (as of 4 Mar 2026)." in found["text"]
    assert "After hours: 99.96 USD, −2.00 % from that close, of 4 Mar 2026 22:10 UTC" in found["text"]
    assert found["data"]["price"] == 102.0
    assert found["data"]["extended"] == {"price": 99.96, "time": "2026-03-04T22:10:00+00:00"}


async def test_before_the_open_the_price_is_called_that(desk: Desk, registry: Registry) -> None:
    early = NOW.replace(hour=12)
    told = Quote("IWM", 95.0, early, "fake", "real_time", 100.0, extended=Extended(95.0, early, before_open=True))
    prices = provider_of(series_of("IWM", [99.0, 100.0]), IWM=told)
    found = await ask_json(with_prices(replace(desk, clock=Clock(early)), prices), registry, "!quote IWM")
    assert "IWM trades at 95.00 USD before the open, −5.00 % from the close before (as of 4 Mar 2026)." in found["text"]
    assert "Price before the open: real time, of 4 Mar 2026 12:30 UTC" in found["text"]
    assert found["freshness"]["session"] == "pre"


async def test_the_providers_currency_is_shown_where_the_book_has_none(desk: Desk, registry: Registry) -> None:
    prices = provider_of(
        series_of("ZZZZ", [99.0, 100.0]), ZZZZ=Quote("ZZZZ", 7.25, NOW, "fake", "delayed", currency="GBP")
    )
    found = await ask_json(with_prices(desk, prices), registry, "!quote ZZZZ")
    assert "ZZZZ is at 7.25 GBP" in found["text"]
    assert found["data"]["currency"] == "GBP"
