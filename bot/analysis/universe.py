"""The universe that `scan` goes through: the bundled list, or the operator's own CSV."""

from __future__ import annotations

import re
from pathlib import Path

from bot.errors import UserError
from bot.language.entities.tables import MAX_ROWS, read_table
from bot.market.symbols import FILE, AssetKind, Symbol, SymbolBook

BUNDLED = FILE.with_name("universe.csv")
_KINDS: dict[str, AssetKind] = {"stock": "stock", "fund": "fund"}
_SHARE = re.compile(r"[A-Z]{1,5}(-[A-Z]{1,2})?")


def load_universe(path: Path | None, book: SymbolBook) -> tuple[Symbol, ...]:
    """The symbols of a universe file. Raises UserError (unavailable), since nobody but the operator can mend it."""
    try:
        with (path or BUNDLED).open("rb") as file:
            text = file.read(2**20 + 1).decode("utf-8-sig")
        return read_universe(text, book)
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"The universe file cannot be read ({type(error).__name__}).", "unavailable") from None
    except UserError as error:
        raise UserError(f"The universe file cannot be used: {error.message}", "unavailable") from None


def stamp(path: Path | None) -> tuple[int, int] | None:
    """What tells whether a universe file has changed; None for the bundled one and for one that is not there."""
    try:
        state = path.stat() if path is not None else None
    except OSError:
        return None
    return None if state is None else (state.st_mtime_ns, state.st_size)


def read_universe(text: str, book: SymbolBook) -> tuple[Symbol, ...]:
    """The symbols in a CSV with the columns symbol, name and kind; the last two, and the heading, may be absent.

    Raises UserError for a formula, too large a file, or a line that is no symbol.
    """
    found: list[Symbol] = []
    for number, cells in read_table(text, "It"):
        if not found and cells[0].casefold() in {"symbol", "ticker"}:
            continue
        try:
            found.append(_symbol([*cells, "", ""], book))
        except UserError as error:
            raise UserError(f"line {number}: {error.message}", error.code) from None
    symbols = tuple({symbol.canonical: symbol for symbol in found}.values())
    if not 1 <= len(symbols) <= MAX_ROWS:
        raise UserError(f"it has {len(symbols):,} symbols; 1 to {MAX_ROWS:,} can be scanned.")
    return symbols


def _symbol(cells: list[str], book: SymbolBook) -> Symbol:
    """A symbol by its symbol; by a name only where the file does not say that it is a share or a fund (DOW is both)."""
    text = cells[0].upper().replace(".", "-")
    kind = _KINDS.get(cells[2].casefold())
    if text in book.symbols:
        return book.symbols[text]
    if kind is not None and _SHARE.fullmatch(text):
        return Symbol(text, cells[1], kind, "XNYS", "USD")
    return book.resolve(cells[0])
