"""The contract of every provider, walked over recorded answers (tests/providers/replies/<provider>/<case>)."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import pytest

from bot.config import Secret
from bot.errors import ProviderError, RateLimited, UnknownSymbol
from bot.market.bars import Bars
from bot.market.symbols import Symbol
from bot.providers.contract import FigureQuery, HistoryQuery, QuoteQuery, RemoteProvider, Request, Response
from bot.providers.factory import declared
from bot.providers.macro.frankfurter import Frankfurter
from bot.providers.prices.binance import Binance
from bot.providers.response_checks import LONGEST_WAIT, answered_at, remaining, retry_after
from tests.providers.building import BOOK, EURUSD, IWM, NOW, query, served_by, symbol_of

REPLIES = Path(__file__).with_name("replies")
BASE = "https://prices.invalid"
KEY = "SECRETKEY123"
SOURCES: dict[str, tuple[RemoteProvider, Symbol]] = {}
for one in declared():
    made = one(BASE, *(Secret(KEY) for _ in one.declaration.keys))
    if one.declaration.capabilities.kinds:
        SOURCES[made.name] = made, served_by(made)
EVERYBODY = {
    "good", "unknown", "limit", "html", "html_as_json", "truncated", "empty", "wrong_type", "wrong_shape",
    "nan_close", "unordered", "future", "down",
}  # fmt: skip
HISTORIES = [name for name, (source, _) in SOURCES.items() if source.capabilities.history]
PLAIN_TABLES = {"fred-csv"}
KEY_AS_PARAMETER = {"alphavantage", "fred"}
"""Those that take their key in no header."""
KEYED = {name for name, (source, _) in SOURCES.items() if source.declaration.keys}


def cases(folder: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = json.loads((REPLIES / folder / "cases.json").read_text())
    return found


def response(folder: str, case: dict[str, Any]) -> Response:
    headers = {name.lower(): value for name, value in case.get("headers", {}).items()}
    body = (REPLIES / folder / case["file"]).read_bytes()
    return Response(case["status"], body, case["type"], headers)


def requests(source: RemoteProvider, asked: HistoryQuery) -> list[Request]:
    """What is asked for a history: for the figure that holds it where there is one."""
    figure = source.capabilities.history_figure
    return list(source.requests(asked) if figure is None else source.figure_requests(FigureQuery(figure, asked.now)))


def parse(source: RemoteProvider, asked: HistoryQuery, answer: Response) -> Bars:
    figure = source.capabilities.history_figure
    if figure is None:
        return source.parse(asked, answer)
    return source.history_of(asked, source.parse_figure(FigureQuery(figure, asked.now), answer))


def keyed_by_day(folder: str) -> bool:
    """Whether the days of an answer are keys, so that none can have two rows."""
    good = cases(folder)["good"]
    body = (REPLIES / folder / good["file"]).read_bytes()
    return all(re.search(rb'"%s"\s*:' % day.encode(), body) for day in good["days"])


WALK = [(name, case) for name in HISTORIES for case in cases(name)]


def test_every_provider_is_walked_over_every_case() -> None:
    folders = {path.name for path in REPLIES.iterdir() if path.is_dir()} - {"quotes"}
    assert set(HISTORIES) <= folders <= {one.declaration.name for one in declared()}
    for name in HISTORIES:
        found = set(cases(name))
        assert found >= EVERYBODY, name
        if name in KEYED:
            assert {"key_refused", "plan_refused"} <= found
        if not keyed_by_day(name):
            assert "conflicting" in found, name
        on_disk = {path.name for path in (REPLIES / name).iterdir()} - {"cases.json"}
        assert on_disk == {case["file"] for case in cases(name).values()}
        assert all(case["reference"] for case in cases(name).values())


@pytest.mark.parametrize(("name", "case"), WALK)
def test_parse(name: str, case: str) -> None:
    source, symbol = SOURCES[name]
    expected = cases(name)[case]
    answer = response(name, expected)
    if expected["expect"] == "good":
        found = parse(source, query(symbol), answer)
        assert [str(day) for day in found.dates] == expected["days"]
        assert found.close.tolist() == pytest.approx(expected["closes"], rel=1e-12)
        assert [str(day) for day in found.missing] == expected["missing"]
        assert found.provider == name
        assert found.symbol == symbol.canonical
        assert remaining(answer) == expected.get("remaining")
        return
    with pytest.raises(ProviderError) as caught:
        parse(source, query(symbol), answer)
    assert caught.value.code == expected["expect"]
    assert caught.value.provider == name
    assert KEY not in str(caught.value)
    assert "<" not in str(caught.value)
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == expected.get("retry_after")


@pytest.mark.parametrize("name", HISTORIES)
@pytest.mark.parametrize("cut", range(0, 100, 3))
def test_no_cut_of_a_good_answer_is_taken_for_another(name: str, cut: int) -> None:
    """A plain table has no end to be missing: what is left of it is a beginning, but for its last number."""
    source, symbol = SOURCES[name]
    good = response(name, cases(name)["good"])
    part = replace(good, body=good.body[: len(good.body) * cut // 100])
    if name in PLAIN_TABLES:
        try:
            found = parse(source, query(symbol), part)
        except ProviderError:
            return
        whole = parse(source, query(symbol), good)
        assert found.dates.tolist() == whole.dates.tolist()[: len(found)]
        assert found.close.tolist()[:-1] == whole.close.tolist()[: len(found) - 1]
        return
    with pytest.raises(ProviderError):
        parse(source, query(symbol), part)


@pytest.mark.parametrize("name", HISTORIES)
def test_requests_go_to_the_configured_host_only_and_hide_their_keys(name: str) -> None:
    source, symbol = SOURCES[name]
    odd = replace(symbol, canonical="../../x?y=#@evil.invalid:80")
    for wanted in (symbol, odd):
        for request in requests(source, query(wanted)):
            assert urlsplit(request.url).netloc == "prices.invalid"
            assert "?" not in request.url
            assert KEY not in request.url
            assert KEY not in repr(request)
            assert KEY not in request.where
            assert (KEY in "".join(request.params.values())) == (name in KEY_AS_PARAMETER)
    assert KEY not in repr(source)
    if name in KEYED - KEY_AS_PARAMETER:
        assert all(KEY in "".join(request.headers.values()) for request in requests(source, query(symbol)))


@pytest.mark.parametrize("name", SOURCES)
def test_capabilities_say_what_is_served(name: str) -> None:
    source, symbol = SOURCES[name]
    assert source.name == name
    assert symbol.kind in source.capabilities.kinds
    assert source.serves(symbol)
    others = [one for one in BOOK.symbols.values() if one.kind not in source.capabilities.kinds]
    assert others
    assert not any(source.serves(one) for one in others)
    has_quotes = type(source).quote_requests is not RemoteProvider.quote_requests
    assert has_quotes == bool(source.capabilities.quotes)
    assert source.pace.requests >= 1


def test_indices_are_served_where_their_history_is() -> None:
    """Of the providers known here; Twelve Data's free key covers none."""
    for index, serving in (("^GSPC", "cboe yahoo"), ("^RUT", "cboe yahoo"), ("^NDX", "nasdaq yahoo")):
        assert {name for name in KNOWN if SOURCES[name][0].serves(BOOK.symbols[index])} == set(serving.split()), index


