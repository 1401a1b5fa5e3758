"""Slash commands built from the registry: the same options, read by the same kinds, completed from memory."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any

import discord
import orjson
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice

from bot.commands.declaration import Command, Option, Registry
from bot.commands.reading import parse_context
from bot.desk import Desk

Handler = Callable[[discord.Interaction, Command, dict[str, str], bool], Awaitable[None]]
CHOICES, CHOICE_LENGTH = 25, 100
PRIVATE, PRIVATE_HELP = "private", "Show the answer to me alone"


def add_commands(tree: app_commands.CommandTree[Any], registry: Registry, desk: Desk, handler: Handler) -> None:
    """Put every command of the registry into the tree."""
    for entry in registry.commands:
        tree.add_command(_build(entry, desk, registry, handler))


def _build(entry: Command, desk: Desk, registry: Registry, handler: Handler) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, private: bool, **texts: str | None) -> None:
        given = {name: text for name, text in texts.items() if text}
        await handler(interaction, entry, given, private)

    # discord.py reads the options from the signature
    callback.__signature__ = _signature(entry)  # type: ignore[attr-defined]
    built: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=entry.name,
        description=entry.summary[:100],
        callback=callback,
        allowed_contexts=AppCommandContext(
            guild=True, dm_channel=not entry.server_only, private_channel=not entry.server_only
        ),
        allowed_installs=AppInstallationType(guild=True, user=not entry.server_only),
    )
    helps = {option.name: option.converter.help[:100] for option in entry.options}
    app_commands.describe(**helps, **{PRIVATE: PRIVATE_HELP})(built)
    if entry.manages:
        app_commands.default_permissions(manage_guild=True)(built)
    for option in entry.options:
        complete = _completer(option, desk, registry)
        if complete is not None:
            built.autocomplete(option.name)(complete)
    return built


def _signature(entry: Command) -> inspect.Signature:
    """The interaction, then one text option per option of the command; required ones first, as Discord wants.

    At the end stands whether the asker alone sees the answer.
    """
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    ordered = sorted(entry.options, key=lambda option: not option.required)
    options = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=app_commands.Range[str, 1, option.converter.longest],
            default=inspect.Parameter.empty if option.required else "",
        )
        for option in ordered
    ]
    private = inspect.Parameter(PRIVATE, inspect.Parameter.KEYWORD_ONLY, annotation=bool, default=False)
    return inspect.Signature([first, *options, private])


def _completer(option: Option, desk: Desk, registry: Registry) -> Callable[..., Any] | None:
    """What completes an option as it is typed, always from memory; None for one that offers nothing."""
    if not option.converter.completes:
        return None

    async def complete(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = option.converter.complete(typed, parse_context(desk, registry))
        named = {value: name for name, value in found if len(value) <= CHOICE_LENGTH}
        return [Choice(name=name[:CHOICE_LENGTH], value=value) for value, name in named.items()][:CHOICES]

    return complete


def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of all that Discord knows of the commands: when it is unchanged there is nothing to sync."""
    content = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
