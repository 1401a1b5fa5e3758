"""Interactions that come faster than they can be answered: all are acknowledged first, and answered after.

Discord waits three seconds for the first word on an interaction, then a quarter of an hour for the answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

RUSH = 12
AT_A_TIME, ACKNOWLEDGED_AT_A_TIME = 24, 48
PATIENCE = 10.0


class Rush:
    """The interactions that wait for their first word."""

    def __init__(self) -> None:
        self._waiting: set[int] = set()
        self._none_waits = asyncio.Event()
        self._answering = asyncio.Semaphore(AT_A_TIME)
        self.acknowledging = asyncio.Semaphore(ACKNOWLEDGED_AT_A_TIME)

    def arrived(self, interaction: int) -> bool:
        """Count an interaction; whether so many wait that its first word should come before the answer is sought."""
        self._waiting.add(interaction)
        self._none_waits.clear()
        return len(self._waiting) > RUSH

    def acknowledged(self, interaction: int) -> None:
        """An interaction had its first word, or never will."""
        self._waiting.discard(interaction)
        if not self._waiting:
            self._none_waits.set()

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn at seeking an answer: when none waits for its first word any more, and few others are at it."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._none_waits.wait(), PATIENCE)
        async with self._answering:
            yield
