"""`rstar`: the natural real rate of interest, the real policy rate, and which side of it policy stands on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands.converters import DateConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import ProviderError, UserError
from bot.language.intents import Intent
from bot.render.numbers import MINUS, age, day, plain_percent
from bot.render.reply import Button, Freshness, Reply, Row

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.rates import Estimate, Inflation, Policy, PolicyGap, Stance
    from bot.providers.macro.figures import Figures

MODELS = {"HLW": "Holston-Laubach-Williams", "LW": "Laubach-Williams", "Lubik-Matthes": "Lubik-Matthes"}
WORDS: dict[Stance, str] = {
    "tight": "tight (too cold)",
    "neutral": "neutral (just right)",
    "loose": "loose (too hot)",
}
LATE = timedelta(days=45)
_TOO_FAR = "r-star is too old beside the policy rate (over four quarters), so there is no gap and no stance"


def _fit(message: Message, weight: float) -> float:
    """The name of the rate alone is a term; with a word for now, a date or something to hold against it, a reading."""
    if not message.has("RSTAR"):
        return weight
    live = message.as_of is not None or message.says("rstar", "live")
    if live and not message.says("rstar", "definition"):
        return 6.0
    return weight or (3.0 if message.says("rstar", "against") else 0.0)


INTENT = Intent("rstar", date=True, explains="r-star", fit=_fit, over_term=lambda _, __: True)


@command(
    "rstar",
    "r-star, the neutral real interest rate, and whether policy is tight or loose against it",
    examples=["!rstar", "!rstar asof:2019-09-30"],
    intent=INTENT,
    aliases=("r-star", "r*"),
    order=150,
    group="rates",
)
async def rstar(desk: Desk, caller: Caller, *, as_of: Annotated[date | None, DateConverter()] = None) -> Reply:
    """Answer with the newest published estimate, the real policy rate beside it, and every input's date."""
    try:
        figures = await desk.macro.figures(as_of)
    except ProviderError as error:
        raise UserError(f"r-star is not available: {error.detail}.", "unavailable") from None
    return reading(figures, as_of).reply(desk)


