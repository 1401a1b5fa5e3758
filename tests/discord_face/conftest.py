"""A Rangefinder that runs on the loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.commands._command import Registry
from bot.desk import Desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.sending import Waits
from tests.loopback import LoopbackDiscord

QUICK = Waits(typing=0.01, defer=0.01)
PATIENT = Waits(typing=30.0, defer=30.0)
Running = Callable[..., AbstractAsyncContextManager[Rangefinder]]


@pytest.fixture
def running(discord_server: LoopbackDiscord, registry: Registry) -> Running:
    """Runs a bot over a desk; its commands are synced on entry unless `synced` is False."""

    @asynccontextmanager
    async def run(
        desk: Desk, commands: Registry | None = None, *, synced: bool = True, **more: Any
    ) -> AsyncIterator[Any]:
        more = {"content": True, "waits": PATIENT, "guild_ready_timeout": 0.01} | more
        bot = Rangefinder(desk, commands or registry, **more)
        before = len(discord_server.syncs)
        async with discord_server.running(bot):
            if synced:
                await discord_server.until_synced(before + 1)
            yield bot

    return run


@pytest.fixture
async def bot(running: Running, desk: Desk) -> AsyncIterator[Rangefinder]:
    """The bot over the demo desk."""
    async with running(desk) as made:
        yield made
