"""`rate [AMOUNT] BASE QUOTE`: a currency rate or conversion by the ECB's reference rates."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any

from bot.commands.converter import OFFERED, Converter, OptionRefused, ParseContext, without
from bot.commands.converters import DateConverter
from bot.commands.declaration import command
from bot.desk import Caller, Desk
from bot.errors import ProviderError, UserError
from bot.language.entities.currencies import (
    AMOUNT,
    CURRENCY,
    Money,
    checked_amount,
    exchange,
    read_amount,
    read_currency,
    tag_currencies,
)
from bot.language.entities.numbers import NUMBER, tag_numbers
from bot.language.entities.symbols import FILLERS, PAIR, SYMBOL, tag_typed_names
from bot.language.intents import Intent, Options
from bot.language.tokens import Unread, Word, Words
from bot.render.buttons import working
from bot.render.numbers import age, percent
from bot.render.reply import Button, Freshness, Reply, Row

if TYPE_CHECKING:
    from bot.language.message import Message
    from bot.market.rates import Rate, RateTable
    from bot.providers.figure_cache import Figure

FIXINGS = 21
HOME = "EUR"
_CODE = re.compile(r"[a-z]{3}")
_APART = re.compile(r"[^\W\d].*\s[\d.,]")


class AmountConverter(Converter):
    """How much to convert: `250`, `1,500.50`, `5bn`, also joined to a sign or a code (`€80`, `250EUR`)."""

    order = 1
    tags = frozenset({NUMBER, AMOUNT})
    reads = frozenset({"number", "amount"})
    metavar = "AMOUNT"
    noun = "an amount"
    help = "How much to convert: 250, 1,500.50 or 5bn"

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The amount. The currency that it is of then stands first, for it is what is held."""
        return super().consume(_held_first(words), context)

    def as_typed(self, words: Words, some: Sequence[Word]) -> Any:
        """The number as JSON has it; text where it is none."""
        value = some[0].value
        number = value.amount if isinstance(value, Money) else value
        return super().as_typed(words, some) if not isinstance(number, Decimal) else _shown(number)

    def settle(self, values: Sequence[Any], context: ParseContext) -> float:
        """One amount, more than zero."""
        amounts = [value.amount if isinstance(value, Money) else value for value in values]
        if len(amounts) > 1:
            raise UserError(f"One amount at a time, please; I read {' and '.join(f'{one:f}' for one in amounts)}.")
        return float(checked_amount(amounts[0]))

    def convert(self, text: str, context: ParseContext) -> float:
        """A number more than zero. Raises UserError."""
        return float(read_amount(text))

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The amount."""
        found = options.get(name)
        return None if found is None else self.settle([Decimal(str(found))], context)

    def typed(self, value: float) -> str:
        """The amount without an exponent."""
        return f"{value:.10f}".rstrip("0").rstrip(".")

    def to_json(self, name: str, value: float) -> dict[str, Any]:
        """A whole amount as a whole number."""
        return {name: int(value) if value == int(value) else value}


def _shown(number: Decimal) -> int | str:
    return int(number) if number == number.to_integral_value() else f"{number:f}"


def _held_first(words: Words) -> Words:
    """The words with a tag for each currency in front, what is held first, and the amounts without theirs.

    In `EUR USD 250` the number stands apart, so that the currencies keep their order.
    """
    found = exchange(words)
    amount = next((word for word in words.words if word.low == AMOUNT), None)
    apart = amount is not None and _APART.match(words.text[amount.start : amount.end])
    held = [found.of] if found.of is not None and not apart else []
    codes = list(dict.fromkeys([*held, *found.codes]))
    if len(codes) == 1:  # a currency against itself
        codes *= sum(word.low in {CURRENCY, AMOUNT} for word in words.words)
    left = without(words, [word for word in words.words if word.low in {CURRENCY, SYMBOL, PAIR}])
    tags = (Word(CURRENCY, 0, 0, value=code) for code in codes)
    return replace(left, words=(*tags, *left.words))


class CurrencyConverter(Converter):
    """One currency: `EUR`, `€`, `euros`, `swiss francs`; in `EURUSD` the first of the two, the second stays."""

    order = 2
    tags = frozenset({CURRENCY})
    reads = frozenset({"currency", "symbol"})
    fillers = FILLERS | frozenset("in to into as from by per at convert conversion exchange currency rate fx".split())
    metavar = "CURRENCY"
    noun = "a currency"
    nouns = "currencies"
    help = "A currency: EUR, USD, yen, swiss franc"

    def tag(self, words: Words, context: ParseContext) -> Words:
        """Every currency, amount and number, and words in the shape of a code where two currencies are wanted."""
        if any(word.low in {CURRENCY, AMOUNT, PAIR} for word in words.words):
            return words
        words = tag_typed_names(tag_currencies(words, context.symbols.currencies, typed=True), context.symbols)
        words = tag_numbers(words, every=True)
        missing = 2 - len(exchange(words).codes)
        for place, word in enumerate(words.words):
            if missing > 0 and not word.is_tag and _CODE.fullmatch(word.low) and word.low not in self.fillers:
                words = words.with_tags([(place, place + 1, CURRENCY, word.low.upper())])
                missing -= 1
        return words

    def consume(self, words: Words, context: ParseContext) -> tuple[Any, Words]:
        """The first currency. A third one is refused."""
        found = [word for word in words.words if word.low == CURRENCY]
        if len(found) > 2:
            codes = [str(word.value) for word in found]
            error = UserError(f"A rate is between two currencies; I read {', '.join(codes[:-1])} and {codes[-1]}.")
            raise OptionRefused(error, codes, without(words, found))
        return (found[0].value, without(words, found[:1])) if found else (None, words)

    def convert(self, text: str, context: ParseContext) -> str:
        """The currency of a named option. Raises UserError."""
        return read_currency(text, context.symbols.currencies)

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The currencies whose code begins so, then those with a word of their name that does."""
        start, known = text.strip().casefold(), context.symbols.currencies
        first = [code for code in known if code.casefold().startswith(start)]
        named = [code for code, name in known.items() if re.search(rf"\b{re.escape(start)}", name.casefold())]
        found = list(dict.fromkeys([*first, *named]))
        return [(f"{code} · {known[code]}", code) for code in found[:OFFERED]]


