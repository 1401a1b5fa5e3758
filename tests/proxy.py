"""A plain HTTP proxy on the loopback: it passes on what it is asked for, and says what that was."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

_REQUEST = re.compile(rb"[A-Z]+ ([a-z]+://\S+) HTTP/1\.1\r\n")


class LoopbackProxy:
    """`asked` are the addresses that were asked for, `address` is its own."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.address = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one connection on, both ways, until either side ends it."""
        head = await reader.readuntil(b"\r\n")
        where = urlsplit(head.split(b" ")[1].decode())
        there, back = await asyncio.open_connection(where.hostname, where.port)
        self._note(head)
        back.write(head)
        await asyncio.gather(self._pass_on(reader, back), self._pass_on(there, writer))

    def _note(self, piece: bytes) -> None:
        """Requests follow one another on a connection, each when the one before is answered."""
        if found := _REQUEST.match(piece):
            self.asked.append(found[1].decode())

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while piece := await reader.read(65_536):
                self._note(piece)
                writer.write(piece)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def loopback_proxy() -> AsyncIterator[LoopbackProxy]:
    """A proxy that serves until the end."""
    proxy = LoopbackProxy()
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    proxy.address = f"http://{host}:{port}"
    try:
        yield proxy
    finally:
        server.close()
