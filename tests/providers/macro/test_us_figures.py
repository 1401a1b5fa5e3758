"""EFFR, FRED and the fund's holdings: requests, parsing, failures; keys are never repeated."""

from __future__ import annotations

from datetime import date

import pytest

from bot.config import Secret
from bot.errors import AuthRefused, BadPayload, ProviderError, RateLimited, Unavailable, UnknownSymbol
from bot.market.index import sector_weights
from bot.providers.macro.fred import Fred, FredCsv
from bot.providers.macro.ishares import IwmHoldings, parse_holdings
from bot.providers.macro.newyorkfed import Effr
from bot.providers.response_checks import figure
from tests.providers.macro.files import EFFR, HOLDINGS, PCE_CSV, QUERY, of, ok

KEY = "k" * 32
API = Fred("https://fred.example", Secret(KEY))
PAST = of("policy", date(2019, 9, 30))
PRICES, POLICY = of("core-pce"), of("policy")


def test_effr_is_asked_for_the_last_days_or_two_weeks() -> None:
    source = Effr("https://m.example")
    assert source.figure_requests(QUERY)[0].url == "https://m.example/api/rates/unsecured/effr/last/5.json"
    past = source.figure_requests(PAST)[0]
    assert past.url.endswith("/effr/search.json")
    assert dict(past.params) == {"startDate": "2019-09-16", "endDate": "2019-09-30"}
    found = source.parse_figure(QUERY, ok(EFFR))
    assert dict(found.values) == {date(2026, 11, 19): 3.62, date(2026, 11, 18): 3.63}
    assert (found.name, found.monthly) == ("EFFR", False)


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (ok('{"refRates":[]}'), UnknownSymbol),
        (ok('{"rates":[]}'), BadPayload),
        (ok('{"refRates":[{"type":"EFFR","percentRate":1}]}'), BadPayload),
        (ok('{"refRates":["EFFR"]}'), UnknownSymbol),
        (ok("[]"), BadPayload),
        (ok("", 503), Unavailable),
        (ok("", 403), Unavailable),
    ],
)
def test_effrs_failures_are_named(response: object, error: type[ProviderError]) -> None:
    with pytest.raises(error):
        Effr("https://m.example").parse_figure(POLICY, response)  # type: ignore[arg-type]


def test_fred_with_a_key() -> None:
    request = API.figure_requests(of("core-pce", date(2019, 9, 30)))[0]
    assert request.where == "fred.example/fred/series/observations"
    assert request.params["api_key"] == KEY
    assert (request.params["observation_start"], request.params["observation_end"]) == ("2017-04-13", "2019-09-30")
    rows = '{"realtime_start":"x","date":"2026-09-01","value":"130.764"},{"date":"2026-10-01","value":"."}'
    body = f'{{"observations":[{rows}]}}'
    found = API.parse_figure(PRICES, ok(body))
    assert dict(found.values) == {date(2026, 9, 1): 130.764}
    assert found.monthly


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (ok(f'{{"error_message":"The value for variable api_key {KEY} is not registered."}}', 400), AuthRefused),
        (ok('{"error_code":400,"error_message":"Bad Request. The series does not exist."}', 400), UnknownSymbol),
        (ok('{"error_code":400,"error_message":"Bad Request."}', 400), BadPayload),
        (ok("[1]", 400), BadPayload),
        (ok("?", 400), BadPayload),
        (ok("", 423, {"retry-after": "7"}), RateLimited),
        (ok("", 429), RateLimited),
        (ok("{}"), BadPayload),
        (ok('{"observations":[{"date":"2026-09-01"}]}'), BadPayload),
        (ok('{"observations":[]}'), UnknownSymbol),
    ],
)
def test_freds_failures_are_named_without_the_key(response: object, error: type[ProviderError]) -> None:
    with pytest.raises(error) as caught:
        API.parse_figure(PRICES, response)  # type: ignore[arg-type]
    assert KEY not in str(caught.value)
    assert type(caught.value) is error


def test_the_key_does_not_show() -> None:
    assert KEY not in repr(API)
    assert KEY not in API.figure_requests(PRICES)[0].where


@pytest.mark.parametrize("header", ["observation_date,PCEPILFE", "DATE,PCEPILFE", "date,value"])
def test_fred_without_a_key_reads_columns_by_position(header: str) -> None:
    source = FredCsv("https://csv.example")
    request = source.figure_requests(PRICES)[0]
    assert (request.url, request.params["id"]) == ("https://csv.example/graph/fredgraph.csv", "PCEPILFE")
    assert request.params["coed"] == "2026-11-21"
    body = PCE_CSV.replace("observation_date,PCEPILFE", header)
    assert dict(source.parse_figure(PRICES, ok(body)).values) == {date(2025, 9, 1): 126.955, date(2026, 9, 1): 130.764}


@pytest.mark.parametrize(
    ("response", "error"),
    [
        (ok("", 404), UnknownSymbol),
        (ok("<html><body>Sorry</body></html>"), BadPayload),
        (ok("Error 404"), BadPayload),
        (ok("DATE,DFF\nyesterday,1\n"), BadPayload),
        (ok("DATE,DFF\n\n2026-01-01,.\n"), UnknownSymbol),
    ],
)
def test_the_keyless_failures_are_named(response: object, error: type[ProviderError]) -> None:
    with pytest.raises(error):
        FredCsv("https://csv.example").parse_figure(POLICY, response)  # type: ignore[arg-type]


def test_holdings_and_their_sectors() -> None:
    source = IwmHoldings("https://i.example")
    assert source.figure_requests(QUERY)[0].url.endswith("/ishares-russell-2000-etf/latest-holdings.csv")
    found = source.parse_figure(QUERY, ok(HOLDINGS))
    assert (found.fund, found.day, len(found.rows)) == ("IWM", date(2026, 11, 18), 4)
    assert found.rows[0].market_value == 450_123_456.10
    assert sector_weights(found.rows) == {"Industrials": 0.75, "Health Care": 0.43}


def test_holdings_in_the_older_schema() -> None:
    assert len(parse_holdings(HOLDINGS.replace("Quantity", "Shares").encode()).rows) == 4


@pytest.mark.parametrize(
    "text",
    [
        "nothing here\n",
        HOLDINGS.replace("Sector", "Branch"),
        HOLDINGS.replace("Nov 18, 2026", "-"),
        HOLDINGS.replace("Fund Holdings as of", "Holdings"),
        HOLDINGS.split('"AAA"')[0],
    ],
)
def test_other_holdings_files_are_bad_payloads(text: str) -> None:
    with pytest.raises(BadPayload):
        parse_holdings(text.encode())


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1,234.5", 1234.5),
        (" 3 ", 3.0),
        (7, 7.0),
        ("NA", None),
        (".", None),
        ("", None),
        (None, None),
        (True, None),
        ("nan", None),
        ("inf", None),
        ("-", None),
        ([], None),
    ],
)
def test_figures_in_cells(cell: object, value: float | None) -> None:
    assert figure(cell) == value
