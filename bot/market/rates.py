"""Currency rates, and the policy rate against r-star. Pure.

Currencies: a `RateTable` holds one institution's fixings as units per euro; everything else is a cross of two of
them, so that A/B = (B per euro) / (A per euro), B/A is its inverse and any triangle closes. Full precision inside;
rounding is for whoever shows the number.

Policy: r* is a real rate. real rate = policy rate - 100 (I_t / I_{t-12} - 1), I the core PCE price index in its own
newest month; gap = real rate - r*. In words, with sources: docs/methods.md, "The r-star gap" and "Currencies" (Holston,
Laubach and Williams 2017, 2023; the limits of 0.5 are a convention, 1.7 points the width that the New York Fed reports
for investors' views).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.errors import UserError, quoted
from bot.market.bars import DateArray

HOME = "EUR"
DOLLAR_INDEX: Mapping[str, float] = {
    "EUR": 0.576, "JPY": 0.136, "GBP": 0.119, "CAD": 0.091, "SEK": 0.042, "CHF": 0.036,
}  # fmt: skip
"""The weights of the currencies in ICE's U.S. Dollar Index, by its contract's formula."""
_DOLLAR_INDEX_SCALE = 50.14348112
_FIXED_BY_HOUR = 18
_HOLE_DAYS = 14
QUARTER_LAG = timedelta(days=60)
PRICES_LAG = timedelta(days=30)
ZONE = 0.5
WIDE = 1.7
MOST_QUARTERS = 4
Stance = Literal["tight", "neutral", "loose"]


@dataclass(frozen=True, slots=True)
class Rate:
    """Units of `quote` for one `base`, from the fixings of one day; the euro legs are what it was made from."""

    base: str
    quote: str
    value: float
    date: date
    base_per_euro: float
    quote_per_euro: float


class RateTable:
    """Reference rates of one institution: units per euro, by day and currency.

    `days` are strictly increasing; `values` hold one array per currency, NaN on days without a rate. Raises
    ValueError when they do not fit together.
    """

    def __init__(self, days: DateArray, values: Mapping[str, NDArray[np.float64]]) -> None:
        if not days.size or not bool((days[1:] > days[:-1]).all()):
            msg = "the days of a rate table are not strictly increasing"
            raise ValueError(msg)
        if any(column.shape != days.shape for column in values.values()) or HOME in values:
            msg = "the columns of a rate table do not fit its days"
            raise ValueError(msg)
        self.days = days
        self._values = dict(values)

    @property
    def per_euro(self) -> Mapping[str, NDArray[np.float64]]:
        """Units per euro by currency, one value per day."""
        return self._values

    @property
    def currencies(self) -> tuple[str, ...]:
        """Every currency that has had a rate, the euro first."""
        known = [code for code, column in self._values.items() if bool(_usable(column).any())]
        return (HOME, *sorted(known))

    @property
    def first_day(self) -> date:
        """The first day with fixings."""
        day: date = self.days[0].item()
        return day

    @property
    def last_day(self) -> date:
        """The newest day with fixings."""
        day: date = self.days[-1].item()
        return day

    def rate(self, base: str, quote: str, on: date | None = None) -> Rate:
        """Units of `quote` for one `base`, by the last fixing on or before `on`.

        Raises UserError: unknown_symbol for a code that never had a rate, too_little_history before the first one,
        missing_bars where a currency has none at that fixing. Never a rate of another day than that of the fixing.
        """
        row = self._row(on)
        day: date = self.days[row].item()
        per_base, per_quote = self._at(base, row, day), self._at(quote, row, day)
        value = 1.0 if base == quote else per_quote / per_base
        return Rate(base, quote, value, day, per_base, per_quote)

    def history(self, base: str, quote: str, on: date | None = None) -> tuple[DateArray, NDArray[np.float64]]:
        """The days on which both currencies have a rate, up to `on`, and the cross on each. Raises UserError."""
        stop = self._row(on) + 1
        per_base, per_quote = self._column(base)[:stop], self._column(quote)[:stop]
        both = _usable(per_base) & _usable(per_quote)
        return self.days[:stop][both], per_quote[both] / per_base[both]

    def goes_on_after(self, day: date) -> bool:
        """Whether there is a later fixing than that of `day`."""
        return self.last_day > day

    def joined(self, other: RateTable) -> RateTable:
        """Both tables in one. Where both have a rate for a day, this table's stands."""
        days = np.union1d(self.days, other.days)
        values: dict[str, NDArray[np.float64]] = {}
        for table in (other, self):
            places = np.searchsorted(days, table.days)
            for code, column in table._values.items():  # noqa: SLF001  another of its own kind
                into = values.setdefault(code, np.full(days.size, np.nan))
                good = _usable(column)
                into[places[good]] = column[good]
        return RateTable(days, values)

    def _row(self, on: date | None) -> int:
        if on is None:
            return self.days.size - 1
        row = int(np.searchsorted(self.days, np.datetime64(on, "D"), side="right")) - 1
        if row < 0:
            raise UserError(f"The reference rates here start on {self.first_day}.", "too_little_history")
        return row

    def _column(self, code: str) -> NDArray[np.float64]:
        if code == HOME:
            return np.ones(self.days.size)
        column = self._values.get(code)
        if column is None or not bool(_usable(column).any()):
            live = [known for known in self.currencies if self._live(known)]
            raise UserError(
                f"{quoted(code)} is not a currency with an ECB reference rate. There are: {', '.join(live)}.",
                "unknown_symbol",
            )
        return column

    def _live(self, code: str) -> bool:
        return code == HOME or bool(_usable(self._values[code][-1:]).all())

    def _at(self, code: str, row: int, day: date) -> float:
        column = self._column(code)
        value = float(column[row])
        if value > 0 and value < np.inf:
            return value
        raise self._absent(code, column, row, day)

    def _absent(self, code: str, column: NDArray[np.float64], row: int, day: date) -> UserError:
        """Why a currency has no rate at a fixing: not yet, no longer, or not in between."""
        known = np.flatnonzero(_usable(column))
        before, after = known[known < row], known[known > row]
        if not before.size:
            return UserError(
                f"The ECB's reference rates for {code} start on {self.days[after[0]]}.", "too_little_history"
            )
        last = self.days[before[-1]].item()
        if after.size:
            return UserError(
                f"The ECB published no reference rate for {code} on {day}: there is none between {last} and "
                f"{self.days[after[0]]}.",
                "missing_bars",
            )
        ended = "no longer publishes a" if (day - last).days > _HOLE_DAYS else f"published on {day} no"
        return UserError(
            f"The ECB {ended} reference rate for {code}: the last one is of {last}. Rates up to that day can be asked "
            f"for with asof:{last}.",
            "missing_bars",
        )


