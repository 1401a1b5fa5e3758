"""What people wait for when many ask at once: no key, so two hosts, each at its real pace.

    python benchmarks/crowd.py

The providers' own requests and parsers are used, and the host answers in this process: after a third of a second, and
with 429 to whoever asks more often than it allows. Waiting is virtual: the clock jumps over time in which nothing is
done, while computing counts as it is. So a quarter of an hour takes seconds.
"""

from __future__ import annotations

import asyncio
import json
import random
import statistics
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.analysis.scan_cache import load_universe
from bot.analysis.series import fetch_batch
from bot.commands import scan as scan_file
from bot.config import Config
from bot.desk import Caller, Desk, open_desk
from bot.errors import UserError
from bot.jobs import Jobs
from bot.market.bars import Bars
from bot.market.symbols import FILE, Symbol, read_book
from bot.providers.contract import RemoteProvider, Request, Response
from bot.providers.http import ConnectedProvider, Http
from bot.providers.prices.cboe import Cboe
from bot.providers.prices.nasdaq import Nasdaq
from tests.providers.building import feed_over
from tests.virtual_time import VirtualLoop

NOW = datetime(2026, 11, 19, 22, 30, tzinfo=UTC)
LATENCY, BARS = 0.33, 800
BOOK = read_book(FILE.read_bytes())
NEW = load_universe(None, BOOK)


class Hosts(Http):
    """Both hosts: what they are asked, and how often they had to refuse."""

    def __init__(self, providers: Iterable[RemoteProvider]) -> None:
        super().__init__([one.base_url for one in providers], 6.0)
        self.asked: Counter[str] = Counter()
        self.refused = 0
        self._last: dict[str, deque[float]] = {}

    async def _read(self, provider: RemoteProvider, request: Request) -> Response:
        now, pace = asyncio.get_running_loop().time(), provider.pace
        last = self._last.setdefault(provider.name, deque(maxlen=pace.requests))
        full = len(last) == pace.requests and now - last[0] < pace.seconds * 0.999
        last.append(now)
        self.asked[provider.name] += 1
        await asyncio.sleep(LATENCY)
        if full:
            self.refused += 1
            return Response(429, b"Too Many Requests", "text/plain")
        return Response(200, BODIES[provider.name], "application/json")


class Shelf:
    """A store of series in memory, so that no thread of a database is waited for."""

    def __init__(self) -> None:
        self._series: dict[str, tuple[Bars, datetime]] = {}

    async def keep_series(self, bars: Bars, now: datetime) -> None:
        finished = bars.without_unfinished()
        if finished is not None:
            self._series[bars.symbol] = finished, now

    async def kept_series(self, symbol: str) -> tuple[Bars, datetime] | None:
        return self._series.get(symbol)


def days() -> list[date]:
    found = [date(2026, 11, 19) - timedelta(days=n) for n in range(BARS * 2)]
    return [day for day in found if day.weekday() < 5][:BARS]


def bodies() -> dict[str, bytes]:
    """The two replies with one history, newest first and oldest first."""
    g, price, rows = random.Random(1), 240.0, []
    for day in days():
        price *= 1 + g.gauss(0, 0.012)
        rows.append((day, price, price * 1.01, price * 0.99, price))
    names = ("open", "high", "low", "close")
    nasdaq = [
        {"date": f"{d:%m/%d/%Y}", **{n: f"${v:.2f}" for n, v in zip(names, r, strict=True)}, "volume": "1,000"}
        for d, *r in rows
    ]
    cboe = [
        {"date": str(d), **{n: f"{v:.4f}" for n, v in zip(names, r, strict=True)}, "volume": "1000.0"}
        for d, *r in reversed(rows)
    ]
    table = {
        "nasdaq": {"data": {"tradesTable": {"rows": nasdaq}}, "status": {"rCode": 200}},
        "cboe": {"symbol": "X", "data": cboe},
    }
    return {name: json.dumps(content).encode() for name, content in table.items()}


BODIES = bodies()


class Crowd:
    """One process in which nothing has been asked yet."""

    def __init__(self, desk: Desk, jobs: Jobs) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()

        def clock() -> datetime:
            return NOW + timedelta(seconds=loop.time() - began)

        providers = [Nasdaq(), Cboe()]
        self.hosts = Hosts(providers)
        connected = [ConnectedProvider(one, self.hosts) for one in providers]
        calendar = desk.feed._series.calendar  # noqa: SLF001  the benchmark stands in for the factory
        self.feed = feed_over(connected, calendar, Shelf(), jobs, clock)  # type: ignore[arg-type]
        self.desk = replace(desk, feed=self.feed, clock=clock, jobs=jobs)
        self.lines = 0

    def told(self, _: str) -> None:
        self.lines += 1

    def caller(self, person: int) -> Caller:
        return Caller(person=person, tell=self.told)

    async def single(self, person: int, symbol: Symbol) -> None:
        with _asking(self.caller(person)):
            await self.feed.history(symbol)

    async def several(self, person: int, symbols: Iterable[Symbol]) -> int:
        with _asking(self.caller(person)):
            batch = await fetch_batch(self.desk, tuple(symbols), None)
        return sum(not isinstance(one, UserError) for one in batch.members)

    async def scan(self) -> Any:
        declared = scan_file.scan_command() if hasattr(scan_file, "scan_command") else scan_file.scan
        return await declared.run(self.desk, self.caller(1))


