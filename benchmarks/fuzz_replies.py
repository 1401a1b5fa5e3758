"""Damaged replies at the provider boundary: `python -m benchmarks.fuzz_replies [TRIES]`, 100,000 where left out.

Every provider's recorded replies are damaged in bytes, fields, cells and headers, and read as the feed reads them. What
may come of it is a value that can be true or a ProviderError. Prints one row a reader and exits with 1 for an escape.
Runs from a checkout: the recorded replies are the tests'.
"""

from __future__ import annotations

import asyncio
import logging
import random
import resource
import sys
import time
from collections import Counter
from dataclasses import dataclass, field

from bot.errors import ProviderError
from tests.providers.boundary import Boundary, boundaries

SEED = 20_261_119


@dataclass
class Row:
    """What came of the mutants of one reader."""

    tries: int = 0
    read: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    escaped: Counter[str] = field(default_factory=Counter)
    worst_ms: float = 0.0


async def attack(boundary: Boundary, tries: int, chance: random.Random) -> Row:
    row = Row()
    for _ in range(tries):
        started = time.perf_counter()
        try:
            await boundary.ask(chance)
            row.read += 1
        except ProviderError as error:
            row.refused[error.code] += 1
        except Exception as error:  # noqa: BLE001  what must not happen is what is counted
            row.escaped[type(error).__name__] += 1
        row.tries += 1
        row.worst_ms = max(row.worst_ms, (time.perf_counter() - started) * 1e3)
    return row


async def main(tries: int) -> int:
    logging.disable(logging.CRITICAL)
    chance = random.Random(SEED)
    found = boundaries()
    escaped = 0
    sys.stdout.write("| reader | tries | read as good | refused | escaped | worst ms |\n|---|---|---|---|---|---|\n")
    for name, boundary in found.items():
        row = await attack(boundary, -(-tries // len(found)), chance)
        escaped += row.escaped.total()
        told = ", ".join(f"{code} {count:,}" for code, count in row.refused.most_common())
        cells = (name, f"{row.tries:,}", f"{row.read:,}", told, str(dict(row.escaped) or 0), f"{row.worst_ms:.0f}")
        sys.stdout.write(f"| {' | '.join(cells)} |\n")
        sys.stdout.flush()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"escaped: {escaped}; peak memory {peak:.0f} MiB\n")
    return 1 if escaped else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)))
