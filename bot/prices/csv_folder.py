"""The provider `csv`: daily bars from an operator's folder, one file per symbol or a `symbols.csv` index.

Reads the exports of Yahoo, Stooq and Nasdaq and anything with a date and a close column, with other separators,
`.gz`, and newest first, as they come.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bot.errors import BadPayload, StartupError, Unavailable, UnknownSymbol
from bot.market.bars import ADJUSTMENTS, Adjustment
from bot.market.symbols import Symbol
from bot.prices.provider import Capabilities, HistoryQuery
from bot.prices.rows import NAN, Label, Row, number, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars

INDEX = "symbols.csv"
MAX_FILE = 64 * 2**20
_CLOSES = ("close", "close/last", "last", "price", "value")
_DATES = ("date", "time", "day", "observation_date", "timestamp", "datetime")
_FORMATS = ("%m/%d/%Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file and the names of its columns; an empty name is found by its heading."""

    file: str
    columns: Mapping[str, str]
    adjustment: Adjustment | None = None


class CsvFolder:
    """The bars of one folder. Raises StartupError when the folder or its index cannot be used."""

    name = "csv"
    capabilities = Capabilities(frozenset({"stock", "fund", "index", "fx", "crypto", "commodity", "unknown"}))

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().resolve()
        if not self._folder.is_dir():
            raise StartupError([f"the price folder {folder} does not exist"])
        self._entries = self._read_index() if (self._folder / INDEX).is_file() else {}
        self._kept: dict[str, tuple[float, Bars]] = {}

    def _read_index(self) -> dict[str, Entry]:
        faults: list[str] = []
        entries: dict[str, Entry] = {}
        for row in csv.DictReader(io.StringIO((self._folder / INDEX).read_text("utf-8-sig"))):
            cells = {name: (text or "").strip() for name, text in row.items() if isinstance(name, str)}
            symbol, adjustment = cells.get("symbol", ""), cells.get("adjustment", "")
            if not symbol or not cells.get("file"):
                faults.append(f"{INDEX}: a row without symbol or file")
            elif adjustment not in ADJUSTMENTS:
                faults.append(f"{INDEX}: {symbol} has no adjustment kind of {', '.join(ADJUSTMENTS)}")
            elif not (self._folder / cells["file"]).resolve().is_relative_to(self._folder):
                faults.append(f"{INDEX}: the file of {symbol} is outside the folder")
            else:
                columns = {k: cells.get(k, "") for k in ("date", "close", "open", "high", "low", "volume")}
                entries[symbol.upper()] = Entry(cells["file"], columns, cast("Adjustment", adjustment))
        if faults:
            raise StartupError(faults)
        return entries

    def serves(self, symbol: Symbol) -> bool:
        """Whether there is a file for this symbol."""
        return self._entry(symbol.canonical) is not None

    def _entry(self, canonical: str) -> Entry | None:
        entry = self._entries.get(canonical.upper())
        if entry is not None:
            return entry
        stem = canonical.replace("/", "-")
        for name in (stem, stem.lstrip("^")):
            for ending in (".csv", ".csv.gz"):
                path = (self._folder / f"{name}{ending}").resolve()
                if path.is_relative_to(self._folder) and path.is_file() and path.name != INDEX:
                    return Entry(path.name, {})
        return None

    async def history(self, query: HistoryQuery) -> Bars:
        """All bars of the file; read again only when the file changed."""
        entry = self._entry(query.symbol.canonical)
        if entry is None:
            raise UnknownSymbol(self.name, "no file for it in the price folder")
        return await asyncio.to_thread(self._read, query, entry)

    def _read(self, query: HistoryQuery, entry: Entry) -> Bars:
        path = self._folder / entry.file
        try:
            changed = path.stat().st_mtime
            kept = self._kept.get(query.symbol.canonical)
            if kept is not None and kept[0] == changed:
                return kept[1]
            text = _text(path)
        except (OSError, EOFError, UnicodeDecodeError) as error:
            raise Unavailable(self.name, f"its file cannot be read ({type(error).__name__})") from None
        adjustment, rows = parse_table(text, entry)
        label = Label(self.name, query.symbol.canonical, adjustment, query.now.date(), ranges_checked=False)
        bars = to_bars(rows, label)
        self._kept[query.symbol.canonical] = changed, bars
        return bars


def _text(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise OSError
    return content.decode("utf-8-sig")


def parse_table(text: str, entry: Entry) -> tuple[Adjustment, list[Row]]:
    """The rows of a price table and the adjustment kind its layout means. Raises BadPayload."""
    lines = text.splitlines()
    if not lines:
        raise BadPayload("csv", "the file is empty")
    separator = max(",;\t|", key=lines[0].count)
    reader = csv.reader(lines, delimiter=separator)
    header = [cell.strip() for cell in next(reader)]
    places = _places(header, entry)
    adjusted_beside = any(name.casefold() in {"adj close", "adj_close", "adjclose"} for name in header)
    adjustment: Adjustment = entry.adjustment or ("split" if adjusted_beside else "raw")
    rows = [_row(cells, places) for cells in reader if any(cell.strip() for cell in cells)]
    return adjustment, rows


def _places(header: Sequence[str], entry: Entry) -> dict[str, int]:
    """Column positions: by the index's names, else by the usual headings."""
    folded = [name.casefold() for name in header]
    usual = {"date": _DATES, "close": _CLOSES, "open": ("open",), "high": ("high",), "low": ("low",), "volume": ("volume", "vol")}
    places: dict[str, int] = {}
    for column, names in usual.items():
        wanted = entry.columns.get(column, "")
        if wanted:
            if wanted not in header:
                raise BadPayload("csv", f"the file has no column {wanted!r}")
            places[column] = header.index(wanted)
        elif not entry.columns or column == "date":
            found = [folded.index(name) for name in names if name in folded]
            if found:
                places[column] = found[0]
    if "date" not in places or "close" not in places:
        raise BadPayload("csv", "the file has no date and close columns")
    return places


def _row(cells: Sequence[str], places: Mapping[str, int]) -> Row:
    def cell(column: str) -> float:
        place = places.get(column)
        return number(cells[place]) if place is not None and place < len(cells) else NAN

    place = places["date"]
    return Row(
        _day(cells[place] if place < len(cells) else ""),
        cell("close"),
        cell("open"),
        cell("high"),
        cell("low"),
        cell("volume"),
    )


def _day(text: str) -> date:
    text = text.strip()
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    for style in _FORMATS:
        try:
            return datetime.strptime(text, style).date()  # noqa: DTZ007  a session's date, not a moment
        except ValueError:
            continue
    raise BadPayload("csv", "a row without a readable date")