SPELLINGS = [
    ("nasdaq", "BRK-B", "/api/quote/BRK.B/historical", {"assetclass": "stocks"}),
    ("nasdaq", "IWM", "/api/quote/IWM/historical", {"assetclass": "etf", "fromdate": "2026-01-01"}),
    ("cboe", "^GSPC", "/api/global/delayed_quotes/charts/historical/_SPX.json", {}),
    ("cboe", "BRK-B", "/api/global/delayed_quotes/charts/historical/BRK.B.json", {}),
    ("yahoo", "EUR/USD", "/v8/finance/chart/EURUSD%3DX", {"interval": "1d"}),
    ("yahoo", "^RUT", "/v8/finance/chart/%5ERUT", {"period2": "1795132800"}),
    ("tiingo", "BRK-B", "/tiingo/daily/BRK-B/prices", {"startDate": "2026-01-01", "endDate": "2026-11-19"}),
    ("yahoo", "^FTSEMIB", "/v8/finance/chart/FTSEMIB.MI", {}),
    ("yahoo", "^SSEC", "/v8/finance/chart/000001.SS", {}),
    ("yahoo", "^DXY", "/v8/finance/chart/DX-Y.NYB", {}),
    ("yahoo", "^GDAXI", "/v8/finance/chart/%5EGDAXI", {}),
    ("yahoo", "VOD.L", "/v8/finance/chart/VOD.L", {}),
    ("yahoo", "VOLV-B.ST", "/v8/finance/chart/VOLV-B.ST", {}),
    ("yahoo", "ES=F", "/v8/finance/chart/ES%3DF", {}),
    ("yahoo", "ESZ26=F", "/v8/finance/chart/ESZ26.CME", {}),
    ("yahoo", "GCZ26=F", "/v8/finance/chart/GCZ26.CMX", {}),
    ("yahoo", "US10Y", "/v8/finance/chart/%5ETNX", {}),
    ("alphavantage", "VOD.L", "/query", {"symbol": "VOD.LON", "outputsize": "compact"}),
    ("alphavantage", "SAP.DE", "/query", {"symbol": "SAP.DEX"}),
    ("alphavantage", "RY.TO", "/query", {"symbol": "RY.TRT"}),
    ("alphavantage", "IWM", "/query", {"symbol": "IWM", "function": "TIME_SERIES_DAILY"}),
    ("coinbase", "BTC-USD", "/products/BTC-USD/candles", {"granularity": "86400", "end": "2026-11-19T00:00:00Z"}),
    ("nbp", "XAU/USD", "/api/cenyzlota/2026-01-01/2026-11-19/", {"format": "json"}),
    ("fred", "WTI", "/fred/series/observations", {"series_id": "DCOILWTICO", "observation_start": "2026-01-01"}),
    ("fred-csv", "US10Y", "/graph/fredgraph.csv", {"id": "DGS10", "cosd": "2026-01-01", "coed": "2026-11-19"}),
    (
        "treasury",
        "US10Y",
        "/resource-center/data-chart-center/interest-rates/pages/xml",
        {"data": "daily_treasury_yield_curve", "field_tdr_date_value": "2026"},
    ),
    ("frankfurter", "^DXY", "/v1/2026-01-01..2026-11-19", {"symbols": "USD,JPY,GBP,CAD,SEK,CHF"}),
    ("twelvedata", "BTC-USD", "/time_series", {"symbol": "BTC/USD", "adjust": "splits"}),
    ("cboe", "^RUT", "/api/global/delayed_quotes/charts/historical/_RUT.json", {}),
    ("nasdaq", "^IXIC", "/api/quote/COMP/historical", {"assetclass": "index"}),
    ("twelvedata", "BRK-B", "/time_series", {"symbol": "BRK.B"}),
    ("alpaca", "IWM", "/v2/stocks/bars", {"adjustment": "split", "end": "2026-11-19T20:44:00Z"}),
    ("kraken", "BTC-USD", "/0/public/OHLC", {"pair": "XBTUSD", "interval": "1440"}),
    ("kraken", "DOGE-USD", "/0/public/OHLC", {"pair": "XDGUSD"}),
    ("binance", "BTC-USD", "/api/v3/klines", {"symbol": "BTCUSDT", "startTime": "1767225600000"}),
    ("frankfurter", "USD/JPY", "/v1/2026-01-01..2026-11-19", {"base": "EUR", "symbols": "USD,JPY"}),
    ("frankfurter", "EUR/USD", "/v1/2026-01-01..2026-11-19", {"symbols": "USD"}),
    ("ecb", "EUR/USD", "/stats/eurofxref/eurofxref-hist.zip", {}),
]
KNOWN = {name for name, *_ in SPELLINGS}


