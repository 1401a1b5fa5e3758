"""Whole calls, typed and in plain words: both are the same command with the same options.

The expected options are written by hand. Today is Wednesday, 4 March 2026.
"""

# ruff: noqa: E501

from __future__ import annotations

import json

import pytest

from bot.commands.declaration import Registry
from bot.commands.reading import read_question
from bot.desk import Desk

# typed | plain | command | options
ROWS = """
!roc IWM | how much has IWM moved | roc | {"symbol": "IWM"}
!roc IWM 10 | roc of IWM over 10 sessions | roc | {"symbol": "IWM", "periods": 10}
!roc IWM two weeks | how much has IWM moved in two weeks | roc | {"symbol": "IWM", "periods": 10}
!roc IWM a fortnight | IWM change over a fortnight | roc | {"symbol": "IWM", "periods": 10}
!roc IWM 3 weeks | how far has IWM gone in 3 weeks | roc | {"symbol": "IWM", "periods": 15}
!roc IWM a month | how much has IWM moved in a month | roc | {"symbol": "IWM", "periods": 21}
!roc IWM 2 months | how much has IWM gained in 2 months | roc | {"symbol": "IWM", "periods": 42}
!roc IWM 3mo | IWM percent change 3mo | roc | {"symbol": "IWM", "periods": 63}
!roc IWM 1w | IWM percent change 1w | roc | {"symbol": "IWM", "periods": 5}
!roc IWM 1y | IWM percent change 1y | roc | {"symbol": "IWM", "periods": 252}
!roc IWM a quarter | how much has IWM moved in a quarter | roc | {"symbol": "IWM", "periods": 63}
!roc IWM half a year | how much has IWM moved in half a year | roc | {"symbol": "IWM", "periods": 126}
!roc IWM a year and a half | how much has IWM moved in a year and a half | roc | {"symbol": "IWM", "periods": 378}
!roc IWM eighteen months | how much has IWM moved in eighteen months | roc | {"symbol": "IWM", "periods": 378}
!roc IWM two years | how much has IWM moved in two years | roc | {"symbol": "IWM", "periods": 504}
!roc IWM 1,000 sessions | how much has IWM moved in 1,000 sessions | roc | {"symbol": "IWM", "periods": 1000}
!roc IWM ten days | how much has IWM moved in ten days | roc | {"symbol": "IWM", "periods": 10}
!roc IWM ytd | how much has IWM moved year to date | roc | {"symbol": "IWM", "periods": "ytd"}
!roc IWM mtd | how much has IWM moved month to date | roc | {"symbol": "IWM", "periods": "mtd"}
!roc IWM qtd | how much has IWM moved qtd | roc | {"symbol": "IWM", "periods": "qtd"}
!roc IWM wtd | how much has IWM moved week to date | roc | {"symbol": "IWM", "periods": "wtd"}
!roc IWM since 3 november | how much has IWM moved since 3 november | roc | {"symbol": "IWM", "since": "2025-11-03"}
!roc IWM since 2025-11-03 | how much has IWM moved since 2025-11-03 | roc | {"symbol": "IWM", "since": "2025-11-03"}
!roc IWM since monday | how much has IWM moved since monday | roc | {"symbol": "IWM", "since": "2026-03-02"}
!roc IWM since christmas 2024 | how much has IWM moved since christmas 2024 | roc | {"symbol": "IWM", "since": "2024-12-25"}
!roc IWM between 2025-10-01 and 2025-10-30 | how much has IWM moved between 2025-10-01 and 2025-10-30 | roc | {"symbol": "IWM", "since": "2025-10-01", "as_of": "2025-10-30"}
!roc IWM from 1 june 2025 to 1 july 2025 | how much did IWM move from 1 june 2025 to 1 july 2025 | roc | {"symbol": "IWM", "since": "2025-06-01", "as_of": "2025-07-01"}
!roc IWM 10 asof:2025-06-02 | roc of IWM over 10 sessions as of 2025-06-02 | roc | {"symbol": "IWM", "periods": 10, "as_of": "2025-06-02"}
!roc IWM 10 asof:yesterday | roc of IWM over 10 sessions as of yesterday | roc | {"symbol": "IWM", "periods": 10, "as_of": "2026-03-03"}
!roc IWM 10 as of 18 November 2025 | roc of IWM over 10 sessions as of 18 November 2025 | roc | {"symbol": "IWM", "periods": 10, "as_of": "2025-11-18"}
!roc IWM 10 asof:11/18/2025 | roc of IWM over 10 sessions as of 11/18/2025 | roc | {"symbol": "IWM", "periods": 10, "as_of": "2025-11-18"}
!roc IWM 10 2025-11-18 | roc of IWM over 10 sessions on 2025-11-18 | roc | {"symbol": "IWM", "periods": 10, "as_of": "2025-11-18"}
!roc IWM asof:last friday | how much had IWM moved as of last friday | roc | {"symbol": "IWM", "as_of": "2026-02-27"}
!roc IWM asof:end of march 2020 | how much had IWM moved as of the end of march 2020 | roc | {"symbol": "IWM", "as_of": "2020-03-31"}
!roc IWM today | how much did IWM move today | roc | {"symbol": "IWM", "periods": 1}
!roc IWM 10 now | roc of IWM over 10 sessions right now | roc | {"symbol": "IWM", "periods": 10}
!roc IWM until june 2025 | the momentum of IWM up to june 2025 | roc | {"symbol": "IWM", "as_of": "2025-06-30"}
!roc IWM since 1 january 1850 | how much has IWM moved since 1 january 1850 | roc | {"symbol": "IWM", "since": "1850-01-01"}
!roc IWM since 1 january 0001 | how much has IWM moved since 1 january 0001 | roc | {"symbol": "IWM", "since": "0001-01-01"}
!roc IWM since 1850 | how much has IWM moved since 1850 | roc | {"symbol": "IWM", "since": "1850-01-01"}
!roc tesla stock 10 | how much has tesla stock moved in 10 days | roc | {"symbol": "TSLA", "periods": 10}
!quote IWM today | price of IWM today | quote | {"symbol": "IWM"}
!quote IWM right now | price of IWM right now | quote | {"symbol": "IWM"}
!quote NOW | quote NOW | quote | {"symbol": "NOW"}
!quote IWM 4 july 1976 | price of IWM on 4 july 1976 | quote | {"symbol": "IWM", "as_of": "1976-07-04"}
!quote IWM 4 july 1776 | price of IWM on 4 july 1776 | quote | {"symbol": "IWM", "as_of": "1776-07-04"}
!rally IWM today | is IWM in a rally today | rally | {"symbol": "IWM"}
!rally IWM until june 2025 | was IWM in a rally as of june 2025 | rally | {"symbol": "IWM", "as_of": "2025-06-30"}
!chart IWM today | chart IWM today | chart | {"symbol": "IWM"}
!rank IWM SPY QQQ today | rank IWM, SPY and QQQ today | rank | {"symbols": ["IWM", "SPY", "QQQ"], "periods": 1}
!rate 100 EUR/USD | 100 eur/usd | rate | {"base": "EUR", "quote": "USD", "amount": 100}
!rate 100 EURUSD | convert 100 EURUSD | rate | {"base": "EUR", "quote": "USD", "amount": 100}
!help roc | help me with roc please | help | {"command": "roc"}
!roc russell 2000 10 | how much has the russell 2000 moved in 10 days | roc | {"symbol": "^RUT", "periods": 10}
!roc apple 21 | how much has apple moved in 21 days | roc | {"symbol": "AAPL", "periods": 21}
!roc bitcoin a week | how much has bitcoin moved in a week | roc | {"symbol": "BTC-USD", "periods": 5}
!roc $IWM 10 | how much has $IWM moved in 10 days | roc | {"symbol": "IWM", "periods": 10}
!roc **IWM** 10 | how much has **IWM** moved in 10 days | roc | {"symbol": "IWM", "periods": 10}
!roc EUR/USD 21 | how much has EUR/USD moved in 21 days | roc | {"symbol": "EUR/USD", "periods": 21}
!roc IWM 20 please | roc IWM 20 please | roc | {"symbol": "IWM", "periods": 20}
!roc IWM twenty please | roc IWM twenty please | roc | {"symbol": "IWM", "periods": 20}
!roc IWM 10 thanks | roc IWM 10 thanks | roc | {"symbol": "IWM", "periods": 10}
!roc IWM,AAPL 10 | roc IWM AAPL 10 | roc | {"symbols": ["IWM", "AAPL"], "periods": 10}
!roc IWM 5 10 21 | roc IWM 5 10 21 | roc | {"symbol": "IWM", "periods": [5, 10, 21]}
!roc 10 IWM | roc 10 IWM | roc | {"symbol": "IWM", "periods": 10}
!rally IWM | is IWM in a rally | rally | {"symbol": "IWM"}
!rally russell 2000 | is the russell in a rally? | rally | {"symbol": "^RUT"}
!rally __TSLA__ | is __TSLA__ in a rally | rally | {"symbol": "TSLA"}
!rally tesla | is tesla rallying | rally | {"symbol": "TSLA"}
!rally SPY asof:2009-06-01 | was SPY in a rally on 1 June 2009 | rally | {"symbol": "SPY", "as_of": "2009-06-01"}
!rally SPY asof:christmas eve 2018 | was SPY in a rally on christmas eve 2018 | rally | {"symbol": "SPY", "as_of": "2018-12-24"}
!rally bitcoin | is bitcoin in a rally | rally | {"symbol": "BTC-USD"}
!range IWM | is IWM in a range | range | {"symbol": "IWM"}
!range EUR/USD | is EUR/USD in a trading range | range | {"symbol": "EUR/USD"}
!range QQQ asof:2015-06-01 | was QQQ in a range on 1 June 2015 | range | {"symbol": "QQQ", "as_of": "2015-06-01"}
!range apple | support and resistance of apple | range | {"symbol": "AAPL"}
!quote IWM | what is the price of IWM | quote | {"symbol": "IWM"}
!quote apple | price of apple | quote | {"symbol": "AAPL"}
!quote IWM asof:2010-05-06 | what was the price of IWM on 6 May 2010 | quote | {"symbol": "IWM", "as_of": "2010-05-06"}
!quote IWM yesterday | where did IWM close yesterday | quote | {"symbol": "IWM", "as_of": "2026-03-03"}
!quote ether | price of ether | quote | {"symbol": "ETH-USD"}
!chart IWM | show me a chart of IWM | chart | {"symbol": "IWM"}
!chart IWM 30 | chart of IWM over 30 sessions | chart | {"symbol": "IWM", "periods": 30}
!chart IWM 30 please | chart IWM 30 please | chart | {"symbol": "IWM", "periods": 30}
!chart SPY a year | chart of SPY over a year | chart | {"symbol": "SPY", "periods": 252}
!chart SPY six months | draw SPY for the last six months | chart | {"symbol": "SPY", "periods": 126}
!chart russell 2000 ytd | chart of the russell 2000 year to date | chart | {"symbol": "^RUT", "periods": "ytd"}
!chart IWM since 2 June 2025 | chart of IWM since 2 June 2025 | chart | {"symbol": "IWM", "since": "2025-06-02"}
!chart QQQ asof:2009-06-01 | chart of QQQ as of 2009-06-01 | chart | {"symbol": "QQQ", "as_of": "2009-06-01"}
!compare IWM SPY | IWM against SPY | compare | {"symbols": ["IWM", "SPY"]}
!compare IWM vs SPY | compare IWM with SPY | compare | {"symbols": ["IWM", "SPY"]}
!compare IWM v SPY | IWM v SPY | compare | {"symbols": ["IWM", "SPY"]}
!compare IWM SPY 63 please | compare IWM SPY 63 please | compare | {"symbols": ["IWM", "SPY"], "periods": 63}
!compare IWM SPY three months | compare IWM with SPY over three months | compare | {"symbols": ["IWM", "SPY"], "periods": 63}
!compare IWM SPY since 3 November 2025 | compare IWM with SPY since 3 November 2025 | compare | {"symbols": ["IWM", "SPY"], "since": "2025-11-03"}
!compare small caps vs large caps ytd | compare small caps with large caps year to date | compare | {"symbols": ["^RUT", "^GSPC"], "periods": "ytd"}
!compare IWM QQQ asof:2016-12-01 | compare IWM and QQQ as of 2016-12-01 | compare | {"symbols": ["IWM", "QQQ"], "as_of": "2016-12-01"}
!compare V IWM | compare V IWM | compare | {"symbols": ["V", "IWM"]}
!compare apple vs microsoft | apple vs microsoft | compare | {"symbols": ["AAPL", "MSFT"]}
!rank IWM SPY QQQ | rank IWM SPY QQQ | rank | {"symbols": ["IWM", "SPY", "QQQ"]}
!rank IWM,SPY,QQQ | rank IWM, SPY and QQQ | rank | {"symbols": ["IWM", "SPY", "QQQ"]}
!rank IWM,SPY,QQQ 63 | rank IWM, SPY and QQQ over 63 days | rank | {"symbols": ["IWM", "SPY", "QQQ"], "periods": 63}
!rank V IWM SPY | rank V IWM SPY | rank | {"symbols": ["V", "IWM", "SPY"]}
!rank IWM SPY QQQ mtd | rank IWM, SPY and QQQ month to date | rank | {"symbols": ["IWM", "SPY", "QQQ"], "periods": "mtd"}
!rank IWM SPY QQQ since 3 November 2025 | rank IWM, SPY and QQQ since 3 November 2025 | rank | {"symbols": ["IWM", "SPY", "QQQ"], "since": "2025-11-03"}
!rank apple tesla amazon | rank apple, tesla and amazon | rank | {"symbols": ["AAPL", "TSLA", "AMZN"]}
!rate EUR USD | euro to dollar rate | rate | {"base": "EUR", "quote": "USD"}
!rate 250 EUR USD | 250 euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 250}
!rate 5bn EUR USD | 5bn euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 5000000000}
!rate 1.5k EUR USD | 1.5k euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 1500}
!rate 1,5 EUR USD | 1,5 euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 1.5}
!rate 1.234,56 EUR USD | 1.234,56 euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 1234.56}
!rate 1'000 CHF EUR | 1'000 francs in euros | rate | {"base": "CHF", "quote": "EUR", "amount": 1000}
!rate 1 million EUR USD | 1 million euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 1000000}
!rate half a million yen dollars | half a million yen in dollars | rate | {"base": "JPY", "quote": "USD", "amount": 500000}
!rate fifteen euros dollars | fifteen euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 15}
!rate 5 lakh rupees dollars | 5 lakh rupees in dollars | rate | {"base": "INR", "quote": "USD", "amount": 500000}
!rate 5 mio eur usd | 5 mio eur in usd | rate | {"base": "EUR", "quote": "USD", "amount": 5000000}
!rate one hundred and fifty euros dollars | one hundred and fifty euros in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 150}
!rate 500 GBp USD | how much is 500 GBp in usd | rate | {"base": "GBP", "quote": "USD", "amount": 5}
!rate €80 USD | €80 in dollars | rate | {"base": "EUR", "quote": "USD", "amount": 80}
!rate EUR100 USD | EUR100 in USD | rate | {"base": "EUR", "quote": "USD", "amount": 100}
!rate 500 rubles USD | 500 rubles in dollars | rate | {"base": "RUB", "quote": "USD", "amount": 500}
!rate cable | cable rate | rate | {"base": "GBP", "quote": "USD"}
!rate EUR USD asof:2015-12-31 | euro to dollar rate as of 2015-12-31 | rate | {"base": "EUR", "quote": "USD", "as_of": "2015-12-31"}
!rate swiss francs yen | swiss franc to yen rate | rate | {"base": "CHF", "quote": "JPY"}
!rstar | what is r-star right now | rstar | {}
!rstar asof:2019-09-30 | what was r-star as of 2019-09-30 | rstar | {"as_of": "2019-09-30"}
!index RUT | when is the russell 2000 reconstituted | index | {"name": "RUT"}
!define contango | what is contango? | define | {"term": "contango"}
!define contengo | what is contengo | define | {"term": "contango"}
!define a short squeeze | what is a short squeeze | define | {"term": "short-squeeze"}
!contrast support vs resistance | difference between support and resistance | contrast | {"terms": ["support", "resistance"]}
!define support vs resistance | support vs resistance | contrast | {"terms": ["support", "resistance"]}
!alert IWM rally_ends | tell me when the rally in IWM ends | alert | {"symbol": "IWM", "condition": "rally_ends"}
!alert IWM price_above:300 | alert me when IWM is above 300 | alert | {"symbol": "IWM", "condition": "price_above:300"}
!alert IWM drops 5% | alert me when IWM drops 5% | alert | {"symbol": "IWM", "condition": "roc_below:-5"}
!alert IWM range_breaks | tell me when IWM breaks out of its range | alert | {"symbol": "IWM", "condition": "range_breaks"}
!watchlist | watchlist | watchlist | {}
!watchlist add V | watchlist add V | watchlist | {"action": "add", "symbol": "V"}
!help | help | help | {}
!terms options 2 | terms options 2 | terms | {"category": "options", "page": 2}
!scan by rally | scan by rally | scan | {"by": "rally"}
"""
CALLS = [tuple(part.strip() for part in line.split(" | ")) for line in ROWS.strip().splitlines()]


