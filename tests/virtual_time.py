"""An event loop whose clock jumps: what waits for minutes is tested, and measured, in milliseconds."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualLoop(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next timer when there is nothing else to do, in no thread either.

    `computing` counts the time in which something is done, too; without it the clock is exact.
    """

    def __init__(self, *, computing: bool = True) -> None:
        super().__init__()
        self._computing = computing
        self._jumped = 0.0
        self._threads = 0
        self._really_select = self._selector.select
        self._selector.select = self._select

    def time(self) -> float:
        return self._jumped + (time.monotonic() if self._computing else 0.0)

    def _select(self, timeout: float | None = None) -> Any:
        if self._threads or timeout is None or timeout <= 0:
            return self._really_select(timeout)
        ready = self._really_select(0)
        if not ready:
            self._jumped += timeout
        return ready

    def run_in_executor(self, executor: Any, func: Any, *args: Any) -> Any:
        self._threads += 1
        future = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_ended)
        return future

    def _thread_ended(self, _: Any) -> None:
        self._threads -= 1


def run_virtually(work: Coroutine[Any, Any, T]) -> T:
    """The outcome of work whose waiting takes no time; the loop's clock starts at zero."""
    with asyncio.Runner(loop_factory=lambda: VirtualLoop(computing=False)) as runner:
        return runner.run(work)
