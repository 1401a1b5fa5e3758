"""A table that somebody attached to a question: read within a size, and only for the command that takes one."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

import discord
from aiohttp import ClientSession, ClientTimeout, DummyCookieJar

from bot.commands.declaration import Call, Registry
from bot.commands.reading import parse_context, read_attached
from bot.desk import Desk
from bot.discord_face.repeating import CUT
from bot.errors import UserError
from bot.language.entities.tables import MAX_BYTES, TableFile

log = logging.getLogger(__name__)
ENDINGS = (".csv", ".txt", ".tsv")
PATIENCE, CHUNK = 15.0, 16 * 2**10
AS_IT_IS = {"Accept-Encoding": "identity"}
NOT_FETCHED = "I could not fetch the file; please attach it again."


async def with_table(desk: Desk, registry: Registry, call: Call, message: discord.Message) -> Call:
    """The call with an attached table in the place of typed words, where its command takes one and lacks them."""
    entry = registry.get(call.command)
    if entry is None or entry.takes_attachment is None or call.error is None:
        return call
    table = next((file for file in message.attachments if file.filename.casefold().endswith(ENDINGS)), None)
    if table is None:
        return call
    try:
        text = await _text(table, desk.config.proxy_of(table.url))
    except UserError as error:
        return Call(entry.name, error=error)
    return await asyncio.to_thread(read_attached, entry, text, parse_context(desk, registry))


async def _text(table: discord.Attachment, proxy: str | None) -> str:
    """What the file says. Raises UserError when it is too large, gone, or no text.

    It is taken piece by piece, which discord.py does not offer, and no further than a table may go: what Discord says
    of the size is looked at first and not believed.
    """
    if table.size > MAX_BYTES:
        raise UserError(f"The file has {table.size:,} bytes; {MAX_BYTES:,} are the most.")
    read = TableFile("The file")
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=PATIENCE), cookie_jar=DummyCookieJar()) as session,
            session.get(
                table.url, headers=AS_IT_IS, allow_redirects=False, auto_decompress=False, proxy=proxy
            ) as found,
        ):
            if found.status != HTTPStatus.OK or "Content-Encoding" in found.headers:
                raise UserError(NOT_FETCHED)
            async for piece in found.content.iter_chunked(CHUNK):
                read.add(piece)
    except CUT as error:
        log.info("an attachment could not be read", extra={"fields": {"reason": type(error).__name__}})
        raise UserError(NOT_FETCHED) from None
    return read.text()
