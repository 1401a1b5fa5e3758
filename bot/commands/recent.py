"""What was asked lately, in memory only and bounded: calls, never words, for the questions that follow on them."""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from bot.commands.declaration import Call
from bot.desk import Caller

K = TypeVar("K", bound=Hashable)
FOLLOWED_FOR = timedelta(minutes=10)
DECLINE_EVERY = timedelta(minutes=1)
MOST, MOST_BYTES, LARGEST = 5_000, 8 * 2**20, 32 * 2**10
"""How many calls one memory holds, and in how many bytes; and the bytes of the largest that a question may follow."""


def footprint(call: Call, limit: int = LARGEST) -> int:
    """The bytes of what a call holds, what it shares with others included; no longer counted once over the limit."""
    size, parts = 0, [call.values, call.options]
    while parts and size <= limit:
        part: object = parts.pop()
        size += sys.getsizeof(part)
        parts.extend(_held_by(part))  # type: ignore[arg-type]
    return size


def _held_by(thing: object) -> Iterable[object]:
    if isinstance(thing, Mapping):
        return (dict(thing),) if not isinstance(thing, dict) else (*thing.keys(), *thing.values())
    if isinstance(thing, tuple | list):
        return thing
    if is_dataclass(thing):
        return (getattr(thing, field.name) for field in fields(thing))
    return ()


def can_be_followed(call: Call) -> bool:
    """Whether a question may follow on a call: it could be read, and holds no table of thousands of rows."""
    return call.error is None and footprint(call) <= LARGEST


class CallMemory(Generic[K]):
    """Calls by key for so long, the oldest of which make room: bounded in number and in bytes.

    What was kept by a clock that was ahead counts as old.
    """

    def __init__(self, lifetime: timedelta, most: int = MOST, most_bytes: int = MOST_BYTES) -> None:
        self._lifetime, self._most, self._most_bytes = lifetime, most, most_bytes
        self._calls: OrderedDict[K, tuple[Call, datetime, int]] = OrderedDict()
        self.bytes = 0

    def keep(self, key: K, call: Call, now: datetime) -> None:
        """Remember a call that can be followed; any other leaves what is there in place."""
        while self._calls and not self._holds(next(iter(self._calls.values()))[1], now):
            self._drop(next(iter(self._calls)))
        if not can_be_followed(call):
            return
        self._drop(key)
        kept = call.topic or call
        size = footprint(kept)
        self._calls[key] = kept, now, size
        self.bytes += size
        while len(self._calls) > self._most or self.bytes > self._most_bytes:
            self._drop(next(iter(self._calls)))

    def get(self, key: K, now: datetime) -> Call | None:
        """The call under a key, unless it is too long ago."""
        kept = self._calls.get(key)
        return kept[0] if kept is not None and self._holds(kept[1], now) else None

    def _holds(self, kept_at: datetime, now: datetime) -> bool:
        return timedelta(0) <= now - kept_at <= self._lifetime

    def _drop(self, key: K) -> None:
        kept = self._calls.pop(key, None)
        self.bytes -= kept[2] if kept is not None else 0

    def __len__(self) -> int:
        return len(self._calls)


class Recent:
    """What everybody last asked, by person and channel; and when they were last declined, by person."""

    def __init__(self) -> None:
        self.calls: CallMemory[tuple[int, int]] = CallMemory(FOLLOWED_FOR)
        self._declined: OrderedDict[int, datetime] = OrderedDict()

    def remember(self, caller: Caller, call: Call, now: datetime) -> None:
        """Keep a call that can be followed on; any other leaves the call before it in place."""
        self.calls.keep((caller.person, caller.channel), call, now)

    def previous(self, caller: Caller, now: datetime) -> Call | None:
        """The asker's last call here, unless it is too long ago."""
        return self.calls.get((caller.person, caller.channel), now)

    def may_decline(self, person: int, now: datetime) -> bool:
        """Whether this person can be declined now: at most once a minute, so that nobody can make the bot chatter."""
        last = self._declined.get(person)
        if last is not None and timedelta(0) <= now - last < DECLINE_EVERY:
            return False
        self._declined[person] = now
        self._declined.move_to_end(person)
        if len(self._declined) > MOST:
            self._declined.popitem(last=False)
        return True
