"""What scans have already worked out: whole answers until they can have changed, and single rows by their bars."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bot.analysis.ranking import By, Wanted
from bot.analysis.universe import load_universe, stamp
from bot.language.entities.lookbacks import Lookback
from bot.market.symbols import Symbol, SymbolBook
from bot.render.reply import Reply

if TYPE_CHECKING:
    from bot.market.scan import ScanRow

KEPT_ANSWERS = 16
KEPT_ROWS = 10_000


class Question(NamedTuple):
    """What a scan answers."""

    symbols: int
    by: By
    periods: Lookback
    as_of: date | None


@dataclass(frozen=True, slots=True)
class _Answer:
    reply: Reply
    until: datetime


class ScanMemo:
    """The memory of one feed's scans."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Question, _Answer] = OrderedDict()
        self._rows: OrderedDict[tuple[str | float, ...], ScanRow] = OrderedDict()
        self._universe: tuple[tuple[int, int] | None, tuple[Symbol, ...]] | None = None

    async def universe(self, path: Path | None, book: SymbolBook) -> tuple[Symbol, ...]:
        """The symbols of the universe file, read again only when it changed. Raises UserError (unavailable)."""
        changed = stamp(path)
        if self._universe is None or self._universe[0] != changed:
            self._universe = changed, await asyncio.to_thread(load_universe, path, book)
        return self._universe[1]

    def answer(self, question: Question, now: datetime) -> Reply | None:
        """The answer to the same question, as long as no bar can have been added since."""
        kept = self._answers.get(question)
        if kept is None or now >= kept.until:
            return None
        self._answers.move_to_end(question)
        return kept.reply

    def keep(self, question: Question, reply: Reply, until: datetime) -> None:
        """Remember an answer for as long as it holds."""
        self._answers[question] = _Answer(reply, until)
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)

    def has(self, one: Wanted) -> bool:
        """Whether the states of these bars are known."""
        return one.key in self._rows

    def learn(self, tasks: Sequence[Wanted], rows: Sequence[ScanRow]) -> None:
        """Remember the rows of bars that were new."""
        self._rows.update((one.key, row) for one, row in zip(tasks, rows, strict=True))

    def rows(self, tasks: Sequence[Wanted]) -> list[ScanRow]:
        """One row per symbol, all of whose bars are known."""
        found = [_with_roc(self._rows[one.key], one) for one in tasks]
        while len(self._rows) > KEPT_ROWS:
            self._rows.popitem(last=False)
        return found


def _with_roc(row: ScanRow, one: Wanted) -> ScanRow:
    """The row with the ROC of this question; its states do not depend on the periods."""
    if row.error == "not_positive":
        return row
    from bot.market.momentum import last_roc

    return replace(row, roc_pct=last_roc(one.close, one.periods))
