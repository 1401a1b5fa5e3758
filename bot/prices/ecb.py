"""The European Central Bank's reference rates, from its own files: one zip with every day since 1999.

A fix per TARGET day near 16:00 in Frankfurt; reference only. "Source: European Central Bank". The zip is 600 kB for
all pairs, so it is read once and kept for some hours; with `--macro DIR` the files come from that folder instead.
"""

from __future__ import annotations

import asyncio
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import BadPayload, ProviderError, Unavailable
from bot.market.symbols import Symbol
from bot.prices.answers import check_status, documented_shape
from bot.prices.columns import iso_days, numbers
from bot.prices.euro import fixes, is_pair
from bot.prices.provider import Capabilities, HistoryQuery, Pace, Request, Response, Sender, address

if TYPE_CHECKING:
    from bot.market.bars import Bars, DateArray, FloatArray

NAME = "ecb"
KEPT = timedelta(hours=6)
MAX_CSV = 32 * 2**20
_LEAST_CURRENCIES = 10


@dataclass(frozen=True, slots=True, eq=False)
class EuroRates:
    """Units per euro by currency, NaN where there was no fix; `days` as the file has them."""

    days: DateArray
    per_euro: Mapping[str, FloatArray]


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

    def rates(self, response: Response, now: datetime) -> EuroRates:
        """All the rates in the file."""
        check_status(self.name, response, now)
        return read_file(response.body)


class EcbProvider:
    """The source `ecb` with a memory: one download serves every pair."""

    name = NAME
    capabilities = Ecb.capabilities

    def __init__(self, source: Ecb, http: Sender) -> None:
        self._source = source
        self._http = http
        self._kept: tuple[datetime, EuroRates] | None = None
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
        self._kept: tuple[frozenset[tuple[str, float]], EuroRates] | None = None

    def serves(self, symbol: Symbol) -> bool:
        """Whether it is a currency pair."""
        return is_pair(symbol)

    async def history(self, query: HistoryQuery) -> Bars:
        """The pair's rates in the newest of the folder's files."""
        return pair(query, await asyncio.to_thread(self._rates))

    def _rates(self) -> EuroRates:
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


def _try(path: Path) -> EuroRates | None:
    try:
        return read_file(path.read_bytes()) if path.stat().st_size <= MAX_CSV else None
    except ProviderError:
        return None


def pair(query: HistoryQuery, rates: EuroRates) -> Bars:
    """The bars of one pair from all rates."""
    return fixes(query.symbol, rates.days, rates.per_euro, NAME, (query.start, query.now.date()))


def read_file(content: bytes) -> EuroRates:
    """The rates in a zip or CSV file of the bank. Raises BadPayload for anything else."""
    if content[:2] == b"PK":
        content = _unzipped(content)
    if content.lstrip()[:1] == b"<":
        raise BadPayload(NAME, "a web page instead of a file")
    with documented_shape(NAME):
        return _read_csv(content.decode("utf-8-sig"))


def _unzipped(content: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            (member,) = archive.infolist()
            if member.file_size > MAX_CSV:
                raise BadPayload(NAME, "the file is too large")
            return archive.read(member)
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, NotImplementedError):
        raise BadPayload(NAME, "a damaged zip file") from None


def _read_csv(text: str) -> EuroRates:
    """Raises ValueError where it is not `Date` and at least ten currencies."""
    header = [cell.strip() for cell in text.partition("\n")[0].split(",")]
    if header[0] != "Date" or len(header) <= _LEAST_CURRENCIES:
        raise ValueError("no table of reference rates")
    rows = [line.split(",") for line in text.replace("N/A", "nan").splitlines()[1:] if line.strip()]
    columns = list(zip(*rows, strict=True))
    days = iso_days([_iso(cell.strip()) for cell in columns[0]])
    order = np.argsort(days, kind="stable")
    per_euro = {
        currency: numbers(cells)[order]
        for currency, cells in zip(header[1:], columns[1:], strict=False)
        if len(currency) == 3
    }
    return EuroRates(days[order], per_euro)


def _iso(text: str) -> str:
    """`2026-10-30`, or `30 October 2026` as in the file of one day."""
    if text[:4].isdigit():
        return text
    return datetime.strptime(text, "%d %B %Y").date().isoformat()  # noqa: DTZ007  a date, not a moment
