"""Exchanges as people name them, and days that lie ahead."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.coming_days import read_coming_day, tag_coming_days
from bot.language.entities.currencies import INTO, tag_into
from bot.language.entities.exchanges import EXCHANGE, complete_exchange, exchange_named, tag_exchanges
from bot.language.tokens import read_words
from bot.market.exchanges import by_suffix, exchange_of, exchanges
from bot.market.symbols import FILE, Symbol, read_book
from bot.market.venues import venues

TODAY = date(2026, 11, 20)  # a Friday
BOOK = read_book(FILE.read_bytes())


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("tokyo", "XTKS"),
        ("LSE", "XLON"),
        ("XETR", "XETR"),
        (".HK", "XHKG"),
        (".l", "XLON"),
        ("nyse", "XNYS"),
        ("Nasdaq", "XNYS"),
        ("wall street", "XNYS"),
        ("us", "XNYS"),
        ("cme", "XCME"),
        ("forex", "FX"),
        ("crypto", "CRYPTO"),
        ("the Tokyo Stock Exchange", "XTKS"),
        ("são paulo", "BVMF"),
        ("atlantis", None),
        (".ZZ", None),
        (".", None),
        ("", None),
    ],
)
def test_names_codes_cities_and_suffixes(text: str, code: str | None) -> None:
    found = exchange_named(text)
    assert (found.code if found else None) == code


@pytest.mark.parametrize("text", ["tse", "mumbai", "CSE"])
def test_a_name_of_several_asks_and_its_offers_are_names(text: str) -> None:
    with pytest.raises(UserError, match="Which one") as refused:
        exchange_named(text)
    assert refused.value.code == "ambiguous"
    offered = [exchange_named(name) for name in refused.value.suggestions]
    assert len({one.code for one in offered if one is not None}) == 2


def test_every_exchange_goes_by_its_code_and_by_its_suffix() -> None:
    for code, one in exchanges().items():
        assert exchange_named(code) == one
    for suffix, venue in venues().items():
        assert suffix == "" or by_suffix(f".{suffix}") == exchanges()[venue.mic]


def test_words_of_other_use_are_no_exchange_in_a_sentence() -> None:
    words = read_words("tell us if tokyo or hong kong is set")
    assert [one.code for one in tag_exchanges(words).values(EXCHANGE)] == ["XTKS", "XHKG"]
    assert [one.code for one in tag_exchanges(words, typed=True).values(EXCHANGE)] == ["XNYS", "XTKS", "XHKG", "XBKK"]


def test_completion() -> None:
    assert complete_exchange("lon", 5)[0].code == "XLON"
    assert "XHKG" in [one.code for one in complete_exchange("hong", 5)]
    assert len(complete_exchange("", 3)) <= 3


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("AAPL", "XNYS"),
        ("VOD.L", "XLON"),
        ("7203.T", "XTKS"),
        ("^N225", "XTKS"),
        ("ES=F", "XCME"),
        ("US10Y", "XNYS"),
        ("EUR/USD", "FX"),
        ("BTC-USD", "CRYPTO"),
        ("PTI", "XNYS"),
    ],
)
def test_where_a_symbol_trades(typed: str, code: str) -> None:
    found = exchange_of(BOOK.resolve(typed))
    assert found is not None
    assert found.code == code


def test_where_a_symbol_trades_may_not_be_known() -> None:
    assert exchange_of(Symbol("WTI", "Oil", "commodity", None, "USD")) is None
    borrowed = exchange_of(Symbol("^X", "An index", "index", "XMOS", "RUB"))
    assert borrowed is not None
    assert borrowed.code == "MISX"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("tomorrow", "2026-11-21"),
        ("today", "2026-11-20"),
        ("day after tomorrow", "2026-11-22"),
        ("friday", "2026-11-20"),
        ("next friday", "2026-11-27"),
        ("mon", "2026-11-23"),
        ("this coming tuesday", "2026-11-24"),
        ("christmas", "2026-12-25"),
        ("good friday", "2027-03-26"),
        ("24 December", "2026-12-24"),
        ("4 july", "2027-07-04"),
        ("2025-12-24", "2025-12-24"),
        ("yesterday", "2026-11-19"),
        ("last friday", "2026-11-13"),
        ("new years eve", "2026-12-31"),
        ("halloween", "2027-10-31"),
    ],
)
def test_a_day_without_a_year_is_the_next_one(text: str, day: str) -> None:
    assert read_coming_day(text, TODAY) == date.fromisoformat(day)


@pytest.mark.parametrize("text", ["whenever", "31 February 2027", "soon", "2026-02-30"])
def test_a_day_that_cannot_be_read_is_said(text: str) -> None:
    with pytest.raises(UserError):
        read_coming_day(text, TODAY)


@given(st.text(max_size=60))
def test_any_text_can_be_looked_through(text: str) -> None:
    words = read_words(text)
    tag_coming_days(words, TODAY)
    tag_exchanges(words, typed=True)
    tag_into(words, BOOK.currencies)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("VOD.L in EUR", ("EUR",)),
        ("VOD.L in:eur", ("EUR",)),
        ("toyota in us dollars please", ("USD",)),
        ("IWM in swiss francs", ("CHF",)),
        ("IWM in XYZ", ("XYZ",)),
        ("IWM in KWD", ("KWD",)),
        ("IWM in two weeks", ()),
        ("IWM IN MAY", ()),
        ("IWM in may", ()),
        ("IWM in", ()),
        ("IWM into yen", ("JPY",)),
    ],
)
def test_the_currency_that_prices_are_wanted_in(text: str, codes: tuple[str, ...]) -> None:
    assert tag_into(read_words(text), BOOK.currencies).values(INTO) == codes