def _fit(message: Message, weight: float) -> float:
    """Two currencies or a pair ask for a rate; one currency only in a phrase for it, and never the dollar alone."""
    if _holds_coin(message):
        return message.weight_of("rate", message.line.replace("NUM SYM", "AMT").replace("SYM", "CUR")) + 2.0
    counted = _number_before(message) is not None
    if len(message.symbols) == 1 and message.has("PAIR"):
        return (weight or 1.5) + bool(message.money) + (3.0 if counted else 0.0)
    codes = [] if message.symbols else _named(message)
    if len(codes) == 2:
        return (weight or 2.0) + (5.0 if message.amounts or counted else 2.0)
    return weight if len(codes) == 1 and "USD" not in codes else 0.0


def _is_about_money(message: Message) -> bool:
    """Whether pounds are no weight, and nothing but a pair or a coin is named beside the currencies."""
    return not message.says("rate", "no money") and all(one.kind in {"fx", "crypto"} for one in message.symbols)


def _build(message: Message) -> Options | None:
    """Base, quote and amount: what is held or named first is the base."""
    if _holds_coin(message):
        return _of_coin(message)
    if not _is_about_money(message):
        return None
    codes = _in_order(message)
    pair = next((symbol.canonical for symbol in message.symbols if symbol.kind == "fx"), None)
    if len(codes) < 2:
        codes = pair.split("/") if pair else [*codes, "USD"]
    if len(set(codes)) != 2:
        return None
    options: Options = {"base": codes[0], "quote": codes[1]}
    if message.amounts and message.amounts[0].code == codes[0] and not _names_level(message):
        options["amount"] = message.amounts[0].amount
    elif not message.amounts and (number := _number_before(message)) is not None:
        options["amount"] = number
    return options | ({"as_of": message.as_of} if message.as_of is not None else {})


