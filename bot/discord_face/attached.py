"""A table that somebody attached to a question: read whole, within a size, and only for the command that takes one."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.commands.declaration import Call, Registry
from bot.commands.reading import parse_context, read_attached
from bot.desk import Desk
from bot.errors import UserError

log = logging.getLogger(__name__)
MAX_BYTES = 1_000_000
ENDINGS = (".csv", ".txt", ".tsv")


async def with_table(desk: Desk, registry: Registry, call: Call, message: discord.Message) -> Call:
    """The call with an attached table in the place of typed words, where its command takes one and lacks them."""
    entry = registry.get(call.command)
    if entry is None or entry.takes_attachment is None or call.error is None:
        return call
    table = next((file for file in message.attachments if file.filename.casefold().endswith(ENDINGS)), None)
    if table is None:
        return call
    try:
        text = await _text(table)
    except UserError as error:
        return Call(entry.name, error=error)
    return await asyncio.to_thread(read_attached, entry, text, parse_context(desk, registry))


async def _text(table: discord.Attachment) -> str:
    """What the file says. Raises UserError when it is too large, gone, or no text."""
    if table.size > MAX_BYTES:
        raise UserError(f"The file has {table.size:,} bytes; {MAX_BYTES:,} are the most.")
    try:
        return (await table.read()).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError("The file is not plain text; save it as CSV in UTF-8.") from None
    except discord.HTTPException as error:
        log.info("an attachment could not be read", extra={"fields": {"status": error.status}})
        raise UserError("I could not fetch the file; please attach it again.") from None
