"""The menu of a message, "Explain terms": the glossary's terms in it, shown to the person who asks and nobody else.

Discord hands over the message that was chosen, so this needs no right to read messages.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import AppCommandContext, AppInstallationType

from bot.desk import Desk
from bot.render.entry import opening
from bot.render.numbers import count
from bot.render.reply import Reply, Row

NAME = "Explain terms"
SHOWN, OFFERED = 10, 25
Handler = Callable[[discord.Interaction, discord.Message], Awaitable[None]]

# Links, and Discord's own marks for people, channels, times and emoji, hold words that nobody wrote.
_NOT_SAID = re.compile(r"https?://\S+|<(?:@[!&]?|#|/[^:>]*:|a?:\w+:|t:)[^>\s]*>")
_ESCAPED = re.compile(r"\\(?=[^\w\s])")


def add_explain(tree: app_commands.CommandTree[Any], handler: Handler) -> None:
    """Put the menu's line into the tree; its fingerprint then covers it."""

    async def explain_terms(interaction: discord.Interaction, message: discord.Message) -> None:
        await handler(interaction, message)

    tree.add_command(
        app_commands.ContextMenu(
            name=NAME,
            callback=explain_terms,
            allowed_contexts=AppCommandContext(guild=True, dm_channel=True, private_channel=True),
            allowed_installs=AppInstallationType(guild=True, user=True),
        )
    )


def explained(desk: Desk, texts: Iterable[str]) -> Reply:
    """The terms in the texts of one message, in their order: ten with their sentence, the rest in the menu."""
    found = dict.fromkeys(slug for text in texts for slug in desk.search.mentions(_said(text), OFFERED))
    terms = [desk.book.terms[slug] for slug in found][:OFFERED]
    if not terms:
        return _nothing()
    more = len(terms) - SHOWN
    return Reply(
        title="Terms in this message",
        headline=f"{count(len(terms), 'term')} of the glossary.",
        rows=tuple(Row(term.term, term.short) for term in terms[:SHOWN]),
        footer=f"{count(more, 'more term')} in the menu below." if more > 0 else "",
        tone="term",
        terms=tuple(term.id for term in terms),
        choices=tuple(opening(desk.book, term) for term in terms),
        choices_title="Open a term",
        private=True,
    )


def _nothing() -> Reply:
    return Reply(
        title="Terms in this message",
        headline="No term of the glossary is in this message.",
        footer="!define and a word looks one up; !terms lists all there are.",
        tone="term",
        private=True,
    )


def texts_of(message: discord.Message) -> Iterator[str]:
    """All that a message says: its text, what it forwards, its embeds and its poll."""
    parts: list[discord.Message | discord.MessageSnapshot] = [message, *message.message_snapshots]
    for part in parts:
        yield part.content
        for embed in part.embeds:
            yield from _embed_texts(embed)
    if message.poll is not None:
        yield message.poll.question
        yield from (answer.text for answer in message.poll.answers)


def _embed_texts(embed: discord.Embed) -> Iterator[str]:
    yield embed.title or ""
    yield embed.description or ""
    for field in embed.fields:
        yield field.name or ""
        yield field.value or ""
    yield embed.footer.text or ""


def _said(text: str) -> str:
    return _ESCAPED.sub("", _NOT_SAID.sub(" ", text))
