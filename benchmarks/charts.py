"""Charts against mplfinance: warm time and bytes, the first chart of a running bot, memory, and event loop lateness.

    python benchmarks/charts.py [--rounds N] [--out DIR]

The extra `bench` installs mplfinance; without it only our own charts are measured. Every round draws each kind once,
in shuffled order, so that a busy machine slows all of them; the ratios are medians of the rounds' own ratios. --out
writes the pictures side by side.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.market.bars import Bars
from bot.market.rally import rally
from bot.market.ranges import range_state
from bot.render.chart import draw
from bot.render.chart_spec import ChartSpec, States, chart_spec
from bot.runtime import set_up

SPAN, HISTORY, SERIES = 120, 756, 8
HAVE_MPLFINANCE = find_spec("mplfinance") is not None


def walk(seed: int) -> Bars:
    """A made-up series with the range and rally structure of real ones: a random walk pulled to a slow wave."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(0, 0.011, HISTORY)
    level = np.zeros(HISTORY)
    wave = 0.12 * np.sin(np.arange(HISTORY) / 55 + seed)
    for i in range(1, HISTORY):
        level[i] = level[i - 1] + steps[i] + 0.06 * (wave[i] - level[i - 1])
    close = 200 * np.exp(level)
    opened = np.append(close[0], close[:-1]) * (1 + rng.normal(0, 0.003, HISTORY))
    high = np.maximum(opened, close) * (1 + np.abs(rng.normal(0, 0.005, HISTORY)))
    low = np.minimum(opened, close) * (1 - np.abs(rng.normal(0, 0.005, HISTORY)))
    days = np.busday_offset(np.datetime64("2023-01-03", "D"), np.arange(HISTORY))
    return Bars("IWM", days, close, "split_dividend", "csv", opened, high, low)


def spec_of(bars: Bars) -> ChartSpec:
    states = States(range_state(bars.close), rally(bars.close))
    return chart_spec(bars, states, SPAN, name="iShares Russell 2000 ETF")


def mplfinance_chart(bars: Bars) -> bytes:
    """The reference: mplfinance's candles, without marks and without a ROC panel."""
    import matplotlib as mpl

    mpl.use("Agg")
    import mplfinance as mpf
    import pandas as pd

    names = {"Open": bars.open, "High": bars.high, "Low": bars.low, "Close": bars.close}
    frame = pd.DataFrame(
        {k: v[-SPAN:] for k, v in names.items() if v is not None}, index=pd.DatetimeIndex(bars.dates[-SPAN:])
    )
    out = io.BytesIO()
    where = {"fname": out, "dpi": 100, "format": "png"}
    mpf.plot(frame, type="candle", style="yahoo", title=bars.symbol, figsize=(8, 4.5), savefig=where)
    return out.getvalue()


def mplfinance_marked(bars: Bars) -> bytes:
    """The same with what our chart shows: levels, marks, ROC panel."""
    import matplotlib as mpl

    mpl.use("Agg")
    import mplfinance as mpf
    import pandas as pd

    spec = spec_of(bars)
    names = {"Open": bars.open, "High": bars.high, "Low": bars.low, "Close": bars.close}
    frame = pd.DataFrame(
        {k: v[-SPAN:] for k, v in names.items() if v is not None}, index=pd.DatetimeIndex(bars.dates[-SPAN:])
    )
    points = np.full(SPAN, np.nan)
    for mark in spec.marks:
        points[mark.bar] = mark.price
    extra = [mpf.make_addplot(spec.roc, panel=1, ylabel="ROC(10)")]
    extra += [mpf.make_addplot(points, type="scatter", marker="^")] if spec.marks else []
    lines = {"hlines": {"hlines": [level.price for level in spec.levels], "linestyle": "--"}} if spec.levels else {}
    out = io.BytesIO()
    where = {"fname": out, "dpi": 100, "format": "png"}
    mpf.plot(
        frame, type="candle", style="yahoo", title=bars.symbol, figsize=(8, 4.5), savefig=where, addplot=extra, **lines
    )
    return out.getvalue()


def warm(rounds: int) -> None:
    """Time each kind warm."""
    series = [walk(seed) for seed in range(SERIES)]
    specs = [spec_of(bars) for bars in series]
    theirs: dict[str, Callable[[int], bytes]] = {
        "mplfinance, candles only": lambda i: mplfinance_chart(series[i]),
        "mplfinance, marks and ROC": lambda i: mplfinance_marked(series[i]),
    }
    kinds: dict[str, Callable[[int], bytes]] = (theirs if HAVE_MPLFINANCE else {}) | {
        "ours, draw(spec)": lambda i: draw(specs[i]).png,
        "ours, states + spec + draw": lambda i: draw(spec_of(series[i])).png,
    }
    times: dict[str, list[float]] = {name: [] for name in kinds}
    sizes: dict[str, list[int]] = {name: [] for name in kinds}
    order = random.Random(1)
    for turn in range(-2, rounds):
        for name in order.sample(list(kinds), len(kinds)):
            start = time.perf_counter()
            size = len(kinds[name](turn % SERIES))
            if turn >= 0:
                times[name].append(time.perf_counter() - start)
                sizes[name].append(size)
    base = next(iter(times.values()))
    print(f"\nwarm, {SPAN} candles, {rounds} rounds: median ms, ratio to {next(iter(times))}, bytes (median, most)")
    for name, found in times.items():
        ratio = statistics.median(a / b for a, b in zip(found, base, strict=True))
        middle = statistics.median(sizes[name])
        print(f"  {name:30} {statistics.median(found) * 1e3:8.2f}   x{ratio:.3f}   {middle:7.0f} {max(sizes[name]):7}")