@pytest.mark.parametrize(("name", "canonical", "path", "params"), SPELLINGS)
def test_spelling(name: str, canonical: str, path: str, params: dict[str, str]) -> None:
    source, _ = SOURCES[name]
    request = next(iter(requests(source, query(symbol_of(canonical)))))
    assert request.url == BASE + path
    assert params.items() <= dict(request.params).items()


def test_nasdaq_tries_the_other_class_where_one_is_unknown() -> None:
    source, symbol = SOURCES["nasdaq"]
    assert [request.params["assetclass"] for request in requests(source, query(symbol))] == ["etf", "stocks"]
    assert next(iter(requests(source, query(BOOK.resolve("ZZZZ"))))).params["assetclass"] == "stocks"


def test_yahoo_dates_bars_by_the_exchange_even_across_a_clock_change() -> None:
    """New York's clocks went back on 2026-11-01: the opens of 30 October and 2 November are 13:30 and 14:30 UTC."""
    stamps = [datetime(2026, 10, 30, 13, 30, tzinfo=UTC), datetime(2026, 11, 2, 14, 30, tzinfo=UTC)]
    content = json.loads((REPLIES / "yahoo" / "good.json").read_text())
    result = content["chart"]["result"][0]
    result["timestamp"] = [int(stamp.timestamp()) for stamp in stamps]
    result["indicators"]["quote"][0] = {name: [10.0, 11.0] for name in ("open", "high", "low", "close", "volume")}
    answer = Response(200, json.dumps(content).encode(), "application/json")
    source, _ = SOURCES["yahoo"]
    assert [str(day) for day in parse(source, query(IWM), answer).dates] == ["2026-10-30", "2026-11-02"]
    # London's midnight is 23:00 UTC of the day before in summer: a currency's bar belongs to London's day.
    result["meta"]["exchangeTimezoneName"] = "Europe/London"
    result["timestamp"] = [
        int(datetime(2026, 10, 22, 23, 0, tzinfo=UTC).timestamp()),
        int(datetime(2026, 10, 26, 0, 0, tzinfo=UTC).timestamp()),
    ]
    answer = Response(200, json.dumps(content).encode(), "application/json")
    found = parse(source, query(EURUSD), answer)
    assert [str(day) for day in found.dates] == ["2026-10-23", "2026-10-26"]
    assert found.adjustment == "raw"


