"""What people type for a symbol, in anybody's spelling, as canonical strings. Pure.

The order in which a text is tried stands in `read`; `docs/symbols.md` tells the decisions behind it. Names and what
they mean are `data/names.tsv`, symbols that have another name today `data/renamed.tsv`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from bot.market.contracts import index_called, read_future, read_index, read_yield, root_of
from bot.market.listing_codes import (
    AMERICAN,
    american,
    home,
    read_abroad,
    read_bloomberg,
    read_class,
    read_digits,
    read_prefix,
    read_suffix,
    venue_called,
)
from bot.market.listings import ListedRow, in_pieces, is_solid, key, listings, world_core
from bot.market.pairs import Spelt, bare_coin, read_pair
from bot.market.venues import DATA, Venue, futures, indices, rows_of, yields
from bot.text import visible

LONGEST = 60
SMALL = 2
_KNOWN = 4
_SHORTEST_NAME = 4
_ISIN = re.compile(r"[A-Z]{2}[A-Z0-9]{9}\d")
_FIGI = re.compile(r"BBG[A-Z0-9]{9}")
_PREFIXED = re.compile(r"([A-Z][A-Z0-9_\- ]{1,15}):([^\s/][^:]*)")
_PADDED = re.compile(r"^([A-Z]) ([A-Z]?\d{1,4} (?:COMDTY|INDEX|CURNCY))$")
_FUTURES_PREFIXES = frozenset(
    """
    CME CME_MINI CBOT CBOT_MINI COMEX COMEX_MINI NYMEX NYMEX_MINI ICEUS ICEEUR ICE EUREX CBOE CFE XCME XCBT XNYM XCEC
    XEUR IFUS GLOBEX ECBOT
    """.split()
)
_ANYTHING = frozenset(
    """
    TVC OANDA FX FX_IDC FOREXCOM SAXO PEPPERSTONE CAPITALCOM FXCM ICMARKETS EIGHTCAP BLACKBULL CURRENCY CURRENCYCOM IG
    CMCMARKETS VANTAGE FUSIONMARKETS DJ SP INDEX INDEXSP INDEXDJX INDEXNASDAQ INDEXCBOE INDEXDB INDEXFTSE INDEXNIKKEI
    INDEXHANGSENG INDEXEURO INDEXSTOXX INDEXBOM INDEXNSE INDEXASX INDEXTSI INDEXBVMF INDEXBME INDEXSWX INDEXRUSSELL FTSE
    STOXX HSI CRYPTO BINANCE BINANCEUS COINBASE KRAKEN BITSTAMP BITFINEX BYBIT OKX KUCOIN GEMINI HUOBI HTX GATEIO MEXC
    BITGET POLONIEX UPBIT BITHUMB CRYPTOCOM UNISWAP COMMODITY METAL BLOOMBERG YAHOO FOREX
    """.split()
)
_SPOT = {
    "GOLD": "XAU/USD",
    "SILVER": "XAG/USD",
    "PLATINUM": "XPT/USD",
    "PALLADIUM": "XPD/USD",
    "USOIL": "WTI",
    "UKOIL": "BRENT",
}


class Named(NamedTuple):
    """What a name means: the best first. `also` are other lines of the same company."""

    meant: tuple[str, ...]
    also: tuple[str, ...] = ()


@cache
def _names() -> tuple[Mapping[str, Named], frozenset[str]]:
    """Keys of names with what they mean, and those whose name itself is in pieces."""
    found: dict[str, Named] = {}
    pieces: set[str] = set()
    for name, meant in _all_names():
        if not is_solid(name):
            pieces.add(key(name))
        found.setdefault(key(name), meant)
    return found, frozenset(pieces)


def _all_names() -> Iterator[tuple[str, Named]]:
    for row in rows_of((DATA / "names.tsv").read_text("utf-8")):
        meant = Named(tuple(row["meant"].split()), tuple(row["also"].split()))
        yield from ((name, meant) for name in row["names"].split("|"))
    for one in (*indices().values(), *futures().values(), *yields().values()):
        spelt = (one.canonical, one.canonical.lstrip("^"), one.name, *one.aliases, *one.spellings.values())
        yield from ((name, Named((one.canonical,))) for name in spelt)


@cache
def renamed() -> Mapping[str, tuple[str, str]]:
    """Symbols of the past, each with the one of today, "" for none, and why."""
    rows = rows_of((DATA / "renamed.tsv").read_text("utf-8"))
    return {row["old"]: (row["new"], row["why"]) for row in rows}


def named(text: str) -> Named | None:
    """What a name of the world's tables means: indices, futures, yields, companies by the names people use."""
    names, pieces = _names()
    name = key(text)
    if in_pieces(text) and name not in pieces and is_solid(name):
        return None
    return names.get(name)