def test_there_are_enough() -> None:
    assert len(CALLS) >= 100
    assert len({typed for typed, *_ in CALLS}) == len(CALLS)


@pytest.mark.parametrize(("typed", "plain", "command", "options"), CALLS)
async def test_both_are_the_same_call(
    desk: Desk, registry: Registry, typed: str, plain: str, command: str, options: str
) -> None:
    for question in (typed, plain, f"<@42> {plain}"):
        call = read_question(desk, registry, question)
        assert (call.command, dict(call.options), call.error) == (command, json.loads(options), None), question


# Something is there that cannot be read, or that has two meanings: it is said, whichever way it was asked.
UNREAD = """
!roc IWM 0 | roc IWM 0 | bad_input | 1 to 5,000
!roc IWM 10.5 | roc IWM 10.5 | bad_input | whole number
!roc IWM 6000 sessions | how much has IWM moved in 6000 sessions | bad_input | 5,000
!roc IWM 90 minutes | how much has IWM moved in 90 minutes | bad_input | minutes
!roc gold | roc gold | ambiguous | GLD
!rally oil | is oil in a rally | ambiguous | WTI
!rally gold | rally gold | ambiguous | GLD
!watchlist add gold | watchlist add gold | ambiguous | GLD
!weigh AAPL | weigh AAPL | bad_input | no market value
!chart | chart | bad_input | needs a symbol
!quote | quote please | bad_input | needs a symbol
!rank | rank | bad_input | needs two or more symbols
!define | define | bad_input | needs a term
!roc IWM asof:2026-02-30 | how much had IWM moved as of 2026-02-30 | bad_input | no such day
!roc IWM 10 asof:2099-01-01 | roc IWM 10 asof:2099-01-01 | bad_input | in the future
!roc IWM since 3000 | how much has IWM moved since 3000 | bad_input | in the future
!roc IWM since the crash | how much is IWM up since the crash | bad_input | date of “since the crash”
!roc IWM since brexit | how much has IWM moved since brexit | bad_input | date of “since brexit”
!roc IWM on election day | how much did IWM move on election day | bad_input | date of “on election day”
!roc IWM during covid | how much did IWM drop during covid | bad_input | date of “during covid”
!roc IWM max | roc IWM max | bad_input | a look-back with a beginning
!roc IWM all time | roc IWM all time | bad_input | a look-back with a beginning
!chart IWM max | chart IWM max | bad_input | a look-back with a beginning
!rank IWM SPY by | rank IWM SPY by | bad_input | goes by roc or rally or range.
!rally IWM since 2016 | rally IWM since 2016 | bad_input | at one day, not at a span
!roc IWM 2016-01-04 2016-06-30 | roc IWM 2016-01-04 2016-06-30 | bad_input | from 2016-01-04 to 2016-06-30
!roc IWM asof: | roc IWM asof: | bad_input | After asof goes a date
!rate crowns EUR | 100 crowns in euros | ambiguous | SEK, NOK, DKK or CZK
!rate 0 EUR USD | 0 euros in dollars | bad_input | more than zero
"""
FAULTS = [tuple(part.strip() for part in line.split(" | ")) for line in UNREAD.strip().splitlines()]


