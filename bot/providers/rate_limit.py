"""How often, for how long and where requests may go: what every request passes, whoever sends it.

A request that finds no slot waits for one. Each host has a queue: single questions first, then lists, then what nobody
waits for, and among equals the people in turn, so that one who asks for twenty symbols delays another by one request.
What has to wait too long is refused at once, with the time that it would have taken.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from bot.errors import Unavailable
from bot.providers.asker import Asker, Priority, about, current
from bot.providers.contract import Busy, Pace, RemoteProvider, Request

SHARES: Mapping[Priority, float] = {Priority.SINGLE: 1.0, Priority.LIST: 0.75, Priority.BACKGROUND: 0.5}
LONGEST_WAIT: Mapping[Priority, float] = {
    Priority.SINGLE: 90.0,
    Priority.LIST: 180.0,
    Priority.BACKGROUND: math.inf,
}
MOST_WAITING = 500
TICK = 1.0
MARGIN = 0.1
"""Seconds by which a request may be longer on its way than the next: the host counts when they arrive."""


class Pacer:
    """The slots of one host: at most so many in any span of time, counted exactly, some of them kept free.

    A request may have a slot where fewer than its share of the span's slots are taken: the rest is kept for what is
    more urgent. Where the share is less than one slot, what nobody waits for comes as seldom as that instead. Moments
    are seconds of any steady clock. aiolimiter was tried first: its bucket lets twice the number through in the first
    span, which is what Cboe answers with refusals, it has no priorities, and it cannot say beforehand how long a
    request would wait. All three matter more than a few lines.
    """

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._taken: deque[float] = deque(maxlen=pace.requests)

    def free_at(self, priority: Priority, now: float) -> float:
        """When the next slot for a request of this priority is free."""
        return self._free(self._taken, priority, now)

    def take(self, now: float) -> None:
        """A request is sent now."""
        self._taken.append(now)

    def sent(self, taken: float, now: float) -> None:
        """The request with the slot of that moment was sent a little later than it: the host counts from now."""
        for place in range(len(self._taken) - 1, -1, -1):
            if self._taken[place] == taken:
                self._taken[place] = now
                return

    def forecast(self, priority: Priority, before: int, now: float) -> float:
        """The seconds until a request has its slot when so many others have theirs first."""
        taken, at = self._taken.copy(), now
        for _ in range(before + 1):
            at = self._free(taken, priority, at)
            taken.append(at)
        return at - now

    def _free(self, taken: deque[float], priority: Priority, now: float) -> float:
        share = self._pace.requests * SHARES[priority]
        slots = max(1, int(share))
        if len(taken) < slots:
            return now
        rarer = 1 / share if share < 1 and priority is Priority.BACKGROUND else 1.0
        return max(now, taken[-slots] + self._pace.seconds * rarer)


class _Waiter:
    """A request in the queue. `tag` is its place among those of the same priority."""

    __slots__ = ("asker", "future", "people", "since", "tag")

    def __init__(self, asker: Asker, since: float) -> None:
        self.asker, self.since = asker, since
        self.future: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self.people: frozenset[int] = frozenset()
        self.tag = math.inf

    @property
    def place(self) -> tuple[int, float]:
        """What comes first: the smallest."""
        return self.asker.priority, self.tag


class HostQueue:
    """Who waits for a slot of one host.

    People take turns as in start-time fair queueing (Goyal, Vin, Cheng 1996): a request is tagged with one more than
    the larger of its person's newest tag and the tag served last, and the smallest tag is served.
    """

    def __init__(self, pace: Pace) -> None:
        self._pacer = Pacer(pace)
        self._waiting: list[_Waiter] = []
        self._tags: dict[int, float] = {}
        self._served = 0.0
        self._timer: asyncio.TimerHandle | None = None

    def wait(self, asker: Asker, count: int = 1) -> float:
        """The seconds until the last of so many requests would have its slot."""
        priority = asker.priority
        before = sum(one.asker.priority <= priority for one in self._waiting)
        return self._pacer.forecast(priority, before + count - 1, _now())

    async def slot(self, provider: str, asker: Asker) -> None:
        """Wait for a slot and take it. Raises Busy, which says how long it would have taken."""
        now, priority = _now(), asker.priority
        first = not any(one.asker.priority <= priority for one in self._waiting)
        if first and self._pacer.free_at(priority, now) <= now:
            self._pacer.take(now)
            return
        seconds = self.wait(asker)
        if seconds > LONGEST_WAIT[priority] or len(self._waiting) >= MOST_WAITING:
            raise self._busy(provider, seconds)
        waiter = _Waiter(asker, now)
        self._waiting.append(waiter)
        asker.hold()
        try:
            self._serve()
            self._pacer.sent(await waiter.future, _now())
        except TimeoutError:
            raise self._busy(provider, self.wait(asker)) from None
        finally:
            asker.resume()
            if waiter in self._waiting:
                self._waiting.remove(waiter)

    def turn_away(self) -> None:
        """The host refuses: who asks on keeps it so, and nobody should wait for that."""
        for one in self._waiting:
            if not one.future.done():
                one.future.set_exception(TimeoutError())

    def _busy(self, provider: str, seconds: float) -> Busy:
        return Busy(
            provider, f"asked as often as it allows: {len(self._waiting)} are waiting, a new one {about(seconds)}"
        )

    def _serve(self) -> None:
        """Give away the slots that are free now, and tell the others how long it takes."""
        now = _now()
        self._tag()
        self._waiting.sort(key=lambda one: one.place)
        while self._waiting and self._pacer.free_at(self._waiting[0].asker.priority, now) <= now:
            one = self._waiting.pop(0)
            self._pacer.take(now)
            self._served = max(self._served, one.tag)
            if not one.future.done():
                one.future.set_result(now)
        self._forecast(now)
        self._again(now)

    def _forecast(self, now: float) -> None:
        for before, one in enumerate(self._waiting):
            priority = one.asker.priority
            if now - one.since > LONGEST_WAIT[priority] and not one.future.done():
                one.future.set_exception(TimeoutError())
            elif priority is not Priority.BACKGROUND:
                one.asker.waits(self._pacer.forecast(priority, before, now), before)

    def _again(self, now: float) -> None:
        """Look again when the next slot is free, and each second, since others may have joined what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            self._tags.clear()
            self._served = 0.0
            return
        free = self._pacer.free_at(self._waiting[0].asker.priority, now)
        self._timer = asyncio.get_running_loop().call_at(min(free, now + TICK), self._serve)

    def _tag(self) -> None:
        """Tag what is new, and what somebody joined whose turn comes earlier."""
        for one in self._waiting:
            people = one.asker.people
            for person in people - one.people:
                tag = max(self._served, self._tags.get(person, 0.0)) + 1
                if tag < one.tag:
                    one.tag = self._tags[person] = tag
            one.people = people


