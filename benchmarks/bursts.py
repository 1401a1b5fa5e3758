"""A thousand at once, typed and by slash: who is answered, how late the first word comes, in how many messages.

    python benchmarks/bursts.py [--questions N] [--rounds N]

The bot is a process of its own over simulated prices; the loopback Discord takes five messages in five seconds in a
channel, as Discord does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.loopback_discord import LoopbackDiscord, NoAnswer  # noqa: E402

PEOPLE, PATIENCE = 200, 60.0
MESSAGES = "/channels/{channel_id}/messages"


@asynccontextmanager
async def serving() -> AsyncIterator[LoopbackDiscord]:
    """The bot as a process, asked once, so that its prices are loaded."""
    with tempfile.TemporaryDirectory() as folder:
        async with LoopbackDiscord(checked=False) as server:
            server.add_guild()
            for n in range(PEOPLE):
                server.add_person(f"P{n}")
            settings = {"RANGEFINDER_DATA": folder, "RANGEFINDER_DEMO": "on", "RANGEFINDER_COOLDOWNS": "off"}
            bot = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "bot", "run"),
                env={**os.environ, **server.environment, **settings},
                cwd=ROOT,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
            )
            try:
                await server.until_connected(timeout=PATIENCE)
                await server.until_synced()
                await server.slash("roc", {"symbol": "IWM"})
                yield server
            finally:
                bot.terminate()
                await bot.wait()


async def slash(count: int) -> str:
    """As many slash commands at once. Discord gives up on one without a first word after three seconds."""
    async with serving() as server:
        people = [one for one in server.people.values() if not one.is_bot]
        asked = [
            await server.slash("roc", {"symbol": "IWM"}, by=people[n % PEOPLE + 1], wait="nothing")
            for n in range(count)
        ]
        began = time.perf_counter()
        with suppress(NoAnswer):
            await server.until(lambda: all(one.answered for one in asked), timeout=PATIENCE)
        delays = sorted(one.delay if one.delay is not None else PATIENCE for one in asked)
        answered = sum(one.answered for one in asked)
        return (
            f"slash: {answered} of {count} answered in {time.perf_counter() - began:.1f} s; first word after "
            f"{delays[count // 2]:.2f} s (median), {delays[-1]:.2f} s (last), late {sum(one > 3 for one in delays)}"
        )


async def typed(count: int) -> str:
    """As many typed questions at once in one channel. A question counts as answered where its asker is told."""
    async with serving() as server:
        server.limit("POST", MESSAGES, requests=5, per=5.0)
        people = [one for one in server.people.values() if not one.is_bot]
        place = server.place(None)
        began = time.perf_counter()
        for n in range(count):
            await server.post(place, f"!roc {('IWM', 'SPY', 'QQQ')[n % 3]} {5 + n % 11}", by=people[n % PEOPLE + 1])

        def told() -> int:
            said = [one for one in place.log if one.author is server.bot]
            texts = [text for one in said for text in (one.content, *(e["description"] for e in one.embeds))]
            return sum(one.reply_to is not None for one in said) + sum(len(re.findall(r"<@\d+>", t)) for t in texts)

        with suppress(NoAnswer):
            await server.until(lambda: told() >= count, timeout=PATIENCE)
        messages = sum(one.author is server.bot for one in place.log)
        return f"typed: {told()} of {count} told in {time.perf_counter() - began:.1f} s, in {messages} messages"


async def run(rounds: int, count: int) -> None:
    for _ in range(rounds):
        print(await slash(count))
        print(await typed(count))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    options.add_argument("--rounds", type=int, default=1)
    options.add_argument("--questions", type=int, default=1000)
    chosen = options.parse_args()
    asyncio.run(run(chosen.rounds, chosen.questions))


if __name__ == "__main__":
    main()