def beginning(start: str, limit: int) -> tuple[str, ...]:
    """The indices, futures and yields of which a name begins with a key, the shorter names first."""
    found = sorted((len(name), one.meant[0]) for name, one in _names()[0].items() if name.startswith(start))
    return tuple(dict.fromkeys(canonical for _, canonical in found))[:limit]


def cashtag(text: str) -> str | None:
    """The US listing of `$ES`: with the sign a share is meant where its letters are something else, too.

    Not where a fund goes by the code of the coin it holds: `$BTC` is the coin.
    """
    code = text.strip()[1:].upper()
    row = listings().get(american(code) or "") if text.strip().startswith("$") else None
    return None if row is None or (row.kind == "F" and bare_coin(code)) else row.symbol


def contested(canonical: str) -> bool:
    """Whether the bare letters of a US listing would be read as something else, so that it needs its `$`."""
    if not canonical.isalpha():
        return False
    root, coin = root_of(canonical), bare_coin(canonical)
    other = named(canonical)
    return bool(
        (root and root.bare_means != "share")
        or (coin and coin.bare_means != "share")
        or (other and other.meant != (canonical,))
    )


def certain(canonical: str) -> str:
    """The text that means this symbol and no other: `$CL` for the share, whose letters are a future's root, too.

    A fund that goes by its coin's code is `XRP.US`.
    """
    if not contested(canonical):
        return canonical
    return f"${canonical}" if cashtag(f"${canonical}") else f"{canonical}.US"


def read_root(code: str) -> Spelt | None:
    """What bare letters mean that are the root of a future: the future, or, where a share has them too, as is usual."""
    one = root_of(code)
    if one is None or one.bare_means == "share":
        return None
    share = listings().get(code)
    if one.bare_means == "ask" and share is not None:
        return Spelt((one.canonical, code))
    return None if one.bare_means == "crypto" else Spelt((one.canonical,), _share_note(code, share))


def _share_note(code: str, share: ListedRow | None) -> str:
    """What to say where letters are read as something else than the US listing that has them, too."""
    if share is None or (share.kind == "F" and bare_coin(code)):
        return ""
    return f"The {'fund' if share.kind == 'F' else 'share'} {share.name} is ${code}."


def share_note(code: str) -> str:
    """What to say where letters are read as something else than the US share that has them, too."""
    return _share_note(code, listings().get(code))


def read_coin(code: str) -> Spelt | None:
    """The coin that a bare code means, in dollars; where a share has the letters, too, as is usual."""
    coin = bare_coin(code)
    if coin is None or coin.bare_means == "share":
        return None
    share = listings().get(code)
    if coin.bare_means == "ask" and share is not None:
        return Spelt((f"{coin.code}-USD", code))
    return Spelt((f"{coin.code}-USD",), _share_note(code, share))


def read(text: str) -> Spelt | None:
    """What a text spells, tried in order; None where it looks like no symbol that is known."""
    typed = " ".join(visible(text).split())
    if not typed or len(typed) > LONGEST:
        return None
    typed = typed.removeprefix("$")
    return next((found for reader in _READERS if (found := reader(typed)) is not None), None)


def _upper(reader: Callable[[str], Spelt | None]) -> Callable[[str], Spelt | None]:
    return lambda typed: reader(typed.upper())


