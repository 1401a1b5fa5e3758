"""Option kinds of money: currencies by code, sign or name, and amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from bot.commands.converters import OFFERED, Converter, ParseContext
from bot.errors import UserError, quoted

MOST = 1e15
_EDGES = ".,;:!?()[]{}\"'`*_~|“”‘’/=<>"
FILLERS = frozenset(
    "in to into as for from of the a and vs versus against convert conversion exchange currency rate is at on".split()
)
_ALIASES: Mapping[str, str] = {
    alias: code
    for code, aliases in {
        "USD": "$ us$ usd$ dollar buck greenback us-dollar american-dollar",
        "EUR": "€ euro",
        "GBP": "£ pound quid sterling pound-sterling british-pound",
        "JPY": "¥ yen japanese-yen",
        "CHF": "franc swissy swissie swiss swiss-franc",
        "CAD": "c$ ca$ loonie canadian canadian-dollar",
        "AUD": "a$ au$ aussie aussie-dollar australian-dollar",
        "NZD": "nz$ kiwi kiwi-dollar new-zealand-dollar",
        "HKD": "hk$ hong-kong-dollar",
        "SGD": "s$ singapore-dollar",
        "CNY": "yuan renminbi rmb cnh chinese-yuan",
        "INR": "₹ rupee indian-rupee",
        "KRW": "₩ won korean-won",
        "TRY": "₺ lira turkish-lira",
        "ILS": "₪ shekel israeli-shekel",
        "PLN": "zł zloty",
        "BRL": "r$ brazilian-real",
        "MXN": "mex$ mexican-peso",
        "ZAR": "rand",
        "THB": "฿ baht",
        "SEK": "swedish-krona swedish-kronor",
        "NOK": "norwegian-krone norwegian-kroner",
        "DKK": "danish-krone danish-kroner",
        "CZK": "koruna czech-koruna",
        "HUF": "forint",
        "RON": "leu",
        "BGN": "lev leva",
        "HRK": "kuna",
        "RUB": "ruble rouble",
        "IDR": "rupiah",
        "MYR": "ringgit",
        "PHP": "philippine-peso",
    }.items()
    for alias in aliases.split()
}
_PAIRS: Mapping[str, tuple[str, str]] = {"cable": ("GBP", "USD")}
_PAIR = re.compile(r"([A-Za-z]{3})[/\-_]?([A-Za-z]{3})")
_CODE = re.compile(r"[A-Za-z]{3}")
_SIGNS = "".join(alias for alias in _ALIASES if len(alias) == 1 and not alias.isalpha())
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_AMOUNT = re.compile(rf"([-+−]?)({_NUMBER})([kmKM]?)")
_JOINED = re.compile(
    rf"([{re.escape(_SIGNS)}]|[A-Za-z]{{1,3}}\$)?([-+−]?)((?:{_NUMBER})[kmKM]?)([{re.escape(_SIGNS)}]|[A-Za-z]{{3,}})?"
)
_GROUP = re.compile(r"\d{3}(?:\.\d+)?")


class AmountConverter(Converter):
    """How much to convert: `250`, `1,500.50`, `10 000`, `5k`, also joined to a sign or a code (`€80`, `250EUR`)."""

    order = 1
    metavar = "AMOUNT"
    noun = "an amount"
    help = "How much to convert: 250 or 1,500.50"

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """The first number among the words; the currency joined to it stays."""
        number, left = self._number(words)
        return (None, words) if number is None else (self.convert(number, context), left)

    def refused(self, name: str, words: list[str]) -> tuple[dict[str, Any], list[str]]:
        """The amount as typed, and the other words."""
        number, left = self._number(words)
        if number is None:
            return {}, left
        return {name: int(number) if re.fullmatch(r"-?\d{1,15}", number) else number[:40]}, left

    def _number(self, words: list[str]) -> tuple[str | None, list[str]]:
        for i, word in enumerate(words):
            match = _JOINED.fullmatch(word.strip("()[]\"'`*_~|“”?!;:").rstrip(".,"))
            if match is None:
                continue
            number, stop = match[2] + match[3], i + 1
            while match[4] is None and number[-3:].isdigit() and stop < len(words) and _GROUP.fullmatch(words[stop]):
                number, stop = number + words[stop], stop + 1
            beside = [part for part in (match[1], match[4]) if part]
            return number, [*words[:i], *beside, *words[stop:]]
        return None, words

    def convert(self, text: str, context: ParseContext) -> float:
        """A number more than zero. Raises UserError."""
        match = _AMOUNT.fullmatch(text.strip().replace(" ", ""))
        if match is None:
            raise UserError(f"Write the amount as a plain number such as 250 or 1500.50, not {quoted(text)}.")
        value = float(match[2].replace(",", "")) * {"": 1.0, "k": 1e3, "m": 1e6}[match[3].lower()]
        if match[1] in {"-", "−"} or not 0 < value <= MOST:
            raise UserError("The amount must be more than zero and at most a thousand million million.")
        return value

    def from_json(self, name: str, options: Mapping[str, Any], context: ParseContext) -> Any:
        """The amount."""
        found = options.get(name)
        return None if found is None else float(found)

    def to_json(self, name: str, value: float) -> dict[str, Any]:
        """A whole amount as a whole number."""
        return {name: int(value) if value == int(value) else value}


class CurrencyConverter(Converter):
    """One currency: `EUR`, `€`, `euros`, `swiss francs`; in `EURUSD` the first of the two, the second stays."""

    order = 2
    metavar = "CURRENCY"
    noun = "a currency"
    help = "A currency: EUR, USD, yen, swiss franc"

    def __init__(self, needed: int = 1) -> None:
        self.needed = needed

    def consume(self, words: list[str], context: ParseContext) -> tuple[Any, list[str]]:
        """The first currency among the words, longest name first.

        Where the words hold too few known ones, a word in the shape of a code counts as well: it is taken as typed,
        and whoever has the rates says that there is none.
        """
        bare = _without_fillers(words)
        known = sum(len(_pair_or_one(word, context)) for word in bare)
        for i in range(len(bare)):
            for length in (3, 2, 1):
                code = currency(" ".join(bare[i : i + length]), context) if i + length <= len(bare) else None
                if code is not None:
                    return code, [*bare[:i], *bare[i + length :]]
            pair = currency_pair(bare[i], context)
            if pair is not None:
                return pair[0], [*bare[:i], pair[1], *bare[i + 1 :]]
            if known < self.needed and _CODE.fullmatch(bare[i].strip(_EDGES)):
                return bare[i].strip(_EDGES).upper(), [*bare[:i], *bare[i + 1 :]]
        return None, bare

    def complete(self, text: str, context: ParseContext) -> list[tuple[str, str]]:
        """The currencies whose code or name begins so."""
        start, known = text.strip().casefold(), context.symbols.currencies
        found = [code for code, name in known.items() if f"{code} {name}".casefold().startswith(start)]
        found += [code for code, name in known.items() if name.casefold().startswith(start) and code not in found]
        return [(f"{code} · {known[code]}", code) for code in found[:OFFERED]]

    def convert(self, text: str, context: ParseContext) -> str:
        """The currency of a named option. Raises UserError."""
        code = currency(text, context)
        if code is None and _CODE.fullmatch(text.strip(_EDGES)):
            code = text.strip(_EDGES).upper()
        if code is None:
            raise UserError(
                f"I do not know the currency {quoted(text, 40)}; write its code, such as EUR.", "unknown_symbol"
            )
        return code


def _pair_or_one(word: str, context: ParseContext) -> tuple[str, ...]:
    code = currency(word, context)
    return (code,) if code is not None else currency_pair(word, context) or ()


def _without_fillers(words: list[str]) -> list[str]:
    return [
        word for word in words if word.strip(_EDGES + "-→>").casefold() not in FILLERS and word.strip(_EDGES + "-→>")
    ]


def currency(text: str, context: ParseContext) -> str | None:
    """The code of a currency's code, sign or name, in the singular or the plural; None for anything else."""
    bare = text.strip().strip(_EDGES)
    if bare.upper() in context.symbols.currencies:
        return bare.upper()
    words = bare.casefold().split()
    names = _names(tuple(context.symbols.currencies.items()))
    plurals = (
        words,
        [*words[:-1], *(word.removesuffix("s") for word in words[-1:])],
        [w.removesuffix("s") for w in words],
    )
    return next((names[name] for name in map("-".join, plurals) if name in names), None)


def currency_pair(text: str, context: ParseContext) -> tuple[str, str] | None:
    """The two codes of `EURUSD`, `EUR/USD` or `cable`; None for anything else."""
    bare = text.strip(_EDGES)
    if bare.casefold() in _PAIRS:
        return _PAIRS[bare.casefold()]
    match = _PAIR.fullmatch(bare)
    if match is None:
        return None
    pair = match[1].upper(), match[2].upper()
    known = sum(code in context.symbols.currencies for code in pair)
    return pair if known == 2 or (known == 1 and len(bare) == 7) else None


@cache
def _names(currencies: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Every name and sign: the symbol book's full names and those people use."""
    full = {"-".join(name.casefold().split()): code for code, name in currencies}
    return full | dict(_ALIASES)
