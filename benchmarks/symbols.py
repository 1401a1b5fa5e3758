"""How well what people type is resolved to symbols.

Run `python -m benchmarks.symbols [FILE]`, of lines `{"typed", "expected": [canonical, ...], "kind"}`; none expected
means that it should be refused. An item is right when one of the expected comes out; silently wrong when another
instrument does. One that is asked back with an expected symbol first is counted apart.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.errors import UserError  # noqa: E402
from bot.market.symbols import FILE, SymbolBook, read_book  # noqa: E402

DEV = ROOT.parent / "shared" / "symbols-cases-dev.jsonl"


def verdict(book: SymbolBook, typed: str, expected: list[str]) -> tuple[str, str]:
    """What came of it, and what to show: right, asked (the expected first), wrong, asked otherwise, refused."""
    try:
        found = book.resolve(typed)
    except UserError as error:
        offers = [one.lstrip("$") for one in error.suggestions]
        if error.code == "ambiguous":
            return ("asked" if offers[0] in expected else "asked otherwise"), f"asks {offers}"
        return ("refused rightly" if not expected else "refused"), error.message
    return ("right" if found.canonical in expected else "silently wrong"), found.canonical


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEV)
    items = [json.loads(line) for line in parser.parse_args().file.read_text("utf-8").splitlines() if line.strip()]
    book = read_book(FILE.read_bytes())
    counts: Counter[str] = Counter()
    times = []
    for item in items:
        start = time.perf_counter()
        what, shown = verdict(book, item["typed"], item["expected"])
        times.append((time.perf_counter() - start) * 1e6)
        counts[what] += 1
        if what not in {"right", "refused rightly"}:
            print(f"{what:16} {item['typed']!r}: {shown}; expected {item['expected']}")
    good = counts["right"] + counts["refused rightly"]
    share = (good + counts["asked"]) / len(items)
    print(f"{len(items)} items: right {good / len(items):.3f}, with those asked back {share:.3f}")
    print(f"silently wrong {counts['silently wrong'] / len(items):.3f};", dict(counts))
    worst = max(times[1:], default=0.0) / 1e3
    print(f"first {times[0] / 1e3:.1f} ms, median {statistics.median(times):.0f} us, worst after it {worst:.1f} ms")


if __name__ == "__main__":
    main()
