"""`rank`: the order, the rows that fail, and how many symbols are too many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.analysis.ranking import RankedSymbol, in_order
from bot.commands.declaration import Registry
from bot.commands.rank import rank
from bot.commands.reading import parse_context, read_named, read_question, read_typed
from bot.desk import Desk
from bot.market.rally import STATES
from bot.market.ranges import range_name
from bot.providers.prices.csv_folder import CsvFolder
from bot.render.state_words import RALLY_ORDER, RANGE_ORDER
from tests.commands.market_desk import ask, ask_json, provider_of, series_of, session_days, walk, with_prices
from tests.market.shared_series import SHARED, needs_shared, series

DOWN_UP = 100 * np.exp(np.cumsum(np.concatenate([np.full(200, -0.006), np.full(120, 0.006)])))
WAVE = 100 * np.exp(0.03 * np.sin(np.arange(400) * np.pi / 10))
FALL = 100 * np.exp(-0.004 * np.arange(300))


async def test_order_by_roc(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", FALL), series_of("SPY", DOWN_UP), series_of("QQQ", WAVE))
    found = await ask_json(here, registry, "!rank IWM SPY QQQ 63")
    rows = found["data"]["rows"]
    assert found["options"] == {"symbols": ["IWM", "SPY", "QQQ"], "periods": 63}
    assert (found["data"]["by"], found["data"]["periods"]) == ("roc", 63)
    assert [row["symbol"] for row in rows] == ["SPY", "QQQ", "IWM"]
    assert rows[0]["roc_pct"] == pytest.approx(100 * (np.exp(0.006 * 63) - 1))
    assert rows[2]["roc_pct"] == pytest.approx(100 * (np.exp(-0.004 * 63) - 1))
    assert [row["range"] for row in rows] == ["trending_up", "range_bound", "trending_down"]
    assert (rows[0]["rally"], rows[2]["rally"]) == ("rally", "declining")
    assert all(row["error"] is None for row in rows)
    lines = found["text"].splitlines()
    assert any(line.startswith("1. SPY: +") and line.endswith("rally · trending up") for line in lines)


async def test_order_by_states(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", FALL), series_of("SPY", DOWN_UP), series_of("QQQ", WAVE))
    rally = await ask_json(here, registry, "!rank IWM SPY QQQ by rally")
    assert rally["data"]["rows"][0]["symbol"] == "SPY"
    assert rally["options"] == {"symbols": ["IWM", "SPY", "QQQ"], "by": "rally"}
    assert "1 of 3 symbols is in a rally" in rally["text"]
    band = await ask_json(here, registry, "!rank IWM SPY QQQ by range")
    assert [row["symbol"] for row in band["data"]["rows"]] == ["QQQ", "SPY", "IWM"]
    assert "1 of 3 symbols is in a trading range" in band["text"]


async def test_failing_symbols_are_named_with_the_reason(desk: Desk, registry: Registry) -> None:
    oil = walk(300, 4)
    oil[-30] = -36.98
    gap = session_days(300, without=["2026-02-17"])
    here = with_prices(
        desk,
        series_of("IWM", walk(300, 1)),
        series_of("SPY", walk(12, 2)),
        series_of("WTI", oil, adjustment="raw"),
        series_of("QQQ", walk(299, 3), days=gap),
        series_of("DIA", [80.0]),
    )
    found = await ask_json(here, registry, "!rank IWM SPY WTI QQQ DIA ZZZZ")
    rows = {row["symbol"]: row for row in found["data"]["rows"]}
    assert found["data"]["rows"][0]["symbol"] == "IWM"
    assert "needs 22" in rows["SPY"]["error"]
    assert "zero or less" in rows["WTI"]["error"]
    assert (rows["WTI"]["rally"], rows["WTI"]["range"]) == (None, None)
    assert "17 Feb 2026" in rows["QQQ"]["error"]
    assert rows["QQQ"]["range"] is not None
    assert "1 bar" in rows["DIA"]["error"]
    assert "no prices for ZZZZ" in rows["ZZZZ"]["error"]
    assert all(row["roc_pct"] is None for name, row in rows.items() if name != "IWM")
    assert "1 symbol by ROC(21)" in found["text"]


@pytest.mark.parametrize(
    ("shelf", "code"),
    [
        ((), "unknown_symbol"),
        ((series_of("IWM", [1.0] * 5), series_of("SPY", [1.0] * 5)), "too_little_history"),
        ((series_of("IWM", [-1.0] * 30), series_of("SPY", [0.0] * 30)), "not_positive"),
    ],
)
async def test_when_all_fail_there_is_no_list(desk: Desk, registry: Registry, shelf: Any, code: str) -> None:
    reply = await ask(with_prices(desk, provider_of(*shelf)), registry, "!rank IWM SPY")
    assert reply.error is not None
    assert reply.error.code == code


async def test_flat_series_rank_as_what_they_are(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", [50.0] * 300), series_of("SPY", [20.0] * 300))
    rows = (await ask_json(here, registry, "!rank IWM SPY"))["data"]["rows"]
    assert [row["roc_pct"] for row in rows] == [0, 0]
    assert [row["range"] for row in rows] == ["unclear", "unclear"]


async def test_year_to_date(desk: Desk, registry: Registry) -> None:
    close = walk(300, 7)
    days = session_days(300).tolist()
    base = max(i for i, day in enumerate(days) if day.year == 2025)
    here = with_prices(desk, series_of("IWM", close), series_of("SPY", close[::-1]))
    rows = (await ask_json(here, registry, "!rank IWM SPY ytd"))["data"]["rows"]
    assert {row["symbol"]: row["roc_pct"] for row in rows}["IWM"] == pytest.approx(100 * (close[-1] / close[base] - 1))


async def test_older_ends_and_stand_ins_are_said(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, series_of("IWM", walk(300)), series_of("SPY", walk(300), days=session_days(310)[:300]))
    found = await ask_json(here, registry, "!rank RUT SPY")
    assert found["freshness"]["as_of"] == str(session_days(11)[0])
    assert found["freshness"]["stale"]
    assert any("IWM stands in" in note for note in found["warnings"])
    assert any("newest bars are of 4 Mar 2026, but of SPY" in note for note in found["warnings"])


@pytest.mark.parametrize(
    ("typed", "options"),
    [
        ("SPY, QQQ and IWM by momentum", {"symbols": ["SPY", "QQQ", "IWM"]}),
        ("SPY QQQ IWM by 3 month momentum", {"symbols": ["SPY", "QQQ", "IWM"], "periods": 63}),
        ("SPY QQQ by 10 day roc", {"symbols": ["SPY", "QQQ"], "by": "roc", "periods": 10}),
        ("KO PEP MCD 1 month", {"symbols": ["KO", "PEP", "MCD"], "periods": 21}),
        ("by range 63 MSFT;AAPL", {"symbols": ["MSFT", "AAPL"], "by": "range", "periods": 63}),
        ("apple microsoft $NOW asof:2024-01-02", {"symbols": ["AAPL", "MSFT", "NOW"], "as_of": "2024-01-02"}),
    ],
)
def test_what_people_type(desk: Desk, typed: str, options: dict[str, Any]) -> None:
    call = read_typed(rank, typed, parse_context(desk))
    assert call.error is None
    assert dict(call.options) == options


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("IWM", "2 symbols or more; I read only IWM"),
        ("IWM SPY by size", "goes by roc or rally or range, not by “size”"),
        (
            " ".join(f"A{chr(65 + i // 26 % 26)}{chr(65 + i % 26)}{chr(65 + i // 676)}" for i in range(100)),
            "At most 25 symbols",
        ),
    ],
)
def test_what_cannot_be_ranked(desk: Desk, typed: str, says: str) -> None:
    call = read_typed(rank, typed, parse_context(desk))
    assert call.error is not None
    assert says in call.error.message


def test_five_hundred_symbols_by_slash(desk: Desk) -> None:
    names = ",".join(f"A{chr(65 + i // 26 % 26)}{chr(65 + i % 26)}{chr(65 + i // 676)}" for i in range(500))
    call = read_named(rank, {"symbols": names, "by": "by rally"}, parse_context(desk))
    assert call.error is not None
    assert "That is 2,499 characters long" in call.error.message


async def test_five_hundred_symbols_typed(desk: Desk, registry: Registry) -> None:
    reply = await ask(desk, registry, "!rank " + " ".join(f"S{i}" for i in range(500)))
    assert reply.error is not None
    assert reply.error.code == "bad_input"


ROWS = st.builds(
    RankedSymbol,
    st.text("ABC", min_size=1, max_size=3),
    st.one_of(st.none(), st.floats(-99, 500)),
    st.one_of(st.none(), st.sampled_from(STATES)),
    st.one_of(st.none(), st.sampled_from([state for state in RANGE_ORDER if state])),
)


@given(st.lists(ROWS, max_size=12), st.sampled_from(["roc", "rally", "range"]))
def test_in_order(rows: list[RankedSymbol], by: Any) -> None:
    ordered = in_order(rows, by)
    assert sorted(map(repr, ordered)) == sorted(map(repr, rows))
    values = [getattr(row, "roc_pct" if by == "roc" else by) for row in ordered]
    known = [value for value in values if value is not None]
    assert values[: len(known)] == known
    if by == "roc":
        assert known == sorted(known, reverse=True)
    else:
        order = RALLY_ORDER if by == "rally" else RANGE_ORDER
        assert [order.index(value) for value in known] == sorted(order.index(value) for value in known)


def test_every_state_has_a_place_and_words() -> None:
    assert set(RALLY_ORDER) == {*STATES, None}
    assert range_name(np.ones(3)) in RANGE_ORDER


@needs_shared
async def test_real_series(desk: Desk, registry: Registry) -> None:
    here = with_prices(desk, CsvFolder(SHARED / "data"))
    found = await ask_json(here, registry, "!rank IWM SPY QQQ IWB 63 asof:2016-12-01")
    slow = {}
    for name in ("IWM", "SPY", "QQQ", "IWB"):
        close = series(name).close[: series(name).bars_to("2016-12-01")]
        slow[name] = 100 * (close[-1] / close[-64] - 1)
    assert [row["symbol"] for row in found["data"]["rows"]] == sorted(slow, key=lambda name: -slow[name])
    assert {row["symbol"]: row["roc_pct"] for row in found["data"]["rows"]} == pytest.approx(slow)


async def test_some_of_the_symbols_is_said_not_to_be_had(desk: Desk, registry: Registry) -> None:
    call = read_question(desk, registry, "!rank IWM SPY QQQ top 1")
    assert call.error is not None
    assert "leave out “top 1”" in call.error.message
