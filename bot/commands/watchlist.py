"""`watchlist [add|remove|clear] [SYMBOLS]`: the asker's own symbols, kept until they change them."""

from collections.abc import Sequence
from typing import Annotated, Literal

from bot.commands.converters import MAX_SYMBOLS, ChoiceConverter, SymbolsConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.market.symbols import Symbol
from bot.render.numbers import count
from bot.render.reply import Button, Reply, Row

Action = Literal["add", "remove", "clear"]
FILL = "!watchlist add IWM SPY QQQ"
ACTION = ChoiceConverter("add", "remove", "clear", also={"delete": "remove", "drop": "remove"})


@command(
    "watchlist",
    "Your own symbols: see them, add or remove some; !rank watchlist puts them in order",
    examples=["!watchlist", FILL, "!watchlist remove SPY", "!watchlist clear"],
    writes=True,
    order=100,
    group="lists",
)
async def watchlist(
    desk: Desk,
    caller: Caller,
    *,
    action: Annotated[Action | None, ACTION] = None,
    symbols: Annotated[tuple[Symbol, ...], SymbolsConverter(least=1)] = (),
) -> Reply:
    """Show the asker's symbols, or change them and show what they are now; on slash nobody else sees it."""
    if action is None and symbols:
        typed = " ".join(symbol.canonical for symbol in symbols)
        asks = (f"!watchlist add {typed}", f"!watchlist remove {typed}")
        raise UserError(f"Should I add or remove them? Write {asks[0]} or {asks[1]}.", "bad_input", asks)
    if action is None:
        return _shown(desk, await desk.store.watchlist(caller.person), "Your watchlist has")
    if action == "clear":
        await desk.store.change_watchlist(caller.person, lambda _: ())
        return _shown(desk, (), "")
    if not symbols:
        raise UserError(f"Which symbols? For example {FILL if action == 'add' else '!watchlist remove SPY'}.")
    named = [symbol.canonical for symbol in symbols]
    changed = await desk.store.change_watchlist(caller.person, lambda before: _changed(before, action, named))
    return _shown(desk, changed, "Your watchlist now has")


def _changed(before: Sequence[str], action: Action, named: Sequence[str]) -> list[str]:
    if action == "remove":
        return [symbol for symbol in before if symbol not in named]
    after = list(dict.fromkeys([*before, *named]))
    if len(after) > MAX_SYMBOLS:
        raise UserError(f"A watchlist holds {MAX_SYMBOLS} symbols at most; yours would have {len(after)}.")
    return after


def _shown(desk: Desk, symbols: Sequence[str], words: str) -> Reply:
    data = {"symbols": list(symbols)}
    if not symbols:
        return Reply("Watchlist", "Your watchlist is empty.", (Row("Fill it", FILL),), data=data, private=True)
    rows = tuple(Row(symbol, desk.symbols.stored(symbol).name) for symbol in symbols)
    buttons = (Button("Rank them", "!rank watchlist"),) if len(symbols) > 1 else ()
    headline = f"{words} {count(len(symbols), 'symbol')}."
    return Reply("Watchlist", headline, rows, data=data, buttons=buttons, private=True)
