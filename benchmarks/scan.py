"""A scan through the command's own path: wall time, how late the event loop is while it runs, and the same bars again.

Prices come from a provider in memory; with `--store` they are written to the database too, as those of the network
are. `python benchmarks/scan.py --symbols 2000 --bars 756 --rounds 3`.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.commands import scan
from bot.config import Config
from bot.desk import Caller, Desk, open_desk
from bot.errors import UnknownSymbol
from bot.jobs import Jobs
from bot.market.bars import Bars
from bot.market.scan import scan_one
from bot.market.symbols import Symbol
from bot.providers.contract import Capabilities, HistoryQuery
from bot.runtime import set_up, settle
from tests.providers.building import feed_over

NOW = datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Memory:
    """Random walks that are already here."""

    name = "memory"

    def __init__(self, bars: dict[str, Bars], *, stored: bool) -> None:
        self.bars = bars
        self.capabilities = Capabilities(frozenset({"stock", "fund", "index", "unknown"}), local=not stored)

    def serves(self, symbol: Symbol) -> bool:
        return symbol.canonical in self.bars

    async def history(self, query: HistoryQuery) -> Bars:
        if query.symbol.canonical not in self.bars:
            raise UnknownSymbol(self.name, "not here")
        return self.bars[query.symbol.canonical]


def names(count: int) -> list[str]:
    return [f"Q{LETTERS[i // 676]}{LETTERS[i // 26 % 26]}{LETTERS[i % 26]}" for i in range(count)]


def walks(symbols: list[str], days: np.ndarray, seed: int) -> dict[str, Bars]:
    steps = 0.015 * np.random.default_rng(seed).standard_normal((len(symbols), days.size))
    closes = 100 * np.exp(np.cumsum(steps, axis=1))
    return {
        symbol: Bars(symbol, days, close.copy(), "split", "memory")
        for symbol, close in zip(symbols, closes, strict=True)
    }


def cpu_seconds() -> float:
    """What this process and its finished children have used: on a busy machine the fairer measure."""
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in both)


async def lateness(late: list[float]) -> None:
    """How much later than asked a timer of 5 ms wakes up."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(0.005)
        late.append((time.perf_counter() - began - 0.005) * 1e3)


def on_one_core(provider: Memory) -> float:
    """Seconds of the arithmetic alone, one symbol after the other: the anchor on a busy machine."""
    closes = [bars.close for bars in provider.bars.values()]
    began = time.perf_counter()
    for close in closes:
        scan_one(close, 21)
    return time.perf_counter() - began


async def idle(late: list[float]) -> None:
    """How late timers are on this machine while nothing of ours runs."""
    async with Jobs() as jobs:
        jobs.start("lateness", lateness(late))
        await asyncio.sleep(1)


async def one_round(desk: Desk, provider: Memory, seed: int, late: list[float]) -> tuple[float, float, Any]:
    """Seconds of a scan of new bars, seconds of the same question again, and the reply."""
    from dataclasses import replace

    calendar = await desk.feed.sessions()
    bars = int(next(iter(provider.bars.values())).dates.size)
    last = calendar.newest_closed(NOW)
    assert last is not None
    days = calendar.days[: np.searchsorted(calendar.days, np.datetime64(last, "D"), side="right")][-bars:]
    provider.bars = walks(list(provider.bars), days, seed)
    async with Jobs() as jobs:
        feed = feed_over([provider], desk.feed._series.calendar, desk.store, jobs, desk.clock)  # noqa: SLF001
        fresh = replace(desk, feed=feed)
        command = scan.scan
        watch = jobs.start(f"lateness {seed}", lateness(late))
        began = time.perf_counter()
        reply = await command.run(fresh, Caller())
        wall = time.perf_counter() - began
        watch.cancel()
        await feed.close()
    again = []
    for _ in range(20):
        began = time.perf_counter()
        same = await command.run(fresh, Caller())
        again.append(time.perf_counter() - began)
    assert same.data == reply.data
    return wall, statistics.median(again), reply


async def main(arguments: argparse.Namespace) -> None:
    set_up()
    symbols = names(arguments.symbols)
    with tempfile.TemporaryDirectory() as folder:
        universe = Path(folder) / "universe.csv"
        universe.write_text("symbol,name,kind\n" + "".join(f"{s},{s} Corp,stock\n" for s in symbols))
        config = Config(data_dir=Path(folder), offline=True, universe=universe)
        async with open_desk(config, lambda: NOW) as desk:
            days = np.arange(np.datetime64("2023-01-01"), np.datetime64("2023-01-01") + arguments.bars)
            before = cpu_seconds()
            provider = Memory(walks(symbols, days, 0), stored=arguments.store)
            walls, agains, late, alone, quiet = [], [], [], [], []
            settle()
            for seed in range(1, arguments.rounds + 1):
                wall, again, reply = await one_round(desk, provider, seed, late)
                walls.append(wall)
                alone.append(on_one_core(provider))
                await idle(quiet)
                agains.append(again)
            rows = reply.data["rows"]
            assert len(rows) == arguments.symbols
            assert all(row["error"] is None for row in rows)
    used = (cpu_seconds() - before) / arguments.rounds
    wall, again = statistics.median(walls), statistics.median(agains)
    print(f"{arguments.symbols} symbols x {arguments.bars} bars, {arguments.rounds} rounds")
    print(f"scan                    median {wall:8.3f} s    best {min(walls):8.3f} s   goal <= 3 s on 2 cores")
    print(f"processor time          mean   {used:8.3f} s    of this process and its children, making the bars included")
    print(f"the same bars again     median {again * 1e3:8.3f} ms   1/{wall / again:,.0f}   goal <= 1/1000")
    print(
        f"arithmetic on one core  median {statistics.median(alone):8.3f} s    "
        f"scan / this {wall / statistics.median(alone):.2f}"
    )
    rest = np.percentile(quiet, [50, 99, 100])
    print(f"idle loop lateness      p50 {rest[0]:.2f} ms  p99 {rest[1]:.2f} ms  worst {rest[2]:.2f} ms")
    marks = np.percentile(late, [50, 99, 100])
    print(f"loop lateness   p50 {marks[0]:.2f} ms  p99 {marks[1]:.2f} ms  worst {marks[2]:.2f} ms  goal p99 <= 5 ms")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--symbols", type=int, default=2000)
    options.add_argument("--bars", type=int, default=756)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--store", action="store_true")
    asyncio.run(main(options.parse_args()))
