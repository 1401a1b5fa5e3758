"""What a glossary holds, counted."""

from __future__ import annotations

from datetime import date

import pytest

from bot.glossary.book import read_book
from bot.glossary.search import Search
from bot.glossary.statistics import coverage, source_kind, statistics
from tests.glossary.small_book import raw_book, small_book


def test_counts_of_a_small_book() -> None:
    wiki = [{"title": "A page", "url": "https://en.wikipedia.org/wiki/A", "accessed": "2026-01-31"}]
    content = raw_book(sources=wiki, level="advanced", formula=None, as_of="2024-12-31")
    found = statistics(read_book(content), date(2026, 1, 1))
    assert (found.terms, found.names, found.formulas) == (3, 6, 2)
    assert found.categories == {"macro": 3}
    assert found.levels == {"beginner": 2, "advanced": 1}
    assert found.sources == {"encyclopaedia": 1, "other": 2}
    assert (found.encyclopaedia_alone, found.dated, found.old) == (1, 3, 1)
    # "gammathingdef1 … gammathingdef12." is one of the longest sentences there, of the last id.
    assert found.longest == (12, "gamma-thing")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.sec.gov/answers/x", "authority"),
        ("https://de.wikipedia.org/wiki/X", "encyclopaedia"),
        ("https://www.cmegroup.com/education/x", "market"),
        ("https://notsec.gov.example.org/x", "other"),
        ("https://www.law.cornell.edu/wex/x", "standard"),
        ("https://online.stanford.edu/x", "education"),
        ("no address", "other"),
    ],
)
def test_kinds_of_sources(url: str, kind: str) -> None:
    assert source_kind(url) == kind


def test_names_of_others() -> None:
    names = [("R-star", 5), ("EV", 3), ("nairu", 2), ("natural rates", 4), ("call options", 1)]
    found = coverage(Search(small_book()), names, (1, 3, 6))
    assert [tuple(one) for one in found] == [(1, 5, 4), (3, 3, 2), (6, 0, 0)]


def test_the_glossary_of_record_has_what_it_needs(book) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001
    assert statistics(book, date(2026, 12, 1)).longest[0] <= 28
