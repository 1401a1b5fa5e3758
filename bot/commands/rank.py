"""`rank SYMBOLS|watchlist [by roc|rally|range] [PERIODS]`: several symbols in order, one line each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Annotated, Literal

from bot.analysis.ranking import (
    By,
    RankedSymbol,
    dates_note,
    headline,
    in_order,
    order_row,
    ranked_symbol,
    ranking_row,
    scan_task,
)
from bot.analysis.scanning import scan_rows
from bot.analysis.series import Series, SeriesBatch, fetch_batch
from bot.commands._buttons import working_of_first
from bot.commands._lists import WATCHLIST, ChoiceKind, WatchedKind
from bot.commands._watched import watched
from bot.commands.converters import AsOfKind, PeriodsKind
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.lookbacks import Period
from bot.market.symbols import Symbol
from bot.render.reply import Reply

DEFAULT: tuple[Period, ...] = (21,)
BY = ChoiceKind("roc", "rally", "range", also={"momentum": "roc"}, before="by")


@command(
    "rank",
    "Several symbols in order, by rate of change, rally or range state",
    examples=["!rank IWM SPY QQQ", "!rank IWM SPY QQQ IWB by rally", "!rank IWM,SPY,QQQ 63", "!rank watchlist ytd"],
)
async def rank(
    desk: Desk,
    caller: Caller,
    *,
    symbols: Annotated[tuple[Symbol, ...] | Literal["watchlist"], WatchedKind()],
    by: Annotated[By, BY] = "roc",
    periods: Annotated[tuple[Period, ...], PeriodsKind()] = DEFAULT,
    as_of: Annotated[date | None, AsOfKind()] = None,
) -> Reply:
    """Answer with the symbols in order; those without an answer say why. Raises UserError when none has one."""
    own = symbols == WATCHLIST
    symbols = await watched(desk, caller) if symbols == WATCHLIST else symbols
    batch = await fetch_batch(desk, symbols, as_of)
    found = [one for one in batch.members if isinstance(one, Series)]
    tasks = [scan_task(one, periods[0]) for one in found]
    computed = iter([ranked_symbol(one, row) for one, row in zip(tasks, await scan_rows(tasks), strict=True)])
    rows = [
        RankedSymbol(symbol.canonical, error=one.message) if isinstance(one, UserError) else next(computed)
        for symbol, one in zip(symbols, batch.members, strict=True)
    ]
    if all(row.error for row in rows):
        raise _first_error(batch, [one.refusal for one in tasks], rows)
    reply = _reply(in_order(rows, by), by, periods[0], batch)
    return replace(reply, private=own)  # a watchlist is shown to its owner alone


def _first_error(batch: SeriesBatch, refusals: Sequence[UserError | None], rows: Sequence[RankedSymbol]) -> UserError:
    errors = [one for one in batch.members if isinstance(one, UserError)] + [one for one in refusals if one is not None]
    return errors[0] if errors else UserError(rows[0].error or "", "not_positive")


def _reply(rows: list[RankedSymbol], by: By, span: Period, batch: SeriesBatch) -> Reply:
    found = [one for one in batch.members if isinstance(one, Series)]
    first = rows[0].symbol
    days = {one.bars.symbol: one.bars.last_day for one in found}
    return Reply(
        title=f"{len(rows)} symbols by {'ROC' if by == 'roc' else by}",
        headline=headline(rows, by, span),
        rows=(*(ranking_row(place, row) for place, row in enumerate(rows, 1)), order_row(by, span)),
        data={"rows": [row.to_json() for row in rows], "by": by, "periods": span},
        warnings=tuple(_warnings(found, batch.note)),
        terms=("rate-of-change", "rally", "range-bound-market"),
        freshness=min(found, key=lambda one: one.bars.last_day).freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(working_of_first(first, by, span, days[first]),),
    )


def _warnings(found: Sequence[Series], note: str | None) -> list[str]:
    notes = list(dict.fromkeys(warning for one in found for warning in one.warnings))
    notes += dates_note({one.bars.symbol: one.bars.last_day for one in found})
    return notes + ([note] if note else [])
