"""What a question of each command costs: `python -m benchmarks.costs [--prices FOLDER] [--macro FOLDER]`.

Each command's first example is asked of a fresh desk: processor time of the answer and of what Discord is sent, the
first time and the median of five more, with every heavy import done before; and how often prices or figures are asked
for, which without files and simulation are requests to providers. `Command.cost` goes by these figures.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import bot.providers.pool
from bot.commands.declaration import Command, Registry
from bot.commands.dispatch import answer
from bot.commands.reading import read_question
from bot.commands.registry import build_registry
from bot.config import Config
from bot.desk import Caller, open_desk
from bot.discord_face.layout import embed

ROUNDS = 5
WARM_UP = ("!roc IWM", "!chart IWM", "!rank IWM SPY", "!rate EUR USD", "!rstar", "!define r-star", "is iwm in a rally?")


class Counting:
    """Counts what is asked of providers, on its way through the pool."""

    def __init__(self) -> None:
        self.asked = 0
        self._ask = bot.providers.pool.Pool.ask

    def __enter__(self) -> Counting:
        async def ask(pool: Any, *given: Any) -> Any:
            self.asked += 1
            return await self._ask(pool, *given)

        bot.providers.pool.Pool.ask = ask  # type: ignore[method-assign]
        return self

    def __exit__(self, *_: object) -> None:
        bot.providers.pool.Pool.ask = self._ask  # type: ignore[method-assign]


async def measured(config: Config, registry: Registry, entry: Command) -> tuple[float, float, int]:
    """Milliseconds of the first answer and of later ones, and how often providers were asked for it."""
    async with open_desk(config) as desk:
        await desk.store.load()
        for question in WARM_UP:
            await answer(desk, registry, Caller(), read_question(desk, registry, question))
    taken, first = [], 0
    with Counting() as counting:
        async with open_desk(config) as desk:
            await desk.store.load()
            for turn in range(1 + ROUNDS):
                began = time.process_time()
                reply = await answer(desk, registry, Caller(1, 2, 3), read_question(desk, registry, entry.examples[0]))
                embed(reply)
                taken.append((time.process_time() - began) * 1e3)
                first = first if turn else counting.asked
    return taken[0], statistics.median(taken[1:]), first


async def main() -> int:
    reader = argparse.ArgumentParser()
    reader.add_argument("--prices", type=Path)
    reader.add_argument("--macro", type=Path)
    given = reader.parse_args()
    registry = build_registry()
    sys.stdout.write("| command | cost | first, ms | again, ms | asked of providers |\n|---|---|---|---|---|\n")
    with tempfile.TemporaryDirectory() as folder:
        prices = f"csv:{given.prices.resolve()}" if given.prices else ""
        config = Config(demo=not prices, prices=prices, macro=given.macro, data_dir=Path(folder))
        for entry in registry.commands:
            first, later, asked = await measured(config, registry, entry)
            sys.stdout.write(f"| {entry.examples[0]} | {entry.cost} | {first:.1f} | {later:.1f} | {asked} |\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
