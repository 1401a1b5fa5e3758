"""The one place that may start a background task: named, supervised, cancelled on exit."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from types import TracebackType
from typing import Any, Self

log = logging.getLogger(__name__)
LAST_FAILED = 20


class Jobs:
    """Background tasks of one process. Leaving the context cancels what still runs and waits for it.

    A job that fails is logged once with its name; it never takes the process with it. `failed` are the last few names.
    """

    def __init__(self) -> None:
        self._running: dict[str, asyncio.Task[Any]] = {}
        self.failed: deque[str] = deque(maxlen=LAST_FAILED)

    def start(self, name: str, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work` in the background under a name that no running job has."""
        if name in self._running:
            work.close()
            msg = f"a job named {name!r} is already running"
            raise ValueError(msg)
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._running[name] = task
        task.add_done_callback(self._ended)
        return task

    def repeat(self, name: str, seconds: float, work: Callable[[], Coroutine[Any, Any, Any]]) -> asyncio.Task[None]:
        """Run `work` now and again every `seconds`; one failing round is logged and does not end the job."""

        async def rounds() -> None:
            while True:
                try:
                    await work()
                except asyncio.CancelledError:
                    raise
                except Exception:
                    log.exception("job round failed", extra={"fields": {"job": name}})
                await asyncio.sleep(seconds)

        return self.start(name, rounds())

    @property
    def names(self) -> tuple[str, ...]:
        """The jobs that run now."""
        return tuple(self._running)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.pop(task.get_name(), None)
        if task.cancelled():
            return
        error = task.exception()
        if error is not None:
            self.failed.append(task.get_name())
            log.error("job failed", exc_info=error, extra={"fields": {"job": task.get_name()}})

    async def stop(self) -> None:
        """Cancel every job and wait until each has ended."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()
