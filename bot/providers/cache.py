"""What is remembered in memory: so many things at the most, each until it can have changed."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Memory(Generic[K, V]):
    """The last `limit` things, the longest unused of which makes room.

    cachetools' TLRUCache comes near, but drops nothing when the clock is set back: what is from the future by the
    clock of now counts as old here.
    """

    def __init__(self, limit: int, clock: Callable[[], datetime]) -> None:
        self._limit = limit
        self._clock = clock
        self._things: OrderedDict[K, tuple[datetime, datetime, V]] = OrderedDict()

    def get(self, key: K) -> V | None:
        """What is kept under a key, while it is good."""
        found = self._things.get(key)
        if found is None:
            return None
        kept_at, until, value = found
        if not kept_at <= self._clock() < until:
            del self._things[key]
            return None
        self._things.move_to_end(key)
        return value

    def keep(self, key: K, value: V, until: datetime) -> None:
        """Keep a value under a key until a moment."""
        self._things[key] = self._clock(), until, value
        self._things.move_to_end(key)
        while len(self._things) > self._limit:
            self._things.popitem(last=False)

    def __len__(self) -> int:
        return len(self._things)
