"""No guess is called exact, and a real term that the glossary lacks is not taken for another."""

from __future__ import annotations

import pytest

from bot.glossary.known_names import KnownNames, read_known_names
from bot.glossary.search import Search
from tests.glossary.small_book import small_book


@pytest.mark.parametrize(
    "name",
    [
        "promissory note",
        "Labor Force",
        "EBITDAR",
        "credit bureau",
        "Reflation",
        "Bermuda option",
        "Regulation N",
        "joint venture",
        "Currency Option",
        "Federal Reserve Bank of Dallas",
    ],
)
@pytest.mark.parametrize("asked", ["{}", "what is {}?", "the {}"])
def test_a_real_term_that_is_lacking_is_said_to_be(search: Search, name: str, asked: str) -> None:
    found = search.find(asked.format(name))
    assert (found.outcome, found.known) == ("unknown", True)
    assert len(found.suggestions) <= 3


@pytest.mark.parametrize("query", ["R&D", "what does R&D mean", "S%", "$ cost"])
def test_letters_and_signs_are_part_of_a_name(search: Search, query: str) -> None:
    assert search.find(query).id is None


def test_what_begins_a_name_is_no_other(search: Search) -> None:
    assert (search.find("EBIT").id, search.find("ebitda").id) == ("ebit", "ebitda")
    assert search.find("S&P").id in {None, "s-p-500-index"}


@pytest.mark.parametrize(
    ("query", "one", "match"),
    [
        ("the Swing Tradings", "swing-trading", "exact"),
        ("swing-trading", "swing-trading", "exact"),
        ("trading swing", "swing-trading", "loose"),
        ("golden cross pattern", "golden-cross", "loose"),
        ("rnage trading", "range-trading", "spelling"),
        ("what is swing trading", "swing-trading", "exact"),
    ],
)
def test_what_is_exact_and_what_is_not(search: Search, query: str, one: str, match: str) -> None:
    found = search.find(query)
    assert (found.id, found.match, found.assumed) == (one, match, match != "exact")


def test_names_held_aside_get_no_entry_by_a_guess(search: Search) -> None:
    """One in thirty of the known names, looked up by a search that does not know them."""
    names = read_known_names().names
    without = Search(search.book, known=KnownNames(name for place, name in enumerate(names) if place % 30))
    found = [without.find(name) for name in names[::30]]
    guessed = [one for one in found if one.outcome == "answered" and one.match not in {"exact", "alias"}]
    assert len(guessed) <= 0.02 * len(found), guessed


def test_known_names_are_so_in_the_plural_and_with_an_article() -> None:
    known = KnownNames(["cash cow", "dead stock"])
    assert all(name in known for name in ("cash cow", "a cash cow", "cash cows", "cashcow"))
    assert "cow" not in known
    assert 3 not in known
    assert known.words == {"cash", "cow", "dead", "stock"}


@pytest.mark.parametrize(("query", "found"), [("reinflation", None), ("deflation", None), ("inflatoin", "inflation")])
def test_a_beginning_that_turns_a_word_is_no_slip(query: str, found: str | None) -> None:
    assert Search(small_book(), known=KnownNames(())).find(query).id == found


def test_a_text_leads_to_a_term_by_name_or_by_description(search: Search) -> None:
    assert search.traced("what is contango", "contango").match == "exact"
    assert search.traced("is contango, or the other one, what my broker means", "contango").match == "mention"
    assert search.traced("that curve thing", "contango").match == "description"
