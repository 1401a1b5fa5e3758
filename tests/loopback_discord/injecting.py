"""What a test can make go wrong, and what it can count."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from tests.loopback_discord.faults import Fault

if TYPE_CHECKING:
    from tests.loopback_discord.faults import Faults
    from tests.loopback_discord.rest import Call
    from tests.loopback_discord.wire import Violation


class Injecting:
    """The part of LoopbackDiscord for faults and for counting. Paths are templates or fnmatch patterns."""

    faults: Faults
    violations: list[Violation]

    @property
    def requests(self) -> list[Call]:
        """Every request so far."""
        raise NotImplementedError

    def fail(self, method: str, path: str, *, status: int = 502, times: int = 1) -> Fault:
        """The next requests get a server fault; discord.py retries after 1 s, then 3, 5, 7."""
        return self.faults.add(Fault(method, path, "status", times, status=status))

    def rate_limit(
        self, method: str, path: str, *, retry_after: float = 0.01, everywhere: bool = False, times: int = 1
    ) -> Fault:
        """The next requests get a 429, of the global limit if `everywhere`."""
        return self.faults.add(Fault(method, path, "limit", times, retry_after=retry_after, everywhere=everywhere))

    def drop(self, method: str, path: str, *, after: bool = False, times: int = 1) -> Fault:
        """The next requests lose their connection before they take effect, or `after` they did."""
        return self.faults.add(Fault(method, path, "drop_after" if after else "drop", times))

    def hold(self, method: str, path: str) -> Fault:
        """Requests wait until `.release()`; `.arrived` is set when the first one is there."""
        return self.faults.add(Fault(method, path, "hold", 1_000_000))

    def limit(self, method: str, template: str, requests: int, per: float) -> None:
        """Give a route a bucket of `requests` in `per` seconds for each channel, server or webhook."""
        self.faults.limit(method, template, requests, per)

    def requests_to(self, method: str, path: str = "*") -> list[Call]:
        """The requests so far of a method ("*": any) to a template or pattern."""
        return [
            call
            for call in self.requests
            if method in {"*", call.method} and (call.template == path or fnmatchcase(call.path, path))
        ]

    def count(self, method: str, path: str = "*") -> int:
        """How many requests of this kind there were."""
        return len(self.requests_to(method, path))

    def forgive(self) -> list[Violation]:
        """Forget the violations so far, for a test that provoked them; returns them."""
        forgiven, self.violations[:] = list(self.violations), []
        return forgiven
