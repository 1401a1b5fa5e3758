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
from bot.providers.asker import ListAsker, asking, current
from bot.providers.breaker import ANSWERS
from bot.providers.contract import Provider
from bot.providers.pool import Pool
from bot.providers.series_cache import History, SeriesCache

if TYPE_CHECKING:
    from bot.market.bars import Bars

UNADJUSTED = frozenset({"index", "fix"})


@dataclass(frozen=True, slots=True)
class Batch:
    """One `History` per symbol asked, or the UserError that stands in its place, in the order asked.

    `provider` is the one that all are from, None where there was no such provider; `note` then says what was done
    instead, in a sentence for people. It also says when adjustment kinds differ.
    """

    series: tuple[History | UserError, ...]
    provider: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class BatchRow:
    """What one provider has for all symbols."""

    provider: str
    series: tuple[Bars | ProviderError, ...]

    @property
    def found(self) -> int:
        """How many symbols it has."""
        return sum(not isinstance(one, ProviderError) for one in self.series)

    @property
    def broken(self) -> bool:
        """Whether the provider itself failed, not just a symbol."""
        return any(isinstance(one, ProviderError) and not isinstance(one, ANSWERS) for one in self.series)

    @property
    def kinds(self) -> frozenset[str]:
        """The adjustment kinds that cannot be compared with each other."""
        return _kinds(one for one in self.series if not isinstance(one, ProviderError))


async def best_row(
    pool: Pool, cache: SeriesCache, wanted: Sequence[Symbol], as_of: date | None, year: int
) -> BatchRow | None:
    """The row of the first provider that has every symbol under one kind; else the fullest; None without any.

    Providers that have all of it in memory come first, then those that can be asked for the rest soon.
    """
    common = [p for p in pool.serving(wanted[0], as_of) if all(p.serves(symbol) for symbol in wanted)]

    def place(provider: Provider) -> tuple[bool, float]:
        missing = sum(cache.cached(provider.name, symbol, year) is None for symbol in wanted)
        return missing > 0, pool.later(provider, missing)

    best: BatchRow | None = None
    for provider in sorted(common, key=place):
        row = await _row(provider, cache, wanted, year)
        if row.found == len(wanted) and len(row.kinds) < 2:
            return row
        if row.found and (best is None or row.found > best.found):
            best = row
    return best


async def _row(provider: Provider, cache: SeriesCache, wanted: Sequence[Symbol], year: int) -> BatchRow:
    asker = ListAsker(current(), len(wanted))

    async def one(symbol: Symbol) -> Bars | ProviderError:
        try:
            return (await cache.get(provider, symbol, year)).bars
        except ProviderError as error:
            return error
        finally:
            asker.arrived()

    with asking(asker):
        return BatchRow(provider.name, tuple(await asyncio.gather(*map(one, wanted))))


def from_row(row: BatchRow, symbols: Sequence[Symbol], used: Mapping[str, Symbol], wanted: Sequence[Symbol]) -> Batch:
    """The answer from one provider's row; `used` says which symbol stands for each that was asked."""
    by_symbol = {symbol.canonical: found for symbol, found in zip(wanted, row.series, strict=True)}

    def one(symbol: Symbol) -> History | UserError:
        mine = used[symbol.canonical]
        found = by_symbol[mine.canonical]
        if isinstance(found, ProviderError):
            reason = f"{found.provider} ({found.detail})"
            return UserError(f"There are no prices for {mine.canonical}: {reason}.", "unknown_symbol")
        return History(found, mine.canonical if mine is not symbol else None)

    return Batch(tuple(one(symbol) for symbol in symbols), row.provider, _kinds_note(row.kinds))


def mixed_providers(series: Sequence[History | UserError]) -> Batch:
    """The answer from each symbol's own provider, with a note where these differ."""
    found = [one.bars for one in series if isinstance(one, History)]
    names = dict.fromkeys(bars.provider for bars in found)
    if len(names) > 1:
        each = ", ".join(f"{bars.symbol} from {bars.provider}" for bars in found)
        return Batch(tuple(series), None, f"No one provider has all of these prices: {each}.")
    return Batch(tuple(series), next(iter(names), None), _kinds_note(_kinds(found)))


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
