"""Bars in another currency: every number worked out by hand from four fixings."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from bot.errors import UserError
from bot.market.bars import Bars
from bot.market.conversion import converted
from bot.market.rates import RateTable

# Units per euro.
DAYS = np.array(["2026-10-01", "2026-10-02", "2026-10-05", "2026-10-06"], dtype="datetime64[D]")
TABLE = RateTable(
    DAYS,
    {
        "USD": np.array([1.10, 1.20, 1.25, 1.00]),
        "GBP": np.array([0.80, 0.80, 1.00, 0.50]),
        "RUB": np.array([90.0, np.nan, np.nan, np.nan]),
        "XXX": np.full(4, np.nan),
    },
)


def bars(days: list[str], closes: list[float], **columns: np.ndarray) -> Bars:
    return Bars(
        "VOD.L", np.array(days, dtype="datetime64[D]"), np.array(closes), "split", "fake", currency="GBP", **columns
    )


def test_each_bar_by_the_last_fixing_on_or_before_its_day() -> None:
    given = bars(["2026-10-02", "2026-10-03", "2026-10-05", "2026-10-07"], [2.0, 2.0, 4.0, 3.0])
    found = converted(given, TABLE, "GBP", "USD")
    # 1.20/0.80 = 1.5, the same on the Saturday; 1.25/1.00; 1.00/0.50 of the day before.
    assert found.close.tolist() == pytest.approx([3.0, 3.0, 5.0, 6.0])
    assert found.currency == "USD"
    roc = 100 * (found.close[-1] / found.close[0] - 1)
    assert roc == pytest.approx(100 * (1.5 * (2.0 / 1.5) - 1))  # price +50 %, pound +33.3 %: +100 %


def test_all_prices_and_no_volume() -> None:
    given = bars(
        ["2026-10-01", "2026-10-02"],
        [2.0, 3.0],
        open=np.array([1.0, 2.0]),
        high=np.array([4.0, np.nan]),
        volume=np.array([100.0, 200.0]),
    )
    found = converted(given, TABLE, "GBP", "EUR")
    assert found.open is not None
    assert found.high is not None
    assert found.volume is not None
    assert found.open.tolist() == pytest.approx([1.25, 2.5])
    assert found.high[0] == pytest.approx(5.0)
    assert np.isnan(found.high[1])
    assert found.low is None
    assert found.volume.tolist() == [100.0, 200.0]


def test_bars_before_the_first_fixing_are_left_out() -> None:
    found = converted(bars(["2026-09-29", "2026-09-30", "2026-10-01"], [1.0, 1.0, 1.0]), TABLE, "EUR", "USD")
    assert found.dates.tolist() == [date(2026, 10, 1)]
    assert found.close.tolist() == pytest.approx([1.10])


@pytest.mark.parametrize(
    ("days", "base", "code", "reason"),
    [
        (["2026-09-01", "2026-09-02"], "GBP", "too_little_history", "no ECB reference rates of GBP in USD"),
        (["2026-10-01", "2026-10-30"], "GBP", "missing_bars", "last reference rate of GBP in USD is of 2026-10-06"),
        (["2026-10-01", "2026-10-30"], "RUB", "missing_bars", "last reference rate of RUB in USD is of 2026-10-01"),
        (["2026-10-01", "2026-10-02"], "XXX", "unknown_symbol", "“XXX” is not a currency"),
        (["2026-10-01", "2026-10-02"], "QAR", "unknown_symbol", "“QAR” is not a currency"),
    ],
)
def test_without_a_fixing_it_is_refused_by_name(days: list[str], base: str, code: str, reason: str) -> None:
    with pytest.raises(UserError, match=reason) as refused:
        converted(bars(days, [1.0] * len(days)), TABLE, base, "USD")
    assert refused.value.code == code


def test_two_currencies_that_were_never_fixed_on_one_day() -> None:
    apart = RateTable(DAYS[:2], {"USD": np.array([1.1, np.nan]), "GBP": np.array([np.nan, 0.8])})
    with pytest.raises(UserError, match="no ECB reference rates of GBP in USD"):
        converted(bars(["2026-10-02"], [1.0]), apart, "GBP", "USD")
