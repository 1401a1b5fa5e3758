"""A person's own symbols, for the commands that take them in the place of typed ones."""

from __future__ import annotations

from bot.commands._lists import WATCHLIST
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.market.symbols import Symbol

FILL = "!watchlist add IWM SPY QQQ"


async def watched(desk: Desk, caller: Caller, least: int = 2) -> tuple[Symbol, ...]:
    """The asker's symbols. Raises UserError where there are fewer than `least`."""
    symbols = tuple(desk.symbols.resolve(symbol) for symbol in await desk.store.watchlist(caller.person))
    if not symbols:
        raise UserError(f"Your {WATCHLIST} is empty. Fill it like this: {FILL}", "bad_input", (FILL,))
    if len(symbols) < least:
        raise UserError(f"Your {WATCHLIST} holds only {symbols[0].canonical}; this takes {least} symbols or more.")
    return symbols
