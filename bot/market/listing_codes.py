"""Every spelling of a listing: `VOD.L`, `LON:VOD`, `VOD LN Equity`, `VOD@LSE`, `VOD.XLON`, `7203`, `BRKb`. Pure.

A suffix, prefix or code names a venue; where it names several, the listings decide. What the list does not have is a
listing all the same where the spelling leaves no doubt, and the venue writes its codes so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from bot.market.listings import ListedRow, key, listings, world_core
from bot.market.pairs import Spelt
from bot.market.venues import UNITED_STATES, Venue, venues

AMERICAN = frozenset(
    "NASDAQ NYSE NYSEARCA NYSEAMERICAN NYSEMKT ARCA AMEX BATS CBOE XNAS XNYS ARCX XASE SMART ISLAND US".split()
)
_OTC = frozenset("OTC OTCMKTS OTCBB PINK".split())
_GONE = {"ME": "Moscow: there have been no prices of it since 2022"}
_CODES = {
    "T": r"\d{3}[0-9A-Z]",
    "HK": r"\d{1,5}",
    "KS": r"\d{5}[0-9A-Z]",
    "KQ": r"\d{5}[0-9A-Z]",
    "SS": r"\d{6}",
    "SZ": r"\d{6}",
    "TW": r"\d{4,6}[A-Z]?",
    "TWO": r"\d{4,6}[A-Z]?",
    "SR": r"\d{4}",
    "KL": r"\d{4}[A-Z]{0,2}",
}
_TICKER = re.compile(r"[A-Z0-9&]{1,10}(?:-[A-Z0-9]{1,3})?")
_PARTS = re.compile(r"[A-Z0-9&]{1,12}(?:[.\-/_ ][A-Z0-9&]{1,8})*")
_CLASS = re.compile(r"[A-Z]{1,4}-[ABCKUVW]")
_HOMES = "L PA DE AS SW MC MI ST CO HE OL BR T KS HK SS SZ TW AX NS TO SA MX".split()
CLEARLY = 2
_FOUR = ("T", "HK", "TW", "SR", "KL", "TWO")


@cache
def _by_code() -> Mapping[str, tuple[str, ...]]:
    """The suffixes of the venues that a prefix may name: TradingView's, Google's and ISO codes."""
    found: dict[str, dict[str, None]] = {}
    for venue in venues().values():
        for code in (venue.mic, *venue.tradingview, *venue.google):
            if venue.suffix != UNITED_STATES:
                found.setdefault(code, {})[venue.suffix] = None
    return {code: tuple(suffixes) for code, suffixes in found.items()}


@cache
def _by_bloomberg() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for venue in venues().values():
        for code in venue.bloomberg:
            found.setdefault(code, {})[venue.suffix] = None
    return {code: tuple(suffixes) for code, suffixes in found.items()}


@cache
def _by_suffix() -> Mapping[str, str]:
    """The suffixes that others write, with ours: `UK` and `LON` are `L`."""
    others: dict[str, str] = {}
    for venue in venues().values():
        for code in (*venue.other_suffixes, venue.mic, *venue.tradingview):
            others.setdefault(code, venue.suffix)
    return others | dict.fromkeys(AMERICAN, UNITED_STATES)


def venue_called(prefix: str) -> tuple[Venue, ...]:
    """The venues abroad that a prefix may name."""
    return tuple(venues()[suffix] for suffix in _by_code().get(prefix, ()))


def american(ticker: str) -> str | None:
    """The US listing that a ticker is, in any spelling of its class: `BRK.B`, `BRK/B`, `BRKB`; else None."""
    dashed = re.sub(r"[./_ ]", "-", ticker)
    if dashed in listings() and "." not in dashed:
        return dashed
    glued = f"{ticker[:-1]}-{ticker[-1:]}"
    return glued if ticker.isalpha() and glued in listings() else None


def listing(ticker: str, suffix: str) -> str | None:
    """The canonical listing of a ticker at a venue; None where the venue writes no such codes."""
    ticker = re.sub(r"[./_ ]", "-", ticker).rstrip("-")
    code = _CODES.get(suffix)
    if suffix == "HK" and ticker.isdigit():
        ticker = ticker.lstrip("0").zfill(4)
    whole = f"{ticker}.{suffix}"
    if whole in listings():
        return whole
    if not _TICKER.fullmatch(ticker) or (code is not None and not re.fullmatch(code, ticker)):
        return None
    # A class without its sign; and Reuters writes Xetra's shares with a G.
    others = [f"{ticker[:-1]}-{ticker[-1]}.{suffix}", *([f"{ticker[:-1]}.DE"] if ticker.endswith("G") else ())]
    return next((one for one in others[: 2 if suffix == "DE" else 1] if one in listings()), whole)


def _at(ticker: str, suffixes: Iterable[str]) -> Spelt | None:
    """The listing at one of several venues: the listed one, else the only one whose codes are such."""
    found = [one for suffix in suffixes if suffix and (one := listing(ticker, suffix))]
    listed = [one for one in found if one in listings()]
    meant = listed or found
    if not meant:
        return None
    return Spelt(tuple(meant[:4])) if listed or len(meant) == 1 else None


def read_suffix(typed: str) -> Spelt | None:
    """The listing that a text in capitals with a dot spells: a class first, then a suffix of ours, then of others."""
    ticker, dot, suffix = typed.rpartition(".")
    if not dot or not _PARTS.fullmatch(ticker) or not re.fullmatch(r"[A-Z]{1,12}", suffix):
        return None
    if us := american(typed):
        return Spelt((us,))
    ours = suffix if suffix in venues() else _by_suffix().get(suffix)
    if ours is None:
        dashed = f"{ticker}-{suffix}"
        if _CLASS.fullmatch(dashed):
            return Spelt((dashed,))
        return Spelt(refused=f"there are no prices of the exchange that .{suffix[:5]} stands for")
    if ours in _GONE:
        return Spelt(refused=f".{suffix} is {_GONE[ours]}")
    if ours == UNITED_STATES:
        return _us_share(ticker)
    found = listing(ticker, ours)
    if found is None:
        return Spelt(refused=f"{venues()[ours].name}, the exchange that .{suffix} stands for, has no such codes")
    return Spelt((found,))


def _us_share(ticker: str) -> Spelt | None:
    """A US share that was written as one, listed or not."""
    ticker = re.sub(r"[./_ ]", "-", ticker)
    found = american(ticker) or (ticker if re.fullmatch(r"[A-Z]{1,5}(?:-[A-Z]{1,2})?", ticker) else None)
    return Spelt((found,)) if found else None


def read_prefix(prefix: str, ticker: str) -> Spelt | None:
    """The listing of `LSE:VOD`; Tokyo and Toronto are both TSE. None where the prefix names no exchange."""
    if prefix in AMERICAN or prefix in _OTC:
        return _us_share(ticker)
    suffixes = _by_code().get(prefix, ())
    if not suffixes and len(prefix) > 2:
        suffixes = tuple(filter(None, (_by_suffix().get(prefix),)))
    if prefix == "TSE":
        suffixes = ("T",) if ticker[:1].isdigit() else ("TO",)
    if set(suffixes) & _GONE.keys():
        return Spelt(refused=f"{prefix} is {_GONE[suffixes[0]]}")
    return _at(ticker, suffixes)


def read_bloomberg(typed: str) -> Spelt | None:
    """The listing of `VOD LN Equity`, `7203 JP`, `VOD:LN`, `VOD@LSE`.

    Two words are one listing only where the list has it, or where a third says that it is a share.
    """
    match = re.fullmatch(r"([A-Z0-9&./\-]{1,10}(?: [A-D])?)([ :@])([A-Z]{2,10})( EQUITY)?", typed)
    if match is None:
        return None
    ticker, sign, code, equity = match.groups()
    suffixes = _by_bloomberg().get(code, ())
    if sign == "@":
        suffixes = _by_code().get(code, (UNITED_STATES,) if code in AMERICAN else ())
    if UNITED_STATES in suffixes:
        us = american(ticker)
        return Spelt((us,)) if us else _us_share(ticker) if sign != " " or equity else None
    found = _at(ticker, suffixes)
    sure = equity or sign != " " or ticker.isdigit()
    return found if found and (sure or found.meant[0] in listings()) else None


def read_digits(typed: str) -> Spelt | None:
    """The listing of a code of digits alone: four are Tokyo's, Hong Kong's, Taipei's…, six Shanghai's or Korea's.

    The list decides; where it has several, they are asked back, the largest first.
    """
    if re.fullmatch(r"\d{3}[A-Z]", typed):
        found = listing(typed, "T")
        return Spelt((found,)) if found and found in listings() else None
    if not re.fullmatch(r"\d{1,6}", typed):
        return None
    suffixes: tuple[str, ...] = ("HK",) if len(typed) in {1, 2, 3, 5} else _FOUR if len(typed) == 4 else ()
    if len(typed) == 6:
        suffixes = ("SS", "SZ", "KS", "KQ")
    rows = [row for suffix in suffixes if (row := listings().get(listing(typed, suffix) or ""))]
    rows.sort(key=lambda row: -row.size)
    if rows:
        return _clear(rows)
    places = ", ".join(f"{typed}.{suffix}" for suffix in suffixes)
    if len(typed) < 4:
        return None
    return Spelt(refused=f"is a code that several exchanges may have; write which, as {places}")


def read_class(typed: str) -> Spelt | None:
    """The share whose class is a small letter or a word of its own: `BRKb`, `VOLVb.ST`, `NOVO B`."""
    if match := re.fullmatch(r"([A-Z]{1,6})([a-d])(?:\.([A-Z]{1,3}))?", typed):
        name = f"{match[1]}-{match[2].upper()}" + (f".{match[3]}" if match[3] else "")
        return Spelt((name,)) if name in listings() else None
    if match := re.fullmatch(r"([A-Z]{2,6})[ \-/.]([ABCK])", typed.upper()):
        dashed = f"{match[1]}-{match[2]}"
        rows = listings().of_ticker(dashed)
        return Spelt((dashed,)) if dashed in listings() else Spelt((rows[0].symbol,)) if len(rows) == 1 else None
    return None


def read_abroad(ticker: str) -> Spelt | None:
    """The listing abroad that goes by a ticker which no US listing has: one company's, or the clearly largest."""
    rows = listings().of_ticker(ticker)
    if not rows:
        return None
    lines: dict[str, list[ListedRow]] = {}
    for row in rows:
        lines.setdefault(key(world_core(row.name)), []).append(row)
    return _clear(sorted(map(home, lines.values()), key=lambda row: -row.size))


def _clear(rows: Sequence[ListedRow]) -> Spelt:
    """The listing that is clearly the largest, with what else has the code; else all, to ask back."""
    if len(rows) == 1:
        return Spelt((rows[0].symbol,))
    if rows[0].size < rows[1].size + CLEARLY:
        return Spelt(tuple(row.symbol for row in rows[:4]))
    return Spelt((rows[0].symbol,), f"{rows[1].symbol} is {rows[1].name}.")


def home(rows: Iterable[ListedRow]) -> ListedRow:
    """The line of a company at home, as far as the places tell: abroad before the US, the usual places first."""

    def rank(row: ListedRow) -> tuple[int, int]:
        suffix = row.symbol.rpartition(".")[2] if not row.american else ""
        place = _HOMES.index(suffix) if suffix in _HOMES else len(_HOMES)
        return (place + (100 if row.american else 0), -row.size)

    return min(rows, key=rank)