@pytest.mark.parametrize(("typed", "plain", "code", "says"), FAULTS)
async def test_what_cannot_be_read_is_said_both_ways(
    desk: Desk, registry: Registry, typed: str, plain: str, code: str, says: str
) -> None:
    for question in (typed, plain):
        error = read_question(desk, registry, question).error
        assert error is not None, question
        assert (error.code, says in error.message) == (code, True), (question, error.message)


# A move that is named by the time when it was is measured over that time. Today is Wednesday, 4 March 2026.
HAPPENED = """
how much did IWM move yesterday | roc | {"symbol": "IWM", "periods": 1, "as_of": "2026-03-03"}
was IWM down the day before yesterday | roc | {"symbol": "IWM", "periods": 1, "as_of": "2026-03-02"}
how much did IWM drop last friday | roc | {"symbol": "IWM", "periods": 1, "as_of": "2026-02-27"}
what was IWM's move on monday | roc | {"symbol": "IWM", "periods": 1, "as_of": "2026-03-02"}
did IWM fall on 24 june 2016 | roc | {"symbol": "IWM", "periods": 1, "as_of": "2016-06-24"}
how did IWM do on 24 june 2016 | roc | {"symbol": "IWM", "periods": 1, "as_of": "2016-06-24"}
how much did the euro move against the dollar yesterday | roc | {"symbol": "EUR/USD", "periods": 1, "as_of": "2026-03-03"}
did IWM or SPY do better yesterday | compare | {"symbols": ["IWM", "SPY"], "periods": 1, "as_of": "2026-03-03"}
how much did IWM move in march 2016 | roc | {"symbol": "IWM", "since": "2016-02-29", "as_of": "2016-03-31"}
how did IWM do in january | roc | {"symbol": "IWM", "since": "2025-12-31", "as_of": "2026-01-31"}
IWM performance in q1 2016 | roc | {"symbol": "IWM", "since": "2015-12-31", "as_of": "2016-03-31"}
return of IWM in 2016 | roc | {"symbol": "IWM", "since": "2015-12-31", "as_of": "2016-12-31"}
how much did IWM move in 2026 | roc | {"symbol": "IWM", "since": "2025-12-31", "as_of": "2026-03-04"}
rank IWM, SPY and QQQ in 2016 | rank | {"symbols": ["IWM", "SPY", "QQQ"], "since": "2015-12-31", "as_of": "2016-12-31"}
momentum of IWM yesterday | roc | {"symbol": "IWM", "as_of": "2026-03-03"}
how much had IWM moved as of 24 june 2016 | roc | {"symbol": "IWM", "as_of": "2016-06-24"}
how much had IWM moved by the end of 2016 | roc | {"symbol": "IWM", "as_of": "2016-12-31"}
compare IWM and SPY on 24 june 2016 | compare | {"symbols": ["IWM", "SPY"], "as_of": "2016-06-24"}
how much did IWM move in 3 weeks to 24 june 2016 | roc | {"symbol": "IWM", "periods": 15, "as_of": "2016-06-24"}
IWM yesterday | quote | {"symbol": "IWM", "as_of": "2026-03-03"}
IWM on 24 june 2016 | quote | {"symbol": "IWM", "as_of": "2016-06-24"}
"""


