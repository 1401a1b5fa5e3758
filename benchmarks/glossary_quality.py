"""How often `!define` finds the right term, and how fast, beside the usual fuzzy matchers.

    python benchmarks/glossary_quality.py [queries.jsonl] [--book glossary.json] [--misses] [--alone]

Each line of the queries: {"query", "expected": id | [ids] | null, "kind"}; null must not be answered. A third, picked
by a hash of the query, is held aside from tuning; both parts are reported.

A name that moved to an entry of its own since the queries were written (`moved_names.tsv`: name, old id, new id) is
right under its new id where the query is that name or nearly so. A name that was struck because it is no name of the
entry has no new id; a query that is that name is left out.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz import fuzz, process, utils

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.glossary.book import Book, parse_book  # noqa: E402
from bot.glossary.normal import normalise  # noqa: E402
from bot.glossary.search import Search  # noqa: E402

QUERIES = ROOT.parent / "shared" / "glossary-queries-dev.jsonl"
MOVED = Path(__file__).with_name("moved_names.tsv")
NEARLY = 85.0


@dataclass(frozen=True)
class Query:
    text: str
    expected: tuple[str, ...]
    kind: str

    @property
    def aside(self) -> bool:
        return int(hashlib.sha256(self.text.encode()).hexdigest(), 16) % 3 == 0


@dataclass(frozen=True)
class Reply:
    """ids: answered with (two for a comparison, several for "which one?"). suggestions: offered when not answered."""

    ids: tuple[str, ...] = ()
    suggestions: tuple[str, ...] = ()
    which: bool = False


Method = Callable[[str], Reply]


def read_queries(path: Path) -> list[Query]:
    moved = [line.split("\t") for line in MOVED.read_text(encoding="utf-8").splitlines()]
    queries = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        expected = row["expected"]
        ids = (expected,) if isinstance(expected, str) else tuple(expected or ())
        if any(name == normalise(row["query"]) and old in ids and not new for name, old, new in moved):
            continue
        queries.append(Query(row["query"], (*ids, *_moved_to(row["query"], ids, moved)), row["kind"]))
    return queries


def _moved_to(text: str, ids: Sequence[str], moved: Sequence[Sequence[str]]) -> list[str]:
    query = normalise(text)
    return [new for name, old, new in moved if new and old in ids and _is_nearly(name, query)]


def _is_nearly(name: str, query: str) -> bool:
    return f" {name} " in f" {query} " or fuzz.ratio(name, query) >= NEARLY or _letters(name) == _letters(query)


def _letters(text: str) -> str:
    return text.replace(" ", "")


def ours(book: Book) -> Method:
    search = Search(book)
    search.find("a phrase that names nothing whatsoever")  # builds every index

    def find(text: str) -> Reply:
        verdict = search.find(text)
        if verdict.outcome == "ambiguous":
            return Reply(verdict.suggestions, which=True)
        if verdict.outcome == "answered":
            return Reply(verdict.contrast or (verdict.id or "",))
        return Reply(suggestions=verdict.suggestions)

    return find


def _choices(book: Book) -> dict[str, str]:
    choices: dict[str, str] = {}
    for term in book.terms.values():
        for name in (term.term, *term.aliases):
            choices.setdefault(utils.default_process(name), term.id)
    return choices


def wratio(book: Book, cutoff: int) -> Method:
    owners = _choices(book)
    names = list(owners)

    def find(text: str) -> Reply:
        row = process.extractOne(text, names, scorer=fuzz.WRatio, processor=utils.default_process, score_cutoff=cutoff)
        return Reply((owners[row[0]],)) if row else Reply()

    return find


def close_matches(book: Book) -> Method:
    owners = _choices(book)
    names = list(owners)

    def find(text: str) -> Reply:
        rows = difflib.get_close_matches(utils.default_process(text), names, n=1, cutoff=0.6)
        return Reply((owners[rows[0]],)) if rows else Reply()

    return find


def is_right(query: Query, reply: Reply) -> bool:
    """A comparison is right when either side was meant, "which one?" when every candidate it needs is offered."""
    if reply.which:
        return set(query.expected) <= set(reply.ids) and len(query.expected) > 1
    return bool(set(reply.ids) & set(query.expected))


def is_wrong(query: Query, reply: Reply) -> bool:
    return bool(reply.ids) and not reply.which and not is_right(query, reply)


def is_helped(query: Query, reply: Reply) -> bool:
    return is_right(query, reply) or bool(
        {*reply.suggestions[:3], *(reply.ids if reply.which else ())} & set(query.expected)
    )


def score(queries: Sequence[Query], find: Method) -> tuple[dict[str, float], dict[str, list[float]], list[str]]:
    totals: dict[str, float] = defaultdict(float)
    kinds: dict[str, list[float]] = defaultdict(lambda: [0, 0, 0, 0])
    misses, times = [], []
    for query in queries:
        start = time.perf_counter()
        reply = find(query.text)
        times.append((time.perf_counter() - start) * 1e6)
        row = kinds[query.kind]
        row[0] += 1
        if not query.expected:
            totals["negatives"] += 1
            totals["false"] += bool(reply.ids)
            row[1] += bool(reply.ids)
            bad = bool(reply.ids)
        else:
            right, helped, wrong = is_right(query, reply), is_helped(query, reply), is_wrong(query, reply)
            totals["positives"] += 1
            totals["top1"] += right
            totals["help3"] += helped
            totals["wrong"] += wrong
            row[1:] = [row[1] + right, row[2] + helped, row[3] + wrong]
            bad = not right
        if bad:
            shown = f"ANSWERED {reply.ids}" if reply.ids else f"suggested {reply.suggestions}"
            misses.append(f"{query.kind:18} {query.text!r} {shown} not {query.expected}")
    totals["median"] = statistics.median(times)
    totals["p99"] = statistics.quantiles(times, n=100)[98] if len(times) > 1 else times[0]
    return totals, kinds, misses


def line(name: str, totals: dict[str, float]) -> str:
    positives, negatives = totals["positives"] or 1, totals["negatives"] or 1
    shares = (
        totals["top1"] / positives,
        totals["help3"] / positives,
        totals["wrong"] / positives,
        totals["false"] / negatives,
    )
    return (
        f"{name:24}" + "".join(f"{share:9.3f}" for share in shares) + f"{totals['median']:10.0f}{totals['p99']:10.0f}"
    )


def report(title: str, queries: Sequence[Query], methods: dict[str, Method], *, misses: bool) -> None:
    positives = sum(bool(query.expected) for query in queries)
    print(f"\n## {title}: {positives} positive, {len(queries) - positives} negative")
    print(f"{'method':24}{'top-1':>9}{'help@3':>9}{'wrong':>9}{'false':>9}{'median us':>10}{'p99 us':>10}")
    details = None
    for name, find in methods.items():
        totals, kinds, missed = score(queries, find)
        print(line(name, totals))
        details = details or (kinds, missed)
    if details is None:
        return
    print("\nby kind, first method: queries, right, in the best three, wrong (negatives: queries, answered)")
    for kind, row in sorted(details[0].items()):
        shown = row[:2] if kind.startswith("neg") else row
        print(f"  {kind:18}" + "".join(f"{number:6.0f}" for number in shown))
    if misses:
        print("\n".join(details[1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("queries", type=Path, nargs="?", default=QUERIES)
    parser.add_argument("--book", type=Path, default=ROOT / "glossary.json")
    parser.add_argument("--misses", action="store_true", help="list what went wrong in the tuning part")
    parser.add_argument("--alone", action="store_true", help="leave the other matchers out")
    arguments = parser.parse_args()
    if not arguments.queries.exists():
        print(f"{arguments.queries} is not here: nothing to measure")
        return
    book = parse_book(arguments.book.read_bytes())
    methods: dict[str, Method] = {"rangefinder": ours(book)}
    if not arguments.alone:
        methods |= {f"WRatio >= {cutoff}": wratio(book, cutoff) for cutoff in (60, 80, 90)}
        methods["difflib 0.6"] = close_matches(book)
    queries = read_queries(arguments.queries)
    report("tuning part", [q for q in queries if not q.aside], methods, misses=arguments.misses)
    report("held aside", [q for q in queries if q.aside], methods, misses=False)


if __name__ == "__main__":
    main()
