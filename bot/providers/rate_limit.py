"""How often, for how long and where requests may go: what every request passes, whoever sends it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bot.errors import Unavailable
from bot.providers.contract import Busy, Pace, RemoteProvider, Request


class Pacer:
    """The slots of one host: at most so many in any span of time, counted exactly.

    Moments are seconds of any steady clock. aiolimiter was tried first: its bucket lets twice the number through in
    the first span, which is what Cboe answers with refusals, and it cannot say beforehand how long a request would
    wait. Both matter more than ten lines.
    """

    def __init__(self, pace: Pace) -> None:
        self._span = pace.seconds
        self._taken: deque[float] = deque(maxlen=pace.requests)

    def reserve(self, now: float, patience: float) -> float | None:
        """Take the next free slot and return the seconds until it; None, and none taken, when beyond `patience`."""
        full = len(self._taken) == self._taken.maxlen
        slot = max(now, self._taken[0] + self._span) if full else now
        if slot - now > patience:
            return None
        self._taken.append(slot)
        return slot - now


class Gate:
    """What every request passes: the host must be configured, the pace kept, the time bounded."""

    def __init__(self, addresses: Iterable[str], timeout: float) -> None:
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)
        self._timeout = timeout
        self._pacers: dict[str, Pacer] = {}

    @asynccontextmanager
    async def passed(self, provider: RemoteProvider, request: Request) -> AsyncIterator[None]:
        """Wait for a slot, then bound the time of what is done inside. Raises Busy or Unavailable."""
        host = urlsplit(request.url).netloc
        if host not in self._hosts:
            raise Unavailable(provider.name, "its address is not among the configured ones")
        pacer = self._pacers.setdefault(host, Pacer(provider.pace))
        patience = min(provider.declaration.patience or self._timeout, self._timeout)
        wait = pacer.reserve(asyncio.get_running_loop().time(), patience)
        if wait is None:
            raise Busy(provider.name, "asked as often as it allows just now")
        if wait:
            await asyncio.sleep(wait)
        try:
            async with asyncio.timeout(patience):
                yield
        except TimeoutError:
            raise Unavailable(provider.name, "no answer in time") from None
