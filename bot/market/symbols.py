"""The symbol book: what people type, resolved to one canonical symbol. Pure; its list is `symbols.json`.

Canonical writing: US shares and funds in upper case with a hyphen for the class (`BRK-B`), indices with a caret
(`^RUT`), crypto as `BTC-USD`, currency pairs as `EUR/USD`. How each provider spells them is the provider's affair.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from bot.errors import UserError, one_of, quoted
from bot.market.listings import core, in_pieces, is_solid, key
from bot.text import closest, visible

if TYPE_CHECKING:
    from bot.market.listings import ListedRow
    from bot.market.pairs import Spelt
    from bot.market.venues import Instrument

AssetKind = Literal["stock", "fund", "index", "fx", "metal", "crypto", "future", "yield", "commodity", "unknown"]
FILE = Path(__file__).with_name("symbols.json")
US_CALENDAR = "XNYS"
US_ZONE = "America/New_York"
_SHARE = re.compile(r"[A-Z]{1,5}(?:[\-/][A-Z]{1,2}|\.[ABCKUVW])?")
_CARET = re.compile(r"\^[A-Z0-9]{2,6}")
_DATED = re.compile(r"(?P<root>[A-Z0-9]{1,4})(?P<month>[FGHJKMNQUVXZ])(?P<year>\d\d)=F")
_MONTHS = dict(
    zip(
        "FGHJKMNQUVXZ",
        "January February March April May June July August September October November December".split(),
        strict=True,
    )
)
_COIN = re.compile(r"[A-Z0-9]{2,10}")
_US_SHARE = re.compile(r"[A-Z]{1,5}(-[A-C])?")
_LIMIT = 40
_OFFERED = 4
_ALIKE = 75.0
_ALIKE_ABROAD = 85.0
_BARE = re.compile(r"[A-Z]+")
_SIGNS = frozenset("/@#.")
_THE = re.compile(r"^\s*the\s+", re.IGNORECASE)
_SHORTEST_BEGINNING = 4


@dataclass(frozen=True, slots=True)
class Symbol:
    """One tradable or quoted thing, its kind readable from its canonical symbol.

    `calendar` is a name of exchange_calendars ("XNYS", "CMES", "24/5"), or None where no sessions are known; `zone` is
    the exchange's own. `venue` is its ISO 10383 code. Prices are shown in `currency`; exchanges quote in `unit`, and
    `per_major` of those make one of the currency: 100 for London's GBp. A yield has no currency, its unit is "percent".

    `stand_in` names the symbol that is used where no provider serves this one's own prices. `note` is what has to be
    said about how it was read: "FB is META since June 2022", `also` the other lines of the same company.
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
    also: tuple[str, ...] = field(default=(), compare=False)

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


def placed(canonical: str) -> Symbol | None:
    """The symbol of the world's tables that a canonical string is; None for what is no canonical string of theirs.

    A listing on a known exchange is one also where the list does not have it: `VOD.L` and `285A.T` alike.
    """
    from bot.market.venues import futures, indices, yields

    for table in (indices(), futures(), yields()):
        if canonical in table:
            return _from_table(table[canonical])
    if dated := _DATED.fullmatch(canonical):
        front = futures().get(f"{dated['root']}=F")
        return None if front is None else _dated(_from_table(front), dated)
    return _pair(canonical) or _listed(canonical)


def _pair(canonical: str) -> Symbol | None:
    """Two currencies, a metal in a currency, a coin in something: `EUR/USD`, `XAU/USD`, `BTC-EUR`."""
    from bot.market.pairs import QUOTES, bare_coin, currencies, is_money, metals, pair_name

    base, slash, quote = canonical.partition("/")
    if slash:
        if not is_money(base) or quote not in currencies() or base == quote:
            return None
        return Symbol(canonical, pair_name(base, quote), "metal" if base in metals() else "fx", None, quote, unit=quote)
    base, _, quote = canonical.rpartition("-")
    coin = bare_coin(base)
    if quote not in QUOTES or not (coin or _COIN.fullmatch(base)) or is_money(base) or quote == base:
        return None
    money = currencies().get(quote, quote).replace("US dollar", "US dollars")
    name = f"{coin.name} in {money}" if coin is not None else ""
    return Symbol(canonical, name, "crypto", None, quote, unit=quote)