def _identifier(typed: str) -> Spelt | None:
    """An ISIN or FIGI, which names a security but not where it trades."""
    if _ISIN.fullmatch(typed.upper()) and _checks(typed.upper()):
        return Spelt(refused="is an ISIN, which names a security and not where it trades; I need its symbol, as VOD.L")
    if _FIGI.fullmatch(typed.upper()):
        return Spelt(refused="is a FIGI; I need the symbol, as VOD.L")
    return None


def _checks(isin: str) -> bool:
    """Whether the last digit of an ISIN is right (ISO 6166: Luhn's sum over letters as numbers)."""
    digits = "".join(str(int(c, 36)) for c in isin)
    total = sum(sum(divmod(int(d) * (2 if at % 2 else 1), 10)) for at, d in enumerate(reversed(digits)))
    return total % 10 == 0


def _table_name(typed: str) -> Spelt | None:
    meant = named(typed)
    if meant is None:
        return None
    note = _also_note(meant.also)
    code = typed.upper()
    if typed == meant.meant[0]:
        note = ""
    elif code.isalpha() and code not in meant.meant:
        note = share_note(code) or note
    return Spelt(meant.meant, note, also=meant.also)


def _also_note(lines: Sequence[str]) -> str:
    return f"Also listed as {' and '.join(lines)}." if lines else ""


def _old(typed: str) -> Spelt | None:
    found = renamed().get(re.sub(r"[./ ]", "-", typed.upper())) or renamed().get(typed.upper())
    if found is None:
        return None
    new, why = found
    return Spelt((new,), f"{why}.") if new else Spelt(refused=f"has no prices any more: {why}")


def _prefixed(typed: str) -> Spelt | None:
    match = _PREFIXED.fullmatch(typed.upper())
    if match is None:
        return None
    prefix, rest = match[1], match[2]
    if prefix in _FUTURES_PREFIXES and (found := read_future(rest, bare=True)):
        return found
    if prefix in _ANYTHING:
        return _of_any_place(prefix, rest)
    found = _on_exchange(prefix, rest) or read_bloomberg(typed.upper()) or read_index(typed.upper())
    return found or read_pair(typed.upper()) or _turned_round(prefix, rest) or _no(prefix)


def _turned_round(ticker: str, exchange: str) -> Spelt | None:
    """The listing of a ticker before its exchange, as Google has it: `NESN:SWX`."""
    return _on_exchange(exchange, ticker) if exchange in AMERICAN or venue_called(exchange) else None


def _no(prefix: str) -> Spelt:
    return Spelt(refused=f"there are no prices of {prefix[:10]}")


def _of_any_place(prefix: str, rest: str) -> Spelt:
    """What a broker, a data house or a crypto exchange calls a thing that is no listing."""
    if rest in _SPOT:
        return Spelt((_SPOT[rest],))
    meant = named(rest)
    if meant is not None:
        return Spelt(meant.meant[:1])
    for reader in (read_future, read_yield, read_pair, read_index, read_coin):
        if (found := reader(rest)) is not None:
            return found
    return _no(prefix)


def _on_exchange(prefix: str, rest: str) -> Spelt | None:
    """A listing on an exchange, or the index that is computed there: `LSE:VOD`, `XETR:DAX`, `NASDAQ:NDX`."""
    places = venue_called(prefix)
    if index := _computed_at(rest, prefix, places):
        return Spelt((index,))
    found = read_prefix(prefix, rest)
    if found is None or found.meant[:1] == () or found.meant[0] not in listings():
        found = _company_at(rest, [place.suffix for place in places]) or found
    if found is None and places:
        return Spelt(refused=f"is at none of the exchanges that {prefix} stands for, as far as I know")
    return found


def _computed_at(code: str, prefix: str, places: Sequence[Venue]) -> str | None:
    """The index that goes by a code at an exchange: DAX at Xetra, 000001 at Shanghai, which Yahoo writes 000001.SS."""
    index = index_called(code)
    calendars = {place.calendar for place in places} or ({"XNYS"} if prefix in AMERICAN else set())
    if index and indices()[index].calendar in calendars and not _listed_at(code, prefix):
        return index
    return next((found for place in places if (found := index_called(f"{code}.{place.suffix}"))), None)


