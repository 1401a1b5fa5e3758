"""Spans of sessions: how many bars they go back, and whether every session between is there."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from bot.analysis.series import Series
from bot.errors import UserError
from bot.language.entities.lookbacks import Period
from bot.render.numbers import count, day

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray


def bars_back(bars: Bars, span: Period) -> int:
    """How many bars a span goes back. Raises UserError (too_little_history) when there are not that many."""
    if span == "ytd":
        before = _before_year(bars.dates)
        if not before:
            raise UserError(f"The prices of {bars.symbol} start in {bars.last_day.year}.", "too_little_history")
        return len(bars) - before
    if span >= len(bars):
        raise UserError(
            f"{bars.symbol} has {count(len(bars), 'bar')} up to {day(bars.last_day)}; ROC({span}) needs {span + 1:,}.",
            "too_little_history",
        )
    return span


def sessions_back(days: DateArray, span: Period, names: str) -> int:
    """How many of the sessions that several series share a span goes back. Raises UserError (too_little_history)."""
    wanted = days.size - _before_year(days) if span == "ytd" else int(span)
    if wanted >= days.size:
        last: date = days[-1].item()
        raise UserError(
            f"{names} share {count(int(days.size), 'session')} up to {day(last)}; this needs {wanted + 1:,}.",
            "too_little_history",
        )
    return wanted


def _before_year(days: DateArray) -> int:
    """How many of the days lie before the year of the last one."""
    import numpy as np

    return int(np.searchsorted(days, np.datetime64(f"{days[-1].item().year}-01-01"), side="left"))


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


def span_words(span: Period) -> str:
    """A span in words: 10 sessions, or the year to date."""
    return "the year to date" if span == "ytd" else count(int(span), "session")
