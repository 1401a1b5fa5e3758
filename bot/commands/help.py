"""`help [COMMAND]`: what the bot answers. Built over the commands it lists."""

from collections.abc import Sequence
from typing import Annotated

from bot.commands.converters import WordKind
from bot.commands.declaration import Command, command
from bot.desk import Caller, Desk
from bot.errors import UserError, quoted
from bot.render.reply import Reply, Row


def help_command(commands: Sequence[Command]) -> Command:
    """The help command over these commands."""
    names = tuple(entry.name for entry in commands)

    @command("help", "What I answer, and how to ask", examples=["!help", "!help roc"])
    async def help_(
        desk: Desk,
        caller: Caller,
        *,
        command: Annotated[str | None, WordKind("COMMAND", "The command to explain", names)] = None,
    ) -> Reply:
        if command is None:
            return _all(commands)
        word = command.casefold().lstrip("!/")
        entry = next((c for c in commands if word in {c.name, *c.aliases}), None)
        if entry is None:
            wanted = f"There is no command {quoted(command, 30)}. The commands are {', '.join(names)}."
            raise UserError(wanted, "unknown_command")
        return _one(entry)

    return help_


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
    rows += [Row(option.name, option.kind.help) for option in entry.options]
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
