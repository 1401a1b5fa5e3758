"""Rate of change, rally and range of many symbols at their last bar: linear in the symbols.

One symbol of three years costs one to two milliseconds, nearly all of it in the interpreter: to use several
cores, hand parts of the list to a pool of processes. Pure, so the parts need no agreement.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bot.market.checks import first_nonpositive
from bot.market.momentum import last_roc
from bot.market.rally import rally_name
from bot.market.ranges import range_name

if TYPE_CHECKING:
    from bot.market.bars import FloatArray
    from bot.market.rally_walk import RallyName
    from bot.market.ranges import RangeName

ScanError = Literal["too_little_history", "not_positive"]


@dataclass(frozen=True, slots=True)
class ScanRow:
    """One symbol's answer, at the position of its closes; what could not be computed is None."""

    roc_pct: float | None
    rally: RallyName | None
    range: RangeName | None
    error: ScanError | None = None


def scan_one(close: FloatArray, periods: int) -> ScanRow:
    """Return the row of one symbol: ROC(periods) in percent and both states at the last of `close`."""
    if first_nonpositive(close) is not None:
        return ScanRow(None, None, None, "not_positive")
    change = last_roc(close, periods)
    error: ScanError | None = "too_little_history" if change is None else None
    return ScanRow(change, rally_name(close), range_name(close), error)
