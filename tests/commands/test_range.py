"""`range`: what it says of series whose state can be seen at a glance."""

from __future__ import annotations

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from tests.commands.market_desk import ask, ask_json, series_of, session_days, walk, with_prices

BOUNDED = 100 + 4 * np.sin(np.arange(300) * 2 * np.pi / 20) + 0.3 * np.sin(np.arange(300) * 1.7)
RISING = 100 * np.exp(0.004 * np.arange(300) + 0.002 * np.sin(np.arange(300)))


async def test_a_price_between_two_levels(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, series_of("IWM", BOUNDED)), registry, "!range IWM")
    data = found["data"]
    assert data["state"] == "range_bound"
    assert BOUNDED.min() - 1e-9 <= data["support"] < data["resistance"] <= BOUNDED.max() + 1e-9
    assert data["support_tests"] >= 2
    assert data["resistance_tests"] >= 2
    assert data["width_pct"] == pytest.approx(100 * (data["resistance"] / data["support"] - 1), rel=0.02)
    assert "is in a trading range between" in found["text"]
    assert "95 % confident" not in found["text"]


@pytest.mark.parametrize(
    ("closes", "state", "words"), [(RISING, "trending_up", "up"), (1e4 / RISING, "trending_down", "down")]
)
async def test_a_price_with_a_direction(
    desk: Desk, registry: Registry, closes: np.ndarray, state: str, words: str
) -> None:
    reply = await ask(with_prices(desk, series_of("IWM", closes)), registry, "!range IWM")
    assert reply.data is not None
    assert reply.data["state"] == state
    assert reply.headline == f"IWM is trending {words}, not in a range."
    assert reply.data["support"] is None


async def test_no_movement_and_too_few_closes(desk: Desk, registry: Registry) -> None:
    still = await ask(with_prices(desk, series_of("IWM", np.full(200, 50.0))), registry, "!range IWM")
    assert "The price has not moved in the window." in [row.value for row in still.rows]
    short = await ask_json(with_prices(desk, series_of("IWM", walk(15))), registry, "!range IWM")
    assert short["data"]["state"] == "insufficient"
    assert "a range state needs 21" in short["text"]


async def test_as_of_an_earlier_day_nothing_later_counts(desk: Desk, registry: Registry) -> None:
    closes, days = np.concatenate([BOUNDED, BOUNDED[-1] * RISING / 100]), session_days(600)
    whole = with_prices(desk, series_of("IWM", closes, days=days))
    cut = with_prices(desk, series_of("IWM", closes[:300], days=days[:300]))
    question = f"!range IWM asof:{days[299]}"
    assert (await ask_json(whole, registry, question))["data"] == (await ask_json(cut, registry, question))["data"]


async def test_its_terms_explain_the_state(desk: Desk, registry: Registry) -> None:
    reply = await ask(with_prices(desk, series_of("IWM", BOUNDED)), registry, "!range IWM")
    asked = {button.ask for button in reply.buttons}
    assert "!working range IWM asof:2026-03-04" in asked
    assert all(slug in desk.book.terms for slug in reply.terms)


async def test_a_price_of_zero_is_refused_where_there_can_be_one(desk: Desk, registry: Registry) -> None:
    closes = BOUNDED.copy()
    closes[-30] = -1.0
    here = with_prices(desk, series_of("WTI", closes), series_of("IWM", closes))
    reply = await ask(here, registry, "!range WTI")
    assert reply.error is not None
    assert reply.error.code == "not_positive"
    of_a_fund = await ask(here, registry, "!range IWM")
    assert any("1 row with a price of zero or less" in note for note in of_a_fund.warnings)
