"""Who waits for prices: whose question it is, how urgent, who is told how long it takes, and whose time stands still.

Work under way is shared by everybody who needs it, so what waits for a slot is not one question but all that joined:
it is as urgent as the most urgent of them, and each of them hears how far it is. The asker of the present task stands
in a context variable, because a question passes a dozen functions that have no other use for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from enum import IntEnum

Tell = Callable[[str], None]


class Priority(IntEnum):
    """What is served first. A question about one symbol, then lists, then what nobody waits for."""

    SINGLE = 0
    LIST = 1
    BACKGROUND = 2


class Asker:
    """Somebody who waits: a person by id, 0 where there is none. `tell` takes a line on how far the answer has come."""

    def __init__(self, person: int = 0, tell: Tell | None = None, priority: Priority = Priority.SINGLE) -> None:
        self._person = person
        self._tell = tell
        self._priority = priority

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return self._priority

    @property
    def people(self) -> frozenset[int]:
        """Everybody who waits."""
        return frozenset({self._person})

    def tell(self, line: str) -> None:
        """Say how far it has come, where somebody listens."""
        if self._tell is not None:
            self._tell(line)

    def waits(self, seconds: float, before: int) -> None:
        """A slot is `seconds` away, and so many questions are before this one."""
        self.tell(f"prices are on their way, {about(seconds)}{ahead(before)}")

    def hold(self) -> None:
        """Its time stands still: it waits for its turn."""

    def resume(self) -> None:
        """Its time goes on."""


class _For(Asker):
    """What works for another asker, and is like it but for one thing."""

    def __init__(self, other: Asker) -> None:
        self._other = other

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return self._other.priority

    @property
    def people(self) -> frozenset[int]:
        """Everybody who waits."""
        return self._other.people

    def tell(self, line: str) -> None:
        """Say how far it has come."""
        self._other.tell(line)

    def waits(self, seconds: float, before: int) -> None:
        """Say how long it takes."""
        self._other.waits(seconds, before)

    def hold(self) -> None:
        """Its time stands still."""
        self._other.hold()

    def resume(self) -> None:
        """Its time goes on."""
        self._other.resume()


class ListAsker(_For):
    """One question about several symbols: behind those about one, and told of as a whole."""

    def __init__(self, other: Asker, size: int) -> None:
        super().__init__(other)
        self._size, self._here = size, 0

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return max(Priority.LIST, self._other.priority)

    def arrived(self) -> None:
        """One more symbol has its prices, or the reason why there are none."""
        self._here += 1
        self.tell(f"prices of {self._here} of {self._size} symbols are here")

    def waits(self, seconds: float, before: int) -> None:
        """Say how long it takes."""
        self.tell(f"prices of {self._here} of {self._size} symbols are here, the next in {about(seconds)}")


class _Timed(_For):
    """What may take so long, not counting the time in which it waits for its turn."""

    def __init__(self, other: Asker, limit: asyncio.Timeout) -> None:
        super().__init__(other)
        self._limit = limit
        self._holds = 0
        self._left = 0.0

    def hold(self) -> None:
        """Its time stands still."""
        self._holds += 1
        when = self._limit.when()
        if self._holds == 1 and when is not None and not self._limit.expired():
            self._left = when - asyncio.get_running_loop().time()
            self._limit.reschedule(None)
        super().hold()

    def resume(self) -> None:
        """Its time goes on."""
        self._holds -= 1
        if not self._holds and self._limit.when() is None:
            self._limit.reschedule(asyncio.get_running_loop().time() + self._left)
        super().resume()


class SharedAsker(Asker):
    """All who wait for the same work. When all have left it goes on, as what nobody waits for."""

    def __init__(self) -> None:
        self._askers: dict[object, Asker] = {}
        self._holds = 0

    @property
    def priority(self) -> Priority:
        """How urgent it is."""
        return min((one.priority for one in self._askers.values()), default=Priority.BACKGROUND)

    @property
    def people(self) -> frozenset[int]:
        """Everybody who waits."""
        return frozenset().union(*(one.people for one in self._askers.values()))

    @contextmanager
    def joined(self, asker: Asker) -> Iterator[None]:
        """One more who waits, until they leave."""
        place = object()
        self._askers[place] = asker
        if self._holds:
            asker.hold()
        try:
            yield
        finally:
            del self._askers[place]
            if self._holds:
                asker.resume()

    def tell(self, line: str) -> None:
        """Say how far it has come."""
        for one in self._askers.values():
            one.tell(line)

    def waits(self, seconds: float, before: int) -> None:
        """Say how long it takes."""
        for one in self._askers.values():
            one.waits(seconds, before)

    def hold(self) -> None:
        """Its time stands still."""
        self._holds += 1
        if self._holds == 1:
            for one in self._askers.values():
                one.hold()

    def resume(self) -> None:
        """Its time goes on."""
        self._holds -= 1
        if not self._holds:
            for one in self._askers.values():
                one.resume()


_ASKER: ContextVar[Asker] = ContextVar("asker")


def current() -> Asker:
    """Who asks in this task; somebody unknown, with a question about one symbol, where nobody said."""
    return _ASKER.get(None) or Asker()


@contextmanager
def asking(asker: Asker) -> Iterator[None]:
    """What is done inside is done for this asker, in tasks that are started inside as well."""
    token = _ASKER.set(asker)
    try:
        yield
    finally:
        _ASKER.reset(token)


@asynccontextmanager
async def time_for(seconds: float) -> AsyncIterator[None]:
    """Raise TimeoutError when what is done inside takes longer, not counting the wait for slots of providers."""
    async with asyncio.timeout(seconds) as limit:
        with asking(_Timed(current(), limit)):
            yield


def about(seconds: float) -> str:
    """A wait in words: `about 40 s`, `about 3 min`."""
    if seconds < 10:
        return f"about {max(1, round(seconds))} s"
    return f"about {round(seconds / 5) * 5} s" if seconds < 120 else f"about {round(seconds / 60)} min"


def ahead(before: int) -> str:
    """How many are before somebody, as the end of a sentence."""
    return {0: "", 1: "; 1 question is before yours"}.get(before, f"; {before} questions are before yours")
