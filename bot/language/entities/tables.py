"""Tables that people hand in as text: read with limits, and with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence

from bot.errors import UserError, quoted

MAX_BYTES = 2**20
MAX_ROWS = 5_000
_SIGNS = ("=", "+", "-", "@", "\t", "\r")


def read_table(text: str, what: str) -> Iterator[tuple[int, list[str]]]:
    """Line numbers and trimmed cells of a table with commas, semicolons, tabs or bars between. Blank lines are skipped.

    Raises UserError for more than 1 MB or 5,000 rows, a formula, or quotes that do not close.
    """
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "replace")) > MAX_BYTES:
        raise UserError(f"{what} has more than 1 MB; {MAX_ROWS:,} rows in 1 MB are the most.")
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if line.strip()), "")
    separator = max(",;\t|", key=first.count)
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
