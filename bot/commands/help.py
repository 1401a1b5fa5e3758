"""`help [COMMAND]`: what the bot answers."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands.converters import EDGES, ParseContext, TextConverter, beginning
from bot.commands.declaration import Command, Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.symbols import COURTESIES
from bot.language.intents import Intent
from bot.language.tokens import Words
from bot.render.reply import Reply, Row

if TYPE_CHECKING:
    from bot.language.message import Message

_LEADING = COURTESIES | frozenset("me us with for on about to the command use using".split())


def _fit(message: "Message", weight: float) -> float:
    """A symbol beside another command's words asks for that."""
    return weight - 3 if message.symbols and len(message.scores) > 1 else weight


INTENT = Intent("help", for_nothing=True, fit=_fit, over_term=lambda _, __: False)


class CommandConverter(TextConverter):
    """The name of a command, with or without its prefix."""

    def __init__(self) -> None:
        super().__init__("COMMAND", "The command to explain")

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """All words that are left, but for those that only lead to the name: "help me with roc"."""
        named = tuple(word for word in words.words if word.low.strip(EDGES) not in _LEADING)
        return super().consume(replace(words, words=named), context)

    @property
    def completes(self) -> bool:
        """Always: commands have names."""
        return True

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The commands that begin so."""
        return beginning(text.lstrip("!/"), context.commands)


@command(
    "help",
    "What I answer, and how to ask",
    examples=["!help", "!help roc"],
    order=230,
    intent=INTENT,
    role="overview",
    listed=False,
)
async def help_(
    desk: Desk, caller: Caller, registry: Registry, *, command: Annotated[str | None, CommandConverter()] = None
) -> Reply:
    """Answer with every command, or with one and its options."""
    listed = [entry for entry in registry.commands if entry.listed]
    if command is None:
        return _all(listed)
    entry = registry.get(command.casefold().lstrip("!/"))
    if entry is None or not entry.listed:
        names = ", ".join(one.name for one in listed)
        raise UserError(f"There is no command {quoted(command, 30)}. The commands are {names}.", "unknown_command")
    return _one(entry)


def _all(commands: Sequence[Command]) -> Reply:
    return Reply(
        title="Rangefinder",
        headline="I explain market terms and compute how a market stands: !define r-star, !roc IWM 10, !rally IWM.",
        rows=tuple(Row(c.usage, c.summary) for c in commands),
        footer="Every command also works as /command and by mentioning me. I inform; I never advise.",
        data={"commands": [_json(c) for c in commands]},
        private=True,
    )


def _one(entry: Command) -> Reply:
    rows = [Row("Type", entry.usage), *(Row("Example", example) for example in entry.examples)]
    rows += [Row(option.name, option.converter.help) for option in entry.options]
    return Reply(
        title=f"!{entry.name}",
        headline=f"{entry.summary}.",
        rows=tuple(rows),
        data={"commands": [_json(entry)]},
        private=True,
    )


def _json(entry: Command) -> dict[str, object]:
    return {
        "name": entry.name,
        "summary": entry.summary,
        "usage": entry.usage,
        "examples": list(entry.examples),
        "aliases": list(entry.aliases),
    }
