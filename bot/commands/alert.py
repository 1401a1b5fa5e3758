"""`alert SYMBOL CONDITION`: understood, but not served yet: the answer is how it stands now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated

from bot.commands.converters import SymbolsKind, WordKind
from bot.commands.declaration import Command, command
from bot.desk import Caller, Desk
from bot.market.symbols import Symbol
from bot.render.reply import Reply, ReplyError

CONDITIONS = "rally_starts, rally_ends, range_breaks, roc_above:5, price_below:200"
NOT_YET = "This version cannot watch the market for you yet. How it stands now:"
_SHOWS = {"rally": "rally", "range": "range", "roc": "roc", "price": "quote"}


def alert_command(commands: Mapping[str, Command]) -> Command:
    """The alert command over the commands that show what a condition is about."""

    @command(
        "alert",
        "Tell me when: not served in this version; answers how it stands now",
        examples=["!alert IWM range_breaks", "!alert SPY rally_ends"],
        writes=True,
    )
    async def alert(
        desk: Desk,
        caller: Caller,
        *,
        symbol: Annotated[tuple[Symbol, ...], SymbolsKind()],
        condition: Annotated[str, WordKind("CONDITION", CONDITIONS)] = "",
    ) -> Reply:
        kind = condition.partition("_")[0]
        shown = commands[_SHOWS.get(kind, "quote")]
        present = await shown.run(desk, caller, symbol=symbol)
        message = f"{NOT_YET} {present.headline}"
        return replace(present, headline=message, error=ReplyError("unavailable", message), private=False)

    return alert
