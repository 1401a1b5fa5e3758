"""Currency crosses and the policy gap: properties, published figures, and the rules of dates."""

from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UserError
from bot.market.rates import (
    Estimate,
    Estimates,
    Inflation,
    Policy,
    Quarter,
    RateTable,
    Readings,
    dollar_index,
    easter,
    fixing_day,
    latest_estimate,
    latest_inflation,
    latest_policy,
    newest_fixing,
    policy_gap,
    quarter_of,
    stale_fixing,
    stance_of,
)

NAN = float("nan")
rates = st.floats(min_value=1e-6, max_value=1e8, allow_nan=False)


def test_the_dollar_index_by_the_contracts_own_formula() -> None:
    """ICE writes it with traded pairs; the bank's fixings of 31 December 2024 (ICE's own close that day: 108.49)."""
    found = table(
        ["2024-12-30", "2024-12-31"],
        USD=[1.0444, 1.0389], JPY=[163.0, 163.06], GBP=[NAN, 0.82918], CAD=[1.5, 1.4948], SEK=[11.4, 11.459],
        CHF=[0.94, 0.9412],
    )  # fmt: skip
    eurusd, usdjpy, gbpusd = 1.0389, 163.06 / 1.0389, 1.0389 / 0.82918
    usdcad, usdsek, usdchf = 1.4948 / 1.0389, 11.459 / 1.0389, 0.9412 / 1.0389
    by_hand = (
        50.14348112 * eurusd**-0.576 * usdjpy**0.136 * gbpusd**-0.119 * usdcad**0.091 * usdsek**0.042 * usdchf**0.036
    )
    days, level = dollar_index(found)
    assert [str(day) for day in days] == ["2024-12-31"], "a day without all six has none"
    assert level.tolist() == [pytest.approx(by_hand, rel=1e-12)]
    assert abs(level[0] / 108.49 - 1) < 0.005


def test_the_dollar_index_without_a_currency() -> None:
    with pytest.raises(KeyError):
        dollar_index(table(["2024-12-31"], USD=[1.0389], JPY=[163.06]))


def table(days: list[str], **columns: list[float]) -> RateTable:
    values = {code: np.array(column) for code, column in columns.items()}
    return RateTable(np.array(days, dtype="datetime64[D]"), values)


WEEK = table(
    ["2025-12-30", "2025-12-31", "2026-01-02"],
    USD=[1.175, 1.175, 1.17],
    BGN=[1.9558, 1.9558, NAN],
    NEW=[NAN, 2.0, 2.1],
    ISK=[140.0, NAN, 141.0],
    BAD=[1.0, 1.0, 0.0],
)


@given(a=rates, b=rates, c=rates)
def test_triangles_close_and_inverses_cancel(a: float, b: float, c: float) -> None:
    one = table(["2026-01-02"], AAA=[a], BBB=[b], CCC=[c])
    for codes in (("AAA", "BBB", "CCC"), ("EUR", "AAA", "BBB"), ("CCC", "EUR", "AAA")):
        x, y, z = codes
        assert abs(one.rate(x, y).value * one.rate(y, z).value * one.rate(z, x).value - 1) < 1e-9
        assert abs(one.rate(x, y).value * one.rate(y, x).value - 1) < 1e-12
        assert one.rate(x, x).value == 1.0


def test_the_worked_cross_rates() -> None:
    """A worked table of 31 December 2015: EURUSD 1.0907, GBPUSD 1.4804, JPYUSD .008308."""
    one = table(["2015-12-31"], USD=[1.0907], GBP=[1.0907 / 1.4804], JPY=[1.0907 / 0.008308])
    assert one.rate("EUR", "GBP").value == pytest.approx(0.7368, abs=5e-5)
    assert one.rate("USD", "JPY").value == pytest.approx(120.37, abs=5e-3)
    assert one.rate("EUR", "JPY").value == pytest.approx(131.28, abs=5e-3)


def test_the_last_fixing_on_or_before_the_date_answers() -> None:
    assert WEEK.rate("EUR", "USD").date == date(2026, 1, 2)
    assert WEEK.rate("EUR", "USD", date(2026, 1, 1)).date == date(2025, 12, 31)
    assert WEEK.rate("EUR", "USD", date(2030, 1, 1)).date == date(2026, 1, 2)
    assert WEEK.goes_on_after(date(2026, 1, 1))
    assert not WEEK.goes_on_after(date(2026, 1, 2))


@pytest.mark.parametrize(
    ("code", "on", "error", "says"),
    [
        ("XYZ", None, "unknown_symbol", "USD"),
        ("USD", date(2025, 1, 1), "too_little_history", "2025-12-30"),
        ("NEW", date(2025, 12, 30), "too_little_history", "start on 2025-12-31"),
        ("ISK", date(2025, 12, 31), "missing_bars", "between 2025-12-30 and 2026-01-02"),
        ("BGN", None, "missing_bars", "2025-12-31"),
        ("BAD", None, "missing_bars", "published on 2026-01-02 no"),
    ],
)
def test_a_missing_rate_is_never_guessed(code: str, on: date | None, error: str, says: str) -> None:
    for base, quote in ((code, "EUR"), ("EUR", code), (code, code)):
        with pytest.raises(UserError) as caught:
            WEEK.rate(base, quote, on)
        assert caught.value.code == error
        assert says in caught.value.message


