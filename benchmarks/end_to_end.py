"""Rangefinder beside a bare ping bot, end to end over a loopback Discord, in one run.

    python -m benchmarks.end_to_end [--rounds 5] [--questions 1000]

Each round starts every bot once, in shuffled order, as a process of its own: spawn to first reply, memory once ready,
processor time per question (the bot's own, from the kernel), one question at a time. Quote the ratios: they are paired
inside a round. The loopback Discord runs in this process and is not part of what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.loopback_discord.server import LoopbackDiscord
from tests.loopback_discord.wire import NoAnswer

ROOT = Path(__file__).parent.parent
PEOPLE = 20


@dataclass(frozen=True)
class Case:
    name: str
    command: tuple[str, ...]
    questions: tuple[str, ...]
    baseline: str


def exact_names(count: int) -> Iterator[str]:
    terms = json.loads((ROOT / "glossary.json").read_text())["terms"]
    names = [name for term in terms for name in (term["term"], *term["aliases"])]
    yield from random.Random(1).sample(names, count)


def with_typos(count: int) -> Iterator[str]:
    """60 % exact, 30 % with one wrong letter, 10 % that is no term."""
    rng = random.Random(2)
    for place, name in enumerate(exact_names(count)):
        at = rng.randrange(1, len(name)) if len(name) > 5 else 0
        if place % 10 < 6 or (place % 10 < 9 and not at):
            yield name
        elif place % 10 < 9:
            yield name[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + name[at + 1 :]
        else:
            yield f"zq{place} {rng.randrange(10**6)}"


def cases() -> list[Case]:
    ping = (sys.executable, str(ROOT / "benchmarks" / "ping_bot.py"))
    ours = (sys.executable, "-m", "bot", "run")
    mixed = tuple(f"!define {name}" for name in with_typos(600))
    return [
        Case("bare !ping", ping, ("!ping",), "bare !ping"),
        Case("bare !args", ping, ("!args IWM 10",), "bare !args"),
        Case("!define r-star", ours, ("!define r-star",), "bare !ping"),
        Case("!define 600 names", ours, tuple(f"!define {name}" for name in exact_names(600)), "bare !ping"),
        Case("!define with typos", ours, mixed, "bare !ping"),
        Case("!roc IWM 10", ours, ("!roc IWM 10",), "bare !args"),
    ]


def processor_seconds(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task")
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks.iterdir()) / 1e9


def resident_mib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


async def measure(case: Case, count: int, folder: Path) -> dict[str, float]:
    # the measured traffic is checked in the tests; here that would only load the machine
    async with LoopbackDiscord(checked=False) as discord:
        guild = discord.add_guild("Bench")
        channel = discord.add_channel("bench", guild)
        people = [discord.add_person(f"P{i}", guild) for i in range(PEOPLE)]
        settings = {"RANGEFINDER_DATA": str(folder), "RANGEFINDER_DEMO": "on", "RANGEFINDER_COOLDOWNS": "off"}
        started = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *case.command,
            env={**os.environ, **discord.environment, **settings},
            cwd=ROOT,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await discord.until_connected(sessions=1)
            while True:
                with suppress(NoAnswer):
                    await discord.say(channel, case.questions[0], by=people[0], timeout=5)
                    break
            first = time.perf_counter() - started
            await asyncio.sleep(0.5)
            resident = resident_mib(process.pid)
            for i in range(100):
                await discord.say(channel, case.questions[i % len(case.questions)], by=people[i % PEOPLE])
            before = processor_seconds(process.pid)
            for i in range(count):
                await discord.say(channel, case.questions[i % len(case.questions)], by=people[i % PEOPLE])
            spent = processor_seconds(process.pid) - before
            return {"first reply ms": first * 1e3, "ready MiB": resident, "cpu us": spent / count * 1e6}
        finally:
            process.terminate()
            await process.wait()


async def run(rounds: int, count: int) -> None:
    listed = cases()
    results: dict[str, list[dict[str, float]]] = {case.name: [] for case in listed}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(rounds):
            for case in random.sample(listed, len(listed)):
                results[case.name].append(await measure(case, count, Path(folder)))
    report(listed, results)


def report(listed: Sequence[Case], results: dict[str, list[dict[str, float]]]) -> None:
    rounds = len(results[listed[0].name])
    print(f"medians of {rounds} rounds; x = median of the paired ratios to the baseline")
    for case in listed:
        cells = []
        for what in results[case.name][0]:
            values = [one[what] for one in results[case.name]]
            ratios = [
                one[what] / base[what] for one, base in zip(results[case.name], results[case.baseline], strict=True)
            ]
            cells.append(f"{what} {statistics.median(values):8.1f} (x{statistics.median(ratios):.2f})")
        print(f"{case.name:22s} {'   '.join(cells)}")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--questions", type=int, default=1000)
    chosen = options.parse_args()
    asyncio.run(run(chosen.rounds, chosen.questions))


if __name__ == "__main__":
    main()
