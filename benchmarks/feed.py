"""What fetching and parsing one series costs against bare aiohttp + orjson, and what a thousand equal questions cost.

    python benchmarks/feed.py [rounds]

One run, one loopback server in another process, 250 bars a series. Each round takes every case once, in shuffled
order, so that a busy machine moves all cases together: read the ratios. The reference reads the body with one aiohttp
session and decodes it with orjson, and that is all it does; the cases end with checked `Bars`. Time is this process's
processor time.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp
import numpy as np
import orjson
from aiohttp import web

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bot.config import Secret
from bot.jobs import Jobs
from bot.market.symbols import FILE, read_book
from bot.providers.calendar import Calendar
from bot.providers.contract import HistoryQuery, Pace
from bot.providers.http import ConnectedProvider, Http
from bot.providers.prices.cboe import Cboe
from bot.providers.prices.nasdaq import Nasdaq
from bot.providers.prices.tiingo import Tiingo
from bot.providers.prices.twelvedata import TwelveData
from bot.providers.prices.yahoo import Yahoo
from bot.store.store import open_store
from tests.providers.building import feed_over

BARS, PER_ROUND, PEOPLE = 250, 40, 1_000
NOW = datetime(2026, 11, 19, 22, 0, tzinfo=UTC)
FAST = Pace(1_000_000, 1.0)
BOOK = read_book(FILE.read_bytes())


def days() -> list[date]:
    found = [date(2026, 11, 19) - timedelta(days=n) for n in range(BARS * 2)]
    return [day for day in found if day.weekday() < 5][:BARS][::-1]


def replies() -> dict[str, bytes]:
    """One answer per provider, as its wire format has it."""
    g, price, rows = random.Random(1), 240.0, []
    for day in days():
        price *= 1 + g.gauss(0, 0.012)
        rows.append((day, price * 0.999, price * 1.01, price * 0.99, price, g.randrange(10**6, 10**8)))
    stamps = [int(datetime(day.year, day.month, day.day, 14, 30, tzinfo=UTC).timestamp()) for day, *_ in rows]
    columns = dict(
        zip(("open", "high", "low", "close", "volume"), map(list, list(zip(*rows, strict=True))[1:]), strict=True)
    )
    meta = {"exchangeTimezoneName": "America/New_York", "symbol": "IWM", "regularMarketPrice": 1.0}
    names = ("open", "high", "low", "close")
    cboe = [
        {"date": str(d), **{n: f"{v:.4f}" for n, v in zip(names, r, strict=False)}, "volume": f"{r[4]}.0"}
        for d, *r in rows
    ]
    nasdaq = [
        {"date": f"{d:%m/%d/%Y}", **{n: f"${v:,.2f}" for n, v in zip(names, r, strict=False)}, "volume": f"{r[4]:,}"}
        for d, *r in reversed(rows)
    ]
    tiingo = [
        {"date": f"{d}T00:00:00.000Z", **dict(zip(names, r, strict=False)), "volume": r[4], "adjClose": r[3],
         "adjOpen": r[0], "adjHigh": r[1], "adjLow": r[2], "adjVolume": r[4], "divCash": 0.0, "splitFactor": 1.0}
        for d, *r in rows
    ]  # fmt: skip
    twelve = [
        {"datetime": str(d), **{n: f"{v:.5f}" for n, v in zip(names, r, strict=False)}, "volume": str(r[4])}
        for d, *r in reversed(rows)
    ]
    result = {"meta": meta, "timestamp": stamps, "indicators": {"quote": [columns]}}
    table: dict[str, Any] = {
        "yahoo": {"chart": {"result": [result], "error": None}},
        "cboe": {"symbol": "IWM", "data": cboe},
        "nasdaq": {"data": {"tradesTable": {"rows": nasdaq}}, "status": {"rCode": 200}},
        "tiingo": tiingo,
        "twelvedata": {"meta": {}, "values": twelve, "status": "ok"},
    }
    return {name: json.dumps(content, separators=(",", ":")).encode() for name, content in table.items()}


def serve(port: Any) -> None:
    """The server's process: `/<provider>/…` gets that provider's reply, `/count` the number of requests so far."""
    bodies, asked = replies(), 0

    async def answer(request: web.Request) -> web.Response:
        nonlocal asked
        name = request.path.split("/")[1]
        if name == "count":
            return web.json_response(asked)
        asked += 1
        return web.Response(body=bodies[name], content_type="application/json")

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/{rest:.*}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        port.put(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


def arrays(content: Any) -> list[Any]:
    """What `../shared/bench/b_fetch.py` takes for parsed: Yahoo's columns as arrays, unchecked."""
    result = content["chart"]["result"][0]
    quote = result["indicators"]["quote"][0]
    return [np.array(result["timestamp"]), *(np.array(quote[name], float) for name in quote)]


