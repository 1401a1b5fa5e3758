"""The loopback Discord itself: one port, the world behind it, and what people do in it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import TYPE_CHECKING, Any, Self

import yarl
from aiohttp import web

from tests.loopback_discord import messages, payloads, rest_app, rest_channels, rest_interactions
from tests.loopback_discord.building import Building
from tests.loopback_discord.driver import TIMEOUT, Driver
from tests.loopback_discord.events import Events
from tests.loopback_discord.faults import Clock, Faults
from tests.loopback_discord.gateway import Gateway
from tests.loopback_discord.injecting import Injecting
from tests.loopback_discord.interactions import Interactions
from tests.loopback_discord.rest import Call, Rest
from tests.loopback_discord.wire import LOADING, Violation

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from types import TracebackType

    from discord import Client

    from tests.loopback_discord.schema import Spec
    from tests.loopback_discord.world import Channel, Message

HANDLERS = (rest_app, rest_channels, rest_interactions)  # importing them registers their routes
TOKEN = "loopback.bot.token"
CDN_PIECE = 64 * 1024


class LoopbackDiscord(Driver, Building, Injecting):
    """Discord on a loopback port, as an async context manager.

    `shards` is what /gateway/bot recommends; `privileged` are the privileged intents (message_content,
    members, presences) switched on for the application; with a `clock`, late answers to interactions are
    refused by its time. `checked`: everything is held against Discord's OpenAPI description, where it is there.
    """

    def __init__(
        self,
        *,
        shards: int = 1,
        privileged: tuple[str, ...] = ("message_content",),
        clock: Clock | None = None,
        checked: bool = True,
    ) -> None:
        self.shards = shards
        self.privileged = set(privileged)
        self.clock: Clock = clock or time.monotonic
        self.enforce_deadlines = clock is not None
        self.token = TOKEN
        self.spec = _description() if checked else None
        self.violations: list[Violation] = []
        self.commands: dict[int | None, dict[int, dict[str, Any]]] = {}
        self.syncs: list[list[str]] = []  # the names of each bulk overwrite
        self.cdn: dict[str, bytes] = {}
        self.served: list[str] = []  # the files that were fetched
        self.sent = 0  # and how many bytes of them
        self.faults = Faults()
        self.rest = Rest(self)
        self.gateway = Gateway(self)
        self.events = Events(self, self.gateway)
        self.interactions = Interactions(self)
        self._changed = asyncio.Event()
        self._port = 0
        super().__init__()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_get("/gateway/", self.gateway.handle)
        app.router.add_get("/cdn/{tail:.*}", self._serve_file)
        app.router.add_route("*", "/api/v10/{tail:.*}", self.rest.handle)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for fault in self.faults.waiting:
            fault.release()
        self.gateway.drop()
        await self._runner.cleanup()

    async def _serve_file(self, request: web.Request) -> web.StreamResponse:
        content = self.cdn.get("/" + request.match_info["tail"])
        self.served.append(request.match_info["tail"])
        if content is None:
            return web.Response(status=404)
        response = web.StreamResponse(headers={"Content-Length": str(len(content))})
        await response.prepare(request)
        with contextlib.suppress(ConnectionError):
            for place in range(0, len(content), CDN_PIECE):
                await response.write(content[place : place + CDN_PIECE])
                self.sent += len(content[place : place + CDN_PIECE])
            await response.write_eof()
        return response

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def api_base(self) -> str:
        """What discord.py's Route.BASE must be."""
        return f"{self.origin}/api/v10"

    @property
    def gateway_url(self) -> str:
        """What discord.py's DEFAULT_GATEWAY must be."""
        return f"ws://127.0.0.1:{self._port}/gateway/"

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a bot process here."""
        return {
            "RANGEFINDER_DISCORD_API": self.api_base,
            "RANGEFINDER_DISCORD_GATEWAY": self.gateway_url,
            "DISCORD_TOKEN": self.token,
        }

    @property
    def requests(self) -> list[Call]:
        """Every REST request so far, in order of arrival."""
        return self.rest.calls

    def application(self) -> dict[str, Any]:
        """The application object."""
        return payloads.application(self.bot, self.owner, self.privileged)

    @contextlib.asynccontextmanager
    async def running(self, bot: Client, *, until_ready: bool = True) -> AsyncIterator[Client]:
        """Run a discord.py client of this process against the loopback; it is closed at the end.

        discord.py's pause of 5 s before every IDENTIFY but the first is left out.
        Errors of the client's own (a bad token, a refused intent) come out here. Give the client a small
        `guild_ready_timeout`: discord.py waits that long, 2 s by default, before it calls itself ready.
        """
        import discord.gateway
        import discord.http

        before = discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY
        discord.http.Route.BASE = self.api_base
        discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(self.gateway_url)
        bot.before_identify_hook = identify_at_once  # type: ignore[method-assign]
        run = asyncio.get_running_loop().create_task(bot.start(self.token), name="bot")
        run.add_done_callback(lambda _: self.notify())
        try:
            await self.until(lambda: run.done() or self.connected, "bot connected")
            if run.done():
                run.result()
            if until_ready:
                await asyncio.wait_for(bot.wait_until_ready(), TIMEOUT)
            yield bot
        finally:
            await bot.close()
            await asyncio.gather(run, return_exceptions=True)
            discord.http.Route.BASE, discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = before

    @property
    def connected(self) -> bool:
        """Whether every shard has a session with a live socket."""
        live = {one.shard for one in self.gateway.sessions.values() if one.socket is not None}
        return bool(live) and len(live) == next(iter(live))[1]

    def notify(self) -> None:
        """Wake whoever waits for something to change."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def next_change(self) -> None:
        """Wait until something changes."""
        await self._changed.wait()

    def publish(self, message: Message) -> None:
        """Put a new message into its channel and tell the bot."""
        message.channel.messages[message.id] = message
        self.events.message("MESSAGE_CREATE", message)
        self.notify()

    def rewrite(self, message: Message, body: dict[str, Any], files: dict[str, bytes]) -> None:
        """Edit a message by what the bot sent; raises ApiError."""
        was_loading = message.loading
        messages.write(self, message, body, files, partial=True)
        message.data["flags"] &= ~LOADING
        if not was_loading:
            message.data["edited_timestamp"] = messages.edited_now(self)
        self.events.message("MESSAGE_UPDATE", message)
        self.notify()

    def remove(self, message: Message) -> None:
        """Delete a message; it stays readable for the test that holds it."""
        message.deleted = True
        self.events.message_deleted(message)
        self.notify()

    def link(self, message: Message, target: Message) -> None:
        """Make a message a reply to another."""
        message.reply_to = target
        message.data["type"] = 19
        reference = {"type": 0, "channel_id": str(target.channel.id), "message_id": str(target.id)}
        guild: Channel | Any = target.channel.guild
        message.data["message_reference"] = reference | ({"guild_id": str(guild.id)} if guild else {})


def _description() -> Spec | None:
    from tests.loopback_discord.schema import load_spec  # needs jsonschema, which unchecked runs do without

    return load_spec()


async def identify_at_once(_: int | None, *, initial: bool = False) -> None:
    """Stands in for discord.py's pause between IDENTIFYs."""
