"""The files of a price folder: whose prices each one holds, by its name or by the folder's own `symbols.csv`.

Every file is a symbol that can be asked for. `BRK.B.csv`, `ibm.csv`, `EURUSD.csv` are the symbols that the book calls
so; a name that no book knows is a symbol of its own, in upper case. Nothing is opened here but the index.
"""

from __future__ import annotations

import csv
import logging
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bot.errors import StartupError, one_of
from bot.market.symbols import Symbol, SymbolBook
from bot.providers.tables.files import UnreadableTable, file_text, read_file

if TYPE_CHECKING:
    from bot.market.bars import Adjustment

log = logging.getLogger(__name__)
INDEX = "symbols.csv"
_ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz")
_MAX_INDEX = 4 * 2**20
_ROLES = ("date", "close", "open", "high", "low", "volume")
_SIGNS = frozenset("=^&")
_SIGNS_OF_THE_WORLD = frozenset(".=^")
_ADJUSTMENTS = ("raw", "split", "split_dividend", "fix", "index", "simulated")


@dataclass(frozen=True, slots=True)
class PriceFile:
    """One file and the headings of its columns by role; without them the headings tell. `fault`: why it is unusable."""

    file: str
    columns: Mapping[str, str] = field(default_factory=dict)
    adjustment: Adjustment | None = None
    fault: str = ""


class PriceFiles:
    """The files of one folder. Raises StartupError when the folder is not there or its index is no text."""

    def __init__(self, folder: Path, book: SymbolBook | None = None) -> None:
        self.folder = folder.expanduser().resolve()
        if not self.folder.is_dir():
            raise StartupError([f"the price folder {folder} does not exist"])
        self._book = book
        self._indexed = self._read_index() if (self.folder / INDEX).exists() else {}
        self._seen: tuple[int, dict[str, list[str]]] | None = None

    def _read_index(self) -> dict[str, PriceFile]:
        """The files of the index. A row that cannot be used costs its own symbol, with the reason, and no other."""
        try:
            text = file_text(read_file(self.folder / INDEX, _MAX_INDEX))
            heading = text.partition("\n")[0]
            rows = list(csv.DictReader(text.splitlines(), delimiter=max(",;\t|", key=heading.count)))
        except (OSError, UnreadableTable, csv.Error) as error:
            reason = str(error) if isinstance(error, UnreadableTable) else type(error).__name__
            raise StartupError([f"{INDEX} in the price folder cannot be read ({reason})"]) from None
        found: dict[str, PriceFile] = {}
        for row in rows:
            cells = {name.strip().casefold(): (cell or "").strip() for name, cell in row.items() if name is not None}
            symbol, adjustment = cells.get("symbol", "").upper(), cells.get("adjustment", "").casefold()
            if not symbol:
                continue
            fault = "is named twice" if symbol in found else self._fault(cells.get("file", ""), adjustment)
            if fault:
                log.warning("price index row unusable", extra={"fields": {"symbol": symbol, "why": fault}})
            columns = {role: cells.get(role, "") for role in _ROLES}
            kind = cast("Adjustment", adjustment) if adjustment and not fault else None
            found[symbol] = PriceFile(cells.get("file", ""), columns, kind, fault)
        return found

    def _fault(self, file: str, adjustment: str) -> str:
        if not file:
            return "has no file"
        if adjustment and adjustment not in _ADJUSTMENTS:
            return f"has no adjustment kind of {', '.join(_ADJUSTMENTS)}"
        return "" if self._is_inside(file) else "has a file outside the folder"

    def _is_inside(self, file: str) -> bool:
        try:
            return (self.folder / file).resolve().is_relative_to(self.folder)
        except (OSError, ValueError):
            return False

    def of(self, canonical: str) -> PriceFile | None:
        """The file of a symbol, or None. A file called exactly like the symbol goes before one spelt otherwise."""
        indexed = self._indexed.get(canonical.upper())
        if indexed is not None:
            return indexed
        files = self._by_name()
        found = files.get(_folded(canonical)) or files.get(_folded(canonical.lstrip("^"))) or []
        exact = {f"{name}{ending}" for name in _exact_names(canonical) for ending in _ENDINGS}
        chosen = [file for file in found if file in exact] or found
        if len(chosen) > 1:
            return PriceFile(chosen[0], fault=f"can be {one_of(chosen)}; leave one of them")
        return PriceFile(chosen[0]) if chosen else None

    def looked_for(self, canonical: str) -> str:
        """The file that a symbol would need: for people."""
        return f"{_exact_names(canonical)[0]}.csv"

    def symbols(self) -> list[Symbol]:
        """The symbols of the folder that its book does not have."""
        if self._book is None:
            return []
        owned = [*self._indexed, *(_stem(files[0]).upper() for files in self._own_files())]
        return [Symbol(name, "", "unknown", None, None) for name in owned if _placed(name, self._book) is None]

    def _own_files(self) -> list[list[str]]:
        named = {entry.file for entry in self._indexed.values()}
        return [left for files in self._by_name().values() if (left := [file for file in files if file not in named])]

    def _by_name(self) -> dict[str, list[str]]:
        """The files by folded name, and by that of the symbol which the book knows under it; anew when they changed."""
        try:
            changed = self.folder.stat().st_mtime_ns
            if self._seen is not None and self._seen[0] == changed:
                return self._seen[1]
            names = sorted(path.name for path in self.folder.iterdir() if path.name.casefold().endswith(_ENDINGS))
        except OSError:
            return {}
        found: dict[str, list[str]] = {}
        for name in names:
            if name == INDEX or not self._is_inside(name):
                continue
            known = _placed(_stem(name), self._book) if self._book is not None else None
            for key in {_folded(_stem(name)), _folded(known) if known is not None else ""} - {""}:
                found.setdefault(key, []).append(name)
        self._seen = changed, found
        return found


def _exact_names(canonical: str) -> Sequence[str]:
    stem = canonical.replace("/", "-")
    return (stem, stem.lstrip("^")) if stem.startswith("^") else (stem,)


def _stem(file: str) -> str:
    lower = file.casefold()
    return next((file[: -len(ending)] for ending in _ENDINGS if lower.endswith(ending)), file)


def _folded(name: str) -> str:
    """A name as it is compared: without case and punctuation, but with the signs that make another symbol of it."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if c.isalnum() or c in _SIGNS)


def _placed(stem: str, book: SymbolBook) -> str | None:
    """The canonical symbol that a file's name stands for in the book, also as `iwm.us`, `EURUSD=X`, `USDCHF`."""
    lower = stem.casefold()
    bare = stem[:-2] if lower.endswith("=x") else stem[:-3] if lower.endswith(".us") else stem
    if not _SIGNS_OF_THE_WORLD.isdisjoint(bare):
        placed = book.symbol(bare.upper())
        if placed is not None or "=" in bare:
            return placed.canonical if placed is not None else None
    known = book.known(bare)
    if known is not None:
        return known.canonical
    letters = "".join(c for c in bare.upper() if c.isalpha())
    base, quote = letters[:3], letters[3:]
    is_pair = base != quote and base in book.currencies and quote in book.currencies
    return f"{base}/{quote}" if is_pair and len(bare) <= len(letters) + 1 else None
