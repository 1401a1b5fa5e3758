"""The symbol book: what people type, resolved to one canonical symbol. Pure; its list is `symbols.json`.

Canonical writing: US shares and funds in upper case with a hyphen for the class (`BRK-B`), indices with a caret
(`^RUT`), crypto as `BTC-USD`, currency pairs as `EUR/USD`. How each provider spells them is the provider's affair.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bot.errors import UserError, quoted

AssetKind = Literal["stock", "fund", "index", "fx", "crypto", "commodity", "unknown"]
FILE = Path(__file__).with_name("symbols.json")
_SHARE = re.compile(r"[A-Z]{1,5}([.\-/][A-Z]{1,2})?")
_CARET = re.compile(r"\^[A-Z0-9]{2,6}")
_PAIR = re.compile(r"([A-Z]{3})[/\-_ ]?([A-Z]{3})")
_LIMIT = 40


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


def key(text: str) -> str:
    """What a name is compared by: folded, without marks, `$`, spaces and most signs."""
    folded = unicodedata.normalize("NFKC", text).casefold().strip().lstrip("$")
    folded = "".join(c for c in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9^&]+", "", folded)


class SymbolBook:
    """Names and symbols to `Symbol`s. Raises ValueError when two symbols claim one name."""

    def __init__(self, symbols: Iterable[Symbol], currencies: Mapping[str, str]) -> None:
        self.symbols: dict[str, Symbol] = {symbol.canonical: symbol for symbol in symbols}
        self.currencies = dict(currencies)
        self._names: dict[str, Symbol] = {}
        for symbol in self.symbols.values():
            for name in (symbol.canonical, symbol.name, *symbol.aliases):
                other = self._names.setdefault(key(name), symbol)
                if other is not symbol:
                    msg = f"{name!r} names both {other.canonical} and {symbol.canonical}"
                    raise ValueError(msg)

    def known(self, text: str) -> Symbol | None:
        """The symbol that a name in the book stands for, or None."""
        return self._names.get(key(text)) if text.strip() else None

    def resolve(self, text: str) -> Symbol:
        """The symbol that a person means: a name in the book, else anything shaped like a symbol.

        Raises UserError (unknown_symbol) with the nearest names for everything else.
        """
        found = self.known(text)
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
        raise UserError(
            f"I do not know the symbol {quoted(text, _LIMIT)}. Try one such as IWM, RUT, AAPL, EUR/USD or BTC.",
            "unknown_symbol",
            self.nearest(text),
        )

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
    return SymbolBook(symbols, table["currencies"])