def _asking(caller: Caller) -> Any:
    """As `dispatch` does it; nothing where the code has no queue."""
    try:
        from bot.providers.asker import Asker, asking
    except ImportError:
        return nullcontext()
    return asking(Asker(caller.person, caller.tell))


async def timed(work: Awaitable[Any], after: float = 0.0) -> tuple[float, Any]:
    """Seconds until the answer, and the answer or the refusal."""
    await asyncio.sleep(after)
    began = asyncio.get_running_loop().time()
    try:
        found = await work
    except UserError as error:
        found = error
    return asyncio.get_running_loop().time() - began, found


def row(what: str, outcomes: list[tuple[float, Any]], crowd: Crowd, more: str = "") -> None:
    waits = sorted(seconds for seconds, _ in outcomes)
    refused = sum(isinstance(found, UserError) for _, found in outcomes)
    asked = ", ".join(f"{name} {times}" for name, times in sorted(crowd.hosts.asked.items())) or "nobody"
    print(
        f"{what:42s} refused {refused:3d}   median {statistics.median(waits):6.1f} s   last {waits[-1]:6.1f} s   "
        f"asked {asked}{f', 429: {crowd.hosts.refused}' if crowd.hosts.refused else ''}{more}"
    )


async def new_symbols(crowd: Crowd, people: int, seconds: float) -> None:
    gap = seconds / people
    work = (timed(crowd.single(n, NEW[n]), n * gap) for n in range(people))
    spread = f"in {seconds:.0f} s" if seconds else "at once"
    row(f"{people} people, new symbols, {spread}", await asyncio.gather(*work), crowd)


async def warm_symbols(crowd: Crowd) -> None:
    for symbol in NEW[:20]:
        await timed(crowd.single(0, symbol))
    crowd.hosts.asked.clear()
    work = (timed(crowd.single(n, NEW[n % 20])) for n in range(100))
    row("100 people, 20 warm symbols, at once", await asyncio.gather(*work), crowd)


async def a_list(crowd: Crowd, what: str, size: int) -> None:
    outcome = await timed(crowd.several(1, NEW[:size]))
    row(f"{what} of {size} new symbols", [outcome], crowd, f", {outcome[1]} of {size} with prices")


async def two_lists(crowd: Crowd) -> None:
    work = (timed(crowd.several(person, NEW[:8])) for person in (1, 2))
    row("two people rank the same 8", await asyncio.gather(*work), crowd)


async def scans(crowd: Crowd) -> None:
    await _scan(crowd, "scan, cold")
    outcome = await timed(crowd.single(7, BOOK.resolve("ZS")))
    row("  a single question right after it", [outcome], crowd)
    for minutes in (1, 5, 15):
        await asyncio.sleep(60 * (minutes - {1: 0, 5: 1, 15: 5}[minutes]))
        await _scan(crowd, f"  scan again after {minutes} min")


async def _scan(crowd: Crowd, what: str) -> None:
    crowd.hosts.asked.clear()
    outcome = await timed(crowd.scan())
    found = outcome[1]
    if isinstance(found, UserError):
        row(what, [outcome], crowd, f": {found.message[:60]}")
        return
    good = sum(one["roc_pct"] is not None for one in found.data["rows"])
    row(what, [outcome], crowd, f"\n{'':44s}{good} of {len(NEW)}: {found.headline[:90]}")


async def main() -> None:
    cases: list[Callable[[Crowd], Awaitable[None]]] = [
        lambda crowd: new_symbols(crowd, 10, 10.0),
        lambda crowd: new_symbols(crowd, 10, 0.0),
        lambda crowd: new_symbols(crowd, 30, 0.0),
        lambda crowd: new_symbols(crowd, 90, 0.0),
        warm_symbols,
        lambda crowd: a_list(crowd, "rank", 5),
        lambda crowd: a_list(crowd, "watchlist", 8),
        two_lists,
        scans,
    ]
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Config(data_dir=Path(folder), offline=True), lambda: NOW) as desk:
            await desk.feed.sessions()
            for case in cases:
                async with Jobs() as jobs:
                    await case(Crowd(desk, jobs))


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main())