def test_yahoo_without_rows_is_an_unknown_symbol_and_a_strange_zone_a_bad_payload() -> None:
    source, _ = SOURCES["yahoo"]
    content = json.loads((REPLIES / "yahoo" / "good.json").read_text())
    content["chart"]["result"][0]["meta"]["exchangeTimezoneName"] = "Mars/Olympus"
    answer = Response(200, json.dumps(content).encode(), "application/json")
    with pytest.raises(ProviderError, match="documented shape"):
        parse(source, query(IWM), answer)
    del content["chart"]["result"][0]["timestamp"]
    with pytest.raises(UnknownSymbol):
        parse(source, query(IWM), Response(200, json.dumps(content).encode(), "application/json"))


def test_tiingo_restates_prices_for_later_splits_only() -> None:
    source, symbol = SOURCES["tiingo"]
    found = parse(source, query(symbol), response("tiingo", cases("tiingo")["split"]))
    assert found.volume is not None
    assert found.volume.tolist() == [42_000_000, 21_000_000, 21_000_000]
    assert found.adjustment == "split"


def test_cross_and_inverse_rates_have_full_precision() -> None:
    """By hand from the bank's figures of 30 October 2026: 1 EUR = 1.1172 USD = 175.68 JPY."""
    lines = ["Date,USD,JPY," + ",".join(f"X{i:02}" for i in range(10)) + ",", "2026-10-30,1.1172,175.68," + "1," * 10]
    answer = Response(200, "\n".join(lines).encode(), "text/csv")
    ecb, _ = SOURCES["ecb"]
    for pair, rate in (
        ("USD/JPY", 175.68 / 1.1172),
        ("JPY/USD", 1.1172 / 175.68),
        ("USD/EUR", 1 / 1.1172),
        ("EUR/JPY", 175.68),
    ):
        found = parse(ecb, query(BOOK.resolve(pair)), answer)
        assert found.close.tolist() == [rate]
        assert (found.adjustment, found.delay) == ("fix", "fix")


QUOTES = cases("quotes")


