"""Constituents of an index as typed. Tables are tested with the command that takes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.constituents import read_constituent_table, read_constituents

Members = list[tuple[str, float, float | None]]


def members(text: str) -> Members:
    return [(one.name, one.market_value, one.change_pct) for one in read_constituents(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("AAPL 3000 +1% MSFT 2500 -2%", [("AAPL", 3000, 1), ("MSFT", 2500, -2)]),
        ("AAPL 3 trillion MSFT 2.5 tn", [("AAPL", 3e12, None), ("MSFT", 2.5e12, None)]),
        ("A 1'000 +1,5% B 1.234.567", [("A", 1000, 1.5), ("B", 1234567, None)]),
        ("A 3.125 B 2", [("A", 3.125, None), ("B", 2, None)]),
        ("A 5 lakh −2 %", [("A", 500000, -2)]),
        ("A $5, B €6;", [("A", 5, None), ("B", 6, None)]),
        ("A: 1e3 | B: 2e3", [("A", 1000, None), ("B", 2000, None)]),
        ("S&P 500 3000", None),
        ("A 5 6", None),
    ],
)
def test_names_values_and_changes(text: str, found: Members | None) -> None:
    if found is None:
        with pytest.raises(UserError, match="could not read"):
            members(text)
    else:
        assert members(text) == found


def test_a_table_reads_numbers_as_typed_words_do() -> None:
    (one, other) = read_constituent_table("name;value;change\nA;3,5 bn;+1,5 %\nB;1'000;-2\n")
    assert (one.market_value, one.change_pct) == (3.5e9, 1.5)
    assert (other.market_value, other.change_pct) == (1000, -2)


@given(st.text(max_size=80))
def test_any_text_is_constituents_or_refused(text: str) -> None:
    try:
        assert read_constituents(text)
    except UserError:
        return


def test_a_table_of_too_many_rows_is_not_read_to_its_end() -> None:
    with pytest.raises(UserError, match="more than 5,000 rows"):
        read_constituent_table("".join(f"N{place},1\n" for place in range(6_000)))
