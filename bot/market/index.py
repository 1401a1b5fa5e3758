"""Index facts: what indices are, when they are reconstituted or reviewed, market value and sector weights. Pure.

The Russell calendar's rule and the announced dates with their sources are `reconstitution.json`; what is known of other
indices, with its sources, is `index_facts.json`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import fsum, isfinite
from pathlib import Path
from typing import Any, NamedTuple

from bot.errors import UserError

FILE = Path(__file__).with_name("reconstitution.json")
FACTS_FILE = FILE.with_name("index_facts.json")
FRIDAY = 4
_FIRST_YEAR, _NEVER = 2010, 9999


class Event(NamedTuple):
    """One reconstitution: after the close of `day`, effective on the Monday after.

    `rank_day` is when companies are ranked by size, None where no source says; `announced` is False for a date that
    only the rule gives.
    """

    day: date
    rank_day: date | None
    announced: bool

    @property
    def effective(self) -> date:
        """The first session of the new membership."""
        return self.day + timedelta(days=3)


class Rule(NamedTuple):
    """One yearly event: the `friday`-th Friday of `month` from `first_year` on, ranked at the end of `rank_month`."""

    month: int
    friday: int
    first_year: int
    rank_month: int
    rank_from: int


class Reconstitution(NamedTuple):
    """Where a date stands in the calendar. An event on the date itself is the next one: it happens after the close."""

    last: date | None
    next: date
    effective: date
    rank_day: date | None
    announced: bool


class ReconstitutionCalendar:
    """The reconstitution calendar."""

    def __init__(self, rules: Sequence[Rule], announced: Mapping[tuple[int, int], Event]) -> None:
        self._rules = sorted(rules, key=lambda rule: rule.month)
        self._announced = dict(announced)
        self.first_year = min(rule.first_year for rule in rules)

    def events(self, year: int) -> tuple[Event, ...]:
        """The events of a year in order; announced dates go before those of the rule."""
        held = [rule for rule in self._rules if year >= rule.first_year]
        return tuple(self._announced.get((year, rule.month)) or _by_rule(year, rule) for rule in held)

    def reconstitution(self, as_of: date) -> Reconstitution:
        """The last event before a date and the next one. Raises UserError before the calendar starts."""
        if as_of.year < self.first_year:
            raise UserError(f"The reconstitution calendar here starts in {self.first_year}.", "too_little_history")
        near = [event for year in range(as_of.year - 1, as_of.year + 2) for event in self.events(year)]
        past = [event for event in near if event.day < as_of]
        coming = next(event for event in near if event.day >= as_of)
        last = past[-1].day if past else None
        return Reconstitution(last, coming.day, coming.effective, coming.rank_day, coming.announced)


def _by_rule(year: int, rule: Rule) -> Event:
    rank = last_weekday(year, rule.rank_month) if year >= rule.rank_from else None
    return Event(nth_friday(year, rule.month, rule.friday), rank, announced=False)


def nth_friday(year: int, month: int, n: int) -> date:
    """The n-th Friday of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(FRIDAY - first.weekday()) % 7 + 7 * (n - 1))


def last_weekday(year: int, month: int) -> date:
    """The last Monday to Friday of a month; in April and October no holiday falls on it."""
    day = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return day - timedelta(days=max(0, day.weekday() - FRIDAY))


def read_calendar(content: bytes) -> ReconstitutionCalendar:
    """The calendar from the bytes of `reconstitution.json`."""
    table: dict[str, Any] = json.loads(content)
    rule = table["rule"]
    june, december, first = rule["june"], rule["december"], rule["first_year"]
    rules = (
        Rule(6, june["friday"], first, june["rank_month"], june["rank_month_from"]),
        Rule(12, december["friday"], december["from"], december["rank_month"], december["from"]),
    )
    announced = {
        (row["year"], row["month"]): Event(
            date.fromisoformat(row["date"]),
            date.fromisoformat(row["rank_day"]) if "rank_day" in row else None,
            announced=True,
        )
        for row in table["announced"]
    }
    return ReconstitutionCalendar(rules, announced)


