"""`help [COMMAND]`: what the bot answers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands.converter import ParseContext, beginning
from bot.commands.converters import EDGES, TextConverter
from bot.commands.declaration import Command, Registry, command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.language.entities.symbols import COURTESIES
from bot.language.intents import Intent
from bot.language.tokens import Words
from bot.render.numbers import count
from bot.render.reply import Choice, Reply, Row

if TYPE_CHECKING:
    from bot.language.message import Message

GROUPS: Mapping[str, str] = {
    "words": "Terms and what they mean",
    "market": "How one market stands",
    "lists": "Several markets side by side",
    "rates": "Currencies, interest rates, indices",
    "bot": "This bot",
}
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

    def convert(self, text: str, context: ParseContext) -> str:
        """The word. Raises UserError for several, which are the name of no command: "help me move a sofa"."""
        if len(text.split()) > 1:
            raise UserError(f"There is no command {quoted(text, 30)}. !help lists them.", "unknown_command")
        return super().convert(text, context)

    @property
    def completes(self) -> bool:
        """Always: commands have names."""
        return True

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The commands and groups that begin so."""
        return beginning(text.lstrip("!/"), (*context.commands, *GROUPS))


@command(
    "help",
    "What I answer, and how to ask",
    examples=["!help", "!help roc", "!help market"],
    order=230,
    intent=INTENT,
    role="overview",
    listed=False,
)
async def help_(
    desk: Desk, caller: Caller, registry: Registry, *, command: Annotated[str | None, CommandConverter()] = None
) -> Reply:
    """Answer with what there is, with one group of commands, or with one command and its options."""
    if command is None:
        return _all([entry for entry in registry.commands if entry.listed])
    name = command.casefold().lstrip("!/")
    entry = registry.get(name)
    if entry is not None:
        return _one(entry)
    if name in GROUPS:
        return _group(name, [one for one in registry.commands if one.group == name])
    hint = f"!help shows what I answer; !help {' and !help '.join(list(GROUPS)[:2])} show groups of commands."
    raise UserError(f"There is no command {quoted(command, 30)}. {hint}", "unknown_command", ("!help",))


def _all(commands: Sequence[Command]) -> Reply:
    return Reply(
        title="Rangefinder",
        headline="I explain market terms and compute how a market stands. I inform; I never advise.",
        rows=(
            Row("Ask", "is the russell in a rally? · what is contango? · !roc IWM 10 · !define r-star"),
            Row("Groups", f"{', '.join(f'!help {name}' for name in GROUPS)}; or one command: !help roc"),
        ),
        more=tuple(Row(c.usage, c.summary) for c in commands),
        footer="Every command also works as /command and by mentioning me.",
        data={"commands": [_json(c) for c in commands]},
        choices=tuple(
            Choice(title, f"!help {name}", ", ".join(c.name for c in commands if c.group == name))
            for name, title in GROUPS.items()
        ),
        choices_title="What would you like to know?",
        private=True,
    )


def _group(name: str, commands: Sequence[Command]) -> Reply:
    """The commands of a group, each with what it answers and how it is asked."""
    return Reply(
        title=GROUPS[name],
        headline=f"{count(len(commands), 'command')}; !help and a name tells all of one.",
        rows=tuple(Row(c.examples[0], c.summary) for c in commands),
        more=tuple(Row("Type", c.usage) for c in commands),
        data={"commands": [_json(c) for c in commands]},
        choices=tuple(Choice(c.name, f"!help {c.name}", c.summary) for c in commands),
        choices_title="One command",
        private=True,
    )


def _one(entry: Command) -> Reply:
    rows = [Row("Type", entry.usage), *(Row("Example", example) for example in entry.examples)]
    return Reply(
        title=f"!{entry.name}",
        headline=f"{entry.summary}.",
        rows=(*rows, *(Row(option.name, option.converter.help) for option in entry.options)),
        data={"commands": [_json(entry)]},
        private=True,
    )


def _json(entry: Command) -> dict[str, object]:
    return {
        "name": entry.name,
        "group": entry.group,
        "summary": entry.summary,
        "usage": entry.usage,
        "examples": list(entry.examples),
        "aliases": list(entry.aliases),
    }
