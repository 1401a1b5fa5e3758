"""The provider `csv`: daily bars from an operator's folder of tables, whoever wrote them (see `providers/tables`)."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import UnknownSymbol
from bot.market.symbols import Symbol, SymbolBook
from bot.providers.contract import Capabilities, HistoryQuery, SuspectSeries
from bot.providers.rows import Label, to_bars
from bot.providers.tables.files import UnreadableTable, file_text, read_file
from bot.providers.tables.folder import INDEX, PriceFile, PriceFiles
from bot.providers.tables.prices import read_prices

if TYPE_CHECKING:
    from bot.market.bars import Bars

_KEPT = 500
Stamp = tuple[int, int, int]


class CsvFolder:
    """The bars of one folder. Raises StartupError when the folder is not there or its index is no text."""

    name = "csv"
    capabilities = Capabilities(
        frozenset({"stock", "fund", "index", "fx", "metal", "crypto", "future", "yield", "commodity", "unknown"}),
        local=True,
        abroad=True,
    )

    def __init__(self, folder: Path | PriceFiles, book: SymbolBook | None = None) -> None:
        self._files = folder if isinstance(folder, PriceFiles) else PriceFiles(folder, book)
        self._kept: OrderedDict[str, tuple[Stamp, Bars]] = OrderedDict()

    def serves(self, symbol: Symbol) -> bool:
        """Whether there is a file for this symbol, or a row of the index that was meant to name one."""
        return self._files.of(symbol.canonical) is not None

    def looked_for(self, symbol: Symbol) -> str:
        """The file that the symbol would need."""
        return f"the price folder has no file {self._files.looked_for(symbol.canonical)}"

    async def history(self, query: HistoryQuery) -> Bars:
        """All bars of the file; read again only when the file changed."""
        found = self._files.of(query.symbol.canonical)
        if found is None:
            raise UnknownSymbol(self.name, self.looked_for(query.symbol))
        if found.fault:
            raise SuspectSeries(self.name, f"{'in ' + INDEX + ' it ' if found.columns else 'its file '}{found.fault}")
        return await asyncio.to_thread(self._read, query, found)

    def _read(self, query: HistoryQuery, found: PriceFile) -> Bars:
        """The bars of a file. Raises SuspectSeries, which names the file and what in it cannot be read."""
        symbol, path = query.symbol, self._files.folder / found.file
        try:
            state = path.stat()
            stamp = state.st_mtime_ns, state.st_size, state.st_ino
            kept = self._kept.get(symbol.canonical)
            if kept is not None and kept[0] == stamp:
                return kept[1]
            prices = read_prices(file_text(read_file(path)), _spellings(symbol, path), found.columns)
        except UnreadableTable as error:
            raise SuspectSeries(self.name, f"{path.name}: {error}") from None
        except OSError as error:
            raise SuspectSeries(self.name, f"{path.name} cannot be read ({type(error).__name__})") from None
        adjustment = found.adjustment or prices.adjustment
        label = Label(
            self.name,
            symbol.canonical,
            adjustment,
            query.now.date(),
            delay="fix" if adjustment == "fix" else "end_of_day",
            checked=False,
            positive=symbol.kind in {"stock", "fund"},
        )
        try:
            bars = to_bars(prices.table, label)
        except SuspectSeries as error:
            raise SuspectSeries(self.name, f"{path.name}: {error.detail}") from None
        self._kept[symbol.canonical] = stamp, bars
        while len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return bars


def _spellings(symbol: Symbol, path: Path) -> tuple[str, ...]:
    return symbol.canonical, symbol.canonical.lstrip("^"), path.name.partition(".")[0]
