"""`rally`: what it says of series whose state can be seen at a glance."""

from __future__ import annotations

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from tests.commands.market_desk import ask, ask_json, series_of, session_days, with_prices

STEP = 1.004


def legs(*turns: tuple[int, float], start: float = 100.0) -> np.ndarray:
    """A price that goes by a factor a session for so many sessions, with a little unevenness; then the next leg."""
    factors = np.concatenate([np.full(count, factor) for count, factor in turns])
    wobble = np.where(np.arange(factors.size) % 2, 1.001, 1 / 1.001)
    return start * np.cumprod(factors) * wobble


FALL_THEN_RISE = legs((300, 1.0), (60, 1 / STEP), (60, STEP))


async def test_a_rise_out_of_a_fall(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, series_of("IWM", FALL_THEN_RISE)), registry, "!rally IWM")
    data, low = found["data"], int(FALL_THEN_RISE.argmin())
    assert data["state"] == "rally"
    assert data["low"] == pytest.approx(FALL_THEN_RISE[low])
    assert data["low_date"] == str(session_days(FALL_THEN_RISE.size)[low])
    assert data["gain_pct"] == pytest.approx(100 * (FALL_THEN_RISE[-1] / FALL_THEN_RISE[low] - 1))
    assert data["bars_since_low"] == FALL_THEN_RISE.size - 1 - low
    assert data["ends_below"] < FALL_THEN_RISE[-1]
    assert "is in a rally" in found["text"]


async def test_a_fall(desk: Desk, registry: Registry) -> None:
    closes = legs((300, 1.0), (60, 1 / STEP))
    reply = await ask(with_prices(desk, series_of("IWM", closes)), registry, "!rally IWM")
    assert reply.headline == "IWM is not in a rally: it is declining or near its low."
    assert reply.tone == "down"


async def test_a_rise_that_was_lost(desk: Desk, registry: Registry) -> None:
    closes = legs((300, 1.0), (60, 1 / STEP), (60, STEP), (8, 1 / STEP**4))
    data = (await ask_json(with_prices(desk, series_of("IWM", closes)), registry, "!rally IWM"))["data"]
    assert data["state"] in {"ended", "declining"}


async def test_too_few_closes(desk: Desk, registry: Registry) -> None:
    found = await ask_json(with_prices(desk, series_of("IWM", legs((40, STEP)))), registry, "!rally IWM")
    assert found["ok"]
    assert found["data"]["state"] == "insufficient"
    assert "a rally state needs 61" in found["text"]


async def test_as_of_an_earlier_day_nothing_later_counts(desk: Desk, registry: Registry) -> None:
    days = session_days(FALL_THEN_RISE.size)
    at = 355
    cut = with_prices(desk, series_of("IWM", FALL_THEN_RISE[: at + 1], days=days[: at + 1]))
    whole = with_prices(desk, series_of("IWM", FALL_THEN_RISE, days=days))
    question = f"!rally IWM asof:{days[at]}"
    assert (await ask_json(whole, registry, question))["data"] == (await ask_json(cut, registry, question))["data"]


async def test_its_working_is_of_the_same_day(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", FALL_THEN_RISE))
    reply = await ask(here, registry, "!rally IWM")
    working = next(button for button in reply.buttons if button.label == "Show working")
    assert working.ask == "!working rally IWM asof:2026-03-04"
    assert (await ask(here, registry, working.ask)).ok


async def test_a_price_of_zero_is_refused_where_there_can_be_one(desk: Desk, registry: Registry) -> None:
    closes = FALL_THEN_RISE.copy()
    closes[-30] = 0.0
    here = with_prices(desk, series_of("WTI", closes), series_of("IWM", closes))
    reply = await ask(here, registry, "!rally WTI")
    assert reply.error is not None
    assert reply.error.code == "not_positive"
    of_a_fund = await ask(here, registry, "!rally IWM")
    assert any("1 row with a price of zero or less" in note for note in of_a_fund.warnings)
