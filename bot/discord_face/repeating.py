"""Requests to Discord that are made again: one 503, one cut connection, one 429 in plain text loses no answer.

discord.py repeats 500, 502, 504 and a 429 in JSON by itself; the rest it raises at once. Of an interaction it repeats
whatever is 500 or more, after one second, three, five: longer than Discord waits for the first word. So those are
raised at once and repeated here, too.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

import discord
from aiohttp import ClientError, ClientResponse, ClientSession
from discord.webhook.async_ import AsyncWebhookAdapter

log = logging.getLogger(__name__)
T = TypeVar("T")
PAUSES = (0.3, 0.7, 1.5, 3.0)
LONGEST_PAUSE = 30.0
ALREADY_ACKNOWLEDGED = 40060
CUT = (ClientError, OSError, TimeoutError)
"""What a connection that was cut, refused or silent raises."""
UNSENT = (discord.HTTPException, *CUT, RuntimeError)
"""What a request raises that cannot be made: the last is aiohttp's, once the client is closed."""


class _Raising:
    """A session that raises for an answer which comes from what stands before Discord, and holds no JSON."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session

    @asynccontextmanager
    async def request(self, method: str, url: str, **options: Any) -> AsyncIterator[ClientResponse]:
        """The answer, unless there is none."""
        async with self._session.request(method, url, **options) as response:
            plain = response.status == 429 and response.content_type != "application/json"
            if response.status >= 500 or plain:
                raise Unanswered(response, "")
            yield response


class Unanswered(discord.HTTPException):
    """An answer to an interaction that Discord did not take, and that discord.py has not tried again."""


class PromptAdapter(AsyncWebhookAdapter):
    """How discord.py sends answers to interactions, with failures raised at once: see `repeated`."""

    async def request(self, route: Any, session: Any, **options: Any) -> Any:
        """Send a request. Raises Unanswered."""
        return await super().request(route, _Raising(session), **options)  # type: ignore[arg-type]


async def repeated(send: Callable[[], Awaitable[T]], pauses: Sequence[float] = PAUSES) -> T | None:
    """What `send` returns, tried again after each of the pauses while Discord is not at its best.

    `send` builds its request anew each time, and carries a nonce where the request would not be harmless twice. None
    means that an earlier try got through although its answer was lost. Raises what the last try raised.
    """
    for number, pause in enumerate(pauses):
        try:
            return await send()
        except discord.HTTPException as error:
            if number and error.code == ALREADY_ACKNOWLEDGED:
                return None
            wait = _wait(error, pause)
            if wait is None:
                raise
            reason = str(error.status)
        except CUT as error:
            wait, reason = pause, type(error).__name__
        log.info("a request to Discord is made again", extra={"fields": {"reason": reason, "in": wait}})
        await asyncio.sleep(wait)
    return await send()


def in_words(error: Exception) -> str:
    """The kind of an error, its status and Discord's code for it: what may stand in a log.

    Not its text: that is what a proxy or Discord has answered, with what was sent in it, or an address that holds an
    interaction's token.
    """
    kind = type(error).__name__
    return f"{kind} {error.status} {error.code}" if isinstance(error, discord.HTTPException) else kind


def _wait(error: discord.HTTPException, pause: float) -> float | None:
    """Seconds until the request is worth another try; None where another would end the same."""
    if error.status == 503 or (isinstance(error, Unanswered) and error.status >= 500):
        return pause
    if error.status != 429:
        return None
    asked = str(error.response.headers.get("Retry-After", ""))
    wait = float(asked) if asked.isascii() and asked.isdigit() else pause
    return max(wait, pause) if wait <= LONGEST_PAUSE else None