def _now() -> float:
    return asyncio.get_running_loop().time()


class Gate:
    """What every request passes: the host must be configured, the pace kept, the time bounded."""

    def __init__(self, addresses: Iterable[str], timeout: float) -> None:
        self._hosts = frozenset(urlsplit(address).netloc for address in addresses)
        self._timeout = timeout
        self._queues: dict[str, HostQueue] = {}

    def wait(self, provider: RemoteProvider, count: int) -> float:
        """The seconds until the last of so many requests of the present asker would be sent."""
        return self._queue(urlsplit(provider.base_url).netloc, provider).wait(current(), count)

    def turn_away(self, provider: RemoteProvider, request: Request) -> None:
        """A host has answered that it is asked too often: nobody waits for it any longer."""
        self._queue(urlsplit(request.url).netloc, provider).turn_away()

    @asynccontextmanager
    async def passed(self, provider: RemoteProvider, request: Request) -> AsyncIterator[None]:
        """Wait for a slot, then bound the time of what is done inside. Raises Busy or Unavailable."""
        host = urlsplit(request.url).netloc
        if host not in self._hosts:
            raise Unavailable(provider.name, "its address is not among the configured ones")
        await self._queue(host, provider).slot(provider.name, current())
        try:
            async with asyncio.timeout(min(provider.declaration.patience or self._timeout, self._timeout)):
                yield
        except TimeoutError:
            raise Unavailable(provider.name, "no answer in time") from None

    def _queue(self, host: str, provider: RemoteProvider) -> HostQueue:
        found = self._queues.get(host)
        if found is None:
            pace = provider.pace
            found = self._queues[host] = HostQueue(Pace(pace.requests, pace.seconds + MARGIN))
        return found
