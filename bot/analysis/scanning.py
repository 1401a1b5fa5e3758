"""ROC, rally and range of many symbols, off the event loop, begun while other bars are still on their way.

A symbol costs about 2 ms of the interpreter. A few are computed in a thread, one symbol at a time: the lock that the
interpreter has is free after each, so the loop waits no longer than that. Many are computed in processes, one a core.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import TracebackType
from typing import TYPE_CHECKING, NamedTuple, Self

from bot.analysis.conversion import in_currency
from bot.analysis.ranking import RankedSymbol, ScanTask, scan_task
from bot.analysis.series import Series, finished_series, refuse_before_prices
from bot.desk import Desk
from bot.errors import ErrorCode, UserError
from bot.language.entities.lookbacks import Period
from bot.market.symbols import Symbol

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

    from bot.market.bars import FloatArray
    from bot.market.scan import ScanRow
    from bot.providers.feed import History
    from bot.render.reply import Freshness

log = logging.getLogger(__name__)
AT_ONCE = 4
FIRST_LOOK, FIRST_LOOKS = 2.0, 5
MOST_BEHIND = timedelta(days=7)
PAUSE = 0.001
MANY = 400
CHUNK = 25
MOST_PROCESSES = 4
PATIENCE = 15
Part = list[tuple["FloatArray", int]]


def scan_part(part: Part) -> list[ScanRow]:
    """The rows of a few symbols: what a process of the pool runs."""
    from bot.market.scan import scan_one

    return [scan_one(close, periods) for close, periods in part]


async def scan_rows(tasks: Sequence[ScanTask]) -> list[ScanRow]:
    """One row per symbol, in order, computed in a thread."""
    rows: list[ScanRow] = []
    for one in tasks:
        rows += await asyncio.to_thread(scan_part, [(one.close, one.periods)])
    return rows


def open_pool(processes: int) -> ProcessPoolExecutor:
    """A pool whose processes are starting. Takes a moment: not for the event loop. Raises OSError."""
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import active_children, get_context

    pool = ProcessPoolExecutor(processes, mp_context=get_context("spawn"))
    for _ in range(processes):
        pool.submit(scan_part, [])
    for child in active_children():
        _give_way(child.pid)
    return pool


def _give_way(process: int | None) -> None:
    """Let everything else on the machine go first, from its first instruction on: the event loop must not wait."""
    if process is not None and hasattr(os, "setpriority"):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process, PATIENCE)


class ScanPool:
    """Work that is shared out as it comes in. `expected` is how many symbols there may be.

    `added` are the symbols to compute, in the order of `rows`.
    """

    def __init__(self, expected: int, processes: int | None = None) -> None:
        self._processes = min(MOST_PROCESSES, os.cpu_count() or 1) if processes is None else processes
        self._many = expected >= MANY and self._processes > 1
        self._pool: ProcessPoolExecutor | None = None
        self._opening = asyncio.Lock()
        self._futures: list[asyncio.Future[list[ScanRow]]] = []
        self.added: list[ScanTask] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._pool is not None:
            await asyncio.to_thread(self._pool.shutdown, wait=True, cancel_futures=True)

    async def add(self, one: ScanTask) -> None:
        """One more symbol; every 25 of many are handed to a process at once."""
        self.added.append(one)
        if self._many and len(self.added) >= CHUNK * (len(self._futures) + 1):
            await self._hand_out()

    async def _hand_out(self) -> None:
        async with self._opening:
            if self._pool is None:
                try:
                    self._pool = await asyncio.to_thread(open_pool, self._processes)
                except OSError as error:
                    self._give_up(error)
                    return
        from concurrent.futures import BrokenExecutor

        loop = asyncio.get_running_loop()
        while self._many and len(self.added) >= CHUNK * (len(self._futures) + 1):
            work = [(one.close, one.periods) for one in self._part(len(self._futures))]
            try:
                self._futures.append(loop.run_in_executor(self._pool, scan_part, work))
            except BrokenExecutor as error:
                self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        """No processes any more: what is left is computed in a thread. Told once."""
        if self._many:
            log.warning("scan without processes", extra={"fields": {"reason": type(error).__name__}})
        self._many = False

    def _part(self, number: int) -> list[ScanTask]:
        return self.added[CHUNK * number : CHUNK * (number + 1)]

    async def rows(self, tell: Callable[[str], None] | None = None) -> list[ScanRow]:
        """One row per symbol added. A part whose process died is computed in a thread.

        `tell` takes a line on how far the work has come, after each part.
        """
        from concurrent.futures import BrokenExecutor

        total = len(self.added)
        said = _progress(total)
        rows: list[ScanRow] = []
        for number, future in enumerate(self._futures):
            try:
                rows += await future
            except BrokenExecutor as error:
                self._give_up(error)
                rows += await scan_rows(self._part(number))
            said(len(rows))
            if tell is not None:
                tell(f"{len(rows):,} of {total:,} symbols computed")
        return rows + await scan_rows(self.added[len(rows) :])


def _progress(total: int) -> Callable[[int], None]:
    """Log a quarter, a half and three quarters of a long scan."""
    marks = [total // 4, total // 2, 3 * total // 4]

    def said(done: int) -> None:
        reached = [mark for mark in marks if done >= mark]
        if reached:
            del marks[: len(reached)]
            log.debug("scan", extra={"fields": {"done": done, "of": total}})

    return said


@dataclass(slots=True)
class GatheredSeries:
    """What there is to compute, what failed and why, how fresh it is, and until when none of it can change.

    `good_until` is that moment for symbols that are alike in kind and bars. `pending` are the symbols whose bars are
    being fetched in the background, which takes about `seconds_left`.
    """

    tasks: dict[str, ScanTask] = field(default_factory=dict)
    failed: dict[str, RankedSymbol] = field(default_factory=dict)
    codes: dict[str, ErrorCode] = field(default_factory=dict)
    unserved: int = 0
    freshness: Freshness | None = None
    until: datetime | None = None
    pending: int = 0
    seconds_left: float | None = None
    providers: set[str] = field(default_factory=set)
    adjustments: set[str] = field(default_factory=set)
    currencies: set[str] = field(default_factory=set)
    conversion: list[str] = field(default_factory=list)
    last_days: dict[str, date] = field(default_factory=dict)
    good_until: dict[tuple[str, str | None, str, date, bool], datetime] = field(default_factory=dict)

    def refuse(self, symbol: Symbol, error: UserError) -> None:
        """A symbol without bars."""
        self.failed[symbol.canonical] = RankedSymbol(symbol.canonical, error=error.message)
        self.codes[symbol.canonical] = error.code

    def add(self, got: Series, span: Period, until: datetime) -> None:
        """A symbol with bars. The freshness of all is that of the newest bars."""
        self.tasks[got.bars.symbol] = scan_task(got, span)
        self.last_days[got.bars.symbol] = got.bars.last_day
        self.providers.add(got.bars.provider)
        self.adjustments.add(got.bars.adjustment)
        self.currencies |= {got.bars.currency or got.shown.currency or ""} - {""}
        self.until = until if self.until is None else min(self.until, until)
        if self.freshness is None or got.freshness.as_of > self.freshness.as_of:
            self.freshness = got.freshness


class ScanRequest(NamedTuple):
    """What is gathered for: `ready` gets each symbol to compute as soon as its bars are here, `tell` how far it is."""

    span: Period
    as_of: date | None
    ready: Callable[[ScanTask], Awaitable[None]]
    tell: Callable[[str], None] | None = None
    currency: str | None = None


async def gather(desk: Desk, symbols: Sequence[Symbol], asked: ScanRequest) -> GatheredSeries:
    """The bars of every symbol that a provider serves; what fails is in `failed`.

    Over the network nobody is asked: what is not kept, or older than the rest, is left to the background, so that a
    list of hundreds takes no slot from those who ask about one symbol. Where nothing is kept the first are waited for.
    Raises UserError for a date before all prices.
    """
    refuse_before_prices(asked.as_of)
    anybody = bool(desk.feed.states)
    served = [symbol for symbol in symbols if not anybody or desk.feed.serves(symbol)]
    found = GatheredSeries(unserved=len(symbols) - len(served))
    if desk.feed.local:
        await _fetched(desk, served, asked, found)
    else:
        await _kept(desk, served, asked, found)
    order = [symbol.canonical for symbol in served]
    found.tasks = {name: found.tasks[name] for name in order if name in found.tasks}
    found.last_days = {name: found.last_days[name] for name in found.tasks}
    return found


async def _kept(desk: Desk, symbols: Sequence[Symbol], asked: ScanRequest, found: GatheredSeries) -> None:
    """What is kept, and the rest to the background."""
    background = desk.feed.background
    kept = await _at_hand(desk, symbols, asked.as_of)
    background.add(await _to_fetch(desk, symbols, kept, asked.as_of), asked.as_of)
    looks = 0
    while not kept and background.waiting and looks < FIRST_LOOKS:
        await background.wait(FIRST_LOOK)
        looks += 1
        if asked.tell is not None:
            asked.tell(f"prices are being fetched; those of {background.waiting:,} symbols are still to come")
    kept = kept or await _at_hand(desk, symbols, asked.as_of)
    for symbol in symbols:
        failure = background.failure(symbol, asked.as_of)
        if symbol in kept:
            await _add(desk, symbol, replace(kept[symbol], kept_since=None), asked, found)
        elif failure is not None:
            found.refuse(symbol, failure)
        else:
            found.pending += 1
    found.seconds_left = background.seconds_left


async def _at_hand(desk: Desk, symbols: Sequence[Symbol], as_of: date | None) -> dict[Symbol, History]:
    """The series that are kept, but for those that end long before the newest of them."""
    found = {symbol: await desk.feed.at_hand(symbol, as_of) for symbol in symbols}
    kept = {symbol: history for symbol, history in found.items() if history is not None}
    reach = as_of or date.max
    last = {symbol: min(history.bars.last_day, reach) for symbol, history in kept.items()}
    newest = max(last.values(), default=date.min)
    return {symbol: history for symbol, history in kept.items() if newest - last[symbol] <= MOST_BEHIND}


async def _to_fetch(
    desk: Desk, symbols: Sequence[Symbol], kept: Mapping[Symbol, History], as_of: date | None
) -> list[Symbol]:
    """The symbols of which there are newer bars than are kept, or none; not what nobody knew a moment ago."""
    from bot.providers.series import SETTLED_AFTER, behind, has_closes

    now = desk.clock()
    calendars = {symbol: await desk.feed.sessions_of(symbol) for symbol in kept}

    def is_old(symbol: Symbol, found: History) -> bool:
        if found.kept_since is None:
            return False
        sessions = calendars[symbol]
        if sessions is None or sessions.known_until is not None or not has_closes(symbol):
            return behind(found.bars, symbol, as_of, now, sessions)
        newest = sessions.newest_closed(now, SETTLED_AFTER) or date.min
        return found.bars.last_day < min(newest, sessions.newest_until(as_of or newest) or date.min)

    def may_be_had(symbol: Symbol) -> bool:
        failure = desk.feed.background.failure(symbol, as_of)
        return failure is None or failure.code == "unavailable"

    wanted = [symbol for symbol in symbols if symbol not in kept or is_old(symbol, kept[symbol])]
    return list(filter(may_be_had, wanted))


async def _fetched(desk: Desk, symbols: Sequence[Symbol], asked: ScanRequest, found: GatheredSeries) -> None:
    """The bars of every symbol from this machine, a few at a time."""
    waiting = deque(symbols)

    async def work() -> None:
        while waiting:
            symbol = waiting.popleft()
            try:
                await _add(desk, symbol, await desk.feed.history(symbol, asked.as_of), asked, found)
            except UserError as error:
                found.refuse(symbol, error)
            await asyncio.sleep(PAUSE)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(waiting))):
            group.create_task(work())


async def _add(desk: Desk, symbol: Symbol, history: History, asked: ScanRequest, found: GatheredSeries) -> None:
    try:
        got = await finished_series(desk, symbol, history, asked.as_of)
        if asked.currency is not None:
            (member,), found.conversion = await in_currency(desk, [got], asked.currency)
            if isinstance(member, UserError):
                raise member
            got = member
    except UserError as error:
        found.refuse(symbol, error)
        return
    bars = history.bars
    alike = symbol.kind, symbol.calendar, bars.adjustment, bars.last_day, bars.unfinished
    if alike not in found.good_until:
        from bot.providers.series import good_until, has_closes

        sessions = await desk.feed.sessions_of(symbol) if has_closes(symbol) else None
        found.good_until[alike] = good_until(bars, symbol, desk.clock(), sessions)
    found.add(got, asked.span, found.good_until[alike])
    await asked.ready(found.tasks[got.bars.symbol])
