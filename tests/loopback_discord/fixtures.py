"""Fixtures for tests against the loopback Discord; import `discord_server` in a conftest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio

from tests.loopback_discord.server import LoopbackDiscord

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@pytest_asyncio.fixture
async def discord_server() -> AsyncIterator[LoopbackDiscord]:
    """A Discord with one server, its channel "general" and one person, Ada.

    At the end nothing may have broken Discord's rules: a test that provokes it calls `forgive()`.
    """
    async with LoopbackDiscord() as discord:
        discord.add_guild()
        discord.add_person("Ada")
        yield discord
        assert not discord.violations, "\n".join(map(str, discord.violations))
