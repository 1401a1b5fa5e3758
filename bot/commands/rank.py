"""`rank SYMBOLS|watchlist [by roc|rally|range] [PERIODS]`: several symbols in order, one line each."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from bot.analysis.conversion import in_currency
from bot.analysis.lookback_bars import lookback_json
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
from bot.commands.converter import OFFERED, ParseContext
from bot.commands.converters import (
    BY,
    DateConverter,
    IntoConverter,
    LookbackConverter,
    SymbolsConverter,
    with_currency,
)
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.lookbacks import Lookback
from bot.language.entities.symbols import SYMBOL
from bot.language.intents import Intent, Options
from bot.language.tokens import Unread, Words
from bot.market.symbols import Symbol
from bot.render.buttons import working_of_first
from bot.render.reply import Reply

if TYPE_CHECKING:
    from bot.language.message import Message

DEFAULT: tuple[Lookback, ...] = (21,)
_OWN = re.compile(r"\b(?:my )?watchlist(?= |$)")

_SOME_OF = re.compile(r"\b(?:top|bottom|best|worst|first) (?:\d+|one|two|three|five|ten)(?= |$)")

WATCHLIST: Final = "watchlist"
FILL = "!watchlist add IWM SPY QQQ"


def _all_are_shown(text: str) -> Unread:
    return Unread("symbol", text, f"Rank shows all of its symbols in order, so leave out {quoted(text)}.")


def _in_order(message: "Message") -> bool:
    """Whether an order is asked for, also of two symbols."""
    return message.says("rank", "in order")


def _build(message: "Message") -> Options:
    return with_currency(message, INTENT)


INTENT = Intent(
    "rank",
    symbols=(2, 25),
    lookback=True,
    date=True,
    explains="momentum",
    of_span=True,
    claims=_in_order,
    build=_build,
)


class WatchedConverter(SymbolsConverter):
    """Several symbols, or the asker's own: `IWM SPY QQQ`, `watchlist`."""

    metavar = "SYMBOLS|watchlist"
    help = "Symbols or names with spaces or commas between, or watchlist for your own"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """The word `watchlist` wherever it stands, and names of symbols. "Top 3" is no symbol: all are shown."""
        words = words.tag(_SOME_OF, SYMBOL, lambda match: _all_are_shown(match[0]))
        return super().tag(words.tag(_OWN, SYMBOL, lambda _: WATCHLIST), context)

    def settle(self, values: Sequence[Any], context: ParseContext) -> Any:
        """The word, or symbols; not both."""
        if WATCHLIST not in values:
            return super().settle(values, context)
        if len(set(values)) > 1:
            raise UserError(f"Either symbols or your {WATCHLIST}, please; I read both.")
        return WATCHLIST

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The word while it may become it, and symbols."""
        own = [(f"{WATCHLIST} · your own", WATCHLIST)] if WATCHLIST.startswith(text.strip().casefold()) else []
        return [*own, *super().complete(text, context)][:OFFERED]

    def typed(self, value: Any) -> str:
        """The word, or the symbols."""
        return WATCHLIST if value == WATCHLIST else super().typed(value)

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The word, or the symbols."""
        return WATCHLIST if options.get(name) == WATCHLIST else super().from_json(name, options, context)

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The word as it stands; symbols as a list."""
        return {"symbols": WATCHLIST} if value == WATCHLIST else super().to_json(name, value)


@command(
    "rank",
    "Several symbols in order, by rate of change, rally or range state",
    examples=["!rank IWM SPY QQQ", "!rank IWM SPY QQQ IWB by rally", "!rank IWM,SPY,QQQ 63", "!rank watchlist ytd"],
    order=90,
    group="lists",
    cost=3,
    intent=INTENT,
)
async def rank(  # noqa: PLR0913  each is an option
    desk: Desk,
    caller: Caller,
    *,
    symbols: Annotated[tuple[Symbol, ...] | Literal["watchlist"], WatchedConverter()],
    by: Annotated[By, BY] = "roc",
    periods: Annotated[tuple[Lookback, ...], LookbackConverter()] = DEFAULT,
    as_of: Annotated[date | None, DateConverter()] = None,
    currency: Annotated[str | None, IntoConverter()] = None,
) -> Reply:
    """Answer with the symbols in order; those without an answer say why. Raises UserError when none has one."""
    own = symbols == WATCHLIST
    symbols = await _watched(desk, caller) if symbols == WATCHLIST else symbols
    batch = await fetch_batch(desk, symbols, as_of)
    done = await in_currency(desk, batch.members, currency)
    batch = batch._replace(members=tuple(done.members))
    found = [one for one in batch.members if isinstance(one, Series)]
    tasks = [scan_task(one, periods[0]) for one in found]
    computed = iter([ranked_symbol(one, row) for one, row in zip(tasks, await scan_rows(tasks), strict=True)])
    rows = [
        RankedSymbol(symbol.canonical, error=one.message) if isinstance(one, UserError) else next(computed)
        for symbol, one in zip(symbols, batch.members, strict=True)
    ]
    if all(row.error for row in rows):
        raise _first_error(batch, [one.refusal for one in tasks], rows)
    reply = _reply(in_order(rows, by), by, periods[0], batch, currency)
    return replace(
        reply, private=own, warnings=(*reply.warnings, *done.notes)
    )  # a watchlist is shown to its owner alone


async def _watched(desk: Desk, caller: Caller, least: int = 2) -> tuple[Symbol, ...]:
    """The asker's symbols. Raises UserError where there are fewer than `least`."""
    symbols = tuple(desk.symbols.stored(symbol) for symbol in await desk.store.watchlist(caller.person))
    if not symbols:
        raise UserError(f"Your {WATCHLIST} is empty. Fill it like this: {FILL}", "bad_input", (FILL,))
    if len(symbols) < least:
        raise UserError(f"Your {WATCHLIST} holds only {symbols[0].canonical}; this takes {least} symbols or more.")
    return symbols


def _first_error(batch: SeriesBatch, refusals: Sequence[UserError | None], rows: Sequence[RankedSymbol]) -> UserError:
    errors = [one for one in batch.members if isinstance(one, UserError)] + [one for one in refusals if one is not None]
    return errors[0] if errors else UserError(rows[0].error or "", "not_positive")


def _reply(rows: list[RankedSymbol], by: By, span: Lookback, batch: SeriesBatch, currency: str | None) -> Reply:
    found = [one for one in batch.members if isinstance(one, Series)]
    first = rows[0].symbol
    days = {one.bars.symbol: one.bars.last_day for one in found}
    return Reply(
        title=f"{len(rows)} symbols by {'ROC' if by == 'roc' else by}",
        headline=headline(rows, by, span),
        rows=tuple(ranking_row(place, row) for place, row in enumerate(rows, 1)),
        more=(order_row(by, span),),
        data={"rows": [row.to_json() for row in rows], "by": by, **lookback_json(span), "currency": currency},
        warnings=tuple(_warnings(found, batch.note)),
        terms=("rate-of-change", "rally", "range-bound-market"),
        freshness=min(found, key=lambda one: one.bars.last_day).freshness,
        footer="Describes the past; says nothing about what comes next.",
        buttons=(working_of_first(first, by, span, days[first], currency),),
    )


def _warnings(found: Sequence[Series], note: str | None) -> list[str]:
    notes = list(dict.fromkeys(warning for one in found for warning in one.warnings))
    notes += dates_note({one.bars.symbol: one.bars.last_day for one in found})
    return notes + ([note] if note else [])
