"""Who has to wait: at most so many questions per person and per channel in a window, told once a window.

What is dear counts as several questions of its asker's, and as one of the channel's.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

PERSON_QUESTIONS, CHANNEL_QUESTIONS, WINDOW = 6, 24, 12.0
_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a question has to wait, and whether it is its asker or the whole channel that asks too much.

    `told` says that this has been said already: one more such message would only be noise.
    """

    seconds: float
    crowded: bool
    told: bool


@dataclass(slots=True)
class _Window:
    asked: deque[tuple[float, int]] = field(default_factory=deque)
    told_at: float | None = None

    def wait(self, limit: int, now: float, cost: int) -> float:
        """The seconds until a question of this cost has its place within the limit."""
        while self.asked and self.asked[0][0] <= now - WINDOW:
            self.asked.popleft()
        wait, over = 0.0, sum(one for _, one in self.asked) + cost - limit
        for at, one in self.asked:
            if over <= 0:
                break
            wait, over = at + WINDOW - now, over - one
        return wait

    def tell(self, now: float) -> bool:
        """Whether it was told before in this window; from now on it was."""
        if self.told_at is not None and now - self.told_at < WINDOW:
            return True
        self.told_at = now
        return False


@dataclass(slots=True)
class Cooldowns:
    """Sliding windows over monotonic seconds, kept for the most recent askers only."""

    enabled: bool = True
    _windows: OrderedDict[tuple[str, int], _Window] = field(default_factory=OrderedDict)

    def delay(self, person: int, channel: int, now: float, cost: int = 1) -> Delay | None:
        """What this question has to wait for; None counts it as asked. `cost` is at most PERSON_QUESTIONS."""
        if not self.enabled:
            return None
        own, shared = self._window("person", person), self._window("channel", channel)
        wait, crowded = own.wait(PERSON_QUESTIONS, now, cost), shared.wait(CHANNEL_QUESTIONS, now, 1)
        if wait <= 0 and crowded <= 0:
            own.asked.append((now, cost))
            shared.asked.append((now, 1))
            return None
        slower = shared if crowded > wait else own
        return Delay(max(wait, crowded), slower is shared, slower.tell(now))

    def _window(self, kind: str, number: int) -> _Window:
        key = kind, number
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = _Window()
            if len(self._windows) > _REMEMBERED:
                self._windows.popitem(last=False)
        else:
            self._windows.move_to_end(key)
        return window
