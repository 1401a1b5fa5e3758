"""Rate limits, injected faults and the clock: everything that makes Discord slow, unwilling or gone."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

Clock = Callable[[], float]


class VirtualClock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds


@dataclass
class Fault:
    """What happens to the next `times` requests that match."""

    method: str
    path: str  # fnmatch pattern or exact template
    kind: Literal["status", "drop", "drop_after", "limit", "hold"]
    times: int
    status: int = 502
    retry_after: float = 0.01
    everywhere: bool = False
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def release(self) -> None:
        """Let the requests held so far, and later ones, go on."""
        self.released.set()
        self.times = 0

    def matches(self, method: str, path: str, template: str) -> bool:
        """Whether this fault has still to strike and means this request."""
        means = self.path == template or fnmatchcase(path, self.path)
        return self.times > 0 and self.method in {"*", method} and means


@dataclass
class Bucket:
    """One rate limit: `limit` requests in `per` seconds."""

    limit: int
    per: float
    used: int = 0
    opened: float = 0.0


class Faults:
    """The buckets and the faults waiting to strike."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self._limits: dict[tuple[str, str], tuple[int, float]] = {}
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def add(self, fault: Fault) -> Fault:
        """Queue a fault; earlier ones strike first."""
        self.waiting.append(fault)
        return fault

    def take(self, method: str, path: str, template: str) -> Fault | None:
        """The fault that strikes this request, used up by one."""
        for fault in self.waiting:
            if fault.matches(method, path, template):
                fault.times -= 1
                fault.arrived.set()
                return fault
        return None

    def limit(self, method: str, template: str, requests: int, per: float) -> None:
        """Give a route a real bucket instead of a generous one."""
        self._limits[method, template] = (requests, per)

    def spend(self, method: str, template: str, major: str) -> tuple[dict[str, str], float | None]:
        """Count a request: its X-RateLimit headers, and the seconds to wait if it is one too many."""
        key = (method, template, major)
        if key not in self._buckets:
            self._buckets[key] = Bucket(*self._limits.get((method, template), (1_000_000, 1.0)))
        bucket = self._buckets[key]
        now = time.monotonic()
        if now >= bucket.opened + bucket.per:
            bucket.opened, bucket.used = now, 0
        bucket.used += 1
        left = bucket.opened + bucket.per - now
        headers = {
            "X-RateLimit-Limit": str(bucket.limit),
            "X-RateLimit-Remaining": str(max(bucket.limit - bucket.used, 0)),
            "X-RateLimit-Reset": f"{time.time() + left:.3f}",
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.blake2s(f"{method} {template}".encode(), digest_size=16).hexdigest(),
        }
        return headers, (left if bucket.used > bucket.limit else None)
