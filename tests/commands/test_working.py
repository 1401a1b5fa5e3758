"""`working`: every printed number computed again from the CSV alone, by code that shares nothing with the bot's."""

from __future__ import annotations

import csv
import io
import math
import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.working import alternations
from bot.commands.declaration import Registry
from bot.commands.reading import parse_context, read_typed
from bot.commands.working import working
from bot.desk import Desk
from bot.language.entities.tables import guarded
from bot.market.range_windows import ALTERNATIONS_P
from bot.providers.prices.csv_folder import CsvFolder
from bot.render.reply import Reply
from tests.commands.market_desk import ask, ask_json, series_of, session_days, walk, with_prices
from tests.market.shared_series import SHARED, needs_shared
from tests.providers.building import Clock

DOWN_UP = np.concatenate([np.full(200, -0.006), np.full(120, 0.006)])
RISEN = 100 * np.exp(np.cumsum(DOWN_UP + 0.002 * np.sin(np.arange(320))))
WAVE = 100 * np.exp(0.03 * np.sin(np.arange(400) * np.pi / 10) + 0.001 * np.sin(np.arange(400) * 1.7))


def table(data: dict[str, Any]) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data["csv"])))


def closes(data: dict[str, Any], column: int = 1) -> list[float]:
    return [float(row[column]) for row in table(data)[1:]]


def step(data: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in data["working"] if one["name"] == name)


def printed(text: str) -> float:
    """The number after the last equals sign of a line, as people read it."""
    found = re.search(r"= ([+−-]?[\d.,]+)", text[text.rindex("= ") :])
    assert found is not None
    return float(found[1].replace(",", "").replace("−", "-").replace("+", ""))