@pytest.mark.parametrize("case", QUOTES)
def test_quote(case: str) -> None:
    expected = QUOTES[case]
    source, symbol = SOURCES[expected["provider"]]
    asked = QuoteQuery(symbol, NOW)
    for request in source.quote_requests(asked):
        assert urlsplit(request.url).netloc == "prices.invalid"
    answer = response("quotes", expected)
    if expected["expect"] != "good":
        with pytest.raises(ProviderError) as caught:
            source.parse_quote(asked, answer)
        assert caught.value.code == expected["expect"]
        return
    quote = source.parse_quote(asked, answer)
    assert quote.price == expected["price"]
    assert quote.previous_close == expected["previous"]
    assert quote.time == datetime.fromisoformat(expected["time"])
    assert quote.delay == expected["delay"]
    late = quote.extended
    assert (None if late is None else late.price) == expected.get("extended")
    if late is not None:
        assert late.time == datetime.fromisoformat(expected["extended_time"])
    assert quote.time <= NOW


def test_a_quote_says_its_change_where_it_can() -> None:
    source, symbol = SOURCES["cboe"]
    quote = source.parse_quote(QuoteQuery(symbol, NOW), response("quotes", QUOTES["cboe_good"]))
    assert quote.change_pct == pytest.approx(0.165631, abs=1e-6)
    assert replace(quote, previous_close=None).change_pct is None
    assert replace(quote, previous_close=0.0).change_pct is None


def test_a_long_span_of_binance_and_frankfurter_is_asked_in_parts() -> None:
    assert Binance.declaration.capabilities.max_days == 1_000
    assert Frankfurter.declaration.capabilities.max_days == 365
    span = query(EURUSD, start=date(2026, 11, 19) - timedelta(days=364))
    assert len(requests(SOURCES["frankfurter"][0], span)) == 1
    assert np.timedelta64(364, "D") == np.datetime64(span.end) - np.datetime64(span.start)


def test_headers_that_tell_times_and_allowances() -> None:
    for text, seconds in (("30", 30.0), ("Thu, 19 Nov 2026 21:01:30 GMT", 90.0), ("", None), ("soon", None)):
        assert retry_after(Response(429, b"", "", {"retry-after": text}), NOW) == seconds
    assert retry_after(Response(429, b"", "", {"retry-after": "Thu, 19 Nov 2026 20:00:00 GMT"}), NOW) == 0.0
    assert retry_after(Response(429, b"", "", {"retry-after": "99999999"}), NOW) == LONGEST_WAIT
    for text, moment in (("Thu, 19 Nov 2026 20:00:00 GMT", NOW - timedelta(hours=1)), ("", NOW), ("later", NOW)):
        assert answered_at(Response(200, b"", "", {"date": text}), NOW) == moment
    naive = answered_at(Response(200, b"", "", {"date": "Thu, 19 Nov 2026 20:00:00 -0000"}), NOW)
    assert naive == NOW - timedelta(hours=1)
    ahead = Response(200, b"", "", {"date": "Thu, 19 Nov 2026 22:00:00 GMT"})
    assert answered_at(ahead, NOW) == NOW, "no answer is from the future"
    for odd in ("some", "²", "９", "1" * 5_000, "-1", "1.5", ""):
        assert remaining(Response(200, b"", "", {"x-ratelimit-remaining": odd})) is None
    for odd in ("²", "９", "1" * 5_000, "-1", "1e9", "Thu, 99 Nov 2026 21:01:30 GMT"):
        answer = Response(429, b"", "", {"retry-after": odd, "date": odd})
        assert retry_after(answer, NOW) is None
        assert answered_at(answer, NOW) == NOW


@pytest.mark.parametrize(("name", "symbol"), [("yahoo", "^RUT"), ("nasdaq", "^NDX"), ("twelvedata", "EUR/USD")])
def test_an_index_and_a_currency_have_nothing_to_adjust(name: str, symbol: str) -> None:
    source, _ = SOURCES[name]
    found = parse(source, query(BOOK.resolve(symbol)), response(name, cases(name)["good"]))
    assert found.adjustment == ("index" if symbol.startswith("^") else "raw")


@pytest.mark.parametrize("name", ["cboe", "tiingo"])
def test_json_of_the_other_kind_is_another_shape(name: str) -> None:
    source, symbol = SOURCES[name]
    body = b"[]" if name == "cboe" else b"{}"
    with pytest.raises(ProviderError, match="documented shape"):
        parse(source, query(symbol), Response(200, body, "application/json"))
