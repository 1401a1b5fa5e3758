"""discord.py's connection to the gateway, steadier in four places.

- An event that cannot be read is dropped and logged; discord.py ends the process.
- A heartbeat that was not acknowledged ends the connection at the next one; discord.py waits for a minute of silence.
- A gateway that refuses connections for a while is asked to RESUME when it is back, so that nothing said meanwhile is
  lost; discord.py starts a new session after the first refusal.
- It is asked again within seconds; discord.py's pauses grow to minutes.

And so are answers to interactions: see `repeating.py`.
"""

from __future__ import annotations

import asyncio
import logging
import math
import random
from typing import Any

import aiohttp
import discord.gateway
import discord.shard
from discord.gateway import DiscordWebSocket, KeepAliveHandler, ReconnectWebSocket
from discord.shard import Shard
from discord.webhook.async_ import async_context

from bot.discord_face.repeating import PromptAdapter

log = logging.getLogger(__name__)
RESUME_FOR = 300.0
SOON = 60
CLOSING = 2.0


class AcknowledgedKeepAlive(KeepAliveHandler):
    """Heartbeats, each of which has to be acknowledged before the next. `_last_recv` says since when all is well."""

    def tick(self) -> None:
        """Other traffic is no acknowledgement."""

    def ack(self) -> None:
        """The last heartbeat was acknowledged: the connection is well until the next is sent."""
        super().ack()
        self._last_recv = math.inf

    def get_payload(self) -> dict[str, Any]:
        """A heartbeat, which is about to be sent."""
        self._last_recv = -math.inf
        return super().get_payload()


class SteadyWebSocket(DiscordWebSocket):
    """One websocket on which an event that cannot be read costs that event alone."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(socket, loop=loop)
        # On a dead line nobody answers our closing; discord.py waits for it for half a minute before it reconnects.
        socket._timeout = aiohttp.ClientWSTimeout(ws_close=CLOSING)  # noqa: SLF001  it offers no other way

    async def received_message(self, msg: Any, /) -> None:
        """Act on one frame. Before there is a session nothing may be dropped: there would never be one."""
        try:
            await super().received_message(msg)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            if self.session_id is None:
                raise
            reason = type(error).__name__
            log.warning("an event that cannot be read was dropped", extra={"fields": {"reason": reason}})


class Backoff:
    """Seconds to wait before each attempt to connect: soon at first, within a minute for as long as it takes."""

    def __init__(self) -> None:
        self.failures = 0

    def delay(self) -> float:
        """The next wait. Five seconds at most for some minutes, in which a gateway is mostly back."""
        self.failures += 1
        most = min(0.5 * 2**self.failures, 5.0) if self.failures <= SOON else 60.0
        return random.uniform(most / 2, most)  # noqa: S311  spreads the shards, keeps no secret


class ResumingShard(Shard):
    """A shard that keeps its session while the gateway cannot be reached."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self._backoff: Any = Backoff()
        self._lost_at: float | None = None

    def launch(self) -> None:
        """Start reading. Waits start anew only with a connection that lasted: one that ends at once has not helped."""
        self._lost_at = None
        asyncio.get_running_loop().call_later(RESUME_FOR, self._settle, self.ws)
        super().launch()

    def _settle(self, ws: DiscordWebSocket) -> None:
        if self.ws is ws and ws.open:
            self._backoff.failures = 0

    async def reconnect(self) -> None:
        """Connect again: to the session there was, for five minutes; then to a new one."""
        now = asyncio.get_running_loop().time()
        self._lost_at = now if self._lost_at is None else self._lost_at
        if self.ws.session_id is None or now - self._lost_at > RESUME_FOR:
            await super().reconnect()
        else:
            await self.reidentify(ReconnectWebSocket(self.id, resume=True))


def steady() -> None:
    """Have discord.py use these classes. It offers no other way to choose them."""
    discord.shard.DiscordWebSocket = SteadyWebSocket  # type: ignore[misc]
    discord.shard.Shard = ResumingShard  # type: ignore[misc, assignment]
    discord.gateway.KeepAliveHandler = AcknowledgedKeepAlive  # type: ignore[misc]
    async_context.set(PromptAdapter())  # type: ignore[no-untyped-call]
