"""Prices and series in the reader's currency, by the ECB's reference rates."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from bot.analysis.series import Series
from bot.desk import Desk
from bot.errors import ProviderError, UserError
from bot.market.symbols import Symbol
from bot.render.numbers import day

if TYPE_CHECKING:
    from bot.market.rates import Rate, RateTable


class Conversion(NamedTuple):
    """An amount in another currency, and the fixing that it was made by. `stale_reason` says why that is an old one."""

    amount: float
    rate: Rate
    stale_reason: str | None


async def convert_amount(desk: Desk, amount: float, of: str, into: str, on: date) -> Conversion:
    """An amount of one currency in another, by the last fixing on or before a day.

    Raises UserError: unavailable without rates; as `RateTable.rate` does for a currency without a fixing.
    """
    from bot.market.rates import stale_fixing

    today = desk.clock().date()
    asked = on if on < today else None
    try:
        found = await desk.macro.rates(frozenset({of, into}), asked)
    except ProviderError as error:
        raise _unavailable(error) from None
    rate = found.value.rate(of, into, on)
    return Conversion(amount * rate.value, rate, stale_fixing(rate.date, asked, desk.clock()))


def currency_of(symbol: Symbol, named: str | None) -> str:
    """The currency of a symbol's prices: the provider's own word before the book's. Raises UserError where it is none.

    `named` is what the provider said.
    """
    found = named or symbol.currency
    if found is not None:
        return found
    if symbol.kind == "yield":
        raise UserError(f"{symbol.canonical} is a yield in percent and no money, so there is nothing to convert.")
    raise UserError(f"I do not know in which currency the prices of {symbol.canonical} are, so I cannot convert them.")


class Converted(NamedTuple):
    """Series in one currency, errors in their places, and what has to be said of the conversion."""

    members: list[Series | UserError]
    notes: list[str]


async def in_currency(desk: Desk, members: Sequence[Series | UserError], into: str | None) -> Converted:
    """Series converted day by day; errors, and what is in that currency already, as they are. `into` None: all are.

    Raises UserError: unavailable without rates, unknown_symbol for a currency that has none.
    """
    if into is None:
        return Converted(list(members), _local_prices(members))
    try:
        found = (await desk.macro.rate_history()).value
    except ProviderError as error:
        raise _unavailable(error) from None
    newest = found.rate(into, into).date
    done = [one if isinstance(one, UserError) else await _converted(one, found, into) for one in members]
    return Converted(done, [_note(desk, into, newest, done)])


def _note(desk: Desk, into: str, newest: date, done: Sequence[Series | UserError]) -> str:
    """By which fixings prices were converted, and whether the newest of them are old."""
    from bot.market.rates import stale_fixing

    last = max((one.bars.last_day for one in done if not isinstance(one, UserError)), default=newest)
    used = min(newest, last)
    stale = stale_fixing(used, last, desk.clock())
    old = f" ({stale})" if stale else ""
    return f"prices are in {into} by the ECB's reference rate of each day, the last one used of {day(used)}{old}"


async def _converted(got: Series, table: RateTable, into: str) -> Series | UserError:
    from bot.market.conversion import converted

    try:
        of = currency_of(got.shown, got.bars.currency)
        if of == into:
            return got
        bars = await asyncio.to_thread(converted, got.bars, table, of, into)
    except UserError as error:
        return error
    place = got.freshness.listing.removesuffix(got.shown.currency or of).removesuffix(", ")
    listing = ", ".join(filter(None, (place, f"{into} converted from {of}")))
    return got._replace(bars=bars, freshness=replace(got.freshness, listing=listing))


def _local_prices(found: Iterable[Series | UserError]) -> list[str]:
    """What to say of series in several currencies that are compared as they are."""
    series = [one for one in found if not isinstance(one, UserError) and one.shown.kind != "fx"]
    return local_prices(one.bars.currency or one.shown.currency for one in series)


def local_prices(currencies: Iterable[str | None]) -> list[str]:
    """The sentence about prices in several currencies, if there are several."""
    named = sorted({one for one in currencies if one})
    if len(named) < 2:
        return []
    return [f"changes are in local prices ({', '.join(named)}); add “in USD” to have all of them in one currency"]


def _unavailable(error: ProviderError) -> UserError:
    return UserError(f"Reference rates to convert by are not available: {error.detail}.", "unavailable")
