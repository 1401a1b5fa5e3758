"""`python -m bot backtest` against the commands' own answers as of each day."""

from __future__ import annotations

import json
import os
import random
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.__main__ import main
from bot.market.momentum import last_roc
from bot.market.rally import rally
from bot.market.ranges import range_state
from tests.market.shared_series import SHARED, needs_shared, series

CALM = ("2024-01-02", "2024-01-03", "2024-01-04", "2024-01-05", "2024-01-08", "2024-01-09")


@pytest.fixture
def backtest(data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    for name in [name for name in os.environ if name.startswith("RANGEFINDER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("RANGEFINDER_DATA", str(data_dir))
    monkeypatch.setattr("bot.__main__.set_up_logging", lambda _: None)

    def run(alert: str, since: str, until: str, folder: Path) -> tuple[int, Any, str]:
        status = main(["backtest", alert, "--from", since, "--to", until, "--prices", f"csv:{folder}"])
        told = capsys.readouterr()
        return status, json.loads(told.out) if told.out else None, told.err

    return run


def written(folder: Path, *closes: float, name: str = "ABC") -> Path:
    folder.mkdir()
    rows = [f"{day},{close}" for day, close in zip(CALM, closes, strict=True)]
    (folder / f"{name}.csv").write_text("\n".join(("Date,Close", *rows)))
    return folder


def test_a_level_comes_where_it_is_crossed_within_the_span(backtest: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "prices", 99, 101, 99, 100, 101, 102)
    status, found, _ = backtest("ABC price above 100", "2024-01-04", "2024-01-09", folder)
    assert status == 0
    assert found == {
        "symbol": "ABC",
        "condition": "price_above:100",
        "from": "2024-01-04",
        "to": "2024-01-09",
        "fires": ["2024-01-08"],
        "bars": 4,
    }


@pytest.mark.parametrize(
    ("alert", "since", "until", "said"),
    [
        ("ABC price above", "2024-01-02", "2024-01-09", "condition"),
        ("ABC moves:0", "2024-01-02", "2024-01-09", "The level of moves must be above 0"),
        ("ABC bounces", "2024-01-02", "2024-01-09", "Write a symbol and then a condition"),
        ("@everyone price above 1", "2024-01-02", "2024-01-09", "symbol"),
        ("ABC price above 1", "2024-01-09", "2024-01-02", "lies after"),
    ],
)
def test_what_cannot_be_answered_says_why(
    backtest: Any, tmp_path: Path, alert: str, since: str, until: str, said: str
) -> None:
    folder = written(tmp_path / "prices", 99, 101, 99, 100, 101, 102)
    status, found, told = backtest(alert, since, until, folder)
    assert (status, found) == (2, None)
    assert said in told


def test_a_state_has_no_meaning_across_a_price_below_zero(backtest: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "prices", 20, 10, -37, 9, 12, 15, name="CL=F")
    status, found, told = backtest("CL=F rally starts", "2024-01-04", "2024-01-09", folder)
    assert (status, found) == (2, None)
    assert "CL=F closed at -37" in told
    assert backtest("CL=F price below 0.5", "2024-01-02", "2024-01-09", folder)[1]["fires"] == ["2024-01-04"]


def test_what_the_prices_are_is_said_beside_the_object(backtest: Any, tmp_path: Path) -> None:
    folder = written(tmp_path / "prices", 99, 101, -1, 100, 101, 102)
    _, found, told = backtest("ABC moves:5", "2024-01-02", "2030-01-02", folder)
    assert (found["fires"], found["bars"]) == ([], 5)
    assert "ABC: 5 closes from 2 Jan 2024 to 9 Jan 2024, csv" in told
    assert "Note: 1 row with a price of zero or less" in told


def test_a_day_that_is_none_says_how_one_is_written(backtest: Any, tmp_path: Path, capsys: Any) -> None:
    folder = written(tmp_path / "prices", 99, 101, 99, 100, 101, 102)
    with pytest.raises(SystemExit):
        backtest("ABC moves:5", "last week", "2024-01-09", folder)
    assert "a day is written year, month, day: 2024-06-30" in capsys.readouterr().err


def answered(condition: str, close: np.ndarray) -> str | float | None:
    """What the command says at the last close: a state, or a number."""
    kind, _, level = condition.partition(":")
    if kind.startswith("rally"):
        return rally(close).state
    if kind == "range_breaks":
        return range_state(close).state
    if kind.startswith("price"):
        return float(close[-1])
    return last_roc(close, int(level.partition(" over ")[2] or 10))


def comes(condition: str, close: np.ndarray, bar: int) -> bool:
    now, before = answered(condition, close[: bar + 1]), answered(condition, close[:bar])
    kind, _, written_level = condition.partition(":")
    if kind == "rally_starts":
        return now == "rally" and before not in {"rally", "fading"}
    if kind == "rally_ends":
        return now in {"ended", "none", "declining", "attempt"} and before in {"rally", "fading"}
    if kind == "range_breaks":
        out = {"breaking_out_up", "breaking_out_down"}
        return now in out and before not in out
    if not (isinstance(now, float) and isinstance(before, float)):
        return False
    level = float(written_level.partition(" ")[0])
    if kind == "moves":
        return abs(now) > level >= abs(before)
    return now > level >= before if kind.endswith("above") else now < level <= before


@needs_shared
@pytest.mark.shared
@pytest.mark.parametrize("symbol", ["IWM", "SPY"])
@pytest.mark.parametrize(
    "condition",
    ["rally_starts", "rally_ends", "range_breaks", "roc_above:3", "roc_below:-4 over 21", "moves:5", "price_above:{}"],
)
def test_real_prices_day_by_day(backtest: Any, symbol: str, condition: str) -> None:
    real = series(symbol)
    first, last = real.bars_to("2014-12-31"), real.bars_to("2017-06-30")
    condition = condition.format(f"{float(np.median(real.close[first:last])):.2f}")
    status, found, _ = backtest(f"{symbol} {condition}", "2015-01-01", "2017-06-30", SHARED / "data")
    assert status == 0
    assert found["bars"] == last - first
    assert found["condition"] == condition
    fires = set(found["fires"])
    quiet = [bar for bar in range(first, last) if real.dates[bar] not in fires]
    looked = [real.bar(day) for day in fires] + random.Random(7).sample(quiet, 60)
    assert fires
    for bar in looked:
        assert comes(condition, real.close, bar) == (real.dates[bar] in fires), real.dates[bar]
    assert all(date(2015, 1, 1) <= date.fromisoformat(day) <= date(2017, 6, 30) for day in fires)
