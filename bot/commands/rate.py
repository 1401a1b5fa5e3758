"""`rate [AMOUNT] BASE QUOTE`: a currency rate or conversion by the ECB's reference rates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands._buttons import working
from bot.commands._money import AmountKind, CurrencyKind
from bot.commands.converters import AsOfKind
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import ProviderError, UserError
from bot.render.numbers import age, percent
from bot.render.reply import Button, Freshness, Reply, Row

if TYPE_CHECKING:
    from bot.market.rates import Rate, RateTable
    from bot.providers.figure_cache import Figure

FIXINGS = 21
HOME = "EUR"


@command(
    "rate",
    "Currency rate or conversion by the European Central Bank's reference rates",
    examples=["!rate EUR USD", "!rate 250 EUR USD", "!rate EURUSD", "!rate USD JPY asof:2015-12-31"],
    aliases=("fx", "convert"),
)
async def rate(
    desk: Desk,
    caller: Caller,
    *,
    base: Annotated[str, CurrencyKind()],
    quote: Annotated[str, CurrencyKind()],
    amount: Annotated[float | None, AmountKind()] = None,
    as_of: Annotated[date | None, AsOfKind()] = None,
) -> Reply:
    """Answer with the cross of the two fixings of one day, and that day."""
    try:
        found = await desk.macro.rates(frozenset({base, quote}), as_of)
    except ProviderError as error:
        raise UserError(f"Reference rates are not available: {error.detail}.", "unavailable") from None
    one = found.value.rate(base, quote, as_of)
    return Answer(found, one, amount, as_of).reply(desk)


@dataclass(frozen=True, slots=True)
class Answer:
    """One rate and all that is said about it."""

    found: Figure[RateTable]
    rate: Rate
    amount: float | None
    as_of: date | None

    @property
    def converted(self) -> float | None:
        """The amount in the quote currency, in full precision."""
        return None if self.amount is None else self.amount * self.rate.value

    def reply(self, desk: Desk) -> Reply:
        """The reply."""
        one = self.rate
        terms = ("exchange-rate", "base-currency", "quote-currency", "cross-currency-pair")
        change = self._change()
        workings = [working(f"roc {one.base}/{one.quote} {FIXINGS}", one.date)] if change else []
        return Reply(
            title=f"{one.base}/{one.quote} · {self._names(desk)}",
            headline=f"{self._sum()}, by the ECB reference rate of {long_day(one.date)}.",
            rows=(*self._rows(), *change),
            data=self._json(),
            warnings=self._notes(desk),
            terms=terms if self._crossed else terms[:3],
            freshness=self._freshness(desk),
            footer="Reference rate for information only, one a day; banks and brokers deal at other rates. "
            "Source: European Central Bank.",
            buttons=(Button("What is an exchange rate?", "!define exchange rate", private=True), *workings),
        )

    @property
    def _crossed(self) -> bool:
        return HOME not in {self.rate.base, self.rate.quote}

    def _names(self, desk: Desk) -> str:
        known = desk.symbols.currencies
        return f"{known.get(self.rate.base, self.rate.base)} in {known.get(self.rate.quote, self.rate.quote)}"

    def _sum(self) -> str:
        one = self.rate
        if self.amount is None or self.converted is None:
            return f"1 {one.base} = {six(one.value)} {one.quote}"
        return f"{money(self.amount)} {one.base} = {money(self.converted)} {one.quote}"

    def _rows(self) -> list[Row]:
        one = self.rate
        rows = [Row("Rate", f"1 {one.base} = {six(one.value)} {one.quote}")] if self.amount is not None else []
        if one.base != one.quote:
            rows.append(Row("Inverse", f"1 {one.quote} = {six(1.0 / one.value)} {one.base}"))
        rows.append(Row("Fixing", f"{long_day(one.date)}, about 16:00 in Frankfurt"))
        if self._crossed:
            legs = f"{six(one.quote_per_euro)} {one.quote} per EUR ÷ {six(one.base_per_euro)} {one.base} per EUR"
            rows.append(Row("Made from", legs))
        return rows

    def _change(self) -> list[Row]:
        """The change over 21 fixings, where the table reaches that far back for both currencies."""
        days, values = self.found.value.history(self.rate.base, self.rate.quote, self.rate.date)
        if self.rate.base == self.rate.quote or len(values) <= FIXINGS:
            return []
        change = 100.0 * (float(values[-1]) / float(values[-1 - FIXINGS]) - 1.0)
        return [Row("Change", f"{percent(change)} over {FIXINGS} fixings, from {long_day(days[-1 - FIXINGS].item())}")]

    def _notes(self, desk: Desk) -> tuple[str, ...]:
        notes = []
        if self.as_of is not None and self.rate.date < self.as_of:
            notes.append(f"there is no fixing of {long_day(self.as_of)}; the last one before it answers")
        if self.found.kept_since is not None:
            passed = age((desk.clock() - self.found.kept_since).total_seconds())
            notes.append(f"no provider answered; these rates were fetched {passed} ago")
        return tuple(notes)

    def _freshness(self, desk: Desk) -> Freshness:
        from bot.market.rates import stale_fixing

        reason = stale_fixing(self.rate.date, self.as_of, desk.clock())
        if self.as_of is not None and self.found.value.goes_on_after(self.as_of):
            reason = None
        return Freshness(
            as_of=self.rate.date,
            session="closed",
            provider=self.found.provider,
            adjustment="fix",
            delay="fix",
            stale=reason is not None,
            stale_reason=reason,
        )

    def _json(self) -> dict[str, Any]:
        one = self.rate
        return {
            "base": one.base,
            "quote": one.quote,
            "rate": one.value,
            "amount": self.amount,
            "converted": self.converted,
            "date": one.date,
        }


def long_day(value: date) -> str:
    """A date as the ECB writes it: 30 October 2026."""
    return f"{value.day} {value:%B %Y}"


def six(value: float) -> str:
    """A rate in six significant digits, without an exponent, at most eight places below one."""
    text = f"{value:.6g}"
    if "e" in text:
        text = f"{value:,.0f}" if value >= 1 else f"{value:.10f}".rstrip("0")
    elif value >= 1000:
        text = f"{float(text):,.10f}".rstrip("0").rstrip(".")
    return text


def money(value: float) -> str:
    """An amount of money: two places, more where it is very small."""
    return f"{value:,.2f}" if value >= 0.1 else six(value)