def _usable(column: NDArray[np.float64]) -> NDArray[np.bool_]:
    return np.isfinite(column) & (column > 0)


def dollar_index(rates: RateTable) -> tuple[DateArray, NDArray[np.float64]]:
    """The days on which all its currencies have a rate, and on each what ICE's formula makes of them.

    I = 50.14348112 prod_c (units of c per US dollar)^w_c, w in `DOLLAR_INDEX`. Units: index points, March 1973 = 100.
    Source: ICE Futures U.S., the contract's specification. It is not ICE's index, which is made of traded rates at
    New York's close. Raises KeyError where a currency never had a rate.
    """
    per_euro = {code: np.ones(rates.days.size) if code == HOME else rates.per_euro[code] for code in DOLLAR_INDEX}
    dollar = rates.per_euro["USD"]
    known = np.logical_and.reduce([_usable(column) for column in (dollar, *per_euro.values())])
    level = np.full(int(known.sum()), _DOLLAR_INDEX_SCALE)
    for code, weight in DOLLAR_INDEX.items():
        level *= (per_euro[code][known] / dollar[known]) ** weight
    return rates.days[known], level


def fixing_day(day: date) -> bool:
    """Whether the ECB fixes on this day: weekdays but the six closing days of TARGET (since 2002)."""
    if day.weekday() >= 5 or (day.month, day.day) in {(1, 1), (5, 1), (12, 25), (12, 26)}:
        return False
    return (day - easter(day.year)).days not in {-2, 1}


def newest_fixing(until: date) -> date:
    """The newest fixing day on or before a day."""
    while not fixing_day(until):
        until -= timedelta(days=1)
    return until


def stale_fixing(last: date, as_of: date | None, now: datetime) -> str | None:
    """Why the newest fixing is stale, or None. Today's counts from 18:00 UTC: it is made about 16:00 in Frankfurt."""
    today = now.astimezone(UTC).date()
    if as_of is not None and as_of < today:
        expected = newest_fixing(as_of)
    else:
        out = now.astimezone(UTC).hour >= _FIXED_BY_HOUR
        expected = newest_fixing(today if out else today - timedelta(days=1))
    if last >= expected:
        return None
    return f"the newest fixing here is of {last}; there should be one of {expected}"


def easter(year: int) -> date:
    """Easter Sunday (anonymous Gregorian computus, Meeus 1991)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    n = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * n) // 451
    month, day = divmod(h + n - 7 * m + 114, 31)
    return date(year, month, day + 1)


class Quarter(NamedTuple):
    """A calendar quarter; `number` 1 to 4."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def position(self) -> int:
        """Quarters since year 0: the difference of two is how many lie between."""
        return self.year * 4 + self.number - 1

    @property
    def end(self) -> date:
        """Its last day."""
        return month_end(date(self.year, self.number * 3, 1))


