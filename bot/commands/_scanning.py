"""ROC, rally and range of many symbols, off the event loop.

A symbol costs about 2 ms of the interpreter. A few are computed in a thread, one symbol at a time: the lock that the
interpreter has is free after each, so the loop waits no longer than that. Many are computed in processes, one a core.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.commands._ranking import Wanted

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from bot.market.bars import FloatArray
    from bot.market.scan import ScanRow

log = logging.getLogger(__name__)
MANY = 400
CHUNK = 25
Part = list[tuple["FloatArray", int]]


def scan_part(part: Part) -> list[ScanRow]:
    """The rows of a few symbols: what a process of the pool runs."""
    from bot.market.scan import scan_one

    return [scan_one(close, periods) for close, periods in part]


async def scan_rows(all_wanted: Sequence[Wanted], processes: int | None = None) -> list[ScanRow]:
    """One row per symbol, in order. `processes`: how many at most; by default one a core where that is worth it."""
    work = [(one.close, one.periods) for one in all_wanted]
    cores = min(4, os.cpu_count() or 1) if processes is None else processes
    if len(work) < MANY or cores < 2:
        return await _in_thread(work)
    from concurrent.futures.process import BrokenProcessPool

    try:
        return await _in_processes(work, cores)
    except (BrokenProcessPool, OSError) as error:
        log.warning("scan without processes", extra={"fields": {"reason": type(error).__name__}})
        return await _in_thread(work)


async def _in_thread(work: Part) -> list[ScanRow]:
    rows: list[ScanRow] = []
    for one in work:
        rows += await asyncio.to_thread(scan_part, [one])
    return rows


async def _in_processes(work: Part, cores: int) -> list[ScanRow]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(cores, mp_context=get_context("spawn"))
    try:
        return await _shared_out(pool, work)
    finally:
        await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)


async def _shared_out(pool: ProcessPoolExecutor, work: Part) -> list[ScanRow]:
    loop = asyncio.get_running_loop()
    parts = [work[first : first + CHUNK] for first in range(0, len(work), CHUNK)]
    said = _progress(len(work))
    futures = []
    for part in parts:
        futures.append(loop.run_in_executor(pool, scan_part, part))
        await asyncio.sleep(0)
    rows: list[ScanRow] = []
    for future in futures:
        rows += await future
        said(len(rows))
    return rows


def _progress(total: int) -> Callable[[int], None]:
    """Log a quarter, a half and three quarters of a long scan."""
    marks = [total // 4, total // 2, 3 * total // 4]

    def said(done: int) -> None:
        reached = [mark for mark in marks if done >= mark]
        if reached:
            del marks[: len(reached)]
            log.info("scan", extra={"fields": {"done": done, "of": total}})

    return said
