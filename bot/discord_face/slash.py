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

from bot.commands._command import Command, Option, Registry
from bot.commands._kinds import PeriodsKind, SymbolsKind, TermKind, WordKind
from bot.commands._shelf import CategoryKind
from bot.desk import Desk

Handler = Callable[[discord.Interaction, Command, dict[str, str]], Awaitable[None]]
CHOICES = 25
_SPANS = ("5", "10", "21", "63", "126", "252", "ytd")


def add_commands(tree: app_commands.CommandTree[Any], registry: Registry, desk: Desk, handler: Handler) -> None:
    """Put every command of the registry into the tree."""
    for entry in registry.commands:
        tree.add_command(_build(entry, desk, handler))


def _build(entry: Command, desk: Desk, handler: Handler) -> app_commands.Command[Any, ..., None]:
    async def callback(interaction: discord.Interaction, **texts: str | None) -> None:
        given = {name: text for name, text in texts.items() if text}
        await handler(interaction, entry, given)

    # discord.py reads the options from the signature
    callback.__signature__ = _signature(entry)  # type: ignore[attr-defined]
    built: app_commands.Command[Any, ..., None] = app_commands.Command(
        name=entry.name,
        description=entry.summary[:100],
        callback=callback,
        allowed_contexts=AppCommandContext(guild=True, dm_channel=not entry.server_only, private_channel=not entry.server_only),
        allowed_installs=AppInstallationType(guild=True, user=not entry.server_only),
    )
    app_commands.describe(**{option.name: option.kind.help[:100] for option in entry.options})(built)
    if entry.manages:
        app_commands.default_permissions(manage_guild=True)(built)
    for option in entry.options:
        complete = _categories(option, desk) or _completer(option, desk)
        if complete is not None:
            built.autocomplete(option.name)(complete)
    return built


def _signature(entry: Command) -> inspect.Signature:
    """The interaction, then one text option per option of the command; required ones first, as Discord wants."""
    first = inspect.Parameter("interaction", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=discord.Interaction)
    ordered = sorted(entry.options, key=lambda option: not option.required)
    options = [
        inspect.Parameter(
            option.name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=str,
            default=inspect.Parameter.empty if option.required else "",
        )
        for option in ordered
    ]
    return inspect.Signature([first, *options])


def _completer(option: Option, desk: Desk) -> Callable[..., Any] | None:
    """What completes an option: terms, symbols or spans, always from memory."""
    if isinstance(option.kind, TermKind):

        async def terms(_: discord.Interaction, typed: str) -> list[Choice[str]]:
            names = [desk.book.terms[slug].term for slug in desk.search.complete(typed, limit=CHOICES)]
            return [Choice(name=name[:100], value=name[:100]) for name in names]

        return terms
    if isinstance(option.kind, SymbolsKind):

        async def symbols(_: discord.Interaction, typed: str) -> list[Choice[str]]:
            found = desk.symbols.complete(typed, limit=CHOICES)
            return [Choice(name=f"{s.canonical} · {s.name}"[:100], value=s.canonical) for s in found]

        return symbols
    if isinstance(option.kind, PeriodsKind):

        async def spans(_: discord.Interaction, typed: str) -> list[Choice[str]]:
            return [Choice(name=span, value=span) for span in _SPANS if span.startswith(typed.strip())]

        return spans
    if isinstance(option.kind, WordKind) and option.kind.offers:
        offers = option.kind.offers

        async def words(_: discord.Interaction, typed: str) -> list[Choice[str]]:
            start = typed.strip().casefold()
            return [Choice(name=word, value=word) for word in offers if word.startswith(start)][:CHOICES]

        return words
    return None


def _categories(option: Option, desk: Desk) -> Callable[..., Any] | None:
    """What completes a category: the titles that hold what is typed so far."""
    if not isinstance(option.kind, CategoryKind):
        return None

    async def categories(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        start, titles = typed.strip().casefold(), desk.book.categories.items()
        found = [(slug, title) for slug, title in titles if start in slug or start in title.casefold()]
        return [Choice(name=title[:100], value=slug) for slug, title in found][:CHOICES]

    return categories


def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of all that Discord knows of the commands: when it is unchanged there is nothing to sync."""
    content = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
