"""The European Central Bank's reference rates, from its own files: one zip with every day since 1999.

A fix per TARGET day near 16:00 in Frankfurt; reference only. "Source: European Central Bank". The zip is 600 kB for
all pairs, so it is read once and kept for some hours; with `--macro DIR` the files come from that folder instead.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from bot.errors import ProviderError, Unavailable
from bot.market.symbols import Symbol
from bot.providers.answers import check_status
from bot.providers.euro import fixes, is_pair
from bot.providers.provider import Capabilities, HistoryQuery, Pace, Request, Response, Sender, address
from bot.providers.reference_rates import BANK, MAX_CSV, parse_file
from bot.providers.tables.files import UnreadableTable, read_file

if TYPE_CHECKING:
    from bot.market.bars import Bars
    from bot.market.rates import RateTable

NAME = BANK
KEPT = timedelta(hours=6)


class Ecb:
    """The source `ecb`."""

    name = NAME
    pace = Pace(10, 60.0)
    capabilities = Capabilities(frozenset({"fx"}))

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair."""
        return is_pair(symbol)

    def requests(self, query: HistoryQuery) -> Sequence[Request]:
        """The same file whatever the pair."""
        del query
        return [Request(address(self.base_url, "stats", "eurofxref", "eurofxref-hist.zip"))]

    def parse(self, query: HistoryQuery, response: Response) -> Bars:
        """The pair's rates in the file."""
        return pair(query, self.rates(response, query.now))

    def rates(self, response: Response, now: datetime) -> RateTable:
        """All the rates in the file."""
        check_status(self.name, response, now)
        return parse_file(response.body)


class EcbProvider:
    """The source `ecb` with a memory: one download serves every pair."""

    name = NAME
    capabilities = Ecb.capabilities

    def __init__(self, source: Ecb, http: Sender) -> None:
        self._source = source
        self._http = http
        self._kept: tuple[datetime, RateTable] | None = None
        self._reading = asyncio.Lock()

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair."""
        return self._source.serves(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The pair's rates, from the file in memory while that is fresh."""
        async with self._reading:
            if self._kept is None or query.now - self._kept[0] >= KEPT:
                (request,) = self._source.requests(query)
                response = await self._http.get(self.name, request, self._source.pace)
                self._kept = query.now, await asyncio.to_thread(self._source.rates, response, query.now)
        return pair(query, self._kept[1])


class EcbFolder:
    """Reference rates from an operator's folder: the bank's zip or CSV files, known by their content."""

    name = NAME
    capabilities = Capabilities(frozenset({"fx"}), local=True)

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: tuple[frozenset[tuple[str, float]], RateTable] | None = None

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair."""
        return is_pair(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The pair's rates in the newest of the folder's files."""
        return pair(query, await asyncio.to_thread(self._rates))

    def _rates(self) -> RateTable:
        """The file that goes on longest, and of these the one with most days; read again when the folder changed."""
        try:
            paths = [path for path in self._folder.iterdir() if path.suffix.casefold() in {".zip", ".csv"}]
            state = frozenset((path.name, path.stat().st_mtime) for path in paths)
            if self._kept is not None and self._kept[0] == state:
                return self._kept[1]
            found = [rates for path in sorted(paths) if (rates := _try(path)) is not None]
        except OSError as error:
            raise Unavailable(self.name, f"its folder cannot be read ({type(error).__name__})") from None
        if not found:
            raise Unavailable(self.name, "no file of reference rates in the folder")
        best = max(found, key=lambda rates: (rates.days.size > 1, rates.days.max(), rates.days.size))
        self._kept = state, best
        return best


def _try(path: Path) -> RateTable | None:
    try:
        return parse_file(read_file(path, MAX_CSV))
    except (ProviderError, UnreadableTable):
        return None


def pair(query: HistoryQuery, rates: RateTable) -> Bars:
    """The bars of one pair from all rates."""
    return fixes(query.symbol, rates.days, rates.per_euro, NAME, (query.start, query.now.date()))
