"""The symbol book: what people type, resolved to one canonical symbol. Pure; its list is `symbols.json`.

Canonical writing: US shares and funds in upper case with a hyphen for the class (`BRK-B`), indices with a caret
(`^RUT`), crypto as `BTC-USD`, currency pairs as `EUR/USD`. How each provider spells them is the provider's affair.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from bot.errors import UserError, one_of, quoted

AssetKind = Literal["stock", "fund", "index", "fx", "crypto", "commodity", "unknown"]
FILE = Path(__file__).with_name("symbols.json")
_SHARE = re.compile(r"[A-Z]{1,5}([.\-/][A-Z]{1,2})?")
_CARET = re.compile(r"\^[A-Z0-9]{2,6}")
_PAIR = re.compile(r"([A-Z]{3})[/\-_ ]?([A-Z]{3})")
_US_SHARE = re.compile(r"[A-Z]{1,5}(-[A-C])?")
_LIMIT = 40
_OFFERED = 4
_THE = re.compile(r"^\s*the\s+", re.IGNORECASE)
_SHORTEST_BEGINNING = 4
_LEGAL = re.compile(
    r"^the |,? (inc|corp|corporation|company|co|incorporated|limited|ltd|plc|n\.v|s\.a|holdings?|group)\.?$| &$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """One tradable or quoted thing. `exchange` is a calendar name ("XNYS"), or None where no sessions are known.

    `stand_in` names the symbol that is used where no provider serves this one's own prices.
    """

    canonical: str
    name: str
    kind: AssetKind
    exchange: str | None
    currency: str | None
    aliases: tuple[str, ...] = ()
    stand_in: str | None = None

    @property
    def listed(self) -> bool:
        """Whether the exchange, and so its calendar of sessions, is known."""
        return self.exchange is not None

    @property
    def looks_listed(self) -> bool:
        """Whether it is in no book but written as US shares are: `DHR`, `MOG-A`; not `7203.T`, `VOD.L`, `MYFUND`."""
        return self.kind == "unknown" and bool(_US_SHARE.fullmatch(self.canonical))


def key(text: str) -> str:
    """What a name is compared by: folded, without marks, `$`, spaces and most signs."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip().lstrip("$")
    folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9^&]+", "", folded)


def core(name: str) -> str:
    """A company's name without its legal form: `The Home Depot, Inc.` is `Home Depot`."""
    short = _LEGAL.sub("", name)
    return name if short == name else core(short)


class SymbolBook:
    """Names and symbols to `Symbol`s. `ambiguous` maps names to the symbols that each may mean, best first.

    Raises ValueError when two symbols claim one name, or an ambiguous name is no such name.
    """

    def __init__(
        self,
        symbols: Iterable[Symbol],
        currencies: Mapping[str, str],
        ambiguous: Mapping[str, Sequence[str]] = MappingProxyType({}),
    ) -> None:
        self.symbols: dict[str, Symbol] = {symbol.canonical: symbol for symbol in symbols}
        self.currencies = dict(currencies)
        self._names: dict[str, Symbol] = {}
        for symbol in self.symbols.values():
            for name in filter(None, (symbol.canonical, symbol.name, *symbol.aliases)):
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
        return SymbolBook([*self.symbols.values(), *free.values()], self.currencies, ambiguous) if free else self

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
        return self._names.get(key(text)) if text.strip() else None

    def named(self, text: str) -> Symbol | None:
        """The symbol that a name stands for, also one that is cut short after two words or more; None for no name.

        Raises UserError (ambiguous) where a name stands for several, (unknown_symbol) where a single word begins only
        one: "bank" may be meant for Bank of America, and may not. `GOLD` and `$gold` are symbols, `gold` is a name.
        """
        bare, name = _THE.sub("", text), key(text)
        found = self._names.get(name) or (self.known(bare) if bare != text else None)
        if found is not None or not name or _is_spelt_out(text):
            return found
        meant = self._ambiguous.get(name) or self._beginnings.get(name, ())
        if len(meant) == 1 and len(text.split()) > 1:
            return meant[0]
        if meant:
            raise _unclear(text, meant)
        return None

    def resolve(self, text: str) -> Symbol:
        """The symbol that a person means: a name in the book, else anything shaped like a symbol.

        Raises UserError: ambiguous for a name of several, unknown_symbol with the nearest names for everything else.
        """
        found = self.named(text)
        if found is not None:
            return found
        typed = unicodedata.normalize("NFKC", text).strip().lstrip("$").upper()
        pair = _PAIR.fullmatch(typed)
        if pair and pair[1] in self.currencies and pair[2] in self.currencies and pair[1] != pair[2]:
            return self.pair(pair[1], pair[2])
        if _SHARE.fullmatch(typed):
            return Symbol(re.sub(r"[./]", "-", typed), "", "unknown", None, None)
        if _CARET.fullmatch(typed):
            return Symbol(typed, "", "index", None, None)
        raise self.unknown(text)

    def unknown(self, text: str) -> UserError:
        """The error for a text that is no symbol, with the nearest names."""
        near = self.nearest(text)
        hint = self.did_you_mean(near) or "Try one such as IWM, RUT, AAPL, EUR/USD or BTC."
        return UserError(f"I do not know the symbol {quoted(text, _LIMIT)}. {hint}", "unknown_symbol", near, about=text)

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
        """Canonical symbols whose names are spelt most like `text`, best first; often none."""
        from rapidfuzz import fuzz, process

        hits = process.extract(key(text), list(self._names), scorer=fuzz.ratio, score_cutoff=75, limit=limit * 3)
        return tuple(dict.fromkeys(self._names[name].canonical for name, _, _ in hits))[:limit]

    def complete(self, prefix: str, limit: int = 25) -> tuple[Symbol, ...]:
        """Symbols whose symbol or a name starts with `prefix`: for autocomplete, from memory."""
        start = key(prefix)
        ranked = sorted((len(name), symbol.canonical) for name, symbol in self._names.items() if name.startswith(start))
        return tuple(self.symbols[c] for c in dict.fromkeys(canonical for _, canonical in ranked))[:limit]


def _is_spelt_out(text: str) -> bool:
    """Whether it is written as a symbol: `$gold`, `GOLD`."""
    typed = text.strip()
    return typed.startswith("$") or (typed.isupper() and bool(_SHARE.fullmatch(typed)))


def _unclear(text: str, meant: Sequence[Symbol]) -> UserError:
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
    symbols = [
        Symbol(
            canonical=row["symbol"],
            name=row["name"],
            kind=row["kind"],
            exchange=row.get("exchange"),
            currency=row.get("currency"),
            aliases=tuple(row.get("aliases", ())),
            stand_in=row.get("stand_in"),
        )
        for row in table["symbols"]
    ]
    return SymbolBook(symbols, table["currencies"], table["ambiguous"])
