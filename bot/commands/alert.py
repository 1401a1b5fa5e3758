"""`alert SYMBOL CONDITION`: understood, but not served yet: the answer is how it stands now."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands.converter import Converter, ParseContext, beginning, without
from bot.commands.converters import SymbolConverter
from bot.commands.declaration import Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError
from bot.language.entities.conditions import condition_of, read_condition
from bot.language.entities.symbols import PAIR, SYMBOL
from bot.language.intents import Intent, Options
from bot.language.tokens import Word, Words
from bot.market.symbols import Symbol
from bot.render.reply import Reply, ReplyError
from bot.render.text import answer_of

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
        return words.tag(_WRITTEN, CONDITION, lambda match: match[0])

    def tag_rest(self, words: Words, context: ParseContext) -> Words:
        """All words beside the symbol, where there is one and no written condition."""
        rest = [word for word in words.words if word.low not in {SYMBOL, PAIR}]
        if not rest or len(rest) == len(words.words) or any(word.low == CONDITION for word in rest):
            return words
        text = " ".join(words.text[word.start : word.end] for word in rest)
        tagged = Word(CONDITION, rest[0].start, rest[-1].end, value=text)
        return replace(words, words=(*without(words, rest).words, tagged))

    def settle(self, values: Sequence[str], context: ParseContext) -> str:
        """The condition that the words name."""
        return self.convert(values[0], context)

    def as_typed(self, words: Words, some: Sequence[Word]) -> Any:
        """The words."""
        return some[0].value

    def convert(self, text: str, context: ParseContext) -> str:
        """The condition that a text names. Raises UserError."""
        return read_condition(text)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The conditions that begin so."""
        return beginning(text, CONDITIONS)


def _build(message: "Message") -> Options | None:
    """The symbol and the condition, None where no condition is named."""
    from bot.language.scoring import about

    condition = condition_of(message.words)
    return None if condition is None else {**about(message, INTENT), "condition": condition}


INTENT = Intent("alert", symbols=(1, 1), as_pair=2.0, settles=True, build=_build)


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
    message = f"{NOT_YET} {answer_of(present)}"
    return replace(present, headline=message, error=ReplyError("unavailable", message), private=False)
