"""The places that keep one set of hours each: exchanges by MIC, futures markets, the currency market, coins. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from bot.market.symbols import US_CALENDAR, US_ZONE, Symbol
from bot.market.venues import futures, venues

FX, CRYPTO = "FX", "CRYPTO"
FX_WEEK = "24/5"
_NAMES = {
    US_CALENDAR: "The US stock market",
    "XCME": "CME",
    "XCBT": "CBOT",
    "XNYM": "NYMEX",
    "XCEC": "COMEX",
    "XCBF": "The Cboe Futures Exchange",
    "IFUS": "ICE Futures US",
    "XEUR": "Eurex",
    "XFRA": "Frankfurt",
    "MISX": "Moscow",
    "XPAR": "Euronext Paris",
    "XDFM": "Dubai",
}

_APART = {"XCBT": "grain futures", "XCME": "livestock futures", "IFUS": "coffee, cocoa, sugar and cotton futures"}


class Marketplace(NamedTuple):
    """A place with hours of its own. `code` is its MIC, or FX, or CRYPTO.

    `calendar` is a name of exchange_calendars; None where there is none. `borrowed`: that of another exchange with the
    same days. `zone` is None for what never closes. `apart` is what keeps other hours there: grains at the CBOT.
    """

    code: str
    name: str
    calendar: str | None
    zone: str | None
    borrowed: bool = False
    apart: str = ""

    @property
    def never_closes(self) -> bool:
        """Whether it trades around the clock on every day."""
        return self.code == CRYPTO


@cache
def exchanges() -> Mapping[str, Marketplace]:
    """Every exchange by its code; where one code has several lines in the table of venues the first of them."""
    found: dict[str, Marketplace] = {}
    for venue in venues().values():
        borrowed = venue.calendar is not None and venue.calendar != venue.mic
        name = _NAMES.get(venue.mic, venue.name)
        found.setdefault(venue.mic, Marketplace(venue.mic, name, venue.calendar, venue.zone, borrowed))
    for future in futures().values():
        mic = str(future.mic)
        apart = _APART.get(mic, "")
        found.setdefault(mic, Marketplace(mic, _NAMES[mic], future.calendar, future.zone, apart=apart))
    found[FX] = Marketplace(FX, "The currency market", FX_WEEK, US_ZONE)
    found[CRYPTO] = Marketplace(CRYPTO, "The crypto market", None, None)
    return found


def by_suffix(suffix: str) -> Marketplace | None:
    """The exchange that a suffix of listings stands for, written with its dot: ".HK"."""
    venue = venues().get(suffix.removeprefix(".").upper()) if suffix.startswith(".") and len(suffix) > 1 else None
    return exchanges()[venue.mic] if venue is not None else None


def exchange_of(symbol: Symbol) -> Marketplace | None:
    """Where a symbol trades: on its venue, or where the days of its calendar come from; None where that is unknown.

    All exchanges of the United States keep one set of hours; a share that no book knows is taken for one of theirs.
    """
    code = _code_of(symbol)
    if code in exchanges() or symbol.calendar is None:
        return exchanges().get(code)
    return next((one for one in exchanges().values() if one.calendar == symbol.calendar), None)


def _code_of(symbol: Symbol) -> str:
    """The code of a symbol's marketplace, as far as its kind, venue and calendar tell; else its calendar's name."""
    if symbol.kind == "crypto":
        return CRYPTO
    if symbol.kind in {"fx", "metal"} or symbol.calendar == FX_WEEK:
        return FX
    if symbol.calendar == US_CALENDAR or symbol.looks_listed:
        return US_CALENDAR
    venue = symbol.venue or ""
    return venue if venue in exchanges() else symbol.calendar or ""
