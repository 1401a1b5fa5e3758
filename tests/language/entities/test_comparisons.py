"""Two things set side by side."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.comparisons import operands, read_comparison
from bot.language.entities.currencies import read_currency
from bot.market.symbols import FILE, read_book

BOOK = read_book(FILE.read_bytes())
TERMS = {"support": "support", "resistance": "resistance", "call": "call-option", "put": "put-option"}


@pytest.mark.parametrize(
    ("text", "two"),
    [
        ("support vs resistance", ("support", "resistance")),
        ("support vs. resistance", ("support", "resistance")),
        ("support versus resistance", ("support", "resistance")),
        ("support v resistance", ("support", "resistance")),
        ("support, resistance", ("support", "resistance")),
        ("support/resistance", ("support", "resistance")),
        ("support as opposed to resistance", ("support", "resistance")),
        ("what is the difference between a call and a put", ("call-option", "put-option")),
        ("how is a call different from a put", ("call-option", "put-option")),
        ("call and put difference", ("call-option", "put-option")),
    ],
)
def test_terms(text: str, two: tuple[str, str]) -> None:
    assert read_comparison(text, TERMS.get, "terms") == two


def test_symbols_and_currencies_are_compared_by_the_same_reader() -> None:
    apple, dow = read_comparison("apple vs the dow", BOOK.known, "symbols")
    assert (apple.canonical, dow.canonical) == ("AAPL", "^DJI")
    assert read_comparison("euro to yen", lambda text: read_currency(text, BOOK.currencies), "currencies") == (
        "EUR",
        "JPY",
    )


@pytest.mark.parametrize("text", ["support", "support vs support", "support vs banana", ""])
def test_what_is_no_comparison_is_named(text: str) -> None:
    with pytest.raises(UserError, match="as two terms; write them with vs between") as refused:
        read_comparison(text, TERMS.get, "terms")
    assert refused.value.code == "unknown_term"


@given(st.text(max_size=80))
def test_any_text_has_operands_or_none(text: str) -> None:
    assert all(len(two) == 2 for two in operands(text))
