"""`python -m bot replay`: one object on standard output, and what each recorded reply means."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main
from bot.console.replay import MAX_FILE, read, symbol_of
from bot.market.symbols import FILE, read_book
from bot.providers.contract import Response
from bot.render.envelope import clean
from tests.market.shared_series import SHARED
from tests.providers.building import CALENDAR
from tests.providers.macro.files import EFFR, HLW_2023, HOLDINGS, LM_BOOK, LW_BOOK, PCE_CSV

REPLIES = Path(__file__).parents[1] / "providers" / "replies"
BOOK = read_book(FILE.read_bytes())
NOW = "2026-11-20T15:00:00Z"
RECORDED = SHARED / "provider-replies"


@pytest.fixture
def replay(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    for name in [name for name in os.environ if name.startswith("RANGEFINDER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda _: None)

    def run(*arguments: str) -> tuple[int, Any, str]:
        status = main(["replay", *arguments])
        told = capsys.readouterr()
        return status, json.loads(told.out) if told.out else None, told.err

    return run


def kept(folder: Path, name: str, body: str | bytes) -> str:
    path = folder / name
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return str(path)


def test_a_history(replay: Any) -> None:
    status, found, _ = replay("nasdaq", "history", "IWM", str(REPLIES / "nasdaq" / "good.json"), "--now", NOW)
    assert status == 0
    assert found == {
        "ok": True,
        "bars": 3,
        "first": "2026-11-16",
        "last": "2026-11-18",
        "close": 241.5,
        "volume": 21000000.0,
        "currency": "USD",
        "adjustment": "split",
    }


def test_a_quote_after_hours(replay: Any) -> None:
    file = str(REPLIES / "quotes" / "nasdaq_after_hours.json")
    status, found, _ = replay("nasdaq", "quote", "IWM", file, "--now", "2026-11-19T00:30:00")
    assert status == 0
    assert (found["price"], found["previous_close"], found["change_pct"]) == (241.5, 240.0, pytest.approx(0.625))
    assert found["time"] == "2026-11-18T21:00:00+00:00"
    assert found["extended"] == {"price": 239.0, "time": "2026-11-19T00:26:00+00:00"}
    assert (found["session"], found["delay"], found["currency"]) == ("post", "delayed", "USD")


@pytest.mark.parametrize(
    ("provider", "symbol", "body", "expected"),
    [
        ("hlw", "-", HLW_2023, {"name": "HLW", "count": 2, "first": "2023Q1", "last": "2023Q2", "value": 0.569}),
        ("lw", "-", LW_BOOK, {"name": "LW", "count": 2, "first": "2023Q1", "last": "2023Q2", "value": 0.6}),
        ("lm", "-", LM_BOOK, {"name": "Lubik-Matthes", "last": "2023Q2", "value": 2.3}),
        ("effr", "-", EFFR, {"name": "EFFR", "count": 2, "first": "2026-11-18", "last": "2026-11-19", "value": 3.62}),
        ("fred-csv", "PCEPILFE", PCE_CSV, {"name": "PCEPILFE", "count": 2, "last": "2026-09-01", "value": 130.764}),
        ("ishares", "IWM", HOLDINGS, {"name": "IWM", "count": 4, "last": "2026-11-18", "value": pytest.approx(1.31)}),
    ],
)
def test_a_figure(
    replay: Any, tmp_path: Path, provider: str, symbol: str, body: str | bytes, expected: dict[str, Any]
) -> None:
    status, found, _ = replay(provider, "figure", symbol, kept(tmp_path, "reply", body), "--now", NOW)
    assert status == 0
    assert found["ok"]
    assert {name: found[name] for name in expected} == expected


def test_a_refusal_is_an_answer(replay: Any, tmp_path: Path) -> None:
    file = kept(tmp_path, "r", '{"detail": "Error: Ticker not found"}')
    status, found, _ = replay("tiingo", "history", "ZZZZ", file)
    assert (status, found) == (0, {"ok": False, "error": {"code": "unknown_symbol", "message": "no such symbol"}})
    _, found, _ = replay("tiingo", "history", "ZZZZ", file, "--status", "429")
    assert found["error"]["code"] == "unknown_symbol", "the sentence says more than the status"
    _, found, _ = replay("nasdaq", "history", "IWM", str(REPLIES / "nasdaq" / "unordered.json"), "--now", NOW)
    assert found["error"]["code"] == "suspect"
    _, found, _ = replay("cboe", "quote", "AAPL", kept(tmp_path, "p", "<html>"), "--content-type", "text/html")
    assert found["error"]["code"] == "bad_payload"


def test_a_call_that_is_wrong(replay: Any, tmp_path: Path) -> None:
    good = str(REPLIES / "nasdaq" / "good.json")
    for arguments, told in (
        (("stooq", "history", "IWM", good), "There is no provider stooq here"),
        (("tiingo", "quote", "IWM", good), "tiingo has no quote here, but history"),
        (("nasdaq", "figure", "IWM", good), "nasdaq has no figure here, but history and quote"),
        (("nasdaq", "history", "IWM", str(tmp_path / "none")), "There is no file"),
        (("nasdaq", "history", "IWM", str(tmp_path)), "There is no file"),
    ):
        status, found, said = replay(*arguments)
        assert (status, found) == (2, None)
        assert told in said
    big = tmp_path / "big"
    with big.open("wb") as file:
        file.truncate(MAX_FILE + 1)
    assert "larger than any reply" in replay("nasdaq", "history", "IWM", str(big))[2]
    with pytest.raises(SystemExit):
        main(["replay", "nasdaq", "history", "IWM", good, "--now", "yesterday"])


def test_symbols_outside_the_book_are_of_the_kind_they_look_like() -> None:
    kinds = {
        "^FTSE": "index", "CHF/JPY": "fx", "0P000071W8.TO": "unknown", "ORSTED.CO": "stock", "PEPE-USD": "crypto",
        "IWM": "fund", "XAU/USD": "metal", "US10Y": "yield", "ES=F": "future", "WTI": "commodity",
    }  # fmt: skip
    assert {text: symbol_of(text, BOOK).kind for text in kinds} == kinds


@pytest.mark.parametrize(
    ("provider", "kind", "symbol", "file", "meant"),
    [
        ("treasury", "history", "US10Y", "treasury/good.xml", {"close": 4.28, "last": "2026-11-18", "currency": None}),
        ("treasury", "history", "US30Y", "treasury/csv.csv", {"close": 4.81, "bars": 3, "adjustment": "fix"}),
        ("swissquote", "quote", "XAU/USD", "quotes/swissquote_good.json", {"price": 4389.5, "previous_close": None}),
        ("nbp", "history", "XAU/USD", "nbp/good.json", {"close": pytest.approx(15993.40777), "currency": "PLN"}),
        ("coinbase", "history", "BTC-USD", "coinbase/good.json", {"close": 241.5, "first": "2026-11-16"}),
        ("coinbase", "quote", "BTC-USD", "quotes/coinbase_good.json", {"price": 241.9, "session": "always_open"}),
        ("alphavantage", "history", "IWM", "alphavantage/good.json", {"close": 241.5, "adjustment": "raw"}),
        ("fred", "history", "BRENT", "fred/good.json", {"close": 61.47, "currency": "USD"}),
        ("fred-csv", "history", "WTI", "fred-csv/good.csv", {"close": 61.47, "adjustment": "raw"}),
        ("ecb", "history", "^DXY", "ecb/good.zip", {"ok": False}),
    ],
)
def test_the_sources_of_the_world(
    replay: Any, provider: str, kind: str, symbol: str, file: str, meant: dict[str, Any]
) -> None:
    status, found, _ = replay(provider, kind, symbol, str(REPLIES / file), "--content-type", "", "--now", NOW)
    assert status == 0
    assert {name: found[name] for name in meant} == meant


def test_a_source_of_quotes_alone_has_no_history(replay: Any) -> None:
    file = str(REPLIES / "quotes" / "swissquote_good.json")
    assert "swissquote has no history here, but quote" in replay("swissquote", "history", "XAU/USD", file)[2]


def test_a_yield_says_what_it_is_counted_in() -> None:
    body = b'{"data": [{"date": "2026-11-18", "close": "47.24"}]}'
    found = read("cboe", "history", symbol_of("^TNX", BOOK), Response(200, body), datetime.fromisoformat(NOW))
    assert (found["close"], found["scale"]) == (47.24, 0.1)


def recorded() -> list[dict[str, Any]]:
    path = RECORDED / "expected.jsonl"
    return [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []


@pytest.mark.shared
@pytest.mark.skipif(not recorded(), reason="no ../shared/provider-replies")
@pytest.mark.parametrize("case", recorded(), ids=lambda case: f"{case['file']}-{case['status']}-{case['symbol']}")
async def test_real_replies(case: dict[str, Any]) -> None:
    response = Response(case["status"], (RECORDED / case["file"]).read_bytes(), case["content_type"])
    now = datetime.fromisoformat(case["now"])
    sessions = await CALENDAR.sessions(datetime(2026, 11, 30, tzinfo=UTC).date())
    found = clean(read(case["provider"], case["kind"], symbol_of(case["symbol"], BOOK), response, now, sessions))
    for name, value in case["expect"].items():
        if name == "error":
            assert found["error"]["code"] == value
        elif name == "time_day":
            assert found["time"].startswith(value)
        elif isinstance(value, int | float):
            places = len(str(value).partition(".")[2])
            assert found[name] == pytest.approx(value, abs=0.51 * 10**-places)
        else:
            assert found[name] == value


def nasdaq(status: str, primary: tuple[str, str | None, str], secondary: tuple[str, str, str] | None = None) -> Any:
    """A quote as Nasdaq writes it: price, change and time of the newest price, and of the close."""
    names = ("lastSalePrice", "netChange", "lastTradeTimestamp")
    first = {name: value for name, value in zip(names, primary, strict=True) if value is not None}
    second = None if secondary is None else dict(zip(names, secondary, strict=True))
    found = {"marketStatus": status, "primaryData": first, "secondaryData": second}
    return {"data": found, "status": {"rCode": 200}}


EMPTY_FUND = (
    'iShares Russell 2000 ETF\nFund Holdings as of,"-"\n\nTicker,Name,Sector,Asset Class,Market Value,Weight (%)\n'
)
EURO_FUND = (
    'Fund Holdings as of,"26/Aug/2026"\n\nTicker,Name,Sector,Asset Class,Market Value,Weight (%),Shares\n'
    '"AAA","ALPHA","Industrials","Equity","12,171.74","7.68","58.00"\n'
)
SHAPES: list[tuple[str, str, str, int, Any, dict[str, Any] | str]] = [
    # A listing's morning: the close is dated without "Closed at", and has a change of its own.
    ("nasdaq", "quote", "NFLX", 200, nasdaq("Pre-Market", ("$71.53", "-0.19", "Sep 25, 2026 8:58 AM ET"),
     ("$71.72", "-0.50", "Sep 24, 2026 4:00 PM ET")), {"price": 71.53, "previous_close": 71.72}),
    # In the session a second price may stay from the day before.
    ("nasdaq", "quote", "NFLX", 200, nasdaq("Market Open", ("$71.90", "0.37", "Sep 25, 2026 10:58 AM ET"),
     ("$71.72", "-0.50", "Sep 24, 2026 4:00 PM ET")), {"price": 71.90, "previous_close": 71.53, "extended": None}),
    # "After Hours" without a hyphen, four decimals.
    ("nasdaq", "quote", "IREN", 200, nasdaq("After Hours", ("$41.2907", "-0.3593", "Sep 3, 2026 6:14 PM ET"),
     ("$41.65", "+2.05", "Closed at Sep 3, 2026 4:00 PM ET")), {"price": 41.65, "previous_close": 39.60}),
    # A date alone, and no change at all.
    ("nasdaq", "quote", "ZZZZ", 200, nasdaq("Closed", ("$168.01", None, "Jul 10, 2026")),
     {"price": 168.01, "previous_close": None, "time": "2026-07-10T20:00:00+00:00"}),
    ("nasdaq", "quote", "NFLX", 200, nasdaq("Open", ("$71.6993", "", "Sep 25, 2026 10:02 AM ET")),
     {"price": 71.6993, "previous_close": None}),
    ("nasdaq", "quote", "TSM", 200, nasdaq("Closed", ("$83.43", "UNCH", "Sep 24, 2026")),
     {"price": 83.43, "previous_close": 83.43, "change_pct": 0.0}),
    ("nasdaq", "quote", "NFLX", 200, nasdaq("Closed", ("N/A", "N/A", "")), "unknown_symbol"),
    # Limits and refusals in prose or as an object, with status 200.
    ("tiingo", "history", "AAPL", 200, "You have run over your 500 symbol look up for this month. Please upgrade.",
     "quota_exhausted"),
    ("tiingo", "history", "AAPL", 200, {"detail": "You have run over your 50 unique symbols"}, "quota_exhausted"),
    ("tiingo", "history", "AAPL", 200, {"detail": "Error: You have run over your hourly request allocation."},
     "rate_limited"),
    ("twelvedata", "history", "VOD", 200, {"code": 400, "message": "**symbol** not found: VODX", "status": "error"},
     "unknown_symbol"),
    ("twelvedata", "history", "VOD", 200, {"code": 403, "message": "is not available with your plan",
     "status": "error"}, "plan"),
    ("yahoo", "history", "ZZZZ", 200, {"chart": {"result": None, "error": {
     "description": "No data found, symbol may be delisted"}}}, "unknown_symbol"),
    ("yahoo", "history", "ZZZZ", 429, "Too Many Requests", "rate_limited"),
    ("kraken", "history", "BTC-USD", 200, {"error": ["EGeneral:Temporary lockout"]}, "rate_limited"),
    ("kraken", "history", "BTC-USD", 200, {"error": ["EGeneral:Invalid arguments"], "result": None}, "unavailable"),
    ("kraken", "history", "BTC-USD", 200, {"error": ["EQuery:Unknown asset pair: XX"]}, "unknown_symbol"),
    ("kraken", "history", "BTC-USD", 200, {"error": [], "result": {"BTC/USD": [
     [1794873600, "1", "2", "1", "1.5", "1.5", "9", 4]], "last": 1}}, {"close": 1.5, "last": "2026-11-17"}),
    ("binance", "history", "BTC-USD", 200, {"code": -1121, "msg": "Invalid symbol."}, "unknown_symbol"),
    ("binance", "history", "BTC-USD", 200, {"code": 0, "msg": "Service unavailable from a restricted location"},
     "unavailable"),
    ("fred", "figure", "EFFR", 400, {"error_code": 400, "error_message": "Bad Request.  Variable api_key is not set."},
     "auth"),
    ("fred", "figure", "NOPE", 400, {"error_code": 400, "error_message": "Bad Request.  The series does not exist."},
     "unknown_symbol"),
    ("ishares", "figure", "IWM", 200, EMPTY_FUND, "bad_payload"),
    ("ishares", "figure", "IWM", 200, EURO_FUND, {"last": "2026-08-26", "count": 1, "value": 7.68}),
    # A venue's last print, its close, and a previous close that has moved on.
    ("cboe", "quote", "MRVL", 200, {"timestamp": "2026-08-18 11:20:00", "data": {"current_price": 236.2,
     "close": 234.33, "prev_day_close": 234.33, "price_change": 12.31, "last_trade_time": "2026-08-17T15:59:59"}},
     {"price": 234.33, "previous_close": None}),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "kind", "symbol", "status", "body", "expected"), SHAPES)
def test_shapes_that_were_seen(
    provider: str, kind: str, symbol: str, status: int, body: Any, expected: dict[str, Any] | str
) -> None:
    """Facts of public recordings and reports, each in a body of our own."""
    content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    now = datetime.fromisoformat("2026-11-30T15:00:00+00:00")
    found = clean(read(provider, kind, symbol_of(symbol, BOOK), Response(status, content), now))
    if isinstance(expected, str):
        assert found["error"]["code"] == expected
    else:
        wanted = {name: pytest.approx(value) if isinstance(value, float) else value for name, value in expected.items()}
        assert {name: found[name] for name in expected} == wanted
