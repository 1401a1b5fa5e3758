"""Tables that people hand in as text: read with limits, and with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from bot.errors import UserError, quoted

MAX_BYTES = 1_000_000
MAX_ROWS = 5_000
MAX_LINES, MAX_CELLS = 2 * MAX_ROWS, 20 * MAX_ROWS
_SEPARATORS = ",;\t|"
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class TableFile:
    """A table that arrives in pieces, refused with the piece that makes it too large. `what` it is begins a sentence.

    Bytes, lines and cells are counted as they come: nothing is split, or read to its end, before it is small enough.
    """

    def __init__(self, what: str) -> None:
        self._what = what
        self._taken = bytearray()
        self._lines = 0
        self._cells = [0] * len(_SEPARATORS)

    def add(self, piece: bytes) -> None:
        """Take the next piece. Raises UserError."""
        self._taken += piece
        self._lines += max(piece.count(b"\n"), piece.count(b"\r"))
        self._cells = [
            before + piece.count(sign.encode()) for sign, before in zip(_SEPARATORS, self._cells, strict=True)
        ]
        _refuse_large(self._what, len(self._taken), self._lines, max(self._cells))

    def text(self) -> str:
        """The whole text. Raises UserError where it is none."""
        try:
            return self._taken.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise UserError(f"{self._what} is not plain text; save it as CSV in UTF-8.") from None


def _refuse_large(what: str, size: int, lines: int, cells: int) -> None:
    if size > MAX_BYTES:
        raise UserError(f"{what} has more than 1 MB; {MAX_ROWS:,} rows in 1 MB are the most.")
    if lines > MAX_LINES:
        raise UserError(f"{what} has more than {MAX_LINES:,} lines; {MAX_ROWS:,} rows are the most.")
    if cells > MAX_CELLS:
        raise UserError(f"{what} has more than {MAX_CELLS:,} cells; that is the most.")


def read_table(text: str, what: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and trimmed cells of a table with commas, semicolons, tabs or bars between. Blank lines are skipped.

    Raises UserError for more than 1 MB or 5,000 rows, a formula, or quotes that do not close.
    """
    size = len(text) if len(text) > MAX_BYTES else len(text.encode("utf-8", "replace"))
    _refuse_large(what, size, max(text.count("\n"), text.count("\r")), max(map(text.count, _SEPARATORS)))
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(_SEPARATORS, key=first.count)
    found = 0
    try:
        for number, row in enumerate(csv.reader(lines, delimiter=separator, strict=True), 1):
            cells = [cell.strip() for cell in row]
            if not any(cells):
                continue
            found += 1
            if found > MAX_ROWS + 1:
                raise UserError(f"{what} has more than {MAX_ROWS:,} rows; that is the most.")
            refuse_formulas(cells, number)
            yield number, cells
    except csv.Error:
        raise UserError(f"{what} is not a readable table: a quote does not close, or a cell is too long.") from None


def refuse_formulas(cells: Sequence[str], number: int) -> None:
    """Raise UserError where a cell is a spreadsheet formula."""
    for cell in cells:
        if cell.startswith(("=", "@")) or (cell[:1] in {"+", "-"} and cell[1:2].isalpha()):
            raise UserError(f"Line {number} has a formula, {quoted(cell, 30)}; plain values only, please.")


def guarded(cell: str) -> str:
    """A text cell that no spreadsheet takes for a formula. Numbers are to be written without this."""
    return f"'{cell}" if cell.startswith(_SIGNS) else cell
