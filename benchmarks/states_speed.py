"""How long the states take: one symbol, a scan of many, and the ROC matrix against a loop over TA-Lib.

Medians of paired rounds; on a busy machine read the ratios. `python benchmarks/states_speed.py --help`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.market.momentum import roc_matrix
from bot.market.rally import rally
from bot.market.ranges import range_state
from bot.market.scan import ScanRow, scan_one

if TYPE_CHECKING:
    from collections.abc import Callable

PERIODS = 21


def walks(symbols: int, bars: int, seed: int = 1) -> np.ndarray:
    steps = 0.01 * np.random.default_rng(seed).standard_normal((symbols, bars))
    return 100 * np.exp(np.cumsum(steps, axis=1))


def rounds(count: int, *works: Callable[[], object]) -> list[list[float]]:
    """Milliseconds of each work, round by round, the works of a round one after the other."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(count):
        for kept, work in zip(times, works, strict=True):
            began = time.perf_counter()
            work()
            kept.append(1000 * (time.perf_counter() - began))
    return times


def report(name: str, times: list[float], goal: str, per: int = 1) -> None:
    low, middle = min(times) / per, statistics.median(times) / per
    print(f"{name:46} median {middle:9.3f} ms   best {low:9.3f}   rounds {len(times):3}   goal {goal}")


def one_symbol(count: int, bars: int = 1300) -> None:
    closes = list(walks(20, bars))
    states, bands, both = rounds(
        count,
        lambda: [rally(close) for close in closes],
        lambda: [range_state(close) for close in closes],
        lambda: [(rally(close), range_state(close)) for close in closes],
    )
    for name, times, goal in (
        ("rally", states, "-"),
        ("range", bands, "-"),
        ("rally + range", both, "<= 5 ms"),
    ):
        report(f"one symbol, {bars} bars: {name}", times, goal, per=len(closes))


def _chunk(closes: np.ndarray) -> list[ScanRow]:
    return [scan_one(close, PERIODS) for close in closes]


def many_symbols(count: int, symbols: int, bars: int = 756) -> None:
    closes = walks(symbols, bars)
    cores = min(2, os.cpu_count() or 1)
    chunks = np.array_split(closes, 4 * cores)
    with ProcessPoolExecutor(cores) as pool:
        list(pool.map(_chunk, [chunk[:1] for chunk in chunks]))
        alone, shared = rounds(
            count,
            lambda: _chunk(closes),
            lambda: [row for part in pool.map(_chunk, chunks) for row in part],
        )
    report(f"scan {symbols} x {bars}, one process", alone, "-")
    report(f"scan {symbols} x {bars}, {cores} processes", shared, "<= 3000 ms (2,000 symbols)")
    report("  per symbol, one process", alone, "<= 2.5 ms", per=symbols)


def matrix(count: int, symbols: int = 2000, bars: int = 2520) -> None:
    if find_spec("talib") is None:
        print("skipped: the ROC matrix against TA-Lib, which is not installed (extra: bench)")
        return
    import talib

    closes = walks(symbols, bars)
    out = np.empty_like(closes)
    reused, fresh, loop = rounds(
        count,
        lambda: roc_matrix(closes, PERIODS, out),
        lambda: roc_matrix(closes, PERIODS),
        lambda: [talib.ROC(row, PERIODS) for row in closes],
    )
    report(f"ROC {symbols} x {bars}, TA-Lib row by row", loop, "1")
    for name, times, goal in (("out= reused", reused, "<= 0.8"), ("fresh result", fresh, "-")):
        report(f"ROC {symbols} x {bars}, {name}", times, goal)
        ratios = [mine / theirs for mine, theirs in zip(times, loop, strict=True)]
        print(f"{'  ratio to TA-Lib':46} median {statistics.median(ratios):9.3f}      best {min(ratios):9.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--symbols", type=int, default=2000)
    options = parser.parse_args()
    one_symbol(options.rounds)
    many_symbols(min(3, options.rounds), options.symbols)
    matrix(options.rounds)


if __name__ == "__main__":
    main()
