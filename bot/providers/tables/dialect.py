"""How a table is laid out: its separator, where its heading and its rows begin, and its cells as columns.

Found by trying each separator on the first lines: the one under which most of them hold a day and a number. What stands
above the heading (titles, addresses, `sep=;`) is passed over, nothing below it is.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from bot.errors import quoted
from bot.providers.tables.days import looks_like_day
from bot.providers.tables.decimals import BLANK, looks_like_number
from bot.providers.tables.files import UnreadableTable

if TYPE_CHECKING:
    import pandas as pd

    from bot.market.bars import FloatArray

SEPARATORS = ",;\t|"
_SAMPLE, _HEADING_LINES, _MAX_COLUMNS = 60, 3, 4_096
_SEP_LINE = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """Where the parts of a table are.

    `heading` are the lines of the heading, the top one first, none in a table without one; `first` is the line of the
    first row, from 0; `width` is how many columns there are; `sample` are the first rows.
    """

    text: str
    separator: str
    heading: tuple[tuple[str, ...], ...]
    first: int
    width: int
    sample: tuple[tuple[str, ...], ...]

    def texts(self, column: int) -> tuple[str, ...]:
        """What the heading says over a column."""
        return tuple(line[column] for line in self.heading if column < len(line) and line[column])

    def name(self, column: int) -> str:
        """How a column is called: by its heading, else by its place."""
        return " ".join(self.texts(column)) or f"column {column + 1}"

    def days(self) -> list[int]:
        """The columns that hold a day in every row of the sample."""
        return [at for at in range(self.width) if all(looks_like_day(_cell(row, at)) for row in self.sample)]

    def numbers(self) -> list[int]:
        """The columns that hold nothing but numbers and blanks in the sample, and a number at least once."""
        cells = {at: [_cell(row, at) for row in self.sample] for at in range(self.width)}
        return [
            at
            for at, of in cells.items()
            if any(map(looks_like_number, of)) and all(c.casefold() in BLANK or looks_like_number(c) for c in of)
        ]

    def columns(self, wanted: Collection[int]) -> dict[int, list[str]]:
        """The cells of some columns, every line from the first row on; blank where a row is short.

        Raises UnreadableTable for rows with more cells than the heading, and for a quotation that never ends.
        """
        most = max(self._widest(), self.width)
        surplus = range(self.width, most)
        # With columns named that no row may have, pandas takes all or none.
        used = sorted(wanted) if most == self.width else None
        frame = self._read(used, most, dtype=object, na_filter=False, skip_blank_lines=False)
        if frame is None:
            raise UnreadableTable("it is no table: a quotation never ends, or a line is broken")
        for at in surplus:
            self._refuse_surplus(frame[at].tolist())
        return {at: frame[at].tolist() for at in wanted}

    def clean_columns(self, day: int, numbers: Collection[int]) -> tuple[list[str], dict[int, FloatArray]] | None:
        """The days and numbers of a table in which every number has a decimal point, and every row a day.

        None for a table with anything else in it, which is read cell by cell.
        """
        lone_commas = self.separator != "," and "," in self.text
        if self.separator == ";" or lone_commas or '"' in self.text or self._widest() > self.width:
            return None
        kinds = dict.fromkeys(numbers, np.float64) | {day: object}
        blank = {"keep_default_na": False, "na_values": ["", "null", "N/A", "nan", "NaN"]}
        frame = self._read(sorted(kinds), self.width, dtype=kinds, **blank)
        if frame is None or frame[day].isna().any():
            return None
        found = {at: frame[at].to_numpy() for at in numbers}
        return None if any(np.isinf(column).any() for column in found.values()) else (frame[day].tolist(), found)

    def _widest(self) -> int:
        """The most cells that any row can have. Raises UnreadableTable for more than any price table has."""
        return 1 + _most(self.text.split("\n")[self.first :], self.separator)

    def _read(self, used: list[int] | None, most: int, **options: Any) -> pd.DataFrame | None:
        """Some columns from the first row on, as pandas reads them with these options; None where it cannot."""
        import pandas as pd

        try:
            frame = pd.read_csv(
                io.StringIO(self.text),
                sep=self.separator,
                header=None,
                names=list(range(most)),
                usecols=used,
                skiprows=self.first,
                index_col=False,
                **options,
            )
        except (ValueError, csv.Error):
            return None
        return cast("pd.DataFrame", frame)

    def _refuse_surplus(self, cells: Sequence[str]) -> None:
        row = next((row for row, cell in enumerate(cells) if cell.strip()), None)
        if row is not None:
            raise UnreadableTable(
                f"row {self.first + row + 1} has more cells than the heading has columns ({quoted(cells[row], 30)} is "
                f"one too many); is there a number with a {'comma' if self.separator == ',' else 'separator'} in it?"
            )


def _most(lines: Sequence[str], separator: str) -> int:
    """The most separators in any line. Raises UnreadableTable for more than any price table has."""
    most = max([line.count(separator) for line in lines])
    if most >= _MAX_COLUMNS:
        raise UnreadableTable(f"it has over {_MAX_COLUMNS:,} columns")
    return most


def _cell(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def find_dialect(text: str) -> Dialect:
    """The dialect of a table of days and numbers. Raises UnreadableTable where there is none."""
    lines = text.split("\n", _SAMPLE + 1)[: _SAMPLE + 1]
    written = [line for line in lines if line.strip(" \t,;|")]
    if len(written) < 2:
        raise UnreadableTable("it is empty")
    told = _SEP_LINE.fullmatch(lines[0])
    candidates = told[1] if told else [mark for mark in SEPARATORS if _most(lines, mark)]
    best: tuple[int, int, list[list[str]], str] | None = None
    for separator in candidates:
        rows = _split(lines, separator)
        count = sum(map(_is_row, rows))
        if count and (best is None or (count, -len(rows)) > best[:2]):
            best = count, -len(rows), rows, separator
    if best is None:
        raise UnreadableTable(_no_table(written))
    return _laid_out(text, best[2], best[3])


def _split(lines: Sequence[str], separator: str) -> list[list[str]]:
    rows = []
    for line in lines:
        try:
            rows.append([cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])])
        except csv.Error:
            rows.append([])
    return rows


def _is_row(cells: Sequence[str]) -> bool:
    """Whether there is a day among the cells, and a number beside it."""
    days = {at for at, cell in enumerate(cells) if cell and looks_like_day(cell)}
    return any(looks_like_number(cell) for at, cell in enumerate(cells) if days - {at})


def _is_row_without_number(cells: Sequence[str]) -> bool:
    """Whether all there is beside a day are the signs for nothing: `2026-11-16,null,null`."""
    others = [cell for cell in cells if not (cell and looks_like_day(cell))]
    return len(cells) - len(others) == 1 and bool(others) and all(cell.casefold() in BLANK for cell in others)


def _no_table(lines: Sequence[str]) -> str:
    """Why no line is a row, with one of them."""
    cells = [cell.strip() for line in lines for cell in re.split(r"[,;\t|]", line)]
    missing = "number beside its day" if any(map(looks_like_day, filter(None, cells))) else "readable day"
    return f"no row in it has a {missing}; its second line is {quoted(lines[1], 40)}"


def _laid_out(text: str, rows: list[list[str]], separator: str) -> Dialect:
    first = next(at for at, cells in enumerate(rows) if _is_row(cells))
    while first and _is_row_without_number(rows[first - 1]):
        first -= 1
    sample = tuple(tuple(cells) for cells in rows[first:] if _is_row(cells))
    heading = _heading_above(rows, first)
    widest = max(map(len, heading), default=0)
    if heading and widest == len(_trimmed(list(sample[0]))) - 1 and not looks_like_day(heading[-1][0]):
        heading, widest = _indexed(heading, sample, widest)
    return Dialect(text, separator, tuple(map(tuple, heading)), first, widest or len(sample[0]), sample)


def _heading_above(rows: Sequence[list[str]], first: int) -> list[list[str]]:
    """The lines of the heading: those directly above the first row, or above one gap, that have several cells."""
    lowest = next((at for at in range(first - 1, -1, -1) if any(rows[at])), -1)
    heading: list[list[str]] = []
    for at in range(lowest, max(-1, lowest - _HEADING_LINES), -1):
        cells = _trimmed(rows[at])
        if not cells or len(rows[at]) < 2:
            break
        heading.insert(0, cells)
    _refuse_rows_above(heading, lowest)
    return heading


def _trimmed(cells: list[str]) -> list[str]:
    """The cells without the blank ones at their end."""
    last = next((at for at in range(len(cells), 0, -1) if cells[at - 1]), 0)
    return cells[:last]


def _refuse_rows_above(heading: Sequence[Sequence[str]], lowest: int) -> None:
    """A line above the first readable row that holds numbers is a row whose day cannot be read, not a heading."""
    for above, cells in enumerate(reversed(heading)):
        if any(looks_like_number(cell) for cell in cells[1:]) and not any(word.isalpha() for word in cells[1:]):
            raise UnreadableTable(f"row {lowest - above + 1} has no readable day: {quoted(cells[0], 30)}")


def _indexed(heading: list[list[str]], sample: Sequence[Sequence[str]], widest: int) -> tuple[list[list[str]], int]:
    """The heading moved by one where it names every column but the first, as R writes an index without a name."""
    from bot.providers.tables.headings import meaning

    found = meaning([heading[-1][0]])
    if (found is not None and found.role == "date") or not all(
        len(_trimmed(list(row))) == widest + 1 for row in sample
    ):
        return heading, widest
    return [["", *cells] for cells in heading], widest + 1
