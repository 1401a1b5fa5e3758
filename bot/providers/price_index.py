"""`symbols.csv` of a price folder: which file holds which symbol. Read at start, so that a bad one stops the start."""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bot.errors import StartupError
from bot.files import read_whole

if TYPE_CHECKING:
    from bot.market.bars import Adjustment

log = logging.getLogger(__name__)
INDEX = "symbols.csv"
MAX_INDEX = 4 * 2**20
_COLUMNS = ("date", "close", "open", "high", "low", "volume")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file and the names of its columns; an empty name is found by its heading."""

    file: str
    columns: Mapping[str, str]
    adjustment: Adjustment | None = None


@dataclass(frozen=True, slots=True)
class PriceIndex:
    """The rows of an index by symbol: those that can be used, and what is wrong with the others."""

    entries: dict[str, Entry] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def read_index(folder: Path) -> PriceIndex:
    """The index of a folder; an empty one where it has none. Raises StartupError where there is no such folder.

    An index that is no table of text raises it too. A row that cannot be used costs its own symbol and no other.
    """
    if not folder.is_dir():
        raise StartupError([f"the price folder {folder} does not exist"])
    found = PriceIndex()
    for cells in _rows(folder / INDEX):
        symbol, adjustment = cells.get("symbol", "").upper(), cells.get("adjustment", "").casefold()
        if not symbol:
            continue
        fault = _fault(folder, cells.get("file", ""), adjustment)
        if symbol in found.entries or symbol in found.faults:
            fault = "is named twice"
        if fault:
            log.warning("price index row unusable", extra={"fields": {"symbol": symbol, "why": fault}})
            found.faults.setdefault(symbol, fault)
            found.entries.pop(symbol, None)
            continue
        columns = {name: cells.get(name, "") for name in _COLUMNS}
        kind = cast("Adjustment", adjustment) if adjustment else None
        found.entries[symbol] = Entry(cells["file"], columns, kind)
    return found


def _rows(path: Path) -> list[dict[str, str]]:
    try:
        text = read_whole(path, MAX_INDEX).decode("utf-8-sig")
        heading = text.partition("\n")[0]
        rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t|", key=heading.count)))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise StartupError([f"{INDEX} in the price folder cannot be read ({type(error).__name__})"]) from None
    return [
        {name.strip().casefold(): (text or "").strip() for name, text in row.items() if name is not None}
        for row in rows
    ]


def _fault(folder: Path, file: str, adjustment: str) -> str | None:
    if not file:
        return "has no file"
    if adjustment:
        from bot.market.bars import ADJUSTMENTS

        if adjustment not in ADJUSTMENTS:
            return f"has no adjustment kind of {', '.join(ADJUSTMENTS)}"
    try:
        inside = (folder / file).resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        inside = False
    return None if inside else "has a file outside the folder"
