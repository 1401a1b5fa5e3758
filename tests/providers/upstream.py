"""A provider's server on the loopback, whose faults are switched on by name. It counts what it is asked."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Literal

from aiohttp import web

Fault = Literal[
    "none", "hang", "hang_in_body", "reset", "reset_once", "limited", "limited_for", "error", "error_once", "html",
    "too_short", "too_long", "gzip_bomb", "huge", "redirect", "cut_json", "unknown",
]  # fmt: skip
DAYS = [day for n in range(400) if (day := date(2026, 11, 18) - timedelta(days=n)).weekday() < 5 and n != 7 * 8 + 6]


def cboe_reply(symbol: str = "IWM") -> bytes:
    rows = [
        {"date": str(day), "open": f"{200 + n / 10:.2f}", "high": f"{201 + n / 10:.2f}", "low": f"{199 + n / 10:.2f}",
         "close": f"{200.5 + n / 10:.2f}", "volume": "21000000.0"}
        for n, day in enumerate(reversed(DAYS))
    ]  # fmt: skip
    return json.dumps({"symbol": symbol, "data": rows}).encode()


class Upstream:
    """One host. `asked` counts requests by path; `fault` is what happens to each from now on."""

    def __init__(self) -> None:
        self.fault: Fault = "none"
        self.body = cboe_reply()
        self.content_type = "application/json"
        self.headers: dict[str, str] = {}
        self.asked: Counter[str] = Counter()
        self.elsewhere = "http://127.0.0.1:9/"
        self.address = ""
        self.over = asyncio.Event()
        self.arrived = asyncio.Event()
        self.hold: asyncio.Event | None = None

    @property
    def total(self) -> int:
        return sum(self.asked.values())

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked[request.path] += 1
        self.arrived.set()
        if self.hold is not None:
            await self.hold.wait()
        fault, self.fault = self.fault, self.fault if not self.fault.endswith("_once") else "none"
        plain: dict[Fault, Callable[[], web.Response]] = {
            "none": lambda: web.Response(body=self.body, content_type=self.content_type, headers=self.headers),
            "limited": lambda: web.Response(status=429, text="Too Many Requests"),
            "limited_for": lambda: web.Response(status=429, headers={"Retry-After": "90"}),
            "error": lambda: web.Response(status=502, text="Bad Gateway"),
            "error_once": lambda: web.Response(status=502, text="Bad Gateway"),
            "html": lambda: web.Response(text="<html>checking your browser</html>", content_type="text/html"),
            "cut_json": lambda: web.Response(body=self.body[:-50], content_type="application/json"),
            "redirect": lambda: web.Response(status=302, headers={"Location": self.elsewhere}),
            "unknown": lambda: web.Response(
                status=403, text='<?xml version="1.0"?><Error/>', content_type="application/xml"
            ),
            "gzip_bomb": lambda: web.Response(body=bomb(), headers={"Content-Encoding": "gzip"}),
        }
        special: dict[Fault, Callable[[web.Request], Awaitable[web.StreamResponse]]] = {
            "hang": self._hang,
            "hang_in_body": self._hang_in_body,
            "reset": self._reset,
            "reset_once": self._reset,
            "too_short": self._too_short,
            "too_long": self._too_long,
            "huge": self._huge,
        }
        return await special[fault](request) if fault in special else plain[fault]()

    async def _hang(self, request: web.Request) -> web.StreamResponse:
        await self.over.wait()
        return web.Response(status=500)

    async def _hang_in_body(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "100"})
        await response.prepare(request)
        await response.write(b'{"data": [')
        await self.over.wait()
        return response

    async def _reset(self, request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    async def _too_short(self, request: web.Request) -> web.StreamResponse:
        assert isinstance(request.transport, asyncio.Transport)
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(self.body) + 9}\r\n\r\n"
        request.transport.write(head.encode() + self.body)
        request.transport.close()
        return web.Response()

    async def _too_long(self, request: web.Request) -> web.StreamResponse:
        assert isinstance(request.transport, asyncio.Transport)
        head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 200\r\n\r\n"
        request.transport.write(head.encode() + self.body)
        request.transport.close()
        return web.Response()

    async def _huge(self, request: web.Request) -> web.StreamResponse:
        """100 MB, as fast as they are taken."""
        response = web.StreamResponse(headers={"Content-Type": "application/json"})
        await response.prepare(request)
        block = b" " * 2**20
        try:
            for _ in range(100):
                await response.write(block)
        except (ConnectionError, asyncio.CancelledError):
            return response
        return response


def bomb() -> bytes:
    """256 MiB of blanks in a quarter of a megabyte."""
    block = gzip.compress(b" " * 2**24, 9)
    return block * 16


@asynccontextmanager
async def upstream() -> AsyncIterator[Upstream]:
    host = Upstream()
    app = web.Application()
    app.router.add_get("/{rest:.*}", host.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield host
    finally:
        host.over.set()
        if host.hold is not None:
            host.hold.set()
        await runner.cleanup()
