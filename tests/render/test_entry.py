"""The layers of a glossary entry: what tells most of a term first; what an entry does not have is not shown."""

from __future__ import annotations

import pytest

from bot.glossary.book import Book
from bot.glossary.search import Search
from bot.glossary.term import Formula
from bot.render.entry import background, entry_reply, evidence, why_it_matters
from bot.render.text import to_text
from tests.glossary.small_book import term


def test_an_entry_shows_only_what_it_has() -> None:
    bare = term("carry", definition="A cost.", example="One.", pitfall="None.")
    assert [row.label for row in evidence(bare)] == ["", "Watch out"]
    assert [row.label for row in background(bare)] == ["Example", "Sources"]
    letters = "abcdefghij"
    named = term("carry", *(f"name {n}" for n in letters), as_of="2026-11-20")
    rows = {row.label: row.value for row in background(named)}
    assert rows["Also called"] == "name a, name b, name c, name d"
    assert rows["Facts as of"] == "2026-11-20"


def test_a_formula_with_its_worked_line_stands_before_the_usual_confusion() -> None:
    counted = term("carry", definition="A cost.", example="One.", pitfall="None.", formula=Formula("a = b", {"b": "c"}))
    assert [(row.label, row.value) for row in evidence(counted)] == [
        *(("", "A cost."), ("Formula", "a = b"), ("Example", "One.")),
    ]
    assert [row.label for row in background(counted)] == ["Where", "Watch out", "Sources"]


SAID = "It arose in 1999. Traders watch it because it shows demand."
LONG = f"It arose in {'x' * 200}. Traders watch it because it shows {'y' * 200}."


@pytest.mark.parametrize(
    ("definition", "told"),
    [
        ("One sentence.", "One sentence."),
        (
            f"{SAID} It is published at 10:00 a.m. Eastern.",
            f"{SAID.partition('. ')[2]} It is published at 10:00 a.m. Eastern.",
        ),
        (SAID, SAID),
        (LONG, LONG.partition(". ")[2]),
        ("Known since 1990. Named in 1991. Lost in 1992.", "Known since 1990. Named in 1991."),
    ],
)
def test_why_it_matters_is_the_sentence_of_use(definition: str, told: str) -> None:
    assert why_it_matters(definition) == told


def test_nothing_of_an_entry_is_lost(book: Book, search: Search) -> None:
    for entry in book.terms.values():
        text = to_text(entry_reply(book, entry, search.find(entry.term)))
        for part in (entry.definition, entry.example, entry.pitfall, *(source.url for source in entry.sources)):
            assert part in text


def test_the_page_of_an_entry_is_named_where_it_stands_somewhere(book: Book, search: Search) -> None:
    entry = book["r-star"]
    rows = entry_reply(book, entry, search.find("r-star"), "https://example.org/words").more
    assert [row.links for row in rows if row.label == "Page"] == [
        (("R-Star", "https://example.org/words/t/r-star.html"),)
    ]
    assert not [row for row in entry_reply(book, entry, search.find("r-star")).more if row.label == "Page"]