def bare(session: aiohttp.ClientSession, url: str) -> Callable[[], Awaitable[Any]]:
    """The reference: read the body, decode it, nothing else."""

    async def fetch() -> Any:
        async with session.get(url) as response:
            return orjson.loads(await response.read())

    return fetch


async def measure(base: str, rounds: int) -> None:
    sources: dict[str, Any] = {
        "yahoo": Yahoo(f"{base}/yahoo"),
        "cboe": Cboe(f"{base}/cboe"),
        "nasdaq": Nasdaq(f"{base}/nasdaq"),
        "tiingo": Tiingo(f"{base}/tiingo", Secret("k")),
        "twelvedata": TwelveData(f"{base}/twelvedata", Secret("k")),
    }
    http = Http([base], 30.0)
    query = HistoryQuery(BOOK.symbols["IWM"], date(2020, 1, 1), NOW.date(), NOW)
    async with aiohttp.ClientSession() as session:
        cases: dict[str, Callable[[], Awaitable[Any]]] = {}
        for name, source in sources.items():
            type(source).pace = FAST
            cases[f"{name} bare"] = bare(session, f"{base}/{name}/x")
            cases[name] = partial(ConnectedProvider(source, http).history, query)

        async def bare_arrays() -> Any:
            return arrays(await cases["yahoo bare"]())

        cases["yahoo bare, arrays"] = bare_arrays
        spent = await rounds_of(cases, rounds)
    await http.close()
    report(list(sources), spent, rounds)


async def rounds_of(cases: dict[str, Callable[[], Awaitable[Any]]], rounds: int) -> dict[str, list[float]]:
    """Microseconds of processor time per call, by case and round; the first round only warms up."""
    spent: dict[str, list[float]] = {name: [] for name in cases}
    order = list(cases)
    for number in range(rounds + 1):
        random.Random(number).shuffle(order)
        for name in order:
            start = time.process_time()
            for _ in range(PER_ROUND):
                await cases[name]()
            if number:
                spent[name].append((time.process_time() - start) / PER_ROUND * 1e6)
    return spent


def report(names: list[str], spent: dict[str, list[float]], rounds: int) -> None:
    print(f"\n{BARS} bars, {rounds} rounds of {PER_ROUND}: processor time per series")
    print(f"{'provider':12s} {'bare, us':>9s} {'ours, us':>9s} {'ratio':>6s}  quartiles")
    for name in names:
        ratios = [ours / plain for ours, plain in zip(spent[name], spent[f"{name} bare"], strict=True)]
        low, middle, high = statistics.quantiles(ratios, n=4)
        medians = statistics.median(spent[f"{name} bare"]), statistics.median(spent[name])
        print(f"{name:12s} {medians[0]:9.0f} {medians[1]:9.0f} {middle:6.2f}  {low:.2f}..{high:.2f}")
    beside = statistics.median(a / b for a, b in zip(spent["yahoo"], spent["yahoo bare, arrays"], strict=True))
    print(f"yahoo against bare + unchecked arrays, as b_fetch measures: {beside:.2f}")


async def one_flight(base: str) -> None:
    """A thousand equal questions at once, then a thousand more from memory."""

    async def count() -> int:
        async with aiohttp.ClientSession() as session, session.get(f"{base}/count") as response:
            return int(await response.text())

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        http = Http([base], 30.0)
        async with open_store(f"sqlite+aiosqlite:///{folder / 'x.db'}", folder) as store, Jobs() as jobs:
            calendar = Calendar(folder)
            await calendar.sessions(NOW.date())
            provider = ConnectedProvider(Cboe(f"{base}/cboe"), http)
            feed = feed_over([provider], calendar, store, jobs, lambda: NOW)
            symbol, before = BOOK.symbols["IWM"], await count()
            took = []
            for _ in range(2):
                start = time.perf_counter()
                await asyncio.gather(*(feed.history(symbol) for _ in range(PEOPLE)))
                took.append((time.perf_counter() - start) * 1e3)
            asked = await count() - before
            start = time.perf_counter()
            for _ in range(10_000):
                await feed.history(symbol)
            each = (time.perf_counter() - start) / 10_000 * 1e6
            await feed.close()
        await http.close()
    print(f"\n{PEOPLE} people ask for one symbol at once: {asked} request(s) at the server, {took[0]:.0f} ms for all")
    print(f"{PEOPLE} more, from memory: {took[1]:.1f} ms; one after the other {each:.1f} us each")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 25
    context = multiprocessing.get_context("spawn")
    port = context.Queue()
    server = context.Process(target=serve, args=(port,), daemon=True)
    server.start()
    base = f"http://127.0.0.1:{port.get(timeout=30)}"
    try:
        asyncio.run(measure(base, rounds))
        asyncio.run(one_flight(base))
    finally:
        server.terminate()
        server.join()


if __name__ == "__main__":
    main()
