"""The 80 worked rows of the reference and its table of S&P 500 rallies, on real series."""

from __future__ import annotations

import csv

import pytest

from bot.market.momentum import last_roc
from bot.market.rally import rallies, rally, rally_labels, rally_name
from bot.market.ranges import range_name, range_state
from tests.market.shared_series import SHARED, needs_shared, series

pytestmark = [pytest.mark.shared, needs_shared]

ROWS_FILE = SHARED / "market-states-reference.csv"


def _rows() -> list[dict[str, str]]:
    if not ROWS_FILE.exists():
        return []
    with ROWS_FILE.open(newline="") as file:
        return list(csv.DictReader(file))


def _agrees(text: str, value: object) -> bool:
    """Whether `value` rounds to `text`, half a unit of its last digit allowed."""
    if not text or value is None or isinstance(value, str):
        return (text or None) == value
    decimals = len(text.partition(".")[2])
    return abs(float(text) - float(str(value))) <= 0.5000001 * 10.0**-decimals


def test_all_rows_are_there() -> None:
    assert len(_rows()) == 80


@pytest.mark.parametrize("row", _rows(), ids=lambda row: f"{row['symbol']}-{row['as_of']}")
def test_row(row: dict[str, str]) -> None:
    real = series(row["symbol"])
    close = real.close[: real.bars_to(row["as_of"])]
    state, band = rally(close), range_state(close)

    def day(bar: int | None) -> str | None:
        return None if bar is None else real.dates[bar]

    found = {
        "close": close[-1],
        "rally_state": state.state,
        "low_date": day(state.low_bar),
        "high_date": day(state.high_bar),
        "confirmed_date": day(state.confirmed_bar),
        "range_state": band.state,
        **{
            name: getattr(state, name)
            for name in ("low", "gain_pct", "theta_pct", "consistency", "end_reason")
        },
        **{
            name: getattr(band, name)
            for name in (
                "confidence", "support", "resistance", "support_tests", "resistance_tests", "window",
                "width_pct", "position_pct", "age_bars", "recent_low", "recent_high",
            )
        },
    }  # fmt: skip
    assert found.keys() | {"symbol", "as_of"} == row.keys()
    wrong = {name: (row[name], value) for name, value in found.items() if not _agrees(row[name], value)}
    assert not wrong
    assert (rally_name(close), range_name(close)) == (state.state, band.state)


@pytest.mark.parametrize(
    ("low", "low_close", "confirmed", "high", "high_close", "gain", "reason"),
    [
        ("1998-10-08", 959.44, "1998-10-19", "1999-07-16", 1418.78, 47.9, "reversal"),
        ("2001-09-21", 965.80, "2001-10-03", "2002-01-04", 1172.51, 21.4, "reversal"),
        ("2002-10-09", 776.76, "2002-10-17", "2002-11-27", 938.87, 20.9, "reversal"),
        ("2008-11-20", 752.44, "2008-11-28", "2009-01-06", 934.70, 24.2, "giveback"),
        ("2009-03-09", 676.53, "2009-03-23", "2010-04-23", 1217.28, 79.9, "reversal"),
        ("2016-02-11", 1829.08, "2016-03-01", "2018-01-26", 2872.87, 57.1, "reversal"),
    ],
)
def test_sp500_rallies(
    *, low: str, low_close: float, confirmed: str, high: str, high_close: float, gain: float, reason: str
) -> None:
    real = series("^GSPC")
    found = next(one for one in rallies(real.close) if real.dates[one.low] == low)
    assert (real.dates[found.confirmed], real.dates[found.high]) == (confirmed, high)
    assert real.close[found.low] == pytest.approx(low_close, abs=0.005)
    assert real.close[found.high] == pytest.approx(high_close, abs=0.005)
    assert 100 * (real.close[found.high] / real.close[found.low] - 1) == pytest.approx(gain, abs=0.051)
    assert found.reason == reason


@pytest.mark.parametrize(
    ("symbol", "as_of", "low", "high", "tests", "age", "confidence"),
    [
        ("^GSPC", "2000-08-31", 1333.4, 1527.5, (4, 4), 213, 0.95),
        ("^GSPC", "2004-08-05", 1080.7, 1157.8, (4, 3), 157, 0.87),
    ],
)
def test_known_ranges(
    *, symbol: str, as_of: str, low: float, high: float, tests: tuple[int, int], age: int, confidence: float
) -> None:
    real = series(symbol)
    found = range_state(real.close[: real.bars_to(as_of)])
    assert found.state == "range_bound"
    assert found.support == pytest.approx(low, abs=0.06)
    assert found.resistance == pytest.approx(high, abs=0.06)
    assert (found.resistance_tests, found.support_tests) == tests
    assert found.age_bars == age
    assert found.confidence == pytest.approx(confidence, abs=0.006)


@pytest.mark.parametrize(
    ("symbol", "as_of", "state"),
    [
        ("^VIX", "2018-02-05", "breaking_out_up"),
        ("^GSPC", "2017-10-31", "trending_up"),
        ("^GSPC", "2008-10-10", "trending_down"),
    ],
)
def test_known_states(symbol: str, as_of: str, state: str) -> None:
    real = series(symbol)
    assert range_name(real.close[: real.bars_to(as_of)]) == state


@pytest.mark.parametrize(
    ("symbol", "as_of", "periods", "percent", "digits"),
    [
        ("IWM", "2017-11-10", 10, -2.1497, 4), ("SPY", "2017-11-10", 10, 0.1475, 4),
        ("IWB", "2017-11-10", 10, 0.1046, 4), ("QQQ", "2017-11-10", 10, 1.6133, 4),
        ("^GSPC", "2008-10-10", 12, -24.17, 2), ("^GSPC", "2008-10-10", 21, -28.01, 2),
        ("^GSPC", "2018-12-31", 252, -6.72, 2),
    ],
)  # fmt: skip
def test_known_roc(symbol: str, as_of: str, periods: int, percent: float, digits: int) -> None:
    real = series(symbol)
    assert last_roc(real.close[: real.bars_to(as_of)], periods) == pytest.approx(percent, abs=0.51 * 10**-digits)


def test_labels_do_not_change_with_what_comes_later() -> None:
    close = series("^GSPC").close[:1500]
    labels = rally_labels(close)
    for bars in range(100, 1500, 50):
        assert (rally_labels(close[:bars]) == labels[:bars]).all()
