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


class Exchange(NamedTuple):
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
def exchanges() -> Mapping[str, Exchange]:
    """Every exchange by its code; where one code has several lines in the table of venues the first of them."""
    found: dict[str, Exchange] = {}
    for venue in venues().values():
        borrowed = venue.calendar is not None and venue.calendar != venue.mic
        name = _NAMES.get(venue.mic, venue.name)
        found.setdefault(venue.mic, Exchange(venue.mic, name, venue.calendar, venue.zone, borrowed))
    for future in futures().values():
        if future.mic is not None:
            name = _NAMES[future.mic]
            apart = _APART.get(future.mic, "")
            found.setdefault(future.mic, Exchange(future.mic, name, future.calendar, future.zone, apart=apart))
    found[FX] = Exchange(FX, "The currency market", FX_WEEK, US_ZONE)
    found[CRYPTO] = Exchange(CRYPTO, "The crypto market", None, None)
    return found


def by_suffix(suffix: str) -> Exchange | None:
    """The exchange that a suffix of listings stands for, written with its dot: ".HK"."""
    venue = venues().get(suffix.removeprefix(".").upper()) if suffix.startswith(".") and len(suffix) > 1 else None
    return exchanges()[venue.mic] if venue is not None else None


def exchange_of(symbol: Symbol) -> Exchange | None:
    """Where a symbol trades: on its venue, or where the days of its calendar come from; None where that is unknown.

    All exchanges of the United States keep one set of hours; a share that no book knows is taken for one of theirs.
    """
    if symbol.kind == "crypto":
        return exchanges()[CRYPTO]
    if symbol.kind in {"fx", "metal"} or symbol.calendar == FX_WEEK:
        return exchanges()[FX]
    if symbol.calendar == US_CALENDAR or symbol.looks_listed:
        return exchanges()[US_CALENDAR]
    known = exchanges().get(symbol.venue or "") or exchanges().get(symbol.calendar or "")
    if known is not None or symbol.calendar is None:
        return known
    return next((one for one in exchanges().values() if one.calendar == symbol.calendar), None)