def _listed(canonical: str) -> Symbol | None:
    from bot.market.listing_codes import listing
    from bot.market.listings import listings
    from bot.market.venues import venue_of

    row, venue = listings().get(canonical), venue_of(canonical)
    if venue is None:
        return None
    if row is None:
        ticker, _, suffix = canonical.rpartition(".")
        if not suffix or not ticker or listing(ticker, suffix) != canonical:
            return None
    return Symbol(
        canonical,
        row.name if row else "",
        "unknown" if row is None else "fund" if row.kind == "F" else "stock",
        venue.calendar,
        venue.currency,
        venue=row.mic if row else venue.mic,
        zone=venue.zone,
        unit=venue.unit,
        per_major=venue.per_major,
    )


def _from_table(one: Instrument) -> Symbol:
    return Symbol(
        one.canonical,
        one.name,
        one.kind,
        one.calendar,
        one.currency,
        one.aliases,
        venue=one.mic,
        zone=one.zone,
        unit=one.unit,
        per_major=one.per_major,
    )


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
                if not is_solid(name):
                    self._joined.add(key(name))
                other = self._names.setdefault(key(name), symbol)
                if other is not symbol:
                    msg = f"{name!r} names both {other.canonical} and {symbol.canonical}"
                    raise ValueError(msg)
        self._name_companies()
        for name, wanted in ambiguous.items():
            self._check(name, wanted)
        self._ambiguous = {key(name): tuple(wanted) for name, wanted in ambiguous.items()}

    def joined(self, more: Iterable[Symbol]) -> SymbolBook:
        """The book with more symbols, such as those of somebody's own files.

        What a name meant before, it still means; one that was ambiguous means the new symbol that is spelt so.
        """
        free: dict[str, Symbol] = {}
        for symbol in more:
            if key(symbol.canonical) and key(symbol.canonical) not in self._names:
                free.setdefault(key(symbol.canonical), symbol)
        ambiguous = {name: of for name, of in self._ambiguous.items() if name not in free}
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

    def _check(self, name: str, wanted: Sequence[str]) -> None:
        """Raise ValueError where an ambiguous name is the name of one, or means what cannot be a symbol."""
        strange = [one for one in wanted if one not in self.symbols and _BARE.fullmatch(one)]
        if key(name) in self._names or not 1 < len(wanted) <= _OFFERED or strange:
            msg = f"{name!r} must be no other name, and mean 2 to {_OFFERED} symbols of the book"
            raise ValueError(msg)

    def _several(self, name: str) -> tuple[Symbol, ...]:
        """The symbols of an ambiguous name; those of the world are placed when they are first asked for."""
        found = (self.symbol(canonical) for canonical in self._ambiguous.get(name, ()))
        return tuple(symbol for symbol in found if symbol is not None)

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
        if in_pieces(text) and name not in self._joined and is_solid(name):
            return None
        return self._names.get(name)

    def stored(self, canonical: str) -> Symbol:
        """The symbol of a canonical string, as stored lists and calls hold it: `CL` is the share and asks nothing back.

        Raises UserError as `resolve` does for what is no canonical string.
        """
        return self.symbol(canonical) or self.resolve(canonical)

    def symbol(self, canonical: str) -> Symbol | None:
        """The symbol that a canonical string is, of the book or of the world; None for any other text."""
        return self.symbols.get(canonical) or placed(canonical)

    def named(self, text: str) -> Symbol | None:
        """The symbol that a name stands for, also one that is cut short after two words or more; None for no name.

        Raises UserError (ambiguous) where a name stands for several, (unknown_symbol) where a single word begins only
        one: "bank" may be meant for Bank of America, and may not. `GOLD` and `$gold` are symbols, `gold` is a name.
        """
        found = self._marked(text) or self._called(text)
        if found is not None:
            return found
        name = key(text)
        if not name or _is_spelt_out(text):
            return self._of_the_world(text)
        meant = self._several(name) or self._beginnings.get(name, ())
        if len(meant) == 1 and (len(text.split()) > 1 or self._is_only(name)):
            return meant[0]
        if meant:
            raise unclear(text, meant)
        return self._of_the_world(text)

    def _marked(self, text: str) -> Symbol | None:
        """The share of `$ES`; and what bare letters mean that are a future's root."""
        from bot.market.pairs import Spelt
        from bot.market.spellings import cashtag, read_root

        typed = text.strip()
        share = cashtag(typed) if typed.startswith("$") else None
        if share is not None:
            return self._meant(text, Spelt((share,)))
        root = read_root(typed.upper()) if is_solid(typed) else None
        return None if root is None else self._meant(text, root)

    def _called(self, text: str) -> Symbol | None:
        """The symbol of the book that goes by this name; `/CL` and `.N` are marks of other spellings."""
        if text.strip()[:1] in _SIGNS:
            return None
        bare = _THE.sub("", text)
        found = self.known(text) or (self.known(bare) if bare != text else None)
        return None if found is None else self._noted(text, found)

    @staticmethod
    def _is_only(start: str) -> bool:
        """Whether one word begins the name of a single company in all the world: "spotify", not "delta"."""
        from bot.market.listings import listings, world_core

        return len({key(world_core(row.name)) for row in listings().beginning(start)}) == 1

    def _noted(self, text: str, found: Symbol) -> Symbol:
        """The symbol of a name, with what has to be said where a US share has the very letters: `WTI`, `LTC`."""
        from bot.market.spellings import share_note

        code = text.strip().upper()
        if not is_solid(code) or (found.canonical == code and found.kind != "commodity"):
            return found
        note = share_note(code)
        if note and found.canonical == code:
            note = f"{code} is the oil here, not the share of these letters."
        return replace(found, note=note) if note else found

    def _of_the_world(self, text: str) -> Symbol | None:
        """What the world's tables call so; a single word is none of a company that is only in the listings."""
        from bot.market import spellings

        pieces = len(text.split()) > 1
        named = spellings.named(text)
        if named is None and not pieces:
            return None
        spelt = spellings.read(text)
        return self._meant(text, spelt) if spelt is not None and spelt.meant else None

    def _meant(self, text: str, spelt: Spelt) -> Symbol:
        """The symbol of what a text spells. Raises UserError where that is refused or several."""
        if spelt.refused:
            raise self.unknown(text, spelt.refused)
        found = [symbol for one in spelt.meant if (symbol := self.symbol(one) or _us_shaped(one)) is not None]
        if len(found) > 1:
            raise unclear(text, found)
        if found[0].kind == "commodity" and _has_word(text, found[0].canonical):
            raise self.unknown(text, f"is a share that I cannot tell from the oil; {found[0].canonical} is the oil")
        return replace(found[0], note=spelt.note, also=spelt.also) if spelt.note else found[0]

    def meanings(self, text: str) -> tuple[Symbol, ...]:
        """The symbols that a name stands for where it stands for several, the likeliest first; else nothing."""
        return self._several(key(text))

    def resolve(self, text: str) -> Symbol:
        """The symbol that a person means: a name in the book, any spelling of a symbol of the world, else its shape.

        Raises UserError: ambiguous for a name of several, unknown_symbol with the nearest names for everything else.
        """
        from bot.market.spellings import read

        found = self.named(text)
        if found is not None:
            return found
        spelt = read(text)
        if spelt is not None:
            return self._meant(text, spelt)
        typed = visible(text).strip().lstrip("$").upper()
        shaped = _us_shaped(typed)
        if shaped is not None:
            return shaped
        if _CARET.fullmatch(typed):
            return Symbol(typed, "", "index", None, None)
        raise self.unknown(text)

    def unknown(self, text: str, why: str = "") -> UserError:
        """The error for a text that is no symbol, with the nearest names. `why` follows its name in the sentence."""
        near = () if why.startswith("is ") else self.nearest(text)
        hint = self.did_you_mean(near)
        if why:
            reason = (
                f"{quoted(text, _LIMIT)} {why}."
                if why.startswith(("is ", "has "))
                else f"I do not know the symbol {quoted(text, _LIMIT)}: {why}."
            )
        else:
            reason = f"I do not know the symbol {quoted(text, _LIMIT)}."
            hint = hint or "Try one such as IWM, RUT, AAPL, EUR/USD or BTC."
        return UserError(f"{reason} {hint}".strip(), "unknown_symbol", near, about=text)

    def did_you_mean(self, near: Sequence[str]) -> str:
        """The question whether one of these symbols is meant, with their names; empty for none."""
        found = [(canonical, self.symbol(canonical)) for canonical in near]
        names = [f"{canonical} ({one.name})" if one and one.name else canonical for canonical, one in found]
        return f"Did you mean {one_of(names)}?" if names else ""

    def pair(self, base: str, quote: str) -> Symbol:
        """The currency pair of two ISO codes: units of `quote` for one `base`."""
        from bot.market.pairs import currencies

        # The plain names of the book first; the table of the world has the rest, but for a few codes.
        first, second = (self.currencies.get(code) or currencies().get(code, code) for code in (base, quote))
        name = f"{first} in {second}"
        return self.symbols.get(f"{base}/{quote}") or Symbol(f"{base}/{quote}", name, "fx", None, quote, unit=quote)

    def nearest(self, text: str, limit: int = 3) -> tuple[str, ...]:
        """Canonical symbols whose names are spelt most like `text`, best first; often none.

        Names of the book go before those of the world's listings, which have to be more alike.
        """
        typed = text.strip().lstrip("$").upper()
        if typed in self._near:
            return self._near[typed][:limit]
        if pieces := re.findall(r"[^.:/\-_=]+(?=[./\-_=])|(?<=:)[^.:/\-_=]+", typed)[:1]:
            same = self.symbols.get(pieces[0]) or self.symbols.get(f"{pieces[0]}-USD")
            return (same.canonical,) if same else ()
        name = key(text.encode("ascii", "ignore").decode())
        alike = closest(name, self._names.keys(), _ALIKE, limit * 3)
        found = dict.fromkeys(self._names[one].canonical for one in alike)
        if len(found) < limit and len(name) >= _SHORTEST_BEGINNING:
            from bot.market.listings import listings

            near = closest(name, listings().names(), _ALIKE_ABROAD, limit)
            found |= dict.fromkeys(listings().called(one)[0].symbol for one in near)
        return tuple(found)[:limit]

    def complete(self, prefix: str, limit: int = 25) -> tuple[Symbol, ...]:
        """Symbols whose symbol or a name starts with `prefix`: for autocomplete, from memory.

        Those of the book first, then of the indices, futures and yields, then of the listings, the larger first.
        """
        from bot.market.listings import listings
        from bot.market.spellings import beginning

        start = key(prefix)
        ranked = sorted((len(name), symbol.canonical) for name, symbol in self._names.items() if name.startswith(start))
        found = dict.fromkeys(canonical for _, canonical in ranked)
        if start and len(found) < limit:
            found |= dict.fromkeys(beginning(start, limit))
        rows: dict[str, ListedRow] = {}
        if start and len(found) < limit:
            rows = {row.symbol: row for row in listings().complete(start, limit)}
        found |= dict.fromkeys(rows)
        symbols = (self.symbol(canonical) for canonical in tuple(found)[:limit])
        return tuple(symbol for symbol in symbols if symbol is not None)


def _has_word(text: str, canonical: str) -> bool:
    """Whether a text has the very letters of a symbol in it, with marks: `$WTI`, `NYSE:WTI`."""
    return canonical in re.split(r"[^A-Z0-9]+", text.upper()) and text.strip().upper() != canonical


def _us_shaped(typed: str) -> Symbol | None:
    """A symbol that no book has but that is written as US shares are."""
    if not _SHARE.fullmatch(typed):
        return None
    return Symbol(re.sub(r"[./]", "-", typed), "", "unknown", None, None)


def _is_spelt_out(text: str) -> bool:
    """Whether it is written as a symbol: `$gold`, `GOLD`."""
    typed = text.strip()
    return typed.startswith("$") or (typed.isupper() and bool(_SHARE.fullmatch(typed)))


def unclear(text: str, meant: Sequence[Symbol]) -> UserError:
    """The question back: which of these symbols is meant."""
    from bot.market.spellings import certain

    shown = meant[:_OFFERED]
    names = [f"{certain(symbol.canonical)} ({symbol.name})" if symbol.name else symbol.canonical for symbol in shown]
    offers = tuple(certain(symbol.canonical) for symbol in shown)
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
