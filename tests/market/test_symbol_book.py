"""The symbol book: what people type, and what it cannot be."""

from __future__ import annotations

import pytest

from bot.errors import UserError
from bot.market.symbols import FILE, Symbol, SymbolBook, read_book

BOOK = read_book(FILE.read_bytes())


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("iwm", "IWM"),
        ("$IWM", "IWM"),
        ("russell", "^RUT"),
        ("russell 2000", "^RUT"),
        ("rut", "^RUT"),
        ("spx", "^GSPC"),
        ("s&p", "^GSPC"),
        ("btc", "BTC-USD"),
        ("bitcoin", "BTC-USD"),
        ("eurusd", "EUR/USD"),
        ("EUR/USD", "EUR/USD"),
        ("brk.b", "BRK-B"),
        ("apple", "AAPL"),
        ("chf/sek", "CHF/SEK"),
        ("zzzq", "ZZZQ"),
        ("^FTSE", "^FTSE"),
    ],
)
def test_what_people_type(typed: str, canonical: str) -> None:
    assert BOOK.resolve(typed).canonical == canonical


@pytest.mark.parametrize("typed", ["", "../etc", "https://example.org", "@everyone", "toolongname", "eur/eur", "💰"])
def test_what_is_no_symbol(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        BOOK.resolve(typed)
    assert caught.value.code == "unknown_symbol"


def test_listed_means_that_sessions_are_known() -> None:
    assert BOOK.resolve("IWM").listed
    assert not BOOK.resolve("BTC").listed


def test_one_name_cannot_mean_two_symbols() -> None:
    one = Symbol("AAA", "One", "stock", None, None, ("same",))
    two = Symbol("BBB", "Two", "stock", None, None, ("Same",))
    with pytest.raises(ValueError, match="names both AAA and BBB"):
        SymbolBook([one, two], {})


def test_nearest_and_completion_come_from_the_names() -> None:
    assert BOOK.nearest("nvidea")[0] == "NVDA"
    assert "^RUT" in [symbol.canonical for symbol in BOOK.complete("russ")]
    assert len(BOOK.complete("a", limit=5)) == 5
