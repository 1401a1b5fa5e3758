"""Who serves which market: made from what the providers declare, for the README, `doctor` and refusals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.market.symbols import AssetKind, Symbol, placed

if TYPE_CHECKING:
    from bot.providers.contract import RemoteProvider

NOBODY = "–"
MARKETS: dict[str, tuple[AssetKind, str]] = {
    "US shares and funds": ("stock", "AAPL"),
    "UK shares": ("stock", "VOD.L"),
    "European shares": ("stock", "SAP.DE MC.PA ASML.AS"),
    "other European shares": ("stock", "NESN.SW ENEL.MI VOLV-B.ST"),
    "Canadian shares": ("stock", "RY.TO"),
    "Chinese and Indian shares": ("stock", "600519.SS RELIANCE.BO"),
    "shares of Tokyo, Hong Kong, Sydney": ("stock", "7203.T 0700.HK BHP.AX"),
    "US indices": ("index", "^GSPC ^NDX ^RUT ^DJI ^VIX"),
    "indices of the world": ("index", "^GDAXI ^N225 ^FTSE ^FTSEMIB"),
    "futures": ("future", "ES=F CL=F GC=F"),
    "US government yields": ("yield", "US10Y US2Y US3M"),
    "other government yields": ("yield", "DE10Y GB10Y JP10Y"),
    "gold": ("metal", "XAU/USD"),
    "silver, platinum, palladium": ("metal", "XAG/USD XPT/USD"),
    "oil and gas": ("commodity", "WTI BRENT HENRYHUB"),
    "the dollar index": ("index", "^DXY"),
    "currencies": ("fx", "EUR/USD USD/JPY"),
    "coins": ("crypto", "BTC-USD"),
}
"""Markets that people ask for, and symbols of each: who serves one of them serves the market."""


@dataclass(frozen=True, slots=True)
class MarketProviders:
    """The providers of one market, in the order they are asked, by what has to be done for them."""

    market: str
    providers: tuple[type[RemoteProvider], ...]

    def those(self, wanted: Callable[[type[RemoteProvider]], bool]) -> list[type[RemoteProvider]]:
        """The providers that something holds for."""
        return [one for one in self.providers if wanted(one)]


def examples() -> dict[str, tuple[Symbol, ...]]:
    """The symbols of each market."""

    def one(name: str, kind: AssetKind) -> Symbol:
        found = placed(name)
        return found if found is not None and found.kind == kind else Symbol(name, "", kind, None, None)

    return {market: tuple(one(name, kind) for name in names.split()) for market, (kind, names) in MARKETS.items()}


def markets(declared: Sequence[type[RemoteProvider]]) -> Iterator[MarketProviders]:
    """Every market with the providers that serve one of its symbols."""
    for market, symbols in examples().items():
        serving = (one for one in declared if any(one().serves(symbol) for symbol in symbols))
        yield MarketProviders(market, tuple(serving))


def market_table(declared: Sequence[type[RemoteProvider]]) -> str:
    """The README's table of markets: who serves each, and how late."""
    lines = ["| Market | Without a key | With a key | Switched on by the operator |", "|---|---|---|---|"]
    for one in markets(declared):
        cells = (
            one.those(lambda provider: not needs_key(provider) and not provider.declaration.optional),
            one.those(needs_key),
            one.those(lambda provider: provider.declaration.optional),
        )
        lines.append(f"| {one.market} | {' | '.join(named(cell) or NOBODY for cell in cells)} |")
    return "\n".join(lines)


def needs_key(provider: type[RemoteProvider]) -> bool:
    """Whether it asks for a key."""
    return bool(provider.declaration.keys)


def named(providers: Iterable[type[RemoteProvider]]) -> str:
    """Providers with how late each is: `ecb (one rate a day)`."""
    return ", ".join(f"{one.declaration.name} ({_late(one)})" for one in providers)


def _late(provider: type[RemoteProvider]) -> str:
    about = provider.declaration
    what = "" if about.capabilities.history else "quotes alone, "
    return f"{what}{about.late}"
