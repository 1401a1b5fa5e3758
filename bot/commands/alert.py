"""`alert SYMBOL CONDITION`: understood, but not served yet: the answer is how it stands now."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from bot.commands.converters import SymbolsKind, WordKind
from bot.commands.declaration import Command, command
from bot.desk import Caller, Desk
from bot.language.intents import Intent, Options
from bot.market.symbols import Symbol
from bot.render.reply import Reply, ReplyError

if TYPE_CHECKING:
    from bot.language.message import Message

CONDITIONS = "rally_starts, rally_ends, range_breaks, roc_above:5, price_below:200"
NOT_YET = "This version cannot watch the market for you yet. How it stands now:"
_SHOWS = {"rally": "rally", "range": "range", "roc": "roc", "price": "quote"}


def _build(message: "Message") -> Options | None:
    """The symbol and the condition, None where no condition is named."""
    from bot.language.entities.conditions import read_condition

    condition = read_condition(message.words)
    return None if condition is None else {"symbol": message.symbols[0], "condition": condition}


INTENT = Intent("alert", symbols=(1, 1), settles=True, build=_build)


def alert_command(commands: Mapping[str, Command]) -> Command:
    """The alert command over the commands that show what a condition is about."""

    @command(
        "alert",
        "Tell me when: not served in this version; answers how it stands now",
        examples=["!alert IWM range_breaks", "!alert SPY rally_ends"],
        intent=INTENT,
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
