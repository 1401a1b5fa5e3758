"""`!rally` on and after the day on which a rally ends: the answer leads with that rally."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.market.rally import rally_labels
from bot.market.rally_walk import ENDED
from tests.commands.market_desk import ask_json, provider_of, series_of, with_prices
from tests.market.shared_series import needs_shared, series


def ending() -> np.ndarray:
    """60 quiet bars, a fall of a fifth, an even climb of a third, and a fall of a sixth from its high."""
    quiet = 100 * (1 + 0.01 * np.sin(np.arange(260)))
    fall = np.linspace(100, 80, 25)
    climb = np.linspace(80.5, 106, 80)
    drop = np.linspace(104, 88, 12)
    return np.concatenate([quiet, fall, climb, drop])


async def test_the_answer_leads_with_the_rally_that_ended(desk: Desk, registry: Registry) -> None:
    close = ending()
    labels = rally_labels(close)
    end = next(bar for bar in range(300, close.size) if labels[bar] == ENDED)
    low = 260 + int(np.argmin(close[260:300]))
    high = 300 + int(np.argmax(close[300:]))
    bars = series_of("AAPL", close[: end + 1])
    got: dict[str, Any] = await ask_json(with_prices(desk, provider_of(bars)), registry, "!rally AAPL")
    ended = got["data"]["ended_rally"]
    assert got["data"]["state"] == "ended"
    assert (ended["low"], ended["high"]) == (pytest.approx(close[low]), pytest.approx(close[high]))
    assert ended["gain_pct"] == pytest.approx(100 * (close[high] / close[low] - 1))
    assert ended["since_high_pct"] == pytest.approx(100 * (close[end] / close[high] - 1))
    assert (ended["low_date"], ended["high_date"]) == (str(bars.day(low)), str(bars.day(high)))
    assert ended["ended_date"] == str(bars.last_day)
    assert ended["reason"] == got["data"]["end_reason"]
    assert got["short"].startswith("AAPL's rally of +32.50 % has ended: on ")
    assert "\nRally from: 80.00 on " in got["short"]
    assert "0 sessions ago" not in got["text"]
    assert "Recovered" not in got["text"]


async def test_other_states_have_no_ended_rally(desk: Desk, registry: Registry) -> None:
    got = await ask_json(desk, registry, "!rally IWM")
    assert got["data"]["state"] != "ended"
    assert got["data"]["ended_rally"] is None


@needs_shared
@pytest.mark.shared
def test_spy_in_june_2011() -> None:
    """Low, high and day of the end as the prices themselves and the calendar of that spring have them."""
    from bot.market.rally import rally

    prices = series("SPY")
    close = prices.close[: prices.bars_to("2011-06-10")]
    state = rally(close)
    assert state.ended is not None
    assert [prices.dates[bar] for bar in (state.ended.low, state.ended.high)] == ["2010-07-02", "2011-04-29"]
    assert close[state.ended.low] == min(close[prices.bar("2010-06-01") :])
    assert date.fromisoformat(prices.dates[state.ended.end or 0]) == date(2011, 6, 10)
