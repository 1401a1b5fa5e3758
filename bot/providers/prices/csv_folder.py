"""The provider `csv`: daily bars from an operator's folder, one file per symbol or a `symbols.csv` index.

Reads the exports of Yahoo, Stooq and Nasdaq and anything with a date and a close column, with other separators,
`.gz`, and newest first, as they come.
"""

from __future__ import annotations

import asyncio
import csv
import gzip
import io
import logging
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bot.errors import StartupError, UnknownSymbol
from bot.market.bars import ADJUSTMENTS, Adjustment
from bot.market.symbols import Symbol
from bot.providers.columns import Table, iso_days, money
from bot.providers.contract import Capabilities, HistoryQuery, SuspectSeries
from bot.providers.rows import Label, to_bars

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray, FloatArray

log = logging.getLogger(__name__)
INDEX = "symbols.csv"
MAX_FILE = 64 * 2**20
_HEADINGS = {
    "date": ("date", "time", "day", "observation_date", "timestamp", "datetime"),
    "close": ("close", "close/last", "last", "price", "value"),
    "open": ("open",),
    "high": ("high",),
    "low": ("low",),
    "volume": ("volume", "vol"),
}
_FORMATS = ("%m/%d/%Y", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%b %d, %Y")


@dataclass(frozen=True, slots=True)
class Entry:
    """One file and the names of its columns; an empty name is found by its heading."""

    file: str
    columns: Mapping[str, str]
    adjustment: Adjustment | None = None


class CsvFolder:
    """The bars of one folder. Raises StartupError when the folder is not there or its index is no text."""

    name = "csv"
    capabilities = Capabilities(
        frozenset({"stock", "fund", "index", "fx", "crypto", "commodity", "unknown"}), local=True
    )

    def __init__(self, folder: Path) -> None:
        self._folder = folder.expanduser().resolve()
        if not self._folder.is_dir():
            raise StartupError([f"the price folder {folder} does not exist"])
        self._faults: dict[str, str] = {}
        self._entries = self._read_index() if (self._folder / INDEX).is_file() else {}
        self._kept: dict[str, tuple[float, Bars]] = {}

    def _read_index(self) -> dict[str, Entry]:
        """The files of the index. A row that cannot be used costs its own symbol, with the reason, and no other."""
        entries: dict[str, Entry] = {}
        try:
            text = (self._folder / INDEX).read_text("utf-8-sig")
            heading = text.partition("\n")[0]
            rows = list(csv.DictReader(io.StringIO(text), delimiter=max(",;\t|", key=heading.count)))
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            raise StartupError([f"{INDEX} in the price folder cannot be read ({type(error).__name__})"]) from None
        for row in rows:
            cells = {name.strip().casefold(): (text or "").strip() for name, text in row.items() if name is not None}
            symbol, adjustment = cells.get("symbol", "").upper(), cells.get("adjustment", "").casefold()
            if not symbol:
                continue
            fault = self._fault(cells.get("file", ""), adjustment)
            if symbol in entries or symbol in self._faults:
                fault = "is named twice"
            if fault:
                log.warning("price index row unusable", extra={"fields": {"symbol": symbol, "why": fault}})
                self._faults.setdefault(symbol, fault)
                entries.pop(symbol, None)
                continue
            columns = {k: cells.get(k, "") for k in ("date", "close", "open", "high", "low", "volume")}
            entries[symbol] = Entry(cells["file"], columns, cast("Adjustment", adjustment) if adjustment else None)
        return entries

    def _fault(self, file: str, adjustment: str) -> str | None:
        if not file:
            return "has no file"
        if adjustment and adjustment not in ADJUSTMENTS:
            return f"has no adjustment kind of {', '.join(ADJUSTMENTS)}"
        try:
            inside = (self._folder / file).resolve().is_relative_to(self._folder)
        except (OSError, ValueError):
            inside = False
        return None if inside else "has a file outside the folder"

    def serves(self, symbol: Symbol) -> bool:
        """Whether there is a file for this symbol, or a row of the index that was meant to name one."""
        return symbol.canonical.upper() in self._faults or self._entry(symbol.canonical) is not None

    def _entry(self, canonical: str) -> Entry | None:
        entry = self._entries.get(canonical.upper())
        if entry is not None:
            return entry
        stem = canonical.replace("/", "-")
        for name in (stem, stem.lstrip("^")):
            for ending in (".csv", ".csv.gz"):
                path = (self._folder / f"{name}{ending}").resolve()
                if path.is_relative_to(self._folder) and path.is_file() and path.name != INDEX:
                    return Entry(str(path.relative_to(self._folder)), {})
        return None

    async def history(self, query: HistoryQuery) -> Bars:
        """All bars of the file; read again only when the file changed."""
        fault = self._faults.get(query.symbol.canonical.upper())
        if fault is not None:
            raise SuspectSeries(self.name, f"in {INDEX} it {fault}")
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
        except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
            raise SuspectSeries(self.name, f"its file cannot be read ({type(error).__name__})") from None
        try:
            adjustment, table = parse_table(text, entry)
        except (ValueError, csv.Error):
            raise SuspectSeries(self.name, "its file is not a table of prices") from None
        label = Label(
            self.name,
            query.symbol.canonical,
            adjustment,
            query.now.date(),
            delay="fix" if adjustment == "fix" else "end_of_day",
            checked=False,
        )
        bars = to_bars(table, label)
        self._kept[query.symbol.canonical] = changed, bars
        return bars


def _text(path: Path) -> str:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rb") as file:
        content = file.read(MAX_FILE + 1)
    if len(content) > MAX_FILE:
        raise OSError
    return content.decode("utf-8-sig")


def parse_table(text: str, entry: Entry) -> tuple[Adjustment, Table]:
    """The columns of a price table and the adjustment kind its layout means. Raises SuspectSeries."""
    lines = [line for line in text.splitlines() if line.strip(" \t,;|")]
    if len(lines) < 2:
        raise SuspectSeries("csv", "the file is empty")
    separator = max(",;\t|", key=lines[0].count)
    reader = csv.reader(lines, delimiter=separator)
    header = [cell.strip().strip("<>") for cell in next(reader)]
    places = _places(header, entry)
    adjusted_beside = any(name.casefold() in {"adj close", "adj_close", "adjclose"} for name in header)
    adjustment: Adjustment = entry.adjustment or ("split" if adjusted_beside else "raw")
    rows = list(reader)
    width = max(places.values())
    if any(len(cells) <= width for cells in rows):
        rows = [cells + [""] * (width + 1 - len(cells)) for cells in rows]
    columns = {name: [cells[place] for cells in rows] for name, place in places.items()}
    days = _days(columns.pop("date"))
    read = money if separator == "," else _either_mark
    return adjustment, Table(days, **{name: read(cells) for name, cells in columns.items()})


def _places(header: Sequence[str], entry: Entry) -> dict[str, int]:
    """Column positions: by the index's names, else by the usual headings; an index without a name means no column."""
    folded = [name.casefold() for name in header]
    places: dict[str, int] = {}
    for column, names in _HEADINGS.items():
        wanted = entry.columns.get(column, "")
        if wanted:
            if wanted not in header:
                raise SuspectSeries("csv", f"the file has no column {wanted!r}")
            places[column] = header.index(wanted)
        elif not entry.columns or column in {"date", "close"}:
            found = [folded.index(name) for name in names if name in folded]
            if found:
                places[column] = found[0]
    if "date" not in places or "close" not in places:
        raise SuspectSeries("csv", "the file has no date and close columns")
    return places


def _either_mark(cells: Sequence[str]) -> FloatArray:
    """Numbers from a table not separated by commas: there 241,50 has a decimal comma; 1.234,50 and 1,234.50 work."""
    if any("," in cell and cell.rfind(",") > cell.rfind(".") for cell in cells):
        return money([cell.replace(".", "").replace(",", ".") for cell in cells])
    return money(cells)


def _days(cells: Sequence[str]) -> DateArray:
    try:
        return iso_days(cells)
    except ValueError:
        return iso_days([_day(cell.strip()).isoformat() for cell in cells])


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        pass
    for style in _FORMATS:
        try:
            return datetime.strptime(text, style).date()  # noqa: DTZ007  a session's date, not a moment
        except ValueError:
            continue
    raise SuspectSeries("csv", "a row without a readable date")
