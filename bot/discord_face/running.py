"""From a Config to a bot that serves until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import discord
from aiohttp import ClientError

from bot.commands.registry import open_registry
from bot.config import Config
from bot.desk import Desk, open_desk
from bot.discord_face.client import Rangefinder
from bot.discord_face.repeating import in_words
from bot.errors import StartupError
from bot.runtime import settle

log = logging.getLogger(__name__)
DISCORD = "https://discord.com"


async def run(config: Config) -> int:
    """Connect and serve until SIGTERM or SIGINT. Raises StartupError when Discord cannot be reached as configured."""
    if not config.token:
        raise StartupError(["DISCORD_TOKEN is not set; `python -m bot console --demo` works without one"])
    _point_at(config)
    try:
        with _cancelled_by_signals():
            async with open_desk(config) as desk:
                await _serve(desk, config)
    except asyncio.CancelledError:
        log.info("stopped")
    return 0


@contextmanager
def _cancelled_by_signals() -> Iterator[None]:
    """The first SIGTERM or SIGINT cancels the running task; what it has opened is then closed in order."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    numbers = (signal.SIGTERM, signal.SIGINT)

    def stop() -> None:
        for number in numbers:
            loop.add_signal_handler(number, log.info, "already stopping")
        if task is not None:
            task.cancel()

    for number in numbers:
        loop.add_signal_handler(number, stop)
    try:
        yield
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)


def _point_at(config: Config) -> None:
    """Use other addresses than Discord's own, for a proxy or a test."""
    if config.discord_api:
        from discord.http import Route

        Route.BASE = config.discord_api
    if config.discord_gateway:
        import yarl
        from discord.gateway import DiscordWebSocket

        DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(config.discord_gateway)


async def _serve(desk: Desk, config: Config) -> None:
    """Serve with message content where the application has been granted it, without it elsewhere."""
    registry = open_registry(desk)
    proxy = config.proxy_of(config.discord_api or DISCORD)
    try:
        for content in (True, False):
            async with Rangefinder(desk, registry, content=content, proxy=proxy) as bot:
                await bot.login(config.token.reveal())
                if content and not bot.granted_content:
                    continue
                settle()
                try:
                    await bot.connect()
                except discord.PrivilegedIntentsRequired:
                    continue
                finally:
                    await bot.finish()
                break
    except discord.LoginFailure:
        raise StartupError(["Discord refused the token in DISCORD_TOKEN"]) from None
    except (discord.DiscordException, ClientError, OSError) as error:
        raise StartupError([f"Discord cannot be reached or has refused us ({in_words(error)})"]) from None
    raise StartupError(["Discord ended the connection for good"])