def _named_at(typed: str) -> Spelt | None:
    """The listing of a company's name before the suffix of an exchange: `LVMH.PA` is MC.PA."""
    name, dot, suffix = typed.upper().rpartition(".")
    if not dot or typed.upper() in listings():
        return None
    return _company_at(name, [suffix])


def _company_at(name: str, suffixes: Sequence[str]) -> Spelt | None:
    """The one company of a name, or of its short form, that is listed at one of some exchanges; said beside it."""
    if len(key(name)) < _SHORTEST_NAME or any(f"{name}.{suffix}" in listings() for suffix in suffixes):
        return None
    short = named(name)
    known = [row.symbol for row in listings().called(key(name))] if short is None else [*short.meant, *short.also]
    found = [one for one in known if one.rpartition(".")[2] in suffixes and "." in one]
    return Spelt((found[0],), f"{name} is listed there as {found[0]}.") if len(found) == 1 else None


def _listed_at(ticker: str, prefix: str) -> bool:
    """Whether a US listing of the ticker is on this very exchange: COMP is on NYSE, so NASDAQ:COMP is the index."""
    row = listings().get(ticker)
    return row is not None and row.kind == "S" and row.mic in {"NYSE": ("XNYS",), "NASDAQ": ("XNAS",)}.get(prefix, ())


def _marked(typed: str) -> Spelt | None:
    # Bloomberg fills roots of one letter up to two: "C 1 Comdty".
    upper = _PADDED.sub(r"\1\2", typed.upper())
    return read_future(upper) or read_yield(upper) or read_pair(upper) or read_index(upper)


def _bare(typed: str) -> Spelt | None:
    """Letters alone: a root, a coin, a US listing, a listing abroad."""
    code = typed.upper()
    if not re.fullmatch(r"[A-Z0-9&]{1,12}(?:-[A-Z]{1,3})?", code):
        return None
    found = read_root(code) or read_coin(code)
    if found is not None:
        return found
    us = american(code)
    if us:
        return _or_company(typed, us)
    return (None if typed.isupper() else company_called(typed)) or read_abroad(code)


def _or_company(typed: str, us: str) -> Spelt:
    """A US symbol; where it is a small share's and in small letters the name of a larger company, either."""
    share = listings().get(us)
    if typed.isupper() or share is None or share.size > SMALL or len(typed) < _SHORTEST_NAME:
        return Spelt((us,))
    larger = [row.symbol for row in listings().called(key(typed)) if row.size > share.size and row.symbol != us]
    return Spelt((*larger[:3], us))


def company_called(text: str) -> Spelt | None:
    """The company that a name or the beginning of one means; several are asked back, the largest first."""
    name = key(world_core(text))
    if len(name) < _SHORTEST_NAME:
        return None
    return _of_companies(listings().called(name) or listings().beginning(name))


def sure_name(text: str) -> str | None:
    """The one thing that a name in a sentence means: in the tables, or a sizeable company's whole name; else None."""
    meant = named(text)
    if meant is not None:
        return meant.meant[0] if len(meant.meant) == 1 else None
    name = key(world_core(text))
    rows = [row for row in listings().called(name) if row.size >= _KNOWN] if len(name) >= _SHORTEST_NAME else []
    found = _of_companies(rows)
    return found.meant[0] if found is not None and len(found.meant) == 1 else None


def _of_companies(rows: Iterable[ListedRow]) -> Spelt | None:
    lines: dict[str, list[ListedRow]] = {}
    for row in rows:
        lines.setdefault(key(world_core(row.name)), []).append(row)
    homes = [home(group) for group in lines.values()]
    if not homes:
        return None
    if len(homes) == 1:
        others = tuple(row.symbol for row in next(iter(lines.values())) if row != homes[0])[:3]
        return Spelt((homes[0].symbol,), _also_note(others), also=others)
    homes.sort(key=lambda row: -row.size)
    return Spelt(tuple(row.symbol for row in homes[:4]))


_READERS: tuple[Callable[[str], Spelt | None], ...] = (
    _identifier,
    _old,
    read_class,
    _table_name,
    _prefixed,
    _marked,
    _named_at,
    _upper(read_suffix),
    _upper(read_bloomberg),
    _upper(read_digits),
    _bare,
    company_called,
)
