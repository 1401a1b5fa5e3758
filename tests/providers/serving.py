"""A provider's server as a process of its own, to be killed: `python -m tests.providers.serving PORT` (0: any).

It answers everything with a history as Nasdaq writes it, and prints its port once it listens.
"""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from tests.providers.upstream import DAYS


def nasdaq_reply() -> bytes:
    rows = [
        {"date": day.strftime("%m/%d/%Y"), "close": f"${300 - n}", "volume": "1,000", "open": f"${300 - n}",
         "high": f"${301 - n}", "low": f"${299 - n}"}
        for n, day in enumerate(DAYS[:200])
    ]  # fmt: skip
    return json.dumps({"data": {"tradesTable": {"rows": rows}}, "status": {"rCode": 200}}).encode()


async def serve(port: int) -> None:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(body=nasdaq_reply(), content_type="application/json")

    app = web.Application()
    app.router.add_get("/{rest:.*}", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


class Served:
    """The process. `kill` ends it as `kill -9` does; `start` starts it again on the same port."""

    def __init__(self) -> None:
        self.port = 0
        self._process: asyncio.subprocess.Process | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.providers.serving", str(self.port), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout is not None
        self.port = int(await self._process.stdout.readline())

    async def kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def served() -> AsyncIterator[Served]:
    process = Served()
    await process.start()
    try:
        yield process
    finally:
        await process.kill()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
