"""The newest bars of a whole universe, a few symbols at a time, without holding the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING

from bot.analysis.ranking import Ranked, Wanted, wanted
from bot.analysis.series import Series, finished
from bot.desk import Desk
from bot.errors import ErrorCode, UserError
from bot.language.entities.lookbacks import Lookback
from bot.market.symbols import Symbol

if TYPE_CHECKING:
    from bot.render.reply import Freshness

AT_ONCE = 4
PAUSE = 0.001


@dataclass(slots=True)
class Gathered:
    """What there is to compute, what failed and why, how fresh it is, and until when none of it can change.

    `good_until` is that moment for symbols that are alike in kind and bars.
    """

    tasks: dict[str, Wanted] = field(default_factory=dict)
    failed: dict[str, Ranked] = field(default_factory=dict)
    codes: dict[str, ErrorCode] = field(default_factory=dict)
    unserved: int = 0
    freshness: Freshness | None = None
    until: datetime | None = None
    providers: set[str] = field(default_factory=set)
    adjustments: set[str] = field(default_factory=set)
    last_days: dict[str, date] = field(default_factory=dict)
    good_until: dict[tuple[str, str, date, bool], datetime] = field(default_factory=dict)

    def refuse(self, symbol: Symbol, error: UserError) -> None:
        """A symbol without bars."""
        self.failed[symbol.canonical] = Ranked(symbol.canonical, error=error.message)
        self.codes[symbol.canonical] = error.code

    def add(self, got: Series, span: Lookback, until: datetime) -> None:
        """A symbol with bars. The freshness of all is that of the newest bars."""
        self.tasks[got.bars.symbol] = wanted(got, span)
        self.last_days[got.bars.symbol] = got.bars.last_day
        self.providers.add(got.bars.provider)
        self.adjustments.add(got.bars.adjustment)
        self.until = until if self.until is None else min(self.until, until)
        if self.freshness is None or got.freshness.as_of > self.freshness.as_of:
            self.freshness = got.freshness


@dataclass(frozen=True, slots=True)
class Asked:
    """What is gathered for: `ready` gets each symbol to compute as soon as its bars are here."""

    span: Lookback
    as_of: date | None
    ready: Callable[[Wanted], Awaitable[None]]


async def gather(desk: Desk, symbols: Sequence[Symbol], asked: Asked) -> Gathered:
    """The bars of every symbol that a provider serves. Nothing is raised: what fails is in `failed`."""
    anybody = bool(desk.feed.states)
    served = [symbol for symbol in symbols if not anybody or desk.feed.serves(symbol)]
    found = Gathered(unserved=len(symbols) - len(served))
    waiting = deque(served)

    async def work() -> None:
        while waiting:
            await _one(desk, waiting.popleft(), asked, found)
            await asyncio.sleep(PAUSE)

    async with asyncio.TaskGroup() as group:
        for _ in range(min(AT_ONCE, len(waiting))):
            group.create_task(work())
    order = [symbol.canonical for symbol in served]
    found.tasks = {name: found.tasks[name] for name in order if name in found.tasks}
    return found


async def _one(desk: Desk, symbol: Symbol, asked: Asked, found: Gathered) -> None:
    try:
        history = await desk.feed.history(symbol, asked.as_of)
        got = await finished(desk, symbol, history, asked.as_of)
    except UserError as error:
        found.refuse(symbol, error)
        return
    bars = history.bars
    alike = symbol.kind, bars.adjustment, bars.last_day, bars.unfinished
    if alike not in found.good_until:
        from bot.providers.series import good_until, has_sessions

        sessions = await desk.feed.sessions() if has_sessions(symbol) else None
        found.good_until[alike] = good_until(bars, symbol, desk.clock(), sessions)
    found.add(got, asked.span, found.good_until[alike])
    await asked.ready(found.tasks[got.bars.symbol])
