"""The symbol book: what people type, resolved to one canonical symbol. Pure; its list is `symbols.json`.

Canonical writing: US shares and funds in upper case with a hyphen for the class (`BRK-B`), indices with a caret
(`^RUT`), crypto as `BTC-USD`, currency pairs as `EUR/USD`. How each provider spells them is the provider's affair.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from bot.errors import UserError, one_of, quoted
from bot.market.listings import core, key, listings
from bot.market.venues import Instrument, futures, indices, venue_of, yields
from bot.text import closest

AssetKind = Literal["stock", "fund", "index", "fx", "metal", "crypto", "future", "yield", "commodity", "unknown"]
FILE = Path(__file__).with_name("symbols.json")
US_CALENDAR = "XNYS"
US_ZONE = "America/New_York"
_SHARE = re.compile(r"[A-Z]{1,5}(?:[\-/][A-Z]{1,2}|\.[ABCKUVW])?")
_CARET = re.compile(r"\^[A-Z0-9]{2,6}")
_PAIR = re.compile(r"([A-Z]{3})[/\-_ ]?([A-Z]{3})(?:=X)?")
_JOINT = re.compile(r"[^\W_](?:[^\w&']|_)+[^\W_]")
_PREFIX = re.compile(r"([A-Z]{2,10}):(\S+)")
_SUFFIX = re.compile(r"[A-Z0-9\-]{1,7}\.([A-Z]{1,3})")
_FUTURE = re.compile(r"([A-Z0-9]{1,3})(?:[FGHJKMNQUVXZ]\d{1,2})?=F")
_DATED = re.compile(r"(?P<root>[A-Z0-9]{1,4})(?P<month>[FGHJKMNQUVXZ])(?P<year>\d\d)=F")
_LISTING = re.compile(r"[A-Z0-9&]{1,9}(?:-[A-Z0-9]{1,3})?\.[A-Z]{1,3}")
_MONTHS = dict(
    zip(
        "FGHJKMNQUVXZ",
        "January February March April May June July August September October November December".split(),
        strict=True,
    )
)
AMERICAN = frozenset("NASDAQ NYSE NYSEARCA NYSEAMERICAN NYSEMKT ARCA AMEX BATS CBOE XNAS XNYS ARCX".split())
_US_SHARE = re.compile(r"[A-Z]{1,5}(-[A-C])?")
_LIMIT = 40
_OFFERED = 4
_ALIKE = 75.0
_THE = re.compile(r"^\s*the\s+", re.IGNORECASE)
_SHORTEST_BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """One tradable or quoted thing, its kind readable from its canonical symbol.

    `calendar` is a name of exchange_calendars ("XNYS", "CMES", "24/5"), or None where no sessions are known; `zone` is
    the exchange's own. `venue` is its ISO 10383 code. Prices are shown in `currency`; exchanges quote in `unit`, and
    `per_major` of those make one of the currency: 100 for London's GBp. A yield has no currency, its unit is "percent".

    `stand_in` names the symbol that is used where no provider serves this one's own prices. `note` is what has to be
    said about how it was read: "FB is META since June 2022".
    """

    canonical: str
    name: str
    kind: AssetKind
    calendar: str | None
    currency: str | None
    aliases: tuple[str, ...] = ()
    stand_in: str | None = None
    venue: str | None = None
    zone: str | None = None
    unit: str | None = None
    per_major: int = 1
    note: str = field(default="", compare=False)

    @property
    def listed(self) -> bool:
        """Whether it keeps the sessions of the US exchanges. Yields do not: the bond market has other holidays."""
        return self.calendar == US_CALENDAR and self.kind != "yield"

    @property
    def abroad(self) -> bool:
        """Whether it is a listing on an exchange outside the United States."""
        return self.venue is not None and "." in self.canonical

    @property
    def looks_listed(self) -> bool:
        """Whether it is in no book but written as US shares are: `DHR`, `MOG-A`; not `7203.T`, `VOD.L`, `MYFUND`."""
        return self.kind == "unknown" and bool(_US_SHARE.fullmatch(self.canonical))


def _is_solid(name: str) -> bool:
    """Whether a name is one piece of a few letters, as GEV is: two pieces of it, `GE V`, are something else."""
    return bool(re.fullmatch(r"[A-Za-z]{1,5}", name))


def placed(canonical: str, stand_in: str | None = None) -> Symbol | None:
    """The symbol of the world's tables that a canonical string is: a listing, an index, a future, a yield; else None.

    A listing on a known exchange is one also where the list does not have it: `VOD.L` and `285A.T` alike.
    """
    for table in (indices(), futures(), yields()):
        if canonical in table:
            return _from_table(table[canonical])
    if dated := _DATED.fullmatch(canonical):
        front = futures().get(f"{dated['root']}=F")
        return None if front is None else _dated(_from_table(front), dated)
    row, venue = listings().get(canonical), venue_of(canonical)
    if venue is None or (row is None and not (venue.suffix and _LISTING.fullmatch(canonical))):
        return None
    kind: AssetKind = "unknown" if row is None else "fund" if row.kind == "F" else "stock"
    return Symbol(
        canonical, row.name if row else "", kind, venue.calendar, venue.currency, (), stand_in,
        venue=row.mic if row else venue.mic, zone=venue.zone, unit=venue.unit, per_major=venue.per_major,
    )  # fmt: skip


def _from_table(one: Instrument) -> Symbol:
    return Symbol(
        one.canonical, one.name, one.kind, one.calendar, one.currency, one.aliases,
        venue=one.mic, zone=one.zone, unit=one.unit, per_major=one.per_major,
    )  # fmt: skip


def _dated(front: Symbol, dated: re.Match[str]) -> Symbol:
    """A future of one month: `ESZ26=F`."""
    month = _MONTHS[dated["month"]]
    return replace(front, canonical=dated[0], name=f"{front.name}, {month} 20{dated['year']}", aliases=())


class SymbolBook:
    """Names and symbols to `Symbol`s.

    `ambiguous` maps names to the symbols that each may mean, best first. `near` maps what is not in the book, such as
    the root of a future, to what is nearest to it there.

    Raises ValueError when two symbols claim one name, or an ambiguous name is no such name.
    """

    def __init__(
        self,
        symbols: Iterable[Symbol],
        currencies: Mapping[str, str],
        ambiguous: Mapping[str, Sequence[str]] = MappingProxyType({}),
        near: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.symbols: dict[str, Symbol] = {symbol.canonical: symbol for symbol in symbols}
        self.currencies = dict(currencies)
        self._near = {name: tuple(meant) for name, meant in near.items()}
        self._names: dict[str, Symbol] = {}
        self._joined: set[str] = set()
        for symbol in self.symbols.values():
            for name in filter(None, (symbol.canonical, symbol.name, *symbol.aliases)):
                if not _is_solid(name):
                    self._joined.add(key(name))
                other = self._names.setdefault(key(name), symbol)
                if other is not symbol:
                    msg = f"{name!r} names both {other.canonical} and {symbol.canonical}"
                    raise ValueError(msg)
        self._name_companies()
        self._ambiguous = {key(name): self._several(name, wanted) for name, wanted in ambiguous.items()}

    def joined(self, more: Iterable[Symbol]) -> SymbolBook:
        """The book with more symbols, such as those of somebody's own files.

        What a name meant before, it still means; one that was ambiguous means the new symbol that is spelt so.
        """
        free: dict[str, Symbol] = {}
        for symbol in more:
            if key(symbol.canonical) and key(symbol.canonical) not in self._names:
                free.setdefault(key(symbol.canonical), symbol)
        ambiguous = {
            name: [symbol.canonical for symbol in of] for name, of in self._ambiguous.items() if name not in free
        }
        if not free:
            return self
        return SymbolBook([*self.symbols.values(), *free.values()], self.currencies, ambiguous, self._near)

    def _name_companies(self) -> None:
        """Companies go by their names without the legal form too, where only one is called so."""
        cores: dict[str, list[Symbol]] = {}
        for symbol in self.symbols.values():
            if symbol.kind == "stock":
                cores.setdefault(key(core(symbol.name)), []).append(symbol)
        for name, called in cores.items():
            if len(called) == 1:
                self._names.setdefault(name, called[0])

    def _several(self, name: str, wanted: Sequence[str]) -> tuple[Symbol, ...]:
        if key(name) in self._names or not 1 < len(wanted) <= _OFFERED or not self.symbols.keys() >= set(wanted):
            msg = f"{name!r} must be no other name, and mean 2 to {_OFFERED} symbols of the book"
            raise ValueError(msg)
        return tuple(self.symbols[canonical] for canonical in wanted)

    @cached_property
    def _beginnings(self) -> dict[str, tuple[Symbol, ...]]:
        """The first words of the names of companies and funds, and which have them."""
        found: dict[str, dict[str, Symbol]] = {}
        for symbol in self.symbols.values():
            words = symbol.name.removeprefix("The ").split() if symbol.kind in {"stock", "fund"} else []
            for length in range(1, len(words)):
                found.setdefault(key("".join(words[:length])), {})[symbol.canonical] = symbol
        return {start: tuple(of.values()) for start, of in found.items() if len(start) >= _SHORTEST_BEGINNING}

    def known(self, text: str) -> Symbol | None:
        """The symbol that a name in the book stands for, or None."""
        name = key(text)
        if _JOINT.search(text) and name not in self._joined and _is_solid(name):
            return None
        return self._names.get(name)

    def named(self, text: str) -> Symbol | None:
        """The symbol that a name stands for, also one that is cut short after two words or more; None for no name.

        Raises UserError (ambiguous) where a name stands for several, (unknown_symbol) where a single word begins only
        one: "bank" may be meant for Bank of America, and may not. `GOLD` and `$gold` are symbols, `gold` is a name.
        """
        bare, name = _THE.sub("", text), key(text)
        found = self.known(text) or (self.known(bare) if bare != text else None)
        if found is not None or not name or _is_spelt_out(text):
            return found
        meant = self._ambiguous.get(name) or self._beginnings.get(name, ())
        if len(meant) == 1 and len(text.split()) > 1:
            return meant[0]
        if meant:
            raise unclear(text, meant)
        return None

    def meanings(self, text: str) -> tuple[Symbol, ...]:
        """The symbols that a name stands for where it stands for several, the likeliest first; else nothing."""
        return self._ambiguous.get(key(text), ())

    def resolve(self, text: str) -> Symbol:
        """The symbol that a person means: a name in the book, else anything shaped like a symbol.

        Raises UserError: ambiguous for a name of several, unknown_symbol with the nearest names for everything else.
        """
        found = self.named(text)
        if found is not None:
            return found
        typed = unicodedata.normalize("NFKC", text).strip().lstrip("$").upper()
        listed = _PREFIX.fullmatch(typed)
        if listed and listed[1] in AMERICAN:
            return self.resolve(listed[2])
        pair = _PAIR.fullmatch(typed)
        if pair and pair[1] in self.currencies and pair[2] in self.currencies and pair[1] != pair[2]:
            return self.pair(pair[1], pair[2])
        if _SHARE.fullmatch(typed):
            return Symbol(re.sub(r"[./]", "-", typed), "", "unknown", None, None)
        found = placed(typed)
        if found is not None:
            return found
        if _CARET.fullmatch(typed):
            return Symbol(typed, "", "index", None, None)
        raise self.unknown(text)

    def unknown(self, text: str) -> UserError:
        """The error for a text that is no symbol, with the nearest names."""
        near = self.nearest(text)
        hint = self.did_you_mean(near) or "Try one such as IWM, RUT, AAPL, EUR/USD or BTC."
        why = _foreign(unicodedata.normalize("NFKC", text).strip().upper())
        reason = f"I do not know the symbol {quoted(text, _LIMIT)}{why}."
        return UserError(f"{reason} {hint}", "unknown_symbol", near, about=text)

    def did_you_mean(self, near: Sequence[str]) -> str:
        """The question whether one of these symbols is meant, with their names; empty for none."""
        named = [(canonical, self.symbols[canonical].name) for canonical in near]
        names = [f"{canonical} ({name})" if name else canonical for canonical, name in named]
        return f"Did you mean {one_of(names)}?" if names else ""

    def pair(self, base: str, quote: str) -> Symbol:
        """The currency pair of two ISO codes: units of `quote` for one `base`."""
        name = f"{self.currencies[base]} in {self.currencies[quote]}"
        return self.symbols.get(f"{base}/{quote}") or Symbol(f"{base}/{quote}", name, "fx", None, quote)

    def nearest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Canonical symbols whose names are spelt most like `text`, best first; often none.

        Of what is written for another exchange or as a future, it is the symbol that is nearest in kind.
        """
        typed = text.strip().lstrip("$").upper()
        future = _FUTURE.fullmatch(typed)
        for name in (typed, future[1] if future else typed, typed[:3]):
            if name in self._near and (name == typed or future or typed[3:].strip("/-_") in self.currencies):
                return self._near[name][:limit]
        if pieces := re.findall(r"[^.:/\-_=]+(?=[./\-_=])|(?<=:)[^.:/\-_=]+", typed)[:1]:
            same = self.symbols.get(pieces[0]) or self.symbols.get(f"{pieces[0]}-USD")
            if same or "=" in typed:
                return (same.canonical,) if same else ()
        alike = closest(key(text.encode("ascii", "ignore").decode()), self._names.keys(), _ALIKE, limit * 3)
        return tuple(dict.fromkeys(self._names[name].canonical for name in alike))[:limit]

    def complete(self, prefix: str, limit: int = 25) -> tuple[Symbol, ...]:
        """Symbols whose symbol or a name starts with `prefix`: for autocomplete, from memory."""
        start = key(prefix)
        ranked = sorted((len(name), symbol.canonical) for name, symbol in self._names.items() if name.startswith(start))
        return tuple(self.symbols[c] for c in dict.fromkeys(canonical for _, canonical in ranked))[:limit]


