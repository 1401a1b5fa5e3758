"""`rank SYMBOLS|watchlist [by roc|rally|range] [PERIODS]`: several symbols in order, one line each."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from bot.analysis.aligned_pair import Legs, together
from bot.analysis.ranking import By, Ranked, dates_note, headline, in_order, line, order_row, ranked, wanted
from bot.analysis.scanning import scan_rows
from bot.analysis.series import Series
from bot.commands._buttons import working_of_first
from bot.commands._lists import WATCHLIST, ChoiceKind, WatchedKind
from bot.commands._watched import watched
from bot.commands.converters import AsOfKind, PeriodsKind
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.lookbacks import Period
from bot.language.intents import Intent
from bot.market.symbols import Symbol
from bot.render.reply import Reply

if TYPE_CHECKING:
    from bot.language.message import Message

DEFAULT: tuple[Period, ...] = (21,)
BY = ChoiceKind("roc", "rally", "range", also={"momentum": "roc"}, before="by")


def _in_order(message: "Message") -> bool:
    """Whether an order is asked for, also of two symbols."""
    return message.says("rank", "in order")


INTENT = Intent("rank", symbols=(2, 25), lookback=True, date=True, explains="momentum", claims=_in_order)


@command(
    "rank",
    "Several symbols in order, by rate of change, rally or range state",
    examples=["!rank IWM SPY QQQ", "!rank IWM SPY QQQ IWB by rally", "!rank IWM,SPY,QQQ 63", "!rank watchlist ytd"],
    intent=INTENT,
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
    symbols = await watched(desk, caller) if symbols == WATCHLIST else symbols
    legs = await together(desk, symbols, as_of)
    found = [leg for leg in legs.legs if isinstance(leg, Series)]
    tasks = [wanted(leg, periods[0]) for leg in found]
    computed = iter([ranked(one, row) for one, row in zip(tasks, await scan_rows(tasks), strict=True)])
    rows = [
        Ranked(symbol.canonical, error=leg.message) if isinstance(leg, UserError) else next(computed)
        for symbol, leg in zip(symbols, legs.legs, strict=True)
    ]
    if all(row.error for row in rows):
        raise _first_error(legs, [one.refusal for one in tasks], rows)
    return _reply(in_order(rows, by), by, periods[0], legs)


def _first_error(legs: Legs, refusals: Sequence[UserError | None], rows: Sequence[Ranked]) -> UserError:
    errors = [leg for leg in legs.legs if isinstance(leg, UserError)] + [one for one in refusals if one is not None]
    return errors[0] if errors else UserError(rows[0].error or "", "not_positive")


def _reply(rows: list[Ranked], by: By, span: Period, legs: Legs) -> Reply:
    found = [leg for leg in legs.legs if isinstance(leg, Series)]
    first = rows[0].symbol
    days = {leg.bars.symbol: leg.bars.last_day for leg in found}
    return Reply(
        command="rank",
        options={},
        title=f"{len(rows)} symbols by {'ROC' if by == 'roc' else by}",
        headline=headline(rows, by, span),
        rows=(*(line(place, row) for place, row in enumerate(rows, 1)), order_row(by, span)),
        data={"rows": [row.to_json() for row in rows], "by": by, "periods": span},
        warnings=tuple(_warnings(found, legs.note)),
        terms=("rate-of-change", "rally", "range-bound-market"),
        freshness=min(found, key=lambda leg: leg.bars.last_day).freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(working_of_first(first, by, span, days[first]),),
    )


def _warnings(found: Sequence[Series], note: str | None) -> list[str]:
    notes = list(dict.fromkeys(warning for leg in found for warning in leg.warnings))
    notes += dates_note({leg.bars.symbol: leg.bars.last_day for leg in found})
    return notes + ([note] if note else [])
