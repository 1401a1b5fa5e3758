"""Symbols in anybody's spelling, and what they are: kinds, venues, units."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import UserError
from bot.market import spellings
from bot.market.listings import Listings, core, listings, world_core
from bot.market.pairs import coins, currencies, metals
from bot.market.symbols import FILE, read_book
from bot.market.venues import futures, indices, rows_of, spelling, venues, yields

BOOK = read_book(FILE.read_bytes())
CASES = [
    tuple(map(str.strip, line.split(" | ") if " | " in line else (line.removesuffix("|"), "")))
    for line in Path(__file__).with_name("spellings.txt").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
TABLES = [*indices(), *futures(), *yields()]


def meant(text: str) -> list[str]:
    """What a text resolves to, or what is asked back; nothing for a refusal."""
    try:
        return [BOOK.resolve(text).canonical]
    except UserError as error:
        return [BOOK.resolve(one).canonical for one in error.suggestions] if error.code == "ambiguous" else []


@pytest.mark.parametrize(("typed", "expected"), CASES)
def test_spellings(typed: str, expected: str) -> None:
    assert meant(typed) == expected.split()


@pytest.mark.parametrize(
    ("typed", "kind", "calendar", "currency", "unit", "per_major", "zone", "venue"),
    [
        ("VOD.L", "stock", "XLON", "GBP", "GBp", 100, "Europe/London", "XLON"),
        ("NPN.JO", "stock", "XJSE", "ZAR", "ZAc", 100, "Africa/Johannesburg", "XJSE"),
        ("NBK.KW", "stock", None, "KWD", "KWF", 1000, "Asia/Kuwait", "XKUW"),
        ("7203.T", "stock", "XTKS", "JPY", "JPY", 1, "Asia/Tokyo", "XTKS"),
        ("4100.T", "unknown", "XTKS", "JPY", "JPY", 1, "Asia/Tokyo", "XTKS"),
        ("IBIT", "fund", "XNYS", "USD", "USD", 1, "America/New_York", "XNAS"),
        ("DHR", "stock", "XNYS", "USD", "USD", 1, "America/New_York", "XNYS"),
        ("^GDAXI", "index", "XETR", "EUR", "EUR", 1, "Europe/Berlin", None),
        ("ES=F", "future", "CMES", "USD", "USD", 1, "America/Chicago", "XCME"),
        ("ZC=F", "future", "CMES", "USD", "USX", 100, "America/Chicago", "XCBT"),
        ("US10Y", "yield", "XNYS", None, "percent", 1, "America/New_York", None),
        ("XAU/USD", "metal", None, "USD", "USD", 1, None, None),
        ("USD/CNH", "fx", None, "CNH", "CNH", 1, None, None),
        ("BTC-EUR", "crypto", None, "EUR", "EUR", 1, None, None),
        ("FOO-USD", "crypto", None, "USD", "USD", 1, None, None),
        ("BRENT", "commodity", None, "USD", "USD", 1, None, None),
    ],
)
def test_what_a_symbol_is(  # noqa: PLR0917
    typed: str, kind: str, calendar: str, currency: str, unit: str, per_major: int, zone: str, venue: str
) -> None:
    found = BOOK.resolve(typed)
    assert (found.kind, found.calendar, found.currency, found.unit) == (kind, calendar, currency, unit)
    assert (found.per_major, found.zone, found.venue) == (per_major, zone, venue)
    assert found.abroad is ("." in typed)


@pytest.mark.parametrize("text", ["EUR/EUR", "USD/XAU", "BTC-BTC", "VOD.QQ", "XXZ26=F", "MA.T", "vod.l", ".L", ""])
def test_what_is_no_canonical_symbol(text: str) -> None:
    assert BOOK.symbol(text) is None


def test_a_future_of_one_month_says_which() -> None:
    found = BOOK.resolve("ESZ26")
    assert (found.canonical, found.kind, found.calendar) == ("ESZ26=F", "future", "CMES")
    assert found.name == "E-mini S&P 500 future, CME, December 2026"


@pytest.mark.parametrize(
    ("typed", "note"),
    [
        ("FB", "Facebook has traded as META since June 2022."),
        ("toyota", "Also listed as TM."),
        ("LTC", "The share LTC Properties Inc is $LTC."),
        ("WTI", "WTI is the oil here, not the share of these letters."),
        ("DAX", "The fund Global X DAX Germany ETF is $DAX."),
        ("ES", "The share Eversource Energy is $ES."),
        ("BRN1!", "BRN is ICE Europe's Brent future; this is BZ=F, the same oil on NYMEX."),
        ("2222", "2222.T is Kotobuki Spirits Co., Ltd.."),
        ("BTC", ""),
        ("IWM", ""),
        ("COKE", "The share Coca-Cola Consolidated, Inc. is $COKE."),
        ("SAP", ""),
        ("sap", "Also listed as SAP.DE."),
    ],
)
def test_what_has_to_be_said_of_it(typed: str, note: str) -> None:
    assert BOOK.resolve(typed).note.replace("Ltd..", "Ltd.") == note.replace("Ltd..", "Ltd.")


@settings(max_examples=400)
@given(st.sampled_from([*listings(), *TABLES, *(f"{code}-USD" for code in coins())]))
@example("CL")
@example("BRK-B")
@example("M&M.NS")
@example("BT-A.L")
def test_canonical_symbols_mean_themselves(canonical: str) -> None:
    found = BOOK.stored(canonical)
    assert found.canonical == canonical
    assert found.name
    if canonical not in spellings.renamed():
        assert BOOK.resolve(spellings.certain(canonical)).canonical == canonical


@settings(max_examples=300)
@given(st.sampled_from([row for row in listings() if "." in row]))
def test_a_listing_in_the_spellings_of_others(canonical: str) -> None:
    ticker, _, suffix = canonical.partition(".")
    venue = venues()[suffix]
    for code in (*venue.tradingview, *venue.google, venue.mic):
        found = meant(f"{code}:{ticker}")
        assert not found or canonical in found or _same_ticker(found[0], ticker), code
    for other in venue.other_suffixes:
        found = meant(f"{ticker}.{other}")
        assert not found or found[0].partition(".")[0] == ticker or found[0] in TABLES, other


def _same_ticker(found: str, ticker: str) -> bool:
    """The code names several venues, or an index is computed there under the very letters."""
    return found.partition(".")[0] == ticker or found in TABLES or found.endswith("=F")


@given(
    st.one_of(
        st.text(max_size=80),
        st.from_regex(r"[$^/@#]?[A-Z0-9]{1,6}[.:=\-/ _!@]{0,2}[A-Za-z0-9]{0,6}[=!]?", fullmatch=True),
        st.sampled_from(
            ["../etc/passwd", "https://example.org/AAPL", "^", "=", "A" * 300, "AAPLMSFT", "АAPL", "$", "..."]
        ),
    )
)
def test_any_text_is_a_symbol_or_is_refused(text: str) -> None:
    found = meant(text)
    assert all(re.fullmatch(r"[\^A-Z0-9&./=\-]{1,20}", one) for one in found)


@pytest.mark.parametrize(
    "typed",
    [
        "../VOD.L",
        "https://x.org/VOD.L",
        "^",
        "=",
        "=F",
        "A" * 300,
        "AAPLMSFT",
        "АAPL",
        "$",
        "VOD.L VOD.L",
        "CL=F=F",
        "::",
        "AAPL;TSLA",
    ],
)
def test_what_is_no_symbol(typed: str) -> None:
    assert meant(typed) == []


def test_the_tables_agree_with_each_other() -> None:
    known = {*listings(), *TABLES, *BOOK.symbols}
    for row in rows_of((FILE.parent / "data" / "names.tsv").read_text("utf-8")):
        for canonical in (*row["meant"].split(), *row["also"].split()):
            assert canonical in known or BOOK.symbol(canonical) is not None, row
        if len(row["meant"].split()) == 1 and not row["also"]:
            continue
        for name in row["names"].split("|"):
            code = name.upper()
            assert code not in listings() or code in f"{row['meant']} {row['also']}".split(), name
    for new, _ in spellings.renamed().values():
        assert not new or new in known or new.endswith("-USD")
    assert not spellings.renamed().keys() & set(listings())
    assert all(one.underlying is None or BOOK.symbol(one.underlying) for one in futures().values())
    assert not currencies().keys() & metals().keys()
    assert {venue.currency for venue in venues().values()} <= currencies().keys() | {"VES"}


def test_names_of_the_small_book_that_are_us_symbols_are_known_to_be() -> None:
    for symbol in BOOK.symbols.values():
        for name in symbol.aliases:
            share = listings().get(name.upper())
            assert share is None or share.symbol == symbol.canonical or spellings.contested(share.symbol), name


def test_rows_are_well_formed_and_mended() -> None:
    rows = [listings().get(symbol) for symbol in listings()]
    assert all(row and re.fullmatch(r"[A-Z0-9&]+(-[A-Z0-9]+)?(\.[A-Z]{1,3})?", row.symbol) for row in rows)
    assert all(row and row.mic and row.kind in {"S", "F"} and 0 <= row.size <= 6 and row.name for row in rows)
    assert {row.symbol.rpartition(".")[2] for row in rows if row and not row.american} <= venues().keys()
    assert "RHNO-P.V" in listings()
    assert sum(symbol.endswith(".KL") for symbol in listings()) >= 30
    assert len(listings()) > 12_000


def test_spellings_of_providers() -> None:
    assert spelling("^FTSEMIB", "yahoo") == "FTSEMIB.MI"
    assert spelling("^GSPC", "yahoo") is None
    assert spelling("AAPL", "yahoo") is None


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("The Home Depot, Inc.", "Home Depot"),
        ("Volkswagen AG", "Volkswagen"),
        ("AB Volvo (publ)", "Volvo"),
        ("Novo Nordisk A/S", "Novo Nordisk"),
        ("Novo Nordisk A S", "Novo Nordisk"),
        ("Toyota Motor Corp/", "Toyota Motor"),
        ("Vodafone Group Public Limited Company", "Vodafone"),
        ("Group", "Group"),
    ],
)
def test_names_without_their_legal_form(name: str, short: str) -> None:
    assert world_core(name) == short
    assert core("Apple Inc.") == "Apple"


def test_completion_puts_tickers_and_large_companies_first() -> None:
    rows = Listings(["AA\tAlpha Inc\tXNYS\tS\t2", "AB\tBeta plc\tXNYS\tS\t5", "CC.L\tAlphabet plc\tXLON\tS\t4"])
    assert [row.symbol for row in rows.complete("a", 5)] == ["AB", "AA", "CC.L"]
    assert [one.canonical for one in BOOK.complete("toyota")][:2] == ["7203.T", "TM"]
    assert BOOK.complete("us10")[0].canonical == "US10Y"
    assert len(BOOK.complete("v", 25)) == 25


def test_a_sure_name_means_one_thing() -> None:
    assert spellings.sure_name("toyota") == "7203.T"
    assert spellings.sure_name("nat gas") == "NG=F"
    assert spellings.sure_name("gold") is None
    assert spellings.sure_name("flurblewick") is None
    assert spellings.sure_name("xy") is None
