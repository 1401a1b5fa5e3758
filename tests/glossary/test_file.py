"""The real glossary.json: shape, every name, size, and the memory and time that its lookup may cost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import jsonschema
import orjson
import pytest

from bot.glossary.book import Book
from bot.glossary.normal import normalise
from bot.glossary.search import Search

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared"


def test_file_keeps_to_its_schema() -> None:
    schema = orjson.loads((ROOT / "glossary.schema.json").read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    faults = jsonschema.Draft202012Validator(schema).iter_errors(orjson.loads((ROOT / "glossary.json").read_bytes()))
    assert [f"{fault.json_path}: {fault.message}" for fault in faults] == []


def test_every_name_is_answered_as_it_stands(book: Book, search: Search) -> None:
    ambiguous = {normalise(name): ids for name, ids in book.ambiguous.items()}
    for term in book.terms.values():
        for name in (term.term, *term.aliases):
            verdict = search.find(name)
            if normalise(name) in ambiguous:
                assert verdict.suggestions == ambiguous[normalise(name)], name
            else:
                assert (verdict.id, verdict.score) == (term.id, 1.0), name


def test_every_name_is_found_in_a_question(book: Book, search: Search) -> None:
    ambiguous = {normalise(name): ids for name, ids in book.ambiguous.items()}
    for term in book.terms.values():
        verdict = search.find(f"what does {term.term} mean?")
        if normalise(term.term) in ambiguous:
            assert verdict.suggestions == ambiguous[normalise(term.term)], term.term
        else:
            assert verdict.id == term.id, term.term


def test_own_name_is_completed_first(book: Book, search: Search) -> None:
    for term in book.terms.values():
        assert term.id in search.complete(term.term)[:3], term.term


def test_a_name_of_several_terms_can_be_asked_for_by_its_category(book: Book, search: Search) -> None:
    shared = [term for term in book.terms.values() if book.asked_by(term.id) != term.term]
    assert "depreciation" in {term.id for term in shared}
    for term in shared:
        assert search.find(term.term).outcome == "ambiguous"
        found = search.find(book.asked_by(term.id))
        assert (found.id, found.match) == (term.id, "exact")


def test_lookup_of_a_name_needs_no_numpy() -> None:
    code = (
        "import sys; from pathlib import Path;"
        "from bot.glossary.search import Search; from bot.glossary.book import parse_book;"
        "s = Search(parse_book(Path('glossary.json').read_bytes()));"
        "s.find('inflaton'); s.find('perpetual futurs'); s.complete('a'); s.mentions('a call');"
        "assert not {'numpy', 'pandas', 'discord', 'asyncio'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "glossary-queries-dev.jsonl").exists(), reason="the queries lie beside the project")
def test_quality_over_the_shared_queries(book: Book) -> None:
    sys.path.insert(0, str(ROOT))
    from benchmarks.glossary_quality import ours, read_queries, score

    totals, kinds, misses = score(read_queries(SHARED / "glossary-queries-dev.jsonl"), ours(book))
    assert totals["top1"] / totals["positives"] >= 0.92, misses
    assert totals["help3"] / totals["positives"] >= 0.965, misses
    assert totals["wrong"] / totals["positives"] <= 0.02, misses
    assert totals["false"] / totals["negatives"] <= 0.02, misses
    for kind in ("exact", "alias", "symbol", "acronym", "question"):
        assert kinds[kind][0] == kinds[kind][1], kind
