"""Prices in another currency, by one institution's fixings. Pure.

The fixing of a day is made once, near 16:00 in Frankfurt, and holds until the next: each bar is converted by the last
fixing on or before its day, so that a rate of change of the converted series is that of the price times that of the
currency between the fixings of both days: 1 + r = (1 + r_local) (1 + r_currency).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UserError

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import RateTable

MOST_OLD = 10
"""A fixing that is more days older than the bar is none: a currency that is no longer fixed, or a hole."""


def converted(bars: Bars, table: RateTable, base: str, quote: str) -> Bars:
    """Bars in `quote` instead of `base`: each price times the units of `quote` for one `base`; volumes stay.

    Bars before the first fixing of both are left out. Raises UserError: unknown_symbol for a currency that was never
    fixed, too_little_history where no bar is left, missing_bars where the newest bars have no fixing of their time.
    """
    days, values = table.history(base, quote)
    place = np.searchsorted(days, bars.dates, side="right") - 1 if days.size else np.full(len(bars), -1)
    age = (bars.dates - days[np.maximum(place, 0)]).astype(np.int64) if days.size else np.zeros(len(bars))
    good = (place >= 0) & (age <= MOST_OLD)
    if place[-1] < 0:
        raise UserError(_no_fixing(base, quote, bars.day(0), bars.last_day), "too_little_history")
    if not good[-1]:
        last: date = days[place[-1]].item()
        raise UserError(f"The ECB's last reference rate of {base} in {quote} is of {last}.", "missing_bars")
    first = int(np.flatnonzero(~good)[-1]) + 1 if not good.all() else 0
    kept = bars.cut(first, len(bars)) if first else bars
    rate = values[place[first:]]

    def column(prices: np.ndarray | None) -> np.ndarray | None:
        return None if prices is None else prices * rate

    return replace(
        kept,
        close=kept.close * rate,
        open=column(kept.open),
        high=column(kept.high),
        low=column(kept.low),
        currency=quote,
    )


def _no_fixing(base: str, quote: str, first: date, last: date) -> str:
    return f"There are no ECB reference rates of {base} in {quote} between {first} and {last}."
