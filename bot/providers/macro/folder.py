"""A folder of macro and currency files, used instead of the network."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import BadPayload, StartupError, Unavailable
from bot.files import read_whole
from bot.providers.breaker import ProviderState
from bot.providers.contract import Capabilities, HistoryQuery
from bot.providers.figure_cache import Figure
from bot.providers.macro.figures import Figures, Pieces, last_known
from bot.providers.macro.recognise import recognise_all
from bot.providers.macro.workbooks import HLW, read_workbook

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.index import Holdings
    from bot.market.rates import Estimates, RateTable
    from bot.market.symbols import Symbol

log = logging.getLogger(__name__)
NAME = "macro folder"
MAX_FILE = 16 * 2**20
_NO_PRICES = "the folder holds no core PCE series"
Stamp = tuple[tuple[str, int, int], ...]


class MacroFolder:
    """The figures of one folder, read when first needed and again when its files change (looked at each `recheck` s).

    Raises StartupError when there is no such folder.
    """

    def __init__(self, folder: Path, recheck: float = 1.0) -> None:
        self._folder = folder.expanduser().resolve()
        if not self._folder.is_dir():
            raise StartupError([f"the macro folder {folder} does not exist"])
        self._recheck = recheck
        self._checked = -recheck
        self._lock = asyncio.Lock()
        self._joined: tuple[Pieces, RateTable] | None = None
        self._read: tuple[Stamp, Pieces] | None = None
        self._opened: tuple[Pieces, list[Estimates]] | None = None

    async def pieces(self) -> Pieces:
        """Everything that was recognised."""
        async with self._lock:
            now = asyncio.get_running_loop().time()
            if self._read is None or now - self._checked >= self._recheck:
                await asyncio.to_thread(self._load)
                self._checked = now
            assert self._read is not None  # noqa: S101  just read
            return self._read[1]

    def _load(self) -> None:
        try:
            paths = [path for path in sorted(self._folder.iterdir()) if path.is_file()]
            stats = [(path, path.stat()) for path in paths]
            stamp = tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in stats)
            if self._read is not None and self._read[0] == stamp:
                return
            bodies = [(path.name, read_whole(path, MAX_FILE)) for path, stat in stats if stat.st_size <= MAX_FILE]
        except OSError as error:
            raise Unavailable(NAME, f"the macro folder cannot be read ({type(error).__name__})") from None
        pieces, broken = recognise_all(bodies)
        self._read = stamp, pieces
        log.info("macro folder read", extra={"fields": {"pieces": pieces.count, "broken": broken}})

    async def rates(self) -> Figure[RateTable]:
        """The ECB's files in one table; the longest goes first. Raises Unavailable when there is none."""
        from bot.market.rates import RateTable

        pieces = await self.pieces()
        if self._joined is None or self._joined[0] is not pieces:
            tables = sorted(pieces.tables, key=lambda table: -table.days.size)
            if not tables:
                raise Unavailable(NAME, "the macro folder holds no ECB file")
            self._joined = pieces, reduce(RateTable.joined, tables)
        return Figure(self._joined[1], "ecb")

    async def figures(self) -> Figures:
        """What the r-star answer is made of; r-star as last known where the folder has no HLW workbook."""
        pieces = await self.pieces()
        found = await self._editions(pieces)
        bundled = not any(edition.model == HLW for edition in found)
        editions = [last_known(), *found] if bundled else found
        policy = tuple(series for series in pieces.series if series.name != "PCEPILFE")
        prices = [series for series in pieces.series if series.name == "PCEPILFE"]
        missing = [] if prices else ["core PCE: " + _NO_PRICES]
        if not policy:
            missing.append("policy rate: the folder holds neither EFFR nor FEDFUNDS")
        longest = max(prices, key=lambda series: (max(series.values), len(series.values)), default=None)
        return Figures(
            editions=tuple(editions),
            policy=policy,
            prices=longest,
            provider="bundled" if bundled else "newyorkfed",
            bundled=bundled,
            missing=tuple(missing),
        )

    async def _editions(self, pieces: Pieces) -> list[Estimates]:
        """The estimates in the workbooks, opened once; one that cannot be read is left out and logged."""
        async with self._lock:
            if self._opened is None or self._opened[0] is not pieces:
                self._opened = pieces, await asyncio.to_thread(_open_workbooks, pieces.workbooks)
            return self._opened[1]

    async def holdings(self) -> Figure[Holdings]:
        """The newest holdings. Raises Unavailable when there are none."""
        found = (await self.pieces()).holdings
        if not found:
            raise Unavailable(NAME, "the macro folder holds no fund holdings")
        return Figure(max(found, key=lambda holdings: holdings.day), "ishares")

    def state(self, now: datetime) -> ProviderState:
        """That the folder is read: for `doctor`."""
        return ProviderState(NAME, last_success=now if self._read is not None else None)


class FolderRates:
    """The folder's reference rates as prices of currency pairs, and the dollar index computed from them."""

    name = "ecb"
    capabilities = Capabilities(frozenset({"fx", "index"}), local=True)

    def __init__(self, folder: MacroFolder) -> None:
        self._folder = folder

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair or the dollar index."""
        from bot.providers.reference_rates import has_rates

        return has_rates(symbol)

    def basis(self, symbol: Symbol) -> str:
        """That the dollar index is computed."""
        from bot.providers.reference_rates import basis_of

        return basis_of(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The pair's rates in the folder's files."""
        from bot.providers.reference_rates import rate_bars

        return rate_bars(query, (await self._folder.rates()).value, self.name)


def _open_workbooks(bodies: list[bytes]) -> list[Estimates]:
    found: list[Estimates] = []
    for body in bodies:
        try:
            found.append(read_workbook(body))
        except Exception as error:  # noqa: BLE001  one file's reader: the others are still good
            reason = error.detail if isinstance(error, BadPayload) else type(error).__name__
            log.warning("workbook not read", extra={"fields": {"reason": reason}})
    return found
