"""`alert SYMBOL CONDITION`: understood, but not served yet: the answer is how it stands now."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from bot.commands.converters import Converter, ParseContext, SymbolConverter, beginning
from bot.commands.declaration import Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.conditions import read_condition
from bot.language.entities.numbers import tag_numbers
from bot.language.intents import Intent, Options
from bot.language.tokens import Words, read_words
from bot.market.symbols import Symbol
from bot.render.reply import Reply, ReplyError

if TYPE_CHECKING:
    from bot.language.message import Message

CONDITIONS = ("rally_starts", "rally_ends", "range_breaks", "roc_above:", "roc_below:", "price_above:", "price_below:")
EXAMPLES = "rally_starts, rally_ends, range_breaks, roc_above:5, price_below:200"
CONDITION = "CONDITION"
_WRITTEN = re.compile(r"\b(?:rally (?:starts|ends)|range breaks|(?:roc|price) (?:above|below) \S+)(?= |$)")
NOT_YET = "This version cannot watch the market for you yet. How it stands now:"
_SHOWS = {"rally": "rally", "range": "range", "roc": "roc", "price": "quote"}


class ConditionConverter(Converter):
    """What an alert waits for: `rally_ends`, `roc_above:5`, or in words: `drops 5%`."""

    order = 0
    tags = frozenset({CONDITION})
    metavar = "CONDITION"
    noun = "a condition"
    help = EXAMPLES

    def tag(self, words: Words, context: ParseContext) -> Words:
        """A condition as the contract writes it."""
        return words.tag(_WRITTEN, CONDITION, lambda match: self.convert(match[0], context))

    def convert(self, text: str, context: ParseContext) -> str:
        """The condition that a text names. Raises UserError."""
        found = read_condition(tag_numbers(read_words(text.replace("_", " "))))
        if found is None:
            raise UserError(f"I cannot wait for {quoted(text, 40)}. Conditions are {EXAMPLES}.")
        return found

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The conditions that begin so."""
        return beginning(text, CONDITIONS)


def _build(message: "Message") -> Options | None:
    """The symbol and the condition, None where no condition is named."""
    condition = read_condition(message.words)
    return None if condition is None else {"symbol": message.symbols[0], "condition": condition}


INTENT = Intent("alert", symbols=(1, 1), settles=True, build=_build)


@command(
    "alert",
    "Tell me when: not served in this version; answers how it stands now",
    examples=["!alert IWM range_breaks", "!alert SPY rally_ends"],
    order=220,
    listed=False,
    writes=True,
    intent=INTENT,
)
async def alert(
    desk: Desk,
    caller: Caller,
    registry: Registry,
    *,
    symbol: Annotated[tuple[Symbol, ...], SymbolConverter()],
    condition: Annotated[str, ConditionConverter()] = "",
) -> Reply:
    """Answer with the state that the condition is about."""
    shown = registry.get(_SHOWS.get(condition.partition("_")[0], "quote"))
    if shown is None:
        raise UserError(NOT_YET, "unavailable")
    present = await shown.answer(desk, caller, registry, {"symbol": symbol})
    message = f"{NOT_YET} {present.headline}"
    return replace(present, headline=message, error=ReplyError("unavailable", message), private=False)
