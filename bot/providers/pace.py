"""How often one host is asked: at most so many requests in any span of time, counted exactly.

aiolimiter was tried first: its bucket lets twice the number through in the first span, which is what Cboe answers with
refusals, and it cannot say beforehand how long a request would wait. Both matter more than twenty lines.
"""

from __future__ import annotations

from collections import deque

from bot.providers.provider import Pace


class Pacer:
    """The slots of one host. Moments are seconds of any steady clock."""

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