async def test_roc_from_the_csv_alone(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", walk(1500, 3)))
    data = (await ask_json(here, registry, "!working roc IWM 10"))["data"]
    used = closes(data)
    assert len(used) == 11
    assert table(data)[0] == ["date", "close"]
    again = (used[-1] / used[0] - 1) * 100
    assert step(data, "Numbers")["value"] == pytest.approx(again)
    assert printed(step(data, "Numbers")["text"]) == pytest.approx(again, abs=5e-5)
    answer = await ask_json(here, registry, "!roc IWM 10")
    assert answer["data"]["rows"][0]["roc_pct"] == pytest.approx(again)
    assert step(data, "Percentile")["value"] == answer["data"]["rows"][0]["percentile"]
    assert data["bars"] == {"count": 11, "first": str(session_days(11)[0]), "last": "2026-03-04", "symbols": ["IWM"]}


async def test_compare_from_the_csv_alone(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", walk(400, 1)), series_of("SPY", walk(400, 2)))
    data = (await ask_json(here, registry, "!working compare IWM SPY 21"))["data"]
    assert table(data)[0] == ["date", "IWM", "SPY"]
    a, b = closes(data, 1), closes(data, 2)
    assert len(a) == 400
    relative = ((a[-1] / a[-22]) / (b[-1] / b[-22]) - 1) * 100
    assert step(data, "Relative")["value"] == pytest.approx(relative)
    assert printed(step(data, "Relative")["text"]) == pytest.approx(relative, abs=5e-5)
    ratios = [p / q for p, q in zip(a, b, strict=True)]
    assert step(data, "Percentile")["value"] == pytest.approx(sum(r <= ratios[-1] for r in ratios) / len(ratios))
    x = np.log(np.array([a[-22:], b[-22:]]))
    assert step(data, "Correlation")["value"] == pytest.approx(np.corrcoef(np.diff(x))[0, 1])
    answer = (await ask_json(here, registry, "!compare IWM SPY"))["data"]
    assert answer["relative_pct"] == pytest.approx(relative)


def check_rally(data: dict[str, Any], answer: dict[str, Any]) -> None:
    """The lines of a rally's working against the CSV and against the answer."""
    used = closes(data)
    days = [row[0] for row in table(data)[1:]]
    logs = [math.log(used[i] / used[i - 1]) for i in range(1, len(used))]
    tail = logs[-250:]
    sigma = math.sqrt(sum(r * r for r in tail) / len(tail))
    theta = min(0.60, max(0.01, 1.5 * sigma * math.sqrt(21)))
    assert step(data, "Threshold θ")["value"] == pytest.approx(100 * (math.exp(theta) - 1))
    assert answer["theta_pct"] == pytest.approx(100 * (math.exp(theta) - 1))
    low = used[days.index(answer["low_date"])]
    assert step(data, "Gain from the low")["value"] == pytest.approx(100 * (used[-1] / low - 1))
    assert step(data, "Sessions since the low")["value"] == len(used) - 1 - days.index(answer["low_date"])
    peak = used[days.index(answer["peak_date"])]
    assert step(data, "Fall before the low")["value"] == pytest.approx(100 * (low / peak - 1))
    if answer["high_date"] is None:
        return
    high = used[days.index(answer["high_date"])]
    gain, fall = math.log(high / low), math.log(high / used[-1])
    assert step(data, "Fall from the high")["value"] == pytest.approx(fall)
    assert step(data, "Share of the gain given back")["value"] == pytest.approx(fall / gain)
    ends = high * math.exp(-min(theta, gain, max(0.618 * gain, theta / 2)))
    assert answer["ends_below"] == pytest.approx(ends)
    assert printed(step(data, "Would end it")["text"]) == pytest.approx(ends, rel=1e-8)


async def test_rally_from_the_csv_alone(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", RISEN))
    data = (await ask_json(here, registry, "!working rally IWM"))["data"]
    answer = (await ask_json(here, registry, "!rally IWM"))["data"]
    assert answer["state"] == "rally"
    assert step(data, "State")["text"] == "rally"
    check_rally(data, answer)


def check_range(data: dict[str, Any], answer: dict[str, Any]) -> None:
    """The lines of a band's working against the CSV and against the answer."""
    used, n = closes(data), int(step(data, "Window")["value"])
    assert n == answer["window"]
    until = re.search(r"up to (\d{4}-\d\d-\d\d)", step(data, "Window")["text"])
    assert until is not None
    end = [row[0] for row in table(data)].index(until[1])
    window = used[end - n - 1 : end]
    low, high = min(window), max(window)
    assert (low, high) == pytest.approx((answer["support"], answer["resistance"]))
    assert step(data, "Width")["value"] == pytest.approx(100 * (high / low - 1))
    assert step(data, "Position")["value"] == pytest.approx(100 * (used[-1] - low) / (high - low))
    total = sum(math.log(window[i] / window[i - 1]) ** 2 for i in range(1, len(window)))
    rho = math.log(high / low) / math.sqrt(total) + 0.95 / math.sqrt(n)
    assert step(data, "Movement for its size")["value"] == pytest.approx(rho)
    tails = [k * math.erfc(k * rho / math.sqrt(2)) / 2 for k in range(1, 61)]
    p_width = 1 - 8 * sum(tail if k % 2 == 0 else -tail for k, tail in enumerate(tails))
    p = step(data, "Chance")["value"]
    assert any(p == pytest.approx(float(one), abs=1e-9) for one in (max(p_width, 0), *ALTERNATIONS_P))
    assert p <= max(p_width, 0) + 1e-9
    known = (0.0, 0.0005, 0.0014, 0.0032, 0.0047, 0.01, 0.0151, 0.0152, 0.02, 0.0365)
    ranks = (1.0, 0.995, 0.987, 0.976, 0.955, 0.93, 0.905, 0.87, 0.853, 0.8)
    assert p <= known[-1]
    assert answer["confidence"] == pytest.approx(np.interp(p, known, ranks))


async def test_range_from_the_csv_alone(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", WAVE))
    data = (await ask_json(here, registry, "!working range IWM"))["data"]
    answer = (await ask_json(here, registry, "!range IWM"))["data"]
    assert answer["state"] == "range_bound"
    assert step(data, "State")["text"] == "in a range"
    assert len(closes(data)) == 262
    check_range(data, answer)


async def test_trend_from_the_csv_alone(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", RISEN))
    data = (await ask_json(here, registry, "!working range IWM"))["data"]
    x = [math.log(close) for close in closes(data)]
    r = [after - before for before, after in pairwise(x)]
    usual = sum(v * v for v in r[-250:]) / 250
    scores = []
    for n in (20, 40, 63, 126):
        s = math.sqrt(min(sum(v * v for v in r[-n:]) / n, usual))
        scores.append((x[-1] - x[-1 - n]) / (s * math.sqrt(n)))
    assert step(data, "Trend")["value"] == pytest.approx(max(scores, key=abs))
    assert step(data, "Rank as a trend")["value"] >= step(data, "Rank as a trend")["limit"]


async def test_the_file_is_the_csv(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("^RUT", walk(300), adjustment="index"))
    reply = await ask(here, registry, "!working rally RUT")
    assert reply.data is not None
    (file,) = reply.attachments
    assert file.filename == "rally--rut-2026-03-04.csv"
    assert file.content.decode() == reply.data["csv"]
    assert file.alt


def test_no_cell_is_a_formula() -> None:
    for cell in ("=1+1", "+x", "-x", "@x", "\tx", "\rx"):
        assert guarded(cell) == f"'{cell}"
    assert guarded("^GSPC") == "^GSPC"


async def test_negative_prices_stay_numbers(desk: Desk, registry: Registry) -> None:
    oil = walk(900)
    oil[100] = -36.98
    days = session_days(901)[:900]
    here = with_prices(
        desk, series_of("WTI", oil, days=days, adjustment="raw"), series_of("BTC-USD", walk(900), days=days)
    )
    data = (await ask_json(here, registry, "!working compare WTI BTC 21"))["data"]
    assert "-36.98" in data["csv"]
    assert min(closes(data)) == -36.98
    rally = (await ask_json(here, registry, "!working rally WTI"))["data"]
    assert min(closes(rally)) > 0


@pytest.mark.parametrize(
    ("question", "code", "says"),
    [
        ("!working", "bad_input", "needs roc or rally"),
        ("!working roc", "bad_input", "needs two or more symbols"),
        ("!working roc IWM SPY", "bad_input", "takes 1 symbol; I read IWM, SPY"),
        ("!working compare IWM", "bad_input", "takes 2 symbols; I read IWM"),
        ("!working roc IWM 400", "too_little_history", "needs 401"),
        ("!working roc QQQ", "missing_bars", "17 Feb 2026"),
        ("!working roc DIA 20", "missing_bars", "lack 1 session"),
        ("!working roc WTI 20", "not_positive", "-5"),
        ("!working range WTI", "not_positive", "-5"),
        ("!working roc ZZZZ", "unknown_symbol", "ZZZZ"),
    ],
)
async def test_what_has_no_number_has_no_working(
    desk: Desk, registry: Registry, question: str, code: str, says: str
) -> None:
    bad = walk(300)
    bad[-15] = -5
    here = with_prices(
        desk,
        series_of("IWM", walk(300)),
        series_of("SPY", walk(300)),
        series_of("DIA", bad),
        series_of("WTI", bad),
        series_of("QQQ", walk(29), days=session_days(30, without=["2026-02-17"])),
    )
    if "QQQ" in question:
        question += " 20"
    reply = await ask(here, registry, question)
    assert reply.error is not None
    assert reply.error.code == code
    assert says in reply.headline
    assert not reply.attachments


async def test_short_and_flat_series(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", walk(15)), series_of("SPY", [20.0] * 300))
    rally = (await ask_json(here, registry, "!working rally IWM"))["data"]
    assert step(rally, "Closes")["limit"] == 61
    band = (await ask_json(here, registry, "!working range IWM"))["data"]
    assert step(band, "Closes")["limit"] == 21
    flat = (await ask_json(here, registry, "!working range SPY"))["data"]
    assert "equal" in step(flat, "Movement")["text"]
    level = (await ask_json(here, registry, "!working rally SPY"))["data"]
    assert step(level, "Threshold θ")["value"] == pytest.approx(100 * (math.exp(0.01) - 1))
    roc = (await ask_json(here, registry, "!working roc IWM"))["data"]
    assert [one["name"] for one in roc["working"]] == ["Formula", "Numbers"]


def test_what_people_type(desk: Desk) -> None:
    call = read_typed(working, "range russell 2000 asof:2020-01-02", parse_context(desk))
    assert dict(call.options) == {"what": "range", "symbol": "^RUT", "as_of": "2020-01-02"}
    call = read_typed(working, "compare IWM SPY 63", parse_context(desk))
    assert dict(call.options) == {"what": "compare", "symbols": ["IWM", "SPY"], "periods": 63}


@pytest.mark.parametrize("question", ["!roc IWM 10", "!rally IWM", "!range IWM", "!compare IWM SPY 21"])
async def test_the_button_leads_to_the_same_number(desk: Desk, registry: Registry, question: str) -> None:
    here = with_prices(desk, series_of("IWM", WAVE), series_of("SPY", walk(400)))
    reply: Reply = await ask(here, registry, question)
    button = next(one for one in reply.buttons if one.label == "Show working")
    assert button.private
    assert len(button.ask) < 95
    shown = await ask(here, registry, button.ask)
    assert shown.ok
    assert shown.freshness is not None
    assert reply.freshness is not None
    assert shown.freshness.as_of == reply.freshness.as_of


@given(st.lists(st.sampled_from("sr"), max_size=20))
def test_alternations(sides: list[str]) -> None:
    slow, last = 0, ""
    for side in sides:
        slow += side != last
        last = side
    places = {kind: [i for i, side in enumerate(sides) if side == kind] for kind in "sr"}
    assert alternations(places["s"], places["r"]) == slow


@needs_shared
@pytest.mark.parametrize("day", ["2008-10-10", "2009-06-01", "2012-06-01", "2015-12-01", "2016-12-01", "2017-11-10"])
@pytest.mark.parametrize("symbol", ["IWM", "EUR/USD"])
async def test_real_series(desk: Desk, registry: Registry, symbol: str, day: str) -> None:
    here = with_prices(replace(desk, clock=Clock()), CsvFolder(SHARED / "data"))
    data = (await ask_json(here, registry, f"!working rally {symbol} asof:{day}"))["data"]
    check_rally(data, (await ask_json(here, registry, f"!rally {symbol} asof:{day}"))["data"])
    answer = (await ask_json(here, registry, f"!range {symbol} asof:{day}"))["data"]
    if answer["support"] is not None:
        check_range((await ask_json(here, registry, f"!working range {symbol} asof:{day}"))["data"], answer)


@pytest.mark.parametrize(
    ("question", "what"),
    [
        ("!roc IWM 10", "roc IWM 10"),
        ("!rally IWM", "rally IWM"),
        ("!range IWM", "range IWM"),
        ("!compare IWM SPY 63", "compare IWM SPY 63"),
        ("!rank IWM SPY QQQ 63", "roc IWM 63"),
        ("!rank SPY IWM QQQ by rally", "rally IWM"),
        ("!scan 63", "roc IWM 63"),
        ("!chart IWM 100", "roc IWM 100"),
        ("!quote IWM", "roc IWM 1"),
        ("!index RUT", "roc ^RUT 21"),
    ],
)
@pytest.mark.parametrize("date", ["", " asof:2025-06-02"])
async def test_every_answer_leads_to_its_working_of_the_same_day(
    desk: Desk, registry: Registry, question: str, what: str, date: str
) -> None:
    """The working that is led to computes the figure of the answer's own headline, or the state of its first line."""
    reply = await ask(desk, registry, question + date)
    (button,) = [one for one in reply.buttons if one.ask.startswith("!working")]
    assert reply.freshness is not None
    first, last_day = button.ask.removeprefix("!working ").split(" asof:")
    assert first.split()[0] == what.split(maxsplit=1)[0]
    assert last_day == str(reply.freshness.as_of)
    if question.startswith(("!rank", "!scan")):
        assert first.split()[1] == reply.data["rows"][0]["symbol"]  # type: ignore[index]
    else:
        assert first == what
    shown = await ask(desk, registry, button.ask)
    assert shown.ok
    assert shown.attachments[0].filename.endswith(".csv")


async def test_several_rates_of_change_have_a_working_each(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!roc IWM 5 21 SPY")
    asks = [(one.label, one.ask.split(" asof:")[0]) for one in reply.buttons if one.ask.startswith("!working")]
    assert asks == [
        ("Working of IWM 5", "!working roc IWM 5"),
        ("Working of IWM 21", "!working roc IWM 21"),
        ("Working of SPY 5", "!working roc SPY 5"),
    ]