def reading(figures: Figures, as_of: date | None) -> Reading:
    """What the figures say at a date. Raises UserError when no r-star had been published by then."""
    from bot.market.rates import latest_estimate, latest_inflation, latest_policy, policy_gap

    by_model = {model: [e for e in figures.editions if e.model == model] for model in MODELS}
    found = [latest_estimate(editions, as_of) for editions in by_model.values()]
    estimates = tuple(one for one in found if one is not None)
    if found[0] is None:
        editions = by_model["HLW"]
        first = min(min(edition.values) for edition in editions)
        raise UserError(f"The r-star estimates here start with {first}.", "too_little_history")
    policy = latest_policy(figures.policy, as_of)
    inflation = latest_inflation(figures.prices, as_of) if figures.prices is not None else None
    return Reading(figures, as_of, estimates, policy, inflation, policy_gap(estimates, policy, inflation))


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading; the first estimate is the one that counts."""

    figures: Figures
    as_of: date | None
    estimates: tuple[Estimate, ...]
    policy: Policy | None
    inflation: Inflation | None
    gap: PolicyGap

    def reply(self, desk: Desk) -> Reply:
        """The reply."""
        return Reply(
            title="r-star and the policy rate",
            headline=self._headline(),
            rows=tuple(self._rows()),
            more=tuple(self._more()),
            data=self._json(),
            warnings=tuple(self._notes(desk)),
            terms=("r-star", "federal-funds-rate", "pce-price-index", "monetary-policy"),
            freshness=self._freshness(desk),
            footer="r-star is estimated, revised and months old; a description, not a forecast. "
            "Sources: New York Fed, FRED (BEA, Federal Reserve Board).",
            buttons=(Button("What is r-star?", "!define r-star", private=True),),
        )

    def _headline(self) -> str:
        one, gap = self.estimates[0], self.gap
        if gap.gap_pct is None or gap.stance is None or gap.real_rate_pct is None:
            return f"r-star is {percent(one.r_star_pct)} for {one.quarter} ({MODELS[one.model]})."
        side = "above" if gap.gap_pct >= 0 else "below"
        return (
            f"Policy is {WORDS[gap.stance]}: the real policy rate of {percent(gap.real_rate_pct)} is "
            f"{abs(gap.gap_pct):.2f} points {side} r-star, {percent(one.r_star_pct)} for {one.quarter}."
        )

    def _rows(self) -> list[Row]:
        one, gap = self.estimates[0], self.gap
        vintage = f"{MODELS[one.model]}, vintage {one.vintage}"
        rows = [Row("r-star", f"{percent(one.r_star_pct)} for {one.quarter} ({vintage})")]
        if self.policy is not None:
            when = f"average of {self.policy.date:%B %Y}" if self.policy.monthly else day(self.policy.date)
            rows.append(Row("Policy rate", f"{percent(self.policy.rate_pct)} ({self.policy.series}, {when})"))
        if self.inflation is not None:
            month = f"twelve months to {self.inflation.month:%B %Y}"
            rows.append(Row("Core PCE inflation", f"{percent(self.inflation.rate_pct)} ({month})"))
        if gap.real_rate_pct is not None:
            rows.append(Row("Real policy rate", f"{percent(gap.real_rate_pct)} (policy rate less inflation)"))
        if gap.gap_pct is not None:
            rows.append(Row("Certain", self._certain()))
        return rows

    def _more(self) -> list[Row]:
        """The gap as it is computed, and what other models say."""
        gap = self.gap.gap_pct
        rows = [Row("Gap", f"{points(gap)} (real policy rate less r-star)")] if gap is not None else []
        return rows + [
            Row(MODELS[other.model], f"{percent(other.r_star_pct)} for {other.quarter}") for other in self.estimates[1:]
        ]

    def _certain(self) -> str:
        spread = self.gap.spread or 0.0
        models = f"the models differ by {spread:.2f} points" if len(self.estimates) > 1 else "one model only"
        if self.gap.certain:
            return f"yes: the gap is beyond the uncertainty of about 1.7 points, and {models}"
        return f"no: r-star is uncertain by about 1.7 points, and {models}"

    def _notes(self, desk: Desk) -> list[str]:
        one, notes = self.estimates[0], _origin_notes(self.figures, desk)
        if one.later_vintage:
            notes.append(
                f"the file is of a later vintage ({one.vintage}) than the date asked for: its figure for {one.quarter} "
                "was estimated with later figures too"
            )
        if self.as_of is not None and self.inflation is not None:
            notes.append("core PCE is as revised since, not as first published")
        if self.policy is not None and self.policy.monthly:
            notes.append(
                f"the policy rate is a monthly average ({self.policy.series}): no daily EFFR of that time here"
            )
        if self.gap.gap_pct is None and self.gap.real_rate_pct is not None:
            notes.append(_TOO_FAR)
        return notes + missing_notes(self.figures.missing)

    def _freshness(self, desk: Desk) -> Freshness:
        return Freshness(
            as_of=self.estimates[0].quarter.end,
            session="closed",
            provider=self.figures.provider,
            adjustment="raw",
            delay="end_of_day",
            stale_reason=self._stale(desk.clock().date()),
            past=self.as_of is not None and self.as_of < desk.clock().date(),
            when=self._when(),
            priced=False,
        )

    def _when(self) -> str:
        """Of when the reading is: the day of the policy rate, where it is compared with one."""
        if self.policy is None or self.gap.gap_pct is None:
            return str(self.estimates[0].quarter)
        return f"{self.policy.date:%B %Y}" if self.policy.monthly else day(self.policy.date)

    def _stale(self, today: date) -> str | None:
        """Why the reading is stale: the newest quarter that should be out is not here, or its policy rate is late."""
        from bot.market.rates import QUARTER_LAG, month_end, quarter_of

        until = min(self.as_of or today, today)
        slack = timedelta(0) if self.as_of is not None and self.as_of < today else LATE
        quarter = self.estimates[0].quarter
        expected = quarter_of(until - QUARTER_LAG - slack)
        if expected.end + QUARTER_LAG + slack > until:
            expected = quarter_of(expected.end - timedelta(days=100))
        if self.figures.bundled or quarter < expected:
            return f"the newest r-star here is of {quarter}; one of {expected} should be out"
        if self.policy is not None:
            known = month_end(self.policy.date) if self.policy.monthly else self.policy.date
            if until - known > LATE:
                return f"the newest policy rate here is of {self.policy.date}"
        return None

    def _json(self) -> dict[str, Any]:
        one, policy, inflation = self.estimates[0], self.policy, self.inflation
        return {
            "r_star_pct": one.r_star_pct,
            "quarter": str(one.quarter),
            "model": one.model,
            "vintage": str(one.vintage),
            "policy_rate_pct": policy.rate_pct if policy else None,
            "policy_date": policy.date if policy else None,
            "policy_series": policy.series if policy else None,
            "inflation_pct": inflation.rate_pct if inflation else None,
            "inflation_month": f"{inflation.month:%Y-%m}" if inflation else None,
            "real_rate_pct": self.gap.real_rate_pct,
            "gap_pct": self.gap.gap_pct,
            "stance": self.gap.stance,
            "certain": self.gap.certain,
            "spread_pct": self.gap.spread,
            "estimates": [
                {"model": e.model, "r_star_pct": e.r_star_pct, "quarter": str(e.quarter)} for e in self.estimates
            ],
        }


def _origin_notes(figures: Figures, desk: Desk) -> list[str]:
    """Which figures are no provider's answer of today."""
    notes = []
    if figures.bundled:
        notes.append("no r-star workbook could be had; this is the last estimate known to this program")
    if figures.shipped:
        notes.append(
            f"{' and '.join(figures.shipped)}: the newest known when this release was made, bundled with it; "
            "no provider had a newer one"
        )
    if figures.kept_since is not None:
        passed = age((desk.clock() - figures.kept_since).total_seconds())
        notes.append(f"not every provider answered; the oldest copy used was fetched {passed} ago")
    return notes


def missing_notes(missing: tuple[str, ...]) -> list[str]:
    """What could not be had, one line per reason; each of `missing` is `name: reason`."""
    reasons: dict[str, list[str]] = {}
    for line in missing:
        name, _, reason = line.partition(": ")
        reasons.setdefault(reason, []).append(MODELS.get(name, name))
    return [f"not to be had: {', '.join(names)} ({reason})" for reason, names in reasons.items()]


def percent(value: float) -> str:
    """A rate of interest: two places, a minus where it is negative."""
    return plain_percent(value, 2)


def points(value: float) -> str:
    """A difference in percentage points, signed."""
    sign = "+" if value > 0 else MINUS if value < 0 else ""
    return f"{sign}{abs(value):.2f} points"
