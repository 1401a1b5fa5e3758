"""Numbers as people's files write them: the decimal mark is decided by all cells of a file, never cell by cell.

A cell such as `1,010` can be a thousand and ten or a little over one. Cells that can only be one of them (`1,010.25`,
`985,5`, `1.234.567`) decide for the whole file; where none does, the file is refused with both readings. One exception
is no guess: a lone point between digits is a decimal point in files separated by commas, tabs or bars without quotation
marks, since nobody who writes decimal commas writes these.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import quoted
from bot.providers.columns import NAN
from bot.providers.tables.files import UnreadableTable

if TYPE_CHECKING:
    from bot.market.bars import FloatArray

BLANK = frozenset(
    ["", "n/a", "#n/a", "#n/a n/a", "na", "n/d", "nan", "null", "none", "nil", ".", "-", "--", "—", "–", "...", "k.a."]
)
_SPACES = " '\u2019\u00a0\u202f\u2009"
_SIGNS = "$€£¥₹₩₽₺฿₫₪₴₱₦"
_CELL = re.compile(
    rf"(?P<before>[{_SIGNS}]?)\s*(?P<sign>[-+\u2212]?)\s*(?P<after>[{_SIGNS}]?)\s*"
    rf"(?P<digits>[.,]?[0-9](?:[0-9.,{_SPACES}]*[0-9])?)(?P<power>[eE][-+]?[0-9]{{1,3}})?"
    rf"\s*(?P<scale>[KkMmBbTt]?)\s*(?P<percent>%?)\s*(?P<last>[{_SIGNS}]?)"
)
_SCALES = {"": 0, "k": 3, "m": 6, "b": 9, "t": 12}


def _style(decimal: str, thousands: str) -> re.Pattern[str]:
    """Digits with one decimal mark; thousands in threes by one kind of mark, or in the Indian way (1,00,000)."""
    mark, comma, spaces = re.escape(decimal), re.escape(thousands), f"[{_SPACES}]"
    threes = rf"[0-9]{{1,3}}(?:(?:{comma}[0-9]{{3}})+|(?:{spaces}[0-9]{{3}})+)"
    grouped = rf"{threes}|[0-9]{{1,2}}(?:{comma}[0-9]{{2}})+{comma}[0-9]{{3}}"
    return re.compile(rf"(?:[0-9]+|{grouped})(?:{mark}[0-9]+)?|{mark}[0-9]+")


_POINT, _COMMA = _style(".", ","), _style(",", ".")
_PLAIN = re.compile(r"[^0-9.\n-]")
_DECIDED_POINT = re.compile(r"(?m)\.[0-9]{1,2}$|\.[0-9]{4}|[0-9]{4}\.|^-?0[0-9]*\.|^-?\.")


class UnreadableCell(ValueError):
    """One cell of a column, by its place from 0, and what is wrong with it: the end of `"1.26 *"`, `is no number`."""

    def __init__(self, column: str, place: int, fault: str) -> None:
        super().__init__(fault)
        self.column = column
        self.place = place
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Writing:
    """How the file around the columns is written, where that tells of its decimal mark."""

    separator: str
    quotation_marks: bool
    other_cells: Callable[[], Iterable[str]] = tuple


def looks_like_number(cell: str) -> bool:
    """Whether a cell is a number in one of the ways that are read."""
    return _parts(cell.strip()) is not None


def read_numbers(columns: Mapping[str, Sequence[str]], writing: Writing) -> dict[str, FloatArray]:
    """The columns as numbers, NaN for blank cells.

    Raises UnreadableCell for a cell that is no number, UnreadableTable where nothing decides the decimal mark.
    """
    plain = _plain_columns(columns, writing)
    if plain is not None:
        return plain
    parts = {
        name: [_parts_of(name, place, cell) for place, cell in enumerate(cells)] for name, cells in columns.items()
    }
    comma = _decimal_comma(parts, writing)
    return {name: _values(name, found, comma=comma) for name, found in parts.items()}


def _plain_columns(columns: Mapping[str, Sequence[str]], writing: Writing) -> dict[str, FloatArray] | None:
    """The columns where all are clean digits with points that can only be decimal points; else None."""
    decided = not _may_group_by_points(writing)
    found = {}
    for name, cells in columns.items():
        text = "\n".join(cells)
        if _PLAIN.search(text):
            return None
        decided = decided or bool(_DECIDED_POINT.search(text))
        try:
            found[name] = np.array([float(cell) if cell else NAN for cell in cells], dtype=np.float64)
        except ValueError:
            return None
    pointless = not any("." in cell for cells in columns.values() for cell in cells) if not decided else False
    return found if decided or pointless else None


def _may_group_by_points(writing: Writing) -> bool:
    return writing.separator == ";" or writing.quotation_marks


def _parts(cell: str) -> re.Match[str] | None:
    found = _CELL.fullmatch(cell)
    if found is None or not (_POINT.fullmatch(found["digits"]) or _COMMA.fullmatch(found["digits"])):
        return None
    return found if sum(map(bool, (found["before"], found["after"], found["last"]))) < 2 else None


def _parts_of(name: str, place: int, cell: str) -> re.Match[str] | None:
    """The parts of a cell, None for a blank one. Raises UnreadableCell."""
    text = cell.strip()
    if text.casefold() in BLANK:
        return None
    found = _parts(text)
    if found is None:
        raise UnreadableCell(name, place, f"{quoted(text, 30)} is no number")
    return found


def _decimal_comma(parts: Mapping[str, Sequence[re.Match[str] | None]], writing: Writing) -> bool:
    """Whether the file writes decimal commas. Raises UnreadableCell for a mixture, UnreadableTable for a doubt."""
    cells = [(name, place, part["digits"]) for name, of in parts.items() for place, part in enumerate(of) if part]
    only_point = [cell for cell in cells if not _COMMA.fullmatch(cell[2])]
    only_comma = [cell for cell in cells if not _POINT.fullmatch(cell[2])]
    if only_point and only_comma:
        name, place, digits = min(only_point, only_comma, key=len)[0]
        raise UnreadableCell(name, place, f"{quoted(digits, 30)} has another decimal mark than the rest of the file")
    if only_point or only_comma:
        return bool(only_comma)
    doubtful = next((digits for _, _, digits in cells if "." in digits or "," in digits), None)
    if doubtful is None:
        return False
    elsewhere = {_comma_alone(cell) for cell in writing.other_cells()} - {None}
    if len(elsewhere) == 1:
        return bool(elsewhere.pop())
    if not _may_group_by_points(writing) and not any("," in digits for _, _, digits in cells):
        return False
    as_comma, as_point = (_number(doubtful, "", comma=comma) for comma in (True, False))
    raise UnreadableTable(
        f"{quoted(doubtful, 30)} can be {as_comma:,.10g} or {as_point:,.10g}, and no cell decides; "
        "one price with one or two decimals would"
    )


def _comma_alone(cell: str) -> bool | None:
    """True for a cell that only makes sense with a decimal comma, False for a decimal point, None for neither."""
    found = _parts(cell.strip())
    if found is None:
        return None
    point, comma = bool(_POINT.fullmatch(found["digits"])), bool(_COMMA.fullmatch(found["digits"]))
    return None if point and comma else comma


def _values(name: str, parts: Sequence[re.Match[str] | None], *, comma: bool) -> FloatArray:
    """The numbers of one column. Raises UnreadableCell for mixed currencies or percents, and for what is too large."""
    values = np.full(len(parts), NAN)
    kind: tuple[str, str] | None = None
    for place, part in enumerate(parts):
        if part is None:
            continue
        marks = part["before"] or part["after"] or part["last"], part["percent"]
        if kind is None:
            kind = marks
        elif marks != kind:
            raise UnreadableCell(name, place, f"{quoted(part[0], 30)} is in another unit than the cells above")
        power = int(part["power"][1:]) if part["power"] else 0
        value = _number(part["digits"], f"e{power + _SCALES[part['scale'].lower()]}", comma=comma)
        if not math.isfinite(value):
            raise UnreadableCell(name, place, f"{quoted(part[0], 30)} is too large for a number")
        values[place] = -value if part["sign"] in {"-", "\u2212"} else value
    return values


def _number(digits: str, power: str, *, comma: bool) -> float:
    kept = re.sub(rf"[{_SPACES}{'.' if comma else ','}]", "", digits)
    return float((kept.replace(",", ".") if comma else kept) + power)