def quarter_of(day: date) -> Quarter:
    """The quarter that a day lies in."""
    return Quarter(day.year, (day.month + 2) // 3)


def month_end(day: date) -> date:
    """The last day of a day's month."""
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Estimates:
    """One edition of a model's r-star by quarter, in percent. Its vintage is its last quarter."""

    model: str
    values: Mapping[Quarter, float]

    @property
    def vintage(self) -> Quarter:
        """The last quarter that the edition reaches."""
        return max(self.values)


@dataclass(frozen=True, slots=True)
class Estimate:
    """r-star of one model and quarter. `later_vintage`: the edition came out after the date that was asked for."""

    model: str
    r_star_pct: float
    quarter: Quarter
    vintage: Quarter
    later_vintage: bool = False


def latest_estimate(editions: Sequence[Estimates], as_of: date | None = None) -> Estimate | None:
    """The newest quarter that had been published by `as_of`, from the earliest edition that has it; None if none.

    A quarter counts as published 60 days after its end. The earliest edition is the one nearest to what was known.
    """
    counted = {q for e in editions for q in e.values if as_of is None or q.end + QUARTER_LAG <= as_of}
    if not counted:
        return None
    quarter = max(counted)
    edition = min((e for e in editions if quarter in e.values), key=lambda e: e.vintage)
    later = as_of is not None and edition.vintage.end + QUARTER_LAG > as_of
    return Estimate(edition.model, edition.values[quarter], quarter, edition.vintage, later)


@dataclass(frozen=True, slots=True)
class Readings:
    """A dated series such as EFFR or PCEPILFE. Monthly ones are dated to the first day of their month."""

    name: str
    values: Mapping[date, float]
    monthly: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """The policy rate in percent: of one day, or the average of the month that starts on `date`."""

    series: str
    rate_pct: float
    date: date
    monthly: bool


def latest_policy(series: Sequence[Readings], as_of: date | None = None) -> Policy | None:
    """The newest policy rate published by `as_of`; None if none.

    A daily rate counts from the next day, a monthly average from the first day after its month. A daily rate goes
    before the average of the same month.
    """
    best: Policy | None = None
    for one in sorted(series, key=lambda s: s.monthly):
        known = [d for d in one.values if as_of is None or (month_end(d) if one.monthly else d) < as_of]
        if known and (best is None or max(known) > best.date):
            best = Policy(one.name, one.values[max(known)], max(known), one.monthly)
    return best


@dataclass(frozen=True, slots=True)
class Inflation:
    """The change of a price index over twelve months, in percent; `month` is the first day of the later month."""

    rate_pct: float
    month: date


def latest_inflation(prices: Readings, as_of: date | None = None) -> Inflation | None:
    """100 (I_t / I_{t-12} - 1) for the newest month published by `as_of` that has both ends.

    A month counts as published 30 days after its end, about when the BEA releases it.
    """
    for month in sorted(prices.values, reverse=True):
        base = prices.values.get(month.replace(year=month.year - 1))
        if base and (as_of is None or month_end(month) + PRICES_LAG <= as_of):
            return Inflation(100.0 * (prices.values[month] / base - 1.0), month)
    return None


@dataclass(frozen=True, slots=True)
class PolicyGap:
    """The real policy rate against r-star, all in percentage points; None where an input is missing or too old."""

    real_rate_pct: float | None = None
    gap_pct: float | None = None
    stance: Stance | None = None
    certain: bool = False
    spread: float | None = None


def too_old(quarter: Quarter, policy: Policy) -> bool:
    """Whether an r-star quarter is over four quarters older than the policy date."""
    return quarter_of(policy.date).position - quarter.position > MOST_QUARTERS


def policy_gap(estimates: Sequence[Estimate], policy: Policy | None, inflation: Inflation | None) -> PolicyGap:
    """The gap against the first estimate, and whether it can be told from the models' disagreement.

    tight above +0.5, loose below -0.5, neutral between (limits included). certain: |gap| is more than 1.7 points and
    more than the spread, highest less lowest r-star over the models that are not too old: then every model agrees
    on the sign.
    """
    if policy is None or inflation is None:
        return PolicyGap()
    real = policy.rate_pct - inflation.rate_pct
    if not estimates or too_old(estimates[0].quarter, policy):
        return PolicyGap(real)
    current = [e.r_star_pct for e in estimates if not too_old(e.quarter, policy)]
    spread = max(current) - min(current)
    gap = real - estimates[0].r_star_pct
    certain = round(abs(gap) - max(spread, WIDE), 9) > 0
    return PolicyGap(real, gap, stance_of(gap), certain, spread)


def stance_of(gap: float) -> Stance:
    """The word for a gap in percentage points; the limits belong to neutral."""
    rounded = round(gap, 9)
    return "tight" if rounded > ZONE else "loose" if rounded < -ZONE else "neutral"