def _foreign(typed: str) -> str:
    """Why a symbol cannot be in the book, where its spelling says so: "…, which is a future"."""
    if _FUTURE.fullmatch(typed):
        return ": futures are not in the book"
    if suffix := _SUFFIX.fullmatch(typed):
        return f": there are no prices of the exchange that .{suffix[1]} stands for"
    if prefix := _PREFIX.fullmatch(typed):
        return f": there are no prices of {prefix[1][:10]}"
    return ""


def _is_spelt_out(text: str) -> bool:
    """Whether it is written as a symbol: `$gold`, `GOLD`."""
    typed = text.strip()
    return typed.startswith("$") or (typed.isupper() and bool(_SHARE.fullmatch(typed)))


def unclear(text: str, meant: Sequence[Symbol]) -> UserError:
    """The question back: which of these symbols is meant."""
    shown = meant[:_OFFERED]
    names = [f"{symbol.canonical} ({symbol.name})" for symbol in shown]
    offers = tuple(symbol.canonical for symbol in shown)
    if len(meant) == 1:
        return UserError(f"Did you mean {names[0]} by {quoted(text, _LIMIT)}?", "unknown_symbol", offers, about=text)
    more = len(meant) - len(shown)
    listed = f"{', '.join(names)}, and {more} more" if more else one_of(names)
    return UserError(f"{quoted(text, _LIMIT)} can mean {listed}. Which one?", "ambiguous", offers, about=text)


def read_book(content: bytes) -> SymbolBook:
    """The book from the bytes of `symbols.json`."""
    table: dict[str, Any] = json.loads(content)
    return SymbolBook(map(_of_row, table["symbols"]), table["currencies"], table["ambiguous"], table["near"])


def _of_row(row: Mapping[str, Any]) -> Symbol:
    american = row.get("calendar") == US_CALENDAR
    return Symbol(
        canonical=row["symbol"],
        name=row["name"],
        kind=row["kind"],
        calendar=row.get("calendar"),
        currency=row.get("currency"),
        aliases=tuple(row.get("aliases", ())),
        stand_in=row.get("stand_in"),
        venue=row.get("venue"),
        zone=US_ZONE if american else None,
        unit=row.get("currency"),
    )
