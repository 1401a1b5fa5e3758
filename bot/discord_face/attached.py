"""A table that somebody attached to a question: read whole, within a size, and only for the command that takes one."""

from __future__ import annotations

import asyncio
import logging

import discord

from bot.commands._constituents import read_constituents
from bot.commands.declaration import Call
from bot.errors import UserError

log = logging.getLogger(__name__)
TAKES_TABLE = "weigh"
MAX_BYTES = 1_000_000
ENDINGS = (".csv", ".txt", ".tsv")


async def with_table(call: Call, message: discord.Message) -> Call:
    """The call with the constituents of an attached table in place of typed ones, where it takes them."""
    if call.command != TAKES_TABLE or call.error is None:
        return call
    table = next((file for file in message.attachments if file.filename.casefold().endswith(ENDINGS)), None)
    if table is None:
        return call
    try:
        members = await asyncio.to_thread(read_constituents, await _text(table))
    except UserError as error:
        return Call(TAKES_TABLE, error=error)
    shown = [{"name": one.name, "market_value": one.market_value, "change_pct": one.change_pct} for one in members]
    return Call(TAKES_TABLE, {"constituents": members}, {"constituents": shown})


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
