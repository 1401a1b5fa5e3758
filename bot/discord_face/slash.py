"""Slash commands built from the registry: the same options, read by the same kinds, completed from memory."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import discord
import orjson
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType, Choice

from bot.commands._shelf import CategoryKind
from bot.commands.converters import Kind, PeriodsKind, SymbolsKind, TermKind, TermsKind, WordKind
from bot.commands.declaration import Command, Option, Registry
from bot.desk import Desk

Handler = Callable[[discord.Interaction, Command, dict[str, str]], Awaitable[None]]
Offers = Callable[[str], list[tuple[str, str]]]
CHOICES, CHOICE_LENGTH = 25, 100
SPANS = ("5", "10", "21", "63", "126", "252", "ytd")


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
        allowed_contexts=AppCommandContext(
            guild=True, dm_channel=not entry.server_only, private_channel=not entry.server_only
        ),
        allowed_installs=AppInstallationType(guild=True, user=not entry.server_only),
    )
    app_commands.describe(**{option.name: option.kind.help[:100] for option in entry.options})(built)
    if entry.manages:
        app_commands.default_permissions(manage_guild=True)(built)
    for option in entry.options:
        complete = _completer(option, desk)
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
    """What completes an option as it is typed, always from memory; None for free text."""
    find = _offers(option.kind, desk)
    if find is None:
        return None

    async def complete(_: discord.Interaction, typed: str) -> list[Choice[str]]:
        found = {value: name for name, value in find(typed) if len(value) <= CHOICE_LENGTH}
        return [Choice(name=name[:CHOICE_LENGTH], value=value) for value, name in found.items()][:CHOICES]

    return complete


def _offers(kind: Kind, desk: Desk) -> Offers | None:
    """The names and values that a kind offers for what is typed so far."""
    match kind:
        case TermKind():
            return lambda typed: _same(_terms(desk, typed))
        case TermsKind():
            return lambda typed: _same(_pairs(desk, typed))
        case SymbolsKind():
            return lambda typed: _symbols(desk, typed)
        case PeriodsKind():
            return lambda typed: _same(span for span in SPANS if span.startswith(typed.strip()))
        case CategoryKind():
            return lambda typed: _categories(desk, typed.strip().casefold())
        case WordKind(offers=[_, *_] as offers):
            return lambda typed: _same(word for word in offers if word.startswith(typed.strip().casefold()))
    return None


def _same(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]


def _terms(desk: Desk, typed: str) -> list[str]:
    return [desk.book.terms[slug].term for slug in desk.search.complete(typed, limit=CHOICES)]


def _symbols(desk: Desk, typed: str) -> list[tuple[str, str]]:
    found = desk.symbols.complete(typed, limit=CHOICES)
    return [(f"{symbol.canonical} · {symbol.name}", symbol.canonical) for symbol in found]


def _pairs(desk: Desk, typed: str) -> list[str]:
    """A first term, then with `vs` typed a second one beside it."""
    first, between, second = typed.rpartition(" vs ")
    return [f"{first}{between}{name}" for name in _terms(desk, second)]


def _categories(desk: Desk, start: str) -> list[tuple[str, str]]:
    """The categories with what is typed so far in their title."""
    titles = desk.book.categories.items()
    return [(title, slug) for slug, title in titles if start in slug or start in title.casefold()]


def fingerprint(tree: app_commands.CommandTree[Any]) -> str:
    """A hash of all that Discord knows of the commands: when it is unchanged there is nothing to sync."""
    content = [command.to_dict(tree) for command in tree.get_commands()]
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