CHILD = """
import sys, time, os
import discord, numpy, asyncio
from discord.ext import commands
sys.path[:0] = {path!r}
from bot.market.bars import Bars
import bot.market.rally, bot.market.ranges, bot.market.momentum, bot.render.reply, bot.render.text
kind = sys.argv[1]
def rss():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
def bars():
    rng = numpy.random.default_rng(3)
    close = 200 * numpy.exp(numpy.cumsum(rng.normal(0, .011, 756)))
    days = numpy.busday_offset(numpy.datetime64("2023-01-03", "D"), numpy.arange(756))
    return Bars("IWM", days, close, "split_dividend", "csv", close * .997, close * 1.008, close * .991)
b = bars()
before = rss()
start = time.perf_counter()
if kind == "ours":
    from bot.market.rally import rally
    from bot.market.ranges import range_state
    from bot.render.chart import draw
    from bot.render.chart_spec import States, chart_spec
    def one():
        draw(chart_spec(b, States(range_state(b.close), rally(b.close)), 120, name="iShares Russell 2000 ETF"))
else:
    import io
    import matplotlib; matplotlib.use("Agg")
    import mplfinance as mpf, pandas as pd
    names = dict(Open=b.open, High=b.high, Low=b.low, Close=b.close)
    frame = pd.DataFrame(names, index=pd.DatetimeIndex(b.dates)).tail(120)
    def one():
        where = dict(fname=io.BytesIO(), dpi=100, format="png")
        mpf.plot(frame, type="candle", style="yahoo", title="IWM", figsize=(8, 4.5), savefig=where)
one()
first = time.perf_counter() - start
after = rss()
later = []
for _ in range(99):
    start = time.perf_counter(); one(); later.append(time.perf_counter() - start)
print(first * 1e3, sorted(later)[49] * 1e3, after - before, rss() - before)
"""


def first_in_bot(rounds: int) -> None:
    """The first chart of a process that has discord.py and numpy loaded: imports included, and what memory it adds.

    The two kinds take turns, so that our first chart is compared with warm ones of mplfinance made right after it.
    """
    code = CHILD.format(path=[str(Path(__file__).resolve().parent.parent)])
    rows: dict[str, list[list[float]]] = {"ours": []} | ({"mplfinance": []} if HAVE_MPLFINANCE else {})
    for _ in range(rounds):
        for kind, found in rows.items():
            run = subprocess.run([sys.executable, "-c", code, kind], capture_output=True, text=True, check=True)
            found.append([float(part) for part in run.stdout.split()])
    print(f"\nfirst in a running bot, {rounds} processes each: median ms, MiB added by the 1st and by 100")
    for kind, found in rows.items():
        first, warm_ms, grown, hundredth = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"  {kind:12} first {first:7.1f}   warm {warm_ms:6.1f}   1st +{grown:.1f}   100th +{hundredth:.1f}")
    if HAVE_MPLFINANCE:
        ratio = statistics.median(a[0] / b[1] for a, b in zip(rows["ours"], rows["mplfinance"], strict=True))
        print(f"  our first / a warm mplfinance chart: x{ratio:.2f}")


async def paint(specs: list[ChartSpec], stop: float) -> int:
    """Draw one chart after another in a thread until `stop`; return how many."""
    drawn = 0
    while time.perf_counter() < stop:
        await asyncio.to_thread(draw, specs[drawn % SERIES])
        drawn += 1
    return drawn


async def lateness(seconds: float = 5.0) -> None:
    """How late a 1 ms timer fires while charts are drawn back to back in a thread, and without them."""
    set_up()
    specs = [spec_of(walk(seed)) for seed in range(SERIES)]
    print("\nevent loop lateness, ms: p50, p99, most")
    for busy in (False, True):
        late: list[float] = []
        stop = time.perf_counter() + seconds
        async with asyncio.TaskGroup() as group:
            work = group.create_task(paint(specs, stop if busy else 0.0))
            while time.perf_counter() < stop:
                start = time.perf_counter()
                await asyncio.sleep(0.001)
                late.append((time.perf_counter() - start - 0.001) * 1e3)
        late.sort()
        name = f"drawing, {work.result() / seconds:.0f}/s" if busy else "idle"
        print(f"  {name:18} {late[len(late) // 2]:6.2f} {late[int(len(late) * 0.99)]:6.2f} {late[-1]:6.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if not HAVE_MPLFINANCE:
        print("skipped: the comparison with mplfinance, which is not installed (extra: bench)")
    gc.disable()
    warm(options.rounds)
    gc.enable()
    first_in_bot(max(3, options.rounds // 4))
    asyncio.run(lateness())
    if options.out:
        options.out.mkdir(parents=True, exist_ok=True)
        bars = walk(0)
        (options.out / "ours.png").write_bytes(draw(spec_of(bars)).png)
        if HAVE_MPLFINANCE:
            (options.out / "mplfinance.png").write_bytes(mplfinance_chart(bars))
            (options.out / "mplfinance-marked.png").write_bytes(mplfinance_marked(bars))


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
