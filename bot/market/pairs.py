"""Currencies, metals and coins, and every spelling of two of them: `EUR/USD`, `EURUSD=X`, `XAU=`, `BTCUSDT`. Pure.

The tables are `data/currencies.tsv` and `data/coins.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from bot.market.listings import listings
from bot.market.venues import DATA, BareMeaning, rows_of

QUOTES = tuple("FDUSD USDT USDC BUSD USD EUR GBP JPY KRW TRY BRL AUD CAD CHF BTC ETH".split())
_COIN_QUOTES = frozenset({"BTC", "ETH"})
_AGAINST_DOLLAR = frozenset("EUR GBP AUD NZD XAU XAG XPT XPD".split())
_ENDINGS = re.compile(r"(=X|=R|=|\.FOREX|\.CC|\.CUR|:CUR| CURNCY)$")
_TWO = re.compile(r"([A-Z0-9]{1,10})([/\-_. ])([A-Z]{3,5})")
_KRAKEN = re.compile(r"X([A-Z]{3})Z([A-Z]{3})")
_PERPETUAL = re.compile(r"(.+?)(?:\.P|[-_]?PERP|-SWAP)")


class Spelt(NamedTuple):
    """What a text spells: canonical symbols, the best first, of which one alone is certain.

    `note` is what has to be said beside the answer, `also` other lines of the same company. `refused` says why it is
    no symbol, where the spelling tells that.
    """

    meant: tuple[str, ...] = ()
    note: str = ""
    refused: str = ""
    also: tuple[str, ...] = ()


class Coin(NamedTuple):
    """A coin. `bare_means` says what its code alone stands for where a share has the same letters."""

    code: str
    name: str
    other: str
    bare_means: BareMeaning


@cache
def currencies() -> Mapping[str, str]:
    """The names of currencies by their ISO codes."""
    return {row["code"]: row["name"] for row in _money() if row["kind"] == "money"}


@cache
def metals() -> Mapping[str, str]:
    """The names of metals by their ISO codes."""
    return {row["code"]: row["name"] for row in _money() if row["kind"] == "metal"}


@cache
def _money() -> tuple[dict[str, str], ...]:
    return tuple(rows_of((DATA / "currencies.tsv").read_text("utf-8")))


@cache
def coins() -> Mapping[str, Coin]:
    """The coins by code."""
    rows = rows_of((DATA / "coins.tsv").read_text("utf-8"))
    return {row["code"]: Coin(row["code"], row["name"], row["other"], row["bare_means"]) for row in rows}  # type: ignore[arg-type]


@cache
def _codes() -> Mapping[str, str]:
    """The codes that coins go by, and the usual one."""
    return {code: coin.code for coin in coins().values() for code in (coin.code, coin.other) if code}


def bare_coin(code: str) -> Coin | None:
    """The coin that a code alone names, whatever else it may name."""
    return coins().get(_codes().get(code, ""))


def is_money(code: str) -> bool:
    """Whether it is the ISO code of a currency or a metal."""
    return code in currencies() or code in metals()


def pair_name(base: str, quote: str) -> str:
    """The name of a pair: "Euro in US dollar"."""
    names = {**currencies(), **metals()}
    return f"{names[base][0].upper()}{names[base][1:]} in {names[quote]}"


def read_pair(typed: str) -> Spelt | None:
    """The pair or coin that a text in capitals spells; None where it is no spelling of one."""
    ending = _ENDINGS.search(typed)
    bare = typed[: ending.start()] if ending else typed
    if ending and re.fullmatch(r"[A-Z]{3}", bare):
        return _against_dollar(bare, ending[1])
    if perpetual := _PERPETUAL.fullmatch(bare):
        spot = read_pair(perpetual[1])
        return spot and Spelt(refused=f"is a perpetual future; there are spot prices, as {spot.meant[0]}")
    sides = _sides(bare)
    if sides is None:
        return None
    base, quote = sides
    if not is_money(base):
        return Spelt((f"{_codes().get(base, base)}-{quote}",))
    if base == quote or quote in metals():
        return Spelt(refused=f"is no pair of two currencies such as {base}/{'EUR' if base == 'USD' else 'USD'}")
    return Spelt((f"{base}/{quote}",))


def _against_dollar(code: str, ending: str) -> Spelt | None:
    """The pair of one code and a mark: `EUR=` is EUR/USD, `JPY=` USD/JPY; Yahoo's `EUR=X` is USD/EUR."""
    if code in _codes():
        return Spelt((f"{_codes()[code]}-USD",))
    if not is_money(code) or code == "USD":
        return None
    return Spelt((f"{code}/USD" if code in _AGAINST_DOLLAR and ending != "=X" else f"USD/{code}",))


def _sides(text: str) -> tuple[str, str] | None:
    """What is priced, and in what: of two codes with or without a sign between them."""
    if kraken := _KRAKEN.fullmatch(text):
        text = "".join(kraken.groups())
    if len(text) == 6 and is_money(text[:3]) and is_money(text[3:]):
        return text[:3], text[3:]
    parted = _TWO.fullmatch(text)
    if parted is not None:
        return _parted(*parted.groups())
    for quote in QUOTES:
        if text.endswith(quote) and text[: -len(quote)] in _codes() and text not in listings():
            return text[: -len(quote)], quote
    return None


def _parted(base: str, sign: str, quote: str) -> tuple[str, str] | None:
    """Two codes with a sign between. A space stands between two symbols too, so it joins money only."""
    if is_money(base) and is_money(quote):
        return base, quote
    if quote not in QUOTES or is_money(base) or (sign == " " and quote in _COIN_QUOTES):
        return None
    return (base, quote) if _may_be_coin(base, sign) and _codes().get(base) != quote else None


def _may_be_coin(base: str, sign: str) -> bool:
    """Whether a code before a quote is a coin's: a known one, or, with a sign that joins, one that no share has."""
    return base in _codes() or (sign in "/-_" and len(base) > 1 and base not in listings())