def test_a_currency_that_ended_long_ago_says_so() -> None:
    old = table(["2022-03-01", "2026-01-02"], RUB=[117.2, NAN], USD=[1.1, 1.2])
    with pytest.raises(UserError, match=r"no longer publishes .* RUB: the last one is of 2022-03-01"):
        old.rate("RUB", "USD")


def test_history_keeps_the_days_that_both_have() -> None:
    days, values = WEEK.history("ISK", "USD")
    assert [str(day) for day in days] == ["2025-12-30", "2026-01-02"]
    assert values == pytest.approx([1.175 / 140.0, 1.17 / 141.0])
    assert WEEK.history("EUR", "USD", date(2025, 12, 31))[1].size == 2


def test_joined_tables_keep_the_first_ones_figures() -> None:
    late = table(["2026-01-02", "2026-01-05"], USD=[9.9, 1.18], NEW=[NAN, 2.2])
    both = WEEK.joined(late)
    assert both.rate("EUR", "USD", date(2026, 1, 2)).value == 1.17
    assert both.rate("EUR", "NEW").value == 2.2
    assert both.currencies == ("EUR", "BAD", "BGN", "ISK", "NEW", "USD")


@pytest.mark.parametrize(
    ("days", "columns"),
    [
        ([], {}),
        (["2026-01-02", "2026-01-01"], {"USD": [1.0, 1.0]}),
        (["2026-01-02"], {"USD": [1.0, 1.0]}),
        (["2026-01-02"], {"EUR": [1.0]}),
    ],
)
def test_a_wrong_table_cannot_be_built(days: list[str], columns: dict[str, list[float]]) -> None:
    with pytest.raises(ValueError, match="rate table"):
        table(days, **columns)


@pytest.mark.parametrize(
    ("year", "day"), [(2000, "04-23"), (2008, "03-23"), (2019, "04-21"), (2026, "04-05"), (2038, "04-25")]
)
def test_easter_is_on_the_published_sundays(year: int, day: str) -> None:
    assert easter(year) == date.fromisoformat(f"{year}-{day}")


def test_fixing_days_are_those_of_target() -> None:
    closed = ["2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-10-31"]
    assert not any(fixing_day(date.fromisoformat(day)) for day in closed)
    assert fixing_day(date(2026, 10, 30))
    assert newest_fixing(date(2026, 4, 6)) == date(2026, 4, 2)


def test_a_fixing_is_stale_once_the_next_should_be_there() -> None:
    friday = date(2026, 10, 30)
    assert stale_fixing(friday, None, datetime(2026, 11, 2, 17, 59, tzinfo=UTC)) is None
    assert "2026-11-02" in (stale_fixing(friday, None, datetime(2026, 11, 2, 18, tzinfo=UTC)) or "")
    assert stale_fixing(friday, date(2026, 11, 1), datetime(2026, 12, 1, tzinfo=UTC)) is None
    assert stale_fixing(friday, date(2026, 11, 2), datetime(2026, 12, 1, tzinfo=UTC)) is not None


