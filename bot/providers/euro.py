"""Currency pairs from units per euro: direct, inverse and cross rates, at full precision. Pure.

Central banks publish units of each currency for one euro. A pair is units of its quote for one unit of its base.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import UnknownSymbol
from bot.market.symbols import Symbol
from bot.providers.columns import Table
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray, FloatArray

EURO = "EUR"


def legs(symbol: Symbol) -> tuple[str, str]:
    """The base and the quote of a pair such as USD/JPY."""
    base, _, quote = symbol.canonical.partition("/")
    return base, quote


def is_pair(symbol: Symbol) -> bool:
    """Whether the symbol is a currency pair."""
    return symbol.kind == "fx" and "/" in symbol.canonical


def fixes(
    symbol: Symbol, days: DateArray, per_euro: Mapping[str, FloatArray], provider: str, span: tuple[date, date]
) -> Bars:
    """The reference rates of a pair as closes, from `span[0]` on; days without both currencies are left out.

    `span[1]` is the day it is: later rates are refused. Raises UnknownSymbol for a currency without rates.
    """
    base, quote = legs(symbol)
    for currency in (base, quote):
        if currency != EURO and currency not in per_euro:
            raise UnknownSymbol(provider, f"no reference rates of {currency}")
    ones = np.ones(days.size)
    rates = per_euro.get(quote, ones) / per_euro.get(base, ones)
    known = np.isfinite(rates)
    table = Table(days[known], rates[known])
    label = Label(provider, symbol.canonical, "fix", span[1], first=span[0], delay="fix")
    return to_bars(table, label)
