"""A Rangefinder that runs on the loopback Discord."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import pytest

from bot.commands.declaration import Registry
from bot.desk import Desk
from bot.discord_face.client import HASH_NOTE, Rangefinder
from bot.discord_face.slash import fingerprint
from bot.discord_face.waiting import Waits
from tests.loopback_discord import LoopbackDiscord

QUICK = Waits(typing=0.01, defer=0.01, progress=0.01)
PATIENT = Waits(typing=30.0, defer=30.0, progress=30.0)
Running = Callable[..., AbstractAsyncContextManager[Rangefinder]]


@pytest.fixture(scope="session")
def known() -> dict[str, list[dict[str, Any]]]:
    """Commands as Discord keeps them, by fingerprint: checking them against its description takes long."""
    return {}


@pytest.fixture
def running(discord_server: LoopbackDiscord, registry: Registry, known: dict[str, list[dict[str, Any]]]) -> Running:
    """Runs a bot over a desk. Discord knows its commands on entry, from before if `synced` is left out."""

    @asynccontextmanager
    async def run(
        desk: Desk, commands: Registry | None = None, *, synced: bool | None = None, **more: Any
    ) -> AsyncIterator[Any]:
        more = {"content": True, "waits": PATIENT, "guild_ready_timeout": 0.01} | more
        bot = Rangefinder(desk, commands or registry, **more)
        before, mark = len(discord_server.syncs), fingerprint(bot.tree)
        if synced is None and mark in known:
            discord_server.commands[None] = {int(one["id"]): one for one in known[mark]}
            await desk.store.keep_note(f"{HASH_NOTE}:{discord_server.bot.id}", mark)
            synced = False
        async with discord_server.running(bot):
            if synced is not False:
                await discord_server.until_synced(before + 1)
                known[mark] = list(discord_server.commands[None].values())
            yield bot

    return run


@pytest.fixture
async def bot(running: Running, desk: Desk) -> AsyncIterator[Rangefinder]:
    """The bot over the demo desk."""
    async with running(desk) as made:
        yield made
