"""Requests to Discord that are made again: one 503, one cut connection, one 429 in plain text loses no answer.

discord.py repeats 500, 502, 504 and a 429 in JSON by itself; the rest it raises at once.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import discord
from aiohttp import ClientError

log = logging.getLogger(__name__)
T = TypeVar("T")
PAUSES = (0.3, 0.7, 1.5, 3.0)
LONGEST_PAUSE = 30.0
ALREADY_ACKNOWLEDGED = 40060
CUT = (ClientError, OSError, TimeoutError)
"""What a connection that was cut, refused or silent raises."""
UNSENT = (discord.HTTPException, *CUT, RuntimeError)
"""What a request raises that cannot be made: the last is aiohttp's, once the client is closed."""


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


def _wait(error: discord.HTTPException, pause: float) -> float | None:
    """Seconds until the request is worth another try; None where another would end the same."""
    if error.status == 503:
        return pause
    if error.status != 429:
        return None
    asked = str(error.response.headers.get("Retry-After", ""))
    wait = float(asked) if asked.isascii() and asked.isdigit() else pause
    return max(wait, pause) if wait <= LONGEST_PAUSE else None