def quarters(first: Quarter, values: list[float]) -> dict[Quarter, float]:
    start = first.position
    return {Quarter((start + i) // 4, (start + i) % 4 + 1): value for i, value in enumerate(values)}


OLD = Estimates("HLW", quarters(Quarter(2018, 3), [0.8, 0.7, 0.6, 0.508]))
NEW = Estimates("HLW", quarters(Quarter(2018, 3), [1.3, 1.2, 1.1, 1.0, 1.05, 0.9]))


def test_a_quarter_counts_sixty_days_after_its_end() -> None:
    """2019Q2 ends on 30 June; 60 days later is 29 August."""
    before = latest_estimate([OLD], date(2019, 8, 28))
    after = latest_estimate([OLD], date(2019, 8, 29))
    assert before == Estimate("HLW", 0.6, Quarter(2019, 1), Quarter(2019, 2), later_vintage=True)
    assert after == Estimate("HLW", 0.508, Quarter(2019, 2), Quarter(2019, 2))


def test_the_edition_nearest_to_the_date_is_read() -> None:
    own = latest_estimate([NEW, OLD], date(2019, 9, 30))
    later = latest_estimate([NEW, OLD], date(2019, 12, 15))
    assert own is not None
    assert later is not None
    assert (own.r_star_pct, str(own.vintage), own.later_vintage) == (0.508, "2019Q2", False)
    assert (later.r_star_pct, str(later.quarter), later.later_vintage) == (1.05, "2019Q3", True)
    assert latest_estimate([NEW, OLD]) == Estimate("HLW", 0.9, Quarter(2019, 4), Quarter(2019, 4))
    assert latest_estimate([OLD], date(2018, 10, 1)) is None


DAILY = Readings("EFFR", {date(2023, 5, 30): 5.08, date(2023, 5, 31): 5.09})
MONTHS = Readings("FEDFUNDS", {date(2023, 4, 1): 4.83, date(2023, 5, 1): 5.06}, monthly=True)


def test_the_policy_rate_is_the_newest_published() -> None:
    assert latest_policy([MONTHS], date(2023, 5, 31)) == Policy("FEDFUNDS", 4.83, date(2023, 4, 1), monthly=True)
    assert latest_policy([MONTHS], date(2023, 6, 1)) == Policy("FEDFUNDS", 5.06, date(2023, 5, 1), monthly=True)
    assert latest_policy([MONTHS, DAILY]) == Policy("EFFR", 5.09, date(2023, 5, 31), monthly=False)
    assert latest_policy([MONTHS, DAILY], date(2023, 5, 31)) == Policy("EFFR", 5.08, date(2023, 5, 30), monthly=False)
    assert latest_policy([DAILY], date(2023, 5, 30)) is None


def test_inflation_is_over_twelve_months_and_published_thirty_days_later() -> None:
    prices = Readings(
        "PCEPILFE", {date(2022, 5, 1): 114.0, date(2023, 5, 1): 119.7, date(2023, 6, 1): 120.0}, monthly=True
    )
    found = latest_inflation(prices)
    assert found is not None, "June has no month before it; May has"
    assert found.month == date(2023, 5, 1)
    assert found.rate_pct == pytest.approx(5.0)
    assert latest_inflation(prices, date(2023, 6, 30)) == found
    assert latest_inflation(prices, date(2023, 6, 29)) is None


def estimate(value: float, quarter: str = "2023Q2", model: str = "HLW") -> Estimate:
    q = Quarter(int(quarter[:4]), int(quarter[5]))
    return Estimate(model, value, q, q)


def policy(rate: float, day: date = date(2023, 9, 1)) -> Policy:
    return Policy("EFFR", rate, day, monthly=False)


FLAT = Inflation(0.0, date(2023, 8, 1))


@pytest.mark.parametrize(
    ("gap", "stance"),
    [(0.51, "tight"), (0.5, "neutral"), (0.0, "neutral"), (-0.5, "neutral"), (-0.51, "loose"), (0.1 + 0.4, "neutral")],
)
def test_the_limits_belong_to_neutral(gap: float, stance: str) -> None:
    assert stance_of(gap) == stance


def test_certainty_needs_more_than_the_width_and_the_spread() -> None:
    assert policy_gap([estimate(0.5)], policy(2.2), FLAT).certain is False, "1.7 itself is not beyond 1.7"
    assert policy_gap([estimate(0.5)], policy(2.3), FLAT).certain is True
    models = [estimate(0.5), estimate(2.5, model="Lubik-Matthes")]
    assert policy_gap(models, policy(2.4), FLAT).certain is False, "the other model says loose"
    sure = policy_gap(models, policy(2.6), FLAT)
    assert (sure.certain, sure.spread) == (True, 2.0)


def test_there_is_no_stance_when_r_star_is_over_four_quarters_older() -> None:
    assert policy_gap([estimate(0.5)], policy(3.0, date(2024, 6, 30)), FLAT).stance == "tight"
    old = policy_gap([estimate(0.5)], policy(3.0, date(2024, 7, 1)), FLAT)
    assert (old.real_rate_pct, old.gap_pct, old.stance, old.certain) == (3.0, None, None, False)
    assert policy_gap([estimate(0.5)], None, FLAT).real_rate_pct is None
    aged = [estimate(0.5), estimate(4.0, "2021Q1", "LW")]
    assert policy_gap(aged, policy(3.0), FLAT).spread == 0.0, "a model that is too old does not count"


@pytest.mark.parametrize(
    ("day", "name", "end"),
    [
        (date(2024, 1, 1), "2024Q1", date(2024, 3, 31)),
        (date(2024, 2, 29), "2024Q1", date(2024, 3, 31)),
        (date(2024, 3, 31), "2024Q1", date(2024, 3, 31)),
        (date(2024, 4, 1), "2024Q2", date(2024, 6, 30)),
        (date(2025, 6, 30), "2025Q2", date(2025, 6, 30)),
        (date(2025, 7, 1), "2025Q3", date(2025, 9, 30)),
        (date(2025, 10, 1), "2025Q4", date(2025, 12, 31)),
        (date(2025, 12, 31), "2025Q4", date(2025, 12, 31)),
    ],
)
def test_quarters_of_the_calendar(day: date, name: str, end: date) -> None:
    assert str(quarter_of(day)) == name
    assert quarter_of(day).end == end


@given(st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_quarters_hold_their_days(day: date) -> None:
    theirs = pd.Period(day, "Q")
    ours = quarter_of(day)
    assert (ours.year, ours.number, ours.end) == (theirs.year, theirs.quarter, theirs.end_time.date())
    assert ours.position - Quarter(1990, 1).position == (theirs - pd.Period("1990Q1")).n
