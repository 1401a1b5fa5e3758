"""What the calendar makes of a series: rows on days without a session, of listed symbols and of unknown ones.

Thanksgiving of 2026 is 26 November; 28 and 29 November are a weekend.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pytest

from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.providers.series import last_close, settled
from tests.providers.building import BTC, CALENDAR, IWM, bars

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
WEEK = ("2026-11-23", "2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28", "2026-11-29", "2026-11-30")
FILLED = (1.0, 2.0, 3.0, 3.0, 4.0, 4.0, 4.0, 5.0)
MOVING = (1.0, 2.0, 3.0, 3.5, 4.0, 4.1, 4.2, 5.0)
OFF = (date(2026, 11, 26), date(2026, 11, 28), date(2026, 11, 29))
DHR, LONDON = (Symbol(name, "", "unknown", None, None) for name in ("DHR", "VOD.L"))


async def of(symbol: Symbol, closes: tuple[float, ...], days: tuple[str, ...] = WEEK) -> Bars:
    sessions = None if symbol.kind == "crypto" else await CALENDAR.sessions(NOW.date())
    return settled(bars(symbol.canonical, days, closes), symbol, NOW, sessions)


@pytest.mark.parametrize("closes", [FILLED, MOVING])
async def test_a_listed_symbol_has_bars_on_sessions_only(closes: tuple[float, ...]) -> None:
    found = await of(IWM, closes)
    assert found.dropped == OFF
    assert found.close.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0]


async def test_what_looks_listed_keeps_a_weekend_on_which_it_moved() -> None:
    assert (await of(DHR, FILLED)).dropped == OFF
    assert len(await of(DHR, MOVING)) == len(WEEK)


@pytest.mark.parametrize("symbol", [BTC, LONDON])
async def test_coins_and_other_places_keep_every_bar(symbol: Symbol) -> None:
    assert len(await of(symbol, FILLED)) == len(WEEK)


async def test_bars_of_weeks_are_dated_as_they_are_and_nothing_but_days_off_stays() -> None:
    sundays = tuple(str(np.datetime64("2026-09-06") + 7 * step) for step in range(8))
    found = await of(IWM, MOVING, sundays)
    assert (len(found), found.dropped) == (8, ())
    assert last_close(found, NOW, None).interval == "week"
    assert len(await of(IWM, (1.0, 2.0), ("2026-11-28", "2026-11-29"))) == 2