class IndexFacts(NamedTuple):
    """What is known of an index besides its level; what no source says is None.

    `members` is how many companies it has, `roughly` whether that is a round number. `calendar` gives its review dates
    where they follow a rule of Fridays. `fund` stands in for it, `follows` is the index of that fund if it is another.
    `source` says where the facts are from, `url` where that is, `read` of when (a year, a month).
    """

    symbol: str
    what: str
    weighting: str
    source: str
    url: str
    read: str
    members: int | None
    roughly: bool
    review: str | None
    calendar: ReconstitutionCalendar | None
    fund: str
    follows: str | None


@cache
def index_facts() -> Mapping[str, IndexFacts]:
    """The indices of `index_facts.json` by canonical symbol."""
    rows: list[dict[str, Any]] = json.loads(FACTS_FILE.read_bytes())["indices"]
    return {row["symbol"]: _facts(row) for row in rows}


def _facts(row: Mapping[str, Any]) -> IndexFacts:
    calendar = read_calendar(FILE.read_bytes()) if row.get("russell") else None
    if fridays := row.get("fridays"):
        rules = [Rule(month, fridays["n"], _FIRST_YEAR, month, _NEVER) for month in fridays["months"]]
        calendar = ReconstitutionCalendar(rules, {})
    return IndexFacts(
        row["symbol"],
        row["what"],
        row["weighting"],
        row["source"],
        row["url"],
        row["read"],
        row.get("members"),
        row.get("about_members", False),
        row.get("review"),
        calendar,
        row["fund"],
        row.get("follows"),
    )


@dataclass(frozen=True, slots=True)
class Member:
    """One company: its market value before the change, in any one currency, and its change in percent, if known."""

    name: str
    market_value: float
    change_pct: float | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """One company's share of the whole, and what its change adds to the index, in percentage points."""

    name: str
    market_value: float
    weight_pct: float
    change_pct: float | None
    contribution_pct: float | None


def weigh(members: Sequence[Member]) -> tuple[tuple[Weighed, ...], float | None]:
    """Weights by market value, contributions, and the change of the index; None where a change is not known.

    weight = market value / sum of market values; contribution = weight x change; index change = sum of
    contributions, as a capitalisation-weighted index with an unchanged divisor moves. Raises UserError when there is
    nobody, or a market value is not positive.
    """
    if not members:
        raise UserError("There is nothing to weigh: give at least one name with its market value.")
    for member in members:
        if not isfinite(member.market_value) or member.market_value <= 0:
            raise UserError(f"The market value of {member.name} must be more than zero.", "not_positive")
        if member.change_pct is not None and not isfinite(member.change_pct):
            raise UserError(f"The change of {member.name} must be a number of percent.")
    whole = fsum(member.market_value for member in members)
    rows = tuple(_weighed(member, whole) for member in members)
    contributions = [row.contribution_pct for row in rows if row.contribution_pct is not None]
    return rows, fsum(contributions) if len(contributions) == len(rows) else None


def _weighed(member: Member, whole: float) -> Weighed:
    share = member.market_value / whole
    contribution = None if member.change_pct is None else share * member.change_pct
    return Weighed(member.name, member.market_value, 100.0 * share, member.change_pct, contribution)


class Holding(NamedTuple):
    """One line of a fund's holdings. `weight_pct` is its share of the fund as the fund states it."""

    symbol: str
    name: str
    sector: str
    asset_class: str
    market_value: float
    weight_pct: float


class Holdings(NamedTuple):
    """What a fund held at the close of a day."""

    fund: str
    day: date
    rows: tuple[Holding, ...]


def sector_weights(rows: Iterable[Holding]) -> dict[str, float]:
    """Percent of the fund by sector, largest first: the stated weights of its shares; cash and futures stay out."""
    parts: dict[str, list[float]] = {}
    for row in rows:
        if row.asset_class.casefold() == "equity":
            parts.setdefault(row.sector or "Other", []).append(row.weight_pct)
    sums = {sector: fsum(weights) for sector, weights in parts.items()}
    return dict(sorted(sums.items(), key=lambda item: (-item[1], item[0])))
