"""The symbol book: what people type, and what it cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.market.spellings import contested
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
        ("BRK/B", "BRK-B"),
        ("brk b", "BRK-B"),
        ("BRKB", "BRK-B"),
        ("GE.W", "GE-W"),
        ("NASDAQ:AAPL", "AAPL"),
        ("NYSE:BRK.B", "BRK-B"),
        ("EURUSD=X", "EUR/USD"),
        ("micro soft", "MSFT"),
        ("the dow", "^DJI"),
    ],
)
def test_what_people_type(typed: str, canonical: str) -> None:
    assert BOOK.resolve(typed).canonical == canonical


@pytest.mark.parametrize("typed", ["", "../etc", "https://example.org", "@everyone", "toolongname", "eur/eur", "💰"])
def test_what_is_no_symbol(typed: str) -> None:
    with pytest.raises(UserError) as caught:
        BOOK.resolve(typed)
    assert caught.value.code == "unknown_symbol"


@pytest.mark.parametrize(
    ("typed", "why", "offered"),
    [
        ("QQ=F", "is a future that I do not have", ()),
        ("VOD.QQ", "no prices of the exchange that .QQ stands for", ()),
        ("SHOP.QQ", "the exchange that .QQ stands for", ("SHOP",)),
        ("MA.T", "Tokyo, the exchange that .T stands for, has no such codes", ("MA",)),
        ("SBER.ME", "Moscow: there have been no prices of it since 2022", ()),
        ("FOO:AAPL", "no prices of FOO", ("AAPL",)),
        ("CRYPTOCAP:TOTAL", "no prices of CRYPTOCAP", ()),
        ("TWTR", "Twitter left the market", ()),
        ("ES2!", "name its month, as ESZ26", ()),
        ("US15Y", "there are US1M, US2M", ()),
        ("BTCUSDT.P", "is a perpetual future; there are spot prices, as BTC-USDT", ()),
        ("US0378331005", "is an ISIN", ()),
        ("BBG000B9XRY4", "is a FIGI", ()),
        ("GE V", "“GE V”", ("GEV", "GE")),
    ],
)
def test_what_cannot_be_served_is_refused_by_name(typed: str, why: str, offered: tuple[str, ...]) -> None:
    with pytest.raises(UserError) as caught:
        BOOK.resolve(typed)
    assert caught.value.code == "unknown_symbol"
    assert why in caught.value.message
    assert caught.value.suggestions == offered


@pytest.mark.parametrize("typed", ["GE V", "MA T", "TM US", "$BA $BA", "GE-V", "GE_V", "M.A.T", "g m"])
def test_two_pieces_are_not_the_symbol_that_they_spell(typed: str) -> None:
    assert BOOK.known(typed) is None


def test_what_left_the_market_has_a_hint() -> None:
    assert BOOK.nearest("FB") == ("META",)
    assert BOOK.nearest("sq") == ("XYZ",)


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
    assert BOOK.nearest("vodafonne") == ("VOD",)
    assert "^RUT" in [symbol.canonical for symbol in BOOK.complete("russ")]
    assert len(BOOK.complete("a", limit=5)) == 5


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("gold", ["XAU/USD", "GC=F", "GLD"]),
        ("Gold", ["XAU/USD", "GC=F", "GLD"]),
        ("CL", ["CL=F", "$CL"]),
        ("morgan", ["JPM", "MS"]),
        ("emerging markets", ["EEM", "VWO"]),
        ("american", ["AXP", "AAL", "AMT"]),
        ("dollar", ["DG", "DLTR"]),
    ],
)
def test_a_name_of_several_is_asked_back(typed: str, offered: list[str]) -> None:
    with pytest.raises(UserError) as caught:
        BOOK.resolve(typed)
    assert caught.value.code == "ambiguous"
    assert list(caught.value.suggestions) == offered
    assert caught.value.about == typed
    assert all(canonical in caught.value.message for canonical in offered)
    assert caught.value.message.endswith("Which one?")


def test_a_name_of_very_many_says_how_many_more() -> None:
    with pytest.raises(UserError, match=r"and \d+ more\. Which one\?") as caught:
        BOOK.resolve("ishares")
    assert len(caught.value.suggestions) == 4


@pytest.mark.parametrize("typed", ["bank", "delta", "energy"])
def test_one_word_that_begins_a_single_name_is_not_guessed(typed: str) -> None:
    with pytest.raises(UserError, match="Did you mean") as caught:
        BOOK.resolve(typed)
    assert caught.value.code == "unknown_symbol"
    assert len(caught.value.suggestions) == 1


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("american express", "AXP"),
        ("the home depot", "HD"),
        ("citigroup", "C"),
        ("wells fargo", "WFC"),
        ("united parcel", "UPS"),
        ("GOLD", "GOLD"),
        ("$gold", "GOLD"),
        ("ZZQ", "ZZQ"),
    ],
)
def test_names_cut_short_and_symbols_spelt_out(typed: str, canonical: str) -> None:
    assert BOOK.resolve(typed).canonical == canonical


@pytest.mark.parametrize("several", [["AAA"], ["AAA", "ZZZ"], ["AAA", "BBB", "CCC", "DDD", "EEE"]])
def test_an_ambiguous_name_means_two_to_four_symbols_of_the_book(several: list[str]) -> None:
    symbols = [Symbol(letter * 3, f"Name {letter}", "stock", None, None) for letter in "ABCDE"]
    with pytest.raises(ValueError, match="must be no other name"):
        SymbolBook(symbols, {}, {"these": several})
    with pytest.raises(ValueError, match="must be no other name"):
        SymbolBook(symbols, {}, {"Name A": ["AAA", "BBB"]})


def test_a_misspelt_name_says_what_may_be_meant() -> None:
    with pytest.raises(UserError, match=r"Did you mean NVDA \(NVIDIA Corporation\)\?"):
        BOOK.resolve("nvidea")


@given(st.sampled_from([name for symbol in BOOK.symbols.values() for name in (symbol.canonical, *symbol.aliases)]))
def test_every_name_of_the_book_stays_certain(name: str) -> None:
    assert contested(name) or BOOK.resolve(name) == BOOK.known(name)


@given(st.sampled_from(sorted(BOOK.symbols)))
def test_what_is_stored_stays_what_it_was(canonical: str) -> None:
    assert BOOK.stored(canonical) is BOOK.symbols[canonical]


def test_two_companies_of_one_name_are_asked_back() -> None:
    book = SymbolBook(
        [Symbol(f"AC{n}", f"Acme {form}", "stock", None, None) for n, form in enumerate(("Inc.", "plc"))], {}
    )
    with pytest.raises(UserError, match="Which one") as caught:
        book.resolve("acme")
    assert caught.value.suggestions == ("AC0", "AC1")


@pytest.mark.parametrize(
    ("typed", "looks"), [("DHR", True), ("MOG-A", True), ("VOD-L", False), ("MYFUND", False), ("IWM", False)]
)
def test_what_looks_like_a_us_share_without_being_in_the_book(typed: str, looks: bool) -> None:
    symbol = BOOK.symbols.get(typed) or Symbol(typed, "", "unknown", None, None)
    assert symbol.looks_listed is looks
    assert not Symbol("^ABC", "", "index", None, None).looks_listed


def test_a_book_with_more_symbols_keeps_what_names_meant() -> None:
    more = [Symbol(name, "", "unknown", None, None) for name in ("MYFUND", "my-fund", "AAPL", "GOLD", "--")]
    book = BOOK.joined(more)
    assert [name for name in book.symbols if name not in BOOK.symbols] == ["MYFUND", "GOLD"]
    assert book.resolve("gold").canonical == "GOLD"
    assert book.resolve("apple") is BOOK.symbols["AAPL"]
    assert book.did_you_mean(["MYFUND", "IWM"]).startswith("Did you mean MYFUND or IWM (")
    assert BOOK.joined([]) is BOOK


def test_a_pair_of_currencies_outside_the_book_has_their_names_or_codes() -> None:
    assert BOOK.pair("NGN", "USD").name == "Nigerian naira in US dollar"
    assert BOOK.pair("EUR", "FKP").name == "euro in FKP"
