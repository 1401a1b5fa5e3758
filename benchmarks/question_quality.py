"""How well plain-language questions are routed.

Run `python benchmarks/question_quality.py [FILE] [--misses tuning|aside|all]`.

Reads questions as `{"question", "expected", "kind"}` lines and compares the route with what is expected: exact match of
command and options. A third of the questions, chosen by hash, is held aside and reported on its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.commands.registry import build_registry  # noqa: E402
from bot.glossary.book import parse_book  # noqa: E402
from bot.glossary.search import Search  # noqa: E402
from bot.language.router import Route, RouteContext, route  # noqa: E402
from bot.market import symbols  # noqa: E402

DEV = ROOT.parent / "shared" / "questions-dev.jsonl"
TODAY = date(2026, 11, 20)


@dataclass(frozen=True)
class Scored:
    """One question with what came out of it."""

    question: str
    kind: str
    expected: list[dict[str, Any]]
    route: Route
    microseconds: float

    @property
    def right(self) -> bool:
        return any(matches(self.route, expected) for expected in self.expected)

    @property
    def must_decline(self) -> bool:
        return all(expected["command"] == "decline" for expected in self.expected)

    @property
    def verdict(self) -> str:
        """One of right, wrong, wrongly declined, answered though it should decline, wrong reason."""
        if self.right:
            return "right"
        declined = self.route.command == "decline"
        if self.must_decline:
            return "wrong reason" if declined else "answered, should decline"
        return "declined, should answer" if declined else "answered wrongly"


def matches(found: Route, expected: dict[str, Any]) -> bool:
    """Whether a route is one of the expected objects, by the scoring rules of the contract."""
    wanted, given = expected["options"], found.as_json()
    return (
        found.command == expected["command"]
        and set(given) == set(wanted)
        and all(_same(name, given[name], wanted[name]) for name in wanted)
    )


def _same(name: str, value: object, wanted: Any) -> bool:
    if name in {"terms", "symbols"}:
        choices = wanted if wanted and isinstance(wanted[0], list) else [wanted]
        return isinstance(value, list) and any(set(value) == set(choice) for choice in choices)
    if isinstance(wanted, list):
        return value in wanted
    return value == wanted and isinstance(value, str) == isinstance(wanted, str)


def is_aside(question: str) -> bool:
    """Whether a question is in the third held aside."""
    return int(hashlib.sha256(question.encode()).hexdigest(), 16) % 3 == 0


def demo_context() -> RouteContext:
    """The symbol book and the glossary of this checkout."""
    search = Search(parse_book((ROOT / "glossary.json").read_bytes()))
    search.find("a phrase that names nothing whatsoever")  # builds every index
    return RouteContext(symbols.read_book(symbols.FILE.read_bytes()), search, TODAY, build_registry().intents)


def score(path: Path, router: Callable[[str], Route]) -> list[Scored]:
    """Every question of a file with its route."""
    out = []
    for line in path.read_text(encoding="utf-8").splitlines():
        item = json.loads(line)
        expected = item["expected"] if isinstance(item["expected"], list) else [item["expected"]]
        start = time.perf_counter()
        found = router(item["question"])
        out.append(Scored(item["question"], item["kind"], expected, found, 1e6 * (time.perf_counter() - start)))
    return out


def summary(scored: Iterable[Scored]) -> dict[str, float]:
    """The figures of a list of scored questions; shares of all of them unless the name says otherwise."""
    rows = list(scored)
    verdicts = Counter(row.verdict for row in rows)
    micro = sorted(row.microseconds for row in rows)
    total = max(1, len(rows))
    return {
        "questions": len(rows),
        "right": verdicts["right"] / total,
        "answered wrongly": (verdicts["answered wrongly"] + verdicts["answered, should decline"]) / total,
        "answered, should decline": verdicts["answered, should decline"] / total,
        "declined, should answer": verdicts["declined, should answer"] / total,
        "wrong reason": verdicts["wrong reason"] / total,
        "median us": statistics.median(micro) if micro else 0.0,
        "p95 us": micro[int(0.95 * (len(micro) - 1))] if micro else 0.0,
    }


def report(title: str, rows: list[Scored]) -> None:
    figures = summary(rows)
    print(f"{title}: {figures.pop('questions'):.0f} questions")
    for name, value in figures.items():
        print(f"  {name:26} {value:8.0f}" if name.endswith("us") else f"  {name:26} {value:8.1%}")
    kinds = Counter(row.kind for row in rows)
    right = Counter(row.kind for row in rows if row.right)
    print("  by kind:", ", ".join(f"{kind} {right[kind]}/{count}" for kind, count in sorted(kinds.items())))
    commands = Counter(row.expected[0]["command"] for row in rows)
    hit = Counter(row.expected[0]["command"] for row in rows if row.right)
    print("  by command:", ", ".join(f"{name} {hit[name]}/{count}" for name, count in sorted(commands.items())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEV)
    parser.add_argument("--misses", choices=["tuning", "aside", "all"])
    arguments = parser.parse_args()
    context = demo_context()
    rows = score(arguments.file, lambda question: route(question, context))
    tuning = [row for row in rows if not is_aside(row.question)]
    aside = [row for row in rows if is_aside(row.question)]
    for title, part in (("tuning", tuning), ("held aside", aside), ("all", rows)):
        report(title, part)
    shown = {"tuning": tuning, "aside": aside, "all": rows}.get(arguments.misses or "", [])
    for row in (row for row in shown if not row.right):
        expected = " | ".join(f"{one['command']} {one['options']}" for one in row.expected)
        print(f"- [{row.kind}] {row.question}")
        print(f"    {row.verdict}: {row.route.command} {row.route.as_json()}; expected {expected}")


if __name__ == "__main__":
    main()
