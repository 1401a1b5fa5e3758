"""Rows of many symbols in order: ROC, rally and range of each, the best first. For rank and scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from bot.analysis.lookback_bars import bars_back, refuse_gaps
from bot.analysis.series import STATE_BARS, Series
from bot.errors import UserError
from bot.language.entities.lookbacks import Lookback
from bot.render.numbers import count, day, percent
from bot.render.reply import Row
from bot.render.state_words import RALLY, RALLY_ORDER, RANGE, RANGE_ORDER

if TYPE_CHECKING:
    from bot.market.bars import FloatArray
    from bot.market.scan import ScanRow

By = Literal["roc", "rally", "range"]
SUSPECT = " ⚠"


@dataclass(frozen=True, eq=False)
class ScanTask:
    """One symbol to compute: its newest closes and how many bars ROC goes back.

    `refusal` where ROC has no answer; `suspect` says what looks wrong in the prices.
    """

    symbol: str
    close: FloatArray
    periods: int
    refusal: UserError | None = None
    suspect: str | None = None

    @cached_property
    def key(self) -> tuple[str | float, ...]:
        """The bars, told apart by ends, length and sum: a new bar, or adjusting old ones, changes one of these."""
        close = self.close
        if not close.size:
            return (self.symbol, 0)
        return self.symbol, close.size, float(close[0]), float(close[-1]), float(close.sum())


class RankedSymbol(NamedTuple):
    """One row of the answer. `error` says why there is no number, `warning` why it may be wrong."""

    symbol: str
    roc_pct: float | None = None
    rally: str | None = None
    range: str | None = None
    error: str | None = None
    warning: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The contract's fields, and the warning."""
        return {name: getattr(self, name) for name in ("symbol", "roc_pct", "rally", "range", "error", "warning")}


def scan_task(got: Series, span: Lookback) -> ScanTask:
    """What to compute for a series: nothing is raised, the refusal goes along."""
    bars = got.bars
    try:
        back = bars_back(bars, span)
        refuse_gaps(got, bars.day(len(bars) - 1 - back))
    except UserError as error:
        return ScanTask(bars.symbol, bars.close[-STATE_BARS:], 1, error, got.suspect)
    return ScanTask(bars.symbol, bars.close[-max(STATE_BARS, back + 1) :], back, suspect=got.suspect)


def ranked_symbol(task: ScanTask, row: ScanRow) -> RankedSymbol:
    """The row of a symbol from what was computed for it."""
    if row.error == "not_positive":
        return RankedSymbol(
            task.symbol, error=f"{task.symbol} closed at zero or less among its last {STATE_BARS} closes."
        )
    if task.refusal is not None:
        return RankedSymbol(task.symbol, None, row.rally, row.range, task.refusal.message, task.suspect)
    return RankedSymbol(task.symbol, row.roc_pct, row.rally, row.range, warning=task.suspect)


def in_order(rows: Sequence[RankedSymbol], by: By) -> list[RankedSymbol]:
    """The rows, best first: by ROC, or by state and then by ROC; those without an answer last."""

    def place(row: RankedSymbol) -> tuple[bool, int, float]:
        roc = -row.roc_pct if row.roc_pct is not None else float("inf")
        if by == "roc":
            return row.roc_pct is None, 0, roc
        state, order = (row.rally, RALLY_ORDER) if by == "rally" else (row.range, RANGE_ORDER)
        return state is None, order.index(state), roc

    return sorted(rows, key=place)


def ranking_row(place: int, row: RankedSymbol) -> Row:
    """One symbol on one line of a phone."""
    label = f"{place}. {row.symbol}{SUSPECT if row.warning else ''}"
    if row.error is not None:
        return Row(label, row.error)
    change = percent(row.roc_pct) if row.roc_pct is not None else "no ROC"
    return Row(label, f"{change} · {RALLY[row.rally]} · {RANGE[row.range]}")


def headline(rows: Sequence[RankedSymbol], by: By, span: Lookback) -> str:
    """The answer in a sentence. `rows` are in order."""
    good = [row for row in rows if row.error is None]
    if by == "roc":
        top = next((row for row in rows if row.roc_pct is not None), None)
        if top is None or top.roc_pct is None:
            return f"None of {count(len(rows), 'symbol')} has a ROC({span})."
        doubt = "; its prices may be wrong, see the note" if top.warning else ""
        return f"{top.symbol} is first of {count(len(good), 'symbol')} by ROC({span}): {percent(top.roc_pct)}{doubt}."
    inside = [row for row in rows if getattr(row, by) == ("rally" if by == "rally" else "range_bound")]
    where = "a rally" if by == "rally" else "a trading range"
    return f"{len(inside)} of {count(len(good), 'symbol')} {'is' if len(inside) == 1 else 'are'} in {where}."


def dates_note(last_days: Mapping[str, date]) -> list[str]:
    """The sentence about symbols whose newest bar is older than that of others, if there are any."""
    newest = max(last_days.values())
    older = {symbol: last for symbol, last in last_days.items() if last < newest}
    if not older:
        return []
    some = ", ".join(f"{symbol} {day(last)}" for symbol, last in list(older.items())[:6])
    more = f" and {len(older) - 6:,} more" if len(older) > 6 else ""
    return [f"the newest bars are of {day(newest)}, but of {some}{more}"]


ORDER_WORDS = {
    "roc": "ordered by ROC({span}), highest first",
    "rally": "ordered by rally state (rally, fading, attempt, none needed, ended, declining), then by ROC({span})",
    "range": "ordered by range state (in a range, breaking out, unclear, trending), then by ROC({span})",
}


def order_row(by: By, span: Lookback) -> Row:
    """How the list is ordered and what its columns are."""
    return Row("Rule", f"{ORDER_WORDS[by].format(span=span)}; each line: ROC · rally · range, closing prices")
