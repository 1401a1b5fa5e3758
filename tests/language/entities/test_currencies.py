"""Currencies and amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.currencies import (
    Exchange,
    Money,
    checked_amount,
    exchange,
    read_amount,
    read_currency,
    tag_currencies,
)
from bot.language.entities.numbers import tag_numbers
from bot.language.entities.symbol_mentions import tag_names
from bot.language.tokens import read_words
from bot.market.symbols import FILE, read_book

BOOK = read_book(FILE.read_bytes())
KNOWN = dict.fromkeys("EUR USD JPY GBP CHF CAD AUD MXN TRY".split(), "")


def money(text: str) -> list[Any]:
    words = tag_currencies(read_words(text), KNOWN)
    return [word.value for word in words.words if word.low in {"CUR", "AMT"}]


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
        ("zloty", ["PLN"]),
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


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("how many dollars have you won", "how many CUR have you won"),
        ("usd to won", "CUR to CUR"),
        ("the real rate for 300 bucks", "the real rate for AMT"),
        ("swiss cheese", "swiss cheese"),
        ("swiss to usd", "CUR to CUR"),
        ("pence to usd", "AMT to CUR"),
        ("eur 5 days", "CUR 5 days"),
        ("in euro 250 dollars", "in CUR AMT"),
        ("EUR 250 USD", "AMT CUR"),
        ("250 of the euros", "AMT"),
        ("€40 eur", "AMT"),
        ("usdkzt", "CUR CUR"),
        ("eur100k", "AMT"),
        ("eurusd=x now", "CUR CUR now"),
        ("eurtry and mxn=x", "CUR CUR and CUR = x"),
        ("abc100", "abc100"),
        ("all100 in euros", "all100 in CUR"),
        ("CAD $40 in euros", "AMT in CUR"),
        ("MXN $40 in euros", "AMT in CUR"),
        ("50p in euros", "AMT in CUR"),
        ("compare KEY and ALL, 1 month", "compare key and all 1 month"),
        ("100 crowns in euros", "100 UNREAD in CUR"),
        ("9999999999999999 euros", "UNREAD"),
        ("KZT 5000 in usd", "AMT in CUR"),
        ("nothing at all", "nothing at all"),
        ("IWM 20d", "iwm 20d"),
    ],
)
def test_what_is_money_in_a_message(text: str, line: str) -> None:
    assert tag_currencies(read_words(text), KNOWN).line == line


def test_a_name_of_several_currencies_asks_back() -> None:
    with pytest.raises(UserError, match=r"can be SEK, NOK, DKK or CZK\. Which one") as asked:
        read_currency("crowns", BOOK.currencies)
    assert asked.value.code == "ambiguous"
    assert asked.value.suggestions == ("SEK", "NOK", "DKK", "CZK")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pence", "hundredth part of GBP"),
        ("banana", "I do not know the currency"),
        ("eur usd", "I do not know the currency"),
    ],
)
def test_what_is_no_currency(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_currency(text, BOOK.currencies)


def test_a_code_that_nobody_knows_stays_as_typed() -> None:
    assert read_currency(" xqz. ", BOOK.currencies) == "XQZ"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100 eur/usd", Exchange(("EUR", "USD"), Decimal(100), "EUR")),
        ("250 gbp in eur", Exchange(("GBP", "EUR"), Decimal(250), "GBP")),
        ("1 btc in eur", Exchange(("BTC", "EUR"), Decimal(1), "BTC")),
        ("euro to dollar", Exchange(("EUR", "USD"))),
        ("50 euros and 60 pounds", Exchange(("EUR", "GBP"), Decimal(50), "EUR")),
        ("5 and 6 of it", Exchange(())),
    ],
)
def test_what_a_rate_is_asked_of(text: str, found: Exchange) -> None:
    words = tag_currencies(tag_names(read_words(text), BOOK), BOOK.currencies)
    assert exchange(tag_numbers(words)) == found


@pytest.mark.parametrize(
    ("text", "says"), [("0", "more than zero"), ("-5", "more than zero"), ("2e15", "is more"), ("many", "as a number")]
)
def test_what_is_no_amount(text: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        read_amount(text)


def test_an_amount_may_have_its_sign() -> None:
    assert read_amount("€1,250.50") == Decimal("1250.5")
    assert read_amount("half a million") == 500_000


def test_an_amount_keeps_its_decimals() -> None:
    assert checked_amount(Decimal("1.125")) == Decimal("1.125")


@given(st.text(max_size=60))
def test_any_text_is_money_or_refused(text: str) -> None:
    try:
        read_currency(text, BOOK.currencies)
    except UserError:
        return


@given(
    st.lists(st.sampled_from("eur usd $ € 100 5bn eur100 p gbp crowns won in to of the 1.2.3 CAD half million".split()))
)
def test_tagging_keeps_every_word(words: list[str]) -> None:
    text = " ".join(words)
    tagged = tag_currencies(read_words(text), KNOWN)
    covered = [(word.start, word.end) for word in tagged.words]
    assert covered == sorted(covered)
    assert all(word.low in text.lower().replace(" ", "") for word in tagged.words if not word.is_tag)
