"""Who has to wait: at most so many questions per person and per channel in a window."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field

PERSON_QUESTIONS, CHANNEL_QUESTIONS, WINDOW = 6, 24, 12.0
_REMEMBERED = 20_000


@dataclass(slots=True)
class Cooldowns:
    """Sliding windows over monotonic seconds, kept for the most recent askers only."""

    enabled: bool = True
    _asked: OrderedDict[tuple[str, int], deque[float]] = field(default_factory=OrderedDict)

    def wait(self, person: int, channel: int, now: float) -> float:
        """Seconds that this question has to wait; 0 counts it as asked."""
        if not self.enabled:
            return 0.0
        windows = (self._window("person", person), self._window("channel", channel))
        limits = (PERSON_QUESTIONS, CHANNEL_QUESTIONS)
        left = 0.0
        for window, limit in zip(windows, limits, strict=True):
            while window and window[0] <= now - WINDOW:
                window.popleft()
            if len(window) >= limit:
                left = max(left, window[0] + WINDOW - now)
        if left <= 0:
            for window in windows:
                window.append(now)
        return left

    def _window(self, kind: str, number: int) -> deque[float]:
        key = kind, number
        window = self._asked.get(key)
        if window is None:
            window = self._asked[key] = deque()
            if len(self._asked) > _REMEMBERED:
                self._asked.popitem(last=False)
        else:
            self._asked.move_to_end(key)
        return window