@pytest.mark.parametrize(
    ("question", "command", "options"),
    [tuple(map(str.strip, line.split(" | "))) for line in HAPPENED.strip().splitlines()],
)
async def test_a_move_is_measured_over_the_time_that_is_named(
    desk: Desk, registry: Registry, question: str, command: str, options: str
) -> None:
    call = read_question(desk, registry, question)
    assert (call.command, dict(call.options), call.error) == (command, json.loads(options), None)


@pytest.mark.parametrize(
    ("question", "command", "says"),
    [
        ("IWM 5 minutes", "decline", "shortest look-back is one session"),
        ("help me move a sofa on saturday", "decline", "outside what I know"),
        ("!help me move a sofa", "help", "no command “move a sofa”"),
        ("IWM on 31 june 2016", "decline", "no such day as “31 june 2016”"),
        ("rank IWM SPY by where they'll be in june", "decline", "I do not forecast"),
    ],
)
async def test_what_is_declined_says_why(
    desk: Desk, registry: Registry, question: str, command: str, says: str
) -> None:
    call = read_question(desk, registry, question)
    assert call.command == command
    assert call.error is not None
    assert says in call.error.message


async def test_an_unclear_currency_in_plain_words_offers_each_reading(desk: Desk, registry: Registry) -> None:
    call = read_question(desk, registry, "100 crowns in euros")
    assert dict(call.options) == {"base": "crowns", "quote": "EUR", "amount": 100}
    assert [button.ask for button in call.alternatives] == [
        f"!rate {code} EUR 100" for code in ("SEK", "NOK", "DKK", "CZK")
    ]
