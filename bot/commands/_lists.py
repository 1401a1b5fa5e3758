"""Kinds of options for commands over several symbols, for a word out of a few, and for an index."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Final

from bot.commands.converters import (
    _EDGES,
    _NUMBER_WORDS,
    FILLERS,
    MAX_SYMBOLS,
    Kind,
    Reading,
    SymbolsKind,
    _is_span,
    _is_unit,
)
from bot.errors import UserError, quoted
from bot.market.symbols import Symbol

WATCHLIST: Final = "watchlist"
_BETWEEN = frozenset({"vs", "vs.", "v", "versus", "against", "with", "÷"})
_COMMAS = re.compile(r"(?<!\d)[,;]+|[,;]+(?!\d)")


class SymbolListKind(SymbolsKind):
    """Several symbols in the order typed: `IWM SPY`, `IWM,SPY`, `russell 2000 vs apple`."""

    sample = "SYMBOLS"
    noun = "two or more symbols"
    help = "Symbols or names with spaces or commas between: IWM SPY QQQ"

    def __init__(self, least: int = 2, most: int = MAX_SYMBOLS) -> None:
        super().__init__(most)
        self.least = least

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """Every symbol among the words, one after the other; numbers and fillers are left."""
        words = [part for word in words for part in _COMMAS.split(word) if part]
        found: list[Symbol] = []
        left: list[str] = []
        i = 0
        while i < len(words):
            length, symbol = self._named(words[i : i + 4], reading)
            if symbol is None and _no_symbol(words, i):
                left.append(words[i])
            elif words[i].casefold() not in _BETWEEN:
                found.append(symbol or reading.symbols.resolve(words[i].strip(_EDGES) or words[i]))
            i += length
        symbols = tuple(dict.fromkeys(found))
        if symbols and not self.least <= len(symbols) <= self.most:
            raise UserError(self._wrong_number(symbols))
        left = [word for word in left if word.casefold() not in FILLERS]
        return (symbols or None), left

    def read(self, text: str, reading: Reading) -> tuple[Symbol, ...]:
        """The symbols of a named option, as many as there have to be."""
        symbols = super().read(text, reading)
        if not self.least <= len(symbols) <= self.most:
            raise UserError(self._wrong_number(symbols))
        return symbols

    def _wrong_number(self, symbols: Sequence[Symbol]) -> str:
        names = ", ".join(symbol.canonical for symbol in symbols[:4])
        if self.least == self.most:
            return f"This takes {self.most} different symbols; I read {len(symbols)}: {names}."
        if len(symbols) < self.least:
            return f"This takes {self.least} symbols or more; I read only {names}."
        return f"At most {self.most} symbols at a time, please; I read {len(symbols)}."

    def to_json(self, name: str, value: Sequence[Symbol]) -> dict[str, Any]:
        """One symbol alone where one is enough, else always a list."""
        if self.least == 1 and len(value) == 1:
            return {"symbol": value[0].canonical}
        return {"symbols": [symbol.canonical for symbol in value]}


def _no_symbol(words: Sequence[str], i: int) -> bool:
    """Whether a word is a number, its unit or a filler rather than something shaped like a symbol."""
    word, before = words[i], words[i - 1] if i else ""
    return _is_span(word) or _is_unit(word, before) or word.casefold() in FILLERS | _NUMBER_WORDS


class WatchedKind(SymbolListKind):
    """Several symbols, or the asker's own: `IWM SPY QQQ`, `watchlist`."""

    sample = "SYMBOLS|watchlist"
    help = "Symbols or names with spaces or commas between, or watchlist for your own"

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """The word `watchlist` wherever it stands, else symbols."""
        left = [word for word in words if word.casefold().strip(_EDGES) != WATCHLIST]
        if len(left) < len(words):
            return WATCHLIST, [word for word in left if word.casefold() not in FILLERS | {"my"}]
        return super().take(name, words, reading)

    def read(self, text: str, reading: Reading) -> Any:
        """The word, or the symbols of a named option."""
        if text.casefold().strip(_EDGES) in {WATCHLIST, f"my {WATCHLIST}"}:
            return WATCHLIST
        return super().read(text, reading)

    def to_json(self, name: str, value: Any) -> dict[str, Any]:
        """The word as it stands; symbols as a list."""
        return {"symbols": WATCHLIST} if value == WATCHLIST else super().to_json(name, value)


class ChoiceKind(Kind):
    """One word out of a few, wherever it stands; other spellings by `also`. A word before it may be dropped: `by`."""

    order: ClassVar[int] = 0

    def __init__(self, *choices: str, also: Mapping[str, str] | None = None, before: str = "") -> None:
        self.choices = {choice: choice for choice in choices} | dict(also or {})
        self.before = before
        self.sample = f"{before} {'|'.join(choices)}".strip()
        self.noun = " or ".join(choices)
        self.help = f"One of {', '.join(choices)}"

    def take(self, name: str, words: list[str], reading: Reading) -> tuple[Any, list[str]]:
        """The first word that is one of the choices; after `before`, any other word is refused."""
        folded = [word.casefold().strip(_EDGES) for word in words]
        if self.before in folded[:-1]:
            place = folded.index(self.before)
            return self.read(words[place + 1], reading), words[:place] + words[place + 2 :]
        if self.before:
            return None, words
        for place, word in enumerate(folded):
            if word in self.choices:
                return self.choices[word], words[:place] + words[place + 1 :]
        return None, words

    def read(self, text: str, reading: Reading) -> str:
        """The choice that a text names. Raises UserError."""
        found = self.choices.get(text.casefold().strip(_EDGES).removeprefix(f"{self.before} "))
        if found is None:
            raise UserError(f"That goes by {self.noun}, not by {quoted(text, 30)}.")
        return found

    def as_typed(self, text: str) -> str:
        """The choice after the word that goes before it."""
        return f"{self.before} {text}".strip()


class IndexKind(Kind):
    """The name of the one index that is explained here: RUT, by any of its names."""

    order: ClassVar[int] = 1
    sample = "RUT"
    noun = "an index"
    help = "The Russell 2000: RUT"

    def read(self, text: str, reading: Reading) -> str:
        """`RUT` for the Russell 2000. Raises UserError for everything else."""
        found = reading.symbols.known(text.strip(_EDGES))
        if found is not None and found.canonical == "^RUT":
            return "RUT"
        raise UserError(
            f"I explain one index, the Russell 2000 (!index RUT); for {quoted(text, 30)} there are !quote, !roc, "
            "!rally and !range.",
            "bad_input",
            ("!index RUT",),
        )
