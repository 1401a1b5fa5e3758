"""Look-backs: how many bars they go back, whether every session between is there, and how they read in an answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from bot.analysis.series import Series
from bot.errors import UserError
from bot.language.entities.lookbacks import Lookback, Since, ToDate
from bot.render.numbers import count, day

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray


def bars_back(bars: Bars, lookback: Lookback) -> int:
    """How many bars a look-back goes back from the last one. Raises UserError where there are not that many.

    A number counts bars. `wtd`, `mtd`, `qtd` and `ytd` start from the last close before the week (Monday), month,
    quarter or year of the last bar; a date starts from its close, or the last close before it.
    """
    if not isinstance(lookback, int):
        return _back_to(bars.dates, lookback, bars.symbol)
    if lookback >= len(bars):
        have = f"{bars.symbol} has {count(len(bars), 'bar')} up to {day(bars.last_day)}"
        raise UserError(f"{have}; ROC({lookback}) needs {lookback + 1:,}.", "too_little_history")
    return lookback


def sessions_back(days: DateArray, lookback: Lookback, names: str) -> int:
    """How many of the sessions that several series share a look-back goes back. Raises as `bars_back` does."""
    if not isinstance(lookback, int):
        return _back_to(days, lookback, names)
    if lookback >= days.size:
        have = f"{names} share {count(int(days.size), 'session')} up to {day(days[-1].item())}"
        raise UserError(f"{have}; this needs {lookback + 1:,}.", "too_little_history")
    return lookback


def _back_to(days: DateArray, lookback: ToDate | Since, names: str) -> int:
    import numpy as np

    last: date = days[-1].item()
    start = lookback.day if isinstance(lookback, Since) else _first_day(lookback, last)
    side: Literal["left", "right"] = "right" if isinstance(lookback, Since) else "left"
    base = int(np.searchsorted(days, np.datetime64(start, "D"), side=side)) - 1
    if base < 0:
        raise UserError(f"The prices of {names} start on {day(days[0].item())}.", "too_little_history")
    if base == days.size - 1:
        raise UserError(
            f"The newest close of {names} is of {day(last)}: there is none after it yet.", "too_little_history"
        )
    return int(days.size) - 1 - base


def _first_day(lookback: ToDate, last: date) -> date:
    """The first day of the week, month, quarter or year that a day lies in."""
    if lookback == "wtd":
        return last - timedelta(days=last.weekday())
    month = {"mtd": last.month, "qtd": 3 * ((last.month - 1) // 3) + 1, "ytd": 1}[lookback]
    return date(last.year, month, 1)


def refuse_gaps(got: Series, first: date, last: date | None = None) -> None:
    """Raise UserError (missing_bars) when a session is missing between `first` and `last` (the last bar)."""
    inside = [gap for gap in got.missing if first < gap < (last or got.bars.last_day)]
    if inside:
        shown = ", ".join(day(gap) for gap in inside[:3])
        raise UserError(
            f"The prices of {got.bars.symbol} lack {count(len(inside), 'session')} inside the window ({shown}), so a "
            "change over a number of sessions would be wrong.",
            "missing_bars",
        )


_TO_DATE = {
    "wtd": "the week to date",
    "mtd": "the month to date",
    "qtd": "the quarter to date",
    "ytd": "the year to date",
}


def over_words(lookback: Lookback) -> str:
    """A look-back as a sentence about a change ends: over 10 sessions, over the year to date, since 3 Nov 2026."""
    if isinstance(lookback, Since):
        return f"since {day(lookback.day)}"
    return f"over {count(lookback, 'session') if isinstance(lookback, int) else _TO_DATE[lookback]}"


def apart_words(lookback: Lookback) -> str:
    """How far apart the two prices of a change are: 10 sessions apart, over the year to date, since 3 Nov 2026."""
    return f"{count(lookback, 'session')} apart" if isinstance(lookback, int) else over_words(lookback)


def lookback_json(lookback: Lookback) -> dict[str, Any]:
    """A look-back as answers have it: `periods`, and the date in `since` where it starts from one."""
    if isinstance(lookback, Since):
        return {"periods": None, "since": lookback.day.isoformat()}
    return {"periods": lookback}