def _holds_coin(message: Message) -> bool:
    """Whether it is about a coin in a currency other than the one that the coin's price is in."""
    if len(message.symbols) != 1 or len(message.currencies) != 1 or message.symbols[0].kind != "crypto":
        return False
    return message.currencies[0] != message.symbols[0].currency or bool(message.amounts or message.words.values("NUM"))


def _of_coin(message: Message) -> Options:
    """A coin for a currency, as it was asked; whether there is such a rate is for the command to say."""
    coin, code = message.symbols[0].canonical.partition("-")[0], message.currencies[0]
    if message.amounts:
        return {"base": code, "quote": coin, "amount": message.amounts[0].amount}
    numbers = message.words.values("NUM")
    return {"base": coin, "quote": code} | ({"amount": numbers[0]} if len(numbers) == 1 else {})


def _in_order(message: Message) -> list[str]:
    """The currencies, what is held or named first before the other."""
    codes = _named(message)
    if message.amounts and not _names_level(message):
        return list(dict.fromkeys([message.amounts[0].code, *codes]))
    return codes[::-1] if message.says("rate", "named last is held") else codes


def _named(message: Message) -> list[str]:
    """The codes of the currencies, each once, in order; a name of several currencies as it was typed."""
    found: list[str] = []
    for word in message.words.words:
        if isinstance(word.value, Money):
            found.append(word.value.code)
        elif word.low == CURRENCY:
            found.append(str(word.value))
        elif isinstance(word.value, Unread) and word.value.entity == "currency":
            found.append(word.value.text)
    return list(dict.fromkeys(found))


def _number_before(message: Message) -> Decimal | None:
    """The number right before a pair, or before a name of several currencies: an amount of the first of two."""
    words = message.words.words
    for number, held in pairwise(words):
        unclear = isinstance(held.value, Unread) and held.value.entity == "currency"
        if number.low == NUMBER and isinstance(number.value, Decimal) and (held.low == PAIR or unclear):
            return number.value
    return None


def _names_level(message: Message) -> bool:
    """Whether the amount is a level that a rate is held against: "is the euro above 1.10 dollars"."""
    return message.says("rate", "level")


INTENT = Intent(
    "rate",
    symbols=(0, 1),
    currencies=True,
    date=True,
    explains="exchange-rate",
    fit=_fit,
    build=_build,
    over_term=lambda message, fit: bool(message.symbols) and fit >= 3,
)


@command(
    "rate",
    "Currency rate or conversion by the European Central Bank's reference rates",
    examples=["!rate EUR USD", "!rate 250 EUR USD", "!rate EURUSD", "!rate USD JPY asof:2015-12-31"],
    intent=INTENT,
    aliases=("fx", "convert"),
    order=140,
    group="rates",
)
async def rate(
    desk: Desk,
    caller: Caller,
    *,
    base: Annotated[str, CurrencyConverter()],
    quote: Annotated[str, CurrencyConverter()],
    amount: Annotated[float | None, AmountConverter()] = None,
    as_of: Annotated[date | None, DateConverter()] = None,
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
            headline=f"{self._sum()}, by the ECB reference rate of {long_day(one.date)}{self._bundled}.",
            rows=(*self._rows(), *change),
            more=tuple(self._more()),
            data=self._json(),
            warnings=self._notes(desk),
            terms=terms if self._crossed else terms[:3],
            freshness=self._freshness(desk),
            footer="Reference rate for information only, one a day; banks and brokers deal at other rates. "
            "Source: European Central Bank.",
            buttons=(Button("What is an exchange rate?", "!define exchange rate", private=True), *workings),
        )

    @property
    def _bundled(self) -> str:
        return " (bundled with this release; no network)" if self.found.bundled else ""

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
        return rows

    def _more(self) -> list[Row]:
        """When it was fixed, and from which rates against the euro it is made."""
        one = self.rate
        rows = [Row("Fixing", f"{long_day(one.date)}, about 16:00 in Frankfurt")]
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
        if self.found.bundled:
            day = long_day(self.rate.date)
            notes.append(f"no provider was reached: these are the ECB's rates of {day}, bundled with this release")
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
            stale_reason=reason,
            past=self.as_of is not None and self.as_of < desk.clock().date(),
            when=long_day(self.rate.date),
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
