"""Symbols typed after a command."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.language.entities.dates import tag_dates
from bot.language.entities.lookbacks import tag_bare_lookbacks, tag_lookbacks
from bot.language.entities.numbers import tag_numbers
from bot.language.entities.symbols import (
    read_symbol,
    read_symbols,
    tag_typed_names,
    tag_typed_symbols,
    tag_written,
    tagged_symbols,
)
from bot.language.tokens import Words, read_words
from bot.market.listings import key, listings
from bot.market.spellings import certain
from bot.market.symbols import FILE, read_book

BOOK = read_book(FILE.read_bytes())
TODAY = date(2026, 11, 20)


def typed(text: str) -> Words:
    """The words after a command with everything tagged, as a command that takes symbols and look-backs has it."""
    words = tag_typed_names(tag_dates(read_words(text), TODAY), BOOK)
    words = tag_bare_lookbacks(tag_numbers(tag_lookbacks(words, TODAY), every=True))
    return tag_typed_symbols(words, BOOK)


@pytest.mark.parametrize(
    ("text", "symbols", "line"),
    [
        ("IWM 10", "IWM", "SYM PER"),
        ("V IWM SPY", "V IWM SPY", "SYM SYM SYM"),
        ("v IWM", "V IWM", "SYM SYM"),
        ("IWM V", "IWM V", "SYM SYM"),
        ("IWM v SPY", "IWM SPY", "SYM v SYM"),
        ("IWM V SPY", "IWM V SPY", "SYM SYM SYM"),
        ("IWM vs SPY", "IWM SPY", "SYM vs SYM"),
        ("GE V 10", "GE V", "SYM SYM PER"),
        ("GE V MA T", "GE V MA T", "SYM SYM SYM SYM"),
        ("MA T", "MA T", "SYM SYM"),
        ("TM US 10", "TM", "SYM PER"),
        ("VOD LN 10", "VOD.L", "SYM PER"),
        ("7203 JP Equity 10", "7203.T", "SYM PER"),
        ("BHP AU 10", "BHP AU", "SYM SYM PER"),
        ("7203 10", "7203.T", "SYM PER"),
        ("CL=F 10", "CL=F", "SYM PER"),
        ("VOD.L 10", "VOD.L", "SYM PER"),
        ("vod.l", "VOD.L", "SYM"),
        ("BBD.B.TO 10", "BBD-B.TO", "SYM PER"),
        ("M&M.NS", "M&M.NS", "SYM"),
        ("BTC-EUR", "BTC-EUR", "SYM"),
        ("eth-btc 10", "ETH-BTC", "SYM PER"),
        ("XAU/USD 10", "XAU/USD", "SYM PER"),
        ("OANDA:XAU_USD 10", "XAU/USD", "SYM PER"),
        ("ES1! 10", "ES=F", "SYM PER"),
        ("CME_MINI:ES1! 21", "ES=F", "SYM PER"),
        ("/ZS, /CL", "ZS=F CL=F", "SYM SYM"),
        ("ESZ26", "ESZ26=F", "SYM"),
        ("EUR= 10", "EUR/USD", "PAIR PER"),
        ("US10YT=RR", "US10Y", "SYM"),
        ("10 year yield 21", "US10Y", "SYM PER"),
        ("hang seng vs dax", "^HSI ^GDAXI", "SYM vs SYM"),
        ("toyota, lvmh 10", "7203.T MC.PA", "SYM SYM PER"),
        ("$CL 10", "CL", "SYM PER"),
        ("BRKb 10", "BRK-B", "SYM PER"),
        ("NOVO B 10", "NOVO-B.CO", "SYM PER"),
        ("IWM two weeks", "IWM", "SYM PER"),
        ("T 10", "T", "SYM PER"),
        ("A", "A", "SYM"),
        ("ON NVDA AMD", "ON NVDA AMD", "SYM SYM SYM"),
        ("IWM AND SPY", "IWM SPY", "SYM and SYM"),
        ("u 10", "U", "SYM PER"),
        ("IWM,AAPL 10", "IWM AAPL", "SYM SYM PER"),
        ("coca cola, pepsi", "KO PEP", "SYM SYM"),
        ("IWM 20 please", "IWM", "SYM PER please"),
        ("russell 2000 vs apple", "^RUT AAPL", "SYM vs SYM"),
        ("russell 2000 10", "^RUT", "SYM PER"),
        ("3M 10", "MMM", "SYM PER"),
        ("IWM 3M", "IWM", "SYM PER"),
        ("3m", "MMM", "SYM"),
        ("chf/sek", "CHF/SEK", "PAIR"),
        ("IWM/SPY", "IWM SPY", "SYM SYM"),
        ("GE/V", "GE V", "SYM SYM"),
        ("BRK/B", "BRK-B", "SYM"),
        ("brk b", "BRK-B", "SYM"),
        ('AAPL "10"', "AAPL", "SYM PER"),
        ("AAPL `10`", "AAPL", "SYM PER"),
        ("**TSLA** 10", "TSLA", "SYM PER"),
        ("NYSE:BRK.B", "BRK-B", "SYM"),
        ("MAR 3 mar 2020", "MAR", "SYM DATE"),
        ("IWM 10 asof:yesterday", "IWM", "SYM PER DATE"),
        ("IWM between 2026-10-01 and 2026-10-30", "IWM", "SYM PER DATE"),
        ("zzzq", "ZZZQ", "SYM"),
    ],
)
def test_words_after_a_command(text: str, symbols: str, line: str) -> None:
    words = typed(text)
    assert [symbol.canonical for symbol in tagged_symbols(words)] == symbols.split()
    assert words.line == line


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("QQ=F 10", "“QQ=F” is a future that I do not have."),
        ("VOD.QQ 10", "“VOD.QQ”: there are no prices of the exchange that .QQ stands for"),
        ("shop.qq", "Did you mean SHOP"),
        ("FOO:VOD", "“FOO:VOD”: there are no prices of FOO"),
        ("MA.T", "“MA.T”"),
        ("CL 10", "“CL” can mean CL=F (WTI crude oil future, NYMEX) or $CL (Colgate-Palmolive Company)."),
        ("gold", "“gold” can mean XAU/USD"),
        ("nvidea", "Did you mean NVDA"),
        ("zzzqqqzz", "I do not know the symbol “zzzqqqzz”"),
        ("IWM nvidea", "Did you mean NVDA"),
    ],
)
def test_what_is_no_symbol_is_named_whole(text: str, says: str) -> None:
    (unread,) = typed(text).unread
    assert says in unread.reason
    assert unread.error().code in {"unknown_symbol", "ambiguous"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("how is VOD.L doing", "how is SYM doing"),
        ("how is VOD.QQ doing", "how is UNREAD doing"),
        ("how is nasdaq:iwm doing", "how is SYM doing"),
        ("how is lse:vod doing", "how is lse vod doing"),
        ("is it up.Thanks", "is it up thanks"),
        ("how is BTC-EUR doing", "how is SYM doing"),
        ("where is xauusd, and /ES's range", "where is SYM and SYM range"),
        ("and/or km/h 10/ES", "and / or km / h 10 / es"),
        ("BTC-USD and IWM-SPY", "btc usd and iwm spy"),
        ("google.com is down", "google com is down"),
        ("is shop.to in a range", "is SYM in a range"),
        ("us10y or US15Y", "SYM or us15y"),
        ("that is it.so what", "that is it so what"),
        ("7203.T please", "SYM please"),
        ("ROC:IWM", "roc iwm"),
        ("1.5.x", "1.5 x"),
    ],
)
def test_signs_inside_a_symbol(text: str, line: str) -> None:
    ordinary = frozenset("that is it so up down thanks roc".split())
    assert tag_written(read_words(text), BOOK, ordinary.__contains__).line == line


def test_a_whole_text_of_symbols() -> None:
    assert [one.canonical for one in read_symbols("IWM, spy and IWM", BOOK)] == ["IWM", "SPY"]
    assert read_symbol("apple", BOOK).canonical == "AAPL"
    with pytest.raises(UserError, match="One symbol at a time here, please; I read IWM, SPY"):
        read_symbol("IWM SPY", BOOK)
    with pytest.raises(UserError, match="I do not know the symbol"):
        read_symbols("please", BOOK)
    with pytest.raises(UserError, match="QQ=F"):
        read_symbols("IWM QQ=F", BOOK)


@given(st.text(max_size=60))
def test_any_text_is_symbols_or_refused(text: str) -> None:
    try:
        assert read_symbols(text, BOOK)
    except UserError:
        return


@given(st.sampled_from(sorted(BOOK.symbols)), st.sampled_from(sorted(BOOK.symbols)))
@example("LYFT", "DE")  # "de" closes the legal names of companies
@example("UBER", "DE")
def test_two_symbols_of_the_book_stay_two(one: str, other: str) -> None:
    # "SNAP ON" and "KKR REAL" begin the names of companies.
    assume(not listings().beginning(key(f"{one} {other}")))
    wanted = list(dict.fromkeys((one, other)))
    assert [symbol.canonical for symbol in read_symbols(f"{certain(one)} {certain(other)}", BOOK)] == wanted
    assert [symbol.canonical for symbol in read_symbols(f"{certain(one)}, {certain(other)}", BOOK)] == wanted


@pytest.mark.parametrize("typed", ["\u0399WM", "IW\u041c", "\u0410APL"])
def test_a_letter_of_another_script_is_not_left_out(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        read_symbols(typed, BOOK)
    assert refused.value.code == "unknown_symbol"


def test_the_path_of_a_file_is_no_symbol() -> None:
    for path in ("../etc", "./x", "IWM ../", "../../a b"):
        with pytest.raises(UserError, match=r"I do not know the symbol “\.{1,2}/"):
            read_symbols(path, BOOK)
