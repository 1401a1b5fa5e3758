"""Several series that are compared with each other: all from one provider, under one adjustment kind.

Prices of two providers may differ in meaning (one with dividends, one without) and in the day a bar is dated, so a
comparison across them would compare the providers. Where no provider has all, the answer says so in `note`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.errors import ProviderError, UserError
from bot.market.symbols import Symbol
from bot.providers.asking import Providers
from bot.providers.breaker import ANSWERS
from bot.providers.feed import History
from bot.providers.legs import Legs
from bot.providers.provider import Provider

if TYPE_CHECKING:
    from bot.market.bars import Bars

UNADJUSTED = frozenset({"index", "fix"})


@dataclass(frozen=True, slots=True)
class Together:
    """One `History` per symbol asked, or the UserError that stands in its place, in the order asked.

    `provider` is the one that all are from, None where there was no such provider; `note` then says what was done
    instead, in a sentence for people. It also says when adjustment kinds differ.
    """

    legs: tuple[History | UserError, ...]
    provider: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What one provider has for all symbols."""

    provider: str
    legs: tuple[Bars | ProviderError, ...]

    @property
    def found(self) -> int:
        """How many symbols it has."""
        return sum(not isinstance(leg, ProviderError) for leg in self.legs)

    @property
    def broken(self) -> bool:
        """Whether the provider itself failed, not just a symbol."""
        return any(isinstance(leg, ProviderError) and not isinstance(leg, ANSWERS) for leg in self.legs)

    @property
    def kinds(self) -> frozenset[str]:
        """The adjustment kinds that cannot be compared with each other."""
        return _kinds(leg for leg in self.legs if not isinstance(leg, ProviderError))


async def best_row(
    providers: Providers, legs: Legs, wanted: Sequence[Symbol], as_of: date | None, year: int
) -> Row | None:
    """The row of the first provider that has every symbol under one kind; else the fullest; None without any.

    Providers that have all of it in memory come first.
    """
    common = [p for p in providers.serving(wanted[0], as_of) if all(p.serves(symbol) for symbol in wanted)]
    common.sort(key=lambda p: any(legs.kept(p.name, symbol, year) is None for symbol in wanted))
    best: Row | None = None
    for provider in common:
        row = await _row(provider, legs, wanted, year)
        if row.found == len(wanted) and len(row.kinds) < 2:
            return row
        if row.found and (best is None or row.found > best.found):
            best = row
    return best


async def _row(provider: Provider, legs: Legs, wanted: Sequence[Symbol], year: int) -> Row:
    async def leg(symbol: Symbol) -> Bars | ProviderError:
        try:
            return (await legs.get(provider, symbol, year)).bars
        except ProviderError as error:
            return error

    return Row(provider.name, tuple(await asyncio.gather(*(leg(symbol) for symbol in wanted))))


def from_row(row: Row, symbols: Sequence[Symbol], used: Mapping[str, Symbol], wanted: Sequence[Symbol]) -> Together:
    """The answer from one provider's row; `used` says which symbol stands for each that was asked."""
    by_symbol = {symbol.canonical: leg for symbol, leg in zip(wanted, row.legs, strict=True)}

    def leg(symbol: Symbol) -> History | UserError:
        mine = used[symbol.canonical]
        found = by_symbol[mine.canonical]
        if isinstance(found, ProviderError):
            reason = f"{found.provider} ({found.detail})"
            return UserError(f"There are no prices for {mine.canonical}: {reason}.", "unknown_symbol")
        return History(found, mine.canonical if mine is not symbol else None)

    return Together(tuple(leg(symbol) for symbol in symbols), row.provider, _kinds_note(row.kinds))


def apart(legs: Sequence[History | UserError]) -> Together:
    """The answer from each symbol's own provider, with a note where these differ."""
    found = [leg.bars for leg in legs if isinstance(leg, History)]
    names = dict.fromkeys(bars.provider for bars in found)
    if len(names) > 1:
        each = ", ".join(f"{bars.symbol} from {bars.provider}" for bars in found)
        return Together(tuple(legs), None, f"No one provider has all of these prices: {each}.")
    return Together(tuple(legs), next(iter(names), None), _kinds_note(_kinds(found)))


def _kinds(found: Iterable[Bars]) -> frozenset[str]:
    """The adjustment kinds that cannot be compared.

    An index level or a fix has nothing to adjust, so it goes with any kind but prices with dividends counted in.
    """
    kinds = {bars.adjustment for bars in found}
    return frozenset(kinds if "split_dividend" in kinds else kinds - UNADJUSTED)


def _kinds_note(kinds: frozenset[str]) -> str | None:
    if len(kinds) < 2:
        return None
    return f"The prices compared here are adjusted in different ways ({', '.join(sorted(kinds))})."
