"""Descriptions and sentences over the real glossary: what the answer must be is plain to anyone who knows the field."""

from __future__ import annotations

import pytest

from bot.glossary.search import Search


@pytest.mark.parametrize(
    ("query", "one"),
    [
        ("fed shrinking its balance sheet by letting bonds roll off", "quantitative-tightening"),
        ("smallest standard price move in a currency pair", "pip"),
        ("bitcoin reward cut in half every four years", "halving"),
        ("order that becomes a limit order once a trigger price is hit", "stop-limit-order"),
    ],
)
def test_description_beats_the_names_it_is_built_of(search: Search, query: str, one: str) -> None:
    verdict = search.find(query)
    assert (verdict.id, verdict.match, verdict.assumed) == (one, "description", True)


@pytest.mark.parametrize(
    ("query", "one"),
    [
        ("they will restart quantitative easing next year imo", "quantitative-easing"),
        ("where do you guys put your stop loss", "stop-loss-order"),
        ("my 401k is benchmarked to the russell 3000", "russell-3000-index"),
        ("smells like a bull trap to me", "bull-trap"),
        ("obv has been falling for weeks while price holds up", "on-balance-volume"),
    ],
)
def test_sentence_is_about_the_term_it_names(search: Search, query: str, one: str) -> None:
    assert search.find(query).id == one


@pytest.mark.parametrize(
    "query",
    [
        "delta force",
        "pip install",
        "head and shoulders shampoo",
        "natural gas grill",
        "bus stop",
        "hard work",
        "vegan",
        "broken",
    ],
)
def test_lookalikes_are_not_answered(search: Search, query: str) -> None:
    assert search.find(query).outcome == "unknown"


def test_a_sentence_that_names_nothing_asks_back(search: Search) -> None:
    found = search.find("they rugged everyone who came in last week")
    assert (found.outcome, found.suggestions[0]) == ("unknown", "rug-pull")


@pytest.mark.parametrize("asked", ["calculated", "computed", "measured", "worked out"])
def test_how_a_figure_is_made_is_a_question_about_it(search: Search, asked: str) -> None:
    assert search.find(f"how is book value {asked}").id == "book-value"


def test_us_is_a_country_in_a_description(search: Search) -> None:
    """The word once made a sentence of talk out of a description, and the term it names the answer."""
    assert search.find("the two goals congress gave the us central bank").id in {None, "dual-mandate"}


def test_suggestions_help_where_an_answer_would_be_a_guess(search: Search) -> None:
    verdict = search.find("two peaks at about one level")
    assert verdict.outcome == "unknown"
    assert "double-top" in verdict.suggestions


def test_a_sibling_is_not_given_for_a_plain_description(search: Search) -> None:
    """Divergence, which also speaks of highs, was once answered here."""
    verdict = search.find("price hits the same high twice and fails")
    assert "double-top" in (verdict.id, *verdict.suggestions)
    assert verdict.id in {None, "double-top"}
