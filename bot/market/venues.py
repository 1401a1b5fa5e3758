"""Exchanges of the world and what has a symbol without being listed: indices, futures, government yields. Pure.

The tables are `data/venues.tsv`, `indices.tsv`, `futures.tsv` and `yields.tsv`; `docs/symbols.md` says where they come
from. They are read when first needed. `Venue` says how an exchange counts: which calendar, which money, which part of
it prices come in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal

DATA = Path(__file__).with_name("data")
BareMeaning = Literal["future", "share", "crypto", "ask"]
UNITED_STATES = ""
PERCENT = "percent"
_CENTS = {"USX": ("USD", 100)}
_FUTURES_AT = {
    "CME": ("XCME", "America/Chicago"),
    "CBOT": ("XCBT", "America/Chicago"),
    "NYMEX": ("XNYM", "America/New_York"),
    "COMEX": ("XCEC", "America/New_York"),
    "CFE": ("XCBF", "America/Chicago"),
    "ICE US": ("IFUS", "America/New_York"),
    "Eurex": ("XEUR", "Europe/Berlin"),
}


@dataclass(frozen=True, slots=True)
class Venue:
    """One exchange as symbols name it: by the suffix of its listings, "" for the United States.

    `calendar` is a name of exchange_calendars, its own or that of an exchange with the same days; None where there is
    none. `calendar_state` is own, borrowed, none, broken (cannot be built), or says when it ends. `unit` is what prices
    come in, `per_major` how many of them make one of `currency`: 100 for GBp.
    """

    suffix: str
    mic: str
    name: str
    country: str
    calendar: str | None
    calendar_state: str
    zone: str
    currency: str
    unit: str
    per_major: int
    delay_minutes: int | None
    tradingview: tuple[str, ...]
    google: tuple[str, ...]
    bloomberg: tuple[str, ...]
    other_suffixes: tuple[str, ...]
    trap: str


@dataclass(frozen=True, slots=True)
class Instrument:
    """An index, a future or a yield. `spellings` are what single providers call it, where that is not `canonical`.

    Of futures `root` and `bare_means` say what the root alone stands for, `other_roots` what other houses call it, and
    `underlying` what it is a future on.
    """

    canonical: str
    name: str
    kind: Literal["index", "future", "yield"]
    calendar: str | None
    zone: str | None
    currency: str | None
    unit: str | None
    per_major: int = 1
    mic: str | None = None
    aliases: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    root: str = ""
    other_roots: tuple[str, ...] = ()
    bare_means: BareMeaning = "future"
    underlying: str | None = None


def rows_of(text: str) -> Iterator[dict[str, str]]:
    """The rows of a table with tabs between its cells, by the names in its first line."""
    first, *lines = text.splitlines()
    names = first.split("\t")
    for line in lines:
        yield dict(zip(names, line.split("\t"), strict=True))


def _table(name: str) -> Iterator[dict[str, str]]:
    return rows_of((DATA / name).read_text("utf-8"))


def _codes(cell: str) -> tuple[str, ...]:
    """The codes of a cell; those marked with a star are no suffixes but letters at the end of one."""
    return tuple(code for code in cell.split(",") if code and not code.endswith("*"))


@cache
def venues() -> Mapping[str, Venue]:
    """The exchanges by the suffix of their listings, without the dot."""
    found: dict[str, Venue] = {}
    for row in _table("venues.tsv"):
        found[row["suffix"]] = Venue(
            suffix=row["suffix"],
            mic=row["mic"],
            name=row["exchange"],
            country=row["country"],
            calendar=row["calendar"] or None,
            calendar_state=row["calendar_state"],
            zone=row["zone"],
            currency=row["currency"],
            unit=row["unit"],
            per_major=int(row["minor_per_major"]),
            delay_minutes=int(row["yahoo_delay_min"]) if row["yahoo_delay_min"] else None,
            tradingview=_codes(row["tradingview"]),
            google=_codes(row["google"]),
            bloomberg=_codes(row["bloomberg"]),
            other_suffixes=_codes(row["other_suffixes"]),
            trap=row["trap"],
        )
    return found


@cache
def _zones() -> Mapping[str, str]:
    """The zone of each calendar of the venues."""
    return {venue.calendar: venue.zone for venue in reversed(tuple(venues().values())) if venue.calendar}


@cache
def indices() -> Mapping[str, Instrument]:
    """The indices by canonical symbol."""
    return {
        row["canonical"]: Instrument(
            canonical=row["canonical"],
            name=row["name"],
            kind="index",
            calendar=row["calendar"].strip("-") or None,
            zone=_zones().get(row["calendar"]),
            currency=row["currency"] or None,
            unit=row["currency"] or None,
            aliases=_aliases(row["aliases"]),
            spellings={"yahoo": row["yahoo"]} if row["yahoo"] != row["canonical"] else {},
        )
        for row in _table("indices.tsv")
    }


@cache
def futures() -> Mapping[str, Instrument]:
    """The futures by canonical symbol, that of the front month: `ES=F`."""
    found: dict[str, Instrument] = {}
    for row in _table("futures.tsv"):
        currency, per_major = _CENTS.get(row["unit"], (row["unit"], 1))
        mic, zone = _FUTURES_AT[row["exchange"]]
        bare: BareMeaning = row["bare_means"]  # type: ignore[assignment]
        found[row["canonical"]] = Instrument(
            canonical=row["canonical"],
            name=f"{row['name']} future, {row['exchange']}",
            kind="future",
            calendar=row["calendar"],
            zone=zone,
            currency=currency,
            unit=row["unit"],
            per_major=per_major,
            mic=mic,
            aliases=_aliases(row["aliases"]),
            root=row["root"],
            other_roots=_aliases(row["other_roots"]),
            bare_means=bare,
            underlying=row["underlying"] or None,
        )
    return found


@cache
def yields() -> Mapping[str, Instrument]:
    """The government yields by canonical symbol, in percent: `US10Y`."""
    return {
        row["canonical"]: Instrument(
            canonical=row["canonical"],
            name=f"{row['country']} {_term(row['canonical'])} government yield",
            kind="yield",
            calendar=row["calendar"],
            zone=_zones().get(row["calendar"]),
            currency=None,
            unit=PERCENT,
        )
        for row in _table("yields.tsv")
    }


def _term(canonical: str) -> str:
    """How long a yield runs, in words: "10-year"."""
    length, unit = canonical[2:-1], {"M": "month", "Y": "year"}[canonical[-1]]
    return f"{length}-{unit}"


def _aliases(cell: str) -> tuple[str, ...]:
    return tuple(name for name in cell.split("|") if name)


def spelling(canonical: str, provider: str) -> str | None:
    """What a provider calls an index, future or yield, where that is not the canonical symbol; None for all else."""
    for table in (indices(), futures(), yields()):
        if canonical in table:
            return table[canonical].spellings.get(provider)
    return None


def venue_of(canonical: str) -> Venue | None:
    """The exchange that the suffix of a listing names; the United States without one, None for an unknown suffix."""
    ticker, dot, suffix = canonical.rpartition(".")
    return venues().get(suffix if dot and ticker else UNITED_STATES)
