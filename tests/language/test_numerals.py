"""Numbers, currencies and amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.language.entities.currencies import Money, tag_currencies
from bot.language.entities.numbers import decimal_text, plain, plain_number, tag_numbers
from bot.language.tokens import normalise, tokenize

KNOWN = dict.fromkeys("EUR USD JPY GBP CHF CAD AUD MXN TRY".split(), "")


def money(text: str) -> list[Any]:
    marked = tag_currencies(tokenize(normalise(text)), KNOWN)
    return [word.value for word in marked.words if word.low in {"CUR", "AMT"}]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,500.50", "1500.50"),
        ("2,300", "2300"),
        ("10.000,50", "10000.50"),
        ("1.000.000", "1000000"),
        ("12,5", "12.5"),
        ("100k", "100000"),
        ("2.5m", "2500000"),
        ("-3", "-3"),
        ("1.2.3", None),
        ("9" * 40, None),
        ("iwm", None),
    ],
)
def test_plain_number(text: str, value: str | None) -> None:
    assert plain_number(text) == (None if value is None else Decimal(value))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_text_of_a_decimal_is_plain_and_reads_back(number: Decimal) -> None:
    text = decimal_text(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert not ("." in text and text.endswith("0"))


def test_whole_numbers_stay_whole() -> None:
    assert plain(Decimal("80.00")) == 80
    assert isinstance(plain(Decimal("80.00")), int)
    assert plain(Decimal("1500.5")) == 1500.5


def test_percentages_and_scales_are_marked() -> None:
    marked = tag_numbers(tokenize("5% and minus 3 percent and 2 million and 40"))
    assert marked.line == "PCT and PCT and NUM and NUM"
    assert marked.values("PCT") == (Decimal(5), Decimal(-3))
    assert marked.values("NUM") == (Decimal(2_000_000), Decimal(40))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("250 euros", [("EUR", "250")]),
        ("€80 in $", [("EUR", "80"), "USD"]),
        ("80€", [("EUR", "80")]),
        ("10 000 jpy", [("JPY", "10000")]),
        ("usd 250", [("USD", "250")]),
        ("20k yen", [("JPY", "20000")]),
        ("five hundred dollars", [("USD", "500")]),
        ("thirty quid", [("GBP", "30")]),
        ("a hundred bucks", [("USD", "100")]),
        ("$40 usd", [("USD", "40")]),
        ("$2 million", [("USD", "2000000")]),
        ("swiss francs", ["CHF"]),
        ("canadian dollar", ["CAD"]),
        ("mexican pesos", ["MXN"]),
        ("100eur", [("EUR", "100")]),
        ("try again", []),
        ("100 TRY", [("TRY", "100")]),
        ("zloty", []),
        ("dollar cost averaging", []),
        ("dollar index", []),
        ("5xyz", []),
        ("$" + "9" * 30, []),
        ("9" * 30 + " dollars", ["USD"]),
    ],
)
def test_money(text: str, found: list[Any]) -> None:
    wanted = [Money(one[0], Decimal(one[1])) if isinstance(one, tuple) else one for one in found]
    assert money(text) == wanted
