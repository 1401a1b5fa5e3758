"""Memory after many different questions of many people: `python -m benchmarks.memory [QUESTIONS]`, 50,000 if left out.

Each question is another one, and each is asked by another person in another channel, over simulated prices. The first
fifth fills what is bounded; from then on memory must stay flat within 10 MiB. Exit status 1 where it does not.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from pathlib import Path

from bot.config import Config
from bot.console.session import Conversation, open_registry
from bot.desk import Caller, Desk, open_desk, utc_now

FLAT = 10.0
WARM = 0.2
STEPS = 20


def resident() -> float:
    """The resident memory in MiB."""
    gc.collect()
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20


def questions(desk: Desk) -> Iterator[str]:
    """Questions that never repeat: terms, misspelled terms, symbols with spans and dates, weights, plain language."""
    terms = cycle(desk.book.terms.values())
    symbols = cycle(["IWM", "RUT", "SPY", "BTC-USD", "QQQ", "EUR/USD"])
    day = utc_now().date() - timedelta(days=30)
    for number in range(10**9):
        term, symbol = next(terms).term, next(symbols)
        yield f"!define {term}"
        yield f"!define {term[1:]}{number}"
        yield f"what is {term} number {number}?"
        yield f"!roc {symbol} {number % 250 + 1}"
        yield f"!range {symbol} asof:{day - timedelta(days=number % 700)}"
        yield f"!weigh A{number % 1000} {number + 1} +1% B {number % 77 + 1} -2%"
        yield f"how much is {symbol} up over {number % 300 + 2} days, {number}?"
        yield f"!unknown{number} {symbol}"


async def main(count: int) -> int:
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        async with open_desk(Config(demo=True, data_dir=Path(folder))) as desk:
            await desk.store.load()
            talk = Conversation(desk, open_registry(desk))
            asked, started, seen = questions(desk), time.perf_counter(), []
            for step in range(STEPS):
                for place in range(count // STEPS):
                    number = step * (count // STEPS) + place + 1
                    caller = Caller(person=number, channel=number, guild=number)
                    await talk.answer(caller, talk.read(caller, next(asked)))
                seen.append(resident())
                sys.stdout.write(f"{(step + 1) * (count // STEPS):>7,} questions {seen[-1]:7.1f} MiB\n")
                sys.stdout.flush()
    flat = seen[int(STEPS * WARM) - 1 :]
    growth = flat[-1] - flat[0]
    seconds = time.perf_counter() - started
    sys.stdout.write(f"growth after the first {WARM:.0%}: {growth:+.1f} MiB in {seconds:.0f} s\n")
    return 0 if growth <= FLAT else 1


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 50_000)))
