"""Typed or plain, a thing is read as the same value: every row is written by hand from the rules.

A row is what stands after a command or in an option, the same in a sentence, and the value. Both go through the readers
of `bot.language.entities`: `read_…` for the first column, `tag_…` for the second.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.errors import UserError
from bot.language.entities.conditions import condition_of, read_condition
from bot.language.entities.currencies import Money, exchange, read_currency, tag_currencies
from bot.language.entities.dates import read_date, tag_dates
from bot.language.entities.lookbacks import Since, read_lookback, tag_lookbacks
from bot.language.entities.numbers import read_number, tag_numbers
from bot.language.entities.symbol_mentions import tag_names
from bot.language.entities.symbols import read_symbols, tagged_symbols
from bot.language.tokens import read_words
from bot.market.symbols import FILE, read_book

BOOK = read_book(FILE.read_bytes())
TODAY = date(2026, 11, 20)  # a Friday

NUMBERS = [
    ("1,500.50", "is 1,500.50 much", "1500.5"),
    ("1.500,50", "is 1.500,50 much", "1500.5"),
    ("1'000", "is 1'000 much", "1000"),
    ("1’000’000", "is 1’000’000 much", "1000000"),
    ("1_000", "is 1_000 much", "1000"),
    ("1,5", "is 1,5 much", "1.5"),
    ("0.25", "is 0.25 much", "0.25"),
    (".5", "is .5 much", "0.5"),
    ("2,300", "is 2,300 much", "2300"),
    ("1.000.000", "is 1.000.000 much", "1000000"),
    ("10 000,50", "is 10000,50 much", "10000.5"),
    ("1,00,000", "is 1,00,000 much", "100000"),
    ("-3", "is -3 much", "-3"),
    ("–3.5", "is –3.5 much", "-3.5"),
    ("100k", "is 100k much", "100000"),
    ("2.5m", "is 2.5m much", "2500000"),
    ("5bn", "is 5bn much", "5000000000"),
    ("1.5 k", "is 1.5 k much", "1500"),
    ("5 mio", "is 5 mio much", "5000000"),
    ("2 tn", "is 2 tn much", "2000000000000"),
    ("5 lakh", "is 5 lakh much", "500000"),
    ("3 crore", "is 3 crore much", "30000000"),
    ("2 million 500 thousand", "is 2 million 500 thousand much", "2500000"),
    ("3½", "is 3½ much", "3.5"),
    ("3 1/2", "is 3 1/2 much", "3.5"),
    ("½ million", "is ½ million much", "500000"),
    ("half a million", "is half a million much", "500000"),
    ("a quarter million", "is a quarter million much", "250000"),
    ("three quarters of a million", "is three quarters of a million much", "750000"),
    ("three and a half", "is three and a half much", "3.5"),
    ("two and a half million", "is two and a half million much", "2500000"),
    ("one point five million", "is one point five million much", "1500000"),
    ("one hundred and fifty", "is one hundred and fifty much", "150"),
    ("two hundred fifty", "is two hundred fifty much", "250"),
    ("twelve hundred", "is twelve hundred much", "1200"),
    ("twenty five", "is twenty five much", "25"),
    ("thirty-five million", "is thirty-five million much", "35000000"),
    ("a hundred million", "is a hundred million much", "100000000"),
    ("fifteen grand", "is fifteen grand much", "15000"),
    ("a dozen", "is a dozen much", "12"),
    ("half a dozen", "is half a dozen much", "6"),
    ("one hundred twenty three thousand four hundred", "is one hundred twenty three thousand four hundred", "123400"),
    ("“10”", "is “10” much", "10"),
    ("**10**", "is **10** much", "10"),
]

AMOUNTS = [
    ("250 EUR", "250 euros in dollars", "EUR", "250"),
    ("250EUR", "what is 250eur in usd", "EUR", "250"),
    ("EUR 250", "EUR 250 in dollars", "EUR", "250"),
    ("EUR100", "EUR100 in dollars", "EUR", "100"),
    ("5bn EUR", "5bn euros in dollars", "EUR", "5000000000"),
    ("€80", "how much is €80 in dollars", "EUR", "80"),
    ("80€", "how much is 80€ in dollars", "EUR", "80"),
    ("＄100", "what is ＄100 in euros", "USD", "100"),
    ("$40 CAD", "what is $40 CAD in euros", "CAD", "40"),
    ("C$40", "what is C$40 in euros", "CAD", "40"),
    ("1,5 EUR", "what is 1,5 EUR in dollars", "EUR", "1.5"),
    ("1.234,56 EUR", "what is 1.234,56 EUR in dollars", "EUR", "1234.56"),
    ("1.234 EUR", "what is 1.234 EUR in dollars", "EUR", "1234"),
    ("1'000 CHF", "what is 1'000 CHF in euros", "CHF", "1000"),
    ("10 000 jpy", "10 000 jpy in eur", "JPY", "10000"),
    ("1 million EUR", "what is 1 million EUR in dollars", "EUR", "1000000"),
    ("5 lakh rupees", "5 lakh rupees in dollars", "INR", "500000"),
    ("ten billion yen", "ten billion yen in dollars", "JPY", "10000000000"),
    ("1.5 k euros", "1.5 k euros in usd", "EUR", "1500"),
    ("500 GBp", "how much is 500 GBp in usd", "GBP", "5"),
    ("500 pence", "how much is 500 pence in usd", "GBP", "5"),
    ("50 cents", "how much is 50 cents in euros", "USD", "0.5"),
    ("500 GBP", "how much is 500 gbp in usd", "GBP", "500"),
    ("500 rubles", "how many dollars is 500 rubles", "RUB", "500"),
    ("100 leva", "100 leva in euro", "BGN", "100"),
    ("5000 won", "5000 won in usd", "KRW", "5000"),
    ("half a million yen", "half a million yen in dollars", "JPY", "500000"),
    ("minus five euros", "minus five euros in dollars", "EUR", "-5"),
    ("a hundred bucks", "what is a hundred bucks in yen", "USD", "100"),
    ("100 KZT", "what are 100 kzt in euros", "KZT", "100"),
    ("HKD 1.05m", "translate HKD 1.05m to EUR", "HKD", "1050000"),
]

CURRENCIES = [
    ("EUR", "the euro against the dollar", "EUR"),
    ("swiss francs", "swiss francs to dollars", "CHF"),
    ("loonie", "the loonie against the dollar", "CAD"),
    ("rubles", "rubles to euros", "RUB"),
    ("sterling", "sterling against the dollar", "GBP"),
    ("zloty", "zloty to euros", "PLN"),
    ("norwegian kroner", "norwegian kroner to euros", "NOK"),
    ("renminbi", "renminbi to dollars", "CNY"),
]

PAIRS = [
    ("EUR/USD", "euro to dollar", ("EUR", "USD")),
    ("EURUSD=X", "EUR in USD", ("EUR", "USD")),
    ("EUR->USD", "EUR->USD please", ("EUR", "USD")),
    ("gbp usd", "the pound against the dollar", ("GBP", "USD")),
    ("usdkzt", "usd to kzt", ("USD", "KZT")),
]

LOOKBACKS = [
    ("10 sessions", "roc IWM over 10 sessions", 10),
    ("12 bars", "roc IWM over 12 bars", 12),
    ("10d", "roc IWM 10d", 10),
    ("10 d", "roc IWM 10 d", 10),
    ("20-day", "the 20-day move of IWM", 20),
    ("a day", "IWM over a day", 1),
    ("2w", "roc IWM 2w", 10),
    ("two weeks", "roc IWM over two weeks", 10),
    ("a fortnight", "roc IWM over a fortnight", 10),
    ("a couple of weeks", "IWM in the last couple of weeks", 10),
    ("3 weeks", "IWM since 3 weeks", 15),
    ("a month", "IWM over the last month", 21),
    ("3m", "roc IWM 3m", 63),
    ("3 mo", "roc IWM 3 mo", 63),
    ("6mo", "roc IWM 6mo", 126),
    ("eighteen months", "IWM moved in eighteen months", 378),
    ("a quarter", "IWM over a quarter", 63),
    ("half a year", "IWM over half a year", 126),
    ("1y", "roc IWM 1y", 252),
    ("2 years", "IWM over 2 years", 504),
    ("a year and a half", "IWM over a year and a half", 378),
    ("one and a half years", "IWM over one and a half years", 378),
    ("1.5 years", "IWM over 1.5 years", 378),
    ("yoy", "IWM yoy", 252),
    ("a decade", "IWM over a decade", 2520),
    ("1,000 sessions", "IWM moved in 1,000 sessions", 1000),
    ("1.000 sessions", "IWM moved in 1.000 sessions", 1000),
    ("a hundred days", "IWM over a hundred days", 100),
    ("ytd", "IWM ytd", "ytd"),
    ("year to date", "IWM this year so far", "ytd"),
    ("mtd", "how much has IWM moved mtd", "mtd"),
    ("month to date", "IWM so far this month", "mtd"),
    ("qtd", "IWM quarter to date", "qtd"),
    ("wtd", "IWM so far this week", "wtd"),
    ("since yesterday", "IWM since yesterday", 1),
    ("since 3 November", "IWM since 3 november", Since(date(2026, 11, 3))),
    ("since 2026-11-03", "IWM from 3 november on", Since(date(2026, 11, 3))),
    ("since monday", "IWM since monday", Since(date(2026, 11, 16))),
    ("since 2020", "IWM since 2020", Since(date(2020, 1, 1))),
    ("since march", "IWM since march", Since(date(2026, 3, 1))),
    ("since march 2020", "IWM since march 2020", Since(date(2020, 3, 1))),
    ("since Q2 2020", "IWM since q2 2020", Since(date(2020, 4, 1))),
    ("since christmas", "IWM since christmas", Since(date(2025, 12, 25))),
    ("since Christmas 2018", "IWM since christmas 2018", Since(date(2018, 12, 25))),
]

DATES = [
    ("2009-06-01", "IWM as of 2009-06-01", date(2009, 6, 1)),
    ("2026–11–18", "IWM as of 2026–11–18", date(2026, 11, 18)),
    ("2022/10/13", "IWM on 2022/10/13", date(2022, 10, 13)),
    ("20240301", "IWM on 20240301", date(2024, 3, 1)),
    ("11/18/2026", "IWM on 11/18/2026", date(2026, 11, 18)),
    ("15/03/2024", "IWM on 15/03/2024", date(2024, 3, 15)),
    ("22.07.2024", "IWM on 22.07.2024", date(2024, 7, 22)),
    ("1 June 2009", "IWM on 1 june 2009", date(2009, 6, 1)),
    ("June 1, 2009", "IWM on june 1, 2009", date(2009, 6, 1)),
    ("the 12th of April 2019", "IWM to the 12th of april 2019", date(2019, 4, 12)),
    ("28-Mar-24", "IWM as at 28-Mar-24", date(2024, 3, 28)),
    ("14Mar25", "IWM as of 14Mar25", date(2025, 3, 14)),
    ("20 jan '21", "IWM on 20 jan '21", date(2021, 1, 20)),
    ("19 jul 22", "IWM on 19 jul 22", date(2022, 7, 19)),
    ("twelfth of march twenty twenty", "IWM on the twelfth of march twenty twenty", date(2020, 3, 12)),
    ("3 December", "IWM on 3 december", date(2025, 12, 3)),
    ("yesterday", "IWM as of yesterday", date(2026, 11, 19)),
    ("the day before yesterday", "IWM the day before yesterday", date(2026, 11, 18)),
    ("Monday", "IWM on monday", date(2026, 11, 16)),
    ("last Friday", "IWM last friday", date(2026, 11, 13)),
    ("end of March 2020", "IWM at the end of march 2020", date(2020, 3, 31)),
    ("mid March 2019", "IWM mid march 2019", date(2019, 3, 15)),
    ("Q3 2019", "IWM in q3 2019", date(2019, 9, 30)),
    ("2009", "IWM back in 2009", date(2009, 12, 31)),
    ("Christmas 2018", "IWM at christmas 2018", date(2018, 12, 25)),
    ("Thanksgiving 2023", "IWM on thanksgiving 2023", date(2023, 11, 23)),
    ("Easter 2024", "IWM at easter 2024", date(2024, 3, 31)),
    ("New Year's Eve 2023", "IWM on New Year's Eve 2023", date(2023, 12, 31)),
    ("halloween", "IWM on halloween", date(2026, 10, 31)),
    ("labor day", "IWM on labor day", date(2026, 9, 7)),
    ("a year ago", "IWM as of a year ago", date(2025, 11, 20)),
    ("3 months ago", "IWM as of 3 months ago", date(2026, 8, 20)),
    ("2031-05-01", "IWM on 2031-05-01", date(2031, 5, 1)),
]

SYMBOLS = [
    ("IWM", "price of IWM", ["IWM"]),
    ("$NOW", "price of $NOW", ["NOW"]),
    ("**TSLA**", "is **TSLA** in a rally", ["TSLA"]),
    ("__TSLA__", "is __TSLA__ in a rally", ["TSLA"]),
    ("russell 2000", "is the russell 2000 up", ["^RUT"]),
    ("apple, microsoft", "compare apple, microsoft", ["AAPL", "MSFT"]),
    ("IWM,SPY", "compare IWM,SPY", ["IWM", "SPY"]),
    ("brk.b", "price of brk.b", ["BRK-B"]),
    ("BRK-B", "price of BRK-B", ["BRK-B"]),
    ("s&p 500", "is the s&p 500 up", ["^GSPC"]),
    ("NASDAQ:IWM", "how is NASDAQ:IWM doing", ["IWM"]),
    ("EURUSD=X", "how is EURUSD=X doing", ["EUR/USD"]),
    ("EUR/USD", "chart EUR/USD", ["EUR/USD"]),
    ("eurusd", "chart eurusd", ["EUR/USD"]),
    ("btc", "price of btc", ["BTC-USD"]),
    ("3M", "how is 3M doing", ["MMM"]),
    ("^VIX", "price of ^VIX", ["^VIX"]),
]

CONDITIONS = [
    ("roc_above:5", "roc above 5%", "roc_above:5"),
    ("roc above 12,5", "roc above 12,5", "roc_above:12.5"),
    ("price_below:2,300.50", "price falls below 2,300.50", "price_below:2300.5"),
    ("price_above:100k", "price hits 100k", "price_above:100000"),
    ("rally_ends", "the rally ends", "rally_ends"),
    ("rally starts", "a new rally starts", "rally_starts"),
    ("range_breaks", "breaks out of its range", "range_breaks"),
    ("drops 5%", "drops 5%", "roc_below:-5"),
]

UNREADABLE = [
    ("lookback", "90 minutes", "IWM in the last 90 minutes"),
    ("lookback", "an hour", "IWM over an hour"),
    ("lookback", "all time", "IWM of all time"),
    ("lookback", "0 days", "IWM over 0 days"),
    ("lookback", "minus 5 sessions", "IWM over minus 5 sessions"),
    ("lookback", "6,000 sessions", "IWM over 6,000 sessions"),
    ("lookback", "25 years", "IWM over 25 years"),
    ("lookback", "1e3 sessions", "IWM over 1e3 sessions"),
    ("date", "2026-02-30", "IWM as of 2026-02-30"),
    ("date", "31 April 2020", "IWM on 31 april 2020"),
    ("date", "13/13/2019", "IWM on 13/13/2019"),
    ("date", "3/4/2019", "IWM on 3/4/2019"),
    ("currency", "crowns", "100 crowns in euros"),
    ("symbol", "QQ=F", "how is QQ=F doing"),
    ("symbol", "VOD.QQ", "how is VOD.QQ doing"),
    ("symbol", "SHOP.QQ", "is SHOP.QQ in a range"),
    ("number", "1.2.3.4", "IWM 1.2.3.4"),
]


def test_the_table_is_long_enough() -> None:
    tables = (NUMBERS, AMOUNTS, CURRENCIES, PAIRS, LOOKBACKS, DATES, SYMBOLS, CONDITIONS, UNREADABLE)
    assert sum(map(len, tables)) >= 150


@pytest.mark.parametrize(("typed", "plain", "value"), NUMBERS)
def test_numbers(typed: str, plain: str, value: str) -> None:
    assert read_number(typed) == Decimal(value)
    words = tag_numbers(read_words(plain), every=True)
    assert [float(number) for tag in ("NUM", "PCT") for number in words.values(tag)] == [float(value)]


@pytest.mark.parametrize(("typed", "plain", "code", "amount"), AMOUNTS)
def test_amounts(typed: str, plain: str, code: str, amount: str) -> None:
    money = Money(code, Decimal(amount))
    assert tag_currencies(read_words(typed), BOOK.currencies, typed=True).values("AMT") == (money,)
    assert tag_currencies(read_words(plain), BOOK.currencies).values("AMT") == (money,)


@pytest.mark.parametrize(("typed", "plain", "code"), CURRENCIES)
def test_currencies(typed: str, plain: str, code: str) -> None:
    assert read_currency(typed, BOOK.currencies) == code
    assert tag_currencies(read_words(plain), BOOK.currencies).values("CUR")[0] == code


@pytest.mark.parametrize(("typed", "plain", "codes"), PAIRS)
def test_pairs(typed: str, plain: str, codes: tuple[str, str]) -> None:
    assert exchange(tag_currencies(read_words(typed), BOOK.currencies, typed=True)).codes == codes
    assert exchange(tag_currencies(read_words(plain), BOOK.currencies)).codes == codes


@pytest.mark.parametrize(("typed", "plain", "value"), LOOKBACKS)
def test_lookbacks(typed: str, plain: str, value: Any) -> None:
    assert read_lookback(typed, TODAY) == value
    assert tag_lookbacks(tag_dates(read_words(plain), TODAY), TODAY).values("PER") == (value,)


@pytest.mark.parametrize(("typed", "plain", "day"), DATES)
def test_dates(typed: str, plain: str, day: date) -> None:
    assert read_date(typed, TODAY) == day
    assert tag_dates(read_words(plain), TODAY).values("DATE") == (day,)


@pytest.mark.parametrize(("typed", "plain", "symbols"), SYMBOLS)
def test_symbols(typed: str, plain: str, symbols: list[str]) -> None:
    assert [symbol.canonical for symbol in read_symbols(typed, BOOK)] == symbols
    assert [symbol.canonical for symbol in tagged_symbols(tag_names(read_words(plain), BOOK))] == symbols


@pytest.mark.parametrize(("typed", "plain", "condition"), CONDITIONS)
def test_conditions(typed: str, plain: str, condition: str) -> None:
    assert read_condition(typed) == condition
    assert condition_of(tag_numbers(read_words(f"alert me when IWM {plain}"))) == condition


@pytest.mark.parametrize(("entity", "typed", "plain"), UNREADABLE)
def test_what_cannot_be_read_is_said(entity: str, typed: str, plain: str) -> None:
    read: dict[str, Callable[[], object]] = {
        "lookback": lambda: read_lookback(typed, TODAY),
        "date": lambda: read_date(typed, TODAY),
        "currency": lambda: read_currency(typed, BOOK.currencies),
        "symbol": lambda: read_symbols(typed, BOOK),
        "number": lambda: read_number(typed),
    }
    with pytest.raises(UserError) as refused:
        read[entity]()
    words = tag_names(tag_dates(read_words(plain), TODAY), BOOK)
    words = tag_numbers(tag_lookbacks(tag_currencies(words, BOOK.currencies), TODAY))
    (unread,) = words.unread
    assert unread.entity == entity
    assert unread.error().code == refused.value.code
    assert unread.readings == refused.value.suggestions
    assert all(one.message.endswith((".", "?")) for one in (unread.error(), refused.value))
